//! Logarithmic mean Divisia index, form I: what each factor of a sum of products did to its change.
//!
//! For `V = Σ_i Π_k x_ki` between two periods 0 and 1, with the logarithmic mean `L(a, b) = (a − b) / ln(a / b)`,
//! `L(a, a) = a` (Ang 2005, Energy Policy 33, 867–871; Ang 2015, Energy Policy 86, 233–238):
//!
//! ```text
//! additive        ΔV_k = Σ_i L(V_i1, V_i0) · ln(x_ki1 / x_ki0)                     Σ_k ΔV_k = V_1 − V_0
//! multiplicative  D_k  = exp( Σ_i [L(V_i1, V_i0) / L(V_1, V_0)] · ln(x_ki1 / x_ki0) )   Π_k D_k = V_1 / V_0
//! ```
//!
//! Nothing is left over. Zeros take their analytical limits (Ang and Liu 2007, Energy Policy 35, 238–246; the eight cases
//! of its table), never a small number in their place:
//!
//! | case | `x_k` | `V_i` | effect of `x_k` |
//! |---|---|---|---|
//! | 1 | 0 → + | 0 → + | `V_i1` |
//! | 2 | + → 0 | + → 0 | `−V_i0` |
//! | 3 | 0 → 0 | 0 → 0 | 0 |
//! | 4 | + → + | 0 → + | 0 |
//! | 5 | + → + | + → 0 | 0 |
//! | 6 | + → + | 0 → 0 | 0 |
//! | 7 | + → 0 | 0 → 0 | 0 |
//! | 8 | 0 → + | 0 → 0 | 0 |
//!
//! Where m factors of one category appear (or vanish) at once, the limit depends on the path; each takes a part of m,
//! which is the limit where all of them go to zero as fast, and the case is told ([`Tie`]).

use crate::diagnostic::Words;
use ndarray::{Array2, ArrayView2};

/// Why nothing is decomposed.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Refused {
    /// No factor at all.
    #[error("there is no factor to decompose over")]
    NoFactor,
    /// The two periods have not the same categories and factors.
    #[error("the first period is {}×{}, the other {}×{} (categories × factors)", before.0, before.1, after.0, after.1)]
    Shape {
        /// Categories and factors of the first.
        before: (usize, usize),
        /// Those of the other.
        after: (usize, usize),
    },
    /// A factor below zero has no logarithm.
    #[error(
        "factor {factor} of category {category} is {value}, below zero: a logarithm needs positive numbers; decompose gross terms separately"
    )]
    Negative {
        /// Row of the category.
        category: usize,
        /// Column of the factor.
        factor: usize,
        /// What stands there.
        value: f64,
    },
    /// Not a finite number.
    #[error("factor {factor} of category {category} is not a finite number")]
    NotFinite {
        /// Row of the category.
        category: usize,
        /// Column of the factor.
        factor: usize,
    },
    /// The product of the factors, or the sum of the products, cannot be held in a floating-point number.
    #[error("the product of category {category} is too large or too small for a number: choose other units")]
    OutOfRange {
        /// Row of the category.
        category: usize,
    },
    /// A chain needs two periods.
    #[error("a change needs two periods")]
    OnePeriod,
}

impl Refused {
    /// The reason in both languages. Categories and factors are counted from 0, as in the arrays.
    #[must_use]
    pub fn words(&self) -> Words {
        let zh = match *self {
            Self::NoFactor => "没有可供分解的因素".to_owned(),
            Self::Shape { before, after } => {
                format!("前期为 {}×{}，后期为 {}×{}（类别×因素）", before.0, before.1, after.0, after.1)
            }
            Self::Negative { category, factor, value } => {
                format!("类别 {category} 的因素 {factor} 为 {value}，小于零：对数要求正数；请对总量各项分别分解")
            }
            Self::NotFinite { category, factor } => format!("类别 {category} 的因素 {factor} 不是有限的数"),
            Self::OutOfRange { category } => format!("类别 {category} 的乘积过大或过小，无法表示：请换单位"),
            Self::OnePeriod => "变化至少需要两个时期".to_owned(),
        };
        Words::new(self.to_string(), zh)
    }
}

/// Several factors of one category that appear or vanish at once: the limit depends on the path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tie {
    /// Row of the category.
    pub category: usize,
    /// Columns of the factors that share the change evenly.
    pub factors: Vec<usize>,
    /// Whether the category appears; else it vanishes.
    pub appears: bool,
}

