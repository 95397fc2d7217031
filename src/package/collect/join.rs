//! Rows of the park and of the books, joined by their keys.

use super::books::Book;
use super::owner::is_of;
use super::source::{Source, SourceRow};
use super::{Changed, Report, readings};
use crate::diagnostic::{Diagnostics, Problem};
use crate::package::schema::{Column, Kind, TABLES, Table};
use crate::quantity::{Period, parse_number};
use std::collections::HashMap;

/// Who holds a row: the park's package, or a book by its position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Holder {
    Park,
    Book(usize),
}

/// A row of the joined package.
pub(super) struct Joined {
    pub(super) row: SourceRow,
    /// Everyone who holds it.
    pub(super) holders: Vec<Holder>,
    /// The park's row that it took the place of.
    pub(super) before: Option<SourceRow>,
    /// The book that changed it, by its position.
    pub(super) changed_by: Option<usize>,
    /// Sender and receiver as its book names them, where the other end's process was put in.
    pub(super) written: Option<String>,
}

impl Joined {
    fn new(row: &SourceRow, holder: Holder) -> Self {
        Self { row: row.clone(), holders: vec![holder], before: None, changed_by: None, written: None }
    }
}

/// The columns that say which row it is; none where a row is known by all its cells.
fn key_columns(table: &Table) -> &'static [&'static str] {
    match table.name {
        "enterprises" => &["enterprise"],
        "processes" => &["process"],
        "parameters" => &["process", "period", "parameter"],
        "outputs" => &["process", "carrier"],
        "flows" | "emissions" => &["id"],
        "carriers" => &["carrier", "enterprise", "process", "period", "property"],
        "statistics" => &["subject", "period", "item"],
        "evidence" => &["evidence"],
        "instruments" => &["holder", "generator", "period", "kind"],
        "quality_plan" => &["enterprise", "parameter", "meter_id"],
        _ => &[],
    }
}

/// A cell as it is compared: `1,000` and `1000` are one number, `2024-3` and `2024-03`
/// one month.
pub(super) fn canonical(column: &Column, text: &str) -> String {
    match column.kind {
        Kind::Number => parse_number(text).map_or_else(|_| text.to_owned(), |v| v.to_string()),
        Kind::Period => Period::parse(text).map_or_else(|_| text.to_owned(), |p| p.to_string()),
        _ if column.name == "value" => parse_number(text).map_or_else(|_| text.to_owned(), |v| v.to_string()),
        _ => text.to_owned(),
    }
}

/// The key of a row, as far as it has one.
fn key(table: &Table, row: &SourceRow) -> Option<Vec<String>> {
    let columns = key_columns(table);
    let cells = columns.iter().filter_map(|name| {
        let column = table.columns.get(table.position(name)?)?;
        Some(canonical(column, row.cell(table, name)))
    });
    let key: Vec<String> = if columns.is_empty() { row.cells.clone() } else { cells.collect() };
    key.iter().any(|k| !k.is_empty()).then_some(key)
}

/// The columns in which two rows differ.
fn differences(table: &Table, a: &SourceRow, b: &SourceRow) -> Vec<&'static str> {
    let cells = table.columns.iter().zip(a.cells.iter().zip(&b.cells));
    cells.filter(|(c, (a, b))| canonical(c, a) != canonical(c, b)).map(|(c, _)| c.name).collect()
}

