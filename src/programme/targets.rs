//! Own targets: progress, and what becomes of the subsidy.
//!
//! A zone of the circular transformation gets half of its subsidy when its plan is approved, the other half when at least 90 per
//! cent of its targets are met, and pays back what it got if there is no substantial progress three years after approval (review
//! of IISD 2015, 3.2.2, after the notice of 2014; the clauses themselves were not seen). '90 per cent of the targets' may count
//! targets (the default) or average their progress: both are given. What is substantial is not defined: the zone answers it.

use super::evaluate::{At, Target, value_in};
use super::pack::{Indicator, Pack, Rule, System};
use super::zone::Zone;

/// A target, and how far the zone is.
#[derive(Debug, Clone, PartialEq)]
pub struct Progress<'a> {
    /// Its system.
    pub system: &'a System,
    /// Its row.
    pub row: &'a Indicator,
    /// The target.
    pub target: Target,
    /// The value from which progress counts, in the unit of the row: stated, else worked out of that year.
    pub base: Option<f64>,
    /// Whether the base was worked out.
    pub base_from_accounts: bool,
    /// The value now.
    pub value: Option<f64>,
    /// `(x − x0) / (x_target − x0)`; none where nothing was to change. Unit: 1.
    pub progress: Option<f64>,
    /// Whether it is met; none where a value is missing.
    pub met: Option<bool>,
    /// Line of `targets.csv`.
    pub line: u32,
}

/// The targets of a zone in a year, in the order of their rows.
#[must_use]
pub fn targets<'a>(pack: &'a Pack, zone: &Zone, at: At) -> Vec<Progress<'a>> {
    let rows = pack.systems.iter().flat_map(|s| s.rows.iter().map(move |r| (s, r)));
    rows.filter_map(|(system, row)| {
        let &(target, line) = zone.targets.get(&row.id)?;
        let value = |year: u16| value_in(row, row.formula.as_ref()?, &zone.figures, At { year, ..at });
        let worked_out = || value(target.base_year.unwrap_or(at.base));
        let base = target.base.or_else(worked_out);
        let now = value(at.year);
        let both = base.zip(now);
        Some(Progress {
            system,
            row,
            target,
            base,
            base_from_accounts: target.base.is_none() && base.is_some(),
            value: now,
            progress: both.and_then(|(base, now)| target.progress(base, now)),
            met: both.map(|(base, now)| target.is_met(base, now)),
            line,
        })
    })
    .collect()
}

/// Both readings of the share of targets that are met.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shares {
    /// Targets.
    pub targets: usize,
    /// Those that are met.
    pub met: usize,
    /// Those of which a value is missing; they do not count as met.
    pub open: usize,
    /// Met in parts of all: the count. Unit: 1.
    pub by_count: f64,
    /// Mean of `min(1, progress)`; what is missing counts 0, and what falls back counts below. Unit: 1.
    pub by_progress: f64,
}

/// Both readings; none without a target.
#[must_use]
pub fn shares(list: &[&Progress]) -> Option<Shares> {
    if list.is_empty() {
        return None;
    }
    let all = list.len() as f64;
    let met = list.iter().filter(|p| p.met == Some(true)).count();
    // A target that asks for no change has no progress but is met or not.
    let part = |p: &&Progress| match (p.progress, p.met) {
        (Some(progress), _) => progress.min(1.0),
        (None, Some(true)) => 1.0,
        (None, _) => 0.0,
    };
    Some(Shares {
        targets: list.len(),
        met,
        open: list.iter().filter(|p| p.met.is_none()).count(),
        by_count: met as f64 / all,
        by_progress: list.iter().map(part).sum::<f64>() / all,
    })
}

/// The share of the targets from which the second half of a subsidy is paid, as the pack of a system has it; else 90 %.
#[must_use]
pub fn share_needed(system: &System) -> f64 {
    match system.rule {
        Rule::OwnTargets { share } => share,
        _ => 0.9,
    }
}

/// What the funding rule says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refund {
    /// Three years are not over.
    NotYet,
    /// There is substantial progress.
    No,
    /// There is none: what was received is paid back.
    Due,
    /// Nobody said when the plan was approved.
    NeedsYear,
    /// Nobody said whether progress is substantial.
    NeedsAnswer,
}

/// Whether what was received is to be paid back: three years after approval without substantial progress.
#[must_use]
pub fn refund(approved: Option<u16>, year: u16, substantial: Option<bool>) -> Refund {
    match (approved, substantial) {
        (None, _) => Refund::NeedsYear,
        (Some(approved), _) if year < approved.saturating_add(3) => Refund::NotYet,
        (_, Some(true)) => Refund::No,
        (_, Some(false)) => Refund::Due,
        (_, None) => Refund::NeedsAnswer,
    }
}

/// The two halves of a subsidy, in the unit of the subsidy.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Funding {
    /// Paid at approval.
    pub first: f64,
    /// Paid when the targets are met.
    pub second: f64,
    /// Whether the second half is due, by the count.
    pub due_by_count: bool,
    /// Whether it were due by the mean of progress.
    pub due_by_progress: bool,
    /// What is to be paid back.
    pub refund: Refund,
}

/// The funding of a zone with a subsidy.
#[must_use]
pub fn funding(subsidy: f64, shares: &Shares, needed: f64, refund: Refund) -> Funding {
    // What is just at the share meets it, whatever the last bit says.
    let enough = |share: f64| share >= needed - 1e-9;
    Funding {
        first: 0.5 * subsidy,
        second: 0.5 * subsidy,
        due_by_count: enough(shares.by_count),
        due_by_progress: enough(shares.by_progress),
        refund,
    }
}

/// Status of an eco-industrial park: trial with an approved plan, demonstration with acceptance, then an evaluation every three
/// years; a park that fails gets a deadline, then loses the title (review of IISD 2015, 3.1.2 and 3.1.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Since the plan was approved.
    Trial(u16),
    /// Since acceptance.
    Demonstration(u16),
}

/// Where a zone stands in the programme of eco-industrial parks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct State {
    /// Its status.
    pub status: Status,
    /// The year of the next evaluation of a demonstration park; for a trial park none is set.
    pub next_evaluation: Option<u16>,
    /// Whether that year is over.
    pub overdue: bool,
}

/// Years from one evaluation to the next.
const EVERY: u16 = 3;

/// The state of a zone in a year, from the years of approval, of acceptance and of the last evaluation; none before approval.
#[must_use]
pub fn state(trial: Option<u16>, accepted: Option<u16>, evaluated: Option<u16>, year: u16) -> Option<State> {
    let reached = |of: Option<u16>| of.filter(|of| *of <= year);
    if let Some(accepted) = reached(accepted) {
        let last = reached(evaluated).unwrap_or(accepted).max(accepted);
        let next = last.saturating_add(EVERY);
        return Some(State {
            status: Status::Demonstration(accepted),
            next_evaluation: Some(next),
            overdue: year > next,
        });
    }
    reached(trial).map(|trial| State { status: Status::Trial(trial), next_evaluation: None, overdue: false })
}
