//! Sparse LU of one diagonal block, column by column.
//!
//! J. R. Gilbert and T. Peierls, "Sparse partial pivoting in time proportional to arithmetic operations", SIAM Journal
//! on Scientific and Statistical Computing 9 (1988) 862–874: the entries of each column of the factors are those that a
//! depth-first search reaches, so that no work is done on zeros. The pivot is the entry that the order of the block
//! foresees, unless another is larger by more than a threshold.

use super::pattern::NONE;

/// A foreseen pivot is taken if it is at least this part of the largest, each measured by the largest entry of its row.
/// Smaller lets errors grow where credits are large; larger gives up the order where nothing is gained, and fills.
const THRESHOLD: f64 = 0.05;

/// Columns of a triangular factor, entries of one after those of the other.
#[derive(Debug, Clone, Default)]
struct Columns {
    starts: Vec<usize>,
    rows: Vec<u32>,
    values: Vec<f64>,
}

impl Columns {
    fn column(&self, k: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        let range = self.starts[k]..self.starts[k + 1];
        self.rows[range.clone()].iter().map(|&row| row as usize).zip(self.values[range].iter().copied())
    }

    fn push(&mut self, row: u32, value: f64) {
        self.rows.push(row);
        self.values.push(value);
    }

    fn end(&mut self) {
        self.starts.push(self.rows.len());
    }
}

/// Factors of a block: `P B = L U`, L with a unit diagonal.
#[derive(Debug, Clone)]
pub(super) struct Lu {
    /// Row of the block at each position of the pivots.
    pivots: Vec<u32>,
    /// L below its diagonal.
    lower: Columns,
    /// U above its diagonal.
    upper: Columns,
    diagonal: Vec<f64>,
}

/// Where a column got no pivot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Deficient(pub(super) usize);

/// A sparse column that is solved for while the factors grow.
struct Work {
    values: Vec<f64>,
    /// The largest entry of each row of the block: rows are in units of their own (t, kWh), and a pivot is large or
    /// small among the entries of its row.
    largest: Vec<f64>,
    /// The column for which a row was last reached.
    reached: Vec<u32>,
    /// Rows reached, each behind those that it feeds.
    topological: Vec<u32>,
    frames: Vec<(u32, usize)>,
}

impl Lu {
    /// Factorises a block of order `n` whose column `k` has the entries `column(k)`, rows counted in the block; the
    /// foreseen pivot of column `k` is row `k`.
    ///
    /// # Errors
    /// [`Deficient`] with the column that depends on those before it, as far as numbers can tell.
    pub(super) fn new<I: Iterator<Item = (u32, f64)>>(
        n: usize,
        column: impl Fn(usize) -> I,
    ) -> Result<Self, Deficient> {
        let mut lu = Self {
            pivots: Vec::with_capacity(n),
            lower: Columns { starts: vec![0], ..Columns::default() },
            upper: Columns { starts: vec![0], ..Columns::default() },
            diagonal: Vec::with_capacity(n),
        };
        // Position of each row among the pivots.
        let mut position = vec![NONE; n];
        let mut work = Work::new(n);
        for (row, value) in (0..n).flat_map(&column) {
            let largest = &mut work.largest[row as usize];
            *largest = largest.max(value.abs());
        }
        for k in 0..n {
            work.topological.clear();
            for (row, value) in column(k) {
                work.reach(row, k as u32, &position, &lu.lower);
                work.values[row as usize] = value;
            }
            lu.eliminate(&mut work, &position);
            let row = work.pivot(&position, k).ok_or(Deficient(k))?;
            let pivot = work.values[row as usize];
            position[row as usize] = k as u32;
            lu.pivots.push(row);
            lu.diagonal.push(pivot);
            for &i in &work.topological {
                let value = std::mem::take(&mut work.values[i as usize]);
                match position[i as usize] {
                    NONE => lu.lower.push(i, value / pivot),
                    above if above < k as u32 => lu.upper.push(above, value),
                    _ => {}
                }
            }
            lu.lower.end();
            lu.upper.end();
        }
        // Rows of L were those of the block while their place was open.
        lu.lower.rows.iter_mut().for_each(|row| *row = position[*row as usize]);
        Ok(lu)
    }

    /// Takes off the multiples of the columns before that make the column what U and L hold of it.
    fn eliminate(&self, work: &mut Work, position: &[u32]) {
        for r in (0..work.topological.len()).rev() {
            let row = work.topological[r] as usize;
            if position[row] != NONE {
                let value = work.values[row];
                for (i, l) in self.lower.column(position[row] as usize) {
                    work.values[i] -= l * value;
                }
            }
        }
    }

