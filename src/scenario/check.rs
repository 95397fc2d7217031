//! What the changes of a chain of scenarios meet in a park, and which meet nothing.
//!
//! Changes are judged in their order: what an earlier one adds (an exchange, a unit, a carrier in the place of another)
//! is there for the later ones, and only what was closed can be opened.

use super::actions::carrier_of;
use super::select::{matches, meets_enterprise, meets_process, meets_text};
use super::{Action, Change, FlowPattern, NewExchange, NewUnit, Scenario, Size, Target};
use crate::diagnostic::{Diagnostic, Diagnostics, Origin, Problem, Words};
use crate::factors::{FactorSet, builtin};
use crate::package::{Package, nearest_few};
use crate::park::{CarrierId, EnterpriseId, Label, Node, Outside, Park, ProcessId, Status, Stock};
use std::collections::{BTreeMap, BTreeSet};

/// Lines of the keys of a change, by the place of the change.
pub(super) type Lines = BTreeMap<Origin, BTreeMap<String, u32>>;

/// Ends and carrier of flows.
type Link = (Node, Node, CarrierId);

/// What a change of a scenario meets.
#[derive(Debug, Clone, PartialEq)]
pub struct Met {
    /// The name of the change.
    pub change: String,
    /// How many; `None` for what adds something new.
    pub count: Option<usize>,
    /// Of what.
    pub what: Words,
}

/// A change that was judged.
pub(super) struct Judged {
    pub(super) met: Met,
    pub(super) problems: Vec<Diagnostic>,
}

/// Judges a chain of scenarios, base first, against a park: ids that the park does not have, and patterns that meet
/// nothing in the year of the last scenario. Problems stand at the line of the change.
#[must_use]
pub fn check(chain: &[&Scenario], park: &Park) -> Diagnostics {
    let mut found = Diagnostics::default();
    let judged = Judge::new(park).run(chain, &Lines::new());
    judged.into_iter().flat_map(|j| j.problems).for_each(|problem| found.push(problem));
    found
}

/// What the changes of the last scenario of a chain meet in the park of a package, in the order of the file.
#[must_use]
pub fn met(chain: &[&Scenario], package: &Package) -> Vec<Met> {
    let own = chain.last().map_or(0, |s| s.changes.len());
    let mut all: Vec<Met> = Judge::of_package(package).run(chain, &Lines::new()).into_iter().map(|j| j.met).collect();
    all.split_off(all.len().saturating_sub(own))
}

/// The problem of a change whose pattern under `key` meets nothing among `what`.
#[must_use]
pub fn matches_nothing(change: &Change, key: &str, pattern: &str, what: Words) -> Diagnostic {
    let problem = Problem::ScenarioMatchesNothing { pattern: pattern.to_owned(), what };
    Diagnostic::new(problem, change.origin.clone().column(key)).found(format!("\"{pattern}\""))
}

/// The problem of a scenario that cannot be met in a year: `constraints` is a set that clashes and of which none can be
/// left out, each by its name and its limit in two languages. It stands at the number of the last change of the set; where
/// no change is in it, at the file.
#[must_use]
pub fn clash(scenario: &Scenario, change: Option<&Change>, year: u16, constraints: Vec<(String, Words)>) -> Diagnostic {
    let origin = match change {
        Some(change) => change.origin.clone().column(key_of(&change.action)),
        None => scenario.origin.clone().column("change"),
    };
    Diagnostic::new(Problem::ScenarioClash { year, constraints }, origin)
}

/// The key of a change that says how much.
fn key_of(action: &Action) -> &'static str {
    let of = |size: &Size| match size {
        Size::Share(_) => "share",
        Size::Quantity(_) => "quantity",
    };
    match action {
        Action::Exchange { to, .. } => of(to),
        Action::Limit { most, .. } => of(most),
        Action::AddExchange(_) => "quantity",
        Action::Substitute { .. } => "share",
        Action::Unit(_) => "unit",
        Action::Close { .. } | Action::Open { .. } => "of",
        Action::Coefficient { .. }
        | Action::Efficiency { .. }
        | Action::Demand { .. }
        | Action::Factor { .. }
        | Action::Price { .. } => "times",
    }
}

