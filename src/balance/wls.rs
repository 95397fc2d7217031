//! Reconciliation of measurements under linear equations, by weighted least squares.
//!
//! S. Narasimhan and C. Jordache, "Data Reconciliation and Gross Error Detection" (Gulf, 2000), chapter 3; O. Cencic and
//! H. Rechberger, "Material flow analysis with software STAN", Journal of Environmental Engineering and Management 18
//! (2008) 3–7. With measurements `y`, their variances `V` and the equations `G x = g` that are left without unmeasured
//! variables:
//!
//! ```text
//! r = G y − g      M = G V Gᵀ      λ = M⁻¹ r      x = y − V Gᵀ λ      χ² = rᵀ λ
//! ```
//!
//! M has an entry where two equations share a measurement, so its factors are as sparse as the network, and the inverse is
//! asked only where they have entries.

use super::linear::{Columns, Rows};
use super::project::Projection;
use crate::network::Cholesky;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::OnceLock;

/// What is left of an equation, in parts of its terms, if it holds.
const CLOSED: f64 = 1e-9;

/// The same, if only rounding is left.
const ROUNDING: f64 = 1e-13;

/// The part of a variance that reconciliation takes off from which on the rest is no difference of the two.
const NEARLY_ALL: f64 = 0.999;

/// A variance so many times that of the rest of an equation is next to none.
const LOOSE: f64 = 1e9;

/// A measured value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measured {
    /// The value.
    pub value: f64,
    /// Its standard deviation, in the same unit; 0 for what is exact.
    pub sd: f64,
}

/// Variables and the equations between them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Problem {
    /// What is known of each variable; nothing where it is unmeasured.
    pub measured: Vec<Option<Measured>>,
    /// The equations.
    pub rows: Rows,
}

/// What the equations say of a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Measured, and the equations could do without: it is corrected.
    Redundant,
    /// Measured, and no equation can tell whether well.
    NonRedundant,
    /// Exact: never corrected.
    Exact,
    /// Unmeasured, and it follows from others.
    Observable,
    /// Unmeasured, and nothing determines it.
    Unobservable,
}

impl Class {
    /// The id in tables.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Redundant => "redundant",
            Self::NonRedundant => "non_redundant",
            Self::Exact => "exact",
            Self::Observable => "observable",
            Self::Unobservable => "unobservable",
        }
    }
}

/// Equations that cannot hold together: exact values leave a residual.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("equations {equations:?} contradict each other by {residual}")]
pub struct Contradiction {
    /// The equations that were joined.
    pub equations: Vec<u32>,
    /// What is left of their sum.
    pub residual: f64,
}

/// A reconciled problem.
#[derive(Debug, Clone)]
pub struct Estimate {
    /// The best value of each variable; nothing where nothing determines it.
    pub x: Vec<Option<f64>>,
    /// What the equations say of each.
    pub class: Vec<Class>,
    /// Sum of the squares of the corrections in standard deviations.
    pub chi2: f64,
    /// Independent equations among measured variables.
    pub freedom: usize,
    pub(super) reduced: Reduced,
}

/// The equations among measured variables, and what follows from them.
#[derive(Debug, Clone)]
pub(super) struct Reduced {
    measured: Vec<Option<Measured>>,
    pub(super) projection: Projection,
    /// What equations hold, by number.
    pub(super) columns: Columns,
    /// Values and variances by number.
    pub(super) y: Vec<f64>,
    pub(super) variance: Vec<f64>,
    factors: Cholesky,
    /// Residuals of the measurements, and multipliers.
    pub(super) residual: Vec<f64>,
    pub(super) multipliers: Vec<f64>,
    /// Where each unmeasured variable was taken out, once it is asked for.
    place: OnceLock<BTreeMap<u32, usize>>,
    /// `gᵀ M⁻¹ g` by number, once it is asked for; 0 for what is exact.
    weights: OnceLock<Vec<f64>>,
}

