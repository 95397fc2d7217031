//! `check`: all problems of a package at once, nothing computed.

use super::args::CheckArgs;
use super::console::{Console, gate};
use super::{Failure, Outcome, file_name};
use crate::diagnostic::Lang;
use crate::package;
use serde_json::{Value, json};

pub(super) fn run(args: &CheckArgs, console: &Console) -> Result<Outcome, Failure> {
    let mut outcome = Outcome::Done;
    let mut results: Vec<Value> = Vec::new();
    for folder in &args.packages {
        let (package, mut found) = package::read(folder)?;
        let mut valid = package.is_some();
        let mut rows = 0;
        if let Some(package) = &package {
            rows = package.files.iter().map(|f| f.rows).sum();
            // Factors belong to the check: a fuel without a factor stops the inventory.
            match crate::inventory::inventory(package) {
                Ok(inventory) => found.append(inventory.found),
                Err(problems) => {
                    valid = false;
                    found.append(problems);
                }
            }
        }
        outcome = match (valid, gate(&found, args.fail_on), outcome) {
            (false, ..) | (_, _, Outcome::Invalid) => Outcome::Invalid,
            (true, Outcome::Findings, _) => Outcome::Findings,
            (true, _, before) => before,
        };
        if console.json {
            results.push(json!({
                "package": file_name(folder),
                "valid": valid,
                "rows": rows,
                "diagnostics": console.problems_json(&found),
            }));
            continue;
        }
        console.problems(&found);
        let name = file_name(folder);
        console.print(&match (valid, console.lang) {
            (true, Lang::En) => format!("{name}: valid, {rows} rows read\n"),
            (true, Lang::Zh) => format!("{name}：有效，读取 {rows} 行\n"),
            (false, Lang::En) => format!("{name}: not valid\n"),
            (false, Lang::Zh) => format!("{name}：无效\n"),
        })?;
    }
    if console.json {
        console.print_json(&Value::Array(results))?;
    }
    Ok(outcome)
}
