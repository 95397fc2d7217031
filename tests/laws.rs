//! Laws that every inventory obeys.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test may stop at the first surprise")]

mod common;

use common::{FLOWS, Files, account_files};
use parkflux::inventory::Inventory;
use proptest::prelude::*;

/// One row of a random park: who sells, who buys, what, how much.
#[derive(Debug, Clone)]
struct Row {
    from: usize,
    to: usize,
    what: usize,
    quantity: f64,
}

const FIRMS: usize = 4;
const FUELS: [(&str, &str, &str, f64); 3] =
    [("bituminous", "t", "kg", 1e3), ("natural_gas", "万Nm3", "Nm3", 1e4), ("wood", "t", "万t", 1e-4)];

/// Rows of purchases, transfers and exports among [`FIRMS`] enterprises. Transfers
/// run from lower to higher numbers only, so that energy runs in no loop.
fn rows() -> impl Strategy<Value = Vec<Row>> {
    let row = (0..=FIRMS, 0..FIRMS, 0..5usize, 1.0..1e5f64).prop_map(|(from, to, what, q)| Row {
        from,
        to,
        what,
        quantity: (q * 1e3).round() / 1e3,
    });
    prop::collection::vec(row, 1..25)
}

fn firm(i: usize) -> String {
    format!("E{i}")
}

/// `flows.csv` of the rows; `scale` multiplies quantities, `small` writes them in another unit.
fn flows(rows: &[Row], scale: f64, small: bool, name: impl Fn(usize, usize) -> String) -> String {
    let mut text = FLOWS.to_owned();
    for (i, r) in rows.iter().enumerate() {
        let q = r.quantity * scale;
        let to = name(r.to, i);
        // What a firm gives is heat or power; what it gets from outside is anything.
        let line = match (r.from, r.what) {
            (FIRMS, w @ 0..=2) => {
                let (fuel, unit, other, factor) = FUELS[w];
                let (q, unit) = if small { (q * factor, other) } else { (q, unit) };
                format!("outside:supplier,{to},{fuel},{q},{unit},,combustion,,")
            }
            (FIRMS, w) => {
                let (carrier, q, unit) = energy(w, q, small);
                format!("outside:grid,{to},{carrier},{q},{unit},,,,")
            }
            (from, w) if from < r.to => {
                let (carrier, q, unit) = energy(w, q, small);
                format!("{},{to},{carrier},{q},{unit},,,,", name(from, i))
            }
            (from, w) => {
                let (carrier, q, unit) = energy(w, q, small);
                format!("{},outside:customer,{carrier},{q},{unit},,,,", name(from, i))
            }
        };
        text.extend(["\n", &format!("F{i:03}"), ",2023,", &line]);
    }
    text
}

fn energy(what: usize, q: f64, small: bool) -> (&'static str, f64, &'static str) {
    match (what % 2, small) {
        (0, false) => ("electricity", q, "MWh"),
        (0, true) => ("electricity", q * 1e3, "kWh"),
        (_, false) => ("heat", q, "GJ"),
        (_, true) => ("heat", q / 1e3, "TJ"),
    }
}

fn package(flows: &str, enterprises: &str, internal: &str) -> Files {
    Files::new(&format!("internal_factor = \"{internal}\""))
        .with("enterprises.csv", &format!("enterprise\n{enterprises}"))
        .with("flows.csv", flows)
}

fn firms() -> String {
    (0..FIRMS).map(firm).collect::<Vec<_>>().join("\n")
}

fn account(flows: &str, enterprises: &str, internal: &str) -> Inventory {
    account_files(&package(flows, enterprises, internal)).1
}

