//! Dust collectors: an electrostatic precipitator and a fabric filter.
//!
//! Per tonne of dust removed: electricity in, fly ash out. Removal and power are practice from memory
//! (`emission_factors/abatement_practice`, power there as a share of gross generation): the scenario states them.

use super::parameter::Inputs;
use super::{
    AUXILIARY, Activity, BY_GENERATION, Kind, Part, REMOVAL, Range, Recipe, RecipeError, SPECIFIC_POWER, Silent, Spec,
    Stream, spec, specific_power, unit,
};
use crate::park::Gas;

const fn specs(removal: &'static str) -> [Spec; 3] {
    [
        spec("removal", REMOVAL, unit::NONE, Range::Share, Silent::Row(removal)),
        spec(
            "specific_power",
            SPECIFIC_POWER,
            unit::POWER_PER_KG,
            Range::NotNegative,
            Silent::Unless(BY_GENERATION, None),
        ),
        spec(
            "product_distance",
            ("haul of the fly ash", "粉煤灰运距"),
            unit::DISTANCE,
            Range::NotNegative,
            Silent::Without,
        ),
    ]
}

const ESP: [Spec; 3] = specs("abatement_practice.removal.PM.esp");
const BAG: [Spec; 3] = specs("abatement_practice.removal.PM.bag_filter");

/// The kinds of this file.
pub static KINDS: [Kind; 2] = [
    Kind {
        id: "esp",
        words: ("electrostatic precipitator", "静电除尘器"),
        activity: Activity::Removed(Gas::Pm),
        parameters: &[&ESP, &AUXILIARY],
        build: collector,
    },
    Kind {
        id: "bag_filter",
        words: ("fabric filter", "袋式除尘器"),
        activity: Activity::Removed(Gas::Pm),
        parameters: &[&BAG, &AUXILIARY],
        build: collector,
    },
];

fn collector(inputs: &Inputs) -> Result<Recipe, Vec<RecipeError>> {
    let mut recipe = Recipe::of(inputs);
    recipe.removes = Some((Gas::Pm, inputs.need("removal")?));
    recipe.takes.push(Stream::energy("electricity", specific_power(inputs)?, Part::AuxiliaryPower));
    recipe.gives.push(Stream::mass("fly_ash", 1.0, Part::ByProduct));
    recipe.haul(inputs.get("product_distance"), Part::ByProduct);
    Ok(recipe)
}
