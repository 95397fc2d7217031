//! Solving by iteration, for matrices whose factors fill.
//!
//! First sweeps of Gauss and Seidel, from the last row to the first: in the order of the blocks a sweep solves all that is
//! no loop, and it needs no vector but the solution. They go on while each leaves less than half of the error. What is
//! left then is for `BiCGSTAB` (H. A. van der Vorst, "Bi-CGSTAB: a fast and smoothly converging variant of Bi-CG for the
//! solution of nonsymmetric linear systems", SIAM Journal on Scientific and Statistical Computing 13 (1992) 631–644) with
//! such a sweep as preconditioner from the right. With A = L + (D + U) the product with A after the sweep
//! `y = (D + U)⁻¹ p` is `p + L y` (S. C. Eisenstat, SIAM Journal on Scientific and Statistical Computing 2 (1981) 1–4):
//! both together pass over the matrix once.

use super::blocks::Blocks;
use super::factors::Analysis;
use super::lanes::{Coefficient, LANES, Lanes, Number, each, vectorised};

/// Iterations, of two passes each, after which a lane is given up.
const ITERATIONS: u32 = 60;

/// A solution whose numbers change by no more than this part of themselves in a sweep has settled. Where a credit takes
/// off most of a number, rounding alone moves it by 1e-13.
const SETTLED: f64 = 1e-12;

impl Analysis {
    /// Solves `Aᵀ x = b` by sweeps, block by block: `b` by column of the matrix, `x` by row, in the same place; the lanes of
    /// `b` are right-hand sides side by side. The most passes over a block until no number changes any more; nothing, if
    /// `most` are not enough for one, and `b` is void.
    ///
    /// A score of a demand needs no factors: where each process takes clearly less than it makes, some tens of passes
    /// cost less than an order of little fill.
    pub fn relax_transposed<T: Number>(&self, values: &[f64], b: &mut [T], most: u32) -> Option<u32>
    where
        f64: Coefficient<T>,
    {
        let mut x = vec![T::splat(0.0); b.len()];
        let passes = vectorised(
            #[inline(always)]
            || {
                let mut passes = 0;
                for block in 0..self.blocks().count() {
                    passes = passes.max(self.relax_block(block, values, b, &mut x, most)?);
                }
                Some(passes)
            },
        );
        b.copy_from_slice(&x);
        passes
    }

    #[inline(always)]
    fn relax_block<T: Number>(&self, block: usize, values: &[f64], b: &[T], x: &mut [T], most: u32) -> Option<u32>
    where
        f64: Coefficient<T>,
    {
        let (blocks, range) = (self.blocks(), self.blocks().range(block));
        for pass in 1..=most {
            let (mut settled, mut finite) = (true, true);
            for position in range.clone() {
                let (row, column) = (blocks.rows()[position], blocks.columns()[position] as usize);
                let slots = self.pattern().range(column);
                let mut rest = b[column];
                let mut pivot = 0.0;
                for (&i, &a) in self.pattern().rows(slots.clone()).iter().zip(&values[slots]) {
                    if i == row {
                        pivot = a;
                    } else {
                        rest -= a.times(x[i as usize]);
                    }
                }
                let made = (1.0 / pivot).times(rest);
                let before = std::mem::replace(&mut x[row as usize], made);
                settled &= made.settled(before, SETTLED);
                finite &= made.is_finite();
            }
            if !finite {
                return None;
            }
            // A column by itself is solved at once.
            if range.len() == 1 || settled {
                return Some(pass);
            }
        }
        None
    }
}

/// The entries of a matrix row by row, in the order of its blocks.
#[derive(Debug, Clone)]
pub(super) struct Sweeps {
    /// Row and column of the matrix at each position.
    at_row: Vec<u32>,
    at_column: Vec<u32>,
    /// For each row, where its entries begin; then where the last one's end.
    starts: Vec<u32>,
    /// For each row, where its entry on the diagonal lies.
    diagonals: Vec<u32>,
    columns: Vec<u32>,
    /// Position of each entry in the pattern.
    slots: Vec<u32>,
}

/// What an iteration needs.
#[derive(Debug)]
pub(super) struct Vectors {
    pivots: Vec<Lanes>,
    rest: Vec<Lanes>,
    shadow: Vec<Lanes>,
    direction: Vec<Lanes>,
    swept: Vec<Lanes>,
    product: Vec<Lanes>,
    /// The product with the residual.
    second: Vec<Lanes>,
}

/// How an iteration ended.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ended {
    /// For each lane the sum of the residuals times their weights.
    pub(super) bound: Lanes,
    /// Passes over the matrix.
    pub(super) passes: u32,
}

/// What is solved for; by position.
pub(super) struct System<'a> {
    pub(super) b: &'a [Lanes],
    pub(super) start: &'a [f64],
    /// What a residual weighs.
    pub(super) weights: &'a [f64],
    /// The most that the weighted sizes of the residuals may sum to.
    pub(super) enough: f64,
}

