//! Indicators of the programmes that a park names, over the items that they are made of.
//!
//! A value is the formula of its row over cells of `Items`, which are in the units that people read: a cell times its
//! `unit_factor` is canonical, and the whole is divided by that of the row. The rules of verdicts and gaps are those of
//! [`crate::programme::assess`]; where they are no plain comparison, the words stand alone.

use super::plan::Plan;
use super::ratios::{STATISTIC_COLUMNS, STATISTICS};
use super::sheet::{Column, Grid, Look, Row, Written, cell, column, letter, letters, sum_of};
use crate::diagnostic::{Diagnostics, Words};
use crate::inventory::Inventory;
use crate::package::Package;
use crate::programme::{
    Assessment, At, Comparator, Condition, Confidence, Given, Indicator, Item, ItemId, Kind, Pack, Shape, System,
    Threshold, Trail, Verdict, Zone, value_in, zone,
};
use crate::quantity::Unit;
use crate::report::programme::{Judged, judge, mend, outcome_words, rule_words, verdict_words};
use rust_xlsxwriter::Worksheet;
use std::collections::{BTreeMap, BTreeSet};

pub(super) const SHEET: &str = "Indicators";
pub(super) const ITEMS: &str = "Items";

/// The programmes that a park names, with what it brings to them.
#[derive(Debug, Clone)]
pub struct Programmes {
    pack: Pack,
    zone: Zone,
    /// Positions of the systems in the pack.
    systems: Vec<usize>,
    /// The last year, and the year from which growth counts.
    at: At,
}

impl Programmes {
    /// What the settings `programmes` of a park name; nothing where they name none.
    ///
    /// # Errors
    /// A system that the pack does not have, and what is wrong with answers and targets.
    pub fn new(pack: Pack, package: &Package, inventory: &Inventory) -> Result<Option<Self>, Diagnostics> {
        let settings = &package.park.settings;
        let (Some(&first), Some(&last)) = (inventory.years.first(), inventory.years.last()) else { return Ok(None) };
        if settings.programmes.is_empty() {
            return Ok(None);
        }
        let (zone, mut found) = zone(&pack, &package.park, inventory);
        let systems = pack.named(&settings.programmes, &mut found);
        if found.has_errors() {
            return Err(found);
        }
        let at = At { year: last, base: settings.base_year.unwrap_or(first) };
        Ok(Some(Self { pack, zone, systems, at }))
    }
}

const ITEM_COLUMNS: &[Column] = &[
    column("item", "item", "项目符号", 26.0, Look::Text),
    column("name_zh", "name, Chinese", "中文名称", 28.0, Look::Text),
    column("name_en", "name, English", "英文名称", 34.0, Look::Text),
    column("unit", "unit", "单位", 12.0, Look::Text),
    column("unit_factor", "canonical units in one unit", "换算系数", 14.0, Look::Constant),
];

const ITEM_TAIL: &[Column] = &[column("from", "from", "来源", 60.0, Look::Text)];

const COLUMNS: &[Column] = &[
    column("indicator", "indicator", "指标编号", 18.0, Look::Text),
    column("system", "system", "体系", 14.0, Look::Text),
    column("group", "group", "组", 8.0, Look::Text),
    column("name_zh", "name, Chinese", "中文名称", 34.0, Look::Text),
    column("name_en", "name, English", "英文名称", 44.0, Look::Text),
    column("unit", "unit", "单位", 16.0, Look::Text),
    column("unit_factor", "canonical units in one unit", "换算系数", 14.0, Look::Constant),
];

const TAIL: &[Column] = &[
    column("base", "value from which a target counts", "目标的基准值", 16.0, Look::Formula),
    column("comparator", "comparator", "比较", 12.0, Look::Text),
    column("threshold", "threshold, last year", "阈值（末年）", 16.0, Look::Constant),
    column("threshold_printed", "threshold as printed", "阈值原文", 30.0, Look::Text),
    column("verdict", "verdict, last year", "结论（末年）", 30.0, Look::Formula),
    column("gap", "missing to the threshold; negative: to spare", "差距（负值为余量）", 18.0, Look::Formula),
    column("closed_by", "closed by a change of", "补足项目", 24.0, Look::Text),
    column("change", "change", "变化量", 16.0, Look::Constant),
    column("change_unit", "unit of the change", "变化量单位", 12.0, Look::Text),
    column("note", "note", "备注", 50.0, Look::Text),
    column("formula", "formula by symbols", "公式（符号）", 44.0, Look::Text),
    column("source", "source", "出处", 40.0, Look::Text),
    column("confidence", "confidence", "置信度", 10.0, Look::Text),
];

