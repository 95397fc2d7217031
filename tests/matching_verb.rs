//! `symbiosis match` as a user meets it: a package in, the best use out.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test may stop at the first surprise")]

mod common;

use approx::assert_relative_eq;
use common::Files;
use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output};

fn parkflux(words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_parkflux")).args(words).env("LANG", "C").env_remove("LC_ALL").output().unwrap()
}

/// What the verb says of a folder, as JSON.
fn matched_in(folder: &Path, words: &[&str]) -> Value {
    let output = parkflux(&[&["symbiosis", "match", folder.to_str().unwrap(), "--json"], words].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn written(files: &Files) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in &files.0 {
        std::fs::write(folder.path().join(name), bytes).unwrap();
    }
    folder
}

fn matched(files: &Files, words: &[&str]) -> Value {
    matched_in(written(files).path(), words)
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value}"))
}

/// What the plan lets pass from a source to a need, by parts of their names.
fn passes(made: &Value, source: &str, need: &str) -> f64 {
    let has = |of: &Value, part: &str| of.as_str().unwrap().contains(part);
    let uses = made["uses"].as_array().unwrap().iter();
    uses.filter(|u| has(&u["source"], source) && has(&u["instead_of"], need)).map(|u| number(&u["best"])).sum()
}

fn told(made: &Value) -> String {
    made["told"].as_array().unwrap().iter().map(|w| w["en"].as_str().unwrap().to_owned() + "\n").collect()
}

const EXCHANGES: &str = "from,to,carrier,status,period,quantity,unit,displaces,ratio,disposal,distance_km,limits";

/// A residue of A, with 0.5 % chlorine, that may replace half its mass of fuel with 0.02 % at B; heat of C at 90 °C and of D at 180 °C
/// for E, which needs it at 150 °C, and F, at 70 °C.
fn small(limits: &str) -> Files {
    Files::new("")
        .with("enterprises.csv", "enterprise,sector\nA,C26\nB,C30\nC,C26\nD,C26\nE,C26\nF,C26")
        .with(
            "carriers.csv",
            "carrier,enterprise,property,value,unit
             test_fuel,,kind,solid_fuel,
             test_fuel,,chlorine,0.02,%
             residue,,kind,by_product,
             residue,A,chlorine,0.5,%
             waste_heat,C,temperature,90,°C
             waste_heat,D,temperature,180,°C
             heat,E,temperature,150,°C
             heat,F,temperature,70,°C",
        )
        .with(
            "flows.csv",
            "id,period,from,to,carrier,quantity,unit,basis,use
             F1,2023,outside:supplier,B,test_fuel,1000,t,as_received,combustion
             F2,2023,A,outside:landfill,residue,600,t,,
             H1,2023,outside:supplier,E,heat,500,GJ,,
             H2,2023,outside:supplier,F,heat,300,GJ,,
             H3,2023,C,outside:loss,waste_heat,400,GJ,,
             H4,2023,D,outside:loss,waste_heat,350,GJ,,",
        )
        .with(
            "exchanges.csv",
            &format!(
                "{EXCHANGES}
                 A,B,residue,candidate,2023,100,t,test_fuel,0.5,landfill,3,{limits}
                 D,E,waste_heat,candidate,2023,100,GJ,heat,1,stack,2,
                 C,F,waste_heat,candidate,2023,100,GJ,heat,1,stack,2,"
            ),
        )
}

#[test]
fn quantities_are_the_limits_where_nothing_else_is() {
    let made = matched(&small(""), &["--what", "materials"]);
    assert_relative_eq!(passes(&made, "A:residue", "B:test_fuel"), 600.0, max_relative = 1e-6);
    // Half a tonne of fuel of 2 t CO2/t for each.
    assert_relative_eq!(number(&made["saved_best"]), 600.0, max_relative = 1e-6);
    assert_relative_eq!(number(&made["sources"][0]["price"]), 1.0, max_relative = 1e-6);
    assert_relative_eq!(number(&made["resolved"]["exact"]), 600.0, max_relative = 1e-6);
    assert_eq!(made["resolved"]["differs"], false);
    // Heat is none of the materials.
    assert_eq!(made["sources"].as_array().unwrap().len(), 1);
    assert_eq!(matched(&small(""), &[])["sources"].as_array().unwrap().len(), 3);
}

