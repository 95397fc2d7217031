//! The numeric kernel. It knows numbers only: no park, no units, no text.

mod scc;

pub use scc::strong_components;
