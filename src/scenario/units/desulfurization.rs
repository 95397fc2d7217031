//! Flue-gas desulfurization.
//!
//! Per tonne of SO2 removed. The CO2 is what the acid drives out of the carbonate that it neutralizes; carbonate in
//! excess leaves with the gypsum, so that carbon and calcium close (methods note, correction 3). What a park
//! books of it is for the ledger to say, by `fgd` of its `park.toml`.
//!
//! | unit | reaction |
//! |---|---|
//! | `wet_fgd` | `CaCO3 + SO2 + ½ O2 + 2 H2O → CaSO4·2H2O + CO2` |
//! | `lime_fgd`, `carbide_slag_fgd` | `Ca(OH)2 + SO2 + ½ O2 + H2O → CaSO4·2H2O` |
//! | `ammonia_fgd` | `2 NH3 + SO2 + ½ O2 + H2O → (NH4)2SO4` |
//! | `seawater_fgd` | `SO2 + 2 HCO3⁻ + ½ O2 → SO4²⁻ + 2 CO2 + H2O` |
//! | `semi_dry_fgd` | `Ca(OH)2 + SO2 → CaSO3·½H2O + ½ H2O` |
//! | `bicarbonate_fgd` | `2 NaHCO3 + SO2 + ½ O2 → Na2SO4 + 2 CO2 + H2O`; excess `2 NaHCO3 → Na2CO3 + CO2 + H2O` |
//! | `in_bed_limestone` | `CaCO3 → CaO + CO2` (all of it), `CaO + SO2 + ½ O2 → CaSO4` |
//!
//! Removal, Ca/S and power are practice from memory (`emission_factors/abatement_practice`): the scenario states them. (M) behind a code: remembered, its text was not read.

use super::parameter::Inputs;
use super::stoichiometry::{
    AMMONIA, AMMONIUM_SULFATE, ANHYDRITE, BICARBONATE, CALCIUM_SULFITE, Elements, QUICKLIME, SLAKED_LIME, SO2_MOLES,
    SODA, SODIUM_SULFATE,
};
use super::{
    AUXILIARY, Activity, BY_GENERATION, Counts, Emission, Kind, PURITY, Part, REMOVAL, Range, Recipe, RecipeError,
    SPECIFIC_POWER, Silent, Spec, Stream, spec, specific_power, unit,
};
use crate::methods::desulfurization::MOLAR;
use crate::park::Gas;

const ACTIVITY: Activity = Activity::Removed(Gas::So2);

/// Atoms in a tonne of SO2.
const SO2: Elements = Elements { carbon: 0.0, sulfur: crate::methods::sulfur::SULFUR_IN_SO2, calcium: 0.0 };

const CA_S: (&str, &str) = ("molar ratio of calcium to SO2 removed", "钙硫比");
const MOISTURE: (&str, &str) = ("moisture of the by-product", "副产物含水率");
const LIMESTONE_PURITY: &str = "cn_gbt32151_34_reagents.limestone.carbonate.fgd";

const fn removal(silent: Silent) -> Spec {
    spec("removal", REMOVAL, unit::NONE, Range::Share, silent)
}

const fn power(row: Option<&'static str>) -> Spec {
    spec("specific_power", SPECIFIC_POWER, unit::POWER_PER_KG, Range::NotNegative, Silent::Unless(BY_GENERATION, row))
}

const fn calcium_sulfur(silent: Silent) -> Spec {
    spec("ca_s_ratio", CA_S, unit::NONE, Range::AtLeastOne, silent)
}

const fn purity(silent: Silent) -> Spec {
    spec("purity", PURITY, unit::NONE, Range::Share, silent)
}

const fn excess(silent: Silent) -> Spec {
    let words = ("reagent over what the reaction needs", "脱除剂过量系数");
    spec("reagent_ratio", words, unit::NONE, Range::AtLeastOne, silent)
}

/// What any desulfurization may state besides.
const COMMON: [Spec; 5] = [
    spec("moisture", MOISTURE, unit::NONE, Range::Part, Silent::Without),
    spec(
        "reheat",
        ("heat for reheating the flue gas", "烟气再热耗热"),
        unit::HEAT,
        Range::NotNegative,
        Silent::Without,
    ),
    spec("water", ("make-up water", "补充水"), unit::MASS_RATIO, Range::NotNegative, Silent::Without),
    spec(
        "reagent_distance",
        ("haul of the reagent", "脱硫剂运距"),
        unit::DISTANCE,
        Range::NotNegative,
        Silent::Without,
    ),
    spec(
        "product_distance",
        ("haul of the by-product", "副产物运距"),
        unit::DISTANCE,
        Range::NotNegative,
        Silent::Without,
    ),
];

