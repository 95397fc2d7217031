//! The rows of a package as text with their places: what is handed on to another
//! package rather than accounted.

use crate::diagnostic::{Diagnostic, Diagnostics, Origin, Problem};
use crate::package::refer::nearest;
use crate::package::schema::Table;
use crate::package::{Error, Raw, RawTable, read_raw};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// One row of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::package) struct SourceRow {
    /// File or sheet that it stands in, as messages name it.
    pub(in crate::package) file: Arc<str>,
    /// Row there.
    pub(in crate::package) row: u32,
    /// The cells, in the order of the table's columns.
    pub(in crate::package) cells: Vec<String>,
}

impl SourceRow {
    /// The cell of a column.
    pub(in crate::package) fn cell(&self, table: &Table, column: &str) -> &str {
        table.position(column).and_then(|i| self.cells.get(i)).map_or("", String::as_str)
    }

    /// Puts a text into a column.
    pub(super) fn set(&mut self, table: &Table, column: &str, text: &str) {
        if let Some(cell) = table.position(column).and_then(|i| self.cells.get_mut(i)) {
            text.clone_into(cell);
        }
    }

    /// Where the row stands.
    pub(in crate::package) fn origin(&self) -> Origin {
        Origin::row(self.file.clone(), self.row)
    }

    /// The filled cells with their columns, for a message.
    pub(super) fn context(&self, table: &Table) -> Vec<(String, String)> {
        let cells = table.columns.iter().zip(&self.cells).filter(|(_, cell)| !cell.is_empty());
        cells.map(|(column, cell)| (column.name.to_owned(), cell.clone())).collect()
    }

    /// A problem of the row, at a column of it.
    pub(super) fn problem(&self, table: &Table, column: &'static str, problem: Problem) -> Diagnostic {
        let found = self.cell(table, column);
        Diagnostic::new(problem, self.origin().column(column)).found(found).row(self.context(table))
    }
}

/// A package as text.
#[derive(Debug, Clone, Default)]
pub(in crate::package) struct Source {
    /// How messages call it: the name of its folder or workbook.
    pub(in crate::package) name: String,
    /// Settings, notes, and what stands beside; the tables as they were read.
    pub(in crate::package) raw: Raw,
    /// The rows of each table that it has, by table name.
    tables: BTreeMap<&'static str, Vec<SourceRow>>,
}

impl Source {
    /// Reads a folder or a workbook.
    pub(in crate::package) fn read(path: &Path, found: &mut Diagnostics) -> Result<Self, Error> {
        let name = path.file_name().map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into_owned());
        let (raw, problems) = read_raw(path)?;
        let workbook = path.is_file();
        // Places in a workbook name it already.
        found.append(if workbook { problems } else { within(&name, problems) });
        let mut source = Self { name, ..Self::default() };
        for table in &raw.tables {
            let place = source.place(table.table, workbook);
            let mut problems = Diagnostics::default();
            if let Some(rows) = rows_of(table, &place, &mut problems) {
                source.tables.insert(table.table.name, rows);
            }
            found.append(problems);
        }
        Ok(Self { raw, ..source })
    }

    /// How messages name a table of it.
    fn place(&self, table: &Table, workbook: bool) -> Arc<str> {
        if workbook { format!("{} › {}", self.name, table.name) } else { self.file(table.file) }.into()
    }

    /// A file of it, as messages name it.
    pub(in crate::package) fn file(&self, file: &str) -> String {
        format!("{}/{file}", self.name)
    }

    /// Whether it has a table.
    pub(in crate::package) fn has(&self, table: &str) -> bool {
        self.tables.contains_key(table)
    }

    /// The rows of a table.
    pub(in crate::package) fn rows(&self, table: &str) -> &[SourceRow] {
        self.tables.get(table).map_or(&[], Vec::as_slice)
    }
}

/// The rows in the order of the table's columns; `None` where the header cannot be
/// understood. What the cells hold is judged where the rows arrive.
fn rows_of(raw: &RawTable, place: &Arc<str>, found: &mut Diagnostics) -> Option<Vec<SourceRow>> {
    let table = raw.table;
    let at = |column: &str| Origin::row(place.clone(), 1).column(column);
    let mut fields = vec![None; raw.header.len()];
    for (field, name) in fields.iter_mut().zip(&raw.header).filter(|(_, name)| !name.is_empty()) {
        *field = table.find(name);
        if field.is_none() {
            let names = table.columns.iter().flat_map(|c| std::iter::once(c.name).chain(c.zh.iter().copied()));
            let problem = Problem::UnknownColumn { column: name.clone(), nearest: nearest(name, names) };
            found.push(Diagnostic::new(problem, at(name)).found(name.as_str()));
        }
    }
    let known = fields.iter().flatten().count();
    let mut distinct: Vec<usize> = fields.iter().flatten().copied().collect();
    distinct.sort_unstable();
    distinct.dedup();
    if distinct.len() < known {
        let twice = distinct.iter().copied().find(|c| fields.iter().flatten().filter(|f| *f == c).count() > 1)?;
        let key = table.columns[twice].name.to_owned();
        found.push(Diagnostic::new(Problem::DuplicateColumn { column: key.clone(), key: key.clone() }, at(&key)));
        return None;
    }
    if known == 0 {
        let problem = Problem::EmptyTable { file: table.file.to_owned() };
        found.push(Diagnostic::new(problem, Origin::file(place.clone())));
        return None;
    }
    let mut rows = Vec::new();
    for raw_row in &raw.rows {
        let mut cells = vec![String::new(); table.columns.len()];
        for (i, text) in raw_row.cells.iter().enumerate() {
            match fields.get(i).copied().flatten() {
                Some(column) => text.clone_into(&mut cells[column]),
                None if text.is_empty() || fields.get(i).is_some() => {}
                None => {
                    let (found_cells, expected) = (raw_row.cells.len(), raw.header.len());
                    let problem = Problem::ExtraCells { found: found_cells, expected };
                    found.push(Diagnostic::new(problem, Origin::row(place.clone(), raw_row.line)));
                    break;
                }
            }
        }
        rows.push(SourceRow { file: place.clone(), row: raw_row.line, cells });
    }
    Some(rows)
}

/// Problems of a folder with its name before the file.
fn within(name: &str, problems: Diagnostics) -> Diagnostics {
    problems.map(|d| {
        let file = format!("{name}/{}", d.origin.file).into();
        Diagnostic { origin: Origin { file, ..d.origin }, ..d }
    })
}
