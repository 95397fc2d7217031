//! Where the factors of a matrix have entries, found once for many sets of values.
//!
//! The pivots are those that a factorisation of nominal values took; for other values they stay. That is safe where the
//! values move but the matrix stays dominant, as networks do; whoever solves with it looks at the residual and falls
//! back to [`Analysis::factorise`], which chooses pivots anew.

use super::factors::{Analysis, Diagonal, Factors, SingularBlock};
use super::lanes::{Coefficient, Lanes, Number, vectorised};

/// Columns of a factor by the positions of their entries.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Columns {
    /// For each column, where its entries begin; then where the last one's end.
    starts: Vec<u32>,
    rows: Vec<u32>,
}

impl Columns {
    #[inline(always)]
    fn range(&self, column: usize) -> std::ops::Range<usize> {
        self.starts[column] as usize..self.starts[column + 1] as usize
    }

    fn end(&mut self) {
        self.starts.push(self.rows.len() as u32);
    }
}

/// The places of the entries of L and U of all diagonal blocks, and the pivots. Rows and columns stand in the order of
/// elimination, that of the blocks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Symbolic {
    /// Row and column of the matrix at each position.
    rows: Vec<u32>,
    columns: Vec<u32>,
    /// Where each block begins, and the order of the matrix.
    blocks: Vec<u32>,
    /// The entries of each column: position of the row, in the order of the pattern.
    matrix: Columns,
    /// Position in the pattern of the first entry of each column.
    slots: Vec<u32>,
    /// L below its diagonal; U above it, in each column from above to below.
    lower: Columns,
    upper: Columns,
}

/// The entries of a triangular factor off its diagonal, list by list.
#[derive(Debug, Clone, Copy)]
pub(super) struct Triangle<'a> {
    /// Where each list begins; then where the last one's ends.
    pub(super) starts: &'a [u32],
    /// The position of each entry.
    pub(super) places: &'a [u32],
    pub(super) values: &'a [f64],
}

impl<'a> Triangle<'a> {
    /// A list: position and value of each entry.
    #[inline(always)]
    pub(super) fn list(self, k: usize) -> impl Iterator<Item = (usize, f64)> + 'a {
        let range = self.starts[k] as usize..self.starts[k + 1] as usize;
        let places = self.places[range.clone()].iter().map(|&place| place as usize);
        places.zip(self.values[range].iter().copied())
    }
}

/// The factors of one set of values, or of one for each lane.
#[derive(Debug, Clone)]
pub struct Refactored<T> {
    lower: Vec<T>,
    upper: Vec<T>,
    /// 1 over the diagonal of U.
    pivots: Vec<T>,
    /// A column while it is eliminated: zero between columns.
    work: Vec<T>,
}

impl Symbolic {
    /// Factorises nominal values and keeps the places.
    ///
    /// # Errors
    /// [`SingularBlock`], if the nominal values have no factors.
    pub fn new(analysis: &Analysis, nominal: &[f64]) -> Result<Self, SingularBlock> {
        Ok(Self::of(&analysis.factorise(nominal)?))
    }

    /// The places of these factors.
    pub(super) fn of(factors: &Factors) -> Self {
        let (analysis, _) = factors.made_from();
        let blocks = analysis.blocks();
        let mut made = Self {
            rows: Vec::with_capacity(blocks.rows().len()),
            columns: blocks.columns().to_vec(),
            blocks: (0..blocks.count()).map(|b| blocks.range(b).start as u32).collect(),
            matrix: Columns { starts: vec![0], rows: Vec::new() },
            slots: Vec::new(),
            lower: Columns { starts: vec![0], rows: Vec::new() },
            upper: Columns { starts: vec![0], rows: Vec::new() },
        };
        made.blocks.push(blocks.columns().len() as u32);
        for (block, diagonal) in factors.diagonals().iter().enumerate() {
            let range = blocks.range(block);
            let start = range.start as u32;
            match diagonal {
                Diagonal::One(_) => {
                    made.rows.push(blocks.rows()[range.start]);
                    made.lower.end();
                    made.upper.end();
                }
                Diagonal::Dense(dense) => {
                    made.rows.extend(dense.pivots().iter().map(|&row| blocks.rows()[range.start + row as usize]));
                    for k in start..range.end as u32 {
                        made.lower.rows.extend(k + 1..range.end as u32);
                        made.lower.end();
                        made.upper.rows.extend(start..k);
                        made.upper.end();
                    }
                }
                Diagonal::Many(lu) => {
                    made.rows.extend(lu.pivots().iter().map(|&row| blocks.rows()[range.start + row as usize]));
                    for k in 0..range.len() {
                        made.lower.rows.extend(lu.lower_rows(k).iter().map(|row| start + row));
                        made.lower.end();
                        let from = made.upper.rows.len();
                        made.upper.rows.extend(lu.upper_rows(k).iter().map(|row| start + row));
                        // A column may take off those before it in any order in which none comes after one it feeds.
                        made.upper.rows[from..].sort_unstable();
                        made.upper.end();
                    }
                }
            }
        }
        let mut position = vec![0; made.rows.len()];
        for (p, &row) in made.rows.iter().enumerate() {
            position[row as usize] = p as u32;
        }
        for &column in &made.columns {
            let slots = analysis.pattern().range(column as usize);
            made.slots.push(slots.start as u32);
            made.matrix.rows.extend(analysis.pattern().rows(slots).iter().map(|&row| position[row as usize]));
            made.matrix.end();
        }
        made
    }

