//! Flows that cannot be negative.
//!
//! An interior-point method (clarabel) finds which flows lie at 0; with these held there the others are reconciled as ever, so
//! that values, tests and deviations have all their digits. What comes out is not negative, closes, and has the sum of squares
//! that the interior-point method has found to be the least.

use super::wls::{Class, Contradiction, Estimate, Measured, Problem, reconcile};
use clarabel::algebra::CscMatrix;
use clarabel::solver::{DefaultSettingsBuilder, DefaultSolver, IPSolver, SolverStatus, SupportedConeT};

/// A value that is negative by no more than this part of the largest is 0.
const NOTHING: f64 = 1e-11;

/// The interior-point method finds the sum of squares to this part of it.
const FOUND: f64 = 1e-6;

/// Times that the set is mended.
const MENDED: usize = 20;

/// Why there is no estimate.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum BoundsError {
    /// Exact values contradict each other.
    #[error(transparent)]
    Contradiction(#[from] Contradiction),
    /// No values of this sign fulfil the equations.
    #[error("no flows that are not negative fulfil the equations")]
    Infeasible,
    /// Numbers do not tell which flows lie at 0.
    #[error("it cannot be told which flows lie at zero")]
    Unsettled,
}

/// Reconciles with some variables not below 0; says which of them are held at 0.
///
/// # Errors
/// [`BoundsError`].
pub fn reconcile_bounded(problem: &Problem, not_negative: &[bool]) -> Result<(Estimate, Vec<u32>), BoundsError> {
    let free = reconcile(problem)?;
    let bounded = |k: usize| not_negative.get(k).copied().unwrap_or_default();
    let size = |x: &[Option<f64>]| x.iter().flatten().fold(0.0, |most: f64, x| most.max(x.abs()));
    let least = -NOTHING * size(&free.x);
    if (0..problem.measured.len()).all(|k| !bounded(k) || free.x[k].is_none_or(|x| x >= least)) {
        return Ok((free, Vec::new()));
    }
    let (mut held, found) = at_zero(problem, &bounded)?;
    for _ in 0..MENDED {
        let mut measured = problem.measured.clone();
        for (measured, _) in measured.iter_mut().zip(&held).filter(|(_, held)| **held) {
            *measured = Some(Measured { value: 0.0, sd: 0.0 });
        }
        let mut estimate = reconcile(&Problem { measured, rows: problem.rows.clone() })?;
        let least = -NOTHING * size(&estimate.x).max(size(&free.x));
        let below = |k: &usize| !held[*k] && bounded(*k) && estimate.x[*k].is_some_and(|x| x < least);
        let negative: Vec<usize> = (0..held.len()).filter(below).collect();
        if !negative.is_empty() {
            for k in negative {
                held[k] = true;
            }
            continue;
        }
        let at_zero: Vec<u32> = (0..held.len()).filter(|&k| held[k]).map(|k| k as u32).collect();
        estimate.chi2 += at_zero.iter().filter_map(|&k| problem.measured[k as usize]).map(squares).sum::<f64>();
        if estimate.chi2 > found + FOUND * (1.0 + found) {
            // One is held too many: that whose rise lessens the sum most.
            let of = &estimate.reduced;
            let gain = |k: &u32| {
                let number = of.projection.numbering.of(*k as usize);
                let pull = number.map_or(0.0, |number| of.columns.times(number, &of.multipliers));
                let sd = problem.measured[*k as usize];
                sd.filter(|m| m.sd > 0.0).map_or(-pull, |m| m.value / m.sd - pull * m.sd)
            };
            let Some(&most) = at_zero.iter().max_by(|a, b| gain(a).total_cmp(&gain(b))) else { break };
            held[most as usize] = false;
            continue;
        }
        for &k in &at_zero {
            let unmeasured = problem.measured[k as usize].is_none();
            estimate.class[k as usize] = if unmeasured { Class::Observable } else { Class::Redundant };
        }
        return Ok((estimate, at_zero));
    }
    Err(BoundsError::Unsettled)
}

