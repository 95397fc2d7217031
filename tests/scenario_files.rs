//! Scenario files: what is read, what is refused, and what their patterns meet.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test may stop at the first surprise")]

mod common;

use common::{Files, park};
use parkflux::diagnostic::{Diagnostics, Lang, Style, Words, render_text};
use parkflux::package::{Package, read, read_files, scenario_files};
use parkflux::park::Status;
use parkflux::quantity::Dimension;
use parkflux::scenario::{self, Action, By, Scenario, Size, Target, check, clash, met, read_all, resolve};
use std::collections::BTreeMap;
use std::process::Command;

/// A park of two firms: a boiler and a workshop, with gas handed over and a candidate for heat.
fn small() -> Package {
    let mut files = Files::new("periods = [\"2022\", \"2023\"]");
    let mut add = |name: &str, text: &str| files.0.insert(name.to_owned(), text.as_bytes().to_vec());
    add("enterprises.csv", "enterprise,name_zh,sector\nE01,热电,GB4754:D44\nE02,化工,GB4754:C26\n");
    add(
        "processes.csv",
        "process,enterprise,technique,accounting\nE01/B1,E01,boiler,combustion\nE01/B2,E01,boiler,combustion\n",
    );
    add(
        "flows.csv",
        "id,period,from,to,carrier,quantity,unit,basis,use\n\
         F1,2022,outside:supplier,E01/B1,natural_gas,10,万Nm3,,combustion\n\
         F2,2023,outside:supplier,E01/B1,natural_gas,12,万Nm3,,combustion\n\
         F3,2023,outside:supplier,E01/B2,natural_gas,12,万Nm3,,combustion\n\
         F4,2023,E01/B1,E02,steam,900,GJ,,\n\
         F5,2023,outside:grid,E02,electricity,80,万kWh,,\n",
    );
    add(
        "exchanges.csv",
        "from,to,carrier,status,period,quantity,unit,displaces,ratio,disposal,distance_km,conditioning\n\
         E02,E01,waste_heat,candidate,2023,400,GJ,natural_gas,0.9,cooling tower,2.4,pump\n",
    );
    let (package, found) = read_files(&files.0);
    package.unwrap_or_else(|| panic!("{}", render_text(&found, Lang::En, Style::Plain)))
}

fn files(list: &[(&str, &str)]) -> BTreeMap<String, Vec<u8>> {
    list.iter().map(|(name, text)| (format!("scenarios/{name}.toml"), text.as_bytes().to_vec())).collect()
}

/// Code, file, line and key of each problem.
fn places(found: &Diagnostics) -> Vec<String> {
    let place = |d: &&parkflux::diagnostic::Diagnostic| {
        let file = d.origin.file.trim_start_matches("scenarios/").trim_end_matches(".toml");
        let row = d.origin.row.map(|r| r.to_string()).unwrap_or_default();
        format!("{} {file}:{row} {}", d.problem.code().id(), d.origin.column.as_deref().unwrap_or_default())
    };
    found.sorted().iter().map(place).collect()
}

/// Reads sound scenarios.
fn sound(list: &[(&str, &str)], package: &Package) -> Vec<Scenario> {
    let (scenarios, found) = read_all(&files(list), &package.park);
    assert!(found.is_empty(), "{}", render_text(&found, Lang::En, Style::Plain));
    scenarios
}

/// The problems of one file `a`.
fn wrong(text: &str) -> Vec<String> {
    places(&read_all(&files(&[("a", text)]), &small().park).1)
}

