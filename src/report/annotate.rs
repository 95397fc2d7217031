//! `check --annotate`: the cells of the user with a column of issues.

use crate::diagnostic::{Diagnostic, Diagnostics, Lang, Severity};
use crate::package::workbook::{ISSUES_COLUMN, OTHER_SHEETS, WriteError, as_number, holds_numbers, new_workbook};
use crate::package::{Content, Page};
use rust_xlsxwriter::{Format, FormatAlign, Worksheet};
use std::collections::BTreeMap;

/// Sheet with every problem.
const ISSUES: [&str; 2] = [OTHER_SHEETS[2], OTHER_SHEETS[3]];

/// Longest text of a cell in Excel. Unit: characters.
const LONGEST: usize = 32_767;

/// Colors of errors, warnings and notes.
const COLORS: [(Severity, u32); 3] =
    [(Severity::Error, 0x00FF_C7CE), (Severity::Warning, 0x00FF_EB9C), (Severity::Note, 0x00DD_EBF7)];

fn color(severity: Severity) -> u32 {
    COLORS.iter().find(|(s, _)| *s == severity).map_or(0, |(_, c)| *c)
}

/// The pages with what is wrong beside each row, the cell at fault colored, and all
/// problems on a sheet of their own. The cells hold values, not formulas; the reader
/// passes over what is added, so that the workbook can be mended and read again.
///
/// # Errors
/// [`WriteError`] where a sheet cannot hold the page.
pub fn annotate(pages: &[Page], found: &Diagnostics, lang: Lang) -> Result<Vec<u8>, WriteError> {
    let mut book = new_workbook()?;
    let problems = found.sorted();
    let list = book.add_worksheet().set_name(lang.pick(ISSUES[0], ISSUES[1]))?;
    write_list(list, &problems, lang)?;
    for page in pages.iter().filter(|p| !ISSUES.contains(&p.name.as_str())) {
        let sheet = book.add_worksheet().set_name(&page.name)?;
        write_page(sheet, page, &problems, lang)?;
    }
    Ok(book.save_to_buffer()?)
}

/// All problems, those without a row included.
fn write_list(sheet: &mut Worksheet, problems: &[&Diagnostic], lang: Lang) -> Result<(), WriteError> {
    let bold = Format::new().set_bold();
    let heads = [
        ("code", "代码", 8.0),
        ("severity", "级别", 9.0),
        ("sheet or file", "工作表或文件", 28.0),
        ("row", "行", 6.0),
        ("column", "列", 16.0),
        ("cell", "单元格", 7.0),
        ("found", "内容", 20.0),
        ("what is wrong", "问题", 60.0),
        ("expected", "要求", 40.0),
        ("what to do", "建议", 60.0),
    ];
    for (column, (en, zh, width)) in (0..).zip(heads) {
        sheet.write_string_with_format(0, column, lang.pick(en, zh), &bold)?.set_column_width(column, width)?;
    }
    for (row, d) in (1..).zip(problems) {
        let text = d.text(lang);
        let severity = d.problem.severity();
        let word = match severity {
            Severity::Error => lang.pick("error", "错误"),
            Severity::Warning => lang.pick("warning", "警告"),
            Severity::Note => lang.pick("note", "提示"),
        };
        let format = Format::new().set_background_color(color(severity));
        sheet.write_string_with_format(row, 0, d.problem.code().id(), &format)?;
        sheet.write_string(row, 1, word)?;
        sheet.write_string(row, 2, short(&d.origin.file))?;
        if let Some(at) = d.origin.row {
            sheet.write_number(row, 3, f64::from(at))?;
        }
        let column = d.header.as_deref().or(d.origin.column.as_deref()).unwrap_or_default();
        let cells = [column, d.cell.as_deref().unwrap_or_default(), d.found.as_deref().unwrap_or_default()];
        let told = [text.message.as_str(), text.expected.as_deref().unwrap_or_default(), text.help.as_str()];
        for (column, cell) in (4..).zip(cells.into_iter().chain(told)) {
            sheet.write_string(row, column, short(cell))?;
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    Ok(())
}

/// A text that fits into a cell.
fn short(text: &str) -> String {
    text.chars().take(LONGEST).collect()
}

/// Problems by row and by cell of a page.
fn places<'d>(page: &Page, problems: &[&'d Diagnostic]) -> BTreeMap<u32, Vec<(Option<u32>, &'d Diagnostic)>> {
    let mut rows: BTreeMap<u32, Vec<(Option<u32>, &Diagnostic)>> = BTreeMap::new();
    for &d in problems.iter().filter(|d| *d.origin.file == *page.place) {
        let key = d.origin.column.as_deref();
        let column = key.and_then(|k| page.column(k));
        // The settings of a folder stand on other rows than the lines of park.toml.
        let by_key = || page.rows.iter().find(|(_, cells)| cells.first().is_some_and(|c| Some(c.1.as_str()) == key));
        let row = if page.content == Content::Settings { by_key().map(|(row, _)| *row) } else { d.origin.row };
        if let Some(row) = row {
            rows.entry(row).or_default().push((column, d));
        }
    }
    rows
}

