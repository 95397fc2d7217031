//! The network of what processes of a park give each other, put together from the ledger and solved: own factors of
//! power, heat, cooling and of whatever else `outputs.csv` lists, through loops.
//!
//! Right-hand sides never mix: location-based by gas, market-based by gas, what lies upstream (scope 3 of what was
//! bought over the fence), and pollutants. Scope 2 reads neither of the last two; they are solved once, location-based,
//! since no instrument moves a chimney. Market-based, a buyer's instruments cover a part of what it takes
//! of a pool, so that the matrix has other values too.

use super::burdens::{Lines, counted, lines_by_process, published};
use super::makers::{Makers, makers};
use super::sharing::Sharing;
use super::solved::Embodied;
use super::{OwnFactor, OwnKey, doubts, leaving, unsolvable};
use crate::balance::intensity::{Input, Intensities, Network, Output};
use crate::balance::supply::{Received, Supply, supplies};
use crate::ledger::Approach;
use crate::methods::{Account, UtilityKind};
use crate::park::{AllocationRule, CarrierId, Gas, Node, Park, ProcessId, Stock};
use crate::quantity::Dimension;
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// What the solve yields.
#[derive(Default)]
pub(super) struct Solution {
    /// Own factors.
    pub(super) own: BTreeMap<OwnKey, OwnFactor>,
    /// The networks behind them.
    pub(super) networks: Vec<Embodied>,
    /// How their processes share.
    pub(super) makers: Vec<Makers>,
    /// The lines that were their burdens: those of internal transfers come later.
    pub(super) lines: Lines,
}

/// Solves all years.
pub(super) fn solve(park: &Park, account: &mut Account) -> Solution {
    let years = park.years().into_iter().map(|year| (year, supplies(park, account.utilities.deliveries(), year)));
    let years: Vec<(u16, BTreeMap<ProcessId, Supply>)> = years.collect();
    let gives = |supply: &Supply| !supply.feeds.is_empty() || leaving::leaves(park, supply);
    // Most parks have nobody who gives anything: their lines need not be sorted.
    if !years.iter().any(|(_, supplies)| supplies.values().any(gives)) {
        return Solution::default();
    }
    let (mut factors, mut networks, mut all) = (BTreeMap::new(), Vec::new(), Vec::new());
    let lines = lines_by_process(&account.ledger);
    // A part without solution is named once, however many years and approaches it lacks one in.
    let mut named = HashSet::new();
    let mut told = HashSet::new();
    let declared = OnceCell::new();
    for (year, supplies) in years {
        let makers = makers(park, account, &declared, &lines, supplies, year);
        // Meters are the same by either approach; location-based they are set against each other.
        let mut doubted = BTreeSet::new();
        for approach in [Approach::Location, Approach::Market] {
            let mut members: Vec<ProcessId> = makers.shared.keys().copied().filter(|p| !doubted.contains(p)).collect();
            while !members.is_empty() {
                let last = Last::of_feeders(last_year(&networks, year, approach));
                let made = Assembly::new(park, account, &lines, &makers, &members, approach, last);
                let solved = made.network.solve().map(|solved| made.finish(solved)).and_then(|done| {
                    let meters = (approach == Approach::Location).then(|| doubts::meters(&done)).flatten();
                    let Some(part) = meters else { return Ok(done) };
                    doubted.extend(part.processes.iter().map(|&p| members[p]));
                    Err(part)
                });
                match solved {
                    Ok(done) => {
                        made.keep(&done.solved, &mut factors);
                        for (what, finding) in doubts::findings(park, &done) {
                            if told.insert(what) {
                                account.found.push(finding);
                            }
                        }
                        networks.push(done);
                        break;
                    }
                    // The rest is solved without those that have no solution.
                    Err(part) => {
                        let out: BTreeSet<ProcessId> = part.processes.iter().map(|&p| members[p]).collect();
                        if named.insert((out.clone(), std::mem::discriminant(&part.cause))) {
                            account.found.push(unsolvable::report(park, &made.processes, &made.products, &part));
                        }
                        if out.is_empty() {
                            break;
                        }
                        members.retain(|p| !out.contains(p));
                    }
                }
            }
        }
        all.push(makers);
    }
    Solution { own: factors, networks, makers: all, lines }
}

