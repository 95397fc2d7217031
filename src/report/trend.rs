//! Trends as tables and JSON.

use super::table::{Cell, Table, grouped};
use crate::diagnostic::{Lang, Words};
use crate::park::{EnterpriseId, Park};
use crate::programme::elasticity::{Edge, Elasticity};
use crate::trend::drivers::{Drivers, FACTORS};
use crate::trend::emissions::Apart;
use crate::trend::lmdi::Decomposition;
use crate::trend::restatement::Restatement;
use crate::trend::series::{Pace, Span, Trend};
use crate::trend::{Boundary, tapio::State};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

fn say(words: &Words, lang: Lang) -> &str {
    lang.pick(&words.en, &words.zh)
}

/// The trend as text.
#[must_use]
pub fn text(park: &Park, trend: &Trend, lang: Lang) -> String {
    let mut blocks = vec![head(park, trend, lang), series(trend, lang).to_text(), paces(trend, lang).to_text()];
    if let Some(ends) = trend.spans.last().and_then(|s| s.drivers.as_ref()) {
        blocks.push(effects(trend, ends, lang).to_text());
        blocks.push(ratios(trend, lang).to_text());
    }
    blocks.push(sectors(trend, lang).to_text());
    blocks.push(carriers(park, trend, lang).to_text());
    blocks.push(match (&trend.restatement, park.settings.base_year) {
        (Some(restatement), _) => base_year(park, restatement, lang),
        (None, Some(year)) => lang.pick(
            format!("base year {year}: not before the last year shown, or without data here; nothing to restate\n"),
            format!("基准年 {year}：不早于所示末年，或此处没有数据；无从重述\n"),
        ),
        (None, None) => String::new(),
    });
    if !trend.notes.is_empty() {
        let mut notes = lang.pick("Notes\n", "说明\n").to_owned();
        for note in &trend.notes {
            notes.extend(["  ", say(note, lang), "\n"]);
        }
        blocks.push(notes);
    }
    blocks.retain(|b| !b.is_empty());
    blocks.join("\n")
}

fn head(park: &Park, trend: &Trend, lang: Lang) -> String {
    let name = lang.pick(&park.label.name_en, &park.label.name_zh);
    let years = trend.years.iter().map(u16::to_string).collect::<Vec<_>>().join(", ");
    let boundary = match trend.boundary {
        Boundary::Park => lang.pick("park as a whole", "园区整体"),
        Boundary::Sum => lang.pick("sum of the enterprises", "企业之和"),
    };
    let (id, rule) = (&park.label.id, park.settings.rule_set.title());
    let mut head = lang.pick(
        format!("{name} ({id}), trend {years}\nemissions: {boundary}, scope 1 and 2, location-based, {rule}\n"),
        format!("{name}（{id}），趋势 {years}\n排放：{boundary}，范围一与范围二（基于位置），{rule}\n"),
    );
    if let Ok(added) = &trend.added {
        let prices = added.prices.words();
        let basis = &park.settings.price_basis;
        let basis = if basis.is_empty() { String::new() } else { format!(" [park.toml: {basis}]") };
        let label = lang.pick("added value: ", "增加值：");
        head.extend([label, say(&prices, lang), &basis, "\n"]);
    }
    head
}

/// A table with a column of words and one for each year.
fn by_year(trend: &Trend, title: &str, first: &str) -> Table {
    let mut table = Table::new(title, &[("of", first)]);
    for year in &trend.years {
        table.number_column("year", year.to_string());
    }
    table
}

fn numbers<'a>(values: impl Iterator<Item = Option<f64>> + 'a, decimals: usize) -> impl Iterator<Item = Cell> + 'a {
    values.map(move |v| Cell::maybe(v, decimals))
}

