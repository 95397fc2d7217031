//! The same network under each rule of allocation: how much the choice moves.
//!
//! Only processes that share by a rule take part; stated shares stay as they are.

use super::burdens::Lines;
use super::embodied::{Assembly, Last, last_year};
use super::makers::Makers;
use super::sharing::{Sharing, credited};
use super::solved::Embodied;
use crate::balance::allocation::Maker;
use crate::diagnostic::Words;
use crate::ledger::Approach;
use crate::methods::Account;
use crate::park::{AllocationRule, Park, ProcessId};

/// The network of a year, location-based, if every process that shares by a rule shared by this one.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleOutcome {
    /// Calendar year.
    pub year: u16,
    /// The rule.
    pub rule: AllocationRule,
    /// Whether it is the one that the inventory is made with.
    pub chosen: bool,
    /// The solved network, or what is missing at which process.
    pub outcome: Result<Embodied, (ProcessId, Words)>,
}

/// Solves the networks of all years by each rule: of those processes that have own factors, so that a loop without
/// solution elsewhere hides nothing. What the account finds on the way is forgotten.
pub(super) fn outcomes(
    park: &Park,
    account: &mut Account,
    makers: &[Makers],
    networks: &[Embodied],
    lines: &Lines,
) -> Vec<RuleOutcome> {
    let mut list = Vec::new();
    if networks.is_empty() {
        return list;
    }
    let found = account.found.clone();
    for makers in makers {
        let reported = networks.iter().find(|e| e.year == makers.year && e.approach == Approach::Location);
        let Some(members) = reported.map(|e| e.processes.as_slice()) else { continue };
        let sharing: Vec<ProcessId> = members.iter().copied().filter(|p| makers.shared[p].rule.is_some()).collect();
        if sharing.is_empty() {
            continue;
        }
        for rule in AllocationRule::ALL {
            let chosen = sharing.iter().all(|p| makers.shared[p].rule == Some(rule));
            let outcome = under(park, account, makers, &sharing, rule).and_then(|changed| {
                let last = Last::of_feeders(last_year(networks, makers.year, Approach::Location));
                let made = Assembly::new(park, account, lines, &changed, members, Approach::Location, last);
                let solved = made.network.solve().map_err(|part| {
                    let process = part.processes.first().map_or(members[0], |&p| members[p]);
                    (process, Words::new("its network has no solution", "其网络无解"))
                })?;
                Ok(made.finish(solved))
            });
            list.push(RuleOutcome { year: makers.year, rule, chosen, outcome });
        }
    }
    account.found = found;
    list
}

/// The makers of a year with another rule.
fn under(
    park: &Park,
    account: &Account,
    makers: &Makers,
    sharing: &[ProcessId],
    rule: AllocationRule,
) -> Result<Makers, (ProcessId, Words)> {
    let mut changed = makers.clone();
    for &process in sharing {
        let deliveries = account.utilities.deliveries();
        let maker = Maker { park, deliveries, process, supply: &makers.supplies[&process], year: makers.year };
        let shares = maker.shares(rule).map_err(|why| (process, why))?;
        let credited = credited(&maker, rule).map_err(|why| (process, why))?;
        changed.shared.insert(process, Sharing { credited, rule: Some(rule), ..Sharing::of(shares) });
    }
    Ok(changed)
}
