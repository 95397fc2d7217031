//! Changes of a scenario as changes of the equations of a model.
//!
//! A change finds links and processes by pattern and says how many it found; none is an error of the caller's to report.

use super::calibrate::Calibrated;
use super::change::{Action, By, FlowPattern, Size, Target};
use super::exchanges::Carried;
use super::link::{Link, Measured};
use super::model::{Equation, Law, Model};
use super::months::{Months, offered, offered_share};
use super::periods::{Brought, Ceiling, Sets, Timed, stretchable, stretchable_units};
use super::roles::ends;
use super::select::{matches, meets_process};
use crate::diagnostic::Words;
use crate::factors::FactorSet;
use crate::methods::{energy, net_energies};
use crate::park::exergy::{Exergy, exergy};
use crate::park::{CarrierKind, Flow, Node, Outside, Parameter, Park, ProcessId};
use crate::quantity::{Dimension, Period, Quantity};

/// What changes need to know of the park.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The park.
    pub park: &'a Park,
    /// Its factor sets.
    pub sets: &'a [FactorSet],
}

/// Why a change cannot be made, in English and Chinese.
pub type Refusal = Words;

/// Changes a model; how many links, processes or exchanges the change found.
///
/// # Errors
/// [`Refusal`], where what was found cannot be changed so.
pub fn apply(context: Context, calibrated: &mut Calibrated, action: &Action) -> Result<usize, Refusal> {
    let model = &mut calibrated.model;
    match action {
        Action::Exchange { of, to, available } => {
            let all: Vec<Carried> = carried(context.park, calibrated, of).collect();
            let model = &mut calibrated.model;
            let whole: f64 = all.iter().map(|c| c.full).sum();
            for carried in &all {
                let quantity = match to {
                    Size::Share(share) => share * carried.full,
                    Size::Quantity(q) => {
                        same_dimension(context.park, &model.links[carried.link], *q)?;
                        q.value * carried.full / whole
                    }
                };
                offer(context.park, model, carried, quantity)?;
                let months = available.map(|available| match to {
                    Size::Share(share) => {
                        let link = (&model.links[carried.link], carried.full);
                        offered_share(&available, *share, link, context.park, model.year)
                    }
                    Size::Quantity(_) => offered(&available, quantity, model.year),
                });
                time(&mut calibrated.timed, carried, months);
            }
            Ok(all.len())
        }
        // Its links are made when the model is calibrated, as those of a candidate.
        Action::AddExchange(new) => {
            let of = FlowPattern { from: new.from.clone(), to: new.to.clone(), carrier: new.carrier.clone() };
            let all: Vec<Carried> = carried(context.park, calibrated, &of).collect();
            for carried in &all {
                let model = &mut calibrated.model;
                offer(context.park, model, carried, carried.full)?;
                let months = new.available.map(|available| offered(&available, carried.full, model.year));
                time(&mut calibrated.timed, carried, months);
            }
            Ok(all.len())
        }
        Action::Substitute { of, carrier, source, share, by } => {
            let found = stretchable(&calibrated.timed, found(context.park, model, of))?;
            substitute(context, model, found, (carrier, source.as_deref()), *share, *by)
        }
        Action::Coefficient { of, times } => {
            let found = stretchable(&calibrated.timed, found(context.park, model, of))?;
            for &link in &found {
                pass_on(context.park, model, link, *times);
                stretch(model, link, *times);
            }
            Ok(found.len())
        }
        Action::Efficiency { of, times } => {
            let found = stretchable_units(&calibrated.timed, processes(context.park, of))?;
            for &p in &found {
                efficiency(context.park, model, p, *times);
            }
            Ok(found.len())
        }
        Action::Demand { of: Target::Flows(of), times } => {
            let found: Vec<usize> = found(context.park, model, of);
            let given: Vec<usize> = found.iter().copied().filter(|&l| model.of_link(l).law == Law::Given).collect();
            if given.is_empty() && !found.is_empty() {
                return Err(Words::new(
                    "these flows follow from others; a demand is a product that leaves the park",
                    "这些流量由其他流量决定；需求应为离开园区的产品",
                ));
            }
            for &link in &given {
                let row = model.processes + link;
                model.equations[row].right *= times;
            }
            Ok(given.len())
        }
        Action::Demand { of: Target::Processes(of), times } => {
            let found = stretchable_units(&calibrated.timed, processes(context.park, of))?;
            let mut count = 0;
            for p in found {
                count += demand_of(model, p, *times);
            }
            Ok(count)
        }
        // What is closed in the end is closed at once, after all other changes.
        Action::Close { of } | Action::Open { of } => Ok(processes(context.park, of).len()),
        Action::Limit { of, most, available } => limit(context.park, calibrated, of, *most, available.as_ref()),
        // Factors and prices are no part of the physical model; units come as rows of tables.
        Action::Factor { .. } | Action::Price { .. } | Action::Unit(_) => Ok(0),
    }
}

