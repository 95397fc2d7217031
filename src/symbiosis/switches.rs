//! Exchanges as switches of a model: each is there at its full size, or not at all.

use super::shapley::Coalition;
use crate::diagnostic::Words;
use crate::factors::Query;
use crate::park::{Carrier, CarrierKind, Gas, Parameter, Park, Status};
use crate::quantity::Dimension;
use crate::scenario::{
    Base, Bound, Carried, Clash, Equation, Influences, Law, Measure, Model, Place, Solved, Variants,
};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// An exchange that is not looked at, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct LeftOut {
    /// Position in the park's exchanges.
    pub exchange: usize,
    /// The reason.
    pub why: Words,
}

/// The exchanges of a park that can be switched, with the model that they switch.
#[derive(Debug)]
pub struct Switches<'a> {
    /// The base year.
    pub base: &'a Base<'a>,
    /// Results as weights of the model.
    pub influences: Influences,
    /// The exchanges, by position in the calibrated model: those that run first, then candidates, each in the order of rows.
    pub exchanges: Vec<usize>,
    /// How many of them run in the base year.
    pub running: usize,
    /// Exchanges that cannot be switched or accounted.
    pub left_out: Vec<LeftOut>,
    /// Emission of freight of links. Unit: t CO2e per canonical unit.
    pub freight: BTreeMap<usize, f64>,
    variants: Variants<'a>,
}

impl<'a> Switches<'a> {
    /// Makes switches of all exchanges that can be. With a means of transport the freight of what has a mass and a distance is
    /// counted.
    ///
    /// # Errors
    /// [`Clash`], if the model of the year has no solution of its own.
    pub fn new(base: &'a Base<'a>, influences: Influences, means: Option<&str>) -> Result<Self, Clash> {
        let calibrated = &base.calibrated;
        let park = &base.package.park;
        let mut order: Vec<usize> = (0..calibrated.exchanges.len()).collect();
        order.sort_by_key(|&b| calibrated.exchanges[b].status == Status::Candidate);
        let mut seen = BTreeSet::new();
        let (mut exchanges, mut left_out) = (Vec::new(), Vec::new());
        for b in order {
            let bound = &calibrated.exchanges[b];
            let why = refusal(&calibrated.model, &influences, bound).or_else(|| {
                let shared = bound.carried.iter().any(|c| !seen.insert(c.link));
                shared.then(|| Words::new("its flows are those of another row", "其流量与另一行相同"))
            });
            match why {
                Some(why) => left_out.push(LeftOut { exchange: bound.exchange, why }),
                None => exchanges.push(b),
            }
        }
        let links: Vec<usize> =
            exchanges.iter().flat_map(|&b| calibrated.exchanges[b].carried.iter().map(|c| c.link)).collect();
        let variants = Variants::new(&calibrated.model, &links)?;
        let mut made = Self { base, influences, exchanges, running: 0, left_out, freight: BTreeMap::new(), variants };
        made.drop_unsolvable(park);
        made.running = made.exchanges.iter().filter(|&&b| made.bound(b).status == Status::Existing).count();
        if let Some(means) = means {
            made.add_freight(means);
        }
        Ok(made)
    }

    /// An exchange of the calibrated model.
    #[must_use]
    pub fn bound(&self, b: usize) -> &'a Bound {
        &self.base.calibrated.exchanges[b]
    }

    /// Those that run in the base year.
    #[must_use]
    pub fn as_it_is(&self) -> Coalition {
        (0..self.running).fold(Coalition::none(self.exchanges.len()), Coalition::with)
    }

    /// The park with just these exchanges.
    ///
    /// # Errors
    /// [`Clash`], if it has no solution within its bounds.
    pub fn solve(&self, on: &Coalition) -> Result<Solved, Clash> {
        let mut model = self.base.calibrated.model.clone();
        self.solve_in(&mut model, on)
    }

    /// The parks with just these exchanges, each as `read` reads it; the same whatever the number of threads.
    ///
    /// # Errors
    /// The first [`Clash`], with the position of its coalition.
    pub fn solve_all<T: Send>(
        &self,
        all: &[Coalition],
        read: impl Fn(&Solved) -> T + Sync,
    ) -> Result<Vec<T>, (usize, Clash)> {
        let made: Vec<Result<T, Clash>> = all
            .par_iter()
            .map_init(|| self.base.calibrated.model.clone(), |model, on| self.solve_in(model, on).map(|s| read(&s)))
            .collect();
        made.into_iter().enumerate().map(|(i, r)| r.map_err(|clash| (i, clash))).collect()
    }

    fn solve_in(&self, model: &mut Model, on: &Coalition) -> Result<Solved, Clash> {
        let original = &self.base.calibrated.model;
        let mut changed = Vec::new();
        for (i, &b) in self.exchanges.iter().enumerate() {
            let bound = self.bound(b);
            let now = bound.status == Status::Existing;
            for carried in &bound.carried {
                let row = original.processes + carried.link;
                let size = if on.has(i) { carried.full } else { 0.0 };
                model.equations[row] =
                    if on.has(i) == now { original.equations[row].clone() } else { sized(original, carried, size) };
                changed.push(carried.link);
            }
        }
        self.variants.solve(model, &changed)
    }

    /// Leaves out what has no solution when it is switched by itself: it stays as it is.
    fn drop_unsolvable(&mut self, park: &Park) {
        let n = self.exchanges.len();
        let is = |i: &usize| self.bound(self.exchanges[*i]).status == Status::Existing;
        let now = (0..n).filter(is).fold(Coalition::none(n), Coalition::with);
        let mut dropped = BTreeMap::new();
        for i in 0..n {
            let switched = if now.has(i) { now.clone().without(i) } else { now.clone().with(i) };
            if let Err(clash) = self.solve(&switched) {
                dropped.insert(self.exchanges[i], clash_words(park, &self.base.calibrated.model, &clash));
            }
        }
        self.exchanges.retain(|b| !dropped.contains_key(b));
        for (b, why) in dropped {
            self.left_out.push(LeftOut { exchange: self.bound(b).exchange, why });
        }
        self.left_out.sort_by_key(|l| park.exchanges[l.exchange].row);
    }

    /// Counts freight of exchanges: mass · distance · factor, as what is upstream and downstream.
    fn add_freight(&mut self, means: &str) {
        let park = &self.base.package.park;
        let Some((gas, factor)) = freight_factor(self.base, means) else { return };
        for &b in &self.exchanges {
            let exchange = &park.exchanges[self.bound(b).exchange];
            let carted = is_carted(park.carrier(exchange.carrier));
            let Some(kilometers) = exchange.distance_km.filter(|_| carted) else { continue };
            for carried in &self.bound(b).carried {
                let link = &self.base.calibrated.model.links[carried.link];
                if link.dimension == Dimension::MASS {
                    self.freight.insert(carried.link, kilometers * 1e3 * factor);
                }
            }
        }
        // Both gases of freight factors count one for one in CO2e.
        let model = &self.base.calibrated.model;
        for (&link, &per_unit) in &self.freight {
            self.influences.add(Measure::Gas(gas), Place::ChainOutside, model.quantity(link), per_unit);
            self.influences.add(Measure::Co2e, Place::ChainOutside, model.quantity(link), per_unit);
        }
    }
}

