//! Added value must be positive for an intensity to exist.

use crate::diagnostic::{Diagnostic, Diagnostics, Origin, Problem};
use crate::park::{Park, Subject};

pub(super) fn check(park: &Park, found: &mut Diagnostics) {
    let bad = park.statistics.iter().filter(|s| s.item.starts_with("iav") && s.value <= 0.0);
    for statistic in bad {
        let subject = match &statistic.subject {
            Subject::Park => park.label.id.to_string(),
            Subject::Sector(code) => code.to_string(),
            Subject::Enterprise(e) => park.enterprise(*e).label.id.to_string(),
        };
        let origin = Origin::row("statistics.csv", statistic.row).column("value");
        let problem = Problem::IavNotPositive { subject, value: statistic.printed.clone() };
        found.push(Diagnostic::new(problem, origin).found(statistic.printed.clone()));
    }
}
