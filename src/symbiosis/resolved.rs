//! A plan of a matching as one scenario: what it saves once the whole network answers to all of it.
//!
//! The linear program takes the saving of each exchange per unit, beside those that run. What the network does to several at once
//! (a need that two meet, an activity that follows, a bound) only shows where the plan is solved as one.

use super::matching::{Giver, Plan, Taker};
use super::offers::Offers;
use super::pooling::{through, treats};
use crate::diagnostic::{Diagnostics, Lang, Origin, Words};
use crate::park::{Label, Node, Park};
use crate::quantity::{Basis, Quantity};
use crate::scenario::{Action, Base, Change, FlowPattern, Link, NewExchange, Run, Scenario, Size, run};

/// Parts of a number by which plan and solution may differ without a word.
pub const LITTLE: f64 = 0.01;

/// What a plan saves against the base year.
#[derive(Debug, Clone, PartialEq)]
pub struct Resolved {
    /// By the linear program. Unit: that of the measure.
    pub promised: f64,
    /// By the full accounts. Unit: that of the measure.
    pub exact: f64,
    /// Uses that the network does not carry as planned.
    pub moved: Vec<Moved>,
    /// What was not judged on the way.
    pub told: Vec<Words>,
}

/// What passes from one enterprise to another of a carrier.
#[derive(Debug, Clone, PartialEq)]
pub struct Moved {
    /// `FROM>TO:CARRIER`, by enterprises.
    pub name: String,
    /// In the plan. Unit: canonical of the carrier's links.
    pub planned: f64,
    /// In the solution.
    pub carried: f64,
}

impl Resolved {
    /// Whether the exact saving differs from the promised one by more than a little.
    #[must_use]
    pub fn differs(&self) -> bool {
        (self.exact - self.promised).abs() > LITTLE * self.exact.abs().max(self.promised.abs())
    }
}

/// Solves a plan as one scenario.
///
/// # Errors
/// What keeps the scenario from being met, or from being one.
pub fn resolve(base: &Base, of: &Offers, plan: &Plan) -> Result<Resolved, Words> {
    if treats(of, plan) {
        return Err(Words::new(
            "it treats water in a pool, and the model of the year has no such plant",
            "方案含水处理池，而当年模型中没有该装置",
        ));
    }
    let through = through(of, plan);
    let park = &base.package.park;
    let model = &base.calibrated.model;
    let amounts: Vec<((usize, usize), f64)> = of
        .ways
        .keys()
        .map(|&(source, sink)| {
            let ends = (Giver::Source(source), Taker::Sink(sink));
            let straight: f64 = plan.transfers.iter().filter(|t| (t.from, t.to) == ends).map(|t| t.amount).sum();
            ((source, sink), straight + through.get(&(source, sink)).copied().unwrap_or_default())
        })
        .collect();
    // New ones first: a pattern of enterprises may meet exchanges that are listed, too, and these are then set to their sizes.
    let mut changes: Vec<Action> = Vec::new();
    for &(pair, amount) in amounts.iter().filter(|a| of.ways[&a.0].new && a.1 > 0.0) {
        changes.push(Action::AddExchange(Box::new(new_exchange(park, base, of, pair, amount))));
    }
    for &(pair, amount) in amounts.iter().filter(|a| !of.ways[&a.0].new) {
        let (source, sink) = (&model.links[of.sources[pair.0]], &model.links[of.sinks[pair.1]]);
        let now = of.now.get(&pair).copied().unwrap_or_default();
        // What stays as it is, or never was, needs no change.
        if (amount - now).abs() > 1e-9 * amount.max(now) {
            let pattern = pattern(park, source, sink);
            let quantity = Quantity { value: amount, dimension: source.dimension, basis: Basis::default() };
            changes.push(Action::Exchange { of: pattern, to: Size::Quantity(quantity), available: None });
        }
    }
    let promised = -plan.objective - of.saved;
    if changes.is_empty() {
        return Ok(Resolved { promised, exact: 0.0, moved: Vec::new(), told: Vec::new() });
    }
    let made = run(base, &[&scenario(base.year, changes)]).map_err(|found| why(&found))?;
    let measure = of.measures[0];
    // The accounts of the park know no freight between its members; the matching was asked to count it.
    let now = |pair| of.now.get(pair).copied().unwrap_or_default();
    let freight: f64 = amounts.iter().map(|(pair, amount)| of.ways[pair].freight * (amount - now(pair))).sum();
    let exact = base.results.total(measure) - made.results.total(measure) - freight;
    let moved = moved(park, base, of, &made, &amounts);
    Ok(Resolved { promised, exact, moved, told: made.told })
}

