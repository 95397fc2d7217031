//! Scenario files: from bytes to plain data, with everything that is wrong told at once.
//!
//! Each file is read on its own first; then the chains of `extends`, the sweeps (whose change may stand in an extended
//! file) and what the patterns meet in the park are judged over all.

use super::actions::{self, Stated};
use super::check::{Judge, Lines};
use super::keys::{Bounds, Keys, line_of, number, syntax, words_of};
use super::{Axis, Change, Scenario};
use crate::diagnostic::{Diagnostic, Diagnostics, Origin, Problem, Words};
use crate::package::{self, Package, decode, is_id, nearest};
use crate::park::{Label, Park};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use toml::de::{DeTable, DeValue};

/// Keys of a scenario.
const KEYS: &[&str] = &["name_en", "name_zh", "note", "source", "extends", "year", "change", "sweep"];

/// Keys of a sweep.
const SWEEP_KEYS: &[&str] = &["change", "key", "values", "from", "to", "steps", "name", "note"];

/// Most points of one sweep: beyond it somebody slipped.
const MOST_STEPS: f64 = 10_000.0;

type Expected = (&'static str, &'static str);

const TEXT: Expected = ("a text in double quotes", "加双引号的文本");
const YEAR: Expected = ("a year, such as 2024", "年份，如 2024");
const BASE: Expected = ("the name of another scenario file, without .toml", "另一情景文件的名称，不带 .toml");
const CHANGES: Expected = ("changes, each below a line [[change]]", "各项变更，每项以 [[change]] 一行开头");
const SWEEPS: Expected = ("sweeps, each below a line [[sweep]]", "各项扫描，每项以 [[sweep]] 一行开头");
const NAME: Expected = ("the name of a change", "某项变更的名称");
const KEY: Expected = ("a key of the change, such as \"share\"", "该变更的键，如 \"share\"");
const FREE_KEY: Expected = ("a key over which no other sweep runs", "没有其他扫描所用的键");
const VALUES: Expected = (
    "a list of numbers, such as [0, 0.5, 1], or from, to and steps in its place",
    "数字列表，如 [0, 0.5, 1]，或改写 from、to 与 steps",
);
const STEPS: Expected = ("a whole number of points from 2 to 10000", "点数，2 到 10000 的整数");

/// A sweep as its file states it: the unit of its values is that of the change.
struct Sweep {
    change: String,
    key: String,
    values: Vec<f64>,
    origin: Origin,
    /// Places of its keys.
    lines: BTreeMap<String, u32>,
}

impl Sweep {
    /// The place of a key.
    fn at(&self, key: &str) -> Origin {
        let row = self.lines.get(key).copied().or(self.origin.row);
        Origin { row, ..self.origin.clone() }.column(key)
    }
}

/// A file that was read.
struct Draft {
    scenario: Scenario,
    /// Names of all its changes and their numbers, those included that could not be read.
    changes: Vec<(String, Vec<Stated>)>,
    sweeps: Vec<Sweep>,
    /// The place of `extends`.
    extends_at: Origin,
    /// Whether nothing is wrong with the file itself.
    sound: bool,
}

/// Reads the scenarios of a package from disk and judges them against it, factors included.
///
/// # Errors
/// [`package::Error::Io`] when the folder of scenarios or a file of it cannot be read.
pub fn read(path: &Path, package: &Package) -> Result<(Vec<Scenario>, Diagnostics), package::Error> {
    let (files, mut found) = package::scenario_files(path)?;
    let (scenarios, problems) = read_files(&files, &Judge::of_package(package));
    found.append(problems);
    Ok((scenarios, found))
}

