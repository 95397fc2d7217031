//! Where the CO2 of a unit comes from, part by part.

use super::{Counts, Recipe, Stream};
use crate::methods::scope3::freight;
use crate::park::Gas;
use crate::quantity::Tonnes;

/// What a stream is for, and so which part of a penalty its burden is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Part {
    /// The chemistry itself.
    Reaction,
    /// Electricity of pumps, fans, compressors and mills.
    AuxiliaryPower,
    /// Heat that brings the flue gas back to temperature.
    Reheat,
    /// Heat that the process needs: regeneration of a solvent.
    ProcessHeat,
    /// Making the reagent.
    Reagent,
    /// Hauling the reagent in and the by-product out.
    Transport,
    /// Water.
    Water,
    /// What is converted: coal into SNG, power into hydrogen.
    Feed,
    /// What the unit is run for.
    Product,
    /// What it gives beside.
    ByProduct,
}

impl Part {
    /// The words in English and Chinese.
    #[must_use]
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Reaction => ("reaction", "反应"),
            Self::AuxiliaryPower => ("auxiliary power", "辅助用电"),
            Self::Reheat => ("reheating", "烟气再热"),
            Self::ProcessHeat => ("process heat", "工艺用热"),
            Self::Reagent => ("reagent, upstream", "脱除剂上游"),
            Self::Transport => ("transport", "运输"),
            Self::Water => ("water", "用水"),
            Self::Feed => ("feed", "原料"),
            Self::Product => ("product", "产品"),
            Self::ByProduct => ("by-product", "副产物"),
        }
    }
}

/// One part of what a unit emits or causes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PartOf {
    /// Which.
    pub part: Part,
    /// How much per activity. Unit: t.
    pub mass: f64,
}

impl Recipe {
    /// A gas by part, in the order of [`Part`]: the reaction itself, and the burden of each stream that the unit takes,
    /// by what a unit of it carries (`burden`, t per canonical unit), and of freight, by t/(t·km).
    ///
    /// Credits for by-products stand apart and are not in it. Check 4 of principle: 0.687 t of the reaction and 0.8755
    /// of power at 0.5306 t/MWh make 1.5625 tCO2 per t SO2.
    #[must_use]
    pub fn by_part(&self, gas: Gas, burden: impl Fn(&Stream) -> f64, per_tonne_km: f64) -> Vec<PartOf> {
        let mut parts: Vec<PartOf> = Vec::new();
        let mut add = |part: Part, mass: f64| match parts.iter_mut().find(|p| p.part == part) {
            Some(known) => known.mass += mass,
            None => parts.push(PartOf { part, mass }),
        };
        for emission in self.emits.iter().filter(|e| e.gas == gas && e.counts != Counts::Alkalinity) {
            add(Part::Reaction, emission.mass);
        }
        for stream in &self.takes {
            add(stream.part, stream.quantity * burden(stream));
        }
        for haul in &self.freight {
            add(Part::Transport, freight(Tonnes(haul.mass), haul.distance_km, per_tonne_km).0);
        }
        parts.sort_by_key(|p| p.part);
        parts
    }
}
