//! Trade-offs as tables and JSON.

use super::scenario::OPEN;
use super::table::{Cell, Table, grouped};
use crate::balance::Thing;
use crate::diagnostic::{Lang, Words};
use crate::park::{Gas, Park};
use crate::quantity::{Dimension, significant};
use crate::scenario::{Conserved, Measure};
use crate::tradeoff::{Answer, Cost, Curve, Delta, Detail, Front, PartOf, Sign, Step, Tradeoff};
use serde_json::{Value, json};

/// One scenario against another, with its names.
#[derive(Debug)]
pub struct Named<'a> {
    /// Id of the scenario.
    pub scenario: &'a str,
    /// Its name in English and Chinese.
    pub title: (&'a str, &'a str),
    /// Id of the scenario that it is set against; none for the base year.
    pub against: Option<&'a str>,
    /// The year.
    pub year: u16,
    /// The park of the scenario.
    pub park: &'a Park,
    /// What it does.
    pub made: &'a Tradeoff,
    /// What is conserved in the scenario.
    pub conserved: &'a [Conserved],
}

/// The words of a gas.
fn gas(gas: Gas, lang: Lang) -> String {
    lang.pick(gas.label(), gas.label_zh())
}

/// The words of a measure.
fn words(measure: Measure, lang: Lang) -> String {
    let (en, zh) = measure.words();
    lang.pick(en, zh)
}

/// `−3,120`, with a sign always.
fn signed(value: f64) -> String {
    let decimals = if value.abs() < 10.0 { 2 } else { 0 };
    let text = grouped(value, decimals);
    match text.strip_prefix('-') {
        Some(rest) => format!("−{rest}"),
        None if value == 0.0 => text,
        None => format!("+{text}"),
    }
}

/// `SO2 −3,120 t, CO2e +8,700 t: cleans the air and raises CO2`.
#[must_use]
pub fn sign(sign: Sign, lang: Lang) -> String {
    let (en, zh) = sign.words();
    match sign {
        Sign::CleansAndRaises(of, pollutant, co2e)
        | Sign::BothFall(of, pollutant, co2e)
        | Sign::DirtiesAndLowers(of, pollutant, co2e)
        | Sign::BothRise(of, pollutant, co2e) => {
            let (name, p, c) = (gas(of, lang), signed(pollutant), signed(co2e));
            lang.pick(format!("{name} {p} t, CO2e {c} t: {en}"), format!("{name} {p} t，CO2e {c} t：{zh}"))
        }
        Sign::ImportedSwitch(inside, total) => {
            let (inside, total) = (signed(inside), signed(total));
            lang.pick(
                format!("CO2e {inside} t in the park, {total} t in all: {en}"),
                format!("园区内 CO2e {inside} t，合计 {total} t：{zh}"),
            )
        }
    }
}

/// One scenario as text.
#[must_use]
pub fn text(named: &Named, lang: Lang) -> String {
    let made = named.made;
    let title = lang.pick(named.title.0, named.title.1);
    let against = match named.against {
        Some(other) => other.to_owned(),
        None => lang.pick("the base year", "基准年").to_owned(),
    };
    let (scenario, year) = (named.scenario, named.year);
    let mut head = lang.pick(
        format!("{title} ({scenario}), against {against}, {year}\n"),
        format!("{title}（{scenario}），对比 {against}，{year}\n"),
    );
    for one in &made.signs {
        head.extend(["  ", &sign(*one, lang), "\n"]);
    }
    for (process, law) in &made.stopped {
        let law = law.words();
        let law = lang.pick(law.0, law.1);
        head += &lang.pick(
            format!("  {process} stops, with all that it gives: its activity follows others ({law})\n"),
            format!("  {process} 停运，其全部产出随之消失：其活动水平由他处决定（{law}）\n"),
        );
    }
    let changes = deltas(made, lang);
    if changes.rows.is_empty() {
        return head + lang.pick("nothing changes\n", "没有变化\n");
    }
    let mut blocks = vec![head, changes.to_text(), parts(made, lang).to_text()];
    let details = details(made, lang);
    if !details.rows.is_empty() {
        blocks.push(details.to_text());
    }
    if !made.sources.is_empty() {
        let each = made.sources.iter().map(|s| {
            let law = s.law.words();
            let (link, by, law) = (&s.link, &s.by, lang.pick(law.0, law.1));
            lang.pick(
                format!("power of {link} at the margin: {by} ({law})\n"),
                format!("{link} 的边际供电：{by}（{law}）\n"),
            )
        });
        blocks.push(each.collect::<String>());
    }
    if !made.uncounted.is_empty() {
        let list = made.uncounted.join(", ");
        blocks.push(lang.pick(
            format!("upstream not counted, for want of a factor: {list}\n"),
            format!("因缺少因子，上游未计入：{list}\n"),
        ));
    }
    let removed = removed(made, lang);
    if !removed.rows.is_empty() {
        blocks.push(removed.to_text());
    }
    if let Some(line) = conserved(named, lang) {
        blocks.push(line);
    }
    blocks.join("\n")
}

