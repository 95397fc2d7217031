//! Marginal values: what one more unit of anything that is given does to a measure, everywhere and inside the fence.
//!
//! The physical model is `A z = f`, a measure `y = y₀ + w · (z − z₀)` with the weights of [`Influences`]. One transposed solve,
//! `Aᵀ λ = w`, gives `∂y/∂f_i = λ_i` for whatever is given in equation `i`, and `∂y/∂A_ik = −λ_i z_k` for a coefficient
//! (R. Heijungs and S. Suh, "The computational structure of life cycle assessment", 2002, chapter 6; adjoint method).
//! These are slopes: they hold until a bound is met.

use crate::park::Park;
use crate::quantity::Dimension;
use crate::scenario::{Base, Calibrated, Clash, Influences, Law, Measure, Model, Place, Solved, contributions};

/// What an answer is to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// The size of an exchange.
    Exchange,
    /// A product that leaves the park, or another given flow.
    Demand,
    /// An activity that is given.
    Activity,
    /// What a process takes per unit of its activity.
    Need,
    /// What a process gives per unit of its activity.
    Yield,
}

impl Kind {
    /// Id in JSON.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Exchange => "exchange",
            Self::Demand => "demand",
            Self::Activity => "activity",
            Self::Need => "need",
            Self::Yield => "yield",
        }
    }

    /// The words in English and Chinese.
    #[must_use]
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Exchange => ("exchange", "交换"),
            Self::Demand => ("given flow", "给定流量"),
            Self::Activity => ("activity", "活动水平"),
            Self::Need => ("taken per activity", "单位活动消耗"),
            Self::Yield => ("given per activity", "单位活动产出"),
        }
    }
}

/// How a measure answers to something.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// What is changed: a link `FROM>TO:CARRIER`, or a process.
    pub of: String,
    /// What about it.
    pub kind: Kind,
    /// The equation that is changed, by position in the model.
    pub equation: usize,
    /// How large it is. Measured: canonical unit of `dimension`; activities are 1 in the base year.
    pub size: f64,
    /// What it is measured in.
    pub dimension: Dimension,
    /// The change of the measure for one unit more, everywhere. Unit: of the measure per unit.
    pub per_unit: f64,
    /// The same inside the fence.
    pub per_unit_inside: f64,
}

impl Answer {
    /// The change of the measure for 1 % more of it, everywhere.
    #[must_use]
    pub fn per_percent(&self) -> f64 {
        0.01 * self.size * self.per_unit
    }

    /// The same inside the fence.
    #[must_use]
    pub fn per_percent_inside(&self) -> f64 {
        0.01 * self.size * self.per_unit_inside
    }
}

/// The answers of a measure to everything that is given, at a solution of a model; what has none is left out.
///
/// Of a link that closes a sum, and of a process whose activity follows from what is taken of it, the coefficient is that
/// of the activity in the sum: what the process needs or makes in all per unit.
///
/// # Errors
/// [`Clash`], where the equations cannot be told apart.
pub fn answers(
    park: &Park,
    calibrated: &Calibrated,
    solved: &Solved,
    influences: &Influences,
    measure: Measure,
) -> Result<Vec<Answer>, Clash> {
    let model = &calibrated.model;
    let total = model.adjoint(solved, &weights(influences, measure, |_| true))?;
    let inside = model.adjoint(solved, &weights(influences, measure, Place::is_inside))?;
    // Whose equation another link at its bound has taken over.
    let taken: Vec<usize> = solved.bound.iter().map(|b| model.processes + b.1).collect();
    let exchanges: Vec<usize> = calibrated.exchanges.iter().flat_map(|b| &b.carried).map(|c| c.link).collect();
    let mut all = Vec::new();
    for (row, equation) in model.equations.iter().enumerate().filter(|(row, _)| !taken.contains(row)) {
        let link = row.checked_sub(model.processes);
        let dimension = link.map_or(Dimension::NONE, |l| model.links[l].dimension);
        let kind = match (equation.law, link) {
            (Law::Given, _) => Kind::Demand,
            (Law::Activity, _) => Kind::Activity,
            (Law::Need | Law::Yield, Some(l)) if exchanges.contains(&l) => Kind::Exchange,
            (Law::Need | Law::Marginal, _) => Kind::Need,
            (Law::Yield | Law::Demand | Law::Sink | Law::Supply, _) => Kind::Yield,
            (Law::Follows | Law::Yields | Law::Losses | Law::Extraction, _) => continue,
        };
        // As a quantity: the right-hand side, or coefficients times activities.
        let is_activity = |k: u32| (k as usize) < model.processes;
        let size = match kind {
            Kind::Demand | Kind::Activity => equation.right,
            _ => equation.terms.iter().filter(|t| is_activity(t.0)).map(|&(k, c)| -c * solved.values[k as usize]).sum(),
        };
        let (per_unit, per_unit_inside) = (total[row], inside[row]);
        if per_unit == 0.0 && per_unit_inside == 0.0 || size == 0.0 && kind != Kind::Exchange {
            continue;
        }
        all.push(Answer { of: model.text(park, row), kind, equation: row, size, dimension, per_unit, per_unit_inside });
    }
    Ok(all)
}

/// The answers of the base year.
///
/// # Errors
/// [`Clash`], where the equations cannot be told apart.
pub fn marginal(base: &Base, measure: Measure) -> Result<Vec<Answer>, Clash> {
    let model = &base.calibrated.model;
    let all = contributions(&base.package.park, base.inventory, base.year);
    let influences = Influences::of(base.package, model, &all);
    answers(&base.package.park, &base.calibrated, &at_base(model), &influences, measure)
}

/// The base year as a solution.
#[must_use]
pub fn at_base(model: &Model) -> Solved {
    Solved { values: model.base.clone(), bound: Vec::new() }
}

/// What a unit of each unknown contributes to a measure at some places.
fn weights(influences: &Influences, measure: Measure, which: impl Fn(Place) -> bool) -> Vec<(u32, f64)> {
    let rows = influences.keys.iter().zip(&influences.weights).filter(|(key, _)| key.0 == measure && which(key.1));
    rows.flat_map(|(_, row)| row.iter().copied()).collect()
}
