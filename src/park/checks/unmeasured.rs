//! An empty quantity is unmeasured, never zero.

use crate::diagnostic::{Diagnostic, Diagnostics, Origin, Problem};
use crate::park::Park;

pub(super) fn check(park: &Park, found: &mut Diagnostics) {
    let flows = park.flows.iter().filter(|f| f.quantity.is_none() && f.notation.is_none());
    for flow in flows {
        let origin = park.flow_origin(flow).column("quantity");
        found.push(Diagnostic::new(Problem::Unmeasured { flow: flow.id.to_string() }, origin));
    }
    let reported = park.reported.iter().filter(|r| r.mass.is_none() && r.notation.is_none());
    for row in reported {
        let origin = Origin::row("emissions.csv", row.row).column("quantity");
        found.push(Diagnostic::new(Problem::Unmeasured { flow: row.id.to_string() }, origin));
    }
}
