//! A scenario over a grid of values: each point is the scenario with other numbers in some of its changes.
//!
//! Where the axes change numbers of the physical model, and no two of them the same number, a point is a handful of changed entries
//! of one matrix: the kernel solves all points with the factors of one (see `network::Counterfactuals`), and what must not become
//! negative is read off with the results. Where a link is at its bound another set of equations holds: each set has factors of its
//! own. Where units, factors or prices change, each point is accounted anew.

use super::change::{Action, Axis, Change, Scenario, Size, Target};
use super::influence::Influences;
use super::limits::{Ceiling, ceilings, judge};
use super::model::{Law, Model, System};
use super::results::{Measure, Results, contributions};
use super::run::{Base, Changed, changed, changes_of, run};
use crate::diagnostic::{Diagnostics, Words};
use crate::network::{Counterfactuals, Places};
use ndarray::Array2;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// What a sweep comes out as.
#[derive(Debug, Clone, PartialEq)]
pub struct Sweep {
    /// The axes, in the order of the files.
    pub axes: Vec<Axis>,
    /// The values of the axes at each point, the last axis first to move.
    pub points: Vec<Vec<f64>>,
    /// The measures of the columns.
    pub measures: Vec<Measure>,
    /// Points × measures, inside the fence; no numbers where the point cannot be.
    pub inside: Array2<f64>,
    /// The same outside of it.
    pub outside: Array2<f64>,
    /// Points that cannot be, and why.
    pub clashes: BTreeMap<usize, Words>,
    /// Points at which some link is at its bound.
    pub bound: usize,
    /// Points solved by themselves.
    pub alone: usize,
    /// Whether points were accounted one by one.
    pub accounted: bool,
}

impl Sweep {
    /// A measure at a point, in and outside the fence.
    #[must_use]
    pub fn total(&self, point: usize, measure: usize) -> f64 {
        self.inside[[point, measure]] + self.outside[[point, measure]]
    }
}

/// The axes of a chain; of two over the same change and key the later one holds.
#[must_use]
pub fn axes(chain: &[&Scenario]) -> Vec<Axis> {
    let mut list: Vec<Axis> = Vec::new();
    for axis in chain.iter().flat_map(|s| &s.sweeps) {
        match list.iter_mut().find(|a| (&a.change, &a.key) == (&axis.change, &axis.key)) {
            Some(known) => *known = axis.clone(),
            None => list.push(axis.clone()),
        }
    }
    list
}

/// All combinations of the values of axes, the last axis first to move.
#[must_use]
pub fn grid(axes: &[Axis]) -> Vec<Vec<f64>> {
    let mut points = vec![Vec::new()];
    for axis in axes {
        points = points
            .into_iter()
            .flat_map(|point| {
                axis.values.iter().map(move |&value| point.iter().copied().chain([value]).collect::<Vec<f64>>())
            })
            .collect();
    }
    points
}

/// Runs a chain of scenarios over the points of its axes.
///
/// # Errors
/// The problems of the scenario itself, as [`super::run()`] has them.
pub fn sweep(base: &Base, chain: &[&Scenario], axes: Vec<Axis>, points: Vec<Vec<f64>>) -> Result<Sweep, Diagnostics> {
    let changes = changes_of(chain);
    let made = changed(base, &changes)?;
    let physical = |c: &Action| !matches!(c, Action::Factor { .. } | Action::Price { .. } | Action::Unit(_));
    // Amounts that are worked out by month are no entries of a matrix.
    let of_year = made.calibrated.timed.is_empty() && made.calibrated.ceilings.is_empty();
    if of_year && changes.iter().all(|(_, c)| physical(&c.action)) && !closes_abatement(&made, base) {
        sweep_model(base, &changes, &made, axes, points)
    } else {
        Ok(sweep_accounts(base, chain, axes, points))
    }
}

