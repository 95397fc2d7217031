//! A system as a whole, by its pass rule.

use super::evaluate::{Assessment, NotApplied, Verdict};
use super::pack::{Confidence, Indicator, Rule, System};
use std::collections::BTreeMap;

/// What becomes of a system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The rule is met.
    Pass,
    /// The rule is not met.
    Fail,
    /// Rows that the rule needs are open: not computable, not defined or not answered.
    Open,
    /// There is no rule.
    NoRule,
}

/// A system, judged.
#[derive(Debug, Clone, PartialEq)]
pub struct Overall {
    /// What becomes of it.
    pub outcome: Outcome,
    /// Whether that rests on a threshold that nobody could confirm.
    pub unconfirmed: bool,
    /// Rows that pass, that fail, and that are open, of those that have a verdict at all.
    pub passed: usize,
    /// Rows that fail.
    pub failed: usize,
    /// Rows that are open.
    pub open: usize,
    /// Rows that are not applied.
    pub not_applied: usize,
    /// Rows that the rule needs and that do not pass, by position.
    pub wanting: Vec<usize>,
}

/// Rows that a later version dropped: shown, and not judged with the others.
const FORMER: &str = "former";

/// The band of scores that do not pass.
const FAILED: &str = "failed";

/// How a row counts for a rule.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Counts {
    Pass,
    Fail,
    Open,
    Not,
}

fn counts(assessment: &Assessment) -> Counts {
    match assessment.verdict {
        Verdict::Pass => Counts::Pass,
        Verdict::Fail => Counts::Fail,
        // Growth that cannot be told yet is open, too.
        Verdict::NotComputable(..)
        | Verdict::NotDefined(_)
        | Verdict::NeedsAnswer(_)
        | Verdict::NotApplicable(NotApplied::BaseYear) => Counts::Open,
        Verdict::NotApplicable(_) => Counts::Not,
    }
}

/// Judges a system by its rows, which are in the order of the table.
#[must_use]
pub fn overall(system: &System, rows: &[Assessment]) -> Overall {
    // The share of targets is one of those that the plan states.
    let own = matches!(system.rule, Rule::OwnTargets { .. });
    let counts = |a: &Assessment| match a.verdict {
        Verdict::NeedsAnswer(None) if own => Counts::Not,
        _ => counts(a),
    };
    let judged = || system.rows.iter().zip(rows).map(|(row, a)| (row, counts(a)));
    let number = |of: Counts| judged().filter(|(row, c)| *c == of && &*row.group != FORMER).count();
    let needed: Vec<(usize, &Indicator, Counts)> = judged()
        .enumerate()
        .filter(|(_, (row, _))| match system.rule {
            Rule::All | Rule::OwnTargets { .. } => &*row.group != FORMER,
            Rule::MandatoryAndGroups { .. } => &*row.group == "M",
            Rule::Veto => &*row.group == "core",
            Rule::Bands | Rule::None => false,
        })
        .map(|(i, (row, c))| (i, row, c))
        .collect();
    let (mut outcome, unconfirmed) = match system.rule {
        Rule::None => (Outcome::NoRule, false),
        Rule::Bands => match judged().find(|(_, c)| *c == Counts::Pass) {
            // The band below the lowest grade is a grade, too, but none that passes.
            Some((row, _)) if &*row.group == FAILED => (Outcome::Fail, false),
            Some((row, _)) => (Outcome::Pass, row.confidence == Confidence::Low),
            None => (Outcome::Open, false),
        },
        Rule::OwnTargets { share } => own_targets(&needed, share),
        Rule::All | Rule::MandatoryAndGroups { .. } | Rule::Veto => every(&needed),
    };
    let mut unconfirmed = unconfirmed;
    if let Rule::MandatoryAndGroups { at_least } = system.rule {
        for (met, low) in groups(judged(), at_least) {
            unconfirmed |= low;
            outcome = worse(outcome, met);
        }
    }
    Overall {
        outcome,
        unconfirmed,
        passed: number(Counts::Pass),
        failed: number(Counts::Fail),
        open: number(Counts::Open),
        not_applied: number(Counts::Not),
        wanting: needed.iter().filter(|(.., c)| matches!(c, Counts::Fail | Counts::Open)).map(|n| n.0).collect(),
    }
}

