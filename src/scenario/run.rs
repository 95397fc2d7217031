//! A scenario from its changes to the accounts of the changed park.

use super::apply::{self, Context, Refusal};
use super::calibrate::{Calibrated, calibrate};
use super::change::{Action, Change, NewExchange, NewUnit, Scenario};
use super::check::matches_nothing;
use super::clash::clash;
use super::influence::Influences;
use super::install::{Fault, Installed, enter, install, release};
use super::limits::{judge, temperatures};
use super::model::{Law, Model, Solved};
use super::months::Months;
use super::periods::{self, Timed};
use super::results::{Results, contributions};
use super::roles::ends;
use super::units::Balanced;
use super::written::written;
use crate::balance::{Options, Place as BalancePlace, Thing, balance};
use crate::diagnostic::{Diagnostic, Diagnostics, Problem, Words};
use crate::inventory::{Inventory, inventory};
use crate::ledger::Activity;
use crate::methods::pollutants::SO2_PER_SULFUR;
use crate::methods::sulfur::SULFUR_IN_SO2;
use crate::package::Package;
use crate::park::{CarrierId, EnterpriseId, Exchange, Gas, Park, ProcessId, Status};
use crate::quantity::{Dimension, Period, significant};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

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
    /// The results as weights of the model, once somebody asks.
    influences: OnceLock<Influences>,
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
    /// Balances beside them whose gap is itself booked as an emission: they close always.
    pub booked: usize,
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
    /// Limits that could not be judged, or that the base year does not keep.
    pub told: Vec<Words>,
    /// Links that have months of their own. Measured: canonical unit of the link.
    pub months: BTreeMap<usize, Months>,
}

impl<'a> Base<'a> {
    /// Calibrates a year of a package; without a year its last.
    #[must_use]
    pub fn new(package: &'a Package, inventory: &'a Inventory, year: Option<u16>) -> Self {
        let year = year.or_else(|| package.park.years().last().copied()).unwrap_or_default();
        let calibrated = calibrate(&package.park, inventory, year);
        let results = Results::of(&contributions(&package.park, inventory, year));
        Self { package, inventory, year, calibrated, results, influences: OnceLock::new() }
    }

    /// The results of the year as weights of its model.
    #[must_use]
    pub fn influences(&self) -> &Influences {
        self.influences.get_or_init(|| {
            let all = contributions(&self.package.park, self.inventory, self.year);
            Influences::of(self.package, &self.calibrated.model, &all)
        })
    }
}

/// Runs a chain of scenarios, what is extended first.
///
/// # Errors
/// All problems of the changes; or what keeps the changed park from an inventory.
pub fn run(base: &Base, chain: &[&Scenario]) -> Result<Run, Diagnostics> {
    let Changed { package, sets, mut calibrated, original, units, applied, mut told } =
        changed(base, &changes_of(chain))?;
    let solved = periods::solve(&package.park, &mut calibrated, &original).map_err(|_| clashes(base, chain))?;
    let judged = judge(&package.park, &calibrated, &solved.values);
    if !judged.broken.is_empty() {
        return Err(clashes(base, chain));
    }
    told.extend(judged.told);
    let months = periods::months(&package.park, &calibrated, &solved.values);
    let mut package = written(&package, &calibrated.model, &solved, &months);
    package.own_sets = sets.unwrap_or(package.own_sets);
    package.park.settings.balance_limit = None;
    let inventory = inventory(&package)?;
    let results = Results::of(&contributions(&package.park, &inventory, base.year));
    let conserved = conserved(base, (&calibrated, &solved, &units), &package.park, &inventory);
    Ok(Run { package, inventory, calibrated, solved, applied, units, results, conserved, told, months })
}

/// What clashes in a chain that has no solution within its bounds.
fn clashes(base: &Base, chain: &[&Scenario]) -> Diagnostics {
    let mut found = Diagnostics::default();
    if let Some(problem) = clash(base, chain) {
        found.push(problem);
    }
    found
}

/// The changes of a chain in their order, each with the id of its scenario.
pub(super) fn changes_of<'a>(chain: &[&'a Scenario]) -> Vec<(&'a str, &'a Change)> {
    chain.iter().flat_map(|s| s.changes.iter().map(|c| (&*s.label.id, c))).collect()
}

/// A model with its changes made, not yet solved.
pub(super) struct Changed<'a> {
    /// The base package itself, unless a change needs another one.
    pub(super) package: Cow<'a, Package>,
    /// The factor sets, where a change multiplies some.
    sets: Option<Vec<crate::factors::FactorSet>>,
    pub(super) calibrated: Calibrated,
    /// The model of the year before its equations change.
    pub(super) original: Model,
    units: Vec<Installed>,
    applied: Vec<Applied>,
    /// Limits that could not be judged.
    told: Vec<Words>,
}

