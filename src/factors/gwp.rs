//! Global warming potentials.

use super::{Confidence, Factor, FactorSet, Parameter};
use crate::park::{Gas, GwpSet};

/// The values of one GWP set.
#[derive(Debug, Clone)]
pub struct Gwp {
    /// Which set.
    pub set: GwpSet,
    /// Its confirmed rows.
    factors: Vec<Factor>,
}

impl Gwp {
    /// Picks the rows of one set out of the library's GWP family.
    #[must_use]
    pub fn new(family: &FactorSet, set: GwpSet) -> Self {
        let fits = |f: &&Factor| {
            f.parameter == Parameter::Gwp && *f.technique == *set.id() && f.confidence != Confidence::Unconfirmed
        };
        Self { set, factors: family.factors.iter().filter(fits).cloned().collect() }
    }

    /// The row for a gas.
    ///
    /// `oxidation_counted` says that the CO2 into which methane turns is not to be
    /// counted again: methane of biogenic origin, and the slip of a fuel whose
    /// carbon is already booked in full as CO2 (27.0 and not 29.8 in AR6, IPCC AR6
    /// WGI table 7.15).
    #[must_use]
    pub fn factor(&self, gas: Gas, oxidation_counted: bool) -> Option<&Factor> {
        let rows = || self.factors.iter().filter(|f| f.gas == Some(gas));
        rows().find(|f| f.biogenic == Some(oxidation_counted)).or_else(|| rows().find(|f| f.biogenic.is_none()))
    }
}
