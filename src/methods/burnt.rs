//! Ledger lines of fuels that are burnt.
//!
//! A process burns what it takes in less what it passes on:
//! `use = opening + bought − sold − closing`. Each row makes its own signed line,
//! so that the trail of a total leads to every row of this sum.

use super::alike::{Alike, Place};
use super::fuel::{Fuel, Routes};
use super::{Claim, Claims, Treatment, fugitive, mobile};
use crate::diagnostic::{Diagnostics, Problem, Words};
use crate::factors::{Confidence, Factor, FactorSet, Parameter, builtin_all};
use crate::ledger::{Activity, CarbonOrigin, CoefficientId, Ledger, Line, Source, Standing, Term, TermSource};
use crate::park::{CarrierId, Flow, Gas, Node, Park, ProcessId};
use crate::quantity::{Basis, Dimension};
use foldhash::{HashMap, HashMapExt, HashSet, HashSetExt};

/// What decides the factors of a row.
type Kind = (CarrierId, Place, Dimension, Basis);

/// A row that counts as fuel burnt.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    /// The flow row, by position in the park.
    pub(super) flow: usize,
    /// Where it is burnt.
    pub(super) process: ProcessId,
    /// +1, or −1 where the process passes the fuel on or keeps it in stock.
    pub(super) sign: f64,
    /// Rows of one kind have the same factors.
    pub(super) kind: usize,
}

/// For each gas, the coefficient or none.
type Coefficients = Vec<(Gas, Option<(CoefficientId, CarbonOrigin)>)>;

pub(super) fn account(
    park: &Park,
    sets: &[FactorSet],
    claims: &Claims,
    rows: &[Row],
    ledger: &mut Ledger,
    treatment: &mut [Treatment],
    found: &mut Diagnostics,
) {
    let reported = reported_gases(park);
    let whole = wholly_reported(park, claims, &reported);
    // By kind of row: coefficients, and whether CH4 slips through unburnt.
    let mut known: Vec<Option<(Coefficients, bool)>> = vec![None; kinds(rows)];
    let mut named: HashSet<String> = HashSet::new();
    for &Row { flow: i, process, sign, kind } in rows {
        let flow = &park.flows[i];
        let Some(quantity) = flow.quantity else { continue };
        // A report on all that a process took in speaks of what it burnt of it: stock
        // that is left and fuel that is passed on are in it already.
        let replaced =
            if sign < 0.0 { whole.get(&(process, flow.carrier, flow.period.year)) } else { reported.get(&i) };
        let (coefficients, slips) = known[kind].get_or_insert_with(|| {
            let routes = Fuel {
                park,
                sets,
                process,
                period: flow.period,
                carrier: flow.carrier,
                dimension: quantity.dimension,
                basis: quantity.basis,
            }
            .routes();
            (coefficients(routes, ledger), fugitive::slips(park, sets, process, flow))
        });
        let lost = matches!(flow.to, Node::Outside(outside) if !outside.buys());
        treatment[i] = match (replaced.is_some(), sign < 0.0 && lost) {
            (true, _) => Treatment::Replaced,
            // Vented or dumped fuel is not burnt; what it emits has no method yet.
            (false, true) => Treatment::Unclaimed,
            (false, false) => Treatment::Counted,
        };
        let technique = &*park.process(process).technique;
        let source = if mobile::is_mobile(technique) { Source::Mobile } else { Source::Combustion };
        for &(gas, coefficient) in coefficients.iter() {
            // Its CH4 goes by the share that slips through unburnt.
            if gas == Gas::Ch4 && *slips {
                continue;
            }
            let is_replaced = is_replaced(replaced, gas);
            let Some((coefficient, origin)) = coefficient else {
                if !is_replaced {
                    report_missing(park, flow, gas, found, &mut named);
                }
                continue;
            };
            report_unconfirmed(park, flow, &ledger.get(coefficient).terms, found, &mut named);
            if source == Source::Mobile && gas != Gas::Co2 {
                report_stationary(park, sets, flow, process, &ledger.get(coefficient).terms, found, &mut named);
            }
            let standing = match (is_replaced, gas, origin) {
                (true, ..) => Standing::Replaced,
                (false, Gas::Co2, CarbonOrigin::Biogenic) => Standing::Memo,
                _ => Standing::Counted,
            };
            let quantity = sign * quantity.value;
            let at = (park.process(process).enterprise, process, flow.period);
            let mass = ledger.mass(quantity, coefficient);
            let line = Line::direct(at, Activity::Flow(i), source, gas);
            ledger.lines.push(Line { origin, quantity, coefficient, mass, standing, ..line });
        }
    }
}

