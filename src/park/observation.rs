//! Which of several readings of one flow counts for whom.
//!
//! Rows with the same period, from, to, carrier and use are readings of one flow
//! if their observers differ, and deliveries that add up if they do not. The
//! buyer's account takes the buyer's reading, the seller's account the seller's;
//! a third reading or one without an observer serves whoever has none. A year
//! given beside its months is a check and counts for nobody.

use super::{CarrierId, Flow, Node, Observer, Use};
use crate::quantity::Period;
use std::collections::BTreeMap;

/// What identifies one flow.
pub type FlowKey = (Period, Node, Node, CarrierId, Use);

/// Rows of one flow, by who read them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Readings {
    /// Read by the sender.
    pub seller: Vec<usize>,
    /// Read by the receiver.
    pub buyer: Vec<usize>,
    /// Read by nobody in particular.
    pub unsaid: Vec<usize>,
    /// Read by a third party.
    pub third: Vec<usize>,
}

impl Readings {
    fn new(flows: &[Flow], rows: &[(FlowKey, usize)]) -> Self {
        let mut readings = Self::default();
        for &(_, i) in rows {
            let list = match flows[i].observer {
                Some(Observer::From) => &mut readings.seller,
                Some(Observer::To) => &mut readings.buyer,
                Some(Observer::Third) => &mut readings.third,
                None => &mut readings.unsaid,
            };
            list.push(i);
        }
        readings
    }

    /// The rows that count in the receiver's account.
    #[must_use]
    pub fn for_buyer(&self) -> &[usize] {
        first_filled([&self.buyer, &self.unsaid, &self.third, &self.seller])
    }

    /// The rows that count in the sender's account.
    #[must_use]
    pub fn for_seller(&self) -> &[usize] {
        first_filled([&self.seller, &self.unsaid, &self.third, &self.buyer])
    }
}

fn first_filled(lists: [&Vec<usize>; 4]) -> &[usize] {
    lists.into_iter().find(|l| !l.is_empty()).map_or(&[], Vec::as_slice)
}

/// The readings of every flow of a park.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Observations {
    /// Readings by flow, in the order of the keys.
    pub groups: BTreeMap<FlowKey, Readings>,
    /// Rows that give a year whose months are given too.
    pub yearly_checks: Vec<usize>,
    /// For each flow row: does it count for the buyer, for the seller?
    counts: Vec<(bool, bool)>,
}

impl Observations {
    /// Groups the rows of a park.
    #[must_use]
    pub fn new(flows: &[Flow]) -> Self {
        let yearly_checks = years_beside_months(flows);
        let counted = flows.iter().enumerate().filter(|(i, _)| yearly_checks.binary_search(i).is_err());
        let mut keys: Vec<(FlowKey, usize)> =
            counted.map(|(i, f)| ((f.period, f.from, f.to, f.carrier, f.usage), i)).collect();
        // Sorted first, so that the map is built in one go.
        keys.sort_unstable();
        let groups: BTreeMap<FlowKey, Readings> =
            keys.chunk_by(|a, b| a.0 == b.0).map(|rows| (rows[0].0, Readings::new(flows, rows))).collect();
        let mut counts = vec![(false, false); flows.len()];
        for readings in groups.values() {
            readings.for_buyer().iter().for_each(|&i| counts[i].0 = true);
            readings.for_seller().iter().for_each(|&i| counts[i].1 = true);
        }
        Self { groups, yearly_checks, counts }
    }

    /// Whether row `i` counts in the account of the receiver.
    #[must_use]
    pub fn counts_for_buyer(&self, i: usize) -> bool {
        self.counts[i].0
    }

    /// Whether row `i` counts in the account of the sender.
    #[must_use]
    pub fn counts_for_seller(&self, i: usize) -> bool {
        self.counts[i].1
    }
}

/// Positions of yearly rows whose flow also has monthly rows, whoever read them.
fn years_beside_months(flows: &[Flow]) -> Vec<usize> {
    let key = |f: &Flow| (f.period.year, f.from, f.to, f.carrier, f.usage);
    if flows.iter().all(|f| f.period.month.is_some()) {
        return Vec::new();
    }
    let monthly: std::collections::HashSet<_> = flows.iter().filter(|f| f.period.month.is_some()).map(key).collect();
    if monthly.is_empty() {
        return Vec::new();
    }
    let yearly = flows.iter().enumerate().filter(|(_, f)| f.period.month.is_none() && monthly.contains(&key(f)));
    yearly.map(|(i, _)| i).collect()
}
