//! Outputs of a system whose values are not sure.
//!
//! With the matrix A, a demand f, the burdens B and the weights C of some outputs, the outputs are `C B A⁻¹ f`. Each
//! entry of A, B and C is a [`Parameter`]. [`Model::draws`] draws all of them again and again; [`Model::first_order`]
//! needs one factorisation and one solve each way for an output.
//!
//! The system is cut down to what the demand reaches and brought to its nominal size: with the solution `x` at the means
//! of all values, each column is multiplied by about `|x_j|` and each row divided by about the sum of the sizes of its terms,
//! so that rows in tonnes and rows in kilowatt-hours weigh the same and solutions are near ±1. Powers of two do that
//! without rounding.

use super::factors::{Analysis, SingularBlock};
use super::lanes::{LANES, Lanes, Number, vectorised};
use super::random::{Distribution, Parameter, draw};
use super::reach::Reach;
use super::summary::Summary;
use super::sweeps::{Sweeps, System, Vectors};
use super::symbolic::{Refactored, Symbolic};
use ndarray::Array2;
use rayon::prelude::*;
use std::sync::Mutex;

/// A draw is solved again by itself, with pivots chosen anew, if its backward error is above this.
const TRUSTED: f64 = 1e-10;
/// The same of a draw that was iterated, if the error of an output may be above this part of it.
const ENOUGH: f64 = 1e-9;
/// Entries of the matrix passed over by an iteration in the time of an update in the factorisation, which also stores.
const UPDATE: u64 = 3;
/// Passes after which a system at the means is left to factors.
const PASSES: u32 = 100;
/// The least passes that are reckoned with.
const FEW: u64 = 4;
/// Lane groups that are drawn before their outputs are taken in.
const WINDOW: u32 = 1 << 12;
/// Entries of B and C that are drawn at a time.
const SLICE: usize = 128;

/// An entry of B or C.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Row: a burden, or an output.
    pub row: u32,
    /// Column: of the matrix, or a burden.
    pub column: u32,
    /// Its value.
    pub value: Parameter,
}

/// A system, cut down to what its demand reaches.
#[derive(Debug)]
pub struct Model {
    reach: Reach,
    path: Path,
    /// Values of the matrix, in the order in which the path takes them, and their means in the order of the pattern.
    matrix: Vec<Parameter>,
    means: Vec<f64>,
    /// Demand by row and solution at the means by column.
    demand: Vec<f64>,
    nominal: Vec<f64>,
    /// Burdens whose column is reached, columns counted in the system.
    burdens: Table,
    weights: Table,
    counts: Counts,
}

/// How draws are solved.
#[derive(Debug)]
enum Path {
    /// By factors with static pivots; values in the order of the pattern.
    Factors {
        symbolic: Symbolic,
        /// The demand in the order of elimination.
        demand: Vec<f64>,
    },
    /// By iteration; values in the order of the rows.
    Iteration {
        sweeps: Sweeps,
        /// For each row, what a residual of 1 adds to an output, in parts of it; the most of all outputs.
        weights: Vec<f64>,
    },
}

/// B or C: places, and the values apart, so that they are drawn in one go.
#[derive(Debug)]
struct Table {
    /// Row and column.
    places: Vec<(u32, u32)>,
    values: Vec<Parameter>,
}

/// Numbers of things.
#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    burdens: usize,
    outputs: usize,
    streams: usize,
}

/// What draws gave.
#[derive(Debug, Clone)]
pub struct Draws {
    /// Statistics of each output.
    pub outputs: Vec<Summary>,
    /// Draws that static pivots, or iterations, did not serve: solved again with pivots chosen anew.
    pub fallen_back: u64,
    /// Draws whose matrix was singular, or whose outputs overflow: left out of the statistics.
    pub singular: u64,
    /// Factors: the largest backward error of a draw that was taken in. Iteration: the largest bound, to first order, of
    /// the error of an output, in parts of it.
    pub error: f64,
    /// The most passes over the matrix that a group of lanes took; 0 for factors.
    pub passes: u32,
}

