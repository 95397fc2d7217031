//! The sums of a package without their trail: all that a set of packages shows of each.
//!
//! They are the values of the figures of the same name; ids, intensities of every member, coverage and
//! reconciliation, which nobody reads in a set of a thousand packages, are not made.

use super::figure::Selector;
use super::intensity::{Consumption, Per, denominator};
use super::totals::{Bucket, Totals, View, like};
use super::{Inventory, accounts};
use crate::diagnostic::Diagnostics;
use crate::package::Package;
use crate::park::{EnterpriseId, Park};

/// The sums of a package, by year.
#[derive(Debug, Clone)]
pub struct Sums {
    /// Calendar years, in order, with their totals.
    pub years: Vec<(u16, Totals)>,
    /// Problems found while accounting.
    pub found: Diagnostics,
}

/// Accounts a package as far as its sums go.
///
/// # Errors
/// The problems, when any of them forbids a result (no factor, no GWP).
pub fn sums(package: &Package) -> Result<Sums, Diagnostics> {
    let made = accounts(package).map(|made| {
        let park = &package.park;
        let rule = like(park.settings.rule_set);
        let totals = |year| (year, Totals::under(park, &made.ledger, &made.gwp, year, vec![rule]));
        Sums { years: park.years().into_iter().map(totals).collect(), found: made.found }
    });
    let Some(layout) = &package.layout else { return made };
    made.map_err(|found| layout.relocate(found)).map(|sums| Sums { found: layout.relocate(sums.found), ..sums })
}

impl Sums {
    /// The sums behind an inventory.
    #[must_use]
    pub fn of(park: &Park, inventory: &Inventory) -> Self {
        let totals = |&year: &u16| (year, Totals::new(park, &inventory.ledger, &inventory.gwp, year));
        Self { years: inventory.years.iter().map(totals).collect(), found: inventory.found.clone() }
    }

    /// CO2e of a part of the consolidated park in a year, under the park's own rule set. Unit: t CO2e.
    #[must_use]
    pub fn park(&self, park: &Park, year: u16, bucket: Bucket) -> Option<f64> {
        let totals = self.years.iter().find(|(y, _)| *y == year).map(|(_, totals)| totals)?;
        Some(totals.get(park, &View::Park, bucket, park.settings.rule_set, None))
    }

    /// The same over the added value of the park. Unit: t CO2e per 10⁴ RMB.
    #[must_use]
    pub fn intensity(&self, park: &Park, year: u16, bucket: Bucket) -> Option<f64> {
        let (_, divisor) = denominator(park, &Consumption::default(), &View::Park, year, Per::Iav);
        Some(self.park(park, year, bucket)? / divisor?)
    }

    /// What is shown and not zero of a view in a year, under the park's own rule set: the part, the sum and its unit.
    pub fn of_view<'a>(
        park: &'a Park,
        (year, totals): &'a (u16, Totals),
        view: &'a View,
    ) -> impl Iterator<Item = (Selector, f64, &'static str)> + use<'a> {
        let rule = park.settings.rule_set;
        Bucket::ALL.into_iter().flat_map(move |bucket| {
            let shown = totals.shown(park, view, bucket, rule).filter(|s| s.1 != 0.0);
            shown.map(move |(gas, value, unit)| {
                (Selector { year: *year, view: view.clone(), bucket, rule, gas }, value, unit)
            })
        })
    }

    /// The views of the enterprises, in order.
    pub fn members(park: &Park) -> impl Iterator<Item = View> {
        (0..park.enterprises.len()).map(|e| View::Enterprise(EnterpriseId::new(e)))
    }
}
