//! Units that a scenario adds: a recipe as a process of the park with its links, and what it takes out of flue gas.
//!
//! The unknown of a unit is what its recipe is per: tonnes removed in a year, GJ delivered. A unit that removes something is as
//! active as its share of what reaches it; one that delivers something as large as its parameters say; one that serves a process
//! goes with the product of that.

use super::apply::{Refusal, add, closes_energy, connect, node};
use super::calibrate::{Calibrated, cleaned, served};
use super::change::NewUnit;
use super::link::{Link, Measured};
use super::model::{Equation, Law, Model};
use super::months::{Months, full_load_hours, made};
use super::periods::{Brought, Sets, Timed};
use super::roles::ends;
use super::storage;
use super::treatment;
use super::units::{self, Activity, Freight, How, Part, Recipe, RecipeError, Stream, recipe};
use crate::diagnostic::Words;
use crate::factors::{FactorSet, Parameter as FactorParameter};
use crate::inventory::Inventory;
use crate::ledger::{Activity as Made, Scope, Source, Standing};
use crate::park::{
    CarrierId, CarrierKind, EnterpriseId, Gas, Label, Node, Outside, Parameter, Park, Process, ProcessId,
    ProcessParameter, Property, Use,
};
use crate::quantity::{Basis, Dimension, Period, Quantity, significant};
use std::collections::BTreeMap;

/// A unit in its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Installed {
    /// The process that it is.
    pub process: ProcessId,
    /// The process that it serves.
    pub at: ProcessId,
    /// Its recipe.
    pub recipe: Recipe,
    /// The links that it takes by, with the part of its burden that they are.
    pub takes: Vec<(usize, Part)>,
    /// The links of the water that is led through it: where it went before, into the unit, out of it; none of others.
    pub through: Vec<usize>,
    /// What it takes from the park's own rows, and what of it is not counted.
    pub told: Vec<Words>,
}

/// A unit that has been entered.
pub(super) struct Entered {
    /// Its recipe.
    pub(super) recipe: Recipe,
    /// What it takes from the park's own rows.
    pub(super) told: Vec<Words>,
}

/// What is wrong with a unit, at the key of its change that is meant.
pub(super) struct Fault {
    /// The key.
    pub(super) key: String,
    /// Why.
    pub(super) why: Refusal,
}

/// A refusal at a key.
fn at_key(key: &str) -> impl Fn(Refusal) -> Vec<Fault> + use<> {
    let key = key.to_owned();
    move |why| vec![Fault { key: key.clone(), why }]
}

/// Puts the processes of units into a park, so that a model can be calibrated that has them.
///
/// # Errors
/// Everything that is wrong with its parameters; or with its place.
pub(super) fn enter(park: &mut Park, inventory: &Inventory, year: u16, unit: &NewUnit) -> Result<Entered, Vec<Fault>> {
    let allowed = |id: &str| park.settings.allow_unconfirmed.iter().any(|a| **a == *id);
    let mut parameters = unit.parameters.clone();
    // The wastewater of the park is as strong as its rows say.
    let wastewater = units::kinds().any(|k| k.id == unit.kind && k.activity == Activity::Removed(Gas::Cod));
    if let (true, Ok(Node::Process(at))) = (wastewater, node(park, &unit.at)) {
        treatment::fill_cod(park, inventory, (at, year), &mut parameters).map_err(at_key("at"))?;
    }
    if let Some(available) = &unit.available {
        let hours = hours(unit, available, year).map_err(at_key("available"))?;
        parameters.push(("full_load_hours".to_owned(), hours));
    }
    let settle = |parameters: &[(String, Quantity)]| {
        recipe(&unit.kind, parameters, &allowed).map_err(|errors| errors.iter().map(fault).collect::<Vec<_>>())
    };
    let mut recipe = settle(&parameters)?;
    let mut told = Vec::new();
    if let (Some(limestone), Ok(Node::Process(at))) = (unstated_limestone(park, &recipe), node(park, &unit.at)) {
        let whole = Period { year, month: None };
        if let Some(pure) = park.property(limestone, at, whole, Parameter::Carbonate) {
            let quantity = Quantity { value: pure.value, dimension: Dimension::NONE, basis: Basis::default() };
            parameters.push(("purity".to_owned(), quantity));
            recipe = settle(&parameters)?;
            let (id, printed) = (&unit.id, &pure.printed);
            told.push(Words::new(
                format!("{id}: purity is the carbonate of limestone in carriers.csv, {printed}"),
                format!("{id}：purity 取 carriers.csv 中石灰石的 carbonate，{printed}"),
            ));
        }
    }
    let id = &unit.id;
    let flares = recipe.given("biogas") > 0.0;
    let taken = |id: &str| park.processes.iter().any(|p| *p.label.id == *id);
    let own = [id.clone(), treatment::flare_id(id)];
    if let Some(id) = own.iter().take(1 + usize::from(flares)).find(|id| taken(id)) {
        let why = Words::new(format!("there is a process '{id}' already"), format!("已有工序“{id}”"));
        return Err(at_key("id")(why));
    }
    let Node::Process(at) = node(park, &unit.at).map_err(at_key("at"))? else {
        return Err(at_key("at")(Words::new("a unit stands at a process", "装置须设在工序处")));
    };
    let enterprise = owner(park, &unit.id).unwrap_or(park.process(at).enterprise);
    let converts = recipe.takes.iter().any(|s| s.part == Part::Feed && s.elements.carbon > 0.0);
    let process = Process {
        label: Label { id: unit.id.clone().into(), name_en: recipe.words.0.into(), name_zh: recipe.words.1.into() },
        enterprise,
        technique: unit.kind.clone().into(),
        // Carbon that a conversion passes on is burnt by who takes it.
        accounting: if converts { format!("balance:{}", unit.id).into() } else { "".into() },
        row: None,
    };
    let flare = flares.then(|| treatment::flare(&process));
    park.processes.extend(std::iter::once(process).chain(flare));
    Ok(Entered { recipe, told })
}

