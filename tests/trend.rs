//! Trends of parks: prices, growth, drivers that add up to the inventory, and the base year.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test may stop at the first surprise")]

mod common;

use approx::{assert_abs_diff_eq, assert_relative_eq};
use common::{FLOWS, Files, account, account_files, park};
use parkflux::diagnostic::Lang;
use parkflux::inventory::Inventory;
use parkflux::package::Package;
use parkflux::park::EnterpriseId;
use parkflux::report::trend::{text, to_json};
use parkflux::trend::added_value::Prices;
use parkflux::trend::drivers::{Drivers, FACTORS};
use parkflux::trend::emissions::Apart;
use parkflux::trend::restatement::{Correction, Restatement};
use parkflux::trend::tapio::State;
use parkflux::trend::{Boundary, Trend, trend};
use serde_json::Value;
use std::process::{Command, Output};

/// The trend over all years of a package.
fn of(made: &(Package, Inventory), boundary: Boundary) -> Trend {
    trend(&made.0, &made.1, &made.0.park.years(), boundary).unwrap()
}

/// A park of three years: A burns gas and buys power, B burns diesel.
fn files(flows: &str, statistics: &str) -> Files {
    Files::new("periods = [\"2021\", \"2022\", \"2023\"]\nbase_year = 2021\nrestatement_threshold = 0.05")
        .with("enterprises.csv", "enterprise,sector,joined,left\nA,C26,,\nB,C31,,")
        .with("flows.csv", &format!("{FLOWS}\n{flows}"))
        .with("statistics.csv", &format!("subject,period,item,value,unit\n{statistics}"))
}

/// A row of fuel by its energy.
fn fuel(id: &str, year: u16, to: &str, carrier: &str, gj: f64) -> String {
    format!("{id},{year},outside:supplier,{to},{carrier},{gj},GJ,NCV,combustion,,\n")
}

/// Gas of A and diesel of B in the three years. Unit: GJ.
fn fuels(gas: [f64; 3], diesel: [f64; 3]) -> String {
    let mut rows = String::new();
    for (i, year) in (2021..).take(3).enumerate() {
        for (id, to, carrier, gj) in [("G", "A", "natural_gas", gas[i]), ("D", "B", "diesel", diesel[i])] {
            if gj > 0.0 {
                rows += &fuel(&format!("{id}{year}"), year, to, carrier, gj);
            }
        }
    }
    rows
}

/// Added value of A and B in the three years. Unit: 10⁴ RMB.
fn values(item: &str, a: [f64; 3], b: [f64; 3]) -> String {
    let mut rows = String::new();
    for (i, year) in (2021..).take(3).enumerate() {
        rows.extend([format!("A,{year},{item},{},万元\n", a[i]), format!("B,{year},{item},{},万元\n", b[i])]);
    }
    rows
}

fn effect(drivers: &Drivers, name: &str) -> f64 {
    drivers.made.additive[FACTORS.iter().position(|f| f.0 == name).unwrap()]
}

/// Whether the parts of every span add up to what the inventory says of its years.
fn adds_up(made: &(Package, Inventory), trend: &Trend) {
    for span in &trend.spans {
        let total = |at: usize| {
            let id = format!("{}/{}/total.location/CO2e", trend.years[at], trend.boundary.id());
            made.1.value(&id).unwrap()
        };
        let (change, size) = (total(span.to) - total(span.from), total(span.to).max(total(span.from)));
        let drivers = span.drivers.as_ref().unwrap();
        // Taken apart by hand, not by the sum that the program makes.
        let parts: f64 = drivers.made.effects.iter().chain(drivers.apart.values()).sum();
        assert_abs_diff_eq!(parts, change, epsilon = 1e-12 * size + 1e-9 * change.abs());
        assert_abs_diff_eq!(drivers.change, change);
    }
}

