//! Calcium that flows hold, for balances.

use super::desulfurization::{MOLAR, REAGENT, REAGENTS};
use super::lookup::{Ask, Lookup};
use crate::factors::FactorSet;
use crate::park::{Flow, Node, Parameter, Park, ProcessId, Use};
use crate::quantity::Dimension;

/// Molar mass of calcium (conventional atomic weight, IUPAC). Unit: g/mol.
pub const CALCIUM: f64 = 40.078;

/// Molar mass of `CaO`, from conventional atomic weights of IUPAC. Unit: g/mol.
pub const QUICKLIME: f64 = 56.077;

/// Calcium in `CaCO3`, by mass. Unit: 1.
pub const CALCIUM_IN_LIMESTONE: f64 = CALCIUM / MOLAR.limestone;

/// Calcium in `CaSO4·2H2O`, by mass. Unit: 1.
pub const CALCIUM_IN_GYPSUM: f64 = CALCIUM / MOLAR.gypsum;

/// Calcium of a flow into or out of `process`, as that or the process at its other end knows it; nothing where no content is
/// known, or no mass. What is assayed dry holds for moist goods by their `dry_matter`. Unit: t.
///
/// An assay by oxides (`cao`) counts all calcium; else it is that of the carbonate and of the gypsum. Where the gypsum of a
/// scrubber states no carbonate, the calcium in excess (`ca_s_ratio`) leaves in it.
#[must_use]
pub fn calcium(park: &Park, sets: &[FactorSet], process: ProcessId, flow: &Flow) -> Option<f64> {
    let quantity = flow.quantity.filter(|q| q.dimension == Dimension::MASS)?;
    let reagent = REAGENTS.iter().find(|r| r.carrier == &*park.carrier(flow.carrier).label.id);
    if reagent.is_some_and(|r| r.calcium == 0.0) {
        return Some(0.0);
    }
    let other = if flow.to == Node::Process(process) { flow.from } else { flow.to };
    let others = if let Node::Process(other) = other { Some(other) } else { None };
    let content = |process: ProcessId, stated: bool| {
        let lookup = Lookup { park, sets, process, period: flow.period };
        let ask = |parameter, carrier| Ask { parameter, carrier, gas: None, dimension: Dimension::NONE };
        let share = |parameter| {
            let ask = ask(parameter, Some(flow.carrier));
            // Factor sets speak of reagents apart.
            let as_reagent = || lookup.factor(ask, REAGENT).filter(|_| flow.usage == Use::Sorbent);
            let found = if stated { lookup.measured(ask) } else { as_reagent().or_else(|| lookup.find(ask)) };
            lookup.share_in(&found?, flow.carrier, quantity.basis)
        };
        if let Some(cao) = share(Parameter::Cao) {
            return Some(cao * CALCIUM / QUICKLIME);
        }
        // The carbonate of what is no reagent is limestone.
        let of_carbonate = reagent.map_or(CALCIUM_IN_LIMESTONE, |r| r.calcium * CALCIUM / r.molar_mass);
        let carbonate = share(Parameter::Carbonate).map(|share| share * of_carbonate);
        let gypsum = share(Parameter::Gypsum).map(|share| share * CALCIUM_IN_GYPSUM);
        let excess = || {
            let made = flow.from == Node::Process(process);
            let ratio = lookup.find(ask(Parameter::CalciumSulfur, None)).filter(|_| made).map(|a| a.term.value);
            ratio.filter(|ratio| *ratio >= 1.0).unwrap_or(1.0)
        };
        match (carbonate, gypsum) {
            (Some(carbonate), gypsum) => Some(carbonate + gypsum.unwrap_or_default()),
            (None, Some(gypsum)) => Some(gypsum * excess()),
            (None, None) => None,
        }
    };
    // What the park states goes before what a factor set says of the carrier.
    let of = |stated| std::iter::once(process).chain(others).find_map(|process| content(process, stated));
    Some(of(true).or_else(|| of(false))? * quantity.value)
}
