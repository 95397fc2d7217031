//! `tradeoff`: what measures do to pollutants and to CO2e at once.

use super::args::TradeoffArgs;
use super::console::Console;
use super::measures::parse;
use super::write::interrupted;
use super::{Failure, Outcome};
use crate::diagnostic::{Diagnostic, Diagnostics, Lang, Problem, Severity, Words};
use crate::inventory::Inventory;
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
    let made = match super::accounts(&package) {
        Ok(inventory) => {
            let (bases, found) = (BTreeMap::new(), Diagnostics::default());
            let mut work =
                Work { package: &package, inventory: &inventory, scenarios: &scenarios, console, bases, found };
            let made = work.all(args, lang);
            made.map(|(text, value)| (text, value, work.found))
        }
        Err(problems) => Err(Refused::Problems(problems)),
    };
    console.progress("");
    if interrupted() {
        return Ok(Outcome::Interrupted);
    }
    let found = match made {
        Ok((text, mut value, found)) => {
            if console.json && found.has_errors() {
                value["diagnostics"] = console.problems_json(&found);
            }
            if console.json {
                console.print_json(&value)?;
            } else {
                console.print(&text)?;
            }
            found
        }
        Err(Refused::Usage(words)) => return Ok(console.usage(&words)),
        Err(Refused::Stopped) => return Ok(Outcome::Interrupted),
        Err(Refused::Singular) => {
            console.talk(lang.pick(
                "parkflux: the model of the base year is singular: no marginal values",
                "parkflux：基准年模型奇异，无法给出边际值",
            ));
            return Ok(Outcome::Open);
        }
        Err(Refused::Problems(problems)) => return refuse(&problems, console),
    };
    if !found.has_errors() {
        return Ok(Outcome::Done);
    }
    if !console.json {
        console.problems(&found);
    }
    Ok(outcome(&found))
}

/// Why nothing is shown.
enum Refused {
    /// Asked for what there is not.
    Usage(Words),
    /// Somebody pressed Ctrl-C.
    Stopped,
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

/// The measures of `--measure`, or those of the default that the park has.
fn measures(args: &TradeoffArgs, default: &[Measure], base: &Base) -> Result<Vec<Measure>, Refused> {
    let known = base.results.measures();
    if args.measure.is_empty() {
        return Ok(default.iter().copied().filter(|m| *m == Measure::Co2e || known.contains(m)).collect());
    }
    parse(&args.measure, &known).map_err(Refused::Usage)
}

/// Whether a scenario itself puts in a unit, switches a carrier or closes something.
fn is_measure(scenario: &Scenario) -> bool {
    let is = |a: &Action| matches!(a, Action::Unit(_) | Action::Substitute { .. } | Action::Close { .. });
    scenario.changes.iter().any(|c| is(&c.action))
}

fn refuse(problems: &Diagnostics, console: &Console) -> Result<Outcome, Failure> {
    if console.json {
        console.print_json(&json!({ "diagnostics": console.problems_json(problems) }))?;
    } else {
        console.problems(problems);
    }
    Ok(outcome(problems))
}

/// A clash is no mistake in the data: all else is, as `scenario run` has it.
fn outcome(problems: &Diagnostics) -> Outcome {
    let errors = problems.sorted().into_iter().filter(|d| d.problem.severity() == Severity::Error);
    let clash = |d: &Diagnostic| matches!(d.problem, Problem::ScenarioClash { .. });
    if errors.into_iter().all(clash) { Outcome::Open } else { Outcome::Invalid }
}

/// What to say where a package has no scenarios.
fn no_scenarios() -> Words {
    Words::new(
        "the package has no scenarios: they are files NAME.toml in its folder scenarios/, or in BOOK.scenarios/ beside a workbook",
        "数据包没有情景：情景文件为其 scenarios/ 文件夹（工作簿旁为 工作簿名.scenarios/）中的 名称.toml",
    )
}

/// The package with what was made of it.
struct Work<'a> {
    package: &'a Package,
    inventory: &'a Inventory,
    scenarios: &'a [Scenario],
    console: &'a Console,
    /// By year.
    bases: BTreeMap<u16, Base<'a>>,
    /// The problems of scenarios beside which others are sound.
    found: Diagnostics,
}

