//! Water and steam by the IAPWS Industrial Formulation 1997 (R7-97, 2012).
//!
//! Regions 1 (liquid), 2 (vapor) and 4 (saturation), as equations of the release;
//! enough for the steam and condensate of a park. Region 3 (near and above the
//! critical point) and region 5 (above 800 °C) are outside: an error says so.
//! Pressures are absolute. Enthalpy and entropy are zero for the liquid at the
//! triple point, but for rounding.
//!
//! ```
//! use parkflux::quantity::steam::{Kelvins, Megapascals, saturated, state};
//!
//! let superheated = state(Megapascals(1.0), Kelvins::from_celsius(300.0))?;
//! assert!((superheated.enthalpy - 3051.7).abs() < 0.05);
//! assert!((saturated(Megapascals(1.0))?.vapor.enthalpy - 2777.1).abs() < 0.05);
//! # Ok::<(), parkflux::quantity::steam::SteamError>(())
//! ```

mod coefficients;

use coefficients::{BOUNDARY_23, IDEAL_2, REGION_1, RESIDUAL_2, SATURATION};

/// Specific gas constant of water, equation 1. Unit: kJ/(kg·K).
const R: f64 = 0.461_526;

/// Upper temperature of region 1, and of the saturation line below region 3. Unit: K.
const T_13: f64 = 623.15;

/// Where the boundary between regions 2 and 3 reaches the highest pressure. Unit: K.
const T_23: f64 = 863.15;

/// Absolute pressure. Unit: MPa.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Megapascals(pub f64);

/// Thermodynamic temperature. Unit: K.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Kelvins(pub f64);

impl Kelvins {
    /// 0 °C is 273.15 K.
    #[must_use]
    pub fn from_celsius(celsius: f64) -> Self {
        Self(celsius + 273.15)
    }

    /// The temperature in °C.
    #[must_use]
    pub fn celsius(self) -> f64 {
        self.0 - 273.15
    }
}

/// Why there is no value.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SteamError {
    /// Not above zero, above 100 MPa, or not a number.
    #[error("pressure {0} MPa is not within 0 to 100 MPa")]
    Pressure(f64),
    /// Below 0 °C, above 800 °C, or not a number.
    #[error("temperature {0} °C is not within 0 to 800 °C")]
    Temperature(f64),
    /// Near or above the critical point.
    #[error("{0} MPa and {1} °C lie near or above the critical point (region 3 of IAPWS-IF97)")]
    Region3(f64, f64),
    /// No saturation at this pressure below region 3.
    #[error("{0} MPa is not within 0.000612 to 16.529 MPa, where liquid and vapor are saturated")]
    NotSaturated(f64),
    /// Dryness outside 0 to 1.
    #[error("dryness {0} is not within 0 to 1")]
    Quality(f64),
}

/// Liquid or vapor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Region 1.
    Liquid,
    /// Region 2.
    Vapor,
}

/// Properties of water at a pressure and temperature.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct State {
    /// Liquid or vapor.
    pub phase: Phase,
    /// Specific volume. Unit: m³/kg.
    pub volume: f64,
    /// Specific enthalpy. Unit: kJ/kg.
    pub enthalpy: f64,
    /// Specific entropy. Unit: kJ/(kg·K).
    pub entropy: f64,
}

/// Boiling liquid and dry saturated vapor in balance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Saturated {
    /// Saturation temperature.
    pub temperature: Kelvins,
    /// The liquid.
    pub liquid: State,
    /// The vapor.
    pub vapor: State,
}

impl Saturated {
    /// Enthalpy of wet steam with a dryness of 0 (liquid) to 1 (vapor). Unit: kJ/kg.
    ///
    /// # Errors
    /// [`SteamError::Quality`] outside 0 to 1.
    pub fn wet_enthalpy(&self, quality: f64) -> Result<f64, SteamError> {
        if !(0.0..=1.0).contains(&quality) {
            return Err(SteamError::Quality(quality));
        }
        Ok(self.liquid.enthalpy + quality * (self.vapor.enthalpy - self.liquid.enthalpy))
    }
}

/// Properties at a pressure and temperature: liquid below the saturation
/// temperature, vapor from there on.
///
/// # Errors
/// [`SteamError::Pressure`], [`SteamError::Temperature`] outside the range;
/// [`SteamError::Region3`] near or above the critical point.
pub fn state(pressure: Megapascals, temperature: Kelvins) -> Result<State, SteamError> {
    let (p, t) = (pressure.0, temperature.0);
    if !(p > 0.0 && p <= 100.0) {
        return Err(SteamError::Pressure(p));
    }
    // Region 4 begins at 273.15 K, region 2 ends at 1073.15 K.
    if !(273.15..=1073.15).contains(&t) {
        return Err(SteamError::Temperature(temperature.celsius()));
    }
    if t <= T_13 {
        let boiling = saturation_pressure(temperature)?.0;
        return Ok(if p > boiling { region_1(p, t) } else { region_2(p, t) });
    }
    let [n1, n2, n3] = BOUNDARY_23;
    if t <= T_23 && p > n1 + t * (n2 + t * n3) {
        return Err(SteamError::Region3(p, temperature.celsius()));
    }
    Ok(region_2(p, t))
}