#[test]
fn binhai_adds_up_to_the_change_of_its_inventory() {
    let made = account(&park("binhai-example"));
    for boundary in [Boundary::Park, Boundary::Sum] {
        let trend = of(&made, boundary);
        assert_eq!((trend.years.as_slice(), trend.spans.len()), ([2022, 2023, 2024].as_slice(), 3));
        adds_up(&made, &trend);
        for drivers in trend.spans.iter().filter_map(|s| s.drivers.as_ref()) {
            assert!(drivers.residual().abs() <= 1e-9 * drivers.change.abs(), "{}", drivers.residual());
            assert!(drivers.made.ratio_residual().unwrap().abs() < 1e-9);
            assert!(drivers.categories.len() >= 20 && drivers.left_out.is_empty());
        }
        let chain = trend.chain.as_ref().unwrap();
        let (steps, ends): (f64, f64) = (chain.additive.iter().sum(), chain.ends.additive.iter().sum());
        assert_relative_eq!(steps, ends, max_relative = 1e-9);
        // Sectors are another way to part the same total.
        for (at, total) in trend.co2e.iter().enumerate() {
            let sectors: f64 = trend.sectors.iter().map(|s| s.co2e[at]).sum();
            assert_relative_eq!(sectors, *total, max_relative = 1e-12);
        }
        assert_eq!(trend.added.unwrap().prices, Prices::Constant);
    }
}

#[test]
fn growth_and_decoupling_of_binhai_are_those_of_its_figures() {
    let made = account(&park("binhai-example"));
    let trend = of(&made, Boundary::Park);
    let ends = trend.spans.last().unwrap();
    let (e0, e1) = (trend.co2e[0], trend.co2e[2]);
    // statistics.csv: 4,569,400 and 5,054,572 at prices of 2022, two years apart.
    let growth = (5_054_572.0_f64 / 4_569_400.0).sqrt() - 1.0;
    assert_relative_eq!(ends.added.unwrap(), growth, max_relative = 1e-12);
    assert_relative_eq!(ends.co2e.growth.unwrap(), (e1 / e0).sqrt() - 1.0, max_relative = 1e-12);
    let elasticity = ends.co2e.elasticity.unwrap().unwrap().value.unwrap();
    assert_relative_eq!(elasticity, ((e1 / e0).sqrt() - 1.0) / growth, max_relative = 1e-12);
    let tapio = ends.co2e.decoupling.unwrap();
    let t = (e1 / e0 - 1.0) / (5_054_572.0 / 4_569_400.0 - 1.0);
    assert_relative_eq!(tapio.elasticity.unwrap(), t, max_relative = 1e-12);
    assert_eq!(tapio.state, State::WeakDecoupling);
    assert!((t - elasticity).abs() > 1e-3, "compound growth and relative change are two things");
}

#[test]
fn one_fuel_of_one_sector_is_activity_and_intensity_only() {
    let made = account_files(&files(
        &fuels([1e5, 1.1e5, 1.3e5], [0.0; 3]),
        &values("iav_const", [100.0, 120.0, 125.0], [0.0; 3]),
    ));
    let trend = of(&made, Boundary::Park);
    adds_up(&made, &trend);
    let drivers = trend.spans[0].drivers.as_ref().unwrap();
    let [e0, e1] = [trend.co2[0], trend.co2[1]];
    assert_relative_eq!(e1 / e0, 1.1, max_relative = 1e-12);
    let mean = (e1 - e0) / 1.1_f64.ln();
    assert_relative_eq!(effect(drivers, "activity"), mean * 1.2_f64.ln(), max_relative = 1e-10);
    assert_relative_eq!(effect(drivers, "intensity"), mean * (1.1_f64 / 1.2).ln(), max_relative = 1e-10);
    for still in ["structure", "mix", "factor"] {
        assert_abs_diff_eq!(effect(drivers, still), 0.0, epsilon = 1e-9 * e1);
    }
    assert!(drivers.made.ties.is_empty());
}

