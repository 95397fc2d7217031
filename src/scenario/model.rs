//! The physical model of a year: one unknown for the activity of each process and one for each link, and an equation for
//! each of them.
//!
//! The equations are those of process engineering, written for the quantity `q` of a link and the activity `x` of a process
//! (1 in the base year):
//!
//! | law | equation |
//! |---|---|
//! | a taker needs it | `q = c · x(taker)` |
//! | a giver has it | `q = s · x(giver)` |
//! | given | `q = f` |
//! | what is made is what is taken | `Σ w q = O · x`, which sets the activity of the maker |
//! | a need is met, a product finds its way | `Σ w q = N · x`, which sets the link that closes: marginal supply, or sink |
//! | heat is taken off a turbine at full steam | `P + β Σ h q = C · x`, which sets its power |
//!
//! Each process has one determining output or one supply, so the system `A z = f` is square (methods of process-based
//! life-cycle assessment: R. Heijungs and S. Suh, "The computational structure of life cycle assessment", 2002, chapter 2).
//! It is solved for the change against the base year: `A' Δ = (f' − f) − (A' − A) z`, so that what does not change stays
//! as it is to the last bit.

use super::link::Link;
use crate::network::{Analysis, Factors, Pattern, SingularBlock};
use crate::park::{Park, ProcessId};
use std::collections::{BTreeMap, BTreeSet};

/// A link below zero by more than this part of the largest flow of its balance is more than rounding.
const ROUNDING: f64 = 1e-9;

/// What an equation says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Law {
    /// The taker needs so much per unit of its activity.
    Need,
    /// The giver has so much per unit of its activity.
    Yield,
    /// A given quantity.
    Given,
    /// What leaves of its product sets the activity of a process.
    Demand,
    /// What it is brought sets the activity of a process.
    Supply,
    /// The activity is that of another process.
    Follows,
    /// The activity is given.
    Activity,
    /// The link brings what is missing.
    Marginal,
    /// The link takes what nobody else does.
    Sink,
    /// The link stays as large as another one at its bound leaves it.
    Yields,
    /// The link closes the energy of its process.
    Losses,
    /// The power that is left where heat is taken off a turbine.
    Extraction,
}

impl Law {
    /// The words in English and Chinese.
    #[must_use]
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Need => ("as its taker needs it", "按受方需求"),
            Self::Yield => ("as its giver yields it", "按供方产出"),
            Self::Given => ("given", "给定"),
            Self::Demand => ("by what is taken of its product", "由产品需求决定"),
            Self::Supply => ("by what it is brought", "由来料决定"),
            Self::Follows => ("as another process", "随另一工序"),
            Self::Activity => ("activity given", "活动水平给定"),
            Self::Marginal => ("marginal supply", "边际供应"),
            Self::Sink => ("sink of what is left", "余量去向"),
            Self::Yields => ("gives way", "让出"),
            Self::Losses => ("losses close the energy", "由损失闭合能量"),
            Self::Extraction => ("power that extraction leaves", "抽汽后剩余电力"),
        }
    }
}

/// One equation: `Σ terms = right`.
#[derive(Debug, Clone, PartialEq)]
pub struct Equation {
    /// Unknowns with their coefficients.
    pub terms: Vec<(u32, f64)>,
    /// Right-hand side.
    pub right: f64,
    /// What it says.
    pub law: Law,
    /// The process whose sum of links it is, if it is one.
    pub process: Option<ProcessId>,
}

impl Equation {
    /// One of one or two terms.
    #[must_use]
    pub fn new(terms: Vec<(u32, f64)>, right: f64, law: Law) -> Self {
        Self { terms, right, law, process: None }
    }
}

/// A model of a year.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// The year.
    pub year: u16,
    /// Number of processes: unknowns 0.. are their activities.
    pub processes: usize,
    /// The links, whose quantities are the unknowns that follow.
    pub links: Vec<Link>,
    /// One equation for each unknown, in their order.
    pub equations: Vec<Equation>,
    /// For each link those that give way, in this order, when it would become negative.
    pub reliefs: BTreeMap<usize, Vec<usize>>,
    /// The most that links may carry.
    pub limits: BTreeMap<usize, f64>,
    /// The unknowns in the base year.
    pub base: Vec<f64>,
}

