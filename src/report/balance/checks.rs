//! What is checked beside the meters.

use super::super::table::{Cell, Table};
use super::{TOP, flows, names, thing};
use crate::balance::{Balance, Covariance, Nodal, Thing, Year};
use crate::diagnostic::Lang;
use crate::methods::Comparison;
use crate::park::Park;
use crate::quantity::{Dimension, significant};
use serde_json::{Value, json};

/// The nodal tests, the largest first.
pub(super) fn nodal(park: &Park, balance: &Balance, lang: Lang) -> Table {
    let (tests, limit) = balance.nodal_tests(park);
    let shown = significant(limit, 3);
    let mut table = Table::new(
        lang.pick(
            format!("Nodal tests: what the readings leave of a balance, in its standard deviations (limit {shown})"),
            format!("节点检验：读数在平衡中的余量与其标准差之比（限值 {shown}）"),
        ),
        &[
            ("test", lang.pick(">test", ">检验值")),
            ("beyond", lang.pick("beyond", "超限")),
            ("at", lang.pick("balances and meters that are joined", "合并的平衡与仪表")),
        ],
    );
    for Nodal { at, test } in &tests {
        let beyond = if *test > limit { lang.pick("yes", "是") } else { "" };
        table.rows.push(vec![Cell::Number(*test, 2), Cell::Text(beyond.to_owned()), Cell::Text(names(park, at, lang))]);
    }
    table
}

pub(super) fn nodal_json(park: &Park, nodal: &Nodal, limit: f64) -> Value {
    let at = nodal.at.iter().map(|(period, place, of)| {
        json!({ "place": place.text(park), "of": thing(park, *of, Lang::En), "period": period.to_string() })
    });
    json!({ "at": at.collect::<Vec<_>>(), "test": nodal.test, "beyond": nodal.test > limit })
}

/// Emissions that do not fit the energy they were reported with, the furthest first; the first ones, unless `all` are asked for.
pub(super) fn implied(park: &Park, balance: &Balance, all: bool, lang: Lang) -> Table {
    let far = |c: &&Comparison| c.missing || c.is_finding().0 || c.is_finding().1;
    let mut open: Vec<&Comparison> = balance.implied.iter().filter(far).collect();
    let size = |c: &Comparison| c.compared().map_or(1.0, |(mass, _)| (mass / c.computed - 1.0).abs());
    open.sort_by(|a, b| size(b).total_cmp(&size(a)));
    let (many, total) = (open.len(), balance.implied.len());
    let shown = if all { many } else { many.min(TOP) };
    let rest = if shown < many {
        lang.pick(format!("; the {shown} farthest"), format!("；列出相差最大的 {shown} 行"))
    } else {
        String::new()
    };
    let mut table = Table::new(
        lang.pick(
            format!("Reported emission against energy × factor: {many} of {total} outside the factor's limits (2 % where it has none){rest}"),
            format!("所报排放与能量×因子对比：{total} 行中 {many} 行超出因子限值（无限值时 2 %）{rest}"),
        ),
        &[
            ("id", lang.pick("row", "行")),
            ("period", lang.pick("period", "时段")),
            ("to", lang.pick("where", "何处")),
            ("carrier", lang.pick("carrier", "载体")),
            ("gas", lang.pick("gas", "气体")),
            ("implied", lang.pick(">implied factor", ">隐含因子")),
            ("factor", lang.pick(">factor", ">因子")),
            ("lowest", lang.pick(">from", ">下限")),
            ("highest", lang.pick(">to", ">上限")),
            ("unit", lang.pick("unit", "单位")),
            ("difference", lang.pick(">% off", ">相差 %")),
        ],
    );
    for c in open.into_iter().take(shown) {
        let flow = &park.flows[c.flow];
        let per = |mass: f64| Cell::Text(significant(mass / c.energy * 1e3, 5));
        let (mass, gas) = c.compared().unwrap_or((0.0, "CO2"));
        table.rows.push(vec![
            Cell::Text(flow.id.to_string()),
            Cell::Text(flow.period.to_string()),
            Cell::Text(park.node_text(flow.to)),
            Cell::Text(thing(park, Thing::Carrier(flow.carrier), lang)),
            Cell::Text(gas.to_owned()),
            per(mass),
            per(c.computed),
            per(c.limits.0),
            per(c.limits.1),
            Cell::Text(format!("kg/{}", dimension(park, c))),
            Cell::Number((mass / c.computed - 1.0) * 100.0, 1),
        ]);
    }
    table
}

