//! Emission factors and properties: cited rows, and the search for the right one.
//!
//! A [`FactorSet`] is one family of `emission_factors/` (or the park's own
//! `factors.csv`). [`FactorSet::search`] looks a row up and writes down why it won
//! and why others lost. Calorific value, carbon content and oxidation are taken
//! from one set together; only values measured in the park mix with a set.

mod builtin;
mod gwp;
pub mod lock;
mod read;
mod region;
mod search;

pub use builtin::{BUILTIN_IDS, Vocable, builtin, builtin_all, vocabulary};
pub use gwp::Gwp;
pub use lock::{Lock, LockedRow, LockedSet};
pub use read::{CellProblem, parse_row};
pub use region::{REGIONS, is_region, province};
pub use search::{Loser, Query, Reject, Search};

pub use crate::park::Parameter;

use crate::park::Gas;
use crate::quantity::{Basis, Dimension};
use foldhash::HashMap;
use std::sync::Arc;

/// How sure a value is; see `emission_factors/README.md`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Confidence {
    /// Official table, public copy.
    Official,
    /// Transcription of the source in a maintained package.
    Transcription,
    /// Somebody's transcription of the source.
    Secondary,
    /// Confirmed by look-up.
    Lookup,
    /// Recomputed, or true by definition.
    Computed,
    /// Follows from other rows.
    Derived,
    /// Nobody could confirm it: never a default.
    Unconfirmed,
}

impl Confidence {
    /// Every word, in order.
    pub const IDS: [&'static str; 7] =
        ["official", "transcription", "secondary", "lookup", "computed", "derived", "unconfirmed"];

    /// Finds a confidence by its id.
    #[must_use]
    pub fn find(id: &str) -> Option<Self> {
        let all = [
            Self::Official,
            Self::Transcription,
            Self::Secondary,
            Self::Lookup,
            Self::Computed,
            Self::Derived,
            Self::Unconfirmed,
        ];
        Self::IDS.iter().position(|i| *i == id).map(|i| all[i])
    }

    /// The id used in tables.
    #[must_use]
    pub fn id(self) -> &'static str {
        Self::IDS[self as usize]
    }
}

/// One cited value.
#[derive(Debug, Clone, PartialEq)]
pub struct Factor {
    /// Row id, unique over all sets.
    pub id: Arc<str>,
    /// The set it belongs to.
    pub set: Arc<str>,
    /// Carrier id; empty for a GWP.
    pub carrier: Box<str>,
    /// What the value is.
    pub parameter: Parameter,
    /// Which gas, for emission factors and GWPs.
    pub gas: Option<Gas>,
    /// Only for this technique (or, for electricity, this kind of factor; for a GWP, this set).
    pub technique: Box<str>,
    /// Only for these (`sector:A`, `enterprise:E03`); empty for all.
    pub applies_to: Vec<Box<str>>,
    /// Canonical value.
    pub value: f64,
    /// Dimension of the value.
    pub dimension: Dimension,
    /// Value and unit as printed.
    pub printed: (Box<str>, Box<str>),
    /// Basis of the value.
    pub basis: Basis,
    /// 95 % limits, canonical.
    pub limits: (Option<f64>, Option<f64>),
    /// Whether the carbon is biogenic; `None` where not said.
    pub biogenic: Option<bool>,
    /// Document.
    pub source: Box<str>,
    /// Table or page of it.
    pub table: Box<str>,
    /// Edition of it.
    pub edition: Box<str>,
    /// Region code: `global`, `cn`, `cn.north`, `us`.
    pub region: Box<str>,
    /// Years for which it is the factor, where limited.
    pub valid: (Option<u16>, Option<u16>),
    /// How sure it is.
    pub confidence: Confidence,
    /// Remark.
    pub note: Box<str>,
    /// Row of its file.
    pub row: u32,
}

impl Factor {
    /// `59.0 kg/MMBtu`.
    #[must_use]
    pub fn printed_text(&self) -> String {
        match &*self.printed.1 {
            "1" => self.printed.0.to_string(),
            unit => format!("{} {unit}", self.printed.0),
        }
    }

