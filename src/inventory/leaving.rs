//! Products that only leave the fence: clinker, steel, an exported kilowatt-hour. What they carry is asked of the same
//! equations, but no line of the ledger depends on it: the processes that make them come to a copy of the network that is
//! solved after all else, and what they do not say is no finding.

use super::burdens::Lines;
use super::embodied::{Assembly, Last, last_year};
use super::makers::Makers;
use super::sharing::Sharing;
use super::solved::Embodied;
use super::unsolvable;
use crate::balance::intensity::Cause;
use crate::balance::supply::Supply;
use crate::diagnostic::Words;
use crate::ledger::Approach;
use crate::methods::Account;
use crate::park::{Node, Park, ProcessId};
use std::collections::BTreeSet;

/// The networks of those processes too whose products only leave the fence: power and heat, and what `outputs.csv` lists.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Leaving {
    /// By year, location-based before market-based; none of a year without such processes. The other processes have the
    /// intensities that they have in their own network.
    pub networks: Vec<Embodied>,
    /// Such processes that are left out, by year, and why.
    pub left_out: Vec<(u16, ProcessId, Words)>,
}

/// Whether something leaves a process for the world outside, or for its stock.
pub(super) fn leaves(park: &Park, supply: &Supply) -> bool {
    let mut rows = supply.outputs.values().flat_map(|o| &o.rows);
    rows.any(|&(row, _)| !matches!(park.flows[row].to, Node::Process(_)))
}

/// Refuses shares that no network could be solved with, so that it need not be tried.
pub(super) fn sound(park: &Park, supply: &Supply, sharing: Sharing) -> Result<Sharing, Words> {
    let bears = || sharing.shares.iter().filter(|(c, _)| !sharing.credited.contains(c));
    let sum: f64 = bears().map(|(_, share)| share).sum();
    if (sum - 1.0).abs() > 1e-6 {
        return Err(unsolvable::cause(park, Cause::SharesNotOne(sum), []));
    }
    // Goods without a row bear their share as one lump.
    let nothing = bears().find(|&(c, &share)| {
        let useful = supply.outputs.get(c).map(|o| o.useful + o.opening);
        share != 0.0 && useful.map_or(park.carrier(*c).kind.is_utility(), |useful| useful <= 0.0)
    });
    match nothing {
        Some((&carrier, _)) => Err(unsolvable::cause(park, Cause::ZeroThroughput, [carrier])),
        None => Ok(sharing),
    }
}

/// Solves the networks of all years. What the account finds on the way is forgotten.
pub(super) fn solve(
    park: &Park,
    account: &mut Account,
    makers: Vec<Makers>,
    feeders: &[Embodied],
    lines: &Lines,
) -> Leaving {
    let mut made = Leaving::default();
    if makers.iter().all(|m| m.leaving.is_empty() && m.left_out.is_empty()) {
        return made;
    }
    let found = account.found.clone();
    for mut makers in makers {
        let year = makers.year;
        made.left_out.extend(makers.left_out.drain(..).map(|(process, why)| (year, process, why)));
        let mut leaving: BTreeSet<ProcessId> = makers.leaving.keys().copied().collect();
        makers.shared.append(&mut makers.leaving);
        for approach in [Approach::Location, Approach::Market] {
            let fed = feeders.iter().find(|e| e.year == year && e.approach == approach);
            while !leaving.is_empty() {
                let fed = fed.iter().flat_map(|e| &e.processes);
                let members: Vec<ProcessId> =
                    leaving.iter().chain(fed).copied().collect::<BTreeSet<_>>().into_iter().collect();
                let before = last_year(feeders, year, approach);
                let last = Last { feeders: before, all: last_year(&made.networks, year, approach).or(before) };
                let assembly = Assembly::new(park, account, lines, &makers, &members, approach, last);
                match assembly.network.solve() {
                    Ok(solved) => {
                        let done = assembly.finish(solved);
                        made.networks.push(done);
                        break;
                    }
                    Err(part) => {
                        let carriers = part.outputs.iter().map(|&k| assembly.products[k].1);
                        let why = unsolvable::cause(park, part.cause, carriers);
                        let out: Vec<ProcessId> =
                            part.processes.iter().map(|&p| members[p]).filter(|p| leaving.remove(p)).collect();
                        // The others were solved without these: nothing else can be at fault.
                        if out.is_empty() {
                            break;
                        }
                        made.left_out.extend(out.into_iter().map(|process| (year, process, why.clone())));
                    }
                }
            }
        }
    }
    account.found = found;
    made
}
