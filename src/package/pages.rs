//! The sheets of a package as its user sees them, whatever stands in them: what
//! `check --annotate` writes its remarks on.

use super::disk::{load, load_folder, name_of};
use super::raw::raw_of_files;
use super::schema::Table;
use super::workbook::{self, PARK_SHEETS};
use super::{Error, decode};
use crate::diagnostic::{Diagnostics, Lang};
use std::path::Path;

/// One sheet, or one file that could be one.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// Name of the sheet.
    pub name: String,
    /// How the origins of problems name it: `flows.csv` or `binhai.xlsx › flows`.
    pub place: String,
    /// What it holds.
    pub content: Content,
    /// Row of the header, where there is one.
    pub head: u32,
    /// Rows with their number, and their filled cells by column, counted from 0.
    pub rows: Vec<(u32, Vec<(u32, String)>)>,
}

/// What a [`Page`] holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// A table.
    Table(&'static Table),
    /// The settings as rows of key and value; their problems are found by key.
    Settings,
    /// Anything else.
    Other,
}

impl Page {
    /// The cells of a row; rows stand in order.
    #[must_use]
    pub fn row(&self, row: u32) -> &[(u32, String)] {
        self.rows.binary_search_by_key(&row, |(r, _)| *r).map_or(&[], |at| &self.rows[at].1)
    }

    /// The cell of the header in a column.
    #[must_use]
    pub fn header(&self, column: u32) -> Option<&str> {
        self.row(self.head).iter().find(|(c, _)| *c == column).map(|(_, text)| text.trim())
    }

    /// The column with this machine key or header; of settings, that of the values.
    #[must_use]
    pub fn column(&self, key: &str) -> Option<u32> {
        let is = |text: &str| match self.content {
            Content::Table(table) => text == key || table.find(text).is_some_and(|i| table.columns[i].name == key),
            Content::Settings => workbook::VALUE_HEADERS.contains(&text),
            Content::Other => false,
        };
        self.row(self.head).iter().find(|(_, text)| is(text.trim())).map(|(column, _)| *column)
    }
}

/// The pages of a folder or workbook. A file that cannot be read at all has none; its
/// problems are told by [`super::read`].
///
/// # Errors
/// [`Error::Io`] when the folder or a file of it cannot be read.
pub fn pages(path: &Path, lang: Lang) -> Result<Vec<Page>, Error> {
    let mut unused = Diagnostics::default();
    if path.is_file() {
        let name = name_of(path);
        let bytes = load(path, workbook::LIMITS.file, &name, &mut unused)?;
        return Ok(bytes.map_or_else(Vec::new, |bytes| workbook::pages(&name, &bytes)));
    }
    let files = load_folder(path, &mut unused)?;
    let mut list = Vec::new();
    if let Some(text) = files.get("park.toml").and_then(|bytes| decode(bytes).ok()) {
        list.push(settings_page(&text, lang));
    }
    for table in raw_of_files(&files).tables {
        let filled = |cells: Vec<String>| -> Vec<(u32, String)> {
            (0..).zip(cells).filter(|(_, text)| !text.is_empty()).collect()
        };
        let rows = table.rows.into_iter().map(|r| (r.line, filled(r.cells)));
        list.push(Page {
            name: lang.pick(table.table.name, table.table.zh).to_owned(),
            place: table.table.file.to_owned(),
            content: Content::Table(table.table),
            head: 1,
            rows: std::iter::once((1, filled(table.header))).chain(rows).collect(),
        });
    }
    Ok(list)
}

/// Settings by key; where the text is no TOML, its lines.
fn settings_page(text: &str, lang: Lang) -> Page {
    let place = "park.toml".to_owned();
    if let Some(rows) = workbook::settings_rows(text, lang) {
        let name = lang.pick(PARK_SHEETS[0], PARK_SHEETS[1]).to_owned();
        let rows = (1..).zip(rows).map(|(row, (key, value))| (row, vec![(0, key), (1, value)]));
        return Page { name, place, content: Content::Settings, head: 1, rows: rows.collect() };
    }
    let rows = (1..).zip(text.lines()).filter(|(_, line)| !line.is_empty());
    let rows = rows.map(|(row, line)| (row, vec![(0, line.to_owned())]));
    Page { name: place.clone(), place, content: Content::Other, head: 0, rows: rows.collect() }
}
