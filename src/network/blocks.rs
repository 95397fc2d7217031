//! Block-triangular form.
//!
//! Rows are matched to columns so that the diagonal has no zero, and the strongly connected components of the graph of
//! the columns are the diagonal blocks (I. S. Duff and J. K. Reid, "An implementation of Tarjan's algorithm for the
//! block triangularization of a matrix", ACM Transactions on Mathematical Software 4 (1978) 137–147). The blocks are
//! those of the matrix whatever transversal was taken.

use super::matching::transversal;
use super::pattern::{Pattern, PatternError};
use super::scc::components;

/// Orders of rows and columns in which a matrix is block upper triangular with a diagonal free of zeros.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blocks {
    /// The row at each position.
    rows: Vec<u32>,
    /// The column at each position.
    columns: Vec<u32>,
    /// Where each block begins, and the order of the matrix.
    starts: Vec<u32>,
    /// Position of each row.
    position: Vec<u32>,
}

impl Blocks {
    /// Finds the blocks of a pattern.
    ///
    /// # Errors
    /// [`PatternError::Singular`], if the matrix is singular whatever its values.
    pub fn new(pattern: &Pattern) -> Result<Self, PatternError> {
        let n = pattern.order();
        let matched = transversal(pattern)?;
        let mut of_row = vec![0; n];
        for (column, &row) in matched.iter().enumerate() {
            of_row[row as usize] = column as u32;
        }
        // An arc from a column to those whose equations it enters: components come in the order of the blocks.
        let head = |column: usize, k: usize| pattern.column(column).get(k).map(|&row| of_row[row as usize]);
        let (columns, starts) = components(n, head);
        let rows: Vec<u32> = columns.iter().map(|&column| matched[column as usize]).collect();
        let mut position = vec![0; n];
        for (p, &row) in rows.iter().enumerate() {
            position[row as usize] = p as u32;
        }
        Ok(Self { rows, columns, starts, position })
    }

    /// Blocks of a matrix of order `n` whose rows and columns stand in their order already.
    pub(super) fn in_order(n: usize, starts: Vec<u32>) -> Self {
        let all: Vec<u32> = (0..n as u32).collect();
        Self { rows: all.clone(), columns: all.clone(), starts, position: all }
    }

    /// Blocks by their rows, columns and starts, if they are a block-triangular form of the pattern.
    pub(super) fn checked(pattern: &Pattern, rows: Vec<u32>, columns: Vec<u32>, starts: Vec<u32>) -> Option<Self> {
        let n = pattern.order();
        let permutes = |list: &[u32]| {
            let mut seen = vec![false; n];
            let fresh = |&k: &u32| seen.get_mut(k as usize).is_some_and(|seen| !std::mem::replace(seen, true));
            list.len() == n && list.iter().all(fresh)
        };
        let whole = starts.first() == Some(&0) && starts.last().is_some_and(|&last| last as usize == n);
        if !(whole && starts.windows(2).all(|pair| pair[0] < pair[1]) && permutes(&rows) && permutes(&columns)) {
            return None;
        }
        let mut position = vec![0; n];
        for (p, &row) in rows.iter().enumerate() {
            position[row as usize] = p as u32;
        }
        let made = Self { rows, columns, starts, position };
        let triangular = |block: usize| {
            made.range(block).all(|p| {
                let rows = pattern.column(made.columns[p] as usize);
                let above = rows.iter().all(|&row| made.position(row) < made.range(block).end);
                above && rows.binary_search(&made.rows[p]).is_ok()
            })
        };
        (0..made.count()).all(triangular).then_some(made)
    }

    /// Rows, columns and starts.
    pub(super) fn into_parts(self) -> (Vec<u32>, Vec<u32>, Vec<u32>) {
        (self.rows, self.columns, self.starts)
    }

    /// Number of blocks.
    #[must_use]
    pub fn count(&self) -> usize {
        self.starts.len() - 1
    }

    /// The positions of a block.
    #[must_use]
    pub fn range(&self, block: usize) -> std::ops::Range<usize> {
        self.starts[block] as usize..self.starts[block + 1] as usize
    }

    /// The row of the matrix at each position.
    #[must_use]
    pub fn rows(&self) -> &[u32] {
        &self.rows
    }

    /// The column of the matrix at each position.
    #[must_use]
    pub fn columns(&self) -> &[u32] {
        &self.columns
    }

    /// The position of a row of the matrix.
    #[must_use]
    pub fn position(&self, row: u32) -> usize {
        self.position[row as usize] as usize
    }

    /// Orders the positions of a block anew, rows and columns alike: the position that was `order[k]`-th in the block
    /// becomes the `k`-th.
    pub(super) fn reorder(&mut self, block: std::ops::Range<usize>, order: &[usize]) {
        for list in [&mut self.rows, &mut self.columns] {
            let before = list[block.clone()].to_vec();
            for (place, &k) in list[block.clone()].iter_mut().zip(order) {
                *place = before[k];
            }
        }
        for position in block {
            self.position[self.rows[position] as usize] = position as u32;
        }
    }
}
