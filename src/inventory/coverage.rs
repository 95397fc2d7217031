//! What was done with every row that was read.

use crate::diagnostic::Origin;
use crate::ledger::{Activity, Ledger, Scope, Standing, TermSource};
use crate::methods::Treatment;
use crate::package::workbook::Layout;
use crate::park::{InternalFactor, Notation, Park, find_item};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Why a row has no number (GPC and UNFCCC notation keys).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Exclusion {
    /// Row id.
    pub id: String,
    /// File and row.
    pub place: Origin,
    /// Notation key.
    pub key: String,
    /// Reason in English.
    pub reason: String,
    /// Reason in Chinese.
    pub reason_zh: String,
}

/// What became of one row.
#[derive(Debug, Clone, PartialEq)]
pub struct Used {
    /// File and row.
    pub origin: Origin,
    /// Row id.
    pub id: Box<str>,
    /// What became of it, in English and Chinese.
    pub treatment: (&'static str, &'static str),
}

/// The coverage of a package.
#[derive(Debug, Clone, Default)]
pub struct Coverage {
    /// One entry a row of `flows.csv` and `emissions.csv`.
    pub rows: Vec<Used>,
    /// Rows by file and treatment.
    pub summary: BTreeMap<(String, (&'static str, &'static str)), usize>,
    /// Rows without a number, with their keys.
    pub exclusions: Vec<Exclusion>,
    /// What no line could be made of, for want of a factor: words in English and Chinese, and rows.
    pub not_estimated: Vec<((&'static str, &'static str), usize)>,
    /// Choices that the program made for the user: words in English and Chinese, and rows.
    pub defaults: Vec<((&'static str, &'static str), usize)>,
}

const COUNTED: (&str, &str) = ("counted", "已计入");
const MISSING: (&str, &str) = ("reported as zero: missing", "所报为零：缺失");
const EMPTY: (&str, &str) = ("not measured", "未计量");
const MEMO: (&str, &str) = ("biogenic, outside the total", "生物成因，不计入总量");
const USED: (&str, &str) = ("read and used", "已读取并使用");
const IDLE: (&str, &str) = ("read and kept; no figure uses the item", "已读取并保留，没有指标使用该项目");
const LATER: (&str, &str) = ("read and checked; used by other verbs", "已读取并检查，供其他命令使用");

/// Puts the coverage together.
#[must_use]
pub fn coverage(
    park: &Park,
    ledger: &Ledger,
    treatment: &[Treatment],
    tables: &BTreeMap<&'static str, usize>,
    not_estimated: Vec<((&'static str, &'static str), usize)>,
) -> Coverage {
    let (flows, emissions): (Arc<str>, Arc<str>) = ("flows.csv".into(), "emissions.csv".into());
    let mut rows = Vec::with_capacity(park.flows.len() + park.reported.len());
    for (flow, treatment) in park.flows.iter().zip(treatment) {
        let origin = Origin::row(flows.clone(), flow.row);
        rows.push(Used { origin, id: flow.id.clone(), treatment: treatment.words() });
    }
    let mut standing = BTreeMap::new();
    for line in &ledger.lines {
        if let Activity::Reported(i) = line.activity {
            standing.insert(i, line.standing);
        }
    }
    for (i, reported) in park.reported.iter().enumerate() {
        let treatment = match standing.get(&i) {
            Some(Standing::Missing) => MISSING,
            Some(Standing::Memo) => MEMO,
            Some(Standing::Counted | Standing::Replaced | Standing::Exported) => COUNTED,
            None => EMPTY,
        };
        let origin = Origin::row(emissions.clone(), reported.row);
        rows.push(Used { origin, id: reported.id.clone(), treatment });
    }
    let mut counts: BTreeMap<(&str, (&'static str, &'static str)), usize> = BTreeMap::new();
    for row in &rows {
        *counts.entry((&row.origin.file, row.treatment)).or_default() += 1;
    }
    let mut summary: BTreeMap<(String, (&'static str, &'static str)), usize> =
        counts.into_iter().map(|((file, words), n)| ((file.to_owned(), words), n)).collect();
    let used = [
        "enterprises.csv",
        "processes.csv",
        "carriers.csv",
        "parameters.csv",
        "outputs.csv",
        "parameters.csv",
        "instruments.csv",
        "statistics.csv",
        "factors.csv",
    ];
    for (&file, &rows) in tables.iter().filter(|(f, n)| **n > 0 && **f != "flows.csv" && **f != "emissions.csv") {
        let words = if used.contains(&file) { USED } else { LATER };
        // An item that no figure uses is kept, and not called used.
        let idle = match file {
            "statistics.csv" => park.statistics.iter().filter(|s| find_item(&s.item).is_none()).count(),
            _ => 0,
        };
        for (words, rows) in [(words, rows.saturating_sub(idle)), (IDLE, idle)].into_iter().filter(|(_, n)| *n > 0) {
            summary.insert((file.to_owned(), words), rows);
        }
    }
    Coverage { rows, summary, exclusions: exclusions(park), not_estimated, defaults: defaults(park, ledger) }
}