const WET_REMOVAL: Silent = Silent::Row("abatement_practice.removal.SO2.wet_fgd");
const WET: [Spec; 4] = [
    removal(WET_REMOVAL),
    calcium_sulfur(Silent::Row("abatement_practice.ca_s_ratio.wet_fgd")),
    purity(Silent::Row(LIMESTONE_PURITY)),
    power(Some("abatement_practice.specific_power.SO2.wet_fgd")),
];
const LIME: [Spec; 4] = [removal(Silent::Error), calcium_sulfur(Silent::Error), purity(Silent::Error), power(None)];
const CARBIDE: [Spec; 4] = [
    removal(Silent::Error),
    calcium_sulfur(Silent::Error),
    purity(Silent::Row("composition_practice.carbide_slag.calcium_hydroxide")),
    power(None),
];
/// Liquid ammonia and aqueous ammonia alike are counted as `NH3`.
const AMMONIA_WORKS: [Spec; 3] = [removal(Silent::Error), excess(Silent::Reaction(1.0)), power(None)];
const SEAWATER: [Spec; 3] = [
    removal(Silent::Error),
    spec("seawater", ("seawater per SO2 removed", "单位脱硫海水量"), unit::MASS_RATIO, Range::Positive, Silent::Error),
    power(None),
];
const BICARBONATE_WORKS: [Spec; 4] =
    [removal(Silent::Error), excess(Silent::Error), purity(Silent::Error), power(None)];
const BED: [Spec; 4] = [
    removal(Silent::Error),
    calcium_sulfur(Silent::Row("abatement_practice.ca_s_ratio.fluidized_bed")),
    purity(Silent::Row(LIMESTONE_PURITY)),
    power(None),
];

const fn kind(
    id: &'static str,
    words: (&'static str, &'static str),
    parameters: &'static [&'static [Spec]],
    build: fn(&Inputs) -> Result<Recipe, Vec<RecipeError>>,
) -> Kind {
    Kind { id, words, activity: ACTIVITY, parameters, build }
}

/// The kinds of this file.
pub static KINDS: [Kind; 8] = [
    kind("wet_fgd", ("limestone-gypsum FGD", "石灰石-石膏湿法脱硫"), &[&WET, &AUXILIARY, &COMMON], limestone),
    kind("lime_fgd", ("lime-gypsum FGD", "石灰-石膏湿法脱硫"), &[&LIME, &AUXILIARY, &COMMON], lime),
    kind(
        "carbide_slag_fgd",
        ("carbide-slag FGD", "电石渣-石膏湿法脱硫"),
        &[&CARBIDE, &AUXILIARY, &COMMON],
        carbide_slag,
    ),
    kind("ammonia_fgd", ("ammonia FGD", "氨法脱硫"), &[&AMMONIA_WORKS, &AUXILIARY, &COMMON], ammonia),
    kind("seawater_fgd", ("seawater FGD", "海水脱硫"), &[&SEAWATER, &AUXILIARY, &COMMON], seawater),
    kind(
        "semi_dry_fgd",
        ("semi-dry FGD with slaked lime", "半干法脱硫（消石灰）"),
        &[&LIME, &AUXILIARY, &COMMON],
        semi_dry,
    ),
    kind(
        "bicarbonate_fgd",
        ("dry FGD with sodium bicarbonate", "干法脱硫（碳酸氢钠）"),
        &[&BICARBONATE_WORKS, &AUXILIARY, &COMMON],
        bicarbonate,
    ),
    kind("in_bed_limestone", ("limestone in a fluidized bed", "炉内喷钙脱硫"), &[&BED, &AUXILIARY, &COMMON], in_bed),
];

/// What all desulfurizations share: removal, electricity, reheating and water. Water is the make-up that the scenario
/// states; the two waters of the gypsum are part of it.
fn start(inputs: &Inputs) -> Result<Recipe, Vec<RecipeError>> {
    let mut recipe = Recipe::of(inputs);
    recipe.removes = Some((Gas::So2, inputs.need("removal")?));
    recipe.removed = SO2;
    recipe.takes.push(Stream::energy("electricity", specific_power(inputs)?, Part::AuxiliaryPower));
    recipe.takes.extend(inputs.get("reheat").map(|heat| Stream::energy("heat", heat, Part::Reheat)));
    recipe.takes.extend(inputs.get("water").map(|water| Stream::mass("fresh_water", water, Part::Water)));
    Ok(recipe)
}

