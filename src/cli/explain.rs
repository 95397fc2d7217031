//! `explain`: the trail of a number, or the rule behind a code.

use super::args::ExplainArgs;
use super::console::Console;
use super::{Failure, Outcome};
use crate::diagnostic::{Code, Lang, rule};
use crate::programme::{builtin, read_own, zone};
use crate::report::explain::{Explainer, Indicators};
use serde_json::json;
use std::path::Path;

/// Children of a node that are shown without `--all`.
const FEW: usize = 12;

pub(super) fn run(args: &ExplainArgs, console: &Console) -> Result<Outcome, Failure> {
    match args.words.as_slice() {
        [word] => match Code::find(word) {
            Some(code) => explain_code(code, console),
            None if Path::new(word).exists() => explain(Path::new(word), "total", args.all, console),
            None => {
                console.talk(&match console.lang {
                    Lang::En => format!(
                        "parkflux: '{word}' is neither a code nor a package; try `parkflux explain PACKAGE total`"
                    ),
                    Lang::Zh => {
                        format!("parkflux：“{word}”既不是代码也不是数据包；可试 `parkflux explain 数据包 total`")
                    }
                });
                Ok(Outcome::Usage)
            }
        },
        [package, what] => explain(Path::new(package), what, args.all, console),
        _ => Ok(Outcome::Usage),
    }
}

fn explain_code(code: Code, console: &Console) -> Result<Outcome, Failure> {
    let text = rule(code, console.lang);
    if console.json {
        console.print_json(&json!({ "code": code.id(), "severity": code.severity(), "rule": text }))?;
    } else {
        console.print(&format!("{}: {text}\n", code.id()))?;
    }
    Ok(Outcome::Done)
}

fn explain(folder: &Path, what: &str, all: bool, console: &Console) -> Result<Outcome, Failure> {
    let (package, found) = super::load(folder)?;
    let Some(package) = package else {
        console.problems(&found);
        return Ok(Outcome::Invalid);
    };
    let inventory = match crate::inventory::inventory(&package) {
        Ok(inventory) => inventory,
        Err(problems) => {
            console.problems(&problems);
            return Ok(Outcome::Invalid);
        }
    };
    let explainer = Explainer::new(&package, &inventory, console.lang);
    let node = explainer.explain(what);
    let node = if node.is_some() {
        node
    } else {
        let mut pack = builtin().clone();
        let mut problems = read_own(folder, &mut pack)?;
        let (zone, found) = zone(&pack, &package.park, &inventory);
        problems.append(found);
        if problems.has_errors() {
            console.problems(&problems);
        }
        Indicators { package: &package, inventory: &inventory, pack: &pack, zone: &zone, lang: console.lang }
            .explain(what)
    };
    let Some(node) = node else {
        let near = explainer.nearest(what);
        let hint = if near.is_empty() { String::new() } else { format!("\n  {}", near.join("\n  ")) };
        console.talk(&match console.lang {
            Lang::En => format!(
                "parkflux: nothing here is called '{what}'. Figures are listed by `parkflux inventory --json`; lines are ROW/GAS.{hint}"
            ),
            Lang::Zh => format!(
                "parkflux：没有名为“{what}”的数。`parkflux inventory --json` 列出所有数；台账行写作 行编号/气体。{hint}"
            ),
        });
        return Ok(Outcome::Usage);
    };
    if console.json {
        console.print_json(&node.to_json())?;
    } else {
        console.print(&node.to_text(if all { usize::MAX } else { FEW }, console.lang))?;
    }
    Ok(Outcome::Done)
}
