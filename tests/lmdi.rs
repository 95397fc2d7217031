//! Decomposition is exact, also with zeros; decoupling states have their bounds.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test may stop at the first surprise")]

use approx::assert_relative_eq;
use ndarray::{Array2, ArrayView2, array};
use parkflux::trend::lmdi::{Chain, Decomposition, Refused, Tie, chain, decompose};
use parkflux::trend::tapio::{self, State};
use proptest::prelude::*;
use std::collections::BTreeMap;

/// The years of o05, each categories × factors.
fn toy() -> Vec<(String, Array2<f64>)> {
    let text = include_str!("../fixtures/cases/o05_lmdi_toy/data.csv");
    let mut years: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        years.entry(cells[0].to_owned()).or_default().extend(cells[2..].iter().map(|c| c.parse::<f64>().unwrap()));
    }
    years.into_iter().map(|(year, x)| (year, Array2::from_shape_vec((x.len() / 3, 3), x).unwrap())).collect()
}

#[test]
fn the_published_example_comes_out_in_both_forms() {
    let years = toy();
    let periods: Vec<ArrayView2<f64>> = years.iter().map(|y| y.1.view()).collect();
    let made = chain(&periods).unwrap();
    let mut seen = 0;
    for line in include_str!("../fixtures/cases/o05_lmdi_toy/expected.csv").lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let expected: f64 = cells[1].parse().unwrap();
        let name: Vec<&str> = cells[0].split('.').collect();
        let at = years.iter().position(|y| y.0 == name[0]).unwrap();
        let step = &made.steps[at - 1];
        let factor = |n: usize| name[n].strip_prefix("factor").unwrap().parse::<usize>().unwrap() - 1;
        let got = match name[1] {
            "additive" => step.additive[factor(2)],
            "multiplicative" => step.multiplicative.as_ref().unwrap()[factor(2)],
            "deltaV" => step.change(),
            "D" => step.ratio().unwrap(),
            other => panic!("{other}"),
        };
        assert_relative_eq!(got, expected, max_relative = 1e-10);
        seen += 1;
    }
    assert_eq!(seen, 24);
}

#[test]
fn a_chain_adds_up_to_the_change_of_its_ends_and_ends_are_another_answer() {
    let years = toy();
    let periods: Vec<ArrayView2<f64>> = years.iter().map(|y| y.1.view()).collect();
    let Chain { additive, multiplicative, ends, .. } = chain(&periods).unwrap();
    assert_relative_eq!(additive.iter().sum::<f64>(), 258.0, max_relative = 1e-12);
    assert_relative_eq!(ends.additive.iter().sum::<f64>(), 258.0, max_relative = 1e-12);
    let product: f64 = multiplicative.unwrap().iter().product();
    assert_relative_eq!(product, 338.0 / 80.0, max_relative = 1e-12);
    assert!((additive[0] - ends.additive[0]).abs() > 1.0, "the path between does not count");
}

/// One category of two factors, beside one that stays as it is.
fn one(before: [f64; 2], after: [f64; 2]) -> Decomposition {
    let rest = [2.0, 3.0];
    decompose(array![before, rest].view(), array![after, rest].view()).unwrap()
}

#[test]
fn the_eight_cases_of_zero_take_their_limits() {
    // Case 1 with case 4, case 2 with case 5: the whole goes to the factor that appears or vanishes.
    assert_eq!(one([0.0, 5.0], [4.0, 7.0]).additive, [28.0, 0.0]);
    assert_eq!(one([4.0, 7.0], [4.0, 0.0]).additive, [0.0, -28.0]);
    // Cases 3 and 6: nothing was there and nothing is.
    assert_eq!(one([0.0, 5.0], [0.0, 7.0]).additive, [0.0, 0.0]);
    // Cases 7 and 8: one vanishes where the other appears, and the product is zero throughout.
    assert_eq!(one([4.0, 0.0], [0.0, 7.0]).additive, [0.0, 0.0]);
    // A factor that was zero throughout takes no part in what the others do.
    assert_eq!(one([0.0, 0.0], [0.0, 7.0]).additive, [0.0, 0.0]);
}

#[test]
fn the_limits_are_those_that_small_values_run_to() {
    let exact = one([0.0, 5.0], [4.0, 7.0]);
    let gap = |small: f64| (one([small, 5.0], [4.0, 7.0]).additive[0] - exact.additive[0]).abs();
    let gaps = [1e-20, 1e-100, 1e-280].map(gap);
    assert!(gaps[0] > gaps[1] && gaps[1] > gaps[2] && gaps[2] < 0.06, "{gaps:?}");
    // Small values are no substitute: even the smallest leaves something.
    assert!(gaps[2] > 1e-3, "{gaps:?}");
    let multiplicative = exact.multiplicative.unwrap();
    // L(34, 6) = 28 / ln(34/6): all of the ratio is the first factor's.
    assert_relative_eq!(multiplicative[0], 34.0 / 6.0, max_relative = 1e-14);
    assert_relative_eq!(multiplicative[1], 1.0);
}

