//! Activity data: every row with a quantity, as printed and in canonical units; and
//! the enterprises.

use super::plan::Plan;
use super::sheet::{Column, Grid, Look, Row, Written, column, letter, same};
use crate::ledger::Activity;
use crate::park::{Flow, Node, Park, Quality};
use crate::quantity::{Unit, parse_number};
use rust_xlsxwriter::Worksheet;
use std::sync::Arc;

pub(super) const SHEET: &str = "Activities";
pub(super) const ENTERPRISES: &str = "Enterprises";

pub(super) const COLUMNS: &[Column] = &[
    column("activity", "activity", "活动数据", 14.0, Look::Text),
    column("place", "file and row", "文件与行", 18.0, Look::Text),
    column("period", "period", "期间", 10.0, Look::Text),
    column("year", "year", "年份", 8.0, Look::Text),
    column("from", "from", "来自", 18.0, Look::Text),
    column("to", "to", "去向", 18.0, Look::Text),
    column("carrier", "carrier or gas", "载体或气体", 18.0, Look::Text),
    column("use", "use", "用途", 12.0, Look::Text),
    column("observer", "observer", "读表方", 10.0, Look::Text),
    column("quantity", "quantity as printed", "原始数量", 16.0, Look::Input),
    column("unit", "unit as printed", "原始单位", 12.0, Look::Text),
    column("unit_factor", "canonical units in one unit", "换算系数", 14.0, Look::Constant),
    column("canonical", "quantity, canonical", "数量（标准单位）", 18.0, Look::Formula),
    column("canonical_unit", "canonical unit", "标准单位", 10.0, Look::Text),
    column("basis", "basis", "基准", 14.0, Look::Text),
    column("treatment", "what became of it", "处理", 30.0, Look::Text),
    column("method", "method", "获取方式", 10.0, Look::Text),
    column("grade", "grade", "质量等级", 8.0, Look::Text),
    column("evidence", "evidence", "凭证", 16.0, Look::Text),
    column("note", "note", "备注", 24.0, Look::Text),
    column("from_enterprise", "sender's number", "送出企业序号", 10.0, Look::Constant),
    column("to_enterprise", "receiver's number", "接收企业序号", 10.0, Look::Constant),
    column("from_sector", "sender's sector number", "送出行业序号", 10.0, Look::Constant),
    column("to_sector", "receiver's sector number", "接收行业序号", 10.0, Look::Constant),
    column("counts_in", "counts as bought", "计入购入", 9.0, Look::Constant),
    column("counts_out", "counts as sold", "计入售出", 9.0, Look::Constant),
    column("tce_factor", "tce per canonical unit", "每单位标准煤", 14.0, Look::Constant),
    column("tce", "coal equivalent, tce", "标准煤，tce", 16.0, Look::Formula),
];

/// Number of the enterprise that owns a node, from 1; 0 outside the park.
pub(super) fn owner_number(park: &Park, node: Node) -> usize {
    park.owner(node).map_or(0, |e| e.index() + 1)
}

/// Number of the sector of an enterprise (by position), from 1.
pub(super) fn sector_numbers(park: &Park) -> Vec<usize> {
    let sectors: Vec<Arc<str>> = park.sectors().into_keys().collect();
    let number = |code: &Arc<str>| sectors.iter().position(|s| s == code).map_or(0, |i| i + 1);
    park.enterprises.iter().map(|e| number(&e.sector)).collect()
}

/// Whether a row counts in the account of its receiver, and of its sender, when energy
/// that comes in and goes out is added up.
pub(super) fn counts(park: &Park, i: usize, flow: &Flow) -> (bool, bool) {
    let lost = matches!(flow.to, Node::Outside(outside) if !outside.buys());
    let moved = flow.from != flow.to;
    (moved && park.observations.counts_for_buyer(i), moved && !lost && park.observations.counts_for_seller(i))
}

/// The activities.
pub(super) fn sheet(plan: &Plan) -> Written<Worksheet> {
    let mut grid = Grid::new(SHEET, COLUMNS)?;
    let park = plan.park;
    let sectors = sector_numbers(park);
    let at = At::new();
    let treatments = &plan.inventory.coverage.rows;
    for (position, &activity) in plan.activities.iter().enumerate() {
        let mut row = grid.row();
        let treatment = treatments.get(position).map(|used| used.treatment);
        if let Activity::Flow(i) = activity {
            flow_row(plan, &mut row, i, treatment, &sectors, &at)?;
        } else if let Activity::Reported(i) = activity {
            let reported = &park.reported[i];
            row.text(&reported.id)?
                .text(&plan.place("emissions.csv", reported.row))?
                .text(&reported.period.to_string())?
                .number(f64::from(reported.period.year))?
                .text(&park.process(reported.process).label.id)?
                .skip()
                .text(&reported.gas.label())?
                .skip()
                .skip();
            let scale = Unit::parse(&reported.printed.1).map_or(1.0, |unit| unit.scale);
            quantity(&mut row, &reported.printed, scale, reported.mass, &at)?;
            row.text("t")?.skip();
            quality(&mut row, treatment, &reported.quality)?;
        } else if let Activity::Parameter(i) = activity {
            let parameter = &park.parameters[i];
            let (number, unit) = parameter.printed.split_once(' ').unwrap_or((&parameter.printed, ""));
            row.text(parameter.name.id())?
                .text(&plan.place("parameters.csv", parameter.row))?
                .text(&parameter.period.map(|p| p.to_string()).unwrap_or_default())?
                .maybe(parameter.period.map(|p| f64::from(p.year)))?
                .text(&park.process(parameter.process).label.id)?
                .skip()
                .text(parameter.carrier.map_or("", |c| &park.carrier(c).label.id))?
                .skip()
                .skip();
            let scale = Unit::parse(unit).map_or(1.0, |unit| unit.scale);
            quantity(&mut row, &(number.into(), unit.into()), scale, Some(parameter.value), &at)?;
            row.text(&parameter.dimension.to_string())?;
        }
    }
    grid.finish(false)
}