fn worse(a: Outcome, b: Outcome) -> Outcome {
    match (a, b) {
        (Outcome::Fail, _) | (_, Outcome::Fail) => Outcome::Fail,
        (Outcome::Open, _) | (_, Outcome::Open) => Outcome::Open,
        _ => Outcome::Pass,
    }
}

/// Whether every row passes. A row that nobody could confirm never decides: where only such fail, the matter is open.
fn every(needed: &[(usize, &Indicator, Counts)]) -> (Outcome, bool) {
    let any =
        |of: Counts, low: bool| needed.iter().any(|(_, row, c)| *c == of && (row.confidence == Confidence::Low) == low);
    let low = needed.iter().any(|(_, row, c)| row.confidence == Confidence::Low && *c != Counts::Not);
    if any(Counts::Fail, false) {
        (Outcome::Fail, false)
    } else if any(Counts::Open, false) || any(Counts::Open, true) || any(Counts::Fail, true) {
        (Outcome::Open, any(Counts::Fail, true))
    } else if needed.iter().any(|n| n.2 == Counts::Pass) {
        (Outcome::Pass, low)
    } else {
        (Outcome::Open, false)
    }
}

/// For each optional group what becomes of it, and whether that rests on a row that nobody could confirm.
fn groups<'a>(rows: impl Iterator<Item = (&'a Indicator, Counts)>, at_least: usize) -> Vec<(Outcome, bool)> {
    let mut all: BTreeMap<&str, Vec<(bool, Counts)>> = BTreeMap::new();
    for (row, c) in rows.filter(|(row, _)| !matches!(&*row.group, "" | "M" | FORMER)) {
        all.entry(&*row.group).or_default().push((row.confidence == Confidence::Low, c));
    }
    let judge = |rows: &Vec<(bool, Counts)>| {
        let count = |of: Counts, low: Option<bool>| {
            rows.iter().filter(|(l, c)| *c == of && low.is_none_or(|low| low == *l)).count()
        };
        if count(Counts::Pass, Some(false)) >= at_least {
            (Outcome::Pass, false)
        } else if count(Counts::Pass, None) >= at_least {
            (Outcome::Pass, true)
        } else if count(Counts::Pass, None) + count(Counts::Open, None) + count(Counts::Fail, Some(true)) >= at_least {
            (Outcome::Open, count(Counts::Fail, Some(true)) > 0)
        } else {
            (Outcome::Fail, false)
        }
    };
    all.values().map(judge).collect()
}

/// Whether a share of the targets is met. Rows that nobody could confirm never decide: where they would, the matter is open.
fn own_targets(needed: &[(usize, &Indicator, Counts)], share: f64) -> (Outcome, bool) {
    let sure: Vec<_> = needed.iter().copied().filter(|n| n.1.confidence != Confidence::Low).collect();
    let (all, without) = (share_met(needed, share), share_met(&sure, share));
    if all == without { (all, false) } else { (Outcome::Open, true) }
}

/// Whether a share of the targets is met: the count reading.
fn share_met(needed: &[(usize, &Indicator, Counts)], share: f64) -> Outcome {
    let count = |of: Counts| needed.iter().filter(|n| n.2 == of).count() as f64;
    let (met, failed, open) = (count(Counts::Pass), count(Counts::Fail), count(Counts::Open));
    let all = met + failed + open;
    // What is just at the share meets it, whatever the last bit says.
    let enough = |met: f64| met >= share * all - 1e-9 * all;
    if all == 0.0 || (!enough(met) && enough(met + open)) {
        Outcome::Open
    } else if enough(met) {
        Outcome::Pass
    } else {
        Outcome::Fail
    }
}