/// An error of a recipe, at the parameter that is meant.
fn fault(error: &RecipeError) -> Fault {
    let (en, zh) = error.texts();
    Fault { key: error.parameter().unwrap_or("unit").to_owned(), why: Words::new(en, zh) }
}

/// Limestone, where it is the reagent of a recipe and the scenario does not say how pure it is: then it is that of the park.
fn unstated_limestone(park: &Park, recipe: &Recipe) -> Option<CarrierId> {
    let taken = recipe.takes.iter().any(|s| s.part == Part::Reagent && s.carrier == "limestone");
    let unstated = recipe.parameters.iter().any(|p| p.id == "purity" && p.how == How::Default);
    carrier(park, "limestone").ok().filter(|_| taken && unstated)
}

/// The full-load hours of a unit that is there in part: `Σ a_m h_m`. Unit: h.
fn hours(unit: &NewUnit, available: &Months, year: u16) -> Result<Quantity, Refusal> {
    let kind = units::kinds().find(|k| k.id == unit.kind);
    let has = |id: &str| unit.parameters.iter().any(|p| p.0 == id);
    if kind.is_some_and(|k| !k.parameters().any(|s| s.id == "full_load_hours")) || !has("capacity") {
        return Err(Words::new(
            "'available' is of units with a 'capacity': what part of it is there in each month",
            "available 用于有 capacity 的装置：各月可用的能力份额",
        ));
    }
    if has("full_load_hours") {
        return Err(Words::new(
            "give 'full_load_hours' or 'available', not both: what is available has its hours",
            "full_load_hours 与 available 只能给出一种：后者已含利用小时数",
        ));
    }
    let value = full_load_hours(available, year);
    Ok(Quantity { value, dimension: Dimension::TIME, basis: Basis::default() })
}

fn owner(park: &Park, id: &str) -> Option<EnterpriseId> {
    let (enterprise, _) = id.split_once('/')?;
    park.enterprises.iter().position(|e| *e.label.id == *enterprise).map(EnterpriseId::new)
}

