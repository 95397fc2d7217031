//! What `parkflux balance` checks beside its meters: calcium, nodes, implied factors, stock.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test may stop at the first surprise")]

mod common;

use common::{Files, account_files};
use parkflux::balance::{Balance, Closure, Options, Thing, Untested, balance};
use parkflux::inventory::Inventory;
use parkflux::package::Package;
use serde_json::Value;
use std::process::{Command, Output};

fn run(words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_parkflux"));
    command.args(words).env_remove("NO_COLOR").env("LANG", "C").env_remove("LC_ALL").env_remove("LC_MESSAGES");
    command.output().unwrap()
}

/// What `balance` prints for a package.
fn printed(files: &Files, more: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in &files.0 {
        std::fs::write(folder.path().join(name), bytes).unwrap();
    }
    let output = run(&[&["balance", folder.path().to_str().unwrap()], more].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn json(files: &Files, more: &[&str]) -> Value {
    serde_json::from_str(&printed(files, &[&["--json"], more].concat())).unwrap()
}

fn balanced((package, made): (Package, Inventory)) -> (Package, Balance) {
    let balance = balance(&package.park, &made.sets, &made.ledger, Options::default());
    (package, balance)
}

const FLOWS: &str = "id,period,from,to,carrier,quantity,unit,use,observer,method,sd,percent";

/// A process P of A and a mill of B, with the properties of carriers and parameters of P.
fn works(properties: &str, parameters: &str, rows: &str) -> Files {
    Files::new("gases = [\"CO2\"]\nfgd = \"none\"")
        .with("enterprises.csv", "enterprise\nA\nB")
        .with("processes.csv", "process,enterprise,technique\nA/P,A,wet_fgd\nB/MILL,B,mill")
        .with(
            "carriers.csv",
            &format!("carrier,enterprise,property,value,unit\ntest_fuel,,kind,solid_fuel,\n{properties}"),
        )
        .with("parameters.csv", &format!("process,parameter,carrier,gas,value,unit\n{parameters}"))
        .with("flows.csv", &format!("{FLOWS}\n{rows}"))
}

fn calcium(made: &Balance) -> Vec<&Closure> {
    made.closures.iter().filter(|c| c.thing == Thing::Calcium).collect()
}

#[test]
fn calcium_of_limestone_leaves_a_scrubber_in_its_gypsum() {
    let rows = "1,2023,outside:supplier,A/P,limestone,1000,t,sorbent,,invoice,,2
        2,2023,A/P,B/MILL,fgd_gypsum,1500,t,process,,meter,,1";
    let of = |properties: &str, parameters: &str| {
        let (_, made) = balanced(account_files(&works(properties, parameters, rows)));
        calcium(&made).into_iter().cloned().collect::<Vec<_>>()
    };
    // CaCO3 is 100.086 g/mol, CaSO4·2H2O 172.164, Ca 40.078: in 1000 · 0.9 · 0.400436 = 360.392 t of calcium.
    let inflow = 1000.0 * 0.9 * 40.078 / 100.086;
    let gypsum = 1500.0 * 0.95 * 40.078 / 172.164;
    let shares = "limestone,,carbonate,90,%\nfgd_gypsum,A,gypsum,95,%";
    let closures = of(shares, "");
    assert_eq!(closures.len(), 1);
    assert!((closures[0].inflow - inflow).abs() < 1e-9 && (closures[0].outflow - gypsum).abs() < 1e-9);
    let sd = (inflow * 0.02 / 1.96).hypot(gypsum * 0.01 / 1.96);
    assert!((closures[0].sd / sd - 1.0).abs() < 1e-4, "{closures:?} {sd}");
    // Calcium in excess of the sulfur leaves as carbonate in the gypsum: as the ratio says, or as the gypsum is assayed.
    let closures = of(shares, "A/P,ca_s_ratio,,,1.05,1");
    assert!((closures[0].outflow - 1.05 * gypsum).abs() < 1e-9);
    let closures = of(&format!("{shares}\nfgd_gypsum,A,carbonate,3,%"), "A/P,ca_s_ratio,,,1.05,1");
    assert!((closures[0].outflow - gypsum - 1500.0 * 0.03 * 40.078 / 100.086).abs() < 1e-9);
    // An assay by oxides counts all calcium.
    let closures = of(&format!("{shares}\nfgd_gypsum,A,cao,31,%"), "A/P,ca_s_ratio,,,1.05,1");
    assert!((closures[0].outflow - 1500.0 * 0.31 * 40.078 / 56.077).abs() < 1e-9);
}

#[test]
fn calcium_is_balanced_where_that_of_all_materials_is_known() {
    let properties = "dolomite,,carbonate,98,%\nlime,,cao,90,%";
    // Dolomite holds one calcium in 184.399; the year has one balance since one row is of the year only, and its stock counts by
    // the first and the last level.
    let rows = "1,2023-01,outside:supplier,A/P,dolomite,1000,t,feedstock,,invoice,,2
        2,2023-02,outside:supplier,A/P,dolomite,500,t,feedstock,,invoice,,2
        3,2023,A/P,outside:customer,lime,300,t,,,meter,,1
        4,2023-01,stock:opening,A/P,dolomite,100,t,,,stock,,1
        5,2023-01,A/P,stock:closing,dolomite,70,t,,,stock,,1
        6,2023-02,A/P,stock:closing,dolomite,50,t,,,stock,,1";
    let (_, made) = balanced(account_files(&works(properties, "", rows)));
    let closures = calcium(&made);
    assert_eq!(closures.len(), 1, "{closures:?}");
    let inflow = 1600.0 * 0.98 * 40.078 / 184.399;
    let outflow = 300.0 * 0.9 * 40.078 / 56.077 + 50.0 * 0.98 * 40.078 / 184.399;
    assert!((closures[0].inflow - inflow).abs() < 1e-9 && (closures[0].outflow - outflow).abs() < 1e-9);

    let slag = format!("{rows}\n7,2023-02,A/P,outside:landfill,steel_slag,20,t,,,meter,,1");
    let files = works(properties, "", &slag);
    let (_, made) = balanced(account_files(&files));
    assert!(calcium(&made).is_empty());
    assert!(made.untested.keys().any(|k| matches!(k.1, Untested::Calcium(_))));
    assert!(printed(&files, &[]).contains("calcium: the content of 'steel_slag' is not known"));
    assert!(printed(&files, &["--lang", "zh"]).contains("钙：steel_slag 的含量未知"));
    let (_, made) = balanced(account_files(&works(&format!("{properties}\nsteel_slag,,cao,0,%"), "", &slag)));
    assert_eq!(calcium(&made).len(), 1);
    let of = json(&works(&format!("{properties}\nsteel_slag,,cao,0,%"), "", &slag), &[]);
    assert!(of["closures"].as_array().unwrap().iter().any(|c| c["of"] == "calcium" && c["unit"] == "t"));
}
