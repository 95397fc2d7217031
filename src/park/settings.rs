//! The settings of `park.toml`.

use super::{AllocationRule, Gas, Statement};
use crate::diagnostic::Origin;
use crate::quantity::Period;
use crate::quantity::steam::Kelvins;
use std::collections::BTreeMap;

/// Which standard decides what a total is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RuleSet {
    /// GHG Protocol Corporate Standard: exports are shown, not deducted.
    Ghgp,
    /// ISO 14064-1:2018: the same, by categories.
    Iso,
    /// GB/T 32150: exported power and heat are deducted.
    Gbt,
}

impl RuleSet {
    /// The id used in `park.toml`.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Ghgp => "ghgp",
            Self::Iso => "iso",
            Self::Gbt => "gbt",
        }
    }

    /// Finds a rule set by its id.
    #[must_use]
    pub fn find(id: &str) -> Option<Self> {
        [Self::Ghgp, Self::Iso, Self::Gbt].into_iter().find(|r| r.id().eq_ignore_ascii_case(id))
    }

    /// The standard by name.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Ghgp => "GHG Protocol",
            Self::Iso => "ISO 14064-1",
            Self::Gbt => "GB/T 32150",
        }
    }
}

/// A set of global warming potentials.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum GwpSet {
    /// IPCC Second Assessment Report, 100 years.
    Sar,
    /// Fourth, 100 years.
    Ar4,
    /// Fifth, 100 years, without climate-carbon feedback.
    Ar5,
    /// Fifth, 100 years, with climate-carbon feedback.
    Ar5Feedback,
    /// Sixth, 100 years.
    Ar6,
    /// Sixth, 20 years.
    Ar6Years20,
}

impl GwpSet {
    /// All sets, oldest first.
    pub const ALL: [Self; 6] = [Self::Sar, Self::Ar4, Self::Ar5, Self::Ar5Feedback, Self::Ar6, Self::Ar6Years20];

    /// The id used in tables.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Sar => "SAR",
            Self::Ar4 => "AR4",
            Self::Ar5 => "AR5",
            Self::Ar5Feedback => "AR5cc",
            Self::Ar6 => "AR6",
            Self::Ar6Years20 => "AR6-20",
        }
    }

    /// Finds a set by its id.
    #[must_use]
    pub fn find(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.id().eq_ignore_ascii_case(id))
    }
}

/// Which factor internal power and heat carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum InternalFactor {
    /// The producer's own.
    Own,
    /// The published average.
    Published,
}

/// Which values of flows the inventory takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FlowValues {
    /// Those that the rows state.
    Measured,
    /// Those that all meters and balances together say.
    Reconciled,
}

impl FlowValues {
    /// The id used in `park.toml`.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Measured => "measured",
            Self::Reconciled => "reconciled",
        }
    }
}

/// From where the heat in steam is counted.
///
/// The datum moves a result by about 3 %, so it is a choice that is printed. The default
/// of every rule set is [`HeatDatum::Zero`]: GB/T 32151.34-2024 takes the full enthalpy,
/// and the GHG Protocol and ISO 14064-1 leave it open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HeatDatum {
    /// Liquid water at the triple point, the zero of IAPWS-IF97 and of the steam tables of
    /// GB/T 32151.34: nothing is deducted.
    Zero,
    /// Feed water at 20 °C, 83.74 kJ/kg, as enterprise guidelines of the NDRC have it
    /// (figure from memory, unconfirmed).
    Feedwater20C,
    /// Full enthalpy of the steam, less the enthalpy of the condensate that is returned.
    Condensate,
}

impl HeatDatum {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Zero, Self::Feedwater20C, Self::Condensate];

    /// The id used in `park.toml`.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Zero => "zero",
            Self::Feedwater20C => "feedwater_20C",
            Self::Condensate => "condensate",
        }
    }

    /// Finds a datum by its id.
    #[must_use]
    pub fn find(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|d| d.id() == id)
    }

    /// What is deducted from the enthalpy of each kilogram of steam. Unit: kJ/kg.
    #[must_use]
    pub fn deducted(self) -> f64 {
        match self {
            Self::Zero | Self::Condensate => 0.0,
            Self::Feedwater20C => 83.74,
        }
    }

    /// The words in English and Chinese.
    #[must_use]
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Zero => (
                "full enthalpy, zero at the triple point (IAPWS-IF97; GB/T 32151.34)",
                "全焓，零点为三相点液态水（IAPWS-IF97；GB/T 32151.34）",
            ),
            Self::Feedwater20C => (
                "above feed water at 20 °C, 83.74 kJ/kg (NDRC enterprise guidelines; unconfirmed)",
                "扣除 20 °C 给水焓 83.74 kJ/kg（国家发展改革委企业指南；未经证实）",
            ),
            Self::Condensate => (
                "full enthalpy less that of the condensate returned (IAPWS-IF97)",
                "全焓减去回收凝结水的焓（IAPWS-IF97）",
            ),
        }
    }
}