/// Gives a unit that has been entered its activity and its links, and takes from flue gas what it removes.
///
/// # Errors
/// A refusal: nothing reaches it, nobody supplies what it takes, its size is not stated.
pub(super) fn install(
    park: &mut Park,
    inventory: &Inventory,
    calibrated: &mut Calibrated,
    unit: &NewUnit,
    Entered { recipe, mut told }: Entered,
) -> Result<Installed, Refusal> {
    let (Node::Process(process), Node::Process(at)) = (node(park, &unit.id)?, node(park, &unit.at)?) else {
        return Err(Words::new("a unit stands at a process", "装置须设在工序处"));
    };
    let mut through = Vec::new();
    let own = calibrated.model.activity(process);
    // It does not run in the base year.
    calibrated.model.base[process.index()] = 0.0;
    let equation = match recipe.activity {
        Activity::Removed(Gas::Cod) => {
            let led = treatment::lead_through(park, inventory, calibrated, (process, at), &recipe)?;
            through = led.through;
            led.activity
        }
        Activity::Removed(gas) => {
            let model = &calibrated.model;
            let share = recipe.removes.map_or(0.0, |r| r.1);
            let mut terms: Vec<(u32, f64)> =
                reaching(park, inventory, model, at, gas).into_iter().map(|(u, w)| (u, -share * w)).collect();
            if terms.is_empty() {
                let (at, gas) = (&park.process(at).label.id, gas.label());
                return Err(Words::new(format!("no {gas} of {at} is known"), format!("{at} 的 {gas} 未知")));
            }
            if gas != Gas::Co2 {
                remove(park, at, gas, model.year, share);
            }
            terms.push((own, 1.0));
            Equation { process: None, ..Equation::new(terms, 0.0, Law::Supply) }
        }
        Activity::Served(carrier) => {
            let model = &calibrated.model;
            let made = |l: &usize| {
                let link = &model.links[*l];
                ends(link).0 == Some(at) && *park.carrier(link.carrier).label.id == *carrier
            };
            let mut terms: Vec<(u32, f64)> =
                (0..model.links.len()).filter(made).map(|l| (model.quantity(l), -1.0)).collect();
            if terms.is_empty() {
                let at = &park.process(at).label.id;
                return Err(Words::new(format!("{at} makes no {carrier}"), format!("{at} 不产出 {carrier}")));
            }
            terms.push((own, 1.0));
            Equation::new(terms, 0.0, Law::Supply)
        }
        Activity::Delivered(..) => {
            // Without a size it is as large as what it displaces.
            Equation::new(vec![(own, 1.0)], recipe.size.unwrap_or_default(), Law::Activity)
        }
    };
    let model = &mut calibrated.model;
    model.equations[process.index()] = equation;
    if recipe.kind == "storage" {
        let stored = storage::install(park, model, (process, at), &recipe)?;
        let takes = vec![(stored.over.1, Part::Feed)];
        calibrated.timed.push(Timed::Stored(stored));
        return Ok(Installed { process, at, recipe, takes, through: Vec::new(), told });
    }
    let mut takes = Vec::new();
    let road = road(&inventory.sets);
    for stream in recipe.takes.iter().filter(|s| s.quantity > 0.0) {
        let link = take(park, model, (process, at), stream)?;
        // What is bought outside comes by road.
        let haul = recipe.freight.iter().find(|f| f.carrier == stream.carrier && stream.part == Part::Reagent);
        if let Some(haul) = haul {
            let outside = matches!(model.links[link].from, Node::Outside(_));
            match &road {
                Some(by) if outside => model.links[link].freight = Some((haul.distance_km * 1e3, by.clone())),
                Some(_) => told.push(uncounted(&unit.id, haul, "reagent_distance", FROM_INSIDE)),
                None => told.push(uncounted(&unit.id, haul, "reagent_distance", NO_MEANS)),
            }
        }
        takes.push((link, stream.part));
    }
    for product in recipe.gives.iter().filter(|s| s.part == Part::ByProduct) {
        let haul = recipe.freight.iter().find(|f| f.carrier == product.carrier);
        told.extend(haul.map(|haul| uncounted(&unit.id, haul, "product_distance", NO_CATEGORY)));
    }
    for stream in recipe.gives.iter().filter(|s| s.quantity > 0.0) {
        let product = give(park, model, (process, at), stream, recipe.size.is_some())?;
        if let (Some(product), Some(available), Some(size)) = (product, &unit.available, recipe.size) {
            calibrated.timed.push(Timed::Brought(time(park, model, process, &product, (available, size))));
        }
    }
    if let (Ok(Node::Process(flare)), made) = (node(park, &treatment::flare_id(&unit.id)), recipe.given("biogas"))
        && made > 0.0
    {
        model.base[flare.index()] = 0.0;
        treatment::burn(park, model, (process, at, flare), made)?;
    }
    if recipe.activity == Activity::Removed(Gas::Co2) {
        store(park, model, (process, at))?;
    }
    let feeds: Vec<usize> = takes.iter().filter(|t| t.1 == Part::Feed).map(|t| t.0).collect();
    for link in feeds {
        recover_sulfur(park, model, process, link)?;
    }
    // Balances ask the scrubber for the calcium in excess that leaves with its gypsum.
    let ratio = recipe.parameters.iter().find(|p| p.id == Parameter::CalciumSulfur.id()).and_then(|p| p.value);
    if let Some(value) = ratio {
        state(park, process, model.year, (Parameter::CalciumSulfur, None, value));
    }
    Ok(Installed { process, at, recipe, takes, through, told })
}

