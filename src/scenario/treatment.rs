//! Wastewater treatment as a unit: the water of the process that it serves is led through it, so that the accounts see
//! the rows that they would see had the plant been entered by hand.
//!
//! | flow | quantity | COD, t per unit |
//! |---|---|---|
//! | process → unit | what went where it goes now | `c`, as the process states it |
//! | unit → where it went | the same water | `c · (1 − removal)` |
//! | unit → burner, else flare | methane recovered of what is removed, by volume | |
//! | unit → landfill | sludge of what is removed | `sludge_cod / sludge` |
//!
//! The unit is as active as the COD that it removes: `x = Σ removal · c · q`. Methane and nitrous oxide are those of
//! `methods::wastewater` by the recipe's own capacity, MCF and factor, which are stated as parameters of the new process.
//! Nitrogen leaves with the water but for `nitrogen_removal`, ammonia alike.

use super::apply::{Refusal, add};
use super::calibrate::Calibrated;
use super::install::{carrier, displace, state_as};
use super::link::{Link, Measured};
use super::model::{Equation, Law, Model};
use super::roles::ends;
use super::units::{Recipe, Used, row};
use crate::diagnostic::Words;
use crate::factors::FactorSet;
use crate::inventory::Inventory;
use crate::ledger::{Activity, Line};
use crate::methods::methane::METHANE_DENSITY;
use crate::methods::wastewater::treats;
use crate::park::{
    CarrierId, CarrierKind, Flow, Gas, Label, Node, Outside, Parameter, Park, Process, ProcessId, Property, Use,
};
use crate::quantity::{Basis, Calorific, Dimension, GasState, Period, Quantity, significant};

/// What a plant for wastewater was given.
pub(super) struct Led {
    /// The equation of its activity.
    pub(super) activity: Equation,
    /// The links of its water: where it went, into the unit, out of it.
    pub(super) through: Vec<usize>,
}

/// Calorific value of the methane in biogas. 50.4 GJ/t, that of pure methane.
const NCV: &str = "ipcc_2006.biogas.ncv";

/// What is stated of water: COD, nitrogen, ammonia.
const LOADS: [Parameter; 3] = [Parameter::Cod, Parameter::Nitrogen, Parameter::Ammonia];

/// The pollutants that they are in the ledger, in their order.
const GASES: [Gas; 3] = [Gas::Cod, Gas::TotalNitrogen, Gas::Nh3n];

/// The id of the flare that burns what biogas of a unit nobody takes.
pub(super) fn flare_id(unit: &str) -> String {
    format!("{unit}_FLARE")
}

/// The flare of a unit that recovers methane.
pub(super) fn flare(unit: &Process) -> Process {
    let label = &unit.label;
    let label = Label {
        id: flare_id(&label.id).into(),
        name_en: format!("{}, flare", label.name_en).into(),
        name_zh: format!("{}火炬", label.name_zh).into(),
    };
    Process { label, technique: "flare".into(), accounting: "combustion".into(), ..unit.clone() }
}

/// Where wastewater of a process goes that a plant could treat before.
fn is_led(park: &Park, to: Node, carrier: CarrierId, dimension: Dimension) -> bool {
    let water = matches!(park.carrier(carrier).kind, CarrierKind::Waste | CarrierKind::Water);
    water
        && match to {
            Node::Outside(Outside::WaterBody) => true,
            Node::Outside(Outside::Treatment) => dimension == Dimension::VOLUME,
            Node::Process(to) => dimension == Dimension::VOLUME && treats(&park.process(to).technique),
            Node::Outside(_) | Node::Stock(_) => false,
        }
}

/// A load per unit of a carrier at a process, as `carriers.csv` states it for a period. Unit: t per canonical unit.
fn stated(
    park: &Park,
    carrier: CarrierId,
    at: ProcessId,
    period: Period,
    (name, dimension): (Parameter, Dimension),
) -> Option<f64> {
    let enterprise = park.process(at).enterprise;
    let holds = |p: &&Property| {
        p.carrier == carrier
            && p.name == name
            && p.dimension == Dimension::MASS / dimension
            && p.holds(enterprise, at, period)
    };
    let all = park.properties.iter().filter(holds);
    all.max_by_key(|p| (p.rank(), std::cmp::Reverse(p.row))).map(|p| p.value)
}

