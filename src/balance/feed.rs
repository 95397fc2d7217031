//! Reconciled flows for the inventory, where the park chooses them.

use super::assembly::{Variable, alike};
use super::run::Balance;
use crate::park::{Flow, Park, Reconciled};
use crate::quantity::{Quantity, significant};

/// The park with the best value of each flow, found without the meters that are likely wrong, in all rows that read it; rows without a
/// quantity that follow from others get one. What the row states is kept beside it. A best value below 0 is not taken.
#[must_use]
pub fn feed(park: &Park, balance: &Balance) -> Park {
    let mut fed = park.clone();
    let mut done = Reconciled::default();
    for year in &balance.years {
        for (variable, best) in year.assembly.variables.iter().zip(&year.elimination.x) {
            let Some(best) = *best else { continue };
            if best < 0.0 {
                done.negative += variable.rows.len().max(1);
            } else if let Some(measured) = variable.measured {
                move_rows(&mut fed, variable, best, measured.value, &mut done);
            } else if park.flows[variable.flow].quantity.is_none() {
                let like = alike(park, &park.flows[variable.flow]);
                let like = like.filter(|f| f.quantity.is_some_and(|q| q.dimension == variable.dimension));
                done.solved += usize::from(solve_row(&mut fed.flows[variable.flow], best, like));
            }
        }
    }
    fed.reconciled = Some(done);
    fed
}

/// Moves the rows of a reading in proportion, so that they add up to the best value.
fn move_rows(fed: &mut Park, variable: &Variable, best: f64, stated: f64, done: &mut Reconciled) {
    // Rounding is no correction; nothing can be shared out in proportion to nothing.
    if stated == 0.0 || (best - stated).abs() <= 1e-9 * stated.abs() {
        return;
    }
    let by = best / stated;
    done.largest = done.largest.max((by - 1.0).abs());
    for &row in &variable.rows {
        let flow = &mut fed.flows[row];
        let Some(quantity) = &mut flow.quantity else { continue };
        quantity.value *= by;
        let printed = significant(quantity.value / flow.scale, 9);
        flow.measured = Some(std::mem::replace(&mut flow.printed.0, printed.into()));
        done.moved += 1;
    }
}

/// Gives a row the value that was solved for, in the unit and basis of another; whether that could be done.
fn solve_row(flow: &mut Flow, best: f64, like: Option<&Flow>) -> bool {
    let Some((like, quantity)) = like.and_then(|like| Some((like, like.quantity?))) else { return false };
    flow.quantity = Some(Quantity { value: best, ..quantity });
    flow.scale = like.scale;
    let printed = significant(best / like.scale, 9).into();
    flow.measured = Some(std::mem::replace(&mut flow.printed.0, printed));
    flow.printed.1 = like.printed.1.clone();
    true
}
