//! Where a square matrix has entries, in compressed sparse columns.

/// What is wrong with a pattern. Rows and columns are counted from 0.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// An entry lies outside the matrix.
    #[error("entry {entry} lies in row {row} and column {column} of a matrix of order {order}")]
    OutOfRange {
        /// The entry, by position in the list.
        entry: usize,
        /// Its row.
        row: u32,
        /// Its column.
        column: u32,
        /// Rows and columns of the matrix.
        order: usize,
    },
    /// Two entries lie in one place.
    #[error("entries {first} and {second} both lie in row {row} and column {column}")]
    Duplicate {
        /// The first entry, by position in the list.
        first: usize,
        /// The second entry.
        second: usize,
        /// Their row.
        row: u32,
        /// Their column.
        column: u32,
    },
    /// The lists of rows and columns differ in length, or the matrix is too large for 32-bit indexes.
    #[error("{rows} rows and {columns} columns make no list of entries of a matrix of order {order}")]
    Shape {
        /// Length of the list of rows.
        rows: usize,
        /// Length of the list of columns.
        columns: usize,
        /// Rows and columns of the matrix.
        order: usize,
    },
    /// Whatever the values, the matrix is singular: these columns have entries in these rows only, and there is one
    /// row too few.
    #[error("structurally singular: columns {columns:?} have entries in rows {rows:?} only")]
    Singular {
        /// The rows, in order.
        rows: Vec<u32>,
        /// The columns, in order.
        columns: Vec<u32>,
    },
}

/// Places of the entries of a square matrix, column by column and in each column by row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    /// For each column, where its entries begin; then where the last one's end.
    starts: Vec<usize>,
    /// Row of each entry.
    rows: Vec<u32>,
}

impl Pattern {
    /// The pattern of a matrix of order `order` from the places of its entries in any order, and the position in the
    /// pattern at which each of them comes to lie: `values[slot[k]]` is the value of entry `k`.
    ///
    /// # Errors
    /// [`PatternError::Shape`], [`PatternError::OutOfRange`] and [`PatternError::Duplicate`], the first that is found.
    pub fn from_entries(order: usize, rows: &[u32], columns: &[u32]) -> Result<(Self, Vec<u32>), PatternError> {
        if rows.len() != columns.len() || order >= NONE as usize || rows.len() >= NONE as usize {
            return Err(PatternError::Shape { rows: rows.len(), columns: columns.len(), order });
        }
        let outside = |&(_, (&row, &column)): &(usize, (&u32, &u32))| row as usize >= order || column as usize >= order;
        if let Some((entry, (&row, &column))) = rows.iter().zip(columns).enumerate().find(outside) {
            return Err(PatternError::OutOfRange { entry, row, column, order });
        }
        // By row first, then stably by column: in each column the rows are in order.
        let all: Vec<u32> = (0..rows.len() as u32).collect();
        let (_, by_row) = sorted(order, &all, rows);
        let (starts, entries) = sorted(order, &by_row, columns);
        for pair in entries.windows(2) {
            let (a, b) = (pair[0] as usize, pair[1] as usize);
            if (rows[a], columns[a]) == (rows[b], columns[b]) {
                let (first, second, row, column) = (a.min(b), a.max(b), rows[a], columns[a]);
                return Err(PatternError::Duplicate { first, second, row, column });
            }
        }
        let mut slots = vec![0; rows.len()];
        for (slot, &entry) in entries.iter().enumerate() {
            slots[entry as usize] = slot as u32;
        }
        let rows = entries.iter().map(|&entry| rows[entry as usize]).collect();
        Ok((Self { starts, rows }, slots))
    }

    /// A pattern whose columns begin at `starts` and have these rows, each column's in order.
    pub(super) fn of_parts(starts: Vec<usize>, rows: Vec<u32>) -> Self {
        Self { starts, rows }
    }

    /// The same, if it is a pattern.
    pub(super) fn checked(starts: Vec<usize>, rows: Vec<u32>) -> Option<Self> {
        let order = starts.len().checked_sub(1)?;
        let whole = starts.first() == Some(&0) && starts.last() == Some(&rows.len()) && starts.is_sorted();
        let fits = order < NONE as usize && rows.len() < NONE as usize;
        let made = Self { starts, rows };
        let sound = |column: usize| {
            let rows = made.column(column);
            rows.windows(2).all(|pair| pair[0] < pair[1]) && rows.last().is_none_or(|&row| (row as usize) < order)
        };
        (whole && fits && (0..order).all(sound)).then_some(made)
    }