/// A load of a row per unit of it: as the park states it, else as the accounts have it by a factor of its industry. Unit: t per
/// canonical unit.
fn of_row(park: &Park, inventory: &Inventory, row: usize, at: ProcessId, name: Parameter) -> Option<f64> {
    let (flow, quantity) = (&park.flows[row], park.flows[row].quantity?);
    let own = stated(park, flow.carrier, at, flow.period, (name, quantity.dimension));
    own.or_else(|| {
        let gas = LOADS.iter().zip(GASES).find(|(load, _)| **load == name)?.1;
        let accounted = |l: &&Line| l.activity == Activity::Flow(row) && l.process == at && l.gas == gas;
        let line = inventory.ledger.lines.iter().find(accounted)?;
        (line.quantity != 0.0).then(|| line.mass / line.quantity)
    })
}

/// The mean of a load over rows of a process, weighed by their quantities; none where a row has none.
fn mean(
    park: &Park,
    inventory: &Inventory,
    at: ProcessId,
    name: Parameter,
    rows: impl Iterator<Item = usize>,
) -> Option<f64> {
    let (mut load, mut whole) = (0.0, 0.0);
    for row in rows.filter(|&row| park.observations.counts_for_seller(row)) {
        let quantity = park.flows[row].quantity?.value;
        load += of_row(park, inventory, row, at, name)? * quantity;
        whole += quantity;
    }
    (whole > 0.0).then(|| load / whole)
}

/// COD of the wastewater of a process, where all of it is known. Unit: t/m3.
fn cod(park: &Park, inventory: &Inventory, at: ProcessId, year: u16) -> Option<f64> {
    let volume = |flow: &Flow| flow.quantity.is_some_and(|q| q.dimension == Dimension::VOLUME);
    let own = |flow: &Flow| flow.from == Node::Process(at) && flow.to != flow.from && flow.period.year == year;
    let led = |flow: &Flow| volume(flow) && is_led(park, flow.to, flow.carrier, Dimension::VOLUME);
    let rows = (0..park.flows.len()).filter(|&row| own(&park.flows[row]) && led(&park.flows[row]));
    mean(park, inventory, at, Parameter::Cod, rows)
}

/// A statement of the scenario that the park makes itself, and otherwise.
fn twice(key: &str, at: &str) -> Refusal {
    Words::new(
        format!("the wastewater of {at} states '{key}' itself: leave it out"),
        format!("{at} 的废水已给出“{key}”：请删去该参数"),
    )
}

/// The COD of what comes in as the park states it, for a unit whose electricity is by volume.
///
/// # Errors
/// The scenario states another one.
pub(super) fn fill_cod(
    park: &Park,
    inventory: &Inventory,
    (at, year): (ProcessId, u16),
    parameters: &mut Vec<(String, Quantity)>,
) -> Result<(), Refusal> {
    let Some(value) = cod(park, inventory, at, year) else { return Ok(()) };
    match parameters.iter().find(|p| p.0 == "cod") {
        Some((_, given)) if (given.value - value).abs() > 1e-3 * value => Err(twice("cod", &park.process(at).label.id)),
        Some(_) => Ok(()),
        None => {
            let dimension = Dimension::MASS / Dimension::VOLUME;
            parameters.push(("cod".to_owned(), Quantity { value, dimension, basis: Basis::default() }));
            Ok(())
        }
    }
}

