//! Balances as tables and JSON.

mod checks;
mod flows;

pub use checks::{covariance, covariance_json};

use super::table::{Cell, Table};
use crate::balance::{Balance, Closure, Contradicted, Place, Reader, Thing, Untested, Wrong, Year};
use crate::diagnostic::Lang;
use crate::park::{Park, ProcessId};
use crate::quantity::{Period, significant};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Rows of the tables of closures and of implied factors, unless all are asked for.
const TOP: usize = 15;

/// The whole report; the worst closures, unless `all` of them.
#[must_use]
pub fn text(park: &Park, balance: &Balance, all: bool, lang: Lang) -> String {
    let mut parts = vec![head(park, balance, lang)];
    let wrong = wrong(park, balance, lang);
    if wrong.rows.is_empty() {
        parts.push(if balance.chi2().1 > 0 {
            format!("{}{}\n", lang.pick("No meter is likely wrong", "没有明显有误的仪表"), critical(balance, lang))
        } else {
            lang.pick("No flow is known twice: nothing tests a meter\n", "没有任何流量有重复信息：无法检验仪表\n")
                .to_owned()
        });
    } else {
        parts.push(wrong.to_text());
    }
    if balance.is_cut() {
        parts.push(lang.pick("More meters are wrong than are listed.\n", "有误的仪表多于所列。\n").to_owned());
    }
    let (tested, booked): (Vec<&Closure>, Vec<&Closure>) = balance.closures.iter().partition(|closure| !closure.booked);
    if !tested.is_empty() {
        parts.push(closures(park, &tested, all, lang).to_text());
    }
    if !booked.is_empty() {
        parts.push(envelopes(park, &booked, lang).to_text());
    }
    if !balance.implied.is_empty() {
        parts.push(checks::implied(park, balance, all, lang).to_text());
    }
    if balance.nonnegative {
        parts.push(checks::held(park, balance, lang));
    }
    let negative = negative(park, balance, lang);
    if !negative.rows.is_empty() {
        parts.push(negative.to_text());
    }
    if all {
        let nodal = checks::nodal(park, balance, lang);
        if !nodal.rows.is_empty() {
            parts.push(nodal.to_text());
        }
    }
    if !balance.untested.is_empty() {
        parts.push(untested(park, balance, lang).to_text());
    }
    let unread: Vec<String> = unread(park, balance);
    if !unread.is_empty() {
        parts.push(lang.pick(
            format!("Rows whose unit cannot be set against that of the other reading: {}\n", unread.join(", ")),
            format!("单位无法与另一读数比较的行：{}\n", unread.join(", ")),
        ));
    }
    parts.join("\n")
}

/// Rows that are in no balance for their unit.
fn unread(park: &Park, balance: &Balance) -> Vec<String> {
    balance.years.iter().flat_map(|y| &y.assembly.unread).map(|&row| park.flows[row].id.to_string()).collect()
}

/// Flows whose best value is clearly below 0.
fn negative(park: &Park, balance: &Balance, lang: Lang) -> Table {
    let mut table = Table::new(
        lang.pick("Flows whose best value is negative", "最佳值为负的流量"),
        &[
            ("id", lang.pick("row", "行")),
            ("period", lang.pick("period", "时段")),
            ("from", lang.pick("from", "从")),
            ("to", lang.pick("to", "到")),
            ("carrier", lang.pick("carrier", "载体")),
            ("measured", lang.pick(">measured", ">实测")),
            ("best", lang.pick(">best value", ">最佳值")),
            ("unit", lang.pick("unit", "单位")),
        ],
    );
    for Year { assembly, estimate, .. } in &balance.years {
        for (k, variable) in assembly.variables.iter().enumerate() {
            let joint = match variable.reader {
                Reader::Group => true,
                Reader::Flow => assembly.readings.iter().any(|r| r.1 as usize == k),
                _ => false,
            };
            let at = assembly.best_of(k);
            let Some(x) = estimate.x[at].filter(|x| *x < 0.0 && !joint) else { continue };
            let flow = &park.flows[variable.flow];
            let size = variable.measured.map_or(0.0, |m| m.value.abs()).max(estimate.deviation(at).unwrap_or_default());
            if x < -1e-9 * size.max(1e-9) {
                table.rows.push(vec![
                    Cell::Text(flow.id.to_string()),
                    Cell::Text(flow.period.to_string()),
                    Cell::Text(park.node_text(flow.from)),
                    Cell::Text(park.node_text(flow.to)),
                    Cell::Text(thing(park, Thing::Carrier(flow.carrier), lang)),
                    Cell::maybe(variable.measured.map(|m| m.value), 1),
                    Cell::Number(x, 1),
                    Cell::Text(variable.dimension.to_string()),
                ]);
            }
        }
    }
    table
}

