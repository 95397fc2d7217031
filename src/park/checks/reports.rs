//! A reported emission covers the whole period of the flow it replaces.

use crate::diagnostic::{Diagnostics, Problem};
use crate::park::{Gas, Park, Reported};
use std::collections::BTreeMap;

pub(super) fn check(park: &Park, found: &mut Diagnostics) {
    let mut reports: BTreeMap<(usize, Gas), Vec<&Reported>> = BTreeMap::new();
    for reported in park.reported.iter().filter(|r| r.mass.is_some()) {
        if let Some(flow) = reported.replaces {
            reports.entry((flow, reported.gas)).or_default().push(reported);
        }
    }
    for ((position, gas), list) in reports {
        let flow = &park.flows[position];
        let burnt_here = park.observations.counts_for_buyer(position);
        if flow.quantity.is_some() && !burnt_here {
            found.push(park.reported_problem(
                list[0],
                "replaces",
                Problem::ReplacesCheck { flow: flow.id.to_string() },
            ));
            continue;
        }
        let whole = list.iter().any(|r| r.period == flow.period);
        let mut months: Vec<u8> =
            list.iter().filter(|r| flow.period.contains(r.period)).filter_map(|r| r.period.month).collect();
        months.sort_unstable();
        months.dedup();
        if whole && list.len() == 1 || months.len() == 12 && list.len() == 12 {
            continue;
        }
        let problem = Problem::PartialReport {
            flow: flow.id.to_string(),
            gas: gas.label(),
            period: flow.period.to_string(),
            reported: list.iter().map(|r| r.period.to_string()).collect::<Vec<_>>().join(", "),
        };
        found.push(park.reported_problem(list[0], "period", problem));
    }
}
