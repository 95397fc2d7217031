//! `scenario run` and `scenario diff`.

use crate::cli::args::{RunArgs, ScenarioDiffArgs};
use crate::cli::console::Console;
use crate::cli::inventory::in_the_way;
use crate::cli::write::{Draft, interrupted};
use crate::cli::{Failure, Outcome, file_name};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Severity};
use crate::inventory::Inventory;
use crate::package::Package;
use crate::report::results::{MANIFEST, pretty, results, sha256};
use crate::report::scenario::{Ran, difference, difference_json, opens, text, to_json};
use crate::scenario::{Base, Run, Scenario, at_keys, diff as compare, resolve, run as run_chain, year_of};
use serde_json::{Value, json};
use std::path::Path;

/// A package with its inventory and scenarios; else how the verb ends.
pub(super) struct Loaded {
    pub(super) package: Package,
    pub(super) inventory: Inventory,
    pub(super) scenarios: Vec<Scenario>,
}

pub(super) fn load(path: &Path, names: &[&str], console: &Console) -> Result<Result<Loaded, Outcome>, Failure> {
    let Some((package, scenarios)) = super::load(path, console)? else { return Ok(Err(Outcome::Invalid)) };
    if let Some(unknown) = names.iter().find(|n| !scenarios.iter().any(|s| *s.label.id == ***n)) {
        let known: Vec<&str> = scenarios.iter().map(|s| &*s.label.id).collect();
        let known = known.join(", ");
        console.talk(&console.lang.pick(
            format!("parkflux: the package has no scenario '{unknown}'; it has: {known}"),
            format!("parkflux：数据包没有情景“{unknown}”；现有：{known}"),
        ));
        return Ok(Err(Outcome::Usage));
    }
    match crate::cli::accounts(&package) {
        Ok(inventory) => Ok(Ok(Loaded { package, inventory, scenarios })),
        Err(found) => {
            super::refuse(path, &found, console)?;
            Ok(Err(Outcome::Invalid))
        }
    }
}

/// A chain with its base year and run.
struct Done<'a> {
    chain: Vec<&'a Scenario>,
    base: usize,
    run: Run,
}

/// Runs scenarios by name, each beside the base year that it states; the problems of all.
fn run_all<'a>(
    loaded: &'a Loaded,
    names: &[&str],
    console: &Console,
) -> (Vec<Base<'a>>, Result<Vec<Done<'a>>, Diagnostics>) {
    let chains: Vec<Vec<&Scenario>> = names.iter().map(|name| resolve(&loaded.scenarios, name)).collect();
    let mut bases: Vec<Base> = Vec::new();
    let (mut list, mut found) = (Vec::new(), Diagnostics::default());
    for (i, chain) in chains.into_iter().enumerate() {
        console.progress(&console.lang.pick(
            format!("running {} ({} of {})", names[i], i + 1, names.len()),
            format!("正在运行 {}（第 {} 个，共 {} 个）", names[i], i + 1, names.len()),
        ));
        let year = year_of(&chain, &loaded.package.park);
        let known = bases.iter().position(|b| Some(b.year) == year);
        let base = known.unwrap_or_else(|| {
            bases.push(Base::new(&loaded.package, &loaded.inventory, year));
            bases.len() - 1
        });
        match run_chain(&bases[base], &chain) {
            Ok(run) => list.push(Done { chain, base, run }),
            Err(problems) => found.append(problems),
        }
    }
    console.progress("");
    (bases, if found.has_errors() { Err(found) } else { Ok(list) })
}

/// Shows why scenarios cannot be run; a clash is no mistake in the data.
pub(super) fn refuse(
    path: &Path,
    package: &Package,
    found: &Diagnostics,
    console: &Console,
) -> Result<Outcome, Failure> {
    // Findings about the data are `check`'s to tell.
    let mut errors = Diagnostics::default();
    at_keys(path, package, found)?
        .sorted()
        .into_iter()
        .filter(|d| d.problem.severity() == Severity::Error)
        .for_each(|d| errors.push(d.clone()));
    super::refuse(path, &errors, console)?;
    let clash = |d: &&Diagnostic| d.problem.code() == Code::ScenarioClash;
    Ok(if errors.sorted().iter().all(clash) { Outcome::Open } else { Outcome::Invalid })
}

