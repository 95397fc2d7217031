//! Stationary combustion: the equations.
//!
//! IPCC 2006 Guidelines, volume 2, chapter 2, equation 2.1 (direct factor) and
//! GB/T 32150-2015, 5.2.1, with the sector parts GB/T 32151 (by carbon). For one
//! fuel lot exactly one of the three entries is used.

use crate::quantity::{
    CarbonPerEnergy, CarbonPerMass, CarbonPerVolume, Co2PerCarbon, CubicMeters, EmissionPerEnergy, EmissionPerMass,
    EmissionPerVolume, Fraction, Gigajoules, Tonnes,
};

/// CO2 from fuel energy, carbon per energy and oxidation:
/// `E = FC · NCV · CC · OF · 44/12`. Unit: t.
#[must_use]
pub fn co2_by_energy(energy: Gigajoules, carbon: CarbonPerEnergy, oxidation: Fraction, ratio: Co2PerCarbon) -> Tonnes {
    energy * carbon * oxidation * ratio
}

/// CO2 from fuel mass with measured carbon: `E = FC · C · OF · 44/12`. Unit: t.
#[must_use]
pub fn co2_by_mass(mass: Tonnes, carbon: CarbonPerMass, oxidation: Fraction, ratio: Co2PerCarbon) -> Tonnes {
    mass * carbon * oxidation * ratio
}

/// CO2 from gas volume with measured carbon: `E = FC · C · OF · 44/12`. Unit: t.
#[must_use]
pub fn co2_by_volume(volume: CubicMeters, carbon: CarbonPerVolume, oxidation: Fraction, ratio: Co2PerCarbon) -> Tonnes {
    volume * carbon * oxidation * ratio
}

/// A gas by direct factor on energy: `E = FC · NCV · EF`. Unit: t.
#[must_use]
pub fn by_energy_factor(energy: Gigajoules, factor: EmissionPerEnergy) -> Tonnes {
    energy * factor
}

/// A gas by direct factor on mass. Unit: t.
#[must_use]
pub fn by_mass_factor(mass: Tonnes, factor: EmissionPerMass) -> Tonnes {
    mass * factor
}

/// A gas by direct factor on volume. Unit: t.
#[must_use]
pub fn by_volume_factor(volume: CubicMeters, factor: EmissionPerVolume) -> Tonnes {
    volume * factor
}
