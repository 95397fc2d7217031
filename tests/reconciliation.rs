//! Reconciliation against published cases, and what it owes on any network.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test may stop at the first surprise")]

use approx::assert_relative_eq;
use nalgebra::{DMatrix, DVector, SymmetricEigen};
use parkflux::balance::{
    Bilinear, Class, Estimate, Measured, Problem, Product, Rows, critical, limit, reconcile, reconcile_bilinear,
    reconcile_bounded, tail,
};
use parkflux::quantity::steam::{Kelvins, Megapascals, saturated, state};
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
        for terms in nodes.values() {
            rows.push(terms.iter().copied(), 0.0);
        }
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

/// What flows back to where it comes from is in no balance.
#[test]
fn a_flow_from_a_node_to_itself_is_in_no_balance() {
    let known = |value| Some(Measured { value, sd: 1.0 });
    // In 10, out 12, by two like meters; round the node a measured flow and one without a meter.
    for order in [[0, 1, 2, 3], [2, 3, 0, 1], [3, 0, 2, 1]] {
        let mut measured = [None; 4];
        for (k, value) in order.into_iter().zip([known(10.0), known(12.0), known(5.0), None]) {
            measured[k] = value;
        }
        let [into, out, round, unknown] = order.map(|k| k as u32);
        let mut rows = Rows::default();
        rows.push([(into, 1.0), (out, -1.0), (round, 1.0), (round, -1.0), (unknown, 1.0), (unknown, -1.0)], 0.0);
        let made = reconcile(&Problem { measured: measured.to_vec(), rows }).unwrap();
        assert_eq!(order.map(|k| made.x[k]), [Some(11.0), Some(11.0), Some(5.0), None]);
        let class = [Class::Redundant, Class::Redundant, Class::NonRedundant, Class::Unobservable];
        assert_eq!(order.map(|k| made.class[k]), class);
        assert_relative_eq!(made.chi2, 2.0, max_relative = 1e-12);
        assert_relative_eq!(made.deviation(order[2]).unwrap(), 1.0);
    }
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

/// Case o10: the feed water of a deaerator by mass and energy, its steam and its make-up unmeasured.
#[test]
fn case_o10_comes_out_as_a_loop_of_mass_and_energy() {
    let input: BTreeMap<String, f64> = table(&case("o10_steam_deaerator").join("input.csv"))
        .into_iter()
        .map(|row| (row["name"].clone(), row["value"].parse().unwrap()))
        .collect();
    let (feed, vent) = (input["feedwater_mass_flow"], input["vent_rate"] / 100.0 * input["feedwater_mass_flow"]);
    let at = |p: &str, t: &str| state(Megapascals(input[p]), Kelvins(input[t])).unwrap().enthalpy;
    let header = saturated(Megapascals(input["deaerator_pressure"])).unwrap();
    let (liquid, vapor) = (header.liquid.enthalpy, header.vapor.enthalpy);
    let (water, steam) = (at("water_pressure", "water_temperature"), at("steam_pressure", "steam_temperature"));
    // Water, steam, feed, vent.
    let mut rows = Rows::default();
    rows.push([(0, 1.0), (1, 1.0), (2, -1.0), (3, -1.0)], 0.0);
    rows.push([(0, water), (1, steam), (2, -liquid), (3, -vapor)], 0.0);
    let exact = |value| Some(Measured { value, sd: 0.0 });
    let measured = vec![None, None, exact(feed), exact(vent)];
    let of = reconcile(&Problem { measured, rows }).unwrap();
    assert_eq!(of.class, [Class::Observable, Class::Observable, Class::Exact, Class::Exact]);
    let masses: Vec<f64> = of.x.iter().map(|x| x.unwrap()).collect();
    for row in table(&case("o10_steam_deaerator").join("expected.csv")) {
        let found = match &*row["quantity"] {
            "feedwater_energy" => feed * liquid,
            "vent_mass" => vent,
            "vent_energy" => vent * vapor,
            "water_mass" => masses[0],
            "water_energy" => masses[0] * water,
            "steam_mass" => masses[1],
            "steam_energy" => masses[1] * steam,
            other => panic!("{other}"),
        };
        assert_relative_eq!(found, row["value"].parse().unwrap(), max_relative = 1e-4);
    }
}

/// A network of nodes in a row with by-passes and recycles: every flow enters or leaves a node, some are unmeasured.
#[derive(Debug, Clone)]
struct Network {
    problem: Problem,
    truth: Vec<f64>,
}

fn network() -> impl Strategy<Value = Network> {
    let flow = (0..8_usize, 0..8_usize, 1.0..100.0_f64, 0.005..0.1_f64, -2.0..2.0_f64, 0..100_u8);
    prop::collection::vec(flow, 6..30).prop_map(|flows| {
        let (mut rows, mut truth, mut measured) = (vec![Vec::new(); 8], Vec::new(), Vec::new());
        let mut balance = [0.0; 8];
        for (from, to, value, sd, noise, chance) in flows {
            let (k, sd) = (truth.len() as u32, sd * value);
            rows[to].push((k, 1.0));
            balance[to] += value;
            // From itself is from outside.
            if from != to {
                rows[from].push((k, -1.0));
                balance[from] -= value;
            }
            truth.push(value);
            measured.push((chance >= 25).then_some(Measured { value: value + noise * sd, sd }));
        }
        // What is left goes outside or comes from there.
        for (node, left) in balance.into_iter().enumerate().filter(|(_, left)| *left != 0.0) {
            rows[node].push((truth.len() as u32, -left.signum()));
            truth.push(left.abs());
            measured.push(Some(Measured { value: left.abs() * 1.01, sd: 0.02 * left.abs().max(1.0) }));
        }
        let mut equations = Rows::default();
        rows.into_iter().filter(|terms| !terms.is_empty()).for_each(|terms| equations.push(terms, 0.0));
        Network { problem: Problem { measured, rows: equations }, truth }
    })
}

/// The equations as a dense matrix.
fn dense(rows: &Rows, variables: usize) -> DMatrix<f64> {
    let mut made = DMatrix::zeros(rows.len(), variables);
    for row in 0..rows.len() {
        rows.terms(row).iter().for_each(|&(k, a)| made[(row, k as usize)] += a);
    }
    made
}

/// Columns that span all solutions of the equations.
fn solutions(rows: &Rows, variables: usize) -> DMatrix<f64> {
    let a = dense(rows, variables);
    let eigen = SymmetricEigen::new(a.transpose() * a);
    let null: Vec<usize> = (0..variables).filter(|&k| eigen.eigenvalues[k] < 1e-9).collect();
    eigen.eigenvectors.select_columns(&null)
}

/// The pseudo-inverse, by the eigenvectors of `AᵀA`.
fn pseudo_inverse(a: &DMatrix<f64>) -> DMatrix<f64> {
    let eigen = SymmetricEigen::new(a.transpose() * a);
    let largest = eigen.eigenvalues.amax();
    let inverse = eigen.eigenvalues.map(|e| if e > 1e-11 * largest { 1.0 / e } else { 0.0 });
    &eigen.eigenvectors * DMatrix::from_diagonal(&inverse) * eigen.eigenvectors.transpose() * a.transpose()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Estimates, classes, deviations and χ² are those of a dense regression over all solutions of the equations.
    #[test]
    fn a_network_is_reconciled_as_by_dense_regression(Network { problem, .. } in network()) {
        let n = problem.measured.len();
        let of = reconcile(&problem).unwrap();
        let z = solutions(&problem.rows, n);
        let known: Vec<usize> = (0..n).filter(|&k| problem.measured[k].is_some()).collect();
        let sd = |k: usize| problem.measured[k].unwrap().sd;
        // x = Z c, the measured part of it weighed: the pseudo-inverse gives the least squares.
        let weighed = DMatrix::from_fn(known.len(), z.ncols(), |i, j| z[(known[i], j)] / sd(known[i]));
        let y = DVector::from_fn(known.len(), |i, _| problem.measured[known[i]].unwrap().value / sd(known[i]));
        let inverse = pseudo_inverse(&weighed);
        let c = &inverse * &y;
        let x = &z * &c;
        let chi2 = (&weighed * &c - &y).norm_squared();
        prop_assert!((of.chi2 - chi2).abs() <= 1e-6 * (1.0 + chi2), "{} {chi2}", of.chi2);
        let spread = &z * &inverse;
        // A direction without measurements moves what is unobservable.
        let projector = DMatrix::identity(z.ncols(), z.ncols()) - &inverse * &weighed;
        let moves = &z * projector;
        for k in 0..n {
            let unobservable = moves.row(k).norm() > 1e-7;
            prop_assert_eq!(of.class[k] == Class::Unobservable, unobservable, "{}", k);
            if unobservable {
                continue;
            }
            let size = x.amax();
            prop_assert!((of.x[k].unwrap() - x[k]).abs() <= 1e-8 * size, "{k}: {:?} {}", of.x[k], x[k]);
            let deviation = spread.row(k).norm();
            prop_assert!((of.deviation(k).unwrap() - deviation).abs() <= 1e-6 * (deviation + 1e-3 * size));
            if let Some(m) = problem.measured[k] {
                // The regression knows deviations to some parts in 10⁸.
                match of.class[k] {
                    Class::Redundant => prop_assert!(deviation <= m.sd * (1.0 + 1e-6)),
                    _ => prop_assert!((deviation - m.sd).abs() <= 1e-6 * m.sd, "{k}: {deviation} {}", m.sd),
                }
            }
        }
        let (a, b) = (0, n - 1);
        if let Some(covariance) = of.covariance(a, b) {
            let exact = spread.row(a).dot(&spread.row(b));
            prop_assert!((covariance - exact).abs() <= 1e-6 * (spread.row(a).norm() * spread.row(b).norm() + 1e-6));
        }
    }

    /// Best values close the equations to 1e-9 of their terms.
    #[test]
    fn best_values_close(Network { problem, .. } in network()) {
        let of = reconcile(&problem).unwrap();
        for row in 0..problem.rows.len() {
            let terms: Option<Vec<f64>> = problem.rows.terms(row).iter().map(|&(k, a)| Some(a * of.x[k as usize]?)).collect();
            let Some(terms) = terms else { continue };
            let size: f64 = terms.iter().map(|t| t.abs()).sum();
            prop_assert!(terms.iter().sum::<f64>().abs() <= 1e-9 * size);
        }
    }

    /// Only the ratios of the deviations matter to the values; and what agrees already is left as it is.
    #[test]
    fn deviations_scale_and_what_agrees_stays(Network { problem, truth } in network(), by in 0.01..100.0_f64) {
        let of = reconcile(&problem).unwrap();
        let mut scaled = problem.clone();
        scaled.measured.iter_mut().flatten().for_each(|m| m.sd *= by);
        let other = reconcile(&scaled).unwrap();
        let size = truth.iter().fold(0.0_f64, |a, x| a.max(*x));
        for (a, b) in of.x.iter().zip(&other.x) {
            prop_assert_eq!(a.is_some(), b.is_some());
            prop_assert!((a.unwrap_or(0.0) - b.unwrap_or(0.0)).abs() <= 1e-9 * size);
        }
        prop_assert!((other.chi2 * by * by - of.chi2).abs() <= 1e-7 * (1.0 + of.chi2));
        let mut true_values = problem;
        for (m, truth) in true_values.measured.iter_mut().zip(&truth) {
            if let Some(m) = m {
                m.value = *truth;
            }
        }
        let of = reconcile(&true_values).unwrap();
        prop_assert!(of.chi2 < 1e-12);
        for (x, truth) in of.x.iter().zip(&truth) {
            prop_assert!(x.is_none_or(|x| (x - truth).abs() <= 1e-9 * size));
        }
    }

    /// The order of the equations and of the variables changes rounding only.
    #[test]
    fn order_changes_nothing((Network { problem, .. }, order) in network().prop_flat_map(|network| {
        let n = network.problem.measured.len();
        (Just(network), Just((0..n).collect::<Vec<usize>>()).prop_shuffle())
    })) {
        let of = reconcile(&problem).unwrap();
        let mut place = vec![0; order.len()];
        order.iter().enumerate().for_each(|(new, &old)| place[old] = new as u32);
        let mut rows = Rows::default();
        for row in (0..problem.rows.len()).rev() {
            rows.push(problem.rows.terms(row).iter().map(|&(k, a)| (place[k as usize], a)), 0.0);
        }
        let measured = order.iter().map(|&old| problem.measured[old]).collect();
        let other = reconcile(&Problem { measured, rows }).unwrap();
        prop_assert!((of.chi2 - other.chi2).abs() <= 1e-8 * (1.0 + of.chi2));
        let size = of.x.iter().flatten().fold(0.0_f64, |a, x| a.max(x.abs()));
        for (new, &old) in order.iter().enumerate() {
            prop_assert_eq!(of.class[old], other.class[new]);
            prop_assert!((of.x[old].unwrap_or(0.0) - other.x[new].unwrap_or(0.0)).abs() <= 1e-9 * size);
        }
    }

    /// Taking a suspect out is the same as having no measurement of it, and its test has gone up by its bias.
    #[test]
    fn elimination_is_reconciliation_without_the_measurement(Network { problem, .. } in network(), which in 0..1000_usize) {
        let of = reconcile(&problem).unwrap();
        let redundant: Vec<usize> = (0..of.class.len()).filter(|&k| of.class[k] == Class::Redundant).collect();
        prop_assume!(!redundant.is_empty());
        let k = redundant[which % redundant.len()];
        let mut wrong = problem.clone();
        let m = wrong.measured[k].as_mut().unwrap();
        m.value += 60.0 * m.sd;
        let of = reconcile(&wrong).unwrap();
        let elimination = of.eliminate(4.0, 1);
        // Where the network can hardly test it, the error hides.
        prop_assume!(!elimination.suspects.is_empty());
        let suspect = &elimination.suspects[0];
        let mut without = wrong.clone();
        without.measured[suspect.variable as usize] = None;
        let rest = reconcile(&without).unwrap();
        prop_assert!((rest.chi2 - suspect.chi2).abs() <= 1e-6 * (1.0 + of.chi2));
        prop_assert_eq!(rest.freedom, suspect.freedom);
        let size = rest.x.iter().flatten().fold(0.0_f64, |a, x| a.max(x.abs()));
        for (a, b) in elimination.x.iter().zip(&rest.x) {
            prop_assert!((a.unwrap_or(0.0) - b.unwrap_or(0.0)).abs() <= 1e-7 * size, "{a:?} {b:?}");
        }
        let read = wrong.measured[suspect.variable as usize].unwrap().value;
        prop_assert!((read - suspect.bias - rest.x[suspect.variable as usize].unwrap()).abs() <= 1e-7 * size);
    }

    /// Bounded values are not negative, close, and are no better than the free ones; without negative ones nothing changes.
    #[test]
    fn bounds_hold(Network { problem, .. } in network(), pull in prop::collection::vec(-1.5..1.0_f64, 40)) {
        let mut problem = problem;
        for (m, pull) in problem.measured.iter_mut().zip(&pull) {
            if let Some(m) = m {
                m.value += pull.min(0.0) * m.value;
                m.sd += 0.2 * m.value.abs();
            }
        }
        let free = reconcile(&problem).unwrap();
        let all = vec![true; problem.measured.len()];
        let (of, held) = reconcile_bounded(&problem, &all).unwrap();
        let size = of.x.iter().flatten().fold(1.0_f64, |a, x| a.max(x.abs()));
        prop_assert!(of.x.iter().flatten().all(|x| *x >= -1e-9 * size));
        prop_assert!(of.chi2 >= free.chi2 - 1e-9 * (1.0 + free.chi2));
        if free.x.iter().flatten().all(|x| *x >= 0.0) {
            prop_assert!(held.is_empty());
        }
        for row in 0..problem.rows.len() {
            let terms: Option<Vec<f64>> = problem.rows.terms(row).iter().map(|&(k, a)| Some(a * of.x[k as usize]?)).collect();
            if let Some(terms) = terms {
                prop_assert!(terms.iter().sum::<f64>().abs() <= 1e-9 * size);
            }
        }
    }
}

/// A splitter and a mixer with compositions: total flows and flows of a substance close together.
#[test]
fn flows_and_compositions_are_reconciled_together() {
    // Flows 0 to 4: 0 + 3 = 1, 1 = 2 + 3 with one composition in 1, 2 and 3; 2 + 4 = 5. Compositions follow: 6 of 0, 7 of 1, 2
    // and 3, 8 of 4, 9 of 5.
    let mut rows = Rows::default();
    rows.push([(0, 1.0), (3, 1.0), (1, -1.0)], 0.0);
    rows.push([(1, 1.0), (2, -1.0), (3, -1.0)], 0.0);
    rows.push([(2, 1.0), (4, 1.0), (5, -1.0)], 0.0);
    rows.push([], 0.0);
    rows.push([], 0.0);
    let product = |row, x, y, value| Product { row, variables: (x, y), value };
    let products = vec![
        product(3, 0, 6, 1.0),
        product(3, 3, 7, 1.0),
        product(3, 1, 7, -1.0),
        product(4, 2, 7, 1.0),
        product(4, 4, 8, 1.0),
        product(4, 5, 9, -1.0),
    ];
    let of = |value: f64, percent: f64| Some(Measured { value, sd: percent / 100.0 * value });
    let measured = vec![
        of(101.3, 1.0),
        of(148.1, 2.0),
        of(98.2, 1.0),
        None,
        of(51.2, 2.0),
        of(149.0, 1.0),
        of(0.402, 1.0),
        of(0.396, 1.0),
        of(0.11, 3.0),
        None,
    ];
    let problem = Bilinear { measured: measured.clone(), start: Vec::new(), rows, products: products.clone() };
    let (estimate, steps) = reconcile_bilinear(&problem).unwrap();
    let x: Vec<f64> = estimate.x.iter().map(|x| x.unwrap()).collect();
    for row in 0..5_u32 {
        let linear: f64 = problem.rows.terms(row as usize).iter().map(|&(k, a)| a * x[k as usize]).sum();
        let products = products.iter().filter(|p| p.row == row);
        let sum: f64 = products.map(|p| p.value * x[p.variables.0 as usize] * x[p.variables.1 as usize]).sum();
        assert!((linear + sum).abs() < 1e-9, "{row}: {}", linear + sum);
    }
    assert!(steps < 10);
    assert_eq!((estimate.class[3], estimate.class[9]), (Class::Observable, Class::Observable));
    // No step along the equations makes the sum of squares smaller.
    let objective = |x: &[f64]| -> f64 {
        x.iter().zip(&measured).filter_map(|(x, m)| Some(((x - (*m)?.value) / (*m)?.sd).powi(2))).sum()
    };
    let least = objective(&x);
    assert_relative_eq!(least, estimate.chi2, max_relative = 1e-6);
    for (free, step) in [(0, 0.01), (1, 0.01), (4, 0.01), (7, 1e-5), (8, 1e-5)] {
        for sign in [-1.0, 1.0] {
            let mut y = x.clone();
            y[free] += sign * step;
            y[3] = y[1] - y[0];
            y[2] = y[0];
            y[5] = y[2] + y[4];
            y[6] = (y[1] - y[3]) * y[7] / y[0];
            y[9] = (y[2] * y[7] + y[4] * y[8]) / y[5];
            assert!(objective(&y) >= least - 1e-9, "{free} {sign}: {} {least}", objective(&y));
        }
    }
}

#[test]
fn exact_values_that_contradict_name_their_equations() {
    let mut rows = Rows::default();
    rows.push([(0, 1.0), (1, -1.0)], 0.0);
    rows.push([(1, 1.0), (2, -1.0)], 0.0);
    rows.push([(3, 1.0), (4, -1.0)], 0.0);
    let exact = |value| Some(Measured { value, sd: 0.0 });
    let measured = vec![exact(10.0), None, exact(11.0), exact(1.0), Some(Measured { value: 3.0, sd: 1.0 })];
    let contradiction = reconcile(&Problem { measured, rows }).unwrap_err();
    assert_eq!(contradiction.equations, [0, 1]);
    assert_relative_eq!(contradiction.residual.abs(), 1.0);
}

/// Three errors in one steam network are found one after the other, and what they are.
#[test]
fn several_gross_errors_are_found() {
    let case = Case::read("o03_serth_heenan");
    // In standard deviations.
    let biases = [("S12", -12.0), ("S27", 14.0), ("S8", 12.0)];
    let measured = case.table.iter().map(|row| {
        let sd: f64 = row["sd_2.5pct"].parse().unwrap();
        let bias = biases.iter().find(|b| b.0 == row["stream"]).map_or(0.0, |b| b.1 * sd);
        Some(Measured { value: row["measured"].parse::<f64>().unwrap() + bias, sd })
    });
    let of = reconcile(&Problem { measured: measured.collect(), rows: case.rows.clone() }).unwrap();
    let elimination = of.eliminate(critical(0.95, 28), 6);
    let mut found: Vec<(&str, f64)> = elimination
        .suspects
        .iter()
        .map(|s| {
            (
                &*case.streams[s.variable as usize],
                s.bias / case.table[s.variable as usize]["sd_2.5pct"].parse::<f64>().unwrap(),
            )
        })
        .collect();
    found.sort_by(|a, b| a.0.cmp(b.0));
    for ((stream, bias), (wrong, by)) in found.iter().zip(&biases) {
        assert_eq!(stream, wrong);
        assert!((bias - by).abs() < 3.0, "{stream}: {bias} for {by}");
    }
    assert_eq!(found.len(), 3);
    assert!(elimination.suspects[2].chi2 < limit(0.95, 8));
}

/// A meter that knows almost nothing beside good ones changes nothing, however little it knows.
#[test]
fn a_meter_that_knows_nothing_changes_nothing() {
    for sd in [10.0, 1e3, 1e4, 1e5, 1e6, 1e8, 1e12] {
        let mut rows = Rows::default();
        rows.push([(0, 1.0), (1, -1.0)], 0.0);
        rows.push([(1, 1.0), (2, -1.0)], 0.0);
        let of = |value, sd| Some(Measured { value, sd });
        let problem = Problem { measured: vec![of(100.0, 1.0), of(120.0, sd), of(103.0, 1.0)], rows };
        let made = reconcile(&problem).unwrap();
        let exact = (2.0 + 1.0 / (sd * sd)).recip();
        let best = exact * (203.0 + 120.0 / (sd * sd));
        for k in 0..3 {
            assert_relative_eq!(made.x[k].unwrap(), best, max_relative = 1e-6);
            assert_relative_eq!(made.deviation(k).unwrap(), exact.sqrt(), max_relative = 1e-3);
        }
        assert!((made.chi2 - 4.5).abs() < 400.0 / (sd * sd) + 1e-6, "{sd}: {}", made.chi2);
    }
}
