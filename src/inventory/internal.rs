//! What enterprises of the park sell each other: power, heat and cooling, and goods that carry a burden.
//!
//! The producer's own factor is what it emits and imports, shared to the product, per unit that leaves usefully,
//! solved with all other producers at once (`embodied`). Power, heat and cooling are scope 2 of the buyer; gas,
//! hydrogen, water or slag that `outputs.csv` lists are its scope 3, category 1.

use super::embodied::{self, Solution};
use super::leaving::{self, Leaving};
use super::makers::Makers;
use super::rules::{self, RuleOutcome};
use super::solved::Embodied;
use crate::balance::supply::Received;
use crate::ledger::{Activity, Approach, CarbonOrigin, CoefficientId, Ledger, Line, Scope, Source, Term, TermSource};
use crate::methods::{Account, End, SteamPlace, Treatment, UtilityKind, enthalpy, nearest_process};
use crate::park::{CarrierId, Gas, InternalFactor, Node, Park, ProcessId};
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
    /// What leaves usefully, in the canonical unit of `dimension`: GJ for power and heat.
    pub useful: f64,
    /// What the product is measured in.
    pub dimension: Dimension,
    /// Factor by gas. Unit: t per unit of the product.
    pub per_gas: BTreeMap<Gas, f64>,
    /// Ledger lines that make up the emission, by position.
    pub lines: Vec<usize>,
    /// What was received from other processes.
    pub inputs: Vec<Received>,
    /// What is taken off its share because co-products displace it (substitution): t CO2 by co-product.
    pub credits: Vec<(CarrierId, f64)>,
    /// Opening stock that carries the own factor of the year before, in the unit of `useful`, where that is known.
    pub opening: f64,
    /// Producers of a year and approach with the same number feed each other in a loop.
    pub turn: usize,
}

impl OwnFactor {
    /// The unit of the factor: `t/GJ`.
    #[must_use]
    pub fn unit(&self) -> String {
        format!("t/{}", self.dimension)
    }
}

/// What the solve of internal factors yields.
#[derive(Debug)]
pub(super) struct Derived {
    pub(super) own: BTreeMap<OwnKey, OwnFactor>,
    pub(super) networks: Vec<Embodied>,
    pub(super) rules: Vec<RuleOutcome>,
    pub(super) leaving: Leaving,
}

/// Derives the lines of internal transfers; returns the own factors behind them.
pub(super) fn derive(park: &Park, account: &mut Account) -> Derived {
    let Solution { own, networks, makers, lines } = match park.settings.internal_factor {
        InternalFactor::Own => embodied::solve(park, account),
        InternalFactor::Published => Solution::default(),
    };
    transfers(park, account, &own);
    goods(park, account, &own, &makers);
    losses_in_own_factors(park, account, &own);
    // Last: what is looked up for it must not stand in the way of the inventory.
    let rules = rules::outcomes(park, account, &makers, &networks, &lines);
    let leaving = leaving::solve(park, account, makers, &networks, &lines);
    Derived { own, networks, rules, leaving }
}

/// What buyers take over with gas, hydrogen, water or slag from a neighbor inside the fence: scope 3, category 1.
fn goods(park: &Park, account: &mut Account, factors: &BTreeMap<OwnKey, OwnFactor>, makers: &[Makers]) {
    let mut known: HashMap<(OwnKey, Gas), CoefficientId> = HashMap::new();
    // What each process takes, in the unit of what the producer gives.
    let of_year = |m: &Makers| m.supplies.values().flat_map(|s| s.inputs.iter().copied()).collect::<Vec<_>>();
    let mut all: Vec<Received> = makers.iter().flat_map(of_year).collect();
    all.sort_unstable_by_key(|r| r.row);
    for Received { row: i, from, quantity, .. } in all {
        let flow = &park.flows[i];
        let (Node::Process(to), true) = (flow.to, park.is_internal_transfer(flow)) else { continue };
        if UtilityKind::of(park, flow).is_some() || account.utilities.deliveries().get(i).is_some() {
            continue;
        }
        let key = (flow.period.year, Approach::Location, from, flow.carrier);
        let Some(factor) = factors.get(&key) else { continue };
        if account.treatment[i] == Treatment::NoEmission {
            account.treatment[i] = Treatment::Counted;
        }
        for (&gas, &value) in &factor.per_gas {
            let coefficient = *known
                .entry((key, gas))
                .or_insert_with(|| own_coefficient(&mut account.ledger, key, value, &factor.unit(), None));
            let at = (park.process(to).enterprise, to, flow.period);
            let line = Line::direct(at, Activity::Flow(i), Source::PurchasedGoods, gas);
            let mass = account.ledger.mass(quantity, coefficient);
            account.ledger.lines.push(Line {
                scope: Scope::OtherIndirect(1),
                approach: Approach::Location,
                quantity,
                coefficient,
                mass,
                variant: "embodied",
                ..line
            });
        }
    }
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
                            own_coefficient(&mut account.ledger, key, value, &factor.unit(), steam)
                        });
                        account.utilities.push(&mut account.ledger, &end, approach, gas, made);
                    }
                }
            }
        }
    }
}

/// A coefficient made of an own factor.
fn own_coefficient(ledger: &mut Ledger, key: OwnKey, value: f64, unit: &str, steam: Option<Term>) -> CoefficientId {
    let (year, _, process, carrier) = key;
    let mut terms: Vec<Term> = steam.into_iter().collect();
    terms.push(Term {
        name: ("own factor of the producer", "生产者自有因子"),
        value,
        printed: format!("{} {unit}", significant(value, 6)),
        source: TermSource::Own { process, carrier, year },
    });
    ledger.coefficient(terms, CarbonOrigin::Fossil, Vec::new())
}