/// Why a model has no solution.
#[derive(Debug, Clone, PartialEq)]
pub enum Clash {
    /// These unknowns cannot be told apart: the system is singular.
    Singular(Vec<usize>),
    /// Links that would be negative, with their quantities.
    Negative(Vec<(usize, f64)>),
    /// Links that would carry more than they can, with their quantities.
    Beyond(Vec<(usize, f64)>),
}

/// A solved model.
#[derive(Debug, Clone, PartialEq)]
pub struct Solved {
    /// The unknowns.
    pub values: Vec<f64>,
    /// Links at zero, and those that gave way to them.
    pub bound: Vec<(usize, usize)>,
}

impl Model {
    /// The unknown of a process.
    #[must_use]
    pub fn activity(&self, process: ProcessId) -> u32 {
        process.index() as u32
    }

    /// The unknown of a link.
    #[must_use]
    pub fn quantity(&self, link: usize) -> u32 {
        (self.processes + link) as u32
    }

    /// The equation of a link.
    #[must_use]
    pub fn of_link(&self, link: usize) -> &Equation {
        &self.equations[self.processes + link]
    }

    /// The quantity of a link in a solution.
    #[must_use]
    pub fn quantity_in(&self, solved: &Solved, link: usize) -> f64 {
        solved.values[self.processes + link]
    }

    /// An unknown as people write it.
    #[must_use]
    pub fn text(&self, park: &Park, unknown: usize) -> String {
        match unknown.checked_sub(self.processes) {
            Some(link) => self.links[link].text(park),
            None => park.processes[unknown].label.id.to_string(),
        }
    }

    /// Solves the model, changed from `original`, whose solution is its base.
    ///
    /// # Errors
    /// [`Clash`], when the equations have no solution, or none within the bounds.
    pub fn solve(&self, original: &Self) -> Result<Solved, Clash> {
        self.within_bounds(|bound| self.solve_bound(original, bound))
    }

    /// The solution within the bounds, where `solve` solves the equations with some links at their bounds.
    pub(super) fn within_bounds(
        &self,
        solve: impl Fn(&[(usize, usize)]) -> Result<Vec<f64>, Clash>,
    ) -> Result<Solved, Clash> {
        self.bounded(solve, &BTreeSet::new()).map_err(|(clash, _)| clash)
    }

    /// The solution where some links are free of bounds; with a clash the links that were held at zero on the way.
    pub(super) fn solve_within(&self, original: &Self, free: &BTreeSet<usize>) -> Result<Solved, (Clash, Vec<usize>)> {
        self.bounded(|bound| self.solve_bound(original, bound), free)
    }

