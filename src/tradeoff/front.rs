//! The Pareto front over the levels of several measures: a grid of scenarios, and those of them that no other beats.

use crate::diagnostic::Diagnostics;
use crate::scenario::{Base, Measure, Scenario, Sweep, axes, grid, sweep};

/// Most points of a front: each is compared with all others.
pub const MOST: usize = 10_000;

/// A point of the grid.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// The value on each axis, in the order of the files.
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
    /// More points than are compared, and how many are.
    TooMany(usize, usize),
    /// The problems of the scenario.
    Problems(Diagnostics),
    /// Somebody said not to go on.
    Stopped,
}

/// Points that are solved before somebody is asked whether to go on; more of them where points are not accounted anew.
const AT_A_TIME: (usize, usize) = (16, 1024);

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

/// The front over the sweeps of a chain of scenarios. `watch` is told how many points are solved, and says whether to go on.
///
/// # Errors
/// [`Refused`].
pub fn front(
    base: &Base,
    chain: &[&Scenario],
    measures: &[Measure],
    watch: &dyn Fn(usize) -> bool,
) -> Result<Front, Refused> {
    let axes = axes(chain);
    if axes.is_empty() {
        return Err(Refused::NoAxis);
    }
    let count = axes.iter().try_fold(1_usize, |n, a| n.checked_mul(a.values.len())).unwrap_or(usize::MAX);
    if count > MOST {
        return Err(Refused::TooMany(count, MOST));
    }
    let names = axes.iter().map(|a| format!("{}.{}", a.change, a.key)).collect();
    let grid = grid(&axes);
    let (mut all, mut accounted) = (Vec::new(), true);
    while all.len() < count {
        if !watch(all.len()) {
            return Err(Refused::Stopped);
        }
        let size = if accounted { AT_A_TIME.0 } else { AT_A_TIME.1 };
        let batch = &grid[all.len()..count.min(all.len() + size)];
        let made = sweep(base, chain, axes.clone(), batch.to_vec()).map_err(Refused::Problems)?;
        accounted = made.accounted;
        all.extend((0..batch.len()).map(|point| deltas(base, &made, point, measures)));
    }
    let known: Vec<Vec<f64>> = all.iter().flatten().cloned().collect();
    let mut best = non_dominated(&known).into_iter();
    let point = |(levels, deltas): (&Vec<f64>, Option<Vec<f64>>)| {
        let best = deltas.is_some() && best.next().unwrap_or(false);
        Point { levels: levels.clone(), deltas, best }
    };
    let points = grid.iter().zip(all).map(point).collect();
    Ok(Front { measures: measures.to_vec(), axes: names, points, accounted })
}

/// Changes of measures at a point against the base year; none where the point cannot be.
fn deltas(base: &Base, made: &Sweep, point: usize, measures: &[Measure]) -> Option<Vec<f64>> {
    // What rounding leaves of a change is none, so that equal points are equal; what the park has none of does not change.
    let change = |measure: &Measure| {
        let Some(column) = made.measures.iter().position(|m| m == measure) else { return 0.0 };
        let (was, is) = (base.results.total(*measure), made.total(point, column));
        if (is - was).abs() <= 1e-12 * was.abs() { 0.0 } else { is - was }
    };
    let all: Vec<f64> = measures.iter().map(change).collect();
    (!made.clashes.contains_key(&point) && all.iter().all(|x| x.is_finite())).then_some(all)
}
