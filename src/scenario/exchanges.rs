//! Exchanges as links of a model, each with its counterfactual: what the receiver would take instead, and where the donor
//! would leave it.

use super::calibrate::{Draft, Sum};
use super::link::{Link, Measured};
use super::model::Law;
use super::roles::{Driver, ends};
use crate::park::{CarrierId, CarrierKind, EnterpriseId, Exchange, Node, Outside, Park, ProcessId, Status, Use};
use crate::quantity::{Dimension, Quantity};

/// An exchange and the links that carry it.
#[derive(Debug, Clone, PartialEq)]
pub struct Bound {
    /// Position in the park's exchanges; beyond them those that a scenario adds.
    pub exchange: usize,
    /// Whether it runs in the base year.
    pub status: Status,
    /// Its links.
    pub carried: Vec<Carried>,
    /// Why it has no links, or what is missing of its counterfactual, in English and Chinese.
    pub missing: Option<(String, String)>,
}

/// A link of an exchange with its counterfactual.
#[derive(Debug, Clone, PartialEq)]
pub struct Carried {
    /// The link.
    pub link: usize,
    /// What it is in the base year, or could be. Measured: canonical unit of the link.
    pub full: f64,
    /// The link that brings what it displaces, and units of that for one of it.
    pub displaced: Option<(usize, f64)>,
    /// The link that takes what it does not.
    pub sink: Option<usize>,
    /// The unknown that it goes with: the activity of its giver, or of its taker.
    pub goes_with: ProcessId,
}

/// Binds all exchanges of a park to links, those that run first.
pub(super) fn bind(draft: &mut Draft) -> Vec<Bound> {
    let park = draft.park;
    let mut order: Vec<usize> = (0..park.exchanges.len()).collect();
    order.sort_by_key(|&x| (park.exchanges[x].status == Status::Candidate, park.exchanges[x].row));
    let mut list: Vec<Bound> = order.into_iter().map(|x| bind_one(draft, x, &park.exchanges[x])).collect();
    list.sort_by_key(|b| park.exchanges[b.exchange].row);
    list
}

/// Binds one exchange.
pub(super) fn bind_one(draft: &mut Draft, position: usize, exchange: &Exchange) -> Bound {
    let park = draft.park;
    let mut bound = Bound { exchange: position, status: exchange.status, carried: Vec::new(), missing: None };
    let of = |node: Node| park.owner(node);
    let flows: Vec<usize> = (0..draft.links.len())
        .filter(|&l| {
            let link = &draft.links[l];
            let same = (of(link.from), of(link.to)) == (Some(exchange.from), Some(exchange.to));
            same && link.carrier == exchange.carrier && link.base > 0.0
        })
        .collect();
    if exchange.status == Status::Candidate && flows.is_empty() {
        match candidate(draft, exchange) {
            Ok(carried) => bound.carried.push(carried),
            Err(missing) => bound.missing = Some(missing),
        }
        return bound;
    }
    if flows.is_empty() {
        bound.missing = Some(("no flow of the year carries it".to_owned(), "当年没有对应的流量".to_owned()));
    }
    for link in flows {
        let full = draft.links[link].base;
        match carry(draft, exchange, link, full) {
            Ok(carried) => bound.carried.push(carried),
            Err(missing) => bound.missing = Some(missing),
        }
    }
    bound
}

/// The link of an exchange that might run.
fn candidate(draft: &mut Draft, exchange: &Exchange) -> Result<Carried, (String, String)> {
    let park = draft.park;
    let Some(quantity) = exchange.quantity.filter(|q| q.value > 0.0) else {
        return Err(("it has no quantity".to_owned(), "没有数量".to_owned()));
    };
    let measure = Measured { dimension: quantity.dimension, energy: energy_of(draft, exchange.carrier, quantity) };
    let to = taker(draft, exchange);
    let from = giver(draft, exchange, quantity.value);
    let usage = usage(park, to, exchange.carrier);
    let link = Link::new(Node::Process(from), Node::Process(to), exchange.carrier, usage, measure);
    let link = draft.add(link, Driver::Giver);
    draft.full.insert(link, 0.0);
    let carried = carry(draft, exchange, link, quantity.value)?;
    Ok(carried)
}

