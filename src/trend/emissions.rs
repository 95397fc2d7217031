//! A year's emissions, parted into those that energy makes (by sector and carrier, with that energy) and all others.

use crate::inventory::{Bucket, Inventory, amount, gwp};
use crate::ledger::{Activity, Approach, Line, Scope, Source, Standing};
use crate::park::{CarrierId, Gas, Park, RuleSet};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Whose emissions a trend follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Boundary {
    /// The park as a whole: transfers inside the fence are eliminated.
    Park,
    /// The sum of the enterprises.
    Sum,
}

impl Boundary {
    /// The id in figures.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Park => "park",
            Self::Sum => "sum",
        }
    }
}

/// A sum below this part of the sizes of its terms is rounding. Unit: 1.
const ROUNDING: f64 = 1e-12;

/// What is not decomposed, by why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Apart {
    /// CO2 of a process: no energy stands behind it.
    Process(Source),
    /// CO2 that somebody reported without naming a flow.
    Reported,
    /// Power and heat that leave, a deduction under GB/T 32150: below zero there is no logarithm.
    Exported,
    /// Gases other than CO2, as CO2e.
    OtherGases,
    /// CO2 of energy whose quantity is not known, or whose deductions exceed it.
    NoEnergy,
    /// CO2 of energy in sectors whose added value is not known or not above zero.
    NoAddedValue,
}

impl Apart {
    /// The id in JSON.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Process(_) => "process_co2",
            Self::Reported => "reported_co2",
            Self::Exported => "exported",
            Self::OtherGases => "other_gases",
            Self::NoEnergy => "energy_unknown",
            Self::NoAddedValue => "no_added_value",
        }
    }

    /// The words in English and Chinese.
    #[must_use]
    pub fn words(self) -> (String, String) {
        let (en, zh) = match self {
            Self::Process(source) => {
                let (en, zh) = source.words();
                return (format!("CO2: {en}"), format!("CO2：{zh}"));
            }
            Self::Reported => ("CO2 reported without a flow", "未对应流量的填报 CO2"),
            Self::Exported => ("exported power and heat, deducted", "输出电力与热力（扣除）"),
            Self::OtherGases => ("gases other than CO2", "CO2 以外的气体"),
            Self::NoEnergy => ("energy not known or below zero", "能源量未知或为负"),
            Self::NoAddedValue => ("sectors without added value", "无增加值的行业"),
        };
        (en.to_owned(), zh.to_owned())
    }
}

/// Energy of a carrier in a sector, and the CO2 that it makes.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Amount {
    /// Unit: tce. It counts what is burnt, biomass too, and power and heat that are bought.
    pub energy: f64,
    /// Whether the energy of some row is not known.
    pub unknown: bool,
    /// Unit: t.
    pub co2: f64,
}

/// The emissions of a year. Unit: t CO2e, where nothing else is said.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Emissions {
    /// What energy makes, by sector and carrier.
    pub by_energy: BTreeMap<(Arc<str>, CarrierId), Amount>,
    /// What stands apart.
    pub apart: BTreeMap<Apart, f64>,
    /// All of it, by sector.
    pub by_sector: BTreeMap<Arc<str>, f64>,
    /// All CO2. Unit: t.
    pub co2: f64,
}

