//! What is not there all the year: exchanges and units by their availability, storages by what is over and what is wanted.
//!
//! The model is one of the year. What has months of its own is looked at month by month, with the quantities of a solution, and
//! gives the model its yearly amount; the model is solved again until both agree:
//!
//! | what | its year |
//! |---|---|
//! | an exchange, the product of a unit | `Σ_m min(a_m Q h_m / H, need_m, at hand_m)` |
//! | a storage | what [`super::storage`] delivers of what is over in each month |
//!
//! The need of a month is that of the taker less what others bring (the need of the year, spread as the base year has it); at hand is
//! what the giver has for the exchange and for its sink. Of several the earlier change comes first.

use super::apply::Refusal;
use super::calibrate::Calibrated;
use super::limits::Judged;
use super::model::{Clash, Equation, Law, Model, Solved};
use super::months::{Months, of_link, periods, spread};
use super::roles::ends;
use super::storage::{Storage, run};
use crate::diagnostic::Words;
use crate::park::{Park, ProcessId};
use crate::quantity::significant;
use std::array;
use std::collections::{BTreeMap, BTreeSet};

/// Most rounds until months and year agree. One is enough where no need depends on what meets it.
const ROUNDS: usize = 60;

/// Amounts that differ by no more than this part of the larger agree; a month beyond its limit by no more keeps it.
const ROUNDING: f64 = 1e-9;

/// Something that has months of its own.
#[derive(Debug, Clone, PartialEq)]
pub enum Timed {
    /// An exchange, or the product of a unit.
    Brought(Brought),
    /// A storage.
    Stored(Stored),
}

impl Timed {
    /// The links whose amounts its months say.
    fn links(&self) -> [usize; 2] {
        match self {
            Self::Brought(of) => [of.link, of.spill.unwrap_or(of.link)],
            Self::Stored(of) => [of.over.1, of.wanted.1],
        }
    }

    /// The unit that it is, if it is one.
    fn unit(&self) -> Option<ProcessId> {
        match self {
            Self::Brought(Brought { sets: Sets::Runs(unit, _) | Sets::Alone(unit), .. })
            | Self::Stored(Stored { unit, .. }) => Some(*unit),
            Self::Brought(_) => None,
        }
    }
}

/// An exchange or a product that is there in some months only.
#[derive(Debug, Clone, PartialEq)]
pub struct Brought {
    /// Its link.
    pub link: usize,
    /// What is there in each month where its giver or taker runs as in the base year. Measured: canonical unit of the link.
    pub offered: Months,
    /// What its yearly amount is written into.
    pub sets: Sets,
    /// The link that it displaces, and units of that for one of it.
    pub need: Option<(usize, f64)>,
    /// The link that takes what it does not.
    pub hand: Option<usize>,
    /// The link by which what is not needed goes to the grid.
    pub spill: Option<usize>,
}

/// Where a yearly amount goes in a model.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Sets {
    /// An exchange: per activity of the process that it goes with.
    With(ProcessId),
    /// A unit that makes no more than is needed: its activity, of which one makes so much.
    Runs(ProcessId, f64),
    /// The link alone: the unit that it comes from makes what it can.
    Alone(ProcessId),
}

/// A storage between a surplus and a purchase.
#[derive(Debug, Clone, PartialEq)]
pub struct Stored {
    /// The process that it is; its activity is what it delivers. Unit: GJ.
    pub unit: ProcessId,
    /// The link of what is over, and that by which the storage takes of it.
    pub over: (usize, usize),
    /// The link of what is bought, and that by which the storage delivers in its place.
    pub wanted: (usize, usize),
    /// The link of what is lost, where something is.
    pub lost: Option<usize>,
    /// Its sizes.
    pub storage: Storage,
}

/// The most that a link may carry in each month.
#[derive(Debug, Clone, PartialEq)]
pub struct Ceiling {
    /// The link.
    pub link: usize,
    /// Measured: canonical unit of the link.
    pub most: Months,
}