#[test]
fn a_limit_of_the_mixture_binds_at_its_shadow_price() {
    let of = |limit: f64| matched(&small(&format!("mixed chlorine<={limit} %")), &["--what", "materials"]);
    let made = of(0.1);
    // 0.5 x + 0.02 y = 0.1 (x + y) and 0.5 x + y = 1000: y = 5 x.
    let x = 1000.0 / 5.5;
    assert_relative_eq!(passes(&made, "A:residue", "B:test_fuel"), x, max_relative = 1e-6);
    let limit = &made["limits"][0];
    assert_eq!((limit["property"].as_str(), limit["unit"].as_str()), (Some("chlorine"), Some("%")));
    assert_relative_eq!(number(&limit["is"]), 0.1, max_relative = 1e-6);
    // The price is in the unit of the row: what 0.0001 % more saves.
    let moved = (number(&of(0.1001)["saved_best"]) - number(&of(0.0999)["saved_best"])) / 0.0002;
    assert_relative_eq!(number(&limit["price"]), moved, max_relative = 1e-3);
    assert!(moved > 100.0, "{moved}");
    // Solved in full the mixture keeps its limit, too, and saves as much.
    assert_relative_eq!(number(&made["resolved"]["exact"]), x, max_relative = 1e-6);
    // A wide limit costs nothing.
    let wide = of(0.4);
    assert_relative_eq!(passes(&wide, "A:residue", "B:test_fuel"), 600.0, max_relative = 1e-6);
    assert_relative_eq!(number(&wide["limits"][0]["price"]), 0.0, epsilon = 1e-9);
}

#[test]
fn limits_of_what_is_given_and_shares_hold() {
    let of = |limits: &str| matched(&small(limits), &["--what", "materials"]);
    // At the giver: dirty residue is not taken, however little.
    let dirty = of("chlorine<=0.1 %");
    assert_relative_eq!(passes(&dirty, "A", "B"), 0.0);
    assert!(told(&dirty).contains("chlorine is 0.5 %, the limit chlorine<=0.1 %"), "{}", told(&dirty));
    assert_relative_eq!(passes(&of("chlorine<=0.5 %"), "A", "B"), 600.0, max_relative = 1e-6);
    // A tenth of the need, in what is displaced: 100 t of fuel are 200 t of residue.
    assert_relative_eq!(passes(&of("share<=0.1"), "A", "B"), 200.0, max_relative = 1e-6);
    // What nobody measured is not offered to who limits it.
    for limits in ["sulfur<=1 %", "mixed sulfur<=1 %"] {
        let made = matched(&with_sulfur_of_the_fuel(limits), &["--what", "materials"]);
        assert_relative_eq!(passes(&made, "A", "B"), 0.0);
        assert!(told(&made).contains("not offered") && told(&made).contains("'sulfur'"), "{}", told(&made));
    }
    // Nor can a mixture be judged of which the bought part is not known: that is told, and nothing is limited.
    let unknown = of("mixed sulfur<=1 %");
    assert_relative_eq!(passes(&unknown, "A", "B"), 600.0, max_relative = 1e-6);
    assert!(told(&unknown).contains("not judged") && told(&unknown).contains("test_fuel"), "{}", told(&unknown));
}

fn with_sulfur_of_the_fuel(limits: &str) -> Files {
    let files = small(limits);
    let carriers = files.text("carriers.csv") + "test_fuel,,sulfur,0.5,%\n";
    files.with("carriers.csv", &carriers)
}

#[test]
fn a_limit_that_the_base_year_breaks_is_told() {
    let files = small("mixed chlorine<=0.1 %");
    let flows = files.text("flows.csv") + "F3,2023,A,B,residue,400,t,,process\n";
    let exchanges = files.text("exchanges.csv").replace("candidate,2023,100,t", "existing,,,");
    let made = matched(&files.with("flows.csv", &flows).with("exchanges.csv", &exchanges), &["--what", "materials"]);
    assert!(told(&made).contains("the base year itself does not keep"), "{}", told(&made));
    assert_relative_eq!(passes(&made, "A", "B"), 1000.0, max_relative = 1e-6);
}

