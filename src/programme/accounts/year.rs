//! The rows and lines of one year of a park, and how an item is added up of them.

use super::carriers::is_biomass;
use super::waste::{Tally, is_hazardous, is_solid};
use super::water::Roles;
use super::{Choices, electricity};
use crate::diagnostic::Words;
use crate::inventory::{Inventory, fence_sign};
use crate::ledger::Activity;
use crate::park::{CarrierId, Flow, Node, Notation, Outside, Park, ProcessId};
use crate::quantity::GJ_PER_TCE;
use std::collections::BTreeSet;

/// What an item was made of: its value, or why there is none, with its trail.
pub(super) struct Made {
    pub(super) value: Result<f64, Words>,
    pub(super) rows: Vec<usize>,
    pub(super) lines: Vec<usize>,
}

impl Made {
    /// No value, nor anything that would lead to one.
    pub(super) fn none(why: Words) -> Self {
        Self { value: Err(why), rows: Vec::new(), lines: Vec::new() }
    }

    /// `self + sign · other`; none where either is none.
    pub(super) fn plus(mut self, sign: f64, other: Self) -> Self {
        self.value = match (self.value, other.value) {
            (Ok(a), Ok(b)) => Ok(a + sign * b),
            (Err(why), _) | (_, Err(why)) => Err(why),
        };
        self.rows.extend(other.rows);
        self.lines.extend(other.lines);
        self
    }
}

/// A row of energy over the fence of the park.
pub(super) struct OverFence {
    pub(super) row: usize,
    /// 1 in, −1 out.
    pub(super) sign: f64,
    /// Unit: GJ; `None` where the net energy is not known.
    pub(super) energy: Option<f64>,
}

/// One year of a park.
pub(super) struct Year<'a> {
    pub(super) park: &'a Park,
    pub(super) inventory: &'a Inventory,
    /// Which.
    pub(super) calendar: u16,
    pub(super) choices: Choices,
    /// Flow rows of the year that somebody's account counts, less those that say that they hold nothing, by position.
    pub(super) rows: Vec<usize>,
    /// Ledger lines of the year, by position.
    pub(super) lines: Vec<usize>,
    /// Energy over the fence.
    pub(super) fence: Vec<OverFence>,
    /// Industrial solid waste.
    pub(super) solid: Tally,
    /// Hazardous waste.
    pub(super) hazardous: Tally,
    /// Who cleans water.
    pub(super) roles: Roles,
    /// Green power.
    pub(super) green: electricity::Green,
    /// Fuels whose carbon is biogenic.
    pub(super) biomass: BTreeSet<CarrierId>,
}

impl<'a> Year<'a> {
    pub(super) fn new(park: &'a Park, inventory: &'a Inventory, year: u16, choices: Choices) -> Self {
        let reads = &park.observations;
        let counts = |&i: &usize| {
            let flow = &park.flows[i];
            flow.period.year == year
                && (reads.counts_for_buyer(i) || reads.counts_for_seller(i))
                && !matches!(
                    flow.notation,
                    Some(Notation::NotOccurring | Notation::IncludedElsewhere(_) | Notation::NotEstimated)
                )
        };
        let rows: Vec<usize> = (0..park.flows.len()).filter(counts).collect();
        let of_year = |&l: &usize| inventory.ledger.lines[l].period.year == year;
        let energy = |row: usize| inventory.tce[row].map(|tce| tce * GJ_PER_TCE);
        let over = |&row: &usize| {
            let sign = fence_sign(park, &inventory.tce, row)?;
            Some(OverFence { row, sign, energy: energy(row) })
        };
        let carriers: BTreeSet<CarrierId> = rows.iter().map(|&i| park.flows[i].carrier).collect();
        let biomass = carriers.into_iter().filter(|&c| is_biomass(park.carrier(c), &inventory.sets)).collect();
        Self {
            park,
            inventory,
            calendar: year,
            choices,
            lines: (0..inventory.ledger.lines.len()).filter(of_year).collect(),
            fence: rows.iter().filter_map(over).collect(),
            solid: Tally::new(park, &rows, is_solid),
            hazardous: Tally::new(park, &rows, is_hazardous),
            roles: Roles::new(park, &rows),
            green: electricity::Green::new(park, year),
            biomass,
            rows,
        }
    }

    /// The rows of the year with their positions.
    pub(super) fn flows(&self) -> impl Iterator<Item = (usize, &'a Flow)> {
        let park = self.park;
        self.rows.iter().map(move |&i| (i, &park.flows[i]))
    }

    /// The rows that count for their receiver, a process, with it.
    pub(super) fn taken(&self) -> impl Iterator<Item = (usize, &'a Flow, ProcessId)> {
        self.flows().filter_map(|(i, flow)| match flow.to {
            Node::Process(to) if self.park.observations.counts_for_buyer(i) => Some((i, flow, to)),
            _ => None,
        })
    }

    /// The rows that count for their sender, a process, with it.
    pub(super) fn given(&self) -> impl Iterator<Item = (usize, &'a Flow, ProcessId)> {
        self.flows().filter_map(|(i, flow)| match flow.from {
            Node::Process(from) if self.park.observations.counts_for_seller(i) => Some((i, flow, from)),
            _ => None,
        })
    }

    /// Adds up rows by a measure of them; none where there are none (`absent`) or where one of them cannot be measured so.
    pub(super) fn sum(
        &self,
        rows: impl IntoIterator<Item = usize>,
        measure: impl Fn(&Flow) -> Option<f64>,
        absent: impl FnOnce() -> Words,
    ) -> Made {
        let (mut sum, mut unknown) = (0.0, None);
        let rows: Vec<usize> = rows.into_iter().collect();
        for &i in &rows {
            match measure(&self.park.flows[i]) {
                Some(value) => sum += value,
                None => unknown = unknown.or(Some(i)),
            }
        }
        let value = match unknown {
            Some(i) => Err(unmeasured(&self.park.flows[i])),
            None if rows.is_empty() => Err(absent()),
            None => Ok(sum),
        };
        Made { value, rows, lines: Vec::new() }
    }
}

/// Why a row cannot be added up.
pub(super) fn unmeasured(flow: &Flow) -> Words {
    let id = &flow.id;
    Words::new(
        format!("row {id} of flows.csv has no quantity in a unit that could be added up: give it one"),
        format!("flows.csv 的行 {id} 没有可相加单位的数量：请填写"),
    )
}

/// Whether a flow leaves for somewhere outside of the park.
pub(super) fn goes_to(flow: &Flow, places: &[Outside]) -> bool {
    matches!(flow.to, Node::Outside(to) if places.contains(&to))
}

/// Whether a flow comes from somewhere outside of the park.
pub(super) fn comes_from(flow: &Flow, places: &[Outside]) -> bool {
    matches!(flow.from, Node::Outside(from) if places.contains(&from))
}

/// The flow rows that ledger lines were made of.
pub(super) fn rows_of(y: &Year, lines: &[usize]) -> Vec<usize> {
    let row = |&l: &usize| match y.inventory.ledger.lines[l].activity {
        Activity::Flow(row) => Some(row),
        Activity::Reported(_) | Activity::Parameter(_) => None,
    };
    lines.iter().filter_map(row).collect()
}
