//! Abatement and conversion units: what each takes, gives and emits per unit of its activity.
//!
//! Pure functions over plain numbers. A unit is a [`Kind`] with named parameters; [`recipe`] settles the parameters and
//! writes the [`Recipe`]. Defaults are cited rows of `emission_factors/`; what nobody could confirm is no default: the
//! scenario states it, and the error says what one reads. Stoichiometry is exact, from the atomic weights in
//! [`stoichiometry`]. [`Recipe::closures`] balances carbon, sulfur, calcium and energy of any recipe.
//!
//! | file | units |
//! |---|---|
//! | `desulfurization` | `wet_fgd` (limestone-gypsum), lime, carbide slag, ammonia, seawater, semi-dry, dry, in the bed |
//! | `denitrification` | `scr` and `sncr` with ammonia or urea |
//! | `dust` | `esp`, `bag_filter` |
//! | `wastewater` | aerobic and anaerobic treatment |
//! | `gasification` | `coal_to_sng`, and what a useful GJ of SNG emits beside one of coal |
//! | `capture` | `co2_capture` |
//! | `heat` | `heat_pump`, `waste_heat_boiler`, `organic_rankine`, `trt` |
//! | `power` | `pv`, `electrolyzer`, `storage`, and a year of a storage by period |
//! | `parameter` | parameters, ranges, defaults and errors |
//! | `stoichiometry` | atomic weights and molar masses |
//! | `parts` | where the CO2 of a unit comes from: reaction, power, reheating, reagent, transport |
//! | `closure` | balances of a recipe |

pub mod capture;
mod closure;
pub mod denitrification;
pub mod desulfurization;
pub mod dust;
pub mod gasification;
pub mod heat;
mod parameter;
mod parts;
pub mod power;
pub mod stoichiometry;
pub mod wastewater;

pub use closure::{Balanced, Closure};
pub use parameter::{How, Range, RecipeError, Silent, Spec, Suggestion, Used, row};
pub use parts::{Part, PartOf};

use crate::park::Gas;
use crate::quantity::{Dimension, Quantity};
use parameter::Inputs;
use stoichiometry::Elements;

/// A kind of unit.
#[derive(Debug)]
pub struct Kind {
    /// Its name in a scenario: `wet_fgd`.
    pub id: &'static str,
    /// Its names in English and Chinese.
    pub words: (&'static str, &'static str),
    /// What its recipe counts by.
    pub activity: Activity,
    parameters: &'static [&'static [Spec]],
    build: fn(&Inputs) -> Result<Recipe, Vec<RecipeError>>,
}

impl Kind {
    /// Its parameters, in the order in which they are shown.
    pub fn parameters(&self) -> impl Iterator<Item = &'static Spec> + use<> {
        self.parameters.iter().copied().flatten()
    }
}

/// What a recipe is written for one of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Activity {
    /// A tonne of a pollutant or gas that is removed.
    Removed(Gas),
    /// A GJ or tonne of a carrier that is delivered, net of what the unit loses.
    Delivered(&'static str, Dimension),
    /// A tonne of a product of the process that the unit serves.
    Served(&'static str),
}

impl Activity {
    /// What it measures.
    #[must_use]
    pub fn dimension(self) -> Dimension {
        match self {
            Self::Removed(_) | Self::Served(_) => Dimension::MASS,
            Self::Delivered(_, dimension) => dimension,
        }
    }

    /// `t SO2 removed`, in English and Chinese.
    #[must_use]
    pub fn words(self) -> (String, String) {
        let unit = self.dimension();
        match self {
            Self::Removed(gas) => {
                (format!("{unit} {} removed", gas.label()), format!("脱除 {} {unit}", gas.label_zh()))
            }
            Self::Delivered(carrier, _) => (format!("{unit} {carrier} delivered"), format!("供出 {carrier} {unit}")),
            Self::Served(carrier) => (format!("{unit} {carrier} made"), format!("生产 {carrier} {unit}")),
        }
    }
}

/// What a unit takes and gives per unit of its activity. By-products stand in `gives` and are never netted.
#[derive(Debug, Clone, PartialEq)]
pub struct Recipe {
    /// Its kind.
    pub kind: &'static str,
    /// Its names in English and Chinese.
    pub words: (&'static str, &'static str),
    /// What all quantities are per.
    pub activity: Activity,
    /// The pollutant and the share of it that is removed from what reaches the unit. Unit: 1.
    pub removes: Option<(Gas, f64)>,
    /// Atoms in what is removed, per tonne of it.
    pub removed: Elements,
    /// Carriers that it takes.
    pub takes: Vec<Stream>,
    /// Carriers that it gives.
    pub gives: Vec<Stream>,
    /// What it emits itself.
    pub emits: Vec<Emission>,
    /// What is hauled to and from it.
    pub freight: Vec<Freight>,
    /// Activity in a year where the parameters say it: capacity times full-load hours. Unit: of the activity.
    pub size: Option<f64>,
    /// Every parameter, with its value and where it came from.
    pub parameters: Vec<Used>,
}

/// A carrier that a unit takes or gives.
///
/// The carrier is the usual one. Where the place has steam for `heat`, the scenario puts it there, by energy. A fuel or
/// reagent of another id (a lignite for `bituminous`) is not taken for it: the usual one is bought outside.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stream {
    /// Id in `carriers.csv`.
    pub carrier: &'static str,
    /// How much per activity. Unit: canonical of `dimension` per that of the activity.
    pub quantity: f64,
    /// What `quantity` measures.
    pub dimension: Dimension,
    /// The active substance in it (`CaCO3` in limestone, dihydrate in gypsum); else `quantity`. Unit: as `quantity`.
    pub pure: f64,
    /// What it is for.
    pub part: Part,
    /// Atoms in it.
    pub elements: Elements,
    /// The temperature that it must have or has, where the parameters state it. Unit: °C.
    pub temperature: Option<f64>,
}