/// What is known of the months of a solution.
struct Plan {
    /// The yearly amount of each timed thing, in their order.
    amounts: Vec<f64>,
    /// Links by month. Measured: canonical unit of the link.
    months: BTreeMap<usize, Months>,
}

/// Links that a change may stretch: those whose months do not say what they carry.
///
/// # Errors
/// A refusal, where there are others only.
pub(super) fn stretchable(timed: &[Timed], links: Vec<usize>) -> Result<Vec<usize>, Refusal> {
    left_over(links, |link| timed.iter().any(|t| t.links().contains(link)))
}

/// Processes that a change may stretch: those that are no unit of which the months say what it does.
///
/// # Errors
/// A refusal, where there are others only.
pub(super) fn stretchable_units(timed: &[Timed], processes: Vec<ProcessId>) -> Result<Vec<ProcessId>, Refusal> {
    left_over(processes, |process| timed.iter().any(|t| t.unit() == Some(*process)))
}

fn left_over<T>(mut all: Vec<T>, is_timed: impl Fn(&T) -> bool) -> Result<Vec<T>, Refusal> {
    let some = !all.is_empty();
    all.retain(|one| !is_timed(one));
    if some && all.is_empty() {
        return Err(Words::new(
            "its months say how large it is: change the sizes in the change that states them",
            "其大小由各月决定：请在给出规模的变更中修改",
        ));
    }
    Ok(all)
}

/// What stands still, or serves what does, has no months any more.
pub(super) fn close(calibrated: &mut Calibrated, closed: &[ProcessId]) {
    let model = &calibrated.model;
    let stands = |link: &usize| {
        let (from, to) = ends(&model.links[*link]);
        [from, to].into_iter().flatten().any(|p| closed.contains(&p))
    };
    calibrated.timed.retain(|timed| !timed.links().iter().any(stands));
}

/// Links by month in a solution: those of timed things, what they displace, and what they take from. Measured: canonical unit.
#[must_use]
pub fn months(park: &Park, calibrated: &Calibrated, values: &[f64]) -> BTreeMap<usize, Months> {
    plan(park, calibrated, values).months
}

/// Solves a model, changed from `original`, so that the amounts of timed things are those of their months; the amounts are
/// written into the model.
///
/// # Errors
/// [`Clash`], as [`Model::solve`]; amounts that never settle have no quantity of their own.
pub(super) fn solve(park: &Park, calibrated: &mut Calibrated, original: &Model) -> Result<Solved, Clash> {
    if calibrated.timed.is_empty() {
        return calibrated.model.solve(original);
    }
    // A limit may be passed on the way and hold in the end.
    let free = |model: &Model| Model { limits: BTreeMap::new(), ..model.clone() }.solve(original).map(|s| s.values);
    // Without any of it first: nothing is short of what it would take.
    let base = calibrated.model.base.clone();
    write(calibrated, &base, &vec![0.0; calibrated.timed.len()]);
    let mut values = free(&calibrated.model)?;
    for _ in 0..ROUNDS {
        let amounts = plan(park, calibrated, &values).amounts;
        write(calibrated, &values, &amounts);
        values = free(&calibrated.model)?;
        let again = plan(park, calibrated, &values).amounts;
        let agree = |(a, b): (&f64, &f64)| (a - b).abs() <= ROUNDING * a.abs().max(b.abs());
        if amounts.iter().zip(&again).all(agree) {
            return calibrated.model.solve(original);
        }
    }
    let link = |timed: &Timed| match timed {
        Timed::Brought(of) => of.link,
        Timed::Stored(of) => of.wanted.1,
    };
    Err(Clash::Singular(calibrated.timed.iter().map(|t| calibrated.model.processes + link(t)).collect()))
}