fn dimension(park: &Park, of: &Comparison) -> Dimension {
    park.flows[of.flow].quantity.map_or(Dimension::NONE, |q| q.dimension)
}

pub(super) fn implied_json(park: &Park, of: &Comparison) -> Value {
    let flow = &park.flows[of.flow];
    let per = |mass: f64| mass / of.energy * 1e3;
    let compared = of.compared();
    json!({
        "id": &*flow.id,
        "period": flow.period.to_string(),
        "place": park.node_text(flow.to),
        "carrier": &*park.carrier(flow.carrier).label.id,
        "gas": compared.map(|c| c.1),
        "quantity": of.energy,
        "unit": format!("kg/{}", dimension(park, of)),
        "implied": compared.map(|c| per(c.0)),
        "factor": per(of.computed),
        "lowest": per(of.limits.0),
        "highest": per(of.limits.1),
        "own_limits": of.own_limits,
        "missing": of.missing,
        "beyond": of.is_finding().0 || of.is_finding().1,
    })
}

/// Flows whose best value is held at 0, and periods for which no values without negative ones were found.
fn held_at_zero(park: &Park, balance: &Balance) -> (Vec<String>, Vec<String>) {
    let of = |year: &Year| {
        let held = year.held.clone().unwrap_or_default();
        held.into_iter().map(|k| flows::ids(park, year, k as usize).join("+")).collect::<Vec<_>>()
    };
    let open = balance.years.iter().filter(|y| y.held.is_none()).map(|y| y.period.to_string());
    (balance.years.iter().flat_map(of).collect(), open.collect())
}

pub(super) fn held(park: &Park, balance: &Balance, lang: Lang) -> String {
    let (held, open) = held_at_zero(park, balance);
    let (count, list) = (held.len(), held.join(", "));
    let list = if held.is_empty() { list } else { lang.pick(format!(" ({list})"), format!("（{list}）")) };
    let mut text = lang.pick(
        format!("Best values are not below zero; flows held at zero: {count}{list}\n"),
        format!("最佳值不为负；{count} 项流量取零{list}\n"),
    );
    if !open.is_empty() {
        let open = open.join(", ");
        text += &lang.pick(
            format!("No best values without negative ones were found for {open}\n"),
            format!("{open} 未找到全部非负的最佳值\n"),
        );
    }
    text
}

pub(super) fn held_json(park: &Park, balance: &Balance) -> Value {
    let (held, open) = held_at_zero(park, balance);
    json!({ "held": held, "not_found": open })
}

/// How the best values of two flows go together, in words.
#[must_use]
pub fn covariance(ids: [&str; 2], of: &Covariance, lang: Lang) -> String {
    let unknown = || lang.pick("unknown", "未知").to_owned();
    let shown = |value: Option<f64>| value.map_or_else(unknown, |value| significant(value, 6));
    let ([a, b], [sd_a, sd_b], [unit_a, unit_b]) = (ids, of.deviations.map(shown), of.dimensions);
    let (value, correlation) = (shown(of.value), shown(of.correlation()));
    lang.pick(
        format!("\nCovariance of {a} (sd {sd_a} {unit_a}) and {b} (sd {sd_b} {unit_b}) after reconciliation: {value}, correlation {correlation}\n"),
        format!("\n协调后 {a}（标准差 {sd_a} {unit_a}）与 {b}（标准差 {sd_b} {unit_b}）的协方差：{value}，相关系数 {correlation}\n"),
    )
}

/// The same for programs.
#[must_use]
pub fn covariance_json(ids: [&str; 2], of: &Covariance) -> Value {
    json!({
        "ids": ids,
        "covariance": of.value,
        "posterior_sd": of.deviations,
        "units": of.dimensions.map(|d| d.to_string()),
        "correlation": of.correlation(),
    })
}
