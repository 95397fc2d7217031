//! One scenario against another: what each pollutant and CO2e do, inside and outside the fence, and why CO2e does.
//!
//! The change of CO2e is split: what the units of the scenario give off themselves; electricity and heat that they take, at
//! the embodied intensity that the scenario's own network has at who gives it (location-based, loops counted; never
//! scope 2 of the park's own power); what is bought for them, at its own weight; what their products displace. Average and
//! margin differ, and the rest of the park answers too: the last part is the re-solved total less all others, and
//! [`Tradeoff::sources`] names who gives the power in fact. So the parts add up to the total.

use super::parts::{Key, Part, about, key, key_of, parts, process};
use crate::inventory::{Embodied, Inventory};
use crate::ledger::{Approach, Source as LineSource};
use crate::package::Package;
use crate::park::{CarrierKind, Gas, GasKind, Node, Outside, Park, ProcessId};
use crate::quantity::Dimension;
use crate::scenario::{
    Action, Base, Change, Contribution, Installed, Law, Measure, Model, Place, Results, Run, Scenario, contributions,
    meets_process,
};
use std::collections::BTreeMap;

/// A solved park, of the base year or of a scenario.
#[derive(Debug, Clone, Copy)]
pub struct State<'a> {
    /// Its package.
    pub package: &'a Package,
    /// Its inventory.
    pub inventory: &'a Inventory,
    /// Its model.
    pub model: &'a Model,
    /// The unknowns of the model.
    pub values: &'a [f64],
    /// The units that scenarios put in.
    pub units: &'a [Installed],
    /// What is read off it.
    pub results: &'a Results,
}

impl<'a> State<'a> {
    /// The base year.
    #[must_use]
    pub fn of_base(base: &'a Base<'a>) -> Self {
        let model = &base.calibrated.model;
        let (package, inventory, results) = (base.package, base.inventory, &base.results);
        Self { package, inventory, model, values: &model.base, units: &[], results }
    }

    /// A scenario that was run.
    #[must_use]
    pub fn of_run(run: &'a Run) -> Self {
        let (package, inventory, results) = (&run.package, &run.inventory, &run.results);
        Self {
            package,
            inventory,
            model: &run.calibrated.model,
            values: &run.solved.values,
            units: &run.units,
            results,
        }
    }

    pub(super) fn park(&self) -> &'a Park {
        &self.package.park
    }

    fn quantity(&self, link: usize) -> f64 {
        self.values[self.model.processes + link]
    }
}

/// Changes of a pollutant by less than this part of it are not called out. Unit: 1.
const CALLED: f64 = 1e-4;

/// By how much a measure changes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Delta {
    /// What.
    pub measure: Measure,
    /// What it was, everywhere. Unit: of the measure.
    pub before: f64,
    /// What it was inside the fence.
    pub before_inside: f64,
    /// Its change inside the fence.
    pub inside: f64,
    /// Its change outside.
    pub outside: f64,
}

impl Delta {
    /// Its change everywhere.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.inside + self.outside
    }

    /// −1, 0 or 1 of a change; what rounding leaves is 0.
    fn sign(change: f64, size: f64) -> i8 {
        if change.abs() <= 1e-9 * size.abs() || change == 0.0 {
            0
        } else if change > 0.0 {
            1
        } else {
            -1
        }
    }

    fn direction(&self) -> i8 {
        Self::sign(self.total(), self.before)
    }

    /// Whether it is large enough to be called out: a pollutant that moves by less is no matter of the scenario.
    fn is_called(&self) -> bool {
        self.total().abs() >= CALLED * self.before.abs()
    }
}

/// A part of the change of CO2e. Unit: t CO2e.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PartOf {
    /// Which.
    pub part: Part,
    /// Inside the fence.
    pub inside: f64,
    /// Outside.
    pub outside: f64,
    /// Whether anything of it is counted; of what is not, nobody knows how much it is, and the sums have 0 of it.
    pub counted: bool,
}

impl PartOf {
    /// Everywhere.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.inside + self.outside
    }
}

