//! Flows between nodes, and emissions that somebody reported.

use super::{CarrierId, EnterpriseId, Gas, ProcessId};
use crate::quantity::{Period, Quantity};
use std::sync::Arc;

/// Declares an enum of words with their ids.
macro_rules! words {
    ($(#[$outer:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $id:literal),+ $(,)? }) => {
        $(#[$outer])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[$doc])* $variant),+ }

        impl $name {
            /// Every id, in order.
            pub const IDS: &'static [&'static str] = &[$($id),+];

            /// The id used in tables.
            #[must_use]
            pub fn id(self) -> &'static str {
                match self { $(Self::$variant => $id),+ }
            }

            /// Finds a word by its id or a Chinese name of it.
            #[must_use]
            pub fn find(text: &str) -> Option<Self> {
                match super::word(Self::IDS, text)? { $($id => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

words! {
    /// The world beyond the boundary.
    Outside {
        /// The public electricity grid.
        Grid = "grid",
        /// Anyone who sells to the park.
        Supplier = "supplier",
        /// Anyone who buys from the park.
        Customer = "customer",
        /// A landfill.
        Landfill = "landfill",
        /// Treatment outside the park.
        Treatment = "treatment",
        /// The atmosphere.
        Atmosphere = "atmosphere",
        /// Rivers, lakes, the sea.
        WaterBody = "water_body",
        /// Air, raw water, sun, wind.
        Nature = "nature",
        /// Geological storage.
        Geological = "geological",
        /// Losses.
        Loss = "loss",
    }
}

words! {
    /// Levels of a stock at the ends of a period.
    Stock {
        /// Level at the beginning.
        Opening = "opening",
        /// Level at the end.
        Closing = "closing",
    }
}

words! {
    /// What the receiver does with a flow.
    Use {
        /// Burnt for energy.
        Combustion = "combustion",
        /// Becomes part of a product.
        Feedstock = "feedstock",
        /// Takes oxygen from an ore.
        Reductant = "reductant",
        /// Binds a pollutant.
        Sorbent = "sorbent",
        /// Used in a process otherwise.
        Process = "process",
        /// Becomes part of plant and buildings (scope 3, category 2).
        Capital = "capital",
        /// Passed on.
        Resale = "resale",
        /// Used by the producer itself.
        OwnUse = "own_use",
        /// Energy or water that is simply used.
        Consumption = "consumption",
    }
}

words! {
    /// Who read the meter.
    Observer {
        /// The sender.
        From = "from",
        /// The receiver.
        To = "to",
        /// Somebody else.
        Third = "third",
    }
}

words! {
    /// How the attributes of electricity come to their holder.
    InstrumentKind {
        /// A certificate, bought apart from the power.
        Certificate = "certificate",
        /// Power of a plant that feeds its holder straight.
        DirectSupply = "direct_supply",
        /// A contract with a plant behind the grid.
        Contract = "contract",
    }
}

words! {
    /// Whether an exchange runs.
    Status {
        /// Bound to flows by its ends and carrier.
        Existing = "existing",
        /// Might run, with a quantity of its own.
        Candidate = "candidate",
    }
}

impl Outside {
    /// Whether somebody there takes energy or fuel as a good. Energy that goes
    /// anywhere else is lost.
    #[must_use]
    pub fn buys(self) -> bool {
        matches!(self, Self::Grid | Self::Supplier | Self::Customer)
    }
}

/// One end of a flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Node {
    /// A process of the park.
    Process(ProcessId),
    /// The world outside.
    Outside(Outside),
    /// A stock level.
    Stock(Stock),
}

/// Why a quantity is empty (UNFCCC, GPC).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notation {
    /// NO: does not occur.
    NotOccurring,
    /// NE: occurs and is not estimated.
    NotEstimated,
    /// IE: included elsewhere, and where.
    IncludedElsewhere(Box<str>),
    /// C: confidential.
    Confidential,
}

impl Notation {
    /// Reads `NO`, `NE`, `C` or `IE:A-0101`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text.trim() {
            "NO" => Self::NotOccurring,
            "NE" => Self::NotEstimated,
            "C" => Self::Confidential,
            other => {
                let id = other.strip_prefix("IE:").or_else(|| other.strip_prefix("IE："))?.trim();
                (!id.is_empty()).then(|| Self::IncludedElsewhere(id.into()))?
            }
        })
    }

    /// The key as printed.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::NotOccurring => "NO".to_owned(),
            Self::NotEstimated => "NE".to_owned(),
            Self::IncludedElsewhere(id) => format!("IE:{id}"),
            Self::Confidential => "C".to_owned(),
        }
    }
}

