//! Every sum that is reported, as `SUMIFS` over `Lines`, and the tables that people
//! read.

use super::count::{Counted, negated};
use super::plan::Plan;
use super::sheet::{Column, Grid, Look, Written, column, letter};
use crate::inventory::{Selector, View, What};
use crate::park::{Gas, Park, RuleSet};
use rust_xlsxwriter::Worksheet;
use std::collections::HashMap;
use std::sync::Arc;

pub(super) const SHEET: &str = "Figures";

pub(super) const COLUMNS: &[Column] = &[
    column("figure", "figure", "数字", 44.0, Look::Text),
    column("year", "year", "年份", 8.0, Look::Text),
    column("view", "view", "口径", 12.0, Look::Text),
    column("member_number", "number of the enterprise or sector", "企业或行业序号", 10.0, Look::Constant),
    column("member", "enterprise or sector", "企业或行业", 18.0, Look::Text),
    column("part", "part", "项目", 18.0, Look::Text),
    column("rule_set", "rule set", "准则", 10.0, Look::Text),
    column("gas", "gas", "气体", 16.0, Look::Text),
    column("value", "value", "数值", 20.0, Look::Tonnes),
    column("unit", "unit", "单位", 10.0, Look::Text),
];

/// A view as the formulas know it: its word, and the column and number of its members.
pub(super) fn member(park: &Park, view: &View) -> (&'static str, Option<(&'static str, usize)>, String) {
    match view {
        View::Park => ("park", None, String::new()),
        View::Sum => ("sum", None, String::new()),
        View::Enterprise(e) => {
            let id = park.enterprise(*e).label.id.to_string();
            ("enterprise", Some(("enterprise_number", e.index() + 1)), id)
        }
        View::Sector(code) => {
            let sectors: Vec<Arc<str>> = park.sectors().into_keys().collect();
            let number = sectors.iter().position(|s| s == code).map_or(0, |i| i + 1);
            ("sector", Some(("sector_number", number)), code.to_string())
        }
    }
}

/// A sum of one class that stands in a cell already.
type Known = HashMap<(u16, View, Option<Gas>, usize), Vec<(Counted, RuleSet, String)>>;

/// All sums.
pub(super) fn sheet(plan: &Plan) -> Written<Worksheet> {
    let mut grid = Grid::new(SHEET, COLUMNS)?;
    let known = single_classes(plan);
    let ranges = Ranges::new(plan);
    for (i, figure) in plan.inventory.figures.iter().enumerate() {
        let What::Sum(selector) = &figure.what else { continue };
        let mut row = grid.row();
        let n = row.number_seen();
        let (word, number, id) = member(plan.park, &selector.view);
        row.text(&figure.id)?
            .number(f64::from(selector.year))?
            .text(word)?
            .maybe(number.map(|m| m.1 as f64))?
            .text(&id)?
            .text(selector.bucket.id())?
            .text(selector.rule.id())?
            .text(selector.gas_id())?;
        let own = plan.figure_cell(i).unwrap_or_default();
        let formula = ranges.formula(plan, selector, n, number.map(|m| m.0), &known, &own);
        row.formula(Some(&formula), figure.value.unwrap_or_default())?.text(figure.unit)?;
    }
    grid.finish(false)
}

/// Sums that consist of one class of lines: totals are added up from their cells.
fn single_classes(plan: &Plan) -> Known {
    let mut known = Known::new();
    for (i, figure) in plan.inventory.figures.iter().enumerate() {
        let (What::Sum(s), Some(cell)) = (&figure.what, plan.figure_cell(i)) else { continue };
        let counting = plan.classes.counting((s.bucket, s.view == View::Park, s.rule));
        if let [(class, counted)] = counting.as_slice() {
            known.entry((s.year, s.view.clone(), s.gas, *class)).or_default().push((*counted, s.rule, cell));
        }
    }
    known
}