#[test]
fn a_carrier_that_comes_or_goes_is_mix_and_no_factor_of_its_own() {
    // A burns wood beside its gas from the second year on, and nothing else in the third.
    let mut rows = fuels([1e5, 4e4, 0.0], [5e4; 3]);
    rows += &fuel("W2022", 2022, "A", "wood", 6e4);
    rows += &fuel("W2023", 2023, "A", "wood", 1e5);
    let made = account_files(&files(&rows, &values("iav_const", [100.0; 3], [50.0; 3])));
    let trend = of(&made, Boundary::Park);
    adds_up(&made, &trend);
    for span in &trend.spans {
        let drivers = span.drivers.as_ref().unwrap();
        let change = trend.co2[span.to] - trend.co2[span.from];
        assert!(change < -1000.0);
        assert_relative_eq!(effect(drivers, "mix"), change, max_relative = 1e-9);
        assert_abs_diff_eq!(effect(drivers, "factor"), 0.0, epsilon = 1e-9 * change.abs());
        assert!(drivers.made.ties.is_empty(), "{:?}", drivers.made.ties);
    }
    let wood = trend.carriers.iter().find(|c| &*made.0.park.carrier(c.carrier).label.id == "wood").unwrap();
    assert_eq!((wood.energy[0], &wood.co2[..]), (Some(0.0), [0.0; 3].as_slice()));
    assert_relative_eq!(wood.energy[2].unwrap(), 1e5 / 29.307_6, max_relative = 1e-4);
}

#[test]
fn power_counts_where_it_crosses_the_fence_or_where_it_is_used() {
    // A buys from the grid and sells a part on to B.
    let mut rows = fuels([1e5; 3], [5e4; 3]);
    for (year, bought, sold) in [(2021, 1000, 400), (2022, 1100, 500), (2023, 1200, 300)] {
        let own = bought - sold;
        rows.extend([format!("P{year},{year},outside:grid,A/BUS,electricity,{bought},MWh,,,,\n")]);
        rows.extend([format!("Q{year},{year},A/BUS,B,electricity,{sold},MWh,,,,\n")]);
        rows.extend([format!("R{year},{year},A/BUS,A/LINE,electricity,{own},MWh,,,,\n")]);
    }
    let files = files(&rows, &values("iav_const", [100.0, 110.0, 125.0], [50.0, 52.0, 55.0]));
    let made = account_files(&files.with("processes.csv", "process,enterprise,technique\nA/BUS,A,bus\nA/LINE,A,"));
    // Energy of B without its diesel, in MWh at 0.1229 kgce/kWh.
    let of_b = |boundary| {
        let trend = of(&made, boundary);
        adds_up(&made, &trend);
        let power = trend.carriers.iter().find(|c| &*made.0.park.carrier(c.carrier).label.id == "electricity").unwrap();
        assert_relative_eq!(power.energy[1].unwrap(), 1100.0 * 0.1229, max_relative = 1e-12);
        let sector = trend.sectors.iter().find(|s| &*s.code == "C31").unwrap();
        sector.energy[1].unwrap() - 5e4 / 29.307_6
    };
    assert_abs_diff_eq!(of_b(Boundary::Park), 0.0, epsilon = 0.1);
    assert_abs_diff_eq!(of_b(Boundary::Sum), 500.0 * 0.1229, epsilon = 0.1);
}

