//! What activity data are multiplied by: library rows, terms, coefficients and GWPs,
//! each once.

use super::instruments;
use super::own;
use super::plan::{Plan, PlannedTerm};
use super::sheet::{Column, Grid, Look, Row, Written, cell, column, letter, same};
use crate::factors::Factor;
use crate::ledger::TermSource;
use crate::park::Gas;
use crate::quantity::{Unit, parse_number};
use crate::report::explain::source_key;
use rust_xlsxwriter::Worksheet;

pub(super) const SHEET: &str = "Factors";
pub(super) const TERMS: &str = "Terms";
pub(super) const COEFFICIENTS: &str = "Coefficients";
pub(super) const GWP: &str = "GWP";

pub(super) const COLUMNS: &[Column] = &[
    column("factor", "factor", "因子", 36.0, Look::Text),
    column("set", "set", "因子集", 18.0, Look::Text),
    column("carrier", "carrier", "载体", 20.0, Look::Text),
    column("parameter", "parameter", "参数", 16.0, Look::Text),
    column("gas", "gas", "气体", 8.0, Look::Text),
    column("printed_value", "value as printed", "原始数值", 14.0, Look::Constant),
    column("printed_unit", "unit as printed", "原始单位", 14.0, Look::Text),
    column("unit_factor", "canonical units in one unit", "换算系数", 14.0, Look::Constant),
    column("value", "value, canonical", "数值（标准单位）", 18.0, Look::Formula),
    column("canonical_unit", "canonical unit", "标准单位", 12.0, Look::Text),
    column("basis", "basis", "基准", 12.0, Look::Text),
    column("lo95", "lower 95 % limit, canonical", "95 % 下限（标准单位）", 14.0, Look::Constant),
    column("hi95", "upper 95 % limit, canonical", "95 % 上限（标准单位）", 14.0, Look::Constant),
    column("technique", "technique", "工艺", 16.0, Look::Text),
    column("applies_to", "applies to", "适用于", 16.0, Look::Text),
    column("region", "region", "地区", 12.0, Look::Text),
    column("year_from", "valid from", "起始年", 8.0, Look::Constant),
    column("year_to", "valid to", "截止年", 8.0, Look::Constant),
    column("source", "source", "来源", 50.0, Look::Text),
    column("table", "table or page", "表或页", 18.0, Look::Text),
    column("edition", "edition", "版本", 18.0, Look::Text),
    column("confidence", "confidence", "可信度", 14.0, Look::Text),
    column("place", "file and row", "文件与行", 36.0, Look::Text),
    column("note", "note", "备注", 40.0, Look::Text),
];

/// Library rows in use, with their citations.
pub(super) fn sheet(plan: &Plan) -> Written<Worksheet> {
    let mut grid = Grid::new(SHEET, COLUMNS)?;
    let (printed, unit) = (letter(COLUMNS, "printed_value"), letter(COLUMNS, "unit_factor"));
    for (factor, set) in &plan.factors {
        let mut row = grid.row();
        let n = row.number_seen();
        row.text(&factor.id)?
            .text(&factor.set)?
            .text(&factor.carrier)?
            .text(factor.parameter.id())?
            .text(factor.gas.map_or("", Gas::id))?;
        converted(&mut row, factor, &format!("{printed}{n}*{unit}{n}"))?;
        row.text(&factor.dimension.to_string())?
            .text(&factor.basis.to_string())?
            .maybe(factor.limits.0)?
            .maybe(factor.limits.1)?
            .text(&factor.technique)?
            .text(&factor.applies_to.join("; "))?
            .text(&factor.region)?
            .maybe(factor.valid.0.map(f64::from))?
            .maybe(factor.valid.1.map(f64::from))?
            .text(&factor.source)?
            .text(&factor.table)?
            .text(&factor.edition)?
            .text(factor.confidence.id())?
            .text(&format!("{}:{}", set.file, factor.row))?
            .text(&factor.note)?;
    }
    grid.finish(true)
}

/// Printed value, unit, factor of the unit and their product.
fn converted(row: &mut Row, factor: &Factor, formula: &str) -> Written {
    let scale = Unit::parse(&factor.printed.1).map_or(1.0, |unit| unit.scale);
    match parse_number(&factor.printed.0).ok().filter(|v| same(v * scale, factor.value)) {
        Some(value) => {
            row.number(value)?.text(&factor.printed.1)?.number(scale)?.formula(Some(formula), factor.value)?;
        }
        None => {
            row.text(&factor.printed.0)?.text(&factor.printed.1)?.skip().formula(None, factor.value)?;
        }
    }
    Ok(())
}

