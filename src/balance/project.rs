//! Unmeasured variables taken out of linear equations.
//!
//! Gaussian elimination, sparse: an unmeasured variable is solved for in one of its rows and put into the others. It does
//! what the projection matrix of Crowe, Garcia Campos and Hrymak (`AIChE` Journal 29 (1983) 881–888) does, and keeps what
//! that loses: how each variable follows from the others. In a network of flows it joins the nodes at the ends of an
//! unmeasured stream (Mah, Stanley and Downing, Industrial & Engineering Chemistry Process Design and Development 15 (1976)
//! 175–183), so that rows stay short; a sparse QR would fill them.

use super::linear::Rows;

/// What is left of a coefficient, in parts of what it came from, if only rounding is left of it.
const NOTHING: f64 = 1e-12;

/// A pivot is not taken below this part of the largest coefficient of its variable.
const THRESHOLD: f64 = 0.01;

/// Variables in so many rows and more are not told apart.
const MANY: usize = 32;

/// A variable as it follows from others.
#[derive(Debug, Clone)]
pub(super) struct Pivot {
    pub(super) variable: u32,
    /// The others: `x = right + Σ a x`.
    pub(super) terms: Vec<(u32, f64)>,
    pub(super) right: f64,
}

/// Equations without unmeasured variables, and what follows from them.
#[derive(Debug, Clone)]
pub(super) struct Projection {
    /// The equations among measured variables.
    pub(super) rows: Rows,
    /// For each of them where the equations that it joins begin, and where those of the last one end.
    starts: Vec<usize>,
    joined: Vec<u32>,
    /// Unmeasured variables in the order in which they were taken out: each follows from measured ones and later ones.
    pub(super) pivots: Vec<Pivot>,
    /// Unmeasured variables that nothing determines.
    pub(super) free: Vec<u32>,
}

/// An equation while variables are taken out.
#[derive(Debug, Clone, Default)]
struct Row {
    terms: Vec<(u32, f64)>,
    right: f64,
    /// The equations that it joins; none once it is taken.
    joined: Vec<u32>,
}

/// Rows that hold unmeasured variables, and in which of them each of these stands.
struct Work<'a> {
    unmeasured: &'a [bool],
    rows: Vec<Row>,
    rows_of: Vec<Vec<u32>>,
    /// Room for a sum.
    sum: Vec<(u32, f64)>,
}

impl Row {
    fn coefficient(&self, variable: u32) -> f64 {
        self.terms.binary_search_by_key(&variable, |term| term.0).map_or(0.0, |at| self.terms[at].1)
    }

    /// Adds `by` times another row, by way of `sum`; tells which terms came and which vanished.
    fn add(&mut self, by: f64, other: &Self, sum: &mut Vec<(u32, f64)>, mut moved: impl FnMut(u32, bool)) {
        sum.clear();
        let (mut mine, mut theirs) = (self.terms.iter().peekable(), other.terms.iter().peekable());
        loop {
            match (mine.peek(), theirs.peek()) {
                (Some(&&(a, x)), Some(&&(b, y))) if a == b => {
                    let (value, added) = (x + by * y, by * y);
                    if value.abs() > NOTHING * (x.abs() + added.abs()) {
                        sum.push((a, value));
                    } else {
                        moved(a, false);
                    }
                    mine.next();
                    theirs.next();
                }
                (Some(&&(a, x)), other) if other.is_none_or(|&&(b, _)| a < b) => {
                    sum.push((a, x));
                    mine.next();
                }
                (_, Some(&&(b, y))) => {
                    sum.push((b, by * y));
                    moved(b, true);
                    theirs.next();
                }
                _ => break,
            }
        }
        std::mem::swap(&mut self.terms, sum);
        let right = self.right + by * other.right;
        self.right = if right.abs() > NOTHING * (self.right.abs() + (by * other.right).abs()) { right } else { 0.0 };
        self.joined.extend(&other.joined);
    }
}

impl Projection {
    /// Takes the variables out of the rows for which `unmeasured` says so.
    pub(super) fn new(rows: &Rows, unmeasured: &[bool]) -> Self {
        let mut work =
            Work { unmeasured, rows: Vec::new(), rows_of: vec![Vec::new(); unmeasured.len()], sum: Vec::new() };
        let worked: Vec<bool> =
            (0..rows.len()).map(|row| rows.columns(row).iter().any(|&column| unmeasured[column as usize])).collect();
        (0..rows.len()).filter(|&row| worked[row]).for_each(|row| work.push(rows, row));
        let (mut pivots, mut free) = (Vec::new(), Vec::new());
        // Those in the fewest rows first; counts change while others are taken out.
        let mut open: Vec<Vec<u32>> = vec![Vec::new(); MANY + 1];
        for variable in (0..unmeasured.len() as u32).rev().filter(|&v| unmeasured[v as usize]) {
            open[work.count(variable).min(MANY)].push(variable);
        }
        while let Some(few) = open.iter().position(|list| !list.is_empty()) {
            let Some(variable) = open[few].pop() else { continue };
            match work.count(variable) {
                0 => free.push(variable),
                now if now.min(MANY) > few => open[now.min(MANY)].push(variable),
                _ => pivots.extend(work.take_out(variable)),
            }
        }
        free.sort_unstable();
        // Rows stay where they were: neighbors stay near.
        let mut made = Self { rows: Rows::like(rows), starts: vec![0], joined: Vec::new(), pivots, free };
        let mut next = work.rows.into_iter();
        for (row, worked) in worked.into_iter().enumerate() {
            if !worked {
                made.push(rows.terms(row), rows.right(row), &[row as u32]);
            } else if let Some(mut row) = next.next().filter(|row| !row.joined.is_empty()) {
                row.joined.sort_unstable();
                made.push(row.terms, row.right, &row.joined);
            }
        }
        made
    }