fn critical(balance: &Balance, lang: Lang) -> String {
    let limit = significant(balance.critical, 3);
    lang.pick(format!(" (no test above {limit})"), format!("（检验值均不超过 {limit}）"))
}

/// What was read, what was assumed, and what the meters say together.
fn head(park: &Park, balance: &Balance, lang: Lang) -> String {
    let years = balance.years.iter().map(|y| &y.assembly);
    let readings: usize = years
        .clone()
        .map(|a| a.variables.iter().filter(|v| !v.rows.is_empty() && v.reader != Reader::Group).count())
        .sum();
    let equations: usize = years.map(|a| a.equations.len() + a.readings.len()).sum();
    let (chi2, freedom, p) = balance.chi2();
    let (measured, estimated) = balance.assumed();
    let name = lang.pick(&park.label.name_en, &park.label.name_zh);
    let (chi2, p) = (rounded(chi2), significant(p, 2));
    let mut text = lang.pick(
        format!("{name} ({})\nreadings: {readings}, equations: {equations}\n", park.label.id),
        format!("{name}（{}）\n读数 {readings} 个，方程 {equations} 个\n", park.label.id),
    );
    text += &lang.pick(
        format!("uncertainty assumed: {measured} rows at ±2 %, {estimated} estimates at ±30 % (95 % limits; state 'percent' or 'sd')\n"),
        format!("未写不确定度：{measured} 行按 ±2 %，{estimated} 行估算按 ±30 %（95 % 区间；请填 percent 或 sd）\n"),
    );
    text += &lang.pick(
        format!("all meters together: chi-square {chi2}, {freedom} degrees of freedom, p = {p}\n"),
        format!("全部仪表：卡方 {chi2}，自由度 {freedom}，p = {p}\n"),
    );
    if balance.wrong.is_empty() {
        return text;
    }
    let (chi2, freedom, p) = balance.chi2_without();
    let (chi2, p) = (rounded(chi2), significant(p, 2));
    text + &lang.pick(
        format!("without those below: chi-square {chi2}, {freedom} degrees of freedom, p = {p}\n"),
        format!("剔除下列仪表后：卡方 {chi2}，自由度 {freedom}，p = {p}\n"),
    )
}

/// Five digits; what is left of nothing by rounding is 0.
fn rounded(chi2: f64) -> String {
    significant(if chi2 < 1e-6 { 0.0 } else { chi2 }, 5)
}

