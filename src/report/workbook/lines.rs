//! The ledger: each line as `quantity × coefficient × GWP`, with what decides where it
//! counts.

use super::activities::sector_numbers;
use super::factors;
use super::own::approach_id;
use super::plan::Plan;
use super::sheet::{Column, Grid, Look, Written, cell, column, letter, same};
use crate::inventory::{self, gas_id};
use crate::ledger::{Activity, CarbonOrigin, Line, Standing};
use rust_xlsxwriter::Worksheet;

pub(super) const SHEET: &str = "Lines";

/// The variant of lines that instruments cover.
pub(super) const CERTIFIED: &str = "certified";

/// The variant of a pool's lines that instruments of its buyers cover.
pub(super) const MEMBERS: &str = "certified_members";

pub(super) const COLUMNS: &[Column] = &[
    column("line", "line", "台账行", 24.0, Look::Text),
    column("year", "year", "年份", 8.0, Look::Text),
    column("period", "period", "期间", 10.0, Look::Text),
    column("enterprise_number", "enterprise's number", "企业序号", 10.0, Look::Constant),
    column("enterprise", "enterprise", "企业", 12.0, Look::Text),
    column("sector_number", "sector's number", "行业序号", 10.0, Look::Constant),
    column("process", "process", "工序", 18.0, Look::Text),
    column("source", "source", "排放源", 30.0, Look::Text),
    column("gas", "gas", "气体", 10.0, Look::Text),
    column("approach", "approach", "方法", 10.0, Look::Text),
    column("iso_category", "ISO 14064-1 category", "ISO 类别", 9.0, Look::Constant),
    column("carbon_origin", "origin of the carbon", "碳来源", 10.0, Look::Text),
    column("standing", "standing", "状态", 10.0, Look::Text),
    column("variant", "variant", "变体", 10.0, Look::Text),
    column("counts", "counts as", "计入", 18.0, Look::Text),
    column("crosses", "crosses the park's fence", "跨越园区边界", 9.0, Look::Text),
    column("quantity", "quantity, canonical", "数量（标准单位）", 18.0, Look::Formula),
    column("mass_t", "quantity × coefficient, t of gas", "数量 × 系数，t 气体", 18.0, Look::Tonnes),
    column("co2e_t", "× GWP, t CO2e", "× GWP，t CO2e", 18.0, Look::Tonnes),
    column("used_share", "share used up, not sold on", "自用份额（未转售）", 12.0, Look::Constant),
    column("used_mass_t", "used up, t of gas", "自用部分，t 气体", 18.0, Look::Tonnes),
    column("used_co2e_t", "used up, t CO2e", "自用部分，t CO2e", 18.0, Look::Tonnes),
    column("place", "file and row", "文件与行", 18.0, Look::Text),
];

/// The lines.
pub(super) fn sheet(plan: &Plan) -> Written<Worksheet> {
    let mut grid = Grid::new(SHEET, COLUMNS)?;
    let at = |key| letter(COLUMNS, key);
    let (quantity, mass, co2e, used) = (at("quantity"), at("mass_t"), at("co2e_t"), at("used_share"));
    let coefficient = letter(factors::COEFFICIENT_COLUMNS, "value");
    let gwp_value = letter(factors::GWP_COLUMNS, "value");
    let sectors = sector_numbers(plan.park);
    for line in &plan.inventory.ledger.lines {
        let (enterprise, process) = (plan.park.enterprise(line.enterprise), plan.park.process(line.process));
        let class = plan.classes.of(line);
        let mut row = grid.row();
        let n = row.number_seen();
        row.text(&line.id(plan.park))?
            .number(f64::from(line.period.year))?
            .text(&line.period.to_string())?
            .number((line.enterprise.index() + 1) as f64)?
            .text(&enterprise.label.id)?
            .number(sectors[line.enterprise.index()] as f64)?
            .text(&process.label.id)?
            .text(&format!("{} {}", line.source.words().1, line.source.words().0))?
            .text(gas_id(Some(line.gas)))?
            .text(approach_id(line.approach))?
            .number(f64::from(line.scope.iso_category()))?
            .text(origin_id(line.origin))?
            .text(standing_id(line.standing))?
            .text(line.variant)?
            .text(plan.classes.name(class))?
            .text(if line.crosses { "yes" } else { "no" })?;
        let factor = cell(factors::COEFFICIENTS, &coefficient, plan.coefficient_row(line.coefficient));
        let weight = cell(factors::GWP, &gwp_value, plan.gwp_row(line));
        let weighed = inventory::co2e(line, &plan.inventory.gwp);
        row.formula(quantity_formula(plan, line).as_deref(), line.quantity)?
            .formula(Some(&format!("{quantity}{n}*{factor}")), line.mass)?
            .formula(Some(&format!("{mass}{n}*{weight}")), weighed)?;
        if plan.classes.has_used_part(class) {
            row.number(line.consumed)?
                .formula(Some(&format!("{mass}{n}*{used}{n}")), line.mass * line.consumed)?
                .formula(Some(&format!("{co2e}{n}*{used}{n}")), weighed * line.consumed)?;
        } else {
            row.skip().skip().skip();
        }
        row.text(&plan.package.place(&line.row(plan.park)))?;
    }
    grid.finish(false)
}

/// The activity with its sign, or a stated share of it.
fn quantity_formula(plan: &Plan, line: &Line) -> Option<String> {
    let activity = plan.activity_cell(line.activity)?;
    let canonical = canonical(plan, line)?;
    if same(canonical, line.quantity) {
        return Some(activity);
    }
    if same(-canonical, line.quantity) {
        return Some(format!("-{activity}"));
    }
    let ratio = line.quantity / canonical;
    (canonical != 0.0 && same(canonical * ratio, line.quantity)).then(|| format!("{activity}*{ratio}"))
}

/// The canonical quantity of a line's activity, as `Activities` has it.
fn canonical(plan: &Plan, line: &Line) -> Option<f64> {
    match line.activity {
        Activity::Flow(i) => plan.park.flows[i].quantity.map(|q| q.value),
        Activity::Reported(i) => plan.park.reported[i].mass,
        Activity::Parameter(i) => Some(plan.park.parameters[i].value),
    }
}

fn origin_id(origin: CarbonOrigin) -> &'static str {
    match origin {
        CarbonOrigin::Fossil => "fossil",
        CarbonOrigin::Biogenic => "biogenic",
        CarbonOrigin::Unstated => "",
    }
}

fn standing_id(standing: Standing) -> &'static str {
    match standing {
        Standing::Counted => "counted",
        Standing::Memo => "memo",
        Standing::Exported => "exported",
        Standing::Replaced => "replaced",
        Standing::Missing => "missing",
    }
}
