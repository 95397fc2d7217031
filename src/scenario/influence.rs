//! What a unit of each link and activity contributes to each result: the accounts of a park as weights of its model.
//!
//! Ledger lines are proportional to their flow row or to the activity of their process, and the rows of a link move together.
//! So the results of a scenario that changes no factor are `y = y₀ + C (z − z₀)`, without accounting it anew. Links that have no
//! row in the base year are accounted once with a quantity, for their weights.

use super::link::Link;
use super::model::{Model, Solved};
use super::results::{Contribution, Measure, Place, Results, contributions};
use super::written;
use crate::diagnostic::{Diagnostic, Diagnostics, Lang, Severity, Words};
use crate::inventory::inventory;
use crate::package::Package;
use crate::park::Node;
use std::collections::BTreeMap;

/// Results as a linear function of the unknowns of a model.
#[derive(Debug, Clone, PartialEq)]
pub struct Influences {
    /// What the rows are, in order.
    pub keys: Vec<(Measure, Place)>,
    /// The results of the base year.
    pub base: Vec<f64>,
    /// For each result, unknowns in order with what a unit of them contributes.
    pub weights: Vec<Vec<(u32, f64)>>,
    /// Links that cannot be accounted, by position, and why.
    pub unknown: BTreeMap<usize, Words>,
    /// Links of purchases outside for which nothing is counted upstream, by position: what they displace or bring is not known.
    pub uncounted: Vec<usize>,
    /// Links of the model.
    links: usize,
}

impl Influences {
    /// Reads the weights off the contributions of the base year, and of a year in which the links without rows carry something.
    #[must_use]
    pub fn of(package: &Package, model: &Model, base: &[Contribution]) -> Self {
        let mut places = vec![None; package.park.flows.len()];
        for (l, link) in model.links.iter().enumerate() {
            link.rows.iter().for_each(|&row| places[row] = Some(l));
        }
        let mut all: BTreeMap<(Measure, Place), BTreeMap<u32, f64>> = BTreeMap::new();
        for one in base {
            let link = one.row.and_then(|row| places[row]);
            let (unknown, per) = match (link, one.process) {
                (Some(l), _) => (model.quantity(l), model.links[l].base),
                (None, Some(p)) => (model.activity(p), 1.0),
                (None, None) => continue,
            };
            if per != 0.0 {
                *all.entry((one.measure, one.place)).or_default().entry(unknown).or_insert(0.0) += one.value / per;
            }
        }
        let results = Results::of(base);
        let new: Vec<usize> = (0..model.links.len()).filter(|&l| model.links[l].rows.is_empty()).collect();
        let (probed, unknown) = probe_all(package, model, new);
        for (link, measure, place, per_unit) in probed {
            *all.entry((measure, place)).or_default().entry(model.quantity(link)).or_insert(0.0) += per_unit;
        }
        let keys: Vec<(Measure, Place)> = all.keys().copied().collect();
        let base = keys.iter().map(|k| results.0.get(k).copied().unwrap_or_default()).collect();
        let weights: Vec<Vec<(u32, f64)>> = all.into_values().map(|row| row.into_iter().collect()).collect();
        let uncounted = uncounted(model, &keys, &weights);
        Self { keys, base, weights, unknown, uncounted, links: model.links.len() }
    }

    /// The same for a model that has these links and more behind them: only those are accounted.
    #[must_use]
    pub fn extended(&self, package: &Package, model: &Model) -> Self {
        if model.links.len() == self.links {
            return self.clone();
        }
        let mut all: BTreeMap<(Measure, Place), (f64, BTreeMap<u32, f64>)> = BTreeMap::new();
        for ((key, base), row) in self.keys.iter().zip(&self.base).zip(&self.weights) {
            all.insert(*key, (*base, row.iter().copied().collect()));
        }
        let (probed, mut unknown) = probe_all(package, model, (self.links..model.links.len()).collect());
        for (link, measure, place, per_unit) in probed {
            *all.entry((measure, place)).or_default().1.entry(model.quantity(link)).or_insert(0.0) += per_unit;
        }
        unknown.extend(self.unknown.iter().map(|(l, w)| (*l, w.clone())));
        let keys: Vec<(Measure, Place)> = all.keys().copied().collect();
        let base = all.values().map(|v| v.0).collect();
        let weights: Vec<Vec<(u32, f64)>> = all.into_values().map(|v| v.1.into_iter().collect()).collect();
        let uncounted = uncounted(model, &keys, &weights);
        Self { keys, base, weights, unknown, uncounted, links: model.links.len() }
    }

    /// The results of a solution.
    #[must_use]
    pub fn results(&self, model: &Model, solved: &Solved) -> Results {
        let moved = |row: &Vec<(u32, f64)>| -> f64 {
            row.iter().map(|&(k, w)| w * (solved.values[k as usize] - model.base[k as usize])).sum()
        };
        let values = self.base.iter().zip(&self.weights).map(|(base, row)| base + moved(row));
        Results(self.keys.iter().copied().zip(values).collect())
    }

