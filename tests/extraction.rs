//! Steam that is taken off an extraction turbine costs its power; off a back-pressure turbine its fuel.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test may stop at the first surprise")]

mod common;

use common::{FLOWS, Files, account_files};
use parkflux::scenario::{Base, read_all, resolve, run};
use std::collections::BTreeMap;

/// A plant that makes power and heat of coal, a bus with the grid, and a dryer for which waste heat is a candidate.
fn park(parameters: &str) -> Files {
    let flows = format!(
        "{FLOWS}
        F1,2023,outside:supplier,E1/CHP,test_fuel,1000,t,as_received,combustion,,
        F2,2023,E1/CHP,E1/BUS,electricity,4000,GJ,,,,
        F3,2023,outside:grid,E1/BUS,electricity,1000,GJ,,,,
        F4,2023,E1/BUS,E3,electricity,5000,GJ,,,,
        F5,2023,E1/CHP,E2,heat,10000,GJ,,,,"
    );
    Files::new("")
        .with("enterprises.csv", "enterprise,name_en,sector\nE1,Power,44\nE2,Dryer,13\nE3,Mill,31")
        .with("processes.csv", "process,enterprise,technique\nE1/CHP,E1,chp\nE1/BUS,E1,bus")
        .with("parameters.csv", parameters)
        .with("flows.csv", &flows)
        .with(
            "exchanges.csv",
            "from,to,carrier,status,period,quantity,unit,displaces,ratio,disposal
            E3,E2,heat,candidate,2023,2000,GJ,heat,1,stack",
        )
}

/// Quantities of coal, of power of the plant and of the grid once the candidate runs.
fn with_waste_heat(files: &Files) -> [f64; 3] {
    let (package, inventory) = account_files(files);
    let base = Base::new(&package, &inventory, None);
    let text = "name_en = \"s\"\nname_zh = \"s\"\n[[change]]\nkind = \"exchange\"\nof = \"E3>E2:heat\"\nshare = 1.0\n";
    let (all, found) = read_all(&BTreeMap::from([("s.toml".to_owned(), text.into())]), &package.park);
    assert!(!found.has_errors(), "{found:?}");
    let run = run(&base, &resolve(&all, "s")).unwrap_or_else(|found| panic!("{found:?}"));
    ["F1", "F2", "F3"].map(|id| {
        let row = run.package.park.find_flow(id).unwrap();
        run.package.park.flows[row].quantity.unwrap().value
    })
}

#[test]
fn steam_off_an_extraction_turbine_costs_its_power() {
    let files = park("process,parameter,value,unit\nE1/CHP,power_loss,0.2,1");
    let [coal, power, grid] = with_waste_heat(&files);
    // 2,000 GJ of heat not taken make 400 GJ of power, and the grid gives as much less.
    assert!((coal - 1000.0).abs() < 1e-9 && (power - 4400.0).abs() < 1e-9 && (grid - 600.0).abs() < 1e-9);
}

#[test]
fn steam_off_a_back_pressure_turbine_costs_fuel_and_brings_power() {
    let files = park("process,parameter,value,unit");
    let [coal, power, grid] = with_waste_heat(&files);
    assert!((coal - 800.0).abs() < 1e-9 && (power - 3200.0).abs() < 1e-9 && (grid - 1800.0).abs() < 1e-9);
}
