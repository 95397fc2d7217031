//! What a park brings to an evaluation: its accounts, its statistics, its answers and its targets, by year.

use super::accounts::{Account, accounts};
use super::evaluate::{At, Given, Target};
use super::figures::Figures;
use super::items::{Item, ItemId, Kind};
use super::pack::{Indicator, Pack, Rule, Threshold};
use super::targets::{Progress, Refund, refund, shares, targets};
use crate::diagnostic::{Diagnostic, Diagnostics, Origin, Problem, Thing, Words};
use crate::inventory::Inventory;
use crate::park::{Park, Record, Subject};
use crate::quantity::{Dimension, Unit, parse_number, significant};
use std::collections::{BTreeMap, HashMap, HashSet};

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
    /// Thresholds that were asked for, by indicator and year; without a year for all. With their line of `answers.csv`.
    asked: HashMap<(Box<str>, Option<u16>), (f64, u32)>,
    /// Answers that name their year.
    own_year: HashSet<(ItemId, u16)>,
    /// Targets by indicator, with their line of `targets.csv`.
    pub targets: BTreeMap<Box<str>, (Target, u32)>,
}

impl Given for Zone {
    fn asked(&self, row: &Indicator, year: u16) -> Option<f64> {
        self.asked_for(row, year).map(|asked| asked.0)
    }

    fn target(&self, row: &Indicator) -> Option<Target> {
        self.targets.get(&row.id).map(|t| t.0)
    }
}

/// Output rates and the intensities that are their reciprocals (`indicators.md` 2).
const RECIPROCALS: [(&str, &str); 2] = [("CTIP-1.3", "CTIP-2.1"), ("CTIP-1.4", "CTIP-2.3")];

