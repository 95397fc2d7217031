//! Certificates, contracts and direct supplies of electricity, and the shares and
//! factors that follow from them.

use super::activities::{self, counts};
use super::lines;
use super::plan::{Plan, range_of};
use super::sheet::{Column, Grid, Look, Written, cell, column, letter, same, sum_of};
use crate::diagnostic::Origin;
use crate::ledger::Line;
use crate::park::{EnterpriseId, Flow, Node};
use crate::quantity::{Unit, parse_number};
use rust_xlsxwriter::Worksheet;
use std::collections::BTreeSet;

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
        row.text(&plan.place("instruments.csv", instrument.row))?
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
    let cited = |row: u32| origins.iter().any(|o| o.row == Some(row));
    let instruments = &plan.park.instruments;
    let rows: Vec<usize> = (0..instruments.len()).filter(|&i| cited(instruments[i].row)).collect();
    let year = instruments.get(*rows.first()?)?.period.year;
    let sum = |rows: &[usize]| {
        let cells = rows.iter().map(|&i| cell(SHEET, &letter(COLUMNS, "energy_gj"), i)).collect::<Vec<_>>();
        (sum_of(&cells), rows.iter().map(|&i| instruments[i].energy).sum::<f64>())
    };
    let (claimed_cells, claimed) = sum(&rows);
    let emission: f64 = rows.iter().map(|&i| instruments[i].energy * instruments[i].factor).sum();
    let emission_cells: Vec<String> = rows.iter().map(|&i| cell(SHEET, &letter(COLUMNS, "emission_t"), i)).collect();
    let mean = (format!("{}/{claimed_cells}", sum_of(&emission_cells)), emission / claimed);

    // What holders cover of their own purchases over the fence, and what is left of their instruments.
    let holders: BTreeSet<EnterpriseId> = rows.iter().map(|&i| instruments[i].holder).collect();
    let mut shares = Vec::new();
    for &holder in &holders {
        let of_holder: Vec<usize> = rows.iter().copied().filter(|&i| instruments[i].holder == holder).collect();
        let energy = sum(&of_holder);
        let fence = bought(plan, (holder, year), lines::CERTIFIED, true);
        let inside = bought(plan, (holder, year), lines::CERTIFIED, false);
        if inside.1 > 0.0 {
            let rest = if fence.1 > 0.0 {
                (format!("({}-{})", energy.0, fence.0), energy.1 - fence.1)
            } else {
                energy.clone()
            };
            shares.push(covered(&rest, &inside));
        }
        shares.push(covered(&energy, &fence));
    }
    // What they cover of a pool's purchases, for those who buy of it.
    let pools: BTreeSet<EnterpriseId> =
        plan.inventory.ledger.lines.iter().filter(|l| l.variant == lines::MEMBERS).map(|l| l.enterprise).collect();
    for pool in pools {
        let members = bought(plan, (pool, year), lines::MEMBERS, true);
        shares.push(covered(&(claimed_cells.clone(), claimed), &members));
    }
    // What a generator sold of the attributes of its power.
    shares.extend(rows.first().and_then(|&i| generated(plan, i)).map(|made| covered(&(claimed_cells, claimed), &made)));
    let rests = shares.clone().into_iter().map(|(formula, share)| (format!("1-{formula}"), 1.0 - share));
    let candidates = std::iter::once(mean).chain(shares.clone()).chain(rests);
    candidates.into_iter().find(|(_, candidate)| same(*candidate, value)).map(|(formula, _)| formula)
}

/// A formula and what it gives.
type Valued = (String, f64);

/// The share of a purchase that instruments cover, at most all of it.
fn covered(energy: &Valued, bought: &Valued) -> Valued {
    let share = if energy.1 > bought.1 { 1.0 } else { energy.1 / bought.1 };
    (format!("IF({}>{},1,{}/{})", energy.0, bought.0, energy.0, bought.0), share)
}

/// Power that the generator of an instrument gave to others in its year, as the sellers' meters have it. Unit: GJ.
fn generated(plan: &Plan, instrument: usize) -> Option<Valued> {
    let (park, instrument) = (plan.park, &plan.park.instruments[instrument]);
    let ((enterprise, process), year) = (instrument.generator?, instrument.period.year);
    let carrier = park.carriers.iter().position(|c| &*c.label.id == "electricity")?;
    let from = |flow: &Flow| match process {
        Some(one) => flow.from == Node::Process(one),
        None => park.owner(flow.from) == Some(enterprise),
    };
    let fits = |(i, flow): &(usize, &Flow)| {
        flow.period.year == year && flow.carrier.index() == carrier && from(flow) && counts(park, *i, flow).1
    };
    let sum = park.flows.iter().enumerate().filter(fits).filter_map(|(_, f)| f.quantity).map(|q| q.value).sum();
    let range = |key| range_of(activities::SHEET, activities::COLUMNS, key, plan.activities.len());
    let (key, seller) = match process {
        Some(one) => ("from", format!("\"{}\"", park.node_text(Node::Process(one)))),
        None => ("from_enterprise", (enterprise.index() + 1).to_string()),
    };
    let formula = format!(
        "SUMIFS({},{},{year},{},\"electricity\",{},1,{},{seller})",
        range("canonical"),
        range("year"),
        range("carrier"),
        range("counts_out"),
        range(key),
    );
    Some((formula, sum))
}

/// What an enterprise bought in a year, over the fence or inside the park, as the lines of
/// one variant have it; what it sold is negative there. Unit: GJ.
fn bought(plan: &Plan, (buyer, year): (EnterpriseId, u16), variant: &str, crosses: bool) -> Valued {
    let fits = |l: &&Line| {
        l.enterprise == buyer
            && l.period.year == year
            && l.variant == variant
            && l.crosses == crosses
            && l.quantity > 0.0
    };
    let sum = plan.inventory.ledger.lines.iter().filter(fits).map(|l| l.quantity).sum();
    let range = |key| plan.line_range(key);
    let formula = format!(
        "SUMIFS({0},{0},\">0\",{1},{2},{3},{year},{4},\"{variant}\",{5},\"{6}\")",
        range("quantity"),
        range("enterprise_number"),
        buyer.index() + 1,
        range("year"),
        range("variant"),
        range("crosses"),
        if crosses { "yes" } else { "no" },
    );
    (formula, sum)
}