/// What the scenario adds to what the balances of the base year leave open, by thing; carriers of pools together.
fn conserved(named: &Named, lang: Lang) -> Option<String> {
    let mut worst: Vec<(String, f64)> = Vec::new();
    for one in named.conserved {
        let words = match one.thing {
            Thing::Carrier(_) => Words::new("carriers in pools", "汇集点的载体"),
            other => other.words(named.park),
        };
        let name = lang.pick(words.en, words.zh);
        match worst.iter_mut().find(|w| w.0 == name) {
            Some(known) => known.1 = known.1.max(one.added),
            None => worst.push((name, one.added)),
        }
    }
    if worst.is_empty() {
        return None;
    }
    let open: Vec<&str> = worst.iter().filter(|w| w.1 > OPEN).map(|w| &*w.0).collect();
    let (open, most) = (open.join(lang.pick(", ", "、")), significant(100.0 * OPEN, 2));
    let small = |share: f64| if share < 1e-9 { "0".to_owned() } else { significant(100.0 * share, 2) };
    let list = worst.iter().map(|(name, share)| format!("{name} {} %", small(*share)));
    let list = list.collect::<Vec<_>>().join(lang.pick(", ", "，"));
    let finding = if open.is_empty() {
        lang.pick("conserved".to_owned(), "守恒".to_owned())
    } else {
        lang.pick(
            format!("not conserved: {open} opens by more than {most} %"),
            format!("不守恒：{open}的缺口超过 {most} %"),
        )
    };
    Some(lang.pick(
        format!("{finding}; added to what the base year leaves open: {list}\n"),
        format!("{finding}；在基准年不闭合量之外增加：{list}\n"),
    ))
}

/// What each measure does.
fn deltas(made: &Tradeoff, lang: Lang) -> Table {
    let say = |en, zh| lang.pick(en, zh);
    let mut table = Table::new(
        say("What changes in a year", "年变化量"),
        &[
            ("measure", say("of", "对象")),
            ("before", say(">before", ">原值")),
            ("inside", say(">inside the fence", ">园区内")),
            ("outside", say(">outside", ">园区外")),
            ("total", say(">in all", ">合计")),
            ("percent", say(">%", ">%")),
            ("unit", say("unit", "单位")),
        ],
    );
    let moved = |d: &&Delta| d.inside.abs().max(d.outside.abs()) > 1e-9 * d.before.abs();
    for d in made.deltas.iter().filter(moved) {
        let percent = (d.before != 0.0).then(|| 100.0 * d.total() / d.before);
        table.rows.push(vec![
            Cell::Text(words(d.measure, lang)),
            Cell::Number(d.before, 1),
            Cell::Number(d.inside, 1),
            Cell::Number(d.outside, 1),
            Cell::Number(d.total(), 1),
            Cell::maybe(percent, 2),
            Cell::Text(d.measure.unit().to_owned()),
        ]);
    }
    table
}

/// CO2e by part.
fn parts(made: &Tradeoff, lang: Lang) -> Table {
    let say = |en, zh| lang.pick(en, zh);
    let mut table = Table::new(
        say("CO2e by part, t CO2e", "CO2e 分项，t CO2e"),
        &[
            ("part", say("part", "分项")),
            ("inside", say(">inside the fence", ">园区内")),
            ("outside", say(">outside", ">园区外")),
            ("total", say(">in all", ">合计")),
        ],
    );
    for part in &made.parts {
        let name = part.part.words();
        let number = |value| if part.counted { Cell::Number(value, 1) } else { Cell::NotAvailable };
        table.rows.push(vec![
            Cell::Text(lang.pick(name.0, name.1).to_owned()),
            number(part.inside),
            number(part.outside),
            number(part.total()),
        ]);
    }
    let (inside, outside) = made.delta(Measure::Co2e).map_or((0.0, 0.0), |delta| (delta.inside, delta.outside));
    table.rows.push(vec![
        Cell::Text(say("re-solved total", "重新求解的合计").to_owned()),
        Cell::Number(inside, 1),
        Cell::Number(outside, 1),
        Cell::Number(inside + outside, 1),
    ]);
    table
}