const TERM_COLUMNS: &[Column] = &[
    column("term", "term", "项", 8.0, Look::Text),
    column("name", "what it is", "含义", 34.0, Look::Text),
    column("value", "value, canonical", "数值（标准单位）", 20.0, Look::Formula),
    column("printed", "as printed", "原始数值与单位", 24.0, Look::Text),
    column("printed_value", "printed number", "原始数字", 14.0, Look::Input),
    column("unit_factor", "canonical units in one unit", "换算系数", 14.0, Look::Constant),
    column("key", "factor, or file and row", "因子或文件与行", 40.0, Look::Text),
    column("citation", "source", "来源", 60.0, Look::Text),
    column("confidence", "confidence", "可信度", 14.0, Look::Text),
    column("place", "file and row", "文件与行", 36.0, Look::Text),
];

/// The distinct terms of all coefficients.
pub(super) fn terms(plan: &Plan) -> Written<Worksheet> {
    let mut grid = Grid::new(TERMS, TERM_COLUMNS)?;
    let (printed, unit) = (letter(TERM_COLUMNS, "printed_value"), letter(TERM_COLUMNS, "unit_factor"));
    for (i, planned) in plan.terms.iter().enumerate() {
        let term = planned.term;
        let mut row = grid.row();
        let n = row.number_seen();
        row.text(&format!("T{}", i + 1))?.text(&format!("{} {}", term.name.1, term.name.0))?;
        let elsewhere = elsewhere(plan, planned);
        let (shape, text) = Shape::of(&term.printed);
        // A value that stands on another sheet is not repeated here.
        let here = number_and_unit(text)
            .filter(|(number, scale)| elsewhere.is_none() && same(shape.value(number * scale), term.value));
        let product = here.map(|_| shape.formula(&format!("{printed}{n}*{unit}{n}")));
        let formula = elsewhere.or(product).or_else(|| quotient(&term.printed, term.value));
        row.formula(formula.as_deref(), term.value)?
            .text(&term.printed)?
            .maybe(here.map(|m| m.0))?
            .maybe(here.map(|m| m.1))?
            .text(&source_key(plan.package, &term.source))?;
        match &term.source {
            TermSource::Factor { origin, citation, confidence, .. } => {
                row.text(citation)?.text(confidence.id())?.text(&plan.package.place(origin))?;
            }
            TermSource::Property(origin) => {
                row.text("measured in the park 园区实测")?.skip().text(&plan.package.place(origin))?;
            }
            TermSource::Instruments(origins) => {
                let places: Vec<String> = origins.iter().map(|o| plan.package.place(o)).collect();
                row.skip().skip().text(&places.join("; "))?;
            }
            TermSource::Definition(text) => {
                row.text(text)?;
            }
            TermSource::Heat(heat) => {
                let ((en, zh), (datum_en, datum_zh)) = (heat.state.words(), heat.datum.words());
                row.text(&format!("IAPWS-IF97: {en} {zh}; {datum_en} {datum_zh}"))?;
            }
            TermSource::Own { .. } => {}
        }
    }
    grid.finish(true)
}

/// The cell or formula of another sheet that gives a term.
fn elsewhere(plan: &Plan, planned: &PlannedTerm) -> Option<String> {
    if let Some(own) = &planned.own {
        let row = plan.own_row(own)?;
        return Some(cell(own::SHEET, &letter(own::COLUMNS, "value"), row));
    }
    match &planned.term.source {
        TermSource::Factor { id, .. } => {
            let (shape, _) = Shape::of(&planned.term.printed);
            let right = |(_, value): &(String, f64)| same(shape.value(*value), planned.term.value);
            plan.factor_cell(id).filter(right).map(|(cell, _)| shape.formula(&cell))
        }
        TermSource::Instruments(origins) => instruments::term(plan, origins, planned.term.value),
        _ => None,
    }
}

/// How a term follows from the number that it cites.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// It is the number.
    Itself,
    /// `1 − 41 %`: what a share leaves.
    Rest,
    /// First-order decay at a rate `k` so many years after a deposit: `e^(−k·(n−1)) · (1 − e^(−k))`,
    /// nothing in the year itself (IPCC 2006 Guidelines, volume 5, equations 3.4 and 3.5).
    Decay(u16),
}

impl Shape {
    /// The shape of a printed text, and the number and unit in it.
    fn of(printed: &str) -> (Self, &str) {
        if let Some((share, rate)) = printed.split_once(", k = ") {
            let after = match share {
                "1 − e^−k" => Some(1),
                "0 in the year of the deposit" => Some(0),
                _ => share.strip_prefix("e^(−").and_then(|s| s.split_once('·')?.0.parse::<u16>().ok()).map(|n| n + 1),
            };
            return after.map_or((Self::Itself, printed), |n| (Self::Decay(n), rate));
        }
        match printed.strip_prefix("1 − ") {
            Some(share) => (Self::Rest, share),
            None => (Self::Itself, printed),
        }
    }

