//! What a scenario says: plain data, as its file states it. Ids are text here; [`super::calibrate`]'s model resolves them.

use super::months::Months;
use crate::diagnostic::Origin;
use crate::park::Label;
use crate::quantity::Quantity;

/// A scenario as its file states it, without what it extends.
#[derive(Debug, Clone, PartialEq)]
pub struct Scenario {
    /// Name of the file without `.toml`, and the names of the scenario.
    pub label: Label,
    /// The scenario whose changes come first.
    pub extends: Option<String>,
    /// The year that is changed; else the last of the park.
    pub year: Option<u16>,
    /// What is changed, in the order of the file.
    pub changes: Vec<Change>,
    /// Parameters that a sweep runs over.
    pub sweeps: Vec<Axis>,
    /// The file.
    pub origin: Origin,
}

/// One `[[change]]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// How a sweep and the output call it; `change 3` if the file gives no name.
    pub name: String,
    /// What is done.
    pub action: Action,
    /// File, line of the `[[change]]`.
    pub origin: Origin,
}

/// Flows by their ends and carrier: `E03/*>E01:blast_furnace_gas`. Each part may hold `*`; the name of an enterprise
/// stands for all its processes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlowPattern {
    /// Who gives.
    pub from: String,
    /// Who takes.
    pub to: String,
    /// What.
    pub carrier: String,
}

/// How large something is to be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Size {
    /// In parts of what it is in the base year, of a candidate of what `exchanges.csv` states. Unit: 1.
    Share(f64),
    /// In a year.
    Quantity(Quantity),
}

/// By what a carrier replaces another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum By {
    /// Tonne for tonne.
    Mass,
    /// By net calorific value, or the heat it brings.
    Energy,
    /// By exergy.
    Exergy,
    /// Canonical units of the new carrier for one of the old.
    Ratio(f64),
}

/// What a change does.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// `exchange`: resizes or removes exchanges of `exchanges.csv`.
    Exchange {
        /// Which.
        of: FlowPattern,
        /// How large; 0 removes it.
        to: Size,
        /// What part of it is there in each month; else its year is that of the model. Unit: 1.
        available: Option<Months>,
    },
    /// `add_exchange`: a new one.
    AddExchange(Box<NewExchange>),
    /// `substitute`: another carrier takes the place of one.
    Substitute {
        /// The flows that shrink.
        of: FlowPattern,
        /// The carrier that comes in.
        carrier: String,
        /// Who supplies it; else where the old one came from.
        source: Option<String>,
        /// Part of the flow that is replaced. Unit: 1.
        share: f64,
        /// How much of it replaces one unit.
        by: By,
    },
    /// `coefficient`: what a process takes or gives of something per unit of its activity, times a number.
    Coefficient {
        /// The flows.
        of: FlowPattern,
        /// Times what.
        times: f64,
    },
    /// `efficiency`: the fuel and energy that processes take per unit of what they make, divided by a number.
    Efficiency {
        /// Processes or enterprises, by id or pattern.
        of: String,
        /// The new efficiency in parts of the old one. Unit: 1.
        times: f64,
    },
    /// `demand`: what leaves for final uses, and the activity of processes that make nothing for others, times a number.
    Demand {
        /// Flows `FROM>TO:CARRIER`, or processes or enterprises by id or pattern.
        of: Target,
        /// Times what.
        times: f64,
    },
    /// `unit`: an abatement or conversion unit is added.
    Unit(Box<NewUnit>),
    /// `factor`: emission factors times a number.
    Factor {
        /// Ids of factors, by pattern.
        of: String,
        /// Times what.
        times: f64,
    },
    /// `price`: prices of carriers times a number.
    Price {
        /// Carriers, by id or pattern.
        of: String,
        /// Times what.
        times: f64,
    },
    /// `close`: enterprises or processes stop.
    Close {
        /// By id or pattern.
        of: String,
    },
    /// `open`: enterprises or processes that an extended scenario closed run again.
    Open {
        /// By id or pattern.
        of: String,
    },
    /// `limit`: the most that flows may carry in a year.
    Limit {
        /// Which.
        of: FlowPattern,
        /// The most.
        most: Size,
        /// What part of it is there in each month. Unit: 1.
        available: Option<Months>,
    },
}

/// What a demand is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// Flows.
    Flows(FlowPattern),
    /// Processes or enterprises, by id or pattern.
    Processes(String),
}

/// An exchange that no table has.
#[derive(Debug, Clone, PartialEq)]
pub struct NewExchange {
    /// The donor: an enterprise or process.
    pub from: String,
    /// The receiver: an enterprise or process.
    pub to: String,
    /// What is exchanged.
    pub carrier: String,
    /// How much a year.
    pub quantity: Quantity,
    /// The carrier that it displaces at the receiver.
    pub displaces: Option<String>,
    /// Units displaced by one unit of it; else by energy where both have one.
    pub ratio: Option<f64>,
    /// Where the donor would leave it: `landfill`, `flare`, `vent`, ...
    pub disposal: Option<String>,
    /// How far it goes. Unit: km.
    pub distance_km: Option<f64>,
    /// What part of it is there in each month. Unit: 1.
    pub available: Option<Months>,
}

/// A unit that is added to a process.
#[derive(Debug, Clone, PartialEq)]
pub struct NewUnit {
    /// What it is: `wet_fgd`, `scr`, `heat_pump`, ...
    pub kind: String,
    /// Its id: `E04/FGD`.
    pub id: String,
    /// The process whose flue gas, heat or power it takes.
    pub at: String,
    /// Its parameters, in canonical units, by name.
    pub parameters: Vec<(String, Quantity)>,
    /// What part of its capacity is there in each month, in the place of `full_load_hours`. Unit: 1.
    pub available: Option<Months>,
}

/// A parameter of a change that a sweep runs over.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    /// The name of the change.
    pub change: String,
    /// Its key: `share`, `times`, `quantity`.
    pub key: String,
    /// The values, in canonical units.
    pub values: Vec<f64>,
    /// Place in the file.
    pub origin: Origin,
}