/// Sums and intensities of both inventories agree, figure by figure, to rounding. A
/// gas that cancels out exactly has no figure; one that cancels to rounding has.
fn agree(a: &Inventory, b: &Inventory, factor: f64, only: impl Fn(&str) -> bool) {
    let largest = a.figures.iter().filter_map(|f| f.value).map(f64::abs).fold(1.0, f64::max);
    for figure in a.figures.iter().filter(|f| only(&f.id)) {
        let (x, y) = (figure.value.unwrap_or(0.0), b.value(&figure.id).unwrap_or(0.0));
        let off = (x * factor - y).abs();
        assert!(off <= 1e-12 * largest * factor.max(1.0), "{}: {x} × {factor} against {y}", figure.id);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_rows_and_enterprises_changes_nothing(rows in rows(), seed in any::<u64>(), own in any::<bool>()) {
        let internal = if own { "own" } else { "published" };
        let text = flows(&rows, 1.0, false, |f, _| firm(f));
        let mut lines: Vec<&str> = text.lines().skip(1).collect();
        let header = text.lines().next().unwrap();
        // A permutation from the seed.
        let n = lines.len();
        for i in (1..n).rev() {
            let j = (seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(i as u64) >> 33) as usize % (i + 1);
            lines.swap(i, j);
        }
        let shuffled = format!("{header}\n{}", lines.join("\n"));
        let reversed: Vec<String> = (0..FIRMS).rev().map(firm).collect();
        let a = account(&text, &firms(), internal);
        let b = account(&shuffled, &reversed.join("\n"), internal);
        let figures = |made: &Inventory| made.figures.iter().map(|f| (f.id.clone(), f.value.map(f64::to_bits))).collect::<Vec<_>>();
        prop_assert_eq!(figures(&a), figures(&b));
    }

    #[test]
    fn scaling_all_flows_scales_all_emissions(rows in rows(), scale in 0.01..100.0f64) {
        let a = account(&flows(&rows, 1.0, false, |f, _| firm(f)), &firms(), "own");
        let b = account(&flows(&rows, scale, false, |f, _| firm(f)), &firms(), "own");
        agree(&a, &b, scale, |id| !id.contains("/intensity/"));
    }

    #[test]
    fn the_unit_of_an_input_changes_nothing(rows in rows()) {
        let a = account(&flows(&rows, 1.0, false, |f, _| firm(f)), &firms(), "own");
        let b = account(&flows(&rows, 1.0, true, |f, _| firm(f)), &firms(), "own");
        agree(&a, &b, 1.0, |_| true);
    }

    /// Each enterprise becomes two that share its rows between them.
    #[test]
    fn splitting_enterprises_changes_nothing_in_the_consolidated_view(rows in rows()) {
        let halves: Vec<String> = (0..FIRMS).flat_map(|f| [format!("E{f}a"), format!("E{f}b")]).collect();
        let a = account(&flows(&rows, 1.0, false, |f, _| firm(f)), &firms(), "published");
        let split = flows(&rows, 1.0, false, |f, i| format!("E{f}{}", if i % 2 == 0 { "a" } else { "b" }));
        let b = account(&split, &halves.join("\n"), "published");
        agree(&a, &b, 1.0, |id| id.starts_with("2023/park/") && !id.contains("/intensity/"));
    }

    #[test]
    fn the_reconciliation_closes_under_both_rule_sets(rows in rows(), own in any::<bool>()) {
        let internal = if own { "own" } else { "published" };
        let made = account(&flows(&rows, 1.0, false, |f, _| firm(f)), &firms(), internal);
        for total in ["total.location", "total.market", "total.location@gbt", "total.market@gbt"] {
            let value = |view: &str| made.value(&format!("2023/{view}/{total}/CO2e")).unwrap();
            let prefix = format!("2023/reconciliation/{total}/");
            let terms: f64 = made.figures.iter().filter(|f| f.id.starts_with(&prefix)).map(|f| f.value.unwrap()).sum();
            let scale = value("sum").abs().max(value("park").abs()).max(terms.abs()).max(1.0);
            prop_assert!((value("park") + terms - value("sum")).abs() <= 1e-9 * scale);
        }
    }
}
