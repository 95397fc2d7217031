//! `check`: all problems of a package at once, nothing computed.

use super::args::CheckArgs;
use super::console::{Console, gate};
use super::inventory::{listed, packages};
use super::write::write_file;
use super::{Failure, Outcome, file_name};
use crate::diagnostic::{Diagnostics, Lang};
use crate::inventory::completeness::{Standard, completeness};
use crate::package;
use crate::programme::{builtin, read_own, zone};
use crate::report::annotate::annotate;
use crate::report::completeness::{lacking, summary, table, to_json};
use serde_json::{Value, json};

pub(super) fn run(args: &CheckArgs, console: &Console) -> Result<Outcome, Failure> {
    if let Some(wrong) = wrong_use(args, console.lang) {
        console.talk(&format!("parkflux: {wrong}"));
        return Ok(Outcome::Usage);
    }
    let mut outcome = Outcome::Done;
    let mut results: Vec<Value> = Vec::new();
    for folder in &packages(&args.packages, console)? {
        let (package, mut found) = package::read(folder)?;
        let mut valid = package.is_some();
        let (mut rows, mut answers) = (0, Vec::new());
        let standard: Option<Standard> = args.standard.map(Into::into);
        if let Some(package) = &package {
            let (_, problems) = crate::scenario::read(folder, package)?;
            valid = !problems.has_errors();
            found.append(problems);
            let mut pack = builtin().clone();
            let problems = read_own(folder, &mut pack)?;
            let whole = !problems.has_errors();
            valid &= whole;
            found.append(problems);
            let mut problems = Diagnostics::default();
            pack.named(&package.park.settings.programmes, &mut problems);
            valid &= !problems.has_errors();
            found.append(problems);
            rows = package.files.iter().map(|f| f.rows).sum();
            // Factors belong to the check: a fuel without a factor stops the inventory.
            match crate::inventory::inventory(package) {
                Ok(inventory) => {
                    if standard.is_some() {
                        answers = completeness(package, &inventory);
                    }
                    // Answers and targets of a pack that is not whole are not judged.
                    if whole {
                        let problems = zone(&pack, &package.park, &inventory).1;
                        valid &= !problems.has_errors();
                        found.append(problems);
                    }
                    found.append(inventory.found);
                }
                Err(problems) => {
                    valid = false;
                    found.append(problems);
                }
            }
        }
        if let Some(out) = &args.annotate {
            let pages = package::pages(folder, console.lang)?;
            write_file(out, &annotate(&pages, &found, console.lang)?)?;
            console.talk(&match console.lang {
                Lang::En => format!("written: {}", out.display()),
                Lang::Zh => format!("已写入：{}", out.display()),
            });
        }
        let incomplete = standard.is_some_and(|s| args.fail_on.is_some() && lacking(&answers, s) > 0);
        let gate = if incomplete { Outcome::Findings } else { gate(&found, args.fail_on) };
        outcome = match (valid, gate, outcome) {
            (false, ..) | (_, _, Outcome::Invalid) => Outcome::Invalid,
            (true, Outcome::Findings, _) => Outcome::Findings,
            (true, _, before) => before,
        };
        if console.json {
            let mut result = json!({
                "package": file_name(folder),
                "valid": valid,
                "rows": rows,
                "diagnostics": console.problems_json(&found),
            });
            // A package that is not valid has no inventory to judge.
            if let Some(standard) = standard.filter(|_| valid) {
                result["completeness"] = to_json(&answers, standard, console.lang);
            }
            results.push(result);
            continue;
        }
        console.problems(&found);
        let name = file_name(folder);
        console.print(&match (valid, console.lang) {
            (true, Lang::En) => format!("{name}: valid, {rows} rows read\n"),
            (true, Lang::Zh) => format!("{name}：有效，读取 {rows} 行\n"),
            (false, Lang::En) => format!("{name}: not valid\n"),
            (false, Lang::Zh) => format!("{name}：无效\n"),
        })?;
        if let Some(standard) = standard.filter(|_| valid) {
            let (table, line) =
                (table(&answers, standard, console.lang).to_text(), summary(&answers, standard, console.lang));
            console.print(&format!("\n{table}\n{line}"))?;
        }
    }
    if console.json {
        console.print_json(&Value::Array(results))?;
    }
    Ok(outcome)
}

/// What speaks against the arguments.
fn wrong_use(args: &CheckArgs, lang: Lang) -> Option<String> {
    let out = args.annotate.as_ref()?;
    let shown = out.display();
    if !out.extension().is_some_and(|e| e.eq_ignore_ascii_case("xlsx")) {
        return Some(
            lang.pick(format!("{shown}: the name must end in .xlsx"), format!("{shown}：文件名须以 .xlsx 结尾")),
        );
    }
    if args.packages.len() > 1 || listed(&args.packages).is_ok_and(|list| list.0.len() > 1) {
        return Some(lang.pick("--annotate takes one package", "--annotate 一次只处理一个数据包").to_owned());
    }
    let same = args.packages.iter().any(|p| p.canonicalize().ok().is_some_and(|p| out.canonicalize().ok() == Some(p)));
    if same {
        return Some(lang.pick(format!("{shown} is the package itself"), format!("{shown} 就是数据包本身")));
    }
    (out.exists() && !args.overwrite).then(|| {
        lang.pick(format!("{shown} exists; --overwrite replaces it"), format!("{shown} 已存在；--overwrite 可替换"))
    })
}