/// Writes yearly amounts into a model.
fn write(calibrated: &mut Calibrated, values: &[f64], amounts: &[f64]) {
    let model = &mut calibrated.model;
    for (timed, &amount) in calibrated.timed.iter().zip(amounts) {
        match timed {
            Timed::Stored(of) => model.equations[of.unit.index()].right = amount,
            Timed::Brought(of) => {
                let (row, quantity) = (model.processes + of.link, model.quantity(of.link));
                match of.sets {
                    Sets::Runs(unit, made) => model.equations[unit.index()].right = amount / made,
                    Sets::Alone(_) => {
                        model.equations[row] = Equation::new(vec![(quantity, 1.0)], amount, Law::Yield);
                    }
                    Sets::With(process) => {
                        // A plant that stands still has nothing to give.
                        let activity = values[process.index()];
                        let per = if activity > 0.0 { amount / activity } else { 0.0 };
                        let law = model.equations[row].law;
                        let terms = vec![(quantity, 1.0), (process.index() as u32, -per)];
                        model.equations[row] = Equation::new(terms, 0.0, law);
                    }
                }
            }
        }
    }
}

/// Goes through the timed things month by month, with the quantities of a solution.
fn plan(park: &Park, calibrated: &Calibrated, values: &[f64]) -> Plan {
    let model = &calibrated.model;
    let mut plan = Plan { amounts: Vec::new(), months: BTreeMap::new() };
    for timed in &calibrated.timed {
        let amount = match timed {
            Timed::Brought(of) => {
                let runs = match of.sets {
                    Sets::With(process) => values[process.index()].max(0.0),
                    Sets::Runs(..) | Sets::Alone(_) => 1.0,
                };
                let offered = of.offered.map(|o| o * runs);
                let mut brought = offered;
                if let Some((need, ratio)) = of.need {
                    let need = *left(&mut plan, park, calibrated, values, need);
                    brought = array::from_fn(|m| brought[m].min(need[m] / ratio));
                }
                if let Some(hand) = of.hand {
                    let hand = *left(&mut plan, park, calibrated, values, hand);
                    brought = array::from_fn(|m| brought[m].min(hand[m]));
                }
                take(&mut plan, of.need, &brought);
                take(&mut plan, of.hand.map(|hand| (hand, 1.0)), &brought);
                if let Some(spill) = of.spill {
                    plan.months.insert(spill, array::from_fn(|m| offered[m] - brought[m]));
                }
                plan.months.insert(of.link, brought);
                brought.iter().sum()
            }
            Timed::Stored(of) => {
                let over = *left(&mut plan, park, calibrated, values, of.over.0);
                let wanted = *left(&mut plan, park, calibrated, values, of.wanted.0);
                let (taken, delivered) = run(&of.storage, &over, &wanted, model.year);
                take(&mut plan, Some((of.over.0, 1.0)), &taken);
                take(&mut plan, Some((of.wanted.0, 1.0)), &delivered);
                if let Some(lost) = of.lost {
                    plan.months.insert(lost, taken.map(|t| t * (1.0 - of.storage.efficiency)));
                }
                plan.months.insert(of.over.1, taken);
                plan.months.insert(of.wanted.1, delivered);
                delivered.iter().sum()
            }
        };
        plan.amounts.push(amount);
    }
    plan
}

/// What is left of a link by month for the next timed thing that displaces it or takes from it; at first what it and they carry
/// together in the solution, spread as they do in the base year.
fn left<'p>(plan: &'p mut Plan, park: &Park, calibrated: &Calibrated, values: &[f64], link: usize) -> &'p mut Months {
    plan.months.entry(link).or_insert_with(|| {
        let model = &calibrated.model;
        let (mut yearly, mut profile) = (0.0, [0.0; 12]);
        for (member, weight) in together(&calibrated.timed, link) {
            yearly += weight * values[model.processes + member];
            let (of, _) = of_link(park, &model.links[member], model.year);
            profile = array::from_fn(|m| profile[m] + weight * of[m]);
        }
        spread(yearly.max(0.0), &profile, model.year)
    })
}

