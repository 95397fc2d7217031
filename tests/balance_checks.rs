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

/// Headers of water at A and users B and C.
fn water(rows: &str) -> Files {
    Files::new("gases = [\"CO2\"]")
        .with("enterprises.csv", "enterprise\nA\nB\nC")
        .with("processes.csv", "process,enterprise,technique\nA/N,A,header\nA/M,A,header\nB/X,B,mill\nC/X,C,mill")
        .with("flows.csv", &format!("{FLOWS}\n{rows}"))
}

#[test]
fn the_nodal_test_of_each_balance_is_shown() {
    // In 1000 ± 20, out 600 ± 10 and, through an unmeasured pipe, 350 ± 10: 50 is open, with a variance of 600.
    let files = water(
        "1,2023,outside:nature,A/N,fresh_water,1000,m3,,,meter,20,
        2,2023,A/N,B/X,fresh_water,600,m3,consumption,,meter,10,
        3,2023,A/N,A/M,fresh_water,,m3,,,,,
        4,2023,A/M,C/X,fresh_water,350,m3,consumption,,meter,10,",
    );
    let made = json(&files, &[]);
    let nodal = made["nodal"].as_array().unwrap();
    assert_eq!(nodal.len(), 1);
    assert!((nodal[0]["test"].as_f64().unwrap() - 50.0 / 600.0_f64.sqrt()).abs() < 1e-9);
    // The only test: the limit of 95 % is 1.96.
    assert!((made["nodal_critical"].as_f64().unwrap() - 1.959_964).abs() < 1e-5);
    assert_eq!(nodal[0]["beyond"], true);
    let places: Vec<&str> = nodal[0]["at"].as_array().unwrap().iter().map(|a| a["place"].as_str().unwrap()).collect();
    assert_eq!(places, ["A/M", "A/N"]);
    let title = "Nodal tests: what the readings leave of a balance, in its standard deviations (limit 1.96)";
    let said = printed(&files, &["--all"]);
    assert!(said.contains(title) && said.contains("A/M (fresh_water, 2023), A/N (fresh_water, 2023)"), "{said}");
    assert!(!printed(&files, &[]).contains(title));
    assert!(
        printed(&files, &["--all", "--lang", "zh"]).contains("节点检验：读数在平衡中的余量与其标准差之比（限值 1.96）")
    );
}

/// A plant that burns gas by its energy and reports the CO2 of each month.
fn reporting(sets: &str, reported: &[f64]) -> Files {
    let (mut flows, mut emissions) =
        (format!("{FLOWS},basis"), "id,period,enterprise,process,replaces,gas,quantity,unit".to_owned());
    for (k, mass) in reported.iter().enumerate() {
        let month = k + 1;
        let row =
            format!("{month},2023-{month:02},outside:supplier,B/X,natural_gas,1000,GJ,combustion,,invoice,,1,NCV");
        flows.extend(["\n", &row]);
        let row = format!("R{month},2023-{month:02},B,B/X,{month},CO2,{mass},t");
        emissions.extend(["\n", &row]);
    }
    Files::new(&format!("gases = [\"CO2\"]\nfactor_sets = [{sets}]"))
        .with("enterprises.csv", "enterprise\nB")
        .with("processes.csv", "process,enterprise,technique\nB/X,B,boiler")
        .with("flows.csv", &flows)
        .with("emissions.csv", &emissions)
}

