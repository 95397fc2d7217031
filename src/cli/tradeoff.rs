//! `tradeoff`: what measures do to pollutants and to CO2e at once.

use super::args::TradeoffArgs;
use super::console::Console;
use super::{Failure, Outcome};
use crate::diagnostic::{Diagnostics, Problem};
use crate::inventory::{Inventory, inventory};
use crate::package::Package;
use crate::park::Gas;
use crate::report::tradeoff::{self as report, Named};
use crate::scenario::{Action, Base, Measure, Run, Scenario, resolve, run as run_scenario, year_of};
use crate::tradeoff::{State, curve, front, marginal, measure};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The name that stands for no scenario.
const BASE: &str = "base";

pub(super) fn run(args: &TradeoffArgs, console: &Console) -> Result<Outcome, Failure> {
    let lang = console.lang;
    let Some((package, scenarios)) = super::scenario::load(&args.package, console)? else {
        return Ok(Outcome::Invalid);
    };
    let wrong = |text: String| {
        console.talk(&lang.pick(format!("parkflux: {text}"), format!("parkflux：{text}")));
        Ok(Outcome::Usage)
    };
    let asked = args.scenarios.iter().chain(&args.curve).chain(&args.front).chain(&args.against);
    if let Some(name) = asked.filter(|n| *n != BASE).find(|n| !scenarios.iter().any(|s| *s.label.id == ***n)) {
        let known = scenarios.iter().map(|s| &*s.label.id).collect::<Vec<_>>().join(", ");
        return wrong(
            lang.pick(format!("no scenario '{name}'; there are: {known}"), format!("没有情景“{name}”；现有：{known}")),
        );
    }
    let measures: Vec<Option<Measure>> = args.measure.iter().map(|m| find(m)).collect();
    let Some(measures) = measures.into_iter().collect::<Option<Vec<Measure>>>() else {
        return wrong(lang.pick(
            "--measure: CO2e, energy, material, cost or a gas or pollutant such as SO2".to_owned(),
            "--measure 须为 CO2e、energy、material、cost，或 SO2 等气体或污染物".to_owned(),
        ));
    };
    let inventory = match inventory(&unlimited(&package)) {
        Ok(inventory) => inventory,
        Err(problems) => return refuse(&problems, console),
    };
    let mut work = Work { package: &package, inventory: &inventory, scenarios: &scenarios, bases: BTreeMap::new() };
    let measures_of = |default: &[Measure]| if measures.is_empty() { default.to_vec() } else { measures.clone() };
    let alone = args.curve.is_empty() && args.front.is_none() && !args.marginal;
    let (mut texts, mut value) = (Vec::new(), serde_json::Map::new());
    if alone || !args.scenarios.is_empty() {
        let own: Vec<String> = scenarios.iter().filter(|s| is_measure(s)).map(|s| s.label.id.to_string()).collect();
        let names = if args.scenarios.is_empty() { own } else { args.scenarios.clone() };
        if names.is_empty() {
            return wrong(lang.pick(
                "no scenario adds a unit, substitutes a carrier or closes abatement; name one".to_owned(),
                "没有新增装置、替代载体或关闭治理设施的情景；请指定".to_owned(),
            ));
        }
        let mut list = Vec::new();
        for name in &names {
            match work.against(name, args.against.as_deref(), lang) {
                Ok((text, one)) => {
                    texts.push(text);
                    list.push(one);
                }
                Err(problems) => return refuse(&problems, console),
            }
        }
        value.insert("scenarios".to_owned(), Value::Array(list));
    }
    if args.marginal {
        let year = args.year.or_else(|| package.park.years().last().copied()).unwrap_or_default();
        let base = work.base(year);
        let mut list = Vec::new();
        for measure in measures_of(&[Measure::Co2e]) {
            let Ok(answers) = marginal(base, measure) else {
                console.talk(lang.pick(
                    "parkflux: the model of the base year is singular: no marginal values",
                    "parkflux：基准年模型奇异，无法给出边际值",
                ));
                return Ok(Outcome::Open);
            };
            texts.push(report::marginal(&answers, measure, args.top, lang));
            list.push(report::marginal_json(&answers, measure));
        }
        value.insert("marginal".to_owned(), Value::Array(list));
    }
    if let Some(name) = &args.front {
        let chain = resolve(&scenarios, name);
        let base = work.base(year_of(&chain, &package.park).unwrap_or_default());
        let made = front(base, &chain, &measures_of(&[Measure::Co2e, Measure::Gas(Gas::So2)]));
        match made {
            Ok(made) => {
                texts.push(report::front(name, &made, args.all, lang));
                value.insert("front".to_owned(), report::front_json(name, &made));
            }
            Err(crate::tradeoff::front::Refused::NoAxis) => {
                return wrong(lang.pick(
                    format!("scenario '{name}' has no [[sweep]]: nothing to make a grid of"),
                    format!("情景“{name}”没有 [[sweep]]，无法构成网格"),
                ));
            }
            Err(crate::tradeoff::front::Refused::TooMany(points, most)) => {
                return wrong(lang.pick(
                    format!("the sweeps of '{name}' have {points} points; at most {most} are made"),
                    format!("“{name}”的扫描共 {points} 个点，至多 {most} 个"),
                ));
            }
            Err(crate::tradeoff::front::Refused::Problems(problems)) => return refuse(&problems, console),
        }
    }
    if !args.curve.is_empty() {
        let chains: Vec<(&str, Vec<&Scenario>)> = args.curve.iter().map(|n| (&**n, resolve(&scenarios, n))).collect();
        let years: Vec<u16> = chains.iter().filter_map(|c| year_of(&c.1, &package.park)).collect();
        if years.windows(2).any(|w| w[0] != w[1]) {
            return wrong(lang.pick(
                "--curve: all measures must be of one year".to_owned(),
                "--curve：各措施须为同一年份".to_owned(),
            ));
        }
        let base = work.base(years.first().copied().unwrap_or_default());
        match curve(base, &chains) {
            Ok(made) => {
                texts.push(report::curve(&made, lang));
                value.insert("curve".to_owned(), report::curve_json(&made));
            }
            Err(problems) => return refuse(&problems, console),
        }
    }
    if console.json {
        console.print_json(&Value::Object(value))?;
    } else {
        console.print(&texts.join("\n"))?;
    }
    Ok(Outcome::Done)
}

