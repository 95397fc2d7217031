//! A result can be made anew, locked and compared: `verify`, `factors lock`, evidence files.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test may stop at the first surprise")]

mod common;

use common::park;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn parkflux(words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_parkflux"));
    command.args(["--lang", "en", "--no-color"]).args(words).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// A copy of a park that a test may change.
fn copy(name: &str, to: &Path) -> PathBuf {
    let folder = to.join(name);
    fs::create_dir_all(&folder).unwrap();
    for entry in fs::read_dir(park(name)).unwrap().map(Result::unwrap).filter(|e| e.path().is_file()) {
        fs::copy(entry.path(), folder.join(entry.file_name())).unwrap();
    }
    folder
}

fn edit(file: &Path, from: &str, to: &str) {
    let old = fs::read_to_string(file).unwrap();
    assert!(old.contains(from), "{old}");
    fs::write(file, old.replacen(from, to, 1)).unwrap();
}

fn json(output: &Output) -> serde_json::Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{e}: {}", text(&output.stderr)))
}

/// Part and name of each difference.
fn differences(value: &serde_json::Value) -> Vec<(String, String)> {
    let list = value["differences"].as_array().unwrap();
    list.iter().map(|d| (d["part"].as_str().unwrap().to_owned(), d["name"].as_str().unwrap().to_owned())).collect()
}

#[test]
fn an_untouched_package_gives_the_same_bytes_in_either_language() {
    let scratch = tempfile::tempdir().unwrap();
    for lang in ["en", "zh"] {
        for name in ["minimal", "calcasieu-2017"] {
            let out = scratch.path().join(format!("{name}-{lang}"));
            let made = Command::new(env!("CARGO_BIN_EXE_parkflux"))
                .args(["--lang", lang, "inventory", path(&park(name)), "--out", path(&out)])
                .output()
                .unwrap();
            assert!(made.status.success(), "{}", text(&made.stderr));
            // By the folder and by the file; the language of the verifier does not matter.
            for given in [out.clone(), out.join("manifest.json")] {
                let output = parkflux(&["verify", path(&given), path(&park(name))]);
                assert_eq!(output.status.code(), Some(0), "{}{}", text(&output.stdout), text(&output.stderr));
                assert_eq!(text(&output.stdout), format!("{name}: made anew, 4 files are the same byte by byte\n"));
            }
        }
    }
}

