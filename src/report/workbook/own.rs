//! Own factors of power and heat made in the park, as formulas:
//! `e = share · Σ parts / useful outflow`, where a part is a ledger line of the
//! producer, or energy received from another producer at that one's factor.

use super::lines;
use super::plan::{OwnGas, Plan};
use super::sheet::{Column, Grid, Look, Written, cell, column, letter, row_number, same};
use crate::inventory::OwnFactor;
use crate::ledger::{Activity, Approach};
use rust_xlsxwriter::Worksheet;

pub(super) const SHEET: &str = "OwnFactors";
pub(super) const PARTS: &str = "OwnParts";

pub(super) const COLUMNS: &[Column] = &[
    column("own_factor", "own factor", "自有因子", 34.0, Look::Text),
    column("year", "year", "年份", 8.0, Look::Text),
    column("approach", "approach", "方法", 10.0, Look::Text),
    column("process", "process", "工序", 18.0, Look::Text),
    column("carrier", "carrier", "载体", 18.0, Look::Text),
    column("gas", "gas", "气体", 8.0, Look::Text),
    column("share", "share of the product", "产品份额", 12.0, Look::Constant),
    column(
        "useful_gj",
        "useful outflow, GJ, or t or m3 of goods (sum of rows by the seller's meters)",
        "有效送出，GJ，物料为 t 或 m3（按卖方计量汇总）",
        18.0,
        Look::Constant,
    ),
    column("parts_t", "emission of the parts, t", "各部分排放，t", 18.0, Look::Tonnes),
    column(
        "value",
        "own factor, t/GJ, or t/t or t/m3 of goods",
        "自有因子，t/GJ，物料为 t/t 或 t/m3",
        20.0,
        Look::Formula,
    ),
];

pub(super) const PART_COLUMNS: &[Column] = &[
    column("own_factor", "own factor", "自有因子", 34.0, Look::Text),
    column("part", "ledger line, or flow row of energy received", "台账行，或所受能源的流行", 30.0, Look::Text),
    column("energy_gj", "received, GJ, t or m3", "所受量，GJ、t 或 m3", 16.0, Look::Formula),
    column("factor", "factor of it, t/GJ, t/t or t/m3", "其因子，t/GJ、t/t 或 t/m3", 18.0, Look::Formula),
    column("mass_t", "emission, t", "排放，t", 18.0, Look::Tonnes),
];

/// What an emission of a producer is made of.
pub(super) enum Part {
    /// A ledger line, by position.
    Line(usize),
    /// What was received (flow row, amount) at the factor of another producer.
    Received {
        row: usize,
        amount: f64,
        of: OwnGas,
        factor: f64,
        /// Whether the factor can be a formula: not in a loop.
        formula: bool,
    },
    /// The rest: energy from producers without an own factor at the published one, what instruments cover, less what
    /// co-products displace. Unit: t.
    Published(f64),
}

/// An own factor for one gas.
pub(super) struct Block {
    pub(super) what: OwnGas,
    /// Share, useful outflow in GJ, factor in t/GJ.
    share: f64,
    useful: f64,
    value: f64,
    parts: Vec<Part>,
    /// Row of the first part.
    first: usize,
}

impl Block {
    fn mass(&self, plan: &Plan) -> f64 {
        self.parts.iter().map(|part| part.mass(plan)).sum()
    }
}

impl Part {
    fn mass(&self, plan: &Plan) -> f64 {
        match self {
            Self::Line(l) => plan.inventory.ledger.lines[*l].mass,
            Self::Received { amount, factor, .. } => amount * factor,
            Self::Published(mass) => *mass,
        }
    }
}

/// All own factors with their parts.
pub(super) fn blocks(plan: &Plan) -> Vec<Block> {
    let mut first = 0;
    let mut list = Vec::new();
    for (&key, own) in &plan.inventory.own {
        for (&gas, &value) in &own.per_gas {
            let mut block = block(plan, own, (key, gas), value);
            block.first = first;
            first += block.parts.len();
            list.push(block);
        }
    }
    list
}

fn block(plan: &Plan, own: &OwnFactor, what: OwnGas, value: f64) -> Block {
    let ((year, approach, ..), gas) = what;
    let lines = &plan.inventory.ledger.lines;
    let mut parts: Vec<Part> = own.lines.iter().copied().filter(|&l| lines[l].gas == gas).map(Part::Line).collect();
    for received in &own.inputs {
        let key = (year, approach, received.from, received.carrier);
        let Some(other) = plan.inventory.own.get(&key) else { continue };
        if let Some(&factor) = other.per_gas.get(&gas) {
            // In a loop formulas would point at each other: what was solved together stands as a number.
            let formula = other.turn != own.turn;
            parts.push(Part::Received {
                row: received.row,
                amount: received.quantity,
                of: (key, gas),
                factor,
                formula,
            });
        }
    }
    let (share, useful) = (own.share, own.useful);
    let mut block = Block { what, share, useful, value, parts, first: 0 };
    // What the parts leave open came at the published factor.
    let (known, whole) = (block.mass(plan), if share > 0.0 { value * useful / share } else { 0.0 });
    if share > 0.0 && (whole - known).abs() > 1e-9 * whole.abs() {
        block.parts.push(Part::Published(whole - known));
    }
    block
}

