//! A package as its cells stand: what `convert`, `merge` and `check --annotate` work
//! on. Nothing is judged here; `park in, tables out` is lossless because the text of
//! every cell is kept.

use super::disk::{LOCK, load, load_folder, name_of};
use super::neutral::{neutralize, restore};
use super::schema::{TABLES, Table};
use super::workbook::{self, NOTE_SHEETS};
use super::{Error, decode};
use crate::diagnostic::Diagnostics;
use std::collections::BTreeMap;
use std::path::Path;

/// A byte-order mark, by which Excel knows UTF-8.
const BOM: &[u8] = &[0xEF, 0xBB, 0xBF];

/// Largest file with notes that is carried along. Unit: bytes.
const LARGEST_NOTE: u64 = 1 << 20;

/// A package as text.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Raw {
    /// `park.toml`, if there is one.
    pub settings: Option<String>,
    /// The tables that are there, in the order of the schema.
    pub tables: Vec<RawTable>,
    /// Notes for people by file name: `README.md`, `README.zh-CN.md`.
    pub notes: BTreeMap<String, String>,
    /// What a folder holds beside: scenarios, evidence, lock of factors.
    pub beside: Vec<String>,
}

/// A table as text.
#[derive(Debug, Clone, PartialEq)]
pub struct RawTable {
    /// Which.
    pub table: &'static Table,
    /// The header as it stands, keys or Chinese names.
    pub header: Vec<String>,
    /// The rows that are not blank; cells beyond the last filled one may be absent.
    pub rows: Vec<RawRow>,
}

/// A row of a [`RawTable`].
#[derive(Debug, Clone, PartialEq)]
pub struct RawRow {
    /// Line of the file or row of the sheet.
    pub line: u32,
    /// The cells.
    pub cells: Vec<String>,
}

impl RawTable {
    /// The table in a text; `lines` are the rows of its records where it was made of a
    /// workbook, else it is CSV.
    fn parse(table: &'static Table, text: &str, lines: Option<&[u32]>) -> Self {
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .trim(csv::Trim::All)
            .from_reader(text.as_bytes());
        let (mut header, mut rows) = (Vec::new(), Vec::new());
        let (mut byte, mut line, mut index) = (0, 1, 0);
        let mut record = csv::StringRecord::new();
        while reader.read_record(&mut record).unwrap_or(false) {
            let start = record.position().map_or(0, |p| p.byte() as usize).min(text.len());
            // The reader's position is taken before it skips blank lines.
            let start = start + text.as_bytes()[start..].iter().take_while(|b| matches!(b, b'\r' | b'\n')).count();
            line += memchr::memchr_iter(b'\n', &text.as_bytes()[byte..start]).count() as u32;
            byte = start;
            let cells: Vec<String> =
                record.iter().map(|c| if lines.is_some() || index == 0 { c } else { restore(c) }.to_owned()).collect();
            let row = lines.map_or(line, |l| l.get(index).copied().unwrap_or_default());
            if index == 0 {
                header = cells;
            } else if cells.iter().any(|c| !c.is_empty()) {
                rows.push(RawRow { line: row, cells });
            }
            index += 1;
        }
        Self { table, header, rows }
    }

    /// The table as CSV with a byte-order mark, text that looks like a formula
    /// neutralized.
    #[must_use]
    pub fn to_csv(&self) -> Vec<u8> {
        let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(BOM.to_vec());
        // Writing into memory cannot fail.
        let _ = writer.write_record(&self.header);
        for row in &self.rows {
            let width = self.header.len().max(row.cells.len());
            let cell = |i| row.cells.get(i).map_or(String::new(), |c: &String| neutralize(c));
            let _ = writer.write_record((0..width).map(cell));
        }
        writer.into_inner().unwrap_or_default()
    }
}

impl Raw {
    /// A table by name or file name.
    #[must_use]
    pub fn table(&self, name: &str) -> Option<&RawTable> {
        self.tables.iter().find(|t| t.table.name == name || t.table.file == name)
    }

