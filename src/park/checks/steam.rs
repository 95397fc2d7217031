//! Steam and condensate by mass: the state that `carriers.csv` gives is possible, and
//! what is assumed is said.

use crate::diagnostic::{Diagnostic, Diagnostics, Problem};
use crate::park::heat::{HeatFault, HeatState, is_condensate, specific_heat};
use crate::park::{CarrierKind, Flow, HeatDatum, Node, Park};
use crate::quantity::Dimension;
use std::collections::BTreeSet;

pub(super) fn check(park: &Park, found: &mut Diagnostics) {
    let datum = park.settings.heat_datum;
    let by_mass = |flow: &&Flow| flow.quantity.is_some_and(|q| q.dimension == Dimension::MASS);
    let (mut faults, mut dry, mut any) = (BTreeSet::new(), BTreeSet::new(), false);
    for flow in park.flows.iter().filter(by_mass) {
        let steam = park.carrier(flow.carrier).kind == CarrierKind::Steam;
        let counts = steam || (datum == HeatDatum::Condensate && is_condensate(park, flow.carrier));
        if !counts {
            continue;
        }
        // The enthalpy is that of the sender, or of the receiver where steam comes from outside.
        let end = [flow.from, flow.to].into_iter().find_map(|n| if let Node::Process(p) = n { Some(p) } else { None });
        let Some(process) = end else { continue };
        let name = || park.process(process).label.id.to_string();
        match specific_heat(park, flow.carrier, process, flow.period) {
            Ok(heat) => {
                any |= heat.state != HeatState::Measured;
                if heat.state == HeatState::AssumedDry && dry.insert((flow.carrier, process)) {
                    found.push(park.flow_problem(flow, "carrier", Problem::SteamAssumedDry { process: name() }));
                }
            }
            // What is not known at all is asked for where it is needed.
            Err(HeatFault::Missing) => {}
            Err(fault) => {
                let why = fault.words();
                if faults.insert((flow.carrier, process, why.en.clone())) {
                    found.push(park.flow_problem(flow, "carrier", Problem::SteamState { process: name(), why }));
                }
            }
        }
    }
    if any && datum == HeatDatum::Feedwater20C {
        let problem = Problem::DatumUnconfirmed {};
        found.push(Diagnostic::new(problem, park.settings.origin("heat_datum")).found(datum.id()));
    }
}
