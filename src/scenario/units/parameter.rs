//! Parameters of a unit: what the scenario gives, what a cited row gives, and what nobody could confirm.

use super::Kind;
use crate::factors::{BUILTIN_IDS, Confidence, Factor, builtin};
use crate::quantity::{ABSURD, Dimension, Quantity, significant};
use std::fmt::{self, Write as _};

/// What a parameter of a unit is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spec {
    /// Its name in a scenario.
    pub id: &'static str,
    /// Its words in English and Chinese.
    pub words: (&'static str, &'static str),
    /// A unit that it is usually given in.
    pub unit: &'static str,
    /// What it measures.
    pub dimension: Dimension,
    /// Which values can be.
    pub range: Range,
    /// What holds where the scenario is silent.
    pub silent: Silent,
}

/// What holds where a scenario does not state a parameter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Silent {
    /// Nothing: it must be stated.
    Error,
    /// A row of `emission_factors/`, by its id. An unconfirmed row is no default but a suggestion in the error.
    Row(&'static str),
    /// Nothing, unless all of these others are stated, of which the first says the same thing; with a row to suggest, if
    /// there is one.
    Unless(&'static [&'static str], Option<&'static str>),
    /// What the reaction needs and no more.
    Reaction(f64),
    /// The unit does without, and the result says so.
    Without,
}

/// Which values a parameter may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Range {
    /// Above 0 and up to 1.
    Share,
    /// 0 to below 1.
    Part,
    /// 0 to 1, both included.
    Fraction,
    /// Above 0.
    Positive,
    /// 0 and above.
    NotNegative,
    /// 1 and above.
    AtLeastOne,
    /// A temperature above absolute zero. Unit: °C.
    Celsius,
}

/// 0 K. Unit: °C.
const ABSOLUTE_ZERO: f64 = -273.15;

impl Range {
    /// Whether `value` can be.
    #[must_use]
    pub fn contains(self, value: f64) -> bool {
        let below_absurd = value.is_finite() && value.abs() <= ABSURD;
        below_absurd
            && match self {
                Self::Share => value > 0.0 && value <= 1.0,
                Self::Part => (0.0..1.0).contains(&value),
                Self::Fraction => (0.0..=1.0).contains(&value),
                Self::Positive => value > 0.0,
                Self::NotNegative => value >= 0.0,
                Self::AtLeastOne => value >= 1.0,
                Self::Celsius => value > ABSOLUTE_ZERO,
            }
    }

    /// As an error prints it.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Share => "> 0, ≤ 1",
            Self::Part => "≥ 0, < 1",
            Self::Fraction => "≥ 0, ≤ 1",
            Self::Positive => "> 0",
            Self::NotNegative => "≥ 0",
            Self::AtLeastOne => "≥ 1",
            Self::Celsius => "> −273.15 °C",
        }
    }
}

/// Where the value of a parameter came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// The scenario states it.
    Given,
    /// A confirmed row, or an unconfirmed one that the park insists on.
    Default,
    /// What the reaction needs.
    Reaction,
    /// Not stated: the unit does without.
    Without,
}

/// A parameter as a recipe used it.
#[derive(Debug, Clone, PartialEq)]
pub struct Used {
    /// Its name.
    pub id: &'static str,
    /// Its words in English and Chinese.
    pub words: (&'static str, &'static str),
    /// Its value; none where the unit does without. Unit: canonical of `dimension`.
    pub value: Option<f64>,
    /// What it measures.
    pub dimension: Dimension,
    /// Where it came from.
    pub how: How,
    /// Value and unit as the source prints them, for a default.
    pub printed: String,
    /// Document, table and edition, for a default.
    pub source: String,
    /// Id of the row, for a default.
    pub row: Option<&'static str>,
    /// How sure the row is.
    pub confidence: Option<Confidence>,
}

/// A value that nobody could confirm: shown, never taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// Value and unit as printed: `1.65 kWh/kg`.
    pub printed: String,
    /// Id of its row, for `allow_unconfirmed`.
    pub row: &'static str,
    /// What it rests on.
    pub source: String,
    /// Remark of the row, with its range.
    pub note: String,
}

