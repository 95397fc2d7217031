//! `trend`: how a park moves over its years, what drives it, and whether its base year still compares.

use super::args::{TrendArgs, ViewArg};
use super::console::Console;
use super::{Failure, Outcome, file_name};
use crate::diagnostic::Diagnostics;
use crate::inventory::inventory;
use crate::report::trend as report;
use crate::trend::{Boundary, trend};
use serde_json::json;

pub(super) fn run(args: &TrendArgs, console: &Console) -> Result<Outcome, Failure> {
    let lang = console.lang;
    let refuse = |found: &Diagnostics| {
        if console.json {
            let (package, diagnostics) = (file_name(&args.package), console.problems_json(found));
            console.print_json(&json!({ "package": package, "diagnostics": diagnostics }))?;
        } else {
            console.problems(found);
        }
        Ok(Outcome::Invalid)
    };
    let (package, found) = super::load(&args.package)?;
    let Some(package) = package else { return refuse(&found) };
    let years = match years(args, &package.park.years()) {
        Ok(years) => years,
        Err(unknown) => {
            let known = package.park.years().iter().map(u16::to_string).collect::<Vec<_>>().join(", ");
            console.talk(&lang.pick(
                format!("parkflux: the package has no year {unknown}; it has {known}"),
                format!("parkflux：数据包没有 {unknown} 年；有 {known}"),
            ));
            return Ok(Outcome::Usage);
        }
    };
    let made = match inventory(&package) {
        Ok(made) => made,
        Err(problems) => return refuse(&problems),
    };
    let boundary = if args.view == ViewArg::Park { Boundary::Park } else { Boundary::Sum };
    match trend(&package, &made, &years, boundary) {
        Ok(made) if console.json => console.print_json(&report::to_json(&package.park, &made))?,
        Ok(made) => console.print(&report::text(&package.park, &made, lang))?,
        Err(problems) => return refuse(&problems),
    }
    Ok(Outcome::Done)
}

/// The years that are asked for, of those that the package has.
///
/// # Errors
/// A year that it has not.
fn years(args: &TrendArgs, known: &[u16]) -> Result<Vec<u16>, u16> {
    let named = args.years.iter().chain(&args.from).chain(&args.to);
    if let Some(unknown) = named.copied().find(|y| !known.contains(y)) {
        return Err(unknown);
    }
    let listed = known.iter().copied().filter(|y| args.years.is_empty() || args.years.contains(y));
    let within = |y: &u16| args.from.is_none_or(|from| *y >= from) && args.to.is_none_or(|to| *y <= to);
    Ok(listed.filter(within).collect())
}
