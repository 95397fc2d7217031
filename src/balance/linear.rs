//! Linear equations row by row.

/// Rows `Σ a x = b`, each with its terms.
#[derive(Debug, Clone, PartialEq)]
pub struct Rows {
    /// Where the terms of each row begin, and where those of the last one end.
    starts: Vec<usize>,
    columns: Vec<u32>,
    values: Vec<f64>,
    right: Vec<f64>,
}

impl Default for Rows {
    fn default() -> Self {
        Self { starts: vec![0], columns: Vec::new(), values: Vec::new(), right: Vec::new() }
    }
}

impl Rows {
    /// Room for as many rows and terms as others have.
    pub(super) fn like(other: &Self) -> Self {
        let (mut starts, rows, terms) = (Vec::with_capacity(other.starts.len()), other.len(), other.entries());
        starts.push(0);
        let right = Vec::with_capacity(rows);
        Self { starts, columns: Vec::with_capacity(terms), values: Vec::with_capacity(terms), right }
    }

    /// Adds a row; terms of one variable are summed up.
    pub fn push(&mut self, terms: impl IntoIterator<Item = (u32, f64)>, right: f64) {
        let start = self.columns.len();
        let mut list: Vec<(u32, f64)> = terms.into_iter().collect();
        list.sort_by_key(|term| term.0);
        for (column, value) in list {
            if self.columns.len() > start && self.columns.last() == Some(&column) {
                if let Some(last) = self.values.last_mut() {
                    *last += value;
                }
            } else {
                self.columns.push(column);
                self.values.push(value);
            }
        }
        self.starts.push(self.columns.len());
        self.right.push(right);
    }

    /// Adds a row whose terms rise by variable.
    pub(super) fn push_sorted(&mut self, terms: impl IntoIterator<Item = (u32, f64)>, right: f64) {
        for (column, value) in terms {
            self.columns.push(column);
            self.values.push(value);
        }
        self.starts.push(self.columns.len());
        self.right.push(right);
    }

    /// How many.
    #[must_use]
    pub fn len(&self) -> usize {
        self.right.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.right.is_empty()
    }

    /// Terms of all rows.
    #[must_use]
    pub fn entries(&self) -> usize {
        self.columns.len()
    }

    /// Variables of the terms of a row.
    #[must_use]
    pub fn columns(&self, row: usize) -> &[u32] {
        &self.columns[self.starts[row]..self.starts[row + 1]]
    }

    /// The terms of a row: variable, coefficient.
    pub fn terms(&self, row: usize) -> impl Iterator<Item = (u32, f64)> + '_ {
        let range = self.starts[row]..self.starts[row + 1];
        self.columns[range.clone()].iter().copied().zip(self.values[range].iter().copied())
    }

    /// The right side of a row.
    #[must_use]
    pub fn right(&self, row: usize) -> f64 {
        self.right[row]
    }

    /// What is left of a row: `Σ a x − b`, and the sum of the sizes of its terms.
    #[must_use]
    pub fn residual(&self, row: usize, x: &[f64]) -> (f64, f64) {
        self.terms(row).fold((-self.right[row], self.right[row].abs()), |(sum, size), (column, a)| {
            let term = a * x[column as usize];
            (sum + term, size + term.abs())
        })
    }
}

/// The same terms by variable: for each the rows it stands in, and its coefficients there.
#[derive(Debug, Clone)]
pub(super) struct Columns {
    starts: Vec<usize>,
    rows: Vec<u32>,
    values: Vec<f64>,
}

impl Columns {
    pub(super) fn new(rows: &Rows, variables: usize) -> Self {
        let mut starts = vec![0; variables + 1];
        for &column in &rows.columns {
            starts[column as usize + 1] += 1;
        }
        for column in 0..variables {
            starts[column + 1] += starts[column];
        }
        let mut next = starts.clone();
        let mut made = Self { starts, rows: vec![0; rows.entries()], values: vec![0.0; rows.entries()] };
        for row in 0..rows.len() {
            for (column, value) in rows.terms(row) {
                let slot = next[column as usize];
                next[column as usize] += 1;
                (made.rows[slot], made.values[slot]) = (row as u32, value);
            }
        }
        made
    }

    /// Rows and coefficients of a variable.
    pub(super) fn terms(&self, variable: usize) -> impl Iterator<Item = (u32, f64)> + '_ {
        let range = self.starts[variable]..self.starts[variable + 1];
        self.rows[range.clone()].iter().copied().zip(self.values[range].iter().copied())
    }

    /// Rows of a variable.
    pub(super) fn rows(&self, variable: usize) -> &[u32] {
        &self.rows[self.starts[variable]..self.starts[variable + 1]]
    }

    /// The product of the variable's coefficients and a list by row.
    pub(super) fn times(&self, variable: usize, list: &[f64]) -> f64 {
        self.terms(variable).map(|(row, a)| a * list[row as usize]).sum()
    }
}
