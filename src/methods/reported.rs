//! Emissions that a stack monitor measured or a filed report states.
//!
//! A reported value replaces the computed line of its flow; both stay visible.
//! A reported zero beside fuel that was burnt is a missing value: its computed
//! line becomes an estimate of what the total lacks.

use crate::diagnostic::{Diagnostics, Problem};
use crate::factors::{Factor, FactorSet};
use crate::ledger::{Activity, CarbonOrigin, Ledger, Line, Source, Standing, Term, TermSource};
use crate::park::{Gas, Park, ProcessId};
use crate::quantity::{Dimension, significant};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Reported and computed emission may differ by this before it is a finding, where the factor states no limits of its own
/// (the rule of the case `o12`).
const LIMIT: f64 = 0.02;

pub(super) fn account(park: &Park, sets: &[FactorSet], ledger: &mut Ledger, found: &mut Diagnostics) {
    if park.reported.is_empty() {
        return;
    }
    let identity = ledger.coefficient(
        vec![Term {
            name: ("as reported", "按所报"),
            value: 1.0,
            printed: "1".to_owned(),
            source: TermSource::Definition("the row states the emission itself".to_owned()),
        }],
        CarbonOrigin::Unstated,
        Vec::new(),
    );
    // A flow may make several lines (oxides of clinker): the report stands for all of them.
    let mut replaced: HashMap<usize, Vec<usize>> = HashMap::new();
    for (i, line) in ledger.lines.iter().enumerate() {
        if let Activity::Flow(flow) = line.activity
            && line.standing == Standing::Replaced
            && line.gas == Gas::Co2
        {
            replaced.entry(flow).or_default().push(i);
        }
    }
    let burning: HashSet<(ProcessId, u16)> = ledger
        .lines
        .iter()
        .filter(|l| computes(l.source) && l.gas == Gas::Co2 && l.standing == Standing::Counted)
        .map(|l| (l.process, l.period.year))
        .collect();
    for (i, reported) in park.reported.iter().enumerate() {
        let carbon = matches!(reported.gas, Gas::Co2 | Gas::Co2eReported(_));
        if carbon && reported.replaces.is_none() && burning.contains(&(reported.process, reported.period.year)) {
            let process = park.process(reported.process).label.id.to_string();
            let problem = Problem::ReportBesideFuel { process, gas: reported.gas.label() };
            found.push(park.reported_problem(reported, "replaces", problem));
        }
        let Some(mass) = reported.mass else { continue };
        let computed = reported.replaces.and_then(|flow| replaced.get(&flow));
        // Biogenic CO2 stays outside the total also where it was measured.
        let origin = computed.and_then(|c| c.last()).map_or(CarbonOrigin::Unstated, |&c| ledger.lines[c].origin);
        let computed: Vec<usize> =
            computed.into_iter().flatten().copied().filter(|&c| ledger.lines[c].origin == origin).collect();
        let estimate: f64 = computed.iter().map(|&c| ledger.lines[c].mass).sum();
        let missing = reported.gas == Gas::Co2 && mass == 0.0 && estimate > 0.0;
        let standing = match (missing, reported.gas, origin) {
            (true, ..) => Standing::Missing,
            (false, Gas::Co2, CarbonOrigin::Biogenic) => Standing::Memo,
            _ => Standing::Counted,
        };
        if missing && let Some(flow) = reported.replaces {
            for &line in &computed {
                ledger.lines[line].standing = Standing::Missing;
            }
            let problem = Problem::ReportedZero { flow: park.flows[flow].id.to_string(), estimate: about(estimate) };
            found.push(park.reported_problem(reported, "quantity", problem));
        }
        let at = (reported.enterprise, reported.process, reported.period);
        let line = Line::direct(at, Activity::Reported(i), Source::Reported, reported.gas);
        let (quantity, coefficient) = (mass, identity);
        ledger.lines.push(Line { origin, quantity, coefficient, mass, standing, ..line });
    }
    cross_check(park, sets, ledger, found);
}

/// Whether a method computes what a stack monitor sees as well: burning and processes.
fn computes(source: Source) -> bool {
    let process =
        [Source::Carbonate, Source::Production, Source::CarbonBalance, Source::Incineration, Source::Desulfurization];
    source.is_combustion() || process.contains(&source)
}

/// A mass with the three digits that an estimate deserves: `747,000 t`.
fn about(mass: f64) -> String {
    let step = libm::pow(10.0, libm::floor(libm::log10(mass.max(1.0))) - 2.0).max(1.0);
    format!("{} t", significant((mass / step).round() * step, 12))
}

/// Names the rows whose reported CO2 and reported energy do not fit each other.
fn cross_check(park: &Park, sets: &[FactorSet], ledger: &Ledger, found: &mut Diagnostics) {
    for check in compare(park, sets, ledger).into_iter().filter(|c| !c.missing) {
        let (difference, gas) = match (check.is_finding(), check.co2_difference(), check.co2e_difference()) {
            ((true, _), Some(d), _) => (d, "CO2"),
            ((_, true), _, Some(d)) => (d, "CO2e"),
            _ => continue,
        };
        let Some(row) = check.co2_row.or(check.co2e_row) else { continue };
        let unit = park.flows[check.flow].quantity.map_or(Dimension::NONE, |q| q.dimension);
        let per = |mass: f64| format!("{} kg/{unit}", significant(mass / check.energy * 1e3, 5));
        let implied = if gas == "CO2" { check.co2 } else { check.co2e };
        let problem = Problem::ImpliedFactor {
            gas: gas.to_owned(),
            implied: per(implied.unwrap_or_default()),
            factor: per(check.computed),
            difference: difference * 100.0,
            limits: check.own_limits.then(|| (per(check.limits.0), per(check.limits.1))),
        };
        found.push(park.reported_problem(&park.reported[row], "quantity", problem));
    }
}