/// Makes all changes; the problems of all at once.
pub(super) fn changed<'a>(base: &Base<'a>, changes: &[(&str, &Change)]) -> Result<Changed<'a>, Diagnostics> {
    let mut found = Diagnostics::default();
    let mut package = Cow::Borrowed(base.package);
    let mut sets = None;
    let (mut applied, mut told) = (Vec::new(), Vec::new());
    let mut recipes = BTreeMap::new();
    for (i, (_, change)) in changes.iter().enumerate() {
        match &change.action {
            Action::AddExchange(new) => match exchange(&package.park, new) {
                Ok(exchange) => package.to_mut().park.exchanges.push(exchange),
                Err(refusal) => found.push(refused(change, refusal)),
            },
            Action::Unit(unit) => match enter(&mut package.to_mut().park, base.inventory, base.year, unit) {
                Ok(entered) => drop(recipes.insert(i, entered)),
                Err(faults) => faults.into_iter().for_each(|fault| found.push(refused_unit(change, unit, fault))),
            },
            _ => {}
        }
    }
    // A park with more exchanges or processes has a model of its own, which starts from the same year.
    let same = package.park.exchanges.len() == base.package.park.exchanges.len()
        && package.park.processes.len() == base.package.park.processes.len();
    let mut calibrated =
        if same { base.calibrated.clone() } else { calibrate(&package.park, base.inventory, base.year) };
    let original = calibrated.model.clone();
    let closed = closed(&package.park, changes);
    if !closed.is_empty() {
        release(&mut package.to_mut().park, &closed, base.year);
    }
    let mut units = Vec::new();
    for (i, (scenario, change)) in changes.iter().enumerate() {
        match temperatures(&package.park, &calibrated, &change.action) {
            Ok(words) => told.extend(words),
            Err(refusal) => {
                found.push(refused(change, refusal));
                continue;
            }
        }
        let counted = match &change.action {
            Action::Factor { of, times } => {
                let (changed, count) = apply::factors(sets.as_deref().unwrap_or(&base.inventory.sets), of, *times);
                sets = Some(changed);
                Ok(count)
            }
            Action::Price { of, times } => Ok(apply::prices(&mut package.to_mut().park, of, *times)),
            Action::Unit(unit) => {
                // Its recipe was refused before, where there is none.
                let Some(recipe) = recipes.remove(&i) else { continue };
                let installed = install(&mut package.to_mut().park, base.inventory, &mut calibrated, unit, recipe);
                if installed.is_ok() {
                    found.append(without_months(&package.park, &calibrated, change));
                }
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
    periods::close(&mut calibrated, &closed);
    apply::close(&package.park, &mut calibrated.model, &closed);
    periods::note(&package.park, &mut calibrated);
    if found.has_errors() {
        Err(found)
    } else {
        Ok(Changed { package, sets, calibrated, original, units, applied, told })
    }
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
    let key = match &change.action {
        Action::AddExchange(_) => "from",
        // Its parameters are sound: what it finds where it stands is not.
        Action::Unit(unit) => return refused_unit(change, unit, Fault { key: "at".to_owned(), why }),
        _ => "of",
    };
    let origin = change.origin.clone().column(key);
    let of = change.action.of();
    let problem = Problem::ScenarioRefused { change: change.name.clone(), why, unit: None };
    Diagnostic::new(problem, origin).found(format!("\"{of}\""))
}

/// A unit that cannot be, at the key that is meant.
fn refused_unit(change: &Change, unit: &NewUnit, Fault { key, why }: Fault) -> Diagnostic {
    let text = |text: &str| Some(format!("\"{text}\""));
    let found = match &*key {
        "unit" => text(&unit.kind),
        "id" => text(&unit.id),
        "at" => text(&unit.at),
        _ => unit.parameters.iter().find(|p| p.0 == key).map(|(_, q)| match q.dimension {
            Dimension::NONE => significant(q.value, 6),
            dimension => format!("{} {dimension}", significant(q.value, 6)),
        }),
    };
    let problem = Problem::ScenarioRefused { change: change.name.clone(), why, unit: Some(unit.kind.clone()) };
    let diagnostic = Diagnostic::new(problem, change.origin.clone().column(key));
    match found {
        Some(found) => diagnostic.found(found),
        None => diagnostic,
    }
}

/// The problem of a storage, just put in, whose surplus or purchase has no months.
fn without_months(park: &Park, calibrated: &Calibrated, change: &Change) -> Diagnostics {
    let mut found = Diagnostics::default();
    let Some(Timed::Stored(stored)) = calibrated.timed.last() else { return found };
    let Action::Unit(unit) = &change.action else { return found };
    let lacking = periods::without_months(park, calibrated, stored);
    if *park.process(stored.unit).label.id == *unit.id && !lacking.is_empty() {
        let flows: Vec<String> = lacking.iter().map(|&l| calibrated.model.links[l].text(park)).collect();
        let (change_name, year) = (change.name.clone(), calibrated.model.year);
        let problem = Problem::ScenarioWithoutMonths { change: change_name, flows: flows.join(", "), year };
        let origin = change.origin.clone().column("unit");
        found.push(Diagnostic::new(problem, origin).found(format!("\"{}\"", unit.kind)));
    }
    found
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
    let key = match &change.action {
        Action::AddExchange(_) => "from",
        Action::Unit(_) => "id",
        _ => "of",
    };
    matches_nothing(change, key, &pattern, Words::new(what.0, what.1))
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
        limits: Vec::new(),
        row: u32::MAX,
    })
}

