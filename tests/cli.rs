//! The program as people and scripts meet it.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test may stop at the first surprise")]

mod common;

use common::park;
use std::path::Path;
use std::process::{Command, Output};

fn parkflux(words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_parkflux"));
    command.args(words).env_remove("NO_COLOR").env("LANG", "C").env_remove("LC_ALL").env_remove("LC_MESSAGES");
    command.output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Every file below a folder with its bytes, by name.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut list = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let name = entry.file_name().into_string().unwrap();
        if entry.path().is_dir() {
            list.extend(files(&entry.path()).into_iter().map(|(n, b)| (format!("{name}/{n}"), b)));
        } else {
            list.push((name, std::fs::read(entry.path()).unwrap()));
        }
    }
    list.sort();
    list
}

#[test]
fn one_and_two_threads_write_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let parks = park("");
    let run = |threads: &str| {
        let out = folder.path().join(threads);
        let output = Command::new(env!("CARGO_BIN_EXE_parkflux"))
            .args(["inventory", path(&parks), "--out", path(&out), "--details", "--lang", "en"])
            .env("RAYON_NUM_THREADS", threads)
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", text(&output.stderr));
        (output.stdout, files(&out))
    };
    let one = run("1");
    for threads in ["2", "3", "8"] {
        assert!(run(threads) == one, "{threads} threads differ from one");
    }
    let names: Vec<&str> = one.1.iter().map(|f| f.0.as_str()).collect();
    for file in ["parks.csv", "enterprises.csv", "problems.csv"] {
        assert!(names.contains(&file), "{file} missing in {names:?}");
    }
    for file in ["inventory.json", "figures.csv", "lines.csv", "coverage.csv", "manifest.json"] {
        assert!(names.contains(&format!("calcasieu-2017/{file}").as_str()), "{file} missing in {names:?}");
    }
}

#[test]
fn a_second_run_gives_the_same_manifest_and_it_names_every_input() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let output = parkflux(&["inventory", path(&park("minimal")), "--out", path(&out)]);
    assert!(output.status.success());
    let manifest: serde_json::Value =
        serde_json::from_slice(&std::fs::read(out.join("manifest.json")).unwrap()).unwrap();
    let inputs: Vec<&str> =
        manifest["inputs"].as_array().unwrap().iter().map(|i| i["file"].as_str().unwrap()).collect();
    assert_eq!(inputs, ["enterprises.csv", "flows.csv", "outputs.csv", "park.toml", "statistics.csv"]);
    let used = manifest["factors_used"].as_array().unwrap();
    assert!(used.iter().any(|f| f == "cn_gbt32151_2024.bituminous.ncv"), "{used:?}");
    // It refuses to overwrite unless told to.
    assert_eq!(parkflux(&["inventory", path(&park("minimal")), "--out", path(&out)]).status.code(), Some(2));
    let again = parkflux(&["inventory", path(&park("minimal")), "--out", path(&out), "--overwrite"]);
    assert!(again.status.success());
    // Somebody else's file in the folder is left alone.
    std::fs::write(out.join("mine.txt"), "mine").unwrap();
    assert!(parkflux(&["inventory", path(&park("minimal")), "--out", path(&out), "--overwrite"]).status.success());
    assert_eq!(std::fs::read_to_string(out.join("mine.txt")).unwrap(), "mine");
    assert_eq!(std::fs::read_dir(&out).unwrap().count(), 6);
    // Nothing but the results is left beside them.
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn written_csv_opens_in_excel_and_holds_no_formula() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    assert!(parkflux(&["inventory", path(&park("minimal")), "--out", path(&out)]).status.success());
    let csv = std::fs::read(out.join("lines.csv")).unwrap();
    assert!(csv.starts_with(&[0xEF, 0xBB, 0xBF]));
    let mut reader = csv::Reader::from_reader(&csv[3..]);
    for record in reader.records() {
        for cell in &record.unwrap() {
            let formula = cell.starts_with(['=', '+', '@']) || (cell.starts_with('-') && cell.parse::<f64>().is_err());
            assert!(!formula, "{cell}");
        }
    }
}

#[test]
fn the_template_passes_its_own_check_in_both_languages() {
    let folder = tempfile::tempdir().unwrap();
    for lang in ["en", "zh"] {
        let target = folder.path().join(lang);
        let output = parkflux(&["init", path(&target), "--lang", lang]);
        assert!(output.status.success(), "{}", text(&output.stderr));
        let output = parkflux(&["check", path(&target), "--lang", lang]);
        assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
        let output = parkflux(&["inventory", path(&target), "--lang", lang]);
        assert!(output.status.success());
        assert!(text(&output.stdout).contains(if lang == "zh" { "范围一" } else { "scope 1" }));
        // It does not write into a folder that holds something.
        assert_eq!(parkflux(&["init", path(&target)]).status.code(), Some(2));
    }
    // Chinese and English headers are the same package.
    let figures = |lang: &str| {
        let output = parkflux(&["inventory", path(&folder.path().join(lang)), "--json", "--lang", "en"]);
        let value: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        value["figures"].clone()
    };
    assert_eq!(figures("en"), figures("zh"));
}

