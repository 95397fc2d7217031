//! `factors list` and `factors show`; `lock` and `diff` have files of their own.

use super::args::{FactorsArgs, FactorsVerb};
use super::console::Console;
use super::{Failure, Outcome};
use crate::diagnostic::Lang;
use crate::factors::{Confidence, Factor, FactorSet, builtin, builtin_all, vocabulary};
use crate::report::{Cell, Table};
use serde_json::{Value, json};

pub(super) fn run(args: &FactorsArgs, console: &Console) -> Result<Outcome, Failure> {
    let table = match &args.verb {
        FactorsVerb::List { carriers: true, .. } => carriers(console.lang),
        FactorsVerb::List { set: None, .. } => sets(console.lang),
        FactorsVerb::List { set: Some(id), .. } => match builtin(id) {
            Some(set) => rows(&set.title_en, set.factors.iter()),
            None => return Ok(unknown(id, console)),
        },
        FactorsVerb::Show { id } => return show(id, console),
        FactorsVerb::Lock(args) => return super::lock::run(args, console),
        FactorsVerb::Diff(args) => return super::diff::run(args, console),
    };
    print(&table, console)
}

fn print(table: &Table, console: &Console) -> Result<Outcome, Failure> {
    if console.json {
        console.print_json(&table.to_json())?;
    } else {
        console.print(&table.to_text())?;
    }
    Ok(Outcome::Done)
}

fn unknown(id: &str, console: &Console) -> Outcome {
    console.talk(&match console.lang {
        Lang::En => {
            format!("parkflux: no factor, set or carrier is called '{id}'; `parkflux factors list` shows the sets")
        }
        Lang::Zh => format!("parkflux：没有名为“{id}”的因子、因子集或载体；`parkflux factors list` 列出因子集"),
    });
    Outcome::Usage
}

fn sets(lang: Lang) -> Table {
    let mut table = Table::new(
        lang.pick("Factor sets", "因子集"),
        &[
            ("set", lang.pick("set", "集")),
            ("rows", lang.pick(">rows", ">行数")),
            ("unconfirmed", lang.pick(">unconfirmed", ">未证实")),
            ("title", lang.pick("title", "名称")),
            ("edition", lang.pick("edition", "版本")),
        ],
    );
    for set in builtin_all() {
        let unconfirmed = set.factors.iter().filter(|f| f.confidence == Confidence::Unconfirmed).count();
        table.rows.push(vec![
            Cell::Text(set.id.to_string()),
            Cell::Number(set.factors.len() as f64, 0),
            Cell::Number(unconfirmed as f64, 0),
            Cell::Text(lang.pick(set.title_en.clone(), set.title_zh.clone())),
            Cell::Text(set.edition.clone()),
        ]);
    }
    table
}

fn carriers(lang: Lang) -> Table {
    let mut table = Table::new(
        lang.pick("Carriers", "载体"),
        &[
            ("carrier", lang.pick("carrier", "载体")),
            ("kind", lang.pick("kind", "类型")),
            ("name_en", "English"),
            ("name_zh", "中文"),
        ],
    );
    for vocable in vocabulary() {
        let cells = [&*vocable.id, vocable.kind.id(), &vocable.name_en, &vocable.name_zh];
        table.rows.push(cells.map(|text| Cell::Text(text.to_owned())).to_vec());
    }
    table
}

fn rows<'a>(title: &str, factors: impl Iterator<Item = &'a Factor>) -> Table {
    let mut table = Table::new(
        title,
        &[
            ("id", "id"),
            ("value", ">value"),
            ("unit", "unit"),
            ("basis", "basis"),
            ("region", "region"),
            ("valid", "valid"),
            ("confidence", "confidence"),
        ],
    );
    for f in factors {
        let years = match f.valid {
            (None, None) => String::new(),
            (Some(a), Some(b)) if a == b => a.to_string(),
            (a, b) => format!("{}–{}", text(a), text(b)),
        };
        table.rows.push(vec![
            Cell::Text(f.id.to_string()),
            Cell::Text(f.printed.0.to_string()),
            Cell::Text(f.printed.1.to_string()),
            Cell::Text(f.basis.to_string()),
            Cell::Text(f.region.to_string()),
            Cell::Text(years),
            Cell::Text(f.confidence.id().to_owned()),
        ]);
    }
    table
}