/// Why a haul is not counted, in English and Chinese.
const FROM_INSIDE: (&str, &str) = ("it comes from within the park", "来自园区内");
const NO_MEANS: (&str, &str) = ("no factor set of the park has a truck", "园区因子集中没有卡车运输因子");
const NO_CATEGORY: (&str, &str) =
    ("freight out, of by-products and waste, is in no category that is accounted", "副产物与废物外运不在核算类别之内");

/// Tells that a distance which the scenario states makes no emission.
fn uncounted(unit: &str, haul: &Freight, key: &str, why: (&str, &str)) -> Words {
    let (carrier, km) = (haul.carrier, significant(haul.distance_km, 6));
    Words::new(
        format!("{unit}: {key}, {km} km of {carrier}, is not counted: {}", why.0),
        format!("{unit}：{key}（{carrier}，{km} km）未计入：{}", why.1),
    )
}

/// Means of transport that a unit's haul is counted by, where it is known to the factor sets: the heaviest common truck first.
const ROAD: [&str; 2] = ["diesel_truck_30t", "truck"];

fn road(sets: &[FactorSet]) -> Option<Box<str>> {
    let knows = |by: &&&str| {
        let rows = sets.iter().flat_map(|s| s.factors.iter());
        rows.filter(|f| f.parameter == FactorParameter::TransportFactor).any(|f| &*f.technique == **by)
    };
    ROAD.iter().find(knows).map(|by| (*by).into())
}

/// What of a gas leaves a process, by what it goes with. Unit: t per unit of the unknown.
fn reaching(park: &Park, inventory: &Inventory, model: &Model, at: ProcessId, gas: Gas) -> BTreeMap<u32, f64> {
    let mut places = vec![None; inventory_rows(model)];
    for (l, link) in model.links.iter().enumerate() {
        link.rows.iter().for_each(|&row| places[row] = Some(l));
    }
    let year = model.year;
    let direct = inventory.ledger.lines.iter().filter(|l| {
        l.period.year == year
            && l.process == at
            && l.gas == gas
            && l.scope == Scope::Direct
            && l.standing == Standing::Counted
    });
    // What is taken out already is that of the park as the scenario has it so far.
    let passes = 1.0 - removal(park, at, gas, year);
    let mut all = BTreeMap::new();
    for line in direct {
        let of = match line.activity {
            Made::Flow(row) => places.get(row).copied().flatten(),
            Made::Reported(_) | Made::Parameter(_) => None,
        };
        let (unknown, per) = match of {
            Some(l) => (model.quantity(l), model.links[l].base),
            None => (model.activity(at), 1.0),
        };
        let mass = match (line.source, of) {
            (Source::Abatement, _) => continue,
            (_, Some(_)) => line.mass * passes,
            // A monitor reads what is left; the park says what it reads now.
            _ => line.mass * monitored(inventory, park, line.activity),
        };
        if per != 0.0 {
            *all.entry(unknown).or_insert(0.0) += mass / per;
        }
    }
    all
}

fn inventory_rows(model: &Model) -> usize {
    model.links.iter().flat_map(|l| &l.rows).max().map_or(0, |m| m + 1)
}

/// A reported mass in the park of the scenario, in parts of what the inventory read.
fn monitored(inventory: &Inventory, park: &Park, activity: Made) -> f64 {
    let Made::Reported(i) = activity else { return 1.0 };
    let was = inventory.ledger.lines.iter().find(|l| l.activity == activity).map(|l| l.mass);
    match (park.reported.get(i).and_then(|r| r.mass), was) {
        (Some(is), Some(was)) if was != 0.0 => is / was,
        _ => 1.0,
    }
}

