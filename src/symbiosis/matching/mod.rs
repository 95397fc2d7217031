//! The best use of by-products, heat or water among sources and sinks.
//!
//! Givers (sources, supplies, pools) may serve takers (sinks, pools). A linear program finds amounts `x ≥ 0` with the
//! least of one measure (fresh water, CO2e, cost …):
//!
//! - a source gives at most its quantity: `Σ x ≤ quantity`; what it keeps is disposed of, at its burden per unit;
//! - a sink takes what it needs: `Σ ratio x = demand`, where a unit of the giver replaces `ratio` units of demand;
//! - what a taker takes is mixed, and each quality (a concentration) of the mixture keeps its limits:
//!   `Σ c x ≤ limit Σ x`, linear in `x` (for water: G. T. Polley and H. L. Polley, "Design better water networks",
//!   Chemical Engineering Progress 96 (2000) 47–52, from memory);
//! - heat goes downward: a giver at `T` serves a sink that needs heat at `T_s` if `T − ΔT_min ≥ T_s`. A source that cools
//!   from `hi` to `lo` gives its heat evenly between them, so that what it may give to all sinks at or above a level is
//!   the part above that level (the cascade of B. Linnhoff and E. Hindmarsh, Chemical Engineering Science 38 (1983)
//!   745–763);
//! - a treated pool has a stated quality at its outlet, whatever comes in within its limits; a mixed pool gives what
//!   it is mixed of, which makes the program bilinear: it is solved to its global optimum (`pooled`).
//!
//! Units are the caller's: quantities in one unit (t, m³, GJ), concentrations in one unit each (ppm, share),
//! temperatures in °C, burdens in the unit of their measure per unit of quantity.
//!
//! | file | what |
//! |---|---|
//! | `check` | whether the numbers make a problem |
//! | `assemble` | the linear program of a problem |
//! | `plan` | its solution in the terms of the problem, with prices |
//! | `pooled` | mixed pools |
//! | `clash` | which limits cannot hold together |
//! | `lp` | linear programs |

mod assemble;
mod check;
mod clash;
mod lp;
mod plan;
mod pooled;

pub use check::MatchError;

/// What has a quantity to give.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Source {
    /// Its name.
    pub name: String,
    /// How much there is in the period.
    pub quantity: f64,
    /// Concentration of each quality.
    pub qualities: Vec<f64>,
    /// Temperatures between which it gives its heat, lower and upper; equal for heat at one level. A source without
    /// temperatures serves no sink that needs one. Unit: °C.
    pub temperature: Option<(f64, f64)>,
    /// Burden of disposing of a unit, in each measure; negative where disposal is a gain.
    pub disposal: Vec<f64>,
}

/// What has a demand.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sink {
    /// Its name.
    pub name: String,
    /// How much it needs in the period.
    pub demand: f64,
    /// Limits of the mixture that it takes, for each quality.
    pub limits: Vec<Limit>,
    /// Temperature at which it needs heat. Unit: °C.
    pub temperature: Option<f64>,
}

/// Limits of a concentration.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Limit {
    /// Not below.
    pub min: Option<f64>,
    /// Not above.
    pub max: Option<f64>,
}

/// Supply from outside: fresh water, purchased heat, the virgin material that a by-product would displace (then with
/// `only` for its sink).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Supply {
    /// Its name.
    pub name: String,
    /// How much there is; `None` for as much as is wanted.
    pub limit: Option<f64>,
    /// Concentration of each quality.
    pub qualities: Vec<f64>,
    /// Temperature of its heat; `None` for hot enough for every sink. Unit: °C.
    pub temperature: Option<f64>,
    /// Burden of a unit, in each measure.
    pub burden: Vec<f64>,
    /// The sinks that it may serve, by position; `None` for every sink and pool.
    pub only: Option<Vec<usize>>,
}

/// What a pool gives.
#[derive(Debug, Clone, PartialEq)]
pub enum Outlet {
    /// A stated concentration of each quality, as behind a treatment.
    Stated(Vec<f64>),
    /// What comes in, mixed.
    Mixed,
}

/// A pool or treatment between givers and sinks.
#[derive(Debug, Clone, PartialEq)]
pub struct Pool {
    /// Its name.
    pub name: String,
    /// How much it can take; `None` for any amount.
    pub capacity: Option<f64>,
    /// Limits of what comes in, for each quality.
    pub limits: Vec<Limit>,
    /// What goes out. A pool of a stated quality that does not treat has limits that say so (`max` = outlet).
    pub outlet: Outlet,
    /// Part of what comes in that goes out; the rest is lost. A mixed pool loses nothing. Unit: 1.
    pub recovery: f64,
    /// Burden of a unit that comes in, in each measure.
    pub burden: Vec<f64>,
}

/// Who gives, by position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Giver {
    /// A source.
    Source(usize),
    /// A supply.
    Supply(usize),
    /// A pool.
    Pool(usize),
}

/// Who takes, by position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Taker {
    /// A sink.
    Sink(usize),
    /// A pool.
    Pool(usize),
}

/// What is said of one giver and one taker; pairs of which nothing is said are free, with ratio 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Pair {
    /// Who gives.
    pub from: Giver,
    /// Who takes.
    pub to: Taker,
    /// Nothing may pass.
    pub forbidden: bool,
    /// The most that may pass.
    pub limit: Option<f64>,
    /// Units of demand that a unit replaces. Unit: 1. Pairs that lead into a pool have 1.
    pub ratio: f64,
    /// How far it is carried. Unit: km.
    pub distance: f64,
    /// Burden of a unit beside transport, in each measure; empty for none.
    pub burden: Vec<f64>,
}