/// The networks of the year before, whose factors opening stocks carry.
#[derive(Debug, Clone, Copy)]
pub(super) struct Last<'a> {
    /// For processes that feed others: that of such processes alone, as their own factors.
    pub(super) feeders: Option<&'a Embodied>,
    /// For those whose products only leave the fence.
    pub(super) all: Option<&'a Embodied>,
}

impl<'a> Last<'a> {
    pub(super) fn of_feeders(feeders: Option<&'a Embodied>) -> Self {
        Self { feeders, all: feeders }
    }
}

/// The network of the year before.
pub(super) fn last_year(networks: &[Embodied], year: u16, approach: Approach) -> Option<&Embodied> {
    networks.iter().find(|e| e.approach == approach && e.year + 1 == year)
}

/// A network under way, with the names of its numbers.
pub(super) struct Assembly<'a> {
    year: u16,
    approach: Approach,
    supplies: &'a BTreeMap<ProcessId, Supply>,
    processes: Vec<ProcessId>,
    pub(super) products: Vec<(ProcessId, CarrierId)>,
    gases: Vec<Gas>,
    pollutants: Vec<Gas>,
    rules: Vec<Option<AllocationRule>>,
    users: Vec<(usize, Node, f64)>,
    credits: Vec<(CarrierId, f64)>,
    /// What co-products of each process displace, by position. Unit: t CO2.
    displacing: Vec<Vec<(CarrierId, f64)>>,
    /// For each output its part of that.
    displaced: Vec<f64>,
    /// For each output the opening stock that carries the factor of the year before, in the unit of the output.
    openings: Vec<f64>,
    last: Last<'a>,
    pub(super) network: Network,
    /// Whether an output has a factor of its own: not where all of it is covered by instruments.
    sold: Vec<bool>,
    dimensions: Vec<Dimension>,
    /// Ledger lines of each process, by position.
    lines: Vec<Vec<usize>>,
    /// Gases that reach each process.
    reached: Vec<BTreeSet<Gas>>,
}

impl<'a> Assembly<'a> {
    pub(super) fn new(
        park: &Park,
        account: &mut Account,
        lines: &Lines,
        makers: &'a Makers,
        members: &[ProcessId],
        approach: Approach,
        last: Last<'a>,
    ) -> Self {
        let mut made = Self {
            year: makers.year,
            approach,
            supplies: &makers.supplies,
            processes: members.to_vec(),
            products: Vec::new(),
            gases: Vec::new(),
            pollutants: Vec::new(),
            rules: Vec::new(),
            users: Vec::new(),
            credits: Vec::new(),
            displacing: vec![Vec::new(); members.len()],
            displaced: Vec::new(),
            openings: Vec::new(),
            last,
            network: Network::default(),
            sold: Vec::new(),
            dimensions: Vec::new(),
            lines: members.iter().map(|&p| counted(account, lines, p, makers.year, approach)).collect(),
            reached: Vec::new(),
        };
        for (position, process) in members.iter().enumerate() {
            made.outputs(park, account, position, &makers.shared[process]);
        }
        let burdens = made.inputs(park, account, makers);
        made.gases = burdens.iter().flat_map(BTreeMap::keys).copied().collect::<BTreeSet<_>>().into_iter().collect();
        if approach == Approach::Location {
            made.pollutants = made.pollutants(makers);
        }
        let none = BTreeMap::new();
        let row = |(b, p): (&BTreeMap<Gas, f64>, &ProcessId)| -> Vec<f64> {
            let of = |masses: &BTreeMap<Gas, f64>, gas: &Gas| masses.get(gas).copied().unwrap_or_default();
            let above = makers.upstream.get(p).copied().unwrap_or_default();
            let above = (approach == Approach::Location).then_some(above);
            let off = makers.pollutants.get(p).unwrap_or(&none);
            let gases = made.gases.iter().map(|g| of(b, g)).chain(above);
            gases.chain(made.pollutants.iter().map(|g| of(off, g))).collect()
        };
        made.network.burdens = burdens.iter().zip(members).map(row).collect();
        made.credit(makers);
        made.rules = members.iter().map(|p| makers.shared[p].rule).collect();
        made.users = made.users(park, account);
        made.reached = burdens.iter().map(|b| b.keys().copied().collect()).collect();
        made.reach();
        made
    }

