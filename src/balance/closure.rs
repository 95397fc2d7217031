//! What does not close, by how much, and in units of its uncertainty.

use super::assembly::{Assembly, Assumed, Equation, Thing, Untested, units};
use super::levels::{When, parts};
use crate::diagnostic::Words;
use crate::factors::{CarbonRatio, FactorSet};
use crate::ledger::{Activity, Ledger, Standing};
use crate::methods::calcium::calcium;
use crate::methods::pollutants::SO2_PER_SULFUR;
use crate::methods::sulfur::{SULFUR_IN_SO2, sulfur};
use crate::park::{CarrierId, CarrierKind, EnterpriseId, Flow, Gas, Node, Notation, Park, ProcessId};
use crate::quantity::{Basis, Dimension, Period, Quantity, Z95};
use std::collections::{BTreeMap, BTreeSet};

/// Where something is conserved.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// One process.
    Process(ProcessId),
    /// The processes of an enterprise that share a carbon balance, by its name.
    Envelope(EnterpriseId, String),
    /// An enterprise.
    Enterprise(EnterpriseId),
    /// Two meters of one flow: sender and receiver.
    Meters(Node, Node),
}

impl Place {
    /// The place as people write it.
    #[must_use]
    pub fn text(&self, park: &Park) -> String {
        match self {
            Self::Process(process) => park.process(*process).label.id.to_string(),
            Self::Envelope(enterprise, name) => format!("{} balance:{name}", park.enterprise(*enterprise).label.id),
            Self::Enterprise(enterprise) => park.enterprise(*enterprise).label.id.to_string(),
            Self::Meters(from, to) => format!("{} → {}", park.node_text(*from), park.node_text(*to)),
        }
    }
}

impl Thing {
    /// What it is, in both languages.
    #[must_use]
    pub fn words(self, park: &Park) -> Words {
        match self {
            Self::Carrier(carrier) => {
                let label = &park.carrier(carrier).label;
                Words::new(&*label.id, &*label.name_zh)
            }
            Self::Steam => Words::new("steam", "蒸汽"),
            Self::Energy => Words::new("energy", "能量"),
            Self::Water => Words::new("water", "水"),
            Self::Carbon => Words::new("carbon", "碳"),
            Self::Sulfur => Words::new("sulfur", "硫"),
            Self::Calcium => Words::new("calcium", "钙"),
        }
    }
}

/// A balance as the readings leave it.
#[derive(Debug, Clone, PartialEq)]
pub struct Closure {
    /// When.
    pub period: Period,
    /// Where.
    pub place: Place,
    /// Of what.
    pub thing: Thing,
    /// What it is measured in.
    pub dimension: Dimension,
    /// What comes in, in the canonical unit.
    pub inflow: f64,
    /// What goes out.
    pub outflow: f64,
    /// Standard deviation of their difference.
    pub sd: f64,
    /// Whether the difference is itself booked as an emission: then it tests nothing.
    pub booked: bool,
}

impl Closure {
    /// What comes in and does not go out.
    #[must_use]
    pub fn residual(&self) -> f64 {
        self.inflow - self.outflow
    }

    /// The residual in standard deviations; nothing where everything is exact.
    #[must_use]
    pub fn sigmas(&self) -> Option<f64> {
        (self.sd > 0.0).then(|| self.residual() / self.sd)
    }

    /// Whether it is open by more than so many standard deviations; exact values by more than rounding.
    #[must_use]
    pub fn is_beyond(&self, limit: f64) -> bool {
        let rounding = 1e-9 * (self.inflow + self.outflow);
        self.sigmas().map_or(self.residual().abs() > rounding, |sigmas| sigmas.abs() > limit)
    }
}

/// Sums of what comes in and goes out, and the error of the difference by its sources: what hangs on one source adds up before it is
/// squared.
#[derive(Debug, Clone)]
struct Sums<Source> {
    inflow: f64,
    outflow: f64,
    errors: BTreeMap<Source, f64>,
}

impl<Source> Default for Sums<Source> {
    fn default() -> Self {
        Self { inflow: 0.0, outflow: 0.0, errors: BTreeMap::new() }
    }
}

impl<Source: Ord> Sums<Source> {
    /// Adds an amount, negative where it goes out, with its standard deviations.
    fn add(&mut self, amount: f64, errors: impl IntoIterator<Item = (Source, f64)>) {
        if amount > 0.0 {
            self.inflow += amount;
        } else {
            self.outflow -= amount;
        }
        for (source, sd) in errors {
            *self.errors.entry(source).or_default() += sd;
        }
    }

