//! What the stock of a product changes by in a year.
//!
//! Rows from `stock:opening` and to `stock:closing` are levels, not flows: closing of a month is opening of the next. Of a
//! year only the first opening and the last closing matter.

use crate::methods::Deliveries;
use crate::park::{CarrierId, Node, Park, ProcessId};
use crate::quantity::Dimension;
use std::collections::{BTreeMap, BTreeSet};

/// Rows of one level: row, amount, what it is measured in.
type Level = Vec<(usize, f64, Dimension)>;

/// Levels of the stock of a product at a process, by months since the year 0.
#[derive(Debug, Default)]
struct Levels {
    openings: BTreeMap<u32, Level>,
    closings: BTreeMap<u32, Level>,
    years: BTreeSet<u16>,
}

/// The first and the last level of a year. Unit: GJ for power and heat, else the canonical unit of `dimension`.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Change {
    opening: Level,
    closing: Level,
}

impl Change {
    pub(super) fn opening(&self) -> f64 {
        self.opening.iter().map(|r| r.1).sum()
    }

    pub(super) fn closing(&self) -> f64 {
        self.closing.iter().map(|r| r.1).sum()
    }

    pub(super) fn dimension(&self) -> Option<Dimension> {
        self.closing.iter().chain(&self.opening).map(|r| r.2).next()
    }

    /// The rows with what each adds to what was made: closing levels, less opening levels.
    pub(super) fn rows(&self) -> impl Iterator<Item = (usize, f64, Dimension)> {
        let opening = self.opening.iter().map(|&(i, amount, d)| (i, -amount, d));
        self.closing.iter().copied().chain(opening)
    }
}

impl Levels {
    /// First and last level of a year. A level that no row gives is zero.
    fn change(&self, year: u16) -> Change {
        let start = 12 * u32::from(year);
        // What the last year closed with is what this one opens with.
        let opening = self.openings.get(&start).or_else(|| self.closings.get(&start));
        let opening = opening.or_else(|| self.openings.range(start..start + 12).next().map(|(_, level)| level));
        let last = |levels: &BTreeMap<u32, Level>| {
            levels.range(start + 1..=start + 12).next_back().map(|(&time, level)| (time, level.clone()))
        };
        let closing = match (last(&self.closings), last(&self.openings)) {
            (Some(closed), Some(opened)) if opened.0 > closed.0 => Some(opened),
            (closed, opened) => closed.or(opened),
        };
        Change { opening: opening.cloned().unwrap_or_default(), closing: closing.map(|c| c.1).unwrap_or_default() }
    }
}

/// How the stocks of what processes make change in a year: of power and heat, and of what is `listed` as a product.
pub(super) fn changes(
    park: &Park,
    deliveries: &Deliveries,
    listed: &BTreeSet<(ProcessId, CarrierId)>,
    year: u16,
) -> BTreeMap<(ProcessId, CarrierId), Change> {
    let mut all: BTreeMap<(ProcessId, CarrierId), Levels> = BTreeMap::new();
    for (i, flow) in park.flows.iter().enumerate() {
        let (process, closing) = match (flow.from, flow.to) {
            (Node::Process(p), Node::Stock(_)) => (p, true),
            (Node::Stock(_), Node::Process(p)) => (p, false),
            _ => continue,
        };
        let read = &park.observations;
        let counts = if closing { read.reads_for_seller(i) } else { read.reads_for_buyer(i) };
        let measured = match (deliveries.get(i), flow.quantity) {
            (Some(delivery), _) => deliveries.energy(park, i).map(|e| (delivery.carrier, e, Dimension::ENERGY)),
            (None, Some(q)) if listed.contains(&(process, flow.carrier)) => Some((flow.carrier, q.value, q.dimension)),
            (None, _) => None,
        };
        let Some((carrier, amount, dimension)) = measured.filter(|_| counts) else { continue };
        let levels = all.entry((process, carrier)).or_default();
        levels.years.insert(flow.period.year);
        let (start, end) = flow.period.months();
        let level = if closing { levels.closings.entry(end) } else { levels.openings.entry(start) };
        level.or_default().push((i, amount, dimension));
    }
    let of_year = all.into_iter().filter(|(_, levels)| levels.years.contains(&year));
    of_year.map(|(key, levels)| (key, levels.change(year))).collect()
}