    /// What a process gives, and what bears how much of its burden.
    fn outputs(&mut self, park: &Park, account: &Account, position: usize, sharing: &Sharing) {
        let process = self.processes[position];
        let supply = &self.supplies[&process];
        // What holders cover of power is no part of the mix that the others buy.
        let members = match self.approach {
            Approach::Market => account.utilities.covered_for_members(process, self.year),
            Approach::Both | Approach::Location => 0.0,
        };
        let power = supply.power(park);
        for (&carrier, &share) in sharing.shares.iter().filter(|(c, _)| !sharing.credited.contains(c)) {
            let kind = UtilityKind::of_carrier(park, carrier);
            let outflow = supply.outputs.get(&carrier);
            let whole = outflow.map_or(0.0, |o| o.useful);
            let left = match kind {
                Some(UtilityKind::Electricity) if power > 0.0 => whole - members * whole / power,
                _ => whole,
            };
            let covered = whole > 0.0 && left <= 1e-12 * whole;
            // A product that is no energy and of which no row tells how much there is bears its share as one lump.
            let lump = kind.is_none() && outflow.is_none();
            let useful = match (lump, covered) {
                (true, _) => 1.0,
                (_, true) => whole,
                _ => left,
            };
            // Opening stock carries what it was made at, where that is known; else the stock counts by its net change.
            let known = outflow.filter(|o| o.opening > 0.0 && self.before((process, carrier), o.dimension).is_some());
            let opening = known.map_or(0.0, |o| o.opening);
            self.openings.push(opening);
            let useful = useful + opening;
            self.network.outputs.push(Output { process: position, useful, share });
            self.products.push((process, carrier));
            self.sold.push(!covered && !lump && whole > 0.0);
            self.dimensions.push(outflow.map_or(Dimension::NONE, |o| o.dimension));
        }
    }

