//! `factors lock`: writes down the factor rows that a package's result is made with.

use super::args::LockArgs;
use super::console::Console;
use super::write::write_file;
use super::{Failure, Outcome, file_name};
use crate::diagnostic::{Diagnostics, Lang, Problem};
use crate::package;
use serde_json::json;

/// Name of the lock in a package folder.
const LOCK: &str = "factors.lock";

pub(super) fn run(args: &LockArgs, console: &Console) -> Result<Outcome, Failure> {
    let (read, found) = package::read(&args.package)?;
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
    let target = args.out.clone().or_else(|| args.package.is_dir().then(|| args.package.join(LOCK)));
    let Some(target) = target else {
        // A workbook holds no lock: its owner keeps it where he likes.
        if console.json {
            console.print_json(&json!(lock))?;
            return Ok(Outcome::Done);
        }
        console.problems(&departures);
        console.print(&lock.to_text())?;
        return Ok(Outcome::Done);
    };
    write_file(&target, lock.to_text().as_bytes())?;
    if console.json {
        console.print_json(&json!({
            "package": file_name(&args.package),
            "file": file_of(&target),
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

fn file_of(path: &std::path::Path) -> String {
    path.file_name().map_or_else(|| LOCK.to_owned(), |n| n.to_string_lossy().into_owned())
}
