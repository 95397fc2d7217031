//! Power, heat and cooling between enterprises of the park.
//!
//! The producer's own factor is what it emits and imports, shared to the product,
//! per unit that leaves usefully: `e = a · (d + m + Σ Q·e) / T`. Producers are
//! taken in the order in which they feed each other; where energy runs in a loop
//! the published factor stands in, with a warning, until loops are solved.

use crate::diagnostic::{Diagnostic, Origin, Problem, Words};
use crate::ledger::{Activity, Approach, CarbonOrigin, CoefficientId, Ledger, Scope, Standing, Term, TermSource};
use crate::methods::{
    Account, Deliveries, Delivery, End, SteamPlace, Treatment, UtilityKind, enthalpy, nearest_process,
};
use crate::network::strong_components;
use crate::park::{CarrierId, Gas, InternalFactor, Node, Outside, Park, ProcessId};
use crate::quantity::{Dimension, significant};
use foldhash::{HashMap, HashMapExt};
use std::collections::{BTreeMap, BTreeSet};

/// What an own factor is for.
pub type OwnKey = (u16, Approach, ProcessId, CarrierId);

/// The own factor of a product of a process in a year.
#[derive(Debug, Clone, PartialEq)]
pub struct OwnFactor {
    /// Share of the process's emission that the product bears. Unit: 1.
    pub share: f64,
    /// What leaves usefully. Unit: GJ.
    pub useful: f64,
    /// Factor by gas. Unit: t/GJ.
    pub per_gas: BTreeMap<Gas, f64>,
    /// Ledger lines that make up the emission, by position.
    pub lines: Vec<usize>,
    /// Flow rows of energy received from other processes, by position, and what they deliver.
    pub inputs: Vec<(usize, Delivery)>,
}

/// Derives the lines of internal transfers; returns the own factors behind them.
pub(super) fn derive(park: &Park, account: &mut Account) -> BTreeMap<OwnKey, OwnFactor> {
    let mut factors = BTreeMap::new();
    if park.settings.internal_factor == InternalFactor::Own {
        let direct = lines_by_process(&account.ledger);
        for year in park.years() {
            own_factors(park, account, &direct, year, &mut factors);
        }
    }
    transfers(park, account, &factors);
    losses_in_own_factors(park, account, &factors);
    factors
}

/// Where a pool sells at its own factor its buyers bear the losses: they are no
/// consumption of the pool's owner as well.
fn losses_in_own_factors(park: &Park, account: &mut Account, factors: &BTreeMap<OwnKey, OwnFactor>) {
    let resale = account.utilities.resale();
    let mut own = BTreeSet::new();
    for &(year, approach, process, carrier) in factors.keys() {
        if let Some(kind) = UtilityKind::of_carrier(park, carrier)
            && resale.is_pool(process, kind)
        {
            own.insert((year, approach, park.process(process).enterprise, kind));
        }
    }
    if own.is_empty() {
        return;
    }
    for line in &mut account.ledger.lines {
        let Activity::Flow(i) = line.activity else { continue };
        let Some(kind) = account.utilities.deliveries().get(i).map(|d| d.kind) else { continue };
        let key = (line.period.year, line.approach, line.enterprise, kind);
        // What members cover, and power without its attribute, is sold on as it is.
        let bought = !line.source.is_export() && !matches!(line.variant, "certified_members" | "attribute_sold");
        if bought && resale.is_pool(line.process, kind) && own.contains(&key) {
            let (year, process) = (line.period.year, line.process);
            let (consumed, outside) = resale.shares(park, process, kind, year, true);
            let members = match (kind, line.approach) {
                (UtilityKind::Electricity, Approach::Market) => account.utilities.covered_for_members(process, year),
                _ => 0.0,
            };
            // The rest of the pool bears what its owner uses up.
            let useful = resale.useful(park, process, kind, year);
            let rest = if useful > members { useful / (useful - members) } else { 1.0 };
            (line.consumed, line.resold_outside) = ((consumed * rest).min(1.0), outside);
        }
    }
}

/// Direct and imported lines by process and year.
fn lines_by_process(ledger: &Ledger) -> HashMap<(ProcessId, u16), Vec<usize>> {
    let mut lines: HashMap<_, Vec<usize>> = HashMap::new();
    for (i, line) in ledger.lines.iter().enumerate() {
        // Power and heat carry greenhouse gases, neither pollutants nor what came with other goods.
        let carried = line.gas.in_co2e() && !matches!(line.scope, Scope::OtherIndirect(_));
        if line.standing == Standing::Counted && !line.source.is_export() && carried {
            lines.entry((line.process, line.period.year)).or_default().push(i);
        }
    }
    lines
}

