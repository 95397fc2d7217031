//! `factors lock`: writes down the factor rows that a package's result is made with, in
//! the folder or beside the workbook.

use super::args::LockArgs;
use super::console::Console;
use super::write::write_file;
use super::{Failure, Outcome, file_name};
use crate::diagnostic::{Diagnostics, Lang, Problem};
use crate::package;
use serde_json::json;

pub(super) fn run(args: &LockArgs, console: &Console) -> Result<Outcome, Failure> {
    let (read, found) = super::load(&args.package)?;
    let Some(package) = read else {
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
    // What the new lock changes against the one that stands there.
    let mut departures = Diagnostics::default();
    for d in inventory.found.sorted() {
        if matches!(
            d.problem,
            Problem::LockedFactorChanged { .. } | Problem::LockedFactorReplaced { .. } | Problem::LockIncomplete { .. }
        ) {
            departures.push(d.clone());
        }
    }
    let lock = inventory.lock();
    let target = args.out.clone().unwrap_or_else(|| package::lock_path(&args.package));
    write_file(&target, lock.to_text().as_bytes())?;
    if console.json {
        console.print_json(&json!({
            "package": file_name(&args.package),
            "file": file_name(&target),
            "rows": lock.rows.len(),
            "sets": lock.sets.len(),
            "departures": console.problems_json(&departures),
        }))?;
        return Ok(Outcome::Done);
    }
    console.problems(&departures);
    let (path, rows) = (target.display(), lock.rows.len());
    console.print(&match console.lang {
        Lang::En => format!("{path}: {rows} factor rows of {} sets locked\n", lock.sets.len()),
        Lang::Zh => format!("{path}：已锁定 {} 个因子集的 {rows} 行因子\n", lock.sets.len()),
    })?;
    Ok(Outcome::Done)
}
