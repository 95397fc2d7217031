//! A matching over a park as tables and JSON.

use super::table::{Cell, Table};
use crate::diagnostic::{Lang, Words};
use crate::park::Park;
use crate::quantity::significant;
use crate::scenario::Model;
use crate::symbiosis::matching::{Constraint, Giver, Plan, Taker};
use crate::symbiosis::offers::{Offers, Total};
use crate::symbiosis::qualities::kept;
use crate::symbiosis::resolved::Resolved;
use serde_json::{Value, json};

/// A plan, and what is shown with it.
#[derive(Debug, Clone, Copy)]
pub struct Shown<'a> {
    /// The park.
    pub park: &'a Park,
    /// The model of the year.
    pub model: &'a Model,
    /// The problem.
    pub of: &'a Offers,
    /// Its best plan.
    pub plan: &'a Plan,
    /// The plan solved as one scenario; else what keeps it from that.
    pub resolved: Result<&'a Resolved, &'a Words>,
}

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
pub fn text(shown: &Shown, lang: Lang) -> String {
    let &Shown { model, of, plan, .. } = shown;
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
            ("km", ">km"),
            ("row", say("exchanges.csv", "exchanges.csv")),
        ],
    );
    for (source, sink, now, best) in rows(of, plan) {
        let row = match of.ways.get(&(source, sink)) {
            Some(way) if way.own => say("own use", "厂内回用"),
            Some(way) if way.new => say("new pair", "新组合"),
            _ => say("stated", "已列"),
        };
        uses.rows.push(vec![
            Cell::Text(of.matching.sources[source].name.clone()),
            Cell::Text(of.matching.sinks[sink].name.clone()),
            Cell::Number(now, 1),
            Cell::Number(best, 1),
            Cell::Text(model.links[of.sources[source]].dimension.to_string()),
            of.ways.get(&(source, sink)).and_then(|w| w.distance).map_or(Cell::Empty, |d| Cell::Number(d.km, 1)),
            Cell::Text(row.to_owned()),
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
        say("Needs", "需求"),
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
    let uses = if uses.rows.is_empty() {
        lang.pick("Nothing is used, now or in the best plan.\n", "现状与最佳方案均无利用。\n").to_owned()
    } else {
        uses.to_text()
    };
    let tables = [uses, pools(shown, lang), sources.to_text(), sinks.to_text()];
    let parts = tables.into_iter().chain([totals(shown, lang), qualities(shown, lang), last_words(shown, lang)]);
    parts.filter(|p| !p.is_empty()).collect::<Vec<_>>().join("\n")
}

/// What passes a pool: pool, from, to, how much.
fn passing(of: &Offers, plan: &Plan) -> Vec<(usize, String, String, f64)> {
    let (source, sink) = (|k: usize| of.matching.sources[k].name.clone(), |k: usize| of.matching.sinks[k].name.clone());
    let name = |k: usize| of.matching.pools[k].name.clone();
    let mut list: Vec<(usize, String, String, f64)> = plan
        .transfers
        .iter()
        .filter_map(|t| match (t.from, t.to) {
            (Giver::Source(s), Taker::Pool(p)) => Some((p, source(s), name(p), t.amount)),
            (Giver::Pool(p), Taker::Sink(s)) => Some((p, name(p), sink(s), t.amount)),
            _ => None,
        })
        .collect();
    list.sort_by_key(|l| l.0);
    list
}

/// What pools take and give; empty where there are none.
fn pools(shown: &Shown, lang: Lang) -> String {
    let Shown { of, plan, .. } = shown;
    let say = |en, zh| lang.pick(en, zh);
    let price = lang.pick(
        format!(">saved by one more unit of capacity, {}", of.measures[0].unit()),
        format!(">能力再多一单位可节约（{}）", of.measures[0].unit()),
    );
    let mut table = Table::new(
        say("Pools", "水池"),
        &[
            ("from", say("from", "来自")),
            ("to", say("to", "去向")),
            ("amount", say(">in the plan", ">方案中")),
            ("price", price.as_str()),
        ],
    );
    for (k, from, to, amount) in passing(of, plan) {
        let price = Cell::Number(-plan.prices.capacity[k] + 0.0, 4);
        table.rows.push(vec![Cell::Text(from), Cell::Text(to), Cell::Number(amount, 1), price]);
    }
    if table.rows.is_empty() { String::new() } else { table.to_text() }
}

/// Quantities by carrier: without reuse, and in the plan.
fn totals(shown: &Shown, lang: Lang) -> String {
    let say = |en, zh| lang.pick(en, zh);
    let mut table = Table::new(
        say("In all", "合计"),
        &[
            ("carrier", say("carrier", "载体")),
            ("kind", say("", "")),
            ("whole", say(">without reuse", ">不回用")),
            ("rest", say(">in the plan", ">方案中")),
            ("unit", say("unit", "单位")),
        ],
    );
    for total in shown.of.totals(shown.model, shown.plan) {
        let kind = if total.needed {
            say("bought or made", "外购或自产")
        } else {
            say("disposed of or left", "处置或剩余")
        };
        table.rows.push(vec![
            Cell::Text(carrier(shown, &total)),
            Cell::Text(kind.to_owned()),
            Cell::Number(total.whole, 1),
            Cell::Number(total.rest, 1),
            Cell::Text(total.dimension.to_string()),
        ]);
    }
    table.to_text()
}

fn carrier(shown: &Shown, total: &Total) -> String {
    shown.park.carrier(total.carrier).label.id.to_string()
}

/// What sinks take beside their limits of quality; empty where nothing is limited.
fn qualities(shown: &Shown, lang: Lang) -> String {
    let Shown { of, plan, .. } = shown;
    let say = |en, zh| lang.pick(en, zh);
    let unit = of.measures[0].unit();
    let price =
        lang.pick(format!(">saved if the limit is one unit wider, {unit}"), format!(">限值放宽一单位可节约（{unit}）"));
    let mut table = Table::new(
        say("Limits of what is mixed", "混合后的限值"),
        &[
            ("sink", say("need", "需求")),
            ("limit", say("limit", "限值")),
            ("is", say(">in the plan", ">方案中")),
            ("unit", say("unit", "单位")),
            ("price", price.as_str()),
        ],
    );
    for one in kept(of, plan) {
        let quality = &of.qualities[one.quality];
        let sign = if one.most { "<=" } else { ">=" };
        table.rows.push(vec![
            Cell::Text(of.matching.sinks[one.sink].name.clone()),
            Cell::Text(format!("{}{sign}{}", quality.of.id(), significant(one.limit, 6))),
            Cell::maybe(one.is, 3),
            Cell::Text(quality.unit.to_string()),
            Cell::Number(one.price, 4),
        ]);
    }
    if table.rows.is_empty() { String::new() } else { table.to_text() }
}

/// What the plan saves, promised and exact, and what was told on the way.
fn last_words(shown: &Shown, lang: Lang) -> String {
    let Shown { of, plan, resolved, .. } = shown;
    let grouped = |x: f64| super::table::grouped(x + 0.0, 1);
    let (what, unit) = (of.measures[0].id(), of.measures[0].unit());
    let (now, best) = (grouped(of.saved), grouped(-plan.objective));
    let mut out = lang.pick(
        format!("{what} saved by these uses: now {now} {unit}, best {best}. First-order: each unit saves what the exchange saves beside those that run; uses that save nothing by this measure are left out.\n"),
        format!("这些用途节约的 {what}：现状 {now} {unit}，最佳 {best}。一阶估计：每单位按该交换在现有交换之外的节约量计；按此指标无节约的用途不列入。\n"),
    );
    match resolved {
        Ok(made) => {
            let (exact, promised) = (grouped(made.exact), grouped(made.promised));
            out += &lang.pick(
                format!("Solved as one scenario against the base year: {exact} {unit} saved exactly; the linear program promises {promised}.\n"),
                format!("作为一个情景相对基准年整体求解：实际节约 {exact} {unit}；线性规划估计 {promised}。\n"),
            );
            if made.differs() {
                out += &lang.pick(
                    "They differ by more than 1 %: the uses act on each other once all change at once. Take the exact figure.\n".to_owned(),
                    "两者相差超过 1 %：各用途同时变化时相互影响，应以实际值为准。\n".to_owned(),
                );
            }
            for one in &made.moved {
                let (planned, carried) = (grouped(one.planned), grouped(one.carried));
                out += &lang.pick(
                    format!("{}: planned {planned}, but the network carries {carried}.\n", one.name),
                    format!("{}：方案为 {planned}，整体求解为 {carried}。\n", one.name),
                );
            }
            for words in &made.told {
                out.push_str(lang.pick(&words.en, &words.zh));
                out.push('\n');
            }
        }
        Err(why) => {
            out += &lang.pick(
                format!("Not solved as one scenario: {}\n", why.en),
                format!("未能作为一个情景整体求解：{}\n", why.zh),
            );
        }
    }
    let straight =
        rows(of, plan).iter().any(|r| of.ways.get(&(r.0, r.1)).and_then(|w| w.distance).is_some_and(|d| d.straight));
    if straight {
        out += &lang.pick(
            "Distances that no row states are straight lines between coordinates: roads are longer.\n".to_owned(),
            "未写明的运距为坐标间直线距离：实际道路更长。\n".to_owned(),
        );
    }
    for words in &of.told {
        out.push_str(lang.pick(&words.en, &words.zh));
        out.push('\n');
    }
    out
}

/// Limits that clash, in words.
#[must_use]
pub fn clash(of: &Offers, set: &[Constraint]) -> Words {
    let giver = |g: &Giver| match g {
        Giver::Source(k) => of.matching.sources[*k].name.clone(),
        Giver::Supply(k) => of.matching.supplies[*k].name.clone(),
        Giver::Pool(k) => of.matching.pools[*k].name.clone(),
    };
    let taker = |t: &Taker| match t {
        Taker::Sink(k) => of.matching.sinks[*k].name.clone(),
        Taker::Pool(k) => of.matching.pools[*k].name.clone(),
    };
    let one = |c: &Constraint| match c {
        Constraint::Demand(k) => taker(&Taker::Sink(*k)),
        Constraint::Source(k) => giver(&Giver::Source(*k)),
        Constraint::Supply(k) => giver(&Giver::Supply(*k)),
        Constraint::Capacity(k) => taker(&Taker::Pool(*k)),
        Constraint::Max(t, q) => format!("{} {} <=", taker(t), of.matching.qualities[*q]),
        Constraint::Min(t, q) => format!("{} {} >=", taker(t), of.matching.qualities[*q]),
        Constraint::Temperature(g, k) => format!("{} °C > {}", giver(g), taker(&Taker::Sink(*k))),
        Constraint::Forbidden(g, t) | Constraint::Pair(g, t) => format!("{} > {}", giver(g), taker(t)),
    };
    let names = set.iter().map(one).collect::<Vec<_>>().join("; ");
    Words::new(
        format!("no use fulfils all limits; these cannot hold together: {names}"),
        format!("没有满足全部限制的用途；以下限制相互冲突：{names}"),
    )
}

/// The plan for programs.
#[must_use]
pub fn to_json(shown: &Shown) -> Value {
    let &Shown { model, of, plan, resolved, .. } = shown;
    let unit = |l: usize| model.links[l].dimension.to_string();
    let uses = rows(of, plan).into_iter().map(|(source, sink, now, best)| {
        json!({
            "source": of.matching.sources[source].name,
            "instead_of": of.matching.sinks[sink].name,
            "now": now,
            "best": best,
            "unit": unit(of.sources[source]),
            "stated": !of.ways.get(&(source, sink)).is_some_and(|w| w.new),
            "km": of.ways.get(&(source, sink)).and_then(|w| w.distance).map(|d| d.km),
            "within": of.ways.get(&(source, sink)).is_some_and(|w| w.own),
        })
    });
    let sources = of.matching.sources.iter().enumerate().map(|(k, s)| {
        json!({ "source": s.name, "quantity": s.quantity, "left": plan.left[k], "unit": unit(of.sources[k]), "price": -plan.prices.source[k] + 0.0 })
    });
    let sinks = of.matching.sinks.iter().enumerate().map(|(k, s)| {
        json!({ "sink": s.name, "demand": s.demand, "supplied": plan.supplied[k], "unit": unit(of.sinks[k]), "price": -plan.prices.demand[k] + 0.0 })
    });
    let totals = of.totals(model, plan).into_iter().map(|t| {
        json!({ "carrier": carrier(shown, &t), "needed": t.needed, "without_reuse": t.whole, "in_the_plan": t.rest, "unit": t.dimension.to_string() })
    });
    let limits = kept(of, plan).into_iter().map(|k| {
        let quality = &of.qualities[k.quality];
        json!({
            "sink": of.matching.sinks[k.sink].name,
            "property": quality.of.id(),
            "sign": if k.most { "<=" } else { ">=" },
            "limit": k.limit,
            "is": k.is,
            "unit": quality.unit,
            "price": k.price,
        })
    });
    let words = |w: &Words| json!({ "en": w.en, "zh": w.zh });
    let solved = match resolved {
        Ok(made) => json!({
            "promised": made.promised + 0.0,
            "exact": made.exact + 0.0,
            "differs": made.differs(),
            "moved": made.moved.iter().map(|m| json!({ "exchange": m.name, "planned": m.planned, "carried": m.carried })).collect::<Vec<_>>(),
            "told": made.told.iter().map(words).collect::<Vec<_>>(),
        }),
        Err(why) => json!({ "impossible": words(why) }),
    };
    json!({
        "measure": of.measures[0].id(),
        "unit": of.measures[0].unit(),
        "saved_now": of.saved + 0.0,
        "saved_best": -plan.objective + 0.0,
        "saved_at_most": -plan.bound + 0.0,
        "resolved": solved,
        "uses": uses.collect::<Vec<_>>(),
        "sources": sources.collect::<Vec<_>>(),
        "sinks": sinks.collect::<Vec<_>>(),
        "pools": passing(of, plan).into_iter().map(|(k, from, to, amount)| json!({ "from": from, "to": to, "best": amount, "price": -plan.prices.capacity[k] + 0.0 })).collect::<Vec<_>>(),
        "totals": totals.collect::<Vec<_>>(),
        "limits": limits.collect::<Vec<_>>(),
        "told": of.told.iter().map(words).collect::<Vec<_>>(),
    })
}
