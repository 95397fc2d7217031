//! What a park brings to an evaluation: its accounts, its statistics, its answers and its targets, by year.

use super::accounts::{Account, accounts};
use super::evaluate::{At, Given, Target};
use super::figures::Figures;
use super::items::{Item, ItemId, Kind, Source};
use super::pack::{Indicator, Pack, Rule};
use super::targets::{Progress, shares, targets};
use crate::diagnostic::{Diagnostic, Diagnostics, Origin, Problem, Words};
use crate::inventory::Inventory;
use crate::park::{Park, Record, Subject};
use crate::quantity::{Dimension, Unit, parse_number};
use std::collections::{BTreeMap, HashMap};

/// Where the value of an item comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trail {
    /// The accounts of the year, by position in [`Zone::accounts`].
    Account(usize),
    /// Rows of `statistics.csv`, by position in the park.
    Statistics(Vec<usize>),
    /// A row of `answers.csv`, by its line.
    Answer(u32),
    /// Counted over `targets.csv`.
    Targets,
}

/// A park, as the tables see it.
#[derive(Debug, Clone)]
pub struct Zone {
    /// Values of the items.
    pub figures: Figures,
    /// What the accounts work out, by year.
    pub accounts: BTreeMap<u16, Vec<Account>>,
    /// Where values come from.
    pub trails: HashMap<(ItemId, u16), Trail>,
    /// Thresholds that were asked for, by indicator and year; without a year for all.
    asked: HashMap<(Box<str>, Option<u16>), f64>,
    /// Targets by indicator, with their line of `targets.csv`.
    pub targets: BTreeMap<Box<str>, (Target, u32)>,
}

impl Given for Zone {
    fn asked(&self, row: &Indicator, year: u16) -> Option<f64> {
        let of = |year| self.asked.get(&(row.id.clone(), year)).copied();
        of(Some(year)).or_else(|| of(None))
    }

    fn target(&self, row: &Indicator) -> Option<Target> {
        self.targets.get(&row.id).map(|t| t.0)
    }
}

/// Ending of a question that asks for the threshold of an indicator.
const BENCHMARK: &str = ".benchmark";

/// Gathers what a park brings. Where accounts and statistics both know an item, the accounts count; the other is compared in
/// reports. What is wrong with answers and targets is told; they are left out.
#[must_use]
pub fn zone(pack: &Pack, park: &Park, inventory: &Inventory) -> (Zone, Diagnostics) {
    let mut found = Diagnostics::default();
    let years: Vec<u16> = inventory.years.clone();
    let all = || years.iter().copied().chain(park.statistics.iter().map(|s| s.period.year));
    let (first, last) = (all().min().unwrap_or_default(), all().max().unwrap_or_default());
    let mut zone = Zone {
        figures: Figures::new(first, last, pack.items.len()),
        accounts: BTreeMap::new(),
        trails: HashMap::new(),
        asked: HashMap::new(),
        targets: BTreeMap::new(),
    };
    for ((symbol, year), rows) in stated(park) {
        let Some(id) = pack.items.find(symbol) else { continue };
        if let Some((value, rows)) = statistic(park, pack.items.get(id), &rows, &mut found) {
            zone.figures.set(id, year, value);
            zone.trails.insert((id, year), Trail::Statistics(rows));
        }
    }
    for year in years {
        let list = accounts(park, inventory, year);
        for (position, account) in list.iter().enumerate() {
            let id = pack.items.find(account.symbol);
            if let (Some(id), Some(value)) = (id, account.value) {
                zone.figures.set(id, year, value);
                zone.trails.insert((id, year), Trail::Account(position));
            }
        }
        zone.accounts.insert(year, list);
    }
    for record in park.records.iter().filter(|r| r.file == "answers.csv") {
        zone.answer(pack, record, (first, last), &mut found);
    }
    for record in park.records.iter().filter(|r| r.file == "targets.csv") {
        zone.target_of(pack, record, &mut found);
    }
    zone.count_targets(pack, park.settings.base_year.or(inventory.years.first().copied()).unwrap_or(first));
    (zone, found)
}

/// Rows of `statistics.csv` about whole years, by item and year.
fn stated(park: &Park) -> BTreeMap<(&str, u16), Vec<usize>> {
    let mut all: BTreeMap<(&str, u16), Vec<usize>> = BTreeMap::new();
    for (row, statistic) in park.statistics.iter().enumerate().filter(|(_, s)| s.period.month.is_none()) {
        all.entry((&*statistic.item, statistic.period.year)).or_default().push(row);
    }
    all
}

