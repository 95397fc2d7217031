//! Wastewater treatment as a unit of a scenario: the accounts are those of the plant entered by hand, water and load are kept,
//! and a trade-off says what cleaner water costs.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test may stop at the first surprise")]

mod common;

use common::{FLOWS, Files, account_files};
use parkflux::balance::Thing;
use parkflux::diagnostic::{Diagnostics, Lang, Style, render_text};
use parkflux::inventory::Inventory;
use parkflux::package::Package;
use parkflux::park::Gas;
use parkflux::scenario::{Base, Measure, Run, Scenario, read_all, resolve, run};
use parkflux::tradeoff::{Part, Sign, State, Tradeoff, measure};
use std::collections::BTreeMap;

/// A mill that discharges 500 t COD and 5 t N a year, and a boiler that burns gas for a customer; `flows` and `processes` are more.
fn mill(processes: &str, flows: &str) -> Files {
    let sets =
        "factor_sets = [\"park\", \"cn_grid\", \"cn_heat\", \"ipcc_2019_waste\", \"ipcc_2006_waste\", \"ipcc_2006\"]";
    Files::new(sets)
        .with("enterprises.csv", "enterprise,sector\nA,GB4754:C22\nB,GB4754:D46")
        .with(
            "processes.csv",
            &format!("process,enterprise,technique,accounting\nA/M,A,mill,\nA/B1,A,boiler,combustion\n{processes}"),
        )
        .with(
            "carriers.csv",
            "carrier,enterprise,process,property,value,unit,basis
            test_fuel,,,kind,solid_fuel,,
            wastewater,A,,cod,5000,mg/L,
            wastewater,A,,total_nitrogen,50,mg/L,
            wastewater,A,,ammonia_nitrogen,20,mg/L,
            biogas,,,methane_fraction,60,%,
            biogas,,,ncv,215,GJ/10^4 Nm3,NCV",
        )
        .with("flows.csv", &format!("{FLOWS}\n{BASE}\n{flows}"))
}

const BASE: &str = "W,2023,A/M,outside:water_body,wastewater,100000,m3,,,,
    P,2023,outside:grid,A/M,electricity,1000,MWh,,,,
    M,2023,A/M,outside:customer,paper,20000,t,,,,
    H,2023,A/B1,outside:customer,heat,200000,GJ,,,,
    G,2023,outside:supplier,A/B1,natural_gas,5000,t,,combustion,,";

/// A plant at the mill, with what is stated of every one of them.
fn plant(kind: &str, more: &str) -> String {
    format!(
        "[[change]]
        kind = \"unit\"
        unit = \"{kind}\"
        id = \"A/WW\"
        at = \"A/M\"
        removal = \"80 %\"
        electricity_use = \"0.8 kWh/m3\"
        {more}
        "
    )
}

fn scenarios(texts: &[&str], package: &Package) -> Vec<Scenario> {
    let name = |i: usize| format!("scenarios/{}.toml", char::from(b'a' + i as u8));
    let head = "name_en = \"s\"\nname_zh = \"s\"\n";
    let files = texts.iter().enumerate().map(|(i, t)| (name(i), format!("{head}{t}").into_bytes())).collect();
    let (all, found) = read_all(&files, &package.park);
    assert!(!found.has_errors(), "{}", render_text(&found, Lang::En, Style::Plain));
    all
}

fn text(found: &Diagnostics) -> String {
    render_text(found, Lang::En, Style::Plain)
}

/// Runs a text over some files, and shows the run beside its base year.
fn with<T>(files: &Files, change: &str, look: impl FnOnce(&Base, &[&Scenario], Result<Run, Diagnostics>) -> T) -> T {
    let (package, inventory) = account_files(files);
    let all = scenarios(&[change], &package);
    let chain = resolve(&all, "a");
    let base = Base::new(&package, &inventory, None);
    let made = run(&base, &chain);
    look(&base, &chain, made)
}

fn done(made: Result<Run, Diagnostics>) -> Run {
    let made = made.unwrap_or_else(|found| panic!("{}", text(&found)));
    assert!(made.conserved.iter().all(|c| c.added < 1e-9), "{:?}", made.conserved);
    made
}

/// Masses of the ledger by process, source, gas, variant, scope and standing. Unit: t.
fn ledger(package: &Package, inventory: &Inventory) -> BTreeMap<String, f64> {
    let mut all = BTreeMap::new();
    for line in &inventory.ledger.lines {
        let process = &package.park.process(line.process).label.id;
        let key = format!(
            "{process} {:?} {} {} {:?} {:?}",
            line.source,
            line.gas.label(),
            line.variant,
            line.scope,
            line.standing
        );
        *all.entry(key).or_insert(0.0) += line.mass;
    }
    all
}

/// A scenario over the mill has the ledger of the plant that was entered by hand.
fn same_as_by_hand(files: &Files, change: &str, by_hand: &Files) {
    let (package, inventory) = account_files(by_hand);
    let wanted = ledger(&package, &inventory);
    with(files, change, |_, _, made| {
        let made = done(made);
        let got = ledger(&made.package, &made.inventory);
        assert_eq!(got.keys().collect::<Vec<_>>(), wanted.keys().collect::<Vec<_>>());
        for (key, mass) in &wanted {
            assert!((got[key] - mass).abs() <= 1e-9 * mass.abs(), "{key}: {} against {mass}", got[key]);
        }
        assert!(wanted.keys().any(|k| k.starts_with("A/WW Wastewater CH4")), "{wanted:?}");
    });
}

