//! Unmeasured variables taken out of linear equations.
//!
//! Gaussian elimination, sparse: an unmeasured variable is solved for in one of its rows and put into the others. It does
//! what the projection matrix of Crowe, Garcia Campos and Hrymak (`AIChE` Journal 29 (1983) 881–888) does, and keeps what
//! that loses: how each variable follows from the others. In a network of flows it joins the nodes at the ends of an
//! unmeasured stream (Mah, Stanley and Downing, Industrial & Engineering Chemistry Process Design and Development 15 (1976)
//! 175–183), so that rows stay short; a sparse QR would fill them.

use super::linear::{Rows, Term};

/// What is left of a coefficient, in parts of what it came from, if only rounding is left of it.
const NOTHING: f64 = 1e-12;

/// A pivot is not taken below this part of the largest coefficient of its variable.
const THRESHOLD: f64 = 0.01;

/// Variables in so many rows and more are not told apart.
const MANY: usize = 32;

/// The mark of a measured variable, and of an equation that nothing was added to.
const KNOWN: u32 = u32::MAX;

/// Equations without unmeasured variables, and what follows from them.
#[derive(Debug, Clone)]
pub(super) struct Projection {
    /// The equations among measured variables.
    pub(super) rows: Rows,
    /// For each of them where the equations that it joins begin, and where those of the last one end.
    starts: Vec<usize>,
    joined: Vec<u32>,
    /// Unmeasured variables in the order in which they were taken out.
    pub(super) taken: Vec<u32>,
    /// How each follows from measured ones and later ones: `x = right + Σ a x`.
    pub(super) follows: Rows,
    /// Unmeasured variables that nothing determines.
    free: Vec<u32>,
}

/// An equation that others were added to.
struct Changed {
    terms: Vec<Term>,
    right: f64,
}

/// Equations while variables are taken out of them.
struct Work<'a> {
    rows: &'a Rows,
    /// Equations that others were added to, and which of them each is.
    changed: Vec<Changed>,
    which: Vec<u32>,
    /// What was added: into which, which.
    added: Vec<(u32, u32)>,
    /// Equations that a variable was solved for in.
    used: Vec<bool>,
    /// For each variable where it stands among the unmeasured ones, and for each of these the rows that hold it.
    place: Vec<u32>,
    rows_of: Vec<Vec<u32>>,
    /// Room for a sum, and for the rows that hold a variable with their coefficients of it.
    sum: Vec<Term>,
    held: Vec<(u32, f64)>,
}

impl Projection {
    /// Takes the variables out of the rows for which `unmeasured` says so.
    pub(super) fn new(rows: &Rows, unmeasured: &[bool]) -> Self {
        let mut work = Work::new(rows, unmeasured);
        let mut made = Self {
            rows: Rows::like(rows),
            starts: vec![0],
            joined: Vec::with_capacity(rows.len()),
            taken: Vec::new(),
            follows: Rows::default(),
            free: Vec::new(),
        };
        // Those in the fewest rows first; counts change while others are taken out.
        let mut open: Vec<Vec<u32>> = vec![Vec::new(); MANY + 1];
        for variable in (0..unmeasured.len() as u32).rev().filter(|&v| unmeasured[v as usize]) {
            open[work.count(variable)].push(variable);
        }
        for few in 0..=MANY {
            while let Some(variable) = open[few].pop() {
                match work.count(variable) {
                    0 => made.free.push(variable),
                    now if now > few => open[now].push(variable),
                    _ => work.take_out(variable, &mut made),
                }
            }
        }
        made.free.sort_unstable();
        // Rows stay where they were: neighbors stay near.
        work.added.sort_unstable();
        for row in (0..rows.len() as u32).filter(|&row| !work.used[row as usize]) {
            made.rows.push_sorted(work.terms(row).iter().copied(), work.right(row));
            let from = made.joined.len();
            made.joined.push(row);
            // What was added, and what had been added to that.
            let mut next = from;
            while let Some(&into) = made.joined.get(next) {
                let first = work.added.partition_point(|added| added.0 < into);
                made.joined.extend(work.added[first..].iter().take_while(|a| a.0 == into).map(|a| a.1));
                next += 1;
            }
            made.joined[from..].sort_unstable();
            made.starts.push(made.joined.len());
        }
        made
    }

    /// The equations that a row among measured variables joins, in order.
    pub(super) fn joined(&self, row: usize) -> &[u32] {
        &self.joined[self.starts[row]..self.starts[row + 1]]
    }

    /// For each variable whether measured ones determine it: those that nothing determines are moved at will, and it stays.
    pub(super) fn determined(&self, unmeasured: &[bool]) -> Vec<bool> {
        let mut determined = vec![true; unmeasured.len()];
        if self.free.is_empty() {
            return determined;
        }
        let mut x = vec![0.0; unmeasured.len()];
        for &variable in &self.free {
            (x[variable as usize], determined[variable as usize]) = (at_will(variable), false);
        }
        for (at, &variable) in self.taken.iter().enumerate().rev() {
            let (sum, size) = self.follows.terms(at).iter().fold((0.0, 0.0), |(sum, size): (f64, f64), &(other, a)| {
                let term = a * x[other as usize];
                (sum + term, size + term.abs())
            });
            let moves = sum.abs() > 1e-9 * size;
            (x[variable as usize], determined[variable as usize]) = (if moves { sum } else { 0.0 }, !moves);
        }
        determined
    }