/// Reconciles.
///
/// A reading that is millions of times less certain than what the others say is left out where numbers cannot hold both: it
/// would change nothing.
///
/// # Errors
/// [`Contradiction`], the first: exact values, or equations alone, that cannot hold.
pub fn reconcile(problem: &Problem) -> Result<Estimate, Contradiction> {
    let mut loosest = match attempt(problem) {
        Ok(estimate) => return Ok(estimate),
        Err((contradiction, None)) => return Err(contradiction),
        Err((_, Some(loosest))) => loosest,
    };
    let mut tighter = problem.clone();
    loop {
        tighter.measured[loosest as usize] = None;
        loosest = match attempt(&tighter) {
            Ok(estimate) => return Ok(estimate),
            Err((contradiction, None)) => return Err(contradiction),
            Err((_, Some(loosest))) => loosest,
        };
    }
}

/// Reconciles all that is measured; of an equation that does not hold the least certain variable beside it, if any is uncertain.
fn attempt(problem: &Problem) -> Result<Estimate, (Contradiction, Option<u32>)> {
    let unmeasured: Vec<bool> = problem.measured.iter().map(Option::is_none).collect();
    let projection = Projection::new(&problem.rows, &unmeasured);
    let (rows, numbering) = (&projection.rows, &projection.numbering);
    let numbers = numbering.variables();
    let known = |variable: &u32| problem.measured[*variable as usize].map_or((0.0, 0.0), |m| (m.value, m.sd * m.sd));
    let known = || -> (Vec<f64>, Vec<f64>) { numbers.iter().map(known).unzip() };
    let (columns, (y, variance)) = both(rows, || Columns::new(rows, numbers.len()), known);
    let left = |x: &[f64]| -> Vec<(f64, f64)> {
        (0..rows.len()).into_par_iter().with_min_len(PIECE).map(|row| rows.residual(row, x)).collect()
    };
    let factors = || normal_equations(rows, &columns, &variance);
    let beside = || (left(&y), projection.determined(), problem.measured.clone());
    let (factors, (residuals, determined, measured)) = both(rows, factors, beside);

    let variable = |number: u32| numbering.variables()[number as usize];
    // Beside a variable that is next to unknown the rest of an equation is lost in rounding.
    for row in factors.dependent() {
        let size = |&(k, a): &(u32, f64)| a * a * variance[k as usize];
        let terms = rows.terms(row as usize);
        let Some(loosest) = terms.iter().max_by(|a, b| size(a).total_cmp(&size(b))) else { continue };
        let rest: f64 = terms.iter().filter(|term| term.0 != loosest.0).map(size).sum();
        if size(loosest) > LOOSE * rest && rest > 0.0 {
            let equations = projection.joined(row as usize).to_vec();
            return Err((Contradiction { equations, residual: 0.0 }, Some(variable(loosest.0))));
        }
    }
    // What an equation holds of the measurements is its size, also where nothing is left of them.
    let (residual, sizes): (Vec<f64>, Vec<f64>) = residuals.into_iter().unzip();
    let (mut best, mut multipliers) = (y.clone(), vec![0.0; rows.len()]);
    let mut more = residual.clone();
    // What rounding has left of the equations is corrected in turn.
    for again in [true, true, false] {
        factors.solve(&mut more);
        multipliers.iter_mut().zip(&more).for_each(|(sum, more)| *sum += more);
        best.par_iter_mut().with_min_len(PIECE).enumerate().for_each(|(number, best)| {
            if variance[number] > 0.0 {
                *best -= variance[number] * columns.times(number, &more);
            }
        });
        let mut left = left(&best);
        left.iter_mut().zip(&sizes).for_each(|(left, size)| left.1 = left.1.max(*size));
        if left.iter().all(|(left, size)| left.abs() <= ROUNDING * size) {
            break;
        }
        let worst = left.iter().position(|(left, size)| left.abs() > CLOSED * size || !left.is_finite());
        if let Some(row) = worst.filter(|_| !again) {
            let uncertain = rows.terms(row).iter().map(|&(k, a)| (k, a * a * variance[k as usize]));
            let loosest = uncertain.filter(|t| t.1 > 0.0).max_by(|a, b| a.1.total_cmp(&b.1)).map(|t| variable(t.0));
            let equations = projection.joined(row).to_vec();
            return Err((Contradiction { equations, residual: left[row].0 }, loosest));
        }
        more = left.into_iter().map(|left| left.0).collect();
    }
    let chi2 = residual.iter().zip(&multipliers).map(|(r, l)| r * l).sum::<f64>().max(0.0);
    let freedom = rows.len() - factors.dependent().len();
    let class = |(variable, measured): (usize, &Option<Measured>)| match measured {
        Some(Measured { sd: 0.0, .. }) => Class::Exact,
        Some(_) if numbering.of(variable).is_some() => Class::Redundant,
        Some(_) => Class::NonRedundant,
        None if determined[variable] => Class::Observable,
        None => Class::Unobservable,
    };
    let class: Vec<Class> = problem.measured.iter().enumerate().map(class).collect();
    let reduced = Reduced {
        measured,
        columns,
        y,
        variance,
        factors,
        residual,
        multipliers,
        weights: OnceLock::new(),
        place: OnceLock::new(),
        projection,
    };
    Ok(Estimate { x: reduced.whole(&best, &class), class, chi2, freedom, reduced })
}

