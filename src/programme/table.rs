//! Rows of the tables of a pack, with their places.

use crate::diagnostic::{Diagnostic, Diagnostics, Origin, Problem};

/// One row: its cells by the names of the columns.
pub(super) struct Row<'a> {
    file: &'a str,
    line: u32,
    columns: &'a csv::StringRecord,
    cells: &'a csv::StringRecord,
}

impl Row<'_> {
    /// The cell of a column without blanks around it; empty where there is none.
    pub(super) fn cell(&self, column: &str) -> &str {
        let position = self.columns.iter().position(|c| c.trim() == column);
        position.and_then(|p| self.cells.get(p)).unwrap_or_default().trim()
    }

    /// Line of the file, the header being 1.
    pub(super) fn line(&self) -> u32 {
        self.line
    }

    /// The place of a cell.
    pub(super) fn at(&self, column: &str) -> Origin {
        Origin::row(self.file, self.line).column(column)
    }

    /// A problem of a cell, with what it holds.
    pub(super) fn problem(&self, column: &str, problem: Problem) -> Diagnostic {
        Diagnostic::new(problem, self.at(column)).found(self.cell(column))
    }
}

/// Calls `each` for every row of a table that has all of `columns` and no others.
pub(super) fn each_row(
    file: &str,
    text: &str,
    columns: &[&str],
    found: &mut Diagnostics,
    mut each: impl FnMut(&Row, &mut Diagnostics),
) {
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let header = reader.headers().cloned().unwrap_or_default();
    for column in columns.iter().filter(|c| !header.iter().any(|h| h.trim() == **c)) {
        let problem = Problem::MissingColumn { column: (*column).to_owned() };
        found.push(Diagnostic::new(problem, Origin::row(file, 1)));
    }
    for column in header.iter().map(str::trim).filter(|h| !h.is_empty() && !columns.contains(h)) {
        let nearest = crate::package::nearest(column, columns.iter().copied());
        let problem = Problem::UnknownColumn { column: column.to_owned(), nearest };
        found.push(Diagnostic::new(problem, Origin::row(file, 1)));
    }
    for record in reader.records() {
        match record {
            Ok(cells) => {
                let line = cells.position().map_or(0, csv::Position::line);
                let line = u32::try_from(line).unwrap_or(u32::MAX);
                if cells.iter().skip(header.len()).any(|c| !c.trim().is_empty()) {
                    let problem = Problem::ExtraCells { found: cells.len(), expected: header.len() };
                    found.push(Diagnostic::new(problem, Origin::row(file, line)));
                }
                if cells.iter().any(|c| !c.trim().is_empty()) {
                    each(&Row { file, line, columns: &header, cells: &cells }, found);
                }
            }
            Err(error) => {
                let detail = error.to_string();
                found.push(Diagnostic::new(Problem::PackUnreadable { detail }, Origin::file(file)));
            }
        }
    }
}