/// Problems of runs at the lines of the keys that they name. A change keeps the line of its `[[change]]` only, so the files
/// are read once more.
///
/// # Errors
/// [`package::Error::Io`] when the folder of scenarios or a file of it cannot be read.
pub fn at_keys(path: &Path, package: &Package, found: &Diagnostics) -> Result<Diagnostics, package::Error> {
    let (files, _) = package::scenario_files(path)?;
    let (mut known, mut lines) = (Diagnostics::default(), Lines::new());
    for (name, bytes) in &files {
        if let Some(id) = id_of(name) {
            // What is wrong with the files was told when they were read.
            read_file(name, id, bytes, &package.park, &mut known, &mut lines);
        }
    }
    let mut moved = Diagnostics::default();
    for problem in found.sorted() {
        let mut problem = problem.clone();
        let change = Origin { column: None, ..problem.origin.clone() };
        let line = problem.origin.column.as_deref().and_then(|key| lines.get(&change)?.get(key).copied());
        problem.origin.row = line.or(problem.origin.row);
        moved.push(problem);
    }
    Ok(moved)
}

/// Reads scenario files by their names (`scenarios/half-bfg.toml`) and judges them against a park, in the order of the
/// names. What could be read is returned even where something is wrong; the problems are complete, but for ids of
/// factors, which a park does not know ([`read`]).
#[must_use]
pub fn read_all(files: &BTreeMap<String, Vec<u8>>, park: &Park) -> (Vec<Scenario>, Diagnostics) {
    read_files(files, &Judge::new(park))
}

/// The chain of scenarios from the one that extends none to the one of this name; empty if there is none of the name.
/// Where a base is missing, or extends in a circle, the chain begins behind it.
#[must_use]
pub fn resolve<'a>(all: &'a [Scenario], name: &str) -> Vec<&'a Scenario> {
    let find = |name: &str| all.iter().find(|s| *s.label.id == *name);
    let mut chain: Vec<&Scenario> = Vec::new();
    let mut next = find(name);
    while let Some(scenario) = next.filter(|s| !chain.iter().any(|c| c.label.id == s.label.id)) {
        chain.push(scenario);
        next = scenario.extends.as_deref().and_then(find);
    }
    chain.reverse();
    chain
}

fn read_files(files: &BTreeMap<String, Vec<u8>>, judge: &Judge) -> (Vec<Scenario>, Diagnostics) {
    let (mut found, mut lines) = (Diagnostics::default(), Lines::new());
    let (mut drafts, mut ids) = (Vec::new(), BTreeSet::new());
    for (name, bytes) in files {
        let Some(id) = id_of(name) else {
            let file = name.rsplit('/').next().unwrap_or_default().to_owned();
            found.push(Diagnostic::new(Problem::ScenarioFileName { file }, Origin::file(name.as_str())));
            continue;
        };
        ids.insert(id.to_owned());
        drafts.extend(read_file(name, id, bytes, judge.park, &mut found, &mut lines));
    }
    let whole = check_chains(&drafts, &ids, &mut found);
    let axes: Vec<Vec<Axis>> =
        drafts.iter().zip(&whole).map(|(d, chain)| axes(d, chain.as_deref(), &drafts, &mut found)).collect();
    for (draft, axes) in drafts.iter_mut().zip(axes) {
        draft.scenario.sweeps = axes;
    }
    let all: Vec<Scenario> = drafts.into_iter().map(|d| d.scenario).collect();
    // A problem of an extended scenario is one of its own, however many extend it.
    let mut told: Vec<Diagnostic> = Vec::new();
    for chain in whole.iter().flatten() {
        let chain: Vec<&Scenario> = chain.iter().map(|&i| &all[i]).collect();
        for problem in judge.run(&chain, &lines).into_iter().flat_map(|j| j.problems) {
            if !told.contains(&problem) {
                told.push(problem);
            }
        }
    }
    for problem in told {
        found.push(problem);
    }
    (all, found)
}

/// The id of the scenario in a file.
fn id_of(name: &str) -> Option<&str> {
    name.rsplit('/').next()?.strip_suffix(".toml").filter(|id| is_id(id, false))
}

