//! `balance`: what does not close, and which meters are likely wrong.

use super::args::BalanceArgs;
use super::console::Console;
use super::{Failure, Outcome};
use crate::balance::{Options, balance};
use crate::inventory::inventory;
use crate::package;
use crate::quantity::{Period, significant};
use crate::report::balance::{at, covariance, covariance_json, text, to_json};

pub(super) fn run(args: &BalanceArgs, console: &Console) -> Result<Outcome, Failure> {
    let lang = console.lang;
    let wrong = |text: String| {
        console.talk(&lang.pick(format!("parkflux: {text}"), format!("parkflux：{text}")));
        Ok(Outcome::Usage)
    };
    // Beyond that the limit of a test is no number any more.
    if !(50.0..=99.999_999).contains(&args.confidence) {
        let (en, zh) = ("--confidence is from 50 to 99.999999 (%)", "--confidence 须在 50 至 99.999999 之间（%）");
        return wrong(lang.pick(en, zh).to_owned());
    }
    let Ok(only) = args.period.as_deref().map(Period::parse).transpose() else {
        let shown = args.period.as_deref().unwrap_or_default();
        return wrong(lang.pick(
            format!("--period {shown}: no period: expected YYYY or YYYY-MM"),
            format!("--period {shown}：不是时段，应为 YYYY 或 YYYY-MM"),
        ));
    };
    let (package, found) = package::read(&args.package)?;
    let Some(package) = package else {
        console.problems(&found);
        return Ok(Outcome::Invalid);
    };
    let park = &package.park;
    if let Some(only) = only.filter(|only| !park.flows.iter().any(|flow| only.contains(flow.period))) {
        return wrong(lang.pick(format!("no flow lies in {only}"), format!("{only} 没有流量数据")));
    }
    // Carbon and sulfur are those of the accounts; whether an open balance forbids an inventory is not asked here.
    let mut unlimited = package.clone();
    unlimited.park.settings.balance_limit = None;
    let inventory = match inventory(&unlimited) {
        Ok(inventory) => inventory,
        Err(problems) => {
            console.problems(&problems);
            return Ok(Outcome::Invalid);
        }
    };
    let options =
        Options { confidence: args.confidence / 100.0, only, nonnegative: args.nonnegative, ..Options::default() };
    let made = balance(park, &inventory.sets, &inventory.ledger, options);
    let ids: Vec<&str> = args.covariance.iter().map(|id| id.trim()).collect();
    let pair = match ids[..] {
        [] => None,
        [a, b] => match made.covariance(park, [a, b]) {
            Ok(of) => Some(([a, b], of)),
            Err(id) => {
                return wrong(
                    lang.pick(format!("no balanced flow has the id {id}"), format!("没有参与平衡的流量 {id}")),
                );
            }
        },
        _ => {
            return wrong(
                lang.pick("--covariance takes two ids: ID,ID", "--covariance 须给两个编号：ID,ID").to_owned(),
            );
        }
    };
    if console.json {
        let mut value = to_json(park, &made);
        if let Some((ids, of)) = pair {
            value["covariance"] = covariance_json(ids, &of);
        }
        console.print_json(&value)?;
    } else {
        console.print(&text(park, &made, args.all, lang))?;
        if let Some((ids, of)) = pair {
            console.print(&covariance(ids, &of, lang))?;
        }
    }
    for contradicted in &made.contradicted {
        let (at, left) = (at(park, contradicted, lang), significant(contradicted.residual, 4));
        let (en, zh) = if contradicted.shared {
            ("rows of a correlation group", "同一相关组的行")
        } else {
            ("exact values", "精确值")
        };
        console.talk(&lang.pick(
            format!("parkflux: {en} contradict each other by {left} at {at}"),
            format!("parkflux：{zh}相互矛盾，相差 {left}，位于 {at}"),
        ));
    }
    Ok(match (made.contradicted.is_empty(), made.wrong.is_empty()) {
        (false, _) => Outcome::Open,
        (true, false) if args.fail_on_suspects => Outcome::Findings,
        _ => Outcome::Done,
    })
}
