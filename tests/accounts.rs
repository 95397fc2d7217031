//! Account items: what indicators are made of, against answers by hand.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test may stop at the first surprise")]

mod common;

use common::{FLOWS, Files, account, account_files, park, parks};
use parkflux::inventory::{Denominator, What};
use parkflux::park::{Node, Notation, Park};
use parkflux::programme::accounts::{Account, Choices, SYMBOLS, accounts, accounts_with};
use std::collections::BTreeMap;

/// GJ of one kWh of electricity in tonnes of coal equivalent at 0.1229 kgce/kWh, over GJ of one kWh.
const POWER: f64 = 0.1229 / 3.6 * 29.3076;
/// Unit: GJ.
const MWH: f64 = 3.6;

fn by_symbol(list: Vec<Account>) -> BTreeMap<&'static str, Account> {
    list.into_iter().map(|a| (a.symbol, a)).collect()
}

/// The items of a made park in 2023: enterprises E01 to E05, processes as given, flows as given.
fn made(processes: &str, flows: &str) -> BTreeMap<&'static str, Account> {
    made_with(processes, flows, &[])
}

fn made_with(processes: &str, flows: &str, tables: &[(&str, &str)]) -> BTreeMap<&'static str, Account> {
    let mut files = Files::new("")
        .with("enterprises.csv", "enterprise,sector\nE01,C26\nE02,C22\nE03,C31\nE04,C30\nE05,D46")
        .with("processes.csv", &format!("process,enterprise,technique,accounting\n{processes}"))
        .with("flows.csv", &format!("{FLOWS}\n{flows}"));
    for (name, text) in tables {
        files = files.with(name, text);
    }
    let (package, inventory) = account_files(&files);
    by_symbol(accounts(&package.park, &inventory, 2023))
}

#[track_caller]
fn is(items: &BTreeMap<&'static str, Account>, symbol: &str, expected: f64) {
    let item = &items[symbol];
    let value = item.value.unwrap_or_else(|| panic!("{symbol}: {}", item.why.as_ref().unwrap().en));
    assert!((value - expected).abs() <= 1e-9 * expected.abs().max(1.0), "{symbol} is {value}, expected {expected}");
}

#[track_caller]
fn lacks(items: &BTreeMap<&'static str, Account>, symbol: &str, words: &[&str]) {
    let item = &items[symbol];
    assert_eq!(item.value, None, "{symbol}");
    let why = item.why.as_ref().unwrap();
    for word in words {
        assert!(why.en.contains(word), "{symbol}: {}", why.en);
    }
}

/// The ids of the rows of an item.
fn rows(park: &Park, item: &Account) -> Vec<String> {
    item.rows.iter().map(|&i| park.flows[i].id.to_string()).collect()
}

#[test]
fn every_item_has_a_value_or_says_in_both_languages_which_table_lacks_what() {
    for folder in parks() {
        let (package, inventory) = account(&folder);
        for &year in &inventory.years {
            let list = accounts(&package.park, &inventory, year);
            assert_eq!(list.iter().map(|a| a.symbol).collect::<Vec<_>>(), SYMBOLS);
            for a in &list {
                let at = format!("{} {year} {}", folder.display(), a.symbol);
                match (&a.value, &a.why) {
                    (Some(value), None) => assert!(value.is_finite(), "{at}"),
                    (None, Some(why)) => {
                        assert!(why.en.contains(".csv") && why.zh.contains(".csv"), "{at}: {} {}", why.en, why.zh);
                        assert!(why.en.is_ascii() || why.en.contains('°'), "{at}: {}", why.en);
                        assert!(!why.zh.is_ascii(), "{at}: {}", why.zh);
                    }
                    other => panic!("{at}: {other:?}"),
                }
                assert!(a.rows.is_sorted_by(|x, y| x < y) && a.lines.is_sorted_by(|x, y| x < y), "{at}");
                assert!(a.rows.iter().all(|&i| package.park.flows[i].period.year == year), "{at}");
                assert!(a.lines.iter().all(|&l| inventory.ledger.lines[l].period.year == year), "{at}");
            }
        }
    }
}

