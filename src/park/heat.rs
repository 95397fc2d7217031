//! What a tonne of steam or condensate carries: its specific enthalpy at a process.
//!
//! In this order: the measured `enthalpy` (which stands above the park's heat datum
//! already), else IAPWS-IF97 from what `carriers.csv` says of pressure, temperature and
//! quality, less the datum.

use super::{CarrierId, CarrierKind, HeatDatum, Parameter, Park, ProcessId, Property};
use crate::diagnostic::Words;
use crate::quantity::steam::{self, Kelvins, Megapascals, Phase, State, SteamError};
use crate::quantity::{Period, significant};

/// Standard atmosphere, from which a gauge counts. Unit: MPa.
pub const ATMOSPHERE: f64 = 0.101_325;

/// Steam within this distance of the saturation temperature is saturated: a meter reads
/// no closer, and below it the equations would give liquid water, a quarter of the heat.
/// Unit: K.
pub const SATURATION_BAND: f64 = 0.5;

/// What the steam is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum HeatState {
    /// Not asked: the enthalpy was measured.
    Measured,
    /// Above the saturation temperature.
    Superheated,
    /// Dry saturated steam, because nobody states a quality.
    AssumedDry,
    /// Saturated steam of a stated dryness. Unit: 1.
    Wet(f64),
    /// Liquid water.
    Liquid,
}

impl HeatState {
    /// The words in English and Chinese.
    #[must_use]
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Measured => ("measured", "实测"),
            Self::Superheated => ("superheated steam", "过热蒸汽"),
            Self::AssumedDry => ("saturated steam, taken as dry", "饱和蒸汽，按干蒸汽计"),
            Self::Wet(_) => ("saturated steam of the stated quality", "饱和蒸汽，干度如所列"),
            Self::Liquid => ("liquid water", "液态水"),
        }
    }
}

/// A property that the enthalpy was computed from.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// Which property.
    pub name: Parameter,
    /// Number and unit as printed; what was added to a gauge pressure.
    pub printed: String,
    /// Row of `carriers.csv`.
    pub row: u32,
}

/// Heat above the datum by mass, and how it was found.
#[derive(Debug, Clone, PartialEq)]
pub struct SpecificHeat {
    /// Enthalpy above the datum. Unit: GJ/t.
    pub value: f64,
    /// As a reader sees it: `3051.703 - 83.74 kJ/kg`.
    pub printed: String,
    /// What the steam is.
    pub state: HeatState,
    /// The datum.
    pub datum: HeatDatum,
    /// The rows of `carriers.csv`.
    pub readings: Vec<Reading>,
}

/// Why there is no enthalpy.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum HeatFault {
    /// Nothing is known.
    Missing,
    /// Temperature or quality without a pressure; condensate without a temperature.
    Incomplete(Parameter),
    /// Absolute and gauge pressure for one place and time.
    TwoPressures,
    /// Steam far below its saturation temperature. Pressure in MPa, temperatures in °C.
    Liquid(f64, f64, f64),
    /// Condensate above its saturation temperature. Pressure in MPa, temperature in °C.
    Vapor(f64, f64),
    /// A quality below 1 for superheated steam.
    QualityOfSuperheated(f64),
    /// Outside the range of the equations.
    Range(SteamError),
}

impl From<SteamError> for HeatFault {
    fn from(error: SteamError) -> Self {
        Self::Range(error)
    }
}

