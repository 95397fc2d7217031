//! SO2, NOx and dust of fuel that is burnt.
//!
//! SO2 by the sulfur balance `m = 2 · B · S · (1 − retention)` (HJ 888-2018 and HJ 953-2018, source-strength codes;
//! number of the equation not checked against their text), NOx and dust by an uncontrolled factor. What the abatement
//! takes out makes a negative line of its own: `− m · removal · utilization`, with the parameters of the process that
//! burns. A stack monitor (`emissions.csv`, of the process, without `replaces`) takes the place of the computed lines
//! of its process, gas and period; they stay visible.
//!
//! A pollutant is covered as soon as one burner has a value for it; then a burner without one is named (F106).

use super::burnt;
use super::lookup::{Ask, Lookup};
use crate::diagnostic::{Diagnostics, Problem};
use crate::factors::{FactorSet, Loser, Parameter};
use crate::ledger::{Activity, CarbonOrigin, CoefficientId, Ledger, Line, Source, Standing, Term, TermSource};
use crate::park::{CarrierId, EnterpriseId, Gas, Park, ProcessId};
use crate::quantity::{Dimension, Fraction, Period, Tonnes};
use foldhash::{HashMap, HashMapExt, HashSet, HashSetExt};
use std::collections::{BTreeMap, BTreeSet};

/// Mass of SO2 per mass of sulfur, 64/32 as the source-strength codes take it (exact molar masses give 1.998).
pub const SO2_PER_SULFUR: f64 = 2.0;

const AIR: [Gas; 3] = [Gas::So2, Gas::Nox, Gas::Pm];
const RETAINED: (&str, &str) = ("share of sulfur that is not retained in the ash", "未被灰分固定的硫份额");
const RATIO: (&str, &str) = ("SO2 per sulfur", "二氧化硫与硫之比");

/// SO2 before control: `2 · B · S · (1 − retention)`. Unit: t.
#[must_use]
pub fn so2_formed(fuel: Tonnes, sulfur: Fraction, retention: Fraction) -> Tonnes {
    Tonnes(fuel.0 * sulfur.0 * (1.0 - retention.0) * SO2_PER_SULFUR)
}

/// What an abatement takes out of `formed`: `m · removal · utilization`. Unit: t.
#[must_use]
pub fn removed(formed: Tonnes, removal: Fraction, utilization: Fraction) -> Tonnes {
    formed * removal * utilization
}

/// SO2 that an abatement takes out of the gas of one fuel row.
#[derive(Debug, Clone)]
pub(super) struct RemovedSo2 {
    /// The fuel row, by position in the park.
    pub(super) flow: usize,
    /// Where the fuel is burnt.
    pub(super) process: ProcessId,
    /// Fuel in canonical units, signed.
    pub(super) quantity: f64,
    /// The terms from fuel to SO2 removed.
    pub(super) terms: Vec<Term>,
}

/// What desulfurization needs to know.
#[derive(Debug, Default)]
pub(super) struct Sulfur {
    /// By fuel row, where a removal is stated.
    pub(super) rows: Vec<RemovedSo2>,
    /// By enterprise and year: what was formed less what is emitted, by monitor where there is one. Unit: t.
    pub(super) removed: BTreeMap<(EnterpriseId, u16), f64>,
}

/// The coefficients of one fuel at one process: before control, and what is removed.
#[derive(Clone, Copy)]
struct Made {
    formed: CoefficientId,
    removed: Option<CoefficientId>,
}