    /// The numbers of the factors whose places these are: large blocks are copied, small ones factorised again.
    pub(super) fn numbers(&self, factors: &Factors) -> Refactored<f64> {
        let (_, values) = factors.made_from();
        let mut made = self.room();
        let mut column = Vec::new();
        for (block, diagonal) in self.blocks.windows(2).zip(factors.diagonals()) {
            for k in block[0] as usize..block[1] as usize {
                let Diagonal::Many(lu) = diagonal else {
                    self.column(k, block[0], values, &mut made);
                    continue;
                };
                let of = k - block[0] as usize;
                made.pivots[k] = lu.diagonal()[of].inverse();
                made.lower[self.lower.range(k)].iter_mut().zip(lu.lower(of)).for_each(|(l, entry)| *l = entry.1);
                column.clear();
                column.extend(lu.upper(of));
                column.sort_unstable_by_key(|entry| entry.0);
                made.upper[self.upper.range(k)].iter_mut().zip(&column).for_each(|(u, entry)| *u = entry.1);
            }
        }
        made
    }

    /// Rows, and columns, of the matrix.
    #[must_use]
    pub fn order(&self) -> usize {
        self.columns.len()
    }

    /// Entries of both factors of all diagonal blocks, the diagonal counted once.
    #[must_use]
    pub fn entries(&self) -> usize {
        self.lower.rows.len() + self.upper.rows.len() + self.order()
    }

    /// Multiplications and additions of a refactorisation.
    #[must_use]
    pub fn flops(&self) -> u64 {
        let of = |k: usize| -> u64 {
            let taken = self.upper.rows[self.upper.range(k)].iter();
            let updates: usize = taken.map(|&j| self.lower.range(j as usize).len()).sum();
            2 * updates as u64 + self.lower.range(k).len() as u64
        };
        (0..self.order()).map(of).sum()
    }

    /// Room for the factors of one set of values, or of one for each lane.
    #[must_use]
    pub fn room<T: Number>(&self) -> Refactored<T> {
        let zeros = |length: usize| vec![T::splat(0.0); length];
        Refactored {
            lower: zeros(self.lower.rows.len()),
            upper: zeros(self.upper.rows.len()),
            pivots: zeros(self.order()),
            work: zeros(self.order()),
        }
    }

    /// Factorises again: left-looking, column by column, all places known (T. A. Davis and E. Palamadai Natarajan,
    /// "Algorithm 907: KLU", ACM Transactions on Mathematical Software 37 (2010) 36). `values` stand in the order of
    /// the pattern. A pivot of zero gives factors, and solutions, that are no numbers.
    pub fn refactorise<T: Number>(&self, values: &[T], factors: &mut Refactored<T>) {
        vectorised(
            #[inline(always)]
            || self.eliminate(values, factors),
        );
    }

    #[inline(always)]
    pub(super) fn eliminate<T: Number>(&self, values: &[T], factors: &mut Refactored<T>) {
        for block in self.blocks.windows(2) {
            for k in block[0] as usize..block[1] as usize {
                self.column(k, block[0], values, factors);
            }
        }
    }

    /// Factorises the column at a position of a block that begins at `start`.
    #[inline(always)]
    fn column<T: Number>(&self, k: usize, start: u32, values: &[T], factors: &mut Refactored<T>) {
        let Refactored { lower, upper, pivots, work } = factors;
        let zero = T::splat(0.0);
        let places = self.matrix.range(k);
        let slot = self.slots[k] as usize;
        for (&row, &value) in self.matrix.rows[places.clone()].iter().zip(&values[slot..slot + places.len()]) {
            if row >= start {
                work[row as usize] = value;
            }
        }
        let above = self.upper.range(k);
        for (&j, u) in self.upper.rows[above.clone()].iter().zip(&mut upper[above]) {
            let value = std::mem::replace(&mut work[j as usize], zero);
            *u = value;
            let feeds = self.lower.range(j as usize);
            for (&i, &l) in self.lower.rows[feeds.clone()].iter().zip(&lower[feeds]) {
                work[i as usize] -= l * value;
            }
        }
        let pivot = std::mem::replace(&mut work[k], zero).inverse();
        pivots[k] = pivot;
        let below = self.lower.range(k);
        for (&i, l) in self.lower.rows[below.clone()].iter().zip(&mut lower[below]) {
            *l = std::mem::replace(&mut work[i as usize], zero) * pivot;
        }
    }

