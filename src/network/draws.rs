//! Draws of a model, in lanes and on all threads.

use super::factors::{Analysis, SingularBlock};
use super::lanes::{LANES, Lanes, Number, vectorised};
use super::model::{Model, Table};
use super::random::{Parameter, draw};
use super::summary::Summary;
use super::sweeps::{Sweeps, System, Vectors};
use super::symbolic::{Refactored, Symbolic};
use ndarray::Array2;
use rayon::prelude::*;
use std::sync::Mutex;

/// A draw is solved again by itself, with pivots chosen anew, if its backward error, or the rounding that the growth of its
/// factors may leave, is above this.
const TRUSTED: f64 = 1e-10;
/// The same of a draw that was iterated, if the error of an output may be above this part of it.
const ENOUGH: f64 = 1e-9;
/// Entries of the matrix passed over by an iteration in the time of an update in the factorisation, which also stores.
const UPDATE: u64 = 3;
/// The least passes that are reckoned with.
const FEW: u64 = 4;
/// Lane groups that are drawn before their outputs are taken in.
const WINDOW: u32 = 1 << 12;
/// Entries of B and C that are drawn at a time.
const SLICE: usize = 128;

/// What draws gave.
#[derive(Debug, Clone)]
pub struct Draws {
    /// Statistics of each output.
    pub outputs: Vec<Summary>,
    /// Draws that static pivots, or iterations, did not serve: solved again with pivots chosen anew.
    pub fallen_back: u64,
    /// Draws whose matrix was singular, or whose outputs overflow: left out of the statistics.
    pub singular: u64,
    /// Factors: the largest backward error, or rounding by growth, of a draw that was taken in. Iteration: the largest bound, to first order, of
    /// the error of an output, in parts of it.
    pub error: f64,
    /// The most passes over the matrix that a group of lanes took; 0 for factors.
    pub passes: u32,
}

/// How draws are solved.
#[derive(Debug)]
pub(super) struct Ready {
    /// The reached part in an order of little fill.
    analysis: Analysis,
    /// Values of the matrix in the order in which the path takes them.
    matrix: Vec<Parameter>,
    path: Path,
}

#[derive(Debug)]
enum Path {
    /// By factors with static pivots; values in the order of the pattern.
    Factors {
        symbolic: Symbolic,
        /// The demand in the order of elimination.
        demand: Vec<f64>,
    },
    /// By iteration; values row by row.
    Iteration {
        sweeps: Sweeps,
        /// By position: the demand, the solution at the means, and what a residual of 1 adds to an output, in parts of it,
        /// the most of all outputs.
        demand: Vec<f64>,
        start: Vec<f64>,
        weights: Vec<f64>,
    },
}

/// One group of lanes, solved.
pub(super) struct Group {
    /// For each output a value a lane.
    outputs: Vec<Lanes>,
    /// Lanes that were solved again by themselves.
    pub(super) fallen_back: [bool; LANES],
    /// Lanes without a solution.
    singular: [bool; LANES],
    /// The largest error of the others.
    error: f64,
    pub(super) passes: u32,
}

/// What a thread needs.
pub(super) struct Room {
    matrix: Vec<Lanes>,
    burdens: Vec<Lanes>,
    /// The solution by position, and by column.
    solved: Vec<Lanes>,
    x: Vec<Lanes>,
    path: PathRoom,
}

/// What a path needs of it.
enum PathRoom {
    Factors { factors: Refactored<Lanes>, rest: Vec<Lanes>, sizes: Vec<Lanes> },
    Iteration(Vectors),
}

impl Model {
    /// Draws everything `count` times. The draws are the same on one thread and on many.
    ///
    /// # Errors
    /// [`SingularBlock`], if the matrix of the means is singular as far as numbers can tell.
    pub fn draws(&self, seed: u32, count: u32) -> Result<Draws, SingularBlock> {
        let outputs = vec![Summary::default(); self.counts.outputs];
        let mut draws = Draws { outputs, fallen_back: 0, singular: 0, error: 0.0, passes: 0 };
        self.for_each_group(seed, count, |group, lanes| {
            draws.error = draws.error.max(group.error);
            draws.passes = draws.passes.max(group.passes);
            for lane in lanes {
                draws.fallen_back += u64::from(group.fallen_back[lane]);
                if group.singular[lane] {
                    draws.singular += 1;
                    continue;
                }
                for (summary, value) in draws.outputs.iter_mut().zip(&group.outputs) {
                    summary.add(value.0[lane]);
                }
            }
        })?;
        Ok(draws)
    }