#[test]
fn every_kind_is_read_with_its_units_and_defaults() {
    let text = r#"
name_en = "All kinds"
name_zh = "各种变更"
year = 2023

[[change]]
kind = "exchange"
of = "E02>E01:waste_heat"
quantity = 1
unit = "万kWh"

[[change]]
kind = "add_exchange"
name = "steam"
from = "E01/B2"
to = "E02"
carrier = "steam"
quantity = 5
unit = "GJ"
displaces = "natural_gas"
distance_km = 1.5

[[change]]
kind = "substitute"
of = "*>E01/*:natural_gas"
carrier = "biogas"
source = "outside:supplier"

[[change]]
kind = "coefficient"
of = "*>*:biogas"
times = 2

[[change]]
kind = "efficiency"
of = "E01/B*"
times = 1.1

[[change]]
kind = "demand"
of = "E02"
times = 0.9

[[change]]
kind = "demand"
of = "E01>E02:steam"
times = 0.9

[[change]]
kind = "unit"
name = "fgd"
unit = "wet_fgd"
id = "E01/FGD"
at = "E01/B1"
removal = "95 %"
specific_power = "1.65 kWh/kg"
ca_s_ratio = 2

[[change]]
kind = "limit"
of = "outside:grid>E01/FGD:electricity"
share = 1.5

[[change]]
kind = "close"
of = "E01/B2"

[[change]]
kind = "open"
of = "E01"

[[change]]
kind = "price"
of = "natural_gas"
times = 1.2

[[sweep]]
change = "fgd"
key = "specific_power"
values = [1.65, 3.3]

[[sweep]]
change = "change 1"
key = "quantity"
from = 0
to = 0.3
steps = 4
"#;
    let package = small();
    let list = sound(&[("all", text)], &package);
    let [all] = &list[..] else { panic!("{list:?}") };
    assert_eq!((&*all.label.id, &*all.label.name_zh, all.year), ("all", "各种变更", Some(2023)));
    let Action::Exchange { to: Size::Quantity(quantity), .. } = &all.changes[0].action else { panic!() };
    assert_eq!((quantity.value, quantity.dimension), (36.0, Dimension::ENERGY));
    let Action::Substitute { share, by, source, .. } = &all.changes[2].action else { panic!() };
    assert_eq!((*share, *by, source.as_deref()), (1.0, By::Energy, Some("outside:supplier")));
    assert!(matches!(&all.changes[5].action, Action::Demand { of: Target::Processes(of), .. } if of == "E02"));
    assert!(matches!(&all.changes[6].action, Action::Demand { of: Target::Flows(_), .. }));
    let Action::Unit(unit) = &all.changes[7].action else { panic!() };
    let parameters: Vec<(&str, f64)> = unit.parameters.iter().map(|(k, q)| (k.as_str(), q.value)).collect();
    let [("ca_s_ratio", ratio), ("removal", removal), ("specific_power", power)] = parameters[..] else {
        panic!("{parameters:?}")
    };
    assert!((power - 5.94).abs() < 1e-12 && (removal - 0.95).abs() < 1e-12 && (ratio - 2.0).abs() < 1e-12);
    // Values of a sweep are in the unit of the change; both ends are in it.
    assert!((all.sweeps[0].values[1] - 11.88).abs() < 1e-12);
    let points = &all.sweeps[1].values;
    assert_eq!((points.len(), points[0], points[3]), (4, 0.0, 0.3 * 36.0));
    assert_eq!((all.changes[0].origin.row, all.changes[7].origin.row), (Some(6), Some(49)));
    let counts: Vec<Option<usize>> = met(&resolve(&list, "all"), &package).iter().map(|m| m.count).collect();
    let some = |list: &[usize]| list.iter().map(|n| Some(*n)).collect::<Vec<_>>();
    assert_eq!(counts[0], Some(1));
    assert_eq!((counts[1], counts[7], counts[8]), (None, None, None));
    assert_eq!(counts[2..7], some(&[2, 2, 2, 1, 2]));
    assert_eq!(counts[9..], some(&[1, 1, 1]));
}