#[test]
fn exit_codes_are_those_of_the_design() {
    let good = park("minimal");
    let missing = park("no-such-park");
    for (words, code) in [
        (vec!["check", path(&good)], 0),
        (vec!["check", path(&missing)], 1),
        (vec!["frobnicate"], 2),
        (vec!["inventory"], 2),
        (vec!["explain", "nonsense"], 2),
        (vec!["explain", path(&good), "nonsense"], 2),
        (vec!["factors", "show", "nonsense"], 2),
        (vec!["schema", "nonsense"], 2),
        (vec!["inventory", path(&good), "--year", "1999"], 2),
        (vec!["check", path(&park("calcasieu-2017")), "--fail-on", "warning"], 4),
        (vec!["check", path(&good), "--fail-on", "warning"], 0),
    ] {
        let output = parkflux(&words);
        assert_eq!(output.status.code(), Some(code), "{words:?}: {}", text(&output.stderr));
    }
}

#[test]
fn json_is_to_be_had_from_every_verb() {
    let good = park("minimal");
    let folder = tempfile::tempdir().unwrap();
    let fresh = folder.path().join("fresh");
    for words in [
        vec!["init", path(&fresh)],
        vec!["check", path(&good)],
        vec!["inventory", path(&good)],
        vec!["explain", path(&good), "total"],
        vec!["explain", "U101"],
        vec!["factors", "list"],
        vec!["factors", "list", "ipcc_2006"],
        vec!["factors", "list", "--carriers"],
        vec!["factors", "show", "us_epa_98.fuel_gas.emission_factor.CO2"],
        vec!["factors", "show", "us_epa_98"],
        vec!["factors", "show", "fuel_gas"],
        vec!["schema"],
        vec!["schema", "flows"],
        vec!["schema", "park"],
        vec!["schema", "units"],
    ] {
        let mut all = words.clone();
        all.push("--json");
        let output = parkflux(&all);
        assert!(output.status.success(), "{words:?}: {}", text(&output.stderr));
        let value: Result<serde_json::Value, _> = serde_json::from_slice(&output.stdout);
        assert!(value.is_ok(), "{words:?}");
    }
}

#[test]
fn completions_are_written_for_the_usual_shells() {
    for shell in ["bash", "zsh", "fish", "powershell"] {
        let output = parkflux(&["completions", shell]);
        assert!(output.status.success() && text(&output.stdout).contains("inventory"), "{shell}");
    }
}

#[test]
fn output_that_is_no_terminal_has_no_colors() {
    let output = parkflux(&["check", path(&park("calcasieu-2017"))]);
    assert!(!text(&output.stderr).contains('\u{1b}') && !text(&output.stdout).contains('\u{1b}'));
    assert!(text(&output.stderr).contains("warning[B209]"));
}

#[test]
fn the_language_follows_the_environment() {
    let output = Command::new(env!("CARGO_BIN_EXE_parkflux"))
        .args(["explain", "U101"])
        .env("LC_ALL", "zh_CN.UTF-8")
        .output()
        .unwrap();
    assert!(text(&output.stdout).contains("量纲"));
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_parkflux"))
        .args(["schema"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
}

#[test]
fn several_packages_run_in_one_go_and_a_bad_one_does_not_stop_the_others() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["a", "b"] {
        assert!(parkflux(&["init", path(&folder.path().join(name))]).status.success());
    }
    std::fs::write(folder.path().join("b/flows.csv"), "id,period\n1,2024\n").unwrap();
    let output = parkflux(&["inventory", path(folder.path()), "--json"]);
    assert_eq!(output.status.code(), Some(3));
    let value: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(value.as_array().unwrap().len(), 2);
    assert!(value[0]["figures"].is_array() && value[1]["diagnostics"].is_array());
}

#[test]
fn what_the_system_refuses_is_told_in_both_languages() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("file"), "no folder").unwrap();
    let park = park("minimal");
    let said = |words: &[&str], lang: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_parkflux"));
        let output = command.args(words).args(["--lang", lang]).current_dir(folder.path()).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{words:?}");
        text(&output.stderr)
    };
    let calls: [&[&str]; 3] = [
        &["inventory", "nowhere"],
        &["verify", "nowhere", path(&park)],
        &["inventory", path(&park), "--out", "file/out"],
    ];
    let all: Vec<String> = calls.iter().flat_map(|words| ["en", "zh"].map(|lang| said(words, lang))).collect();
    insta::assert_snapshot!(all.concat(), @r"
    parkflux: cannot read nowhere: No such file or directory (os error 2)
    help: give the folder that holds park.toml, a workbook, or a folder of such
    parkflux：无法读取 nowhere：文件或文件夹不存在
    建议：请给出 park.toml 所在的文件夹、一个工作簿，或装有多个数据包的文件夹
    parkflux: cannot read nowhere: No such file or directory (os error 2)
    help: give the folder of results (or its manifest.json), then the package
    parkflux：无法读取 nowhere：文件或文件夹不存在
    建议：请先给出结果文件夹（或其中的 manifest.json），再给出数据包
    parkflux: cannot write file/out: Not a directory (os error 20)
    parkflux：无法写入 file/out：路径中有一级不是文件夹
    ");
}