/// A flow that makes up a part at a known intensity.
#[derive(Debug, Clone, PartialEq)]
pub struct Detail {
    /// The part.
    pub part: Part,
    /// `E02/BUS>E01/FGD:electricity`.
    pub link: String,
    /// Its change. Measured: canonical unit of `dimension`.
    pub quantity: f64,
    /// What it is measured in.
    pub dimension: Dimension,
    /// What a unit of it carries; none where its giver has no intensity of its own. Unit: t CO2e per unit.
    pub intensity: Option<f64>,
}

/// Who gives, at the margin, the power that a unit takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    /// The link by which the unit takes it.
    pub link: String,
    /// The link or process that changes with it.
    pub by: String,
    /// How the model decides so.
    pub law: Law,
}

/// A pollutant that is removed, and what that costs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Removed {
    /// Which.
    pub gas: Gas,
    /// How much. Unit: t.
    pub mass: f64,
    /// CO2e that comes with it everywhere; negative where both fall. Unit: kg CO2e per kg.
    pub total: f64,
    /// Inside the fence alone. Unit: kg CO2e per kg.
    pub inside: f64,
}

/// What signs say.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Sign {
    /// The pollutant falls and CO2e rises. Units: t.
    CleansAndRaises(Gas, f64, f64),
    /// Both fall.
    BothFall(Gas, f64, f64),
    /// The pollutant rises and CO2e falls.
    DirtiesAndLowers(Gas, f64, f64),
    /// Both rise.
    BothRise(Gas, f64, f64),
    /// The park's figure falls while the total rises: an imported switch. Units: t CO2e inside, t CO2e in all.
    ImportedSwitch(f64, f64),
}

impl Sign {
    /// The words in English and Chinese, without the numbers.
    #[must_use]
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::CleansAndRaises(gas, ..) if gas.kind() == GasKind::Water => {
                ("cleans the water and raises CO2", "净化水质但增加碳排放")
            }
            Self::CleansAndRaises(..) => ("cleans the air and raises CO2", "净化空气但增加碳排放"),
            Self::BothFall(..) => ("lowers both", "减污降碳协同"),
            Self::DirtiesAndLowers(..) => ("lowers CO2 and raises the pollutant", "降碳但增加污染"),
            Self::BothRise(..) => ("raises both", "污染与碳排放均增加"),
            Self::ImportedSwitch(..) => {
                ("imported switch: the park's figure falls while the total rises", "转移排放：园区数字下降而总量上升")
            }
        }
    }
}

/// A scenario against another.
#[derive(Debug, Clone, PartialEq)]
pub struct Tradeoff {
    /// Every measure that there is in one of the two.
    pub deltas: Vec<Delta>,
    /// The change of CO2e by part; of parts that the scenario has nothing of there is none.
    pub parts: Vec<PartOf>,
    /// Flows behind the parts that are taken at an intensity.
    pub details: Vec<Detail>,
    /// Who gives the power at the margin.
    pub sources: Vec<Source>,
    /// What of the parts is bought outside and has no upstream in the accounts, by link: what it brings or saves there is
    /// not in the total.
    pub uncounted: Vec<String>,
    /// Plants that stop though no change closes them, each with what decides on its activity.
    pub stopped: Vec<(String, Law)>,
    /// Pollutants removed.
    pub removed: Vec<Removed>,
    /// The signs in words.
    pub signs: Vec<Sign>,
}

impl Tradeoff {
    /// The change of a measure.
    #[must_use]
    pub fn delta(&self, measure: Measure) -> Option<&Delta> {
        self.deltas.iter().find(|d| d.measure == measure)
    }

    /// A part of the change of CO2e; nothing of it is zero.
    #[must_use]
    pub fn part(&self, part: Part) -> PartOf {
        let none = PartOf { part, inside: 0.0, outside: 0.0, counted: false };
        self.parts.iter().find(|p| p.part == part).copied().unwrap_or(none)
    }
}