#[test]
fn exchanges_hold_their_row_as_typed_data() {
    let package = small();
    let park = &package.park;
    let [exchange] = &park.exchanges[..] else { panic!() };
    assert_eq!(exchange.status, Status::Candidate);
    assert_eq!(exchange.quantity.map(|q| q.value), Some(400.0));
    assert_eq!(exchange.displaces.map(|c| park.carrier(c).label.id.to_string()).as_deref(), Some("natural_gas"));
    assert_eq!((exchange.ratio, exchange.distance_km), (Some(0.9), Some(2.4)));
    assert_eq!((exchange.disposal.as_deref(), exchange.conditioning.as_deref()), (Some("cooling tower"), Some("pump")));
}

#[test]
fn all_problems_of_all_files_are_told_at_once() {
    let found = wrong(
        r#"
yaer = 2023
[[change]]
kind = "exchange"
share = -1
[[change]]
kind = "coefficient"
of = "E01>E09:gas"
times = inf
[[change]]
kind = "limit"
of = "*>*:electricity"
quantity = 3
unit = "t"
[[change]]
kind = "unit"
unit = "wet_fgd"
id = "E01/B1"
at = "E01/B1"
specific_power = "2 kWhh/kg"
[[change]]
kind = "substitute"
of = "*>*:natural_gas"
carrier = "biogas"
share = 1.5
by = "price"
[[sweep]]
change = "change 2"
key = "times"
from = 1
to = 2
steps = 1
"#,
    );
    let expected = [
        "S102 a:2 yaer",
        "S104 a:3 of",
        "S105 a:5 share",
        "S105 a:9 times",
        "U101 a:14 unit",
        "S105 a:18 id",
        "U102 a:20 specific_power",
        "S105 a:25 share",
        "S105 a:26 by",
        "S105 a:32 steps",
    ];
    assert_eq!(found, expected);
}

#[test]
fn what_no_scenario_can_mean_is_refused() {
    let change = |lines: &str| wrong(&format!("[[change]]\n{lines}\n"));
    assert_eq!(change("kind = \"close\"\nof = \"E09\""), ["S106 a:3 of"]);
    assert_eq!(change("kind = \"close\"\nof = \"E9*\""), ["S113 a:3 of"]);
    assert_eq!(change("kind = \"open\"\nof = \"E01\""), ["S113 a:3 of"]);
    assert_eq!(change("kind = \"price\"\nof = \"natural_gaz\"\ntimes = 1"), ["S106 a:3 of"]);
    assert_eq!(change("kind = \"limit\"\nof = \"E01>outside:grid\"\nshare = 1"), ["S105 a:3 of"]);
    assert_eq!(change("kind = \"limit\"\nof = \"E01>outside:gird:electricity\"\nshare = 1"), ["S106 a:3 of"]);
    // One for each part that is nothing.
    assert_eq!(change("kind = \"limit\"\nof = \"E8>E9:x\"\nshare = 1"), ["S106 a:3 of"; 3]);
    assert_eq!(change("kind = \"exchange\"\nof = \"*>*:*\"\nshare = 1\nquantity = 2"), ["S105 a:5 quantity"]);
    assert_eq!(change("kind = \"exchange\"\nof = \"outside:*>*:*\"\nshare = 1"), ["S113 a:3 of"]);
    let new = "kind = \"add_exchange\"\nfrom = \"E01/B1\"\nto = \"E01\"\ncarrier = \"natural_gas\"\nquantity = 1\n";
    // A month of each, and shares.
    let limit = "kind = \"limit\"\nof = \"*>E01/B2:natural_gas\"\nshare = 1\navailable = ";
    assert_eq!(change(&format!("{limit}{:?}", [1.0; 12])), Vec::<String>::new());
    for bad in ["0.5".to_owned(), format!("{:?}", [1.0; 11]), format!("{:?}", [1.5; 12]), "[\"all\"]".to_owned()] {
        assert_eq!(change(&format!("{limit}{bad}")), ["S105 a:5 available"]);
    }
    // A kind of unit, and a parameter, that there is none of.
    let unit = |kind: &str, more: &str| {
        change(&format!("kind = \"unit\"\nunit = \"{kind}\"\nid = \"E01/F\"\nat = \"E01/B1\"\n{more}"))
    };
    assert_eq!(unit("wet_fdg", "removal = \"95 %\""), ["S103 a:3 unit"]);
    assert_eq!(unit("wet_fgd", "removal = \"95 %\"\nremovl = 1"), ["S102 a:7 removl"]);
    assert_eq!(unit("pv", "capacity = \"1 MW\"\nremoval = \"95 %\""), ["S102 a:7 removal"]);
    assert_eq!(change("kind = \"unit\"\nid = \"E01/F\"\nat = \"E01/B1\""), ["S104 a:1 unit"]);
    // Within one enterprise, and a fuel by energy without its basis.
    assert_eq!(change(&format!("{new}unit = \"GJ\"\nbasis = \"NCV\"")), ["B201 a:4 to"]);
    assert_eq!(change(&format!("{new}unit = \"GJ\"")), ["U105 a:1 basis"]);
    assert_eq!(wrong("[change]\nkind = \"close\""), ["S105 a:1 change"]);
    assert_eq!(wrong("year = 2021"), ["S111 a:1 year"]);
    assert_eq!(wrong("year = 2023\nyear = 2023").len(), 1);
}