/// The year that a chain of scenarios changes: of the last that states one, else the last of the park.
#[must_use]
pub fn year_of(chain: &[&Scenario], park: &Park) -> Option<u16> {
    chain.iter().rev().find_map(|s| s.year).or_else(|| park.years().last().copied())
}

/// A park to judge scenarios against.
pub(super) struct Judge<'a> {
    pub(super) park: &'a Park,
    /// Links of each year.
    links: BTreeMap<u16, BTreeSet<Link>>,
    /// Ids of factors; `None` where they are not known.
    factors: Option<BTreeSet<&'a str>>,
}

/// What earlier changes did.
#[derive(Default)]
struct State {
    /// Ids of ends and carrier of flows that were added.
    flows: BTreeSet<[String; 3]>,
    /// Exchanges that were added.
    exchanges: Vec<[String; 3]>,
    /// Units that were added.
    units: BTreeSet<String>,
    /// Processes that were closed.
    closed: BTreeSet<ProcessId>,
}

/// What one change meets, while it is judged.
struct Look {
    count: Option<usize>,
    what: Words,
    problems: Vec<(&'static str, String, Problem)>,
}

impl Look {
    fn new(what: Words) -> Self {
        Self { count: None, what, problems: Vec::new() }
    }

    fn add(&mut self, key: &'static str, text: &str, problem: Option<Problem>) {
        self.problems.extend(problem.map(|p| (key, text.to_owned(), p)));
    }

    /// Sets how many there are; none is a problem, unless a wrong id tells it already.
    fn count(&mut self, key: &'static str, pattern: &str, count: usize) {
        self.count = Some(count);
        if count == 0 && self.problems.is_empty() {
            let problem = Problem::ScenarioMatchesNothing { pattern: pattern.to_owned(), what: self.what.clone() };
            self.add(key, pattern, Some(problem));
        }
    }
}

fn members() -> Words {
    Words::new("enterprise or process", "企业或工序")
}

fn carriers() -> Words {
    Words::new("carrier", "载体")
}

fn factors() -> Words {
    Words::new("factor in the factor sets", "所列因子集中的因子")
}

fn is_literal(pattern: &str) -> bool {
    !pattern.contains('*')
}

impl<'a> Judge<'a> {
    /// A park without its factors.
    pub(super) fn new(park: &'a Park) -> Self {
        let mut links: BTreeMap<u16, BTreeSet<Link>> = BTreeMap::new();
        for flow in &park.flows {
            links.entry(flow.period.year).or_default().insert((flow.from, flow.to, flow.carrier));
        }
        Self { park, links, factors: None }
    }

    /// The park of a package with the factors of its sets.
    pub(super) fn of_package(package: &'a Package) -> Self {
        let own = |id: &str| package.own_sets.iter().find(|s| *s.id == *id);
        let sets = package.park.settings.factor_sets.iter().filter_map(|id| own(id).or_else(|| builtin(id)));
        let ids = sets.flat_map(|set: &FactorSet| set.factors.iter().map(|f| &*f.id));
        Self { factors: Some(ids.collect()), ..Self::new(&package.park) }
    }

    /// Judges all changes of a chain.
    pub(super) fn run(&self, chain: &[&Scenario], lines: &Lines) -> Vec<Judged> {
        let year = year_of(chain, self.park).unwrap_or_default();
        let none = BTreeSet::new();
        let links = self.links.get(&year).unwrap_or(&none);
        let mut state = State::default();
        let mut judged = Vec::new();
        for change in chain.iter().flat_map(|s| &s.changes) {
            let look = self.look(&change.action, &mut state, year, links);
            let place = |key: &str| {
                let row = lines.get(&change.origin).and_then(|l| l.get(key)).copied().or(change.origin.row);
                Origin { row, ..change.origin.clone() }.column(key)
            };
            let problems = look.problems.into_iter();
            judged.push(Judged {
                met: Met { change: change.name.clone(), count: look.count, what: look.what },
                problems: problems.map(|(k, t, p)| Diagnostic::new(p, place(k)).found(format!("\"{t}\""))).collect(),
            });
        }
        judged
    }