/// Leads the wastewater of a process through a unit.
///
/// # Errors
/// A refusal: the process discharges nothing whose COD is known.
pub(super) fn lead_through(
    park: &mut Park,
    inventory: &Inventory,
    calibrated: &mut Calibrated,
    (unit, at): (ProcessId, ProcessId),
    recipe: &Recipe,
) -> Result<Led, Refusal> {
    let year = calibrated.model.year;
    let removal = recipe.removes.map_or(0.0, |r| r.1);
    let used = |name: &str| recipe.parameters.iter().find(|p| p.id == name).and_then(|p| p.value);
    let mut activity = vec![(calibrated.model.activity(unit), 1.0)];
    let mut through = Vec::new();
    for l in 0..calibrated.model.links.len() {
        let link = calibrated.model.links[l].clone();
        let flows = link.base > 0.0 || link.rows.is_empty();
        let away = ends(&link).0 == Some(at) && ends(&link).1 != Some(at);
        if !away || !flows || !is_led(park, link.to, link.carrier, link.dimension) {
            continue;
        }
        let whole = Period { year, month: None };
        let load = |name| match &link.rows[..] {
            // Out of a unit that the scenario added before.
            [] => stated(park, link.carrier, at, whole, (name, link.dimension)),
            rows => mean(park, inventory, at, name, rows.iter().copied()),
        };
        let loads = LOADS.map(load);
        let [Some(cod), nitrogen, ammonia] = loads else { continue };
        let nitrogen = match (nitrogen, used("nitrogen")) {
            (Some(_), Some(_)) => return Err(twice("nitrogen", &park.process(at).label.id)),
            // Per COD that is removed.
            (None, Some(per_cod)) => Some(per_cod * removal * cod),
            (known, None) => known,
        };
        let left = 1.0 - used("nitrogen_removal").unwrap_or_default();
        let kept = [(Some(cod), 1.0 - removal), (nitrogen, left), (ammonia, left)];
        for (name, (value, kept)) in LOADS.into_iter().zip(kept) {
            let Some(value) = value else { continue };
            let of = (name, Dimension::MASS / link.dimension);
            // The row of a year that the scenario writes asks for the mean of the months.
            if stated(park, link.carrier, at, whole, (name, link.dimension)) != Some(value) {
                property(park, (link.carrier, at, Some(whole)), of, value, Basis::default());
            }
            property(park, (link.carrier, unit, None), of, value * kept, Basis::default());
        }
        let [into, out] = reroute(park, calibrated, l, unit);
        activity.push((calibrated.model.quantity(into), -removal * cod));
        through.extend([l, into, out]);
    }
    if through.is_empty() {
        let at = &park.process(at).label.id;
        return Err(Words::new(
            format!("{at} discharges no water whose COD is known"),
            format!("{at} 没有已知 COD 的外排废水"),
        ));
    }
    for (name, id) in [
        (Parameter::Mcf, "mcf"),
        (Parameter::MethaneYield, "methane_yield"),
        (Parameter::NitrogenFactor, "nitrogen_factor"),
    ] {
        if let Some(used) = recipe.parameters.iter().find(|p| p.id == id)
            && let Some(value) = used.value
            && !is_found(park, inventory, recipe.kind, name, used.row)
        {
            state_as(park, unit, year, (name, None, value), printed(used, value));
        }
    }
    // COD that leaves with the sludge makes no methane here.
    if let (Some(cod), mass) = (used("sludge_cod"), recipe.given(SLUDGE))
        && mass > 0.0
    {
        let of = (Parameter::Cod, Dimension::NONE);
        property(park, (carrier(park, SLUDGE)?, unit, None), of, cod / mass, Basis::default());
    }
    Ok(Led { activity: Equation::new(activity, 0.0, Law::Supply), through })
}

const SLUDGE: &str = "industrial_sludge";

/// Whether the accounts find a default of the recipe by themselves: then the trail leads to its row.
fn is_found(park: &Park, inventory: &Inventory, technique: &str, name: Parameter, row: Option<&str>) -> bool {
    let of_set = |set: &FactorSet| {
        let own =
            |by: &str| set.factors.iter().find(|f| f.parameter == name && f.carrier.is_empty() && *f.technique == *by);
        own(technique).or_else(|| own("")).map(|f| f.id.clone())
    };
    let first = inventory.sets.iter().find_map(of_set);
    row.is_some() && first.as_deref() == row && !park.properties.iter().any(|p| p.name == name)
}

/// Value and row of a default, or the value that the scenario states, as trails print it.
fn printed(used: &Used, value: f64) -> String {
    match used.row {
        Some(row) => format!("{} ({row})", used.printed),
        None => format!("{} 1", significant(value, 6)),
    }
}

