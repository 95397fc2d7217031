//! Indicator systems as data: the table on which a park is judged, with its pass rule.
//!
//! A pack is a folder of `system.toml`, `indicators.csv` and, where a threshold depends on a tier, a year or a region,
//! `thresholds.csv`; see `docs/programmes.md`. Packs that ship with the program are in `packs/`; a zone adds its own in
//! `programmes/` of its package.

use super::formula::{Formula, Shape};
use super::items::{ItemId, Items};
use crate::diagnostic::{Diagnostic, Diagnostics, Origin, Problem};
use crate::quantity::Unit;
use std::sync::Arc;

/// How sure an indicator and its threshold are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Confidence {
    /// Printed in a source that was seen.
    High,
    /// Recollection that agrees with something that was seen.
    Medium,
    /// Recollection alone: it decides nothing by itself.
    Low,
}

impl Confidence {
    /// The word of tables.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
        }
    }
}

/// What kind of evidence an indicator rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Class {
    /// The park's accounts.
    Flow,
    /// Accounts and a benchmark, quota or rate from outside.
    External,
    /// A register.
    Roster,
    /// Documents.
    Evidence,
    /// A poll.
    Survey,
}

/// How a value is set against its threshold, as the table has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Comparator {
    /// `>=`
    AtLeast,
    /// `<=`, and `tiered <=`, whose threshold goes by scale.
    AtMost,
    /// `>`
    Above,
    /// `<`
    Below,
    /// `=`
    Equal,
    /// Yes or no.
    Is,
    /// An elasticity whose sign turns where added value falls (HJ 274-2015).
    Piecewise,
    /// Against a value from outside, at least or at most by what is good.
    Benchmark,
    /// Against the target of the zone's own plan.
    OwnTarget,
    /// A band of scores.
    Range,
    /// No threshold is public.
    NotFound,
}

/// The words of comparators.
pub(super) const COMPARATORS: [(&str, Comparator); 12] = [
    (">=", Comparator::AtLeast),
    ("<=", Comparator::AtMost),
    (">", Comparator::Above),
    ("<", Comparator::Below),
    ("=", Comparator::Equal),
    ("is", Comparator::Is),
    ("piecewise", Comparator::Piecewise),
    ("tiered <=", Comparator::AtMost),
    ("benchmark", Comparator::Benchmark),
    ("own-target", Comparator::OwnTarget),
    ("range", Comparator::Range),
    ("not found", Comparator::NotFound),
];

/// An interval of numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// Lower end and whether it belongs; `None`: no end.
    pub from: Option<(f64, bool)>,
    /// Upper end and whether it belongs.
    pub to: Option<(f64, bool)>,
}

impl Interval {
    /// Reads `[a,b)`, `(,b]`, `[a,)`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (open, rest) = (text.chars().next()?, text.get(1..)?);
        let (rest, close) = (rest.get(..rest.len().checked_sub(1)?)?, rest.chars().last()?);
        let (a, b) = rest.split_once(',')?;
        let end = |text: &str, closed: bool| match text.trim() {
            "" => Some(None),
            number => number.parse::<f64>().ok().filter(|n| n.is_finite()).map(|n| Some((n, closed))),
        };
        if !matches!(open, '[' | '(') || !matches!(close, ']' | ')') {
            return None;
        }
        let all = Self { from: end(a, open == '[')?, to: end(b, close == ']')? };
        let empty = all.from.zip(all.to).is_some_and(|(a, b)| a.0 > b.0);
        (!empty).then_some(all)
    }

    /// Whether a number lies in it.
    #[must_use]
    #[allow(clippy::float_cmp, reason = "whether the end itself belongs to it is what an interval says")]
    pub fn contains(&self, number: f64) -> bool {
        let above = self.from.is_none_or(|(end, closed)| number > end || (closed && number == end));
        let below = self.to.is_none_or(|(end, closed)| number < end || (closed && number == end));
        above && below
    }
}

/// When a case of a threshold applies.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// Always.
    Else,
    /// While an item lies in an interval, in its own unit.
    Within(ItemId, Interval),
    /// Where a choice is this one, by its number in [`Pack::words`].
    Chosen(ItemId, usize),
}

impl Condition {
    /// The item that it depends on.
    #[must_use]
    pub fn item(&self) -> Option<ItemId> {
        match self {
            Self::Else => None,
            Self::Within(item, _) | Self::Chosen(item, _) => Some(*item),
        }
    }
}

/// One case of a threshold.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// When it applies.
    pub when: Condition,
    /// The last year for which it is meant; after the last of all, the last one holds.
    pub until: Option<u16>,
    /// The threshold, in the unit of the indicator; none where the band itself is the answer.
    pub value: Option<f64>,
}

/// What a value is set against.
#[derive(Debug, Clone, PartialEq)]
pub enum Threshold {
    /// A number.
    Number(f64),
    /// A number that depends on something.
    Cases(Vec<Case>),
    /// A number that is asked for: the answer `ID.benchmark`.
    Asked,
    /// The target of the zone's plan.
    Target,
    /// None: yes or no, or nothing public.
    None,
}

