//! The park: plain, validated data.
//!
//! A [`Park`] is what the tables of a package say, with units canonical, ids
//! resolved to indexes and rows in the order of their ids, so that nothing that
//! follows depends on the order in which somebody typed them. It knows no files
//! and no emission factors.

mod allocation;
mod carrier;
pub mod checks;
pub mod exergy;
mod flow;
mod gas;
pub mod heat;
mod id;
mod levels;
mod observation;
mod parameter;
mod settings;
mod statement;
mod statistics;
mod words;

pub use allocation::AllocationRule;
pub use carrier::{Carrier, CarrierKind, ProcessParameter, Property};
pub use flow::{
    Flow, InstrumentKind, Node, Notation, Observer, Outside, Quality, Reported, Stated, Status, Stock, Use,
};
pub use gas::{Gas, GasKind};
pub use id::{CarrierId, EnterpriseId, ProcessId};
pub use levels::{Held, Level};
pub use observation::Observations;
pub use parameter::Parameter;
pub use settings::{Fgd, FlowValues, GwpSet, HeatDatum, InternalFactor, RuleSet, Settings, TceElectricity};
pub use statement::{Assurance, Consolidation, Statement};
pub use statistics::{
    DEFLATOR, ITEMS, Statistic, Subject, deflator_base, find_item, indicator_items, item_dimension, item_zh,
};
pub use words::{names_zh, word};

use crate::diagnostic::{Diagnostic, Origin, Problem};
use crate::quantity::{Dimension, Period, Quantity};
use std::collections::BTreeMap;
use std::sync::Arc;

/// An id, a name in two languages, and where they were read.
#[derive(Debug, Clone, PartialEq)]
pub struct Label {
    /// The id.
    pub id: Arc<str>,
    /// English name; the id where none was given.
    pub name_en: Arc<str>,
    /// Chinese name; the English one where none was given.
    pub name_zh: Arc<str>,
}

/// A legal entity in the park.
#[derive(Debug, Clone, PartialEq)]
pub struct Enterprise {
    /// Id and names.
    pub label: Label,
    /// Sector with its classification: `GB4754:C26`, `NAICS:324110`, or a bare code.
    pub sector: Arc<str>,
    /// Period from which it belongs to the park, and from which it no longer does.
    pub member: (Option<Period>, Option<Period>),
    /// Latitude and longitude (WGS 84), where stated. Unit: °.
    pub place: Option<(f64, f64)>,
    /// Row of `enterprises.csv`.
    pub row: u32,
}

impl Enterprise {
    /// Whether it belongs to the park in (a part of) a period. A year counts if any
    /// month of it does.
    #[must_use]
    pub fn is_member(&self, period: Period) -> bool {
        // Months since year 0; a year without a month reaches from January to December.
        let first = |p: Period| u32::from(p.year) * 12 + p.month.map_or(0, |m| u32::from(m) - 1);
        let last = |p: Period| u32::from(p.year) * 12 + p.month.map_or(11, |m| u32::from(m) - 1);
        self.member.0.is_none_or(|joined| last(period) >= first(joined))
            && self.member.1.is_none_or(|left| first(period) < first(left))
    }
}

/// A unit inside an enterprise that turns inputs into outputs.
#[derive(Debug, Clone, PartialEq)]
pub struct Process {
    /// `E03/CHP1`; the bare enterprise id for an enterprise without processes.
    pub label: Label,
    /// The owner.
    pub enterprise: EnterpriseId,
    /// What the process is: `boiler`, `chp`, `kiln`, `bus`, ...; empty if not said.
    pub technique: Arc<str>,
    /// How it is accounted: `combustion`, `measured`, `default`, `balance:NAME`; empty if not said.
    pub accounting: Arc<str>,
    /// Row of `processes.csv`; `None` for an implicit process.
    pub row: Option<u32>,
}

impl Process {
    /// Whether the process lies in a carbon balance: nothing in it makes a combustion line.
    #[must_use]
    pub fn is_in_balance(&self) -> bool {
        self.accounting.starts_with("balance:")
    }

