//! Scenarios as tables and JSON: runs beside their base year, and what changed between two.

use super::balance::thing;
use super::table::{Cell, Table, grouped};
use crate::diagnostic::{Lang, Words};
use crate::park::Park;
use crate::quantity::Dimension;
use crate::scenario::units::{Activity, Recipe};
use crate::scenario::{Base, Conserved, Difference, Installed, Measure, PartChange, Place, Results, Run, Scenario};
use serde_json::{Value, json};

/// Rows of a table, unless all are asked for.
const TOP: usize = 15;

/// A balance that a scenario opens by more than this part of what passes it is a finding.
pub const OPEN: f64 = 1e-6;

/// A chain of scenarios that was run.
#[derive(Debug, Clone, Copy)]
pub struct Ran<'a> {
    /// The scenarios, what is extended first.
    pub chain: &'a [&'a Scenario],
    /// The run.
    pub run: &'a Run,
}

impl Ran<'_> {
    /// Id of the scenario that was asked for.
    #[must_use]
    pub fn id(&self) -> &str {
        self.chain.last().map_or("", |s| &s.label.id)
    }

    fn title(&self, lang: Lang) -> &str {
        self.chain.last().map_or("", |s| lang.pick(&s.label.name_en, &s.label.name_zh))
    }
}

/// Runs beside each other: what each did, then one table of results.
#[must_use]
pub fn text(base: &Base, runs: &[Ran], all: bool, lang: Lang) -> String {
    let mut parts: Vec<String> = Vec::new();
    for ran in runs {
        parts.push(head(base, ran, lang));
        let changes = changes(ran, lang);
        if !changes.rows.is_empty() {
            parts.push(changes.to_text());
        }
        let bounds = bounds(ran, lang);
        if !bounds.rows.is_empty() {
            parts.push(bounds.to_text());
        }
        let units = units(ran);
        if !units.is_empty() {
            parts.push(list(lang.pick("Units", "装置"), &units, lang));
        }
        parts.push(conserved(ran, lang).to_text());
        if !ran.run.told.is_empty() {
            parts.push(list(lang.pick("Limits that were not enforced", "未作约束的限值"), &ran.run.told, lang));
        }
    }
    parts.push(results(base, runs, lang).to_text());
    if all {
        for ran in runs {
            parts.push(laws(base, ran, lang).to_text());
            if !ran.run.months.is_empty() {
                parts.push(months(ran, lang).to_text());
            }
            if !ran.run.calibrated.notes.is_empty() {
                parts.push(list(lang.pick("Notes of the calibration", "校准说明"), &ran.run.calibrated.notes, lang));
            }
        }
    }
    parts.join("\n")
}

fn list(title: &str, words: &[Words], lang: Lang) -> String {
    let mut text = format!("{title}\n");
    for word in words {
        text.push_str("- ");
        text.push_str(lang.pick(&word.en, &word.zh));
        text.push('\n');
    }
    text
}

fn head(base: &Base, ran: &Ran, lang: Lang) -> String {
    let chain: Vec<&str> = ran.chain.iter().map(|s| &*s.label.id).collect();
    let park = &base.package.park.label;
    let (title, park) = (ran.title(lang), lang.pick(&park.name_en, &park.name_zh));
    let chain = chain.join(" > ");
    lang.pick(
        format!("{title} ({chain})\n{park}, beside {}\n", base.year),
        format!("{title}（{chain}）\n{park}，与 {} 年相比\n", base.year),
    )
}

fn changes(ran: &Ran, lang: Lang) -> Table {
    let say = |en, zh| lang.pick(en, zh);
    let mut table = Table::new(
        say("Changes, and what they found", "变更及其对象"),
        &[
            ("scenario", say("scenario", "情景")),
            ("change", say("change", "变更")),
            ("kind", say("kind", "类型")),
            ("of", say("of", "对象")),
            ("found", say(">found", ">对象数")),
        ],
    );
    let all = ran.chain.iter().flat_map(|s| &s.changes);
    for (change, applied) in all.zip(&ran.run.applied) {
        table.rows.push(vec![
            Cell::Text(applied.scenario.clone()),
            Cell::Text(change.name.clone()),
            Cell::Text(change.action.kind().to_owned()),
            Cell::Text(change.action.of()),
            Cell::Number(applied.found as f64, 0),
        ]);
    }
    table
}

