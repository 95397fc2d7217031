//! Scenarios: a model of the base year that can be changed, and what the park is after changes.
//!
//! | file | what |
//! |---|---|
//! | `change` | what a scenario file says |

mod change;

pub use change::{Action, Axis, By, Change, FlowPattern, NewExchange, NewUnit, Scenario, Size, Target};
