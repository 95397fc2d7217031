//! A package as one workbook: what [`super::read`] reads back as the same package.

use super::settings::{KEY, Shown, VALUE, rows};
use super::table::number_text;
use super::{NOTE_SHEETS, PARK_SHEETS};
use crate::diagnostic::Lang;
use crate::package::raw::{Raw, RawTable};
use crate::package::schema::{Kind, Table};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

/// Why a package cannot be written as a workbook.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// A setting that no cell can hold.
    #[error("the setting {0} cannot be written to a cell")]
    Setting(String),
    /// A cell, row or sheet that Excel cannot hold.
    #[error("{0}")]
    Excel(#[from] XlsxError),
}

/// Columns are made as wide as their longest cell, within bounds. Unit: characters.
const WIDTH: (usize, usize) = (8, 48);

/// Writes a package as the bytes of a workbook; the sheets carry the names of `lang`.
/// The same package gives the same bytes.
///
/// # Errors
/// [`WriteError`] where a cell or sheet cannot hold what the package has.
pub fn write(raw: &Raw, lang: Lang) -> Result<Vec<u8>, WriteError> {
    let mut book = new_workbook()?;
    let head = Format::new().set_bold();
    for (sheet, file) in NOTE_SHEETS {
        if let Some(text) = raw.notes.get(file) {
            let page = book.add_worksheet().set_name(sheet)?;
            for (row, line) in text.lines().enumerate() {
                if !line.is_empty() {
                    page.write_string(row as u32, 0, line)?;
                }
            }
        }
    }
    if let Some(settings) = &raw.settings {
        let sheet = book.add_worksheet().set_name(lang.pick(PARK_SHEETS[0], PARK_SHEETS[1]))?;
        for (column, names) in [KEY, VALUE].into_iter().enumerate() {
            sheet.write_string_with_format(0, column as u16, lang.pick(names[0], names[1]), &head)?;
        }
        let list = rows(settings).map_err(WriteError::Setting)?;
        for (row, (key, shown)) in (1..).zip(&list) {
            sheet.write_string(row, 0, key)?;
            match shown {
                Shown::Text(text) => sheet.write_string(row, 1, text)?,
                Shown::Number(number) => sheet.write_number(row, 1, *number)?,
                Shown::Bool(value) => sheet.write_boolean(row, 1, *value)?,
            };
        }
        sheet.set_column_width(0, 24)?.set_column_width(1, 60)?.set_freeze_panes(1, 0)?;
    }
    for table in &raw.tables {
        let sheet = book.add_worksheet().set_name(lang.pick(table.table.name, table.table.zh))?;
        write_table(sheet, table, &head)?;
    }
    Ok(book.save_to_buffer()?)
}

/// A workbook whose bytes do not depend on the time of writing.
///
/// # Errors
/// None that a user could cause.
pub fn new_workbook() -> Result<Workbook, XlsxError> {
    let mut book = Workbook::new();
    let created = ExcelDateTime::from_ymd(2000, 1, 1)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&created));
    Ok(book)
}

fn write_table(sheet: &mut Worksheet, table: &RawTable, head: &Format) -> Result<(), WriteError> {
    for (column, header) in table.header.iter().enumerate() {
        sheet.write_string_with_format(0, column as u16, header, head)?;
    }
    let numeric: Vec<bool> = table.header.iter().map(|h| holds_numbers(table.table, h)).collect();
    for (row, cells) in (1..).zip(&table.rows) {
        for (column, text) in cells.cells.iter().enumerate().filter(|(_, c)| !c.is_empty()) {
            let number = numeric.get(column).is_some_and(|n| *n).then(|| as_number(text)).flatten();
            match number {
                Some(number) => sheet.write_number(row, column as u16, number)?,
                // Text is of type text: `=1+1` is no formula.
                None => sheet.write_string(row, column as u16, text)?,
            };
        }
    }
    for (column, header) in table.header.iter().enumerate() {
        let cells = table.rows.iter().filter_map(|r| r.cells.get(column)).chain([header]);
        let longest = cells.map(|c| unicode_width::UnicodeWidthStr::width(c.as_str())).max().unwrap_or_default();
        sheet.set_column_width(column as u16, longest.clamp(WIDTH.0, WIDTH.1) as f64 + 1.0)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    Ok(())
}

/// Whether a column holds numbers, years included.
pub(crate) fn holds_numbers(table: &Table, header: &str) -> bool {
    let column = table.find(header).map(|i| table.columns[i]);
    column.is_some_and(|c| matches!(c.kind, Kind::Number | Kind::Period) || c.name == "value")
}

/// The number that a text is, where the cell reads back as the very same text. Beyond
/// fifteen digits Excel would round it.
pub(crate) fn as_number(text: &str) -> Option<f64> {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let number = text.parse::<f64>().ok().filter(|n| n.is_finite() && digits <= 15)?;
    (number_text(number) == text).then_some(number)
}