    fn look(&self, action: &Action, state: &mut State, year: u16, links: &BTreeSet<Link>) -> Look {
        let flows = || Words::new(format!("flow of {year}"), format!(" {year} 年的流量"));
        match action {
            Action::Exchange { of, to, .. } => self.exchanges(of, *to, state, links),
            Action::AddExchange(new) => self.new_exchange(new, state),
            Action::Substitute { of, carrier, source, .. } => {
                let mut look = Look::new(flows());
                look.add("carrier", carrier, self.wrong_carrier(carrier));
                if let Some(source) = source {
                    look.add("source", source, self.wrong_end(source, state));
                }
                self.flows(&mut look, of, state, links);
                self.add_carrier(of, carrier, source.as_deref(), state, links);
                look
            }
            Action::Coefficient { of, .. }
            | Action::Limit { of, .. }
            | Action::Demand { of: Target::Flows(of), .. } => {
                let mut look = Look::new(flows());
                self.flows(&mut look, of, state, links);
                look
            }
            Action::Efficiency { of, .. } | Action::Demand { of: Target::Processes(of), .. } => {
                self.processes(of, state).0
            }
            Action::Close { of } => {
                let (look, processes) = self.processes(of, state);
                state.closed.extend(processes);
                look
            }
            Action::Open { of } => {
                let (mut look, processes) = self.processes(of, state);
                if look.problems.is_empty() {
                    look.what = Words::new("process that an earlier change closes", "被前面的变更停产的工序");
                    let opened = processes.iter().filter(|p| state.closed.remove(p)).count();
                    look.count("of", of, opened);
                }
                look
            }
            Action::Unit(unit) => self.new_unit(unit, state),
            Action::Factor { of, .. } => self.factors(of),
            Action::Price { of, .. } => {
                let mut look = Look::new(carriers());
                look.add("of", of, self.wrong_carrier(of));
                let count = self.park.carriers.iter().filter(|c| matches(of, &c.label.id)).count();
                look.count("of", of, count);
                look
            }
        }
    }

    /// An `exchange`: rows of `exchanges.csv`, exchanges that were added, else flows between two enterprises.
    fn exchanges(&self, of: &FlowPattern, to: Size, state: &mut State, links: &BTreeSet<Link>) -> Look {
        let park = self.park;
        let mut look = Look::new(Words::new(
            "exchange of exchanges.csv or flow between two enterprises",
            "exchanges.csv 中的交换或两企业之间的流量",
        ));
        self.wrong_pattern(&mut look, of, state);
        let meets = |pattern: &str, end: EnterpriseId| meets_enterprise(pattern, park, end);
        let rows = park
            .exchanges
            .iter()
            .filter(|x| of.is_of(park, x.carrier) && meets(&of.from, x.from) && meets(&of.to, x.to));
        let mut count = state.exchanges.iter().filter(|[from, to, c]| of.is_met_by_ids(from, to, c)).count();
        for row in rows {
            count += 1;
            // A candidate that is taken up flows.
            if row.status == Status::Candidate && to != Size::Share(0.0) {
                let ends = [&park.enterprise(row.from).label, &park.enterprise(row.to).label];
                let label = |l: &Label| l.id.to_string();
                state.flows.insert([label(ends[0]), label(ends[1]), label(&park.carrier(row.carrier).label)]);
            }
        }
        if count > 0 {
            look.what = Words::new("exchange", "交换");
        } else {
            let between =
                |from: Node, to: Node| matches!((park.owner(from), park.owner(to)), (Some(a), Some(b)) if a != b);
            count = links.iter().filter(|&&(a, b, c)| between(a, b) && of.is_met(park, a, b, c)).count();
            if count > 0 {
                look.what = Words::new("flow between two enterprises", "两企业之间的流量");
            }
        }
        look.count("of", &of.to_string(), count);
        look
    }