#[test]
fn factors_that_vanish_at_once_share_evenly_and_are_told() {
    let made =
        decompose(array![[2.0, 3.0, 5.0], [1.0, 1.0, 1.0]].view(), array![[0.0, 3.0, 0.0], [1.0, 1.0, 1.0]].view())
            .unwrap();
    assert_eq!(made.additive, [-15.0, 0.0, -15.0]);
    assert_eq!(made.ties, [Tie { category: 0, factors: vec![0, 2], appears: false }]);
    // The same path in small steps: both factors at one small value.
    let small = decompose(array![[2.0, 3.0, 5.0]].view(), array![[1e-150, 3.0, 1e-150]].view()).unwrap();
    assert!((small.additive[0] - small.additive[2]).abs() < 0.1, "{:?}", small.additive);
}

#[test]
fn a_sum_that_comes_from_nothing_has_differences_and_no_ratio() {
    let made = decompose(array![[0.0, 2.0]].view(), array![[3.0, 2.0]].view()).unwrap();
    assert_eq!((made.additive.clone(), made.multiplicative.clone(), made.ratio()), (vec![6.0, 0.0], None, None));
    let nothing = decompose(array![[0.0, 2.0]].view(), array![[0.0, 1.0]].view()).unwrap();
    assert_eq!((nothing.change(), nothing.multiplicative), (0.0, None));
}

#[test]
fn what_has_no_logarithm_is_refused_with_its_place() {
    let good = array![[1.0, 2.0], [3.0, 4.0]];
    let refused = |x: Array2<f64>| decompose(good.view(), x.view()).unwrap_err();
    let negative = refused(array![[1.0, 2.0], [3.0, -4.0]]);
    assert_eq!(negative, Refused::Negative { category: 1, factor: 1, value: -4.0 });
    let words = negative.words();
    assert!(words.en.contains("gross terms separately") && words.zh.contains("对数"), "{words:?}");
    assert_eq!(refused(array![[1.0, f64::NAN], [3.0, 4.0]]), Refused::NotFinite { category: 0, factor: 1 });
    assert_eq!(refused(array![[1.0, 2.0]]), Refused::Shape { before: (2, 2), after: (1, 2) });
    assert_eq!(refused(array![[1e-200, 1e-200], [3.0, 4.0]]), Refused::OutOfRange { category: 0 });
    assert_eq!(refused(array![[1e200, 1e200], [3.0, 4.0]]), Refused::OutOfRange { category: 0 });
    let none = Array2::<f64>::zeros((2, 0));
    assert_eq!(decompose(none.view(), none.view()).unwrap_err(), Refused::NoFactor);
    assert_eq!(chain(&[good.view()]).unwrap_err(), Refused::OnePeriod);
}

#[test]
fn factors_far_apart_in_size_lose_nothing() {
    let made =
        decompose(array![[1e200, 1e200, 1e-300]].view(), array![[2e200, 1e200, 1.000_000_1e-300]].view()).unwrap();
    assert_relative_eq!(made.before, 1e100, max_relative = 1e-14);
    assert!(made.residual().abs() < 1e-12 * made.change());
    // A change of a millionth is not lost in the rounding of the ratio.
    let small = decompose(array![[3.0, 7.0]].view(), array![[3.0 * (1.0 + 1e-9), 7.0]].view()).unwrap();
    assert!(small.residual().abs() < 1e-6 * small.change(), "{} of {}", small.residual(), small.change());
}

/// A number, often zero, over twelve orders of magnitude.
fn factor() -> impl Strategy<Value = f64> {
    prop_oneof![1 => Just(0.0), 3 => (-6.0..6.0_f64).prop_map(|p| 10.0_f64.powf(p))]
}

/// Periods over the same categories and factors.
fn periods() -> impl Strategy<Value = Vec<Array2<f64>>> {
    (1_usize..40, 1_usize..8, 2_usize..6).prop_flat_map(|(categories, factors, years)| {
        let one = prop::collection::vec(factor(), categories * factors);
        let one = one.prop_map(move |x| Array2::from_shape_vec((categories, factors), x).unwrap());
        prop::collection::vec(one, years)
    })
}

