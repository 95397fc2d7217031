//! Balances: what goes into a node comes out of it, by carrier and by what is conserved.
//!
//! | file | what |
//! |---|---|
//! | `linear` | equations row by row |
//! | `project` | unmeasured variables taken out of them |
//! | `wls` | reconciliation by weighted least squares |
//! | `gross` | gross errors, one after the other |
//! | `statistics` | limits and probabilities of tests |

mod gross;
mod linear;
mod project;
mod statistics;
mod wls;

pub use gross::{Elimination, Suspect};
pub use linear::Rows;
pub use statistics::{critical, limit, tail};
pub use wls::{Class, Contradiction, Estimate, Measured, Problem, reconcile};