/// Changes that only one of two chains of scenarios has.
fn only_one<'a>(a: &[&'a Scenario], b: &[&'a Scenario]) -> Vec<&'a Change> {
    let not_in = |s: &&&'a Scenario, other: &[&'a Scenario]| !other.iter().any(|o| o.label.id == s.label.id);
    let both = a.iter().filter(|s| not_in(s, b)).chain(b.iter().filter(|s| not_in(s, a)));
    both.flat_map(|s| &s.changes).collect()
}

/// Sets a park against another; the chains of scenarios that made them say what was changed.
#[must_use]
pub fn measure(before: (&State, &[&Scenario]), after: (&State, &[&Scenario]), year: u16) -> Tradeoff {
    let changes = only_one(before.1, after.1);
    let (before, after) = (before.0, after.0);
    let deltas = deltas(before.results, after.results);
    let about = about(before, after);
    let map = parts([before, after], &about, &changes);
    let mut sums: BTreeMap<Part, Sum> = BTreeMap::new();
    let mut add = |part: Part, inside: f64, outside: f64| {
        let sum = sums.entry(part).or_default();
        *sum = Sum { inside: sum.inside + inside, outside: sum.outside + outside, counted: true };
    };
    let sides = [Side::new(before, year), Side::new(after, year)];
    for (side, sign) in sides.iter().zip([-1.0, 1.0]) {
        let park = side.state.park();
        for (one, key) in side.lines() {
            let (inside, outside) = by_place(one, sign * one.value);
            let own = one.process.is_some_and(|p| about.contains(&*park.process(p).label.id));
            let parts = key.and_then(|k| map.get(k));
            match parts {
                _ if side.is_freight(one) && parts.is_some() => {
                    add(Part::Transport, inside, outside);
                }
                Some(parts) if parts.iter().any(|p| p.0 == Part::Captured) => add(Part::Captured, inside, outside),
                _ if own && one.place.is_inside() => add(Part::Reaction, inside, outside),
                Some(parts) => parts.iter().for_each(|&(part, share)| {
                    let part = if part.is_energy() && one.place == Place::ChainOutside { Part::Chain } else { part };
                    add(part, share * inside, share * outside);
                }),
                None => {}
            }
        }
    }
    let (mut details, mut uncounted, mut there) = (Vec::new(), Vec::new(), Vec::new());
    for (key, parts) in &map {
        let moved = sides[1].amount(key) - sides[0].amount(key);
        if moved == 0.0 {
            continue;
        }
        // What stops is taken as it was, all else as it is.
        let side = if sides[1].amount(key) > 0.0 { &sides[1] } else { &sides[0] };
        let Some(link) = side.link(key) else { continue };
        let carried = side.embodied(link);
        uncounted.extend(side.without_upstream(key, link));
        for &(part, share) in parts {
            // What nothing is counted for stands in the table as well.
            there.push(part);
            if let Some(carried) = carried {
                add(part, share * moved * carried.inside, share * moved * carried.imported);
                match carried.chain {
                    Some(chain) => add(Part::Chain, 0.0, share * moved * chain),
                    None => there.push(Part::Chain),
                }
            }
            let timed = part.is_energy() || matches!(part, Part::Water | Part::Reagent);
            if timed || carried.is_some() {
                let own = carried.map(|c| c.inside + c.imported).or_else(|| side.bought(key, part));
                details.push(Detail {
                    part,
                    link: side.state.model.links[link].text(side.state.park()),
                    quantity: share * moved,
                    dimension: key.4,
                    intensity: own,
                });
            }
        }
    }
    for avoided in avoided(&sides, &map) {
        uncounted.extend(avoided.uncounted);
        there.push(Part::Avoided);
        if let Some(of) = avoided.of {
            add(Part::Avoided, avoided.moved * of.inside, avoided.moved * of.imported);
            if let Some(chain) = of.chain {
                add(Part::Chain, 0.0, avoided.moved * chain);
            }
        }
    }
    uncounted.sort_unstable();
    uncounted.dedup();
    let co2e = deltas.iter().find(|d| d.measure == Measure::Co2e);
    let whole = co2e.map_or((0.0, 0.0), |d| (d.inside, d.outside));
    let told = sums.values().fold((0.0, 0.0), |sum, p| (sum.0 + p.inside, sum.1 + p.outside));
    sums.insert(Part::Rest, Sum { inside: whole.0 - told.0, outside: whole.1 - told.1, counted: true });
    for part in there {
        // What is left over and nobody books gives off nothing; of what is bought or displaced nobody knows.
        let counted = matches!(part, Part::Disposal | Part::Captured | Part::Reaction);
        sums.entry(part).or_insert(Sum { counted, ..Sum::default() });
    }
    let part = |(part, Sum { inside, outside, counted })| PartOf { part, inside, outside, counted };
    let parts = sums.into_iter().map(part).collect();
    let sources = sources(after, &map, &sides[1]);
    let (removed, signs) = (removed(&deltas), signs(&deltas));
    let stopped = stopped(before, after, &changes);
    Tradeoff { deltas, parts, details, sources, uncounted, stopped, removed, signs }
}