/// Ties a link to what it displaces and to where it would go.
fn carry(draft: &mut Draft, exchange: &Exchange, link: usize, full: f64) -> Result<Carried, (String, String)> {
    let (Some(from), Some(to)) = ends(&draft.links[link]) else {
        return Err(("it does not join two processes".to_owned(), "未连接两道工序".to_owned()));
    };
    // What a process runs for is made for its taker; all else is at hand, and somebody takes it or not.
    let offered = draft.drivers[link] == Driver::Giver || draft.supplied[from.index()];
    if offered {
        draft.drivers[link] = Driver::Giver;
    }
    let goes_with = if offered { from } else { to };
    let displaced = match exchange.displaces {
        Some(carrier) => Some(displaced(draft, exchange, link, carrier)?),
        None => None,
    };
    let sink = if offered { sink(draft, exchange, link, from) } else { None };
    if let Some((other, ratio)) = displaced {
        meet(draft, other, link, ratio);
    }
    if let Some(sink) = sink {
        draft.reliefs.entry(sink).or_default().insert(0, link);
    }
    Ok(Carried { link, full, displaced, sink, goes_with })
}

/// Joins an exchange to the need that it meets with the link that it displaces: `q_displaced + Σ ratio q = N x`.
fn meet(draft: &mut Draft, displaced: usize, link: usize, ratio: f64) {
    let needed_by = ends(&draft.links[displaced]).1.or(ends(&draft.links[link]).1);
    let Some(process) = needed_by else { return };
    match draft.closed.get(&displaced) {
        Some(&sum) => {
            if !draft.sums[sum].members.iter().any(|m| m.0 == link) {
                let weight = draft.sums[sum].members.iter().find(|m| m.0 == displaced).map_or(1.0, |m| m.1);
                draft.sums[sum].members.push((link, ratio * weight));
            }
        }
        None => draft.close(displaced, Law::Marginal, process, vec![(displaced, 1.0), (link, ratio)]),
    }
    // Who came last gives way first.
    draft.reliefs.entry(displaced).or_default().insert(0, link);
}

/// The link that an exchange displaces, and how much of it one unit does: the same need of the taker; else what the taker gets
/// of the same from a plant of its own that takes the displaced; else another process of the receiver; else a purchase that
/// does not take place.
fn displaced(
    draft: &mut Draft,
    exchange: &Exchange,
    link: usize,
    carrier: CarrierId,
) -> Result<(usize, f64), (String, String)> {
    let park = draft.park;
    let Some(taker) = ends(&draft.links[link]).1 else { return Err((String::new(), String::new())) };
    let largest = |draft: &Draft, which: &dyn Fn(&Link) -> bool| {
        let all = (0..draft.links.len()).filter(|&l| l != link && draft.links[l].base > 0.0 && which(&draft.links[l]));
        all.max_by(|&a, &b| draft.links[a].base.total_cmp(&draft.links[b].base))
    };
    let others = |l: &Link| park.owner(l.from) != Some(exchange.from);
    let direct = largest(draft, &|l: &Link| ends(l).1 == Some(taker) && l.carrier == carrier && others(l));
    let takes = |draft: &Draft, p: Option<ProcessId>| {
        p.is_some() && draft.links.iter().any(|l| ends(l).1 == p && l.carrier == carrier && l.base > 0.0)
    };
    let own = |draft: &Draft| {
        largest(draft, &|l: &Link| {
            let own = park.owner(l.from) == Some(exchange.to) && ends(l).1 == Some(taker);
            own && l.carrier == exchange.carrier && takes(draft, ends(l).0)
        })
    };
    let elsewhere = |draft: &Draft| {
        largest(draft, &|l: &Link| park.owner(l.to) == Some(exchange.to) && l.carrier == carrier && others(l))
    };
    if let Some(found) = direct {
        return ratio(draft, exchange, link, found).map(|r| (found, r));
    }
    if let Some(found) = own(draft) {
        let name = draft.links[found].text(park);
        draft.note(
            format!("{}: it displaces {name}, which takes what exchanges.csv names", draft.links[link].text(park)),
            format!("{}：替代 {name}（其原料即 exchanges.csv 所列）", draft.links[link].text(park)),
        );
        return Ok((found, 1.0));
    }
    if let Some(found) = elsewhere(draft) {
        return ratio(draft, exchange, link, found).map(|r| (found, r));
    }
    if exchange.status == Status::Candidate {
        let what = &park.carrier(carrier).label.id;
        let who = &park.enterprise(exchange.to).label.id;
        return Err((
            format!("{who} takes no {what} in the flows of the year: nothing is displaced"),
            format!("当年流量中 {who} 未使用 {what}：无可替代"),
        ));
    }
    // Nothing of it is bought while the exchange runs: without it, it would be.
    let kind = park.carrier(carrier).kind;
    let source = if kind == CarrierKind::Electricity { Outside::Grid } else { Outside::Supplier };
    let at = &draft.links[link];
    let measure = draft.links.iter().find(|l| l.carrier == carrier).map_or(at.measured(), Link::measured);
    let usage = if kind == park.carrier(at.carrier).kind { at.usage } else { usage(park, taker, carrier) };
    let new = Link::new(Node::Outside(source), Node::Process(taker), carrier, usage, measure);
    let found = draft.add(new, Driver::Taker);
    ratio(draft, exchange, link, found).map(|r| (found, r))
}

