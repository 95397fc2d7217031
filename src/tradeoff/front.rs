//! The Pareto front over the levels of several measures: a grid of scenarios, and those of them that no other beats.

use crate::diagnostic::Diagnostics;
use crate::quantity::{Basis, Dimension, Quantity};
use crate::scenario::units::kinds;
use crate::scenario::{
    Action, Axis, Base, Change, Influences, Measure, Results, Scenario, Size, contributions, run, solve,
};

/// Most points of a grid that has to be accounted point by point.
pub const MOST_RUNS: usize = 2_000;
/// Most points of one that is only solved.
pub const MOST_SOLVES: usize = 200_000;

/// A point of the grid.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// The value on each axis, in the order of the file.
    pub levels: Vec<f64>,
    /// Change of each measure against the base year; none where the scenario has no solution.
    pub deltas: Option<Vec<f64>>,
    /// Whether no other point is as good in all measures and better in one.
    pub best: bool,
}

/// A grid and its front.
#[derive(Debug, Clone, PartialEq)]
pub struct Front {
    /// The measures that are to be small.
    pub measures: Vec<Measure>,
    /// `CHANGE.KEY` of each axis.
    pub axes: Vec<String>,
    /// All points, the first axis slowest.
    pub points: Vec<Point>,
    /// Whether each point was accounted anew; else the weights of the accounts did.
    pub accounted: bool,
}

/// Why there is no front.
#[derive(Debug)]
pub enum Refused {
    /// The scenario sweeps over nothing.
    NoAxis,
    /// More points than are made in one go, and how many are.
    TooMany(usize, usize),
    /// No point has a solution: the problems of the first.
    Problems(Diagnostics),
}

/// For each point whether no other is at most as large in every measure and smaller in one. Of equal points all stand. A
/// point with a number that is none stands never.
#[must_use]
pub fn non_dominated(points: &[Vec<f64>]) -> Vec<bool> {
    let whole = |p: &[f64]| p.iter().all(|x| x.is_finite());
    let beats = |a: &[f64], b: &[f64]| {
        whole(a) && a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a <= b) && a.iter().zip(b).any(|(a, b)| a < b)
    };
    points.iter().map(|p| whole(p) && !points.iter().any(|other| beats(other, p))).collect()
}

/// All combinations of the values of axes, the first axis slowest.
#[must_use]
pub fn grid(axes: &[&[f64]]) -> Vec<Vec<f64>> {
    axes.iter().fold(vec![Vec::new()], |points, axis| {
        let with = |point: &Vec<f64>, value: &f64| point.iter().chain([value]).copied().collect();
        points.iter().flat_map(|point| axis.iter().map(move |value| with(point, value))).collect()
    })
}

/// The front over the sweeps of the last scenario of a chain.
///
/// Where the changes are of shares, coefficients and demands alone, a point is one solve of the model and the weights of
/// [`Influences`]; with units, prices, factors or closures each is accounted.
///
/// # Errors
/// [`Refused`].
pub fn front(base: &Base, chain: &[&Scenario], measures: &[Measure]) -> Result<Front, Refused> {
    let axes: Vec<&Axis> = chain.last().map(|s| s.sweeps.iter().collect()).unwrap_or_default();
    if axes.is_empty() {
        return Err(Refused::NoAxis);
    }
    let accounted = chain.iter().flat_map(|s| &s.changes).any(|c| needs_accounts(&c.action));
    let most = if accounted { MOST_RUNS } else { MOST_SOLVES };
    let count = axes.iter().try_fold(1_usize, |n, a| n.checked_mul(a.values.len())).unwrap_or(usize::MAX);
    if count > most {
        return Err(Refused::TooMany(count, most));
    }
    let values: Vec<&[f64]> = axes.iter().map(|a| &*a.values).collect();
    let mut weights: Option<(usize, Influences)> = None;
    let mut first: Option<Diagnostics> = None;
    let mut points = Vec::with_capacity(count);
    for levels in grid(&values) {
        let scenarios = at(chain, &axes, &levels);
        let chain: Vec<&Scenario> = scenarios.iter().collect();
        let results = if accounted {
            run(base, &chain).map(|run| run.results)
        } else {
            solve(base, &chain).map(|(calibrated, solved)| {
                let model = &calibrated.model;
                // A substitution with share 0 has the links of one with share 1: one set of weights serves all.
                if weights.as_ref().is_none_or(|w| w.0 != model.links.len()) {
                    let all = contributions(&base.package.park, base.inventory, base.year);
                    weights = Some((model.links.len(), Influences::of(base.package, model, &all)));
                }
                weights.as_ref().map(|(_, w)| w.results(model, &solved)).unwrap_or_default()
            })
        };
        let deltas = match results {
            Ok(results) => Some(changes(base, &results, measures)),
            Err(problems) => {
                first.get_or_insert(problems);
                None
            }
        };
        points.push(Point { levels, deltas, best: false });
    }
    let solved: Vec<usize> = (0..points.len()).filter(|&i| points[i].deltas.is_some()).collect();
    if let (true, Some(problems)) = (solved.is_empty(), first) {
        return Err(Refused::Problems(problems));
    }
    let known: Vec<Vec<f64>> = solved.iter().filter_map(|&i| points[i].deltas.clone()).collect();
    for (&i, best) in solved.iter().zip(non_dominated(&known)) {
        points[i].best = best;
    }
    let axes = axes.iter().map(|a| format!("{}.{}", a.change, a.key)).collect();
    Ok(Front { measures: measures.to_vec(), axes, points, accounted })
}