/// The manifest holds the hash of each file beside it, and no time and no path.
#[test]
fn the_manifest_holds_the_hash_of_every_output() {
    let scratch = tempfile::tempdir().unwrap();
    let out = scratch.path().join("out");
    assert!(parkflux(&["inventory", path(&park("minimal")), "--out", path(&out)]).status.success());
    let bytes = fs::read(out.join("manifest.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
    let mut named: Vec<&str> =
        manifest["outputs"].as_array().unwrap().iter().map(|o| o["file"].as_str().unwrap()).collect();
    named.push("manifest.json");
    named.sort_unstable();
    let mut there: Vec<String> =
        fs::read_dir(&out).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    there.sort();
    assert_eq!(named, there);
    for output in manifest["outputs"].as_array().unwrap() {
        let file = fs::read(out.join(output["file"].as_str().unwrap())).unwrap();
        assert_eq!(output["sha256"], parkflux::report::results::sha256(&file));
    }
    assert!(!text(&bytes).contains(path(scratch.path())));
}

/// One changed cell: the input is named, the output and its first line that differs too.
#[test]
fn a_changed_cell_is_found() {
    let scratch = tempfile::tempdir().unwrap();
    let package = copy("minimal", scratch.path());
    let out = scratch.path().join("out");
    assert!(parkflux(&["inventory", path(&package), "--out", path(&out)]).status.success());
    edit(
        &package.join("flows.csv"),
        "F-5,2023,outside:grid,E02,electricity,800,",
        "F-5,2023,outside:grid,E02,electricity,801,",
    );
    let output = parkflux(&["--json", "verify", path(&out), path(&package)]);
    assert_eq!(output.status.code(), Some(4));
    let value = json(&output);
    assert_eq!(value["same"], false);
    let found = differences(&value);
    let pair = |part: &str, name: &str| (part.to_owned(), name.to_owned());
    assert!(found.contains(&pair("input", "flows.csv")), "{found:?}");
    assert!(found.contains(&pair("output", "lines.csv")), "{found:?}");
    // Coverage says the same as before, and nothing was altered after it was written.
    assert!(!found.contains(&pair("output", "coverage.csv")), "{found:?}");
    assert!(found.iter().all(|d| d.0 == "input" || d.0 == "output"), "{found:?}");
    let lines = value["differences"].as_array().unwrap().iter().find(|d| d["name"] == "lines.csv").unwrap();
    let first = &lines["first_difference"];
    let (then, now) = (first["then"].as_str().unwrap(), first["now"].as_str().unwrap());
    assert!(then.starts_with("F-5/CO2") && now.starts_with("F-5/CO2") && then != now, "{first}");
    let line = first["line"].as_u64().unwrap() as usize;
    let written = fs::read_to_string(out.join("lines.csv")).unwrap();
    assert!(written.lines().nth(line - 1).unwrap().starts_with(then));
    // The same for people.
    let said = text(&parkflux(&["verify", path(&out), path(&package)]).stdout);
    assert!(said.contains(&format!("lines.csv first differs in line {line}\n")), "{said}");
}

/// A setting that changes the result is named as an option.
#[test]
fn a_changed_setting_is_found() {
    let scratch = tempfile::tempdir().unwrap();
    let package = copy("minimal", scratch.path());
    let out = scratch.path().join("out");
    assert!(parkflux(&["inventory", path(&package), "--out", path(&out)]).status.success());
    edit(&package.join("park.toml"), "gwp_set = \"AR5\"", "gwp_set = \"AR6\"");
    let output = parkflux(&["--json", "verify", path(&out), path(&package)]);
    assert_eq!(output.status.code(), Some(4));
    let value = json(&output);
    let option = value["differences"].as_array().unwrap().iter().find(|d| d["part"] == "option").unwrap();
    assert_eq!((&option["name"], &option["then"], &option["now"]), (&"gwp_set".into(), &"AR5".into(), &"AR6".into()));
    assert!(differences(&value).contains(&("factor".to_owned(), "gwp.CH4.biogenic.AR6".to_owned())), "{value}");
}

/// A result that somebody changed by hand does not pass, although the second run is right.
#[test]
fn a_doctored_result_is_found() {
    let scratch = tempfile::tempdir().unwrap();
    let out = scratch.path().join("out");
    assert!(parkflux(&["inventory", path(&park("minimal")), "--out", path(&out)]).status.success());
    edit(&out.join("figures.csv"), "2023/park/scope1/CO2e,", "2023/park/scope1/CO2e,1");
    let output = parkflux(&["--json", "verify", path(&out), path(&park("minimal"))]);
    assert_eq!(output.status.code(), Some(4));
    let value = json(&output);
    assert_eq!(differences(&value), [("written".to_owned(), "figures.csv".to_owned())]);
    assert!(value["differences"][0]["first_difference"]["line"].is_u64());
}

#[test]
fn what_is_no_manifest_is_refused() {
    let scratch = tempfile::tempdir().unwrap();
    let file = scratch.path().join("manifest.json");
    for content in ["", "{}", "[]", "{\"inputs\": [], \"outputs\": 3}", "null"] {
        fs::write(&file, content).unwrap();
        assert_eq!(parkflux(&["verify", path(&file), path(&park("minimal"))]).status.code(), Some(3), "{content}");
    }
    let bad = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/bad/U101");
    fs::write(&file, "{\"inputs\": [], \"outputs\": []}").unwrap();
    assert_eq!(parkflux(&["verify", path(&file), path(&bad)]).status.code(), Some(3));
    assert_eq!(parkflux(&["verify", path(&scratch.path().join("none")), path(&bad)]).status.code(), Some(1));
    // A manifest cannot make the program read files elsewhere.
    fs::write(&file, "{\"inputs\": [], \"outputs\": [{\"file\": \"../secret\", \"sha256\": \"0\"}]}").unwrap();
    fs::write(scratch.path().join("secret"), "hidden words").unwrap();
    let output = parkflux(&["--json", "verify", path(&file), path(&park("minimal"))]);
    assert!(!text(&output.stdout).contains("hidden words"));
}

/// Lock, change a factor, see it refused, accept it.
#[test]
fn a_lock_tells_when_a_factor_moves() {
    let scratch = tempfile::tempdir().unwrap();
    let package = copy("minimal", scratch.path());
    let locked = |code: i32| {
        let output = parkflux(&["inventory", path(&package), "--locked"]);
        assert_eq!(output.status.code(), Some(code), "{}", text(&output.stderr));
        output
    };
    // Without a lock there is nothing to hold on to.
    assert!(text(&locked(3).stderr).contains("no factors.lock"));
    assert!(parkflux(&["factors", "lock", path(&package)]).status.success());
    let first = fs::read(package.join("factors.lock")).unwrap();
    locked(0);
    // The same rows give the same bytes.
    assert!(parkflux(&["factors", "lock", path(&package)]).status.success());
    assert_eq!(fs::read(package.join("factors.lock")).unwrap(), first);
    // Nothing else is left in the package.
    assert!(fs::read_dir(&package).unwrap().all(|e| !e.unwrap().file_name().to_str().unwrap().starts_with('.')));
    edit(&package.join("park.toml"), "internal_factor", "grid_year = 2022\ninternal_factor");
    let output = parkflux(&["check", path(&package)]);
    assert_eq!(output.status.code(), Some(0));
    let said = text(&output.stderr);
    // 8,000 MWh at 0.5366 in place of 0.5306 t/MWh.
    assert!(said.contains("[F121]") && said.contains("0.5306 t/MWh then") && said.contains("+48.0 t CO2e"), "{said}");
    let refused = locked(3);
    assert_eq!(text(&refused.stdout), "");
    // The new lock says what it accepts.
    let accepted = parkflux(&["factors", "lock", path(&package)]);
    assert!(accepted.status.success() && text(&accepted.stderr).contains("[F121]"));
    locked(0);
    let again = json(&parkflux(&["--json", "factors", "lock", path(&package)]));
    assert_eq!(again["departures"], serde_json::json!([]));
    let lock = parkflux::factors::Lock::parse(&fs::read_to_string(package.join("factors.lock")).unwrap()).unwrap();
    assert_eq!(again["rows"].as_u64().unwrap() as usize, lock.rows.len());
    // Every row of the lock is cited in the manifest's list of factors, and the other way round.
    let out = scratch.path().join("out");
    assert!(parkflux(&["inventory", path(&package), "--out", path(&out)]).status.success());
    let manifest: serde_json::Value = serde_json::from_slice(&fs::read(out.join("manifest.json")).unwrap()).unwrap();
    let ids: Vec<&str> = lock.rows.iter().map(|r| r.id.as_str()).collect();
    assert_eq!(manifest["factors_used"], serde_json::json!(ids));
}

/// The lock of a workbook lies beside it and is read back there.
#[test]
fn a_workbook_is_locked_beside_it() {
    let scratch = tempfile::tempdir().unwrap();
    let folder = copy("minimal", scratch.path());
    let (book, lock) = (scratch.path().join("zone.xlsx"), scratch.path().join("zone.factors.lock"));
    let ok = |words: &[&str]| {
        let output = parkflux(words);
        assert!(output.status.success(), "{words:?}: {}", text(&output.stderr));
        output
    };
    ok(&["convert", path(&folder), path(&book)]);
    let refused = parkflux(&["inventory", path(&book), "--locked", "--lang", "en"]);
    assert_eq!(refused.status.code(), Some(3));
    assert!(text(&refused.stderr).contains("no zone.factors.lock"), "{}", text(&refused.stderr));
    ok(&["factors", "lock", path(&book)]);
    ok(&["factors", "lock", path(&folder)]);
    assert_eq!(fs::read(&lock).unwrap(), fs::read(folder.join("factors.lock")).unwrap());
    ok(&["inventory", path(&book), "--locked"]);
    // A row that was another then is told, and refused under --locked.
    let row = text(&fs::read(&lock).unwrap()).lines().rfind(|l| l.starts_with("sha256")).unwrap().to_owned();
    edit(&lock, &row, &format!("sha256 = \"{}\"", "0".repeat(64)));
    assert!(text(&ok(&["check", path(&book)]).stderr).contains("[F120]"));
    assert_eq!(parkflux(&["inventory", path(&book), "--locked"]).status.code(), Some(3));
    fs::write(&lock, "lock = 2\n").unwrap();
    let output = parkflux(&["check", path(&book)]);
    assert!(output.status.code() == Some(3) && text(&output.stderr).contains("[F123]"));
}

/// The command prints the change of the total beside the sum of the lines.
#[test]
fn factors_diff_prints_both_sums() {
    let scratch = tempfile::tempdir().unwrap();
    let csv = scratch.path().join("diff.csv");
    let good = park("minimal");
    let output = parkflux(&["--json", "factors", "diff", path(&good), "--gwp-set", "AR6", "--out", path(&csv)]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let value = json(&output);
    for total in value["totals"].as_array().unwrap() {
        let (change, sum) = (total["change_t_co2e"].as_f64().unwrap(), total["sum_of_lines_t_co2e"].as_f64().unwrap());
        assert!(change != 0.0 && (change - sum).abs() < 1e-9, "{total}");
    }
    let first = &value["lines"][0];
    assert!(first["changed"].as_str().unwrap().contains("GWP"), "{first}");
    let rows = csv::Reader::from_path(&csv).unwrap().records().count();
    assert_eq!(rows as u64, value["lines_that_move"].as_u64().unwrap());
    let few = json(&parkflux(&["--json", "factors", "diff", path(&good), "--gwp-set", "AR6", "--top", "1"]));
    assert_eq!(few["lines"].as_array().unwrap().len(), 1);
    for (words, code) in [
        (vec!["factors", "diff", path(&good)], 2),
        (vec!["factors", "diff", path(&good), "--gwp-set", "AR7"], 2),
        (vec!["factors", "diff", path(&good), "--factor-sets", "nonsense"], 2),
        (vec!["factors", "diff", path(&good), "--grid-year", "2022", "--year", "1999"], 2),
        // Without electricity in any set nothing can be computed.
        (vec!["factors", "diff", path(&good), "--factor-sets", "ipcc_2006"], 3),
    ] {
        let output = parkflux(&words);
        assert_eq!(output.status.code(), Some(code), "{words:?}: {}", text(&output.stderr));
        assert!(!output.stderr.is_empty());
    }
}

/// A link inside the package that leads out of it is refused, one that stays inside is not.
#[cfg(unix)]
#[test]
fn evidence_stays_inside_the_package() {
    use std::os::unix::fs::symlink;
    let scratch = tempfile::tempdir().unwrap();
    let package = copy("minimal", scratch.path());
    fs::write(scratch.path().join("secret.pdf"), "elsewhere").unwrap();
    let folder = package.join("evidence");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("real.pdf"), "here").unwrap();
    symlink(scratch.path().join("secret.pdf"), folder.join("out.pdf")).unwrap();
    symlink(folder.join("real.pdf"), folder.join("in.pdf")).unwrap();
    let hash = parkflux::report::results::sha256(b"here");
    let codes = |file: &str, sha256: &str| {
        fs::write(
            package.join("evidence.csv"),
            format!("evidence,title,file,sha256\nEV-1,a document,{file},{sha256}\n"),
        )
        .unwrap();
        let value = json(&parkflux(&["--json", "check", path(&package)]));
        let list = value[0]["diagnostics"].as_array().unwrap().clone();
        let codes: Vec<String> = list.iter().map(|d| d["code"].as_str().unwrap().to_owned()).collect();
        codes.into_iter().filter(|c| c.starts_with("B24") && c != "B244").collect::<Vec<_>>()
    };
    let none: [&str; 0] = [];
    assert_eq!(codes("evidence/real.pdf", &hash), none);
    assert_eq!(codes("evidence\\real.pdf", &hash.to_uppercase()), none);
    assert_eq!(codes("evidence/in.pdf", &hash), none);
    assert_eq!(codes("evidence/real.pdf", &"0".repeat(64)), ["B242"]);
    assert_eq!(codes("evidence/real.pdf", ""), ["B243"]);
    assert_eq!(codes("evidence/gone.pdf", &hash), ["B241"]);
    assert_eq!(codes("evidence", &hash), ["B241"]);
    for outside in ["evidence/out.pdf", "../secret.pdf", "evidence/../../secret.pdf", "/etc/hostname", "C:/x.pdf"] {
        assert_eq!(codes(outside, &hash), ["B240"], "{outside}");
    }
}

/// Results beside a package are no packages.
#[test]
fn workbooks_of_results_are_passed_over() {
    let scratch = tempfile::tempdir().unwrap();
    let package = copy("minimal", scratch.path());
    let result = scratch.path().join("result.xlsx");
    assert!(parkflux(&["inventory", path(&package), "--xlsx", path(&result)]).status.success());
    for verb in ["check", "inventory"] {
        let output = parkflux(&[verb, path(scratch.path()), "--lang", "en"]);
        let said = text(&output.stderr);
        assert!(output.status.success(), "{said}");
        assert_eq!(said.matches("passed over, results and no packages").count(), 1, "{said}");
        assert!(said.contains("result.xlsx"), "{said}");
    }
}