fn write_page(sheet: &mut Worksheet, page: &Page, problems: &[&Diagnostic], lang: Lang) -> Result<(), WriteError> {
    let places = places(page, problems);
    let mut head = page.row(page.head).iter();
    let old = head.find(|(_, text)| text.trim() == ISSUES_COLUMN).map(|(column, _)| *column);
    let width = page.rows.iter().filter_map(|(_, cells)| cells.last()).map(|(column, _)| column + 1).max();
    let issues = old.unwrap_or(width.unwrap_or_default());
    let columns = page.rows.iter().flat_map(|(_, cells)| cells).map(|(column, _)| *column);
    let numeric: BTreeMap<u32, bool> = columns
        .collect::<std::collections::BTreeSet<u32>>()
        .into_iter()
        .map(|c| (c, matches!(page.content, Content::Table(t) if page.header(c).is_some_and(|h| holds_numbers(t, h)))))
        .collect();
    let plain = Format::new();
    for (row, cells) in &page.rows {
        let here = places.get(row).map_or(&[][..], Vec::as_slice);
        for (column, text) in cells.iter().filter(|(column, _)| Some(*column) != old) {
            let worst = here.iter().filter(|(c, _)| *c == Some(*column)).map(|(_, d)| d.problem.severity()).min();
            let mut format = if *row == page.head { Format::new().set_bold() } else { plain.clone() };
            if let Some(severity) = worst {
                format = format.set_background_color(color(severity));
            }
            let number = (*row != page.head && numeric.get(column) == Some(&true)).then(|| as_number(text)).flatten();
            match number {
                Some(number) => sheet.write_number_with_format(row - 1, *column as u16, number, &format)?,
                None => sheet.write_string_with_format(row - 1, *column as u16, short(text), &format)?,
            };
        }
    }
    if page.head > 0 {
        let format = Format::new().set_bold();
        sheet.write_string_with_format(page.head - 1, issues as u16, ISSUES_COLUMN, &format)?;
        sheet.set_freeze_panes(page.head, 0)?;
    }
    for (row, here) in places.iter().filter(|(row, _)| **row != page.head && **row > 0) {
        let lines: Vec<String> = here.iter().map(|(_, d)| line(d, lang)).collect();
        let worst = here.iter().map(|(_, d)| d.problem.severity()).min().unwrap_or(Severity::Note);
        let format = Format::new().set_background_color(color(worst)).set_text_wrap().set_align(FormatAlign::Top);
        sheet.write_string_with_format(row - 1, issues as u16, short(&lines.join("\n")), &format)?;
        // An empty cell at fault is colored, too.
        let filled = page.row(*row);
        for (column, d) in here.iter().filter_map(|(c, d)| Some(((*c)?, d))) {
            if !filled.iter().any(|(c, _)| *c == column) {
                let format = Format::new().set_background_color(color(d.problem.severity()));
                sheet.write_blank(row - 1, column as u16, &format)?;
            }
        }
    }
    sheet.set_column_width(issues as u16, 80)?;
    Ok(())
}

/// `U101 unit: unit 'kg' cannot measure electricity. Expected kWh, MWh. What to do.`
fn line(d: &Diagnostic, lang: Lang) -> String {
    let text = d.text(lang);
    let column = d.header.as_deref().or(d.origin.column.as_deref());
    let column = column.map_or(String::new(), |c| format!(" {c}"));
    let (colon, stop) = lang.pick((": ", ". "), ("：", "。"));
    let expected = text.expected.map_or(String::new(), |e| format!("{}{e}{stop}", lang.pick("Expected ", "要求：")));
    format!("{}{column}{colon}{}{stop}{expected}{}", d.problem.code().id(), text.message, text.help)
}