/// Sulfur that scrubbers of a scenario bind beyond what the ledger took from the fuel. The ledger reckons 2 t of SO2 for a tonne
/// of sulfur, as HJ 888 and HJ 953 do, the recipe goes by molar masses (1.998): a difference of conventions, and no gap. SO2 that a
/// monitor reads is taken back by molar masses, too. Unit: t.
fn beyond_ledger(base: &Base, (solved, units): (&Solved, &[Installed]), park: &Park, enterprise: EnterpriseId) -> f64 {
    let lines = &base.inventory.ledger.lines;
    let read =
        |at| lines.iter().any(|l| l.process == at && l.gas == Gas::So2 && matches!(l.activity, Activity::Reported(_)));
    let own = units.iter().filter(|u| {
        let so2 = u.recipe.removes.is_some_and(|r| r.0 == Gas::So2);
        so2 && park.process(u.process).enterprise == enterprise && !read(u.at)
    });
    own.map(|u| solved.values[u.process.index()] * (SULFUR_IN_SO2 - 1.0 / SO2_PER_SULFUR)).sum()
}

/// The balances that links make: carriers in pools and energy of processes that close it. Of each what the base year would leave
/// open at the activity of the scenario, what is open, and its size.
fn by_links(calibrated: &Calibrated, solved: &Solved, park: &Park) -> Vec<(Thing, f64, (f64, f64))> {
    let mut all = Vec::new();
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
            all.push((thing, before.get(&thing).map_or(0.0, |b| b.0) * solved.values[p], after));
        }
    }
    all
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
    // What the base year leaves open may grow as the process does: `allowed` is what it may be. What closes better than that
    // is no finding.
    let mut add = |thing, allowed: f64, after: (f64, f64)| {
        let more = (after.0.abs() - allowed.abs()).max(0.0);
        let added = if after.1 > 0.0 { more / after.1 } else { 0.0 };
        match all.iter_mut().find(|c| c.thing == thing) {
            Some(known) => {
                known.balances += 1;
                known.added = known.added.max(added);
            }
            None => all.push(Conserved { thing, balances: 1, booked: 0, added }),
        }
    };
    for (thing, allowed, after) in by_links(calibrated, solved, park) {
        add(thing, allowed, after);
    }
    let options = || Options { only: Some(Period { year: base.year, month: None }), ..Options::default() };
    let mut booked: BTreeSet<(Thing, BalancePlace)> = BTreeSet::new();
    let mut of_year = |park: &Park, inventory: &Inventory| {
        let mut sums: BTreeMap<(Thing, BalancePlace), (f64, f64, f64)> = BTreeMap::new();
        for closure in balance(park, &inventory.sets, &inventory.ledger, options()).closures {
            let by_links = matches!(closure.thing, Thing::Carrier(_) | Thing::Steam | Thing::Energy);
            if closure.period.year != base.year || by_links {
                continue;
            }
            if closure.booked {
                booked.insert((closure.thing, closure.place));
                continue;
            }
            let (residual, inflow, outflow) = (closure.residual(), closure.inflow.abs(), closure.outflow.abs());
            let sum = sums.entry((closure.thing, closure.place)).or_insert((0.0, 0.0, 0.0));
            sum.0 += residual;
            sum.1 += inflow;
            sum.2 += outflow;
        }
        // The size is that of the year: months of their own close over the year, and not each by itself.
        let of_year = |(key, (residual, inflow, outflow)): (_, (f64, f64, f64))| (key, (residual, inflow.max(outflow)));
        sums.into_iter().map(of_year).collect::<BTreeMap<(Thing, BalancePlace), (f64, f64)>>()
    };
    let before = of_year(&base.package.park, base.inventory);
    for (key, mut after) in of_year(park, inventory) {
        if let (Thing::Sulfur, BalancePlace::Enterprise(enterprise)) = (&key.0, &key.1) {
            after.0 += beyond_ledger(base, (solved, units), park, *enterprise);
        }
        // An enterprise that gives away sulfur for the first time has no balance in the base year: what its products keep
        // was never recorded. Its unit closes by its recipe.
        if !before.contains_key(&key) && matches!(key.1, BalancePlace::Enterprise(_)) {
            continue;
        }
        let allowed = before.get(&key).map_or(0.0, |b| if b.1 > 0.0 { b.0 / b.1 * after.1 } else { 0.0 });
        add(key.0, allowed, after);
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
            add(thing, 0.0, (closure.rest(), size));
        }
    }
    for (thing, _) in booked {
        match all.iter_mut().find(|c| c.thing == thing) {
            Some(known) => known.booked += 1,
            None => all.push(Conserved { thing, balances: 0, booked: 1, added: 0.0 }),
        }
    }
    all
}