impl Sweeps {
    pub(super) fn new(analysis: &Analysis) -> Self {
        let (pattern, blocks) = (analysis.pattern(), analysis.blocks());
        let n = pattern.order();
        let mut starts = vec![0; n + 1];
        for &row in pattern.rows(0..pattern.entries()) {
            starts[blocks.position(row) + 1] += 1;
        }
        for row in 0..n {
            starts[row + 1] += starts[row];
        }
        let mut next = starts.clone();
        let total = pattern.entries();
        let (mut columns, mut slots, mut diagonals) = (vec![0; total], vec![0; total], vec![0; n]);
        // Columns come in their order, so they stand in it in each row.
        for (column, &of) in blocks.columns().iter().enumerate() {
            for (slot, &row) in pattern.range(of as usize).zip(pattern.column(of as usize)) {
                let row = blocks.position(row);
                let place = next[row];
                next[row] += 1;
                (columns[place as usize], slots[place as usize]) = (column as u32, slot as u32);
                if row == column {
                    diagonals[row] = place;
                }
            }
        }
        let (at_row, at_column) = (blocks.rows().to_vec(), blocks.columns().to_vec());
        Self { at_row, at_column, starts, diagonals, columns, slots }
    }

    /// A list by row of the matrix, by position.
    pub(super) fn by_row(&self, list: &[f64]) -> Vec<f64> {
        self.at_row.iter().map(|&row| list[row as usize]).collect()
    }

    /// Position in the pattern of each entry.
    pub(super) fn slots(&self) -> &[u32] {
        &self.slots
    }

    /// Solves `A x = b` for one set of values, in the order of the pattern, by sweeps until no number changes any more; `b`
    /// by row, `x` by column. Nothing, if `most` are not enough for a block.
    pub(super) fn settle(&self, blocks: &Blocks, values: &[f64], b: &[f64], most: u32) -> Option<Vec<f64>> {
        let b = self.by_row(b);
        let values: Vec<f64> = self.slots.iter().map(|&slot| values[slot as usize]).collect();
        let pivots: Vec<f64> = self.diagonals.iter().map(|&place| 1.0 / values[place as usize]).collect();
        let mut x = vec![0.0; b.len()];
        for block in (0..blocks.count()).rev() {
            let range = blocks.range(block);
            let mut pass = || {
                let mut settled = true;
                for row in range.clone().rev() {
                    let places = self.starts[row] as usize..self.starts[row + 1] as usize;
                    let mut rest = b[row];
                    for (&column, &value) in self.columns[places.clone()].iter().zip(&values[places]) {
                        rest -= value * x[column as usize];
                    }
                    // The row's own term was taken off too.
                    let before = x[row];
                    x[row] += rest * pivots[row];
                    settled &= x[row].settled(before, SETTLED);
                }
                settled || range.len() == 1
            };
            if !(0..most).any(|_| pass()) || range.into_iter().any(|row| !x[row].is_finite()) {
                return None;
            }
        }
        let mut made = vec![0.0; x.len()];
        for (&column, x) in self.at_column.iter().zip(x) {
            made[column as usize] = x;
        }
        Some(made)
    }

    pub(super) fn room(&self) -> Vectors {
        let zeros = || vec![Lanes::splat(0.0); self.diagonals.len()];
        Vectors {
            pivots: zeros(),
            rest: zeros(),
            shadow: zeros(),
            direction: zeros(),
            swept: zeros(),
            product: zeros(),
            second: zeros(),
        }
    }

    /// Solves `A x = b` from `start`, until for each lane the sum of `weights` times the sizes of the residuals is no
    /// more than `enough`; a lane in which numbers overflow is given up. Entries of the matrix stand row by row.
    #[inline(always)]
    pub(super) fn solve(&self, values: &[Lanes], system: &System, x: &mut [Lanes], at: &mut Vectors) -> Ended {
        for ((x, &start), (pivot, &diagonal)) in
            x.iter_mut().zip(system.start).zip(at.pivots.iter_mut().zip(&self.diagonals))
        {
            *x = Lanes::splat(start);
            *pivot = values[diagonal as usize].inverse();
        }
        let done = |bound: Lanes| !bound.0.iter().any(|&b| b > system.enough);
        let (mut bound, mut passes) = (Lanes::splat(f64::INFINITY), 0);
        loop {
            let before = bound;
            bound = self.relax(values, system, &at.pivots, x);
            passes += 1;
            if done(bound) || !halved(bound, before, system.enough) {
                break;
            }
        }
        // A sweep tells what the residuals were when it came to their rows.
        let bound = self.residual(values, system, x, &mut at.rest);
        let ended = Ended { bound, passes: passes + 1 };
        if done(bound) { ended } else { self.accelerate(values, system, ended, x, at) }
    }

    /// A sweep: from the last row to the first, each row is solved for its diagonal. The weighted sizes of the residuals
    /// that the rows had before.
    #[inline(always)]
    fn relax(&self, values: &[Lanes], system: &System, pivots: &[Lanes], x: &mut [Lanes]) -> Lanes {
        let mut bound = Lanes::splat(0.0);
        for row in (0..x.len()).rev() {
            let rest = self.rest(values, system, x, row);
            bound += Lanes::splat(system.weights[row]) * rest.abs();
            x[row] += rest * pivots[row];
        }
        bound
    }

