//! `scenario list`: the scenarios of a package, and what their changes meet; `run`, `diff` and `sweep`: what becomes of the park.

mod run;
mod sweep;

use super::args::{ScenarioArgs, ScenarioVerb};
use super::console::Console;
use super::{Failure, Outcome, file_name};
use crate::diagnostic::{Diagnostics, Lang};
use crate::package::Package;
use crate::report::{Cell, Table};
use crate::scenario::{self, Met, Scenario};
use serde_json::{Value, json};
use std::path::Path;

pub(super) fn run(args: &ScenarioArgs, console: &Console) -> Result<Outcome, Failure> {
    match &args.verb {
        ScenarioVerb::List { package } => list(package, console),
        ScenarioVerb::Run(args) => run::run(args, console),
        ScenarioVerb::Diff(args) => run::diff(args, console),
        ScenarioVerb::Sweep(args) => sweep::run(args, console),
    }
}

/// The package and its scenarios; `None` where either is not valid, with the problems shown. For all verbs of the
/// group.
pub(super) fn load(path: &Path, console: &Console) -> Result<Option<(Package, Vec<Scenario>)>, Failure> {
    let (package, mut found) = super::load(path)?;
    let mut scenarios = Vec::new();
    if let Some(package) = &package {
        let (read, problems) = scenario::read(path, package)?;
        // Findings about the data are `check`'s to tell.
        found = problems;
        scenarios = read;
    }
    if package.is_none() || found.has_errors() {
        refuse(path, &found, console)?;
        return Ok(None);
    }
    Ok(package.map(|package| (package, scenarios)))
}

/// Shows what is wrong.
fn refuse(path: &Path, found: &Diagnostics, console: &Console) -> Result<(), Failure> {
    if console.json {
        return console.print_json(&json!({ "package": file_name(path), "diagnostics": console.problems_json(found) }));
    }
    console.problems(found);
    Ok(())
}

fn list(path: &Path, console: &Console) -> Result<Outcome, Failure> {
    let Some((package, scenarios)) = load(path, console)? else { return Ok(Outcome::Invalid) };
    let met: Vec<Vec<Met>> =
        scenarios.iter().map(|s| scenario::met(&scenario::resolve(&scenarios, &s.label.id), &package)).collect();
    if console.json {
        let list = scenarios.iter().zip(&met).map(|(s, met)| to_json(s, met, console.lang));
        console.print_json(&Value::Array(list.collect()))?;
        return Ok(Outcome::Done);
    }
    if scenarios.is_empty() {
        console.talk(console.lang.pick(
            "no scenarios: they are files NAME.toml in the folder scenarios/ of the package, or in BOOK.scenarios/ beside a workbook",
            "没有情景：情景文件为数据包 scenarios/ 文件夹（工作簿旁为 工作簿名.scenarios/）中的 名称.toml",
        ));
        return Ok(Outcome::Done);
    }
    console.print(&overview(&scenarios, console.lang).to_text())?;
    let changes = changes(&scenarios, &met, console.lang);
    if !changes.rows.is_empty() {
        console.print(&format!("\n{}", changes.to_text()))?;
    }
    Ok(Outcome::Done)
}

fn title(scenario: &Scenario, lang: Lang) -> String {
    lang.pick(&scenario.label.name_en, &scenario.label.name_zh).to_string()
}

/// One row a scenario.
fn overview(scenarios: &[Scenario], lang: Lang) -> Table {
    let say = |en, zh| lang.pick(en, zh);
    let mut table = Table::new(
        say("Scenarios", "情景"),
        &[
            ("scenario", say("scenario", "情景")),
            ("extends", say("extends", "继承")),
            ("year", say("year", "年份")),
            ("changes", say(">changes", ">变更")),
            ("sweeps", say("sweeps", "扫描")),
            ("title", say("title", "名称")),
        ],
    );
    for s in scenarios {
        let sweeps = s.sweeps.iter().map(|a| format!("{}.{} ×{}", a.change, a.key, a.values.len()));
        table.rows.push(vec![
            Cell::Text(s.label.id.to_string()),
            Cell::Text(s.extends.clone().unwrap_or_default()),
            Cell::Text(s.year.map(|y| y.to_string()).unwrap_or_default()),
            Cell::Number(s.changes.len() as f64, 0),
            Cell::Text(sweeps.collect::<Vec<_>>().join(", ")),
            Cell::Text(title(s, lang)),
        ]);
    }
    table
}

/// One row a change, with what it meets.
fn changes(scenarios: &[Scenario], met: &[Vec<Met>], lang: Lang) -> Table {
    let say = |en, zh| lang.pick(en, zh);
    let mut table = Table::new(
        say("Changes, and what they meet", "变更及其匹配"),
        &[
            ("scenario", say("scenario", "情景")),
            ("change", say("change", "变更")),
            ("kind", say("kind", "类型")),
            ("of", say("of", "对象")),
            ("met", say(">meets", ">匹配数")),
            ("what", say("of what", "匹配对象")),
        ],
    );
    for (s, met) in scenarios.iter().zip(met) {
        for (change, met) in s.changes.iter().zip(met) {
            table.rows.push(vec![
                Cell::Text(s.label.id.to_string()),
                Cell::Text(change.name.clone()),
                Cell::Text(change.action.kind().to_owned()),
                Cell::Text(change.action.of()),
                met.count.map_or(Cell::Empty, |n| Cell::Number(n as f64, 0)),
                Cell::Text(lang.pick(&met.what.en, &met.what.zh).trim().to_owned()),
            ]);
        }
    }
    table
}

fn to_json(s: &Scenario, met: &[Met], lang: Lang) -> Value {
    let changes = s.changes.iter().zip(met).map(|(change, met)| {
        json!({
            "name": change.name,
            "kind": change.action.kind(),
            "of": change.action.of(),
            "met": met.count,
            "what": lang.pick(&met.what.en, &met.what.zh).trim(),
            "where": change.origin,
        })
    });
    let sweeps = s.sweeps.iter().map(|a| json!({ "change": a.change, "key": a.key, "values": a.values }));
    json!({
        "scenario": &*s.label.id,
        "title": title(s, lang),
        "extends": s.extends,
        "year": s.year,
        "changes": changes.collect::<Vec<_>>(),
        "sweeps": sweeps.collect::<Vec<_>>(),
    })
}
