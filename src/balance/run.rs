//! The balances of a park: what does not close, what the meters say together, and which of them are likely wrong.

use super::assembly::{Assembly, Assumed, Contents, Reader, Thing, Untested, Variable, units};
use super::bounds::reconcile_bounded;
use super::closure::{self, Closure, Place};
use super::gross::Elimination;
use super::linear::Rows;
use super::statistics::{critical, tail};
use super::wls::{Class, Estimate, Problem, reconcile};
use crate::factors::FactorSet;
use crate::ledger::Ledger;
use crate::methods::{Comparison, compare, energy, net_energies};
use crate::park::{Park, ProcessId};
use crate::quantity::{Dimension, Period};
use std::collections::BTreeMap;

/// Gross errors that are taken out of one year, at most.
const MOST: usize = 200;

/// Balances that exact values contradict in one year, at most, before it is given up.
const CONTRADICTED: usize = 200;

/// How balances are made.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Options {
    /// The confidence of all tests together.
    pub confidence: f64,
    /// Uncertainties where a row states none.
    pub assumed: Assumed,
    /// Flows of this year or month only.
    pub only: Option<Period>,
    /// Whether no best value may be negative.
    pub nonnegative: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { confidence: 0.95, assumed: Assumed::default(), only: None, nonnegative: false }
    }
}

/// Exact values that contradict each other.
#[derive(Debug, Clone, PartialEq)]
pub struct Contradicted {
    /// The balances, and the flows of two meters, that cannot hold together.
    pub at: Vec<(Period, Place, Thing)>,
    /// What is left of their sum, in canonical units.
    pub residual: f64,
    /// Whether rows of a correlation group take part: they are not exact, but no error that they share explains them.
    pub shared: bool,
}

/// The flows of a year, or of the month that was asked for, reconciled.
#[derive(Debug, Clone)]
pub struct Year {
    /// Which.
    pub period: Period,
    /// Its variables and equations.
    pub assembly: Assembly,
    /// The best values, and the same without the meters that are likely wrong.
    pub estimate: Estimate,
    /// The suspects.
    pub elimination: Elimination,
    /// The equations of the assembly that were reconciled, balances before readings: all but those that exact values contradict.
    pub equations: Vec<u32>,
    /// Variables that are held at 0, of all meters and of those without the suspects, where no best value may be negative; nothing
    /// where no such values were found.
    pub held: Option<Vec<u32>>,
}

/// The nodal test of an equation among measured flows: what it leaves of the readings, in its standard deviations.
#[derive(Debug, Clone, PartialEq)]
pub struct Nodal {
    /// The balances, and the flows of two meters, that were joined to take unmeasured flows out.
    pub at: Vec<(Period, Place, Thing)>,
    /// The test.
    pub test: f64,
}

/// A meter that is likely wrong, over all periods.
#[derive(Debug, Clone, PartialEq)]
pub struct Wrong {
    /// A row of the meter: it tells ends and carrier. Position in the park.
    pub flow: usize,
    /// Whose meter.
    pub reader: Reader,
    /// The largest test.
    pub test: f64,
    /// Periods in which it is suspect, and by how much it reads too high there, in parts of the likely value unless that is
    /// nothing.
    pub periods: Vec<(Period, Option<f64>)>,
    /// Others that cannot be told from it, as row and reader.
    pub alike: Vec<(usize, Reader)>,
}

/// How the best values of two flows go together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Covariance {
    /// The covariance, in the product of the canonical units.
    pub value: Option<f64>,
    /// Their standard deviations.
    pub deviations: [Option<f64>; 2],
    /// What they are measured in.
    pub dimensions: [Dimension; 2],
}

impl Covariance {
    /// The covariance in parts of both standard deviations, where neither is exact.
    #[must_use]
    pub fn correlation(&self) -> Option<f64> {
        let product = self.deviations[0]? * self.deviations[1]?;
        self.value.filter(|_| product > 0.0).map(|value| (value / product).clamp(-1.0, 1.0))
    }
}

/// The balances of a park.
#[derive(Debug, Clone)]
pub struct Balance {
    /// Balances by the readings, the worst first: those that test something, then those that are booked.
    pub closures: Vec<Closure>,
    /// Years, reconciled.
    pub years: Vec<Year>,
    /// Balances that exact values contradict: they are left out of the rest.
    pub contradicted: Vec<Contradicted>,
    /// Meters that are likely wrong, the likeliest first.
    pub wrong: Vec<Wrong>,
    /// Balances that cannot be made, and in how many years.
    pub untested: BTreeMap<(ProcessId, Untested), usize>,
    /// Reported emissions beside energy times factor.
    pub implied: Vec<Comparison>,
    /// The size that a test must pass.
    pub critical: f64,
    /// The confidence of all tests together.
    pub confidence: f64,
    /// Whether no best value may be negative.
    pub nonnegative: bool,
}