/// What these rows say of an item of the park: its own row, else those of all enterprises together.
fn statistic(park: &Park, item: &Item, all: &[usize], found: &mut Diagnostics) -> Option<(f64, Vec<usize>)> {
    let own = all.iter().copied().find(|&row| park.statistics[row].subject == Subject::Park);
    let enterprises = || {
        let of = |row: &usize| matches!(park.statistics[*row].subject, Subject::Enterprise(_));
        let rows: Vec<usize> = all.iter().copied().filter(of).collect();
        let adds_up = item.kind == Kind::Number && item.dimension != Dimension::NONE;
        // One row for each: the reader of the package refuses two.
        (adds_up && rows.len() == park.enterprises.len() && !rows.is_empty()).then_some(rows)
    };
    let rows = own.map(|row| vec![row]).or_else(enterprises)?;
    for &row in &rows {
        let statistic = &park.statistics[row];
        let unit = statistic.printed.split_once(' ').and_then(|(_, unit)| Unit::parse(unit).ok());
        if let Some(unit) = unit.filter(|u| u.dimension != item.dimension) {
            let problem =
                Problem::PackDimension { found: unit.dimension.to_string(), expected: item.dimension.to_string() };
            let origin = Origin::row("statistics.csv", statistic.row).column("unit");
            found.push(Diagnostic::new(problem, origin).found(statistic.printed.clone()));
            return None;
        }
    }
    Some((rows.iter().map(|&row| park.statistics[row].value).sum(), rows))
}

/// The cell of a record.
fn cell<'a>(record: &'a Record, column: &str) -> &'a str {
    record.cells.iter().find(|c| c.0 == column).map(|c| c.1.trim()).unwrap_or_default()
}

/// A number with its unit behind it, in the canonical unit; without one it is a pure number.
fn quantity(text: &str, dimension: Dimension) -> Option<f64> {
    let text = text.trim();
    let belongs = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '-' | '+' | 'e' | 'E');
    let end = text.find(|c: char| !belongs(c)).unwrap_or(text.len());
    let number = parse_number(text.get(..end)?).ok()?;
    let unit = match text.get(end..)?.trim() {
        "" => "1",
        unit => unit,
    };
    let unit = Unit::parse(unit).ok().filter(|u| u.dimension == dimension)?;
    Some(unit.to_canonical(number))
}

/// Yes or no, as people write it.
fn yes(text: &str) -> Option<bool> {
    const YES: &[&str] = &["yes", "y", "true", "1", "是", "有", "已", "达标", "通过"];
    const NO: &[&str] = &["no", "n", "false", "0", "否", "无", "没有", "未", "不达标", "未通过"];
    let text = text.to_lowercase();
    let is = |list: &[&str]| list.contains(&&*text);
    if is(YES) { Some(true) } else { is(NO).then_some(false) }
}

impl Zone {
    fn answer(&mut self, pack: &Pack, record: &Record, years: (u16, u16), found: &mut Diagnostics) {
        let (question, text) = (cell(record, "question"), cell(record, "answer"));
        let at = |column: &str| Origin::row("answers.csv", record.row).column(column);
        let year = cell(record, "period").get(..4).and_then(|y| y.parse::<u16>().ok());
        let mut bad = |expected: Words| {
            let problem = Problem::BadAnswer { question: question.to_owned(), found: text.to_owned(), expected };
            found.push(Diagnostic::new(problem, at("answer")).found(text));
        };
        if let Some(row) = question.strip_suffix(BENCHMARK).and_then(|id| pack.indicator(id)).map(|r| r.1) {
            // A bare number is in the unit of the row, as in targets.csv.
            let bare = parse_number(text.trim()).ok().map(|number| row.measured.to_canonical(number));
            match bare.or_else(|| quantity(text, row.measured.dimension)) {
                Some(value) => {
                    self.asked.insert((row.id.clone(), year), value / row.measured.scale);
                }
                None => bad(number(&row.measured.symbol)),
            }
            return;
        }
        // A question is an item, or the row of a table that is one item.
        let whole = || {
            let (_, row) = pack.indicator(question)?;
            let formula = row
                .formula
                .as_ref()
                .filter(|f| f.takes.len() == 1 && *f.text == *pack.items.get(f.takes[0].0).symbol)?;
            Some(formula.takes[0].0)
        };
        let Some(id) = pack.items.find(question).or_else(whole) else {
            let nearest = pack.items.nearest(question);
            found.push(Diagnostic::new(Problem::PackItem { symbol: question.to_owned(), nearest }, at("question")));
            return;
        };
        let item = pack.items.get(id);
        let value = match item.kind {
            Kind::Number => quantity(text, item.dimension),
            Kind::Flag => yes(text).map(|yes| f64::from(u8::from(yes))),
            #[allow(clippy::cast_precision_loss, reason = "a few words")]
            Kind::Choice => pack.word(text).map(|word| word as f64),
        };
        let Some(value) = value else {
            bad(match item.kind {
                Kind::Number => number(&item.unit.symbol),
                Kind::Flag => Words::new("yes or no", "是或否"),
                Kind::Choice => {
                    let words = pack.words.join(", ");
                    Words::new(format!("one of: {words}"), format!("下列之一：{words}"))
                }
            });
            return;
        };
        for y in (years.0..=years.1).filter(|y| year.is_none_or(|year| year == *y)) {
            // What the accounts work out is not answered away, and a year of its own counts more than all years.
            let known = match self.trails.get(&(id, y)) {
                Some(Trail::Account(_)) => item.source == Source::Account,
                Some(Trail::Answer(_)) => year.is_none(),
                _ => false,
            };
            if !known {
                self.figures.set(id, y, value);
                self.trails.insert((id, y), Trail::Answer(record.row));
            }
        }
    }

