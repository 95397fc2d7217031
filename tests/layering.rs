//! Rooms know only those to their left (design, section 6).
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test may stop at the first surprise")]

use std::path::{Path, PathBuf};

/// The rooms in their order. A room may use those before it, except that `network`
/// uses none and only `inventory` and later rooms use `network` (`balance` will).
const ORDER: &[&str] = &[
    "quantity",
    "diagnostic",
    "park",
    "factors",
    "package",
    "network",
    "ledger",
    "methods",
    "balance",
    "inventory",
    "scenario",
    "symbiosis",
    "tradeoff",
    "uncertainty",
    "programme",
    "trend",
    "report",
    "cli",
];

fn rust_files(folder: &Path, list: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, list);
        } else if path.extension().is_some_and(|e| e == "rs") {
            list.push(path);
        }
    }
}

/// The rooms that a file uses: every `crate::ROOM` in it outside comments.
fn used(text: &str) -> Vec<String> {
    let code = text.lines().filter(|l| !l.trim_start().starts_with("//"));
    let mut rooms = Vec::new();
    for line in code {
        for part in line.split("crate::").skip(1) {
            rooms.push(part.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect());
        }
    }
    rooms
}

#[test]
fn no_arrow_points_to_the_right() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    rust_files(&src, &mut files);
    let place =
        |room: &str| ORDER.iter().position(|r| *r == room).unwrap_or_else(|| panic!("room '{room}' has no place"));
    let (mut wrong, mut arrows) = (Vec::new(), 0);
    for file in files {
        let inside = file.strip_prefix(&src).unwrap();
        let Some(room) = inside.parent().and_then(|p| p.iter().next()).and_then(|r| r.to_str()) else {
            continue;
        };
        for target in used(&std::fs::read_to_string(&file).unwrap()) {
            arrows += 1;
            let forbidden = room == "network" && target != "network";
            let early = target == "network" && place(room) < place("network");
            if forbidden || early || place(&target) > place(room) {
                wrong.push(format!("{} uses crate::{target}", inside.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(arrows > 100, "the test sees only {arrows} arrows");
}

#[test]
fn every_room_is_a_folder_of_the_design() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for entry in std::fs::read_dir(src).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        assert!(ORDER.contains(&name.as_str()) || name == "lib.rs" || name == "main.rs", "{name}");
    }
}
