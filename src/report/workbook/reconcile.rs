//! From the sum of the enterprises to the consolidated park, term by term, and the
//! lines that count differently in the two.

use super::lines;
use super::plan::{Plan, range_of};
use super::sheet::{Column, Grid, Look, Written, cell, column, letter, same};
use crate::inventory::{Bucket, Reason, View, What, gwp, share};
use crate::ledger::Line;
use crate::park::RuleSet;
use rust_xlsxwriter::Worksheet;
use std::collections::{BTreeMap, BTreeSet};

pub(super) const SHEET: &str = "Reconciliation";
pub(super) const TRANSFERS: &str = "Transfers";

const COLUMNS: &[Column] = &[
    column("figure", "term", "项目", 56.0, Look::Text),
    column("year", "year", "年份", 8.0, Look::Text),
    column("rule_set", "rule set", "准则", 10.0, Look::Text),
    column("part", "part", "合计口径", 18.0, Look::Text),
    column("reason", "why it counts differently", "差异原因", 44.0, Look::Text),
    column("value", "t CO2e", "t CO2e", 20.0, Look::Tonnes),
];

const TRANSFER_COLUMNS: &[Column] = &[
    column("line", "line", "台账行", 28.0, Look::Text),
    column("year", "year", "年份", 8.0, Look::Text),
    column("part", "part", "合计口径", 16.0, Look::Text),
    column(
        "difference_ghgp",
        "sum less park, t CO2e (GHG Protocol, ISO)",
        "合计减园区，t CO2e（GHG Protocol、ISO）",
        18.0,
        Look::Tonnes,
    ),
    column(
        "difference_gbt",
        "sum less park, t CO2e (GB/T 32150)",
        "合计减园区，t CO2e（GB/T 32150）",
        18.0,
        Look::Tonnes,
    ),
    column("own_reading", "own reading, canonical", "本方读数", 16.0, Look::Formula),
    column("other_reading", "the other party's reading", "对方读数", 16.0, Look::Constant),
    column("internal_transfer", "share: internal transfer", "份额：园内转供", 14.0, Look::Formula),
    column("resold_to_members", "share: resold to members", "份额：转售园内", 14.0, Look::Constant),
    column("resold_outside", "share: resold outside", "份额：转售园外", 14.0, Look::Constant),
    column("meter_difference", "share: meter difference", "份额：计量差", 14.0, Look::Formula),
];

/// A line that counts differently in the two views.
struct Transfer {
    line: usize,
    bucket: Bucket,
    /// Difference in t of the gas by rule set, and its shares by reason.
    difference: [f64; 2],
    shares: Vec<f64>,
}

const RULES: [RuleSet; 2] = [RuleSet::Ghgp, RuleSet::Gbt];

/// The lines that terms of the reconciliation are made of.
fn transfers(plan: &Plan) -> Vec<Transfer> {
    let mut buckets = BTreeSet::new();
    for figure in &plan.inventory.figures {
        if let What::Term(selector, _) = &figure.what {
            buckets.insert(selector.bucket);
        }
    }
    let mut list = Vec::new();
    for (position, line) in plan.inventory.ledger.lines.iter().enumerate() {
        for &bucket in &buckets {
            let shares = RULES.map(|rule| Reason::ALL.map(|reason| share(line, bucket, rule, reason)));
            let difference = [shares[0].iter().sum::<f64>(), shares[1].iter().sum::<f64>()];
            let Some(r) = difference.iter().position(|d| *d != 0.0) else { continue };
            let shares = shares[r].iter().map(|s| s / difference[r]).collect();
            list.push(Transfer { line: position, bucket, difference, shares });
        }
    }
    list
}

/// Both sheets: the reconciliation and the lines behind it.
pub(super) fn sheets(plan: &Plan) -> Written<[Worksheet; 2]> {
    let list = transfers(plan);
    Ok([reconciliation(plan, &list)?, transfer_sheet(plan, &list)?])
}

/// What makes a line count differently, as a formula over its own cells.
fn difference(plan: &Plan, line: &Line, position: usize, bucket: Bucket, rule: RuleSet) -> String {
    let class = plan.classes.of(line);
    let side = usize::from(!line.crosses);
    let rule = plan.classes.rule(rule);
    let own = plan.classes.counted(class, (bucket, false, rule))[side];
    let park = plan.classes.counted(class, (bucket, true, rule))[side];
    let at = |key| cell(lines::SHEET, &letter(lines::COLUMNS, key), position);
    let parts = [(own.of_mass - park.of_mass, "co2e_t"), (own.of_used - park.of_used, "used_co2e_t")];
    let terms: Vec<String> =
        parts.iter().filter(|(w, _)| *w != 0.0).map(|(weight, key)| format!("({weight})*{}", at(key))).collect();
    if terms.is_empty() { "0".to_owned() } else { terms.join("+").replace("(1)*", "").replace("+(-1)*", "-") }
}