/// Meters that are likely wrong.
fn wrong(park: &Park, balance: &Balance, lang: Lang) -> Table {
    let limit = significant(balance.critical, 3);
    let mut table = Table::new(
        lang.pick(
            format!("Meters that are likely wrong (test above {limit})"),
            format!("可能有误的仪表（检验值高于 {limit}）"),
        ),
        &[
            ("from", lang.pick("from", "从")),
            ("to", lang.pick("to", "到")),
            ("carrier", lang.pick("carrier", "载体")),
            ("reader", lang.pick("read by", "计量方")),
            ("periods", lang.pick("when", "时段")),
            ("bias_percent", lang.pick(">reads % too high", ">偏高 %")),
            ("test", lang.pick(">test", ">检验值")),
            ("alike", lang.pick("cannot be told from", "无法区分")),
        ],
    );
    for wrong in &balance.wrong {
        let periods = &wrong.periods;
        let known: Vec<f64> = periods.iter().filter_map(|p| p.1).collect();
        let mean = (!known.is_empty()).then(|| known.iter().sum::<f64>() / known.len() as f64);
        let flow = &park.flows[wrong.flow];
        let carrier = park.carrier(flow.carrier);
        table.rows.push(vec![
            Cell::Text(park.node_text(flow.from)),
            Cell::Text(park.node_text(flow.to)),
            Cell::Text(lang.pick(&carrier.label.id, &carrier.label.name_zh).to_string()),
            Cell::Text(reader(park, wrong.flow, wrong.reader, lang)),
            Cell::Text(spans(&periods.iter().map(|p| p.0).collect::<Vec<_>>())),
            Cell::maybe(mean.map(|m| m * 100.0), 1),
            Cell::Number(wrong.test, 1),
            Cell::Text(alike(park, wrong, lang)),
        ]);
    }
    table
}

/// Who read a row; what is shared by the rows of a group, by its name.
fn reader(park: &Park, row: usize, reader: Reader, lang: Lang) -> String {
    let words = reader.words();
    let word = lang.pick(words.0, words.1).to_owned();
    match &park.flows[row].group {
        Some(group) if reader == Reader::Group => format!("{word} {group}"),
        _ => word,
    }
}

/// Others that cannot be told from a meter: the flow where it differs, else who read it.
fn alike(park: &Park, wrong: &Wrong, lang: Lang) -> String {
    let own = &park.flows[wrong.flow];
    let name = |&(row, by): &(usize, Reader)| {
        let flow = &park.flows[row];
        if (flow.from, flow.to, flow.carrier) == (own.from, own.to, own.carrier) {
            return reader(park, row, by, lang);
        }
        let what = thing(park, Thing::Carrier(flow.carrier), lang);
        format!("{} → {} {what}", park.node_text(flow.from), park.node_text(flow.to))
    };
    let mut names: Vec<String> = wrong.alike.iter().take(3).map(name).collect();
    if wrong.alike.len() > 3 {
        names.push(lang.pick(format!("and {} more", wrong.alike.len() - 3), format!("等 {} 项", wrong.alike.len())));
    }
    names.join(", ")
}

/// Periods as spans: `2024-01..2024-03, 2024-07`.
fn spans(periods: &[Period]) -> String {
    let follows = |a: Period, b: Period| match (a.month, b.month) {
        (Some(a_month), Some(b_month)) => {
            u32::from(a.year) * 12 + u32::from(a_month) + 1 == u32::from(b.year) * 12 + u32::from(b_month)
        }
        _ => a.year + 1 == b.year && a.month == b.month,
    };
    let mut spans: Vec<(Period, Period)> = Vec::new();
    for &period in periods {
        match spans.last_mut() {
            Some(last) if follows(last.1, period) => last.1 = period,
            _ => spans.push((period, period)),
        }
    }
    let text = |&(a, b): &(Period, Period)| if a == b { a.to_string() } else { format!("{a}..{b}") };
    spans.iter().map(text).collect::<Vec<_>>().join(", ")
}

pub(super) fn thing(park: &Park, thing: Thing, lang: Lang) -> String {
    let words = thing.words(park);
    lang.pick(words.en, words.zh)
}