#[test]
fn fuel_without_a_report_is_no_clean_fuel_and_reports_count_by_their_flow() {
    // Of A's gas the stack says 4,000 t in the first two years; of the third the report is zero, which means missing.
    let emissions = "id,period,enterprise,process,replaces,gas,quantity,unit,method
        E1,2021,A,,G2021,CO2,4000,t,meter
        E2,2022,A,,G2022,CO2,4000,t,meter
        E3,2023,A,,G2023,CO2,0,t,meter";
    let rows = fuels([1e5; 3], [5e4; 3]);
    let files = files(&rows, &values("iav_const", [100.0, 110.0, 120.0], [50.0; 3])).with("emissions.csv", emissions);
    let made = account_files(&files);
    let trend = of(&made, Boundary::Park);
    adds_up(&made, &trend);
    let gas = trend.carriers.iter().find(|c| &*made.0.park.carrier(c.carrier).label.id == "natural_gas").unwrap();
    assert_eq!(gas.co2, [4000.0, 4000.0, 0.0]);
    assert_relative_eq!(gas.energy[0].unwrap(), 1e5 / 29.307_6, max_relative = 1e-4);
    assert_eq!(gas.energy[2], Some(0.0));
}

#[test]
fn a_sector_that_comes_or_goes_is_structure() {
    let made = account_files(&files(
        &fuels([1e5, 1e5, 0.0], [0.0, 5e4, 5e4]),
        &values("iav_const", [150.0, 100.0, 0.0], [0.0, 50.0, 150.0]),
    ));
    let trend = of(&made, Boundary::Park);
    adds_up(&made, &trend);
    let drivers = trend.spans[0].drivers.as_ref().unwrap();
    // Diesel of B is new: all of it is structure, with what A's share lost.
    let diesel = trend.carriers.iter().find(|c| c.co2[0] == 0.0).unwrap().co2[1];
    let gas = trend.co2[0];
    let structure = diesel + gas * (100.0_f64 / 150.0).ln();
    assert_relative_eq!(effect(drivers, "structure"), structure, max_relative = 1e-10);
    assert_relative_eq!(effect(drivers, "intensity"), gas * 1.5_f64.ln(), max_relative = 1e-10);
    assert!(trend.spans.iter().all(|s| s.drivers.as_ref().unwrap().made.ties.is_empty()));
    // From first to last the sectors change places.
    let ends = trend.spans[2].drivers.as_ref().unwrap();
    assert_relative_eq!(effect(ends, "structure"), trend.co2[2] - trend.co2[0], max_relative = 1e-10);
}

#[test]
fn a_sector_without_added_value_stands_apart_and_all_adds_up() {
    let only_a = values("iav_const", [100.0, 110.0, 120.0], [0.0; 3]);
    let only_a: String = only_a.split_inclusive('\n').filter(|l| l.starts_with('A')).collect();
    let of_park = "park,2021,iav_const,160,万元\npark,2022,iav_const,170,万元\npark,2023,iav_const,180,万元\n";
    let made = account_files(&files(&fuels([1e5, 1e5, 9e4], [5e4, 6e4, 6e4]), &format!("{only_a}{of_park}")));
    let trend = of(&made, Boundary::Park);
    adds_up(&made, &trend);
    let drivers = trend.spans[0].drivers.as_ref().unwrap();
    let diesel = drivers.apart[&Apart::NoAddedValue];
    assert!(diesel > 100.0);
    assert_abs_diff_eq!(drivers.made.change(), 0.0, epsilon = 1e-6);
    let notes: Vec<&str> = trend.notes.iter().map(|n| n.en.as_str()).collect();
    assert!(notes.iter().any(|n| n.contains("C31 diesel")), "{notes:?}");
    assert!(notes.iter().any(|n| n.contains("the effect of structure holds the gap")), "{notes:?}");
    assert!(trend.notes.iter().any(|n| n.zh.contains("C31 diesel")));
}

