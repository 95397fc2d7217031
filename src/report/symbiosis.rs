//! Savings of exchanges as tables and JSON.

use super::table::{Cell, Table};
use crate::diagnostic::Lang;
use crate::park::{CarrierId, EnterpriseId, Gas, Park, Status};
use crate::scenario::{Carried, Measure, Model, Place, Results};
use crate::symbiosis::association::{Association, Missing, Readings, association, structure};
use crate::symbiosis::attribution::{Rule, side_by_side};
use crate::symbiosis::savings::{ExchangeSaving, Savings, Side, text as name};
use crate::symbiosis::shapley::Shares;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// What is shown, and how.
#[derive(Clone, Copy)]
pub struct Shown<'a> {
    /// The park.
    pub park: &'a Park,
    /// The model of its year.
    pub model: &'a Model,
    /// The savings.
    pub savings: &'a Savings,
    /// What is shared.
    pub measure: Measure,
    /// The language.
    pub lang: Lang,
}

/// What every table of exchanges shows beside the measure that is asked for.
const BESIDE: [Measure; 4] =
    [Measure::Energy, Measure::Gas(Gas::FreshWater), Measure::Gas(Gas::SolidWaste), Measure::Gas(Gas::So2)];

/// The measures that savings are of; CO2e is there even where nothing emits.
#[must_use]
pub fn measures(savings: &Savings) -> Vec<Measure> {
    let mut list: Vec<Measure> = savings.quantities.iter().map(|q| q.0).chain([Measure::Co2e]).collect();
    list.sort_unstable();
    list.dedup();
    list
}

/// An exchange by its number in the table, from 1, or its name.
#[must_use]
pub fn exchange(park: &Park, savings: &Savings, id: &str) -> Option<usize> {
    let id = id.trim();
    if let Ok(n) = id.parse::<usize>() {
        return n.checked_sub(1).filter(|&at| at < savings.exchanges.len());
    }
    savings.exchanges.iter().position(|e| name(park, e.exchange) == id)
}

/// The whole report, or one exchange in detail.
#[must_use]
pub fn text(shown: &Shown, one: Option<usize>) -> String {
    if let Some(at) = one {
        return detail(shown, at);
    }
    let lang = shown.lang;
    let running = exchanges(shown, Status::Existing);
    let running = if running.rows.is_empty() {
        lang.pick("No exchange that runs can be looked at.\n", "没有可计算的现有交换。\n").to_owned()
    } else {
        running.to_text()
    };
    let mut parts =
        vec![head(shown), if shown.savings.players.is_empty() { running } else { running + &sum_line(shown) }];
    let words = words(shown);
    if !words.is_empty() {
        parts.push(words);
    }
    let candidates = exchanges(shown, Status::Candidate);
    if !candidates.rows.is_empty() {
        parts.push(candidates.to_text());
    }
    let tables = [enterprises(shown), attributions(shown), left_out(shown)];
    parts.extend(tables.into_iter().filter(|t| !t.rows.is_empty()).map(|t| t.to_text()));
    parts.push(indicators(shown).to_text());
    parts.join("\n")
}

fn head(shown: &Shown) -> String {
    let Shown { park, savings, lang, .. } = shown;
    let title = lang.pick(&park.label.name_en, &park.label.name_zh);
    let (id, year) = (&park.label.id, savings.year);
    lang.pick(
        format!(
            "{title} ({id}), {year}\nWhat exchanges spare the park and the world outside, with final demands fixed. These savings stand beside the inventory; they are not subtracted from it.\n"
        ),
        format!("{title}（{id}），{year} 年\n在最终需求不变时，各项交换使园区及园区外少产生的量。节约量列于清单之旁，不从清单中扣除。\n"),
    )
}

/// The title of a measure with its unit.
fn titled(measure: Measure, lang: Lang) -> String {
    let (en, zh) = measure.words();
    let unit = measure.unit();
    let words = lang.pick(en, zh);
    if unit.ends_with(&words) {
        unit.to_owned()
    } else {
        lang.pick(format!("{words}, {unit}"), format!("{words}（{unit}）"))
    }
}

