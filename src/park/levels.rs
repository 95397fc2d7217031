//! Levels of stocks, and which of them count in the sum of a year.
//!
//! What a month closes with the next one opens with, so a level between two periods of a year cancels in the year's sum.
//! Where both rows state it, it does so by itself. Where one row alone states it, that row counts for nobody.

use super::{CarrierId, Flow, Node, Stock};
use std::collections::{BTreeMap, HashMap};

/// What is held, and where.
pub type Held = (CarrierId, Node);

/// A level of a stock, as a row states it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Level {
    /// Whether its period opens or closes with it.
    pub stock: Stock,
    /// What is held, and where.
    pub held: Held,
    /// When it was read. Unit: months since the year 0.
    pub at: u32,
}

impl Flow {
    /// The level that the row states, if it states one.
    #[must_use]
    pub fn level(&self) -> Option<Level> {
        let ((Node::Stock(stock), place) | (place, Node::Stock(stock))) = (self.from, self.to) else { return None };
        let (start, end) = self.period.months();
        let at = if stock == Stock::Opening { start } else { end };
        Some(Level { stock, held: (self.carrier, place), at })
    }
}

/// What the rows of a year say of a carrier at a process.
#[derive(Default)]
struct Year {
    /// When the first period begins and the last one ends. Unit: months since the year 0.
    span: Option<(u32, u32)>,
    /// Whether a row is of the year as a whole.
    yearly: bool,
    /// The levels by time: stated as an opening one, as a closing one.
    read: BTreeMap<u32, [bool; 2]>,
}

impl Year {
    fn add(&mut self, flow: &Flow) {
        let (start, end) = flow.period.months();
        let (first, last) = self.span.unwrap_or((start, end));
        self.span = Some((first.min(start), last.max(end)));
        self.yearly |= flow.period.month.is_none();
    }

    /// Whether a level lies between two periods and one row alone states it. Where the months tell a level between each two of
    /// them, the year's levels are those before the first and after the last; else they are the first and the last that are stated.
    fn is_lone(&self, level: Level) -> bool {
        let Some((first, last)) = self.span else { return false };
        if self.read.get(&level.at) == Some(&[true, true]) {
            return false;
        }
        let monthly = !self.yearly && (first + 1..last).all(|at| self.read.contains_key(&at));
        let mut stated = self.read.iter().filter(|(_, read)| read[level.stock as usize]).map(|(&at, _)| at);
        let end = match level.stock {
            Stock::Opening if monthly => Some(first),
            Stock::Closing if monthly => Some(last),
            Stock::Opening => stated.next(),
            Stock::Closing => stated.next_back(),
        };
        end != Some(level.at)
    }
}

/// Rows of levels between two periods of a year that one row alone states. `counts` says which rows count for the receiver and
/// for the sender; an empty row states nothing.
pub(super) fn lone(flows: &[Flow], counts: &[(bool, bool)]) -> Vec<usize> {
    let rows = || flows.iter().enumerate().filter(|(i, f)| f.quantity.is_some() && counts[*i] != (false, false));
    let mut years: HashMap<(Held, u16), Year> = HashMap::new();
    for (i, flow) in rows() {
        let Some(level) = flow.level() else { continue };
        let year = years.entry((level.held, flow.period.year)).or_default();
        // The process that holds the stock receives what it opens with and sends what it closes with.
        if if level.stock == Stock::Opening { counts[i].0 } else { counts[i].1 } {
            year.read.entry(level.at).or_default()[level.stock as usize] = true;
        }
    }
    if years.is_empty() {
        return Vec::new();
    }
    for (_, flow) in rows() {
        for place in [flow.from, flow.to] {
            if let Some(year) = years.get_mut(&((flow.carrier, place), flow.period.year)) {
                year.add(flow);
            }
        }
    }
    let is_lone = |flow: &Flow| {
        flow.level().is_some_and(|level| years.get(&(level.held, flow.period.year)).is_some_and(|y| y.is_lone(level)))
    };
    rows().filter(|(_, flow)| is_lone(flow)).map(|(i, _)| i).collect()
}