#[test]
fn energy_is_the_balance_at_the_fence_of_every_park() {
    let mut compared = 0;
    for folder in parks() {
        let (package, inventory) = account(&folder);
        let park = &package.park;
        for &year in &inventory.years {
            let (mut sum, mut unknown) = (0.0, false);
            for (i, flow) in park.flows.iter().enumerate().filter(|(_, f)| f.period.year == year) {
                let kind = park.carrier(flow.carrier).kind;
                let said = matches!(
                    flow.notation,
                    Some(Notation::NotOccurring | Notation::NotEstimated | Notation::IncludedElsewhere(_))
                );
                if said || !(kind.is_fuel() || kind.is_utility()) {
                    continue;
                }
                let sign = match (flow.from, flow.to) {
                    (Node::Process(_), Node::Process(_)) => continue,
                    (_, Node::Process(_)) if park.observations.counts_for_buyer(i) => 1.0,
                    (Node::Process(_), Node::Outside(to)) if !to.buys() => continue,
                    (Node::Process(_), _) if park.observations.counts_for_seller(i) => -1.0,
                    _ => continue,
                };
                unknown |= inventory.tce[i].is_none();
                sum += sign * inventory.tce[i].unwrap_or_default() * 29.3076;
            }
            let items = by_symbol(accounts(park, &inventory, year));
            let item = &items["energy_tce"];
            if unknown || item.rows.is_empty() {
                assert_eq!(item.value, None, "{} {year}", folder.display());
                continue;
            }
            is(&items, "energy_tce", sum);
            // The inventory divides by the same.
            let id = format!("{year}/park/intensity/tce/total.location/CO2e");
            let figure = inventory.figure(&id).unwrap();
            let What::Ratio { numerator, denominator: Denominator::Energy(of) } = &figure.what else { continue };
            let energy = inventory.figures[*numerator].value.unwrap() / figure.value.unwrap();
            is(&items, "energy_tce", energy * 29.3076);
            let mut of = of.clone();
            of.sort_unstable();
            assert_eq!(of, item.rows);
            compared += 1;
        }
    }
    assert!(compared >= 4, "only {compared} years were compared with the inventory");
}

#[test]
fn energy_of_the_smallest_park_by_hand() {
    let (package, inventory) = account(&park("minimal"));
    let items = by_symbol(accounts(&package.park, &inventory, 2023));
    // GB/T 32151 takes bituminous at 19.570 GJ/t and natural gas at 389.31 GJ/10^4 Nm3, IPCC wood at 15.6 GJ/t; 8,000 MWh
    // are bought and 5,000 MWh sold at one coefficient.
    let (coal, gas, wood, power) = (10_000.0 * 19.570, 50.0 * 389.31, 200.0 * 15.6, 3_000.0 * MWH * POWER);
    is(&items, "energy_tce", coal + gas + wood + power);
    is(&items, "energy_fuel_tce", coal + gas + wood + power);
    is(&items, "energy_nonfossil_tce", wood);
    is(&items, "energy_clean_tce", wood);
    is(&items, "energy_primary_tce", coal + gas + wood + power);
    let choices = Choices { gas_is_clean: true };
    let items = by_symbol(accounts_with(&package.park, &inventory, 2023, choices));
    is(&items, "energy_clean_tce", wood + gas);
    is(&items, "energy_nonfossil_tce", wood);
    // 5,000 MWh are made and sold, 8,000 MWh bought.
    is(&items, "elec_total_mwh", 8_000.0 * MWH);
    is(&items, "elec_green_mwh", 0.0);
}

