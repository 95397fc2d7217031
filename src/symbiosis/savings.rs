//! What exchanges save once the whole network answers.
//!
//! `v(S)` is the results of the park without any exchange less those with the exchanges in `S`, final demands fixed: what the park
//! and the world outside are spared. Savings do not add, so each exchange is shown last in (what would be lost without it),
//! first in (what it would save alone) and by its Shapley value, and these add up to `v(all)`. They stand beside the inventory and
//! are never subtracted from it (GHG Protocol, ISO 14064-1).

use super::attribution::Saving;
use super::shapley::{Coalition, GameError, Shares, shares};
use super::switches::{LeftOut, Switches, clash_words};
use crate::diagnostic::Words;
use crate::park::{CarrierId, EnterpriseId, Gas, Node, Park, Status};
use crate::quantity::Dimension;
use crate::scenario::{Base, Carried, Clash, Contribution, Influences, Measure, Model, Place, Results, Solved};
use std::collections::{BTreeMap, BTreeSet};

/// Part of what moves, below which it is rounding.
const ROUNDING: f64 = 1e-9;

/// What is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// Whether candidates play, too, as if they ran.
    pub candidates: bool,
    /// Orders of the players that are drawn, where there are too many for all coalitions.
    pub orders: u32,
    /// Seed of the orders.
    pub seed: u32,
    /// Means of transport whose factor counts freight: `diesel_truck_30t`.
    pub freight: Option<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self { candidates: false, orders: 1000, seed: 1, freight: None }
    }
}

/// Where a saving arises, as shares tell it apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// Inside the fence.
    Inside,
    /// Where imported power and heat are made.
    Energy,
    /// Upstream and downstream.
    Chain,
}

impl Side {
    /// The side of a place.
    #[must_use]
    pub fn of(place: Place) -> Self {
        match place {
            Place::Enterprise(_) => Self::Inside,
            Place::EnergyOutside => Self::Energy,
            Place::ChainOutside => Self::Chain,
        }
    }

    /// Its id in JSON.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Inside => "inside",
            Self::Energy => "energy_outside",
            Self::Chain => "chain_outside",
        }
    }
}

/// Parks that are solved before somebody is asked whether to go on.
const AT_A_TIME: usize = 256;

/// Is told how many parks are solved, and says whether to go on.
pub type Watch<'a> = &'a dyn Fn(usize) -> bool;

/// Why there are no savings.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SavingsError {
    /// Shares that cannot be made.
    #[error(transparent)]
    Game(#[from] GameError),
    /// Somebody said not to go on.
    #[error("stopped")]
    Stopped,
    /// A park with some exchanges has no solution.
    #[error("without {without:?}: {}", why.en)]
    Clash {
        /// Exchanges that are left out of it.
        without: Vec<String>,
        /// Why.
        why: Words,
    },
}

/// A link that an exchange moves.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moved {
    /// The link.
    pub link: usize,
    /// Without the exchange. Measured: canonical unit of the link.
    pub without: f64,
    /// With it.
    pub with: f64,
}

/// What one exchange saves beside all others that run.
#[derive(Debug, Clone, PartialEq)]
pub struct ExchangeSaving {
    /// Position in the park's exchanges.
    pub exchange: usize,
    /// Whether it runs or might.
    pub status: Status,
    /// Its player in the game, where it plays.
    pub player: Option<usize>,
    /// How much passes. Measured: canonical unit of `dimension`.
    pub quantity: f64,
    /// Of which.
    pub dimension: Dimension,
    /// Saving by place: of one that runs what would be lost without it, of a candidate what it would add.
    pub saved: Results,
    /// The part of it that arises at the exchange itself, at what it displaces and where it would have gone.
    pub direct: BTreeMap<Measure, f64>,
    /// Its parts for donor and receiver.
    pub parts: BTreeMap<Measure, Saving>,
    /// Links that move.
    pub moved: Vec<Moved>,
    /// Carriers bought outside whose making is not counted.
    pub uncounted: Vec<CarrierId>,
    /// Whether freight is counted; `None` where none is stated.
    pub freight: Option<bool>,
    /// Links, with what they displace and the sink.
    pub carried: Vec<Carried>,
}

