//! The numeric kernel. It knows numbers only: no park, no units, no text.
//!
//! | file | what |
//! |---|---|
//! | `pattern` | where a matrix has entries |
//! | `matching` | a row of its own for each column |
//! | `scc` | strongly connected components of a graph |
//! | `blocks` | block-triangular form |
//! | `lu` | sparse LU of one block |
//! | `factors` | a matrix analysed once, factorised for its values, solved |
//! | `lanes` | numbers side by side |
//! | `model` | outputs of a system whose values are not sure |
//! | `summary` | statistics of draws |
//! | `update` | a matrix of which a few columns are changed |
//! | `sweeps` | solving by iteration, in lanes |
//! | `reach` | the part of a matrix that a demand can reach |
//! | `random` | random numbers by count |
//! | `symbolic` | the same factors for many sets of values, in lanes |

// Code is compiled for the vectors of the processor only where it is inlined into what runs there: see `lanes`.
#![allow(clippy::inline_always)]

mod blocks;
mod factors;
mod lanes;
mod lu;
mod matching;
mod model;
mod pattern;
mod random;
mod reach;
mod scc;
mod summary;
mod sweeps;
mod symbolic;
mod update;

pub use blocks::Blocks;
pub use factors::{Analysis, Factors, SingularBlock};
pub use lanes::{Coefficient, LANES, Lanes, Number};
pub use model::{Draws, Entry, FirstOrder, Model};
pub use pattern::{Pattern, PatternError};
pub use random::{Distribution, Parameter};
pub use reach::Reach;
pub use scc::strong_components;
pub use summary::Summary;
pub use symbolic::{Refactored, Symbolic};
pub use update::{SingularUpdate, Update};
