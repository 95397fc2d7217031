//! Wastewater treatment: COD down; electricity, CH4 and N2O up.
//!
//! Per tonne of COD removed. `CH4 = (1 − S) · Bo · MCF − R` and `N2O = N · EF · 44/28` (IPCC 2006 and 2019 volume 5,
//! chapter 6; numbers of the equations not checked): S goes with the sludge, R is recovered as biogas. The carbon is
//! biogenic. MCF and N2O factors are those of IPCC 2019 for a well managed plant; power is practice from memory.

use super::parameter::Inputs;
use super::stoichiometry::{Elements, METHANE, O2};
use super::{
    Activity, Counts, Emission, Kind, Part, REMOVAL, Range, Recipe, RecipeError, SPECIFIC_POWER, Silent, Spec, Stream,
    spec, unit,
};
use crate::methods::wastewater::{methane_of_treatment, nitrous_oxide};
use crate::park::Gas;
use crate::quantity::{Fraction, Tonnes, significant};

/// The two other parameters that give the electricity.
const BY_VOLUME: &[&str] = &["electricity_use", "cod"];

const fn specs(mcf: &'static str, factor: &'static str) -> [Spec; 12] {
    [
        spec("removal", REMOVAL, unit::NONE, Range::Share, Silent::Error),
        spec("specific_power", SPECIFIC_POWER, unit::POWER_PER_KG, Range::NotNegative, Silent::Unless(BY_VOLUME, None)),
        spec(
            "electricity_use",
            ("electricity per water treated", "单位水量电耗"),
            unit::POWER_PER_VOLUME,
            Range::NotNegative,
            Silent::Without,
        ),
        spec("cod", ("COD of what comes in", "进水 COD"), unit::CONCENTRATION, Range::Positive, Silent::Without),
        spec(
            "methane_yield",
            ("methane per COD that decays (Bo)", "最大产甲烷能力"),
            unit::MASS_RATIO,
            Range::Share,
            Silent::Row("ipcc_2006_waste.methane_yield"),
        ),
        spec("mcf", ("methane correction factor", "甲烷修正因子"), unit::NONE, Range::Fraction, Silent::Row(mcf)),
        spec(
            "sludge_cod",
            ("share of the COD that leaves as sludge", "随污泥排出的 COD 比例"),
            unit::NONE,
            Range::Fraction,
            Silent::Without,
        ),
        spec(
            "recovery",
            ("share of the methane that is recovered", "甲烷回收率"),
            unit::NONE,
            Range::Fraction,
            Silent::Without,
        ),
        spec(
            "nitrogen",
            ("nitrogen that comes in per COD removed", "单位 COD 去除对应进水总氮"),
            unit::MASS_RATIO,
            Range::NotNegative,
            Silent::Without,
        ),
        spec(
            "nitrogen_removal",
            ("share of the nitrogen that is removed", "脱氮效率"),
            unit::NONE,
            Range::Fraction,
            Silent::Without,
        ),
        spec(
            "nitrogen_factor",
            ("N2O-N per N", "N2O-N 与 N 之比"),
            unit::MASS_RATIO,
            Range::Fraction,
            Silent::Row(factor),
        ),
        spec(
            "sludge",
            ("sludge per COD removed, as it leaves", "单位 COD 去除产泥量"),
            unit::MASS_RATIO,
            Range::NotNegative,
            Silent::Without,
        ),
    ]
}

const AEROBIC: [Spec; 12] =
    specs("ipcc_2019_waste.mcf.wastewater_plant_aerobic", "ipcc_2019_waste.nitrogen_factor.wastewater_plant_aerobic");
const ANAEROBIC: [Spec; 12] = specs(
    "ipcc_2019_waste.mcf.wastewater_plant_anaerobic",
    "ipcc_2019_waste.nitrogen_factor.wastewater_plant_anaerobic",
);

/// The kinds of this file.
pub static KINDS: [Kind; 2] = [
    Kind {
        id: "wastewater_plant_aerobic",
        words: ("aerobic wastewater treatment", "好氧废水处理"),
        activity: Activity::Removed(Gas::Cod),
        parameters: &[&AEROBIC],
        build: treatment,
    },
    Kind {
        id: "wastewater_plant_anaerobic",
        words: ("anaerobic wastewater treatment", "厌氧废水处理"),
        activity: Activity::Removed(Gas::Cod),
        parameters: &[&ANAEROBIC],
        build: treatment,
    },
];

/// COD that methane is worth: `CH4 + 2 O2`. Unit: t COD per t CH4.
const COD_OF_METHANE: f64 = 2.0 * O2 / METHANE;

/// By volume where it is stated so: a tonne of COD removed needs `1 / (COD · removal)` of water. Units: GJ/m³, t/m³.
fn power(inputs: &Inputs, removal: f64) -> Result<f64, Vec<RecipeError>> {
    match (inputs.get("electricity_use"), inputs.get("cod")) {
        (Some(use_), Some(cod)) => Ok(use_ / (cod * removal)),
        _ => inputs.need("specific_power"),
    }
}

fn treatment(inputs: &Inputs) -> Result<Recipe, Vec<RecipeError>> {
    let mut recipe = Recipe::of(inputs);
    let removal = inputs.need("removal")?;
    recipe.removes = Some((Gas::Cod, removal));
    recipe.takes.push(Stream::energy("electricity", power(inputs, removal)?, Part::AuxiliaryPower));
    let (capacity, mcf) = (inputs.need("methane_yield")?, Fraction(inputs.need("mcf")?));
    let sludge = Tonnes(inputs.get("sludge_cod").unwrap_or_default());
    if sludge.0 > 0.0 && inputs.need("sludge")? <= 0.0 {
        // COD that leaves with sludge needs some to leave with.
        return inputs.refuse("sludge", "> 0".to_owned());
    }
    let made = methane_of_treatment(Tonnes(1.0), sludge, capacity, mcf, Tonnes(0.0)).0;
    if made * COD_OF_METHANE > (1.0 - sludge.0) * (1.0 + METHANE_SLACK) {
        // More methane than the COD can become.
        return inputs.refuse("methane_yield", format!("≤ {}", significant(1.0 / COD_OF_METHANE, 4)));
    }
    let recovered = made * inputs.get("recovery").unwrap_or_default();
    let carbon = |mass: f64| Elements::of_carbon(mass * crate::methods::desulfurization::MOLAR.carbon / METHANE);
    if recovered > 0.0 {
        let biogas = Stream::mass("biogas", recovered, Part::ByProduct);
        recipe.gives.push(biogas.holding(carbon(recovered)));
    }
    let slip = made - recovered;
    let mut emit = |gas, mass, elements| {
        if mass > 0.0 {
            recipe.emits.push(Emission { gas, mass, counts: Counts::Biogenic, elements });
        }
    };
    emit(Gas::Ch4, slip, carbon(slip));
    if let Some(nitrogen) = inputs.get("nitrogen") {
        let n2o = nitrous_oxide(Tonnes(nitrogen), Fraction(inputs.need("nitrogen_factor")?)).0;
        emit(Gas::N2o, n2o, Elements::NONE);
    }
    recipe.gives.extend(inputs.get("sludge").map(|mass| Stream::mass("industrial_sludge", mass, Part::ByProduct)));
    Ok(recipe)
}

/// `Bo` of IPCC is rounded: 0.25 t/t, where the oxygen of combustion says 0.2507. Unit: 1.
const METHANE_SLACK: f64 = 1e-3;