/// Units of a displaced link for one of an exchange: as stated, in energy where the two are measured apart; else by energy.
fn ratio(draft: &Draft, exchange: &Exchange, link: usize, displaced: usize) -> Result<f64, (String, String)> {
    let (of, other) = (&draft.links[link], &draft.links[displaced]);
    let by_energy = of.energy.zip(other.energy).map(|(a, b)| a / b);
    let alike = of.dimension == other.dimension;
    match (exchange.ratio, by_energy) {
        (Some(stated), _) if alike => Ok(stated),
        (Some(stated), Some(by_energy)) => Ok(stated * by_energy),
        (None, Some(by_energy)) => Ok(by_energy),
        (None, None) if alike => Ok(1.0),
        _ => Err((
            format!("no ratio and no energy compares it with {}", draft.park.carrier(other.carrier).label.id),
            format!("缺少替代比，也无法按能量与 {} 比较", draft.park.carrier(other.carrier).label.id),
        )),
    }
}

/// The link that takes what an exchange does not: where some of it goes already, else the route that `exchanges.csv` states, else
/// who buys it.
fn sink(draft: &mut Draft, exchange: &Exchange, link: usize, from: ProcessId) -> Option<usize> {
    let park = draft.park;
    let of = draft.links[link].clone();
    let members = |draft: &Draft| -> Vec<usize> {
        let same = |l: &&usize| {
            let other = &draft.links[**l];
            ends(other).0 == Some(from) && other.carrier == of.carrier && other.dimension == of.dimension
        };
        let all: Vec<usize> = (0..draft.links.len()).collect();
        all.iter().filter(same).copied().collect()
    };
    let all = members(draft);
    // Nothing of it is recorded but what the exchange could take: it has no source, and needs no sink.
    if all.iter().all(|&l| draft.links[l].base <= 0.0) {
        return None;
    }
    // A process that passes on what it is brought has its sink.
    let is_known = |s: &Sum| s.law == Law::Sink && s.process == from && s.members.iter().any(|m| m.0 == link);
    let known = draft.sums.iter().position(is_known);
    let left = |l: &usize| {
        let to = draft.links[*l].to;
        matches!(to, Node::Outside(o) if !o.buys()) || ends(&draft.links[*l]).1.is_some_and(|p| is_flare(park, p))
    };
    let sold = |l: &usize| matches!(draft.links[*l].to, Node::Outside(o) if o.buys());
    let stated = exchange.disposal.as_deref();
    let found = all.iter().copied().find(left);
    if let Some(closes) = known.and_then(|s| draft.sums[s].closes)
        && (found.is_some() || stated.is_none())
    {
        return Some(closes);
    }
    let sink = match (found, stated) {
        (Some(found), _) => found,
        (None, Some(route)) => {
            let to = route_of(park, exchange.from, &of, route)?;
            let usage = if matches!(to, Node::Process(_)) { Use::Combustion } else { of.usage };
            draft.add(Link::new(of.from, to, of.carrier, usage, of.measured()), Driver::Giver)
        }
        (None, None) => all.iter().copied().find(sold)?,
    };
    if let Some(known) = known {
        // A user of it was its sink for want of another.
        if let Some(user) = draft.sums[known].closes.replace(sink) {
            draft.closed.remove(&user);
        }
        draft.closed.insert(sink, known);
        if !draft.sums[known].members.iter().any(|m| m.0 == sink) {
            draft.sums[known].members.push((sink, 1.0));
        }
        return Some(sink);
    }
    let sum = draft.sums.iter().position(|s| s.closes == Some(sink));
    match sum {
        Some(sum) if !draft.sums[sum].members.iter().any(|m| m.0 == link) => draft.sums[sum].members.push((link, 1.0)),
        Some(_) => {}
        None => {
            let mut members = all;
            if !members.contains(&sink) {
                members.push(sink);
            }
            draft.close(sink, Law::Sink, from, members.into_iter().map(|l| (l, 1.0)).collect());
        }
    }
    Some(sink)
}

