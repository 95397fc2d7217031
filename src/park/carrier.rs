//! Carriers: what flows, and what is known of it.

use super::{CarrierId, EnterpriseId, Gas, Label, Parameter, ProcessId};
use crate::diagnostic::{Problem, Thing};
use crate::quantity::{Basis, Dimension, Moisture, Period, Unit};

/// What sort of thing a carrier is; decides units, basis and default use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CarrierKind {
    /// Coal, coke, wood, refuse.
    SolidFuel,
    /// Oil products, alcohols.
    LiquidFuel,
    /// Natural gas, coke-oven gas, biogas.
    GasFuel,
    /// Electricity.
    Electricity,
    /// Heat without a stated medium, hot water.
    Heat,
    /// Steam at a level.
    Steam,
    /// Chilled water, cooling.
    Cooling,
    /// Water of any quality.
    Water,
    /// Raw material or product.
    Material,
    /// By-product that someone can use.
    ByProduct,
    /// Waste.
    Waste,
}

/// Every kind with its id and its words in English and Chinese.
const KINDS: &[(CarrierKind, &str, &str, &str)] = &[
    (CarrierKind::SolidFuel, "solid_fuel", "a solid fuel", "固体燃料"),
    (CarrierKind::LiquidFuel, "liquid_fuel", "a liquid fuel", "液体燃料"),
    (CarrierKind::GasFuel, "gas_fuel", "a gaseous fuel", "气体燃料"),
    (CarrierKind::Electricity, "electricity", "electricity", "电力"),
    (CarrierKind::Heat, "heat", "heat", "热力"),
    (CarrierKind::Steam, "steam", "steam", "蒸汽"),
    (CarrierKind::Cooling, "cooling", "cooling", "冷量"),
    (CarrierKind::Water, "water", "water", "水"),
    (CarrierKind::Material, "material", "a material", "物料"),
    (CarrierKind::ByProduct, "by_product", "a by-product", "副产物"),
    (CarrierKind::Waste, "waste", "a waste", "废物"),
];

impl CarrierKind {
    /// The id used in tables.
    #[must_use]
    pub fn id(self) -> &'static str {
        KINDS.iter().find(|k| k.0 == self).map_or("", |k| k.1)
    }

    /// Finds a kind by its id or its Chinese name.
    #[must_use]
    pub fn find(text: &str) -> Option<Self> {
        KINDS.iter().find(|k| k.1 == text || k.3 == text).map(|k| k.0)
    }

    /// All ids, in order.
    pub fn ids() -> impl Iterator<Item = &'static str> {
        KINDS.iter().map(|k| k.1)
    }

    /// Whether it is burnt for its energy.
    #[must_use]
    pub fn is_fuel(self) -> bool {
        matches!(self, Self::SolidFuel | Self::LiquidFuel | Self::GasFuel)
    }

    /// Whether it is imported energy in the sense of scope 2: power, heat, steam, cooling.
    #[must_use]
    pub fn is_utility(self) -> bool {
        matches!(self, Self::Electricity | Self::Heat | Self::Steam | Self::Cooling)
    }

    /// Dimensions that a quantity of it may have, with sample units for the message.
    #[must_use]
    pub fn dimensions(self) -> (&'static [Dimension], &'static str) {
        use Dimension as D;
        match self {
            Self::SolidFuel => (&[D::MASS, D::ENERGY], "t, 万t, GJ, tce"),
            Self::LiquidFuel => (&[D::MASS, D::VOLUME, D::ENERGY], "t, L, m3, GJ, tce"),
            Self::GasFuel => (&[D::VOLUME, D::MASS, D::ENERGY], "Nm3, 万Nm3, m3, t, GJ, tce"),
            Self::Electricity => (&[D::ENERGY], "kWh, MWh, 万kWh, GJ"),
            Self::Heat | Self::Cooling => (&[D::ENERGY], "GJ, MWh"),
            Self::Steam => (&[D::MASS, D::ENERGY], "t, GJ"),
            Self::Water => (&[D::VOLUME, D::MASS], "m3, 万m3, t"),
            Self::Material | Self::ByProduct => (&[D::MASS, D::VOLUME, D::ENERGY], "t, 万t, m3, Nm3, GJ"),
            Self::Waste => (&[D::MASS, D::VOLUME], "t, m3"),
        }
    }
}

/// A thing that flows.
#[derive(Debug, Clone, PartialEq)]
pub struct Carrier {
    /// Id and names.
    pub label: Label,
    /// What sort of thing it is.
    pub kind: CarrierKind,
}

