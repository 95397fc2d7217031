//! Heat: pumps, boilers and engines on waste heat, and the top-gas turbine.
//!
//! Balances of energy; no emission of their own. Levels of temperature bound what can be: a coefficient of performance
//! and an efficiency above Carnot's are refused.

use super::parameter::Inputs;
use super::{Activity, Kind, Part, Range, Recipe, RecipeError, SIZE, Silent, Spec, Stream, size, spec, unit};
use crate::quantity::{Dimension, significant};

const SOURCE: Spec = spec(
    "source_temperature",
    ("temperature of the source", "热源温度"),
    unit::CELSIUS,
    Range::Celsius,
    Silent::Without,
);
const SINK: Spec = spec(
    "sink_temperature",
    ("temperature of what takes it", "供热（冷端）温度"),
    unit::CELSIUS,
    Range::Celsius,
    Silent::Without,
);
const EFFICIENCY: Spec =
    spec("efficiency", ("useful output over heat taken", "效率"), unit::NONE, Range::Share, Silent::Error);
const AUXILIARIES: Spec = spec(
    "electricity",
    ("electricity of auxiliaries per output", "单位产出辅助用电"),
    ("GJ/GJ", Dimension::NONE),
    Range::NotNegative,
    Silent::Without,
);

const PUMP: [Spec; 4] = [
    spec(
        "cop",
        ("coefficient of performance", "性能系数"),
        unit::NONE,
        Range::AtLeastOne,
        Silent::Unless(&["carnot_share", "source_temperature", "sink_temperature"], None),
    ),
    spec("carnot_share", ("share of Carnot's coefficient", "卡诺系数比"), unit::NONE, Range::Share, Silent::Without),
    SOURCE,
    SINK,
];
const BOILER: [Spec; 4] = [EFFICIENCY, AUXILIARIES, SOURCE, SINK];
const RANKINE: [Spec; 3] = [EFFICIENCY, SOURCE, SINK];
const TURBINE: [Spec; 2] = [
    spec(
        "generation",
        ("electricity per hot metal", "吨铁发电量"),
        unit::POWER_PER_TONNE,
        Range::Positive,
        Silent::Error,
    ),
    spec(
        "electricity_use",
        ("electricity of auxiliaries per hot metal", "吨铁辅助用电"),
        unit::POWER_PER_TONNE,
        Range::NotNegative,
        Silent::Without,
    ),
];

const HEAT: Activity = Activity::Delivered("heat", Dimension::ENERGY);

/// The kinds of this file.
pub static KINDS: [Kind; 4] = [
    Kind { id: "heat_pump", words: ("heat pump", "热泵"), activity: HEAT, parameters: &[&PUMP, &SIZE], build: pump },
    Kind {
        id: "waste_heat_boiler",
        words: ("waste-heat boiler", "余热锅炉"),
        activity: Activity::Delivered("steam", Dimension::ENERGY),
        parameters: &[&BOILER, &SIZE],
        build: boiler,
    },
    Kind {
        id: "organic_rankine",
        words: ("organic Rankine cycle", "有机朗肯循环"),
        activity: Activity::Delivered("electricity", Dimension::ENERGY),
        parameters: &[&RANKINE, &SIZE],
        build: rankine,
    },
    Kind {
        id: "trt",
        words: ("top-gas recovery turbine", "高炉煤气余压发电"),
        activity: Activity::Served("pig_iron"),
        parameters: &[&TURBINE],
        build: turbine,
    },
];

/// 0 °C. Unit: K.
const KELVIN: f64 = 273.15;

/// Carnot's efficiency of an engine between two temperatures; none where the source is not warmer. Units: °C → 1.
#[must_use]
pub fn carnot_efficiency(source: f64, sink: f64) -> Option<f64> {
    (source > sink).then(|| (source - sink) / (source + KELVIN))
}

