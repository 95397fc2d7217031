//! Mobile combustion: fuel of vehicles, mobile machines and locomotives.
//!
//! IPCC 2006 Guidelines, volume 2, chapter 3, equation 3.2.1 (CO2) and 3.2.3 (CH4
//! and N2O) [numbers not checked against the text of the guidelines]: the routes are
//! those of stationary combustion. No CH4 and N2O factors of engines could be
//! confirmed; those of stationary combustion stand in, and B286 says so.

use crate::quantity::{EmissionPerEnergy, EnergyPerMass, Tonnes};

/// A gas of fuel that moves something: `FC · NCV · EF`. Unit: t. IPCC 2006 volume 2,
/// equation 3.2.1 (M).
#[must_use]
pub fn mobile(fuel: Tonnes, calorific_value: EnergyPerMass, factor: EmissionPerEnergy) -> Tonnes {
    fuel * calorific_value * factor
}

/// Whether a process moves.
pub(super) fn is_mobile(technique: &str) -> bool {
    matches!(technique, "vehicle" | "mobile_machinery" | "locomotive" | "ship")
}