/// Decimals that a saving of a size is shown with.
fn decimals(measure: Measure) -> usize {
    match measure {
        Measure::Cost => 0,
        _ => 1,
    }
}

fn exchanges(shown: &Shown, status: Status) -> Table {
    let Shown { park, savings, measure, lang, .. } = *shown;
    let say = |en, zh| lang.pick(en, zh);
    let what = titled(measure, lang);
    let runs = status == Status::Existing;
    let title = if runs {
        lang.pick(format!("Exchanges: savings of {what}"), format!("交换：节约的 {what}"))
    } else {
        lang.pick(
            format!("Candidates: what each would save beside the exchanges that run, {what}"),
            format!("候选交换：在现有交换之外各自可节约的 {what}"),
        )
    };
    let sampled = savings.shares.standard_error.is_some();
    let plays = savings.exchanges.iter().any(|e| e.status == status && e.player.is_some());
    let mut table = Table::new(
        title,
        &[
            ("number", say(">no", ">序号")),
            ("exchange", say("exchange", "交换")),
            ("quantity", say(">quantity", ">数量")),
            ("unit", say("unit", "单位")),
        ],
    );
    table.number_column("last_in", if runs { say("last in", "末位") } else { say("added", "新增") });
    if plays {
        table.number_column("first_in", say("first in", "首位"));
        table.number_column("shapley", say("Shapley", "沙普利值"));
        if sampled {
            table.number_column("standard_error", say("± se", "± 标准误"));
        }
    }
    table.number_column("inside", say("inside", "园区内"));
    table.number_column("outside", say("outside", "园区外"));
    let beside: Vec<Measure> = BESIDE.into_iter().filter(|m| *m != measure).collect();
    for m in &beside {
        table.number_column("beside", titled(*m, lang));
    }
    for (at, e) in savings.exchanges.iter().enumerate().filter(|(_, e)| e.status == status) {
        let digits = decimals(measure);
        let mut row = vec![
            Cell::Number((at + 1) as f64, 0),
            Cell::Text(name(park, e.exchange)),
            Cell::Number(e.quantity, 0),
            Cell::Text(e.dimension.to_string()),
            Cell::Number(e.saved.total(measure), digits),
        ];
        if plays {
            let of = |values: &[Vec<f64>]| {
                let value = e.player.and_then(|p| values.get(p)).map(|v| savings.sum(v, measure, |_| true));
                value.map_or(Cell::Empty, |v| Cell::Number(v, digits))
            };
            row.push(of(&savings.shares.first_in));
            row.push(of(&savings.shares.shapley));
            if let Some(errors) = &savings.shares.standard_error {
                row.push(error_of(savings, e.player.and_then(|p| errors.get(p)), measure));
            }
        }
        row.push(Cell::Number(e.saved.inside(measure), digits));
        row.push(Cell::Number(e.saved.outside(measure), digits));
        row.extend(beside.iter().map(|m| Cell::Number(e.saved.total(*m), decimals(*m))));
        table.rows.push(row);
    }
    table
}

/// The standard error of a sum over sides: at most the sum of theirs, since they are drawn together.
fn error_of(savings: &Savings, errors: Option<&Vec<f64>>, measure: Measure) -> Cell {
    let sum = errors.map(|e| savings.sum(e, measure, |_| true));
    sum.map_or(Cell::Empty, |v| Cell::Number(v, decimals(measure) + 1))
}

/// The sum of the shares is the total.
fn sum_line(shown: &Shown) -> String {
    let Shown { savings, measure, lang, .. } = *shown;
    let total = |which: fn(Side) -> bool| {
        super::table::grouped(savings.sum(&savings.shares.total, measure, which), decimals(measure))
    };
    let (all, inside, outside) = (total(|_| true), total(|s| s == Side::Inside), total(|s| s != Side::Inside));
    let what = titled(measure, lang);
    let count = savings.players.len();
    let made = match savings.shares.orders {
        0 => lang.pick("all coalitions were valued".to_owned(), "已计算全部联盟".to_owned()),
        n => {
            let seed = savings.options.seed;
            lang.pick(
                format!("{n} orders drawn, seed {seed}; se is the standard error"),
                format!("抽取 {n} 个次序，种子 {seed}"),
            )
        }
    };
    lang.pick(
        format!("All {count} together against none: {all} ({what}); inside {inside}, outside {outside}. The Shapley values add up to it ({made}); savings last in or first in do not.\n"),
        format!("全部 {count} 项与一项也没有相比：{all}（{what}）；园区内 {inside}，园区外 {outside}。沙普利值之和等于该数（{made}）；末位、首位节约量不可相加。\n"),
    )
}

