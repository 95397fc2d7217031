//! A set of packages as tidy tables: one row a park or enterprise, year, part and gas.

use super::table::{Cell, Table};
use crate::diagnostic::{Diagnostics, Lang};
use crate::inventory::{Figure, Inventory, Selector, View, What};
use crate::park::Park;

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

/// The parts of the consolidated park.
#[must_use]
pub fn park_rows(park: &Park, inventory: &Inventory) -> Table {
    let mut table = parks();
    for (figure, selector) in sums(park, inventory).filter(|(_, s)| s.view == View::Park) {
        let label = &park.label;
        let mut row = vec![text(&label.id), text(&label.name_en), text(&label.name_zh)];
        row.extend(value(park, figure, selector));
        table.rows.push(row);
    }
    table
}

/// The parts of each enterprise.
#[must_use]
pub fn enterprise_rows(park: &Park, inventory: &Inventory) -> Table {
    let mut table = enterprises();
    for (figure, selector) in sums(park, inventory) {
        let View::Enterprise(id) = selector.view else { continue };
        let enterprise = park.enterprise(id);
        let label = &enterprise.label;
        let mut row = vec![
            text(&park.label.id),
            text(&label.id),
            text(&label.name_en),
            text(&label.name_zh),
            text(&enterprise.sector),
        ];
        row.extend(value(park, figure, selector));
        table.rows.push(row);
    }
    table
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

/// Sums that are not zero, under the park's own rule set.
fn sums<'a>(park: &'a Park, inventory: &'a Inventory) -> impl Iterator<Item = (&'a Figure, &'a Selector)> {
    inventory.figures.iter().filter_map(|figure| match &figure.what {
        What::Sum(s) if s.rule == park.settings.rule_set && figure.value != Some(0.0) => Some((figure, s)),
        _ => None,
    })
}

fn value(park: &Park, figure: &Figure, selector: &Selector) -> [Cell; 7] {
    [
        text(park.settings.rule_set.id()),
        text(park.settings.gwp_set.id()),
        Cell::Text(selector.year.to_string()),
        text(selector.bucket.id()),
        text(selector.gas_id()),
        Cell::maybe(figure.value, 6),
        text(figure.unit),
    ]
}

fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}