#[test]
fn feedstock_is_what_stays_in_products_that_are_no_fuel() {
    let processes = "E01/NH3,E01,ammonia,
        E02/H2,E02,hydrogen_plant,
        E03/COKE,E03,coke_oven,
        E04/MIX,E04,cracker,";
    let flows = "A-1,2023,outside:supplier,E01/NH3,natural_gas,100000,GJ,NCV,feedstock,,
        A-2,2023,E01/NH3,outside:customer,ammonia,3000,t,,,,
        A-3,2023,outside:supplier,E02/H2,natural_gas,5000,GJ,NCV,feedstock,,
        A-4,2023,E02/H2,E01/NH3,hydrogen,4000,GJ,NCV,feedstock,,
        A-5,2023,outside:supplier,E03/COKE,coking_coal,80000,GJ,NCV,feedstock,,
        A-6,2023,E03/COKE,outside:customer,coke,70000,GJ,NCV,,,
        A-7,2023,outside:supplier,E01/NH3,natural_gas,20000,GJ,NCV,combustion,,";
    let mixed = "A-8,2023,outside:supplier,E04/MIX,naphtha,9000,GJ,NCV,feedstock,,
        A-9,2023,E04/MIX,outside:customer,fuel_gas,2000,GJ,NCV,,,
        B-1,2023,E04/MIX,outside:customer,hdpe,150,t,,,,";
    let items = made(processes, flows);
    let all = 100_000.0 + 5_000.0 + 80_000.0 - 70_000.0 + 20_000.0;
    is(&items, "energy_tce", all);
    // Ammonia keeps its gas and the hydrogen; what the hydrogen plant and the coke ovens lose is consumption.
    is(&items, "energy_fuel_tce", all - 100_000.0 - 4_000.0);

    let both = format!("{flows}\n{mixed}");
    lacks(&made(processes, &both), "energy_fuel_tce", &["E04/MIX", "outputs.csv"]);
    let of = |output: &str| {
        let outputs = format!("process,carrier,role\nE04/MIX,{output},determining");
        made_with(processes, &both, &[("outputs.csv", outputs.as_str())])
    };
    let all = all + 9_000.0 - 2_000.0;
    is(&of("hdpe"), "energy_fuel_tce", all - 104_000.0 - (9_000.0 - 2_000.0));
    is(&of("fuel_gas"), "energy_fuel_tce", all - 104_000.0);
}

#[test]
fn primary_energy_leaves_out_what_was_made_of_other_energy() {
    let flows = "A-1,2023,outside:supplier,E01,crude_oil,1000,GJ,NCV,feedstock,,
        A-2,2023,E01,outside:customer,diesel,700,GJ,NCV,,,
        A-3,2023,outside:supplier,E02,coke,50,GJ,NCV,combustion,,
        A-4,2023,outside:supplier,E02,heat,20,GJ,,consumption,,
        A-5,2023,outside:grid,E02,electricity,10,MWh,,consumption,,
        A-6,2023,outside:supplier,E02,anthracite,300,GJ,NCV,combustion,,
        A-7,2023,outside:supplier,E02,biogas,40,GJ,NCV,combustion,,";
    let items = made("", flows);
    is(&items, "energy_primary_tce", 1_000.0 + 10.0 * MWH * POWER + 300.0 + 40.0);
    is(&items, "energy_tce", 1_000.0 - 700.0 + 50.0 + 20.0 + 10.0 * MWH * POWER + 300.0 + 40.0);
    is(&items, "energy_nonfossil_tce", 40.0);
}