/// What must be said in words: what hurts, what is not whole, what is not counted.
fn words(shown: &Shown) -> String {
    let Shown { park, savings, lang, .. } = *shown;
    let mut lines = Vec::new();
    // Carriers whose purchase moves with exchanges that do not displace them.
    let mut beside: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for e in &savings.exchanges {
        let who = name(park, e.exchange);
        let displaced =
            |c: CarrierId| e.carried.iter().any(|l| l.displaced.is_some_and(|d| shown.model.links[d.0].carrier == c));
        let (whole, other): (Vec<CarrierId>, Vec<CarrierId>) = e.uncounted.iter().partition(|c| displaced(**c));
        for c in other {
            beside.entry(&park.carrier(c).label.id).or_default().push(who.clone());
        }
        let list: Vec<&str> = whole.iter().map(|c| &*park.carrier(*c).label.id).collect();
        let list = list.join(", ");
        if e.hurts() {
            let co2e = super::table::grouped(-e.saved.total(Measure::Co2e), 1);
            let good = beside_co2e(e, lang);
            let why = if list.is_empty() {
                String::new()
            } else {
                lang.pick(
                    format!(
                        " as far as it is counted: no factor counts the making of {list} outside, which it displaces"
                    ),
                    format!("（仅就已计部分：所替代的 {list} 在园区外生产，没有可用因子）"),
                )
            };
            lines.push(lang.pick(
                format!("{who} hurts{why}: {co2e} t CO2e more with it than without{good}."),
                format!("{who} 得不偿失{why}：有它比没有它多 {co2e} t CO2e{good}。"),
            ));
        } else if !list.is_empty() {
            lines.push(lang.pick(
                format!(
                    "{who}: outside the fence incomplete, no factor counts the making of {list}, which it displaces."
                ),
                format!("{who}：园区外部分不完整，所替代的 {list} 的生产没有可用因子。"),
            ));
        }
    }
    for (carrier, list) in beside {
        let list = list.join(", ");
        lines.push(lang.pick(
            format!("No factor counts the making of {carrier}, whose purchase moves with {list}."),
            format!("{carrier} 的生产没有可用因子，其外购量随下列交换变动：{list}。"),
        ));
    }
    let not: Vec<String> =
        savings.exchanges.iter().filter(|e| e.freight == Some(false)).map(|e| name(park, e.exchange)).collect();
    if !not.is_empty() {
        let list = not.join(", ");
        lines.push(match &savings.options.freight {
            Some(_) => lang.pick(
                format!("Freight not counted (no mass, or through pipes): {list}."),
                format!("未计运输（无质量，或经管道）：{list}。"),
            ),
            None => lang.pick(
                "Freight not counted: exchanges.csv states distances but no means of transport (--freight MEANS)."
                    .to_owned(),
                "未计运输：exchanges.csv 只有运距，没有运输方式（--freight 方式）。".to_owned(),
            ),
        });
    }
    let conditioned: Vec<String> = savings
        .exchanges
        .iter()
        .filter_map(|e| {
            park.exchanges[e.exchange].conditioning.as_ref().map(|c| format!("{} ({c})", name(park, e.exchange)))
        })
        .collect();
    if !conditioned.is_empty() {
        let list = conditioned.join(", ");
        lines.push(lang.pick(
            format!("Conditioning not counted unless a flow of its process is: {list}."),
            format!("未单独计算处理环节（除非其工序流量已计入）：{list}。"),
        ));
    }
    if lines.is_empty() { String::new() } else { lines.join("\n") + "\n" }
}

