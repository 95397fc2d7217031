//! A scenario from its changes to the accounts of the changed park.

use super::apply::{self, Context, Refusal};
use super::calibrate::{Calibrated, calibrate};
use super::change::{Action, Change, NewExchange, Scenario};
use super::install::{Installed, enter, install, release};
use super::model::{Clash, Law, Model, Solved};
use super::results::{Results, contributions};
use super::roles::ends;
use super::units::Balanced;
use super::written::written;
use crate::balance::{Options, Place as BalancePlace, Thing, balance};
use crate::diagnostic::{Diagnostic, Diagnostics, Problem, Words};
use crate::inventory::{Inventory, inventory};
use crate::package::Package;
use crate::park::{CarrierId, EnterpriseId, Exchange, Park, ProcessId, Status};
use crate::quantity::{Dimension, Period, significant};
use std::collections::{BTreeMap, BTreeSet};

/// A base year that scenarios start from.
#[derive(Debug)]
pub struct Base<'a> {
    /// The package, with reconciled flows where the park chooses them.
    pub package: &'a Package,
    /// Its inventory.
    pub inventory: &'a Inventory,
    /// The year.
    pub year: u16,
    /// The model of the year.
    pub calibrated: Calibrated,
    /// What is read off the year.
    pub results: Results,
}

/// A change and how many things it found.
#[derive(Debug, Clone, PartialEq)]
pub struct Applied {
    /// Name of the change.
    pub name: String,
    /// The scenario that it stands in.
    pub scenario: String,
    /// Links, processes, exchanges, factors or prices.
    pub found: usize,
}

/// How well something is conserved.
#[derive(Debug, Clone, PartialEq)]
pub struct Conserved {
    /// Energy, carbon, sulfur, calcium, water, or a carrier that a pool passes on.
    pub thing: Thing,
    /// Balances that were looked at.
    pub balances: usize,
    /// What the scenario adds to what the base year leaves open, of the worst balance, in parts of what passes it.
    pub added: f64,
}

/// A park after the changes of a scenario.
#[derive(Debug)]
pub struct Run {
    /// Its package.
    pub package: Package,
    /// Its inventory.
    pub inventory: Inventory,
    /// Its model, as changed.
    pub calibrated: Calibrated,
    /// The solution of it.
    pub solved: Solved,
    /// What the changes found.
    pub applied: Vec<Applied>,
    /// The units that it adds.
    pub units: Vec<Installed>,
    /// What is read off it.
    pub results: Results,
    /// What is conserved in it.
    pub conserved: Vec<Conserved>,
}

impl<'a> Base<'a> {
    /// Calibrates a year of a package; without a year its last.
    #[must_use]
    pub fn new(package: &'a Package, inventory: &'a Inventory, year: Option<u16>) -> Self {
        let year = year.or_else(|| package.park.years().last().copied()).unwrap_or_default();
        let calibrated = calibrate(&package.park, inventory, year);
        let results = Results::of(&contributions(&package.park, inventory, year));
        Self { package, inventory, year, calibrated, results }
    }
}

/// Runs a chain of scenarios, what is extended first.
///
/// # Errors
/// All problems of the changes; or what keeps the changed park from an inventory.
pub fn run(base: &Base, chain: &[&Scenario]) -> Result<Run, Diagnostics> {
    let changes: Vec<(&str, &Change)> =
        chain.iter().flat_map(|s| s.changes.iter().map(|c| (&*s.label.id, c))).collect();
    let mut found = Diagnostics::default();
    let Changed { package, sets, calibrated, original, units, applied } = match changed(base, &changes) {
        Ok(changed) => changed,
        Err(problems) => return Err(problems),
    };
    let solved = match calibrated.model.solve(&original) {
        Ok(solved) => solved,
        Err(_) => {
            clash(base, &changes, &mut found);
            return Err(found);
        }
    };
    let mut package = written(&package, &calibrated.model, &solved);
    package.own_sets = sets.unwrap_or(package.own_sets);
    package.park.settings.balance_limit = None;
    let inventory = inventory(&package)?;
    let results = Results::of(&contributions(&package.park, &inventory, base.year));
    let conserved = conserved(base, (&calibrated, &solved, &units), &package.park, &inventory);
    Ok(Run { package, inventory, calibrated, solved, applied, units, results, conserved })
}

