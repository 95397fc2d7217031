//! Every kind of problem has a small bad package, and says in both languages what
//! is wrong, where, and how to mend it.
//!
//! `fixtures/bad/<CODE>/` holds one package a code, or the workbook `<CODE>.xlsx` that is
//! one (made by `fixtures/bad/make_workbooks.py`); `fixtures/bad/forty/` holds one
//! with forty mistakes. The words are snapshots in `tests/snapshots/`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a test fails by panicking")]

use parkflux::diagnostic::{Code, Diagnostics, Lang, Severity, Style, render_json, render_text};
use parkflux::{inventory, package, programme, scenario, trend};
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The package with many mistakes, which stands for no code.
const FORTY: &str = "forty";

/// Codes that a scenario has only when it is run, and how `scenario run` ends with them.
const RUN: [(&str, i32); 3] = [("S114", 5), ("S115", 3), ("S116", 3)];

/// The code that only `trend` has.
const TREND: &str = "T130";

fn all() -> impl Iterator<Item = Code> {
    Code::ALL.iter().copied()
}

/// Every code that `check` or `merge` finds.
fn checked() -> impl Iterator<Item = Code> {
    all().filter(|c| !is_run(c.id()) && c.id() != TREND)
}

fn is_run(code: &str) -> bool {
    RUN.iter().any(|r| r.0 == code)
}

/// The code whose package is made by the test: nobody keeps a file of 256 MiB in git.
const TOO_LARGE: &str = "P010";

fn bad() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/bad")
}

/// The bad package of a code: kept in the repository, or made in `scratch`.
fn package_of(code: Code, scratch: &Path) -> PathBuf {
    if code.id() != TOO_LARGE {
        let folder = bad().join(code.id());
        let workbook = folder.join(format!("{}.xlsx", code.id()));
        return if workbook.exists() { workbook } else { folder };
    }
    let folder = scratch.join(TOO_LARGE);
    fs::create_dir_all(&folder).unwrap();
    for file in ["park.toml", "enterprises.csv", "flows.csv"] {
        fs::copy(bad().join("B206").join(file), folder.join(file)).unwrap();
    }
    // A sparse file: the length without the bytes.
    File::create(folder.join("emissions.csv")).unwrap().set_len(256 * 1024 * 1024 + 1).unwrap();
    folder
}

/// Whether a package is one that firms hand in: what `merge` finds, not what `check` does.
fn is_merge(folder: &Path) -> bool {
    folder.join("firms").is_dir()
}

/// The arguments that `merge` takes for such a package.
fn merging<'a>(folder: &'a str, out: &'a str) -> Vec<String> {
    ["merge", &format!("{folder}/park"), &format!("{folder}/firms"), "--out", out].map(str::to_owned).to_vec()
}

/// All problems of a package, those of its scenarios, its indicator systems and its inventory included, as `check` joins them; of those that
/// only a run finds, as `scenario run` or `trend` does.
fn problems(folder: &Path) -> Diagnostics {
    if is_merge(folder) {
        return package::merge(&folder.join("park"), &[folder.join("firms")], false).unwrap().2;
    }
    let (package, mut found) = package::read(folder).unwrap();
    if let Some(package) = package {
        let (scenarios, problems) = scenario::read(folder, &package).unwrap();
        found.append(problems);
        let name = folder.file_name().unwrap().to_str().unwrap();
        if name == TREND {
            let inventory = inventory::inventory(&package).unwrap();
            found.append(trend::trend(&package, &inventory, &package.park.years(), trend::Boundary::Park).unwrap_err());
        }
        if is_run(name) {
            let inventory = inventory::inventory(&package).unwrap();
            for one in &scenarios {
                let chain = scenario::resolve(&scenarios, &one.label.id);
                let base = scenario::Base::new(&package, &inventory, scenario::year_of(&chain, &package.park));
                let refused = scenario::run(&base, &chain).unwrap_err();
                found.append(scenario::at_keys(folder, &package, &refused).unwrap());
            }
        }
        let mut pack = programme::builtin().clone();
        found.append(programme::read_own(folder, &mut pack).unwrap());
        match inventory::inventory(&package) {
            Ok(inventory) => {
                found.append(programme::zone(&pack, &package.park, &inventory).1);
                found.append(inventory.found);
            }
            Err(problems) => found.append(problems),
        }
    }
    found
}

