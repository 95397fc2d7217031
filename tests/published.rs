//! Published cases, to their printed digits or stated tolerances.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test may stop at the first surprise")]

mod common;

use common::{account, park};
use parkflux::inventory::{Inventory, inventory};
use parkflux::park::Gas;
use std::path::{Path, PathBuf};

fn case(folder: &str, file: &str) -> Vec<csv::StringRecord> {
    let path: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/cases").join(folder).join(file);
    let mut reader = csv::Reader::from_path(path).unwrap();
    reader.records().map(Result::unwrap).collect()
}

const CALCASIEU: &str = "o12_ghgrp_calcasieu_la_2017";
const BEIJING: &str = "o11_ceads_beijing_2011";

fn near(value: f64, expected: f64, tolerance: f64, what: &str) {
    assert!((value - expected).abs() <= tolerance, "{what}: {value} against {expected} ± {tolerance}");
}

/// Sum of the counted CO2 and CO2e of one carrier.
fn by_carrier(package: &parkflux::package::Package, made: &Inventory, carrier: &str) -> f64 {
    let park = &package.park;
    let reported = made.ledger.lines.iter().filter_map(|l| match l.activity {
        parkflux::ledger::Activity::Reported(i) => Some((park.reported[i].replaces?, l.mass)),
        parkflux::ledger::Activity::Flow(_) | parkflux::ledger::Activity::Parameter(_) => None,
    });
    reported.filter(|(flow, _)| *park.carrier(park.flows[*flow].carrier).label.id == *carrier).map(|r| r.1).sum()
}

#[test]
fn calcasieu_gives_the_published_totals() {
    let (package, made) = account(&park("calcasieu-2017"));
    let expected = case(CALCASIEU, "expected.csv");
    let carriers = [
        ("Distillate Fuel Oil No. 1", "distillate_fuel_oil_no_1"),
        ("Distillate Fuel Oil No. 2", "distillate_fuel_oil_no_2"),
        ("Fuel Gas", "fuel_gas"),
        ("Motor Gasoline", "gasoline"),
        ("Naphtha (<401 deg F)", "naphtha"),
        ("Natural Gas (Weighted U.S. Average)", "natural_gas"),
        ("Petroleum Coke", "petroleum_coke"),
        ("Propane", "propane"),
    ];
    let mmbtu = |gj: f64| gj / parkflux::quantity::GJ_PER_MMBTU;
    let findings = made.comparisons.iter();
    let consistent: Vec<_> = findings.clone().filter(|c| !c.is_finding().1).collect();
    for row in &expected {
        let (name, value) = (&row[0], row[1].parse::<f64>().unwrap());
        let tolerance = match row[3].split_once(' ') {
            Some(("abs", t)) => t.parse().unwrap(),
            Some(("rel", t)) => t.parse::<f64>().unwrap() * value,
            _ => 0.0,
        };
        let got = match name {
            "facilities" => package.park.enterprises.len() as f64,
            "unit_fuel_rows" => package.park.flows.len() as f64,
            "reported_total" => made.value("2017/park/total.location/CO2e").unwrap(),
            "total_energy" => mmbtu(package.park.flows.iter().map(|f| f.quantity.unwrap().value).sum()),
            "consistent_rows" => consistent.len() as f64,
            "consistent.reported" => consistent.iter().map(|c| c.co2e.unwrap()).sum(),
            "consistent.energy_x_default_EF" => consistent.iter().map(|c| c.computed).sum(),
            "all_rows.energy_x_default_EF" => findings.clone().map(|c| c.computed).sum(),
            other => match other.split_once('.') {
                Some(("fuel", fuel)) => by_carrier(&package, &made, carriers.iter().find(|c| c.0 == fuel).unwrap().1),
                Some(("naics", code)) => made.value(&format!("2017/sector:NAICS:{code}/scope1/CO2e")).unwrap(),
                _ => panic!("no figure for {other}"),
            },
        };
        near(got, value, tolerance, name);
    }
    for row in case(CALCASIEU, "facility_totals.csv") {
        let figure = |gas: &str| made.value(&format!("2017/enterprise:{}/scope1/{gas}", &row[0])).unwrap();
        near(figure("CO2e"), row[2].parse().unwrap(), 0.05, &row[1]);
        near(figure("CO2"), row[3].parse().unwrap(), 0.05, &row[1]);
    }
}

