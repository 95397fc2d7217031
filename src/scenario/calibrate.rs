//! From the accounts of a base year to a model that can be changed.
//!
//! The quantities of the year give the coefficients: inputs per unit of activity, yields, shares of what is at hand. What no
//! table says is decided by [`super::roles`] and told in notes, so that nobody has to guess what a scenario rests on.

use super::exchanges::{self, Bound};
use super::link::{Link, links};
use super::model::{Equation, Law, Model};
use super::periods::{Ceiling, Timed};
use super::roles::{Driver, Roles, ends};
use crate::diagnostic::Words;
use crate::inventory::Inventory;
use crate::ledger::{Activity, Source};
use crate::park::{CarrierId, CarrierKind, Gas, Node, Outside, Parameter, Park, ProcessId, heat};
use crate::quantity::Dimension;
use std::collections::{BTreeMap, BTreeSet};

/// A model with what it rests on.
#[derive(Debug, Clone)]
pub struct Calibrated {
    /// The model.
    pub model: Model,
    /// The exchanges of the park that links carry, in the order of `exchanges.csv`.
    pub exchanges: Vec<Bound>,
    /// What was decided for want of a statement.
    pub notes: Vec<Words>,
    /// What has months of its own, in the order of the changes that say so; nothing in a base year.
    pub timed: Vec<Timed>,
    /// The most that links may carry by month; none in a base year.
    pub ceilings: Vec<Ceiling>,
}

/// A sum of links that an activity or a link closes: `Σ w q = N · x`.
#[derive(Debug, Clone)]
pub(super) struct Sum {
    /// Links with their weights.
    pub(super) members: Vec<(usize, f64)>,
    /// Whose activity it goes with.
    pub(super) process: ProcessId,
    /// The links that it goes with instead, where there are some.
    pub(super) by: Vec<usize>,
    /// What it says.
    pub(super) law: Law,
    /// The link that closes it; none, if the activity does.
    pub(super) closes: Option<usize>,
}

/// A model in the making.
pub(super) struct Draft<'a> {
    pub(super) park: &'a Park,
    pub(super) links: Vec<Link>,
    pub(super) drivers: Vec<Driver>,
    pub(super) sums: Vec<Sum>,
    /// The sum that a link closes.
    pub(super) closed: BTreeMap<usize, usize>,
    /// For each link that an exchange carries, its share of what it could be: 1 in the base year, 0 of a candidate.
    pub(super) full: BTreeMap<usize, f64>,
    /// Links that are a part of what others carry: condensate of steam.
    shares: BTreeMap<usize, Vec<usize>>,
    pub(super) reliefs: BTreeMap<usize, Vec<usize>>,
    /// Processes whose water a purchase closes.
    made_up: BTreeSet<ProcessId>,
    /// Turbines whose heat costs power.
    extracting: BTreeSet<ProcessId>,
    pub(super) supplied: Vec<bool>,
    pub(super) notes: Vec<Words>,
}

impl Draft<'_> {
    pub(super) fn note(&mut self, en: String, zh: String) {
        self.notes.push(Words::new(en, zh));
    }

    /// Adds a link that no row has yet; one that stands there already is taken.
    pub(super) fn add(&mut self, link: Link, driver: Driver) -> usize {
        let same =
            |l: &Link| (l.from, l.to, l.carrier, l.dimension) == (link.from, link.to, link.carrier, link.dimension);
        if let Some(known) = self.links.iter().position(same) {
            return known;
        }
        self.links.push(link);
        self.drivers.push(driver);
        self.links.len() - 1
    }

    /// Makes a link close a sum of links.
    pub(super) fn close(&mut self, link: usize, law: Law, process: ProcessId, members: Vec<(usize, f64)>) {
        self.closed.insert(link, self.sums.len());
        self.sums.push(Sum { members, process, by: Vec::new(), law, closes: Some(link) });
    }

    /// Weights that make links comparable: their energy, or 1 where all are measured alike.
    fn weights(&self, of: &[usize], by_energy: bool) -> Vec<(usize, f64)> {
        let energies: Option<Vec<f64>> = of.iter().map(|&l| self.links[l].energy).collect();
        let alike = of.windows(2).all(|w| self.links[w[0]].dimension == self.links[w[1]].dimension);
        match energies {
            Some(energies) if by_energy || !alike => of.iter().copied().zip(energies).collect(),
            _ if alike => of.iter().map(|&l| (l, 1.0)).collect(),
            // What cannot be compared does not count: the largest sort does.
            _ => {
                let largest = of.iter().copied().max_by(|&a, &b| {
                    let key = |l: usize| (self.links[l].dimension == Dimension::MASS, self.links[l].base);
                    let (a, b) = (key(a), key(b));
                    a.0.cmp(&b.0).then(a.1.total_cmp(&b.1))
                });
                let dimension = largest.map(|l| self.links[l].dimension);
                of.iter().copied().filter(|&l| Some(self.links[l].dimension) == dimension).map(|l| (l, 1.0)).collect()
            }
        }
    }
}

