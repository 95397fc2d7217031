//! Reconciles a network of meters from CSV: `flows.csv` with id, from, to, measured (empty where unmeasured) and sigma; a
//! node below 0 is outside. Prints one JSON object.
//!
//!     cargo run --release --example reconcile -- DIR [--repeat N] [--variances]

use parkflux::balance::{Class, Measured, Problem, Rows, critical, reconcile};
use serde_json::json;
use std::collections::BTreeMap;
use std::error::Error;
use std::io::Write;
use std::path::Path;
use std::time::Instant;

/// As in the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(serde::Deserialize)]
struct Flow {
    from: i64,
    to: i64,
    measured: Option<f64>,
    sigma: f64,
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (mut folder, mut repeat, mut variances) = (None, 1, false);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--repeat" => repeat = arguments.next().ok_or("--repeat needs a number")?.parse()?,
            "--variances" => variances = true,
            _ => folder = Some(argument),
        }
    }
    let folder = folder.ok_or("usage: reconcile DIR [--repeat N] [--variances]")?;
    let problem = read(Path::new(&folder))?;
    let mut seconds = Vec::new();
    let mut made = None;
    for _ in 0..repeat.max(1) {
        let start = Instant::now();
        let estimate = reconcile(&problem)?;
        seconds.push(start.elapsed().as_secs_f64());
        made = Some(estimate);
    }
    seconds.sort_by(f64::total_cmp);
    let estimate = made.ok_or("nothing to repeat")?;
    // Where nothing determines a flow any value will do for the sum, if only it is the same in all equations.
    let worst = (0..problem.rows.len()).filter_map(|row| {
        let x = |column: u32| estimate.x[column as usize];
        problem.rows.terms(row).iter().map(|&(column, a)| Some(a * x(column)?)).sum::<Option<f64>>()
    });
    let worst = worst.fold(0.0, |most: f64, left| most.max(left.abs()));
    let mut classes: BTreeMap<&str, usize> = BTreeMap::new();
    estimate.class.iter().for_each(|class| *classes.entry(class.id()).or_default() += 1);
    let tested = estimate.class.iter().filter(|class| **class == Class::Redundant).count();
    let start = Instant::now();
    let suspects = if variances { estimate.eliminate(critical(0.95, tested), tested).suspects } else { Vec::new() };
    let made = json!({
        "flows": problem.measured.len(),
        "equations": problem.rows.len(),
        "objective": estimate.chi2,
        "freedom": estimate.freedom,
        "residual": worst,
        "classes": classes,
        "suspects": suspects.iter().map(|suspect| suspect.variable).collect::<Vec<_>>(),
        "seconds": { "reconcile": seconds[seconds.len() / 2], "suspects": start.elapsed().as_secs_f64() },
        "x": estimate.x,
        "sd": if variances { (0..estimate.x.len()).map(|k| estimate.deviation(k)).collect() } else { Vec::new() },
    });
    writeln!(std::io::stdout(), "{made}")?;
    Ok(())
}

fn read(folder: &Path) -> Result<Problem, Box<dyn Error>> {
    let flows: Vec<Flow> = csv::Reader::from_path(folder.join("flows.csv"))?.deserialize().collect::<Result<_, _>>()?;
    let mut nodes: BTreeMap<i64, Vec<(u32, f64)>> = BTreeMap::new();
    for (k, flow) in flows.iter().enumerate() {
        for (node, sign) in [(flow.to, 1.0), (flow.from, -1.0)] {
            if node >= 0 {
                nodes.entry(node).or_default().push((k as u32, sign));
            }
        }
    }
    let mut rows = Rows::default();
    for terms in nodes.into_values() {
        rows.push(terms, 0.0);
    }
    let measured = flows.iter().map(|flow| flow.measured.map(|value| Measured { value, sd: flow.sigma })).collect();
    Ok(Problem { measured, rows })
}
