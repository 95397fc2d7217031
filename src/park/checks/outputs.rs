//! Stated shares of a process add up to one, or to less where a rule shares the rest.

use crate::diagnostic::{Diagnostic, Diagnostics, Origin, Problem};
use crate::park::{Output, Park, ProcessId, Role};
use crate::quantity::significant;
use std::collections::BTreeMap;

/// Rounding of printed shares that is accepted.
const LIMIT: f64 = 1e-6;

pub(super) fn check(park: &Park, found: &mut Diagnostics) {
    let mut by_process: BTreeMap<ProcessId, Vec<&Output>> = BTreeMap::new();
    for output in &park.outputs {
        by_process.entry(output.process).or_default().push(output);
    }
    for (process, outputs) in by_process {
        let stated: Vec<f64> = outputs.iter().filter_map(|o| o.share).collect();
        let sum: f64 = stated.iter().sum();
        // Rows without a share take what is left, by their rule.
        let ruled = outputs.iter().any(|o| o.share.is_none() && o.rule.is_some() && o.role != Role::Waste);
        let wrong = if ruled { sum > 1.0 + LIMIT } else { (sum - 1.0).abs() > LIMIT };
        if !stated.is_empty() && wrong {
            let process = park.process(process).label.id.to_string();
            let problem = Problem::SharesNotOne { process, sum: significant(sum, 6) };
            let row = outputs.iter().map(|o| o.row).min().unwrap_or_default();
            found.push(Diagnostic::new(problem, Origin::row("outputs.csv", row).column("share")));
        }
    }
}