/// Calibrates a model of a year of a park with its inventory.
#[must_use]
pub fn calibrate(park: &Park, inventory: &Inventory, year: u16) -> Calibrated {
    let links = links(park, &inventory.sets, year);
    let Roles { determining, supplied, drivers } = Roles::of(park, &links);
    let mut draft = Draft {
        park,
        links,
        drivers,
        sums: Vec::new(),
        closed: BTreeMap::new(),
        full: BTreeMap::new(),
        shares: BTreeMap::new(),
        reliefs: BTreeMap::new(),
        made_up: BTreeSet::new(),
        extracting: BTreeSet::new(),
        supplied,
        notes: Vec::new(),
    };
    grids(&mut draft);
    extraction(&mut draft, year);
    sinks(&mut draft);
    let exchanges = exchanges::bind(&mut draft);
    condensate(&mut draft);
    ashes(&mut draft);
    makeup(&mut draft);
    evaporation(&mut draft);
    losses(&mut draft);
    let removed = removed(inventory, &draft);
    let activities = activities(&mut draft, &determining, &removed);
    let model = assemble(draft_parts(&mut draft), year, &activities);
    Calibrated { model, exchanges, notes: draft.notes, timed: Vec::new(), ceilings: Vec::new() }
}

/// What the assembly takes out of a draft.
struct Parts {
    processes: usize,
    links: Vec<Link>,
    drivers: Vec<Driver>,
    sums: Vec<Sum>,
    closed: BTreeMap<usize, usize>,
    full: BTreeMap<usize, f64>,
    shares: BTreeMap<usize, Vec<usize>>,
    reliefs: BTreeMap<usize, Vec<usize>>,
}

fn draft_parts(draft: &mut Draft) -> Parts {
    Parts {
        processes: draft.park.processes.len(),
        links: std::mem::take(&mut draft.links),
        drivers: std::mem::take(&mut draft.drivers),
        sums: std::mem::take(&mut draft.sums),
        closed: std::mem::take(&mut draft.closed),
        full: std::mem::take(&mut draft.full),
        shares: std::mem::take(&mut draft.shares),
        reliefs: std::mem::take(&mut draft.reliefs),
    }
}

/// Where power of the grid and of others comes together, the grid makes up what is missing; what is too much goes back to it.
fn grids(draft: &mut Draft) {
    let park = draft.park;
    for p in (0..park.processes.len()).map(ProcessId::new) {
        let power = |l: &usize| {
            let link = &draft.links[*l];
            ends(link).1 == Some(p) && park.carrier(link.carrier).kind == CarrierKind::Electricity
        };
        let all: Vec<usize> = (0..draft.links.len()).filter(power).collect();
        let bought = |l: &&usize| matches!(draft.links[**l].from, Node::Outside(Outside::Grid | Outside::Supplier));
        let Some(&grid) = all.iter().find(bought) else { continue };
        if all.len() == 1 {
            continue;
        }
        draft.close(grid, Law::Marginal, p, all.iter().map(|&l| (l, 1.0)).collect());
        let Link { from, carrier, usage, .. } = draft.links[grid];
        let back = Link::new(Node::Process(p), from, carrier, usage, draft.links[grid].measured());
        let back = draft.add(back, Driver::Given);
        if let Some(&sum) = draft.closed.get(&grid) {
            draft.sums[sum].members.push((back, -1.0));
        }
        draft.reliefs.entry(grid).or_default().push(back);
    }
}

