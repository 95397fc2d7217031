//! The inventory for programs and analysts: tidy tables and JSON.

use super::table::{Cell, Table};
use super::{embodied, explain, manifest};
use crate::diagnostic::{Lang, render_json};
use crate::inventory::{Inventory, co2e};
use crate::ledger::{Activity, Approach, CarbonOrigin, Standing};
use crate::package::Package;
use crate::park::Quality;
use serde_json::{Value, json};

/// Every ledger line as a tidy table.
#[must_use]
pub fn lines(package: &Package, inventory: &Inventory) -> Table {
    let park = &package.park;
    let mut table = Table::new(
        "lines",
        &[
            ("line", "line"),
            ("period", "period"),
            ("enterprise", "enterprise"),
            ("process", "process"),
            ("scope", "scope"),
            ("iso_category", "iso_category"),
            ("approach", "approach"),
            ("source", "source"),
            ("gas", "gas"),
            ("carbon_origin", "carbon_origin"),
            ("mass_t", ">mass_t"),
            ("co2e_t", ">co2e_t"),
            ("consumed_share", ">consumed_share"),
            ("crosses_fence", "crosses_fence"),
            ("standing", "standing"),
            ("row", "row"),
            ("method", "method"),
            ("grade", "grade"),
            ("evidence", "evidence"),
            ("factors", "factors"),
        ],
    );
    let none = Quality::default();
    for line in &inventory.ledger.lines {
        let text = |s: &str| Cell::Text(s.to_owned());
        let quality = match line.activity {
            Activity::Flow(i) => &park.flows[i].quality,
            Activity::Reported(i) => &park.reported[i].quality,
            Activity::Parameter(_) => &none,
        };
        let factors: Vec<String> = inventory
            .ledger
            .get(line.coefficient)
            .terms
            .iter()
            .map(|t| explain::source_key(package, &t.source))
            .collect();
        table.rows.push(vec![
            Cell::Text(line.id(park)),
            Cell::Text(line.period.to_string()),
            text(&park.enterprise(line.enterprise).label.id),
            text(&park.process(line.process).label.id),
            Cell::Text(line.scope.id()),
            Cell::Text(line.scope.iso_category().to_string()),
            text(match line.approach {
                Approach::Both => "",
                Approach::Location => "location",
                Approach::Market => "market",
            }),
            text(line.source.words().0),
            Cell::Text(line.gas.label()),
            text(match line.origin {
                CarbonOrigin::Fossil => "fossil",
                CarbonOrigin::Biogenic => "biogenic",
                CarbonOrigin::Unstated => "",
            }),
            Cell::Number(line.mass, 6),
            Cell::Number(co2e(line, &inventory.gwp), 6),
            Cell::Number(line.consumed, 6),
            text(if line.crosses { "yes" } else { "no" }),
            text(match line.standing {
                Standing::Counted => "counted",
                Standing::Memo => "memo",
                Standing::Exported => "exported in products",
                Standing::Replaced => "replaced",
                Standing::Missing => "missing",
            }),
            Cell::Text(package.place(&line.row(park))),
            text(quality.method),
            text(quality.grade),
            text(&quality.evidence),
            Cell::Text(factors.join(" × ")),
        ]);
    }
    table
}

/// Every figure as a tidy table.
#[must_use]
pub fn figures(inventory: &Inventory) -> Table {
    let mut table = Table::new("figures", &[("figure", "figure"), ("value", ">value"), ("unit", "unit")]);
    for figure in &inventory.figures {
        table.rows.push(vec![
            Cell::Text(figure.id.clone()),
            Cell::maybe(figure.value, 6),
            Cell::Text(figure.unit.to_owned()),
        ]);
    }
    table
}

/// Every row of the input and what became of it.
#[must_use]
pub fn coverage(inventory: &Inventory) -> Table {
    let mut table = Table::new("coverage", &[("row", "row"), ("id", "id"), ("treatment", "treatment")]);
    for used in &inventory.coverage.rows {
        table.rows.push(vec![
            Cell::Text(used.origin.to_string()),
            Cell::Text(used.id.to_string()),
            Cell::Text(used.treatment.0.to_owned()),
        ]);
    }
    table
}

/// The inventory for programs.
#[must_use]
pub fn to_json(package: &Package, inventory: &Inventory, lang: Lang) -> Value {
    let park = &package.park;
    let summary: Vec<Value> = inventory
        .coverage
        .summary
        .iter()
        .map(|((file, words), rows)| json!({ "file": file, "treatment": words.0, "rows": rows }))
        .collect();
    json!({
        "schema": 1,
        "reconciled": park.reconciled.map(|done| json!({
            "moved": done.moved,
            "solved": done.solved,
            "left_negative": done.negative,
            "largest_correction": done.largest,
        })),
        "park": { "id": &*park.label.id, "name_en": &*park.label.name_en, "name_zh": &*park.label.name_zh },
        "years": inventory.years,
        "figures": figures(inventory).to_json(),
        "lines": lines(package, inventory).to_json(),
        "embodied": embodied::to_json(package, inventory),
        "coverage": summary,
        "exclusions": inventory.coverage.exclusions,
        "diagnostics": render_json(&inventory.found, lang),
        "manifest": manifest(package, inventory),
    })
}
