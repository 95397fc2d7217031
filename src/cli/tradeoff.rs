//! `tradeoff`: what measures do to pollutants and to CO2e at once.

use super::args::TradeoffArgs;
use super::console::Console;
use super::{Failure, Outcome};
use crate::diagnostic::{Diagnostics, Lang, Problem};
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
    let made = match inventory(&unlimited(&package)) {
        Ok(inventory) => {
            let mut work =
                Work { package: &package, inventory: &inventory, scenarios: &scenarios, bases: BTreeMap::new() };
            work.all(args, lang)
        }
        Err(problems) => Err(Refused::Problems(problems)),
    };
    match made {
        Ok((_, value)) if console.json => console.print_json(&value)?,
        Ok((text, _)) => console.print(&text)?,
        Err(Refused::Usage(text)) => {
            console.talk(&lang.pick(format!("parkflux: {text}"), format!("parkflux：{text}")));
            return Ok(Outcome::Usage);
        }
        Err(Refused::Singular) => {
            console.talk(lang.pick(
                "parkflux: the model of the base year is singular: no marginal values",
                "parkflux：基准年模型奇异，无法给出边际值",
            ));
            return Ok(Outcome::Open);
        }
        Err(Refused::Problems(problems)) => return refuse(&problems, console),
    }
    Ok(Outcome::Done)
}

/// Why nothing is shown.
enum Refused {
    /// Asked for what there is not.
    Usage(String),
    /// Problems of scenarios.
    Problems(Diagnostics),
    /// The model cannot be solved.
    Singular,
}

impl From<Diagnostics> for Refused {
    fn from(problems: Diagnostics) -> Self {
        Self::Problems(problems)
    }
}

/// Text and JSON.
type Shown = Result<(String, Value), Refused>;

/// The measures of `--measure`, or those that are the default.
fn measures(args: &TradeoffArgs, default: &[Measure], lang: Lang) -> Result<Vec<Measure>, Refused> {
    if args.measure.is_empty() {
        return Ok(default.to_vec());
    }
    let all: Option<Vec<Measure>> = args.measure.iter().map(|m| find(m)).collect();
    let (en, zh) = (
        "--measure: CO2e, energy, material, cost or a gas or pollutant such as SO2",
        "--measure 须为 CO2e、energy、material、cost，或 SO2 等气体或污染物",
    );
    all.ok_or_else(|| Refused::Usage(lang.pick(en, zh).to_owned()))
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

    /// Everything that is asked for.
    fn all(&mut self, args: &TradeoffArgs, lang: Lang) -> Shown {
        let asked = args.scenarios.iter().chain(&args.curve).chain(&args.front).chain(&args.against);
        let known = |name: &str| self.scenarios.iter().any(|s| *s.label.id == *name);
        if let Some(name) = asked.filter(|n| *n != BASE).find(|n| !known(n)) {
            let known = self.scenarios.iter().map(|s| &*s.label.id).collect::<Vec<_>>().join(", ");
            return Err(Refused::Usage(lang.pick(
                format!("no scenario '{name}'; there are: {known}"),
                format!("没有情景“{name}”；现有：{known}"),
            )));
        }
        let (mut texts, mut value) = (Vec::new(), serde_json::Map::new());
        let mut add = |key: &str, (text, json): (String, Value)| {
            texts.push(text);
            value.insert(key.to_owned(), json);
        };
        let alone = args.curve.is_empty() && args.front.is_none() && !args.marginal;
        if alone || !args.scenarios.is_empty() {
            add("scenarios", self.each(args, lang)?);
        }
        if args.marginal {
            add("marginal", self.marginal(args, lang)?);
        }
        if let Some(name) = &args.front {
            add("front", self.front(name, args, lang)?);
        }
        if !args.curve.is_empty() {
            add("curve", self.curve(args, lang)?);
        }
        Ok((texts.join("\n"), Value::Object(value)))
    }

    /// The scenarios that are named, or all that are measures.
    fn each(&mut self, args: &TradeoffArgs, lang: Lang) -> Shown {
        let own = || self.scenarios.iter().filter(|s| is_measure(s)).map(|s| s.label.id.to_string()).collect();
        let names: Vec<String> = if args.scenarios.is_empty() { own() } else { args.scenarios.clone() };
        if names.is_empty() {
            let (en, zh) = (
                "no scenario adds a unit, substitutes a carrier or closes abatement; name one",
                "没有新增装置、替代载体或关闭治理设施的情景；请指定",
            );
            return Err(Refused::Usage(lang.pick(en, zh).to_owned()));
        }
        let made = names.iter().map(|name| self.against(name, args.against.as_deref(), lang));
        let (texts, list): (Vec<String>, Vec<Value>) = made.collect::<Result<Vec<_>, _>>()?.into_iter().unzip();
        Ok((texts.join("\n"), Value::Array(list)))
    }

    fn marginal(&mut self, args: &TradeoffArgs, lang: Lang) -> Shown {
        let year = args.year.or_else(|| self.package.park.years().last().copied()).unwrap_or_default();
        let (mut texts, mut list) = (Vec::new(), Vec::new());
        for measure in measures(args, &[Measure::Co2e], lang)? {
            let answers = marginal(self.base(year), measure).map_err(|_| Refused::Singular)?;
            texts.push(report::marginal(&answers, measure, args.top, lang));
            list.push(report::marginal_json(&answers, measure));
        }
        Ok((texts.join("\n"), Value::Array(list)))
    }

    fn front(&mut self, name: &str, args: &TradeoffArgs, lang: Lang) -> Shown {
        let chain = resolve(self.scenarios, name);
        let year = year_of(&chain, &self.package.park).unwrap_or_default();
        let measures = measures(args, &[Measure::Co2e, Measure::Gas(Gas::So2)], lang)?;
        let made = front(self.base(year), &chain, &measures).map_err(|why| match why {
            front::Refused::NoAxis => Refused::Usage(lang.pick(
                format!("scenario '{name}' has no [[sweep]]: nothing to make a grid of"),
                format!("情景“{name}”没有 [[sweep]]，无法构成网格"),
            )),
            front::Refused::TooMany(points, most) => Refused::Usage(lang.pick(
                format!("the sweeps of '{name}' have {points} points; at most {most} are made"),
                format!("“{name}”的扫描共 {points} 个点，至多 {most} 个"),
            )),
            front::Refused::Problems(problems) => Refused::Problems(problems),
        })?;
        Ok((report::front(name, &made, args.all, lang), report::front_json(name, &made)))
    }

    fn curve(&mut self, args: &TradeoffArgs, lang: Lang) -> Shown {
        let all = self.scenarios;
        let chains: Vec<(&str, Vec<&Scenario>)> = args.curve.iter().map(|n| (&**n, resolve(all, n))).collect();
        let years: Vec<u16> = chains.iter().filter_map(|c| year_of(&c.1, &self.package.park)).collect();
        if years.windows(2).any(|w| w[0] != w[1]) {
            let (en, zh) = ("--curve: all measures must be of one year", "--curve：各措施须为同一年份");
            return Err(Refused::Usage(lang.pick(en, zh).to_owned()));
        }
        let made = curve(self.base(years.first().copied().unwrap_or_default()), &chains)?;
        Ok((report::curve(&made, lang), report::curve_json(&made)))
    }

    /// A scenario against another: as asked, else what it extends, else the base year.
    fn against(&mut self, name: &str, against: Option<&str>, lang: Lang) -> Result<(String, Value), Diagnostics> {
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