fn transfer_sheet(plan: &Plan, list: &[Transfer]) -> Written<Worksheet> {
    let mut grid = Grid::new(TRANSFERS, TRANSFER_COLUMNS)?;
    let at = |key| letter(TRANSFER_COLUMNS, key);
    let (own, other, internal) = (at("own_reading"), at("other_reading"), at("internal_transfer"));
    let quantity = letter(lines::COLUMNS, "quantity");
    for transfer in list {
        let line = &plan.inventory.ledger.lines[transfer.line];
        let weight = gwp(line, &plan.inventory.gwp);
        let mut row = grid.row();
        let n = row.number_seen();
        row.text(&line.id(plan.park))?.number(f64::from(line.period.year))?.text(transfer.bucket.id())?;
        for (rule, mass) in RULES.into_iter().zip(transfer.difference) {
            let formula = difference(plan, line, transfer.line, transfer.bucket, rule);
            row.formula(Some(&formula), mass * weight)?;
        }
        // Where both parties read it, the shares follow from the two readings.
        let share = |reason| {
            let position = Reason::ALL.iter().position(|&r| r == reason);
            position.and_then(|i| transfer.shares.get(i).copied()).unwrap_or_default()
        };
        let readings = line
            .counterpart
            .filter(|c| line.quantity != 0.0 && same(c / line.quantity, share(Reason::InternalTransfer)));
        match readings {
            Some(reading) => row
                .formula(Some(&cell(lines::SHEET, &quantity, transfer.line)), line.quantity)?
                .number(reading)?
                .formula(Some(&format!("{other}{n}/{own}{n}")), share(Reason::InternalTransfer))?,
            None => row.skip().skip().formula(None, share(Reason::InternalTransfer))?,
        };
        let rest = format!("1-{internal}{n}");
        row.number(share(Reason::ResoldToMembers))?
            .number(share(Reason::ResoldOutside))?
            .formula(readings.map(|_| rest.as_str()), share(Reason::MeterDifference))?;
    }
    grid.finish(false)
}

fn reconciliation(plan: &Plan, list: &[Transfer]) -> Written<Worksheet> {
    let mut grid = Grid::new(SHEET, COLUMNS)?;
    let value = letter(COLUMNS, "value");
    let mut blocks: BTreeMap<(u16, RuleSet, Bucket), Vec<(usize, Reason)>> = BTreeMap::new();
    for (i, figure) in plan.inventory.figures.iter().enumerate() {
        if let What::Term(selector, reason) = &figure.what {
            blocks.entry((selector.year, selector.rule, selector.bucket)).or_default().push((i, *reason));
        }
    }
    let range = |key| range_of(TRANSFERS, TRANSFER_COLUMNS, key, list.len());
    for ((year, rule, bucket), terms) in blocks {
        let lead = |view: View| {
            let selector = crate::inventory::Selector { year, view, bucket, rule, gas: None };
            let id = selector.id(plan.park);
            let position = plan.figure(&id);
            let value = position.and_then(|i| plan.inventory.figures[i].value).unwrap_or_default();
            (position.and_then(|i| plan.figure_cell(i)), id, value)
        };
        let first = grid.rows() as u32;
        let mut add = |id: &str, words: (&str, &str), formula: Option<&str>, amount: f64| -> Written {
            grid.row()
                .text(id)?
                .number(f64::from(year))?
                .text(rule.id())?
                .text(bucket.id())?
                .text(&format!("{} {}", words.1, words.0))?
                .formula(formula, amount)?;
            Ok(())
        };
        let (cell, id, sum) = lead(View::Sum);
        add(&id, ("sum of the enterprises", "企业合计"), cell.as_deref(), sum)?;
        let mut rest = sum;
        for (i, reason) in &terms {
            let figure = &plan.inventory.figures[*i];
            let amount = figure.value.unwrap_or_default();
            let difference = if rule == RuleSet::Gbt { "difference_gbt" } else { "difference_ghgp" };
            let formula = format!(
                "SUMPRODUCT(({}={year})*({}=\"{}\"),{},{})",
                range("year"),
                range("part"),
                bucket.id(),
                range(difference),
                range(reason.id()),
            );
            let words = reason.words();
            let known = TRANSFER_COLUMNS.iter().any(|c| c.key == reason.id());
            add(
                &figure.id,
                (&format!("less {}", words.0), &format!("减：{}", words.1)),
                Some(&formula).filter(|_| known && !list.is_empty()).map(String::as_str),
                amount,
            )?;
            rest -= amount;
        }
        let (cell, id, park) = lead(View::Park);
        add(&id, ("park as a whole", "园区整体"), cell.as_deref(), park)?;
        // Kilograms are beyond what sums of this size can tell.
        let n = |offset: u32| first + offset + super::sheet::HEAD + 1;
        let count = terms.len() as u32;
        let check =
            format!("ROUND({value}{}-SUM({value}{}:{value}{})-{value}{},3)", n(0), n(1), n(count), n(count + 1));
        let difference = ((rest - park) * 1e3).round() / 1e3;
        add("", ("check: must be 0", "校核：应为 0"), Some(&check), difference + 0.0)?;
    }
    grid.finish(false)
}
