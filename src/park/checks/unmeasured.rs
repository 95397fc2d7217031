//! An empty quantity is unmeasured, never zero.

use crate::diagnostic::{Diagnostics, Problem};
use crate::park::Park;

pub(super) fn check(park: &Park, found: &mut Diagnostics) {
    let flows = park.flows.iter().filter(|f| f.quantity.is_none() && f.notation.is_none());
    for flow in flows {
        found.push(park.flow_problem(flow, "quantity", Problem::Unmeasured { flow: flow.id.to_string() }));
    }
    let reported = park.reported.iter().filter(|r| r.mass.is_none() && r.notation.is_none());
    for row in reported {
        found.push(park.reported_problem(row, "quantity", Problem::Unmeasured { flow: row.id.to_string() }));
    }
}
