//! Intensities: figures over denominators, and the statistics behind them.

use super::activities::{self, counts, owner_number, sector_numbers};
use super::figures::member;
use super::plan::{Plan, range_of};
use super::sheet::{Column, Grid, Look, Written, cell, column, letter, same, sum_of};
use crate::inventory::{Denominator, Per, View, What, view_id};
use crate::park::Subject;
use crate::quantity::{Unit, parse_number};
use rust_xlsxwriter::Worksheet;
use std::collections::HashMap;

pub(super) const SHEET: &str = "Intensities";
pub(super) const DENOMINATORS: &str = "Denominators";
pub(super) const STATISTICS: &str = "Statistics";

const COLUMNS: &[Column] = &[
    column("figure", "intensity", "强度", 56.0, Look::Text),
    column("year", "year", "年份", 8.0, Look::Text),
    column("numerator", "emission, t", "排放，t", 20.0, Look::Tonnes),
    column("denominator", "divided by", "除以", 20.0, Look::Formula),
    column("value", "intensity", "强度", 20.0, Look::Formula),
    column("unit", "unit", "单位", 12.0, Look::Text),
];

const DENOMINATOR_COLUMNS: &[Column] = &[
    column("denominator", "denominator", "分母", 40.0, Look::Text),
    column("year", "year", "年份", 8.0, Look::Text),
    column("value", "value, in units of the intensity", "数值（强度的单位）", 20.0, Look::Formula),
    column("unit", "intensity in", "强度单位", 12.0, Look::Text),
    column("from", "from", "依据", 60.0, Look::Text),
];

pub(super) const STATISTIC_COLUMNS: &[Column] = &[
    column("place", "file and row", "文件与行", 20.0, Look::Text),
    column("subject", "of", "对象", 20.0, Look::Text),
    column("period", "period", "期间", 10.0, Look::Text),
    column("item", "item", "指标", 20.0, Look::Text),
    column("printed", "as printed", "原始数值与单位", 20.0, Look::Text),
    column("number", "printed number", "原始数字", 16.0, Look::Input),
    column("unit_factor", "canonical units in one unit", "换算系数", 14.0, Look::Constant),
    column("canonical", "value, canonical", "数值（标准单位）", 20.0, Look::Formula),
];

/// A denominator of a view and year.
struct Entry {
    id: String,
    year: u16,
    unit: &'static str,
    formula: Option<String>,
    value: Option<f64>,
    from: String,
}

/// Intensities, their denominators, and the statistics.
pub(super) fn sheets(plan: &Plan) -> Written<[Worksheet; 3]> {
    let mut grid = Grid::new(SHEET, COLUMNS)?;
    let at = |key| letter(COLUMNS, key);
    let (above, below) = (at("numerator"), at("denominator"));
    let below_value = letter(DENOMINATOR_COLUMNS, "value");
    let (mut entries, mut known): (Vec<Entry>, HashMap<String, usize>) = (Vec::new(), HashMap::new());
    for figure in &plan.inventory.figures {
        let What::Ratio { numerator, denominator } = &figure.what else { continue };
        let over = &plan.inventory.figures[*numerator];
        let What::Sum(selector) = &over.what else { continue };
        // An intensity is named YEAR/VIEW/intensity/PER/PART/GAS.
        let per = Per::ALL.into_iter().find(|p| figure.id.contains(&format!("/intensity/{}/", p.id())));
        let per_id = per.map_or("", Per::id);
        let id = format!("{}/{}/{per_id}", selector.year, view_id(plan.park, &selector.view));
        let row = *known.entry(id.clone()).or_insert_with(|| {
            let scale = per.map_or(1.0, |p| p.unit().1);
            let (formula, value, from) = divisor(plan, denominator, &selector.view, selector.year, scale);
            entries.push(Entry { id, year: selector.year, unit: figure.unit, formula, value, from });
            entries.len() - 1
        });
        let mut line = grid.row();
        let n = line.number_seen();
        line.text(&figure.id)?.number(f64::from(selector.year))?;
        line.formula(plan.figure_cell(*numerator).as_deref(), over.value.unwrap_or_default())?;
        match (entries[row].value, figure.value) {
            (Some(divisor), Some(value)) => {
                line.formula(Some(&cell(DENOMINATORS, &below_value, row)), divisor)?
                    .formula(Some(&format!("{above}{n}/{below}{n}")), value)?;
            }
            (_, Some(value)) => {
                line.text("n/a")?.formula(None, value)?;
            }
            (_, None) => {
                line.text("n/a")?.text("n/a")?;
            }
        }
        line.text(figure.unit)?;
    }
    Ok([grid.finish(false)?, denominators(&entries)?, statistics(plan)?])
}

