//! The packs of a zone, in `programmes/` of its package.

use super::pack::Pack;
use crate::diagnostic::{Diagnostic, Diagnostics, Origin, Problem, Words};
use crate::package::{self, decode, programme_files};
use std::collections::BTreeMap;
use std::path::Path;

/// Adds the packs of a package to those that there are; says what is wrong with them.
///
/// # Errors
/// [`package::Error::Io`] when a folder or file of them cannot be read.
pub fn read_own(path: &Path, pack: &mut Pack) -> Result<Diagnostics, package::Error> {
    let (files, mut found) = programme_files(path)?;
    let mut texts = BTreeMap::new();
    for (name, bytes) in files {
        match decode(&bytes) {
            Ok(text) => {
                texts.insert(name, text.into_owned());
            }
            Err(bad) => {
                let detail = Words::new(bad.words.0, bad.words.1);
                let origin = Origin { row: bad.line, ..Origin::file(format!("programmes/{name}")) };
                found.push(Diagnostic::new(Problem::UnreadableEncoding { detail }, origin));
            }
        }
    }
    pack.read("programmes", &texts, &mut found);
    Ok(found)
}