/// Ranges over the columns of `Lines`.
struct Ranges {
    year: String,
    class: String,
    crosses: String,
    gas: String,
    members: [(&'static str, String); 2],
    /// Mass and its used-up part, in t of gas and in t CO2e.
    mass: [String; 2],
    co2e: [String; 2],
    /// Letters of the columns of `Figures` that hold year, member and gas.
    at: [String; 3],
}

impl Ranges {
    fn new(plan: &Plan) -> Self {
        let range = |key| plan.line_range(key);
        let at = |key| letter(COLUMNS, key);
        Self {
            year: range("year"),
            class: range("counts"),
            crosses: range("crosses"),
            gas: range("gas"),
            members: ["enterprise_number", "sector_number"].map(|key| (key, range(key))),
            mass: [range("mass_t"), range("used_mass_t")],
            co2e: [range("co2e_t"), range("used_co2e_t")],
            at: [at("year"), at("member_number"), at("gas")],
        }
    }

    /// The sum that a selector asks for, in row `n`.
    fn formula(
        &self,
        plan: &Plan,
        selector: &Selector,
        n: u32,
        members: Option<&str>,
        known: &Known,
        own: &str,
    ) -> String {
        let key = (selector.bucket, selector.view == View::Park, selector.rule);
        let mut formula = String::new();
        let counting = plan.classes.counting(key);
        let several = counting.len() > 1;
        for (class, counted) in counting {
            let place = (selector.year, selector.view.clone(), selector.gas, class);
            let cells = known.get(&place).filter(|_| several).map_or(&[][..], Vec::as_slice);
            // The park's own rule set first: both may hold the same sum.
            let find = |wanted: Counted| {
                let fits = |c: &&(Counted, RuleSet, String)| c.0 == wanted && c.2 != own;
                cells.iter().filter(fits).min_by_key(|c| c.1 != selector.rule)
            };
            let local = |cell: &str| cell.trim_start_matches(SHEET).trim_start_matches('!').to_owned();
            if let Some((.., cell)) = find(counted) {
                formula.push('+');
                formula.push_str(&local(cell));
            } else if let Some((.., cell)) = find(negated(counted)) {
                formula.push('-');
                formula.push_str(&local(cell));
            } else {
                self.class_sum(plan, selector, (class, counted), n, members, &mut formula);
            }
        }
        match formula.strip_prefix('+') {
            Some(rest) => rest.to_owned(),
            None if formula.is_empty() => "0".to_owned(),
            None => formula,
        }
    }

    /// The sum over the lines of one class.
    fn class_sum(
        &self,
        plan: &Plan,
        selector: &Selector,
        (class, counted): (usize, Counted),
        n: u32,
        members: Option<&str>,
        formula: &mut String,
    ) {
        let columns = if selector.gas.is_some() { &self.mass } else { &self.co2e };
        let alike = counted[0] == counted[1];
        let parts = counted.iter().zip(["yes", "no"]).take(if alike { 1 } else { 2 });
        for (share, crosses) in parts {
            for (weight, values) in [share.of_mass, share.of_used].into_iter().zip(columns) {
                if weight == 0.0 {
                    continue;
                }
                let mut criteria = vec![
                    values.clone(),
                    self.year.clone(),
                    format!("${}{n}", self.at[0]),
                    self.class.clone(),
                    format!("\"{}\"", plan.classes.name(class)),
                ];
                if !alike {
                    criteria.extend([self.crosses.clone(), format!("\"{crosses}\"")]);
                }
                if let Some((_, range)) = self.members.iter().find(|m| Some(m.0) == members) {
                    criteria.extend([range.clone(), format!("${}{n}", self.at[1])]);
                }
                if selector.gas.is_some() {
                    criteria.extend([self.gas.clone(), format!("${}{n}", self.at[2])]);
                }
                let sign = if weight < 0.0 { '-' } else { '+' };
                formula.push(sign);
                let size = weight.abs();
                if size.to_bits() != 1.0_f64.to_bits() {
                    formula.push_str(&size.to_string());
                    formula.push('*');
                }
                formula.push_str("SUMIFS(");
                formula.push_str(&criteria.join(","));
                formula.push(')');
            }
        }
    }
}
