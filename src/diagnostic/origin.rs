//! Where a value came from.

use std::fmt;
use std::sync::Arc;

/// File, row and column of a value in a package.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin {
    /// File name inside the package.
    pub file: Arc<str>,
    /// Line of the file on which the row starts, the header being row 1.
    pub row: Option<u32>,
    /// Column name (the machine key).
    pub column: Option<Arc<str>>,
}

impl Origin {
    /// A whole file.
    #[must_use]
    pub fn file(file: impl Into<Arc<str>>) -> Self {
        Self { file: file.into(), row: None, column: None }
    }

    /// A row of a file.
    #[must_use]
    pub fn row(file: impl Into<Arc<str>>, row: u32) -> Self {
        Self { file: file.into(), row: Some(row), column: None }
    }

    /// The same place narrowed to a column.
    #[must_use]
    pub fn column(mut self, column: impl Into<Arc<str>>) -> Self {
        self.column = Some(column.into());
        self
    }
}

/// Writes `flows.csv:118`, the short form of trails.
impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(row) = self.row {
            write!(f, ":{row}")?;
        }
        Ok(())
    }
}

/// Programs get the short form, too.
impl serde::Serialize for Origin {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
