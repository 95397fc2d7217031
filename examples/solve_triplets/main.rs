//! Scores of a life-cycle matrix given as CSV triplets.
//!
//! ```text
//! cargo run --release --example solve_triplets -- DIR [--demands K] [--method M] [--first-order]
//!                                                     [--draws N] [--seed S] [--threads T]
//! ```
//!
//! DIR holds `technosphere.csv` (`row,col,value`, products by activities, outputs positive and inputs negative),
//! `biosphere.csv` (`row,col,value`, flows by activities), `characterization.csv` (`method,flow,value`) and
//! `demands.csv` (`set,product,amount`); a column `sigma` makes values lognormal about their median. With A the
//! technosphere, B the biosphere, c the characterization of a method and f a demand, the score is `c B A⁻¹ f`. One
//! transposed solve a method gives `λ = A⁻ᵀ Bᵀ c`, and every demand is a product with it.
//!
//! Prints one JSON object: `scores` (demand set, method, value), `residual` (the largest of all transposed solves, in
//! parts of the sizes of their terms), of the first demand set `draws` (by method: `mean`, `sd`, `median`, `p2_5`, `p97_5`, `n`)
//! and `first_order` (by method: `mean`, `sd`), `report` (blocks, the largest of them, entries of matrix and factors, what the
//! demand reaches, draws that fell back), and `seconds` (`read`, `analyse`, `factorise`, `solve`, `first_order`,
//! `draws`).

mod read;

use parkflux::network::{Analysis, Distribution, Entry, Factors, Model, Parameter, Pattern};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

const USAGE: &str =
    "usage: solve_triplets DIR [--demands K] [--method M] [--first-order] [--draws N] [--seed S] [--threads T]";

/// What was asked for.
struct Options {
    folder: String,
    demands: usize,
    method: Option<String>,
    first_order: bool,
    draws: u32,
    seed: u32,
    threads: usize,
}

