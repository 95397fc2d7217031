//! Packs from their files, with everything that is wrong told at once.

use super::formula::{Formula, Shape};
use super::items::{Items, Kind, choice, unit};
use super::pack::{
    COMPARATORS, Case, Class, Comparator, Condition, Confidence, Indicator, Interval, Pack, Rule, System, Threshold,
};
use super::table::{Row, each_row};
use crate::diagnostic::{Diagnostic, Diagnostics, Origin, Problem, Words};
use crate::quantity::{Unit, parse_number};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Columns of `indicators.csv`.
const COLUMNS: &[&str] = &[
    "id",
    "group",
    "category",
    "name_en",
    "name_zh",
    "unit",
    "measured_in",
    "comparator",
    "judged",
    "threshold",
    "formula",
    "lever",
    "class",
    "source",
    "confidence",
    "note_en",
    "note_zh",
];

/// Columns of `thresholds.csv`.
const CASES: &[&str] = &["id", "item", "range", "unit", "year", "threshold", "note_en", "note_zh"];

/// `system.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    system: String,
    version: String,
    name_en: String,
    name_zh: String,
    region: String,
    first_year: Option<u16>,
    last_year: Option<u16>,
    #[serde(default)]
    note_en: String,
    #[serde(default)]
    note_zh: String,
    rule: RuleSettings,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleSettings {
    kind: String,
    at_least: Option<usize>,
    share: Option<String>,
}

impl RuleSettings {
    /// The rule; what is wrong with it otherwise.
    fn rule(&self) -> Result<Rule, String> {
        let share = || {
            let text = self.share.as_deref().unwrap_or("90 %");
            let number = text.trim().strip_suffix('%').and_then(|n| parse_number(n.trim()).ok()).map(|n| n / 100.0);
            number.filter(|n| *n > 0.0 && *n <= 1.0).ok_or_else(|| format!("rule.share = \"{text}\""))
        };
        Ok(match &*self.kind {
            "all" => Rule::All,
            "mandatory_and_groups" => Rule::MandatoryAndGroups { at_least: self.at_least.unwrap_or(1) },
            "veto" => Rule::Veto,
            "own_targets" => Rule::OwnTargets { share: share()? },
            "bands" => Rule::Bands,
            "none" => Rule::None,
            other => return Err(format!("rule.kind = \"{other}\"")),
        })
    }
}

impl Pack {
    /// Adds the packs of a folder, by the paths of their files (`hj274-2015/indicators.csv`, `items.csv`) under `root`, which
    /// messages show. A pack in which anything is wrong is left out.
    pub fn read(&mut self, root: &str, files: &BTreeMap<String, String>, found: &mut Diagnostics) {
        if let Some(text) = files.get("items.csv") {
            self.items.read(&format!("{root}/items.csv"), text, found);
        }
        let folders: BTreeSet<&str> = files.keys().filter_map(|f| f.split_once('/')).map(|f| f.0).collect();
        for folder in folders {
            let mut own = Diagnostics::default();
            let system = self.system_of(root, folder, files, &mut own);
            if let Some(system) = system.filter(|_| !own.has_errors()) {
                self.systems.push(system);
            }
            found.append(own);
        }
    }

