//! One sheet of a workbook to fill: two header rows, notes, drop-downs, rows.

use super::lists::Lists;
use super::{FIRST, Form, READY, head, sheet_name};
use crate::diagnostic::Lang;
use crate::package::Error;
use crate::package::schema::{Column, Kind, Table};
use crate::quantity::parse_number;
use rust_xlsxwriter::{
    Color, DataValidation, DataValidationErrorStyle, Format, FormatAlign, IgnoreError, Note, Worksheet,
};
use unicode_width::UnicodeWidthStr;

/// Largest number that a cell holds to the last digit: what Excel keeps is 15 digits.
const EXACT: f64 = 1e15;

pub(super) fn write(
    sheet: &mut Worksheet,
    table: &'static Table,
    rows: &[Vec<String>],
    form: &Form,
    lists: &Lists,
) -> Result<(), Error> {
    sheet.set_name(sheet_name(table, form.lang))?;
    sheet.set_freeze_panes(FIRST, 1)?;
    if table.required {
        sheet.set_tab_color(Color::RGB(0x00C5_5A11));
    }
    for (i, column) in table.columns.iter().enumerate() {
        let at = i as u16;
        let label = form.lang.pick(english(column), zh(column).to_owned());
        let key_format = head(column.required).set_italic().set_font_size(9);
        sheet.write_string_with_format(0, at, label, &head(column.required))?;
        sheet.write_string_with_format(1, at, column.name, &key_format)?;
        sheet.insert_note(0, at, &note(column, form.lang))?;
        let format = body(column);
        sheet.set_column_width(at, width(column, i, rows))?;
        sheet.set_column_format(at, &format)?;
        if let Some(validation) = drop_down(table, column, form, lists)? {
            sheet.add_data_validation(FIRST, at, FIRST + READY - 1, at, &validation)?;
        }
        for (row, cells) in (FIRST..).zip(rows) {
            let text = cells.get(i).map_or("", String::as_str);
            if text.is_empty() {
                continue;
            }
            match exact(column, text) {
                Some(value) => sheet.write_number_with_format(row, at, value, &format)?,
                None => sheet.write_string_with_format(row, at, text, &format)?,
            };
        }
    }
    // Years and ids are text on purpose, so that 2024-03 does not become a date.
    let last = (table.columns.len() as u16).saturating_sub(1);
    sheet.ignore_error_range(FIRST, 0, FIRST + READY - 1, last, IgnoreError::NumberStoredAsText)?;
    Ok(())
}

/// The Chinese header of a column.
fn zh(column: &Column) -> &'static str {
    column.zh.first().copied().unwrap_or(column.name)
}

/// The label of a column in English, with the Chinese header beside it: the machine key
/// below says the English word.
fn english(column: &Column) -> String {
    let words = column.name.replace('_', " ");
    format!("{words} / {}", zh(column))
}

/// The number of a cell, if a spreadsheet gives back the same digits.
fn exact(column: &Column, text: &str) -> Option<f64> {
    let plain = column.kind == Kind::Number || column.name == "value";
    let value = parse_number(text).ok().filter(|_| plain)?;
    (value.abs() < EXACT && value.to_string() == text).then_some(value)
}

/// The look of the cells of a column.
fn body(column: &Column) -> Format {
    let format = match column.kind {
        Kind::Number => Format::new().set_align(FormatAlign::Right),
        _ if column.name == "value" => Format::new().set_align(FormatAlign::Right),
        _ => Format::new().set_num_format("@"),
    };
    if column.required { format.set_background_color(Color::RGB(0x00FF_F4D6)) } else { format }
}

/// Width of a column in characters.
fn width(column: &Column, position: usize, rows: &[Vec<String>]) -> f64 {
    let cells = rows.iter().filter_map(|r| r.get(position)).map(|c| c.width());
    let heads = [english(column).width(), column.example.width()];
    let widest = heads.into_iter().chain(cells).max().unwrap_or_default();
    (widest + 4).clamp(12, 40) as f64
}

/// What a column means, in both languages, with what may stand there.
fn note(column: &Column, lang: Lang) -> Note {
    let choices = match column.kind {
        Kind::Choice(choices) => choices.join(", "),
        _ => String::new(),
    };
    let line = |word: &str, text: &str| if text.is_empty() { String::new() } else { format!("\n{word}{text}") };
    let zh = format!(
        "{}{}\n{}{}{}",
        zh(column),
        if column.required { "（必填）" } else { "（选填）" },
        column.doc.1,
        line("可选：", &choices),
        line("例：", column.example),
    );
    let en = format!(
        "{} ({})\n{}{}{}",
        column.name,
        if column.required { "required" } else { "optional" },
        column.doc.0,
        line("choices: ", &choices),
        line("example: ", column.example),
    );
    let text = lang.pick(format!("{en}\n\n{zh}"), format!("{zh}\n\n{en}"));
    let lines: usize = text.lines().map(|l| 1 + l.width() / 44).sum();
    Note::new(text).set_author("parkflux").add_author_prefix(false).set_width(320).set_height(lines as u32 * 18 + 12)
}

/// The drop-down of a column, if it has one.
///
/// A fixed list refuses other words. Where more than the list may stand (units with
/// multiples, ids joined by `;`, carriers of the park's own) it only asks.
fn drop_down(table: &Table, column: &Column, form: &Form, lists: &Lists) -> Result<Option<DataValidation>, Error> {
    let lang = form.lang;
    let Some(list) = lists.of(table, column, form.firm.is_some()) else { return Ok(None) };
    let validation = DataValidation::new().allow_list_formula(list.formula().as_str().into());
    let validation = if list.closed {
        validation.set_error_title(lang.pick("Not in the list", "不在列表中"))?.set_error_message(
            lang.pick("This column takes only the words of its drop-down list.", "该列只能填下拉列表中的词。"),
        )?
    } else {
        validation
            .set_error_style(DataValidationErrorStyle::Warning)
            .set_error_title(lang.pick("Not in the list", "不在列表中"))?
            .set_error_message(lang.pick(
                "The list does not have this. Keep it only if you are sure; it is checked when the workbook is read.",
                "列表中没有此项。确认无误方可保留；读取工作簿时会再检查。",
            ))?
    };
    Ok(Some(validation))
}
