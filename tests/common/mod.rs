//! What several test files share: packages built from text.
#![allow(dead_code, reason = "each test file uses a part of it")]

use parkflux::diagnostic::{Diagnostics, Lang, Style, render_text};
use parkflux::inventory::{Inventory, inventory};
use parkflux::package::{Package, read, read_files};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A park of the repository.
pub fn park(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/parks").join(name)
}

/// Every park of the repository.
pub fn parks() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/parks");
    let mut list: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    list.sort();
    list
}

/// Reads a package and makes its inventory; panics with the problems if it cannot.
pub fn account(folder: &Path) -> (Package, Inventory) {
    let (package, found) = read(folder).unwrap();
    finish(package, &found)
}

/// The same for files in memory.
pub fn account_files(files: &Files) -> (Package, Inventory) {
    let (package, found) = read_files(&files.0);
    finish(package, &found)
}

fn finish(package: Option<Package>, found: &Diagnostics) -> (Package, Inventory) {
    let package = package.unwrap_or_else(|| panic!("{}", render_text(found, Lang::En, Style::Plain)));
    let made = inventory(&package);
    let made = made.unwrap_or_else(|found| panic!("{}", render_text(&found, Lang::En, Style::Plain)));
    (package, made)
}

/// Files of a package in memory.
#[derive(Clone)]
pub struct Files(pub BTreeMap<String, Vec<u8>>);

impl Files {
    /// A package with a `park.toml`; `settings` may override lines by key.
    pub fn new(settings: &str) -> Self {
        let defaults = [
            ("schema", "1"),
            ("id", "\"test\""),
            ("periods", "[\"2023\"]"),
            ("region", "\"cn\""),
            ("factor_sets", "[\"park\", \"cn_gbt32151_2024\", \"cn_grid\", \"cn_heat\", \"ipcc_2006\"]"),
            ("gwp_set", "\"AR5\""),
            ("rule_set", "\"ghgp\""),
        ];
        let mut text = settings.trim().to_owned() + "\n";
        for (key, value) in defaults {
            if !text.lines().any(|l| l.split('=').next().is_some_and(|k| k.trim() == key)) {
                text.extend([key, " = ", value, "\n"]);
            }
        }
        // The set of the park's own is there even if a test gives no factors.
        let files = Self(BTreeMap::from([("park.toml".to_owned(), text.into_bytes())]));
        files.with("factors.csv", FACTORS).with("carriers.csv", CARRIERS)
    }

    /// The same with a table.
    pub fn with(mut self, name: &str, text: &str) -> Self {
        let lines: Vec<&str> = text.lines().map(str::trim).filter(|l| !l.is_empty()).collect();
        self.0.insert(name.to_owned(), (lines.join("\n") + "\n").into_bytes());
        self
    }

    /// The text of a table.
    pub fn text(&self, name: &str) -> String {
        String::from_utf8(self.0[name].clone()).unwrap()
    }
}

/// A factor that no other set has, so that the set `park` exists.
const FACTORS: &str = "id,set,carrier,parameter,gas,value,unit,basis,source,confidence
    test.fuel,park,test_fuel,emission_factor,CO2,2,t/t,as_received,a test,computed";

/// The carrier of that factor.
const CARRIERS: &str = "carrier,property,value\ntest_fuel,kind,solid_fuel";

/// Header of `flows.csv` in the tests.
pub const FLOWS: &str = "id,period,from,to,carrier,quantity,unit,basis,use,observer,sd";