/// A link with the timed ones that displace it or take from it, with their weights.
fn together(timed: &[Timed], link: usize) -> Vec<(usize, f64)> {
    let of = |timed: &Timed| match timed {
        Timed::Brought(of) => {
            let need = of.need.filter(|n| n.0 == link).map(|n| (of.link, n.1));
            need.or_else(|| of.hand.filter(|&h| h == link).map(|_| (of.link, 1.0)))
        }
        Timed::Stored(of) => [of.over, of.wanted].into_iter().find(|pair| pair.0 == link).map(|pair| (pair.1, 1.0)),
    };
    std::iter::once((link, 1.0)).chain(timed.iter().filter_map(of)).collect()
}

/// Takes amounts off what is left of a link, of which one stands for so many units.
fn take(plan: &mut Plan, of: Option<(usize, f64)>, amounts: &Months) {
    let Some((link, ratio)) = of else { return };
    if let Some(left) = plan.months.get_mut(&link) {
        // What rounding leaves below zero is nothing.
        *left = array::from_fn(|m| (left[m] - ratio * amounts[m]).max(0.0));
    }
}

/// The flows of a storage of which the park has no months; a surplus of a unit of the scenario has months of its own.
pub(super) fn without_months(park: &Park, calibrated: &Calibrated, of: &Stored) -> Vec<usize> {
    let model = &calibrated.model;
    let spilt = |link: usize| {
        calibrated.timed.iter().any(|timed| matches!(timed, Timed::Brought(of) if of.spill == Some(link)))
    };
    let lacks = |&link: &usize| !spilt(link) && !of_link(park, &model.links[link], model.year).1;
    [of.over.0, of.wanted.0].into_iter().filter(lacks).collect()
}

/// Tells which flows are spread over the year by hours, for want of months: those that are limited by month, and those that timed
/// exchanges and products displace or take from.
pub(super) fn note(park: &Park, calibrated: &mut Calibrated) {
    let model = &calibrated.model;
    let mut asked: BTreeSet<usize> = calibrated.ceilings.iter().map(|c| c.link).collect();
    let mut own = BTreeSet::new();
    for timed in &calibrated.timed {
        own.extend(timed.links());
        if let Timed::Brought(of) = timed {
            asked.extend(of.need.map(|n| n.0).into_iter().chain(of.hand));
        }
    }
    let unknown = |link: &&usize| model.links[**link].base > 0.0 && !of_link(park, &model.links[**link], model.year).1;
    let notes: Vec<Words> = asked
        .difference(&own)
        .filter(unknown)
        .map(|&link| {
            let name = model.links[link].text(park);
            Words::new(
                format!("{name}: flows.csv has no months of it; they are taken in proportion to their hours"),
                format!("{name}：flows.csv 没有其分月数据；按各月小时数分摊"),
            )
        })
        .collect();
    calibrated.notes.extend(notes);
}

/// Judges the most that links may carry in each month.
pub(super) fn judge(park: &Park, calibrated: &Calibrated, values: &[f64], judged: &mut Judged) {
    if calibrated.ceilings.is_empty() {
        return;
    }
    let model = &calibrated.model;
    let known = months(park, calibrated, values);
    for Ceiling { link, most } in &calibrated.ceilings {
        let of = &model.links[*link];
        let (name, yearly) = (of.text(park), values[model.processes + link]);
        let carried = known.get(link).copied().unwrap_or_else(|| {
            let (profile, _) = of_link(park, of, model.year);
            spread(yearly, &profile, model.year)
        });
        // Rounding is that of the year: a month may be zero.
        let room = ROUNDING * yearly.abs();
        let beyond = (0..12).find(|&m| carried[m] > most[m] * (1.0 + ROUNDING) + room);
        if let Some(m) = beyond {
            let month = periods(model.year)[m];
            let [is, most] = [carried[m], most[m]].map(|v| significant(v, 4));
            judged.broken.push((
                name,
                Words::new(
                    format!("at most {most} in {month}, but {is} would be needed ({})", of.dimension),
                    format!("{month} 至多 {most}，但需要 {is}（{}）", of.dimension),
                ),
            ));
        }
    }
}
