//! `inventory`: from packages to tables, CSV and JSON with a manifest.

use super::args::InventoryArgs;
use super::console::{Console, gate, pretty};
use super::workbook::Books;
use super::write::{Draft, interrupted, is_filled};
use super::{Failure, Outcome, file_name};
use crate::diagnostic::{Diagnostics, Lang};
use crate::inventory::Inventory;
use crate::package::{self, Package};
use crate::report::inventory::Report;
use crate::report::manifest;
use crate::report::tidy::{coverage, figures, lines, to_json};
use crate::report::workbook::workbook;
use rayon::prelude::*;
use serde_json::{Value, json};
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

/// One package's way through the program.
struct Done {
    name: String,
    /// As the user typed it, for the hint on how to see more.
    path: String,
    found: Diagnostics,
    result: Option<(Package, Inventory)>,
}

pub(super) fn run(args: &InventoryArgs, console: &Console) -> Result<Outcome, Failure> {
    let folders = packages(&args.packages)?;
    if let Some(out) = &args.out
        && is_filled(out)
        && !args.overwrite
    {
        console.talk(&match console.lang {
            Lang::En => format!("parkflux: {} is not empty; --overwrite replaces it", out.display()),
            Lang::Zh => format!("parkflux：{} 不为空；--overwrite 可替换", out.display()),
        });
        return Ok(Outcome::Usage);
    }
    if let Some(out) = &args.out {
        let mut names: Vec<String> = folders.iter().map(|f| file_name(f)).collect();
        names.sort();
        let twice = names.windows(2).find(|w| w[0] == w[1]).map(|w| w[0].clone());
        let wrong = match (out.exists() && !out.is_dir(), twice) {
            (true, _) => Some(console.lang.pick(
                format!("{} is a file; --out takes a folder", out.display()),
                format!("{} 是文件；--out 须为文件夹", out.display()),
            )),
            (false, Some(name)) => Some(console.lang.pick(
                format!("two packages are called '{name}': their results would overwrite each other"),
                format!("有两个数据包都叫“{name}”，结果会相互覆盖"),
            )),
            (false, None) => None,
        };
        if let Some(text) = wrong {
            console.talk(&format!("parkflux: {text}"));
            return Ok(Outcome::Usage);
        }
    }
    let books = match &args.xlsx {
        Some(path) => match Books::new(path, &folders, args.overwrite, console.lang) {
            Ok(books) => Some(books),
            Err(text) => {
                console.talk(&format!("parkflux: {text}"));
                return Ok(Outcome::Usage);
            }
        },
        None => None,
    };
    if folders.len() > 1 {
        return super::set::run(args, console, &folders, books.as_ref());
    }
    let several = folders.len() > 1;
    let progress = Progress::new(folders.len());
    // Packages run side by side; the order of the results is that of the arguments.
    let done: Vec<Done> = folders
        .par_iter()
        .filter(|_| !interrupted())
        .map(|folder| {
            let done = one(folder);
            progress.step();
            done
        })
        .collect::<Result<_, Failure>>()?;
    progress.clear();
    if interrupted() {
        return Ok(Outcome::Interrupted);
    }
    for d in &done {
        let (Some(year), Some((_, inventory))) = (args.year, &d.result) else { continue };
        if !inventory.years.contains(&year) {
            let years = inventory.years.iter().map(u16::to_string).collect::<Vec<_>>().join(", ");
            console.talk(&match console.lang {
                Lang::En => format!("parkflux: {} has no year {year}; years: {years}", d.name),
                Lang::Zh => format!("parkflux：{} 没有 {year} 年；可选：{years}", d.name),
            });
            return Ok(Outcome::Usage);
        }
    }
    let mut outcome = Outcome::Done;
    for d in &done {
        outcome = match (d.result.is_some(), gate(&d.found, args.fail_on), outcome) {
            (false, ..) | (_, _, Outcome::Invalid) => Outcome::Invalid,
            (true, Outcome::Findings, _) => Outcome::Findings,
            (true, _, before) => before,
        };
    }
    show(args, console, &done, several)?;
    if done.iter().any(|d| d.result.is_some()) {
        // The workbook is made before anything is put in its place.
        let mut workbooks = books.as_ref().map(Books::draft).transpose()?;
        for d in &done {
            if let (Some(books), Some(draft), Some((package, inventory))) = (&books, &mut workbooks, &d.result) {
                draft.file(&books.name(&d.name), &workbook(package, inventory)?)?;
            }
        }
        let written = |path: &Path| {
            console.talk(&match console.lang {
                Lang::En => format!("written: {}", path.display()),
                Lang::Zh => format!("已写入：{}", path.display()),
            });
        };
        if let Some(out) = &args.out {
            write(out, &done, several, console.lang)?;
            if interrupted() {
                return Ok(Outcome::Interrupted);
            }
            written(out);
        }
        if let (Some(draft), Some(path)) = (workbooks, &args.xlsx) {
            draft.commit()?;
            if interrupted() {
                return Ok(Outcome::Interrupted);
            }
            written(path);
        }
    }
    Ok(outcome)
}

