//! `targets`: how far a zone is on the way to its own targets.

use super::args::TargetsArgs;
use super::console::Console;
use super::indicators::{Loaded, load, wrong};
use super::{Failure, Outcome, file_name};
use crate::programme::At;
use crate::programme::targets::targets;
use crate::report::targets::{Work, text, to_json};

pub(super) fn run(args: &TargetsArgs, console: &Console) -> Result<Outcome, Failure> {
    let loaded = match load(&args.package, console)? {
        Ok(loaded) => loaded,
        Err(outcome) => return Ok(outcome),
    };
    let Loaded { package, inventory, pack, zone, found } = &loaded;
    console.problems(found);
    let years = &inventory.years;
    let (Some(&first), Some(&last)) = (years.first(), years.last()) else { return Ok(Outcome::Invalid) };
    let year = args.year.unwrap_or(last);
    if !zone.figures.years().any(|y| y == year) {
        return Ok(wrong(console, &format!("no data of {year}"), &format!("没有 {year} 年的数据")));
    }
    let at = At { year, base: package.park.settings.base_year.unwrap_or(first) };
    let list = targets(pack, zone, at);
    if list.is_empty() {
        return Ok(wrong(console, "targets.csv states no target", "targets.csv 中没有目标"));
    }
    let work = Work { pack, zone, at, targets: &list };
    if console.json {
        console.print_json(&to_json(&work, &file_name(&args.package)))?;
    } else {
        console.print(&text(&work, console.lang))?;
    }
    Ok(Outcome::Done)
}