/// Reads one file; `None` when it is not TOML.
fn read_file(
    name: &str,
    id: &str,
    bytes: &[u8],
    park: &Park,
    found: &mut Diagnostics,
    lines: &mut Lines,
) -> Option<Draft> {
    let file: Arc<str> = name.into();
    let before = found.len();
    let text = match decode(bytes) {
        Ok(text) => text,
        Err(bad) => {
            let problem = Problem::UnreadableEncoding { detail: Words::new(bad.words.0, bad.words.1) };
            found.push(Diagnostic::new(problem, Origin { row: bad.line, ..Origin::file(file) }));
            return None;
        }
    };
    let (document, errors) = DeTable::parse_recoverable(&text);
    syntax(&errors, &text, &file, found);
    if !errors.is_empty() {
        return None;
    }
    let place = Words::new("a scenario", "情景");
    let mut keys = Keys { file: &file, text: &text, table: document.get_ref(), line: None, place, found };
    keys.check_names(KEYS);
    for key in ["note", "source"] {
        keys.may(key, TEXT, |v| v.as_str());
    }
    let name_en = keys.may("name_en", TEXT, words_of).unwrap_or_else(|| id.to_owned());
    let name_zh = keys.may("name_zh", TEXT, words_of).unwrap_or_else(|| name_en.clone());
    let extends = keys.may("extends", BASE, words_of);
    let year = year(&mut keys, park);
    let (mut changes, mut names) = (Vec::new(), Vec::new());
    for (i, (table, line)) in tables(&mut keys, "change", CHANGES).into_iter().enumerate() {
        let place = Words::new(format!("change {}", i + 1), format!("第 {} 项变更", i + 1));
        let mut keys = Keys { file: &file, text: &text, table, line: Some(line), place, found: &mut *keys.found };
        let name = keys.may("name", TEXT, words_of).unwrap_or_else(|| format!("change {}", i + 1));
        let (action, stated) = actions::read(&mut keys, park);
        let origin = Origin::row(file.clone(), line);
        lines.insert(origin.clone(), keys.lines());
        names.push((name.clone(), stated));
        changes.extend(action.map(|action| Change { name, action, origin }));
    }
    let mut sweeps = Vec::new();
    for (i, (table, line)) in tables(&mut keys, "sweep", SWEEPS).into_iter().enumerate() {
        let place = Words::new(format!("sweep {}", i + 1), format!("第 {} 项扫描", i + 1));
        let mut keys = Keys { file: &file, text: &text, table, line: Some(line), place, found: &mut *keys.found };
        sweeps.extend(sweep(&mut keys));
    }
    let label = Label { id: id.into(), name_en: name_en.into(), name_zh: name_zh.into() };
    let extends_at = keys.origin("extends");
    let origin = Origin::file(file.clone());
    let scenario = Scenario { label, extends, year, changes, sweeps: Vec::new(), origin };
    Some(Draft { scenario, changes: names, sweeps, extends_at, sound: found.len() == before })
}

/// The tables below the lines `[[key]]`, with the lines on which they begin.
pub(super) fn tables<'a>(keys: &mut Keys<'a, '_>, key: &str, expected: Expected) -> Vec<(&'a DeTable<'a>, u32)> {
    let Some(value) = keys.value(key) else { return Vec::new() };
    let list: Option<Vec<(&DeTable, u32)>> = value.as_array().and_then(|list| {
        list.iter().map(|item| Some((item.get_ref().as_table()?, line_of(keys.text, &item.span())))).collect()
    });
    if list.is_none() {
        keys.bad(key, expected);
    }
    list.unwrap_or_default()
}

/// The year that is changed, one of the park's.
fn year(keys: &mut Keys, park: &Park) -> Option<u16> {
    let year = keys.may("year", YEAR, |v| number(v).filter(|y| y.fract() == 0.0))?;
    let years = park.years();
    let known = years.iter().copied().find(|y| f64::from(*y).to_bits() == year.to_bits());
    if known.is_none() {
        let list: Vec<String> = years.iter().map(u16::to_string).collect();
        let problem = Problem::ScenarioYear { year: year.to_string(), years: list.join(", ") };
        keys.report("year", problem);
    }
    known
}

