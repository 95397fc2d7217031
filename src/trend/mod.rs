//! Trends over the years of a park: growth, elasticity and decoupling, what drove the change of emissions, and whether
//! the base year still compares.

pub mod added_value;
pub mod drivers;
pub mod emissions;
pub mod lmdi;
pub mod restatement;
pub mod series;
pub mod tapio;

pub use emissions::Boundary;
pub use series::{Trend, trend};