/// How large the units are and why, what they take from the park's rows, and what of them is not counted.
fn units(ran: &Ran) -> Vec<Words> {
    let size = |unit: &Installed| {
        let (recipe, id) = (&unit.recipe, &ran.run.package.park.process(unit.process).label.id);
        let value = grouped(ran.run.solved.values[unit.process.index()], 1);
        let ((en, zh), measured) = (recipe.activity.words(), recipe.activity.dimension().to_string());
        // The Chinese words end with their unit.
        let zh = zh.strip_suffix(&measured).unwrap_or(&zh).trim_end();
        let (why_en, why_zh) = sized_by(recipe);
        Words::new(
            format!("{id} ({}): {value} {en} in the year, {why_en}", recipe.words.0),
            format!("{id}（{}）：全年{zh} {value} {measured}，{why_zh}", recipe.words.1),
        )
    };
    ran.run.units.iter().flat_map(|unit| std::iter::once(size(unit)).chain(unit.told.iter().cloned())).collect()
}

/// What the size of a unit rests on, in English and Chinese.
fn sized_by(recipe: &Recipe) -> (&'static str, &'static str) {
    match recipe.activity {
        Activity::Removed(_) => ("its share of what reaches it", "按去除效率与来料确定"),
        Activity::Served(_) => ("as the process that it serves makes it", "按所服务工序的产量确定"),
        Activity::Delivered(..) if recipe.kind == "storage" => {
            ("as its energy, power and cycles give", "按储能参数确定")
        }
        Activity::Delivered(..) if recipe.size.is_some() => {
            ("of its capacity and hours, as far as it is needed", "按能力与利用小时数确定，不超过需求")
        }
        Activity::Delivered(..) => (
            "all of what it displaces, for no 'capacity' with 'full_load_hours' is stated",
            "未给出 capacity 与 full_load_hours，替代全部需求",
        ),
    }
}

/// Links at zero, and what gave way to them.
fn bounds(ran: &Ran, lang: Lang) -> Table {
    let say = |en, zh| lang.pick(en, zh);
    let mut table = Table::new(
        say("Flows at zero, and what gives way to them", "降至零的流量与让出者"),
        &[
            ("zero", say("at zero", "为零")),
            ("gives_way", say("gives way", "让出")),
            ("wanted", say(">would be", ">原应为")),
            ("is", say(">is", ">实为")),
            ("unit", say("unit", "单位")),
        ],
    );
    let (model, park) = (&ran.run.calibrated.model, &ran.run.package.park);
    for &(zero, relief) in &ran.run.solved.bound {
        // What the relief's own equation gives: its share of what it goes with.
        let equation = model.of_link(relief);
        let own = model.quantity(relief);
        let (mut sum, mut weight) = (equation.right, 0.0);
        for &(k, c) in &equation.terms {
            if k == own {
                weight += c;
            } else {
                sum -= c * ran.run.solved.values[k as usize];
            }
        }
        let wanted = (weight != 0.0).then(|| sum / weight).filter(|v| v.is_finite());
        table.rows.push(vec![
            Cell::Text(model.links[zero].text(park)),
            Cell::Text(model.links[relief].text(park)),
            Cell::maybe(wanted, 1),
            Cell::Number(model.quantity_in(&ran.run.solved, relief), 1),
            Cell::Text(model.links[relief].dimension.to_string()),
        ]);
    }
    table
}

/// How well things are conserved.
fn conserved(ran: &Ran, lang: Lang) -> Table {
    let say = |en, zh| lang.pick(en, zh);
    let mut table = Table::new(
        say("Conservation, beside the base year", "守恒（与基准年相比）"),
        &[
            ("thing", say("of", "对象")),
            ("balances", say(">balances", ">平衡数")),
            ("booked", say(">closed by an emission", ">由排放闭合")),
            ("added", say(">worst added gap", ">最大新增缺口")),
            ("finding", say("finding", "发现")),
        ],
    );
    let park = &ran.run.package.park;
    for one in &ran.run.conserved {
        let finding = is_open(one).then(|| say("opens by more than 1e-6", "缺口超过 1e-6"));
        table.rows.push(vec![
            Cell::Text(thing(park, one.thing, lang)),
            Cell::Number(one.balances as f64, 0),
            Cell::Number(one.booked as f64, 0),
            Cell::Text(gap(one)),
            Cell::Text(finding.unwrap_or_default().to_owned()),
        ]);
    }
    table
}

