//! A matrix analysed once, factorised for its values, and solved.

use super::blocks::Blocks;
use super::dense::{self, Dense};
use super::lu::Lu;
use super::pattern::{Pattern, PatternError};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// What is known of a matrix before its values: its block-triangular form, the columns of each block in an order of
/// little fill (P. R. Amestoy, T. A. Davis and I. S. Duff, "Algorithm 837: AMD", ACM Transactions on Mathematical
/// Software 30 (2004) 381–388, on the pattern of the block and its transpose).
///
/// It can be kept and read back: an order of little fill takes longer than all else. What is read is checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Kept", into = "Kept")]
pub struct Analysis {
    pattern: Pattern,
    blocks: Blocks,
    /// For each block the updates of a factorisation, at most, as AMD counts them; 0 where it was not asked.
    updates: Vec<u64>,
}

/// An analysis as it is kept.
#[derive(Clone, Serialize, Deserialize)]
struct Kept {
    starts: Vec<usize>,
    rows: Vec<u32>,
    block_rows: Vec<u32>,
    block_columns: Vec<u32>,
    block_starts: Vec<u32>,
    updates: Vec<u64>,
}

impl From<Analysis> for Kept {
    fn from(Analysis { pattern, blocks, updates }: Analysis) -> Self {
        let (starts, rows) = pattern.into_parts();
        let (block_rows, block_columns, block_starts) = blocks.into_parts();
        Self { starts, rows, block_rows, block_columns, block_starts, updates }
    }
}

impl TryFrom<Kept> for Analysis {
    type Error = &'static str;

    fn try_from(kept: Kept) -> Result<Self, Self::Error> {
        let pattern = Pattern::checked(kept.starts, kept.rows).ok_or("no pattern of a square matrix")?;
        let blocks = Blocks::checked(&pattern, kept.block_rows, kept.block_columns, kept.block_starts);
        let blocks = blocks.ok_or("no block-triangular form of the pattern")?;
        if kept.updates.len() == blocks.count() {
            Ok(Self { pattern, blocks, updates: kept.updates })
        } else {
            Err("no count of updates for each block")
        }
    }
}

/// Why a matrix has no factors: the columns of this block depend on each other, as far as numbers can tell.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("numerically singular: column {column} depends on others of the block of columns {columns:?}")]
pub struct SingularBlock {
    /// The column at which that showed.
    pub column: u32,
    /// The columns of the block, in order.
    pub columns: Vec<u32>,
}

/// A matrix ready to be solved.
#[derive(Debug, Clone)]
pub struct Factors<'a> {
    analysis: &'a Analysis,
    values: &'a [f64],
    blocks: Vec<Diagonal>,
}

/// A diagonal block.
#[derive(Debug, Clone)]
pub(super) enum Diagonal {
    /// A block of one: its only entry.
    One(f64),
    /// A small one with few zeros.
    Dense(Box<Dense>),
    /// Any other.
    Many(Box<Lu>),
}

impl Analysis {
    /// Analyses a pattern.
    ///
    /// # Errors
    /// [`PatternError::Singular`], if the matrix is singular whatever its values.
    pub fn new(pattern: Pattern) -> Result<Self, PatternError> {
        Ok(Self::unordered(pattern)?.ordered())
    }

    /// The block-triangular form alone, for what is solved without factors: an order of little fill is most of the work
    /// of an analysis.
    ///
    /// # Errors
    /// [`PatternError::Singular`], if the matrix is singular whatever its values.
    pub fn unordered(pattern: Pattern) -> Result<Self, PatternError> {
        let blocks = Blocks::new(&pattern)?;
        let updates = vec![0; blocks.count()];
        Ok(Self { pattern, blocks, updates })
    }

    /// The same with the columns of each block in an order of little fill.
    #[must_use]
    pub fn ordered(self) -> Self {
        let Self { pattern, mut blocks, mut updates } = self;
        let large: Vec<usize> = (0..blocks.count()).filter(|&b| blocks.range(b).len() > 2).collect();
        let order = |&block: &usize| fill_reducing(&pattern, &blocks, blocks.range(block));
        let orders: Vec<(Vec<usize>, u64)> = large.par_iter().map(order).collect();
        for (block, (order, work)) in large.into_iter().zip(orders) {
            blocks.reorder(blocks.range(block), &order);
            updates[block] = work;
        }
        Self { pattern, blocks, updates }
    }

