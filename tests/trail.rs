//! Every number of every park has a way back to a file and a row.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test may stop at the first surprise")]

mod common;

use common::{account, parks};
use parkflux::diagnostic::Lang;
use parkflux::inventory::What;
use parkflux::report::explain::{Explainer, Node};
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// How many rows each file has, counted once.
#[derive(Default)]
struct Files(HashMap<PathBuf, usize>);

impl Files {
    /// Every file that a trail names exists and has the row.
    fn check(&mut self, folder: &Path, node: &Node, what: &str) {
        let origins = node.origins();
        assert!(!origins.is_empty(), "{what} leads nowhere");
        for origin in origins {
            let inside = folder.join(&*origin.file);
            let path = if inside.exists() { inside } else { Path::new(env!("CARGO_MANIFEST_DIR")).join(&*origin.file) };
            let rows = *self.0.entry(path.clone()).or_insert_with(|| {
                let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{what}: {}: {e}", path.display()));
                text.lines().count()
            });
            let row = origin.row.unwrap_or_else(|| panic!("{what}: no row in {origin}"));
            assert!(rows >= row as usize && row > 1, "{what}: {origin}");
        }
    }
}

#[test]
fn explain_reaches_a_file_and_row_for_every_figure() {
    let (mut walked, mut files) = (0, Files::default());
    for folder in parks() {
        let (package, made) = account(&folder);
        let explainer = Explainer::new(&package, &made, Lang::En);
        for figure in &made.figures {
            let value = figure.value.unwrap_or_default();
            assert!(value.is_finite(), "{}", figure.id);
            if value == 0.0 {
                continue;
            }
            walked += 1;
            // A sum is explained by its lines, and the next test walks every line: a sum of
            // thousands needs only to have them.
            let many = match &figure.what {
                What::Sum(s) => made.lines(&package.park, s).len() > 200,
                What::Term(s, r) => made.term_lines(&package.park, s, *r).len() > 200,
                What::Ratio { numerator, .. } => {
                    matches!(&made.figures[*numerator].what, What::Sum(s) if made.lines(&package.park, s).len() > 200)
                }
            };
            if !many {
                files.check(&folder, &explainer.figure_node(figure), &figure.id);
            }
        }
    }
    assert!(walked > 500, "only {walked} figures walked");
}

#[test]
fn explain_reaches_a_file_and_row_for_every_line() {
    let mut files = Files::default();
    for folder in parks() {
        let (package, made) = account(&folder);
        let explainer = Explainer::new(&package, &made, Lang::Zh);
        let mut seen = std::collections::HashSet::new();
        for (i, line) in made.ledger.lines.iter().enumerate() {
            let id = line.id(&package.park);
            // Lines of one coefficient differ in their row alone; the trail of an own factor is long.
            let own = seen.insert(line.coefficient);
            let node = if own || i % 29 == 0 { explainer.whole_line(line) } else { explainer.activity(line) };
            files.check(&folder, &node, &id);
            // Looking an id up walks all lines: often enough on a sample.
            if i % 499 == 0 {
                let found = explainer.explain(&id).unwrap_or_else(|| panic!("{id} cannot be explained"));
                files.check(&folder, &found, &id);
            }
        }
    }
}

#[test]
fn the_lines_of_a_sum_add_up_to_it() {
    for folder in parks() {
        let (package, made) = account(&folder);
        for figure in &made.figures {
            let parts: Vec<f64> = match &figure.what {
                What::Sum(s) => made.lines(&package.park, s).into_iter().map(|l| l.1).collect(),
                What::Term(s, r) => made.term_lines(&package.park, s, *r).into_iter().map(|l| l.1).collect(),
                What::Ratio { .. } => continue,
            };
            let (sum, value) = (parts.iter().sum::<f64>(), figure.value.unwrap());
            let scale = parts.iter().map(|p| p.abs()).sum::<f64>().max(1e-9);
            assert!((sum - value).abs() <= 1e-12 * scale, "{}: {sum} against {value}", figure.id);
        }
    }
}

#[test]
fn the_terms_of_a_line_multiply_to_its_mass() {
    for folder in parks() {
        let (package, made) = account(&folder);
        for line in &made.ledger.lines {
            let product: f64 = made.ledger.get(line.coefficient).terms.iter().map(|t| t.value).product();
            let mass = line.quantity * product;
            assert!((mass - line.mass).abs() <= 1e-12 * mass.abs(), "{}", line.id(&package.park));
        }
    }
}

#[test]
fn ids_of_figures_and_lines_are_unique() {
    for folder in parks() {
        let (package, made) = account(&folder);
        let figures: std::collections::HashSet<&str> = made.figures.iter().map(|f| f.id.as_str()).collect();
        assert_eq!(figures.len(), made.figures.len());
        let lines: std::collections::HashSet<String> = made.ledger.lines.iter().map(|l| l.id(&package.park)).collect();
        assert_eq!(lines.len(), made.ledger.lines.len());
    }
}
