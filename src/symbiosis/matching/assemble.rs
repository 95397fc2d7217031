//! The linear program of a matching.

use super::lp::{Kind, Program, Row};
use super::{Constraint, Giver, Matching, Outlet, Pair, Taker};
use std::collections::BTreeMap;

/// A way from a giver of known quality to a taker, straight or through a mixed pool. Its amount is a variable.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Way {
    pub from: Giver,
    pub through: Option<usize>,
    pub to: Taker,
}

impl Way {
    /// The pairs that it passes.
    pub(super) fn links(self) -> impl Iterator<Item = (Giver, Taker)> {
        let (first, second) = match self.through {
            None => ((self.from, self.to), None),
            Some(pool) => ((self.from, Taker::Pool(pool)), Some((Giver::Pool(pool), self.to))),
        };
        std::iter::once(first).chain(second)
    }
}

/// A program with what its variables and rows stand for.
pub(super) struct Assembled {
    pub ways: Vec<Way>,
    pub program: Program,
    /// The limit that a row is, if it is one; else a balance or a condition of mixing.
    pub limits: Vec<Option<Constraint>>,
    /// Burden of a unit on each way, by measure: what the giver costs or is spared, the ways, the pool.
    pub burdens: Vec<Vec<f64>>,
    /// Burden by measure if nothing is taken of any source.
    pub constant: Vec<f64>,
}

/// What is said of pairs, by pair.
type Pairs<'a> = BTreeMap<(Giver, Taker), &'a Pair>;

/// Assembles the program; with `cut`, also the ways that are closed (forbidden, not hot enough), each with a row that
/// closes it.
pub(super) fn assemble(of: &Matching, cut: bool) -> Assembled {
    let pairs: Pairs = of.pairs.iter().map(|p| ((p.from, p.to), p)).collect();
    let mut ways = ways(of);
    if !cut {
        ways.retain(|way| closed(of, &pairs, *way).next().is_none());
    }
    let burdens: Vec<Vec<f64>> = ways.iter().map(|way| burden(of, &pairs, *way)).collect();
    let constant = |m: usize| of.sources.iter().map(|s| s.disposal[m] * s.quantity).sum();
    let mut made = Assembled {
        program: Program { cost: burdens.iter().map(|b| b[of.objective]).collect(), rows: Vec::new() },
        limits: Vec::new(),
        constant: (0..of.measures.len()).map(constant).collect(),
        burdens,
        ways,
    };
    made.givers(of);
    made.pools(of);
    made.demands(of, &pairs);
    made.qualities(of);
    for pair in of.pairs.iter().filter(|p| !p.forbidden) {
        if let Some(limit) = pair.limit {
            made.at_most(Constraint::Pair(pair.from, pair.to), limit, |way| {
                f64::from(u8::from(way.links().any(|l| l == (pair.from, pair.to))))
            });
        }
    }
    if cut {
        let reasons: Vec<(usize, Constraint)> =
            (0..).zip(&made.ways).flat_map(|(k, way)| closed(of, &pairs, *way).map(move |c| (k, c))).collect();
        let mut by_reason: BTreeMap<Constraint, Vec<(usize, f64)>> = BTreeMap::new();
        for (way, reason) in reasons {
            by_reason.entry(reason).or_default().push((way, 1.0));
        }
        for (reason, terms) in by_reason {
            made.row(Some(reason), Row { terms, kind: Kind::AtMost, right: 0.0 });
        }
    }
    made
}

/// Every way that the problem knows, in order.
fn ways(of: &Matching) -> Vec<Way> {
    let mixed = |pool: &usize| of.pools[*pool].outlet == Outlet::Mixed;
    let sinks = || (0..of.sinks.len()).map(Taker::Sink);
    let mut made = Vec::new();
    let sources = (0..of.sources.len()).map(Giver::Source);
    for from in sources.chain((0..of.supplies.len()).map(Giver::Supply)) {
        let only = match from {
            Giver::Supply(k) => of.supplies[k].only.as_deref(),
            _ => None,
        };
        let serves = |to: &Taker| only.is_none_or(|o| matches!(to, Taker::Sink(s) if o.contains(s)));
        made.extend(sinks().filter(serves).map(|to| Way { from, through: None, to }));
        if only.is_some() {
            continue;
        }
        for pool in 0..of.pools.len() {
            if mixed(&pool) {
                made.extend(sinks().map(|to| Way { from, through: Some(pool), to }));
            } else {
                made.push(Way { from, through: None, to: Taker::Pool(pool) });
            }
        }
    }
    for pool in (0..of.pools.len()).filter(|p| !mixed(p)) {
        made.extend(sinks().map(|to| Way { from: Giver::Pool(pool), through: None, to }));
    }
    made
}

