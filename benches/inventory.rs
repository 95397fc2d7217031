//! Parse, validate, resolve factors, account, and the whole, on the real parks and
//! on a made-up large one.
//!
//! `cargo bench --bench inventory`. State ratios between groups of one run: bare
//! times on a shared machine mean little.
#![allow(missing_docs, clippy::expect_used, reason = "a bench may stop at the first surprise")]

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use parkflux::diagnostic::Lang;
use parkflux::factors::{FactorSet, Parameter, Query, builtin};
use parkflux::inventory::{inventory, sums};
use parkflux::methods::account;
use parkflux::package::{Package, decode, read_files};
use parkflux::park::{Gas, checks};
use parkflux::report::inventory::Report;
use parkflux::report::tidy::to_json;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::hint::black_box;
use std::path::Path;

type Files = BTreeMap<String, Vec<u8>>;

/// The files of a park of the repository.
fn park(name: &str) -> Files {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/parks").join(name);
    let entries = std::fs::read_dir(folder).expect("the fixture is there");
    entries
        .map(|e| e.expect("a readable entry"))
        .filter(|e| e.file_name() != "README.md")
        .map(|e| (e.file_name().to_string_lossy().into_owned(), std::fs::read(e.path()).expect("a readable file")))
        .collect()
}

/// A park of `n` monthly flow rows: fuels, power and heat of 50 enterprises.
fn made_up(n: usize) -> Files {
    let mut enterprises = "enterprise,sector\n".to_owned();
    for e in 0..50 {
        writeln!(enterprises, "E{e:02},GB4754:C{}", 10 + e % 30).expect("writing into a String");
    }
    let mut flows = "id,period,from,to,carrier,quantity,unit,basis,use\n".to_owned();
    let kinds = [
        ("outside:supplier", "bituminous", "t", "as_received", "combustion"),
        ("outside:supplier", "natural_gas", "万Nm3", "", "combustion"),
        ("outside:grid", "electricity", "MWh", "", ""),
        ("outside:supplier", "heat", "GJ", "", ""),
        ("outside:supplier", "diesel", "t", "", "combustion"),
    ];
    for i in 0..n {
        let (from, carrier, unit, basis, usage) = kinds[i % kinds.len()];
        let (month, e, quantity) = (1 + i / 5 % 12, i / 60 % 50, 100 + i * 7919 % 10_000);
        writeln!(flows, "F{i:07},2023-{month:02},{from},E{e:02},{carrier},{quantity}.5,{unit},{basis},{usage}")
            .expect("writing into a String");
    }
    let park = "schema = 1\nid = \"bench\"\nperiods = [\"2023\"]\nregion = \"cn\"\n\
        factor_sets = [\"cn_gbt32151_2024\", \"cn_grid\", \"cn_heat\", \"ipcc_2006\"]\n\
        gwp_set = \"AR5\"\nrule_set = \"gbt\"\n";
    Files::from([
        ("park.toml".to_owned(), park.as_bytes().to_vec()),
        ("enterprises.csv".to_owned(), enterprises.into_bytes()),
        ("flows.csv".to_owned(), flows.into_bytes()),
    ])
}

fn package(files: &Files) -> Package {
    read_files(files).0.expect("a valid package")
}

fn sets(package: &Package) -> Vec<FactorSet> {
    package.park.settings.factor_sets.iter().filter_map(|id| builtin(id).cloned()).collect()
}

fn stages(c: &mut Criterion) {
    for (name, files) in [("calcasieu-2017", park("calcasieu-2017")), ("made-up-100k", made_up(100_000))] {
        let lines = |b: &Vec<u8>| decode(b).map_or(0, |text| text.lines().count());
        let rows: usize = files.values().map(lines).sum();
        let (package, mut group) = (package(&files), c.benchmark_group(name));
        let sets = sets(&package);
        group.throughput(Throughput::Elements(rows as u64)).sample_size(10);
        group.bench_function("1 decode", |b| {
            b.iter(|| files.values().map(|f| decode(black_box(f)).map_or(0, |t| t.len())).sum::<usize>());
        });
        group.bench_function("2 parse and validate", |b| b.iter(|| read_files(black_box(&files))));
        group.bench_function("3 checks across rows", |b| b.iter(|| checks::all(black_box(&package.park))));
        group.bench_function("4 resolve factors and account", |b| {
            b.iter(|| account(black_box(&package.park), &sets).ledger.lines.len());
        });
        group.bench_function("5 inventory with figures", |b| {
            b.iter(|| inventory(black_box(&package)).map(|i| i.figures.len()));
        });
        group.bench_function("5 sums, as a set needs them", |b| {
            b.iter(|| sums(black_box(&package)).map(|s| s.years.len()));
        });
        group.bench_function("6 the whole", |b| {
            b.iter(|| {
                let package = read_files(black_box(&files)).0.expect("a valid package");
                let made = inventory(&package).expect("factors");
                Report::new(&package, &made, made.years[0], Lang::En).to_text().len()
            });
        });
        if name == "calcasieu-2017" {
            let made = inventory(&package).expect("factors");
            group.bench_function("7 JSON", |b| b.iter(|| to_json(&package, black_box(&made), Lang::En)));
        }
        group.finish();
    }
}

/// A national set in small: many packages, read and summed up one after the other and side by side.
/// `benches/peers/run.sh` runs the large one beside pandas.
fn national(c: &mut Criterion) {
    let (parks, rows) = (64, 1_250);
    let (files, mut group) = (made_up(rows), c.benchmark_group("national"));
    let one = |_| sums(&package(black_box(&files))).map_or(0, |s| s.years.len());
    group.throughput(Throughput::Elements((parks * rows) as u64)).sample_size(10);
    group.bench_function("one thread", |b| b.iter(|| (0..parks).map(one).sum::<usize>()));
    group.bench_function("all cores", |b| b.iter(|| (0..parks).into_par_iter().map(one).sum::<usize>()));
    group.finish();
}

/// Loading of the factor library, which every run pays for.
fn library(c: &mut Criterion) {
    let mut group = c.benchmark_group("library");
    for set in ["cn_grid", "ipcc_2006", "gwp"] {
        group.bench_with_input(BenchmarkId::from_parameter(set), set, |b, set| b.iter(|| builtin(black_box(set))));
    }
    // One look-up of each kind of value, as a fuel needs them.
    let set = builtin("cn_gbt32151_2024").expect("a family of the library");
    group.bench_function("resolve factors: one fuel", |b| {
        b.iter(|| {
            let parameters =
                [Parameter::EmissionFactor, Parameter::CarbonContent, Parameter::Oxidation, Parameter::Ncv];
            parameters.map(|parameter| {
                let query = Query {
                    carrier: black_box("bituminous"),
                    parameter,
                    gas: (parameter == Parameter::EmissionFactor).then_some(Gas::Co2),
                    technique: "",
                    region: "cn.north",
                    exact_region: false,
                    year: 2023,
                    sector: "",
                    enterprise: "",
                    allow_unconfirmed: &[],
                };
                set.search(&query).fits.len()
            })
        });
    });
    group.finish();
}

criterion_group!(benches, stages, national, library);
criterion_main!(benches);
