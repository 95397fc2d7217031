//! Packages in one workbook: the sheets of an `.xlsx` file in, the same tables out.
//!
//! A sheet carries a table under its English name or Chinese title (`flows`, `流量`);
//! `park` (园区) carries the settings as rows `key | value`; `README` and `说明`
//! carry notes; `lists`, `列表` (choices of a template) and `issues`, `问题` (what
//! `check --annotate` writes) are passed over, as is a column headed
//! [`ISSUES_COLUMN`]. Any other sheet is an error. One or two header rows stand above
//! a table: labels for people, then the machine keys.
//!
//! Each sheet is turned into the text that the CSV reader reads, with the row of the
//! sheet beside each record, so that every check is made in one place. A workbook is
//! untrusted: it is read in memory, nothing is extracted, sizes are checked before
//! and while a part is unpacked (`archive`), no count that the file states is
//! believed, and cells are streamed. (The crate calamine reserves memory as the file
//! asks, so a kilobyte can end the program; it serves as a second opinion in the
//! tests.)

mod archive;
mod cells;
mod layout;
mod parts;
mod settings;
mod table;
mod write;

pub use layout::Layout;
pub(super) use settings::VALUE as VALUE_HEADERS;
pub use write::{WriteError, new_workbook, write};
pub(crate) use write::{as_number, holds_numbers};

pub(super) use archive::LIMITS;

use super::pages::{Content, Page};
use super::refer::nearest;
use super::schema::{Kind, TABLES, Table};
use crate::diagnostic::{Diagnostic, Diagnostics, Origin, Problem};
use archive::{Archive, Limits};
use cells::Cell;
use parts::Contents;
use std::collections::{BTreeMap, HashMap};

/// A problem that ends the reading of a workbook.
type Fault = Box<Problem>;

/// Header of the column in which `check --annotate` writes; the reader passes over it.
pub const ISSUES_COLUMN: &str = "issues / 问题";

/// Sheets that carry the settings.
pub const PARK_SHEETS: [&str; 2] = ["park", "园区"];

/// Sheets with notes for people, and the files that they stand for.
pub const NOTE_SHEETS: [(&str, &str); 2] = [("README", "README.md"), ("说明", "README.zh-CN.md")];

/// Sheets that hold nothing of the park.
pub const OTHER_SHEETS: [&str; 4] = ["lists", "列表", "issues", "问题"];

/// What a sheet is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Table(&'static Table),
    Settings,
    /// The file that it stands for.
    Note(&'static str),
    Other,
    Unknown,
}

impl Role {
    fn of(name: &str) -> Self {
        let name = name.trim();
        let is = |known: &str| known.eq_ignore_ascii_case(name);
        if let Some(table) = TABLES.iter().find(|t| is(t.name) || t.zh == name) {
            return Self::Table(table);
        }
        if let Some((_, file)) = NOTE_SHEETS.iter().find(|(sheet, _)| is(sheet)) {
            return Self::Note(file);
        }
        match name {
            _ if PARK_SHEETS.iter().any(|s| is(s)) => Self::Settings,
            _ if OTHER_SHEETS.iter().any(|s| is(s)) => Self::Other,
            _ => Self::Unknown,
        }
    }

    /// The file that a sheet stands for.
    fn file(self) -> Option<&'static str> {
        match self {
            Self::Table(table) => Some(table.file),
            Self::Settings => Some("park.toml"),
            Self::Note(file) => Some(file),
            Self::Other | Self::Unknown => None,
        }
    }
}

/// A workbook as text.
#[derive(Debug, Default)]
pub(super) struct Book {
    /// Tables as CSV, settings as TOML, notes as they are, by file name.
    pub(super) texts: BTreeMap<&'static str, String>,
    /// Row of the sheet of each record of a table, the header being the first.
    pub(super) rows: HashMap<&'static str, Vec<u32>>,
    /// Where everything stands.
    pub(super) layout: Layout,
}

/// Reads the sheets of a workbook; `name` is its file name. The book is absent when
/// the file cannot be understood as a whole.
pub(super) fn read(name: &str, bytes: &[u8]) -> (Option<Book>, Diagnostics) {
    read_within(name, bytes, LIMITS)
}