    /// The files of a folder, by name.
    #[must_use]
    pub fn to_files(&self) -> BTreeMap<String, Vec<u8>> {
        let settings = self.settings.iter().map(|text| ("park.toml".to_owned(), tidy(text).into_bytes()));
        let tables = self.tables.iter().map(|t| (t.table.file.to_owned(), t.to_csv()));
        let notes = self.notes.iter().map(|(name, text)| (name.clone(), text.clone().into_bytes()));
        settings.chain(tables).chain(notes).collect()
    }
}

/// Settings made of a sheet without the lines that kept their rows.
fn tidy(text: &str) -> String {
    let body = text.trim_start_matches('\n');
    format!("{}\n", body.trim_end_matches('\n'))
}

/// Reads a folder or a workbook as text. What cannot be read at all is in the
/// diagnostics; whether the package is valid is asked of [`super::read`].
///
/// # Errors
/// [`Error::Io`] when the folder or a file of it cannot be read.
pub fn read_raw(path: &Path) -> Result<(Raw, Diagnostics), Error> {
    let mut found = Diagnostics::default();
    if path.is_file() {
        let name = name_of(path);
        let bytes = load(path, workbook::LIMITS.file, &name, &mut found)?;
        let (raw, problems) = bytes.map_or_else(Default::default, |bytes| raw_of_workbook(&name, &bytes));
        found.append(problems);
        return Ok((raw, found));
    }
    let files = load_folder(path, &mut found)?;
    let mut raw = raw_of_files(&files);
    let io = |source| Error::Io { path: path.display().to_string(), source };
    for entry in std::fs::read_dir(path).map_err(io)? {
        let name = name_of(&entry.map_err(io)?.path());
        if (files.contains_key(&name) && name != LOCK) || name.starts_with('.') || name.starts_with("~$") {
            continue;
        }
        let note = NOTE_SHEETS.iter().any(|(_, file)| *file == name);
        let bytes = if note { load(&path.join(&name), LARGEST_NOTE, &name, &mut found)? } else { None };
        match bytes.as_deref().map(decode) {
            Some(Ok(text)) => drop(raw.notes.insert(name, text.into_owned())),
            _ => raw.beside.push(name),
        }
    }
    raw.beside.sort();
    Ok((raw, found))
}

/// The same of files in memory; what cannot be decoded is left out.
#[must_use]
pub fn raw_of_files(files: &BTreeMap<String, Vec<u8>>) -> Raw {
    let text = |name: &str| files.get(name).and_then(|bytes| decode(bytes).ok());
    let tables = TABLES.iter().filter_map(|t| Some(RawTable::parse(t, &text(t.file)?, None)));
    let tables = tables.collect();
    let notes = NOTE_SHEETS.iter().filter_map(|(_, file)| Some(((*file).to_owned(), text(file)?.into_owned())));
    let settings = text("park.toml").map(std::borrow::Cow::into_owned);
    Raw { settings, tables, notes: notes.collect(), beside: Vec::new() }
}

/// The same of the bytes of a workbook.
#[must_use]
pub fn raw_of_workbook(name: &str, bytes: &[u8]) -> (Raw, Diagnostics) {
    let (book, found) = workbook::read(name, bytes);
    let Some(mut book) = book else { return (Raw::default(), found) };
    let found = book.layout.relocate(found);
    let mut raw = Raw { settings: book.texts.remove("park.toml"), ..Raw::default() };
    for table in TABLES {
        if let (Some(text), Some(rows)) = (book.texts.get(table.file), book.rows.get(table.file)) {
            raw.tables.push(RawTable::parse(table, text, Some(rows)));
        }
    }
    for (_, file) in NOTE_SHEETS {
        raw.notes.extend(book.texts.remove(file).map(|text| (file.to_owned(), text)));
    }
    (raw, found)
}
