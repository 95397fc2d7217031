//! Packages: tables in, park out; template and schema out.
//!
//! A package is a folder with `park.toml` and CSV tables, or one workbook with the
//! same tables as sheets ([`workbook`]). Each table has one
//! static description in [`schema`](mod@schema), which feeds the reader, the template, the
//! published schema and the documentation.

mod activity;
mod build;
mod carriers;
mod collect;
mod decode;
mod disk;
mod evidence;
mod form;
mod limits;
mod neutral;
mod pages;
mod raw;
mod records;
mod refer;
pub mod schema;
mod settings;
mod sheet;
mod structure;
mod technique;
mod template;
pub mod workbook;

pub use build::{InputFile, Package, read_files, read_workbook};
pub use collect::{BookReport, Changed, Reading, Report as MergeReport, merge};
pub use decode::{Undecodable, decode};
pub use disk::{is_result_workbook, lock_path, programme_files, read, scenario_files};
pub use form::{FirmBook, firm_workbooks, template_workbook};
pub(crate) use limits::quality_limits;
pub use neutral::{neutralize, restore};
pub use pages::{Content, Page, pages};
pub use raw::{Raw, RawRow, RawTable, raw_of_files, raw_of_workbook, read_raw};
pub(crate) use refer::{is_id, nearest, nearest_few};
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
    /// Making a workbook failed.
    #[error("cannot make the workbook: {0}")]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
}
