//! The numeric kernel on random systems: what a solver owes its user.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test may stop at the first surprise")]

use ndarray::{Array2, array};
use parkflux::network::{Analysis, LANES, Lanes, ManyError, Pattern, PatternError, Symbolic, Update};
use proptest::prelude::*;
use std::collections::BTreeMap;

/// A square matrix by its entries.
#[derive(Debug, Clone)]
struct Matrix {
    order: usize,
    entries: BTreeMap<(u32, u32), f64>,
}

impl Matrix {
    fn lists(&self) -> (Vec<u32>, Vec<u32>, Vec<f64>) {
        let rows = self.entries.keys().map(|k| k.0).collect();
        let columns = self.entries.keys().map(|k| k.1).collect();
        (rows, columns, self.entries.values().copied().collect())
    }

    /// The pattern, and the values in its order.
    fn compressed(&self) -> (Pattern, Vec<f64>) {
        let (rows, columns, values) = self.lists();
        let (pattern, slots) = Pattern::from_entries(self.order, &rows, &columns).unwrap();
        let mut ordered = vec![0.0; values.len()];
        for (slot, value) in slots.iter().zip(values) {
            ordered[*slot as usize] = value;
        }
        (pattern, ordered)
    }

    /// Rows and columns in another order.
    fn permuted(&self, rows: &[u32], columns: &[u32]) -> Self {
        let entries = self.entries.iter().map(|(&(r, c), &v)| ((rows[r as usize], columns[c as usize]), v));
        Self { order: self.order, entries: entries.collect() }
    }

    fn transposed(&self) -> Self {
        Self { order: self.order, entries: self.entries.iter().map(|(&(r, c), &v)| ((c, r), v)).collect() }
    }

    fn solve(&self, b: &[f64]) -> Vec<f64> {
        let (pattern, values) = self.compressed();
        let analysis = Analysis::new(pattern).unwrap();
        let mut x = b.to_vec();
        analysis.factorise(&values).unwrap().solve(&mut x);
        x
    }

    fn solve_transposed(&self, b: &[f64]) -> Vec<f64> {
        let (pattern, values) = self.compressed();
        let analysis = Analysis::new(pattern).unwrap();
        let mut x = b.to_vec();
        analysis.factorise(&values).unwrap().solve_transposed(&mut x);
        x
    }

    /// The residual of `A x = b`, its largest entry in parts of the largest sum of the sizes of an equation's terms.
    fn residual(&self, x: &[f64], b: &[f64]) -> f64 {
        let (mut sums, mut sizes) = (b.to_vec(), b.iter().map(|b| b.abs()).collect::<Vec<_>>());
        for (&(row, column), a) in &self.entries {
            sums[row as usize] -= a * x[column as usize];
            sizes[row as usize] += (a * x[column as usize]).abs();
        }
        let largest = |list: &[f64]| list.iter().fold(0.0, |a: f64, v| a.max(v.abs()));
        if largest(&sums) == 0.0 { 0.0 } else { largest(&sums) / largest(&sizes) }
    }
}

/// Off-diagonal entries at random places, `density` of them a column on average.
fn places(order: usize, density: usize) -> impl Strategy<Value = Vec<(u32, u32, f64)>> {
    let index = 0..order as u32;
    prop::collection::vec((index.clone(), index, 0.0..1.0), 0..=order * density)
}

/// A productive network: outputs on the diagonal, inputs off it, each column losing something; each row and column in a
/// unit of its own.
fn network() -> impl Strategy<Value = Matrix> {
    (1usize..40).prop_flat_map(|order| {
        let scales = prop::collection::vec(-3.0..3.0, order);
        (places(order, 4), scales.clone(), scales).prop_map(move |(places, rows, columns)| {
            let mut entries: BTreeMap<(u32, u32), f64> = BTreeMap::new();
            for (row, column, size) in places {
                if row != column {
                    entries.insert((row, column), -size);
                }
            }
            for column in 0..order as u32 {
                let inputs: f64 = entries.iter().filter(|(k, _)| k.1 == column).map(|(_, v)| v.abs()).sum();
                entries.insert((column, column), inputs * 1.01 + 0.1);
            }
            let scale = |(&(r, c), v): (&(u32, u32), &f64)| {
                ((r, c), v * 10f64.powf(rows[r as usize]) * 10f64.powf(columns[c as usize]))
            };
            Matrix { order, entries: entries.iter().map(scale).collect() }
        })
    })
}

