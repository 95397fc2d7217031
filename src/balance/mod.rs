//! Balances: what goes into a node comes out of it, by carrier and by what is conserved.
//!
//! | file | what |
//! |---|---|
//! | `run` | the balances of a park |
//! | `feed` | reconciled flows for the inventory |
//! | `assembly` | from a park to variables and equations |
//! | `nodes` | the balances of a node or a process |
//! | `levels` | levels of stocks in them |
//! | `closure` | what does not close |
//! | `linear` | equations row by row |
//! | `project` | unmeasured variables taken out of them |
//! | `wls` | reconciliation by weighted least squares |
//! | `bilinear` | equations with products of two variables |
//! | `bounds` | flows that cannot be negative |
//! | `gross` | gross errors, one after the other |
//! | `statistics` | limits and probabilities of tests |
//! | `supply` | what processes give each other in a year |
//! | `allocation` | which share of a burden each product bears |
//! | `intensity` | embodied intensities of all that processes make, through loops |
//! | `tracing` | which consumers carry an emission, and where that of a product comes from |

pub mod allocation;
mod assembly;
mod bilinear;
mod bounds;
mod closure;
mod feed;
mod gross;
pub mod intensity;
mod levels;
mod linear;
mod nodes;
mod numbering;
mod project;
mod run;
mod statistics;
mod stock;
pub mod supply;
pub mod tracing;
mod wls;

pub use assembly::{Assembly, Assumed, Contents, Equation, Reader, Thing, Untested, Variable, units};
pub use bilinear::{Bilinear, BilinearError, Product, reconcile_bilinear};
pub use bounds::{BoundsError, reconcile_bounded};
pub use closure::{Closure, Place};
pub use feed::{feed, stated};
pub use gross::{Elimination, Suspect};
pub use linear::{Rows, Term};
pub use run::{Balance, Contradicted, Covariance, Nodal, Options, Wrong, Year, balance, balance_flows};
pub use statistics::{critical, limit, tail};
pub use wls::{Class, Contradiction, Estimate, Measured, Problem, reconcile};
