//! Links between the enterprises of the park.

use super::year::{Made, Year};
use crate::diagnostic::Words;
use crate::symbiosis::association::{Missing, association, structure};

/// Exchanges in the park: donor, receiver and carrier, of any kind. Unit: 1.
pub(super) fn exchanges(y: &Year) -> Made {
    if y.rows.is_empty() {
        return Made::none(Words::new(
            "flows.csv has no rows of this year: give those between enterprises",
            "flows.csv 没有该年度的行：请填写企业之间的流",
        ));
    }
    let readings = association(&structure(y.park, y.calendar)).wide;
    Made { value: Ok(readings.exchanges as f64), rows: rows(y), lines: Vec::new() }
}

/// Association degree in reading A (`indicators.md` 3.4): output of the enterprises with at least one link of any kind,
/// in parts of the output of all. Unit: 1.
pub(super) fn association_degree(y: &Year) -> Made {
    let value = association(&structure(y.park, y.calendar)).wide.a.map(|percent| percent / 100.0).map_err(why);
    Made { value, rows: rows(y), lines: Vec::new() }
}

/// The rows between enterprises that make links.
fn rows(y: &Year) -> Vec<usize> {
    let period = crate::quantity::Period::year(y.calendar);
    let member = |node| y.park.owner(node).is_some_and(|e| y.park.enterprise(e).is_member(period));
    let links = y.taken().filter(|(_, f, _)| {
        let moves = f.quantity.is_none_or(|q| q.value != 0.0);
        y.park.is_internal_transfer(f) && moves && member(f.from) && member(f.to)
    });
    links.map(|(i, ..)| i).collect()
}

fn why(missing: Missing) -> Words {
    match missing {
        Missing::NoOutput => Words::new("the output in statistics.csv is 0", "statistics.csv 的 output 为 0"),
        Missing::OutputExceeded => Words::new(
            "linked enterprises put out more than statistics.csv gives for the park: correct its output",
            "有联系的企业产值之和超过 statistics.csv 中园区的 output：请更正",
        ),
        Missing::NotANumber => Words::new("an output in statistics.csv is negative", "statistics.csv 中有负的 output"),
        _ => Words::new(
            "statistics.csv lacks the output of an enterprise: give output for each, or for the park and the linked ones",
            "statistics.csv 缺少企业产值：请为每家企业填写 output，或填写园区及有联系企业的 output",
        ),
    }
}