#[test]
fn an_implied_factor_outside_the_limits_of_the_factor_is_named() {
    // IPCC 2006, volume 2, table 1.4: natural gas 56.1 kg CO2/GJ, from 54.3 to 58.3. 58 is 3.4 % off and within, 59 is not.
    let files = reporting("\"park\", \"ipcc_2006\"", &[56.1, 58.0, 59.0, 54.0]);
    let made = json(&files, &[]);
    let implied = made["implied"].as_array().unwrap();
    let of = |k: usize, key: &str| implied[k][key].as_f64().unwrap();
    for (k, value) in [56.1, 58.0, 59.0, 54.0].into_iter().enumerate() {
        assert!((of(k, "implied") - value).abs() < 1e-9);
        assert!((of(k, "factor") - 56.1).abs() < 1e-9);
        assert!((of(k, "lowest") - 54.3).abs() < 1e-9 && (of(k, "highest") - 58.3).abs() < 1e-9);
        assert_eq!((&implied[k]["own_limits"], &implied[k]["beyond"]), (&true.into(), &(k > 1).into()));
    }
    let said = printed(&files, &[]);
    assert!(said.contains("Reported emission against energy × factor: 2 of 4 outside the factor's limits"), "{said}");
    assert!(said.contains("kg/GJ") && said.contains("5.2"), "{said}");
    assert!(printed(&files, &["--lang", "zh"]).contains("所报排放与能量×因子对比：4 行中 2 行超出因子限值"));
    assert_eq!(json(&files, &["--period", "2023-03"])["implied"].as_array().unwrap().len(), 1);
    // The inventory names the same rows.
    let (_, inventory) = account_files(&files);
    assert_eq!(inventory.comparisons.iter().filter(|c| c.is_finding().0).count(), 2);
    let told = parkflux::diagnostic::render_text(
        &inventory.found,
        parkflux::diagnostic::Lang::En,
        parkflux::diagnostic::Style::Plain,
    );
    assert!(told.contains("expected the limits of the factor, 54.3 kg/GJ to 58.3 kg/GJ"), "{told}");
}

#[test]
fn a_factor_without_limits_is_held_to_two_percent() {
    // GB/T 32151: 15.32 t C/TJ, all but 1 % oxidized.
    let made = json(&reporting("\"park\", \"cn_gbt32151_2024\"", &[100.0]), &[]);
    let factor = made["implied"][0]["factor"].as_f64().unwrap();
    let made =
        json(&reporting("\"park\", \"cn_gbt32151_2024\"", &[1.019 * factor, 1.021 * factor, 0.979 * factor]), &[]);
    let beyond: Vec<bool> = (0..3).map(|k| made["implied"][k]["beyond"].as_bool().unwrap()).collect();
    assert_eq!(beyond, [false, true, true]);
    assert_eq!(made["implied"][0]["own_limits"], false);
    assert!((made["implied"][0]["highest"].as_f64().unwrap() - 1.02 * factor).abs() < 1e-9);
}

#[test]
fn what_a_store_passes_on_is_opening_and_bought_less_closing() {
    let rows = |usage: &str| {
        format!(
            "1,2023-01,outside:supplier,A/YARD,anthracite,1000,t,{usage},,invoice,10,
            2,2023-01,A/YARD,B/X,anthracite,700,t,combustion,,meter,10,
            3,2023-01,A/YARD,outside:customer,anthracite,150,t,,,meter,10,
            4,2023-01,stock:opening,A/YARD,anthracite,200,t,,,stock,10,
            5,2023-01,A/YARD,stock:closing,anthracite,300,t,,,stock,10,"
        )
    };
    let of = |usage: &str| {
        let files = Files::new("gases = [\"CO2\"]")
            .with("enterprises.csv", "enterprise\nA\nB")
            .with("processes.csv", "process,enterprise,technique\nA/YARD,A,coal_yard\nB/X,B,boiler")
            .with("flows.csv", &format!("{FLOWS}\n{}", rows(usage)));
        balanced(account_files(&files)).1
    };
    // 200 + 1000 come in; 700, 150 and 300 go out: 50 is open, with a variance of five times 100.
    let made = of("resale");
    assert_eq!(made.closures.len(), 1);
    let closure = &made.closures[0];
    assert!((closure.inflow - 1200.0).abs() < 1e-9 && (closure.outflow - 1150.0).abs() < 1e-9);
    assert!((closure.sigmas().unwrap() - 50.0 / 500.0_f64.sqrt()).abs() < 1e-9);
    assert!((made.chi2().0 - 2500.0 / 500.0).abs() < 1e-9);
    // Where the yard may use some itself, the rest is its use.
    assert!(of("combustion").closures.is_empty());
}