/// Balances a park; `ledger` is its accounts, of which carbon and sulfur are; calcium is by the rows.
#[must_use]
pub fn balance(park: &Park, sets: &[FactorSet], ledger: &Ledger, options: Options) -> Balance {
    let mut made = balance_flows(park, sets, options);
    let envelopes = closure::of_envelopes(park, ledger, options.assumed);
    let sulfur = closure::of_sulfur(park, sets, ledger, options.assumed);
    let (calcium, unknown) = closure::of_calcium(park, sets, options.assumed);
    let shown = |c: &Closure| options.only.is_none_or(|only| only.contains(c.period));
    made.closures.extend(envelopes.into_iter().chain(sulfur).chain(calcium).filter(shown));
    for (process, untested, _) in unknown.into_iter().filter(|u| options.only.is_none_or(|only| only.year == u.2)) {
        *made.untested.entry((process, untested)).or_default() += 1;
    }
    made.implied = compare(park, sets, ledger);
    made.implied.retain(|c| options.only.is_none_or(|only| only.contains(park.flows[c.flow].period)));
    // Exact values that do not agree are the worst of all.
    let size = |c: &Closure| c.sigmas().map_or(if c.is_beyond(0.0) { f64::INFINITY } else { 0.0 }, f64::abs);
    made.closures.sort_by(|a, b| a.booked.cmp(&b.booked).then(size(b).total_cmp(&size(a))));
    made
}

/// The same without carbon, sulfur and calcium: what the flows alone say; closures in the order of periods.
#[must_use]
pub fn balance_flows(park: &Park, sets: &[FactorSet], options: Options) -> Balance {
    let unit = units(park);
    let fuels = net_energies(&unit, sets);
    let heat = fuels.into_iter().zip(&unit.flows).map(|(heat, flow)| heat.or_else(|| energy(&unit, flow)));
    let contents = Contents::new(park, heat.collect());
    let mut made = Balance {
        closures: Vec::new(),
        years: Vec::new(),
        contradicted: Vec::new(),
        wrong: Vec::new(),
        untested: BTreeMap::new(),
        implied: Vec::new(),
        critical: 0.0,
        confidence: options.confidence,
        nonnegative: options.nonnegative,
    };
    let mut years: Vec<u16> = park.flows.iter().map(|flow| flow.period.year).collect();
    years.sort_unstable();
    years.dedup();
    let periods = years.into_iter().filter_map(|year| match options.only {
        None => Some(Period::year(year)),
        Some(only) => (only.year == year).then_some(only),
    });
    let mut estimates = Vec::new();
    for period in periods {
        let assembly = Assembly::new(&contents, period, options.assumed);
        if assembly.variables.is_empty() {
            continue;
        }
        made.closures.extend(assembly.equations.iter().filter_map(|e| closure::of_equation(&assembly, e)));
        made.closures.extend(closure::of_readings(park, &assembly));
        for &untested in &assembly.untested {
            *made.untested.entry(untested).or_default() += 1;
        }
        let (solved, contradicted) = solve(park, &assembly);
        made.contradicted.extend(contradicted);
        // Without an answer nothing of the year is told but why.
        let Some((problem, estimate, equations)) = solved else { continue };
        let bounded = bounded(&assembly, &problem, options.nonnegative);
        let (estimate, held) = bounded.map_or((estimate, None), |(estimate, held)| (estimate, Some(held)));
        estimates
            .push((problem, Year { period, assembly, estimate, elimination: Elimination::default(), equations, held }));
    }
    let tested = |estimate: &Estimate| estimate.class.iter().filter(|c| **c == Class::Redundant).count();
    made.critical = critical(options.confidence, estimates.iter().map(|e| tested(&e.1.estimate)).sum());
    for (problem, mut year) in estimates {
        year.elimination = year.estimate.eliminate(made.critical, MOST);
        if !year.elimination.suspects.is_empty() {
            bound_rest(problem, &mut year, options.nonnegative);
        }
        made.years.push(year);
    }
    made.wrong = wrong(park, &made.years);
    made
}

/// A problem, its best values, and which equations of the assembly are in it.
type Solved = (Problem, Estimate, Vec<u32>);