/// Both sheets: the indicators and their items.
pub(super) fn sheets(plan: &Plan, programmes: &Programmes) -> Written<[Worksheet; 2]> {
    let place = Place::new(plan, programmes);
    Ok([indicators(&place)?, items(&place)?])
}

/// Words in both languages, as the other sheets have them.
fn both(words: &Words) -> String {
    pair(&words.en, &words.zh)
}

fn pair(en: &str, zh: &str) -> String {
    format!("{zh} {en}").trim().to_owned()
}

/// Whether one unit is one canonical unit, so that nothing is converted.
#[allow(clippy::float_cmp, reason = "written as 1, or not")]
fn is_canonical(unit: &Unit) -> bool {
    unit.scale == 1.0
}

/// Where items and values stand.
struct Place<'a> {
    plan: &'a Plan<'a>,
    programmes: &'a Programmes,
    /// Rows of the items, by item.
    rows: BTreeMap<ItemId, usize>,
    /// Years of the items, and of the indicators.
    item_years: Vec<u16>,
    years: &'a [u16],
}

impl<'a> Place<'a> {
    fn new(plan: &'a Plan, programmes: &'a Programmes) -> Self {
        let mut used = BTreeSet::new();
        for row in programmes.systems.iter().flat_map(|&s| &programmes.pack.systems[s].rows) {
            used.extend(row.formula.iter().flat_map(|f| &f.takes).map(|t| t.0));
            used.extend(row.lever);
            if let Threshold::Cases(cases) = &row.threshold {
                used.extend(cases.iter().filter_map(|case| match case.when {
                    Condition::Within(item, _) | Condition::Chosen(item, _) => Some(item),
                    Condition::Else => None,
                }));
            }
        }
        Self {
            plan,
            programmes,
            rows: used.into_iter().enumerate().map(|(row, item)| (item, row)).collect(),
            item_years: programmes.zone.figures.years().collect(),
            years: &plan.inventory.years,
        }
    }

    fn item(&self, id: ItemId) -> &'a Item {
        self.programmes.pack.items.get(id)
    }

    fn known(&self, id: ItemId, year: u16) -> Option<f64> {
        self.programmes.zone.figures.get(id, year)
    }

    /// The cell of an item in a year, in its own unit.
    fn cell(&self, id: ItemId, year: u16) -> Option<String> {
        let column = ITEM_COLUMNS.len() + self.item_years.iter().position(|y| *y == year)?;
        Some(cell(ITEMS, &letters(column), *self.rows.get(&id)?))
    }

    /// The same in canonical units.
    fn canonical(&self, id: ItemId, year: u16) -> Option<String> {
        let value = self.cell(id, year)?;
        if is_canonical(&self.item(id).unit) {
            return Some(value);
        }
        let factor = cell(ITEMS, &letter(ITEM_COLUMNS, "unit_factor"), *self.rows.get(&id)?);
        Some(format!("({value}*{factor})"))
    }

    /// Yearly growth of an item since the base year.
    fn growth(&self, id: ItemId, at: At) -> Option<String> {
        // From nothing to nothing there is no growth.
        if (self.known(id, at.base)?, self.known(id, at.year)?) == (0.0, 0.0) {
            return Some("0".to_owned());
        }
        let (before, now) = (self.cell(id, at.base)?, self.cell(id, at.year)?);
        Some(format!("(({now}/{before})^(1/{})-1)", at.years()))
    }

    /// Growth above and below the line of an elasticity.
    fn growths(&self, row: &Indicator, at: At) -> Option<(String, String)> {
        let Shape::Elasticity { of, items } = &row.formula.as_ref()?.shape else { return None };
        let above = items.iter().map(|i| self.growth(*i, at)).collect::<Option<Vec<_>>>()?;
        let above = match above.as_slice() {
            [one] => one.clone(),
            several => format!("AVERAGE({})", several.join(",")),
        };
        Some((above, self.growth(*of, at)?))
    }

    /// The value of an indicator in a year, in its own unit; `line` is the row of the sheet that it stands in.
    fn value(&self, row: &Indicator, at: At, line: u32) -> Option<String> {
        let formula = row.formula.as_ref()?;
        match &formula.shape {
            Shape::Flag(item) => self.cell(*item, at.year),
            Shape::Elasticity { .. } => self.growths(row, at).map(|(above, below)| format!("{above}/{below}")),
            Shape::Value => {
                let whole = formula.infix(|item, when| self.canonical(item, at.year(when)), at.years())?;
                if is_canonical(&row.measured) {
                    return Some(whole);
                }
                Some(format!("({whole})/{}{line}", letter(COLUMNS, "unit_factor")))
            }
        }
    }

    /// The letter of a column of `Indicators` behind the years.
    fn tail(&self, key: &str) -> String {
        let position = TAIL.iter().position(|c| c.key == key).unwrap_or_default();
        letters(COLUMNS.len() + self.years.len() + position)
    }
}

