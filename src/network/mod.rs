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

mod blocks;
mod factors;
mod lu;
mod matching;
mod pattern;
mod scc;

pub use blocks::Blocks;
pub use factors::{Analysis, Factors, SingularBlock};
pub use pattern::{Pattern, PatternError};
pub use scc::strong_components;