/// A quantity as people read it: power in MWh.
fn shown(detail: &Detail) -> (f64, f64, String) {
    let power = detail.link.ends_with(":electricity") && detail.dimension == Dimension::ENERGY;
    if power {
        (detail.quantity / 3.6, 3.6, "MWh".to_owned())
    } else {
        (detail.quantity, 1.0, detail.dimension.to_string())
    }
}

fn details(made: &Tradeoff, lang: Lang) -> Table {
    let say = |en, zh| lang.pick(en, zh);
    let mut table = Table::new(
        say("Flows behind the parts", "分项所依据的流量"),
        &[
            ("part", say("part", "分项")),
            ("link", say("flow", "流量")),
            ("quantity", say(">change", ">变化")),
            ("unit", say("unit", "单位")),
            ("intensity", say(">t CO2e per unit", ">t CO2e/单位")),
        ],
    );
    for detail in &made.details {
        let (quantity, per, unit) = shown(detail);
        let name = detail.part.words();
        table.rows.push(vec![
            Cell::Text(lang.pick(name.0, name.1).to_owned()),
            Cell::Text(detail.link.clone()),
            Cell::Number(quantity, 1),
            Cell::Text(unit),
            Cell::maybe(detail.intensity.map(|i| i * per), 4),
        ]);
    }
    table
}

fn removed(made: &Tradeoff, lang: Lang) -> Table {
    let say = |en, zh| lang.pick(en, zh);
    let mut table = Table::new(
        say("CO2e that comes with what is removed, kg CO2e per kg", "每去除 1 kg 污染物伴随的 CO2e，kg CO2e/kg"),
        &[
            ("pollutant", say("pollutant", "污染物")),
            ("removed", say(">t removed", ">去除量 t")),
            ("total", say(">in all", ">合计")),
            ("inside", say(">inside the fence", ">园区内")),
        ],
    );
    for one in &made.removed {
        table.rows.push(vec![
            Cell::Text(gas(one.gas, lang)),
            Cell::Number(one.mass, 1),
            Cell::Number(one.total, 3),
            Cell::Number(one.inside, 3),
        ]);
    }
    table
}

/// The largest answers of a measure.
#[must_use]
pub fn marginal(answers: &[Answer], measure: Measure, top: usize, lang: Lang) -> String {
    let say = |en, zh| lang.pick(en, zh);
    let mut order: Vec<&Answer> = answers.iter().collect();
    let size = |a: &Answer| a.per_percent().abs().max(a.per_percent_inside().abs());
    order.sort_by(|a, b| size(b).total_cmp(&size(a)).then_with(|| a.of.cmp(&b.of)));
    let (many, all) = (top.min(order.len()), order.len());
    let (what, unit) = (words(measure, lang), measure.unit());
    let mut table = Table::new(
        lang.pick(
            format!("Marginal values: change of {what} in {unit} ({many} of {all}, largest first)"),
            format!("边际值：{what} 的变化，{unit}（{all} 项中的 {many} 项，按大小排列）"),
        ),
        &[
            ("kind", say("what", "类型")),
            ("of", say("of", "对象")),
            ("size", say(">it is", ">现值")),
            ("unit", say("unit", "单位")),
            ("per_percent", say(">for 1 % more", ">增加 1 %")),
            ("per_percent_inside", say(">inside the fence", ">园区内")),
            ("per_unit", say(">for one unit more", ">增加一单位")),
        ],
    );
    if order.is_empty() {
        return lang.pick(format!("Nothing that is given moves {what}.\n"), format!("给定的量均不影响 {what}。\n"));
    }
    for answer in order.into_iter().take(top) {
        let kind = answer.kind.words();
        table.rows.push(vec![
            Cell::Text(lang.pick(kind.0, kind.1).to_owned()),
            Cell::Text(answer.of.clone()),
            Cell::Number(answer.size, 1),
            Cell::Text(answer.dimension.to_string()),
            Cell::Number(answer.per_percent(), 1),
            Cell::Number(answer.per_percent_inside(), 1),
            Cell::Number(answer.per_unit, 5),
        ]);
    }
    table.to_text()
}

