//! What a year closes with, the next one opens with.

use crate::diagnostic::{Diagnostics, Problem};
use crate::park::{Flow, Held, Node, Park, Stock};
use std::collections::{BTreeMap, HashMap, HashSet};

pub(super) fn check(park: &Park, found: &mut Diagnostics) {
    // Levels between two years, with the first row that states each in the year before and in the year after.
    let mut levels: BTreeMap<(u32, usize), [Option<&Flow>; 2]> = BTreeMap::new();
    let mut places: HashMap<Held, usize> = HashMap::new();
    let measured = || park.flows.iter().filter(|flow| flow.quantity.is_some());
    for flow in measured() {
        let Some(level) = flow.level().filter(|level| level.at % 12 == 0) else { continue };
        let next = places.len();
        let place = *places.entry(level.held).or_insert(next);
        let rows = levels.entry((level.at / 12, place)).or_default();
        rows[usize::from(level.stock == Stock::Opening)].get_or_insert(flow);
    }
    if levels.is_empty() {
        return;
    }
    let mut years: HashSet<(usize, u32)> = HashSet::new();
    for flow in measured() {
        let held = [flow.from, flow.to].into_iter().filter_map(|place| places.get(&(flow.carrier, place)));
        years.extend(held.map(|&place| (place, u32::from(flow.period.year))));
    }
    for ((year, place), rows) in levels {
        // Of nothing there is nothing to add or to deduct, and a year without rows has no sum.
        let (flow, other) = match rows {
            [Some(flow), None] => (flow, year),
            [None, Some(flow)] => (flow, year - 1),
            _ => continue,
        };
        let empty = flow.quantity.is_none_or(|q| q.value == 0.0);
        if let (Node::Process(process), _) | (_, Node::Process(process)) = (flow.from, flow.to)
            && !empty
            && years.contains(&(place, other))
        {
            let problem = Problem::LevelOfOneYear {
                process: park.process(process).label.id.to_string(),
                carrier: park.carrier(flow.carrier).thing(),
                stated: flow.period.year,
                missing: other as u16,
            };
            found.push(park.flow_problem(flow, "period", problem));
        }
    }
}
