//! A year given beside its months must agree with them.

use super::meters::{amount, mixed_dimensions};
use crate::diagnostic::{Diagnostics, Problem};
use crate::park::{CarrierId, Flow, Node, Park, Use};
use std::collections::{BTreeMap, BTreeSet};

/// Agreement that rounding of monthly figures explains.
const LIMIT: f64 = 0.001;

/// Agreement between two meters without stated uncertainty, as in `meters`.
const OTHER_METER: f64 = 0.02;

pub(super) fn check(park: &Park, found: &mut Diagnostics) {
    let checks = &park.observations.yearly_checks;
    if checks.is_empty() {
        return;
    }
    let key = |i: usize| key(park, i);
    // Several yearly rows of one flow are deliveries: they add up before they are compared.
    let mut years: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for &i in checks {
        years.entry(key(i)).or_default().push(i);
    }
    let mut months: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (i, flow) in park.flows.iter().enumerate() {
        if flow.period.month.is_some() && flow.quantity.is_some() && years.contains_key(&key(i)) {
            months.entry(key(i)).or_default().push(i);
        }
    }
    for (key, rows) in years {
        let mut months = months.remove(&key).unwrap_or_default();
        // The months of the same observer, where it has some; else another's meter read them.
        let observer = park.flows[rows[0]].observer;
        let same: Vec<usize> = months.iter().copied().filter(|&i| park.flows[i].observer == observer).collect();
        let limit = if same.is_empty() { OTHER_METER } else { LIMIT };
        if !same.is_empty() {
            months = same;
        }
        let flows = |list: &[usize]| list.iter().map(|&i| &park.flows[i]).collect::<Vec<&Flow>>();
        let (year, months) = (flows(&rows), flows(&months));
        if let Some(units) = mixed_dimensions(year.iter().chain(&months).copied()) {
            found.push(park.flow_problem(year[0], "unit", Problem::NotComparable { units }));
            continue;
        }
        let total = |list: &[&Flow]| list.iter().map(|f| f.quantity.map(|q| q.value)).sum::<Option<f64>>();
        let given: BTreeSet<u8> = months.iter().filter_map(|f| f.period.month).collect();
        let (Some(year), Some(sum)) = (total(&year), total(&months)) else { continue };
        let larger = year.abs().max(sum.abs());
        if (year - sum).abs() <= limit * larger {
            continue;
        }
        let flow = &park.flows[rows[0]];
        let show = |v: f64| amount(flow, v, 8);
        let difference = if year == 0.0 { 100.0 } else { (sum / year - 1.0) * 100.0 };
        let problem =
            Problem::YearMonthsDisagree { year: show(year), months: show(sum), count: given.len(), difference };
        found.push(park.flow_problem(flow, "quantity", problem));
    }
}

/// What a year and its months have in common; a level of a stock has the time at which it was read.
fn key(park: &Park, i: usize) -> (u16, Node, Node, CarrierId, Use, Option<u32>) {
    let f = &park.flows[i];
    (f.period.year, f.from, f.to, f.carrier, f.usage, f.level().map(|level| level.at))
}