/// States a property of a carrier at a process.
fn property(
    park: &mut Park,
    (carrier, process, period): (CarrierId, ProcessId, Option<Period>),
    (name, dimension): (Parameter, Dimension),
    value: f64,
    basis: Basis,
) {
    let printed = if dimension == Dimension::MASS / Dimension::VOLUME {
        format!("{} mg/L", significant(value * 1e6, 6))
    } else {
        format!("{} {dimension}", significant(value, 6))
    };
    let process = Some(process);
    let new = Property { carrier, enterprise: None, process, period, name, value, dimension, basis, printed, row: 0 };
    park.properties.push(new);
    // As tables are read.
    park.properties.sort_by_key(|p| (p.carrier, p.name, p.rank(), p.row));
}

/// Puts a unit between the ends of a link: the link into it stands where the old one stood, the link out of it brings as much to
/// who took that; shows both. A cubic meter that comes in goes out: what sludge holds is not counted.
fn reroute(park: &Park, calibrated: &mut Calibrated, old: usize, unit: ProcessId) -> [usize; 2] {
    let model = &mut calibrated.model;
    let link = model.links[old].clone();
    let usage = super::exchanges::usage(park, unit, link.carrier);
    let into = add(model, Link::new(link.from, Node::Process(unit), link.carrier, usage, link.measured()));
    let out = add(model, Link::new(Node::Process(unit), link.to, link.carrier, link.usage, link.measured()));
    let [was, comes, goes] = [old, into, out].map(|l| model.quantity(l));
    let taker = ends(&link).1;
    for (row, equation) in model.equations.iter_mut().enumerate() {
        let of_taker = taker.is_some_and(|to| equation.process == Some(to) || row == to.index());
        for term in equation.terms.iter_mut().filter(|t| t.0 == was) {
            term.0 = if of_taker { goes } else { comes };
        }
    }
    let [own, first, second] = [old, into, out].map(|l| model.processes + l);
    let stopped = Equation::new(vec![(was, 1.0)], 0.0, Law::Given);
    model.equations[first] = std::mem::replace(&mut model.equations[own], stopped);
    model.equations[second] = Equation::new(vec![(goes, 1.0), (comes, -1.0)], 0.0, Law::Yield);
    // Who gives way to it, and what counts on it, goes on to do so.
    let moved = |l: &mut usize| *l = if *l == old { into } else { *l };
    model.reliefs = std::mem::take(&mut model.reliefs)
        .into_iter()
        .map(|(mut link, mut gives_way)| {
            moved(&mut link);
            gives_way.iter_mut().for_each(moved);
            (link, gives_way)
        })
        .collect();
    for carried in calibrated.exchanges.iter_mut().flat_map(|b| &mut b.carried) {
        moved(&mut carried.link);
        carried.displaced.iter_mut().for_each(|d| moved(&mut d.0));
        carried.sink.iter_mut().for_each(moved);
    }
    [into, out]
}