/// Whether the chain changes what is taken out of flue gas.
fn closes_abatement(made: &Changed, base: &Base) -> bool {
    made.package.park.parameters != base.package.park.parameters
}

/// The measures that a base year has.
fn measures(base: &Base) -> Vec<Measure> {
    base.results.measures()
}

/// Each point accounted by itself.
fn sweep_accounts(base: &Base, chain: &[&Scenario], axes: Vec<Axis>, points: Vec<Vec<f64>>) -> Sweep {
    let measures = measures(base);
    let results: Vec<Result<Results, Words>> = points
        .par_iter()
        .map(|point| {
            let own: Vec<Scenario> = chain.iter().map(|s| with(s, &axes, point)).collect();
            let own: Vec<&Scenario> = own.iter().collect();
            run(base, &own).map(|run| run.results).map_err(|problems| why(&problems))
        })
        .collect();
    let mut sweep = empty(axes, points, measures);
    sweep.accounted = true;
    for (i, result) in results.into_iter().enumerate() {
        match result {
            Ok(results) => put(&mut sweep, i, &results),
            Err(why) => drop(sweep.clashes.insert(i, why)),
        }
    }
    sweep
}

/// The first error, in words.
fn why(problems: &Diagnostics) -> Words {
    use crate::diagnostic::{Lang, Severity};
    let all = problems.sorted();
    let first = all.iter().find(|d| d.problem.severity() == Severity::Error);
    let text = |lang| first.map(|d| d.text(lang).message).unwrap_or_default();
    Words::new(text(Lang::En), text(Lang::Zh))
}

fn empty(axes: Vec<Axis>, points: Vec<Vec<f64>>, measures: Vec<Measure>) -> Sweep {
    let none = || Array2::from_elem((points.len(), measures.len()), f64::NAN);
    let (inside, outside) = (none(), none());
    Sweep { axes, points, measures, inside, outside, clashes: BTreeMap::new(), bound: 0, alone: 0, accounted: false }
}

fn put(sweep: &mut Sweep, point: usize, results: &Results) {
    for (m, &measure) in sweep.measures.iter().enumerate() {
        sweep.inside[[point, m]] = results.inside(measure);
        sweep.outside[[point, m]] = results.outside(measure);
    }
}

/// A scenario with the values of a point in it.
fn with(scenario: &Scenario, axes: &[Axis], point: &[f64]) -> Scenario {
    let mut own = scenario.clone();
    for (axis, &value) in axes.iter().zip(point) {
        for change in own.changes.iter_mut().filter(|c| c.name == axis.change) {
            set(&mut change.action, &axis.key, value);
        }
    }
    own
}

/// The changes with the values of a point in them.
fn at<'a>(changes: &[(&'a str, &Change)], axes: &[Axis], point: &[f64]) -> Vec<(&'a str, Change)> {
    let mut own: Vec<(&str, Change)> = changes.iter().map(|(s, c)| (*s, (*c).clone())).collect();
    for (axis, &value) in axes.iter().zip(point) {
        for (_, change) in own.iter_mut().filter(|(_, c)| c.name == axis.change) {
            set(&mut change.action, &axis.key, value);
        }
    }
    own
}

/// Puts a value in the place of a key.
fn set(action: &mut Action, key: &str, value: f64) {
    let size = |size: &mut Size| match (key, size) {
        ("share", size) => *size = Size::Share(value),
        (_, Size::Quantity(q)) => q.value = value,
        (_, Size::Share(_)) => {}
    };
    match (action, key) {
        (Action::Exchange { to, .. }, _) => size(to),
        (Action::Limit { most, .. }, _) => size(most),
        (Action::AddExchange(new), "quantity") => new.quantity.value = value,
        (Action::AddExchange(new), "ratio") => new.ratio = Some(value),
        (Action::Substitute { share, .. }, "share") => *share = value,
        (Action::Substitute { by, .. }, "ratio") => *by = super::change::By::Ratio(value),
        (
            Action::Coefficient { times, .. }
            | Action::Efficiency { times, .. }
            | Action::Demand { times, of: Target::Flows(_) | Target::Processes(_) }
            | Action::Factor { times, .. }
            | Action::Price { times, .. },
            "times",
        ) => *times = value,
        (Action::Unit(unit), key) => {
            if let Some(parameter) = unit.parameters.iter_mut().find(|p| p.0 == key) {
                parameter.1.value = value;
            }
        }
        _ => {}
    }
}

