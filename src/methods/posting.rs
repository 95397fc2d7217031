//! From the factors of a flow to its ledger lines: what the process methods share. Rows that are alike share the
//! parts from which their lines are made.

use super::Treatment;
use super::book::Book;
use super::burnt::report_unconfirmed;
use super::lookup::Answer;
use crate::factors::Loser;
use crate::ledger::{Activity, CarbonOrigin, CoefficientId, Line, Source, Standing, Term};
use crate::park::{CarrierId, Flow, Gas, ProcessId};
use crate::quantity::{Basis, Dimension, Period};

/// What decides the factors of a row.
pub(super) type Key = (CarrierId, ProcessId, Period, Dimension, Basis);

/// One line that each flow of a kind makes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part {
    gas: Gas,
    coefficient: CoefficientId,
    origin: CarbonOrigin,
    /// +1, or −1 for a deduction.
    sign: f64,
    source: Source,
    variant: &'static str,
    /// A memo of carbon that leaves the park in a product.
    exported: bool,
}

impl Part {
    /// The same line as a memo of carbon that leaves the park; none for biogenic carbon.
    pub(super) fn exported(self) -> Option<Self> {
        let fossil = self.origin != CarbonOrigin::Biogenic;
        fossil.then_some(Self { exported: true, sign: 1.0, variant: "exported", ..self })
    }

    /// The same line under another name, with another sign.
    pub(super) fn named(self, variant: &'static str, sign: f64) -> Self {
        Self { sign, variant, ..self }
    }
}

impl Book<'_, '_> {
    /// A line to be made, from its terms.
    pub(super) fn part(
        &mut self,
        (gas, source, variant): (Gas, Source, &'static str),
        sign: f64,
        terms: Vec<Term>,
        losers: Vec<Loser>,
        origin: CarbonOrigin,
    ) -> Part {
        let coefficient = self.ledger.coefficient(terms, origin, losers);
        Part { gas, coefficient, origin, sign, source, variant, exported: false }
    }

    /// Makes the lines of a flow at a process; `sign` is −1 where the flow itself is deducted.
    pub(super) fn post(&mut self, i: usize, process: ProcessId, sign: f64, parts: &[Part]) {
        let park = self.park;
        let flow = &park.flows[i];
        let Some(quantity) = flow.quantity else { return };
        let mut counted = false;
        for part in parts {
            let standing = if part.exported {
                Standing::Exported
            } else {
                self.standing(Some((i, process)), part.gas, part.origin)
            };
            counted |= standing != Standing::Replaced;
            let (coefficient, origin, variant) = (part.coefficient, part.origin, part.variant);
            report_unconfirmed(park, flow, &self.ledger.get(coefficient).terms, self.found, &mut self.unconfirmed);
            let quantity = sign * part.sign * quantity.value;
            let at = (park.process(process).enterprise, process, flow.period);
            let line = Line::direct(at, Activity::Flow(i), part.source, part.gas);
            self.write(Line { origin, quantity, coefficient, standing, variant, ..line });
        }
        if !parts.is_empty() {
            self.treatment[i] = if counted { Treatment::Counted } else { Treatment::Replaced };
        }
    }
}

/// The terms of several answers in order, with everything that lost.
pub(super) fn product(answers: impl IntoIterator<Item = Answer>) -> (Vec<Term>, Vec<Loser>) {
    let (mut terms, mut losers) = (Vec::new(), Vec::new());
    for answer in answers {
        terms.push(answer.term);
        losers.extend(answer.losers);
    }
    (terms, losers)
}

/// What decides the factors of a flow at a process.
pub(super) fn key(flow: &Flow, process: ProcessId) -> Option<Key> {
    flow.quantity.map(|q| (flow.carrier, process, flow.period, q.dimension, q.basis))
}
