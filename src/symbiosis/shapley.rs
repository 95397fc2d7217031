//! Savings that do not add, shared among those who make them.
//!
//! A game has players (exchanges, or enterprises) and a value `v(S)` for each coalition `S` of them: what the park is
//! spared when just these are active, one number per gas or quantity. The share of a player is its Shapley value
//!
//! `φ_i = Σ_{S ∌ i} |S|! (n − 1 − |S|)! / n! · (v(S ∪ i) − v(S))`
//!
//! (L. S. Shapley, "A value for n-person games", Contributions to the Theory of Games II, Princeton 1953, 307–317): the
//! mean, over all orders in which the players may come, of what each adds when it comes. The shares add up to
//! `v(all) − v(none)` because the steps of each order do; nothing is made to fit afterwards. Up to [`EXACT`] players all
//! coalitions are valued; above, orders are drawn, each walked forward and backward (J. Castro, D. Gómez and J. Tejada,
//! "Polynomial calculation of the Shapley value based on sampling", Computers & Operations Research 36 (2009) 1726–1730;
//! the backward walk is an antithetic variate), and a standard error is given.

use crate::network::{Distribution, Parameter};

/// Up to so many players every coalition is valued: 4,096 of them.
pub const EXACT: usize = 12;

/// Coalitions that are valued at a time when orders are drawn.
const BATCH: usize = 4096;

/// Why there are no shares.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum GameError {
    /// Too many players for all coalitions.
    #[error("{0} players are too many for all coalitions; at most {EXACT}")]
    TooMany(usize),
    /// As many values as coalitions are needed.
    #[error("{expected} coalitions need {expected} values, not {found}")]
    Coalitions {
        /// How many there are.
        expected: usize,
        /// How many values came.
        found: usize,
    },
    /// Each coalition has one value for each quantity.
    #[error("a coalition has {found} quantities where others have {expected}")]
    Quantities {
        /// How many others have.
        expected: usize,
        /// How many it has.
        found: usize,
    },
    /// A value is infinite or no number.
    #[error("the value of a coalition is no finite number")]
    NotFinite,
    /// A standard error needs two pairs of orders.
    #[error("{0} orders are too few for a standard error; at least 4")]
    TooFew(u32),
}

/// A set of players.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Coalition(Box<[u64]>);

impl Coalition {
    /// Nobody, of `players`.
    #[must_use]
    pub fn none(players: usize) -> Self {
        Self(vec![0; players.div_ceil(64)].into())
    }

    /// Everybody.
    #[must_use]
    pub fn all(players: usize) -> Self {
        (0..players).fold(Self::none(players), Self::with)
    }

    /// The coalition whose members are the bits of a mask: player 0 is the lowest.
    #[must_use]
    pub fn of_mask(players: usize, mask: u64) -> Self {
        let members = (0..players.min(64)).filter(|p| mask >> p & 1 == 1);
        members.fold(Self::none(players), Self::with)
    }

    /// The same with a player.
    #[must_use]
    pub fn with(mut self, player: usize) -> Self {
        if let Some(word) = self.0.get_mut(player / 64) {
            *word |= 1 << (player % 64);
        }
        self
    }

    /// The same without a player.
    #[must_use]
    pub fn without(mut self, player: usize) -> Self {
        if let Some(word) = self.0.get_mut(player / 64) {
            *word &= !(1 << (player % 64));
        }
        self
    }

    /// Whether a player is in it.
    #[must_use]
    pub fn has(&self, player: usize) -> bool {
        self.0.get(player / 64).is_some_and(|word| word >> (player % 64) & 1 == 1)
    }

    /// Its members, in order.
    pub fn members(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.0.len() * 64).filter(|&p| self.has(p))
    }
}

/// Who made how much, in the units of the values, one number per quantity.
#[derive(Debug, Clone, PartialEq)]
pub struct Shares {
    /// `v(all) − v(none)`.
    pub total: Vec<f64>,
    /// What each player adds to nobody: `v({i}) − v(none)`, by player and quantity.
    pub first_in: Vec<Vec<f64>>,
    /// What is lost without it: `v(all) − v(all ∖ i)`.
    pub last_in: Vec<Vec<f64>>,
    /// Its Shapley value.
    pub shapley: Vec<Vec<f64>>,
    /// Standard error of the Shapley value, where it was sampled.
    pub standard_error: Option<Vec<Vec<f64>>>,
    /// Orders that were drawn; 0 where all coalitions were valued.
    pub orders: u32,
}