/// A gap in powers of ten; of what was not tested nothing.
fn gap(conserved: &Conserved) -> String {
    match (conserved.balances, conserved.added) {
        (0, _) => String::new(),
        (_, 0.0) => "0".to_owned(),
        (_, added) => format!("{added:.0e}"),
    }
}

fn is_open(conserved: &Conserved) -> bool {
    conserved.added > OPEN
}

/// Whether a run opens a balance.
#[must_use]
pub fn opens(run: &Run) -> bool {
    run.conserved.iter().any(is_open)
}

/// Where a row of results lies.
const SIDES: [(&str, &str, &str); 3] =
    [("inside", "inside", "园区内"), ("outside", "outside", "园区外"), ("total", "total", "合计")];

fn side(results: &Results, measure: Measure, side: &str) -> f64 {
    match side {
        "inside" => results.inside(measure),
        "outside" => results.outside(measure),
        _ => results.total(measure),
    }
}

/// The rows of results: measure, side, and whether anything is there. What arises on one side only has one row.
fn rows(base: &Results, runs: &[&Results]) -> Vec<(Measure, &'static (&'static str, &'static str, &'static str))> {
    let mut measures = base.measures();
    for run in runs {
        measures.extend(run.measures());
    }
    measures.sort_unstable();
    measures.dedup();
    let here = |m: Measure, s: &str| runs.iter().copied().chain([base]).any(|r| side(r, m, s) != 0.0);
    let of = |m: Measure| {
        let both = here(m, "inside") && here(m, "outside");
        SIDES.iter().filter(move |s| if s.0 == "total" { both } else { here(m, s.0) }).map(move |s| (m, s))
    };
    measures.into_iter().flat_map(of).collect()
}

/// Digits behind the point that a row needs.
fn digits(values: &[f64]) -> usize {
    match values.iter().fold(0.0, |a: f64, v| a.max(v.abs())) {
        large if large >= 100.0 => 1,
        middle if middle >= 1.0 => 3,
        _ => 5,
    }
}

/// Results of the base year and of each run.
fn results(base: &Base, runs: &[Ran], lang: Lang) -> Table {
    let say = |en, zh| lang.pick(en, zh);
    let mut table = Table::new(
        say("Results", "结果"),
        &[("measure", say("measure", "指标")), ("place", say("where", "位置")), ("unit", say("unit", "单位"))],
    );
    table.number_column("base", base.year.to_string());
    for ran in runs {
        table.number_column("scenario", ran.id());
        table.number_column("change", say("change", "变化"));
        table.number_column("percent", "%");
    }
    let all: Vec<&Results> = runs.iter().map(|r| &r.run.results).collect();
    for (measure, place) in rows(&base.results, &all) {
        let was = side(&base.results, measure, place.0);
        let values: Vec<f64> = all.iter().map(|r| side(r, measure, place.0)).collect();
        let decimals = digits(&[&values[..], &[was]].concat());
        let words = measure.words();
        let mut row = vec![
            Cell::Text(lang.pick(words.0, words.1)),
            Cell::Text(say(place.1, place.2).to_owned()),
            Cell::Text(measure.unit().to_owned()),
            Cell::Number(was, decimals),
        ];
        for is in values {
            row.push(Cell::Number(is, decimals));
            row.push(Cell::Number(is - was, decimals));
            row.push(Cell::maybe((was != 0.0).then(|| 100.0 * (is - was) / was.abs()), 2));
        }
        table.rows.push(row);
    }
    table
}

/// The law of each link, with its quantity before and after.
fn laws(base: &Base, ran: &Ran, lang: Lang) -> Table {
    let say = |en, zh| lang.pick(en, zh);
    let mut table = Table::new(
        format!("{}: {}", ran.id(), say("flows and their laws", "流量及其规律")),
        &[
            ("flow", say("flow", "流量")),
            ("law", say("law", "规律")),
            ("base", say(">base year", ">基准年")),
            ("scenario", say(">scenario", ">情景")),
            ("unit", say("unit", "单位")),
        ],
    );
    let (model, park) = (&ran.run.calibrated.model, &ran.run.package.park);
    for (l, link) in model.links.iter().enumerate() {
        let (was, is) = (model.base[model.processes + l], model.quantity_in(&ran.run.solved, l));
        let law = model.of_link(l).law.words();
        table.rows.push(vec![
            Cell::Text(link.text(park)),
            Cell::Text(lang.pick(law.0, law.1).to_owned()),
            Cell::Number(was, 1),
            Cell::Number(is, 1),
            Cell::Text(link.dimension.to_string()),
        ]);
    }
    debug_assert!(model.links.len() >= base.calibrated.model.links.len(), "a change takes no link away");
    table
}

