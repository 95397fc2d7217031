//! From a park to variables and equations.
//!
//! A variable is a flow of a period, and where several parties read it one more for each of them, equal to it. An equation
//! says what a node or a process conserves: a pool passes on its carrier; where evaporation or lost heat is recorded, water and
//! energy close. Names stay beside the numbers, so that a message speaks of enterprises and carriers.

use super::linear::Rows;
use super::wls::{Measured, Problem};
use crate::park::{CarrierId, CarrierKind, Flow, Node, Outside, Park, ProcessId};
use crate::quantity::{Dimension, Period};
use std::collections::BTreeMap;

/// Half of the 95 % interval in standard deviations, as `percent` is read.
const Z95: f64 = 1.96;

/// Uncertainties that are assumed where a row states none: half of the 95 % interval, in parts of the value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Assumed {
    /// Of what was measured, weighed or invoiced.
    pub measured: f64,
    /// Of estimates and defaults.
    pub estimated: f64,
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
    /// Value and standard deviation in canonical units, if it was measured.
    pub measured: Option<Measured>,
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
}

/// A balance: `Σ in − Σ out = 0`.
#[derive(Debug, Clone, PartialEq)]
pub struct Equation {
    /// Where.
    pub process: ProcessId,
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
}

/// The variables and equations of the flows of one period.
#[derive(Debug, Clone, Default)]
pub struct Assembly {
    /// Flows and readings.
    pub variables: Vec<Variable>,
    /// Balances of nodes and processes.
    pub equations: Vec<Equation>,
    /// Readings that are equal to their flow: reading, flow.
    pub readings: Vec<(u32, u32)>,
    /// Balances that cannot be made.
    pub untested: Vec<(ProcessId, Untested)>,
    /// Rows whose uncertainty is assumed: measured, estimated.
    pub assumed: (usize, usize),
}

/// Periods that are balanced together: each month, or a whole year where some of its flows are known by the year only.
#[must_use]
pub fn periods(park: &Park) -> Vec<Period> {
    let mut monthly: BTreeMap<u16, bool> = BTreeMap::new();
    let counted = |i: &usize| park.observations.yearly_checks.binary_search(i).is_err();
    for flow in (0..park.flows.len()).filter(counted).map(|i| &park.flows[i]) {
        *monthly.entry(flow.period.year).or_insert(true) &= flow.period.month.is_some();
    }
    let of = |(year, monthly)| -> Vec<Period> {
        if monthly {
            (1..=12).map(|month| Period { year, month: Some(month) }).collect()
        } else {
            vec![Period::year(year)]
        }
    };
    let all = monthly.into_iter().flat_map(of);
    all.filter(|period| park.flows.iter().any(|flow| period.contains(flow.period))).collect()
}

/// What an unmeasured flow would be measured in: as others of its carrier at its ends, or anywhere.
fn customary(park: &Park, flow: &Flow) -> Dimension {
    let of = |f: &Flow| f.quantity.filter(|_| f.carrier == flow.carrier).map(|q| q.dimension);
    let near = |f: &&Flow| [f.from, f.to].iter().any(|end| [flow.from, flow.to].contains(end));
    let found = park.flows.iter().filter(near).find_map(of).or_else(|| park.flows.iter().find_map(of));
    found.unwrap_or_else(|| park.carrier(flow.carrier).kind.dimensions().0[0])
}

impl Assembly {
    /// The flows of a period; `energy` is that of each flow row, where it is known, in GJ.
    #[must_use]
    pub fn new(park: &Park, period: Period, energy: &[Option<f64>], assumed: Assumed) -> Self {
        let mut made = Self::default();
        // Flows that enter and leave each process.
        let mut ends: BTreeMap<ProcessId, (Vec<u32>, Vec<u32>)> = BTreeMap::new();
        for readings in park.observations.groups() {
            let lists = [
                (Reader::Seller, readings.seller),
                (Reader::Buyer, readings.buyer),
                (Reader::Unsaid, readings.unsaid),
                (Reader::Third, readings.third),
            ];
            let Some(&first) = lists.iter().find_map(|list| list.1.first()) else { continue };
            let flow = &park.flows[first];
            // What goes in a circle inside a process is no business of its balance.
            if !period.contains(flow.period) || flow.from == flow.to {
                continue;
            }
            let Some(variable) = made.flow(park, &lists, assumed) else { continue };
            if let Node::Process(process) = flow.to {
                ends.entry(process).or_default().0.push(variable);
            }
            if let Node::Process(process) = flow.from {
                ends.entry(process).or_default().1.push(variable);
            }
        }
        for (process, (entering, leaving)) in ends {
            made.balances(park, process, (&entering, &leaving), energy);
        }
        made
    }