/// Makes the changes of a chain and solves the model, without accounting it: enough where [`super::Influences`] weigh the
/// unknowns.
///
/// # Errors
/// All problems of the changes, a clash of bounds among them.
pub fn solve(base: &Base, chain: &[&Scenario]) -> Result<(Calibrated, Solved), Diagnostics> {
    let changes: Vec<(&str, &Change)> =
        chain.iter().flat_map(|s| s.changes.iter().map(|c| (&*s.label.id, c))).collect();
    let Changed { calibrated, original, .. } = changed(base, &changes)?;
    let Ok(solved) = calibrated.model.solve(&original) else {
        let mut found = Diagnostics::default();
        clash(base, &changes, &mut found);
        return Err(found);
    };
    Ok((calibrated, solved))
}

/// A model with its changes made, not yet solved.
struct Changed {
    package: Package,
    /// The factor sets, where a change multiplies some.
    sets: Option<Vec<crate::factors::FactorSet>>,
    calibrated: Calibrated,
    /// The model of the year before its equations change.
    original: Model,
    units: Vec<Installed>,
    applied: Vec<Applied>,
}

/// Makes all changes; the problems of all at once.
fn changed(base: &Base, changes: &[(&str, &Change)]) -> Result<Changed, Diagnostics> {
    let mut found = Diagnostics::default();
    let mut package = base.package.clone();
    let mut sets = None;
    let mut applied = Vec::new();
    let mut recipes = BTreeMap::new();
    for (i, (_, change)) in changes.iter().enumerate() {
        let entered = match &change.action {
            Action::AddExchange(new) => {
                exchange(&package.park, new).map(|exchange| package.park.exchanges.push(exchange))
            }
            Action::Unit(unit) => enter(&mut package.park, unit).map(|recipe| drop(recipes.insert(i, recipe))),
            _ => Ok(()),
        };
        if let Err(refusal) = entered {
            found.push(refused(change, refusal));
        }
    }
    // A park with more exchanges or processes has a model of its own, which starts from the same year.
    let same = package.park.exchanges.len() == base.package.park.exchanges.len()
        && package.park.processes.len() == base.package.park.processes.len();
    let mut calibrated =
        if same { base.calibrated.clone() } else { calibrate(&package.park, base.inventory, base.year) };
    let original = calibrated.model.clone();
    let closed = closed(&package.park, changes);
    release(&mut package.park, &closed, base.year);
    let mut units = Vec::new();
    for (i, (scenario, change)) in changes.iter().enumerate() {
        let counted = match &change.action {
            Action::Factor { of, times } => {
                let (changed, count) = apply::factors(sets.as_deref().unwrap_or(&base.inventory.sets), of, *times);
                sets = Some(changed);
                Ok(count)
            }
            Action::Price { of, times } => Ok(apply::prices(&mut package.park, of, *times)),
            Action::Unit(unit) => {
                // Its recipe was refused before, where there is none.
                let Some(recipe) = recipes.remove(&i) else { continue };
                let installed = install(&mut package.park, base.inventory, &mut calibrated, unit, recipe);
                installed.map(|installed| units.push(installed)).map(|()| 1)
            }
            action => {
                let context = Context { park: &package.park, sets: &base.inventory.sets };
                apply::apply(context, &mut calibrated, action)
            }
        };
        match counted {
            Ok(0) => found.push(nothing(change)),
            Ok(found) => applied.push(Applied { name: change.name.clone(), scenario: (*scenario).to_owned(), found }),
            Err(refusal) => found.push(refused(change, refusal)),
        }
    }
    apply::close(&package.park, &mut calibrated.model, &closed);
    if found.has_errors() { Err(found) } else { Ok(Changed { package, sets, calibrated, original, units, applied }) }
}

/// Processes that changes close and none after them opens.
fn closed(park: &Park, changes: &[(&str, &Change)]) -> Vec<ProcessId> {
    let mut closed: BTreeSet<ProcessId> = BTreeSet::new();
    for (_, change) in changes {
        match &change.action {
            Action::Close { of } => closed.extend(apply::processes(park, of)),
            Action::Open { of } => {
                let open: BTreeSet<ProcessId> = apply::processes(park, of).into_iter().collect();
                closed.retain(|p| !open.contains(p));
            }
            _ => {}
        }
    }
    closed.into_iter().collect()
}

fn refused(change: &Change, why: Refusal) -> Diagnostic {
    Diagnostic::new(Problem::ScenarioRefused { change: change.name.clone(), why }, change.origin.clone())
}