    /// How many targets of systems with own targets there are, and how many are met, each year: items of the funding rule.
    fn count_targets(&mut self, pack: &Pack, base: u16) {
        let (Some(all), Some(met)) = (pack.items.find("n_targets"), pack.items.find("n_targets_met")) else { return };
        let years: Vec<u16> = self.figures.years().collect();
        for year in years {
            let list = targets(pack, self, At { year, base });
            let own = |p: &&Progress| matches!(p.system.rule, Rule::OwnTargets { .. });
            let list: Vec<&Progress> = list.iter().filter(own).collect();
            if let Some(shares) = shares(&list) {
                self.figures.set(all, year, shares.targets as f64);
                self.figures.set(met, year, shares.met as f64);
                self.trails.insert((all, year), Trail::Targets);
                self.trails.insert((met, year), Trail::Targets);
            }
        }
    }

    fn target_of(&mut self, pack: &Pack, record: &Record, found: &mut Diagnostics) {
        let at = |column: &str| Origin::row("targets.csv", record.row).column(column);
        let (programme, id) = (cell(record, "programme"), cell(record, "indicator"));
        let row = pack.indicator(id).or_else(|| {
            let system = pack.system(programme)?;
            let named = format!("{}-{id}", system.id);
            Some((system, system.rows.iter().find(|r| *r.id == *named)?))
        });
        let Some((_, row)) = row else {
            let ids = pack.systems.iter().flat_map(|s| s.rows.iter().map(|r| &*r.id));
            let nearest = crate::package::nearest(id, ids);
            found.push(Diagnostic::new(Problem::UnknownIndicator { id: id.to_owned(), nearest }, at("indicator")));
            return;
        };
        let unit = match cell(record, "unit") {
            "" => Some(row.measured.clone()),
            text if text == &*row.unit => Some(row.measured.clone()),
            text => Unit::parse(text).ok().filter(|u| u.dimension == row.measured.dimension),
        };
        let Some(unit) = unit else {
            let problem = Problem::PackDimension {
                found: cell(record, "unit").to_owned(),
                expected: format!("{} ({})", row.measured.dimension, row.unit),
            };
            found.push(Diagnostic::new(problem, at("unit")));
            return;
        };
        let year = |column: &str| cell(record, column).get(..4).and_then(|y| y.parse::<u16>().ok());
        let value = |column: &str| {
            let number = parse_number(cell(record, column)).ok()?;
            Some(unit.to_canonical(number) / row.measured.scale)
        };
        // The reader of the package has refused what is no number and no year.
        let (Some(until), Some(aim)) = (year("target_year"), value("target_value")) else { return };
        let target = Target { base_year: year("base_year"), base: value("base_value"), year: until, value: aim };
        self.targets.insert(row.id.clone(), (target, record.row));
    }
}

/// A number with a unit, as an answer.
fn number(unit: &str) -> Words {
    match unit {
        "1" => Words::new("a number", "数字"),
        unit => Words::new(format!("a number with its unit, such as 12 {unit}"), format!("数字及单位，如 12 {unit}")),
    }
}
