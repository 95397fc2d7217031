//! The checklist of a standard as a table.

use super::table::{Cell, Table};
use crate::diagnostic::Lang;
use crate::inventory::completeness::{Answer, Standard, State};
use serde_json::{Value, json};

/// One row a part: what it is, whether it must be there, what was found, where it goes.
#[must_use]
pub fn table(answers: &[Answer], standard: Standard, lang: Lang) -> Table {
    let mut table = Table::new(
        match lang {
            Lang::En => format!("Report completeness by {} (* compulsory)", standard.title()),
            Lang::Zh => format!("报告完整性：{}（* 必需）", standard.title()),
        },
        &[
            ("item", lang.pick("item", "项")),
            ("must", ""),
            ("part", lang.pick("part", "内容")),
            ("state", lang.pick("state", "状态")),
            ("detail", lang.pick("found", "所见")),
            ("place", lang.pick("goes to", "应填于")),
        ],
    );
    for answer in answers {
        let (part, (_, en, zh)) = (answer.part, answer.state.words());
        let detail: String = lang.pick(&answer.detail.en, &answer.detail.zh).chars().take(72).collect();
        let place = if answer.state.is_lacking() { lang.pick(part.place.0, part.place.1) } else { "" };
        table.rows.push(vec![
            Cell::Text(part.item.to_owned()),
            Cell::Text(if part.basis(standard).is_empty() { "" } else { "*" }.to_owned()),
            Cell::Text(lang.pick(part.title.0, part.title.1).to_owned()),
            Cell::Text(lang.pick(en, zh).to_owned()),
            Cell::Text(detail),
            Cell::Text(place.to_owned()),
        ]);
    }
    table
}

/// How many compulsory parts are lacking, in whole or in part.
#[must_use]
pub fn lacking(answers: &[Answer], standard: Standard) -> usize {
    answers.iter().filter(|a| a.state.is_lacking() && !a.part.basis(standard).is_empty()).count()
}

/// Counts in one line.
#[must_use]
pub fn summary(answers: &[Answer], standard: Standard, lang: Lang) -> String {
    let compulsory = answers.iter().filter(|a| !a.part.basis(standard).is_empty());
    let (all, missing) = (compulsory.count(), lacking(answers, standard));
    let missing_in =
        |state: State| answers.iter().filter(|a| a.state == state && !a.part.basis(standard).is_empty()).count();
    let advisable = answers.iter().filter(|a| a.state.is_lacking()).count() - missing;
    let (missing_whole, in_part) = (missing_in(State::Missing), missing_in(State::InPart));
    match lang {
        Lang::En => format!(
            "compulsory: {all}, of which {missing_whole} missing and {in_part} in part; advisable and lacking: {advisable}\n"
        ),
        Lang::Zh => {
            format!("必需 {all} 项，其中缺失 {missing_whole} 项、部分 {in_part} 项；建议而欠缺 {advisable} 项\n")
        }
    }
}

/// The checklist for programs.
#[must_use]
pub fn to_json(answers: &[Answer], standard: Standard, lang: Lang) -> Value {
    let parts = answers.iter().map(|a| {
        json!({
            "item": a.part.item,
            "part": a.part.key,
            "title": lang.pick(a.part.title.0, a.part.title.1),
            "compulsory": !a.part.basis(standard).is_empty(),
            "basis": a.part.basis(standard),
            "state": a.state.words().0,
            "found": lang.pick(&a.detail.en, &a.detail.zh),
            "place": lang.pick(a.part.place.0, a.part.place.1),
        })
    });
    json!({
        "standard": standard.id(),
        "title": standard.title(),
        "compulsory_lacking": lacking(answers, standard),
        "parts": parts.collect::<Vec<_>>(),
    })
}
