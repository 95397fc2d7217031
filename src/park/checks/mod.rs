//! Checks across rows: one named check a file, each usable alone.

mod exchanges;
mod intensity_basis;
mod levels;
mod membership;
mod meters;
mod months;
mod outputs;
mod reports;
mod statistics;
mod steam;
mod unmeasured;

pub use meters::Comparison;
pub use meters::compare as compare_meters;

use super::Park;
use crate::diagnostic::Diagnostics;

/// Runs every check of a park.
#[must_use]
pub fn all(park: &Park) -> Diagnostics {
    let mut found = Diagnostics::default();
    for check in [
        exchanges::check,
        intensity_basis::check,
        levels::check,
        membership::check,
        meters::check,
        months::check,
        outputs::check,
        reports::check,
        statistics::check,
        steam::check,
        unmeasured::check,
    ] {
        check(park, &mut found);
    }
    found
}