/// A matrix with entries of both signs (credits), made regular by a large entry in each row and column at a random
/// transversal: the diagonal may hold zeros.
fn credits() -> impl Strategy<Value = Matrix> {
    (1usize..40).prop_flat_map(|order| {
        let transversal = Just((0..order as u32).collect::<Vec<_>>()).prop_shuffle();
        (places(order, 3), transversal).prop_map(move |(places, transversal)| {
            let mut entries: BTreeMap<(u32, u32), f64> = BTreeMap::new();
            for (row, column, size) in places {
                entries.insert((row, column), 2.0 * size - 1.0);
            }
            for (column, &row) in transversal.iter().enumerate() {
                entries.insert((row, column as u32), 10.0 + order as f64);
            }
            Matrix { order, entries }
        })
    })
}

fn with_demand(matrix: impl Strategy<Value = Matrix>) -> impl Strategy<Value = (Matrix, Vec<f64>)> {
    matrix.prop_flat_map(|m| {
        let demand = prop::collection::vec(prop_oneof![Just(0.0), -10.0..10.0], m.order);
        (Just(m), demand)
    })
}

/// Elimination with pivots of at least a twentieth of the largest, rows in units of their own, is backward stable.
const RESIDUAL: f64 = 1e-12;

proptest! {
    #[test]
    fn a_network_is_solved((m, b) in with_demand(network())) {
        let x = m.solve(&b);
        prop_assert!(m.residual(&x, &b) < RESIDUAL, "{}", m.residual(&x, &b));
    }

    #[test]
    fn a_network_is_solved_transposed((m, b) in with_demand(network())) {
        let x = m.solve_transposed(&b);
        prop_assert!(m.transposed().residual(&x, &b) < RESIDUAL);
    }

    #[test]
    fn credits_and_zeros_on_the_diagonal_are_solved((m, b) in with_demand(credits())) {
        let (x, y) = (m.solve(&b), m.solve_transposed(&b));
        prop_assert!(m.residual(&x, &b) < RESIDUAL);
        prop_assert!(m.transposed().residual(&y, &b) < RESIDUAL);
    }

    #[test]
    fn the_order_of_rows_and_columns_changes_rounding_only(
        (m, b, rows, columns) in with_demand(credits()).prop_flat_map(|(m, b)| {
            let order = Just((0..m.order as u32).collect::<Vec<_>>());
            (Just(m), Just(b), order.clone().prop_shuffle(), order.prop_shuffle())
        })
    ) {
        let x = m.solve(&b);
        let mut moved = vec![0.0; m.order];
        b.iter().zip(&rows).for_each(|(b, &row)| moved[row as usize] = *b);
        let y = m.permuted(&rows, &columns).solve(&moved);
        let largest = x.iter().fold(0.0, |a: f64, x| a.max(x.abs()));
        for (x, &column) in x.iter().zip(&columns) {
            prop_assert!((x - y[column as usize]).abs() <= 1e-10 * largest);
        }
    }

    /// Eight matrices side by side come out as each of them alone, bit for bit, and solve their systems.
    #[test]
    fn lanes_are_as_if_alone((m, b, shifts) in with_demand(network()).prop_flat_map(|(m, b)| {
        let shifts = prop::collection::vec(prop::collection::vec(-0.3..0.3, m.entries.len()), LANES);
        (Just(m), Just(b), shifts)
    })) {
        let (pattern, values) = m.compressed();
        let analysis = Analysis::new(pattern).unwrap();
        let symbolic = Symbolic::new(&analysis, &values).unwrap();
        // Outputs only grow and inputs only shrink: the columns go on losing something.
        let moved = |k: usize, lane: usize| {
            let shift: f64 = shifts[lane][k];
            if values[k] > 0.0 { values[k] * (1.0 + shift.abs()) } else { values[k] * (1.0 - shift.abs()) }
        };
        let lanes: Vec<Lanes> = (0..values.len()).map(|k| Lanes(std::array::from_fn(|lane| moved(k, lane)))).collect();
        let mut factors = symbolic.room();
        symbolic.refactorise(&lanes, &mut factors);
        let mut x: Vec<Lanes> = b.iter().map(|&b| Lanes([b; LANES])).collect();
        let mut y = x.clone();
        symbolic.solve(&lanes, &factors, &mut x);
        symbolic.solve_transposed(&lanes, &factors, &mut y);
        let right: Vec<Lanes> = b.iter().map(|&b| Lanes([b; LANES])).collect();
        let errors = symbolic.residual(&lanes, &x, &right);
        for lane in 0..LANES {
            let alone: Vec<f64> = (0..values.len()).map(|k| moved(k, lane)).collect();
            let mut factors = symbolic.room();
            symbolic.refactorise(&alone, &mut factors);
            let (mut u, mut v) = (b.clone(), b.clone());
            symbolic.solve(&alone, &factors, &mut u);
            symbolic.solve_transposed(&alone, &factors, &mut v);
            prop_assert!(x.iter().zip(&u).all(|(x, u)| x.0[lane].to_bits() == u.to_bits()));
            prop_assert!(y.iter().zip(&v).all(|(y, v)| y.0[lane].to_bits() == v.to_bits()));
            prop_assert!(errors.0[lane] < RESIDUAL || b.iter().all(|b| *b == 0.0), "{:?}", errors);
        }
    }

    /// With one set of values the lanes are right-hand sides, each as if alone.
    #[test]
    fn lanes_are_right_hand_sides_too((m, b) in with_demand(network())) {
        let (pattern, values) = m.compressed();
        let analysis = Analysis::new(pattern).unwrap();
        let symbolic = Symbolic::new(&analysis, &values).unwrap();
        let mut factors = symbolic.room();
        symbolic.refactorise(&values, &mut factors);
        let right = |lane: usize| -> Vec<f64> { b.iter().map(|b| b * (lane as f64 - 3.5)).collect() };
        let mut x: Vec<Lanes> = (0..b.len()).map(|k| Lanes(std::array::from_fn(|lane| right(lane)[k]))).collect();
        let mut y = x.clone();
        symbolic.solve(&values, &factors, &mut x);
        symbolic.solve_transposed(&values, &factors, &mut y);
        for lane in 0..LANES {
            let (mut u, mut v) = (right(lane), right(lane));
            symbolic.solve(&values, &factors, &mut u);
            symbolic.solve_transposed(&values, &factors, &mut v);
            prop_assert!(x.iter().zip(&u).all(|(x, u)| x.0[lane].to_bits() == u.to_bits()));
            prop_assert!(y.iter().zip(&v).all(|(y, v)| y.0[lane].to_bits() == v.to_bits()));
        }
    }

    /// Rows of an array are right-hand sides, or systems, each as if alone.
    #[test]
    fn rows_of_arrays_are_as_if_alone((m, b) in with_demand(network()), rows in 0..20_usize) {
        let (pattern, values) = m.compressed();
        let analysis = Analysis::new(pattern).unwrap();
        let symbolic = Symbolic::new(&analysis, &values).unwrap();
        let mut factors = symbolic.room();
        symbolic.refactorise(&values, &mut factors);
        let right = Array2::from_shape_fn((rows, b.len()), |(row, k)| b[k] * (row as f64 - 3.5));
        let x = symbolic.solve_many(&values, &factors, &right.view()).unwrap();
        let y = symbolic.solve_transposed_many(&values, &factors, &right.view()).unwrap();
        // Every third system has a diagonal of its own.
        let moved = |set: usize, k: usize| if set.is_multiple_of(3) && values[k] > 0.0 { 2.0 * values[k] } else { values[k] };
        let sets = Array2::from_shape_fn((rows, values.len()), |(set, k)| moved(set, k));
        let many = analysis.solve_sets(&sets.view(), &right.view()).unwrap();
        prop_assert_eq!(many.error.len(), rows);
        prop_assert!(many.fallen_back.is_empty());
        for row in 0..rows {
            let (mut u, mut v, mut w) = (right.row(row).to_vec(), right.row(row).to_vec(), right.row(row).to_vec());
            symbolic.solve(&values, &factors, &mut u);
            symbolic.solve_transposed(&values, &factors, &mut v);
            let alone = sets.row(row).to_vec();
            let mut own = symbolic.room();
            symbolic.refactorise(&alone, &mut own);
            symbolic.solve(&alone, &own, &mut w);
            prop_assert_eq!(x.row(row).to_vec(), u);
            prop_assert_eq!(y.row(row).to_vec(), v);
            // The pivots are those of the first system, whose diagonal is its own.
            let largest = w.iter().fold(0.0, |a: f64, w| a.max(w.abs()));
            prop_assert!(many.x.row(row).iter().zip(&w).all(|(x, w)| (x - w).abs() <= 1e-10 * largest));
            prop_assert!(many.error[row] < RESIDUAL);
        }
    }

    /// Sweeps that settle have solved the system; where they do not, they say so.
    #[test]
    fn sweeps_solve_a_network_that_loses_enough((m, b) in with_demand(network())) {
        // With outputs doubled each process takes less than half of what it makes, in units of each column.
        let mut m = m;
        for k in 0..m.order as u32 {
            *m.entries.get_mut(&(k, k)).unwrap() *= 2.0;
        }
        let (pattern, values) = m.compressed();
        let mut x = b.clone();
        let passes = Analysis::unordered(pattern).unwrap().relax_transposed(&values, &mut x, 200);
        prop_assert!(passes.is_some());
        prop_assert!(m.transposed().residual(&x, &b) < RESIDUAL);
    }

    #[test]
    fn what_a_demand_does_not_reach_is_zero((m, b) in with_demand(credits())) {
        let (pattern, values) = m.compressed();
        let analysis = Analysis::new(pattern).unwrap();
        let x = m.solve(&b);
        let reach = analysis.reach((0..b.len() as u32).filter(|&row| b[row as usize] != 0.0));
        let inside: Vec<f64> = reach.slots.iter().map(|&slot| values[slot as usize]).collect();
        let mut part: Vec<f64> = reach.rows.iter().map(|&row| b[row as usize]).collect();
        reach.analysis.factorise(&inside).unwrap().solve(&mut part);
        let mut whole = vec![0.0; b.len()];
        for (&column, x) in reach.columns.iter().zip(part) {
            whole[column as usize] = x;
        }
        let largest = x.iter().fold(0.0, |a: f64, x| a.max(x.abs()));
        prop_assert!(x.iter().zip(&whole).all(|(x, y)| (x - y).abs() <= 1e-12 * largest));
    }

    #[test]
    fn a_few_changed_columns_are_an_update((m, b, changes) in with_demand(network()).prop_flat_map(|(m, b)| {
        let index = 0..m.order as u32;
        let changes = prop::collection::vec((index.clone(), index, 0.0..1.0), 1..4);
        (Just(m), Just(b), changes)
    })) {
        let (pattern, values) = m.compressed();
        let analysis = Analysis::new(pattern).unwrap();
        let factors = analysis.factorise(&values).unwrap();
        // An entry on the diagonal grows by a part of itself: no pattern changes, and no column becomes dependent.
        let changes: Vec<(u32, u32, f64)> =
            changes.iter().map(|&(_, c, size)| (c, c, size * m.entries[&(c, c)])).collect();
        let mut changed = m.clone();
        for &(row, column, change) in &changes {
            *changed.entries.get_mut(&(row, column)).unwrap() += change;
        }
        let mut x = b.clone();
        let error = Update::new(&factors, &changes).unwrap().solve(&mut x);
        let y = changed.solve(&b);
        prop_assert!(error < RESIDUAL, "{error}");
        let largest = y.iter().fold(0.0, |a: f64, y| a.max(y.abs()));
        prop_assert!(x.iter().zip(&y).all(|(x, y)| (x - y).abs() <= 1e-9 * largest));
    }

    #[test]
    fn the_gradient_is_what_differences_say((m, b) in with_demand(network()), seed in 0usize..1000) {
        let (pattern, values) = m.compressed();
        let analysis = Analysis::new(pattern).unwrap();
        let factors = analysis.factorise(&values).unwrap();
        let w: Vec<f64> = (0..b.len()).map(|k| ((k * 37 + seed) % 11) as f64 - 5.0).collect();
        let (mut x, mut adjoint) = (b.clone(), w.clone());
        factors.solve(&mut x);
        factors.solve_transposed(&mut adjoint);
        let gradient = factors.gradient(&adjoint, &x);
        let output = |values: &[f64]| -> f64 {
            let mut x = b.clone();
            analysis.factorise(values).unwrap().solve(&mut x);
            x.iter().zip(&w).map(|(x, w)| x * w).sum()
        };
        let k = seed % values.len();
        let step = 1e-5 * values[k].abs();
        let at = |by: f64| { let mut moved = values.clone(); moved[k] += by; output(&moved) };
        let difference = (at(step) - at(-step)) / (2.0 * step);
        // Rounding of an output is about 1e-15 of its terms, over a step of 1e-5.
        let terms: f64 = x.iter().zip(&w).map(|(x, w)| (x * w).abs()).sum();
        prop_assert!((gradient[k] - difference).abs() <= 1e-5 * gradient[k].abs() + 1e-8 * terms / step * 1e-5,
            "{} {}", gradient[k], difference);
    }

    #[test]
    fn an_analysis_is_kept_and_read_back(m in credits(), damage in 0usize..1000) {
        let (pattern, _) = m.compressed();
        let analysis = Analysis::new(pattern).unwrap();
        let kept = serde_json::to_value(&analysis).unwrap();
        prop_assert_eq!(&serde_json::from_value::<Analysis>(kept.clone()).unwrap(), &analysis);
        // A damaged one is refused, or is another sound one.
        let mut damaged = kept.clone();
        let lists = damaged.as_object_mut().unwrap();
        let list = lists.values_mut().nth(damage % 5).unwrap().as_array_mut().unwrap();
        if !list.is_empty() {
            let at = damage % list.len();
            list[at] = (list[at].as_u64().unwrap() + 1 + damage as u64 % 3).into();
        }
        if let Ok(read) = serde_json::from_value::<Analysis>(damaged) {
            let values: Vec<f64> = (0..read.pattern().entries()).map(|k| 1.0 + k as f64).collect();
            let _ = read.factorise(&values);
        }
    }

    /// The blocks of a matrix are what makes it triangular, and no entry lies below them.
    #[test]
    fn no_entry_lies_below_the_blocks(m in credits()) {
        let (pattern, _) = m.compressed();
        let analysis = Analysis::new(pattern).unwrap();
        let blocks = analysis.blocks();
        for block in 0..blocks.count() {
            for position in blocks.range(block) {
                let column = blocks.columns()[position] as usize;
                for &row in analysis.pattern().column(column) {
                    prop_assert!(blocks.position(row) < blocks.range(block).end);
                }
                prop_assert!(analysis.pattern().column(column).contains(&blocks.rows()[position]));
            }
        }
    }
}