/// A tank that closes with 60 and 70, whichever rows say so.
#[test]
fn what_a_month_closes_with_the_next_one_opens_with() {
    let flows = "1,2023-01,outside:nature,A/N,fresh_water,100,m3,,,meter,1,
        2,2023-01,A/N,B/X,fresh_water,90,m3,consumption,,meter,1,
        3,2023-02,outside:nature,A/N,fresh_water,100,m3,,,meter,1,
        4,2023-02,A/N,B/X,fresh_water,90,m3,consumption,,meter,1,
        5,2023-02,A/N,stock:closing,fresh_water,70,m3,,,stock,1,";
    let opening = "6,2023-01,stock:opening,A/N,fresh_water,50,m3,,,stock,1,";
    let closing = "7,2023-01,A/N,stock:closing,fresh_water,60,m3,,,stock,1,";
    let next = "8,2023-02,stock:opening,A/N,fresh_water,60,m3,,,stock,1,";
    let of = |levels: &[&str], more: &[&str]| {
        let made = json(&water(&[&[flows], levels].concat().join("\n")), more);
        assert!(made["chi2"].as_f64().unwrap() < 1e-9, "{levels:?}");
        let mut closures: Vec<(String, f64, f64)> = made["closures"]
            .as_array()
            .unwrap()
            .iter()
            .map(|c| {
                (
                    c["period"].as_str().unwrap().to_owned(),
                    c["inflow"].as_f64().unwrap(),
                    c["outflow"].as_f64().unwrap(),
                )
            })
            .collect();
        closures.sort_by(|a, b| a.0.cmp(&b.0));
        (closures, made["untested"].as_array().unwrap().len())
    };
    let months = vec![("2023-01".to_owned(), 150.0, 150.0), ("2023-02".to_owned(), 160.0, 160.0)];
    for levels in [&[opening, closing][..], &[opening, next], &[opening, closing, next]] {
        assert_eq!(of(levels, &[]), (months.clone(), 0), "{levels:?}");
    }
    // Between the months no level is stated: the year has one balance.
    assert_eq!(of(&[opening], &[]), (vec![("2023".to_owned(), 250.0, 250.0)], 0));
    // What February opens with lies outside of what is asked for.
    let february = &["--period", "2023-02"];
    assert_eq!(of(&[opening, closing], february), (Vec::new(), 1));
    assert_eq!(of(&[opening, next], february), (months[1..].to_vec(), 0));
    let files = water(&[flows, opening, closing].join("\n"));
    assert!(
        printed(&files, february).contains("the stock of 'fresh_water' at the beginning or the end is stated only in")
    );
    assert!(printed(&files, &["--period", "2023-02", "--lang", "zh"]).contains("期初或期末库存只写在"));
}

/// Rows of one group that no common error explains are not exact: the message says what they are.
#[test]
fn rows_of_a_group_that_contradict_are_told_as_such() {
    let said = |sd: &str, lang: &str| {
        let rows = format!(
            "1,2023,outside:nature,A/N,fresh_water,100,m3,,,meter,{sd},,CAL-1
            2,2023,A/N,B/X,fresh_water,101,m3,consumption,,meter,{sd},,CAL-1"
        );
        let files = water("").with("flows.csv", &format!("{FLOWS},correlation_group\n{rows}"));
        let folder = tempfile::tempdir().unwrap();
        for (name, bytes) in &files.0 {
            std::fs::write(folder.path().join(name), bytes).unwrap();
        }
        let output = run(&["balance", folder.path().to_str().unwrap(), "--lang", lang]);
        assert_eq!(output.status.code(), Some(5));
        String::from_utf8(output.stderr).unwrap()
    };
    assert!(
        said("2", "en").contains("rows of a correlation group contradict each other by -1 at A/N (fresh_water, 2023)")
    );
    assert!(said("2", "zh").contains("同一相关组的行相互矛盾，相差 -1，位于 A/N（新水，2023）"));
    assert!(said("0", "en").contains("exact values contradict each other by -1"));
    assert!(said("0", "zh").contains("精确值相互矛盾"));
}

