//! `symbiosis`: what exchanges between enterprises save; `symbiosis match`: the best use of what there is to give.

use super::args::{MatchArgs, SymbiosisArgs, SymbiosisVerb, WhatArg};
use super::console::Console;
use super::measures::parse;
use super::write::interrupted;
use super::{Failure, Outcome, file_name};
use crate::diagnostic::{Diagnostics, Words};
use crate::inventory::Inventory;
use crate::package::Package;
use crate::park::Gas;
use crate::report::matching as report;
use crate::report::symbiosis::{Shown, exchange, measures, text, to_json};
use crate::scenario::{Base, Influences, StatedPool, contributions, read_pools};
use crate::symbiosis::matching;
use crate::symbiosis::offers::{Asked, What, offers};
use crate::symbiosis::pooling;
use crate::symbiosis::resolved::resolve;
use crate::symbiosis::savings::{Options, SavingsError, savings};
use crate::symbiosis::switches::{Switches, clash_words, freight_factor};
use serde_json::json;
use std::path::Path;

pub(super) fn run(args: &SymbiosisArgs, console: &Console) -> Result<Outcome, Failure> {
    match (&args.verb, &args.package) {
        (Some(SymbiosisVerb::Match(args)), _) => best(args, console),
        (None, Some(package)) => shares(package, args, console),
        // clap asks for one of them.
        (None, None) => Ok(Outcome::Usage),
    }
}

/// Says what is wrong with the use.
fn wrong(console: &Console, en: &str, zh: &str) -> Outcome {
    console.usage(&Words::new(en, zh))
}

/// Says so, where no factor set knows a means of transport.
fn unknown_means(base: &Base, means: Option<&str>, console: &Console) -> Option<Outcome> {
    let means = means.filter(|means| freight_factor(base, means).is_none())?;
    Some(wrong(
        console,
        &format!("--freight {means}: no factor set of the park has a freight factor of that name"),
        &format!("--freight {means}：园区因子集中没有该运输方式的货运因子"),
    ))
}

/// The package with its inventory, or how the verb ends.
fn load(path: &Path, year: Option<u16>, console: &Console) -> Result<Result<(Package, Inventory), Outcome>, Failure> {
    let refuse = |found: &Diagnostics| console.refuse(&file_name(path), found).map(Err);
    let (package, found) = super::load(path)?;
    let Some(package) = package else { return refuse(&found) };
    let park = &package.park;
    if let Some(year) = year.filter(|year| !park.years().contains(year)) {
        return Ok(Err(wrong(console, &format!("no data of {year}"), &format!("没有 {year} 年的数据"))));
    }
    if park.exchanges.is_empty() {
        return Ok(Err(wrong(console, "exchanges.csv lists no exchange", "exchanges.csv 中没有任何交换")));
    }
    match super::accounts(&package) {
        Ok(inventory) => Ok(Ok((package, inventory))),
        Err(found) => refuse(&found),
    }
}

/// The best use of what there is to give.
fn best(args: &MatchArgs, console: &Console) -> Result<Outcome, Failure> {
    let (package, inventory) = match load(&args.package, args.year, console)? {
        Ok(loaded) => loaded,
        Err(outcome) => return Ok(outcome),
    };
    let base = Base::new(&package, &inventory, args.year);
    if let Some(outcome) = unknown_means(&base, args.freight.as_deref(), console) {
        return Ok(outcome);
    }
    let pools = match pools(args, &package, console)? {
        Ok(pools) => pools,
        Err(outcome) => return Ok(outcome),
    };
    if args.max_km.is_some_and(|km| !(km.is_finite() && km >= 0.0)) {
        return Ok(wrong(console, "--max-km: a distance from 0 on", "--max-km：应为不小于 0 的距离"));
    }
    let model = &base.calibrated.model;
    let all = contributions(&package.park, &inventory, base.year);
    let influences = Influences::of(&package, model, &all);
    let known = base.results.measures();
    let wanted = args.measure.as_deref().unwrap_or(if args.what == Some(WhatArg::Water) {
        Gas::FreshWater.id()
    } else {
        "CO2e"
    });
    let measure = match parse(&[wanted], &known) {
        Ok(found) => found[0],
        Err(words) => return Ok(console.usage(&words)),
    };
    let what = match args.what {
        None => What::All,
        Some(WhatArg::Water) => What::Water,
        Some(WhatArg::Heat) => What::Heat,
        Some(WhatArg::Materials) => What::Materials,
    };
    let asked = Asked { what, freight: args.freight.as_deref(), most_km: args.max_km };
    console.progress(console.lang.pick("solving the exchanges one by one", "正在逐项求解交换"));
    let made = Switches::new(&base, influences, None).and_then(|switches| offers(&switches, measure, asked));
    let mut made = match made {
        Ok(made) => made,
        Err(clash) => {
            console.usage(&clash_words(&package.park, model, &clash));
            return Ok(Outcome::Open);
        }
    };
    if made.sources.is_empty() {
        return Ok(wrong(
            console,
            "no exchange that is looked at displaces anything: nothing to match",
            "所看的交换均不替代任何载体：无可匹配",
        ));
    }
    pooling::add(&base, &mut made, &pools);
    if interrupted() {
        return Ok(Outcome::Interrupted);
    }
    let plan = match made.matching.solve() {
        Ok(matching::Outcome::Best(plan)) => plan,
        Ok(matching::Outcome::Clash(set)) => {
            console.usage(&report::clash(&made, &set));
            return Ok(Outcome::Open);
        }
        Ok(matching::Outcome::Unsettled) => {
            wrong(console, "no use fulfils all limits", "没有满足全部限制的用途");
            return Ok(Outcome::Open);
        }
        Err(error) => return Ok(wrong(console, &error.to_string(), &error.to_string())),
    };
    if interrupted() {
        return Ok(Outcome::Interrupted);
    }
    let resolved = resolve(&base, &made, &plan);
    console.progress("");
    if interrupted() {
        return Ok(Outcome::Interrupted);
    }
    let shown = report::Shown { park: &package.park, model, of: &made, plan: &plan, resolved: resolved.as_ref() };
    if console.json {
        console.print_json(&report::to_json(&shown))?;
    } else {
        console.print(&report::text(&shown, console.lang))?;
    }
    Ok(Outcome::Done)
}