fn items(place: &Place) -> Written<Worksheet> {
    let mut grid = Grid::by_year(ITEMS, ITEM_COLUMNS, &place.item_years, ITEM_TAIL)?;
    for &id in place.rows.keys() {
        let item = place.item(id);
        let mut row = grid.row();
        let line = row.number_seen();
        row.text(&item.symbol)?.text(&item.name.1)?.text(&item.name.0)?;
        match item.kind {
            Kind::Number => row.text(&item.unit.symbol)?.number(item.unit.scale)?,
            Kind::Flag => row.text("1 = 是 yes")?.skip(),
            Kind::Choice => row.skip().skip(),
        };
        for &year in &place.item_years {
            item_value(place, &mut row, (id, item), year, line)?;
        }
        row.text(&sources(place, id, item))?;
    }
    grid.finish(false)
}

/// An item in a year, in its own unit.
fn item_value(place: &Place, row: &mut Row, (id, item): (ItemId, &Item), year: u16, line: u32) -> Written {
    let Some(canonical) = place.known(id, year) else {
        row.text("n/a")?;
        return Ok(());
    };
    if item.kind == Kind::Choice {
        let word = place.programmes.pack.words.iter().enumerate().find(|(i, _)| (*i as f64 - canonical).abs() < 0.5);
        row.text(word.map_or("n/a", |w| w.1))?;
        return Ok(());
    }
    let value = canonical / item.unit.scale;
    match place.programmes.zone.trails.get(&(id, year)) {
        Some(Trail::Statistics(rows)) => {
            let column = letter(STATISTIC_COLUMNS, "canonical");
            let cells: Vec<String> = rows.iter().map(|&i| cell(STATISTICS, &column, i)).collect();
            let factor = letter(ITEM_COLUMNS, "unit_factor");
            let sum = sum_of(&cells);
            let formula = if is_canonical(&item.unit) { sum } else { format!("{sum}/{factor}{line}") };
            row.formula(Some(&formula), value)?;
        }
        Some(Trail::Answer(_)) => {
            row.input(value)?;
        }
        Some(Trail::Account(_) | Trail::Targets) | None => {
            row.formula(None, value)?;
        }
    }
    Ok(())
}

/// Where the values of an item come from, years alike together; where it goes if it has none.
fn sources(place: &Place, id: ItemId, item: &Item) -> String {
    let said = |year: &u16| match place.programmes.zone.trails.get(&(id, *year)) {
        Some(Trail::Account(_)) => pair("accounts", "核算"),
        Some(Trail::Statistics(rows)) if rows.len() > 1 => pair("statistics.csv, enterprises", "statistics.csv 各企业"),
        Some(Trail::Statistics(_)) => "statistics.csv".to_owned(),
        Some(Trail::Answer(line)) => place.plan.place("answers.csv", *line),
        Some(Trail::Targets) => "targets.csv".to_owned(),
        None => format!("{} {}", pair("missing, goes to", "缺，填入"), item.table),
    };
    let mut parts: Vec<(u16, u16, String)> = Vec::new();
    for (year, words) in place.item_years.iter().map(|year| (*year, said(year))) {
        match parts.last_mut() {
            Some(last) if last.2 == words => last.1 = year,
            _ => parts.push((year, year, words)),
        }
    }
    let shown = |(from, to, words): &(u16, u16, String)| {
        if from == to { format!("{from}: {words}") } else { format!("{from}–{to}: {words}") }
    };
    parts.iter().map(shown).collect::<Vec<_>>().join("; ")
}