/// The packages that the arguments name: a folder with `park.toml`, or one whose
/// subfolders have one.
fn packages(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut folders = Vec::new();
    for path in paths {
        let mut inside = Vec::new();
        if !path.join("park.toml").exists() {
            let io = |source| package::Error::Io { path: path.display().to_string(), source };
            for entry in std::fs::read_dir(path).map_err(io)? {
                let folder = entry.map_err(io)?.path();
                if folder.join("park.toml").exists() {
                    inside.push(folder);
                }
            }
            inside.sort();
        }
        if inside.is_empty() {
            inside.push(path.clone());
        }
        folders.append(&mut inside);
    }
    Ok(folders)
}

fn one(folder: &Path) -> Result<Done, Failure> {
    let name = file_name(folder);
    let (package, mut found) = package::read(folder)?;
    let result = package.and_then(|package| match crate::inventory::inventory(&package) {
        Ok(inventory) => {
            found.append(inventory.found.clone());
            Some((package, inventory))
        }
        Err(problems) => {
            found.append(problems);
            None
        }
    });
    Ok(Done { name, path: folder.display().to_string(), found, result })
}

fn show(args: &InventoryArgs, console: &Console, done: &[Done], several: bool) -> Result<(), Failure> {
    let mut results = Vec::new();
    for d in done {
        match &d.result {
            None if console.json => {
                results.push(json!({ "package": d.name, "diagnostics": console.problems_json(&d.found) }));
            }
            None => console.problems(&d.found),
            Some((package, inventory)) if console.json => {
                let mut value = to_json(package, inventory, console.lang);
                value["diagnostics"] = console.problems_json(&d.found);
                results.push(value);
            }
            Some((package, inventory)) => {
                let last = inventory.years.last().copied().unwrap_or_default();
                let year = args.year.unwrap_or(last);
                console.print(&Report::new(package, inventory, year, console.lang).to_text())?;
                if several {
                    console.print("\n")?;
                }
                if args.findings {
                    console.problems(&d.found);
                } else if !d.found.is_empty() {
                    console.talk(&counts(&d.path, &d.found, console.lang));
                }
            }
        }
    }
    if console.json {
        let value = if several { Value::Array(results) } else { results.pop().unwrap_or(Value::Null) };
        console.print_json(&value)?;
    }
    Ok(())
}

/// Findings by code, in one line.
fn counts(path: &str, found: &Diagnostics, lang: Lang) -> String {
    let mut codes: std::collections::BTreeMap<&str, usize> = std::collections::BTreeMap::new();
    for d in found.sorted() {
        *codes.entry(d.problem.code().id()).or_default() += 1;
    }
    let list: Vec<String> = codes.iter().map(|(code, n)| format!("{code} ×{n}")).collect();
    match lang {
        Lang::En => format!("findings: {}   (`parkflux check {path}` shows each)", list.join(", ")),
        Lang::Zh => format!("发现：{}   （`parkflux check {path}` 逐条显示）", list.join("，")),
    }
}

/// The files of one package's results, by name.
pub(super) fn files(
    package: &Package,
    inventory: &Inventory,
    found: &Diagnostics,
    lang: Lang,
) -> Vec<(&'static str, Vec<u8>)> {
    let mut value = to_json(package, inventory, lang);
    value["diagnostics"] = crate::diagnostic::render_json(found, lang);
    vec![
        ("inventory.json", pretty(&value).into_bytes()),
        ("figures.csv", figures(inventory).to_csv()),
        ("lines.csv", lines(&package.park, inventory).to_csv()),
        ("coverage.csv", coverage(inventory).to_csv()),
        ("manifest.json", pretty(&manifest(package, inventory)).into_bytes()),
    ]
}

/// Writes the results of all packages into one folder, whole or not at all.
fn write(out: &Path, done: &[Done], several: bool, lang: Lang) -> Result<(), Failure> {
    let mut draft = Draft::new(out)?;
    for d in done {
        let Some((package, inventory)) = &d.result else { continue };
        let at = |file: &str| if several { format!("{}/{file}", d.name) } else { file.to_owned() };
        for (name, bytes) in files(package, inventory, &d.found, lang) {
            draft.file(&at(name), &bytes)?;
        }
    }
    draft.commit()
}

/// A count on standard error, only on a terminal and only for several packages.
struct Progress {
    total: usize,
    done: AtomicUsize,
    shown: bool,
}

impl Progress {
    fn new(total: usize) -> Self {
        Self { total, done: AtomicUsize::new(0), shown: total > 1 && std::io::stderr().is_terminal() }
    }

    fn step(&self) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        if self.shown {
            put(&format!("\r{done}/{}", self.total));
        }
    }

    fn clear(&self) {
        if self.shown {
            put("\r\x1b[K");
        }
    }
}

/// Puts text on standard error; nothing can be done when it fails.
fn put(text: &str) {
    let mut err = std::io::stderr().lock();
    let _ = err.write_all(text.as_bytes()).and_then(|()| err.flush());
}