impl HeatFault {
    /// What is wrong, in both languages.
    #[must_use]
    pub fn words(self) -> Words {
        let n = |v: f64| significant(v, 6);
        match self {
            Self::Missing => Words::new("nothing is known of its state", "状态未知"),
            Self::Incomplete(name) => Words::new(
                format!("the property '{}' is missing", name.id()),
                format!("缺少属性 {}（{}）", name.words().1, name.id()),
            ),
            Self::TwoPressures => Words::new(
                "both 'pressure' (absolute) and 'gauge_pressure' are given",
                "同时给出了绝对压力（pressure）和表压（gauge_pressure）",
            ),
            Self::Liquid(p, t, boiling) => Words::new(
                format!("at {} MPa absolute water boils at {} °C; at {} °C it is liquid", n(p), n(boiling), n(t)),
                format!("绝对压力 {} MPa 下水在 {} °C 沸腾，{} °C 时为液态", n(p), n(boiling), n(t)),
            ),
            Self::Vapor(p, t) => Words::new(
                format!("at {} MPa absolute and {} °C it is vapor, not condensate", n(p), n(t)),
                format!("绝对压力 {} MPa、{} °C 下为蒸汽而非凝结水", n(p), n(t)),
            ),
            Self::QualityOfSuperheated(t) => Words::new(
                format!("superheated at {} °C, and yet a quality below 1", n(t)),
                format!("{} °C 为过热蒸汽，干度却小于 1", n(t)),
            ),
            Self::Range(error) => {
                let (en, zh) = match error {
                    SteamError::Pressure(p) => (
                        format!("a pressure of {} MPa is not within 0 to 100 MPa", n(p)),
                        format!("压力 {} MPa 不在 0 至 100 MPa 之间", n(p)),
                    ),
                    SteamError::Temperature(t) => (
                        format!("a temperature of {} °C is not within 0 to 800 °C", n(t)),
                        format!("温度 {} °C 不在 0 至 800 °C 之间", n(t)),
                    ),
                    SteamError::Region3(p, t) => (
                        format!("{} MPa and {} °C lie near or above the critical point", n(p), n(t)),
                        format!("{} MPa、{} °C 处于或接近临界点", n(p), n(t)),
                    ),
                    SteamError::NotSaturated(p) => (
                        format!("at {} MPa there is no saturated steam (0.000612 to 16.529 MPa)", n(p)),
                        format!("{} MPa 下无饱和蒸汽（0.000612 至 16.529 MPa）", n(p)),
                    ),
                    SteamError::Quality(x) => (
                        format!("a quality of {} is not within 0 to 1", n(x)),
                        format!("干度 {} 不在 0 至 1 之间", n(x)),
                    ),
                };
                Words::new(en, zh)
            }
        }
    }
}

/// Whether a carrier is steam condensate: `condensate` of the library.
#[must_use]
pub fn is_condensate(park: &Park, carrier: CarrierId) -> bool {
    &*park.carrier(carrier).label.id == "condensate"
}

/// The heat in a tonne of a carrier at a process in a period.
///
/// # Errors
/// [`HeatFault`]: nothing known, not enough, contradictory, or outside the equations.
pub fn specific_heat(
    park: &Park,
    carrier: CarrierId,
    process: ProcessId,
    period: Period,
) -> Result<SpecificHeat, HeatFault> {
    let narrowest = |name| park.property(carrier, process, period, name);
    let datum = park.settings.heat_datum;
    if let Some(p) = narrowest(Parameter::Enthalpy) {
        let printed = p.printed.clone();
        return Ok(SpecificHeat {
            value: p.value,
            printed,
            state: HeatState::Measured,
            datum,
            readings: vec![reading(p)],
        });
    }
    let mut readings = Vec::new();
    let pressure =
        absolute_pressure(narrowest(Parameter::Pressure), narrowest(Parameter::GaugePressure), &mut readings)?;
    let mut take = |name| {
        let property = narrowest(name)?;
        readings.push(reading(property));
        Some(property.value)
    };
    let temperature = take(Parameter::Temperature);
    let quality = take(Parameter::Quality);
    let Fluid { enthalpy, state, .. } = if park.carrier(carrier).kind == CarrierKind::Water {
        condensate(pressure, temperature)?
    } else {
        vapor(pressure, temperature, quality)?
    };
    let shown = significant(enthalpy, 7);
    let printed = match datum.deducted() {
        0.0 => format!("{shown} kJ/kg"),
        deducted => format!("{shown} - {} kJ/kg", significant(deducted, 7)),
    };
    Ok(SpecificHeat { value: (enthalpy - datum.deducted()) / 1e3, printed, state, datum, readings })
}

/// Water or steam in a state.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Fluid {
    /// Unit: kJ/kg.
    pub(super) enthalpy: f64,
    /// Unit: kJ/(kg·K).
    pub(super) entropy: f64,
    state: HeatState,
}

impl Fluid {
    fn of(state: State, what: HeatState) -> Self {
        Self { enthalpy: state.enthalpy, entropy: state.entropy, state: what }
    }
}

