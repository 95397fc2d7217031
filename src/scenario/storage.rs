//! A storage of electricity: it takes what is over and delivers it in the place of what is bought, month by month.
//!
//! A month is parted in its cycles, all alike: half of the time of a cycle the storage takes its part of what is over in the month, half
//! of it it delivers its part of what is wanted. What is in the storage stays there from cycle to cycle and from month to month; the
//! year ends as it began. Taking costs the losses, so that `Σ delivered = η · Σ taken`.

use super::apply::{Refusal, add};
use super::install::{carrier, displace};
use super::link::Link;
use super::model::{Equation, Law, Model};
use super::months::{Months, periods};
use super::periods::Stored;
use super::units::Recipe;
use super::units::power::{Store, operate};
use crate::diagnostic::Words;
use crate::park::{CarrierKind, Node, Outside, Park, ProcessId};

/// Most cycles of a month: one an hour.
const MOST_CYCLES: f64 = 744.0;

/// A level that is the same from year to year but for this part of the capacity is the same.
const ROUNDING: f64 = 1e-9;

/// Sizes of a storage.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Storage {
    /// What it delivers when it is full. Unit: GJ.
    pub energy: f64,
    /// The most that it takes, and that it delivers. Unit: GJ/h.
    pub power: f64,
    /// Delivered over taken. Unit: 1.
    pub efficiency: f64,
    /// Cycles of a month, a whole number.
    pub cycles: u16,
}

/// What a storage takes and delivers in each month of a year that ends as it began. Unit: GJ.
pub(super) fn run(storage: &Storage, over: &Months, wanted: &Months, year: u16) -> (Months, Months) {
    let through = |opening: f64| through(storage, over, wanted, year, opening);
    // A year moves the level by a sum, between a least and a most: if it does not stay where an empty store ends, more comes in
    // than goes out, and it stays where a full one ends.
    let empty = through(0.0).2;
    let again = through(empty).2;
    let level = if (again - empty).abs() <= ROUNDING * storage.energy { empty } else { through(storage.energy).2 };
    let (taken, delivered, _) = through(level);
    (taken, delivered)
}

/// A year from an opening level; with the level at its end. Unit: GJ.
fn through(storage: &Storage, over: &Months, wanted: &Months, year: u16, opening: f64) -> (Months, Months, f64) {
    let (mut taken, mut delivered, mut level) = ([0.0; 12], [0.0; 12], opening);
    let cycles = f64::from(storage.cycles);
    for (m, month) in periods(year).iter().enumerate() {
        let most = storage.power * month.hours() / (2.0 * cycles);
        let store = Store {
            capacity: storage.energy,
            most_in: most,
            most_out: most,
            charging: storage.efficiency,
            discharging: 1.0,
            kept: 1.0,
        };
        let halves = [over[m] / cycles, -wanted[m] / cycles].repeat(usize::from(storage.cycles));
        for step in operate(&store, &halves, level) {
            taken[m] += step.taken;
            delivered[m] += step.delivered;
            level = step.level;
        }
    }
    (taken, delivered, level)
}

/// Puts a storage between the largest surplus and the largest purchase of electricity: of the process at which it stands, else of those
/// that feed it, or that it feeds, with power, else of its enterprise.
///
/// # Errors
/// A refusal: nothing is over, nothing is bought, cycles that are no whole number.
pub(super) fn install(
    park: &Park,
    model: &mut Model,
    (unit, at): (ProcessId, ProcessId),
    recipe: &Recipe,
) -> Result<Stored, Refusal> {
    let storage = sizes(recipe)?;
    let place = &park.process(at).label.id;
    let over = largest(park, model, at, true).ok_or_else(|| {
        Words::new(
            format!("no electricity of {place}, of who feeds it or of its enterprise goes to outside:grid or outside:customer"),
            format!("{place}、向其供电者及其企业没有送往 outside:grid 或 outside:customer 的电力"),
        )
    })?;
    let bought = largest(park, model, at, false).ok_or_else(|| {
        Words::new(
            format!("{place}, those that it feeds and its enterprise buy no electricity that it could displace"),
            format!("{place}、由其供电者及其企业没有可被替代的外购电力"),
        )
    })?;
    let (surplus, purchase) = (model.links[over].clone(), model.links[bought].clone());
    let activity = model.activity(unit);
    let usage = super::exchanges::usage(park, unit, surplus.carrier);
    let taken = add(model, Link::new(surplus.from, Node::Process(unit), surplus.carrier, usage, surplus.measured()));
    divert(model, over, taken);
    let (row, quantity) = (model.processes + taken, model.quantity(taken));
    let per = 1.0 / storage.efficiency;
    model.equations[row] = Equation::new(vec![(quantity, 1.0), (activity, -per)], 0.0, Law::Need);
    let given = Link::new(Node::Process(unit), purchase.to, purchase.carrier, purchase.usage, purchase.measured());
    let given = add(model, given);
    displace(model, bought, given, 1.0);
    let (row, quantity) = (model.processes + given, model.quantity(given));
    model.equations[row] = Equation::new(vec![(quantity, 1.0), (activity, -1.0)], 0.0, Law::Yield);
    let mut loses = None;
    if storage.efficiency < 1.0 {
        let of = carrier(park, "electricity")?;
        let lost = Link::new(Node::Process(unit), Node::Outside(Outside::Loss), of, usage, surplus.measured());
        let lost = add(model, lost);
        let (row, quantity) = (model.processes + lost, model.quantity(lost));
        model.equations[row] = Equation::new(vec![(quantity, 1.0), (activity, 1.0 - per)], 0.0, Law::Yield);
        loses = Some(lost);
    }
    // As large as the months say.
    model.equations[unit.index()] = Equation::new(vec![(activity, 1.0)], 0.0, Law::Activity);
    Ok(Stored { unit, over: (over, taken), wanted: (bought, given), lost: loses, storage })
}

