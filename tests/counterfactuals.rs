//! Many small changes of one system, against dense solves of each.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test may stop at the first surprise")]

use nalgebra::{DMatrix, DVector};
use ndarray::{Array2, array};
use parkflux::network::{Analysis, Change, ChangeError, Counterfactuals, Outcome, Pattern, Places, SingularUpdate};
use proptest::prelude::*;

/// A system: `A x = f`, and weights of its outputs.
#[derive(Debug, Clone)]
struct System {
    matrix: DMatrix<f64>,
    right: Vec<f64>,
    outputs: Vec<Vec<(u32, f64)>>,
    /// The units of rows and columns.
    units: (Vec<f64>, Vec<f64>),
}

type Entries = Vec<(u32, u32, f64)>;
type Outcomes = Vec<Result<Outcome, SingularUpdate>>;

impl System {
    fn entries(&self) -> (Pattern, Vec<f64>) {
        let n = self.matrix.nrows();
        let places = (0..n).flat_map(|c| (0..n).map(move |r| (r, c))).filter(|&at| self.matrix[at] != 0.0);
        let (rows, columns): (Vec<u32>, Vec<u32>) = places.clone().map(|(r, c)| (r as u32, c as u32)).unzip();
        // Column by column, and in each by row, as the pattern has them.
        (Pattern::from_entries(n, &rows, &columns).unwrap().0, places.map(|at| self.matrix[at]).collect())
    }

    fn with<R>(&self, work: impl FnOnce(&Counterfactuals) -> R) -> R {
        let (pattern, values) = self.entries();
        let analysis = Analysis::new(pattern).unwrap();
        let factors = analysis.factorise(&values).unwrap();
        work(&Counterfactuals::new(&factors, &self.right, &self.outputs).unwrap())
    }

    fn all(&self, changes: &[Change], watched: &[u32]) -> Outcomes {
        self.with(|base| base.all(changes, watched).unwrap())
    }

    /// Flows, outputs, and the sizes of the terms of each output, with the rounding of a dense solve in them, all but a
    /// millionth of 1e-9.
    fn dense(&self, change: &Change) -> (DVector<f64>, Vec<f64>, Vec<f64>) {
        let (mut matrix, mut right) = (self.matrix.clone(), DVector::from_column_slice(&self.right));
        change.matrix.iter().for_each(|&(r, c, d)| matrix[(r as usize, c as usize)] += d);
        change.right.iter().for_each(|&(r, d)| right[r as usize] += d);
        let (rows, columns) = &self.units;
        // Pivots compare numbers that mean the same.
        let scaled = DMatrix::from_fn(right.len(), right.len(), |r, c| matrix[(r, c)] / rows[r] / columns[c]);
        right.iter_mut().zip(rows).for_each(|(f, unit)| *f /= unit);
        let flows = scaled.lu().solve(&right).unwrap();
        let rounding = 1e-6 * flows.amax();
        let flows = DVector::from_fn(flows.len(), |c, _| flows[c] / columns[c]);
        let mut weights = DMatrix::zeros(self.outputs.len(), flows.len());
        for (output, list) in self.outputs.iter().enumerate() {
            for &(c, w) in list {
                weights[(output, c as usize)] += w;
            }
        }
        change.outputs.iter().for_each(|&(o, c, d)| weights[(o as usize, c as usize)] += d);
        let outputs = (&weights * &flows).iter().copied().collect();
        let least = DVector::from_fn(flows.len(), |c, _| rounding / columns[c]);
        let sizes = (weights.abs() * (flows.abs() + least)).iter().copied().collect();
        (flows, outputs, sizes)
    }
}