/// Gases and waters of the library that are neither a fuel nor of the kind water, and go through pipes all the same. What
/// is carted in tanks under its own pressure (ammonia, refrigerants) is none of them; chlorine is, from neighbor to neighbor.
const PIPED: [&str; 8] =
    ["argon", "chlorine", "co2_gas", "compressed_air", "nitrogen", "oxygen", "seawater", "wastewater"];

/// Whether vehicles carry it: gases, water and heat go through pipes.
#[must_use]
pub fn is_carted(carrier: &Carrier) -> bool {
    let kind = carrier.kind;
    let piped = kind.is_utility() || matches!(kind, CarrierKind::GasFuel | CarrierKind::Water);
    !piped && !PIPED.contains(&&*carrier.label.id)
}

/// The factor of a means of transport, and its gas. Unit: t per t and m.
#[must_use]
pub fn freight_factor(base: &Base, means: &str) -> Option<(Gas, f64)> {
    let settings = &base.package.park.settings;
    let of = |gas: Gas| {
        base.inventory.sets.iter().find_map(|set| {
            let query = Query {
                carrier: "",
                parameter: Parameter::TransportFactor,
                gas: Some(gas),
                technique: means,
                region: &settings.region,
                exact_region: false,
                year: base.year,
                sector: "",
                enterprise: "",
                allow_unconfirmed: &settings.allow_unconfirmed,
            };
            set.search(&query).fits.iter().find(|f| !f.technique.is_empty()).map(|f| f.value)
        })
    };
    [Gas::LifeCycleCo2e, Gas::Co2].into_iter().find_map(|gas| Some((gas, of(gas)?)))
}

/// The equation of the link of an exchange at a size.
fn sized(original: &Model, carried: &Carried, size: f64) -> Equation {
    let mut equation = original.of_link(carried.link).clone();
    let goes_with = original.activity(carried.goes_with);
    match equation.terms.iter_mut().find(|t| t.0 == goes_with) {
        Some(term) => term.1 = -size,
        None => equation.terms.push((goes_with, -size)),
    }
    equation
}

/// Why an exchange cannot be switched or accounted.
fn refusal(model: &Model, influences: &Influences, bound: &Bound) -> Option<Words> {
    if let Some((en, zh)) = &bound.missing {
        return Some(Words::new(en.clone(), zh.clone()));
    }
    if bound.carried.is_empty() {
        return Some(Words::new("no flow carries it", "没有对应的流量"));
    }
    for carried in &bound.carried {
        if !matches!(model.of_link(carried.link).law, Law::Need | Law::Yield) {
            return Some(Words::new(
                "it takes what others leave, so that it has no size of its own",
                "承接余量，自身没有独立规模",
            ));
        }
        let of = [Some(carried.link), carried.displaced.map(|d| d.0), carried.sink];
        if let Some(why) = of.into_iter().flatten().find_map(|l| influences.unknown.get(&l)) {
            return Some(why.clone());
        }
    }
    None
}

/// A clash in words.
#[must_use]
pub fn clash_words(park: &Park, model: &Model, clash: &Clash) -> Words {
    let first = |all: &[(usize, f64)]| all.first().map(|l| model.links[l.0].text(park)).unwrap_or_default();
    match clash {
        Clash::Singular(all) => {
            let names: Vec<String> = all.iter().take(4).map(|&u| model.text(park, u)).collect();
            let names = names.join(", ");
            Words::new(
                format!("switched, {names} would have no quantity of their own"),
                format!("切换后 {names} 的数量无法确定"),
            )
        }
        Clash::Negative(all) => {
            let name = first(all);
            Words::new(format!("switched, {name} would be negative"), format!("切换后 {name} 将为负"))
        }
        Clash::Beyond(all) => {
            let name = first(all);
            Words::new(format!("switched, {name} would be beyond its limit"), format!("切换后 {name} 将超出上限"))
        }
    }
}
