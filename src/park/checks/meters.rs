//! Seller's and buyer's meter of one flow.

use crate::diagnostic::{Diagnostics, Problem};
use crate::park::{Flow, Park};
use crate::quantity::{Dimension, significant};
use std::collections::BTreeMap;

/// Readings further apart than this, without stated uncertainty, are a finding.
const LIMIT: f64 = 0.02;

/// Chi-square with one degree of freedom above which two readings disagree at
/// the 95 % level (quantile 0.95 of the distribution).
const CHI2_95: f64 = 3.841_458_820_694_124;

/// Two readings of one quantity, combined.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Comparison {
    /// The best value: mean weighted by inverse variance.
    pub best: f64,
    /// Standard deviation of the best value.
    pub sd: f64,
    /// Chi-square of the difference, one degree of freedom.
    pub chi2: f64,
    /// Probability of a difference at least as large.
    pub p: f64,
}

/// Combines two measurements `(value, standard deviation)` by inverse variance
/// (weighted least squares with one constraint; Narasimhan and Jordache 2000,
/// chapter 3).
#[must_use]
pub fn compare(a: (f64, f64), b: (f64, f64)) -> Comparison {
    let (va, vb) = (a.1 * a.1, b.1 * b.1);
    let best = (a.0 * vb + b.0 * va) / (va + vb);
    let chi2 = (a.0 - b.0) * (a.0 - b.0) / (va + vb);
    // With one degree of freedom the upper tail of chi-square is erfc(sqrt(x/2)).
    let p = libm::erfc((chi2 / 2.0).sqrt());
    Comparison { best, sd: (va * vb / (va + vb)).sqrt(), chi2, p }
}

pub(super) fn check(park: &Park, found: &mut Diagnostics) {
    for readings in park.observations.groups() {
        let (Some(&seller), Some(&buyer)) = (readings.seller.first(), readings.buyer.first()) else { continue };
        let rows = || readings.seller.iter().chain(readings.buyer).map(|&i| &park.flows[i]);
        let flow = &park.flows[buyer];
        if let Some(units) = mixed_dimensions(rows()) {
            found.push(park.flow_problem(flow, "unit", Problem::NotComparable { units }));
            continue;
        }
        let (Some(sold), Some(bought)) = (total(park, readings.seller), total(park, readings.buyer)) else {
            continue;
        };
        let larger = sold.0.abs().max(bought.0.abs());
        if larger == 0.0 {
            continue;
        }
        // Without stated uncertainty the limit of 2 % is taken as the 95 % half-width of the difference.
        let assumed = LIMIT * larger / CHI2_95.sqrt() / std::f64::consts::SQRT_2;
        let sd = |reading: (f64, Option<f64>)| (reading.0, reading.1.unwrap_or(assumed));
        let result = compare(sd(sold), sd(bought));
        if result.chi2 <= CHI2_95 {
            continue;
        }
        let show = |value: f64| amount(flow, value, 6);
        let problem = Problem::MetersDisagree {
            seller: show(sold.0),
            seller_row: park.flows[seller].row,
            buyer: show(bought.0),
            difference: if sold.0 == 0.0 { 100.0 } else { (bought.0 / sold.0 - 1.0) * 100.0 },
            best: show(result.best),
            chi2: result.chi2,
            p: result.p,
        };
        found.push(park.flow_problem(flow, "quantity", problem));
    }
}

/// The units of rows that measure in different dimensions, if they do.
pub(super) fn mixed_dimensions<'a>(rows: impl Iterator<Item = &'a Flow>) -> Option<String> {
    let mut units: BTreeMap<Dimension, &str> = BTreeMap::new();
    for flow in rows {
        if let Some(quantity) = flow.quantity {
            units.insert(quantity.dimension, &flow.printed.1);
        }
    }
    (units.len() > 1).then(|| units.into_values().collect::<Vec<_>>().join(", "))
}

/// Sum of the rows and its standard deviation, if every row has one.
fn total(park: &Park, rows: &[usize]) -> Option<(f64, Option<f64>)> {
    let flows: Vec<&Flow> = rows.iter().map(|&i| &park.flows[i]).collect();
    let mut sum = 0.0;
    for flow in &flows {
        sum += flow.quantity?.value;
    }
    let variance: Option<f64> = flows.iter().map(|f| f.sd.map(|sd| sd * sd)).sum();
    (!flows.is_empty()).then_some((sum, variance.filter(|v| *v > 0.0).map(f64::sqrt)))
}

/// A canonical value in the unit that a row was printed in.
pub(super) fn amount(flow: &Flow, value: f64, digits: usize) -> String {
    format!("{} {}", significant(value / flow.scale, digits), flow.printed.1)
}
