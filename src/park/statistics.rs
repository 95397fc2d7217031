//! Statistics: added value, land, staff, energy.

use super::EnterpriseId;
use crate::quantity::{Dimension, Period};
use std::sync::{Arc, OnceLock};

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
    ("deflator", &["平减指数", "价格指数"]),
    ("energy_tce", &["综合能源消费量", "综合能耗"]),
    ("employees_industrial", &["工业从业人员", "从业人员"]),
    ("land_park_km2", &["园区面积"]),
    ("land_industrial_km2", &["工业用地面积"]),
];

/// The item that turns added value at current prices into that at constant prices.
pub const DEFLATOR: &str = "deflator";

/// The base of a table of deflators, 1 or 100, by the size of its values; none where they do not fit one base. An index
/// that moved tenfold within the years of a park is more likely a slip. Unit: 1.
#[must_use]
pub fn deflator_base(values: &[f64]) -> Option<f64> {
    let all = |low: f64, high: f64| values.iter().all(|v| (low..high).contains(v));
    if all(0.1, 10.0) {
        Some(1.0)
    } else if all(10.0, 1000.0) {
        Some(100.0)
    } else {
        None
    }
}

/// Items that a zone may state beyond [`ITEMS`], with their Chinese names, in the order of `items.csv`: the vocabulary of
/// statistics, to which the tables of the programmes refer.
pub fn indicator_items() -> &'static [(String, String)] {
    static READ: OnceLock<Vec<(String, String)>> = OnceLock::new();
    READ.get_or_init(|| {
        let mut reader = csv::Reader::from_reader(include_str!("items.csv").as_bytes());
        let row = |r: csv::StringRecord| {
            // Questions are answered in another table.
            (r.get(3)? != "answer").then_some(())?;
            Some((r.get(0)?.to_owned(), r.get(6)?.to_owned()))
        };
        reader.records().filter_map(Result::ok).filter_map(row).collect()
    })
}

/// The Chinese name of an item; empty where there is none.
#[must_use]
pub fn item_zh(item: &str) -> &'static str {
    let own = ITEMS.iter().find(|(id, _)| *id == item).and_then(|(_, names)| names.first()).copied();
    own.or_else(|| indicator_items().iter().find(|(id, _)| id == item).map(|i| &*i.1)).unwrap_or_default()
}

/// The item that a text names by its symbol or a Chinese name; `None` for one that nothing reads.
#[must_use]
pub fn find_item(text: &str) -> Option<&'static str> {
    let own = ITEMS.iter().find(|(id, names)| *id == text || names.contains(&text)).map(|(id, _)| *id);
    own.or_else(|| indicator_items().iter().find(|(id, zh)| id == text || zh == text).map(|i| &*i.0))
}

/// The dimension that an item must have, by its symbol, with sample units; `None`
/// where any dimension goes.
///
/// Symbols follow the indicator systems: suffixes tell the unit (`_tce`, `_t`,
/// `_m3`, `_km2`, `_mwh`), `iav`, `output`, `gdp` and `giov` are money.
#[must_use]
pub fn item_dimension(item: &str) -> Option<(Dimension, &'static str)> {
    use Dimension as D;
    if item == DEFLATOR {
        return Some((D::NONE, "1, %"));
    }
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