/// Energy that a process receives from and gives to others in a year.
#[derive(Default)]
struct Energy {
    /// Flow rows from other processes.
    inputs: Vec<(usize, Delivery)>,
    /// Useful outflow by product. Unit: GJ.
    outputs: BTreeMap<CarrierId, f64>,
    /// Products that other enterprises or processes of the park receive.
    feeds: BTreeSet<ProcessId>,
}

fn energies(park: &Park, deliveries: &Deliveries, year: u16) -> BTreeMap<ProcessId, Energy> {
    let mut all: BTreeMap<ProcessId, Energy> = BTreeMap::new();
    for (i, flow) in park.flows.iter().enumerate() {
        let Some(delivery) = deliveries.get(i) else { continue };
        if flow.period.year != year || delivery.from == delivery.to {
            continue;
        }
        let Some(amount) = deliveries.energy(park, i) else { continue };
        if let (Node::Process(from), Node::Process(to)) = (delivery.from, delivery.to) {
            all.entry(from).or_default().feeds.insert(to);
            if deliveries.counts_for_buyer(park, i) {
                all.entry(to).or_default().inputs.push((i, delivery));
            }
        }
        let lost = matches!(delivery.to, Node::Outside(outside) if !outside.buys());
        if let Node::Process(from) = delivery.from
            && !lost
            && deliveries.counts_for_seller(park, i)
        {
            *all.entry(from).or_default().outputs.entry(delivery.carrier).or_default() += amount;
        }
    }
    all
}

fn own_factors(
    park: &Park,
    account: &mut Account,
    lines: &HashMap<(ProcessId, u16), Vec<usize>>,
    year: u16,
    factors: &mut BTreeMap<OwnKey, OwnFactor>,
) {
    let energies = energies(park, account.utilities.deliveries(), year);
    // Arcs run from a process to those that feed it, so that components come feeders first.
    let mut arcs = vec![Vec::new(); park.processes.len()];
    for (from, energy) in &energies {
        energy.feeds.iter().for_each(|to| arcs[to.index()].push(from.index()));
    }
    for component in strong_components(&arcs) {
        if component.len() > 1 {
            let mut names: Vec<&str> = component.iter().map(|&p| &*park.processes[p].label.id).collect();
            names.sort_unstable();
            let first = component.iter().copied().min().map_or(ProcessId::new(0), ProcessId::new);
            let problem = Problem::LoopDefault { nodes: names.join(", ") };
            account.found.push(Diagnostic::new(problem, process_origin(park, first)));
            continue;
        }
        let process = ProcessId::new(component[0]);
        let Some(energy) = energies.get(&process).filter(|e| !e.feeds.is_empty()) else { continue };
        let none = Vec::new();
        let own = lines.get(&(process, year)).unwrap_or(&none);
        let Some(shares) = shares(park, process, energy, own, account) else { continue };
        for approach in [Approach::Location, Approach::Market] {
            let counted: Vec<usize> = own
                .iter()
                .copied()
                .filter(|&l| {
                    let line = &account.ledger.lines[l];
                    (line.scope == Scope::Direct || line.approach == approach) && line.variant != "certified_members"
                })
                .collect();
            let mut total: BTreeMap<Gas, f64> = BTreeMap::new();
            for &l in &counted {
                let line = &account.ledger.lines[l];
                *total.entry(line.gas).or_default() += line.mass;
            }
            for &(i, delivery) in &energy.inputs {
                for (gas, mass) in received(park, account, factors, (i, delivery), approach) {
                    *total.entry(gas).or_default() += mass;
                }
            }
            let members = match approach {
                Approach::Market => account.utilities.covered_for_members(process, year),
                Approach::Both | Approach::Location => 0.0,
            };
            let electricity = |c: CarrierId| UtilityKind::of_carrier(park, c) == Some(UtilityKind::Electricity);
            let power: f64 = energy.outputs.iter().filter(|(c, _)| electricity(**c)).map(|(_, gj)| gj).sum();
            for (&carrier, &useful) in &energy.outputs {
                // What holders cover of it is no part of the mix that the others buy.
                let useful = if electricity(carrier) { useful - members * useful / power } else { useful };
                let Some(&share) = shares.get(&carrier).filter(|_| useful > 0.0) else { continue };
                let per_gas = total.iter().map(|(&gas, &mass)| (gas, share * mass / useful)).collect();
                let (lines, inputs) = (counted.clone(), energy.inputs.clone());
                let factor = OwnFactor { share, useful, per_gas, lines, inputs };
                factors.insert((year, approach, process, carrier), factor);
            }
        }
    }
}