/// Equations that a thread takes at a time.
const PIECE: usize = 1 << 13;

/// Two things side by side, where there are enough equations for a second thread to pay.
fn both<A, B>(rows: &Rows, one: impl FnOnce() -> A + Send, other: impl FnOnce() -> B + Send) -> (A, B)
where
    A: Send,
    B: Send,
{
    if rows.len() < PIECE { (one(), other()) } else { rayon::join(one, other) }
}

/// Some columns of a symmetric matrix: where each ends, its rows, its values.
#[derive(Default)]
struct Normal {
    ends: Vec<usize>,
    rows: Vec<u32>,
    values: Vec<f64>,
}

/// The factors of `M = G V Gᵀ`.
fn normal_equations(rows: &Rows, columns: &Columns, variance: &[f64]) -> Cholesky {
    let pieces: Vec<Range<usize>> =
        (0..rows.len()).step_by(PIECE).map(|first| first..rows.len().min(first + PIECE)).collect();
    let pieces: Vec<Normal> =
        pieces.into_par_iter().map(|piece| normal_columns(rows, columns, variance, piece)).collect();
    let (mut starts, mut whole) = (vec![0], Normal::default());
    for piece in pieces {
        let before = whole.rows.len();
        starts.extend(piece.ends.iter().map(|end| before + end));
        whole.rows.extend(piece.rows);
        whole.values.extend(piece.values);
    }
    Cholesky::new(&starts, &whole.rows, &whole.values)
}

/// The columns of M that belong to some equations.
fn normal_columns(rows: &Rows, columns: &Columns, variance: &[f64], of: Range<usize>) -> Normal {
    // A variable is in two equations mostly.
    let entries = of.clone().map(|row| 1 + rows.terms(row).len()).sum();
    let mut made = Normal {
        ends: Vec::with_capacity(of.len()),
        rows: Vec::with_capacity(entries),
        values: Vec::with_capacity(entries),
    };
    // Where a row's entry stands, while its column is made.
    let mut at = vec![u32::MAX; rows.len()];
    for row in of {
        let start = made.rows.len();
        // The diagonal is there, also of a row without uncertain terms.
        at[row] = start as u32;
        made.rows.push(row as u32);
        made.values.push(0.0);
        for &(variable, a) in rows.terms(row) {
            // By the variance alone, so that M has each entry in both its triangles.
            if variance[variable as usize] == 0.0 {
                continue;
            }
            let weight = a * variance[variable as usize];
            for &(other, b) in columns.terms(variable as usize) {
                let place = at[other as usize] as usize;
                if (start..made.rows.len()).contains(&place) {
                    made.values[place] += weight * b;
                } else {
                    at[other as usize] = made.rows.len() as u32;
                    made.rows.push(other);
                    made.values.push(weight * b);
                }
            }
        }
        made.ends.push(made.rows.len());
    }
    made
}