impl Coverage {
    /// The same with the places of a workbook.
    #[must_use]
    pub(super) fn relocate(self, layout: &Layout) -> Self {
        let rows = self.rows.into_iter().map(|r| Used { origin: layout.origin(&r.origin), ..r });
        let summary = self.summary.into_iter();
        let summary =
            summary.map(|((file, words), n)| ((layout.origin(&Origin::file(file)).file.to_string(), words), n));
        let exclusions = self.exclusions.into_iter().map(|x| Exclusion { place: layout.origin(&x.place), ..x });
        Self { rows: rows.collect(), summary: summary.collect(), exclusions: exclusions.collect(), ..self }
    }
}

fn exclusions(park: &Park) -> Vec<Exclusion> {
    let flows = park.flows.iter().filter(|f| f.quantity.is_none());
    let flows = flows.map(|f| (f.id.to_string(), park.flow_origin(f), f.notation.as_ref(), &*f.quality.note));
    let reported = park.reported.iter().filter(|r| r.mass.is_none());
    let reported = reported
        .map(|r| (r.id.to_string(), Origin::row("emissions.csv", r.row), r.notation.as_ref(), &*r.quality.note));
    flows.chain(reported).map(|(id, place, notation, note)| exclusion(id, &place, notation, note)).collect()
}

fn exclusion(id: String, place: &Origin, notation: Option<&Notation>, note: &str) -> Exclusion {
    let (key, mut reason, mut reason_zh) = match notation {
        Some(n @ Notation::NotOccurring) => (n.key(), "does not occur".to_owned(), "不存在".to_owned()),
        Some(n @ Notation::NotEstimated) => (n.key(), "not estimated".to_owned(), "未估算".to_owned()),
        Some(n @ Notation::Confidential) => (n.key(), "confidential".to_owned(), "保密".to_owned()),
        Some(n @ Notation::IncludedElsewhere(id)) => (n.key(), format!("included in {id}"), format!("已含于 {id}")),
        None => ("NE".to_owned(), "not measured and no key given".to_owned(), "未计量且未注明".to_owned()),
    };
    if !note.is_empty() {
        // The key says what is missing, the zone's own remark says why.
        reason = format!("{reason}: {note}");
        reason_zh = format!("{reason_zh}：{note}");
    }
    Exclusion { id, place: place.clone(), key, reason, reason_zh }
}

/// Defaults that were taken because a cell was empty.
fn defaults(park: &Park, ledger: &Ledger) -> Vec<((&'static str, &'static str), usize)> {
    let uses = park.flows.iter().filter(|f| !f.usage_stated).count();
    let mut list = Vec::new();
    if uses > 0 {
        list.push((("use not stated: taken by carrier and receiver", "未写用途：按载体和接收方取缺省"), uses));
    }
    if !park.implicit_sites.is_empty() {
        let text = (
            "enterprises with processes that rows name as a whole (ENTERPRISE/_site)",
            "列有工序而数据行写到企业整体（企业/_site）",
        );
        list.push((text, park.implicit_sites.len()));
    }
    let published: BTreeSet<Activity> = ledger
        .lines
        .iter()
        .filter(|l| l.scope == Scope::EnergyIndirect && !l.crosses)
        .filter(|l| !ledger.get(l.coefficient).terms.iter().any(|t| matches!(t.source, TermSource::Own { .. })))
        .map(|l| l.activity)
        .collect();
    if park.settings.internal_factor == InternalFactor::Own && !published.is_empty() {
        let text = (
            "internal energy at the published factor: no solution (F103) or no own factor (F108)",
            "园内能源用公布的因子：无解（F103）或无自有因子（F108）",
        );
        list.push((text, published.len()));
    }
    list
}