/// What a value of an axis changes in the model: entries and right-hand sides, with what is added to them.
#[derive(Debug, Clone, Default)]
struct Edit {
    matrix: BTreeMap<(u32, u32), f64>,
    right: BTreeMap<u32, f64>,
}

/// All points as changed entries of one matrix.
fn sweep_model(
    base: &Base,
    changes: &[(&str, &Change)],
    made: &Changed,
    axes: Vec<Axis>,
    points: Vec<Vec<f64>>,
) -> Result<Sweep, Diagnostics> {
    let model = &made.calibrated.model;
    // What each value of each axis does by itself.
    let mut edits: Vec<BTreeMap<u64, Edit>> = vec![BTreeMap::new(); axes.len()];
    for point in &points {
        for (a, &value) in point.iter().enumerate() {
            if edits[a].contains_key(&value.to_bits()) {
                continue;
            }
            let own = at(changes, &axes[a..=a], &[value]);
            let own: Vec<(&str, &Change)> = own.iter().map(|(s, c)| (*s, c)).collect();
            let edit = difference(model, &changed(base, &own)?.calibrated.model);
            edits[a].insert(value.to_bits(), edit);
        }
    }
    let apart = places_apart(&edits);
    // Links that changes add stand behind those of the base year; of another calibration nothing is known.
    let same =
        base.calibrated.model.processes == model.processes && model.links.starts_with(&base.calibrated.model.links);
    let influences = if same {
        base.influences().extended(base.package, model)
    } else {
        Influences::of(base.package, model, &contributions(&base.package.park, base.inventory, base.year))
    };
    let measures = measures(base);
    let mut sweep = empty(axes, points, measures);
    let alone = |sweep: &Sweep, i: usize| -> Alone {
        let own = at(changes, &sweep.axes, &sweep.points[i]);
        let own: Vec<(&str, &Change)> = own.iter().map(|(s, c)| (*s, c)).collect();
        let made = changed(base, &own).map_err(|p| why(&p))?;
        let solved = made.calibrated.model.solve(&made.original).map_err(|_| cannot())?;
        let broken = judge(&made.package.park, &made.calibrated, &solved.values).broken;
        if let Some((name, words)) = broken.into_iter().next() {
            return Err(Words::new(format!("{name}: {}", words.en), format!("{name}：{}", words.zh)));
        }
        Ok((influences.results(&made.calibrated.model, &solved), solved.bound))
    };
    // Quality limits are judged of whole solutions.
    let judged = base.package.park.exchanges.iter().any(|x| !x.limits.is_empty());
    // A limit is no entry of the matrix: with another at each point the sets of links at their bounds are not those of one model.
    let limited =
        |axis: &Axis| changes.iter().any(|(_, c)| c.name == axis.change && matches!(c.action, Action::Limit { .. }));
    let limited = sweep.axes.iter().any(limited);
    let left: Vec<usize> = match apart.filter(|_| !judged && !limited) {
        Some(places) => {
            let kernel = Kernel::new(base, model, &influences, (&edits, &places), &sweep.measures);
            by_sets(&kernel, &mut sweep, alone)
        }
        // Two axes move one number: their changes are made together, point by point.
        None => (0..sweep.points.len()).collect(),
    };
    let made: Vec<(usize, Alone)> = left.par_iter().map(|&i| (i, alone(&sweep, i))).collect();
    for (i, result) in made {
        take(&mut sweep, i, result);
    }
    Ok(sweep)
}

