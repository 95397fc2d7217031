//! The kernel's work at four sizes: networks of industrial parks, the last with long-range links whose factors fill.
//!
//! `cargo bench --bench kernel`; compare within one run. The race with other programs is in `benches/peers/kernel`.
#![allow(missing_docs, clippy::unwrap_used)]

use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use parkflux::network::{Analysis, Distribution, Entry, LANES, Lanes, Model, Parameter, Pattern, Symbolic, Update};
use std::collections::BTreeMap;
use std::hint::black_box;

/// Products of a park.
const PARK: u32 = 300;
/// The first of them are carriers (power, steam, water …) on which all others draw.
const CARRIERS: u32 = 12;

/// A network of parks: each process makes one product and takes from carriers and neighbours of its park and from
/// national markets, the first products; every other park sells to a market and so closes a loop.
struct Network {
    name: String,
    order: u32,
    pattern: Pattern,
    values: Vec<f64>,
}

/// Numbers between 0 and 1, the same on every run.
struct Numbers(std::vec::IntoIter<f64>, u32);

impl Numbers {
    fn next(&mut self) -> f64 {
        loop {
            if let Some(number) = self.0.next() {
                return number;
            }
            self.1 += 1;
            let stream = Parameter { stream: self.1, distribution: Distribution::Uniform(0.0, 1.0) };
            self.0 = stream.draws(1, 4096).into_iter();
        }
    }

    fn below(&mut self, bound: u32) -> u32 {
        (self.next() * f64::from(bound)) as u32
    }
}

fn network(order: u32, mix: f64) -> Network {
    let mut numbers = Numbers(Vec::new().into_iter(), 0);
    let markets = (order / 50).clamp(1, 60);
    let mut entries: BTreeMap<(u32, u32), f64> = BTreeMap::new();
    for column in 0..order {
        let mut take = |row: u32, size: f64| {
            if row != column {
                *entries.entry((row, column)).or_insert(0.0) -= size;
            }
        };
        if column < markets {
            // A market buys from parks that sell.
            for _ in 0..6 {
                let park = numbers.below((order - markets).div_ceil(2 * PARK)) * 2;
                take((markets + park * PARK + numbers.below(PARK)).min(order - 1), 0.1 * numbers.next());
            }
            continue;
        }
        let first = markets + (column - markets) / PARK * PARK;
        let last = (first + PARK).min(order);
        for _ in 0..4 {
            take((first + numbers.below(CARRIERS)).min(last - 1), 0.15 * numbers.next());
        }
        for _ in 0..2 {
            let near = first + numbers.below(last - first);
            let far = numbers.below(order);
            let row = if numbers.next() < mix { far } else { near };
            take(row, 0.2 * numbers.next());
        }
        take(numbers.below(markets), 0.2 * numbers.next());
    }
    for column in 0..order {
        entries.insert((column, column), 1.0);
    }
    let (rows, columns): (Vec<u32>, Vec<u32>) = entries.keys().copied().unzip();
    let (pattern, slots) = Pattern::from_entries(order as usize, &rows, &columns).unwrap();
    let mut values = vec![0.0; slots.len()];
    for (&value, &slot) in entries.values().zip(&slots) {
        values[slot as usize] = value;
    }
    let name = if mix > 0.0 { format!("{order} mix") } else { order.to_string() };
    Network { name, order, pattern, values }
}

impl Network {
    /// Everything lognormal, a demand for one product, one burden of each process.
    fn model(&self, analysis: &Analysis) -> Model {
        let spread =
            |(stream, &value): (u32, &f64)| Parameter { stream, distribution: Distribution::Lognormal(value, 0.1) };
        let matrix: Vec<Parameter> = (0..).zip(&self.values).map(spread).collect();
        let burden = |column| {
            let distribution = Distribution::Lognormal(1.0, 0.1);
            Entry { row: 0, column, value: Parameter { stream: 1 << 30 | column, distribution } }
        };
        let burdens: Vec<Entry> = (0..self.order).map(burden).collect();
        let one = Parameter { stream: u32::MAX >> 1, distribution: Distribution::Fixed(1.0) };
        Model::new(analysis, &matrix, &[(self.order - 1, 1.0)], &burdens, &[Entry { row: 0, column: 0, value: one }])
            .unwrap()
    }
}

fn kernel(criterion: &mut Criterion) {
    for network in [network(1_000, 0.0), network(10_000, 0.0), network(100_000, 0.0), network(10_000, 0.1)] {
        let Network { name, pattern, values, order } = &network;
        let mut bench = |what: &str, elements: u64, work: &mut dyn FnMut()| {
            let mut group = criterion.benchmark_group(what);
            group.sample_size(10);
            group.throughput(Throughput::Elements(elements));
            group.bench_function(BenchmarkId::from_parameter(name), |b| b.iter(&mut *work));
            group.finish();
        };
        let entries = values.len() as u64;
        bench("analyse", entries, &mut || drop(black_box(Analysis::new(pattern.clone()).unwrap())));
        bench("blocks", entries, &mut || drop(black_box(Analysis::unordered(pattern.clone()).unwrap())));
        let analysis = Analysis::new(pattern.clone()).unwrap();
        bench("factorise", entries, &mut || drop(black_box(analysis.factorise(values).unwrap())));
        let factors = analysis.factorise(values).unwrap();
        let symbolic = Symbolic::new(&analysis, values).unwrap();

        let mut room = symbolic.room::<f64>();
        bench("refactorise", entries, &mut || symbolic.refactorise(black_box(values), &mut room));
        let lanes: Vec<Lanes> = values.iter().map(|&value| Lanes([value; LANES])).collect();
        let mut wide = symbolic.room::<Lanes>();
        bench("refactorise lanes", entries * LANES as u64, &mut || symbolic.refactorise(black_box(&lanes), &mut wide));

        let mut demand = vec![0.0; *order as usize];
        demand[*order as usize - 1] = 1.0;
        let weights = vec![1.0; *order as usize];
        bench("solve", entries, &mut || symbolic.solve(values, &room, black_box(&mut demand.clone())));
        bench("solve transposed", entries, &mut || {
            symbolic.solve_transposed(values, &room, black_box(&mut weights.clone()));
        });
        let many: Vec<Lanes> = weights.iter().map(|&w| Lanes([w; LANES])).collect();
        bench("solve transposed lanes", entries * LANES as u64, &mut || {
            symbolic.solve_transposed(values, &room, black_box(&mut many.clone()));
        });
        bench("sweeps transposed", entries, &mut || {
            black_box(analysis.relax_transposed(values, &mut weights.clone(), 100));
        });
        let changes: Vec<(u32, u32, f64)> = (0..4).map(|k| (k * 31 % order, k * 31 % order, 0.5)).collect();
        bench("update", entries, &mut || {
            black_box(Update::new(&factors, &changes).unwrap().solve(&mut demand.clone()));
        });

        let model = network.model(&analysis);
        bench("first order", entries, &mut || drop(black_box(model.first_order().unwrap())));
        let draws = 16 * LANES as u32;
        bench("draws", u64::from(draws), &mut || drop(black_box(model.draws(1, draws).unwrap())));
    }
    // Numbers alone.
    let spread = Parameter { stream: 1, distribution: Distribution::Lognormal(1.0, 0.1) };
    let mut group = criterion.benchmark_group("random");
    group.throughput(Throughput::Elements(1 << 16));
    group.bench_function("lognormal", |b| {
        b.iter_batched(|| spread.clone(), |s| s.draws(1, 1 << 16), BatchSize::SmallInput);
    });
    group.finish();
}

criterion_group!(benches, kernel);
criterion_main!(benches);