impl<'a> Work<'a> {
    fn base(&mut self, year: u16) -> &Base<'a> {
        let (package, inventory) = (self.package, self.inventory);
        self.bases.entry(year).or_insert_with(|| Base::new(package, inventory, Some(year)))
    }

    /// Shows what is being done, unless somebody pressed Ctrl-C.
    fn going(&self, text: &str) -> Result<(), Refused> {
        if interrupted() {
            return Err(Refused::Stopped);
        }
        self.console.progress(&self.console.lang.pick(format!("running {text}"), format!("正在运行 {text}")));
        Ok(())
    }

    /// Everything that is asked for.
    fn all(&mut self, args: &TradeoffArgs, lang: Lang) -> Shown {
        let asked = args.scenarios.iter().chain(&args.curve).chain(&args.front).chain(&args.against);
        let known = |name: &str| self.scenarios.iter().any(|s| *s.label.id == *name);
        if let Some(name) = asked.filter(|n| *n != BASE).find(|n| !known(n)) {
            let known = self.scenarios.iter().map(|s| &*s.label.id).collect::<Vec<_>>().join(", ");
            return Err(Refused::Usage(if known.is_empty() {
                no_scenarios()
            } else {
                Words::new(
                    format!("no scenario '{name}'; there are: {known}"),
                    format!("没有情景“{name}”；现有：{known}"),
                )
            }));
        }
        if let Some(year) = args.year.filter(|year| !self.package.park.years().contains(year)) {
            return Err(Refused::Usage(Words::new(format!("no data of {year}"), format!("没有 {year} 年的数据"))));
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
        if self.scenarios.is_empty() {
            return Err(Refused::Usage(no_scenarios()));
        }
        if names.is_empty() {
            return Err(Refused::Usage(Words::new(
                "no scenario adds a unit, substitutes a carrier or closes abatement; name one",
                "没有新增装置、替代载体或关闭治理设施的情景；请指定",
            )));
        }
        let (mut texts, mut list) = (Vec::new(), Vec::new());
        for (i, name) in names.iter().enumerate() {
            self.going(&format!("{name} ({}/{})", i + 1, names.len()))?;
            match self.against(name, args.against.as_deref(), lang) {
                Ok((text, value)) => {
                    texts.push(text);
                    list.push(value);
                }
                Err(problems) => self.found.append(problems),
            }
        }
        Ok((texts.join("\n"), Value::Array(list)))
    }

    fn marginal(&mut self, args: &TradeoffArgs, lang: Lang) -> Shown {
        let year = args.year.or_else(|| self.package.park.years().last().copied()).unwrap_or_default();
        let (mut texts, mut list) = (Vec::new(), Vec::new());
        for measure in measures(args, &[Measure::Co2e], self.base(year))? {
            self.going(&measure.id())?;
            let answers = marginal(self.base(year), measure).map_err(|_| Refused::Singular)?;
            texts.push(report::marginal(&answers, measure, args.top, lang));
            list.push(report::marginal_json(&answers, measure));
        }
        Ok((texts.join("\n"), Value::Array(list)))
    }

    fn front(&mut self, name: &str, args: &TradeoffArgs, lang: Lang) -> Shown {
        let chain = resolve(self.scenarios, name);
        let year = year_of(&chain, &self.package.park).unwrap_or_default();
        let console = self.console;
        let watch = |points: usize| {
            console.progress(&lang.pick(format!("{points} points solved"), format!("已求解 {points} 个点")));
            !interrupted()
        };
        let base = self.base(year);
        let measures = measures(args, &[Measure::Co2e, Measure::Gas(Gas::So2)], base)?;
        let made = front(base, &chain, &measures, &watch).map_err(|why| match why {
            front::Refused::NoAxis => Refused::Usage(Words::new(
                format!("scenario '{name}' has no [[sweep]]: nothing to make a grid of"),
                format!("情景“{name}”没有 [[sweep]]，无法构成网格"),
            )),
            front::Refused::TooMany(points, most) => Refused::Usage(Words::new(
                format!("the sweeps of '{name}' have {points} points; at most {most} are made"),
                format!("“{name}”的扫描共 {points} 个点，至多 {most} 个"),
            )),
            front::Refused::Stopped => Refused::Stopped,
            front::Refused::Problems(problems) => Refused::Problems(problems),
        })?;
        Ok((report::front(name, &made, args.all, lang), report::front_json(name, &made)))
    }

    fn curve(&mut self, args: &TradeoffArgs, lang: Lang) -> Shown {
        let all = self.scenarios;
        // A measure is taken once.
        let mut names: Vec<&str> = Vec::new();
        args.curve.iter().for_each(|n| {
            if !names.contains(&&**n) {
                names.push(n);
            }
        });
        let chains: Vec<(&str, Vec<&Scenario>)> = names.into_iter().map(|n| (n, resolve(all, n))).collect();
        let years: Vec<u16> = chains.iter().filter_map(|c| year_of(&c.1, &self.package.park)).collect();
        if years.windows(2).any(|w| w[0] != w[1]) {
            let (en, zh) = ("--curve: all measures must be of one year", "--curve：各措施须为同一年份");
            return Err(Refused::Usage(Words::new(en, zh)));
        }
        let console = self.console;
        let watch = |name: &str| {
            console.progress(&lang.pick(format!("running {name}"), format!("正在运行 {name}")));
            !interrupted()
        };
        let base = self.base(years.first().copied().unwrap_or_default());
        let made = curve(base, &chains, &watch)?.ok_or(Refused::Stopped)?;
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
