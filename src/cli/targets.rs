//! `targets`: how far a zone is on the way to its own targets.

use super::args::TargetsArgs;
use super::console::Console;
use super::indicators::{Loaded, at, load};
use super::{Failure, Outcome, file_name};
use crate::diagnostic::Words;
use crate::programme::targets::targets;
use crate::report::targets::{Work, text, to_json};

pub(super) fn run(args: &TargetsArgs, console: &Console) -> Result<Outcome, Failure> {
    let loaded = match load(&args.package, console)? {
        Ok(loaded) => loaded,
        Err(outcome) => return Ok(outcome),
    };
    let Loaded { pack, zone, found, .. } = &loaded;
    console.problems(found);
    let at = match at(&loaded, args.year, None) {
        Ok(at) => at,
        Err(words) => return Ok(console.usage(&words)),
    };
    let list = targets(pack, zone, at);
    if list.is_empty() {
        return Ok(console.usage(&Words::new("targets.csv states no target", "targets.csv 中没有目标")));
    }
    let work = Work { pack, zone, at, targets: &list };
    if console.json {
        console.print_json(&to_json(&work, &file_name(&args.package)))?;
    } else {
        console.print(&text(&work, console.lang))?;
    }
    Ok(Outcome::Done)
}