/// Every row that counts as fuel burnt, in order.
pub(super) fn rows(park: &Park, claims: &Claims, alike: &Alike) -> Vec<Row> {
    let burners = claims.users(park, Claim::Combustion);
    let mut kinds: HashMap<Kind, usize> = HashMap::new();
    let mut rows = Vec::new();
    for (i, flow) in park.flows.iter().enumerate() {
        let Some(quantity) = flow.quantity else { continue };
        for (process, sign) in burnt_at(park, claims, &burners, i) {
            let place = alike.place(flow.carrier, process, flow.period);
            let (next, kind) = (kinds.len(), (flow.carrier, place, quantity.dimension, quantity.basis));
            rows.push(Row { flow: i, process, sign, kind: *kinds.entry(kind).or_insert(next) });
        }
    }
    rows
}

/// How many kinds of rows there are.
pub(super) fn kinds(rows: &[Row]) -> usize {
    rows.iter().map(|row| row.kind + 1).max().unwrap_or_default()
}

/// Puts routes into the ledger.
fn coefficients(routes: Routes, ledger: &mut Ledger) -> Coefficients {
    let made = routes.into_iter().map(|(gas, route)| {
        let coefficient = route.ok().map(|r| (ledger.coefficient(r.terms, r.origin, r.losers), r.origin));
        (gas, coefficient)
    });
    made.collect()
}

/// Sets of the library, not in the park's list, with a confirmed value by which a carrier's CO2 can be had.
pub(super) fn sets_with(park: &Park, carrier: &str) -> String {
    let leads_to_co2 = [Parameter::EmissionFactor, Parameter::CarbonContent, Parameter::Ncv];
    let states = |f: &Factor| {
        *f.carrier == *carrier && leads_to_co2.contains(&f.parameter) && f.confidence != Confidence::Unconfirmed
    };
    let holds = |s: &FactorSet| s.factors.iter().any(states);
    let sets =
        builtin_all().into_iter().filter(|s| holds(s) && !park.settings.factor_sets.iter().any(|l| **l == *s.id));
    sets.map(|s| s.id.to_string()).collect::<Vec<_>>().join(", ")
}

/// Sets of the library, not in the park's list, with a confirmed factor of a carrier for a gas.
pub(super) fn sets_with_gas(park: &Park, carrier: &str, gas: Gas) -> String {
    let states = |f: &Factor| *f.carrier == *carrier && f.gas == Some(gas) && f.confidence != Confidence::Unconfirmed;
    let holds = |s: &FactorSet| s.factors.iter().any(states);
    let sets =
        builtin_all().into_iter().filter(|s| holds(s) && !park.settings.factor_sets.iter().any(|l| **l == *s.id));
    sets.map(|s| s.id.to_string()).collect::<Vec<_>>().join(", ")
}

/// Names a process that moves and takes factors of what stands still, once.
fn report_stationary(
    park: &Park,
    sets: &[FactorSet],
    flow: &Flow,
    process: ProcessId,
    terms: &[Term],
    found: &mut Diagnostics,
    named: &mut HashSet<String>,
) {
    let process = park.process(process);
    let carrier = &*park.carrier(flow.carrier).label.id;
    let of_engine = |term: &Term| match &term.source {
        TermSource::Factor { id, .. } => sets.iter().any(|set| {
            set.rows(carrier, Parameter::EmissionFactor).any(|f| f.id == *id && *f.technique == *process.technique)
        }),
        _ => false,
    };
    let label = process.label.id.to_string();
    if !terms.iter().any(of_engine) && named.insert(format!("stationary {label}")) {
        found.push(park.flow_problem(flow, "to", Problem::StationaryFactors { process: label }));
    }
}

