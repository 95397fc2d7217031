//! Denitrification of flue gas, with ammonia or urea.
//!
//! Per tonne of NOx (as NO2) removed: `4 NO + 4 NH3 + O2 → 4 N2 + 6 H2O`, 0.370 t NH3 or 0.653 t urea at a ratio of 1.
//! Urea is hydrolyzed first, `(NH2)2CO + H2O → 2 NH3 + CO2`, and all its carbon leaves as CO2: 0.733 t per t urea (IPCC
//! 2006 volume 3, and volume 2 equation 3.2.2). Codes: HJ 562 for SCR, HJ 563 for SNCR (M: remembered, not read).
//!
//! SCR takes 0.8 to 1.05 mol NH3 per mol NOx removed, SNCR 1.2 to 2.0 (abatement table, range of practice): without
//! a statement SCR takes what the reaction needs, and SNCR has no default.

use super::parameter::Inputs;
use super::stoichiometry::{AMMONIA, Elements, NO2, UREA};
use super::{
    AUXILIARY, Activity, BY_GENERATION, Counts, Emission, Kind, PURITY, Part, REMOVAL, Range, Recipe, RecipeError,
    SPECIFIC_POWER, Silent, Spec, Stream, spec, specific_power, unit,
};
use crate::methods::desulfurization::MOLAR;
use crate::park::Gas;

const NSR: (&str, &str) = ("moles of NH3 per mole of NOx removed", "氨氮摩尔比（按脱除量）");

const fn specs(removal: &'static str, ratio: Silent) -> [Spec; 7] {
    [
        spec("removal", REMOVAL, unit::NONE, Range::Share, Silent::Row(removal)),
        spec("reagent_ratio", NSR, unit::NONE, Range::Positive, ratio),
        spec("purity", PURITY, unit::NONE, Range::Share, Silent::Reaction(1.0)),
        spec(
            "specific_power",
            SPECIFIC_POWER,
            unit::POWER_PER_KG,
            Range::NotNegative,
            Silent::Unless(BY_GENERATION, None),
        ),
        spec(
            "reheat",
            ("heat for reheating the flue gas", "烟气再热耗热"),
            unit::HEAT,
            Range::NotNegative,
            Silent::Without,
        ),
        spec(
            "n2o",
            ("N2O made per NOx removed", "单位脱硝生成 N2O"),
            unit::MASS_RATIO,
            Range::NotNegative,
            Silent::Without,
        ),
        spec(
            "reagent_distance",
            ("haul of the reagent", "还原剂运距"),
            unit::DISTANCE,
            Range::NotNegative,
            Silent::Without,
        ),
    ]
}

const SCR: [Spec; 7] = specs("abatement_practice.removal.NOx.scr", Silent::Reaction(1.0));
const SNCR: [Spec; 7] = specs("abatement_practice.removal.NOx.sncr", Silent::Error);

const fn kind(
    id: &'static str,
    words: (&'static str, &'static str),
    parameters: &'static [&'static [Spec]],
    build: fn(&Inputs) -> Result<Recipe, Vec<RecipeError>>,
) -> Kind {
    Kind { id, words, activity: Activity::Removed(Gas::Nox), parameters, build }
}

/// The kinds of this file.
pub static KINDS: [Kind; 4] = [
    kind("scr", ("SCR with ammonia", "SCR 脱硝（氨）"), &[&SCR, &AUXILIARY], with_ammonia),
    kind("scr_urea", ("SCR with urea", "SCR 脱硝（尿素）"), &[&SCR, &AUXILIARY], with_urea),
    kind("sncr", ("SNCR with ammonia", "SNCR 脱硝（氨）"), &[&SNCR, &AUXILIARY], with_ammonia),
    kind("sncr_urea", ("SNCR with urea", "SNCR 脱硝（尿素）"), &[&SNCR, &AUXILIARY], with_urea),
];

fn with_ammonia(inputs: &Inputs) -> Result<Recipe, Vec<RecipeError>> {
    denitrification(inputs, "ammonia", AMMONIA, 0.0)
}

fn with_urea(inputs: &Inputs) -> Result<Recipe, Vec<RecipeError>> {
    denitrification(inputs, "urea", UREA / 2.0, 0.5)
}

/// A reagent of `mass` g and `carbon` mol of carbon per mole of NH3 that it gives.
fn denitrification(inputs: &Inputs, carrier: &'static str, mass: f64, carbon: f64) -> Result<Recipe, Vec<RecipeError>> {
    let mut recipe = Recipe::of(inputs);
    recipe.removes = Some((Gas::Nox, inputs.need("removal")?));
    let moles = inputs.need("reagent_ratio")? / NO2;
    let pure = moles * mass;
    let held = Elements::of_moles(moles * carbon, 0.0, 0.0);
    let whole = pure / inputs.need("purity")?;
    recipe.takes.push(Stream::energy("electricity", specific_power(inputs)?, Part::AuxiliaryPower));
    recipe.takes.extend(inputs.get("reheat").map(|heat| Stream::energy("heat", heat, Part::Reheat)));
    recipe.takes.push(Stream { pure, ..Stream::mass(carrier, whole, Part::Reagent).holding(held) });
    if carbon > 0.0 {
        let mass = moles * carbon * MOLAR.co2;
        recipe.emits.push(Emission { gas: Gas::Co2, mass, counts: Counts::Fossil, elements: held });
    }
    let n2o = inputs.get("n2o").filter(|mass| *mass > 0.0);
    let emission = |mass| Emission { gas: Gas::N2o, mass, counts: Counts::Fossil, elements: Elements::NONE };
    recipe.emits.extend(n2o.map(emission));
    recipe.haul(inputs.get("reagent_distance"), Part::Reagent);
    Ok(recipe)
}
