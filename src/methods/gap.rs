//! What no method could count: materials and waste that hold carbon, and process
//! emissions whose factor the library knows and the park does not list. A gap is shown,
//! never passed over.

use super::{Claims, Treatment};
use crate::diagnostic::{Diagnostics, Problem};
use crate::factors::{Confidence, FactorSet, Parameter, builtin_all};
use crate::park::{CarrierId, CarrierKind, Flow, Gas, Node, Park, Process, ProcessId, Use};
use std::collections::{HashMap, HashSet};

/// Marks the rows of such gaps and names each process and carrier once.
pub(super) fn account(park: &Park, claims: &Claims, treatment: &mut [Treatment], found: &mut Diagnostics) {
    let material = |kind| matches!(kind, CarrierKind::Material | CarrierKind::ByProduct);
    if !claims.carries(park, |c| material(c.kind)) {
        return;
    }
    // A process whose CO2 somebody reports is covered, whatever goes in.
    let reported: HashSet<ProcessId> =
        park.reported.iter().filter(|r| r.gas == Gas::Co2 && r.mass.is_some()).map(|r| r.process).collect();
    let mut named = HashSet::new();
    // Asked once for each material: a search of the whole library.
    let mut known: HashMap<(CarrierId, Parameter), String> = HashMap::new();
    for (i, flow) in park.flows.iter().enumerate() {
        if !material(park.carrier(flow.carrier).kind)
            || !matches!(treatment[i], Treatment::NoEmission | Treatment::Unclaimed)
        {
            continue;
        }
        let used = used_at(park, claims, flow).map(|p| (p, Parameter::EmissionFactor));
        let made = made_at(park, claims, flow).map(|p| (p, Parameter::ProductionFactor));
        for (process, parameter) in used.into_iter().chain(made) {
            let sets =
                known.entry((flow.carrier, parameter)).or_insert_with(|| sets_with(park, flow.carrier, parameter));
            if sets.is_empty() || reported.contains(&process) {
                continue;
            }
            treatment[i] = Treatment::Unclaimed;
            if named.insert((process, flow.carrier, parameter)) {
                let problem = Problem::ProcessNotCounted {
                    carrier: park.carrier(flow.carrier).thing(),
                    process: park.process(process).label.id.to_string(),
                    sets: sets.clone(),
                };
                found.push(park.flow_problem(flow, "carrier", problem));
            }
        }
    }
}

/// Names as gaps the materials and wastes that hold carbon, are taken in by a process and claimed by no method. What
/// holds carbon is what the park, its sets or any built-in set knows carbon of.
pub(super) fn mark(park: &Park, sets: &[FactorSet], claims: &Claims, treatment: &mut [Treatment]) {
    let holds = |kind| matches!(kind, CarrierKind::Material | CarrierKind::ByProduct | CarrierKind::Waste);
    if !claims.carries(park, |c| holds(c.kind)) {
        return;
    }
    let open = |i: usize, flow: &Flow| {
        let carrier = park.carrier(flow.carrier);
        holds(carrier.kind)
            && treatment[i] == Treatment::NoEmission
            && matches!(flow.to, Node::Process(_))
            && flow.from != flow.to
            && !matches!(flow.usage, Use::Resale | Use::Capital)
            && !super::carbon_balance::is_long_lived(&carrier.label.id)
            && claims.of(i).is_none()
            && park.observations.counts_for_buyer(i)
    };
    let open: Vec<usize> = park.flows.iter().enumerate().filter(|&(i, f)| open(i, f)).map(|(i, _)| i).collect();
    if open.is_empty() {
        return;
    }
    let names_carbon = |parameter: Parameter, gas: Option<Gas>| match parameter {
        Parameter::CarbonContent | Parameter::CarbonAsCo2 | Parameter::Carbonate => true,
        Parameter::EmissionFactor => gas == Some(Gas::Co2),
        _ => false,
    };
    let built_in = builtin_all();
    let rows = sets.iter().chain(built_in).flat_map(|s| s.factors.iter());
    let mut carbon: HashSet<&str> =
        rows.filter(|f| names_carbon(f.parameter, f.gas) && f.value > 0.0).map(|f| &*f.carrier).collect();
    let stated = park.properties.iter().filter(|p| names_carbon(p.name, Some(Gas::Co2)) && p.value > 0.0);
    carbon.extend(stated.map(|p| &*park.carrier(p.carrier).label.id));
    for i in open {
        if carbon.contains(&*park.carrier(park.flows[i].carrier).label.id) {
            treatment[i] = Treatment::Unclaimed;
        }
    }
}

/// Where a material is used in a way that may give off CO2. Feedstock becomes part of a
/// product, but not in the heat of a kiln or furnace.
fn used_at(park: &Park, claims: &Claims, flow: &Flow) -> Option<ProcessId> {
    let Node::Process(to) = flow.to else { return None };
    let process = park.process(to);
    let hot = ["kiln", "furnace", "melt"].iter().any(|w| process.technique.contains(w));
    let used = match flow.usage {
        Use::Process | Use::Sorbent | Use::Reductant => true,
        Use::Feedstock => hot,
        _ => false,
    };
    (used && is_open(process) && !claims.by_product(to, flow.period.year) && flow.from != flow.to).then_some(to)
}

/// Where a material is made by a process whose emission would go by it.
fn made_at(park: &Park, claims: &Claims, flow: &Flow) -> Option<ProcessId> {
    let Node::Process(from) = flow.from else { return None };
    let open = is_open(park.process(from)) && &*park.process(from).accounting != "carbonate";
    let year = flow.period.year;
    (open && !claims.by_product(from, year) && claims.is_maker((from, flow.carrier, year))).then_some(from)
}

/// Whether nothing else is said of how a process is accounted.
fn is_open(process: &Process) -> bool {
    !process.is_in_balance() && !matches!(&*process.accounting, "measured" | "combustion")
}

/// Families of the library with a confirmed factor of a carrier, joined.
fn sets_with(park: &Park, carrier: CarrierId, parameter: Parameter) -> String {
    let id = &*park.carrier(carrier).label.id;
    let holds = |s: &FactorSet| {
        s.rows(id, parameter).any(|f| {
            f.confidence != Confidence::Unconfirmed && f.gas.is_some_and(Gas::in_co2e) && &*f.technique != "fgd"
        })
    };
    let sets = builtin_all().into_iter().filter(|s| holds(s)).map(|s| s.id.to_string());
    sets.collect::<Vec<_>>().join(", ")
}
