//! The tours of both READMEs, followed word for word: what they show is what the program prints.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test may stop at the first surprise")]

use std::path::Path;
use std::process::Command;

/// The commands of a README and what it shows of their output, cut at lines of `...`.
fn tour(readme: &str) -> Vec<(String, Vec<String>)> {
    let blocks = readme.split("```text\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    let shown = blocks.filter(|block| block.starts_with("$ ")).flat_map(|block| block[2..].split("\n$ "));
    let parted = |shown: &str| {
        let (command, output) = shown.split_once('\n').unwrap_or((shown, ""));
        let output = format!("\n{output}\n").replace("\n...\n", "\u{0}");
        (command.to_owned(), output.split('\u{0}').map(|piece| trimmed(piece.trim_matches('\n'))).collect())
    };
    shown.map(parted).collect()
}

/// Without the spaces that end a line.
fn trimmed(text: &str) -> String {
    text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}

/// Follows a tour in an empty folder, in the language of its reader.
fn follow(readme: &str, locale: &str, least: usize) {
    let folder = tempfile::tempdir().unwrap();
    // The reader stands in the repository.
    std::os::unix::fs::symlink(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures"), folder.path().join("fixtures"))
        .unwrap();
    let program = Path::new(env!("CARGO_BIN_EXE_parkflux")).parent().unwrap();
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap());
    let steps = tour(readme);
    assert!(steps.len() >= least, "{} commands", steps.len());
    for (command, pieces) in steps {
        let mut shell = Command::new("sh");
        shell.args(["-c", &format!("({command}) 2>&1")]).current_dir(folder.path());
        shell.env("PATH", &path).env("LC_ALL", locale).env_remove("NO_COLOR");
        let printed = trimmed(&String::from_utf8(shell.output().unwrap().stdout).unwrap());
        let mut rest = printed.as_str();
        for piece in pieces {
            let Some(at) = rest.find(&piece) else {
                panic!("{command}\n--- the page shows\n{piece}\n--- it prints\n{printed}")
            };
            rest = &rest[at + piece.len()..];
        }
    }
}

#[test]
fn the_english_tour_prints_what_it_shows() {
    follow(include_str!("../README.md"), "C.UTF-8", 16);
}

#[test]
fn the_chinese_tour_prints_what_it_shows() {
    follow(include_str!("../README.zh-CN.md"), "zh_CN.UTF-8", 16);
}

#[test]
fn the_page_on_scenarios_prints_what_it_shows() {
    follow(include_str!("../docs/scenarios.md"), "C.UTF-8", 2);
}

#[test]
fn the_page_on_symbiosis_prints_what_it_shows() {
    follow(include_str!("../docs/symbiosis.md"), "C.UTF-8", 5);
}

#[test]
fn the_page_on_trends_prints_what_it_shows() {
    follow(include_str!("../docs/trend.md"), "C.UTF-8", 1);
}

#[test]
fn the_page_on_programmes_prints_what_it_shows() {
    follow(include_str!("../docs/programmes.md"), "C.UTF-8", 4);
}
