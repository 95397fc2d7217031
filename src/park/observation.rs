//! Which of several readings of one flow counts for whom.
//!
//! Rows with the same period, from, to, carrier and use are readings of one flow
//! if their observers differ, and deliveries that add up if they do not. The
//! buyer's account takes the buyer's reading, the seller's account the seller's;
//! a third reading or one without an observer serves whoever has none. A year
//! given beside its months is a check and counts for nobody, nor does a level of
//! a stock between two periods of a year that one row alone states.

use super::{Flow, Node, Observer, levels};
use std::collections::BTreeMap;

/// Rows of one flow, by who read them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Readings<'a> {
    /// Read by the sender.
    pub seller: &'a [usize],
    /// Read by the receiver.
    pub buyer: &'a [usize],
    /// Read by nobody in particular.
    pub unsaid: &'a [usize],
    /// Read by a third party.
    pub third: &'a [usize],
}

impl<'a> Readings<'a> {
    /// The rows that count in the receiver's account.
    #[must_use]
    pub fn for_buyer(&self) -> &'a [usize] {
        first_filled([self.buyer, self.unsaid, self.third, self.seller])
    }

    /// The rows that count in the sender's account.
    #[must_use]
    pub fn for_seller(&self) -> &'a [usize] {
        first_filled([self.seller, self.unsaid, self.third, self.buyer])
    }
}

fn first_filled(lists: [&[usize]; 4]) -> &[usize] {
    lists.into_iter().find(|l| !l.is_empty()).unwrap_or_default()
}

/// The readings of every flow of a park.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Observations {
    /// Flow rows in the order of their flows, and within a flow of who read them.
    rows: Vec<usize>,
    /// For each flow, where the rows of each reader end in `rows`: seller, buyer, unsaid, third.
    ends: Vec<[usize; 4]>,
    /// Rows that give a year whose months are given too.
    pub yearly_checks: Vec<usize>,
    /// For each flow row: does it count for the buyer, for the seller?
    counts: Vec<(bool, bool)>,
    /// Rows of levels between two periods of a year that one row alone states, with whom they are the reading of.
    lone_levels: BTreeMap<usize, (bool, bool)>,
}

impl Observations {
    /// Groups the rows of a park.
    #[must_use]
    pub fn new(flows: &[Flow]) -> Self {
        let yearly_checks = years_beside_months(flows);
        let counted = flows.iter().enumerate().filter(|(i, _)| yearly_checks.binary_search(i).is_err());
        let mut keys: Vec<(u128, usize, usize)> = counted.map(|(i, f)| (key(f), reader(f), i)).collect();
        keys.sort_unstable();
        let rows = keys.iter().map(|&(_, _, i)| i).collect();
        let mut start = 0;
        let of_flow = |rows: &[(u128, usize, usize)]| {
            let ends = [0, 1, 2, 3].map(|r| start + rows.partition_point(|&(_, reader, _)| reader <= r));
            start += rows.len();
            ends
        };
        let ends = keys.chunk_by(|a, b| a.0 == b.0).map(of_flow).collect();
        let mut observations = Self { rows, ends, yearly_checks, ..Self::default() };
        let mut counts = vec![(false, false); flows.len()];
        for readings in observations.groups() {
            readings.for_buyer().iter().for_each(|&i| counts[i].0 = true);
            readings.for_seller().iter().for_each(|&i| counts[i].1 = true);
        }
        for i in levels::lone(flows, &counts) {
            observations.lone_levels.insert(i, std::mem::take(&mut counts[i]));
        }
        observations.counts = counts;
        observations
    }

    /// The readings of each flow, in the order of the keys.
    pub fn groups(&self) -> impl Iterator<Item = Readings<'_>> {
        let mut start = 0;
        self.ends.iter().map(move |&[seller, buyer, unsaid, third]| {
            let readings = Readings {
                seller: &self.rows[start..seller],
                buyer: &self.rows[seller..buyer],
                unsaid: &self.rows[buyer..unsaid],
                third: &self.rows[unsaid..third],
            };
            start = third;
            readings
        })
    }

    /// Whether row `i` is a level of a stock that cancels in the sum of its year, and counts for nobody since no other row states
    /// the same level.
    #[must_use]
    pub fn is_lone_level(&self, i: usize) -> bool {
        self.lone_levels.contains_key(&i)
    }

    /// Whether row `i` is the receiver's reading, be it a level that counts in no year: that of a balance of months.
    #[must_use]
    pub fn reads_for_buyer(&self, i: usize) -> bool {
        self.counts[i].0 || self.lone_levels.get(&i).is_some_and(|reads| reads.0)
    }

    /// The same for the sender.
    #[must_use]
    pub fn reads_for_seller(&self, i: usize) -> bool {
        self.counts[i].1 || self.lone_levels.get(&i).is_some_and(|reads| reads.1)
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

/// What identifies the flow that a row reads: period, from, to, carrier and use, in one number that orders as they do.
fn key(flow: &Flow) -> u128 {
    let node = |node: Node| match node {
        Node::Process(p) => p.index() as u128,
        Node::Outside(o) => (1 << 32) | o as u128,
        Node::Stock(s) => (2 << 32) | s as u128,
    };
    let fields = [
        (u128::from(flow.period.year), 16),
        (u128::from(flow.period.month.unwrap_or(0)), 4),
        (node(flow.from), 34),
        (node(flow.to), 34),
        (flow.carrier.index() as u128, 32),
        (flow.usage as u128, 8),
    ];
    fields.into_iter().fold(0, |key, (field, bits)| key << bits | field)
}

/// Who read a row, as a position in `Observations::ends`.
fn reader(flow: &Flow) -> usize {
    match flow.observer {
        Some(Observer::From) => 0,
        Some(Observer::To) => 1,
        None => 2,
        Some(Observer::Third) => 3,
    }
}

/// Positions of yearly rows whose flow also has monthly rows, whoever read them. A level of the year has the same level of a
/// month: that of its January or its December.
fn years_beside_months(flows: &[Flow]) -> Vec<usize> {
    let key = |f: &Flow| (f.period.year, f.from, f.to, f.carrier, f.usage, f.level().map(|level| level.at));
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
