//! Landfill methane by first-order decay (FOD).
//!
//! IPCC 2006 Guidelines, volume 5, chapter 3, equations 3.1 to 3.6 [numbers not
//! checked against the text of the guidelines]. Decay begins on 1 January of the
//! year after the deposit (the default delay of six months, from the middle of the
//! year). A deposit emits for decades: each makes one line for each later year of
//! the park. Deposits before the park's first year come from `deposited` rows of
//! `parameters.csv`.

use super::book::{Book, Chain, Entry, Method, ask, definition, rest_of};
use super::{Claim, methane};
use crate::diagnostic::{Problem, Words};
use crate::factors::Parameter;
use crate::ledger::{Activity, CarbonOrigin, Source, Term};
use crate::park::{CarrierId, Gas, Node, ProcessId};
use crate::quantity::{Dimension, Fraction, Period, Tonnes};

/// CH4 per carbon in it: 16/12.
pub const METHANE_PER_CARBON: f64 = 16.0 / 12.0;

const METHOD: Method = ("landfill", "填埋");

/// Decomposable carbon that is laid down: `W · DOC · DOCf · MCF`. Unit: tC.
/// IPCC 2006 volume 5, equation 3.2 (M).
#[must_use]
pub fn decomposable(waste: Tonnes, doc: Fraction, docf: Fraction, correction: Fraction) -> f64 {
    waste.0 * doc.0 * docf.0 * correction.0
}

/// Share of a deposit that decomposes in the year `after` that of the deposit, at a
/// decay `rate` by year: `e^(−k·(n−1)) · (1 − e^(−k))`, nothing in the year itself.
/// IPCC 2006 volume 5, equations 3.4 and 3.5 (M).
#[must_use]
pub fn decay_share(rate: f64, after: u16) -> f64 {
    if after == 0 {
        return 0.0;
    }
    // libm: the same bytes on every platform.
    libm::exp(-rate * f64::from(after - 1)) * -libm::expm1(-rate)
}

/// Methane of carbon that decomposes: `(DDOC · F · 16/12 − R) · (1 − OX)`. Unit: t.
/// IPCC 2006 volume 5, equations 3.6 and 3.1 (M).
#[must_use]
pub fn methane_to_air(decomposed: f64, fraction: Fraction, recovered: Tonnes, oxidation: Fraction) -> Tonnes {
    Tonnes((decomposed * fraction.0 * METHANE_PER_CARBON - recovered.0) * (1.0 - oxidation.0))
}

/// Whether a process is a landfill.
pub(super) fn is_landfill(technique: &str) -> bool {
    technique.starts_with("landfill")
}

/// Waste that was laid down.
struct Deposit {
    activity: Activity,
    process: ProcessId,
    carrier: CarrierId,
    period: Period,
    /// Unit: t.
    mass: f64,
}

pub(super) fn account(book: &mut Book) {
    let mut deposits = of_flows(book);
    deposits.extend(of_parameters(book));
    let years = book.park.years();
    for deposit in &deposits {
        let carbon = match carbon(book, deposit) {
            Ok(carbon) => carbon,
            Err(problem) => {
                report(book, deposit.activity, *problem);
                continue;
            }
        };
        // In its own year a deposit makes a line of zero, which shows that it was seen.
        for &year in years.iter().filter(|&&y| y >= deposit.period.year) {
            let after = year - deposit.period.year;
            match methane(book, deposit, year) {
                Ok(rest) => {
                    let chain = carbon.chain.clone().times(share(&carbon.rate, after)).and(rest);
                    book.push(Entry {
                        activity: deposit.activity,
                        process: deposit.process,
                        period: Period::year(year),
                        source: Source::Waste,
                        gas: Gas::Ch4,
                        origin: CarbonOrigin::Biogenic,
                        quantity: deposit.mass,
                        chain,
                        variant: "",
                    });
                }
                Err(problem) => report(book, deposit.activity, *problem),
            }
        }
    }
    methane::recover(book, Source::Waste, METHOD, is_landfill, |book, process, period| {
        Chain::of(escapes(book, process, period))
    });
}

/// What the park lays down in its periods.
fn of_flows(book: &mut Book) -> Vec<Deposit> {
    let park = book.park;
    let mut list = Vec::new();
    if !book.claims.any(Claim::Waste) {
        return list;
    }
    for (i, flow) in park.flows.iter().enumerate() {
        let (Node::Process(process), Some(quantity)) = (flow.to, flow.quantity) else { continue };
        let laid = book.claims.of(i) == Some(Claim::Waste) && is_landfill(book.technique(process));
        // A stock level is nothing that was laid down in the period.
        let level = matches!(flow.from, Node::Stock(_)) || flow.from == flow.to;
        if !laid || level || !park.observations.counts_for_buyer(i) {
            continue;
        }
        if quantity.dimension == Dimension::MASS {
            let (activity, carrier, period) = (Activity::Flow(i), flow.carrier, flow.period);
            list.push(Deposit { activity, process, carrier, period, mass: quantity.value });
        } else {
            book.wrong_unit(flow, METHOD, "t, kg, 万t");
        }
    }
    list
}