    fn system_of(
        &mut self,
        root: &str,
        folder: &str,
        files: &BTreeMap<String, String>,
        found: &mut Diagnostics,
    ) -> Option<System> {
        let path = |file: &str| format!("{root}/{folder}/{file}");
        let text = |file: &str| files.get(&format!("{folder}/{file}")).map(String::as_str);
        for file in ["system.toml", "indicators.csv"] {
            if text(file).is_none() {
                found.push(Diagnostic::new(Problem::PackFile { file: file.to_owned() }, Origin::file(path(file))));
            }
        }
        let settings = settings(&path("system.toml"), text("system.toml")?, found);
        if let Some((s, _)) = &settings
            && self.system(&s.system).is_some()
        {
            let problem = Problem::PackIdTwice { id: s.system.clone() };
            found.push(Diagnostic::new(problem, Origin::file(path("system.toml"))));
        }
        let cases = text("thresholds.csv").map(|text| self.cases(&path("thresholds.csv"), text, found));
        let mut cases = cases.unwrap_or_default();
        let mut rows: Vec<Indicator> = Vec::new();
        each_row(&path("indicators.csv"), text("indicators.csv")?, COLUMNS, found, |row, found| {
            let twice = rows.iter().any(|r| *r.id == *row.cell("id")) || self.indicator(row.cell("id")).is_some();
            if twice {
                found.push(row.problem("id", Problem::PackIdTwice { id: row.cell("id").to_owned() }));
            }
            let own = cases.remove(row.cell("id")).map(|c| c.1);
            rows.extend(indicator(row, &self.items, own, found));
        });
        if rows.is_empty() && !found.has_errors() {
            let problem = Problem::EmptyTable { file: "indicators.csv".to_owned() };
            found.push(Diagnostic::new(problem, Origin::file(path("indicators.csv"))));
        }
        for (id, (line, _)) in cases {
            let nearest = crate::package::nearest(&id, rows.iter().map(|r| &*r.id));
            let problem = Problem::PackUnknownRow { id, nearest };
            found.push(Diagnostic::new(problem, Origin::row(path("thresholds.csv"), line).column("id")));
        }
        let (s, rule) = settings?;
        let boxed = |a: String, b: String| (a.into_boxed_str(), b.into_boxed_str());
        Some(System {
            id: s.system.into(),
            folder: format!("{root}/{folder}").into(),
            version: s.version.into(),
            name: boxed(s.name_en, s.name_zh),
            region: s.region.into(),
            years: (s.first_year, s.last_year),
            note: boxed(s.note_en, s.note_zh),
            rule,
            rows,
        })
    }

    /// The cases of thresholds by id, with the line of the first.
    fn cases(&mut self, file: &str, text: &str, found: &mut Diagnostics) -> HashMap<String, (u32, Vec<Case>)> {
        let mut all: HashMap<String, (u32, Vec<Case>)> = HashMap::new();
        each_row(file, text, CASES, found, |row, found| {
            let until = optional(row, "year", found, |text| text.parse::<u16>().ok(), YEAR);
            let value = optional(row, "threshold", found, |text| parse_number(text).ok(), NUMBER);
            let (Some(when), Some(until), Some(value)) = (self.condition(row, found), until, value) else { return };
            let case = Case { when, until, value };
            all.entry(row.cell("id").to_owned()).or_insert_with(|| (row.line(), Vec::new())).1.push(case);
        });
        all
    }

    fn condition(&mut self, row: &Row, found: &mut Diagnostics) -> Option<Condition> {
        let symbol = row.cell("item");
        if symbol.is_empty() {
            return Some(Condition::Else);
        }
        let Some(id) = self.items.find(symbol) else {
            let problem = Problem::PackItem { symbol: symbol.to_owned(), nearest: self.items.nearest(symbol) };
            found.push(row.problem("item", problem));
            return None;
        };
        let (kind, dimension) = (self.items.get(id).kind, self.items.get(id).dimension);
        let range = row.cell("range");
        if kind == Kind::Choice {
            let word = self.word(range).unwrap_or_else(|| {
                self.words.push(range.into());
                self.words.len() - 1
            });
            return Some(if range.is_empty() { Condition::Else } else { Condition::Chosen(id, word) });
        }
        let unit = unit(row, "unit", None, found)?;
        if unit.dimension != dimension {
            let problem = Problem::PackDimension { found: unit.dimension.to_string(), expected: dimension.to_string() };
            found.push(row.problem("unit", problem));
            return None;
        }
        if range.is_empty() {
            return Some(Condition::Else);
        }
        let Some(interval) = Interval::parse(range) else {
            found.push(row.problem("range", Problem::PackValue { found: range.to_owned(), expected: RANGE() }));
            return None;
        };
        let scale = |end: Option<(f64, bool)>| end.map(|(e, closed)| (unit.to_canonical(e), closed));
        Some(Condition::Within(id, Interval { from: scale(interval.from), to: scale(interval.to) }))
    }
}