/// CO2e of a part. Unit: t CO2e.
#[derive(Default, Clone, Copy)]
struct Sum {
    inside: f64,
    outside: f64,
    /// Whether anything of it is counted.
    counted: bool,
}

/// Plants that run before and not after, though no change closes them.
fn stopped(before: &State, after: &State, changes: &[&Change]) -> Vec<(String, Law)> {
    let park = before.park();
    let closed =
        |p: ProcessId| changes.iter().any(|c| matches!(&c.action, Action::Close { of } if meets_process(of, park, p)));
    let stops = |p: usize| {
        let id = &park.process(ProcessId::new(p)).label.id;
        let at = after.park().processes.iter().position(|q| q.label.id == *id)?;
        let gone = before.values[p] != 0.0 && after.values[at].abs() <= 1e-9 && !closed(ProcessId::new(p));
        gone.then(|| (id.to_string(), before.model.equations[p].law))
    };
    (0..before.model.processes).filter_map(stops).collect()
}

/// Every measure of two results.
fn deltas(before: &Results, after: &Results) -> Vec<Delta> {
    let mut measures = before.measures();
    measures.extend(after.measures());
    measures.sort_unstable();
    measures.dedup();
    let of = |measure| Delta {
        measure,
        before: before.total(measure),
        before_inside: before.inside(measure),
        inside: after.inside(measure) - before.inside(measure),
        outside: after.outside(measure) - before.outside(measure),
    };
    measures.into_iter().map(of).collect()
}

fn by_place(one: &Contribution, value: f64) -> (f64, f64) {
    if one.place.is_inside() { (value, 0.0) } else { (0.0, value) }
}

/// One of the two parks with what is asked of it again and again.
struct Side<'a> {
    state: &'a State<'a>,
    /// CO2e of the year, each with the link that it goes with.
    lines: Vec<(Contribution, Option<Key>)>,
    amounts: BTreeMap<Key, f64>,
    links: BTreeMap<Key, usize>,
    network: Option<&'a Embodied>,
    /// Of what each process gives off and imports, the part that it gives off inside the fence.
    own: BTreeMap<ProcessId, f64>,
}

impl<'a> Side<'a> {
    fn new(state: &'a State<'a>, year: u16) -> Self {
        let park = state.park();
        let mut lines = Vec::new();
        let mut own: BTreeMap<ProcessId, (f64, f64)> = BTreeMap::new();
        for one in contributions(park, state.inventory, year) {
            if one.measure != Measure::Co2e {
                continue;
            }
            let flow = one.row.map(|row| &park.flows[row]);
            let dimension = flow.and_then(|f| f.quantity).map_or(Dimension::NONE, |q| q.dimension);
            let of = flow.map(|f| key(park, f.from, f.to, (f.carrier, f.usage, dimension)));
            let import = one.place == Place::EnergyOutside;
            if let Some(p) = one.process.filter(|_| import || one.place.is_inside()) {
                let sum = own.entry(p).or_insert((0.0, 0.0));
                let value = one.value.max(0.0);
                *sum = if import { (sum.0, sum.1 + value) } else { (sum.0 + value, sum.1) };
            }
            lines.push((one, of));
        }
        let part = |(p, (inside, outside)): (ProcessId, (f64, f64))| {
            (inside + outside > 0.0).then(|| (p, inside / (inside + outside)))
        };
        let own = own.into_iter().filter_map(part).collect();
        let (mut amounts, mut links) = (BTreeMap::new(), BTreeMap::new());
        for (l, link) in state.model.links.iter().enumerate() {
            let key = key_of(park, link);
            *amounts.entry(key.clone()).or_insert(0.0) += state.quantity(l);
            // Of two the one that flows.
            let known = links.get(&key).is_some_and(|&k: &usize| state.quantity(k) != 0.0);
            if !known {
                links.insert(key, l);
            }
        }
        Self { state, lines, amounts, links, network: state.inventory.network(year, Approach::Location), own }
    }

