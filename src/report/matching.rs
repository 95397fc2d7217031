//! A matching over a park as tables and JSON.

use super::table::{Cell, Table};
use crate::diagnostic::Lang;
use crate::scenario::Model;
use crate::symbiosis::matching::{Giver, Plan, Taker};
use crate::symbiosis::offers::Offers;
use serde_json::{Value, json};

/// What passes from a source to a sink: now, and in the best plan.
fn rows(of: &Offers, plan: &Plan) -> Vec<(usize, usize, f64, f64)> {
    let mut list = Vec::new();
    for source in 0..of.sources.len() {
        for sink in 0..of.sinks.len() {
            let now = of.now.get(&(source, sink)).copied().unwrap_or_default();
            let ends = (Giver::Source(source), Taker::Sink(sink));
            let best: f64 = plan.transfers.iter().filter(|t| (t.from, t.to) == ends).map(|t| t.amount).sum();
            if now > 0.0 || best > 0.0 {
                list.push((source, sink, now, best));
            }
        }
    }
    list
}

/// The plan as text.
#[must_use]
pub fn text(model: &Model, of: &Offers, plan: &Plan, lang: Lang) -> String {
    let say = |en, zh| lang.pick(en, zh);
    let unit = of.measures[0].unit();
    let price = |en: &str, zh: &str| lang.pick(format!(">{en}, {unit}"), format!(">{zh}（{unit}）"));
    let mut uses = Table::new(
        say("Best use of what donors have to give", "供方副产物的最佳用途"),
        &[
            ("source", say("source", "来源")),
            ("instead_of", say("instead of", "替代")),
            ("now", say(">now", ">现状")),
            ("best", say(">best", ">最佳")),
            ("unit", say("unit", "单位")),
            ("row", say("exchanges.csv", "exchanges.csv")),
        ],
    );
    for (source, sink, now, best) in rows(of, plan) {
        let stated = !of.new.contains(&(source, sink));
        uses.rows.push(vec![
            Cell::Text(of.matching.sources[source].name.clone()),
            Cell::Text(of.matching.sinks[sink].name.clone()),
            Cell::Number(now, 1),
            Cell::Number(best, 1),
            Cell::Text(model.links[of.sources[source]].dimension.to_string()),
            Cell::Text(if stated { say("stated", "已列") } else { say("new pair", "新组合") }.to_owned()),
        ]);
    }
    let mut sources = Table::new(
        say("Sources", "来源"),
        &[
            ("source", say("source", "来源")),
            ("quantity", say(">quantity", ">数量")),
            ("left", say(">left over", ">剩余")),
            ("unit", say("unit", "单位")),
            ("price", price("saved by one more unit", "再多一单位可节约").as_str()),
        ],
    );
    for (k, source) in of.matching.sources.iter().enumerate() {
        sources.rows.push(vec![
            Cell::Text(source.name.clone()),
            Cell::Number(source.quantity, 1),
            Cell::Number(plan.left[k], 1),
            Cell::Text(model.links[of.sources[k]].dimension.to_string()),
            Cell::Number(-plan.prices.source[k] + 0.0, 4),
        ]);
    }
    let mut sinks = Table::new(
        say("Sinks", "去处"),
        &[
            ("sink", say("need", "需求")),
            ("demand", say(">demand", ">需求量")),
            ("bought", say(">still bought or made", ">仍外购或自产")),
            ("unit", say("unit", "单位")),
            ("price", price("saved by one more unit", "再多一单位可节约").as_str()),
        ],
    );
    for (k, sink) in of.matching.sinks.iter().enumerate() {
        sinks.rows.push(vec![
            Cell::Text(sink.name.clone()),
            Cell::Number(sink.demand, 1),
            Cell::Number(plan.supplied[k], 1),
            Cell::Text(model.links[of.sinks[k]].dimension.to_string()),
            Cell::Number(-plan.prices.demand[k] + 0.0, 4),
        ]);
    }
    let grouped = |x: f64| super::table::grouped(x, 1);
    let (now, best) = (grouped(of.saved), grouped(-plan.objective));
    let what = of.measures[0].id();
    let line = lang.pick(
        format!("{what} saved by these uses: now {now} {unit}, best {best}. First-order: each unit saves what the exchange saves beside those that run; uses that save nothing by this measure are left out. A scenario tells what a plan saves in full.\n"),
        format!("这些用途节约的 {what}：现状 {now} {unit}，最佳 {best}。一阶估计：每单位按该交换在现有交换之外的节约量计；按此指标无节约的用途不列入。完整效果请用情景计算。\n"),
    );
    [uses.to_text(), sources.to_text(), sinks.to_text(), line].join("\n")
}

/// The plan for programs.
#[must_use]
pub fn to_json(model: &Model, of: &Offers, plan: &Plan) -> Value {
    let unit = |l: usize| model.links[l].dimension.to_string();
    let uses = rows(of, plan).into_iter().map(|(source, sink, now, best)| {
        json!({
            "source": of.matching.sources[source].name,
            "instead_of": of.matching.sinks[sink].name,
            "now": now,
            "best": best,
            "unit": unit(of.sources[source]),
            "stated": !of.new.contains(&(source, sink)),
        })
    });
    let sources = of.matching.sources.iter().enumerate().map(|(k, s)| {
        json!({ "source": s.name, "quantity": s.quantity, "left": plan.left[k], "unit": unit(of.sources[k]), "price": -plan.prices.source[k] + 0.0 })
    });
    let sinks = of.matching.sinks.iter().enumerate().map(|(k, s)| {
        json!({ "sink": s.name, "demand": s.demand, "supplied": plan.supplied[k], "unit": unit(of.sinks[k]), "price": -plan.prices.demand[k] + 0.0 })
    });
    json!({
        "measure": of.measures[0].id(),
        "unit": of.measures[0].unit(),
        "saved_now": of.saved,
        "saved_best": -plan.objective,
        "saved_at_most": -plan.bound,
        "uses": uses.collect::<Vec<_>>(),
        "sources": sources.collect::<Vec<_>>(),
        "sinks": sinks.collect::<Vec<_>>(),
    })
}
