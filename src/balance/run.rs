//! The balances of a park: what does not close, what the meters say together, and which of them are likely wrong.

use super::assembly::{Assembly, Assumed, Reader, Untested, periods};
use super::closure::{self, Closure};
use super::gross::Elimination;
use super::statistics::{critical, tail};
use super::wls::{Class, Contradiction, Estimate, reconcile};
use crate::factors::FactorSet;
use crate::ledger::Ledger;
use crate::methods::{energy, net_energies};
use crate::park::{Park, ProcessId};
use crate::quantity::Period;
use std::collections::BTreeMap;

/// Gross errors that are taken out of one period, at most.
const MOST: usize = 20;

/// How balances are made.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Options {
    /// The confidence of all tests together.
    pub confidence: f64,
    /// Uncertainties where a row states none.
    pub assumed: Assumed,
}

impl Default for Options {
    fn default() -> Self {
        Self { confidence: 0.95, assumed: Assumed::default() }
    }
}

/// One period, reconciled.
#[derive(Debug, Clone)]
pub struct Reconciled {
    /// Which.
    pub period: Period,
    /// Its variables and equations.
    pub assembly: Assembly,
    /// The best values, or the balance that exact values contradict.
    pub outcome: Result<(Estimate, Elimination), Contradiction>,
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
    /// Periods in which it is suspect, and by how much it reads too high there, in parts of the likely value unless that is 0.
    pub periods: Vec<(Period, Option<f64>)>,
    /// Others that cannot be told from it, as reader and row.
    pub alike: Vec<(usize, Reader)>,
}

/// The balances of a park.
#[derive(Debug, Clone)]
pub struct Balance {
    /// Balances by the readings, the worst first: those that test something, then those that are booked.
    pub closures: Vec<Closure>,
    /// Periods, reconciled.
    pub periods: Vec<Reconciled>,
    /// Meters that are likely wrong, the likeliest first.
    pub wrong: Vec<Wrong>,
    /// Balances that cannot be made.
    pub untested: BTreeMap<(ProcessId, Untested), usize>,
    /// Rows whose uncertainty is assumed: measured, estimated.
    pub assumed: (usize, usize),
    /// The size that a test must pass.
    pub critical: f64,
}

/// Balances a park; `ledger` is its accounts, of which carbon and sulfur are.
#[must_use]
pub fn balance(park: &Park, sets: &[FactorSet], ledger: &Ledger, options: Options) -> Balance {
    let mut made = balance_flows(park, sets, options);
    let known = options.assumed.measured / 2.0;
    made.closures.extend(closure::of_envelopes(park, ledger, known));
    made.closures.extend(closure::of_sulfur(park, sets, ledger, known));
    let size = |c: &Closure| (c.booked, c.sigmas().map_or(0.0, f64::abs));
    made.closures.sort_by(|a, b| {
        let (a, b) = (size(a), size(b));
        a.0.cmp(&b.0).then(b.1.total_cmp(&a.1))
    });
    made
}

/// The same without carbon and sulfur: what the flows alone say; closures in the order of periods.
#[must_use]
pub fn balance_flows(park: &Park, sets: &[FactorSet], options: Options) -> Balance {
    let mut heat = net_energies(park, sets);
    for (heat, flow) in heat.iter_mut().zip(&park.flows) {
        *heat = heat.or_else(|| energy(park, flow));
    }
    let mut made = Balance {
        closures: Vec::new(),
        periods: Vec::new(),
        wrong: Vec::new(),
        untested: BTreeMap::new(),
        assumed: (0, 0),
        critical: 0.0,
    };
    let mut estimates = Vec::new();
    for period in periods(park) {
        let assembly = Assembly::new(park, period, &heat, options.assumed);
        made.closures.extend(assembly.equations.iter().filter_map(|e| closure::of_equation(&assembly, period, e)));
        made.closures.extend(closure::of_readings(park, &assembly, period));
        for &untested in &assembly.untested {
            *made.untested.entry(untested).or_default() += 1;
        }
        made.assumed.0 += assembly.assumed.0;
        made.assumed.1 += assembly.assumed.1;
        let estimate = reconcile(&assembly.problem());
        estimates.push((period, assembly, estimate));
    }
    let tested = |estimate: &Estimate| estimate.class.iter().filter(|c| **c == Class::Redundant).count();
    let count = estimates.iter().filter_map(|(.., estimate)| estimate.as_ref().ok()).map(tested).sum();
    made.critical = critical(options.confidence, count);
    for (period, assembly, estimate) in estimates {
        let outcome = estimate.map(|estimate| {
            let elimination = estimate.eliminate(made.critical, MOST);
            (estimate, elimination)
        });
        made.periods.push(Reconciled { period, assembly, outcome });
    }
    made.wrong = wrong(park, &made.periods);
    made
}

impl Balance {
    /// The same without the meters that are likely wrong.
    #[must_use]
    pub fn chi2_without(&self) -> (f64, usize, f64) {
        let all = self.periods.iter().filter_map(|p| p.outcome.as_ref().ok());
        let (chi2, freedom) = all.fold((0.0, 0), |(sum, freedom), (estimate, elimination)| {
            let last = elimination.suspects.last();
            let (chi2, rest) = last.map_or((estimate.chi2, estimate.freedom), |s| (s.chi2, s.freedom));
            (sum + chi2, freedom + rest)
        });
        (chi2, freedom, tail(chi2, freedom))
    }

    /// χ² of all periods, its degrees of freedom, and the probability of a larger one by chance.
    #[must_use]
    pub fn chi2(&self) -> (f64, usize, f64) {
        let all = self.periods.iter().filter_map(|p| p.outcome.as_ref().ok());
        let (chi2, freedom) = all.fold((0.0, 0), |(sum, freedom), (e, _)| (sum + e.chi2, freedom + e.freedom));
        (chi2, freedom, tail(chi2, freedom))
    }
}

/// The suspects of all periods, meter by meter.
fn wrong(park: &Park, periods: &[Reconciled]) -> Vec<Wrong> {
    let mut all: BTreeMap<_, Wrong> = BTreeMap::new();
    for Reconciled { period, assembly, outcome } in periods {
        let Ok((_, elimination)) = outcome else { continue };
        for suspect in &elimination.suspects {
            let variable = &assembly.variables[suspect.variable as usize];
            let flow = &park.flows[variable.flow];
            let read = variable.measured.map_or(0.0, |m| m.value);
            let likely = read - suspect.bias;
            let alike = suspect.alike.iter().map(|&k| {
                let other = &assembly.variables[k as usize];
                (other.flow, other.reader)
            });
            let key = (flow.from, flow.to, flow.carrier, flow.usage, variable.reader);
            let wrong = all.entry(key).or_insert_with(|| Wrong {
                flow: variable.flow,
                reader: variable.reader,
                test: 0.0,
                periods: Vec::new(),
                alike: alike.collect(),
            });
            wrong.test = wrong.test.max(suspect.test);
            wrong.periods.push((*period, (likely != 0.0).then(|| suspect.bias / likely)));
        }
    }
    let mut list: Vec<Wrong> = all.into_values().collect();
    list.sort_by(|a, b| b.test.total_cmp(&a.test));
    list
}
