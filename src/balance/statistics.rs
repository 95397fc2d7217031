//! Limits and probabilities of tests.

use statrs::distribution::{ChiSquared, ContinuousCDF, Normal};

/// The probability that χ² is larger by chance; 1 without degrees of freedom.
#[must_use]
pub fn tail(chi2: f64, freedom: usize) -> f64 {
    ChiSquared::new(freedom as f64).map_or(1.0, |distribution| distribution.sf(chi2))
}

/// The value that χ² stays below with a probability of `confidence`; 0 without degrees of freedom.
#[must_use]
pub fn limit(confidence: f64, freedom: usize) -> f64 {
    ChiSquared::new(freedom as f64).map_or(0.0, |distribution| distribution.inverse_cdf(confidence))
}

/// The size that none of `count` standard normal numbers passes with a probability of `confidence` (Z. Šidák, Journal of the
/// American Statistical Association 62 (1967) 626–633).
#[must_use]
pub fn critical(confidence: f64, count: usize) -> f64 {
    let each = confidence.powf(1.0 / count.max(1) as f64);
    Normal::standard().inverse_cdf(f64::midpoint(1.0, each))
}