/// All coalitions in the order in which [`exact`] takes their values: the members are the bits of the position.
pub fn coalitions(players: usize) -> impl Iterator<Item = Coalition> {
    let count = if players <= EXACT { 1_u64 << players } else { 0 };
    (0..count).map(move |mask| Coalition::of_mask(players, mask))
}

/// Shares from the values of all coalitions, in the order of [`coalitions`]: `values[mask][quantity]`.
///
/// # Errors
/// [`GameError`] if values are missing or no numbers, or there are more than [`EXACT`] players.
pub fn exact(players: usize, values: &[Vec<f64>]) -> Result<Shares, GameError> {
    if players > EXACT {
        return Err(GameError::TooMany(players));
    }
    let count = 1_usize << players;
    if values.len() != count {
        return Err(GameError::Coalitions { expected: count, found: values.len() });
    }
    let quantities = values[0].len();
    check(values, quantities)?;
    // |S|! (n − 1 − |S|)! / n! = 1 / (n · C(n − 1, |S|)).
    let mut weight = vec![1.0 / players.max(1) as f64; players.max(1)];
    for size in 1..players {
        weight[size] = weight[size - 1] * size as f64 / (players - size) as f64;
    }
    let everybody = count - 1;
    let share = |player: usize| {
        let mut sum = vec![0.0; quantities];
        for mask in (0..count).filter(|mask| mask >> player & 1 == 0) {
            let weight = weight[mask.count_ones() as usize];
            for (sum, added) in sum.iter_mut().zip(difference(&values[mask | 1 << player], &values[mask])) {
                *sum += weight * added;
            }
        }
        sum
    };
    Ok(Shares {
        total: difference(&values[everybody], &values[0]),
        first_in: (0..players).map(|p| difference(&values[1 << p], &values[0])).collect(),
        last_in: (0..players).map(|p| difference(&values[everybody], &values[everybody & !(1 << p)])).collect(),
        shapley: (0..players).map(share).collect(),
        standard_error: None,
        orders: 0,
    })
}

/// Shares from `orders` drawn orders of the players (made even: each is walked forward and backward). `v` is asked for
/// coalitions in batches, none twice, and gives `[coalition][quantity]`. Equal seeds give equal bytes: player `p` has the
/// place of draw `k` of stream `p` in order `k`.
///
/// # Errors
/// [`GameError`] if values are missing or no numbers, or orders are fewer than 4; what `v` returns as its error.
pub fn sampled<E: From<GameError>>(
    players: usize,
    orders: u32,
    seed: u32,
    v: impl FnMut(&[Coalition]) -> Result<Vec<Vec<f64>>, E>,
) -> Result<Shares, E> {
    if orders < 4 {
        return Err(GameError::TooFew(orders).into());
    }
    let pairs = orders.div_ceil(2);
    let drawn = draw_orders(players, pairs, seed);
    let (nobody, everybody) = (Coalition::none(players), Coalition::all(players));
    let mut wanted = vec![nobody.clone(), everybody.clone()];
    for player in 0..players {
        wanted.extend([nobody.clone().with(player), everybody.clone().without(player)]);
    }
    for order in &drawn {
        wanted.extend(walk(players, order.iter().copied()));
        wanted.extend(walk(players, order.iter().rev().copied()));
    }
    let game = Game::of(wanted, v)?;
    let (none, all) = (game.of_coalition(&nobody), game.of_coalition(&everybody));
    let quantities = game.quantities;

    let mut mean = vec![vec![0.0; quantities]; players];
    let mut spread = mean.clone();
    let mut added = mean.clone();
    for (order, k) in drawn.iter().zip(1_u32..) {
        added.iter_mut().flatten().for_each(|a| *a = 0.0);
        let (forward, backward) = (order.iter().copied(), order.iter().rev().copied());
        game.add_steps(players, forward, &mut added);
        game.add_steps(players, backward, &mut added);
        // Welford's running mean and sum of squares; the value of a pair is the mean of its two walks.
        for ((mean, spread), &two) in
            mean.iter_mut().flatten().zip(spread.iter_mut().flatten()).zip(added.iter().flatten())
        {
            let off = 0.5 * two - *mean;
            *mean += off / f64::from(k);
            *spread += off * (0.5 * two - *mean);
        }
    }
    let error = |sum: &f64| (sum / f64::from(pairs - 1) / f64::from(pairs)).sqrt();
    Ok(Shares {
        total: difference(all, none),
        first_in: (0..players).map(|p| difference(game.of_coalition(&nobody.clone().with(p)), none)).collect(),
        last_in: (0..players).map(|p| difference(all, game.of_coalition(&everybody.clone().without(p)))).collect(),
        shapley: mean,
        standard_error: Some(spread.iter().map(|s| s.iter().map(error).collect()).collect()),
        orders: 2 * pairs,
    })
}

