//! The network of what processes of a park give each other, put together from the ledger and solved: own factors of
//! power, heat, cooling and of whatever else `outputs.csv` lists, through loops.
//!
//! Right-hand sides never mix: location-based by gas, market-based by gas, and what lies upstream (scope 3 of what was
//! bought over the fence), which scope 2 never reads. Market-based, a buyer's instruments cover a part of what it takes
//! of a pool, so that the matrix has other values too.

use super::sharing::{Sharing, sharing};
use super::unsolvable;
use super::{OwnFactor, OwnKey};
use crate::balance::intensity::{Conservation, Input, Intensities, Network, Output, Unsolvable};
use crate::balance::supply::{Received, Supply, supplies};
use crate::balance::tracing::{carried_by, origins_of};
use crate::factors::Gwp;
use crate::ledger::{Approach, Ledger, Scope, Standing};
use crate::methods::{Account, UtilityKind};
use crate::park::{AllocationRule, CarrierId, Gas, Node, Park, ProcessId};
use crate::quantity::Dimension;
use foldhash::{HashMap, HashMapExt};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// A solved network of a year.
#[derive(Debug, Clone, PartialEq)]
pub struct Embodied {
    /// Calendar year.
    pub year: u16,
    /// Location- or market-based.
    pub approach: Approach,
    /// The processes of the network, in its order.
    pub processes: Vec<ProcessId>,
    /// The outputs of the network, in its order.
    pub products: Vec<(ProcessId, CarrierId)>,
    /// The right-hand sides, in their order. Unit of the burdens: t of the gas. Location-based one more follows them:
    /// upstream of fuel, energy and goods bought over the fence, in t CO2e.
    pub gases: Vec<Gas>,
    /// By which rule each process shares; none where shares are stated or it has one product.
    pub rules: Vec<Option<AllocationRule>>,
    /// Who takes an output for a use outside the network, by the seller's meters: output, receiver, quantity.
    pub users: Vec<(usize, Node, f64)>,
    /// Whether an output has a factor of its own: not where all of it is covered by instruments.
    pub sold: Vec<bool>,
    /// What each output is measured in.
    pub dimensions: Vec<Dimension>,
    /// For each process the number of its loop: those with the same number feed each other.
    pub turns: Vec<usize>,
    /// What co-products bear because they displace it (substitution), less what processes of the network take of it:
    /// t CO2, left out of the burdens.
    pub credits: Vec<(CarrierId, f64)>,
    /// The numbers.
    pub network: Network,
    /// The solution.
    pub solved: Intensities,
}

impl Embodied {
    /// Global warming potentials of the right-hand sides.
    fn weights(&self, set: &Gwp) -> Vec<f64> {
        let weight = |&gas: &Gas| match gas {
            Gas::Co2eReported(_) | Gas::LifeCycleCo2e => 1.0,
            gas => set.factor(gas, false).map_or(0.0, |f| f.value),
        };
        self.gases.iter().map(weight).collect()
    }

    /// The factor of an output in CO2e. Unit: t CO2e per unit of the output.
    #[must_use]
    pub fn co2e(&self, output: usize, set: &Gwp) -> f64 {
        self.solved.of_output[output].iter().zip(self.weights(set)).map(|(e, w)| e * w).sum()
    }

    /// What lies upstream of a unit of an output: scope 3 of what was bought over the fence. Location-based only.
    /// Unit: t CO2e per unit of the output.
    #[must_use]
    pub fn upstream(&self, output: usize) -> Option<f64> {
        self.solved.of_output[output].get(self.gases.len()).copied()
    }

    /// Who carries the emission of a process (a chimney): receivers outside the network with what they take, and the
    /// part that each carries; what meters differ by is left over. Unit: 1.
    ///
    /// # Errors
    /// [`Unsolvable`]; a network that was solved is not.
    pub fn carriers_of(&self, process: ProcessId) -> Result<Vec<(Node, CarrierId, f64)>, Unsolvable> {
        let Some(at) = self.processes.iter().position(|p| *p == process) else { return Ok(Vec::new()) };
        let carried = carried_by(&self.network, at)?;
        let uses = self.network.final_uses();
        let mut list: BTreeMap<(Node, CarrierId), f64> = BTreeMap::new();
        for &(output, to, quantity) in &self.users {
            if uses[output] != 0.0 {
                *list.entry((to, self.products[output].1)).or_default() += carried[output] * quantity / uses[output];
            }
        }
        Ok(list.into_iter().map(|((to, carrier), part)| (to, carrier, part)).collect())
    }