/// One row of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Indicator {
    /// Its id, unique over all systems.
    pub id: Box<str>,
    /// Group of the pass rule: `M`, `A` to `F`, `core`, `guiding`; empty.
    pub group: Box<str>,
    /// Category as the table has it.
    pub category: Box<str>,
    /// Name, in English and Chinese.
    pub name: (Box<str>, Box<str>),
    /// Unit as the table prints it.
    pub unit: Box<str>,
    /// The unit of value and threshold.
    pub measured: Unit,
    /// How it is judged, as printed.
    pub comparator: Comparator,
    /// The comparator as printed.
    pub printed_comparator: Box<str>,
    /// The reading by which it is judged, where that is not what is printed.
    pub judged: Comparator,
    /// Against what.
    pub threshold: Threshold,
    /// The threshold as printed.
    pub printed_threshold: Box<str>,
    /// How its value is worked out; none where no definition is public.
    pub formula: Option<Formula>,
    /// What a zone would change to close a gap.
    pub lever: Option<ItemId>,
    /// What it rests on.
    pub class: Class,
    /// Where the row comes from.
    pub source: Box<str>,
    /// How sure row and threshold are.
    pub confidence: Confidence,
    /// A remark, in English and Chinese.
    pub note: (Box<str>, Box<str>),
    /// Line of its file.
    pub line: u32,
}

impl Indicator {
    /// Whether it is an elasticity.
    #[must_use]
    pub fn is_elasticity(&self) -> bool {
        matches!(self.formula.as_ref().map(|f| &f.shape), Some(Shape::Elasticity { .. }))
    }
}

/// How the rows together are judged.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Rule {
    /// Every row passes.
    All,
    /// All rows of group `M`, and so many of each other group.
    MandatoryAndGroups {
        /// The least number of rows of a group that pass.
        at_least: usize,
    },
    /// The rows of group `core`; the others guide.
    Veto,
    /// A share of the targets is met. Unit: 1.
    OwnTargets {
        /// The share.
        share: f64,
    },
    /// A score falls into a band.
    Bands,
    /// None is public.
    None,
}

/// One system.
#[derive(Debug, Clone, PartialEq)]
pub struct System {
    /// Its id, such as `HJ274-2015`.
    pub id: Box<str>,
    /// The folder that it was read from.
    pub folder: Arc<str>,
    /// Version as the table has it.
    pub version: Box<str>,
    /// Name, in English and Chinese.
    pub name: (Box<str>, Box<str>),
    /// Region: `CN`, `CN-HN`, `INT`.
    pub region: Box<str>,
    /// First and last year in which it is in force, where that is known.
    pub years: (Option<u16>, Option<u16>),
    /// What is not public and what is unsure, in English and Chinese.
    pub note: (Box<str>, Box<str>),
    /// How the rows together are judged.
    pub rule: Rule,
    /// Its rows, in the order of the table.
    pub rows: Vec<Indicator>,
}

/// Systems with the items that their formulas name.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Pack {
    /// The items.
    pub items: Items,
    /// Words of choices.
    pub words: Vec<Box<str>>,
    /// The systems, in the order of their folders.
    pub systems: Vec<System>,
}

impl Pack {
    /// A system by id or folder, in either case.
    #[must_use]
    pub fn system(&self, id: &str) -> Option<&System> {
        let folder = |s: &&System| s.folder.rsplit('/').next().is_some_and(|f| f.eq_ignore_ascii_case(id));
        self.systems.iter().find(|s| s.id.eq_ignore_ascii_case(id)).or_else(|| self.systems.iter().find(folder))
    }

    /// Positions of the systems that `park.toml` names under `programmes`, each once; `all` names all. A name that nobody knows is
    /// told.
    pub fn named(&self, names: &[String], found: &mut Diagnostics) -> Vec<usize> {
        if names.iter().any(|name| name == "all") {
            return (0..self.systems.len()).collect();
        }
        let mut named = Vec::new();
        for name in names {
            let system = self.system(name).and_then(|system| self.systems.iter().position(|s| s.id == system.id));
            match system {
                Some(position) if named.contains(&position) => {}
                Some(position) => named.push(position),
                None => {
                    let ids = || self.systems.iter().map(|s| &*s.id);
                    let problem = Problem::BadChoice {
                        found: name.clone(),
                        choices: ids().collect::<Vec<_>>().join(", "),
                        nearest: crate::package::nearest(name, ids()),
                    };
                    found.push(Diagnostic::new(problem, Origin::file("park.toml").column("programmes")));
                }
            }
        }
        named
    }

    /// A row by id, with its system.
    #[must_use]
    pub fn indicator(&self, id: &str) -> Option<(&System, &Indicator)> {
        self.systems.iter().find_map(|s| Some((s, s.rows.iter().find(|r| *r.id == *id)?)))
    }

    /// The number of a word of a choice.
    #[must_use]
    pub fn word(&self, word: &str) -> Option<usize> {
        self.words.iter().position(|w| **w == *word)
    }
}