    fn lines(&self) -> impl Iterator<Item = (&Contribution, Option<&Key>)> {
        self.lines.iter().map(|(one, key)| (one, key.as_ref()))
    }

    /// Whether a contribution is of hauling something.
    fn is_freight(&self, one: &Contribution) -> bool {
        one.line.is_some_and(|line| self.state.inventory.ledger.lines[line].source == LineSource::Freight)
    }

    fn amount(&self, key: &Key) -> f64 {
        self.amounts.get(key).copied().unwrap_or_default()
    }

    fn link(&self, key: &Key) -> Option<usize> {
        self.links.get(key).copied()
    }

    /// What a unit of a link that a process of the park gives carries; none where that is not known.
    fn embodied(&self, link: usize) -> Option<Carried> {
        let link = &self.state.model.links[link];
        let (network, gwp) = (self.network?, &self.state.inventory.gwp);
        let from = process(link.from)?;
        let output = network.products.iter().position(|&p| p == (from, link.carrier))?;
        if !network.sold[output] {
            return None;
        }
        // Steam may be read by mass and have its intensity by energy.
        let dimension = network.dimensions[output];
        let per = match (dimension == link.dimension, link.energy) {
            (true, _) => 1.0,
            (false, Some(energy)) if dimension == Dimension::ENERGY => energy,
            _ => return None,
        };
        let whole = network.co2e(output, gwp);
        let origins = network.origins_of(output, gwp).ok()?;
        let real = origins.iter().filter(|(_, e)| e.abs() > 1e-12 * whole.abs());
        let inside = real.map(|(p, e)| Some(e * self.own.get(p)?)).sum::<Option<f64>>()?;
        // Nothing upstream of power or heat is nothing that a factor of the park's sets counts.
        let chain = network.upstream(output).filter(|chain| *chain != 0.0);
        Some(Carried { inside: per * inside, imported: per * (whole - inside), chain: chain.map(|chain| per * chain) })
    }

    /// What a unit of a link from outside counts for in its part: power and heat by where they are made, all else by what
    /// lies upstream, its haul apart; none where nothing is counted. Unit: t CO2e per unit.
    fn bought(&self, key: &Key, part: Part) -> Option<f64> {
        let place = if part.is_energy() { Place::EnergyOutside } else { Place::ChainOutside };
        let counts = |one: &Contribution| one.place == place && !self.is_freight(one);
        let own = self.lines.iter().filter(|(one, k)| k.as_ref() == Some(key) && counts(one));
        let sum = own.map(|(one, _)| one.value).reduce(|a, b| a + b);
        let amount = self.amount(key);
        sum.filter(|_| amount != 0.0).map(|sum| sum / amount)
    }

    /// The text of a link that is bought outside and has nothing counted upstream.
    fn without_upstream(&self, key: &Key, link: usize) -> Option<String> {
        let at = &self.state.model.links[link];
        let lacks = at.from == Node::Outside(Outside::Supplier) && self.bought(key, Part::Feed).is_none();
        lacks.then(|| at.text(self.state.park()))
    }

