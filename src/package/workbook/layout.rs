//! Where the tables of a workbook stand: sheet, header row, columns.

use super::cells::column_name;
use crate::diagnostic::{Diagnostic, Diagnostics, Origin};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Leads from the places of the tables (`flows.csv`, row, column) to the sheets and
/// cells of the workbook that they were read from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Layout {
    book: String,
    sheets: BTreeMap<&'static str, Place>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Place {
    sheet: String,
    /// Row of the header.
    head: u32,
    /// Machine key or header of each column, and where it stands.
    columns: Vec<(Arc<str>, u32)>,
    /// Machine keys with the header that stands above them for people.
    labels: Vec<(Arc<str>, String)>,
    /// Column of the value of every setting.
    value: Option<u32>,
}

/// `binhai.xlsx › flows`.
pub(super) fn full_name(book: &str, sheet: &str) -> String {
    format!("{book} › {sheet}")
}

impl Layout {
    pub(super) fn new(book: &str) -> Self {
        Self { book: book.to_owned(), sheets: BTreeMap::new() }
    }

    pub(super) fn add(&mut self, file: &'static str, sheet: &str) {
        self.sheets.insert(file, Place { sheet: sheet.to_owned(), head: 1, ..Place::default() });
    }

    pub(super) fn columns(
        &mut self,
        file: &'static str,
        head: u32,
        columns: Vec<(Arc<str>, u32)>,
        labels: Vec<(Arc<str>, String)>,
    ) {
        if let Some(place) = self.sheets.get_mut(file) {
            (place.head, place.columns, place.labels) = (head, columns, labels);
        }
    }

    pub(super) fn settings(&mut self, head: u32, value: u32) {
        if let Some(place) = self.sheets.get_mut("park.toml") {
            (place.head, place.value) = (head, Some(value));
        }
    }

    /// File name of the workbook.
    #[must_use]
    pub fn book(&self) -> &str {
        &self.book
    }

    /// The sheet that a table, or `park.toml`, was read from.
    #[must_use]
    pub fn sheet(&self, file: &str) -> Option<&str> {
        self.sheets.get(file).map(|p| p.sheet.as_str())
    }

    /// The place in the workbook: `flows.csv:5` becomes `binhai.xlsx › flows:5`.
    /// Places outside the package stay as they are.
    #[must_use]
    pub fn origin(&self, origin: &Origin) -> Origin {
        let known = self.sheets.get(&*origin.file).map(|p| p.sheet.as_str());
        let missing = || match &*origin.file {
            "park.toml" => Some("park"),
            file => super::super::schema::table(file).filter(|t| t.file == file).map(|t| t.name),
        };
        match known.or_else(missing) {
            Some(sheet) => Origin { file: full_name(&self.book, sheet).into(), ..origin.clone() },
            None => origin.clone(),
        }
    }

    /// The cell of a place, such as `C3`.
    #[must_use]
    pub fn cell(&self, origin: &Origin) -> Option<String> {
        let (place, row) = (self.sheets.get(&*origin.file)?, origin.row?);
        let key = origin.column.as_deref()?;
        let column = match place.value {
            Some(value) => Some(value),
            None => place.columns.iter().find(|(name, _)| **name == *key).map(|&(_, column)| column),
        };
        Some(format!("{}{row}", column_name(column?)))
    }

    /// Moves problems from the tables to the cells of the workbook.
    #[must_use]
    pub fn relocate(&self, found: Diagnostics) -> Diagnostics {
        found.map(|diagnostic| {
            let label = |key: &str| self.label(&diagnostic.origin.file, key);
            let header = diagnostic.header.clone().or_else(|| label(diagnostic.origin.column.as_deref()?));
            let row =
                diagnostic.row.iter().map(|(name, text)| (label(name).unwrap_or_else(|| name.clone()), text.clone()));
            Diagnostic {
                header,
                row: row.collect(),
                cell: self.cell(&diagnostic.origin).or(diagnostic.cell),
                origin: self.origin(&diagnostic.origin),
                ..diagnostic
            }
        })
    }

    /// The header for people above a machine key.
    fn label(&self, file: &str, key: &str) -> Option<String> {
        let place = self.sheets.get(file)?;
        place.labels.iter().find(|(k, _)| **k == *key).map(|(_, label)| label.clone())
    }
}
