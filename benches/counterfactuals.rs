//! Many small changes of one system beside factorising it anew for each, both on one thread of one run.
//!
//! `cargo bench --bench counterfactuals`: first each structure's 1,000 exchanges are compared with what new factors give,
//! to 1e-9, and the ratios printed; then criterion's groups.
#![allow(missing_docs, clippy::unwrap_used, clippy::print_stderr)]

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use ndarray::Array2;
use parkflux::network::{
    Analysis, Change, Counterfactuals, Distribution, LANES, Lanes, Parameter, Pattern, Places, Refactored, Symbolic,
};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::Instant;

/// The first products of a park are carriers (power, steam, water …) on which all others draw; the last treats wastes.
const CARRIERS: u32 = 12;
/// Gases.
const OUTPUTS: usize = 12;
const EXCHANGES: usize = 1_000;

/// How the parks of a network hang together.
#[derive(Clone, Copy)]
struct Shape {
    name: &'static str,
    order: u32,
    /// Products of a park.
    park: u32,
    /// Parks buy from each other in a ring; else from those before them only.
    ring: bool,
    /// How many of the near links go far instead.
    far: f64,
    /// The wastes of exchanges that end go to a treatment that their donors do not use yet, in any park.
    fresh: bool,
}

struct System {
    analysis: Analysis,
    values: Vec<f64>,
    right: Vec<f64>,
    outputs: Vec<Vec<(u32, f64)>>,
    changes: Vec<Change>,
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

fn system(shape: Shape, exchanges: usize, outputs: usize) -> System {
    let Shape { order, park, ring, far, fresh, .. } = shape;
    let mut numbers = Numbers(Vec::new().into_iter(), 0);
    let mut entries: BTreeMap<(u32, u32), f64> = BTreeMap::new();
    let of_park = |column: u32| (column / park * park, (column / park * park + park).min(order));
    for column in 0..order {
        let (first, last) = of_park(column);
        let mut take = |row: u32, size: f64| {
            if row != column {
                *entries.entry((row, column)).or_insert(0.0) -= size;
            }
        };
        // Each buys from the one before it, the first of a park from the last of the one before, or of its own.
        let before = match (column == first, ring) {
            (false, _) => column - 1,
            (true, true) => (column + order - 1) % order,
            (true, false) => last - 1,
        };
        take(before, 0.05 + 0.2 * numbers.next());
        for _ in 0..4 {
            take(first + numbers.below(CARRIERS), 0.15 * numbers.next());
        }
        for _ in 0..2 {
            let (near, any) = (first + numbers.below(last - first), numbers.below(order));
            take(if numbers.next() < far { any } else { near }, 0.2 * numbers.next());
        }
        // National markets are made by the first park.
        if first > 0 {
            take(numbers.below(park.min(60)), 0.1 * numbers.next());
        }
        take(last - 1, 0.01);
    }
    for column in 0..order {
        entries.insert((column, column), 1.0);
    }
    let mut changes = Vec::new();
    while changes.len() < exchanges {
        let donor = numbers.below(order);
        let (first, last) = of_park(donor);
        let receiver = first + numbers.below(last - first);
        let sink = if fresh { of_park(numbers.below(order)).1 - 1 } else { last - 1 };
        if [donor, receiver].contains(&sink) || entries.contains_key(&(receiver, donor)) {
            continue;
        }
        let amount = 0.05 * numbers.next();
        entries.insert((receiver, donor), amount);
        entries.entry((sink, donor)).or_insert(0.0);
        changes.push(Change { matrix: vec![(receiver, donor, -amount), (sink, donor, -amount)], ..Change::default() });
    }
    let (rows, columns): (Vec<u32>, Vec<u32>) = entries.keys().copied().unzip();
    let (pattern, slots) = Pattern::from_entries(order as usize, &rows, &columns).unwrap();
    let mut values = vec![0.0; slots.len()];
    for (&value, &slot) in entries.values().zip(&slots) {
        values[slot as usize] = value;
    }
    let right = (0..order).map(|_| if numbers.next() < 0.1 { numbers.next() } else { 0.0 }).collect();
    let mut weights = || {
        let drawn = (0..order).map(|column| (column, numbers.next(), numbers.next()));
        drawn.filter(|drawn| drawn.1 < 0.3).map(|(column, _, weight)| (column, weight)).collect()
    };
    let outputs = (0..outputs).map(|_| weights()).collect();
    System { analysis: Analysis::new(pattern).unwrap(), values, right, outputs, changes }
}

/// The pattern without the links that are zero: what the counterfactuals are given, while the base line keeps places for all.
fn without_zeros(system: &System) -> (Analysis, Vec<f64>) {
    let pattern = system.analysis.pattern();
    let (mut rows, mut columns, mut values) = (Vec::new(), Vec::new(), Vec::new());
    for column in 0..pattern.order() {
        for slot in pattern.range(column) {
            if system.values[slot] != 0.0 {
                rows.extend_from_slice(pattern.rows(slot..slot + 1));
                columns.push(column as u32);
                values.push(system.values[slot]);
            }
        }
    }
    let (pattern, _) = Pattern::from_entries(pattern.order(), &rows, &columns).unwrap();
    (Analysis::new(pattern).unwrap(), values)
}

/// The base line: the places of the factors are kept, numbers are factorised again for each scenario, in lanes or alone.
struct Anew<'a> {
    system: &'a System,
    symbolic: Symbolic,
}

