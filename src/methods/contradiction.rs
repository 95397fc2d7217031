//! Statements of a park that do not fit each other: fuel that counts as burnt and by the
//! product made from it, measurement without a report, reports and other gases than CO2 inside a carbon balance.

use super::{Claim, Claims, wastewater};
use crate::diagnostic::{Diagnostic, Diagnostics, Origin, Problem};
use crate::factors::{FactorSet, Parameter};
use crate::ledger::{Activity, Ledger, Source, Standing};
use crate::park::{CarrierKind, Gas, Node, Park, ProcessId};
use foldhash::{HashSet, HashSetExt};

/// Products whose factor holds the carbon of a fuel (IPCC 2006 Guidelines, volume 3, chapter 4).
const MADE_FROM: [(&str, &str); 2] = [("coke", "coking_coal"), ("pig_iron", "coke")];

/// Names fuels that count as burnt where a product is made from them.
pub(super) fn check_fuels(park: &Park, claims: &Claims, found: &mut Diagnostics) {
    if !claims.any_product() {
        return;
    }
    let find = |id: &str| park.carriers.iter().position(|c| *c.label.id == *id).map(crate::park::CarrierId::new);
    let pairs = MADE_FROM.iter().filter_map(|&(product, fuel)| Some((product, find(product)?, find(fuel)?)));
    let mut named = HashSet::new();
    for (name, product, fuel) in pairs {
        for (i, flow) in park.flows.iter().enumerate().filter(|(_, f)| f.carrier == fuel && f.from != f.to) {
            let Node::Process(to) = flow.to else { continue };
            let burnt = claims.of(i) == Some(Claim::Combustion) && park.observations.counts_for_buyer(i);
            if burnt && claims.makes(to, product, flow.period.year) && named.insert((to, product)) {
                let process = park.process(to).label.id.to_string();
                let fuel = park.carrier(fuel).thing();
                let problem = Problem::BurntAndByProduct { fuel, process, product: name.to_owned() };
                found.push(park.flow_problem(flow, "use", problem));
            }
        }
    }
}

/// Names processes that are accounted by measurement without a value, of their own or of
/// their enterprise, and reports that replace a row of a balance.
pub(super) fn check_reports(park: &Park, ledger: &Ledger, found: &mut Diagnostics) {
    let covered: HashSet<ProcessId> = park.reported.iter().filter(|r| r.mass.is_some()).map(|r| r.process).collect();
    let sites: HashSet<_> = covered.iter().filter(|p| park.implicit_sites.contains(*p)).collect();
    let sites: HashSet<_> = sites.into_iter().map(|&p| park.process(p).enterprise).collect();
    for (i, process) in park.processes.iter().enumerate() {
        let measured = &*process.accounting == "measured";
        let Some(row) = process.row else { continue };
        if measured && !covered.contains(&ProcessId::new(i)) && !sites.contains(&process.enterprise) {
            let problem = Problem::NothingReported { process: process.label.id.to_string() };
            found.push(Diagnostic::new(problem, Origin::row("processes.csv", row)));
        }
    }
    let in_balance = |line: &&crate::ledger::Line| {
        line.standing == Standing::Replaced
            && matches!(line.source, Source::CarbonBalance | Source::Captured)
            && park.process(line.process).is_in_balance()
    };
    let mut replaced: Vec<(usize, ProcessId)> = Vec::new();
    for line in ledger.lines.iter().filter(in_balance) {
        if let Activity::Flow(flow) = line.activity {
            replaced.push((flow, line.process));
        }
    }
    for reported in &park.reported {
        let Some(flow) = reported.replaces else { continue };
        if let Some((_, process)) = replaced.iter().find(|r| r.0 == flow) {
            let process = park.process(*process).label.id.to_string();
            let problem = Problem::ReportInBalance { process, flow: park.flows[flow].id.to_string() };
            found.push(park.reported_problem(reported, "replaces", problem));
        }
    }
}

/// Names the other gases of what is treated or made inside a carbon balance, unless they
/// are reported there: CH4 and N2O of wastewater, gases by product of a listed set.
pub(super) fn check_balances(park: &Park, sets: &[FactorSet], found: &mut Diagnostics) {
    if !park.processes.iter().any(crate::park::Process::is_in_balance) {
        return;
    }
    let reported: HashSet<(ProcessId, Gas)> =
        park.reported.iter().filter(|r| r.mass.is_some()).map(|r| (r.process, r.gas)).collect();
    let mut named = HashSet::new();
    for flow in park.flows.iter().filter(|f| f.from != f.to && f.quantity.is_some()) {
        let carrier = park.carrier(flow.carrier);
        let mut gases: Vec<(ProcessId, Gas)> = Vec::new();
        if let Node::Process(to) = flow.to
            && carrier.kind == CarrierKind::Waste
            && wastewater::treats(&park.process(to).technique)
        {
            gases.extend([(to, Gas::Ch4), (to, Gas::N2o)]);
        }
        if let Node::Process(from) = flow.from {
            let rows = sets.iter().flat_map(|s| s.rows(&carrier.label.id, Parameter::ProductionFactor));
            let other = rows.filter_map(|f| f.gas).filter(|&g| g == Gas::N2o);
            gases.extend(other.map(|g| (from, g)));
        }
        for (process, gas) in gases {
            let known = !park.process(process).is_in_balance() || reported.contains(&(process, gas));
            if !known && named.insert((process, flow.carrier, gas)) {
                let process = park.process(process).label.id.to_string();
                let problem = Problem::OutsideBalance { gas: gas.label(), carrier: carrier.thing(), process };
                found.push(park.flow_problem(flow, "carrier", problem));
            }
        }
    }
}