#[test]
fn calcasieu_names_what_disagrees_and_what_is_missing() {
    let (package, made) = account(&park("calcasieu-2017"));
    let on_co2 = made.comparisons.iter().filter(|c| c.is_finding().0).count();
    let on_co2e = made.comparisons.iter().filter(|c| c.is_finding().1).count();
    assert_eq!((on_co2, on_co2e, made.comparisons.len()), (13, 30, 109));
    let mut missing: Vec<&str> = made
        .found
        .sorted()
        .into_iter()
        .filter(|d| d.problem.code().id() == "B209")
        .map(|d| {
            let row = d.origin.row.unwrap();
            &*package.park.reported.iter().find(|r| r.row == row).unwrap().id
        })
        .collect();
    missing.sort_unstable();
    assert_eq!(missing, ["E-060-CO2", "E-063-CO2", "E-105-CO2", "E-106-CO2"]);
    let about = made.value("2017/park/missing/CO2e").unwrap();
    near(about / 1e6, 1.76, 0.005, "incomplete by, in Mt");
    // The rest comes without a split by gas and stays apart.
    near(made.value("2017/park/scope1/CO2e_reported_AR4").unwrap(), 43_555.0, 0.05, "CO2e as reported");
    // Computed lines stay visible beside the reported ones and do not count.
    let computed =
        made.ledger.lines.iter().filter(|l| l.gas == Gas::Co2 && l.source.words().0 == "stationary combustion");
    assert_eq!(computed.count(), 109);
}

#[test]
fn beijing_gives_the_published_cells_and_totals() {
    let (package, made) = account(&park("beijing-2011"));
    let cell = |sector: &str, fuel: &str| {
        let id = format!("B-{sector}-{fuel}");
        let lines = made.ledger.lines.iter().filter(|l| l.id(&package.park) == format!("{id}/CO2"));
        let masses: Vec<f64> = lines.map(|l| l.mass).collect();
        assert_eq!(masses.len(), 1, "{id}");
        masses[0] / 1e6
    };
    let cells = case(BEIJING, "expected.csv");
    assert_eq!(cells.len(), 37);
    for row in &cells {
        let published: f64 = row[2].parse().unwrap();
        let tolerance: f64 = row[4].strip_prefix("rel ").unwrap().parse().unwrap();
        let got = cell(&row[0], &row[1]);
        near(got, published, tolerance * published, &format!("{} {}", &row[0], &row[1]));
    }
    for row in case(BEIJING, "expected_totals.csv") {
        let sectors = ["Agriculture", "Construction", "Transport", "WholesaleRetail", "Other", "Urban", "Rural"];
        let fuel = &row[0];
        let total: f64 = match fuel {
            "ALL" => made.value("2011/park/scope1/CO2").unwrap() / 1e6,
            fuel => sectors
                .iter()
                .filter(|s| cells.iter().any(|c| &c[0] == **s && &c[1] == fuel))
                .map(|s| cell(s, fuel))
                .sum(),
        };
        let published: f64 = row[1].parse().unwrap();
        // The published difference of the case itself bounds what rounded activities can give.
        let allowed = row[3].parse::<f64>().unwrap().abs().max(5e-5) + 5e-5;
        near(total, published, allowed * published, fuel);
    }
}

#[test]
fn beijing_uses_the_carbon_ratio_of_its_factor_set() {
    let (package, made) = account(&park("beijing-2011"));
    let line = made.ledger.lines.iter().find(|l| l.id(&package.park) == "B-Transport-Kerosene/CO2").unwrap();
    let ratio = made.ledger.get(line.coefficient).terms.last().unwrap().clone();
    assert_eq!(ratio.printed, "44.0095/12.0107");
    // 419.35 × 10^4 t kerosene; CEADs publish 12.727876329861806 Mt.
    near(line.mass / 1e6, 12.727_876_329_861_806, 1e-9, "kerosene of transport");
}