    /// The network of the year before that opening stock of a process is to be found in.
    fn last_of(&self, process: ProcessId) -> Option<&'a Embodied> {
        if self.supplies[&process].feeds.is_empty() { self.last.all } else { self.last.feeders }
    }

    /// The pollutants of the network, in order: what its processes give off, and what opening stock may bring.
    fn pollutants(&self, makers: &Makers) -> Vec<Gas> {
        let off = self.processes.iter().filter_map(|p| makers.pollutants.get(p)).flat_map(BTreeMap::keys);
        let opened = self.openings.iter().zip(&self.products).filter(|(opening, _)| **opening > 0.0);
        let brought = opened.filter_map(|(_, product)| self.last_of(product.0)).flat_map(|last| &last.pollutants);
        off.chain(brought).copied().collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// The place of a product in the network of the year before.
    fn before(&self, product: (ProcessId, CarrierId), dimension: Dimension) -> Option<(&'a Embodied, usize)> {
        let last = self.last_of(product.0)?;
        let k = last.products.binary_search(&product).ok()?;
        (last.sold[k] && last.dimensions[k] == dimension).then_some((last, k))
    }

    /// Puts credits into the network: what co-products displace is taken off the products of their process whose share is
    /// not stated, in proportion to their shares; opening stock brings what it was made at.
    fn credit(&mut self, makers: &Makers) {
        let sides = self.gases.len() + 1 + self.pollutants.len();
        let co2 = self.gases.iter().position(|g| *g == Gas::Co2);
        self.displaced = vec![0.0; self.products.len()];
        for (position, process) in self.processes.iter().enumerate() {
            let credit: f64 = self.displacing[position].iter().map(|c| c.1).sum();
            let (Some(co2), true) = (co2, credit != 0.0) else { continue };
            let stated = &makers.shared[process].stated;
            let bears =
                |k: &usize| self.network.outputs[*k].process == position && !stated.contains(&self.products[*k].1);
            let bearers: Vec<usize> = (0..self.products.len()).filter(bears).collect();
            let sum: f64 = bearers.iter().map(|&k| self.network.outputs[k].share).sum();
            for &k in &bearers {
                let part = if sum > 0.0 { self.network.outputs[k].share / sum } else { 1.0 / bearers.len() as f64 };
                self.displaced[k] = credit * part;
                let sides = self.network.credits.entry(k).or_insert_with(|| vec![0.0; sides]);
                sides[co2] += credit * part;
            }
        }
        for (k, &opening) in self.openings.iter().enumerate().filter(|(_, opening)| **opening > 0.0) {
            let Some((last, at)) = self.before(self.products[k], self.dimensions[k]) else { continue };
            let sides = self.network.credits.entry(k).or_insert_with(|| vec![0.0; sides]);
            for (side, gas) in self.gases.iter().enumerate() {
                sides[side] -= opening * last.of_gas(at, *gas).unwrap_or_default();
            }
            for (side, gas) in self.pollutants.iter().enumerate() {
                sides[self.gases.len() + 1 + side] -= opening * last.of_gas(at, *gas).unwrap_or_default();
            }
            sides[self.gases.len()] -= opening * last.upstream(at).unwrap_or_default();
        }
    }

    /// What processes take of each other, and the burdens that come from elsewhere.
    fn inputs(&mut self, park: &Park, account: &mut Account, makers: &Makers) -> Vec<BTreeMap<Gas, f64>> {
        let places: BTreeMap<(ProcessId, CarrierId), usize> =
            self.products.iter().enumerate().filter(|(k, _)| self.sold[*k]).map(|(k, &what)| (what, k)).collect();
        let mut opens = vec![false; self.processes.len()];
        for (output, _) in self.network.outputs.iter().zip(&self.openings).filter(|(_, opening)| **opening > 0.0) {
            opens[output.process] = true;
        }
        let mut burdens = Vec::with_capacity(self.processes.len());
        for (position, process) in self.processes.iter().enumerate() {
            let mut burden: BTreeMap<Gas, f64> = BTreeMap::new();
            for &l in &self.lines[position] {
                let line = &account.ledger.lines[l];
                *burden.entry(line.gas).or_default() += line.mass;
            }
            for received in &self.supplies[process].inputs {
                let (share, factor) = self.covered(park, account, received);
                if let Some(&output) = places.get(&(received.from, received.carrier)) {
                    let quantity = received.quantity * (1.0 - share);
                    self.network.inputs.push(Input { process: position, output, quantity });
                    if share > 0.0 {
                        *burden.entry(Gas::Co2).or_default() += share * factor * received.quantity;
                    }
                } else if received.from != *process
                    && let Some(mass) = published(park, account, received.row, received.from, self.approach)
                {
                    *burden.entry(Gas::Co2).or_default() += mass;
                    // A credited co-product is no import of the network.
                    let maker = makers.shared.get(&received.from).filter(|_| self.is_member(received.from));
                    if maker.is_some_and(|s| s.credited.contains(&received.carrier)) {
                        self.credits.push((received.carrier, -mass));
                    }
                }
            }
            let outputs = &self.supplies[process].outputs;
            // Substitution: what the co-products displace is theirs.
            for &carrier in &makers.shared[process].credited {
                let rows = outputs.get(&carrier).map_or(&[][..], |o| &o.rows);
                for &(row, _) in rows {
                    // Opening stock was made, and credited, before.
                    let sign = if matches!(park.flows[row].from, Node::Stock(_)) { -1.0 } else { 1.0 };
                    if let Some(mass) = published(park, account, row, *process, self.approach) {
                        burden.entry(Gas::Co2).or_default();
                        self.credits.push((carrier, sign * mass));
                        self.displacing[position].push((carrier, sign * mass));
                    }
                }
            }
            // Opening stock may carry gases that the process gave off only before.
            if let Some(last) = self.last_of(*process).filter(|_| opens[position]) {
                for &gas in &last.gases {
                    burden.entry(gas).or_default();
                }
            }
            burdens.push(burden);
        }
        burdens
    }

    /// Whether a process is of the network; they stand in order.
    fn is_member(&self, process: ProcessId) -> bool {
        self.processes.binary_search(&process).is_ok()
    }

    /// Of power received, market-based, the share that the buyer's instruments cover, and their factor.
    fn covered(&self, park: &Park, account: &Account, received: &Received) -> (f64, f64) {
        let power = UtilityKind::of_carrier(park, received.carrier) == Some(UtilityKind::Electricity);
        let buyer = park.owner(park.flows[received.row].to).filter(|_| power && self.approach == Approach::Market);
        let found = buyer.and_then(|b| account.utilities.covered_through(b, received.from, self.year));
        found.unwrap_or_default()
    }

    /// Who takes an output and is no process of the network.
    fn users(&self, park: &Park, account: &Account) -> Vec<(usize, Node, f64)> {
        let mut users: BTreeMap<(usize, Node), f64> = BTreeMap::new();
        for (k, (process, carrier)) in self.products.iter().enumerate() {
            let rows = self.supplies[process].outputs.get(carrier).map_or(&[][..], |o| &o.rows);
            for &(row, amount) in rows {
                // A net change of the stock: what it opened with is taken off what it closes with.
                if matches!(park.flows[row].from, Node::Stock(_)) {
                    if self.openings[k] == 0.0 {
                        *users.entry((k, Node::Stock(Stock::Closing))).or_default() += amount;
                    }
                    continue;
                }
                let to = account.utilities.deliveries().get(row).map_or(park.flows[row].to, |d| d.to);
                if !matches!(to, Node::Process(p) if self.is_member(p)) {
                    *users.entry((k, to)).or_default() += amount;
                }
            }
        }
        users.into_iter().map(|((k, to), amount)| (k, to, amount)).collect()
    }

    /// Which gases reach each process, its own and those of all that feed it.
    fn reach(&mut self) {
        let mut changed = true;
        while changed {
            changed = false;
            for input in &self.network.inputs {
                let from = self.network.outputs[input.output].process;
                let new: Vec<Gas> = self.reached[from].difference(&self.reached[input.process]).copied().collect();
                changed |= !new.is_empty();
                self.reached[input.process].extend(new);
            }
        }
    }

    /// For each process the number of its loop.
    fn turns(&self) -> Vec<usize> {
        let mut turn = vec![0; self.processes.len()];
        for (number, members) in self.network.components().unwrap_or_default().iter().enumerate() {
            for &p in members {
                turn[p] = number;
            }
        }
        turn
    }

    /// The network with its solution.
    pub(super) fn finish(&self, solved: Intensities) -> Embodied {
        Embodied {
            year: self.year,
            approach: self.approach,
            processes: self.processes.clone(),
            products: self.products.clone(),
            gases: self.gases.clone(),
            pollutants: self.pollutants.clone(),
            rules: self.rules.clone(),
            users: self.users.clone(),
            sold: self.sold.clone(),
            dimensions: self.dimensions.clone(),
            turns: self.turns(),
            credits: self.credits.clone(),
            displaced: self.displaced.clone(),
            network: self.network.clone(),
            solved,
        }
    }

    /// Keeps the factors of what is sold.
    fn keep(&self, solved: &Intensities, factors: &mut BTreeMap<OwnKey, OwnFactor>) {
        let turn = self.turns();
        for (k, &(process, carrier)) in self.products.iter().enumerate().filter(|(k, _)| self.sold[*k]) {
            let Output { process: position, useful, share } = self.network.outputs[k];
            let values = self.gases.iter().copied().zip(solved.of_output[k].iter().copied());
            let factor = OwnFactor {
                share,
                useful,
                dimension: self.dimensions[k],
                per_gas: values.filter(|(g, _)| self.reached[position].contains(g)).collect(),
                lines: self.lines[position].clone(),
                inputs: self.supplies[&process].inputs.clone(),
                turn: turn[position],
                credits: self.credits_of(k),
                opening: self.openings[k],
            };
            factors.insert((self.year, self.approach, process, carrier), factor);
        }
    }
}

impl Assembly<'_> {
    /// What is credited against an output, by what displaces it. Unit: t CO2.
    fn credits_of(&self, k: usize) -> Vec<(CarrierId, f64)> {
        let all = &self.displacing[self.network.outputs[k].process];
        let sum: f64 = all.iter().map(|c| c.1).sum();
        let mut credits: BTreeMap<CarrierId, f64> = BTreeMap::new();
        for &(carrier, mass) in all.iter().filter(|_| self.displaced[k] != 0.0) {
            *credits.entry(carrier).or_default() += mass * self.displaced[k] / sum;
        }
        credits.into_iter().collect()
    }
}