fn series(trend: &Trend, lang: Lang) -> Table {
    let mut table = by_year(trend, lang.pick("Series", "时间序列"), lang.pick("quantity", "指标"));
    table.number_column("growth", lang.pick("% a year", "年均 %"));
    let ends = trend.spans.last();
    let mut row = |name: &str, values: Vec<Option<f64>>, decimals: usize, growth: Option<f64>| {
        let cells = numbers(values.into_iter(), decimals);
        let growth = Cell::maybe(growth.map(|g| 100.0 * g), 2);
        table.rows.push([Cell::Text(name.to_owned())].into_iter().chain(cells).chain([growth]).collect());
    };
    let some = |list: &[f64]| list.iter().copied().map(Some).collect::<Vec<_>>();
    if let Ok(added) = &trend.added {
        let growth = ends.and_then(|s| s.added);
        row(lang.pick("added value, 万元", "增加值，万元"), some(&added.park), 0, growth);
    }
    row("CO2e, t", some(&trend.co2e), 1, ends.and_then(|s| s.co2e.growth));
    row("CO2, t", some(&trend.co2), 1, ends.and_then(|s| s.co2.growth));
    let growth = ends.and_then(|s| s.energy).and_then(|p| p.growth);
    row(lang.pick("energy over the fence, tce", "综合能源消费量，tce"), trend.energy.clone(), 1, growth);
    if let Some(intensity) = &trend.intensity {
        row(
            lang.pick("CO2e per added value, t/万元", "单位增加值 CO2e，t/万元"),
            some(intensity),
            4,
            trend.intensity_growth(),
        );
    }
    table
}

fn span_words(trend: &Trend, span: &Span) -> String {
    format!("{}–{}", trend.years[span.from], trend.years[span.to])
}

fn paces(trend: &Trend, lang: Lang) -> Table {
    let title = lang.pick(
        "Growth, elasticity and decoupling (Tapio; the bounds 0.8 and 1.2 count as coupling), the last rows first year to last",
        "增长、弹性与脱钩（Tapio；0.8 与 1.2 归入连结），末行为首年至末年",
    );
    let columns = [
        ("span", lang.pick("years", "年份")),
        ("of", lang.pick("quantity", "指标")),
        ("growth", lang.pick(">% a year", ">年均 %")),
        ("added", lang.pick(">added value, % a year", ">增加值年均 %")),
        ("elasticity", lang.pick(">elasticity", ">弹性系数")),
        ("t", lang.pick(">t (Tapio)", ">t（Tapio）")),
        ("state", lang.pick("state", "状态")),
    ];
    let mut table = Table::new(title, &columns);
    for span in &trend.spans {
        let energy = span.energy.map(|pace| (lang.pick("energy", "能源"), pace));
        for (name, pace) in [("CO2e", span.co2e), ("CO2", span.co2)].into_iter().chain(energy) {
            let mut cells = vec![Cell::Text(span_words(trend, span)), Cell::Text(name.to_owned())];
            cells.push(Cell::maybe(pace.growth.map(|g| 100.0 * g), 2));
            cells.push(Cell::maybe(span.added.map(|g| 100.0 * g), 2));
            cells.extend(pace_cells(&pace, lang));
            table.rows.push(cells);
        }
    }
    table
}

/// Elasticity, Tapio's quotient and the state.
fn pace_cells(pace: &Pace, lang: Lang) -> [Cell; 3] {
    let elasticity = pace.elasticity.and_then(Result::ok).and_then(|e: Elasticity| e.value);
    let t = pace.decoupling.and_then(|d| d.elasticity);
    let state = pace.decoupling.map_or(Cell::NotAvailable, |d| Cell::Text(state(d.state, lang).to_owned()));
    [Cell::maybe(elasticity, 3), Cell::maybe(t, 3), state]
}

fn state(state: State, lang: Lang) -> &'static str {
    let (en, zh) = state.words();
    lang.pick(en, zh)
}

/// A table with a column for each step, their sum or product, and first against last.
fn by_span(trend: &Trend, title: &str, steps: &str, lang: Lang) -> Table {
    let mut table = Table::new(title, &[("of", lang.pick("part", "部分"))]);
    let Some((last, each)) = trend.spans.split_last() else { return table };
    for span in each {
        table.number_column("span", span_words(trend, span));
    }
    table.number_column("steps", steps);
    table.number_column(
        "ends",
        lang.pick(format!("{} at once", span_words(trend, last)), format!("{} 一步", span_words(trend, last))),
    );
    table
}

/// What is added up of the spans: each step, the sum of all steps, and first against last.
fn added_up(trend: &Trend, of: impl Fn(&Drivers) -> f64) -> Vec<Option<f64>> {
    let all: Vec<Option<f64>> = trend.spans.iter().map(|s| s.drivers.as_ref().map(&of)).collect();
    let Some((last, steps)) = all.split_last() else { return all };
    let sum = steps.iter().copied().sum::<Option<f64>>();
    steps.iter().copied().chain([sum, *last]).collect()
}