/// The change between two periods by factor. Amounts are in the unit of `V`.
#[derive(Debug, Clone, PartialEq)]
pub struct Decomposition {
    /// `V` of the first period.
    pub before: f64,
    /// `V` of the other.
    pub after: f64,
    /// Effects by category (row) and factor (column).
    pub effects: Array2<f64>,
    /// `ΔV_k` by factor.
    pub additive: Vec<f64>,
    /// `D_k` by factor. Unit: 1. None where `V` is zero in one of the periods: there is no finite ratio to divide up.
    pub multiplicative: Option<Vec<f64>>,
    /// Where the limit was shared evenly.
    pub ties: Vec<Tie>,
}

impl Decomposition {
    /// `V_1 − V_0`.
    #[must_use]
    pub fn change(&self) -> f64 {
        self.after - self.before
    }

    /// `V_1 / V_0`; none where one of them is zero. Unit: 1.
    #[must_use]
    pub fn ratio(&self) -> Option<f64> {
        (self.before > 0.0 && self.after > 0.0).then(|| self.after / self.before)
    }

    /// What the additive effects leave of the change: rounding only.
    #[must_use]
    pub fn residual(&self) -> f64 {
        self.change() - sum(self.additive.iter().copied())
    }

    /// By how much the product of the `D_k` misses the ratio, in parts of it. Unit: 1.
    #[must_use]
    pub fn ratio_residual(&self) -> Option<f64> {
        let product: f64 = self.multiplicative.as_ref()?.iter().product();
        Some(product / self.ratio()? - 1.0)
    }
}

/// Decomposes the change from `before` to `after`, each of shape categories × factors: row i holds the factors whose
/// product is `V_i`. A category that is not there in a period has a zero factor.
///
/// # Errors
/// [`Refused`], for shapes that differ and for numbers that have no logarithm.
#[allow(clippy::needless_pass_by_value, reason = "a view is a reference")]
pub fn decompose(before: ArrayView2<f64>, after: ArrayView2<f64>) -> Result<Decomposition, Refused> {
    if before.dim() != after.dim() {
        return Err(Refused::Shape { before: before.dim(), after: after.dim() });
    }
    if before.ncols() == 0 {
        return Err(Refused::NoFactor);
    }
    let (v0, v1) = (products(before)?, products(after)?);
    let (total0, total1) = (total(&v0)?, total(&v1)?);
    let mut effects = Array2::zeros(before.dim());
    let mut ties = Vec::new();
    for (i, mut row) in effects.outer_iter_mut().enumerate() {
        let (x0, x1) = (before.row(i), after.row(i));
        if v0[i] > 0.0 && v1[i] > 0.0 {
            for (k, effect) in row.iter_mut().enumerate() {
                *effect = log_ratio(x0[k], x1[k]);
            }
            // The logarithm of V_i1 / V_i0 as the sum of its parts: the effects then add up to V_i1 − V_i0.
            let mean = log_mean(v0[i], v1[i], sum(row.iter().copied()));
            row.mapv_inplace(|log| mean * log);
        } else {
            // Of V_i both zero nothing changes, whatever the factors do: cases 3, 6, 7 and 8.
            let appears = v1[i] > 0.0;
            let zero = if appears { x0 } else { x1 };
            let at: Vec<usize> = (0..zero.len()).filter(|&k| zero[k] == 0.0).collect();
            let change = v1[i] - v0[i];
            if change != 0.0 {
                for &k in &at {
                    row[k] = change / at.len() as f64;
                }
                if at.len() > 1 {
                    ties.push(Tie { category: i, factors: at, appears });
                }
            }
        }
    }
    let additive: Vec<f64> = effects.columns().into_iter().map(|c| sum(c.iter().copied())).collect();
    let multiplicative = (total0 > 0.0 && total1 > 0.0).then(|| {
        let mean = log_mean(total0, total1, log_ratio(total0, total1));
        additive.iter().map(|effect| libm::exp(effect / mean)).collect()
    });
    Ok(Decomposition { before: total0, after: total1, effects, additive, multiplicative, ties })
}

/// The changes of a chain of periods, step by step.
#[derive(Debug, Clone, PartialEq)]
pub struct Chain {
    /// Each period against the one before it.
    pub steps: Vec<Decomposition>,
    /// The effects of all steps added up, by factor. In the unit of `V`.
    pub additive: Vec<f64>,
    /// The effects of all steps multiplied, by factor. Unit: 1. None where a step has none.
    pub multiplicative: Option<Vec<f64>>,
    /// The last period against the first, without those between: another answer, of the same sum.
    pub ends: Decomposition,
}

