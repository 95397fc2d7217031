//! Which carriers are coal, oil, gas, ore, biomass: what the tables call them decides.

use crate::factors::{FactorSet, Parameter, builtin};
use crate::park::{Carrier, CarrierKind, Gas};
use std::collections::HashMap;
use std::sync::OnceLock;

/// Sorts of minerals that are taken out of the ground (CTIP 1.1: coal, oil, gas, ores, limestone and others).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mineral {
    Coal,
    Oil,
    Gas,
    /// Ores, limestone, clay, sand, salt.
    Rock,
}

const COAL: [&str; 18] = [
    "anthracite",
    "bituminous",
    "coal_gangue",
    "coal_middlings",
    "coal_mixed_commercial",
    "coal_mixed_electric_power",
    "coal_mixed_industrial",
    "coal_mixed_industrial_coking",
    "coal_slime",
    "coal_unmeasured",
    "coking_coal",
    "injection_coal",
    "lignite",
    "oil_shale",
    "other_washed_coal",
    "raw_coal",
    "sub_bituminous",
    "washed_coal",
];
const OIL: [&str; 4] = ["crude_oil", "natural_gas_liquids", "orimulsion", "shale_oil"];
const GAS: [&str; 4] = ["lng", "natural_gas", "natural_gas_gasfield", "natural_gas_oilfield"];
const ROCK: [&str; 19] = [
    "ankerite",
    "bauxite",
    "clay",
    "dolomite",
    "gravel",
    "iron_ore_pellet",
    "limestone",
    "magnesite",
    "natural_gypsum",
    "phosphate_rock",
    "pyrite",
    "quartz_sand",
    "rhodochrosite",
    "salt",
    "sand",
    "shale",
    "siderite",
    "sinter",
    "trona",
];

/// The sort of mineral that a carrier is, by its id; ores are also known by their ending.
pub(super) fn mineral(carrier: &Carrier) -> Option<Mineral> {
    let id = &*carrier.label.id;
    match id {
        _ if COAL.contains(&id) => Some(Mineral::Coal),
        _ if OIL.contains(&id) => Some(Mineral::Oil),
        _ if GAS.contains(&id) => Some(Mineral::Gas),
        _ if ROCK.contains(&id) || id.ends_with("_ore") || id.ends_with("_concentrate") => Some(Mineral::Rock),
        _ => None,
    }
}

/// Whether the carbon of a fuel is biogenic, as the park's own factors say, else IPCC 2006, volume 2, table 1.4. A fuel
/// of which neither says so counts as fossil: what is to count as non-fossil must be known to be it.
pub(super) fn is_biomass(carrier: &Carrier, sets: &[FactorSet]) -> bool {
    let id = &*carrier.label.id;
    let own = sets.iter().filter(|s| builtin(&s.id).is_none());
    carrier.kind.is_fuel()
        && own.flat_map(biogenic).find(|f| f.0 == id).map_or_else(|| published().get(id) == Some(&true), |f| f.1)
}

/// What a set says of the carbon of its carriers.
fn biogenic(set: &FactorSet) -> impl Iterator<Item = (&str, bool)> {
    let of_carbon = set.factors.iter().filter(|f| {
        f.gas == Some(Gas::Co2) && f.parameter == Parameter::EmissionFactor || f.parameter == Parameter::CarbonContent
    });
    of_carbon.filter_map(|f| Some((&*f.carrier, f.biogenic?)))
}

/// The same of the set that has a word on every fuel, read once.
fn published() -> &'static HashMap<&'static str, bool> {
    static READ: OnceLock<HashMap<&'static str, bool>> = OnceLock::new();
    READ.get_or_init(|| builtin("ipcc_2006").map_or_else(HashMap::new, |set| biogenic(set).collect()))
}

/// Techniques that make energy of sun, wind, water or the heat of the ground.
const RENEWABLE: [&str; 11] = [
    "geothermal",
    "hydro",
    "hydropower",
    "photovoltaic",
    "pv",
    "solar",
    "solar_thermal",
    "tidal",
    "wind",
    "wind_power",
    "wind_turbine",
];

/// Techniques that make energy of heat or pressure that would be lost.
const RECOVERY: [&str; 5] = ["coke_dry_quenching", "organic_rankine", "trt", "waste_heat_boiler", "waste_heat_power"];

pub(super) fn makes_renewable_energy(technique: &str) -> bool {
    RENEWABLE.contains(&technique)
}

pub(super) fn recovers_energy(technique: &str) -> bool {
    RECOVERY.contains(&technique)
}

/// Whether a carrier is heat or pressure that would be lost.
pub(super) fn is_waste_energy(carrier: &Carrier) -> bool {
    let id = &*carrier.label.id;
    carrier.kind == CarrierKind::Heat && (id.contains("waste_heat") || id.contains("pressure"))
}
