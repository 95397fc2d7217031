//! A matrix of which a few columns are changed, solved with the factors of the old one.

use super::factors::Factors;
use super::small::{SingularUpdate, Small};
use nalgebra::{DMatrix, DVector};
use std::collections::BTreeMap;

/// A changed matrix, by the formula of Sherman, Morrison and Woodbury (see `small`), for right-hand sides that are not known
/// yet. Where they are, [`Counterfactuals`](super::Counterfactuals) does many changes at once.
#[derive(Debug)]
pub struct Update<'a> {
    factors: &'a Factors<'a>,
    /// Row, column and change of each entry.
    changes: Vec<(u32, u32, f64)>,
    columns: Vec<u32>,
    /// Z, column by column.
    moved: Vec<Vec<f64>>,
    small: Small,
}

impl<'a> Update<'a> {
    /// The matrix of `factors` with these changes of entries: row, column, and what is added.
    ///
    /// # Errors
    /// [`SingularUpdate`], if the changed matrix is singular.
    pub fn new(factors: &'a Factors<'a>, changes: &[(u32, u32, f64)]) -> Result<Self, SingularUpdate> {
        let mut of_column: BTreeMap<u32, Vec<f64>> = BTreeMap::new();
        for &(row, column, change) in changes {
            of_column.entry(column).or_insert_with(|| vec![0.0; factors.order()])[row as usize] += change;
        }
        let columns: Vec<u32> = of_column.keys().copied().collect();
        let mut moved: Vec<Vec<f64>> = of_column.into_values().collect();
        for column in &mut moved {
            factors.solve(column);
        }
        let k = columns.len();
        let unit = DMatrix::identity(k, k);
        let moves = DMatrix::from_fn(k, k, |i, j| moved[j][columns[i] as usize]);
        let terms = &unit + moves.abs();
        match Small::new(unit + moves, terms, 4.0 * f64::EPSILON) {
            Some(small) => Ok(Self { factors, changes: changes.to_vec(), columns, moved, small }),
            None => Err(SingularUpdate { columns }),
        }
    }

    /// Solves in place, and once more for what is left; the backward error of the changed matrix: its largest residual
    /// in parts of the largest sum of the sizes of an equation's terms. Above about 1e-10 the change is no small one:
    /// factorise anew.
    pub fn solve(&self, b: &mut [f64]) -> f64 {
        let right = b.to_vec();
        self.apply(b);
        let mut rest = vec![0.0; b.len()];
        self.residual(b, &right, &mut rest);
        self.apply(&mut rest);
        for (x, more) in b.iter_mut().zip(&rest) {
            *x += more;
        }
        self.residual(b, &right, &mut rest)
    }

    fn apply(&self, b: &mut [f64]) {
        self.factors.solve(b);
        if self.columns.is_empty() {
            return;
        }
        let at = DVector::from_iterator(self.columns.len(), self.columns.iter().map(|&column| b[column as usize]));
        let shares = self.small.solve(&at);
        for (moved, share) in self.moved.iter().zip(shares.iter()) {
            for (x, z) in b.iter_mut().zip(moved) {
                *x -= share * z;
            }
        }
    }

    /// What is left of `right`, and the backward error.
    fn residual(&self, x: &[f64], right: &[f64], rest: &mut [f64]) -> f64 {
        let mut sizes: Vec<f64> = right.iter().map(|b| b.abs()).collect();
        rest.copy_from_slice(right);
        let mut take = |row: usize, term: f64| {
            rest[row] -= term;
            sizes[row] += term.abs();
        };
        self.factors.for_each(|row, column, value| take(row, value * x[column]));
        for &(row, column, change) in &self.changes {
            take(row as usize, change * x[column as usize]);
        }
        let largest =
            |list: &[f64]| list.iter().fold(0.0, |most: f64, v| if v.is_nan() { *v } else { most.max(v.abs()) });
        let most = largest(rest);
        if most == 0.0 { 0.0 } else { most / largest(&sizes) }
    }
}
