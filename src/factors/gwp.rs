//! Global warming potentials.

use super::{Confidence, Factor, FactorSet, Parameter};
use crate::park::{Gas, GwpSet};
use std::collections::BTreeMap;

/// The values of one GWP set.
#[derive(Debug, Clone)]
pub struct Gwp {
    /// Which set.
    pub set: GwpSet,
    /// SHA-256 of the family's table.
    pub sha256: String,
    /// Its confirmed rows, by gas and by whether the CO2 from oxidation is counted elsewhere.
    factors: BTreeMap<(Gas, bool), Factor>,
}

impl Gwp {
    /// Picks the rows of one set out of the library's GWP family.
    #[must_use]
    pub fn new(family: &FactorSet, set: GwpSet) -> Self {
        let fits = |f: &&Factor| {
            f.parameter == Parameter::Gwp && *f.technique == *set.id() && f.confidence != Confidence::Unconfirmed
        };
        let mut factors = BTreeMap::new();
        // Rows for one origin of the carbon take the place of the row for any.
        let mut rows: Vec<&Factor> = family.factors.iter().filter(fits).collect();
        rows.sort_by_key(|f| f.biogenic.is_some());
        for factor in rows {
            let Some(gas) = factor.gas else { continue };
            for oxidation_counted in [false, true] {
                if factor.biogenic.is_none_or(|b| b == oxidation_counted) {
                    factors.insert((gas, oxidation_counted), factor.clone());
                }
            }
        }
        Self { set, sha256: family.sha256.clone(), factors }
    }

    /// The row for a gas.
    ///
    /// `oxidation_counted` says that the CO2 into which methane turns is not to be
    /// counted again: methane of biogenic origin, and the slip of a fuel whose
    /// carbon is already booked in full as CO2 (27.0 and not 29.8 in AR6, IPCC AR6
    /// WGI table 7.15).
    #[must_use]
    pub fn factor(&self, gas: Gas, oxidation_counted: bool) -> Option<&Factor> {
        self.factors.get(&(gas, oxidation_counted))
    }
}