/// An extraction turbine of which `power_loss` is stated burns what it burns: heat that is taken off it costs power, heat that is
/// not makes some (`P + β Σ h q = C x`; β of the heat-rate curves of the maker). Without it heat sets the activity, and power
/// goes with it, as in a back-pressure turbine.
fn extraction(draft: &mut Draft, year: u16) {
    let park = draft.park;
    for p in (0..park.processes.len()).map(ProcessId::new) {
        let Some(loss) = park.parameter(p, Parameter::PowerLoss, None, year).map(|l| l.value) else { continue };
        let given = |l: &usize| {
            let link = &draft.links[*l];
            ends(link).0 == Some(p) && ends(link).1 != Some(p) && !matches!(link.to, Node::Outside(Outside::Loss))
        };
        let all: Vec<usize> = (0..draft.links.len()).filter(given).collect();
        let power = |l: &&usize| park.carrier(draft.links[**l].carrier).kind == CarrierKind::Electricity;
        let largest = all.iter().filter(power).max_by(|&&a, &&b| draft.links[a].base.total_cmp(&draft.links[b].base));
        let Some(&largest) = largest.filter(|l| !draft.closed.contains_key(*l)) else { continue };
        let member = |&l: &usize| {
            let link = &draft.links[l];
            match park.carrier(link.carrier).kind {
                CarrierKind::Electricity => Some((l, 1.0)),
                CarrierKind::Heat | CarrierKind::Steam => link.energy.map(|energy| (l, loss * energy)),
                _ => None,
            }
        };
        let members: Vec<(usize, f64)> = all.iter().filter_map(member).collect();
        draft.close(largest, Law::Extraction, p, members);
        draft.extracting.insert(p);
    }
}

/// A process that runs by what it is brought passes it on: one link takes what is left.
fn sinks(draft: &mut Draft) {
    let park = draft.park;
    for p in (0..park.processes.len()).map(ProcessId::new) {
        if !draft.supplied[p.index()] {
            continue;
        }
        let of = |side: fn(&Link) -> Option<ProcessId>| -> Vec<usize> {
            (0..draft.links.len()).filter(|&l| side(&draft.links[l]) == Some(p)).collect()
        };
        let brought = of(|l| ends(l).1);
        let largest = brought.iter().copied().max_by(|&a, &b| draft.links[a].base.total_cmp(&draft.links[b].base));
        let Some(dimension) = largest.map(|l| draft.links[l].dimension) else { continue };
        let out: Vec<usize> =
            of(|l| ends(l).0).into_iter().filter(|&l| draft.links[l].dimension == dimension).collect();
        let leaves = |l: &usize| {
            let link = &draft.links[*l];
            match ends(link).1 {
                None => !matches!(link.to, Node::Outside(Outside::Loss)),
                Some(to) => park.process(to).technique.contains("flare"),
            }
        };
        let by_size = |a: &usize, b: &usize| draft.links[*a].base.total_cmp(&draft.links[*b].base);
        let sink = out.iter().copied().filter(leaves).max_by(by_size).or_else(|| out.iter().copied().max_by(by_size));
        let Some(sink) = sink else { continue };
        draft.close(sink, Law::Sink, p, out.iter().map(|&l| (l, 1.0)).collect());
    }
}

/// Condensate comes back of the steam that was taken, not of the activity of who took it.
fn condensate(draft: &mut Draft) {
    let park = draft.park;
    for back in 0..draft.links.len() {
        let link = &draft.links[back];
        let (Some(p), true) = (ends(link).0, heat::is_condensate(park, link.carrier)) else { continue };
        let of_steam = |l: &usize| {
            let other = &draft.links[*l];
            let steam = park.carrier(other.carrier).kind == CarrierKind::Steam;
            steam && ends(other).1 == Some(p) && other.dimension == link.dimension
        };
        let steam: Vec<usize> = (0..draft.links.len()).filter(of_steam).collect();
        if steam.iter().any(|&l| draft.links[l].base > 0.0) && !draft.closed.contains_key(&back) {
            draft.shares.insert(back, steam);
        }
    }
}