/// The pools of `--pools`, or how the verb ends.
fn pools(args: &MatchArgs, package: &Package, console: &Console) -> Result<Result<Vec<StatedPool>, Outcome>, Failure> {
    let Some(path) = &args.pools else { return Ok(Ok(Vec::new())) };
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) => {
            let shown = path.display();
            return Ok(Err(wrong(
                console,
                &format!("--pools {shown}: {error}"),
                &format!("--pools {shown}：无法读取（{error}）"),
            )));
        }
    };
    let (pools, found) = read_pools(&file_name(path), &bytes, &package.park);
    if !found.has_errors() {
        return Ok(Ok(pools));
    }
    if console.json {
        console.print_json(&json!({ "pools": file_name(path), "diagnostics": console.problems_json(&found) }))?;
    } else {
        console.problems(&found);
    }
    Ok(Err(Outcome::Invalid))
}

/// What exchanges save, and whose it is.
fn shares(path: &Path, args: &SymbiosisArgs, console: &Console) -> Result<Outcome, Failure> {
    let lang = console.lang;
    let wrong = |en: String, zh: String| -> Result<Outcome, Failure> { Ok(wrong(console, &en, &zh)) };
    let (package, inventory) = match load(path, args.year, console)? {
        Ok(loaded) => loaded,
        Err(outcome) => return Ok(outcome),
    };
    let park = &package.park;
    let base = Base::new(&package, &inventory, args.year);
    if let Some(outcome) = unknown_means(&base, args.freight.as_deref(), console) {
        return Ok(outcome);
    }
    let options = Options {
        candidates: args.with_candidates,
        orders: args.orders,
        seed: args.seed,
        freight: args.freight.clone(),
    };
    let all = contributions(park, &inventory, base.year);
    let watch = |solved: usize| {
        console.progress(&lang.pick(format!("{solved} parks solved"), format!("已求解 {solved} 个园区")));
        !interrupted()
    };
    let made = savings(&base, &all, &options, &watch);
    console.progress("");
    if interrupted() {
        return Ok(Outcome::Interrupted);
    }
    let made = match made {
        Ok(made) => made,
        Err(SavingsError::Clash { without, why }) => {
            let names = without.join(", ");
            console.talk(&lang.pick(
                format!("parkflux: no solution without {names}: {}", why.en),
                format!("parkflux：去掉 {names} 后无解：{}", why.zh),
            ));
            return Ok(Outcome::Open);
        }
        Err(error) => return wrong(error.to_string(), error.to_string()),
    };
    let measure = match parse(&[&args.measure], &measures(&made)) {
        Ok(found) => found[0],
        Err(words) => return Ok(console.usage(&words)),
    };
    let one = match &args.exchange {
        None => None,
        Some(name) => match exchange(park, &made, name) {
            Some(at) => Some(at),
            None => {
                return wrong(
                    format!("--exchange {name}: no exchange that can be switched has this number or name"),
                    format!("--exchange {name}：没有可切换的交换具有该序号或名称"),
                );
            }
        },
    };
    let shown = Shown { park, model: &base.calibrated.model, savings: &made, measure, lang };
    if console.json {
        console.print_json(&to_json(&shown, one))?;
    } else {
        console.print(&text(&shown, one))?;
    }
    Ok(Outcome::Done)
}
