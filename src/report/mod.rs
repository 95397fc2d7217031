//! Reports: one neutral table type, written as text, CSV and JSON. Nothing is
//! computed here.

pub mod explain;
pub mod inventory;
mod manifest;
pub mod set;
mod table;
pub mod tidy;
pub mod workbook;

pub use manifest::manifest;
pub use table::{Align, Cell, Column, Table, neutralize};
