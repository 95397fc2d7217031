//! Indicator tables with verdicts, as tables and JSON.

use super::power;
use super::table::{Cell, Table, grouped};
use crate::diagnostic::{Lang, Words};
use crate::park::Park;
use crate::programme::elasticity::Edge;
use crate::programme::{
    Assessment, At, Comparator, Confidence, Indicator, Items, NotApplied, Outcome, Overall, Pack, Rule, Source, System,
    Trail, Undefined, Verdict, Zone, assess, closing, elasticities, elasticity_of, overall,
};
use crate::quantity::significant;
use serde_json::{Value, json};

/// A system, judged in a year.
#[derive(Debug, Clone)]
pub struct Judged<'a> {
    /// The system.
    pub system: &'a System,
    /// The years.
    pub at: At,
    /// Its rows, in order.
    pub rows: Vec<Assessment>,
    /// Values of the rows in each year of the park.
    pub values: Vec<Vec<(u16, Option<f64>)>>,
    /// The whole.
    pub overall: Overall,
}

/// Judges a system for a zone; values are those of `years`.
#[must_use]
pub fn judge<'a>(pack: &Pack, system: &'a System, zone: &Zone, at: At, years: &[u16]) -> Judged<'a> {
    let rows: Vec<Assessment> =
        system.rows.iter().map(|row| assess(row, &pack.items, &zone.figures, at, zone)).collect();
    let value = |row: &Indicator, year: u16| assess(row, &pack.items, &zone.figures, At { year, ..at }, zone).value;
    let values = system.rows.iter().map(|row| years.iter().map(|&y| (y, value(row, y))).collect()).collect();
    Judged { system, at, overall: overall(system, &rows), rows, values }
}

/// How a verdict is said.
#[must_use]
pub fn verdict_words(pack: &Pack, zone: &Zone, row: &Indicator, assessment: &Assessment, at: At) -> Words {
    let item = |id| {
        let item = pack.items.get(id);
        (&*item.symbol, &*item.name.1, &*item.table)
    };
    let plain = match assessment.verdict {
        Verdict::Pass => Words::new("pass", "达标"),
        Verdict::Fail => match zone.targets.get(&row.id).map(|t| t.0.year).filter(|&y| is_target(row) && y > at.year) {
            Some(year) => Words::new(format!("not yet, due {year}"), format!("尚未达到（目标年 {year}）")),
            None => Words::new("fail", "不达标"),
        },
        Verdict::NotComputable(id, year) => {
            let (symbol, name, table) = item(id);
            let account = zone.accounts.get(&year).into_iter().flatten().find(|a| a.symbol == symbol);
            if let Some(why) = account.and_then(|a| a.why.as_ref()) {
                return Words::new(
                    format!("not computable: {symbol} of {year}: {}", why.en),
                    format!("无法计算：{year} 年{name}（{symbol}）：{}", why.zh),
                );
            }
            Words::new(
                format!("not computable: {symbol} of {year} is missing ({table})"),
                format!("无法计算：缺 {year} 年{name}（{symbol}，填入 {table}）"),
            )
        }
        Verdict::NeedsAnswer(Some((id, year))) => {
            let (symbol, name, table) = item(id);
            Words::new(
                format!("needs answer: {symbol} of {year} ({table})"),
                format!("待回答：{year} 年{name}（{symbol}，填入 {table}）"),
            )
        }
        Verdict::NeedsAnswer(None) if is_target(row) => {
            Words::new("needs answer: a target (targets.csv)", "待回答：目标值（填入 targets.csv）")
        }
        Verdict::NeedsAnswer(None) => Words::new(
            format!("needs answer: {}.benchmark (answers.csv)", row.id),
            format!("待回答：{}.benchmark（填入 answers.csv）", row.id),
        ),
        Verdict::NotDefined(why) => {
            let why = undefined(why);
            Words::new(format!("not defined: {}", why.en), format!("无定义：{}", why.zh))
        }
        Verdict::NotApplicable(why) => {
            let why = not_applied(why);
            Words::new(format!("not applicable: {}", why.en), format!("不适用：{}", why.zh))
        }
    };
    let decided = matches!(assessment.verdict, Verdict::Pass | Verdict::Fail);
    let mut words = plain;
    if decided && assessment.flagged {
        words = Words::new(format!("{} (by convention)", words.en), format!("{}（按约定）", words.zh));
    }
    if decided && row.confidence == Confidence::Low {
        words = Words::new(format!("{}, unconfirmed threshold", words.en), format!("{}，阈值未经核实", words.zh));
    }
    words
}

