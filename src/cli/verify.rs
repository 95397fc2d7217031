//! `verify`: make a result anew and compare it byte by byte.

use super::args::VerifyArgs;
use super::console::Console;
use super::{Failure, Outcome, file_name};
use crate::diagnostic::Lang;
use crate::package;
use crate::report::results::{Difference, MANIFEST, Part, differences, first_difference, results, sha256};
use crate::report::{Cell, Table};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

pub(super) fn run(args: &VerifyArgs, console: &Console) -> Result<Outcome, Failure> {
    let (folder, path) = places(&args.manifest);
    let bytes = std::fs::read(&path).map_err(|e| unreadable(&path, e))?;
    let Some(then) = manifest_of(&bytes) else {
        console.talk(&match console.lang {
            Lang::En => format!("parkflux: {} is no manifest with hashes of its outputs", path.display()),
            Lang::Zh => format!("parkflux：{} 不是含输出哈希的清单文件", path.display()),
        });
        return Ok(Outcome::Invalid);
    };
    // The result is made in the language in which it was written.
    let lang = if then["options"]["lang"] == "zh" { Lang::Zh } else { Lang::En };
    let (read, mut found) = super::load(&args.package)?;
    let made = read.and_then(|package| match crate::inventory::inventory(&package) {
        Ok(inventory) => {
            found.append(inventory.found.clone());
            Some((package, inventory))
        }
        Err(problems) => {
            found.append(problems);
            None
        }
    });
    let Some((package, inventory)) = made else {
        console.problems(&found);
        return Ok(Outcome::Invalid);
    };
    let files: BTreeMap<&str, Vec<u8>> = results(&package, &inventory, &found, lang).into_iter().collect();
    let now = files.get(MANIFEST).and_then(|b| manifest_of(b)).unwrap_or_default();
    let mut list = differences(&then, &now);
    let written = written(&then, &folder)?;
    for difference in list.iter_mut().filter(|d| d.part == Part::Output) {
        let old = written.get(&difference.name);
        // Only the file that the manifest speaks of can be compared line by line.
        let old = old.filter(|b| Some(sha256(b)) == difference.then);
        difference.line = old.zip(files.get(&*difference.name)).and_then(|(a, b)| first_difference(a, b));
    }
    list.extend(altered(&then, &written, &files));
    show(&list, &then, &args.package, console)?;
    Ok(if list.is_empty() { Outcome::Done } else { Outcome::Findings })
}

/// The folder of the results and the manifest in it.
fn places(given: &Path) -> (PathBuf, PathBuf) {
    if given.is_dir() {
        return (given.to_owned(), given.join(MANIFEST));
    }
    (given.parent().map(Path::to_owned).unwrap_or_default(), given.to_owned())
}

fn unreadable(path: &Path, source: std::io::Error) -> Failure {
    Failure::Package(package::Error::Io { path: path.display().to_string(), source })
}

fn manifest_of(bytes: &[u8]) -> Option<Value> {
    let value: Value = serde_json::from_slice(bytes).ok()?;
    (value["inputs"].is_array() && value["outputs"].is_array()).then_some(value)
}

/// The files beside the manifest that it speaks of, as far as they are there.
fn written(manifest: &Value, folder: &Path) -> Result<BTreeMap<String, Vec<u8>>, Failure> {
    let mut files = BTreeMap::new();
    for entry in manifest["outputs"].as_array().into_iter().flatten() {
        let name = entry["file"].as_str().unwrap_or_default();
        // A manifest is input: a name in it does not lead out of the folder.
        let plain = !name.is_empty() && !name.contains(['/', '\\']) && name != "..";
        let path = folder.join(name);
        if plain && path.is_file() {
            files.insert(name.to_owned(), std::fs::read(&path).map_err(|e| unreadable(&path, e))?);
        }
    }
    Ok(files)
}

/// Files that were changed after they were written.
fn altered(manifest: &Value, written: &BTreeMap<String, Vec<u8>>, files: &BTreeMap<&str, Vec<u8>>) -> Vec<Difference> {
    let outputs = manifest["outputs"].as_array().into_iter().flatten();
    let altered = outputs.filter_map(|entry| {
        let (name, then) = (entry["file"].as_str()?, entry["sha256"].as_str()?);
        let bytes = written.get(name)?;
        let now = sha256(bytes);
        // What the file should hold is known if the second run gives it.
        let right = files.get(name).filter(|b| sha256(b) == then);
        let line = right.and_then(|b| first_difference(b, bytes));
        (now != then).then(|| Difference {
            part: Part::Written,
            name: name.to_owned(),
            then: Some(then.to_owned()),
            now: Some(now),
            line,
        })
    });
    altered.collect()
}

fn show(list: &[Difference], then: &Value, package: &Path, console: &Console) -> Result<(), Failure> {
    let lang = console.lang;
    let outputs = then["outputs"].as_array().map_or(0, Vec::len);
    if console.json {
        let rows = list.iter().map(|d| {
            let line = d.line.as_ref().map(|(n, then, now)| json!({ "line": n, "then": then, "now": now }));
            json!({ "part": d.part.words().0, "name": d.name, "then": d.then, "now": d.now, "first_difference": line })
        });
        let rows: Vec<Value> = rows.collect();
        return console.print_json(&json!({
            "package": file_name(package), "same": list.is_empty(), "outputs": outputs, "differences": rows,
        }));
    }
    let name = file_name(package);
    if list.is_empty() {
        return console.print(&match lang {
            Lang::En => format!("{name}: made anew, {outputs} files are the same byte by byte\n"),
            Lang::Zh => format!("{name}：已重算，{outputs} 个文件逐字节相同\n"),
        });
    }
    let mut table = Table::new(
        match lang {
            Lang::En => format!("{name}: the result differs from its manifest"),
            Lang::Zh => format!("{name}：结果与清单文件不符"),
        },
        &[
            ("part", lang.pick("part", "部分")),
            ("name", lang.pick("which", "名称")),
            ("then", lang.pick("in the manifest", "清单所载")),
            ("now", lang.pick("now", "现在")),
        ],
    );
    let absent = || lang.pick("absent", "无").to_owned();
    for d in list {
        let (_, en, zh) = d.part.words();
        let short = |text: &Option<String>| text.as_ref().map_or_else(absent, |t| short_hash(t));
        table.rows.push(vec![
            Cell::Text(lang.pick(en, zh).to_owned()),
            Cell::Text(d.name.clone()),
            Cell::Text(short(&d.then)),
            Cell::Text(short(&d.now)),
        ]);
    }
    console.print(&table.to_text())?;
    for d in list {
        let Some((line, then, now)) = &d.line else { continue };
        console.print(&match lang {
            Lang::En => format!("\n{} first differs in line {line}\n  then: {then}\n  now:  {now}\n", d.name),
            Lang::Zh => format!("\n{} 首个不同在第 {line} 行\n  原：{then}\n  今：{now}\n", d.name),
        })?;
    }
    Ok(())
}

/// A hash by its first twelve digits; other words as they are.
fn short_hash(text: &str) -> String {
    if text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit()) {
        return format!("sha256 {}…", &text[..12]);
    }
    text.to_owned()
}