#[test]
fn prices_are_constant_else_deflated_else_as_given_and_said() {
    let rows = fuels([1e5; 3], [5e4; 3]);
    let nominal = values("iav", [100.0, 110.0, 121.0], [50.0, 55.0, 60.5]);
    let deflator = |base: f64| {
        [(2021, 1.0), (2022, 1.1), (2023, 1.21)].map(|(y, d)| format!("park,{y},deflator,{},1\n", d * base)).concat()
    };
    let made = |statistics: &str| of(&account_files(&files(&rows, statistics)), Boundary::Park).added.unwrap();
    for base in [1.0, 100.0] {
        let added = made(&format!("{nominal}{}", deflator(base)));
        assert_eq!(added.prices, Prices::Deflated { base });
        assert!(added.prices.words().en.contains(&format!("base {base}")) && added.prices.words().zh.contains("基数"));
        for (real, sector) in added.park.iter().zip(added.sectors["C31"].as_ref().unwrap()) {
            assert_relative_eq!(*real, 150.0, max_relative = 1e-12);
            assert_relative_eq!(*sector, 50.0, max_relative = 1e-12);
        }
    }
    let as_given = made(&nominal);
    assert_eq!((as_given.prices, as_given.park[2]), (Prices::AsGiven, 181.5));
    assert!(as_given.prices.words().en.contains("NOT at constant prices"));
    assert!(as_given.prices.words().zh.contains("并非不变价"));
    // What is not whole is not taken, and that is said.
    let some = of(&account_files(&files(&rows, &format!("{nominal}park,2021,iav_const,150,万元\n"))), Boundary::Park);
    assert_eq!(some.added.as_ref().unwrap().lacking, [2022, 2023]);
    assert!(some.notes.iter().any(|n| n.en == "iav_const is not taken: statistics.csv lacks it in 2022, 2023"));
    let real = values("iav_const", [100.0, 101.0, 102.0], [50.0; 3]);
    let both = made(&format!("{nominal}{real}{}", deflator(100.0)));
    assert_eq!((both.prices, both.park[2]), (Prices::Constant, 152.0));
    // A sector's own deflators go before the park's.
    let own = [2021, 2022, 2023].map(|y| format!("sector:C31,{y},deflator,100,1\n")).concat();
    let mixed = made(&format!("{nominal}{}{own}", deflator(100.0)));
    assert_relative_eq!(mixed.sectors["C31"].as_ref().unwrap()[2], 60.5, max_relative = 1e-12);
    assert_relative_eq!(mixed.sectors["C26"].as_ref().unwrap()[2], 100.0, max_relative = 1e-12);
}

#[test]
fn without_added_value_the_series_stand_and_the_rest_says_why() {
    let made = account_files(&files(&fuels([1e5, 1.1e5, 1.3e5], [5e4; 3]), "A,2021,iav,100,万元"));
    let trend = of(&made, Boundary::Park);
    assert!(trend.intensity.is_none() && trend.chain.is_none());
    assert!(trend.spans.iter().all(|s| s.drivers.is_none() && s.co2e.decoupling.is_none() && s.co2e.growth.is_some()));
    let why = trend.added.as_ref().unwrap_err();
    assert!(why.en.contains("2021, 2022, 2023") && why.zh.contains("2021、2022、2023"), "{why:?}");
    for lang in [Lang::En, Lang::Zh] {
        let text = text(&made.0.park, &trend, lang);
        assert!(text.contains(lang.pick(&why.en, &why.zh)) && !text.contains("NaN"), "{text}");
    }
    assert!(to_json(&made.0.park, &trend)["added_value"]["missing"]["zh"].is_string());
}

#[test]
fn unchanged_added_value_has_a_state_and_no_number() {
    let made =
        account_files(&files(&fuels([1e5, 1.1e5, 1.3e5], [5e4; 3]), &values("iav_const", [100.0; 3], [50.0; 3])));
    let trend = of(&made, Boundary::Park);
    let pace = trend.spans[0].co2e;
    assert_eq!((pace.decoupling.unwrap().state, pace.decoupling.unwrap().elasticity), (State::Undefined, None));
    assert_eq!(pace.elasticity.unwrap().unwrap().value, None);
    let text = text(&made.0.park, &trend, Lang::En);
    assert!(text.contains("undefined: added value unchanged") && !text.contains("inf"), "{text}");
    let json = to_json(&made.0.park, &trend);
    assert_eq!(json["spans"][0]["co2e"]["decoupling"]["t"], Value::Null);
    assert_eq!(json["spans"][0]["co2e"]["decoupling"]["state"], "undefined");
}