    fn closure(self, period: Period, place: Place, thing: Thing) -> Closure {
        let Self { inflow, outflow, errors } = self;
        let dimension = if thing == Thing::Energy { Dimension::ENERGY } else { Dimension::MASS };
        let sd = errors.values().map(|sd| sd * sd).sum::<f64>().sqrt();
        Closure { period, place, thing, dimension, inflow, outflow, sd, booked: false }
    }
}

/// A balance of a process by its readings; nothing where a flow is unmeasured.
pub(super) fn of_equation(assembly: &Assembly, equation: &Equation) -> Option<Closure> {
    let mut sums = Sums::default();
    for &(variable, a) in &equation.terms {
        let (value, errors) = assembly.reading(variable)?;
        sums.add(a * value, errors.into_iter().map(|(source, sd)| (source, a * sd)));
    }
    let made = sums.closure(equation.period, Place::Process(equation.process), equation.thing);
    // A pool of a gas, or of power, is measured as its flows are.
    let first = equation.terms.first().map(|term| assembly.variables[term.0 as usize].dimension);
    Some(match (equation.thing, first) {
        (Thing::Carrier(_), Some(dimension)) => Closure { dimension, ..made },
        _ => made,
    })
}

/// Flows that two parties read: what the first says, and what the next.
pub(super) fn of_readings<'a>(park: &'a Park, assembly: &'a Assembly) -> impl Iterator<Item = Closure> + 'a {
    assembly.readings.windows(2).filter(|pair| pair[0].1 == pair[1].1).filter_map(move |pair| {
        let variable = |k: usize| &assembly.variables[pair[k].0 as usize];
        let flow = &park.flows[variable(0).flow];
        let mut sums = Sums::default();
        for (k, sign) in [(0, 1.0), (1, -1.0)] {
            let (value, errors) = assembly.reading(pair[k].0)?;
            sums.add(sign * value, errors.into_iter().map(|(source, sd)| (source, sign * sd)));
        }
        let made = sums.closure(flow.period, Place::Meters(flow.from, flow.to), Thing::Carrier(flow.carrier));
        Some(Closure { dimension: variable(0).dimension, ..made })
    })
}

/// The standard deviation of a flow row in parts of its value, stated or assumed.
fn relative(park: &Park, row: usize, assumed: Assumed) -> f64 {
    let flow = &park.flows[row];
    let value = flow.quantity.map_or(0.0, |q| q.value.abs());
    if value > 0.0 { assumed.deviation(flow, value).0 / value } else { 0.0 }
}

/// What the error of a row comes from: its group, else the row itself.
fn source(park: &Park, row: usize) -> (Option<&str>, usize) {
    let group = park.flows[row].group.as_deref();
    (group, if group.is_some() { 0 } else { row })
}

/// Carbon of each envelope, as the ledger accounts it. Unit: t. What does not come out is booked as an emission.
pub(super) fn of_envelopes(park: &Park, ledger: &Ledger, assumed: Assumed) -> Vec<Closure> {
    // Back to carbon; that of a set of its own ratio is off by under a thousandth, in and out alike.
    let ratio = CarbonRatio::compliance().value;
    let mut all: BTreeMap<(EnterpriseId, String, Period), Sums<_>> = BTreeMap::new();
    for line in ledger.lines.iter().filter(|line| matches!(line.variant, "balance_in" | "balance_out")) {
        let (Activity::Flow(row), Some(name)) =
            (line.activity, park.process(line.process).accounting.strip_prefix("balance:"))
        else {
            continue;
        };
        let amount = line.mass / ratio;
        let sums = all.entry((line.enterprise, name.to_owned(), line.period)).or_default();
        sums.add(amount, [(source(park, row), amount * relative(park, row, assumed))]);
    }
    let closure = |((enterprise, name, period), sums): ((EnterpriseId, String, Period), Sums<_>)| {
        let place = Place::Envelope(enterprise, name);
        Closure { booked: true, ..sums.closure(period, place, Thing::Carbon) }
    };
    all.into_iter().map(closure).collect()
}

/// A part of the sulfur of an enterprise. Unit: t.
#[derive(Debug, Clone, Copy)]
struct SulfurTerm {
    /// The row that it hangs on, if on any.
    row: Option<usize>,
    /// What comes in, negative where it leaves; none where the row is unmeasured.
    amount: Option<f64>,
    /// Whether something but fuel leaves.
    given: bool,
    /// Whether it goes up a stack: less of that, for what is not burnt but kept, is nothing that comes in.
    stack: bool,
}

