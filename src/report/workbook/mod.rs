//! The inventory as a workbook that a verifier recomputes.
//!
//! Every number that follows from others is a live formula, down to
//! `activity × factor × GWP`, stored with the engine's value as its result: a viewer
//! that does not recalculate shows the truth, and one that does must find the same.
//! Nothing is computed here that the engine has not computed; formulas use `SUM`,
//! `SUMIFS`, `SUMPRODUCT`, `IF` and `ROUND` only, so that any spreadsheet opens them.
//!
//! | file | sheets |
//! |---|---|
//! | `notes` | README, Coverage, Exclusions, Manifest |
//! | `summary` | Summary, Members: what people read first |
//! | `figures` | Figures: every sum, over Lines |
//! | `reconcile` | Reconciliation, Transfers |
//! | `ratios` | Intensities, Denominators, Statistics |
//! | `lines` | Lines: quantity × coefficient × GWP |
//! | `activities` | Activities, Enterprises |
//! | `factors` | Coefficients, Terms, Factors, GWP |
//! | `own` | `OwnFactors`, `OwnParts` |
//! | `instruments`, `exchanges` | Instruments, Exchanges |
//!
//! `plan` says where everything stands, `count` how the engine's rules become sums,
//! `sheet` how a sheet is written.

mod activities;
mod count;
mod exchanges;
mod factors;
mod figures;
mod instruments;
mod lines;
mod notes;
mod own;
mod plan;
mod ratios;
mod reconcile;
mod sheet;
mod summary;

use crate::inventory::Inventory;
use crate::package::Package;
use plan::Plan;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

/// How hard sheets are packed, from 1 to 9.
const ZIP_LEVEL: u8 = 2;

/// A workbook cannot hold the inventory (more than 1,048,576 lines).
#[derive(Debug, thiserror::Error)]
#[error("the inventory does not fit into a workbook: {0}")]
pub struct Error(#[from] XlsxError);

/// The bytes of the workbook; the same for the same package.
///
/// # Errors
/// [`Error`], when a sheet would have more rows than a spreadsheet can have.
pub fn workbook(package: &Package, inventory: &Inventory) -> Result<Vec<u8>, Error> {
    let plan = Plan::new(package, inventory);
    let mut book = Workbook::new();
    // Packing is the larger part of the time: level 6 takes twice as long for a file of three quarters the size.
    book.set_zip_compression_level(ZIP_LEVEL);
    // No clock: a second run gives the same bytes.
    let time = ExcelDateTime::from_ymd(2000, 1, 1)?;
    let title = format!("{} {}", plan.park.label.name_zh, plan.park.label.name_en);
    let tool = concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION"));
    book.set_properties(&DocProperties::new().set_title(title).set_author(tool).set_creation_datetime(&time));
    // The largest sheets side by side.
    let ((lines, activities), (ratios, reconciled)) = rayon::join(
        || rayon::join(|| lines::sheet(&plan), || activities::sheet(&plan)),
        || rayon::join(|| ratios::sheets(&plan), || reconcile::sheets(&plan)),
    );
    let [reconciliation, transfers] = reconciled?;
    let [intensities, denominators, statistics] = ratios?;
    // On the heap: a sheet is large.
    let sheets = vec![
        notes::readme(&plan)?,
        summary::sheet(&plan)?,
        summary::members(&plan)?,
        intensities,
        reconciliation,
        figures::sheet(&plan)?,
        lines?,
        activities?,
        factors::coefficients(&plan)?,
        factors::terms(&plan)?,
        factors::sheet(&plan)?,
        factors::gwps(&plan)?,
        own::sheet(&plan)?,
        own::parts(&plan)?,
        instruments::sheet(&plan)?,
        exchanges::sheet(&plan)?,
        transfers,
        denominators,
        statistics,
        activities::enterprises(&plan)?,
        notes::coverage(&plan)?,
        notes::exclusions(&plan)?,
        notes::manifest_sheet(&plan)?,
    ];
    for sheet in sheets {
        book.push_worksheet(sheet);
    }
    Ok(book.save_to_buffer()?)
}
