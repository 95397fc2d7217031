//! CO2 as a carrier (`co2_gas`): captured, handed over, bound, released; and carbon
//! that leaves the park in products.
//!
//! The emitter deducts what it hands to a counted destination: geological storage,
//! another process of the park, or a customer outside (a delayed emission, shown as a
//! memo too). The receiver counts it where it releases it, and nothing where it binds
//! it (`use = feedstock`: urea). So the same carbon is deducted once (IPCC 2006
//! Guidelines, volume 3, equation 3.3 for urea; volume 2, chapter 5 for storage; the
//! standards' text was not checked).
//!
//! CO2 that crosses an envelope is a line of its carbon balance and not of this file.

use super::book::{Book, definition, rest_of};
use super::carbon_balance::{is_long_lived, report_negative};
use super::fuel::Fuel;
use super::lookup::{Answer, Ask};
use super::posting::{Key, Part, key};
use super::{Claim, Treatment};
use crate::diagnostic::Words;
use crate::factors::{Loser, Parameter};
use crate::ledger::{CarbonOrigin, Line, Scope, Source, Standing, Term};
use crate::park::{EnterpriseId, Flow, Gas, Node, Outside, Park, ProcessId, Use};
use crate::quantity::{CarbonPerMass, Co2PerCarbon, Dimension, Tonnes};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

const METHOD: (&str, &str) = ("CO2 captured or transferred", "CO2 捕集与转移");

/// CO2 that a product holds when it leaves: `E = M · C · 44/12` (urea: 0.20 · 44/12 = 0.733). Unit: t.
#[must_use]
pub fn held(mass: Tonnes, carbon: CarbonPerMass, ratio: Co2PerCarbon) -> Tonnes {
    mass * carbon * ratio
}

/// Whether a flow is CO2 itself.
pub(super) fn is_co2(park: &Park, flow: &Flow) -> bool {
    *park.carrier(flow.carrier).label.id == *CO2
}

/// Whether a flow leaves the park as a good.
pub(super) fn leaves_in_product(flow: &Flow) -> bool {
    matches!(flow.to, Node::Outside(Outside::Customer))
}

/// Whether somebody or something at the other end keeps the CO2 or books it.
fn is_counted_destination(to: Node) -> bool {
    matches!(to, Node::Process(_) | Node::Stock(_) | Node::Outside(Outside::Geological | Outside::Customer))
}