/// Columns of a table by month, January first.
const MONTHS: [&str; 12] = ["01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12"];

/// The months of flows that have some of their own.
fn months(ran: &Ran, lang: Lang) -> Table {
    let title = lang.pick("flows that have months of their own", "按月确定的流量");
    let mut table = Table::new(
        format!("{}: {title}", ran.id()),
        &[("flow", lang.pick("flow", "流量")), ("unit", lang.pick("unit", "单位"))],
    );
    for month in MONTHS {
        table.number_column(month, month);
    }
    for (&l, months) in &ran.run.months {
        let link = &ran.run.calibrated.model.links[l];
        let names = [link.text(&ran.run.package.park), link.dimension.to_string()].map(Cell::Text);
        table.rows.push(names.into_iter().chain(months.map(|value| Cell::Number(value, 1))).collect());
    }
    table
}

/// A run as JSON: ids and words of the program in English, names and notes in the language.
#[must_use]
pub fn to_json(base: &Base, ran: &Ran, all: bool, lang: Lang) -> Value {
    let (run, model) = (ran.run, &ran.run.calibrated.model);
    let park = &run.package.park;
    let changes = ran.chain.iter().flat_map(|s| &s.changes).zip(&run.applied).map(|(change, applied)| {
        json!({
            "scenario": applied.scenario,
            "name": change.name,
            "kind": change.action.kind(),
            "of": change.action.of(),
            "found": applied.found,
            "where": change.origin,
        })
    });
    let bounds = run.solved.bound.iter().map(|&(zero, relief)| {
        json!({
            "zero": model.links[zero].text(park),
            "gives_way": model.links[relief].text(park),
            "quantity": model.quantity_in(&run.solved, relief),
            "unit": model.links[relief].dimension.to_string(),
        })
    });
    let results = rows(&base.results, &[&run.results]).into_iter().map(|(measure, place)| {
        let (was, is) = (side(&base.results, measure, place.0), side(&run.results, measure, place.0));
        json!({
            "measure": measure.id(),
            "place": place.0,
            "unit": measure.unit(),
            "base": was,
            "scenario": is,
            "change": is - was,
        })
    });
    let conserved = run.conserved.iter().map(|c| {
        json!({
            "thing": thing(park, c.thing, Lang::En),
            "balances": c.balances,
            "closed_by_emission": c.booked,
            "worst_added_gap": c.added,
            "finding": is_open(c),
        })
    });
    let units = run.units.iter().map(|unit| {
        json!({
            "unit": &*park.process(unit.process).label.id,
            "kind": unit.recipe.kind,
            "at": &*park.process(unit.at).label.id,
            "activity": run.solved.values[unit.process.index()],
            "of": unit.recipe.activity.words().0,
            "capacity_stated": unit.recipe.size.is_some(),
        })
    });
    let words = |list: &[Words]| -> Vec<String> { list.iter().map(|w| lang.pick(&w.en, &w.zh).clone()).collect() };
    let mut value = json!({
        "scenario": ran.id(),
        "title": ran.title(lang),
        "chain": ran.chain.iter().map(|s| &*s.label.id).collect::<Vec<_>>(),
        "year": base.year,
        "changes": changes.collect::<Vec<_>>(),
        "bounds": bounds.collect::<Vec<_>>(),
        "results": results.collect::<Vec<_>>(),
        "conservation": conserved.collect::<Vec<_>>(),
        "units": units.collect::<Vec<_>>(),
        "units_told": words(&self::units(ran)),
        "limits_not_enforced": words(&run.told),
    });
    if all {
        // Keys and ids, laws among them, are the same in both languages.
        value["flows"] = laws(base, ran, Lang::En).to_json();
        value["months"] = months(ran, Lang::En).to_json();
        value["notes"] = words(&run.calibrated.notes).into();
    }
    value
}

/// A quantity of a flow before and after, and its ratio.
fn ratio(old: f64, new: f64) -> Option<f64> {
    (old != 0.0).then(|| new / old).filter(|r| r.is_finite())
}