/// The worst period of each balance, worst first; every period if `all` are asked for.
fn closures(park: &Park, tested: &[&Closure], all: bool, lang: Lang) -> Table {
    let mut balances: Vec<(&Closure, usize, usize)> = Vec::new();
    for closure in tested {
        let alike =
            |b: &&mut (&Closure, usize, usize)| !all && (&b.0.place, b.0.thing) == (&closure.place, closure.thing);
        let far = usize::from(closure.is_beyond(2.0));
        match balances.iter_mut().find(alike) {
            Some(balance) => (balance.1, balance.2) = (balance.1 + 1, balance.2 + far),
            None => balances.push((closure, 1, far)),
        }
    }
    let many = if all { balances.len() } else { TOP.min(balances.len()) };
    let total = balances.len();
    let mut table = Table::new(
        if all {
            lang.pick("What does not close, worst first".to_owned(), "不闭合的平衡，最差在前".to_owned())
        } else {
            lang.pick(
                format!("What does not close, worst first ({many} of {total} balances, each with its worst period)"),
                format!("不闭合的平衡，最差在前（{total} 项中的 {many} 项，各列最差时段）"),
            )
        },
        &[
            ("place", lang.pick("where", "何处")),
            ("thing", lang.pick("of", "对象")),
            ("period", lang.pick("period", "时段")),
            ("inflow", lang.pick(">in", ">流入")),
            ("outflow", lang.pick(">out", ">流出")),
            ("residual", lang.pick(">in - out", ">差额")),
            ("sd", lang.pick(">sd", ">标准差")),
            ("unit", lang.pick("unit", "单位")),
            ("sigmas", lang.pick(">in sd", ">差额/标准差")),
            ("beyond", lang.pick(">beyond 2 sd", ">超过 2 倍")),
        ],
    );
    for (closure, periods, far) in balances.into_iter().take(many) {
        table.rows.push(vec![
            Cell::Text(closure.place.text(park)),
            Cell::Text(thing(park, closure.thing, lang)),
            Cell::Text(closure.period.to_string()),
            Cell::Number(closure.inflow, 1),
            Cell::Number(closure.outflow, 1),
            Cell::Number(closure.residual(), 1),
            Cell::Number(closure.sd, 1),
            Cell::Text(closure.dimension.to_string()),
            match closure.sigmas() {
                None if closure.is_beyond(0.0) => Cell::Text(lang.pick("exact", "精确值").to_owned()),
                sigmas => Cell::maybe(sigmas, 2),
            },
            Cell::Text(lang.pick(format!("{far} of {periods}"), format!("{far}/{periods}"))),
        ]);
    }
    table
}

/// Envelopes over all periods that are shown.
fn envelopes(park: &Park, booked: &[&Closure], lang: Lang) -> Table {
    let mut sums: BTreeMap<&Place, (f64, f64, f64)> = BTreeMap::new();
    for closure in booked {
        let sum = sums.entry(&closure.place).or_default();
        *sum = (sum.0 + closure.inflow, sum.1 + closure.outflow, libm::hypot(sum.2, closure.sd));
    }
    let mut table = Table::new(
        lang.pick(
            "Carbon balances whose rest is booked as an emission: not testable",
            "余量计为排放的碳平衡：无法检验",
        ),
        &[
            ("place", lang.pick("where", "何处")),
            ("inflow", lang.pick(">t C in", ">流入 t C")),
            ("outflow", lang.pick(">t C out", ">流出 t C")),
            ("residual", lang.pick(">rest", ">余量")),
            ("sd", lang.pick(">sd", ">标准差")),
        ],
    );
    for (at, (inflow, outflow, sd)) in sums {
        table.rows.push(vec![
            Cell::Text(at.text(park)),
            Cell::Number(inflow, 1),
            Cell::Number(outflow, 1),
            Cell::Number(inflow - outflow, 1),
            Cell::Number(sd, 1),
        ]);
    }
    table
}

fn why(park: &Park, untested: Untested, lang: Lang) -> String {
    match untested {
        Untested::OneSided => {
            lang.pick("only inflows or only outflows are recorded", "只记录了流入或只记录了流出").to_owned()
        }
        Untested::Mixed => {
            lang.pick("different carriers without a common measure", "载体不同且没有共同的计量").to_owned()
        }
        Untested::Energy(carrier) => {
            let id = &park.carrier(carrier).label.id;
            lang.pick(format!("energy: the calorific value of '{id}' is not known"), format!("能量：{id} 的热值未知"))
        }
        Untested::Level(carrier) => {
            let id = &park.carrier(carrier).label.id;
            lang.pick(
                format!("the stock of '{id}' at the beginning or the end is stated only in a period that is not of this balance"),
                format!("{id} 的期初或期末库存只写在本平衡以外的时段"),
            )
        }
        Untested::Calcium(carrier) => {
            let id = &park.carrier(carrier).label.id;
            lang.pick(
                format!("calcium: the content of '{id}' is not known (state 'cao', 0 where it holds none)"),
                format!("钙：{id} 的含量未知（请填 cao，不含则填 0）"),
            )
        }
    }
}

