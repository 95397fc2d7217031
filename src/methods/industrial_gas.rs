//! Industrial gases lost from equipment: SF6, HFCs, PFCs, NF3 and their blends.
//!
//! IPCC 2006 Guidelines, volume 3, chapter 8, equation 8.1 (mass balance), and
//! chapter 7, equation 7.13 (charge times leakage) [numbers not checked against the
//! text of the guidelines]. By balance, what a process takes in and does not give
//! away again is lost: `opening + purchases − closing − recovered or sold`. Stock
//! levels include what is in the equipment.

use super::Claim;
use super::book::{Book, Chain, Entry, Method, definition, rest_of};
use super::lookup::{Ask, Lookup};
use crate::diagnostic::{Problem, Words};
use crate::factors::{FactorSet, Parameter, builtin};
use crate::ledger::{Activity, CarbonOrigin, Source};
use crate::park::{CarrierId, Gas, ProcessId};
use crate::quantity::{Dimension, Fraction, Period, Tonnes};
use std::collections::{BTreeSet, HashMap};

const METHOD: Method = ("industrial gases", "工业气体");

/// The family of pure gases, true by definition.
pub(super) const PURE: &str = "industrial_gases";

/// Loss by mass balance: `opening + purchases − closing − given away`. Unit: t.
/// IPCC 2006 volume 3, equation 8.1 (M).
#[must_use]
pub fn lost(opening: Tonnes, bought: Tonnes, closing: Tonnes, given: Tonnes) -> Tonnes {
    Tonnes(opening.0 + bought.0 - closing.0 - given.0)
}

/// Loss by charge and yearly leakage rate. Unit: t. IPCC 2006 volume 3, equation 7.13 (M).
#[must_use]
pub fn leaked(charge: Tonnes, rate: Fraction) -> Tonnes {
    charge * rate
}

pub(super) fn account(book: &mut Book) {
    let park = book.park;
    // The definition of a pure gas needs no choice of a set.
    let mut sets: Vec<FactorSet> = book.sets.to_vec();
    sets.extend(builtin(PURE).filter(|_| !book.sets.iter().any(|s| &*s.id == PURE)).cloned());
    let gases = contents(&sets);
    let mut balanced: HashMap<(ProcessId, CarrierId, u16), usize> = HashMap::new();
    for (i, process, sign) in book.claims.all_ends(park, Claim::IndustrialGas) {
        let flow = &park.flows[i];
        let Some(quantity) = flow.quantity else { continue };
        let variant = if sign < 0.0 { "given_away" } else { "" };
        if quantity.dimension != Dimension::MASS {
            book.wrong_unit(flow, METHOD, "t, kg");
            continue;
        }
        balanced.entry((process, flow.carrier, flow.period.year)).or_insert(i);
        let at = Lost { process, carrier: flow.carrier, period: flow.period, variant };
        let known = lines(book, &sets, &gases, &at, Activity::Flow(i), sign * quantity.value, &Chain::default());
        if !known {
            let problem = no_gas(book, process, flow.carrier);
            book.missing(flow, problem);
        }
    }
    by_charge(book, &sets, &gases, &balanced);
}

/// Charges with their leakage rates.
fn by_charge(
    book: &mut Book,
    sets: &[FactorSet],
    gases: &HashMap<String, BTreeSet<Gas>>,
    balanced: &HashMap<(ProcessId, CarrierId, u16), usize>,
) {
    let park = book.park;
    for (i, row) in park.parameters.iter().enumerate() {
        let Some(carrier) = row.carrier.filter(|_| row.name == Parameter::Charge) else { continue };
        if park.process(row.process).is_in_balance() {
            continue;
        }
        // A row without a period holds for each year.
        let periods = row.period.map_or_else(|| park.years().into_iter().map(Period::year).collect(), |p| vec![p]);
        for period in periods.into_iter().filter(|p| park.years().contains(&p.year)) {
            if balanced.contains_key(&(row.process, carrier, period.year)) {
                let process = park.process(row.process).label.id.to_string();
                let carrier = park.carrier(carrier).thing();
                book.parameter_problem(row.row, Problem::TwoMethods { process, carrier, year: period.year });
                continue;
            }
            let lookup = book.lookup(row.process, period);
            let wanted =
                Ask { parameter: Parameter::LeakRate, carrier: Some(carrier), gas: None, dimension: Dimension::NONE };
            match lookup.need_broad(wanted, METHOD) {
                Ok(rate) => {
                    let at = Lost { process: row.process, carrier, period, variant: "" };
                    let mut chain = Chain::default().by(rate);
                    if period.month.is_some() {
                        chain = chain.times(definition(
                            ("a month of the year", "一年中的一个月"),
                            1.0 / 12.0,
                            "1/12",
                            "the rate is per year",
                        ));
                    }
                    if !lines(book, sets, gases, &at, Activity::Parameter(i), row.value, &chain) {
                        let problem = no_gas(book, row.process, carrier);
                        book.parameter_problem(row.row, problem);
                    }
                }
                Err(problem) => book.parameter_problem(row.row, *problem),
            }
        }
    }
}

/// Where gas is lost.
struct Lost {
    process: ProcessId,
    carrier: CarrierId,
    period: Period,
    variant: &'static str,
}

/// The lines of one quantity, one a gas; whether the carrier has any gas.
fn lines(
    book: &mut Book,
    sets: &[FactorSet],
    gases: &HashMap<String, BTreeSet<Gas>>,
    at: &Lost,
    activity: Activity,
    quantity: f64,
    first: &Chain,
) -> bool {
    let park = book.park;
    let lookup = Lookup { park, sets, process: at.process, period: at.period };
    let mut any = false;
    for &gas in gases.get(&*park.carrier(at.carrier).label.id).into_iter().flatten() {
        let ask = |parameter| Ask { parameter, carrier: Some(at.carrier), gas: Some(gas), dimension: Dimension::NONE };
        let Some(share) = lookup.find(ask(Parameter::EmissionFactor)) else { continue };
        any = true;
        let mut chain = first.clone().by(share);
        // What an abatement destroys does not reach the air.
        if let Some(removal) = lookup.find(ask(Parameter::Removal)) {
            chain = chain.times(rest_of(removal.term, ("share not destroyed", "未分解的比例")));
        }
        book.push(Entry {
            activity,
            process: at.process,
            period: at.period,
            source: Source::IndustrialGas,
            gas,
            origin: CarbonOrigin::Unstated,
            quantity,
            chain,
            variant: at.variant,
        });
    }
    any
}

/// Gases that a tonne of each carrier holds, as the factor sets say.
fn contents(sets: &[FactorSet]) -> HashMap<String, BTreeSet<Gas>> {
    let mut gases: HashMap<String, BTreeSet<Gas>> = HashMap::new();
    for factor in sets.iter().flat_map(|s| s.factors.iter()).filter(|f| f.parameter == Parameter::EmissionFactor) {
        if let Some(gas) = factor.gas.filter(|&g| super::claim::is_fluorinated(g)) {
            gases.entry(factor.carrier.to_string()).or_default().insert(gas);
        }
    }
    gases
}

fn no_gas(book: &Book, process: ProcessId, carrier: CarrierId) -> Problem {
    let id = &book.park.carrier(carrier).label.id;
    Problem::MissingInput {
        method: Words::new(METHOD.0, METHOD.1),
        what: Words::new(format!("the gases in '{id}'"), format!("“{id}”所含气体")),
        key: "emission_factor".to_owned(),
        place: "factors.csv".to_owned(),
        process: book.park.process(process).label.id.to_string(),
        sets: String::new(),
    }
}