    /// The variable of a flow, and those of its readings where there are several; nothing where no row has a unit.
    fn flow(&mut self, park: &Park, lists: &[(Reader, &[usize])], assumed: Assumed) -> Option<u32> {
        let rows = lists.iter().flat_map(|list| list.1);
        let dimension = rows.clone().find_map(|&i| park.flows[i].quantity).map(|q| q.dimension);
        let &first = rows.clone().next()?;
        let Some(dimension) = dimension else {
            // Unmeasured, if it occurs at all and is not part of another row.
            let silent = park.flows[first].notation.is_some();
            let dimension = customary(park, &park.flows[first]);
            return (!silent).then(|| self.push(first, Vec::new(), Reader::Flow, dimension, None));
        };
        let read = |list: &[usize]| {
            let same = |&i: &usize| park.flows[i].quantity.filter(|q| q.dimension == dimension).map(|q| q.value);
            list.iter().map(same).sum::<Option<f64>>().filter(|_| !list.is_empty())
        };
        let known: Vec<(Reader, &[usize], f64)> =
            lists.iter().filter_map(|&(reader, list)| Some((reader, list, read(list)?))).collect();
        let deviation = |made: &mut Self, list: &[usize]| {
            let variance: f64 = list.iter().map(|&i| made.deviation(&park.flows[i], assumed).powi(2)).sum();
            variance.sqrt()
        };
        match known[..] {
            [] => Some(self.push(first, Vec::new(), Reader::Flow, dimension, None)),
            [(reader, list, value)] => {
                let measured = Measured { value, sd: deviation(self, list) };
                Some(self.push(first, list.to_vec(), reader, dimension, Some(measured)))
            }
            _ => {
                let whole = self.push(first, Vec::new(), Reader::Flow, dimension, None);
                for (reader, list, value) in known {
                    let measured = Measured { value, sd: deviation(self, list) };
                    let reading = self.push(first, list.to_vec(), reader, dimension, Some(measured));
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
        self.variables.push(Variable { flow, rows, reader, dimension, measured });
        self.variables.len() as u32 - 1
    }

    /// The standard deviation of a row, stated or assumed.
    fn deviation(&mut self, flow: &Flow, assumed: Assumed) -> f64 {
        let value = flow.quantity.map_or(0.0, |q| q.value.abs());
        if let Some(sd) = flow.sd {
            return sd;
        }
        let estimated = matches!(flow.quality.method, "estimate" | "default");
        let (count, half) =
            if estimated { (&mut self.assumed.1, assumed.estimated) } else { (&mut self.assumed.0, assumed.measured) };
        *count += 1;
        half / Z95 * value
    }

    /// The balances of a process.
    fn balances(&mut self, park: &Park, process: ProcessId, ends: (&[u32], &[u32]), energy: &[Option<f64>]) {
        let all: Vec<(u32, f64)> = ends.0.iter().map(|&v| (v, 1.0)).chain(ends.1.iter().map(|&v| (v, -1.0))).collect();
        let pool = park.process(process).is_pool();
        if ends.0.is_empty() || ends.1.is_empty() {
            if pool {
                self.untested.push((process, Untested::OneSided));
            }
            return;
        }
        let flow = |variable: u32| &park.flows[self.variables[variable as usize].flow];
        let kind = |variable: u32| park.carrier(flow(variable).carrier).kind;
        let dimension = |variable: u32| self.variables[variable as usize].dimension;
        // What a unit of a variable holds of energy.
        let heat = |variable: u32| {
            let of = &self.variables[variable as usize];
            if of.dimension == Dimension::ENERGY {
                return Some(1.0);
            }
            let rows = if of.rows.is_empty() { vec![of.flow] } else { of.rows.clone() };
            rows.iter().find_map(|&i| Some(energy[i]? / park.flows[i].quantity?.value)).filter(|e| e.is_finite())
        };
        let holding = |of: &dyn Fn(u32) -> Option<f64>| -> Vec<(u32, f64)> {
            all.iter().filter_map(|&(v, sign)| Some((v, sign * of(v)?))).collect()
        };
        let first = all[0].0;
        let (mut made, mut unknown) = (Vec::new(), None);
        if pool {
            let alike =
                all.iter().all(|&(v, _)| flow(v).carrier == flow(first).carrier && dimension(v) == dimension(first));
            let steam = all.iter().all(|&(v, _)| kind(v) == CarrierKind::Steam && dimension(v) == Dimension::MASS);
            if alike {
                made.push((Thing::Carrier(flow(first).carrier), all.clone()));
            } else if steam {
                made.push((Thing::Steam, all.clone()));
            } else if all.iter().all(|&(v, _)| heat(v).is_some()) {
                made.push((Thing::Energy, holding(&heat)));
            } else {
                self.untested.push((process, Untested::Mixed));
            }
        } else {
            let lost = |of: &dyn Fn(u32) -> Option<f64>, to: &[Outside]| {
                let gone = |v: &u32| of(*v).is_some() && to.iter().any(|&o| flow(*v).to == Node::Outside(o));
                ends.1.iter().any(gone)
            };
            // Heat that is lost is recorded: the rest closes.
            if lost(&heat, &[Outside::Loss]) {
                match all.iter().find(|&&(v, _)| kind(v).is_fuel() && heat(v).is_none()) {
                    None => made.push((Thing::Energy, holding(&heat))),
                    Some(&(v, _)) => unknown = Some(flow(v).carrier),
                }
            }
            // A cubic meter of water is taken as a tonne.
            let wet = |v: u32| {
                let liquid = dimension(v) == Dimension::VOLUME;
                let counts = match kind(v) {
                    CarrierKind::Water => liquid || dimension(v) == Dimension::MASS,
                    CarrierKind::Steam => dimension(v) == Dimension::MASS,
                    CarrierKind::Waste => liquid,
                    _ => false,
                };
                counts.then_some(1.0)
            };
            let treats = matches!(&*park.process(process).technique, "water_treatment" | "wastewater_plant");
            if treats || lost(&wet, &[Outside::Atmosphere, Outside::Loss]) {
                made.push((Thing::Water, holding(&wet)));
            }
        }
        self.untested.extend(unknown.map(|carrier| (process, Untested::Energy(carrier))));
        for (thing, terms) in made {
            if terms.iter().any(|t| t.1 > 0.0) && terms.iter().any(|t| t.1 < 0.0) {
                self.equations.push(Equation { process, thing, terms });
            }
        }
    }

    /// The problem that these variables and equations are: the balances first, then the readings.
    #[must_use]
    pub fn problem(&self) -> Problem {
        let mut rows = Rows::default();
        for equation in &self.equations {
            rows.push(equation.terms.iter().copied(), 0.0);
        }
        for &(reading, flow) in &self.readings {
            rows.push([(reading, 1.0), (flow, -1.0)], 0.0);
        }
        Problem { measured: self.variables.iter().map(|v| v.measured).collect(), rows }
    }

    /// The value of a flow as its meters say, each weighed by its variance, and its standard deviation.
    #[must_use]
    pub fn reading(&self, variable: u32) -> Option<Measured> {
        if let Some(measured) = self.variables[variable as usize].measured {
            return Some(measured);
        }
        let of = self.readings.iter().filter(|(_, flow)| *flow == variable);
        let of: Vec<Measured> = of.filter_map(|&(reading, _)| self.variables[reading as usize].measured).collect();
        let exact = of.iter().find(|m| m.sd == 0.0).copied();
        let weight: f64 = of.iter().map(|m| 1.0 / (m.sd * m.sd)).sum();
        let mean = of.iter().map(|m| m.value / (m.sd * m.sd)).sum::<f64>() / weight;
        exact.or_else(|| (!of.is_empty()).then_some(Measured { value: mean, sd: weight.sqrt().recip() }))
    }
}