/// Carnot's coefficient of a heat pump that lifts heat from `source` to `sink`; none where there is no lift.
/// Units: °C → 1.
#[must_use]
pub fn carnot_cop(source: f64, sink: f64) -> Option<f64> {
    (sink > source).then(|| (sink + KELVIN) / (sink - source))
}

/// Per GJ of heat delivered: `1/COP` of electricity and the rest from the source.
fn pump(inputs: &Inputs) -> Result<Recipe, Vec<RecipeError>> {
    let (source, sink) = (inputs.get("source_temperature"), inputs.get("sink_temperature"));
    let most = match (source, sink) {
        (Some(source), Some(sink)) => match carnot_cop(source, sink) {
            None => return inputs.refuse("source_temperature", format!("< {} °C", significant(sink, 6))),
            most => most,
        },
        _ => None,
    };
    let cop = match (inputs.get("cop"), inputs.get("carnot_share"), most) {
        (None, Some(share), Some(most)) if share * most < 1.0 => {
            return inputs.refuse("carnot_share", format!("≥ {}", significant(1.0 / most, 4)));
        }
        (None, Some(share), Some(most)) => share * most,
        _ => inputs.need("cop")?,
    };
    if let Some(most) = most
        && cop > most
    {
        return inputs.refuse("cop", format!("≤ {}, by Carnot", significant(most, 4)));
    }
    let mut recipe = Recipe { size: size(inputs), ..Recipe::of(inputs) };
    recipe.takes.push(Stream::energy("electricity", 1.0 / cop, Part::Feed));
    recipe.takes.push(Stream::energy("heat", 1.0 - 1.0 / cop, Part::Feed).at(source));
    recipe.gives.push(Stream::energy("heat", 1.0, Part::Product).at(sink));
    Ok(recipe)
}

/// Per GJ of steam delivered.
fn boiler(inputs: &Inputs) -> Result<Recipe, Vec<RecipeError>> {
    let (source, sink) = (inputs.get("source_temperature"), inputs.get("sink_temperature"));
    if let (Some(source), Some(sink)) = (source, sink)
        && source <= sink
    {
        return inputs.refuse("source_temperature", format!("> {} °C", significant(sink, 6)));
    }
    let mut recipe = Recipe { size: size(inputs), ..Recipe::of(inputs) };
    recipe.takes.push(Stream::energy("heat", 1.0 / inputs.need("efficiency")?, Part::Feed).at(source));
    recipe.takes.extend(inputs.get("electricity").map(|q| Stream::energy("electricity", q, Part::AuxiliaryPower)));
    recipe.gives.push(Stream::energy("steam", 1.0, Part::Product).at(sink));
    Ok(recipe)
}

/// Per GJ of electricity delivered, net of its pumps.
fn rankine(inputs: &Inputs) -> Result<Recipe, Vec<RecipeError>> {
    let (source, sink) = (inputs.get("source_temperature"), inputs.get("sink_temperature"));
    let efficiency = inputs.need("efficiency")?;
    if let (Some(hot), Some(cold)) = (source, sink) {
        let most = carnot_efficiency(hot, cold).unwrap_or_default();
        if efficiency > most {
            return inputs.refuse("efficiency", format!("≤ {}, by Carnot", significant(most, 4)));
        }
    }
    let mut recipe = Recipe { size: size(inputs), ..Recipe::of(inputs) };
    recipe.takes.push(Stream::energy("heat", 1.0 / efficiency, Part::Feed).at(source));
    recipe.gives.push(Stream::energy("electricity", 1.0, Part::Product));
    Ok(recipe)
}

/// Per tonne of hot metal: the pressure of the top gas becomes electricity; the gas keeps its heating value.
fn turbine(inputs: &Inputs) -> Result<Recipe, Vec<RecipeError>> {
    let mut recipe = Recipe::of(inputs);
    recipe.gives.push(Stream::energy("electricity", inputs.need("generation")?, Part::Product));
    recipe.takes.extend(inputs.get("electricity_use").map(|q| Stream::energy("electricity", q, Part::AuxiliaryPower)));
    Ok(recipe)
}
