//! `factors diff`: what other factors change in a park's result, line by line.

use super::args::{DiffArgs, ViewArg};
use super::console::Console;
use super::write::write_file;
use super::{Failure, Outcome};
use crate::diagnostic::Lang;
use crate::factors::BUILTIN_IDS;
use crate::inventory::{Inventory, diff};
use crate::ledger::Approach;
use crate::package::Package;
use crate::park::{GwpSet, InternalFactor};
use crate::report::diff::{lines, totals};
use serde_json::json;

pub(super) fn run(args: &DiffArgs, console: &Console) -> Result<Outcome, Failure> {
    let (read, found) = super::load(&args.package)?;
    let Some(mut package) = read else {
        console.problems(&found);
        return Ok(Outcome::Invalid);
    };
    // The lock speaks of one result; here are two on purpose.
    package.lock = None;
    let changed = match changed(&package, args, console.lang) {
        Ok(changed) => changed,
        Err(text) => {
            console.talk(&format!("parkflux: {text}"));
            return Ok(Outcome::Usage);
        }
    };
    let made = crate::inventory::inventory(&package).and_then(|a| Ok((a, crate::inventory::inventory(&changed)?)));
    let (old, new) = match made {
        Ok(both) => both,
        Err(problems) => {
            console.problems(&problems);
            return Ok(Outcome::Invalid);
        }
    };
    let year = args.year.or(old.years.last().copied()).unwrap_or_default();
    if !old.years.contains(&year) {
        let years = old.years.iter().map(u16::to_string).collect::<Vec<_>>().join(", ");
        console.talk(&match console.lang {
            Lang::En => format!("parkflux: the package has no year {year}; it has {years}"),
            Lang::Zh => format!("parkflux：数据包没有 {year} 年；有 {years}"),
        });
        return Ok(Outcome::Usage);
    }
    let consolidated = args.view == ViewArg::Park;
    let changes = diff(&package.park, &old, &new, year, consolidated);
    let total = |approach: Approach| (total(&old, year, args.view, approach), total(&new, year, args.view, approach));
    let (park, lang) = (&package.park, console.lang);
    let sums = totals(&changes, total, lang);
    if let Some(out) = &args.out {
        write_file(out, &lines(&package, &changes, usize::MAX, Lang::En).to_csv())?;
    }
    if console.json {
        console.print_json(&json!({
            "park": &*park.label.id,
            "year": year,
            "view": if consolidated { "park" } else { "sum" },
            "rule_set": park.settings.rule_set.id(),
            "lines_that_move": changes.len(),
            "lines": lines(&package, &changes, args.top, Lang::En).to_json(),
            "totals": sums.to_json(),
        }))?;
        return Ok(Outcome::Done);
    }
    if changes.is_empty() {
        console.print(lang.pick("No line moves.\n\n", "没有台账行变动。\n\n"))?;
    } else {
        console.print(&lines(&package, &changes, args.top, lang).to_text())?;
        let hidden = changes.len().saturating_sub(args.top);
        if hidden > 0 {
            console.print(&match lang {
                Lang::En => format!("… {hidden} more; --top {} shows them, --out FILE writes them\n", changes.len()),
                Lang::Zh => format!("…… 另有 {hidden} 行；--top {} 显示，--out 文件 写出\n", changes.len()),
            })?;
        }
        console.print("\n")?;
    }
    console.print(&sums.to_text())?;
    Ok(Outcome::Done)
}

fn total(inventory: &Inventory, year: u16, view: ViewArg, approach: Approach) -> f64 {
    let view = if view == ViewArg::Park { "park" } else { "sum" };
    let approach = if approach == Approach::Market { "market" } else { "location" };
    inventory.value(&format!("{year}/{view}/total.{approach}/CO2e")).unwrap_or_default()
}

/// The package with the settings that the arguments ask for.
fn changed(package: &Package, args: &DiffArgs, lang: Lang) -> Result<Package, String> {
    let mut changed = package.clone();
    let settings = &mut changed.park.settings;
    if args.gwp_set.is_none()
        && args.grid_year.is_none()
        && args.factor_sets.is_empty()
        && args.internal_factor.is_none()
    {
        return Err(lang
            .pick(
                "say what to change: --gwp-set, --grid-year, --factor-sets or --internal-factor",
                "请说明改什么：--gwp-set、--grid-year、--factor-sets 或 --internal-factor",
            )
            .to_owned());
    }
    if let Some(text) = &args.gwp_set {
        let sets = GwpSet::ALL.map(GwpSet::id).join(", ");
        settings.gwp_set = GwpSet::find(text).ok_or_else(|| match lang {
            Lang::En => format!("no GWP set is called '{text}'; there are {sets}"),
            Lang::Zh => format!("没有名为“{text}”的 GWP 集；可选 {sets}"),
        })?;
    }
    settings.grid_year = args.grid_year.or(settings.grid_year);
    if let Some(internal) = args.internal_factor {
        settings.internal_factor = internal.into();
    }
    if !args.factor_sets.is_empty() {
        let known = |id: &str| BUILTIN_IDS.contains(&id) || package.own_sets.iter().any(|s| *s.id == *id);
        if let Some(id) = args.factor_sets.iter().find(|id| !known(id)) {
            return Err(match lang {
                Lang::En => format!("no factor set is called '{id}'; `parkflux factors list` shows the sets"),
                Lang::Zh => format!("没有名为“{id}”的因子集；`parkflux factors list` 列出因子集"),
            });
        }
        settings.factor_sets.clone_from(&args.factor_sets);
    }
    Ok(changed)
}

impl From<super::args::InternalArg> for InternalFactor {
    fn from(word: super::args::InternalArg) -> Self {
        match word {
            super::args::InternalArg::Own => Self::Own,
            super::args::InternalArg::Published => Self::Published,
        }
    }
}
