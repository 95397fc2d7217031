//! What can be typed.

use crate::diagnostic::Lang;
use crate::inventory::completeness::Standard;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Greenhouse-gas accounting for industrial parks.
#[derive(Debug, Parser)]
#[command(name = "parkflux", version, about, max_term_width = 100)]
#[command(
    after_help = "Exit codes: 0 done, 1 internal or I/O, 2 usage, 3 input invalid, 4 findings (with --fail-on; verify: differences), 5 balances that cannot hold, 130 interrupted."
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
    /// Join the filled workbooks of firms into the package of the park.
    Merge(MergeArgs),
    /// Check a package without computing anything.
    Check(CheckArgs),
    /// Turn a folder package into one workbook, or a workbook into a folder, without loss.
    Convert(ConvertArgs),
    /// Make the inventory of one package, of several, or of a folder of packages.
    Inventory(InventoryArgs),
    /// Show which balances do not close, reconcile the meters, and name those that are likely wrong.
    Balance(BalanceArgs),
    /// Show the trail of a number, or the rule behind a code.
    Explain(ExplainArgs),
    /// List or show emission factors; lock those of a package; see what others would change.
    Factors(FactorsArgs),
    /// List and run the scenarios of a package, and show what they change.
    Scenario(ScenarioArgs),
    /// Show what each exchange between enterprises saves once the whole network answers, and who may claim it.
    Symbiosis(SymbiosisArgs),
    /// Show what measures do to pollutants and to CO2e at once: by part, inside and outside the fence.
    Tradeoff(TradeoffArgs),
    /// Judge the park by the tables of the programmes: values, thresholds, verdicts, gaps and trends.
    Indicators(IndicatorsArgs),
    /// Show how far the zone is on the way to its own targets, and what that means for its subsidy.
    Targets(TargetsArgs),
    /// Show how a park moves over its years: growth, elasticity, decoupling, what drove the change, the base year.
    Trend(TrendArgs),
    /// Make a result anew from its manifest and compare it byte by byte (exit code 4: it differs).
    Verify(VerifyArgs),
    /// Print the schema of the tables, of park.toml, or the units.
    Schema(SchemaArgs),
    /// Print a completion script for a shell.
    Completions(CompletionsArgs),
}

#[derive(Debug, Args)]
#[command(
    override_usage = "parkflux init [OPTIONS] <FOLDER>\n       parkflux init [OPTIONS] --xlsx <FILE.xlsx>\n       parkflux init [OPTIONS] --per-enterprise <PACKAGE> <OUTFOLDER>"
)]
pub(super) struct InitArgs {
    /// Folder to write, which must not exist or be empty; with --xlsx the workbook to write; with
    /// --per-enterprise the package (folder or workbook) whose firms are asked.
    #[arg(value_name = "FOLDER | FILE.xlsx | PACKAGE")]
    pub(super) target: PathBuf,
    /// With --per-enterprise, and required then: folder for the workbooks; it must not exist or be empty.
    #[arg(value_name = "OUTFOLDER", requires = "per_enterprise", required_if_eq("per_enterprise", "true"))]
    pub(super) out: Option<PathBuf>,
    /// Write a bilingual Excel workbook with drop-downs instead of a folder.
    #[arg(long)]
    pub(super) xlsx: bool,
    /// Write one Excel workbook a firm of the package into OUTFOLDER, to be filled and joined by
    /// `merge`. The package needs its enterprises, but no flows yet.
    #[arg(long)]
    pub(super) per_enterprise: bool,
}

#[derive(Debug, Args)]
pub(super) struct MergeArgs {
    /// The park's package: settings, enterprises, and what the office holds itself.
    pub(super) park: PathBuf,
    /// Workbooks of firms, or folders of them.
    #[arg(required = true, value_name = "FIRM.xlsx | FOLDER")]
    pub(super) books: Vec<PathBuf>,
    /// Folder or workbook (FILE.xlsx) to write the joined package to.
    #[arg(long, value_name = "FOLDER | FILE.xlsx")]
    pub(super) out: PathBuf,
    /// Let a firm's row take the place of the row that the park's package holds under the same id.
    #[arg(long)]
    pub(super) update: bool,
    /// Replace the files of a package that stands at --out; other files are left alone.
    #[arg(long)]
    pub(super) overwrite: bool,
}

