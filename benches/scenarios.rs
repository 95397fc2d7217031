//! Sweeps and what-if moves on `binhai-example`: 10,000 points of a grid, and one move with all its results.
#![allow(missing_docs, clippy::print_stderr, clippy::unwrap_used, reason = "a bench may stop at the first surprise")]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use parkflux::inventory::inventory;
use parkflux::package;
use parkflux::scenario::{Base, axes, grid, read_all, resolve, run, sweep};
use std::collections::BTreeMap;
use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

const SWEEP: &str = r#"
name_en = "Shares of two exchanges"
[[change]]
kind = "exchange"
name = "gas"
of = "E03>E01:blast_furnace_gas"
share = 1.0
[[change]]
kind = "exchange"
name = "slag"
of = "E03>E04:blast_furnace_slag"
share = 1.0
[[sweep]]
change = "gas"
key = "share"
from = 0.0
to = 1.0
steps = 100
[[sweep]]
change = "slag"
key = "share"
from = 0.0
to = 1.0
steps = 100
"#;

fn scenarios(c: &mut Criterion) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/parks/binhai-example");
    let package = package::read(&folder).unwrap().0.unwrap();
    let inventory = inventory(&package).unwrap();
    let base = Base::new(&package, &inventory, None);
    let files = BTreeMap::from([("two.toml".to_owned(), SWEEP.as_bytes().to_vec())]);
    let (all, problems) = read_all(&files, &package.park);
    assert!(!problems.has_errors(), "{problems:?}");
    let chain = resolve(&all, "two");
    let axes = axes(&chain);
    let points = grid(&axes);

    // One core: the bar is per core. What is made once for a sweep (model, weights of results) is in it.
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let mut group = c.benchmark_group("sweep of 10,000 scenarios, one core");
    group.throughput(Throughput::Elements(points.len() as u64)).sample_size(10);
    group.bench_function("binhai-example", |b| {
        b.iter(|| pool.install(|| black_box(sweep(&base, &chain, axes.clone(), points.clone()).unwrap())));
    });
    group.finish();
    let start = Instant::now();
    let swept = pool.install(|| sweep(&base, &chain, axes.clone(), points.clone()).unwrap());
    let seconds = start.elapsed().as_secs_f64();
    eprintln!(
        "sweep: {} points in {seconds:.3} s, {:.0} a second; {} at a bound, {} by themselves, {} clash",
        swept.points.len(),
        swept.points.len() as f64 / seconds,
        swept.bound,
        swept.alone,
        swept.clashes.len()
    );

    let mut group = c.benchmark_group("one what-if move, all results");
    let two = vec![vec![0.5, 0.5]];
    group.bench_function("by the model", |b| {
        b.iter(|| black_box(sweep(&base, &chain, axes.clone(), two.clone()).unwrap()));
    });
    group.sample_size(10);
    group.bench_function("with accounts and ledger", |b| b.iter(|| black_box(run(&base, &chain).unwrap())));
    group.finish();
}

criterion_group!(benches, scenarios);
criterion_main!(benches);
