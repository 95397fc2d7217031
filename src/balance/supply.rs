//! What the processes of a park give each other in a year: from flow rows to quantities by product.
//!
//! Power, heat, steam and cooling always count. Other things (gases, water, hydrogen, slag) count where the process
//! that makes them lists them in `outputs.csv`: then they carry a part of its burden, else they leave it all behind.

use super::stock;
use crate::methods::{Deliveries, UtilityKind};
use crate::park::{CarrierId, Flow, Node, Outside, Park, ProcessId, Role};
use crate::quantity::Dimension;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// What leaves a process usefully of one product in a year.
#[derive(Debug, Clone, PartialEq)]
pub struct Outflow {
    /// Deliveries, own use, exports by the seller's meters, closing less opening stock of the year; no losses. Unit: GJ
    /// for power and heat, else the canonical unit of `dimension`.
    pub useful: f64,
    /// Opening stock of the year, left out of `useful`: it was made before. Same unit.
    pub opening: f64,
    /// What it is measured in.
    pub dimension: Dimension,
    /// Flow rows and what each adds to `useful`.
    pub rows: Vec<(usize, f64)>,
    /// Whether some row is measured in another dimension, so that the rows do not add up.
    pub mixed: bool,
}

/// Something received from another process of the park.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Received {
    /// The flow row, by position.
    pub row: usize,
    /// Who made it.
    pub from: ProcessId,
    /// As what it was made.
    pub carrier: CarrierId,
    /// How much, by the buyer's meter, or by the seller's where the buyer's reads in another dimension: in the unit of
    /// the outflow. Negative for what goes back.
    pub quantity: f64,
    /// Whether it goes back: condensate.
    pub returned: bool,
}

/// What a process gives and takes in a year.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Supply {
    /// What it gives, by product.
    pub outputs: BTreeMap<CarrierId, Outflow>,
    /// What it takes from other processes, in the order of the rows.
    pub inputs: Vec<Received>,
    /// Who of the park takes its products.
    pub feeds: BTreeSet<ProcessId>,
}

impl Supply {
    /// Useful outflow of power. Unit: GJ.
    #[must_use]
    pub fn power(&self, park: &Park) -> f64 {
        let electricity = |c: &CarrierId| UtilityKind::of_carrier(park, *c) == Some(UtilityKind::Electricity);
        self.outputs.iter().filter(|(c, _)| electricity(c)).map(|(_, o)| o.useful).sum()
    }
}

/// One flow row as it counts: who gives what to whom, how much, in what.
struct Row {
    from: Node,
    to: Node,
    carrier: CarrierId,
    amount: f64,
    dimension: Dimension,
    returned: bool,
    /// Whether it counts in the account of who gives, and of who receives.
    counts: (bool, bool),
}

impl Outflow {
    fn of(dimension: Dimension) -> Self {
        Self { useful: 0.0, opening: 0.0, dimension, rows: Vec::new(), mixed: false }
    }

    fn add(&mut self, row: usize, amount: f64, dimension: Dimension) {
        self.mixed |= self.dimension != dimension;
        self.useful += amount;
        self.rows.push((row, amount));
    }
}