fn untested(park: &Park, balance: &Balance, lang: Lang) -> Table {
    let mut table = Table::new(
        lang.pick("Balances that cannot be made", "无法建立的平衡"),
        &[
            ("place", lang.pick("where", "何处")),
            ("years", lang.pick(">years", ">年数")),
            ("why", lang.pick("why", "原因")),
        ],
    );
    for (&(process, reason), &count) in &balance.untested {
        table.rows.push(vec![
            Cell::Text(name_of(park, process)),
            Cell::Number(count as f64, 0),
            Cell::Text(why(park, reason, lang)),
        ]);
    }
    table
}

fn name_of(park: &Park, process: ProcessId) -> String {
    park.process(process).label.id.to_string()
}

/// Everything for programs: each flow and reading with its best value. The same in both languages.
#[must_use]
pub fn to_json(park: &Park, balance: &Balance) -> Value {
    let lang = Lang::En;
    let (chi2, freedom, p) = balance.chi2();
    let without = balance.chi2_without();
    let assumed = balance.assumed();
    let closures: Vec<Value> = balance
        .closures
        .iter()
        .map(|closure| {
            json!({
                "period": closure.period.to_string(),
                "place": closure.place.text(park),
                "of": thing(park, closure.thing, lang),
                "inflow": closure.inflow,
                "outflow": closure.outflow,
                "residual": closure.residual(),
                "sd": closure.sd,
                "unit": closure.dimension.to_string(),
                "sigmas": closure.sigmas(),
                "booked": closure.booked,
            })
        })
        .collect();
    let (nodal, nodal_critical) = balance.nodal_tests(park);
    json!({
        "package": &*park.label.id,
        "chi2": chi2,
        "freedom": freedom,
        "p": p,
        "without_suspects": { "chi2": without.0, "freedom": without.1, "p": without.2 },
        "critical": balance.critical,
        "assumed": { "measured": assumed.0, "estimated": assumed.1 },
        "wrong": wrong(park, balance, lang).to_json(),
        "suspects": balance.years.iter().flat_map(|year| flows::suspects(park, year)).collect::<Vec<_>>(),
        "closures": closures,
        "nodal": nodal.iter().map(|n| checks::nodal_json(park, n, nodal_critical)).collect::<Vec<_>>(),
        "nodal_critical": nodal_critical,
        "nonnegative": balance.nonnegative.then(|| checks::held_json(park, balance)),
        "implied": balance.implied.iter().map(|c| checks::implied_json(park, c)).collect::<Vec<_>>(),
        "contradicted": balance.contradicted.iter().map(|c| json!({ "at": at(park, c, lang), "residual": c.residual })).collect::<Vec<_>>(),
        "untested": untested(park, balance, lang).to_json(),
        "unread": unread(park, balance),
        "flows": balance.years.iter().flat_map(|year| flows::flows(park, year)).collect::<Vec<_>>(),
    })
}

/// The balances and meters that exact values contradict, by name.
#[must_use]
pub fn at(park: &Park, contradicted: &Contradicted, lang: Lang) -> String {
    names(park, &contradicted.at, lang)
}

pub(super) fn names(park: &Park, at: &[(Period, Place, Thing)], lang: Lang) -> String {
    let name = |(period, place, of): &(Period, Place, Thing)| {
        let (place, of) = (place.text(park), thing(park, *of, lang));
        lang.pick(format!("{place} ({of}, {period})"), format!("{place}（{of}，{period}）"))
    };
    at.iter().map(name).collect::<Vec<_>>().join(lang.pick(", ", "、"))
}
