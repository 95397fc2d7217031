//! Balances as tables and JSON.

use super::table::{Cell, Table};
use crate::balance::{Balance, Class, Closure, Place, Reader, Reconciled, Thing, Untested, Wrong};
use crate::diagnostic::Lang;
use crate::park::{Park, ProcessId};
use crate::quantity::{Period, significant};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Rows of the table of closures, unless all are asked for.
const TOP: usize = 15;

/// The whole report; only the first closures, unless `all` of them; only one period, if `only` says which.
#[must_use]
pub fn text(park: &Park, balance: &Balance, only: Option<Period>, all: bool, lang: Lang) -> String {
    let mut parts = vec![head(park, balance, lang)];
    let wrong = wrong(park, balance, only, lang);
    parts.push(if wrong.rows.is_empty() {
        let none = lang.pick("No meter is likely wrong", "没有明显有误的仪表");
        format!("{none}{}\n", critical(balance, lang))
    } else {
        wrong.to_text()
    });
    let (tested, booked): (Vec<&Closure>, Vec<&Closure>) = within(balance, only).partition(|closure| !closure.booked);
    if !tested.is_empty() {
        parts.push(closures(park, &tested, all, lang).to_text());
    }
    if !booked.is_empty() {
        parts.push(envelopes(park, &booked, lang).to_text());
    }
    if !balance.untested.is_empty() {
        parts.push(untested(park, balance, lang).to_text());
    }
    parts.join("\n")
}

fn within(balance: &Balance, only: Option<Period>) -> impl Iterator<Item = &Closure> {
    balance.closures.iter().filter(move |closure| only.is_none_or(|only| only.contains(closure.period)))
}

fn critical(balance: &Balance, lang: Lang) -> String {
    let limit = significant(balance.critical, 3);
    lang.pick(format!(" (no test above {limit})"), format!("（检验值均不超过 {limit}）"))
}

/// What was read, what was assumed, and what the meters say together.
fn head(park: &Park, balance: &Balance, lang: Lang) -> String {
    let readings: usize =
        balance.periods.iter().map(|p| p.assembly.variables.iter().filter(|v| v.measured.is_some()).count()).sum();
    let equations: usize = balance.periods.iter().map(|p| p.assembly.equations.len() + p.assembly.readings.len()).sum();
    let (chi2, freedom, p) = balance.chi2();
    let (measured, estimated) = balance.assumed;
    let name = lang.pick(&park.label.name_en, &park.label.name_zh);
    let periods = balance.periods.len();
    let (chi2, p) = (significant(chi2, 5), significant(p, 2));
    let mut text = lang.pick(
        format!("{name} ({})\nreadings: {readings} in {periods} periods, equations: {equations}\n", park.label.id),
        format!("{name}（{}）\n读数 {readings} 个，{periods} 个时段，方程 {equations} 个\n", park.label.id),
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
    let (chi2, p) = (significant(chi2, 5), significant(p, 2));
    text + &lang.pick(
        format!("without those below: chi-square {chi2}, {freedom} degrees of freedom, p = {p}\n"),
        format!("剔除下列仪表后：卡方 {chi2}，自由度 {freedom}，p = {p}\n"),
    )
}

/// Meters that are likely wrong.
fn wrong(park: &Park, balance: &Balance, only: Option<Period>, lang: Lang) -> Table {
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
        let periods: Vec<(Period, Option<f64>)> =
            wrong.periods.iter().copied().filter(|(p, _)| only.is_none_or(|only| only.contains(*p))).collect();
        let Some(mean) = mean(&periods) else { continue };
        let flow = &park.flows[wrong.flow];
        let carrier = park.carrier(flow.carrier);
        table.rows.push(vec![
            Cell::Text(park.node_text(flow.from)),
            Cell::Text(park.node_text(flow.to)),
            Cell::Text(lang.pick(&carrier.label.id, &carrier.label.name_zh).to_string()),
            Cell::Text(reader(wrong.reader, lang).to_owned()),
            Cell::Text(spans(&periods.iter().map(|p| p.0).collect::<Vec<_>>())),
            Cell::maybe(mean.map(|m| m * 100.0), 1),
            Cell::Number(wrong.test, 1),
            Cell::Text(alike(park, wrong, lang)),
        ]);
    }
    table
}

/// The mean bias of some periods; nothing where there are none.
#[allow(clippy::option_option, reason = "no periods, and periods without a share, are two things")]
fn mean(periods: &[(Period, Option<f64>)]) -> Option<Option<f64>> {
    let known: Vec<f64> = periods.iter().filter_map(|p| p.1).collect();
    (!periods.is_empty()).then(|| (!known.is_empty()).then(|| known.iter().sum::<f64>() / known.len() as f64))
}

fn reader(reader: Reader, lang: Lang) -> &'static str {
    let words = reader.words();
    lang.pick(words.0, words.1)
}