fn cannot() -> Words {
    Words::new("limits and balances clash at this point", "该点的上限与平衡相互冲突")
}

/// What one model has otherwise than another of the same unknowns.
fn difference(from: &Model, to: &Model) -> Edit {
    let mut edit = Edit::default();
    for (i, (a, b)) in from.equations.iter().zip(&to.equations).enumerate() {
        if a == b {
            continue;
        }
        let sum = |terms: &[(u32, f64)]| {
            let mut sums: BTreeMap<u32, f64> = BTreeMap::new();
            for &(k, c) in terms {
                *sums.entry(k).or_insert(0.0) += c;
            }
            sums
        };
        let (before, after) = (sum(&a.terms), sum(&b.terms));
        for k in before.keys().chain(after.keys()) {
            let added = after.get(k).copied().unwrap_or_default() - before.get(k).copied().unwrap_or_default();
            if added != 0.0 {
                edit.matrix.insert((i as u32, *k), added);
            }
        }
        let added = b.right - a.right;
        if added != 0.0 {
            edit.right.insert(i as u32, added);
        }
    }
    edit
}

/// The places of all axes; none, where two axes share one.
fn places_apart(edits: &[BTreeMap<u64, Edit>]) -> Option<Places> {
    let mut owner: BTreeMap<(u32, Option<u32>), usize> = BTreeMap::new();
    for (a, values) in edits.iter().enumerate() {
        for edit in values.values() {
            let entries = edit.matrix.keys().map(|&(i, k)| (i, Some(k)));
            for place in entries.chain(edit.right.keys().map(|&i| (i, None))) {
                if *owner.entry(place).or_insert(a) != a {
                    return None;
                }
            }
        }
    }
    let mut places = Places::default();
    for &(i, k) in owner.keys() {
        match k {
            Some(k) => places.matrix.push((i, k)),
            None => places.right.push(i),
        }
    }
    Some(places)
}

/// Points that share what is at its bound are solved with one set of factors: the sets are met one after the other.
const SETS: usize = 24;

/// Solves the points with the factors of the model, once for each set of links at their bounds that comes up; those that belong to
/// none of the sets, or that the kernel cannot, are left to be solved by themselves.
fn by_sets(kernel: &Kernel, sweep: &mut Sweep, alone: impl Fn(&Sweep, usize) -> Alone) -> Vec<usize> {
    let mut open: Vec<usize> = (0..sweep.points.len()).collect();
    let mut met: Vec<Vec<(usize, usize)>> = vec![Vec::new()];
    open = kernel.solve(sweep, &open, &[]);
    while !open.is_empty() && met.len() < SETS {
        // The first that is left tells the next set.
        let i = open.remove(0);
        let Some(bound) = take(sweep, i, alone(sweep, i)) else { continue };
        if met.contains(&bound) {
            continue;
        }
        let before = open.len();
        open = kernel.solve(sweep, &open, &bound);
        sweep.bound += before - open.len();
        met.push(bound);
    }
    open
}

/// What a point comes out as by itself: its results and what is at its bound.
type Alone = Result<(Results, Vec<(usize, usize)>), Words>;

/// Keeps what a point came out as; what is at its bound.
fn take(sweep: &mut Sweep, point: usize, result: Alone) -> Option<Vec<(usize, usize)>> {
    sweep.alone += 1;
    match result {
        Ok((results, bound)) => {
            put(sweep, point, &results);
            sweep.bound += usize::from(!bound.is_empty());
            Some(bound)
        }
        Err(why) => {
            sweep.clashes.insert(point, why);
            None
        }
    }
}

/// A model with what its points change, for the kernel.
struct Kernel<'a> {
    model: &'a Model,
    /// What each value of each axis changes.
    edits: &'a [BTreeMap<u64, Edit>],
    places: &'a Places,
    /// Results in and outside the fence, measure by measure, and what is added to each.
    results: Vec<Vec<(u32, f64)>>,
    constants: Vec<f64>,
    /// Links that others set.
    watched: Vec<usize>,
    /// Sums of links with the most that they may be.
    ceilings: Vec<Ceiling>,
}

