//! The files of a result, and what a second run of a manifest finds different.

use super::manifest;
use super::tidy::{coverage, figures, lines, to_json};
use crate::diagnostic::{Diagnostics, Lang, render_json};
use crate::inventory::Inventory;
use crate::package::Package;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Name of the manifest among the files of a result.
pub const MANIFEST: &str = "manifest.json";

/// Every file that `inventory --out` writes for a package, by name. The manifest comes
/// last and holds the hash of each of the others.
#[must_use]
pub fn results(
    package: &Package,
    inventory: &Inventory,
    found: &Diagnostics,
    lang: Lang,
) -> Vec<(&'static str, Vec<u8>)> {
    let mut value = to_json(package, inventory, lang);
    value["diagnostics"] = render_json(found, lang);
    let mut files = vec![
        ("inventory.json", pretty(&value).into_bytes()),
        ("figures.csv", figures(inventory).to_csv()),
        ("lines.csv", lines(package, inventory).to_csv()),
        ("coverage.csv", coverage(inventory).to_csv()),
    ];
    let outputs: Vec<Value> =
        files.iter().map(|(name, bytes)| json!({ "file": name, "sha256": sha256(bytes) })).collect();
    let mut manifest = manifest(package, inventory);
    manifest["options"]["lang"] = json!(lang);
    manifest["outputs"] = Value::Array(outputs);
    files.push((MANIFEST, pretty(&manifest).into_bytes()));
    files
}

/// JSON on several lines, with a line end.
#[must_use]
pub fn pretty(value: &Value) -> String {
    // A tree of plain values always serializes.
    serde_json::to_string_pretty(value).unwrap_or_default() + "\n"
}

/// SHA-256 in small letters.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    format!("{:x}", Sha256::digest(bytes))
}

/// What kind of thing differs between a manifest and a second run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Version of the program.
    Program,
    /// A file of the package.
    Input,
    /// A factor set.
    FactorSet,
    /// A factor row used in one of the two only.
    Factor,
    /// An option.
    Option,
    /// A file of the result, as made anew.
    Output,
    /// A file of the result that no longer is what the manifest says.
    Written,
}

impl Part {
    /// Key for programs, and the words in English and Chinese.
    #[must_use]
    pub fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Program => ("program", "program", "程序"),
            Self::Input => ("input", "input", "输入"),
            Self::FactorSet => ("factor_set", "factor set", "因子集"),
            Self::Factor => ("factor", "factor used", "所用因子"),
            Self::Option => ("option", "option", "选项"),
            Self::Output => ("output", "output, made anew", "重算的输出"),
            Self::Written => ("written", "file, since it was written", "写出后的文件"),
        }
    }
}

/// One thing that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What kind of thing.
    pub part: Part,
    /// Which.
    pub name: String,
    /// Hash or value in the manifest; `None` where it has none.
    pub then: Option<String>,
    /// Hash or value now.
    pub now: Option<String>,
    /// First line that differs, and the line then and now, where both files are at hand.
    pub line: Option<(usize, String, String)>,
}

/// What differs between two manifests, in the order of [`Part`] and then of names.
#[must_use]
pub fn differences(then: &Value, now: &Value) -> Vec<Difference> {
    let mut list = Vec::new();
    let parts = [
        (Part::Program, version(then), version(now)),
        (Part::Input, hashes(&then["inputs"], "file"), hashes(&now["inputs"], "file")),
        (Part::FactorSet, hashes(&then["factor_sets"], "id"), hashes(&now["factor_sets"], "id")),
        (Part::Factor, names(&then["factors_used"]), names(&now["factors_used"])),
        (Part::Option, options(&then["options"]), options(&now["options"])),
        (Part::Output, hashes(&then["outputs"], "file"), hashes(&now["outputs"], "file")),
    ];
    for (part, then, now) in parts {
        let mut keys: Vec<&String> = then.keys().chain(now.keys()).collect();
        keys.sort_unstable();
        keys.dedup();
        for key in keys.into_iter().filter(|k| then.get(*k) != now.get(*k)) {
            let (then, now) = (then.get(key).cloned(), now.get(key).cloned());
            list.push(Difference { part, name: key.clone(), then, now, line: None });
        }
    }
    list
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn version(manifest: &Value) -> BTreeMap<String, String> {
    ["tool", "version"].into_iter().map(|key| (key.to_owned(), text(&manifest[key]))).collect()
}

fn hashes(list: &Value, key: &str) -> BTreeMap<String, String> {
    list.as_array().into_iter().flatten().map(|entry| (text(&entry[key]), text(&entry["sha256"]))).collect()
}

fn names(list: &Value) -> BTreeMap<String, String> {
    list.as_array().into_iter().flatten().map(|id| (text(id), text(id))).collect()
}

fn options(table: &Value) -> BTreeMap<String, String> {
    table.as_object().into_iter().flatten().map(|(key, value)| (key.clone(), text(value))).collect()
}

/// The first line in which two texts differ, counted from 1, with its content in both;
/// `None` for equal bytes. Lines are cut to 120 characters.
#[must_use]
pub fn first_difference(then: &[u8], now: &[u8]) -> Option<(usize, String, String)> {
    if then == now {
        return None;
    }
    let lines = |bytes: &[u8]| bytes.split(|b| *b == b'\n').map(<[u8]>::to_vec).collect::<Vec<_>>();
    let (then, now) = (lines(then), lines(now));
    let same = then.iter().zip(&now).take_while(|(a, b)| a == b).count();
    let show = |lines: &[Vec<u8>]| {
        let line = lines.get(same).map(|l| String::from_utf8_lossy(l).into_owned()).unwrap_or_default();
        line.trim_start_matches('\u{feff}').trim().chars().take(120).collect::<String>()
    };
    Some((same + 1, show(&then), show(&now)))
}