impl ExchangeSaving {
    /// Whether more CO2e arises with it than without.
    #[must_use]
    pub fn hurts(&self) -> bool {
        let sizes = self.saved.0.iter().filter(|(k, _)| k.0 == Measure::Co2e).map(|(_, v)| v.abs());
        self.saved.total(Measure::Co2e) < -ROUNDING * sizes.fold(0.0, f64::max)
    }
}

/// The savings of a park.
#[derive(Debug, Clone)]
pub struct Savings {
    /// The year.
    pub year: u16,
    /// What was asked.
    pub options: Options,
    /// Each exchange that can be switched, in the order of `exchanges.csv`.
    pub exchanges: Vec<ExchangeSaving>,
    /// Those that cannot.
    pub left_out: Vec<LeftOut>,
    /// What the shares are of, in order.
    pub quantities: Vec<(Measure, Side)>,
    /// Exchanges that play: positions in `exchanges`.
    pub players: Vec<usize>,
    /// Shares of the exchanges, by player and quantity.
    pub shares: Shares,
    /// Enterprises at the ends of the exchanges that play.
    pub enterprises: Vec<EnterpriseId>,
    /// Shares of the enterprises: an exchange runs if both of its ends take part.
    pub of_enterprises: Shares,
}

impl Savings {
    /// A measure of a list of values by quantity, over the sides that are asked for.
    #[must_use]
    pub fn sum(&self, values: &[f64], measure: Measure, which: impl Fn(Side) -> bool) -> f64 {
        let of = self.quantities.iter().zip(values).filter(|(q, _)| q.0 == measure && which(q.1));
        of.map(|(_, v)| v).sum()
    }
}

/// The savings of the exchanges of a park.
///
/// # Errors
/// [`SavingsError`], if the park with some of the exchanges has no solution, or `watch` says not to go on.
pub fn savings(base: &Base, all: &[Contribution], options: &Options, watch: Watch) -> Result<Savings, SavingsError> {
    let park = &base.package.park;
    let model = &base.calibrated.model;
    let influences = Influences::of(base.package, model, all);
    let switches = Switches::new(base, influences, options.freight.as_deref())
        .map_err(|clash| SavingsError::Clash { without: Vec::new(), why: clash_words(park, model, &clash) })?;
    let ready = Ready { switches: &switches, park, model };
    let mut exchanges = Vec::new();
    for i in 0..switches.exchanges.len() {
        exchanges.push(ready.exchange(i)?);
    }
    let playing = if options.candidates { switches.exchanges.len() } else { switches.running };
    for (i, made) in exchanges.iter_mut().enumerate() {
        made.player = (i < playing).then_some(i);
    }
    let (quantities, weights) = quantities(&switches.influences);
    let mut game = Game { ready, weights: &weights, known: BTreeMap::new(), watch };
    let shares_of_exchanges = shares(playing, options.orders, options.seed, |all| game.values(all))?;
    let ends: Vec<(EnterpriseId, EnterpriseId)> = (0..playing)
        .map(|i| &park.exchanges[switches.bound(switches.exchanges[i]).exchange])
        .map(|x| (x.from, x.to))
        .collect();
    let enterprises: Vec<EnterpriseId> =
        ends.iter().flat_map(|e| [e.0, e.1]).collect::<BTreeSet<_>>().into_iter().collect();
    let place = |e: EnterpriseId| enterprises.binary_search(&e).unwrap_or_default();
    let runs = |on: &Coalition| {
        let both = |i: &usize| on.has(place(ends[*i].0)) && on.has(place(ends[*i].1));
        (0..playing).filter(both).fold(Coalition::none(switches.exchanges.len()), Coalition::with)
    };
    let of_enterprises = shares(enterprises.len(), options.orders, options.seed, |all| {
        game.values(&all.iter().map(runs).collect::<Vec<_>>())
    })?;
    // As they stand in the table.
    let mut order: Vec<usize> = (0..exchanges.len()).collect();
    order.sort_by_key(|&i| park.exchanges[exchanges[i].exchange].row);
    let mut players = vec![0; playing];
    for (at, &i) in order.iter().enumerate() {
        if i < playing {
            players[i] = at;
        }
    }
    let exchanges = order.iter().map(|&i| exchanges[i].clone()).collect();
    Ok(Savings {
        year: base.year,
        options: options.clone(),
        exchanges,
        left_out: switches.left_out.clone(),
        quantities,
        players,
        shares: shares_of_exchanges,
        enterprises,
        of_enterprises,
    })
}