/// The same of calcium.
#[test]
fn levels_of_calcium_are_those_of_the_month_before() {
    let properties = "limestone,,cao,50,%\nlime,,cao,100,%";
    let rows = "1,2023-01,stock:opening,A/P,limestone,100,t,,,stock,,
        2,2023-01,outside:supplier,A/P,limestone,1000,t,feedstock,,invoice,,
        3,2023-01,A/P,outside:customer,lime,400,t,,,meter,,
        4,2023-01,A/P,stock:closing,limestone,300,t,,,stock,,
        5,2023-02,outside:supplier,A/P,limestone,1000,t,feedstock,,invoice,,
        6,2023-02,A/P,outside:customer,lime,600,t,,,meter,,
        7,2023-02,A/P,stock:closing,limestone,100,t,,,stock,,";
    let (_, made) = balanced(account_files(&works(properties, "", rows)));
    let of: Vec<f64> = calcium(&made).iter().map(|c| c.residual()).collect();
    assert!(of.len() == 2 && of.iter().all(|r| r.abs() < 1e-9), "{of:?}");

    // January opens with what December has closed with, which is no row of the year.
    let rows = rows.replace("2023-", "2024-").replace("1,2024-01,stock:opening,A/P", "1,2023-12,A/P,stock:closing");
    let files = works(properties, "", &rows);
    let toml = files.text("park.toml").replace("[\"2023\"]", "[\"2023\", \"2024\"]");
    let (_, made) = balanced(account_files(&files.with("park.toml", &toml)));
    let [february] = &calcium(&made)[..] else { panic!("{:?}", made.closures) };
    assert!(february.residual().abs() < 1e-9 && february.period.month == Some(2));
    assert!(made.untested.keys().any(|k| matches!(k.1, Untested::Level(_))));
}

/// Gypsum is assayed dry and weighed moist.
#[test]
fn contents_of_dry_matter_hold_for_moist_goods_by_their_dry_matter() {
    let of = |properties: &str, basis: &str| {
        let files = works("", "", "")
            .with(
                "carriers.csv",
                &format!("carrier,property,value,unit,basis\ntest_fuel,kind,solid_fuel,,\n{properties}"),
            )
            .with(
                "flows.csv",
                &format!(
                    "{FLOWS},basis
                    1,2023,outside:supplier,A/P,limestone,1000,t,sorbent,,invoice,,2,
                    2,2023,A/P,B/MILL,fgd_gypsum,1500,t,process,,meter,,1,{basis}"
                ),
            );
        let (_, made) = balanced(account_files(&files));
        calcium(&made).first().map(|c| c.outflow / (1500.0 * 0.95 * 40.078 / 172.164))
    };
    let near =
        |found: Option<f64>, expected: f64| assert!((found.unwrap() - expected).abs() < 1e-9, "{found:?} {expected}");
    let dry = "limestone,carbonate,90,%,\nfgd_gypsum,gypsum,95,%,dry";
    let moist = "limestone,carbonate,90,%,\nfgd_gypsum,gypsum,95,%,as_received\nfgd_gypsum,dry_matter,90,%,";
    near(of(&format!("{dry}\nfgd_gypsum,dry_matter,90,%,"), "as_received"), 0.9);
    near(of(moist, "dry"), 1.0 / 0.9);
    near(of(moist, "as_received"), 1.0);
    near(of(dry, "dry"), 1.0);
    near(of(dry, ""), 1.0);
    assert_eq!(of(dry, "as_received"), None, "how moist it is is not known");
}