/// Parts for the fossil and the biogenic share of a flow.
pub(super) fn by_origin(
    book: &mut Book,
    kind: (Gas, Source, &'static str),
    terms: &[Term],
    losers: &[Loser],
    fossil: Answer,
) -> Vec<Part> {
    let rest = rest_of(fossil.term.clone(), ("biogenic share of the carbon", "生物碳比例"));
    let shares = [(fossil.term, CarbonOrigin::Fossil), (rest, CarbonOrigin::Biogenic)];
    let filled = shares.into_iter().filter(|(term, _)| term.value > 0.0);
    filled
        .map(|(term, origin)| {
            let terms = terms.iter().cloned().chain([term]).collect();
            book.part(kind, 1.0, terms, losers.to_vec(), origin)
        })
        .collect()
}

/// The carrier that is CO2 itself.
pub(super) const CO2: &str = "co2_gas";

pub(super) fn account(book: &mut Book) {
    let park = book.park;
    if !book.claims.carries(park, |c| *c.label.id == *CO2) {
        return;
    }
    let first = book.ledger.lines.len();
    let burns_biomass = biogenic_emitters(book);
    let mut known: HashMap<Key, Vec<Part>> = HashMap::new();
    let mut binders: BTreeSet<ProcessId> = BTreeSet::new();
    let mut bound = bound(book);
    for (i, flow) in park.flows.iter().enumerate().filter(|(_, f)| is_co2(park, f)) {
        let enveloped = |p: ProcessId| park.process(p).is_in_balance();
        if let Node::Process(p) = flow.from
            && !enveloped(p)
            && flow.from != flow.to
            && park.observations.counts_for_seller(i)
        {
            if is_counted_destination(flow.to) {
                let mixed = burns_biomass.contains(&p);
                let made = parts(book, &mut known, flow, p, mixed);
                let mut lines: Vec<Part> = made.iter().map(|p| p.named("handed_over", -1.0)).collect();
                if leaves_in_product(flow) {
                    lines.extend(made.iter().filter_map(|p| p.exported()));
                }
                book.post(i, p, 1.0, &lines);
            } else {
                // It goes to the air, or where nobody counts it: the emission stands.
                book.treatment[i] = Treatment::Internal;
                let share = take(&mut bound, flow, p);
                if share > 0.0 {
                    let made = parts(book, &mut known, flow, p, false);
                    let lines: Vec<Part> = made.iter().map(|p| p.named("released", 1.0)).collect();
                    book.post(i, p, share, &lines);
                }
            }
        }
        if let Node::Process(p) = flow.to
            && book.claims.of(i) == Some(Claim::Carbon)
            && flow.from != flow.to
            && park.observations.counts_for_buyer(i)
        {
            let from_air = matches!(flow.from, Node::Outside(Outside::Nature | Outside::Atmosphere));
            if flow.usage == Use::Feedstock {
                binders.insert(p);
                if book.treatment[i] != Treatment::Counted {
                    book.treatment[i] = Treatment::ThroughProduct;
                }
            } else if !from_air {
                let made = parts(book, &mut known, flow, p, false);
                let lines: Vec<Part> = made.iter().map(|p| p.named("released", 1.0)).collect();
                book.post(i, p, 1.0, &lines);
            }
        }
    }
    exported(book, &binders);
    check_totals(book, first);
}

/// CO2 that processes took from others to bind it, by process, year and dimension.
type Bound = HashMap<(ProcessId, u16, Dimension), f64>;

fn bound(book: &Book) -> Bound {
    let park = book.park;
    let mut bound = Bound::new();
    for (i, flow) in park.flows.iter().enumerate().filter(|(_, f)| is_co2(park, f)) {
        let (Node::Process(p), Some(q)) = (flow.to, flow.quantity) else { continue };
        let claimed = flow.usage == Use::Feedstock && book.claims.of(i) == Some(Claim::Carbon);
        let from_air = matches!(flow.from, Node::Outside(Outside::Nature | Outside::Atmosphere));
        if claimed && !from_air && flow.from != flow.to && park.observations.counts_for_buyer(i) {
            *bound.entry((p, flow.period.year, q.dimension)).or_default() += q.value;
        }
    }
    bound
}

/// The share of a vent that was taken in to be bound, and was not: it is an emission that
/// nobody else counts. What a process vents beyond that is of its own making.
fn take(bound: &mut Bound, flow: &Flow, process: ProcessId) -> f64 {
    let Some(q) = flow.quantity.filter(|q| q.value > 0.0) else { return 0.0 };
    let Some(left) = bound.get_mut(&(process, flow.period.year, q.dimension)) else { return 0.0 };
    let taken = left.min(q.value);
    *left -= taken;
    taken / q.value
}

fn parts(
    book: &mut Book,
    known: &mut HashMap<Key, Vec<Part>>,
    flow: &Flow,
    process: ProcessId,
    mixed: bool,
) -> Vec<Part> {
    let Some(at) = key(flow, process) else { return Vec::new() };
    if let Some(parts) = known.get(&at) {
        return parts.clone();
    }
    let made = make(book, flow, process, at.3, mixed);
    known.insert(at, made.clone());
    made
}

/// The mass of CO2, fossil unless `fossil_fraction` says otherwise.
fn make(book: &mut Book, flow: &Flow, process: ProcessId, dimension: Dimension, mixed: bool) -> Vec<Part> {
    let lookup = book.lookup(process, flow.period);
    let ask = |parameter, dimension| Ask { parameter, carrier: Some(flow.carrier), gas: None, dimension };
    let (terms, losers) = if dimension == Dimension::MASS {
        (vec![definition(("CO2", "CO2"), 1.0, "1", "the flow is the CO2 itself")], Vec::new())
    } else {
        match lookup.need(ask(Parameter::CarbonAsCo2, Dimension::MASS / dimension), METHOD) {
            Ok(answer) => (vec![answer.term], answer.losers),
            Err(problem) => {
                book.missing(flow, *problem);
                return Vec::new();
            }
        }
    };
    let kind = (Gas::Co2, Source::Captured, "");
    let fossil = ask(Parameter::FossilFraction, Dimension::NONE);
    match lookup.measured(fossil) {
        Some(share) => by_origin(book, kind, &terms, &losers, share),
        // A plant that emits both kinds must say what it captures.
        None if mixed => {
            if let Err(problem) = lookup.need(fossil, METHOD) {
                book.missing(flow, *problem);
            }
            Vec::new()
        }
        None => vec![book.part(kind, 1.0, terms, losers, CarbonOrigin::Fossil)],
    }
}

/// Processes with biogenic CO2 among their lines.
fn biogenic_emitters(book: &Book) -> HashSet<ProcessId> {
    book.ledger.lines.iter().filter(|l| l.standing == Standing::Memo).map(|l| l.process).collect()
}

/// Memo of carbon that was bound here and leaves the park in a product, to be emitted by its user.
fn exported(book: &mut Book, binders: &BTreeSet<ProcessId>) {
    if binders.is_empty() {
        return;
    }
    let park = book.park;
    let mut known: HashMap<Key, Vec<Part>> = HashMap::new();
    for (i, flow) in park.flows.iter().enumerate() {
        let Node::Process(p) = flow.from else { continue };
        let carrier = park.carrier(flow.carrier);
        let good = leaves_in_product(flow) && !carrier.kind.is_utility() && !is_long_lived(&carrier.label.id);
        let counts = park.observations.counts_for_seller(i);
        if !binders.contains(&p) || !good || !counts || is_co2(park, flow) {
            continue;
        }
        let (Some(at), Some(q)) = (key(flow, p), flow.quantity) else { continue };
        let made = || {
            let (sets, process, period, carrier) = (book.sets, p, flow.period, flow.carrier);
            let (dimension, basis) = (q.dimension, q.basis);
            let Ok(r) = (Fuel { park, sets, process, period, carrier, dimension, basis }).carbon() else {
                book.part_not_estimated(flow, "CO2 (exported carbon)");
                return Vec::new();
            };
            let kind = (Gas::Co2, Source::Captured, "");
            Vec::from_iter(book.part(kind, 1.0, r.terms, r.losers, r.origin).exported())
        };
        let parts = known.entry(at).or_insert_with(made).clone();
        book.post(i, p, 1.0, &parts);
    }
}

/// Names enterprises that deduct more CO2 than they emit.
fn check_totals(book: &mut Book, first: usize) {
    let is_capture = |l: &&Line| l.source == Source::Captured && l.mass < 0.0 && l.standing == Standing::Counted;
    let emitters: BTreeSet<(EnterpriseId, u16)> =
        book.ledger.lines[first..].iter().filter(is_capture).map(|l| (l.enterprise, l.period.year)).collect();
    if emitters.is_empty() {
        return;
    }
    let mut totals: BTreeMap<(EnterpriseId, u16), f64> = BTreeMap::new();
    for line in &book.ledger.lines {
        let counts = line.gas == Gas::Co2 && line.scope == Scope::Direct && line.standing == Standing::Counted;
        if counts && emitters.contains(&(line.enterprise, line.period.year)) {
            *totals.entry((line.enterprise, line.period.year)).or_default() += line.mass;
        }
    }
    for ((enterprise, year), sum) in totals {
        if sum < -1e-6 {
            let what = Words::new("CO2 handed over against CO2 emitted", "转出的 CO2 与排放的 CO2");
            report_negative(book, enterprise, what, year, sum);
        }
    }
}