/// Emission that comes with energy received from another process.
fn received(
    park: &Park,
    account: &mut Account,
    factors: &BTreeMap<OwnKey, OwnFactor>,
    (i, delivery): (usize, Delivery),
    approach: Approach,
) -> Vec<(Gas, f64)> {
    let flow = &park.flows[i];
    let amount = account.utilities.deliveries().energy(park, i);
    let (Node::Process(from), Some(amount)) = (delivery.from, amount) else { return Vec::new() };
    // The market-based view of power follows the buyer's instruments.
    let power = approach == Approach::Market && delivery.kind == UtilityKind::Electricity;
    let covered = park.owner(delivery.to).filter(|_| power);
    let covered = covered.and_then(|buyer| account.utilities.covered_through(buyer, from, flow.period.year));
    let (share, factor) = covered.unwrap_or_default();
    if let Some(own) = factors.get(&(flow.period.year, approach, from, delivery.carrier)) {
        let rest = own.per_gas.iter().map(|(&gas, &e)| (gas, e * amount * (1.0 - share)));
        return rest.chain((share > 0.0).then_some((Gas::Co2, share * factor * amount))).collect();
    }
    let made = account.utilities.published(i, from, approach, &mut account.ledger, &mut account.found);
    let quantity = flow.quantity.map_or(0.0, |q| delivery.sign() * q.value);
    made.map(|c| (Gas::Co2, account.ledger.get(c).value * quantity)).into_iter().collect()
}

/// The share of each product, or none where the process does not say what it makes.
fn shares(
    park: &Park,
    process: ProcessId,
    energy: &Energy,
    own: &[usize],
    account: &mut Account,
) -> Option<BTreeMap<CarrierId, f64>> {
    let rows: Vec<_> = park.outputs.iter().filter(|o| o.process == process).collect();
    let origin = process_origin(park, process);
    let id = park.process(process).label.id.to_string();
    let unavailable = |account: &mut Account, en: &str, zh: &str| {
        let carriers: Vec<&str> = energy.outputs.keys().map(|&c| &*park.carrier(c).label.id).collect();
        let problem = Problem::OwnFactorUnavailable {
            process: id.clone(),
            carrier: carriers.join(", "),
            why: Words::new(en, zh),
        };
        account.found.push(Diagnostic::new(problem, origin.clone()));
    };
    let natural = park.flows.iter().any(|f| f.to == Node::Process(process) && f.from == Node::Outside(Outside::Nature));
    if own.is_empty() && energy.inputs.is_empty() && !natural {
        unavailable(
            account,
            "no fuel, purchase or natural source is recorded for it",
            "没有记录它的燃料、外购能源或自然来源",
        );
        return None;
    }
    if !rows.is_empty() && energy.outputs.keys().any(|c| rows.iter().all(|o| o.carrier != *c)) {
        unavailable(account, "outputs.csv does not list all that it gives", "outputs.csv 未列全其送出的产品");
        return None;
    }
    let others = rows.iter().any(|o| !park.carrier(o.carrier).kind.is_utility());
    if !rows.is_empty() && rows.iter().all(|o| o.share.is_some()) {
        return Some(rows.iter().filter_map(|o| Some((o.carrier, o.share?))).collect());
    }
    if others {
        unavailable(
            account,
            "outputs.csv lists products that are no energy and states no shares",
            "outputs.csv 列有非能源产品而未写份额",
        );
        return None;
    }
    let direct = own.iter().any(|&l| account.ledger.lines[l].scope == Scope::Direct);
    if rows.is_empty() && park.process(process).row.is_none() && direct {
        unavailable(
            account,
            "the enterprise names no process for it and outputs.csv does not say what it makes",
            "企业未列相应工序，outputs.csv 也未说明其产品",
        );
        return None;
    }
    let sum: f64 = energy.outputs.values().sum();
    if energy.outputs.len() > 1 && rows.is_empty() {
        account.found.push(Diagnostic::new(Problem::AllocationAssumed { process: id }, origin));
    }
    (sum > 0.0).then(|| energy.outputs.iter().map(|(&c, &t)| (c, t / sum)).collect())
}