/// What an exchange that hurts saves all the same.
fn beside_co2e(e: &ExchangeSaving, lang: Lang) -> String {
    let parts: Vec<String> = BESIDE
        .into_iter()
        .filter(|m| e.saved.total(*m) > 0.05)
        .map(|m| {
            let ((en, zh), value) = (m.words(), super::table::grouped(e.saved.total(m), 1));
            let unit = m.unit();
            lang.pick(format!("{value} {unit} of {en}"), format!("{zh} {value} {unit}"))
        })
        .collect();
    if parts.is_empty() {
        return String::new();
    }
    lang.pick(format!("; it saves {}", parts.join(", ")), format!("；节约{}", parts.join("、")))
}

fn enterprise_name(shown: &Shown, e: EnterpriseId) -> String {
    let label = &shown.park.enterprise(e).label;
    format!("{} {}", label.id, shown.lang.pick(&label.name_en, &label.name_zh))
}

fn enterprises(shown: &Shown) -> Table {
    let Shown { savings, measure, lang, .. } = *shown;
    let say = |en, zh| lang.pick(en, zh);
    let what = titled(measure, lang);
    let shares = &savings.of_enterprises;
    let mut table = Table::new(
        lang.pick(
            format!("Enterprises: an exchange runs if both of its ends take part, {what}"),
            format!("企业：双方均参与时交换才运行，{what}"),
        ),
        &[
            ("enterprise", say("enterprise", "企业")),
            ("last_in", say(">last in", ">末位")),
            ("first_in", say(">first in", ">首位")),
            ("shapley", say(">Shapley", ">沙普利值")),
        ],
    );
    if shares.standard_error.is_some() {
        table.number_column("standard_error", say("± se", "± 标准误"));
    }
    for (p, &e) in savings.enterprises.iter().enumerate() {
        let of = |values: &Vec<Vec<f64>>| Cell::Number(savings.sum(&values[p], measure, |_| true), decimals(measure));
        let mut row =
            vec![Cell::Text(enterprise_name(shown, e)), of(&shares.last_in), of(&shares.first_in), of(&shares.shapley)];
        if let Some(errors) = &shares.standard_error {
            row.push(error_of(savings, errors.get(p), measure));
        }
        table.rows.push(row);
    }
    table
}

fn attributions(shown: &Shown) -> Table {
    let Shown { park, savings, measure, lang, .. } = *shown;
    let say = |en, zh| lang.pick(en, zh);
    let what = titled(measure, lang);
    let mut table = Table::new(
        lang.pick(
            format!("Whose it is, by three rules side by side (take one for all exchanges): donor / receiver, {what}"),
            format!("归属：三种规则并列（全园取其一），供方 / 受方，{what}"),
        ),
        &[
            ("exchange", say("exchange", "交换")),
            ("cut_off_donor", say(">cut-off donor", ">截断 供方")),
            ("cut_off_receiver", say(">receiver", ">受方")),
            ("half_donor", say(">50/50 donor", ">各半 供方")),
            ("half_receiver", say(">receiver", ">受方")),
            ("substitution_donor", say(">substitution donor", ">替代 供方")),
            ("substitution_receiver", say(">receiver", ">受方")),
            ("direct", say(">direct", ">直接")),
            ("network", say(">network", ">网络")),
        ],
    );
    for e in &savings.exchanges {
        let part = e.parts.get(&measure).copied().unwrap_or_default();
        let Some(rules) = side_by_side(&part) else { continue };
        let digits = decimals(measure);
        let direct = e.direct.get(&measure).copied().unwrap_or_default();
        let mut row = vec![Cell::Text(name(park, e.exchange))];
        row.extend(rules.iter().flat_map(|r| [Cell::Number(r.donor, digits), Cell::Number(r.receiver, digits)]));
        row.push(Cell::Number(direct, digits));
        row.push(Cell::Number(e.saved.total(measure) - direct, digits));
        table.rows.push(row);
    }
    table
}

fn left_out(shown: &Shown) -> Table {
    let Shown { park, savings, lang, .. } = *shown;
    let mut table = Table::new(
        lang.pick("Exchanges that are not looked at", "未计算的交换"),
        &[("exchange", lang.pick("exchange", "交换")), ("why", lang.pick("why", "原因"))],
    );
    for l in &savings.left_out {
        table
            .rows
            .push(vec![Cell::Text(name(park, l.exchange)), Cell::Text(lang.pick(l.why.en.clone(), l.why.zh.clone()))]);
    }
    table
}

