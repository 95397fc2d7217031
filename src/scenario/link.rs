//! The flows of a year, months and readings together: what a model scales.

use crate::factors::FactorSet;
use crate::methods::{energy, net_energies};
use crate::park::{CarrierId, Node, Park, Use};
use crate::quantity::{Basis, Dimension};
use std::collections::BTreeMap;

/// All flow rows of a year with the same ends, carrier and use.
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    /// Who gives.
    pub from: Node,
    /// Who takes.
    pub to: Node,
    /// What.
    pub carrier: CarrierId,
    /// What the receiver does with it.
    pub usage: Use,
    /// What it is measured in.
    pub dimension: Dimension,
    /// How much in the base year, by the receiver's meter where both have one. Measured: canonical unit of `dimension`.
    pub base: f64,
    /// Energy in a unit of it: net calorific value of fuels, heat of steam. Measured: GJ per canonical unit.
    pub energy: Option<f64>,
    /// The rows, by position in the park; none of a link that a scenario adds.
    pub rows: Vec<usize>,
    /// How far a link that a scenario adds is hauled, and by what means. Unit: m.
    pub freight: Option<(f64, Box<str>)>,
    /// The basis of a link that a scenario adds, where it is not that of other rows of the carrier.
    pub basis: Option<Basis>,
}

impl Link {
    /// A link that no row has yet.
    #[must_use]
    pub fn new(from: Node, to: Node, carrier: CarrierId, usage: Use, like: Measured) -> Self {
        let Measured { dimension, energy } = like;
        Self { from, to, carrier, usage, dimension, base: 0.0, energy, rows: Vec::new(), freight: None, basis: None }
    }

    /// Dimension and energy of a unit.
    #[must_use]
    pub fn measured(&self) -> Measured {
        Measured { dimension: self.dimension, energy: self.energy }
    }

    /// `E03/BFGH>E01/CHP1:blast_furnace_gas`, as patterns of scenarios write it.
    #[must_use]
    pub fn text(&self, park: &Park) -> String {
        let (from, to) = (park.node_text(self.from), park.node_text(self.to));
        format!("{from}>{to}:{}", park.carrier(self.carrier).label.id)
    }
}

/// What a carrier is measured in, and the energy of a unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measured {
    /// The dimension.
    pub dimension: Dimension,
    /// Measured: GJ per canonical unit.
    pub energy: Option<f64>,
}

/// What the rows of a link have in common.
type Key = (Node, Node, CarrierId, Use, Dimension);

/// The links of a year, in the order of their ends, carriers and uses. Rows without a quantity are no part of any.
#[must_use]
pub fn links(park: &Park, sets: &[FactorSet], year: u16) -> Vec<Link> {
    let energies = net_energies(park, sets);
    // The sum of the energy of the rows; none where that of any of them is not known, for the rest would count as nothing.
    let mut found: BTreeMap<Key, (Link, Option<f64>)> = BTreeMap::new();
    for (i, flow) in park.flows.iter().enumerate() {
        let Some(quantity) = flow.quantity.filter(|_| flow.period.year == year) else { continue };
        let key = (flow.from, flow.to, flow.carrier, flow.usage, quantity.dimension);
        let measure = Measured { dimension: quantity.dimension, energy: None };
        let new = || (Link::new(flow.from, flow.to, flow.carrier, flow.usage, measure), Some(0.0));
        let (link, sum) = found.entry(key).or_insert_with(new);
        link.rows.push(i);
        // A year beside its months, and a meter that checks another, are scaled and not added.
        let read = &park.observations;
        if read.counts_for_buyer(i) && quantity.value != 0.0 {
            link.base += quantity.value;
            let energy = match quantity.dimension {
                Dimension::ENERGY => Some(quantity.value),
                _ => energies[i].or_else(|| energy_of(park, i)),
            };
            *sum = sum.zip(energy).map(|(sum, energy)| sum + energy);
        }
    }
    let finish = |(mut link, sum): (Link, Option<f64>)| {
        link.energy = sum.filter(|sum| link.base > 0.0 && *sum > 0.0).map(|sum| sum / link.base);
        link
    };
    found.into_values().map(finish).collect()
}

/// Heat of steam that is measured by mass.
fn energy_of(park: &Park, row: usize) -> Option<f64> {
    let flow = &park.flows[row];
    if park.carrier(flow.carrier).kind.is_utility() { energy(park, flow) } else { None }
}