/// How a quantity was obtained, and what proves it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Quality {
    /// `meter`, `invoice`, `estimate`, ...; empty if not said.
    pub method: &'static str,
    /// `H`, `M` or `L`; empty if not said.
    pub grade: &'static str,
    /// Ids of `evidence.csv`, joined by `;`.
    pub evidence: Box<str>,
    /// What the row remarks, for instance why a quantity is missing.
    pub note: Box<str>,
}

/// What a row states of a quantity, kept where another value stands in its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Stated {
    /// How much; `None` is unmeasured.
    pub quantity: Option<Quantity>,
    /// Number and unit as printed; empty where there is none.
    pub printed: (Box<str>, Arc<str>),
    /// Canonical units in one unit as printed.
    pub scale: f64,
}

/// One reading of one quantity of one carrier from one node to another in one period.
#[derive(Debug, Clone, PartialEq)]
pub struct Flow {
    /// Row id.
    pub id: Box<str>,
    /// When.
    pub period: Period,
    /// Sender.
    pub from: Node,
    /// Receiver.
    pub to: Node,
    /// What.
    pub carrier: CarrierId,
    /// How much; `None` is unmeasured, never zero.
    pub quantity: Option<Quantity>,
    /// Number and unit as printed.
    pub printed: (Box<str>, Arc<str>),
    /// Canonical units in one unit as printed.
    pub scale: f64,
    /// What the receiver does with it.
    pub usage: Use,
    /// Whether the table said so, or a default was taken.
    pub usage_stated: bool,
    /// Who read the meter.
    pub observer: Option<Observer>,
    /// Standard deviation in canonical units, where stated.
    pub sd: Option<f64>,
    /// The rows that share their error with this one, where there are some.
    pub group: Option<Box<str>>,
    /// How far it came and by which means of transport. Unit: m.
    pub freight: Option<(f64, Box<str>)>,
    /// Why the quantity is empty.
    pub notation: Option<Notation>,
    /// How the quantity was obtained, its grade, and the ids of its evidence, as the row says.
    pub quality: Quality,
    /// What the row states, where its reconciled value stands in its place.
    pub stated: Option<Box<Stated>>,
    /// Row of `flows.csv`.
    pub row: u32,
}

/// An emission that a stack monitor measured or a filed report states.
#[derive(Debug, Clone, PartialEq)]
pub struct Reported {
    /// Row id.
    pub id: Box<str>,
    /// When.
    pub period: Period,
    /// Whose.
    pub enterprise: EnterpriseId,
    /// Which process; the enterprise's own where none is named.
    pub process: ProcessId,
    /// The flow whose computed emission it replaces, as position in the park's flows.
    pub replaces: Option<usize>,
    /// Which gas.
    pub gas: Gas,
    /// Mass. Unit: t. `None` is missing.
    pub mass: Option<f64>,
    /// Number and unit as printed.
    pub printed: (Box<str>, Arc<str>),
    /// Why the quantity is empty.
    pub notation: Option<Notation>,
    /// How the quantity was obtained and the ids of its evidence, as the row says.
    pub quality: Quality,
    /// Row of `emissions.csv`.
    pub row: u32,
}
