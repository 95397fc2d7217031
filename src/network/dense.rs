//! LU of a small block with few zeros, by `nalgebra`.

use nalgebra::{DMatrix, DVectorViewMut, Dyn, PermutationSequence};

/// Largest order of a block that is taken as dense, if at least half of its places have an entry.
pub(super) const ORDER: usize = 16;

/// Factors of a block whose rows were divided by their largest entry, so that partial pivoting compares numbers that mean
/// the same.
#[derive(Debug, Clone)]
pub(super) struct Dense {
    order: PermutationSequence<Dyn>,
    lower: DMatrix<f64>,
    upper: DMatrix<f64>,
    /// The largest entry of each row.
    sizes: Vec<f64>,
    /// Row of the block at each position of the pivots.
    pivots: Vec<u32>,
}

impl Dense {
    /// Factorises a block by its columns: row and value of each entry.
    ///
    /// # Errors
    /// The first column without a pivot.
    pub(super) fn new<I: Iterator<Item = (u32, f64)>>(n: usize, column: impl Fn(usize) -> I) -> Result<Self, usize> {
        let mut block = DMatrix::zeros(n, n);
        for k in 0..n {
            for (row, value) in column(k) {
                block[(row as usize, k)] = value;
            }
        }
        let sizes: Vec<f64> = block.row_iter().map(|row| row.amax()).collect();
        for (mut row, size) in block.row_iter_mut().zip(&sizes) {
            row /= *size;
        }
        let (order, lower, upper) = block.lu().unpack();
        if let Some(k) = (0..n).find(|&k| upper[(k, k)] == 0.0 || !upper[(k, k)].is_finite()) {
            return Err(k);
        }
        let mut rows = DMatrix::from_fn(n, 1, |row, _| row as u32);
        order.permute_rows(&mut rows);
        Ok(Self { order, lower, upper, sizes, pivots: rows.iter().copied().collect() })
    }

    /// Solves `B x = b` in place.
    pub(super) fn solve(&self, b: &mut [f64]) {
        for (b, size) in b.iter_mut().zip(&self.sizes) {
            *b /= size;
        }
        let n = b.len();
        let mut x = DVectorViewMut::from_slice(b, n);
        self.order.permute_rows(&mut x);
        // No pivot is zero: see `new`.
        let _ = self.lower.solve_lower_triangular_mut(&mut x) && self.upper.solve_upper_triangular_mut(&mut x);
    }

    /// Solves `Bᵀ x = b` in place.
    pub(super) fn solve_transposed(&self, b: &mut [f64]) {
        let n = b.len();
        let mut x = DVectorViewMut::from_slice(b, n);
        let _ = self.upper.tr_solve_upper_triangular_mut(&mut x) && self.lower.tr_solve_lower_triangular_mut(&mut x);
        self.order.inv_permute_rows(&mut x);
        for (x, size) in b.iter_mut().zip(&self.sizes) {
            *x /= size;
        }
    }

    /// Row of the block at each position of the pivots.
    pub(super) fn pivots(&self) -> &[u32] {
        &self.pivots
    }
}
