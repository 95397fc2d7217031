//! Growth rates and elasticity coefficients.
//!
//! `e = g_X / g_Y` with compound annual growth `g = (v[t] / v[t0])^(1/n) − 1`. It is judged without a division, because
//! dividing by a negative growth turns the sign: HJ 274-2015 passes if `e ≤ T` while added value grows and `e ≥ T` while it
//! falls (from memory), which is one inequality, `g_X ≤ T · g_Y`. HJ 274-2009 passes if `e < T`; of falling added value it
//! says nothing (`indicators.md` 3.1).

/// Which rule judges.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// `e < T`, defined only while the denominator grows.
    Of2009,
    /// `g_X ≤ T · g_Y`, whatever the sign.
    Of2015,
}

/// What was special.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edge {
    /// The denominator is not above zero in one of the years: there is no growth of it.
    NotPositive,
    /// The denominator falls, of which the rule says nothing.
    Falls,
    /// The denominator does not change: the rule of 2009 is undefined.
    Unchanged,
    /// The numerator was zero in the base year and is not now: it has no growth rate.
    FromNothing,
    /// The years are not in order.
    NoYears,
}

/// An elasticity and its verdict.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Elasticity {
    /// Growth of the numerator; of several the mean. Unit: 1 a year.
    pub growth: f64,
    /// Growth of the denominator. Unit: 1 a year.
    pub growth_of: f64,
    /// Their quotient; none while the denominator hardly changes ([`STILL`]).
    pub value: Option<f64>,
    /// Whether the case is a convention of the program, and no rule of the standard.
    pub flagged: bool,
}

/// Growth below which a quotient says nothing. Unit: 1 a year.
pub const STILL: f64 = 0.0005;

/// Compound annual growth from `v0` to `v1` in `years`; none from nothing. From nothing to nothing it is 0. Unit: 1 a year.
#[must_use]
pub fn growth(v0: f64, v1: f64, years: f64) -> Option<f64> {
    if years <= 0.0 || v1 < 0.0 || v0 < 0.0 {
        return None;
    }
    match (v0 > 0.0, v1 > 0.0) {
        (true, _) => Some(libm::pow(v1 / v0, 1.0 / years) - 1.0),
        (false, false) => Some(0.0),
        (false, true) => None,
    }
}

/// The elasticity of numerators `x` over the denominator `y`, each as (base year, year of evaluation).
///
/// # Errors
/// [`Edge`] where there is no growth.
pub fn elasticity(x: impl IntoIterator<Item = (f64, f64)>, y: (f64, f64), years: f64) -> Result<Elasticity, Edge> {
    if years <= 0.0 {
        return Err(Edge::NoYears);
    }
    if y.0 <= 0.0 || y.1 <= 0.0 {
        return Err(Edge::NotPositive);
    }
    let growth_of = growth(y.0, y.1, years).ok_or(Edge::NotPositive)?;
    let (mut sum, mut count, mut flagged) = (0.0, 0.0, false);
    for (x0, x1) in x {
        sum += growth(x0, x1, years).ok_or(Edge::FromNothing)?;
        count += 1.0;
        flagged |= x0 == 0.0;
    }
    let growth = if count > 0.0 { sum / count } else { 0.0 };
    let still = growth_of.abs() < STILL;
    let value = (!still).then(|| growth / growth_of);
    Ok(Elasticity { growth, growth_of, value, flagged: flagged || still })
}

impl Elasticity {
    /// Whether the elasticity meets a threshold.
    ///
    /// # Errors
    /// [`Edge`] where the rule says nothing.
    pub fn meets(&self, threshold: f64, form: Form) -> Result<bool, Edge> {
        match form {
            Form::Of2015 => Ok(self.growth <= threshold * self.growth_of),
            Form::Of2009 if self.growth_of > 0.0 => Ok(self.growth < threshold * self.growth_of),
            Form::Of2009 if self.growth_of < 0.0 => Err(Edge::Falls),
            Form::Of2009 => Err(Edge::Unchanged),
        }
    }
}
