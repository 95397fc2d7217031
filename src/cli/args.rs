//! What can be typed.

use crate::diagnostic::Lang;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Greenhouse-gas accounting for industrial parks.
#[derive(Debug, Parser)]
#[command(name = "parkflux", version, about, max_term_width = 100)]
#[command(
    after_help = "Exit codes: 0 done, 1 internal or I/O, 2 usage, 3 input invalid, 4 findings (with --fail-on), 130 interrupted."
)]
pub(super) struct Cli {
    #[command(subcommand)]
    pub(super) command: Command,

    /// Language of everything that people read; default: from LC_ALL, LC_MESSAGES or LANG.
    #[arg(long, global = true, value_name = "zh|en")]
    pub(super) lang: Option<LangArg>,

    /// Print JSON instead of text.
    #[arg(long, global = true)]
    pub(super) json: bool,

    /// No colors; the environment variable NO_COLOR does the same.
    #[arg(long, global = true)]
    pub(super) no_color: bool,
}

/// A language as typed.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum LangArg {
    En,
    Zh,
}

impl From<LangArg> for Lang {
    fn from(lang: LangArg) -> Self {
        match lang {
            LangArg::En => Self::En,
            LangArg::Zh => Self::Zh,
        }
    }
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Write a template package that works.
    Init(InitArgs),
    /// Check a package without computing anything.
    Check(CheckArgs),
    /// Make the inventory of one package, of several, or of a folder of packages.
    Inventory(InventoryArgs),
    /// Show the trail of a number, or the rule behind a code.
    Explain(ExplainArgs),
    /// List or show emission factors.
    Factors(FactorsArgs),
    /// Print the schema of the tables, of park.toml, or the units.
    Schema(SchemaArgs),
    /// Print a completion script for a shell.
    Completions(CompletionsArgs),
}

#[derive(Debug, Args)]
pub(super) struct InitArgs {
    /// Folder to write; it must not exist or be empty.
    pub(super) folder: PathBuf,
}

/// From which severity a finding ends with exit code 4.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum FailOn {
    /// Warnings.
    Warning,
    /// Notes and warnings.
    Note,
}

#[derive(Debug, Args)]
pub(super) struct CheckArgs {
    /// Package folders.
    #[arg(required = true)]
    pub(super) packages: Vec<PathBuf>,
    /// End with exit code 4 if there are findings of this severity.
    #[arg(long, value_name = "SEVERITY")]
    pub(super) fail_on: Option<FailOn>,
}

#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("written").multiple(true).args(["out", "xlsx"]))]
pub(super) struct InventoryArgs {
    /// Package folders, or folders of package folders.
    #[arg(required = true)]
    pub(super) packages: Vec<PathBuf>,
    /// Write inventory.json, figures.csv, lines.csv, coverage.csv and manifest.json into this folder;
    /// for several packages parks.csv, enterprises.csv and problems.csv.
    #[arg(long, value_name = "FOLDER")]
    pub(super) out: Option<PathBuf>,
    /// Write a workbook whose formulas a verifier can recompute; for several packages a
    /// folder, with one workbook each.
    #[arg(long, value_name = "FILE.xlsx")]
    pub(super) xlsx: Option<PathBuf>,
    /// Replace results that stand at --out or --xlsx; other files are left alone.
    #[arg(long, requires = "written")]
    pub(super) overwrite: bool,
    /// For several packages: also a folder of results for each.
    #[arg(long, requires = "out")]
    pub(super) details: bool,
    /// Show this year; default: the last.
    #[arg(long)]
    pub(super) year: Option<u16>,
    /// Show every finding instead of a count by code.
    #[arg(long)]
    pub(super) findings: bool,
    /// End with exit code 4 if there are findings of this severity.
    #[arg(long, value_name = "SEVERITY")]
    pub(super) fail_on: Option<FailOn>,
}

#[derive(Debug, Args)]
pub(super) struct ExplainArgs {
    /// A package and what to explain in it, or a code such as U101 alone.
    #[arg(required = true, num_args = 1..=2, value_name = "PACKAGE WHAT | CODE")]
    pub(super) words: Vec<String>,
    /// Show every line of a sum.
    #[arg(long)]
    pub(super) all: bool,
}

#[derive(Debug, Args)]
pub(super) struct FactorsArgs {
    #[command(subcommand)]
    pub(super) verb: FactorsVerb,
}

#[derive(Debug, Subcommand)]
pub(super) enum FactorsVerb {
    /// List the factor sets, the rows of one, or the carriers.
    List {
        /// Rows of this set.
        set: Option<String>,
        /// The carriers of the library instead.
        #[arg(long, conflicts_with = "set")]
        carriers: bool,
    },
    /// Show a factor row with its citation, a whole set, or all rows of a carrier.
    Show {
        /// Factor id, set id or carrier id.
        id: String,
    },
}

#[derive(Debug, Args)]
pub(super) struct SchemaArgs {
    /// A table (flows, enterprises, ...), `park` for park.toml, or `units`; default: all tables.
    pub(super) table: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct CompletionsArgs {
    /// The shell.
    pub(super) shell: clap_complete::Shell,
}