/// The readings with their keys and names.
type Reading = (&'static str, &'static str, &'static str, fn(&Readings) -> Result<f64, Missing>);

const READINGS: [Reading; 6] = [
    (
        "association_a",
        "association degree A: output of linked enterprises, %",
        "产业关联度 A：关联企业产值占比（%）",
        |r| r.a,
    ),
    ("association_b", "association degree B: linked enterprises, %", "产业关联度 B：关联企业数占比（%）", |r| r.b),
    (
        "association_c",
        "association degree C: directed links of those possible",
        "产业关联度 C：有向关联数 / 可能数",
        |r| r.c,
    ),
    (
        "association_d",
        "association degree D: mass passed of material taken in",
        "产业关联度 D：企业间物料 / 物料投入",
        |r| r.d,
    ),
    (
        "eco_connectance",
        "eco-connectance: linked pairs of those possible",
        "生态连接度：关联企业对 / 可能数",
        |r| r.eco_connectance,
    ),
    ("exchange_density", "exchanges for each enterprise", "每家企业的交换数", |r| r.exchange_density),
];

fn indicators(shown: &Shown) -> Table {
    let lang = shown.lang;
    let Association { wide, strict, .. } = association(&structure(shown.park, shown.savings.year));
    let mut table = Table::new(
        lang.pick("How closely the enterprises are linked", "企业关联程度"),
        &[
            ("indicator", lang.pick("indicator", "指标")),
            ("wide", lang.pick(">any link", ">任何关联")),
            ("strict", lang.pick(">by-products only", ">仅副产物")),
        ],
    );
    for (_, en, zh, of) in READINGS {
        let cell = |r: &Readings| match of(r) {
            Ok(value) => Cell::Number(value, 3),
            Err(missing) => Cell::Text(no_reading(missing, lang).to_owned()),
        };
        table.rows.push(vec![Cell::Text(lang.pick(en, zh).to_owned()), cell(&wide), cell(&strict)]);
    }
    table
}

/// Why there is no reading.
fn no_reading(missing: Missing, lang: Lang) -> &'static str {
    match missing {
        Missing::NoEnterprise => lang.pick("n/a: no enterprise", "n/a：没有企业"),
        Missing::FewerThanTwo => lang.pick("n/a: one enterprise", "n/a：只有一家企业"),
        Missing::Output => lang.pick("n/a: output not stated", "n/a：未写产值"),
        Missing::NoOutput => lang.pick("n/a: output is 0", "n/a：产值为 0"),
        Missing::OutputExceeded => lang.pick("n/a: output above that of the park", "n/a：产值之和超过园区"),
        Missing::MaterialInput => lang.pick("n/a: material not all measured", "n/a：物料未全部计量"),
        Missing::NoMaterialInput => lang.pick("n/a: no material taken in", "n/a：没有物料投入"),
        Missing::InputExceeded => lang.pick("n/a: more passed than taken in", "n/a：流转超过投入"),
        Missing::NotANumber => lang.pick("n/a: not a number", "n/a：不是数"),
    }
}

fn place(park: &Park, place: Place, lang: Lang) -> String {
    match place {
        Place::Enterprise(e) => park.enterprise(e).label.id.to_string(),
        Place::EnergyOutside => lang.pick("outside: power and heat", "园区外：电与热").to_owned(),
        Place::ChainOutside => lang.pick("outside: upstream and downstream", "园区外：上下游").to_owned(),
    }
}

