//! The ledger: one line per activity and gas, each with its trail.
//!
//! A line is `mass = quantity · coefficient`, where the coefficient is a product
//! of cited [`Term`]s (calorific value, carbon content, oxidation, 44/12, ...).
//! Lines that share a coefficient point to the same one, so a ledger of a million
//! lines is small and the trail of each is still whole.

use crate::diagnostic::Origin;
use crate::factors::{Confidence, Loser};
use crate::park::heat::SpecificHeat;
use crate::park::{CarrierId, EnterpriseId, Gas, Park, ProcessId};
use crate::quantity::Period;
use std::sync::Arc;

/// Scopes of the GHG Protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scope {
    /// Scope 1; ISO 14064-1 category 1.
    Direct,
    /// Scope 2; ISO 14064-1 category 2.
    EnergyIndirect,
    /// Scope 3 with its category, 1 to 15 (Scope 3 Standard, table 5.3).
    OtherIndirect(u8),
}

impl Scope {
    /// ISO 14064-1:2018 category number.
    #[must_use]
    pub fn iso_category(self) -> u8 {
        match self {
            Self::Direct => 1,
            Self::EnergyIndirect => 2,
            // Transport of goods, of people and of energy is category 3.
            Self::OtherIndirect(4 | 6 | 7 | 9) => 3,
            Self::OtherIndirect(10..=13) => 5,
            Self::OtherIndirect(1 | 2 | 3 | 5 | 8) => 4,
            Self::OtherIndirect(_) => 6,
        }
    }

    /// `1`, `2`, `3.4`.
    #[must_use]
    pub fn id(self) -> String {
        match self {
            Self::Direct => "1".to_owned(),
            Self::EnergyIndirect => "2".to_owned(),
            Self::OtherIndirect(category) => format!("3.{category}"),
        }
    }
}

/// Which of the two scope 2 totals a line belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Approach {
    /// Not a matter of approach (scope 1).
    Both,
    /// Location-based.
    Location,
    /// Market-based.
    Market,
}

/// What sort of source a line is (IPCC and GB/T 32150 wording).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Source {
    /// Stationary combustion, computed.
    Combustion,
    /// Measured or filed by somebody.
    Reported,
    /// Purchased electricity.
    PurchasedElectricity,
    /// Purchased heat, steam or cooling.
    PurchasedHeat,
    /// Exported electricity.
    ExportedElectricity,
    /// Exported heat, steam or cooling.
    ExportedHeat,
    /// Fuel of vehicles and mobile machines.
    Mobile,
    /// Carbonates and other materials that give off CO2 where they are used.
    Carbonate,
    /// Process emission by the quantity of product.
    Production,
    /// Residual of a carbon mass balance.
    CarbonBalance,
    /// Reagent of a desulfurization.
    Desulfurization,
    /// Pollutants that an abatement takes out of the flue gas; deductions.
    Abatement,
    /// Wastewater treatment and discharge.
    Wastewater,
    /// Landfill, composting, digestion.
    Waste,
    /// Waste incineration.
    Incineration,
    /// Industrial gases lost from equipment.
    IndustrialGas,
    /// Leaks and vents.
    Fugitive,
    /// CO2 captured and handed over, or received and released.
    Captured,
    /// Fresh water, wastewater and waste as such.
    Resource,
    /// Scope 3, category 1.
    PurchasedGoods,
    /// Scope 3, category 2.
    CapitalGoods,
    /// Scope 3, category 3.
    EnergyUpstream,
    /// Scope 3, category 4.
    Freight,
    /// Scope 3, category 5.
    WasteTreated,
}