/// The sulfur that comes into each enterprise and leaves it, by year: flows, and the SO2 of the ledger.
fn sulfur_terms(
    park: &Park,
    sets: &[FactorSet],
    ledger: &Ledger,
) -> BTreeMap<(EnterpriseId, u16), Vec<(When, SulfurTerm)>> {
    let content = sulfur(park, sets);
    // What an unmeasured row would hold tells whether it matters.
    let unmeasured = |flow: &Flow| {
        flow.quantity.is_none()
            && !matches!(flow.notation, Some(Notation::NotOccurring | Notation::IncludedElsewhere(_)))
    };
    let unit = if park.flows.iter().any(unmeasured) { sulfur(&units(park), sets) } else { Vec::new() };
    let mut all: BTreeMap<(EnterpriseId, u16), Vec<(When, SulfurTerm)>> = BTreeMap::new();
    let lines = || ledger.lines.iter().filter(|line| line.gas == Gas::So2 && line.standing == Standing::Counted);
    let by_fuel: BTreeSet<(EnterpriseId, CarrierId, u16)> = lines()
        .filter_map(|line| match line.activity {
            Activity::Flow(row) => Some((line.enterprise, park.flows[row].carrier, line.period.year)),
            Activity::Reported(_) | Activity::Parameter(_) => None,
        })
        .collect();
    for (row, flow) in park.flows.iter().enumerate() {
        let amount = content[row];
        let holds = unmeasured(flow) && unit[row].is_some_and(|held| held > 0.0);
        let (from, to) = (park.owner(flow.from), park.owner(flow.to));
        if from == to || (amount.is_none() && !holds) {
            continue;
        }
        let burnt = park.carrier(flow.carrier).kind.is_fuel();
        let lone = park.observations.is_lone_level(row);
        let mut add = |enterprise, amount, given| {
            let year = flow.period.year;
            // The SO2 of a fuel whose level one row alone states has no line: it is that of the year, not of a month.
            let (when, term) = if lone && by_fuel.contains(&(enterprise, flow.carrier, year)) {
                let nothing = SulfurTerm { row: None, amount: Some(0.0), given: false, stack: false };
                (When::within(Period::year(year)), nothing)
            } else {
                (When::of(flow), SulfurTerm { row: Some(row), amount, given, stack: false })
            };
            all.entry((enterprise, year)).or_default().push((when, term));
        };
        if let Some(enterprise) = to.filter(|_| burnt && park.observations.reads_for_buyer(row)) {
            add(enterprise, amount, false);
        }
        if let Some(enterprise) = from.filter(|_| park.observations.reads_for_seller(row)) {
            add(enterprise, amount.map(|a| -a), !burnt && !matches!(flow.to, Node::Stock(_)));
        }
    }
    for line in lines() {
        let Some(of) = all.get_mut(&(line.enterprise, line.period.year)) else { continue };
        let (row, when, sulfur) = match line.activity {
            // What a fuel gives off hangs on the same meter as the sulfur in it, and goes back to sulfur as it came from it.
            Activity::Flow(row) => (Some(row), When::of(&park.flows[row]), 1.0 / SO2_PER_SULFUR),
            Activity::Reported(_) | Activity::Parameter(_) => (None, When::within(line.period), SULFUR_IN_SO2),
        };
        let amount = Some(-line.mass * sulfur);
        of.push((when, SulfurTerm { row, amount, given: false, stack: true }));
    }
    all
}

/// Sulfur of each enterprise that burns some and gives some away in ash, gypsum or the like: what leaves by the stack is the
/// SO2 of the ledger. By months, or by the year where a part is known by the year only or no row states a level of a stock between
/// two months; where a row is unmeasured there is no balance. Unit: t.
pub(super) fn of_sulfur(park: &Park, sets: &[FactorSet], ledger: &Ledger, assumed: Assumed) -> Vec<Closure> {
    let mut closures = Vec::new();
    for ((enterprise, year), terms) in sulfur_terms(park, sets, ledger) {
        for (period, terms) in parts(park, Period::year(year), &terms).0 {
            let amounts = terms.iter().map(|(term, other)| term.amount.map(|a| if *other { -a } else { a }));
            let Some(amounts) = amounts.collect::<Option<Vec<f64>>>() else { continue };
            let (mut inflow, mut outflow, mut other) = (0.0, 0.0, 0.0);
            // For each row what it brings less what it takes.
            let mut net: BTreeMap<usize, f64> = BTreeMap::new();
            for ((term, _), amount) in terms.iter().zip(amounts) {
                if amount > 0.0 && !term.stack {
                    inflow += amount;
                } else {
                    outflow -= amount;
                }
                match term.row {
                    Some(row) => *net.entry(row).or_default() += amount,
                    None => other = libm::hypot(other, amount * assumed.measured / Z95),
                }
            }
            if inflow == 0.0 || !terms.iter().any(|(term, _)| term.given) {
                continue;
            }
            let mut sums = Sums { inflow, outflow, ..Sums::default() };
            sums.add(0.0, net.iter().map(|(&row, net)| (source(park, row), net * relative(park, row, assumed))));
            sums.add(0.0, [((None, usize::MAX), other)]);
            closures.push(sums.closure(period, Place::Enterprise(enterprise), Thing::Sulfur));
        }
    }
    closures
}

