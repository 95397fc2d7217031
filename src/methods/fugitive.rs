//! Fugitive methane: fuel gas that is vented, and the slip of engines and pipes.
//!
//! IPCC 2006 Guidelines, volume 2, chapter 4 (M): a quantity times the methane in
//! it. A vent is a flow of a fuel gas to `outside:atmosphere`. A slip is a
//! `leak_rate` (share of the gas that passes unburnt, or leaks) of the process that
//! takes the gas; it takes the place of the CH4 factor of combustion there.

use super::alike::{Alike, Place};
use super::book::{Book, Chain, Entry, Method, ask};
use super::lookup::{Answer, Lookup};
use super::methane::{Unknown, methane_of};
use super::{Claim, Treatment, landfill, waste, wastewater};
use crate::factors::{FactorSet, Parameter};
use crate::ledger::{Activity, CarbonOrigin, Source};
use crate::park::{CarrierId, CarrierKind, Flow, Gas, Node, Outside, Park, ProcessId};
use crate::quantity::{CubicMeters, Dimension, EmissionPerVolume, Fraction, Tonnes};
use foldhash::{HashMap, HashMapExt};

const METHOD: Method = ("fugitive methane", "甲烷逸散");

/// Methane that slips: `V · x · ρ · s`. Unit: t.
#[must_use]
pub fn slip(volume: CubicMeters, fraction: Fraction, density: EmissionPerVolume, share: Fraction) -> Tonnes {
    super::methane::methane_mass(volume, fraction, density) * share
}

/// The leakage rate of a gas at a process, where somebody states it.
pub(super) fn leak_rate(lookup: &Lookup, carrier: CarrierId) -> Option<Answer> {
    lookup.find(ask(Parameter::LeakRate, Some(carrier), Dimension::NONE))
}

/// Whether the CH4 of a gas that a process burns goes by its slip.
pub(super) fn slips(park: &Park, sets: &[FactorSet], process: ProcessId, flow: &Flow) -> bool {
    let gas = park.carrier(flow.carrier).kind == CarrierKind::GasFuel;
    gas && leak_rate(&Lookup { park, sets, process, period: flow.period }, flow.carrier).is_some()
}

pub(super) fn account(book: &mut Book, alike: &Alike) {
    let park = book.park;
    let mut rates: HashMap<(CarrierId, Place), Option<Answer>> = HashMap::new();
    for (i, flow) in park.flows.iter().enumerate() {
        if flow.quantity.is_none() || park.carrier(flow.carrier).kind != CarrierKind::GasFuel || flow.from == flow.to {
            continue;
        }
        if let Node::Process(to) = flow.to
            && park.observations.counts_for_buyer(i)
            && book.claims.of(i) != Some(Claim::Balance)
            && let Some(rate) = rates
                .entry((flow.carrier, alike.place(flow.carrier, to, flow.period)))
                .or_insert_with(|| leak_rate(&book.lookup(to, flow.period), flow.carrier))
                .clone()
        {
            let burnt = book.claims.of(i) == Some(Claim::Combustion);
            slipped(book, i, to, rate, burnt);
        }
        if let (Node::Process(from), Node::Outside(Outside::Atmosphere)) = (flow.from, flow.to)
            && park.observations.counts_for_seller(i)
        {
            vented(book, i, from);
        }
    }
}

/// Gas that is let out. What a landfill, digester or wastewater plant lets out is in its method.
fn vented(book: &mut Book, i: usize, from: ProcessId) {
    let flow = &book.park.flows[i];
    // Hydrogen is a fuel without carbon.
    if &*book.park.carrier(flow.carrier).label.id == "hydrogen" {
        book.treatment[i] = Treatment::NoEmission;
        return;
    }
    let technique = book.technique(from);
    if landfill::is_landfill(technique) || waste::treats(technique) || wastewater::treats(technique) {
        book.treatment[i] = Treatment::ThroughProduct;
        return;
    }
    match methane_of(book, from, flow, METHOD) {
        Ok(chain) => push(book, i, from, Source::Fugitive, chain, "vent"),
        Err(Unknown::Unit) => book.wrong_unit(flow, METHOD, "Nm3; m3 (0C, 15C, 20C)"),
        // Nobody says how much of it is methane: a gap that the report names.
        Err(Unknown::Fraction(_)) => book.not_estimated(flow, Gas::Ch4),
    }
}

/// Gas that passes a process unburnt.
fn slipped(book: &mut Book, i: usize, to: ProcessId, rate: Answer, burnt: bool) {
    let flow = &book.park.flows[i];
    match methane_of(book, to, flow, METHOD) {
        Ok(chain) => {
            // The carbon of a fuel that is burnt is booked in full as CO2.
            let source = if burnt { Source::Combustion } else { Source::Fugitive };
            push(book, i, to, source, chain.by(rate), "slip");
        }
        Err(Unknown::Unit) => book.wrong_unit(flow, METHOD, "Nm3; m3 (0C, 15C, 20C)"),
        Err(Unknown::Fraction(problem)) => book.missing(flow, *problem),
    }
}

fn push(book: &mut Book, i: usize, process: ProcessId, source: Source, chain: Chain, variant: &'static str) {
    let flow = &book.park.flows[i];
    let quantity = flow.quantity.map_or(0.0, |q| q.value);
    let origin = origin(book, flow.carrier);
    let (activity, period, gas) = (Activity::Flow(i), flow.period, Gas::Ch4);
    book.push(Entry { activity, process, period, source, gas, origin, quantity, chain, variant });
}

/// Biogenic where a factor set says so of the carrier, else fossil.
fn origin(book: &Book, carrier: CarrierId) -> CarbonOrigin {
    let id = &*book.park.carrier(carrier).label.id;
    let asked = [Parameter::EmissionFactor, Parameter::CarbonContent, Parameter::Ncv];
    let mut rows = book.sets.iter().flat_map(|set| asked.into_iter().flat_map(|parameter| set.rows(id, parameter)));
    if rows.find_map(|f| f.biogenic) == Some(true) { CarbonOrigin::Biogenic } else { CarbonOrigin::Fossil }
}