impl Source {
    /// The words in English and Chinese.
    #[must_use]
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Combustion => ("stationary combustion", "固定燃烧"),
            Self::Reported => ("reported", "按所报"),
            Self::PurchasedElectricity => ("purchased electricity", "购入电力"),
            Self::PurchasedHeat => ("purchased heat", "购入热力"),
            Self::ExportedElectricity => ("exported electricity", "输出电力"),
            Self::ExportedHeat => ("exported heat", "输出热力"),
            Self::Mobile => ("mobile combustion", "移动燃烧"),
            Self::Carbonate => ("carbonates and process materials", "碳酸盐与过程物料"),
            Self::Production => ("process, by product", "生产过程（按产品）"),
            Self::CarbonBalance => ("process, carbon balance", "生产过程（碳平衡）"),
            Self::Desulfurization => ("desulfurization", "脱硫"),
            Self::Abatement => ("removed from the flue gas", "烟气净化去除"),
            Self::Wastewater => ("wastewater", "废水"),
            Self::Waste => ("waste disposal", "废物处置"),
            Self::Incineration => ("waste incineration", "废物焚烧"),
            Self::IndustrialGas => ("industrial gases", "工业气体"),
            Self::Fugitive => ("fugitive", "逸散"),
            Self::Captured => ("CO2 captured or transferred", "CO2 捕集与转移"),
            Self::Resource => ("water and waste", "水与废物"),
            Self::PurchasedGoods => ("purchased goods", "外购商品"),
            Self::CapitalGoods => ("capital goods", "资本商品"),
            Self::EnergyUpstream => ("upstream of fuel and energy", "燃料与能源上游"),
            Self::Freight => ("freight", "货运"),
            Self::WasteTreated => ("waste treated outside", "外部废物处理"),
        }
    }

    /// Whether fuel is burnt, at rest or on the move.
    #[must_use]
    pub fn is_combustion(self) -> bool {
        matches!(self, Self::Combustion | Self::Mobile)
    }

    /// Whether energy leaves the enterprise.
    #[must_use]
    pub fn is_export(self) -> bool {
        matches!(self, Self::ExportedElectricity | Self::ExportedHeat)
    }
}

/// Where the carbon of an emission comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CarbonOrigin {
    /// Fossil fuel or feedstock.
    Fossil,
    /// Biomass.
    Biogenic,
    /// Not said (reported figures).
    Unstated,
}

/// Whether and how a line counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Standing {
    /// In the totals.
    Counted,
    /// Biogenic CO2: shown apart, outside the totals.
    Memo,
    /// Fossil carbon that leaves the park in a product and is emitted by its user: a memo.
    Exported,
    /// Computed, and replaced by a reported value; kept visible.
    Replaced,
    /// The reported value is missing; the line is an estimate of what the total lacks.
    Missing,
}

/// What a line was made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Activity {
    /// A flow, by position in the park.
    Flow(usize),
    /// A reported emission, by position in the park.
    Reported(usize),
    /// A parameter of a process, by position in the park.
    Parameter(usize),
}

/// Points into [`Ledger::coefficients`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CoefficientId(pub u32);

/// Where the value of a term comes from.
#[derive(Debug, Clone, PartialEq)]
pub enum TermSource {
    /// A row of a factor set.
    Factor {
        /// Factor id.
        id: Arc<str>,
        /// File and row.
        origin: Origin,
        /// Document, table, edition.
        citation: String,
        /// How sure it is.
        confidence: Confidence,
    },
    /// A property measured in the park.
    Property(Origin),
    /// An enthalpy by IAPWS-IF97 from properties measured in the park.
    Heat(Box<SpecificHeat>),
    /// Rows of `instruments.csv`.
    Instruments(Vec<Origin>),
    /// A definition or a constant that a factor set states.
    Definition(String),
    /// The own factor of a producer, computed from other lines.
    Own {
        /// The producer.
        process: ProcessId,
        /// What it makes.
        carrier: CarrierId,
        /// Of which year.
        year: u16,
    },
}

/// One factor of a product.
#[derive(Debug, Clone, PartialEq)]
pub struct Term {
    /// What it is, in English and Chinese.
    pub name: (&'static str, &'static str),
    /// Canonical value.
    pub value: f64,
    /// Number and unit as printed in the source.
    pub printed: String,
    /// Where it comes from.
    pub source: TermSource,
}

/// Tonnes of a gas per canonical unit of an activity.
#[derive(Debug, Clone, PartialEq)]
pub struct Coefficient {
    /// The product of the terms. Unit: t per canonical unit of the activity.
    pub value: f64,
    /// The terms in the order of the formula.
    pub terms: Vec<Term>,
    /// Where the carbon comes from.
    pub origin: CarbonOrigin,
    /// Rows that were looked at and not taken.
    pub losers: Vec<Loser>,
}