fn indicators(place: &Place) -> Written<Worksheet> {
    let mut grid = Grid::by_year(SHEET, COLUMNS, place.years, TAIL)?;
    let p = place.programmes;
    for &position in &p.systems {
        let system = &p.pack.systems[position];
        let judged = judge(&p.pack, system, &p.zone, p.at, place.years);
        whole(place, &mut grid.row(), &judged)?;
        for ((row, assessment), values) in system.rows.iter().zip(&judged.rows).zip(&judged.values) {
            indicator(place, &mut grid.row(), system, row, assessment, values)?;
        }
    }
    grid.finish(false)
}

/// The row of a system as a whole: its outcome and its rule.
fn whole(place: &Place, line: &mut Row, judged: &Judged) -> Written {
    let system = judged.system;
    line.text(&system.id)?.text(&system.id)?.skip().text(&system.name.1)?.text(&system.name.0)?.skip().skip();
    for _ in place.years {
        line.skip();
    }
    let rule = rule_words(system.rule);
    let note = Words::new(
        format!("rule: {}. {}", rule.en, system.note.0),
        format!("通过规则：{}。{}", rule.zh, system.note.1),
    );
    line.skip().skip().skip().skip().text(&both(&outcome_words(&judged.overall)))?;
    line.skip().skip().skip().skip().text(&both(&note))?;
    Ok(())
}

fn indicator(
    place: &Place,
    line: &mut Row,
    system: &System,
    row: &Indicator,
    assessment: &Assessment,
    values: &[(u16, Option<f64>)],
) -> Written {
    let p = place.programmes;
    let n = line.number_seen();
    let flag = row.formula.as_ref().is_some_and(|f| matches!(f.shape, Shape::Flag(_)));
    line.text(&row.id)?.text(&system.id)?.text(&row.group)?.text(&row.name.1)?.text(&row.name.0)?.text(&row.unit)?;
    if flag || row.formula.is_none() {
        line.skip();
    } else {
        line.number(row.measured.scale)?;
    }
    for &(year, value) in values {
        match value {
            Some(value) => line.formula(place.value(row, At { year, ..p.at }, n).as_deref(), value)?,
            None => line.text("n/a")?,
        };
    }
    base(place, line, row, n)?;
    line.text(&row.printed_comparator)?;
    match (assessment.threshold, &row.threshold) {
        (Some(threshold), Threshold::Asked | Threshold::Target) => line.input(threshold)?,
        (Some(threshold), _) => line.number(threshold)?,
        (None, _) => line.skip(),
    };
    line.text(&row.printed_threshold)?;
    verdict(place, line, row, assessment, n)?;
    match assessment.gap {
        Some(gap) => line.formula(gap_formula(place, row, n).as_deref(), gap)?,
        None => line.skip(),
    };
    match mend(&p.pack, &p.zone, row, assessment, p.at) {
        Some((symbol, change, unit)) => line.text(&symbol)?.number(change)?.text(&unit)?,
        None => line.skip().skip().skip(),
    };
    let unconfirmed = (row.confidence == Confidence::Low).then(|| pair("unconfirmed threshold", "阈值未经核实"));
    let note = unconfirmed.into_iter().chain(Some(pair(&row.note.0, &row.note.1))).filter(|t| !t.is_empty());
    line.text(&note.collect::<Vec<_>>().join("; "))?
        .text(row.formula.as_ref().map_or("", |f| &f.text))?
        .text(&row.source)?
        .text(row.confidence.id())?;
    Ok(())
}