    /// Where the columns begin, and the rows.
    pub(super) fn into_parts(self) -> (Vec<usize>, Vec<u32>) {
        (self.starts, self.rows)
    }

    /// Rows, and columns, of the matrix.
    #[must_use]
    pub fn order(&self) -> usize {
        self.starts.len() - 1
    }

    /// Number of entries.
    #[must_use]
    pub fn entries(&self) -> usize {
        self.rows.len()
    }

    /// The rows of the entries of a column, in order.
    #[must_use]
    pub fn column(&self, column: usize) -> &[u32] {
        &self.rows[self.range(column)]
    }

    /// The rows of some entries, by their positions.
    #[must_use]
    pub fn rows(&self, slots: std::ops::Range<usize>) -> &[u32] {
        &self.rows[slots]
    }

    /// The positions of the entries of a column.
    #[must_use]
    pub fn range(&self, column: usize) -> std::ops::Range<usize> {
        self.starts[column]..self.starts[column + 1]
    }

    /// Calls `take` with row, column and position of each entry.
    pub(super) fn for_each(&self, mut take: impl FnMut(usize, usize, usize)) {
        for column in 0..self.order() {
            for slot in self.range(column) {
                take(self.rows[slot] as usize, column, slot);
            }
        }
    }

    /// The product of the matrix with `x`, added to `y`.
    ///
    /// `values` holds one value an entry, in the order of the pattern; `x` and `y` have the order of the matrix.
    pub fn multiply(&self, values: &[f64], x: &[f64], y: &mut [f64]) {
        for (column, &x) in x.iter().enumerate() {
            for slot in self.range(column) {
                y[self.rows[slot] as usize] += values[slot] * x;
            }
        }
    }

    /// The product of the transposed matrix with `x`, added to `y`.
    pub fn multiply_transposed(&self, values: &[f64], x: &[f64], y: &mut [f64]) {
        for (column, y) in y.iter_mut().enumerate() {
            for slot in self.range(column) {
                *y += values[slot] * x[self.rows[slot] as usize];
            }
        }
    }
}

/// No index.
pub(super) const NONE: u32 = u32::MAX;

/// Sorts `list` stably by `key`, all below `bound`, by counting; where each key begins, and the sorted list.
fn sorted(bound: usize, list: &[u32], key: &[u32]) -> (Vec<usize>, Vec<u32>) {
    let mut starts = vec![0; bound + 1];
    for &item in list {
        starts[key[item as usize] as usize + 1] += 1;
    }
    for k in 0..bound {
        starts[k + 1] += starts[k];
    }
    let mut next = starts.clone();
    let mut sorted = vec![0; list.len()];
    for &item in list {
        let place = &mut next[key[item as usize] as usize];
        sorted[*place] = item;
        *place += 1;
    }
    (starts, sorted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_come_to_lie_by_column_and_row() {
        let made = Pattern::from_entries(3, &[2, 0, 1, 0], &[1, 2, 1, 0]);
        let expected = Pattern { starts: vec![0, 1, 3, 4], rows: vec![0, 1, 2, 0] };
        assert_eq!(made, Ok((expected, vec![2, 3, 1, 0])));
    }

    #[test]
    fn entries_that_do_not_fit_are_named() {
        let bad = |order, rows: &[u32], columns: &[u32]| Pattern::from_entries(order, rows, columns).err();
        let outside = PatternError::OutOfRange { entry: 1, row: 3, column: 0, order: 3 };
        assert_eq!(bad(3, &[0, 3], &[0, 0]), Some(outside));
        let twice = PatternError::Duplicate { first: 0, second: 2, row: 1, column: 2 };
        assert_eq!(bad(3, &[1, 0, 1], &[2, 2, 2]), Some(twice));
        assert_eq!(bad(2, &[0], &[]), Some(PatternError::Shape { rows: 1, columns: 0, order: 2 }));
    }
}
