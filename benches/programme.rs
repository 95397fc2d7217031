//! All systems for all parks of the country: 1,600 parks × 15 systems × 5 years, after accounting.
//!
//! `cargo bench --bench programme`. The parks are the example park with its figures times random numbers of a seed; each
//! evaluates every row with verdict and gap, and every system as a whole. The bar is 2 s on two cores (issue 7).
#![allow(clippy::unwrap_used, missing_docs, reason = "a bench may stop at the first surprise")]

use criterion::{Criterion, criterion_group, criterion_main};
use parkflux::inventory::inventory;
use parkflux::package;
use parkflux::programme::{At, Figures, Kind, Outcome, Verdict, assess, builtin, overall, zone};
use rayon::prelude::*;
use std::hint::black_box;
use std::path::Path;

const PARKS: u64 = 1600;
const YEARS: u16 = 5;
const FIRST: u16 = 2021;

/// A number in [0.5, 1.5) from two numbers (`SplitMix64`).
fn random(park: u64, item: u64) -> f64 {
    let mut z = (park << 20 | item).wrapping_add(0x9E37_79B9_7F4A_7C15).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    0.5 + (z >> 11) as f64 / (1_u64 << 53) as f64
}

fn systems(bench: &mut Criterion) {
    let (package, _) = package::read(Path::new("fixtures/parks/binhai-example")).unwrap();
    let package = package.unwrap();
    let inventory = inventory(&package).unwrap();
    let pack = builtin();
    let (example, _) = zone(pack, &package.park, &inventory);
    let parks: Vec<Figures> = (0..PARKS)
        .map(|park| {
            let mut figures = Figures::new(FIRST - 3, FIRST + YEARS - 1, pack.items.len());
            for year in FIRST - 3..FIRST + YEARS {
                for (id, item) in pack.items.iter() {
                    if let Some(value) = example.figures.get(id, 2024) {
                        let number = value * random(park, (id.index() as u64) << 12 | u64::from(year));
                        figures.set(id, year, if item.kind == Kind::Number { number } else { value });
                    }
                }
            }
            figures
        })
        .collect();
    let one = |figures: &Figures| {
        let mut passed = 0_usize;
        for year in FIRST..FIRST + YEARS {
            let at = At { year, base: FIRST - 1 };
            for system in &pack.systems {
                let rows: Vec<_> =
                    system.rows.iter().map(|row| assess(row, &pack.items, figures, at, &example)).collect();
                passed += rows.iter().filter(|a| a.verdict == Verdict::Pass).count();
                passed += usize::from(overall(system, &rows).outcome == Outcome::Pass);
            }
        }
        passed
    };
    let mut group = bench.benchmark_group("programme");
    group.sample_size(10);
    group.bench_function("1600 parks, 15 systems, 5 years, all cores", |b| {
        b.iter(|| black_box(parks.par_iter().map(one).sum::<usize>()));
    });
    group.bench_function("1600 parks, 15 systems, 5 years, one core", |b| {
        b.iter(|| black_box(parks.iter().map(one).sum::<usize>()));
    });
    group.finish();
}

criterion_group!(benches, systems);
criterion_main!(benches);
