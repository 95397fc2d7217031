//! What is read off a park: gases inside and outside the fence, energy, water, materials, waste and cost, and what each flow and
//! process contributes to it.

use crate::inventory::{Bucket, Inventory, amount, gwp};
use crate::ledger::{Activity, Approach, Line, Source};
use crate::park::{CarrierKind, EnterpriseId, Gas, Node, Outside, Parameter, Park, ProcessId};
use crate::quantity::Dimension;
use std::collections::BTreeMap;

/// What a result measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Measure {
    /// CO2e, in the park's GWP set. Unit: t.
    Co2e,
    /// A gas, pollutant, water or waste of the ledger. Unit: t.
    Gas(Gas),
    /// Energy that comes over the fence less what leaves. Unit: tce.
    Energy,
    /// Raw material that comes over the fence. Unit: t.
    Material,
    /// What is paid for what comes over the fence less what is got for what leaves, where prices are stated. Unit: RMB.
    Cost,
}

impl Measure {
    /// Id, as tables and JSON have it.
    #[must_use]
    pub fn id(self) -> String {
        match self {
            Self::Co2e => "CO2e".to_owned(),
            Self::Gas(gas) => gas.id().to_owned(),
            Self::Energy => "energy".to_owned(),
            Self::Material => "material".to_owned(),
            Self::Cost => "cost".to_owned(),
        }
    }

    /// The words in English and Chinese.
    #[must_use]
    pub fn words(self) -> (String, String) {
        match self {
            Self::Co2e => ("CO2e".to_owned(), "CO2e".to_owned()),
            Self::Gas(gas) => (gas.label(), gas.label_zh()),
            Self::Energy => ("energy over the fence".to_owned(), "外购能源净量".to_owned()),
            Self::Material => ("raw material".to_owned(), "原材料".to_owned()),
            Self::Cost => ("purchases less sales".to_owned(), "外购净支出".to_owned()),
        }
    }

    /// The unit that it is shown in.
    #[must_use]
    pub fn unit(self) -> &'static str {
        match self {
            Self::Co2e => "t CO2e",
            Self::Gas(_) | Self::Material => "t",
            Self::Energy => "tce",
            Self::Cost => "RMB",
        }
    }
}

/// Where a result arises.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// At an enterprise: scope 1, and what passes the fence to it.
    Enterprise(EnterpriseId),
    /// Where imported power and heat are made: scope 2, location-based, less exports where the rule set deducts them.
    EnergyOutside,
    /// Upstream and downstream: scope 3.
    ChainOutside,
}

impl Place {
    /// Whether it lies inside the fence.
    #[must_use]
    pub fn is_inside(self) -> bool {
        matches!(self, Self::Enterprise(_))
    }
}

/// Part of a result.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Contribution {
    /// What.
    pub measure: Measure,
    /// Where.
    pub place: Place,
    /// How much.
    pub value: f64,
    /// The flow row that it goes with; else the activity of `process`.
    pub row: Option<usize>,
    /// Whose.
    pub process: Option<ProcessId>,
    /// The ledger line that it is of, by position; none of energy, materials and cost.
    pub line: Option<usize>,
    /// What kind of ledger line it is; none of energy, material and cost, which are read off flow rows.
    pub source: Option<Source>,
}

/// The results of a year.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Results(pub BTreeMap<(Measure, Place), f64>);

impl Results {
    /// Adds up contributions in their order.
    #[must_use]
    pub fn of(all: &[Contribution]) -> Self {
        let mut sums = BTreeMap::new();
        for one in all {
            *sums.entry((one.measure, one.place)).or_insert(0.0) += one.value;
        }
        Self(sums)
    }

    /// The measures that there are, in order.
    #[must_use]
    pub fn measures(&self) -> Vec<Measure> {
        let mut list: Vec<Measure> = self.0.keys().map(|k| k.0).collect();
        list.dedup();
        list
    }

    /// A measure over the places that are asked for.
    #[must_use]
    pub fn sum(&self, measure: Measure, which: impl Fn(Place) -> bool) -> f64 {
        self.0.iter().filter(|((m, place), _)| *m == measure && which(*place)).map(|(_, v)| v).sum()
    }

