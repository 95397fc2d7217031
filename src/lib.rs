//! parkflux
#![allow(missing_docs)]
pub mod diagnostic;
pub mod factors;
pub mod package;
pub mod park;
pub mod quantity;
