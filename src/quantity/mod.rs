//! Numbers with a unit: dimensions, run-time units, bases, periods and the
//! compile-time quantities of the accounting formulas.
//!
//! People write `12.84 万t`, `1,200 10^4 Nm3` or `４８２１０ kWh`; the engine
//! computes in one canonical unit per dimension. The border between the two is
//! here, and nothing passes it without a dimension check.
//!
//! | dimension | canonical unit |
//! |---|---|
//! | mass | t |
//! | energy | GJ |
//! | volume | m³ (a gas volume also carries its reference state) |
//! | length | m |
//! | time | h |
//! | money | RMB |
//! | headcount | person |
//! | temperature | °C |
//!
//! Two rules that the field learned at great cost: a *substance is not a unit*
//! (`t` measures CO2, coal and slag alike; which one is said by the column
//! beside it), and *energy is not mass* (a tce is 29.3076 GJ; a tonne of coal
//! becomes energy only through a calorific value with a source).

mod basis;
mod dimension;
mod number;
mod period;
pub mod steam;
mod typed;
mod unit;

pub use basis::{Basis, BasisError, Calorific, GasState, Moisture};
pub use dimension::Dimension;
pub use number::{ABSURD, NumberError, parse_number, significant};
pub use period::{Period, PeriodError};
pub use typed::{
    CarbonPerEnergy, CarbonPerMass, CarbonPerVolume, CarbonTonnes, Co2PerCarbon, CubicMeters, EmissionPerEnergy,
    EmissionPerMass, EmissionPerVolume, EnergyPerMass, EnergyPerVolume, Fraction, Gigajoules, Tonnes,
};
pub use unit::{Unit, UnitError, known_units};

/// One tonne of coal equivalent in GJ: 7,000 kcal/kg at 4.1868 J/cal
/// (GB/T 2589-2020, 3.6 and annex A).
pub const GJ_PER_TCE: f64 = 29.3076;

/// One million international-table British thermal units in GJ: 1 Btu(IT) is
/// exactly 1,055.05585262 J (ISO 31-4:1992, annex).
pub const GJ_PER_MMBTU: f64 = 1.055_055_852_62;

/// Half the width of a 95 % interval in standard deviations of a normal distribution, as the tables of IPCC 2006,
/// volume 1, chapter 3, take it.
pub const Z95: f64 = 1.96;

/// A physical amount in the canonical unit of its dimension, with the basis
/// that it was measured on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quantity {
    /// The number, in the canonical unit of [`Quantity::dimension`].
    pub value: f64,
    /// What is measured.
    pub dimension: Dimension,
    /// Calorific, moisture and gas reference basis, as far as stated.
    pub basis: Basis,
}

impl Quantity {
    /// Converts `number` from `unit` to the canonical unit.
    ///
    /// A reference state that the unit names itself (`Nm3` is at 0 °C) joins the
    /// basis.
    ///
    /// # Errors
    /// [`BasisError::Conflict`] when `basis` states another gas state than the unit.
    pub fn new(number: f64, unit: &Unit, basis: Basis) -> Result<Self, BasisError> {
        let basis = basis.with_state(unit.state)?;
        Ok(Self { value: unit.to_canonical(number), dimension: unit.dimension, basis })
    }
}
