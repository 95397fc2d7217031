//! `balance`: what does not close, and which meters are likely wrong.

use super::args::BalanceArgs;
use super::console::Console;
use super::{Failure, Outcome};
use crate::balance::{Options, balance};
use crate::inventory::inventory;
use crate::package;
use crate::quantity::Period;
use crate::report::balance::{contradicted, text, to_json};

pub(super) fn run(args: &BalanceArgs, console: &Console) -> Result<Outcome, Failure> {
    let lang = console.lang;
    let wrong = |text: String| {
        console.talk(&format!("parkflux: {text}"));
        Ok(Outcome::Usage)
    };
    if !(args.confidence > 50.0 && args.confidence < 100.0) {
        return wrong(
            lang.pick("--confidence is above 50 and below 100 (%)", "--confidence 须高于 50 且低于 100（%）")
                .to_owned(),
        );
    }
    let only = match args.period.as_deref().map(|text| Period::parse(text).map_err(|e| (text, e))).transpose() {
        Ok(only) => only,
        Err((text, error)) => return wrong(format!("--period {text}: {error}")),
    };
    let (package, found) = package::read(&args.package)?;
    let Some(package) = package else {
        console.problems(&found);
        return Ok(Outcome::Invalid);
    };
    // Carbon and sulfur are those of the accounts.
    let inventory = match inventory(&package) {
        Ok(inventory) => inventory,
        Err(problems) => {
            console.problems(&problems);
            return Ok(Outcome::Invalid);
        }
    };
    let park = &package.park;
    let options = Options { confidence: args.confidence / 100.0, ..Options::default() };
    let made = balance(park, &inventory.sets, &inventory.ledger, options);
    let shown = |period: Period| only.is_none_or(|only| only.contains(period));
    if !made.periods.iter().any(|p| shown(p.period)) {
        return wrong(lang.pick("no flow lies in that period", "该时段没有流量数据").to_owned());
    }
    if console.json {
        console.print_json(&to_json(park, &made, only, lang))?;
    } else {
        console.print(&text(park, &made, only, args.all, lang))?;
    }
    let mut outcome = Outcome::Done;
    for of in made.periods.iter().filter(|p| shown(p.period) && p.outcome.is_err()) {
        outcome = Outcome::Open;
        console.talk(&lang.pick(
            format!("{}: exact values contradict each other at {}", of.period, contradicted(park, of)),
            format!("{}：精确值相互矛盾，位于 {}", of.period, contradicted(park, of)),
        ));
    }
    if args.fail_on_suspects && outcome == Outcome::Done && !made.wrong.is_empty() {
        outcome = Outcome::Findings;
    }
    Ok(outcome)
}
