//! `init`: a template that works, as a folder or a workbook; or one workbook a firm.

use super::args::InitArgs;
use super::console::Console;
use super::write::{Draft, is_filled, write_file};
use super::{Failure, Outcome};
use crate::diagnostic::Lang;
use crate::package::{firm_workbooks, template, template_workbook};
use serde_json::{Value, json};
use std::path::Path;

pub(super) fn run(args: &InitArgs, console: &Console) -> Result<Outcome, Failure> {
    match &args.out {
        Some(out) => firms(&args.target, out, console),
        None if args.xlsx => workbook(&args.target, console),
        None => folder(&args.target, console),
    }
}

/// Refuses to write over something.
fn taken(path: &Path, why: (&str, &str), console: &Console) -> Outcome {
    console.talk(&match console.lang {
        Lang::En => format!("parkflux: {} {}", path.display(), why.0),
        Lang::Zh => format!("parkflux：{} {}", path.display(), why.1),
    });
    Outcome::Usage
}

const NOT_EMPTY: (&str, &str) = ("is not empty", "不为空");

fn folder(folder: &Path, console: &Console) -> Result<Outcome, Failure> {
    if is_filled(folder) {
        return Ok(taken(folder, NOT_EMPTY, console));
    }
    let files = template(&super::file_name(folder), console.lang);
    let mut draft = Draft::new(folder)?;
    for (name, bytes) in &files {
        draft.file(name, bytes)?;
    }
    draft.commit()?;
    let path = folder.display();
    if console.json {
        let names: Vec<&str> = files.iter().map(|f| f.0).collect();
        console.print_json(&json!({ "folder": path.to_string(), "files": names }))?;
    } else {
        console.print(&match console.lang {
            Lang::En => format!("{} files written to {path}\nnext: parkflux check {path}\n", files.len()),
            Lang::Zh => format!("已向 {path} 写入 {} 个文件\n下一步：parkflux check {path}\n", files.len()),
        })?;
    }
    Ok(Outcome::Done)
}

fn workbook(file: &Path, console: &Console) -> Result<Outcome, Failure> {
    if !file.extension().is_some_and(|e| e.eq_ignore_ascii_case("xlsx")) {
        return Ok(taken(file, ("must end in .xlsx", "的扩展名须为 .xlsx"), console));
    }
    if file.exists() {
        return Ok(taken(file, ("exists already", "已存在"), console));
    }
    let name = file.file_stem().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let bytes = template_workbook(&name, console.lang)?;
    write_file(file, &bytes)?;
    let path = file.display();
    if console.json {
        console.print_json(&json!({ "file": path.to_string() }))?;
    } else {
        console.print(&match console.lang {
            Lang::En => format!("workbook written: {path}\nnext: parkflux check {path}\n"),
            Lang::Zh => format!("已写入工作簿：{path}\n下一步：parkflux check {path}\n"),
        })?;
    }
    Ok(Outcome::Done)
}

fn firms(package: &Path, out: &Path, console: &Console) -> Result<Outcome, Failure> {
    if is_filled(out) || out.is_file() {
        return Ok(taken(out, NOT_EMPTY, console));
    }
    let (books, found) = firm_workbooks(package, console.lang)?;
    console.problems(&found);
    let Some(books) = books else {
        if console.json {
            console.print_json(&json!({ "diagnostics": console.problems_json(&found) }))?;
        }
        return Ok(Outcome::Invalid);
    };
    let mut draft = Draft::new(out)?;
    for book in &books {
        draft.file(&book.file, &book.bytes)?;
    }
    draft.commit()?;
    let path = out.display();
    if console.json {
        let books: Vec<Value> =
            books.iter().map(|b| json!({ "enterprise": b.enterprise, "file": b.file, "rows": b.rows })).collect();
        console.print_json(&json!({ "folder": path.to_string(), "workbooks": books }))?;
    } else {
        let package = package.display();
        console.print(&match console.lang {
            Lang::En => format!(
                "{} workbooks written to {path}, one a firm\nnext, when they are filled: parkflux merge {package} {path} --out FOLDER\n",
                books.len()
            ),
            Lang::Zh => format!(
                "已向 {path} 写入 {} 个工作簿，每家企业一个\n填好收回后：parkflux merge {package} {path} --out 文件夹\n",
                books.len()
            ),
        })?;
    }
    Ok(Outcome::Done)
}
