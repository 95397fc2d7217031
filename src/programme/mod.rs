//! The programmes on whose tables a park is judged: indicator systems as data, values from the accounts, verdicts.
//!
//! | file | what |
//! |---|---|
//! | `items` | what formulas name |
//! | `formula` | formulas, checked for dimension |
//! | `pack`, `read`, `builtin` | indicator systems, from files and those that ship with the program |
//! | `figures` | values of items, year by year |
//! | `elasticity` | growth and elasticity coefficients |
//! | `evaluate` | the value of a row against its threshold |
//! | `overall` | a system as a whole |
//! | `accounts` | items that flows and ledger give |
//! | `zone` | what a park brings: accounts, statistics, answers, targets |
//! | `power` | bought power counted in three ways |
//! | `own` | the packs of a zone |
//! | `targets` | progress, and what becomes of the subsidy |

pub mod accounts;
mod builtin;
pub mod elasticity;
mod evaluate;
mod figures;
mod formula;
mod items;
mod overall;
mod own;
mod pack;
mod power;
mod read;
mod table;
pub mod targets;
mod zone;

pub use builtin::{builtin, builtin_files};
pub use evaluate::{
    Assessment, At, Given, NotApplied, Nothing, Target, Undefined, Verdict, assess, closing, elasticities,
    elasticity_of, threshold, value_in,
};
pub use figures::Figures;
pub use formula::{Formula, FormulaError, NoValue, Shape, When};
pub use items::{Item, ItemId, Items, Kind, Source};
pub use overall::{Outcome, Overall, overall};
pub use own::read_own;
pub use pack::{Case, Class, Comparator, Condition, Confidence, Indicator, Interval, Pack, Rule, System, Threshold};
pub use power::{Power, by_power};
pub use zone::{Trail, Zone, zone};