fn sizes(recipe: &Recipe) -> Result<Storage, Refusal> {
    let value = |id: &str| recipe.parameters.iter().find(|p| p.id == id).and_then(|p| p.value).unwrap_or_default();
    let cycles = value("cycles");
    if cycles.fract() != 0.0 || !(1.0..=MOST_CYCLES).contains(&cycles) {
        return Err(Words::new(
            format!("cycles is {cycles}: it must be a whole number of cycles in a month, from 1 to {MOST_CYCLES}"),
            format!("cycles 为 {cycles}：应为每月循环次数，1 到 {MOST_CYCLES} 的整数"),
        ));
    }
    Ok(Storage {
        energy: value("energy"),
        power: value("power"),
        efficiency: value("efficiency"),
        cycles: cycles as u16,
    })
}

/// The largest link by which electricity leaves the park for a buyer (`sold`), or comes from one: of a process, else of its
/// neighbors, else of its enterprise.
fn largest(park: &Park, model: &Model, at: ProcessId, sold: bool) -> Option<usize> {
    let end = |link: &Link| if sold { (link.from, link.to) } else { (link.to, link.from) };
    let is = |l: &usize| {
        let link = &model.links[*l];
        let beyond = match end(link).1 {
            Node::Outside(Outside::Grid) => true,
            Node::Outside(Outside::Customer) => sold,
            Node::Outside(Outside::Supplier) => !sold,
            _ => false,
        };
        let law = model.of_link(*l);
        // A purchase must be a need that something else can meet; a surplus one that flows, or that goes with others.
        let open = if sold {
            link.base > 0.0 || law.terms.len() > 1
        } else {
            matches!(law.law, Law::Need | Law::Marginal) && law.terms.len() > 1
        };
        park.carrier(link.carrier).kind == CarrierKind::Electricity && beyond && open
    };
    let best = |which: &dyn Fn(Node) -> bool| {
        let all = (0..model.links.len()).filter(|l| is(l) && which(end(&model.links[*l]).0));
        all.max_by(|&a, &b| model.links[a].base.total_cmp(&model.links[b].base))
    };
    // Panels feed a bus: the bus buys, the panels have a surplus.
    let joined = |node: Node| {
        let pair = if sold { (node, Node::Process(at)) } else { (Node::Process(at), node) };
        let power = |link: &Link| park.carrier(link.carrier).kind == CarrierKind::Electricity;
        model.links.iter().any(|link| (link.from, link.to) == pair && power(link))
    };
    let enterprise = park.process(at).enterprise;
    best(&|node: Node| node == Node::Process(at))
        .or_else(|| best(&joined))
        .or_else(|| best(&|node: Node| park.owner(node) == Some(enterprise)))
}

/// Lets a new link count wherever the old one does: what it takes the old one lacks.
fn divert(model: &mut Model, old: usize, new: usize) {
    let (old, new) = (model.quantity(old), model.quantity(new));
    for equation in &mut model.equations {
        if let Some(&(_, weight)) = equation.terms.iter().find(|t| t.0 == old) {
            equation.terms.push((new, weight));
        }
    }
}