/// Why nothing may pass on a way.
fn closed<'a>(of: &'a Matching, pairs: &'a Pairs, way: Way) -> impl Iterator<Item = Constraint> + use<'a> {
    let forbidden = way.links().filter(|l| pairs.get(l).is_some_and(|p| p.forbidden));
    let last = way.through.map_or(way.from, Giver::Pool);
    let cold = match way.to {
        Taker::Sink(sink) if heat_above(of, last, sink) <= 0.0 => Some(Constraint::Temperature(last, sink)),
        _ => None,
    };
    forbidden.map(|(from, to)| Constraint::Forbidden(from, to)).chain(cold)
}

/// The part of a giver's heat that is hot enough for a sink; 1 where the sink needs none. Pools carry no heat.
fn heat_above(of: &Matching, giver: Giver, sink: usize) -> f64 {
    let Some(needed) = of.sinks[sink].temperature else { return 1.0 };
    let level = needed + of.least_difference;
    let hot = |t: f64| f64::from(u8::from(t >= level));
    match giver {
        Giver::Pool(_) => 0.0,
        Giver::Supply(k) => of.supplies[k].temperature.map_or(1.0, hot),
        Giver::Source(k) => of.sources[k].temperature.map_or(0.0, |(lo, hi)| {
            if level <= lo { 1.0 } else { ((hi - level) / (hi - lo).max(f64::MIN_POSITIVE)).clamp(0.0, 1.0) }
        }),
    }
}

/// Burden of a unit on a way, by measure.
fn burden(of: &Matching, pairs: &Pairs, way: Way) -> Vec<f64> {
    let pool = match (way.through, way.to) {
        (Some(pool), _) | (None, Taker::Pool(pool)) => Some(pool),
        _ => None,
    };
    let at = |m: usize| {
        let giver = match way.from {
            Giver::Source(k) => -of.sources[k].disposal[m],
            Giver::Supply(k) => of.supplies[k].burden[m],
            Giver::Pool(_) => 0.0,
        };
        let carried = way.links().filter_map(|l| pairs.get(&l)).map(|p| {
            let transport = of.transport.get(m).map_or(0.0, |t| t * p.distance);
            transport + p.burden.get(m).copied().unwrap_or_default()
        });
        giver + pool.map_or(0.0, |p| of.pools[p].burden[m]) + carried.sum::<f64>()
    };
    (0..of.measures.len()).map(at).collect()
}

impl Assembled {
    pub(super) fn row(&mut self, limit: Option<Constraint>, row: Row) {
        self.program.rows.push(row);
        self.limits.push(limit);
    }

    /// `Σ a x ≤ right`, `a` by way; ways with 0 are left out.
    fn at_most(&mut self, limit: Constraint, right: f64, a: impl Fn(&Way) -> f64) {
        let terms = self.terms(a);
        self.row(Some(limit), Row { terms, kind: Kind::AtMost, right });
    }

    pub(super) fn terms(&self, a: impl Fn(&Way) -> f64) -> Vec<(usize, f64)> {
        self.ways.iter().map(a).enumerate().filter(|(_, a)| a.abs() > 0.0).collect()
    }