/// A change that finds nothing.
fn nothing(change: &Change) -> Diagnostic {
    let (pattern, what) = match &change.action {
        Action::Exchange { of, .. } => (of.to_string(), ("exchanges that flows carry", "有流量的交换")),
        Action::AddExchange(new) => {
            (format!("{}>{}:{}", new.from, new.to, new.carrier), ("flows that it could displace", "可被替代的流量"))
        }
        Action::Substitute { of, .. } | Action::Coefficient { of, .. } | Action::Limit { of, .. } => {
            (of.to_string(), ("flows of the year", "当年流量"))
        }
        Action::Demand { of: super::change::Target::Flows(of), .. } => {
            (of.to_string(), ("products that leave the park", "离开园区的产品"))
        }
        Action::Demand { of: super::change::Target::Processes(of), .. } => {
            (of.clone(), ("processes with a demand of their own", "自身有需求的工序"))
        }
        Action::Efficiency { of, .. } | Action::Close { of } | Action::Open { of } => {
            (of.clone(), ("processes", "工序"))
        }
        Action::Factor { of, .. } => (of.clone(), ("factors of the park's sets", "园区因子集中的因子")),
        Action::Price { of, .. } => (of.clone(), ("prices of carriers.csv", "carriers.csv 中的价格")),
        Action::Unit(unit) => (unit.id.clone(), ("units", "装置")),
    };
    let problem = Problem::ScenarioMatchesNothing { pattern, what: Words::new(what.0, what.1) };
    Diagnostic::new(problem, change.origin.clone().column("of"))
}

/// An exchange of a scenario as one of the park.
fn exchange(park: &Park, new: &NewExchange) -> Result<Exchange, Refusal> {
    let enterprise = |id: &str| {
        let own = id.split('/').next().unwrap_or(id);
        let found = park.enterprises.iter().position(|e| *e.label.id == *own).map(EnterpriseId::new);
        found.ok_or_else(|| Words::new(format!("no enterprise '{own}'"), format!("没有企业“{own}”")))
    };
    let carrier = |id: &str| {
        let found = park.carriers.iter().position(|c| *c.label.id == *id).map(CarrierId::new);
        found.ok_or_else(|| Words::new(format!("no carrier '{id}'"), format!("没有载体“{id}”")))
    };
    Ok(Exchange {
        from: enterprise(&new.from)?,
        to: enterprise(&new.to)?,
        carrier: carrier(&new.carrier)?,
        status: Status::Candidate,
        period: None,
        quantity: Some(new.quantity),
        displaces: new.displaces.as_deref().map(carrier).transpose()?,
        ratio: new.ratio,
        disposal: new.disposal.as_deref().map(Into::into),
        distance_km: new.distance_km,
        conditioning: None,
        row: u32::MAX,
    })
}

/// Names the smallest set of changes and bounds that clash: each change is left out in turn, and stays out where the clash
/// stays.
fn clash(base: &Base, changes: &[(&str, &Change)], found: &mut Diagnostics) {
    let outcome = |of: &[(&str, &Change)]| -> Option<(Model, Clash)> {
        let made = changed(base, of).ok()?;
        made.calibrated.model.solve(&made.original).err().map(|c| (made.calibrated.model, c))
    };
    let mut kept: Vec<(&str, &Change)> = changes.to_vec();
    let mut i = 0;
    while i < kept.len() {
        let mut without = kept.clone();
        without.remove(i);
        if outcome(&without).is_some() { kept = without } else { i += 1 }
    }
    let Some((model, clash)) = outcome(&kept) else { return };
    let park = &base.package.park;
    let mut constraints: Vec<(String, Words)> = kept
        .iter()
        .map(|(scenario, change)| {
            let origin = &change.origin;
            (change.name.clone(), Words::new(format!("{scenario}, {origin}"), format!("{scenario}，{origin}")))
        })
        .collect();
    let at = |(link, quantity): &(usize, f64), model: &Model, beyond: bool| {
        let name = model.links[*link].text(park);
        let (dimension, is) = (model.links[*link].dimension, significant(*quantity, 4));
        let words = if beyond {
            let most = significant(model.limits.get(link).copied().unwrap_or_default(), 4);
            Words::new(
                format!("at most {most}, but {is} would be needed ({dimension})"),
                format!("至多 {most}，但需要 {is}（{dimension}）"),
            )
        } else {
            Words::new(
                format!("not negative, but would be {is} ({dimension})"),
                format!("不可为负，但将为 {is}（{dimension}）"),
            )
        };
        (name, words)
    };
    match &clash {
        Clash::Negative(all) => constraints.extend(all.iter().take(1).map(|one| at(one, &model, false))),
        Clash::Beyond(all) => constraints.extend(all.iter().take(1).map(|one| at(one, &model, true))),
        Clash::Singular(all) => constraints.extend(all.iter().take(6).map(|&u| {
            (
                model.text(park, u),
                Words::new("has no quantity of its own: it goes round in a loop", "数量无法确定：处于循环之中"),
            )
        })),
    }
    let origin = kept.last().or(changes.last()).map(|(_, change)| change.origin.clone());
    if let Some(origin) = origin {
        found.push(Diagnostic::new(Problem::ScenarioClash { year: base.year, constraints }, origin));
    }
}