    /// The residual of a row.
    #[inline(always)]
    fn rest(&self, values: &[Lanes], system: &System, x: &[Lanes], row: usize) -> Lanes {
        let mut rest = system.b[row];
        let places = self.starts[row] as usize..self.starts[row + 1] as usize;
        for (&column, &value) in self.columns[places.clone()].iter().zip(&values[places]) {
            rest -= value * x[column as usize];
        }
        rest
    }

    /// All residuals, and their weighted sizes.
    #[inline(always)]
    fn residual(&self, values: &[Lanes], system: &System, x: &[Lanes], rest: &mut [Lanes]) -> Lanes {
        let mut bound = Lanes::splat(0.0);
        for (row, place) in rest.iter_mut().enumerate() {
            *place = self.rest(values, system, x, row);
            bound += Lanes::splat(system.weights[row]) * place.abs();
        }
        bound
    }

    /// `BiCGSTAB`, from a solution whose residuals are `at.rest`.
    #[inline(always)]
    fn accelerate(
        &self,
        values: &[Lanes],
        system: &System,
        mut ended: Ended,
        x: &mut [Lanes],
        at: &mut Vectors,
    ) -> Ended {
        at.shadow.copy_from_slice(&at.rest);
        at.direction.copy_from_slice(&at.rest);
        let mut rho = Lanes::splat(0.0);
        for rest in &at.rest {
            rho += *rest * *rest;
        }
        // A lane that is done moves no more: its steps are none, whatever its quotients have become.
        let mut open = each(|i| ended.bound.0[i] > system.enough);
        for _ in 0..ITERATIONS {
            if !open.contains(&true) {
                break;
            }
            ended.passes += 2;
            self.sweep(values, &at.pivots, &at.direction, &mut at.swept);
            let (shadowed, _) = self.product(values, &at.direction, &at.swept, &mut at.product, &at.shadow);
            let alpha = quotient(rho, shadowed, open);
            for ((x, &swept), (rest, &product)) in x.iter_mut().zip(&at.swept).zip(at.rest.iter_mut().zip(&at.product))
            {
                *x += alpha * swept;
                *rest -= alpha * product;
            }
            self.sweep(values, &at.pivots, &at.rest, &mut at.swept);
            let (along, square) = self.product(values, &at.rest, &at.swept, &mut at.second, &at.rest);
            let omega = quotient(along, square, open);
            let (mut next, mut bound) = (Lanes::splat(0.0), Lanes::splat(0.0));
            for (row, x) in x.iter_mut().enumerate() {
                *x += omega * at.swept[row];
                at.rest[row] -= omega * at.second[row];
                next += at.shadow[row] * at.rest[row];
                bound += Lanes::splat(system.weights[row]) * at.rest[row].abs();
            }
            ended.bound = Lanes(each(|i| if open[i] { bound.0[i] } else { ended.bound.0[i] }));
            open = each(|i| open[i] && bound.0[i] > system.enough);
            let beta = quotient(next * alpha, rho * omega, open);
            rho = next;
            for (direction, (&product, &rest)) in at.direction.iter_mut().zip(at.product.iter().zip(&at.rest)) {
                *direction -= omega * product;
                *direction = beta * *direction;
                *direction += rest;
            }
        }
        ended
    }

    /// `y = (D + U)⁻¹ p`, from the last row to the first.
    #[inline(always)]
    fn sweep(&self, values: &[Lanes], pivots: &[Lanes], p: &[Lanes], y: &mut [Lanes]) {
        for row in (0..p.len()).rev() {
            let mut rest = p[row];
            let right = self.diagonals[row] as usize + 1..self.starts[row + 1] as usize;
            for (&column, &value) in self.columns[right.clone()].iter().zip(&values[right]) {
                rest -= value * y[column as usize];
            }
            y[row] = rest * pivots[row];
        }
    }

    /// `v = p + L y`; its products with `with` and with itself.
    #[inline(always)]
    fn product(&self, values: &[Lanes], p: &[Lanes], y: &[Lanes], v: &mut [Lanes], with: &[Lanes]) -> (Lanes, Lanes) {
        let (mut along, mut square) = (Lanes::splat(0.0), Lanes::splat(0.0));
        for row in 0..p.len() {
            let mut sum = p[row];
            let left = self.starts[row] as usize..self.diagonals[row] as usize;
            for (&column, &value) in self.columns[left.clone()].iter().zip(&values[left]) {
                sum += value * y[column as usize];
            }
            v[row] = sum;
            along += with[row] * sum;
            square += sum * sum;
        }
        (along, square)
    }
}

/// Whether the bound of every lane that is above `enough` is less than half of what it was.
#[inline(always)]
fn halved(bound: Lanes, before: Lanes, enough: f64) -> bool {
    !bound.0.iter().zip(before.0).any(|(&now, before)| now > enough && now >= 0.5 * before)
}

/// Quotient of each lane that is open, 0 of the others.
#[inline(always)]
fn quotient(above: Lanes, below: Lanes, open: [bool; LANES]) -> Lanes {
    Lanes(each(|i| if open[i] { above.0[i] / below.0[i] } else { 0.0 }))
}
