//! Sweeps: points solved with the factors of one model are what each scenario is by itself.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test may stop at the first surprise")]

use parkflux::inventory::{Inventory, inventory};
use parkflux::package::{self, Package};
use parkflux::scenario::{Base, Scenario, Sweep, axes, grid, read_all, resolve, run, sweep};
use std::collections::BTreeMap;
use std::path::Path;

fn binhai() -> (Package, Inventory) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/parks/binhai-example");
    let package = package::read(&folder).unwrap().0.unwrap();
    let inventory = inventory(&package).unwrap();
    (package, inventory)
}

fn scenarios(package: &Package, text: &str) -> Vec<Scenario> {
    let files = BTreeMap::from([("s.toml".to_owned(), text.as_bytes().to_vec())]);
    let (all, problems) = read_all(&files, &package.park);
    assert!(!problems.has_errors(), "{problems:?}");
    all
}

fn swept(base: &Base, text: &str) -> Sweep {
    let all = scenarios(base.package, text);
    let chain = resolve(&all, "s");
    let axes = axes(&chain);
    let points = grid(&axes);
    sweep(base, &chain, axes, points).unwrap()
}

const HEAD: &str = "name_en = \"s\"\nname_zh = \"s\"\n";

fn change(kind: &str, name: &str, of: &str, key: &str, value: &str) -> String {
    format!("[[change]]\nkind = \"{kind}\"\nname = \"{name}\"\nof = \"{of}\"\n{key} = {value}\n")
}

fn axis(name: &str, key: &str, values: &str) -> String {
    format!("[[sweep]]\nchange = \"{name}\"\nkey = \"{key}\"\nvalues = {values}\n")
}

/// Every point equals the scenario with the values written into its file, accounted anew.
fn points_are_runs(base: &Base, changes: &[(&str, &str, &str, &str, &[f64])]) -> Sweep {
    let written = |values: &[f64]| {
        let list = changes.iter().zip(values).map(|(c, v)| change(c.0, c.1, c.2, c.3, &format!("{v:?}")));
        format!("{HEAD}{}", list.collect::<String>())
    };
    let first: Vec<f64> = changes.iter().map(|c| c.4[0]).collect();
    let axes: String = changes.iter().map(|c| axis(c.1, c.3, &format!("{:?}", c.4))).collect();
    let made = swept(base, &format!("{}{axes}", written(&first)));
    assert!(!made.accounted);
    for (i, point) in made.points.iter().enumerate() {
        let all = scenarios(base.package, &written(point));
        let run = run(base, &resolve(&all, "s")).unwrap();
        for (m, &measure) in made.measures.iter().enumerate() {
            let (inside, outside) = (run.results.inside(measure), run.results.outside(measure));
            let size = inside.abs().max(outside.abs()).max(base.results.total(measure).abs());
            let off = (made.inside[[i, m]] - inside).abs().max((made.outside[[i, m]] - outside).abs());
            assert!(off <= 1e-9 * size, "{point:?} {}: {} {inside}", measure.id(), made.inside[[i, m]]);
        }
    }
    made
}

#[test]
fn points_are_what_the_scenarios_are_by_themselves() {
    let (package, inventory) = binhai();
    let base = Base::new(&package, &inventory, None);
    let made = points_are_runs(
        &base,
        &[
            ("exchange", "gas", "E03>E01:blast_furnace_gas", "share", &[0.25, 1.0]),
            ("efficiency", "kiln", "E04/KILN", "times", &[1.0, 1.1]),
            ("demand", "glass", "E16/MELT>outside:customer:flat_glass", "times", &[1.0, 1.3]),
        ],
    );
    assert_eq!(made.points.len(), 8);
    assert!(made.clashes.is_empty() && made.bound > 0 && made.alone < made.points.len());
}

#[test]
fn points_beyond_a_bound_are_solved_by_themselves() {
    let (package, inventory) = binhai();
    let base = Base::new(&package, &inventory, None);
    // E27 takes less steam than the waste heat of its candidate could stand in for.
    let made = points_are_runs(&base, &[("exchange", "heat", "E03>E27:waste_heat", "share", &[0.0, 0.05, 1.0])]);
    assert_eq!(made.bound, 1);
}

