//! The evidence register: files that are there, unchanged and inside the package.

use crate::diagnostic::{Diagnostic, Diagnostics, Origin, Problem};
use crate::park::{Park, Record};
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use std::path::{Component, Path, PathBuf};

/// Checks the files that `evidence.csv` names, below the folder `root`.
///
/// Files are hashed as they are read, so that a large one takes no memory.
pub(super) fn check(root: &Path, park: &Park) -> Diagnostics {
    let records: Vec<&Record> = park.records.iter().filter(|r| r.file == "evidence.csv").collect();
    let problems: Vec<Option<Diagnostic>> = records.par_iter().map(|record| check_file(root, record)).collect();
    let mut found = Diagnostics::default();
    problems.into_iter().flatten().for_each(|p| found.push(p));
    found
}

/// What is wrong with the file of one row, if anything.
fn check_file(root: &Path, record: &Record) -> Option<Diagnostic> {
    let cell = |name: &str| record.cells.iter().find(|c| c.0 == name).map(|c| c.1.as_str());
    let (id, file) = (cell("evidence").unwrap_or_default().to_owned(), cell("file")?);
    let at = |column: &'static str, problem: Problem| {
        let cells = record.cells.iter().map(|(name, text)| ((*name).to_owned(), text.clone())).collect();
        let origin = Origin::row(record.file, record.row).column(column);
        Diagnostic::new(problem, origin).found(cell(column).unwrap_or_default()).row(cells)
    };
    let path = match inside(root, file) {
        Place::Outside => return Some(at("file", Problem::EvidenceOutside { file: file.to_owned() })),
        Place::Missing => return Some(at("file", Problem::EvidenceMissing { id, file: file.to_owned() })),
        Place::Inside(path) => path,
    };
    let Ok(sha256) = hash(&path) else {
        return Some(at("file", Problem::EvidenceMissing { id, file: file.to_owned() }));
    };
    match cell("sha256") {
        None => Some(at("sha256", Problem::EvidenceUnhashed { id, file: file.to_owned(), sha256 })),
        Some(stated) if stated.trim().eq_ignore_ascii_case(&sha256) => None,
        Some(_) => Some(at("sha256", Problem::EvidenceChanged { id, file: file.to_owned(), sha256 })),
    }
}

/// Where a path of the register leads.
enum Place {
    Inside(PathBuf),
    Outside,
    Missing,
}

/// Follows a path: absolute ones, `..` and links that lead out are refused.
fn inside(root: &Path, file: &str) -> Place {
    // Tables are carried between systems: a backslash is a separator everywhere.
    let relative = PathBuf::from(file.replace('\\', "/"));
    let plain = relative.components().all(|c| matches!(c, Component::Normal(_) | Component::CurDir));
    // `C:/x` is an ordinary name on Unix.
    let drive = file.as_bytes().get(1) == Some(&b':');
    if !plain || drive {
        return Place::Outside;
    }
    let (Ok(root), Ok(path)) = (root.canonicalize(), root.join(relative).canonicalize()) else {
        return Place::Missing;
    };
    match (path.starts_with(root), path.is_file()) {
        (false, _) => Place::Outside,
        (true, false) => Place::Missing,
        (true, true) => Place::Inside(path),
    }
}

/// SHA-256 of a file, in small letters.
fn hash(path: &Path) -> std::io::Result<String> {
    let mut digest = Sha256::new();
    std::io::copy(&mut std::fs::File::open(path)?, &mut digest)?;
    Ok(format!("{:x}", digest.finalize()))
}
