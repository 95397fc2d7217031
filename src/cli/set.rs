//! `inventory` of a set of packages: streamed, side by side on the cores.
//!
//! Packages go through in windows: inside one they run side by side, between two the
//! results are written in the order of the packages and let go. So memory is bounded
//! by the largest packages, not by the set, and the bytes do not depend on the number
//! of threads.

use super::args::InventoryArgs;
use super::console::{Console, gate};
use super::indicators::named_programmes;
use super::inventory::refusal;
use super::workbook::Books;
use super::write::{Draft, interrupted};
use super::{Failure, Outcome, file_name};
use crate::diagnostic::{Diagnostics, Lang, Severity};
use crate::inventory::{Bucket, Inventory, Sums, inventory, sums};
use crate::ledger::Approach;
use crate::package::Package;
use crate::report::results::results;
use crate::report::set::{enterprise_rows, enterprises, park_rows, parks, problem_rows, problems};
use crate::report::tidy::to_json;
use crate::report::workbook::workbook;
use crate::report::{Cell, Table};
use indicatif::{ProgressBar, ProgressStyle};
use rayon::prelude::*;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Packages between two writes: enough that the last of them costs little waiting, few enough to keep memory small.
const WINDOW: usize = 256;

/// The same where each leaves more than its sums behind: a workbook, its own files, or JSON.
const SMALL_WINDOW: usize = 32;

/// Findings of a bad package that are shown; the rest is counted.
const SHOWN: usize = 3;

/// What a package leaves behind.
struct Part {
    name: String,
    path: String,
    outcome: Outcome,
    /// Rows of the table on standard output.
    rows: Vec<Vec<Cell>>,
    /// Rows of `parks.csv`, `enterprises.csv` and `problems.csv`.
    csv: [Vec<u8>; 3],
    /// Files of the package's own folder, under `--details`.
    files: Vec<(&'static str, Vec<u8>)>,
    /// Its workbook, under `--xlsx`.
    book: Option<Vec<u8>>,
    json: Option<String>,
    /// Problems of a package that is not valid.
    bad: Option<Diagnostics>,
    /// A folder or file that could not be read.
    failure: Option<String>,
}

/// The CSV files of a set while they grow.
struct Output {
    draft: Draft,
    csv: Vec<File>,
}

impl Output {
    fn start(folder: &Path) -> Result<Self, Failure> {
        let mut draft = Draft::new(folder)?;
        let mut csv = Vec::new();
        for (name, head) in [("parks.csv", parks()), ("enterprises.csv", enterprises()), ("problems.csv", problems())] {
            let mut file = draft.open(name)?;
            file.write_all(&head.to_csv())?;
            csv.push(file);
        }
        Ok(Self { draft, csv })
    }

