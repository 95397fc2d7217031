//! From a park to variables and equations.
//!
//! A variable is a flow of a period, and where several parties read it one more for each of them, equal to it. An equation
//! says what a node or a process conserves: a pool passes on its carrier; where evaporation or lost heat is recorded, water and
//! energy close. A balance is made for each month, or for the year where one of its flows is known by the year only. Names stay
//! beside the numbers, so that a message speaks of enterprises and carriers.

use super::linear::Rows;
use super::wls::{Measured, Problem};
use crate::park::{CarrierId, Flow, Node, Notation, Park, ProcessId};
use crate::quantity::{Dimension, Period, Z95};
use std::collections::{BTreeMap, HashMap};

/// Uncertainties that are assumed where a row states none: half of the 95 % interval, in parts of the value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Assumed {
    /// Of what was measured, weighed or invoiced.
    pub measured: f64,
    /// Of estimates and defaults.
    pub estimated: f64,
}

impl Assumed {
    /// The standard deviation of a row in parts of its value, and whether it is assumed. `typical` is the size of the flow, by which
    /// a meter that reads nothing is judged.
    #[must_use]
    pub fn deviation(&self, flow: &Flow, typical: f64) -> (f64, bool) {
        let value = flow.quantity.map_or(0.0, |q| q.value.abs());
        match flow.sd {
            // A percentage of nothing is no deviation.
            Some(sd) if sd > 0.0 || value > 0.0 => (sd, false),
            _ => {
                let half = if is_estimate(flow) { self.estimated } else { self.measured };
                (half / Z95 * if value > 0.0 { value } else { typical }, true)
            }
        }
    }
}

/// Whether a row is an estimate or a default.
fn is_estimate(flow: &Flow) -> bool {
    matches!(flow.quality.method, "estimate" | "default")
}

impl Default for Assumed {
    /// 2 %, the distance from which `calcasieu-2017` finds two figures of one thing different; 30 % for estimates, which is an
    /// assumption of ours.
    fn default() -> Self {
        Self { measured: 0.02, estimated: 0.30 }
    }
}

/// Who read a flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reader {
    /// The flow itself, of which there is no reading, or several.
    Flow,
    /// The sender.
    Seller,
    /// The receiver.
    Buyer,
    /// Nobody in particular.
    Unsaid,
    /// A third party.
    Third,
    /// No reading: the error, in standard deviations, that the rows of a correlation group share.
    Group,
}

impl Reader {
    /// The words in English and Chinese.
    #[must_use]
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Flow => ("", ""),
            Self::Seller => ("seller's meter", "供方计量"),
            Self::Buyer => ("buyer's meter", "受方计量"),
            Self::Unsaid => ("meter", "计量"),
            Self::Third => ("third party's meter", "第三方计量"),
            Self::Group => ("correlation group", "相关组"),
        }
    }
}

/// A flow of a period, or a reading of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Variable {
    /// A row of the flow, by position in the park: it tells period, ends and carrier.
    pub flow: usize,
    /// Rows of the reading, which add up.
    pub rows: Vec<usize>,
    /// Who read it.
    pub reader: Reader,
    /// What it is measured in.
    pub dimension: Dimension,
    /// Value and standard deviation in canonical units, if it was measured; without the part of the error that is shared.
    pub measured: Option<Measured>,
    /// Errors that it shares with others: the variable of the group, and how far one standard deviation of it moves the reading.
    pub shared: Vec<(u32, f64)>,
}

impl Variable {
    /// The reading with its whole standard deviation.
    #[must_use]
    pub fn reading(&self) -> Option<Measured> {
        let shared: f64 = self.shared.iter().map(|s| s.1 * s.1).sum();
        self.measured.map(|m| if shared > 0.0 { Measured { sd: (m.sd * m.sd + shared).sqrt(), ..m } } else { m })
    }
}

/// What is conserved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Thing {
    /// A carrier that a pool passes on.
    Carrier(CarrierId),
    /// Steam of all levels. Unit: t.
    Steam,
    /// Energy. Unit: GJ.
    Energy,
    /// Water in all forms. Unit: t.
    Water,
    /// Carbon of an envelope. Unit: t.
    Carbon,
    /// Sulfur of an enterprise. Unit: t.
    Sulfur,
    /// Calcium of a process. Unit: t.
    Calcium,
}