fn read_within(name: &str, bytes: &[u8], limits: Limits) -> (Option<Book>, Diagnostics) {
    let mut found = Diagnostics::default();
    let book = open(bytes, limits).and_then(|(archive, contents)| sheets(name, archive, &contents, &mut found));
    match book {
        Ok(book) => (Some(book), found),
        Err(problem) => {
            found.push(Diagnostic::new(*problem, Origin::file(name)));
            (None, found)
        }
    }
}

fn open(bytes: &[u8], limits: Limits) -> Result<(Archive<'_>, Contents), Fault> {
    let mut archive = Archive::open(bytes, limits)?;
    let contents = parts::contents(&mut archive)?;
    Ok((archive, contents))
}

fn sheets(name: &str, mut archive: Archive, contents: &Contents, found: &mut Diagnostics) -> Result<Book, Fault> {
    let mut book = Book { layout: Layout::new(name), ..Book::default() };
    let mut count = 0;
    for (sheet, part) in &contents.sheets {
        let role = Role::of(sheet);
        let origin = Origin::file(layout::full_name(name, sheet));
        if role == Role::Unknown {
            let known = TABLES.iter().flat_map(|t| [t.name, t.zh]).chain(PARK_SHEETS).chain(NOTE_SHEETS.map(|n| n.0));
            let problem = Problem::UnknownSheet { sheet: sheet.clone(), nearest: nearest(sheet, known) };
            found.push(Diagnostic::new(problem, origin));
            continue;
        }
        let Some(file) = role.file() else { continue };
        if let Some(first) = book.layout.sheet(file) {
            let problem = Problem::DuplicateSheet { sheet: sheet.clone(), first: first.to_owned() };
            found.push(Diagnostic::new(problem, origin));
            continue;
        }
        book.layout.add(file, sheet);
        let text = match role {
            Role::Table(table) => {
                let mut reader = table::Reader::new(table, contents.from_1904, archive.limits, found);
                let areas =
                    cells::sheet(&mut archive, part, contents, &mut count, |row, cells| reader.row(row, cells))?;
                let read = reader.finish(&areas)?;
                book.layout.columns(file, read.head, read.columns, read.labels);
                book.rows.insert(file, read.rows);
                read.text
            }
            Role::Settings => {
                let mut reader = settings::Reader::new(contents.from_1904, found);
                let areas = cells::sheet(&mut archive, part, contents, &mut count, |row, cells| {
                    reader.row(row, cells);
                    Ok(())
                })?;
                let read = reader.finish(&areas);
                book.layout.settings(read.head, read.column);
                read.text
            }
            _ => {
                let mut text = String::new();
                let mut line = 1;
                cells::sheet(&mut archive, part, contents, &mut count, |row, cells| {
                    text.extend(std::iter::repeat_n('\n', (row - line) as usize));
                    line = row;
                    let words: Vec<String> = cells.iter().map(|c| table::plain(&c.value, contents.from_1904)).collect();
                    text.push_str(&words.join("\t"));
                    Ok(())
                })?;
                text + "\n"
            }
        };
        book.texts.insert(file, text);
    }
    Ok(book)
}

/// The sheets as they are, whatever stands in them; nothing where the file cannot be
/// understood as a whole.
pub(super) fn pages(name: &str, bytes: &[u8]) -> Vec<Page> {
    let read = || -> Result<Vec<Page>, Fault> {
        let (mut archive, contents) = open(bytes, LIMITS)?;
        let (mut list, mut count) = (Vec::new(), 0);
        for (sheet, part) in &contents.sheets {
            let (mut rows, mut months) = (Vec::new(), HashMap::new());
            cells::sheet(&mut archive, part, &contents, &mut count, |row, cells: &mut Vec<Cell>| {
                let of_month =
                    |c: &Cell| Some(((row, c.column), table::month(&c.value, contents.from_1904)?.to_string()));
                months.extend(cells.iter().filter_map(of_month));
                let shown = cells.iter().map(|c| (c.column, table::plain(&c.value, contents.from_1904)));
                rows.push((row, shown.collect::<Vec<_>>()));
                Ok(())
            })?;
            let role = Role::of(sheet);
            let content = match role {
                Role::Table(table) => Content::Table(table),
                Role::Settings => Content::Settings,
                _ => Content::Other,
            };
            let head = head_row(role, &rows);
            if let Role::Table(table) = role {
                keep_months(table, head, &mut rows, &months);
            }
            list.push(Page { name: sheet.clone(), place: layout::full_name(name, sheet), content, head, rows });
        }
        Ok(list)
    };
    read().unwrap_or_default()
}

