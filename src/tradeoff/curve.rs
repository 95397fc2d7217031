//! A marginal abatement cost curve that counts interactions: measures one after the other, the park solved again after each.
//!
//! At each step the measure is taken that costs least per tonne of CO2e in the park as it stands then; where prices do not tell
//! what a measure costs, the one that saves most. Two measures on the same coal do not both save it.

use crate::diagnostic::Diagnostics;
use crate::park::{Node, Outside, Parameter, ProcessId};
use crate::quantity::Period;
use crate::scenario::{Base, Measure, Results, Run, Scenario, run};

/// What a measure costs in a year: purchases less sales, by the prices of `carriers.csv`. Investment is not in it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cost {
    /// Everything that moves over the fence has a price. Unit: RMB.
    Known(f64),
    /// Some of it has none: how many flows. Unit: RMB.
    Partly(f64, usize),
    /// Nothing of it has one.
    Unknown,
}

impl Cost {
    /// Where everything has a price. Unit: RMB.
    #[must_use]
    pub fn known(self) -> Option<f64> {
        match self {
            Self::Known(cost) => Some(cost),
            Self::Partly(..) | Self::Unknown => None,
        }
    }
}

/// A step of the curve.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// The scenario.
    pub measure: String,
    /// What it saves alone, against the base year. Unit: t CO2e.
    pub alone: f64,
    /// What it saves after those before it. Unit: t CO2e.
    pub saving: f64,
    /// What all up to it save. Unit: t CO2e.
    pub cumulative: f64,
    /// The part of `saving` that is inside the fence. Unit: t CO2e.
    pub inside: f64,
    /// What it costs after those before it.
    pub cost: Cost,
    /// Whether its cost put it here; else its saving.
    pub by_cost: bool,
}

impl Step {
    /// Cost per tonne of CO2e avoided; none where it is not known, or nothing is avoided. Unit: RMB/t.
    #[must_use]
    pub fn per_tonne(&self) -> Option<f64> {
        self.cost.known().filter(|_| self.saving > 0.0).map(|cost| cost / self.saving)
    }
}

/// The curve.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Curve {
    /// Measures in the order in which they are taken.
    pub steps: Vec<Step>,
    /// Those that save nothing after the others: what they would do, negative where they add.
    pub left: Vec<Step>,
    /// Those that cannot be combined with the ones before them, by name.
    pub clash: Vec<String>,
}

/// A measure tried after others.
struct Trial {
    index: usize,
    step: Step,
    results: Results,
    flows: Vec<Flow>,
}

/// Puts measures in their order. Each is a chain of scenarios; those that several chains share come once. Before each run
/// `watch` is told the measure; where it says not to go on there is no curve.
///
/// # Errors
/// The problems of the first measure that cannot run alone.
pub fn curve(
    base: &Base,
    measures: &[(&str, Vec<&Scenario>)],
    watch: &dyn Fn(&str) -> bool,
) -> Result<Option<Curve>, Diagnostics> {
    let mut made = Curve::default();
    let mut left: Vec<usize> = (0..measures.len()).collect();
    let mut taken: Vec<&Scenario> = Vec::new();
    let (mut results, mut flows) = (base.results.clone(), of_base(base));
    let mut alone = vec![0.0; measures.len()];
    while !left.is_empty() {
        let first = taken.is_empty() && made.steps.is_empty();
        let mut trials = Vec::new();
        for index in std::mem::take(&mut left) {
            let (name, chain) = &measures[index];
            if !watch(name) {
                return Ok(None);
            }
            let all = joined(&taken, chain);
            let run = match run(base, &all) {
                Ok(run) => run,
                Err(problems) if first => return Err(problems),
                Err(_) => {
                    made.clash.push((*name).to_owned());
                    continue;
                }
            };
            let saving = results.total(Measure::Co2e) - run.results.total(Measure::Co2e);
            let inside = results.inside(Measure::Co2e) - run.results.inside(Measure::Co2e);
            if first {
                alone[index] = saving;
            }
            let after = of_run(base, &run);
            let cost = cost(&results, &run.results, &flows, &after);
            let cumulative = base.results.total(Measure::Co2e) - run.results.total(Measure::Co2e);
            let (measure, by_cost) = ((*name).to_owned(), false);
            let step = Step { measure, alone: alone[index], saving, cumulative, inside, cost, by_cost };
            trials.push(Trial { index, step, results: run.results, flows: after });
        }
        let Some(best) = best(&trials) else {
            made.left = trials.into_iter().map(|t| t.step).collect();
            break;
        };
        let by_cost = trials[best].step.per_tonne().is_some();
        let chosen = trials.swap_remove(best);
        left = trials.iter().map(|t| t.index).collect();
        left.sort_unstable();
        taken = joined(&taken, &measures[chosen.index].1);
        (results, flows) = (chosen.results, chosen.flows);
        made.steps.push(Step { by_cost, ..chosen.step });
    }
    Ok(Some(made))
}

