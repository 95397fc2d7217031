//! Files are written whole or not at all.

use super::Failure;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

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
}

impl Draft {
    /// Starts a draft of `target`.
    pub(super) fn new(target: &Path) -> Result<Self, Failure> {
        let name = super::file_name(target);
        let parent = target.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let temporary = parent.join(format!(".{name}.{}.tmp", std::process::id()));
        std::fs::create_dir_all(&temporary).map_err(|e| failure(&temporary, e))?;
        Ok(Self { temporary, target: target.to_owned() })
    }

    /// Adds a file.
    pub(super) fn file(&self, name: &str, bytes: &[u8]) -> Result<(), Failure> {
        let path = self.temporary.join(name);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).map_err(|e| failure(parent, e))?;
        }
        std::fs::write(&path, bytes).map_err(|e| failure(&path, e))
    }

    /// Puts the draft in its place, unless the program was interrupted.
    pub(super) fn commit(self) -> Result<(), Failure> {
        if interrupted() {
            return Ok(());
        }
        let old = self.temporary.with_extension("old");
        let had = self.target.exists();
        if had {
            std::fs::rename(&self.target, &old).map_err(|e| failure(&self.target, e))?;
        }
        if let Err(e) = std::fs::rename(&self.temporary, &self.target) {
            if had {
                // Put back what stood there.
                let _ = std::fs::rename(&old, &self.target);
            }
            return Err(failure(&self.target, e));
        }
        if had {
            std::fs::remove_dir_all(&old).map_err(|e| failure(&old, e))?;
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

fn failure(path: &Path, source: std::io::Error) -> Failure {
    Failure::Write { path: path.display().to_string(), source }
}

/// Whether a folder exists and holds something.
pub(super) fn is_filled(folder: &Path) -> bool {
    std::fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some())
}
