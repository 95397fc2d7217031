//! Electricity used in the park, and how much of it is green. Unit: GJ.
//!
//! Green is power of the park's own renewable plants, and bought power that a retired instrument (certificate, contract,
//! direct supply) of factor zero covers. An instrument covers no more than its holder bought over the fence, itself or
//! through a pool (GHG Protocol Scope 2 Guidance, chapter 6): what is claimed beyond is not green power used. The table
//! cannot tell nuclear power from renewable: an instrument of either has a factor of zero.

use super::carriers::makes_renewable_energy;
use super::year::{Made, Year, comes_from};
use crate::diagnostic::Words;
use crate::ledger::{Activity, Approach, Line, Source};
use crate::methods::covered_purchases;
use crate::park::{CarrierKind, Flow, InstrumentKind, Node, Outside, Park, ProcessId, Use};
use crate::quantity::Dimension;
use std::collections::BTreeMap;

/// Bought power that instruments of factor zero cover. Unit: GJ.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Green {
    direct: f64,
    other: f64,
}

impl Green {
    /// Each holder's cover, shared among its instruments by their energy.
    pub(super) fn new(park: &Park, year: u16) -> Self {
        let mut green = Self::default();
        if park.instruments.is_empty() {
            return green;
        }
        for ((holder, of), covered) in covered_purchases(park) {
            let claims = || park.instruments.iter().filter(|x| x.retired && x.holder == holder && x.period.year == of);
            let claimed: f64 = claims().map(|x| x.energy).sum();
            if of != year || claimed <= 0.0 {
                continue;
            }
            for instrument in claims().filter(|x| x.factor == 0.0) {
                let part = covered * instrument.energy / claimed;
                match instrument.kind {
                    InstrumentKind::DirectSupply => green.direct += part,
                    InstrumentKind::Certificate | InstrumentKind::Contract => green.other += part,
                }
            }
        }
        green
    }

    pub(super) fn direct(self) -> f64 {
        self.direct
    }

    pub(super) fn covered(self) -> f64 {
        self.direct + self.other
    }

    /// The lines over the fence that instruments cover.
    pub(super) fn lines(self, y: &Year) -> Vec<usize> {
        let certified = |line: &Line| {
            line.source == Source::PurchasedElectricity
                && line.approach == Approach::Market
                && line.crosses
                && line.variant.starts_with("certified")
                && matches!(line.activity, Activity::Flow(_))
        };
        let lines = &y.inventory.ledger.lines;
        y.lines.iter().copied().filter(|&l| self.covered() > 0.0 && certified(&lines[l])).collect()
    }
}

fn is_electricity(y: &Year, flow: &Flow) -> bool {
    y.park.carrier(flow.carrier).kind == CarrierKind::Electricity
}

fn energy(flow: &Flow) -> Option<f64> {
    flow.quantity.filter(|q| q.dimension == Dimension::ENERGY).map(|q| q.value)
}

fn is_export(flow: &Flow) -> bool {
    matches!(flow.to, Node::Outside(to) if to.buys())
}

fn absent() -> Words {
    Words::new(
        "flows.csv has no electricity: give a row from outside:grid",
        "flows.csv 没有电力：请填写来自 outside:grid 的行",
    )
}