#[test]
fn water_by_hand() {
    let processes = "E01/MILL,E01,,
        E01/TOWER,E01,cooling_tower,
        E05/WWTP,E05,wastewater_plant,";
    // What the treatment plant's methane needs.
    let carriers = "carrier,property,value,unit
        test_fuel,kind,solid_fuel,
        raw_cooling,kind,water,
        used_water,kind,water,
        wastewater,cod,500,mg/L
        wastewater,methane_yield,0.25,kg/kg";
    let parameters = "process,parameter,value,unit\nE05/WWTP,mcf,0.03,1";
    let tables = [("carriers.csv", carriers), ("parameters.csv", parameters)];
    let flows = "A-1,2023,outside:nature,E01/MILL,fresh_water,100,m3,,,,
        A-2,2023,E01/MILL,E01/MILL,fresh_water,180,m3,,,,
        A-3,2023,E01/MILL,E01/TOWER,raw_cooling,125,m3,,,,
        A-4,2023,E01/TOWER,E01/MILL,raw_cooling,120,m3,,,,
        A-5,2023,E01/MILL,E02,used_water,50,t,,,,
        A-6,2023,E01/MILL,E05/WWTP,wastewater,40,m3,,,,
        A-7,2023,E02,E05/WWTP,wastewater,30,m3,,,,
        A-8,2023,E05/WWTP,E02,reclaimed_water,25,m3,,,,
        A-9,2023,E05/WWTP,outside:water_body,treated_effluent,45,m3,,,,
        B-1,2023,E02,E01/MILL,condensate,8,t,,,,
        B-2,2023,E03,outside:treatment,wastewater,7,t,,,,
        B-3,2023,E02,E04,wastewater,2,m3,,,,";
    // E04 takes wastewater for its own use: its technique says so.
    let with_use = format!("{processes}\nE04/QUENCH,E04,slag_quench,");
    let flows = flows.replace("E02,E04,wastewater", "E02,E04/QUENCH,wastewater");
    let items = made_with(&with_use, &flows, &tables);
    is(&items, "fresh_water_m3", 100.0);
    // 180 to itself and 120 back from the tower are recirculated, 50 cascaded, 8 condensate.
    is(&items, "reused_water_m3", 300.0 + 50.0 + 8.0);
    is(&items, "reclaimed_water_t", 25.0);
    is(&items, "ww_generated_t", 40.0 + 30.0 + 7.0 + 2.0);
    is(&items, "ww_treated_t", 40.0 + 30.0 + 7.0);
    is(&items, "ww_discharged_t", 45.0 + 7.0);
    is(&items, "ww_reused_t", 25.0 + 2.0);

    // Condensate alone tells nothing of cooling water.
    let few = flows.lines().filter(|l| !["A-2", "A-3", "A-4", "A-5"].contains(&&l.trim()[..3]));
    let few = few.collect::<Vec<_>>().join("\n");
    let items = made_with(&with_use, &few, &tables);
    lacks(&items, "reused_water_m3", &["recirculated", "flows.csv", "statistics.csv"]);
    is(&items, "reclaimed_water_t", 25.0);

    // Who takes wastewater and is no wastewater plant by technique or trade cannot be told.
    let bare = "A-1,2023,E01,E02,wastewater,40,m3,,,,\nA-2,2023,E02,outside:water_body,wastewater,40,m3,,,,";
    let items = made("", bare);
    for symbol in ["ww_generated_t", "ww_treated_t", "ww_reused_t", "reclaimed_water_t"] {
        lacks(&items, symbol, &["E02", "processes.csv", "technique"]);
    }
    is(&items, "ww_discharged_t", 40.0);
    // A firm whose trade is water treats it.
    let items = made("", &bare.replace("E02", "E05"));
    is(&items, "ww_generated_t", 40.0);
    is(&items, "ww_treated_t", 40.0);
    is(&items, "ww_reused_t", 0.0);
}

#[test]
fn what_is_not_measured_makes_no_sum() {
    let flows = "A-1,2023,outside:nature,E01,fresh_water,100,m3,,,,
        A-2,2023,outside:nature,E02,fresh_water,,m3,,,,
        A-3,2023,E01,outside:landfill,fly_ash,10,t,,,,
        A-4,2023,E02,outside:landfill,fly_ash,,t,,,,
        A-5,2023,outside:grid,E01,electricity,10,MWh,,consumption,,
        A-6,2023,outside:grid,E02,electricity,,MWh,,consumption,,";
    let items = made("", flows);
    lacks(&items, "fresh_water_m3", &["A-2"]);
    lacks(&items, "isw_generated_t", &["A-4"]);
    lacks(&items, "elec_total_mwh", &["A-6"]);
    lacks(&items, "energy_tce", &["A-6"]);
}