/// The share of a pollutant that the abatement of a process takes out.
fn removal(park: &Park, at: ProcessId, gas: Gas, year: u16) -> f64 {
    let value = |name| {
        let whole = Period { year, month: None };
        let own =
            park.parameters.iter().filter(|p| p.process == at && p.name == name && p.gas.is_none_or(|g| g == gas));
        own.filter(|p| p.period.is_none_or(|x| x.contains(whole))).max_by_key(|p| p.rank()).map(|p| p.value)
    };
    value(Parameter::Removal).unwrap_or(0.0) * value(Parameter::Utilization).unwrap_or(1.0)
}

/// Lets a process emit only a share less of a pollutant in a year.
fn remove(park: &mut Park, at: ProcessId, gas: Gas, year: u16, share: f64) {
    set_removal(park, at, gas, year, 1.0 - (1.0 - removal(park, at, gas, year)) * (1.0 - share));
}

/// States what the abatement of a process takes out of a pollutant in a year, and lets monitors read so.
fn set_removal(park: &mut Park, at: ProcessId, gas: Gas, year: u16, value: f64) {
    let before = removal(park, at, gas, year);
    let period = Period { year, month: None };
    park.parameters.retain(|p| {
        !(p.process == at
            && matches!(p.name, Parameter::Removal | Parameter::Utilization)
            && p.gas == Some(gas)
            && p.period.is_some_and(|x| period.contains(x)))
    });
    for (name, value) in [(Parameter::Removal, value), (Parameter::Utilization, 1.0)] {
        state(park, at, year, (name, Some(gas), value));
    }
    let times = if before < 1.0 { (1.0 - value) / (1.0 - before) } else { 1.0 };
    let read = park.reported.iter_mut().filter(|r| r.process == at && r.gas == gas && r.period.year == year);
    for reported in read {
        reported.mass = reported.mass.map(|m| m * times);
    }
}

/// States a parameter of a process in a year.
fn state(park: &mut Park, process: ProcessId, year: u16, what: (Parameter, Option<Gas>, f64)) {
    state_as(park, process, year, what, format!("{} 1", what.2));
}

/// The same, with the text that trails print.
pub(super) fn state_as(
    park: &mut Park,
    process: ProcessId,
    year: u16,
    (name, gas, value): (Parameter, Option<Gas>, f64),
    printed: String,
) {
    park.parameters.push(ProcessParameter {
        process,
        period: Some(Period { year, month: None }),
        name,
        carrier: None,
        gas,
        value,
        dimension: Dimension::NONE,
        printed,
        row: 0,
    });
    // As tables are read: methods find parameters by process and name, the narrowest row first.
    park.parameters.sort_by_key(|p| (p.process, p.name, std::cmp::Reverse(p.rank()), p.row));
}

/// A unit for flue gas that is closed takes nothing out any more.
pub(super) fn release(park: &mut Park, closed: &[ProcessId], year: u16) {
    for &p in closed {
        let (Some(at), Some(gas)) = (served(park, p), cleaned(&park.process(p).technique)) else { continue };
        set_removal(park, at, gas, year, 0.0);
    }
}

/// A carrier of the library or of the park.
pub(super) fn carrier(park: &Park, id: &str) -> Result<CarrierId, Refusal> {
    let found = park.carriers.iter().position(|c| *c.label.id == *id).map(CarrierId::new);
    found.ok_or_else(|| Words::new(format!("no carrier '{id}'"), format!("没有载体“{id}”")))
}

