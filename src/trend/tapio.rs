//! Decoupling of emissions from added value after Tapio (2005, Transport Policy 12, 137–151).
//!
//! `t = (ΔE / E_0) / (ΔG / G_0)`. Coupling is the closed interval from 0.8 to 1.2, so both bounds belong to it; t = 0
//! belongs to the weak states. Where G does not change there is no elasticity: a state without a number, never infinity.

/// Lower bound of coupling, which belongs to it. Unit: 1.
pub const COUPLED_FROM: f64 = 0.8;

/// Upper bound of coupling, which belongs to it. Unit: 1.
pub const COUPLED_TO: f64 = 1.2;

/// What differences of decimal numbers may be off by: 12 % over 10 % is on the bound. Unit: 1.
const ROUNDING: f64 = 1e-9;

/// A change of added value that is rounding, no change. Unit: 1.
const STILL: f64 = 1e-12;

/// The states of decoupling.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum State {
    /// G grows, E falls: t < 0.
    StrongDecoupling,
    /// G grows, E grows more slowly: 0 ≤ t < 0.8.
    WeakDecoupling,
    /// G grows, E as well: 0.8 ≤ t ≤ 1.2.
    ExpansiveCoupling,
    /// G grows, E faster: t > 1.2.
    ExpansiveNegativeDecoupling,
    /// G falls, E faster: t > 1.2.
    RecessiveDecoupling,
    /// G falls, E as well: 0.8 ≤ t ≤ 1.2.
    RecessiveCoupling,
    /// G falls, E more slowly: 0 ≤ t < 0.8.
    WeakNegativeDecoupling,
    /// G falls, E grows: t < 0.
    StrongNegativeDecoupling,
    /// G does not change: there is no elasticity.
    Undefined,
}

impl State {
    /// The id in JSON.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::StrongDecoupling => "strong_decoupling",
            Self::WeakDecoupling => "weak_decoupling",
            Self::ExpansiveCoupling => "expansive_coupling",
            Self::ExpansiveNegativeDecoupling => "expansive_negative_decoupling",
            Self::RecessiveDecoupling => "recessive_decoupling",
            Self::RecessiveCoupling => "recessive_coupling",
            Self::WeakNegativeDecoupling => "weak_negative_decoupling",
            Self::StrongNegativeDecoupling => "strong_negative_decoupling",
            Self::Undefined => "undefined",
        }
    }

    /// The words in English and Chinese.
    #[must_use]
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::StrongDecoupling => ("strong decoupling", "强脱钩"),
            Self::WeakDecoupling => ("weak decoupling", "弱脱钩"),
            Self::ExpansiveCoupling => ("expansive coupling", "扩张连结"),
            Self::ExpansiveNegativeDecoupling => ("expansive negative decoupling", "扩张负脱钩"),
            Self::RecessiveDecoupling => ("recessive decoupling", "衰退脱钩"),
            Self::RecessiveCoupling => ("recessive coupling", "衰退连结"),
            Self::WeakNegativeDecoupling => ("weak negative decoupling", "弱负脱钩"),
            Self::StrongNegativeDecoupling => ("strong negative decoupling", "强负脱钩"),
            Self::Undefined => ("undefined: added value unchanged", "无定义：增加值不变"),
        }
    }
}

/// A state and its elasticity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Decoupling {
    /// `ΔE / E_0`. Unit: 1.
    pub emission: f64,
    /// `ΔG / G_0`. Unit: 1.
    pub added_value: f64,
    /// Their quotient; none where the state is undefined. Unit: 1.
    pub elasticity: Option<f64>,
    /// The state.
    pub state: State,
}

/// The state of relative changes `emission = ΔE / E_0` and `added_value = ΔG / G_0`; none of what is no finite number.
#[must_use]
pub fn decoupling(emission: f64, added_value: f64) -> Option<Decoupling> {
    if !emission.is_finite() || !added_value.is_finite() {
        return None;
    }
    // Sums in another order differ by rounding: no change. A zero has no sign.
    let emission = if emission.abs() <= STILL { 0.0 } else { emission };
    let quotient = emission / added_value + 0.0;
    let elasticity = (added_value.abs() > STILL && quotient.is_finite()).then_some(quotient);
    let state = elasticity.map_or(State::Undefined, |t| state(t, added_value > 0.0));
    Some(Decoupling { emission, added_value, elasticity, state })
}

/// The state between two periods, of emissions `e` and added value `g` as (before, after); none where a first value is
/// not above zero: nothing changes in parts of nothing.
#[must_use]
pub fn between(e: (f64, f64), g: (f64, f64)) -> Option<Decoupling> {
    let relative = |(before, after): (f64, f64)| (before > 0.0).then(|| (after - before) / before);
    decoupling(relative(e)?, relative(g)?)
}

fn state(t: f64, grows: bool) -> State {
    use State as S;
    let [strong, weak, coupled, beyond] = if grows {
        [S::StrongDecoupling, S::WeakDecoupling, S::ExpansiveCoupling, S::ExpansiveNegativeDecoupling]
    } else {
        [S::StrongNegativeDecoupling, S::WeakNegativeDecoupling, S::RecessiveCoupling, S::RecessiveDecoupling]
    };
    if t < 0.0 {
        strong
    } else if t < COUPLED_FROM - ROUNDING {
        weak
    } else if t <= COUPLED_TO + ROUNDING {
        coupled
    } else {
        beyond
    }
}