impl Pair {
    /// A pair of which nothing else is said.
    #[must_use]
    pub fn new(from: Giver, to: Taker) -> Self {
        Self { from, to, forbidden: false, limit: None, ratio: 1.0, distance: 0.0, burden: Vec::new() }
    }
}

/// Sources and sinks, and what joins them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Matching {
    /// Names of the measures.
    pub measures: Vec<String>,
    /// The measure that is to be least, by position.
    pub objective: usize,
    /// Names of the qualities.
    pub qualities: Vec<String>,
    /// Least difference of temperature from giver to sink. Unit: K.
    pub least_difference: f64,
    /// Burden of carrying a unit over a km, in each measure; empty for none.
    pub transport: Vec<f64>,
    /// What has something to give.
    pub sources: Vec<Source>,
    /// What needs something.
    pub sinks: Vec<Sink>,
    /// Supply from outside.
    pub supplies: Vec<Supply>,
    /// Pools.
    pub pools: Vec<Pool>,
    /// What is said of pairs.
    pub pairs: Vec<Pair>,
}

/// A limit of the problem, to be named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Constraint {
    /// A sink needs its demand.
    Demand(usize),
    /// A source has no more than its quantity.
    Source(usize),
    /// A supply has no more than its limit.
    Supply(usize),
    /// A pool takes no more than its capacity.
    Capacity(usize),
    /// The mixture that someone takes does not exceed a limit of quality.
    Max(Taker, usize),
    /// The mixture that someone takes does not fall below a limit of quality.
    Min(Taker, usize),
    /// Heat of a giver is not hot enough for a sink, or what is hot enough does not suffice for it and hotter ones.
    Temperature(Giver, usize),
    /// A pair is forbidden.
    Forbidden(Giver, Taker),
    /// No more than the limit of a pair passes.
    Pair(Giver, Taker),
}

/// What comes of a problem.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// The best use.
    Best(Box<Plan>),
    /// Nothing fulfils all limits: these cannot hold together, and without any one of them the others can. It is a
    /// smallest set in that sense; there may be others, even with fewer members.
    Clash(Vec<Constraint>),
    /// Numbers do not tell: limits that differ by their last digits, or that nothing but mixed pools can break.
    Unsettled,
}

/// Parts of the room of a mixed pool's shares that are looked into before the best plan so far is taken.
pub const STEPS: usize = 2000;

/// An amount that passes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Transfer {
    /// Who gives.
    pub from: Giver,
    /// Who takes.
    pub to: Taker,
    /// How much, in units of the giver.
    pub amount: f64,
}

/// The price of a limit of quality.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct QualityPrice {
    /// [`Constraint::Max`] or [`Constraint::Min`].
    pub limit: Constraint,
    /// Unit of the objective for one unit of concentration that the limit rises: not above 0 for a maximum, not below 0
    /// for a minimum.
    pub of_limit: f64,
    /// Unit of the objective for one unit of load (quantity × concentration) more that is let through by a maximum, or
    /// less that is asked for by a minimum; not above 0.
    pub of_load: f64,
}

/// Shadow prices: how the least objective moves with each limit, others as they are. Unit: that of the objective per
/// unit of the limit. Where the plan lies at a kink the prices are among those of its two sides.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Prices {
    /// Of one more unit at each source: its disposal, less what it is good for.
    pub source: Vec<f64>,
    /// Of one more unit of demand at each sink.
    pub demand: Vec<f64>,
    /// Of one more unit of each supply that has a limit; not above 0.
    pub supply: Vec<f64>,
    /// Of one more unit of capacity of each pool; not above 0.
    pub capacity: Vec<f64>,
    /// Of one more unit that each limited pair lets pass, in the order of `pairs`; not above 0.
    pub pair: Vec<f64>,
    /// Of each limit of quality.
    pub quality: Vec<QualityPrice>,
}

/// The best use.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// What passes, in the order of givers and takers.
    pub transfers: Vec<Transfer>,
    /// What each supply gives.
    pub supplied: Vec<f64>,
    /// What each source has left, to be disposed of.
    pub left: Vec<f64>,
    /// What each pool loses.
    pub lost: Vec<f64>,
    /// The objective.
    pub objective: f64,
    /// No plan has an objective below this. It differs from the objective by rounding, with mixed pools by up to 1e-6 of
    /// it; by more only where they took more than [`STEPS`] parts, so that the plan is the best found and not proven.
    pub bound: f64,
    /// Every measure.
    pub measures: Vec<f64>,
    /// Shadow prices; with mixed pools those for their shares as they are.
    pub prices: Prices,
}

impl Matching {
    /// The best use, or which limits clash.
    ///
    /// # Errors
    /// [`MatchError`] if the numbers make no problem.
    pub fn solve(&self) -> Result<Outcome, MatchError> {
        check::check(self)?;
        Ok(pooled::solve(self))
    }

    /// The same problem without reuse: sources give nothing, supplies serve all.
    #[must_use]
    pub fn without_reuse(&self) -> Self {
        let mut made = self.clone();
        for source in 0..self.sources.len() {
            let takers = (0..self.sinks.len()).map(Taker::Sink).chain((0..self.pools.len()).map(Taker::Pool));
            for to in takers {
                let from = Giver::Source(source);
                made.pairs.retain(|p| p.from != from || p.to != to);
                made.pairs.push(Pair { forbidden: true, ..Pair::new(from, to) });
            }
        }
        made
    }
}