/// Ash is that of the solid fuel that is burnt.
fn ashes(draft: &mut Draft) {
    let park = draft.park;
    for ash in 0..draft.links.len() {
        let link = &draft.links[ash];
        let Some(p) = ends(link).0.filter(|_| park.carrier(link.carrier).label.id.contains("ash")) else { continue };
        let burnt = |l: &usize| {
            let other = &draft.links[*l];
            let solid = park.carrier(other.carrier).kind == CarrierKind::SolidFuel;
            solid && ends(other).1 == Some(p) && other.dimension == Dimension::MASS && other.base > 0.0
        };
        let fuels: Vec<usize> = (0..draft.links.len()).filter(burnt).collect();
        if fuels.is_empty() {
            continue;
        }
        match draft.closed.get(&ash) {
            Some(&sum) if draft.sums[sum].law == Law::Sink => draft.sums[sum].by = fuels,
            Some(_) => {}
            // What an exchange takes of it is a matter of the exchange.
            None if draft.reliefs.values().any(|r| r.contains(&ash)) => {}
            None => drop(draft.shares.insert(ash, fuels)),
        }
    }
}

/// Links of water, steam and condensate at a process, by mass: 1 t a cubic meter; in with 1, out with -1.
fn wet(draft: &Draft, p: ProcessId) -> Vec<(usize, f64)> {
    let park = draft.park;
    let is_wet = |l: &Link| {
        let carrier = park.carrier(l.carrier);
        let water =
            matches!(carrier.kind, CarrierKind::Water | CarrierKind::Steam) || heat::is_condensate(park, l.carrier);
        (water || carrier.label.id.contains("water")) && l.dimension != Dimension::ENERGY
    };
    let signed = |(l, link): (usize, &Link)| match ends(link) {
        (a, b) if a == b || !is_wet(link) => None,
        (Some(from), _) if from == p => Some((l, -1.0)),
        (_, Some(to)) if to == p => Some((l, 1.0)),
        _ => None,
    };
    draft.links.iter().enumerate().filter_map(signed).collect()
}

/// Where evaporation is recorded it closes the water of its process.
fn evaporation(draft: &mut Draft) {
    let park = draft.park;
    for vapor in 0..draft.links.len() {
        let link = &draft.links[vapor];
        let (Some(p), Node::Outside(Outside::Atmosphere)) = (ends(link).0, link.to) else { continue };
        let known = draft.closed.contains_key(&vapor) || draft.made_up.contains(&p) || link.base <= 0.0;
        if known || &*park.carrier(link.carrier).label.id != "water_vapor" {
            continue;
        }
        let members = wet(draft, p);
        if members.iter().any(|m| m.1 > 0.0 && draft.links[m.0].base > 0.0) {
            draft.close(vapor, Law::Losses, p, members);
        }
    }
}

/// Who raises steam makes up for the water that does not come back: fresh water closes the water of its process.
fn makeup(draft: &mut Draft) {
    let park = draft.park;
    for p in (0..park.processes.len()).map(ProcessId::new).filter(|&p| !park.process(p).is_pool()) {
        let kind = |l: &Link| park.carrier(l.carrier).kind;
        let members = wet(draft, p);
        let raises = members.iter().any(|m| m.1 < 0.0 && kind(&draft.links[m.0]) == CarrierKind::Steam);
        let returned = members.iter().any(|m| m.1 > 0.0 && heat::is_condensate(park, draft.links[m.0].carrier));
        if !raises || !returned {
            continue;
        }
        let fresh = |l: usize| {
            kind(&draft.links[l]) == CarrierKind::Water && !heat::is_condensate(park, draft.links[l].carrier)
        };
        let sources = members.iter().filter(|m| m.1 > 0.0 && fresh(m.0)).map(|m| m.0);
        // What an exchange of water displaces is the one that can be bought.
        let best = sources.max_by(|&a, &b| {
            let key = |l: usize| (draft.closed.contains_key(&l), draft.links[l].base);
            let (a, b) = (key(a), key(b));
            a.0.cmp(&b.0).then(a.1.total_cmp(&b.1))
        });
        match best.map(|l| (l, draft.closed.get(&l).copied())) {
            Some((_, Some(sum))) if draft.sums[sum].law == Law::Marginal && draft.sums[sum].process == p => {
                draft.sums[sum].members = members;
            }
            Some((link, None)) => draft.close(link, Law::Marginal, p, members),
            _ => continue,
        }
        draft.made_up.insert(p);
    }
}

/// SO2, NOx and dust that abatement takes out of the gas of each link. Measured: t per canonical unit of the link.
fn removed(inventory: &Inventory, draft: &Draft) -> BTreeMap<(usize, Gas), f64> {
    let mut of_row: BTreeMap<usize, usize> = BTreeMap::new();
    for (l, link) in draft.links.iter().enumerate() {
        of_row.extend(link.rows.iter().map(|&row| (row, l)));
    }
    let mut all = BTreeMap::new();
    for line in inventory.ledger.lines.iter().filter(|l| l.source == Source::Abatement) {
        if let Activity::Flow(row) = line.activity
            && let Some(&l) = of_row.get(&row)
            && draft.links[l].base > 0.0
        {
            *all.entry((l, line.gas)).or_insert(0.0) -= line.mass / draft.links[l].base;
        }
    }
    all
}

