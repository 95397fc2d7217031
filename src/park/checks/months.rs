//! A year given beside its months must agree with them.

use crate::diagnostic::{Diagnostic, Diagnostics, Problem};
use crate::park::Park;
use crate::quantity::significant;
use std::collections::BTreeMap;

/// Agreement that rounding of monthly figures explains.
const LIMIT: f64 = 0.001;

pub(super) fn check(park: &Park, found: &mut Diagnostics) {
    let checks = &park.observations.yearly_checks;
    if checks.is_empty() {
        return;
    }
    let key = |i: usize| {
        let f = &park.flows[i];
        (f.period.year, f.from, f.to, f.carrier, f.usage, f.observer)
    };
    // Several yearly rows of one flow are deliveries: they add up before they are compared.
    let mut years: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for &i in checks {
        years.entry(key(i)).or_default().push(i);
    }
    let mut months: BTreeMap<_, (f64, Vec<u8>)> = BTreeMap::new();
    for (i, flow) in park.flows.iter().enumerate() {
        if let (Some(month), Some(q)) = (flow.period.month, flow.quantity)
            && years.contains_key(&key(i))
        {
            let entry = months.entry(key(i)).or_default();
            entry.0 += q.value;
            entry.1.push(month);
        }
    }
    for (key, rows) in years {
        let Some(year) = rows.iter().map(|&i| park.flows[i].quantity.map(|q| q.value)).sum::<Option<f64>>() else {
            continue;
        };
        let (sum, mut given) = months.remove(&key).unwrap_or_default();
        given.sort_unstable();
        given.dedup();
        let larger = year.abs().max(sum.abs());
        if (year - sum).abs() <= LIMIT * larger {
            continue;
        }
        let flow = &park.flows[rows[0]];
        let scale = crate::quantity::Unit::parse(&flow.printed.1).map_or(1.0, |u| u.scale);
        let show = |v: f64| format!("{} {}", significant(v / scale, 8), flow.printed.1);
        let difference = if year == 0.0 { 100.0 } else { (sum / year - 1.0) * 100.0 };
        let problem =
            Problem::YearMonthsDisagree { year: show(year), months: show(sum), count: given.len(), difference };
        found.push(Diagnostic::new(problem, park.flow_origin(flow).column("quantity")).found(&*flow.printed.0));
    }
}