pub(super) fn account(
    park: &Park,
    sets: &[FactorSet],
    rows: &[burnt::Row],
    ledger: &mut Ledger,
    found: &mut Diagnostics,
) -> Sulfur {
    let monitors = Monitors::new(park);
    let mut sulfur = Sulfur::default();
    let mut named = HashSet::new();
    for gas in AIR {
        let mut known: Vec<Option<Option<Made>>> = vec![None; burnt::kinds(rows)];
        let mut without = Vec::new();
        for &burnt::Row { flow: i, process, sign, kind } in rows {
            let flow = &park.flows[i];
            let Some(quantity) = flow.quantity else { continue };
            let lookup = Lookup { park, sets, process, period: flow.period };
            let made = known[kind].get_or_insert_with(|| {
                let (terms, losers) = uncontrolled(&lookup, gas, flow.carrier, quantity.dimension)?;
                let removal = removal(&lookup, gas);
                let removed = removal.map(|r| {
                    let all = terms.iter().cloned().chain(r).collect();
                    ledger.coefficient(all, CarbonOrigin::Unstated, Vec::new())
                });
                Some(Made { formed: ledger.coefficient(terms, CarbonOrigin::Unstated, losers), removed })
            });
            let Some(made) = *made else {
                without.push(i);
                continue;
            };
            let used = &ledger.get(made.removed.unwrap_or(made.formed)).terms;
            burnt::report_unconfirmed(park, flow, used, found, &mut named);
            let standing = if monitors.replaces(park, i, process, flow.period, gas) {
                Standing::Replaced
            } else {
                Standing::Counted
            };
            let at = (park.process(process).enterprise, process, flow.period);
            let mut push = |coefficient: CoefficientId, sign: f64, source, variant| {
                let quantity = sign * quantity.value;
                let mass = ledger.mass(quantity, coefficient);
                let line = Line::direct(at, Activity::Flow(i), source, gas);
                ledger.lines.push(Line { quantity, coefficient, mass, standing, variant, ..line });
                mass
            };
            let formed = push(made.formed, sign, Source::Combustion, "");
            let gone = made.removed.map_or(0.0, |r| -push(r, -sign, Source::Abatement, "removed"));
            if gas == Gas::So2 {
                let taken = if standing == Standing::Replaced { formed } else { gone };
                *sulfur.removed.entry((at.0, flow.period.year)).or_default() += taken;
                if let Some(removed) = made.removed {
                    let (terms, quantity) = (ledger.get(removed).terms.clone(), sign * quantity.value);
                    sulfur.rows.push(RemovedSo2 { flow: i, process, quantity, terms });
                }
            }
        }
        // Nobody who has no value at all for a pollutant wants to hear of it for each fuel.
        if without.len() < rows.len() {
            name_gaps(park, gas, &without, found);
        }
    }
    monitors.settle(park, ledger, &mut sulfur, found);
    sulfur
}

/// The terms before control: by sulfur balance for SO2 where the sulfur is known, else by factor.
fn uncontrolled(
    lookup: &Lookup,
    gas: Gas,
    carrier: CarrierId,
    dimension: Dimension,
) -> Option<(Vec<Term>, Vec<Loser>)> {
    let ask = |parameter, gas, dimension| Ask { parameter, carrier: Some(carrier), gas, dimension };
    let content = match dimension {
        Dimension::MASS => Some(Dimension::NONE),
        Dimension::VOLUME => Some(Dimension::MASS / Dimension::VOLUME),
        _ => None,
    };
    let sulfur = content.filter(|_| gas == Gas::So2).and_then(|d| lookup.find(ask(Parameter::Sulfur, None, d)));
    if let Some(sulfur) = sulfur {
        let retention = lookup.find(ask(Parameter::Retention, None, Dimension::NONE));
        let passed = match retention {
            // The source is the row of the retention; the printed text shows the subtraction.
            Some(r) => Term {
                name: RETAINED,
                value: 1.0 - r.term.value,
                printed: format!("1 − {}", r.term.printed),
                source: r.term.source,
            },
            None => definition(RETAINED, 1.0, "no retention is stated: all sulfur leaves as SO2"),
        };
        let ratio = definition(RATIO, SO2_PER_SULFUR, "molar masses, 64/32 as HJ 888 and HJ 953 take it");
        return Some((vec![sulfur.term, passed, ratio], sulfur.losers));
    }
    let answer = lookup.find(ask(Parameter::EmissionFactor, Some(gas), Dimension::MASS / dimension))?;
    Some((vec![answer.term], answer.losers))
}

/// Removal and utilization of the abatement behind a burner, as its parameters state them.
fn removal(lookup: &Lookup, gas: Gas) -> Option<Vec<Term>> {
    let ask = |parameter| Ask { parameter, carrier: None, gas: Some(gas), dimension: Dimension::NONE };
    // A removal of nothing is none.
    let removal = lookup.find(ask(Parameter::Removal)).filter(|a| a.term.value != 0.0)?;
    Some(std::iter::once(removal).chain(lookup.find(ask(Parameter::Utilization))).map(|a| a.term).collect())
}

/// A constant that a standard or a convention sets.
pub(super) fn definition(name: (&'static str, &'static str), value: f64, text: &str) -> Term {
    let source = TermSource::Definition(text.to_owned());
    Term { name, value, printed: crate::quantity::significant(value, 6), source }
}