/// Limits links by year, or by month where it is stated what is there.
fn limit(
    park: &Park,
    calibrated: &mut Calibrated,
    of: &FlowPattern,
    most: Size,
    available: Option<&Months>,
) -> Result<usize, Refusal> {
    let model = &mut calibrated.model;
    let found = found(park, model, of);
    for &link in &found {
        let of = &model.links[link];
        if let Size::Quantity(q) = most {
            same_dimension(park, of, q)?;
        }
        match (most, available) {
            (Size::Share(share), Some(available)) => {
                let most = offered_share(available, share, (of, of.base), park, model.year);
                calibrated.ceilings.push(Ceiling { link, most });
            }
            (Size::Quantity(q), Some(available)) => {
                calibrated.ceilings.push(Ceiling { link, most: offered(available, q.value, model.year) });
            }
            (_, None) => {
                let most = match most {
                    Size::Share(share) => share * of.base,
                    Size::Quantity(q) => q.value,
                };
                let limit = model.limits.entry(link).or_insert(f64::INFINITY);
                *limit = limit.min(most);
            }
        }
    }
    Ok(found.len())
}

/// Processes that a pattern means.
pub(super) fn processes(park: &Park, of: &str) -> Vec<ProcessId> {
    (0..park.processes.len()).map(ProcessId::new).filter(|&p| meets_process(of, park, p)).collect()
}

/// Links that a pattern means.
pub(super) fn found(park: &Park, model: &Model, of: &FlowPattern) -> Vec<usize> {
    let is = |l: &usize| {
        let link = &model.links[*l];
        of.is_met(park, link.from, link.to, link.carrier)
    };
    (0..model.links.len()).filter(is).collect()
}

/// Exchange links that a pattern means.
pub(super) fn carried<'a>(
    park: &'a Park,
    calibrated: &'a Calibrated,
    of: &'a FlowPattern,
) -> impl Iterator<Item = Carried> + 'a {
    let all = calibrated.exchanges.iter().flat_map(|b| &b.carried);
    all.filter(move |c| {
        let link = &calibrated.model.links[c.link];
        of.is_met(park, link.from, link.to, link.carrier)
    })
    .cloned()
}

fn same_dimension(park: &Park, link: &Link, quantity: Quantity) -> Result<(), Refusal> {
    if link.dimension == quantity.dimension {
        return Ok(());
    }
    let name = link.text(park);
    let (is, wanted) = (link.dimension, quantity.dimension);
    Err(Words::new(
        format!("{name} is measured in {is}, not in {wanted}"),
        format!("{name} 以 {is} 计量，而非 {wanted}"),
    ))
}