/// One exchange: what it displaces, where it would go, what moves, and each result by place.
fn detail(shown: &Shown, at: usize) -> String {
    let Shown { park, model, savings, lang, .. } = *shown;
    let e = &savings.exchanges[at];
    let x = &park.exchanges[e.exchange];
    let mut out = format!("{}\n", name(park, e.exchange));
    for Carried { link, displaced, sink, .. } in &e.carried {
        let of = |l: usize| model.links[l].text(park);
        let displaces = displaced.map_or_else(
            || lang.pick("nothing", "无").to_owned(),
            |(l, ratio)| {
                lang.pick(
                    format!("{} (ratio {})", of(l), crate::quantity::significant(ratio, 6)),
                    format!("{}（替代比 {}）", of(l), crate::quantity::significant(ratio, 6)),
                )
            },
        );
        let goes = sink.map_or_else(|| lang.pick("is not made", "不产生").to_owned(), of);
        let link = of(*link);
        out += &lang.pick(
            format!("{link}\n  displaces: {displaces}\n  without it: {goes}\n"),
            format!("{link}\n  替代：{displaces}\n  若无此交换：{goes}\n"),
        );
    }
    let freight = match (e.freight, x.distance_km) {
        (Some(true), Some(km)) => lang.pick(format!("freight counted, {km} km"), format!("已计运输，{km} km")),
        (_, Some(km)) => lang.pick(format!("freight not counted, {km} km"), format!("未计运输，{km} km")),
        _ => lang.pick("no distance stated", "未写运距").to_owned(),
    };
    out += "  ";
    out += &freight;
    out += "\n";
    if let Some(what) = &x.conditioning {
        out += &lang
            .pick(format!("  conditioning not counted apart: {what}\n"), format!("  未单独计算处理环节：{what}\n"));
    }
    let mut moved = Table::new(
        lang.pick("Links that move", "变动的流量"),
        &[
            ("link", lang.pick("link", "流量")),
            ("without", lang.pick(">without it", ">无此交换")),
            ("with", lang.pick(">with it", ">有此交换")),
            ("change", lang.pick(">change", ">变化")),
            ("unit", lang.pick("unit", "单位")),
            ("law", lang.pick("why", "依据")),
        ],
    );
    for m in &e.moved {
        let link = &model.links[m.link];
        let law = model.of_link(m.link).law.words();
        moved.rows.push(vec![
            Cell::Text(link.text(park)),
            Cell::Number(m.without, 1),
            Cell::Number(m.with, 1),
            Cell::Number(m.with - m.without, 1),
            Cell::Text(link.dimension.to_string()),
            Cell::Text(lang.pick(law.0, law.1).to_owned()),
        ]);
    }
    let mut results = Table::new(
        lang.pick("What it saves, by place", "各处节约量"),
        &[
            ("measure", lang.pick("of", "对象")),
            ("place", lang.pick("where", "何处")),
            ("saved", lang.pick(">saved", ">节约")),
            ("unit", lang.pick("unit", "单位")),
        ],
    );
    for ((m, at), value) in e.saved.0.iter().filter(|(_, v)| v.abs() > 1e-9) {
        let (en, zh) = m.words();
        let side = if place_is(x.from, *at) {
            lang.pick(" (donor)", "（供方）")
        } else if place_is(x.to, *at) {
            lang.pick(" (receiver)", "（受方）")
        } else {
            ""
        };
        results.rows.push(vec![
            Cell::Text(lang.pick(en, zh)),
            Cell::Text(place(park, *at, lang) + side),
            Cell::Number(*value, 3),
            Cell::Text(m.unit().to_owned()),
        ]);
    }
    format!("{out}\n{}\n{}", moved.to_text(), results.to_text())
}

fn place_is(e: EnterpriseId, place: Place) -> bool {
    place == Place::Enterprise(e)
}