/// Why there is no recipe.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum RecipeError {
    /// No unit of this kind.
    UnknownKind {
        /// What was asked for.
        kind: String,
    },
    /// The unit has no such parameter.
    UnknownParameter {
        /// The unit.
        kind: &'static str,
        /// The parameter.
        parameter: String,
        /// Those it has.
        known: Vec<&'static str>,
    },
    /// A parameter is stated twice.
    Twice {
        /// The parameter.
        parameter: &'static str,
    },
    /// A parameter must be stated.
    Missing {
        /// The unit.
        kind: &'static str,
        /// The parameter.
        parameter: &'static str,
        /// Its words in English and Chinese.
        words: (&'static str, &'static str),
        /// A unit to give it in.
        unit: &'static str,
        /// Other parameters that would do in its place.
        instead: &'static [&'static str],
        /// What one reads, unconfirmed.
        suggestion: Option<Suggestion>,
    },
    /// Two ways to say the same thing are both used.
    Both {
        /// The parameter.
        parameter: &'static str,
        /// What stands in its place.
        instead: &'static [&'static str],
    },
    /// A value of another dimension.
    WrongUnit {
        /// The parameter.
        parameter: &'static str,
        /// A unit that fits.
        unit: &'static str,
    },
    /// A value that cannot be.
    OutsideRange {
        /// The parameter.
        parameter: &'static str,
        /// Its value.
        value: f64,
        /// What can be.
        range: String,
    },
}

impl RecipeError {
    /// The parameter that is meant, as the scenario names it.
    #[must_use]
    pub fn parameter(&self) -> Option<&str> {
        match self {
            Self::UnknownKind { .. } => None,
            Self::UnknownParameter { parameter, .. } => Some(parameter),
            Self::Twice { parameter }
            | Self::Missing { parameter, .. }
            | Self::Both { parameter, .. }
            | Self::WrongUnit { parameter, .. }
            | Self::OutsideRange { parameter, .. } => Some(parameter),
        }
    }

    /// The text in English and Chinese.
    #[must_use]
    pub fn texts(&self) -> (String, String) {
        match self {
            Self::UnknownKind { kind } => (format!("no unit of the kind '{kind}'"), format!("没有“{kind}”类设施")),
            Self::UnknownParameter { kind, parameter, known } => (
                format!("{kind} has no parameter '{parameter}'; it has {}", known.join(", ")),
                format!("{kind} 没有参数“{parameter}”；可用参数：{}", known.join("、")),
            ),
            Self::Twice { parameter } => (format!("{parameter} is given twice"), format!("{parameter} 重复给出")),
            Self::Missing { kind, parameter, words, unit, instead, suggestion } => {
                let mut en = format!("{kind} needs {parameter} ({}) in {unit}", words.0);
                let mut zh = format!("{kind} 需要 {parameter}（{}），单位 {unit}", words.1);
                if !instead.is_empty() {
                    let _ = write!(en, ", or {}", instead.join(" and "));
                    let _ = write!(zh, "，或 {}", instead.join(" 和 "));
                }
                if let Some(s) = suggestion {
                    let _ = write!(en, "; unconfirmed: {} ({}: {})", s.printed, s.source, s.note);
                    let _ = write!(zh, "；未证实的数值：{}（{}：{}）", s.printed, s.source, s.note);
                }
                (en, zh)
            }
            Self::Both { parameter, instead } => (
                format!("give {parameter} or {}, not both", instead.join(" and ")),
                format!("{parameter} 与 {} 只能给出一种", instead.join("、")),
            ),
            Self::WrongUnit { parameter, unit } => {
                (format!("{parameter} is measured in {unit}"), format!("{parameter} 的单位应为 {unit}"))
            }
            Self::OutsideRange { parameter, value, range } => {
                let value = significant(*value, 6);
                (format!("{parameter} is {value}: it must be {range}"), format!("{parameter} 为 {value}：应为 {range}"))
            }
        }
    }
}

impl fmt::Display for RecipeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.texts().0)
    }
}

impl std::error::Error for RecipeError {}

/// The row of the library with this id.
#[must_use]
pub fn row(id: &str) -> Option<&'static Factor> {
    let set = BUILTIN_IDS.iter().find(|set| id.strip_prefix(**set).is_some_and(|rest| rest.starts_with('.')))?;
    builtin(set)?.factors.iter().find(|f| &*f.id == id)
}

/// The parameters of one unit, settled.
#[derive(Debug)]
pub(super) struct Inputs {
    pub(super) kind: &'static Kind,
    pub(super) used: Vec<Used>,
}

