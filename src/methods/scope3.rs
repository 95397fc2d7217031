//! Other indirect emissions where factors exist (GHG Protocol Scope 3 Standard, categories 1 to 5).
//!
//! 1, purchased goods: what suppliers outside deliver × footprint up to the gate. 2, capital goods: the same, of rows
//! with use `capital`. 3, upstream of fuel and energy: footprint of fuel; for electricity life cycle less generation of
//! the same region and year, two lines, so that combustion is not counted twice. 4, freight in: mass × distance ×
//! factor of the means. 5, waste treated outside: waste × factor of disposal.
//!
//! Goods from a neighbor inside the fence carry the neighbor's own burden (`inventory::internal`). What has no factor
//! is counted in the coverage, never an error.

use super::alike::{Alike, Place};
use super::burnt::report_unconfirmed;
use super::fuel::factor_source;
use super::lookup::{Ask, Lookup};
use super::pollutants::definition;
use super::purchased::YEARS_BACK;
use crate::diagnostic::{Diagnostics, Origin};
use crate::factors::{Factor, FactorSet, Loser, Parameter, Query};
use crate::ledger::{Activity, CarbonOrigin, CoefficientId, Ledger, Line, Scope, Source, Term, TermSource};
use crate::park::{CarrierId, CarrierKind, Flow, Gas, Node, Outside, Park, ProcessId, Use};
use crate::quantity::{Dimension, Tonnes, significant};
use foldhash::{HashMap, HashMapExt, HashSet, HashSetExt};
use std::collections::BTreeMap;

/// Words and number of rows.
pub(super) type Count = ((&'static str, &'static str), usize);

const NO_GOODS: (&str, &str) =
    ("purchased goods without a footprint: not in scope 3.1 or 3.2", "外购商品无足迹因子：未计入范围三第 1、2 类");
const NO_FUEL: (&str, &str) =
    ("purchased fuel without a footprint: upstream not in scope 3.3", "外购燃料无足迹因子：上游未计入范围三第 3 类");
const NO_POWER: (&str, &str) = (
    "purchased electricity without a pair of life-cycle and generation factors: not in scope 3.3",
    "外购电力无成对的全生命周期与发电因子：未计入范围三第 3 类",
);
const NO_FREIGHT: (&str, &str) =
    ("freight without a factor or a mass: not in scope 3.4", "货运无因子或无质量：未计入范围三第 4 类");
const NO_DISPOSAL: (&str, &str) =
    ("waste treated outside without a factor: not in scope 3.5", "外部处理的废物无处置因子：未计入范围三第 5 类");
const INWARD: (&str, &str) = ("distance", "运距");
const DENSITY: (&str, &str) = ("density of water", "水的密度");

/// Freight, category 4: `mass · distance · factor`. Units: t, km, t/(t·km) → t.
#[must_use]
pub fn freight(mass: Tonnes, kilometers: f64, factor: f64) -> Tonnes {
    Tonnes(mass.0 * kilometers * factor)
}

/// Upstream of electricity, category 3: `E · (life cycle − generation)`. Units: MWh, t/MWh → t.
#[must_use]
pub fn upstream(megawatt_hours: f64, life_cycle: f64, generation: f64) -> Tonnes {
    Tonnes(megawatt_hours * (life_cycle - generation))
}

/// A factor found: the terms from the row's quantity on, the gas, and what lost.
struct Found {
    terms: Vec<Term>,
    gas: Gas,
    losers: Vec<Loser>,
}

/// A factor in the ledger, and its gas.
type Made = (CoefficientId, Gas);

pub(super) fn account(
    park: &Park,
    sets: &[FactorSet],
    alike: &Alike,
    ledger: &mut Ledger,
    found: &mut Diagnostics,
) -> Vec<Count> {
    let (known, pairs) = (HashMap::new(), HashMap::new());
    let mut work =
        Work { park, sets, alike, ledger, found, named: HashSet::new(), gaps: BTreeMap::new(), known, pairs };
    for (i, flow) in park.flows.iter().enumerate() {
        if flow.quantity.is_none() {
            continue;
        }
        match (flow.from, flow.to) {
            (Node::Outside(from), Node::Process(to)) if park.observations.counts_for_buyer(i) => {
                work.bought(i, flow, from, to);
                work.freight(i, flow, from, to);
            }
            (Node::Process(from), Node::Outside(to)) if park.observations.counts_for_seller(i) => {
                work.waste(i, flow, from, to);
            }
            _ => {}
        }
    }
    work.gaps.into_iter().collect()
}

