//! Carbon mass balance of an envelope: what goes in and does not come out is emitted.
//!
//! `E = (Σ in · C − Σ products · C − Σ by-products and wastes · C) · 44/12` (IPCC 2006
//! Guidelines, volume 3, chapters 3 and 4; NDRC 2013 guidelines for steel and for
//! chemicals; GB/T 32151.5 and .10. Equation numbers were not checked against the text).
//!
//! An envelope is the processes of one enterprise with one `balance:NAME`. Each flow
//! that crosses it makes one signed line; flows inside it make none. Carbon is not
//! multiplied by an oxidation factor: what does not burn leaves in ash or dust, as a
//! flow. A gas that leaves is deducted here and counted where it is burnt or flared.
//! What leaves to the air (`outside:atmosphere`, `outside:loss`, `outside:nature`) is
//! the emission itself and deducts nothing.

use super::book::{Book, definition};
use super::captured::{self, is_co2};
use super::fuel::Fuel;
use super::fuel::words::FACTOR;
use super::lookup::Ask;
use super::posting::{Key, Part, key};
use super::{Claim, Treatment};
use crate::diagnostic::{Diagnostic, Origin, Problem, Words};
use crate::factors::Parameter;
use crate::ledger::{CarbonOrigin, Source, Standing};
use crate::park::{CarrierKind, EnterpriseId, Flow, Gas, Node, Outside, Park, ProcessId, Use};
use crate::quantity::{CarbonPerMass, Co2PerCarbon, Dimension, Tonnes, significant};
use foldhash::{HashMap, HashMapExt, HashSet, HashSetExt};
use std::collections::BTreeMap;
use std::sync::Arc;

const METHOD: (&str, &str) = ("carbon balance", "碳平衡");

/// CO2 of an envelope: `(Σ in · C − Σ out · C) · 44/12`. Unit: t.
#[must_use]
pub fn balance(inputs: &[(Tonnes, CarbonPerMass)], outputs: &[(Tonnes, CarbonPerMass)], ratio: Co2PerCarbon) -> Tonnes {
    let sum = |flows: &[(Tonnes, CarbonPerMass)]| flows.iter().map(|&(m, c)| m * c * ratio).sum::<Tonnes>();
    Tonnes(sum(inputs).0 - sum(outputs).0)
}

/// Pure substances that hold no carbon.
const WITHOUT_CARBON: [&str; 7] =
    ["compressed_air", "oxygen", "nitrogen", "argon", "hydrogen", "ammonia", "nitric_acid"];

/// Products that keep their carbon for good: no memo of delayed emission.
const LONG_LIVED: [&str; 5] = ["crude_steel", "steel", "pig_iron", "direct_reduced_iron", "scrap_steel"];

/// Whether a carrier holds no carbon by what it is; any other must state its content,
/// be it zero.
fn holds_no_carbon(park: &Park, flow: &Flow) -> bool {
    let carrier = park.carrier(flow.carrier);
    // What wastewater carries is its COD, which its treatment accounts: it deducts
    // nothing unless its carbon was measured.
    let liquid = flow.quantity.is_some_and(|q| q.dimension == Dimension::VOLUME);
    let measured = || park.properties.iter().any(|p| p.carrier == flow.carrier && p.name == Parameter::CarbonContent);
    if carrier.kind == CarrierKind::Waste && liquid && !measured() {
        return true;
    }
    carrier.kind.is_utility() || carrier.kind == CarrierKind::Water || WITHOUT_CARBON.contains(&&*carrier.label.id)
}

/// Whether a product keeps its carbon for good.
pub(super) fn is_long_lived(id: &str) -> bool {
    LONG_LIVED.contains(&id) || id.starts_with("ferro") || id.starts_with("silico")
}

/// The envelope of a node.
fn envelope(park: &Park, node: Node) -> Option<(EnterpriseId, &Arc<str>)> {
    let Node::Process(p) = node else { return None };
    let process = park.process(p);
    process.is_in_balance().then_some((process.enterprise, &process.accounting))
}

