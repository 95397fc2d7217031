//! Limits of `exchanges.csv` in a matching.
//!
//! | limit | what becomes of it |
//! |---|---|
//! | `mixed cod<=20 mg/L` | a limit of the mixture that the sink takes, whoever gives: it has a shadow price |
//! | `chlorine<=0.1 %` | of what the source itself brings: the pair is open or closed |
//! | `share<=0.5` | the most that the pair may carry |
//!
//! Limits of a row hold for its pair; for a new pair those of rows that bring the same carrier to the same sink, else those of the
//! row that it is like. What nobody measured is not offered to who limits it, unless it passes today. A limit that the base year
//! itself does not keep is told and not enforced, as in scenarios.

use super::matching::{Constraint, Giver, Limit, Outlet, Plan, Taker};
use super::offers::Offers;
use crate::diagnostic::Words;
use crate::park::{ExchangeLimit, Parameter, Park};
use crate::quantity::{Dimension, significant};
use crate::scenario::{Base, Link, quality_of};
use std::collections::BTreeMap;

/// A value beyond its limit by more than this part of it is more than rounding.
const ROUNDING: f64 = 1e-9;

/// A quality of the problem: a property in the unit of the first limit of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Quality {
    /// The property.
    pub of: Parameter,
    /// Its dimension.
    pub dimension: Dimension,
    /// The unit in which the problem counts it; empty for 1.
    pub unit: Box<str>,
    /// Canonical units in one of it.
    pub per_unit: f64,
}

/// What a sink takes in a plan, beside a limit of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Kept {
    /// The sink.
    pub sink: usize,
    /// The quality.
    pub quality: usize,
    /// Whether the limit is a maximum.
    pub most: bool,
    /// The limit. Unit: that of the quality.
    pub limit: f64,
    /// What the mixture has; none where nothing is taken.
    pub is: Option<f64>,
    /// What is saved if the limit is a unit wider. Unit: that of the measure.
    pub price: f64,
}

/// Puts the limits of rows into the problem; `rows` are pairs with positions of exchanges.
pub(super) fn limit(base: &Base, of: &mut Offers, rows: &[((usize, usize), usize)]) {
    let exchanges = &base.package.park.exchanges;
    let limits_of = |x: usize| exchanges[x].limits.iter();
    // The need is one, whoever meets it.
    let mixed: Vec<(usize, &ExchangeLimit)> =
        rows.iter().flat_map(|(pair, x)| limits_of(*x).filter(|l| l.mixed).map(|l| (pair.1, l))).collect();
    let pairs: Vec<(usize, usize)> = of.ways.keys().copied().collect();
    let mut own: BTreeMap<(usize, usize), Vec<&ExchangeLimit>> = BTreeMap::new();
    for &(source, sink) in &pairs {
        let brings = |x: usize| exchanges[x].carrier == exchanges[of.ways[&(source, sink)].exchange].carrier;
        let here = |p: &(usize, usize)| rows.iter().filter(|r| r.0 == *p).map(|r| r.1).collect::<Vec<_>>();
        let mut of_rows = here(&(source, sink));
        if of_rows.is_empty() {
            of_rows = rows.iter().filter(|r| r.0.1 == sink && brings(r.1)).map(|r| r.1).collect();
        }
        if of_rows.is_empty() {
            of_rows.push(of.ways[&(source, sink)].exchange);
        }
        own.insert((source, sink), of_rows.into_iter().flat_map(limits_of).filter(|l| !l.mixed).collect());
    }
    let mut limiter = Limiter { base, of };
    limiter.mixtures(&mixed);
    for (pair, limits) in own {
        for limit in limits {
            match limit.of {
                Some(property) => limiter.property(pair, property, limit),
                None => limiter.share(pair, limit),
            }
        }
    }
}

struct Limiter<'a, 'b> {
    base: &'a Base<'b>,
    of: &'a mut Offers,
}

impl Limiter<'_, '_> {
    fn park(&self) -> &Park {
        &self.base.package.park
    }

    fn link(&self, at: usize) -> &Link {
        &self.base.calibrated.model.links[at]
    }

    /// A property of what a link carries. Unit: canonical of `dimension`.
    fn value(&self, link: usize, property: Parameter, dimension: Dimension) -> Option<f64> {
        quality_of(self.park(), self.link(link), property, dimension, self.base.year)
    }

    fn now(&self, pair: (usize, usize)) -> f64 {
        self.of.now.get(&pair).copied().unwrap_or_default()
    }

    /// Source and need of a pair, as output calls them.
    fn name(&self, (source, sink): (usize, usize)) -> String {
        format!("{} > {}", self.of.matching.sources[source].name, self.of.matching.sinks[sink].name)
    }

    fn tell(&mut self, en: String, zh: String) {
        let words = Words::new(en, zh);
        if !self.of.told.contains(&words) {
            self.of.told.push(words);
        }
    }

    fn is_open(&self, (source, sink): (usize, usize)) -> bool {
        let ends = (Giver::Source(source), Taker::Sink(sink));
        self.of.matching.pairs.iter().any(|p| (p.from, p.to) == ends && !p.forbidden)
    }

