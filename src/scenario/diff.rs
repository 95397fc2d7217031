//! What changed between two solved years: flows and activities going in, and every result down to ledger lines.

use super::model::Model;
use super::results::{Measure, Place, Results, contributions};
use super::run::{Base, Run};
use crate::inventory::Inventory;
use crate::package::Package;
use crate::park::{Park, Use};
use crate::quantity::Dimension;
use std::collections::BTreeMap;

/// A solved year: the base year, or a scenario of it.
#[derive(Debug, Clone, Copy)]
pub struct Solution<'a> {
    /// The package.
    pub package: &'a Package,
    /// Its inventory.
    pub inventory: &'a Inventory,
    /// Its model.
    pub model: &'a Model,
    /// The unknowns of the model.
    pub values: &'a [f64],
    /// What is read off it.
    pub results: &'a Results,
}

impl Base<'_> {
    /// The base year as a solved year.
    #[must_use]
    pub fn solution(&self) -> Solution<'_> {
        let model = &self.calibrated.model;
        Solution {
            package: self.package,
            inventory: self.inventory,
            model,
            values: &model.base,
            results: &self.results,
        }
    }
}

impl Run {
    /// The scenario as a solved year.
    #[must_use]
    pub fn solution(&self) -> Solution<'_> {
        Solution {
            package: &self.package,
            inventory: &self.inventory,
            model: &self.calibrated.model,
            values: &self.solved.values,
            results: &self.results,
        }
    }
}

/// A flow that is another; 0 where it is none.
#[derive(Debug, Clone, PartialEq)]
pub struct FlowChange {
    /// `FROM>TO:CARRIER`.
    pub flow: String,
    /// What it is measured in.
    pub dimension: Dimension,
    /// In the first year. Measured: canonical unit of `dimension`.
    pub old: f64,
    /// In the second. Measured: canonical unit of `dimension`.
    pub new: f64,
}

/// A process that runs otherwise.
#[derive(Debug, Clone, PartialEq)]
pub struct ActivityChange {
    /// Id of the process.
    pub process: String,
    /// In the first year, in parts of the base year. Unit: 1.
    pub old: f64,
    /// In the second. Unit: 1.
    pub new: f64,
}

/// A part of a result that is another.
#[derive(Debug, Clone, PartialEq)]
pub struct PartChange {
    /// What.
    pub measure: Measure,
    /// Where.
    pub place: Place,
    /// Id of the ledger line; of energy, materials and cost that of the flow row.
    pub line: String,
    /// In the first year, in the unit of the measure.
    pub old: f64,
    /// In the second.
    pub new: f64,
}

impl PartChange {
    /// `new − old`, in the unit of the measure.
    #[must_use]
    pub fn difference(&self) -> f64 {
        self.new - self.old
    }
}

/// What changed between two solved years.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// Flows, largest difference first among those of one dimension.
    pub flows: Vec<FlowChange>,
    /// Activities, largest difference first.
    pub activities: Vec<ActivityChange>,
    /// Parts of results by measure, largest difference first. Those of a measure and a place add up to the change of it.
    pub parts: Vec<PartChange>,
}

/// Compares two solved years of one park.
#[must_use]
pub fn diff(old: &Solution, new: &Solution) -> Difference {
    Difference { flows: flows(old, new), activities: activities(old, new), parts: parts(old, new) }
}

/// Pairs two lists by key; what one lacks is 0.
fn paired<K: Ord>(old: impl Iterator<Item = (K, f64)>, new: impl Iterator<Item = (K, f64)>) -> BTreeMap<K, (f64, f64)> {
    let mut pairs: BTreeMap<K, (f64, f64)> = BTreeMap::new();
    for (key, value) in old {
        pairs.entry(key).or_default().0 += value;
    }
    for (key, value) in new {
        pairs.entry(key).or_default().1 += value;
    }
    pairs.retain(|_, (a, b)| *b - *a != 0.0);
    pairs
}

fn flows(old: &Solution, new: &Solution) -> Vec<FlowChange> {
    let all = |of: &Solution| -> Vec<((String, Use, Dimension), f64)> {
        let park = &of.package.park;
        let links = of.model.links.iter().zip(&of.values[of.model.processes..]);
        links.map(|(link, value)| ((link.text(park), link.usage, link.dimension), *value)).collect()
    };
    let pairs = paired(all(old).into_iter(), all(new).into_iter());
    let list = pairs.into_iter();
    let mut list: Vec<FlowChange> =
        list.map(|((flow, _, dimension), (old, new))| FlowChange { flow, dimension, old, new }).collect();
    list.sort_by(|a, b| {
        let size = |c: &FlowChange| (c.new - c.old).abs();
        a.dimension.cmp(&b.dimension).then(size(b).total_cmp(&size(a)))
    });
    list
}

fn activities(old: &Solution, new: &Solution) -> Vec<ActivityChange> {
    let all = |of: &Solution| -> Vec<(String, f64)> {
        let processes = of.package.park.processes.iter().zip(of.values);
        processes.map(|(process, value)| (process.label.id.to_string(), *value)).collect()
    };
    let pairs = paired(all(old).into_iter(), all(new).into_iter());
    let mut list: Vec<ActivityChange> =
        pairs.into_iter().map(|(process, (old, new))| ActivityChange { process, old, new }).collect();
    list.sort_by(|a, b| (b.new - b.old).abs().total_cmp(&(a.new - a.old).abs()));
    list
}

fn parts(old: &Solution, new: &Solution) -> Vec<PartChange> {
    let all = |of: &Solution| -> Vec<((Measure, Place, String), f64)> {
        let park = &of.package.park;
        let parts = contributions(park, of.inventory, of.model.year);
        parts.iter().map(|c| ((c.measure, c.place, id(park, of.inventory, c.line, c.row)), c.value)).collect()
    };
    let pairs = paired(all(old).into_iter(), all(new).into_iter());
    let mut list: Vec<PartChange> = pairs
        .into_iter()
        .map(|((measure, place, line), (old, new))| PartChange { measure, place, line, old, new })
        .collect();
    // The order of ids decides between equal differences.
    list.sort_by(|a, b| a.measure.cmp(&b.measure).then(b.difference().abs().total_cmp(&a.difference().abs())));
    list
}

/// The id of a ledger line, or of the row that something goes with.
fn id(park: &Park, inventory: &Inventory, line: Option<usize>, row: Option<usize>) -> String {
    match (line, row) {
        (Some(line), _) => inventory.ledger.lines[line].id(park),
        (None, Some(row)) => park.flows[row].id.to_string(),
        (None, None) => String::new(),
    }
}