/// What was reported for one flow, beside what its energy and the CO2 factor give.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Comparison {
    /// The flow, by position in the park.
    pub flow: usize,
    /// Its quantity in canonical units (GJ where it was given as energy).
    pub energy: f64,
    /// CO2 by the factor. Unit: t.
    pub computed: f64,
    /// CO2 by the lower and the upper 95 % limit of the factor, where it has both; else 2 % around what it gives. Unit: t.
    pub limits: (f64, f64),
    /// Whether these limits are the factor's own.
    pub own_limits: bool,
    /// Reported CO2. Unit: t.
    pub co2: Option<f64>,
    /// Reported CO2 and CO2e without split, together. Unit: t.
    pub co2e: Option<f64>,
    /// Row of the reported CO2, by position in the park.
    pub co2_row: Option<usize>,
    /// Row of the reported CO2e, by position in the park.
    pub co2e_row: Option<usize>,
    /// Whether the reported zero stands for a missing value.
    pub missing: bool,
}

impl Comparison {
    /// Relative difference of reported CO2 from the factor.
    #[must_use]
    pub fn co2_difference(&self) -> Option<f64> {
        self.co2.map(|c| c / self.computed - 1.0)
    }

    /// Relative difference of reported CO2e from the CO2-only factor.
    #[must_use]
    pub fn co2e_difference(&self) -> Option<f64> {
        self.co2e.map(|c| c / self.computed - 1.0)
    }

    /// Whether CO2, and whether CO2e, lies outside the limits.
    #[must_use]
    pub fn is_finding(&self) -> (bool, bool) {
        let (lowest, highest) = self.limits;
        let beyond = |mass: Option<f64>| mass.is_some_and(|mass| !(lowest..=highest).contains(&mass));
        (beyond(self.co2), beyond(self.co2e))
    }

    /// The reported emission that is compared: CO2, or CO2e where CO2 is within the limits or not reported; and which it is.
    #[must_use]
    pub fn compared(&self) -> Option<(f64, &'static str)> {
        let (co2, co2e) = (self.co2.map(|mass| (mass, "CO2")), self.co2e.map(|mass| (mass, "CO2e")));
        match self.is_finding() {
            (false, true) => co2e,
            _ => co2.or(co2e),
        }
    }
}

/// Sets reported emissions beside computed ones, flow by flow, in the order of flows.
#[must_use]
pub fn compare(park: &Park, sets: &[FactorSet], ledger: &Ledger) -> Vec<Comparison> {
    let mut list = Vec::new();
    let limited = limits(sets);
    for line in &ledger.lines {
        let computed = line.source.is_combustion() && line.gas == Gas::Co2;
        let Activity::Flow(flow) = line.activity else { continue };
        if !computed || !matches!(line.standing, Standing::Replaced | Standing::Missing) || line.mass <= 0.0 {
            continue;
        }
        // Terms without limits are taken as they stand.
        let own = ledger.get(line.coefficient).terms.iter().filter_map(|term| match &term.source {
            TermSource::Factor { id, .. } => limited.get(id),
            _ => None,
        });
        let own = own.copied().reduce(|a, b| (a.0 * b.0, a.1 * b.1));
        let (lowest, highest) = own.unwrap_or((1.0 - LIMIT, 1.0 + LIMIT));
        list.push(Comparison {
            flow,
            energy: line.quantity,
            computed: line.mass,
            limits: (line.mass * lowest, line.mass * highest),
            own_limits: own.is_some(),
            co2: None,
            co2e: None,
            co2_row: None,
            co2e_row: None,
            missing: line.standing == Standing::Missing,
        });
    }
    let position: HashMap<usize, usize> = list.iter().enumerate().map(|(i, c)| (c.flow, i)).collect();
    for (i, reported) in park.reported.iter().enumerate() {
        let (Some(flow), Some(mass)) = (reported.replaces, reported.mass) else { continue };
        let Some(&at) = position.get(&flow) else { continue };
        let entry = &mut list[at];
        match reported.gas {
            Gas::Co2 => {
                entry.co2 = Some(entry.co2.unwrap_or_default() + mass);
                entry.co2_row = Some(i);
                entry.co2e = Some(entry.co2e.unwrap_or_default() + mass);
            }
            Gas::Co2eReported(_) => {
                entry.co2e_row = Some(i);
                entry.co2e = Some(entry.co2e.unwrap_or_default() + mass);
            }
            _ => {}
        }
    }
    // Without a CO2e row there is no CO2e to compare.
    for entry in list.iter_mut().filter(|e| e.co2e_row.is_none()) {
        entry.co2e = None;
    }
    list
}

/// Factors that state both limits: these in parts of the value, by id.
fn limits(sets: &[FactorSet]) -> HashMap<Arc<str>, (f64, f64)> {
    let of = |factor: &Factor| match factor.limits {
        (Some(lower), Some(upper)) if factor.value > 0.0 => {
            Some((factor.id.clone(), (lower / factor.value, upper / factor.value)))
        }
        _ => None,
    };
    sets.iter().flat_map(|set| set.factors.iter()).filter_map(of).collect()
}