/// The link by which a unit takes a stream: from who supplies its enterprise with it, else from outside.
fn take(park: &Park, model: &mut Model, (unit, at): (ProcessId, ProcessId), stream: &Stream) -> Result<usize, Refusal> {
    let kind = park.carrier(carrier(park, stream.carrier)?).kind;
    let enterprise = park.process(at).enterprise;
    let heat = |k: CarrierKind| matches!(k, CarrierKind::Heat | CarrierKind::Steam);
    let alike = |l: &Link| {
        let other = park.carrier(l.carrier);
        match kind {
            CarrierKind::Electricity => other.kind == CarrierKind::Electricity,
            k if heat(k) => heat(other.kind) && l.energy.is_some(),
            CarrierKind::Water => &*other.label.id == "fresh_water",
            _ => *other.label.id == *stream.carrier,
        }
    };
    let largest = |which: &dyn Fn(&Link) -> bool| {
        let all = model.links.iter().filter(|l| alike(l) && l.base > 0.0 && which(l));
        all.max_by(|a, b| a.base.total_cmp(&b.base)).cloned()
    };
    let bought = largest(&|l: &Link| ends(l).1 == Some(at) && ends(l).0 != Some(at)).or_else(|| {
        largest(&|l: &Link| park.owner(l.to) == Some(enterprise) && park.owner(l.from) != Some(enterprise))
    });
    let made = || largest(&|l: &Link| park.owner(l.from) == Some(enterprise) && ends(l).1.is_some_and(|to| to != at));
    let like = match stream.part {
        // Waste heat and the surroundings: what the process loses, where that is recorded.
        Part::Feed if heat(kind) => {
            let lost =
                |l: &&Link| ends(l).0 == Some(at) && l.to == Node::Outside(Outside::Loss) && l.energy == Some(1.0);
            if let Some(lost) = model.links.iter().find(lost) {
                Some(lost.clone())
            } else {
                let measured = Measured { dimension: Dimension::ENERGY, energy: Some(1.0) };
                let of = carrier(park, "waste_heat").or_else(|_| carrier(park, "heat"))?;
                Some(Link::new(Node::Outside(Outside::Nature), Node::Process(unit), of, Use::Process, measured))
            }
        }
        _ => bought.or_else(made),
    };
    let (from, of, measured, times) = match like {
        Some(link) => {
            let other = link.dimension != stream.dimension;
            let times = match link.energy {
                Some(energy) if other && stream.dimension == Dimension::ENERGY => 1.0 / energy,
                // The same dimension; or water: 1 t a cubic meter.
                _ => 1.0,
            };
            (link.from, link.carrier, link.measured(), times)
        }
        None if heat(kind) => {
            let who = &park.enterprise(enterprise).label.id;
            return Err(Words::new(format!("nobody supplies {who} with heat"), format!("{who} 没有供热来源")));
        }
        None => {
            let from = match kind {
                CarrierKind::Electricity => Outside::Grid,
                CarrierKind::Water => Outside::Nature,
                _ => Outside::Supplier,
            };
            let energy = (stream.dimension == Dimension::ENERGY).then_some(1.0);
            let of = carrier(park, stream.carrier)?;
            (Node::Outside(from), of, Measured { dimension: stream.dimension, energy }, 1.0)
        }
    };
    let usage = match stream.part {
        Part::Reagent if park.carrier(of).kind == CarrierKind::Material => Use::Sorbent,
        Part::Feed if park.carrier(of).kind.is_fuel() => Use::Feedstock,
        _ => super::exchanges::usage(park, unit, of),
    };
    let link = add(model, Link::new(from, Node::Process(unit), of, usage, measured));
    connect(model, link);
    let (quantity, activity, row) = (model.quantity(link), model.activity(unit), model.processes + link);
    // Two streams of one carrier, power for pumps and power to convert, come by one link.
    let own = &mut model.equations[row];
    if let Some(term) = own.terms.iter_mut().find(|t| t.0 == activity).filter(|_| own.law == Law::Need) {
        term.1 -= stream.quantity * times;
    } else {
        let terms = vec![(quantity, 1.0), (activity, -stream.quantity * times)];
        *own = Equation::new(terms, 0.0, Law::Need);
    }
    Ok(link)
}

/// What a product of a unit displaces, and who takes that: the process at which it stands, else the largest taker of its
/// enterprise. Heat displaces steam; what is bought outside goes first.
fn replaced(park: &Park, model: &Model, at: ProcessId, of: CarrierId) -> Option<(usize, ProcessId)> {
    let heat = |k: CarrierKind| matches!(k, CarrierKind::Heat | CarrierKind::Steam);
    let kind = park.carrier(of).kind;
    let alike = |l: &usize| {
        let other = &model.links[*l];
        let same =
            other.carrier == of || (heat(kind) && heat(park.carrier(other.carrier).kind) && other.energy.is_some());
        same && matches!(model.of_link(*l).law, Law::Need | Law::Marginal) && model.of_link(*l).terms.len() > 1
    };
    let key =
        |l: usize| (model.links[l].base > 0.0, matches!(model.links[l].from, Node::Outside(_)), model.links[l].base);
    let best = |which: &dyn Fn(&Link) -> bool| {
        let all = (0..model.links.len()).filter(|l| alike(l) && which(&model.links[*l]));
        let largest = all.max_by(|&a, &b| {
            let (a, b) = (key(a), key(b));
            (a.0, a.1).cmp(&(b.0, b.1)).then(a.2.total_cmp(&b.2))
        })?;
        Some((largest, ends(&model.links[largest]).1?))
    };
    let enterprise = park.process(at).enterprise;
    best(&|l: &Link| ends(l).1 == Some(at))
        .or_else(|| best(&|l: &Link| park.owner(l.to) == Some(enterprise) && park.owner(l.from) != Some(enterprise)))
        .or_else(|| best(&|l: &Link| park.owner(l.to) == Some(enterprise)))
}