/// What a cell should hold.
type Expected = fn() -> Words;
const YEAR: Expected = || Words::new("a year, such as 2027, or nothing", "年份，如 2027，或留空");
const NUMBER: Expected = || Words::new("a number, or nothing", "数字，或留空");
const RANGE: Expected =
    || Words::new("an interval, such as [200000,1000000) or (,1000]", "区间，如 [200000,1000000) 或 (,1000]");

/// A cell that may be empty; the outer `None` is a problem.
#[allow(clippy::option_option, reason = "empty and wrong are two things")]
fn optional<T>(
    row: &Row,
    column: &str,
    found: &mut Diagnostics,
    parse: impl Fn(&str) -> Option<T>,
    expected: Expected,
) -> Option<Option<T>> {
    match row.cell(column) {
        "" => Some(None),
        text => {
            let value = parse(text);
            if value.is_none() {
                found.push(row.problem(column, Problem::PackValue { found: text.to_owned(), expected: expected() }));
            }
            value.map(Some)
        }
    }
}

fn settings(file: &str, text: &str, found: &mut Diagnostics) -> Option<(Settings, Rule)> {
    let settings = match toml::from_str::<Settings>(text) {
        Ok(settings) => settings,
        Err(error) => {
            let line = error.span().map_or(1, |s| text[..s.start.min(text.len())].matches('\n').count() as u32 + 1);
            let detail = error.message().to_owned();
            found.push(Diagnostic::new(Problem::PackUnreadable { detail }, Origin::row(file, line)));
            return None;
        }
    };
    match settings.rule.rule() {
        Ok(rule) => Some((settings, rule)),
        Err(text) => {
            let expected = Words::new(
                "kind: all, mandatory_and_groups, veto, own_targets, bands or none; share: above 0 %, at most 100 %",
                "kind 为 all、mandatory_and_groups、veto、own_targets、bands 或 none；share 大于 0 % 且不超过 100 %",
            );
            found.push(Diagnostic::new(Problem::PackValue { found: text, expected }, Origin::file(file)));
            None
        }
    }
}

/// A row of `indicators.csv`.
fn indicator(row: &Row, items: &Items, cases: Option<Vec<Case>>, found: &mut Diagnostics) -> Option<Indicator> {
    const CLASSES: [(&str, Class); 5] = [
        ("flow", Class::Flow),
        ("external", Class::External),
        ("roster", Class::Roster),
        ("evidence", Class::Evidence),
        ("survey", Class::Survey),
    ];
    const CONFIDENCES: [(&str, Confidence); 3] =
        [("high", Confidence::High), ("medium", Confidence::Medium), ("low", Confidence::Low)];
    if row.cell("id").is_empty() {
        found.push(row.problem("id", Problem::EmptyCell { column: "id".to_owned() }));
    }
    let comparator = choice(row, "comparator", &COMPARATORS, found);
    let judged = if row.cell("judged").is_empty() { comparator } else { choice(row, "judged", &COMPARATORS, found) };
    let class = choice(row, "class", &CLASSES, found);
    let confidence = choice(row, "confidence", &CONFIDENCES, found);
    let measured = unit(row, "measured_in", Some("1"), found);
    let formula = formula(row, items, measured.as_ref(), found);
    let lever = match row.cell("lever") {
        "" => Some(None),
        symbol => {
            let lever = items.find(symbol);
            if lever.is_none() {
                let problem = Problem::PackItem { symbol: symbol.to_owned(), nearest: items.nearest(symbol) };
                found.push(row.problem("lever", problem));
            }
            lever.map(Some)
        }
    };
    let (comparator, judged, formula) = (comparator?, judged?, formula?);
    suits(row, judged, formula.as_ref(), found);
    let threshold = threshold(row, (judged, class), cases, found);
    let both = |a: &str, b: &str| (row.cell(a).into(), row.cell(b).into());
    Some(Indicator {
        id: row.cell("id").into(),
        group: row.cell("group").into(),
        category: row.cell("category").into(),
        name: both("name_en", "name_zh"),
        unit: row.cell("unit").into(),
        measured: measured?,
        comparator,
        printed_comparator: row.cell("comparator").into(),
        judged,
        threshold: threshold?,
        printed_threshold: row.cell("threshold").into(),
        formula,
        lever: lever?,
        class: class?,
        source: row.cell("source").into(),
        confidence: confidence?,
        note: both("note_en", "note_zh"),
        line: row.line(),
    })
}