/// A balance: `Σ in − Σ out = 0`.
#[derive(Debug, Clone, PartialEq)]
pub struct Equation {
    /// Where.
    pub process: ProcessId,
    /// When: a month, or a year.
    pub period: Period,
    /// Of what.
    pub thing: Thing,
    /// Variables with what a unit of them holds, positive where it comes in.
    pub terms: Vec<(u32, f64)>,
}

/// A balance that cannot be made, and why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Untested {
    /// Nothing leaves, or nothing comes in.
    OneSided,
    /// Carriers of different sorts without a common measure.
    Mixed,
    /// Heat that is lost is recorded, but the energy of this fuel is not known.
    Energy(CarrierId),
    /// Calcium comes in and goes out, but that of this material is not known.
    Calcium(CarrierId),
    /// The level of this carrier at the beginning or the end is stated only for another year or month.
    Level(CarrierId),
}

/// The variables and equations of the flows of one year.
#[derive(Debug, Clone)]
pub struct Assembly {
    /// The year, or the month of it.
    pub period: Period,
    /// Flows and readings.
    pub variables: Vec<Variable>,
    /// Balances of nodes and processes.
    pub equations: Vec<Equation>,
    /// Readings that are equal to their flow: reading, flow.
    pub readings: Vec<(u32, u32)>,
    /// Balances that cannot be made.
    pub untested: Vec<(ProcessId, Untested)>,
    /// Rows that read a flow in a unit that cannot be set against that of others.
    pub unread: Vec<usize>,
    /// Rows whose uncertainty is assumed: measured, estimated.
    pub assumed: (usize, usize),
    /// The variable of each correlation group: its error is measured as 0 ± 1.
    groups: BTreeMap<Box<str>, u32>,
}

/// What the flows of a park are made of.
#[derive(Debug)]
pub struct Contents<'a> {
    pub(super) park: &'a Park,
    /// Energy in a canonical unit of each flow row, where it is known. Unit: GJ per unit.
    pub(super) energy: Vec<Option<f64>>,
    /// The largest reading of a flow in any period.
    typical: HashMap<(Node, Node, CarrierId), f64>,
}

impl<'a> Contents<'a> {
    /// `energy` is what each row would hold if its quantity were 1 in its canonical unit.
    #[must_use]
    pub fn new(park: &'a Park, energy: Vec<Option<f64>>) -> Self {
        let mut typical: HashMap<(Node, Node, CarrierId), f64> = HashMap::new();
        for flow in &park.flows {
            let size = typical.entry((flow.from, flow.to, flow.carrier)).or_default();
            *size = size.max(flow.quantity.map_or(0.0, |q| q.value.abs()));
        }
        Self { park, energy, typical }
    }

    fn typical(&self, flow: &Flow) -> f64 {
        self.typical.get(&(flow.from, flow.to, flow.carrier)).copied().unwrap_or_default()
    }
}

/// A park in which each flow has a quantity of 1 in its canonical unit, those without one as others of their carrier: what is
/// computed of it is what a unit holds.
#[must_use]
pub fn units(park: &Park) -> Park {
    let mut unit = park.clone();
    for (flow, of) in unit.flows.iter_mut().zip(&park.flows) {
        flow.quantity =
            of.quantity.or_else(|| alike(park, of)?.quantity).map(|q| crate::quantity::Quantity { value: 1.0, ..q });
    }
    unit
}

/// A measured flow of the same carrier: at one of the ends, else anywhere.
pub(super) fn alike<'a>(park: &'a Park, flow: &Flow) -> Option<&'a Flow> {
    let fits = |f: &&Flow| f.carrier == flow.carrier && f.quantity.is_some();
    let near = |f: &&Flow| [f.from, f.to].iter().any(|end| [flow.from, flow.to].contains(end));
    park.flows.iter().filter(fits).find(near).or_else(|| park.flows.iter().find(fits))
}

/// What rows say together: who read them, which they are, their sum with its own error, and the errors that they share.
type Known<'a> = (Reader, &'a [usize], Measured, Vec<(u32, f64)>);

/// Rows that read one flow, by who read them: seller, buyer, nobody in particular, third party.
type Readings<'a> = [(Reader, &'a [usize]); 4];

