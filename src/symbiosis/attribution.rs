//! One saving of one exchange, to its donor and its receiver.
//!
//! The saving, in any one quantity (a gas, energy, water, cost) and its unit:
//!
//! `saving = r q e_virgin + q e_disposal − q d e_transport − induced`
//!
//! Who may claim it is a convention; three are shown side by side, and the two parts add up to the saving under each. A
//! park takes one rule for all its exchanges. What the parts are comes from the network solved again; where a displaced
//! product is made inside the park its drop is already in scope 1, so that its external part is 0.

/// What one exchange saves, part by part, in one quantity; parts that are spent are positive too.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Saving {
    /// The supply that the receiver is spared: `r q e_virgin`.
    pub displaced: f64,
    /// The disposal that the donor is spared: `q e_disposal`.
    pub disposal: f64,
    /// What carrying it costs: `q d e_transport`.
    pub transport: f64,
    /// What the exchange brings about in the donor's plants (steam taken off a turbine costs its power).
    pub induced_at_donor: f64,
    /// What it brings about in the receiver's plants.
    pub induced_at_receiver: f64,
}

impl Saving {
    /// The saving; negative where the exchange hurts.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.displaced + self.disposal - self.transport - self.induced_at_donor - self.induced_at_receiver
    }
}

/// A rule that shares a saving.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Rule {
    /// Recycled content: what leaves the donor's gate leaves free of burden. The donor has the disposal that it is spared,
    /// the receiver the supply that it is spared, less transport; each bears what is brought about in its
    /// own plants (methods note 16; in life-cycle assessment the cut-off rule of ISO 14044, 4.3.4.3 on reuse and recycling).
    CutOff,
    /// Half to each (M. Martin, N. Svensson and M. Eklund, "Who gets the benefits?", Journal of Cleaner Production 98
    /// (2015) 263–271, as quoted in methods note 16; the paper itself was not at hand).
    Half,
    /// The donor takes the credit for what it displaces, with all that this costs; the receiver goes on bearing what the
    /// virgin supply would have (methods note 16: end-of-life credit, substitution).
    Substitution,
}

impl Rule {
    /// Every rule, in the order in which they are shown.
    pub const ALL: [Self; 3] = [Self::CutOff, Self::Half, Self::Substitution];

    /// Its id in tables.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::CutOff => "cut_off",
            Self::Half => "half",
            Self::Substitution => "substitution",
        }
    }
}

/// The parts of a saving that its two sides may claim, in its unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Attribution {
    /// By which rule.
    pub rule: Rule,
    /// The donor's part.
    pub donor: f64,
    /// The receiver's part.
    pub receiver: f64,
}

/// The parts by one rule.
fn attribute(rule: Rule, saving: &Saving) -> Attribution {
    let total = saving.total();
    let (donor, receiver) = match rule {
        Rule::CutOff => (
            saving.disposal - saving.induced_at_donor,
            saving.displaced - saving.transport - saving.induced_at_receiver,
        ),
        Rule::Half => (0.5 * total, 0.5 * total),
        Rule::Substitution => (total, 0.0),
    };
    Attribution { rule, donor, receiver }
}

/// The parts by each rule, which add up to [`Saving::total`]; `None` if a part of the saving is infinite or no number.
#[must_use]
pub fn side_by_side(saving: &Saving) -> Option<[Attribution; 3]> {
    let made = Rule::ALL.map(|rule| attribute(rule, saving));
    made.iter().all(|a| a.donor.is_finite() && a.receiver.is_finite()).then_some(made)
}