pub(super) fn run(args: &RunArgs, console: &Console) -> Result<Outcome, Failure> {
    if let Some(text) = args.out.as_deref().and_then(|out| in_the_way(out, &[], args.overwrite, console.lang)) {
        console.talk(&format!("parkflux: {text}"));
        return Ok(Outcome::Usage);
    }
    let mut names: Vec<&str> = Vec::new();
    for name in &args.names {
        if !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    let loaded = match load(&args.package, &names, console)? {
        Ok(loaded) => loaded,
        Err(outcome) => return Ok(outcome),
    };
    let (bases, done) = run_all(&loaded, &names, console);
    let done = match done {
        Ok(done) => done,
        Err(found) => return refuse(&args.package, &loaded.package, &found, console),
    };
    if interrupted() {
        return Ok(Outcome::Interrupted);
    }
    let ran = |d: &Done| to_json(&bases[d.base], &Ran { chain: &d.chain, run: &d.run }, args.all, console.lang);
    if console.json {
        let runs: Vec<Value> = done.iter().map(ran).collect();
        console.print_json(&json!({ "package": file_name(&args.package), "scenarios": runs }))?;
    } else {
        // Those of one year stand in one table.
        for (b, base) in bases.iter().enumerate() {
            let runs: Vec<Ran> =
                done.iter().filter(|d| d.base == b).map(|d| Ran { chain: &d.chain, run: &d.run }).collect();
            let gap = if b == 0 { "" } else { "\n" };
            console.print(&format!("{gap}{}", text(base, &runs, args.all, console.lang)))?;
        }
    }
    if let Some(out) = &args.out {
        write(out, &bases, &done, console)?;
    }
    if interrupted() {
        return Ok(Outcome::Interrupted);
    }
    let open = done.iter().any(|d| opens(&d.run));
    Ok(if open && args.fail_on.is_some() { Outcome::Findings } else { Outcome::Done })
}

/// The files of `--out`: the inventory of the changed park, and what the scenario did.
fn write(out: &Path, bases: &[Base], done: &[Done], console: &Console) -> Result<(), Failure> {
    let mut draft = Draft::new(out)?;
    for one in done {
        let ran = Ran { chain: &one.chain, run: &one.run };
        let prefix = if done.len() > 1 { format!("{}/", ran.id()) } else { String::new() };
        let told = pretty(&to_json(&bases[one.base], &ran, true, console.lang)).into_bytes();
        let run = &one.run;
        let found = &run.inventory.found;
        for (name, bytes) in results(&run.package, &run.inventory, found, console.lang) {
            let bytes = if name == MANIFEST { manifest(&bytes, &ran, &told) } else { bytes };
            draft.file(&format!("{prefix}{name}"), &bytes)?;
        }
        draft.file(&format!("{prefix}scenario.json"), &told)?;
    }
    draft.commit()?;
    if !interrupted() {
        console.talk(&console.lang.pick(format!("written: {}", out.display()), format!("已写入：{}", out.display())));
    }
    Ok(())
}

/// The manifest of an inventory with the scenario that made it, so that nobody takes it for that of the park.
fn manifest(bytes: &[u8], ran: &Ran, told: &[u8]) -> Vec<u8> {
    let Ok(mut value) = serde_json::from_slice::<Value>(bytes) else { return bytes.to_owned() };
    let chain: Vec<&str> = ran.chain.iter().map(|s| &*s.label.id).collect();
    value["options"]["scenario"] = json!(chain);
    if let Some(outputs) = value["outputs"].as_array_mut() {
        outputs.push(json!({ "file": "scenario.json", "sha256": sha256(told) }));
    }
    pretty(&value).into_bytes()
}

pub(super) fn diff(args: &ScenarioDiffArgs, console: &Console) -> Result<Outcome, Failure> {
    let names: Vec<&str> = args.with.as_deref().into_iter().chain([&*args.name]).collect();
    let loaded = match load(&args.package, &names, console)? {
        Ok(loaded) => loaded,
        Err(outcome) => return Ok(outcome),
    };
    let (bases, done) = run_all(&loaded, &names, console);
    let done = match done {
        Ok(done) => done,
        Err(found) => return refuse(&args.package, &loaded.package, &found, console),
    };
    if interrupted() {
        return Ok(Outcome::Interrupted);
    }
    let (Some(new), Some(first)) = (done.last(), done.first()) else { return Ok(Outcome::Invalid) };
    if new.base != first.base {
        let years = [first, new].map(|d| bases[d.base].year.to_string()).join(", ");
        console.talk(&console.lang.pick(
            format!("parkflux: the scenarios change different years: {years}"),
            format!("parkflux：两情景改变的年份不同：{years}"),
        ));
        return Ok(Outcome::Usage);
    }
    let base = &bases[new.base];
    let old = if args.with.is_some() { first.run.solution() } else { base.solution() };
    let difference_of = compare(&old, &new.run.solution());
    let park = &new.run.package.park;
    if console.json {
        let year = base.year.to_string();
        let names = (args.with.as_deref().unwrap_or(&year), args.name.as_str());
        console.print_json(&difference_json(park, &difference_of, names))?;
    } else {
        let year = console.lang.pick(format!("the year {}", base.year), format!("{} 年", base.year));
        let names = (args.with.as_deref().unwrap_or(&year), args.name.as_str());
        console.print(&difference(park, &difference_of, names, args.all, console.lang))?;
    }
    Ok(Outcome::Done)
}
