//! The small system of a matrix of which a few columns are changed.
//!
//! With the changes D of the columns E, `(A + D Eᵀ)⁻¹ = A⁻¹ − Z S⁻¹ Eᵀ A⁻¹`, where `Z = A⁻¹ D` and `S = I + Eᵀ Z` is as small
//! as the columns are few (Sherman, Morrison and Woodbury; W. W. Hager, "Updating the inverse of a matrix", SIAM Review 31
//! (1989) 221–239). As `det(A + D Eᵀ) = det A · det S`, the changed matrix is singular where S is. The unknowns of S are those
//! of the changed columns in the changed system.

use nalgebra::{DMatrix, DVector, Dyn, LU};

/// The columns that change make a system of their own that is singular.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("singular once the columns {columns:?} are changed")]
pub struct SingularUpdate {
    /// The columns, in order.
    pub columns: Vec<u32>,
}

/// S, ready to be solved.
#[derive(Debug)]
pub(super) struct Small {
    matrix: DMatrix<f64>,
    factors: LU<f64, Dyn, Dyn>,
    /// The sizes of the entries of S⁻¹.
    inverse: DMatrix<f64>,
    /// For each entry of S the sizes of the terms that it is the sum of.
    terms: DMatrix<f64>,
}

impl Small {
    /// S with the sizes of its terms, of which each may be wrong by the part `rounding`; nothing, if S may as well be
    /// singular, as far as numbers can tell.
    pub(super) fn new(matrix: DMatrix<f64>, terms: DMatrix<f64>, rounding: f64) -> Option<Self> {
        let factors = matrix.clone().lu();
        let inverse = factors.try_inverse()?.abs();
        // How much larger than the rounding of the terms the error of an unknown is. The diagonal of |S⁻¹| T is the same in
        // whatever units the unknowns are.
        let grown = (0..inverse.nrows()).map(|k| (0..inverse.ncols()).map(|j| inverse[(k, j)] * terms[(j, k)]).sum());
        let sound = grown.into_iter().all(|grown: f64| grown * rounding < 0.5);
        sound.then_some(Self { matrix, factors, inverse, terms })
    }

    /// Solves, and once more for what is left.
    pub(super) fn solve(&self, b: &DVector<f64>) -> DVector<f64> {
        // The factors are those of a regular matrix: see `new`.
        let apply = |b: &DVector<f64>| self.factors.solve(b).unwrap_or_else(|| DVector::zeros(b.len()));
        let x = apply(b);
        let rest = b - &self.matrix * &x;
        x + apply(&rest)
    }

    /// What the rounding of the terms of S, and of a right-hand side whose terms have these sizes, may make of a solution:
    /// `|S⁻¹| (T |x| + |b|)`, in parts of it (R. D. Skeel, "Scaling for numerical stability in Gaussian elimination", Journal
    /// of the ACM 26 (1979) 494–526).
    pub(super) fn spread(&self, x: &DVector<f64>, sizes: &DVector<f64>) -> DVector<f64> {
        &self.inverse * (&self.terms * x.abs() + sizes)
    }
}
