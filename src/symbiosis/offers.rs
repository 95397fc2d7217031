//! Matching over a park: what its donors have to give, what its receivers could take instead of what they take now.
//!
//! Sources are the by-products, heat and water of exchanges, with what is disposed of today. Sinks are the links that exchanges
//! displace, and others of the same carrier. A source may serve a sink where a row of `exchanges.csv` has its carrier displace that
//! of the sink; the row gives the ratio. What a unit saves is what the exchange saves once the whole network answers, beside all that
//! run, in parts of its quantity; so a plan is first-order, and what it saves in full is what a scenario of it says. A use that
//! saves nothing by the measure is no part of a plan.

use super::matching::{Giver, Matching, Pair, Sink, Source, Supply, Taker};
use super::switches::Switches;
use crate::park::{EnterpriseId, Parameter, Park, ProcessId, Status};
use crate::quantity::Period;
use crate::scenario::{Clash, Measure, Model};
use std::collections::BTreeMap;

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
    /// What passes from source to sink in the base year. Measured: canonical unit of the source.
    pub now: BTreeMap<(usize, usize), f64>,
    /// What these save. Unit: that of the measure.
    pub saved: f64,
    /// Pairs that no row of `exchanges.csv` states for these two.
    pub new: Vec<(usize, usize)>,
}

/// How a carrier displaces another: ratio, and what a unit of it saves.
#[derive(Clone, Copy)]
struct Way {
    ratio: f64,
    saving: f64,
}

/// The problem of a park, for the largest saving of a measure: its objective is that saving, negative.
///
/// # Errors
/// [`Clash`], if the park has no solution when an exchange is switched.
pub fn offers(switches: &Switches, objective: Measure) -> Result<Offers, Clash> {
    let base = switches.base;
    let (park, model) = (&base.package.park, &base.calibrated.model);
    let measures = vec![objective];
    let level = |process: Option<ProcessId>, link: usize| temperature(park, model, process, link, base.year);
    let (mut sources, mut sinks): (Vec<usize>, Vec<usize>) = (Vec::new(), Vec::new());
    let mut matching = Matching { measures: measures.iter().map(|m| m.id()).collect(), ..Matching::default() };
    let mut now = BTreeMap::new();
    let mut stated: BTreeMap<(usize, usize), Way> = BTreeMap::new();
    for (i, &b) in switches.exchanges.iter().enumerate() {
        let bound = switches.bound(b);
        let saving = per_unit(switches, i, objective)?;
        for carried in &bound.carried {
            let Some((displaced, ratio)) = carried.displaced.filter(|d| d.1 > 0.0) else { continue };
            let link = &model.links[carried.link];
            let alike = |&s: &usize| (model.links[s].from, model.links[s].carrier) == (link.from, link.carrier);
            let source = sources.iter().position(alike).unwrap_or_else(|| {
                sources.push(carried.link);
                // Disposal and the displaced are in what a unit saves.
                let disposal = vec![0.0];
                let left = carried.sink.map_or(0.0, |s| model.links[s].base);
                let temperature = level(process(model.links[carried.link].from), carried.link).map(|t| (t, t));
                let name = format!("{}:{}", park.node_text(link.from), park.carrier(link.carrier).label.id);
                matching.sources.push(Source { name, quantity: left, qualities: Vec::new(), temperature, disposal });
                sources.len() - 1
            });
            let sink = sinks.iter().position(|&s| s == displaced).unwrap_or_else(|| {
                sinks.push(displaced);
                let at = &model.links[displaced];
                let temperature = level(process(at.to), displaced);
                let name = at.text(park);
                matching.sinks.push(Sink { name: name.clone(), demand: at.base, limits: Vec::new(), temperature });
                let only = Some(vec![sinks.len() - 1]);
                matching.supplies.push(Supply { name, burden: vec![0.0], only, ..Supply::default() });
                sinks.len() - 1
            });
            if bound.status == Status::Existing {
                matching.sources[source].quantity += carried.full;
                matching.sinks[sink].demand += ratio * carried.full;
                *now.entry((source, sink)).or_insert(0.0) += carried.full;
            } else if carried.sink.is_none() {
                matching.sources[source].quantity += carried.full;
            }
            stated.entry((source, sink)).or_insert(Way { ratio, saving });
        }
    }
    // A level that only the need states is no test: the row of exchanges.csv says that it fits.
    for &(source, sink) in stated.keys() {
        if matching.sources[source].temperature.is_none() {
            matching.sinks[sink].temperature = None;
        }
    }
    let mut new = Vec::new();
    for (source, &of) in sources.iter().enumerate() {
        for (sink, &to) in sinks.iter().enumerate() {
            let mut pair = Pair::new(Giver::Source(source), Taker::Sink(sink));
            let like = |entry: &(&(usize, usize), &Way)| {
                let (s, t) = *entry.0;
                let (a, b) = (&model.links[sources[s]], &model.links[sinks[t]]);
                (a.carrier, a.dimension) == (model.links[of].carrier, model.links[of].dimension)
                    && (b.carrier, b.dimension) == (model.links[to].carrier, model.links[to].dimension)
            };
            let owner = |node| -> Option<EnterpriseId> { park.owner(node) };
            let own = owner(model.links[of].from) == owner(model.links[to].to);
            let way = stated.get(&(source, sink)).copied().or_else(|| {
                let other = stated.iter().find(like).filter(|_| !own);
                if other.is_some() {
                    new.push((source, sink));
                }
                other.map(|o| *o.1)
            });
            match way.filter(|w| w.saving > 0.0) {
                Some(way) => {
                    pair.ratio = way.ratio;
                    pair.burden = vec![-way.saving];
                }
                None => pair.forbidden = true,
            }
            matching.pairs.push(pair);
        }
    }
    let saved = now.iter().map(|(pair, amount)| amount * stated.get(pair).map_or(0.0, |w| w.saving)).sum();
    Ok(Offers { matching, measures, sources, sinks, now, saved, new })
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

fn process(node: crate::park::Node) -> Option<ProcessId> {
    match node {
        crate::park::Node::Process(p) => Some(p),
        _ => None,
    }
}

/// Temperature of what a link carries, where `carriers.csv` states it. Unit: °C.
fn temperature(park: &Park, model: &Model, process: Option<ProcessId>, link: usize, year: u16) -> Option<f64> {
    let period = Period { year, month: None };
    park.property(model.links[link].carrier, process?, period, Parameter::Temperature).map(|t| t.value)
}