/// From which severity a finding ends with exit code 4.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum FailOn {
    /// Warnings.
    Warning,
    /// Notes and warnings.
    Note,
}

/// A standard as typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum StandardArg {
    /// ISO 14064-1:2018.
    Iso14064,
    /// GHG Protocol Corporate Standard.
    Ghgp,
    /// GB/T 32150-2015.
    Gbt32150,
}

impl From<StandardArg> for Standard {
    fn from(standard: StandardArg) -> Self {
        match standard {
            StandardArg::Iso14064 => Self::Iso14064,
            StandardArg::Ghgp => Self::Ghgp,
            StandardArg::Gbt32150 => Self::Gbt32150,
        }
    }
}

#[derive(Debug, Args)]
pub(super) struct CheckArgs {
    /// Package folders, workbooks, or folders of such.
    #[arg(required = true)]
    pub(super) packages: Vec<PathBuf>,
    /// Go through what a report by this standard must contain: what is there, what is
    /// missing, where it goes. With --fail-on, a lacking compulsory part ends with exit code 4.
    #[arg(long, value_name = "STANDARD")]
    pub(super) standard: Option<StandardArg>,
    /// End with exit code 4 if there are findings of this severity.
    #[arg(long, value_name = "SEVERITY")]
    pub(super) fail_on: Option<FailOn>,
    /// Give the package back as a workbook with an issues column; works on what is not valid, too.
    #[arg(long, value_name = "OUT.xlsx")]
    pub(super) annotate: Option<PathBuf>,
    /// Replace the workbook of --annotate if it is there.
    #[arg(long, requires = "annotate")]
    pub(super) overwrite: bool,
}

#[derive(Debug, Args)]
pub(super) struct ConvertArgs {
    /// Package folder, or workbook.
    pub(super) source: PathBuf,
    /// Workbook to write (.xlsx), or folder.
    pub(super) target: PathBuf,
    /// Replace the target if it is there.
    #[arg(long)]
    pub(super) overwrite: bool,
}

#[derive(Debug, Args)]
#[allow(clippy::struct_excessive_bools, reason = "flags of a command line")]
#[command(group = clap::ArgGroup::new("written").multiple(true).args(["out", "xlsx"]))]
pub(super) struct InventoryArgs {
    /// Package folders, workbooks, or folders of such.
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
    /// Refuse to compute with other factors than those of factors.lock.
    #[arg(long)]
    pub(super) locked: bool,
    /// Show every finding instead of a count by code.
    #[arg(long)]
    pub(super) findings: bool,
    /// End with exit code 4 if there are findings of this severity.
    #[arg(long, value_name = "SEVERITY")]
    pub(super) fail_on: Option<FailOn>,
}

#[derive(Debug, Args)]
pub(super) struct BalanceArgs {
    /// Package folder, or workbook.
    pub(super) package: PathBuf,
    /// Show this year or month only; default: all.
    #[arg(long, value_name = "YYYY or YYYY-MM")]
    pub(super) period: Option<String>,
    /// Confidence of all tests together, in %.
    #[arg(long, default_value_t = 95.0)]
    pub(super) confidence: f64,
    /// Show every balance instead of the worst.
    #[arg(long)]
    pub(super) all: bool,
    /// Tell how the best values of two flows go together, by the ids of their rows.
    #[arg(long, value_name = "ID,ID", value_delimiter = ',', num_args = 1)]
    pub(super) covariance: Vec<String>,
    /// No best value below zero.
    #[arg(long)]
    pub(super) nonnegative: bool,
    /// End with exit code 4 if a meter is likely wrong.
    #[arg(long)]
    pub(super) fail_on_suspects: bool,
}

#[derive(Debug, Args)]
pub(super) struct ExplainArgs {
    /// A package and what to explain in it (a figure, a row, a process or a product), or a code such as U101 alone.
    #[arg(required = true, num_args = 1..=2, value_name = "PACKAGE WHAT | CODE")]
    pub(super) words: Vec<String>,
    /// Show every line of a sum.
    #[arg(long)]
    pub(super) all: bool,
}