/// The value from which an own target counts: as stated, else the row's own of that year.
fn base(place: &Place, line: &mut Row, row: &Indicator, n: u32) -> Written {
    let p = place.programmes;
    let target = p.zone.target(row).filter(|_| row.judged == Comparator::OwnTarget);
    let Some((target, formula)) = target.zip(row.formula.as_ref()) else {
        line.skip();
        return Ok(());
    };
    let at = At { year: target.base_year.unwrap_or(p.at.base), ..p.at };
    match (target.base, value_in(row, formula, &p.zone.figures, at)) {
        (Some(stated), _) => line.input(stated)?,
        (None, Some(value)) => line.formula(place.value(row, at, n).as_deref(), value)?,
        (None, None) => line.text("n/a")?,
    };
    Ok(())
}

/// Cells of a row that verdict and gap are made of: value of the last year, threshold, base.
fn parts(place: &Place, n: u32) -> [String; 3] {
    let last = COLUMNS.len() + place.years.len().max(1) - 1;
    [format!("{}{n}", letters(last)), format!("{}{n}", place.tail("threshold")), format!("{}{n}", place.tail("base"))]
}

/// Whether the last value meets the threshold, as a formula; none where that is no comparison.
fn meets(place: &Place, row: &Indicator, n: u32) -> Option<String> {
    let [value, threshold, base] = parts(place, n);
    let formula = row.formula.as_ref()?;
    if matches!(formula.shape, Shape::Flag(_)) {
        return Some(format!("{value}<>0"));
    }
    if matches!(formula.shape, Shape::Elasticity { .. }) {
        // Without a division, since falling added value turns the sign.
        let (above, below) = place.growths(row, place.programmes.at)?;
        let sign = if row.judged == Comparator::Piecewise { "<=" } else { "<" };
        return Some(format!("{above}{sign}{threshold}*{below}"));
    }
    Some(match row.judged {
        Comparator::AtLeast => format!("{value}>={threshold}"),
        Comparator::AtMost | Comparator::Is | Comparator::Piecewise | Comparator::Benchmark => {
            format!("{value}<={threshold}")
        }
        Comparator::Above => format!("{value}>{threshold}"),
        Comparator::Below => format!("{value}<{threshold}"),
        // As the engine has it: what rounding took does not count.
        Comparator::Equal => format!("ABS({value}-{threshold})<=0.000000001*MAX(ABS({threshold}),1)"),
        Comparator::OwnTarget => {
            format!("IF({threshold}={base},{value}={threshold},({value}-{threshold})*({threshold}-{base})>=0)")
        }
        Comparator::Range | Comparator::NotFound => return None,
    })
}

fn verdict(place: &Place, line: &mut Row, row: &Indicator, assessment: &Assessment, n: u32) -> Written {
    let p = place.programmes;
    let words =
        |verdict: Verdict| both(&verdict_words(&p.pack, &p.zone, row, &Assessment { verdict, ..*assessment }, p.at));
    let text = words(assessment.verdict);
    let decided = matches!(assessment.verdict, Verdict::Pass | Verdict::Fail);
    match meets(place, row, n).filter(|_| decided) {
        Some(meets) => {
            line.words(&format!("IF({meets},\"{}\",\"{}\")", words(Verdict::Pass), words(Verdict::Fail)), &text)?
        }
        None => line.text(&text)?,
    };
    Ok(())
}

fn gap_formula(place: &Place, row: &Indicator, n: u32) -> Option<String> {
    let [value, threshold, base] = parts(place, n);
    let (short, over) = (format!("{threshold}-{value}"), format!("{value}-{threshold}"));
    if row.is_elasticity() {
        let (_, below) = place.growths(row, place.programmes.at)?;
        return Some(format!("IF({below}<0,{short},{over})"));
    }
    Some(match row.judged {
        Comparator::AtLeast | Comparator::Above => short,
        Comparator::AtMost | Comparator::Below | Comparator::Is | Comparator::Piecewise | Comparator::Benchmark => over,
        Comparator::Equal => format!("ABS({over})"),
        Comparator::OwnTarget => format!("IF({threshold}<{base},{over},{short})"),
        Comparator::Range | Comparator::NotFound => return None,
    })
}
