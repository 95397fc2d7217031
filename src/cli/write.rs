//! Files are written whole or not at all.

use super::Failure;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Counts drafts, so that two of them in one folder stay apart.
static DRAFTS: AtomicU32 = AtomicU32::new(0);

/// From now on an interrupt sets a flag instead of ending the program in the middle
/// of a file.
pub(super) fn catch_interrupt() {
    // Without a handler the program still works, it only ends abruptly.
    let _ = ctrlc::set_handler(|| {
        // The second interrupt ends at once.
        if INTERRUPTED.swap(true, Ordering::SeqCst) {
            std::process::exit(130);
        }
    });
}

/// Whether somebody pressed Ctrl-C.
pub(super) fn interrupted() -> bool {
    INTERRUPTED.load(Ordering::SeqCst)
}

/// A folder under construction beside its final place; dropped, it vanishes.
pub(super) struct Draft {
    temporary: PathBuf,
    target: PathBuf,
    /// Files of the draft, by name inside it.
    names: Vec<String>,
}

impl Draft {
    /// Starts a draft of `target`.
    pub(super) fn new(target: &Path) -> Result<Self, Failure> {
        // The draft stands on the same file system, so that it can be moved: inside a
        // folder that exists, beside one that does not.
        // People are told the place that they named: the draft's own would mean nothing to them.
        let named = target;
        let target = std::path::absolute(named).map_err(|e| failure(named, e))?;
        let parent = if target.exists() { target.as_path() } else { target.parent().unwrap_or(&target) };
        let draft = DRAFTS.fetch_add(1, Ordering::Relaxed);
        let temporary = parent.join(format!(".parkflux-{}-{draft}.tmp", std::process::id()));
        std::fs::create_dir_all(&temporary).map_err(|e| failure(named, e))?;
        Ok(Self { temporary, target, names: Vec::new() })
    }

    /// Adds a file.
    pub(super) fn file(&mut self, name: &str, bytes: &[u8]) -> Result<(), Failure> {
        let path = self.temporary.join(name);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).map_err(|e| failure(&self.target.join(name), e))?;
        }
        std::fs::write(&path, bytes).map_err(|e| failure(&self.target.join(name), e))?;
        self.names.push(name.to_owned());
        Ok(())
    }

    /// Opens a file of the draft that grows piece by piece.
    pub(super) fn open(&mut self, name: &str) -> Result<std::fs::File, Failure> {
        let path = self.temporary.join(name);
        let file = std::fs::File::create(&path).map_err(|e| failure(&self.target.join(name), e))?;
        self.names.push(name.to_owned());
        Ok(file)
    }

    /// Puts the draft in its place, unless the program was interrupted.
    ///
    /// A new folder appears whole. In a folder that exists, files of the same names
    /// are replaced one by one, each whole; nothing else in it is touched.
    pub(super) fn commit(self) -> Result<(), Failure> {
        if interrupted() {
            return Ok(());
        }
        if !self.target.exists() {
            return std::fs::rename(&self.temporary, &self.target).map_err(|e| failure(&self.target, e));
        }
        for name in &self.names {
            let target = self.target.join(name);
            if let Some(parent) = target.parent() {
                std::fs::create_dir_all(parent).map_err(|e| failure(parent, e))?;
            }
            std::fs::rename(self.temporary.join(name), &target).map_err(|e| failure(&target, e))?;
        }
        Ok(())
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        // After a commit there is nothing left to remove.
        let _ = std::fs::remove_dir_all(&self.temporary);
    }
}

/// Writes one file, whole or not at all.
pub(super) fn write_file(target: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let whole = std::path::absolute(target).map_err(|e| failure(target, e))?;
    let (Some(folder), Some(name)) = (whole.parent(), whole.file_name()) else {
        return Err(failure(target, std::io::ErrorKind::InvalidInput.into()));
    };
    let mut draft = Draft::new(folder).map_err(|e| match e {
        Failure::Write { source, .. } => failure(target, source),
        other => other,
    })?;
    draft.file(&name.to_string_lossy(), bytes)?;
    draft.commit()
}

fn failure(path: &Path, source: std::io::Error) -> Failure {
    Failure::Write { path: path.display().to_string(), source }
}

/// Whether a folder exists and holds something.
pub(super) fn is_filled(folder: &Path) -> bool {
    std::fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some())
}
