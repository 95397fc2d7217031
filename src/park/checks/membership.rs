//! Rows of an enterprise lie in the time in which it belongs to the park.

use crate::diagnostic::{Diagnostics, Problem};
use crate::park::{EnterpriseId, Park};
use crate::quantity::Period;

pub(super) fn check(park: &Park, found: &mut Diagnostics) {
    let outsider = |enterprise: EnterpriseId, period: Period| {
        let enterprise = park.enterprise(enterprise);
        (!enterprise.is_member(period)).then(|| Problem::NotMember {
            enterprise: enterprise.label.id.to_string(),
            period: period.to_string(),
            row: enterprise.row,
        })
    };
    for flow in &park.flows {
        let owners = [park.owner(flow.from), park.owner(flow.to)];
        if let Some(problem) = owners.into_iter().flatten().find_map(|e| outsider(e, flow.period)) {
            found.push(park.flow_problem(flow, "period", problem));
        }
    }
    for reported in &park.reported {
        if let Some(problem) = outsider(reported.enterprise, reported.period) {
            found.push(park.reported_problem(reported, "period", problem));
        }
    }
}
