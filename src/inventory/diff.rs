//! Two inventories of one park, line by line: what other factors change.

use super::Inventory;
use super::totals::{Bucket, amount, gwp};
use crate::factors::Factor;
use crate::ledger::{Approach, Line, Term};
use crate::park::{Gas, Park, RuleSet};
use std::collections::BTreeMap;

/// What a line is multiplied with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Quote<'a> {
    /// A term of its coefficient.
    Term(&'a Term),
    /// Its GWP.
    Gwp(&'a Factor),
}

/// A term or GWP that is another one in the second inventory; `None` where it is absent.
#[derive(Debug, Clone, PartialEq)]
pub struct TermChange<'a> {
    /// In the first inventory.
    pub old: Option<Quote<'a>>,
    /// In the second.
    pub new: Option<Quote<'a>>,
}

/// A ledger line that contributes otherwise in the second inventory.
#[derive(Debug, Clone, PartialEq)]
pub struct Change<'a> {
    /// Id of the line.
    pub line: String,
    /// Id of the enterprise.
    pub enterprise: &'a str,
    /// Gas.
    pub gas: Gas,
    /// Which totals it belongs to.
    pub approach: Approach,
    /// What it contributed. Unit: t CO2e.
    pub old: f64,
    /// What it contributes. Unit: t CO2e.
    pub new: f64,
    /// What changed in its product.
    pub terms: Vec<TermChange<'a>>,
}

impl Change<'_> {
    /// `new - old`. Unit: t CO2e.
    #[must_use]
    pub fn difference(&self) -> f64 {
        self.new - self.old
    }

    /// Whether the line counts in the total of an approach.
    #[must_use]
    pub fn counts_in(&self, approach: Approach) -> bool {
        self.approach == Approach::Both || self.approach == approach
    }
}

/// The lines of `year` whose contribution to the park's total differs, largest
/// difference first; `consolidated` takes the park as a whole, else the sum of the
/// enterprises. Their differences add up to the change of the total.
#[must_use]
pub fn diff<'a>(
    park: &'a Park,
    old: &'a Inventory,
    new: &'a Inventory,
    year: u16,
    consolidated: bool,
) -> Vec<Change<'a>> {
    let rule = park.settings.rule_set;
    let mut pairs: BTreeMap<String, [Vec<&Line>; 2]> = BTreeMap::new();
    for (side, inventory) in [old, new].into_iter().enumerate() {
        for line in inventory.ledger.lines.iter().filter(|l| l.period.year == year) {
            pairs.entry(line.id(park)).or_default()[side].push(line);
        }
    }
    let sum = |lines: &[&Line], inventory: &Inventory| -> f64 {
        lines.iter().map(|l| counted(l, inventory, consolidated, rule)).sum()
    };
    let mut changes: Vec<Change> = pairs
        .into_iter()
        .filter_map(|(id, [before, after])| {
            let first = *before.first().or(after.first())?;
            let (a, b) = (sum(&before, old), sum(&after, new));
            (b - a != 0.0).then(|| Change {
                line: id,
                enterprise: &park.enterprise(first.enterprise).label.id,
                gas: first.gas,
                approach: first.approach,
                old: a,
                new: b,
                terms: terms(before.first().map(|l| (*l, old)), after.first().map(|l| (*l, new))),
            })
        })
        .collect();
    // The order of ids decides between equal differences.
    changes.sort_by(|a, b| b.difference().abs().total_cmp(&a.difference().abs()));
    changes
}

/// What a line counts in the total. Unit: t CO2e.
fn counted(line: &Line, inventory: &Inventory, consolidated: bool, rule: RuleSet) -> f64 {
    let approach = if line.approach == Approach::Both { Approach::Location } else { line.approach };
    amount(line, Bucket::Total(approach), consolidated, rule) * gwp(line, &inventory.gwp)
}

/// Terms that differ, in the order of the formula, the GWP last.
fn terms<'a>(old: Option<(&'a Line, &'a Inventory)>, new: Option<(&'a Line, &'a Inventory)>) -> Vec<TermChange<'a>> {
    let quotes = |side: Option<(&'a Line, &'a Inventory)>| -> Vec<Quote<'a>> {
        let Some((line, inventory)) = side else { return Vec::new() };
        let terms = inventory.ledger.get(line.coefficient).terms.iter().map(Quote::Term);
        terms.chain(inventory.gwp_row(line).map(Quote::Gwp)).collect()
    };
    let (old, mut new) = (quotes(old), quotes(new));
    let mut changes = Vec::new();
    for quote in old {
        // Of two terms with one name the equal one is the same.
        let same = new.iter().position(|q| same(q, &quote));
        let partner = same.or_else(|| new.iter().position(|q| name(q) == name(&quote)));
        let partner = partner.map(|i| new.remove(i));
        if same.is_none() {
            changes.push(TermChange { old: Some(quote), new: partner });
        }
    }
    changes.extend(new.into_iter().map(|q| TermChange { old: None, new: Some(q) }));
    changes
}

fn name<'a>(quote: &Quote<'a>) -> &'a str {
    match quote {
        Quote::Term(term) => term.name.0,
        Quote::Gwp(_) => "GWP",
    }
}

/// Whether two quotes are one row with one value.
fn same(a: &Quote, b: &Quote) -> bool {
    match (a, b) {
        (Quote::Term(a), Quote::Term(b)) => {
            a.name == b.name && a.source == b.source && a.value.to_bits() == b.value.to_bits()
        }
        (Quote::Gwp(a), Quote::Gwp(b)) => a.id == b.id,
        _ => false,
    }
}
