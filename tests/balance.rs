//! Balances of whole parks: `parkflux balance`.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test may stop at the first surprise")]

mod common;

use common::{Files, account, account_files, park};
use parkflux::balance::{Balance, Class, Options, Reader, Thing, Untested, balance};
use parkflux::inventory::Inventory;
use parkflux::package::Package;
use parkflux::quantity::Period;
use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output};

fn run(words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_parkflux"));
    command.args(words).env_remove("NO_COLOR").env("LANG", "C").env_remove("LC_ALL").env_remove("LC_MESSAGES");
    command.output().unwrap()
}

fn write(files: &Files) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in &files.0 {
        std::fs::write(folder.path().join(name), bytes).unwrap();
    }
    folder
}

fn json(folder: &Path, more: &[&str]) -> Value {
    let output = run(&[&["balance", folder.to_str().unwrap(), "--json"], more].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn balanced((package, made): (Package, Inventory)) -> (Package, Balance) {
    let balance = balance(&package.park, &made.sets, &made.ledger, Options::default());
    (package, balance)
}

const FLOWS: &str = "id,period,from,to,carrier,quantity,unit,use,observer,method,sd,percent";

/// Case o01 (Narasimhan and Jordache 2000) as a water network of four nodes.
fn bypass(measured: [&str; 6]) -> Files {
    let ends = [
        ("outside:nature", "A/N1"),
        ("A/N1", "A/N2"),
        ("A/N1", "A/N3"),
        ("A/N2", "A/N4"),
        ("A/N3", "A/N4"),
        ("A/N4", "outside:water_body"),
    ];
    let mut flows = vec![FLOWS.to_owned()];
    for (k, ((from, to), quantity)) in ends.iter().zip(measured).enumerate() {
        let sd = if quantity.is_empty() { "" } else { "1" };
        flows.push(format!("S{},2023,{from},{to},fresh_water,{quantity},m3,,,,{sd},", k + 1));
    }
    Files::new("gases = [\"CO2\"]")
        .with("enterprises.csv", "enterprise\nA")
        .with(
            "processes.csv",
            "process,enterprise,technique\nA/N1,A,header\nA/N2,A,header\nA/N3,A,header\nA/N4,A,header",
        )
        .with("flows.csv", &flows.join("\n"))
}

#[test]
fn a_published_network_comes_out_through_a_package() {
    let best = |files: &Files| -> (Value, Vec<f64>) {
        let folder = write(files);
        let made = json(folder.path(), &[]);
        let flows = made["flows"].as_array().unwrap();
        let mut values: Vec<(String, f64)> = flows
            .iter()
            .map(|f| (f["from"].to_string() + &f["to"].to_string(), f["reconciled"].as_f64().unwrap()))
            .collect();
        values.sort_by(|a, b| a.0.cmp(&b.0));
        (made, values.into_iter().map(|v| v.1).collect())
    };
    // By name: N1 to N2, N1 to N3, N2 to N4, N3 to N4, N4 out, in.
    let (made, full) = best(&bypass(["101.91", "64.45", "34.65", "64.20", "36.44", "98.88"]));
    for (found, published) in full.iter().zip([64.50, 35.72, 64.50, 35.72, 100.22, 100.22]) {
        assert!((found - published).abs() <= 0.005, "{found} for {published}");
    }
    assert!((made["chi2"].as_f64().unwrap() - 6.4075).abs() < 1e-5);
    assert_eq!(made["freedom"], 4);
    let (made, partial) = best(&bypass(["101.91", "64.45", "", "", "36.44", "98.88"]));
    for (found, published) in partial.iter().zip([64.25, 36.24, 64.25, 36.24, 100.49, 100.49]) {
        assert!((found - published).abs() <= 0.005, "{found} for {published}");
    }
    assert_eq!(made["freedom"], 2);
    let classes: Vec<&str> = made["flows"].as_array().unwrap().iter().map(|f| f["class"].as_str().unwrap()).collect();
    assert_eq!(classes.iter().filter(|c| **c == "observable").count(), 2);
    let (made, _) = best(&bypass(["101.91", "70.45", "34.65", "64.20", "36.44", "98.88"]));
    let suspect = &made["wrong"][0];
    assert_eq!((suspect["from"].as_str(), suspect["to"].as_str()), (Some("A/N1"), Some("A/N2")));
    assert_eq!(made["suspects"][0]["ids"][0], "S2");
}

#[test]
fn binhai_names_the_hidden_error_first() {
    let (package, made) = balanced(account(&park("binhai-example")));
    let park = &package.park;
    let name = |k: usize| {
        let flow = &park.flows[made.wrong[k].flow];
        (park.node_text(flow.to), park.carrier(flow.carrier).label.id.to_string(), made.wrong[k].reader)
    };
    assert_eq!(name(0), ("E07/CDU".to_owned(), "steam_mp".to_owned(), Reader::Third));
    assert_eq!(name(1), ("E05/CELL".to_owned(), "electricity".to_owned(), Reader::Buyer));
    assert_eq!(made.wrong.len(), 2);
    let months: Vec<Period> = made.wrong[0].periods.iter().map(|p| p.0).collect();
    assert_eq!(months, (6..10).map(|month| Period { year: 2024, month: Some(month) }).collect::<Vec<_>>());
    for (_, bias) in &made.wrong[0].periods {
        assert!((bias.unwrap() + 0.09).abs() < 0.015, "{bias:?}");
    }
    assert!(made.chi2().2 < 1e-6 && made.chi2_without().2 > 0.05);
}

/// Without the two meters that are wrong everything closes within its stated uncertainty.
#[test]
fn without_its_gross_errors_binhai_closes() {
    let folder = tempfile::tempdir().unwrap();
    let source = park("binhai-example");
    for entry in std::fs::read_dir(&source).unwrap().map(Result::unwrap).filter(|e| e.path().is_file()) {
        let text = std::fs::read_to_string(entry.path()).unwrap();
        let wrong = |line: &str| {
            let steam = line.starts_with("C24") && line.contains(",E07/CDU,steam_mp,");
            steam || line.starts_with("B24") && line.contains(",E05/CELL,electricity,") && line.contains(",to,")
        };
        let kept: Vec<&str> = text.lines().filter(|l| !wrong(l)).collect();
        std::fs::write(folder.path().join(entry.file_name()), kept.join("\n") + "\n").unwrap();
    }
    std::fs::create_dir(folder.path().join("evidence")).unwrap();
    for entry in std::fs::read_dir(source.join("evidence")).unwrap().map(Result::unwrap) {
        std::fs::copy(entry.path(), folder.path().join("evidence").join(entry.file_name())).unwrap();
    }
    let (_, made) = balanced(account(folder.path()));
    assert!(made.wrong.is_empty(), "{:?}", made.wrong);
    let mut seen = std::collections::BTreeMap::new();
    for closure in made.closures.iter().filter(|c| !c.booked) {
        let kind = match closure.thing {
            Thing::Carrier(_) => "carrier",
            Thing::Steam => "steam",
            Thing::Energy => "energy",
            Thing::Water => "water",
            Thing::Carbon => "carbon",
            Thing::Sulfur => "sulfur",
            Thing::Calcium => "calcium",
        };
        *seen.entry(kind).or_insert(0) += 1;
        if kind != "carrier" {
            assert!(closure.sigmas().unwrap().abs() < 2.0, "{closure:?}");
        }
    }
    // What the coke ovens, the blast furnace and the refinery take in comes out, to a thousandth of a standard deviation.
    for closure in made.closures.iter().filter(|c| c.booked) {
        let closes = ["coking", "ironmaking", "refining"];
        if matches!(&closure.place, parkflux::balance::Place::Envelope(_, name) if closes.contains(&&**name)) {
            assert!(closure.sigmas().unwrap().abs() < 1e-2, "{closure:?}");
            *seen.entry("carbon").or_insert(0) += 1;
        }
    }
    for kind in ["carrier", "energy", "water", "sulfur", "carbon", "calcium"] {
        assert!(seen[kind] >= 36, "{kind}: {seen:?}");
    }
}

#[test]
fn what_nobody_measures_is_solved_for_or_named() {
    // A header with one unmeasured outlet; another with two.
    let flows = format!(
        "{FLOWS}
        1,2023,outside:supplier,A/H1,natural_gas,1000,Nm3,,,meter,,1
        2,2023,A/H1,B,natural_gas,400,Nm3,combustion,,meter,,1
        3,2023,A/H1,C,natural_gas,,Nm3,combustion,,,,
        4,2023,outside:supplier,A/H2,natural_gas,1000,Nm3,,,meter,,1
        5,2023,A/H2,B,natural_gas,,Nm3,process,,,,
        6,2023,A/H2,C,natural_gas,,Nm3,process,,,,"
    );
    let files = Files::new("gases = [\"CO2\"]")
        .with("enterprises.csv", "enterprise\nA\nB\nC")
        .with("processes.csv", "process,enterprise,technique\nA/H1,A,header\nA/H2,A,header")
        .with("flows.csv", &flows);
    let (package, made) = balanced(account_files(&files));
    let estimate = &made.years[0].estimate;
    let of = |id: &str| {
        let variables = &made.years[0].assembly.variables;
        variables.iter().position(|v| &*package.park.flows[v.flow].id == id).unwrap()
    };
    assert_eq!(estimate.class[of("3")], Class::Observable);
    assert!((estimate.x[of("3")].unwrap() - 600.0).abs() < 1e-9);
    let sd = ((10.0_f64 / 1.96).powi(2) + (4.0_f64 / 1.96).powi(2)).sqrt();
    assert!((estimate.deviation(of("3")).unwrap() - sd).abs() < 1e-6, "{:?} {sd}", estimate.deviation(of("3")));
    assert_eq!(estimate.class[of("1")], Class::NonRedundant);
    for id in ["5", "6"] {
        assert_eq!((estimate.class[of(id)], estimate.x[of(id)]), (Class::Unobservable, None));
    }
}

#[test]
fn exact_values_that_contradict_end_with_exit_code_5_and_names() {
    let flows = format!(
        "{FLOWS}
        1,2023,outside:nature,A/N,fresh_water,1000,m3,,,meter,0,
        2,2023,A/N,B,fresh_water,900,m3,consumption,,meter,0,"
    );
    let files = Files::new("gases = [\"CO2\"]")
        .with("enterprises.csv", "enterprise\nA\nB")
        .with("processes.csv", "process,enterprise,technique\nA/N,A,header")
        .with("flows.csv", &flows);
    let folder = write(&files);
    let output = run(&["balance", folder.path().to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(5));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("exact values contradict each other by 100 at A/N (fresh_water, 2023)"), "{said}");
}

#[test]
fn a_pool_of_unlike_carriers_says_why_it_has_no_balance() {
    let flows = format!(
        "{FLOWS}
        1,2023,outside:supplier,A/N,fresh_water,1000,m3,,,meter,,1
        2,2023,A/N,B,electricity,900,MWh,consumption,,meter,,1
        3,2023,outside:grid,A/O,electricity,900,MWh,consumption,,meter,,1"
    );
    let files = Files::new("gases = [\"CO2\"]")
        .with("enterprises.csv", "enterprise\nA\nB")
        .with("processes.csv", "process,enterprise,technique\nA/N,A,bus\nA/O,A,bus")
        .with("flows.csv", &flows);
    let (_, made) = balanced(account_files(&files));
    let reasons: Vec<Untested> = made.untested.keys().map(|k| k.1).collect();
    assert_eq!(reasons, [Untested::Mixed, Untested::OneSided]);
}

#[test]
fn wrong_use_is_told() {
    let minimal = park("minimal");
    let minimal = minimal.to_str().unwrap();
    for (words, expected) in [
        (vec!["--period", "2024-13"], "--period 2024-13: no period"),
        (vec!["--period", "1999"], "no flow lies in 1999"),
        (vec!["--confidence", "100"], "--confidence is from 50 to 99.999999 (%)"),
    ] {
        let output = run(&[vec!["balance", minimal], words].concat());
        assert_eq!(output.status.code(), Some(2));
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains(expected), "{said}");
    }
    let binhai = park("binhai-example");
    let output = run(&["balance", binhai.to_str().unwrap(), "--fail-on-suspects", "--period", "2024"]);
    assert_eq!(output.status.code(), Some(4));
}

/// A pool whose three meters disagree, and a user without a meter.
fn disagreeing(settings: &str) -> Files {
    let flows = format!(
        "{FLOWS}
        1,2023,outside:supplier,A/H,natural_gas,1000,Nm3,,,meter,20,
        2,2023,A/H,B,natural_gas,660,Nm3,combustion,from,meter,10,
        3,2023,A/H,B,natural_gas,640,Nm3,combustion,to,meter,10,
        4,2023,A/H,C,natural_gas,320,Nm3,combustion,,meter,10,
        5,2023,outside:supplier,A/K,natural_gas,500,Nm3,,,meter,5,
        6,2023,A/K,C,natural_gas,,Nm3,process,,,,"
    );
    Files::new(&format!("gases = [\"CO2\"]\n{settings}"))
        .with("enterprises.csv", "enterprise\nA\nB\nC")
        .with("processes.csv", "process,enterprise,technique\nA/H,A,header\nA/K,A,header")
        .with("flows.csv", &flows)
}

#[test]
fn reconciled_flows_feed_the_inventory_where_the_park_chooses_them() {
    let (_, measured) = account_files(&disagreeing(""));
    let (_, fed) = account_files(&disagreeing("flow_values = \"reconciled\""));
    // In: 1000 ± 20; to B 650 ± 7.07 by two meters; to C 320 ± 10. The difference of 30 goes by variance.
    let variance = 400.0 + 50.0 + 100.0;
    let (b, c) = (650.0 + 30.0 * 50.0 / variance, 320.0 + 30.0 * 100.0 / variance);
    let scope1 =
        |made: &Inventory, enterprise: &str| made.value(&format!("2023/enterprise:{enterprise}/scope1/CO2")).unwrap();
    assert!((scope1(&fed, "B") / scope1(&measured, "B") - b / 640.0).abs() < 1e-9);
    // What C takes without a meter is solved for; what it burns is moved.
    assert!((scope1(&fed, "C") / scope1(&measured, "C") - c / 320.0).abs() < 1e-9);
    let folder = write(&disagreeing("flow_values = \"reconciled\""));
    let path = folder.path().to_str().unwrap();
    let said = String::from_utf8(run(&["inventory", path]).stdout).unwrap();
    assert!(said.contains("flows: reconciled; 4 rows moved, by 2.18 % at most, 1 solved for"), "{said}");
    let explained = String::from_utf8(run(&["explain", path, "3/CO2"]).stdout).unwrap();
    assert!(
        explained.contains("652.727273 Nm3") && explained.contains("(reconciled; the row states 640)"),
        "{explained}"
    );
    // The balance itself goes on reading what was measured.
    let made = json(folder.path(), &[]);
    assert!((made["chi2"].as_f64().unwrap() - (20.0_f64.powi(2) / 200.0 + 30.0_f64.powi(2) / variance)).abs() < 1e-9);
}

#[test]
fn an_open_balance_refuses_the_inventory_where_the_park_says_so() {
    // Also where reconciled flows would close.
    for (limit, code) in
        [("1", 5), ("3", 0), ("1\nflow_values = \"reconciled\"", 5), ("3\nflow_values = \"reconciled\"", 0)]
    {
        let folder = write(&disagreeing(&format!("balance_limit = {limit}")));
        let output = run(&["inventory", folder.path().to_str().unwrap()]);
        assert_eq!(output.status.code(), Some(code), "{limit}");
        assert_eq!(output.stdout.is_empty(), code == 5);
    }
}

/// One pool of water, and what `balance` makes of it.
fn pool(rows: &[&str]) -> (Package, Balance) {
    let flows = format!("{FLOWS},notation\n{}", rows.join("\n"));
    let files = Files::new("gases = [\"CO2\"]")
        .with("enterprises.csv", "enterprise\nA\nB\nC")
        .with("processes.csv", "process,enterprise,technique\nA/N,A,header")
        .with("flows.csv", &flows);
    balanced(account_files(&files))
}

#[test]
fn a_dead_meter_is_not_believed() {
    let (package, made) = pool(&[
        "1,2023,outside:nature,A/N,fresh_water,1000,m3,,,meter,,1,",
        "2,2023,A/N,B,fresh_water,0,m3,consumption,from,meter,,1,",
        "3,2023,A/N,B,fresh_water,600,m3,consumption,to,meter,,1,",
        "4,2023,A/N,C,fresh_water,400,m3,consumption,,meter,,1,",
    ]);
    let ids: Vec<&str> = made.wrong.iter().map(|w| &*package.park.flows[w.flow].id).collect();
    assert_eq!(ids, ["2"]);
    assert!((made.wrong[0].periods[0].1.unwrap() + 1.0).abs() < 0.01);
    assert!(made.chi2_without().2 > 0.05);
}

/// What a dead meter reads is not what the inventory takes, where it takes reconciled flows.
#[test]
fn a_dead_meter_gets_the_best_value() {
    let flows = format!(
        "{FLOWS}
        1,2023,outside:supplier,A/N,natural_gas,1000,Nm3,,,meter,,1
        2,2023,A/N,B,natural_gas,600,Nm3,combustion,from,meter,,1
        3,2023,A/N,B,natural_gas,0,Nm3,combustion,to,meter,,1
        4,2023,A/N,C,natural_gas,400,Nm3,combustion,,meter,,1"
    );
    let files = |settings: &str| {
        Files::new(&format!("gases = [\"CO2\"]\n{settings}"))
            .with("enterprises.csv", "enterprise\nA\nB\nC")
            .with("processes.csv", "process,enterprise,technique\nA/N,A,header")
            .with("flows.csv", &flows)
    };
    let scope1 =
        |settings: &str, of: &str| account_files(&files(settings)).1.value(&format!("2023/enterprise:{of}/scope1/CO2"));
    // As the buyer's meter reads, B burns nothing, which has no figure.
    assert_eq!(scope1("", "B"), None);
    let reconciled = |of: &str| scope1("flow_values = \"reconciled\"", of).unwrap();
    let (b, c) = (reconciled("B"), reconciled("C"));
    assert!((b / c - 1.5).abs() < 1e-6, "{b} {c}");
}

#[test]
fn what_is_not_estimated_is_unmeasured_and_what_does_not_occur_is_nothing() {
    let rows = |notation: &str| {
        pool(&[
            "1,2023,outside:nature,A/N,fresh_water,1000,m3,,,meter,,1,",
            "2,2023,A/N,B,fresh_water,600,m3,consumption,,meter,,1,",
            &format!("3,2023,A/N,C,fresh_water,,m3,consumption,,,,,{notation}"),
        ])
    };
    for notation in ["", "NE", "C"] {
        let (_, made) = rows(notation);
        assert!(made.wrong.is_empty(), "{notation}");
        let empty = made.years[0].assembly.variables.iter().position(|v| v.measured.is_none()).unwrap();
        assert!((made.years[0].estimate.x[empty].unwrap() - 400.0).abs() < 1e-9);
    }
    let (_, made) = rows("NO");
    assert!(!made.wrong.is_empty());
}

#[test]
fn one_row_of_a_year_does_not_make_years_of_months() {
    let mut rows: Vec<String> = (1..=12)
        .flat_map(|m| {
            [
                format!("a{m:02},2023-{m:02},outside:nature,A/N,fresh_water,1000,m3,,,meter,,1,"),
                format!("b{m:02},2023-{m:02},A/N,B,fresh_water,1000,m3,consumption,,meter,,1,"),
            ]
        })
        .collect();
    rows.push("c,2023,outside:supplier,C,diesel,3,t,combustion,,invoice,,2,".to_owned());
    let (_, made) = pool(&rows.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(made.closures.len(), 12);
    // A flow of the pool that is known by the year only makes one balance of it.
    rows.push("d,2023,A/N,C,fresh_water,5,m3,consumption,,meter,,2,".to_owned());
    let (_, made) = pool(&rows.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(made.closures.len(), 1);
    assert!((made.closures[0].inflow - 12_000.0).abs() < 1e-9);
}

#[test]
fn seller_and_buyer_who_name_different_uses_read_one_flow() {
    let (_, made) = pool(&[
        "1,2023,outside:supplier,A/N,natural_gas,1000,Nm3,,,meter,,1,",
        "2,2023,A/N,B,natural_gas,1000,Nm3,,from,meter,,1,",
        "3,2023,A/N,B,natural_gas,1010,Nm3,feedstock,to,meter,,1,",
    ]);
    assert!(made.wrong.is_empty());
    assert_eq!(made.years[0].assembly.readings.len(), 2);
}

#[test]
fn readings_in_tonnes_and_in_gigajoules_are_set_against_each_other() {
    let rows = [
        "1,2023,outside:supplier,A/N,steam,100,t,,,meter,,1,",
        "2,2023,A/N,B,steam,100,t,consumption,from,meter,,1,",
        "3,2023,A/N,B,steam,500,GJ,consumption,to,meter,,1,",
    ];
    let files = |enthalpy: &str| {
        Files::new("gases = [\"CO2\"]")
            .with("enterprises.csv", "enterprise\nA\nB")
            .with("processes.csv", "process,enterprise,technique\nA/N,A,header")
            .with(
                "carriers.csv",
                &format!("carrier,property,value,unit\ntest_fuel,kind,solid_fuel,\nsteam,enthalpy,{enthalpy},kJ/kg"),
            )
            .with("flows.csv", &format!("{FLOWS}\n{}", rows.map(|r| r.trim_end_matches(',').to_owned()).join("\n")))
    };
    let (package, made) = balanced(account_files(&files("2800")));
    let ids: Vec<&str> = made.wrong.iter().map(|w| &*package.park.flows[w.flow].id).collect();
    assert_eq!(ids, ["3"]);
}

#[test]
fn stock_levels_of_months_count_once_in_a_year() {
    let (_, made) = pool(&[
        "1,2023,outside:nature,A/N,fresh_water,1000,m3,,,meter,,1,",
        "2,2023,A/N,B,fresh_water,980,m3,consumption,,meter,,1,",
        "3,2023-01,stock:opening,A/N,fresh_water,40,m3,,,stock,,1,",
        "4,2023-01,A/N,stock:closing,fresh_water,50,m3,,,stock,,1,",
        "5,2023-02,A/N,stock:closing,fresh_water,60,m3,,,stock,,1,",
    ]);
    assert_eq!(made.closures.len(), 1);
    assert!(made.closures[0].residual().abs() < 1e-9, "{:?}", made.closures);
}

#[test]
fn a_contradiction_leaves_the_rest_of_the_year_to_be_told() {
    let (package, made) = pool(&[
        "1,2023,outside:nature,A/N,fresh_water,1000,m3,,,meter,,1,",
        "2,2023,A/N,B,fresh_water,700,m3,consumption,,meter,,1,",
        "3,2023,A/N,C,fresh_water,400,m3,consumption,,meter,,1,",
        "4,2023,outside:grid,C,electricity,100,MWh,consumption,from,meter,0,,",
        "5,2023,outside:grid,C,electricity,90,MWh,consumption,to,meter,0,,",
    ]);
    assert_eq!(made.contradicted.len(), 1);
    let at = parkflux::report::balance::at(&package.park, &made.contradicted[0], parkflux::diagnostic::Lang::En);
    assert!(at.contains("outside:grid → C (electricity, 2023)"), "{at}");
    assert!(!made.wrong.is_empty());
    // The two exact readings are the worst of all that does not close.
    assert_eq!(made.closures[0].sigmas(), None);
}
