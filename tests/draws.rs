//! Draws and moments of systems whose values are not sure.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::float_cmp,
    missing_docs,
    reason = "a test may stop at the first surprise"
)]

use approx::assert_relative_eq;
use parkflux::network::{Analysis, Distribution, Draws, Entry, Model, Parameter, Paths, Pattern};
use rayon::ThreadPoolBuilder;

fn parameter(stream: u32, distribution: Distribution) -> Parameter {
    Parameter { stream, distribution }
}

fn entry(row: u32, column: u32, value: Parameter) -> Entry {
    Entry { row, column, value }
}

fn fixed(value: f64) -> Parameter {
    parameter(u16::MAX.into(), Distribution::Fixed(value))
}

/// A model by the entries of its matrix.
fn model(order: usize, matrix: &[Entry], demand: &[(u32, f64)], burdens: &[Entry], weights: &[Entry]) -> Model {
    let rows: Vec<u32> = matrix.iter().map(|e| e.row).collect();
    let columns: Vec<u32> = matrix.iter().map(|e| e.column).collect();
    let (pattern, slots) = Pattern::from_entries(order, &rows, &columns).unwrap();
    let mut values = vec![fixed(0.0); matrix.len()];
    for (entry, slot) in matrix.iter().zip(slots) {
        values[slot as usize] = entry.value.clone();
    }
    Model::new(&Analysis::new(pattern).unwrap(), &values, demand, burdens, weights).unwrap()
}

/// Case o04 (Heijungs and Suh 2002): fuel and electricity; the loop variant has fuel production take 5 kWh per 100 L.
/// Every coefficient has a coefficient of variation of 5 %.
fn electricity(spread: impl Fn(f64) -> Distribution, electricity_of_fuel: Option<f64>) -> Model {
    let cells = [(0, 0, -2.0), (0, 1, 100.0), (1, 0, 10.0)].into_iter().chain(electricity_of_fuel.map(|e| (1, 1, e)));
    let matrix: Vec<Entry> =
        cells.enumerate().map(|(k, (row, column, v))| entry(row, column, parameter(k as u32, spread(v)))).collect();
    let burdens = [(0, 0, 1.0), (0, 1, 10.0), (1, 0, 0.1), (1, 1, 2.0), (2, 1, -50.0)];
    let burdens = burdens.iter().enumerate();
    let burdens: Vec<Entry> =
        burdens.map(|(k, &(row, column, v))| entry(row, column, parameter(10 + k as u32, spread(v)))).collect();
    let weights: Vec<Entry> = (0..3).map(|k| entry(k, k, fixed(1.0))).collect();
    model(2, &matrix, &[(1, 1000.0)], &burdens, &weights)
}

#[test]
fn case_o04_comes_out_to_first_order() {
    let moments = electricity(|v| Distribution::Normal(v, 0.05 * v.abs()), None).first_order().unwrap();
    for (found, published) in moments.iter().zip([120.0, 14.0, -100.0]) {
        assert_relative_eq!(found.mean, published, max_relative = 1e-12);
    }
    assert_relative_eq!(moments[0].variance.sqrt(), 8.0, max_relative = 1e-6);
    // Streams: A[0,0], A[0,1], A[1,0]; B[0,0], B[0,1].
    let parts = [(0, 1.0), (1, 1.0), (2, 36.0), (10, 25.0), (11, 1.0)];
    for (stream, published) in parts {
        assert_relative_eq!(moments[0].parts[stream], published, max_relative = 1e-9);
    }
    let with_loop = electricity(Distribution::Fixed, Some(-5.0)).first_order().unwrap();
    for (found, exact) in with_loop.iter().zip([120_000.0, 14_000.0, -99_000.0 / 0.99]) {
        assert_relative_eq!(found.mean, exact / 990.0, max_relative = 1e-12);
        assert_eq!(found.variance, 0.0);
    }
}

#[test]
fn case_o04_comes_out_by_draws() {
    let of = electricity(|v| Distribution::Normal(v, 0.05 * v.abs()), None);
    let draws = of.draws(1, 200_000).unwrap();
    assert_eq!((draws.fallen_back, draws.singular), (0, 0));
    // The case's own 200,000 draws have 8.050: higher order adds to the 8.00 of first order.
    let sd = draws.outputs[0].deviation().unwrap();
    assert!((sd - 8.050).abs() < 4.0 * 8.05 / (2.0 * 200_000.0_f64).sqrt(), "{sd}");
    assert!((draws.outputs[0].mean().unwrap() - 120.3).abs() < 0.3);
}

