//! `symbiosis`: what exchanges between enterprises save.

use super::args::SymbiosisArgs;
use super::console::Console;
use super::{Failure, Outcome, file_name};
use crate::inventory::inventory;
use crate::report::symbiosis::{Shown, exchange, measure, text, to_json};
use crate::scenario::{Base, contributions};
use crate::symbiosis::savings::{Options, SavingsError, savings};
use crate::symbiosis::switches::freight_factor;
use serde_json::json;

pub(super) fn run(args: &SymbiosisArgs, console: &Console) -> Result<Outcome, Failure> {
    let lang = console.lang;
    let wrong = |en: String, zh: String| {
        console.talk(&lang.pick(format!("parkflux: {en}"), format!("parkflux：{zh}")));
        Ok(Outcome::Usage)
    };
    let (package, found) = super::load(&args.package)?;
    let Some(package) = package else {
        if console.json {
            let diagnostics = console.problems_json(&found);
            console.print_json(&json!({ "package": file_name(&args.package), "diagnostics": diagnostics }))?;
        } else {
            console.problems(&found);
        }
        return Ok(Outcome::Invalid);
    };
    let park = &package.park;
    if let Some(year) = args.year.filter(|year| !park.years().contains(year)) {
        return wrong(format!("no data of {year}"), format!("没有 {year} 年的数据"));
    }
    if park.exchanges.is_empty() {
        return wrong(
            "exchanges.csv lists no exchange".to_owned(),
            "exchanges.csv 中没有任何交换".to_owned(),
        );
    }
    let inventory = match inventory(&package) {
        Ok(inventory) => inventory,
        Err(problems) => {
            console.problems(&problems);
            return Ok(Outcome::Invalid);
        }
    };
    let base = Base::new(&package, &inventory, args.year);
    if let Some(means) = &args.freight
        && freight_factor(&base, means).is_none()
    {
        return wrong(
            format!("--freight {means}: no factor set of the park has a freight factor of that name"),
            format!("--freight {means}：园区因子集中没有该运输方式的货运因子"),
        );
    }
    let options = Options {
        candidates: args.with_candidates,
        orders: args.orders,
        seed: args.seed,
        freight: args.freight.clone(),
    };
    let all = contributions(park, &inventory, base.year);
    let made = match savings(&base, &all, &options) {
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
    let Some(measure) = measure(&made, &args.measure) else {
        let known: Vec<String> = made.quantities.iter().map(|q| q.0.id()).collect();
        let mut known = known;
        known.dedup();
        let known = known.join(", ");
        return wrong(
            format!("--measure {}: the park has {known}", args.measure),
            format!("--measure {}：可选 {known}", args.measure),
        );
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