#[test]
fn a_pattern_is_judged_in_the_year_of_the_scenario() {
    let limit = "[[change]]\nkind = \"limit\"\nof = \"*>E01/B2:natural_gas\"\nshare = 1\n";
    assert_eq!(wrong(limit), Vec::<String>::new());
    assert_eq!(wrong(&format!("year = 2022\n{limit}")), ["S113 a:4 of"]);
}

#[test]
fn what_earlier_changes_add_is_there_for_later_ones() {
    let package = small();
    let base = "[[change]]\nkind = \"substitute\"\nname = \"bio\"\nof = \"*>E01/B1:natural_gas\"\ncarrier = \"biogas\"\nshare = 0.5\n";
    let more = "extends = \"base\"\n[[change]]\nkind = \"coefficient\"\nof = \"*>E01:biogas\"\ntimes = 0.9\n[[sweep]]\nchange = \"bio\"\nkey = \"share\"\nvalues = [0, 1]\n";
    let all = sound(&[("base", base), ("more", more)], &package);
    let chain = resolve(&all, "more");
    assert_eq!(chain.iter().map(|s| &*s.label.id).collect::<Vec<_>>(), ["base", "more"]);
    assert!(check(&chain, &package.park).is_empty());
    assert_eq!(places(&check(&chain[1..], &package.park)), ["S113 more:2 of"]);
    assert!(resolve(&all, "none").is_empty());
}

#[test]
fn chains_are_checked_over_all_files() {
    let park = small().park;
    let change = "[[change]]\nname = \"x\"\nkind = \"close\"\nof = \"E02\"\n";
    let list = [
        ("a", "extends = \"b\""),
        ("b", "extends = \"c\""),
        ("c", "extends = \"b\""),
        ("d", "extends = \"d\""),
        ("e", "extends = \"f\""),
        ("g", change),
        ("h", &format!("extends = \"g\"\n{change}")),
        ("i", "extends = \"broken\""),
        ("broken", "year = x"),
    ];
    let (all, found) = read_all(&files(&list), &park);
    assert_eq!(
        places(&found),
        ["S108 b:1 extends", "S101 broken:1 ", "S108 d:1 extends", "S107 e:1 extends", "S109 h:2 name"]
    );
    // A circle ends where it would begin anew.
    assert_eq!(resolve(&all, "a").len(), 3);
}

#[test]
fn factors_are_judged_where_the_package_is_known() {
    let scratch = tempfile::tempdir().unwrap();
    let (package, _) = read(&park("binhai-example")).unwrap();
    let package = package.unwrap();
    let folder = scratch.path().join("scenarios");
    std::fs::create_dir(&folder).unwrap();
    let factor = |of: &str| format!("[[change]]\nkind = \"factor\"\nof = \"{of}\"\ntimes = 0.9\n");
    std::fs::write(folder.join("a.toml"), factor("*") + &factor("nobody*") + &factor("nobody")).unwrap();
    let (all, found) = scenario::read(scratch.path(), &package).unwrap();
    assert_eq!(places(&found), ["S113 a:7 of", "S106 a:11 of"]);
    assert!(met(&resolve(&all, "a"), &package)[0].count.unwrap() > 100);
}