/// Lets a new link count wherever its taker counts an old one, times a number.
pub(super) fn displace(model: &mut Model, old: usize, new: usize, per: f64) {
    let (q_old, q_new) = (model.quantity(old), model.quantity(new));
    let giver = ends(&model.links[old]).0;
    let same = model.links[old].carrier == model.links[new].carrier;
    let energies: Vec<bool> = (0..model.equations.len()).map(|i| closes_energy(model, i)).collect();
    let row = model.processes + old;
    if model.equations[row].law == Law::Need && model.equations[row].process.is_none() {
        model.equations[row].law = Law::Marginal;
        model.equations[row].process = ends(&model.links[old]).1;
    }
    for (i, equation) in model.equations.iter_mut().enumerate() {
        // What its giver makes of the old is no matter of the new.
        let of_giver = giver.is_some_and(|g| i == g.index() || equation.process == Some(g));
        // Heat brings no water with it.
        let water = equation.law == Law::Losses && !energies[i] && !same;
        if of_giver || water || equation.terms.len() < 2 {
            continue;
        }
        if let Some(&(_, weight)) = equation.terms.iter().find(|t| t.0 == q_old) {
            equation.terms.push((q_new, weight * per));
        }
    }
}

/// The link by which a unit gives a stream: its product in the place of what the process it serves takes of the kind; a by-product to
/// a customer, a landfill or away.
fn give(
    park: &Park,
    model: &mut Model,
    (unit, at): (ProcessId, ProcessId),
    stream: &Stream,
    sized: bool,
) -> Result<Option<Product>, Refusal> {
    let of = carrier(park, if stream.carrier == "steam" { "heat" } else { stream.carrier })?;
    let kind = park.carrier(of).kind;
    let measured =
        Measured { dimension: stream.dimension, energy: (stream.dimension == Dimension::ENERGY).then_some(1.0) };
    let activity = model.activity(unit);
    // Gypsum of the park holds as much dihydrate as its rows say.
    let dihydrate = park.properties.iter().find(|p| p.carrier == of && p.name == Parameter::Gypsum && p.value > 0.0);
    let quantity_made = dihydrate.map_or(stream.quantity, |share| stream.pure / share.value);
    // Captured CO2 and biogas go by links of their own.
    if matches!(stream.carrier, "co2_gas" | "biogas") {
        return Ok(None);
    }
    if stream.part == Part::Product {
        let (old, to) = replaced(park, model, at, of).ok_or_else(|| {
            let (at, what) = (&park.process(at).label.id, stream.carrier);
            Words::new(format!("{at} takes no {what} that it could displace"), format!("{at} 未使用可被替代的 {what}"))
        })?;
        let was = model.links[old].clone();
        // In the unit of what it displaces, where that is the same thing: energy of SNG in cubic meters.
        let per_energy = was.energy.filter(|_| was.dimension != stream.dimension).map_or(1.0, |energy| 1.0 / energy);
        let same = was.carrier == of;
        let (measured, made, per) = if same {
            (was.measured(), stream.quantity * per_energy, 1.0)
        } else {
            (measured, stream.quantity, per_energy)
        };
        let new = add(model, Link::new(Node::Process(unit), Node::Process(to), of, was.usage, measured));
        let (row, quantity) = (model.processes + new, model.quantity(new));
        displace(model, old, new, per);
        if sized {
            model.equations[row] = Equation::new(vec![(quantity, 1.0), (activity, -made)], 0.0, Law::Yield);
            model.reliefs.entry(old).or_default().push(new);
        } else {
            // As large as the need: nothing of what it displaces is left.
            model.equations[row] = Equation::new(vec![(model.quantity(old), 1.0)], 0.0, Law::Marginal);
            let own = Equation::new(vec![(activity, 1.0), (quantity, -1.0 / made)], 0.0, Law::Demand);
            model.equations[unit.index()] = own;
        }
        return Ok(Some(Product { link: new, made, displaces: (old, per) }));
    }
    let to = match kind {
        CarrierKind::ByProduct | CarrierKind::Waste => Outside::Landfill,
        CarrierKind::Water => Outside::WaterBody,
        CarrierKind::Heat | CarrierKind::Steam => Outside::Loss,
        _ => Outside::Customer,
    };
    let new = add(model, Link::new(Node::Process(unit), Node::Outside(to), of, Use::Process, measured));
    let row = model.processes + new;
    let quantity = model.quantity(new);
    model.equations[row] = Equation::new(vec![(quantity, 1.0), (activity, -quantity_made)], 0.0, Law::Yield);
    Ok(None)
}

