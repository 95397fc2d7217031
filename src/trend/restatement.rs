//! Whether the base year still compares with the last one (GHG Protocol Corporate Standard, ch. 5; ISO 14064-1:2018, 6.4).
//!
//! What a package knows is put against the threshold: firms that joined or left since the base year, rows of the base year
//! that `changes.csv` corrects, and factors that are no longer those of `factors.lock`. The series *as reported* has the
//! old quantities and factors and whoever belonged to the park in each year; the *restated* one what the package holds
//! now, for the firms that belong to the park in the base year and in the last one. Effects of rows and factors are of
//! the first order: a line is a product, so that with the old value it is `line · old / new`.

use super::emissions::{Boundary, total_of};
use crate::inventory::{Departure, Inventory, departures};
use crate::ledger::Activity;
use crate::package::Package;
use crate::park::{EnterpriseId, Park, Record};
use crate::quantity::{Period, parse_number};
use std::collections::HashMap;

/// Tables whose corrections can change a method or a factor, so that the base year may be another.
const METHODS: [&str; 7] = ["processes", "parameters", "carriers", "factors", "outputs", "instruments", "enterprises"];

/// A row of `changes.csv` that touches the base year or a method.
#[derive(Debug, Clone, PartialEq)]
pub struct Correction {
    /// Row of `changes.csv`.
    pub row: u32,
    /// Table, row and column that were corrected, as the log says.
    pub what: String,
    /// What it changed in the base year; none where the log does not tell old and new numbers of a quantity. Unit: t CO2e.
    pub effect: Option<f64>,
}

/// A factor that is another than the locked one, or that the base year takes and the lock lacks.
#[derive(Debug, Clone, PartialEq)]
pub struct Refactored {
    /// Id of the row that is used now.
    pub id: String,
    /// The locked value; none where the lock has no row for what it is of.
    pub old: Option<String>,
    /// The value now.
    pub new: String,
    /// What it changes in the base year; none where the two cannot be compared. Unit: t CO2e.
    pub effect: Option<f64>,
}

/// The base year as reported and restated.
#[derive(Debug, Clone, PartialEq)]
pub struct Restatement {
    /// The base year, and whether `park.toml` names it; else it is the first one.
    pub base_year: (u16, bool),
    /// Change of the base year from which it is restated, as `park.toml` says. Unit: 1.
    pub threshold: Option<f64>,
    /// Firms that belong to the park in the last year and not in the base year, with their part of the last year's total.
    /// Unit: t CO2e.
    pub joined: Vec<(EnterpriseId, f64)>,
    /// Firms that belong to it in the base year and no longer in the last, with their part of the base year's. Unit: t CO2e.
    pub left: Vec<(EnterpriseId, f64)>,
    /// Corrections of the base year, and of methods.
    pub corrections: Vec<Correction>,
    /// Factors that moved since they were locked; none where there is no lock.
    pub factors: Option<Vec<Refactored>>,
    /// The years, base year first.
    pub years: Vec<u16>,
    /// The total as reported. Unit: t CO2e.
    pub reported: Vec<f64>,
    /// The total restated. Unit: t CO2e.
    pub restated: Vec<f64>,
}

impl Restatement {
    /// What restating changes in the base year. Unit: t CO2e.
    #[must_use]
    pub fn effect(&self) -> f64 {
        self.restated.first().zip(self.reported.first()).map_or(0.0, |(a, b)| a - b)
    }

    /// The largest of that change and of each kind of reason by itself, in parts of the base year, so that reasons that cancel
    /// do not pass for none; no share where the base year is not above zero. What joined has no rows in the base year: its part of
    /// the last year stands for it. Unit: 1.
    #[must_use]
    pub fn share(&self) -> Option<f64> {
        let base = self.reported.first().copied().filter(|b| *b > 0.0)?;
        let joined: f64 = self.joined.iter().map(|j| j.1).sum();
        let left: f64 = self.left.iter().map(|l| l.1).sum();
        let corrected: f64 = self.corrections.iter().filter_map(|c| c.effect).sum();
        let moved: f64 = self.factors.iter().flatten().filter_map(|f| f.effect).sum();
        let most = [joined, left, corrected, moved].into_iter().fold(self.effect().abs(), |most, x| most.max(x.abs()));
        Some(most / base)
    }

    /// Whether the effect of some reason is not known, so that a small share proves nothing.
    #[must_use]
    pub fn has_unknown(&self) -> bool {
        let factors = self.factors.iter().flatten();
        self.corrections.iter().any(|c| c.effect.is_none()) || factors.into_iter().any(|f| f.effect.is_none())
    }

    /// Whether the threshold is passed; none where there is no threshold or no share, or where what is known stays below it and
    /// something is not known.
    #[must_use]
    pub fn is_beyond(&self) -> Option<bool> {
        let beyond = self.share()? > self.threshold?;
        (beyond || !self.has_unknown()).then_some(beyond)
    }

    /// Whether anything is known that can change the base year.
    #[must_use]
    pub fn has_reason(&self) -> bool {
        let moved = self.factors.as_ref().is_some_and(|f| !f.is_empty());
        !self.joined.is_empty() || !self.left.is_empty() || !self.corrections.is_empty() || moved
    }
}