/// The formula of a row, of the dimension of its unit; the outer `None` is a problem.
#[allow(clippy::option_option, reason = "empty and wrong are two things")]
fn formula(row: &Row, items: &Items, measured: Option<&Unit>, found: &mut Diagnostics) -> Option<Option<Formula>> {
    let text = row.cell("formula");
    if text.is_empty() {
        return Some(None);
    }
    let formula = match Formula::parse(text, items) {
        Ok(formula) => formula,
        Err(error) => {
            let problem = Problem::PackFormula { at: error.at, formula: text.to_owned(), what: error.what };
            found.push(row.problem("formula", problem));
            return None;
        }
    };
    let measured = measured?;
    if formula.dimension != measured.dimension {
        let (is, expected) = (formula.dimension.to_string(), measured.dimension.to_string());
        found.push(row.problem("measured_in", Problem::PackDimension { found: expected, expected: is }));
        return None;
    }
    Some(Some(formula))
}

/// Whether a comparator and a formula go together.
fn suits(row: &Row, judged: Comparator, formula: Option<&Formula>, found: &mut Diagnostics) {
    let Some(formula) = formula else { return };
    let flag = matches!(formula.shape, Shape::Flag(_));
    let elastic = matches!(formula.shape, Shape::Elasticity { .. });
    let wrong = match judged {
        Comparator::Is => !flag,
        Comparator::Piecewise => !elastic,
        Comparator::NotFound => false,
        // The rule of 2009.
        Comparator::Below => flag,
        _ => flag || elastic,
    };
    if wrong {
        let expected = match judged {
            Comparator::Is => Words::new(
                "another comparator, or an item of yes or no as the formula",
                "其他比较符，或以是/否项为公式",
            ),
            Comparator::Piecewise => Words::new(
                "another comparator, or elasticity(...) as the formula",
                "其他比较符，或以 elasticity(...) 为公式",
            ),
            _ if elastic => Words::new("'<' or 'piecewise', for an elasticity", "“<”或“piecewise”，用于弹性系数"),
            _ => Words::new("'is', for an item of yes or no", "“is”，用于是/否项"),
        };
        found
            .push(row.problem("comparator", Problem::PackValue { found: row.cell("comparator").to_owned(), expected }));
    }
}

fn threshold(
    row: &Row,
    (judged, class): (Comparator, Option<Class>),
    cases: Option<Vec<Case>>,
    found: &mut Diagnostics,
) -> Option<Threshold> {
    let text = row.cell("threshold");
    if let Some(cases) = cases {
        return Some(Threshold::Cases(cases));
    }
    Some(match judged {
        Comparator::Is | Comparator::NotFound => Threshold::None,
        Comparator::Benchmark => Threshold::Asked,
        Comparator::OwnTarget => Threshold::Target,
        Comparator::Piecewise | Comparator::Range => {
            let expected = Words::new("its cases in thresholds.csv", "在 thresholds.csv 中逐条列出");
            found.push(row.problem("threshold", Problem::PackValue { found: text.to_owned(), expected }));
            return None;
        }
        _ => match parse_number(text) {
            Ok(number) => Threshold::Number(number),
            // A quota or a limit of somebody else is asked for.
            Err(_) if class == Some(Class::External) => Threshold::Asked,
            Err(error) => {
                found.push(row.problem("threshold", Problem::number(text, error)));
                return None;
            }
        },
    })
}
