//! The solution of a program in the terms of its matching.

use super::assemble::{Assembled, takes};
use super::lp::{NOTHING, Optimum};
use super::{Constraint, Giver, Matching, Plan, Prices, QualityPrice, Taker, Transfer};
use std::collections::BTreeMap;

/// Amounts within [`NOTHING`] of the largest quantity that they are joined with are 0.
fn rounded(optimum: &Optimum) -> Vec<f64> {
    optimum.x.iter().zip(&optimum.size).map(|(&x, size)| if x <= NOTHING * size { 0.0 } else { x }).collect()
}

/// What comes of an optimum. `bound` is the least that the objective can be.
pub(super) fn plan(of: &Matching, program: &Assembled, optimum: &Optimum, bound: f64) -> Plan {
    let x = rounded(optimum);
    let mut passed: BTreeMap<(Giver, Taker), f64> = BTreeMap::new();
    for (way, &x) in program.ways.iter().zip(&x).filter(|(_, x)| **x > 0.0) {
        for link in way.links() {
            *passed.entry(link).or_default() += x;
        }
    }
    let given = |giver: Giver| passed.iter().filter(|(link, _)| link.0 == giver).map(|(_, x)| x).sum::<f64>();
    let taken = |taker: Taker| passed.iter().filter(|(link, _)| link.1 == taker).map(|(_, x)| x).sum::<f64>();
    let left = |(k, source): (usize, &super::Source)| {
        let left = source.quantity - given(Giver::Source(k));
        if left <= NOTHING * source.quantity { 0.0 } else { left }
    };
    let measure = |m: usize| program.constant[m] + program.burdens.iter().zip(&x).map(|(b, x)| b[m] * x).sum::<f64>();
    let measures: Vec<f64> = (0..of.measures.len()).map(measure).collect();
    Plan {
        supplied: (0..of.supplies.len()).map(|k| given(Giver::Supply(k))).collect(),
        left: of.sources.iter().enumerate().map(left).collect(),
        lost: of.pools.iter().enumerate().map(|(k, p)| (1.0 - p.recovery) * taken(Taker::Pool(k))).collect(),
        objective: measures[of.objective],
        bound: (program.constant[of.objective] + bound).min(measures[of.objective]),
        measures,
        prices: prices(of, program, optimum, &x),
        transfers: passed.into_iter().map(|((from, to), amount)| Transfer { from, to, amount }).collect(),
    }
}

fn prices(of: &Matching, program: &Assembled, optimum: &Optimum, x: &[f64]) -> Prices {
    let mut made = Prices {
        source: of.sources.iter().map(|s| s.disposal[of.objective]).collect(),
        demand: vec![0.0; of.sinks.len()],
        supply: vec![0.0; of.supplies.len()],
        capacity: vec![0.0; of.pools.len()],
        pair: vec![0.0; of.pairs.len()],
        quality: Vec::new(),
    };
    let rows = program.limits.iter().zip(&optimum.price).zip(&optimum.money).zip(&program.program.rows);
    for (((limit, &price), money), row) in rows {
        let scale = row.terms.iter().fold(0.0, |most: f64, t| most.max(t.1.abs()));
        let price = if price.abs() * scale <= NOTHING * money { 0.0 } else { price };
        match *limit {
            Some(Constraint::Source(k)) => made.source[k] += price,
            // What is hot enough is a part of the quantity, and grows with it.
            Some(Constraint::Temperature(Giver::Source(k), _)) if of.sources[k].quantity > 0.0 => {
                made.source[k] += price * row.right / of.sources[k].quantity;
            }
            Some(Constraint::Demand(k)) => made.demand[k] += price,
            Some(Constraint::Supply(k)) => made.supply[k] += price,
            Some(Constraint::Capacity(k)) => made.capacity[k] += price,
            Some(Constraint::Pair(from, to)) => {
                if let Some(at) = of.pairs.iter().position(|p| (p.from, p.to) == (from, to)) {
                    made.pair[at] += price;
                }
            }
            Some(limit @ (Constraint::Max(taker, _) | Constraint::Min(taker, _))) => {
                // A limit that rises by one lets through one more for each unit of the mixture.
                let mixture: f64 =
                    program.ways.iter().zip(x).filter(|(way, _)| takes(way, taker)).map(|(_, x)| x).sum();
                let sign = if matches!(limit, Constraint::Max(..)) { 1.0 } else { -1.0 };
                made.quality.push(QualityPrice { limit, of_limit: sign * price * mixture, of_load: price });
            }
            _ => {}
        }
    }
    made
}