struct Work<'a, 'w> {
    park: &'a Park,
    sets: &'a [FactorSet],
    alike: &'w Alike,
    ledger: &'w mut Ledger,
    found: &'w mut Diagnostics,
    named: HashSet<String>,
    gaps: BTreeMap<(&'static str, &'static str), usize>,
    /// Factors by what they depend on.
    known: HashMap<(Parameter, CarrierId, Place, Dimension, &'static str), Option<Made>>,
    /// Life cycle and generation of electricity by year.
    pairs: HashMap<u16, Option<[Made; 2]>>,
}

impl<'a> Work<'a, '_> {
    fn gap(&mut self, words: (&'static str, &'static str)) {
        *self.gaps.entry(words).or_default() += 1;
    }

    /// Categories 1, 2 and 3.
    fn bought(&mut self, i: usize, flow: &Flow, from: Outside, to: ProcessId) {
        let kind = self.park.carrier(flow.carrier).kind;
        if kind == CarrierKind::Electricity && matches!(from, Outside::Grid | Outside::Supplier) {
            return self.power(i, flow, to);
        }
        if from != Outside::Supplier {
            return;
        }
        let (category, source, none) = match kind {
            // Fuel that becomes a product is a material.
            _ if kind.is_fuel() && matches!(flow.usage, Use::Feedstock | Use::Process) => {
                (1, Source::PurchasedGoods, NO_GOODS)
            }
            _ if kind.is_fuel() => (3, Source::EnergyUpstream, NO_FUEL),
            CarrierKind::Material | CarrierKind::ByProduct | CarrierKind::Water if flow.usage == Use::Capital => {
                (2, Source::CapitalGoods, NO_GOODS)
            }
            CarrierKind::Material | CarrierKind::ByProduct | CarrierKind::Water => {
                (1, Source::PurchasedGoods, NO_GOODS)
            }
            _ => return,
        };
        match self.known(Parameter::Footprint, flow, to, "") {
            Some(made) => self.push((i, to), category, source, made, 1.0, "footprint"),
            None => self.gap(none),
        }
    }

    /// Category 3 of electricity: life cycle less generation, of one region and year.
    fn power(&mut self, i: usize, flow: &Flow, to: ProcessId) {
        let year = flow.period.year;
        let pair = if let Some(&known) = self.pairs.get(&year) {
            known
        } else {
            let made = self.pair(year).map(|pair| pair.map(|(factor, set)| self.one(factor, set)));
            self.pairs.insert(year, made);
            made
        };
        let Some([life_cycle, generation]) = pair else { return self.gap(NO_POWER) };
        for (made, sign, variant) in [(life_cycle, 1.0, "life_cycle"), (generation, -1.0, "generation")] {
            self.push((i, to), 3, Source::EnergyUpstream, made, sign, variant);
        }
    }

    /// A factor of electricity as a coefficient. The source prints the life cycle as CO2e without a split; what is
    /// taken off it is of the same kind.
    fn one(&mut self, factor: &Factor, set: &FactorSet) -> Made {
        let (printed, source) = (factor.printed_text(), factor_source(factor, set));
        let terms = vec![Term { name: factor.parameter.words(), value: factor.value, printed, source }];
        self.made(Found { terms, gas: Gas::LifeCycleCo2e, losers: Vec::new() })
    }

    /// Puts a factor into the ledger.
    fn made(&mut self, found: Found) -> Made {
        (self.ledger.coefficient(found.terms, CarbonOrigin::Unstated, found.losers), found.gas)
    }

    /// The factor of a row, looked up once for all rows alike.
    fn known(
        &mut self,
        parameter: Parameter,
        flow: &Flow,
        process: ProcessId,
        technique: &'static str,
    ) -> Option<Made> {
        let place = self.alike.place(flow.carrier, process, flow.period);
        let key = (parameter, flow.carrier, place, flow.quantity?.dimension, technique);
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        let made = self.factor(parameter, flow, process, technique).map(|found| self.made(found));
        self.known.insert(key, made);
        made
    }

    /// The latest year, up to that of the activity, for which both factors of one region are published.
    fn pair(&self, year: u16) -> Option<[(&'a Factor, &'a FactorSet); 2]> {
        let settings = &self.park.settings;
        let sets = self.sets;
        let search = |parameter, gas, technique, region: &str, exact_region, year| {
            sets.iter().find_map(|set| {
                let query = Query {
                    carrier: "electricity",
                    parameter,
                    gas: Some(gas),
                    technique,
                    region,
                    exact_region,
                    year,
                    sector: "",
                    enterprise: "",
                    allow_unconfirmed: &settings.allow_unconfirmed,
                };
                set.search(&query).fits.first().map(|&f| (f, set))
            })
        };
        let wanted = settings.grid_year.unwrap_or(year);
        (wanted.saturating_sub(YEARS_BACK)..=wanted).rev().find_map(|year| {
            let life = search(Parameter::Footprint, Gas::LifeCycleCo2e, "life_cycle", &settings.region, false, year)?;
            let generation = search(Parameter::EmissionFactor, Gas::Co2, "grid_average", &life.0.region, true, year)?;
            Some([life, generation])
        })
    }