/// Sets what an exchange offers, or its taker asks of it, at the activity of the base year.
pub(super) fn offer(park: &Park, model: &mut Model, carried: &Carried, quantity: f64) -> Result<(), Refusal> {
    let row = model.processes + carried.link;
    let equation = &mut model.equations[row];
    if !matches!(equation.law, Law::Need | Law::Yield) {
        let name = model.links[carried.link].text(park);
        return Err(Words::new(
            format!("{name} takes what others leave: it cannot be given a size of its own"),
            format!("{name} 承接余量，不能单独设定规模"),
        ));
    }
    set(equation, carried.goes_with.index() as u32, -quantity);
    Ok(())
}

/// States when an exchange is there; what an earlier change says of it holds no more.
fn time(timed: &mut Vec<Timed>, carried: &Carried, offered: Option<Months>) {
    timed.retain(|t| !matches!(t, Timed::Brought(of) if of.link == carried.link));
    let brought = |offered| Brought {
        link: carried.link,
        offered,
        sets: Sets::With(carried.goes_with),
        need: carried.displaced,
        hand: carried.sink,
        spill: None,
    };
    timed.extend(offered.map(brought).map(Timed::Brought));
}

/// Puts a coefficient into an equation.
fn set(equation: &mut Equation, unknown: u32, value: f64) {
    match equation.terms.iter_mut().find(|t| t.0 == unknown) {
        Some(term) => term.1 = value,
        None => equation.terms.push((unknown, value)),
    }
}

/// Multiplies what a link is per unit of activity: its own coefficient; where it closes a sum, what the sum comes to; of a
/// product that leaves the park, what a unit of activity of its maker makes.
fn stretch(model: &mut Model, link: usize, times: f64) {
    let (quantity, row) = (model.quantity(link), model.processes + link);
    let processes = model.processes as u32;
    let maker = ends(&model.links[link]).0.map(ProcessId::index);
    // What a plant of the park takes is a matter of the taker: the coke rate is that of the furnace.
    if let (Some(maker), Law::Given) = (maker, model.of_link(link).law) {
        let made = &mut model.equations[maker];
        if made.law == Law::Demand && made.terms.iter().any(|t| t.0 == quantity) {
            for term in made.terms.iter_mut().filter(|t| t.0 < processes) {
                term.1 *= times;
            }
            return;
        }
    }
    let equation = &mut model.equations[row];
    match equation.law {
        Law::Given => equation.right *= times,
        _ => {
            for term in equation.terms.iter_mut().filter(|t| t.0 < processes) {
                term.1 *= times;
            }
        }
    }
}

/// A pool makes nothing: what it loses more or less of its carrier per unit of activity it takes more or less, by the link that
/// closes its intake, else by all its intake in proportion.
fn pass_on(park: &Park, model: &mut Model, link: usize, times: f64) {
    let Some(pool) = from_of(model, link).filter(|&p| park.process(p).is_pool()) else { return };
    let (at, row) = (&model.links[link], model.processes + link);
    let activity = pool.index() as u32;
    let own = model.equations[row].terms.iter().find(|t| t.0 == activity).map(|t| -t.1);
    let (Law::Yield, Some(lost)) = (model.equations[row].law, own) else { return };
    let intake: Vec<usize> = (0..model.links.len())
        .filter(|&l| {
            let other = &model.links[l];
            let into = ends(other).1 == Some(pool) && ends(other).0 != Some(pool);
            into && other.carrier == at.carrier && other.dimension == at.dimension
        })
        .filter(|&l| matches!(model.of_link(l).law, Law::Need | Law::Marginal))
        .collect();
    let more = lost * (times - 1.0);
    let closing = intake.iter().copied().find(|&l| model.of_link(l).law == Law::Marginal);
    let whole: f64 = intake.iter().map(|&l| model.links[l].base).sum();
    for l in intake {
        let row = model.processes + l;
        let part = match closing {
            Some(closing) if closing == l => more,
            None if whole > 0.0 => more * model.links[l].base / whole,
            _ => continue,
        };
        for term in model.equations[row].terms.iter_mut().filter(|t| t.0 == activity) {
            term.1 -= part;
        }
    }
}