fn changes(base: &Base, results: &Results, measures: &[Measure]) -> Vec<f64> {
    // What rounding leaves of a change is none, so that equal points are equal.
    let of = |m: &Measure| {
        let (was, is) = (base.results.total(*m), results.total(*m));
        if (is - was).abs() <= 1e-12 * was.abs() { 0.0 } else { is - was }
    };
    measures.iter().map(of).collect()
}

/// Whether the results of a change are more than the weights of the base year times quantities.
fn needs_accounts(action: &Action) -> bool {
    match action {
        Action::Unit(_)
        | Action::AddExchange(_)
        | Action::Factor { .. }
        | Action::Price { .. }
        | Action::Close { .. }
        | Action::Open { .. } => true,
        Action::Exchange { .. }
        | Action::Substitute { .. }
        | Action::Coefficient { .. }
        | Action::Efficiency { .. }
        | Action::Demand { .. }
        | Action::Limit { .. } => false,
    }
}

/// A chain with values in the place of what its changes state. A name means the change of the last file that has it.
fn at(chain: &[&Scenario], axes: &[&Axis], levels: &[f64]) -> Vec<Scenario> {
    let mut all: Vec<Scenario> = chain.iter().map(|s| (*s).clone()).collect();
    for (axis, &value) in axes.iter().zip(levels) {
        let mut changes = all.iter_mut().rev().flat_map(|s| s.changes.iter_mut());
        if let Some(change) = changes.find(|c| c.name == axis.change) {
            set(change, &axis.key, value);
        }
    }
    all
}

/// Puts a value into a change; keys are judged when files are read.
fn set(change: &mut Change, key: &str, value: f64) {
    let sized = |size: &mut Size| match size {
        Size::Share(share) => *share = value,
        Size::Quantity(quantity) => quantity.value = value,
    };
    match &mut change.action {
        Action::Exchange { to: size, .. } | Action::Limit { most: size, .. } => sized(size),
        Action::Substitute { share, by, .. } => match key {
            "ratio" => *by = crate::scenario::By::Ratio(value),
            _ => *share = value,
        },
        Action::Coefficient { times, .. }
        | Action::Efficiency { times, .. }
        | Action::Demand { times, .. }
        | Action::Factor { times, .. }
        | Action::Price { times, .. } => *times = value,
        Action::AddExchange(new) => match key {
            "ratio" => new.ratio = Some(value),
            "distance_km" => new.distance_km = Some(value),
            _ => new.quantity.value = value,
        },
        Action::Unit(unit) => {
            if let Some(parameter) = unit.parameters.iter_mut().find(|p| p.0 == key) {
                parameter.1.value = value;
            } else {
                let kind = kinds().find(|k| k.id == unit.kind);
                let dimension = kind.and_then(|k| k.parameters().find(|s| s.id == key)).map(|s| s.dimension);
                let dimension = dimension.unwrap_or(Dimension::NONE);
                let quantity = Quantity { value, dimension, basis: Basis::default() };
                unit.parameters.push((key.to_owned(), quantity));
            }
        }
        Action::Close { .. } | Action::Open { .. } => {}
    }
}