    /// Whether the columns of each block are in an order of little fill.
    #[must_use]
    pub fn is_ordered(&self) -> bool {
        self.updates.iter().enumerate().all(|(block, &updates)| updates > 0 || self.blocks.range(block).len() <= 2)
    }

    /// An analysis of what is known already.
    pub(super) fn of_parts(pattern: Pattern, blocks: Blocks, updates: Vec<u64>) -> Self {
        Self { pattern, blocks, updates }
    }

    /// The pattern.
    #[must_use]
    pub fn pattern(&self) -> &Pattern {
        &self.pattern
    }

    /// The block-triangular form.
    #[must_use]
    pub fn blocks(&self) -> &Blocks {
        &self.blocks
    }

    /// For each block the updates of a factorisation, at most: an entry less a product.
    #[must_use]
    pub fn updates(&self) -> &[u64] {
        &self.updates
    }

    /// Factorises the matrix whose entries have these values, in the order of the pattern.
    ///
    /// # Errors
    /// [`SingularBlock`], the one with the smallest position.
    pub fn factorise<'a>(&'a self, values: &'a [f64]) -> Result<Factors<'a>, SingularBlock> {
        let blocks = (0..self.blocks.count()).into_par_iter().map(|block| self.diagonal(block, values));
        let blocks: Vec<_> = blocks.collect();
        // One after the other, so that it is always the same block that is named.
        Ok(Factors { analysis: self, values, blocks: blocks.into_iter().collect::<Result<_, _>>()? })
    }

    fn diagonal(&self, block: usize, values: &[f64]) -> Result<Diagonal, SingularBlock> {
        let range = self.blocks.range(block);
        let singular = |at: usize| {
            let mut columns = self.blocks.columns()[range.clone()].to_vec();
            let column = columns[at];
            columns.sort_unstable();
            SingularBlock { column, columns }
        };
        if range.len() == 1 {
            let entry = self.inside(range.start, &range, values).next().map_or(0.0, |(_, value)| value);
            return if entry != 0.0 && entry.is_finite() { Ok(Diagonal::One(entry)) } else { Err(singular(0)) };
        }
        let entries = || -> usize { range.clone().map(|p| self.inside(p, &range, values).count()).sum() };
        if range.len() <= dense::ORDER && 2 * entries() >= range.len() * range.len() {
            let made = Dense::new(range.len(), |k| self.inside(range.start + k, &range, values));
            return made.map(|dense| Diagonal::Dense(Box::new(dense))).map_err(singular);
        }
        let lu = Lu::new(range.len(), |k| self.inside(range.start + k, &range, values));
        lu.map(|lu| Diagonal::Many(Box::new(lu))).map_err(|column| singular(column.0))
    }

    /// The entries of the column at a position that lie in the rows of a block, these counted in the block.
    fn inside<'a>(
        &'a self,
        position: usize,
        block: &std::ops::Range<usize>,
        values: &'a [f64],
    ) -> impl Iterator<Item = (u32, f64)> + use<'a> {
        let block = block.clone();
        let slots = self.pattern.range(self.blocks.columns()[position] as usize);
        let entries = self.pattern.rows(slots.clone()).iter().zip(&values[slots]);
        entries.filter_map(move |(&row, &value)| {
            let position = self.blocks.position(row);
            block.contains(&position).then(|| ((position - block.start) as u32, value))
        })
    }
}

/// Columns with more entries than this times the square root of the order come last: hubs (power, steam) are such. Five times
/// more, the value that AMD comes with, takes longer and fills more where links are long.
const DENSE: f64 = 2.0;

/// The order of the columns of a block that AMD gives, as positions in the block, and the updates that it foresees.
fn fill_reducing(pattern: &Pattern, blocks: &Blocks, range: std::ops::Range<usize>) -> (Vec<usize>, u64) {
    let (mut starts, mut rows) = (vec![0], Vec::new());
    for &column in &blocks.columns()[range.clone()] {
        let inside = pattern.column(column as usize).iter().map(|&row| blocks.position(row));
        rows.extend(inside.filter(|p| range.contains(p)).map(|p| p - range.start));
        starts.push(rows.len());
    }
    match amd::order(range.len(), &starts, &rows, &amd::Control { dense: DENSE, ..amd::Control::default() }) {
        Ok((order, _, info)) => (order, info.n_mult_subs_lu as u64),
        // invariant: a pattern that was validated is one for AMD; without an order the fill is larger, no more.
        Err(_) => (range.clone().map(|p| p - range.start).collect(), u64::MAX),
    }
}