    /// Solves `A x = b`: `b` by row of the matrix, `x` by column, in the same place. With one set of values the lanes of
    /// `b` are as many right-hand sides.
    pub fn solve<V: Coefficient<T>, T: Number>(&self, values: &[V], factors: &Refactored<V>, b: &mut [T]) {
        let mut x: Vec<T> = self.rows.iter().map(|&row| b[row as usize]).collect();
        vectorised(
            #[inline(always)]
            || self.substitute(values, factors, &mut x),
        );
        for (&column, x) in self.columns.iter().zip(x) {
            b[column as usize] = x;
        }
    }

    /// Row of the matrix at each position of the elimination.
    pub(super) fn rows(&self) -> &[u32] {
        &self.rows
    }

    /// Column of the matrix at each position of the elimination.
    pub(super) fn columns(&self) -> &[u32] {
        &self.columns
    }

    /// Where each block begins, and the order of the matrix.
    pub(super) fn blocks(&self) -> &[u32] {
        &self.blocks
    }

    /// L below its diagonal: the entries of each column.
    pub(super) fn lower<'a>(&'a self, factors: &'a Refactored<f64>) -> Triangle<'a> {
        Triangle { starts: &self.lower.starts, places: &self.lower.rows, values: &factors.lower }
    }

    /// U above its diagonal: the entries of each column.
    pub(super) fn upper<'a>(&'a self, factors: &'a Refactored<f64>) -> Triangle<'a> {
        Triangle { starts: &self.upper.starts, places: &self.upper.rows, values: &factors.upper }
    }

    /// Solves `A x = b` in the order of elimination, the blocks from the last to the first.
    #[inline(always)]
    pub(super) fn substitute<V: Coefficient<T>, T: Number>(&self, values: &[V], factors: &Refactored<V>, x: &mut [T]) {
        for block in self.blocks.windows(2).rev() {
            self.substitute_block(block[0]..block[1], values, factors, x);
        }
    }

    /// Solves a block, and takes what it holds of other equations from their right-hand sides.
    #[inline(always)]
    fn substitute_block<V: Coefficient<T>, T: Number>(
        &self,
        block: std::ops::Range<u32>,
        values: &[V],
        factors: &Refactored<V>,
        x: &mut [T],
    ) {
        let range = block.start as usize..block.end as usize;
        for k in range.clone() {
            let value = x[k];
            let below = self.lower.range(k);
            for (&i, &l) in self.lower.rows[below.clone()].iter().zip(&factors.lower[below]) {
                x[i as usize] -= l.times(value);
            }
        }
        for k in range.clone().rev() {
            let value = factors.pivots[k].times(x[k]);
            x[k] = value;
            let above = self.upper.range(k);
            for (&i, &u) in self.upper.rows[above.clone()].iter().zip(&factors.upper[above]) {
                x[i as usize] -= u.times(value);
            }
        }
        for k in range {
            let value = x[k];
            for (row, a) in self.entries_of(k, values) {
                if row < block.start {
                    x[row as usize] -= a.times(value);
                }
            }
        }
    }

    /// Solves for right-hand sides that are mostly zero, in the order of elimination, those blocks of a range that they
    /// reach.
    pub(super) fn substitute_reached(
        &self,
        blocks: std::ops::Range<usize>,
        values: &[f64],
        factors: &Refactored<f64>,
        x: &mut [Lanes],
    ) {
        let nothing = Lanes::splat(0.0);
        vectorised(
            #[inline(always)]
            || {
                for block in self.blocks[blocks.start..=blocks.end].windows(2).rev() {
                    if x[block[0] as usize..block[1] as usize].iter().any(|&x| x != nothing) {
                        self.substitute_block(block[0]..block[1], values, factors, x);
                    }
                }
            },
        );
    }

    /// Solves `Aᵀ x = b`: `b` by column of the matrix, `x` by row, in the same place.
    pub fn solve_transposed<V: Coefficient<T>, T: Number>(&self, values: &[V], factors: &Refactored<V>, b: &mut [T]) {
        let mut x: Vec<T> = self.columns.iter().map(|&column| b[column as usize]).collect();
        vectorised(
            #[inline(always)]
            || self.substitute_transposed(values, factors, &mut x),
        );
        for (&row, x) in self.rows.iter().zip(x) {
            b[row as usize] = x;
        }
    }