pub(super) fn account(book: &mut Book) {
    let park = book.park;
    if !park.processes.iter().any(crate::park::Process::is_in_balance) {
        return;
    }
    let mut known: HashMap<Key, Vec<Part>> = HashMap::new();
    let first = book.ledger.lines.len();
    for (i, flow) in park.flows.iter().enumerate() {
        let (from, to) = (envelope(park, flow.from), envelope(park, flow.to));
        if (from.is_none() && to.is_none()) || flow.quantity.is_none() {
            continue;
        }
        if from == to {
            book.treatment[i] = match book.treatment[i] {
                Treatment::Checked => Treatment::Checked,
                _ => Treatment::Internal,
            };
            continue;
        }
        let (bought, sold) = (park.observations.counts_for_buyer(i), park.observations.counts_for_seller(i));
        if holds_no_carbon(park, flow) || !(bought || sold) {
            // Hydrogen is a fuel without carbon: nothing is missing.
            let fuel = park.carrier(flow.carrier).kind.is_fuel();
            if fuel && book.treatment[i] == Treatment::Unclaimed {
                book.treatment[i] = Treatment::NoEmission;
            }
            continue;
        }
        if let (Node::Process(p), Some(_), true) = (flow.to, to, bought) {
            let parts = parts(book, &mut known, flow, p);
            let parts: Vec<Part> = parts.into_iter().map(|p| p.named("balance_in", 1.0)).collect();
            book.post(i, p, 1.0, &parts);
        }
        if let (Node::Process(p), Some(_), true) = (flow.from, from, sold) {
            if matches!(flow.to, Node::Outside(Outside::Atmosphere | Outside::Loss | Outside::Nature)) {
                book.treatment[i] = Treatment::Internal;
                continue;
            }
            let before = book.treatment[i];
            let made = parts(book, &mut known, flow, p);
            let mut out: Vec<Part> = made.iter().map(|p| p.named("balance_out", -1.0)).collect();
            if captured::leaves_in_product(flow) && !is_long_lived(&park.carrier(flow.carrier).label.id) {
                out.extend(made.iter().filter_map(|p| p.exported()));
            }
            book.post(i, p, 1.0, &out);
            // A report on the burning of the gas does not touch the balance that made it.
            if before == Treatment::Replaced {
                book.treatment[i] = before;
            }
        }
    }
    check_totals(book, first);
    check_stores(book);
}

fn parts(book: &mut Book, known: &mut HashMap<Key, Vec<Part>>, flow: &Flow, process: ProcessId) -> Vec<Part> {
    let Some(at) = key(flow, process) else { return Vec::new() };
    if let Some(parts) = known.get(&at) {
        return parts.clone();
    }
    let made = make(book, flow, process);
    known.insert(at, made.clone());
    made
}

/// The carbon of a unit of the flow as CO2; two parts where it is fossil and biogenic.
fn make(book: &mut Book, flow: &Flow, process: ProcessId) -> Vec<Part> {
    let (park, sets, period, carrier) = (book.park, book.sets, flow.period, flow.carrier);
    let Some(quantity) = flow.quantity else { return Vec::new() };
    let (dimension, basis) = (quantity.dimension, quantity.basis);
    let lookup = book.lookup(process, period);
    let ask = |parameter, dimension| Ask { parameter, carrier: Some(carrier), gas: None, dimension };
    let co2 = is_co2(park, flow);
    let (terms, losers, origin) = if co2 && dimension == Dimension::MASS {
        (vec![definition(("CO2", "CO2"), 1.0, "1", "the flow is the CO2 itself")], Vec::new(), CarbonOrigin::Fossil)
    } else {
        let Ok(route) = (Fuel { park, sets, process, period, carrier, dimension, basis }).carbon() else {
            let content = ask(Parameter::CarbonContent, Dimension::MASS / dimension);
            let problem = match lookup.need(content, METHOD) {
                Err(problem) => *problem,
                // A content is there, and does not fit the unit or the basis of the row.
                Ok(_) => Problem::MissingInput {
                    method: Words::new(METHOD.0, METHOD.1),
                    what: Words::new(
                        format!("carbon content of '{}' on the basis of the row", park.carrier(carrier).label.id),
                        format!("{} 在该行基准下的含碳量", park.carrier(carrier).label.id),
                    ),
                    key: Parameter::CarbonContent.id().to_owned(),
                    place: "carriers.csv".to_owned(),
                    process: park.process(process).label.id.to_string(),
                    sets: String::new(),
                },
            };
            book.missing(flow, problem);
            return Vec::new();
        };
        let (mut terms, mut losers) = (route.terms, route.losers);
        // The factor of a carbonate is that of the pure one, here as where it is calcined.
        if terms.last().is_some_and(|t| t.name == FACTOR)
            && let Some(share) = lookup.find(ask(Parameter::Carbonate, Dimension::NONE))
        {
            terms.insert(0, share.term);
            losers.extend(share.losers);
        }
        (terms, losers, route.origin)
    };
    let source = if co2 { Source::Captured } else { Source::CarbonBalance };
    let kind = (Gas::Co2, source, "");
    match lookup.measured(ask(Parameter::FossilFraction, Dimension::NONE)) {
        Some(share) => captured::by_origin(book, kind, &terms, &losers, share),
        None => vec![book.part(kind, 1.0, terms, losers, origin)],
    }
}

