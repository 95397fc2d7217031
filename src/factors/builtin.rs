//! The library that ships inside the program.

use super::{About, CarbonRatio, FactorSet, parse_row};
use crate::park::CarrierKind;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::sync::{Arc, OnceLock};

/// Declares the families as (id, family.toml, factors.csv).
macro_rules! families {
    ($($id:literal),+ $(,)?) => {
        /// Ids of the families, in alphabetical order.
        pub const BUILTIN_IDS: &[&str] = &[$($id),+];

        const FILES: &[(&str, &str, &str)] = &[$((
            $id,
            include_str!(concat!("../../emission_factors/", $id, "/family.toml")),
            include_str!(concat!("../../emission_factors/", $id, "/factors.csv")),
        )),+];
    };
}

families!(
    "abatement_practice",
    "ceads_2011",
    "cn_gbt2589_2020",
    "cn_gbt32151_2024",
    "cn_gbt32151_2024_carbonates",
    "cn_gbt32151_34_reagents",
    "cn_gbt51366_2019",
    "cn_gbt51366_2019_footprints",
    "cn_grid",
    "cn_guide_2011",
    "cn_heat",
    "cn_hj953_2018",
    "cn_mee_aluminium_2024",
    "cn_mee_cement_2024",
    "cn_mee_power_2022",
    "cn_ndrc_2013_aluminium",
    "cn_ndrc_2013_cement",
    "cn_ndrc_2013_chemicals",
    "cn_ndrc_2013_magnesium",
    "cn_ndrc_2013_steel",
    "cn_ndrc_2013_steel_processes",
    "cn_ndrc_2014_coal",
    "cn_ndrc_2015",
    "cn_provincial_2011",
    "cn_waste",
    "composition_practice",
    "exchange_practice",
    "footprint_studies",
    "gas_composition",
    "gwp",
    "industrial_gases",
    "ipcc_2006",
    "ipcc_2006_decay_dry",
    "ipcc_2006_decay_tropical",
    "ipcc_2006_decay_wet",
    "ipcc_2006_ippu",
    "ipcc_2006_waste",
    "ipcc_2019_ippu",
    "ipcc_2019_waste",
    "tw_footprints",
    "uk_desnz_2024",
    "us_ap42",
    "us_epa_98",
    "us_epa_hub_2025",
);

/// The vocabulary of carriers.
const CARRIERS: &str = include_str!("../../emission_factors/carriers.csv");

/// `family.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Family {
    id: String,
    title_en: String,
    title_zh: String,
    publisher: String,
    edition: String,
    co2_carbon_ratio: String,
    citation: String,
    #[serde(rename = "licence")]
    _licence: String,
    note: String,
}

/// One carrier of the vocabulary.
#[derive(Debug, Clone, PartialEq)]
pub struct Vocable {
    /// Id.
    pub id: String,
    /// What sort of thing it is.
    pub kind: CarrierKind,
    /// English name.
    pub name_en: String,
    /// Chinese name.
    pub name_zh: String,
}

/// The family with this id, if the library has one.
#[must_use]
pub fn builtin(id: &str) -> Option<&'static FactorSet> {
    FILES.iter().position(|f| f.0 == id).map(family)
}

/// A family, read once and shared from then on.
fn family(position: usize) -> &'static FactorSet {
    static READ: [OnceLock<FactorSet>; FILES.len()] = [const { OnceLock::new() }; FILES.len()];
    READ[position].get_or_init(|| load(&FILES[position]))
}

/// Every family, in alphabetical order.
#[must_use]
pub fn builtin_all() -> Vec<&'static FactorSet> {
    (0..FILES.len()).map(family).collect()
}

/// Carriers that the library knows, in the order of their ids.
#[must_use]
pub fn vocabulary() -> &'static [Vocable] {
    static READ: OnceLock<Vec<Vocable>> = OnceLock::new();
    let read = || {
        let mut reader = csv::Reader::from_reader(CARRIERS.as_bytes());
        let rows = reader.records().filter_map(Result::ok);
        let vocable = |r: csv::StringRecord| {
            Some(Vocable {
                id: r.get(0)?.to_owned(),
                kind: CarrierKind::find(r.get(1)?)?,
                name_en: r.get(2)?.to_owned(),
                name_zh: r.get(3)?.to_owned(),
            })
        };
        rows.filter_map(vocable).collect()
    };
    READ.get_or_init(read)
}

/// Reads a family that ships with the program.
///
/// Rows and keys that cannot be read would be dropped here; `tests/factors.rs`
/// proves that every row of every family is read.
fn load(files: &(&str, &str, &str)) -> FactorSet {
    let &(id, family, table) = files;
    let family: Option<Family> = toml::from_str(family).ok();
    let id: Arc<str> = id.into();
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let headers = reader.headers().cloned().unwrap_or_default();
    let position = |column: &str| headers.iter().position(|h| h == column);
    let columns: std::collections::HashMap<&str, usize> =
        headers.iter().filter_map(|h| Some((h, position(h)?))).collect();
    let mut factors = Vec::new();
    for (i, record) in reader.records().filter_map(Result::ok).enumerate() {
        let cell = |column: &'static str| columns.get(column).and_then(|&c| record.get(c)).unwrap_or_default();
        if let Ok(factor) = parse_row(&id, i as u32 + 2, cell) {
            factors.push(factor);
        }
    }
    let sha256 = format!("{:x}", Sha256::digest(table.as_bytes()));
    let file: Arc<str> = format!("emission_factors/{id}/factors.csv").into();
    let ratio = family.as_ref().and_then(|f| CarbonRatio::parse(&f.co2_carbon_ratio));
    let id = family.as_ref().map_or(id, |f| f.id.as_str().into());
    let about = family.map_or_else(About::default, |f| About {
        title_en: f.title_en,
        title_zh: f.title_zh,
        publisher: f.publisher,
        edition: f.edition,
        citation: f.citation,
        note: f.note,
    });
    FactorSet::new(id, about, ratio.unwrap_or_else(CarbonRatio::compliance), file, sha256, factors)
}