/// The mill with wastewater of 1000 mg/L out of a plant that was entered by hand; `flows` are its others.
fn by_hand(technique: &str, processes: &str, carriers: &str, flows: &str) -> Files {
    let files = mill(
        &format!("A/WW,A,{technique},\n{processes}"),
        &format!(
            "W1,2023,A/M,A/WW,wastewater,100000,m3,,,,
            W2,2023,A/WW,outside:water_body,wastewater,100000,m3,,,,
            WP,2023,outside:grid,A/WW,electricity,80,MWh,,,,
            {flows}"
        ),
    );
    let flows = files.text("flows.csv").replace("W,2023,A/M,outside:water_body,wastewater,100000,m3,,,,\n", "");
    let own = "wastewater,A,A/WW,cod,1000,mg/L,\n";
    let carriers = format!("{}{own}{carriers}", files.text("carriers.csv"));
    files.with("flows.csv", &flows).with("carriers.csv", &carriers)
}

#[test]
fn an_aerobic_plant_is_the_one_that_is_entered_by_hand() {
    let more = "mcf = 0.03\nnitrogen_removal = \"60 %\"\nsludge = 0.3\nsludge_cod = 0.24";
    // 400 t COD removed; sludge with 96 t of it.
    let hand = by_hand(
        "wastewater_plant_aerobic",
        "",
        "wastewater,A,A/WW,total_nitrogen,20,mg/L,
        wastewater,A,A/WW,ammonia_nitrogen,8,mg/L,
        industrial_sludge,A,A/WW,cod,0.8,t/t,",
        "WS,2023,A/WW,outside:landfill,industrial_sludge,120,t,,,,",
    )
    .with("parameters.csv", "process,parameter,value,unit\nA/WW,mcf,0.03,1");
    same_as_by_hand(&mill("", ""), &plant("wastewater_plant_aerobic", more), &hand);
}

/// Methane of 400 t COD at the default capacity and MCF, of which 90 % is recovered: 72 t, as 60 % of biogas.
const BIOGAS: f64 = 400.0 * 0.25 * 0.8 * 0.9 / 0.6 / (16.043 / 22.413_97 / 1e3);

#[test]
fn biogas_displaces_gas_by_its_energy_as_by_hand() {
    // 21.5 MJ/Nm3 in the place of natural gas of 48 GJ/t.
    let gas = 5000.0 - BIOGAS * 21.5e-3 / 48.0;
    let hand = by_hand("wastewater_plant_anaerobic", "", "", &format!("WB,2023,A/WW,A/B1,biogas,{BIOGAS},Nm3,,,,"));
    let flows = hand.text("flows.csv").replace("natural_gas,5000,", &format!("natural_gas,{gas},"));
    let change = plant("wastewater_plant_anaerobic", "recovery = \"90 %\"");
    same_as_by_hand(&mill("", ""), &change, &hand.with("flows.csv", &flows));
}

#[test]
fn biogas_that_nobody_burns_is_flared_as_by_hand() {
    let without = |files: Files| {
        let flows = files.text("flows.csv");
        let kept: Vec<&str> = flows.lines().filter(|l| !l.starts_with("G,") && !l.starts_with("H,")).collect();
        files.with("flows.csv", &kept.join("\n"))
    };
    let flare = "A/WW_FLARE,A,flare,combustion";
    let burnt = format!("WB,2023,A/WW,A/WW_FLARE,biogas,{BIOGAS},Nm3,,combustion,,");
    let hand = by_hand("wastewater_plant_anaerobic", flare, "", &burnt);
    let change = plant("wastewater_plant_anaerobic", "recovery = \"90 %\"");
    same_as_by_hand(&without(mill("", "")), &change, &without(hand));
}

/// Quantities of flows in a run, those that do not flow left out.
fn flows(made: &Run) -> BTreeMap<String, f64> {
    let (model, park) = (&made.calibrated.model, &made.package.park);
    let all = model.links.iter().enumerate();
    all.map(|(l, link)| (link.text(park), model.quantity_in(&made.solved, l))).filter(|f| f.1 != 0.0).collect()
}

#[test]
fn what_a_burner_cannot_use_is_flared() {
    // The boiler burns 10 t of gas: less than the biogas.
    let files = mill("", "");
    let text =
        files.text("flows.csv").replace("natural_gas,5000,", "natural_gas,10,").replace("heat,200000,", "heat,400,");
    let files = files.with("flows.csv", &text);
    with(&files, &plant("wastewater_plant_anaerobic", "recovery = \"90 %\""), |_, _, made| {
        let made = flows(&done(made));
        let used = 10.0 * 48.0 / 21.5e-3;
        assert!(!made.contains_key("outside:supplier>A/B1:natural_gas"), "{made:?}");
        assert!((made["A/WW>A/B1:biogas"] - used).abs() < 1e-6 * used, "{made:?}");
        assert!((made["A/WW>A/WW_FLARE:biogas"] - (BIOGAS - used)).abs() < 1e-6 * BIOGAS, "{made:?}");
    });
    // With enough gas in the boiler nothing is left for the flare, not even what rounding leaves.
    with(&mill("", ""), &plant("wastewater_plant_anaerobic", "recovery = \"90 %\""), |_, _, made| {
        assert!(!done(made).package.park.flows.iter().any(|f| f.id.contains("FLARE")));
    });
}
