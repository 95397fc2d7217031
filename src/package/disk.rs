//! Packages on disk: which files belong to one, and how large they may be.

use super::build::{InputFile, Package, read_files, read_workbook};
use super::refer::{is_id, nearest};
use super::schema::TABLES;
use super::workbook;
use super::{Error, evidence};
use crate::diagnostic::{Diagnostic, Diagnostics, Origin, Problem};
use crate::factors::Lock;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Largest table file that is read. Unit: bytes.
const LARGEST: u64 = 256 * 1024 * 1024;

/// Names that a package may hold beside its tables.
const OTHERS: &[&str] = &["park.toml", "README.md", "README.zh-CN.md", SCENARIOS, PROGRAMMES, "evidence"];

/// The folder of scenarios in a package, and the extension of that beside a workbook.
const SCENARIOS: &str = "scenarios";

/// The folder of the zone's own indicator systems in a package, and the extension of that beside a workbook.
const PROGRAMMES: &str = "programmes";

/// The lock of the factor rows.
pub(super) const LOCK: &str = "factors.lock";

/// Reads the package in a folder or in one workbook. The package is absent when any
/// problem is an error; the problems are complete in either case.
///
/// # Errors
/// [`Error::Io`] when the folder or a file of it cannot be read.
pub fn read(path: &Path) -> Result<(Option<Package>, Diagnostics), Error> {
    let mut found = Diagnostics::default();
    if path.is_file() {
        let name = name_of(path);
        let Some(bytes) = load(path, workbook::LIMITS.file, &name, &mut found)? else { return Ok((None, found)) };
        let (mut package, mut found) = read_workbook(&name, &bytes);
        if let Some((lock, file)) = lock_beside(path, &mut found)?
            && let Some(package) = &mut package
        {
            package.lock = Some(lock);
            package.files.push(file);
        }
        // Documents of a workbook lie beside it.
        let root = path.with_extension("evidence");
        if let Some(package) = package.as_ref().filter(|_| root.is_dir()) {
            let problems = evidence::check(&root, &package.park);
            found.append(match &package.layout {
                Some(layout) => layout.relocate(problems),
                None => problems,
            });
        }
        return Ok((package.filter(|_| !found.has_errors()), found));
    }
    let files = load_folder(path, &mut found)?;
    let (package, problems) = read_files(&files);
    found.append(problems);
    if let Some(package) = &package {
        found.append(evidence::check(path, &package.park));
    }
    Ok((package.filter(|_| !found.has_errors()), found))
}

/// Whether a file is a workbook of results, as `inventory --xlsx` writes it, rather than
/// a package.
#[must_use]
pub fn is_result_workbook(path: &Path) -> bool {
    let small = std::fs::metadata(path).is_ok_and(|m| m.len() <= workbook::LIMITS.file);
    small && std::fs::read(path).is_ok_and(|bytes| workbook::is_result(&bytes))
}

/// Where the lock of a package is: `factors.lock` in a folder, `NAME.factors.lock` beside
/// the workbook `NAME.xlsx`.
#[must_use]
pub fn lock_path(package: &Path) -> PathBuf {
    if package.is_file() { package.with_extension(LOCK) } else { package.join(LOCK) }
}

/// The lock beside a workbook, where there is one, and what the manifest says of it.
fn lock_beside(book: &Path, found: &mut Diagnostics) -> Result<Option<(Lock, InputFile)>, Error> {
    let path = lock_path(book);
    if !path.is_file() {
        return Ok(None);
    }
    let name = name_of(&path);
    let Some(bytes) = load(&path, LARGEST, &name, found)? else { return Ok(None) };
    let parsed = match std::str::from_utf8(&bytes) {
        Ok(text) => Lock::parse(text),
        Err(error) => Err(error.to_string()),
    };
    match parsed {
        Ok(lock) => Ok(Some((lock, InputFile { name, sha256: format!("{:x}", Sha256::digest(&bytes)), rows: 0 }))),
        Err(detail) => {
            found.push(Diagnostic::new(Problem::BadLock { detail }, Origin::file(name)));
            Ok(None)
        }
    }
}

/// Largest scenario file that is read. Unit: bytes.
const LARGEST_SCENARIO: u64 = 4 * 1024 * 1024;

