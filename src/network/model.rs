//! Outputs of a system whose values are not sure.
//!
//! With the matrix A, a demand f, the burdens B and the weights C of some outputs, the outputs are `C B A⁻¹ f`. Each
//! entry of A, B and C is a [`Parameter`]. [`Model::draws`] draws all of them again and again; [`Model::first_order`]
//! needs one factorisation and one solve each way for an output.

use super::factors::{Analysis, SingularBlock};
use super::lanes::{LANES, Lanes, Number, vectorised};
use super::random::{Distribution, Parameter, draw};
use super::reach::Reach;
use super::summary::Summary;
use super::symbolic::{Refactored, Symbolic};
use ndarray::Array2;
use rayon::prelude::*;

/// A lane is solved again by itself, with pivots chosen anew, if its backward error is above this.
const TRUSTED: f64 = 1e-10;
/// Lane groups that are drawn before their outputs are taken in.
const WINDOW: u32 = 1 << 12;

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
    symbolic: Symbolic,
    /// Values of the matrix, in the order of the system's pattern.
    matrix: Vec<Parameter>,
    /// The demand in the order of elimination.
    demand: Vec<f64>,
    /// Burdens whose column is reached, columns counted in the system.
    burdens: Table,
    weights: Table,
    counts: Counts,
}

/// B or C: places, and the values apart, so that they are drawn in one go.
#[derive(Debug)]
struct Table {
    /// Row and column.
    places: Vec<(u32, u32)>,
    values: Vec<Parameter>,
}

/// Entries of B and C that are drawn at a time.
const SLICE: usize = 128;

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
    /// Draws that static pivots did not serve: solved again with pivots chosen anew.
    pub fallen_back: u64,
    /// Draws whose matrix was singular: left out of the statistics.
    pub singular: u64,
    /// The largest backward error of a draw that was taken in.
    pub residual: f64,
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
    fallen_back: u64,
    /// Lanes without a solution.
    singular: [bool; LANES],
    residual: f64,
}

/// What a thread needs.
struct Room {
    matrix: Vec<Lanes>,
    factors: Refactored<Lanes>,
    x: Vec<Lanes>,
    rest: Vec<Lanes>,
    sizes: Vec<Lanes>,
    burdens: Vec<Lanes>,
}

