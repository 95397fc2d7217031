//! Sheets of words: what the workbook is, what became of every row, what is left out,
//! and what the result was made from.

use super::plan::Plan;
use super::sheet::{Column, Grid, HEAD, Look, Written, column, format, lock};
use crate::report::manifest;
use rust_xlsxwriter::{Format, Worksheet};
use serde_json::Value;

pub(super) const README: &str = "README";
pub(super) const COVERAGE: &str = "Coverage";
pub(super) const EXCLUSIONS: &str = "Exclusions";
pub(super) const MANIFEST: &str = "Manifest";

/// What the reader must know, in Chinese and English.
const TEXT: &[(&str, &str)] = &[
    (
        "本工作簿是温室气体清单的可复算形式：每个合计都是公式，并存有引擎算得的数值。可在电子表格中强制重算（Excel：Ctrl+Alt+F9；LibreOffice：Ctrl+Shift+F9），数值不应改变。",
        "This workbook is the inventory in a form that can be recomputed: every total is a formula, stored with the value that the engine found. Recalculate it (Excel: Ctrl+Alt+F9; LibreOffice: Ctrl+Shift+F9): no value should change.",
    ),
    (
        "计算链：Activities（原始数量 × 单位换算）→ Lines（数量 × Coefficients × GWP）→ Figures（SUMIFS）→ Summary、Members、Intensities、Reconciliation。",
        "The chain: Activities (printed quantity × unit) → Lines (quantity × Coefficients × GWP) → Figures (SUMIFS) → Summary, Members, Intensities, Reconciliation.",
    ),
    (
        "Coefficients 是 Terms 各项之积；Terms 引自 Factors（因子库，含来源）、园区实测、定义，或园内电热生产者的自有因子（OwnFactors，由 OwnParts 各部分求得）。",
        "Coefficients are products of Terms; a term comes from Factors (the library, with its sources), from measurements in the park, from a definition, or is the own factor of a producer of power or heat (OwnFactors, made of OwnParts).",
    ),
    (
        "Lines 的 counts 列说明该行计入哪一部分；园区整体口径只计跨越园区边界的外购能源（crosses = yes），GHG Protocol 与 ISO 口径下企业只计自用份额（used_share）。used_share 由电热网络的转售份额求得，以数值给出。",
        "The column counts of Lines says in which part a line counts. The park as a whole takes purchased energy only where it crosses the fence (crosses = yes); by GHG Protocol and ISO an enterprise takes the share that it uses up (used_share). used_share follows from what pools sell on, and is given as a value.",
    ),
    (
        "修约规则：全程以双精度计算，仅显示时修约；单元格格式显示三位小数，数值未修约。",
        "Rounding: everything is computed in double precision and rounded only for display; cells show three decimals, their values are not rounded.",
    ),
    (
        "单位：质量 t，能量 GJ，体积 m³，货币元。排放为正，扣减（库存、转出、输出能源）为负。空单元格不是零：未计量的行见 Exclusions，各行处理见 Coverage。",
        "Units: t, GJ, m³, RMB. Emissions are positive; deductions (stock kept, passed on, energy exported) are negative. An empty cell is not zero: rows without a quantity are listed in Exclusions, what became of each row in Coverage.",
    ),
    (
        "因子、项、系数和 GWP 各表已保护（无密码），以防误改；可撤销工作表保护后做敏感性试算。",
        "Factors, Terms, Coefficients, GWP and own factors are protected (without a password) against slips; unprotect a sheet to try other values.",
    ),
];

/// The same of indicators.
const OF_INDICATORS: (&str, &str) = (
    "Indicators 的各年数值是 Items 各项之公式（与 park.toml 所列项目的指标体系一致）；差距和可直接比较的结论也是公式。取自 statistics.csv 的项目连到 Statistics，其余为数值。阈值按评价年给出；置信度为 low 的阈值未经核实。弹性系数由年均增长率求得。",
    "Indicators: the values of each year are formulas over Items, for the programmes that park.toml names; gaps and verdicts that are plain comparisons are formulas too. Items from statistics.csv lead to Statistics, others are values. Thresholds are those of the year of evaluation; where confidence is low nobody could confirm them. Elasticities follow from yearly growth rates.",
);