/// The scenario files of a package by their names (`scenarios/half-bfg.toml`): those in `scenarios/` of a folder, in
/// `NAME.scenarios/` beside the workbook `NAME.xlsx`. What is no such file is reported.
///
/// # Errors
/// [`Error::Io`] when the folder or a file of it cannot be read.
pub fn scenario_files(package: &Path) -> Result<(BTreeMap<String, Vec<u8>>, Diagnostics), Error> {
    let (mut files, mut found) = (BTreeMap::new(), Diagnostics::default());
    let folder = if package.is_file() { package.with_extension(SCENARIOS) } else { package.join(SCENARIOS) };
    if !folder.is_dir() {
        return Ok((files, found));
    }
    for entry in std::fs::read_dir(&folder).map_err(io(&folder))? {
        let path = entry.map_err(io(&folder))?.path();
        let file = name_of(&path);
        if file.starts_with(['.', '~']) || file.starts_with("README") {
            continue;
        }
        let name = format!("{}/{file}", name_of(&folder));
        let stem = file.strip_suffix(".toml").filter(|stem| is_id(stem, false));
        if stem.is_none() || !path.is_file() {
            found.push(Diagnostic::new(Problem::ScenarioFileName { file }, Origin::file(name)));
        } else if let Some(bytes) = load(&path, LARGEST_SCENARIO, &name, &mut found)? {
            files.insert(name, bytes);
        }
    }
    Ok((files, found))
}

/// The files of indicator systems: beside their folders, and in each of them.
const PROGRAMME_FILES: [&str; 4] = ["items.csv", "system.toml", "indicators.csv", "thresholds.csv"];

/// Largest file of an indicator system that is read. Unit: bytes.
const LARGEST_PROGRAMME: u64 = 4 * 1024 * 1024;

/// The files of the zone's own indicator systems, by their paths in `programmes/` of a folder, or in `NAME.programmes/` beside
/// the workbook `NAME.xlsx`: tables and settings of that folder and of the folders in it.
///
/// # Errors
/// [`Error::Io`] when a folder or a file of it cannot be read.
pub fn programme_files(package: &Path) -> Result<(BTreeMap<String, Vec<u8>>, Diagnostics), Error> {
    let (mut files, mut found) = (BTreeMap::new(), Diagnostics::default());
    let root = if package.is_file() { package.with_extension(PROGRAMMES) } else { package.join(PROGRAMMES) };
    let known = |before: &str| if before.is_empty() { &PROGRAMME_FILES[..1] } else { &PROGRAMME_FILES[1..] };
    let mut folders = vec![(root, String::new())];
    while let Some((folder, before)) = folders.pop() {
        if !folder.is_dir() {
            continue;
        }
        for entry in std::fs::read_dir(&folder).map_err(io(&folder))? {
            let path = entry.map_err(io(&folder))?.path();
            let file = name_of(&path);
            let name = format!("{before}{file}");
            if file.starts_with(['.', '~']) || file.starts_with("README") {
                continue;
            }
            if path.is_dir() && before.is_empty() {
                folders.push((path, format!("{file}/")));
            } else if known(&before).contains(&&*file) {
                if let Some(bytes) = load(&path, LARGEST_PROGRAMME, &name, &mut found)? {
                    files.insert(name, bytes);
                }
            } else {
                let nearest = nearest(&file, known(&before).iter().copied());
                let problem = Problem::UnknownFile { file: name.clone(), nearest };
                found.push(Diagnostic::new(problem, Origin::file(format!("{PROGRAMMES}/{name}"))));
            }
        }
    }
    Ok((files, found))
}

/// The last part of a path.
pub(super) fn name_of(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into_owned())
}

/// What makes an [`Error`] of the failure to read a path.
fn io(path: &Path) -> impl Fn(std::io::Error) -> Error {
    let path = path.display().to_string();
    move |source| Error::Io { path: path.clone(), source }
}

/// The bytes of a file, unless it is larger than the limit.
pub(super) fn load(path: &Path, limit: u64, name: &str, found: &mut Diagnostics) -> Result<Option<Vec<u8>>, Error> {
    let bytes = std::fs::metadata(path).map_err(io(path))?.len();
    if bytes > limit {
        found.push(Diagnostic::new(Problem::FileTooLarge { bytes, limit }, Origin::file(name)));
        return Ok(None);
    }
    std::fs::read(path).map(Some).map_err(io(path))
}

/// The tables of a folder, by file name; what is no table is reported.
pub(super) fn load_folder(folder: &Path, found: &mut Diagnostics) -> Result<BTreeMap<String, Vec<u8>>, Error> {
    let mut files = BTreeMap::new();
    for entry in std::fs::read_dir(folder).map_err(io(folder))? {
        let entry = entry.map_err(io(folder))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') || name.starts_with("~$") {
            continue;
        }
        let is_table = name == "park.toml" || name == LOCK || TABLES.iter().any(|t| t.file == name);
        if !is_table {
            if !OTHERS.contains(&name.as_str()) {
                let known = TABLES.iter().map(|t| t.file).chain(OTHERS.iter().copied()).chain([LOCK]);
                let problem = Problem::UnknownFile { file: name.clone(), nearest: nearest(&name, known) };
                found.push(Diagnostic::new(problem, Origin::file(name)));
            }
            continue;
        }
        if let Some(bytes) = load(&entry.path(), LARGEST, &name, found)? {
            files.insert(name, bytes);
        }
    }
    Ok(files)
}