/// What was laid down before, as `parameters.csv` says.
fn of_parameters(book: &mut Book) -> Vec<Deposit> {
    let park = book.park;
    let mut list = Vec::new();
    for (i, row) in park.parameters.iter().enumerate() {
        if row.name != Parameter::Deposited || !is_landfill(book.technique(row.process)) {
            continue;
        }
        if let (Some(carrier), Some(period)) = (row.carrier, row.period) {
            list.push(Deposit {
                activity: Activity::Parameter(i),
                process: row.process,
                carrier,
                period,
                mass: row.value,
            });
        } else {
            let (key, zh) =
                if row.carrier.is_none() { ("carrier", "废物种类") } else { ("period", "填埋时段") };
            let problem = Problem::MissingInput {
                method: Words::new(METHOD.0, METHOD.1),
                what: Words::new(format!("{key} of what was deposited"), zh),
                key: key.to_owned(),
                place: "parameters.csv".to_owned(),
                process: park.process(row.process).label.id.to_string(),
                sets: String::new(),
            };
            book.parameter_problem(row.row, problem);
        }
    }
    list
}

/// Decomposable carbon of a deposit, and how fast it decays.
struct Carbon {
    chain: Chain,
    rate: Term,
}

fn carbon(book: &Book, deposit: &Deposit) -> Result<Carbon, Box<Problem>> {
    let lookup = book.lookup(deposit.process, deposit.period);
    let need = |parameter| lookup.need_broad(ask(parameter, Some(deposit.carrier), Dimension::NONE), METHOD);
    let chain = Chain::default().by(need(Parameter::Doc)?).by(need(Parameter::DocF)?).by(need(Parameter::Mcf)?);
    let rate = need(Parameter::DecayRate)?;
    Ok(Carbon { chain: Chain { losers: [chain.losers, rate.losers].concat(), ..chain }, rate: rate.term })
}

/// The term of the share that decomposes, with the citation of the rate.
fn share(rate: &Term, after: u16) -> Term {
    let printed = match after {
        0 => format!("0 in the year of the deposit, k = {}", rate.printed),
        1 => format!("1 − e^−k, k = {}", rate.printed),
        n => format!("e^(−{}·k)·(1 − e^−k), k = {}", n - 1, rate.printed),
    };
    let name = ("share that decomposes in the year", "当年分解的比例");
    Term { name, value: decay_share(rate.value, after), printed, source: rate.source.clone() }
}

/// Methane that reaches the air by carbon that decomposes in a year.
fn methane(book: &Book, deposit: &Deposit, year: u16) -> Result<Chain, Box<Problem>> {
    let period = Period::year(year);
    let lookup = book.lookup(deposit.process, period);
    let gas = book.park.carriers.iter().position(|c| &*c.label.id == "landfill_gas").map(CarrierId::new);
    let fraction = lookup.need(ask(Parameter::MethaneFraction, gas, Dimension::NONE), METHOD)?;
    let ratio =
        definition(("CH4 per carbon", "甲烷与碳之比"), METHANE_PER_CARBON, "16/12", "molar masses, 16/12 as in IPCC");
    Ok(Chain::default().by(fraction).times(ratio).times(escapes(book, deposit.process, period)))
}

/// The share that the cover does not oxidize.
fn escapes(book: &Book, process: ProcessId, period: Period) -> Term {
    let wanted = ask(Parameter::CoverOxidation, None, Dimension::NONE);
    let says = "0 where no cover oxidizes methane, IPCC 2006 volume 5, table 3.2";
    rest_of(
        book.lookup(process, period).or(wanted, 0.0, says).term,
        ("share not oxidized in the cover", "未被覆盖层氧化的比例"),
    )
}

fn report(book: &mut Book, activity: Activity, problem: Problem) {
    match activity {
        Activity::Flow(i) => book.flow_problem(&book.park.flows[i], "carrier", problem),
        Activity::Parameter(i) => book.parameter_problem(book.park.parameters[i].row, problem),
        Activity::Reported(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deposit_decomposes_once() {
        for rate in [0.02, 0.185, 0.4, 5.0] {
            let sum: f64 = (0..3000).map(|n| decay_share(rate, n)).sum();
            assert!((sum - 1.0).abs() < 1e-12, "{rate}: {sum}");
        }
    }
}