/// A network with loops in some blocks: each column makes one product and takes less than it makes, each row and column in
/// a unit of its own; links go back only within groups, so that there are several blocks. With it changes that leave it
/// regular, at places with and without entries, within blocks and between them.
fn cases() -> impl Strategy<Value = (System, Vec<Change>)> {
    (2usize..30).prop_flat_map(|order| {
        let index = 0..order as u32;
        let links = prop::collection::vec((index.clone(), index.clone(), 0.0..1.0_f64), 0..order * 4);
        let scales = prop::collection::vec(-3.0..3.0_f64, order);
        let right = prop::collection::vec(prop_oneof![Just(0.0_f64), 0.0..10.0_f64], order);
        let outputs = prop::collection::vec(prop::collection::vec((index.clone(), -0.2..1.0_f64), 0..order), 0..12);
        let entry = (index.clone(), index.clone(), -0.1..0.1_f64);
        let change = (
            prop::collection::vec(entry, 0..5),
            prop::collection::vec((index.clone(), 0.0..1.0_f64), 0..2),
            prop::collection::vec((0..12_u32, index, -0.5..0.5_f64), 0..3),
        );
        let changes = prop::collection::vec(change, 0..20);
        let group = 1..order as u32 + 1;
        (links, scales.clone(), scales, right, outputs, changes, group).prop_map(
            move |(links, rows, columns, right, outputs, changes, group)| {
                let unit = |r: usize, c: usize| 10f64.powf(rows[r]) * 10f64.powf(columns[c]);
                let mut matrix = DMatrix::zeros(order, order);
                for (row, column, size) in links {
                    if row != column && row / group <= column / group {
                        matrix[(row as usize, column as usize)] = -size;
                    }
                }
                for column in 0..order {
                    let inputs: f64 = matrix.column(column).iter().map(|v: &f64| v.abs()).sum();
                    matrix[(column, column)] = inputs * 1.1 + 0.5;
                }
                let matrix = DMatrix::from_fn(order, order, |r, c| matrix[(r, c)] * unit(r, c));
                let right = right.iter().enumerate().map(|(r, f)| f * 10f64.powf(rows[r])).collect();
                let weight = |(c, w): (u32, f64)| (c, w * 10f64.powf(columns[c as usize]));
                let outputs: Vec<Vec<_>> =
                    outputs.into_iter().map(|list| list.into_iter().map(weight).collect()).collect();
                let count = outputs.len() as u32;
                let changed = |(entries, right, weights): (Entries, Vec<(u32, f64)>, Entries)| Change {
                    matrix: entries.into_iter().map(|(r, c, d)| (r, c, d * unit(r as usize, c as usize))).collect(),
                    right: right.into_iter().map(|(r, d)| (r, d * 10f64.powf(rows[r as usize]))).collect(),
                    outputs: weights.into_iter().filter(|(o, ..)| *o < count).collect(),
                };
                let powers = |list: &[f64]| list.iter().map(|&power| 10f64.powf(power)).collect();
                let units = (powers(&rows), powers(&columns));
                (System { matrix, right, outputs, units }, changes.into_iter().map(changed).collect())
            },
        )
    })
}

fn bits(list: &[f64]) -> Vec<u64> {
    list.iter().map(|v| v.to_bits()).collect()
}

