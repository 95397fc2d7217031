//! Physical limits that the equations do not hold: temperature levels of heat, capacities of processes, quality limits of
//! by-products, and what is available by month ([`super::periods`]).
//!
//! A limit that the base year itself does not keep is told and not enforced, for then it is the limit or the meter that is
//! wrong; one that cannot be judged is told, too.

use super::apply::{Refusal, carried};
use super::calibrate::Calibrated;
use super::change::{Action, FlowPattern, Size};
use super::exchanges::Carried;
use super::link::Link;
use super::model::{Law, Model};
use super::periods;
use super::roles::ends;
use crate::diagnostic::Words;
use crate::park::{
    CarrierId, CarrierKind, Exchange, ExchangeLimit, Node, Parameter, Park, ProcessId, ProcessParameter,
};
use crate::quantity::{Dimension, Period, significant};
use std::collections::BTreeSet;

/// A value beyond its limit by more than this part of it is more than rounding.
const ROUNDING: f64 = 1e-9;

/// What became of the limits in a solution.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Judged {
    /// Limits that are not kept, each by what it is of and what it says.
    pub broken: Vec<(String, Words)>,
    /// Limits that could not be judged, or that the base year does not keep.
    pub told: Vec<Words>,
}

/// Judges capacities, quality limits and what is available by month, of a model by its unknowns.
#[must_use]
pub fn judge(park: &Park, calibrated: &Calibrated, values: &[f64]) -> Judged {
    let mut judged = Judged::default();
    capacities(park, &calibrated.model, values, &mut judged);
    for bound in &calibrated.exchanges {
        let exchange = &park.exchanges[bound.exchange];
        for carried in &bound.carried {
            for limit in &exchange.limits {
                quality(park, &calibrated.model, values, (exchange, carried), limit, &mut judged);
            }
        }
    }
    periods::judge(park, calibrated, values, &mut judged);
    judged
}

/// Whether the heat that a change turns on is hot enough for what it displaces; what could not be judged is returned.
///
/// # Errors
/// [`Refusal`] with both temperatures, where the source is colder: heat does not flow upwards by itself (second law). An
/// exchange whose `conditioning` is a heat pump is not judged.
pub(super) fn temperatures(park: &Park, calibrated: &Calibrated, action: &Action) -> Result<Vec<Words>, Refusal> {
    let of = match action {
        Action::Exchange { to: Size::Share(share), .. } if *share == 0.0 => return Ok(Vec::new()),
        Action::Exchange { of, .. } => of.clone(),
        Action::AddExchange(new) => {
            FlowPattern { from: new.from.clone(), to: new.to.clone(), carrier: new.carrier.clone() }
        }
        _ => return Ok(Vec::new()),
    };
    let model = &calibrated.model;
    let mut told = Vec::new();
    for one in carried(park, calibrated, &of) {
        let link = &model.links[one.link];
        let Some(displaced) = one.displaced.map(|d| &model.links[d.0]) else { continue };
        // What runs in the base year is hot enough.
        if link.base > 0.0
            || !is_heat(park, link.carrier)
            || !is_heat(park, displaced.carrier)
            || is_lifted(park, calibrated, &one)
        {
            continue;
        }
        let name = link.text(park);
        let (from, to) = ends(link);
        let level = |at: Option<ProcessId>, carrier| temperature(park, at, carrier, model.year);
        let (source, needed) = (level(from, link.carrier), level(to, displaced.carrier));
        let (has, needs) = (&park.carrier(link.carrier).label.id, &park.carrier(displaced.carrier).label.id);
        match (source, needed) {
            (Some(source), Some(needed)) if source < needed => {
                let [source, needed] = [source, needed].map(|t| significant(t, 4));
                return Err(Words::new(
                    format!("{name} comes at {source} °C, below the {needed} °C of {needs}, which it would displace"),
                    format!("{name} 温度为 {source} °C，低于拟替代的 {needs} 的 {needed} °C"),
                ));
            }
            (Some(_), Some(_)) => {}
            _ => {
                let lacking = if source.is_none() { has } else { needs };
                told.push(Words::new(
                    format!(
                        "{name}: the temperature level is not judged; carriers.csv has no 'temperature' of {lacking}"
                    ),
                    format!("{name}：未判断温度等级；carriers.csv 缺少 {lacking} 的 temperature"),
                ));
            }
        }
    }
    Ok(told)
}

fn is_heat(park: &Park, carrier: CarrierId) -> bool {
    matches!(park.carrier(carrier).kind, CarrierKind::Heat | CarrierKind::Steam)
}

/// Whether a heat pump stands between the two.
fn is_lifted(park: &Park, calibrated: &Calibrated, one: &Carried) -> bool {
    let bound = calibrated.exchanges.iter().find(|b| b.carried.contains(one));
    let words =
        bound.and_then(|b| park.exchanges[b.exchange].conditioning.as_deref()).unwrap_or_default().to_lowercase();
    words.contains("heat pump") || words.contains("热泵")
}