/// The points of a front; the whole grid, if `all` is asked for.
#[must_use]
pub fn front(name: &str, front: &Front, all: bool, lang: Lang) -> String {
    let say = |en, zh| lang.pick(en, zh);
    let (best, many) = (front.points.iter().filter(|p| p.best).count(), front.points.len());
    let unsolved = front.points.iter().filter(|p| p.deltas.is_none()).count();
    let mut table = Table::new(
        lang.pick(
            format!("Pareto front of {name}: {best} of {many} points, changes against the base year"),
            format!("{name} 的帕累托前沿：{many} 个点中的 {best} 个，相对基准年的变化"),
        ),
        &[],
    );
    for axis in &front.axes {
        table.number_column("level", axis.clone());
    }
    for measure in &front.measures {
        table.number_column("delta", format!("{}, {}", words(*measure, lang), measure.unit()));
    }
    if all {
        table.columns.push(super::table::Column {
            key: "best",
            title: say("front", "前沿").to_owned(),
            align: super::table::Align::Left,
        });
    }
    for point in front.points.iter().filter(|p| all || p.best) {
        let mut row: Vec<Cell> = point.levels.iter().map(|l| Cell::Number(*l, 4)).collect();
        match &point.deltas {
            Some(deltas) => row.extend(deltas.iter().map(|d| Cell::Number(*d, 1))),
            None => row.extend(front.measures.iter().map(|_| Cell::NotAvailable)),
        }
        if all {
            row.push(Cell::Text(if point.best { "*".to_owned() } else { String::new() }));
        }
        table.rows.push(row);
    }
    let mut text = if table.rows.is_empty() { String::new() } else { table.to_text() };
    if unsolved > 0 {
        text += &lang.pick(
            format!("{unsolved} points have no solution within the limits.\n"),
            format!("{unsolved} 个点在限值内无解。\n"),
        );
    }
    text
}

fn cost(step: &Step, lang: Lang) -> (Cell, Cell) {
    match step.cost {
        Cost::Known(cost) => (Cell::Number(cost, 0), Cell::maybe(step.per_tonne(), 1)),
        Cost::Partly(_, without) => {
            let words = lang.pick(format!("{without} without price"), format!("{without} 项无价格"));
            (Cell::Text(words), Cell::NotAvailable)
        }
        Cost::Unknown => (Cell::Text(lang.pick("no price", "无价格").to_owned()), Cell::NotAvailable),
    }
}

/// The curve.
#[must_use]
pub fn curve(curve: &Curve, lang: Lang) -> String {
    let say = |en, zh| lang.pick(en, zh);
    let columns = [
        ("step", say(">step", ">步")),
        ("measure", say("measure", "措施")),
        ("alone", say(">alone", ">单独")),
        ("saving", say(">in this order", ">按此顺序")),
        ("inside", say(">inside the fence", ">其中园区内")),
        ("cumulative", say(">cumulative", ">累计")),
        ("cost", say(">cost, RMB", ">成本，元")),
        ("per_tonne", say(">RMB per t", ">元/t")),
        ("by", say("chosen by", "依据")),
    ];
    let mut table = Table::new(
        say(
            "Abatement curve: CO2e saved, t, solved again after each step",
            "减排成本曲线：CO2e 减排量，t，逐步重新求解",
        ),
        &columns,
    );
    let row = |number: Cell, step: &Step, by: &str| {
        let (cost, per_tonne) = cost(step, lang);
        vec![
            number,
            Cell::Text(step.measure.clone()),
            Cell::Number(step.alone, 1),
            Cell::Number(step.saving, 1),
            Cell::Number(step.inside, 1),
            Cell::Number(step.cumulative, 1),
            cost,
            per_tonne,
            Cell::Text(by.to_owned()),
        ]
    };
    for (i, step) in curve.steps.iter().enumerate() {
        let by = if step.by_cost { say("cost", "成本") } else { say("saving", "减排量") };
        table.rows.push(row(Cell::Number((i + 1) as f64, 0), step, by));
    }
    for step in &curve.left {
        table.rows.push(row(Cell::Empty, step, say("saves nothing: not taken", "不减排，未采用")));
    }
    let mut text = table.to_text();
    if !curve.clash.is_empty() {
        let names = curve.clash.join(", ");
        text += &lang.pick(
            format!("cannot be combined with those before: {names}\n"),
            format!("无法与前面的措施组合：{names}\n"),
        );
    }
    text
}

