//! Wastewater treatment as a unit of a scenario: the accounts are those of the plant entered by hand, water and load are kept,
//! and a trade-off says what cleaner water costs.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test may stop at the first surprise")]

mod common;

use common::{FLOWS, Files, account_files};
use parkflux::balance::Thing;
use parkflux::diagnostic::{Diagnostics, Lang, Style, render_text};
use parkflux::inventory::Inventory;
use parkflux::ledger::Source;
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

#[test]
fn a_trail_leads_to_the_row_of_a_default() {
    let lines = |more: &str, sets: &str| {
        let park = mill("", "").text("park.toml").replace("\"ipcc_2019_waste\", ", sets);
        let files = mill("", "").with("park.toml", &park);
        with(&files, &plant("wastewater_plant_anaerobic", more), |_, _, made| {
            let ledger = &done(made).inventory.ledger;
            let own = ledger.lines.iter().filter(|l| l.source == Source::Wastewater && l.gas == Gas::Ch4);
            own.map(|l| (l.mass, format!("{:?}", ledger.get(l.coefficient).terms))).collect::<Vec<_>>()
        })
    };
    // Found in a set of the park; else the row is named in the text.
    for sets in ["\"ipcc_2019_waste\", ", ""] {
        let lines = lines("", sets);
        assert_eq!(lines.iter().any(|l| l.1.contains("parameters.csv")), sets.is_empty(), "{lines:?}");
        assert!((lines.iter().map(|l| l.0).sum::<f64>() - 80.0).abs() < 1e-9);
        assert!(lines.iter().all(|l| l.1.contains("ipcc_2019_waste.mcf.wastewater_plant_anaerobic")), "{lines:?}");
    }
    let stated = lines("mcf = 0.9", "\"ipcc_2019_waste\", ");
    assert!((stated.iter().map(|l| l.0).sum::<f64>() - 90.0).abs() < 1e-9);
    assert!(stated.iter().all(|l| !l.1.contains("ipcc_2019_waste.mcf")), "{stated:?}");
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

/// Mass of lines of the ledger that a key begins with.
fn sum(made: &Run, begins: &str) -> f64 {
    ledger(&made.package, &made.inventory).iter().filter(|(key, _)| key.starts_with(begins)).map(|(_, mass)| mass).sum()
}

#[test]
fn a_plant_before_another_plant_is_the_one_that_is_entered_by_hand() {
    let central = "B/WWTP,B,wastewater_plant_aerobic_domestic,";
    let effluent = "effluent,,,kind,water,,\neffluent,,,cod,30,mg/L,\neffluent,,,total_nitrogen,9,mg/L,\n\
                    effluent,,,ammonia_nitrogen,1,mg/L,\n";
    let led = |files: Files| {
        let flows = files.text("flows.csv");
        let flows = flows.replace("outside:water_body,wastewater", "B/WWTP,wastewater")
            + "E,2023,B/WWTP,outside:water_body,effluent,100000,m3,,,,\n";
        let carriers = files.text("carriers.csv") + effluent;
        files.with("flows.csv", &flows).with("carriers.csv", &carriers)
    };
    let hand = led(by_hand("wastewater_plant_aerobic", central, "", ""));
    same_as_by_hand(&led(mill(central, "")), &plant("wastewater_plant_aerobic", ""), &hand);
}

#[test]
fn months_count_by_what_they_discharge() {
    let files = mill("", "");
    let flows = files.text("flows.csv").replace(
        "W,2023,A/M,outside:water_body,wastewater,100000,m3",
        "W1,2023-01,A/M,outside:water_body,wastewater,30000,m3,,,,\nW2,2023-02,A/M,outside:water_body,wastewater,70000,m3",
    );
    let carriers = files.text("carriers.csv").replace("property", "period,property").replace(",,,kind", ",,,,kind");
    let carriers = carriers.replace(
        "wastewater,A,,cod,5000,mg/L,",
        "wastewater,A,,2023-01,cod,8000,mg/L,\nwastewater,A,,2023-02,cod,1000,mg/L,",
    );
    let carriers =
        carriers.replace("A,,total", "A,,,total").replace("A,,amm", "A,,,amm").replace("biogas,,,", "biogas,,,,");
    let files = files.with("flows.csv", &flows).with("carriers.csv", &carriers);
    with(&files, &plant("wastewater_plant_aerobic", "mcf = 0.1"), |base, _, made| {
        let (before, made) = (base.results.total(Measure::Gas(Gas::Cod)), done(made));
        // 240 t and 70 t, of which a fifth is left.
        assert!((before - 310.0).abs() < 1e-9);
        assert!((sum(&made, "A/WW Wastewater COD") - 62.0).abs() < 1e-9);
        assert!((sum(&made, "A/WW Wastewater CH4") - 248.0 * 0.25 * 0.1).abs() < 1e-9);
        assert!(sum(&made, "A/M Wastewater COD").abs() < 1e-12);
    });
}

#[test]
fn a_second_plant_treats_what_the_first_leaves() {
    let first = plant("wastewater_plant_anaerobic", "");
    let second = plant("wastewater_plant_aerobic", "cod = \"1000 mg/L\"\nmcf = 0.1")
        .replace("id = \"A/WW\"", "id = \"A/WW2\"")
        .replace("at = \"A/M\"", "at = \"A/WW\"");
    with(&mill("", ""), &format!("{first}{second}"), |_, _, made| {
        let made = done(made);
        assert!((sum(&made, "A/WW Wastewater CH4") - 400.0 * 0.25 * 0.8).abs() < 1e-9);
        assert!((sum(&made, "A/WW2 Wastewater CH4") - 80.0 * 0.25 * 0.1).abs() < 1e-9);
        assert!((sum(&made, "A/WW2 Wastewater COD") - 20.0).abs() < 1e-9);
        assert!(sum(&made, "A/WW Wastewater COD").abs() < 1e-12);
    });
}

#[test]
fn water_is_kept_and_what_the_unit_saves_goes_with_its_process() {
    let half = "[[change]]\nkind = \"demand\"\nof = \"A/M>outside:customer:paper\"\ntimes = 0.5\n";
    let change = format!("{}{half}", plant("wastewater_plant_aerobic", ""));
    with(&mill("", ""), &change, |_, _, made| {
        let made = done(made);
        let water = made.conserved.iter().find(|c| c.thing == Thing::Water).unwrap();
        assert!(water.balances >= 1 && water.added == 0.0, "{water:?}");
        let made = flows(&made);
        assert!((made["A/M>A/WW:wastewater"] - 50_000.0).abs() < 1e-6, "{made:?}");
        assert!((made["A/WW>outside:water_body:wastewater"] - 50_000.0).abs() < 1e-6, "{made:?}");
        assert!((made["outside:grid>A/WW:electricity"] - 40.0 * 3.6).abs() < 1e-9, "{made:?}");
    });
    let closed = format!("{}[[change]]\nkind = \"close\"\nof = \"A/M\"\n", plant("wastewater_plant_anaerobic", ""));
    with(&mill("", ""), &closed, |_, _, made| {
        assert!(!flows(&done(made)).keys().any(|f| f.contains("A/WW")));
    });
}

/// Biogas of which nobody says how rich it is counts as the methane in it, at the calorific value of IPCC; so does the methane of one
/// of which only the richness is stated.
#[test]
fn biogas_of_unknown_richness_is_its_methane() {
    for known in ["biogas,,,methane", "nothing"] {
        let carriers = mill("", "").text("carriers.csv");
        let kept: Vec<&str> = carriers.lines().filter(|l| !l.starts_with("biogas") || l.starts_with(known)).collect();
        let files = mill("", "").with("carriers.csv", &kept.join("\n"));
        with(&files, &plant("wastewater_plant_anaerobic", "recovery = \"90 %\""), |_, _, made| {
            let made = done(made);
            assert!((sum(&made, "A/WW Wastewater CH4 recovered") + 72.0).abs() < 1e-9);
            let gas = flows(&made)["outside:supplier>A/B1:natural_gas"];
            assert!((gas - (5000.0 - 72.0 * 50.4 / 48.0)).abs() < 1e-6, "{gas}");
        });
    }
}

/// COD that the accounts take from the default of the industry, as `ipcc_2006_waste` has it, is known as well.
#[test]
fn wastewater_may_be_as_strong_as_that_of_its_industry() {
    let processes = mill("", "").text("processes.csv").replace("A/M,A,mill", "A/M,A,beer");
    let carriers = mill("", "").text("carriers.csv").replace("wastewater,A,,cod,5000,mg/L,\n", "");
    let files = mill("", "").with("processes.csv", &processes).with("carriers.csv", &carriers);
    with(&files, &plant("wastewater_plant_aerobic", "mcf = 0.1"), |base, _, made| {
        let made = done(made);
        assert!((base.results.total(Measure::Gas(Gas::Cod)) - 290.0).abs() < 1e-9);
        assert!((sum(&made, "A/WW Wastewater COD") - 58.0).abs() < 1e-9);
        assert!((sum(&made, "A/WW Wastewater CH4") - 232.0 * 0.25 * 0.1).abs() < 1e-9);
    });
}

#[test]
fn what_contradicts_the_park_is_refused() {
    let refusal = |files: &Files, change: &str| with(files, change, |_, _, made| text(&made.unwrap_err()));
    let plain = plant("wastewater_plant_aerobic", "");
    let cases = [("cod = \"4000 mg/L\"", "states 'cod' itself"), ("nitrogen = 0.02", "states 'nitrogen' itself")];
    for (more, words) in cases {
        let told = refusal(&mill("", ""), &plant("wastewater_plant_aerobic", more));
        assert!(told.contains("S115") && told.contains(words), "{told}");
    }
    // As the park says it, it may be said again.
    with(&mill("", ""), &plant("wastewater_plant_aerobic", "cod = \"5000 mg/L\""), |_, _, made| drop(done(made)));
    let told = refusal(
        &mill("", ""),
        &plain
            .replace("\"A/M\"", "\"A/B1\"")
            .replace("electricity_use = \"0.8 kWh/m3\"", "specific_power = \"1 kWh/kg\""),
    );
    assert!(told.contains("S115") && told.contains("A/B1 discharges no water whose COD is known"), "{told}");
    let taken = mill("A/WW_FLARE,A,flare,combustion", "");
    let told = refusal(&taken, &plant("wastewater_plant_anaerobic", "recovery = \"90 %\""));
    assert!(told.contains("there is a process 'A/WW_FLARE' already"), "{told}");
    // A nitrogen that only the scenario states counts.
    let carriers = mill("", "").text("carriers.csv").replace("wastewater,A,,total_nitrogen,50,mg/L,\n", "");
    let files = mill("", "").with("carriers.csv", &carriers);
    with(&files, &plant("wastewater_plant_aerobic", "nitrogen = 0.0125"), |_, _, made| {
        let n2o = 5.0 * (0.016 + 0.005) * 44.0 / 28.0;
        assert!((sum(&done(made), "A/WW Wastewater N2O") - n2o).abs() < 1e-12);
    });
}

#[test]
fn cleaner_water_is_set_against_what_it_costs() {
    let more = "mcf = 0.1\nnitrogen_removal = \"60 %\"\nsludge = 0.3";
    with(&mill("", ""), &plant("wastewater_plant_aerobic", more), |base, chain, made| {
        let made = done(made);
        let made: Tradeoff = measure((&State::of_base(base), &[]), (&State::of_run(&made), chain), base.year);
        let change = |of: Measure| made.delta(of).unwrap().total();
        assert!((change(Measure::Gas(Gas::Cod)) + 400.0).abs() < 1e-9);
        assert!((change(Measure::Gas(Gas::TotalNitrogen)) + 3.0).abs() < 1e-9);
        let ch4 = 400.0 * 0.25 * 0.1;
        // What is taken out makes no N2O in the river.
        let n2o = (5.0 * 0.016 - 3.0 * 0.005) * 44.0 / 28.0;
        assert!((change(Measure::Gas(Gas::Ch4)) - ch4).abs() < 1e-9);
        assert!((change(Measure::Gas(Gas::N2o)) - n2o).abs() < 1e-9);
        // AR5; the plant's own, and 80 MWh of the grid.
        let process = made.part(Part::Reaction);
        assert!((process.inside - (28.0 * ch4 + 265.0 * n2o)).abs() < 1e-6 && process.outside == 0.0, "{process:?}");
        let power = made.part(Part::Power);
        assert!(power.inside == 0.0 && (power.outside - 80.0 * 0.5306).abs() < 1e-6, "{power:?}");
        assert!(made.parts.iter().any(|p| p.part == Part::Disposal));
        assert!(made.part(Part::Rest).total().abs() < 1e-6, "{:?}", made.parts);
        let cod = made.removed.iter().find(|r| r.gas == Gas::Cod).unwrap();
        assert!((cod.total - change(Measure::Co2e) / 400.0).abs() < 1e-9, "{cod:?}");
        let sign = made.signs.iter().find(|s| matches!(s, Sign::CleansAndRaises(Gas::Cod, ..))).unwrap();
        assert_eq!(sign.words().0, "cleans the water and raises CO2");
    });
}
