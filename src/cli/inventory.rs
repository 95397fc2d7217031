//! `inventory`: from a package to tables, CSV, JSON and a workbook; several go to [`super::set`].

use super::args::InventoryArgs;
use super::console::{Console, gate};
use super::indicators::named_programmes;
use super::workbook::Books;
use super::write::{Draft, interrupted, is_filled};
use super::{Failure, Outcome, file_name};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Lang, Severity};
use crate::inventory::{Inventory, inventory};
use crate::package::{self, Package};
use crate::report::inventory::Report;
use crate::report::results::results;
use crate::report::tidy::to_json;
use crate::report::workbook::{Programmes, workbook};
use serde_json::json;
use std::path::{Path, PathBuf};

pub(super) fn run(args: &InventoryArgs, console: &Console) -> Result<Outcome, Failure> {
    let packages = packages(&args.packages, console)?;
    let wrong = |text: String| {
        console.talk(&format!("parkflux: {text}"));
        Ok(Outcome::Usage)
    };
    if let Some(text) = args.out.as_deref().and_then(|out| in_the_way(out, &packages, args.overwrite, console.lang)) {
        return wrong(text);
    }
    let books = args.xlsx.as_deref().map(|path| Books::new(path, &packages, args.overwrite, console.lang)).transpose();
    let books = match books {
        Ok(books) => books,
        Err(text) => return wrong(text),
    };
    match packages.as_slice() {
        [package] => one(args, console, package, books.as_ref()),
        several => super::set::run(args, console, several, books.as_ref()),
    }
}

/// Why results cannot be written into the folder `out`.
pub(super) fn in_the_way(out: &Path, packages: &[PathBuf], overwrite: bool, lang: Lang) -> Option<String> {
    let shown = out.display();
    if out.exists() && !out.is_dir() {
        return Some(
            lang.pick(format!("{shown} is a file; --out takes a folder"), format!("{shown} 是文件；--out 须为文件夹")),
        );
    }
    if is_filled(out) && !overwrite {
        return Some(lang.pick(
            format!("{shown} is not empty; --overwrite replaces it"),
            format!("{shown} 不为空；--overwrite 可替换"),
        ));
    }
    let mut names: Vec<String> = packages.iter().map(|f| file_name(f)).collect();
    names.sort();
    let twice = names.windows(2).find_map(|pair| match pair {
        [a, b] if a == b => Some(a),
        _ => None,
    })?;
    Some(lang.pick(
        format!("two packages are called '{twice}': their results would overwrite each other"),
        format!("有两个数据包都叫“{twice}”，结果会相互覆盖"),
    ))
}

/// The packages that the arguments name; says which workbooks of results were passed over.
pub(super) fn packages(paths: &[PathBuf], console: &Console) -> Result<Vec<PathBuf>, Failure> {
    let (packages, results) = listed(paths)?;
    if !results.is_empty() {
        let names = results.iter().map(|p| p.display().to_string()).collect::<Vec<_>>();
        console.talk(&match console.lang {
            Lang::En => format!("passed over, results and no packages: {}", names.join(", ")),
            Lang::Zh => format!("已跳过（是结果而非数据包）：{}", names.join("、")),
        });
    }
    Ok(packages)
}

