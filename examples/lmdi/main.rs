//! Decomposes any sum of products from CSV: columns `year`, `category`, then one a factor; a category that a year does not
//! list is not there in it (all its factors are zero). Prints quantity and value as CSV: of each year against the one
//! before it, of all steps (`steps`), and of the last year against the first (`ends`).
//!
//!     cargo run --example lmdi -- DATA.csv

use ndarray::{Array2, ArrayView2};
use parkflux::trend::lmdi::{Decomposition, chain};
use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::io::Write;

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("usage: lmdi DATA.csv")?;
    let mut reader = csv::Reader::from_path(&path)?;
    let names: Vec<String> = reader.headers()?.iter().skip(2).map(str::to_owned).collect();
    let mut years: BTreeMap<u16, BTreeMap<String, Vec<f64>>> = BTreeMap::new();
    for record in reader.records() {
        let record = record?;
        let line = record.position().map_or(0, csv::Position::line);
        let wrong = |what: &str| format!("line {line}: {what}");
        let year = record.get(0).and_then(|y| y.trim().parse().ok()).ok_or_else(|| wrong("no year"))?;
        let category = record.get(1).unwrap_or_default().to_owned();
        let factors: Option<Vec<f64>> = record.iter().skip(2).map(|x| x.trim().parse().ok()).collect();
        let factors = factors.ok_or_else(|| wrong("a factor is no number"))?;
        if years.entry(year).or_default().insert(category, factors).is_some() {
            return Err(wrong("this category stands twice in the year").into());
        }
    }
    let categories: BTreeSet<&String> = years.values().flat_map(BTreeMap::keys).collect();
    let of_year = |year: &BTreeMap<String, Vec<f64>>| {
        Array2::from_shape_fn((categories.len(), names.len()), |(i, k)| {
            categories.iter().nth(i).and_then(|c| year.get(*c)).and_then(|x| x.get(k)).copied().unwrap_or_default()
        })
    };
    let periods: Vec<Array2<f64>> = years.values().map(of_year).collect();
    let made = chain(&periods.iter().map(|p| p.view()).collect::<Vec<ArrayView2<f64>>>())?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "quantity,value")?;
    for (year, step) in years.keys().skip(1).zip(&made.steps) {
        write(&mut out, &year.to_string(), &names, step)?;
    }
    write(&mut out, "ends", &names, &made.ends)?;
    for (k, name) in names.iter().enumerate() {
        writeln!(out, "steps.additive.{name},{}", made.additive[k])?;
        if let Some(all) = &made.multiplicative {
            writeln!(out, "steps.multiplicative.{name},{}", all[k])?;
        }
    }
    Ok(())
}

fn write(out: &mut impl Write, what: &str, names: &[String], made: &Decomposition) -> std::io::Result<()> {
    for (k, name) in names.iter().enumerate() {
        writeln!(out, "{what}.additive.{name},{}", made.additive[k])?;
        if let Some(all) = &made.multiplicative {
            writeln!(out, "{what}.multiplicative.{name},{}", all[k])?;
        }
    }
    writeln!(out, "{what}.deltaV,{}", made.change())?;
    if let Some(ratio) = made.ratio() {
        writeln!(out, "{what}.D,{ratio}")?;
    }
    writeln!(out, "{what}.residual,{:e}", made.residual())?;
    for tie in &made.ties {
        writeln!(out, "{what}.tie.{},{}", tie.category, tie.factors.len())?;
    }
    Ok(())
}
