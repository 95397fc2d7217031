//! `scenario sweep`.

use super::run::{Loaded, load, refuse};
use crate::cli::args::SweepArgs;
use crate::cli::console::Console;
use crate::cli::{Failure, Outcome};
use crate::report::sweep::{SHOWN, csv, table, to_json, told};
use crate::scenario::{Base, Measure, axes, grid, resolve, sweep, year_of};

/// Most points of a sweep: what fits into memory and a table of results.
const MOST: usize = 1_000_000;

pub(super) fn run(args: &SweepArgs, console: &Console) -> Result<Outcome, Failure> {
    let lang = console.lang;
    let wrong = |en: String, zh: String| {
        console.talk(&lang.pick(format!("parkflux: {en}"), format!("parkflux：{zh}")));
        Ok(Outcome::Usage)
    };
    let Loaded { package, inventory, scenarios } = match load(&args.package, &[&args.name], console)? {
        Ok(loaded) => loaded,
        Err(outcome) => return Ok(outcome),
    };
    let chain = resolve(&scenarios, &args.name);
    let axes = axes(&chain);
    let name = &args.name;
    if axes.is_empty() {
        return wrong(
            format!("scenario '{name}' has no [[sweep]]: nothing to run over"),
            format!("情景“{name}”没有 [[sweep]]，无可扫描的参数"),
        );
    }
    let points = axes.iter().map(|a| a.values.len()).try_fold(1_usize, |n, k| n.checked_mul(k).filter(|n| *n <= MOST));
    if points.is_none() {
        return wrong(format!("more than {MOST} points: take fewer steps"), format!("点数超过 {MOST}，请减少步数"));
    }
    let base = Base::new(&package, &inventory, year_of(&chain, &package.park));
    let chosen: Vec<Measure> = if args.measures.is_empty() {
        vec![Measure::Co2e]
    } else {
        let all = base.results.measures();
        let mut list = Vec::new();
        for id in &args.measures {
            let Some(measure) = all.iter().find(|m| m.id().eq_ignore_ascii_case(id.trim())) else {
                let known = all.iter().map(|m| m.id()).collect::<Vec<_>>().join(", ");
                return wrong(
                    format!("no measure '{id}'; there are: {known}"),
                    format!("没有指标“{id}”；现有：{known}"),
                );
            };
            list.push(*measure);
        }
        list
    };
    console.progress(lang.pick("running the sweep", "正在扫描"));
    let points = grid(&axes);
    let swept = sweep(&base, &chain, axes, points);
    console.progress("");
    let swept = match swept {
        Ok(swept) => swept,
        Err(problems) => return refuse(&args.package, &package, &problems, console),
    };
    // A scenario that can be met at no point is one that cannot be met.
    let outcome = if swept.clashes.len() == swept.points.len() { Outcome::Open } else { Outcome::Done };
    if console.json {
        console.print_json(&to_json(&swept, name, lang))?;
        return Ok(outcome);
    }
    let title = lang.pick(format!("Sweep '{name}', {}", base.year), format!("扫描“{name}”，{} 年", base.year));
    if args.csv {
        console.print(&String::from_utf8_lossy(&csv(&swept, &chosen)))?;
        console.talk(&told(&swept, lang));
        return Ok(outcome);
    }
    console.print(&table(&swept, &chosen, &title, SHOWN, lang).to_text())?;
    let mut text = told(&swept, lang);
    if swept.points.len() > SHOWN {
        text.push_str(lang.pick(
            "\nthe first of them are shown; --csv and --json give all",
            "\n仅显示前若干点；--csv 与 --json 给出全部",
        ));
    }
    console.print(&format!("\n{text}\n"))?;
    Ok(outcome)
}
