//! A table of a scenario file under way: its keys, their lines, and what is wrong with them.

use crate::diagnostic::{Diagnostic, Diagnostics, Origin, Problem, Words};
use crate::package::nearest;
use crate::quantity::parse_number;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;
use toml::de::{DeTable, DeValue};

/// Tells what is no TOML.
pub(super) fn syntax(errors: &[toml::de::Error], text: &str, file: &Arc<str>, found: &mut Diagnostics) {
    for error in errors {
        let detail = error.message().lines().next().unwrap_or_default().to_owned();
        let row = error.span().map(|span| line_of(text, &span));
        let origin = Origin { row, ..Origin::file(file.clone()) };
        found.push(Diagnostic::new(Problem::ScenarioSyntax { detail }, origin));
    }
}

/// Line of a byte range, counted from 1.
pub(super) fn line_of(text: &str, span: &Range<usize>) -> u32 {
    let before = text.as_bytes().get(..span.start).unwrap_or(text.as_bytes());
    1 + memchr::memchr_iter(b'\n', before).count() as u32
}

/// A table: that of the file, of a change or of a sweep.
pub(super) struct Keys<'a, 'd> {
    /// Name of the file.
    pub(super) file: &'a Arc<str>,
    /// The text of the file.
    pub(super) text: &'a str,
    /// The table.
    pub(super) table: &'a DeTable<'a>,
    /// Line on which the table begins.
    pub(super) line: Option<u32>,
    /// How messages call it.
    pub(super) place: Words,
    /// What is wrong.
    pub(super) found: &'d mut Diagnostics,
}

impl<'a> Keys<'a, '_> {
    /// Whether the table has a key.
    pub(super) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// The value of a key.
    pub(super) fn value(&self, key: &str) -> Option<&'a DeValue<'a>> {
        self.table.get(key).map(toml::Spanned::get_ref)
    }

    /// The value of a key as the file has it.
    pub(super) fn source(&self, key: &str) -> String {
        let span = self.table.get(key).map(toml::Spanned::span).unwrap_or_default();
        self.text.get(span).unwrap_or_default().to_owned()
    }

    /// The place of a key; of one that is absent, that of the table.
    pub(super) fn origin(&self, key: &str) -> Origin {
        let line = self.table.get(key).map(|v| line_of(self.text, &v.span())).or(self.line);
        Origin { row: line, ..Origin::file(self.file.clone()) }.column(key)
    }

    /// The lines of all keys.
    pub(super) fn lines(&self) -> BTreeMap<String, u32> {
        let line = |(k, v): (&toml::Spanned<std::borrow::Cow<'_, str>>, &toml::Spanned<DeValue<'_>>)| {
            (k.get_ref().to_string(), line_of(self.text, &v.span()))
        };
        self.table.iter().map(line).collect()
    }

    /// Adds a problem at a key.
    pub(super) fn report(&mut self, key: &str, problem: Problem) {
        let mut diagnostic = Diagnostic::new(problem, self.origin(key));
        if self.has(key) {
            diagnostic = diagnostic.found(self.source(key));
        }
        self.found.push(diagnostic);
    }

    /// Reports a value of the wrong type or out of range.
    pub(super) fn bad(&mut self, key: &str, expected: (&str, &str)) {
        let (found, expected) = (self.source(key), Words::new(expected.0, expected.1));
        self.report(key, Problem::ScenarioValue { key: key.to_owned(), found, expected });
    }

    /// Reports a key that must be there.
    pub(super) fn missing(&mut self, key: &str, expected: (&str, &str)) {
        let (place, expected) = (self.place.clone(), Words::new(expected.0, expected.1));
        self.report(key, Problem::ScenarioMissingKey { key: key.to_owned(), place, expected });
    }

    /// Reports keys that are not among `known`.
    pub(super) fn check_names(&mut self, known: &[&str]) {
        for name in self.table.keys() {
            let key = name.get_ref().to_string();
            if known.contains(&&*key) {
                continue;
            }
            let line = line_of(self.text, &name.span());
            let problem = Problem::ScenarioKey {
                nearest: nearest(&key, known.iter().copied()),
                key: key.clone(),
                place: self.place.clone(),
                known: known.join(", "),
            };
            let origin = Origin::row(self.file.clone(), line).column(&*key);
            let found = self.source(&key);
            self.found.push(Diagnostic::new(problem, origin).found(found));
        }
    }

    /// The value of a key that may be absent; one that cannot be read is reported.
    pub(super) fn may<T>(
        &mut self,
        key: &str,
        expected: (&str, &str),
        read: impl Fn(&'a DeValue<'a>) -> Option<T>,
    ) -> Option<T> {
        let result = read(self.value(key)?);
        if result.is_none() {
            self.bad(key, expected);
        }
        result
    }

    /// The value of a key that must be there.
    pub(super) fn must<T>(
        &mut self,
        key: &str,
        expected: (&str, &str),
        read: impl Fn(&'a DeValue<'a>) -> Option<T>,
    ) -> Option<T> {
        if !self.has(key) {
            self.missing(key, expected);
            return None;
        }
        self.may(key, expected, read)
    }

    /// A number within a range.
    pub(super) fn number(&mut self, key: &str, range: Bounds, required: bool) -> Option<f64> {
        let read = |v: &DeValue| number(v).filter(|n| range.holds(*n));
        if required { self.must(key, range.words(), read) } else { self.may(key, range.words(), read) }
    }
}

/// Where a number of a scenario may lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bounds {
    /// Anywhere.
    Any,
    /// From 0.
    NotNegative,
    /// Above 0.
    Positive,
    /// From 0 to 1.
    Share,
}

impl Bounds {
    /// Whether a number lies in it.
    pub(super) fn holds(self, number: f64) -> bool {
        match self {
            Self::Any => number.is_finite(),
            Self::NotNegative => number >= 0.0,
            Self::Positive => number > 0.0,
            Self::Share => (0.0..=1.0).contains(&number),
        }
    }

    /// What is expected.
    pub(super) fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Any => ("a number", "一个数"),
            Self::NotNegative => ("a number that is not negative", "非负数"),
            Self::Positive => ("a number above 0", "大于 0 的数"),
            Self::Share => ("a number from 0 to 1", "0 到 1 之间的数"),
        }
    }
}

/// A number of TOML, finite and of a size that a park can have.
pub(super) fn number(value: &DeValue) -> Option<f64> {
    let text = match value {
        DeValue::Integer(i) if i.radix() == 10 => i.as_str(),
        DeValue::Float(f) => f.as_str(),
        _ => return None,
    };
    parse_number(text).ok()
}

/// A text that is not blank.
pub(super) fn words_of(value: &DeValue) -> Option<String> {
    value.as_str().map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned)
}
