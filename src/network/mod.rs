//! The numeric kernel. It knows numbers only: no park, no units, no text.
//!
//! | file | what |
//! |---|---|
//! | `pattern` | where a matrix has entries |
//! | `matching` | a row of its own for each column |
//! | `scc` | strongly connected components of a graph |
//! | `blocks` | block-triangular form |
//! | `lu` | sparse LU of one block |
//! | `dense` | LU of a small block with few zeros |
//! | `factors` | a matrix analysed once, factorised for its values, solved |
//! | `lanes` | numbers side by side |
//! | `symbolic` | the same factors for many sets of values, in lanes |
//! | `sweeps` | solving by iteration, in lanes |
//! | `many` | many right-hand sides, or many systems, as the rows of arrays |
//! | `cholesky` | symmetric matrices, and entries of their inverse |
//! | `entries` | single entries of an inverse |
//! | `small` | the small system of a matrix of which a few columns are changed |
//! | `counterfactuals` | many small changes of one system, and what its outputs become |
//! | `update` | a matrix of which a few columns are changed |
//! | `part` | some blocks of a matrix, as those that a demand can reach |
//! | `random` | random numbers by count |
//! | `model` | outputs of a system whose values are not sure |
//! | `runs` | which of its blocks have factors and which are iterated |
//! | `draws` | its draws |
//! | `first_order` | its moments to first order |
//! | `summary` | statistics of draws |

// Code is compiled for the vectors of the processor only where it is inlined into what runs there: see `lanes`.
#![allow(clippy::inline_always)]

mod blocks;
mod cholesky;
mod counterfactuals;
mod dense;
mod draws;
mod entries;
mod factors;
mod first_order;
mod lanes;
mod lu;
mod many;
mod matching;
mod model;
mod part;
mod pattern;
mod random;
mod runs;
mod scc;
mod small;
mod summary;
mod sweeps;
mod symbolic;
mod update;

pub use blocks::Blocks;
pub use cholesky::{Cholesky, SelectedInverse};
pub use counterfactuals::{Change, ChangeError, Counterfactuals, Outcome, Places, Swept};
pub use draws::Draws;
pub use factors::{Analysis, Factors, SingularBlock};
pub use first_order::FirstOrder;
pub use lanes::{Coefficient, LANES, Lanes, Number};
pub use many::{ManyError, Sets};
pub use model::{Entry, Model};
pub use part::Part;
pub use pattern::{Pattern, PatternError};
pub use random::{Distribution, Parameter};
pub use runs::Paths;
pub use scc::strong_components;
pub use small::SingularUpdate;
pub use summary::Summary;
pub use symbolic::{Refactored, Symbolic};
pub use update::Update;