    /// A pool only gathers and passes on: a bus, header, holder or tank.
    #[must_use]
    pub fn is_pool(&self) -> bool {
        matches!(&*self.technique, "pool" | "bus" | "header" | "holder" | "tank" | "network")
    }
}

/// What an output is to its process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// What the process runs for; the default.
    Determining,
    /// What comes with it and is used.
    CoProduct,
    /// What comes with it and is not: it bears nothing.
    Waste,
}

impl Role {
    /// The words of `outputs.csv`.
    pub const IDS: [&'static str; 3] = ["determining", "co_product", "waste"];

    /// Finds a role by its id.
    #[must_use]
    pub fn find(id: &str) -> Option<Self> {
        let all = [Self::Determining, Self::CoProduct, Self::Waste];
        Self::IDS.iter().position(|i| *i == id).map(|i| all[i])
    }
}

/// A product of a process and its share in the process's emission.
#[derive(Debug, Clone, PartialEq)]
pub struct Output {
    /// The process.
    pub process: ProcessId,
    /// What it makes.
    pub carrier: CarrierId,
    /// What it is to the process.
    pub role: Role,
    /// Share of the emission that the product bears, where stated. Unit: 1.
    pub share: Option<f64>,
    /// The rule that shares the emission of the process, where stated.
    pub rule: Option<AllocationRule>,
    /// Row of `outputs.csv`.
    pub row: u32,
}

/// A by-product or utility exchange between two enterprises, with its counterfactual.
#[derive(Debug, Clone, PartialEq)]
pub struct Exchange {
    /// The donor.
    pub from: EnterpriseId,
    /// The receiver.
    pub to: EnterpriseId,
    /// What is exchanged.
    pub carrier: CarrierId,
    /// Whether it runs or might.
    pub status: Status,
    /// The period of the quantity, where stated.
    pub period: Option<Period>,
    /// How much, where stated; an existing exchange is as large as its flows.
    pub quantity: Option<Quantity>,
    /// What it displaces at the receiver.
    pub displaces: Option<CarrierId>,
    /// Units displaced by one unit of it, where stated.
    pub ratio: Option<f64>,
    /// Where the donor would have left it: `landfill`, `flare`, ...
    pub disposal: Option<Arc<str>>,
    /// How far it goes. Unit: km.
    pub distance_km: Option<f64>,
    /// What it needs before use, in the words of the row.
    pub conditioning: Option<Arc<str>>,
    /// What it must keep to at the receiver, in the order of the row.
    pub limits: Vec<ExchangeLimit>,
    /// Row of `exchanges.csv`.
    pub row: u32,
}

/// A quality limit of an exchange: `share<=0.5`, `moisture<=20 %`, `mixed cod<=20 mg/L`.
#[derive(Debug, Clone, PartialEq)]
pub struct ExchangeLimit {
    /// What is limited: a property of the carrier; none is the share of the exchange in the need of the receiver that it meets.
    pub of: Option<Parameter>,
    /// Whether it is of all that meets the same need, mixed; else of what the exchange brings.
    pub mixed: bool,
    /// Whether it is the most that may be; else the least.
    pub most: bool,
    /// The limit, in the canonical unit of `dimension`.
    pub value: f64,
    /// Dimension of the limit.
    pub dimension: Dimension,
    /// The unit as the row has it; empty for none.
    pub unit: Box<str>,
    /// Canonical units in one of `unit`.
    pub per_unit: f64,
    /// The limit as the row has it.
    pub printed: Box<str>,
}

/// A certificate, contract or direct supply of electricity.
#[derive(Debug, Clone, PartialEq)]
pub struct Instrument {
    /// Who claims it.
    pub holder: EnterpriseId,
    /// The plant, where it lies in the park: its enterprise, and the process if one is named.
    pub generator: Option<(EnterpriseId, Option<ProcessId>)>,
    /// The year (or month) of generation and use.
    pub period: Period,
    /// How the attributes come to the holder.
    pub kind: InstrumentKind,
    /// Energy covered. Unit: GJ.
    pub energy: f64,
    /// Emission factor of the instrument. Unit: t CO2/GJ.
    pub factor: f64,
    /// The cells as printed: energy and factor with their units.
    pub printed: (String, String),
    /// Whether it has been retired for the holder.
    pub retired: bool,
    /// Row of `instruments.csv`.
    pub row: u32,
}

/// A row of a table that is read and checked, and used by later verbs.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Table file.
    pub file: &'static str,
    /// Row of it.
    pub row: u32,
    /// Filled cells, column and content.
    pub cells: Vec<(&'static str, String)>,
}

/// What reconciliation did to the flows of a park.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Reconciled {
    /// Rows whose value moved.
    pub moved: usize,
    /// Rows without a quantity that has been solved for.
    pub solved: usize,
    /// Rows left as they are, because their best value is negative.
    pub negative: usize,
    /// The largest correction, in parts of what the row states.
    pub largest: f64,
}