    /// Where the factor of an output comes from, by process. Unit: t CO2e per unit of the output.
    ///
    /// # Errors
    /// [`Unsolvable`]; a network that was solved is not.
    pub fn origins_of(&self, output: usize, set: &Gwp) -> Result<Vec<(ProcessId, f64)>, Unsolvable> {
        let weights = self.weights(set);
        let burden = |b: &Vec<f64>| b.iter().zip(&weights).map(|(b, w)| b * w).sum::<f64>();
        let parts = origins_of(&self.network, output)?;
        let all = self.processes.iter().zip(parts).zip(&self.network.burdens);
        Ok(all.map(|((&process, part), b)| (process, part * burden(b))).collect())
    }

    /// What leaves the network with power, heat, cooling and goods. Unit: t CO2e.
    #[must_use]
    pub fn carried(&self, park: &Park, set: &Gwp) -> [f64; 4] {
        let mut carried = [0.0; 4];
        let place = |carrier| match UtilityKind::of_carrier(park, carrier) {
            Some(UtilityKind::Electricity) => 0,
            Some(UtilityKind::Heat) => 1,
            Some(UtilityKind::Cooling) => 2,
            None => 3,
        };
        for (k, used) in self.network.final_uses().into_iter().enumerate() {
            carried[place(self.products[k].1)] += used * self.co2e(k, set);
        }
        for &(carrier, mass) in &self.credits {
            carried[place(carrier)] += mass;
        }
        carried
    }

    /// Direct and imported, and embodied in exports and final uses. Unit: t CO2e.
    #[must_use]
    pub fn conserved(&self, set: &Gwp) -> (f64, f64) {
        let credits: f64 = self.credits.iter().map(|c| c.1).sum();
        let sides = || self.solved.conservation.iter().zip(self.weights(set));
        let given: f64 = sides().map(|(c, w)| c.given * w).sum();
        let carried: f64 = sides().map(|(c, w)| c.carried * w).sum();
        (given + credits, carried + credits)
    }

    /// The largest difference between what went in and what was carried out, of any gas, in parts of it. Unit: 1.
    #[must_use]
    pub fn conservation_error(&self) -> f64 {
        self.solved.conservation.iter().map(Conservation::error).fold(0.0, f64::max)
    }
}

/// Which processes of a year share their burdens, and how.
#[derive(Debug, Clone)]
pub(super) struct Makers {
    pub(super) year: u16,
    pub(super) supplies: BTreeMap<ProcessId, Supply>,
    pub(super) shared: BTreeMap<ProcessId, Sharing>,
    /// Scope 3 of what processes bought over the fence. Unit: t CO2e.
    pub(super) upstream: BTreeMap<ProcessId, f64>,
}

