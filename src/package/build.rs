//! From the bytes of files to a validated park: the tables in the order in which they
//! refer to each other, and what can be judged only when all are read.

use super::carriers::{self, Carriers, Declared};
use super::decode;
use super::disk::LOCK;
use super::refer::{Index, Names, nearest};
use super::schema::{self, TABLES, Table};
use super::settings::{self, Head};
use super::sheet::{Sheet, Units};
use super::workbook::{self, Layout};
use crate::diagnostic::{Diagnostic, Diagnostics, Origin, Problem, Words};
use crate::factors::{self, BUILTIN_IDS, FactorSet, Lock};
use crate::park::{Enterprise, EnterpriseId, Label, Node, Observations, Park, Process, ProcessId, Record, checks};
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

/// A file that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputFile {
    /// Name inside the package.
    pub name: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Rows of data in it.
    pub rows: usize,
}

/// A package that was read without an error.
#[derive(Debug, Clone)]
pub struct Package {
    /// The park.
    pub park: Park,
    /// The park's own factor sets.
    pub own_sets: Vec<FactorSet>,
    /// The factor rows that an earlier result was made with, where the package says so.
    pub lock: Option<Lock>,
    /// The files that were read, by name; of a workbook, that one.
    pub files: Vec<InputFile>,
    /// Rows of data in each table, by file name.
    pub rows: BTreeMap<&'static str, usize>,
    /// Where the tables stand, if the package is one workbook.
    pub layout: Option<Layout>,
}

impl Package {
    /// Where a reader finds a place: file and row, or workbook, sheet and row.
    #[must_use]
    pub fn place(&self, origin: &Origin) -> String {
        self.layout.as_ref().map_or_else(|| origin.to_string(), |layout| layout.origin(origin).to_string())
    }
}

/// Reads a package from the bytes of one workbook; `name` is its file name.
#[must_use]
pub fn read_workbook(name: &str, bytes: &[u8]) -> (Option<Package>, Diagnostics) {
    let (book, mut found) = workbook::read(name, bytes);
    let Some(mut book) = book else { return (None, found) };
    let texts: HashMap<&str, Cow<str>> = book.texts.iter().map(|(k, v)| (*k, Cow::Borrowed(v.as_str()))).collect();
    let has: HashSet<&str> = texts.keys().copied().collect();
    let (package, problems) = assemble(&texts, &has, std::mem::take(&mut book.rows), Diagnostics::default());
    // A cell that a workbook cannot hold so is told once.
    found.append_new(problems);
    let found = book.layout.relocate(found);
    let package = package.filter(|_| !found.has_errors()).map(|package| Package {
        files: vec![InputFile {
            name: name.to_owned(),
            sha256: format!("{:x}", Sha256::digest(bytes)),
            rows: package.rows.values().sum(),
        }],
        layout: Some(book.layout),
        ..package
    });
    (package, found)
}

/// Reads a package from the bytes of its files, by name.
#[must_use]
pub fn read_files(files: &BTreeMap<String, Vec<u8>>) -> (Option<Package>, Diagnostics) {
    let mut found = Diagnostics::default();
    if files.is_empty() {
        found.push(Diagnostic::new(Problem::EmptyPackage {}, Origin::file("park.toml")));
        return (None, found);
    }
    let mut texts = HashMap::new();
    for (name, bytes) in files {
        match decode(bytes) {
            Ok(text) => {
                texts.insert(name.as_str(), text);
            }
            Err(bad) => {
                let problem = Problem::UnreadableEncoding { detail: Words::new(bad.words.0, bad.words.1) };
                let origin = Origin { row: bad.line, ..Origin::file(name.as_str()) };
                found.push(Diagnostic::new(problem, origin));
            }
        }
    }
    let has: HashSet<&str> = files.keys().map(String::as_str).collect();
    let (package, found) = assemble(&texts, &has, HashMap::new(), found);
    let package = package.map(|package| {
        let inputs = files.iter().map(|(name, bytes)| InputFile {
            name: name.clone(),
            sha256: format!("{:x}", Sha256::digest(bytes)),
            rows: package.rows.get(name.as_str()).copied().unwrap_or_default(),
        });
        Package { files: inputs.collect(), ..package }
    });
    (package, found)
}

