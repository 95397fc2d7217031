//! What of the ledger is the burden of a process: its direct and imported lines, what lies upstream of them, and the
//! pollutants that it gives off.

use super::totals::CANCELS;
use crate::ledger::{Approach, Ledger, Scope, Standing};
use crate::methods::Account;
use crate::park::{Gas, GasKind, Park, ProcessId};
use foldhash::{HashMap, HashMapExt};
use std::collections::BTreeMap;

/// Direct and imported lines by process and year.
pub(super) type Lines = HashMap<(ProcessId, u16), Vec<usize>>;

/// Pollutants by process. Unit: t.
pub(super) type Pollutants = BTreeMap<ProcessId, BTreeMap<Gas, f64>>;

/// Direct and imported lines of a ledger that has no internal transfers yet.
pub(super) fn lines_by_process(ledger: &Ledger) -> Lines {
    let mut lines = Lines::new();
    for (i, line) in ledger.lines.iter().enumerate() {
        // Power and heat carry greenhouse gases, neither pollutants nor what came with other goods.
        let carried = line.gas.in_co2e() && !matches!(line.scope, Scope::OtherIndirect(_));
        if line.standing == Standing::Counted && !line.source.is_export() && carried {
            lines.entry((line.process, line.period.year)).or_default().push(i);
        }
    }
    lines
}

/// The ledger lines of a process that count in a year by an approach.
pub(super) fn counted(
    account: &Account,
    lines: &Lines,
    process: ProcessId,
    year: u16,
    approach: Approach,
) -> Vec<usize> {
    let counts = |&l: &usize| {
        let line = &account.ledger.lines[l];
        (line.scope == Scope::Direct || line.approach == approach) && line.variant != "certified_members"
    };
    lines.get(&(process, year)).into_iter().flatten().copied().filter(counts).collect()
}

/// Scope 3 of what processes bought over the fence in a year, whose factors are all in CO2 or CO2e. Unit: t CO2e.
pub(super) fn upstream(ledger: &Ledger, year: u16) -> BTreeMap<ProcessId, f64> {
    let mut sums = BTreeMap::new();
    for line in ledger.lines.iter().filter(|l| l.period.year == year && l.standing == Standing::Counted) {
        let bought = matches!(line.scope, Scope::OtherIndirect(1 | 3 | 4));
        if bought && matches!(line.gas, Gas::LifeCycleCo2e | Gas::Co2) {
            *sums.entry(line.process).or_default() += line.mass;
        }
    }
    sums
}

/// What `members` give off in a year beside greenhouse gases, less what their abatement takes out: to air and water, and
/// gases of the Montreal Protocol. What lies upstream of bought power has no factors for these.
pub(super) fn pollutants(ledger: &Ledger, year: u16, members: impl Fn(ProcessId) -> bool) -> Pollutants {
    let mut sums: BTreeMap<ProcessId, BTreeMap<Gas, (f64, f64)>> = BTreeMap::new();
    for line in ledger.lines.iter().filter(|l| l.period.year == year && l.standing == Standing::Counted) {
        let pollutes = matches!(line.gas.kind(), GasKind::Montreal | GasKind::Air | GasKind::Water);
        if pollutes && line.scope == Scope::Direct && members(line.process) {
            let (sum, size) = sums.entry(line.process).or_default().entry(line.gas).or_default();
            *sum += line.mass;
            *size += line.mass.abs();
        }
    }
    // Where all is taken out, nothing is left, whatever rounding leaves of it.
    let left = |(gas, (sum, size)): (Gas, (f64, f64))| (gas, if sum.abs() <= CANCELS * size { 0.0 } else { sum });
    sums.into_iter().map(|(process, gases)| (process, gases.into_iter().map(left).collect())).collect()
}

/// The emission of a utility row at the published factor. Unit: t CO2.
pub(super) fn published(
    park: &Park,
    account: &mut Account,
    row: usize,
    from: ProcessId,
    approach: Approach,
) -> Option<f64> {
    let sign = account.utilities.deliveries().get(row)?.sign();
    let made = account.utilities.published(row, from, approach, &mut account.ledger, &mut account.found)?;
    let quantity = park.flows[row].quantity.map_or(0.0, |q| sign * q.value);
    Some(account.ledger.get(made).value * quantity)
}