/// Formula, value and words of a denominator.
fn divisor(
    plan: &Plan,
    denominator: &Denominator,
    view: &View,
    year: u16,
    scale: f64,
) -> (Option<String>, Option<f64>, String) {
    let park = plan.park;
    match denominator {
        Denominator::Statistics(rows) => {
            let canonical = letter(STATISTIC_COLUMNS, "canonical");
            let cells: Vec<String> = rows.iter().map(|&i| cell(STATISTICS, &canonical, i)).collect();
            let sum: f64 = rows.iter().map(|&i| park.statistics[i].value).sum();
            let item = rows.first().map_or("", |&i| &*park.statistics[i].item);
            (Some(format!("{}/{scale}", sum_of(&cells))), Some(sum / scale), format!("statistics.csv: {item}"))
        }
        Denominator::Energy(rows) => {
            let (formula, sum) = energy(plan, view, year);
            // What the engine added up, row by row; the formula must give the same.
            let inside = |node| match view {
                View::Park | View::Sum => owner_number(park, node) > 0,
                View::Enterprise(e) => park.owner(node) == Some(*e),
                View::Sector(code) => park.owner(node).is_some_and(|e| park.enterprise(e).sector == *code),
            };
            let signed = rows.iter().map(|&i| {
                let amount = plan.inventory.tce[i].unwrap_or_default();
                if inside(park.flows[i].to) { amount } else { -amount }
            });
            let value: f64 = signed.sum();
            let words = "flows.csv: energy in less energy out 流入减流出能源".to_owned();
            (Some(formula).filter(|_| (sum - value).abs() <= 1e-9 * value.abs()), Some(value), words)
        }
        Denominator::None(en, zh) => (None, None, format!("{zh} {en}")),
    }
}

/// Energy that enters a view less energy that leaves it, as a formula and by number.
fn energy(plan: &Plan, view: &View, year: u16) -> (String, f64) {
    let park = plan.park;
    let (_, number, _) = member(park, view);
    let sectors = sector_numbers(park);
    let (from, to, own) = match number {
        None => ("from_enterprise", "to_enterprise", None),
        Some(("sector_number", n)) => ("from_sector", "to_sector", Some(n)),
        Some((_, n)) => ("from_enterprise", "to_enterprise", Some(n)),
    };
    let range = |key: &str| range_of(activities::SHEET, activities::COLUMNS, key, plan.activities.len());
    let (inside, outside) = match own {
        Some(n) => (n.to_string(), format!("\"<>{n}\"")),
        None => ("\">0\"".to_owned(), "0".to_owned()),
    };
    let part = |counted: &str, here: &str, there: &str| {
        format!(
            "SUMIFS({},{},{year},{},1,{},{inside},{},{outside})",
            range("tce"),
            range("year"),
            range(counted),
            range(here),
            range(there),
        )
    };
    let formula = format!("{}-{}", part("counts_in", to, from), part("counts_out", from, to));
    let number_of = |node| match own {
        Some(_) if from == "from_sector" => owner_number(park, node).checked_sub(1).map_or(0, |e| sectors[e]),
        _ => owner_number(park, node),
    };
    let is_inside = |n: usize| own.map_or(n > 0, |own| n == own);
    let mut sum = 0.0;
    for (i, flow) in park.flows.iter().enumerate().filter(|(_, f)| f.period.year == year) {
        let Some(amount) = plan.inventory.tce[i] else { continue };
        let (goes_in, goes_out) = counts(park, i, flow);
        let (from, to) = (is_inside(number_of(flow.from)), is_inside(number_of(flow.to)));
        if goes_in && to && !from {
            sum += amount;
        }
        if goes_out && from && !to {
            sum -= amount;
        }
    }
    (formula, sum)
}

fn denominators(entries: &[Entry]) -> Written<Worksheet> {
    let mut grid = Grid::new(DENOMINATORS, DENOMINATOR_COLUMNS)?;
    for entry in entries {
        let mut row = grid.row();
        row.text(&entry.id)?.number(f64::from(entry.year))?;
        match entry.value {
            Some(value) => row.formula(entry.formula.as_deref(), value)?,
            None => row.text("n/a")?,
        };
        row.text(entry.unit)?.text(&entry.from)?;
    }
    grid.finish(false)
}

fn statistics(plan: &Plan) -> Written<Worksheet> {
    let mut grid = Grid::new(STATISTICS, STATISTIC_COLUMNS)?;
    let (number, unit) = (letter(STATISTIC_COLUMNS, "number"), letter(STATISTIC_COLUMNS, "unit_factor"));
    for statistic in &plan.park.statistics {
        let mut row = grid.row();
        let n = row.number_seen();
        let subject = match &statistic.subject {
            Subject::Park => "park".to_owned(),
            Subject::Sector(code) => format!("sector:{code}"),
            Subject::Enterprise(e) => plan.park.enterprise(*e).label.id.to_string(),
        };
        row.text(&plan.place("statistics.csv", statistic.row))?
            .text(&subject)?
            .text(&statistic.period.to_string())?
            .text(&statistic.item)?
            .text(&statistic.printed)?;
        let (printed, symbol) = statistic.printed.split_once(' ').unwrap_or((&statistic.printed, "1"));
        let read = parse_number(printed).ok().zip(Unit::parse(symbol).ok().map(|u| u.scale));
        match read.filter(|(number, scale)| same(number * scale, statistic.value)) {
            Some((value, scale)) => {
                row.number(value)?.number(scale)?.formula(Some(&format!("{number}{n}*{unit}{n}")), statistic.value)?
            }
            None => row.skip().skip().formula(None, statistic.value)?,
        };
    }
    grid.finish(false)
}