/// The park whose firm B left at the end of 2022.
fn leaving(diesel: f64) -> (Package, Inventory) {
    let mut files =
        files(&fuels([1e5; 3], [diesel, diesel, 0.0]), &values("iav_const", [100.0, 110.0, 120.0], [50.0, 50.0, 0.0]));
    files = files.with("enterprises.csv", "enterprise,sector,joined,left\nA,C26,,\nB,C31,,2023");
    account_files(&files)
}

#[test]
fn a_firm_that_left_restates_the_base_year_where_it_is_large_enough() {
    let made = leaving(5e4);
    let trend = of(&made, Boundary::Park);
    adds_up(&made, &trend);
    let restated = trend.restatement.as_ref().unwrap();
    assert_eq!((restated.left.len(), restated.joined.len(), restated.is_beyond()), (1, 0, Some(true)));
    assert_eq!(restated.reported, trend.co2e);
    // What is left is A with the same gas in all years.
    for value in &restated.restated {
        assert_relative_eq!(*value, trend.co2e[2], max_relative = 1e-12);
    }
    assert_relative_eq!(restated.effect(), trend.co2e[2] - trend.co2e[0], max_relative = 1e-9);
    let shown = text(&made.0.park, &trend, Lang::En);
    assert!(shown.contains("beyond the threshold") && shown.contains("\nas reported"), "{shown}");
    assert!(text(&made.0.park, &trend, Lang::Zh).contains("重述数"));

    // A thirtieth of the whole is below the 5 % of park.toml.
    let small = leaving(2500.0);
    let trend = of(&small, Boundary::Park);
    let restated = trend.restatement.as_ref().unwrap();
    assert_eq!((restated.left.len(), restated.is_beyond()), (1, Some(false)));
    let shown = text(&small.0.park, &trend, Lang::En);
    assert!(shown.contains("below the threshold") && !shown.contains("\nas reported"), "{shown}");
}

#[test]
fn a_firm_that_joined_is_told_and_left_out_of_the_restated_series() {
    let files =
        files(&fuels([1e5; 3], [0.0, 5e4, 5e4]), &values("iav_const", [100.0, 110.0, 120.0], [0.0, 50.0, 50.0]));
    let files = files.with("enterprises.csv", "enterprise,sector,joined,left\nA,C26,,\nB,C31,2022,");
    let made = account_files(&files);
    let trend = of(&made, Boundary::Park);
    let restated = trend.restatement.as_ref().unwrap();
    assert_eq!((restated.joined.len(), restated.is_beyond()), (1, Some(true)));
    assert_relative_eq!(restated.joined[0].1, trend.co2e[2] - trend.co2e[0], max_relative = 1e-9);
    assert!(restated.effect().abs() < 1e-9, "nothing of the base year moves");
    for value in &restated.restated {
        assert_relative_eq!(*value, trend.co2e[0], max_relative = 1e-12);
    }
    assert!(text(&made.0.park, &trend, Lang::En).contains("their base year is not in the package"));
}