fn effects(trend: &Trend, ends: &Drivers, lang: Lang) -> Table {
    let title = lang.pick(
        "What drove the change (LMDI-I, additive), t CO2e: CO2 of energy by sector and carrier, then what is not decomposed",
        "变化的驱动因素（LMDI-I 加法形式），t CO2e：按行业与载体分解能源 CO2，其后为未分解部分",
    );
    let mut table = by_span(trend, title, lang.pick("sum of the steps", "逐年之和"), lang);
    let mut row = |name: String, values: Vec<Option<f64>>| {
        table.rows.push([Cell::Text(name)].into_iter().chain(numbers(values.into_iter(), 1)).collect());
    };
    for (k, (_, en, zh)) in FACTORS.iter().enumerate() {
        row(lang.pick(*en, *zh).to_owned(), added_up(trend, |d| d.made.additive[k]));
    }
    row(lang.pick("CO2 of energy", "能源 CO2 小计").to_owned(), added_up(trend, |d| d.made.change()));
    for what in apart(trend, ends) {
        let (en, zh) = what.words();
        row(lang.pick(en, zh), added_up(trend, |d| d.apart.get(&what).copied().unwrap_or_default()));
    }
    row(lang.pick("all parts", "各部分合计").to_owned(), added_up(trend, Drivers::sum));
    row(lang.pick("change in the inventory", "清单总量变化").to_owned(), added_up(trend, |d| d.change));
    // Rounding is told by its size, not as a number of tonnes.
    let residuals = added_up(trend, Drivers::residual);
    let changes = added_up(trend, |d| d.change);
    // Where nothing changed but rounding, the size of the totals says what rounding is.
    let size = trend.co2e.iter().fold(0.0_f64, |most, total| most.max(total.abs()));
    let residuals = residuals.into_iter().zip(changes).map(|(residual, change)| match residual.zip(change) {
        Some((r, c)) if r.abs() <= 1e-9 * c.abs() || r.abs() <= 1e-12 * size => Cell::Text("< 1e-9".to_owned()),
        Some((r, c)) if c != 0.0 => Cell::Text(format!("{:.0e}", (r / c).abs())),
        Some((r, _)) => Cell::Text(format!("{r:.0e} t")),
        None => Cell::NotAvailable,
    });
    let name = lang.pick("residual, in parts of the change", "残差（占变化量）").to_owned();
    table.rows.push([Cell::Text(name)].into_iter().chain(residuals).collect());
    table
}

/// Whatever stands apart in some span.
fn apart(trend: &Trend, ends: &Drivers) -> BTreeSet<Apart> {
    let spans = trend.spans.iter().filter_map(|s| s.drivers.as_ref()).chain([ends]);
    spans.flat_map(|d| d.apart.keys().copied()).collect()
}

fn ratios(trend: &Trend, lang: Lang) -> Table {
    let title = lang.pick(
        "The same as ratios (LMDI-I, multiplicative): CO2 of energy, later over earlier",
        "同上，乘法形式（LMDI-I）：能源 CO2 后期与前期之比",
    );
    let mut table = by_span(trend, title, lang.pick("product of the steps", "逐年之积"), lang);
    let mut row = |name: &str, of: &dyn Fn(&Decomposition) -> Option<f64>| {
        let all: Vec<Option<f64>> = trend.spans.iter().map(|s| s.drivers.as_ref().and_then(|d| of(&d.made))).collect();
        let Some((last, steps)) = all.split_last() else { return };
        let product = steps.iter().copied().product::<Option<f64>>();
        let cells = numbers(steps.iter().copied().chain([product, *last]), 6);
        table.rows.push([Cell::Text(name.to_owned())].into_iter().chain(cells).collect());
    };
    for (k, (_, en, zh)) in FACTORS.iter().enumerate() {
        row(lang.pick(en, zh), &|d: &Decomposition| d.multiplicative.as_ref().map(|m| m[k]));
    }
    row(lang.pick("CO2 of energy", "能源 CO2"), &Decomposition::ratio);
    table
}