/// Letters of the columns that formulas of a row use.
struct At {
    quantity: String,
    unit_factor: String,
    canonical: String,
    tce_factor: String,
}

impl At {
    fn new() -> Self {
        let at = |key| letter(COLUMNS, key);
        Self {
            quantity: at("quantity"),
            unit_factor: at("unit_factor"),
            canonical: at("canonical"),
            tce_factor: at("tce_factor"),
        }
    }
}

fn flow_row(
    plan: &Plan,
    row: &mut Row,
    i: usize,
    treatment: Option<(&str, &str)>,
    sectors: &[usize],
    at: &At,
) -> Written {
    let park = plan.park;
    let flow = &park.flows[i];
    row.text(&flow.id)?
        .text(&plan.place("flows.csv", flow.row))?
        .text(&flow.period.to_string())?
        .number(f64::from(flow.period.year))?
        .text(&park.node_text(flow.from))?
        .text(&park.node_text(flow.to))?
        .text(&park.carrier(flow.carrier).label.id)?
        .text(flow.usage.id())?
        .text(flow.observer.map_or("", crate::park::Observer::id))?;
    quantity(row, &flow.printed, flow.scale, flow.quantity.map(|q| q.value), at)?;
    row.text(&flow.quantity.map(|q| q.dimension.to_string()).unwrap_or_default())?
        .text(&flow.quantity.map(|q| q.basis.to_string()).unwrap_or_default())?;
    quality(row, treatment, &flow.quality)?;
    let (from, to) = (owner_number(park, flow.from), owner_number(park, flow.to));
    let sector = |owner: usize| owner.checked_sub(1).map_or(0, |e| sectors[e]) as f64;
    let (counts_in, counts_out) = counts(park, i, flow);
    row.number(from as f64)?
        .number(to as f64)?
        .number(sector(from))?
        .number(sector(to))?
        .number(f64::from(u8::from(counts_in)))?
        .number(f64::from(u8::from(counts_out)))?;
    // The coal equivalent is a share of the quantity: calorific value, or the coefficient of electricity.
    if let (Some(tce), Some(quantity)) = (plan.inventory.tce[i], flow.quantity) {
        let n = row.number_seen();
        let factor = if quantity.value == 0.0 { 0.0 } else { tce / quantity.value };
        let formula = format!("{}{n}*{}{n}", at.canonical, at.tce_factor);
        row.number(factor)?.formula(Some(&formula), tce)?;
    }
    Ok(())
}

/// Number as printed, unit, factor of the unit, and their product.
fn quantity(row: &mut Row, printed: &(Box<str>, Arc<str>), scale: f64, canonical: Option<f64>, at: &At) -> Written {
    let Some(canonical) = canonical else {
        row.text(&printed.0)?.text(&printed.1)?.skip().skip();
        return Ok(());
    };
    let n = row.number_seen();
    let number = parse_number(&printed.0).ok().filter(|number| same(number * scale, canonical));
    match number {
        Some(number) => {
            let formula = format!("{}{n}*{}{n}", at.quantity, at.unit_factor);
            row.number(number)?.text(&printed.1)?.number(scale)?.formula(Some(&formula), canonical)?;
        }
        None => {
            row.text(&printed.0)?.text(&printed.1)?.skip().formula(None, canonical)?;
        }
    }
    Ok(())
}

fn quality(row: &mut Row, treatment: Option<(&str, &str)>, quality: &Quality) -> Written {
    let words = treatment.map(|(en, zh)| format!("{zh} {en}")).unwrap_or_default();
    row.text(&words)?.text(quality.method)?.text(quality.grade)?.text(&quality.evidence)?.text(&quality.note)?;
    Ok(())
}

const ENTERPRISE_COLUMNS: &[Column] = &[
    column("number", "number in the formulas", "公式中的序号", 10.0, Look::Constant),
    column("enterprise", "enterprise", "企业", 14.0, Look::Text),
    column("name_zh", "name, Chinese", "中文名称", 28.0, Look::Text),
    column("name_en", "name, English", "英文名称", 28.0, Look::Text),
    column("sector", "sector", "行业", 16.0, Look::Text),
    column("sector_number", "sector's number in the formulas", "行业序号", 10.0, Look::Constant),
    column("member_from", "member from", "加入", 10.0, Look::Text),
    column("member_to", "member to (excluded)", "退出（不含）", 10.0, Look::Text),
    column("place", "file and row", "文件与行", 20.0, Look::Text),
];

/// The enterprises with the numbers that formulas know them by.
pub(super) fn enterprises(plan: &Plan) -> Written<Worksheet> {
    let mut grid = Grid::new(ENTERPRISES, ENTERPRISE_COLUMNS)?;
    let sectors = sector_numbers(plan.park);
    for (i, enterprise) in plan.park.enterprises.iter().enumerate() {
        let member = |p: Option<crate::quantity::Period>| p.map(|p| p.to_string()).unwrap_or_default();
        grid.row()
            .number((i + 1) as f64)?
            .text(&enterprise.label.id)?
            .text(&enterprise.label.name_zh)?
            .text(&enterprise.label.name_en)?
            .text(&enterprise.sector)?
            .number(sectors[i] as f64)?
            .text(&member(enterprise.member.0))?
            .text(&member(enterprise.member.1))?
            .text(&plan.place("enterprises.csv", enterprise.row))?;
    }
    grid.finish(false)
}