    /// Puts the unmeasured variables that follow from the others into `x`.
    pub(super) fn follow(&self, x: &mut [f64]) {
        for (at, &variable) in self.taken.iter().enumerate().rev() {
            let terms = self.follows.terms(at).iter();
            x[variable as usize] = terms.fold(self.follows.right(at), |sum, &(other, a)| sum + a * x[other as usize]);
        }
    }
}

impl<'a> Work<'a> {
    fn new(rows: &'a Rows, unmeasured: &[bool]) -> Self {
        let mut unknowns = 0;
        let place: Vec<u32> = unmeasured
            .iter()
            .map(|&unmeasured| {
                unknowns += u32::from(unmeasured);
                if unmeasured { unknowns - 1 } else { KNOWN }
            })
            .collect();
        let mut rows_of = vec![Vec::new(); unknowns as usize];
        for row in 0..rows.len() {
            for &(variable, a) in rows.terms(row) {
                let place = place[variable as usize];
                if place != KNOWN && a != 0.0 {
                    rows_of[place as usize].push(row as u32);
                }
            }
        }
        Self {
            rows,
            changed: Vec::new(),
            which: vec![KNOWN; rows.len()],
            added: Vec::new(),
            used: vec![false; rows.len()],
            place,
            rows_of,
            sum: Vec::new(),
            held: Vec::new(),
        }
    }

    /// In how many rows an unmeasured variable stands, up to [`MANY`].
    fn count(&self, variable: u32) -> usize {
        self.rows_of[self.place[variable as usize] as usize].len().min(MANY)
    }

    fn terms(&self, row: u32) -> &[Term] {
        self.changed.get(self.which[row as usize] as usize).map_or_else(|| self.rows.terms(row as usize), |c| &c.terms)
    }

    fn right(&self, row: u32) -> f64 {
        self.changed.get(self.which[row as usize] as usize).map_or_else(|| self.rows.right(row as usize), |c| c.right)
    }

    fn coefficient(&self, row: u32, variable: u32) -> f64 {
        let terms = self.terms(row);
        terms.binary_search_by_key(&variable, |term| term.0).map_or(0.0, |at| terms[at].1)
    }

    /// Solves for a variable in the shortest row that has a fair coefficient of it, and puts it into its other rows.
    fn take_out(&mut self, variable: u32, made: &mut Projection) {
        let list = std::mem::take(&mut self.rows_of[self.place[variable as usize] as usize]);
        let mut held = std::mem::take(&mut self.held);
        held.clear();
        held.extend(list.into_iter().map(|row| (row, self.coefficient(row, variable))));
        let largest = held.iter().map(|row| row.1.abs()).fold(0.0, f64::max);
        let fair = held.iter().copied().filter(|row| row.1.abs() >= THRESHOLD * largest);
        let Some((chosen, pivot)) = fair.min_by_key(|&(row, _)| (self.terms(row).len(), row)) else { return };
        self.used[chosen as usize] = true;
        let others = self.terms(chosen).iter().filter(|term| term.0 != variable && term.1 != 0.0);
        made.follows.push_sorted(others.map(|&(other, a)| (other, -a / pivot)), self.right(chosen) / pivot);
        made.taken.push(variable);
        let (row, right) = (made.follows.terms(made.taken.len() - 1), made.follows.right(made.taken.len() - 1));
        for &(other, _) in row {
            let place = self.place[other as usize];
            if place != KNOWN {
                self.rows_of[place as usize].retain(|&r| r != chosen);
            }
        }
        for &(other, by) in held.iter().filter(|held| held.0 != chosen) {
            self.put_in(other, variable, by, row, right);
            self.added.push((other, chosen));
        }
        self.held = held;
    }

    /// Puts `variable = right + Σ a x` into a row that has `by` of it.
    fn put_in(&mut self, row: u32, variable: u32, by: f64, follows: &[Term], follows_right: f64) {
        let mut sum = std::mem::take(&mut self.sum);
        sum.clear();
        let changed = self.changed.get(self.which[row as usize] as usize);
        let mine = changed.map_or_else(|| self.rows.terms(row as usize), |c| &c.terms);
        let (mut mine, mut theirs) = (mine.iter().peekable(), follows.iter().peekable());
        loop {
            match (mine.peek(), theirs.peek()) {
                (Some(&&(a, _)), _) if a == variable => {
                    mine.next();
                }
                (Some(&&(a, x)), Some(&&(b, y))) if a == b => {
                    let (value, added) = (x + by * y, by * y);
                    if value.abs() > NOTHING * (x.abs() + added.abs()) {
                        sum.push((a, value));
                    } else if self.place[a as usize] != KNOWN {
                        self.rows_of[self.place[a as usize] as usize].retain(|&r| r != row);
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
                    if self.place[b as usize] != KNOWN {
                        self.rows_of[self.place[b as usize] as usize].push(row);
                    }
                    theirs.next();
                }
                _ => break,
            }
        }
        let (before, taken) = (self.right(row), by * follows_right);
        let right = before - taken;
        let right = if right.abs() > NOTHING * (before.abs() + taken.abs()) { right } else { 0.0 };
        if let Some(changed) = self.changed.get_mut(self.which[row as usize] as usize) {
            std::mem::swap(&mut changed.terms, &mut sum);
            changed.right = right;
        } else {
            self.which[row as usize] = self.changed.len() as u32;
            self.changed.push(Changed { terms: sum.clone(), right });
        }
        self.sum = sum;
    }
}

/// A number between 0.5 and 1.5 of which no sum of others is likely to be a multiple (Vigna's splitmix64).
fn at_will(variable: u32) -> f64 {
    let mut z = (u64::from(variable) + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    0.5 + ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}