/// Parts the location-based total of a year: scope 1 and 2 under the park's rule set. Every line that counts stands in
/// exactly one place, so the places add up to the total of the inventory.
#[must_use]
pub fn emissions(park: &Park, inventory: &Inventory, boundary: Boundary, year: u16) -> Emissions {
    let consolidated = boundary == Boundary::Park;
    let rule = park.settings.rule_set;
    let lines = || inventory.ledger.lines.iter().filter(|l| l.period.year == year);
    let mut made = Emissions::default();
    // What is bought and passed on leaves nothing, whatever rounding leaves of it: sizes of energy and CO2.
    let mut turnover: BTreeMap<(Arc<str>, CarrierId), (f64, f64)> = BTreeMap::new();
    for line in lines() {
        let sector = &park.enterprise(line.enterprise).sector;
        let place = place(park, line);
        let mass = amount(line, Bucket::Total(Approach::Location), consolidated, rule);
        let co2e = mass * gwp(line, &inventory.gwp);
        if co2e != 0.0 {
            *made.by_sector.entry(sector.clone()).or_default() += co2e;
            if line.gas == Gas::Co2 {
                made.co2 += mass;
            }
            match place {
                Place::Energy(carrier) => {
                    made.by_energy.entry((sector.clone(), carrier)).or_default().co2 += mass;
                    turnover.entry((sector.clone(), carrier)).or_default().1 += mass.abs();
                }
                Place::Apart(apart) => *made.apart.entry(apart).or_default() += co2e,
            }
        }
        // Energy counts by the one CO2 line of a flow at each end: also where the CO2 is biogenic or somebody reported it.
        let Some((carrier, energy)) = energy(park, inventory, line, consolidated) else { continue };
        let entry = made.by_energy.entry((sector.clone(), carrier)).or_default();
        match energy {
            Some(tce) => {
                entry.energy += tce;
                turnover.entry((sector.clone(), carrier)).or_default().0 += tce.abs();
            }
            None => entry.unknown = true,
        }
    }
    for (key, (energy, co2)) in turnover {
        let Some(amount) = made.by_energy.get_mut(&key) else { continue };
        amount.energy = if amount.energy.abs() > ROUNDING * energy { amount.energy } else { 0.0 };
        amount.co2 = if amount.co2.abs() > ROUNDING * co2 { amount.co2 } else { 0.0 };
    }
    made
}

/// Where a line stands.
enum Place {
    Energy(CarrierId),
    Apart(Apart),
}

fn place(park: &Park, line: &Line) -> Place {
    if line.gas != Gas::Co2 {
        return Place::Apart(Apart::OtherGases);
    }
    let flow = match line.activity {
        Activity::Flow(i) => Some(i),
        Activity::Reported(i) => park.reported[i].replaces,
        Activity::Parameter(_) => None,
    };
    match (line.source, flow) {
        (source, _) if source.is_export() => Place::Apart(Apart::Exported),
        (source, Some(i)) if of_energy(source) || source == Source::Reported => Place::Energy(park.flows[i].carrier),
        (Source::Reported, None) => Place::Apart(Apart::Reported),
        (source, _) => Place::Apart(Apart::Process(source)),
    }
}

fn of_energy(source: Source) -> bool {
    source.is_combustion() || matches!(source, Source::PurchasedElectricity | Source::PurchasedHeat)
}

/// The energy behind a CO2 line of fuel or bought energy, with its carrier; `Some((_, None))` where it is not known.
/// Unit: tce.
fn energy(park: &Park, inventory: &Inventory, line: &Line, consolidated: bool) -> Option<(CarrierId, Option<f64>)> {
    let Activity::Flow(i) = line.activity else { return None };
    // A missing report has no CO2: its energy would make the fuel look cleaner.
    let counts = line.gas == Gas::Co2
        && of_energy(line.source)
        && line.approach != Approach::Market
        && !matches!(line.standing, Standing::Missing | Standing::Exported)
        && !matches!(line.scope, Scope::OtherIndirect(_));
    let share = match (line.scope, consolidated) {
        (Scope::Direct, _) => 1.0,
        (_, true) => f64::from(u8::from(line.crosses)),
        (_, false) if park.settings.rule_set == RuleSet::Gbt => 1.0,
        (_, false) => line.consumed,
    };
    let flow = &park.flows[i];
    if !counts || share == 0.0 {
        return None;
    }
    let whole = flow.quantity.map(|q| q.value).filter(|q| *q != 0.0);
    let part = whole.map_or(0.0, |whole| line.quantity / whole);
    Some((flow.carrier, inventory.tce[i].map(|tce| tce * part * share)))
}

/// What some lines add to the location-based total of a year. Unit: t CO2e.
#[must_use]
pub fn total_of(
    park: &Park,
    inventory: &Inventory,
    boundary: Boundary,
    year: u16,
    keep: impl Fn(&Line) -> bool,
) -> f64 {
    let (total, consolidated) = (Bucket::Total(Approach::Location), boundary == Boundary::Park);
    let lines = inventory.ledger.lines.iter().filter(|l| l.period.year == year && keep(l));
    lines.map(|l| amount(l, total, consolidated, park.settings.rule_set) * gwp(l, &inventory.gwp)).sum()
}