#[test]
fn solid_waste_by_hand() {
    let processes = "E04/FILL,E04,landfill_managed,";
    let flows = "A-1,2023,E01,E02,fly_ash,60,t,,,,
        A-2,2023,E01,outside:customer,fly_ash,25,t,,,,
        A-3,2023,E01,outside:landfill,steel_slag,10,t,,,,
        A-4,2023,E01,E04/FILL,steel_slag,5,t,,,,
        A-5,2023,E02,outside:treatment,industrial_sludge,4,t,,,,
        A-6,2023,E03,stock:closing,red_mud,30,t,,,,
        A-7,2023,stock:opening,E03,red_mud,12,t,,,,
        A-8,2023,stock:opening,E02,fgd_gypsum,20,t,,,,
        A-9,2023,E02,stock:closing,fgd_gypsum,14,t,,,,
        B-1,2023,E02,outside:customer,fgd_gypsum,16,t,,,,
        B-2,2023,outside:supplier,E02,fly_ash,7,t,,,,
        B-3,2023,E01,outside:treatment,hazardous_waste,3,t,,,,
        B-4,2023,E01,E03,hazardous_waste,2,t,,,,
        B-5,2023,E02,outside:landfill,municipal_solid_waste,90,t,,,,
        B-6,2023,E02,outside:treatment,incineration_fly_ash,1,t,,,,";
    let items = made(processes, flows);
    // Gypsum: 16 sold, of which 6 from stock. Red mud: 18 made and kept. Bought ash is nobody's waste here.
    is(&items, "isw_generated_t", 85.0 + 15.0 + 4.0 + 18.0 + 10.0);
    is(&items, "isw_utilised_t", 60.0 + 25.0 + 16.0);
    is(&items, "isw_disposed_t", 10.0 + 5.0 + 4.0);
    is(&items, "isw_stored_t", 18.0);
    is(&items, "isw_prior_stock_utilised_t", 6.0);
    is(&items, "hw_generated_t", 3.0 + 2.0 + 1.0);
    is(&items, "hw_utilised_t", 2.0);
    is(&items, "hw_disposed_t", 3.0 + 1.0);
    // Nothing is lost: made and drawn is used, disposed and stored.
    let of = |s: &str| items[s].value.unwrap();
    let came = of("isw_generated_t") + of("isw_prior_stock_utilised_t");
    assert!((came - of("isw_utilised_t") - of("isw_disposed_t") - of("isw_stored_t")).abs() < 1e-9);

    // Old stock beside both ways out: nobody knows which of it was the old.
    let unclear = format!("{flows}\nB-7,2023,E02,outside:landfill,fgd_gypsum,1,t,,,,");
    let items = made(processes, &unclear);
    lacks(&items, "isw_prior_stock_utilised_t", &["E02", "fgd_gypsum", "statistics.csv"]);
    is(&items, "isw_generated_t", 132.0 + 1.0);
}

#[test]
fn waste_that_a_dealer_passes_on_counts_once() {
    let flows = "A-1,2023,E01,E02,fly_ash,100,t,,,,
        A-2,2023,E02,E03,fly_ash,70,t,,,,
        A-3,2023,E02,outside:landfill,fly_ash,30,t,,,,";
    let items = made("", flows);
    is(&items, "isw_generated_t", 100.0);
    is(&items, "isw_utilised_t", 70.0);
    is(&items, "isw_disposed_t", 30.0);
}

#[test]
fn green_power_by_hand() {
    let processes = "E03/PV,E03,pv,\nE02/BUS,E02,bus,\nE04/CHP,E04,chp,";
    let flows = "A-1,2023,outside:grid,E02/BUS,electricity,1000,MWh,,,,
        A-2,2023,E02/BUS,E01,electricity,700,MWh,,consumption,,
        A-3,2023,E02/BUS,E04/CHP,electricity,20,MWh,,consumption,,
        A-4,2023,outside:nature,E03/PV,heat,720,GJ,,,,
        A-5,2023,E03/PV,E02/BUS,electricity,150,MWh,,,,
        A-6,2023,E03/PV,outside:grid,electricity,50,MWh,,,,
        A-7,2023,E04/CHP,E02/BUS,electricity,300,MWh,,,,
        A-8,2023,outside:supplier,E04/CHP,natural_gas,9000,GJ,NCV,combustion,,
        A-9,2023,E02/BUS,E05,electricity,400,MWh,,consumption,,";
    let instruments = "holder,generator,period,kind,quantity,unit,factor,retired
        E01,Far wind,2023,certificate,100,MWh,0,yes
        E01,Near wind,2023,direct_supply,60,MWh,0,yes
        E01,Gas plant,2023,contract,40,MWh,0.4,yes
        E01,Far wind,2023,certificate,500,MWh,0,no";
    let items = made_with(processes, flows, &[("instruments.csv", instruments)]);
    // 1,000 bought, 200 of sun, 280 of the plant beyond what it takes, 50 sold.
    is(&items, "elec_total_mwh", (1_000.0 + 200.0 + 280.0 - 50.0) * MWH);
    is(&items, "elec_green_mwh", (150.0 + 100.0 + 60.0) * MWH);
    is(&items, "elec_green_direct_mwh", (150.0 + 60.0) * MWH);
    // The sun as it stands in the consumption, and covered power at the coefficient of the consumption.
    is(&items, "energy_renewable_tce", 720.0 + 160.0 * MWH * POWER);

    // An instrument covers no more than its holder bought: of 2,000 claimed, 700 over the fence at most.
    let much =
        instruments.replace(",100,MWh", ",2000,MWh").replace("E01,Near", "E05,Near").replace("E01,Gas", "E05,Gas");
    let items = made_with(processes, flows, &[("instruments.csv", much.as_str())]);
    let direct = items["elec_green_direct_mwh"].value.unwrap() / MWH;
    let green = items["elec_green_mwh"].value.unwrap() / MWH;
    assert!((direct - 150.0 - 60.0).abs() < 1e-9, "{direct}");
    assert!((green - direct - 700.0).abs() < 1e-9, "{green}");

    // Power of the panels that a neighbor holds the certificate of is green once: with the holder.
    let inside = "holder,generator,period,kind,quantity,unit,factor,retired
        E01,E03/PV,2023,certificate,90,MWh,0,yes";
    let items = made_with(processes, flows, &[("instruments.csv", inside)]);
    is(&items, "elec_green_mwh", 150.0 * MWH);

    // What the panels take from the sun is part of the consumption: without the row it lacks.
    let no_sun = flows.replace("A-4,2023,outside:nature,E03/PV,heat,720,GJ,,,,", "");
    let items = made(processes, &no_sun);
    lacks(&items, "energy_renewable_tce", &["E03/PV", "outside:nature", "flows.csv"]);
    is(&items, "elec_green_mwh", 150.0 * MWH);
}