/// Which variables lie at 0 in the bounded minimum of `Σ ((x − y)/s)²`, each measured by its standard deviation; and that
/// minimum.
fn at_zero(problem: &Problem, bounded: &impl Fn(usize) -> bool) -> Result<(Vec<bool>, f64), BoundsError> {
    let n = problem.measured.len();
    let largest = problem.measured.iter().flatten().fold(0.0, |most: f64, m| most.max(m.value.abs()));
    let uncertain = |k: usize| problem.measured[k].filter(|m| m.sd > 0.0);
    let scale: Vec<f64> =
        (0..n).map(|k| uncertain(k).map_or(if largest > 0.0 { largest } else { 1.0 }, |m| m.sd)).collect();
    let known: Vec<usize> = (0..n).filter(|&k| uncertain(k).is_some()).collect();
    let ones = vec![1.0; known.len()];
    let p = CscMatrix::new_from_triplets(n, n, known.clone(), known, ones);
    let q: Vec<f64> = (0..n).map(|k| uncertain(k).map_or(0.0, |m| -m.value / m.sd)).collect();

    // Equations, then exact values, then bounds; each equation by its largest coefficient.
    let (mut rows, mut columns, mut values, mut right) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut add = |terms: &[(u32, f64)], b: f64| {
        let size = terms.iter().fold(0.0, |most: f64, t| most.max((t.1 * scale[t.0 as usize]).abs()));
        let by = if size > 0.0 { 1.0 / size } else { 1.0 };
        for &(k, a) in terms {
            rows.push(right.len());
            columns.push(k as usize);
            values.push(a * scale[k as usize] * by);
        }
        right.push(b * by);
    };
    for row in 0..problem.rows.len() {
        add(problem.rows.terms(row), problem.rows.right(row));
    }
    for k in 0..n {
        if let Some(exact) = problem.measured[k].filter(|m| m.sd == 0.0) {
            add(&[(k as u32, 1.0)], exact.value);
        }
    }
    let bounds: Vec<usize> = (0..n).filter(|&k| bounded(k)).collect();
    for &k in &bounds {
        add(&[(k as u32, -1.0)], 0.0);
    }
    let equations = right.len() - bounds.len();
    let a = CscMatrix::new_from_triplets(right.len(), n, rows, columns, values);
    let cones = [SupportedConeT::ZeroConeT(equations), SupportedConeT::NonnegativeConeT(bounds.len())];
    let settings = DefaultSettingsBuilder::default()
        .verbose(false)
        .max_threads(1)
        .tol_gap_abs(1e-12)
        .tol_gap_rel(1e-12)
        .tol_feas(1e-11)
        .build();
    let settings = settings.map_err(|_| BoundsError::Unsettled)?;
    let mut solver = DefaultSolver::new(&p, &q, &a, &right, &cones, settings).map_err(|_| BoundsError::Unsettled)?;
    solver.solve();
    match solver.solution.status {
        // With such limits the last step may be too short to count: what was found is checked by what it costs.
        SolverStatus::Solved | SolverStatus::AlmostSolved | SolverStatus::InsufficientProgress => {}
        SolverStatus::PrimalInfeasible | SolverStatus::AlmostPrimalInfeasible => return Err(BoundsError::Infeasible),
        _ => return Err(BoundsError::Unsettled),
    }
    // Of a bound, either the slack or the multiplier goes to 0.
    let mut held = vec![false; n];
    for (at, k) in bounds.into_iter().enumerate() {
        held[k] = solver.solution.s[equations + at] < solver.solution.z[equations + at];
    }
    let z = &solver.solution.x;
    let squares = (0..n).filter_map(|k| uncertain(k).map(|m| (z[k] - m.value / m.sd).powi(2)));
    Ok((held, squares.sum()))
}

/// The square of a correction to 0 in standard deviations.
fn squares(of: Measured) -> f64 {
    if of.sd > 0.0 { (of.value / of.sd).powi(2) } else { 0.0 }
}
