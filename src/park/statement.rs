//! What a report says about itself: the section `[report]` of `park.toml`.

/// How the enterprises of the boundary were chosen (Corporate Standard ch. 3, ISO 14064-1:2018 5.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Consolidation {
    /// Everything that the reporting body runs counts in full.
    OperationalControl,
    /// Everything whose financial policy it decides counts in full.
    FinancialControl,
    /// Everything counts by the share of equity.
    EquityShare,
}

impl Consolidation {
    /// The words of `park.toml`.
    pub const IDS: [&'static str; 3] = ["operational_control", "financial_control", "equity_share"];

    /// Finds an approach by its id.
    #[must_use]
    pub fn find(id: &str) -> Option<Self> {
        let all = [Self::OperationalControl, Self::FinancialControl, Self::EquityShare];
        Self::IDS.iter().position(|i| *i == id).map(|i| all[i])
    }

    /// The id used in `park.toml`.
    #[must_use]
    pub fn id(self) -> &'static str {
        Self::IDS[self as usize]
    }
}

/// How sure a verifier was (ISO 14064-3:2019).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Assurance {
    /// Reasonable assurance.
    Reasonable,
    /// Limited assurance.
    Limited,
}

impl Assurance {
    /// The words of `park.toml`.
    pub const IDS: [&'static str; 2] = ["reasonable", "limited"];

    /// Finds a level by its id.
    #[must_use]
    pub fn find(id: &str) -> Option<Self> {
        let all = [Self::Reasonable, Self::Limited];
        Self::IDS.iter().position(|i| *i == id).map(|i| all[i])
    }

    /// The id used in `park.toml`.
    #[must_use]
    pub fn id(self) -> &'static str {
        Self::IDS[self as usize]
    }
}

/// The section `[report]`: who reports to whom, by which rules, checked by whom.
/// Nothing of it enters a number; an empty text is one that was not given.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Statement {
    /// Reporting body.
    pub body: String,
    /// Person responsible.
    pub person: String,
    /// Intended users and purpose.
    pub users: String,
    /// Date of the report.
    pub date: String,
    /// Standards that the report claims to follow.
    pub standards: Vec<String>,
    /// Address or map of the boundary.
    pub address: String,
    /// How the enterprises of the boundary were chosen.
    pub consolidation: Option<Consolidation>,
    /// Rule by which indirect categories are significant or left out.
    pub significance: String,
    /// Why this base year.
    pub base_year_reason: String,
    /// What was decided on restating the base year, and why.
    pub restatement: String,
    /// Why the method changed since the last report, or that it did not.
    pub method_changes: String,
    /// Who checked the data, other than the person who entered them.
    pub checked_by: String,
    /// Verification body; `none` where the report says that it is not verified.
    pub verifier: String,
    /// Level of assurance.
    pub assurance: Option<Assurance>,
    /// Materiality threshold of the verification. Unit: 1.
    pub materiality: Option<f64>,
    /// Verification statement: its number, or its place in the package.
    pub statement: String,
}