#[test]
fn nothing_and_one_number_are_systems_too() {
    let empty = Matrix { order: 0, entries: BTreeMap::new() };
    assert!(empty.solve(&[]).is_empty());
    let one = Matrix { order: 1, entries: BTreeMap::from([((0, 0), 4.0)]) };
    assert_eq!(one.solve(&[2.0]), [0.5]);
}

#[test]
fn a_structurally_singular_matrix_names_what_is_short() {
    // Columns 1 and 3 have entries in row 2 only.
    let (pattern, _) = Pattern::from_entries(4, &[0, 1, 2, 2, 3, 1], &[0, 0, 1, 3, 2, 2]).unwrap();
    let expected = PatternError::Singular { rows: vec![2], columns: vec![1, 3] };
    assert_eq!(Analysis::new(pattern).unwrap_err(), expected);
}

#[test]
fn a_numerically_singular_matrix_names_its_block() {
    // Columns 1 and 2 are a loop that gives back all that it takes.
    let m = Matrix {
        order: 4,
        entries: BTreeMap::from([
            ((0, 0), 1.0),
            ((0, 1), -0.5),
            ((1, 1), 1.0),
            ((2, 1), -1.0),
            ((1, 2), -1.0),
            ((2, 2), 1.0),
            ((3, 3), 1.0),
        ]),
    };
    let (pattern, values) = m.compressed();
    let analysis = Analysis::new(pattern).unwrap();
    let singular = analysis.factorise(&values).unwrap_err();
    assert_eq!(singular.columns, [1, 2]);
}

