//! Coal to synthetic natural gas.
//!
//! Per GJ of SNG, over all the coal of the plant, that of its boilers included: coal `1/η`, and CO2 of the plant the
//! carbon that is in the coal and not in the gas, `(c_coal/η − c_SNG) · 44/12`. Default carbon contents are those of
//! IPCC 2006 volume 2, Table 1.3 (bituminous coal 25.8, natural gas 15.3 t/TJ), net calorific. Efficiencies of 50 to
//! 61 % are read (from memory): the scenario states it. Mining is not in it.
//!
//! SNG is written as `natural_gas`: it goes into the same pipes and burns by the same factors.

use super::parameter::Inputs;
use super::stoichiometry::Elements;
use super::{Activity, Counts, Emission, Kind, Part, Range, Recipe, RecipeError, Silent, Spec, Stream, spec, unit};
use crate::park::Gas;
use crate::quantity::{Dimension, significant};

/// CO2 by carbon, as the sets of fuels compute it. Unit: t/t.
pub const CO2_PER_CARBON: f64 = 44.0 / 12.0;

const COAL: &str = "bituminous";
const SNG: &str = "natural_gas";

static SPECS: [Spec; 5] = [
    spec(
        "efficiency",
        ("SNG over all coal of the plant, net calorific", "全厂能量转化效率（低位热值）"),
        unit::NONE,
        Range::Share,
        Silent::Row("abatement_practice.natural_gas.efficiency.coal_to_sng"),
    ),
    spec(
        "carbon_of_coal",
        ("carbon content of the coal", "煤的单位热值含碳量"),
        unit::CARBON_PER_ENERGY,
        Range::Positive,
        Silent::Row("ipcc_2006.bituminous.carbon_content"),
    ),
    spec(
        "carbon_of_sng",
        ("carbon content of the SNG", "合成天然气单位热值含碳量"),
        unit::CARBON_PER_ENERGY,
        Range::Positive,
        Silent::Row("ipcc_2006.natural_gas.carbon_content"),
    ),
    spec("water", ("fresh water per SNG", "单位产品新水"), WATER, Range::NotNegative, Silent::Without),
    spec("electricity", ("electricity bought per SNG", "单位产品外购电"), BOUGHT, Range::NotNegative, Silent::Without),
];

const WATER: (&str, Dimension) = ("t/GJ", Dimension::MASS.over(Dimension::ENERGY));
const BOUGHT: (&str, Dimension) = ("GJ/GJ", Dimension::NONE);

/// The kinds of this file.
pub static KINDS: [Kind; 1] = [Kind {
    id: "coal_to_sng",
    words: ("coal to synthetic natural gas", "煤制天然气"),
    activity: Activity::Delivered(SNG, Dimension::ENERGY),
    parameters: &[&SPECS],
    build: coal_to_sng,
}];

fn coal_to_sng(inputs: &Inputs) -> Result<Recipe, Vec<RecipeError>> {
    let mut recipe = Recipe::of(inputs);
    let efficiency = inputs.need("efficiency")?;
    let (coal, gas) = (inputs.need("carbon_of_coal")? / efficiency, inputs.need("carbon_of_sng")?);
    if coal < gas {
        let most = inputs.need("carbon_of_coal")? / gas;
        return inputs.refuse("efficiency", format!("≤ {}, by carbon", significant(most, 4)));
    }
    recipe.takes.push(Stream::energy(COAL, 1.0 / efficiency, Part::Feed).holding(Elements::of_carbon(coal)));
    recipe.takes.extend(inputs.get("electricity").map(|q| Stream::energy("electricity", q, Part::AuxiliaryPower)));
    recipe.takes.extend(inputs.get("water").map(|q| Stream::mass("fresh_water", q, Part::Water)));
    recipe.gives.push(Stream::energy(SNG, 1.0, Part::Product).holding(Elements::of_carbon(gas)));
    let carbon = coal - gas;
    recipe.emits.push(Emission {
        gas: Gas::Co2,
        mass: carbon * CO2_PER_CARBON,
        counts: Counts::Fossil,
        elements: Elements::of_carbon(carbon),
    });
    Ok(recipe)
}