/// Names an unconfirmed factor that is in use, once.
pub(super) fn report_unconfirmed(
    park: &Park,
    flow: &Flow,
    terms: &[Term],
    found: &mut Diagnostics,
    named: &mut HashSet<String>,
) {
    for term in terms {
        if let TermSource::Factor { id, confidence: Confidence::Unconfirmed, .. } = &term.source
            && named.insert(id.to_string())
        {
            found.push(park.flow_problem(flow, "carrier", Problem::Unconfirmed { id: id.to_string() }));
        }
    }
}

/// Names a gas without a factor: an error for CO2, a gap for the others; once for
/// each carrier and way of measuring it.
fn report_missing(park: &Park, flow: &Flow, gas: Gas, found: &mut Diagnostics, named: &mut HashSet<String>) {
    let carrier = park.carrier(flow.carrier).thing();
    let (unit, basis) = flow.quantity.map(|q| (q.dimension, q.basis)).unwrap_or_default();
    let basis = match basis.to_string() {
        text if text.is_empty() => text,
        text => format!(" ({text})"),
    };
    if !named.insert(format!("{} {} {unit}{basis}", carrier.id, gas.label())) {
        return;
    }
    let problem = if gas == Gas::Co2 {
        Problem::NoFactor {
            what: Words::new(format!("CO2 factor per {unit}{basis}"), format!("每 {unit}{basis} 的 CO2 因子")),
            tried: park.settings.factor_sets.join(", "),
            others: sets_with(park, &carrier.id),
            carrier,
        }
    } else {
        Problem::GasNotEstimated { gas: gas.label(), others: sets_with_gas(park, &carrier.id, gas), carrier }
    };
    found.push(park.flow_problem(flow, "carrier", problem));
}

/// Where a row counts as fuel burnt, with its sign: +1 at the process that burns
/// it, −1 at a burner that passes it on or keeps it in stock.
fn burnt_at(
    park: &Park,
    claims: &Claims,
    burners: &HashSet<(ProcessId, CarrierId)>,
    i: usize,
) -> impl Iterator<Item = (ProcessId, f64)> + use<> {
    let flow = &park.flows[i];
    let own = match flow.to {
        // A process that burns what it makes itself: nothing is passed on.
        Node::Process(p) if flow.from == flow.to && is_burnt(claims, i) && park.observations.counts_for_buyer(i) => {
            Some((p, 1.0))
        }
        _ => None,
    };
    own.into_iter().chain(claims.ends(park, burners, Claim::Combustion, i))
}

fn is_burnt(claims: &Claims, i: usize) -> bool {
    claims.of(i) == Some(Claim::Combustion)
}

/// Gases that reported rows replace, by flow.
pub(super) fn reported_gases(park: &Park) -> HashMap<usize, Vec<Gas>> {
    let mut gases: HashMap<usize, Vec<Gas>> = HashMap::new();
    // An empty report replaces nothing; pollutants have lines of their own.
    for reported in park.reported.iter().filter(|r| r.mass.is_some() && r.gas.in_co2e()) {
        if let Some(flow) = reported.replaces {
            gases.entry(flow).or_default().push(reported.gas);
        }
    }
    gases
}

/// Gases reported for every row of a carrier that a process took in over a year.
fn wholly_reported(
    park: &Park,
    claims: &Claims,
    reported: &HashMap<usize, Vec<Gas>>,
) -> HashMap<(ProcessId, CarrierId, u16), Vec<Gas>> {
    let mut gases: HashMap<_, Vec<Gas>> = HashMap::new();
    if reported.is_empty() {
        return gases;
    }
    let mut partly = HashSet::new();
    for (i, flow) in park.flows.iter().enumerate() {
        let Node::Process(to) = flow.to else { continue };
        if !is_burnt(claims, i) || !park.observations.counts_for_buyer(i) {
            continue;
        }
        let key = (to, flow.carrier, flow.period.year);
        match reported.get(&i) {
            Some(list) => gases.entry(key).or_default().extend(list),
            None => {
                partly.insert(key);
            }
        }
    }
    gases.retain(|key, _| !partly.contains(key));
    gases
}

/// Whether a reported row stands for `gas`: the gas itself, or a CO2e without
/// split, which covers every gas that is not reported apart.
pub(super) fn is_replaced(reported: Option<&Vec<Gas>>, gas: Gas) -> bool {
    reported.is_some_and(|list| list.contains(&gas) || list.iter().any(|g| matches!(g, Gas::Co2eReported(_))))
}