/// A boiler and a scrubber whose gypsum is sold. By hand: 1000 t of coal hold 10 t of sulfur, 50 t of gypsum 8.8465 t.
#[test]
fn sulfur_is_balanced_by_the_year_where_a_part_of_it_is_yearly() {
    let of = |rows: &str, monitors: &str| {
        let files = works("bituminous,,sulfur,1,%\nfgd_gypsum,,gypsum,95,%", "", "")
            .with("flows.csv", &format!("{FLOWS},notation\n{rows}"))
            .with("emissions.csv", &format!("id,period,enterprise,process,replaces,gas,quantity,unit\n{monitors}"));
        let (_, made) = balanced(account_files(&files));
        let sulfur = made.closures.iter().filter(|c| c.thing == Thing::Sulfur);
        let mut found: Vec<(String, f64, f64)> = sulfur.map(|c| (c.period.to_string(), c.inflow, c.outflow)).collect();
        found.sort_by(|a, b| a.0.cmp(&b.0));
        found
    };
    let near = |found: Vec<(String, f64, f64)>, expected: &[(&str, f64, f64)]| {
        assert_eq!(found.len(), expected.len(), "{found:?}");
        for (found, expected) in found.iter().zip(expected) {
            assert_eq!(found.0, expected.0);
            assert!(
                (found.1 - expected.1).abs() < 1e-9 && (found.2 - expected.2).abs() < 1e-9,
                "{found:?} {expected:?}"
            );
        }
    };
    let coal = "1,2023-01,outside:supplier,A/P,bituminous,1000,t,process,,invoice,,2,
        2,2023-02,outside:supplier,A/P,bituminous,1000,t,process,,invoice,,2,";
    let gypsum = "3,2023-01,A/P,B/MILL,fgd_gypsum,50,t,process,,meter,,1,
        4,2023-02,A/P,B/MILL,fgd_gypsum,50,t,process,,meter,,1,";
    let (in_gypsum, in_so2) = (50.0 * 0.95 * 32.06 / 172.164, 32.06 / 64.058);
    let monthly = "s1,2023-01,A,A/P,,SO2,2,t\ns2,2023-02,A,A/P,,SO2,2,t";
    let out = in_gypsum + 2.0 * in_so2;
    let rows = format!("{coal}\n{gypsum}");
    near(of(&rows, monthly), &[("2023-01", 10.0, out), ("2023-02", 10.0, out)]);
    // The monitor, or the gypsum, by the year only.
    near(of(&rows, "s1,2023,A,A/P,,SO2,4,t"), &[("2023", 20.0, 2.0 * out)]);
    let yearly = format!("{coal}\n3,2023,A/P,B/MILL,fgd_gypsum,100,t,process,,meter,,1,");
    near(of(&yearly, monthly), &[("2023", 20.0, 2.0 * out)]);
    // February opens with what January has closed with.
    let levels = "5,2023-01,stock:opening,A/P,bituminous,500,t,,,stock,,,
        6,2023-01,A/P,stock:closing,bituminous,400,t,,,stock,,,
        7,2023-02,A/P,stock:closing,bituminous,300,t,,,stock,,,";
    near(of(&format!("{rows}\n{levels}"), monthly), &[("2023-01", 15.0, out + 4.0), ("2023-02", 14.0, out + 3.0)]);
    // SO2 by the fuel has no line for a level of one row: its year is balanced, 44 t of SO2 of 2,200 t of coal,
    // reckoned as twice their sulfur and taken back so.
    let burnt = format!("{rows}\n{}", levels.replace(",t,,", ",t,combustion,"))
        .replace(",process,,invoice", ",combustion,,invoice");
    let whole = 3.0 + 2.0 * in_gypsum + 22.0;
    near(of(&burnt, ""), &[("2023", 25.0, whole)]);
    let both = format!("{burnt}\n8,2023-02,stock:opening,A/P,bituminous,400,t,combustion,,stock,,,");
    let february = (14.0, 3.0 + in_gypsum + 11.0);
    near(of(&both, ""), &[("2023-01", 15.0, 4.0 + in_gypsum + 11.0), ("2023-02", february.0, february.1)]);
    // What nobody has measured is no gap.
    let unmeasured = rows.replace(
        "4,2023-02,A/P,B/MILL,fgd_gypsum,50,t,process,,meter,,1,",
        "4,2023-02,A/P,B/MILL,fgd_gypsum,,t,process,,,,,NE
        8,2023-02,A/P,B/MILL,fgd_gypsum,5,t,consumption,,meter,,1,",
    );
    near(of(&unmeasured, monthly), &[("2023-01", 10.0, out)]);
}