    /// The draws themselves: a row each, a column for each output; those that are singular have none.
    ///
    /// # Errors
    /// As [`Model::draws`].
    pub fn samples(&self, seed: u32, count: u32) -> Result<Array2<Option<f64>>, SingularBlock> {
        let mut rows = Vec::with_capacity(count as usize * self.counts.outputs);
        self.for_each_group(seed, count, |group, lanes| {
            for lane in lanes {
                rows.extend(group.outputs.iter().map(|value| (!group.singular[lane]).then_some(value.0[lane])));
            }
        })?;
        let made = rows.len() / self.counts.outputs.max(1);
        let shaped = Array2::from_shape_vec((made, self.counts.outputs), rows);
        // invariant: each draw adds a value for each output.
        Ok(shaped.unwrap_or_else(|_| Array2::default((0, self.counts.outputs))))
    }

    /// Whether draws are solved by iteration.
    ///
    /// # Errors
    /// As [`Model::draws`].
    pub fn iterates(&self) -> Result<bool, SingularBlock> {
        self.ready().map(Ready::iterates)
    }

    fn ready(&self) -> Result<&Ready, SingularBlock> {
        self.ready.get_or_init(|| self.choose()).as_ref().map_err(Clone::clone)
    }

    /// Takes the path that the counts of operations speak for: iteration is tried on one group of lanes, and taken if it
    /// solves all of them with less work than factors are.
    fn choose(&self) -> Result<Ready, SingularBlock> {
        let analysis = self.reach.analysis.clone();
        let analysis = if analysis.is_ordered() { analysis } else { analysis.ordered() };
        let entries = self.matrix.len() as u64;
        let updates = analysis.updates().iter().fold(0_u64, |sum, &more| sum.saturating_add(more));
        let work = UPDATE.saturating_mul(updates);
        if work > FEW * entries {
            let sweeps = Sweeps::new(&analysis);
            let ready = Ready {
                matrix: sweeps.slots().iter().map(|&slot| self.matrix[slot as usize].clone()).collect(),
                path: Path::Iteration {
                    demand: sweeps.by_row(&self.demand),
                    start: sweeps.by_column(&self.nominal),
                    weights: sweeps.by_row(&self.error_weights()?),
                    sweeps,
                },
                analysis: analysis.clone(),
            };
            let tried = self.group(&ready, 0, 0, &mut self.room(&ready));
            if !tried.fallen_back.contains(&true) && u64::from(tried.passes) * entries <= work {
                return Ok(ready);
            }
        }
        let symbolic = Symbolic::new(&analysis, &self.means).map_err(|singular| self.reach.named(&singular))?;
        let demand = symbolic.rows().iter().map(|&row| self.demand[row as usize]).collect();
        Ok(Ready { analysis, matrix: self.matrix.clone(), path: Path::Factors { symbolic, demand } })
    }

    /// Solves groups of lanes in parallel and hands them over in their order, each with its lanes that count.
    fn for_each_group(
        &self,
        seed: u32,
        count: u32,
        mut take: impl FnMut(&Group, std::ops::Range<usize>),
    ) -> Result<(), SingularBlock> {
        let ready = self.ready()?;
        let groups = count.div_ceil(LANES as u32);
        // As many rooms as threads: they are large.
        let rooms: Mutex<Vec<Room>> = Mutex::new(Vec::new());
        let free = || rooms.lock().ok().and_then(|mut rooms| rooms.pop()).unwrap_or_else(|| self.room(ready));
        let solve = |g| {
            let mut room = free();
            let group = self.group(ready, seed, g, &mut room);
            if let Ok(mut rooms) = rooms.lock() {
                rooms.push(room);
            }
            group
        };
        for first in (0..groups).step_by(WINDOW as usize) {
            let window = first..groups.min(first + WINDOW);
            let solved: Vec<Group> = window.clone().into_par_iter().map(solve).collect();
            for (g, group) in window.zip(&solved) {
                take(group, 0..LANES.min((count - g * LANES as u32) as usize));
            }
        }
        Ok(())
    }

    fn room(&self, ready: &Ready) -> Room {
        let zeros = |length: usize| vec![Lanes::splat(0.0); length];
        let n = self.demand.len();
        let path = match &ready.path {
            Path::Factors { symbolic, .. } => {
                PathRoom::Factors { factors: symbolic.room(), rest: zeros(n), sizes: zeros(n) }
            }
            Path::Iteration { sweeps, .. } => PathRoom::Iteration(sweeps.room()),
        };
        Room {
            matrix: zeros(self.matrix.len()),
            burdens: zeros(self.counts.burdens),
            solved: zeros(n),
            x: zeros(n),
            path,
        }
    }

