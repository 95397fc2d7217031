//! A park statistic against the sum over its enterprises.

use crate::diagnostic::{Diagnostic, Diagnostics, Origin, Problem};
use crate::park::{Park, Subject};
use crate::quantity::significant;

/// Agreement that rounding explains.
const LIMIT: f64 = 0.005;

pub(super) fn check(park: &Park, found: &mut Diagnostics) {
    for statistic in park.statistics.iter().filter(|s| s.subject == Subject::Park) {
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