/// How well the balances of the changed park close beside those of the base year: pools and energy by the links, so that the
/// difference of two meters is no loss; water, sulfur and calcium by the rows. What is itself booked as an emission closes
/// always, and is left out.
fn conserved(
    base: &Base,
    (calibrated, solved, units): (&Calibrated, &Solved, &[Installed]),
    park: &Park,
    inventory: &Inventory,
) -> Vec<Conserved> {
    let mut all: Vec<Conserved> = Vec::new();
    let mut add = |thing, before: (f64, f64), after: (f64, f64)| {
        // What the base year leaves open may grow as the process does.
        let allowed = if before.1 > 0.0 { before.0 / before.1 } else { 0.0 };
        let added = if after.1 > 0.0 { (after.0 / after.1 - allowed).abs() } else { 0.0 };
        match all.iter_mut().find(|c| c.thing == thing) {
            Some(known) => {
                known.balances += 1;
                known.added = known.added.max(added);
            }
            None => all.push(Conserved { thing, balances: 1, added }),
        }
    };
    let model = &calibrated.model;
    for (p, process) in park.processes.iter().enumerate() {
        let closes = |l: &usize| {
            let link = &model.links[*l];
            model.of_link(*l).law == Law::Losses
                && link.dimension == Dimension::ENERGY
                && ends(link).0.is_some_and(|f| f.index() == p)
        };
        let energy = (0..model.links.len()).any(|l| closes(&l));
        if !process.is_pool() && !energy {
            continue;
        }
        let of = |values: &[f64]| {
            let mut sums: BTreeMap<Thing, (f64, f64)> = BTreeMap::new();
            for (l, link) in model.links.iter().enumerate() {
                let sign = match ends(link) {
                    (a, b) if a == b => continue,
                    (_, Some(to)) if to.index() == p => 1.0,
                    (Some(from), _) if from.index() == p => -1.0,
                    _ => continue,
                };
                let (thing, unit) = match (energy, link.energy) {
                    (false, _) => (Thing::Carrier(link.carrier), 1.0),
                    (true, Some(unit)) => (Thing::Energy, unit),
                    (true, None) => continue,
                };
                let q = unit * values[model.processes + l];
                let sum = sums.entry(thing).or_insert((0.0, 0.0));
                sum.0 += sign * q;
                sum.1 += if sign > 0.0 { q } else { 0.0 };
            }
            sums
        };
        let before = of(&model.base);
        for (thing, after) in of(&solved.values) {
            add(thing, before.get(&thing).copied().unwrap_or_default(), after);
        }
    }
    let options = || Options { only: Some(Period { year: base.year, month: None }), ..Options::default() };
    let of_year = |park: &Park, inventory: &Inventory| {
        let mut sums: BTreeMap<(Thing, BalancePlace), (f64, f64)> = BTreeMap::new();
        for closure in balance(park, &inventory.sets, &inventory.ledger, options()).closures {
            let by_links = matches!(closure.thing, Thing::Carrier(_) | Thing::Steam | Thing::Energy);
            if closure.period.year != base.year || closure.booked || by_links {
                continue;
            }
            let (residual, size) = (closure.residual(), closure.inflow.abs().max(closure.outflow.abs()));
            let sum = sums.entry((closure.thing, closure.place)).or_insert((0.0, 0.0));
            sum.0 += residual;
            sum.1 += size;
        }
        sums
    };
    let before = of_year(&base.package.park, base.inventory);
    for (key, after) in of_year(park, inventory) {
        // An enterprise that gives away sulfur for the first time has no balance in the base year: what its products keep
        // was never recorded. Its unit closes by its recipe.
        if !before.contains_key(&key) && matches!(key.1, BalancePlace::Enterprise(_)) {
            continue;
        }
        add(key.0, before.get(&key).copied().unwrap_or_default(), after);
    }
    for closure in units.iter().flat_map(|u| u.recipe.closures()) {
        let thing = match closure.of {
            Balanced::Carbon => Thing::Carbon,
            Balanced::Sulfur => Thing::Sulfur,
            Balanced::Calcium => Thing::Calcium,
            // What is lost of energy is known by the links.
            Balanced::Energy => continue,
        };
        let size = closure.enters.abs().max(closure.leaves.abs());
        if size > 0.0 {
            add(thing, (0.0, 0.0), (closure.rest(), size));
        }
    }
    all
}
