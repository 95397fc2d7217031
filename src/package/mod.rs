//! Packages: tables in, park out; template and schema out.
//!
//! A package is a folder with `park.toml` and CSV tables. Each table has one
//! static description in [`schema`](mod@schema), which feeds the reader, the template, the
//! published schema and the documentation.

mod activity;
mod build;
mod decode;
mod refer;
pub mod schema;
mod settings;
mod sheet;
mod structure;
mod template;

pub use build::{InputFile, Package, read, read_files};
pub use decode::{Undecodable, decode};
pub use template::template;

/// The environment failed: a folder that cannot be listed, a file that cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Reading a file or folder failed.
    #[error("cannot read {path}: {source}")]
    Io {
        /// Which.
        path: String,
        /// Why.
        source: std::io::Error,
    },
}