impl Stream {
    fn new(carrier: &'static str, quantity: f64, dimension: Dimension, part: Part) -> Self {
        Self { carrier, quantity, dimension, pure: quantity, part, elements: Elements::NONE, temperature: None }
    }

    /// By mass. Unit: t.
    fn mass(carrier: &'static str, quantity: f64, part: Part) -> Self {
        Self::new(carrier, quantity, Dimension::MASS, part)
    }

    /// By energy. Unit: GJ.
    fn energy(carrier: &'static str, quantity: f64, part: Part) -> Self {
        Self::new(carrier, quantity, Dimension::ENERGY, part)
    }

    fn holding(self, elements: Elements) -> Self {
        Self { elements, ..self }
    }

    fn at(self, temperature: Option<f64>) -> Self {
        Self { temperature, ..self }
    }
}

/// A gas that a unit emits itself.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Emission {
    /// Which.
    pub gas: Gas,
    /// How much per activity. Unit: t.
    pub mass: f64,
    /// Whether it counts in totals, and as what.
    pub counts: Counts,
    /// Atoms in it.
    pub elements: Elements,
}

/// How an emission of a unit counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counts {
    /// Fossil or mineral: in the totals.
    Fossil,
    /// From organic waste: CO2 apart, other gases in the totals.
    Biogenic,
    /// CO2 out of the alkalinity of seawater: a memo, in no inventory of IPCC or GB/T.
    Alkalinity,
}

/// Something hauled to or from a unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Freight {
    /// What is hauled.
    pub carrier: &'static str,
    /// How much per activity. Unit: t.
    pub mass: f64,
    /// How far. Unit: km.
    pub distance_km: f64,
}

/// All kinds, in the order of their files.
pub static KINDS: [&[Kind]; 8] = [
    &desulfurization::KINDS,
    &denitrification::KINDS,
    &dust::KINDS,
    &wastewater::KINDS,
    &gasification::KINDS,
    &capture::KINDS,
    &heat::KINDS,
    &power::KINDS,
];

/// All kinds.
pub fn kinds() -> impl Iterator<Item = &'static Kind> {
    KINDS.iter().copied().flatten()
}

/// The recipe of a unit of `kind` with the parameters that a scenario gives, by name and in canonical units. `allowed`
/// says which unconfirmed rows the park insists on (`allow_unconfirmed`).
///
/// # Errors
/// Everything that is wrong with the parameters, at once.
pub fn recipe(
    kind: &str,
    given: &[(String, Quantity)],
    allowed: &dyn Fn(&str) -> bool,
) -> Result<Recipe, Vec<RecipeError>> {
    let Some(kind) = kinds().find(|k| k.id == kind) else {
        return Err(vec![RecipeError::UnknownKind { kind: kind.to_owned() }]);
    };
    let inputs = Inputs::settle(kind, given, allowed)?;
    let recipe = (kind.build)(&inputs)?;
    Ok(Recipe { parameters: inputs.used, ..recipe })
}

impl Recipe {
    /// A recipe with nothing in it.
    fn of(inputs: &Inputs) -> Self {
        let kind = inputs.kind;
        Self {
            kind: kind.id,
            words: kind.words,
            activity: kind.activity,
            removes: None,
            removed: Elements::NONE,
            takes: Vec::new(),
            gives: Vec::new(),
            emits: Vec::new(),
            freight: Vec::new(),
            size: None,
            parameters: Vec::new(),
        }
    }

    /// What it takes of a carrier per activity, over all its parts. Unit: canonical of the carrier.
    #[must_use]
    pub fn taken(&self, carrier: &str) -> f64 {
        self.takes.iter().filter(|s| s.carrier == carrier).map(|s| s.quantity).sum()
    }

    /// What it gives of a carrier per activity. Unit: canonical of the carrier.
    #[must_use]
    pub fn given(&self, carrier: &str) -> f64 {
        self.gives.iter().filter(|s| s.carrier == carrier).map(|s| s.quantity).sum()
    }