/// What changed between two solved years, as text. `names` are those of the two.
#[must_use]
pub fn difference(park: &Park, diff: &Difference, names: (&str, &str), all: bool, lang: Lang) -> String {
    let top = if all { usize::MAX } else { TOP };
    let mut parts =
        vec![lang.pick(format!("From {} to {}\n", names.0, names.1), format!("从 {} 到 {}\n", names.0, names.1))];
    let mut add = |table: Table, count: usize| {
        if count > 0 {
            parts.push(table.to_text() + &more(count, top, lang));
        }
    };
    add(flows(diff, top, lang), flows_shown(diff, usize::MAX).len());
    add(activities(diff, top, lang), diff.activities.len());
    add(sums(diff, lang), measures(diff).len());
    for measure in measures(diff).into_iter().filter(|m| all || *m == Measure::Co2e) {
        add(lines(park, diff, measure, top, lang), of(diff, measure).count());
    }
    if parts.len() == 1 {
        parts.push(lang.pick("Nothing differs.\n", "没有差别。\n").to_owned());
    }
    parts.join("\n")
}

/// `… 12 more; --all shows them`.
fn more(count: usize, top: usize, lang: Lang) -> String {
    match count.saturating_sub(top) {
        0 => String::new(),
        hidden => {
            lang.pick(format!("… {hidden} more; --all shows them\n"), format!("…… 另有 {hidden} 行；--all 显示全部\n"))
        }
    }
}

/// The largest differences of flows of each dimension.
fn flows_shown(diff: &Difference, top: usize) -> Vec<&crate::scenario::FlowChange> {
    let mut list: Vec<(&crate::scenario::FlowChange, usize)> = Vec::new();
    let mut last: Option<(Dimension, usize)> = None;
    for flow in &diff.flows {
        let rank = match last {
            Some((dimension, rank)) if dimension == flow.dimension => rank + 1,
            _ => 0,
        };
        last = Some((flow.dimension, rank));
        list.push((flow, rank));
    }
    // The largest of each dimension first, then the second of each: no unit outweighs another.
    list.sort_by_key(|l| l.1);
    list.truncate(top);
    list.sort_by_key(|l| l.0.dimension);
    list.into_iter().map(|l| l.0).collect()
}

fn flows(diff: &Difference, top: usize, lang: Lang) -> Table {
    let say = |en, zh| lang.pick(en, zh);
    let mut table = Table::new(
        say("Flows, largest difference of each unit first", "流量，按单位分列，差值大者在前"),
        &[
            ("flow", say("flow", "流量")),
            ("unit", say("unit", "单位")),
            ("before", say(">before", ">之前")),
            ("after", say(">after", ">之后")),
            ("difference", say(">difference", ">差值")),
            ("ratio", say(">ratio", ">比值")),
        ],
    );
    for flow in flows_shown(diff, top) {
        let decimals = digits(&[flow.old, flow.new]);
        table.rows.push(vec![
            Cell::Text(flow.flow.clone()),
            Cell::Text(flow.dimension.to_string()),
            Cell::Number(flow.old, decimals),
            Cell::Number(flow.new, decimals),
            Cell::Number(flow.new - flow.old, decimals),
            Cell::maybe(ratio(flow.old, flow.new), 4),
        ]);
    }
    table
}

fn activities(diff: &Difference, top: usize, lang: Lang) -> Table {
    let say = |en, zh| lang.pick(en, zh);
    let mut table = Table::new(
        say("Activities of processes, the base year being 1", "工序活动水平（基准年为 1）"),
        &[
            ("process", say("process", "工序")),
            ("before", say(">before", ">之前")),
            ("after", say(">after", ">之后")),
            ("difference", say(">difference", ">差值")),
        ],
    );
    for one in diff.activities.iter().take(top) {
        table.rows.push(vec![
            Cell::Text(one.process.clone()),
            Cell::Number(one.old, 5),
            Cell::Number(one.new, 5),
            Cell::Number(one.new - one.old, 5),
        ]);
    }
    table
}

/// The measures that differ, in order.
fn measures(diff: &Difference) -> Vec<Measure> {
    let mut list: Vec<Measure> = diff.parts.iter().map(|p| p.measure).collect();
    list.dedup();
    list
}

fn of(diff: &Difference, measure: Measure) -> impl Iterator<Item = &PartChange> {
    diff.parts.iter().filter(move |p| p.measure == measure)
}