fn text(year: Option<u16>) -> String {
    year.map(|y| y.to_string()).unwrap_or_default()
}

fn show(id: &str, console: &Console) -> Result<Outcome, Failure> {
    let sets = builtin_all();
    if let Some(set) = sets.iter().find(|s| *s.id == *id) {
        return show_set(set, console);
    }
    let all = || sets.iter().flat_map(|s| s.factors.iter().map(move |f| (s, f)));
    if let Some((set, factor)) = all().find(|(_, f)| *f.id == *id) {
        return show_factor(set, factor, console);
    }
    // A carrier by its name is one by its id, where one alone bears the name.
    let named: Vec<String> =
        vocabulary().iter().filter(|v| v.name_en == *id || v.name_zh == *id).map(|v| v.id.clone()).collect();
    let id = if let [only] = &named[..] { only.as_str() } else { id };
    let of_carrier: Vec<&Factor> = all().map(|p| p.1).filter(|f| *f.carrier == *id).collect();
    if of_carrier.is_empty() {
        return Ok(unknown(id, console));
    }
    print(&rows(id, of_carrier.into_iter()), console)
}

fn show_set(set: &FactorSet, console: &Console) -> Result<Outcome, Failure> {
    if console.json {
        let value = json!({
            "set": &*set.id, "title_en": set.title_en, "title_zh": set.title_zh, "publisher": set.publisher,
            "edition": set.edition, "co2_carbon_ratio": &*set.ratio.printed, "citation": set.citation,
            "note": set.note, "sha256": set.sha256, "rows": rows("", set.factors.iter()).to_json(),
        });
        console.print_json(&value)?;
        return Ok(Outcome::Done);
    }
    let title = console.lang.pick(&set.title_en, &set.title_zh);
    let head = format!(
        "{}: {title}\n{}, {}\nCO2/C: {}\n{}\n\n{}\n",
        set.id,
        set.publisher,
        set.edition,
        set.ratio.printed,
        set.citation,
        set.note.trim()
    );
    console.print(&head)?;
    console.print(&rows("", set.factors.iter()).to_text())?;
    Ok(Outcome::Done)
}

fn show_factor(set: &FactorSet, f: &Factor, console: &Console) -> Result<Outcome, Failure> {
    let limit = |v: Option<f64>| v.map_or(Value::Null, |v| json!(v));
    let value = json!({
        "id": &*f.id, "set": &*set.id, "carrier": &*f.carrier, "parameter": f.parameter.id(),
        "gas": f.gas.map(crate::park::Gas::id), "technique": &*f.technique, "applies_to": f.applies_to,
        "value": &*f.printed.0, "unit": &*f.printed.1,
        "canonical": f.value, "canonical_unit": f.dimension.to_string(), "basis": f.basis.to_string(),
        "canonical_limits": [limit(f.limits.0), limit(f.limits.1)], "biogenic": f.biogenic,
        "source": &*f.source, "table": &*f.table, "edition": &*f.edition, "region": &*f.region,
        "valid_from": f.valid.0, "valid_to": f.valid.1, "confidence": f.confidence.id(), "note": &*f.note,
        "file": &*set.file, "row": f.row,
    });
    if console.json {
        console.print_json(&value)?;
        return Ok(Outcome::Done);
    }
    let mut lines = Vec::new();
    for (key, value) in value.as_object().into_iter().flatten() {
        let text = match value {
            Value::Null => continue,
            Value::String(s) if s.is_empty() => continue,
            Value::Array(a) if a.iter().all(Value::is_null) => continue,
            Value::String(s) => s.clone(),
            other => other.to_string(),
        };
        lines.push(format!("{key:<17} {text}\n"));
    }
    console.print(&lines.concat())?;
    Ok(Outcome::Done)
}