#[test]
fn heat_flows_down_only() {
    let made = matched(&small(""), &["--what", "heat"]);
    // 180 °C serves the need at 150 °C and is all used there; 90 °C serves that at 70 °C alone, and 100 of it are left.
    assert_relative_eq!(passes(&made, "D:waste_heat", ">E:heat"), 350.0, max_relative = 1e-6);
    assert_relative_eq!(passes(&made, "C:waste_heat", ">E:heat"), 0.0);
    assert_relative_eq!(passes(&made, "C:waste_heat", ">F:heat"), 300.0, max_relative = 1e-6);
    assert_relative_eq!(number(&made["resolved"]["exact"]), number(&made["resolved"]["promised"]), max_relative = 1e-6);
    // Where nobody measured D the row says that it is hot enough for E; C stays too cold for that.
    let files = small("");
    let bare = files.text("carriers.csv").replace("waste_heat,D,temperature,180,°C\n", "");
    let made = matched(&files.with("carriers.csv", &bare), &["--what", "heat"]);
    assert_relative_eq!(passes(&made, "D:waste_heat", ">E:heat"), 350.0, max_relative = 1e-6);
    assert_relative_eq!(passes(&made, "C:waste_heat", ">E:heat"), 0.0);
    // Hotter by 70 K the heat of C also serves the need at 150 °C, as a pair that no row states: 50 of 800 are left to buy.
    let files = small("");
    let hot = files.text("carriers.csv").replace("C,temperature,90", "C,temperature,160");
    let made = matched(&files.with("carriers.csv", &hot), &["--what", "heat"]);
    assert_relative_eq!(number(&made["totals"][0]["in_the_plan"]), 50.0, max_relative = 1e-5);
    assert!(made["told"].as_array().unwrap().is_empty(), "{}", told(&made));
}

/// Case o07, as a package: the least fresh water of four plants with pooled COD.
#[test]
fn water_reuse_among_plants_comes_out_of_a_package() {
    let case = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/cases/o07_polley_water");
    let made = matched_in(&case.join("park"), &["--what", "water"]);
    assert_eq!(made["measure"], "fresh_water");
    let total = |needed: bool, key: &str| {
        let all = made["totals"].as_array().unwrap().iter();
        all.filter(|t| t["needed"] == needed).map(|t| number(&t[key])).sum::<f64>()
    };
    let mut checked = 0;
    for row in csv::Reader::from_path(case.join("expected.csv")).unwrap().records().map(Result::unwrap) {
        let found = match &row[0] {
            "min_fresh_water" => total(true, "in_the_plan"),
            "min_waste_water" => total(false, "in_the_plan"),
            "no_reuse_fresh_water" => total(true, "without_reuse"),
            other => panic!("{other}"),
        };
        assert_relative_eq!(found, row[1].parse::<f64>().unwrap(), epsilon = 1e-6);
        checked += 1;
    }
    assert_eq!(checked, 3);
    // Every plant takes what it may.
    for limit in made["limits"].as_array().unwrap() {
        assert!(number(&limit["is"]) <= number(&limit["limit"]) * (1.0 + 1e-6), "{limit}");
    }
    // The accounts of the plan, solved as one, save as much.
    assert_relative_eq!(number(&made["resolved"]["exact"]), 230.0, max_relative = 1e-6);
    assert_eq!(made["resolved"]["moved"].as_array().unwrap().len(), 0);
}

#[test]
fn the_text_is_in_both_languages() {
    let folder = written(&small("mixed chlorine<=0.1 %"));
    let shown = |lang: &str| {
        let words = ["symbiosis", "match", folder.path().to_str().unwrap(), "--what", "materials", "--lang", lang];
        String::from_utf8(parkflux(&words).stdout).unwrap()
    };
    let (en, zh) = (shown("en"), shown("zh"));
    for part in ["Limits of what is mixed", "chlorine<=0.1", "Solved as one scenario", "In all"] {
        assert!(en.contains(part), "{part}\n{en}");
    }
    for part in ["混合后的限值", "chlorine<=0.1", "整体求解", "合计"] {
        assert!(zh.contains(part), "{part}\n{zh}");
    }
    assert!(!zh.contains("saved"), "{zh}");
}