    /// What a unit of a link weighs by its own ledger lines, inside and outside; none where it has none. Unit: t CO2e per
    /// unit.
    fn per_unit(&self, key: &Key) -> Option<(f64, f64)> {
        let amount = self.amount(key);
        if amount == 0.0 {
            return None;
        }
        let own = self.lines.iter().filter(|(_, k)| k.as_ref() == Some(key));
        let sum = own.map(|(one, _)| by_place(one, one.value)).reduce(|a, b| (a.0 + b.0, a.1 + b.1))?;
        Some((sum.0 / amount, sum.1 / amount))
    }
}

/// What a unit of something carries. Unit: t CO2e per unit.
#[derive(Debug, Clone, Copy)]
struct Carried {
    inside: f64,
    /// Where power and heat for it are made outside.
    imported: f64,
    /// Upstream of own power and heat; none where no factor counts any.
    chain: Option<f64>,
}

/// What products of units displace.
struct Avoided {
    /// Per unit; none where nothing is known of it.
    of: Option<Carried>,
    /// How much.
    moved: f64,
    /// The link, where its upstream is not counted.
    uncounted: Option<String>,
}

/// What products of units displace: the link that closes the need which the product meets; else what its taker stops taking
/// of the same.
fn avoided(sides: &[Side; 2], map: &BTreeMap<Key, Vec<(Part, f64)>>) -> Vec<Avoided> {
    let mut all = Vec::new();
    for (key, parts) in map {
        let moved = sides[1].amount(key) - sides[0].amount(key);
        let given = parts.iter().any(|p| matches!(p.0, Part::Disposal | Part::Fuel));
        let side = if sides[1].amount(key) > 0.0 { &sides[1] } else { &sides[0] };
        let (true, Some(link)) = (given && moved != 0.0, side.link(key)) else { continue };
        let model = side.state.model;
        let Some(to) = process(model.links[link].to).filter(|_| process(model.links[link].from).is_some()) else {
            continue;
        };
        let Some((other, ratio)) = displaced(side, link, to, map) else { continue };
        let key = key_of(side.state.park(), &model.links[other]);
        // At its weight where it flows.
        let flows = sides.iter().find(|s| s.amount(&key) != 0.0);
        let Some((flows, at)) = flows.and_then(|s| Some((s, s.link(&key)?))) else { continue };
        let of = match (flows.per_unit(&key), flows.embodied(at)) {
            (None, own) => own,
            (Some((inside, imported)), None) => Some(Carried { inside, imported, chain: None }),
            (Some((inside, imported)), Some(own)) => {
                Some(Carried { inside: inside + own.inside, imported: imported + own.imported, ..own })
            }
        };
        all.push(Avoided { of, moved: -ratio * moved, uncounted: flows.without_upstream(&key, at) });
    }
    all
}

/// The link that closes the need which another meets at its taker, and units of it for one of that.
fn displaced(side: &Side, link: usize, to: ProcessId, map: &BTreeMap<Key, Vec<(Part, f64)>>) -> Option<(usize, f64)> {
    let model = side.state.model;
    let unknown = model.quantity(link);
    for (closes, equation) in model.equations[model.processes..].iter().enumerate() {
        let at = &model.links[closes];
        if closes == link || equation.law != Law::Marginal || at.to != Node::Process(to) {
            continue;
        }
        let weight = |k: u32| equation.terms.iter().find(|t| t.0 == k).map(|t| t.1);
        let (Some(own), Some(other)) = (weight(unknown), weight(model.quantity(closes))) else { continue };
        if other != 0.0 && !map.contains_key(&key_of(side.state.park(), at)) {
            return Some((closes, own / other));
        }
    }
    None
}

/// Who gives the power of units at the margin: from sum to sum up to a purchase, or to a process that runs more.
fn sources(state: &State, map: &BTreeMap<Key, Vec<(Part, f64)>>, side: &Side) -> Vec<Source> {
    let mut all = Vec::new();
    let park = state.park();
    for key in map.iter().filter(|(_, parts)| parts.iter().any(|p| p.0 == Part::Power)).map(|(key, _)| key) {
        if side.amount(key) == 0.0 {
            continue;
        }
        let Some(link) = side.link(key) else { continue };
        if park.carrier(state.model.links[link].carrier).kind != CarrierKind::Electricity {
            continue;
        }
        let (by, law) = closing(state.model, park, link);
        all.push(Source { link: state.model.links[link].text(park), by, law });
    }
    all
}