/// Where a process is declared.
fn process_origin(park: &Park, process: ProcessId) -> Origin {
    let process = park.process(process);
    match process.row {
        Some(row) => Origin::row("processes.csv", row),
        None => Origin::row("enterprises.csv", park.enterprise(process.enterprise).row),
    }
}

/// Adds the buyer's and the seller's lines of every internal transfer.
fn transfers(park: &Park, account: &mut Account, factors: &BTreeMap<OwnKey, OwnFactor>) {
    let mut known: HashMap<(OwnKey, Gas, CarrierId, SteamPlace), CoefficientId> = HashMap::new();
    for readings in park.observations.groups() {
        // All rows of a group have the same ends.
        let internal = |&i: &usize| park.is_internal_transfer(&park.flows[i]);
        if !readings.for_buyer().first().is_some_and(internal) {
            continue;
        }
        let deliveries = account.utilities.deliveries();
        let mut all = readings.for_buyer().iter().chain(readings.for_seller());
        let returned = all.find_map(|&i| deliveries.get(i)).is_some_and(|d| d.returned);
        // What comes back is the buyer's to send and the seller's to receive.
        let (buyer, seller) = if returned {
            (readings.for_seller(), readings.for_buyer())
        } else {
            (readings.for_buyer(), readings.for_seller())
        };
        let total = |rows: &[usize]| rows.iter().filter_map(|&i| park.flows[i].quantity).map(|q| q.value).sum::<f64>();
        let (bought, sold) = (total(buyer), total(seller));
        // Readings in tonnes and in gigajoules cannot be set against each other.
        let dimension = |i: &usize| park.flows[*i].quantity.map(|q| q.dimension);
        let mut rows = buyer.iter().chain(seller);
        let first = rows.clone().next().and_then(dimension);
        let comparable = buyer != seller && rows.all(|i| dimension(i) == first);
        let ends = [(buyer, false, bought, sold), (seller, true, sold, bought)];
        for (rows, export, own, other) in ends {
            for &i in rows {
                let flow = &park.flows[i];
                let delivery = account.utilities.deliveries().get(i).filter(|_| park.is_internal_transfer(flow));
                let (Some(delivery), Some(quantity)) = (delivery, flow.quantity) else { continue };
                let (Node::Process(from), Node::Process(to)) = (delivery.from, delivery.to) else { continue };
                account.treatment[i] = Treatment::Counted;
                let sign = delivery.sign() * if export { -1.0 } else { 1.0 };
                // Where both read it: this row's part of what the other party's meter says.
                let counterpart = (comparable && own > 0.0).then(|| sign * quantity.value / own * other);
                let end = End { row: i, process: if export { from } else { to }, export, counterpart };
                for approach in [Approach::Location, Approach::Market] {
                    let key = (flow.period.year, approach, from, delivery.carrier);
                    let Some(factor) = factors.get(&key) else {
                        let made =
                            account.utilities.published(i, from, approach, &mut account.ledger, &mut account.found);
                        if let Some(made) = made {
                            account.utilities.push(&mut account.ledger, &end, approach, Gas::Co2, made);
                        }
                        continue;
                    };
                    let place = nearest_process(flow).unwrap_or(from);
                    let by_mass = (quantity.dimension == Dimension::MASS).then_some((place, flow.period));
                    for (&gas, &value) in &factor.per_gas {
                        let made = *known.entry((key, gas, flow.carrier, by_mass)).or_insert_with(|| {
                            let steam = by_mass.and_then(|(p, _)| enthalpy(park, flow, p));
                            own_coefficient(&mut account.ledger, key, value, steam)
                        });
                        account.utilities.push(&mut account.ledger, &end, approach, gas, made);
                    }
                }
            }
        }
    }
}

/// A coefficient made of an own factor.
fn own_coefficient(ledger: &mut Ledger, key: OwnKey, value: f64, steam: Option<Term>) -> CoefficientId {
    let (year, _, process, carrier) = key;
    let mut terms: Vec<Term> = steam.into_iter().collect();
    terms.push(Term {
        name: ("own factor of the producer", "生产者自有因子"),
        value,
        printed: format!("{} t/GJ", significant(value, 6)),
        source: TermSource::Own { process, carrier, year },
    });
    ledger.coefficient(terms, CarbonOrigin::Fossil, Vec::new())
}