fn sectors(trend: &Trend, lang: Lang) -> Table {
    let title = lang.pick(
        "By sector: its part of the total, t CO2e; growth and state from the first year to the last",
        "按行业：在总量中的部分，t CO2e；增长与状态为首年至末年",
    );
    let mut table = by_year(trend, title, lang.pick("sector", "行业"));
    let first_and_last = [trend.years.first(), trend.years.last()];
    for year in first_and_last.into_iter().flatten() {
        table.number_column("added", lang.pick(format!("万元 {year}"), format!("增加值 {year}")));
    }
    table.number_column("tce", lang.pick("tce, last", "末年 tce"));
    table.number_column("growth", lang.pick("% a year", "年均 %"));
    table.number_column("elasticity", lang.pick("elasticity", "弹性系数"));
    table.number_column("t", lang.pick("t (Tapio)", "t（Tapio）"));
    table.columns.extend(Table::new("", &[("state", lang.pick("state", "状态"))]).columns);
    for sector in &trend.sectors {
        let mut cells = vec![Cell::Text(sector.code.to_string())];
        cells.extend(numbers(sector.co2e.iter().copied().map(Some), 1));
        let added = |at: fn(&[f64]) -> Option<&f64>| sector.added.as_deref().and_then(at).copied();
        cells.extend(numbers([added(<[f64]>::first), added(<[f64]>::last)].into_iter(), 0));
        cells.push(Cell::maybe(sector.energy.last().copied().flatten(), 1));
        cells.push(Cell::maybe(sector.pace.growth.map(|g| 100.0 * g), 2));
        cells.extend(pace_cells(&sector.pace, lang));
        table.rows.push(cells);
    }
    table
}

fn carriers(park: &Park, trend: &Trend, lang: Lang) -> Table {
    let title = lang.pick(
        "By carrier: energy burnt or bought, tce, and its CO2, t (part of the total)",
        "按载体：燃烧或购入的能源（tce）及其 CO2（t，在总量中的部分）",
    );
    let mut table = Table::new(title, &[("carrier", lang.pick("carrier", "载体"))]);
    for (key, unit) in [("tce", "tce"), ("co2", "t CO2")] {
        for year in &trend.years {
            table.number_column(key, format!("{unit} {year}"));
        }
    }
    for carrier in &trend.carriers {
        let label = &park.carrier(carrier.carrier).label;
        let mut cells = vec![Cell::Text(lang.pick(label.id.to_string(), label.name_zh.to_string()))];
        cells.extend(numbers(carrier.energy.iter().copied(), 1));
        cells.extend(numbers(carrier.co2.iter().copied().map(Some), 1));
        table.rows.push(cells);
    }
    table
}

fn percent(share: f64) -> String {
    format!("{} %", grouped(100.0 * share, 2))
}

/// What the threshold says of a restatement.
fn judged(made: &Restatement) -> (String, String) {
    let share = made.share().map_or_else(|| "n/a".to_owned(), percent);
    match made.is_beyond() {
        Some(true) => (format!("{share}: beyond the threshold"), format!("{share}：超过阈值")),
        Some(false) => (
            format!("{share}: below the threshold, the base year stands as reported"),
            format!("{share}：低于阈值，基准年维持原报数"),
        ),
        None if made.threshold.is_none() => {
            (format!("{share}: no threshold to judge it by"), format!("{share}：没有可比的阈值"))
        }
        None if made.share().is_none() => (
            "the total of the base year is not above zero: no share of it".to_owned(),
            "基准年总量不大于零，无从计算占比".to_owned(),
        ),
        None => (
            format!("{share} of what is known: open, since some effect on the base year is not known"),
            format!("已知部分 {share}：待定，尚有对基准年的影响未知"),
        ),
    }
}