#[test]
fn known_distributions_come_out_within_their_standard_errors() {
    use Distribution::{Discrete, Fixed, Lognormal, Normal, Triangular, Uniform};
    let n = 1_000_000;
    let sigma = 0.4_f64;
    let z = 1.959_963_985;
    // Distribution, and its median and the quantiles at 2.5 and 97.5 %.
    let cases = [
        (Fixed(3.0), Some([3.0; 3])),
        (Normal(5.0, 2.0), Some([5.0, 5.0 - 2.0 * z, 5.0 + 2.0 * z])),
        (Lognormal(-2.0, sigma), Some([-2.0, -2.0 * (sigma * z).exp(), -2.0 * (-sigma * z).exp()])),
        (Uniform(-1.0, 3.0), Some([1.0, -0.9, 2.9])),
        (Triangular(0.0, 1.0, 4.0), Some([4.0 - 6.0_f64.sqrt(), 0.1_f64.sqrt(), 4.0 - 0.3_f64.sqrt()])),
        (Discrete(Box::new([(1.0, 0.2), (2.0, 0.5), (7.0, 1.0)])), None),
    ];
    let burdens: Vec<Entry> =
        cases.iter().enumerate().map(|(k, case)| entry(k as u32, 0, parameter(k as u32, case.0.clone()))).collect();
    let weights: Vec<Entry> = (0..cases.len() as u32).map(|k| entry(k, k, fixed(1.0))).collect();
    let draws = model(1, &[entry(0, 0, fixed(1.0))], &[(0, 1.0)], &burdens, &weights).draws(3, n).unwrap();
    for ((distribution, quantiles), made) in cases.into_iter().zip(&draws.outputs) {
        let (mean, variance) = (distribution.mean(), distribution.variance());
        assert_eq!(made.count(), u64::from(n));
        let error = (variance / f64::from(n)).sqrt();
        assert!((made.mean().unwrap() - mean).abs() <= 4.0 * error + 1e-12, "{distribution:?}: {:?}", made.mean());
        // The standard error of a variance is √((kurtosis − 1)/n) of it; no kurtosis here is above 8.
        let off = made.deviation().unwrap().powi(2) - variance;
        assert!(off.abs() <= 4.0 * variance * (7.0 / f64::from(n)).sqrt() + 1e-20, "{distribution:?}: {off}");
        let Some(quantiles) = quantiles else { continue };
        let spread = variance.sqrt();
        for (found, exact) in made.quantiles(&[0.5, 0.025, 0.975]).unwrap().into_iter().zip(quantiles) {
            assert!((found - exact).abs() <= 0.02 * spread + 1e-12, "{distribution:?}: {found} for {exact}");
        }
    }
}

#[test]
fn a_draw_depends_on_seed_stream_and_number_alone() {
    let of = |stream| parameter(stream, Distribution::Lognormal(2.0, 0.3));
    let many = of(5).draws(1, 1000);
    assert_eq!(of(5).draws(1, 13), many[..13]);
    let model = |burdens: &[Entry]| {
        model(1, &[entry(0, 0, fixed(1.0))], &[(0, 1.0)], burdens, &[entry(0, 0, fixed(1.0)), entry(1, 1, fixed(1.0))])
    };
    let (a, b) = (entry(0, 0, of(5)), entry(1, 0, of(9)));
    let forth = model(&[a.clone(), b.clone()]).samples(1, 1000).unwrap();
    let back = model(&[b, a]).samples(1, 1000).unwrap();
    assert_eq!(forth, back);
    assert!(forth.column(0).iter().zip(&many).all(|(sample, draw)| *sample == Some(*draw)));
}

#[test]
fn seeds_streams_and_draws_next_to_each_other_are_uncorrelated() {
    let n = 100_000;
    let normal = |seed, stream| parameter(stream, Distribution::Normal(0.0, 1.0)).draws(seed, n);
    let correlation = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>() / f64::from(n);
    let here = normal(1, 1);
    let far = [normal(2, 1), normal(1, 2), normal(u32::MAX, 1), normal(1, 1 << 20)];
    // Products of independent standard normals have a standard deviation of 1.
    let bound = 4.5 / f64::from(n).sqrt();
    for other in &far {
        assert!(correlation(&here, other).abs() < bound);
    }
    for lag in 1..20 {
        assert!(correlation(&here[lag..], &here).abs() < bound, "{lag}");
    }
}

#[test]
fn a_factor_used_twice_is_drawn_once() {
    let factor = |value| parameter(4, Distribution::Lognormal(value, 0.5));
    let burdens = [entry(0, 0, factor(1.0)), entry(1, 0, factor(-1.0))];
    let weights = [entry(0, 0, fixed(1.0)), entry(0, 1, fixed(1.0))];
    let of = model(1, &[entry(0, 0, fixed(1.0))], &[(0, 1.0)], &burdens, &weights);
    assert!(of.samples(1, 100).unwrap().iter().all(|sample| *sample == Some(0.0)));
    assert_eq!(of.first_order().unwrap()[0].variance, 0.0);
}

