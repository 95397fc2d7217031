//! One workbook a firm: what that firm fills, and nothing of the others but their names.

use super::{Form, settings};
use crate::diagnostic::{Diagnostic, Diagnostics, Lang, Origin, Problem};
use crate::package::Error;
use crate::package::collect::owner::{FIRM_TABLES, declares, is_of, owner};
use crate::package::collect::source::{Source, SourceRow};
use crate::package::refer::is_id;
use crate::package::schema::{Table, table};
use std::collections::HashSet;
use std::path::Path;

/// Rows that stand ready with an id, and the letter of the id.
const NUMBERED: &[(&str, &str, usize)] = &[("flows", "F", 60), ("emissions", "M", 20)];

/// Names that Windows keeps for devices.
const DEVICES: &[&str] = &["con", "prn", "aux", "nul"];

/// The workbook of one firm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirmBook {
    /// Id of the firm.
    pub enterprise: String,
    /// File name: the id, made safe.
    pub file: String,
    /// The workbook.
    pub bytes: Vec<u8>,
    /// Rows that it starts with because the package has them already.
    pub rows: usize,
}

/// Who fills a workbook, and what it must know of the others.
pub(super) struct Firm {
    pub(super) id: String,
    pub(super) name_en: String,
    pub(super) name_zh: String,
    /// The other firms, each followed by its processes: id, English and Chinese name.
    pub(super) others: Vec<[String; 3]>,
    /// Carriers that the park declares beside those of the library.
    pub(super) carriers: Vec<String>,
}

impl Firm {
    /// Id and name; the name in the other language where this one has none.
    pub(super) fn title(&self, lang: Lang) -> String {
        let [name, other] = lang.pick([&self.name_en, &self.name_zh], [&self.name_zh, &self.name_en]);
        format!("{} {}", self.id, if name.is_empty() { other } else { name }).trim_end().to_owned()
    }
}

