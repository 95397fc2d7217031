//! Figures: every reported number with an id, a unit and the way back to its lines.

use super::reconcile::Reason;
use super::totals::{Bucket, View};
use crate::park::{Gas, GwpSet, Park, RuleSet};

/// A reported number.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// Stable id: `2017/park/scope1/CO2`, `2024/E03/intensity/iav/total.location`.
    pub id: String,
    /// The number; `None` is n/a.
    pub value: Option<f64>,
    /// Unit as printed.
    pub unit: &'static str,
    /// How it was made.
    pub what: What,
}

/// How a figure was made.
#[derive(Debug, Clone, PartialEq)]
pub enum What {
    /// A sum over ledger lines.
    Sum(Selector),
    /// A figure by a statistic or a computed denominator.
    Ratio {
        /// Position of the numerator among the figures.
        numerator: usize,
        /// What it is divided by.
        denominator: Denominator,
    },
    /// A term of the reconciliation of the two views.
    Term(Selector, Reason),
}

/// Which lines make up a sum.
#[derive(Debug, Clone, PartialEq)]
pub struct Selector {
    /// Calendar year.
    pub year: u16,
    /// Whose.
    pub view: View,
    /// Which part.
    pub bucket: Bucket,
    /// By which rule set.
    pub rule: RuleSet,
    /// One gas, or CO2e.
    pub gas: Option<Gas>,
}

/// What an intensity is taken by.
#[derive(Debug, Clone, PartialEq)]
pub enum Denominator {
    /// Rows of `statistics.csv`, by position in the park; several add up.
    Statistics(Vec<usize>),
    /// Energy added up from flow rows, by position in the park.
    Energy(Vec<usize>),
    /// None: why, in English and Chinese.
    None(&'static str, &'static str),
}

impl Selector {
    /// Gas or CO2e, as in ids.
    #[must_use]
    pub fn gas_id(&self) -> &'static str {
        gas_id(self.gas)
    }

    /// `park/scope1/CO2`, with the rule set where it is not the park's own.
    #[must_use]
    pub fn id(&self, park: &Park) -> String {
        let own = park.settings.rule_set;
        let same = |a: RuleSet, b: RuleSet| (a == RuleSet::Gbt) == (b == RuleSet::Gbt);
        let rule = if same(self.rule, own) { String::new() } else { format!("@{}", self.rule.id()) };
        format!("{}/{}/{}{rule}/{}", self.year, view_id(park, &self.view), self.bucket.id(), self.gas_id())
    }
}

/// A gas as in ids; CO2e where there is none. CO2e as reported names its GWP set.
#[must_use]
pub fn gas_id(gas: Option<Gas>) -> &'static str {
    match gas {
        None => "CO2e",
        Some(Gas::Co2eReported(set)) => match set {
            GwpSet::Sar => "CO2e_reported_SAR",
            GwpSet::Ar4 => "CO2e_reported_AR4",
            GwpSet::Ar5 => "CO2e_reported_AR5",
            GwpSet::Ar5Feedback => "CO2e_reported_AR5cc",
            GwpSet::Ar6 => "CO2e_reported_AR6",
            GwpSet::Ar6Years20 => "CO2e_reported_AR6-20",
        },
        Some(other) => other.id(),
    }
}

/// The view as in ids; enterprises stand with their own id.
#[must_use]
pub fn view_id(park: &Park, view: &View) -> String {
    match view {
        View::Park => "park".to_owned(),
        View::Sum => "sum".to_owned(),
        View::Sector(code) if code.is_empty() => "sector:".to_owned(),
        View::Sector(code) => format!("sector:{code}"),
        View::Enterprise(e) => format!("enterprise:{}", park.enterprise(*e).label.id),
    }
}