impl<'a> Kernel<'a> {
    fn new(
        base: &Base,
        model: &'a Model,
        influences: &Influences,
        (edits, places): (&'a [BTreeMap<u64, Edit>], &'a Places),
        measures: &[Measure],
    ) -> Self {
        let (mut results, mut constants) = (Vec::new(), Vec::new());
        for &measure in measures {
            for inside in [true, false] {
                let mut row: BTreeMap<u32, f64> = BTreeMap::new();
                let mut constant = 0.0;
                for ((key, base), weights) in influences.keys.iter().zip(&influences.base).zip(&influences.weights) {
                    if key.0 == measure && key.1.is_inside() == inside {
                        constant += base;
                        for &(k, w) in weights {
                            *row.entry(k).or_insert(0.0) += w;
                            constant -= w * model.base[k as usize];
                        }
                    }
                }
                results.push(row.into_iter().collect());
                constants.push(constant);
            }
        }
        let watched = (0..model.links.len()).filter(|&l| model.can_pass(l)).collect();
        Self { model, edits, places, results, constants, watched, ceilings: ceilings(&base.package.park, model) }
    }

    /// Solves points with some links at their bounds; those for which these are not the right ones are left.
    fn solve(&self, sweep: &mut Sweep, points: &[usize], bound: &[(usize, usize)]) -> Vec<usize> {
        let left = || points.to_vec();
        let model = self.model;
        let mut rows: Vec<Vec<(u32, f64)>> = model.equations.iter().map(|e| e.terms.clone()).collect();
        let mut right: Vec<f64> = model.equations.iter().map(|e| e.right).collect();
        for &(link, relief) in bound {
            let row = model.processes + relief;
            (rows[row], right[row]) = (vec![(model.quantity(link), 1.0)], 0.0);
        }
        let Ok(system) = System::new(rows.len(), &rows) else { return left() };
        let Ok(factors) = system.factors() else { return left() };
        let mut outputs = self.results.clone();
        for &link in &self.watched {
            outputs.extend(self.sides(link));
        }
        outputs.extend(self.ceilings.iter().map(|(sum, _)| sum.iter().map(|&(l, w)| (model.quantity(l), w)).collect()));
        // What gave way, and what it goes with.
        for &(_, relief) in bound {
            outputs.push(vec![(model.quantity(relief), 1.0)]);
            outputs.push(self.goes_with(relief).map_or_else(Vec::new, |k| vec![(k, 1.0)]));
        }
        let Ok(counterfactuals) = Counterfactuals::new(&factors, &right, &outputs) else { return left() };
        let replaced: Vec<u32> = bound.iter().map(|b| (model.processes + b.1) as u32).collect();
        let Ok(swept) = counterfactuals.sweep(self.places, &self.added(sweep, points, &replaced).view()) else {
            return left();
        };
        let mut open = Vec::new();
        for (at, &i) in points.iter().enumerate() {
            let row = swept.outputs.row(at);
            if row[0].is_nan() || !self.holds(&row.to_vec(), bound, &sweep.points[i]) {
                open.push(i);
                continue;
            }
            for m in 0..sweep.measures.len() {
                sweep.inside[[i, m]] = row[2 * m] + self.constants[2 * m];
                sweep.outside[[i, m]] = row[2 * m + 1] + self.constants[2 * m + 1];
            }
        }
        open
    }

