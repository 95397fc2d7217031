//! The inventory as a workbook that a verifier recomputes.
//!
//! Every number that follows from others is a live formula, down to
//! `activity × factor × GWP`, stored with the engine's value as its result: a viewer
//! that does not recalculate shows the truth, and one that does must find the same.
//! Nothing is computed here that the engine has not computed; formulas use `SUM`,
//! `SUMIFS`, `SUMPRODUCT`, `IF` and `ROUND` only, those of indicators `MAX`, `MIN`, `AVERAGE`
//! and `ABS` too, so that any spreadsheet opens them.
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
//! | `indicators` | Indicators, Items, where `park.toml` names programmes |
//! | `instruments`, `exchanges` | Instruments, Exchanges |
//!
//! `plan` says where everything stands, `count` how the engine's rules become sums,
//! `sheet` how a sheet is written.

mod activities;
mod count;
mod exchanges;
mod factors;
mod figures;
mod indicators;
mod instruments;
mod lines;
mod notes;
mod own;
mod plan;
mod ratios;
mod reconcile;
mod sheet;
mod summary;

pub use indicators::Programmes;

use crate::inventory::Inventory;
use crate::package::Package;
use plan::Plan;
use rayon::prelude::*;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, Worksheet, XlsxError};
use sheet::Written;

/// How hard sheets are packed, from 1 to 9.
const ZIP_LEVEL: u8 = 2;

/// The sheets in the order of their tabs: what people read, what a verifier recomputes, what it rests on.
const TABS: [&str; 25] = [
    notes::README,
    summary::SHEET,
    summary::MEMBERS,
    ratios::SHEET,
    reconcile::SHEET,
    indicators::SHEET,
    figures::SHEET,
    lines::SHEET,
    activities::SHEET,
    factors::COEFFICIENTS,
    factors::TERMS,
    factors::SHEET,
    factors::GWP,
    own::SHEET,
    own::PARTS,
    indicators::ITEMS,
    instruments::SHEET,
    exchanges::SHEET,
    reconcile::TRANSFERS,
    ratios::DENOMINATORS,
    ratios::STATISTICS,
    activities::ENTERPRISES,
    notes::COVERAGE,
    notes::EXCLUSIONS,
    notes::MANIFEST,
];

/// A workbook cannot hold the inventory (more than 1,048,576 lines).
#[derive(Debug, thiserror::Error)]
#[error("the inventory does not fit into a workbook: {0}")]
pub struct Error(#[from] XlsxError);

/// The bytes of the workbook; the same for the same package. With `programmes` it holds their indicators.
///
/// # Errors
/// [`Error`], when a sheet would have more rows than a spreadsheet can have.
pub fn workbook(package: &Package, inventory: &Inventory, programmes: Option<&Programmes>) -> Result<Vec<u8>, Error> {
    let plan = Plan::new(package, inventory);
    let mut book = Workbook::new();
    // Packing is the larger part of the time: level 6 takes twice as long for a file of three quarters the size.
    book.set_zip_compression_level(ZIP_LEVEL);
    // No clock: a second run gives the same bytes.
    let time = ExcelDateTime::from_ymd(2000, 1, 1)?;
    let title = format!("{} {}", plan.park.label.name_zh, plan.park.label.name_en);
    let tool = concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION"));
    book.set_properties(&DocProperties::new().set_title(title).set_author(tool).set_creation_datetime(&time));
    // Side by side, the largest first.
    let makers: [&(dyn Fn() -> Written<Vec<Worksheet>> + Sync); 11] = [
        &|| Ok(vec![lines::sheet(&plan)?]),
        &|| Ok(vec![activities::sheet(&plan)?, activities::enterprises(&plan)?]),
        &|| ratios::sheets(&plan).map(Vec::from),
        &|| programmes.map_or(Ok(Vec::new()), |p| indicators::sheets(&plan, p).map(Vec::from)),
        &|| Ok(vec![figures::sheet(&plan)?]),
        &|| reconcile::sheets(&plan).map(Vec::from),
        &|| Ok(vec![exchanges::sheet(&plan)?, instruments::sheet(&plan)?]),
        &|| Ok(vec![notes::coverage(&plan)?, notes::exclusions(&plan)?]),
        &|| Ok(vec![factors::coefficients(&plan)?, factors::terms(&plan)?, factors::sheet(&plan)?]),
        &|| Ok(vec![own::sheet(&plan)?, own::parts(&plan)?, factors::gwps(&plan)?]),
        &|| {
            Ok(vec![
                summary::sheet(&plan)?,
                summary::members(&plan)?,
                notes::readme(&plan, programmes.is_some())?,
                notes::manifest_sheet(&plan)?,
            ])
        },
    ];
    let made: Written<Vec<_>> = makers.par_iter().with_max_len(1).map(|make| make()).collect();
    let mut sheets: Vec<Worksheet> = made?.into_iter().flatten().collect();
    sheets.sort_by_cached_key(|sheet| TABS.iter().position(|tab| *tab == sheet.name()).unwrap_or(TABS.len()));
    for sheet in sheets {
        book.push_worksheet(sheet);
    }
    let bytes = book.save_to_buffer();
    // Half a million cells take a tenth of a second to free: nobody waits for it.
    rayon::spawn(move || drop(book));
    Ok(bytes?)
}
