//! Materials that give off CO2 where they are used: carbonates, urea, electrodes;
//! and fuels that reduce an ore.
//!
//! IPCC 2006 Guidelines, volume 3, chapter 2, and GB/T 32151 (process emissions of
//! carbonates): `E = M · I · EF · F`. Equation numbers of the standards were not
//! checked against their text.
//!
//! A process uses `opening + bought − passed on − closing`; each row makes its own
//! signed line.

use super::book::Book;
use super::fuel::Fuel;
use super::lookup::Ask;
use super::posting::{Key, Part, key, product};
use super::{Claim, Treatment};
use crate::factors::Parameter;
use crate::ledger::Source;
use crate::park::{Flow, Gas, Node, ProcessId};
use crate::quantity::{CarbonPerMass, Co2PerCarbon, Dimension, EmissionPerMass, Fraction, Tonnes};
use std::collections::HashMap;

const METHOD: (&str, &str) = ("carbonates and process materials", "碳酸盐与过程物料");

/// CO2 from a carbonate: `E = M · I · EF · F`, mass M as charged, share of carbonate
/// I, factor of the pure carbonate EF, calcination fraction F. Unit: t.
#[must_use]
pub fn carbonate(mass: Tonnes, share: Fraction, factor: EmissionPerMass, calcination: Fraction) -> Tonnes {
    mass * share * factor * calcination
}

/// CO2 from a reductant, all of whose carbon leaves as CO2: `E = M · C · 44/12`. Unit: t.
#[must_use]
pub fn reductant(mass: Tonnes, carbon: CarbonPerMass, ratio: Co2PerCarbon) -> Tonnes {
    mass * carbon * ratio
}

pub(super) fn account(book: &mut Book) {
    let park = book.park;
    if !book.claims.any(Claim::Carbonate) {
        return;
    }
    let users = book.claims.users(park, Claim::Carbonate);
    let mut known: HashMap<Key, Vec<Part>> = HashMap::new();
    for (i, flow) in park.flows.iter().enumerate() {
        let claimed = book.claims.of(i) == Some(Claim::Carbonate);
        if let Node::Process(to) = flow.to
            && claimed
            && park.observations.counts_for_buyer(i)
        {
            let parts = parts(book, &mut known, flow, to);
            book.post(i, to, 1.0, &parts);
        }
        if let Node::Process(from) = flow.from
            && flow.to != flow.from
            && users.contains(&(from, flow.carrier))
            && park.observations.counts_for_seller(i)
        {
            let parts: Vec<Part> =
                parts(book, &mut known, flow, from).iter().map(|p| p.named("passed_on", 1.0)).collect();
            let before = book.treatment[i];
            book.post(i, from, -1.0, &parts);
            if matches!(before, Treatment::Replaced) {
                book.treatment[i] = before;
            }
        }
    }
}

fn parts(book: &mut Book, known: &mut HashMap<Key, Vec<Part>>, flow: &Flow, process: ProcessId) -> Vec<Part> {
    let Some(at) = key(flow, process) else { return Vec::new() };
    if let Some(parts) = known.get(&at) {
        return parts.clone();
    }
    let made = make(book, flow, process, at.3);
    known.insert(at, made.iter().copied().collect());
    made.into_iter().collect()
}

fn make(book: &mut Book, flow: &Flow, process: ProcessId, dimension: Dimension) -> Option<Part> {
    let lookup = book.lookup(process, flow.period);
    let ask = |parameter, gas, dimension| Ask { parameter, carrier: Some(flow.carrier), gas, dimension };
    let factor = ask(Parameter::EmissionFactor, Some(Gas::Co2), Dimension::MASS / dimension);
    if book.park.carrier(flow.carrier).kind.is_fuel() {
        let route = flow.quantity.and_then(|q| {
            let (park, sets, period, carrier) = (book.park, book.sets, flow.period, flow.carrier);
            let (dimension, basis) = (q.dimension, q.basis);
            Fuel { park, sets, process, period, carrier, dimension, basis }.carbon().ok()
        });
        let Some(route) = route else {
            let asked = lookup.need(ask(Parameter::CarbonContent, None, factor.dimension), METHOD);
            if let Err(problem) = asked {
                book.missing(flow, *problem);
            }
            return None;
        };
        let kind = (Gas::Co2, Source::Carbonate, "reductant");
        return Some(book.part(kind, 1.0, route.terms, route.losers, route.origin));
    }
    let answer = match lookup.need(factor, METHOD) {
        Ok(answer) => answer,
        Err(problem) => {
            book.missing(flow, *problem);
            return None;
        }
    };
    let origin = answer.origin();
    // What is not stated is one: as charged, all of it calcined.
    let share = lookup.find(ask(Parameter::Carbonate, None, Dimension::NONE));
    let calcined = lookup.find(ask(Parameter::Calcination, None, Dimension::NONE));
    let (terms, losers) = product(share.into_iter().chain([answer]).chain(calcined));
    Some(book.part((Gas::Co2, Source::Carbonate, "carbonate"), 1.0, terms, losers, origin))
}