    /// Whether a solution keeps all bounds, and what gave way is no more than it could be.
    fn holds(&self, row: &[f64], bound: &[(usize, usize)], point: &[f64]) -> bool {
        let model = self.model;
        let (watched, rest) = row[self.results.len()..].split_at(2 * self.watched.len());
        let (sums, gave_way) = rest.split_at(self.ceilings.len());
        let passes = |(&l, pair): (&usize, &[f64])| model.passes(l, pair[0] - pair[1]);
        let beyond = |((_, most), sum): (&Ceiling, &f64)| sum > most;
        let too_much = |(&(_, relief), pair): (&(usize, usize), &[f64])| {
            let offered = self.goes_with(relief).map(|k| -self.coefficient(relief, k, point) * pair[1]);
            let size = model.links[relief].base.abs().max(offered.unwrap_or_default().abs());
            pair[0] < -TOLERANCE * size || offered.is_some_and(|most| pair[0] > most + TOLERANCE * size)
        };
        !self.watched.iter().zip(watched.chunks(2)).any(passes)
            && !self.ceilings.iter().zip(sums).any(beyond)
            && !bound.iter().zip(gave_way.chunks(2)).any(too_much)
    }

    /// The unknown that an offer or a need goes with.
    fn goes_with(&self, link: usize) -> Option<u32> {
        let equation = self.model.of_link(link);
        let own = self.model.quantity(link);
        matches!(equation.law, Law::Need | Law::Yield)
            .then(|| equation.terms.iter().find(|t| t.0 != own).map(|t| t.0))?
    }

    /// A coefficient of the equation of a link at a point.
    fn coefficient(&self, link: usize, unknown: u32, point: &[f64]) -> f64 {
        let row = (self.model.processes + link) as u32;
        let of: f64 = self.model.of_link(link).terms.iter().filter(|t| t.0 == unknown).map(|t| t.1).sum();
        of + self.edits_at(point).filter_map(|e| e.matrix.get(&(row, unknown))).sum::<f64>()
    }

    /// What the values of a point change.
    fn edits_at<'b>(&'b self, point: &'b [f64]) -> impl Iterator<Item = &'b Edit> + 'b {
        self.edits.iter().zip(point).filter_map(|(values, value)| values.get(&value.to_bits()))
    }

    /// What is added at each place: points × places; rows that a bound replaces stay as they are.
    fn added(&self, sweep: &Sweep, points: &[usize], replaced: &[u32]) -> Array2<f64> {
        let Places { matrix, right, .. } = self.places;
        let mut added = Array2::zeros((points.len(), matrix.len() + right.len()));
        for (mut row, &i) in added.outer_iter_mut().zip(points) {
            for edit in self.edits_at(&sweep.points[i]) {
                for (p, place) in matrix.iter().enumerate().filter(|(_, place)| !replaced.contains(&place.0)) {
                    row[p] += edit.matrix.get(place).copied().unwrap_or_default();
                }
                for (p, place) in right.iter().enumerate().filter(|(_, place)| !replaced.contains(place)) {
                    row[matrix.len() + p] += edit.right.get(place).copied().unwrap_or_default();
                }
            }
        }
        added
    }

    /// The quantity of a link by its equation, as two sums without signs that are taken from each other: by itself it may be zero, of
    /// which rounding leaves no digit. Where points change the equation, the quantity itself.
    fn sides(&self, link: usize) -> [Vec<(u32, f64)>; 2] {
        let (own, equation) = (self.model.quantity(link), self.model.of_link(link));
        let row = (self.model.processes + link) as u32;
        let moves = self.places.matrix.iter().any(|p| p.0 == row) || self.places.right.contains(&row);
        let weight: f64 = equation.terms.iter().filter(|t| t.0 == own).map(|t| t.1).sum();
        if weight == 0.0 || equation.right != 0.0 || moves {
            return [vec![(own, 1.0)], Vec::new()];
        }
        let others = || equation.terms.iter().filter(|t| t.0 != own).map(|&(k, c)| (k, -c / weight));
        [others().filter(|t| t.1 > 0.0).collect(), others().filter(|t| t.1 < 0.0).map(|(k, c)| (k, -c)).collect()]
    }
}

/// What gave way may be beyond what is offered by this part of it: rounding.
const TOLERANCE: f64 = 1e-9;