/// Where lost heat is recorded it closes the energy of its process, so that energy is kept when efficiencies and fuels change.
fn losses(draft: &mut Draft) {
    let park = draft.park;
    for lost in 0..draft.links.len() {
        let link = &draft.links[lost];
        let (Some(p), Node::Outside(Outside::Loss)) = (ends(link).0, link.to) else { continue };
        let heat = link.dimension == Dimension::ENERGY && park.carrier(link.carrier).kind != CarrierKind::Electricity;
        if !heat || link.base <= 0.0 || draft.closed.contains_key(&lost) || park.process(p).is_pool() {
            continue;
        }
        let signed = |(l, link): (usize, &Link)| {
            let sign = match ends(link) {
                (a, b) if a == b => return None,
                (Some(from), _) if from == p => 1.0,
                (_, Some(to)) if to == p => -1.0,
                _ => return None,
            };
            link.energy.map(|e| (l, sign * e))
        };
        let members: Vec<(usize, f64)> = draft.links.iter().enumerate().filter_map(signed).collect();
        let brings = |m: &(usize, f64)| m.1 < 0.0 && draft.links[m.0].base > 0.0;
        if members.iter().any(brings) {
            draft.close(lost, Law::Losses, p, members);
        }
    }
}

/// What sets an activity.
enum Set {
    /// A sum.
    Sum(usize),
    /// Another process.
    Follows(ProcessId),
    /// What a unit for flue gas takes out of the gas of fuels.
    Removal(Vec<(usize, f64)>),
    /// Nothing: it is given.
    Given,
}

/// What sets the activity of each process.
fn activities(
    draft: &mut Draft,
    determining: &[BTreeSet<CarrierId>],
    removed: &BTreeMap<(usize, Gas), f64>,
) -> Vec<Set> {
    let park = draft.park;
    let mut list = Vec::with_capacity(park.processes.len());
    for p in (0..park.processes.len()).map(ProcessId::new) {
        if draft.extracting.contains(&p) {
            list.push(Set::Given);
            continue;
        }
        let is_open = |l: &usize| !draft.closed.contains_key(l);
        if draft.supplied[p.index()] {
            let brought =
                |l: &usize| ends(&draft.links[*l]).1 == Some(p) && draft.drivers[*l] == Driver::Giver && is_open(l);
            let brought: Vec<usize> = (0..draft.links.len()).filter(brought).collect();
            let members = draft.weights(&brought, false);
            if members.iter().any(|m| draft.links[m.0].base > 0.0) {
                list.push(Set::Sum(draft.sums.len()));
                draft.sums.push(Sum { members, process: p, by: Vec::new(), law: Law::Supply, closes: None });
                continue;
            }
        }
        let taken = |l: &usize| {
            let link = &draft.links[*l];
            let for_it = ends(link).0 == Some(p) && ends(link).1 != Some(p);
            let runs_for = determining[p.index()].contains(&link.carrier) && !draft.supplied[p.index()];
            let closes_elsewhere = draft.closed.get(l).is_some_and(|&s| draft.sums[s].process != p);
            let open = is_open(l) || closes_elsewhere;
            for_it && runs_for && open && draft.drivers[*l] != Driver::Giver
        };
        let taken: Vec<usize> = (0..draft.links.len()).filter(taken).collect();
        let utility = taken.iter().any(|&l| park.carrier(draft.links[l].carrier).kind.is_utility());
        let members = draft.weights(&taken, utility);
        if members.iter().any(|m| draft.links[m.0].base > 0.0) {
            list.push(Set::Sum(draft.sums.len()));
            draft.sums.push(Sum { members, process: p, by: Vec::new(), law: Law::Demand, closes: None });
        } else if let Some(served) = served(park, p) {
            let gas = cleaned(&park.process(p).technique);
            let of = |(&(l, g), &per_unit): (&(usize, Gas), &f64)| {
                (Some(g) == gas && ends(&draft.links[l]).1 == Some(served)).then_some((l, per_unit))
            };
            let removes: Vec<(usize, f64)> = removed.iter().filter_map(of).collect();
            list.push(if removes.is_empty() { Set::Follows(served) } else { Set::Removal(removes) });
        } else {
            list.push(Set::Given);
        }
    }
    list
}