/// Makes a package of texts by file name. `has` names the files that are there, even
/// if they cannot be read; `lines` the row of each record where it is not the line of
/// the text.
fn assemble(
    texts: &HashMap<&str, Cow<str>>,
    has: &HashSet<&str>,
    lines: HashMap<&'static str, Vec<u32>>,
    mut found: Diagnostics,
) -> (Option<Package>, Diagnostics) {
    let head = if has.contains("park.toml") {
        texts.get("park.toml").and_then(|text| settings::read(text, &mut found))
    } else {
        found.push(Diagnostic::new(Problem::MissingParkToml {}, Origin::file("park.toml")));
        None
    };
    let mut lock = None;
    if let Some(text) = texts.get(LOCK) {
        match Lock::parse(text) {
            Ok(read) => lock = Some(read),
            Err(detail) => found.push(Diagnostic::new(Problem::BadLock { detail }, Origin::file(LOCK))),
        }
    }
    let has = |name: &str| has.contains(name);
    if !has("enterprises.csv") {
        missing_table(&mut found, "enterprises.csv");
    }
    if !has("flows.csv") && !has("emissions.csv") {
        missing_table(&mut found, "flows.csv");
    }
    let mut builder = Builder::new(head, found);
    builder.broken = TABLES.iter().map(|t| t.file).filter(|f| has(f) || *f == "enterprises.csv").collect();
    builder.lines = lines;
    builder.read_tables(texts);
    builder.check_references();
    builder.finish(lock)
}

fn missing_table(found: &mut Diagnostics, file: &str) {
    found.push(Diagnostic::new(Problem::MissingTable { file: file.to_owned() }, Origin::file(file)));
}

/// A park under construction.
///
/// It goes on after errors, so that the checks of later tables still run; only
/// [`Builder::finish`] asks whether a park came out.
pub(super) struct Builder {
    pub(super) head: Option<Head>,
    pub(super) found: Diagnostics,
    pub(super) units: Units,
    /// Ends of flows that were read, by their text.
    pub(super) nodes: foldhash::HashMap<String, Node>,
    pub(super) enterprises: Index,
    pub(super) processes: Index,
    /// Carriers by their ids, and by their names in two languages.
    pub(super) carriers: Arc<Carriers>,
    /// Enterprises by their names in two languages.
    pub(super) enterprise_names: Names,
    /// Whether an evidence register exists, and its ids.
    pub(super) evidence: Option<Index>,
    /// Ids of the register that a row names.
    pub(super) proven: HashSet<String>,
    pub(super) park: Park,
    pub(super) own_sets: Vec<FactorSet>,
    rows: BTreeMap<&'static str, usize>,
    /// Row of each record of a table, where it is not the line of the text.
    pub(super) lines: HashMap<&'static str, Vec<u32>>,
    /// Tables whose header could be understood. References into another table are
    /// not reported: its own problem is, once.
    opened: HashSet<&'static str>,
    /// Tables that the package has or must have; broken unless opened.
    broken: HashSet<&'static str>,
}

impl Builder {
    fn new(head: Option<Head>, found: Diagnostics) -> Self {
        let (label, settings) = match &head {
            Some(h) => (label(&h.id, &h.name_en, &h.name_zh), h.settings.clone()),
            None => (label("park", "", ""), settings::placeholder()),
        };
        let none = || Index::new(std::iter::empty());
        let park = Park {
            label,
            settings,
            enterprises: Vec::new(),
            processes: Vec::new(),
            carriers: Vec::new(),
            properties: Vec::new(),
            parameters: Vec::new(),
            flows: Vec::new(),
            observations: Observations::default(),
            reported: Vec::new(),
            outputs: Vec::new(),
            exchanges: Vec::new(),
            instruments: Vec::new(),
            statistics: Vec::new(),
            records: Vec::new(),
            implicit_sites: Vec::new(),
            reconciled: None,
        };
        Self {
            head,
            found,
            units: Units::default(),
            nodes: foldhash::HashMap::default(),
            enterprises: none(),
            processes: none(),
            carriers: carriers::library(),
            enterprise_names: Names::default(),
            evidence: None,
            proven: HashSet::new(),
            park,
            own_sets: Vec::new(),
            rows: BTreeMap::new(),
            lines: HashMap::new(),
            opened: HashSet::new(),
            broken: HashSet::new(),
        }
    }