/// Moments to first order.
#[derive(Debug, Clone, PartialEq)]
pub struct FirstOrder {
    /// The output at the means of all values.
    pub mean: f64,
    /// Its variance.
    pub variance: f64,
    /// For each stream of random numbers, its part of the variance.
    pub parts: Vec<f64>,
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
struct Room {
    matrix: Vec<Lanes>,
    burdens: Vec<Lanes>,
    x: Vec<Lanes>,
    path: PathRoom,
}

/// What a path needs of it.
enum PathRoom {
    Factors { factors: Refactored<Lanes>, rest: Vec<Lanes>, sizes: Vec<Lanes> },
    Iteration(Vectors),
}

impl Model {
    /// A model of the matrix that was analysed, its values in the order of the pattern; `demand` lists rows and amounts.
    /// Rows and columns lie in the matrix.
    ///
    /// # Errors
    /// [`SingularBlock`], if the matrix of the means is singular in the part that the demand reaches.
    pub fn new(
        analysis: &Analysis,
        matrix: &[Parameter],
        demand: &[(u32, f64)],
        burdens: &[Entry],
        weights: &[Entry],
    ) -> Result<Self, SingularBlock> {
        let reach = analysis.reach(demand.iter().map(|d| d.0));
        let mut matrix: Vec<Parameter> = reach.slots.iter().map(|&slot| matrix[slot as usize].clone()).collect();
        let mut means: Vec<f64> = matrix.iter().map(|p| p.distribution.mean()).collect();
        let mut amounts = vec![0.0; analysis.pattern().order()];
        for &(row, amount) in demand {
            amounts[row as usize] += amount;
        }
        let amounts: Vec<f64> = reach.rows.iter().map(|&row| amounts[row as usize]).collect();
        let sweeps = Sweeps::new(reach.analysis.pattern());
        let solved = sweeps.settle(reach.analysis.blocks(), &means, &amounts, PASSES);
        let mut nominal = solved.map_or_else(
            || {
                let mut x = amounts.clone();
                reach.analysis.factorise(&means).map_err(|singular| reach.named(&singular))?.solve(&mut x);
                Ok(x)
            },
            Ok,
        )?;

        // To nominal size.
        let of_column: Vec<f64> = nominal.iter().map(|&x| if x == 0.0 { 1.0 } else { power_of_two(x) }).collect();
        let mut of_row: Vec<f64> = amounts.iter().map(|f| f.abs()).collect();
        reach.analysis.pattern().for_each(|row, column, slot| of_row[row] += (means[slot] * of_column[column]).abs());
        for size in &mut of_row {
            *size = power_of_two(*size);
        }
        reach.analysis.pattern().for_each(|row, column, slot| {
            let by = of_column[column] / of_row[row];
            matrix[slot].distribution = matrix[slot].distribution.scaled(by);
            means[slot] *= by;
        });
        for (x, by) in nominal.iter_mut().zip(&of_column) {
            *x /= by;
        }
        let demand = amounts.iter().zip(&of_row).map(|(amount, by)| amount / by).collect();
        let mut at = vec![None; analysis.pattern().order()];
        for (k, &column) in reach.columns.iter().enumerate() {
            at[column as usize] = Some(k as u32);
        }
        let inside = |entry: &Entry| {
            let column = at[entry.column as usize]?;
            let distribution = entry.value.distribution.scaled(of_column[column as usize]);
            Some(Entry { row: entry.row, column, value: Parameter { stream: entry.value.stream, distribution } })
        };
        let streams = matrix.iter().chain(burdens.iter().chain(weights).map(|e| &e.value)).map(|p| p.stream);
        let most = |list: &mut dyn Iterator<Item = u32>| list.max().map_or(0, |m| m as usize + 1);
        let counts = Counts {
            burdens: most(&mut burdens.iter().map(|e| e.row).chain(weights.iter().map(|e| e.column))),
            outputs: most(&mut weights.iter().map(|e| e.row)),
            streams: most(&mut streams.into_iter()),
        };
        let burdens = Table::new(burdens.iter().filter_map(inside));
        let weights = Table::new(weights.iter().cloned());
        let path = Path::Iteration { sweeps, weights: Vec::new() };
        let made = Self { reach, path, matrix, means, demand, nominal, burdens, weights, counts };
        made.on_its_path()
    }