#[test]
fn two_axes_over_one_number_are_made_together() {
    let (package, inventory) = binhai();
    let base = Base::new(&package, &inventory, None);
    let of = "outside:supplier>E16/MELT:quartz_sand";
    let made = points_are_runs(
        &base,
        &[("coefficient", "a", of, "times", &[1.0, 2.0]), ("coefficient", "b", of, "times", &[1.0, 3.0])],
    );
    assert_eq!(made.alone, 4);
}

#[test]
fn the_base_point_is_the_base_year() {
    let (package, inventory) = binhai();
    let base = Base::new(&package, &inventory, None);
    let text = change("exchange", "slag", "E03>E04:blast_furnace_slag", "share", "1.0");
    let made = swept(&base, &format!("{HEAD}{text}{}", axis("slag", "share", "[1.0, 0.5]")));
    for (m, &measure) in made.measures.iter().enumerate() {
        let total = base.results.total(measure);
        assert!((made.total(0, m) - total).abs() <= 1e-12 * total.abs().max(1.0), "{}", measure.id());
    }
}

#[test]
fn factors_are_accounted_point_by_point() {
    let (package, inventory) = binhai();
    let base = Base::new(&package, &inventory, None);
    let text = change("factor", "f", "cn_grid.electricity*", "times", "1.0");
    let made = swept(&base, &format!("{HEAD}{text}{}", axis("f", "times", "[1.0, 0.5]")));
    assert!(made.accounted);
    let co2e = made.measures.iter().position(|m| m.id() == "CO2e").unwrap();
    assert!(made.outside[[1, co2e]] < made.outside[[0, co2e]]);
    assert!((made.inside[[1, co2e]] - made.inside[[0, co2e]]).abs() < 1e-6);
}

#[test]
fn threads_do_not_change_bytes() {
    let (package, inventory) = binhai();
    let base = Base::new(&package, &inventory, None);
    let text = change("exchange", "slag", "E03>E04:blast_furnace_slag", "share", "1.0");
    let text = format!("{HEAD}{text}[[sweep]]\nchange = \"slag\"\nkey = \"share\"\nfrom = 0.0\nto = 2.0\nsteps = 41\n");
    let on = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| swept(&base, &text))
    };
    let (one, many) = (on(1), on(5));
    let bits = |s: &Sweep| s.inside.iter().chain(&s.outside).map(|v| v.to_bits()).collect::<Vec<_>>();
    assert_eq!(bits(&one), bits(&many));
    assert_eq!(one.clashes, many.clashes);
}

/// Runs the program on the example park with one more scenario.
fn parkflux(text: &str, arguments: &[&str]) -> (Option<i32>, String) {
    let folder = tempfile::tempdir().unwrap();
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/parks/minimal");
    for file in std::fs::read_dir(from).unwrap().map(|f| f.unwrap().path()).filter(|f| f.is_file()) {
        std::fs::copy(&file, folder.path().join(file.file_name().unwrap())).unwrap();
    }
    std::fs::create_dir(folder.path().join("scenarios")).unwrap();
    std::fs::write(folder.path().join("scenarios/s.toml"), format!("{HEAD}{text}")).unwrap();
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_parkflux"));
    command.args(["--lang", "en", "--json", "scenario", "sweep", folder.path().to_str().unwrap(), "s"]).args(arguments);
    let output = command.output().unwrap();
    (output.status.code(), String::from_utf8(output.stdout).unwrap())
}

#[test]
fn a_sweep_that_can_be_met_nowhere_ends_as_a_run_does() {
    let of = "outside:grid>*:electricity";
    let limit = |values: &str| change("limit", "line", of, "share", "1.0") + &axis("line", "share", values);
    let (code, text) = parkflux(&limit("[0.5, 0.9]"), &[]);
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!((code, json["points"][1]["clash"].is_string()), (Some(5), true), "{text}");
    assert_eq!(parkflux(&limit("[0.5, 1.5]"), &[]).0, Some(0));
    // What is wrong with a change is told as JSON, too.
    let wrong = change("demand", "d", of, "times", "1.0") + &axis("d", "times", "[1.0, 2.0]");
    let (code, text) = parkflux(&wrong, &[]);
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!((code, &json["diagnostics"][0]["code"]), (Some(3), &"S115".into()), "{text}");
    // At the line of the key.
    assert_eq!(json["diagnostics"][0]["where"]["row"], 6, "{text}");
}