#[test]
fn recovered_energy_counts_once() {
    let processes = "E03/TRT,E03,trt,\nE02/WHB,E02,waste_heat_boiler,";
    let flows = "A-1,2023,outside:nature,E03/TRT,heat,500,GJ,,,,
        A-2,2023,E03/TRT,E01,electricity,100,MWh,,consumption,,
        A-3,2023,E01,E02/WHB,waste_heat,900,GJ,,,,
        A-4,2023,E02/WHB,E01,heat,700,GJ,,consumption,,
        A-5,2023,E02/WHB,outside:loss,waste_heat,200,GJ,,,,
        A-6,2023,E01,E04,waste_heat,50,GJ,,consumption,,";
    let items = made(processes, flows);
    is(&items, "waste_energy_used_tce", 100.0 * MWH * POWER + 700.0 + 50.0);
    // Pressure of the park's own furnace is no energy from nature.
    is(&items, "energy_nonfossil_tce", 0.0);
}

#[test]
fn co2_is_energy_process_and_the_rest() {
    let mut told = 0;
    for name in ["binhai-example", "minimal", "calcasieu-2017", "beijing-2011"] {
        let (package, inventory) = account(&park(name));
        for &year in &inventory.years {
            let items = by_symbol(accounts(&package.park, &inventory, year));
            let of = |symbol: &str| items[symbol].value.unwrap();
            let parts = of("co2_energy_t") + of("co2_process_t") + of("co2_other_t");
            assert!((of("co2_t") - parts).abs() <= 1e-9 * of("co2_t"), "{name} {year}: {} {parts}", of("co2_t"));
            is(&items, "co2_t", inventory.value(&format!("{year}/park/total.location/CO2")).unwrap());
            let gap =
                ["location", "market"].map(|way| inventory.value(&format!("{year}/park/total.{way}/CO2")).unwrap());
            is(&items, "co2_energy_market_t", of("co2_energy_t") - gap[0] + gap[1]);
            is(&items, "co2e_t", inventory.value(&format!("{year}/park/total.location/CO2e")).unwrap());
            told += i32::from(of("co2_process_t") > 0.0 && of("co2_other_t") > 0.0);
        }
    }
    assert_eq!(told, 3, "binhai has all three sorts in three years");
    // A filed total says nothing of its kind.
    let (package, inventory) = account(&park("tianjin-2012"));
    let items = by_symbol(accounts(&package.park, &inventory, 2012));
    assert!(items["co2_t"].value.unwrap() > 1e8);
    lacks(&items, "co2_energy_t", &["emissions.csv", "replaces"]);
}