/// Whether a row is judged by the target that the zone states.
pub(super) fn is_target(row: &Indicator) -> bool {
    row.judged == Comparator::OwnTarget
}

fn undefined(why: Undefined) -> Words {
    let (en, zh) = match why {
        Undefined::DividesByNothing => ("it divides by what is not above zero", "分母不大于零"),
        Undefined::NoRate => ("no rate of change from or to nothing", "起止值为零，无变化率"),
        Undefined::Elasticity(edge) => match edge {
            Edge::NotPositive => ("added value is not above zero", "增加值不大于零"),
            Edge::Falls => ("added value falls, of which the rule says nothing", "增加值下降，规则未作规定"),
            Edge::Unchanged => ("added value does not change", "增加值不变"),
            Edge::FromNothing => ("it grows from nothing", "基准年为零，无增长率"),
            Edge::NoYears => ("the base year is not before the year", "基准年不早于评价年"),
        },
    };
    Words::new(en, zh)
}

fn not_applied(why: NotApplied) -> Words {
    let (en, zh) = match why {
        NotApplied::ThresholdNotPublic => ("no threshold is public", "阈值未公开"),
        NotApplied::DefinitionNotPublic => ("no definition is public", "定义未公开"),
        NotApplied::NoTier => ("the park is in no tier of the table", "园区不在任何分档之内"),
        NotApplied::OtherBand => ("the score lies in another band", "得分在其他档次"),
        NotApplied::BaseYear => ("this is the base year", "本年即基准年"),
    };
    Words::new(en, zh)
}

/// What becomes of a system.
#[must_use]
pub fn outcome_words(of: &Overall) -> Words {
    let plain = match of.outcome {
        Outcome::Pass => Words::new("met", "达到"),
        Outcome::Fail => Words::new("not met", "未达到"),
        Outcome::Open => Words::new("open", "待定"),
        Outcome::NoRule => Words::new("no pass rule is public", "无公开的通过规则"),
    };
    if of.unconfirmed {
        return Words::new(
            format!("{} (unconfirmed threshold)", plain.en),
            format!("{}（涉及未经核实的阈值）", plain.zh),
        );
    }
    plain
}

/// The pass rule in words.
#[must_use]
pub fn rule_words(rule: Rule) -> Words {
    match rule {
        Rule::All => Words::new("every row", "全部指标"),
        Rule::MandatoryAndGroups { at_least } => Words::new(
            format!("all rows of group M, and {at_least} of each other group"),
            format!("必选指标（M）全部，其余各组至少 {at_least} 项"),
        ),
        Rule::Veto => Words::new("the core row; the others guide", "核心指标；其余为引导性指标"),
        Rule::OwnTargets { share } => {
            let share = significant(share * 100.0, 4);
            Words::new(format!("{share} % of the own targets"), format!("自定目标的 {share} %"))
        }
        Rule::Bands => Words::new("bands of a score", "按得分分档"),
        Rule::None => Words::new("none that is public", "无公开规则"),
    }
}