    /// A measure inside the fence.
    #[must_use]
    pub fn inside(&self, measure: Measure) -> f64 {
        self.sum(measure, Place::is_inside)
    }

    /// A measure outside of it.
    #[must_use]
    pub fn outside(&self, measure: Measure) -> f64 {
        self.sum(measure, |place| !place.is_inside())
    }

    /// A measure everywhere.
    #[must_use]
    pub fn total(&self, measure: Measure) -> f64 {
        self.sum(measure, |_| true)
    }

    /// `self − other`, place by place.
    #[must_use]
    pub fn less(&self, other: &Self) -> Self {
        let mut sums = self.0.clone();
        for (key, value) in &other.0 {
            *sums.entry(*key).or_insert(0.0) -= value;
        }
        Self(sums)
    }
}

/// Everything that makes up the results of a year, in the order of the ledger and of the flow rows.
#[must_use]
pub fn contributions(park: &Park, inventory: &Inventory, year: u16) -> Vec<Contribution> {
    let rule = park.settings.rule_set;
    let mut all = Vec::new();
    for (position, line) in inventory.ledger.lines.iter().enumerate().filter(|(_, l)| l.period.year == year) {
        for (bucket, place) in buckets(line) {
            let mass = amount(line, bucket, true, rule);
            if mass == 0.0 {
                continue;
            }
            let row = match line.activity {
                Activity::Flow(row) => Some(row),
                Activity::Reported(_) | Activity::Parameter(_) => None,
            };
            let mut push = |measure, value| {
                let (process, source) = (Some(line.process), Some(line.source));
                all.push(Contribution { measure, place, value, row, process, line: Some(position), source });
            };
            push(Measure::Gas(line.gas), mass);
            let co2e = mass * gwp(line, &inventory.gwp);
            if co2e != 0.0 {
                push(Measure::Co2e, co2e);
            }
        }
    }
    for (row, flow) in park.flows.iter().enumerate().filter(|(_, f)| f.period.year == year) {
        let (sign, process) = match (flow.from, flow.to) {
            (Node::Outside(from), Node::Process(to)) if from != Outside::Loss => (1.0, to),
            (Node::Process(from), Node::Outside(to)) if to.buys() => (-1.0, from),
            _ => continue,
        };
        let reads = &park.observations;
        let counts = if sign > 0.0 { reads.counts_for_buyer(row) } else { reads.counts_for_seller(row) };
        let (Some(quantity), true) = (flow.quantity, counts) else { continue };
        let place = Place::Enterprise(park.process(process).enterprise);
        let mut push = |measure, value: f64| {
            if value != 0.0 {
                let (row, process) = (Some(row), Some(process));
                all.push(Contribution { measure, place, value, row, process, line: None, source: None });
            }
        };
        if let Some(tce) = inventory.tce[row] {
            push(Measure::Energy, sign * tce);
        }
        let kind = park.carrier(flow.carrier).kind;
        let bought = matches!(flow.from, Node::Outside(Outside::Supplier | Outside::Nature));
        if bought && kind == CarrierKind::Material && quantity.dimension == Dimension::MASS {
            push(Measure::Material, quantity.value);
        }
        if let Some(price) = park.property(flow.carrier, process, flow.period, Parameter::Price) {
            push(Measure::Cost, sign * price.value * quantity.value);
        }
    }
    all
}

/// The buckets in which a line counts without counting twice, and where.
fn buckets(line: &Line) -> impl Iterator<Item = (Bucket, Place)> + use<> {
    let inside = Place::Enterprise(line.enterprise);
    let mut list = vec![(Bucket::Scope1, inside)];
    // Total = scope 1 + scope 2 as the rule set takes exports: of a line that is not direct it is scope 2.
    if line.approach == Approach::Location {
        list = vec![(Bucket::Total(Approach::Location), Place::EnergyOutside)];
    } else if line.approach == Approach::Market {
        list.clear();
    }
    if let crate::ledger::Scope::OtherIndirect(category) = line.scope {
        list = vec![(Bucket::Scope3(category), Place::ChainOutside)];
    }
    list.into_iter()
}