/// One workbook for each row of the package's `enterprises.csv`, in the order of the
/// ids. The package, a folder or a workbook, needs no flows yet. The list is absent
/// when it cannot be read without an error.
///
/// # Errors
/// [`Error`] when the package cannot be read from disk or a workbook cannot be made.
pub fn firm_workbooks(package: &Path, lang: Lang) -> Result<(Option<Vec<FirmBook>>, Diagnostics), Error> {
    let mut found = Diagnostics::default();
    let source = Source::read(package, &mut found)?;
    let Some(enterprises) = table("enterprises") else { return Ok((None, found)) };
    if source.raw.settings.is_none() {
        found.push(Diagnostic::new(Problem::MissingParkToml {}, Origin::file(source.file("park.toml"))));
    }
    let place = source.file(enterprises.file);
    if !source.has(enterprises.name) {
        let problem = Problem::MissingTable { file: enterprises.file.to_owned() };
        found.push(Diagnostic::new(problem, Origin::file(place)));
    } else if source.rows(enterprises.name).is_empty() {
        let problem = Problem::EmptyTable { file: enterprises.file.to_owned() };
        found.push(Diagnostic::new(problem, Origin::file(place)));
    }
    let mut firms: Vec<[String; 3]> = Vec::new();
    for row in source.rows(enterprises.name) {
        let id = row.cell(enterprises, "enterprise");
        let report = |problem| Diagnostic::new(problem, row.origin().column("enterprise")).found(id);
        if id.is_empty() {
            found.push(report(Problem::EmptyCell { column: "enterprise".to_owned() }));
        } else if !is_id(id, false) {
            found.push(report(Problem::BadId { found: id.to_owned() }));
        } else if firms.iter().any(|f| f[0] == id) {
            let first = source.rows(enterprises.name).iter().find(|r| r.cell(enterprises, "enterprise") == id);
            let first_row = first.map_or(0, |r| r.row);
            found.push(report(Problem::DuplicateId { id: id.to_owned(), first_row }));
        } else {
            let name = |column| row.cell(enterprises, column).to_owned();
            firms.push([id.to_owned(), name("name_en"), name("name_zh")]);
        }
    }
    if found.has_errors() {
        return Ok((None, found));
    }
    firms.sort();
    let settings = settings(source.raw.settings.as_deref().unwrap_or_default());
    let carriers = declared(&source);
    let processes = processes(&source);
    let (mut books, mut names) = (Vec::new(), HashSet::new());
    for firm in &firms {
        let mut others = Vec::new();
        for other in firms.iter().filter(|f| f[0] != firm[0]) {
            others.push(other.clone());
            others.extend(processes.iter().filter(|p| owner(&p[0]) == other[0]).cloned());
        }
        let [id, name_en, name_zh] = firm.clone();
        let tables: Vec<(&'static Table, Vec<Vec<String>>)> =
            FIRM_TABLES.iter().filter_map(|name| Some((table(name)?, rows_of(&source, table(name)?, &id)))).collect();
        let rows = tables.iter().map(|(t, rows)| rows.iter().filter(|r| !is_numbered_only(t, r)).count()).sum();
        let who = Firm { id: id.clone(), name_en, name_zh, others, carriers: carriers.clone() };
        let form = Form { lang, settings: settings.clone(), tables, firm: Some(who) };
        books.push(FirmBook { file: file_name(&id, &mut names), enterprise: id, bytes: form.write()?, rows });
    }
    Ok((Some(books), found))
}

/// The processes that the park knows, sorted by their ids: id, English and Chinese name.
fn processes(source: &Source) -> Vec<[String; 3]> {
    let Some(table) = table("processes") else { return Vec::new() };
    let cells = |row: &SourceRow| ["process", "name_en", "name_zh"].map(|c| row.cell(table, c).to_owned());
    let mut processes: Vec<[String; 3]> = source.rows("processes").iter().map(cells).collect();
    processes.retain(|p| !p[0].is_empty());
    processes.sort();
    processes.dedup_by(|a, b| a[0] == b[0]);
    processes
}

/// Carriers that the park declares itself.
fn declared(source: &Source) -> Vec<String> {
    let Some(table) = table("carriers") else { return Vec::new() };
    let rows = source.rows("carriers").iter().filter(|r| r.cell(table, "property") == "kind");
    rows.map(|r| r.cell(table, "carrier").to_owned()).collect()
}

/// The rows of a table that a firm's workbook starts with.
fn rows_of(source: &Source, table: &'static Table, firm: &str) -> Vec<Vec<String>> {
    let own = |row: &&SourceRow| is_of(table, row, firm) && !declares(table, row);
    let mut rows: Vec<Vec<String>> = match table.name {
        "evidence" => {
            let cited = evidence_of(source, firm);
            let rows = source.rows("evidence").iter().filter(|r| cited.contains(r.cell(table, "evidence")));
            rows.map(|r| r.cells.clone()).collect()
        }
        name => source.rows(name).iter().filter(own).map(|r| r.cells.clone()).collect(),
    };
    if let Some((_, letter, count)) = NUMBERED.iter().find(|n| n.0 == table.name) {
        let taken: HashSet<&str> = source.rows(table.name).iter().map(|r| r.cell(table, "id")).collect();
        let ids = (1..1000).map(|k| format!("{firm}-{letter}{k:03}"));
        for id in ids.filter(|id| is_id(id, false) && !taken.contains(id.as_str())).take(*count) {
            let cell = |name: &str| if name == "id" { id.clone() } else { String::new() };
            rows.push(table.columns.iter().map(|c| cell(c.name)).collect());
        }
    }
    rows
}

/// Whether a row holds nothing but an id that stood ready.
pub(in crate::package) fn is_numbered_only(table: &Table, cells: &[String]) -> bool {
    let filled = table.columns.iter().zip(cells).filter(|(_, cell)| !cell.is_empty());
    NUMBERED.iter().any(|n| n.0 == table.name) && filled.map(|(c, _)| c.name).eq(["id"])
}

/// Evidence that the rows of a firm cite.
fn evidence_of<'r>(source: &'r Source, firm: &str) -> HashSet<&'r str> {
    let mut cited = HashSet::new();
    for table in FIRM_TABLES.iter().filter(|name| **name != "evidence").filter_map(|name| table(name)) {
        for row in source.rows(table.name).iter().filter(|row| is_of(table, row, firm)) {
            cited.extend(row.cell(table, "evidence").split([';', '；']).map(str::trim).filter(|id| !id.is_empty()));
        }
    }
    cited
}

/// A file name for an id that every file system takes, and that no other firm has.
fn file_name(id: &str, taken: &mut HashSet<String>) -> String {
    let plain = id.to_lowercase();
    let stem = plain.split('.').next().unwrap_or_default();
    let port = |s: &str| s.len() == 4 && (s.starts_with("com") || s.starts_with("lpt"));
    let odd = id.starts_with(['.', '-']) || id.ends_with('.') || DEVICES.contains(&stem) || port(stem);
    let base = if odd { format!("firm_{id}") } else { id.to_owned() };
    let mut name = base.clone();
    let mut k = 1;
    // Windows and macOS do not tell E01 from e01.
    while !taken.insert(name.to_lowercase()) {
        k += 1;
        name = format!("{base}_{k}");
    }
    format!("{name}.xlsx")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_are_safe_and_differ() {
        let mut taken = HashSet::new();
        let names: Vec<String> =
            ["E01", "e01", "con", ".x", "滨海热电"].iter().map(|id| file_name(id, &mut taken)).collect();
        assert_eq!(names, ["E01.xlsx", "e01_2.xlsx", "firm_con.xlsx", "firm_.x.xlsx", "滨海热电.xlsx"]);
    }
}