    /// Solves `B x = b` in place.
    pub(super) fn solve(&self, b: &mut [f64], room: &mut Vec<f64>) {
        room.clear();
        room.extend(self.pivots.iter().map(|&row| b[row as usize]));
        for k in 0..self.diagonal.len() {
            let value = room[k];
            if value != 0.0 {
                self.lower.column(k).for_each(|(i, l)| room[i] -= l * value);
            }
        }
        for k in (0..self.diagonal.len()).rev() {
            room[k] /= self.diagonal[k];
            let value = room[k];
            if value != 0.0 {
                self.upper.column(k).for_each(|(i, u)| room[i] -= u * value);
            }
        }
        b.copy_from_slice(room);
    }

    /// Solves `Bᵀ x = b` in place.
    pub(super) fn solve_transposed(&self, b: &mut [f64], room: &mut Vec<f64>) {
        room.clear();
        room.extend_from_slice(b);
        for k in 0..self.diagonal.len() {
            let sum: f64 = self.upper.column(k).map(|(i, u)| u * room[i]).sum();
            room[k] = (room[k] - sum) / self.diagonal[k];
        }
        for k in (0..self.diagonal.len()).rev() {
            let sum: f64 = self.lower.column(k).map(|(i, l)| l * room[i]).sum();
            room[k] -= sum;
        }
        for (k, &row) in self.pivots.iter().enumerate() {
            b[row as usize] = room[k];
        }
    }

    /// Row of the block at each position of the pivots.
    pub(super) fn pivots(&self) -> &[u32] {
        &self.pivots
    }

    /// Positions of the entries of a column of L, below its diagonal.
    pub(super) fn lower_rows(&self, column: usize) -> &[u32] {
        &self.lower.rows[self.lower.starts[column]..self.lower.starts[column + 1]]
    }

    /// Positions of the entries of a column of U, above its diagonal.
    pub(super) fn upper_rows(&self, column: usize) -> &[u32] {
        &self.upper.rows[self.upper.starts[column]..self.upper.starts[column + 1]]
    }

    /// The entries of a column of L, below its diagonal.
    pub(super) fn lower(&self, column: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        self.lower.column(column)
    }

    /// The entries of a column of U, above its diagonal.
    pub(super) fn upper(&self, column: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        self.upper.column(column)
    }

    /// The diagonal of U.
    pub(super) fn diagonal(&self) -> &[f64] {
        &self.diagonal
    }

    /// Entries of both factors, the diagonal counted once.
    pub(super) fn entries(&self) -> usize {
        self.lower.rows.len() + self.upper.rows.len() + self.diagonal.len()
    }
}

impl Work {
    fn new(n: usize) -> Self {
        let (values, largest, reached) = (vec![0.0; n], vec![0.0; n], vec![NONE; n]);
        Self { values, largest, reached, topological: Vec::new(), frames: Vec::new() }
    }

    /// Adds what `row` reaches through the columns of L.
    fn reach(&mut self, row: u32, column: u32, position: &[u32], lower: &Columns) {
        if self.reached[row as usize] == column {
            return;
        }
        self.reached[row as usize] = column;
        self.frames.push((row, 0));
        while let Some(frame) = self.frames.last_mut() {
            let (row, done) = *frame;
            let feeds = match position[row as usize] {
                NONE => &[][..],
                k => &lower.rows[lower.starts[k as usize]..lower.starts[k as usize + 1]],
            };
            let next = feeds[done..].iter().position(|&i| self.reached[i as usize] != column);
            if let Some(skipped) = next {
                frame.1 = done + skipped + 1;
                let row = feeds[done + skipped];
                self.reached[row as usize] = column;
                self.frames.push((row, 0));
            } else {
                self.frames.pop();
                self.topological.push(row);
            }
        }
    }

    /// The row of the pivot of column `k`.
    fn pivot(&self, position: &[u32], k: usize) -> Option<u32> {
        let size = |row: u32| self.values[row as usize].abs() / self.largest[row as usize];
        let open = self.topological.iter().copied().filter(|&row| position[row as usize] == NONE);
        let largest = open.max_by(|&a, &b| size(a).total_cmp(&size(b)).then(b.cmp(&a)))?;
        // Whatever is left of a dependent column is rounding, or nothing.
        if !(size(largest) > 0.0 && size(largest).is_finite()) {
            return None;
        }
        let foreseen = k as u32;
        let reached = self.reached[k] == foreseen && position[k] == NONE;
        Some(if reached && size(foreseen) >= THRESHOLD * size(largest) { foreseen } else { largest })
    }
}
