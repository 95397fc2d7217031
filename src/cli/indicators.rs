//! `indicators`: the tables on which a park is judged; `indicators compare`: systems side by side.

use super::args::{IndicatorsArgs, IndicatorsVerb};
use super::console::Console;
use super::{Failure, Outcome, file_name};
use crate::diagnostic::{Diagnostics, Lang, Words};
use crate::inventory::{Inventory, inventory};
use crate::package::{self, Package};
use crate::park::TceElectricity;
use crate::programme::{At, Pack, System, Zone, builtin, read_own, zone};
use crate::report::programme::{Judged, compare, items, judge, stated, summary, text, to_json};
use crate::report::workbook::Programmes;
use serde_json::json;
use std::path::Path;

pub(super) fn run(args: &IndicatorsArgs, console: &Console) -> Result<Outcome, Failure> {
    match (&args.verb, &args.package) {
        (Some(IndicatorsVerb::Compare { package, system, year }), _) => {
            show(package, system, (*year, None), Mode::Compare, console)
        }
        (None, Some(package)) => {
            let mode = if args.items { Mode::Items } else { Mode::Tables };
            show(package, &args.system, (args.year, args.base_year), mode, console)
        }
        // clap asks for one of them.
        (None, None) => Ok(Outcome::Usage),
    }
}

/// What is shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// The table of each system.
    Tables,
    /// Rows that systems share.
    Compare,
    /// What formulas name.
    Items,
}

/// What a table is made of.
struct Work<'a> {
    pack: &'a Pack,
    package: &'a Package,
    zone: &'a Zone,
    at: At,
}

/// A package with all that indicators need; the outcome where that cannot be had.
pub(super) struct Loaded {
    pub(super) package: Package,
    pub(super) inventory: Inventory,
    pub(super) pack: Pack,
    pub(super) zone: Zone,
    /// What was found on the way, warnings alone.
    pub(super) found: Diagnostics,
}

pub(super) fn load(path: &Path, console: &Console) -> Result<Result<Loaded, Outcome>, Failure> {
    let refuse = |found: &Diagnostics| console.refuse(&file_name(path), found).map(Err);
    let (package, mut found) = super::load(path)?;
    let mut pack = builtin().clone();
    found.append(read_own(path, &mut pack)?);
    let Some(package) = package.filter(|_| !found.has_errors()) else { return refuse(&found) };
    let inventory = match inventory(&package) {
        Ok(inventory) => inventory,
        Err(problems) => return refuse(&problems),
    };
    let (zone, problems) = zone(&pack, &package.park, &inventory);
    if problems.has_errors() {
        return refuse(&problems);
    }
    Ok(Ok(Loaded { package, inventory, pack, zone, found: problems }))
}

/// What the sheets of indicators are made of, or what is wrong with it; nothing where `park.toml` names no programme.
///
/// # Errors
/// A file of the zone's own packs cannot be read.
pub(super) fn named_programmes(
    path: &Path,
    package: &Package,
    inventory: &Inventory,
) -> Result<Result<Option<Programmes>, Diagnostics>, package::Error> {
    if package.park.settings.programmes.is_empty() {
        return Ok(Ok(None));
    }
    let mut pack = builtin().clone();
    let found = read_own(path, &mut pack)?;
    if found.has_errors() {
        return Ok(Err(found));
    }
    Ok(Programmes::new(pack, package, inventory))
}

/// The years of an evaluation: `year`, else the last; growth from `base`, else from the base year of `park.toml`, else from the
/// first.
pub(super) fn at(loaded: &Loaded, year: Option<u16>, base: Option<u16>) -> Result<At, Words> {
    let years = &loaded.inventory.years;
    let year = year.or(years.last().copied()).unwrap_or_default();
    let base = base.or(loaded.package.park.settings.base_year).or(years.first().copied()).unwrap_or(year);
    if base > year {
        return Err(Words::new(
            format!("growth cannot count from {base}, after {year}"),
            format!("增长率不能自 {base} 年起算：晚于 {year} 年"),
        ));
    }
    if years.contains(&year) {
        return Ok(At { year, base });
    }
    Err(Words::new(format!("no data of {year}"), format!("没有 {year} 年的数据")))
}

