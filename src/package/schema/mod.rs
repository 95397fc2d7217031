//! One static description per table: the reader, the template, the published
//! schema and the documentation are made from it.

mod settings;
mod tables;

pub use settings::{SETTINGS, Setting, settings_json};
pub use tables::{TABLES, TRANSPORT};

use crate::park::{Parameter, names_zh, word};
use serde_json::{Value, json};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An id.
    Id,
    /// Free text, or text that a check of its own reads.
    Text,
    /// A number.
    Number,
    /// A unit of measurement.
    Unit,
    /// A year or month.
    Period,
    /// A basis, tokens joined by `;`.
    Basis,
    /// One end of a flow.
    Node,
    /// One of a fixed list.
    Choice(&'static [&'static str]),
    /// What `carriers.csv` can state of a carrier.
    Property,
    /// What `parameters.csv` can state of a process.
    Parameter,
}

/// Properties of `carriers.csv` that declare a carrier instead of measuring it.
const DECLARATIONS: [&str; 3] = ["kind", "name_en", "name_zh"];

impl Kind {
    /// The words that a cell may hold, where they are a fixed list.
    #[must_use]
    pub fn choices(self) -> Option<Vec<&'static str>> {
        let all = || Parameter::ALL.iter().copied();
        match self {
            Self::Choice(words) => Some(words.to_vec()),
            Self::Property => {
                let values = all().filter(|p| p.is_property()).map(Parameter::id);
                Some(DECLARATIONS.into_iter().chain(values).collect())
            }
            Self::Parameter => Some(all().filter(|p| p.is_process_parameter()).map(Parameter::id).collect()),
            _ => None,
        }
    }

    /// The word of a [`Kind::Choice`] that a cell names, in either language.
    #[must_use]
    pub fn find(self, text: &str) -> Option<&'static str> {
        let Self::Choice(words) = self else { return None };
        let word = self.canonical(text);
        words.iter().copied().find(|w| *w == word)
    }

    /// The word of the list that a cell names in Chinese; any other text as it stands.
    #[must_use]
    #[inline]
    pub fn canonical(self, text: &str) -> &str {
        // The Chinese names hold no ASCII, so that a word itself costs nothing.
        let listed = matches!(self, Self::Choice(_) | Self::Property | Self::Parameter);
        if listed && !text.is_ascii() { self.named(text) } else { text }
    }

    /// The word of the list that has this Chinese name; other text as it stands.
    fn named(self, text: &str) -> &str {
        match self {
            Self::Choice(words) => word(words, text).unwrap_or(text),
            Self::Property | Self::Parameter => {
                let fits =
                    |p: &Parameter| if self == Self::Property { p.is_property() } else { p.is_process_parameter() };
                let mut named = Parameter::ALL.iter().filter(|p| fits(p) && p.words().1 == text);
                match (named.next(), named.next()) {
                    (Some(only), None) => only.id(),
                    _ if self == Self::Property => word(&DECLARATIONS, text).unwrap_or(text),
                    _ => text,
                }
            }
            _ => text,
        }
    }

    /// The words that a cell may hold with their Chinese names, where they are a fixed
    /// list.
    #[must_use]
    pub fn choices_zh(self) -> Vec<(&'static str, Vec<&'static str>)> {
        let names = |id: &'static str| match self {
            Self::Property | Self::Parameter => {
                let words = Parameter::find(id).map(|p| p.words().1).filter(|name| self.canonical(name) == id);
                words.into_iter().chain(names_zh(id).iter().copied().filter(|n| self.canonical(n) == id)).collect()
            }
            _ => names_zh(id).to_vec(),
        };
        self.choices().unwrap_or_default().into_iter().map(|id| (id, names(id))).collect()
    }

    /// The fixed list as the pages and `schema` show it: `yes（是）, no（否）`.
    #[must_use]
    pub fn choices_shown(self) -> Option<String> {
        let show = |(id, names): (&str, Vec<&str>)| match names[..] {
            [] => id.to_owned(),
            _ => format!("{id}（{}）", names.join("、")),
        };
        self.choices()?;
        Some(self.choices_zh().into_iter().map(show).collect::<Vec<_>>().join(", "))
    }
}

/// A column of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Machine key, the header in English.
    pub name: &'static str,
    /// Chinese headers; the first is written by the template.
    pub zh: &'static [&'static str],
    /// What it holds.
    pub kind: Kind,
    /// Whether header and cell are compulsory.
    pub required: bool,
    /// What it means, in English and Chinese.
    pub doc: (&'static str, &'static str),
    /// A cell of the template's example row.
    pub example: &'static str,
}

/// A table of a package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Table {
    /// Name, also the file's stem.
    pub name: &'static str,
    /// File name.
    pub file: &'static str,
    /// Whether a package must have it.
    pub required: bool,
    /// Chinese title.
    pub zh: &'static str,
    /// What it holds, in English and Chinese.
    pub doc: (&'static str, &'static str),
    /// The columns in order.
    pub columns: &'static [Column],
}

impl Table {
    /// Position of the column with this machine key.
    #[must_use]
    pub fn position(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|c| c.name == name)
    }

    /// Position of the column with this header, English or Chinese.
    #[must_use]
    pub fn find(&self, header: &str) -> Option<usize> {
        let header = header.trim();
        self.columns.iter().position(|c| c.name == header || c.zh.contains(&header))
    }

    /// The table as a Frictionless Table Schema.
    #[must_use]
    pub fn to_json(self) -> Value {
        let fields: Vec<Value> = self.columns.iter().map(|c| c.to_json()).collect();
        json!({
            "name": self.name,
            "path": self.file,
            "title": self.zh,
            "description": self.doc.0,
            "description_zh": self.doc.1,
            "required": self.required,
            "schema": { "fields": fields, "missingValues": [""] },
        })
    }
}

impl Column {
    fn to_json(self) -> Value {
        let mut constraints = serde_json::Map::new();
        if self.required {
            constraints.insert("required".to_owned(), Value::Bool(true));
        }
        if let Some(choices) = self.kind.choices() {
            constraints.insert("enum".to_owned(), json!(choices));
        }
        let names = self.kind.choices_zh().into_iter().filter(|(_, names)| !names.is_empty());
        let names: serde_json::Map<String, Value> = names.map(|(id, n)| (id.to_owned(), json!(n))).collect();
        json!({
            "name": self.name,
            "title": self.zh.first(),
            "aliases": self.zh,
            "type": if self.kind == Kind::Number { "number" } else { "string" },
            "description": self.doc.0,
            "description_zh": self.doc.1,
            "example": self.example,
            "constraints": constraints,
            "enum_zh": names,
        })
    }
}

/// The table with this name or file name.
#[must_use]
pub fn table(name: &str) -> Option<&'static Table> {
    TABLES.iter().find(|t| t.name == name || t.file == name)
}
