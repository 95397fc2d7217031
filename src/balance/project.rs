//! Unmeasured variables taken out of linear equations.
//!
//! Gaussian elimination, sparse: an unmeasured variable is solved for in one of its rows and put into the others. It does
//! what the projection matrix of Crowe, Garcia Campos and Hrymak (`AIChE` Journal 29 (1983) 881–888) does, and keeps what
//! that loses: how each variable follows from the others. In a network of flows it joins the nodes at the ends of an
//! unmeasured stream (Mah, Stanley and Downing, Industrial & Engineering Chemistry Process Design and Development 15 (1976)
//! 175–183), so that rows stay short; a sparse QR would fill them.

use super::linear::{Rows, Term};
use super::numbering::Numbering;
use std::sync::OnceLock;

/// What is left of a coefficient, in parts of what it came from, if only rounding is left of it.
const NOTHING: f64 = 1e-12;

/// A pivot is not taken below this part of the largest coefficient of its variable.
const THRESHOLD: f64 = 0.01;

/// Variables in so many rows and more are not told apart.
const MANY: usize = 32;

/// The mark of a measured variable, and of an equation that nothing was added to.
const NONE: u32 = u32::MAX;

/// The mark of an unmeasured variable that no equation has held yet.
const OPEN: u32 = u32::MAX - 1;

/// Equations without unmeasured variables, and what follows from them.
#[derive(Debug, Clone)]
pub(super) struct Projection {
    /// The equations among measured variables, these by number.
    pub(super) rows: Rows,
    pub(super) numbering: Numbering,
    /// Which equation each of them was.
    origin: Vec<u32>,
    /// Which equations were added to which: (into, added), in order.
    added: Vec<(u32, u32)>,
    /// The equations that each joins, once that is asked for.
    joined: OnceLock<Joined>,
    /// Unmeasured variables in the order in which they were taken out.
    pub(super) taken: Vec<u32>,
    /// How each follows from measured ones and later ones: `x = right + Σ a x`.
    pub(super) follows: Rows,
    /// Unmeasured variables that nothing determines.
    free: Vec<u32>,
}

