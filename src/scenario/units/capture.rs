//! CO2 capture with an amine.
//!
//! Per tonne captured and compressed: heat for the reboiler, electricity for the absorber and the compressor, CO2 out as
//! a carrier that somebody must take. 3.5 GJ and 110 kWh per tonne (30 % MEA, to 110 bar) are from memory: the scenario
//! states them. The CO2 of that heat and power is where they are made: less is avoided than is captured.

use super::parameter::Inputs;
use super::stoichiometry::Elements;
use super::{Activity, Kind, Part, REMOVAL, Range, Recipe, RecipeError, Silent, Spec, Stream, spec, unit};
use crate::methods::desulfurization::MOLAR;
use crate::park::Gas;

static SPECS: [Spec; 4] = [
    spec("removal", REMOVAL, unit::NONE, Range::Share, Silent::Error),
    spec(
        "heat_use",
        ("reboiler heat per CO2 captured", "单位捕集再生热耗"),
        unit::HEAT,
        Range::NotNegative,
        Silent::Row("abatement_practice.heat_use.CO2.amine_capture"),
    ),
    spec(
        "electricity_use",
        ("electricity per CO2 captured", "单位捕集电耗"),
        unit::POWER_PER_TONNE,
        Range::NotNegative,
        Silent::Row("abatement_practice.electricity_use.CO2.compression"),
    ),
    spec("product_distance", ("haul of the CO2", "CO2 运距"), unit::DISTANCE, Range::NotNegative, Silent::Without),
];

/// The kinds of this file.
pub static KINDS: [Kind; 1] = [Kind {
    id: "co2_capture",
    words: ("CO2 capture", "CO2 捕集"),
    activity: Activity::Removed(Gas::Co2),
    parameters: &[&SPECS],
    build: capture,
}];

fn capture(inputs: &Inputs) -> Result<Recipe, Vec<RecipeError>> {
    let mut recipe = Recipe::of(inputs);
    let held = Elements::of_carbon(MOLAR.carbon / MOLAR.co2);
    recipe.removes = Some((Gas::Co2, inputs.need("removal")?));
    recipe.removed = held;
    recipe.takes.push(Stream::energy("heat", inputs.need("heat_use")?, Part::ProcessHeat));
    recipe.takes.push(Stream::energy("electricity", inputs.need("electricity_use")?, Part::AuxiliaryPower));
    recipe.gives.push(Stream::mass("co2_gas", 1.0, Part::ByProduct).holding(held));
    recipe.haul(inputs.get("product_distance"), Part::ByProduct);
    Ok(recipe)
}
