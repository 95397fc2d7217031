//! Scores of a life-cycle matrix given as CSV triplets.
//!
//! ```text
//! cargo run --release --example solve_triplets -- DIR [--demands K] [--method M] [--first-order]
//!                                                     [--draws N] [--seed S] [--threads T] [--factors]
//! ```
//!
//! DIR holds `technosphere.csv` (`row,col,value`, products by activities, outputs positive and inputs negative),
//! `biosphere.csv` (`row,col,value`, flows by activities), `characterization.csv` (`method,flow,value`) and
//! `demands.csv` (`set,product,amount`); a column `sigma` makes values lognormal about their median. With A the
//! technosphere, B the biosphere, c the characterization of a method and f a demand, the score is `c B A⁻¹ f`. One
//! transposed solve gives `λ = A⁻ᵀ Bᵀ c` for eight methods side by side, by sweeps (`path` is then `iteration`) or, where
//! these do not settle or `--factors` asks for it, by LU; every demand is a product with it.
//!
//! Prints one JSON object: `scores` (demand set, method, value), `residual` (the largest of all transposed solves, in
//! parts of the sizes of their terms), of the first demand set `draws` (by method: `mean`, `sd`, `median`, `p2_5`, `p97_5`,
//! `n`) and `first_order` (by method: `mean`, `sd`), `report` (blocks, the largest of them, entries of matrix and factors,
//! paths, what the demand reaches, draws that fell back), and `seconds` (`read`, `analyse`, `order`, `factorise`, `solve`, `check`,
//! `model`, `first_order`, `draws`; with `--factors` also `refactorise_lane`, the time of one set of values of eight).

mod read;

use parkflux::network::{
    Analysis, Distribution, Entry, FirstOrder, LANES, Lanes, Model, Parameter, Pattern, Refactored, Summary, Symbolic,
};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

const USAGE: &str = "usage: solve_triplets DIR [--demands K] [--method M] [--first-order] [--draws N] [--seed S] [--threads T] [--factors]";

/// Passes after which sweeps are given up.
const PASSES: u32 = 100;

/// What was asked for.
struct Options {
    folder: String,
    demands: usize,
    method: Option<String>,
    first_order: bool,
    draws: u32,
    seed: u32,
    threads: usize,
    factors: bool,
}

/// The tables.
struct Tables {
    /// In pieces.
    technosphere: Vec<Vec<read::Entry>>,
    biosphere: Vec<Vec<read::Entry>>,
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
        factors: false,
    };
    let mut words = words[1..].iter();
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or(USAGE);
        match word.as_str() {
            "--demands" => made.demands = value()?.parse()?,
            "--method" => made.method = Some(value()?.clone()),
            "--first-order" => made.first_order = true,
            "--factors" => made.factors = true,
            "--draws" => made.draws = value()?.parse()?,
            "--seed" => made.seed = value()?.parse()?,
            "--threads" => made.threads = value()?.parse()?,
            _ => return Err(USAGE.into()),
        }
    }
    Ok(made)
}

