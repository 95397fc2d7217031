//! Aluminium: CO2 of the anode, CF4 and C2F6 of the anode effect.
//!
//! Anode: `E = NC · (1 − S − A) · 44/12 · P` (NDRC guideline for electrolytic aluminium;
//! IPCC 2006 Guidelines, volume 3, 4.4, tier 2). Anode effect, slope method (IPCC 2006
//! volume 3, 4.4, table 4.16): `CF4 = slope · AEM · P`, `C2F6 = CF4 · ratio`. Equation
//! numbers were not checked against the text.
//!
//! Without net anode consumption or anode-effect minutes the factors by technique
//! (tier 1) stand in.

use super::book::{Book, definition};
use super::lookup::{Ask, Lookup};
use super::posting::{Key, Part, key, product};
use super::production::{factor, made_at, taken_at};
use crate::factors::Parameter;
use crate::ledger::{CarbonOrigin, Source};
use crate::park::{CarrierId, Flow, Gas, ProcessId};
use crate::quantity::{Co2PerCarbon, Dimension, Fraction, Tonnes};
use std::collections::HashMap;

const METHOD: (&str, &str) = ("aluminium electrolysis", "铝电解");

/// The carrier by which the method goes.
pub(super) const ALUMINIUM: &str = "aluminium";

/// CO2 of the anode: `E = P · NC · (1 − S − A) · 44/12`, net consumption NC in t anode
/// per t metal, sulfur S and ash A as mass shares. Unit: t.
#[must_use]
pub fn anode(metal: Tonnes, net: f64, sulfur: Fraction, ash: Fraction, ratio: Co2PerCarbon) -> Tonnes {
    Tonnes(metal.0 * net * (1.0 - sulfur.0 - ash.0) * ratio.0)
}

/// CF4 of the anode effect: `slope · AEM · P`, slope in t CF4 per t metal and minute,
/// anode-effect minutes per cell-day. Unit: t.
#[must_use]
pub fn cf4(metal: Tonnes, slope: f64, minutes: f64) -> Tonnes {
    Tonnes(metal.0 * slope * minutes)
}

/// C2F6 of the anode effect: `CF4 · ratio`. Unit: t.
#[must_use]
pub fn c2f6(cf4: Tonnes, ratio: f64) -> Tonnes {
    Tonnes(cf4.0 * ratio)
}

pub(super) fn account(book: &mut Book) {
    if !book.claims.any_product() {
        return;
    }
    let park = book.park;
    let mut known: HashMap<Key, Vec<Part>> = HashMap::new();
    for (i, flow) in park.flows.iter().enumerate() {
        if *park.carrier(flow.carrier).label.id != *ALUMINIUM {
            continue;
        }
        let made = made_at(book, i, flow).map(|p| (p, 1.0));
        let taken = taken_at(book, i, flow).map(|p| (p, -1.0));
        for (process, sign) in made.into_iter().chain(taken) {
            let Some(at) = key(flow, process).filter(|k| k.3 == Dimension::MASS) else { continue };
            let made = || {
                let mut made = co2(book, flow, process);
                made.extend(perfluorocarbons(book, flow, process));
                made
            };
            let parts = known.entry(at).or_insert_with(made).clone();
            book.post(i, process, sign, &parts);
        }
    }
}

/// A question for a value without unit.
fn ask(parameter: Parameter, carrier: Option<CarrierId>, gas: Option<Gas>) -> Ask {
    Ask { parameter, carrier, gas, dimension: Dimension::NONE }
}

fn co2(book: &mut Book, flow: &Flow, process: ProcessId) -> Vec<Part> {
    let lookup = book.lookup(process, flow.period);
    let Some(net) = lookup.find(ask(Parameter::NetAnode, Some(flow.carrier), None)) else {
        return tier_one(book, &lookup, flow, Gas::Co2);
    };
    let carbon_anode = book.park.carriers.binary_search_by(|c| (*c.label.id).cmp("carbon_anode")).ok();
    let carbon_anode = carbon_anode.map(CarrierId::new);
    let ratio = || definition(("CO2 per carbon", "二氧化碳与碳之比"), 44.0 / 12.0, "44/12", "molar masses, 44/12");
    let line = |book: &mut Book, variant, sign, share: Option<super::lookup::Answer>| {
        let (mut terms, losers) = product([net.clone()].into_iter().chain(share));
        terms.push(ratio());
        book.part((Gas::Co2, Source::Production, variant), sign, terms, losers, CarbonOrigin::Fossil)
    };
    let mut parts = vec![line(book, "anode", 1.0, None)];
    for (parameter, variant) in [(Parameter::Sulfur, "anode_sulfur"), (Parameter::Ash, "anode_ash")] {
        match lookup.need(ask(parameter, carbon_anode, None), METHOD) {
            Ok(share) => parts.push(line(book, variant, -1.0, Some(share))),
            Err(problem) => book.missing(flow, *problem),
        }
    }
    parts
}

fn perfluorocarbons(book: &mut Book, flow: &Flow, process: ProcessId) -> Vec<Part> {
    let lookup = book.lookup(process, flow.period);
    let minutes = Ask { parameter: Parameter::AnodeEffect, carrier: None, gas: None, dimension: Dimension::TIME };
    let Some(minutes) = lookup.find(minutes) else {
        let mut parts = tier_one(book, &lookup, flow, Gas::Cf4);
        parts.extend(tier_one(book, &lookup, flow, Gas::C2f6));
        return parts;
    };
    let slope = Ask {
        parameter: Parameter::Slope,
        carrier: Some(flow.carrier),
        gas: Some(Gas::Cf4),
        dimension: Dimension::NONE / Dimension::TIME,
    };
    let ratio = ask(Parameter::Ratio, Some(flow.carrier), Some(Gas::C2f6));
    let (slope, ratio) = match (lookup.need(slope, METHOD), lookup.need(ratio, METHOD)) {
        (Ok(slope), Ok(ratio)) => (slope, ratio),
        (slope, ratio) => {
            for problem in [slope.err(), ratio.err()].into_iter().flatten() {
                book.missing(flow, *problem);
            }
            return Vec::new();
        }
    };
    let (terms, losers) = product([slope.clone(), minutes.clone()]);
    let cf4 = book.part((Gas::Cf4, Source::Production, "anode_effect"), 1.0, terms, losers, CarbonOrigin::Fossil);
    let (terms, losers) = product([slope, minutes, ratio]);
    let c2f6 = book.part((Gas::C2f6, Source::Production, "anode_effect"), 1.0, terms, losers, CarbonOrigin::Fossil);
    vec![cf4, c2f6]
}

/// A factor by technique; CO2 is needed, a perfluorocarbon without one is a gap.
fn tier_one(book: &mut Book, lookup: &Lookup, flow: &Flow, gas: Gas) -> Vec<Part> {
    match lookup.need(factor(flow.carrier, gas, Dimension::MASS), METHOD) {
        Ok(answer) => {
            let (terms, losers) = product([answer]);
            vec![book.part((gas, Source::Production, "product"), 1.0, terms, losers, CarbonOrigin::Fossil)]
        }
        Err(problem) if gas == Gas::Co2 => {
            book.missing(flow, *problem);
            Vec::new()
        }
        Err(_) => {
            book.not_estimated(flow, gas);
            Vec::new()
        }
    }
}