#[test]
fn a_plan_is_solved_in_full_beside_its_promise() {
    let folder = common::park("binhai-example");
    let made = matched_in(&folder, &[]);
    let resolved = &made["resolved"];
    let (exact, promised) = (number(&resolved["exact"]), number(&resolved["promised"]));
    assert!((promised - (number(&made["saved_best"]) - number(&made["saved_now"]))).abs() < 1e-6 * promised);
    // More slag and ash in cement means less power, less coal, and less ash: the promise is too high.
    assert!(exact > 0.9 * promised && exact < 0.99 * promised, "{exact} {promised}");
    assert_eq!(resolved["differs"], true);
    let moved = resolved["moved"].as_array().unwrap();
    let ash = moved.iter().find(|m| m["exchange"] == "E01>E04:fly_ash").unwrap_or_else(|| panic!("{resolved}"));
    assert!(number(&ash["carried"]) < 0.95 * number(&ash["planned"]), "{ash}");
}

/// The same park with a second donor of the residue, G, that no row joins to B.
fn far(latitude: &str) -> Files {
    let files = Files::new(
        "factor_sets = [\"park\", \"cn_gbt32151_2024\", \"cn_grid\", \"cn_heat\", \"ipcc_2006\", \"cn_gbt51366_2019_footprints\"]",
    );
    let files = Files(files.0.into_iter().chain(small("").0.into_iter().filter(|f| f.0 != "park.toml")).collect());
    let flows = files.text("flows.csv")
        + "G1,2023,G,outside:landfill,residue,200,t,,\nG2,2023,outside:supplier,H,test_fuel,10,t,as_received,combustion\n";
    let exchanges = files.text("exchanges.csv") + "G,H,residue,candidate,2023,10,t,test_fuel,0.5,landfill,3,\n";
    files.with("flows.csv", &flows).with("exchanges.csv", &exchanges).with(
        "enterprises.csv",
        &format!(
            "enterprise,sector,latitude,longitude\nA,C26,,\nB,C30,39,117\nC,C26,,\nD,C26,,\nE,C26,,\nF,C26,,
             G,C26,{latitude},117\nH,C26,,"
        ),
    )
}

#[test]
fn new_pairs_cost_freight_by_their_distance() {
    let words = ["--what", "materials", "--freight", "diesel_truck_30t"];
    // A degree of a meridian: 6371.0088 km · π / 180.
    let degree = 6371.0088 * std::f64::consts::PI / 180.0;
    let made = matched(&far("40"), &words);
    let uses = made["uses"].as_array().unwrap();
    let new = uses.iter().find(|u| u["source"] == "G:residue" && u["stated"] == false && number(&u["best"]) > 0.0);
    let new = new.unwrap_or_else(|| panic!("{uses:?}"));
    assert_relative_eq!(number(&new["km"]), degree, max_relative = 1e-9);
    // What a tonne of it saves is what a tonne that goes nowhere would, less the freight.
    // GB/T 51366-2019: 0.078 kg CO2e/(t·km).
    let factor = 0.078e-3;
    let sources = made["sources"].as_array().unwrap();
    let price = |name: &str| number(&sources.iter().find(|s| s["source"] == name).unwrap()["price"]);
    assert_relative_eq!(price("G:residue"), 1.0 - degree * factor, max_relative = 1e-6);
    assert_relative_eq!(price("A:residue"), 1.0 - 3.0 * factor, max_relative = 1e-6);
    assert_relative_eq!(number(&made["resolved"]["exact"]), number(&made["resolved"]["promised"]), max_relative = 1e-6);
    // Beyond the farthest nothing new is proposed, nor where nobody tells how far it is.
    for (latitude, most) in [("40", "100"), ("", "1000")] {
        let near = matched(&without_longitude(latitude), &[&words[..], &["--max-km", most]].concat());
        assert_relative_eq!(passes(&near, "G:residue", "B:test_fuel"), 0.0);
        assert_relative_eq!(passes(&near, "A:residue", "B:test_fuel"), 600.0, max_relative = 1e-6);
        let untold =
            told(&near).lines().any(|l| l.starts_with("G:residue > outside:supplier>B") && l.contains("how far"));
        assert_eq!(untold, latitude.is_empty(), "{}", told(&near));
    }
    assert!(
        passes(&matched(&far("40"), &[&words[..], &["--max-km", "120"]].concat()), "G:residue", "B:test_fuel") > 1.0
    );
}