/// The least cost per tonne; where no cost is known the largest saving; none where nothing is saved. Of equal ones the first.
fn best(trials: &[Trial]) -> Option<usize> {
    let saves = |i: &usize| trials[*i].step.saving > 0.0;
    let priced = (0..trials.len()).filter(saves).filter_map(|i| Some((i, trials[i].step.per_tonne()?)));
    let cheapest = priced.reduce(|a, b| if b.1 < a.1 { b } else { a });
    let larger = |a: usize, b: usize| if trials[b].step.saving > trials[a].step.saving { b } else { a };
    cheapest.map(|c| c.0).or_else(|| (0..trials.len()).filter(saves).reduce(larger))
}

/// A chain after others, each scenario once.
fn joined<'a>(taken: &[&'a Scenario], chain: &[&'a Scenario]) -> Vec<&'a Scenario> {
    let new = chain.iter().filter(|s| !taken.iter().any(|t| t.label.id == s.label.id));
    taken.iter().chain(new).copied().collect()
}

/// A flow over the fence: its link by ids, how much, and whether it has a price.
type Flow = (String, f64, bool);

fn of_base(base: &Base) -> Vec<Flow> {
    let model = &base.calibrated.model;
    over_the_fence(base, &base.package.park, model, &model.base)
}

fn of_run(base: &Base, run: &Run) -> Vec<Flow> {
    over_the_fence(base, &run.package.park, &run.calibrated.model, &run.solved.values)
}

fn over_the_fence(base: &Base, park: &crate::park::Park, model: &crate::scenario::Model, values: &[f64]) -> Vec<Flow> {
    let period = Period { year: base.year, month: None };
    let priced = |l: usize, p: ProcessId| park.property(model.links[l].carrier, p, period, Parameter::Price).is_some();
    let of = |l: usize| {
        let link = &model.links[l];
        let process = match (link.from, link.to) {
            (Node::Outside(from), Node::Process(to)) if from.buys() => to,
            (Node::Process(from), Node::Outside(to)) if to.buys() && to != Outside::Loss => from,
            _ => return None,
        };
        Some((link.text(park), values[model.processes + l], priced(l, process)))
    };
    (0..model.links.len()).filter_map(of).collect()
}

/// What a step costs, and whether everything that it moves over the fence has a price.
fn cost(before: &Results, after: &Results, was: &[Flow], is: &[Flow]) -> Cost {
    let amount = |all: &[Flow], name: &str| all.iter().filter(|f| f.0 == name).map(|f| f.1).sum::<f64>();
    let moved = is.iter().filter(|f| {
        let (a, b) = (amount(was, &f.0), amount(is, &f.0));
        (b - a).abs() > 1e-9 * a.abs().max(b.abs())
    });
    let (mut priced, mut without) = (0, 0);
    moved.for_each(|f| if f.2 { priced += 1 } else { without += 1 });
    let cost = after.total(Measure::Cost) - before.total(Measure::Cost);
    match (priced, without) {
        (_, 0) => Cost::Known(cost),
        (0, _) => Cost::Unknown,
        (_, without) => Cost::Partly(cost, without),
    }
}
