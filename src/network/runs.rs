//! How draws of a model are solved: block by block, the last first, each in the way that counts of operations speak for.
//!
//! A block whose factors fill is iterated, if that solves a trial group of draws with less work. All others, most of them of
//! one column, have factors with static pivots; where they stand next to each other they make one run.

use super::factors::{Analysis, SingularBlock};
use super::lanes::{LANES, Lanes, Number, each, vectorised};
use super::model::Model;
use super::random::{Parameter, draw};
use super::sweeps::{Sweeps, System, Vectors};
use super::symbolic::{Refactored, Symbolic};
use std::ops::Range;

/// A lane is not trusted, if the backward error of a run, or the rounding that the growth of its factors may leave, is above
/// this.
pub(super) const TRUSTED: f64 = 1e-10;
/// The same, if the error of an output by iteration may be above this part of it.
const ENOUGH: f64 = 1e-9;
/// Entries of the matrix passed over by an iteration in the time of an update in the factorisation, which also stores.
const UPDATE: u64 = 3;
/// The least passes that are reckoned with.
const FEW: u64 = 4;

/// Where draws are iterated and where they have factors: blocks of more than one column, and columns in them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Paths {
    /// Blocks that are iterated.
    pub iterated_blocks: usize,
    /// Their columns.
    pub iterated_columns: usize,
    /// Blocks that have factors.
    pub factorised_blocks: usize,
    /// Their columns.
    pub factorised_columns: usize,
}

/// How draws are solved.
#[derive(Debug)]
pub(super) struct Ready {
    /// The reached part in an order of little fill.
    pub(super) analysis: Analysis,
    /// Demand by position.
    demand: Vec<f64>,
    runs: Vec<Run>,
}

/// Blocks next to each other that are solved in the same way, and the entries of their columns.
#[derive(Debug)]
struct Run {
    blocks: Range<usize>,
    positions: Range<usize>,
    /// Where its values stand among those of all runs.
    places: Range<usize>,
    /// Its values, first those above the run, then those inside it as the path takes them; and their places in the pattern.
    values: Vec<Parameter>,
    slots: Vec<u32>,
    /// Position of the row, and column in the run, of the values above it.
    above: Vec<(u32, u32)>,
    path: Path,
}

#[derive(Debug)]
enum Path {
    /// By factors with static pivots; values in the order of the pattern of the run.
    Factors(Box<Symbolic>),
    /// By iteration; values row by row.
    Iteration(Box<Iteration>),
}

#[derive(Debug)]
struct Iteration {
    sweeps: Sweeps,
    /// By position in the run: the solution at the means, and what a residual of 1 adds to an output, in parts of it, the
    /// most of all outputs.
    start: Vec<f64>,
    weights: Vec<f64>,
    /// What all residuals of the run may add.
    enough: f64,
}

/// What a thread needs to draw and solve a group of lanes.
pub(super) struct Room {
    matrix: Vec<Lanes>,
    /// By position: what is left of the demand for a run, then its solution.
    x: Vec<Lanes>,
    runs: Vec<RunRoom>,
}

/// What a run needs of it.
enum RunRoom {
    Factors { factors: Refactored<Lanes>, rest: Vec<Lanes>, sizes: Vec<Lanes> },
    Iteration { b: Vec<Lanes>, vectors: Vectors },
}

/// How well a group of lanes was solved.
#[derive(Debug, Clone, Copy)]
pub(super) struct Solved {
    /// For each lane the largest backward error, or rounding by growth, of a run that has factors.
    backward: Lanes,
    /// For each lane a bound, to first order, of the error of an output by iteration, in parts of it.
    bound: Lanes,
    /// The most passes over an iterated run.
    pub(super) passes: u32,
}

impl Solved {
    const EXACTLY: Self = Self { backward: Lanes([0.0; LANES]), bound: Lanes([0.0; LANES]), passes: 0 };

    /// The larger error of a lane, if both are small enough. An error that is no number is none to trust.
    pub(super) fn error(&self, lane: usize) -> Option<f64> {
        let (backward, bound) = (self.backward.0[lane], self.bound.0[lane]);
        (backward <= TRUSTED && bound <= ENOUGH).then_some(backward.max(bound))
    }

    fn and(self, run: &Self) -> Self {
        let mut made = Self { backward: self.backward.max(run.backward), passes: self.passes.max(run.passes), ..self };
        made.bound += run.bound;
        made
    }
}

