//! The command line: one file a verb.
//!
//! Data go to standard output, talk to standard error. Exit codes: 0 done; 1
//! internal or I/O; 2 usage; 3 input invalid; 4 done with findings (under
//! `--fail-on`, and from `verify` where something differs); 5 balances that cannot hold;
//! 130 interrupted.

mod args;
mod balance;
mod check;
mod console;
mod convert;
mod diff;
mod explain;
mod factors;
mod indicators;
mod init;
mod inventory;
mod lock;
mod measures;
mod merge;
mod scenario;
mod schema;
mod set;
mod symbiosis;
mod targets;
mod tradeoff;
mod trend;
mod verify;
mod workbook;
mod write;

use crate::diagnostic::Diagnostics;
use crate::inventory::Inventory;
use crate::package::Package;
use args::{Cli, Command};
use clap::Parser;
use console::Console;
use std::path::Path;
use std::process::ExitCode;

/// How a verb ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// Done.
    Done,
    /// Input invalid.
    Invalid,
    /// Done, with findings that `--fail-on` asks about.
    Findings,
    /// Wrong use.
    Usage,
    /// Balances do not close.
    Open,
    /// Interrupted.
    Interrupted,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        Self::from(match outcome {
            Outcome::Done => 0,
            Outcome::Usage => 2,
            Outcome::Invalid => 3,
            Outcome::Findings => 4,
            Outcome::Open => 5,
            Outcome::Interrupted => 130,
        })
    }
}

/// What stops a verb from outside: the environment failed.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Package(#[from] crate::package::Error),
    #[error(transparent)]
    Book(#[from] crate::report::workbook::Error),
    #[error("cannot write {path}: {source}")]
    Write { path: String, source: std::io::Error },
    #[error(transparent)]
    Workbook(#[from] crate::package::workbook::WriteError),
    #[error("a cell of {table} cannot be carried over; nothing was written")]
    Lossy { table: &'static str },
    #[error("standard output: {0}")]
    Output(#[from] std::io::Error),
}

/// Runs the program and returns its exit code.
#[must_use]
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let console = Console::new(&cli);
    write::catch_interrupt();
    let result = match &cli.command {
        Command::Init(args) => init::run(args, &console),
        Command::Merge(args) => merge::run(args, &console),
        Command::Check(args) => check::run(args, &console),
        Command::Convert(args) => convert::run(args, &console),
        Command::Inventory(args) => inventory::run(args, &console),
        Command::Balance(args) => balance::run(args, &console),
        Command::Explain(args) => explain::run(args, &console),
        Command::Factors(args) => factors::run(args, &console),
        Command::Scenario(args) => scenario::run(args, &console),
        Command::Symbiosis(args) => symbiosis::run(args, &console),
        Command::Tradeoff(args) => tradeoff::run(args, &console),
        Command::Indicators(args) => indicators::run(args, &console),
        Command::Targets(args) => targets::run(args, &console),
        Command::Trend(args) => trend::run(args, &console),
        Command::Verify(args) => verify::run(args, &console),
        Command::Schema(args) => schema::run(args, &console),
        Command::Completions(args) => schema::completions(args, &console),
    };
    match result {
        Ok(_) if write::interrupted() => Outcome::Interrupted.into(),
        Ok(outcome) => outcome.into(),
        // The reader of our output went away (`| head`): nothing is wrong.
        Err(Failure::Output(e)) if e.kind() == std::io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(failure) => {
            let hint = match &failure {
                Failure::Package(_) if matches!(cli.command, Command::Verify(_)) => console.lang.pick(
                    "\nhelp: give the folder of results (or its manifest.json), then the package",
                    "\n建议：请先给出结果文件夹（或其中的 manifest.json），再给出数据包",
                ),
                Failure::Package(_) => console.lang.pick(
                    "\nhelp: give the folder that holds park.toml, a workbook, or a folder of such",
                    "\n建议：请给出 park.toml 所在的文件夹、一个工作簿，或装有多个数据包的文件夹",
                ),
                _ => "",
            };
            console.talk(
                &console.lang.pick(format!("parkflux: {failure}{hint}"), format!("parkflux：{}{hint}", zh(&failure))),
            );
            ExitCode::from(1)
        }
    }
}

/// A failure of the environment in Chinese; what only the system can say stays in its words.
fn zh(failure: &Failure) -> String {
    use std::io::ErrorKind;
    let why = |e: &std::io::Error| match e.kind() {
        ErrorKind::NotFound => "文件或文件夹不存在".to_owned(),
        ErrorKind::PermissionDenied => "没有权限".to_owned(),
        ErrorKind::StorageFull => "磁盘已满".to_owned(),
        ErrorKind::NotADirectory => "路径中有一级不是文件夹".to_owned(),
        _ => e.to_string(),
    };
    match failure {
        Failure::Package(crate::package::Error::Io { path, source }) => format!("无法读取 {path}：{}", why(source)),
        Failure::Write { path, source } => format!("无法写入 {path}：{}", why(source)),
        other => other.to_string(),
    }
}

/// Reads a package; flows take their reconciled values where the park chooses them.
fn load(path: &Path) -> Result<(Option<Package>, Diagnostics), Failure> {
    let (package, found) = crate::package::read(path)?;
    let package = package.map(|package| crate::inventory::reconciled(&package).unwrap_or(package));
    Ok((package, found))
}

/// The accounts as they are, for verbs that ask what would be: a park whose open balances forbid it an inventory may still
/// ask that.
fn accounts(package: &Package) -> Result<Inventory, Diagnostics> {
    let mut package = package.clone();
    package.park.settings.balance_limit = None;
    crate::inventory::inventory(&package)
}

/// The last part of a path, for messages.
fn file_name(path: &Path) -> String {
    // `..` and `.` have no name of their own.
    let whole = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    whole.file_name().map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into_owned())
}