/// Rings of processes, each of which takes from those 1, 7, 31 and 58 places on, so that factors fill, in a small ring from the
/// next one; the first of a ring takes from the next ring too. A ring is told by its order and what its processes take in all
/// for what they make.
fn rings(of: &[(u32, f64)], spread: f64) -> Vec<Entry> {
    let mut matrix = Vec::new();
    let mut add = |row: u32, column: u32, value: f64| {
        let stream = matrix.len() as u32;
        matrix.push(entry(row, column, parameter(stream, Distribution::Lognormal(value, spread))));
    };
    let mut start = 0;
    for (k, &(order, taken)) in of.iter().enumerate() {
        let places: &[u32] = if order < 59 { &[1] } else { &[1, 7, 31, 58] };
        for column in 0..order {
            add(start + column, start + column, 1.0);
            for far in places {
                add(start + (column + far) % order, start + column, -taken / places.len() as f64);
            }
        }
        if k + 1 < of.len() {
            add(start + order, start, -0.5);
        }
        start += order;
    }
    matrix
}

const RING: [(u32, f64); 1] = [(400, 0.5)];

/// Burdens of a model of rings: one for each process.
fn burdens(order: u32) -> Vec<Entry> {
    (0..order).map(|k| entry(0, k, parameter(100_000 + k, Distribution::Lognormal(1.0, 0.2)))).collect()
}

/// The model of rings.
fn ring_model(of: &[(u32, f64)], spread: f64) -> Model {
    let order = of.iter().map(|ring| ring.0).sum();
    model(order as usize, &rings(of, spread), &[(0, 1.0), (3, 2.0)], &burdens(order), &[entry(0, 0, fixed(1.0))])
}

/// The same output by a factorisation of its own for each draw.
fn one_by_one(of: &[(u32, f64)], spread: f64, seed: u32, count: u32) -> Vec<f64> {
    let entries = rings(of, spread);
    let order: u32 = of.iter().map(|ring| ring.0).sum();
    let (rows, columns): (Vec<u32>, Vec<u32>) = entries.iter().map(|e| (e.row, e.column)).unzip();
    let drawn: Vec<Vec<f64>> = entries.iter().map(|e| e.value.draws(seed, count)).collect();
    let (pattern, slots) = Pattern::from_entries(order as usize, &rows, &columns).unwrap();
    let analysis = Analysis::new(pattern).unwrap();
    let burdens: Vec<Vec<f64>> = burdens(order).iter().map(|e| e.value.draws(seed, count)).collect();
    (0..count as usize)
        .map(|draw| {
            let mut values = vec![0.0; drawn.len()];
            for (values_of, &slot) in drawn.iter().zip(&slots) {
                values[slot as usize] = values_of[draw];
            }
            let mut x = vec![0.0; order as usize];
            (x[0], x[3]) = (1.0, 2.0);
            analysis.factorise(&values).unwrap().solve(&mut x);
            x.iter().zip(&burdens).map(|(x, burden)| x * burden[draw]).sum()
        })
        .collect()
}

/// Draws agree with those solved one by one; says where they were iterated.
fn agree(of: &[(u32, f64)], spread: f64) -> Paths {
    let model = ring_model(of, spread);
    let (samples, exact) = (model.samples(5, 40).unwrap(), one_by_one(of, spread, 5, 40));
    for (sample, exact) in samples.iter().zip(&exact) {
        assert_relative_eq!(sample.unwrap(), *exact, max_relative = 1e-8);
    }
    let draws = model.draws(5, 40).unwrap();
    assert_eq!((draws.fallen_back, draws.singular), (0, 0));
    let paths = model.paths().unwrap();
    if paths.iterated_blocks > 0 {
        assert!(draws.error <= 1e-9 && draws.passes > 2, "{} {}", draws.error, draws.passes);
    }
    paths
}

#[test]
fn iteration_gives_what_factors_give() {
    // At 0.9 sweeps are slow and the acceleration has work to do; at 0.999 they hardly help.
    for (taken, spread) in [(0.5, 0.1), (0.9, 0.1), (0.999, 0.0005)] {
        let paths = agree(&[(400, taken)], spread);
        assert_eq!((paths.iterated_blocks, paths.iterated_columns, paths.factorised_blocks), (1, 400, 0), "{taken}");
    }
    let of = electricity(|v| Distribution::Lognormal(v, 0.1), Some(-5.0));
    let paths = of.paths().unwrap();
    assert_eq!((paths.iterated_blocks, paths.factorised_blocks, paths.factorised_columns), (0, 1, 2));
}