    fn new_exchange(&self, new: &NewExchange, state: &mut State) -> Look {
        let mut look = Look::new(Words::new("new exchange", "新交换"));
        look.add("from", &new.from, self.wrong_member(&new.from, state));
        look.add("to", &new.to, self.wrong_member(&new.to, state));
        look.add("carrier", &new.carrier, self.wrong_carrier(&new.carrier));
        if let Some(displaced) = &new.displaces {
            look.add("displaces", displaced, self.wrong_carrier(displaced));
        }
        let owner = |id: &str| id.split('/').next().unwrap_or_default().to_owned();
        if owner(&new.from) == owner(&new.to) {
            look.add("to", &new.to, Some(Problem::SelfExchange { id: owner(&new.to) }));
        }
        let link = [&new.from, &new.to, &new.carrier].map(Clone::clone);
        state.exchanges.push(link.clone());
        state.flows.insert(link);
        look
    }

    fn new_unit(&self, unit: &NewUnit, state: &mut State) -> Look {
        let mut look = Look::new(Words::new("new unit", "新装置"));
        look.add("at", &unit.at, self.wrong_member(&unit.at, state));
        if !state.units.insert(unit.id.clone()) {
            let expected = Words::new("an id that no earlier change gives to a unit", "前面的变更尚未用于装置的编号");
            let found = format!("\"{}\"", unit.id);
            look.add("id", &unit.id, Some(Problem::ScenarioValue { key: "id".to_owned(), found, expected }));
        }
        look
    }

    /// Flows of the year that a pattern meets, with those that were added.
    fn flows(&self, look: &mut Look, of: &FlowPattern, state: &State, links: &BTreeSet<Link>) {
        self.wrong_pattern(look, of, state);
        let stated = links.iter().filter(|&&(a, b, c)| of.is_met(self.park, a, b, c)).count();
        let added = state.flows.iter().filter(|[from, to, c]| of.is_met_by_ids(from, to, c)).count();
        // What flows to and from a new unit is known to its model only.
        let at_unit = [&of.from, &of.to].into_iter().any(|end| {
            state.units.iter().any(|u| matches(end, u))
                && !self.park.processes.iter().any(|p| meets_text(end, &p.label.id))
        });
        if at_unit && stated + added == 0 {
            return;
        }
        look.count("of", &of.to_string(), stated + added);
    }

    /// The flows that a substitution adds.
    fn add_carrier(
        &self,
        of: &FlowPattern,
        carrier: &str,
        source: Option<&str>,
        state: &mut State,
        links: &BTreeSet<Link>,
    ) {
        let stated = links.iter().filter(|&&(a, b, c)| of.is_met(self.park, a, b, c));
        let mut ends: BTreeSet<(String, String)> =
            stated.map(|&(a, b, _)| (self.park.node_text(a), self.park.node_text(b))).collect();
        let added = state.flows.iter().filter(|[from, to, c]| of.is_met_by_ids(from, to, c));
        ends.extend(added.map(|[from, to, _]| (from.clone(), to.clone())));
        let flow = |(from, to): (String, String)| [source.map_or(from, str::to_owned), to, carrier.to_owned()];
        state.flows.extend(ends.into_iter().map(flow));
    }

