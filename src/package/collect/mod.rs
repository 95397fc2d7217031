//! Collecting from firms: the filled workbooks are joined into the park's package.
//!
//! Nothing is guessed. A row that stands in two places with other content, one flow
//! that two books report as if it were two, a row that is not the firm's to fill: each
//! is a problem with both places, and then nothing is made. What the firms at both ends
//! of a flow report, or correct, becomes two readings of it, by the sender and by the
//! receiver; so does what one of them reports beside a row of the park.

mod books;
mod join;
pub(super) mod owner;
mod readings;
pub(super) mod source;

use super::raw::{Raw, RawRow, RawTable};
use super::schema::{Table, table};
use super::{Error, build};
use crate::diagnostic::{Diagnostic, Diagnostics, Origin, Problem};
use join::Joined;
use source::{Source, SourceRow};
use std::path::{Path, PathBuf};

/// What a merge did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// The books that were read, by firm.
    pub books: Vec<BookReport>,
    /// Firms without a book: id, English and Chinese name.
    pub missing: Vec<[String; 3]>,
    /// Flows of which several readings are known, the firms' or the park's.
    pub readings: Vec<Reading>,
    /// Rows of the park that a book changed.
    pub changed: Vec<Changed>,
    /// Rows that the park holds of a firm and its book leaves out: firm and place. They stay.
    pub kept: Vec<(String, String)>,
}

/// What came of one book.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BookReport {
    /// The firm.
    pub enterprise: String,
    /// Name of the book.
    pub file: String,
    /// Rows that nobody else has.
    pub added: usize,
    /// Rows that the park or an earlier book has too.
    pub same: usize,
    /// Rows that took the place of the park's.
    pub changed: usize,
}

/// One flow, read by several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// Sender.
    pub from: String,
    /// Receiver.
    pub to: String,
    /// What flows.
    pub carrier: String,
    /// Rows that the sender read, `observer` = `from`.
    pub sender: Vec<String>,
    /// Rows that the receiver read, `observer` = `to`.
    pub receiver: Vec<String>,
    /// Rows of the park that a third party read or of which nobody says who read them.
    pub others: Vec<String>,
}

/// A row of the park that a firm's book changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// Table.
    pub table: &'static str,
    /// Key of the row.
    pub row: String,
    /// Where the new row stands.
    pub place: String,
    /// The cells that differ, as the park had them.
    pub old: String,
    /// The same cells of the book.
    pub new: String,
}

/// Joins the books of firms into the package of the park at `park`, which gives the
/// settings, the list of enterprises and what the office holds itself. `books` are
/// workbooks, folders with the tables of one firm, or folders of these. With `update` a
/// row of a firm's book takes the place of the park's row with the same key; without it
/// that is a conflict. The merged package is absent when any problem is an error; it was
/// read by the reader of packages before.
///
/// # Errors
/// [`Error`] when the park or a book cannot be read from disk.
pub fn merge(park: &Path, books: &[PathBuf], update: bool) -> Result<(Option<Raw>, Report, Diagnostics), Error> {
    let mut found = Diagnostics::default();
    let mut report = Report::default();
    let park = Source::read(park, &mut found)?;
    if park.raw.settings.is_none() {
        found.push(Diagnostic::new(Problem::MissingParkToml {}, Origin::file(park.file("park.toml"))));
    }
    let Some(firms) = firms(&park, &mut found) else { return Ok((None, report, found)) };
    let ids: Vec<String> = firms.iter().map(|f| f[0].clone()).collect();
    let books = books::open(&books::list(books)?, &ids, &mut found)?;
    report.missing = firms.into_iter().filter(|f| !books.iter().any(|b| b.firm == f[0])).collect();
    report.books = books
        .iter()
        .map(|b| BookReport { enterprise: b.firm.clone(), file: b.source.name.clone(), ..BookReport::default() })
        .collect();
    let mut tables = join::all(&park, &books, update, &mut report, &mut found);
    for (table, rows) in &mut tables {
        if table.name == "flows" {
            readings::pair(table, rows, &books, &mut report, &mut found);
        }
        readings::twice(table, rows, &mut found);
    }
    if found.has_errors() {
        return Ok((None, report, found));
    }
    let raw = assemble(&park, &tables);
    let (package, problems) = build::read_files(&raw.to_files());
    found.append(problems.map(|d| traced(d, &park, &tables)));
    Ok((package.map(|_| raw), report, found))
}

/// The enterprises of the park: id, English and Chinese name.
fn firms(park: &Source, found: &mut Diagnostics) -> Option<Vec<[String; 3]>> {
    let enterprises = table("enterprises")?;
    if park.rows("enterprises").is_empty() {
        let file = enterprises.file.to_owned();
        let problem =
            if park.has("enterprises") { Problem::EmptyTable { file } } else { Problem::MissingTable { file } };
        found.push(Diagnostic::new(problem, Origin::file(park.file(enterprises.file))));
        return None;
    }
    let cells = |row: &SourceRow| ["enterprise", "name_en", "name_zh"].map(|c| row.cell(enterprises, c).to_owned());
    let mut firms: Vec<[String; 3]> = park.rows("enterprises").iter().map(cells).collect();
    firms.sort();
    Some(firms)
}

/// The joined package. A table that the park has keeps its columns, and gets those that
/// the books fill.
fn assemble(park: &Source, tables: &[(&'static Table, Vec<Joined>)]) -> Raw {
    let mut raw = Raw { settings: park.raw.settings.clone(), notes: park.raw.notes.clone(), ..Raw::default() };
    raw.beside.clone_from(&park.raw.beside);
    for (table, rows) in tables {
        if rows.is_empty() && !park.has(table.name) {
            continue;
        }
        let headers = park.raw.tables.iter().find(|t| t.table.name == table.name).map(|t| t.header.clone());
        let mut header = headers.unwrap_or_default();
        let mut fields: Vec<Option<usize>> = header.iter().map(|h| table.find(h)).collect();
        for (i, column) in table.columns.iter().enumerate() {
            let filled = || rows.iter().any(|j| j.row.cells.get(i).is_some_and(|c| !c.is_empty()));
            if !fields.contains(&Some(i)) && (column.required || filled()) {
                header.push(column.name.to_owned());
                fields.push(Some(i));
            }
        }
        let cells = |j: &Joined| fields.iter().map(|f| f.map_or(String::new(), |i| j.row.cells[i].clone())).collect();
        let rows = (2..).zip(rows).map(|(line, j)| RawRow { line, cells: cells(j) }).collect();
        raw.tables.push(RawTable { table, header, rows });
    }
    raw
}

/// A problem of the joined package at the place that its row came from.
fn traced(mut problem: Diagnostic, park: &Source, tables: &[(&'static Table, Vec<Joined>)]) -> Diagnostic {
    let origin = &problem.origin;
    let rows = tables.iter().find(|(t, _)| t.file == &*origin.file).map(|(_, rows)| rows);
    // The joined table has a row a line, the header being the first, but for cells of several lines.
    let row = rows.and_then(|rows| {
        let mut line = 2;
        for joined in rows {
            if origin.row == Some(line) {
                return Some(joined);
            }
            let breaks: usize = joined.row.cells.iter().map(|c| c.matches('\n').count()).sum();
            line += 1 + breaks as u32;
        }
        None
    });
    let column = origin.column.clone();
    problem.origin = match row {
        Some(joined) => Origin { column, ..joined.row.origin() },
        None => Origin { file: park.file(&origin.file).into(), ..origin.clone() },
    };
    problem
}
