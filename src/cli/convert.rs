//! `convert`: a folder of tables into one workbook, and back, without loss.

use super::args::ConvertArgs;
use super::console::Console;
use super::write::{Draft, interrupted, is_filled, write_file};
use super::{Failure, Outcome};
use crate::diagnostic::Lang;
use crate::package::{self, Raw, schema, workbook};
use serde_json::json;

pub(super) fn run(args: &ConvertArgs, console: &Console) -> Result<Outcome, Failure> {
    let to_workbook = !args.source.is_file();
    if let Some(wrong) = wrong_use(args, to_workbook, console.lang) {
        console.talk(&format!("parkflux: {wrong}"));
        return Ok(Outcome::Usage);
    }
    // A package that is not understood cannot be carried over whole.
    let (package, found) = package::read(&args.source)?;
    if package.is_none() {
        console.problems(&found);
        return Ok(Outcome::Invalid);
    }
    let (raw, _) = package::read_raw(&args.source)?;
    let left = left_behind(&raw);
    if to_workbook {
        let bytes = workbook::write(&raw, console.lang)?;
        let (back, _) = package::raw_of_workbook("back.xlsx", &bytes);
        same(&raw, &back)?;
        write_file(&args.target, &bytes)?;
    } else {
        let files = raw.to_files();
        same(&raw, &package::raw_of_files(&files))?;
        let mut draft = Draft::new(&args.target)?;
        for (name, bytes) in &files {
            draft.file(name, bytes)?;
        }
        draft.commit()?;
    }
    if interrupted() {
        return Ok(Outcome::Interrupted);
    }
    tell(args, &raw, &left, console)?;
    Ok(Outcome::Done)
}

fn tell(args: &ConvertArgs, raw: &Raw, left: &[(String, String)], console: &Console) -> Result<(), Failure> {
    let (tables, rows) = (raw.tables.len(), raw.tables.iter().map(|t| t.rows.len()).sum::<usize>());
    let target = args.target.display();
    if console.json {
        let left: Vec<&str> = left.iter().map(|l| console.lang.pick(l.0.as_str(), l.1.as_str())).collect();
        let target = target.to_string();
        return console.print_json(&json!({ "target": target, "tables": tables, "rows": rows, "left_behind": left }));
    }
    for (en, zh) in left {
        console.talk(&console.lang.pick(format!("left behind: {en}"), format!("未转换：{zh}")));
    }
    console.print(&match console.lang {
        Lang::En => format!("{target}: {tables} tables, {rows} rows\n"),
        Lang::Zh => format!("{target}：{tables} 张表，{rows} 行\n"),
    })
}

/// What speaks against the arguments.
fn wrong_use(args: &ConvertArgs, to_workbook: bool, lang: Lang) -> Option<String> {
    let target = &args.target;
    let named = target.extension().is_some_and(|e| e.eq_ignore_ascii_case("xlsx"));
    let shown = target.display();
    if to_workbook != named {
        return Some(lang.pick(
            "a folder is converted to a workbook TARGET.xlsx, a workbook to a folder".to_owned(),
            "文件夹转换为工作簿（目标以 .xlsx 结尾），工作簿转换为文件夹".to_owned(),
        ));
    }
    if to_workbook && target.is_dir() || !to_workbook && target.is_file() {
        return Some(lang.pick(format!("{shown} is in the way"), format!("{shown} 已存在且类型不符")));
    }
    let there = if to_workbook { target.exists() } else { is_filled(target) };
    if there && !args.overwrite {
        return Some(
            lang.pick(
                format!("{shown} exists; --overwrite replaces it"),
                format!("{shown} 已存在；--overwrite 可替换"),
            ),
        );
    }
    if there && !to_workbook {
        // A table that the new package does not have would join it in silence.
        let is_part = |name: &str| name == "park.toml" || schema::table(name).is_some_and(|t| t.file == name);
        let entries = std::fs::read_dir(target).into_iter().flatten().flatten();
        let mut stale: Vec<String> = entries.map(|e| e.file_name().to_string_lossy().into_owned()).collect();
        let coming = package::read_raw(&args.source).map(|(raw, _)| raw.to_files()).unwrap_or_default();
        stale.retain(|name| is_part(name) && !coming.contains_key(name));
        stale.sort();
        if !stale.is_empty() {
            let list = stale.join(", ");
            return Some(lang.pick(
                format!("{shown} holds tables that the new package does not have: {list}; remove them first"),
                format!("{shown} 中有新数据包所没有的表：{list}；请先移走"),
            ));
        }
    }
    None
}

/// What cannot be carried over, in English and Chinese.
fn left_behind(raw: &Raw) -> Vec<(String, String)> {
    let mut left: Vec<(String, String)> = raw.beside.iter().map(|name| (name.clone(), name.clone())).collect();
    if raw.settings.iter().flat_map(|s| s.lines()).any(|l| l.trim_start().starts_with('#')) {
        left.push(("the comments of park.toml".to_owned(), "park.toml 中的注释".to_owned()));
    }
    left
}

/// Proves that every cell came through; else nothing is written.
fn same(raw: &Raw, back: &Raw) -> Result<(), Failure> {
    for table in &raw.tables {
        let other = back.table(table.table.name);
        let rows = |t: &package::RawTable| -> Vec<Vec<String>> {
            let filled = |cells: &[String]| cells.iter().rposition(|c| !c.is_empty()).map_or(0, |i| i + 1);
            t.rows.iter().map(|r| r.cells[..filled(&r.cells)].to_vec()).collect()
        };
        if other.is_none_or(|o| o.header != table.header || rows(o) != rows(table)) {
            return Err(Failure::Lossy { table: table.table.file });
        }
    }
    if back.settings.is_some() == raw.settings.is_some() { Ok(()) } else { Err(Failure::Lossy { table: "park.toml" }) }
}
