//! Report completeness: what a report by a standard must say, and whether the package
//! and its inventory say it.
//!
//! The checklist is the table [`PARTS`]; `evaluate` has one arm a part. Nothing is
//! computed here: base year and change since then are read off the figures.

mod evaluate;
mod parts;

pub use parts::PARTS;

use super::Inventory;
use crate::diagnostic::Words;
use crate::package::Package;

/// A standard that a report is checked against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standard {
    /// ISO 14064-1:2018.
    Iso14064,
    /// GHG Protocol Corporate Standard, with the Scope 2 Guidance.
    Ghgp,
    /// GB/T 32150-2015 with the NDRC/MEE report form.
    Gbt32150,
}

impl Standard {
    /// All of them, in the order of [`Part::basis`].
    pub const ALL: [Self; 3] = [Self::Iso14064, Self::Ghgp, Self::Gbt32150];

    /// The id used on the command line.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Iso14064 => "iso14064",
            Self::Ghgp => "ghgp",
            Self::Gbt32150 => "gbt32150",
        }
    }

    /// The standard by name.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Iso14064 => "ISO 14064-1:2018",
            Self::Ghgp => "GHG Protocol Corporate Standard",
            Self::Gbt32150 => "GB/T 32150-2015",
        }
    }
}

/// One part of an item of the checklist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// Item of the checklist: `A1` to `A27`.
    pub item: &'static str,
    /// Key for programs, unique.
    pub key: &'static str,
    /// What it is, in English and Chinese.
    pub title: (&'static str, &'static str),
    /// Where it goes, in English and Chinese.
    pub place: (&'static str, &'static str),
    /// By which clause each standard of [`Standard::ALL`] makes it compulsory; empty where it does not.
    pub basis: [&'static str; 3],
}

impl Part {
    /// The clause that makes the part compulsory; empty where it is advisable only.
    #[must_use]
    pub fn basis(&self, standard: Standard) -> &'static str {
        self.basis[standard as usize]
    }
}

const fn part(
    item: &'static str,
    key: &'static str,
    title: (&'static str, &'static str),
    place: (&'static str, &'static str),
    basis: [&'static str; 3],
) -> Part {
    Part { item, key, title, place, basis }
}

/// Whether a part is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It is in the package.
    There,
    /// Some of it is in the package.
    InPart,
    /// It is not in the package.
    Missing,
    /// There is nothing that it could say.
    NotApplicable,
    /// It comes from the program.
    Program,
}

impl State {
    /// Key for programs, and the words in English and Chinese.
    #[must_use]
    pub fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::There => ("there", "there", "已有"),
            Self::InPart => ("in_part", "in part", "部分"),
            Self::Missing => ("missing", "missing", "缺失"),
            Self::NotApplicable => ("not_applicable", "not applicable", "不适用"),
            Self::Program => ("program", "by the program", "由程序给出"),
        }
    }

    /// Whether something is still to be handed in.
    #[must_use]
    pub fn is_lacking(self) -> bool {
        matches!(self, Self::InPart | Self::Missing)
    }
}

/// What was found of a part.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The part.
    pub part: &'static Part,
    /// Whether it is there.
    pub state: State,
    /// What is there and where, or what is lacking.
    pub detail: Words,
}

/// Goes through the checklist.
#[must_use]
pub fn completeness(package: &Package, inventory: &Inventory) -> Vec<Answer> {
    let evidence = evaluate::Evidence { package, park: &package.park, inventory };
    let answer = |part: &'static Part| {
        let (state, detail) = evidence.evaluate(part.key);
        Answer { part, state, detail }
    };
    PARTS.iter().map(answer).collect()
}
