//! How the lines count: classes of lines that count alike, and for each total which
//! classes it adds up, as sums over columns of `Lines`.
//!
//! Nothing is decided here. The rule of the engine ([`amount`]) is asked what it makes
//! of one line of each class, and its answer is written down as a formula.

use crate::inventory::{Bucket, Inventory, View, What, amount};
use crate::ledger::{Approach, CarbonOrigin, Line, Scope, Source, Standing};
use crate::park::{Gas, RuleSet};
use std::collections::{BTreeSet, HashMap};

/// What a line is counted by: which total, whether of the consolidated park, and by
/// which rule set.
pub(super) type Key = (Bucket, bool, RuleSet);

/// How much of a line counts: `of_mass` of its mass and `of_used` of the part that is
/// used up and not sold on.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Share {
    pub(super) of_mass: f64,
    pub(super) of_used: f64,
}

impl Share {
    fn is_none(self) -> bool {
        self == Self::default()
    }

    fn negated(self) -> Self {
        // Plus zero, so that what does not count stays equal to itself.
        Self { of_mass: 0.0 - self.of_mass, of_used: 0.0 - self.of_used }
    }
}

/// How a class counts by one key: what crosses the fence, and what does not.
pub(super) type Counted = [Share; 2];

/// Both shares with the other sign.
pub(super) fn negated(counted: Counted) -> Counted {
    counted.map(Share::negated)
}

/// What makes lines count alike.
type Likeness = (Scope, Approach, Source, Standing, CarbonOrigin, Gas);

/// The classes of a ledger.
pub(super) struct Classes {
    /// The keys that figures use.
    keys: Vec<Key>,
    /// Name and shares by key of each class.
    list: Vec<(String, Vec<Counted>)>,
    known: HashMap<Likeness, usize>,
}

fn likeness(line: &Line) -> Likeness {
    (line.scope, line.approach, line.source, line.standing, line.origin, line.gas)
}

impl Classes {
    /// The classes of the lines of an inventory.
    pub(super) fn new(inventory: &Inventory) -> Self {
        let mut keys = BTreeSet::new();
        for figure in &inventory.figures {
            match &figure.what {
                What::Sum(s) => {
                    keys.insert((s.bucket, s.view == View::Park, s.rule));
                }
                What::Term(s, _) => keys.extend([(s.bucket, true, s.rule), (s.bucket, false, s.rule)]),
                What::Ratio { .. } => {}
            }
        }
        let mut classes = Self { keys: keys.into_iter().collect(), list: Vec::new(), known: HashMap::new() };
        for line in &inventory.ledger.lines {
            let alike = likeness(line);
            if !classes.known.contains_key(&alike) {
                let class = classes.class_of(line);
                classes.known.insert(alike, class);
            }
        }
        classes
    }

    fn class_of(&mut self, line: &Line) -> usize {
        let shares: Vec<Counted> = self.keys.iter().map(|&key| counted(line, key)).collect();
        if let Some(known) = self.list.iter().position(|(_, s)| *s == shares) {
            return known;
        }
        // Named after the last part, not a total, in which the class counts: what is shown
        // apart as well (CO2 captured) comes behind scope 1.
        let counts = |i: &usize| shares[*i].iter().any(|s| !s.is_none());
        let mut named = (0..self.keys.len()).rev().filter(counts).map(|i| self.keys[i].0);
        let last = named.find(|b| !matches!(b, Bucket::Total(_)));
        let base = last.map_or("not counted", Bucket::id);
        let alike = self.list.iter().filter(|(name, _)| name.split(' ').next() == base.split(' ').next()).count();
        let name = if alike == 0 { base.to_owned() } else { format!("{base} ({})", alike + 1) };
        self.list.push((name, shares));
        self.list.len() - 1
    }

    /// The class of a line.
    pub(super) fn of(&self, line: &Line) -> usize {
        self.known.get(&likeness(line)).copied().unwrap_or_default()
    }

    /// The name of a class.
    pub(super) fn name(&self, class: usize) -> &str {
        self.list.get(class).map_or("", |(name, _)| name)
    }

    /// How a class counts by a key.
    pub(super) fn counted(&self, class: usize, key: Key) -> Counted {
        let position = self.keys.binary_search(&key);
        position.ok().and_then(|k| self.list.get(class)?.1.get(k).copied()).unwrap_or_default()
    }

    /// The rule set by which figures know a rule: ISO 14064-1 counts as the GHG Protocol does.
    pub(super) fn rule(&self, rule: RuleSet) -> RuleSet {
        let alike = |r: RuleSet| (r == RuleSet::Gbt) == (rule == RuleSet::Gbt);
        self.keys.iter().map(|k| k.2).find(|&r| alike(r)).unwrap_or(rule)
    }

    /// The classes that count by a key, and how.
    pub(super) fn counting(&self, key: Key) -> Vec<(usize, Counted)> {
        let all = (0..self.list.len()).map(|class| (class, self.counted(class, key)));
        all.filter(|(_, counted)| counted.iter().any(|s| !s.is_none())).collect()
    }

    /// Whether a sum somewhere takes only the used-up part of a class.
    pub(super) fn has_used_part(&self, class: usize) -> bool {
        let shares = self.list.get(class).map_or(&[][..], |(_, shares)| shares);
        shares.iter().flatten().any(|s| s.of_used != 0.0)
    }
}

/// Asks the engine how a line of this sort counts: it is linear in the mass and in the
/// share that is used up.
fn counted(line: &Line, (bucket, consolidated, rule): Key) -> Counted {
    [true, false].map(|crosses| {
        let ask = |consumed: f64| {
            let asked = Line { mass: 1.0, consumed, crosses, ..line.clone() };
            amount(&asked, bucket, consolidated, rule)
        };
        let of_mass = ask(0.0);
        Share { of_mass, of_used: ask(1.0) - of_mass }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::Activity;
    use crate::park::{EnterpriseId, ProcessId};
    use crate::quantity::Period;

    fn purchase() -> Line {
        let at = (EnterpriseId::new(0), ProcessId::new(0), Period::year(2023));
        let line = Line::direct(at, Activity::Flow(0), Source::PurchasedElectricity, Gas::Co2);
        Line { scope: Scope::EnergyIndirect, approach: Approach::Location, ..line }
    }

    #[test]
    fn the_rules_of_the_engine_become_shares() {
        let (all, used, none) =
            (Share { of_mass: 1.0, of_used: 0.0 }, Share { of_mass: 0.0, of_used: 1.0 }, Share::default());
        let bucket = Bucket::Scope2(Approach::Location);
        let line = purchase();
        assert_eq!(counted(&line, (bucket, true, RuleSet::Ghgp)), [all, none]);
        assert_eq!(counted(&line, (bucket, false, RuleSet::Ghgp)), [used, used]);
        assert_eq!(counted(&line, (bucket, false, RuleSet::Gbt)), [all, all]);
        assert_eq!(counted(&line, (Bucket::Scope1, false, RuleSet::Gbt)), [none, none]);
    }
}