/// The systems that are asked for: named ones, else those that `park.toml` names, else all.
pub(super) fn systems<'a>(pack: &'a Pack, package: &Package, asked: &[String]) -> Result<Vec<&'a System>, String> {
    let named: &[String] = if asked.is_empty() { &package.park.settings.programmes } else { asked };
    if named.is_empty() || named.iter().any(|n| n == "all") {
        return Ok(pack.systems.iter().collect());
    }
    let mut list: Vec<&System> = Vec::new();
    for name in named.iter().map(|n| n.trim()) {
        let system = pack.system(name).ok_or_else(|| name.to_owned())?;
        if !list.iter().any(|s| s.id == system.id) {
            list.push(system);
        }
    }
    Ok(list)
}

fn show(
    path: &Path,
    asked: &[String],
    (year, base): (Option<u16>, Option<u16>),
    mode: Mode,
    console: &Console,
) -> Result<Outcome, Failure> {
    let loaded = match load(path, console)? {
        Ok(loaded) => loaded,
        Err(outcome) => return Ok(outcome),
    };
    let Loaded { package, inventory, pack, zone, found } = &loaded;
    console.problems(found);
    let at = match at(&loaded, year, base) {
        Ok(at) => at,
        Err(words) => return Ok(console.usage(&words)),
    };
    let systems = match systems(pack, package, asked) {
        Ok(systems) => systems,
        Err(name) => {
            let known = pack.systems.iter().map(|s| &*s.id).collect::<Vec<_>>().join(", ");
            return Ok(console.usage(&Words::new(
                format!("no system '{name}'; there are: {known}"),
                format!("没有体系“{name}”；现有：{known}"),
            )));
        }
    };
    let shown: Vec<u16> = inventory.years.iter().copied().filter(|y| *y <= at.year).rev().take(5).collect();
    let shown: Vec<u16> = shown.into_iter().rev().collect();
    let all: Vec<Judged> = systems.into_iter().map(|s| judge(pack, s, zone, at, &shown)).collect();
    let table = match mode {
        Mode::Tables => None,
        Mode::Compare => Some(compare(pack, zone, &all, console.lang)),
        Mode::Items => Some(items(&pack.items, Some((zone, at.year)), console.lang)),
    };
    match table {
        Some(table) if console.json => {
            console.print_json(&json!({ "package": file_name(path), "year": at.year, "rows": table.to_json() }))?;
        }
        Some(table) if table.rows.is_empty() => {
            console.print(console.lang.pick("No row is shared.\n", "没有共有的指标。\n"))?;
        }
        Some(table) => console.print(&table.to_text())?,
        None if console.json => {
            let systems: Vec<_> = all.iter().map(|j| to_json(pack, zone, j, console.lang)).collect();
            let kgce = package.park.settings.electricity_tce.kgce_per_kwh();
            console.print_json(&json!({
                "package": file_name(path),
                "electricity_kgce_per_kwh": kgce,
                "systems": systems,
            }))?;
        }
        None => console.print(&whole(&Work { pack, package, zone, at }, &all, console.lang))?,
    }
    Ok(Outcome::Done)
}

/// Every table, and several systems in one line each.
fn whole(work: &Work, all: &[Judged], lang: Lang) -> String {
    let mut parts: Vec<String> = all.iter().map(|j| text(work.pack, work.zone, j, lang)).collect();
    let beside = stated(work.pack, work.zone, &work.package.park, work.at.year, lang);
    if !beside.rows.is_empty() {
        parts.push(beside.to_text());
    }
    let coefficient = work.package.park.settings.electricity_tce;
    let kgce = coefficient.kgce_per_kwh();
    parts.push(match coefficient {
        TceElectricity::Calorific => lang.pick(
            format!(
                "Energy in tce: electricity at {kgce} kgce/kWh, its calorific value (park.toml, electricity_tce).\n"
            ),
            format!("能耗折标：电力按当量值 {kgce} kgce/kWh（park.toml 的 electricity_tce）。\n"),
        ),
        TceElectricity::Stated(_) => lang.pick(
            format!("Energy in tce: electricity at {kgce} kgce/kWh, as park.toml states (electricity_tce).\n"),
            format!("能耗折标：电力按 park.toml 所填 {kgce} kgce/kWh（electricity_tce）。\n"),
        ),
    });
    if all.len() > 1 {
        parts.push(summary(all, lang).to_text());
    }
    parts.join("\n")
}
