//! Rows that are made of CO2 of energy, with bought power counted in three ways.

use super::programme::{Judged, shown, threshold, verdict_id, verdict_words};
use super::table::{Cell, Table};
use crate::diagnostic::{Lang, Words};
use crate::programme::{Assessment, At, Indicator, Pack, Power, Zone, by_power};
use serde_json::{Map, Value, json};

fn words(way: Power) -> Words {
    match way {
        Power::Location => Words::new("by the grid (judged)", "按电网因子（据此评价）"),
        Power::Market => Words::new("by retired instruments", "按已核销凭证"),
        Power::DirectSupply => Words::new("direct supply at zero", "绿电直供按零计"),
    }
}

/// The rows of a system by each way; none where no row is made of CO2 of energy.
pub(super) fn table(pack: &Pack, zone: &Zone, judged: &Judged, lang: Lang) -> Option<Table> {
    let say = |en, zh| lang.pick(en, zh);
    let mut table = Table::new(
        lang.pick(
            format!("Bought power counted in three ways, {}", judged.at.year),
            format!("{} 年购入电力的三种计法", judged.at.year),
        ),
        &[
            ("id", say("id", "编号")),
            ("way", say("bought power", "购入电力")),
            ("value", say(">value", ">数值")),
            ("threshold", say(">threshold", ">阈值")),
            ("unit", say("unit", "单位")),
            ("verdict", say("verdict", "结论")),
        ],
    );
    for row in &judged.system.rows {
        for (way, assessment) in Power::ALL.into_iter().zip(by_power(pack, zone, row, judged.at).into_iter().flatten())
        {
            let (name, verdict) = (words(way), verdict_words(pack, zone, row, &assessment, judged.at));
            table.rows.push(vec![
                Cell::Text(row.id.to_string()),
                Cell::Text(lang.pick(name.en, name.zh)),
                Cell::Text(shown(row, assessment.value, lang)),
                Cell::Text(threshold(row, &assessment)),
                Cell::Text(row.unit.to_string()),
                Cell::Text(lang.pick(verdict.en, verdict.zh)),
            ]);
        }
    }
    (!table.rows.is_empty()).then_some(table)
}

/// A row by each way, by its id.
pub(super) fn to_json(pack: &Pack, zone: &Zone, row: &Indicator, at: At) -> Option<Value> {
    let all = by_power(pack, zone, row, at)?;
    let one = |a: &Assessment| json!({ "value": a.value, "verdict": verdict_id(a.verdict), "missing": a.gap });
    Some(Value::Object(
        Power::ALL.iter().zip(&all).map(|(way, a)| (way.id().to_owned(), one(a))).collect::<Map<_, _>>(),
    ))
}
