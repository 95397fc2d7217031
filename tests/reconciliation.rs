//! Reconciliation against published cases, and what it owes on any network.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test may stop at the first surprise")]

use approx::assert_relative_eq;
use parkflux::balance::{Class, Estimate, Measured, Problem, Rows, critical, limit, reconcile, tail};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

fn case(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/cases").join(name)
}

/// A CSV file by the names of its columns.
fn table(path: &Path) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    reader.deserialize().map(Result::unwrap).collect()
}

/// Streams and nodes of a published case.
struct Case {
    streams: Vec<String>,
    nodes: Vec<String>,
    rows: Rows,
    table: Vec<BTreeMap<String, String>>,
}

impl Case {
    fn read(name: &str) -> Self {
        let table_of = table(&case(name).join("measurements.csv"));
        let streams: Vec<String> = table_of.iter().map(|row| row["stream"].clone()).collect();
        let mut nodes: BTreeMap<String, Vec<(u32, f64)>> = BTreeMap::new();
        for row in table(&case(name).join("incidence.csv")) {
            let stream = streams.iter().position(|s| *s == row["stream"]).unwrap() as u32;
            nodes.entry(row["node"].clone()).or_default().push((stream, row["sign_in_plus"].parse().unwrap()));
        }
        let mut rows = Rows::default();
        nodes.values().for_each(|terms| rows.push(terms.iter().copied(), 0.0));
        Self { streams, nodes: nodes.into_keys().collect(), rows, table: table_of }
    }

    /// The case with the measurements of one column and the deviations of another.
    fn reconcile(&self, value: &str, sd: &str, biased: Option<(&str, f64)>) -> Estimate {
        let measured = self.table.iter().map(|row| {
            let bias = biased.filter(|b| b.0 == row["stream"]).map_or(0.0, |b| b.1);
            let value = row[value].parse::<f64>().ok()? + bias;
            Some(Measured { value, sd: row[sd].parse().unwrap() })
        });
        reconcile(&Problem { measured: measured.collect(), rows: self.rows.clone() }).unwrap()
    }

    /// Every expected value of one variant that has a number, within its tolerance; says how many there were.
    fn check(&self, expected: &str, variant: &str, of: &Estimate) -> usize {
        let tests = of.measurement_tests();
        let mut checked = 0;
        for row in table(&case(expected)) {
            let Some(name) = row["quantity"].strip_prefix(variant) else { continue };
            let Ok(value) = row["value"].parse::<f64>() else { continue };
            let stream = |s: &str| self.streams.iter().position(|t| t == s);
            let found = match name.split_once('.') {
                _ if name == "chi2_global" => of.chi2,
                _ if name.starts_with("max|") => tests.iter().flatten().copied().fold(0.0, f64::max),
                Some(("reconciled", s)) => of.x[stream(s).unwrap()].unwrap(),
                Some(("measurement_test_z", s)) => tests[stream(s).unwrap()].unwrap(),
                Some(("nodal_test_z", node)) => {
                    let node = self.nodes.iter().position(|n| n == node).unwrap() as u32;
                    of.nodal_tests().into_iter().find(|(joined, _)| *joined == [node]).unwrap().1
                }
                None if stream(name).is_some() => of.x[stream(name).unwrap()].unwrap(),
                _ => continue,
            };
            let tolerance = row.get("tolerance_abs_or_rel").or(row.get("tolerance")).unwrap();
            let (kind, size) = tolerance.split_once(' ').unwrap();
            let size: f64 = size.parse().unwrap();
            let allowed = if kind == "rel" { size * value.abs() } else { size };
            assert!((found - value).abs() <= allowed, "{variant}{name}: {found} for {value} ± {allowed}");
            checked += 1;
        }
        checked
    }
}

#[test]
fn case_o01_comes_out_measured_in_full_in_part_and_biased() {
    let case = Case::read("o01_nj_bypass");
    let full = case.reconcile("measured_full", "sd", None);
    assert_eq!(case.check("o01_nj_bypass/expected.csv", "full.", &full), 7);
    assert_eq!((full.freedom, full.chi2 < limit(0.95, full.freedom)), (4, true));

    let partial = case.reconcile("measured_partial(blank=unmeasured)", "sd", None);
    assert_eq!(case.check("o01_nj_bypass/expected.csv", "partial.", &partial), 7);
    assert_eq!(partial.freedom, 2);
    let (r, o) = (Class::Redundant, Class::Observable);
    assert_eq!(partial.class, [r, r, o, o, r, r]);

    let biased = case.reconcile("measured_biased(+4 on S2)", "sd", None);
    assert_eq!(case.check("o01_nj_bypass/expected.csv", "biased.", &biased), 17);
    assert!(biased.chi2 > limit(0.95, biased.freedom));
    let elimination = biased.eliminate(critical(0.95, 6), 3);
    assert_eq!(elimination.suspects.len(), 1);
    let suspect = &elimination.suspects[0];
    assert_eq!(case.streams[suspect.variable as usize], "S2");
    assert!((suspect.bias - 4.0).abs() < 1.5 && suspect.chi2 < limit(0.95, suspect.freedom));
}

#[test]
fn case_o02_comes_out() {
    let case = Case::read("o02_mitsas12");
    let of = case.reconcile("measured", "sd", None);
    assert_eq!(case.check("o02_mitsas12/expected.csv", "", &of), 13);
    assert_eq!(of.freedom, 6);
}

#[test]
fn case_o03_comes_out_and_its_gross_error_is_found() {
    let case = Case::read("o03_serth_heenan");
    let of = case.reconcile("measured", "sd_2.5pct", None);
    assert_eq!(case.check("o03_serth_heenan/expected.csv", "", &of), 30);
    assert_eq!(of.freedom, 11);
    let of = case.reconcile("measured", "sd_2.5pct", Some(("S15", 10.5)));
    assert_eq!(case.check("o03_serth_heenan/expected_gross_error.csv", "", &of), 30);
    let elimination = of.eliminate(critical(0.95, 28), 5);
    assert_eq!(case.streams[elimination.suspects[0].variable as usize], "S15");
    assert_eq!(elimination.suspects.len(), 1);
}

/// Check 8 of `principle_checks.md`: a seller's and a buyer's meter of one flow.
#[test]
fn two_meters_of_one_flow_are_reconciled() {
    let mut rows = Rows::default();
    rows.push([(0, 1.0), (1, -1.0)], 0.0);
    let measured = vec![Some(Measured { value: 1000.0, sd: 20.0 }), Some(Measured { value: 1060.0, sd: 10.6 })];
    let of = reconcile(&Problem { measured, rows }).unwrap();
    assert!((of.x[0].unwrap() - 1046.84).abs() < 0.005);
    assert!((of.deviation(0).unwrap() - 9.366).abs() < 0.0005);
    assert!((of.chi2 - 7.026).abs() < 0.0005);
    assert!((tail(of.chi2, of.freedom) - 0.0080).abs() < 0.00005);
    let elimination = of.eliminate(1.96, 5);
    // Nobody can say which of the two is wrong.
    assert_eq!(elimination.suspects[0].alike.len(), 1);
}

#[test]
fn limits_are_those_of_the_tables() {
    for (freedom, at_95) in [(4, 9.487_729), (6, 12.591_587), (11, 19.675_138)] {
        assert!((limit(0.95, freedom) - at_95).abs() < 1e-6);
        assert!((tail(at_95, freedom) - 0.05).abs() < 1e-7);
    }
    assert!((critical(0.95, 1) - 1.959_964).abs() < 1e-6);
    assert_eq!((limit(0.95, 0), tail(3.0, 0)), (0.0, 1.0));
}