/// The packages that the arguments name: a folder with `park.toml`, a workbook, or a
/// folder whose subfolders have one or that holds workbooks; and the workbooks of such
/// folders that are results.
pub(super) fn listed(paths: &[PathBuf]) -> Result<(Vec<PathBuf>, Vec<PathBuf>), Failure> {
    let (mut folders, mut results) = (Vec::new(), Vec::new());
    for path in paths {
        let mut inside = Vec::new();
        if path.is_dir() && !path.join("park.toml").exists() {
            let io = |source| package::Error::Io { path: path.display().to_string(), source };
            for entry in std::fs::read_dir(path).map_err(io)? {
                let folder = entry.map_err(io)?.path();
                if is_workbook(&folder) && package::is_result_workbook(&folder) {
                    results.push(folder);
                } else if folder.join("park.toml").exists() || is_workbook(&folder) {
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
    results.sort();
    Ok((folders, results))
}

/// Whether a path is a workbook by its name; those of Excel's own (`~$`) are not.
fn is_workbook(path: &Path) -> bool {
    let named = path.file_name().is_some_and(|n| !n.to_string_lossy().starts_with(['.', '~']));
    named && path.is_file() && path.extension().is_some_and(|e| e.eq_ignore_ascii_case("xlsx"))
}

/// One package's way through the program.
fn one(args: &InventoryArgs, console: &Console, path: &Path, books: Option<&Books>) -> Result<Outcome, Failure> {
    let (package, mut found) = super::load(path)?;
    let (mut refusal_reason, mut refused) = (None, Outcome::Invalid);
    let made = package.and_then(|package| match inventory(&package) {
        Ok(inventory) => {
            found.append(inventory.found.clone());
            refusal_reason = if args.locked { refusal(&package, &inventory) } else { None };
            refusal_reason.is_none().then_some((package, inventory))
        }
        Err(problems) => {
            // Nothing is wrong with the rows but that they do not add up.
            let open =
                |d: &&Diagnostic| d.problem.severity() == Severity::Error && d.problem.code() != Code::BalanceOpen;
            if !problems.sorted().iter().any(open) {
                refused = Outcome::Open;
            }
            found.append(problems);
            None
        }
    });
    if interrupted() {
        return Ok(Outcome::Interrupted);
    }
    // Only the workbook shows indicators.
    let made = match made {
        Some((package, inventory)) if books.is_some() => match named_programmes(path, &package, &inventory)? {
            Ok(programmes) => Some((package, inventory, programmes)),
            Err(problems) => {
                found.append(problems);
                None
            }
        },
        made => made.map(|(package, inventory)| (package, inventory, None)),
    };
    let shown = path.display().to_string();
    let Some((package, inventory, programmes)) = made else {
        let reason = refusal_reason.map(|no_lock| self::refused(&shown, no_lock, console.lang));
        if console.json {
            let mut value = json!({ "package": file_name(path), "diagnostics": console.problems_json(&found) });
            if let Some(text) = reason {
                value["refused"] = text.into();
            }
            console.print_json(&value)?;
        } else {
            console.problems(&found);
            if let Some(text) = reason {
                console.talk(&format!("parkflux: {text}"));
            }
        }
        return Ok(refused);
    };
    if let Some(year) = args.year.filter(|y| !inventory.years.contains(y)) {
        let years = inventory.years.iter().map(u16::to_string).collect::<Vec<_>>().join(", ");
        let name = file_name(path);
        console.talk(&console.lang.pick(
            format!("parkflux: {name} has no year {year}; years: {years}"),
            format!("parkflux：{name} 没有 {year} 年；可选：{years}"),
        ));
        return Ok(Outcome::Usage);
    }
    show(args, console, &shown, &package, &inventory, &found)?;
    let book = books.map(|books| (books, programmes.as_ref()));
    write(args, console, path, book, &package, &inventory, &found)?;
    if interrupted() {
        return Ok(Outcome::Interrupted);
    }
    Ok(gate(&found, args.fail_on))
}

/// The result on standard output, the findings on standard error.
fn show(
    args: &InventoryArgs,
    console: &Console,
    path: &str,
    package: &Package,
    inventory: &Inventory,
    found: &Diagnostics,
) -> Result<(), Failure> {
    if console.json {
        let mut value = to_json(package, inventory, console.lang);
        value["diagnostics"] = console.problems_json(found);
        return console.print_json(&value);
    }
    let last = inventory.years.last().copied().unwrap_or_default();
    let year = args.year.unwrap_or(last);
    console.print(&Report::new(package, inventory, year, console.lang).to_text())?;
    if args.findings {
        console.problems(found);
    } else if !found.is_empty() {
        console.talk(&counts(path, found, console.lang));
    }
    Ok(())
}

/// The files of `--out` and the workbook of `--xlsx`, each whole or not at all. Both
/// are made before either is put in its place.
fn write(
    args: &InventoryArgs,
    console: &Console,
    path: &Path,
    books: Option<(&Books, Option<&Programmes>)>,
    package: &Package,
    inventory: &Inventory,
    found: &Diagnostics,
) -> Result<(), Failure> {
    let book = match books {
        Some((books, programmes)) => {
            let mut draft = books.draft()?;
            draft.file(&books.name(&file_name(path)), &workbook(package, inventory, programmes)?)?;
            Some(draft)
        }
        None => None,
    };
    let files = match &args.out {
        Some(out) => {
            let mut draft = Draft::new(out)?;
            for (file, bytes) in results(package, inventory, found, console.lang) {
                draft.file(file, &bytes)?;
            }
            Some(draft)
        }
        None => None,
    };
    for (draft, target) in [(files, &args.out), (book, &args.xlsx)] {
        if let (Some(draft), Some(target)) = (draft, target) {
            draft.commit()?;
            if interrupted() {
                return Ok(());
            }
            console.talk(&match console.lang {
                Lang::En => format!("written: {}", target.display()),
                Lang::Zh => format!("已写入：{}", target.display()),
            });
        }
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
    let lock = file_name(&package::lock_path(Path::new(path)));
    match (lang, no_lock) {
        (Lang::En, true) => {
            format!("--locked, and {path} has no {lock}; `parkflux factors lock {path}` writes it")
        }
        (Lang::Zh, true) => {
            format!("指定了 --locked，而 {path} 没有 {lock}；`parkflux factors lock {path}` 可写出")
        }
        (Lang::En, false) => format!("--locked: the factors of {path} are not those of its {lock}"),
        (Lang::Zh, false) => format!("--locked：{path} 所用因子与其 {lock} 不符"),
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
