//! Which share of a purchase is used up, and which is sold on.
//!
//! Power and heat bought for resale are no consumption of the reseller (GHG
//! Protocol Scope 2 Guidance, 5.4). In a pool that mixes purchases with own
//! generation each outflow carries the mixture (proportional sharing).
//!
//! Shares are those of the year: meters of purchases and sales need not be read in the
//! same months.
//!
//! Who bears the losses decides what the share is taken of. Sold at a published
//! factor, the buyers pay for what they receive and the reseller for the losses: the
//! share sold on is sales over inflow. Sold at the reseller's own factor, the buyers
//! bear the losses in that factor, and the share is sales over useful outflow; else
//! the losses would count twice.

use super::Deliveries;
use super::purchased::UtilityKind;
use crate::park::{EnterpriseId, Node, Park, ProcessId};
use foldhash::{HashSet, HashSetExt};
use std::collections::BTreeMap;

/// Energy through the pools of one enterprise. Unit: GJ.
#[derive(Debug, Clone, Copy, Default)]
struct Through {
    inflow: f64,
    sold_inside: f64,
    sold_outside: f64,
    /// Given to other processes of the same enterprise.
    own_use: f64,
}

/// Resale shares of a park.
#[derive(Debug, Default)]
pub struct Resale {
    pools: HashSet<(ProcessId, UtilityKind)>,
    through: BTreeMap<(EnterpriseId, UtilityKind, u16), Through>,
}

impl Resale {
    /// Adds up what passes through pools.
    pub(super) fn new(park: &Park, deliveries: &Deliveries) -> Self {
        let pools = pools(park);
        let mut through: BTreeMap<_, Through> = BTreeMap::new();
        if pools.is_empty() {
            return Self { pools, through };
        }
        for (i, flow) in park.flows.iter().enumerate() {
            let Some(delivery) = deliveries.get(i) else { continue };
            let Some(amount) = deliveries.energy(park, i) else { continue };
            let kind = delivery.kind;
            let pool = |node| match node {
                Node::Process(p) if pools.contains(&(p, kind)) => Some(park.process(p).enterprise),
                _ => None,
            };
            let (from, to) = (pool(delivery.from), pool(delivery.to));
            if from.is_some() && from == to {
                continue;
            }
            if let Some(enterprise) = to
                && deliveries.counts_for_buyer(park, i)
            {
                through.entry((enterprise, kind, flow.period.year)).or_default().inflow += amount;
            }
            let lost = matches!(delivery.to, Node::Outside(outside) if !outside.buys());
            if let Some(enterprise) = from
                && !lost
                && deliveries.counts_for_seller(park, i)
            {
                let entry = through.entry((enterprise, kind, flow.period.year)).or_default();
                match delivery.to {
                    _ if park.owner(delivery.to) == Some(enterprise) => entry.own_use += amount,
                    Node::Outside(_) => entry.sold_outside += amount,
                    Node::Process(_) | Node::Stock(_) => entry.sold_inside += amount,
                }
            }
        }
        Self { pools, through }
    }

    /// Whether a process passes a utility on.
    #[must_use]
    pub fn is_pool(&self, process: ProcessId, kind: UtilityKind) -> bool {
        self.pools.contains(&(process, kind))
    }

    /// What leaves the pools of an enterprise usefully: sales and own use. Unit: GJ.
    #[must_use]
    pub fn useful(&self, park: &Park, process: ProcessId, kind: UtilityKind, year: u16) -> f64 {
        let through = self.through.get(&(park.process(process).enterprise, kind, year));
        through.map_or(0.0, |t| t.sold_inside + t.sold_outside + t.own_use)
    }

    /// For a purchase into `process`: the share used up, and of what is sold on the
    /// share that leaves the park. `own_factor` says that what is sold carries the
    /// reseller's own factor.
    #[must_use]
    pub fn shares(
        &self,
        park: &Park,
        process: ProcessId,
        kind: UtilityKind,
        year: u16,
        own_factor: bool,
    ) -> (f64, f64) {
        if !self.is_pool(process, kind) {
            return (1.0, 0.0);
        }
        let key = (park.process(process).enterprise, kind, year);
        let Some(through) = self.through.get(&key) else { return (1.0, 0.0) };
        let sold = through.sold_inside + through.sold_outside;
        let whole = if own_factor { sold + through.own_use } else { through.inflow };
        if whole <= 0.0 {
            return (1.0, 0.0);
        }
        let consumed = (1.0 - sold / whole).clamp(0.0, 1.0);
        let outside = if sold > 0.0 { through.sold_outside / sold } else { 0.0 };
        (consumed, outside)
    }
}

/// Processes that pass a utility on: those called a pool, and those that take it in
/// and give it out, burn nothing and state no product of the kind.
fn pools(park: &Park) -> HashSet<(ProcessId, UtilityKind)> {
    let (mut takes, mut gives, mut burns) = (HashSet::new(), HashSet::new(), HashSet::new());
    for flow in &park.flows {
        let kind = UtilityKind::of(park, flow);
        if let Node::Process(p) = flow.to {
            if park.carrier(flow.carrier).kind.is_fuel() {
                burns.insert(p);
            }
            takes.extend(kind.map(|k| (p, k)));
        }
        if let (Node::Process(p), Some(kind)) = (flow.from, kind)
            && flow.to != flow.from
        {
            gives.insert((p, kind));
        }
    }
    let makes: HashSet<(ProcessId, UtilityKind)> =
        park.outputs.iter().filter_map(|o| Some((o.process, UtilityKind::of_carrier(park, o.carrier)?))).collect();
    let pool = |&(p, kind): &(ProcessId, UtilityKind)| {
        park.process(p).is_pool() || (!burns.contains(&p) && !makes.contains(&(p, kind)))
    };
    takes.intersection(&gives).copied().filter(pool).collect()
}