/// The direction of the last step, and whether it is a good one: `↑+`, `↓-`, `→`.
fn arrow(row: &Indicator, assessment: &Assessment, values: &[(u16, Option<f64>)], year: u16) -> String {
    let of = |year: u16| values.iter().find(|v| v.0 == year).and_then(|v| v.1);
    let (Some(now), Some(before)) = (of(year), of(year.saturating_sub(1))) else { return String::new() };
    let change = now - before;
    // What the last digits say is no trend.
    if change.abs() <= 1e-6 * now.abs().max(before.abs()) {
        return "→".to_owned();
    }
    let sign = if change > 0.0 { "↑" } else { "↓" };
    let wants_more = match row.judged {
        Comparator::AtLeast | Comparator::Above => Some(true),
        Comparator::Equal => Some(assessment.threshold.is_some_and(|t| t > 0.0)),
        Comparator::AtMost | Comparator::Below | Comparator::Piecewise => Some(false),
        Comparator::OwnTarget => match (assessment.threshold, assessment.gap) {
            (Some(target), Some(gap)) if gap != 0.0 => Some((target - now) * gap > 0.0),
            _ => None,
        },
        Comparator::Is | Comparator::Benchmark | Comparator::Range | Comparator::NotFound => None,
    };
    match wants_more {
        Some(more) => format!("{sign}{}", if more == (change > 0.0) { "+" } else { "-" }),
        None => sign.to_owned(),
    }
}

/// The group of a row in a language.
fn group_words(group: &str, lang: Lang) -> &str {
    let zh = match group {
        "core" => "核心",
        "guiding" => "引导",
        "former" => "旧版",
        "M" => "必选",
        other => other,
    };
    lang.pick(group, zh)
}

/// Characters of a name in a table; JSON has it whole.
const LONGEST: usize = 56;

/// A name that leaves room for the numbers.
pub(super) fn short(name: &str) -> String {
    match name.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", name[..end].trim_end()),
        None => name.to_owned(),
    }
}

/// A value as people read it; flags by their words.
pub(super) fn shown(row: &Indicator, value: Option<f64>, lang: Lang) -> String {
    let flag = matches!(row.formula.as_ref().map(|f| &f.shape), Some(crate::programme::Shape::Flag(_)));
    match value {
        None => lang.pick("n/a", "无").to_owned(),
        Some(yes) if flag => lang.pick(("yes", "no"), ("是", "否")).pick(yes != 0.0).to_owned(),
        Some(value) => figure(value, 4),
    }
}

/// A number by its first digits; large ones whole, by thousands.
pub(super) fn figure(value: f64, digits: usize) -> String {
    if value.abs() >= 1e4 { grouped(value, 0) } else { significant(value, digits) }
}

/// One of a pair.
trait Pick {
    fn pick(&self, first: bool) -> &'static str;
}

impl Pick for (&'static str, &'static str) {
    fn pick(&self, first: bool) -> &'static str {
        if first { self.0 } else { self.1 }
    }
}

/// The threshold as it was applied: the number with its comparator; else as the table prints it.
pub(super) fn threshold(row: &Indicator, assessment: &Assessment) -> String {
    match assessment.threshold {
        Some(number) => {
            let sign = match row.judged {
                Comparator::AtLeast => ">=",
                Comparator::Above => ">",
                Comparator::Below => "<",
                Comparator::Equal => "=",
                Comparator::OwnTarget => "→",
                _ => "<=",
            };
            format!("{sign} {}", figure(number, 6))
        }
        None => String::new(),
    }
}

/// What would close the gap of a row that fails: the change of its lever.
#[must_use]
pub fn mend(
    pack: &Pack,
    zone: &Zone,
    row: &Indicator,
    assessment: &Assessment,
    at: At,
) -> Option<(String, f64, String)> {
    let (lever, limit) = (row.lever?, assessment.threshold?);
    // Without a side on which it is missing nothing closes it.
    if assessment.verdict != Verdict::Fail || assessment.gap.is_none() && is_target(row) {
        return None;
    }
    let item = pack.items.get(lever);
    let change = closing(row, &zone.figures, at, limit)? / item.unit.scale;
    Some((item.symbol.to_string(), change, item.unit.symbol.to_string()))
}