#[test]
fn corrections_of_the_base_year_and_moved_factors_give_the_series_as_reported() {
    let changes = "date,table,row_id,column,old,new,who,why
        2024-03-01,flows,G2021,quantity,80000,100000,Li Na,meter replaced
        2024-03-02,flows,G2022,quantity,90000,100000,Li Na,meter replaced
        2024-03-03,parameters,A,oxidation,,,Li Na,new method
        2024-03-04,statistics,A,value,1,2,Li Na,no emission";
    let rows = fuels([1e5; 3], [5e4; 3]);
    let files = files(&rows, &values("iav_const", [100.0; 3], [50.0; 3])).with("changes.csv", changes);
    let (mut package, inventory) = account_files(&files);
    let before = trend(&package, &inventory, &[2021, 2022, 2023], Boundary::Park).unwrap();
    let restated = before.restatement.as_ref().unwrap();
    // The row of 2022 is not of the base year; statistics move no emission.
    assert_eq!(restated.corrections.iter().map(|c| c.row).collect::<Vec<_>>(), [2, 4]);
    let gas = |year: u16| {
        let lines = inventory.ledger.lines.iter().filter(|l| l.period.year == year);
        let lines = lines.filter(|l| l.id(&package.park).starts_with('G'));
        parkflux::trend::emissions::total_of(&package.park, &inventory, Boundary::Park, year, |l| {
            lines.clone().any(|m| m == l)
        })
    };
    assert_relative_eq!(restated.corrections[0].effect.unwrap(), 0.2 * gas(2021), max_relative = 1e-12);
    assert_eq!(restated.corrections[1].effect, None);
    assert_relative_eq!(restated.reported[0], before.co2e[0] - 0.2 * gas(2021), max_relative = 1e-12);
    assert_relative_eq!(restated.reported[1], before.co2e[1] - 0.1 * gas(2022), max_relative = 1e-12);
    assert_eq!(restated.restated, before.co2e);
    assert_eq!(restated.factors, None, "nothing is known without a lock");

    // The diesel's carbon content stood a tenth higher when the factors were locked.
    let mut lock = inventory.lock();
    let row = lock.rows.iter_mut().find(|r| r.what.starts_with("diesel") && r.what.contains("carbon")).unwrap();
    row.value = (1.1 * row.value.parse::<f64>().unwrap()).to_string();
    row.sha256 = "another".to_owned();
    package.lock = Some(lock);
    let after = trend(&package, &inventory, &[2021, 2022, 2023], Boundary::Park).unwrap();
    let restated = after.restatement.unwrap();
    let moved = &restated.factors.as_ref().unwrap()[0];
    let diesel_co2 =
        before.carriers.iter().find(|c| &*package.park.carrier(c.carrier).label.id == "diesel").unwrap().co2[0];
    assert_relative_eq!(moved.effect.unwrap(), -0.1 * diesel_co2, max_relative = 1e-9);
    assert_relative_eq!(restated.reported[0], before.co2e[0] - 0.2 * gas(2021) + 0.1 * diesel_co2, max_relative = 1e-9);
}

#[test]
fn corrections_of_one_row_add_up_and_what_is_gone_is_not_known() {
    let changes = "date,table,row_id,column,old,new,who,why
        2024-03-01,flows,G2021,quantity,80000,125000,Li Na,meter replaced
        2024-03-02,flows,G2021,quantity,125000,100000,Li Na,meter replaced again
        2024-03-03,flows,G2019,,,,Li Na,counted twice";
    let files = files(&fuels([1e5; 3], [5e4; 3]), &values("iav_const", [100.0; 3], [50.0; 3]));
    let (mut package, inventory) = account_files(&files.with("changes.csv", changes));
    let made = trend(&package, &inventory, &[2021, 2022, 2023], Boundary::Park).unwrap();
    let restated = made.restatement.as_ref().unwrap();
    let of_gas = |line: &parkflux::ledger::Line| line.id(&package.park).starts_with('G');
    let gas = parkflux::trend::emissions::total_of(&package.park, &inventory, Boundary::Park, 2021, of_gas);
    let effects: Vec<Option<f64>> = restated.corrections.iter().map(|c| c.effect).collect();
    assert_relative_eq!(effects[0].unwrap(), 0.45 * gas, max_relative = 1e-9);
    assert_relative_eq!(effects[1].unwrap(), -0.25 * gas, max_relative = 1e-9);
    assert_eq!(effects[2], None);
    // From 80,000 to 100,000, whatever stood between.
    assert_relative_eq!(made.co2e[0] - restated.reported[0], 0.2 * gas, max_relative = 1e-9);

    // A factor of the base year that the lock lacks is told; what it was before nobody knows.
    let mut lock = inventory.lock();
    lock.rows.retain(|r| !(r.what.starts_with("diesel") && r.what.contains("carbon")));
    package.lock = Some(lock);
    let after = trend(&package, &inventory, &[2021, 2022, 2023], Boundary::Park).unwrap();
    let factors = after.restatement.as_ref().unwrap().factors.as_ref().unwrap();
    assert_eq!(factors.iter().map(|f| (&f.old, f.effect)).collect::<Vec<_>>(), [(&None, None)]);
    assert!(text(&package.park, &after, Lang::En).contains("not in factors.lock, now"));
    assert!(text(&package.park, &after, Lang::Zh).contains("factors.lock 中没有"));
}

