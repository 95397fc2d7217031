//! Matching over a park: what its donors have to give, what its receivers could take instead of what they take now.
//!
//! Sources are the by-products, heat and water of exchanges, with what is disposed of today. Sinks are the links that exchanges
//! displace, and others of the same carrier. A source may serve a sink where a row of `exchanges.csv` has its carrier displace that
//! of the sink; the row gives the ratio. What a unit saves is what the exchange saves once the whole network answers, beside all that
//! run, in parts of its quantity; so a plan is first-order, and [`super::resolved`] solves it anew in full. A use that saves nothing
//! by the measure is no part of a plan. Limits of quality: [`super::qualities`].

use super::distance::{Distance, between};
use super::matching::{Giver, Matching, Pair, Plan, Sink, Source, Supply, Taker};
use super::qualities::{self, Quality};
use super::switches::{Switches, freight_factor, is_carted};
use crate::diagnostic::Words;
use crate::park::{CarrierId, CarrierKind, Node, Parameter, Park, Status};
use crate::quantity::{Dimension, Period};
use crate::scenario::{Base, Carried, Clash, Measure, Model};
use std::collections::BTreeMap;

/// Which exchanges are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum What {
    /// All.
    #[default]
    All,
    /// Those that bring or displace water.
    Water,
    /// Those that bring or displace heat, steam or cooling.
    Heat,
    /// The others: by-products, gases, wastes, materials.
    Materials,
}

impl What {
    /// Whether an exchange of a carrier that displaces another is looked at.
    fn takes(self, carrier: CarrierKind, displaced: CarrierKind) -> bool {
        let heat = |k| matches!(k, CarrierKind::Heat | CarrierKind::Steam | CarrierKind::Cooling);
        let is_water = carrier == CarrierKind::Water || displaced == CarrierKind::Water;
        let is_heat = heat(carrier) || heat(displaced);
        match self {
            Self::All => true,
            Self::Water => is_water,
            Self::Heat => is_heat,
            Self::Materials => !is_water && !is_heat,
        }
    }
}

/// What is asked of a matching.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Asked<'a> {
    /// Which exchanges are looked at.
    pub what: What,
    /// Means of transport whose factor counts freight: `diesel_truck_30t`.
    pub freight: Option<&'a str>,
    /// Nothing new is carried farther. Unit: km.
    pub most_km: Option<f64>,
}

/// A matching with what it is made of.
#[derive(Debug, Clone, PartialEq)]
pub struct Offers {
    /// The problem; its objective is the first measure.
    pub matching: Matching,
    /// Measures, in the order of the problem.
    pub measures: Vec<Measure>,
    /// For each source a link of it.
    pub sources: Vec<usize>,
    /// For each sink its link.
    pub sinks: Vec<usize>,
    /// What is limited, in the order of the problem's qualities.
    pub qualities: Vec<Quality>,
    /// What passes from source to sink in the base year. Measured: canonical unit of the source.
    pub now: BTreeMap<(usize, usize), f64>,
    /// What these save. Unit: that of the measure.
    pub saved: f64,
    /// How each source may serve each sink: by a row of `exchanges.csv`, or as such a row does elsewhere.
    pub ways: BTreeMap<(usize, usize), Way>,
    /// Limits that close a way, that could not be judged, or that the base year does not keep.
    pub told: Vec<Words>,
}

/// How a carrier displaces another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Way {
    /// Units of the displaced for one unit.
    pub ratio: f64,
    /// What a unit saves, freight aside. Unit: that of the measure.
    pub saving: f64,
    /// The row that says so, by position in the park's exchanges.
    pub exchange: usize,
    /// Whether that row joins two others: no row states this pair.
    pub new: bool,
    /// Whether both ends are of one enterprise.
    pub own: bool,
    /// How far it is carried, where that is known.
    pub distance: Option<Distance>,
    /// Freight of a unit, where it is counted. Unit: that of the measure.
    pub freight: f64,
}

