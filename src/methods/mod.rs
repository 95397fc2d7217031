//! Emission methods: from a park to direct and imported ledger lines.
//!
//! | file | method |
//! |---|---|
//! | `combustion` | stationary combustion: the equations |
//! | `fuel` | which values of which set go into them |
//! | `burnt` | the lines of fuels that are burnt |
//! | `pollutants` | SO2, NOx and dust of what is burnt, and what abatement removes |
//! | `desulfurization` | CO2 of flue-gas desulfurization, in two forms |
//! | `sulfur` | sulfur that flows hold, for balances |
//! | `calcium` | the same for calcium |
//! | `resources` | water and waste as such |
//! | `scope3` | purchased goods, capital goods, upstream of energy, freight in, waste treated outside |
//! | `carbonate` | carbonates, urea, electrodes, reductants: CO2 where they are used |
//! | `production` | process emissions by product; clinker and lime by oxides |
//! | `electrolysis` | aluminium: anode and anode effect |
//! | `carbon_balance` | what goes into an envelope and does not come out |
//! | `captured` | CO2 handed over, bound, released; carbon exported in products |
//! | `posting` | from the factors of a flow to its lines: process methods |
//! | `reported` | measured and filed emissions, and what they replace |
//! | `purchased` | electricity, heat, steam and cooling over the fence |
//! | `instruments` | whose purchases certificates cover, and whose power keeps no attribute |
//! | `claim` | which method accounts a flow: each flow one |
//! | `lookup` | where a method takes its values from |
//! | `alike` | which places get the same values |
//! | `delivery` | what a row of power or heat delivers; condensate that comes back |
//! | `resale` | which share of a purchase is used up and not sold on |
//! | `book` | how a method writes its lines |
//! | `methane` | methane in a volume of gas, and its recovery |
//! | `wastewater` | CH4 and N2O of treatment, loads of what is discharged |
//! | `landfill` | CH4 by first-order decay |
//! | `waste` | composting and digestion |
//! | `incineration` | waste that is burnt, fossil and biogenic |
//! | `industrial_gas` | SF6, HFCs and others lost from equipment |
//! | `mobile` | fuel of vehicles and machines |
//! | `fugitive` | vents and slips of fuel gas |
//! | `contradiction` | statements that do not fit each other |
//! | `gap` | process emissions that no method could count, by name |
//!
//! (M) behind an equation or table number: remembered, not checked against the text of
//! the standard, which could not be read.

mod alike;
mod book;
mod burnt;
pub mod calcium;
pub mod captured;
pub mod carbon_balance;
pub mod carbonate;
mod claim;
pub mod combustion;
mod contradiction;
mod delivery;
pub mod desulfurization;
pub mod electrolysis;
mod fuel;
pub mod fugitive;
mod gap;
pub mod incineration;
pub mod industrial_gas;
mod instruments;
pub mod landfill;
mod lookup;
pub mod methane;
pub mod mobile;
pub mod pollutants;
mod posting;
pub mod production;
mod purchased;
mod reported;
mod resale;
mod resources;
pub mod scope3;
pub mod sulfur;
pub mod waste;
pub mod wastewater;

pub use claim::{Claim, Claims};
pub use delivery::{CONDENSATE, Deliveries, Delivery};
pub use fuel::net_energies;
pub use instruments::covered_purchases;
pub use purchased::{End, SteamPlace, Utilities, UtilityKind, energy, enthalpy, nearest_process};
pub use reported::{Comparison, compare};
pub use resale::Resale;

use crate::diagnostic::Diagnostics;
use crate::factors::FactorSet;
use crate::ledger::Ledger;
use crate::park::{Flow, Node, Outside, Park, Use};
use alike::Alike;

/// The words of the term that is a net calorific value.
pub const NCV: (&str, &str) = ("net calorific value", "低位发热量");

/// How a flow row was used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Treatment {
    /// It made ledger lines.
    Counted,
    /// It made ledger lines that a reported value replaces.
    Replaced,
    /// It checks another reading or a sum and counts nowhere.
    Checked,
    /// It is a level of a stock between two periods of a year that no other row states: it cancels in the year's sum.
    Between,
    /// Its quantity is empty.
    NotMeasured,
    /// It stays inside an enterprise or is a loss: nothing is emitted.
    Internal,
    /// It passes through a pool, counted where it is used.
    PassedOn,
    /// It holds carbon or energy and no method claims it yet: a gap.
    Unclaimed,
    /// It carries neither carbon nor imported energy.
    NoEmission,
    /// Its carbon is counted through the product of its process.
    ThroughProduct,
}

