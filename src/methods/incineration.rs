//! Incineration of waste, with and without use of its heat.
//!
//! IPCC 2006 Guidelines, volume 5, chapter 5, equations 5.1 to 5.5 [numbers not
//! checked against the text of the guidelines], and the Provincial GHG Inventory
//! Guide of China, which uses the same equation. The fossil part of the CO2 counts,
//! the biogenic part is a memo.
//!
//! Routes to CO2, first that is complete: a factor per mass (measured, or of a set);
//! composition (carbon, dry matter, fossil share, oxidation, all of one set but for
//! what the park measured); the energy route of fuels.

use super::Claim;
use super::book::{Book, Chain, Entry, Method, ask, definition, rest_of};
use super::fuel::{Fuel, Route};
use super::lookup::{Answer, Ask, Lookup};
use crate::diagnostic::{Problem, Words};
use crate::factors::Parameter;
use crate::ledger::{CarbonOrigin, Source};
use crate::park::{Flow, Gas, ProcessId};
use crate::quantity::{Basis, Co2PerCarbon, Dimension, Fraction, Moisture, Quantity, Tonnes, significant};

const METHOD: Method = ("waste incineration", "废物焚烧");

/// CO2 per energy between which waste and anything else that burns lies. Unit:
/// kg/GJ, net. Methane 55; the upper 95 % limit of industrial waste 183 (IPCC 2006
/// volume 2, table 1.4).
const PLAUSIBLE: (f64, f64) = (50.0, 183.0);

/// Fossil CO2 of waste that is burnt: `M · CCW · FCF · EF · 44/12`. Unit: t.
/// IPCC 2006 volume 5, equation 5.1 (M); Provincial GHG Inventory Guide (M).
#[must_use]
pub fn fossil_co2(
    mass: Tonnes,
    carbon: Fraction,
    fossil: Fraction,
    efficiency: Fraction,
    ratio: Co2PerCarbon,
) -> Tonnes {
    Tonnes(mass.0 * carbon.0 * fossil.0 * efficiency.0 * ratio.0)
}

/// Fossil CO2 of a fraction of known dry matter: `M · dm · CF · FCF · OF · 44/12`.
/// Unit: t. IPCC 2006 volume 5, equation 5.2 (M).
#[must_use]
pub fn fossil_co2_by_dry_matter(
    mass: Tonnes,
    dry: Fraction,
    carbon: Fraction,
    fossil: Fraction,
    oxidation: Fraction,
    ratio: Co2PerCarbon,
) -> Tonnes {
    fossil_co2(mass * dry, carbon, fossil, oxidation, ratio)
}

pub(super) fn account(book: &mut Book) {
    let park = book.park;
    // Refuse that stays in the bunker or is passed on was not burnt.
    for (i, process, sign) in book.claims.all_ends(park, Claim::Incineration) {
        if let Some(quantity) = park.flows[i].quantity {
            burn(book, i, process, quantity, sign);
        }
    }
}

fn burn(book: &mut Book, i: usize, to: ProcessId, quantity: Quantity, sign: f64) {
    let flow = &book.park.flows[i];
    let fuel = Fuel {
        park: book.park,
        sets: book.sets,
        process: to,
        period: flow.period,
        carrier: flow.carrier,
        dimension: quantity.dimension,
        basis: quantity.basis,
    };
    let by_energy = fuel.routes();
    let by_mass = quantity.dimension == Dimension::MASS;
    match co2(book, flow, to, by_mass, &by_energy) {
        Ok(parts) => {
            // The fossil part last: it is the one that a reported CO2 stands for.
            for (origin, chain, variant) in parts {
                book.push(Entry {
                    origin,
                    variant: passed(variant, sign),
                    ..Entry::of((i, flow), to, Source::Incineration, Gas::Co2, sign * quantity.value, chain)
                });
            }
            if by_mass {
                check_energy(book, flow, to);
            }
        }
        Err(problem) => book.missing(flow, *problem),
    }
    for gas in [Gas::Ch4, Gas::N2o] {
        let (parameter, carrier) = (Parameter::EmissionFactor, Some(flow.carrier));
        let wanted = Ask { parameter, carrier, gas: Some(gas), dimension: Dimension::NONE };
        let by_technology = book.lookup(to, flow.period).find(wanted).filter(|_| by_mass);
        let chain = by_technology.map(|factor| Chain::default().by(factor)).or_else(|| route(&by_energy, gas));
        match chain {
            Some(chain) => {
                let quantity = sign * quantity.value;
                book.push(Entry {
                    origin: CarbonOrigin::Biogenic,
                    variant: passed("", sign),
                    ..Entry::of((i, flow), to, Source::Incineration, gas, quantity, chain)
                });
            }
            None => book.not_estimated(flow, gas),
        }
    }
}