/// What the workbook is and how to check it; `indicators` where it has those.
pub(super) fn readme(plan: &Plan, indicators: bool) -> Written<Worksheet> {
    let mut sheet = Worksheet::new();
    sheet.set_name(README)?;
    sheet.set_column_width(0, 30)?;
    sheet.set_column_width(1, 110)?;
    let park = plan.park;
    let s = &park.settings;
    let (title, wrap) = (Format::new().set_bold().set_font_size(14), Format::new().set_text_wrap());
    sheet.write_string_with_format(0, 0, "parkflux", &title)?;
    sheet.write_string_with_format(0, 1, format!("{} {}", park.label.name_zh, park.label.name_en), &title)?;
    let years: Vec<String> = plan.inventory.years.iter().map(u16::to_string).collect();
    let facts = [
        ("园区 park", park.label.id.to_string()),
        ("年份 years", years.join(", ")),
        ("准则 rule set", format!("{} ({})", s.rule_set.title(), s.rule_set.id())),
        ("GWP", plan.inventory.gwp.set.id().to_owned()),
        ("因子集 factor sets", s.factor_sets.join(", ")),
        ("边界 boundary", s.boundary.clone()),
        ("程序 program", format!("{} {}", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))),
    ];
    let mut row = HEAD;
    for (name, fact) in facts.iter().filter(|(_, fact)| !fact.is_empty()) {
        sheet.write_string(row, 0, *name)?;
        sheet.write_string(row, 1, fact)?;
        row += 1;
    }
    row += 1;
    for (zh, en) in TEXT.iter().chain(indicators.then_some(&OF_INDICATORS)) {
        sheet.write_string_with_format(row, 1, *zh, &wrap)?;
        sheet.write_string_with_format(row + 1, 1, *en, &wrap)?;
        row += 2;
    }
    row += 1;
    let legend = [
        (Look::Input, "输入：园区填报 input: stated by the park"),
        (Look::Constant, "常数：来源或程序给出 constant: stated by a source or by the program"),
        (Look::Formula, "公式 formula"),
    ];
    for (look, words) in legend {
        sheet.write_string_with_format(row, 0, "1234.5", &format(look))?;
        sheet.write_string(row, 1, words)?;
        row += 1;
    }
    lock(&mut sheet);
    Ok(sheet)
}

const COVERAGE_COLUMNS: &[Column] = &[
    column("place", "file and row", "文件与行", 24.0, Look::Text),
    column("id", "id", "编号", 16.0, Look::Text),
    column("treatment", "what became of it", "处理", 60.0, Look::Text),
    column("rows", "rows", "行数", 10.0, Look::Constant),
];

/// What became of every row; files as a whole come first.
pub(super) fn coverage(plan: &Plan) -> Written<Worksheet> {
    let mut grid = Grid::new(COVERAGE, COVERAGE_COLUMNS)?;
    let coverage = &plan.inventory.coverage;
    for ((file, (en, zh)), rows) in &coverage.summary {
        grid.row().text(file)?.skip().text(&format!("{zh} {en}"))?.number(*rows as f64)?;
    }
    for ((en, zh), rows) in &coverage.defaults {
        grid.row().text("缺省 default")?.skip().text(&format!("{zh} {en}"))?.number(*rows as f64)?;
    }
    for used in &coverage.rows {
        let (en, zh) = used.treatment;
        grid.row().text(&used.origin.to_string())?.text(&used.id)?.text(&format!("{zh} {en}"))?;
    }
    grid.finish(false)
}

const EXCLUSION_COLUMNS: &[Column] = &[
    column("id", "id", "编号", 16.0, Look::Text),
    column("place", "file and row", "文件与行", 24.0, Look::Text),
    column("key", "notation key", "注记", 12.0, Look::Text),
    column("reason_zh", "reason, Chinese", "原因（中文）", 50.0, Look::Text),
    column("reason_en", "reason, English", "原因（英文）", 50.0, Look::Text),
];

/// Rows without a number.
pub(super) fn exclusions(plan: &Plan) -> Written<Worksheet> {
    let mut grid = Grid::new(EXCLUSIONS, EXCLUSION_COLUMNS)?;
    for exclusion in &plan.inventory.coverage.exclusions {
        grid.row()
            .text(&exclusion.id)?
            .text(&exclusion.place.to_string())?
            .text(&exclusion.key)?
            .text(&exclusion.reason_zh)?
            .text(&exclusion.reason)?;
    }
    grid.finish(false)
}

const MANIFEST_COLUMNS: &[Column] =
    &[column("key", "key", "键", 40.0, Look::Text), column("value", "value", "值", 90.0, Look::Text)];

/// What the result was made from: the manifest, one value a row.
pub(super) fn manifest_sheet(plan: &Plan) -> Written<Worksheet> {
    let mut grid = Grid::new(MANIFEST, MANIFEST_COLUMNS)?;
    let mut rows = Vec::new();
    flatten("", &manifest(plan.package, plan.inventory), &mut rows);
    for (key, value) in rows {
        grid.row().text(&key)?.text(&value)?;
    }
    grid.finish(true)
}

/// A tree of values as paths and texts.
fn flatten(path: &str, value: &Value, rows: &mut Vec<(String, String)>) {
    let below = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    match value {
        Value::Object(map) => map.iter().for_each(|(name, value)| flatten(&below(name), value, rows)),
        Value::Array(list) => {
            list.iter().enumerate().for_each(|(i, value)| flatten(&below(&(i + 1).to_string()), value, rows));
        }
        Value::String(text) => rows.push((path.to_owned(), text.clone())),
        Value::Null => {}
        other => rows.push((path.to_owned(), other.to_string())),
    }
}
