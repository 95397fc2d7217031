//! Many right-hand sides of one system, and many systems of one pattern, as the rows of arrays.

use super::factors::{Analysis, SingularBlock};
use super::lanes::{LANES, Lanes, Number};
use super::runs::TRUSTED;
use super::symbolic::{Refactored, Symbolic};
use ndarray::{Array2, ArrayView2, Axis};
use rayon::prelude::*;

/// Solutions of many systems.
#[derive(Debug, Clone, PartialEq)]
pub struct Sets {
    /// The solutions: systems × columns.
    pub x: Array2<f64>,
    /// For each system its backward error: the largest residual in parts of the largest sum of the sizes of an equation's
    /// terms.
    pub error: Vec<f64>,
    /// The systems that static pivots did not serve: solved with pivots of their own.
    pub fallen_back: Vec<usize>,
}

/// Why arrays have no solutions.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ManyError {
    /// An array has another shape than the matrix, or the other array, asks for.
    #[error("{} rows of {} numbers instead of {} rows of {}", found.0, found.1, expected.0, expected.1)]
    Shape {
        /// Rows, and numbers in a row.
        found: (usize, usize),
        /// The same.
        expected: (usize, usize),
    },
    /// A system is singular.
    #[error("system {set}: {block}")]
    Singular {
        /// Which one, counted from 0.
        set: usize,
        /// What depends on each other.
        block: SingularBlock,
    },
}

impl Symbolic {
    /// Solves `A x = b` for many right-hand sides: `b` is right-hand sides × rows, what comes right-hand sides × columns.
    ///
    /// # Errors
    /// [`ManyError::Shape`].
    pub fn solve_many(
        &self,
        values: &[f64],
        factors: &Refactored<f64>,
        b: &ArrayView2<f64>,
    ) -> Result<Array2<f64>, ManyError> {
        self.in_lanes(b, |lanes| self.solve(values, factors, lanes))
    }

    /// Solves `Aᵀ x = b` for many right-hand sides: `b` is right-hand sides × columns, what comes right-hand sides × rows.
    ///
    /// # Errors
    /// [`ManyError::Shape`].
    pub fn solve_transposed_many(
        &self,
        values: &[f64],
        factors: &Refactored<f64>,
        b: &ArrayView2<f64>,
    ) -> Result<Array2<f64>, ManyError> {
        self.in_lanes(b, |lanes| self.solve_transposed(values, factors, lanes))
    }

    /// Solves groups of rows, a lane each, on all threads.
    fn in_lanes(&self, b: &ArrayView2<f64>, solve: impl Fn(&mut [Lanes]) + Sync) -> Result<Array2<f64>, ManyError> {
        expect(b, (b.nrows(), self.order()))?;
        let mut x = b.to_owned();
        x.axis_chunks_iter_mut(Axis(0), LANES).into_par_iter().for_each(|mut rows| {
            let mut lanes = side_by_side(&rows.view());
            solve(&mut lanes);
            for (lane, mut row) in rows.outer_iter_mut().enumerate() {
                for (place, value) in row.iter_mut().zip(&lanes) {
                    *place = value.0[lane];
                }
            }
        });
        Ok(x)
    }
}

impl Analysis {
    /// Solves `A x = b` for many matrices of one pattern, each with a right-hand side of its own: `values` is systems × entries,
    /// in the order of the pattern, `b` systems × rows. The pivots are those of the first; a system that they do not serve is
    /// solved by itself.
    ///
    /// # Errors
    /// [`ManyError`]; of singular systems the first.
    pub fn solve_sets(&self, values: &ArrayView2<f64>, b: &ArrayView2<f64>) -> Result<Sets, ManyError> {
        let n = self.pattern().order();
        expect(values, (values.nrows(), self.pattern().entries()))?;
        expect(b, (values.nrows(), n))?;
        let mut made = Sets { x: b.to_owned(), error: Vec::new(), fallen_back: Vec::new() };
        let Some(first) = values.outer_iter().next() else { return Ok(made) };
        let symbolic = Symbolic::new(self, &first.to_vec()).map_err(|block| ManyError::Singular { set: 0, block })?;
        let groups = values.axis_chunks_iter(Axis(0), LANES).into_par_iter();
        let groups = groups.zip(made.x.axis_chunks_iter_mut(Axis(0), LANES));
        let solved: Vec<Vec<Result<(f64, bool), SingularBlock>>> = groups
            .map(|(values, mut rows)| {
                let (drawn, right) = (side_by_side(&values), side_by_side(&rows.view()));
                let (mut x, mut factors) = (right.clone(), symbolic.room());
                symbolic.refactorise(&drawn, &mut factors);
                symbolic.solve(&drawn, &factors, &mut x);
                symbolic.refine(&drawn, &factors, &mut x, &right);
                let error = symbolic.residual(&drawn, &x, &right);
                let growth = factors.growth(&drawn);
                let each = rows.outer_iter_mut().zip(values.outer_iter()).enumerate();
                each.map(|(lane, (mut row, values))| {
                    let trusted = error.0[lane] <= TRUSTED && growth.0[lane] * f64::EPSILON <= TRUSTED;
                    if trusted {
                        row.iter_mut().zip(&x).for_each(|(place, x)| *place = x.0[lane]);
                        return Ok((error.0[lane], false));
                    }
                    let (values, b) = (values.to_vec(), row.to_vec());
                    let mut x = b.clone();
                    self.factorise(&values)?.solve(&mut x);
                    row.iter_mut().zip(&x).for_each(|(place, x)| *place = *x);
                    Ok((symbolic.residual(&values, &x, &b), true))
                })
                .collect()
            })
            .collect();
        for (set, solved) in solved.into_iter().flatten().enumerate() {
            let (error, alone) = solved.map_err(|block| ManyError::Singular { set, block })?;
            made.error.push(error);
            if alone {
                made.fallen_back.push(set);
            }
        }
        Ok(made)
    }
}

fn expect(array: &ArrayView2<f64>, expected: (usize, usize)) -> Result<(), ManyError> {
    if array.dim() == expected { Ok(()) } else { Err(ManyError::Shape { found: array.dim(), expected }) }
}

/// Up to [`LANES`] rows, a lane each; lanes that have none repeat the first.
fn side_by_side(rows: &ArrayView2<f64>) -> Vec<Lanes> {
    let mut made = vec![Lanes::splat(0.0); rows.ncols()];
    for lane in 0..LANES {
        let row = rows.row(if lane < rows.nrows() { lane } else { 0 });
        made.iter_mut().zip(row).for_each(|(place, &value)| place.0[lane] = value);
    }
    made
}
