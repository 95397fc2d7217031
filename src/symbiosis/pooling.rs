//! Pools of a file in a matching.
//!
//! A pool takes every source of its carrier and serves every need of the carrier that it displaces, where a row of `exchanges.csv` has
//! the one displace the other; what a unit out of it saves is what that row says. Freight to and from it is not counted.

use super::matching::{Giver, Limit, Outlet, Pair, Plan, Pool, Taker};
use super::offers::{Offers, Way};
use super::qualities::{hold, quality_at, value_of};
use crate::diagnostic::Words;
use crate::park::ExchangeLimit;
use crate::scenario::{Base, Link, StatedPool};
use std::collections::BTreeMap;

/// Puts pools into a matching.
pub fn add(base: &Base, of: &mut Offers, pools: &[StatedPool]) {
    // All qualities first: every list has one number for each.
    for limit in pools.iter().flat_map(|p| p.outlet.iter().chain(&p.limits)) {
        quality_at(base, of, limit);
    }
    for pool in pools {
        let at = of.matching.pools.len();
        let (limits, outlet) = (limits(base, of, &pool.limits), outlet(base, of, &pool.outlet));
        of.matching.pools.push(Pool {
            name: pool.name.clone(),
            capacity: pool.capacity.map(|c| c.0),
            limits,
            outlet,
            recovery: pool.recovery,
            burden: vec![pool.burden],
        });
        for source in 0..of.sources.len() {
            enter(base, of, (at, pool), source);
        }
        for sink in 0..of.sinks.len() {
            leave(base, of, (at, pool), sink);
        }
    }
}

fn limits(base: &Base, of: &mut Offers, stated: &[ExchangeLimit]) -> Vec<Limit> {
    let mut made = vec![Limit::default(); of.qualities.len()];
    for limit in stated {
        if let Some(at) = quality_at(base, of, limit) {
            hold(&mut made[at], limit.most, limit.value / of.qualities[at].per_unit);
        }
    }
    made
}

/// What is not stated of an outlet is 0 here; needs that limit it are closed to it.
fn outlet(base: &Base, of: &mut Offers, stated: &[ExchangeLimit]) -> Outlet {
    if stated.is_empty() {
        return Outlet::Mixed;
    }
    let mut made = vec![0.0; of.qualities.len()];
    for limit in stated {
        if let Some(at) = quality_at(base, of, limit) {
            made[at] = limit.value / of.qualities[at].per_unit;
        }
    }
    Outlet::Stated(made)
}

fn link<'a>(base: &'a Base, at: usize) -> &'a Link {
    &base.calibrated.model.links[at]
}

/// A source may come in if it is of the carrier, measured as the capacity is, and everything that is limited of it is known.
fn enter(base: &Base, of: &mut Offers, (at, pool): (usize, &StatedPool), source: usize) {
    let mut pair = Pair::new(Giver::Source(source), Taker::Pool(at));
    let own = link(base, of.sources[source]);
    let measured = pool.capacity.is_none_or(|c| c.1 == own.dimension);
    pair.forbidden = own.carrier != pool.carrier || !measured;
    if !pair.forbidden {
        let matters = |q: &usize| pool.outlet.is_empty() || of.matching.pools[at].limits[*q] != Limit::default();
        let unknown = (0..of.qualities.len())
            .filter(matters)
            .find(|q| value_of(base, of.sources[source], &of.qualities[*q]).is_none());
        if let Some(quality) = unknown {
            pair.forbidden = true;
            let (name, id) = (&of.matching.sources[source].name, of.qualities[quality].of.id());
            of.told.push(Words::new(
                format!("{name} > {}: not offered; it needs '{id}' in carriers.csv", pool.name),
                format!("{name} > {}：未列入；需 carriers.csv 给出其 {id}", pool.name),
            ));
        }
    }
    of.matching.pairs.push(pair);
}

/// A need may be served where a row says how, and limits nothing that is not known of the outlet.
fn leave(base: &Base, of: &mut Offers, (at, pool): (usize, &StatedPool), sink: usize) {
    let mut pair = Pair::new(Giver::Pool(at), Taker::Sink(sink));
    let serves = |(pair, way): &(&(usize, usize), &Way)| {
        let source = link(base, of.sources[pair.0]);
        pair.1 == sink
            && source.carrier == pool.carrier
            && link(base, of.sinks[sink]).carrier == pool.displaces
            && source.dimension == link(base, of.sinks[sink]).dimension
            && way.saving > 0.0
    };
    let way = of.ways.iter().find(serves).map(|(_, way)| *way);
    pair.forbidden = way.is_none();
    if let Some(way) = way {
        pair.ratio = way.ratio;
        pair.burden = vec![-way.saving];
        let stated = |q: usize| pool.outlet.iter().any(|l| l.of == Some(of.qualities[q].of));
        let held = &of.matching.sinks[sink].limits;
        let untold = (0..held.len()).any(|q| held[q] != Limit::default() && !pool.outlet.is_empty() && !stated(q));
        let rows = &base.package.park.exchanges[way.exchange].limits;
        if untold || rows.iter().any(|l| l.of.is_some() && !l.mixed) {
            pair.forbidden = true;
            let name = &of.matching.sinks[sink].name;
            of.told.push(Words::new(
                format!(
                    "{} > {name}: not offered; the need is limited in what the pool's outlet does not state",
                    pool.name
                ),
                format!("{} > {name}：未列入；该需求的限值在水池出口中未给出", pool.name),
            ));
        }
    }
    of.matching.pairs.push(pair);
}

/// What passes from each source to each need through pools that only mix, in parts of what comes in.
#[must_use]
pub fn through(of: &Offers, plan: &Plan) -> BTreeMap<(usize, usize), f64> {
    let mut made = BTreeMap::new();
    for pool in (0..of.matching.pools.len()).filter(|p| of.matching.pools[*p].outlet == Outlet::Mixed) {
        let entering = plan.transfers.iter().filter(|t| t.to == Taker::Pool(pool));
        let whole: f64 = entering.clone().map(|t| t.amount).sum();
        for enters in entering {
            for leaves in plan.transfers.iter().filter(|t| t.from == Giver::Pool(pool)) {
                if let (Giver::Source(source), Taker::Sink(sink)) = (enters.from, leaves.to) {
                    *made.entry((source, sink)).or_insert(0.0) += enters.amount / whole * leaves.amount;
                }
            }
        }
    }
    made
}

/// Whether a plan treats something: the engine knows no such plant, so that it is not solved in full.
#[must_use]
pub fn treats(of: &Offers, plan: &Plan) -> bool {
    let treatment = |k: usize| of.matching.pools[k].outlet != Outlet::Mixed;
    plan.transfers.iter().any(|t| matches!(t.from, Giver::Pool(k) if treatment(k)) && t.amount > 0.0)
}
