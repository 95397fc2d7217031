//! Industrial added value of a park and its sectors over the years, at constant prices where the park has the means.

use crate::diagnostic::Words;
use crate::inventory::{View, statistics_of};
use crate::park::{DEFLATOR, EnterpriseId, Park, Subject, deflator_base};
use crate::quantity::Period;
use std::collections::BTreeMap;
use std::sync::Arc;

/// At which prices added value is taken.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Prices {
    /// As the statistic `iav_const` says.
    Constant,
    /// `iav · base / deflator`.
    Deflated {
        /// The base of the park's deflators: 1 or 100.
        base: f64,
    },
    /// `iav` as given: growth holds the change of prices too.
    AsGiven,
}

impl Prices {
    /// The id in JSON.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Constant => "iav_const",
            Self::Deflated { .. } => "deflated",
            Self::AsGiven => "as_given",
        }
    }

    /// The words in English and Chinese.
    #[must_use]
    pub fn words(self) -> Words {
        match self {
            Self::Constant => Words::new(
                "at constant prices, by the statistic iav_const",
                "不变价，取统计项目 iav_const（不变价工业增加值）",
            ),
            Self::Deflated { base } => Words::new(
                format!("at constant prices: iav · {base} / deflator (base {base})"),
                format!("不变价：iav × {base} ÷ 平减指数（基数 {base}）"),
            ),
            Self::AsGiven => Words::new(
                "as given (iav), NOT at constant prices: growth, elasticities, states and effects hold the change of prices too",
                "按所给 iav，并非不变价：增长率、弹性、脱钩状态与各因素效应都含价格变动",
            ),
        }
    }
}

/// Added value by year, in the order of the years asked for. Unit: 10⁴ RMB.
#[derive(Debug, Clone, PartialEq)]
pub struct AddedValue {
    /// At which prices.
    pub prices: Prices,
    /// Of the park.
    pub park: Vec<f64>,
    /// Of each sector; none where a year is not known.
    pub sectors: BTreeMap<Arc<str>, Option<Vec<f64>>>,
    /// The years in which `iav_const` is missing, where other years have it: it was not taken for that.
    pub lacking: Vec<u16>,
}

/// The added value of `years`: at constant prices by `iav_const`, else by a deflator, else as given; one choice for the
/// whole park and all years.
///
/// # Errors
/// Why there is none, in words.
pub fn added_value(park: &Park, years: &[u16]) -> Result<AddedValue, Words> {
    let of_park = |item: &str| all(years, |year| stated(park, &View::Park, year, item));
    let deflators = deflators(park, &Subject::Park, years);
    let (prices, item, values) = match (of_park("iav_const"), of_park("iav"), deflators.as_ref()) {
        (Some(values), ..) => (Prices::Constant, "iav_const", values),
        (None, Some(values), Some((base, _))) => (Prices::Deflated { base: *base }, "iav", values),
        (None, Some(values), None) => (Prices::AsGiven, "iav", values),
        (None, None, _) => {
            let missing: Vec<String> = years
                .iter()
                .filter(|&&y| ["iav", "iav_const"].iter().all(|item| stated(park, &View::Park, y, item).is_none()))
                .map(u16::to_string)
                .collect();
            // Some years have one item, some the other: neither is a series.
            let missing = if missing.is_empty() {
                Words::new("no item for all years", "没有一个项目覆盖全部年份")
            } else {
                Words::new(missing.join(", "), missing.join("、"))
            };
            return Err(Words::new(
                format!("statistics.csv has no added value (iav_const, or iav) for the park: {}", missing.en),
                format!("statistics.csv 没有园区的工业增加值（iav_const 或 iav）：{}", missing.zh),
            ));
        }
    };
    // A sector without deflators of its own takes the park's.
    let real = |subject: &Subject, values: Vec<f64>| match prices {
        Prices::Deflated { .. } => {
            let own = self::deflators(park, subject, years);
            match own.as_ref().or(deflators.as_ref()) {
                Some((base, index)) => values.iter().zip(index).map(|(v, d)| v * base / d).collect(),
                None => values,
            }
        }
        Prices::Constant | Prices::AsGiven => values,
    };
    let sectors = park.sectors().into_keys().map(|code| {
        let values = all(years, |year| stated(park, &View::Sector(code.clone()), year, item));
        let values = values.map(|v| real(&Subject::Sector(code.clone()), v));
        (code, values)
    });
    let sectors = sectors.collect();
    let values = real(&Subject::Park, values);
    if let Some(year) = years.iter().zip(&values).find(|(_, v)| **v <= 0.0).map(|(y, _)| y) {
        return Err(Words::new(
            format!("the added value of {year} is not above zero"),
            format!("{year} 年的工业增加值不大于零"),
        ));
    }
    let (has, lacking): (Vec<u16>, Vec<u16>) =
        years.iter().partition(|&&y| stated(park, &View::Park, y, "iav_const").is_some());
    Ok(AddedValue { prices, park: values, sectors, lacking: if has.is_empty() { Vec::new() } else { lacking } })
}

/// A value for each year, or none.
fn all(years: &[u16], value: impl Fn(u16) -> Option<f64>) -> Option<Vec<f64>> {
    years.iter().map(|&year| value(year)).collect()
}

/// What `statistics.csv` says of a view, else what it says of those that belong to it in the year, if complete. A sector
/// none of whose firms belongs to the park in a year adds nothing in it. Unit: 10⁴ RMB.
fn stated(park: &Park, view: &View, year: u16, item: &str) -> Option<f64> {
    let sum = |rows: Vec<usize>| rows.iter().map(|&i| park.statistics[i].value).sum::<f64>() / 1e4;
    statistics_of(park, view, year, item).map(sum).or_else(|| {
        let in_view = |e: &EnterpriseId| match view {
            View::Sector(code) => park.enterprise(*e).sector == *code,
            View::Enterprise(one) => e == one,
            View::Park | View::Sum => true,
        };
        let members = (0..park.enterprises.len()).map(EnterpriseId::new).filter(in_view);
        let members = members.filter(|e| park.enterprise(*e).is_member(Period::year(year)));
        let parts = members.map(|e| statistics_of(park, &View::Enterprise(e), year, item).map(sum));
        parts.sum()
    })
}

/// The deflators that a subject states for all years, and their base.
fn deflators(park: &Park, subject: &Subject, years: &[u16]) -> Option<(f64, Vec<f64>)> {
    let of_year = |year| {
        let mut rows = park.statistics.iter();
        rows.find(|s| s.subject == *subject && *s.item == *DEFLATOR && s.period == Period::year(year)).map(|s| s.value)
    };
    let values = all(years, of_year)?;
    Some((deflator_base(&values)?, values))
}