/// The cells of some columns, for a message.
fn show(table: &Table, row: &SourceRow, columns: &[&'static str]) -> String {
    let cell = |c: &&str| {
        let text = row.cell(table, c);
        format!("{c} = {}", if text.is_empty() { "''" } else { text })
    };
    columns.iter().take(4).map(cell).collect::<Vec<_>>().join(", ")
}

/// Joins a table. The same row in several places is one; a row with the key of another
/// and other content is a conflict, unless `update` lets a firm's book change what the
/// park's package holds.
pub(super) fn table(
    table: &'static Table,
    park: &Source,
    books: &[Book],
    update: bool,
    report: &mut Report,
    found: &mut Diagnostics,
) -> Vec<Joined> {
    let mut joined: Vec<Joined> = Vec::new();
    let mut by_key: HashMap<Vec<String>, usize> = HashMap::new();
    for row in park.rows(table.name) {
        if let Some(key) = key(table, row) {
            by_key.entry(key).or_insert(joined.len());
        }
        joined.push(Joined::new(row, Holder::Park));
    }
    for (i, book) in books.iter().enumerate() {
        let holder = Holder::Book(i);
        // What is not the firm's is reported already.
        for row in book.rows(table.name).filter(|row| is_of(table, row, &book.firm)) {
            let count = &mut report.books[i];
            let known = key(table, row).and_then(|key| by_key.get(&key).copied());
            // Twice in one book is for the reader to judge.
            let Some(at) = known.filter(|at| !joined[*at].holders.contains(&holder)) else {
                if let Some(key) = key(table, row) {
                    by_key.entry(key).or_insert(joined.len());
                }
                count.added += 1;
                joined.push(Joined::new(row, holder));
                continue;
            };
            let ids: &dyn Fn(&str) -> bool = &|id| {
                by_key.contains_key(&vec![id.to_owned()])
                    || books.iter().any(|b| b.rows(table.name).any(|r| r.cell(table, "id") == id))
            };
            let other = &mut joined[at];
            let columns = differences(table, &other.row, row);
            let as_before = other.before.as_ref().is_some_and(|b| differences(table, b, row).is_empty());
            if columns.is_empty() || as_before {
                count.same += 1;
                other.holders.push(holder);
            } else if update && other.holders[0] == Holder::Park && other.before.is_none() {
                count.changed += 1;
                report.changed.push(Changed {
                    table: table.name,
                    row: key(table, row).unwrap_or_default().join(" ").trim().to_owned(),
                    place: row.origin().to_string(),
                    old: show(table, &other.row, &columns),
                    new: show(table, row, &columns),
                });
                other.before = Some(std::mem::replace(&mut other.row, row.clone()));
                other.changed_by = Some(i);
                other.holders.push(holder);
            } else if let Some(second) = readings::second(table, other, row, i, books, ids) {
                count.changed += 1;
                let before = other.before.clone().unwrap_or_else(|| row.clone());
                let columns = differences(table, &before, row);
                report.changed.push(Changed {
                    table: table.name,
                    row: key(table, row).unwrap_or_default().join(" ").trim().to_owned(),
                    place: row.origin().to_string(),
                    old: show(table, &before, &columns),
                    new: show(table, row, &columns),
                });
                other.holders.push(holder);
                by_key.entry(key(table, &second).unwrap_or_default()).or_insert(joined.len());
                joined.push(Joined::new(&second, holder));
            } else {
                let id = key(table, row).unwrap_or_default();
                let id = id.iter().filter(|k| !k.is_empty()).cloned().collect::<Vec<_>>().join(" ");
                let problem = Problem::RowsDiffer {
                    id,
                    here: show(table, row, &columns),
                    other: other.row.origin().to_string(),
                    there: show(table, &other.row, &columns),
                    in_park: other.holders[0] == Holder::Park && other.before.is_none(),
                };
                found.push(row.problem(table, columns[0], problem));
            }
        }
    }
    for (i, book) in books.iter().enumerate() {
        let of_firm = |j: &&Joined| j.holders[0] == Holder::Park && is_of(table, &j.row, &book.firm);
        let left_out = joined.iter().filter(of_firm).filter(|j| !j.holders.contains(&Holder::Book(i)));
        // Documents and declared carriers are nobody's; a row between two firms may stand in either book.
        let mine = left_out.filter(|j| table.name != "evidence" && !super::owner::declares(table, &j.row));
        let conflict =
            |j: &Joined| book.rows(table.name).any(|r| key(table, r).is_some() && key(table, r) == key(table, &j.row));
        for j in mine.filter(|j| !conflict(j)) {
            report.kept.push((book.firm.clone(), j.row.origin().to_string()));
        }
    }
    joined
}

/// All tables, in the order of the schema.
pub(super) fn all(
    park: &Source,
    books: &[Book],
    update: bool,
    report: &mut Report,
    found: &mut Diagnostics,
) -> Vec<(&'static Table, Vec<Joined>)> {
    TABLES.iter().map(|t| (t, table(t, park, books, update, report, found))).collect()
}