proptest! {
    #[test]
    fn each_scenario_is_its_own_solve((system, changes) in cases()) {
        let n = system.right.len();
        let watched: Vec<u32> = (0..n as u32).collect();
        let made = system.all(&changes, &watched);
        prop_assert_eq!(made.len(), changes.len());
        for (change, outcome) in changes.iter().zip(made) {
            let outcome = outcome.unwrap();
            let (flows, outputs, sizes) = system.dense(change);
            for ((y, exact), size) in outcome.outputs.iter().zip(&outputs).zip(&sizes) {
                prop_assert!((y - exact).abs() <= 1e-9 * size, "{y} {exact} {size}");
            }
            for (k, (x, exact)) in outcome.flows.iter().zip(&flows).enumerate() {
                let unit = &system.units.1;
                let largest = (0..n).map(|j| flows[j].abs() / unit[k] * unit[j]).fold(0.0, f64::max);
                prop_assert!((x - exact).abs() <= 1e-9 * largest, "{x} {exact}");
            }
        }
    }

    /// Without flows the outputs are the same, bit for bit, and so they are for a scenario by itself and in a sweep.
    #[test]
    fn a_scenario_does_not_depend_on_others((system, changes) in cases()) {
        let all = system.all(&changes, &[]);
        let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
        let many = rayon::ThreadPoolBuilder::new().num_threads(5).build().unwrap();
        prop_assert_eq!(&all, &one.install(|| system.all(&changes, &[])));
        prop_assert_eq!(&all, &many.install(|| system.all(&changes, &[])));
        let watched = [0, 1];
        let seen = one.install(|| system.all(&changes, &watched));
        prop_assert_eq!(&seen, &many.install(|| system.all(&changes, &watched)));
        for (change, outcome) in changes.iter().zip(&all) {
            let alone = system.all(std::slice::from_ref(change), &[]);
            prop_assert_eq!(&alone[0], outcome);
        }
    }

    #[test]
    fn a_sweep_is_a_list_of_changes((system, changes) in cases(), shares in prop::collection::vec(0.0..1.0_f64, 0..20)) {
        let Some(change) = changes.first() else { return Ok(()) };
        let places = Places {
            matrix: change.matrix.iter().map(|e| (e.0, e.1)).collect(),
            right: change.right.iter().map(|e| e.0).collect(),
            outputs: change.outputs.iter().map(|e| (e.0, e.1)).collect(),
        };
        let sizes: Vec<f64> = change.matrix.iter().map(|e| e.2)
            .chain(change.right.iter().map(|e| e.1)).chain(change.outputs.iter().map(|e| e.2)).collect();
        let added = Array2::from_shape_fn((shares.len(), sizes.len()), |(s, k)| shares[s] * sizes[k]);
        let swept = system.with(|base| base.sweep(&places, &added.view()).unwrap());
        prop_assert!(swept.singular.is_empty());
        for (share, row) in shares.iter().zip(swept.outputs.outer_iter()) {
            let scaled = Change {
                matrix: change.matrix.iter().map(|&(r, c, d)| (r, c, share * d)).collect(),
                right: change.right.iter().map(|&(r, d)| (r, share * d)).collect(),
                outputs: change.outputs.iter().map(|&(o, c, d)| (o, c, share * d)).collect(),
            };
            let (_, outputs, sizes) = system.dense(&scaled);
            for ((y, exact), size) in row.iter().zip(&outputs).zip(&sizes) {
                prop_assert!((y - exact).abs() <= 1e-9 * size, "{y} {exact} {size}");
            }
        }
        // Nothing added is the system itself.
        let nothing = Array2::zeros((1, sizes.len()));
        let (swept, base) =
            system.with(|base| (base.sweep(&places, &nothing.view()).unwrap(), base.outputs().to_vec()));
        prop_assert_eq!(bits(&swept.outputs.row(0).to_vec()), bits(&base));
    }

    #[test]
    fn no_change_gives_the_bytes_of_the_base((system, changes) in cases()) {
        let Some(change) = changes.first() else { return Ok(()) };
        let mut back = change.clone();
        back.matrix.extend(change.matrix.iter().map(|&(r, c, d)| (r, c, -d)));
        back.right.extend(change.right.iter().map(|&(r, d)| (r, -d)));
        back.outputs.extend(change.outputs.iter().map(|&(o, c, d)| (o, c, -d)));
        let distinct = |mut places: Vec<(u32, u32)>| {
            let count = places.len();
            places.sort_unstable();
            places.dedup();
            places.len() == count
        };
        // Sums of more than two numbers may leave their rounding.
        prop_assume!(distinct(change.matrix.iter().map(|e| (e.0, e.1)).collect()));
        prop_assume!(distinct(change.right.iter().map(|e| (e.0, 0)).collect()));
        prop_assume!(distinct(change.outputs.iter().map(|e| (e.0, e.1)).collect()));
        let base = system.with(|base| base.outputs().to_vec());
        for outcome in system.all(&[Change::default(), back], &[]) {
            prop_assert_eq!(bits(&outcome.unwrap().outputs), bits(&base));
        }
    }
}

impl System {
    fn plain(matrix: DMatrix<f64>, right: Vec<f64>, outputs: Vec<Vec<(u32, f64)>>) -> Self {
        let ones = vec![1.0; right.len()];
        Self { matrix, right, outputs, units: (ones.clone(), ones) }
    }
}

/// Two columns that take from each other, and one that takes from both.
fn small() -> System {
    System::plain(
        DMatrix::from_row_slice(3, 3, &[2.0, -1.0, -1.0, -1.0, 1.0, -1.0, 0.0, 0.0, 1.0]),
        vec![1.0, 0.0, 1.0],
        vec![vec![(0, 1.0), (1, 1.0)], vec![(2, 1.0)]],
    )
}

#[test]
fn a_singular_scenario_is_reported_and_the_others_are_not_touched() {
    // Column 0 becomes the opposite of column 1; column 2 makes nothing any more.
    let changes = [
        Change { matrix: vec![(0, 0, -1.0)], ..Change::default() },
        Change { matrix: vec![(0, 0, 1.0)], ..Change::default() },
        Change { matrix: vec![(2, 2, -1.0)], ..Change::default() },
    ];
    let made = small().all(&changes, &[1]);
    assert_eq!(made[0], Err(SingularUpdate { columns: vec![0] }));
    assert_eq!(made[2], Err(SingularUpdate { columns: vec![2] }));
    let outcome = made[1].as_ref().unwrap();
    // 3 a − b = 2, b − a = 1.
    assert!((outcome.outputs[0] - 4.0).abs() < 1e-14 && (outcome.flows[0] - 2.5).abs() < 1e-14, "{outcome:?}");
    let places = Places { matrix: vec![(0, 0)], ..Places::default() };
    let swept = small().with(|base| base.sweep(&places, &array![[-1.0], [1.0]].view()).unwrap());
    assert_eq!(swept.singular, [0]);
    assert!(swept.outputs.row(0).iter().all(|y| y.is_nan()) && (swept.outputs[(1, 0)] - 4.0).abs() < 1e-14);
}

