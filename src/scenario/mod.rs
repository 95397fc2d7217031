//! Scenarios: a model of the base year that can be changed, and what the park is after changes.
//!
//! | file | what |
//! |---|---|
//! | `change` | what a scenario file says |
//! | `file`, `actions`, `keys` | scenario files: from bytes to plain data, with all that is wrong |
//! | `select` | what a pattern selects |
//! | `check` | what changes meet in a park, and which meet nothing |
//! | `units` | recipes of units that can be added |
//! | `link` | the flows of a year as links |
//! | `roles` | what processes run for |
//! | `exchanges` | exchanges as links with their counterfactuals |
//! | `calibrate` | from a year to a model |
//! | `model` | the equations, and their solution within bounds |
//! | `install` | units as processes with links |
//! | `apply` | changes as changes of equations |
//! | `written` | a solution written back into flow rows |
//! | `results` | what is read off a park |
//! | `influence` | results as weights of a model |
//! | `run` | from a chain of scenarios to the changed accounts |

mod actions;
mod apply;
mod calibrate;
mod change;
mod check;
mod exchanges;
mod file;
mod influence;
mod install;
mod keys;
mod link;
mod model;
mod results;
mod roles;
mod run;
mod select;
pub mod units;
mod written;

pub use apply::{Context, Refusal, apply};
pub use calibrate::{Calibrated, calibrate};
pub use change::{Action, Axis, By, Change, FlowPattern, NewExchange, NewUnit, Scenario, Size, Target};
pub use check::{Met, check, clash, matches_nothing, met, year_of};
pub use exchanges::{Bound, Carried};
pub use file::{read, read_all, resolve};
pub use influence::Influences;
pub use install::Installed;
pub use link::{Link, Measured, links};
pub use model::{Clash, Equation, Law, Model, Solved};
pub use results::{Contribution, Measure, Place, Results, contributions};
pub use run::{Applied, Base, Conserved, Run, run, solve};
pub use select::{matches, meets_enterprise, meets_node, meets_process, meets_text};
pub use written::written;