/// Shares: exact up to [`EXACT`] players, else [`sampled`].
///
/// # Errors
/// As [`exact`] and [`sampled`].
pub fn shares<E: From<GameError>>(
    players: usize,
    orders: u32,
    seed: u32,
    mut v: impl FnMut(&[Coalition]) -> Result<Vec<Vec<f64>>, E>,
) -> Result<Shares, E> {
    if players > EXACT {
        return sampled(players, orders, seed, v);
    }
    let all: Vec<Coalition> = coalitions(players).collect();
    Ok(exact(players, &v(&all)?)?)
}

/// Orders of the players, by a random number for each.
fn draw_orders(players: usize, count: u32, seed: u32) -> Vec<Vec<usize>> {
    let keys: Vec<Vec<f64>> = (0..players)
        .map(|p| Parameter { stream: p as u32, distribution: Distribution::Uniform(0.0, 1.0) }.draws(seed, count))
        .collect();
    let order = |k: usize| {
        let mut order: Vec<usize> = (0..players).collect();
        order.sort_by(|&a, &b| keys[a][k].total_cmp(&keys[b][k]).then(a.cmp(&b)));
        order
    };
    (0..count as usize).map(order).collect()
}

/// The coalitions that an order passes through, without the first, which is nobody.
fn walk(players: usize, order: impl Iterator<Item = usize>) -> impl Iterator<Item = Coalition> {
    order.scan(Coalition::none(players), |coalition, player| {
        *coalition = coalition.clone().with(player);
        Some(coalition.clone())
    })
}

/// Coalitions with their values.
struct Game {
    coalitions: Vec<Coalition>,
    /// By coalition, then quantity.
    values: Vec<f64>,
    quantities: usize,
}

impl Game {
    fn of<E: From<GameError>>(
        mut coalitions: Vec<Coalition>,
        mut v: impl FnMut(&[Coalition]) -> Result<Vec<Vec<f64>>, E>,
    ) -> Result<Self, E> {
        coalitions.sort_unstable();
        coalitions.dedup();
        let (mut values, mut quantities) = (Vec::new(), None);
        for batch in coalitions.chunks(BATCH) {
            let made = v(batch)?;
            if made.len() != batch.len() {
                return Err(GameError::Coalitions { expected: batch.len(), found: made.len() }.into());
            }
            let expected = *quantities.get_or_insert(made[0].len());
            check(&made, expected)?;
            values.extend(made.into_iter().flatten());
        }
        Ok(Self { coalitions, values, quantities: quantities.unwrap_or_default() })
    }

    /// The value of a coalition; it is one of those asked for.
    fn of_coalition(&self, coalition: &Coalition) -> &[f64] {
        let at = self.coalitions.binary_search(coalition).unwrap_or_default();
        &self.values[at * self.quantities..(at + 1) * self.quantities]
    }

    /// Adds to each player what it brings as the players come in an order.
    fn add_steps(&self, players: usize, order: impl Iterator<Item = usize> + Clone, added: &mut [Vec<f64>]) {
        let mut before = self.of_coalition(&Coalition::none(players));
        for (player, coalition) in order.clone().zip(walk(players, order)) {
            let after = self.of_coalition(&coalition);
            for (added, step) in added[player].iter_mut().zip(difference(after, before)) {
                *added += step;
            }
            before = after;
        }
    }
}

fn difference(a: &[f64], b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| a - b).collect()
}

fn check(values: &[Vec<f64>], expected: usize) -> Result<(), GameError> {
    if let Some(odd) = values.iter().find(|v| v.len() != expected) {
        return Err(GameError::Quantities { expected, found: odd.len() });
    }
    let finite = values.iter().flatten().all(|v| v.is_finite());
    if finite { Ok(()) } else { Err(GameError::NotFinite) }
}
