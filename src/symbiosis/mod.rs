//! Symbiosis: what exchanges between enterprises save, who may claim it, and what better use there is.
//!
//! Savings stand beside an inventory and are never subtracted from it (GHG Protocol, ISO 14064-1).
//!
//! | file | what |
//! |---|---|
//! | `switches` | exchanges as switches of a model of a year |
//! | `savings` | what each exchange and each enterprise saves, once the whole network answers |
//! | `shapley` | savings that do not add, shared among exchanges or enterprises |
//! | `attribution` | one saving, to donor and receiver, under three rules |
//! | `association` | how closely the enterprises of a park are linked |
//! | `distance` | how far enterprises lie from each other |
//! | `offers` | what a park has to give and could take, as a matching |
//! | `qualities` | limits of quality in that matching |
//! | `pooling` | pools of a file in that matching |
//! | `resolved` | a plan solved as one scenario |
//! | `matching` | the best use of by-products, heat or water |

pub mod association;
pub mod attribution;
pub mod distance;
pub mod matching;
pub mod offers;
pub mod pooling;
pub mod qualities;
pub mod resolved;
pub mod savings;
pub mod shapley;
pub mod switches;