    fn value(self, number: f64) -> f64 {
        match self {
            Self::Itself => number,
            Self::Rest => 1.0 - number,
            Self::Decay(0) => 0.0,
            Self::Decay(n) => (-number * f64::from(n - 1)).exp() * (1.0 - (-number).exp()),
        }
    }

    /// The formula over a cell or a product of cells.
    fn formula(self, number: &str) -> String {
        // Plain arithmetic: 0 comes first since a spreadsheet takes -a^b for (-a)^b.
        let e = std::f64::consts::E;
        match self {
            Self::Itself => number.to_owned(),
            Self::Rest => format!("1-{number}"),
            Self::Decay(0) => format!("0*{number}"),
            Self::Decay(n) => format!("{e}^(0-{}*{number})*(1-{e}^(0-{number}))", n - 1),
        }
    }
}

/// `59.0 kg/MMBtu` as number and canonical units in one unit.
fn number_and_unit(printed: &str) -> Option<(f64, f64)> {
    let (number, unit) = printed.split_once(' ').unwrap_or((printed, "1"));
    Some((parse_number(number).ok()?, Unit::parse(unit).ok()?.scale))
}

/// `44/12` and `273.15 K / 293.15 K` as a formula.
fn quotient(printed: &str, value: f64) -> Option<String> {
    let (above, below) = printed.split_once('/')?;
    let number = |text: &str| text.trim().trim_end_matches('K').trim().parse::<f64>().ok();
    let (above, below) = (number(above)?, number(below)?);
    (below != 0.0 && same(above / below, value)).then(|| format!("{above}/{below}"))
}

pub(super) const COEFFICIENT_COLUMNS: &[Column] = &[
    column("coefficient", "coefficient", "系数", 12.0, Look::Text),
    column("value", "t of gas per canonical unit", "每标准单位排放，t", 22.0, Look::Formula),
    column("terms", "product of", "各项之积", 90.0, Look::Text),
];

/// The distinct coefficients, as products of terms.
pub(super) fn coefficients(plan: &Plan) -> Written<Worksheet> {
    let mut grid = Grid::new(COEFFICIENTS, COEFFICIENT_COLUMNS)?;
    let value = letter(TERM_COLUMNS, "value");
    for (i, members) in plan.coefficients.iter().enumerate() {
        let cells: Vec<String> = members.iter().map(|&t| cell(TERMS, &value, t)).collect();
        let product: f64 = members.iter().map(|&t| plan.terms[t].term.value).product();
        let words: Vec<String> = members
            .iter()
            .map(|&t| format!("T{} {} {}", t + 1, plan.terms[t].term.name.0, plan.terms[t].term.printed))
            .collect();
        grid.row()
            .text(&format!("C{}", i + 1))?
            .formula(Some(cells.join("*").as_str()).filter(|f| !f.is_empty()), product)?
            .text(&words.join(" × "))?;
    }
    grid.finish(true)
}

pub(super) const GWP_COLUMNS: &[Column] = &[
    column("gas", "gas", "气体", 26.0, Look::Text),
    column("set", "GWP set", "GWP 版本", 10.0, Look::Text),
    column("oxidation_counted", "its CO2 from oxidation is counted already", "氧化生成的 CO2 已另计", 16.0, Look::Text),
    column("value", "t CO2e per t", "t CO2e/t", 14.0, Look::Constant),
    column("factor", "row", "因子", 26.0, Look::Text),
    column("citation", "source", "来源", 60.0, Look::Text),
    column("place", "file and row", "文件与行", 36.0, Look::Text),
];

/// The GWPs in use.
pub(super) fn gwps(plan: &Plan) -> Written<Worksheet> {
    let mut grid = Grid::new(GWP, GWP_COLUMNS)?;
    let set = &plan.inventory.gwp;
    for (&(gas, oxidation), &value) in &plan.gwps {
        let mut row = grid.row();
        row.text(&gas.label())?.text(set.set.id())?.text(if oxidation { "yes" } else { "no" })?.number(value)?;
        if !gas.in_co2e() && value == 0.0 {
            row.skip().text("shown apart, not in CO2e 单列，不计入 CO2e")?;
        } else if let Some(factor) = set.factor(gas, oxidation) {
            row.text(&factor.id)?
                .text(&factor.citation())?
                .text(&format!("emission_factors/gwp/factors.csv:{}", factor.row))?;
        } else {
            row.skip().text("CO2e as its source states it 按来源所述 CO2e")?;
        }
    }
    grid.finish(true)
}