/// One scenario as JSON.
#[must_use]
pub fn to_json(named: &Named, lang: Lang) -> Value {
    let made = named.made;
    let deltas = made.deltas.iter().map(|d| {
        json!({
            "measure": d.measure.id(), "unit": d.measure.unit(), "before": d.before, "before_inside": d.before_inside,
            "inside": d.inside, "outside": d.outside, "total": d.total(),
        })
    });
    // Null where nothing is counted: nobody knows how much it is.
    let known = |p: &PartOf, value: f64| p.counted.then_some(value);
    let parts = made.parts.iter().map(|p| {
        json!({
            "part": p.part.id(), "inside": known(p, p.inside), "outside": known(p, p.outside),
            "total": known(p, p.total()),
        })
    });
    let stopped = made.stopped.iter().map(|s| json!({ "process": s.0, "law": s.1.words().0 }));
    let details = made.details.iter().map(|d| {
        json!({
            "part": d.part.id(), "flow": d.link, "quantity": d.quantity, "unit": d.dimension.to_string(),
            "t_co2e_per_unit": d.intensity,
        })
    });
    let sources = made.sources.iter().map(|s| json!({ "flow": s.link, "by": s.by, "law": s.law.words().0 }));
    let removed = made.removed.iter().map(|r| {
        json!({ "pollutant": r.gas.id(), "t": r.mass, "kg_co2e_per_kg": r.total, "kg_co2e_per_kg_inside": r.inside })
    });
    let conserved = named
        .conserved
        .iter()
        .map(|c| json!({ "of": c.thing.words(named.park).en, "balances": c.balances, "added": c.added, "finding": c.added > OPEN }));
    json!({
        "scenario": named.scenario,
        "title": lang.pick(named.title.0, named.title.1),
        "against": named.against,
        "year": named.year,
        "changes": deltas.collect::<Vec<_>>(),
        "co2e_by_part": parts.collect::<Vec<_>>(),
        "flows": details.collect::<Vec<_>>(),
        "power_at_the_margin": sources.collect::<Vec<_>>(),
        "upstream_not_counted": made.uncounted,
        "stopped": stopped.collect::<Vec<_>>(),
        "removed": removed.collect::<Vec<_>>(),
        "signs": made.signs.iter().map(|s| sign(*s, lang)).collect::<Vec<_>>(),
        "conserved": conserved.collect::<Vec<_>>(),
    })
}

/// Marginal values as JSON.
#[must_use]
pub fn marginal_json(answers: &[Answer], measure: Measure) -> Value {
    let list = answers.iter().map(|a| {
        json!({
            "kind": a.kind.id(), "of": a.of, "size": a.size, "unit": a.dimension.to_string(), "per_unit": a.per_unit,
            "per_unit_inside": a.per_unit_inside, "per_percent": a.per_percent(),
            "per_percent_inside": a.per_percent_inside(),
        })
    });
    json!({ "measure": measure.id(), "unit": measure.unit(), "answers": list.collect::<Vec<_>>() })
}

/// A front as JSON: every point.
#[must_use]
pub fn front_json(name: &str, front: &Front) -> Value {
    let points = front.points.iter().map(|p| json!({ "levels": p.levels, "changes": p.deltas, "front": p.best }));
    json!({
        "scenario": name,
        "axes": front.axes,
        "measures": front.measures.iter().map(|m| m.id()).collect::<Vec<_>>(),
        "points": points.collect::<Vec<_>>(),
    })
}

/// A curve as JSON.
#[must_use]
pub fn curve_json(curve: &Curve) -> Value {
    let step = |s: &Step| {
        let (cost, without) = match s.cost {
            Cost::Known(cost) => (Some(cost), Some(0)),
            Cost::Partly(cost, without) => (Some(cost), Some(without)),
            Cost::Unknown => (None, None),
        };
        json!({
            "measure": s.measure, "alone": s.alone, "saving": s.saving, "inside": s.inside, "cumulative": s.cumulative,
            "cost": cost, "flows_without_price": without, "cost_per_t": s.per_tonne(),
            "chosen_by": if s.by_cost { "cost" } else { "saving" },
        })
    };
    json!({
        "steps": curve.steps.iter().map(step).collect::<Vec<_>>(),
        "not_taken": curve.left.iter().map(step).collect::<Vec<_>>(),
        "clash": curve.clash,
    })
}