impl Anew<'_> {
    fn slot(&self, row: u32, column: u32) -> usize {
        let pattern = self.system.analysis.pattern();
        pattern.range(column as usize).start + pattern.column(column as usize).binary_search(&row).unwrap()
    }

    fn lanes(&self, changes: &[Change], room: &mut Refactored<Lanes>, refine: bool) -> Vec<[f64; LANES]> {
        let System { values, right, outputs, .. } = self.system;
        let mut values: Vec<Lanes> = values.iter().map(|&v| Lanes([v; LANES])).collect();
        for (lane, change) in changes.iter().enumerate() {
            change.matrix.iter().for_each(|&(row, column, added)| values[self.slot(row, column)].0[lane] += added);
        }
        self.symbolic.refactorise(&values, room);
        let right: Vec<Lanes> = right.iter().map(|&f| Lanes([f; LANES])).collect();
        let mut x = right.clone();
        self.symbolic.solve(&values, room, &mut x);
        if refine {
            self.symbolic.refine(&values, room, &mut x, &right);
        }
        let output = |weights: &Vec<(u32, f64)>| {
            let mut sum = [0.0; LANES];
            for &(column, weight) in weights {
                sum.iter_mut().zip(x[column as usize].0).for_each(|(sum, x)| *sum += weight * x);
            }
            sum
        };
        outputs.iter().map(output).collect()
    }

    fn alone(&self, change: &Change, room: &mut Refactored<f64>) -> Vec<f64> {
        let System { values, right, outputs, .. } = self.system;
        let mut values = values.clone();
        change.matrix.iter().for_each(|&(row, column, added)| values[self.slot(row, column)] += added);
        self.symbolic.refactorise(&values, room);
        let mut x = right.clone();
        self.symbolic.solve(&values, room, &mut x);
        outputs.iter().map(|weights| weights.iter().map(|&(column, w)| w * x[column as usize]).sum()).collect()
    }

    fn factorised(&self, change: &Change) -> Vec<f64> {
        let System { analysis, values, right, outputs, .. } = self.system;
        let mut values = values.clone();
        change.matrix.iter().for_each(|&(row, column, added)| values[self.slot(row, column)] += added);
        let mut x = right.clone();
        analysis.factorise(&values).unwrap().solve(&mut x);
        outputs.iter().map(|weights| weights.iter().map(|&(column, w)| w * x[column as usize]).sum()).collect()
    }
}

/// All scenarios, with the factors of the system, its solution and its adjoints made anew.
fn ours(analysis: &Analysis, values: &[f64], system: &System, watched: &[u32]) -> Vec<Vec<f64>> {
    let factors = analysis.factorise(values).unwrap();
    let base = Counterfactuals::new(&factors, &system.right, &system.outputs).unwrap();
    let made = base.all(&system.changes, watched).unwrap();
    made.into_iter().map(|outcome| outcome.unwrap()).inspect(|o| assert!(!o.anew)).map(|o| o.outputs).collect()
}