#[derive(Debug, Args)]
pub(super) struct ScenarioArgs {
    #[command(subcommand)]
    pub(super) verb: ScenarioVerb,
}

/// What can be done with scenarios.
#[derive(Debug, Subcommand)]
pub(super) enum ScenarioVerb {
    /// List the scenarios of a package, their changes and what these meet in the park.
    List {
        /// Package folder, or workbook.
        package: PathBuf,
    },
    /// Run scenarios: what each change found, what gave way, and every result beside the base year.
    Run(RunArgs),
    /// Show what a scenario changes, in flows, activities and results down to ledger lines, largest first.
    Diff(ScenarioDiffArgs),
    /// Run a scenario over the grid of its [[sweep]] values.
    Sweep(SweepArgs),
}

#[derive(Debug, Args)]
pub(super) struct SweepArgs {
    /// Package folder, or workbook.
    pub(super) package: PathBuf,
    /// The scenario.
    #[arg(value_name = "NAME")]
    pub(super) name: String,
    /// What is shown at each point: CO2e (default), CO2, SO2, energy, `fresh_water`, `solid_waste`, cost, ...
    #[arg(long = "measure", value_name = "ID", value_delimiter = ',')]
    pub(super) measures: Vec<String>,
    /// All points as CSV on standard output.
    #[arg(long)]
    pub(super) csv: bool,
}

#[derive(Debug, Args)]
pub(super) struct RunArgs {
    /// Package folder, or workbook.
    pub(super) package: PathBuf,
    /// Scenarios, by the names of their files without .toml.
    #[arg(required = true, value_name = "NAME")]
    pub(super) names: Vec<String>,
    /// Show also the law of every flow and the notes of the calibration.
    #[arg(long)]
    pub(super) all: bool,
    /// Write scenario.json and the inventory of the scenario (inventory.json, figures.csv, lines.csv,
    /// coverage.csv, manifest.json) into this folder; for several scenarios into a folder each inside it.
    #[arg(long, value_name = "FOLDER")]
    pub(super) out: Option<PathBuf>,
    /// Replace results that stand at --out; other files are left alone.
    #[arg(long, requires = "out")]
    pub(super) overwrite: bool,
    /// End with exit code 4 if a scenario opens a balance by more than 1e-6 of what passes it: a warning.
    #[arg(long, value_name = "SEVERITY")]
    pub(super) fail_on: Option<FailOn>,
}

#[derive(Debug, Args)]
pub(super) struct ScenarioDiffArgs {
    /// Package folder, or workbook.
    pub(super) package: PathBuf,
    /// The scenario.
    #[arg(value_name = "A")]
    pub(super) name: String,
    /// What it is compared with; default: the base year.
    #[arg(value_name = "B")]
    pub(super) with: Option<String>,
    /// Show every flow, activity and line of every result.
    #[arg(long)]
    pub(super) all: bool,
}

/// What else can be asked of exchanges.
#[derive(Debug, Subcommand)]
pub(super) enum SymbiosisVerb {
    /// Find the best use of what donors have to give: a linear program over exchanges.csv, with shadow prices.
    Match(MatchArgs),
}

#[derive(Debug, Args)]
pub(super) struct MatchArgs {
    /// Package folder, or workbook.
    pub(super) package: PathBuf,
    /// This year; default: the last.
    #[arg(long)]
    pub(super) year: Option<u16>,
    /// Look at this alone; default: all exchanges.
    #[arg(long, value_enum)]
    pub(super) what: Option<WhatArg>,
    /// Least of this: CO2e, a gas or pollutant, `fresh_water`, `solid_waste`, energy, cost; default: fresh water with
    /// `--what water`, else CO2e.
    #[arg(long, value_name = "MEASURE")]
    pub(super) measure: Option<String>,
    /// Count freight by this means of transport (`diesel_truck_30t`, `truck`), over the distances of exchanges.csv, else the
    /// straight line between the coordinates of enterprises.csv.
    #[arg(long, value_name = "MEANS")]
    pub(super) freight: Option<String>,
    /// Pools and treatments that no table has, in a TOML file with tables [[pool]].
    #[arg(long, value_name = "FILE.toml")]
    pub(super) pools: Option<PathBuf>,
    /// Propose nothing that is farther, or whose distance nobody states.
    #[arg(long, value_name = "KM")]
    pub(super) max_km: Option<f64>,
}