fn name(plan: &Plan, what: &OwnGas) -> String {
    let ((year, approach, process, carrier), gas) = what;
    let (process, carrier) = (&plan.park.process(*process).label.id, &plan.park.carrier(*carrier).label.id);
    format!("{year}/{process}/{carrier}/{}/{}", gas.id(), approach_id(*approach))
}

/// The id of an approach.
pub(super) fn approach_id(approach: Approach) -> &'static str {
    match approach {
        Approach::Location => "location",
        Approach::Market => "market",
        Approach::Both => "",
    }
}

/// The energy of a flow row: its quantity, which is negative for what comes back, by its
/// enthalpy where it is a mass.
fn received(plan: &Plan, flow: usize, energy: f64) -> Option<String> {
    let quantity = plan.park.flows[flow].quantity?.value;
    let cell = plan.activity_cell(Activity::Flow(flow))?;
    match energy / quantity {
        ratio if same(ratio, 1.0) => Some(cell),
        ratio if same(ratio, -1.0) => Some(format!("-{cell}")),
        ratio => same(quantity * ratio, energy).then(|| format!("{cell}*({ratio})")),
    }
}

/// The factors.
pub(super) fn sheet(plan: &Plan) -> Written<Worksheet> {
    let mut grid = Grid::new(SHEET, COLUMNS)?;
    let (mass, share, useful, parts) = (
        letter(PART_COLUMNS, "mass_t"),
        letter(COLUMNS, "share"),
        letter(COLUMNS, "useful_gj"),
        letter(COLUMNS, "parts_t"),
    );
    for block in &plan.own {
        let ((year, approach, process, carrier), gas) = block.what;
        let emitted = block.mass(plan);
        let (from, to) = (row_number(block.first), row_number(block.first + block.parts.len().max(1) - 1));
        let sum = (!block.parts.is_empty()).then(|| format!("SUM({PARTS}!${mass}${from}:${mass}${to})"));
        let mut row = grid.row();
        let n = row.number_seen();
        let factor = format!("{share}{n}*{parts}{n}/{useful}{n}");
        let right = block.useful > 0.0 && same(block.share * emitted / block.useful, block.value);
        row.text(&name(plan, &block.what))?
            .number(f64::from(year))?
            .text(approach_id(approach))?
            .text(&plan.park.process(process).label.id)?
            .text(&plan.park.carrier(carrier).label.id)?
            .text(gas.id())?
            .number(block.share)?
            .number(block.useful)?
            .formula(sum.as_deref(), emitted)?
            .formula(right.then_some(factor.as_str()), block.value)?;
    }
    grid.finish(true)
}

/// What they are made of.
pub(super) fn parts(plan: &Plan) -> Written<Worksheet> {
    let mut grid = Grid::new(PARTS, PART_COLUMNS)?;
    let (mass, value) = (letter(lines::COLUMNS, "mass_t"), letter(COLUMNS, "value"));
    let (energy_at, factor_at) = (letter(PART_COLUMNS, "energy_gj"), letter(PART_COLUMNS, "factor"));
    for block in &plan.own {
        let name = name(plan, &block.what);
        for part in &block.parts {
            let amount = part.mass(plan);
            let mut row = grid.row();
            let n = row.number_seen();
            row.text(&name)?;
            match part {
                Part::Line(l) => {
                    let reference = cell(lines::SHEET, &mass, *l);
                    let id = plan.inventory.ledger.lines[*l].id(plan.park);
                    row.text(&id)?.skip().skip().formula(Some(&reference), amount)?;
                }
                Part::Received { row: i, amount: energy, of, factor, formula } => {
                    let flow = &plan.park.flows[*i];
                    let energy_cell = received(plan, *i, *energy);
                    let factor_row = plan.own_row(of).filter(|_| *formula);
                    let factor_cell = factor_row.map(|row| cell(SHEET, &value, row));
                    row.text(&flow.id)?
                        .formula(energy_cell.as_deref(), *energy)?
                        .formula(factor_cell.as_deref(), *factor)?
                        .formula(Some(&format!("{energy_at}{n}*{factor_at}{n}")), amount)?;
                }
                Part::Published(mass) => {
                    row.text("rest: energy at the published factor, what instruments cover, less what co-products displace 其余：按公布因子的能源、凭证所覆盖的部分，减去联产品所替代的")?
                        .skip()
                        .skip()
                        .formula(None, *mass)?;
                }
            }
        }
    }
    grid.finish(true)
}