/// The flows of a park in some periods: their readings, those of a seller and a buyer who name different uses together.
fn flows(park: &Park, within: impl Fn(Period) -> bool) -> Vec<Readings<'_>> {
    let mut list: Vec<Readings> = Vec::new();
    let end = |readings: &Readings| readings.iter().find_map(|r| r.1.first()).map(|&row| &park.flows[row]);
    for readings in park.observations.groups() {
        let of = [
            (Reader::Seller, readings.seller),
            (Reader::Buyer, readings.buyer),
            (Reader::Unsaid, readings.unsaid),
            (Reader::Third, readings.third),
        ];
        let Some(flow) = end(&of).filter(|flow| within(flow.period)) else { continue };
        // What goes in a circle inside a process is no business of its balance.
        if flow.from == flow.to {
            continue;
        }
        let same = |other: &Flow| {
            (other.period, other.from, other.to, other.carrier) == (flow.period, flow.from, flow.to, flow.carrier)
        };
        let only = |of: &Readings, reader: usize| of.iter().enumerate().all(|(k, r)| r.1.is_empty() != (k == reader));
        match list.last_mut().filter(|last| end(last).is_some_and(same)) {
            Some(last) if only(last, 0) && only(&of, 1) => last[1] = of[1],
            Some(last) if only(last, 1) && only(&of, 0) => last[0] = of[0],
            _ => list.push(of),
        }
    }
    list
}

impl Assembly {
    /// The flows of a year, or of one month of it.
    #[must_use]
    pub fn new(contents: &Contents, period: Period, assumed: Assumed) -> Self {
        let park = contents.park;
        let mut made = Self {
            period,
            variables: Vec::new(),
            equations: Vec::new(),
            readings: Vec::new(),
            untested: Vec::new(),
            unread: Vec::new(),
            assumed: (0, 0),
            groups: BTreeMap::new(),
        };
        made.share(park, period);
        // Flows that enter and leave each process.
        let mut ends: BTreeMap<ProcessId, (Vec<u32>, Vec<u32>)> = BTreeMap::new();
        for readings in flows(park, |p| period.contains(p)) {
            let Some(variable) = made.flow(contents, &readings, assumed) else { continue };
            let flow = &park.flows[made.variables[variable as usize].flow];
            if let Node::Process(process) = flow.to {
                ends.entry(process).or_default().0.push(variable);
            }
            if let Node::Process(process) = flow.from {
                ends.entry(process).or_default().1.push(variable);
            }
        }
        for (process, (entering, leaving)) in ends {
            made.balances(contents, process, (&entering, &leaving));
        }
        made
    }

    /// Makes a variable of each correlation group that several rows belong to.
    fn share(&mut self, park: &Park, period: Period) {
        let mut groups: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (row, flow) in park.flows.iter().enumerate() {
            if let Some(group) = flow.group.as_deref()
                && period.contains(flow.period)
                && flow.quantity.is_some()
            {
                groups.entry(group).or_default().push(row);
            }
        }
        for (group, rows) in groups.into_iter().filter(|g| g.1.len() > 1) {
            let error = Some(Measured { value: 0.0, sd: 1.0 });
            let variable = self.push(rows[0], rows, Reader::Group, Dimension::NONE, error);
            self.groups.insert(group.into(), variable);
        }
    }