impl Treatment {
    /// The words in English and Chinese.
    #[must_use]
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Counted => ("counted", "已计入"),
            Self::Replaced => ("replaced by a reported value", "由所报值替代"),
            Self::Checked => ("check only", "仅用于校核"),
            Self::Between => ("a stock between two months: cancels in the year", "月间库存：年内相抵"),
            Self::NotMeasured => ("not measured", "未计量"),
            Self::Internal => ("inside one enterprise, or a loss", "企业内部或损失"),
            Self::PassedOn => ("passed on, counted where it is used", "转供，在使用处计入"),
            Self::Unclaimed => ("no method claims it: a gap", "尚无方法认领：缺口"),
            Self::ThroughProduct => ("counted through the product", "经由产品计入"),
            Self::NoEmission => ("carries neither carbon nor imported energy", "不含碳也非外购能源"),
        }
    }
}

/// What accounting yields: the ledger, the treatment of each flow row, and the
/// utilities whose internal lines are still to be derived.
#[derive(Debug)]
pub struct Account<'a> {
    /// Direct and imported lines.
    pub ledger: Ledger,
    /// For each flow row, how it was used.
    pub treatment: Vec<Treatment>,
    /// Published factors and resale shares.
    pub utilities: Utilities<'a>,
    /// What is not counted, for want of a factor or of retirement: words in English and Chinese, and rows.
    pub not_estimated: Vec<((&'static str, &'static str), usize)>,
    /// Problems found on the way.
    pub found: Diagnostics,
}

/// Accounts a park with its factor sets, in order of preference.
#[must_use]
pub fn account<'a>(park: &'a Park, sets: &'a [FactorSet]) -> Account<'a> {
    // A row makes some four lines: three gases of a fuel, or power in two approaches and upstream.
    let mut ledger = Ledger { lines: Vec::with_capacity(4 * park.flows.len()), ..Ledger::default() };
    let mut found = Diagnostics::default();
    let deliveries = Deliveries::new(park, &mut found);
    let mut treatment = first_treatment(park, &deliveries);
    let claims = Claims::new(park, sets);
    let alike = Alike::new(park, sets);
    let burnt = burnt::rows(park, &claims, &alike);
    burnt::account(park, sets, &claims, &burnt, &mut ledger, &mut treatment, &mut found);
    let mut book = book::Book::new(park, sets, &claims, &mut ledger, &mut treatment, &mut found);
    carbonate::account(&mut book);
    production::account(&mut book);
    electrolysis::account(&mut book);
    carbon_balance::account(&mut book);
    carbon_balance::check_makers(&mut book);
    captured::account(&mut book);
    wastewater::account(&mut book);
    landfill::account(&mut book);
    waste::account(&mut book);
    incineration::account(&mut book);
    industrial_gas::account(&mut book);
    fugitive::account(&mut book, &alike);
    let sulfur = pollutants::account(park, sets, &burnt, &mut ledger, &mut found);
    desulfurization::account(park, sets, &claims, &sulfur, &mut ledger, &mut treatment, &mut found);
    gap::mark(park, sets, &claims, &mut treatment);
    resources::account(park, &claims, &mut ledger);
    gap::account(park, &claims, &mut treatment, &mut found);
    contradiction::check_fuels(park, &claims, &mut found);
    contradiction::check_balances(park, sets, &mut found);
    contradiction::check_reports(park, &ledger, &mut found);
    reported::account(park, sets, &mut ledger, &mut found);
    let mut utilities = Utilities::new(park, sets, deliveries);
    utilities.account(&mut ledger, &mut treatment, &mut found);
    let mut not_estimated = scope3::account(park, sets, &alike, &mut ledger, &mut found);
    let open = park.instruments.iter().filter(|i| !i.retired).count();
    if open > 0 {
        not_estimated.push((("instruments that are not retired: they cover nothing", "未注销的凭证：不作抵扣"), open));
    }
    Account { ledger, treatment, utilities, not_estimated, found }
}

/// What can be said of each row before any method looks at it.
fn first_treatment(park: &Park, deliveries: &Deliveries) -> Vec<Treatment> {
    let classify = |(i, flow): (usize, &Flow)| {
        let kind = park.carrier(flow.carrier).kind;
        let counts = park.observations.counts_for_buyer(i) || park.observations.counts_for_seller(i);
        if flow.quantity.is_none() {
            Treatment::NotMeasured
        } else if park.observations.is_lone_level(i) {
            Treatment::Between
        } else if !counts {
            Treatment::Checked
        } else if deliveries.get(i).is_some() {
            let lost = matches!(flow.to, Node::Outside(outside) if !outside.buys());
            let stored = matches!(flow.from, Node::Stock(_)) || matches!(flow.to, Node::Stock(_));
            let natural = matches!(flow.from, Node::Outside(Outside::Nature));
            match (lost, natural) {
                (true, _) => Treatment::Internal,
                _ if stored => Treatment::Internal,
                (_, true) => Treatment::NoEmission,
                _ if park.owner(flow.from).is_some() && park.owner(flow.from) == park.owner(flow.to) => {
                    Treatment::Internal
                }
                _ => Treatment::Unclaimed,
            }
        } else if kind.is_fuel() {
            match flow.usage {
                Use::Resale => Treatment::PassedOn,
                _ => Treatment::Unclaimed,
            }
        } else {
            Treatment::NoEmission
        }
    };
    park.flows.iter().enumerate().map(classify).collect()
}
