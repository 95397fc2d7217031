//! Gross errors: which measurement is wrong, by how much, and what the others say without it.
//!
//! The generalised likelihood ratio of Narasimhan and Mah (`AIChE` Journal 33 (1987) 1514–1521) for a bias of a measurement
//! is the square of its measurement test. The likeliest error is taken out, the rest is tested again, and so on (serial
//! compensation; with linear equations the same as serial elimination of the measurement). Each step is one solve: with
//! `f` the column of the measurement in the equations, orthonormal in `M⁻¹` to those before it, the multipliers lose
//! `M⁻¹f (fᵀλ)` and the weights of all others the squares of their products with `M⁻¹f`.

use super::wls::Estimate;

/// Two measurements whose tests agree to this part of them cannot be told apart.
const ALIKE: f64 = 1e-9;

/// A measurement that is likely wrong.
#[derive(Debug, Clone, PartialEq)]
pub struct Suspect {
    /// Which variable.
    pub variable: u32,
    /// Its test when it was taken out.
    pub test: f64,
    /// By how much it is likely wrong: measured less true.
    pub bias: f64,
    /// Others that the equations cannot tell from it.
    pub alike: Vec<u32>,
    /// χ² of the rest, and its degrees of freedom.
    pub chi2: f64,
    /// Degrees of freedom of the rest.
    pub freedom: usize,
}

/// Suspects in the order in which they were found, and what the rest says.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Elimination {
    /// The suspects.
    pub suspects: Vec<Suspect>,
    /// The best value of each variable without them; nothing where nothing determines it.
    pub x: Vec<Option<f64>>,
}

impl Estimate {
    /// Takes out measurements until none has a test above `critical`, at most `most` of them.
    #[must_use]
    pub fn eliminate(&self, critical: f64, most: usize) -> Elimination {
        let of = &self.reduced;
        let numbering = &of.projection.numbering;
        let mut weights = of.weights().to_vec();
        let mut multipliers = of.multipliers.clone();
        // For each suspect `M⁻¹ f`, orthonormal; the products of its column with those before it, and its length.
        let mut directions: Vec<Vec<f64>> = Vec::new();
        let mut upper: Vec<Vec<f64>> = Vec::new();
        let mut along: Vec<f64> = Vec::new();
        let mut suspects: Vec<Suspect> = Vec::new();
        let (mut chi2, mut freedom) = (self.chi2, self.freedom);
        while suspects.len() < most && freedom > 0 {
            let test = |k: usize| (of.columns.times(k, &multipliers) / weights[k].sqrt()).abs();
            // Of those that cannot be told apart the first.
            let tested = numbering.all().map(|(_, k)| k).filter(|&k| weights[k] > 0.0);
            let worst = tested.map(|k| (test(k), k)).fold(None, |worst: Option<(f64, usize)>, next| {
                if worst.is_none_or(|worst| next.0 > worst.0 * (1.0 + ALIKE)) { Some(next) } else { worst }
            });
            let Some((test, suspect)) = worst.filter(|worst| worst.0 > critical) else { break };
            let mut direction = vec![0.0; of.residual.len()];
            of.columns.terms(suspect).iter().for_each(|&(row, a)| direction[row as usize] = a);
            of.solve(&mut direction);
            let products: Vec<f64> = directions.iter().map(|d| of.columns.times(suspect, d)).collect();
            for (other, product) in directions.iter().zip(&products) {
                direction.iter_mut().zip(other).for_each(|(d, o)| *d -= product * o);
            }
            let length = of.columns.times(suspect, &direction).max(0.0).sqrt();
            if length == 0.0 {
                weights[suspect] = 0.0;
                continue;
            }
            for d in &mut direction {
                *d /= length;
            }
            let shared: Vec<f64> = (0..weights.len()).map(|k| of.columns.times(k, &direction)).collect();
            let alike =
                |&k: &usize| k != suspect && weights[k] > 0.0 && shared[k] * shared[k] >= (1.0 - ALIKE) * weights[k];
            let alike = numbering.all().filter(|(_, k)| alike(k)).map(|(variable, _)| variable as u32).collect();
            let taken: f64 = direction.iter().zip(&of.residual).map(|(d, r)| d * r).sum();
            multipliers.iter_mut().zip(&direction).for_each(|(m, d)| *m -= taken * d);
            for (weight, shared) in weights.iter_mut().zip(&shared) {
                let left = *weight - shared * shared;
                *weight = if left > ALIKE * *weight { left } else { 0.0 };
            }
            (chi2, freedom) = ((chi2 - taken * taken).max(0.0), freedom - 1);
            let variable = numbering.variables()[suspect];
            suspects.push(Suspect { variable, test, bias: 0.0, alike, chi2, freedom });
            along.push(taken);
            upper.push(products.into_iter().chain([length]).collect());
            directions.push(direction);
        }
        // All biases at once: the columns are the directions times an upper triangle.
        for k in (0..suspects.len()).rev() {
            let later: f64 = (k + 1..suspects.len()).map(|j| upper[j][k] * suspects[j].bias).sum();
            suspects[k].bias = (along[k] - later) / upper[k][k];
        }
        let mut best = of.y.clone();
        for (number, best) in best.iter_mut().enumerate() {
            if of.variance[number] > 0.0 {
                *best -= of.variance[number] * of.columns.times(number, &multipliers);
            }
        }
        for suspect in &suspects {
            if let Some(number) = numbering.of(suspect.variable as usize) {
                best[number] = of.y[number] - suspect.bias;
            }
        }
        Elimination { suspects, x: of.whole(&best, &self.class) }
    }
}
