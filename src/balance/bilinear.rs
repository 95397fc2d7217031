//! Equations with products of two variables: a flow times a composition, a temperature or a split fraction.
//!
//! Successive linearisation (J. C. Knepper and J. W. Gorman, `AIChE` Journal 26 (1980) 260–264): each equation is replaced by
//! its tangent at the last estimate, the measurements are reconciled anew, and so on until no value moves. Each step starts from
//! the measurements, not from the last estimate, so that what it ends in is the weighted least squares of the equations as
//! they are.

use super::linear::Rows;
use super::wls::{Contradiction, Estimate, Measured, Problem, reconcile};

/// Steps after which it is given up.
const STEPS: usize = 100;

/// A value has settled when it moves by no more than this part of itself,
const SETTLED: f64 = 1e-10;
/// or of its standard deviation,
const OF_DEVIATION: f64 = 1e-6;
/// or, where it is small beside others, of the largest of all.
const OF_LARGEST: f64 = 1e-13;

/// A term `a x y`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Product {
    /// In which equation.
    pub row: u32,
    /// The variables.
    pub variables: (u32, u32),
    /// Its coefficient.
    pub value: f64,
}

/// Variables and equations with products.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Bilinear {
    /// What is known of each variable.
    pub measured: Vec<Option<Measured>>,
    /// Where an unmeasured variable is sought first; 1 where nothing is said.
    pub start: Vec<Option<f64>>,
    /// The linear terms and the right sides of all equations.
    pub rows: Rows,
    /// The products.
    pub products: Vec<Product>,
}

/// Why there is no estimate.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum BilinearError {
    /// Exact values contradict each other.
    #[error(transparent)]
    Contradiction(#[from] Contradiction),
    /// The estimates do not settle.
    #[error("no estimate after {0} linearisations: the values still move")]
    Unsettled(usize),
}

/// Reconciles; the tests and deviations of the estimate are those of the last linearisation. The number of steps beside it.
///
/// # Errors
/// [`BilinearError`].
pub fn reconcile_bilinear(problem: &Bilinear) -> Result<(Estimate, usize), BilinearError> {
    let start = |k: usize| problem.start.get(k).copied().flatten().unwrap_or(1.0);
    let mut at: Vec<f64> =
        problem.measured.iter().enumerate().map(|(k, m)| m.map_or_else(|| start(k), |m| m.value)).collect();
    for step in 1..=STEPS {
        let estimate = reconcile(&tangent(problem, &at))?;
        let largest = estimate.x.iter().flatten().fold(0.0, |most: f64, x| most.max(x.abs()));
        let mut settled = true;
        for (k, at) in at.iter_mut().enumerate() {
            // What nothing determines stays where it is.
            let Some(x) = estimate.x[k] else { continue };
            let sd = problem.measured[k].map_or(0.0, |m| m.sd);
            let little = (SETTLED * x.abs()).max(OF_DEVIATION * sd).max(OF_LARGEST * largest);
            settled &= (x - *at).abs() <= little;
            *at = x;
        }
        if settled {
            return Ok((estimate, step));
        }
    }
    Err(BilinearError::Unsettled(STEPS))
}

/// The equations with each product `a x y` replaced by its tangent `a (y₀ x + x₀ y − x₀ y₀)`.
fn tangent(problem: &Bilinear, at: &[f64]) -> Problem {
    let rows = &problem.rows;
    let mut more: Vec<Vec<(u32, f64)>> = vec![Vec::new(); rows.len()];
    let mut right: Vec<f64> = (0..rows.len()).map(|row| rows.right(row)).collect();
    for &Product { row, variables: (x, y), value } in &problem.products {
        let (x_at, y_at) = (at[x as usize], at[y as usize]);
        more[row as usize].extend([(x, value * y_at), (y, value * x_at)]);
        right[row as usize] += value * x_at * y_at;
    }
    let mut made = Rows::default();
    for (row, more) in more.into_iter().enumerate() {
        made.push(rows.terms(row).iter().copied().chain(more), right[row]);
    }
    Problem { measured: problem.measured.clone(), rows: made }
}