/// All that is used, losses in the park's lines included: bought and taken from nature, and what plants of the park make,
/// less what is sold.
///
/// A plant makes what it gives beyond what it takes: one that passes on what it bought makes nothing, and the own use of
/// a power plant counts nowhere, however it is metered. Pools (buses) make nothing.
pub(super) fn total(y: &Year) -> Made {
    let mut used = Made { value: Ok(0.0), rows: Vec::new(), lines: Vec::new() };
    let mut plants: BTreeMap<ProcessId, f64> = BTreeMap::new();
    let mut unknown = None;
    let mut sum = 0.0;
    for (i, flow, to) in y.taken().filter(|(_, f, _)| is_electricity(y, f) && f.from != f.to) {
        unknown = unknown.or(energy(flow).is_none().then_some(i));
        let gj = energy(flow).unwrap_or_default();
        *plants.entry(to).or_default() -= gj;
        if y.park.owner(flow.from).is_none() {
            sum += gj;
            used.rows.push(i);
        }
    }
    for (i, flow, from) in y.given().filter(|(_, f, _)| is_electricity(y, f) && f.from != f.to) {
        unknown = unknown.or(energy(flow).is_none().then_some(i));
        let gj = energy(flow).unwrap_or_default();
        *plants.entry(from).or_default() += gj;
        if is_export(flow) {
            sum -= gj;
        }
        used.rows.push(i);
    }
    let makes = |p: ProcessId| !y.park.process(p).is_pool();
    sum += plants.iter().filter(|(p, gj)| makes(**p) && **gj > 0.0).map(|(_, gj)| gj).sum::<f64>();
    used.value = match unknown {
        Some(i) => Err(super::year::unmeasured(&y.park.flows[i])),
        None if plants.is_empty() => Err(absent()),
        None => Ok(sum),
    };
    used
}

/// Power of the park's own renewable plants that is used in it: plants of sun, wind and water, plants that burn nothing
/// but biomass, and electricity from `outside:nature`. What a plant itself sells outside does not count, nor what somebody
/// holds an instrument of (it counts with its holder).
fn own(y: &Year) -> Made {
    let burnt: BTreeMap<ProcessId, bool> = only_biomass(y);
    let is_renewable =
        |p: ProcessId| makes_renewable_energy(&y.park.process(p).technique) || burnt.get(&p).copied().unwrap_or(false);
    let mut plants: BTreeMap<ProcessId, f64> = BTreeMap::new();
    let mut made = Made { value: Ok(0.0), rows: Vec::new(), lines: Vec::new() };
    let given = y.given().filter(|(_, f, p)| {
        is_electricity(y, f) && f.from != f.to && is_renewable(*p) && !matches!(f.to, Node::Outside(_))
    });
    // A plant that electricity reaches as such from nature is counted where it gives it.
    let taken =
        y.taken().filter(|(_, f, p)| is_electricity(y, f) && comes_from(f, &[Outside::Nature]) && !is_renewable(*p));
    for (i, flow, process) in given.chain(taken) {
        made.rows.push(i);
        match energy(flow) {
            Some(gj) => *plants.entry(process).or_default() += gj,
            None => made.value = Err(super::year::unmeasured(flow)),
        }
    }
    let sold = |p: ProcessId| {
        let of_plant = |x: &&crate::park::Instrument| {
            x.period.year == y.calendar
                && x.generator.is_some_and(|(e, one)| one.map_or(e == y.park.process(p).enterprise, |one| one == p))
        };
        y.park.instruments.iter().filter(of_plant).map(|x| x.energy).sum::<f64>()
    };
    let rest: f64 = plants.iter().map(|(&p, gj)| (gj - sold(p)).max(0.0)).sum();
    made.value = made.value.map(|_| rest);
    made
}

/// Processes that burn fuel or waste, and whether all of it is biomass.
fn only_biomass(y: &Year) -> BTreeMap<ProcessId, bool> {
    let mut burnt = BTreeMap::new();
    for (_, flow, to) in y.taken().filter(|(_, f, _)| f.usage == Use::Combustion) {
        *burnt.entry(to).or_insert(true) &= y.biomass.contains(&flow.carrier);
    }
    burnt
}

/// Own renewable power, and what instruments cover of what is bought. A park with electricity and neither has none: 0.
pub(super) fn green(y: &Year) -> Made {
    with_covered(y, y.green.covered())
}

/// The same with direct supply as the only instrument: own plants feed the park straight too.
pub(super) fn green_direct(y: &Year) -> Made {
    with_covered(y, y.green.direct)
}

fn with_covered(y: &Year, covered: f64) -> Made {
    if !y.flows().any(|(_, f)| is_electricity(y, f)) {
        return Made::none(absent());
    }
    let own = own(y);
    let lines = if covered > 0.0 { y.green.lines(y) } else { Vec::new() };
    Made { value: own.value.map(|gj| gj + covered), lines, ..own }
}
