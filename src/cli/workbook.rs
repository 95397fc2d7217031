//! `inventory --xlsx`: where workbooks go.

use super::write::Draft;
use super::{Failure, file_name};
use crate::diagnostic::Lang;
use std::path::{Path, PathBuf};

/// The workbooks of one run.
pub(super) struct Books {
    /// Their folder.
    folder: PathBuf,
    /// The name of the only one; those of several packages are called after them.
    name: Option<String>,
}

impl Books {
    /// Looks at the place before anything is computed.
    ///
    /// # Errors
    /// What to tell the user: it is in the way, or names clash.
    pub(super) fn new(path: &Path, packages: &[PathBuf], overwrite: bool, lang: Lang) -> Result<Self, String> {
        let whole = std::path::absolute(path).map_err(|e| format!("{}: {e}", path.display()))?;
        let several = packages.len() > 1;
        if several && whole.is_file() {
            return Err(lang.pick(
                format!("{} is a file; for several packages --xlsx takes a folder", path.display()),
                format!("{} 是文件；有多个数据包时 --xlsx 须为文件夹", path.display()),
            ));
        }
        let books = if several || whole.is_dir() {
            let name = (!several).then(|| packages.first().map(|p| book_name(&file_name(p)))).flatten();
            Self { folder: whole, name }
        } else {
            let name = whole.file_name().map(|n| n.to_string_lossy().into_owned());
            Self { folder: whole.parent().map_or_else(PathBuf::new, Path::to_owned), name }
        };
        let mut names: Vec<String> = match &books.name {
            Some(name) => vec![name.clone()],
            None => packages.iter().map(|p| book_name(&file_name(p))).collect(),
        };
        names.sort();
        let twice = names.windows(2).find_map(|pair| match pair {
            [a, b] if a == b => Some(a),
            _ => None,
        });
        if let Some(twice) = twice {
            return Err(lang.pick(
                format!("two packages would both be written to '{twice}'"),
                format!("有两个数据包都会写入“{twice}”"),
            ));
        }
        let in_the_way = names.iter().map(|n| books.folder.join(n)).find(|p| p.exists() && !overwrite);
        match in_the_way {
            Some(file) => Err(lang.pick(
                format!("{} exists; --overwrite replaces it", file.display()),
                format!("{} 已存在；--overwrite 可替换", file.display()),
            )),
            None => Ok(books),
        }
    }

    /// Begins to write them; nothing is in its place before the draft is committed.
    pub(super) fn draft(&self) -> Result<Draft, Failure> {
        Draft::new(&self.folder)
    }

    /// The file name for a package.
    pub(super) fn name(&self, package: &str) -> String {
        self.name.clone().unwrap_or_else(|| book_name(package))
    }
}

fn book_name(package: &str) -> String {
    format!("{package}.xlsx")
}