/// What nobody has measured is no gap.
#[test]
fn calcium_of_an_unmeasured_row_has_no_balance() {
    let files = |notation: &str| {
        works("limestone,,carbonate,90,%\nfgd_gypsum,A,gypsum,95,%\nsteel_slag,,cao,40,%", "", "").with(
            "flows.csv",
            &format!(
                "{FLOWS},notation
                1,2023,outside:supplier,A/P,limestone,1000,t,sorbent,,invoice,,2,
                2,2023,A/P,B/MILL,fgd_gypsum,,t,process,,,,,{notation}
                3,2023,A/P,outside:landfill,steel_slag,20,t,,,meter,,1,"
            ),
        )
    };
    assert!(calcium(&balanced(account_files(&files("NE"))).1).is_empty());
    assert_eq!(calcium(&balanced(account_files(&files("NO"))).1).len(), 1);
}

/// Two headers with five meters, of which 1, 2 and 4 share a calibration.
fn calibrated() -> Files {
    let rows = "1,2023,outside:nature,A/N,fresh_water,1000,m3,,,meter,20,,CAL-1
        2,2023,A/N,A/M,fresh_water,620,m3,,,meter,10,,CAL-1
        3,2023,A/N,B/X,fresh_water,350,m3,consumption,,meter,8,,
        4,2023,A/M,C/X,fresh_water,600,m3,consumption,,meter,6,,CAL-1
        5,2023,A/M,B/X,fresh_water,15,m3,consumption,,meter,5,,ALONE";
    water("").with("flows.csv", &format!("{FLOWS},correlation_group\n{rows}"))
}

