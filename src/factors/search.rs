//! The search for a factor, with its reasons.

use super::{Confidence, Factor, FactorSet, Parameter};
use crate::park::Gas;
use std::sync::Arc;

/// What is looked for.
#[derive(Debug, Clone, Copy)]
pub struct Query<'a> {
    /// Carrier id.
    pub carrier: &'a str,
    /// Which value.
    pub parameter: Parameter,
    /// Of which gas.
    pub gas: Option<Gas>,
    /// Technique of the process.
    pub technique: &'a str,
    /// Region of the park: `cn.north.tianjin`.
    pub region: &'a str,
    /// Whether the region must be met exactly (grids) or may be wider.
    pub exact_region: bool,
    /// Year of the activity.
    pub year: u16,
    /// Sector code of the enterprise.
    pub sector: &'a str,
    /// Id of the enterprise.
    pub enterprise: &'a str,
    /// Unconfirmed factors that the park insists on.
    pub allow_unconfirmed: &'a [String],
}

/// Why a row lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reject {
    /// It holds elsewhere.
    Region,
    /// It holds for other years.
    Years,
    /// It holds for another technique.
    Technique,
    /// It holds for other sectors or enterprises.
    AppliesTo,
    /// Nobody could confirm it.
    Unconfirmed,
    /// It fits, and another row of the set fits more narrowly.
    Wider,
    /// It has another calorific, moisture or gas basis.
    Basis,
    /// It measures by another dimension.
    Dimension,
    /// It would need a value that the set does not have.
    Incomplete,
    /// A set or value earlier in the order of preference won.
    Preference,
}

impl Reject {
    /// The reason in English and Chinese.
    #[must_use]
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Region => ("holds for another region", "适用于其他地区"),
            Self::Years => ("holds for other years", "适用于其他年份"),
            Self::Technique => ("holds for another technique", "适用于其他技术"),
            Self::AppliesTo => ("holds for other sectors or enterprises", "适用于其他行业或企业"),
            Self::Unconfirmed => ("unconfirmed, never a default", "未经证实，不作缺省"),
            Self::Wider => ("a narrower row of the set fits", "本集中有更贴切的行"),
            Self::Basis => ("has another basis", "基准不同"),
            Self::Dimension => ("is per another dimension", "计量方式不同"),
            Self::Incomplete => ("its set lacks the other values needed with it", "本集缺少与之配套的值"),
            Self::Preference => ("comes later in the order of preference", "优先顺序在后"),
        }
    }
}

/// A row that was looked at and not taken.
#[derive(Debug, Clone, PartialEq)]
pub struct Loser {
    /// Its id.
    pub id: Arc<str>,
    /// Why.
    pub why: Reject,
}

/// What a search found.
#[derive(Debug, Clone, Default)]
pub struct Search<'a> {
    /// Rows that fit, narrowest first.
    pub fits: Vec<&'a Factor>,
    /// Rows for the same value that do not fit.
    pub losers: Vec<Loser>,
}

impl FactorSet {
    /// Looks up the rows of this set that fit `query`.
    #[must_use]
    pub fn search<'a>(&'a self, query: &Query) -> Search<'a> {
        let mut search = Search::default();
        let rows = self.rows(query.carrier, query.parameter).filter(|f| f.gas == query.gas);
        for factor in rows {
            match query.reject(factor) {
                None => search.fits.push(factor),
                Some(why) => search.losers.push(Loser { id: factor.id.clone(), why }),
            }
        }
        // Narrowest first: technique, selector, region; then the id, so that the order is total.
        let width = |f: &Factor| (f.technique.is_empty(), f.applies_to.is_empty(), usize::MAX - f.region.len());
        search.fits.sort_by(|a, b| (width(a), &a.id).cmp(&(width(b), &b.id)));
        search
    }
}

impl Query<'_> {
    /// Why a row for this value does not fit, if it does not.
    fn reject(&self, factor: &Factor) -> Option<Reject> {
        let region = &*factor.region;
        let inside = |wide: &str| {
            self.region == wide || self.region.strip_prefix(wide).is_some_and(|rest| rest.starts_with('.'))
        };
        let region_fits = if self.exact_region {
            region == self.region
        } else {
            region == "global" || region.is_empty() || inside(region)
        };
        let years = factor.valid.0.is_none_or(|y| y <= self.year) && factor.valid.1.is_none_or(|y| self.year <= y);
        let selected = factor.applies_to.iter().any(|selector| match selector.split_once(':') {
            Some(("sector", code)) => code == self.sector,
            Some(("enterprise", id)) => id == self.enterprise,
            _ => false,
        });
        if factor.confidence == Confidence::Unconfirmed && !self.allow_unconfirmed.iter().any(|id| **id == *factor.id) {
            Some(Reject::Unconfirmed)
        } else if !region_fits {
            Some(Reject::Region)
        } else if !years {
            Some(Reject::Years)
        } else if !["", self.technique, technique_class(self.technique)].contains(&&*factor.technique) {
            Some(Reject::Technique)
        } else if !factor.applies_to.is_empty() && !selected {
            Some(Reject::AppliesTo)
        } else {
            None
        }
    }
}

/// The technique class of IPCC 2006 tables 2.2 and 2.3: plants that make power or
/// heat for sale are energy industries.
fn technique_class(technique: &str) -> &str {
    match technique {
        "chp" | "power_plant" | "heat_plant" | "electricity_generator" => "energy_industries",
        other => other,
    }
}