    /// Source, table and edition in one line.
    #[must_use]
    pub fn citation(&self) -> String {
        let mut text = self.source.to_string();
        if !self.table.is_empty() {
            // Some sources number their tables, others name a place in the text.
            let numbered = !self.table.contains(' ') && self.table.contains(|c: char| c.is_ascii_digit());
            text.push_str(if numbered { ", table " } else { ", " });
            text.push_str(&self.table);
        }
        if !self.edition.is_empty() {
            text.push_str(", ");
            text.push_str(&self.edition);
        }
        text
    }
}

/// The ratio that turns carbon into CO2; the set says which.
#[derive(Debug, Clone, PartialEq)]
pub struct CarbonRatio {
    /// t CO2 per tC.
    pub value: f64,
    /// As the set writes it: `44/12`, `44.0095/12.0107`.
    pub printed: Arc<str>,
}

impl CarbonRatio {
    /// Reads `44/12`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (above, below) = text.split_once('/')?;
        let (above, below): (f64, f64) = (above.trim().parse().ok()?, below.trim().parse().ok()?);
        let value = above / below;
        (3.0..4.0).contains(&value).then(|| Self { value, printed: text.into() })
    }

    /// The compliance ratio 44/12 of IPCC 2006 and GB/T 32150.
    #[must_use]
    pub fn compliance() -> Self {
        Self { value: 44.0 / 12.0, printed: "44/12".into() }
    }
}

/// A family of factors.
#[derive(Debug, Clone, PartialEq)]
pub struct FactorSet {
    /// Id, the folder name; `park` for the park's own.
    pub id: Arc<str>,
    /// Title in English.
    pub title_en: String,
    /// Title in Chinese.
    pub title_zh: String,
    /// Publisher.
    pub publisher: String,
    /// Edition.
    pub edition: String,
    /// CO2 by carbon.
    pub ratio: CarbonRatio,
    /// How to cite it.
    pub citation: String,
    /// Remarks on the family.
    pub note: String,
    /// Path of the factor table, for trails.
    pub file: Arc<str>,
    /// SHA-256 of the factor table.
    pub sha256: String,
    /// The rows, shared: a set is asked by many packages at once.
    pub factors: Arc<Vec<Factor>>,
    /// Positions of the rows of each carrier, by parameter and then in the order of the file.
    places: Arc<HashMap<Box<str>, Vec<u32>>>,
}

/// What a set says of itself, without its rows.
#[derive(Debug, Clone, Default)]
pub struct About {
    /// Title in English.
    pub title_en: String,
    /// Title in Chinese.
    pub title_zh: String,
    /// Publisher.
    pub publisher: String,
    /// Edition.
    pub edition: String,
    /// How to cite it.
    pub citation: String,
    /// Remarks on the family.
    pub note: String,
}

impl FactorSet {
    /// A set of rows from `file`, ready to be searched.
    #[must_use]
    pub fn new(
        id: Arc<str>,
        about: About,
        ratio: CarbonRatio,
        file: Arc<str>,
        sha256: String,
        factors: Vec<Factor>,
    ) -> Self {
        let mut places: HashMap<Box<str>, Vec<u32>> = HashMap::default();
        for (i, factor) in factors.iter().enumerate() {
            places.entry(factor.carrier.clone()).or_default().push(i as u32);
        }
        for rows in places.values_mut() {
            rows.sort_by_key(|&i| factors[i as usize].parameter);
        }
        let About { title_en, title_zh, publisher, edition, citation, note } = about;
        let (factors, places) = (Arc::new(factors), Arc::new(places));
        Self { id, title_en, title_zh, publisher, edition, ratio, citation, note, file, sha256, factors, places }
    }

    /// The rows of a carrier and parameter, in the order of the file.
    pub fn rows<'a>(&'a self, carrier: &str, parameter: Parameter) -> impl Iterator<Item = &'a Factor> + use<'a> {
        let places = self.places.get(carrier).map_or(&[][..], Vec::as_slice);
        let of = |i: &u32| self.factors[*i as usize].parameter;
        let first = places.partition_point(|i| of(i) < parameter);
        let rows = places[first..].iter().map(|&i| &self.factors[i as usize]);
        rows.take_while(move |f| f.parameter == parameter)
    }
}