/// `spread`: whether the column `sigma` is asked for.
fn tables(folder: &Path, spread: bool) -> Result<Tables, Box<dyn Error>> {
    let technosphere = read::table(folder, "technosphere.csv", spread)?;
    let biosphere = read::table(folder, "biosphere.csv", spread)?;
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

/// Times of the steps.
struct Clock {
    seconds: Map<String, Value>,
    now: Instant,
}

impl Clock {
    /// Adds how long the part of a step that ends took.
    fn lap(&mut self, step: &str) {
        let before = self.seconds.get(step).and_then(Value::as_f64).unwrap_or_default();
        self.seconds.insert(step.to_owned(), (before + self.now.elapsed().as_secs_f64()).into());
        self.now = Instant::now();
    }
}

fn run(options: &Options) -> Result<Value, Box<dyn Error>> {
    rayon::ThreadPoolBuilder::new().num_threads(options.threads).build_global()?;
    let mut clock = Clock { seconds: Map::new(), now: Instant::now() };
    let uncertain = options.first_order || options.draws > 0;
    let tables = tables(Path::new(&options.folder), uncertain)?;
    clock.lap("read");

    let (pattern, slots) = pattern(&tables)?;
    let mut values = vec![0.0; slots.len()];
    for (entry, &slot) in tables.technosphere.iter().flatten().zip(&slots) {
        values[slot as usize] = entry.value;
    }
    let mut analysis = Analysis::unordered(pattern)?;
    clock.lap("analyse");
    if options.factors {
        analysis = analysis.ordered();
        clock.lap("order");
    }

    let mut methods: Vec<&str> = Vec::new();
    for (method, ..) in &tables.weights {
        if options.method.as_ref().is_none_or(|m| m == method) && !methods.contains(&&**method) {
            methods.push(method);
        }
    }
    let blocks = analysis.blocks();
    let mut made = json!({ "report": {
        "order": analysis.pattern().order(),
        "entries": values.len(),
        "blocks": blocks.count(),
        "largest_block": (0..blocks.count()).map(|b| blocks.range(b).len()).max().unwrap_or_default(),
    }});
    scores(options, &tables, analysis.clone(), &values, &methods, &mut clock, &mut made)?;
    if uncertain {
        let model = model(&tables, &analysis, &slots, &methods)?;
        clock.lap("model");
        moments(options, &model, &methods, &mut clock, &mut made)?;
    }
    made["seconds"] = Value::Object(clock.seconds);
    Ok(made)
}

/// Scores of all demands.
fn scores(
    options: &Options,
    tables: &Tables,
    mut analysis: Analysis,
    values: &[f64],
    methods: &[&str],
    clock: &mut Clock,
    made: &mut Value,
) -> Result<(), Box<dyn Error>> {
    let mut factored = None;
    if options.factors {
        factored = Some(factors(&analysis, values)?);
        clock.lap("factorise");
    }
    let (mut scores, mut residual, mut passes) = (Vec::new(), 0.0_f64, 0);
    for methods in methods.chunks(LANES) {
        let burdens = burdens(tables, methods, analysis.pattern().order())?;
        let mut intensity = burdens.clone();
        let settled = if factored.is_none() { relax(&analysis, values, &mut intensity, methods.len()) } else { None };
        if let Some(settled) = settled {
            passes = passes.max(settled);
        } else {
            let (symbolic, factors) = if let Some(made) = factored.take() {
                made
            } else {
                // What the sweeps left.
                intensity.copy_from_slice(&burdens);
                analysis = analysis.ordered();
                factors(&analysis, values)?
            };
            symbolic.solve_transposed(values, &factors, &mut intensity);
            factored = Some((symbolic, factors));
        }
        for ((_, set), demand) in tables.demands.iter().take(options.demands) {
            let mut sums = [0.0; LANES];
            for &(product, amount) in demand {
                let of = intensity.get(product as usize).ok_or("demands.csv has a product without a row")?;
                for (sum, of) in sums.iter_mut().zip(of.0) {
                    *sum += of * amount;
                }
            }
            scores.extend(methods.iter().zip(sums).map(|(m, sum)| json!({ "set": set, "method": m, "value": sum })));
        }
        clock.lap("solve");
        residual = residual.max(rest(analysis.pattern(), values, &intensity, &burdens));
        clock.lap("check");
    }
    let report = &mut made["report"];
    report["path"] = if factored.is_some() { "lu" } else { "iteration" }.into();
    report["passes"] = passes.into();
    if let Some((symbolic, _)) = factored {
        report["factor_entries"] = symbolic.entries().into();
        report["factor_flops"] = symbolic.flops().into();
        let lanes: Vec<Lanes> = values.iter().map(|&value| Lanes([value; LANES])).collect();
        let mut room = symbolic.room();
        // The first time its memory is new.
        symbolic.refactorise(&lanes, &mut room);
        clock.now = Instant::now();
        symbolic.refactorise(&lanes, &mut room);
        let lane = clock.now.elapsed().as_secs_f64() / LANES as f64;
        clock.seconds.insert("refactorise_lane".to_owned(), lane.into());
        clock.now = Instant::now();
    }
    made["scores"] = scores.into();
    made["residual"] = residual.into();
    Ok(())
}

/// First order and draws of the first demand.
fn moments(
    options: &Options,
    model: &Model,
    methods: &[&str],
    clock: &mut Clock,
    made: &mut Value,
) -> Result<(), Box<dyn Error>> {
    let report = &mut made["report"];
    report["reached"] = model.reach().columns.len().into();
    if options.first_order {
        let moments = model.first_order()?;
        let of = |m: &FirstOrder| json!({ "mean": m.mean, "sd": m.variance.sqrt() });
        made["first_order"] = methods.iter().zip(&moments).map(|(m, o)| ((*m).to_owned(), of(o))).collect();
        clock.lap("first_order");
    }
    if options.draws > 0 {
        let draws = model.draws(options.seed, options.draws)?;
        clock.lap("draws");
        made["draws"] = methods.iter().zip(&draws.outputs).map(|(m, s)| ((*m).to_owned(), statistics(s))).collect();
        let report = &mut made["report"];
        let paths = model.paths()?;
        report["path_draws"] = match (paths.iterated_blocks, paths.factorised_blocks) {
            (0, _) => "lu",
            (_, 0) => "iteration",
            _ => "lu and iteration",
        }
        .into();
        report["iterated"] = json!({ "blocks": paths.iterated_blocks, "columns": paths.iterated_columns });
        report["fallen_back"] = draws.fallen_back.into();
        report["singular"] = draws.singular.into();
        report["draws_error"] = draws.error.into();
        report["draws_passes"] = draws.passes.into();
    }
    Ok(())
}

fn statistics(summary: &Summary) -> Value {
    let quantiles = summary.quantiles(&[0.5, 0.025, 0.975]).unwrap_or_default();
    let at = |k: usize| quantiles.get(k).copied();
    json!({
        "mean": summary.mean(),
        "sd": summary.deviation(),
        "median": at(0),
        "p2_5": at(1),
        "p97_5": at(2),
        "n": summary.count(),
    })
}

/// Sweeps for the first lanes of `b`: one alone moves an eighth of the numbers.
fn relax(analysis: &Analysis, values: &[f64], b: &mut [Lanes], lanes: usize) -> Option<u32> {
    if lanes > 1 {
        return analysis.relax_transposed(values, b, PASSES);
    }
    let mut alone: Vec<f64> = b.iter().map(|b| b.0[0]).collect();
    let passes = analysis.relax_transposed(values, &mut alone, PASSES);
    for (b, alone) in b.iter_mut().zip(alone) {
        b.0[0] = alone;
    }
    passes
}

fn factors(analysis: &Analysis, values: &[f64]) -> Result<(Symbolic, Refactored<f64>), Box<dyn Error>> {
    let symbolic = Symbolic::new(analysis, values)?;
    let mut factors = symbolic.room();
    symbolic.refactorise(values, &mut factors);
    Ok((symbolic, factors))
}

/// What each activity adds to each of up to eight methods.
fn burdens(tables: &Tables, methods: &[&str], order: usize) -> Result<Vec<Lanes>, Box<dyn Error>> {
    let flows = tables.weights.iter().map(|w| w.1 as usize + 1).max().unwrap_or_default();
    let mut of_flow = vec![Lanes([0.0; LANES]); flows];
    for (method, flow, value, _) in &tables.weights {
        if let Some(lane) = methods.iter().position(|m| m == method) {
            of_flow[*flow as usize].0[lane] += value;
        }
    }
    let mut burdens = vec![Lanes([0.0; LANES]); order];
    for entry in tables.biosphere.iter().flatten() {
        let place = burdens.get_mut(entry.column as usize).ok_or("biosphere.csv has a column without an activity")?;
        if let Some(weights) = of_flow.get(entry.row as usize) {
            *place += weights.map(|weight| weight * entry.value);
        }
    }
    Ok(burdens)
}

/// The largest residual of `Aᵀ x = b` in parts of the largest sum of the sizes of an equation's terms, of all lanes.
fn rest(pattern: &Pattern, values: &[f64], x: &[Lanes], b: &[Lanes]) -> f64 {
    let (mut most, mut size) = ([0.0_f64; LANES], [0.0_f64; LANES]);
    for (column, b) in b.iter().enumerate() {
        let (mut rest, mut terms) = (*b, b.map(f64::abs));
        for (&row, value) in pattern.column(column).iter().zip(&values[pattern.range(column)]) {
            let term = x[row as usize].map(|x| value * x);
            rest -= term;
            terms += term.map(f64::abs);
        }
        for lane in 0..LANES {
            most[lane] = most[lane].max(rest.0[lane].abs());
            size[lane] = size[lane].max(terms.0[lane]);
        }
    }
    most.iter().zip(size).map(|(most, size)| if *most == 0.0 { 0.0 } else { most / size }).fold(0.0, f64::max)
}

/// The pattern of the technosphere, and the slot of each of its triplets.
fn pattern(tables: &Tables) -> Result<(Pattern, Vec<u32>), Box<dyn Error>> {
    let entries = || tables.technosphere.iter().flatten();
    let order = entries().map(|e| e.row.max(e.column) as usize + 1).max().unwrap_or_default();
    let (rows, columns): (Vec<u32>, Vec<u32>) = entries().map(|e| (e.row, e.column)).unzip();
    Ok(Pattern::from_entries(order, &rows, &columns)?)
}

/// The first demand with every value as it is spread; a stream of random numbers for each row of each table.
fn model(tables: &Tables, analysis: &Analysis, slots: &[u32], methods: &[&str]) -> Result<Model, Box<dyn Error>> {
    let spread = |value: f64, sigma: f64| {
        if sigma > 0.0 { Distribution::Lognormal(value, sigma) } else { Distribution::Fixed(value) }
    };
    let mut matrix = vec![Parameter { stream: 0, distribution: Distribution::Fixed(0.0) }; slots.len()];
    for ((stream, entry), &slot) in (0..).zip(tables.technosphere.iter().flatten()).zip(slots) {
        matrix[slot as usize] = Parameter { stream, distribution: spread(entry.value, entry.sigma) };
    }
    let after = slots.len();
    let burden = |(stream, entry): (u32, &read::Entry)| {
        let value = Parameter { stream, distribution: spread(entry.value, entry.sigma) };
        Entry { row: entry.row, column: entry.column, value }
    };
    let burdens: Vec<Entry> = (after as u32..).zip(tables.biosphere.iter().flatten()).map(burden).collect();
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