/// Puts the base year against the last of `years`; none where the inventory does not hold the base year.
#[must_use]
pub fn restatement(package: &Package, inventory: &Inventory, boundary: Boundary, years: &[u16]) -> Option<Restatement> {
    let park = &package.park;
    let base = park.settings.base_year.or(years.first().copied())?;
    let last = years.last().copied()?;
    if !inventory.years.contains(&base) || base >= last {
        return None;
    }
    let all: Vec<u16> = [base].into_iter().chain(years.iter().copied().filter(|y| *y > base)).collect();
    let belongs = |e: EnterpriseId, year: u16| park.enterprise(e).is_member(Period::year(year));
    let members = || (0..park.enterprises.len()).map(EnterpriseId::new);
    let of = |e: EnterpriseId, year: u16| total_of(park, inventory, boundary, year, |l| l.enterprise == e);
    let joined = members().filter(|&e| !belongs(e, base) && belongs(e, last)).map(|e| (e, of(e, last))).collect();
    let left = members().filter(|&e| belongs(e, base) && !belongs(e, last)).map(|e| (e, of(e, base))).collect();

    let logged = all_logged(park);
    let corrections = logged.iter().filter(|l| l.year.is_none_or(|y| y == base));
    let corrections = corrections.map(|l| Correction {
        row: l.row,
        what: l.what.clone(),
        effect: l.effect(park, inventory, boundary, base),
    });
    let corrections = corrections.collect();

    let effect =
        |d: &Departure, year| d.effect(inventory, park.settings.rule_set, boundary == Boundary::Park, Some(year));
    let locked = package.lock.as_ref().map(|lock| departures(inventory, lock));
    let factors = locked.as_ref().map(|(list, unlocked, _)| {
        let moved = list.iter().filter(|d| d.old.printed_text() != d.new.printed_text());
        let moved = moved.map(|d| Refactored {
            id: d.new.id.to_string(),
            old: Some(d.old.printed_text()),
            new: d.new.printed_text(),
            effect: effect(d, base),
        });
        // What later years alone take is no change of the base year.
        let of_base = inventory.factors_of(|l| l.period.year == base);
        let came = of_base.into_iter().filter(|f| unlocked.iter().any(|u| u.id == f.id));
        let came = came.map(|f| Refactored { id: f.id.to_string(), old: None, new: f.printed_text(), effect: None });
        moved.chain(came).collect()
    });

    let now = |year: u16| total_of(park, inventory, boundary, year, |_| true);
    let moved = |year: u16| {
        let rows = logged.iter().filter(|l| l.year == Some(year));
        let rows: f64 = rows.filter_map(|l| l.effect(park, inventory, boundary, year)).sum();
        let factors = locked.iter().flat_map(|l| &l.0).filter_map(|d| effect(d, year));
        rows + factors.sum::<f64>()
    };
    let stays = |e: EnterpriseId| belongs(e, base) && belongs(e, last);
    Some(Restatement {
        base_year: (base, park.settings.base_year.is_some()),
        threshold: park.settings.restatement_threshold,
        joined,
        left,
        corrections,
        factors,
        reported: all.iter().map(|&y| now(y) - moved(y)).collect(),
        restated: all.iter().map(|&y| total_of(park, inventory, boundary, y, |l| stays(l.enterprise))).collect(),
        years: all,
    })
}

/// A row of `changes.csv` that can matter.
struct Logged {
    row: u32,
    what: String,
    /// The year of the row that was corrected; none of a method.
    year: Option<u16>,
    activity: Option<Activity>,
    /// Old and new quantity.
    numbers: Option<(f64, f64)>,
    /// The quantity after the last correction of the row: that of its lines.
    last: f64,
}

/// What the log holds of emissions, in its order.
fn all_logged(park: &Park) -> Vec<Logged> {
    let mut list: Vec<Logged> = park.records.iter().filter_map(|r| logged(park, r)).collect();
    let last: HashMap<Activity, f64> = list.iter().filter_map(|l| Some((l.activity?, l.numbers?.1))).collect();
    for one in &mut list {
        one.last = one.activity.and_then(|a| last.get(&a).copied()).unwrap_or_default();
    }
    list
}

fn logged(park: &Park, record: &Record) -> Option<Logged> {
    if record.file != "changes.csv" {
        return None;
    }
    let cell = |name: &str| record.cells.iter().find(|c| c.0 == name).map_or("", |c| c.1.as_str());
    let (table, id, column) = (cell("table").trim_end_matches(".csv"), cell("row_id"), cell("column"));
    let (year, activity) = match table {
        // A row that is no more had a year that nobody can tell.
        "flows" => {
            park.find_flow(id).map_or((None, None), |i| (Some(park.flows[i].period.year), Some(Activity::Flow(i))))
        }
        "emissions" => park
            .reported
            .iter()
            .position(|r| *r.id == *id)
            .map_or((None, None), |i| (Some(park.reported[i].period.year), Some(Activity::Reported(i)))),
        table if METHODS.contains(&table) || table.starts_with("park") => (None, None),
        _ => return None,
    };
    let numbers = parse_number(cell("old")).ok().zip(parse_number(cell("new")).ok());
    let numbers = numbers.filter(|_| column == "quantity");
    let what = [table, id, column].into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join(" ");
    Some(Logged { row: record.row, what, year, activity, numbers, last: 0.0 })
}

impl Logged {
    /// What the correction changed in the total of the row's year, by the lines that were made of the row, which are as
    /// large as the last quantity. Corrections of one row so add up to that from the first quantity to the last.
    fn effect(&self, park: &Park, inventory: &Inventory, boundary: Boundary, year: u16) -> Option<f64> {
        let (old, new) = self.numbers.filter(|_| self.last != 0.0)?;
        let activity = self.activity?;
        let lines = total_of(park, inventory, boundary, year, |l| l.activity == activity);
        Some(lines * ((new - old) / self.last) + 0.0)
    }
}