    /// Takes the path that the counts of operations speak for: iteration is tried on one group of lanes, and taken if it
    /// solves all of them with less work than factors are.
    fn on_its_path(mut self) -> Result<Self, SingularBlock> {
        let Path::Iteration { sweeps, .. } = &self.path else { return Ok(self) };
        let entries = self.matrix.len() as u64;
        let updates = self.reach.analysis.updates().iter().fold(0_u64, |sum, &more| sum.saturating_add(more));
        let factors = UPDATE.saturating_mul(updates);
        if factors > FEW * entries {
            let ordered = sweeps.slots().iter().map(|&slot| self.matrix[slot as usize].clone()).collect();
            let before = std::mem::replace(&mut self.matrix, ordered);
            let worth = self.error_weights()?;
            if let Path::Iteration { weights, .. } = &mut self.path {
                *weights = worth;
            }
            let tried = self.group(0, 0, &mut self.room());
            if !tried.fallen_back.contains(&true) && u64::from(tried.passes) * entries <= factors {
                return Ok(self);
            }
            self.matrix = before;
        }
        let symbolic = Symbolic::new(&self.reach.analysis, &self.means).map_err(|s| self.reach.named(&s))?;
        let demand = symbolic.rows().iter().map(|&row| self.demand[row as usize]).collect();
        self.path = Path::Factors { symbolic, demand };
        Ok(self)
    }

    /// For each row the most that a residual of 1 adds to an output, in parts of it, to first order about the means.
    fn error_weights(&self) -> Result<Vec<f64>, SingularBlock> {
        let burdens = self.burdens_at_means();
        let mut most = vec![0.0_f64; self.demand.len()];
        for output in 0..self.counts.outputs {
            let adjoint = self.adjoint(output, &burdens, None)?;
            if adjoint.output != 0.0 {
                for (most, intensity) in most.iter_mut().zip(adjoint.intensity) {
                    *most = most.max((intensity / adjoint.output).abs());
                }
            }
        }
        Ok(most)
    }

    /// Whether draws are solved by iteration.
    #[must_use]
    pub fn iterates(&self) -> bool {
        matches!(self.path, Path::Iteration { .. })
    }

    /// The part of the matrix that the demand reaches.
    #[must_use]
    pub fn reach(&self) -> &Reach {
        &self.reach
    }

    /// Where the factors of that part have entries, if draws are solved by factors.
    #[must_use]
    pub fn symbolic(&self) -> Option<&Symbolic> {
        match &self.path {
            Path::Factors { symbolic, .. } => Some(symbolic),
            Path::Iteration { .. } => None,
        }
    }