/// Which CO2 a flue-gas desulfurization is booked with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fgd {
    /// What the chemistry releases: by SO2 removed. It closes carbon and calcium.
    Physical,
    /// All carbonate of the reagent (GB/T 32151: `E = CAL · I · EF · TR`).
    Compliance,
    /// None: some generation rules of the national market leave it out.
    Omitted,
}

impl Fgd {
    /// The form that a rule set asks for where `park.toml` does not say.
    #[must_use]
    pub fn of(rules: RuleSet) -> Self {
        if rules == RuleSet::Gbt { Self::Compliance } else { Self::Physical }
    }

    /// Finds a form by its id.
    #[must_use]
    pub fn find(id: &str) -> Option<Self> {
        match id {
            "physical" => Some(Self::Physical),
            "compliance" => Some(Self::Compliance),
            "none" => Some(Self::Omitted),
            _ => None,
        }
    }

    /// The words in English and Chinese.
    #[must_use]
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Physical => ("physical form (CO2 by SO2 removed)", "物理形式（按脱除的 SO2 计 CO2）"),
            Self::Compliance => ("compliance form (all carbonate of the reagent)", "合规形式（按脱硫剂全部碳酸盐计）"),
            Self::Omitted => ("left out (fgd = \"none\")", "不计（fgd = \"none\"）"),
        }
    }
}

/// How electricity counts in tonnes of coal equivalent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum TceElectricity {
    /// Calorific: 0.1229 kgce/kWh, as GB/T 2589-2020, annex A, prints it (the
    /// quotient 3.6/29.3076 would round to 0.1228).
    Calorific,
    /// A coefficient that the zone states. Unit: kgce/kWh.
    Stated(f64),
}

impl TceElectricity {
    /// The coefficient. Unit: kgce/kWh.
    #[must_use]
    pub fn kgce_per_kwh(self) -> f64 {
        match self {
            Self::Calorific => 0.1229,
            Self::Stated(coefficient) => coefficient,
        }
    }
}

/// What `park.toml` decides.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Reporting periods (years, or months of them).
    pub periods: Vec<Period>,
    /// Base year of the inventory.
    pub base_year: Option<u16>,
    /// Change of a base-year total from which the base year is restated. Unit: 1.
    pub restatement_threshold: Option<f64>,
    /// The boundary in words.
    pub boundary: String,
    /// Price basis of added value, in words.
    pub price_basis: String,
    /// Where the park lies, for factor look-up: `cn.north.tianjin`, `us`.
    pub region: String,
    /// Factor sets in order of preference.
    pub factor_sets: Vec<String>,
    /// GWP set for display.
    pub gwp_set: GwpSet,
    /// Which standard decides what the total is.
    pub rule_set: RuleSet,
    /// Gases that the inventory covers.
    pub gases: Vec<Gas>,
    /// Which CO2 a desulfurization is booked with.
    pub fgd: Fgd,
    /// Factor of internal power and heat.
    pub internal_factor: InternalFactor,
    /// Rule by which processes that make power and heat share their emission, where `outputs.csv` states none.
    pub chp_rule: Option<AllocationRule>,
    /// Surroundings against which exergy is measured.
    pub surroundings: Kelvins,
    /// Region code of the grid factor: one level for the whole report.
    pub grid_region: String,
    /// Year of the grid factor, where the regulator fixes it.
    pub grid_year: Option<u16>,
    /// From where the heat in steam by mass is counted.
    pub heat_datum: HeatDatum,
    /// Coefficient of electricity in tce.
    pub electricity_tce: TceElectricity,
    /// Which values of flows the inventory takes.
    pub flow_values: FlowValues,
    /// Standard deviations from which on an open balance stops the inventory.
    pub balance_limit: Option<f64>,
    /// Ids of unconfirmed factors that the park insists on.
    pub allow_unconfirmed: Vec<String>,
    /// Programmes that judge the park, by the ids of their systems.
    pub programmes: Vec<String>,
    /// What the report says about itself.
    pub statement: Statement,
    /// Line of `park.toml` on which each key stands; keys of `[report]` as `report.KEY`.
    pub rows: BTreeMap<String, u32>,
}

impl Settings {
    /// The place of a key in `park.toml`.
    #[must_use]
    pub fn origin(&self, key: &str) -> Origin {
        Origin { row: self.rows.get(key).copied(), ..Origin::file("park.toml") }.column(key)
    }
}