    /// Processes and new units that a pattern meets.
    fn processes(&self, of: &str, state: &State) -> (Look, Vec<ProcessId>) {
        let mut look = Look::new(members());
        look.add("of", of, self.wrong_member(of, state));
        let all = (0..self.park.processes.len()).map(ProcessId::new);
        let processes: Vec<ProcessId> = all.filter(|&p| meets_process(of, self.park, p)).collect();
        let units = state.units.iter().filter(|u| meets_text(of, u)).count();
        // An enterprise that only reports emissions has no process to count.
        let enterprises = self.park.enterprises.iter().filter(|e| matches(of, &e.label.id)).count();
        look.count("of", of, if processes.is_empty() && units == 0 { enterprises } else { processes.len() + units });
        (look, processes)
    }

    fn factors(&self, of: &str) -> Look {
        let mut look = Look::new(factors());
        let Some(ids) = &self.factors else { return look };
        if is_literal(of) && !ids.contains(of) {
            look.add("of", of, Some(unknown(of, factors(), &nearest_few(of, ids.iter().copied()))));
        }
        look.count("of", of, ids.iter().filter(|id| matches(of, id)).count());
        look
    }

    /// Ids of a flow pattern that are nothing of the park.
    fn wrong_pattern(&self, look: &mut Look, of: &FlowPattern, state: &State) {
        let text = of.to_string();
        for end in [&of.from, &of.to] {
            look.add("of", &text, self.wrong_end(end, state));
        }
        look.add("of", &text, self.wrong_carrier(&of.carrier));
    }

    fn wrong_carrier(&self, id: &str) -> Option<Problem> {
        if !is_literal(id) || carrier_of(self.park, id).is_some() {
            return None;
        }
        let labels = || self.park.carriers.iter().map(|c| &c.label);
        Some(unknown(id, carriers(), &likely(id, labels(), Vec::new())))
    }

    /// An id that is no enterprise, process or new unit.
    fn wrong_member(&self, id: &str, state: &State) -> Option<Problem> {
        if !is_literal(id) || self.is_member(id, state) {
            return None;
        }
        let others = state.units.iter().map(String::as_str).collect();
        Some(unknown(id, members(), &likely(id, self.labels(), others)))
    }

    /// An id that is no end of flows.
    fn wrong_end(&self, id: &str, state: &State) -> Option<Problem> {
        let beyond = || {
            let outside = Outside::IDS.iter().map(|o| format!("outside:{o}"));
            outside.chain(Stock::IDS.iter().map(|s| format!("stock:{s}")))
        };
        if !is_literal(id) || self.is_member(id, state) || beyond().any(|b| b == id) {
            return None;
        }
        let beyond: Vec<String> = beyond().collect();
        let others = state.units.iter().chain(&beyond).map(String::as_str).collect();
        let what = Words::new("enterprise, process, outside node or stock", "企业、工序、园外节点或库存");
        Some(unknown(id, what, &likely(id, self.labels(), others)))
    }

    fn is_member(&self, id: &str, state: &State) -> bool {
        state.units.contains(id) || self.labels().any(|l| *l.id == *id)
    }

    /// Enterprises and processes.
    fn labels(&self) -> impl Iterator<Item = &'a Label> + Clone {
        let enterprises = self.park.enterprises.iter().map(|e| &e.label);
        enterprises.chain(self.park.processes.iter().map(|p| &p.label))
    }
}

/// The problem of an id that is nothing of the park.
fn unknown(id: &str, what: Words, likely: &[&str]) -> Problem {
    Problem::ScenarioUnknownId { id: id.to_owned(), what, nearest: likely.join(", ") }
}

/// The ids that are likely meant: of what bears the text as its name, else the nearest.
fn likely<'t>(text: &str, labels: impl Iterator<Item = &'t Label> + Clone, others: Vec<&'t str>) -> Vec<&'t str> {
    let named = labels.clone().filter(|l| *l.name_en == *text || *l.name_zh == *text);
    let named: Vec<&str> = named.map(|l| &*l.id).collect();
    if named.is_empty() { nearest_few(text, labels.map(|l| &*l.id).chain(others)) } else { named }
}