/// Writes the days that stand for a month as the month, where a column holds periods:
/// the text of the day would not read back as the month.
fn keep_months(table: &Table, head: u32, rows: &mut [(u32, Vec<(u32, String)>)], months: &HashMap<(u32, u32), String>) {
    let is_period = |header: &str| table.find(header).is_some_and(|i| table.columns[i].kind == Kind::Period);
    let header = rows.iter().find(|(row, _)| *row == head).map(|(_, cells)| cells.as_slice()).unwrap_or_default();
    let columns: Vec<u32> = header.iter().filter(|(_, text)| is_period(text)).map(|(column, _)| *column).collect();
    for (row, cells) in rows.iter_mut().filter(|(row, _)| *row != head) {
        for (column, text) in cells.iter_mut().filter(|(column, _)| columns.contains(column)) {
            if let Some(month) = months.get(&(*row, *column)) {
                text.clone_from(month);
            }
        }
    }
}

/// The row of the header, as the readers find it.
fn head_row(role: Role, rows: &[(u32, Vec<(u32, String)>)]) -> u32 {
    let texts = |cells: &[(u32, String)]| cells.iter().map(|(_, t)| t.trim().to_owned()).collect::<Vec<_>>();
    let head = match role {
        Role::Table(table) => match rows {
            [_, second, ..] if table::holds_keys(table, &texts(&second.1)) => Some(second),
            [first, ..] => Some(first),
            [] => None,
        },
        Role::Settings => {
            let has = |cells: &[String], names: &[&str]| cells.iter().any(|c| names.contains(&c.as_str()));
            let is_head = |cells: &[String]| has(cells, &settings::KEY) && has(cells, &settings::VALUE);
            rows.iter().rev().find(|(_, cells)| is_head(&texts(cells)))
        }
        _ => None,
    };
    head.map_or(0, |(row, _)| *row)
}

/// The settings of a `park.toml` as rows of a sheet, header included; `None` where it
/// is no TOML or a setting fits no cell.
pub(super) fn settings_rows(toml: &str, lang: crate::diagnostic::Lang) -> Option<Vec<(String, String)>> {
    let pick = |names: [&str; 2]| lang.pick(names[0], names[1]).to_owned();
    let rows = settings::rows(toml).ok()?;
    let head = (pick(settings::KEY), pick(settings::VALUE));
    Some(std::iter::once(head).chain(rows.into_iter().map(|(key, shown)| (key, shown.text()))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Lang;
    use crate::package::raw_of_files;

    /// The bounds are asked while the cells are read.
    #[test]
    fn each_bound_is_kept() {
        let files = crate::package::template("park", Lang::En).into_iter().map(|(n, b)| (n.to_owned(), b)).collect();
        let bytes = write(&raw_of_files(&files), Lang::En).unwrap_or_default();
        let code = |limits| {
            let (_, found) = read_within("park.xlsx", &bytes, limits);
            found.sorted().first().map(|d| d.problem.code().id())
        };
        assert_eq!(code(LIMITS), None);
        assert_eq!(code(Limits { cells: 100, ..LIMITS }), Some("P027"));
        assert_eq!(code(Limits { rows: 4, ..LIMITS }), Some("P027"));
        assert_eq!(code(Limits { columns: 5, ..LIMITS }), Some("P027"));
        assert_eq!(code(Limits { headers: 5, ..LIMITS }), Some("P027"));
        assert_eq!(code(Limits { sheets: 3, ..LIMITS }), Some("P026"));
        assert_eq!(code(Limits { unpacked: 10_000, ..LIMITS }), Some("P024"));
        assert_eq!(code(Limits { ratio: 2, ratio_from: 2_000, ..LIMITS }), Some("P025"));
    }
}