/// Whether a scenario itself puts in a unit, switches a carrier or closes something.
fn is_measure(scenario: &Scenario) -> bool {
    let is = |a: &Action| matches!(a, Action::Unit(_) | Action::Substitute { .. } | Action::Close { .. });
    scenario.changes.iter().any(|c| is(&c.action))
}

/// A measure by its id or label.
fn find(text: &str) -> Option<Measure> {
    match text {
        "CO2e" | "co2e" => Some(Measure::Co2e),
        "energy" => Some(Measure::Energy),
        "material" => Some(Measure::Material),
        "cost" => Some(Measure::Cost),
        other => Gas::find(other).map(Measure::Gas),
    }
}

/// Whether an open balance forbids an inventory is not asked of scenarios.
fn unlimited(package: &Package) -> Package {
    let mut package = package.clone();
    package.park.settings.balance_limit = None;
    package
}

fn refuse(problems: &Diagnostics, console: &Console) -> Result<Outcome, Failure> {
    if console.json {
        console.print_json(&json!({ "diagnostics": console.problems_json(problems) }))?;
    } else {
        console.problems(problems);
    }
    let clash = problems.sorted().iter().any(|d| matches!(d.problem, Problem::ScenarioClash { .. }));
    Ok(if clash { Outcome::Open } else { Outcome::Invalid })
}

/// The package with what was made of it.
struct Work<'a> {
    package: &'a Package,
    inventory: &'a Inventory,
    scenarios: &'a [Scenario],
    /// By year.
    bases: BTreeMap<u16, Base<'a>>,
}

impl<'a> Work<'a> {
    fn base(&mut self, year: u16) -> &Base<'a> {
        let (package, inventory) = (self.package, self.inventory);
        self.bases.entry(year).or_insert_with(|| Base::new(package, inventory, Some(year)))
    }

    /// A scenario against another: as asked, else what it extends, else the base year.
    fn against(
        &mut self,
        name: &str,
        against: Option<&str>,
        lang: crate::diagnostic::Lang,
    ) -> Result<(String, Value), Diagnostics> {
        let chain = resolve(self.scenarios, name);
        let year = year_of(&chain, &self.package.park).unwrap_or_default();
        let extended = chain.last().and_then(|s| s.extends.as_deref());
        let other = against.or(extended).filter(|o| *o != BASE);
        let before_chain = other.map(|o| resolve(self.scenarios, o)).unwrap_or_default();
        let base = self.base(year);
        let before: Option<Run> = if before_chain.is_empty() { None } else { Some(run_scenario(base, &before_chain)?) };
        let after = run_scenario(base, &chain)?;
        let before_state = before.as_ref().map_or_else(|| State::of_base(base), State::of_run);
        let made = measure((&before_state, &before_chain), (&State::of_run(&after), &chain), year);
        let label = chain.last().map(|s| &s.label);
        let title = label.map_or(("", ""), |l| (&*l.name_en, &*l.name_zh));
        let (park, conserved) = (&after.package.park, &*after.conserved);
        let named = Named { scenario: name, title, against: other, year, park, made: &made, conserved };
        Ok((report::text(&named, lang), report::to_json(&named, lang)))
    }
}