/// Decomposes the steps of a chain, and its last period against its first. Each period is of shape categories × factors.
///
/// # Errors
/// [`Refused`], as [`decompose`], and for fewer than two periods.
pub fn chain(periods: &[ArrayView2<f64>]) -> Result<Chain, Refused> {
    let (Some(first), Some(last), true) = (periods.first(), periods.last(), periods.len() > 1) else {
        return Err(Refused::OnePeriod);
    };
    let steps = periods.windows(2).map(|w| decompose(w[0], w[1])).collect::<Result<Vec<_>, _>>()?;
    Ok(Chain::new(steps, decompose(*first, *last)?))
}

impl Chain {
    /// A chain of steps over the same factors.
    #[must_use]
    pub fn new(steps: Vec<Decomposition>, ends: Decomposition) -> Self {
        let factors = 0..ends.additive.len();
        let additive = factors.clone().map(|k| sum(steps.iter().map(|s| s.additive[k]))).collect();
        let all: Option<Vec<&Vec<f64>>> = steps.iter().map(|s| s.multiplicative.as_ref()).collect();
        let multiplicative = all.map(|all| factors.map(|k| all.iter().map(|d| d[k]).product()).collect());
        Self { steps, additive, multiplicative, ends }
    }
}

/// `V_i`: the product of each row.
#[allow(clippy::needless_pass_by_value, reason = "a view is a reference")]
fn products(x: ArrayView2<f64>) -> Result<Vec<f64>, Refused> {
    let mut list = Vec::with_capacity(x.nrows());
    for (category, row) in x.outer_iter().enumerate() {
        for (factor, &value) in row.iter().enumerate() {
            if !value.is_finite() {
                return Err(Refused::NotFinite { category, factor });
            }
            if value < 0.0 {
                return Err(Refused::Negative { category, factor, value });
            }
        }
        let product = product(row.iter().copied());
        let is_zero = row.iter().any(|&x| x == 0.0);
        // A product that is zero without a zero factor would hide a category.
        if !is_zero && !product.is_normal() {
            return Err(Refused::OutOfRange { category });
        }
        list.push(if is_zero { 0.0 } else { product });
    }
    Ok(list)
}

/// A product whose parts may be larger or smaller than what it comes to.
fn product(factors: impl Iterator<Item = f64>) -> f64 {
    let (mut mantissa, mut exponent) = (1.0, 0_i32);
    for factor in factors {
        let (part, power) = libm::frexp(factor);
        let (rest, carry) = libm::frexp(mantissa * part);
        mantissa = rest;
        exponent = exponent.saturating_add(power).saturating_add(carry);
    }
    libm::ldexp(mantissa, exponent)
}

/// `V`: the sum over the categories.
fn total(v: &[f64]) -> Result<f64, Refused> {
    let total = sum(v.iter().copied());
    let largest = v.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).map_or(0, |(i, _)| i);
    if total.is_finite() { Ok(total) } else { Err(Refused::OutOfRange { category: largest }) }
}

/// `ln(x1 / x0)` of positive numbers, without loss where they are close or far apart.
fn log_ratio(x0: f64, x1: f64) -> f64 {
    let ratio = x1 / x0;
    if (ratio - 1.0).abs() < 0.5 {
        libm::log1p((x1 - x0) / x0)
    } else if ratio.is_normal() {
        libm::log(ratio)
    } else {
        libm::log(x1) - libm::log(x0)
    }
}

/// `L(b, a) = (b − a) / ln(b / a)` of positive numbers, with their logarithm given.
fn log_mean(a: f64, b: f64, log: f64) -> f64 {
    if log == 0.0 {
        a
    } else if log.abs() < 0.5 {
        // b − a = a · (e^log − 1): close numbers lose nothing by the difference.
        a * libm::expm1(log) / log
    } else {
        (b - a) / log
    }
}

/// A sum that carries what rounding drops (Neumaier 1974): thousands of categories add up as exactly as two.
fn sum(terms: impl Iterator<Item = f64>) -> f64 {
    let (mut total, mut dropped) = (0.0_f64, 0.0);
    for term in terms {
        let next = total + term;
        dropped += if total.abs() >= term.abs() { (total - next) + term } else { (term - next) + total };
        total = next;
    }
    // Beyond the largest number what was dropped is no number.
    if total.is_finite() { total + dropped } else { total }
}
