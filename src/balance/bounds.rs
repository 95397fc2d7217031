//! Flows that cannot be negative.
//!
//! An active set: values that come out negative are held at 0, and let go again when their multiplier says that the sum of
//! squares falls with them. What it ends in fulfils the conditions of Karush, Kuhn and Tucker, which for this convex problem
//! are those of the minimum (J. Nocedal and S. J. Wright, "Numerical Optimization", 2006, chapter 16).

use super::wls::{Class, Contradiction, Estimate, Measured, Problem, reconcile};

/// Changes of the set after which it is given up.
const CHANGES: usize = 200;

/// After so many changes only one value is changed at a time, so that the set cannot go round in circles.
const BY_ONE: usize = 50;

/// Why there is no estimate.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum BoundsError {
    /// Exact values contradict each other, or no values of this sign fulfil the equations.
    #[error(transparent)]
    Contradiction(#[from] Contradiction),
    /// The set of values at 0 does not settle.
    #[error("the set of flows at zero does not settle after {0} changes")]
    Unsettled(usize),
}

/// Reconciles with some variables not below 0; says which of them are held at 0.
///
/// # Errors
/// [`BoundsError`].
pub fn reconcile_bounded(problem: &Problem, not_negative: &[bool]) -> Result<(Estimate, Vec<u32>), BoundsError> {
    let mut held = vec![false; problem.measured.len()];
    let bounded = |k: usize| not_negative.get(k).copied().unwrap_or_default();
    for change in 0..CHANGES {
        let mut measured = problem.measured.clone();
        for (measured, _) in measured.iter_mut().zip(&held).filter(|(_, held)| **held) {
            *measured = Some(Measured { value: 0.0, sd: 0.0 });
        }
        let mut estimate = reconcile(&Problem { measured, rows: problem.rows.clone() })?;
        let of = &estimate.reduced;
        // How far a free value is below 0, and how the sum of squares falls with a held one, in units that compare.
        let wrong = |k: usize| {
            let sd = problem.measured[k].map_or(0.0, |m| m.sd);
            match (held[k], estimate.x[k]) {
                (false, Some(x)) if bounded(k) => -x - 1e-12 * sd,
                (true, _) => {
                    let pull = of.columns.times(k, &of.multipliers);
                    match problem.measured[k] {
                        Some(m) if m.sd > 0.0 => m.value - pull * m.sd * m.sd - 1e-9 * m.sd,
                        _ => -pull - 1e-12,
                    }
                }
                _ => -1.0,
            }
        };
        let list: Vec<(usize, f64)> = (0..held.len()).map(|k| (k, wrong(k))).filter(|w| w.1 > 0.0).collect();
        if list.is_empty() {
            let at_zero: Vec<u32> = (0..held.len()).filter(|&k| held[k]).map(|k| k as u32).collect();
            for &k in &at_zero {
                let unmeasured = problem.measured[k as usize].is_none();
                estimate.class[k as usize] = if unmeasured { Class::Observable } else { Class::Redundant };
            }
            estimate.chi2 += at_zero.iter().filter_map(|&k| problem.measured[k as usize]).map(squares).sum::<f64>();
            return Ok((estimate, at_zero));
        }
        if change < BY_ONE {
            for &(k, _) in &list {
                held[k] = !held[k];
            }
        } else if let Some(&(k, _)) = list.first() {
            held[k] = !held[k];
        }
    }
    Err(BoundsError::Unsettled(CHANGES))
}

/// The square of a correction to 0 in standard deviations.
fn squares(of: Measured) -> f64 {
    if of.sd > 0.0 { (of.value / of.sd).powi(2) } else { 0.0 }
}