    fn close(&mut self, (source, sink): (usize, usize)) {
        let ends = (Giver::Source(source), Taker::Sink(sink));
        for pair in self.of.matching.pairs.iter_mut().filter(|p| (p.from, p.to) == ends) {
            pair.forbidden = true;
        }
    }

    /// Limits of mixtures, in units of the first limit of each property.
    fn mixtures(&mut self, mixed: &[(usize, &ExchangeLimit)]) {
        for &(sink, limit) in mixed {
            let Some(property) = limit.of else { continue };
            if !self.holds_now(sink, property, limit) {
                continue;
            }
            let Some(at) = quality_at(self.base, self.of, limit) else { continue };
            let value = limit.value / self.of.qualities[at].per_unit;
            hold(&mut self.of.matching.sinks[sink].limits[at], limit.most, value);
            for source in 0..self.of.sources.len() {
                let link = self.of.sources[source];
                let alike = self.link(link).dimension == self.link(self.of.sinks[sink]).dimension;
                let known = self.value(link, property, limit.dimension).is_some();
                if self.is_open((source, sink)) && !(known && alike) {
                    self.close((source, sink));
                    let (name, p) = (self.name((source, sink)), &limit.printed);
                    let id = property.id();
                    self.tell(
                        format!("{name}: not offered; {p} needs '{id}' of it in carriers.csv, measured as the need is"),
                        format!("{name}：未列入；限值 {p} 需 carriers.csv 给出其 {id}，且计量方式与需求相同"),
                    );
                }
            }
        }
    }

    /// Whether a limit of a mixture can be judged in the base year, and is kept there.
    fn holds_now(&mut self, sink: usize, property: Parameter, limit: &ExchangeLimit) -> bool {
        let (need, printed) = (self.of.matching.sinks[sink].name.clone(), &limit.printed);
        let mut parts = vec![(self.of.sinks[sink], self.link(self.of.sinks[sink]).base)];
        let given = self.of.now.iter().filter(|(pair, _)| pair.1 == sink);
        parts.extend(given.map(|(pair, amount)| (self.of.sources[pair.0], *amount)));
        let (mut whole, mut load) = (0.0, 0.0);
        for (k, (link, amount)) in parts.into_iter().enumerate() {
            let Some(value) = self.value(link, property, limit.dimension) else {
                // The first is what is bought: it may be wanted again, even where nothing of it is bought now.
                if k > 0 && amount <= 0.0 {
                    continue;
                }
                let (id, what) = (property.id(), self.park().carrier(self.link(link).carrier).label.id.clone());
                self.tell(
                    format!("{need}: the limit {printed} is not judged; carriers.csv has no '{id}' of {what}"),
                    format!("{need}：未判断限值 {printed}；carriers.csv 缺少 {what} 的 {id}"),
                );
                return false;
            };
            whole += amount;
            load += amount * value;
        }
        let keeps = whole <= 0.0 || keeps(limit, load / whole);
        if !keeps {
            self.tell(
                format!("{need}: the base year itself does not keep {printed}: not enforced"),
                format!("{need}：基准年本身不满足 {printed}：未作约束"),
            );
        }
        keeps
    }

    /// A limit of what the source itself brings.
    fn property(&mut self, pair: (usize, usize), property: Parameter, limit: &ExchangeLimit) {
        if !self.is_open(pair) {
            return;
        }
        let found = self.value(self.of.sources[pair.0], property, limit.dimension);
        if found.is_some_and(|value| keeps(limit, value)) {
            return;
        }
        let (name, printed, id, runs) = (self.name(pair), &limit.printed, property.id(), self.now(pair) > 0.0);
        if !runs {
            self.close(pair);
        }
        match (found, runs) {
            (Some(value), false) => {
                let is = significant(value / limit.per_unit, 4);
                let unit = &limit.unit;
                self.tell(
                    format!("{name}: not offered; {id} is {is} {unit}, the limit {printed} (`mixed {printed}` would let it be thinned)"),
                    format!("{name}：未列入；{id} 为 {is} {unit}，限值 {printed}（写作 `mixed {printed}` 则允许稀释）"),
                );
            }
            (Some(_), true) => self.tell(
                format!("{name}: the base year itself does not keep {printed}: not enforced"),
                format!("{name}：基准年本身不满足 {printed}：未作约束"),
            ),
            (None, true) => self.tell(
                format!("{name}: the limit {printed} is not judged; carriers.csv has no '{id}' of it"),
                format!("{name}：未判断限值 {printed}；carriers.csv 缺少其 {id}"),
            ),
            (None, false) => self.tell(
                format!("{name}: not offered; the limit {printed} needs '{id}' of it in carriers.csv"),
                format!("{name}：未列入；限值 {printed} 需 carriers.csv 给出其 {id}"),
            ),
        }
    }

