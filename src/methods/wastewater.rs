//! Wastewater: methane and nitrous oxide of treatment, and what is discharged.
//!
//! IPCC 2006 Guidelines and 2019 Refinement, volume 5, chapter 6, equations 6.1 to
//! 6.4 (methane) and 6.7 to 6.9 (nitrous oxide) [numbers not checked against the
//! text of the guidelines]. The load counts where it is treated: what enters makes
//! a line, and what leaves with effluent and sludge makes negative ones.

use super::book::{Book, Chain, Entry, Method, ask, definition};
use super::lookup::{Answer, Ask};
use super::{Claim, methane};
use crate::diagnostic::{Problem, Words};
use crate::factors::Parameter;
use crate::ledger::{CarbonOrigin, Source, Term};
use crate::park::{CarrierKind, Flow, Gas, Node, Outside, ProcessId};
use crate::quantity::{Dimension, Fraction, Quantity, Tonnes};

/// N2O per nitrogen in it: 44/28.
pub const N2O_PER_NITROGEN: f64 = 44.0 / 28.0;

const METHOD: Method = ("wastewater", "废水处理");

/// Methane of treatment: `(TOW − S) · Bo · MCF − R`, with the organic load `treated`
/// (what enters less what leaves with effluent), the load that leaves as `sludge`,
/// both in t COD, the methane capacity in t CH4 per t COD, and the methane
/// `recovered` in t. Unit: t. IPCC 2006 volume 5, equation 6.4 (M).
#[must_use]
pub fn methane_of_treatment(
    treated: Tonnes,
    sludge: Tonnes,
    capacity: f64,
    correction: Fraction,
    recovered: Tonnes,
) -> Tonnes {
    Tonnes((treated.0 - sludge.0) * capacity * correction.0 - recovered.0)
}

/// Nitrous oxide of treated or discharged nitrogen: `N · EF · 44/28`. Unit: t.
/// IPCC 2019 volume 5, equations 6.8 and 6.9 (M).
#[must_use]
pub fn nitrous_oxide(nitrogen: Tonnes, factor: Fraction) -> Tonnes {
    Tonnes(nitrogen.0 * factor.0 * N2O_PER_NITROGEN)
}

/// Whether a process of this technique treats wastewater.
#[must_use]
pub fn treats(technique: &str) -> bool {
    technique.starts_with("wastewater_") || technique == "septic_tank"
}

pub(super) fn account(book: &mut Book) {
    let park = book.park;
    let water = |kind| matches!(kind, CarrierKind::Waste | CarrierKind::Water);
    let rows = if book.claims.carries(park, |c| water(c.kind)) { park.flows.len() } else { 0 };
    for (i, flow) in park.flows[..rows].iter().enumerate() {
        let Some(quantity) = flow.quantity else { continue };
        if !water(park.carrier(flow.carrier).kind) || flow.from == flow.to {
            continue;
        }
        if let Node::Process(to) = flow.to
            && book.claims.of(i) == Some(Claim::Wastewater)
            && park.observations.counts_for_buyer(i)
            && !matches!(flow.from, Node::Stock(_))
        {
            enters(book, i, quantity, to);
        }
        let Node::Process(from) = flow.from else { continue };
        if !park.observations.counts_for_seller(i) {
            continue;
        }
        if treats(book.technique(from)) && !matches!(flow.to, Node::Stock(_)) {
            leaves(book, i, quantity, from);
        }
        if flow.to == Node::Outside(Outside::WaterBody) {
            discharged(book, i, quantity, from);
        }
    }
    methane::recover(book, Source::Wastewater, METHOD, treats, |_, _, _| Chain::default());
}

/// The load of what enters a plant, and its nitrogen.
fn enters(book: &mut Book, i: usize, quantity: Quantity, to: ProcessId) {
    let flow = &book.park.flows[i];
    let load = load(book, flow, to, Parameter::Cod, quantity);
    // Fresh water and reagents bring no load that anybody would state.
    if load.is_none() && book.park.carrier(flow.carrier).kind == CarrierKind::Water {
        return;
    }
    let load = load.map_or_else(|| book.lookup(to, flow.period).need(per(Parameter::Cod, flow, quantity), METHOD), Ok);
    match load.and_then(|l| Ok(Chain::default().by(l).and(yield_of(book, flow, to)?))) {
        Ok(chain) => {
            let origin = CarbonOrigin::Biogenic;
            book.push(Entry {
                origin,
                ..Entry::of((i, flow), to, Source::Wastewater, Gas::Ch4, quantity.value, chain)
            });
        }
        Err(problem) => book.missing(flow, *problem),
    }
    let nitrogen = self::load(book, flow, to, Parameter::Nitrogen, quantity);
    let wanted = ask(Parameter::NitrogenFactor, None, Dimension::NONE);
    let lookup = book.lookup(to, flow.period);
    match (nitrogen, lookup.broad(wanted)) {
        (Some(nitrogen), Some(factor)) => {
            let chain = Chain::default().by(nitrogen).by(factor).times(ratio());
            book.push(Entry::of((i, flow), to, Source::Wastewater, Gas::N2o, quantity.value, chain));
        }
        _ => book.gap(flow, Gas::N2o.label(), lookup.unlisted(wanted)),
    }
}