#[test]
fn co2_by_hand() {
    let flows = "A-1,2023,outside:supplier,E01,test_fuel,100,t,,combustion,,
        A-2,2023,outside:supplier,E02,limestone,10,t,,process,,
        A-3,2023,outside:grid,E01,electricity,100,MWh,,consumption,,
        A-4,2023,E01,outside:grid,electricity,40,MWh,,,,";
    let factors = "id,set,carrier,parameter,gas,technique,value,unit,source,confidence
        test.fuel,park,test_fuel,emission_factor,CO2,,2,t/t,a test,computed
        test.stone,park,limestone,emission_factor,CO2,,0.44,t/t,a test,computed
        test.grid,park,electricity,emission_factor,CO2,grid_average,0.5,t/MWh,a test,computed";
    let with = |rules: &str| {
        let files = Files::new(&format!("rule_set = \"{rules}\""))
            .with("enterprises.csv", "enterprise,sector\nE01,C26\nE02,C30")
            .with("factors.csv", factors)
            .with("flows.csv", &format!("{FLOWS}\n{flows}"));
        let (package, inventory) = account_files(&files);
        by_symbol(accounts(&package.park, &inventory, 2023))
    };
    // GB/T 32150 deducts what is sold, the GHG Protocol does not.
    is(&with("gbt"), "co2_energy_t", 200.0 + 0.5 * (100.0 - 40.0));
    is(&with("ghgp"), "co2_energy_t", 200.0 + 0.5 * 100.0);
    is(&with("gbt"), "co2_process_t", 4.4);
    is(&with("gbt"), "co2_t", 200.0 + 30.0 + 4.4);
}

#[test]
fn co2_of_bought_power_in_three_ways() {
    let factors = "id,set,carrier,parameter,gas,technique,value,unit,source,confidence
        test.fuel,park,test_fuel,emission_factor,CO2,,2,t/t,a test,computed
        test.grid,park,electricity,emission_factor,CO2,grid_average,0.5,t/MWh,a test,computed
        test.rest,park,electricity,emission_factor,CO2,residual_mix,0.8,t/MWh,a test,computed";
    let instruments = "holder,generator,period,kind,quantity,unit,factor,retired
        E01,Near wind,2023,direct_supply,60,MWh,0,yes
        E02,Far wind,2023,certificate,30,MWh,0,yes
        E02,Far wind,2023,certificate,90,MWh,0,no";
    let flows = "A-1,2023,outside:supplier,E01,test_fuel,100,t,,combustion,,
        A-2,2023,outside:grid,E01,electricity,100,MWh,,consumption,,
        A-3,2023,outside:grid,E02,electricity,40,MWh,,consumption,,";
    let files = Files::new("rule_set = \"ghgp\"")
        .with("enterprises.csv", "enterprise,sector\nE01,C26\nE02,C30")
        .with("factors.csv", factors)
        .with("instruments.csv", instruments)
        .with("flows.csv", &format!("{FLOWS}\n{flows}"));
    let (package, inventory) = account_files(&files);
    let items = by_symbol(accounts(&package.park, &inventory, 2023));
    is(&items, "co2_energy_t", 200.0 + 0.5 * 140.0);
    is(&items, "co2_energy_market_t", 200.0 + 0.8 * (140.0 - 60.0 - 30.0));
    is(&items, "co2_energy_direct_t", 200.0 + 0.5 * (140.0 - 60.0));
}

#[test]
fn pollutants_are_known_when_every_part_is() {
    let (package, inventory) = account(&park("binhai-example"));
    let items = by_symbol(accounts(&package.park, &inventory, 2024));
    // The plant's two ways out and what carriers.csv says of them, mg/L.
    let park = &package.park;
    let sum = |carrier: &str| -> f64 {
        let of = park.flows.iter().filter(|f| f.period.year == 2024 && *park.carrier(f.carrier).label.id == *carrier);
        of.map(|f| f.quantity.unwrap().value).sum()
    };
    is(&items, "cod_t", (sum("effluent") * 28.0 + sum("concentrate") * 85.0) / 1e6);
    is(&items, "nh3n_t", (sum("effluent") * 0.9 + sum("concentrate") * 2.6) / 1e6);
    // Coal has a factor, the gases have none.
    lacks(&items, "so2_t", &["SO2 of", "factors.csv", "emissions.csv"]);

    let flows = "A-1,2023,outside:supplier,E01,test_fuel,100,t,,combustion,,
        A-2,2023,E01,outside:water_body,wastewater,1000,m3,,,,";
    let carriers = "carrier,process,property,value,unit
        test_fuel,,kind,solid_fuel,
        test_fuel,,sulfur,1,%
        wastewater,,cod,50,mg/L";
    let removal = "process,parameter,gas,value,unit\nE01,removal,SO2,90,%";
    let items = made_with("", flows, &[("carriers.csv", carriers), ("parameters.csv", removal)]);
    is(&items, "so2_t", 2.0 * 100.0 * 0.01 * 0.1);
    is(&items, "cod_t", 0.05);
    lacks(&items, "nh3n_t", &["A-2", "ammonia_nitrogen", "carriers.csv"]);
    lacks(&items, "nox_t", &["NOx of test_fuel", "factors.csv"]);
    // A stack monitor knows without a factor; one of another firm does not.
    let monitor = |firm: &str| format!("id,period,enterprise,gas,quantity,unit,method\nM-1,2023,{firm},NOx,3,t,meter");
    let own = monitor("E01");
    let tables = [("carriers.csv", carriers), ("emissions.csv", own.as_str())];
    is(&made_with("", flows, &tables), "nox_t", 3.0);
    let other = monitor("E02");
    let tables = [("carriers.csv", carriers), ("emissions.csv", other.as_str())];
    lacks(&made_with("", flows, &tables), "nox_t", &["NOx of test_fuel"]);
}

