//! Moments of a model to first order, and what its outputs are sensitive to.

use super::factors::SingularBlock;
use super::model::{Model, PASSES};
use super::random::{Distribution, Parameter};
use rayon::prelude::*;

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

/// What an output is made of: the output, the weight of each burden, and what each row adds to the output.
struct Adjoint {
    output: f64,
    weights: Vec<f64>,
    intensity: Vec<f64>,
}

impl Model {
    /// Mean and variance of each output to first order about the means of all values: with `x = A⁻¹ f` and
    /// `λ = A⁻ᵀ Bᵀ c`, the derivative to an entry `a` in row i and column j is `−λ_i x_j`, to one of B `c_i x_j`, to one
    /// of c the burden. The mean is the output at the means, which for lognormal values are not the medians.
    ///
    /// # Errors
    /// [`SingularBlock`], if the matrix of the means is singular as far as numbers can tell.
    pub fn first_order(&self) -> Result<Vec<FirstOrder>, SingularBlock> {
        let burdens = self.burdens_at_means();
        (0..self.counts.outputs).into_par_iter().map(|output| self.moments(output, &burdens)).collect()
    }

    fn burdens_at_means(&self) -> Vec<f64> {
        let mut burdens = vec![0.0; self.counts.burdens];
        for (row, column, value) in self.burdens.entries() {
            burdens[row] += value.distribution.mean() * self.nominal[column];
        }
        burdens
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

    /// What each row adds to an output, by sweeps, or by factors where these do not settle.
    fn adjoint(&self, output: usize, burdens: &[f64]) -> Result<Adjoint, SingularBlock> {
        let mut made = self.right_side(output, burdens);
        let right = made.intensity.clone();
        if self.reach.analysis.relax_transposed(&self.means, &mut made.intensity, PASSES).is_none() {
            let ordered = self.reach.analysis.clone().ordered();
            let factors = ordered.factorise(&self.means).map_err(|singular| self.reach.named(&singular))?;
            made.intensity = right;
            factors.solve_transposed(&mut made.intensity);
        }
        Ok(made)
    }

    fn moments(&self, output: usize, burdens: &[f64]) -> Result<FirstOrder, SingularBlock> {
        let adjoint = self.adjoint(output, burdens)?;
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
        self.reach.analysis.pattern().for_each(|row, column, slot| {
            add(&self.matrix[slot], -adjoint.intensity[row] * self.nominal[column]);
        });
        for part in &mut parts {
            *part *= *part;
        }
        Ok(FirstOrder { mean: adjoint.output, variance: parts.iter().sum(), parts })
    }

    /// For each row the most that a residual of 1 adds to an output, in parts of it, to first order about the means.
    pub(super) fn error_weights(&self) -> Result<Vec<f64>, SingularBlock> {
        let burdens = self.burdens_at_means();
        let mut most = vec![0.0_f64; self.demand.len()];
        for output in 0..self.counts.outputs {
            let adjoint = self.adjoint(output, &burdens)?;
            if adjoint.output != 0.0 {
                for (most, intensity) in most.iter_mut().zip(adjoint.intensity) {
                    *most = most.max((intensity / adjoint.output).abs());
                }
            }
        }
        Ok(most)
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
