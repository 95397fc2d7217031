//! One row of a factor table, from its cells.

use super::{Confidence, Factor, Parameter};
use crate::diagnostic::Problem;
use crate::park::Gas;
use crate::quantity::{Basis, Unit, parse_number};
use std::sync::Arc;

/// A problem in a named column of a row.
pub type CellProblem = (&'static str, Problem);

/// Builds a factor from the cells of its row; `cell` gives the text of a column,
/// empty where there is none.
///
/// # Errors
/// Every problem of the row, by column.
#[allow(clippy::too_many_lines, reason = "one cell after the other, as the table has them")]
pub fn parse_row<'a>(
    set: &Arc<str>,
    row: u32,
    cell: impl Fn(&'static str) -> &'a str,
) -> Result<Factor, Vec<CellProblem>> {
    let mut problems: Vec<CellProblem> = Vec::new();
    let empty = |column: &'static str| (column, Problem::EmptyCell { column: column.to_owned() });
    let unit = match Unit::parse(cell("unit")) {
        Ok(unit) => Some(unit),
        Err(e) => {
            problems.push(("unit", Problem::unit(cell("unit"), &e)));
            None
        }
    };
    let mut number = |column: &'static str| match cell(column) {
        "" => None,
        text => match parse_number(text) {
            Ok(value) => Some(value),
            Err(e) => {
                problems.push((column, Problem::number(text, e)));
                None
            }
        },
    };
    let (value, lower, upper) = (number("value"), number("lower"), number("upper"));
    if value.is_some_and(|v| v < 0.0) {
        problems.push(("value", Problem::NegativeQuantity { found: cell("value").to_owned() }));
    }
    for column in ["id", "value", "source"] {
        if cell(column).is_empty() {
            problems.push(empty(column));
        }
    }
    let parameter = Parameter::find(cell("parameter")).filter(|p| p.is_factor());
    if parameter.is_none() {
        let choices = Parameter::ALL.iter().filter(|p| p.is_factor()).map(|p| p.id()).collect::<Vec<_>>().join(", ");
        problems
            .push(("parameter", Problem::BadChoice { found: cell("parameter").to_owned(), choices, nearest: None }));
    }
    let gas = match cell("gas") {
        "" => None,
        text => {
            let gas = Gas::find(text);
            if gas.is_none() {
                problems.push(("gas", Problem::UnknownGas { id: text.to_owned(), nearest: None }));
            }
            gas
        }
    };
    let of_gas = matches!(parameter, Some(Parameter::EmissionFactor | Parameter::ProductionFactor));
    if of_gas && cell("gas").is_empty() {
        problems.push(empty("gas"));
    }
    let basis = Basis::parse(cell("basis")).unwrap_or_else(|_| {
        problems.push(("basis", Problem::BadBasis { found: cell("basis").to_owned() }));
        Basis::default()
    });
    let confidence = Confidence::find(cell("confidence"));
    if confidence.is_none() {
        let choices = Confidence::IDS.join(", ");
        problems
            .push(("confidence", Problem::BadChoice { found: cell("confidence").to_owned(), choices, nearest: None }));
    }
    let mut year = |column: &'static str| match cell(column) {
        "" => None,
        text => {
            let year = text.parse::<u16>().ok();
            if year.is_none() {
                problems.push((column, Problem::BadPeriod { found: text.to_owned() }));
            }
            year
        }
    };
    let valid = (year("valid_from"), year("valid_to"));
    let basis = match unit.as_ref().and_then(|u| u.state) {
        Some(state) => Basis { state: Some(state), ..basis },
        None => basis,
    };
    match (unit, value, parameter, confidence, problems.is_empty()) {
        (Some(unit), Some(value), Some(parameter), Some(confidence), true) => Ok(Factor {
            id: cell("id").into(),
            set: set.clone(),
            carrier: cell("carrier").into(),
            parameter,
            gas,
            technique: cell("technique").into(),
            applies_to: cell("applies_to")
                .split(';')
                .map(str::trim)
                .filter(|s| !s.is_empty())
                .map(Into::into)
                .collect(),
            value: unit.to_canonical(value),
            dimension: unit.dimension,
            printed: (cell("value").into(), cell("unit").into()),
            basis,
            limits: (lower.map(|v| unit.to_canonical(v)), upper.map(|v| unit.to_canonical(v))),
            biogenic: match cell("biogenic") {
                "yes" => Some(true),
                "no" => Some(false),
                _ => None,
            },
            source: cell("source").into(),
            table: cell("table").into(),
            edition: cell("edition").into(),
            region: cell("region").into(),
            valid,
            confidence,
            note: cell("note").into(),
            row,
        }),
        _ => Err(problems),
    }
}