/// What a unit is run for, and what that displaces.
struct Product {
    link: usize,
    /// Canonical units of the link per unit of activity.
    made: f64,
    /// The link that it displaces, and units of that for one of it.
    displaces: (usize, f64),
}

/// States when a product is there. Electricity that is not needed in its month goes to the grid; of anything else a unit makes no more
/// than is needed.
fn time(
    park: &Park,
    model: &mut Model,
    unit: ProcessId,
    product: &Product,
    (available, size): (&Months, f64),
) -> Brought {
    let Product { link, made: per, displaces } = *product;
    let of = model.links[link].clone();
    let power = park.carrier(of.carrier).kind == CarrierKind::Electricity;
    let spill = power.then(|| {
        let back = Link::new(of.from, Node::Outside(Outside::Grid), of.carrier, of.usage, of.measured());
        let back = add(model, back);
        let row = model.processes + back;
        let terms = vec![(model.quantity(back), 1.0), (model.quantity(link), 1.0), (model.activity(unit), -per)];
        model.equations[row] = Equation::new(terms, 0.0, Law::Sink);
        back
    });
    Brought {
        link,
        offered: made(available, size * per, model.year),
        sets: if power { Sets::Alone(unit) } else { Sets::Runs(unit, per) },
        need: Some(displaces),
        hand: None,
        spill,
    }
}

/// Captured CO2 goes from the process that made it to storage.
fn store(park: &Park, model: &mut Model, (unit, at): (ProcessId, ProcessId)) -> Result<(), Refusal> {
    let of = carrier(park, "co2_gas")?;
    let measured = Measured { dimension: Dimension::MASS, energy: None };
    let new = add(model, Link::new(Node::Process(at), Node::Outside(Outside::Geological), of, Use::Process, measured));
    let (row, quantity, activity) = (model.processes + new, model.quantity(new), model.activity(unit));
    model.equations[row] = Equation::new(vec![(quantity, 1.0), (activity, -1.0)], 0.0, Law::Yield);
    Ok(())
}

/// Sulfur of coal that is gasified leaves as sulfur: the gas is washed before it is made into methane, whose catalyst bears none
/// (Rectisol wash and Claus process; what the tail gas keeps is not counted).
fn recover_sulfur(park: &mut Park, model: &mut Model, unit: ProcessId, feed: usize) -> Result<(), Refusal> {
    let link = model.links[feed].clone();
    let period = Period { year: model.year, month: None };
    let coal = park.carrier(link.carrier).kind == CarrierKind::SolidFuel && link.dimension == Dimension::MASS;
    let content = park.property(link.carrier, unit, period, Parameter::Sulfur).map(|p| p.value);
    let Some(content) = content.filter(|&content| coal && content > 0.0) else { return Ok(()) };
    let sulfur = carrier(park, "sulfur")?;
    // Pure: all sulfur, no carbon, so that both are followed.
    for (name, value) in [(Parameter::Sulfur, 1.0), (Parameter::CarbonContent, 0.0)] {
        park.properties.push(Property {
            carrier: sulfur,
            enterprise: None,
            process: Some(unit),
            period: None,
            name,
            value,
            dimension: Dimension::NONE,
            basis: Basis::default(),
            printed: format!("{value} 1"),
            row: 0,
        });
    }
    // As tables are read.
    park.properties.sort_by_key(|p| (p.carrier, p.name, p.rank(), p.row));
    let measured = Measured { dimension: Dimension::MASS, energy: None };
    let sold = Link::new(Node::Process(unit), Node::Outside(Outside::Customer), sulfur, Use::Process, measured);
    let new = add(model, sold);
    let (row, quantity) = (model.processes + new, model.quantity(new));
    let terms = vec![(quantity, 1.0), (model.quantity(feed), -content)];
    model.equations[row] = Equation::new(terms, 0.0, Law::Yield);
    Ok(())
}