    /// Reads the tables in the order in which they refer to each other.
    fn read_tables(&mut self, texts: &HashMap<&str, Cow<str>>) {
        let text = |name: &str| texts.get(name).map(std::convert::AsRef::as_ref);
        self.read_evidence(text("evidence.csv"));
        self.read_enterprises(text("enterprises.csv"));
        self.read_processes(text("processes.csv"));
        self.read_carriers(text("carriers.csv"));
        self.read_factors(text("factors.csv"));
        self.read_parameters(text("parameters.csv"));
        self.read_flows(text("flows.csv"));
        self.read_emissions(text("emissions.csv"));
        self.read_outputs(text("outputs.csv"));
        self.read_exchanges(text("exchanges.csv"));
        self.read_instruments(text("instruments.csv"));
        self.read_statistics(text("statistics.csv"));
        for name in ["answers.csv", "targets.csv", "quality_plan.csv", "changes.csv"] {
            self.read_records(name, text(name));
        }
    }

    /// Calls `each` for every row of a table.
    pub(super) fn each_row(
        &mut self,
        name: &'static str,
        text: Option<&str>,
        mut each: impl FnMut(&mut Self, &super::sheet::Row, &mut Diagnostics),
    ) {
        let (Some(text), Some(table)) = (text, schema::table(name)) else { return };
        let mut found = Diagnostics::default();
        let mut count = 0;
        let lines = self.lines.get(table.file).cloned();
        if let Some(sheet) = Sheet::open(table, text, lines, &mut found) {
            self.opened.insert(table.file);
            count = sheet.rows(&mut found, |row, found| each(self, row, found));
        }
        self.found.append(found);
        self.rows.insert(table.file, count);
    }

    /// Keeps the rows of a table for later verbs, with their numbers and periods checked.
    fn read_records(&mut self, name: &'static str, text: Option<&str>) {
        let Some(table) = schema::table(name) else { return };
        self.each_row(name, text, |this, row, found| {
            for column in table.columns {
                match column.kind {
                    schema::Kind::Number => drop(row.number(found, column.name)),
                    schema::Kind::Period => drop(row.period(found, column.name)),
                    schema::Kind::Unit if !row.cell(column.name).is_empty() => {
                        drop(row.unit(found, &mut this.units, column.name));
                    }
                    _ => {}
                }
            }
            this.check_evidence(row, found);
            this.park.records.push(record(table, row));
        });
    }

    fn finish(mut self, lock: Option<Lock>) -> (Option<Package>, Diagnostics) {
        self.check_settings();
        self.check_register();
        if self.found.has_errors() {
            return (None, self.found);
        }
        self.park.observations = Observations::new(&self.park.flows);
        self.found.append(checks::all(&self.park));
        if self.found.has_errors() {
            return (None, self.found);
        }
        let (park, own_sets, rows) = (self.park, self.own_sets, self.rows);
        (Some(Package { park, own_sets, lock, files: Vec::new(), rows, layout: None }), self.found)
    }

    /// Whether references into a table can be judged: it was read, or it is one that
    /// a package need not have.
    pub(super) fn can_refer(&self, file: &'static str) -> bool {
        self.opened.contains(file) || !self.broken.contains(file)
    }