/// Reconciles, and says which equations: those that exact values contradict are left out, and told.
fn solve(park: &Park, assembly: &Assembly) -> (Option<Solved>, Vec<Contradicted>) {
    let mut problem = assembly.problem();
    let mut places: Vec<u32> = (0..problem.rows.len() as u32).collect();
    let mut contradicted = Vec::new();
    while contradicted.len() <= CONTRADICTED {
        let contradiction = match reconcile(&problem) {
            Ok(estimate) => return (Some((problem, estimate, places)), contradicted),
            Err(contradiction) => contradiction,
        };
        let at = contradiction.equations.iter().map(|&k| place(park, assembly, places[k as usize])).collect();
        let shared = contradiction.equations.iter().any(|&k| shares(assembly, places[k as usize]));
        contradicted.push(Contradicted { at, residual: contradiction.residual, shared });
        let Some(&out) = contradiction.equations.first() else { break };
        let mut rows = Rows::default();
        for row in (0..problem.rows.len()).filter(|&row| row != out as usize) {
            rows.push(problem.rows.terms(row).iter().copied(), problem.rows.right(row));
        }
        places.remove(out as usize);
        problem = Problem { rows, ..problem };
    }
    (None, contradicted)
}

/// Reconciles with no flow below 0, if that is asked for and can be done; which flows lie at 0.
fn bounded(assembly: &Assembly, problem: &Problem, asked: bool) -> Option<(Estimate, Vec<u32>)> {
    if !asked {
        return None;
    }
    // Errors have either sign; a reading is bounded through its flow.
    let mut not_negative: Vec<bool> = assembly.variables.iter().map(|v| v.reader != Reader::Group).collect();
    assembly.readings.iter().for_each(|r| not_negative[r.0 as usize] = false);
    reconcile_bounded(problem, &not_negative).ok()
}

/// The same without the suspects.
fn bound_rest(mut problem: Problem, year: &mut Year, asked: bool) {
    for suspect in &year.elimination.suspects {
        problem.measured[suspect.variable as usize] = None;
    }
    let (Some(held), Some((estimate, more))) = (&mut year.held, bounded(&year.assembly, &problem, asked)) else {
        year.held = None;
        return;
    };
    held.extend(more);
    held.sort_unstable();
    held.dedup();
    year.elimination.x = estimate.x;
    if let Some(last) = year.elimination.suspects.last_mut() {
        (last.chi2, last.freedom) = (estimate.chi2, estimate.freedom);
    }
}

/// Whether an equation of a problem is that of a row whose error others share.
fn shares(assembly: &Assembly, equation: u32) -> bool {
    let reading = (equation as usize).checked_sub(assembly.equations.len()).map(|k| assembly.readings[k].0);
    reading.is_some_and(|reading| !assembly.variables[reading as usize].shared.is_empty())
}

/// Whether an equation of a problem is that of the only reading of a flow, whose error others share: it says nothing of meters.
fn is_alone(assembly: &Assembly, equation: u32) -> bool {
    let Some(k) = (equation as usize).checked_sub(assembly.equations.len()) else { return false };
    // The readings of a flow stand side by side.
    let of = |k: usize| assembly.readings.get(k).map(|r| r.1);
    of(k) != of(k + 1) && k.checked_sub(1).is_none_or(|before| of(before) != of(k))
}

/// Where an equation of a problem holds: a balance, or the meters of a flow.
fn place(park: &Park, assembly: &Assembly, equation: u32) -> (Period, Place, Thing) {
    let balances = assembly.equations.len();
    if let Some(equation) = assembly.equations.get(equation as usize) {
        return (equation.period, Place::Process(equation.process), equation.thing);
    }
    let (_, variable) = assembly.readings[equation as usize - balances];
    let flow = &park.flows[assembly.variables[variable as usize].flow];
    (flow.period, Place::Meters(flow.from, flow.to), Thing::Carrier(flow.carrier))
}

impl Balance {
    /// χ² of all periods, its degrees of freedom, and the probability of a larger one by chance.
    #[must_use]
    pub fn chi2(&self) -> (f64, usize, f64) {
        let (chi2, freedom) =
            self.years.iter().fold((0.0, 0), |(sum, freedom), y| (sum + y.estimate.chi2, freedom + y.estimate.freedom));
        (chi2, freedom, tail(chi2, freedom))
    }

    /// The same without the meters that are likely wrong.
    #[must_use]
    pub fn chi2_without(&self) -> (f64, usize, f64) {
        let (chi2, freedom) = self.years.iter().fold((0.0, 0), |(sum, freedom), year| {
            let last = year.elimination.suspects.last();
            let (chi2, rest) = last.map_or((year.estimate.chi2, year.estimate.freedom), |s| (s.chi2, s.freedom));
            (sum + chi2, freedom + rest)
        });
        (chi2, freedom, tail(chi2, freedom))
    }