#[test]
fn of_many_systems_those_that_pivots_do_not_serve_are_solved_alone() {
    let (pattern, _) = Pattern::from_entries(2, &[0, 1, 0, 1], &[0, 0, 1, 1]).unwrap();
    let analysis = Analysis::new(pattern).unwrap();
    let sets = array![[2.0, -1.0, -1.0, 2.0], [0.0, -1.0, -1.0, 2.0], [4.0, -1.0, -1.0, 2.0]];
    let right = array![[1.0, 0.0], [1.0, 0.0], [1.0, 3.0]];
    let made = analysis.solve_sets(&sets.view(), &right.view()).unwrap();
    assert_eq!(made.fallen_back, [1]);
    let exact = array![[2.0 / 3.0, 1.0 / 3.0], [-2.0, -1.0], [5.0 / 7.0, 13.0 / 7.0]];
    assert!(made.x.iter().zip(&exact).all(|(x, e)| (x - e).abs() < 1e-15), "{:?}", made.x);
    let sets = array![[2.0, -1.0, -1.0, 2.0], [1.0, -1.0, -1.0, 1.0]];
    let singular = analysis.solve_sets(&sets.view(), &array![[1.0, 0.0], [1.0, 0.0]].view()).unwrap_err();
    assert!(matches!(&singular, ManyError::Singular { set: 1, block } if block.columns == [0, 1]), "{singular}");
    let wrong = analysis.solve_sets(&sets.view(), &right.view()).unwrap_err();
    assert_eq!(wrong.to_string(), "3 rows of 2 numbers instead of 2 rows of 2");
}

