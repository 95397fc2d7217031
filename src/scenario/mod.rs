//! Scenarios: a model of the base year that can be changed, and what the park is after changes.
//!
//! | file | what |
//! |---|---|
//! | `change` | what a scenario file says |
//! | `file`, `actions`, `keys` | scenario files: from bytes to plain data, with all that is wrong |
//! | `pools` | a file of pools for a matching |
//! | `select` | what a pattern selects |
//! | `check` | what changes meet in a park, and which meet nothing |
//! | `units` | recipes of units that can be added |
//! | `link` | the flows of a year as links |
//! | `roles` | what processes run for |
//! | `exchanges` | exchanges as links with their counterfactuals |
//! | `calibrate` | from a year to a model |
//! | `model` | the equations, and their solution within bounds |
//! | `install` | units as processes with links |
//! | `treatment` | wastewater led through a unit |
//! | `months`, `periods` | what is not there all the year: the months of a solution |
//! | `storage` | storages of electricity by month |
//! | `variants` | many solutions in which a few equations change |
//! | `apply` | changes as changes of equations |
//! | `limits` | physical limits that the equations do not hold |
//! | `written` | a solution written back into flow rows |
//! | `results` | what is read off a park |
//! | `influence` | results as weights of a model |
//! | `clash` | the smallest set of changes and bounds that clash |
//! | `diff` | what changed between two solved years |
//! | `sweep` | a scenario over a grid of values |
//! | `run` | from a chain of scenarios to the changed accounts |

mod actions;
mod apply;
mod calibrate;
mod change;
mod check;
mod clash;
mod diff;
mod exchanges;
mod file;
mod influence;
mod install;
mod keys;
mod limits;
mod link;
mod model;
mod months;
mod periods;
mod pools;
mod results;
mod roles;
mod run;
mod select;
mod storage;
mod sweep;
mod treatment;
pub mod units;
mod variants;
mod written;

pub use apply::{Context, Refusal, apply};
pub use calibrate::{Calibrated, calibrate};
pub use change::{Action, Axis, By, Change, FlowPattern, NewExchange, NewUnit, Scenario, Size, Target};
pub use check::{Met, check, clash, matches_nothing, met, year_of};
pub use diff::{ActivityChange, Difference, FlowChange, PartChange, Solution, diff};
pub use exchanges::{Bound, Carried};
pub use file::{at_keys, read, read_all, resolve};
pub use influence::Influences;
pub use install::Installed;
pub use limits::{Judged, judge, quality_of};
pub use link::{Link, Measured, links};
pub use model::{Clash, Equation, Law, Model, Solved};
pub use months::Months;
pub use periods::{Brought, Ceiling, Sets, Stored, Timed, months};
pub use pools::{StatedPool, read_pools};
pub use results::{Contribution, Measure, Place, Results, contributions};
pub use run::{Applied, Base, Conserved, Run, run};
pub use select::{matches, meets_enterprise, meets_node, meets_process, meets_text};
pub use storage::Storage;
pub use sweep::{Sweep, axes, grid, sweep};
pub use variants::Variants;
pub use written::written;