#[test]
fn each_block_takes_its_own_path() {
    // What takes thirty times as much as it makes is a system still, but none that iteration solves; a ring of 4 has few
    // entries to factorise.
    let paths = agree(&[(400, 0.5), (4, 0.5), (300, -30.0), (350, 0.9), (4, 0.5)], 0.01);
    assert_eq!((paths.iterated_blocks, paths.iterated_columns), (2, 750));
    assert_eq!((paths.factorised_blocks, paths.factorised_columns), (3, 308));
}

fn on_threads(threads: usize, work: impl Fn() -> Draws + Send + Sync) -> String {
    let pool = ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    format!("{:?}", pool.install(work))
}

#[test]
fn one_thread_and_many_give_the_same_bytes() {
    for of in [ring_model(&RING, 0.1), electricity(|v| Distribution::Lognormal(v, 0.1), Some(-5.0))] {
        let one = on_threads(1, || of.draws(9, 333).unwrap());
        assert_eq!(on_threads(2, || of.draws(9, 333).unwrap()), one);
        assert_eq!(on_threads(3, || of.draws(9, 333).unwrap()), one);
    }
}

/// A loop of two whose second pivot is 1 − a b.
fn two(a: Distribution) -> Model {
    let matrix =
        [entry(0, 0, parameter(1, a)), entry(1, 0, fixed(-1.0)), entry(0, 1, fixed(-1.0)), entry(1, 1, fixed(2.0))];
    let weights = [entry(0, 0, fixed(1.0))];
    model(2, &matrix, &[(0, 1.0)], &[entry(0, 0, fixed(1.0)), entry(0, 1, fixed(10.0))], &weights)
}

#[test]
fn a_draw_that_static_pivots_cannot_serve_falls_back_alone() {
    // With 0 on the diagonal the first column needs the other row for its pivot.
    let of = two(Distribution::Discrete(Box::new([(1.0, 0.75), (0.0, 1.0)])));
    let drawn = parameter(1, Distribution::Discrete(Box::new([(1.0, 0.75), (0.0, 1.0)]))).draws(2, 64);
    let draws = of.draws(2, 64).unwrap();
    let zeros = drawn.iter().filter(|a| **a == 0.0).count() as u64;
    assert!(zeros > 0 && draws.fallen_back == zeros && draws.singular == 0, "{zeros} {}", draws.fallen_back);
    for (sample, a) in of.samples(2, 64).unwrap().iter().zip(drawn) {
        // x = (2, 1)/(2a − 1).
        assert_relative_eq!(sample.unwrap(), 12.0 / (2.0 * a - 1.0), max_relative = 1e-14);
    }
}

#[test]
fn a_draw_whose_factors_grow_falls_back_alone() {
    // A pivot of 1e-8 makes the next one 1e8.
    let spread = Distribution::Discrete(Box::new([(1.0, 0.75), (1e-8, 1.0)]));
    let drawn = parameter(1, spread.clone()).draws(2, 64);
    let of = two(spread);
    let small = drawn.iter().filter(|a| **a < 0.5).count() as u64;
    assert!(small > 0);
    assert_eq!(of.draws(2, 64).unwrap().fallen_back, small);
    for (sample, a) in of.samples(2, 64).unwrap().iter().zip(drawn) {
        assert_relative_eq!(sample.unwrap(), 12.0 / (2.0 * a - 1.0), max_relative = 1e-14);
    }
}

#[test]
fn a_singular_draw_is_counted_and_left_out() {
    let of = two(Distribution::Discrete(Box::new([(1.0, 0.75), (0.5, 1.0)])));
    let draws = of.draws(2, 64).unwrap();
    assert!(draws.singular > 0);
    assert_eq!(draws.outputs[0].count() + draws.singular, 64);
    let samples = of.samples(2, 64).unwrap();
    assert_eq!(samples.iter().filter(|s| s.is_none()).count() as u64, draws.singular);
    assert!(samples.iter().flatten().all(|s| (s - 12.0).abs() < 1e-12));
}

#[test]
fn a_model_that_is_singular_at_its_means_names_the_block() {
    let (pattern, _) = Pattern::from_entries(3, &[0, 1, 0, 1, 2], &[0, 0, 1, 1, 2]).unwrap();
    let analysis = Analysis::new(pattern).unwrap();
    let values: Vec<Parameter> = [1.0, -1.0, -1.0, 1.0, 1.0].into_iter().map(fixed).collect();
    let singular = Model::new(&analysis, &values, &[(0, 1.0)], &[], &[]).unwrap_err();
    assert_eq!(singular.columns, [0, 1]);
    // What the demand does not reach is not asked.
    assert!(Model::new(&analysis, &values, &[(2, 1.0)], &[], &[]).is_ok());
}