    /// Category 4.
    fn freight(&mut self, i: usize, flow: &Flow, from: Outside, to: ProcessId) {
        let Some((meters, mode)) = flow.freight.as_ref().filter(|_| from == Outside::Supplier) else { return };
        let lookup = Lookup { park: self.park, sets: self.sets, process: to, period: flow.period };
        let per_distance = Dimension::NONE / Dimension::LENGTH;
        let ask =
            |gas| Ask { parameter: Parameter::TransportFactor, carrier: None, gas: Some(gas), dimension: per_distance };
        let answer = [Gas::LifeCycleCo2e, Gas::Co2].into_iter().find_map(|g| Some((g, lookup.factor(ask(g), mode)?)));
        let (Some((gas, answer)), Some(mut terms)) = (answer, self.mass(flow)) else { return self.gap(NO_FREIGHT) };
        terms.push(Term {
            name: INWARD,
            value: *meters,
            printed: format!("{} km", significant(meters / 1e3, 6)),
            source: TermSource::Property(Origin::row("flows.csv", flow.row).column("distance_km")),
        });
        terms.push(answer.term);
        let made = self.made(Found { terms, gas, losers: answer.losers });
        self.push((i, to), 4, Source::Freight, made, 1.0, "freight");
    }

    /// Category 5.
    fn waste(&mut self, i: usize, flow: &Flow, from: ProcessId, to: Outside) {
        let kind = self.park.carrier(flow.carrier).kind;
        let treated = matches!(to, Outside::Landfill | Outside::Treatment);
        if !treated || !matches!(kind, CarrierKind::Waste | CarrierKind::ByProduct) {
            return;
        }
        let technique = match to {
            Outside::Landfill => "landfill",
            _ if flow.usage == Use::Combustion => "incineration",
            _ => "treatment",
        };
        match self.known(Parameter::DisposalFactor, flow, from, technique) {
            Some(made) => self.push((i, from), 5, Source::WasteTreated, made, 1.0, "disposal"),
            None => self.gap(NO_DISPOSAL),
        }
    }

    /// The terms that turn a row into tonnes: none for a mass, 1 t/m³ for water.
    fn mass(&self, flow: &Flow) -> Option<Vec<Term>> {
        match flow.quantity?.dimension {
            Dimension::MASS => Some(Vec::new()),
            Dimension::VOLUME if self.is_water(flow.carrier) => {
                Some(vec![definition(DENSITY, 1.0, "water at 1 t/m3 by definition")])
            }
            _ => None,
        }
    }

    fn is_water(&self, carrier: CarrierId) -> bool {
        let carrier = self.park.carrier(carrier);
        carrier.kind == CarrierKind::Water || carrier.label.id.contains("wastewater")
    }

    /// A factor on the row's own dimension, or on mass where the row can be weighed: what the supplier states
    /// (`carriers.csv`), else the sets of the park; CO2e without split before CO2.
    fn factor(&self, parameter: Parameter, flow: &Flow, process: ProcessId, technique: &str) -> Option<Found> {
        let lookup = Lookup { park: self.park, sets: self.sets, process, period: flow.period };
        let own = flow.quantity?.dimension;
        let weighed = self.mass(flow).filter(|terms| !terms.is_empty());
        let ways = std::iter::once((Vec::new(), Dimension::MASS / own)).chain(weighed.map(|t| (t, Dimension::NONE)));
        let carrier = Some(flow.carrier);
        ways.into_iter().find_map(|(mut terms, dimension)| {
            let ask = |gas| Ask { parameter, carrier, gas, dimension };
            let stated = lookup.find(ask(None)).map(|answer| (Gas::LifeCycleCo2e, answer));
            let (gas, answer) = stated.or_else(|| {
                [Gas::LifeCycleCo2e, Gas::Co2]
                    .into_iter()
                    .find_map(|g| Some((g, lookup.factor(ask(Some(g)), technique)?)))
            })?;
            terms.push(answer.term);
            Some(Found { terms, gas, losers: answer.losers })
        })
    }

    fn push(
        &mut self,
        (i, process): (usize, ProcessId),
        category: u8,
        source: Source,
        (coefficient, gas): Made,
        sign: f64,
        variant: &'static str,
    ) {
        let flow = &self.park.flows[i];
        report_unconfirmed(self.park, flow, &self.ledger.get(coefficient).terms, self.found, &mut self.named);
        let quantity = sign * flow.quantity.map_or(0.0, |q| q.value);
        let mass = self.ledger.mass(quantity, coefficient);
        let at = (self.park.process(process).enterprise, process, flow.period);
        let line = Line::direct(at, Activity::Flow(i), source, gas);
        let scope = Scope::OtherIndirect(category);
        self.ledger.lines.push(Line { scope, quantity, coefficient, mass, crosses: true, variant, ..line });
    }
}