/// A system as text.
#[must_use]
pub fn text(pack: &Pack, zone: &Zone, judged: &Judged, lang: Lang) -> String {
    let system = judged.system;
    let say = |en, zh| lang.pick(en, zh);
    let rule = rule_words(system.rule);
    let title = format!(
        "{} · {} · {}{}",
        system.id,
        lang.pick(&system.name.0, &system.name.1),
        say("rule: ", "通过规则："),
        lang.pick(rule.en, rule.zh)
    );
    let mut columns: Vec<(&'static str, String)> = vec![
        ("id", say("id", "编号").to_owned()),
        ("group", say("group", "组").to_owned()),
        ("name", say("indicator", "指标").to_owned()),
        ("unit", say("unit", "单位").to_owned()),
    ];
    let grouped = system.rows.iter().any(|r| !r.group.is_empty());
    columns.retain(|c| grouped || c.0 != "group");
    let head: Vec<(&'static str, &str)> = columns.iter().map(|(key, title)| (*key, title.as_str())).collect();
    let mut table = Table::new(title, &head);
    let years: Vec<u16> = judged.values.first().map(|v| v.iter().map(|y| y.0).collect()).unwrap_or_default();
    for year in &years {
        table.number_column("value", year.to_string());
    }
    table.number_column("threshold", say("threshold", "阈值"));
    table.number_column("gap", say("missing", "差距"));
    let tail = Table::new(
        "",
        &[("trend", say("trend", "趋势")), ("verdict", say("verdict", "结论")), ("mend", say("closed by", "补足量"))],
    );
    table.columns.extend(tail.columns);
    for ((row, assessment), values) in system.rows.iter().zip(&judged.rows).zip(&judged.values) {
        let text = |t: &str| Cell::Text(t.to_owned());
        let mut cells = vec![text(&row.id)];
        if grouped {
            cells.push(text(group_words(&row.group, lang)));
        }
        cells.push(Cell::Text(short(
            lang.pick(&row.name.0, if row.name.1.is_empty() { &row.name.0 } else { &row.name.1 }),
        )));
        cells.push(text(&row.unit));
        cells.extend(values.iter().map(|(_, v)| Cell::Text(shown(row, *v, lang))));
        cells.push(Cell::Text(threshold(row, assessment)));
        cells.push(match assessment.gap.filter(|_| assessment.verdict == Verdict::Fail) {
            Some(gap) => Cell::Text(figure(gap, 4)),
            None => Cell::Empty,
        });
        cells.push(Cell::Text(arrow(row, assessment, values, judged.at.year)));
        let words = verdict_words(pack, zone, row, assessment, judged.at);
        cells.push(Cell::Text(lang.pick(words.en, words.zh)));
        cells.push(match mend(pack, zone, row, assessment, judged.at) {
            Some((symbol, change, unit)) => {
                let sign = if change > 0.0 { "+" } else { "" };
                // A count has no unit.
                let unit = if unit == "1" { String::new() } else { format!(" {unit}") };
                Cell::Text(format!("{symbol} {sign}{}{unit}", figure(change, 5)))
            }
            None => Cell::Empty,
        });
        table.rows.push(cells);
    }
    let mut out = table.to_text();
    let of = &judged.overall;
    let words = outcome_words(of);
    out.push_str(&lang.pick(
        format!(
            "\n{} in {}: {}. {} pass, {} fail, {} open, {} not applied; growth counts from {}.\n",
            system.id, judged.at.year, words.en, of.passed, of.failed, of.open, of.not_applied, judged.at.base
        ),
        format!(
            "\n{} {} 年：{}。达标 {} 项，不达标 {} 项，待定 {} 项，不适用 {} 项；增长率自 {} 年起算。\n",
            system.id, judged.at.year, words.zh, of.passed, of.failed, of.open, of.not_applied, judged.at.base
        ),
    ));
    let outside = |(first, last): (Option<u16>, Option<u16>)| {
        first.is_some_and(|y| judged.at.year < y) || last.is_some_and(|y| judged.at.year > y)
    };
    if outside(system.years) {
        let year = |y: Option<u16>| y.map_or_else(|| "…".to_owned(), |y| y.to_string());
        let years = format!("{}–{}", year(system.years.0), year(system.years.1));
        out.push_str(&lang.pick(
            format!("{} is not in force in {}: it is of {years}.\n", system.id, judged.at.year),
            format!("{} 在 {} 年并非现行：适用年份 {years}。\n", system.id, judged.at.year),
        ));
    }
    let note = lang.pick(&system.note.0, &system.note.1);
    if !note.is_empty() {
        out.push_str(note);
        out.push('\n');
    }
    if let Some(ways) = power::table(pack, zone, judged, lang) {
        out.push('\n');
        out.push_str(&ways.to_text());
    }
    out
}

/// Several systems in one line each.
#[must_use]
pub fn summary(all: &[Judged], lang: Lang) -> Table {
    let say = |en, zh| lang.pick(en, zh);
    let mut table = Table::new(
        say("Systems", "各体系"),
        &[
            ("system", say("system", "体系")),
            ("name", say("name", "名称")),
            ("outcome", say("outcome", "结果")),
            ("passed", say(">pass", ">达标")),
            ("failed", say(">fail", ">不达标")),
            ("open", say(">open", ">待定")),
            ("not_applied", say(">not applied", ">不适用")),
            ("rule", say("rule", "通过规则")),
        ],
    );
    for judged in all {
        let (of, rule, words) = (&judged.overall, rule_words(judged.system.rule), outcome_words(&judged.overall));
        let count = |n: usize| Cell::Number(n as f64, 0);
        table.rows.push(vec![
            Cell::Text(judged.system.id.to_string()),
            Cell::Text(lang.pick(&judged.system.name.0, &judged.system.name.1).to_string()),
            Cell::Text(lang.pick(words.en, words.zh)),
            count(of.passed),
            count(of.failed),
            count(of.open),
            count(of.not_applied),
            Cell::Text(lang.pick(rule.en, rule.zh)),
        ]);
    }
    table
}

/// Items that the accounts work out and the zone states itself, in a year: both, and the difference.
#[must_use]
pub fn stated(pack: &Pack, zone: &Zone, park: &Park, year: u16, lang: Lang) -> Table {
    let say = |en, zh| lang.pick(en, zh);
    let mut table = Table::new(
        lang.pick(format!("Stated by the zone beside the accounts, {year}"), format!("{year} 年统计值与核算值对照")),
        &[
            ("item", say("item", "项目")),
            ("name", say("name", "名称")),
            ("accounts", say(">accounts", ">核算")),
            ("stated", say(">stated", ">统计")),
            ("difference", say(">difference, %", ">差异（%）")),
            ("unit", say("unit", "单位")),
            ("row", say("row", "行")),
        ],
    );
    for account in zone.accounts.get(&year).into_iter().flatten() {
        let (Some(id), Some(value)) = (pack.items.find(account.symbol), account.value) else { continue };
        let Some(statistic) = account.stated.and_then(|row| park.statistics.get(row)) else { continue };
        let item = pack.items.get(id);
        let difference = (value != 0.0).then(|| (statistic.value / value - 1.0) * 100.0);
        table.rows.push(vec![
            Cell::Text(item.symbol.to_string()),
            Cell::Text(lang.pick(&item.name.0, &item.name.1).to_string()),
            Cell::Number(value / item.unit.scale, 1),
            Cell::Number(statistic.value / item.unit.scale, 1),
            Cell::maybe(difference, 2),
            Cell::Text(item.unit.symbol.to_string()),
            Cell::Text(format!("statistics.csv:{}", statistic.row)),
        ]);
    }
    table
}

/// The items that formulas may name, with what is known of them in a year.
#[must_use]
pub fn items(items: &Items, zone: Option<(&Zone, u16)>, lang: Lang) -> Table {
    let say = |en, zh| lang.pick(en, zh);
    let mut table = Table::new(
        say("Items of formulas", "公式中的项目"),
        &[("symbol", say("symbol", "符号")), ("name", say("name", "名称"))],
    );
    if let Some((_, year)) = zone {
        table.number_column("value", year.to_string());
    }
    let tail = [
        ("unit", say("unit", "单位")),
        ("source", say("from", "来源")),
        ("table", say("table", "表")),
        ("doc", say("what it is", "含义")),
    ];
    table.columns.extend(Table::new("", &tail).columns);
    for (id, item) in items.iter() {
        let mut cells =
            vec![Cell::Text(item.symbol.to_string()), Cell::Text(lang.pick(&item.name.0, &item.name.1).to_string())];
        if let Some((zone, year)) = zone {
            let value = zone.figures.get(id, year).map(|v| significant(v / item.unit.scale, 6));
            cells.push(value.map_or(Cell::Empty, Cell::Text));
        }
        let source = match item.source {
            Source::Account => say("accounts", "核算"),
            Source::Statistic => say("statistics", "统计"),
            Source::Answer => say("answers", "回答"),
        };
        cells.push(Cell::Text(item.unit.symbol.to_string()));
        cells.push(Cell::Text(source.to_owned()));
        cells.push(Cell::Text(item.table.to_string()));
        cells.push(Cell::Text(lang.pick(&item.doc.0, &item.doc.1).to_string()));
        table.rows.push(cells);
    }
    table
}

/// What rows of several systems say of the same quantity: the same formula, threshold beside threshold.
#[must_use]
pub fn compare(pack: &Pack, zone: &Zone, all: &[Judged], lang: Lang) -> Table {
    let say = |en, zh| lang.pick(en, zh);
    let mut table = Table::new(
        say("Rows that several systems share", "多个体系共有的指标"),
        &[
            ("formula", say("formula", "公式")),
            ("id", say("row", "指标")),
            ("name", say("indicator", "名称")),
            ("value", say(">value", ">数值")),
            ("threshold", say(">threshold", ">阈值")),
            ("unit", say("unit", "单位")),
            ("verdict", say("verdict", "结论")),
            ("note", say("between them", "相互关系")),
        ],
    );
    let mut seen: Vec<&str> = Vec::new();
    let Some(at) = all.first().map(|j| j.at) else { return table };
    let rows = || all.iter().flat_map(|j| j.system.rows.iter().zip(&j.rows));
    for (row, _) in rows() {
        let Some(formula) = row.formula.as_ref().filter(|f| !seen.contains(&&*f.text)) else { continue };
        seen.push(&formula.text);
        let same: Vec<(&Indicator, &Assessment)> =
            rows().filter(|(r, _)| r.formula.as_ref().is_some_and(|f| f.text == formula.text)).collect();
        if same.len() < 2 {
            continue;
        }
        let any = |of: Verdict| same.iter().any(|(_, a)| a.verdict == of);
        let thresholds: Vec<f64> = same.iter().filter_map(|(r, a)| Some(a.threshold? * r.measured.scale)).collect();
        let differ = thresholds.windows(2).any(|w| (w[0] - w[1]).abs() > 1e-9 * w[0].abs().max(w[1].abs()));
        let between = match (any(Verdict::Pass) && any(Verdict::Fail), differ) {
            (true, _) => say("conflict: one passes, another fails", "冲突：有的达标，有的不达标"),
            (false, true) => say("thresholds differ", "阈值不同"),
            (false, false) => say("shared", "共用"),
        };
        for (i, (row, assessment)) in same.iter().enumerate() {
            let first = |t: &str| if i == 0 { Cell::Text(t.to_owned()) } else { Cell::Empty };
            let words = verdict_words(pack, zone, row, assessment, at);
            table.rows.push(vec![
                first(&formula.text),
                Cell::Text(row.id.to_string()),
                Cell::Text(short(lang.pick(&row.name.0, &row.name.1))),
                Cell::Text(shown(row, assessment.value, lang)),
                Cell::Text(threshold(row, assessment)),
                Cell::Text(row.unit.to_string()),
                Cell::Text(lang.pick(words.en, words.zh)),
                first(between),
            ]);
        }
    }
    table
}

/// A system as JSON.
#[must_use]
pub fn to_json(pack: &Pack, zone: &Zone, judged: &Judged, lang: Lang) -> Value {
    let rows = judged.system.rows.iter().zip(&judged.rows).zip(&judged.values).map(|((row, a), values)| {
        let words = verdict_words(pack, zone, row, a, judged.at);
        let parts = row.formula.as_ref().filter(|_| row.is_elasticity()).and_then(|f| {
            elasticity_of(f, &pack.items, &zone.figures, judged.at).ok()
        });
        json!({
            "id": row.id,
            "group": row.group,
            "category": row.category,
            "name_en": row.name.0,
            "name_zh": row.name.1,
            "unit": row.unit,
            "comparator": row.printed_comparator,
            "threshold": a.threshold,
            "threshold_printed": row.printed_threshold,
            "formula": row.formula.as_ref().map(|f| &f.text),
            "value": a.value,
            "values": values.iter().map(|(y, v)| json!({ "year": y, "value": v })).collect::<Vec<_>>(),
            "verdict": verdict_id(a.verdict),
            "verdict_text": lang.pick(words.en, words.zh),
            "missing": a.gap,
            "closed_by": mend(pack, zone, row, a, judged.at).map(|(symbol, change, unit)| json!({ "item": symbol, "change": change, "unit": unit })),
            "by_convention": a.flagged,
            "bought_power": power::to_json(pack, zone, row, judged.at),
            "growth": parts.map(|e| json!({ "of_items": e.growth, "of_added_value": e.growth_of })),
            "elasticities": row.formula.iter().flat_map(|f| elasticities(f, &zone.figures, judged.at)).map(|(id, e)| json!({
                "item": pack.items.get(id).symbol,
                "growth": e.map(|e| e.growth),
                "elasticity": e.and_then(|e| e.value),
            })).collect::<Vec<_>>(),
            "confidence": row.confidence.id(),
            "source": row.source,
            "items": trail(pack, zone, row, judged.at),
        })
    });
    let words = outcome_words(&judged.overall);
    json!({
        "system": judged.system.id,
        "version": judged.system.version,
        "year": judged.at.year,
        "base_year": judged.at.base,
        "outcome": outcome_id(judged.overall.outcome),
        "outcome_text": lang.pick(words.en, words.zh),
        "unconfirmed": judged.overall.unconfirmed,
        "passed": judged.overall.passed,
        "failed": judged.overall.failed,
        "open": judged.overall.open,
        "not_applied": judged.overall.not_applied,
        "wanting": judged.overall.wanting.iter().map(|&i| &judged.system.rows[i].id).collect::<Vec<_>>(),
        "rows": rows.collect::<Vec<_>>(),
    })
}

/// The items that a row is made of, with their values and where these come from.
fn trail(pack: &Pack, zone: &Zone, row: &Indicator, at: At) -> Vec<Value> {
    let takes = row.formula.iter().flat_map(|f| &f.takes);
    takes
        .map(|&(id, when)| {
            let (item, year) = (pack.items.get(id), at.year(when));
            let value = zone.figures.get(id, year).map(|v| v / item.unit.scale);
            let from = zone.trails.get(&(id, year)).map(|t| match t {
                Trail::Account(_) => "accounts".to_owned(),
                Trail::Statistics(_) => "statistics.csv".to_owned(),
                Trail::Answer(row) => format!("answers.csv:{row}"),
                Trail::Targets => "targets.csv".to_owned(),
            });
            json!({ "item": item.symbol, "year": year, "value": value, "unit": item.unit.symbol, "from": from })
        })
        .collect()
}

/// The word for programs.
#[must_use]
pub fn verdict_id(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "pass",
        Verdict::Fail => "fail",
        Verdict::NotComputable(..) => "not_computable",
        Verdict::NotDefined(_) => "not_defined",
        Verdict::NeedsAnswer(_) => "needs_answer",
        Verdict::NotApplicable(_) => "not_applicable",
    }
}

fn outcome_id(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Pass => "pass",
        Outcome::Fail => "fail",
        Outcome::Open => "open",
        Outcome::NoRule => "no_rule",
    }
}
