//! Reports: one neutral table type, written as text, CSV and JSON. Nothing is
//! computed here.

pub mod annotate;
pub mod balance;
pub mod completeness;
pub mod diff;
mod embodied;
pub mod explain;
pub mod inventory;
mod manifest;
pub mod matching;
mod power;
pub mod programme;
pub mod results;
pub mod scenario;
pub mod set;
pub mod sweep;
pub mod symbiosis;
mod table;
pub mod targets;
pub mod tidy;
pub mod tradeoff;
pub mod trend;
pub mod workbook;

pub use crate::package::neutralize;
pub use manifest::manifest;
pub use table::{Align, Cell, Column, Table};