/// Names fuels without a value, each carrier once.
fn name_gaps(park: &Park, gas: Gas, without: &[usize], found: &mut Diagnostics) {
    let mut named = BTreeSet::new();
    for &i in without {
        let flow = &park.flows[i];
        if named.insert(flow.carrier) {
            let carrier = park.carrier(flow.carrier).thing();
            let others = burnt::sets_with_gas(park, &carrier.id, gas);
            let problem = Problem::GasNotEstimated { gas: gas.label(), carrier, others };
            found.push(park.flow_problem(flow, "carrier", problem));
        }
    }
}

/// Reported pollutants: which computed lines they replace.
struct Monitors {
    /// Rows by process (or, for a report on an enterprise as a whole, by each of its processes) and gas.
    of_process: HashMap<(ProcessId, Gas), Vec<usize>>,
    /// Rows that name the flow they replace.
    of_flow: HashMap<(usize, Gas), Vec<usize>>,
}

impl Monitors {
    fn new(park: &Park) -> Self {
        let mut monitors = Self { of_process: HashMap::new(), of_flow: HashMap::new() };
        let rows = park.reported.iter().enumerate();
        for (r, row) in rows.filter(|(_, r)| r.mass.is_some() && AIR.contains(&r.gas)) {
            if let Some(flow) = row.replaces {
                monitors.of_flow.entry((flow, row.gas)).or_default().push(r);
            } else if park.implicit_sites.contains(&row.process) {
                let members = park.processes.iter().enumerate().filter(|(_, p)| p.enterprise == row.enterprise);
                for (p, _) in members {
                    monitors.of_process.entry((ProcessId::new(p), row.gas)).or_default().push(r);
                }
            } else {
                monitors.of_process.entry((row.process, row.gas)).or_default().push(r);
            }
        }
        monitors
    }

    /// Whether reports take the place of the line of row `i` at `process`.
    fn replaces(&self, park: &Park, i: usize, process: ProcessId, period: Period, gas: Gas) -> bool {
        self.of_flow.contains_key(&(i, gas))
            || self.of_process.get(&(process, gas)).is_some_and(|rows| covers(park, rows, period) == Some(true))
    }

    /// Takes what the monitors saw off the SO2 removed, and refuses reports on a part of a period.
    fn settle(&self, park: &Park, ledger: &Ledger, sulfur: &mut Sulfur, found: &mut Diagnostics) {
        let (mut seen, mut partly) = (BTreeSet::new(), BTreeSet::new());
        for line in &ledger.lines {
            let Activity::Flow(i) = line.activity else { continue };
            if !AIR.contains(&line.gas) {
                continue;
            }
            let of_flow = self.of_flow.get(&(i, line.gas)).into_iter().flatten();
            let of_process = self.of_process.get(&(line.process, line.gas));
            if line.standing == Standing::Replaced {
                let within = of_process.into_iter().flatten().filter(|&&r| {
                    let period = park.reported[r].period;
                    period.contains(line.period) || line.period.contains(period)
                });
                seen.extend(of_flow.chain(within).copied());
            } else if let Some(rows) = of_process
                && covers(park, rows, line.period) == Some(false)
                && partly.insert((rows[0], line.gas))
            {
                let row = &park.reported[rows[0]];
                let months = rows.iter().map(|&r| park.reported[r].period.to_string()).collect::<Vec<_>>().join(", ");
                let problem = Problem::PartialReport {
                    flow: park.flows[i].id.to_string(),
                    gas: line.gas.label(),
                    period: line.period.to_string(),
                    reported: months,
                };
                found.push(park.reported_problem(row, "period", problem));
            }
        }
        for row in seen.into_iter().map(|r| &park.reported[r]).filter(|r| r.gas == Gas::So2) {
            if let Some(removed) = sulfur.removed.get_mut(&(row.enterprise, row.period.year)) {
                *removed -= row.mass.unwrap_or_default();
            }
        }
    }
}

/// Whether reported rows cover a period: all of it, a part, or nothing.
fn covers(park: &Park, rows: &[usize], period: Period) -> Option<bool> {
    let periods: BTreeSet<Period> = rows.iter().map(|&r| park.reported[r].period).collect();
    if periods.iter().any(|p| p.contains(period)) {
        return Some(true);
    }
    let months = periods.iter().filter(|p| period.contains(**p)).count();
    (months > 0).then_some(months == 12)
}
