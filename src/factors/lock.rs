//! `factors.lock`: the factor rows that a result was made with.

use super::Factor;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// A lock, as it stands in the file (TOML).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lock {
    /// Version of this format: 1.
    pub lock: u32,
    /// Version of the program and its library that wrote it.
    pub library: String,
    /// The factor sets, in order of preference, and the GWP family.
    #[serde(rename = "set", default)]
    pub sets: Vec<LockedSet>,
    /// The rows that were used, in the order of their ids.
    #[serde(rename = "factor", default)]
    pub rows: Vec<LockedRow>,
}

/// A factor set of a lock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LockedSet {
    /// Its id.
    pub id: String,
    /// SHA-256 of its table; empty for a set of the park's own, whose rows stand in the package.
    pub sha256: String,
}

/// A factor row of a lock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LockedRow {
    /// Its id.
    pub id: String,
    /// Its set.
    pub set: String,
    /// What it is a value of: carrier, parameter and gas.
    pub what: String,
    /// Value as printed.
    pub value: String,
    /// Unit as printed.
    pub unit: String,
    /// SHA-256 of the row's content, see [`row_hash`].
    pub sha256: String,
}

impl Lock {
    /// Reads a lock.
    ///
    /// # Errors
    /// What is wrong with the text, in one line.
    pub fn parse(text: &str) -> Result<Self, String> {
        let line = |e: toml::de::Error| e.message().lines().next().unwrap_or_default().to_owned();
        let lock: Self = toml::from_str(text).map_err(line)?;
        if lock.lock == 1 { Ok(lock) } else { Err(format!("lock = {}", lock.lock)) }
    }

    /// The lock as text; the same rows give the same bytes.
    #[must_use]
    pub fn to_text(&self) -> String {
        // Plain strings always serialize.
        let body = toml::to_string(self).unwrap_or_default();
        format!("# Written by `parkflux factors lock`; not meant to be edited.\n{body}")
    }
}

impl LockedRow {
    /// The entry of a factor row.
    #[must_use]
    pub fn new(factor: &Factor) -> Self {
        Self {
            id: factor.id.to_string(),
            set: factor.set.to_string(),
            what: what(factor),
            value: factor.printed.0.to_string(),
            unit: factor.printed.1.to_string(),
            sha256: row_hash(factor),
        }
    }

    /// `0.5306 t/MWh`.
    #[must_use]
    pub fn printed_text(&self) -> String {
        if self.unit == "1" { self.value.clone() } else { format!("{} {}", self.value, self.unit) }
    }
}

/// Carrier, parameter and gas: two rows with the same words can stand for each other.
#[must_use]
pub fn what(factor: &Factor) -> String {
    let gas = factor.gas.map_or("", crate::park::Gas::id);
    let words = [&*factor.carrier, factor.parameter.id(), gas];
    words.into_iter().filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ")
}

/// SHA-256 of everything that a row says about its value: what it is of, value, unit,
/// basis, limits, selectors, citation, region, years and confidence. Its place in the
/// file and its remark are left out: they move no number.
#[must_use]
pub fn row_hash(factor: &Factor) -> String {
    let limit = |l: Option<f64>| l.map(|v| v.to_string()).unwrap_or_default();
    let year = |y: Option<u16>| y.map(|v| v.to_string()).unwrap_or_default();
    let cells = [
        factor.id.to_string(),
        factor.set.to_string(),
        what(factor),
        factor.technique.to_string(),
        factor.applies_to.join(";"),
        factor.printed.0.to_string(),
        factor.printed.1.to_string(),
        factor.basis.to_string(),
        limit(factor.limits.0),
        limit(factor.limits.1),
        factor.biogenic.map(|b| b.to_string()).unwrap_or_default(),
        factor.source.to_string(),
        factor.table.to_string(),
        factor.edition.to_string(),
        factor.region.to_string(),
        year(factor.valid.0),
        year(factor.valid.1),
        factor.confidence.id().to_owned(),
    ];
    // The unit separator occurs in no cell.
    format!("{:x}", Sha256::digest(cells.join("\u{1f}").as_bytes()))
}
