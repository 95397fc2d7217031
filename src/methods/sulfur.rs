//! Sulfur that flows hold, for balances.

use super::desulfurization::MOLAR;
use super::lookup::{Ask, Lookup};
use crate::factors::FactorSet;
use crate::park::{Flow, Node, Parameter, Park};
use crate::quantity::Dimension;

/// Molar mass of sulfur (conventional atomic weight, IUPAC). Unit: g/mol.
pub const SULFUR: f64 = 32.06;

/// Sulfur in SO2, by mass. Unit: 1.
pub const SULFUR_IN_SO2: f64 = SULFUR / MOLAR.so2;

/// Sulfur of each flow by mass whose content is known: stated as sulfur, or by the gypsum in it. Unit: t.
#[must_use]
pub fn sulfur(park: &Park, sets: &[FactorSet]) -> Vec<Option<f64>> {
    let of = |flow: &Flow| {
        let quantity = flow.quantity.filter(|q| q.dimension == Dimension::MASS)?;
        // The user knows what it burns, the maker what it gives.
        let ((Node::Process(process), _) | (_, Node::Process(process))) = (flow.to, flow.from) else { return None };
        let lookup = Lookup { park, sets, process, period: flow.period };
        let share = |parameter| {
            let ask = Ask { parameter, carrier: Some(flow.carrier), gas: None, dimension: Dimension::NONE };
            lookup.share_in(&lookup.find(ask)?, flow.carrier, quantity.basis)
        };
        let content = share(Parameter::Sulfur).or_else(|| Some(share(Parameter::Gypsum)? * SULFUR / MOLAR.gypsum))?;
        Some(content * quantity.value)
    };
    park.flows.iter().map(of).collect()
}