fn sweep(keys: &mut Keys) -> Option<Sweep> {
    keys.check_names(SWEEP_KEYS);
    keys.may("name", TEXT, words_of);
    keys.may("note", TEXT, |v| v.as_str());
    let change = keys.must("change", NAME, words_of);
    let key = keys.must("key", KEY, words_of);
    let values = values(keys);
    let row = keys.line.unwrap_or_default();
    let origin = Origin::row(keys.file.clone(), row);
    Some(Sweep { change: change?, key: key?, values: values?, origin, lines: keys.lines() })
}

/// The points of a sweep: stated one by one, or by their ends and number.
fn values(keys: &mut Keys) -> Option<Vec<f64>> {
    let by_ends = ["from", "to", "steps"].iter().any(|k| keys.has(k));
    if keys.has("values") && by_ends {
        keys.bad("values", VALUES);
        return None;
    }
    if !by_ends {
        let list = |v: &DeValue| v.as_array()?.iter().map(|i| number(i.get_ref())).collect::<Option<Vec<f64>>>();
        return keys.must("values", VALUES, |v| list(v).filter(|l| !l.is_empty() && l.len() <= MOST_STEPS as usize));
    }
    let (from, to) = (keys.number("from", Bounds::Any, true), keys.number("to", Bounds::Any, true));
    let whole = |n: &f64| n.fract() == 0.0 && (2.0..=MOST_STEPS).contains(n);
    let steps = keys.must("steps", STEPS, |v| number(v).filter(whole));
    let (from, to, last) = (from?, to?, steps? as usize - 1);
    // The ends are met to the last digit.
    let point = |i: usize| if i == last { to } else { from + (to - from) * (i as f64 / last as f64) };
    Some((0..=last).map(point).collect())
}

/// Checks `extends` and the names of changes; gives the chain of each file, base first, where it is whole and nothing
/// is wrong with its files.
fn check_chains(drafts: &[Draft], ids: &BTreeSet<String>, found: &mut Diagnostics) -> Vec<Option<Vec<usize>>> {
    let position = |id: &str| drafts.iter().position(|d| *d.scenario.label.id == *id);
    let mut circles: BTreeSet<Vec<usize>> = BTreeSet::new();
    let mut chains = Vec::new();
    for (i, draft) in drafts.iter().enumerate() {
        let mut chain = vec![i];
        let whole = loop {
            let last = &drafts[chain.last().copied().unwrap_or(i)];
            let Some(base) = &last.scenario.extends else { break true };
            // A base that is there and cannot be read has a problem of its own.
            let Some(next) = position(base) else { break false };
            if let Some(at) = chain.iter().position(|&c| c == next) {
                let mut circle = chain.split_off(at);
                let least = circle.iter().enumerate().min_by_key(|c| c.1).map_or(0, |c| c.0);
                circle.rotate_left(least);
                circles.insert(circle);
                break false;
            }
            chain.push(next);
        };
        if let Some(base) = draft.scenario.extends.as_ref().filter(|b| !ids.contains(*b)) {
            let others = || ids.iter().map(String::as_str).filter(|id| *id != &*draft.scenario.label.id);
            let problem = Problem::ScenarioUnknownBase {
                id: base.clone(),
                known: others().collect::<Vec<_>>().join(", "),
                nearest: nearest(base, others()),
            };
            found.push(Diagnostic::new(problem, draft.extends_at.clone()).found(format!("\"{base}\"")));
        }
        chain.reverse();
        let whole = whole && !is_doubled(drafts, i, &chain, found);
        chains.push((whole && chain.iter().all(|&c| drafts[c].sound)).then_some(chain));
    }
    for circle in circles {
        let ids: Vec<&str> = circle.iter().chain(circle.first()).map(|&c| &*drafts[c].scenario.label.id).collect();
        let draft = &drafts[circle[0]];
        let base = draft.scenario.extends.clone().unwrap_or_default();
        let problem = Problem::ScenarioCycle { cycle: ids.join(" → ") };
        found.push(Diagnostic::new(problem, draft.extends_at.clone()).found(format!("\"{base}\"")));
    }
    chains
}