/// What savings are read off.
#[derive(Clone, Copy)]
struct Ready<'a> {
    switches: &'a Switches<'a>,
    park: &'a Park,
    model: &'a Model,
}

impl Ready<'_> {
    /// A clash with the exchanges that are not there.
    fn clash(&self, on: &Coalition, clash: &Clash) -> SavingsError {
        let off = (0..self.switches.exchanges.len()).filter(|i| !on.has(*i) && *i < self.switches.running);
        let name = |i: usize| text(self.park, self.switches.bound(self.switches.exchanges[i]).exchange);
        SavingsError::Clash { without: off.map(name).collect(), why: clash_words(self.park, self.model, clash) }
    }

    fn solve(&self, on: &Coalition) -> Result<Solved, SavingsError> {
        self.switches.solve(on).map_err(|clash| self.clash(on, &clash))
    }

    /// What an exchange saves beside those that run.
    fn exchange(&self, i: usize) -> Result<ExchangeSaving, SavingsError> {
        let Self { switches, park, model } = self;
        let now = switches.as_it_is();
        let (with, without) = (self.solve(&now.clone().with(i))?, self.solve(&now.without(i))?);
        let bound = switches.bound(switches.exchanges[i]);
        let exchange = &park.exchanges[bound.exchange];
        let influences = &switches.influences;
        let saved = influences.results(model, &without).less(&influences.results(model, &with));
        let change = |k: u32| with.values[k as usize] - without.values[k as usize];
        let mut direct: BTreeMap<Measure, f64> = BTreeMap::new();
        let mut parts: BTreeMap<Measure, Saving> = BTreeMap::new();
        let roles = Roles::of(self, i);
        for (&(measure, place), row) in influences.keys.iter().zip(&influences.weights) {
            let part = parts.entry(measure).or_default();
            for &(k, weight) in row {
                let cost = weight * change(k);
                if cost == 0.0 {
                    continue;
                }
                let link = (k as usize).checked_sub(model.processes);
                let mut rest = cost;
                let carted = link.is_some_and(|l| roles.own.contains(&l) && switches.freight.contains_key(&l));
                if carted
                    && place == Place::ChainOutside
                    && matches!(measure, Measure::Co2e | Measure::Gas(Gas::Co2 | Gas::LifeCycleCo2e))
                {
                    // Freight is the only thing that an exchange inside the fence brings about in the chain.
                    part.transport += cost;
                    rest = 0.0;
                } else if link.is_some_and(|l| roles.displaced.contains(&l)) {
                    part.displaced -= cost;
                    rest = 0.0;
                } else if link.is_some_and(|l| roles.sinks.contains(&l)) {
                    part.disposal -= cost;
                    rest = 0.0;
                }
                let own = link.is_some_and(|l| {
                    roles.own.contains(&l) || roles.displaced.contains(&l) || roles.sinks.contains(&l)
                });
                if own {
                    *direct.entry(measure).or_default() -= cost;
                }
                let at_donor = match place {
                    Place::Enterprise(e) => e == exchange.from,
                    _ => self.owner(k) == Some(exchange.from),
                };
                if at_donor { part.induced_at_donor += rest } else { part.induced_at_receiver += rest }
            }
        }
        let moved: Vec<Moved> = (0..model.links.len())
            .map(|link| {
                let k = model.processes + link;
                Moved { link, without: without.values[k], with: with.values[k] }
            })
            .filter(|m| (m.with - m.without).abs() > ROUNDING * m.with.abs().max(m.without.abs()))
            .collect();
        let uncounted: BTreeSet<CarrierId> = moved
            .iter()
            .filter(|m| influences.uncounted.contains(&m.link))
            .map(|m| model.links[m.link].carrier)
            .collect();
        let quantity: f64 = bound.carried.iter().map(|c| with.values[model.processes + c.link]).sum();
        let counted = bound.carried.iter().any(|c| switches.freight.contains_key(&c.link));
        Ok(ExchangeSaving {
            exchange: bound.exchange,
            status: bound.status,
            player: None,
            quantity,
            dimension: bound.carried.first().map_or(Dimension::NONE, |c| model.links[c.link].dimension),
            saved,
            direct,
            parts,
            moved,
            uncounted: uncounted.into_iter().collect(),
            freight: exchange.distance_km.map(|_| counted),
            carried: bound.carried.clone(),
        })
    }

    /// Whose an unknown is: of a process its enterprise, of a link the one that takes it, else the one that gives it.
    fn owner(&self, unknown: u32) -> Option<EnterpriseId> {
        match (unknown as usize).checked_sub(self.model.processes) {
            None => Some(self.park.processes[unknown as usize].enterprise),
            Some(link) => {
                let link = &self.model.links[link];
                let of = |node: Node| self.park.owner(node);
                of(link.to).or(of(link.from))
            }
        }
    }
}