    /// Adds a weight of an unknown.
    pub fn add(&mut self, measure: Measure, place: Place, unknown: u32, per_unit: f64) {
        let at = match self.keys.binary_search(&(measure, place)) {
            Ok(at) => at,
            Err(at) => {
                self.keys.insert(at, (measure, place));
                self.base.insert(at, 0.0);
                self.weights.insert(at, Vec::new());
                at
            }
        };
        let row = &mut self.weights[at];
        match row.binary_search_by_key(&unknown, |w| w.0) {
            Ok(i) => row[i].1 += per_unit,
            Err(i) => row.insert(i, (unknown, per_unit)),
        }
    }

    /// What a unit of an unknown contributes to a measure, in and outside the fence.
    #[must_use]
    pub fn per_unit(&self, unknown: u32, measure: Measure) -> f64 {
        let of = self.keys.iter().zip(&self.weights).filter(|(key, _)| key.0 == measure);
        of.flat_map(|(_, row)| row.iter().filter(|w| w.0 == unknown).map(|w| w.1)).sum()
    }
}

/// Contributions of links that have no rows, for one unit of them: link, what, where, how much.
type Probed = Vec<(usize, Measure, Place, f64)>;

/// Accounts links without rows together; those that cannot be accounted are left out, and said why.
fn probe_all(package: &Package, model: &Model, mut links: Vec<usize>) -> (Probed, BTreeMap<usize, Words>) {
    let mut unknown = BTreeMap::new();
    loop {
        let found = match probe(package, model, &links) {
            Ok(probed) => return (probed, unknown),
            Err(found) => found,
        };
        let before = links.len();
        for problem in found.sorted().into_iter().filter(|d| d.problem.severity() == Severity::Error) {
            let id = problem.row.iter().find(|c| c.0 == "id").map(|c| c.1.as_str());
            let named = links.iter().position(|&l| Some(&*written::id(&package.park, &model.links[l])) == id);
            if let Some(at) = named {
                unknown.insert(links.remove(at), words(problem));
            }
        }
        // One that does not name its row hides the others: each by itself.
        if links.len() == before {
            let mut probed = Vec::new();
            for l in links {
                match probe(package, model, &[l]) {
                    Ok(one) => probed.extend(one),
                    Err(found) => {
                        let first = found.sorted().into_iter().find(|d| d.problem.severity() == Severity::Error);
                        unknown.insert(l, first.map_or_else(|| Words::new("", ""), words));
                    }
                }
            }
            return (probed, unknown);
        }
    }
}

fn words(problem: &Diagnostic) -> Words {
    Words::new(problem.text(Lang::En).message, problem.text(Lang::Zh).message)
}

/// Accounts a year in which some links carry what others of their size do.
fn probe(package: &Package, model: &Model, links: &[usize]) -> Result<Probed, Diagnostics> {
    if links.is_empty() {
        return Ok(Vec::new());
    }
    let mut values = model.base.clone();
    for &l in links {
        values[model.processes + l] = typical(model, &model.links[l]);
    }
    let solved = Solved { values, bound: Vec::new() };
    let mut probed = written::written(package, model, &solved, &BTreeMap::new());
    probed.park.settings.balance_limit = None;
    let inventory = inventory(&probed)?;
    let ids: BTreeMap<String, usize> =
        links.iter().map(|&l| (written::id(&package.park, &model.links[l]), l)).collect();
    let mut found = BTreeMap::new();
    for one in contributions(&probed.park, &inventory, model.year) {
        let link = one.row.and_then(|row| ids.get(&*probed.park.flows[row].id));
        if let Some(&l) = link {
            *found.entry((l, one.measure, one.place)).or_insert(0.0) += one.value / solved.values[model.processes + l];
        }
    }
    Ok(found.into_iter().map(|((l, measure, place), value)| (l, measure, place, value)).collect())
}

/// A quantity of ordinary size: that of other links of the carrier, else one.
fn typical(model: &Model, link: &Link) -> f64 {
    let alike = |l: &&Link| l.carrier == link.carrier && l.dimension == link.dimension && l.base > 0.0;
    model.links.iter().filter(alike).map(|l| l.base).fold(0.0, f64::max).max(1.0)
}

/// Purchases outside of which no upstream is counted.
fn uncounted(model: &Model, keys: &[(Measure, Place)], weights: &[Vec<(u32, f64)>]) -> Vec<usize> {
    let upstream = |unknown: u32| {
        keys.iter().zip(weights).any(|(key, row)| {
            key.0 == Measure::Co2e && !key.1.is_inside() && row.iter().any(|w| w.0 == unknown && w.1 != 0.0)
        })
    };
    let bought = |l: &usize| {
        let link = &model.links[*l];
        let outside = matches!(link.from, Node::Outside(o) if o.buys());
        outside && !upstream(model.quantity(*l))
    };
    (0..model.links.len()).filter(bought).collect()
}
