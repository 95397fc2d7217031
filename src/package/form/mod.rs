//! Workbooks for people to fill: the template of a park, and one workbook a firm.
//!
//! Both are made from the static descriptions in [`schema`](super::schema): a sheet a
//! table with two header rows, notes on the headers and drop-downs, a sheet for
//! `park.toml`, one that tells how to fill it all, and a hidden one with the lists
//! behind the drop-downs. The same input gives the same bytes.

mod firm;
mod guide;
mod lists;
mod sheet;

pub(super) use firm::is_numbered_only;
pub use firm::{FirmBook, firm_workbooks};

use super::schema::{SETTINGS, TABLES, Table};
use super::{Error, template};
use crate::diagnostic::Lang;
use lists::Lists;
use rust_xlsxwriter::{Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet};

/// First row of data, counted from 0: a label and the machine key stand above.
const FIRST: u32 = 2;

/// Rows that drop-downs are made for, from the first row of data.
const READY: u32 = 2000;

/// A workbook to be filled.
struct Form {
    lang: Lang,
    /// Keys of `park.toml` and their values as a cell holds them.
    settings: Vec<(String, String)>,
    /// The tables that become sheets, with the rows that they start with: cells in
    /// the order of the table's columns.
    tables: Vec<(&'static Table, Vec<Vec<String>>)>,
    /// The firm that fills it; `None` for the workbook of a whole park.
    firm: Option<firm::Firm>,
}

/// The name of a table's sheet.
fn sheet_name(table: &Table, lang: Lang) -> &'static str {
    lang.pick(table.name, table.zh)
}

/// The workbook that `init --xlsx` writes for a park called `name`: the small park
/// of the folder template, with room to fill in another.
///
/// # Errors
/// [`Error::Workbook`] when the workbook cannot be made.
pub fn template_workbook(name: &str, lang: Lang) -> Result<Vec<u8>, Error> {
    let tables = TABLES.iter().map(|t| (t, template::example(t))).collect();
    let form = Form { lang, settings: settings(&template::park(name)), tables, firm: None };
    form.write()
}

/// The settings of a `park.toml` as cells hold them, in the order of [`SETTINGS`];
/// those that it leaves out stand there empty.
fn settings(park: &str) -> Vec<(String, String)> {
    let table: toml::Table = toml::from_str(park).unwrap_or_default();
    let cell = |key: &str| table.get(key).map(setting_cell).unwrap_or_default();
    SETTINGS.iter().map(|s| (s.key.to_owned(), cell(s.key))).collect()
}

/// A value of `park.toml` as a cell holds it: text without quotes, lists joined by `;`.
fn setting_cell(value: &toml::Value) -> String {
    match value {
        toml::Value::String(text) => text.clone(),
        toml::Value::Array(items) => items.iter().map(setting_cell).collect::<Vec<_>>().join("; "),
        other => other.to_string(),
    }
}

impl Form {
    /// The bytes of the workbook.
    fn write(&self) -> Result<Vec<u8>, Error> {
        let mut book = Workbook::new();
        // A fixed date: the same input gives the same bytes.
        let properties = DocProperties::new().set_creation_datetime(&ExcelDateTime::from_ymd(2024, 1, 1)?);
        book.set_properties(&properties);
        let lists = Lists::new(self);
        guide::write(book.add_worksheet(), self)?;
        self.write_settings(book.add_worksheet())?;
        for (table, rows) in &self.tables {
            sheet::write(book.add_worksheet(), table, rows, self, &lists)?;
        }
        lists.write(book.add_worksheet(), self.lang)?;
        for (name, formula) in lists.names() {
            book.define_name(name, &formula)?;
        }
        Ok(book.save_to_buffer()?)
    }

    /// The sheet of `park.toml`: key, value, meaning. A firm sees it and cannot change it.
    fn write_settings(&self, sheet: &mut Worksheet) -> Result<(), Error> {
        sheet.set_name(self.lang.pick("park", "园区"))?;
        let header = head(false);
        for (column, (title, width)) in [("key", 26.0), ("value", 60.0), ("meaning", 90.0)].into_iter().enumerate() {
            let column = column as u16;
            let zh = ["键", "值", "含义"][usize::from(column)];
            sheet.write_string_with_format(0, column, self.lang.pick(title, zh), &header)?;
            sheet.set_column_width(column, width)?;
        }
        let text = Format::new().set_num_format("@").set_text_wrap().set_align(FormatAlign::Top);
        let must = text.clone().set_background_color(Color::RGB(0x00FF_F4D6));
        for (i, (key, value)) in self.settings.iter().enumerate() {
            let row = i as u32 + 1;
            let setting = SETTINGS.iter().find(|s| s.key == key);
            let required = setting.is_some_and(|s| s.required);
            sheet.write_string_with_format(row, 0, key, if required { &must } else { &text })?;
            sheet.write_string_with_format(row, 1, value, if required { &must } else { &text })?;
            if let Some(s) = setting {
                let meaning = format!("{} [{}]\n{} [{}]", s.doc.1, s.expected.1, s.doc.0, s.expected.0);
                sheet.write_string_with_format(row, 2, meaning, &text)?;
            }
        }
        sheet.set_freeze_panes(1, 1)?;
        if self.firm.is_some() {
            sheet.protect();
        }
        Ok(())
    }
}

/// The look of a header cell.
fn head(required: bool) -> Format {
    let color = if required { 0x00C5_5A11 } else { 0x001F_4E79 };
    Format::new()
        .set_bold()
        .set_font_color(Color::White)
        .set_background_color(Color::RGB(color))
        .set_border(FormatBorder::Thin)
        .set_align(FormatAlign::VerticalCenter)
}