/// The tables.
struct Tables {
    /// Rows and columns, value, sigma.
    technosphere: Vec<[f64; 4]>,
    biosphere: Vec<[f64; 4]>,
    /// Method, flow, value and sigma.
    weights: Vec<(String, u32, f64, f64)>,
    /// Demand sets in the order of their numbers: products and amounts.
    demands: BTreeMap<(usize, String), Vec<(u32, f64)>>,
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match options(&words).and_then(|options| run(&options)) {
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

fn options(words: &[String]) -> Result<Options, Box<dyn Error>> {
    let mut made = Options {
        folder: words.first().ok_or(USAGE)?.clone(),
        demands: usize::MAX,
        method: None,
        first_order: false,
        draws: 0,
        seed: 1,
        threads: 0,
    };
    let mut words = words[1..].iter();
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or(USAGE);
        match word.as_str() {
            "--demands" => made.demands = value()?.parse()?,
            "--method" => made.method = Some(value()?.clone()),
            "--first-order" => made.first_order = true,
            "--draws" => made.draws = value()?.parse()?,
            "--seed" => made.seed = value()?.parse()?,
            "--threads" => made.threads = value()?.parse()?,
            _ => return Err(USAGE.into()),
        }
    }
    Ok(made)
}

fn tables(folder: &Path) -> Result<Tables, Box<dyn Error>> {
    let triplets = ["row", "col", "value", "?sigma"];
    let technosphere = read::table(folder, "technosphere.csv", triplets)?.rows;
    let biosphere = read::table(folder, "biosphere.csv", triplets)?.rows;
    let mut weights = Vec::new();
    let mut reader = csv::Reader::from_path(folder.join("characterization.csv"))?;
    for row in reader.deserialize() {
        let row: BTreeMap<String, String> = row?;
        let cell = |name: &str| row.get(name).ok_or(format!("characterization.csv: no column {name}"));
        let sigma = row.get("sigma").map_or(Ok(0.0), |s| s.parse())?;
        weights.push((cell("method")?.clone(), cell("flow")?.parse()?, cell("value")?.parse()?, sigma));
    }
    let mut demands: BTreeMap<_, Vec<_>> = BTreeMap::new();
    let mut reader = csv::Reader::from_path(folder.join("demands.csv"))?;
    for row in reader.deserialize() {
        let (set, product, amount): (String, u32, f64) = row?;
        // Sets that are numbers come in the order of numbers.
        demands.entry((set.parse().unwrap_or(usize::MAX), set)).or_default().push((product, amount));
    }
    Ok(Tables { technosphere, biosphere, weights, demands })
}

fn run(options: &Options) -> Result<Value, Box<dyn Error>> {
    rayon::ThreadPoolBuilder::new().num_threads(options.threads).build_global()?;
    let mut seconds = Map::new();
    let clock = Instant::now();
    let mut lap = |what: &str, clock: &mut Instant| {
        seconds.insert(what.to_owned(), clock.elapsed().as_secs_f64().into());
        *clock = Instant::now();
    };
    let mut now = clock;
    let tables = tables(Path::new(&options.folder))?;
    lap("read", &mut now);

    let (pattern, slots, order) = pattern(&tables)?;
    let analysis = Analysis::new(pattern)?;
    lap("analyse", &mut now);

    let mut values = vec![0.0; slots.len()];
    for (&[_, _, value, _], &slot) in tables.technosphere.iter().zip(&slots) {
        values[slot as usize] = value;
    }
    let factors = analysis.factorise(&values)?;
    lap("factorise", &mut now);

    let mut methods: Vec<&str> = Vec::new();
    for (method, ..) in &tables.weights {
        if options.method.as_ref().is_none_or(|m| m == method) && !methods.contains(&&**method) {
            methods.push(method);
        }
    }
    let mut scores: Vec<Value> = Vec::new();
    let mut residual = 0.0_f64;
    for &method in &methods {
        let of_flow: BTreeMap<u32, f64> = tables.weights.iter().filter(|w| w.0 == method).map(|w| (w.1, w.2)).collect();
        let mut burden = vec![0.0; order];
        for &[row, col, value, _] in &tables.biosphere {
            let place = burden.get_mut(col as usize).ok_or("biosphere.csv has a column without an activity")?;
            *place += of_flow.get(&(row as u32)).copied().unwrap_or_default() * value;
        }
        let (intensity, rest) = transposed(&analysis, &factors, &values, &burden);
        residual = residual.max(rest);
        for ((_, set), demand) in tables.demands.iter().take(options.demands) {
            let mut score = 0.0;
            for &(product, amount) in demand {
                score += intensity.get(product as usize).ok_or("demands.csv has a product without a row")? * amount;
            }
            scores.push(json!({ "set": set, "method": method, "value": score }));
        }
    }
    lap("solve", &mut now);

    let blocks = analysis.blocks();
    let mut report = json!({
        "order": order,
        "entries": values.len(),
        "blocks": blocks.count(),
        "largest_block": (0..blocks.count()).map(|b| blocks.range(b).len()).max().unwrap_or_default(),
        "factor_entries": factors.entries(),
        "path": "lu",
    });
    let mut made = json!({ "scores": scores, "residual": residual });
    if options.first_order || options.draws > 0 {
        let model = model(&tables, &analysis, &slots, &methods)?;
        report["reached"] = model.reach().columns.len().into();
        report["reached_factor_entries"] = model.symbolic().entries().into();
        report["flops"] = model.symbolic().flops().into();
        report["path_draws"] = if model.iterates() { "iteration" } else { "lu" }.into();
        lap("model", &mut now);
        if options.first_order {
            let moments = model.first_order();
            let of = |m: &parkflux::network::FirstOrder| json!({ "mean": m.mean, "sd": m.variance.sqrt() });
            made["first_order"] = methods.iter().zip(&moments).map(|(m, o)| ((*m).to_owned(), of(o))).collect();
            lap("first_order", &mut now);
        }
        if options.draws > 0 {
            let draws = model.draws(options.seed, options.draws);
            let of = |s: &parkflux::network::Summary| {
                let quantiles = s.quantiles(&[0.5, 0.025, 0.975]).unwrap_or_default();
                let at = |k: usize| quantiles.get(k).copied();
                json!({ "mean": s.mean(), "sd": s.deviation(), "median": at(0), "p2_5": at(1), "p97_5": at(2), "n": s.count() })
            };
            made["draws"] = methods.iter().zip(&draws.outputs).map(|(m, s)| ((*m).to_owned(), of(s))).collect();
            report["fallen_back"] = draws.fallen_back.into();
            report["singular"] = draws.singular.into();
            report["draws_error"] = draws.error.into();
            report["passes"] = draws.passes.into();
            lap("draws", &mut now);
        }
    }
    made["report"] = report;
    made["seconds"] = Value::Object(seconds);
    Ok(made)
}

/// The pattern of the technosphere, the slot of each of its triplets, and its order.
fn pattern(tables: &Tables) -> Result<(Pattern, Vec<u32>, usize), Box<dyn Error>> {
    let order = tables.technosphere.iter().map(|e| e[0].max(e[1]) as usize + 1).max().unwrap_or_default();
    let rows: Vec<u32> = tables.technosphere.iter().map(|e| e[0] as u32).collect();
    let columns: Vec<u32> = tables.technosphere.iter().map(|e| e[1] as u32).collect();
    let (pattern, slots) = Pattern::from_entries(order, &rows, &columns)?;
    Ok((pattern, slots, order))
}

/// The first demand with every value as it is spread; a stream of random numbers for each row of each table.
fn model(tables: &Tables, analysis: &Analysis, slots: &[u32], methods: &[&str]) -> Result<Model, Box<dyn Error>> {
    let spread = |value: f64, sigma: f64| {
        if sigma > 0.0 { Distribution::Lognormal(value, sigma) } else { Distribution::Fixed(value) }
    };
    let mut matrix = vec![Parameter { stream: 0, distribution: Distribution::Fixed(0.0) }; slots.len()];
    for ((stream, &[_, _, value, sigma]), &slot) in tables.technosphere.iter().enumerate().zip(slots) {
        matrix[slot as usize] = Parameter { stream: stream as u32, distribution: spread(value, sigma) };
    }
    let after = slots.len();
    let burdens: Vec<Entry> = tables
        .biosphere
        .iter()
        .enumerate()
        .map(|(k, &[row, col, value, sigma])| {
            let value = Parameter { stream: (after + k) as u32, distribution: spread(value, sigma) };
            Entry { row: row as u32, column: col as u32, value }
        })
        .collect();
    let after = after + burdens.len();
    let weights = tables.weights.iter().enumerate().filter_map(|(k, (method, flow, value, sigma))| {
        let output = methods.iter().position(|m| m == method)?;
        let value = Parameter { stream: (after + k) as u32, distribution: spread(*value, *sigma) };
        Some(Entry { row: output as u32, column: *flow, value })
    });
    let demand = tables.demands.values().next().ok_or("demands.csv has no demand")?;
    if demand.iter().any(|d| d.0 as usize >= analysis.pattern().order()) {
        return Err("demands.csv has a product without a row".into());
    }
    Ok(Model::new(analysis, &matrix, demand, &burdens, &weights.collect::<Vec<_>>())?)
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
