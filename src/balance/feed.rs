//! Reconciled flows for the inventory, where the park chooses them.

use super::assembly::{Reader, Variable, alike};
use super::run::Balance;
use crate::park::{Flow, Park, Reconciled, Stated};
use crate::quantity::{Quantity, significant};

/// A correction, or a value below 0, of no more than this part of the flow is rounding.
const ROUNDING: f64 = 1e-9;

/// The park with the best value of each flow, found without the meters that are likely wrong, in all rows that read it; rows
/// without a quantity that follow from others get one. What the row states is kept beside it. A best value below 0 is not taken.
#[must_use]
pub fn feed(park: &Park, balance: &Balance) -> Park {
    let mut fed = park.clone();
    let mut done = Reconciled::default();
    for year in &balance.years {
        for (k, variable) in year.assembly.variables.iter().enumerate() {
            let Some(best) = year.elimination.x[year.assembly.best_of(k)] else { continue };
            if variable.reader == Reader::Group {
                continue;
            }
            let size = variable.reading().map_or(0.0, |m| m.value.abs().max(m.sd));
            if best < -ROUNDING * size {
                done.negative += variable.rows.len().max(1);
            } else if let Some(measured) = variable.measured {
                move_rows(&mut fed, variable, best.max(0.0), measured.value, &mut done);
            } else if park.flows[variable.flow].quantity.is_none() {
                let like = alike(park, &park.flows[variable.flow]);
                let like = like.filter(|f| f.quantity.is_some_and(|q| q.dimension == variable.dimension));
                done.solved += usize::from(solve_row(&mut fed.flows[variable.flow], best.max(0.0), like));
            }
        }
    }
    fed.reconciled = Some(done);
    fed
}

/// The park as its rows state it.
#[must_use]
pub fn stated(park: &Park) -> Park {
    let mut made = Park { reconciled: None, ..park.clone() };
    for flow in &mut made.flows {
        if let Some(stated) = flow.stated.take() {
            (flow.quantity, flow.printed, flow.scale) = (stated.quantity, stated.printed, stated.scale);
        }
    }
    made
}

/// Puts another value in the place of what a row states.
fn put(flow: &mut Flow, quantity: Quantity, (scale, unit): (f64, std::sync::Arc<str>)) {
    let printed = (significant(quantity.value / scale, 9).into(), unit);
    flow.stated = Some(Box::new(Stated {
        quantity: flow.quantity.replace(quantity),
        printed: std::mem::replace(&mut flow.printed, printed),
        scale: std::mem::replace(&mut flow.scale, scale),
    }));
}

/// Moves the rows of a reading in proportion, so that they add up to the best value; those of a dead meter, which have none,
/// take equal parts.
fn move_rows(fed: &mut Park, variable: &Variable, best: f64, stated: f64, done: &mut Reconciled) {
    if (best - stated).abs() <= ROUNDING * best.max(stated.abs()) {
        return;
    }
    for &row in &variable.rows {
        let flow = &mut fed.flows[row];
        let Some(quantity) = flow.quantity else { continue };
        let value = if stated == 0.0 {
            // What is measured in another unit counts by its energy: nothing tells how much of it there is.
            if quantity.dimension != variable.dimension {
                continue;
            }
            best / variable.rows.len() as f64
        } else {
            done.largest = done.largest.max((best / stated - 1.0).abs());
            quantity.value * (best / stated)
        };
        let unit = (flow.scale, flow.printed.1.clone());
        put(flow, Quantity { value, ..quantity }, unit);
        done.moved += 1;
    }
}

/// Gives a row the value that was solved for, in the unit and basis of another; whether that could be done.
fn solve_row(flow: &mut Flow, best: f64, like: Option<&Flow>) -> bool {
    let Some((like, quantity)) = like.and_then(|like| Some((like, like.quantity?))) else { return false };
    put(flow, Quantity { value: best, ..quantity }, (like.scale, like.printed.1.clone()));
    true
}