    /// What it emits of a gas per activity; memos do not count. Unit: t.
    #[must_use]
    pub fn emitted(&self, gas: Gas) -> f64 {
        self.emits.iter().filter(|e| e.gas == gas && e.counts != Counts::Alkalinity).map(|e| e.mass).sum()
    }

    /// Hauls what it takes and gives in the parts `parts`, if a distance is stated. Unit: m.
    fn haul(&mut self, distance: Option<f64>, part: Part) {
        let Some(distance) = distance else { return };
        let side = if part == Part::ByProduct { &self.gives } else { &self.takes };
        let hauled = side.iter().filter(|s| s.part == part && s.dimension == Dimension::MASS);
        let km = distance / 1000.0;
        let freight: Vec<Freight> =
            hauled.map(|s| Freight { carrier: s.carrier, mass: s.quantity, distance_km: km }).collect();
        self.freight.extend(freight);
    }
}

/// Declares a parameter.
const fn spec(
    id: &'static str,
    words: (&'static str, &'static str),
    (unit, dimension): (&'static str, Dimension),
    range: Range,
    silent: Silent,
) -> Spec {
    Spec { id, words, unit, dimension, range, silent }
}

/// Units that parameters are given in.
mod unit {
    use crate::quantity::Dimension;

    pub(super) const NONE: (&str, Dimension) = ("1", Dimension::NONE);
    pub(super) const MASS_RATIO: (&str, Dimension) = ("t/t", Dimension::NONE);
    pub(super) const POWER_PER_KG: (&str, Dimension) = ("kWh/kg", Dimension::ENERGY.over(Dimension::MASS));
    pub(super) const POWER_PER_TONNE: (&str, Dimension) = ("kWh/t", Dimension::ENERGY.over(Dimension::MASS));
    pub(super) const GENERATION: (&str, Dimension) = ("MWh/t", Dimension::ENERGY.over(Dimension::MASS));
    pub(super) const HEAT: (&str, Dimension) = ("GJ/t", Dimension::ENERGY.over(Dimension::MASS));
    pub(super) const POWER_PER_VOLUME: (&str, Dimension) = ("kWh/m3", Dimension::ENERGY.over(Dimension::VOLUME));
    pub(super) const CONCENTRATION: (&str, Dimension) = ("mg/L", Dimension::MASS.over(Dimension::VOLUME));
    pub(super) const CARBON_PER_ENERGY: (&str, Dimension) = ("t/TJ", Dimension::MASS.over(Dimension::ENERGY));
    pub(super) const DISTANCE: (&str, Dimension) = ("km", Dimension::LENGTH);
    pub(super) const CELSIUS: (&str, Dimension) = ("°C", Dimension::TEMPERATURE);
    pub(super) const CAPACITY: (&str, Dimension) = ("MW", Dimension::POWER);
    pub(super) const ENERGY: (&str, Dimension) = ("MWh", Dimension::ENERGY);
    pub(super) const HOURS: (&str, Dimension) = ("h", Dimension::TIME);
}

const REMOVAL: (&str, &str) = ("removal efficiency", "去除效率");
const SPECIFIC_POWER: (&str, &str) = ("electricity per pollutant removed", "单位去除量电耗");
const PURITY: (&str, &str) = ("active substance in the reagent", "脱除剂有效成分含量");

/// The two other parameters that give the electricity of a unit.
const BY_GENERATION: &[&str] = &["auxiliary_power", "gross_generation"];

/// Electricity as a share of what the plant generates, in the place of `specific_power`.
const AUXILIARY: [Spec; 2] = [
    spec("auxiliary_power", ("share of gross generation", "厂用电率"), unit::NONE, Range::Part, Silent::Without),
    spec(
        "gross_generation",
        ("gross generation per pollutant removed", "单位去除量对应发电量"),
        unit::GENERATION,
        Range::Positive,
        Silent::Without,
    ),
];

/// Capacity and hours, which make the activity of a year.
const SIZE: [Spec; 2] = [
    spec("capacity", ("capacity", "能力"), unit::CAPACITY, Range::Positive, Silent::Without),
    spec("full_load_hours", ("full-load hours", "利用小时数"), unit::HOURS, Range::NotNegative, Silent::Without),
];

/// Electricity per activity: `specific_power`, else `auxiliary_power · gross_generation`. Unit: GJ/t.
fn specific_power(inputs: &Inputs) -> Result<f64, Vec<RecipeError>> {
    if let (Some(share), Some(generation)) = (inputs.get("auxiliary_power"), inputs.get("gross_generation")) {
        return Ok(share * generation);
    }
    inputs.need("specific_power")
}

/// Capacity times full-load hours, if both are stated. Units: GJ/h, h → GJ.
fn size(inputs: &Inputs) -> Option<f64> {
    Some(inputs.get("capacity")? * inputs.get("full_load_hours")?)
}