proptest! {
    #[test]
    fn nothing_is_left_over_whatever_appears_or_vanishes(years in periods()) {
        let views: Vec<ArrayView2<f64>> = years.iter().map(|y| y.view()).collect();
        let made = chain(&views).unwrap();
        for step in made.steps.iter().chain([&made.ends]) {
            let size = step.before.max(step.after);
            prop_assert!(step.residual().abs() <= 1e-12 * size, "{} of {size}", step.residual());
            // Each category by itself adds up too.
            let parts: f64 = step.effects.sum();
            prop_assert!((parts - step.change()).abs() <= 1e-11 * size);
            prop_assert!(step.additive.iter().all(|a| a.is_finite()));
            if let Some(residual) = step.ratio_residual() {
                prop_assert!(residual.abs() < 1e-9, "{residual}");
            }
        }
        let (first, last) = (made.ends.before, made.ends.after);
        let size = made.steps.iter().map(|s| s.after).fold(first, f64::max);
        prop_assert!((made.additive.iter().sum::<f64>() - (last - first)).abs() <= 1e-11 * size);
    }

    #[test]
    fn turning_the_years_round_turns_the_signs(years in periods()) {
        let there = decompose(years[0].view(), years[1].view()).unwrap();
        let back = decompose(years[1].view(), years[0].view()).unwrap();
        let size = there.before.max(there.after);
        for (a, b) in there.additive.iter().zip(&back.additive) {
            prop_assert!((a + b).abs() <= 1e-11 * size, "{a} and {b}");
        }
    }

    #[test]
    fn a_category_split_in_two_equal_halves_changes_nothing(years in periods()) {
        let whole = decompose(years[0].view(), years[1].view()).unwrap();
        let halves = |x: &Array2<f64>| {
            let mut half = x.clone();
            half.column_mut(0).mapv_inplace(|v| v / 2.0);
            ndarray::concatenate![ndarray::Axis(0), half, half]
        };
        let split = decompose(halves(&years[0]).view(), halves(&years[1]).view()).unwrap();
        let size = whole.before.max(whole.after);
        for (a, b) in whole.additive.iter().zip(&split.additive) {
            prop_assert!((a - b).abs() <= 1e-11 * size, "{a} and {b}");
        }
    }
}

#[test]
fn every_row_of_the_decoupling_table_has_its_state() {
    let mut rows = 0;
    for line in include_str!("../fixtures/cases/o19_tapio_elasticity/cases.csv").lines().skip(1) {
        let cells: Vec<&str> = line.splitn(4, ',').collect();
        let number = |i: usize| cells[i].parse::<f64>().unwrap();
        let made = tapio::decoupling(number(0) / 100.0, number(1) / 100.0).unwrap();
        // The two rows on a bound say so, without the state; the convention is that the bounds are coupling.
        let expected = match cells[3] {
            state if state.starts_with("boundary") => "expansive coupling",
            state if state.contains("undefined") => "undefined: added value unchanged",
            state => state,
        };
        assert_eq!(made.state.words().0, expected, "{line}");
        match cells[2] {
            "undefined" => assert_eq!(made.elasticity, None),
            t => assert_relative_eq!(made.elasticity.unwrap(), t.parse::<f64>().unwrap(), max_relative = 1e-12),
        }
        rows += 1;
    }
    assert_eq!(rows, 11);
}

#[test]
fn the_bounds_belong_to_coupling_however_they_are_reached() {
    for g in [0.1, 0.3, 0.07, -0.1, -0.3, -0.07] {
        for (t, inside) in [(0.8, true), (1.2, true), (0.7999, false), (1.2001, false)] {
            // By the levels of two years, where the differences are rounded.
            let made = tapio::between((1e6, 1e6 * (1.0 + t * g)), (37.0, 37.0 * (1.0 + g))).unwrap();
            let coupled = matches!(made.state, State::ExpansiveCoupling | State::RecessiveCoupling);
            assert_eq!(coupled, inside, "{t} × {g}");
        }
    }
    assert_eq!(tapio::decoupling(0.0, 0.1).unwrap().state, State::WeakDecoupling);
    assert_eq!(tapio::decoupling(0.0, -0.1).unwrap().state, State::WeakNegativeDecoupling);
    // Both unchanged, and nothing in the base year.
    assert_eq!(tapio::decoupling(0.0, 0.0).unwrap().state, State::Undefined);
    assert_eq!(tapio::between((0.0, 5.0), (1.0, 2.0)), None);
    assert_eq!(tapio::decoupling(f64::INFINITY, 0.1), None);
}