/// What is matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum WhatArg {
    /// What brings or displaces water.
    Water,
    /// What brings or displaces heat, steam or cooling.
    Heat,
    /// All else: by-products, gases, wastes, materials.
    Materials,
}

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(super) struct SymbiosisArgs {
    #[command(subcommand)]
    pub(super) verb: Option<SymbiosisVerb>,
    /// Package folder, or workbook.
    #[arg(required = true)]
    pub(super) package: Option<PathBuf>,
    /// This year; default: the last.
    #[arg(long)]
    pub(super) year: Option<u16>,
    /// Shares of this instead of CO2e: a gas or pollutant (`CO2`, `SO2`, `fresh_water`, `solid_waste`), energy, material or cost.
    #[arg(long, visible_alias = "gas", value_name = "WHAT", default_value = "CO2e")]
    pub(super) measure: String,
    /// Show one exchange in detail: its number in the table, or FROM>TO:CARRIER.
    #[arg(long, value_name = "N | FROM>TO:CARRIER")]
    pub(super) exchange: Option<String>,
    /// Candidates share, too, as if they ran.
    #[arg(long)]
    pub(super) with_candidates: bool,
    /// Count freight by this means of transport, whose factor stands in a factor set (`diesel_truck_30t`, `truck`).
    #[arg(long, value_name = "MEANS")]
    pub(super) freight: Option<String>,
    /// Orders of the players that are drawn for Shapley values of more than 12.
    #[arg(long, value_name = "N", default_value_t = 1000, value_parser = clap::value_parser!(u32).range(4..=1_000_000))]
    pub(super) orders: u32,
    /// Seed of these orders.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(super) seed: u32,
}

#[derive(Debug, Args)]
pub(super) struct TradeoffArgs {
    /// Package folder, or workbook.
    pub(super) package: PathBuf,
    /// Scenarios; default: all that add a unit, substitute a carrier or close something.
    pub(super) scenarios: Vec<String>,
    /// Set them against this scenario, or against `base`, the base year; default: what each extends.
    #[arg(long, value_name = "NAME")]
    pub(super) against: Option<String>,
    /// Show what one more unit of anything does to the measures, by the adjoint.
    #[arg(long)]
    pub(super) marginal: bool,
    /// Show the Pareto front over the sweeps of this scenario.
    #[arg(long, value_name = "NAME")]
    pub(super) front: Option<String>,
    /// Show the abatement curve of these scenarios, solved again after each step.
    #[arg(long, value_name = "NAME,NAME", value_delimiter = ',', num_args = 1)]
    pub(super) curve: Vec<String>,
    /// Measures of --marginal and --front: CO2e, SO2, NOx, PM, COD, energy, cost ...
    #[arg(long, value_name = "MEASURE", value_delimiter = ',', num_args = 1)]
    pub(super) measure: Vec<String>,
    /// The year of --marginal; default: the last.
    #[arg(long)]
    pub(super) year: Option<u16>,
    /// Show so many marginal values.
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub(super) top: usize,
    /// Show every point of the grid, not the front alone.
    #[arg(long)]
    pub(super) all: bool,
}

