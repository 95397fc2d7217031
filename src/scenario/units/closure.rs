//! Balances of a recipe: every atom and every GJ that goes in comes out or is named as lost.

use super::stoichiometry::Elements;
use super::{Part, Recipe};
use crate::park::Gas;
use crate::quantity::Dimension;

/// What is balanced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Balanced {
    /// Carbon. Unit: t.
    Carbon,
    /// Sulfur. Unit: t.
    Sulfur,
    /// Calcium. Unit: t.
    Calcium,
    /// Energy that is converted, without what auxiliaries take. Unit: GJ.
    Energy,
}

/// What goes into a unit and comes out per activity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Closure {
    /// Of what.
    pub of: Balanced,
    /// What goes in, with what is removed from the gas.
    pub enters: f64,
    /// What comes out in products, by-products and emissions.
    pub leaves: f64,
}

impl Closure {
    /// What goes in and does not come out: of energy the loss, of atoms nothing.
    #[must_use]
    pub fn rest(&self) -> f64 {
        self.enters - self.leaves
    }

    /// Whether it closes: atoms to `relative` of what goes in, energy without a gain.
    #[must_use]
    pub fn closes(&self, relative: f64) -> bool {
        let slack = relative * self.enters.abs().max(self.leaves.abs());
        match self.of {
            Balanced::Energy => self.rest() >= -slack,
            _ => self.rest().abs() <= slack,
        }
    }
}

impl Recipe {
    /// Balances of carbon, sulfur and calcium, and of energy for units that convert it. What wastewater holds of carbon is
    /// not known by its COD: treatment has no balance of carbon. Sunlight and gas pressure are no carriers: what comes
    /// of them has none of energy.
    #[must_use]
    pub fn closures(&self) -> Vec<Closure> {
        let (mut enters, mut leaves) = (Elements::NONE, Elements::NONE);
        enters.add(self.removed);
        self.takes.iter().for_each(|s| enters.add(s.elements));
        self.gives.iter().for_each(|s| leaves.add(s.elements));
        self.emits.iter().for_each(|e| leaves.add(e.elements));
        let mut made = vec![
            Closure { of: Balanced::Sulfur, enters: enters.sulfur, leaves: leaves.sulfur },
            Closure { of: Balanced::Calcium, enters: enters.calcium, leaves: leaves.calcium },
        ];
        if self.removes.is_none_or(|(gas, _)| gas != Gas::Cod) {
            made.insert(0, Closure { of: Balanced::Carbon, enters: enters.carbon, leaves: leaves.carbon });
        }
        let energy = |s: &&super::Stream| s.dimension == Dimension::ENERGY;
        let fed = |s: &&super::Stream| energy(s) && s.part == Part::Feed;
        if self.takes.iter().any(|s| fed(&s)) && self.gives.iter().any(|s| energy(&s)) {
            let enters = self.takes.iter().filter(fed).map(|s| s.quantity).sum();
            let leaves = self.gives.iter().filter(energy).map(|s| s.quantity).sum();
            made.push(Closure { of: Balanced::Energy, enters, leaves });
        }
        made
    }
}