/// Adds reagent, by-product and CO2, and what is hauled.
fn finish(mut recipe: Recipe, inputs: &Inputs, reagent: Stream, product: Stream, co2_moles: f64) -> Recipe {
    // The by-product leaves moist; its atoms and its active substance are those of the dry one.
    let quantity = product.quantity / (1.0 - inputs.get("moisture").unwrap_or_default());
    recipe.takes.push(reagent);
    recipe.gives.push(Stream { quantity, ..product });
    if co2_moles > 0.0 {
        recipe.emits.push(co2(co2_moles, Counts::Fossil));
    }
    recipe.haul(inputs.get("reagent_distance"), Part::Reagent);
    recipe.haul(inputs.get("product_distance"), Part::ByProduct);
    recipe
}

/// CO2 by moles. Unit: Mmol.
fn co2(moles: f64, counts: Counts) -> Emission {
    Emission { gas: Gas::Co2, mass: moles * MOLAR.co2, counts, elements: Elements::of_moles(moles, 0.0, 0.0) }
}

/// A calcium reagent that becomes gypsum: moles a mole, `ratio` of them fed. `rest` is what an unused mole leaves as.
fn gypsum(
    inputs: &Inputs,
    carrier: &'static str,
    (fed, rest): (f64, f64),
    carbon: f64,
) -> Result<Recipe, Vec<RecipeError>> {
    let recipe = start(inputs)?;
    let (ratio, purity) = (inputs.need("ca_s_ratio")?, inputs.need("purity")?);
    let moles = SO2_MOLES;
    let pure = moles * ratio * fed;
    let whole = pure / purity;
    let held = Elements::of_moles(moles * ratio * carbon, 0.0, moles * ratio);
    let reagent = Stream { pure, ..Stream::mass(carrier, whole, Part::Reagent).holding(held) };
    let dihydrate = moles * MOLAR.gypsum;
    let unused = moles * (ratio - 1.0);
    let held = Elements::of_moles(unused * carbon, moles, moles * ratio);
    let dry = dihydrate + unused * rest + (whole - pure);
    let product = Stream { pure: dihydrate, ..Stream::mass("fgd_gypsum", dry, Part::ByProduct).holding(held) };
    Ok(finish(recipe, inputs, reagent, product, moles * carbon))
}

/// `wet_fgd`. Sources: HJ 179 (M) and practice for Ca/S, GB/T 32151 clause 5.2.5.2 for the purity of limestone (90 %).
fn limestone(inputs: &Inputs) -> Result<Recipe, Vec<RecipeError>> {
    gypsum(inputs, "limestone", (MOLAR.limestone, MOLAR.limestone), 1.0)
}

/// `lime_fgd`: quicklime is slaked first, and what is left over leaves slaked. No CO2 here: it left at the lime kiln.
fn lime(inputs: &Inputs) -> Result<Recipe, Vec<RecipeError>> {
    gypsum(inputs, "lime", (QUICKLIME, SLAKED_LIME), 0.0)
}

/// `carbide_slag_fgd`: `Ca(OH)2` that a carbide plant gives away. No CO2.
fn carbide_slag(inputs: &Inputs) -> Result<Recipe, Vec<RecipeError>> {
    gypsum(inputs, "carbide_slag", (SLAKED_LIME, SLAKED_LIME), 0.0)
}

/// `ammonia_fgd`: HJ 2001 (M). Ammonia in excess leaves as slip: in no by-product.
fn ammonia(inputs: &Inputs) -> Result<Recipe, Vec<RecipeError>> {
    let recipe = start(inputs)?;
    let ratio = inputs.need("reagent_ratio")?;
    let reagent = Stream::mass("ammonia", 2.0 * SO2_MOLES * ratio * AMMONIA, Part::Reagent);
    let held = Elements::of_moles(0.0, SO2_MOLES, 0.0);
    let product = Stream::mass("ammonium_sulfate", SO2_MOLES * AMMONIUM_SULFATE, Part::ByProduct).holding(held);
    Ok(finish(recipe, inputs, reagent, product, 0.0))
}

