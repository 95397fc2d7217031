//! Account items: what indicators are made of, for one year of a park, worked out from flows, ledger and inventory.
//!
//! | file | items |
//! |---|---|
//! | `year` | the rows and lines of a year, and how an item is added up of them |
//! | `energy` | comprehensive consumption and its parts |
//! | `carriers` | which carriers are coal, oil, gas, ore, biomass, hazardous |
//! | `electricity` | electricity used, green electricity by kind |
//! | `water` | fresh, reused and reclaimed water, wastewater |
//! | `waste` | industrial solid waste and hazardous waste |
//! | `emissions` | pollutants and CO2 |
//! | `materials` | mineral inputs |
//! | `links` | exchanges between enterprises |
//!
//! Values are canonical (t, GJ, m3, 1): `energy_tce` is in GJ, a share in parts of one. An item that the tables cannot
//! tell has no value and says which table lacks what; it is never guessed, and empty is not zero. But where a table has
//! rows of a kind (of waste, of wastewater) it is taken as whole: what it does not list does not occur. What the zone
//! itself states in `statistics.csv` is linked beside the item and never mixed in.
//!
//! Symbols follow `indicators.md`, section 1. Standards are quoted from memory, which `(M)` marks.

mod carriers;
mod electricity;
mod emissions;
mod energy;
mod links;
mod materials;
mod waste;
mod water;
mod year;

use crate::diagnostic::Words;
use crate::inventory::Inventory;
use crate::park::{Park, Subject};
use crate::quantity::Period;
use year::{Made, Year};

/// The value of one symbol in one year, with its trail.
#[derive(Debug, Clone, PartialEq)]
pub struct Account {
    /// Which item.
    pub symbol: &'static str,
    /// The value in its canonical unit (t, GJ, m3, 1); `None` where the tables do not tell it.
    pub value: Option<f64>,
    /// Why there is none: which table lacks what.
    pub why: Option<Words>,
    /// The flow rows that it was made of, by position in the park, each once.
    pub rows: Vec<usize>,
    /// The ledger lines that it was made of, by position.
    pub lines: Vec<usize>,
    /// The row of `park.statistics` in which the zone states the same.
    pub stated: Option<usize>,
}

/// What the one who asks decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Choices {
    /// Whether natural gas is clean energy (`indicators.md` 1: a parameter); by default it is not.
    pub gas_is_clean: bool,
}

type Rule = fn(&Year) -> Made;

/// Every item with the rule that works it out.
const RULES: [(&str, Rule); 44] = [
    ("energy_tce", energy::total),
    ("energy_fuel_tce", energy::without_feedstock),
    ("energy_nonfossil_tce", energy::nonfossil),
    ("energy_renewable_tce", energy::renewable),
    ("energy_clean_tce", energy::clean),
    ("energy_primary_tce", energy::primary),
    ("elec_total_mwh", electricity::total),
    ("elec_green_mwh", electricity::green),
    ("elec_green_direct_mwh", electricity::green_direct),
    ("waste_energy_used_tce", energy::recovered),
    ("fresh_water_m3", water::fresh),
    ("reused_water_m3", water::reused),
    ("reclaimed_water_t", water::reclaimed),
    ("ww_generated_t", water::generated),
    ("ww_treated_t", water::treated),
    ("ww_discharged_t", water::discharged),
    ("ww_reused_t", water::wastewater_reused),
    ("isw_generated_t", |y| y.solid.generated(waste::SOLID)),
    ("isw_utilised_t", |y| y.solid.utilised(waste::SOLID)),
    ("isw_disposed_t", |y| y.solid.disposed(waste::SOLID)),
    ("isw_stored_t", |y| y.solid.stored(waste::SOLID)),
    ("isw_prior_stock_utilised_t", |y| y.solid.prior_stock_utilised(y, waste::SOLID)),
    ("hw_generated_t", |y| y.hazardous.generated(waste::HAZARDOUS)),
    ("hw_utilised_t", |y| y.hazardous.utilised(waste::HAZARDOUS)),
    ("hw_disposed_t", |y| y.hazardous.disposed(waste::HAZARDOUS)),
    ("hw_stored_t", |y| y.hazardous.stored(waste::HAZARDOUS)),
    ("cod_t", emissions::cod),
    ("nh3n_t", emissions::ammonia),
    ("so2_t", emissions::so2),
    ("nox_t", emissions::nox),
    ("co2_t", emissions::co2),
    ("co2_energy_t", emissions::co2_energy),
    ("co2_energy_market_t", emissions::co2_energy_market),
    ("co2_energy_direct_t", emissions::co2_energy_direct),
    ("co2_process_t", emissions::co2_process),
    ("co2_other_t", emissions::co2_other),
    ("co2e_t", emissions::co2e),
    ("mineral_coal_t", materials::coal),
    ("mineral_oil_t", materials::oil),
    ("mineral_gas_t", materials::gas),
    ("mineral_rock_t", materials::rock),
    ("mineral_dmi_t", materials::all),
    ("association_degree", links::association_degree),
    ("exchange_links", links::exchanges),
];

/// The symbols that are worked out, in their order.
pub const SYMBOLS: &[&str] = &{
    let mut symbols = [""; RULES.len()];
    let mut i = 0;
    while i < RULES.len() {
        symbols[i] = RULES[i].0;
        i += 1;
    }
    symbols
};

/// Every item of a year, in the order of [`SYMBOLS`].
#[must_use]
pub fn accounts(park: &Park, inventory: &Inventory, year: u16) -> Vec<Account> {
    accounts_with(park, inventory, year, Choices::default())
}

/// The same with other choices than the default.
#[must_use]
pub fn accounts_with(park: &Park, inventory: &Inventory, year: u16, choices: Choices) -> Vec<Account> {
    let of = Year::new(park, inventory, year, choices);
    RULES.iter().map(|(symbol, rule)| account(&of, symbol, rule(&of))).collect()
}

fn account(of: &Year, symbol: &'static str, made: Made) -> Account {
    let Made { value, mut rows, mut lines } = made;
    // The same row may serve twice (what a firm takes in and what it passes on).
    for list in [&mut rows, &mut lines] {
        list.sort_unstable();
        list.dedup();
    }
    let (value, why) = match value {
        Ok(value) => (Some(value), None),
        Err(why) => (None, Some(why)),
    };
    Account { symbol, value, why, rows, lines, stated: stated(of.park, symbol, of.calendar) }
}

/// The row that states an item of the whole park for the whole year.
fn stated(park: &Park, symbol: &str, year: u16) -> Option<usize> {
    // Statistics stand in the order of subject and period.
    let first = park.statistics.partition_point(|s| (&s.subject, s.period.year) < (&Subject::Park, year));
    let of_year = |s: &&crate::park::Statistic| s.subject == Subject::Park && s.period.year == year;
    let mut rows = park.statistics[first..].iter().take_while(of_year);
    rows.position(|s| &*s.item == symbol && s.period == Period::year(year)).map(|i| first + i)
}
