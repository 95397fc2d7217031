//! Balances: what goes into a node comes out of it, by carrier and by what is conserved.
//!
//! | file | what |
//! |---|---|
//! | `supply` | what processes give each other in a year |
//! | `allocation` | which share of a burden each product bears |
//! | `intensity` | embodied intensities of all that processes make, through loops |
//! | `tracing` | which consumers carry an emission, and where that of a product comes from |

pub mod allocation;
pub mod intensity;
pub mod supply;
pub mod tracing;
