//! A package may be one workbook.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a test fails by panicking")]

mod common;

use common::{account, parks};
use parkflux::diagnostic::{Lang, Style, render_text};
use parkflux::package::{raw_of_files, raw_of_workbook, read_raw, read_workbook, workbook};

#[test]
fn every_park_goes_there_and_back() {
    for path in parks() {
        let (raw, found) = read_raw(&path).unwrap();
        assert!(found.is_empty());
        for lang in [Lang::En, Lang::Zh] {
            let bytes = workbook::write(&raw, lang).unwrap();
            let (back, found) = raw_of_workbook("park.xlsx", &bytes);
            assert!(found.is_empty(), "{}", render_text(&found, Lang::En, Style::Plain));
            let again = raw_of_files(&back.to_files());
            for (a, b) in raw.tables.iter().zip(&again.tables) {
                assert_eq!(a.header, b.header);
                for (a, b) in a.rows.iter().zip(&b.rows) {
                    assert_eq!(a.cells, b.cells);
                }
            }
            let (package, inventory) = account(&path);
            let (other, found) = read_workbook("park.xlsx", &bytes);
            let other = other.unwrap_or_else(|| panic!("{}", render_text(&found, Lang::En, Style::Plain)));
            assert_eq!(other.park.flows, package.park.flows);
            assert_eq!(parkflux::inventory::inventory(&other).unwrap().figures, inventory.figures);
        }
    }
}
