//! Places that get the same values, so that what is looked up for one serves them all.
//!
//! A value of the factor sets depends on carrier, year, technique of the process, and sector and id of its enterprise
//! where a row selects by them. Where the park states nothing of its own, thousands of months and processes share one
//! look-up and one coefficient.

use crate::factors::FactorSet;
use crate::park::{CarrierId, Park, ProcessId};
use crate::quantity::Period;
use foldhash::{HashMap, HashMapExt, HashSet};

/// A process and a period that stand for all that get the same values.
pub(super) type Place = (ProcessId, Period);

/// Which places are alike in a park.
pub(super) struct Alike {
    /// The first process that is like this one; none for one with parameters of its own.
    first: Vec<Option<ProcessId>>,
    /// Carriers of which the park states a property.
    stated: Vec<bool>,
}

impl Alike {
    pub(super) fn new(park: &Park, sets: &[FactorSet]) -> Self {
        let rows = sets.iter().flat_map(|s| s.factors.iter());
        let selectors: HashSet<&str> = rows.flat_map(|f| &f.applies_to).map(|s| &**s).collect();
        let selected = |kind: &str, id: &str| selectors.contains(&*format!("{kind}:{id}"));
        let selects: Vec<(bool, bool)> = park
            .enterprises
            .iter()
            .map(|e| (selected("sector", &e.sector), selected("enterprise", &e.label.id)))
            .collect();
        let mut stated = vec![false; park.carriers.len()];
        park.properties.iter().for_each(|p| stated[p.carrier.index()] = true);
        let own: HashSet<ProcessId> = park.parameters.iter().map(|p| p.process).collect();
        let mut known = HashMap::new();
        let first = park.processes.iter().enumerate().map(|(i, process)| {
            let id = ProcessId::new(i);
            let (enterprise, (sector, by_id)) =
                (park.enterprise(process.enterprise), selects[process.enterprise.index()]);
            let key = (&*process.technique, sector.then_some(&*enterprise.sector), by_id.then_some(process.enterprise));
            (!own.contains(&id)).then(|| *known.entry(key).or_insert(id))
        });
        Self { first: first.collect(), stated }
    }

    /// The place that stands for what is asked of a carrier at a process in a period.
    pub(super) fn place(&self, carrier: CarrierId, process: ProcessId, period: Period) -> Place {
        match self.first[process.index()] {
            Some(first) if !self.stated[carrier.index()] => (first, Period::year(period.year)),
            _ => (process, period),
        }
    }
}