/// For each equation where those that it joins begin, and where those of the last one end; these.
#[derive(Debug, Clone)]
struct Joined {
    starts: Vec<usize>,
    equations: Vec<u32>,
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
    /// For each variable where it stands among the unmeasured ones, and for each of these which it is and the rows that hold it.
    place: Vec<u32>,
    unknowns: Vec<u32>,
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
            numbering: Numbering::new(unmeasured.len()),
            origin: Vec::with_capacity(rows.len()),
            added: Vec::new(),
            joined: OnceLock::new(),
            taken: Vec::with_capacity(work.unknowns.len()),
            follows: Rows::default(),
            free: Vec::new(),
        };
        // Those in the fewest rows first; counts change while others are taken out.
        let mut open: Vec<Vec<u32>> = vec![Vec::new(); MANY + 1];
        for place in (0..work.unknowns.len()).rev() {
            open[work.count(place as u32)].push(place as u32);
        }
        for few in 0..=MANY {
            while let Some(place) = open[few].pop() {
                match work.count(place) {
                    0 => made.free.push(work.unknowns[place as usize]),
                    now if now > few => open[now].push(place),
                    _ => work.take_out(place, &mut made),
                }
            }
        }
        made.free.sort_unstable();
        // Rows stay where they were: neighbors stay near.
        for row in (0..rows.len() as u32).filter(|&row| !work.used[row as usize]) {
            // What flows back to where it comes from is no term.
            let terms = work.terms(row).iter().filter(|term| term.1 != 0.0);
            let terms = terms.map(|&(variable, a)| (made.numbering.give(variable), a));
            made.rows.push_terms(terms, work.right(row));
            made.origin.push(row);
        }
        made.added = work.added;
        made.added.sort_unstable();
        made
    }

    /// The equations that a row among measured variables joins, in order.
    pub(super) fn joined(&self, row: usize) -> &[u32] {
        let Joined { starts, equations } = self.joined.get_or_init(|| self.join());
        &equations[starts[row]..starts[row + 1]]
    }

    fn join(&self) -> Joined {
        let (mut starts, mut joined) = (vec![0], Vec::with_capacity(self.origin.len() + self.added.len()));
        for &row in &self.origin {
            let from = joined.len();
            joined.push(row);
            // What was added, and what had been added to that.
            let mut next = from;
            while let Some(&into) = joined.get(next) {
                let first = self.added.partition_point(|added| added.0 < into);
                joined.extend(self.added[first..].iter().take_while(|a| a.0 == into).map(|a| a.1));
                next += 1;
            }
            joined[from..].sort_unstable();
            starts.push(joined.len());
        }
        Joined { starts, equations: joined }
    }

    /// For each variable whether measured ones determine it: those that nothing determines are moved at will, and it stays.
    pub(super) fn determined(&self) -> Vec<bool> {
        let variables = self.numbering.len();
        let mut determined = vec![true; variables];
        if self.free.is_empty() {
            return determined;
        }
        let mut x = vec![0.0; variables];
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
        let mut place: Vec<u32> = unmeasured.iter().map(|&unmeasured| if unmeasured { OPEN } else { NONE }).collect();
        let (mut unknowns, mut rows_of): (_, Vec<Vec<u32>>) = (Vec::new(), Vec::new());
        let mut meet = |variable: u32, row: Option<u32>| {
            let place = &mut place[variable as usize];
            if *place == NONE {
                return;
            }
            if *place == OPEN {
                *place = unknowns.len() as u32;
                unknowns.push(variable);
                rows_of.push(Vec::new());
            }
            rows_of[*place as usize].extend(row);
        };
        for row in 0..rows.len() {
            rows.terms(row).iter().for_each(|&(variable, a)| meet(variable, (a != 0.0).then_some(row as u32)));
        }
        (0..unmeasured.len() as u32).for_each(|variable| meet(variable, None));
        Self {
            rows,
            changed: Vec::new(),
            which: vec![NONE; rows.len()],
            added: Vec::new(),
            used: vec![false; rows.len()],
            place,
            unknowns,
            rows_of,
            sum: Vec::new(),
            held: Vec::new(),
        }
    }

    /// In how many rows the unmeasured variable at a place stands, up to [`MANY`].
    fn count(&self, place: u32) -> usize {
        self.rows_of[place as usize].len().min(MANY)
    }

    /// The rows that hold a variable, if it is unmeasured.
    fn rows_of(&mut self, variable: u32) -> Option<&mut Vec<u32>> {
        self.rows_of.get_mut(self.place[variable as usize] as usize)
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
    fn take_out(&mut self, place: u32, made: &mut Projection) {
        let variable = self.unknowns[place as usize];
        let list = std::mem::take(&mut self.rows_of[place as usize]);
        let mut held = std::mem::take(&mut self.held);
        held.clear();
        held.extend(list.into_iter().map(|row| (row, self.coefficient(row, variable))));
        let largest = held.iter().map(|row| row.1.abs()).fold(0.0, f64::max);
        let fair = held.iter().copied().filter(|row| row.1.abs() >= THRESHOLD * largest);
        let Some((chosen, pivot)) = fair.min_by_key(|&(row, _)| (self.terms(row).len(), row)) else { return };
        self.used[chosen as usize] = true;
        let others = self.terms(chosen).iter().filter(|term| term.0 != variable && term.1 != 0.0);
        made.follows.push_terms(others.map(|&(other, a)| (other, -a / pivot)), self.right(chosen) / pivot);
        made.taken.push(variable);
        let (row, right) = (made.follows.terms(made.taken.len() - 1), made.follows.right(made.taken.len() - 1));
        for &(other, _) in row {
            forget(self.rows_of(other), chosen);
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
                    } else {
                        forget(self.rows_of.get_mut(self.place[a as usize] as usize), row);
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
                    if let Some(rows) = self.rows_of.get_mut(self.place[b as usize] as usize) {
                        rows.push(row);
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

/// Takes a row out of those that hold a variable.
fn forget(rows: Option<&mut Vec<u32>>, row: u32) {
    if let Some(rows) = rows {
        rows.retain(|&r| r != row);
    }
}

/// A number between 0.5 and 1.5 of which no sum of others is likely to be a multiple (Vigna's splitmix64).
fn at_will(variable: u32) -> f64 {
    let mut z = (u64::from(variable) + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    0.5 + ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}