impl Inputs {
    /// Settles every parameter of a kind, or says all that is wrong with them.
    pub(super) fn settle(
        kind: &'static Kind,
        given: &[(String, Quantity)],
        allowed: &dyn Fn(&str) -> bool,
    ) -> Result<Self, Vec<RecipeError>> {
        let mut errors: Vec<RecipeError> = Vec::new();
        for (i, (name, _)) in given.iter().enumerate() {
            match kind.parameters().find(|s| s.id == name) {
                Some(spec) if given[..i].iter().any(|(n, _)| n == name) => {
                    errors.push(RecipeError::Twice { parameter: spec.id });
                }
                Some(_) => {}
                None => errors.push(RecipeError::UnknownParameter {
                    kind: kind.id,
                    parameter: name.clone(),
                    known: kind.parameters().map(|s| s.id).collect(),
                }),
            }
        }
        let mut used = Vec::new();
        for spec in kind.parameters() {
            match settle(kind, spec, given, allowed) {
                Ok(one) => used.push(one),
                Err(error) => errors.push(*error),
            }
        }
        if errors.is_empty() { Ok(Self { kind, used }) } else { Err(errors) }
    }

    /// The value of a parameter, if there is one.
    pub(super) fn get(&self, id: &str) -> Option<f64> {
        self.used.iter().find(|u| u.id == id)?.value
    }

    /// The value of a parameter that [`Inputs::settle`] has seen to.
    pub(super) fn need(&self, id: &str) -> Result<f64, Vec<RecipeError>> {
        self.get(id).ok_or_else(|| match self.kind.parameters().find(|s| s.id == id) {
            Some(spec) => vec![missing(self.kind, spec, &[], None)],
            None => vec![RecipeError::UnknownParameter { kind: self.kind.id, parameter: id.into(), known: Vec::new() }],
        })
    }

    /// A value that cannot be for a reason beyond its own range.
    pub(super) fn refuse<T>(&self, id: &str, range: String) -> Result<T, Vec<RecipeError>> {
        let used = self.used.iter().find(|u| u.id == id);
        let value = used.and_then(|u| u.value).unwrap_or_default();
        let parameter = used.map_or("", |u| u.id);
        Err(vec![RecipeError::OutsideRange { parameter, value, range }])
    }
}

fn settle(
    kind: &'static Kind,
    spec: &'static Spec,
    given: &[(String, Quantity)],
    allowed: &dyn Fn(&str) -> bool,
) -> Result<Used, Box<RecipeError>> {
    let used = |value: Option<f64>, how| Used {
        id: spec.id,
        words: spec.words,
        value,
        dimension: spec.dimension,
        how,
        printed: String::new(),
        source: String::new(),
        row: None,
        confidence: None,
    };
    let others = match spec.silent {
        Silent::Unless(others, _) => others,
        _ => &[],
    };
    let is_given = |id: &str| given.iter().any(|(name, _)| name == id);
    if let Some((_, quantity)) = given.iter().find(|(name, _)| name == spec.id) {
        // The others may serve a check of their own, as temperatures do; the first says the same thing.
        if others.first().is_some_and(|o| is_given(o)) {
            return Err(RecipeError::Both { parameter: spec.id, instead: others }.into());
        }
        if quantity.dimension != spec.dimension {
            return Err(RecipeError::WrongUnit { parameter: spec.id, unit: spec.unit }.into());
        }
        if !spec.range.contains(quantity.value) {
            let range = spec.range.text().to_owned();
            return Err(RecipeError::OutsideRange { parameter: spec.id, value: quantity.value, range }.into());
        }
        return Ok(used(Some(quantity.value), How::Given));
    }
    let id = match spec.silent {
        Silent::Reaction(value) => return Ok(used(Some(value), How::Reaction)),
        Silent::Without => return Ok(used(None, How::Without)),
        Silent::Unless(others, _) if others.iter().all(|o| is_given(o)) => return Ok(used(None, How::Without)),
        Silent::Error | Silent::Unless(_, None) => return Err(missing(kind, spec, others, None).into()),
        Silent::Row(id) | Silent::Unless(_, Some(id)) => id,
    };
    let found = row(id).filter(|f| f.dimension == spec.dimension && spec.range.contains(f.value));
    match found {
        Some(factor) if factor.confidence != Confidence::Unconfirmed || allowed(id) => Ok(Used {
            printed: factor.printed_text(),
            source: factor.citation(),
            row: Some(id),
            confidence: Some(factor.confidence),
            ..used(Some(factor.value), How::Default)
        }),
        other => {
            let suggestion = other.map(|f| Suggestion {
                printed: f.printed_text(),
                row: id,
                source: f.citation(),
                note: f.note.to_string(),
            });
            Err(missing(kind, spec, others, suggestion).into())
        }
    }
}

fn missing(
    kind: &'static Kind,
    spec: &'static Spec,
    instead: &'static [&'static str],
    suggestion: Option<Suggestion>,
) -> RecipeError {
    RecipeError::Missing { kind: kind.id, parameter: spec.id, words: spec.words, unit: spec.unit, instead, suggestion }
}