/// Everything for programs, or one exchange; names in English, all measures.
#[must_use]
pub fn to_json(shown: &Shown, one: Option<usize>) -> Value {
    let Shown { park, savings, .. } = *shown;
    if let Some(at) = one {
        return exchange_json(shown, at, true);
    }
    let indicators = association(&structure(park, savings.year));
    let readings = |r: &Readings| {
        READINGS.iter().map(|(key, _, _, of)| ((*key).to_owned(), json!(of(r).ok()))).collect::<Map<_, _>>()
    };
    let enterprises = savings.enterprises.iter().enumerate().map(|(p, &e)| {
        json!({ "enterprise": &*park.enterprise(e).label.id, "shares": player_json(savings, &savings.of_enterprises, p) })
    });
    json!({
        "package": &*park.label.id,
        "year": savings.year,
        "seed": savings.options.seed,
        "orders": { "exchanges": savings.shares.orders, "enterprises": savings.of_enterprises.orders },
        "freight": savings.options.freight,
        "total": sides_json(savings, &savings.shares.total),
        "exchanges": (0..savings.exchanges.len()).map(|at| exchange_json(shown, at, false)).collect::<Vec<_>>(),
        "enterprises": enterprises.collect::<Vec<_>>(),
        "left_out": savings.left_out.iter().map(|l| json!({ "exchange": name(park, l.exchange), "why": l.why.en })).collect::<Vec<_>>(),
        "indicators": { "wide": readings(&indicators.wide), "strict": readings(&indicators.strict) },
    })
}

/// Values by quantity as measure → side → value.
fn sides_json(savings: &Savings, values: &[f64]) -> Value {
    let mut all: Map<String, Value> = Map::new();
    for (&(measure, side), value) in savings.quantities.iter().zip(values) {
        let of = all.entry(measure.id()).or_insert_with(|| json!({}));
        of[side.id()] = json!(value);
    }
    Value::Object(all)
}

fn player_json(savings: &Savings, shares: &Shares, player: usize) -> Value {
    json!({
        "last_in": sides_json(savings, &shares.last_in[player]),
        "first_in": sides_json(savings, &shares.first_in[player]),
        "shapley": sides_json(savings, &shares.shapley[player]),
        "standard_error": shares.standard_error.as_ref().map(|e| sides_json(savings, &e[player])),
    })
}

fn results_json(park: &Park, results: &Results) -> Value {
    let rows = results.0.iter().filter(|(_, v)| **v != 0.0).map(
        |((m, at), v)| json!({ "measure": m.id(), "place": place(park, *at, Lang::En), "value": v, "unit": m.unit() }),
    );
    Value::Array(rows.collect())
}

fn exchange_json(shown: &Shown, at: usize, moved: bool) -> Value {
    let Shown { park, model, savings, .. } = *shown;
    let e: &ExchangeSaving = &savings.exchanges[at];
    let mut attribution = Map::new();
    for (measure, part) in &e.parts {
        if let Some(rules) = side_by_side(part).filter(|_| *part != crate::symbiosis::attribution::Saving::default()) {
            let of = |rule: Rule| {
                rules.iter().find(|r| r.rule == rule).map(|r| json!({ "donor": r.donor, "receiver": r.receiver }))
            };
            let all: Map<String, Value> = Rule::ALL.iter().map(|r| (r.id().to_owned(), json!(of(*r)))).collect();
            attribution.insert(measure.id(), Value::Object(all));
        }
    }
    let direct: Map<String, Value> = e.direct.iter().map(|(m, v)| (m.id(), json!(v))).collect();
    let mut value = json!({
        "number": at + 1,
        "exchange": name(park, e.exchange),
        "status": if e.status == Status::Existing { "existing" } else { "candidate" },
        "quantity": e.quantity,
        "unit": e.dimension.to_string(),
        "saved": results_json(park, &e.saved),
        "direct": direct,
        "hurts": e.hurts(),
        "uncounted": e.uncounted.iter().map(|c| park.carrier(*c).label.id.to_string()).collect::<Vec<_>>(),
        "freight_counted": e.freight,
        "conditioning_not_counted": park.exchanges[e.exchange].conditioning.as_deref(),
        "attribution": attribution,
        "shares": e.player.map(|p| player_json(savings, &savings.shares, p)),
    });
    if moved {
        let of = |l: usize| model.links[l].text(park);
        value["links"] = e.carried.iter().map(|Carried { link, displaced, sink, .. }| {
            json!({ "link": of(*link), "displaces": displaced.map(|d| of(d.0)), "ratio": displaced.map(|d| d.1), "sink": sink.map(of) })
        }).collect();
        value["moved"] = e.moved.iter().map(|m| {
            json!({ "link": of(m.link), "without": m.without, "with": m.with, "unit": model.links[m.link].dimension.to_string() })
        }).collect();
    }
    value
}