/// Divides the fuel and energy that a process takes.
fn efficiency(park: &Park, model: &mut Model, process: ProcessId, times: f64) {
    for link in 0..model.links.len() {
        let into = ends(&model.links[link]).1 == Some(process) && ends(&model.links[link]).0 != Some(process);
        let kind = park.carrier(model.links[link].carrier).kind;
        if !into || !(kind.is_fuel() || kind.is_utility()) {
            continue;
        }
        let law = model.of_link(link).law;
        if matches!(law, Law::Need | Law::Marginal) {
            let activity = process.index() as u32;
            let row = model.processes + link;
            for term in model.equations[row].terms.iter_mut().filter(|t| t.0 == activity) {
                term.1 /= times;
            }
        }
    }
}

/// Multiplies the given demands of a process: its activity where that is given, else what it sells.
fn demand_of(model: &mut Model, process: ProcessId, times: f64) -> usize {
    let touches = |link: &Link| ends(link).0 == Some(process) || ends(link).1 == Some(process);
    if !model.links.iter().any(touches) {
        // The site of an enterprise whose flows all name a process.
        return 0;
    }
    let own = &mut model.equations[process.index()];
    if own.law == Law::Activity {
        own.right *= times;
        return 1;
    }
    let mut count = 0;
    for link in 0..model.links.len() {
        let sold = ends(&model.links[link]).0 == Some(process) && model.of_link(link).law == Law::Given;
        if sold {
            let row = model.processes + link;
            model.equations[row].right *= times;
            count += 1;
        }
    }
    count
}

/// Stops processes. Who took from them buys outside; what went to them goes to treatment, or is lost.
pub(super) fn close(park: &Park, model: &mut Model, closed: &[ProcessId]) {
    let is_closed = |p: Option<ProcessId>| p.is_some_and(|p| closed.contains(&p));
    for &p in closed {
        let equation = &mut model.equations[p.index()];
        *equation = Equation::new(vec![(p.index() as u32, 1.0)], 0.0, Law::Activity);
    }
    for l in 0..model.links.len() {
        let (from, to) = ends(&model.links[l]);
        let law = model.of_link(l).law;
        let stays = match (is_closed(from), is_closed(to)) {
            // Who has another source of the same need takes that.
            (true, false) if to.is_some() && law == Law::Need && meets_a_need(model, l) => Some(None),
            (true, false) if to.is_some() && matches!(law, Law::Need | Law::Marginal) => {
                let power = park.carrier(model.links[l].carrier).kind == CarrierKind::Electricity;
                let source = if power { Outside::Grid } else { Outside::Supplier };
                Some(Some((Node::Outside(source), model.links[l].to)))
            }
            // Where another taker takes what is left, it takes this, too.
            (false, true)
                if from.is_some() && matches!(law, Law::Yield | Law::Sink) && !is_absorbed(model, closed, l) =>
            {
                let heat = model.links[l].dimension == Dimension::ENERGY;
                let route = if heat { Outside::Loss } else { Outside::Treatment };
                Some(Some((model.links[l].from, Node::Outside(route))))
            }
            _ => None,
        };
        if let Some(Some((from, to))) = stays {
            let (at, equation) = (&model.links[l], model.of_link(l).clone());
            let equation_terms = equation.terms.clone();
            let new = Link::new(from, to, at.carrier, at.usage, at.measured());
            let new = add(model, new);
            let quantity = model.quantity(new);
            let moved =
                equation_terms.into_iter().map(|(k, c)| if k == model.quantity(l) { (quantity, c) } else { (k, c) });
            let row = model.processes + new;
            model.equations[row] = Equation { terms: moved.collect(), ..equation };
            // It counts at the end that stays, as the old one did.
            let open =
                if is_closed(ends(&model.links[l]).0) { ends(&model.links[l]).1 } else { ends(&model.links[l]).0 };
            if let Some(process) = open {
                stand_in(model, process, l, new, 1.0);
            }
        }
        let stopped = is_closed(from_of(model, l)) && (law == Law::Given || stays.is_some());
        let not_taken = is_closed(to) && (stays.is_some() || from.is_some());
        if stopped || not_taken {
            let (row, quantity) = (model.processes + l, model.quantity(l));
            model.equations[row] = Equation::new(vec![(quantity, 1.0)], 0.0, Law::Given);
        }
    }
}