/// What each process gives and takes in a year.
#[must_use]
pub fn supplies(park: &Park, deliveries: &Deliveries, year: u16) -> BTreeMap<ProcessId, Supply> {
    let listed: BTreeSet<(ProcessId, CarrierId)> =
        park.outputs.iter().filter(|o| o.role != Role::Waste).map(|o| (o.process, o.carrier)).collect();
    let incomparable = Incomparable::of(park, deliveries);
    let mut all: BTreeMap<ProcessId, Supply> = BTreeMap::new();
    for (i, flow) in park.flows.iter().enumerate() {
        if flow.period.year != year || matches!((flow.from, flow.to), (Node::Stock(_), _) | (_, Node::Stock(_))) {
            continue;
        }
        let Some(row) = row(park, deliveries, &listed, i) else { continue };
        if let (Node::Process(from), Node::Process(to)) = (row.from, row.to) {
            // What a process takes of its own is used, and leaves usefully too.
            if from != to {
                all.entry(from).or_default().feeds.insert(to);
            }
            if (row.counts.1 && !incomparable.buyers.contains(&i)) || incomparable.sellers.contains(&i) {
                let Row { carrier, amount: quantity, returned, .. } = row;
                all.entry(to).or_default().inputs.push(Received { row: i, from, carrier, quantity, returned });
            }
        }
        let lost = matches!(row.to, Node::Outside(outside) if !outside.buys());
        if let Node::Process(from) = row.from
            && !lost
            && row.counts.0
        {
            let outputs = &mut all.entry(from).or_default().outputs;
            let outflow = outputs.entry(row.carrier).or_insert_with(|| Outflow::of(row.dimension));
            outflow.add(i, row.amount, row.dimension);
        }
    }
    for ((process, carrier), change) in stock::changes(park, deliveries, &listed, year) {
        let net = change.closing() - change.opening();
        let Some(dimension) = change.dimension() else { continue };
        let known = all.get(&process).is_some_and(|s| s.outputs.contains_key(&carrier));
        // A stock that only shrinks is of what was taken in, or nothing of it left: no product of the year.
        if !known && net <= 0.0 {
            continue;
        }
        let outputs = &mut all.entry(process).or_default().outputs;
        let outflow = outputs.entry(carrier).or_insert_with(|| Outflow::of(dimension));
        outflow.opening = change.opening();
        for (row, amount, dimension) in change.rows() {
            outflow.add(row, amount, dimension);
        }
    }
    all
}

/// Readings of goods that seller and buyer made in different dimensions (t and m³): those of the seller serve both, since
/// the factor is per unit of what the seller reads.
#[derive(Default)]
struct Incomparable {
    buyers: HashSet<usize>,
    sellers: HashSet<usize>,
}

impl Incomparable {
    fn of(park: &Park, deliveries: &Deliveries) -> Self {
        let mut list = Self::default();
        let dimension = |i: &usize| park.flows[*i].quantity.map(|q| q.dimension);
        for readings in park.observations.groups() {
            let (buyer, seller) = (readings.for_buyer(), readings.for_seller());
            let energy = buyer.iter().any(|&i| deliveries.get(i).is_some());
            let first = seller.first().and_then(dimension);
            if buyer == seller || energy || first.is_none() || seller.iter().any(|i| dimension(i) != first) {
                continue;
            }
            if buyer.iter().filter_map(dimension).any(|d| Some(d) != first) {
                list.buyers.extend(buyer);
                list.sellers.extend(seller);
            }
        }
        list
    }
}

fn row(park: &Park, deliveries: &Deliveries, listed: &BTreeSet<(ProcessId, CarrierId)>, i: usize) -> Option<Row> {
    let flow = &park.flows[i];
    if let Some(delivery) = deliveries.get(i) {
        let counts = (deliveries.counts_for_seller(park, i), deliveries.counts_for_buyer(park, i));
        return Some(Row {
            from: delivery.from,
            to: delivery.to,
            carrier: delivery.carrier,
            amount: deliveries.energy(park, i)?,
            dimension: Dimension::ENERGY,
            returned: delivery.returned,
            counts,
        });
    }
    let (Node::Process(from), Some(quantity)) = (flow.from, flow.quantity) else { return None };
    let read = &park.observations;
    listed.contains(&(from, flow.carrier)).then(|| Row {
        from: flow.from,
        to: flow.to,
        carrier: flow.carrier,
        amount: quantity.value,
        dimension: quantity.dimension,
        returned: false,
        counts: (read.counts_for_seller(i), read.counts_for_buyer(i)),
    })
}

/// Processes that take something from nature: wind, sun, pressure.
#[must_use]
pub fn natural(park: &Park) -> HashSet<ProcessId> {
    let taker = |flow: &Flow| match (flow.from, flow.to) {
        (Node::Outside(Outside::Nature), Node::Process(process)) => Some(process),
        _ => None,
    };
    park.flows.iter().filter_map(taker).collect()
}