impl Ready {
    /// Decides how each block is solved.
    pub(super) fn new(model: &Model) -> Result<Self, SingularBlock> {
        let analysis = model.reach.analysis.clone();
        let analysis = if analysis.is_ordered() { analysis } else { analysis.ordered() };
        let demand = analysis.blocks().rows().iter().map(|&row| model.demand[row as usize]).collect();
        let mut made = Self { analysis, demand, runs: Vec::new() };
        let dear: Vec<usize> = (0..made.analysis.blocks().count()).filter(|&block| made.is_dear(block)).collect();
        if dear.is_empty() {
            made.push(made.factorised(model, 0..made.analysis.blocks().count())?);
            return Ok(made);
        }
        let weights = model.error_weights()?;
        let columns = |block: usize| made.analysis.blocks().range(block).len() as f64;
        // Each may leave an error in proportion to its size.
        let per_column = ENOUGH / dear.iter().map(|&block| columns(block)).sum::<f64>();
        let enough: Vec<f64> = dear.iter().map(|&block| per_column * columns(block)).collect();
        let mut first = 0;
        for (&block, enough) in dear.iter().zip(enough) {
            made.push(made.factorised(model, first..block)?);
            made.push(made.iterated(model, block, &weights, enough));
            first = block + 1;
        }
        made.push(made.factorised(model, first..made.analysis.blocks().count())?);
        made.try_iterations(model)?;
        Ok(made)
    }

    /// Whether the factors of a block take longer than a few passes over it.
    fn is_dear(&self, block: usize) -> bool {
        self.work(block) > FEW * self.entries(block)
    }

    /// Entries of a block that are passed over in the time of its factorisation.
    fn work(&self, block: usize) -> u64 {
        UPDATE.saturating_mul(self.analysis.updates()[block])
    }

    /// Entries of a block.
    fn entries(&self, block: usize) -> u64 {
        let blocks = self.analysis.blocks();
        let inside = |&&row: &&u32| blocks.range(block).contains(&blocks.position(row));
        let of = |p: usize| self.analysis.pattern().column(blocks.columns()[p] as usize).iter().filter(inside).count();
        blocks.range(block).map(|p| of(p) as u64).sum()
    }

    fn push(&mut self, mut run: Run) {
        let from = self.runs.last().map_or(0, |run| run.places.end);
        run.places = from..from + run.values.len();
        if !run.positions.is_empty() {
            self.runs.push(run);
        }
    }

    fn factorised(&self, model: &Model, blocks: Range<usize>) -> Result<Run, SingularBlock> {
        let part = self.analysis.part(blocks.clone());
        let means: Vec<f64> = part.slots.iter().map(|&slot| model.means[slot as usize]).collect();
        let symbolic = Symbolic::new(&part.analysis, &means);
        let symbolic = symbolic.map_err(|singular| model.reach.named(&part.named(&singular)))?;
        Ok(self.run(model, blocks, &part.slots, Path::Factors(Box::new(symbolic))))
    }

    fn iterated(&self, model: &Model, block: usize, weights: &[f64], enough: f64) -> Run {
        let part = self.analysis.part(block..=block);
        let at = |list: &[u32], of: &[f64]| list.iter().map(|&k| of[k as usize]).collect();
        let (start, weights) = (at(&part.columns, &model.nominal), at(&part.rows, weights));
        let sweeps = Sweeps::new(&part.analysis);
        let slots: Vec<u32> = sweeps.slots().iter().map(|&slot| part.slots[slot as usize]).collect();
        let path = Path::Iteration(Box::new(Iteration { sweeps, start, weights, enough }));
        self.run(model, block..block + 1, &slots, path)
    }

    /// A run whose values inside of it have these places in the pattern.
    fn run(&self, model: &Model, of: Range<usize>, inside: &[u32], path: Path) -> Run {
        let (blocks, pattern) = (self.analysis.blocks(), self.analysis.pattern());
        let positions = if of.is_empty() { 0..0 } else { blocks.range(of.start).start..blocks.range(of.end - 1).end };
        let (mut above, mut slots) = (Vec::new(), Vec::new());
        for (k, &column) in blocks.columns()[positions.clone()].iter().enumerate() {
            for (slot, &row) in pattern.range(column as usize).zip(pattern.column(column as usize)) {
                if blocks.position(row) < positions.start {
                    above.push((blocks.position(row) as u32, k as u32));
                    slots.push(slot as u32);
                }
            }
        }
        slots.extend(inside);
        let values = slots.iter().map(|&slot| model.matrix[slot as usize].clone()).collect();
        Run { blocks: of, positions, places: 0..0, values, slots, above, path }
    }

    /// Tries the iterations on one group of lanes, from the last run to the first. Where a lane is not solved, or the work is
    /// more than that of factors, the block gets factors after all.
    fn try_iterations(&mut self, model: &Model) -> Result<(), SingularBlock> {
        let mut room = self.room();
        self.begin(&mut room);
        let mut sound = [true; LANES];
        for k in (0..self.runs.len()).rev() {
            let before = room.x[self.runs[k].positions.clone()].to_vec();
            let mut solved = self.runs[k].solve(0, 0, &mut room, k);
            if let Path::Iteration(iteration) = &self.runs[k].path {
                let block = self.runs[k].blocks.start;
                let served = (0..LANES).all(|lane| !sound[lane] || solved.bound.0[lane] <= iteration.enough);
                if !served || u64::from(solved.passes) * self.entries(block) > self.work(block) {
                    let run = self.factorised(model, block..block + 1)?;
                    self.runs[k] = Run { places: self.runs[k].places.clone(), ..run };
                    room.x[self.runs[k].positions.clone()].copy_from_slice(&before);
                    room.runs[k] = self.runs[k].room();
                    solved = self.runs[k].solve(0, 0, &mut room, k);
                }
            }
            self.runs[k].hand_on(&mut room);
            sound = each(|lane| sound[lane] && solved.error(lane).is_some());
        }
        Ok(())
    }