/// Temperature of a carrier at a process in a year. Unit: °C.
fn temperature(park: &Park, at: Option<ProcessId>, carrier: CarrierId, year: u16) -> Option<f64> {
    park.property(carrier, at?, Period { year, month: None }, Parameter::Temperature).map(|p| p.value)
}

/// A sum of links with the most that it may come to.
pub(super) type Ceiling = (Vec<(usize, f64)>, f64);

/// Capacities that the base year keeps, as sums of links with the most that they may come to. Unit: canonical of the links.
pub(super) fn ceilings(park: &Park, model: &Model) -> Vec<Ceiling> {
    let hours = Period { year: model.year, month: None }.hours();
    let stated: BTreeSet<(ProcessId, Option<CarrierId>)> =
        park.parameters.iter().filter(|p| p.name == Parameter::Capacity).map(|p| (p.process, p.carrier)).collect();
    let ceiling = |(process, carrier): (ProcessId, Option<CarrierId>)| {
        let capacity = park.parameter(process, Parameter::Capacity, carrier, model.year)?;
        let (most, dimension) = yearly(capacity, hours);
        let members = made_by(model, process, carrier, dimension);
        let base: f64 = members.iter().map(|&(l, w)| w * model.links[l].base).sum();
        let holds = capacity.carrier == carrier && !members.is_empty() && base <= most * (1.0 + ROUNDING);
        holds.then_some((members, most))
    };
    stated.into_iter().filter_map(ceiling).collect()
}

/// What processes make, against the most that they can: `capacity × hours of the year`.
fn capacities(park: &Park, model: &Model, values: &[f64], judged: &mut Judged) {
    let stated: BTreeSet<(ProcessId, Option<CarrierId>)> =
        park.parameters.iter().filter(|p| p.name == Parameter::Capacity).map(|p| (p.process, p.carrier)).collect();
    let hours = Period { year: model.year, month: None }.hours();
    for (process, carrier) in stated {
        let Some(capacity) = park.parameter(process, Parameter::Capacity, carrier, model.year) else { continue };
        // A row for all carriers, where there is a narrower one, is asked on its own.
        if capacity.carrier != carrier {
            continue;
        }
        let (most, dimension) = yearly(capacity, hours);
        let name = match carrier {
            Some(c) => format!("{}:{}", park.process(process).label.id, park.carrier(c).label.id),
            None => park.process(process).label.id.to_string(),
        };
        let members = made_by(model, process, carrier, dimension);
        let made = |of: &[f64]| -> f64 { members.iter().map(|&(l, w)| w * of[model.processes + l]).sum() };
        let printed = &capacity.printed;
        if members.is_empty() {
            judged.told.push(Words::new(
                format!("{name}: the capacity of {printed} is not judged; no flow of the year is measured so"),
                format!("{name}：未判断能力 {printed}；当年没有可比的流量"),
            ));
        } else if made(&model.base) > most * (1.0 + ROUNDING) {
            let is = significant(made(&model.base), 4);
            judged.told.push(Words::new(
                format!("{name}: the base year itself makes {is} ({dimension}), beyond its capacity of {printed}: not enforced"),
                format!("{name}：基准年已达 {is}（{dimension}），超出能力 {printed}：未作约束"),
            ));
        } else if made(values) > most * (1.0 + ROUNDING) {
            let [is, most] = [made(values), most].map(|v| significant(v, 4));
            judged.broken.push((
                name,
                Words::new(
                    format!("capacity {printed}, at most {most} in the year, but {is} would be needed ({dimension})"),
                    format!("能力 {printed}，全年至多 {most}，但需要 {is}（{dimension}）"),
                ),
            ));
        }
    }
}

/// A capacity over the year: rates times its hours.
fn yearly(capacity: &ProcessParameter, hours: f64) -> (f64, Dimension) {
    match capacity.dimension {
        plain @ (Dimension::MASS | Dimension::ENERGY | Dimension::VOLUME) => (capacity.value, plain),
        rate => (capacity.value * hours, rate * Dimension::TIME),
    }
}

/// What counts against a capacity, with weights: links of the carrier that leave the process, or of its main product where the
/// row names none.
fn made_by(model: &Model, process: ProcessId, carrier: Option<CarrierId>, dimension: Dimension) -> Vec<(usize, f64)> {
    let equation = &model.equations[process.index()];
    let counts = |l: usize, link: &Link| {
        if let Some(carrier) = carrier {
            ends(link).0 == Some(process) && link.carrier == carrier
        } else {
            let main = matches!(equation.law, Law::Demand | Law::Supply);
            main && equation.terms.iter().any(|t| t.0 == model.quantity(l))
        }
    };
    let weight = |link: &Link| {
        if link.dimension == dimension { Some(1.0) } else { link.energy.filter(|_| dimension == Dimension::ENERGY) }
    };
    let all = model.links.iter().enumerate().filter(|(l, link)| counts(*l, link));
    all.filter_map(|(l, link)| weight(link).map(|w| (l, w))).collect()
}