/// Seconds of the middle one of some runs.
fn seconds(runs: usize, mut work: impl FnMut()) -> f64 {
    let mut times: Vec<f64> = (0..runs)
        .map(|_| {
            let start = Instant::now();
            work();
            start.elapsed().as_secs_f64()
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[runs / 2]
}

/// The largest difference of an output, in parts of it.
fn compared(anew: &Anew, made: &[Vec<f64>]) -> f64 {
    let groups = anew.system.changes.par_chunks(LANES).zip(made.par_chunks(LANES));
    let worst = groups.map_init(
        || anew.symbolic.room(),
        |room, (changes, made)| {
            let exact = anew.lanes(changes, room, true);
            let of = |lane: usize, output: usize| (made[lane][output] / exact[output][lane] - 1.0).abs();
            (0..changes.len())
                .flat_map(|l| (0..exact.len()).map(move |o| (l, o)))
                .map(|(l, o)| of(l, o))
                .fold(0.0, f64::max)
        },
    );
    worst.reduce(|| 0.0, f64::max)
}

const SHAPES: [Shape; 5] = [
    Shape { name: "one loop", order: 10_000, park: 300, ring: true, far: 0.0, fresh: false },
    Shape { name: "blocks of 100", order: 10_000, park: 100, ring: false, far: 0.0, fresh: false },
    Shape { name: "blocks of 1000", order: 10_000, park: 1_000, ring: false, far: 0.0, fresh: false },
    Shape { name: "new links", order: 10_000, park: 100, ring: false, far: 0.0, fresh: true },
    Shape { name: "long links", order: 10_000, park: 300, ring: true, far: 0.05, fresh: false },
];

fn exchanges(criterion: &mut Criterion) {
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let wanted = std::env::var("SHAPES").unwrap_or_default();
    for shape in
        SHAPES.into_iter().filter(|shape| wanted.is_empty() || wanted.split(',').any(|name| name == shape.name))
    {
        let system = system(shape, EXCHANGES, OUTPUTS);
        let (analysis, values) = without_zeros(&system);
        let anew = Anew { system: &system, symbolic: Symbolic::new(&system.analysis, &system.values).unwrap() };
        let worst = compared(&anew, &ours(&analysis, &values, &system, &[]));
        assert!(worst < 1e-9, "{}: {worst}", shape.name);
        let few = &system.changes[..16];
        let watched: Vec<u32> = (0..100).map(|k| k * 97).collect();
        one.install(|| {
            let low_rank = seconds(5, || drop(black_box(ours(&analysis, &values, &system, &[]))));
            let flows = seconds(3, || drop(black_box(ours(&analysis, &values, &system, &watched))));
            let factors = analysis.factorise(&values).unwrap();
            let base = Counterfactuals::new(&factors, &system.right, &system.outputs).unwrap();
            let made = seconds(5, || drop(black_box(base.all(&system.changes, &[]).unwrap())));
            // Both begin where the first factors and their places are known.
            let begun = seconds(5, || {
                let base = Counterfactuals::new(&factors, &system.right, &system.outputs).unwrap();
                drop(black_box(base.all(&system.changes, &[]).unwrap()));
            });
            let many = few.len() as f64 / EXCHANGES as f64;
            let mut room = anew.symbolic.room::<f64>();
            let alone = seconds(3, || few.iter().for_each(|c| drop(black_box(anew.alone(c, &mut room))))) / many;
            let factorised = seconds(3, || few.iter().for_each(|c| drop(black_box(anew.factorised(c))))) / many;
            let mut room = anew.symbolic.room::<Lanes>();
            let lanes = seconds(3, || {
                few.chunks(LANES).for_each(|group| drop(black_box(anew.lanes(group, &mut room, false))));
            }) / many;
            let largest = (0..analysis.blocks().count()).map(|b| analysis.blocks().range(b).len()).max();
            eprintln!(
                "{:15} blocks {:5}, largest {:5}, entries of factors {:8}: 1,000 exchanges {:.2} ms with the adjoints, {:.2} ms \
                 after them, {:.2} ms with the first factors, {:.1} ms with flows and residuals",
                shape.name,
                analysis.blocks().count(),
                largest.unwrap_or_default(),
                factors.entries(),
                1e3 * begun,
                1e3 * made,
                1e3 * low_rank,
                1e3 * flows,
            );
            for (how, time) in [("refactorised", alone), ("refactorised in lanes", lanes), ("factorised", factorised)] {
                eprintln!(
                    "    {how:22} {:9.1} ms: {:4.0} times, {:.0} with the first factors",
                    1e3 * time,
                    time / begun,
                    time / low_rank
                );
            }
            eprintln!("    worst difference {worst:.1e}");
        });
        let mut group = criterion.benchmark_group("exchanges");
        group.sample_size(10);
        group.throughput(Throughput::Elements(EXCHANGES as u64));
        group.bench_function(BenchmarkId::new("all", shape.name), |b| {
            one.install(|| b.iter(|| ours(&analysis, &values, &system, &[])));
        });
        group.throughput(Throughput::Elements(LANES as u64));
        let mut room = anew.symbolic.room::<Lanes>();
        group.bench_function(BenchmarkId::new("refactorised in lanes", shape.name), |b| {
            one.install(|| b.iter(|| anew.lanes(&few[..LANES], &mut room, false)));
        });
        group.finish();
    }
}

/// A park of 150 unknowns with 40 outputs, three parameters of two entries each, 10,000 scenarios.
fn sweep(criterion: &mut Criterion) {
    let shape = Shape { name: "sweep", order: 150, park: 50, ring: false, far: 0.05, fresh: false };
    let mut system = system(shape, 3, 40);
    let places = Places {
        matrix: system.changes.iter().flat_map(|c| &c.matrix).map(|e| (e.0, e.1)).collect(),
        ..Places::default()
    };
    let sizes: Vec<f64> = system.changes.iter().flat_map(|c| &c.matrix).map(|e| e.2).collect();
    let mut numbers = Numbers(Vec::new().into_iter(), 1 << 20);
    let shares = Array2::from_shape_fn((10_000, 3), |_| numbers.next());
    let added = Array2::from_shape_fn((10_000, places.matrix.len()), |(s, k)| shares[(s, k / 2)] * sizes[k]);
    let change = |row: ndarray::ArrayView1<f64>| Change {
        matrix: places.matrix.iter().zip(row).map(|(&(r, c), &d)| (r, c, d)).collect(),
        ..Change::default()
    };
    system.changes = added.outer_iter().map(change).collect();
    let anew = Anew { system: &system, symbolic: Symbolic::new(&system.analysis, &system.values).unwrap() };
    let factors = system.analysis.factorise(&system.values).unwrap();
    let all = || {
        let base = Counterfactuals::new(&factors, &system.right, &system.outputs).unwrap();
        base.sweep(&places, &added.view()).unwrap()
    };
    let made = all();
    assert!(made.anew.is_empty() && made.singular.is_empty());
    let worst = compared(&anew, &made.outputs.outer_iter().map(|row| row.to_vec()).collect::<Vec<_>>());
    assert!(worst < 1e-9, "{worst}");
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    one.install(|| {
        let low_rank = seconds(5, || drop(black_box(all())));
        let mut room = anew.symbolic.room::<Lanes>();
        let lanes = seconds(3, || {
            system.changes.chunks(LANES).for_each(|group| drop(black_box(anew.lanes(group, &mut room, false))));
        });
        let listed = seconds(3, || {
            let base = Counterfactuals::new(&factors, &system.right, &system.outputs).unwrap();
            drop(black_box(base.all(&system.changes, &[]).unwrap()));
        });
        eprintln!(
            "sweep of 10,000 scenarios on 150 unknowns, 40 outputs, a core: {:.0} a second; as a list of changes {:.0}; \
             refactorised in lanes {:.0}; worst difference {worst:.1e}",
            1e4 / low_rank,
            1e4 / listed,
            1e4 / lanes
        );
    });
    let mut group = criterion.benchmark_group("sweep");
    group.throughput(Throughput::Elements(10_000));
    group.sample_size(10);
    group.bench_function("low rank", |b| one.install(|| b.iter(all)));
    group.finish();
}

criterion_group!(benches, sweep, exchanges);
criterion_main!(benches);