    /// The variable of a flow, and those of its readings where there are several; nothing where it does not occur.
    fn flow(&mut self, contents: &Contents, lists: &Readings, assumed: Assumed) -> Option<u32> {
        let park = contents.park;
        let rows = lists.iter().flat_map(|list| list.1);
        let &first = rows.clone().next()?;
        let quantity = |row: usize| park.flows[row].quantity;
        let Some((shown, dimension)) = rows.clone().find_map(|&row| Some((row, quantity(row)?.dimension))) else {
            // Not estimated or confidential is unmeasured; what does not occur, or is part of another row, is not there.
            let absent =
                matches!(park.flows[first].notation, Some(Notation::NotOccurring | Notation::IncludedElsewhere(_)));
            let dimension = alike(park, &park.flows[first]).and_then(|f| f.quantity).map(|q| q.dimension);
            let dimension = dimension.unwrap_or_else(|| park.carrier(park.flows[first].carrier).kind.dimensions().0[0]);
            return (!absent).then(|| self.push(first, Vec::new(), Reader::Flow, dimension, None));
        };
        // A row in another unit counts by its energy.
        let unit = |row: usize| match quantity(row)?.dimension {
            own if own == dimension => Some(1.0),
            _ => Some(contents.energy[row]? / contents.energy[shown]?).filter(|unit| unit.is_finite() && *unit > 0.0),
        };
        let typical = contents.typical(&park.flows[first]);
        let mut known: Vec<Known> = Vec::new();
        for &(reader, list) in lists.iter().filter(|list| !list.1.is_empty()) {
            if list.iter().any(|&row| quantity(row).is_none()) {
                continue;
            }
            let Some(units) = list.iter().map(|&row| unit(row)).collect::<Option<Vec<f64>>>() else {
                self.unread.extend(list);
                continue;
            };
            let (mut value, mut variance, mut shared) = (0.0, 0.0, BTreeMap::new());
            for (&row, unit) in list.iter().zip(units) {
                let flow = &park.flows[row];
                let (sd, guessed) = assumed.deviation(flow, typical);
                value += flow.quantity.map_or(0.0, |q| q.value) * unit;
                match flow.group.as_ref().and_then(|group| self.groups.get(group)) {
                    Some(&group) if sd > 0.0 => *shared.entry(group).or_default() += sd * unit,
                    _ => variance += (sd * unit).powi(2),
                }
                if guessed {
                    let count = if is_estimate(flow) { &mut self.assumed.1 } else { &mut self.assumed.0 };
                    *count += 1;
                }
            }
            known.push((reader, list, Measured { value, sd: variance.sqrt() }, shared.into_iter().collect()));
        }
        match &known[..] {
            [] => Some(self.push(shown, Vec::new(), Reader::Flow, dimension, None)),
            [(reader, list, measured, shared)] if shared.is_empty() => {
                Some(self.push(shown, list.to_vec(), *reader, dimension, Some(*measured)))
            }
            _ => {
                let whole = self.push(shown, Vec::new(), Reader::Flow, dimension, None);
                for (reader, list, measured, shared) in known {
                    let reading = self.push(list[0], list.to_vec(), reader, dimension, Some(measured));
                    self.variables[reading as usize].shared = shared;
                    self.readings.push((reading, whole));
                }
                Some(whole)
            }
        }
    }

    fn push(
        &mut self,
        flow: usize,
        rows: Vec<usize>,
        reader: Reader,
        dimension: Dimension,
        measured: Option<Measured>,
    ) -> u32 {
        self.variables.push(Variable { flow, rows, reader, dimension, measured, shared: Vec::new() });
        self.variables.len() as u32 - 1
    }

    /// The problem that these variables and equations are: the balances first, then the readings.
    #[must_use]
    pub fn problem(&self) -> Problem {
        let mut rows = Rows::default();
        for equation in &self.equations {
            rows.push(equation.terms.iter().copied(), 0.0);
        }
        for &(reading, flow) in &self.readings {
            let shared = self.variables[reading as usize].shared.iter().map(|&(group, by)| (group, -by));
            rows.push([(reading, 1.0), (flow, -1.0)].into_iter().chain(shared), 0.0);
        }
        Problem { measured: self.variables.iter().map(|v| v.measured).collect(), rows }
    }

    /// The variable whose best value is that of a reading: the flow where the error of the reading is shared, else the reading itself.
    #[must_use]
    pub fn best_of(&self, variable: usize) -> usize {
        let shared = !self.variables[variable].shared.is_empty();
        let at = self.readings.binary_search_by_key(&(variable as u32), |r| r.0).ok().filter(|_| shared);
        at.map_or(variable, |at| self.readings[at].1 as usize)
    }

    /// The value of a flow as its meters say, each weighed by its variance, and its error: standard deviations by the variable that
    /// they come from.
    #[must_use]
    pub fn reading(&self, variable: u32) -> Option<(f64, BTreeMap<u32, f64>)> {
        let own = &self.variables[variable as usize];
        let of: Vec<(u32, Measured)> = if let Some(measured) = own.measured {
            vec![(variable, measured)]
        } else {
            let of = self.readings.iter().filter(|r| r.1 == variable).map(|r| r.0);
            of.filter_map(|k| Some((k, self.variables[k as usize].reading()?))).collect()
        };
        let exact = of.iter().find(|m| m.1.sd == 0.0).map(|m| vec![*m]);
        let of = exact.unwrap_or(of);
        let weight = |m: &Measured| if of.len() > 1 { 1.0 / (m.sd * m.sd) } else { 1.0 };
        let all: f64 = of.iter().map(|(_, m)| weight(m)).sum();
        let (mut value, mut error) = (0.0, BTreeMap::new());
        for (k, measured) in &of {
            let (variable, part) = (&self.variables[*k as usize], weight(measured) / all);
            value += part * measured.value;
            let own = variable.measured.map(|m| (*k, m.sd));
            for (source, sd) in own.into_iter().chain(variable.shared.iter().copied()) {
                *error.entry(source).or_default() += part * sd;
            }
        }
        (!of.is_empty()).then_some((value, error))
    }
}