fn is_flare(park: &Park, p: ProcessId) -> bool {
    park.process(p).technique.contains("flare")
}

/// Where a stated route of disposal leads.
fn route_of(park: &Park, donor: EnterpriseId, link: &Link, route: &str) -> Option<Node> {
    let heat = link.dimension == Dimension::ENERGY;
    let flare = || {
        let own = |p: &usize| park.processes[*p].enterprise == donor && is_flare(park, ProcessId::new(*p));
        (0..park.processes.len()).find(own).map(|p| Node::Process(ProcessId::new(p)))
    };
    let outside = match route.trim().to_lowercase().as_str() {
        "flare" | "火炬" | "放散" => return flare().or(Some(Node::Outside(Outside::Atmosphere))),
        "landfill" | "填埋" => Outside::Landfill,
        "treatment" | "incineration" | "处置" | "焚烧" => Outside::Treatment,
        "discharge" | "river" | "sea" | "排放" => Outside::WaterBody,
        _ if heat => Outside::Loss,
        "vent" | "stack" | "排空" => Outside::Atmosphere,
        _ => Outside::Loss,
    };
    Some(Node::Outside(outside))
}

/// The process of the receiver that takes a candidate: the one that takes most of what it displaces, else the one that takes
/// most of the same, else the first.
fn taker(draft: &Draft, exchange: &Exchange) -> ProcessId {
    let park = draft.park;
    let most = |carrier: CarrierId| {
        let into = |l: &&Link| {
            l.carrier == carrier && park.owner(l.to) == Some(exchange.to) && park.owner(l.from) != Some(exchange.from)
        };
        draft.links.iter().filter(into).max_by(|a, b| a.base.total_cmp(&b.base)).and_then(|l| ends(l).1)
    };
    let displaced = exchange.displaces.and_then(most);
    displaced.or_else(|| most(exchange.carrier)).unwrap_or_else(|| first_process(park, exchange.to))
}

/// The process of the donor that gives a candidate: one that gives as much of it away already, else the one that takes most
/// energy.
fn giver(draft: &Draft, exchange: &Exchange, quantity: f64) -> ProcessId {
    let park = draft.park;
    let own = |node: Node| park.owner(node) == Some(exchange.from);
    let most = |which: &dyn Fn(&Link) -> Option<(ProcessId, f64)>| {
        let mut sums = std::collections::BTreeMap::new();
        for (p, amount) in draft.links.iter().filter_map(which) {
            *sums.entry(p).or_insert(0.0) += amount;
        }
        sums.into_iter().max_by(|a, b| a.1.total_cmp(&b.1))
    };
    let gives = most(&|l| (own(l.from) && l.carrier == exchange.carrier).then(|| ends(l).0.map(|p| (p, l.base)))?);
    let burns = || most(&|l| (own(l.to) && !own(l.from)).then(|| ends(l).1.zip(l.energy.map(|e| e * l.base)))?);
    gives
        .filter(|(_, amount)| *amount >= quantity)
        .or_else(burns)
        .map_or_else(|| first_process(park, exchange.from), |(p, _)| p)
}

fn first_process(park: &Park, enterprise: EnterpriseId) -> ProcessId {
    let own = park.processes.iter().position(|p| p.enterprise == enterprise);
    // invariant: an enterprise that names no process has one, itself.
    ProcessId::new(own.unwrap_or_default())
}

/// Energy in a unit of a carrier, by the other links of it. Measured: GJ per canonical unit.
fn energy_of(draft: &Draft, carrier: CarrierId, quantity: Quantity) -> Option<f64> {
    if quantity.dimension == Dimension::ENERGY {
        return Some(1.0);
    }
    draft.links.iter().find(|l| l.carrier == carrier && l.dimension == quantity.dimension).and_then(|l| l.energy)
}

/// What a taker does with a carrier if no table says.
pub(super) fn usage(park: &Park, to: ProcessId, carrier: CarrierId) -> Use {
    let kind = park.carrier(carrier).kind;
    match kind {
        _ if park.process(to).is_pool() => Use::Resale,
        _ if kind.is_fuel() => Use::Combustion,
        _ if kind.is_utility() || kind == CarrierKind::Water => Use::Consumption,
        _ => Use::Process,
    }
}
