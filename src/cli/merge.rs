//! `merge`: the filled workbooks of firms become the package of the park.

use super::args::MergeArgs;
use super::console::Console;
use super::write::{Draft, is_filled, write_file};
use super::{Failure, Outcome};
use crate::diagnostic::Lang;
use crate::package::{MergeReport, Raw, merge, workbook};
use serde_json::{Value, json};
use std::path::Path;

pub(super) fn run(args: &MergeArgs, console: &Console) -> Result<Outcome, Failure> {
    let out = &args.out;
    let one_file = out.extension().is_some_and(|e| e.eq_ignore_ascii_case("xlsx"));
    if !args.overwrite && (is_filled(out) || out.is_file()) {
        console.talk(&match console.lang {
            Lang::En => format!("parkflux: {} exists already; --overwrite replaces it", out.display()),
            Lang::Zh => format!("parkflux：{} 已存在；加 --overwrite 可覆盖", out.display()),
        });
        return Ok(Outcome::Usage);
    }
    let (merged, report, found) = merge(&args.park, &args.books, args.update)?;
    // What a folder holds beside its tables: a workbook has no place for it.
    let left = merged.as_ref().filter(|_| one_file).map(|raw| raw.beside.clone()).unwrap_or_default();
    if let Some(raw) = &merged {
        if one_file {
            write_file(out, &workbook::write(raw, console.lang)?)?;
        } else {
            folder(&args.park, out, raw)?;
        }
    }
    if console.json {
        let written = merged.is_some().then(|| out.display().to_string());
        let mut summary = summary(&report);
        summary["written"] = json!(written);
        summary["not_carried"] = json!(left);
        summary["diagnostics"] = console.problems_json(&found);
        console.print_json(&summary)?;
    } else {
        console.problems(&found);
        console.print(&text(&report, console.lang))?;
        if !left.is_empty() {
            console.print(&match console.lang {
                Lang::En => format!("not in the workbook: {}\n", left.join(", ")),
                Lang::Zh => format!("工作簿中未包含：{}\n", left.join("、")),
            })?;
        }
        let path = out.display();
        console.print(&match (merged.is_some(), console.lang) {
            (true, Lang::En) => format!("written: {path}\nnext: parkflux check {path}\n"),
            (true, Lang::Zh) => format!("已写入：{path}\n下一步：parkflux check {path}\n"),
            (false, Lang::En) => "not merged, nothing written\n".to_owned(),
            (false, Lang::Zh) => "未汇总，未写入任何文件\n".to_owned(),
        })?;
    }
    Ok(if merged.is_some() { Outcome::Done } else { Outcome::Invalid })
}

/// Writes the package as a folder, with what the park's folder holds beside its tables.
fn folder(park: &Path, out: &Path, raw: &Raw) -> Result<(), Failure> {
    let mut draft = Draft::new(out)?;
    for (name, bytes) in raw.to_files() {
        draft.file(&name, &bytes)?;
    }
    for name in &raw.beside {
        carry(park, name, &mut draft)?;
    }
    draft.commit()
}

/// Copies a file or folder of the park.
fn carry(park: &Path, name: &str, draft: &mut Draft) -> Result<(), Failure> {
    let path = park.join(name);
    let failure = |source| Failure::Package(crate::package::Error::Io { path: path.display().to_string(), source });
    // A link may lead anywhere, even back: it is not followed.
    let kind = path.symlink_metadata().map_err(failure)?;
    if kind.is_dir() {
        let mut names = Vec::new();
        for entry in std::fs::read_dir(&path).map_err(failure)? {
            names.push(entry.map_err(failure)?.file_name().to_string_lossy().into_owned());
        }
        names.sort();
        for inner in names {
            carry(park, &format!("{name}/{inner}"), draft)?;
        }
    } else if kind.is_file() {
        draft.file(name, &std::fs::read(&path).map_err(failure)?)?;
    }
    Ok(())
}

/// The report as JSON.
fn summary(report: &MergeReport) -> Value {
    let books = report.books.iter().map(|b| {
        json!({ "enterprise": b.enterprise, "file": b.file, "added": b.added, "same": b.same, "changed": b.changed })
    });
    let missing = report.missing.iter().map(|[id, en, zh]| json!({ "enterprise": id, "name_en": en, "name_zh": zh }));
    let readings = report.readings.iter().map(
        |r| json!({ "from": r.from, "to": r.to, "carrier": r.carrier, "sender": r.sender, "receiver": r.receiver, "others": r.others }),
    );
    let changed = report
        .changed
        .iter()
        .map(|c| json!({ "table": c.table, "row": c.row, "place": c.place, "old": c.old, "new": c.new }));
    let kept = report.kept.iter().map(|(firm, place)| json!({ "enterprise": firm, "place": place }));
    json!({
        "books": books.collect::<Vec<_>>(),
        "not_handed_in": missing.collect::<Vec<_>>(),
        "two_readings": readings.collect::<Vec<_>>(),
        "changed": changed.collect::<Vec<_>>(),
        "kept": kept.collect::<Vec<_>>(),
    })
}

/// The report in words.
fn text(report: &MergeReport, lang: Lang) -> String {
    let mut lines: Vec<String> = Vec::new();
    for b in &report.books {
        lines.push(match lang {
            Lang::En => {
                format!(
                    "{} ({}): {} {} new, {} as known, {} changed",
                    b.enterprise,
                    b.file,
                    b.added,
                    if b.added == 1 { "row" } else { "rows" },
                    b.same,
                    b.changed
                )
            }
            Lang::Zh => {
                format!(
                    "{}（{}）：新增 {} 行，已有 {} 行，更正 {} 行",
                    b.enterprise, b.file, b.added, b.same, b.changed
                )
            }
        });
    }
    for r in &report.readings {
        let (from, to, carrier) = (&r.from, &r.to, &r.carrier);
        lines.push(
            lang.pick(format!("two readings: {carrier}, {from} → {to}"), format!("两个读数：{carrier}，{from} → {to}")),
        );
        for (who, rows) in [
            (lang.pick("sender, observer = from: ", "送出方，observer = from："), &r.sender),
            (lang.pick("receiver, observer = to: ", "接收方，observer = to："), &r.receiver),
            (lang.pick("others: ", "其他："), &r.others),
        ] {
            if !rows.is_empty() {
                lines.push(format!("  {who}{}", rows.join(lang.pick(", ", "，"))));
            }
        }
    }
    for c in &report.changed {
        lines.push(match lang {
            Lang::En => format!("changed: {} {}: {} → {}  [{}]", c.table, c.row, c.old, c.new, c.place),
            Lang::Zh => format!("更正：{} {}：{} → {}  [{}]", c.table, c.row, c.old, c.new, c.place),
        });
    }
    for (firm, place) in &report.kept {
        lines.push(match lang {
            Lang::En => format!("kept: {place}, which the workbook of {firm} leaves out"),
            Lang::Zh => format!("保留：{place}（{firm} 的工作簿中没有该行）"),
        });
    }
    if !report.missing.is_empty() {
        let named = |[id, en, zh]: &[String; 3]| {
            let name = lang.pick(if en.is_empty() { zh } else { en }, if zh.is_empty() { en } else { zh });
            if name.is_empty() { id.clone() } else { format!("{id} {name}") }
        };
        let firms: Vec<String> = report.missing.iter().map(named).collect();
        lines.push(match lang {
            Lang::En => format!("not handed in: {}", firms.join(", ")),
            Lang::Zh => format!("尚未提交：{}", firms.join("、")),
        });
    }
    lines.into_iter().map(|l| l + "\n").collect()
}