    fn bounded(
        &self,
        solve: impl Fn(&[(usize, usize)]) -> Result<Vec<f64>, Clash>,
        free: &BTreeSet<usize>,
    ) -> Result<Solved, (Clash, Vec<usize>)> {
        let mut bound: Vec<(usize, usize)> = Vec::new();
        let mut given_way = BTreeSet::new();
        let held = |bound: &[(usize, usize)]| bound.iter().map(|b| b.0).collect::<Vec<usize>>();
        loop {
            let values = solve(&bound).map_err(|clash| (clash, held(&bound)))?;
            let negative = |link: &usize| {
                let q = values[self.processes + link];
                let beyond = || q < -ROUNDING * self.links[*link].base.abs().max(self.scale(*link, &values));
                q < 0.0 && !free.contains(link) && beyond()
            };
            let below: Vec<usize> = (0..self.links.len()).filter(negative).collect();
            // One link at a time gives way: what it leaves may be enough for the others.
            let next = below.iter().find_map(|&link| {
                let reliefs = self.reliefs.get(&link)?;
                reliefs.iter().find(|r| !given_way.contains(*r)).map(|&relief| (link, relief))
            });
            match next {
                Some((link, relief)) => {
                    given_way.insert(relief);
                    bound.push((link, relief));
                }
                None if below.is_empty() => {
                    let over = |(&link, &most): (&usize, &f64)| {
                        let q = values[self.processes + link];
                        (q > most * (1.0 + ROUNDING)).then_some((link, q))
                    };
                    let over: Vec<_> = self.limits.iter().filter(|l| !free.contains(l.0)).filter_map(over).collect();
                    let mut values = values;
                    for (k, value) in values.iter_mut().enumerate().skip(self.processes) {
                        let at_bound = bound.iter().any(|b| self.processes + b.0 == k);
                        if at_bound || (*value < 0.0 && *value - self.base[k] != 0.0) {
                            *value = value.max(0.0);
                        }
                    }
                    let beyond = |over| (Clash::Beyond(over), held(&bound));
                    return if over.is_empty() { Ok(Solved { values, bound }) } else { Err(beyond(over)) };
                }
                None => {
                    let all = below.iter().map(|&l| (l, values[self.processes + l])).collect();
                    return Err((Clash::Negative(all), held(&bound)));
                }
            }
        }
    }

    /// Whether others set a link, so that it may pass its bounds.
    pub(super) fn can_pass(&self, link: usize) -> bool {
        matches!(self.of_link(link).law, Law::Marginal | Law::Sink | Law::Losses | Law::Extraction)
            || self.limits.contains_key(&link)
    }

    /// Whether a quantity is beyond the bounds of a link; near zero in doubt.
    pub(super) fn passes(&self, link: usize, quantity: f64) -> bool {
        let size = self.links[link].base.abs().max(self.scale(link, &self.base));
        let most = self.limits.get(&link).copied().unwrap_or(f64::INFINITY);
        !(quantity >= -ROUNDING * size && quantity <= most * (1.0 + ROUNDING))
    }

    /// The adjoint of a solution: how a weighted sum of the unknowns answers to the right-hand side of each equation, in
    /// their order. One transposed solve, `Aᵀ λ = w`, with the links that are at a bound kept there; the answer to a
    /// coefficient in row `i` and column `k` is then `−λ_i z_k`.
    ///
    /// # Errors
    /// [`Clash::Singular`], where the equations cannot be told apart.
    pub fn adjoint(&self, solved: &Solved, weights: &[(u32, f64)]) -> Result<Vec<f64>, Clash> {
        let mut rows: Vec<Vec<(u32, f64)>> = self.equations.iter().map(|e| e.terms.clone()).collect();
        for &(link, relief) in &solved.bound {
            rows[self.processes + relief] = vec![(self.quantity(link), 1.0)];
        }
        let mut lambda = vec![0.0; rows.len()];
        for &(unknown, weight) in weights {
            lambda[unknown as usize] += weight;
        }
        System::new(rows.len(), &rows)?.solve_transposed(&mut lambda)?;
        Ok(lambda)
    }

    /// The largest term of the equation of a link.
    fn scale(&self, link: usize, values: &[f64]) -> f64 {
        let terms = &self.of_link(link).terms;
        terms.iter().map(|&(k, c)| (c * values[k as usize]).abs()).fold(0.0, f64::max)
    }