    fn add(&mut self, part: &Part) -> Result<(), Failure> {
        for (file, rows) in self.csv.iter_mut().zip(&part.csv) {
            file.write_all(rows)?;
        }
        for (name, bytes) in &part.files {
            self.draft.file(&format!("{}/{name}", part.name), bytes)?;
        }
        Ok(())
    }
}

/// Runs the set.
pub(super) fn run(
    args: &InventoryArgs,
    console: &Console,
    folders: &[PathBuf],
    books: Option<&Books>,
) -> Result<Outcome, Failure> {
    let mut workbooks = books.map(Books::draft).transpose()?;
    let mut output = args.out.as_deref().map(Output::start).transpose()?;
    let progress = progress(folders.len(), console.lang);
    let mut table = overview(console.lang);
    let (mut outcome, mut json_open, mut bad) = (Outcome::Done, false, 0);
    let more = args.details || args.xlsx.is_some() || console.json;
    for window in folders.chunks(if more { SMALL_WINDOW } else { WINDOW }) {
        let parts: Vec<Part> = window
            .par_iter()
            .with_max_len(1)
            .filter(|_| !interrupted())
            .map(|folder| {
                let part = part(folder, args, console);
                progress.inc(1);
                part
            })
            .collect();
        if interrupted() {
            progress.finish_and_clear();
            return Ok(Outcome::Interrupted);
        }
        for part in parts {
            outcome = worse(outcome, part.outcome);
            if let Some(output) = &mut output {
                output.add(&part)?;
            }
            if let (Some(books), Some(draft), Some(bytes)) = (books, &mut workbooks, &part.book) {
                draft.file(&books.name(&part.name), bytes)?;
            }
            if let Some(json) = &part.json {
                console.print(if json_open { ",\n" } else { "[\n" })?;
                console.print(json)?;
                json_open = true;
            }
            if part.bad.is_some() || part.failure.is_some() {
                bad += 1;
                progress.suspend(|| complain(&part, console));
            }
            table.rows.extend(part.rows);
        }
    }
    progress.finish_and_clear();
    if console.json {
        console.print(if json_open { "\n]\n" } else { "[]\n" })?;
    } else {
        console.print(&table.to_text())?;
    }
    if bad > 0 {
        let all = folders.len();
        console.talk(&match console.lang {
            Lang::En => format!("{bad} of {all} packages are not valid and not in the results"),
            Lang::Zh => format!("{all} 个数据包中有 {bad} 个不合格，未计入结果"),
        });
    }
    let drafts = [(output.map(|o| o.draft), &args.out), (workbooks, &args.xlsx)];
    for (draft, place) in drafts {
        let (Some(draft), Some(place)) = (draft, place) else { continue };
        draft.commit()?;
        if !interrupted() {
            console.talk(&match console.lang {
                Lang::En => format!("written: {}", place.display()),
                Lang::Zh => format!("已写入：{}", place.display()),
            });
        }
    }
    Ok(outcome)
}

/// Invalid before findings before done.
fn worse(a: Outcome, b: Outcome) -> Outcome {
    match (a, b) {
        (Outcome::Invalid, _) | (_, Outcome::Invalid) => Outcome::Invalid,
        (Outcome::Findings, _) | (_, Outcome::Findings) => Outcome::Findings,
        _ => Outcome::Done,
    }
}

/// One package, from its folder to the text of its results.
fn part(folder: &Path, args: &InventoryArgs, console: &Console) -> Part {
    let mut part = Part {
        name: file_name(folder),
        path: folder.display().to_string(),
        outcome: Outcome::Invalid,
        rows: Vec::new(),
        csv: [Vec::new(), Vec::new(), Vec::new()],
        files: Vec::new(),
        book: None,
        json: None,
        bad: None,
        failure: None,
    };
    let (package, mut found) = match super::load(folder) {
        Ok(read) => read,
        Err(error) => {
            part.failure = Some(error.to_string());
            return part;
        }
    };
    let whole = args.details || args.locked || args.xlsx.is_some() || console.json;
    let made = package.and_then(|package| match account(&package, whole) {
        Ok((sums, inventory)) => {
            found.append(sums.found.clone());
            let refused = inventory.as_ref().filter(|_| args.locked).and_then(|i| refusal(&package, i));
            if let Some(no_lock) = refused {
                part.failure = Some(super::inventory::refused(&part.path, no_lock, console.lang));
                return None;
            }
            // Only the workbook shows indicators.
            let shown = inventory.as_ref().filter(|_| args.xlsx.is_some());
            match shown.map_or(Ok(Ok(None)), |inventory| named_programmes(folder, &package, inventory)) {
                Ok(Ok(programmes)) => Some((package, sums, inventory, programmes)),
                Ok(Err(problems)) => {
                    found.append(problems);
                    None
                }
                Err(error) => {
                    part.failure = Some(error.to_string());
                    None
                }
            }
        }
        Err(problems) => {
            found.append(problems);
            None
        }
    });
    part.csv[2] = problem_rows(&part.name, &found, console.lang).csv_rows();
    let Some((package, sums, inventory, programmes)) = made else {
        if console.json {
            let value = serde_json::json!({ "package": part.name, "diagnostics": console.problems_json(&found) });
            part.json = Some(value.to_string());
        }
        part.bad = Some(found);
        return part;
    };
    part.outcome = gate(&found, args.fail_on);
    part.rows = overview_rows(&package, &sums, args.year, &found, console.lang);
    part.csv[0] = park_rows(&package.park, &sums);
    part.csv[1] = enterprise_rows(&package.park, &sums);
    let Some(inventory) = inventory else { return part };
    if args.details {
        part.files = results(&package, &inventory, &found, console.lang);
    }
    if args.xlsx.is_some() {
        match workbook(&package, &inventory, programmes.as_ref()) {
            Ok(bytes) => part.book = Some(bytes),
            Err(error) => part.failure = Some(format!("{}: {error}", part.name)),
        }
    }
    if console.json {
        let mut value = to_json(&package, &inventory, console.lang);
        value["diagnostics"] = console.problems_json(&found);
        part.json = Some(value.to_string());
    }
    part
}

/// The sums of a package, and its inventory where more is wanted or a lock is to be compared.
fn account(package: &Package, whole: bool) -> Result<(Sums, Option<Inventory>), Diagnostics> {
    if !whole && package.lock.is_none() {
        return sums(package).map(|sums| (sums, None));
    }
    inventory(package).map(|inventory| (Sums::of(&package.park, &inventory), Some(inventory)))
}

/// Says what is wrong with a package, with the way to see all of it.
fn complain(part: &Part, console: &Console) {
    if let Some(failure) = &part.failure {
        console.talk(&format!("parkflux: {failure}"));
        return;
    }
    let Some(found) = &part.bad else { return };
    let errors = found.count(Severity::Error);
    console.talk(&match console.lang {
        Lang::En => format!("{}: not valid, errors: {errors}   (`parkflux check {}`)", part.name, part.path),
        Lang::Zh => format!("{}：不合格，错误 {errors} 个   （`parkflux check {}`）", part.name, part.path),
    });
    let mut shown = Diagnostics::default();
    let sorted = found.sorted();
    let errors = sorted.iter().filter(|d| d.problem.severity() == Severity::Error);
    for &diagnostic in errors.take(SHOWN) {
        shown.push(diagnostic.clone());
    }
    console.problems(&shown);
}

/// The table on standard output: one row a park and year.
fn overview(lang: Lang) -> Table {
    let say = |en, zh| lang.pick(en, zh);
    let mut table = Table::new(
        say("Parks, t CO2e, transfers inside the fence eliminated", "各园区，t CO2e，已抵消园内转供"),
        &[("park", say("park", "园区")), ("name", say("name", "名称")), ("year", say("year", "年份"))],
    );
    for (key, en, zh) in [
        ("enterprises", "enterprises", "企业数"),
        ("rows", "rows", "数据行"),
        ("scope1", "scope 1", "范围一"),
        ("location", "scope 2 loc.", "范围二位置"),
        ("market", "scope 2 mkt.", "范围二市场"),
        ("total", "total loc.", "合计（位置）"),
        ("intensity", "t CO2e/万元", "t CO2e/万元"),
        ("findings", "findings", "发现"),
    ] {
        table.number_column(key, say(en, zh));
    }
    table
}

fn overview_rows(package: &Package, sums: &Sums, year: Option<u16>, found: &Diagnostics, lang: Lang) -> Vec<Vec<Cell>> {
    let park = &package.park;
    let years = sums.years.iter().map(|(y, _)| *y).filter(|&y| year.is_none_or(|wanted| wanted == y));
    let row = |y: u16| {
        let bucket = |b: Bucket| Cell::maybe(sums.park(park, y, b), 1);
        let rows = package.files.iter().map(|f| f.rows).sum::<usize>();
        vec![
            Cell::Text(park.label.id.to_string()),
            Cell::Text(lang.pick(&park.label.name_en, &park.label.name_zh).to_string()),
            Cell::Text(y.to_string()),
            Cell::Number(park.enterprises.len() as f64, 0),
            Cell::Number(rows as f64, 0),
            bucket(Bucket::Scope1),
            bucket(Bucket::Scope2(Approach::Location)),
            bucket(Bucket::Scope2(Approach::Market)),
            bucket(Bucket::Total(Approach::Location)),
            Cell::maybe(sums.intensity(park, y, Bucket::Total(Approach::Location)), 4),
            Cell::Number(found.len() as f64, 0),
        ]
    };
    years.map(row).collect()
}

/// A bar on standard error; hidden where that is no terminal.
fn progress(packages: usize, lang: Lang) -> ProgressBar {
    let bar = ProgressBar::new(packages as u64);
    let text = lang.pick("{bar:40} {pos}/{len} packages, {eta} left", "{bar:40} {pos}/{len} 个数据包，剩余 {eta}");
    if let Ok(style) = ProgressStyle::with_template(text) {
        bar.set_style(style);
    }
    bar
}
