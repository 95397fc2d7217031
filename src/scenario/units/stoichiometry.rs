//! Atomic weights and the substances of abatement, in one place.
//!
//! Conventional atomic weights of IUPAC. Those of carbon, sulfur and calcium, and the reagents of desulfurization, are
//! the ones that the methods use; the others stand here.

use crate::methods::calcium::CALCIUM;
use crate::methods::desulfurization::MOLAR;
use crate::methods::sulfur::SULFUR;

/// Hydrogen. Unit: g/mol.
pub const HYDROGEN: f64 = 1.008;
/// Nitrogen. Unit: g/mol.
pub const NITROGEN: f64 = 14.007;
/// Oxygen. Unit: g/mol.
pub const OXYGEN: f64 = 15.999;
/// Sodium. Unit: g/mol.
pub const SODIUM: f64 = 22.990;

/// `H2`. Unit: g/mol.
pub const H2: f64 = 2.0 * HYDROGEN;
/// `O2`. Unit: g/mol.
pub const O2: f64 = 2.0 * OXYGEN;
/// `H2O`. Unit: g/mol.
pub const WATER: f64 = H2 + OXYGEN;
/// `NO2`: NOx is reported as NO2. Unit: g/mol.
pub const NO2: f64 = NITROGEN + O2;
/// `NH3`. Unit: g/mol.
pub const AMMONIA: f64 = NITROGEN + 3.0 * HYDROGEN;
/// Urea, `CO(NH2)2`. Unit: g/mol.
pub const UREA: f64 = MOLAR.carbon + OXYGEN + 2.0 * NITROGEN + 4.0 * HYDROGEN;
/// `(NH4)2SO4`. Unit: g/mol.
pub const AMMONIUM_SULFATE: f64 = 2.0 * (NITROGEN + 4.0 * HYDROGEN) + SULFUR + 4.0 * OXYGEN;
/// `CaO`. Unit: g/mol.
pub const QUICKLIME: f64 = CALCIUM + OXYGEN;
/// `Ca(OH)2`. Unit: g/mol.
pub const SLAKED_LIME: f64 = QUICKLIME + WATER;
/// `CaSO4`. Unit: g/mol.
pub const ANHYDRITE: f64 = CALCIUM + SULFUR + 4.0 * OXYGEN;
/// `CaSO3·½H2O`. Unit: g/mol.
pub const CALCIUM_SULFITE: f64 = CALCIUM + SULFUR + 3.0 * OXYGEN + 0.5 * WATER;
/// `Na2CO3`. Unit: g/mol.
pub const SODA: f64 = 2.0 * SODIUM + MOLAR.carbon + 3.0 * OXYGEN;
/// `NaHCO3`. Unit: g/mol.
pub const BICARBONATE: f64 = SODIUM + HYDROGEN + MOLAR.carbon + 3.0 * OXYGEN;
/// `Na2SO4`. Unit: g/mol.
pub const SODIUM_SULFATE: f64 = 2.0 * SODIUM + SULFUR + 4.0 * OXYGEN;
/// `CH4`. Unit: g/mol.
pub const METHANE: f64 = MOLAR.carbon + 4.0 * HYDROGEN;

/// Moles of SO2 in a tonne of it. Unit: Mmol/t, so that times g/mol it is t.
pub const SO2_MOLES: f64 = 1.0 / MOLAR.so2;

/// Atoms that a stream holds, per unit of the activity.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Elements {
    /// Carbon. Unit: t.
    pub carbon: f64,
    /// Sulfur. Unit: t.
    pub sulfur: f64,
    /// Calcium. Unit: t.
    pub calcium: f64,
}

impl Elements {
    /// None of them.
    pub const NONE: Self = Self { carbon: 0.0, sulfur: 0.0, calcium: 0.0 };

    /// From moles of the atoms. Unit: Mmol → t.
    #[must_use]
    pub fn of_moles(carbon: f64, sulfur: f64, calcium: f64) -> Self {
        Self { carbon: carbon * MOLAR.carbon, sulfur: sulfur * SULFUR, calcium: calcium * CALCIUM }
    }

    /// Only carbon. Unit: t.
    #[must_use]
    pub fn of_carbon(carbon: f64) -> Self {
        Self { carbon, ..Self::NONE }
    }

    pub(super) fn add(&mut self, other: Self) {
        self.carbon += other.carbon;
        self.sulfur += other.sulfur;
        self.calcium += other.calcium;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::methods::desulfurization::REAGENTS;

    /// What the methods print as molar masses is the sum of the same atoms.
    #[test]
    fn molar_masses_of_the_methods_are_sums_of_these_atoms() {
        let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-9, "{a} {b}");
        near(MOLAR.co2, MOLAR.carbon + O2);
        near(MOLAR.so2, SULFUR + O2);
        near(MOLAR.limestone, QUICKLIME + MOLAR.co2);
        near(MOLAR.gypsum, ANHYDRITE + 2.0 * WATER);
        let of = [
            ("lime", QUICKLIME),
            ("slaked_lime", SLAKED_LIME),
            ("carbide_slag", SLAKED_LIME),
            ("soda_ash", SODA),
            ("sodium_bicarbonate", BICARBONATE),
            ("caustic_soda", SODIUM + OXYGEN + HYDROGEN),
            ("ammonia", AMMONIA),
        ];
        for (carrier, mass) in of {
            for reagent in REAGENTS.iter().filter(|r| r.carrier == carrier) {
                near(reagent.molar_mass, mass);
            }
        }
    }
}
