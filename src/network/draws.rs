//! Draws of a model, in lanes and on all threads.

use super::factors::SingularBlock;
use super::lanes::{LANES, Lanes, Number, vectorised};
use super::model::{Model, Table};
use super::random::draw;
use super::runs::{Paths, Ready, Room};
use super::summary::Summary;
use ndarray::Array2;
use rayon::prelude::*;
use std::sync::Mutex;

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
    /// The largest error of a draw that was taken in: the backward error, or the rounding by growth, of its factors, or the
    /// bound, to first order, of what iteration leaves of an output, in parts of it.
    pub error: f64,
    /// The most passes over a block that a group of lanes took; 0 if all have factors.
    pub passes: u32,
}

/// One group of lanes, solved.
struct Group {
    /// For each output a value a lane.
    outputs: Vec<Lanes>,
    /// Lanes that were solved again by themselves.
    fallen_back: [bool; LANES],
    /// Lanes without a solution.
    singular: [bool; LANES],
    /// The largest error of the others.
    error: f64,
    passes: u32,
}

/// What a thread needs.
struct Desk {
    room: Room,
    /// The solution by column.
    x: Vec<Lanes>,
    burdens: Vec<Lanes>,
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

    /// Where draws are iterated and where they have factors; a matter of counts and of one trial group, never of clocks.
    ///
    /// # Errors
    /// As [`Model::draws`].
    pub fn paths(&self) -> Result<Paths, SingularBlock> {
        self.ready().map(Ready::paths)
    }

    fn ready(&self) -> Result<&Ready, SingularBlock> {
        self.ready.get_or_init(|| Ready::new(self)).as_ref().map_err(Clone::clone)
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
        // As many desks as threads: they are large.
        let desks: Mutex<Vec<Desk>> = Mutex::new(Vec::new());
        let free = || desks.lock().ok().and_then(|mut desks| desks.pop()).unwrap_or_else(|| self.desk(ready));
        let solve = |g| {
            let mut desk = free();
            let group = self.group(ready, seed, g, &mut desk);
            if let Ok(mut desks) = desks.lock() {
                desks.push(desk);
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

    fn desk(&self, ready: &Ready) -> Desk {
        let zeros = |length: usize| vec![Lanes::splat(0.0); length];
        Desk { room: ready.room(), x: zeros(self.demand.len()), burdens: zeros(self.counts.burdens) }
    }

    /// Draws and solves a group of lanes.
    fn group(&self, ready: &Ready, seed: u32, group: u32, desk: &mut Desk) -> Group {
        let solved = ready.solve(seed, group, &mut desk.room, &mut desk.x);
        let none = [false; LANES];
        let mut made =
            Group { outputs: Vec::new(), fallen_back: none, singular: none, error: 0.0, passes: solved.passes };
        for lane in 0..LANES {
            if let Some(error) = solved.error(lane) {
                made.error = made.error.max(error);
            } else {
                made.fallen_back[lane] = true;
                made.singular[lane] = !self.solve_alone(ready, lane, desk);
            }
        }
        made.outputs = vectorised(
            #[inline(always)]
            || self.weigh(seed, group, desk),
        );
        for lane in 0..LANES {
            made.singular[lane] |= made.outputs.iter().any(|output| !output.0[lane].is_finite());
        }
        made
    }

    /// Solves one lane with pivots chosen for it; says whether it has a solution.
    fn solve_alone(&self, ready: &Ready, lane: usize, desk: &mut Desk) -> bool {
        let values = ready.drawn(&desk.room, lane);
        let mut x = self.demand.clone();
        let solved = ready.analysis.factorise(&values).map(|factors| factors.solve(&mut x)).is_ok();
        let sound = solved && x.iter().all(|x| x.is_finite());
        for (place, x) in desk.x.iter_mut().zip(x) {
            place.0[lane] = if sound { x } else { 0.0 };
        }
        sound
    }

    /// Burdens and outputs of a solution.
    #[inline(always)]
    fn weigh(&self, seed: u32, group: u32, desk: &mut Desk) -> Vec<Lanes> {
        desk.burdens.fill(Lanes::splat(0.0));
        self.burdens.multiply(seed, group, &desk.x, &mut desk.burdens);
        let mut outputs = vec![Lanes::splat(0.0); self.counts.outputs];
        self.weights.multiply(seed, group, &desk.burdens, &mut outputs);
        outputs
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