    /// Solves `Aᵀ x = b` in the order of elimination, the blocks from the first to the last.
    #[inline(always)]
    pub(super) fn substitute_transposed<V: Coefficient<T>, T: Number>(
        &self,
        values: &[V],
        factors: &Refactored<V>,
        x: &mut [T],
    ) {
        for block in self.blocks.windows(2) {
            let range = block[0] as usize..block[1] as usize;
            for k in range.clone() {
                let mut rest = x[k];
                for (row, a) in self.entries_of(k, values) {
                    if row < block[0] {
                        rest -= a.times(x[row as usize]);
                    }
                }
                let above = self.upper.range(k);
                for (&i, &u) in self.upper.rows[above.clone()].iter().zip(&factors.upper[above]) {
                    rest -= u.times(x[i as usize]);
                }
                x[k] = factors.pivots[k].times(rest);
            }
            for k in range.rev() {
                let mut rest = x[k];
                let below = self.lower.range(k);
                for (&i, &l) in self.lower.rows[below.clone()].iter().zip(&factors.lower[below]) {
                    rest -= l.times(x[i as usize]);
                }
                x[k] = rest;
            }
        }
    }

    /// The entries of the column at a position: position of the row, value.
    #[inline(always)]
    fn entries_of<'a, V: Copy>(&'a self, k: usize, values: &'a [V]) -> impl Iterator<Item = (u32, V)> + 'a {
        let places = self.matrix.range(k);
        let slot = self.slots[k] as usize;
        let values = &values[slot..slot + places.len()];
        self.matrix.rows[places].iter().copied().zip(values.iter().copied())
    }

    /// The backward error of a solution, for each lane: the largest residual in parts of the largest sum of the sizes
    /// of an equation's terms. `b` by row of the matrix, `x` by column.
    #[must_use]
    pub fn residual<T: Number>(&self, values: &[T], x: &[T], b: &[T]) -> T {
        let x: Vec<T> = self.columns.iter().map(|&column| x[column as usize]).collect();
        let mut rest: Vec<T> = self.rows.iter().map(|&row| b[row as usize]).collect();
        let mut sizes = vec![T::splat(0.0); rest.len()];
        vectorised(
            #[inline(always)]
            || self.backward_error(values, &x, &mut rest, &mut sizes),
        )
    }

    /// The same in the order of elimination. `rest` holds `b`, then what is left of it; `sizes` is room.
    #[inline(always)]
    pub(super) fn backward_error<T: Number>(&self, values: &[T], x: &[T], rest: &mut [T], sizes: &mut [T]) -> T {
        for (size, rest) in sizes.iter_mut().zip(rest.iter()) {
            *size = rest.abs();
        }
        for (k, &value) in x.iter().enumerate() {
            for (row, a) in self.entries_of(k, values) {
                let term = a * value;
                rest[row as usize] -= term;
                sizes[row as usize] += term.abs();
            }
        }
        let zero = T::splat(0.0);
        let most = rest.iter().fold(zero, |most, r| most.max(r.abs()));
        let size = sizes.iter().fold(zero, |most, &s| most.max(s));
        // Nothing is left of nothing.
        most * size.max(T::splat(f64::MIN_POSITIVE)).inverse()
    }

    /// One step of iterative refinement (N. J. Higham, "Accuracy and Stability of Numerical Algorithms", SIAM 2002, chapter 12):
    /// solves for what `x` leaves of `b`, and adds it. Pivots that were chosen for another matrix lose digits that this brings
    /// back. `b` by row of the matrix, `x` by column.
    pub fn refine<T: Number + Coefficient<T>>(&self, values: &[T], factors: &Refactored<T>, x: &mut [T], b: &[T]) {
        let mut rest = b.to_vec();
        for (k, &column) in self.columns.iter().enumerate() {
            for (row, a) in self.entries_of(k, values) {
                rest[self.rows[row as usize] as usize] -= a * x[column as usize];
            }
        }
        self.solve(values, factors, &mut rest);
        x.iter_mut().zip(rest).for_each(|(x, more)| *x += more);
    }
}

impl<T> Refactored<T> {
    /// 1 over the diagonal of U.
    pub(super) fn pivots(&self) -> &[T] {
        &self.pivots
    }
}

impl<T: Number> Refactored<T> {
    /// How much numbers grew in the elimination of `values`, for each lane: the largest entry of U in parts of the largest
    /// of the matrix (J. H. Wilkinson, "Error analysis of direct methods of matrix inversion", Journal of the ACM 8 (1961)
    /// 281–330: the rounding of the factors is in proportion to it).
    #[inline(always)]
    #[must_use]
    pub fn growth(&self, values: &[T]) -> T {
        let zero = T::splat(0.0);
        let above = self.upper.iter().fold(zero, |most, u| most.max(u.abs()));
        let grown = self.pivots.iter().fold(above, |most, pivot| most.max(pivot.inverse().abs()));
        grown * values.iter().fold(zero, |most, value| most.max(value.abs())).inverse()
    }
}
