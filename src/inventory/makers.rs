//! Who makes something that others take, and how it shares what it emits between its products.

use super::burdens::{Lines, Pollutants, pollutants, upstream};
use super::sharing::{Declared, Refusal, Sharing, sharing};
use super::{leaving, unsolvable};
use crate::balance::supply::Supply;
use crate::diagnostic::{Diagnostic, Problem, Words};
use crate::methods::Account;
use crate::park::{Park, ProcessId};
use std::cell::OnceCell;
use std::collections::BTreeMap;

/// Which processes of a year share their burdens, and how.
#[derive(Debug, Clone)]
pub(super) struct Makers {
    pub(super) year: u16,
    pub(super) supplies: BTreeMap<ProcessId, Supply>,
    pub(super) shared: BTreeMap<ProcessId, Sharing>,
    /// The same of processes whose products only leave the fence: nobody's own factor, and no line of the ledger, depends
    /// on them.
    pub(super) leaving: BTreeMap<ProcessId, Sharing>,
    /// Such processes that do not say enough, and why.
    pub(super) left_out: Vec<(ProcessId, Words)>,
    /// Scope 3 of what processes bought over the fence. Unit: t CO2e.
    pub(super) upstream: BTreeMap<ProcessId, f64>,
    /// What they give off beside greenhouse gases.
    pub(super) pollutants: Pollutants,
}

/// How the processes of a year share that feed others, or of which something leaves the fence; what the first lack is a
/// finding, what the second lack is not.
pub(super) fn makers<'a>(
    park: &'a Park,
    account: &mut Account,
    declared: &OnceCell<Declared<'a>>,
    lines: &Lines,
    supplies: BTreeMap<ProcessId, Supply>,
    year: u16,
) -> Makers {
    let mut makers = Makers {
        year,
        supplies,
        shared: BTreeMap::new(),
        leaving: BTreeMap::new(),
        left_out: Vec::new(),
        upstream: BTreeMap::new(),
        pollutants: BTreeMap::new(),
    };
    for (&process, supply) in &makers.supplies {
        let feeds = !supply.feeds.is_empty();
        if !feeds && !leaving::leaves(park, supply) {
            continue;
        }
        let own = lines.get(&(process, year)).map_or(&[][..], Vec::as_slice);
        let declared = declared.get_or_init(|| Declared::of(park));
        let shared = sharing(park, account, declared, process, supply, own, year);
        if !feeds {
            match shared.map_err(Refusal::words).and_then(|s| leaving::sound(park, supply, s)) {
                Ok(shared) => drop(makers.leaving.insert(process, shared)),
                Err(why) => makers.left_out.push((process, why)),
            }
            continue;
        }
        let problem = match shared {
            Ok(shared) => {
                let id = park.process(process).label.id.to_string();
                let problem = shared.assumed.then_some(Problem::AllocationAssumed { process: id });
                makers.shared.insert(process, shared);
                problem
            }
            Err(refusal) => refusal.problem(park, process, supply),
        };
        if let Some(problem) = problem {
            account.found.push(Diagnostic::new(problem, unsolvable::process_origin(park, process)));
        }
    }
    if !makers.shared.is_empty() || !makers.leaving.is_empty() {
        let member = |p| makers.shared.contains_key(&p) || makers.leaving.contains_key(&p);
        makers.pollutants = pollutants(&account.ledger, year, member);
        makers.upstream = upstream(&account.ledger, year);
    }
    makers
}