#[test]
fn minerals_by_type() {
    let flows = "A-1,2023,outside:supplier,E01,anthracite,100,t,as_received,combustion,,
        A-2,2023,outside:nature,E02,limestone,50,t,,process,,
        A-3,2023,outside:supplier,E02,crude_oil,7,t,,feedstock,,
        A-4,2023,outside:supplier,E02,natural_gas,1000,Nm3,,combustion,,
        A-5,2023,outside:supplier,E02,coke,30,t,,combustion,,
        A-6,2023,E01,E02,limestone,20,t,,process,,";
    let items = made("", flows);
    is(&items, "mineral_coal_t", 100.0);
    is(&items, "mineral_rock_t", 50.0);
    is(&items, "mineral_oil_t", 7.0);
    lacks(&items, "mineral_gas_t", &["A-4", "density", "factors.csv"]);
    lacks(&items, "mineral_dmi_t", &["A-4"]);
    let factors = "id,set,carrier,parameter,value,unit,source,confidence
        test.gas,park,natural_gas,density,0.75,kg/Nm3,a test,computed";
    let items = made_with("", flows, &[("factors.csv", factors)]);
    is(&items, "mineral_gas_t", 0.75);
    is(&items, "mineral_dmi_t", 157.75);
}

#[test]
fn links_and_the_share_of_output_that_is_linked() {
    let flows = "A-1,2023,E01,E02,fly_ash,10,t,,,,
        A-2,2023,E01,E02,steel_slag,10,t,,,,
        A-3,2023,E02,E01,ammonia,10,t,,,,
        A-4,2023,E03,outside:customer,ammonia,10,t,,,,";
    is(&made("", flows), "exchange_links", 3.0);
    lacks(&made("", flows), "association_degree", &["output", "statistics.csv"]);
    let statistics = "subject,period,item,value,unit
        E01,2023,output,30,万元\nE02,2023,output,20,万元\npark,2023,output,200,万元";
    is(&made_with("", flows, &[("statistics.csv", statistics)]), "association_degree", 0.25);
}

#[test]
fn what_the_zone_states_is_linked_and_not_mixed_in() {
    let flows = "A-1,2023,outside:nature,E01,fresh_water,100,m3,,,,";
    let statistics = "subject,period,item,value,unit
        E01,2023,fresh_water_m3,70,m3
        park,2023,fresh_water_m3,120,m3
        park,2023,reused_water_m3,900,m3";
    let files = Files::new("")
        .with("enterprises.csv", "enterprise,sector\nE01,C26")
        .with("statistics.csv", statistics)
        .with("flows.csv", &format!("{FLOWS}\n{flows}"));
    let (package, inventory) = account_files(&files);
    let items = by_symbol(accounts(&package.park, &inventory, 2023));
    is(&items, "fresh_water_m3", 100.0);
    let stated = |symbol: &str| items[symbol].stated.map(|i| package.park.statistics[i].value);
    assert_eq!(stated("fresh_water_m3"), Some(120.0));
    assert_eq!(stated("reused_water_m3"), Some(900.0));
    assert_eq!(stated("cod_t"), None);
    assert_eq!(items["reused_water_m3"].value, None);
    assert_eq!(rows(&package.park, &items["fresh_water_m3"]), ["A-1"]);
    assert_eq!(items["fresh_water_m3"].lines.len(), 1);
}