    /// Draws and solves a group of lanes.
    fn group(&self, ready: &Ready, seed: u32, group: u32, room: &mut Room) -> Group {
        let (errors, passes) = vectorised(
            #[inline(always)]
            || {
                draw(seed, group, &ready.matrix, &mut room.matrix);
                ready.solve(room)
            },
        );
        let enough = if ready.iterates() { ENOUGH } else { TRUSTED };
        let none = [false; LANES];
        let mut made = Group { outputs: Vec::new(), fallen_back: none, singular: none, error: 0.0, passes };
        for (lane, &error) in errors.0.iter().enumerate() {
            // Not "above": an error that is no number is none to trust.
            if error <= enough {
                made.error = made.error.max(error);
            } else {
                made.fallen_back[lane] = true;
                made.singular[lane] = !self.solve_alone(ready, lane, room);
            }
        }
        made.outputs = vectorised(
            #[inline(always)]
            || self.weigh(seed, group, room),
        );
        for lane in 0..LANES {
            made.singular[lane] |= made.outputs.iter().any(|output| !output.0[lane].is_finite());
        }
        made
    }

    /// Solves one lane with pivots chosen for it; says whether it has a solution.
    fn solve_alone(&self, ready: &Ready, lane: usize, room: &mut Room) -> bool {
        let mut values: Vec<f64> = room.matrix.iter().map(|value| value.0[lane]).collect();
        if let Path::Iteration { sweeps, .. } = &ready.path {
            let mut ordered = vec![0.0; values.len()];
            for (&slot, &value) in sweeps.slots().iter().zip(&values) {
                ordered[slot as usize] = value;
            }
            values = ordered;
        }
        let mut x = self.demand.clone();
        let solved = ready.analysis.factorise(&values).map(|factors| factors.solve(&mut x)).is_ok();
        let sound = solved && x.iter().all(|x| x.is_finite());
        for (place, x) in room.x.iter_mut().zip(x) {
            place.0[lane] = if sound { x } else { 0.0 };
        }
        sound
    }

    /// Burdens and outputs of a solution.
    #[inline(always)]
    fn weigh(&self, seed: u32, group: u32, room: &mut Room) -> Vec<Lanes> {
        room.burdens.fill(Lanes::splat(0.0));
        self.burdens.multiply(seed, group, &room.x, &mut room.burdens);
        let mut outputs = vec![Lanes::splat(0.0); self.counts.outputs];
        self.weights.multiply(seed, group, &room.burdens, &mut outputs);
        outputs
    }
}

impl Ready {
    fn iterates(&self) -> bool {
        matches!(self.path, Path::Iteration { .. })
    }

    /// Solves the matrix of a room; for each lane a bound of the error, and the passes over the matrix.
    #[inline(always)]
    fn solve(&self, room: &mut Room) -> (Lanes, u32) {
        let Room { matrix, solved, x, path, .. } = room;
        let (columns, ended) = match (&self.path, path) {
            (Path::Iteration { sweeps, demand, start, weights }, PathRoom::Iteration(vectors)) => {
                let ended =
                    sweeps.solve(matrix, &System { b: demand, start, weights, enough: ENOUGH }, solved, vectors);
                (sweeps.at_column(), (ended.bound, ended.passes))
            }
            (Path::Factors { symbolic, demand }, PathRoom::Factors { factors, rest, sizes }) => {
                symbolic.eliminate(matrix, factors);
                let rounding = factors.growth(matrix) * Lanes::splat(f64::EPSILON);
                for ((x, rest), &amount) in solved.iter_mut().zip(rest.iter_mut()).zip(demand) {
                    (*x, *rest) = (Lanes::splat(amount), Lanes::splat(amount));
                }
                symbolic.substitute(matrix, factors, solved);
                let error = symbolic.backward_error(matrix, solved, rest, sizes).max(rounding);
                (symbolic.columns(), (error, 0))
            }
            // invariant: a room is made for its path.
            _ => return (Lanes::splat(f64::INFINITY), 0),
        };
        for (&column, &solved) in columns.iter().zip(&*solved) {
            x[column as usize] = solved;
        }
        ended
    }
}

impl Table {
    /// The product of the table, drawn, with `x`, added to `y`.
    #[inline(always)]
    fn multiply(&self, seed: u32, group: u32, x: &[Lanes], y: &mut [Lanes]) {
        let mut drawn = [Lanes::splat(0.0); SLICE];
        for (places, values) in self.places.chunks(SLICE).zip(self.values.chunks(SLICE)) {
            draw(seed, group, values, &mut drawn);
            for (&(row, column), &value) in places.iter().zip(&drawn) {
                y[row as usize] += value * x[column as usize];
            }
        }
    }
}