/// Others that cannot be told from a meter: the flow where it differs, else who read it.
fn alike(park: &Park, wrong: &Wrong, lang: Lang) -> String {
    let own = &park.flows[wrong.flow];
    let name = |&(row, by): &(usize, Reader)| {
        let flow = &park.flows[row];
        if (flow.from, flow.to, flow.carrier) == (own.from, own.to, own.carrier) {
            return reader(by, lang).to_owned();
        }
        format!("{} → {} {}", park.node_text(flow.from), park.node_text(flow.to), park.carrier(flow.carrier).label.id)
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

fn thing(park: &Park, thing: Thing, lang: Lang) -> String {
    let words = thing.words(park);
    lang.pick(words.en, words.zh)
}

/// The worst period of each balance, worst first; every period if `all` are asked for.
fn closures(park: &Park, tested: &[&Closure], all: bool, lang: Lang) -> Table {
    let mut balances: Vec<(&Closure, usize, usize)> = Vec::new();
    for closure in tested {
        let alike =
            |b: &&mut (&Closure, usize, usize)| !all && (&b.0.place, b.0.thing) == (&closure.place, closure.thing);
        let far = usize::from(closure.sigmas().is_some_and(|s| s.abs() > 2.0));
        match balances.iter_mut().find(alike) {
            Some(balance) => (balance.1, balance.2) = (balance.1 + 1, balance.2 + far),
            None => balances.push((closure, 1, far)),
        }
    }
    let many = if all { balances.len() } else { TOP.min(balances.len()) };
    let total = balances.len();
    let mut table = Table::new(
        lang.pick(
            format!("What does not close, worst first ({many} of {total} balances, each with its worst period)"),
            format!("不闭合的平衡，最差在前（{total} 项中的 {many} 项，各列最差时段）"),
        ),
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
            Cell::maybe(closure.sigmas(), 2),
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
    }
}

fn untested(park: &Park, balance: &Balance, lang: Lang) -> Table {
    let mut table = Table::new(
        lang.pick("Balances that cannot be made", "无法建立的平衡"),
        &[
            ("place", lang.pick("where", "何处")),
            ("periods", lang.pick(">periods", ">时段数")),
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

/// Everything for programs: each flow and reading with its best value.
#[must_use]
pub fn to_json(park: &Park, balance: &Balance, only: Option<Period>, lang: Lang) -> Value {
    let (chi2, freedom, p) = balance.chi2();
    let shown = |period: Period| only.is_none_or(|only| only.contains(period));
    let closures: Vec<Value> = within(balance, only)
        .map(|closure| {
            json!({
                "period": closure.period.to_string(),
                "place": closure.place.text(park),
                "of": thing(park, closure.thing, Lang::En),
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
    json!({
        "package": &*park.label.id,
        "chi2": chi2,
        "freedom": freedom,
        "p": p,
        "critical": balance.critical,
        "assumed": { "measured": balance.assumed.0, "estimated": balance.assumed.1 },
        "suspects": wrong(park, balance, only, lang).to_json(),
        "closures": closures,
        "untested": untested(park, balance, lang).to_json(),
        "periods": balance.periods.iter().filter(|p| shown(p.period)).map(|p| period(park, p)).collect::<Vec<_>>(),
    })
}

/// One period: its flows and their readings.
fn period(park: &Park, of: &Reconciled) -> Value {
    let (estimate, elimination) = match &of.outcome {
        Ok(outcome) => outcome,
        Err(contradiction) => {
            return json!({ "period": of.period.to_string(), "contradiction": contradiction.residual, "where": contradicted(park, of) });
        }
    };
    let tests = estimate.measurement_tests();
    let suspects: Vec<Value> = elimination
        .suspects
        .iter()
        .map(|s| {
            json!({
                "flow": s.variable,
                "ids": ids(park, of, s.variable as usize),
                "test": s.test,
                "bias": s.bias,
                "alike": s.alike,
                "chi2": s.chi2,
                "freedom": s.freedom,
            })
        })
        .collect();
    let flows: Vec<Value> = of
        .assembly
        .variables
        .iter()
        .enumerate()
        .map(|(k, variable)| {
            let flow = &park.flows[variable.flow];
            let correction =
                variable.measured.filter(|m| m.sd > 0.0).and_then(|m| Some((estimate.x[k]? - m.value) / m.sd));
            json!({
                "flow": k,
                "ids": ids(park, of, k),
                "from": park.node_text(flow.from),
                "to": park.node_text(flow.to),
                "carrier": &*park.carrier(flow.carrier).label.id,
                "reader": variable.reader.words().0,
                "unit": variable.dimension.to_string(),
                "measured": variable.measured.map(|m| m.value),
                "sd": variable.measured.map(|m| m.sd),
                "reconciled": estimate.x[k],
                "posterior_sd": estimate.deviation(k),
                "class": estimate.class[k].id(),
                "correction": correction.filter(|_| estimate.class[k] == Class::Redundant),
                "test": tests[k],
                "without_suspects": elimination.x[k].filter(|_| !elimination.suspects.is_empty()),
            })
        })
        .collect();
    json!({
        "period": of.period.to_string(),
        "chi2": estimate.chi2,
        "freedom": estimate.freedom,
        "p": crate::balance::tail(estimate.chi2, estimate.freedom),
        "suspects": suspects,
        "flows": flows,
    })
}

/// Ids of the rows of a variable.
fn ids(park: &Park, of: &Reconciled, variable: usize) -> Vec<String> {
    of.assembly.variables[variable].rows.iter().map(|&row| park.flows[row].id.to_string()).collect()
}

/// The balances that exact values contradict, by name.
#[must_use]
pub fn contradicted(park: &Park, of: &Reconciled) -> String {
    let Err(contradiction) = &of.outcome else { return String::new() };
    let name = |&row: &u32| {
        let equation = of.assembly.equations.get(row as usize)?;
        Some(format!("{} ({})", name_of(park, equation.process), thing(park, equation.thing, Lang::En)))
    };
    contradiction.equations.iter().filter_map(name).collect::<Vec<_>>().join(", ")
}
