//! Photovoltaics, electrolysis and storage of electricity.
//!
//! `pv` and `storage` are per GJ of electricity delivered, `electrolyzer` per tonne of hydrogen
//! (`2 H2O → 2 H2 + O2`: 8.94 t of water in, 7.94 t of oxygen out). Yields, consumption and efficiency are the
//! scenario's: no row of the library has them. [`operate`] runs a storage through the periods of a year.

use super::parameter::Inputs;
use super::stoichiometry::{H2, O2, WATER};
use super::{Activity, Kind, Part, Range, Recipe, RecipeError, SIZE, Silent, Spec, Stream, size, spec, unit};
use crate::quantity::Dimension;

const ELECTROLYZER: [Spec; 3] = [
    spec(
        "electricity_use",
        ("electricity per hydrogen", "单位氢气电耗"),
        unit::POWER_PER_KG,
        Range::Positive,
        Silent::Error,
    ),
    spec(
        "water",
        ("water per hydrogen", "单位氢气耗水"),
        unit::MASS_RATIO,
        Range::Positive,
        Silent::Reaction(WATER / H2),
    ),
    spec(
        "heat_recovered",
        ("heat recovered per hydrogen", "单位氢气回收热"),
        unit::HEAT,
        Range::NotNegative,
        Silent::Without,
    ),
];
/// Of the sun no need says how much there is.
const PV: [Spec; 2] = [
    spec("capacity", ("capacity", "能力"), unit::CAPACITY, Range::Positive, Silent::Error),
    spec("full_load_hours", ("full-load hours", "利用小时数"), unit::HOURS, Range::NotNegative, Silent::Error),
];
const STORAGE: [Spec; 4] = [
    spec(
        "efficiency",
        ("electricity delivered over electricity taken", "往返效率"),
        unit::NONE,
        Range::Share,
        Silent::Error,
    ),
    spec("energy", ("what it delivers when it is full", "满充可放电量"), unit::ENERGY, Range::Positive, Silent::Error),
    spec("power", ("power that it takes or delivers", "充放电功率"), unit::CAPACITY, Range::Positive, Silent::Error),
    spec("cycles", ("cycles in a month", "每月循环次数"), unit::NONE, Range::AtLeastOne, Silent::Error),
];

/// The kinds of this file.
pub static KINDS: [Kind; 3] = [
    Kind { id: "pv", words: ("photovoltaics", "光伏发电"), activity: POWER, parameters: &[&PV], build: pv },
    Kind {
        id: "electrolyzer",
        words: ("electrolyzer", "电解水制氢"),
        activity: Activity::Delivered("hydrogen", Dimension::MASS),
        parameters: &[&ELECTROLYZER, &SIZE],
        build: electrolyzer,
    },
    Kind {
        id: "storage",
        words: ("storage of electricity", "储电"),
        activity: POWER,
        parameters: &[&STORAGE],
        build: storage,
    },
];

const POWER: Activity = Activity::Delivered("electricity", Dimension::ENERGY);

/// Per GJ; capacity is that of the inverters, AC, and so are the hours.
#[allow(clippy::unnecessary_wraps, reason = "the shape of `Kind::build`")]
fn pv(inputs: &Inputs) -> Result<Recipe, Vec<RecipeError>> {
    let mut recipe = Recipe { size: size(inputs), ..Recipe::of(inputs) };
    recipe.gives.push(Stream::energy("electricity", 1.0, Part::Product));
    Ok(recipe)
}

/// Per tonne of hydrogen; capacity is that of the power taken.
fn electrolyzer(inputs: &Inputs) -> Result<Recipe, Vec<RecipeError>> {
    let power = inputs.need("electricity_use")?;
    let water = inputs.need("water")?;
    if water < WATER / H2 * (1.0 - ROUNDING) {
        return inputs.refuse("water", format!("≥ {}", crate::quantity::significant(WATER / H2, 4)));
    }
    let heat = inputs.get("heat_recovered");
    if heat.is_some_and(|heat| heat > power) {
        return inputs.refuse("heat_recovered", "no more than the electricity".to_owned());
    }
    let mut recipe = Recipe { size: size(inputs).map(|energy| energy / power), ..Recipe::of(inputs) };
    recipe.takes.push(Stream::energy("electricity", power, Part::Feed));
    recipe.takes.push(Stream::mass("demineralised_water", water, Part::Water));
    recipe.gives.push(Stream::mass("hydrogen", 1.0, Part::Product));
    recipe.gives.push(Stream::mass("oxygen", O2 / (2.0 * H2), Part::ByProduct));
    recipe.gives.extend(heat.map(|q| Stream::energy("heat", q, Part::ByProduct)));
    Ok(recipe)
}

/// A figure that a scenario rounds to four digits is no error. Unit: 1.
const ROUNDING: f64 = 1e-3;

/// Per GJ that comes back.
fn storage(inputs: &Inputs) -> Result<Recipe, Vec<RecipeError>> {
    let mut recipe = Recipe::of(inputs);
    recipe.takes.push(Stream::energy("electricity", 1.0 / inputs.need("efficiency")?, Part::Feed));
    recipe.gives.push(Stream::energy("electricity", 1.0, Part::Product));
    Ok(recipe)
}

/// A storage, for a run through periods.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Store {
    /// The most that it holds. Unit: GJ.
    pub capacity: f64,
    /// The most that it takes in a period. Unit: GJ.
    pub most_in: f64,
    /// The most that it delivers in a period. Unit: GJ.
    pub most_out: f64,
    /// Share of what it takes that is stored. Unit: 1.
    pub charging: f64,
    /// Share of what leaves the store that is delivered. Unit: 1.
    pub discharging: f64,
    /// Share of the level that is still there a period later. Unit: 1.
    pub kept: f64,
}

/// What a storage does in a period. Unit: GJ.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Step {
    /// Taken from the bus.
    pub taken: f64,
    /// Delivered to the bus.
    pub delivered: f64,
    /// Lost in the period.
    pub lost: f64,
    /// In the store at the end.
    pub level: f64,
}

/// Runs a storage through periods: it takes what is over and delivers what is wanting, as far as it can, without
/// foresight. `over` is generation less demand by period; `opening` the level before the first. Unit: GJ.
///
/// `opening + Σ taken = Σ delivered + Σ lost + closing`.
#[must_use]
pub fn operate(store: &Store, over: &[f64], opening: f64) -> Vec<Step> {
    let mut level = opening;
    let mut steps = Vec::with_capacity(over.len());
    for &over in over {
        let kept = level * store.kept;
        let room = (store.capacity - kept).max(0.0);
        // A store that keeps nothing of what it takes has no use for it.
        let fits = if store.charging > 0.0 { room / store.charging } else { 0.0 };
        let taken = over.max(0.0).min(store.most_in).min(fits);
        let delivered = (-over).max(0.0).min(store.most_out).min(kept * store.discharging);
        let drawn = if store.discharging > 0.0 { delivered / store.discharging } else { 0.0 };
        let next = (kept + taken * store.charging - drawn).max(0.0);
        steps.push(Step { taken, delivered, lost: level + taken - delivered - next, level: next });
        level = next;
    }
    steps
}

/// A yearly amount by period, in proportion to a profile that need not be normalized; none for a profile without a sum
/// above zero or with a negative part.
#[must_use]
pub fn by_period(annual: f64, profile: &[f64]) -> Option<Vec<f64>> {
    let sum: f64 = profile.iter().sum();
    let sound = sum.is_finite() && sum > 0.0 && profile.iter().all(|p| *p >= 0.0);
    sound.then(|| profile.iter().map(|p| annual * p / sum).collect())
}