    /// Where draws are iterated.
    pub(super) fn paths(&self) -> Paths {
        let mut made = Paths::default();
        let blocks = self.analysis.blocks();
        for run in &self.runs {
            let of = match run.path {
                Path::Iteration(_) => (&mut made.iterated_blocks, &mut made.iterated_columns),
                Path::Factors(_) => (&mut made.factorised_blocks, &mut made.factorised_columns),
            };
            for columns in run.blocks.clone().map(|block| blocks.range(block).len()).filter(|&columns| columns > 1) {
                *of.0 += 1;
                *of.1 += columns;
            }
        }
        made
    }

    pub(super) fn room(&self) -> Room {
        let zeros = |length: usize| vec![Lanes::splat(0.0); length];
        Room {
            matrix: zeros(self.runs.last().map_or(0, |run| run.places.end)),
            x: zeros(self.demand.len()),
            runs: self.runs.iter().map(Run::room).collect(),
        }
    }

    /// Draws and solves a group of lanes; the solution goes to `x` by column.
    pub(super) fn solve(&self, seed: u32, group: u32, room: &mut Room, x: &mut [Lanes]) -> Solved {
        self.begin(room);
        let mut solved = Solved::EXACTLY;
        for (k, run) in self.runs.iter().enumerate().rev() {
            solved = solved.and(&run.solve(seed, group, room, k));
            run.hand_on(room);
        }
        for (&column, &value) in self.analysis.blocks().columns().iter().zip(&room.x) {
            x[column as usize] = value;
        }
        solved
    }

    fn begin(&self, room: &mut Room) {
        for (x, &demand) in room.x.iter_mut().zip(&self.demand) {
            *x = Lanes::splat(demand);
        }
    }

    /// The values that a lane of a room has drawn, in the order of the pattern.
    pub(super) fn drawn(&self, room: &Room, lane: usize) -> Vec<f64> {
        let mut values = vec![0.0; room.matrix.len()];
        for run in &self.runs {
            for (&slot, value) in run.slots.iter().zip(&room.matrix[run.places.clone()]) {
                values[slot as usize] = value.0[lane];
            }
        }
        values
    }
}

impl Run {
    fn room(&self) -> RunRoom {
        let zeros = || vec![Lanes::splat(0.0); self.positions.len()];
        match &self.path {
            Path::Factors(symbolic) => RunRoom::Factors { factors: symbolic.room(), rest: zeros(), sizes: zeros() },
            Path::Iteration(iteration) => RunRoom::Iteration { b: zeros(), vectors: iteration.sweeps.room() },
        }
    }

    /// Draws the values of the run, the `k`-th, and solves it.
    fn solve(&self, seed: u32, group: u32, room: &mut Room, k: usize) -> Solved {
        let (matrix, x) = (&mut room.matrix[self.places.clone()], &mut room.x[self.positions.clone()]);
        vectorised(
            #[inline(always)]
            || {
                draw(seed, group, &self.values, matrix);
                self.path.solve(&matrix[self.above.len()..], x, &mut room.runs[k])
            },
        )
    }

    /// Takes what the run takes from the runs above off what is left for them.
    fn hand_on(&self, room: &mut Room) {
        let (left, x) = room.x.split_at_mut(self.positions.start);
        let values = &room.matrix[self.places.clone()];
        vectorised(
            #[inline(always)]
            || {
                for (&(row, column), &value) in self.above.iter().zip(values) {
                    left[row as usize] -= value * x[column as usize];
                }
            },
        );
    }
}

impl Path {
    /// Solves for `x`, in whose place the right-hand side is.
    #[inline(always)]
    fn solve(&self, values: &[Lanes], x: &mut [Lanes], room: &mut RunRoom) -> Solved {
        match (self, room) {
            (Self::Iteration(of), RunRoom::Iteration { b, vectors }) => {
                b.copy_from_slice(x);
                let system = System { b, start: &of.start, weights: &of.weights, enough: of.enough };
                let ended = of.sweeps.solve(values, &system, x, vectors);
                Solved { bound: ended.bound, passes: ended.passes, ..Solved::EXACTLY }
            }
            (Self::Factors(symbolic), RunRoom::Factors { factors, rest, sizes }) => {
                symbolic.eliminate(values, factors);
                let rounding = factors.growth(values) * Lanes::splat(f64::EPSILON);
                for (rest, &row) in rest.iter_mut().zip(symbolic.rows()) {
                    *rest = x[row as usize];
                }
                x.copy_from_slice(rest);
                symbolic.substitute(values, factors, x);
                let error = symbolic.backward_error(values, x, rest, sizes);
                Solved { backward: error.max(rounding), ..Solved::EXACTLY }
            }
            // invariant: a room is made for its path.
            _ => Solved { bound: Lanes::splat(f64::INFINITY), ..Solved::EXACTLY },
        }
    }
}