/// Reports changes of the last file of a chain whose name another change of the chain has.
fn is_doubled(drafts: &[Draft], last: usize, chain: &[usize], found: &mut Diagnostics) -> bool {
    // Files count their own nameless changes.
    let is_given = |c: &Change| {
        c.name.strip_prefix("change ").is_none_or(|n| n.is_empty() || !n.bytes().all(|b| b.is_ascii_digit()))
    };
    let bases = chain.iter().filter(|&&c| c != last).flat_map(|&c| drafts[c].scenario.changes.iter());
    let mut seen: BTreeMap<&str, &Origin> =
        bases.filter(|c| is_given(c)).map(|c| (c.name.as_str(), &c.origin)).collect();
    let mut doubled = false;
    for change in &drafts[last].scenario.changes {
        if let Some(first) = seen.get(change.name.as_str()) {
            let problem = Problem::ScenarioNameTwice { name: change.name.clone(), first: first.to_string() };
            let origin = change.origin.clone().column("name");
            found.push(Diagnostic::new(problem, origin).found(format!("\"{}\"", change.name)));
            doubled = true;
        }
        seen.entry(&change.name).or_insert(&change.origin);
    }
    doubled
}

/// The sweeps of a file in canonical units; those over nothing are reported.
fn axes(draft: &Draft, chain: Option<&[usize]>, drafts: &[Draft], found: &mut Diagnostics) -> Vec<Axis> {
    // Without its bases a file may still sweep over its own changes.
    let bases: Vec<&Draft> = chain.unwrap_or_default().iter().rev().skip(1).map(|&c| &drafts[c]).collect();
    let changes: Vec<&(String, Vec<Stated>)> =
        draft.changes.iter().chain(bases.iter().flat_map(|b| &b.changes)).collect();
    let mut axes: Vec<Axis> = Vec::new();
    for sweep in &draft.sweeps {
        let Some((_, numbers)) = changes.iter().find(|c| c.0 == sweep.change) else {
            if chain.is_some() || draft.scenario.extends.is_none() {
                let names = || changes.iter().map(|c| c.0.as_str());
                let problem = unknown(&sweep.change, None, names);
                found.push(Diagnostic::new(problem, sweep.at("change")).found(format!("\"{}\"", sweep.change)));
            }
            continue;
        };
        let Some(stated) = numbers.iter().find(|s| s.key == sweep.key) else {
            let problem = unknown(&sweep.change, Some(&sweep.key), || numbers.iter().map(|s| s.key.as_str()));
            found.push(Diagnostic::new(problem, sweep.at("key")).found(format!("\"{}\"", sweep.key)));
            continue;
        };
        let bad = |key: &str, value: String, expected: Expected| {
            let expected = Words::new(expected.0, expected.1);
            let problem = Problem::ScenarioValue { key: key.to_owned(), found: value.clone(), expected };
            Diagnostic::new(problem, sweep.at(key)).found(value)
        };
        if let Some(out) = sweep.values.iter().find(|v| !stated.bounds.holds(**v)) {
            let key = ["values", "from", "to"].into_iter().find(|k| sweep.lines.contains_key(*k)).unwrap_or("values");
            found.push(bad(key, out.to_string(), stated.bounds.words()));
            continue;
        }
        if axes.iter().any(|a| a.change == sweep.change && a.key == sweep.key) {
            found.push(bad("key", format!("\"{}\"", sweep.key), FREE_KEY));
            continue;
        }
        let canonical = |v: &f64| stated.unit.as_ref().map_or(*v, |u| u.to_canonical(*v));
        axes.push(Axis {
            change: sweep.change.clone(),
            key: sweep.key.clone(),
            values: sweep.values.iter().map(canonical).collect(),
            origin: sweep.origin.clone(),
        });
    }
    axes
}

/// A sweep over nothing, with what there is.
fn unknown<'a, I: Iterator<Item = &'a str>>(change: &str, key: Option<&str>, known: impl Fn() -> I) -> Problem {
    Problem::ScenarioSweep {
        change: change.to_owned(),
        key: key.map(str::to_owned),
        known: known().collect::<Vec<_>>().join(", "),
        nearest: nearest(key.unwrap_or(change), known()),
    }
}