/// An accounting boundary with everything that its package says.
#[derive(Debug, Clone)]
pub struct Park {
    /// Id and names.
    pub label: Label,
    /// The settings of `park.toml`.
    pub settings: Settings,
    /// Enterprises in the order of their ids.
    pub enterprises: Vec<Enterprise>,
    /// Processes in the order of their ids, implicit ones included.
    pub processes: Vec<Process>,
    /// Carriers of the library and of the package, in the order of their ids.
    pub carriers: Vec<Carrier>,
    /// Measured properties of carriers.
    pub properties: Vec<Property>,
    /// Parameters of processes, narrowest first within a process and name.
    pub parameters: Vec<ProcessParameter>,
    /// Flows in the order of their ids.
    pub flows: Vec<Flow>,
    /// Which flow rows count for whom.
    pub observations: Observations,
    /// Reported emissions in the order of their ids.
    pub reported: Vec<Reported>,
    /// Outputs with their shares.
    pub outputs: Vec<Output>,
    /// Exchanges.
    pub exchanges: Vec<Exchange>,
    /// Instruments.
    pub instruments: Vec<Instrument>,
    /// Statistics.
    pub statistics: Vec<Statistic>,
    /// Rows of tables that later verbs use.
    pub records: Vec<Record>,
    /// Processes that stand for the whole of an enterprise that also names processes.
    pub implicit_sites: Vec<ProcessId>,
    /// What reconciliation did to the flows, if their reconciled values stand in them.
    pub reconciled: Option<Reconciled>,
}

impl Park {
    /// The enterprise with this index.
    #[must_use]
    pub fn enterprise(&self, id: EnterpriseId) -> &Enterprise {
        &self.enterprises[id.index()]
    }

    /// The process with this index.
    #[must_use]
    pub fn process(&self, id: ProcessId) -> &Process {
        &self.processes[id.index()]
    }

    /// The carrier with this index.
    #[must_use]
    pub fn carrier(&self, id: CarrierId) -> &Carrier {
        &self.carriers[id.index()]
    }

    /// The narrowest row of `carriers.csv` on a property of a carrier at a process in a period.
    #[must_use]
    pub fn property(
        &self,
        carrier: CarrierId,
        process: ProcessId,
        period: Period,
        name: Parameter,
    ) -> Option<&Property> {
        let enterprise = self.process(process).enterprise;
        self.properties
            .iter()
            .filter(|p| p.carrier == carrier && p.name == name && p.holds(enterprise, process, period))
            .max_by_key(|p| (p.rank(), std::cmp::Reverse(p.row)))
    }

    /// The narrowest row of `parameters.csv` on a process, where it holds for a carrier in a whole year.
    #[must_use]
    pub fn parameter(
        &self,
        process: ProcessId,
        name: Parameter,
        carrier: Option<CarrierId>,
        year: u16,
    ) -> Option<&ProcessParameter> {
        let year = Period { year, month: None };
        self.parameters
            .iter()
            .filter(|p| p.process == process && p.name == name && p.period.is_none_or(|x| x.contains(year)))
            .filter(|p| p.carrier.is_none() || p.carrier == carrier)
            .max_by_key(|p| (p.rank(), std::cmp::Reverse(p.row)))
    }