/// `gᵀ M⁻¹ g` of each measured variable. Its equations share it, so they lie in the pattern of the factors pair by pair.
fn weights(columns: &Columns, factors: &Cholesky, variance: &[f64]) -> Vec<f64> {
    let inverse = factors.selected_inverse();
    let of = |variable: usize| {
        if variance[variable] == 0.0 {
            return 0.0;
        }
        let mut sum = 0.0;
        let mut diagonal = 0.0;
        for &(row, a) in columns.terms(variable) {
            for &(other, b) in columns.terms(variable) {
                let term = a * b * inverse.get(row, other).unwrap_or(0.0);
                sum += term;
                diagonal += term.abs();
            }
        }
        // Rounding alone is no weight.
        if sum > 1e-12 * diagonal { sum } else { 0.0 }
    };
    (0..variance.len()).map(of).collect()
}

impl Estimate {
    /// The standard deviation of a variable after reconciliation; nothing where nothing determines it.
    #[must_use]
    pub fn deviation(&self, variable: usize) -> Option<f64> {
        let of = &self.reduced;
        match self.class[variable] {
            Class::Unobservable => None,
            Class::Exact => Some(0.0),
            Class::NonRedundant => Some(of.prior(variable).sqrt()),
            Class::Redundant => {
                let v = of.prior(variable);
                let taken = v * of.projection.numbering.of(variable).map_or(0.0, |number| of.weights()[number]);
                // Of what the others know far better almost all is taken off, or rounding has eaten how much: then they are
                // asked themselves.
                let told = taken > 0.0 && taken < NEARLY_ALL;
                let left = if told { v - v * taken } else { of.through_others(variable).min(v) };
                Some(left.max(0.0).sqrt())
            }
            Class::Observable => Some(self.covariance(variable, variable)?.max(0.0).sqrt()),
        }
    }

    /// The covariance of two variables after reconciliation; nothing where nothing determines one of them.
    #[must_use]
    pub fn covariance(&self, a: usize, b: usize) -> Option<f64> {
        if [a, b].iter().any(|&k| self.class[k] == Class::Unobservable) {
            return None;
        }
        let of = &self.reduced;
        let (from, to) = (of.in_measured(a), of.in_measured(b));
        Some(of.spread(&from, &to))
    }

    /// The measurement test of each variable: its correction in standard deviations of the correction (Mah and Tamhane,
    /// `AIChE` Journal 28 (1982) 828–830; of greatest power, since it weighs by `Gᵀλ`). Nothing where no equation tests it.
    #[must_use]
    pub fn measurement_tests(&self) -> Vec<Option<f64>> {
        let of = &self.reduced;
        let test = |(variable, class): (usize, &Class)| {
            let number = of.projection.numbering.of(variable).filter(|_| *class == Class::Redundant)?;
            // What is held at a bound has no weight.
            let weight = of.weights()[number];
            (weight > 0.0).then(|| (of.columns.times(number, &of.multipliers) / weight.sqrt()).abs())
        };
        self.class.iter().enumerate().map(test).collect()
    }

    /// The nodal test of each equation among measured variables: what it leaves of the measurements, in its standard
    /// deviations, with the equations that it joins (Mah, Stanley and Downing 1976). Exact ones have none.
    #[must_use]
    pub fn nodal_tests(&self) -> Vec<(&[u32], f64)> {
        let of = &self.reduced;
        let rows = &of.projection.rows;
        let test = |row: usize| {
            let variance: f64 = rows.terms(row).iter().map(|&(k, a)| a * a * of.variance[k as usize]).sum();
            (variance > 0.0).then(|| (of.projection.joined(row), of.residual[row].abs() / variance.sqrt()))
        };
        (0..rows.len()).filter_map(test).collect()
    }
}