fn codes(found: &Diagnostics) -> Vec<&'static str> {
    found.sorted().iter().map(|d| d.problem.code().id()).collect()
}

/// Runs the program in English on plain paper.
fn parkflux(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_parkflux"));
    command.args(["--lang", "en", "--no-color"]).args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn every_code_has_its_package_and_every_package_its_code() {
    let folders: BTreeSet<String> = fs::read_dir(bad())
        .unwrap()
        .map(|e| e.unwrap())
        .filter(|e| e.path().is_dir())
        .map(|e| e.file_name().into_string().unwrap())
        .collect();
    let ids = all().map(Code::id).filter(|id| *id != TOO_LARGE);
    let wanted: BTreeSet<String> = ids.chain([FORTY]).map(str::to_owned).collect();
    assert_eq!(folders, wanted);
}

#[test]
fn every_bad_package_shows_its_code_and_nothing_else() {
    let scratch = tempfile::tempdir().unwrap();
    for code in all() {
        let found = codes(&problems(&package_of(code, scratch.path())));
        assert_eq!(found.iter().filter(|c| **c == code.id()).count(), 1, "{}: {found:?}", code.id());
        let stray = found.iter().find(|c| **c != code.id());
        assert_eq!(stray, None, "{}: {found:?}", code.id());
    }
}

#[test]
fn every_code_speaks_both_languages() {
    let scratch = tempfile::tempdir().unwrap();
    for code in all() {
        let found = problems(&package_of(code, scratch.path()));
        let english = render_text(&found, Lang::En, Style::Plain);
        let chinese = render_text(&found, Lang::Zh, Style::Plain);
        insta::assert_snapshot!(code.id(), format!("{english}\n{chinese}"));
        assert!(english.contains(&format!("[{}]: ", code.id())) && english.contains("\nhelp: "), "{english}");
        assert!(chinese.contains(&format!("[{}]: ", code.id())) && chinese.contains("\n建议："), "{chinese}");
        for diagnostic in found.sorted() {
            let words = diagnostic.text(Lang::Zh);
            for part in [&words.message, &words.help] {
                assert!(part.chars().any(|c| ('\u{4E00}'..='\u{9FFF}').contains(&c)), "{}: {part}", code.id());
            }
        }
    }
}

#[test]
fn every_problem_in_json_says_what_where_and_how_to_mend_it() {
    let scratch = tempfile::tempdir().unwrap();
    for code in all() {
        let found = problems(&package_of(code, scratch.path()));
        for lang in [Lang::En, Lang::Zh] {
            let json = render_json(&found, lang);
            let list = json.as_array().unwrap();
            assert_eq!(list.len(), found.sorted().len());
            for problem in list {
                let said = |key: &str| problem[key].as_str().is_some_and(|s| !s.is_empty());
                assert!(said("code") && said("message") && said("help"), "{problem}");
                let severity = Code::find(problem["code"].as_str().unwrap()).unwrap().severity();
                assert_eq!(problem["severity"], serde_json::to_value(severity).unwrap());
                let place = problem["where"].as_object().unwrap();
                assert!(place["file"].is_string(), "{problem}");
                assert!(place["row"].is_u64() || place["row"].is_null(), "{problem}");
                assert!(place["column"].is_string() || place["column"].is_null(), "{problem}");
            }
        }
    }
}

/// Code, file, row and column of each mistake in `fixtures/bad/forty/`.
type Place = (&'static str, &'static str, Option<u32>, Option<&'static str>);

const MISTAKES: [Place; 40] = [
    ("N106", "carriers.csv", Some(2), Some("value")),
    ("U101", "carriers.csv", Some(3), Some("unit")),
    ("R103", "carriers.csv", Some(4), Some("carrier")),
    ("T106", "carriers.csv", Some(5), Some("property")),
    ("U105", "carriers.csv", Some(6), Some("basis")),
    ("R107", "emissions.csv", Some(3), Some("replaces")),
    ("R108", "emissions.csv", Some(4), Some("gas")),
    ("U104", "emissions.csv", Some(5), Some("unit")),
    ("B210", "emissions.csv", Some(6), Some("replaces")),
    ("R105", "enterprises.csv", Some(4), Some("enterprise")),
    ("T108", "enterprises.csv", Some(5), Some("enterprise")),
    ("T107", "enterprises.csv", Some(6), Some("joined")),
    ("P009", "flow_2023.csv", None, None),
    ("T101", "flows.csv", Some(1), Some("remark")),
    ("T103", "flows.csv", Some(1), Some("用途")),
    ("U101", "flows.csv", Some(3), Some("unit")),
    ("U102", "flows.csv", Some(4), Some("unit")),
    ("U103", "flows.csv", Some(5), Some("unit")),
    ("U105", "flows.csv", Some(6), Some("basis")),
    ("U106", "flows.csv", Some(7), Some("basis")),
    ("N101", "flows.csv", Some(8), Some("quantity")),
    ("N102", "flows.csv", Some(9), Some("quantity")),
    ("N103", "flows.csv", Some(10), Some("quantity")),
    ("N104", "flows.csv", Some(11), Some("quantity")),
    ("N105", "flows.csv", Some(12), Some("quantity")),
    ("R104", "flows.csv", Some(13), Some("period")),
    ("R106", "flows.csv", Some(14), Some("from")),
    ("R102", "flows.csv", Some(15), Some("to")),
    ("R103", "flows.csv", Some(16), Some("carrier")),
    ("R105", "flows.csv", Some(17), Some("id")),
    ("B203", "flows.csv", Some(18), Some("from")),
    ("T106", "flows.csv", Some(19), Some("use")),
    ("T105", "flows.csv", Some(20), Some("to")),
    ("R110", "flows.csv", Some(21), Some("evidence")),
    // Line 22 is blank, and the row before fills lines 23 and 24.
    ("T106", "flows.csv", Some(25), Some("notation")),
    ("R109", "park.toml", Some(5), Some("factor_sets")),
    ("F109", "park.toml", Some(9), Some("allow_unconfirmed")),
    ("R111", "processes.csv", Some(3), Some("process")),
    ("R101", "statistics.csv", Some(3), Some("subject")),
    ("U101", "statistics.csv", Some(4), Some("unit")),
];

#[test]
fn forty_mistakes_get_forty_messages() {
    let found = problems(&bad().join(FORTY));
    let sorted = found.sorted();
    let places: Vec<(&str, &str, Option<u32>, Option<&str>)> = sorted
        .iter()
        .map(|d| (d.problem.code().id(), &*d.origin.file, d.origin.row, d.origin.column.as_deref()))
        .collect();
    assert_eq!(places, MISTAKES);
    let kinds: BTreeSet<&str> = places.iter().map(|p| p.0).collect();
    assert!(kinds.len() >= 20, "{} kinds", kinds.len());
    insta::assert_snapshot!(FORTY, render_text(&found, Lang::En, Style::Plain));
}

#[test]
fn check_tells_errors_from_findings_by_its_exit_code() {
    let scratch = tempfile::tempdir().unwrap();
    for code in checked() {
        let folder = package_of(code, scratch.path());
        if is_merge(&folder) {
            continue;
        }
        let name = folder.file_name().unwrap().to_str().unwrap();
        let folder = folder.to_str().unwrap();
        let invalid = code.severity() == Severity::Error;
        let output = parkflux(&["check", folder]);
        assert_eq!(output.status.code(), Some(if invalid { 3 } else { 0 }), "{}", code.id());
        assert!(text(&output.stderr).contains(&format!("[{}]", code.id())), "{}", text(&output.stderr));
        // Standard output holds a verdict and no number that could pass for a result.
        let verdict = text(&output.stdout);
        if invalid {
            assert_eq!(verdict, format!("{name}: not valid\n"));
        } else {
            assert!(verdict.starts_with(&format!("{name}: valid, ")), "{verdict}");
        }
        let findings = parkflux(&["check", "--fail-on", "note", folder]);
        assert_eq!(findings.status.code(), Some(if invalid { 3 } else { 4 }), "{}", code.id());
    }
}

#[test]
fn a_scenario_that_cannot_be_run_is_told_when_it_is_run() {
    for (code, exit) in RUN {
        let folder = bad().join(code);
        let folder = folder.to_str().unwrap();
        assert_eq!(parkflux(&["check", folder]).status.code(), Some(0), "{code}");
        let output = parkflux(&["scenario", "run", folder, "measure"]);
        assert_eq!((output.status.code(), text(&output.stdout)), (Some(exit), ""), "{code}");
        assert!(text(&output.stderr).contains(&format!("[{code}]")), "{}", text(&output.stderr));
    }
}

#[test]
fn a_trend_of_two_years_is_refused_by_the_trend_alone() {
    let folder = bad().join(TREND);
    let folder = folder.to_str().unwrap();
    assert_eq!(parkflux(&["check", folder]).status.code(), Some(0));
    let output = parkflux(&["trend", folder]);
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(3), ""));
    assert!(text(&output.stderr).contains("[T130]"), "{}", text(&output.stderr));
}

