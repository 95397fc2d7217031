//! A set of packages as tidy tables: one row a park or enterprise, year, part and gas.

use super::table::{Cell, Table};
use crate::diagnostic::{Diagnostics, Lang};
use crate::inventory::{Sums, Totals, View};
use crate::package::neutralize;
use crate::park::Park;
use std::io::Write;

/// The empty table of parks.
#[must_use]
pub fn parks() -> Table {
    let columns = ["park", "name_en", "name_zh", "rule_set", "gwp_set", "year", "part", "gas", ">value", "unit"];
    Table::new("parks", &columns.map(|c| (c.trim_start_matches('>'), c)))
}

/// The empty table of enterprises.
#[must_use]
pub fn enterprises() -> Table {
    let columns = [
        "park",
        "enterprise",
        "name_en",
        "name_zh",
        "sector",
        "rule_set",
        "gwp_set",
        "year",
        "part",
        "gas",
        ">value",
        "unit",
    ];
    Table::new("enterprises", &columns.map(|c| (c.trim_start_matches('>'), c)))
}

/// The empty table of problems.
#[must_use]
pub fn problems() -> Table {
    let columns = ["package", "code", "severity", "place", "problem"];
    Table::new("problems", &columns.map(|c| (c, c)))
}

/// The parts of the consolidated park, as rows of CSV under [`parks`].
#[must_use]
pub fn park_rows(park: &Park, sums: &Sums) -> Vec<u8> {
    let label = &park.label;
    let mut rows = Rows::new(park);
    for year in &sums.years {
        rows.add(year, &View::Park, &[&label.id, &label.name_en, &label.name_zh]);
    }
    rows.bytes
}

/// The parts of each enterprise, as rows of CSV under [`enterprises`].
#[must_use]
pub fn enterprise_rows(park: &Park, sums: &Sums) -> Vec<u8> {
    let mut rows = Rows::new(park);
    for year in &sums.years {
        for (view, enterprise) in Sums::members(park).zip(&park.enterprises) {
            let label = &enterprise.label;
            rows.add(year, &view, &[&park.label.id, &label.id, &label.name_en, &label.name_zh, &enterprise.sector]);
        }
    }
    rows.bytes
}

/// Every finding of a package, worst first.
#[must_use]
pub fn problem_rows(package: &str, found: &Diagnostics, lang: Lang) -> Table {
    let mut table = problems();
    for diagnostic in found.sorted() {
        table.rows.push(vec![
            text(package),
            text(diagnostic.problem.code().id()),
            text(diagnostic.problem.code().severity().id()),
            Cell::Text(diagnostic.origin.to_string()),
            Cell::Text(diagnostic.text(lang).message),
        ]);
    }
    table
}

/// Bytes of the cells that say whose a row is.
const LINE: usize = 256;

/// Rows of sums while they are written: a set has millions, so they are written straight.
struct Rows<'a> {
    park: &'a Park,
    bytes: Vec<u8>,
}

impl<'a> Rows<'a> {
    fn new(park: &'a Park) -> Self {
        Self { park, bytes: Vec::new() }
    }

    /// The sums of a year and view that are not zero, each behind the cells that say whose they are.
    fn add(&mut self, year: &(u16, Totals), view: &View, whose: &[&str]) {
        let settings = &self.park.settings;
        let whose = whose.iter().map(|text| neutralize(text));
        let (rule, gwp) = (settings.rule_set.id(), settings.gwp_set.id());
        let mut writer = csv::WriterBuilder::new().buffer_capacity(LINE).from_writer(Vec::new());
        // Writing into memory cannot fail.
        let _ = writer.write_record(whose.chain([rule.to_owned(), gwp.to_owned(), year.0.to_string()]));
        let head = writer.into_inner().unwrap_or_default();
        let head = head.trim_ascii_end();
        for (selector, value, unit) in Sums::of_view(self.park, year, view) {
            self.bytes.extend_from_slice(head);
            // Ids, a number and a unit: nothing that CSV would quote.
            let _ = writeln!(self.bytes, ",{},{},{value},{unit}", selector.bucket.id(), selector.gas_id());
        }
    }
}

fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}