impl Reduced {
    /// The values of all variables, from those that equations hold, by number; nothing where nothing determines one.
    pub(super) fn whole(&self, by_number: &[f64], class: &[Class]) -> Vec<Option<f64>> {
        let mut x: Vec<f64> = self.measured.iter().map(|m| m.map_or(0.0, |m| m.value)).collect();
        for (&variable, &value) in self.projection.numbering.variables().iter().zip(by_number) {
            x[variable as usize] = value;
        }
        self.projection.follow(&mut x);
        x.into_iter().zip(class).map(|(x, class)| (*class != Class::Unobservable).then_some(x)).collect()
    }

    /// The variance of a variable as it is measured; 0 where it is not.
    fn prior(&self, variable: usize) -> f64 {
        self.measured[variable].map_or(0.0, |m| m.sd * m.sd)
    }

    /// `gᵀ M⁻¹ g` by number; 0 for what is exact.
    pub(super) fn weights(&self) -> &[f64] {
        self.weights.get_or_init(|| weights(&self.columns, &self.factors, &self.variance))
    }

    /// A variable as a sum over measured ones.
    fn in_measured(&self, variable: usize) -> BTreeMap<u32, f64> {
        let Projection { taken, follows, .. } = &self.projection;
        let place = self.place.get_or_init(|| taken.iter().enumerate().map(|(at, &variable)| (variable, at)).collect());
        let mut measured = BTreeMap::new();
        let mut open: BTreeMap<usize, f64> = BTreeMap::new();
        match place.get(&(variable as u32)) {
            Some(&at) => open.insert(at, 1.0).map_or((), drop),
            None => measured.insert(variable as u32, 1.0).map_or((), drop),
        }
        // What was taken out follows from what was taken out later.
        while let Some((at, weight)) = open.pop_first() {
            for &(other, a) in follows.terms(at) {
                match place.get(&other) {
                    Some(&later) => *open.entry(later).or_default() += weight * a,
                    None => *measured.entry(other).or_default() += weight * a,
                }
            }
        }
        measured
    }

    /// The covariance after reconciliation of two sums over measured variables.
    fn spread(&self, from: &BTreeMap<u32, f64>, to: &BTreeMap<u32, f64>) -> f64 {
        let shared = |(k, c): (&u32, &f64)| c * self.prior(*k as usize) * to.get(k).copied().unwrap_or(0.0);
        let prior: f64 = from.iter().map(shared).sum();
        let mut solved = self.in_equations(from);
        self.factors.solve(&mut solved);
        prior - self.in_equations(to).iter().zip(&solved).map(|(t, s)| t * s).sum::<f64>()
    }

    /// The variance of a measured variable as it follows from the others of one of its equations.
    fn through_others(&self, variable: usize) -> f64 {
        let numbering = &self.projection.numbering;
        let first = numbering.of(variable).and_then(|number| Some((number, *self.columns.terms(number).first()?)));
        let Some((number, (row, own))) = first else { return self.prior(variable) };
        let others = self.projection.rows.terms(row as usize).iter().filter(|term| term.0 as usize != number);
        let sum: BTreeMap<u32, f64> =
            others.map(|&(other, a)| (numbering.variables()[other as usize], -a / own)).collect();
        self.spread(&sum, &sum)
    }

    /// `G V c` of a sum `c` over measured variables.
    fn in_equations(&self, sum: &BTreeMap<u32, f64>) -> Vec<f64> {
        let mut made = vec![0.0; self.projection.rows.len()];
        for (&variable, c) in sum {
            let Some(number) = self.projection.numbering.of(variable as usize) else { continue };
            let weight = c * self.variance[number];
            for &(row, a) in self.columns.terms(number) {
                made[row as usize] += a * weight;
            }
        }
        made
    }

    /// `M⁻¹` times a list by equation.
    pub(super) fn solve(&self, list: &mut [f64]) {
        self.factors.solve(list);
    }
}
