//! Certificates, contracts and direct supplies of electricity, and the shares and
//! factors that follow from them.

use super::lines;
use super::plan::Plan;
use super::sheet::{Column, Grid, Look, Written, cell, column, letter, same, sum_of};
use crate::diagnostic::Origin;
use crate::quantity::{Unit, parse_number};
use rust_xlsxwriter::Worksheet;

pub(super) const SHEET: &str = "Instruments";

const COLUMNS: &[Column] = &[
    column("place", "file and row", "文件与行", 20.0, Look::Text),
    column("holder", "holder", "持有方", 16.0, Look::Text),
    column("period", "period", "期间", 10.0, Look::Text),
    column("retired", "retired", "已注销", 8.0, Look::Text),
    column("printed_energy", "energy as printed", "电量（原始）", 18.0, Look::Text),
    column("printed_factor", "factor as printed", "因子（原始）", 18.0, Look::Text),
    column("energy_value", "printed number", "原始数字", 14.0, Look::Input),
    column("energy_unit_factor", "GJ in one unit", "换算系数", 12.0, Look::Constant),
    column("energy_gj", "energy, GJ", "电量，GJ", 16.0, Look::Formula),
    column("factor_t_per_gj", "factor, t/GJ", "因子，t/GJ", 16.0, Look::Input),
    column("emission_t", "energy × factor, t", "电量 × 因子，t", 16.0, Look::Tonnes),
];

/// All instruments.
pub(super) fn sheet(plan: &Plan) -> Written<Worksheet> {
    let mut grid = Grid::new(SHEET, COLUMNS)?;
    let at = |key| letter(COLUMNS, key);
    let (value, unit, energy, factor) =
        (at("energy_value"), at("energy_unit_factor"), at("energy_gj"), at("factor_t_per_gj"));
    for instrument in &plan.park.instruments {
        let mut row = grid.row();
        let n = row.number_seen();
        row.text(&format!("instruments.csv:{}", instrument.row))?
            .text(&plan.park.enterprise(instrument.holder).label.id)?
            .text(&instrument.period.to_string())?
            .text(if instrument.retired { "yes" } else { "no" })?
            .text(&instrument.printed.0)?
            .text(&instrument.printed.1)?;
        let read = instrument
            .printed
            .0
            .split_once(' ')
            .and_then(|(number, unit)| Some((parse_number(number).ok()?, Unit::parse(unit).ok()?.scale)));
        match read.filter(|(number, scale)| same(number * scale, instrument.energy)) {
            Some((number, scale)) => {
                row.number(number)?.number(scale)?.formula(Some(&format!("{value}{n}*{unit}{n}")), instrument.energy)?
            }
            None => row.skip().skip().formula(None, instrument.energy)?,
        };
        row.number(instrument.factor)?
            .formula(Some(&format!("{energy}{n}*{factor}{n}")), instrument.energy * instrument.factor)?;
    }
    grid.finish(false)
}

/// The formula of a term that rows of instruments give: their mean factor, the share of
/// purchases that they cover, or the rest; none if none of them is the engine's value.
pub(super) fn term(plan: &Plan, origins: &[Origin], value: f64) -> Option<String> {
    let park = plan.park;
    let cited = |row: u32| origins.iter().any(|o| o.row == Some(row));
    let rows: Vec<usize> = (0..park.instruments.len()).filter(|&i| cited(park.instruments[i].row)).collect();
    let first = park.instruments.get(*rows.first()?)?;
    let cells = |key| rows.iter().map(|&i| cell(SHEET, &letter(COLUMNS, key), i)).collect::<Vec<_>>();
    let claimed: f64 = rows.iter().map(|&i| park.instruments[i].energy).sum();
    let emission: f64 = rows.iter().map(|&i| park.instruments[i].energy * park.instruments[i].factor).sum();
    let (energy_cells, emission_cells) = (sum_of(&cells("energy_gj")), sum_of(&cells("emission_t")));
    // What the holder bought is what its market-based lines of certified energy stand on.
    let of_holder = |l: &&crate::ledger::Line| {
        l.enterprise == first.holder && l.period.year == first.period.year && l.variant == lines::CERTIFIED
    };
    let bought: f64 = plan.inventory.ledger.lines.iter().filter(of_holder).map(|l| l.quantity).sum();
    let bought_cells = format!(
        "SUMIFS({},{},{},{},{},{},\"{}\")",
        plan.line_range("quantity"),
        plan.line_range("enterprise_number"),
        first.holder.index() + 1,
        plan.line_range("year"),
        first.period.year,
        plan.line_range("variant"),
        lines::CERTIFIED,
    );
    let covered = format!("IF({energy_cells}>{bought_cells},1,{energy_cells}/{bought_cells})");
    let share = if claimed > bought { 1.0 } else { claimed / bought };
    let candidates = [
        (emission / claimed, format!("{emission_cells}/{energy_cells}")),
        (share, covered.clone()),
        (1.0 - share, format!("1-{covered}")),
    ];
    candidates.into_iter().find(|(candidate, _)| same(*candidate, value)).map(|(_, formula)| formula)
}