/// What changes when more is taken by a link.
fn closing(model: &Model, park: &Park, link: usize) -> (String, Law) {
    let mut at = link;
    // A bus that is fed by itself is none; the bound is for one that is.
    for _ in 0..=model.links.len() {
        let Some(from) = process(model.links[at].from) else { break };
        let unknown = model.quantity(at);
        let is_sum = |law: Law| matches!(law, Law::Marginal | Law::Sink | Law::Demand | Law::Supply);
        let sum = model
            .equations
            .iter()
            .enumerate()
            .find(|(_, e)| e.process == Some(from) && is_sum(e.law) && e.terms.iter().any(|t| t.0 == unknown));
        match sum {
            Some((row, equation)) if row < model.processes => {
                // What makes more takes more: by the link that closes what it takes of the same.
                let of = model.links[at].carrier;
                let activity = model.activity(from);
                let takes = |l: &usize| {
                    let (link, own) = (&model.links[*l], model.of_link(*l));
                    let closes = own.law == Law::Marginal && own.terms.iter().any(|t| t.0 == activity);
                    link.to == Node::Process(from) && closes && park.carrier(link.carrier).kind == park.carrier(of).kind
                };
                match (0..model.links.len()).find(takes) {
                    Some(next) if next != at => at = next,
                    _ => return (park.process(from).label.id.to_string(), equation.law),
                }
                if process(model.links[at].from).is_none() {
                    break;
                }
            }
            Some((row, equation)) => {
                let closes = row - model.processes;
                if closes == at {
                    break;
                }
                // What leaves less closes it as well as what comes in more.
                if process(model.links[closes].from) == Some(from) || process(model.links[closes].from).is_none() {
                    return (model.links[closes].text(park), equation.law);
                }
                at = closes;
            }
            None => break,
        }
    }
    (model.links[at].text(park), model.of_link(at).law)
}

/// Pollutants that fall, with what CO2e does.
fn removed(deltas: &[Delta]) -> Vec<Removed> {
    let co2e = deltas.iter().find(|d| d.measure == Measure::Co2e);
    let of = |d: &Delta| {
        let gas = pollutant(d.measure).filter(|_| d.direction() < 0 && d.is_called())?;
        let co2e = co2e?;
        let mass = -d.total();
        Some(Removed { gas, mass, total: co2e.total() / mass, inside: co2e.inside / mass })
    };
    deltas.iter().filter_map(of).collect()
}

/// A pollutant of air or water.
fn pollutant(measure: Measure) -> Option<Gas> {
    match measure {
        Measure::Gas(gas) if matches!(gas.kind(), GasKind::Air | GasKind::Water) => Some(gas),
        _ => None,
    }
}

fn signs(deltas: &[Delta]) -> Vec<Sign> {
    let Some(co2e) = deltas.iter().find(|d| d.measure == Measure::Co2e) else { return Vec::new() };
    let of = |d: &Delta| {
        let (gas, p, c) = (pollutant(d.measure)?, d.total(), co2e.total());
        match (d.direction(), co2e.direction()) {
            (-1, 1) => Some(Sign::CleansAndRaises(gas, p, c)),
            (-1, -1) => Some(Sign::BothFall(gas, p, c)),
            (1, -1) => Some(Sign::DirtiesAndLowers(gas, p, c)),
            (1, 1) => Some(Sign::BothRise(gas, p, c)),
            _ => None,
        }
    };
    let mut all: Vec<Sign> = deltas.iter().filter(|d| d.is_called()).filter_map(of).collect();
    if Delta::sign(co2e.inside, co2e.before_inside) < 0 && co2e.direction() > 0 {
        all.push(Sign::ImportedSwitch(co2e.inside, co2e.total()));
    }
    all
}