#[test]
fn minimal_is_what_a_hand_computes() {
    let (_, made) = account(&park("minimal"));
    let value = |id: &str| made.value(&format!("2023/{id}")).unwrap();
    let coal = 10_000.0 * 19.57 * 26.1e-3 * 0.93 * 44.0 / 12.0;
    let gas = 50.0 * 389.31 * 15.3e-3 * 0.99 * 44.0 / 12.0;
    let wood = 200.0 * 15.6 * 112e-3;
    near(value("park/scope1/CO2"), coal + gas, 1e-6, "CO2 of coal and gas");
    near(value("park/biogenic/CO2"), wood, 1e-6, "CO2 of wood, outside the total");
    let ch4 = 195_700.0 * 10e-6 + 19_465.5 * 1e-6 + 3_120.0 * 30e-6;
    let n2o = 195_700.0 * 1.5e-6 + 19_465.5 * 0.1e-6 + 3_120.0 * 4e-6;
    near(value("park/scope1/CO2e"), coal + gas + 28.0 * ch4 + 265.0 * n2o, 1e-6, "scope 1");
    near(value("park/scope2.location/CO2e"), 8_000.0 * 0.5306, 1e-6, "scope 2, location-based");
    near(value("park/scope2.market/CO2e"), 8_000.0 * 0.6096, 1e-6, "scope 2, market-based");
    // Heat takes 60 % of the plant: 0.6 · (CO2 + CH4 + N2O) / 60,000 GJ.
    let plant = coal + 28.0 * 1.957 + 265.0 * 0.293_55;
    near(value("enterprise:E02/scope2.location/CO2e"), 0.6 * plant + 8_000.0 * 0.5306, 1e-6, "scope 2 of E02");
    near(
        value("park/intensity/iav/total.location/CO2e"),
        value("park/total.location/CO2e") / 15_000.0,
        1e-12,
        "per IAV",
    );
    near(
        value("park/total.location@gbt/CO2e"),
        value("park/total.location/CO2e") - 5_000.0 * 0.5306,
        1e-6,
        "GB/T 32150",
    );
}

#[test]
fn a_park_without_added_value_has_no_intensity_and_no_error() {
    let (package, found) = parkflux::package::read(&park("beijing-2011")).unwrap();
    assert!(found.is_empty());
    let made = inventory(&package.unwrap()).unwrap();
    assert_eq!(made.figure("2011/park/intensity/iav/total.location/CO2e").unwrap().value, None);
}

const TIANJIN: &str = "o13_ceads_tianjin_2012";

/// Emissions only, 47 sectors by 18 columns: every row sum, column sum, share and the total.
#[test]
fn tianjin_rolls_up_by_sector_and_by_column() {
    let (package, made) = account(&park("tianjin-2012"));
    let relative = |got: f64, published: f64, tolerance: f64, what: &str| {
        near(got, published, tolerance * published.abs(), what);
    };
    let sector = |number: usize| made.value(&format!("2012/enterprise:S{number:02}/scope1/CO2")).unwrap_or_default();
    let by_sector_code = |n: usize| made.value(&format!("2012/sector:CEADS:{n:02}/scope1/CO2")).unwrap_or_default();
    // The column stands in the process of each line: `S01/raw_coal`.
    let slug = |column: &str| column.to_lowercase().replace(' ', "_");
    let column = |name: &str| -> f64 {
        let of_column = |line: &&parkflux::ledger::Line| {
            let process = &package.park.process(line.process).label.id;
            process.split_once('/').is_some_and(|(_, column)| column == slug(name))
        };
        made.ledger.lines.iter().filter(of_column).map(|l| l.mass).sum()
    };
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/cases").join(TIANJIN).join("emissions_MtCO2.csv");
    let header = csv::Reader::from_path(path).unwrap().headers().unwrap().clone();
    let rows = case(TIANJIN, "emissions_MtCO2.csv");
    assert_eq!((rows.len(), header.len()), (48, 23));
    let mut cells = 0;
    for (number, row) in rows.iter().enumerate().skip(1) {
        let published: f64 = row[22].parse().unwrap();
        relative(sector(number) / 1e6, published, 1e-9, &row[0]);
        relative(by_sector_code(number) / 1e6, published, 1e-9, &row[0]);
        cells += row.iter().skip(1).take(21).filter(|v| v.parse::<f64>().unwrap() != 0.0).count();
    }
    assert_eq!(made.ledger.lines.len(), cells);
    for (i, name) in header.iter().enumerate().skip(1).take(21) {
        relative(column(name) / 1e6, rows[0][i].parse().unwrap(), 1e-9, name);
    }
    let total = made.value("2012/park/scope1/CO2").unwrap();
    let number = |name: &str| rows.iter().position(|r| r[0].starts_with(name)).unwrap();
    let mut checked = 0;
    for row in case(TIANJIN, "expected.csv") {
        let (published, tolerance): (f64, f64) =
            (row[1].parse().unwrap(), row[3].strip_prefix("rel ").unwrap().parse().unwrap());
        let got = match &row[0] {
            "scope1_total" | "total.Scope 1 Total" => total / 1e6,
            "share.power_steam_hotwater" => sector(number("Production and Supply of Electric Power")) / total,
            "share.ferrous" => sector(number("Smelting and Pressing of Ferrous Metals")) / total,
            other => column(other.strip_prefix("total.").unwrap()) / 1e6,
        };
        relative(got, published, tolerance, &row[0]);
        checked += 1;
    }
    assert_eq!(checked, 22);
}