/// One emission of one gas from one activity.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// What it was made from.
    pub activity: Activity,
    /// Whose emission.
    pub enterprise: EnterpriseId,
    /// Which process.
    pub process: ProcessId,
    /// When.
    pub period: Period,
    /// Scope.
    pub scope: Scope,
    /// Location- or market-based.
    pub approach: Approach,
    /// Sort of source.
    pub source: Source,
    /// Which gas.
    pub gas: Gas,
    /// Where its carbon comes from.
    pub origin: CarbonOrigin,
    /// Activity in canonical units; negative where it is deducted (stock kept, fuel
    /// passed on, energy exported).
    pub quantity: f64,
    /// What turns the activity into mass.
    pub coefficient: CoefficientId,
    /// `quantity · coefficient`. Unit: t.
    pub mass: f64,
    /// Share of a purchase that the buyer uses up and does not sell on.
    pub consumed: f64,
    /// Share of what is sold on that leaves the park.
    pub resold_outside: f64,
    /// Whether the activity crosses the park's fence.
    pub crosses: bool,
    /// The same quantity by the other party's meter, where both read it.
    pub counterpart: Option<f64>,
    /// Whether and how it counts.
    pub standing: Standing,
    /// Sets lines of one activity, gas and approach apart (`certified`, `balance`).
    pub variant: &'static str,
}

impl Line {
    /// A direct emission of a process: `quantity · coefficient` of a gas.
    #[must_use]
    pub fn direct(at: (EnterpriseId, ProcessId, Period), activity: Activity, source: Source, gas: Gas) -> Self {
        let (enterprise, process, period) = at;
        Self {
            activity,
            enterprise,
            process,
            period,
            scope: Scope::Direct,
            approach: Approach::Both,
            source,
            gas,
            origin: CarbonOrigin::Unstated,
            quantity: 0.0,
            coefficient: CoefficientId(0),
            mass: 0.0,
            consumed: 1.0,
            resold_outside: 0.0,
            crosses: false,
            counterpart: None,
            standing: Standing::Counted,
            variant: "",
        }
    }

    /// The stable id: `A-0007/CO2`, `A-0031/CO2/market`.
    #[must_use]
    pub fn id(&self, park: &Park) -> String {
        let mut id = match self.activity {
            // What decays emits in later years than that of its row.
            Activity::Flow(i) if park.flows[i].period != self.period => {
                format!("{}/{}/{}", park.flows[i].id, self.gas.id(), self.period)
            }
            Activity::Flow(i) => format!("{}/{}", park.flows[i].id, self.gas.id()),
            Activity::Reported(i) => format!("{}/{}", park.reported[i].id, self.gas.id()),
            // Parameters have no id of their own; a year of decay comes from many rows.
            Activity::Parameter(i) => {
                format!("parameters:{}/{}/{}", park.parameters[i].row, self.gas.id(), self.period)
            }
        };
        let sold = if self.source.is_export() { "sold" } else { "" };
        let passed = if self.source.is_combustion() && self.quantity < 0.0 { "passed_on" } else { "" };
        let approach = match self.approach {
            Approach::Market => "market",
            Approach::Both | Approach::Location => "",
        };
        for part in [sold, passed, approach, self.variant].into_iter().filter(|p| !p.is_empty()) {
            id.push('/');
            id.push_str(part);
        }
        id
    }

    /// The row it was made from.
    #[must_use]
    pub fn row(&self, park: &Park) -> Origin {
        match self.activity {
            Activity::Flow(i) => Origin::row("flows.csv", park.flows[i].row),
            Activity::Reported(i) => Origin::row("emissions.csv", park.reported[i].row),
            Activity::Parameter(i) => Origin::row("parameters.csv", park.parameters[i].row),
        }
    }
}

/// All lines of a park.
#[derive(Debug, Clone, Default)]
pub struct Ledger {
    /// The lines, in the order of activities.
    pub lines: Vec<Line>,
    /// The coefficients that they share.
    pub coefficients: Vec<Coefficient>,
}

impl Ledger {
    /// Adds a coefficient; its value is the product of its terms.
    pub fn coefficient(&mut self, terms: Vec<Term>, origin: CarbonOrigin, losers: Vec<Loser>) -> CoefficientId {
        let value = terms.iter().map(|t| t.value).product();
        self.coefficients.push(Coefficient { value, terms, origin, losers });
        CoefficientId(self.coefficients.len() as u32 - 1)
    }

    /// `quantity · coefficient`; a deduction without carbon is zero, not minus zero. Unit: t.
    #[must_use]
    pub fn mass(&self, quantity: f64, coefficient: CoefficientId) -> f64 {
        quantity * self.get(coefficient).value + 0.0
    }

    /// The coefficient with this index.
    #[must_use]
    pub fn get(&self, id: CoefficientId) -> &Coefficient {
        &self.coefficients[id.0 as usize]
    }
}