#[test]
fn a_workbook_has_its_scenarios_beside_it() {
    let scratch = tempfile::tempdir().unwrap();
    let folder = scratch.path().join("zone.scenarios");
    std::fs::create_dir(&folder).unwrap();
    for name in ["a.toml", "README.md", ".hidden", "b c.toml", "d.tml"] {
        std::fs::write(folder.join(name), "").unwrap();
    }
    let book = scratch.path().join("zone.xlsx");
    std::fs::write(&book, "").unwrap();
    let (files, found) = scenario_files(&book).unwrap();
    assert_eq!(files.keys().collect::<Vec<_>>(), ["zone.scenarios/a.toml"]);
    let names: Vec<String> = found.sorted().iter().map(|d| d.origin.file.to_string()).collect();
    assert_eq!(names, ["zone.scenarios/b c.toml", "zone.scenarios/d.tml"]);
}

#[test]
fn a_clash_names_what_clashes() {
    let package = small();
    let all = sound(&[("a", "")], &package);
    let constraints = vec![
        ("cap".to_owned(), Words::new("at most 400 GJ", "不超过 400 GJ")),
        ("E02 heat".to_owned(), Words::new("at least 900 GJ", "不少于 900 GJ")),
    ];
    let mut found = Diagnostics::default();
    found.push(clash(&all[0], None, 2023, constraints));
    let text = [Lang::En, Lang::Zh].map(|lang| render_text(&found, lang, Style::Plain)).join("\n");
    insta::assert_snapshot!("S114", text);
}

/// Runs the program in English.
fn parkflux(arguments: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_parkflux")).args(["--lang", "en"]).args(arguments).output().unwrap();
    (output.status.code(), String::from_utf8(output.stdout).unwrap())
}

#[test]
fn scenario_list_shows_what_each_change_meets() {
    let folder = park("binhai-example");
    let (code, text) = parkflux(&["scenario", "list", folder.to_str().unwrap()]);
    assert_eq!(code, Some(0));
    insta::assert_snapshot!("scenario_list", text);
    let (_, json) = parkflux(&["scenario", "list", "--json", folder.to_str().unwrap()]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let of = |name: &str| json.as_array().unwrap().iter().find(|s| s["scenario"] == name).unwrap();
    assert_eq!(of("half-bfg")["changes"][0]["met"], 1);
    assert_eq!(of("half-bfg")["sweeps"][0]["values"].as_array().unwrap().len(), 5);
    assert_eq!(of("no-exchange")["changes"][0]["met"], 20);
}

#[test]
fn a_misspelled_unit_is_told_with_the_nearest() {
    let text = "[[change]]\nkind = \"unit\"\nunit = \"wet_fdg\"\nid = \"E01/F\"\nat = \"E01/B1\"\n";
    let found = read_all(&files(&[("a", text)]), &small().park).1;
    let text = [Lang::En, Lang::Zh].map(|lang| render_text(&found, lang, Style::Plain)).join("\n");
    assert!(
        text.contains("there is no unit of the kind 'wet_fdg'") && text.contains("没有“wet_fdg”这种装置"),
        "{text}"
    );
    assert!(text.contains("did you mean 'wet_fgd'") && text.contains("bag_filter"), "{text}");
}

#[test]
fn a_bad_scenario_stops_the_scenarios_and_not_the_inventory() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/bad/S106");
    let folder = folder.to_str().unwrap();
    assert_eq!(parkflux(&["scenario", "list", folder]).0, Some(3));
    assert_eq!(parkflux(&["check", folder]).0, Some(3));
    assert_eq!(parkflux(&["inventory", folder]).0, Some(0));
}