/// What is known of the calcium in a row.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Content {
    /// The amount. Unit: t.
    Known(f64),
    /// There is some, but the row is unmeasured.
    Unmeasured,
    /// The material says nothing of it.
    Unknown,
}

impl Content {
    fn of(park: &Park, sets: &[FactorSet], process: ProcessId, flow: &Flow) -> Self {
        if flow.quantity.is_some() {
            return calcium(park, sets, process, flow).map_or(Self::Unknown, Self::Known);
        }
        let quantity = Quantity { value: 1.0, dimension: Dimension::MASS, basis: Basis::default() };
        match calcium(park, sets, process, &Flow { quantity: Some(quantity), ..flow.clone() }) {
            Some(held) if held > 0.0 => Self::Unmeasured,
            Some(_) => Self::Known(0.0),
            None => Self::Unknown,
        }
    }
}

/// A row of a process: which, whether it leaves, and its calcium.
type CalciumRow = (usize, bool, Content);

/// Whether calcium comes in and goes out.
fn passes(rows: &[CalciumRow]) -> bool {
    let some = |held: Content| match held {
        Content::Known(held) => held > 0.0,
        Content::Unmeasured => true,
        Content::Unknown => false,
    };
    let moves = |out: bool| rows.iter().any(|r| r.1 == out && some(r.2));
    moves(false) && moves(true)
}

/// The rows that may hold calcium, by process and year.
fn calcium_rows(park: &Park, sets: &[FactorSet]) -> BTreeMap<(ProcessId, u16), Vec<CalciumRow>> {
    let mut all: BTreeMap<(ProcessId, u16), Vec<CalciumRow>> = BTreeMap::new();
    let material = [CarrierKind::Material, CarrierKind::ByProduct, CarrierKind::Waste];
    for (row, flow) in park.flows.iter().enumerate() {
        let absent = matches!(flow.notation, Some(Notation::NotOccurring | Notation::IncludedElsewhere(_)));
        let solid = flow.quantity.map_or(!absent, |q| q.dimension == Dimension::MASS);
        if flow.from == flow.to || !solid || !material.contains(&park.carrier(flow.carrier).kind) {
            continue;
        }
        let counts = [park.observations.reads_for_buyer(row), park.observations.reads_for_seller(row)];
        for ((end, leaves), counts) in [(flow.to, false), (flow.from, true)].into_iter().zip(counts) {
            if let Node::Process(process) = end
                && counts
                && !park.process(process).is_pool()
            {
                let held = Content::of(park, sets, process, flow);
                all.entry((process, flow.period.year)).or_default().push((row, leaves, held));
            }
        }
    }
    all
}

/// Calcium of each process that takes in some and gives some away, where that of all its materials is known: by months, or by the
/// year where a row is of the year only or a level of a stock is stated by neither month; and the years that cannot be balanced.
/// Where a row is unmeasured there is no balance. Unit: t.
pub(super) fn of_calcium(
    park: &Park,
    sets: &[FactorSet],
    assumed: Assumed,
) -> (Vec<Closure>, BTreeSet<(ProcessId, Untested, u16)>) {
    let (mut closures, mut untested) = (Vec::new(), BTreeSet::new());
    for ((process, year), rows) in calcium_rows(park, sets) {
        if !passes(&rows) {
            continue;
        }
        if let Some(&(row, ..)) = rows.iter().find(|r| r.2 == Content::Unknown) {
            untested.insert((process, Untested::Calcium(park.flows[row].carrier), year));
            continue;
        }
        let terms: Vec<(When, CalciumRow)> = rows.into_iter().map(|row| (When::of(&park.flows[row.0]), row)).collect();
        let (parts, unknown) = parts(park, Period::year(year), &terms);
        untested.extend(unknown.map(|carrier| (process, Untested::Level(carrier), year)));
        for (period, rows) in parts {
            let rows: Vec<CalciumRow> =
                rows.into_iter().map(|((row, leaves, held), other)| (row, leaves != other, held)).collect();
            if !passes(&rows) {
                continue;
            }
            let mut sums = Sums::default();
            let amounts = rows.iter().map(|&(row, leaves, held)| match held {
                Content::Known(held) => Some((row, if leaves { -held } else { held })),
                Content::Unmeasured | Content::Unknown => None,
            });
            let Some(amounts) = amounts.collect::<Option<Vec<_>>>() else { continue };
            for (row, amount) in amounts {
                sums.add(amount, [(source(park, row), amount * relative(park, row, assumed))]);
            }
            closures.push(sums.closure(period, Place::Process(process), Thing::Calcium));
        }
    }
    (closures, untested)
}