/// How far a product of reciprocals may be from 1: targets are printed with two or three digits.
const ROUNDING: f64 = 0.01;

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
        own_year: HashSet::new(),
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
    zone.compare_targets(&mut found);
    zone.refunds(pack);
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
        let unused = |why: Words, found: &mut Diagnostics| {
            let problem = Problem::AnswerUnused { question: question.to_owned(), why };
            found.push(Diagnostic::new(problem, at("question")).found(question));
        };
        let mut bad = |expected: Words| {
            let problem = Problem::BadAnswer { question: question.to_owned(), found: text.to_owned(), expected };
            found.push(Diagnostic::new(problem, at("answer")).found(text));
        };
        if let Some(row) = question.strip_suffix(BENCHMARK).and_then(|id| pack.indicator(id)).map(|r| r.1) {
            // A bare number is in the unit of the row, as in targets.csv.
            let bare = parse_number(text.trim()).ok().map(|number| row.measured.to_canonical(number));
            let Some(value) = bare.or_else(|| quantity(text, row.measured.dimension)) else {
                bad(number(&row.measured.symbol));
                return;
            };
            if row.threshold != Threshold::Asked {
                unused(Words::new("its threshold is in the table", "其阈值已在表中"), found);
            } else if let Some((_, first_row)) = self.asked.get(&(row.id.clone(), year)) {
                let problem = Problem::DuplicateId { id: question.to_owned(), first_row: *first_row };
                found.push(Diagnostic::new(problem, at("question")));
            } else {
                self.asked.insert((row.id.clone(), year), (value / row.measured.scale, record.row));
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
        let mut why = Some(Words::new("there are no data of its year", "没有该年的数据"));
        for y in (years.0..=years.1).filter(|y| year.is_none_or(|year| year == *y)) {
            // A year of its own counts more than all years.
            match self.trails.get(&(id, y)).cloned() {
                Some(Trail::Account(_) | Trail::Targets) => {
                    why = why.map(|_| Words::new("the accounts work it out", "已由核算得出"));
                }
                Some(Trail::Statistics(_)) => {
                    why = why.map(|_| Words::new("statistics.csv states it", "statistics.csv 已填"));
                }
                Some(Trail::Answer(_)) if year.is_none() => why = None,
                Some(Trail::Answer(first_row)) if self.own_year.contains(&(id, y)) => {
                    let problem = Problem::DuplicateId { id: question.to_owned(), first_row };
                    found.push(Diagnostic::new(problem, at("question")));
                    return;
                }
                Some(Trail::Answer(_)) | None => {
                    self.figures.set(id, y, value);
                    self.trails.insert((id, y), Trail::Answer(record.row));
                    if year.is_some() {
                        self.own_year.insert((id, y));
                    }
                    why = None;
                }
            }
        }
        if let Some(why) = why {
            unused(why, found);
        }
    }

    /// The threshold that was asked for, with its line of `answers.csv`.
    #[must_use]
    pub fn asked_for(&self, row: &Indicator, year: u16) -> Option<(f64, u32)> {
        let of = |year| self.asked.get(&(row.id.clone(), year)).copied();
        of(Some(year)).or_else(|| of(None))
    }

    /// Whether targets of reciprocals agree.
    fn compare_targets(&self, found: &mut Diagnostics) {
        for (rate, intensity) in RECIPROCALS {
            let (Some(a), Some(b)) = (self.targets.get(rate), self.targets.get(intensity)) else { continue };
            let product = a.0.value * b.0.value;
            if a.0.year == b.0.year && (product - 1.0).abs() > ROUNDING {
                let problem = Problem::TargetsDisagree {
                    rate: rate.to_owned(),
                    intensity: intensity.to_owned(),
                    product: significant(product, 4),
                };
                found.push(Diagnostic::new(problem, Origin::row("targets.csv", b.1).column("target_value")));
            }
        }
    }

    /// Whether no refund of the subsidy is due, each year in which that can be told.
    fn refunds(&mut self, pack: &Pack) {
        let find = |symbol: &str| pack.items.find(symbol);
        let (Some(none_due), Some(approved), Some(substantial)) =
            (find("no_refund_flag"), find("plan_approved_year"), find("substantial_progress_flag"))
        else {
            return;
        };
        let years: Vec<u16> = self.figures.years().collect();
        for year in years {
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a calendar year")]
            let approved = self.figures.get(approved, year).map(|y| y as u16);
            let none = match refund(approved, year, self.figures.get(substantial, year).map(|yes| yes != 0.0)) {
                Refund::NotYet | Refund::No => 1.0,
                Refund::Due => 0.0,
                Refund::NeedsYear | Refund::NeedsAnswer => continue,
            };
            self.figures.set(none_due, year, none);
            self.trails.insert((none_due, year), Trail::Targets);
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
        let text = cell(record, "unit");
        let stated = if text.is_empty() || *text == *row.unit { Ok(row.measured.clone()) } else { Unit::parse(text) };
        let unit = match stated {
            Ok(unit) if unit.dimension == row.measured.dimension => unit,
            Ok(_) => {
                let thing = Thing::new(&*row.id, &*row.name.1);
                let units = row.measured.symbol.to_string();
                let problem = Problem::WrongDimension { unit: text.to_owned(), thing, units };
                found.push(Diagnostic::new(problem, at("unit")).found(text));
                return;
            }
            Err(error) => {
                found.push(Diagnostic::new(Problem::unit(text, &error), at("unit")).found(text));
                return;
            }
        };
        if let Some((_, first_row)) = self.targets.get(&row.id) {
            let problem = Problem::DuplicateId { id: id.to_owned(), first_row: *first_row };
            found.push(Diagnostic::new(problem, at("indicator")));
            return;
        }
        let year = |column: &str| cell(record, column).get(..4).and_then(|y| y.parse::<u16>().ok());
        let value = |column: &str| {
            let number = parse_number(cell(record, column)).ok()?;
            Some(unit.to_canonical(number) / row.measured.scale)
        };
        // The reader of the package has refused what is no number and no year.
        let (Some(until), Some(aim)) = (year("target_year"), value("target_value")) else { return };
        if year("base_year").is_some_and(|base| base >= until) {
            let expected = Words::new("a year after base_year", "晚于 base_year 的年份");
            let problem = Problem::PackValue { found: until.to_string(), expected };
            found.push(Diagnostic::new(problem, at("target_year")).found(until.to_string()));
            return;
        }
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