/// A quantity of a carrier over all sources or sinks of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Total {
    /// Of what.
    pub carrier: CarrierId,
    /// How it is measured.
    pub dimension: Dimension,
    /// Whether it is needed; else it is given.
    pub needed: bool,
    /// Needed, which is what is bought or made without reuse; or there to be given. Unit: canonical of `dimension`.
    pub whole: f64,
    /// Still bought or made in the plan, or left over.
    pub rest: f64,
}

impl Offers {
    /// Quantities by carrier: what is needed and still bought, then what there is to give and is left.
    #[must_use]
    pub fn totals(&self, model: &Model, plan: &Plan) -> Vec<Total> {
        let mut made: Vec<Total> = Vec::new();
        let mut add = |link: usize, needed, whole: f64, rest: f64| {
            let (carrier, dimension) = (model.links[link].carrier, model.links[link].dimension);
            let same = |t: &&mut Total| (t.carrier, t.dimension, t.needed) == (carrier, dimension, needed);
            match made.iter_mut().find(same) {
                Some(total) => {
                    total.whole += whole;
                    total.rest += rest;
                }
                None => made.push(Total { carrier, dimension, needed, whole, rest }),
            }
        };
        for (k, sink) in self.matching.sinks.iter().enumerate() {
            add(self.sinks[k], true, sink.demand, plan.supplied[k]);
        }
        for (k, source) in self.matching.sources.iter().enumerate() {
            add(self.sources[k], false, source.quantity, plan.left[k]);
        }
        made
    }
}

/// What exchanges join, without pairs that no row states.
#[derive(Default)]
struct Draft {
    matching: Matching,
    sources: Vec<usize>,
    sinks: Vec<usize>,
    now: BTreeMap<(usize, usize), f64>,
    ways: BTreeMap<(usize, usize), Way>,
    /// Each row with the pair that it joins; several rows may join one.
    rows: Vec<((usize, usize), usize)>,
}

/// The problem of a park, for the largest saving of a measure: its objective is that saving, negative.
///
/// # Errors
/// [`Clash`], if the park has no solution when an exchange is switched.
pub fn offers(switches: &Switches, objective: Measure, asked: Asked) -> Result<Offers, Clash> {
    let base = switches.base;
    let (park, model) = (&base.package.park, &base.calibrated.model);
    let Draft { mut matching, sources, sinks, now, mut ways, rows } = gather(switches, objective, asked.what)?;
    matching.measures = vec![objective.id()];
    // A source of which no temperature is stated is as hot as the hottest need that a row brings it to.
    for &(source, sink) in ways.keys() {
        let of = &mut matching.sources[source];
        if let Some(needed) = matching.sinks[sink].temperature
            && level(park, model, sources[source], true).is_none()
        {
            let hottest = of.temperature.map_or(needed, |t| t.1.max(needed));
            of.temperature = Some((hottest, hottest));
        }
    }
    let stated = ways.clone();
    let all = (0..sources.len()).flat_map(|source| (0..sinks.len()).map(move |sink| (source, sink)));
    for pair in all.clone() {
        if let Some(way) = way_like(base, &stated, (&sources, &sinks), pair) {
            ways.entry(pair).or_insert(way);
        }
    }
    let mut told = Vec::new();
    let per_km = asked.freight.map_or(0.0, |means| freight_per_km(switches, objective, means));
    matching.transport = vec![per_km];
    for (&(source, sink), way) in &mut ways {
        carry(park, model, (sources[source], sinks[sink]), way, per_km);
    }
    for (source, sink) in all {
        let mut pair = Pair::new(Giver::Source(source), Taker::Sink(sink));
        let runs = now.get(&(source, sink)).is_some_and(|n| *n > 0.0);
        let near = |way: &&Way| {
            let name = || format!("{} > {}", matching.sources[source].name, matching.sinks[sink].name);
            let carted = is_carted(park.carrier(model.links[sources[source]].carrier));
            runs || is_near((way, carted), asked, &name, &mut told)
        };
        match ways.get(&(source, sink)).filter(|w| w.saving > 0.0).filter(near) {
            Some(way) => {
                pair.ratio = way.ratio;
                pair.burden = vec![-way.saving];
                pair.distance = if way.freight > 0.0 { way.distance.map_or(0.0, |d| d.km) } else { 0.0 };
            }
            None => pair.forbidden = true,
        }
        matching.pairs.push(pair);
    }
    let saves = |pair| ways.get(pair).map_or(0.0, |w| w.saving - w.freight);
    let saved = now.iter().map(|(pair, amount)| amount * saves(pair)).sum();
    let (measures, qualities) = (vec![objective], Vec::new());
    let mut made = Offers { matching, measures, sources, sinks, qualities, now, saved, ways, told };
    qualities::limit(base, &mut made, &rows);
    Ok(made)
}

