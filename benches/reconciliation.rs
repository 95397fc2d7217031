//! Reconciliation of metering networks at three sizes: best values alone; with the tests of all meters; with the suspects
//! taken out one after the other.
//!
//! `cargo bench --bench reconciliation`; compare within one run. The race with scipy is in `benches/peers/reconciliation`.
#![allow(missing_docs, clippy::unwrap_used)]

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use parkflux::balance::{Measured, Problem, Rows, critical, reconcile};
use parkflux::network::{Distribution, Parameter};
use std::hint::black_box;

/// Flows to a node.
const FLOWS: f64 = 2.5;

/// Numbers between 0 and 1, the same on every run.
fn numbers(stream: u32, count: usize) -> Vec<f64> {
    Parameter { stream, distribution: Distribution::Uniform(0.0, 1.0) }.draws(1, count as u32)
}

/// A plant: each node passes on what it gets to nodes nearby, some of it backwards, some to the outside. Of the flows 15 %
/// have no meter, and one meter in 200 reads a fifth too much.
fn plant(flows: usize) -> Problem {
    let nodes = (flows as f64 / FLOWS) as usize;
    let (step, amount) = (numbers(1, flows), numbers(2, flows));
    let mut rows = vec![Vec::new(); nodes];
    let mut left = vec![0.0; nodes];
    let mut size = Vec::with_capacity(flows);
    for flow in 0..flows {
        let from = flow % nodes;
        // A chain first, then links at random: by up to 12 nodes, one in three backwards.
        let to = if flow < nodes {
            from + 1
        } else {
            let by = 1 + (step[flow] * 36.0) as usize % 12;
            if step[flow] < 0.33 { from.saturating_sub(by) } else { from + by }
        };
        let value = 10.0 + 90.0 * amount[flow];
        size.push(value);
        if to == from {
            continue;
        }
        rows[from].push((flow as u32, -1.0));
        left[from] -= value;
        if let Some(row) = rows.get_mut(to) {
            row.push((flow as u32, 1.0));
            left[to] += value;
        }
    }
    // What a node lacks or has over goes over the fence.
    let mut measured: Vec<Option<Measured>> = Vec::new();
    for (node, left) in left.into_iter().enumerate() {
        rows[node].push((size.len() as u32, -left.signum()));
        size.push(left.abs());
    }
    let (read, error) = (numbers(3, size.len()), numbers(4, size.len()));
    for (flow, &value) in size.iter().enumerate() {
        let sd = 0.02 * value + 1e-6;
        let wrong = if read[flow] > 0.995 { 0.2 * value } else { 0.0 };
        let noise = sd * 12.0_f64.sqrt() * (error[flow] - 0.5);
        measured.push((read[flow] > 0.15).then_some(Measured { value: value + noise + wrong, sd }));
    }
    let mut made = Rows::default();
    for row in rows {
        made.push(row, 0.0);
    }
    Problem { measured, rows: made }
}

fn reconciliation(c: &mut Criterion) {
    let mut group = c.benchmark_group("reconciliation");
    group.sample_size(10);
    for flows in [1000, 10_000, 100_000] {
        let problem = plant(flows);
        group.throughput(Throughput::Elements(problem.measured.len() as u64));
        group.bench_with_input(BenchmarkId::new("best values", flows), &problem, |b, problem| {
            b.iter(|| black_box(reconcile(problem).unwrap()));
        });
        group.bench_with_input(BenchmarkId::new("and tests", flows), &problem, |b, problem| {
            b.iter(|| black_box(reconcile(problem).unwrap().measurement_tests()));
        });
        // Each suspect is a solve, and there are more of them in a larger plant.
        if flows <= 10_000 {
            group.bench_with_input(BenchmarkId::new("and suspects", flows), &problem, |b, problem| {
                let limit = critical(0.95, problem.measured.len());
                b.iter(|| black_box(reconcile(problem).unwrap().eliminate(limit, 100)));
            });
        }
    }
    group.finish();
}

criterion_group!(benches, reconciliation);
criterion_main!(benches);