fn base_year(park: &Park, made: &Restatement, lang: Lang) -> String {
    let (year, named) = made.base_year;
    let threshold = made.threshold.map(percent);
    let mut out = match (&threshold, named) {
        (Some(limit), true) => lang.pick(
            format!("Base year {year}, restated if it changes by more than {limit}\n"),
            format!("基准年 {year}，变化超过 {limit} 即重述\n"),
        ),
        (None, true) => lang.pick(
            format!("Base year {year}; park.toml states no restatement_threshold\n"),
            format!("基准年 {year}；park.toml 未写明 restatement_threshold\n"),
        ),
        (_, false) => lang.pick(
            format!("Base year: park.toml names none; the first year, {year}, is taken\n"),
            format!("基准年：park.toml 未指定，取首年 {year}\n"),
        ),
    };
    let mut line = |en: String, zh: String| out.extend(["  ", &lang.pick(en, zh), "\n"]);
    let name = |e: &EnterpriseId| park.enterprise(*e).label.id.to_string();
    let list = |firms: &[(EnterpriseId, f64)]| {
        firms.iter().map(|(e, t)| format!("{} ({} t CO2e)", name(e), grouped(*t, 1))).collect::<Vec<_>>().join(", ")
    };
    if !made.joined.is_empty() {
        let firms = list(&made.joined);
        line(
            format!(
                "joined since, with what they emit in the last year: {firms}; their base year is not in the package"
            ),
            format!("其后加入（末年排放）：{firms}；数据包中没有其基准年数据"),
        );
    }
    if !made.left.is_empty() {
        let firms = list(&made.left);
        line(
            format!("left since, with what they emitted in the base year: {firms}"),
            format!("其后退出（基准年排放）：{firms}"),
        );
    }
    let effect = |value: Option<f64>| value.map_or(lang.pick("not known", "未知").to_owned(), |v| format!("{v:+.1}"));
    for correction in &made.corrections {
        let (row, what, effect) = (correction.row, &correction.what, effect(correction.effect));
        line(
            format!("changes.csv row {row}: {what}; effect on the base year, t CO2e: {effect}"),
            format!("changes.csv 第 {row} 行：{what}；对基准年的影响（t CO2e）：{effect}"),
        );
    }
    for moved in made.factors.iter().flatten() {
        let (id, new, effect) = (&moved.id, &moved.new, effect(moved.effect));
        let (then, then_zh) = match &moved.old {
            Some(old) => (format!("{old} when locked"), format!("锁定时 {old}")),
            None => ("not in factors.lock".to_owned(), "factors.lock 中没有".to_owned()),
        };
        line(
            format!("factor {id}: {then}, now {new}; effect on the base year, t CO2e: {effect}"),
            format!("因子 {id}：{then_zh}，现为 {new}；对基准年的影响（t CO2e）：{effect}"),
        );
    }
    if made.factors.is_none() {
        line(
            "no factors.lock: whether factors moved since the base year was reported is not known".to_owned(),
            "没有 factors.lock：无法知道基准年上报以来因子是否变动".to_owned(),
        );
    }
    if !made.has_reason() {
        line(
            "same members, no logged correction of the base year or of a method: nothing asks for a restatement"
                .to_owned(),
            "成员未变，更正日志中没有针对基准年或方法的更正：无需重述".to_owned(),
        );
        return out;
    }
    let (en, zh) = judged(made);
    line(en, zh);
    if made.is_beyond() == Some(false) {
        return out;
    }
    let title = lang.pick(
        "\nAs reported (old rows and factors, members of each year) and restated (as now, members of both ends), t CO2e",
        "\n原报数（更正前的行与因子、各年成员）与重述数（现有数据、两端共同成员），t CO2e",
    );
    let mut table = Table::new(title, &[("series", lang.pick("series", "序列"))]);
    for year in &made.years {
        table.number_column("year", year.to_string());
    }
    for (name, values) in
        [(lang.pick("as reported", "原报数"), &made.reported), (lang.pick("restated", "重述数"), &made.restated)]
    {
        let cells = numbers(values.iter().copied().map(Some), 1);
        table.rows.push([Cell::Text(name.to_owned())].into_iter().chain(cells).collect());
    }
    out.push_str(&table.to_text());
    out
}

/// The trend as JSON, in full precision.
#[must_use]
pub fn to_json(park: &Park, trend: &Trend) -> Value {
    let both = |w: &Words| json!({ "en": w.en, "zh": w.zh });
    let added = match &trend.added {
        Ok(added) => json!({
            "prices": added.prices.id(),
            "words": both(&added.prices.words()),
            "price_basis": park.settings.price_basis,
            "unit": "万元",
            "park": added.park,
            "sectors": added.sectors.iter().map(|(code, v)| (code.to_string(), json!(v))).collect::<Map<_, _>>(),
        }),
        Err(why) => json!({ "missing": both(why) }),
    };
    let sectors = trend.sectors.iter().map(|s| {
        json!({ "sector": &*s.code, "added_value": s.added, "co2e_t": s.co2e, "energy_tce": s.energy, "pace": pace_json(&s.pace) })
    });
    let carriers = trend
        .carriers
        .iter()
        .map(|c| json!({ "carrier": &*park.carrier(c.carrier).label.id, "energy_tce": c.energy, "co2_t": c.co2 }));
    json!({
        "park": &*park.label.id,
        "years": trend.years,
        "boundary": trend.boundary.id(),
        "rule_set": park.settings.rule_set.id(),
        "approach": "location",
        "added_value": added,
        "co2e_t": trend.co2e,
        "co2_t": trend.co2,
        "energy_tce": trend.energy,
        "co2e_per_added_value": trend.intensity,
        "spans": trend.spans.iter().map(|s| span_json(park, trend, s)).collect::<Vec<_>>(),
        "sum_of_steps": trend.chain.as_ref().map(|c| by_factor(&c.additive)),
        "product_of_steps": trend.chain.as_ref().and_then(|c| c.multiplicative.as_ref()).map(|m| by_factor(m)),
        "sectors": sectors.collect::<Vec<_>>(),
        "carriers": carriers.collect::<Vec<_>>(),
        "base_year": trend.restatement.as_ref().map(|r| base_year_json(park, r)),
        "notes": trend.notes.iter().map(both).collect::<Vec<_>>(),
    })
}

