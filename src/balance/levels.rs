//! Levels of stocks in balances: what a month closes with the next one opens with, whichever of the two a row states.

use crate::park::{CarrierId, Flow, Held, Level, Park, Stock};
use crate::quantity::Period;
use std::collections::BTreeMap;

/// The terms of a balance by period, each with whether it changes sides there: a closing level that is the next opening one, or
/// the other way about.
pub(super) type Parts<T> = BTreeMap<Period, Vec<(T, bool)>>;

/// When a term of a balance holds, and the level that it is, if it is one.
#[derive(Debug, Clone, Copy)]
pub(super) struct When {
    period: Period,
    level: Option<Level>,
}

impl When {
    /// That of a flow.
    pub(super) fn of(flow: &Flow) -> Self {
        Self { period: flow.period, level: flow.level() }
    }

    /// That of something that is no level.
    pub(super) fn within(period: Period) -> Self {
        Self { period, level: None }
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
        if let Some(Level { stock, held, at }) = when.level {
            stocks.entry(held).or_default().entry(at).or_default()[stock as usize].push(*term);
        }
    }
    let ends = || terms.iter().map(|t| t.0.period.months());
    let (Some(first), Some(last)) = (ends().map(|p| p.0).min(), ends().map(|p| p.1).max()) else {
        return (Parts::new(), None);
    };
    let gap = |read: &Read<T>| (first + 1..last).any(|at| !read.contains_key(&at));
    let yearly = terms.iter().any(|t| t.0.period.month.is_none()) || stocks.values().any(gap);
    let of = |period: Period| if yearly { Period::year(within.year) } else { period };
    let mut parts = Parts::new();
    for &(when, term) in terms {
        let kept = when.level.filter(|_| yearly).is_none_or(|Level { stock, held, at }| {
            let mut times = stocks[&held].iter().filter(|(_, read)| !read[stock as usize].is_empty());
            let end = if stock == Stock::Opening { times.next() } else { times.next_back() };
            end.is_some_and(|(&end, _)| end == at)
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
    park.flows
        .iter()
        .filter(|flow| flow.carrier == held.0 && flow.quantity.is_some())
        .any(|flow| flow.level().is_some_and(|level| level.held == held && level.at == at))
}
