//! Biological treatment: composting and anaerobic digestion.
//!
//! IPCC 2006 Guidelines, volume 5, chapter 4, equations 4.1 and 4.2 [numbers not
//! checked against the text of the guidelines]. The CO2 of decay is biogenic and
//! part of no inventory. Nitrous oxide of digestion is negligible in the guideline.

use super::book::{Book, Chain, Entry, Method};
use super::lookup::Ask;
use super::methane::{self, Unknown};
use super::{Claim, fugitive};
use crate::factors::Parameter;
use crate::ledger::{Activity, CarbonOrigin, Source};
use crate::park::{CarrierKind, Gas, Node, ProcessId};
use crate::quantity::{Dimension, EmissionPerMass, Quantity, Tonnes};
use std::collections::HashSet;

const METHOD: Method = ("biological treatment of waste", "废物生物处理");

/// A gas of biological treatment: `M · EF`, wet mass. Unit: t. IPCC 2006 volume 5,
/// equation 4.1 (CH4, before recovery) and 4.2 (N2O) (M).
#[must_use]
pub fn biological_treatment(mass: Tonnes, factor: EmissionPerMass) -> Tonnes {
    mass * factor
}

/// Whether a process composts or digests.
pub(super) fn treats(technique: &str) -> bool {
    matches!(technique, "composting" | "digester")
}

pub(super) fn account(book: &mut Book) {
    let park = book.park;
    let measured = leaks(book);
    for (i, process, sign) in book.claims.all_ends(park, Claim::Waste) {
        let Some(quantity) = park.flows[i].quantity else { continue };
        if treats(book.technique(process)) {
            treat(book, i, process, quantity, sign, &measured);
        }
    }
}

/// The gases of waste that is treated, or that leaves untreated again.
fn treat(
    book: &mut Book,
    i: usize,
    to: ProcessId,
    quantity: Quantity,
    sign: f64,
    measured: &HashSet<(ProcessId, u16)>,
) {
    let flow = &book.park.flows[i];
    let technique = book.technique(to);
    if quantity.dimension != Dimension::MASS {
        book.wrong_unit(flow, METHOD, "t, kg, 万t");
        return;
    }
    let gases: &[Gas] = match technique {
        "digester" if measured.contains(&(to, flow.period.year)) => &[],
        "digester" => &[Gas::Ch4],
        _ => &[Gas::Ch4, Gas::N2o],
    };
    for &gas in gases {
        let (parameter, carrier) = (Parameter::EmissionFactor, Some(flow.carrier));
        let wanted = Ask { parameter, carrier, gas: Some(gas), dimension: Dimension::NONE };
        let lookup = book.lookup(to, flow.period);
        match lookup.need_broad(wanted, METHOD) {
            Ok(factor) => book.push(Entry {
                activity: Activity::Flow(i),
                process: to,
                period: flow.period,
                source: Source::Waste,
                gas,
                origin: if gas == Gas::Ch4 { CarbonOrigin::Biogenic } else { CarbonOrigin::Unstated },
                quantity: sign * quantity.value,
                chain: Chain::default().by(factor),
                variant: if sign < 0.0 { "passed_on" } else { "" },
            }),
            Err(problem) if gas == Gas::Ch4 => book.missing(flow, *problem),
            Err(_) => book.not_estimated(flow, gas),
        }
    }
    if gases.is_empty() {
        book.treatment[i] = super::Treatment::ThroughProduct;
    }
}

/// Biogas that leaks from digesters whose leakage rate is stated: lines of the gas
/// that leaves them. Returns the digesters, by year.
fn leaks(book: &mut Book) -> HashSet<(ProcessId, u16)> {
    let park = book.park;
    let mut measured = HashSet::new();
    if !park.processes.iter().any(|p| *p.technique == *"digester") {
        return measured;
    }
    for (i, flow) in park.flows.iter().enumerate() {
        let (Node::Process(from), Some(quantity)) = (flow.from, flow.quantity) else { continue };
        let biogas = park.carrier(flow.carrier).kind == CarrierKind::GasFuel && flow.from != flow.to;
        if !biogas || book.technique(from) != "digester" || !park.observations.counts_for_seller(i) {
            continue;
        }
        let Some(rate) = fugitive::leak_rate(&book.lookup(from, flow.period), flow.carrier) else { continue };
        measured.insert((from, flow.period.year));
        match methane::methane_of(book, from, flow, METHOD) {
            Ok(chain) => {
                let before = book.treatment[i];
                book.push(Entry {
                    activity: Activity::Flow(i),
                    process: from,
                    period: flow.period,
                    source: Source::Waste,
                    gas: Gas::Ch4,
                    origin: CarbonOrigin::Biogenic,
                    quantity: quantity.value,
                    chain: chain.by(rate),
                    variant: "leak",
                });
                // The gas counts where it is burnt.
                book.treatment[i] = before;
            }
            Err(Unknown::Unit) => book.wrong_unit(flow, METHOD, "Nm3; m3 (0C, 15C, 20C)"),
            Err(Unknown::Fraction(problem)) => book.missing(flow, *problem),
        }
    }
    measured
}
