//! Bought power counted in three ways. The rules of zero-carbon parks leave open how certificates count and which factor of
//! the grid applies (`indicators.md` 3.6), so a row that is made of CO2 of energy is shown by each way beside the others.
//! The verdict stays with the first.

use super::evaluate::{Assessment, At, assess};
use super::pack::{Indicator, Pack};
use super::zone::Zone;

/// A way to count bought power.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Power {
    /// By the factor of its grid; by this the row is judged.
    Location,
    /// As retired instruments have it, certificates among them.
    Market,
    /// By the factor of its grid, but direct supply at zero.
    DirectSupply,
}

impl Power {
    /// All ways, in the order in which they are shown.
    pub const ALL: [Self; 3] = [Self::Location, Self::Market, Self::DirectSupply];

    /// The id in JSON.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Location => "location",
            Self::Market => "market",
            Self::DirectSupply => "direct_supply",
        }
    }

    /// The item that stands for CO2 of energy.
    fn item(self) -> &'static str {
        match self {
            Self::Location => "co2_energy_t",
            Self::Market => "co2_energy_market_t",
            Self::DirectSupply => "co2_energy_direct_t",
        }
    }
}

/// A row by each way, in the order of [`Power::ALL`]; none where it is not made of CO2 of energy.
#[must_use]
pub fn by_power(pack: &Pack, zone: &Zone, row: &Indicator, at: At) -> Option<[Assessment; 3]> {
    let energy = pack.items.find(Power::Location.item())?;
    row.formula.as_ref()?.takes.iter().find(|t| t.0 == energy)?;
    Some(Power::ALL.map(|way| {
        let mut figures = zone.figures.clone();
        for year in zone.figures.years() {
            let other = pack.items.find(way.item()).and_then(|item| zone.figures.get(item, year));
            // What is not known is no number, and so not known in the copy.
            figures.set(energy, year, other.unwrap_or(f64::NAN));
        }
        assess(row, &pack.items, &figures, at, zone)
    }))
}