/// What the lines of each measure that move come to: the change of its total.
fn sums(diff: &Difference, lang: Lang) -> Table {
    let say = |en, zh| lang.pick(en, zh);
    let mut table = Table::new(
        say("Change of each result: the sum of the lines that move", "各结果的变化：变动各行之和"),
        &[
            ("measure", say("measure", "指标")),
            ("unit", say("unit", "单位")),
            ("lines", say(">lines", ">行数")),
            ("inside", say(">inside", ">园区内")),
            ("outside", say(">outside", ">园区外")),
            ("total", say(">total", ">合计")),
        ],
    );
    for measure in measures(diff) {
        let sum = |inside: bool| -> f64 {
            // An empty sum is minus zero.
            of(diff, measure).filter(|p| p.place.is_inside() == inside).map(PartChange::difference).sum::<f64>() + 0.0
        };
        let (inside, outside, words) = (sum(true), sum(false), measure.words());
        let decimals = digits(&[inside, outside]);
        table.rows.push(vec![
            Cell::Text(lang.pick(words.0, words.1)),
            Cell::Text(measure.unit().to_owned()),
            Cell::Number(of(diff, measure).count() as f64, 0),
            Cell::Number(inside, decimals),
            Cell::Number(outside, decimals),
            Cell::Number(inside + outside, decimals),
        ]);
    }
    table
}

/// Words of a place.
fn place(park: &Park, place: Place, lang: Lang) -> String {
    match place {
        Place::Enterprise(e) => park.enterprise(e).label.id.to_string(),
        Place::EnergyOutside => lang.pick("power and heat outside", "园外电热").to_owned(),
        Place::ChainOutside => lang.pick("upstream and downstream", "上下游").to_owned(),
    }
}

/// The lines of a measure that move.
fn lines(park: &Park, diff: &Difference, measure: Measure, top: usize, lang: Lang) -> Table {
    let say = |en, zh| lang.pick(en, zh);
    let words = measure.words();
    let (name, unit) = (lang.pick(words.0, words.1), measure.unit());
    let mut table = Table::new(
        lang.pick(
            format!("{name}: lines that move, largest first, {unit}"),
            format!("{name}：变动的行，大者在前，{unit}"),
        ),
        &[
            ("line", say("line", "台账行")),
            ("place", say("where", "位置")),
            ("before", say(">before", ">之前")),
            ("after", say(">after", ">之后")),
            ("difference", say(">difference", ">差值")),
        ],
    );
    for part in of(diff, measure).take(top) {
        let decimals = digits(&[part.old, part.new]);
        table.rows.push(vec![
            Cell::Text(part.line.clone()),
            Cell::Text(place(park, part.place, lang)),
            Cell::Number(part.old, decimals),
            Cell::Number(part.new, decimals),
            Cell::Number(part.difference(), decimals),
        ]);
    }
    table
}

/// The id of a place, in JSON.
fn place_id(park: &Park, place: Place) -> &str {
    match place {
        Place::Enterprise(e) => &park.enterprise(e).label.id,
        Place::EnergyOutside => "energy_outside",
        Place::ChainOutside => "chain_outside",
    }
}

/// What changed between two solved years, as JSON; every flow, activity and line. `names` are ids of scenarios, or the year.
#[must_use]
pub fn difference_json(park: &Park, diff: &Difference, names: (&str, &str)) -> Value {
    let flows = diff.flows.iter().map(|f| {
        json!({
            "flow": f.flow,
            "unit": f.dimension.to_string(),
            "before": f.old,
            "after": f.new,
            "ratio": ratio(f.old, f.new),
        })
    });
    let activities = diff.activities.iter().map(|a| json!({ "process": a.process, "before": a.old, "after": a.new }));
    let results = measures(diff).into_iter().map(|measure| {
        let lines = of(diff, measure).map(|p| {
            json!({
                "line": p.line,
                "place": place_id(park, p.place),
                "inside": p.place.is_inside(),
                "before": p.old,
                "after": p.new,
                "difference": p.difference(),
            })
        });
        let sum: f64 = of(diff, measure).map(PartChange::difference).sum();
        json!({
            "measure": measure.id(),
            "unit": measure.unit(),
            "change": sum,
            "lines": lines.collect::<Vec<_>>(),
        })
    });
    json!({
        "from": names.0,
        "to": names.1,
        "flows": flows.collect::<Vec<_>>(),
        "activities": activities.collect::<Vec<_>>(),
        "results": results.collect::<Vec<_>>(),
    })
}