impl<'a> Factors<'a> {
    /// What the factors were made from: the analysis, and the values in the order of its pattern.
    pub(super) fn made_from(&self) -> (&'a Analysis, &'a [f64]) {
        (self.analysis, self.values)
    }

    /// Solves `A x = b` in place. `b` has the order of the matrix, by row; then `x`, by column.
    pub fn solve(&self, b: &mut [f64]) {
        let Analysis { pattern, blocks, .. } = self.analysis;
        let mut x: Vec<f64> = blocks.rows().iter().map(|&row| b[row as usize]).collect();
        let mut room = Vec::new();
        for (block, diagonal) in self.blocks.iter().enumerate().rev() {
            let range = blocks.range(block);
            match diagonal {
                Diagonal::One(entry) => x[range.start] /= entry,
                Diagonal::Dense(dense) => dense.solve(&mut x[range.clone()]),
                Diagonal::Many(lu) => lu.solve(&mut x[range.clone()], &mut room),
            }
            for position in range.clone() {
                let value = x[position];
                if value == 0.0 {
                    continue;
                }
                let slots = pattern.range(blocks.columns()[position] as usize);
                for (&row, a) in pattern.rows(slots.clone()).iter().zip(&self.values[slots]) {
                    let above = blocks.position(row);
                    if above < range.start {
                        x[above] -= a * value;
                    }
                }
            }
        }
        for (&column, x) in blocks.columns().iter().zip(x) {
            b[column as usize] = x;
        }
    }

    /// Solves `Aᵀ x = b` in place. `b` has the order of the matrix, by column; then `x`, by row.
    pub fn solve_transposed(&self, b: &mut [f64]) {
        let Analysis { pattern, blocks, .. } = self.analysis;
        let mut x: Vec<f64> = blocks.columns().iter().map(|&column| b[column as usize]).collect();
        let mut room = Vec::new();
        for (block, diagonal) in self.blocks.iter().enumerate() {
            let range = blocks.range(block);
            for position in range.clone() {
                let slots = pattern.range(blocks.columns()[position] as usize);
                for (&row, a) in pattern.rows(slots.clone()).iter().zip(&self.values[slots]) {
                    let above = blocks.position(row);
                    if above < range.start {
                        x[position] -= a * x[above];
                    }
                }
            }
            match diagonal {
                Diagonal::One(entry) => x[range.start] /= entry,
                Diagonal::Dense(dense) => dense.solve_transposed(&mut x[range]),
                Diagonal::Many(lu) => lu.solve_transposed(&mut x[range], &mut room),
            }
        }
        for (&row, x) in blocks.rows().iter().zip(x) {
            b[row as usize] = x;
        }
    }

    /// Rows, and columns, of the matrix.
    #[must_use]
    pub fn order(&self) -> usize {
        self.analysis.pattern.order()
    }

    /// Calls `take` with row, column and value of each entry of the matrix.
    pub fn for_each(&self, mut take: impl FnMut(usize, usize, f64)) {
        self.analysis.pattern.for_each(|row, column, slot| take(row, column, self.values[slot]));
    }

    /// The derivative of `wᵀ x` with respect to each entry of the matrix, in the order of the pattern, where `A x = b`
    /// and `Aᵀ λ = w`: `−λ_i x_j` for the entry in row i and column j. One transposed solve and one pass give all.
    #[must_use]
    pub fn gradient(&self, adjoint: &[f64], x: &[f64]) -> Vec<f64> {
        let mut made = vec![0.0; self.values.len()];
        self.analysis.pattern.for_each(|row, column, slot| made[slot] = -adjoint[row] * x[column]);
        made
    }

    /// The factors of each diagonal block.
    pub(super) fn diagonals(&self) -> &[Diagonal] {
        &self.blocks
    }

    /// Entries of the factors of all diagonal blocks.
    #[must_use]
    pub fn entries(&self) -> usize {
        let of = |d: &Diagonal| match d {
            Diagonal::One(_) => 1,
            Diagonal::Dense(dense) => dense.pivots().len() * dense.pivots().len(),
            Diagonal::Many(lu) => lu.entries(),
        };
        self.blocks.iter().map(of).sum()
    }
}