/// The state of steam or condensate at a process in a period, by its pressure, temperature and quality alone.
pub(super) fn fluid(park: &Park, carrier: CarrierId, process: ProcessId, period: Period) -> Result<Fluid, HeatFault> {
    let narrowest = |name| park.property(carrier, process, period, name);
    let (absolute, gauge) = (narrowest(Parameter::Pressure), narrowest(Parameter::GaugePressure));
    let pressure = absolute_pressure(absolute, gauge, &mut Vec::new())?;
    let temperature = narrowest(Parameter::Temperature).map(|p| p.value);
    if park.carrier(carrier).kind == CarrierKind::Water {
        return condensate(pressure, temperature);
    }
    vapor(pressure, temperature, narrowest(Parameter::Quality).map(|p| p.value))
}

fn reading(property: &Property) -> Reading {
    Reading { name: property.name, printed: property.printed.clone(), row: property.row }
}

/// The absolute pressure: the narrower of the two properties. Canonical pressures are GJ/m³.
fn absolute_pressure(
    absolute: Option<&Property>,
    gauge: Option<&Property>,
    readings: &mut Vec<Reading>,
) -> Result<Option<f64>, HeatFault> {
    let by_gauge = match (absolute, gauge) {
        (Some(a), Some(g)) if a.rank() == g.rank() => return Err(HeatFault::TwoPressures),
        (Some(a), Some(g)) => g.rank() > a.rank(),
        (None, g) => g.is_some(),
        (_, None) => false,
    };
    let Some(property) = (if by_gauge { gauge } else { absolute }) else { return Ok(None) };
    let mut read = reading(property);
    let mut pressure = property.value * 1e3;
    if by_gauge {
        pressure += ATMOSPHERE;
        read.printed = format!("{} + {ATMOSPHERE} MPa", read.printed);
    }
    readings.push(read);
    Ok(Some(pressure))
}

/// Steam. Pressure in MPa, temperature in °C.
fn vapor(pressure: Option<f64>, temperature: Option<f64>, quality: Option<f64>) -> Result<Fluid, HeatFault> {
    let Some(p) = pressure else {
        let known = temperature.is_some() || quality.is_some();
        return Err(if known { HeatFault::Incomplete(Parameter::Pressure) } else { HeatFault::Missing });
    };
    if let Some(t) = temperature {
        let boiling = steam::saturation_temperature(Megapascals(p)).map(Kelvins::celsius);
        match boiling {
            Ok(boiling) if t < boiling - SATURATION_BAND => return Err(HeatFault::Liquid(p, t, boiling)),
            // Near saturation the branch below decides.
            Ok(boiling) if t <= boiling + SATURATION_BAND => {}
            _ => {
                if quality.is_some_and(|x| x < 1.0) {
                    return Err(HeatFault::QualityOfSuperheated(t));
                }
                let state = steam::state(Megapascals(p), Kelvins::from_celsius(t))?;
                if state.phase == Phase::Liquid {
                    return Err(HeatFault::Range(SteamError::NotSaturated(p)));
                }
                return Ok(Fluid::of(state, HeatState::Superheated));
            }
        }
    }
    let both = steam::saturated(Megapascals(p))?;
    match quality {
        Some(x) => {
            let entropy = both.liquid.entropy + x * (both.vapor.entropy - both.liquid.entropy);
            Ok(Fluid { enthalpy: both.wet_enthalpy(x)?, entropy, state: HeatState::Wet(x) })
        }
        None => Ok(Fluid::of(both.vapor, HeatState::AssumedDry)),
    }
}

/// Condensate at its temperature; without a pressure, at that of the
/// atmosphere or of boiling, whichever is higher.
fn condensate(pressure: Option<f64>, temperature: Option<f64>) -> Result<Fluid, HeatFault> {
    let Some(t) = temperature else {
        return Err(match pressure {
            Some(_) => HeatFault::Incomplete(Parameter::Temperature),
            None => HeatFault::Missing,
        });
    };
    let kelvins = Kelvins::from_celsius(t);
    let boiling = steam::saturation_pressure(kelvins)?.0;
    if pressure.is_none() && boiling >= ATMOSPHERE {
        return Ok(Fluid::of(steam::saturated(Megapascals(boiling))?.liquid, HeatState::Liquid));
    }
    let p = pressure.unwrap_or(ATMOSPHERE);
    let state = steam::state(Megapascals(p), kelvins)?;
    if state.phase == Phase::Vapor {
        return Err(HeatFault::Vapor(p, t));
    }
    Ok(Fluid::of(state, HeatState::Liquid))
}
