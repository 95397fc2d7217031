//! Methane in a volume of gas: biogas that is recovered, landfill gas, vents, slips.

use super::book::{Book, Chain, Entry, Method, ask, definition};
use crate::diagnostic::Problem;
use crate::factors::Parameter;
use crate::ledger::{Activity, CarbonOrigin, Source, Term};
use crate::park::{Flow, Gas, Node, ProcessId};
use crate::quantity::{CubicMeters, Dimension, EmissionPerVolume, Fraction, GasState, Period, Tonnes};
use std::collections::{BTreeMap, HashSet};

/// Density of methane at 0 °C and 101.325 kPa, as an ideal gas: 16.043 g/mol over
/// 22.41397 L/mol (IUPAC atomic weights; R·T/p of CODATA 2018). Unit: t/m³.
pub const METHANE_DENSITY: f64 = 16.043 / 22.413_97 / 1e3;

/// Methane in a gas, as a mass: `V · x · ρ`. Unit: t.
#[must_use]
pub fn methane_mass(volume: CubicMeters, fraction: Fraction, density: EmissionPerVolume) -> Tonnes {
    volume * fraction * density
}

/// Why the methane of a flow cannot be told.
pub(super) enum Unknown {
    /// The row is no volume, or its reference state is not stated.
    Unit,
    /// Nobody states the share of methane.
    Fraction(Box<Problem>),
}

/// Terms that turn the volume of a gas flow into tonnes of methane.
pub(super) fn methane_of(book: &Book, at: ProcessId, flow: &Flow, method: Method) -> Result<Chain, Unknown> {
    let wanted = ask(Parameter::MethaneFraction, Some(flow.carrier), Dimension::NONE);
    let fraction = book.lookup(at, flow.period).need(wanted, method).map_err(Unknown::Fraction)?;
    let quantity = flow.quantity.ok_or(Unknown::Unit)?;
    let state = quantity.basis.state.filter(|_| quantity.dimension == Dimension::VOLUME).ok_or(Unknown::Unit)?;
    let ratio = state.volume_ratio(GasState::C0).ok_or(Unknown::Unit)?;
    let mut chain = Chain::default();
    if state != GasState::C0 {
        let printed = format!("273.15 K / {} K", state.kelvin().unwrap_or_default());
        chain = chain.times(definition(super::fuel::words::STATE, ratio, &printed, "ideal gas at 101.325 kPa"));
    }
    Ok(chain.by(fraction).times(density()))
}

/// The term of the density of methane.
fn density() -> Term {
    let says = "ideal gas at 0 °C and 101.325 kPa, 16.043 g/mol over 22.41397 L/mol";
    definition(("density of methane", "甲烷密度"), METHANE_DENSITY, "0.71576 kg/m3", says)
}

/// Methane that leaves a treatment in gas that somebody burns or buys, or that
/// `parameters.csv` states as `recovered`: negative lines, each times `rest` (the
/// share that would have reached the air).
///
/// Where a process states `recovered`, its gas flows are not asked.
pub(super) fn recover(
    book: &mut Book,
    source: Source,
    method: Method,
    treats: fn(&str) -> bool,
    rest: fn(&Book, ProcessId, Period) -> Chain,
) {
    let park = book.park;
    if !park.processes.iter().any(|p| treats(&p.technique)) {
        return;
    }
    let mut stated: HashSet<(ProcessId, u16)> = HashSet::new();
    for (i, row) in park.parameters.iter().enumerate() {
        let of_methane = row.name == Parameter::Recovered && row.gas.is_none_or(|g| g == Gas::Ch4);
        if !of_methane || !treats(book.technique(row.process)) {
            continue;
        }
        // A row without a period holds for each year.
        let periods = row.period.map_or_else(|| park.years().into_iter().map(Period::year).collect(), |p| vec![p]);
        for period in periods.into_iter().filter(|p| park.years().contains(&p.year)) {
            stated.insert((row.process, period.year));
            let says = "the row states the methane itself";
            let chain = Chain::of(definition(("methane recovered", "回收的甲烷"), 1.0, "1", says));
            let chain = chain.and(rest(book, row.process, period));
            let (activity, quantity) = (Activity::Parameter(i), -row.value);
            book.push(entry(activity, row.process, period, source, quantity, chain));
        }
    }
    for (i, flow) in park.flows.iter().enumerate() {
        let Node::Process(from) = flow.from else { continue };
        let taken = match flow.to {
            Node::Process(to) => to != from,
            Node::Outside(outside) => outside.buys(),
            Node::Stock(_) => false,
        };
        let gas = park.carrier(flow.carrier).kind == crate::park::CarrierKind::GasFuel;
        let counts = taken && gas && park.observations.counts_for_seller(i);
        if !counts || !treats(book.technique(from)) || stated.contains(&(from, flow.period.year)) {
            continue;
        }
        let Some(quantity) = flow.quantity else { continue };
        match methane_of(book, from, flow, method) {
            Ok(chain) => {
                let before = book.treatment[i];
                let chain = chain.and(rest(book, from, flow.period));
                book.push(entry(Activity::Flow(i), from, flow.period, source, -quantity.value, chain));
                // The gas is used where it goes to: what became of it there is what the row tells.
                book.treatment[i] = before;
            }
            Err(Unknown::Unit) => book.wrong_unit(flow, method, "Nm3; m3 (0C, 15C, 20C)"),
            Err(Unknown::Fraction(problem)) => book.missing(flow, *problem),
        }
    }
    check_sign(book, source, treats);
}

fn entry(activity: Activity, process: ProcessId, period: Period, source: Source, quantity: f64, chain: Chain) -> Entry {
    let (gas, origin, variant) = (Gas::Ch4, CarbonOrigin::Biogenic, "recovered");
    Entry { activity, process, period, source, gas, origin, quantity, chain, variant }
}

/// Names a treatment from which more methane is recovered than its method computes.
fn check_sign(book: &mut Book, source: Source, treats: fn(&str) -> bool) {
    let mut sums: BTreeMap<(ProcessId, u16), (f64, f64, Option<Activity>)> = BTreeMap::new();
    for line in book.ledger.lines.iter().filter(|l| l.source == source && l.gas == Gas::Ch4) {
        if treats(book.technique(line.process)) {
            let sum = sums.entry((line.process, line.period.year)).or_default();
            if line.variant == "recovered" {
                sum.1 -= line.mass;
                sum.2 = sum.2.or(Some(line.activity));
            } else {
                sum.0 += line.mass;
            }
        }
    }
    for ((process, year), (made, recovered, row)) in sums {
        if recovered <= made * (1.0 + 1e-9) {
            continue;
        }
        let mass = |m: f64| format!("{} t", crate::quantity::significant(m, 5));
        let process = book.park.process(process).label.id.to_string();
        let problem = Problem::RecoveredExceeds { process, year, recovered: mass(recovered), generated: mass(made) };
        match row {
            Some(Activity::Flow(i)) => book.flow_problem(&book.park.flows[i], "quantity", problem),
            Some(Activity::Parameter(i)) => book.parameter_problem(book.park.parameters[i].row, problem),
            _ => {}
        }
    }
}
