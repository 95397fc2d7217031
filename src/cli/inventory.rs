//! `inventory`: from packages to tables, CSV and JSON with a manifest.

use super::args::InventoryArgs;
use super::console::{Console, gate};
use super::workbook::Books;
use super::write::{Draft, interrupted, is_filled};
use super::{Failure, Outcome, file_name};
use crate::diagnostic::{Diagnostics, Lang};
use crate::inventory::Inventory;
use crate::package::{self, Package};
use crate::report::inventory::Report;
use crate::report::results::results;
use crate::report::tidy::to_json;
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
    /// Refused by `--locked`: because there is no lock, or because the factors are others.
    refusal: Option<bool>,
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
            let done = one(folder, args.locked);
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

/// The packages that the arguments name: a folder with `park.toml`, a workbook, or a
/// folder whose subfolders have one or that holds workbooks.
pub(super) fn packages(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut folders = Vec::new();
    for path in paths {
        let mut inside = Vec::new();
        if path.is_dir() && !path.join("park.toml").exists() {
            let io = |source| package::Error::Io { path: path.display().to_string(), source };
            for entry in std::fs::read_dir(path).map_err(io)? {
                let folder = entry.map_err(io)?.path();
                if folder.join("park.toml").exists() || is_workbook(&folder) {
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

/// Whether a path is a workbook by its name; those of Excel's own (`~$`) are not.
fn is_workbook(path: &Path) -> bool {
    let named = path.file_name().is_some_and(|n| !n.to_string_lossy().starts_with(['.', '~']));
    named && path.is_file() && path.extension().is_some_and(|e| e.eq_ignore_ascii_case("xlsx"))
}

/// Reads and computes one package; `locked` refuses other factors than the locked ones.
fn one(folder: &Path, locked: bool) -> Result<Done, Failure> {
    let name = file_name(folder);
    let (package, mut found) = package::read(folder)?;
    let mut why = None;
    let result = package.and_then(|package| match crate::inventory::inventory(&package) {
        Ok(inventory) => {
            found.append(inventory.found.clone());
            why = if locked { refusal(&package, &inventory) } else { None };
            why.is_none().then_some((package, inventory))
        }
        Err(problems) => {
            found.append(problems);
            None
        }
    });
    Ok(Done { name, path: folder.display().to_string(), found, result, refusal: why })
}

fn show(args: &InventoryArgs, console: &Console, done: &[Done], several: bool) -> Result<(), Failure> {
    let mut results = Vec::new();
    for d in done {
        match &d.result {
            None if console.json => {
                let mut value = json!({ "package": d.name, "diagnostics": console.problems_json(&d.found) });
                if let Some(no_lock) = d.refusal {
                    value["refused"] = refused(&d.path, no_lock, console.lang).into();
                }
                results.push(value);
            }
            None => {
                console.problems(&d.found);
                if let Some(no_lock) = d.refusal {
                    console.talk(&format!("parkflux: {}", refused(&d.path, no_lock, console.lang)));
                }
            }
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

/// Whether `--locked` refuses a result: because there is no lock, or because the
/// factors are others than the locked ones.
pub(super) fn refusal(package: &Package, inventory: &Inventory) -> Option<bool> {
    let no_lock = package.lock.is_none();
    (no_lock || inventory.departs_from_lock()).then_some(no_lock)
}

/// Why `--locked` computes nothing.
pub(super) fn refused(path: &str, no_lock: bool, lang: Lang) -> String {
    match (lang, no_lock) {
        (Lang::En, true) => {
            format!("--locked, and {path} has no factors.lock; `parkflux factors lock {path}` writes it")
        }
        (Lang::Zh, true) => {
            format!("指定了 --locked，而 {path} 没有 factors.lock；`parkflux factors lock {path}` 可写出")
        }
        (Lang::En, false) => format!("--locked: the factors of {path} are not those of its factors.lock"),
        (Lang::Zh, false) => format!("--locked：{path} 所用因子与其 factors.lock 不符"),
    }
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

/// Writes the results of all packages into one folder, whole or not at all.
fn write(out: &Path, done: &[Done], several: bool, lang: Lang) -> Result<(), Failure> {
    let mut draft = Draft::new(out)?;
    for d in done {
        let Some((package, inventory)) = &d.result else { continue };
        let at = |file: &str| if several { format!("{}/{file}", d.name) } else { file.to_owned() };
        for (file, bytes) in results(package, inventory, &d.found, lang) {
            draft.file(&at(file), &bytes)?;
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