/// The first of the problems that keep a plan from being met, in words.
fn why(found: &Diagnostics) -> Words {
    let first = found.sorted().into_iter().next();
    let say = |lang| first.map(|d| d.text(lang).message).unwrap_or_default();
    Words::new(say(Lang::En), say(Lang::Zh))
}

fn scenario(year: u16, actions: Vec<Action>) -> Scenario {
    let origin = Origin::file("symbiosis match");
    let change =
        |(k, action): (usize, Action)| Change { name: format!("use {}", k + 1), action, origin: origin.clone() };
    Scenario {
        label: Label { id: "plan".into(), name_en: "plan".into(), name_zh: "方案".into() },
        extends: None,
        year: Some(year),
        changes: actions.into_iter().enumerate().map(change).collect(),
        sweeps: Vec::new(),
        origin: origin.clone(),
    }
}

/// The exchange between the processes at which a source gives and a sink takes.
fn pattern(park: &Park, source: &Link, sink: &Link) -> FlowPattern {
    FlowPattern {
        from: park.node_text(source.from),
        to: park.node_text(sink.to),
        carrier: park.carrier(source.carrier).label.id.to_string(),
    }
}

/// The enterprise of a node; the node itself where it has none.
fn enterprise(park: &Park, node: Node) -> String {
    park.owner(node).map_or_else(|| park.node_text(node), |e| park.enterprise(e).label.id.to_string())
}

fn new_exchange(park: &Park, base: &Base, of: &Offers, pair: (usize, usize), amount: f64) -> NewExchange {
    let model = &base.calibrated.model;
    let (source, sink) = (&model.links[of.sources[pair.0]], &model.links[of.sinks[pair.1]]);
    let like = &park.exchanges[of.ways[&pair].exchange];
    NewExchange {
        available: None,
        from: enterprise(park, source.from),
        to: enterprise(park, sink.to),
        carrier: park.carrier(source.carrier).label.id.to_string(),
        quantity: Quantity { value: amount, dimension: source.dimension, basis: Basis::default() },
        displaces: Some(park.carrier(sink.carrier).label.id.to_string()),
        ratio: like.ratio,
        disposal: like.disposal.as_deref().map(str::to_owned),
        distance_km: None,
    }
}

/// Uses that the solution does not carry as planned, by enterprises and carrier.
fn moved(park: &Park, base: &Base, of: &Offers, made: &Run, amounts: &[((usize, usize), f64)]) -> Vec<Moved> {
    let model = &base.calibrated.model;
    let mut list: Vec<Moved> = Vec::new();
    for &((source, sink), planned) in amounts {
        let (source, sink) = (&model.links[of.sources[source]], &model.links[of.sinks[sink]]);
        let carrier = &park.carrier(source.carrier).label.id;
        let name = format!("{}>{}:{carrier}", enterprise(park, source.from), enterprise(park, sink.to));
        if let Some(known) = list.iter_mut().find(|m| m.name == name) {
            known.planned += planned;
            continue;
        }
        let own = |l: &&(usize, &Link)| {
            let link = l.1;
            link.carrier == source.carrier
                && park.owner(link.from) == park.owner(source.from)
                && park.owner(link.to) == park.owner(sink.to)
        };
        let after = &made.calibrated.model;
        let links = after.links.iter().enumerate().collect::<Vec<_>>();
        let carried = links.iter().filter(own).map(|(l, _)| after.quantity_in(&made.solved, *l)).sum();
        list.push(Moved { name, planned, carried });
    }
    list.retain(|m| (m.planned - m.carried).abs() > LITTLE * m.planned.abs().max(m.carried.abs()));
    list
}