    /// The most that a pair may carry: a share of the need.
    fn share(&mut self, pair: (usize, usize), limit: &ExchangeLimit) {
        let Some(way) = self.of.ways.get(&pair).copied().filter(|_| self.is_open(pair)) else { return };
        let (name, printed) = (self.name(pair), &limit.printed);
        let most = limit.value * self.of.matching.sinks[pair.1].demand / way.ratio;
        if !limit.most {
            // Nobody can be made to take a part of what may be nothing.
            self.tell(
                format!("{name}: the least share {printed} is not looked at"),
                format!("{name}：未考虑最低占比 {printed}"),
            );
        } else if self.now(pair) > most * (1.0 + ROUNDING) {
            self.tell(
                format!("{name}: the base year itself does not keep {printed}: not enforced"),
                format!("{name}：基准年本身不满足 {printed}：未作约束"),
            );
        } else {
            let ends = (Giver::Source(pair.0), Taker::Sink(pair.1));
            for held in self.of.matching.pairs.iter_mut().filter(|p| (p.from, p.to) == ends) {
                held.limit = Some(held.limit.map_or(most, |l| l.min(most)).max(0.0));
            }
        }
    }
}

/// The quality that a limit is of, added where there is none such: what every giver has of it. What is not known is 0 and meets no
/// taker that limits it. None for a limit of no property.
pub(super) fn quality_at(base: &Base, of: &mut Offers, limit: &ExchangeLimit) -> Option<usize> {
    let property = limit.of?;
    let same = |q: &Quality| (q.of, q.dimension) == (property, limit.dimension);
    if let Some(known) = of.qualities.iter().position(same) {
        return Some(known);
    }
    let (unit, per_unit) = (limit.unit.clone(), limit.per_unit);
    let quality = Quality { of: property, dimension: limit.dimension, unit, per_unit };
    let has = |l: &usize| value_of(base, *l, &quality).unwrap_or_default() / per_unit;
    let sources: Vec<f64> = of.sources.iter().map(has).collect();
    let supplies: Vec<f64> = of.sinks.iter().map(has).collect();
    let matching = &mut of.matching;
    matching.qualities.push(property.id().to_owned());
    matching.sources.iter_mut().zip(sources).for_each(|(s, c)| s.qualities.push(c));
    matching.supplies.iter_mut().zip(supplies).for_each(|(s, c)| s.qualities.push(c));
    matching.sinks.iter_mut().for_each(|s| s.limits.push(Limit::default()));
    of.qualities.push(quality);
    Some(of.qualities.len() - 1)
}

/// A quality of what a link of the year carries; none where nobody states it. Unit: canonical.
pub(super) fn value_of(base: &Base, link: usize, quality: &Quality) -> Option<f64> {
    let link = &base.calibrated.model.links[link];
    quality_of(&base.package.park, link, quality.of, quality.dimension, base.year)
}

/// Takes a limit into those of a taker. Unit: that of the quality.
pub(super) fn hold(held: &mut Limit, most: bool, value: f64) {
    if most {
        held.max = Some(held.max.map_or(value, |max| max.min(value)));
    } else {
        held.min = Some(held.min.map_or(value, |min| min.max(value)));
    }
}

fn keeps(limit: &ExchangeLimit, is: f64) -> bool {
    let room = ROUNDING * limit.value.abs();
    if limit.most { is <= limit.value + room } else { is >= limit.value - room }
}

/// What each sink takes in a plan beside its limits, with their prices.
#[must_use]
pub fn kept(of: &Offers, plan: &Plan) -> Vec<Kept> {
    let mut made = Vec::new();
    for (sink, at) in of.matching.sinks.iter().enumerate() {
        for (quality, limit) in at.limits.iter().enumerate() {
            for (most, value) in [(true, limit.max), (false, limit.min)] {
                let Some(value) = value else { continue };
                let to = Taker::Sink(sink);
                let constraint = if most { Constraint::Max(to, quality) } else { Constraint::Min(to, quality) };
                let price =
                    plan.prices.quality.iter().filter(|p| p.limit == constraint).map(|p| p.of_limit).sum::<f64>();
                let price = if most { -price + 0.0 } else { price };
                made.push(Kept { sink, quality, most, limit: value, is: mixture(of, plan, sink, quality), price });
            }
        }
    }
    made
}

/// A quality of what a sink takes in a plan; none where it takes nothing.
fn mixture(of: &Offers, plan: &Plan, sink: usize, quality: usize) -> Option<f64> {
    mixed(of, plan, Taker::Sink(sink), quality)
}

/// A quality of what somebody takes in a plan.
fn mixed(of: &Offers, plan: &Plan, taker: Taker, quality: usize) -> Option<f64> {
    let has = |giver| match giver {
        Giver::Source(k) => Some(of.matching.sources[k].qualities[quality]),
        Giver::Supply(k) => Some(of.matching.supplies[k].qualities[quality]),
        Giver::Pool(k) => match &of.matching.pools[k].outlet {
            Outlet::Stated(outlet) => Some(outlet[quality]),
            Outlet::Mixed => mixed(of, plan, Taker::Pool(k), quality),
        },
    };
    let taken = plan.transfers.iter().filter(|t| t.to == taker);
    let (mut whole, mut load) = (0.0, 0.0);
    for transfer in taken {
        whole += transfer.amount;
        load += transfer.amount * has(transfer.from)?;
    }
    (whole > 0.0).then(|| load / whole)
}
