//! Levels of stocks in balances: what a month closes with the next one opens with, whichever of the two a row states.

use super::stock::months;
use crate::park::{CarrierId, Flow, Node, Park, ProcessId, Stock};
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

/// When a level was read. Unit: months since the year 0.
fn read_at(flow: &Flow, stock: Stock) -> u32 {
    let (start, end) = months(flow.period);
    if stock == Stock::Opening { start } else { end }
}

/// The rows of the levels of a carrier by time: opening, closing.
type Read<T> = BTreeMap<u32, [Vec<T>; 2]>;

/// Parts the terms of a balance of a process, each with its row, by months; into one part of the year where a row is of the year
/// only, or no row states a level between two months: a year has its first and its last level. A level that no row states is 0.
/// One that only a row outside of `within` states is unknown: such a period is left out, and the carrier is told.
pub(super) fn parts<T: Copy>(
    park: &Park,
    process: ProcessId,
    within: Period,
    terms: &[(usize, T)],
) -> (Parts<T>, Option<CarrierId>) {
    let flow = |row: usize| &park.flows[row];
    let mut stocks: BTreeMap<CarrierId, Read<T>> = BTreeMap::new();
    for &(row, term) in terms {
        if let Some(stock) = level(flow(row)) {
            let read = stocks.entry(flow(row).carrier).or_default().entry(read_at(flow(row), stock)).or_default();
            read[stock as usize].push(term);
        }
    }
    let ends = || terms.iter().map(|t| months(flow(t.0).period));
    let (Some(first), Some(last)) = (ends().map(|p| p.0).min(), ends().map(|p| p.1).max()) else {
        return (Parts::new(), None);
    };
    let gap = |read: &Read<T>| (first + 1..last).any(|at| !read.contains_key(&at));
    let yearly = terms.iter().any(|t| flow(t.0).period.month.is_none()) || stocks.values().any(gap);
    let of = |period: Period| if yearly { Period::year(within.year) } else { period };
    let mut parts = Parts::new();
    for &(row, term) in terms {
        let flow = flow(row);
        let kept = level(flow).filter(|_| yearly).is_none_or(|stock| {
            let mut times = stocks[&flow.carrier].iter().filter(|(_, read)| !read[stock as usize].is_empty());
            let end = if stock == Stock::Opening { times.next() } else { times.next_back() };
            end.is_some_and(|(&at, _)| at == read_at(flow, stock))
        });
        if kept {
            parts.entry(of(flow.period)).or_insert_with(Vec::new).push((term, false));
        }
    }
    let month = |start: u32| Period { year: (start / 12) as u16, month: Some((start % 12 + 1) as u8) };
    let mut unknown = None;
    for (&carrier, read) in &stocks {
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
            if !known && stated(park, process, carrier, at) {
                parts.remove(&of(month(start)));
                unknown = Some(carrier);
            }
        }
    }
    (parts, unknown)
}

/// Whether any row states a level at some time.
fn stated(park: &Park, process: ProcessId, carrier: CarrierId, at: u32) -> bool {
    park.flows.iter().any(|flow| {
        flow.carrier == carrier
            && flow.quantity.is_some()
            && [flow.from, flow.to].contains(&Node::Process(process))
            && level(flow).is_some_and(|stock| read_at(flow, stock) == at)
    })
}