    /// The equations with links at their bounds: who gives way to one closes it at zero.
    pub(super) fn solve_bound(&self, original: &Self, bound: &[(usize, usize)]) -> Result<Vec<f64>, Clash> {
        let order = self.equations.len();
        let mut rows: Vec<Vec<(u32, f64)>> = self.equations.iter().map(|e| e.terms.clone()).collect();
        let mut changed: Vec<bool> =
            (0..order).map(|i| original.equations.get(i) != Some(&self.equations[i])).collect();
        let mut right: Vec<f64> = self.equations.iter().map(|e| e.right).collect();
        for &(link, relief) in bound {
            let row = self.processes + relief;
            rows[row] = vec![(self.quantity(link), 1.0)];
            right[row] = 0.0;
            changed[row] = true;
        }
        // What the base year leaves of the equations that changed; of the others nothing.
        let mut rest: Vec<f64> = (0..order)
            .map(|i| {
                let made: f64 = rows[i].iter().map(|&(k, c)| c * self.base[k as usize]).sum();
                if changed[i] { right[i] - made } else { 0.0 }
            })
            .collect();
        if rest.iter().all(|&r| r == 0.0) {
            return Ok(self.base.clone());
        }
        let system = System::new(order, &rows)?;
        let first = rest.clone();
        system.solve(&mut rest)?;
        // Once more for what is left: links of very different size share equations.
        let mut left: Vec<f64> = first;
        for (i, row) in rows.iter().enumerate() {
            left[i] -= row.iter().map(|&(k, c)| c * rest[k as usize]).sum::<f64>();
        }
        system.solve(&mut left)?;
        let total = |(k, z): (usize, f64)| {
            let moved = rest[k] + left[k];
            if moved == 0.0 { z } else { z + moved }
        };
        Ok(self.base.iter().copied().enumerate().map(total).collect())
    }
}

/// The matrix of a model, its rows in the order of the equations.
pub(super) struct System {
    analysis: Analysis,
    values: Vec<f64>,
}

impl System {
    pub(super) fn new(order: usize, rows: &[Vec<(u32, f64)>]) -> Result<Self, Clash> {
        let mut entries: BTreeMap<(u32, u32), f64> = BTreeMap::new();
        for (i, row) in rows.iter().enumerate() {
            for &(k, c) in row {
                *entries.entry((i as u32, k)).or_default() += c;
            }
        }
        entries.retain(|_, c| *c != 0.0);
        let (at, of): (Vec<u32>, Vec<u32>) = entries.keys().copied().unzip();
        let all = || Clash::Singular((0..order).collect());
        let (pattern, slots) = Pattern::from_entries(order, &at, &of).map_err(|_| all())?;
        let mut values = vec![0.0; slots.len()];
        for (&slot, &value) in slots.iter().zip(entries.values()) {
            values[slot as usize] = value;
        }
        let analysis = Analysis::new(pattern).map_err(|_| all())?;
        Ok(Self { analysis, values })
    }

    /// Its factors.
    pub(super) fn factors(&self) -> Result<Factors<'_>, Clash> {
        let singular = |block: SingularBlock| Clash::Singular(block.columns.iter().map(|&c| c as usize).collect());
        self.analysis.factorise(&self.values).map_err(singular)
    }

    /// Columns of the inverse: `A⁻¹ e_r` for each of the rows, once more for what is left.
    pub(super) fn columns(&self, order: usize, of: &[usize]) -> Result<Vec<Vec<f64>>, Clash> {
        let factors = self.factors()?;
        let column = |&row: &usize| {
            let mut x = vec![0.0; order];
            x[row] = 1.0;
            let mut left = x.clone();
            factors.solve(&mut x);
            factors.for_each(|i, k, value| left[i] -= value * x[k]);
            factors.solve(&mut left);
            x.iter_mut().zip(&left).for_each(|(x, more)| *x += more);
            if x.iter().all(|x| x.is_finite()) { Ok(x) } else { Err(Clash::Singular(vec![row])) }
        };
        of.iter().map(column).collect()
    }

    fn solve(&self, b: &mut [f64]) -> Result<(), Clash> {
        self.factors()?.solve(b);
        Self::finite(b)
    }

    /// Solves `Aᵀ x = b` in place: `b` by unknown, `x` by equation.
    fn solve_transposed(&self, b: &mut [f64]) -> Result<(), Clash> {
        self.factors()?.solve_transposed(b);
        Self::finite(b)
    }

    fn finite(b: &[f64]) -> Result<(), Clash> {
        if b.iter().all(|x| x.is_finite()) { Ok(()) } else { Err(Clash::Singular((0..b.len()).collect())) }
    }
}