    fn push(&mut self, terms: impl IntoIterator<Item = (u32, f64)>, right: f64, joined: &[u32]) {
        self.rows.push_sorted(terms, right);
        self.joined.extend(joined);
        self.starts.push(self.joined.len());
    }

    /// The equations that a row among measured variables joins, in order.
    pub(super) fn joined(&self, row: usize) -> &[u32] {
        &self.joined[self.starts[row]..self.starts[row + 1]]
    }

    /// For each variable whether measured ones determine it: those that nothing determines are moved at will, and it stays.
    pub(super) fn determined(&self, unmeasured: &[bool]) -> Vec<bool> {
        let mut x = vec![0.0; unmeasured.len()];
        for &variable in &self.free {
            x[variable as usize] = at_will(variable);
        }
        let mut determined = vec![true; unmeasured.len()];
        self.free.iter().for_each(|&variable| determined[variable as usize] = false);
        for pivot in self.pivots.iter().rev() {
            let (sum, size) = pivot.terms.iter().fold((0.0, 0.0), |(sum, size): (f64, f64), &(column, a)| {
                let term = a * x[column as usize];
                (sum + term, size + term.abs())
            });
            let moves = sum.abs() > 1e-9 * size;
            x[pivot.variable as usize] = if moves { sum } else { 0.0 };
            determined[pivot.variable as usize] = !moves;
        }
        determined
    }

    /// Puts the unmeasured variables that follow from the others into `x`.
    pub(super) fn follow(&self, x: &mut [f64]) {
        for pivot in self.pivots.iter().rev() {
            x[pivot.variable as usize] =
                pivot.terms.iter().fold(pivot.right, |sum, &(column, a)| sum + a * x[column as usize]);
        }
    }
}

impl Work<'_> {
    fn push(&mut self, rows: &Rows, row: usize) {
        let mut terms = Vec::with_capacity(rows.columns(row).len());
        for (column, a) in rows.terms(row).filter(|term| term.1 != 0.0) {
            terms.push((column, a));
            if self.unmeasured[column as usize] {
                self.rows_of[column as usize].push(self.rows.len() as u32);
            }
        }
        self.rows.push(Row { terms, right: rows.right(row), joined: vec![row as u32] });
    }

    /// In how many rows a variable stands.
    fn count(&self, variable: u32) -> usize {
        self.rows_of[variable as usize].len()
    }

    /// Solves for a variable in the shortest row that has a fair coefficient of it, and puts it into its other rows.
    fn take_out(&mut self, variable: u32) -> Option<Pivot> {
        let Self { unmeasured, rows, rows_of, sum } = self;
        let list = std::mem::take(&mut rows_of[variable as usize]);
        let size = |row: &u32| rows[*row as usize].coefficient(variable).abs();
        let largest = list.iter().map(size).fold(0.0, f64::max);
        let fair = list.iter().copied().filter(|row| size(row) >= THRESHOLD * largest);
        let chosen = fair.min_by_key(|&row| (rows[row as usize].terms.len(), row))?;
        let mut row = std::mem::take(&mut rows[chosen as usize]);
        let pivot = row.coefficient(variable);
        row.terms.retain(|term| term.0 != variable);
        for &(column, _) in row.terms.iter().filter(|term| unmeasured[term.0 as usize]) {
            rows_of[column as usize].retain(|&r| r != chosen);
        }
        for other in list.into_iter().filter(|&r| r != chosen) {
            let into = &mut rows[other as usize];
            let by = -into.coefficient(variable) / pivot;
            into.terms.retain(|term| term.0 != variable);
            into.add(by, &row, sum, |column, came| {
                if unmeasured[column as usize] {
                    let list = &mut rows_of[column as usize];
                    if came { list.push(other) } else { list.retain(|&r| r != other) }
                }
            });
        }
        row.terms.iter_mut().for_each(|term| term.1 /= -pivot);
        Some(Pivot { variable, terms: row.terms, right: row.right / pivot })
    }
}

/// A number between 0.5 and 1.5 of which no sum of others is likely to be a multiple (Vigna's splitmix64).
fn at_will(variable: u32) -> f64 {
    let mut z = (u64::from(variable) + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    0.5 + ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}