/// [`far`] with the coordinates of G, or without any.
fn without_longitude(latitude: &str) -> Files {
    let files = far(latitude);
    let enterprises = files.text("enterprises.csv").replace("G,C26,,117", "G,C26,,");
    files.with("enterprises.csv", &enterprises)
}

#[test]
fn a_place_needs_both_coordinates_and_a_globe() {
    let refused = |place: &str| {
        let files = small("").with("enterprises.csv", &format!("enterprise,sector,latitude,longitude\nA,C26,{place}"));
        let output = parkflux(&["check", written(&files).path().to_str().unwrap()]);
        String::from_utf8(output.stderr).unwrap() + &String::from_utf8(output.stdout).unwrap()
    };
    assert!(refused("91,117").contains("91 is outside the possible range"));
    assert!(refused("39,").contains("column longitude"));
}

/// The park of case o07 with a file of pools.
fn pooled(pools: &str) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("pools.toml");
    std::fs::write(&file, pools).unwrap();
    let park = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/cases/o07_polley_water/park");
    let words = ["symbiosis", "match", park.to_str().unwrap(), "--what", "water", "--json", "--pools"];
    parkflux(&[&words[..], &[file.to_str().unwrap()]].concat())
}

fn fresh(output: &Output) -> f64 {
    let made: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{e} {output:?}"));
    let totals = made["totals"].as_array().unwrap().iter();
    totals.filter(|t| t["needed"] == true).map(|t| number(&t["in_the_plan"])).sum()
}

#[test]
fn pools_treat_and_mix() {
    let pool = |rest: &str| {
        pooled(&format!("[[pool]]\nname = \"P\"\ncarrier = \"wastewater\"\ndisplaces = \"fresh_water\"\n{rest}"))
    };
    // Water that is all cleaned serves all but what the plants lose: 300 less 280.
    assert_relative_eq!(fresh(&pool("outlet = \"cod<=0 mg/L\"")), 20.0, epsilon = 1e-5);
    // Half of it is lost: what is cleaned brings half.
    let half = fresh(&pool("outlet = \"cod<=0 mg/L\"\nrecovery = 0.5"));
    assert!(half > 25.0 && half < 65.0, "{half}");
    // What comes in may not be dirtier than 20 mg/L: no plant gives such water, nor a mixture of theirs.
    let clean = "outlet = \"cod<=0 mg/L\"\nlimits = \"cod<=20 mg/L\"";
    assert_relative_eq!(fresh(&pool(clean)), 70.0, epsilon = 1e-5);
    // The price of capacity is what a little more of it spares.
    let of = |capacity: f64| pool(&format!("outlet = \"cod<=10 mg/L\"\ncapacity = {capacity}\nunit = \"t\""));
    let made = of(10.0);
    let value: Value = serde_json::from_slice(&made.stdout).unwrap();
    let price = number(&value["pools"][0]["price"]);
    assert!(price > 0.1, "{price}");
    assert_relative_eq!((fresh(&of(9.9)) - fresh(&of(10.1))) / 0.2, price, max_relative = 1e-3);
    assert!(value["resolved"]["impossible"]["en"].as_str().unwrap().contains("treats"), "{value}");
    // A tank that only mixes opens nothing that is not open already, and its plan can be solved in full.
    let tank = pool("");
    assert_relative_eq!(fresh(&tank), 70.0, epsilon = 1e-4);
    let value: Value = serde_json::from_slice(&tank.stdout).unwrap();
    assert_relative_eq!(number(&value["resolved"]["exact"]), 230.0, max_relative = 1e-5);
}

#[test]
fn a_file_of_pools_is_refused_with_all_that_is_wrong() {
    let output = pooled(
        "[[pool]]\nname = \"P\"\ncarrier = \"wastewatr\"\ndisplaces = \"fresh_water\"\noutlet = \"cod = 10\"\n\
         [[pool]]\ncapcity = 3\nrecovery = 0.5\n",
    );
    assert_eq!(output.status.code(), Some(3));
    let value: Value = serde_json::from_slice(&output.stdout).unwrap();
    let codes: Vec<&str> =
        value["diagnostics"].as_array().unwrap().iter().map(|d| d["code"].as_str().unwrap()).collect();
    for code in ["S102", "S104", "S105", "S106"] {
        assert!(codes.contains(&code), "{codes:?}");
    }
}