/// The giver of a link, if it lies in the park.
fn from_of(model: &Model, link: usize) -> Option<ProcessId> {
    ends(&model.links[link]).0
}

/// Whether a link is part of a sum at its giver that another link closes, to somebody who still runs.
fn is_absorbed(model: &Model, closed: &[ProcessId], link: usize) -> bool {
    let own = model.quantity(link);
    (0..model.links.len()).any(|sink| {
        let equation = model.of_link(sink);
        let runs = ends(&model.links[sink]).1.is_none_or(|to| !closed.contains(&to));
        let same = from_of(model, sink) == from_of(model, link);
        sink != link && same && runs && equation.law == Law::Sink && equation.terms.iter().any(|t| t.0 == own)
    })
}

/// Whether another link closes the need that a link meets.
fn meets_a_need(model: &Model, link: usize) -> bool {
    let taker = ends(&model.links[link]).1;
    let in_sum = |e: &Equation| {
        e.law == Law::Marginal && e.process == taker && e.terms.iter().any(|t| t.0 == model.quantity(link))
    };
    model.equations.iter().skip(model.processes).enumerate().any(|(l, e)| l != link && in_sum(e))
}

/// Lets a new link count in the sums of a process as an old one does there, times a number.
pub(super) fn stand_in(model: &mut Model, process: ProcessId, old: usize, new: usize, times: f64) {
    let (old, new) = (model.quantity(old), model.quantity(new));
    for equation in model.equations.iter_mut().filter(|e| e.process == Some(process)) {
        let known = equation.terms.iter().any(|t| t.0 == new);
        if let Some(&(_, weight)) = equation.terms.iter().find(|t| t.0 == old).filter(|_| !known) {
            equation.terms.push((new, weight * times));
        }
    }
}

/// Lets a new link count at both its ends as the largest link of the same carrier there does; where none is alike, in sums
/// of energy by its energy.
pub(super) fn connect(model: &mut Model, new: usize) {
    let link = model.links[new].clone();
    let (from, to) = ends(&link);
    for (process, sign) in from.map(|p| (p, 1.0)).into_iter().chain(to.map(|p| (p, -1.0))) {
        let alike = |l: &usize| {
            let other = &model.links[*l];
            let end = if sign > 0.0 { ends(other).0 } else { ends(other).1 };
            *l != new && end == Some(process) && (other.carrier, other.dimension) == (link.carrier, link.dimension)
        };
        let like =
            (0..model.links.len()).filter(alike).max_by(|&a, &b| model.links[a].base.total_cmp(&model.links[b].base));
        if let Some(like) = like {
            stand_in(model, process, like, new, 1.0);
        } else if let Some(energy) = link.energy {
            let quantity = model.quantity(new);
            let heat = |e: &&mut Equation| e.law == Law::Losses && e.process == Some(process);
            let closes: Vec<bool> = (0..model.equations.len()).map(|i| closes_energy(model, i)).collect();
            for (_, equation) in model.equations.iter_mut().enumerate().filter(|(i, e)| closes[*i] && heat(e)) {
                equation.terms.push((quantity, sign * energy));
            }
        }
    }
}

/// Whether an equation closes the energy of its process, and not its water.
pub(super) fn closes_energy(model: &Model, equation: usize) -> bool {
    equation.checked_sub(model.processes).is_some_and(|link| model.links[link].dimension == Dimension::ENERGY)
}