/// Direct and imported lines by process and year.
pub(super) type Lines = HashMap<(ProcessId, u16), Vec<usize>>;

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
    let (mut factors, mut networks, mut all) = (BTreeMap::new(), Vec::new(), Vec::new());
    let lines = lines_by_process(&account.ledger);
    // A part without solution is named once, however many years and approaches it lacks one in.
    let mut named = HashSet::new();
    for year in park.years() {
        let supplies = supplies(park, account.utilities.deliveries(), year);
        let upstream = upstream(&account.ledger, year);
        let mut makers = Makers { year, supplies, shared: BTreeMap::new(), upstream };
        for (&process, supply) in makers.supplies.iter().filter(|(_, s)| !s.feeds.is_empty()) {
            let own = lines.get(&(process, year)).map_or(&[][..], Vec::as_slice);
            if let Some(shared) = sharing(park, process, supply, own, year, account) {
                makers.shared.insert(process, shared);
            }
        }
        for approach in [Approach::Location, Approach::Market] {
            let mut members: Vec<ProcessId> = makers.shared.keys().copied().collect();
            while !members.is_empty() {
                let made = Assembly::new(park, account, &lines, &makers, &members, approach);
                match made.network.solve() {
                    Ok(solved) => {
                        made.keep(&solved, &mut factors);
                        networks.push(made.finish(solved));
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

/// Direct and imported lines of a ledger that has no internal transfers yet.
fn lines_by_process(ledger: &Ledger) -> Lines {
    let mut lines = Lines::new();
    for (i, line) in ledger.lines.iter().enumerate() {
        // Power and heat carry greenhouse gases, neither pollutants nor what came with other goods.
        let carried = line.gas.in_co2e() && !matches!(line.scope, Scope::OtherIndirect(_));
        if line.standing == Standing::Counted && !line.source.is_export() && carried {
            lines.entry((line.process, line.period.year)).or_default().push(i);
        }
    }
    lines
}

/// Scope 3 of what processes bought over the fence in a year, whose factors are all in CO2 or CO2e. Unit: t CO2e.
fn upstream(ledger: &Ledger, year: u16) -> BTreeMap<ProcessId, f64> {
    let mut sums = BTreeMap::new();
    for line in ledger.lines.iter().filter(|l| l.period.year == year && l.standing == Standing::Counted) {
        let bought = matches!(line.scope, Scope::OtherIndirect(1 | 3 | 4));
        if bought && matches!(line.gas, Gas::LifeCycleCo2e | Gas::Co2) {
            *sums.entry(line.process).or_default() += line.mass;
        }
    }
    sums
}

/// A network under way, with the names of its numbers.
pub(super) struct Assembly<'a> {
    year: u16,
    approach: Approach,
    supplies: &'a BTreeMap<ProcessId, Supply>,
    processes: Vec<ProcessId>,
    products: Vec<(ProcessId, CarrierId)>,
    gases: Vec<Gas>,
    rules: Vec<Option<AllocationRule>>,
    users: Vec<(usize, Node, f64)>,
    credits: Vec<(CarrierId, f64)>,
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
    ) -> Self {
        let mut made = Self {
            year: makers.year,
            approach,
            supplies: &makers.supplies,
            processes: members.to_vec(),
            products: Vec::new(),
            gases: Vec::new(),
            rules: Vec::new(),
            users: Vec::new(),
            credits: Vec::new(),
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
        let row = |(b, p): (&BTreeMap<Gas, f64>, &ProcessId)| -> Vec<f64> {
            let above = makers.upstream.get(p).copied().unwrap_or_default();
            let above = (approach == Approach::Location).then_some(above);
            made.gases.iter().map(|g| b.get(g).copied().unwrap_or_default()).chain(above).collect()
        };
        made.network.burdens = burdens.iter().zip(members).map(row).collect();
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
            self.network.outputs.push(Output { process: position, useful, share });
            self.products.push((process, carrier));
            self.sold.push(!covered && !lump && whole > 0.0);
            self.dimensions.push(outflow.map_or(Dimension::NONE, |o| o.dimension));
        }
    }

    /// What processes take of each other, and the burdens that come from elsewhere.
    fn inputs(&mut self, park: &Park, account: &mut Account, makers: &Makers) -> Vec<BTreeMap<Gas, f64>> {
        let places: BTreeMap<(ProcessId, CarrierId), usize> =
            self.products.iter().enumerate().filter(|(k, _)| self.sold[*k]).map(|(k, &what)| (what, k)).collect();
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
                    let maker = makers.shared.get(&received.from).filter(|_| self.processes.contains(&received.from));
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
                    if let Some(mass) = published(park, account, row, *process, self.approach) {
                        *burden.entry(Gas::Co2).or_default() -= mass;
                        self.credits.push((carrier, mass));
                    }
                }
            }
            burdens.push(burden);
        }
        burdens
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
                let to = account.utilities.deliveries().get(row).map_or(park.flows[row].to, |d| d.to);
                if !matches!(to, Node::Process(p) if self.processes.contains(&p)) {
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
    pub(super) fn finish(self, solved: Intensities) -> Embodied {
        let turns = self.turns();
        let Self { year, approach, processes, products, gases, rules, users, .. } = self;
        let Self { credits, network, sold, dimensions, .. } = self;
        Embodied {
            year,
            approach,
            processes,
            products,
            gases,
            rules,
            users,
            sold,
            dimensions,
            turns,
            credits,
            network,
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
            };
            factors.insert((self.year, self.approach, process, carrier), factor);
        }
    }
}

/// The ledger lines of a process that count in a year by an approach.
fn counted(account: &Account, lines: &Lines, process: ProcessId, year: u16, approach: Approach) -> Vec<usize> {
    let counts = |&l: &usize| {
        let line = &account.ledger.lines[l];
        (line.scope == Scope::Direct || line.approach == approach) && line.variant != "certified_members"
    };
    lines.get(&(process, year)).into_iter().flatten().copied().filter(counts).collect()
}

/// The emission of a utility row at the published factor. Unit: t CO2.
fn published(park: &Park, account: &mut Account, row: usize, from: ProcessId, approach: Approach) -> Option<f64> {
    let sign = account.utilities.deliveries().get(row)?.sign();
    let made = account.utilities.published(row, from, approach, &mut account.ledger, &mut account.found)?;
    let quantity = park.flows[row].quantity.map_or(0.0, |q| sign * q.value);
    Some(account.ledger.get(made).value * quantity)
}
