//! Linear equations row by row.

/// A term: variable, coefficient.
pub type Term = (u32, f64);

/// Rows `Σ a x = b`, each with its terms.
#[derive(Debug, Clone, PartialEq)]
pub struct Rows {
    /// Where the terms of each row begin, and where those of the last one end.
    starts: Vec<usize>,
    terms: Vec<Term>,
    right: Vec<f64>,
}

impl Default for Rows {
    fn default() -> Self {
        Self { starts: vec![0], terms: Vec::new(), right: Vec::new() }
    }
}

impl Rows {
    /// Room for as many rows and terms as others have.
    pub(super) fn like(other: &Self) -> Self {
        let mut starts = Vec::with_capacity(other.starts.len());
        starts.push(0);
        Self { starts, terms: Vec::with_capacity(other.terms.len()), right: Vec::with_capacity(other.len()) }
    }

    /// Adds a row; terms of one variable are summed up.
    pub fn push(&mut self, terms: impl IntoIterator<Item = Term>, right: f64) {
        let start = self.terms.len();
        let mut list: Vec<Term> = terms.into_iter().collect();
        list.sort_by_key(|term| term.0);
        for (variable, value) in list {
            match self.terms[start..].last_mut() {
                Some(last) if last.0 == variable => last.1 += value,
                _ => self.terms.push((variable, value)),
            }
        }
        self.starts.push(self.terms.len());
        self.right.push(right);
    }

    /// Adds a row as it is: each variable once.
    pub(super) fn push_terms(&mut self, terms: impl IntoIterator<Item = Term>, right: f64) {
        self.terms.extend(terms);
        self.starts.push(self.terms.len());
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
        self.terms.len()
    }

    /// The terms of a row, each variable once.
    #[must_use]
    pub fn terms(&self, row: usize) -> &[Term] {
        &self.terms[self.starts[row]..self.starts[row + 1]]
    }

    /// The right side of a row.
    #[must_use]
    pub fn right(&self, row: usize) -> f64 {
        self.right[row]
    }

    /// What is left of a row: `Σ a x − b`, and the sum of the sizes of its terms.
    #[must_use]
    pub fn residual(&self, row: usize, x: &[f64]) -> (f64, f64) {
        self.terms(row).iter().fold((-self.right[row], self.right[row].abs()), |(sum, size), &(variable, a)| {
            let term = a * x[variable as usize];
            (sum + term, size + term.abs())
        })
    }
}

/// The same terms by variable: for each the rows it stands in, and its coefficients there.
#[derive(Debug, Clone)]
pub(super) struct Columns {
    starts: Vec<usize>,
    terms: Vec<Term>,
}

impl Columns {
    pub(super) fn new(rows: &Rows, variables: usize) -> Self {
        let mut starts = vec![0; variables + 1];
        for &(variable, _) in &rows.terms {
            starts[variable as usize + 1] += 1;
        }
        for variable in 0..variables {
            starts[variable + 1] += starts[variable];
        }
        let mut next = starts.clone();
        let mut terms = vec![(0, 0.0); rows.terms.len()];
        for row in 0..rows.len() {
            for &(variable, value) in rows.terms(row) {
                let slot = &mut next[variable as usize];
                terms[*slot] = (row as u32, value);
                *slot += 1;
            }
        }
        Self { starts, terms }
    }

    /// Rows and coefficients of a variable.
    pub(super) fn terms(&self, variable: usize) -> &[Term] {
        &self.terms[self.starts[variable]..self.starts[variable + 1]]
    }

    /// The product of the variable's coefficients and a list by row.
    pub(super) fn times(&self, variable: usize, list: &[f64]) -> f64 {
        self.terms(variable).iter().map(|&(row, a)| a * list[row as usize]).sum()
    }
}
