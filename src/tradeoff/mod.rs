//! Co-benefits and penalties: what clean air and water cost in CO2, and what low CO2 costs elsewhere.
//!
//! Everything is a difference of two solved parks: a scenario and what it is set against. Nothing here is subtracted from an
//! inventory.
//!
//! | file | what |
//! |---|---|
//! | `measure` | one scenario against another: every pollutant, CO2e by part, kg CO2e per kg removed, in words |
//! | `parts` | which flow of a scenario belongs to which part of the CO2e |
//! | `marginal` | what one more unit of anything does, by the adjoint |
//! | `front` | which points of a grid no other point beats |
//! | `curve` | measures one after the other, solved again after each |

pub mod curve;
pub mod front;
pub mod marginal;
pub mod measure;
mod parts;

pub use curve::{Cost, Curve, Step, curve};
pub use front::{Front, Point, front, grid, non_dominated};
pub use marginal::{Answer, Kind, marginal};
pub use measure::{Delta, Detail, PartOf, Removed, Sign, Source, State, Tradeoff, measure};
pub use parts::Part;