    /// Draws everything `count` times. The draws are the same on one thread and on many.
    #[must_use]
    pub fn draws(&self, seed: u32, count: u32) -> Draws {
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
        });
        draws
    }

    /// The draws themselves: a row each, a column for each output; those that are singular have none.
    #[must_use]
    pub fn samples(&self, seed: u32, count: u32) -> Array2<Option<f64>> {
        let mut rows = Vec::with_capacity(count as usize * self.counts.outputs);
        self.for_each_group(seed, count, |group, lanes| {
            for lane in lanes {
                rows.extend(group.outputs.iter().map(|value| (!group.singular[lane]).then_some(value.0[lane])));
            }
        });
        let made = rows.len() / self.counts.outputs.max(1);
        let shaped = Array2::from_shape_vec((made, self.counts.outputs), rows);
        // invariant: each draw adds a value for each output.
        shaped.unwrap_or_else(|_| Array2::default((0, self.counts.outputs)))
    }

    /// Solves groups of lanes in parallel and hands them over in their order, each with its lanes that count.
    fn for_each_group(&self, seed: u32, count: u32, mut take: impl FnMut(&Group, std::ops::Range<usize>)) {
        let groups = count.div_ceil(LANES as u32);
        // As many rooms as threads: they are large.
        let rooms: Mutex<Vec<Room>> = Mutex::new(Vec::new());
        let free = || rooms.lock().ok().and_then(|mut rooms| rooms.pop()).unwrap_or_else(|| self.room());
        let solve = |g| {
            let mut room = free();
            let group = self.group(seed, g, &mut room);
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
    }

    fn room(&self) -> Room {
        let zeros = |length: usize| vec![Lanes::splat(0.0); length];
        let n = self.demand.len();
        let path = match &self.path {
            Path::Factors { symbolic, .. } => {
                PathRoom::Factors { factors: symbolic.room(), rest: zeros(n), sizes: zeros(n) }
            }
            Path::Iteration { sweeps, .. } => PathRoom::Iteration(sweeps.room()),
        };
        Room { matrix: zeros(self.matrix.len()), burdens: zeros(self.counts.burdens), x: zeros(n), path }
    }

    /// Draws and solves a group of lanes.
    fn group(&self, seed: u32, group: u32, room: &mut Room) -> Group {
        let (errors, passes) = vectorised(
            #[inline(always)]
            || {
                draw(seed, group, &self.matrix, &mut room.matrix);
                self.solve(room)
            },
        );
        let enough = if self.iterates() { ENOUGH } else { TRUSTED };
        let none = [false; LANES];
        let mut made = Group { outputs: Vec::new(), fallen_back: none, singular: none, error: 0.0, passes };
        for (lane, &error) in errors.0.iter().enumerate() {
            // Not "above": an error that is no number is none to trust.
            if error <= enough {
                made.error = made.error.max(error);
            } else {
                made.fallen_back[lane] = true;
                made.singular[lane] = !self.solve_alone(lane, room);
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

    /// Solves the matrix of a room; for each lane a bound of the error, and the passes over the matrix.
    #[inline(always)]
    fn solve(&self, room: &mut Room) -> (Lanes, u32) {
        let Room { matrix, x, path, .. } = room;
        match (&self.path, path) {
            (Path::Iteration { sweeps, weights }, PathRoom::Iteration(vectors)) => {
                let (b, start) = (&self.demand[..], &self.nominal[..]);
                let ended = sweeps.solve(matrix, &System { b, start, weights, enough: ENOUGH }, x, vectors);
                (ended.bound, ended.passes)
            }
            (Path::Factors { symbolic, demand }, PathRoom::Factors { factors, rest, sizes }) => {
                symbolic.eliminate(matrix, factors);
                for ((x, rest), &amount) in x.iter_mut().zip(rest.iter_mut()).zip(demand) {
                    (*x, *rest) = (Lanes::splat(amount), Lanes::splat(amount));
                }
                symbolic.substitute(matrix, factors, x);
                (symbolic.backward_error(matrix, x, rest, sizes), 0)
            }
            // invariant: a room is made for its path.
            _ => (Lanes::splat(f64::INFINITY), 0),
        }
    }

    /// Solves one lane with pivots chosen for it; says whether it has a solution.
    fn solve_alone(&self, lane: usize, room: &mut Room) -> bool {
        let drawn = room.matrix.iter().map(|value| value.0[lane]);
        let mut values: Vec<f64> = drawn.collect();
        if let Path::Iteration { sweeps, .. } = &self.path {
            let mut ordered = vec![0.0; values.len()];
            for (&slot, &value) in sweeps.slots().iter().zip(&values) {
                ordered[slot as usize] = value;
            }
            values = ordered;
        }
        let mut x = self.demand.clone();
        let solved = self.reach.analysis.factorise(&values).map(|factors| factors.solve(&mut x)).is_ok();
        let finite = x.iter().all(|x| x.is_finite());
        for (place, x) in room.x.iter_mut().zip(x) {
            place.0[lane] = if solved && finite { x } else { 0.0 };
        }
        solved && finite
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

    /// Mean and variance of each output to first order about the means of all values: with `x = A⁻¹ f` and
    /// `λ = A⁻ᵀ Bᵀ c`, the derivative to an entry `a` in row i and column j is `−λ_i x_j`, to one of B `c_i x_j`, to one
    /// of c the burden. The mean is the output at the means, which for lognormal values are not the medians.
    ///
    /// # Errors
    /// [`SingularBlock`], if the matrix of the means is singular as far as numbers can tell.
    pub fn first_order(&self) -> Result<Vec<FirstOrder>, SingularBlock> {
        let burdens = self.burdens_at_means();
        let factors = self.symbolic().map(|symbolic| {
            let mut factors = symbolic.room();
            symbolic.refactorise(&self.means, &mut factors);
            factors
        });
        let moments = |output| self.moments(output, &burdens, factors.as_ref());
        (0..self.counts.outputs).into_par_iter().map(moments).collect()
    }

    fn burdens_at_means(&self) -> Vec<f64> {
        let mut burdens = vec![0.0; self.counts.burdens];
        for (row, column, value) in self.burdens.entries() {
            burdens[row] += value.distribution.mean() * self.nominal[column];
        }
        burdens
    }

    /// Position in the pattern of the `k`-th value of the matrix.
    fn slot(&self, k: usize) -> usize {
        match &self.path {
            Path::Factors { .. } => k,
            Path::Iteration { sweeps, .. } => sweeps.slots()[k] as usize,
        }
    }

    /// An output at the means; `Bᵀ c` in the place of what each row adds to it.
    fn right_side(&self, output: usize, burdens: &[f64]) -> Adjoint {
        let mut made =
            Adjoint { output: 0.0, weights: vec![0.0; self.counts.burdens], intensity: vec![0.0; self.demand.len()] };
        for (_, column, value) in self.weights.entries().filter(|e| e.0 == output) {
            let mean = value.distribution.mean();
            made.weights[column] += mean;
            made.output += mean * burdens[column];
        }
        for (row, column, value) in self.burdens.entries() {
            made.intensity[column] += made.weights[row] * value.distribution.mean();
        }
        made
    }

    /// What each row adds to an output: by the factors of the means, or by sweeps, or by factors for this once.
    fn adjoint(
        &self,
        output: usize,
        burdens: &[f64],
        factors: Option<&Refactored<f64>>,
    ) -> Result<Adjoint, SingularBlock> {
        let mut made = self.right_side(output, burdens);
        if let (Path::Factors { symbolic, .. }, Some(factors)) = (&self.path, factors) {
            symbolic.solve_transposed(&self.means, factors, &mut made.intensity);
            return Ok(made);
        }
        let analysis = &self.reach.analysis;
        let before = made.intensity.clone();
        if analysis.relax_transposed(&self.means, &mut made.intensity, PASSES).is_none() {
            made.intensity = before;
            let factors = analysis.factorise(&self.means).map_err(|singular| self.reach.named(&singular))?;
            factors.solve_transposed(&mut made.intensity);
        }
        Ok(made)
    }

    fn moments(
        &self,
        output: usize,
        burdens: &[f64],
        factors: Option<&Refactored<f64>>,
    ) -> Result<FirstOrder, SingularBlock> {
        let adjoint = self.adjoint(output, burdens, factors)?;
        let mut parts = vec![0.0; self.counts.streams];
        let mut add = |value: &Parameter, derivative: f64| {
            parts[value.stream as usize] += derivative * value.distribution.deviation();
        };
        for (_, column, value) in self.weights.entries().filter(|e| e.0 == output) {
            add(value, burdens[column]);
        }
        for (row, column, value) in self.burdens.entries() {
            add(value, adjoint.weights[row] * self.nominal[column]);
        }
        let mut of_slot = vec![0; self.matrix.len()];
        for k in 0..self.matrix.len() {
            of_slot[self.slot(k)] = k;
        }
        self.reach.analysis.pattern().for_each(|row, column, slot| {
            add(&self.matrix[of_slot[slot]], -adjoint.intensity[row] * self.nominal[column]);
        });
        for part in &mut parts {
            *part *= *part;
        }
        Ok(FirstOrder { mean: adjoint.output, variance: parts.iter().sum(), parts })
    }
}

/// The power of two in a number.
fn power_of_two(x: f64) -> f64 {
    f64::from_bits(x.abs().max(f64::MIN_POSITIVE).to_bits() & 0x7ff0_0000_0000_0000)
}

/// What an output is made of: the output, the weight of each burden, and what each row adds to the output.
struct Adjoint {
    output: f64,
    weights: Vec<f64>,
    intensity: Vec<f64>,
}

impl Table {
    fn new(entries: impl Iterator<Item = Entry>) -> Self {
        let (places, values) = entries.map(|e| ((e.row, e.column), e.value)).unzip();
        Self { places, values }
    }

    /// Row, column and value of each entry.
    fn entries(&self) -> impl Iterator<Item = (usize, usize, &Parameter)> {
        self.places.iter().zip(&self.values).map(|(&(row, column), value)| (row as usize, column as usize, value))
    }

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

impl Distribution {
    /// Its standard deviation, with the sign in which the value moves as its random number rises.
    fn deviation(&self) -> f64 {
        match *self {
            Self::Lognormal(median, _) => self.variance().sqrt().copysign(median),
            _ => self.variance().sqrt(),
        }
    }
}

impl Reach {
    /// A singular block of the system, its columns counted in the whole matrix.
    fn named(&self, singular: &SingularBlock) -> SingularBlock {
        let mut columns: Vec<u32> = singular.columns.iter().map(|&c| self.columns[c as usize]).collect();
        columns.sort_unstable();
        SingularBlock { column: self.columns[singular.column as usize], columns }
    }
}