    /// The nodal tests of all equations, the largest first, and the size that none of them passes by chance.
    #[must_use]
    pub fn nodal_tests(&self, park: &Park) -> (Vec<Nodal>, f64) {
        let mut tests = Vec::new();
        for Year { assembly, estimate, equations, .. } in &self.years {
            for (joined, test) in estimate.nodal_tests() {
                let told = joined.iter().map(|&k| equations[k as usize]).filter(|&k| !is_alone(assembly, k));
                let mut at: Vec<_> = told.map(|k| place(park, assembly, k)).collect();
                at.dedup();
                tests.push(Nodal { at, test });
            }
        }
        tests.sort_by(|a, b| b.test.total_cmp(&a.test));
        let limit = critical(self.confidence, tests.len());
        (tests, limit)
    }

    /// The covariance of the best values of two rows; nothing where nothing determines one of them, 0 where they lie in different years.
    ///
    /// # Errors
    /// The id that is no row of a balanced flow.
    pub fn covariance<'a>(&self, park: &Park, ids: [&'a str; 2]) -> Result<Covariance, &'a str> {
        let find = |id: &'a str| {
            let of = |(at, year): (usize, &Year)| {
                let own = |v: &Variable| v.rows.iter().chain([&v.flow]).any(|&row| &*park.flows[row].id == id);
                let fits = |v: &Variable| v.reader != Reader::Group && own(v);
                let variables = &year.assembly.variables;
                // A row that was read has a variable of its own where the flow has several readings.
                let read = variables.iter().position(|v| fits(v) && !v.rows.is_empty());
                let k = read.or_else(|| variables.iter().position(fits))?;
                Some((at, year.assembly.best_of(k), variables[k].dimension))
            };
            self.years.iter().enumerate().find_map(of).ok_or(id)
        };
        let (a, b) = (find(ids[0])?, find(ids[1])?);
        let deviation = |of: (usize, usize, Dimension)| self.years[of.0].estimate.deviation(of.1);
        let value = if a.0 == b.0 {
            self.years[a.0].estimate.covariance(a.1, b.1)
        } else {
            deviation(a).and(deviation(b)).map(|_| 0.0)
        };
        Ok(Covariance { value, deviations: [deviation(a), deviation(b)], dimensions: [a.2, b.2] })
    }

    /// Whether more meters are wrong than were taken out of a year.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        self.years.iter().any(|year| year.elimination.suspects.len() == MOST)
    }

    /// Rows whose uncertainty is assumed: measured, estimated.
    #[must_use]
    pub fn assumed(&self) -> (usize, usize) {
        self.years.iter().fold((0, 0), |sum, year| (sum.0 + year.assembly.assumed.0, sum.1 + year.assembly.assumed.1))
    }
}

/// The suspects of all years, meter by meter.
fn wrong(park: &Park, years: &[Year]) -> Vec<Wrong> {
    let mut all: BTreeMap<_, Wrong> = BTreeMap::new();
    for Year { assembly, elimination, .. } in years {
        for suspect in &elimination.suspects {
            let variable = &assembly.variables[suspect.variable as usize];
            let flow = &park.flows[variable.flow];
            // Of a group the first of its readings stands for all.
            let shared = |v: &&Variable| v.shared.iter().any(|s| s.0 == suspect.variable);
            let of_group = (variable.reader == Reader::Group).then(|| assembly.variables.iter().find(shared)).flatten();
            let by = of_group.and_then(|v| v.shared.iter().find(|s| s.0 == suspect.variable)).map_or(1.0, |s| -s.1);
            let bias = by * suspect.bias;
            let (read, sd) = of_group.unwrap_or(variable).reading().map_or((0.0, 0.0), |m| (m.value, m.sd));
            let likely = read - bias;
            let alike = suspect.alike.iter().map(|&k| {
                let other = &assembly.variables[k as usize];
                (other.flow, other.reader)
            });
            let group = flow.group.as_deref().filter(|_| variable.reader == Reader::Group);
            let own = group.is_none().then_some((flow.from, flow.to, flow.carrier, flow.usage, variable.reader));
            let key = (group, own);
            let wrong = all.entry(key).or_insert_with(|| Wrong {
                flow: variable.flow,
                reader: variable.reader,
                test: 0.0,
                periods: Vec::new(),
                alike: alike.collect(),
            });
            wrong.test = wrong.test.max(suspect.test);
            let part = (likely.abs() > sd).then(|| bias / likely);
            // The rows of a group lie in several periods, those of a reading in one.
            let mut periods: Vec<Period> = variable.rows.iter().map(|&row| park.flows[row].period).collect();
            periods.sort_unstable();
            periods.dedup();
            wrong.periods.extend(periods.into_iter().map(|period| (period, part)));
        }
    }
    let mut list: Vec<Wrong> = all.into_values().collect();
    for wrong in &mut list {
        wrong.periods.sort_by_key(|p| p.0);
    }
    list.sort_by(|a, b| b.test.total_cmp(&a.test));
    list
}
