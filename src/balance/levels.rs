//! Levels of stocks in balances: what a month closes with the next one opens with, whichever of the two a row states.

use super::stock::months;
use crate::park::{CarrierId, Flow, Node, Park, Stock};
use crate::quantity::Period;
use std::collections::BTreeMap;

/// The terms of a balance by period, each with whether it changes sides there: a closing level that is the next opening one, or
/// the other way about.
pub(super) type Parts<T> = BTreeMap<Period, Vec<(T, bool)>>;

/// The level that a flow is, if it is one.
pub(super) fn level(flow: &Flow) -> Option<Stock> {
    match (flow.from, flow.to) {
        (Node::Stock(stock), _) | (_, Node::Stock(stock)) => Some(stock),
        _ => None,
    }
}

/// What is held, and where.
type Held = (CarrierId, Node);

/// When a term of a balance holds, and the level that it is, if it is one.
#[derive(Debug, Clone, Copy)]
pub(super) struct When {
    period: Period,
    level: Option<(Stock, Held)>,
}

impl When {
    /// That of a flow.
    pub(super) fn of(flow: &Flow) -> Self {
        let place = if matches!(flow.from, Node::Stock(_)) { flow.to } else { flow.from };
        Self { period: flow.period, level: level(flow).map(|stock| (stock, (flow.carrier, place))) }
    }

    /// That of something that is no level.
    pub(super) fn within(period: Period) -> Self {
        Self { period, level: None }
    }

    /// When it was read, if it is a level. Unit: months since the year 0.
    fn read_at(&self, stock: Stock) -> u32 {
        let (start, end) = months(self.period);
        if stock == Stock::Opening { start } else { end }
    }
}

/// The terms that are levels of a stock by time: opening, closing.
type Read<T> = BTreeMap<u32, [Vec<T>; 2]>;

/// Parts the terms of a balance by months; into one part of the year where a row is of the year
/// only, or no row states a level between two months: a year has its first and its last level. A level that no row states is 0.
/// One that only a row outside of `within` states is unknown: such a period is left out, and the carrier is told.
pub(super) fn parts<T: Copy>(park: &Park, within: Period, terms: &[(When, T)]) -> (Parts<T>, Option<CarrierId>) {
    let mut stocks: BTreeMap<Held, Read<T>> = BTreeMap::new();
    for (when, term) in terms {
        if let Some((stock, held)) = when.level {
            let read = stocks.entry(held).or_default().entry(when.read_at(stock)).or_default();
            read[stock as usize].push(*term);
        }
    }
    let ends = || terms.iter().map(|t| months(t.0.period));
    let (Some(first), Some(last)) = (ends().map(|p| p.0).min(), ends().map(|p| p.1).max()) else {
        return (Parts::new(), None);
    };
    let gap = |read: &Read<T>| (first + 1..last).any(|at| !read.contains_key(&at));
    let yearly = terms.iter().any(|t| t.0.period.month.is_none()) || stocks.values().any(gap);
    let of = |period: Period| if yearly { Period::year(within.year) } else { period };
    let mut parts = Parts::new();
    for &(when, term) in terms {
        let kept = when.level.filter(|_| yearly).is_none_or(|(stock, held)| {
            let mut times = stocks[&held].iter().filter(|(_, read)| !read[stock as usize].is_empty());
            let end = if stock == Stock::Opening { times.next() } else { times.next_back() };
            end.is_some_and(|(&at, _)| at == when.read_at(stock))
        });
        if kept {
            parts.entry(of(when.period)).or_insert_with(Vec::new).push((term, false));
        }
    }
    let month = |start: u32| Period { year: (start / 12) as u16, month: Some((start % 12 + 1) as u8) };
    let mut unknown = None;
    for (&held, read) in &stocks {
        for (&at, [opening, closing]) in read.iter().filter(|_| !yearly) {
            let mut also = |period, terms: &[T]| {
                parts.entry(period).or_insert_with(Vec::new).extend(terms.iter().map(|&term| (term, true)));
            };
            if opening.is_empty() && at < last {
                also(month(at), closing);
            }
            if closing.is_empty() && at > first {
                also(month(at - 1), opening);
            }
        }
        for (stock, at, start) in [(Stock::Opening, first, first), (Stock::Closing, last, last - 1)] {
            let known = read.iter().any(|(&t, read)| (t == at || yearly) && !read[stock as usize].is_empty());
            if !known && stated(park, held, at) {
                parts.remove(&of(month(start)));
                unknown = Some(held.0);
            }
        }
    }
    (parts, unknown)
}

/// Whether any row states the level of a stock at some time.
fn stated(park: &Park, held: Held, at: u32) -> bool {
    park.flows.iter().filter(|flow| flow.carrier == held.0 && flow.quantity.is_some()).any(|flow| {
        let when = When::of(flow);
        when.level.is_some_and(|(stock, other)| other == held && when.read_at(stock) == at)
    })
}