/// The process that a unit for flue gas serves: the one of its enterprise whose removal of SO2, NOx or dust is stated.
pub(super) fn served(park: &Park, unit: ProcessId) -> Option<ProcessId> {
    let process = park.process(unit);
    let cleans = cleaned(&process.technique).is_some();
    let removes = |p: &&crate::park::ProcessParameter| {
        p.name == crate::park::Parameter::Removal && park.process(p.process).enterprise == process.enterprise
    };
    park.parameters.iter().filter(|_| cleans).find(removes).map(|p| p.process).filter(|p| *p != unit)
}

/// What a technique takes out of flue gas.
pub(super) fn cleaned(technique: &str) -> Option<Gas> {
    match technique {
        t if t.contains("fgd") => Some(Gas::So2),
        t if t.contains("scr") || t.contains("sncr") => Some(Gas::Nox),
        t if t.contains("esp") || t.contains("bag_filter") => Some(Gas::Pm),
        _ => None,
    }
}

/// Puts the equations together, with the quantities of the base year as coefficients.
fn assemble(parts: Parts, year: u16, activities: &[Set]) -> Model {
    let Parts { processes, links, drivers, sums, closed, full, shares, reliefs } = parts;
    let activity = |p: ProcessId| p.index() as u32;
    let quantity = |l: usize| (processes + l) as u32;
    let of_sum = |sum: &Sum| {
        let total: f64 = sum.members.iter().map(|&(l, w)| w * links[l].base).sum();
        let mut terms: Vec<(u32, f64)> = sum.members.iter().map(|&(l, w)| (quantity(l), w)).collect();
        let whole: f64 = sum.by.iter().map(|&l| links[l].base).sum();
        terms.extend(sum.by.iter().map(|&l| (quantity(l), -total / whole)));
        if sum.by.is_empty() {
            terms.push((activity(sum.process), -total));
        }
        Equation { terms, right: 0.0, law: sum.law, process: Some(sum.process) }
    };
    let mut equations = Vec::with_capacity(processes + links.len());
    for (p, set) in activities.iter().enumerate() {
        let own = (p as u32, 1.0);
        equations.push(match set {
            Set::Sum(sum) => of_sum(&sums[*sum]),
            Set::Follows(other) => Equation::new(vec![own, (activity(*other), -1.0)], 0.0, Law::Follows),
            Set::Removal(of) => {
                let whole: f64 = of.iter().map(|&(l, w)| w * links[l].base).sum();
                let mut terms: Vec<(u32, f64)> = of.iter().map(|&(l, w)| (quantity(l), w)).collect();
                terms.push((p as u32, -whole));
                Equation { terms, right: 0.0, law: Law::Supply, process: Some(ProcessId::new(p)) }
            }
            Set::Given => Equation::new(vec![own], 1.0, Law::Activity),
        });
    }
    for (l, link) in links.iter().enumerate() {
        let own = (quantity(l), 1.0);
        let share = full.get(&l).copied().unwrap_or(1.0);
        let proportional = |p: ProcessId, law| Equation::new(vec![own, (activity(p), -share * link.base)], 0.0, law);
        if let Some(of) = shares.get(&l) {
            let whole: f64 = of.iter().map(|&o| links[o].base).sum();
            let taken = of.iter().map(|&o| (quantity(o), -link.base / whole));
            let terms = std::iter::once(own).chain(taken).collect();
            equations.push(Equation::new(terms, 0.0, Law::Yield));
            continue;
        }
        equations.push(match (closed.get(&l), drivers[l], ends(link)) {
            (Some(&sum), ..) => of_sum(&sums[sum]),
            (None, Driver::Taker, (_, Some(to))) => proportional(to, Law::Need),
            (None, Driver::Giver, (Some(from), _)) => proportional(from, Law::Yield),
            _ => Equation::new(vec![own], link.base, Law::Given),
        });
    }
    let base = std::iter::repeat_n(1.0, processes).chain(links.iter().map(|l| l.base)).collect();
    Model { year, processes, links, equations, reliefs, limits: BTreeMap::new(), base }
}
