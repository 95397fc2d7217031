//! How a method writes its lines: values looked up and chained, lines pushed with
//! their standing, problems named once.

use super::burnt::{is_replaced, report_unconfirmed, sets_with_gas};
use super::lookup::{Answer, Ask, Lookup};
use super::{Claims, Treatment};
use crate::diagnostic::{Diagnostic, Diagnostics, Origin, Problem, Words};
use crate::factors::{Confidence, FactorSet, Loser};
use crate::ledger::{Activity, CarbonOrigin, Ledger, Line, Source, Standing, Term, TermSource};
use crate::park::{CarrierId, Flow, Gas, Node, Park, ProcessId};
use crate::quantity::{Dimension, Period};
use foldhash::{HashMap, HashMapExt, HashSet, HashSetExt};

/// Words of a method, in English and Chinese.
pub(super) type Method = (&'static str, &'static str);

/// A park on its way to lines, with what the methods found.
pub(super) struct Book<'a, 'b> {
    pub(super) park: &'a Park,
    pub(super) sets: &'a [FactorSet],
    pub(super) claims: &'b Claims,
    pub(super) ledger: &'b mut Ledger,
    pub(super) treatment: &'b mut [Treatment],
    pub(super) found: &'b mut Diagnostics,
    /// Gases that a report replaces, by flow and the end that reports.
    reported: HashMap<(usize, ProcessId), Vec<Gas>>,
    /// Unconfirmed factors that were named already.
    pub(super) unconfirmed: HashSet<String>,
    /// Problems that were named already.
    named: HashSet<String>,
}

/// A line before it is in the ledger.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) activity: Activity,
    pub(super) process: ProcessId,
    pub(super) period: Period,
    pub(super) source: Source,
    pub(super) gas: Gas,
    pub(super) origin: CarbonOrigin,
    /// Signed, in the canonical unit of the activity.
    pub(super) quantity: f64,
    pub(super) chain: Chain,
    pub(super) variant: &'static str,
}

impl Entry {
    /// An entry of a flow in its own period.
    pub(super) fn of(
        flow: (usize, &Flow),
        process: ProcessId,
        source: Source,
        gas: Gas,
        quantity: f64,
        chain: Chain,
    ) -> Self {
        let ((i, flow), origin) = (flow, CarbonOrigin::Unstated);
        let (activity, period) = (Activity::Flow(i), flow.period);
        Self { activity, process, period, source, gas, origin, quantity, chain, variant: "" }
    }
}

/// Terms of a product, with the rows that lost on the way.
#[derive(Debug, Clone, Default)]
pub(super) struct Chain {
    pub(super) terms: Vec<Term>,
    pub(super) losers: Vec<Loser>,
}

impl Chain {
    /// A chain of one term.
    pub(super) fn of(term: Term) -> Self {
        Self { terms: vec![term], losers: Vec::new() }
    }

    /// The chain times an answer.
    pub(super) fn by(mut self, answer: Answer) -> Self {
        self.terms.push(answer.term);
        self.losers.extend(answer.losers);
        self
    }

    /// The chain times a term.
    pub(super) fn times(mut self, term: Term) -> Self {
        self.terms.push(term);
        self
    }

    /// The chain times another.
    pub(super) fn and(mut self, other: Self) -> Self {
        self.terms.extend(other.terms);
        self.losers.extend(other.losers);
        self
    }
}

/// A term that is true by definition.
pub(super) fn definition(name: (&'static str, &'static str), value: f64, printed: &str, says: &str) -> Term {
    Term { name, value, printed: printed.to_owned(), source: TermSource::Definition(says.to_owned()) }
}

/// One less a share, with the citation of the share.
pub(super) fn rest_of(share: Term, name: (&'static str, &'static str)) -> Term {
    Term { name, value: 1.0 - share.value, printed: format!("1 − {}", share.printed), source: share.source }
}

/// A question without a gas.
pub(super) fn ask(parameter: crate::factors::Parameter, carrier: Option<CarrierId>, dimension: Dimension) -> Ask {
    Ask { parameter, carrier, gas: None, dimension }
}

impl Lookup<'_> {
    /// The value for the carrier, else the one that names no carrier.
    pub(super) fn broad(&self, ask: Ask) -> Option<Answer> {
        self.find(ask).or_else(|| self.find(Ask { carrier: None, ..ask }))
    }

    /// The same, or the problem that it is missing.
    pub(super) fn need_broad(&self, ask: Ask, method: Method) -> Result<Answer, Box<Problem>> {
        self.broad(ask).map_or_else(|| self.need(ask, method), Ok)
    }
}

impl<'a, 'b> Book<'a, 'b> {
    pub(super) fn new(
        park: &'a Park,
        sets: &'a [FactorSet],
        claims: &'b Claims,
        ledger: &'b mut Ledger,
        treatment: &'b mut [Treatment],
        found: &'b mut Diagnostics,
    ) -> Self {
        let reported = replaced(park);
        let (unconfirmed, named) = (HashSet::new(), HashSet::new());
        Self { park, sets, claims, ledger, treatment, found, reported, unconfirmed, named }
    }