    /// What can be judged only when all tables are read.
    fn check_references(&mut self) {
        let empty = |rows: &BTreeMap<&'static str, usize>, file| rows.get(file).copied().unwrap_or_default() == 0;
        if self.opened.contains("enterprises.csv") && empty(&self.rows, "enterprises.csv") {
            let problem = Problem::EmptyTable { file: "enterprises.csv".to_owned() };
            self.found.push(Diagnostic::new(problem, Origin::file("enterprises.csv")));
        }
        let activity = ["flows.csv", "emissions.csv"];
        // A table that could not be opened has a problem of its own.
        let mut given = activity.iter().filter(|f| self.broken.contains(*f)).peekable();
        let readable = given.peek().is_some() && given.all(|f| self.opened.contains(f));
        if readable && activity.iter().all(|f| empty(&self.rows, f)) {
            let problem = Problem::EmptyTable { file: "flows.csv".to_owned() };
            self.found.push(Diagnostic::new(problem, Origin::file("flows.csv")));
        }
        // A notation may point to a flow that comes later in the file.
        let pointers = self.park.flows.iter().filter_map(|f| match &f.notation {
            Some(crate::park::Notation::IncludedElsewhere(id)) if self.park.find_flow(id).is_none() => {
                Some((f, id.to_string()))
            }
            _ => None,
        });
        let lost: Vec<Diagnostic> = pointers
            .map(|(f, id)| {
                let problem = Problem::UnknownFlow { nearest: self.nearest_flow(&id), id: id.clone() };
                Diagnostic::new(problem, self.park.flow_origin(f).column("notation")).found(id)
            })
            .collect();
        for diagnostic in lost {
            self.found.push(diagnostic);
        }
    }

    /// The id of the flow that is most likely meant.
    pub(super) fn nearest_flow(&self, id: &str) -> Option<String> {
        nearest(id, self.park.flows.iter().map(|f| &*f.id))
    }

    /// Documents that no row names. A table that could not be read may hold the rows.
    fn check_register(&mut self) {
        if !self.broken.iter().all(|file| self.can_refer(file)) {
            return;
        }
        let register = self.park.records.iter().filter(|r| r.file == "evidence.csv");
        let idle: Vec<Diagnostic> = register
            .filter_map(|record| {
                let id = record.cells.iter().find(|c| c.0 == "evidence").map(|c| c.1.clone())?;
                let cells = record.cells.iter().map(|(name, text)| ((*name).to_owned(), text.clone())).collect();
                let origin = Origin::row(record.file, record.row).column("evidence");
                let unused = !self.proven.contains(&id);
                unused.then(|| Diagnostic::new(Problem::EvidenceUnused { id }, origin).row(cells))
            })
            .collect();
        for diagnostic in idle {
            self.found.push(diagnostic);
        }
    }

    /// Settings that refer to the library or to the park's own factors.
    fn check_settings(&mut self) {
        let Some(head) = &self.head else { return };
        let own: Vec<Arc<str>> = self.own_sets.iter().map(|s| s.id.clone()).collect();
        for id in &head.settings.factor_sets {
            // GWP sets are chosen by `gwp_set`.
            let sets: Vec<&str> = BUILTIN_IDS.iter().copied().filter(|k| *k != "gwp").collect();
            let known = sets.contains(&id.as_str()) || own.iter().any(|k| **k == **id);
            if !known {
                let problem = Problem::UnknownFactorSet { id: id.clone(), known: sets.join(", ") };
                let origin = head.settings.origin("factor_sets");
                self.found.push(Diagnostic::new(problem, origin).found(id.clone()));
            }
        }
        let regions: Vec<Arc<str>> =
            self.own_sets.iter().flat_map(|s| s.factors.iter().map(|f| f.region.to_string().into())).collect();
        let (region, grid) = (&head.settings.region, &head.settings.grid_region);
        // Where no grid is named it is that of the country of the region.
        let grid = Some(grid).filter(|g| region.split('.').next() != Some(g));
        for (key, code) in std::iter::once(("region", region)).chain(grid.map(|g| ("grid_region", g))) {
            // A missing key is reported as such.
            if code.is_empty() || factors::is_region(code, &regions) {
                continue;
            }
            let known = factors::REGIONS.iter().copied().chain(regions.iter().map(|r| &**r));
            let nearest = factors::province(code).map(str::to_owned).or_else(|| nearest(code, known));
            let problem = Problem::UnknownRegion { region: code.clone(), nearest };
            self.found.push(Diagnostic::new(problem, head.settings.origin(key)).found(code.clone()));
        }
        let unconfirmed = &head.settings.allow_unconfirmed;
        let sets = if unconfirmed.is_empty() { Vec::new() } else { factors::builtin_all() };
        for id in unconfirmed {
            let ids = || sets.iter().copied().chain(&self.own_sets).flat_map(|s| s.factors.iter().map(|f| &*f.id));
            if !ids().any(|known| known == id) {
                let origin = head.settings.origin("allow_unconfirmed");
                let problem = Problem::UnknownFactor { id: id.clone(), nearest: nearest(id, ids()) };
                self.found.push(Diagnostic::new(problem, origin).found(id.clone()));
            }
        }
    }

