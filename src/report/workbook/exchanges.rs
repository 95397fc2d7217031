//! What passes between enterprises: the seller's and the buyer's readings side by side.

use super::plan::Plan;
use super::sheet::{Column, Grid, Look, Written, column, letter, sum_of};
use crate::ledger::Activity;
use crate::quantity::Dimension;
use rust_xlsxwriter::Worksheet;

pub(super) const SHEET: &str = "Exchanges";

const COLUMNS: &[Column] = &[
    column("period", "period", "期间", 10.0, Look::Text),
    column("from", "from", "来自", 20.0, Look::Text),
    column("to", "to", "去向", 20.0, Look::Text),
    column("carrier", "carrier", "载体", 20.0, Look::Text),
    column("seller", "seller's account", "卖方账", 18.0, Look::Formula),
    column("buyer", "buyer's account", "买方账", 18.0, Look::Formula),
    column("difference", "seller less buyer", "卖方减买方", 18.0, Look::Formula),
    column("unit", "unit", "单位", 10.0, Look::Text),
    column("readings", "rows: seller / buyer", "行：卖方 / 买方", 30.0, Look::Text),
];

/// Every flow between two enterprises of the park.
pub(super) fn sheet(plan: &Plan) -> Written<Worksheet> {
    let mut grid = Grid::new(SHEET, COLUMNS)?;
    let park = plan.park;
    let (seller, buyer) = (letter(COLUMNS, "seller"), letter(COLUMNS, "buyer"));
    for readings in park.observations.groups() {
        let (sold, bought) = (readings.for_seller(), readings.for_buyer());
        let Some(flow) = sold.first().map(|&i| &park.flows[i]) else { continue };
        if !park.is_internal_transfer(flow) {
            continue;
        }
        let measured = |rows: &[usize]| -> Vec<usize> {
            rows.iter().copied().filter(|&i| park.flows[i].quantity.is_some()).collect()
        };
        let (sold, bought) = (measured(sold), measured(bought));
        let sum = |rows: &[usize]| -> (String, f64) {
            let cells: Vec<String> = rows.iter().filter_map(|&i| plan.activity_cell(Activity::Flow(i))).collect();
            let values = rows.iter().filter_map(|&i| park.flows[i].quantity).map(|q| q.value);
            (sum_of(&cells), values.sum())
        };
        let dimensions = |rows: &[usize]| -> Vec<Dimension> {
            rows.iter().filter_map(|&i| park.flows[i].quantity).map(|q| q.dimension).collect()
        };
        let all = [dimensions(&sold), dimensions(&bought)].concat();
        let alike = all.windows(2).all(|w| w[0] == w[1]);
        let ids = |rows: &[usize]| rows.iter().map(|&i| &*park.flows[i].id).collect::<Vec<_>>().join(" ");
        let mut row = grid.row();
        let n = row.number_seen();
        row.text(&flow.period.to_string())?
            .text(&park.node_text(flow.from))?
            .text(&park.node_text(flow.to))?
            .text(&park.carrier(flow.carrier).label.id)?;
        let (of_seller, of_buyer) = (sum(&sold), sum(&bought));
        // Readings in tonnes and in gigajoules cannot be set against each other.
        if sold.is_empty() || bought.is_empty() || !alike {
            row.skip().skip().skip();
        } else {
            row.formula(Some(&of_seller.0), of_seller.1)?
                .formula(Some(&of_buyer.0), of_buyer.1)?
                .formula(Some(&format!("{seller}{n}-{buyer}{n}")), of_seller.1 - of_buyer.1)?;
        }
        let unit = all.first().map(ToString::to_string).unwrap_or_default();
        row.text(&unit)?.text(&format!("{} / {}", ids(&sold), ids(&bought)))?;
    }
    grid.finish(false)
}