/// A link of a model, added if it has none such; nothing flows in it.
pub(super) fn add(model: &mut Model, link: Link) -> usize {
    let same = |l: &Link| {
        (l.from, l.to, l.carrier, l.usage, l.dimension)
            == (link.from, link.to, link.carrier, link.usage, link.dimension)
    };
    if let Some(known) = model.links.iter().position(|l| same(l) && l.base == 0.0) {
        return known;
    }
    model.links.push(link);
    model.base.push(0.0);
    let new = model.links.len() - 1;
    let quantity = model.quantity(new);
    model.equations.push(Equation::new(vec![(quantity, 1.0)], 0.0, Law::Given));
    new
}

/// Puts another carrier in the place of part of a flow: `q_new = s/(1 − s) · r · q_old`, with both in the need that they meet.
fn substitute(
    context: Context,
    model: &mut Model,
    found: Vec<usize>,
    (carrier, source): (&str, Option<&str>),
    share: f64,
    by: By,
) -> Result<usize, Refusal> {
    let park = context.park;
    let Some(carrier) = park.carriers.iter().position(|c| &*c.label.id == carrier).map(crate::park::CarrierId::new)
    else {
        return Err(Words::new(format!("no carrier '{carrier}'"), format!("没有载体“{carrier}”")));
    };
    let all: Vec<usize> = found.into_iter().filter(|&l| model.links[l].base > 0.0).collect();
    let all: Vec<usize> = all.into_iter().filter(|&l| model.links[l].carrier != carrier).collect();
    for &link in &all {
        let old = model.links[link].clone();
        let law = model.of_link(link).law;
        if !matches!(law, Law::Need | Law::Marginal) {
            let name = old.text(park);
            return Err(Words::new(
                format!("{name} is not taken as its taker needs it: it cannot be substituted"),
                format!("{name} 并非按需取用，不能替代"),
            ));
        }
        let from = match source {
            Some(id) => node(park, id)?,
            None => match old.from {
                Node::Outside(_) => Node::Outside(source_of(park, carrier)),
                other => other,
            },
        };
        let (measure, ratio) = substitution(context, model.year, &old, carrier, by)?;
        let new = add(model, Link::new(from, old.to, carrier, old.usage, measure));
        let (q_old, q_new) = (model.quantity(link), model.quantity(new));
        // The need counts both; so do the losses that close the energy of the taker.
        let row = model.processes + link;
        if law == Law::Need {
            model.equations[row].law = Law::Marginal;
            model.equations[row].process = ends(&old).1;
        }
        model.equations[row].terms.push((q_new, 1.0 / ratio));
        connect(model, new);
        let row = model.processes + new;
        model.equations[row] = Equation::new(vec![(q_new, 1.0 - share), (q_old, -share * ratio)], 0.0, Law::Need);
    }
    Ok(all.len())
}

/// Who sells a carrier outside.
fn source_of(park: &Park, carrier: crate::park::CarrierId) -> Outside {
    if park.carrier(carrier).kind == CarrierKind::Electricity { Outside::Grid } else { Outside::Supplier }
}

/// A node by its id.
pub(super) fn node(park: &Park, id: &str) -> Result<Node, Refusal> {
    if let Some(outside) = id.strip_prefix("outside:").and_then(Outside::find) {
        return Ok(Node::Outside(outside));
    }
    let process = park.processes.iter().position(|p| *p.label.id == *id);
    process
        .map(|p| Node::Process(ProcessId::new(p)))
        .ok_or_else(|| Words::new(format!("no process or outside '{id}'"), format!("没有工序或外部节点“{id}”")))
}