fn parkflux(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_parkflux")).args(arguments).output().unwrap()
}

#[test]
fn the_verb_prints_tables_and_json_and_refuses_in_its_own_ways() {
    let folder = park("binhai-example");
    let folder = folder.to_str().unwrap();
    let said = |lang: &str| String::from_utf8(parkflux(&["--lang", lang, "trend", folder]).stdout).unwrap();
    let (english, chinese) = (said("en"), said("zh"));
    for words in ["energy mix (carriers' shares)", "weak decoupling", "iav_const", "< 1e-9", "Base year 2022"] {
        assert!(english.contains(words), "{words}: {english}");
    }
    for words in ["能源结构（载体比重）", "弱脱钩", "不变价", "< 1e-9", "基准年 2022"] {
        assert!(chinese.contains(words), "{words}: {chinese}");
    }
    let json = parkflux(&["--json", "trend", folder, "--view", "sum"]);
    let json: Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!((&json["boundary"], &json["years"][0]), (&Value::from("sum"), &Value::from(2022)));
    let drivers = &json["spans"][2]["drivers"];
    let sum = |v: &Value| v.as_object().unwrap().values().map(|x| x.as_f64().unwrap()).sum::<f64>();
    let parts = sum(&drivers["additive_t"]) + sum(&drivers["not_decomposed_t"]);
    assert_relative_eq!(parts, drivers["inventory_change_t"].as_f64().unwrap(), max_relative = 1e-9);

    // Too few years are an invalid input (3), a year that is not there is wrong use (2).
    let few = parkflux(&["--lang", "en", "trend", folder, "--from", "2023"]);
    assert_eq!(few.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&few.stderr).contains("error[T130]"));
    let json = parkflux(&["--json", "trend", folder, "--years", "2022,2024"]);
    let problems: Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!((json.status.code(), &problems["diagnostics"][0]["code"]), (Some(3), &Value::from("T130")));
    assert_eq!(parkflux(&["trend", folder, "--to", "2031"]).status.code(), Some(2));
}

/// What nobody can reckon is no zero: a small share of what is known proves nothing, a large one does.
#[test]
fn an_unknown_effect_leaves_the_base_year_open() {
    let of = |effects: &[Option<f64>], restated: f64| Restatement {
        base_year: (2022, true),
        threshold: Some(0.05),
        joined: Vec::new(),
        left: Vec::new(),
        corrections: effects.iter().map(|e| Correction { row: 2, what: String::new(), effect: *e }).collect(),
        factors: None,
        years: vec![2022, 2024],
        reported: vec![100.0, 120.0],
        restated: vec![restated, 120.0],
    };
    assert_eq!(of(&[Some(1.0)], 101.0).is_beyond(), Some(false));
    assert_eq!(of(&[Some(1.0), None], 101.0).is_beyond(), None);
    assert_eq!(of(&[Some(10.0), None], 110.0).is_beyond(), Some(true));
    // Reasons that cancel do not pass for none.
    let cancels = Restatement { left: vec![(EnterpriseId::new(0), 20.0)], ..of(&[Some(20.0)], 100.0) };
    assert_eq!((cancels.share(), cancels.is_beyond()), (Some(0.2), Some(true)));
}
