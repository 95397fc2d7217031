//! Scenarios: a model of the base year that can be changed, and what the park is after changes.
//!
//! | file | what |
//! |---|---|
//! | `change` | what a scenario file says |
//! | `file`, `actions`, `keys` | scenario files: from bytes to plain data, with all that is wrong |
//! | `select` | what a pattern selects |
//! | `check` | what changes meet in a park, and which meet nothing |

mod actions;
mod change;
mod check;
mod file;
mod keys;
mod select;

pub use change::{Action, Axis, By, Change, FlowPattern, NewExchange, NewUnit, Scenario, Size, Target};
pub use check::{Met, check, clash, matches_nothing, met, year_of};
pub use file::{read, read_all, resolve};
pub use select::{matches, meets_enterprise, meets_node, meets_process, meets_text};
