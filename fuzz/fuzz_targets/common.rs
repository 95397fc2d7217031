//! What every package target does: read, account, report, explain, and check.

use parkflux::diagnostic::{Diagnostics, Lang, Style, render_json, render_text};
use parkflux::inventory::{Inventory, Reason, What, inventory};
use parkflux::package::{self, Package};
use parkflux::report::explain::Explainer;
use parkflux::report::inventory::Report;
use parkflux::report::tidy::{coverage, figures, lines, to_json};
use std::collections::{BTreeMap, HashSet};
use std::sync::LazyLock;

/// Files by name.
pub type Files = BTreeMap<String, Vec<u8>>;

const LANGS: [Lang; 2] = [Lang::En, Lang::Zh];

/// Checks named in the environment variable `FUZZ_SKIP` (names joined by commas)
/// are left out, so that a known finding does not hide others. `FUZZ_SHOW` prints
/// the problems that were found.
static SKIP: LazyLock<Vec<String>> = LazyLock::new(|| {
    let names = std::env::var("FUZZ_SKIP").unwrap_or_default();
    names.split(',').map(str::to_owned).collect()
});

/// Fails with `text` unless `good`, or unless the check `name` is skipped.
pub fn check(name: &str, good: bool, text: impl FnOnce() -> String) {
    if !good && !SKIP.iter().any(|s| s == name) {
        panic!("check {name}: {}", text());
    }
}

/// The files of the template.
#[allow(dead_code, reason = "one target makes all its files itself")]
pub fn template() -> Files {
    static FILES: LazyLock<Files> = LazyLock::new(|| {
        let files = package::template("fuzz", Lang::En);
        files.into_iter().map(|(name, bytes)| (name.to_owned(), bytes)).collect()
    });
    FILES.clone()
}

/// Whether a text says NaN or infinity.
fn says_infinite(text: &str) -> bool {
    text.split(|c: char| !c.is_alphanumeric()).any(|word| matches!(word, "NaN" | "inf"))
}

/// Texts never say NaN or infinity, unless a file does.
fn check_text(text: &str, files: &Files) {
    // The words of the TOML parser are not ours: "expected `inf`".
    let line = text.lines().find(|line| says_infinite(line) && !line.contains("[P005]"));
    if let Some(line) = line {
        let said = files.values().any(|bytes| {
            let low = String::from_utf8_lossy(bytes).to_lowercase();
            low.contains("nan") || low.contains("inf")
        });
        check("text", said, || line.to_owned());
    }
}

fn render(found: &Diagnostics, files: &Files) {
    if std::env::var_os("FUZZ_SHOW").is_some() {
        eprintln!("{}", render_text(found, Lang::En, Style::Plain));
    }
    for lang in LANGS {
        for style in [Style::Plain, Style::Color] {
            check_text(&render_text(found, lang, style), files);
        }
        std::hint::black_box(render_json(found, lang).to_string());
    }
}

/// Reads and accounts a package, writes all that can be written of it, and checks
/// what must hold of any inventory.
pub fn account(files: &Files) -> Option<(Package, Inventory)> {
    let (package, found) = package::read_files(files);
    render(&found, files);
    let package = package?;
    let inventory = match inventory(&package) {
        Ok(inventory) => inventory,
        Err(found) => {
            check("errors", found.has_errors(), || "no inventory and no error".to_owned());
            render(&found, files);
            return None;
        }
    };
    render(&inventory.found, files);
    numbers(&package, &inventory);
    reports(&package, &inventory, files);
    Some((package, inventory))
}

/// Figures are finite, have ids of their own, and are what their lines add up to.
fn numbers(package: &Package, inventory: &Inventory) {
    let park = &package.park;
    let mut ids = HashSet::new();
    let mut by_id: BTreeMap<&str, f64> = BTreeMap::new();
    for figure in &inventory.figures {
        let value = figure.value.unwrap_or_default();
        check("finite", value.is_finite(), || format!("{} = {value}", figure.id));
        check("ids", ids.insert(&*figure.id), || format!("two figures are called {}", figure.id));
        by_id.insert(&figure.id, value);
        let parts: Vec<f64> = match &figure.what {
            What::Sum(selector) => inventory.lines(park, selector).into_iter().map(|l| l.1).collect(),
            What::Term(selector, reason) => {
                inventory.term_lines(park, selector, *reason).into_iter().map(|l| l.1).collect()
            }
            What::Ratio { numerator, .. } => {
                check("numerator", *numerator < inventory.figures.len(), || figure.id.clone());
                continue;
            }
        };
        let (sum, size) = (parts.iter().sum::<f64>(), parts.iter().map(|p| p.abs()).sum::<f64>());
        let close = (sum - value).abs() <= 1e-9 * size || !size.is_finite();
        check("trail", close, || format!("{} = {value}, its lines add up to {sum}", figure.id));
    }
    // The sum of the enterprises less the terms is the park.
    for year in &inventory.years {
        for total in ["total.location", "total.market"] {
            for rule in ["", "@ghgp", "@gbt"] {
                let at = |id: String| by_id.get(&*id).copied();
                let (Some(sum), Some(whole)) =
                    (at(format!("{year}/sum/{total}{rule}/CO2e")), at(format!("{year}/park/{total}{rule}/CO2e")))
                else {
                    continue;
                };
                let terms = Reason::ALL.map(|r| at(format!("{year}/reconciliation/{total}{rule}/{}", r.id())));
                let terms: Vec<f64> = terms.into_iter().flatten().collect();
                // Parts cancel inside a term: the size of the lines is the measure.
                let size: f64 = inventory.ledger.lines.iter().map(|l| l.mass.abs() * 3e4).sum::<f64>();
                let rest = sum - whole - terms.iter().sum::<f64>();
                check("reconciliation", rest.abs() <= 1e-9 * size || !size.is_finite(), || {
                    format!("{year} {total}{rule}: {sum} - {whole} - {terms:?} = {rest}")
                });
            }
        }
    }
}

/// Every text, table and tree; each input takes one language for the large ones.
fn reports(package: &Package, inventory: &Inventory, files: &Files) {
    let odd = inventory.ledger.lines.len() % 2 == 1;
    for lang in LANGS {
        for &year in &inventory.years {
            check_text(&Report::new(package, inventory, year, lang).to_text(), files);
        }
    }
    let lang = LANGS[usize::from(odd)];
    std::hint::black_box(to_json(package, inventory, lang).to_string());
    std::hint::black_box(figures(inventory).to_csv());
    std::hint::black_box(lines(package, inventory).to_csv());
    std::hint::black_box(coverage(inventory).to_csv());
    let explainer = Explainer::new(package, inventory, LANGS[usize::from(!odd)]);
    for (i, figure) in inventory.figures.iter().enumerate() {
        let node = explainer.figure_node(figure);
        match i % 16 {
            0 => drop(std::hint::black_box(node.to_json())),
            _ => check_text(&node.to_text(12, lang), files),
        }
    }
    for line in &inventory.ledger.lines {
        std::hint::black_box(explainer.explain(&line.id(&package.park)));
    }
    std::hint::black_box((explainer.explain("total"), explainer.nearest("scope")));
}