/// The load that leaves a plant untreated or as sludge: nothing becomes methane of it there.
fn leaves(book: &mut Book, i: usize, quantity: Quantity, from: ProcessId) {
    let flow = &book.park.flows[i];
    let Some(load) = load(book, flow, from, Parameter::Cod, quantity) else { return };
    // Without capacity or MCF the flows that enter have named it.
    if let Ok(rest) = yield_of(book, flow, from) {
        let before = book.treatment[i];
        let chain = Chain::default().by(load).and(rest);
        let entry = Entry {
            origin: CarbonOrigin::Biogenic,
            variant: "load_out",
            ..Entry::of((i, flow), from, Source::Wastewater, Gas::Ch4, -quantity.value, chain)
        };
        book.push(entry);
        // Effluent counts as such; sludge is treated where it goes to.
        if !matches!(flow.to, Node::Outside(_)) {
            book.treatment[i] = before;
        }
    }
}

/// The pollutants in what goes to a water body, and the nitrous oxide of its nitrogen.
fn discharged(book: &mut Book, i: usize, quantity: Quantity, from: ProcessId) {
    let flow = &book.park.flows[i];
    let mut missing = Vec::new();
    let loads =
        [(Parameter::Cod, Gas::Cod), (Parameter::Ammonia, Gas::Nh3n), (Parameter::Nitrogen, Gas::TotalNitrogen)];
    for (parameter, pollutant) in loads {
        let Some(load) = load(book, flow, from, parameter, quantity) else {
            missing.push(parameter.id());
            continue;
        };
        let chain = Chain::default().by(load);
        book.push(Entry::of((i, flow), from, Source::Wastewater, pollutant, quantity.value, chain));
    }
    if !missing.is_empty() {
        let process = book.park.process(from).label.id.to_string();
        let carrier = book.park.carrier(flow.carrier).thing();
        book.missing(flow, Problem::LoadNotStated { process, carrier, keys: missing.join(", ") });
    }
    let nitrogen = load(book, flow, from, Parameter::Nitrogen, quantity);
    let wanted = ask(Parameter::NitrogenFactor, None, Dimension::NONE);
    let lookup = book.lookup(from, flow.period);
    match (nitrogen, lookup.factor(wanted, "discharge")) {
        (Some(nitrogen), Some(factor)) => {
            let chain = Chain::default().by(nitrogen).by(factor).times(ratio());
            let entry = Entry {
                variant: "effluent",
                ..Entry::of((i, flow), from, Source::Wastewater, Gas::N2o, quantity.value, chain)
            };
            book.push(entry);
        }
        (Some(_), None) => book.gap(flow, Gas::N2o.label(), lookup.unlisted(wanted)),
        // Without the nitrogen B282 has named it.
        (None, _) => {}
    }
}

/// Mass of a property in a flow: as its sender states it, else as `at` does.
fn load(book: &Book, flow: &Flow, at: ProcessId, parameter: Parameter, quantity: Quantity) -> Option<Answer> {
    let wanted = per(parameter, flow, quantity);
    let sender = match flow.from {
        Node::Process(from) => book.lookup(from, flow.period).find(wanted),
        Node::Outside(_) | Node::Stock(_) => None,
    };
    sender.or_else(|| book.lookup(at, flow.period).find(wanted))
}

/// A mass per unit of the flow.
fn per(parameter: Parameter, flow: &Flow, quantity: Quantity) -> Ask {
    ask(parameter, Some(flow.carrier), Dimension::MASS / quantity.dimension)
}

/// Methane by load: capacity times correction factor.
fn yield_of(book: &Book, flow: &Flow, plant: ProcessId) -> Result<Chain, Box<Problem>> {
    let lookup = book.lookup(plant, flow.period);
    let need = |parameter| lookup.need_broad(ask(parameter, Some(flow.carrier), Dimension::NONE), METHOD);
    let wants_mcf = |problem: Box<Problem>| match *problem {
        // A correction factor belongs to the plant, not to the carrier.
        Problem::MissingInput { method, key, process, sets, .. } => Box::new(Problem::MissingInput {
            method,
            what: Words::new(Parameter::Mcf.words().0, Parameter::Mcf.words().1),
            key,
            place: "parameters.csv".to_owned(),
            process,
            sets,
        }),
        other => Box::new(other),
    };
    Ok(Chain::default().by(need(Parameter::MethaneYield)?).by(need(Parameter::Mcf).map_err(wants_mcf)?))
}

fn ratio() -> Term {
    definition(("N2O per nitrogen", "氧化亚氮与氮之比"), N2O_PER_NITROGEN, "44/28", "molar masses, 44/28 as in IPCC")
}
