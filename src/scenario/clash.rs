//! Why a scenario cannot be met: the smallest set of changes and bounds that clash.
//!
//! A deletion filter: what is left out and leaves the clash stays out, so that of what remains nothing can be left out
//! (J. W. Chinneck and E. W. Dravnieks, "Locating minimal infeasible constraint sets in linear programs", 1991). Changes are
//! tried from the last to the first, for later ones may need earlier ones; then the bounds of the links.

use super::change::{Action, Change, FlowPattern, Scenario, Size, Target};
use super::check;
use super::limits::judge;
use super::model::Clash;
use super::periods;
use super::run::{Base, Changed, changed};
use crate::diagnostic::{Diagnostic, Words};
use crate::quantity::significant;
use std::collections::BTreeSet;

/// Unknowns of a loop that are named.
const NAMED: usize = 6;

/// What keeps changes from being met together.
enum Conflict<'a> {
    /// Equations and bounds of links.
    Model(Box<Changed<'a>>, Clash),
    /// Capacities, quality limits and what is available by month.
    Limits(Vec<(String, Words)>),
}

/// Tells which changes and bounds of a chain clash. For a chain that clashes.
pub(super) fn clash(base: &Base, chain: &[&Scenario]) -> Option<Diagnostic> {
    let mut kept: Vec<(&str, &Change)> = super::run::changes_of(chain);
    // Without a later change an earlier one may turn out not to be needed: on until nothing goes.
    loop {
        let before = kept.len();
        for i in (0..kept.len()).rev() {
            let mut without = kept.clone();
            without.remove(i);
            if conflict(base, &without).is_some() {
                kept = without;
            }
        }
        if kept.len() == before {
            break;
        }
    }
    let mut constraints: Vec<(String, Words)> = kept.iter().map(|(scenario, change)| told(scenario, change)).collect();
    let bounds = match conflict(base, &kept) {
        Some(Conflict::Model(made, clash)) => bounds(&made, &clash),
        // Each of them clashes on its own.
        Some(Conflict::Limits(broken)) => broken.into_iter().take(1).collect(),
        None => Vec::new(),
    };
    for (name, words) in bounds {
        // A bound that a named change sets is that change.
        match kept.iter().position(|(_, change)| limits(&change.action, &name, &words)) {
            Some(change) => {
                let told = &mut constraints[change].1;
                *told = Words::new(format!("{}; {}", told.en, words.en), format!("{}；{}", told.zh, words.zh));
            }
            None => constraints.push((name, words)),
        }
    }
    let scenario = chain.last()?;
    Some(check::clash(scenario, kept.last().map(|(_, c)| *c), base.year, constraints))
}

/// Whether a change sets a bound that is told of a flow: not that nothing may be negative, nor a limit of quality.
fn limits(action: &Action, name: &str, words: &Words) -> bool {
    let Action::Limit { of, .. } = action else { return false };
    let flow = FlowPattern::parse(name);
    words.en.starts_with("at most") && flow.is_some_and(|f| of.is_met_by_ids(&f.from, &f.to, &f.carrier))
}

/// A change by its name, with what it states and where.
fn told(scenario: &str, change: &Change) -> (String, Words) {
    let (kind, of, origin) = (change.action.kind(), change.action.of(), &change.origin);
    let size = size(&change.action);
    (
        change.name.clone(),
        Words::new(
            format!("{kind} {of}{size}, scenario {scenario}, {origin}"),
            format!("{kind} {of}{size}，情景 {scenario}，{origin}"),
        ),
    )
}

/// The number of a change, as files write it.
fn size(action: &Action) -> String {
    let of = |size: &Size| match size {
        Size::Share(share) => format!(" share = {}", significant(*share, 6)),
        Size::Quantity(q) => format!(" quantity = {} {}", significant(q.value, 6), q.dimension),
    };
    match action {
        Action::Exchange { to, .. } => of(to),
        Action::Limit { most, .. } => of(most),
        Action::AddExchange(new) => of(&Size::Quantity(new.quantity)),
        Action::Substitute { share, .. } => of(&Size::Share(*share)),
        Action::Coefficient { times, .. }
        | Action::Efficiency { times, .. }
        | Action::Demand { of: Target::Flows(_) | Target::Processes(_), times }
        | Action::Factor { times, .. }
        | Action::Price { times, .. } => format!(" times = {}", significant(*times, 6)),
        Action::Unit(_) | Action::Close { .. } | Action::Open { .. } => String::new(),
    }
}

/// What keeps some changes from being met; `None` where they can be, or where one of them needs what was left out.
fn conflict<'a>(base: &Base<'a>, changes: &[(&str, &Change)]) -> Option<Conflict<'a>> {
    let mut made = changed(base, changes).ok()?;
    match periods::solve(&made.package.park, &mut made.calibrated, &made.original) {
        Err(clash) => Some(Conflict::Model(Box::new(made), clash)),
        Ok(solved) => {
            let broken = judge(&made.package.park, &made.calibrated, &solved.values).broken;
            (!broken.is_empty()).then_some(Conflict::Limits(broken))
        }
    }
}

/// The smallest set of bounds of links that clash, in words; units that the scenario adds are among its links.
fn bounds(made: &Changed, clash: &Clash) -> Vec<(String, Words)> {
    let (park, model) = (&made.package.park, &made.calibrated.model);
    if let Clash::Singular(all) = clash {
        let loops = Words::new("has no quantity of its own: it goes round in a loop", "数量无法确定：处于循环之中");
        return all.iter().take(NAMED).map(|&u| (model.text(park, u), loops.clone())).collect();
    }
    let original = &made.original;
    // Bounds that the clash may rest on: those that hold a link back, and those that nothing gives way to.
    let mut candidates: Vec<usize> = Vec::new();
    loop {
        let free: BTreeSet<usize> = candidates.iter().copied().collect();
        let Err((clash, held)) = model.solve_within(original, &free) else { break };
        let (Clash::Negative(all) | Clash::Beyond(all)) = clash else { break };
        let new: Vec<usize> =
            held.into_iter().chain(all.into_iter().map(|a| a.0)).filter(|l| !candidates.contains(l)).collect();
        if new.is_empty() {
            break;
        }
        candidates.extend(new);
    }
    let (mut free, mut kept) = (BTreeSet::new(), Vec::new());
    for link in candidates {
        free.insert(link);
        if model.solve_within(original, &free).is_ok() {
            free.remove(&link);
            kept.push(link);
        }
    }
    let values = match model.solve_within(original, &free) {
        Err((Clash::Negative(all) | Clash::Beyond(all), _)) => all,
        _ => Vec::new(),
    };
    let words = |link: usize| {
        let (name, dimension) = (model.links[link].text(park), model.links[link].dimension);
        let most = model.limits.get(&link);
        let words = match (values.iter().find(|v| v.0 == link), most) {
            (Some(&(_, is)), _) if is < 0.0 => {
                let is = significant(is, 4);
                Words::new(
                    format!("not negative, but would be {is} ({dimension})"),
                    format!("不可为负，但将为 {is}（{dimension}）"),
                )
            }
            (Some(&(_, is)), Some(&most)) => {
                let [is, most] = [is, most].map(|v| significant(v, 4));
                Words::new(
                    format!("at most {most}, but {is} would be needed ({dimension})"),
                    format!("至多 {most}，但需要 {is}（{dimension}）"),
                )
            }
            _ => Words::new("not negative", "不可为负"),
        };
        (name, words)
    };
    kept.into_iter().map(words).collect()
}