    /// Sorts the enterprises and indexes them.
    pub(super) fn index_enterprises(&mut self, mut list: Vec<Enterprise>) {
        list.sort_by(|a, b| a.label.id.cmp(&b.label.id));
        list.dedup_by(|a, b| a.label.id == b.label.id);
        self.enterprises = Index::new(list.iter().map(|e| &*e.label.id));
        self.enterprise_names = Names::new(list.iter().map(|e| &e.label));
        self.park.enterprises = list;
    }

    /// Adds the implicit processes, sorts and indexes them all.
    ///
    /// An enterprise that names no process is one itself; one that names some gets
    /// `E03/_site` for rows that speak of the enterprise as a whole.
    pub(super) fn index_processes(&mut self, mut list: Vec<Process>) {
        let mut named = vec![false; self.park.enterprises.len()];
        for process in &list {
            named[process.enterprise.index()] = true;
        }
        for (i, enterprise) in self.park.enterprises.iter().enumerate() {
            let id = if named[i] { format!("{}/_site", enterprise.label.id) } else { enterprise.label.id.to_string() };
            list.push(Process {
                label: label(&id, &enterprise.label.name_en, &enterprise.label.name_zh),
                enterprise: EnterpriseId::new(i),
                technique: "".into(),
                accounting: "".into(),
                row: None,
            });
        }
        list.sort_by(|a, b| a.label.id.cmp(&b.label.id));
        list.dedup_by(|a, b| a.label.id == b.label.id);
        self.processes = Index::new(list.iter().map(|p| &*p.label.id));
        self.park.processes = list;
    }

    /// The process that an enterprise id stands for.
    pub(super) fn site(&mut self, enterprise: &str) -> Option<ProcessId> {
        if let Some(p) = self.processes.get(enterprise) {
            return Some(ProcessId::new(p));
        }
        let site = ProcessId::new(self.processes.get(&format!("{enterprise}/_site"))?);
        if !self.park.implicit_sites.contains(&site) {
            self.park.implicit_sites.push(site);
            self.park.implicit_sites.sort_unstable();
        }
        Some(site)
    }

    /// The library's carriers and the declared ones, sorted and indexed.
    pub(super) fn index_carriers(&mut self, declared: Declared) {
        self.carriers = if declared.is_empty() { carriers::library() } else { Arc::new(Carriers::new(declared)) };
        self.park.carriers.clone_from(&self.carriers.list);
    }
}

/// A row as it stands.
pub(super) fn record(table: &'static Table, row: &super::sheet::Row) -> Record {
    let filled = table.columns.iter().filter(|c| !row.cell(c.name).is_empty());
    let cells = filled.map(|c| (c.name, row.cell(c.name).to_owned())).collect();
    Record { file: table.file, row: row.line, cells }
}

/// A label whose missing names are filled from what is there.
pub(super) fn label(id: &str, name_en: &str, name_zh: &str) -> Label {
    let en = if name_en.is_empty() { id } else { name_en };
    let zh = if name_zh.is_empty() { en } else { name_zh };
    Label { id: id.into(), name_en: en.into(), name_zh: zh.into() }
}