/// `seawater_fgd`: the bicarbonate of the sea neutralizes the acid; its CO2 is a memo. Sulfate goes back to the sea.
fn seawater(inputs: &Inputs) -> Result<Recipe, Vec<RecipeError>> {
    let mut recipe = start(inputs)?;
    let water = inputs.need("seawater")?;
    let carbon = Elements::of_moles(2.0 * SO2_MOLES, 0.0, 0.0);
    let sulfur = Elements::of_moles(0.0, SO2_MOLES, 0.0);
    recipe.takes.push(Stream::mass("seawater", water, Part::Water).holding(carbon));
    recipe.gives.push(Stream::mass("seawater", water, Part::Water).holding(sulfur));
    recipe.emits.push(co2(2.0 * SO2_MOLES, Counts::Alkalinity));
    Ok(recipe)
}

/// `semi_dry_fgd`: a spray dryer or circulating bed, HJ 178 (M). The product is a sulfite ash. What excess lime takes up of
/// the CO2 of the flue gas is not counted.
fn semi_dry(inputs: &Inputs) -> Result<Recipe, Vec<RecipeError>> {
    let recipe = start(inputs)?;
    let (ratio, purity) = (inputs.need("ca_s_ratio")?, inputs.need("purity")?);
    let pure = SO2_MOLES * ratio * SLAKED_LIME;
    let held = Elements::of_moles(0.0, 0.0, SO2_MOLES * ratio);
    let reagent = Stream { pure, ..Stream::mass("slaked_lime", pure / purity, Part::Reagent).holding(held) };
    let sulfite = SO2_MOLES * CALCIUM_SULFITE;
    let dry = sulfite + SO2_MOLES * (ratio - 1.0) * SLAKED_LIME + (pure / purity - pure);
    Ok(finish(recipe, inputs, reagent, ash(dry, sulfite, Elements::of_moles(0.0, SO2_MOLES, SO2_MOLES * ratio)), 0.0))
}

/// `bicarbonate_fgd`. In hot gas all bicarbonate decays; what meets no acid stays as soda, with half of its carbon.
fn bicarbonate(inputs: &Inputs) -> Result<Recipe, Vec<RecipeError>> {
    let recipe = start(inputs)?;
    let (ratio, purity) = (inputs.need("reagent_ratio")?, inputs.need("purity")?);
    let pure = 2.0 * SO2_MOLES * ratio * BICARBONATE;
    let held = Elements::of_moles(2.0 * SO2_MOLES * ratio, 0.0, 0.0);
    let reagent = Stream { pure, ..Stream::mass("sodium_bicarbonate", pure / purity, Part::Reagent).holding(held) };
    let unused = SO2_MOLES * (ratio - 1.0);
    let sulfate = SO2_MOLES * SODIUM_SULFATE;
    let dry = sulfate + unused * SODA + (pure / purity - pure);
    let product = ash(dry, sulfate, Elements::of_moles(unused, SO2_MOLES, 0.0));
    Ok(finish(recipe, inputs, reagent, product, 2.0 * SO2_MOLES + unused))
}

/// `in_bed_limestone`: all limestone calcines, so the CO2 is Ca/S times 0.687; lime that finds no SO2 leaves in the ash.
fn in_bed(inputs: &Inputs) -> Result<Recipe, Vec<RecipeError>> {
    let recipe = start(inputs)?;
    let (ratio, purity) = (inputs.need("ca_s_ratio")?, inputs.need("purity")?);
    let moles = SO2_MOLES * ratio;
    let pure = moles * MOLAR.limestone;
    let held = Elements::of_moles(moles, 0.0, moles);
    let reagent = Stream { pure, ..Stream::mass("limestone", pure / purity, Part::Reagent).holding(held) };
    let sulfate = SO2_MOLES * ANHYDRITE;
    let dry = sulfate + (moles - SO2_MOLES) * QUICKLIME + (pure / purity - pure);
    let product = ash(dry, sulfate, Elements::of_moles(0.0, SO2_MOLES, moles));
    Ok(finish(recipe, inputs, reagent, product, moles))
}

/// Ash of desulfurization with the sulfur compound in it.
fn ash(dry: f64, pure: f64, held: Elements) -> Stream {
    Stream { pure, ..Stream::mass("desulfurization_ash", dry, Part::ByProduct).holding(held) }
}
