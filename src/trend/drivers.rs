//! What drove the change of CO2 from energy: activity, structure, intensity, mix and factors.
//!
//! Over sectors i and carriers j, with added value G, energy N and CO2 E:
//!
//! ```text
//! E = Σ_ij  G · (G_i / G) · (N_i / G_i) · (N_ij / N_i) · (E_ij / N_ij)
//! ```
//!
//! A quotient of nothing by nothing is not known in its year; it takes its value of the other one, so that a carrier that
//! appears changes the mix and not its own factor, and a sector that appears the structure and not its intensity. What
//! cannot be written so (no energy, no added value, below zero) stands apart in both years, so that all adds up.

use super::added_value::AddedValue;
use super::emissions::{Amount, Apart, Emissions};
use super::lmdi::{Decomposition, Refused, decompose};
use crate::park::CarrierId;
use ndarray::Array2;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The factors: id, English, Chinese.
pub const FACTORS: [(&str, &str, &str); 5] = [
    ("activity", "activity (added value)", "规模（增加值）"),
    ("structure", "structure (sectors' shares)", "产业结构（行业比重）"),
    ("intensity", "energy intensity (tce/万元)", "能源强度（tce/万元）"),
    ("mix", "energy mix (carriers' shares)", "能源结构（载体比重）"),
    ("factor", "emission factor (t/tce)", "排放因子（t/tce）"),
];

/// The change between two years by driver.
#[derive(Debug, Clone, PartialEq)]
pub struct Drivers {
    /// Sectors and carriers: the rows of the decomposition.
    pub categories: Vec<(Arc<str>, CarrierId)>,
    /// CO2 of energy that stands apart: sectors and carriers with the reason.
    pub left_out: Vec<(Arc<str>, CarrierId, Apart)>,
    /// The effects on CO2 from energy, factors as in [`FACTORS`]. Unit: t CO2.
    pub made: Decomposition,
    /// The changes of what stands apart. Unit: t CO2e.
    pub apart: BTreeMap<Apart, f64>,
    /// The change of the inventory's own total. Unit: t CO2e.
    pub change: f64,
}

impl Drivers {
    /// The effects and what stands apart, added up. Unit: t CO2e.
    #[must_use]
    pub fn sum(&self) -> f64 {
        self.made.additive.iter().sum::<f64>() + self.apart.values().sum::<f64>()
    }

    /// What all of it leaves of the inventory's change: rounding only. Unit: t CO2e.
    #[must_use]
    pub fn residual(&self) -> f64 {
        self.change - self.sum()
    }
}

/// A year as the decomposition sees it.
#[derive(Debug, Clone, Copy)]
pub struct Year<'a> {
    /// Its emissions.
    pub emissions: &'a Emissions,
    /// Its position in the series of added value.
    pub at: usize,
    /// The inventory's total. Unit: t CO2e.
    pub total: f64,
}

/// Decomposes the change from one year to another.
///
/// # Errors
/// [`Refused`], where numbers cannot be held.
pub fn drivers(added: &AddedValue, from: Year, to: Year) -> Result<Drivers, Refused> {
    let all: BTreeSet<&(Arc<str>, CarrierId)> =
        from.emissions.by_energy.keys().chain(to.emissions.by_energy.keys()).collect();
    let amount =
        |year: &Year, key: &(Arc<str>, CarrierId)| year.emissions.by_energy.get(key).copied().unwrap_or_default();
    let value = |year: &Year, sector: &str| {
        added.sectors.get(sector).and_then(Option::as_ref).and_then(|v| v.get(year.at)).copied()
    };
    let mut apart: BTreeMap<Apart, f64> = BTreeMap::new();
    for (year, sign) in [(&from, -1.0), (&to, 1.0)] {
        for (&what, co2e) in &year.emissions.apart {
            *apart.entry(what).or_default() += sign * co2e;
        }
    }
    let (mut categories, mut left_out) = (Vec::new(), Vec::new());
    for key in all {
        let (a, b) = (amount(&from, key), amount(&to, key));
        let reason = [(&from, a), (&to, b)].into_iter().find_map(|(year, it)| why_apart(it, value(year, &key.0)));
        match reason {
            Some(reason) => {
                if a.co2 != 0.0 || b.co2 != 0.0 {
                    *apart.entry(reason).or_default() += b.co2 - a.co2;
                    left_out.push((key.0.clone(), key.1, reason));
                }
            }
            None => categories.push(key.clone()),
        }
    }
    let row = |year: &Year, key: &(Arc<str>, CarrierId)| -> [Option<f64>; 5] {
        let it = amount(year, key);
        let of_sector = categories.iter().filter(|c| c.0 == key.0).map(|c| amount(year, c).energy).sum();
        let (g, g_i) = (added.park[year.at], value(year, &key.0).unwrap_or_default());
        [Some(g), over(g_i, g), over(of_sector, g_i), over(it.energy, of_sector), over(it.co2, it.energy)]
    };
    let mut x = [Array2::zeros((categories.len(), 5)), Array2::zeros((categories.len(), 5))];
    for (i, key) in categories.iter().enumerate() {
        let (a, b) = (row(&from, key), row(&to, key));
        for k in 0..5 {
            // What is not known in both years belongs to a category that is empty in both.
            x[0][[i, k]] = a[k].or(b[k]).unwrap_or_default();
            x[1][[i, k]] = b[k].or(a[k]).unwrap_or_default();
        }
    }
    let made = decompose(x[0].view(), x[1].view())?;
    Ok(Drivers { categories, left_out, made, apart, change: to.total - from.total })
}

/// Why CO2 of energy cannot be written as a product of the five factors.
fn why_apart(it: Amount, added: Option<f64>) -> Option<Apart> {
    let is_there = it.energy != 0.0 || it.co2 != 0.0 || it.unknown;
    if it.unknown || it.energy < 0.0 || it.co2 < 0.0 || (it.co2 > 0.0 && it.energy == 0.0) {
        Some(Apart::NoEnergy)
    } else {
        match added {
            Some(g) if g > 0.0 || (g == 0.0 && !is_there) => None,
            _ => Some(Apart::NoAddedValue),
        }
    }
}

/// A quotient; none of nothing by nothing.
fn over(a: f64, b: f64) -> Option<f64> {
    (b != 0.0).then(|| a / b)
}