/// Sources, sinks, and what rows join them.
fn gather(switches: &Switches, objective: Measure, what: What) -> Result<Draft, Clash> {
    let base = switches.base;
    let (park, model) = (&base.package.park, &base.calibrated.model);
    let mut made = Draft::default();
    for (i, &b) in switches.exchanges.iter().enumerate() {
        let bound = switches.bound(b);
        let kind = |link: usize| park.carrier(model.links[link].carrier).kind;
        let displaces = |c: &&Carried| c.displaced.is_some_and(|d| d.1 > 0.0);
        let wanted = |c: &&Carried| c.displaced.is_some_and(|d| what.takes(kind(c.link), kind(d.0)));
        if !bound.carried.iter().any(|c| displaces(&c) && wanted(&c)) {
            continue;
        }
        let saving = per_unit(switches, i, objective)?;
        for carried in bound.carried.iter().filter(wanted) {
            let Some((displaced, ratio)) = carried.displaced.filter(|d| d.1 > 0.0) else { continue };
            let link = &model.links[carried.link];
            let alike = |&s: &usize| (model.links[s].from, model.links[s].carrier) == (link.from, link.carrier);
            let source = made.sources.iter().position(alike).unwrap_or_else(|| {
                made.sources.push(carried.link);
                // Disposal and the displaced are in what a unit saves.
                let disposal = vec![0.0];
                let left = carried.sink.map_or(0.0, |s| model.links[s].base);
                let temperature = level(park, model, carried.link, true).map(|t| (t, t));
                let name = format!("{}:{}", park.node_text(link.from), park.carrier(link.carrier).label.id);
                made.matching.sources.push(Source {
                    name,
                    quantity: left,
                    qualities: Vec::new(),
                    temperature,
                    disposal,
                });
                made.sources.len() - 1
            });
            let sink = made.sinks.iter().position(|&s| s == displaced).unwrap_or_else(|| {
                made.sinks.push(displaced);
                let at = &model.links[displaced];
                let temperature = level(park, model, displaced, false);
                let name = at.text(park);
                made.matching.sinks.push(Sink { name: name.clone(), demand: at.base, limits: Vec::new(), temperature });
                let only = Some(vec![made.sinks.len() - 1]);
                made.matching.supplies.push(Supply { name, burden: vec![0.0], only, ..Supply::default() });
                made.sinks.len() - 1
            });
            if bound.status == Status::Existing {
                made.matching.sources[source].quantity += carried.full;
                made.matching.sinks[sink].demand += ratio * carried.full;
                *made.now.entry((source, sink)).or_insert(0.0) += carried.full;
            } else if carried.sink.is_none() {
                made.matching.sources[source].quantity += carried.full;
            }
            made.rows.push(((source, sink), bound.exchange));
            made.ways.entry((source, sink)).or_insert(Way {
                ratio,
                saving,
                exchange: bound.exchange,
                new: false,
                own: false,
                distance: None,
                freight: 0.0,
            });
        }
    }
    Ok(made)
}

