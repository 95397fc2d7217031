//! Every number of every park has a way back to a file and a row.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test may stop at the first surprise")]

mod common;

use common::{account, parks};
use parkflux::diagnostic::Lang;
use parkflux::inventory::What;
use parkflux::report::explain::{Explainer, Node};
use std::path::Path;

/// The file that an origin names exists and has that row.
fn check_origins(folder: &Path, node: &Node, what: &str) {
    for origin in node.origins() {
        let inside = folder.join(&*origin.file);
        let path = if inside.exists() { inside } else { Path::new(env!("CARGO_MANIFEST_DIR")).join(&*origin.file) };
        let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{what}: {}: {e}", path.display()));
        let row = origin.row.unwrap_or_else(|| panic!("{what}: no row in {origin}"));
        assert!(text.lines().count() >= row as usize && row > 1, "{what}: {origin}");
    }
}

#[test]
fn explain_reaches_a_file_and_row_for_every_figure() {
    let mut walked = 0;
    for folder in parks() {
        let (package, made) = account(&folder);
        let explainer = Explainer::new(&package, &made, Lang::En);
        for figure in &made.figures {
            let node = explainer.figure_node(figure);
            let value = figure.value.unwrap_or_default();
            assert!(value.is_finite(), "{}", figure.id);
            if value == 0.0 {
                continue;
            }
            assert!(!node.origins().is_empty(), "{} leads nowhere", figure.id);
            check_origins(&folder, &node, &figure.id);
            walked += 1;
        }
    }
    assert!(walked > 500, "only {walked} figures walked");
}

#[test]
fn explain_reaches_a_file_and_row_for_every_line() {
    for folder in parks() {
        let (package, made) = account(&folder);
        let explainer = Explainer::new(&package, &made, Lang::Zh);
        for line in &made.ledger.lines {
            let id = line.id(&package.park);
            let node = explainer.explain(&id).unwrap_or_else(|| panic!("{id} cannot be explained"));
            assert!(!node.origins().is_empty(), "{id}");
            check_origins(&folder, &node, &id);
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