impl Model {
    /// A model of the matrix that was analysed, its values in the order of the pattern; `demand` lists rows and amounts.
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
        let matrix: Vec<Parameter> = reach.slots.iter().map(|&slot| matrix[slot as usize].clone()).collect();
        let means: Vec<f64> = matrix.iter().map(|p| p.distribution.mean()).collect();
        let symbolic = Symbolic::new(&reach.analysis, &means).map_err(|singular| reach.named(&singular))?;
        let mut amounts = vec![0.0; analysis.pattern().order()];
        for &(row, amount) in demand {
            amounts[row as usize] += amount;
        }
        let demand = symbolic.rows().iter().map(|&row| amounts[reach.rows[row as usize] as usize]).collect();
        let mut at = vec![None; analysis.pattern().order()];
        for (k, &column) in reach.columns.iter().enumerate() {
            at[column as usize] = Some(k as u32);
        }
        let inside = |entry: &Entry| Some(Entry { column: at[entry.column as usize]?, ..entry.clone() });
        let streams = matrix.iter().chain(burdens.iter().chain(weights).map(|e| &e.value)).map(|p| p.stream);
        let counts = Counts {
            burdens: burdens.iter().map(|e| e.row + 1).chain(weights.iter().map(|e| e.column + 1)).max().unwrap_or(0)
                as usize,
            outputs: weights.iter().map(|e| e.row + 1).max().unwrap_or(0) as usize,
            streams: streams.max().map_or(0, |s| s as usize + 1),
        };
        let burdens = Table::new(burdens.iter().filter_map(inside));
        let weights = Table::new(weights.iter().cloned());
        Ok(Self { reach, symbolic, matrix, demand, burdens, weights, counts })
    }

    /// The part of the matrix that the demand reaches.
    #[must_use]
    pub fn reach(&self) -> &Reach {
        &self.reach
    }

    /// Where the factors of that part have entries.
    #[must_use]
    pub fn symbolic(&self) -> &Symbolic {
        &self.symbolic
    }

    /// Draws everything `count` times. The draws are the same on one thread and on many.
    #[must_use]
    pub fn draws(&self, seed: u32, count: u32) -> Draws {
        let mut draws = Draws {
            outputs: vec![Summary::default(); self.counts.outputs],
            fallen_back: 0,
            singular: 0,
            residual: 0.0,
        };
        self.for_each_group(seed, count, |group, lanes| {
            draws.fallen_back += group.fallen_back;
            draws.residual = draws.residual.max(group.residual);
            for lane in lanes {
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
        for first in (0..groups).step_by(WINDOW as usize) {
            let window = first..groups.min(first + WINDOW);
            let solved: Vec<Group> =
                window.clone().into_par_iter().map_init(|| self.room(), |room, g| self.group(seed, g, room)).collect();
            for (g, group) in window.zip(&solved) {
                take(group, 0..LANES.min((count - g * LANES as u32) as usize));
            }
        }
    }

    fn room(&self) -> Room {
        let zeros = |length: usize| vec![Lanes::splat(0.0); length];
        let n = self.demand.len();
        Room {
            matrix: zeros(self.matrix.len()),
            factors: self.symbolic.room(),
            x: zeros(n),
            rest: zeros(n),
            sizes: zeros(n),
            burdens: zeros(self.counts.burdens),
        }
    }

    /// Draws and solves a group of lanes.
    fn group(&self, seed: u32, group: u32, room: &mut Room) -> Group {
        let errors = vectorised(
            #[inline(always)]
            || {
                draw(seed, group, &self.matrix, &mut room.matrix);
                self.symbolic.eliminate(&room.matrix, &mut room.factors);
                for (place, &amount) in room.x.iter_mut().zip(&self.demand) {
                    *place = Lanes::splat(amount);
                }
                room.rest.copy_from_slice(&room.x);
                self.symbolic.substitute(&room.matrix, &room.factors, &mut room.x);
                self.symbolic.backward_error(&room.matrix, &room.x, &mut room.rest, &mut room.sizes)
            },
        );
        let mut made = Group { outputs: Vec::new(), fallen_back: 0, singular: [false; LANES], residual: 0.0 };
        for (lane, &error) in errors.0.iter().enumerate() {
            // Not "above": an error that is no number is none to trust.
            if error <= TRUSTED {
                made.residual = made.residual.max(error);
            } else {
                made.fallen_back += 1;
                made.singular[lane] = !self.solve_alone(lane, room);
            }
        }
        made.outputs = vectorised(
            #[inline(always)]
            || self.weigh(seed, group, room),
        );
        made
    }

    /// Solves one lane with pivots chosen for it; says whether it has a solution.
    fn solve_alone(&self, lane: usize, room: &mut Room) -> bool {
        let values: Vec<f64> = room.matrix.iter().map(|value| value.0[lane]).collect();
        let mut x = vec![0.0; self.demand.len()];
        for (&row, &amount) in self.symbolic.rows().iter().zip(&self.demand) {
            x[row as usize] = amount;
        }
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
    #[must_use]
    pub fn first_order(&self) -> Vec<FirstOrder> {
        let means: Vec<f64> = self.matrix.iter().map(|p| p.distribution.mean()).collect();
        let mut factors = self.symbolic.room();
        self.symbolic.refactorise(&means, &mut factors);
        let mut x = self.demand.clone();
        vectorised(
            #[inline(always)]
            || self.symbolic.substitute(&means, &factors, &mut x),
        );
        let mut burdens = vec![0.0; self.counts.burdens];
        for (row, column, value) in self.burdens.entries() {
            burdens[row] += value.distribution.mean() * x[column];
        }
        let moments = |output: usize| self.moments(output, &means, &factors, &x, &burdens);
        (0..self.counts.outputs).into_par_iter().map(moments).collect()
    }

    fn moments(
        &self,
        output: usize,
        means: &[f64],
        factors: &Refactored<f64>,
        x: &[f64],
        burdens: &[f64],
    ) -> FirstOrder {
        let mut weights = vec![0.0; self.counts.burdens];
        let mut parts = vec![0.0; self.counts.streams];
        let mut mean = 0.0;
        for (_, column, value) in self.weights.entries().filter(|e| e.0 == output) {
            let of = value.distribution.mean();
            weights[column] += of;
            mean += of * burdens[column];
            parts[value.stream as usize] += burdens[column] * value.distribution.deviation();
        }
        let mut intensity = vec![0.0; self.demand.len()];
        for (row, column, value) in self.burdens.entries() {
            intensity[column] += weights[row] * value.distribution.mean();
            parts[value.stream as usize] += weights[row] * x[column] * value.distribution.deviation();
        }
        vectorised(
            #[inline(always)]
            || self.symbolic.substitute_transposed(means, factors, &mut intensity),
        );
        self.symbolic.for_each_entry(|row, column, slot| {
            let Parameter { stream, distribution } = &self.matrix[slot];
            parts[*stream as usize] -= intensity[row] * x[column] * distribution.deviation();
        });
        for part in &mut parts {
            *part *= *part;
        }
        FirstOrder { mean, variance: parts.iter().sum(), parts }
    }
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
