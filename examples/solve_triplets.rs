//! Scores of a life-cycle matrix given as CSV triplets.
//!
//! ```text
//! cargo run --release --example solve_triplets -- DIR [--demands K] [--method M]
//! ```
//!
//! DIR holds `technosphere.csv` (`row,col,value`, products by activities, outputs positive and inputs negative),
//! `biosphere.csv` (`row,col,value`, flows by activities), `characterization.csv` (`method,flow,value`) and
//! `demands.csv` (`set,product,amount`); further columns are not read. With A the technosphere, B the biosphere, c the
//! characterization of a method and f a demand, the score is `c B A⁻¹ f`. One transposed solve a method gives
//! `λ = A⁻ᵀ Bᵀ c`, and every demand is a product with it.
//!
//! Prints one JSON object: `scores` (demand set, method, value), `residual` (the largest of all transposed solves, in
//! parts of the sizes of their terms), `report` (blocks, the largest of them, entries of matrix and factors) and
//! `seconds` (read, analyse, factorise, solve).

use parkflux::network::{Analysis, Factors, Pattern};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

/// An entry of a matrix.
#[derive(Deserialize)]
struct Entry {
    row: u32,
    col: u32,
    value: f64,
}

/// What a flow counts under a method.
#[derive(Deserialize)]
struct Weight {
    method: String,
    flow: u32,
    value: f64,
}

/// An amount of a product in a demand.
#[derive(Deserialize)]
struct Want {
    set: String,
    product: usize,
    amount: f64,
}

fn main() -> ExitCode {
    match run(&std::env::args().skip(1).collect::<Vec<_>>()) {
        Ok(text) => {
            // The reader of our output may have gone away.
            let _ = std::io::Write::write_all(&mut std::io::stdout(), format!("{text}\n").as_bytes());
            ExitCode::SUCCESS
        }
        Err(error) => {
            let _ = std::io::Write::write_all(&mut std::io::stderr(), format!("solve_triplets: {error}\n").as_bytes());
            ExitCode::FAILURE
        }
    }
}

fn run(words: &[String]) -> Result<Value, Box<dyn Error>> {
    let option = |name: &str| words.iter().position(|w| w == name).and_then(|i| words.get(i + 1));
    let folder = Path::new(words.first().ok_or("usage: solve_triplets DIR [--demands K] [--method M]")?);
    let sets: usize = option("--demands").map_or(Ok(usize::MAX), |k| k.parse())?;
    let clock = Instant::now();
    let technosphere: Vec<Entry> = table(folder, "technosphere.csv")?;
    let biosphere: Vec<Entry> = table(folder, "biosphere.csv")?;
    let weights: Vec<Weight> = table(folder, "characterization.csv")?;
    let amounts: Vec<Want> = table(folder, "demands.csv")?;
    let read = clock.elapsed();

    let clock = Instant::now();
    let order = technosphere.iter().map(|e| e.row.max(e.col) as usize + 1).max().unwrap_or_default();
    let (rows, columns): (Vec<u32>, Vec<u32>) = technosphere.iter().map(|e| (e.row, e.col)).unzip();
    let (pattern, slots) = Pattern::from_entries(order, &rows, &columns)?;
    let mut values = vec![0.0; technosphere.len()];
    for (entry, slot) in technosphere.iter().zip(slots) {
        values[slot as usize] = entry.value;
    }
    let analysis = Analysis::new(pattern)?;
    let analyse = clock.elapsed();

    let clock = Instant::now();
    let factors = analysis.factorise(&values)?;
    let factorise = clock.elapsed();

    let clock = Instant::now();
    let mut demands: BTreeMap<(usize, &str), Vec<(usize, f64)>> = BTreeMap::new();
    for Want { set, product, amount } in &amounts {
        // Sets that are numbers come in the order of numbers.
        let number = set.parse().unwrap_or(usize::MAX);
        demands.entry((number, set)).or_default().push((*product, *amount));
    }
    let mut methods: Vec<&str> = Vec::new();
    for weight in &weights {
        let wanted = option("--method").is_none_or(|m| *m == weight.method);
        if wanted && !methods.contains(&&*weight.method) {
            methods.push(&weight.method);
        }
    }
    let mut scores: Vec<Value> = Vec::new();
    let mut residual = 0.0_f64;
    for method in methods {
        let of_flow: BTreeMap<u32, f64> =
            weights.iter().filter(|w| w.method == method).map(|w| (w.flow, w.value)).collect();
        let mut burden = vec![0.0; order];
        for entry in &biosphere {
            let place = burden.get_mut(entry.col as usize).ok_or("biosphere.csv has a column without an activity")?;
            *place += of_flow.get(&entry.row).copied().unwrap_or_default() * entry.value;
        }
        let (intensity, rest) = transposed(&analysis, &factors, &values, &burden);
        residual = residual.max(rest);
        for ((_, set), demand) in demands.iter().take(sets) {
            let mut score = 0.0;
            for &(product, amount) in demand {
                score += intensity.get(product).ok_or("demands.csv has a product without a row")? * amount;
            }
            scores.push(json!({ "set": set, "method": method, "value": score }));
        }
    }
    let solve = clock.elapsed();

    let blocks = analysis.blocks();
    Ok(json!({
        "scores": scores,
        "residual": residual,
        "report": {
            "order": order,
            "entries": values.len(),
            "blocks": blocks.count(),
            "largest_block": (0..blocks.count()).map(|b| blocks.range(b).len()).max().unwrap_or_default(),
            "factor_entries": factors.entries(),
            "path": "lu",
        },
        "seconds": {
            "read": read.as_secs_f64(),
            "analyse": analyse.as_secs_f64(),
            "factorise": factorise.as_secs_f64(),
            "solve": solve.as_secs_f64(),
        },
    }))
}

/// Solves `Aᵀ x = b`; the solution, and the largest residual in parts of the largest sum of the sizes of an equation's
/// terms.
fn transposed(analysis: &Analysis, factors: &Factors, values: &[f64], b: &[f64]) -> (Vec<f64>, f64) {
    let mut x = b.to_vec();
    factors.solve_transposed(&mut x);
    let sizes: Vec<f64> = values.iter().map(|v| v.abs()).collect();
    let lengths: Vec<f64> = x.iter().map(|v| v.abs()).collect();
    let (mut product, mut size) = (vec![0.0; b.len()], b.iter().map(|b| b.abs()).collect::<Vec<_>>());
    analysis.pattern().multiply_transposed(values, &x, &mut product);
    analysis.pattern().multiply_transposed(&sizes, &lengths, &mut size);
    let rest = product.iter().zip(b).map(|(p, b)| (p - b).abs()).fold(0.0, f64::max);
    let largest = size.iter().copied().fold(0.0, f64::max);
    (x, if rest == 0.0 { 0.0 } else { rest / largest })
}

/// The rows of a table.
fn table<T: DeserializeOwned>(folder: &Path, name: &str) -> Result<Vec<T>, Box<dyn Error>> {
    let path = folder.join(name);
    let told = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let file = std::fs::File::open(&path).map_err(|e| told(&e))?;
    let mut reader = csv::Reader::from_reader(std::io::BufReader::new(file));
    reader.deserialize().collect::<Result<_, _>>().map_err(|e| told(&e).into())
}