#[test]
fn check_in_json_prints_the_diagnostics_of_each_package() {
    let folder = bad().join("U101");
    let output = parkflux(&["--json", "check", folder.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(3));
    assert_eq!(text(&output.stderr), "");
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let [package] = json.as_array().unwrap().as_slice() else { panic!("{json}") };
    assert_eq!(package["valid"], false);
    assert_eq!(package["diagnostics"], render_json(&problems(&folder), Lang::En));
    assert_eq!(package["diagnostics"][0]["found"], "kg");
}

#[test]
fn inventory_of_a_bad_package_writes_nothing() {
    let scratch = tempfile::tempdir().unwrap();
    // Scenarios, trends and indicators are no part of the inventory: what stops one of them does not stop it.
    let stops = |c: &Code| c.severity() == Severity::Error && !c.id().starts_with(['S', 'I']) && c.id() != TREND;
    for code in all().filter(stops) {
        let folder = package_of(code, scratch.path());
        let parent = tempfile::tempdir().unwrap();
        let out = parent.path().join("out");
        let (from, to) = (folder.to_str().unwrap(), out.to_str().unwrap());
        if is_merge(&folder) {
            let arguments = merging(from, to);
            let output = parkflux(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
            assert_eq!(output.status.code(), Some(3), "{}", code.id());
            assert!(text(&output.stderr).contains(&format!("[{}]", code.id())), "{}", text(&output.stderr));
            assert_eq!(fs::read_dir(parent.path()).unwrap().count(), 0, "{}", code.id());
            continue;
        }
        let output = parkflux(&["inventory", from, "--out", to]);
        // Rows that are sound and do not add up are another matter than rows that are wrong.
        let expected = if code == Code::BalanceOpen { 5 } else { 3 };
        assert_eq!(output.status.code(), Some(expected), "{}", code.id());
        assert_eq!(text(&output.stdout), "", "{}", code.id());
        assert_eq!(fs::read_dir(parent.path()).unwrap().count(), 0, "{}", code.id());
    }
}

/// A table that cannot be read has one problem: it is not called empty as well.
#[test]
fn an_unreadable_table_is_reported_once() {
    let mut files: std::collections::BTreeMap<String, Vec<u8>> =
        package::template("park", Lang::En).into_iter().map(|(name, bytes)| (name.to_owned(), bytes)).collect();
    files.insert("flows.csv".to_owned(), vec![b'a', 0xFF, 0x20]);
    // Whether a row names the document cannot be known.
    files.insert("evidence.csv".to_owned(), b"evidence,title\nEV-1,bills\n".to_vec());
    let (package, found) = package::read_files(&files);
    assert!(package.is_none());
    assert_eq!(codes(&found), ["P003"]);
}