fn by_factor(values: &[f64]) -> Value {
    let pairs = FACTORS.iter().zip(values).map(|(f, v)| (f.0.to_owned(), json!(v)));
    Value::Object(pairs.collect::<Map<_, _>>())
}

fn pace_json(pace: &Pace) -> Value {
    let edge = |edge: Edge| match edge {
        Edge::NotPositive => "added_value_not_positive",
        Edge::Falls => "added_value_falls",
        Edge::Unchanged => "added_value_unchanged",
        Edge::FromNothing => "no_growth_of_it",
        Edge::NoYears => "no_years",
    };
    let elasticity = pace.elasticity.map(|e| match e {
        Ok(e) => json!({ "value": e.value, "flagged": e.flagged }),
        Err(why) => json!({ "value": null, "why": edge(why) }),
    });
    let decoupling = pace.decoupling.map(|d| json!({ "t": d.elasticity, "state": d.state.id() }));
    json!({ "growth": pace.growth, "elasticity": elasticity, "decoupling": decoupling })
}

fn span_json(park: &Park, trend: &Trend, span: &Span) -> Value {
    json!({
        "from": trend.years[span.from],
        "to": trend.years[span.to],
        "added_value_growth": span.added,
        "co2e": pace_json(&span.co2e),
        "co2": pace_json(&span.co2),
        "energy": span.energy.as_ref().map(pace_json),
        "drivers": span.drivers.as_ref().map(|d| drivers_json(park, d)),
    })
}

fn drivers_json(park: &Park, drivers: &Drivers) -> Value {
    let made = &drivers.made;
    // Of the processes each source has a line of its own.
    let mut apart: BTreeMap<String, f64> = BTreeMap::new();
    for (what, change) in &drivers.apart {
        let key = match what {
            Apart::Process(source) => format!("{}: {}", what.id(), source.words().0),
            _ => what.id().to_owned(),
        };
        *apart.entry(key).or_default() += change;
    }
    let categories = drivers.categories.iter().zip(made.effects.outer_iter()).map(|((sector, carrier), row)| {
        let effects: Vec<f64> = row.iter().copied().collect();
        json!({ "sector": &**sector, "carrier": &*park.carrier(*carrier).label.id, "effects_t": by_factor(&effects) })
    });
    json!({
        "additive_t": by_factor(&made.additive),
        "multiplicative": made.multiplicative.as_ref().map(|m| by_factor(m)),
        "co2_of_energy_t": [made.before, made.after],
        "residual_t": made.residual(),
        "not_decomposed_t": apart,
        "inventory_change_t": drivers.change,
        "inventory_residual_t": drivers.residual(),
        "categories": categories.collect::<Vec<_>>(),
    })
}

fn base_year_json(park: &Park, made: &Restatement) -> Value {
    let firms = |list: &[(EnterpriseId, f64)]| {
        let firms = list.iter().map(|(e, t)| json!({ "enterprise": &*park.enterprise(*e).label.id, "co2e_t": t }));
        firms.collect::<Vec<_>>()
    };
    let corrections = made.corrections.iter().map(|c| json!({ "row": c.row, "what": c.what, "effect_t": c.effect }));
    let factors = made.factors.as_ref().map(|list| {
        let all = list.iter().map(|f| json!({ "id": f.id, "locked": f.old, "now": f.new, "effect_t": f.effect }));
        all.collect::<Vec<_>>()
    });
    json!({
        "year": made.base_year.0,
        "named_in_park_toml": made.base_year.1,
        "threshold": made.threshold,
        "joined": firms(&made.joined),
        "left": firms(&made.left),
        "corrections": corrections.collect::<Vec<_>>(),
        "factors": factors,
        "effect_t": made.effect(),
        "share": made.share(),
        "beyond": made.is_beyond(),
        "years": made.years,
        "as_reported_t": made.reported,
        "restated_t": made.restated,
    })
}