#[test]
fn what_takes_nearly_all_away_is_solved_anew() {
    // The demand goes, but for a part in 10¹²: what is left of the base is rounding.
    let matrix = DMatrix::from_row_slice(2, 2, &[1.0, -0.3, -0.7, 1.0]);
    let system = System::plain(matrix, vec![0.1, 0.3], vec![vec![(0, 1.0), (1, 1.0)]]);
    let rest = 1e-12;
    let change = Change { right: vec![(0, rest - 0.1), (1, rest - 0.3)], ..Change::default() };
    let outcome = system.all(std::slice::from_ref(&change), &[0])[0].clone().unwrap();
    assert!(outcome.anew);
    let (_, exact, _) = system.dense(&change);
    assert!((outcome.outputs[0] / exact[0] - 1.0).abs() < 1e-9);
    // All of it: nothing is left, not even rounding.
    let change = Change { right: vec![(0, -0.1), (1, -0.3)], ..Change::default() };
    let outcome = system.all(&[change], &[0])[0].clone().unwrap();
    assert_eq!((outcome.outputs[0], outcome.flows[0], outcome.anew), (0.0, 0.0, true));
}

#[test]
fn a_new_link_against_the_order_of_the_blocks_closes_a_loop() {
    // A chain of 40; the first comes to take from the last.
    let n = 40;
    let matrix = DMatrix::from_fn(n, n, |r, c| if r == c { 1.0 } else { f64::from(u8::from(r + 1 == c)) * -0.9 });
    let mut right = vec![0.0; n];
    right[n - 1] = 1.0;
    let system = System::plain(matrix, right, vec![(0..n as u32).map(|c| (c, 1.0)).collect()]);
    let change = Change { matrix: vec![(n as u32 - 1, 0, -0.8)], ..Change::default() };
    let (_, exact, _) = system.dense(&change);
    let outcome = system.all(&[change], &[])[0].clone().unwrap();
    assert!(!outcome.anew && (outcome.outputs[0] / exact[0] - 1.0).abs() < 1e-12);
}

#[test]
fn places_and_numbers_that_are_none_are_named() {
    let try_one = |change: Change| small().with(|base| base.all(&[Change::default(), change], &[]).unwrap_err());
    let outside = |kind, index, count| ChangeError::Outside { change: 1, kind, index, count };
    let of = |matrix| Change { matrix, ..Change::default() };
    assert_eq!(try_one(of(vec![(3, 0, 1.0)])), outside("row", 3, 3));
    assert_eq!(try_one(of(vec![(0, 7, 1.0)])), outside("column", 7, 3));
    assert_eq!(try_one(Change { outputs: vec![(2, 0, 1.0)], ..Change::default() }), outside("output", 2, 2));
    assert_eq!(try_one(Change { right: vec![(9, 1.0)], ..Change::default() }), outside("row", 9, 3));
    assert_eq!(try_one(of(vec![(0, 0, f64::NAN)])), ChangeError::NotFinite { change: 1 });
    let watched = small().with(|base| base.all(&[], &[3]).unwrap_err());
    assert_eq!(watched.to_string(), "change 0: column 3 of 3");
    let places = Places { matrix: vec![(0, 0)], ..Places::default() };
    let short = small().with(|base| base.sweep(&places, &Array2::zeros((2, 2)).view()).unwrap_err());
    assert_eq!(short, ChangeError::Length { found: 2, expected: 1 });
    let (pattern, values) = small().entries();
    let analysis = Analysis::new(pattern).unwrap();
    let factors = analysis.factorise(&values).unwrap();
    assert_eq!(Counterfactuals::new(&factors, &[1.0, f64::NAN, 0.0], &[]).unwrap_err(), ChangeError::Base);
    assert_eq!(Counterfactuals::new(&factors, &[1.0, 1.0, 0.0], &[vec![(3, 1.0)]]).unwrap_err(), ChangeError::Base);
}

#[test]
fn no_scenarios_and_no_outputs_are_fine() {
    let system = System { outputs: Vec::new(), ..small() };
    assert!(system.all(&[], &[]).is_empty());
    let change = Change { matrix: vec![(0, 0, 1.0)], ..Change::default() };
    let outcome = system.all(&[change], &[0, 1, 2])[0].clone().unwrap();
    assert!(outcome.outputs.is_empty() && (outcome.flows[1] - 2.5).abs() < 1e-14);
    let empty = System::plain(DMatrix::zeros(0, 0), Vec::new(), vec![Vec::new()]);
    assert_eq!(empty.all(&[Change::default()], &[])[0].as_ref().unwrap().outputs, [0.0]);
}
