//! A park statistic against the sum over its enterprises; deflators of one base.

use crate::diagnostic::{Diagnostic, Diagnostics, Origin, Problem};
use crate::park::{DEFLATOR, Park, Subject, deflator_base};
use crate::quantity::significant;

/// Agreement that rounding explains.
const LIMIT: f64 = 0.005;

pub(super) fn check(park: &Park, found: &mut Diagnostics) {
    deflators(park, found);
    // Shares and indexes do not add up.
    let summed = park.statistics.iter().filter(|s| *s.item != *DEFLATOR);
    for statistic in summed.filter(|s| s.subject == Subject::Park) {
        let parts = park.statistics.iter().filter(|s| {
            s.item == statistic.item && s.period == statistic.period && matches!(s.subject, Subject::Enterprise(_))
        });
        let values: Vec<f64> = parts.map(|s| s.value).collect();
        // Only a complete list can be compared.
        if values.len() != park.enterprises.len() {
            continue;
        }
        let sum: f64 = values.iter().sum();
        if (sum - statistic.value).abs() > LIMIT * sum.abs().max(statistic.value.abs()) {
            let unit = statistic.printed.split_once(' ').map_or("", |p| p.1);
            let scale = crate::quantity::Unit::parse(unit).map_or(1.0, |u| u.scale);
            let problem = Problem::StatisticDisagrees {
                item: statistic.item.to_string(),
                park: statistic.printed.clone(),
                sum: format!("{} {unit}", significant(sum / scale, 8)),
            };
            found.push(Diagnostic::new(problem, Origin::row("statistics.csv", statistic.row).column("value")));
        }
    }
}

/// The deflators of a subject are all of one base: the first that does not fit those before it is told.
fn deflators(park: &Park, found: &mut Diagnostics) {
    // Statistics stand in the order of subject and period.
    for rows in park.statistics.chunk_by(|a, b| a.subject == b.subject) {
        let rows: Vec<_> = rows.iter().filter(|s| *s.item == *DEFLATOR).collect();
        let values: Vec<f64> = rows.iter().map(|s| s.value).collect();
        let misfit = (1..=values.len()).find(|&n| deflator_base(&values[..n]).is_none());
        let Some(row) = misfit.and_then(|n| rows.get(n - 1)) else { continue };
        let value = row.printed.strip_suffix(" 1").unwrap_or(&row.printed);
        let problem = Problem::DeflatorMisfit { value: value.to_owned() };
        found.push(Diagnostic::new(problem, Origin::row("statistics.csv", row.row).column("value")).found(value));
    }
}
