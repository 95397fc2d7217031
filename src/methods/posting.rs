//! From the factors of a flow to its ledger lines: what the process methods share.

use super::burnt::{is_replaced, report_unconfirmed, sets_with_gas};
use super::lookup::{Answer, Lookup};
use super::{Claims, Treatment};
use crate::diagnostic::{Diagnostics, Problem};
use crate::factors::{FactorSet, Loser};
use crate::ledger::{Activity, CarbonOrigin, CoefficientId, Ledger, Line, Source, Standing, Term, TermSource};
use crate::park::{CarrierId, Flow, Gas, Node, Park, ProcessId};
use crate::quantity::{Basis, Dimension, Period, significant};
use foldhash::{HashMap, HashMapExt, HashSet, HashSetExt};

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

/// The ledger that a method writes into, with all that it asks.
pub(super) struct Posting<'a, 'b> {
    pub(super) park: &'a Park,
    pub(super) sets: &'a [FactorSet],
    pub(super) claims: &'b Claims,
    pub(super) ledger: &'b mut Ledger,
    pub(super) treatment: &'b mut [Treatment],
    pub(super) found: &'b mut Diagnostics,
    /// Gases that a report replaces, by flow and the end that reports.
    replaced: HashMap<(usize, ProcessId), Vec<Gas>>,
    /// What has been named once.
    named: HashSet<String>,
}

impl<'a, 'b> Posting<'a, 'b> {
    pub(super) fn new(
        park: &'a Park,
        sets: &'a [FactorSet],
        claims: &'b Claims,
        ledger: &'b mut Ledger,
        treatment: &'b mut [Treatment],
        found: &'b mut Diagnostics,
    ) -> Self {
        let replaced = replaced(park);
        Self { park, sets, claims, ledger, treatment, found, replaced, named: HashSet::new() }
    }

    /// Values for a process in a period.
    pub(super) fn lookup(&self, process: ProcessId, period: Period) -> Lookup<'a> {
        Lookup { park: self.park, sets: self.sets, process, period }
    }

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
            let replaced = is_replaced(self.replaced.get(&(i, process)), part.gas);
            let standing = match (part.exported, replaced, part.gas, part.origin) {
                (true, ..) => Standing::Exported,
                (_, true, ..) => Standing::Replaced,
                (_, _, Gas::Co2, CarbonOrigin::Biogenic) => Standing::Memo,
                _ => Standing::Counted,
            };
            counted |= standing != Standing::Replaced;
            let (coefficient, origin, variant) = (part.coefficient, part.origin, part.variant);
            report_unconfirmed(park, flow, &self.ledger.get(coefficient).terms, self.found, &mut self.named);
            let quantity = sign * part.sign * quantity.value;
            let mass = self.ledger.mass(quantity, coefficient);
            let at = (park.process(process).enterprise, process, flow.period);
            let line = Line::direct(at, Activity::Flow(i), part.source, part.gas);
            self.ledger.lines.push(Line { origin, quantity, coefficient, mass, standing, variant, ..line });
        }
        if !parts.is_empty() {
            self.treatment[i] = if counted { Treatment::Counted } else { Treatment::Replaced };
        }
    }

    /// Says once what a flow lacks.
    pub(super) fn missing(&mut self, flow: &Flow, problem: Problem) {
        if self.named.insert(format!("{problem:?}")) {
            self.found.push(self.park.flow_problem(flow, "carrier", problem));
        }
    }

    /// Names a gas that has no confirmed factor, once for each carrier.
    pub(super) fn not_estimated(&mut self, flow: &Flow, gas: String) {
        let carrier = self.park.carrier(flow.carrier).thing();
        // A gas with more in its name, such as CO2 of the organic carbon, no row states.
        let known = Gas::ALL.iter().find(|g| g.label() == gas);
        let others = known.map(|g| sets_with_gas(self.park, &carrier.id, *g)).unwrap_or_default();
        self.missing(flow, Problem::GasNotEstimated { gas, carrier, others });
    }
}

/// A term that is true by definition.
pub(super) fn definition(name: (&'static str, &'static str), value: f64, printed: &str, why: &str) -> Term {
    let printed = if printed.is_empty() { significant(value, 6) } else { printed.to_owned() };
    Term { name, value, printed, source: TermSource::Definition(why.to_owned()) }
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

/// Greenhouse gases that reports replace; pollutants have lines of their own. A flow between two processes may be computed at both
/// ends; a report speaks of the end that reports, the receiving one where both are its own.
pub(super) fn replaced(park: &Park) -> HashMap<(usize, ProcessId), Vec<Gas>> {
    let mut gases: HashMap<_, Vec<Gas>> = HashMap::new();
    for reported in park.reported.iter().filter(|r| r.mass.is_some() && r.gas.in_co2e()) {
        let Some(i) = reported.replaces else { continue };
        let ends = [park.flows[i].to, park.flows[i].from];
        let mut ends = ends.into_iter().filter_map(|n| match n {
            Node::Process(p) => Some(p),
            Node::Outside(_) | Node::Stock(_) => None,
        });
        let end = if ends.clone().any(|p| p == reported.process) {
            Some(reported.process)
        } else {
            ends.find(|&p| park.process(p).enterprise == reported.enterprise)
        };
        if let Some(end) = end {
            gases.entry((i, end)).or_default().push(reported.gas);
        }
    }
    gases
}