/// What a new carrier is measured in, and how much of it replaces a unit of an old link.
fn substitution(
    context: Context,
    year: u16,
    old: &Link,
    carrier: crate::park::CarrierId,
    by: By,
) -> Result<(Measured, f64), Refusal> {
    let park = context.park;
    let kind = park.carrier(carrier).kind;
    let dimension = match by {
        By::Mass => Dimension::MASS,
        _ => kind.dimensions().0.first().copied().unwrap_or(Dimension::MASS),
    };
    let energy = energy_of(context, year, old, carrier, dimension);
    let measure = Measured { dimension, energy };
    let (was, is) = (&park.carrier(old.carrier).label.id, &park.carrier(carrier).label.id);
    let lacks = |en: &str, zh: &str| {
        Words::new(format!("{en} of {was} or {is} is not known here"), format!("缺少 {was} 或 {is} 的{zh}"))
    };
    let ratio = match by {
        By::Ratio(ratio) => ratio,
        By::Mass if old.dimension == Dimension::MASS => 1.0,
        By::Mass => return Err(lacks("the mass", "质量")),
        By::Energy => old.energy.zip(energy).map(|(a, b)| a / b).ok_or_else(|| lacks("the energy", "热值"))?,
        By::Exergy => {
            let (Node::Process(at), period) = (old.to, Period { year, month: None }) else {
                return Err(lacks("the exergy", "㶲"));
            };
            let quality = |c, energy: Option<f64>| {
                let surroundings = park.settings.surroundings;
                match exergy(park, c, at, period, surroundings).ok()? {
                    Exergy::Fluid { exergy, .. } => Some(exergy),
                    Exergy::Energy(share) => energy.map(|energy| share * energy),
                }
            };
            let pair = quality(old.carrier, old.energy).zip(quality(carrier, energy));
            pair.map(|(a, b)| a / b).ok_or_else(|| lacks("the exergy", "㶲"))?
        }
    };
    if ratio.is_finite() && ratio > 0.0 { Ok((measure, ratio)) } else { Err(lacks("the energy", "热值")) }
}

/// Energy of a unit of a carrier at the taker of a link: a row of it is made up and asked. Measured: GJ per canonical unit.
fn energy_of(
    context: Context,
    year: u16,
    old: &Link,
    carrier: crate::park::CarrierId,
    dimension: Dimension,
) -> Option<f64> {
    if dimension == Dimension::ENERGY {
        return Some(1.0);
    }
    let like = context
        .park
        .flows
        .iter()
        .find(|f| f.carrier == carrier && f.quantity.is_some_and(|q| q.dimension == dimension));
    let basis = like.and_then(|f| f.quantity).map(|q| q.basis).unwrap_or_default();
    let template = context.park.flows.first()?;
    let flow = Flow {
        carrier,
        from: old.from,
        to: old.to,
        period: Period { year, month: None },
        quantity: Some(Quantity { value: 1.0, dimension, basis }),
        ..template.clone()
    };
    if context.park.carrier(carrier).kind.is_utility() {
        return energy(context.park, &flow);
    }
    let asked = Park { flows: vec![flow], ..context.park.clone() };
    net_energies(&asked, context.sets).first().copied().flatten()
}

/// The factor sets of a park with some factors times a number; which of them were found.
#[must_use]
pub fn factors(sets: &[FactorSet], of: &str, times: f64) -> (Vec<FactorSet>, usize) {
    let mut count = 0;
    let changed = sets.iter().map(|set| {
        if !set.factors.iter().any(|f| matches(of, &f.id)) {
            return set.clone();
        }
        let mut rows = (*set.factors).clone();
        for row in rows.iter_mut().filter(|f| matches(of, &f.id)) {
            row.value *= times;
            row.limits = (row.limits.0.map(|l| l * times), row.limits.1.map(|l| l * times));
            row.note = format!("times {times} by a scenario; {}", row.note).into();
            count += 1;
        }
        let mut changed = set.clone();
        changed.factors = rows.into();
        changed
    });
    (changed.collect(), count)
}

/// Multiplies the prices of carriers; how many there are.
pub fn prices(park: &mut Park, of: &str, times: f64) -> usize {
    let carriers: Vec<bool> = park.carriers.iter().map(|c| matches(of, &c.label.id)).collect();
    let prices = park.properties.iter_mut().filter(|p| p.name == Parameter::Price && carriers[p.carrier.index()]);
    prices.map(|p| p.value *= times).count()
}