/// Boiling liquid and dry vapor at a pressure.
///
/// # Errors
/// [`SteamError::NotSaturated`] below 611.2 Pa and above 16.529 MPa.
pub fn saturated(pressure: Megapascals) -> Result<Saturated, SteamError> {
    let temperature = saturation_temperature(pressure)?;
    if temperature.0 > T_13 {
        return Err(SteamError::NotSaturated(pressure.0));
    }
    let (p, t) = (pressure.0, temperature.0);
    Ok(Saturated { temperature, liquid: region_1(p, t), vapor: region_2(p, t) })
}

/// Saturation pressure, equation 30; 273.15 K to the critical 647.096 K.
///
/// # Errors
/// [`SteamError::Temperature`] outside.
pub fn saturation_pressure(temperature: Kelvins) -> Result<Megapascals, SteamError> {
    let t = temperature.0;
    if !(273.15..=647.096).contains(&t) {
        return Err(SteamError::Temperature(temperature.celsius()));
    }
    let [n1, n2, n3, n4, n5, n6, n7, n8, n9, n10] = SATURATION;
    let theta = t + n9 / (t - n10);
    let a = theta * theta + n1 * theta + n2;
    let b = n3 * theta * theta + n4 * theta + n5;
    let c = n6 * theta * theta + n7 * theta + n8;
    Ok(Megapascals(power(2.0 * c / (-b + libm::sqrt(b * b - 4.0 * a * c)), 4)))
}

/// Saturation temperature, equation 31; 611.213 Pa to the critical 22.064 MPa.
///
/// # Errors
/// [`SteamError::NotSaturated`] outside.
pub fn saturation_temperature(pressure: Megapascals) -> Result<Kelvins, SteamError> {
    let p = pressure.0;
    if !(611.213e-6..=22.064).contains(&p) {
        return Err(SteamError::NotSaturated(p));
    }
    let [n1, n2, n3, n4, n5, n6, n7, n8, n9, n10] = SATURATION;
    let beta = libm::sqrt(libm::sqrt(p));
    let e = beta * beta + n3 * beta + n6;
    let f = n1 * beta * beta + n4 * beta + n7;
    let g = n2 * beta * beta + n5 * beta + n8;
    let d = 2.0 * g / (-f - libm::sqrt(f * f - 4.0 * e * g));
    Ok(Kelvins((n10 + d - libm::sqrt((n10 + d) * (n10 + d) - 4.0 * (n9 + n10 * d))) / 2.0))
}

/// Region 1: Gibbs energy, equation 7, and its derivatives, table 4.
fn region_1(p: f64, t: f64) -> State {
    let (pi, tau) = (p / 16.53, 1386.0 / t);
    let (x, y) = (7.1 - pi, tau - 1.222);
    let (mut g, mut g_pi, mut g_tau) = (0.0, 0.0, 0.0);
    for &(i, j, n) in &REGION_1 {
        g += n * power(x, i) * power(y, j);
        g_pi -= n * f64::from(i) * power(x, i - 1) * power(y, j);
        g_tau += n * power(x, i) * f64::from(j) * power(y, j - 1);
    }
    properties(Phase::Liquid, (p, t), (pi, tau), (g, g_pi, g_tau))
}

/// Region 2: Gibbs energy as ideal gas and residual, equations 15 to 17, and its
/// derivatives, tables 13 and 14.
fn region_2(p: f64, t: f64) -> State {
    let (pi, tau) = (p, 540.0 / t);
    let (mut g, mut g_pi, mut g_tau) = (libm::log(pi), 1.0 / pi, 0.0);
    for &(j, n) in &IDEAL_2 {
        g += n * power(tau, j);
        g_tau += n * f64::from(j) * power(tau, j - 1);
    }
    let y = tau - 0.5;
    for &(i, j, n) in &RESIDUAL_2 {
        g += n * power(pi, i) * power(y, j);
        g_pi += n * f64::from(i) * power(pi, i - 1) * power(y, j);
        g_tau += n * power(pi, i) * f64::from(j) * power(y, j - 1);
    }
    properties(Phase::Vapor, (p, t), (pi, tau), (g, g_pi, g_tau))
}

/// Volume, enthalpy and entropy from the dimensionless Gibbs energy, tables 3 and 12.
fn properties(phase: Phase, (p, t): (f64, f64), (pi, tau): (f64, f64), (g, g_pi, g_tau): (f64, f64, f64)) -> State {
    State {
        phase,
        // kJ per MPa is 10⁻³ m³.
        volume: pi * g_pi * R * t / p / 1e3,
        enthalpy: tau * g_tau * R * t,
        entropy: R * (tau * g_tau - g),
    }
}

/// A whole power by squaring: the same bits on every platform, unlike `powi`.
fn power(base: f64, exponent: i32) -> f64 {
    let (mut square, mut rest, mut result) = (base, exponent.unsigned_abs(), 1.0);
    while rest > 0 {
        if rest & 1 == 1 {
            result *= square;
        }
        square *= square;
        rest >>= 1;
    }
    if exponent < 0 { 1.0 / result } else { result }
}