/// The links of an exchange by what they are to it.
struct Roles {
    own: BTreeSet<usize>,
    displaced: BTreeSet<usize>,
    sinks: BTreeSet<usize>,
}

impl Roles {
    fn of(ready: &Ready, i: usize) -> Self {
        let carried = &ready.switches.bound(ready.switches.exchanges[i]).carried;
        Self {
            own: carried.iter().map(|c| c.link).collect(),
            displaced: carried.iter().filter_map(|c| c.displaced.map(|d| d.0)).collect(),
            sinks: carried.iter().filter_map(|c| c.sink).collect(),
        }
    }
}

/// Results by measure and side: what they are, and their weights.
type Weights = (Vec<(Measure, Side)>, Vec<Vec<(u32, f64)>>);

fn quantities(influences: &Influences) -> Weights {
    let mut all: BTreeMap<(Measure, Side), BTreeMap<u32, f64>> = BTreeMap::new();
    for (key, row) in influences.keys.iter().zip(&influences.weights) {
        let sum = all.entry((key.0, Side::of(key.1))).or_default();
        for &(k, w) in row {
            *sum.entry(k).or_default() += w;
        }
    }
    all.into_iter().map(|(key, row)| (key, row.into_iter().collect::<Vec<_>>())).unzip()
}

/// The game, with the parks that were solved.
struct Game<'a> {
    ready: Ready<'a>,
    weights: &'a [Vec<(u32, f64)>],
    known: BTreeMap<Coalition, Vec<f64>>,
    watch: Watch<'a>,
}

impl Game<'_> {
    /// What is spared, against the base year, by quantity.
    fn values(&mut self, all: &[Coalition]) -> Result<Vec<Vec<f64>>, SavingsError> {
        let wanted: BTreeSet<&Coalition> = all.iter().filter(|on| !self.known.contains_key(on)).collect();
        let wanted: Vec<Coalition> = wanted.into_iter().cloned().collect();
        let base = &self.ready.model.base;
        let read = |solved: &Solved| -> Vec<f64> {
            let spared = |row: &Vec<(u32, f64)>| -> f64 {
                row.iter().map(|&(k, w)| w * (base[k as usize] - solved.values[k as usize])).sum()
            };
            self.weights.iter().map(spared).collect()
        };
        for batch in wanted.chunks(AT_A_TIME) {
            if !(self.watch)(self.known.len()) {
                return Err(SavingsError::Stopped);
            }
            let made = self.ready.switches.solve_all(batch, read);
            let made = made.map_err(|(i, clash)| self.ready.clash(&batch[i], &clash))?;
            self.known.extend(batch.iter().cloned().zip(made));
        }
        Ok(all.iter().map(|on| self.known.get(on).cloned().unwrap_or_default()).collect())
    }
}

/// `E03>E04:blast_furnace_slag`.
#[must_use]
pub fn text(park: &Park, exchange: usize) -> String {
    let x = &park.exchanges[exchange];
    let id = |e: EnterpriseId| &*park.enterprise(e).label.id;
    format!("{}>{}:{}", id(x.from), id(x.to), park.carrier(x.carrier).label.id)
}