    /// Position of the flow row with this id.
    #[must_use]
    pub fn find_flow(&self, id: &str) -> Option<usize> {
        self.flows.binary_search_by(|flow| (*flow.id).cmp(id)).ok()
    }

    /// The enterprise that owns a node, if it lies in the park.
    #[must_use]
    pub fn owner(&self, node: Node) -> Option<EnterpriseId> {
        match node {
            Node::Process(p) => Some(self.process(p).enterprise),
            Node::Outside(_) | Node::Stock(_) => None,
        }
    }

    /// Whether a flow passes between two enterprises of the park.
    #[must_use]
    pub fn is_internal_transfer(&self, flow: &Flow) -> bool {
        match (self.owner(flow.from), self.owner(flow.to)) {
            (Some(a), Some(b)) => a != b,
            _ => false,
        }
    }

    /// The calendar years of the park's periods, in order.
    #[must_use]
    pub fn years(&self) -> Vec<u16> {
        let mut years: Vec<u16> = self.settings.periods.iter().map(|p| p.year).collect();
        years.sort_unstable();
        years.dedup();
        years
    }

    /// Enterprises by sector code, in order.
    #[must_use]
    pub fn sectors(&self) -> BTreeMap<Arc<str>, Vec<EnterpriseId>> {
        let mut sectors: BTreeMap<Arc<str>, Vec<EnterpriseId>> = BTreeMap::new();
        for (i, enterprise) in self.enterprises.iter().enumerate() {
            sectors.entry(enterprise.sector.clone()).or_default().push(EnterpriseId::new(i));
        }
        sectors
    }

    /// A node as people write it.
    #[must_use]
    pub fn node_text(&self, node: Node) -> String {
        match node {
            Node::Process(p) => self.process(p).label.id.to_string(),
            Node::Outside(o) => format!("outside:{}", o.id()),
            Node::Stock(s) => format!("stock:{}", s.id()),
        }
    }

    /// The place of a flow row.
    #[must_use]
    pub fn flow_origin(&self, flow: &Flow) -> Origin {
        Origin::row("flows.csv", flow.row)
    }

    /// A problem of a flow row, with the cells that tell which flow it is.
    #[must_use]
    pub fn flow_problem(&self, flow: &Flow, column: &'static str, problem: Problem) -> Diagnostic {
        let cells = [
            ("id", flow.id.to_string()),
            ("period", flow.period.to_string()),
            ("from", self.node_text(flow.from)),
            ("to", self.node_text(flow.to)),
            ("carrier", self.carrier(flow.carrier).label.id.to_string()),
            ("quantity", format!("{} {}", flow.printed.0, flow.printed.1)),
        ];
        let row = cells.map(|(name, value)| (name.to_owned(), value)).to_vec();
        Diagnostic::new(problem, self.flow_origin(flow).column(column)).found(&*flow.printed.0).row(row)
    }

    /// A problem of a reported emission, with the cells that tell which it is.
    #[must_use]
    pub fn reported_problem(&self, reported: &Reported, column: &'static str, problem: Problem) -> Diagnostic {
        let replaces = reported.replaces.map(|i| self.flows[i].id.to_string()).unwrap_or_default();
        let cells = [
            ("id", reported.id.to_string()),
            ("period", reported.period.to_string()),
            ("process", self.process(reported.process).label.id.to_string()),
            ("replaces", replaces),
            ("gas", reported.gas.label()),
            ("quantity", format!("{} {}", reported.printed.0, reported.printed.1)),
        ];
        let row = cells.map(|(name, value)| (name.to_owned(), value)).to_vec();
        let origin = Origin::row("emissions.csv", reported.row).column(column);
        Diagnostic::new(problem, origin).found(&*reported.printed.0).row(row)
    }
}
