//! Scenarios: a model of the base year that can be changed, and what the park is after changes.
//!
//! | file | what |
//! |---|---|
//! | `change` | what a scenario file says |
//! | `units` | recipes of abatement and conversion units |

mod change;
pub mod units;

pub use change::{Action, Axis, By, Change, FlowPattern, NewExchange, NewUnit, Scenario, Size, Target};