/// A quality limit of a link of an exchange that runs.
fn quality(
    park: &Park,
    model: &Model,
    values: &[f64],
    (exchange, carried): (&Exchange, &Carried),
    limit: &ExchangeLimit,
    judged: &mut Judged,
) {
    let quantity = |of: &[f64]| of[model.processes + carried.link];
    if quantity(values) <= 0.0 {
        return;
    }
    let link = &model.links[carried.link];
    let concentration = |link: &Link, property| quality_of(park, link, property, limit.dimension, model.year);
    let value = |of: &[f64]| match limit.of {
        None => share(model, carried, of),
        Some(property) if limit.mixed => mixture(model, carried, of, |link| concentration(link, property)),
        Some(property) => concentration(link, property),
    };
    let (name, printed) = (link.text(park), &limit.printed);
    let row = if exchange.row == u32::MAX { String::new() } else { format!("exchanges.csv:{}, ", exchange.row) };
    let Some(is) = value(values) else {
        let lacking = match limit.of {
            None => ("no flow that it displaces".to_owned(), "没有其替代的流量".to_owned()),
            Some(p) if limit.mixed => (
                format!("carriers.csv has no '{}' of all that is mixed, or not all is measured alike", p.id()),
                format!("carriers.csv 未列全部来料的 {}，或其计量方式不同", p.id()),
            ),
            Some(p) => (
                format!("carriers.csv has no '{}' of {}", p.id(), park.carrier(link.carrier).label.id),
                format!("carriers.csv 缺少 {} 的 {}", park.carrier(link.carrier).label.id, p.id()),
            ),
        };
        judged.told.push(Words::new(
            format!("{name}: the limit {printed} is not judged; {}", lacking.0),
            format!("{name}：未判断限值 {printed}；{}", lacking.1),
        ));
        return;
    };
    let keeps = |is: f64| {
        let room = ROUNDING * limit.value.abs();
        if limit.most { is <= limit.value + room } else { is >= limit.value - room }
    };
    if keeps(is) {
        return;
    }
    // In the unit of the limit: its number stands for its value.
    let is = significant(is, 4);
    let unit = if limit.dimension == Dimension::NONE { String::new() } else { format!(" {}", limit.dimension) };
    if quantity(&model.base) > 0.0 && value(&model.base).is_some_and(|b| !keeps(b)) {
        judged.told.push(Words::new(
            format!("{name}: the base year itself does not keep {printed}: not enforced"),
            format!("{name}：基准年本身不满足 {printed}：未作约束"),
        ));
        return;
    }
    judged.broken.push((
        name,
        Words::new(
            format!("{row}limit {printed}, but would be {is}{unit}"),
            format!("{row}限值 {printed}，但将为 {is}{unit}"),
        ),
    ));
}

/// Part of the need of the receiver that an exchange meets, in the units of what it displaces.
fn share(model: &Model, carried: &Carried, values: &[f64]) -> Option<f64> {
    let (displaced, _) = carried.displaced?;
    let own = model.quantity(carried.link);
    let terms = &model.of_link(displaced).terms;
    let brought = |&(k, w): &(u32, f64)| {
        let link = (k as usize) >= model.processes;
        if link { (w * values[k as usize]).max(0.0) } else { 0.0 }
    };
    let whole: f64 = terms.iter().map(brought).sum();
    let part = terms.iter().find(|t| t.0 == own).map(brought)?;
    (whole > 0.0).then(|| part / whole)
}

/// A property of all that meets the need of an exchange, mixed in proportion to quantities; none where one is not known or
/// not measured alike.
fn mixture(model: &Model, carried: &Carried, values: &[f64], of: impl Fn(&Link) -> Option<f64>) -> Option<f64> {
    let (displaced, _) = carried.displaced?;
    let dimension = model.links[carried.link].dimension;
    let (mut whole, mut load) = (0.0, 0.0);
    for &(k, weight) in &model.of_link(displaced).terms {
        let Some(link) = (k as usize).checked_sub(model.processes).map(|l| &model.links[l]) else { continue };
        let quantity = values[k as usize];
        if weight * quantity > 0.0 {
            load += quantity * of(link).filter(|_| link.dimension == dimension)?;
            whole += quantity;
        }
    }
    (whole > 0.0).then(|| load / whole)
}

/// A property of what a link carries, as `carriers.csv` has it at its giver; of what comes from outside, at its taker. Unit:
/// canonical of `dimension`; none where it is not stated, or in another dimension.
#[must_use]
pub fn quality_of(park: &Park, link: &Link, name: Parameter, dimension: Dimension, year: u16) -> Option<f64> {
    let ((Node::Process(at), _) | (Node::Outside(_), Node::Process(at))) = (link.from, link.to) else { return None };
    let found = park.property(link.carrier, at, Period { year, month: None }, name)?;
    (found.dimension == dimension).then_some(found.value)
}