/// The word of a line, by whether its waste came or went.
fn passed(variant: &'static str, sign: f64) -> &'static str {
    match (sign < 0.0, variant) {
        (true, "") => "passed_on",
        (true, _) => "passed_on_biogenic",
        (false, variant) => variant,
    }
}

/// Part of the CO2: where its carbon comes from, and what it is a product of.
type Part = (CarbonOrigin, Chain, &'static str);

/// CO2 by the first route that is complete.
fn co2(
    book: &Book,
    flow: &Flow,
    to: ProcessId,
    by_mass: bool,
    by_energy: &[(Gas, Result<Route, Vec<crate::factors::Loser>>)],
) -> Result<Vec<Part>, Box<Problem>> {
    let lookup = book.lookup(to, flow.period);
    let carrier = Some(flow.carrier);
    let wanted = Ask { parameter: Parameter::EmissionFactor, carrier, gas: Some(Gas::Co2), dimension: Dimension::NONE };
    if let Some(factor) = lookup.find(wanted).filter(|_| by_mass) {
        return Ok(vec![(factor.origin(), Chain::default().by(factor), "")]);
    }
    let carbon = lookup.find(ask(Parameter::CarbonContent, carrier, Dimension::NONE)).filter(|_| by_mass);
    if carbon.is_some() {
        // All from one set; what the park measured stands in for any of them.
        let sets = book.sets.iter().map(std::slice::from_ref);
        let complete = sets.map(|sets| composition(&Lookup { sets, ..lookup }, flow)).find_map(Result::ok);
        return complete.map_or_else(|| composition(&lookup, flow), Ok);
    }
    if let Some((_, Ok(found))) = by_energy.iter().find(|r| r.0 == Gas::Co2) {
        let chain = Chain { terms: found.terms.clone(), losers: found.losers.clone() };
        return Ok(vec![(found.origin, chain, "")]);
    }
    if by_mass {
        lookup.need(ask(Parameter::CarbonContent, carrier, Dimension::NONE), METHOD).map(|_| Vec::new())
    } else {
        Err(Box::new(Problem::OutsideRange {
            method: Words::new(METHOD.0, METHOD.1),
            what: Words::new("unit of the waste", "废物的单位"),
            value: flow.printed.1.to_string(),
            range: "t, kg, 万t".to_owned(),
        }))
    }
}

/// CO2 by composition: the biogenic part, then the fossil one.
fn composition(lookup: &Lookup, flow: &Flow) -> Result<Vec<Part>, Box<Problem>> {
    let need = |parameter| lookup.need_broad(ask(parameter, Some(flow.carrier), Dimension::NONE), METHOD);
    let (carbon, fossil, oxidation) =
        (need(Parameter::CarbonContent)?, need(Parameter::FossilFraction)?, need(Parameter::Oxidation)?);
    let mut chain = Chain::default();
    if is_dry(carbon.basis) {
        chain = chain.by(need(Parameter::DryMatter)?);
    }
    let ratio = lookup.sets.first().map_or_else(crate::factors::CarbonRatio::compliance, |s| s.ratio.clone());
    let says = format!("molar masses, {} as the factor set says", ratio.printed);
    let ratio = definition(super::fuel::words::RATIO, ratio.value, &ratio.printed, &says);
    let chain = chain.by(carbon);
    let part = |share: Answer| chain.clone().by(share).by(oxidation.clone()).times(ratio.clone());
    let biogenic = rest_of(fossil.term.clone(), ("biogenic share of the carbon", "生物碳比例"));
    let biogenic = part(Answer { term: biogenic, ..fossil.clone() });
    Ok(vec![(CarbonOrigin::Biogenic, biogenic, "biogenic"), (CarbonOrigin::Fossil, part(fossil), "")])
}

fn is_dry(basis: Basis) -> bool {
    basis.moisture == Some(Moisture::Dry)
}

/// The energy route of a gas.
fn route(by_energy: &[(Gas, Result<Route, Vec<crate::factors::Loser>>)], gas: Gas) -> Option<Chain> {
    let found = by_energy.iter().find(|r| r.0 == gas)?.1.as_ref().ok()?;
    Some(Chain { terms: found.terms.clone(), losers: found.losers.clone() })
}

/// Names waste whose carbon and calorific value do not fit each other.
fn check_energy(book: &mut Book, flow: &Flow, to: ProcessId) {
    let per_mass = Dimension::ENERGY / Dimension::MASS;
    let lookup = book.lookup(to, flow.period);
    let Some(ncv) = lookup.find(ask(Parameter::Ncv, Some(flow.carrier), per_mass)) else { return };
    let Ok(parts) = composition(&lookup, flow) else { return };
    // Carbon of either origin gives CO2.
    let per_tonne: f64 = parts.iter().map(|p| p.1.terms.iter().map(|t| t.value).product::<f64>()).sum();
    if ncv.term.value <= 0.0 {
        return;
    }
    let per_energy = per_tonne / ncv.term.value * 1e3;
    if !(PLAUSIBLE.0..=PLAUSIBLE.1).contains(&per_energy) {
        let carrier = book.park.carrier(flow.carrier).thing();
        let problem = Problem::ImplausibleWaste {
            carrier,
            value: significant(per_energy, 3),
            low: PLAUSIBLE.0,
            high: PLAUSIBLE.1,
        };
        book.missing(flow, problem);
    }
}