/// Leads the biogas of a unit to who burns gas at its enterprise, in the place of that gas and by its energy; what is too much for
/// them, or all where nobody does, goes to the flare of the unit. `made` is methane per activity, t.
///
/// # Errors
/// The library has no biogas.
pub(super) fn burn(
    park: &mut Park,
    model: &mut Model,
    (unit, at, flare): (ProcessId, ProcessId, ProcessId),
    made: f64,
) -> Result<(), Refusal> {
    let biogas = carrier(park, "biogas")?;
    let whole = Period { year: model.year, month: None };
    // As rich as the park says; else the methane alone is counted.
    let known = stated_share(park, biogas, unit, whole);
    let rich = known.unwrap_or(1.0);
    if known.is_none() {
        let of = (Parameter::MethaneFraction, Dimension::NONE);
        property(park, (biogas, unit, None), of, rich, Basis::default());
    }
    let volume = made / METHANE_DENSITY / rich;
    let basis = Basis { state: Some(GasState::C0), ..Basis::default() };
    let link = |park: &mut Park, model: &mut Model, to: ProcessId| {
        let energy = Some(energy_of(park, biogas, to, whole, rich));
        let measured = Measured { dimension: Dimension::VOLUME, energy };
        let new = Link::new(Node::Process(unit), Node::Process(to), biogas, Use::Combustion, measured);
        add(model, Link { basis: Some(basis), ..new })
    };
    let activity = model.activity(unit);
    let mut rest = Vec::new();
    if let Some((old, to)) = burner(park, model, at) {
        let new = link(park, model, to);
        let per = model.links[new].energy.zip(model.links[old].energy).map_or(1.0, |(a, b)| a / b);
        displace(model, old, new, per);
        let (quantity, row) = (model.quantity(new), model.processes + new);
        model.equations[row] = Equation::new(vec![(quantity, 1.0), (activity, -volume)], 0.0, Law::Yield);
        model.reliefs.entry(old).or_default().push(new);
        rest.push((quantity, 1.0));
    }
    let left = link(park, model, flare);
    let (quantity, row) = (model.quantity(left), model.processes + left);
    rest.extend([(quantity, 1.0), (activity, -volume)]);
    model.equations[row] = Equation { process: Some(unit), ..Equation::new(rest, 0.0, Law::Sink) };
    let own = model.activity(flare);
    model.equations[flare.index()] = Equation::new(vec![(own, 1.0), (quantity, -1.0)], 0.0, Law::Supply);
    Ok(())
}

/// The share of methane in biogas that the park states.
fn stated_share(park: &Park, biogas: CarrierId, unit: ProcessId, period: Period) -> Option<f64> {
    let own = park.property(biogas, unit, period, Parameter::MethaneFraction);
    own.map(|p| p.value).filter(|share| *share > 0.0)
}

/// Energy of a normal cubic meter of biogas at who burns it, as the park states it; else that of its methane, which is stated there
/// then. Unit: GJ/m3.
fn energy_of(park: &mut Park, biogas: CarrierId, to: ProcessId, period: Period, rich: f64) -> f64 {
    let per_volume = Dimension::ENERGY / Dimension::VOLUME;
    let own = park.property(biogas, to, period, Parameter::Ncv).filter(|p| p.dimension == per_volume);
    let known = own.and_then(|p| Some(p.value * GasState::C0.volume_ratio(p.basis.state?)?));
    known.unwrap_or_else(|| {
        // invariant: the row is one of the library; a test asks for it.
        let value = row(NCV).map_or(0.0, |f| f.value) * METHANE_DENSITY * rich;
        let basis = Basis { calorific: Some(Calorific::Net), state: Some(GasState::C0), ..Basis::default() };
        property(park, (biogas, to, None), (Parameter::Ncv, per_volume), value, basis);
        value
    })
}

/// The largest gas that the enterprise of a process buys or is given to burn, by energy, and who burns it; at the process itself
/// first, biogas never.
fn burner(park: &Park, model: &Model, at: ProcessId) -> Option<(usize, ProcessId)> {
    let enterprise = park.process(at).enterprise;
    let burns = |l: &usize| {
        let (link, law) = (&model.links[*l], model.of_link(*l));
        let own = park.owner(link.to) == Some(enterprise) && park.owner(link.from) != Some(enterprise);
        let gas = park.carrier(link.carrier).kind == CarrierKind::GasFuel && link.usage == Use::Combustion;
        let asked = matches!(law.law, Law::Need | Law::Marginal) && law.terms.len() > 1;
        own && gas && asked && link.base > 0.0 && link.energy.is_some() && ends(link).1.is_some()
    };
    let key = |l: usize| {
        let link = &model.links[l];
        (ends(link).1 == Some(at), matches!(link.from, Node::Outside(_)), link.base * link.energy.unwrap_or_default())
    };
    let largest = (0..model.links.len()).filter(burns).max_by(|&a, &b| {
        let (a, b) = (key(a), key(b));
        (a.0, a.1).cmp(&(b.0, b.1)).then(a.2.total_cmp(&b.2))
    })?;
    Some((largest, ends(&model.links[largest]).1?))
}