/// Freight of a unit of mass that is carted a km, in a measure.
fn freight_per_km(switches: &Switches, measure: Measure, means: &str) -> f64 {
    let Some((gas, factor)) = freight_factor(switches.base, means) else { return 0.0 };
    // Both gases of freight factors count one for one in CO2e.
    if matches!(measure, Measure::Co2e) || measure == Measure::Gas(gas) { 1e3 * factor } else { 0.0 }
}

/// How far a way leads, and its freight.
fn carry(park: &Park, model: &Model, (source, sink): (usize, usize), way: &mut Way, per_km: f64) {
    let (source, sink) = (&model.links[source], &model.links[sink]);
    let stated = park.exchanges[way.exchange].distance_km.filter(|_| !way.new);
    let ends = park.owner(source.from).zip(park.owner(sink.to));
    way.distance = match stated {
        Some(km) => Some(Distance { km, straight: false }),
        None => ends.and_then(|(from, to)| between(park, from, to)),
    };
    if is_carted(park.carrier(source.carrier)) && source.dimension == Dimension::MASS {
        way.freight = per_km * way.distance.map_or(0.0, |d| d.km);
    }
}

/// Whether a way is as short as is asked; a distance that nobody states is told, where it matters.
fn is_near((way, carted): (&Way, bool), asked: Asked, name: &dyn Fn() -> String, told: &mut Vec<Words>) -> bool {
    match (way.distance, asked.most_km) {
        (Some(distance), Some(most)) => distance.km <= most,
        (None, Some(_)) => {
            let name = name();
            told.push(Words::new(
                format!("{name}: not offered; no row of exchanges.csv and no coordinates of enterprises.csv tell how far it is"),
                format!("{name}：未列入；exchanges.csv 与 enterprises.csv 的坐标均未给出距离"),
            ));
            false
        }
        (None, None) if asked.freight.is_some() && carted => {
            let name = name();
            told.push(Words::new(
                format!("{name}: freight not counted; nobody tells how far it is"),
                format!("{name}：未计运输；距离未知"),
            ));
            true
        }
        _ => true,
    }
}

/// How a source may serve a sink as a row does that joins two others of the same carriers. An enterprise may so use its own.
fn way_like(
    base: &Base,
    stated: &BTreeMap<(usize, usize), Way>,
    (sources, sinks): (&[usize], &[usize]),
    (source, sink): (usize, usize),
) -> Option<Way> {
    let (park, links) = (&base.package.park, &base.calibrated.model.links);
    let alike = |a: usize, b: usize| (links[a].carrier, links[a].dimension) == (links[b].carrier, links[b].dimension);
    let (of, to) = (sources[source], sinks[sink]);
    let own = park.owner(links[of].from) == park.owner(links[to].to);
    let mut like = stated.iter().filter(|((s, t), _)| alike(sources[*s], of) && alike(sinks[*t], to));
    like.next().map(|(_, way)| Way { new: true, own, ..*way })
}

/// What a unit of an exchange saves beside those that run.
fn per_unit(switches: &Switches, i: usize, measure: Measure) -> Result<f64, Clash> {
    let model = &switches.base.calibrated.model;
    let now = switches.as_it_is();
    let (with, without) = (switches.solve(&now.clone().with(i))?, switches.solve(&now.without(i))?);
    let total = |solved| switches.influences.results(model, solved).total(measure);
    let carried = &switches.bound(switches.exchanges[i]).carried;
    let quantity: f64 = carried.iter().map(|c| model.quantity_in(&with, c.link)).sum();
    Ok(if quantity > 0.0 { (total(&without) - total(&with)) / quantity } else { 0.0 })
}

/// Temperature of what a link carries, at its giver or its taker, where `carriers.csv` states it. Unit: °C.
fn level(park: &Park, model: &Model, link: usize, at_giver: bool) -> Option<f64> {
    let link = &model.links[link];
    let Node::Process(at) = (if at_giver { link.from } else { link.to }) else { return None };
    park.property(link.carrier, at, Period { year: model.year, month: None }, Parameter::Temperature).map(|t| t.value)
}