#[test]
fn errors_of_a_correlation_group_are_one() {
    // Generalized least squares with the full matrix: V has the products of the deviations of 1, 2 and 4, and 8² and 5².
    let y = [1000.0, 620.0, 350.0, 600.0, 15.0];
    let shared = [20.0, 10.0, 0.0, 6.0, 0.0];
    let own = [0.0, 0.0, 8.0, 0.0, 5.0];
    let g = [[1.0, -1.0, -1.0, 0.0, 0.0], [0.0, 1.0, 0.0, -1.0, -1.0]];
    let v = |i: usize, j: usize| shared[i] * shared[j] + if i == j { own[i] * own[i] } else { 0.0 };
    let gv = |r: usize, j: usize| (0..5).map(|i| g[r][i] * v(i, j)).sum::<f64>();
    let m = |r: usize, s: usize| (0..5).map(|j| gv(r, j) * g[s][j]).sum::<f64>();
    let determinant = m(0, 0) * m(1, 1) - m(0, 1) * m(1, 0);
    let inverse = [[m(1, 1), -m(0, 1)], [-m(1, 0), m(0, 0)]].map(|row| row.map(|e| e / determinant));
    let r = [0, 1].map(|k: usize| (0..5).map(|i| g[k][i] * y[i]).sum::<f64>());
    let lambda = [0, 1].map(|k: usize| inverse[k][0] * r[0] + inverse[k][1] * r[1]);
    let chi2 = r[0] * lambda[0] + r[1] * lambda[1];
    let best = |i: usize| y[i] - gv(0, i) * lambda[0] - gv(1, i) * lambda[1];
    let taken = |i: usize| {
        (0..2).flat_map(|a| (0..2).map(move |b| (a, b))).map(|(a, b)| gv(a, i) * inverse[a][b] * gv(b, i)).sum::<f64>()
    };

    let made = json(&calibrated(), &[]);
    assert!((made["chi2"].as_f64().unwrap() - chi2).abs() < 1e-9 * chi2);
    assert_eq!(made["freedom"], 2);
    let flows = made["flows"].as_array().unwrap();
    assert_eq!(flows.len(), 5, "{flows:?}");
    for flow in flows {
        let i = flow["id"].as_str().unwrap().parse::<usize>().unwrap() - 1;
        let near = |key: &str, expected: f64| {
            let found = flow[key].as_f64().unwrap();
            assert!(
                (found - expected).abs() < 1e-7 * expected.abs().max(1.0),
                "{key} of {}: {found} {expected}",
                i + 1
            );
        };
        near("measured", y[i]);
        near("sd", v(i, i).sqrt());
        near("reconciled", best(i));
        near("posterior_sd", (v(i, i) - taken(i)).sqrt());
        near("correction", (best(i) - y[i]) / v(i, i).sqrt());
        near("test", (best(i) - y[i]).abs() / taken(i).sqrt());
        assert_eq!(flow["class"], "redundant");
    }
    // What is left of a balance: the shared error 20 − 10 and the own 8.
    let closures = made["closures"].as_array().unwrap();
    let at_n = closures.iter().find(|c| c["place"] == "A/N").unwrap();
    assert!((at_n["sd"].as_f64().unwrap() - 10.0_f64.hypot(8.0)).abs() < 1e-9);
    // The readings of a group are not joined balances in nodal tests.
    let nodal = json(&calibrated(), &[])["nodal"].as_array().unwrap().clone();
    assert!(nodal.len() == 2 && nodal.iter().all(|n| n["at"].as_array().unwrap().len() <= 2), "{nodal:?}");
    assert!(nodal.iter().all(|n| !n["at"].to_string().contains("→")), "{nodal:?}");
    // The inventory takes the same values.
    let (package, made) = balanced(account_files(&calibrated()));
    let fed = parkflux::balance::feed(&package.park, &made);
    assert!((fed.flows[3].quantity.unwrap().value - best(3)).abs() < 1e-7);
}

#[test]
fn a_calibration_that_is_off_is_named_as_one() {
    // All meters of the calibration read 5 % high, as no other does.
    let rows = "1,2023,outside:nature,A/N,fresh_water,1050,m3,,,meter,,1,CAL-1
        2,2023,A/N,B/X,fresh_water,400,m3,consumption,,meter,,1,
        3,2023,A/N,C/X,fresh_water,600,m3,consumption,,meter,,1,
        4,2023,outside:nature,A/M,fresh_water,525,m3,,,meter,,1,CAL-1
        5,2023,A/M,B/X,fresh_water,300,m3,consumption,,meter,,1,
        6,2023,A/M,C/X,fresh_water,200,m3,consumption,,meter,,1,";
    let files = water("").with("flows.csv", &format!("{FLOWS},correlation_group\n{rows}"));
    let made = json(&files, &[]);
    assert_eq!(made["suspects"][0]["ids"], serde_json::json!(["1", "4"]));
    assert_eq!(made["suspects"].as_array().unwrap().len(), 1);
    let (_, balance) = balanced(account_files(&files));
    assert!((balance.wrong[0].periods[0].1.unwrap() - 0.05).abs() < 1e-9);
    for flow in made["flows"].as_array().unwrap() {
        let expected = match flow["id"].as_str().unwrap() {
            "1" => 1000.0,
            "4" => 500.0,
            _ => flow["measured"].as_f64().unwrap(),
        };
        assert!((flow["without_suspects"].as_f64().unwrap() - expected).abs() < 1e-6, "{flow}");
    }
    assert!(printed(&files, &[]).contains("correlation group CAL-1"));
    assert!(printed(&files, &["--lang", "zh"]).contains("相关组 CAL-1"));
}