#[test]
fn an_update_that_makes_the_matrix_singular_names_its_columns() {
    let m =
        Matrix { order: 2, entries: BTreeMap::from([((0, 0), 2.0), ((1, 0), -1.0), ((0, 1), -1.0), ((1, 1), 1.0)]) };
    let (pattern, values) = m.compressed();
    let analysis = Analysis::new(pattern).unwrap();
    let factors = analysis.factorise(&values).unwrap();
    // Column 0 becomes the opposite of column 1.
    assert_eq!(Update::new(&factors, &[(0, 0, -1.0)]).unwrap_err().columns, [0]);
    assert!(Update::new(&factors, &[]).unwrap().solve(&mut [1.0, 0.0]) < RESIDUAL);
}

#[test]
fn sweeps_that_do_not_settle_say_so() {
    // Each takes twice what the other makes.
    let m =
        Matrix { order: 2, entries: BTreeMap::from([((0, 0), 1.0), ((1, 0), -2.0), ((0, 1), -2.0), ((1, 1), 1.0)]) };
    let (pattern, values) = m.compressed();
    assert_eq!(Analysis::unordered(pattern).unwrap().relax_transposed(&values, &mut [1.0, 1.0], 100), None);
}

#[test]
fn a_chain_of_a_hundred_thousand_columns_is_substitution() {
    let n = 100_000;
    let entries = (0..n).flat_map(|k| [((k, k), 1.0), ((k, (k + 1) % n), if k + 1 < n { -0.5 } else { 0.0 })]);
    let entries = entries.filter(|(_, v)| *v != 0.0).collect();
    let m = Matrix { order: n as usize, entries };
    let (pattern, values) = m.compressed();
    let analysis = Analysis::new(pattern).unwrap();
    assert_eq!(analysis.blocks().count(), n as usize);
    let mut x = vec![0.0; n as usize];
    x[n as usize - 1] = 1.0;
    analysis.factorise(&values).unwrap().solve(&mut x);
    assert_eq!((x[n as usize - 1], x[n as usize - 2], x[n as usize - 3]), (1.0, 0.5, 0.25));
}