/// Names the envelopes, and the enterprises that capture CO2, whose year is negative:
/// something is missing on the input side.
fn check_totals(book: &mut Book, first: usize) {
    let park = book.park;
    let mut totals: BTreeMap<(EnterpriseId, &Arc<str>, u16), (f64, f64)> = BTreeMap::new();
    for line in &book.ledger.lines[first..] {
        if matches!(line.standing, Standing::Counted | Standing::Memo) {
            let (_, name) = (line.enterprise, &park.process(line.process).accounting);
            let total = totals.entry((line.enterprise, name, line.period.year)).or_default();
            total.0 += line.mass;
            total.1 += line.mass.abs();
        }
    }
    for ((enterprise, name, year), (sum, size)) in totals {
        // Rounding of the rows' quantities alone is no finding.
        if sum < -1e-6 * size {
            let name = name.strip_prefix("balance:").unwrap_or(name);
            let what = Words::new(format!("carbon balance '{name}'"), format!("碳平衡“{name}”"));
            report_negative(book, enterprise, what, year, sum);
        }
    }
}

/// Reports a negative total of an enterprise.
pub(super) fn report_negative(book: &mut Book, enterprise: EnterpriseId, what: Words, year: u16, sum: f64) {
    let enterprise = book.park.enterprise(enterprise);
    let total = format!("{} t", significant(sum, 5));
    let problem = Problem::NegativeCarbon { enterprise: enterprise.label.id.to_string(), what, year, total };
    book.found.push(Diagnostic::new(problem, Origin::row("enterprises.csv", enterprise.row)));
}

/// Gases of an envelope, and the fuel whose carbon they hold.
const MADE_FROM: [(&str, &str); 2] = [("blast_furnace_gas", "coke"), ("coke_oven_gas", "coking_coal")];

/// Carbon must not be counted at the maker of a gas and again where the gas is burnt:
/// a gas that leaves a store or site of an enterprise with an envelope, and never
/// entered it, was credited to nobody.
fn check_stores(book: &mut Book) {
    let park = book.park;
    let enveloped: HashSet<EnterpriseId> =
        park.processes.iter().filter(|p| p.is_in_balance()).map(|p| p.enterprise).collect();
    let mut took = HashSet::new();
    for flow in &park.flows {
        if let Node::Process(to) = flow.to {
            took.insert((to, flow.carrier));
        }
    }
    for flow in &park.flows {
        let (Node::Process(from), Node::Process(to)) = (flow.from, flow.to) else { continue };
        let carrier = park.carrier(flow.carrier);
        let process = park.process(from);
        let passes = park.implicit_sites.contains(&from) || process.is_pool();
        let gathered = process.is_in_balance() || took.contains(&(from, flow.carrier));
        let gas = carrier.kind == CarrierKind::GasFuel && flow.usage != Use::Resale;
        if from != to && gas && passes && !gathered && enveloped.contains(&process.enterprise) {
            let problem = Problem::GasTwice { gas: carrier.thing(), process: process.label.id.to_string(), fuel: None };
            book.missing(flow, problem);
        }
    }
}

/// Names gases whose maker burns the fuel that they are made from, or is counted by a
/// product whose factor holds all carbon of that fuel.
pub(super) fn check_makers(book: &mut Book) {
    let park = book.park;
    if !book.claims.carries(park, |c| MADE_FROM.iter().any(|m| *m.0 == *c.label.id)) {
        return;
    }
    let id = |flow: &Flow| &*park.carrier(flow.carrier).label.id;
    let is_burnt = |i: usize| matches!(book.claims.of(i), Some(Claim::Combustion | Claim::Carbonate | Claim::Product));
    let burns: HashSet<(Node, &str)> = park
        .flows
        .iter()
        .enumerate()
        .filter(|&(i, f)| is_burnt(i) && MADE_FROM.iter().any(|m| m.1 == id(f)))
        .map(|(_, f)| (f.to, id(f)))
        .collect();
    for (i, flow) in park.flows.iter().enumerate() {
        let Some((_, fuel)) = MADE_FROM.iter().find(|m| m.0 == id(flow)) else { continue };
        let Node::Process(from) = flow.from else { continue };
        if flow.from == flow.to && !book.claims.by_product(from, flow.period.year) {
            continue;
        }
        let counted = matches!(book.claims.of(i), Some(Claim::Combustion | Claim::Balance));
        if counted && burns.contains(&(flow.from, fuel)) {
            let process = park.process(from).label.id.to_string();
            let gas = park.carrier(flow.carrier).thing();
            book.missing(flow, Problem::GasTwice { gas, process, fuel: Some((*fuel).to_owned()) });
        }
    }
}