#[test]
fn no_best_value_is_negative_where_that_is_asked_for() {
    // In 100 ± 1; out 104 ± 1 and an unmeasured flow, which would be −4.
    let files = water(
        "1,2023,outside:nature,A/N,fresh_water,100,m3,,,meter,1,
        2,2023,A/N,B/X,fresh_water,104,m3,consumption,,meter,1,
        3,2023,A/N,C/X,fresh_water,,m3,consumption,,,,",
    );
    let best = |made: &Value, id: &str| {
        let flows = made["flows"].as_array().unwrap();
        flows.iter().find(|f| f["id"] == id).unwrap()["reconciled"].as_f64().unwrap()
    };
    let free = json(&files, &[]);
    assert!((best(&free, "3") + 4.0).abs() < 1e-9);
    assert_eq!(free["nonnegative"], Value::Null);
    // With the flow held at 0 the two meters meet half-way: 2² + 2² in squares.
    let made = json(&files, &["--nonnegative"]);
    for (id, value) in [("1", 102.0), ("2", 102.0), ("3", 0.0)] {
        assert!((best(&made, id) - value).abs() < 1e-9, "{id}");
    }
    assert!((made["chi2"].as_f64().unwrap() - 8.0).abs() < 1e-9);
    assert_eq!(made["nonnegative"], serde_json::json!({ "held": ["3"], "not_found": [] }));
    // Without a suspect, too, no value is negative.
    for flow in made["flows"].as_array().unwrap() {
        assert!(flow["without_suspects"].as_f64().is_none_or(|x| x >= -1e-9), "{flow}");
    }
    let said = printed(&files, &["--nonnegative"]);
    assert!(said.contains("Best values are not below zero; flows held at zero: 1 (3)"), "{said}");
    assert!(printed(&files, &["--nonnegative", "--lang", "zh"]).contains("最佳值不为负；1 项流量取零（3）"));
}

#[test]
fn covariances_are_told_where_they_are_asked_for() {
    // 1 → 2 + 3, each ± 10: V = 100, of which the balance takes 100 · 100 / 300 from each variance and adds to each covariance.
    let files = water(
        "1,2023,outside:nature,A/N,fresh_water,100,m3,,,meter,10,
        2,2023,A/N,B/X,fresh_water,60,m3,consumption,,meter,10,
        3,2023,A/N,C/X,fresh_water,43,m3,consumption,,meter,10,
        4,2023,outside:nature,A/M,fresh_water,100,m3,,,meter,10,",
    );
    let third = 100.0 / 3.0;
    for (pair, value) in [("1,2", third), ("2,3", -third), ("2,2", 2.0 * third), ("2,4", 0.0)] {
        let made = json(&files, &["--covariance", pair]);
        let found = made["covariance"]["covariance"].as_f64().unwrap();
        assert!((found - value).abs() < 1e-9, "{pair}: {found}");
    }
    let made = json(&files, &["--covariance", "2,3"]);
    assert!((made["covariance"]["correlation"].as_f64().unwrap() + 0.5).abs() < 1e-9);
    assert!((made["covariance"]["posterior_sd"][0].as_f64().unwrap() - (2.0 * third).sqrt()).abs() < 1e-9);
    let said = printed(&files, &["--covariance", "2,3"]);
    let sentence =
        "Covariance of 2 (sd 8.16497 m3) and 3 (sd 8.16497 m3) after reconciliation: -33.3333, correlation -0.5";
    assert!(said.contains(sentence), "{said}");
    let said = printed(&files, &["--covariance", "2,3", "--lang", "zh"]);
    assert!(said.contains("的协方差：-33.3333，相关系数 -0.5"), "{said}");
    let minimal = common::park("minimal");
    let minimal = minimal.to_str().unwrap();
    for (pair, expected) in [("1,nobody", "no balanced flow has the id"), ("1", "--covariance takes two ids: ID,ID")] {
        let output = run(&["balance", minimal, "--covariance", pair]);
        assert_eq!(output.status.code(), Some(2));
        assert!(String::from_utf8_lossy(&output.stderr).contains(expected), "{pair}");
    }
}
