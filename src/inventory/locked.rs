//! The factor rows that an inventory uses, and what became of them since they were locked.

use super::Inventory;
use super::totals::{Bucket, amount, gwp, oxidation_counted};
use crate::diagnostic::{Diagnostic, Diagnostics, Origin, Problem};
use crate::factors::{Factor, Lock, LockedRow, LockedSet, lock};
use crate::ledger::{Approach, Line, TermSource};
use crate::park::{Gas, RuleSet};
use crate::quantity::{Unit, parse_number};
use std::collections::{BTreeMap, HashMap};

impl Inventory {
    /// The factor rows behind the ledger's lines, GWPs included, in the order of their ids.
    #[must_use]
    pub fn factors_used(&self) -> Vec<&Factor> {
        self.factors_of(|_| true)
    }

    /// The factor rows behind some of the ledger's lines, GWPs included, in the order of their ids.
    #[must_use]
    pub fn factors_of(&self, counts: impl Fn(&Line) -> bool) -> Vec<&Factor> {
        let known: HashMap<&str, &Factor> =
            self.sets.iter().rev().flat_map(|s| s.factors.iter()).map(|f| (&*f.id, f)).collect();
        let mut used: BTreeMap<&str, &Factor> = BTreeMap::new();
        let mut seen = vec![false; self.ledger.coefficients.len()];
        for line in self.ledger.lines.iter().filter(|l| counts(l)) {
            if let Some(factor) = self.gwp_row(line) {
                used.insert(&factor.id, factor);
            }
            // Many lines share a coefficient.
            if seen.get_mut(line.coefficient.0 as usize).is_none_or(|s| std::mem::replace(s, true)) {
                continue;
            }
            for term in &self.ledger.get(line.coefficient).terms {
                if let TermSource::Factor { id, .. } = &term.source
                    && let Some(factor) = known.get(&**id)
                {
                    used.insert(&factor.id, factor);
                }
            }
        }
        used.into_values().collect()
    }

    /// The GWP row of a line, where its gas has one.
    #[must_use]
    pub fn gwp_row(&self, line: &Line) -> Option<&Factor> {
        if !line.gas.in_co2e() || matches!(line.gas, Gas::Co2eReported(_)) {
            return None;
        }
        self.gwp.factor(line.gas, oxidation_counted(line))
    }

    /// A lock of the factor rows that this inventory uses.
    #[must_use]
    pub fn lock(&self) -> Lock {
        let sets = self.sets.iter().map(|s| LockedSet { id: s.id.to_string(), sha256: s.sha256.clone() });
        let gwp = LockedSet { id: "gwp".to_owned(), sha256: self.gwp.sha256.clone() };
        Lock {
            lock: 1,
            library: env!("CARGO_PKG_VERSION").to_owned(),
            sets: sets.chain([gwp]).collect(),
            rows: self.factors_used().into_iter().map(LockedRow::new).collect(),
        }
    }

    /// Whether a finding says that another factor is used than was locked.
    #[must_use]
    pub fn departs_from_lock(&self) -> bool {
        let departs =
            |p: &Problem| matches!(p, Problem::LockedFactorChanged { .. } | Problem::LockedFactorReplaced { .. });
        self.found.sorted().iter().any(|d| departs(&d.problem))
    }
}

/// A row that is used in place of one that was locked.
#[derive(Debug, Clone, Copy)]
pub struct Departure<'a> {
    /// The row as locked.
    pub old: &'a LockedRow,
    /// What is used now: the same row with other content, or another of the same carrier, parameter and gas.
    pub new: &'a Factor,
}

/// The rows that are used in place of locked ones, the rows used that the lock lacks, and the locked ids that none takes.
#[must_use]
pub fn departures<'a>(
    inventory: &'a Inventory,
    locked: &'a Lock,
) -> (Vec<Departure<'a>>, Vec<&'a Factor>, Vec<&'a str>) {
    let used = inventory.factors_used();
    let then: HashMap<&str, &LockedRow> = locked.rows.iter().map(|r| (r.id.as_str(), r)).collect();
    let now: HashMap<&str, &Factor> = used.iter().map(|f| (&*f.id, *f)).collect();
    let mut new: Vec<&Factor> = used.iter().copied().filter(|f| !then.contains_key(&*f.id)).collect();
    let (mut list, mut unused) = (Vec::new(), Vec::new());
    for row in &locked.rows {
        if let Some(&factor) = now.get(row.id.as_str()) {
            if lock::row_hash(factor) != row.sha256 {
                list.push(Departure { old: row, new: factor });
            }
            continue;
        }
        // The row that took its place: of the same carrier, parameter and gas.
        match new.iter().position(|f| lock::what(f) == row.what) {
            Some(heir) => list.push(Departure { old: row, new: new.remove(heir) }),
            None => unused.push(row.id.as_str()),
        }
    }
    (list, new, unused)
}

/// Compares the rows used with a lock.
#[must_use]
pub fn compare(inventory: &Inventory, locked: &Lock, rule: RuleSet) -> Diagnostics {
    let mut found = Diagnostics::default();
    let mut push = |problem| found.push(Diagnostic::new(problem, Origin::file("factors.lock")));
    let (list, new, unused) = departures(inventory, locked);
    for departure in list {
        let (row, factor) = (departure.old, departure.new);
        let effect = departure.effect(inventory, rule, true, None).map(|e| format!("{e:+.1}"));
        let (old, new) = (row.printed_text(), factor.printed_text());
        push(if *row.id == *factor.id {
            Problem::LockedFactorChanged { id: row.id.clone(), old, new, effect }
        } else {
            Problem::LockedFactorReplaced { old_id: row.id.clone(), old, new_id: factor.id.to_string(), new, effect }
        });
    }
    if !new.is_empty() || !unused.is_empty() {
        let unlocked = new.iter().map(|f| f.id.to_string()).collect::<Vec<_>>().join(", ");
        push(Problem::LockIncomplete { unlocked, unused: unused.join(", ") });
    }
    found
}

impl Departure<'_> {
    /// What the change of this row alone does to the location-based total of a year, or of all years: of the park as a
    /// whole (`consolidated`) or of the sum of the enterprises. Lines are products, so a line with the old value is `line · old / new`. `None` where the two cannot be compared. Unit: t CO2e.
    #[must_use]
    pub fn effect(&self, inventory: &Inventory, rule: RuleSet, consolidated: bool, year: Option<u16>) -> Option<f64> {
        let (old, new) = (self.old, self.new);
        let unit = Unit::parse(&old.unit).ok()?;
        let value = unit.to_canonical(parse_number(&old.value).ok()?);
        if unit.dimension != new.dimension || new.value == 0.0 {
            return None;
        }
        let has = |line: &Line| {
            let terms = &inventory.ledger.get(line.coefficient).terms;
            terms.iter().any(|t| matches!(&t.source, TermSource::Factor { id, .. } if *id == new.id))
                || inventory.gwp_row(line).is_some_and(|f| f.id == new.id)
        };
        let total = Bucket::Total(Approach::Location);
        let lines = inventory.ledger.lines.iter().filter(|l| year.is_none_or(|y| y == l.period.year) && has(l));
        let sum: f64 = lines.map(|l| amount(l, total, consolidated, rule) * gwp(l, &inventory.gwp)).sum();
        Some(sum * (1.0 - value / new.value) + 0.0)
    }
}