/// What else can be asked of indicators.
#[derive(Debug, Subcommand)]
pub(super) enum IndicatorsVerb {
    /// Show the rows that several systems share, threshold beside threshold, and where they conflict.
    Compare {
        /// Package folder, or workbook.
        package: PathBuf,
        /// These systems; default: those of `park.toml`, else all.
        #[arg(long, value_name = "ID,ID", value_delimiter = ',', num_args = 1)]
        system: Vec<String>,
        /// This year; default: the last.
        #[arg(long)]
        year: Option<u16>,
    },
}

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(super) struct IndicatorsArgs {
    #[command(subcommand)]
    pub(super) verb: Option<IndicatorsVerb>,
    /// Package folder, or workbook.
    #[arg(required = true)]
    pub(super) package: Option<PathBuf>,
    /// These systems, or `all`; default: those that `park.toml` names under `programmes`, else all.
    #[arg(long, value_name = "ID,ID", value_delimiter = ',', num_args = 1)]
    pub(super) system: Vec<String>,
    /// Judge this year; default: the last.
    #[arg(long)]
    pub(super) year: Option<u16>,
    /// Growth counts from this year; default: the base year of `park.toml`, else the first.
    #[arg(long, value_name = "YEAR")]
    pub(super) base_year: Option<u16>,
    /// List the items that formulas name, with what is known of them, instead.
    #[arg(long)]
    pub(super) items: bool,
}

#[derive(Debug, Args)]
pub(super) struct TargetsArgs {
    /// Package folder, or workbook.
    pub(super) package: PathBuf,
    /// This year; default: the last.
    #[arg(long)]
    pub(super) year: Option<u16>,
}

#[derive(Debug, Args)]
pub(super) struct TrendArgs {
    /// Package folder, or workbook.
    pub(super) package: PathBuf,
    /// The first year; default: the first that the package has.
    #[arg(long, value_name = "YEAR")]
    pub(super) from: Option<u16>,
    /// The last year; default: the last that the package has.
    #[arg(long, value_name = "YEAR")]
    pub(super) to: Option<u16>,
    /// These years only, at least three.
    #[arg(long, value_name = "YEAR,YEAR", value_delimiter = ',', num_args = 1)]
    pub(super) years: Vec<u16>,
    /// Emissions of the park as a whole, or the sum of its enterprises.
    #[arg(long, value_enum, default_value = "park")]
    pub(super) view: ViewArg,
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
    /// Write down which factor rows a package's result is made with (`factors.lock`).
    Lock(LockArgs),
    /// Show what other factors change in a park's result, line by line, largest first.
    Diff(DiffArgs),
}

#[derive(Debug, Args)]
pub(super) struct LockArgs {
    /// The package.
    pub(super) package: PathBuf,
    /// Write this file instead of factors.lock in the package, or NAME.factors.lock beside a workbook
    /// NAME.xlsx; only there is it read back.
    #[arg(long, value_name = "FILE")]
    pub(super) out: Option<PathBuf>,
}

/// Factor of internal power and heat as typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum InternalArg {
    /// The producer's own.
    Own,
    /// The published average.
    Published,
}

/// Whose total.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ViewArg {
    /// The park as a whole.
    Park,
    /// The sum of the enterprises.
    Sum,
}

#[derive(Debug, Args)]
pub(super) struct DiffArgs {
    /// The package.
    pub(super) package: PathBuf,
    /// With this GWP set.
    #[arg(long, value_name = "SET")]
    pub(super) gwp_set: Option<String>,
    /// With the grid factor of this year.
    #[arg(long, value_name = "YEAR")]
    pub(super) grid_year: Option<u16>,
    /// With these factor sets, in order of preference.
    #[arg(long, value_name = "SETS", value_delimiter = ',')]
    pub(super) factor_sets: Vec<String>,
    /// With this factor of internal power and heat.
    #[arg(long, value_name = "WHICH")]
    pub(super) internal_factor: Option<InternalArg>,
    /// Total of the park as a whole, or sum of the enterprises.
    #[arg(long, value_name = "VIEW", default_value = "park")]
    pub(super) view: ViewArg,
    /// This year; default: the last.
    #[arg(long)]
    pub(super) year: Option<u16>,
    /// Show so many lines.
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub(super) top: usize,
    /// Write all lines as CSV into this file.
    #[arg(long, value_name = "FILE")]
    pub(super) out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct VerifyArgs {
    /// `manifest.json`, or the folder that `inventory --out` wrote.
    pub(super) manifest: PathBuf,
    /// The package.
    pub(super) package: PathBuf,
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