    /// Who answers for a process in a period.
    pub(super) fn lookup(&self, process: ProcessId, period: Period) -> Lookup<'a> {
        Lookup { park: self.park, sets: self.sets, process, period }
    }

    /// Puts a line into the ledger; a reported value of its flow and gas replaces it.
    pub(super) fn push(&mut self, entry: Entry) {
        let Entry { activity, process, period, source, gas, origin, quantity, chain, variant } = entry;
        let of_flow = match activity {
            Activity::Flow(i) => Some((i, process)),
            Activity::Reported(_) | Activity::Parameter(_) => None,
        };
        let standing = self.standing(of_flow, gas, origin);
        match activity {
            Activity::Flow(i) => {
                let replaced = standing == Standing::Replaced;
                self.treatment[i] = if replaced { Treatment::Replaced } else { Treatment::Counted };
                let flow = &self.park.flows[i];
                report_unconfirmed(self.park, flow, &chain.terms, self.found, &mut self.unconfirmed);
            }
            Activity::Parameter(i) => self.report_unconfirmed_of(self.park.parameters[i].row, &chain.terms),
            Activity::Reported(_) => {}
        }
        let coefficient = self.ledger.coefficient(chain.terms, origin, chain.losers);
        let at = (self.park.process(process).enterprise, process, period);
        let line = Line::direct(at, activity, source, gas);
        self.write(Line { origin, quantity, coefficient, standing, variant, ..line });
    }

    /// Puts a line into the ledger, its mass being quantity times coefficient.
    pub(super) fn write(&mut self, mut line: Line) {
        line.mass = self.ledger.mass(line.quantity, line.coefficient);
        self.ledger.lines.push(line);
    }

    /// How a line counts: replaced by a report on its flow, a memo if biogenic, else in full.
    pub(super) fn standing(&self, of_flow: Option<(usize, ProcessId)>, gas: Gas, origin: CarbonOrigin) -> Standing {
        let reported = of_flow.and_then(|key| self.reported.get(&key));
        match (is_replaced(reported, gas), gas, origin) {
            (true, ..) => Standing::Replaced,
            (false, Gas::Co2, CarbonOrigin::Biogenic) => Standing::Memo,
            _ => Standing::Counted,
        }
    }

    fn report_unconfirmed_of(&mut self, row: u32, terms: &[Term]) {
        for term in terms {
            if let TermSource::Factor { id, confidence: Confidence::Unconfirmed, .. } = &term.source
                && self.unconfirmed.insert(id.to_string())
            {
                let problem = Problem::Unconfirmed { id: id.to_string() };
                self.found.push(Diagnostic::new(problem, Origin::row("parameters.csv", row)));
            }
        }
    }

    /// A problem of a flow row, once for each text.
    pub(super) fn flow_problem(&mut self, flow: &Flow, column: &'static str, problem: Problem) {
        if self.named.insert(format!("{problem:?}")) {
            self.found.push(self.park.flow_problem(flow, column, problem));
        }
    }

    /// Says once what a flow lacks.
    pub(super) fn missing(&mut self, flow: &Flow, problem: Problem) {
        self.flow_problem(flow, "carrier", problem);
    }

    /// A problem of a row of `parameters.csv`, once for each text.
    pub(super) fn parameter_problem(&mut self, row: u32, problem: Problem) {
        if self.named.insert(format!("{problem:?}")) {
            self.found.push(Diagnostic::new(problem, Origin::row("parameters.csv", row)));
        }
    }

    /// Names a gas without a confirmed factor: a gap that the report shows.
    pub(super) fn not_estimated(&mut self, flow: &Flow, gas: Gas) {
        let others = sets_with_gas(self.park, &self.park.carrier(flow.carrier).label.id, gas);
        self.gap(flow, gas.label(), others);
    }

    /// Names a part of a gas that cannot be told, such as the CO2 of organic carbon.
    pub(super) fn part_not_estimated(&mut self, flow: &Flow, part: &str) {
        self.gap(flow, part.to_owned(), String::new());
    }

    /// Names a gas that is not estimated, and the sets that could tell.
    pub(super) fn gap(&mut self, flow: &Flow, gas: String, others: String) {
        let carrier = self.park.carrier(flow.carrier).thing();
        self.missing(flow, Problem::GasNotEstimated { gas, carrier, others });
    }

    /// Names a quantity that the method cannot use in its unit.
    pub(super) fn wrong_unit(&mut self, flow: &Flow, method: Method, range: &str) {
        let carrier = &self.park.carrier(flow.carrier).label;
        let problem = Problem::OutsideRange {
            method: Words::new(method.0, method.1),
            what: Words::new(format!("unit of '{}'", carrier.id), format!("“{}”的单位", carrier.id)),
            value: flow.printed.1.to_string(),
            range: range.to_owned(),
        };
        self.flow_problem(flow, "unit", problem);
    }

    /// The technique of a process outside a carbon balance; empty inside one.
    pub(super) fn technique(&self, process: ProcessId) -> &'a str {
        let process = self.park.process(process);
        if process.is_in_balance() { "" } else { &process.technique }
    }
}

/// Greenhouse gases that reports replace; pollutants have lines of their own. A flow between two processes may be computed at both
/// ends; a report speaks of the end that reports, the receiving one where both are its own.
fn replaced(park: &Park) -> HashMap<(usize, ProcessId), Vec<Gas>> {
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
