//! Problems in the user's data: coded, bilingual, with the cell that caused them.
//!
//! A reader never stops at the first mistake. Every check pushes a
//! [`Diagnostic`] into [`Diagnostics`]; only when all input has been seen does
//! the caller ask [`Diagnostics::has_errors`]. Each kind of problem is one
//! variant of [`Problem`]; its texts are exhaustive matches, so that a missing
//! translation does not compile.

mod origin;
mod problem;
mod render;
mod rule;
mod text_en;
mod text_zh;

pub use origin::Origin;
pub use problem::{Code, Problem, Severity, Thing, Words};
pub use render::{Style, render_json, render_text};
pub use rule::rule;

use serde::{Deserialize, Serialize};

/// Language of everything that people read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Simplified Chinese.
    Zh,
}

impl Lang {
    /// Picks one of two texts.
    #[must_use]
    pub fn pick<T>(self, en: T, zh: T) -> T {
        match self {
            Self::En => en,
            Self::Zh => zh,
        }
    }
}

/// The words of one problem in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// What would have been right.
    pub expected: Option<String>,
    /// How to mend it.
    pub help: String,
}

/// One problem at one place.
#[derive(Debug, Clone, PartialEq)]
pub struct Diagnostic {
    /// What is wrong.
    pub problem: Problem,
    /// Where it is.
    pub origin: Origin,
    /// The content of the cell as found, where there is one.
    pub found: Option<String>,
    /// The header of the column as the file has it, where it is not the machine key.
    pub header: Option<String>,
    /// The cell of the workbook, such as `C3`, where the package is one.
    pub cell: Option<String>,
    /// The cells of the row, header and content, for orientation.
    pub row: Vec<(String, String)>,
}

impl Diagnostic {
    /// A problem at a place, without the row's cells.
    #[must_use]
    pub fn new(problem: Problem, origin: Origin) -> Self {
        Self { problem, origin, found: None, header: None, cell: None, row: Vec::new() }
    }

    /// The same with the cell's content.
    #[must_use]
    pub fn found(mut self, text: impl Into<String>) -> Self {
        self.found = Some(text.into());
        self
    }

    /// The same with the cells of its row.
    #[must_use]
    pub fn row(mut self, cells: Vec<(String, String)>) -> Self {
        self.row = cells;
        self
    }

    /// The words of the problem in `lang`.
    #[must_use]
    pub fn text(&self, lang: Lang) -> Text {
        match lang {
            Lang::En => text_en::text(&self.problem),
            Lang::Zh => text_zh::text(&self.problem),
        }
    }
}

/// Collects problems.
#[derive(Debug, Clone, Default)]
pub struct Diagnostics {
    items: Vec<Diagnostic>,
}

impl Diagnostics {
    /// Adds one problem.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.items.push(diagnostic);
    }

    /// Adds all problems of another collection.
    pub fn append(&mut self, other: Self) {
        self.items.extend(other.items);
    }

    /// The same problems, each changed by `change`.
    #[must_use]
    pub fn map(self, change: impl FnMut(Diagnostic) -> Diagnostic) -> Self {
        Self { items: self.items.into_iter().map(change).collect() }
    }

    /// Adds the problems of another collection at places where there is none yet.
    pub fn append_new(&mut self, other: Self) {
        let places: std::collections::BTreeSet<Origin> = self.items.iter().map(|d| d.origin.clone()).collect();
        self.items.extend(other.items.into_iter().filter(|d| !places.contains(&d.origin)));
    }

    /// Whether any problem forbids going on.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.count(Severity::Error) > 0
    }

    /// How many problems of one severity there are.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.items.iter().filter(|d| d.problem.severity() == severity).count()
    }

    /// All problems in the order of their places, then of their codes: the same
    /// input gives the same list whatever the order of the checks.
    #[must_use]
    pub fn sorted(&self) -> Vec<&Diagnostic> {
        let mut list: Vec<&Diagnostic> = self.items.iter().collect();
        list.sort_by(|a, b| (&a.origin, a.problem.code().id()).cmp(&(&b.origin, b.problem.code().id())));
        list
    }

    /// How many problems there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether nothing was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
}