    /// Quantities of sources, of their heat above each level, and limits of supplies.
    fn givers(&mut self, of: &Matching) {
        let one = |yes: bool| f64::from(u8::from(yes));
        for (k, source) in of.sources.iter().enumerate() {
            self.at_most(Constraint::Source(k), source.quantity, |way| one(way.from == Giver::Source(k)));
            let mut levels: Vec<(f64, usize)> =
                of.sinks.iter().enumerate().filter_map(|(s, sink)| Some((sink.temperature?, s))).collect();
            levels.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            levels.dedup_by(|a, b| a.0 <= b.0);
            for (level, sink) in levels {
                let above = heat_above(of, Giver::Source(k), sink);
                if above > 0.0 && above < 1.0 {
                    let hotter =
                        |to| matches!(to, Taker::Sink(s) if of.sinks[s].temperature.is_some_and(|t| t >= level));
                    self.at_most(Constraint::Temperature(Giver::Source(k), sink), above * source.quantity, |way| {
                        one(way.from == Giver::Source(k) && way.through.is_none() && hotter(way.to))
                    });
                }
            }
        }
        for (k, supply) in of.supplies.iter().enumerate() {
            if let Some(limit) = supply.limit {
                self.at_most(Constraint::Supply(k), limit, |way| one(way.from == Giver::Supply(k)));
            }
        }
    }

    /// Capacities, and what leaves a pool of stated quality: what comes in, times its recovery.
    fn pools(&mut self, of: &Matching) {
        let one = |yes: bool| f64::from(u8::from(yes));
        for (k, pool) in of.pools.iter().enumerate() {
            let enters = |way: &Way| way.through == Some(k) || way.to == Taker::Pool(k);
            if let Some(capacity) = pool.capacity {
                self.at_most(Constraint::Capacity(k), capacity, |way| one(enters(way)));
            }
            if pool.outlet != Outlet::Mixed {
                let terms = self.terms(|way| one(way.from == Giver::Pool(k)) - pool.recovery * one(enters(way)));
                self.row(None, Row { terms, kind: Kind::Equal, right: 0.0 });
            }
        }
    }

    fn demands(&mut self, of: &Matching, pairs: &Pairs) {
        for (k, sink) in of.sinks.iter().enumerate() {
            let terms = self.terms(|way| {
                let last = (way.through.map_or(way.from, Giver::Pool), way.to);
                if way.to == Taker::Sink(k) { pairs.get(&last).map_or(1.0, |p| p.ratio) } else { 0.0 }
            });
            self.row(Some(Constraint::Demand(k)), Row { terms, kind: Kind::Equal, right: sink.demand });
        }
    }

    /// Limits of what each taker takes: `Σ (c − max) x ≤ 0` and `Σ (min − c) x ≤ 0`.
    fn qualities(&mut self, of: &Matching) {
        let sinks = of.sinks.iter().enumerate().map(|(k, s)| (Taker::Sink(k), &s.limits));
        let pools = of.pools.iter().enumerate().map(|(k, p)| (Taker::Pool(k), &p.limits));
        for (taker, limits) in sinks.chain(pools) {
            for (quality, limit) in limits.iter().enumerate() {
                let concentration = |from: Giver| match from {
                    Giver::Source(k) => of.sources[k].qualities[quality],
                    Giver::Supply(k) => of.supplies[k].qualities[quality],
                    Giver::Pool(k) => match &of.pools[k].outlet {
                        Outlet::Stated(outlet) => outlet[quality],
                        Outlet::Mixed => 0.0,
                    },
                };
                let mut add = |constraint, over: &dyn Fn(f64) -> f64| {
                    let terms = self.terms(|way| if takes(way, taker) { over(concentration(way.from)) } else { 0.0 });
                    // A mixture of what is all within a limit is within it.
                    if terms.iter().any(|t| t.1 > 0.0) {
                        self.row(Some(constraint), Row { terms, kind: Kind::AtMost, right: 0.0 });
                    }
                };
                if let Some(max) = limit.max {
                    add(Constraint::Max(taker, quality), &|c| c - max);
                }
                if let Some(min) = limit.min {
                    add(Constraint::Min(taker, quality), &|c| min - c);
                }
            }
        }
    }
}

/// Whether what passes on a way comes into a taker.
pub(super) fn takes(way: &Way, taker: Taker) -> bool {
    way.to == taker || matches!(taker, Taker::Pool(p) if way.through == Some(p))
}
