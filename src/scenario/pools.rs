//! A file of pools for `symbiosis match --pools`: tanks and treatments that no table of a park has.
//!
//! ```toml
//! [[pool]]
//! name = "treatment"
//! carrier = "wastewater"      # what may come in
//! displaces = "fresh_water"   # what takes the place of it
//! capacity = 40               # optional
//! unit = "t"
//! recovery = 0.9              # part of what comes in that goes out; 1 if absent
//! outlet = "cod<=10 mg/L"     # what leaves; without it what comes in, mixed
//! limits = "cod<=500 mg/L"    # of what comes in, mixed; optional
//! burden = 0                  # of the measure for a unit that comes in; 0 if absent
//! ```

use super::file::tables;
use super::keys::{Bounds, Keys, syntax, words_of};
use crate::diagnostic::{Diagnostics, Problem, Words};
use crate::package::{nearest, quality_limits};
use crate::park::{CarrierId, ExchangeLimit, Park};
use crate::quantity::{Dimension, Unit};
use std::sync::Arc;
use toml::de::{DeTable, DeValue};

const KEYS: &[&str] =
    &["name", "carrier", "displaces", "capacity", "unit", "recovery", "outlet", "limits", "burden", "note", "source"];
const POOLS: (&str, &str) = ("tables [[pool]]", "[[pool]] 表");
const TEXT: (&str, &str) = ("text in quotes", "带引号的文字");
const UNIT: (&str, &str) = ("a unit in quotes, such as \"t\" or \"m3\"", "带引号的单位，如 \"t\"、\"m3\"");
const LIMITS: (&str, &str) = (
    "limits of properties of carriers.csv, such as \"cod<=10 mg/L; tds<=800 mg/L\"",
    "carriers.csv 属性的限值，如 \"cod<=10 mg/L; tds<=800 mg/L\"",
);

/// A pool or treatment between sources and needs.
#[derive(Debug, Clone, PartialEq)]
pub struct StatedPool {
    /// Its name.
    pub name: String,
    /// What may come in.
    pub carrier: CarrierId,
    /// The carrier that what goes out displaces.
    pub displaces: CarrierId,
    /// The most that may come in a year, with its dimension. Unit: canonical of it.
    pub capacity: Option<(f64, Dimension)>,
    /// Part of what comes in that goes out. Unit: 1.
    pub recovery: f64,
    /// What leaves; empty for what comes in, mixed.
    pub outlet: Vec<ExchangeLimit>,
    /// Limits of what comes in, mixed.
    pub limits: Vec<ExchangeLimit>,
    /// Burden of a unit that comes in. Unit: that of the measure per canonical unit.
    pub burden: f64,
}

/// Reads a file of pools; all problems of it at once.
#[must_use]
pub fn read_pools(name: &str, bytes: &[u8], park: &Park) -> (Vec<StatedPool>, Diagnostics) {
    let mut found = Diagnostics::default();
    let file: Arc<str> = name.into();
    let text = String::from_utf8_lossy(bytes);
    let (document, errors) = DeTable::parse_recoverable(&text);
    syntax(&errors, &text, &file, &mut found);
    if !errors.is_empty() {
        return (Vec::new(), found);
    }
    let place = Words::new("a file of pools", "水池文件");
    let mut keys = Keys { file: &file, text: &text, table: document.get_ref(), line: None, place, found: &mut found };
    keys.check_names(&["pool", "note", "source"]);
    let mut made = Vec::new();
    for (i, (table, line)) in tables(&mut keys, "pool", POOLS).into_iter().enumerate() {
        let place = Words::new(format!("pool {}", i + 1), format!("第 {} 个水池", i + 1));
        let mut keys = Keys { file: &file, text: &text, table, line: Some(line), place, found: &mut *keys.found };
        made.extend(pool(&mut keys, park));
    }
    (made, found)
}

fn pool(keys: &mut Keys, park: &Park) -> Option<StatedPool> {
    keys.check_names(KEYS);
    let name = keys.must("name", TEXT, words_of);
    let (from, to) = (carrier(keys, "carrier", park), carrier(keys, "displaces", park));
    let most = keys.number("capacity", Bounds::NotNegative, false);
    let unit = match most {
        Some(_) => keys.must("unit", UNIT, |v| Unit::parse(v.as_str()?).ok()),
        None => None,
    };
    let recovery = keys.number("recovery", Bounds::Share, false).unwrap_or(1.0);
    let outlet = keys.may("outlet", LIMITS, limits).unwrap_or_default();
    let limits = keys.may("limits", LIMITS, limits).unwrap_or_default();
    let burden = keys.number("burden", Bounds::Any, false).unwrap_or(0.0);
    if outlet.is_empty() && recovery < 1.0 {
        // What only mixes loses nothing.
        keys.bad("recovery", ("1, or none, where no outlet is stated", "未写 outlet 时为 1 或不写"));
    }
    let capacity = most.zip(unit).map(|(most, unit)| (unit.to_canonical(most), unit.dimension));
    Some(StatedPool { name: name?, carrier: from?, displaces: to?, capacity, recovery, outlet, limits, burden })
}

fn limits(value: &DeValue) -> Option<Vec<ExchangeLimit>> {
    let made = quality_limits(value.as_str()?)?;
    made.iter().all(|l| l.of.is_some() && !l.mixed).then_some(made)
}

fn carrier(keys: &mut Keys, key: &str, park: &Park) -> Option<CarrierId> {
    let id = keys.must(key, TEXT, words_of)?;
    let ids = || park.carriers.iter().map(|c| &*c.label.id);
    let found = ids().position(|c| c == id).map(CarrierId::new);
    if found.is_none() {
        let nearest = nearest(&id, ids()).unwrap_or_default();
        keys.report(key, Problem::ScenarioUnknownId { id, what: Words::new("carrier", "载体"), nearest });
    }
    found
}
