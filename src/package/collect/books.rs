//! The workbooks that came back: which firm each is of, and which of its rows are its own.

use super::owner::is_of;
use super::source::{Source, SourceRow};
use crate::diagnostic::{Diagnostic, Diagnostics, Origin, Problem};
use crate::package::Error;
use crate::package::form::is_numbered_only;
use crate::package::refer::nearest;
use crate::package::schema::{TABLES, table};
use std::path::{Path, PathBuf};

/// What one firm handed in.
pub(super) struct Book {
    pub(super) firm: String,
    pub(super) source: Source,
}

impl Book {
    /// The rows of a table that the firm filled.
    pub(super) fn rows(&self, name: &str) -> impl Iterator<Item = &SourceRow> {
        let table = table(name);
        let filled = move |row: &&SourceRow| {
            row.cells.iter().any(|c| !c.is_empty()) && !table.is_some_and(|t| is_numbered_only(t, &row.cells))
        };
        self.source.rows(name).iter().filter(filled)
    }
}

/// The books among the given paths: workbooks, folders with the tables of one firm, and
/// folders of these. Sorted by path, so that the order of a folder does not matter.
pub(super) fn list(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Error> {
    let mut books = Vec::new();
    for path in paths {
        if !path.is_dir() || is_package(path) {
            books.push(path.clone());
            continue;
        }
        let io = |source| Error::Io { path: path.display().to_string(), source };
        for entry in std::fs::read_dir(path).map_err(io)? {
            let entry = entry.map_err(io)?.path();
            let name = entry.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
            // What a spreadsheet leaves beside an open file is no book.
            if name.starts_with('.') || name.starts_with("~$") {
                continue;
            }
            if is_workbook(&entry) || (entry.is_dir() && is_package(&entry)) {
                books.push(entry);
            }
        }
    }
    books.sort();
    books.dedup();
    Ok(books)
}

fn is_package(folder: &Path) -> bool {
    TABLES.iter().any(|t| folder.join(t.file).is_file())
}

fn is_workbook(path: &Path) -> bool {
    path.is_file()
        && path.extension().is_some_and(|e| ["xlsx", "xlsm", "xls", "et"].iter().any(|x| e.eq_ignore_ascii_case(x)))
}

/// Reads the books and finds whose each is. A book of nobody is reported and left out.
pub(super) fn open(paths: &[PathBuf], firms: &[String], found: &mut Diagnostics) -> Result<Vec<Book>, Error> {
    let mut books: Vec<Book> = Vec::new();
    for path in paths {
        let source = Source::read(path, found)?;
        let Some(firm) = firm_of(path, &source, firms, found) else { continue };
        if let Some(first) = books.iter().find(|b| b.firm == firm) {
            let problem = Problem::SecondBook { enterprise: firm, first: first.source.name.clone() };
            found.push(Diagnostic::new(problem, Origin::file(source.name.as_str())));
            continue;
        }
        let book = Book { firm, source };
        check_owners(&book, found);
        books.push(book);
    }
    books.sort_by(|a, b| a.firm.cmp(&b.firm));
    Ok(books)
}

/// The firm that a book is of: the one in its sheet of enterprises; of several, the one
/// that the file is named after.
fn firm_of(path: &Path, source: &Source, firms: &[String], found: &mut Diagnostics) -> Option<String> {
    let enterprises = table("enterprises")?;
    let mut ids: Vec<&str> = source
        .rows("enterprises")
        .iter()
        .map(|r| r.cell(enterprises, "enterprise"))
        .filter(|id| !id.is_empty())
        .collect();
    ids.sort_unstable();
    ids.dedup();
    let stem = path.file_stem().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let id = match ids[..] {
        [only] => only,
        _ if ids.contains(&stem.as_str()) => &stem,
        _ => {
            let problem = Problem::BookOfNobody { enterprises: ids.join(", ") };
            found.push(Diagnostic::new(problem, Origin::file(source.name.as_str())));
            return None;
        }
    };
    if !firms.iter().any(|f| f == id) {
        let row = source.rows("enterprises").iter().find(|r| r.cell(enterprises, "enterprise") == id)?;
        let nearest = nearest(id, firms.iter().map(String::as_str));
        found.push(row.problem(enterprises, "enterprise", Problem::UnknownEnterprise { id: id.to_owned(), nearest }));
        return None;
    }
    Some(id.to_owned())
}

/// Reports rows that are not the firm's to fill.
fn check_owners(book: &Book, found: &mut Diagnostics) {
    for table in TABLES {
        for row in book.rows(table.name).filter(|row| !is_of(table, row, &book.firm)) {
            let column = match table.name {
                "flows" => "from",
                "statistics" => "subject",
                "instruments" => "holder",
                "parameters" | "outputs" => "process",
                "enterprises" | "processes" | "emissions" | "carriers" | "quality_plan" => "enterprise",
                _ => table.columns.first().map_or("", |c| c.name),
            };
            let problem = Problem::NotTheFirms { firm: book.firm.clone(), table: table.name.to_owned() };
            found.push(row.problem(table, column, problem));
        }
    }
}