impl Carrier {
    /// What is wrong with a quantity of it in a unit of another dimension.
    #[must_use]
    pub fn wrong_unit(&self, text: &str, unit: &Unit) -> Option<Problem> {
        let (dimensions, units) = self.kind.dimensions();
        let problem =
            || Problem::WrongDimension { unit: text.to_owned(), thing: self.thing(), units: units.to_owned() };
        (!dimensions.contains(&unit.dimension)).then(problem)
    }

    /// The basis of a quantity in a unit, with what the default adds; else what is missing.
    ///
    /// # Errors
    /// [`Problem::MissingBasis`]: energy of a fuel without calorific basis, a volume of gas without state.
    pub fn basis(&self, text: &str, unit: &Unit, basis: Basis) -> Result<Basis, Box<Problem>> {
        let missing = match (self.kind.is_fuel(), unit.dimension) {
            (true, Dimension::ENERGY) if basis.calorific.is_none() => Some("NCV, GCV"),
            (true, Dimension::VOLUME) if self.kind == CarrierKind::GasFuel && basis.state.or(unit.state).is_none() => {
                Some("0C, 15C, 20C, state_unstated")
            }
            _ => None,
        };
        if let Some(choices) = missing {
            let (carrier, unit) = (self.label.id.to_string(), text.to_owned());
            return Err(Box::new(Problem::MissingBasis { carrier, unit, choices: choices.to_owned() }));
        }
        // Weighed solids are as received unless somebody says otherwise (GB/T 213, GB/T 32151).
        let weighed = self.kind == CarrierKind::SolidFuel && unit.dimension == Dimension::MASS;
        let moisture = basis.moisture.or(weighed.then_some(Moisture::AsReceived));
        Ok(Basis { moisture, ..basis })
    }

    /// The carrier as messages name it.
    #[must_use]
    pub fn thing(&self) -> Thing {
        Thing::new(&*self.label.id, &*self.label.name_zh)
    }
}

/// One row of `carriers.csv` with a value.
#[derive(Debug, Clone, PartialEq)]
pub struct Property {
    /// Whose property.
    pub carrier: CarrierId,
    /// Only at this enterprise.
    pub enterprise: Option<EnterpriseId>,
    /// Only at this process.
    pub process: Option<ProcessId>,
    /// Only in this period.
    pub period: Option<Period>,
    /// Which property.
    pub name: Parameter,
    /// Canonical value.
    pub value: f64,
    /// Dimension of the value.
    pub dimension: Dimension,
    /// Basis of the value.
    pub basis: Basis,
    /// Number and unit as printed.
    pub printed: String,
    /// Row of `carriers.csv`.
    pub row: u32,
}

impl Property {
    /// Whether the property holds for a process of an enterprise in a period.
    #[must_use]
    pub fn holds(&self, enterprise: EnterpriseId, process: ProcessId, period: Period) -> bool {
        self.enterprise.is_none_or(|e| e == enterprise)
            && self.process.is_none_or(|p| p == process)
            && self.period.is_none_or(|p| p.contains(period))
    }

    /// How narrow the property is: the narrowest that holds wins.
    #[must_use]
    pub fn rank(&self) -> (bool, bool, bool, bool) {
        let month = self.period.is_some_and(|p| p.month.is_some());
        (self.process.is_some(), self.enterprise.is_some(), month, self.period.is_some())
    }
}

/// One row of `parameters.csv`: a value of a process.
#[derive(Debug, Clone, PartialEq)]
pub struct ProcessParameter {
    /// Whose value.
    pub process: ProcessId,
    /// Only in this period.
    pub period: Option<Period>,
    /// Which value.
    pub name: Parameter,
    /// Only for this carrier.
    pub carrier: Option<CarrierId>,
    /// Only for this gas or pollutant.
    pub gas: Option<Gas>,
    /// Canonical value.
    pub value: f64,
    /// Dimension of the value.
    pub dimension: Dimension,
    /// Number and unit as printed.
    pub printed: String,
    /// Row of `parameters.csv`.
    pub row: u32,
}

impl ProcessParameter {
    /// How narrow the row is: the narrowest that holds wins.
    #[must_use]
    pub fn rank(&self) -> (bool, bool, bool, bool) {
        let month = self.period.is_some_and(|p| p.month.is_some());
        (self.carrier.is_some(), self.gas.is_some(), month, self.period.is_some())
    }
}
