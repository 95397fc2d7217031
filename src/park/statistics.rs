//! Statistics: added value, land, staff, energy.

use super::EnterpriseId;
use crate::quantity::{Dimension, Period};
use std::sync::Arc;

/// Whose statistic it is.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Subject {
    /// The park as a whole.
    Park,
    /// A sector, by code.
    Sector(Arc<str>),
    /// An enterprise.
    Enterprise(EnterpriseId),
}

/// One value of one item for one subject and period.
#[derive(Debug, Clone, PartialEq)]
pub struct Statistic {
    /// Whose.
    pub subject: Subject,
    /// When.
    pub period: Period,
    /// Which item, by its symbol.
    pub item: Arc<str>,
    /// Canonical value.
    pub value: f64,
    /// Number and unit as printed.
    pub printed: String,
    /// Row of `statistics.csv`.
    pub row: u32,
}

/// Items that the program itself reads, with their Chinese names; the first name is the
/// one that messages and lists show.
pub const ITEMS: &[(&str, &[&str])] = &[
    ("iav", &["工业增加值"]),
    ("iav_const", &["不变价工业增加值", "工业增加值（不变价）", "工业增加值(不变价)"]),
    ("energy_tce", &["综合能源消费量", "综合能耗"]),
    ("employees_industrial", &["工业从业人员", "从业人员"]),
    ("land_park_km2", &["园区面积"]),
    ("land_industrial_km2", &["工业用地面积"]),
];

/// The Chinese name of the items that messages and reports speak of; empty for others.
#[must_use]
pub fn item_zh(item: &str) -> &'static str {
    ITEMS.iter().find(|(id, _)| *id == item).and_then(|(_, names)| names.first()).copied().unwrap_or_default()
}

/// The item that a text names by its symbol or a Chinese name; `None` for one that the
/// program does not read.
#[must_use]
pub fn find_item(text: &str) -> Option<&'static str> {
    ITEMS.iter().find(|(id, names)| *id == text || names.contains(&text)).map(|(id, _)| *id)
}

/// The dimension that an item must have, by its symbol, with sample units; `None`
/// where any dimension goes.
///
/// Symbols follow the indicator systems: suffixes tell the unit (`_tce`, `_t`,
/// `_m3`, `_km2`, `_mwh`), `iav`, `output`, `gdp` and `giov` are money.
#[must_use]
pub fn item_dimension(item: &str) -> Option<(Dimension, &'static str)> {
    use Dimension as D;
    let money = ["iav", "output", "gdp", "giov"];
    if money.iter().any(|m| item == *m || item.starts_with(&format!("{m}_"))) {
        return Some((D::MONEY, "万元, 亿元, 10^4 RMB"));
    }
    if item.starts_with("employees") {
        return Some((D::PERSONS, "persons, 人"));
    }
    Some(match item.rsplit('_').next()? {
        "tce" => (D::ENERGY, "tce, 万tce"),
        "mwh" => (D::ENERGY, "MWh, 万kWh"),
        "km2" => (D::AREA, "km2, ha"),
        "t" => (D::MASS, "t, 万t"),
        "m3" => (D::VOLUME, "m3, 万m3"),
        _ if item.starts_with("land") => (D::AREA, "km2, ha"),
        _ => return None,
    })
}
