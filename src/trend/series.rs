//! The trend of a park: its series, how fast they move, what drove them.

use super::added_value::{AddedValue, added_value};
use super::drivers::{Drivers, Year, drivers};
use super::emissions::{Boundary, Emissions, emissions};
use super::lmdi::Chain;
use super::restatement::{Restatement, restatement};
use super::tapio::{Decoupling, between};
use crate::diagnostic::{Diagnostic, Diagnostics, Problem, Words};
use crate::inventory::{Consumption, Denominator, Inventory, Per, View, denominator};
use crate::package::Package;
use crate::park::{CarrierId, Notation, Park};
use crate::programme::elasticity::{Edge, Elasticity, elasticity, growth};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Fewest years of which a trend is told.
pub const FEWEST: usize = 3;

/// How a quantity moves between two years, beside added value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pace {
    /// Compound growth. Unit: 1 a year. None from nothing.
    pub growth: Option<f64>,
    /// Growth over growth of added value, or why there is none; none without added value.
    pub elasticity: Option<Result<Elasticity, Edge>>,
    /// The state after Tapio; none without added value, or where there was nothing to change.
    pub decoupling: Option<Decoupling>,
}

impl Pace {
    fn new(x: (f64, f64), added: Option<(f64, f64)>, years: f64) -> Self {
        Self {
            growth: growth(x.0, x.1, years),
            elasticity: added.map(|g| elasticity([x], g, years)),
            decoupling: added.and_then(|g| between(x, g)),
        }
    }
}

/// From one year to another: positions among the years of the trend.
#[derive(Debug, Clone, PartialEq)]
pub struct Span {
    /// The first.
    pub from: usize,
    /// The other.
    pub to: usize,
    /// Compound growth of added value. Unit: 1 a year.
    pub added: Option<f64>,
    /// Of CO2e (location-based total).
    pub co2e: Pace,
    /// Of its CO2.
    pub co2: Pace,
    /// Of energy; none where it is not known.
    pub energy: Option<Pace>,
    /// What drove the change; none without added value, or where the numbers have no decomposition ([`Trend::notes`]).
    pub drivers: Option<Drivers>,
}

/// A sector over the years.
#[derive(Debug, Clone, PartialEq)]
pub struct Sector {
    /// Its code.
    pub code: Arc<str>,
    /// Added value. Unit: 10⁴ RMB.
    pub added: Option<Vec<f64>>,
    /// Its part of the total. Unit: t CO2e.
    pub co2e: Vec<f64>,
    /// Energy burnt and bought; none in a year in which a row is not known. Unit: tce.
    pub energy: Vec<Option<f64>>,
    /// CO2e from the first year to the last.
    pub pace: Pace,
}

/// A carrier over the years.
#[derive(Debug, Clone, PartialEq)]
pub struct Carrier {
    /// Which.
    pub carrier: CarrierId,
    /// Unit: tce.
    pub energy: Vec<Option<f64>>,
    /// Unit: t CO2.
    pub co2: Vec<f64>,
}

/// The trend of a park.
#[derive(Debug, Clone, PartialEq)]
pub struct Trend {
    /// The years, in order; at least three.
    pub years: Vec<u16>,
    /// Whose emissions.
    pub boundary: Boundary,
    /// Added value, or why there is none.
    pub added: Result<AddedValue, Words>,
    /// Scope 1 and 2, location-based, as the inventory has it. Unit: t CO2e.
    pub co2e: Vec<f64>,
    /// Its CO2. Unit: t.
    pub co2: Vec<f64>,
    /// Energy over the fence. Unit: tce.
    pub energy: Vec<Option<f64>>,
    /// CO2e over added value. Unit: t CO2e per 10⁴ RMB.
    pub intensity: Option<Vec<f64>>,
    /// Year by year, and last the first year against the last.
    pub spans: Vec<Span>,
    /// The effects of all steps together, and of the ends.
    pub chain: Option<Chain>,
    /// By sector.
    pub sectors: Vec<Sector>,
    /// By carrier.
    pub carriers: Vec<Carrier>,
    /// The base year, as reported and restated.
    pub restatement: Option<Restatement>,
    /// What the reader must know.
    pub notes: Vec<Words>,
}

impl Trend {
    /// Compound growth of CO2e over added value, first year to last. Unit: 1 a year.
    #[must_use]
    pub fn intensity_growth(&self) -> Option<f64> {
        let intensity = self.intensity.as_ref()?;
        let length = f64::from(*self.years.last()?) - f64::from(*self.years.first()?);
        growth(*intensity.first()?, *intensity.last()?, length)
    }
}

/// Makes the trend of a park over some of its years, in order.
///
/// # Errors
/// Fewer than three years.
pub fn trend(
    package: &Package,
    inventory: &Inventory,
    years: &[u16],
    boundary: Boundary,
) -> Result<Trend, Diagnostics> {
    let park = &package.park;
    if years.len() < FEWEST {
        let list = years.iter().map(u16::to_string).collect::<Vec<_>>().join(", ");
        let problem = Problem::FewYears { years: if list.is_empty() { "0".to_owned() } else { list.clone() } };
        let mut found = Diagnostics::default();
        found.push(Diagnostic::new(problem, park.settings.origin("periods")).found(list));
        // Settings of a workbook are told by sheet and cell.
        return Err(match &package.layout {
            Some(layout) => layout.relocate(found),
            None => found,
        });
    }
    let added = added_value(park, years);
    let parts: Vec<Emissions> = years.iter().map(|&y| emissions(park, inventory, boundary, y)).collect();
    let total = |year: u16| inventory.value(&format!("{year}/{}/total.location/CO2e", boundary.id()));
    let co2e: Vec<f64> = years.iter().map(|&y| total(y).unwrap_or_default()).collect();
    let co2: Vec<f64> = parts.iter().map(|p| p.co2).collect();
    let mut notes = notes(park, years, added.as_ref());
    let energy = energy(park, inventory, years, &mut notes);
    let known = added.as_ref().ok();
    let ends = (0, years.len() - 1);
    let mut spans = Vec::new();
    for (from, to) in (1..years.len()).map(|i| (i - 1, i)).chain([ends]) {
        let length = f64::from(years[to]) - f64::from(years[from]);
        let g = known.map(|a| (a.park[from], a.park[to]));
        let year = |at: usize| Year { emissions: &parts[at], at, total: co2e[at] };
        let drivers = known.and_then(|added| match drivers(added, year(from), year(to)) {
            Ok(drivers) => Some(drivers),
            Err(refused) => {
                let words = refused.words();
                notes.push(Words::new(
                    format!("{}–{} is not decomposed: {}", years[from], years[to], words.en),
                    format!("{}–{} 未分解：{}", years[from], years[to], words.zh),
                ));
                None
            }
        });
        spans.push(Span {
            from,
            to,
            added: g.and_then(|g| growth(g.0, g.1, length)),
            co2e: Pace::new((co2e[from], co2e[to]), g, length),
            co2: Pace::new((co2[from], co2[to]), g, length),
            energy: energy[from].zip(energy[to]).map(|x| Pace::new(x, g, length)),
            drivers,
        });
    }
    notes.extend(left_out(park, years, &spans));
    let made: Option<Vec<_>> = spans.iter().map(|s| Some(s.drivers.as_ref()?.made.clone())).collect();
    let chain = made.and_then(|mut made| {
        let ends = made.pop()?;
        Some(Chain::new(made, ends))
    });
    Ok(Trend {
        boundary,
        intensity: known.map(|a| co2e.iter().zip(&a.park).map(|(e, g)| e / g).collect()),
        sectors: sectors(park, known, &parts, years),
        carriers: carriers(&parts),
        restatement: restatement(package, inventory, boundary, years),
        years: years.to_vec(),
        added,
        co2e,
        co2,
        energy,
        spans,
        chain,
        notes,
    })
}

/// Energy over the fence by year, with a note where it is not what flows add up to.
fn energy(park: &Park, inventory: &Inventory, years: &[u16], notes: &mut Vec<Words>) -> Vec<Option<f64>> {
    let of_year = |&year: &u16| {
        let consumption = Consumption::new(park, &inventory.tce, year);
        denominator(park, &consumption, &View::Park, year, Per::Energy)
    };
    let made: Vec<(Denominator, Option<f64>)> = years.iter().map(of_year).collect();
    let stated = made.iter().filter(|(from, _)| matches!(from, Denominator::Statistics(_))).count();
    if stated > 0 && stated < made.len() {
        notes.push(Words::new(
            "energy is the statistic energy_tce in some years and added up from flows in others: its growth may not compare",
            "部分年份的能源取统计项目 energy_tce，其余年份由流量汇总：增长率可能不可比",
        ));
    }
    for ((why, value), year) in made.iter().zip(years) {
        if let (Denominator::None(en, zh), None) = (why, value) {
            notes.push(Words::new(format!("energy of {year}: {en}"), format!("{year} 年能源：{zh}")));
        }
    }
    made.into_iter().map(|m| m.1).collect()
}

/// What is missing in a year, so that a fall may be a gap in the data: no row at all, or rows without a number.
fn gap(park: &Park, year: u16) -> Option<Words> {
    let flows = park.flows.iter().filter(|f| f.period.year == year);
    let reported = park.reported.iter().filter(|r| r.period.year == year);
    if flows.clone().count() + reported.clone().count() == 0 {
        return Some(Words::new(
            format!("{year} has no row of flows.csv or emissions.csv: its zeros are missing data, and no fall"),
            format!("{year} 年在 flows.csv 与 emissions.csv 中没有任何行：其零值为数据缺失，并非下降"),
        ));
    }
    let open = |notation: Option<&Notation>| matches!(notation, None | Some(Notation::NotEstimated));
    let unmeasured = flows.filter(|f| f.quantity.is_none() && open(f.notation.as_ref())).map(|f| &*f.id);
    let unreported = reported.filter(|r| r.mass.is_none() && open(r.notation.as_ref())).map(|r| &*r.id);
    let rows: Vec<&str> = unmeasured.chain(unreported).collect();
    let some = rows.iter().take(5).copied().collect::<Vec<_>>().join(", ");
    (!rows.is_empty()).then(|| {
        Words::new(
            format!("{year} has {} rows without a number ({some}): a fall may be a gap in the data", rows.len()),
            format!("{year} 年有 {} 行没有数值（{some}）：下降可能是数据缺口", rows.len()),
        )
    })
}

/// What is to know of prices, of shares that do not add up and of years that are not whole.
fn notes(park: &Park, years: &[u16], added: Result<&AddedValue, &Words>) -> Vec<Words> {
    let mut notes = Vec::new();
    match added {
        Err(why) => notes.push(Words::new(
            format!("{}: no intensity, elasticity, state or decomposition", why.en),
            format!("{}；因此没有强度、弹性、脱钩状态与因素分解", why.zh),
        )),
        Ok(added) => {
            if !added.lacking.is_empty() {
                let lacking = added.lacking.iter().map(u16::to_string).collect::<Vec<_>>().join(", ");
                notes.push(Words::new(
                    format!("iav_const is not taken: statistics.csv lacks it in {lacking}"),
                    format!("未采用 iav_const：statistics.csv 缺 {lacking} 年"),
                ));
            }
            let unknown = added.sectors.iter().filter(|s| s.1.is_none()).map(|s| &**s.0).collect::<Vec<_>>().join(", ");
            if !unknown.is_empty() {
                notes.push(Words::new(
                    format!(
                        "the added value of {unknown} is not known in every year: these sectors are not decomposed"
                    ),
                    format!("{unknown} 的增加值并非各年都有，未作分解"),
                ));
            }
            // The worst year, where the sectors that are decomposed do not make up the park.
            let of_year = |at: usize| added.sectors.values().flatten().map(|v| v[at]).sum::<f64>() / added.park[at];
            let worst = (0..years.len()).map(|at| (years[at], of_year(at)));
            let worst = worst.max_by(|a, b| (a.1 - 1.0).abs().total_cmp(&(b.1 - 1.0).abs()));
            if let Some((year, share)) = worst.filter(|w| (w.1 - 1.0).abs() > 1e-3) {
                let percent = 100.0 * share;
                let (known, known_zh) = if unknown.is_empty() { ("", "") } else { (" known", "已知的") };
                notes.push(Words::new(
                    format!("the{known} sectors' added value is {percent:.1} % of the park's in {year}: the effect of structure holds the gap"),
                    format!("{year} 年{known_zh}各行业增加值之和为园区的 {percent:.1} %：差额计入结构效应"),
                ));
            }
        }
    }
    for &year in years {
        notes.extend(gap(park, year));
        let of_year = park.settings.periods.iter().filter(|p| p.year == year);
        let months: Vec<_> = of_year.filter_map(|p| p.month).collect();
        let is_whole = park.settings.periods.iter().any(|p| p.year == year && p.month.is_none());
        if !is_whole && months.len() < 12 {
            notes.push(Words::new(
                format!("{year} has {} months: it does not compare with whole years", months.len()),
                format!("{year} 年只有 {} 个月，与全年不可比", months.len()),
            ));
        }
    }
    notes
}

/// What stands apart for want of energy or added value, by name, and factors that appeared or vanished at once.
fn left_out(park: &Park, years: &[u16], spans: &[Span]) -> Vec<Words> {
    let mut notes = Vec::new();
    let mut named: BTreeMap<super::emissions::Apart, Vec<String>> = BTreeMap::new();
    for (sector, carrier, why) in spans.iter().filter_map(|s| s.drivers.as_ref()).flat_map(|d| &d.left_out) {
        let name = format!("{sector} {}", park.carrier(*carrier).label.id);
        let list = named.entry(*why).or_default();
        if !list.contains(&name) {
            list.push(name);
        }
    }
    for (why, list) in named {
        let (en, zh) = why.words();
        let list = list.join(", ");
        notes.push(Words::new(format!("not decomposed ({en}): {list}"), format!("未分解（{zh}）：{list}")));
    }
    for span in spans {
        let Some(drivers) = &span.drivers else { continue };
        for tie in &drivers.made.ties {
            let (sector, carrier) = &drivers.categories[tie.category];
            let (en, zh) = if tie.appears { ("appears", "新出现") } else { ("vanishes", "消失") };
            let (from, to, id) = (years[span.from], years[span.to], &park.carrier(*carrier).label.id);
            notes.push(Words::new(
                format!(
                    "{from}–{to}: {sector} {id} {en} in {} factors at once; they share it evenly",
                    tie.factors.len()
                ),
                format!("{from}–{to}：{sector} {id} 在 {} 个因素上同时{zh}，由其平均分担", tie.factors.len()),
            ));
        }
    }
    notes
}

fn sectors(park: &Park, added: Option<&AddedValue>, parts: &[Emissions], years: &[u16]) -> Vec<Sector> {
    let length = years.last().zip(years.first()).map_or(0.0, |(b, a)| f64::from(*b) - f64::from(*a));
    let made = park.sectors().into_keys().map(|code| {
        let co2e: Vec<f64> = parts.iter().map(|p| p.by_sector.get(&code).copied().unwrap_or_default()).collect();
        let of_year = |p: &Emissions| {
            let own = p.by_energy.iter().filter(|(key, _)| key.0 == code);
            own.map(|(_, a)| (!a.unknown).then_some(a.energy)).sum::<Option<f64>>()
        };
        let energy = parts.iter().map(of_year).collect();
        let values = added.and_then(|a| a.sectors.get(&code).cloned().flatten());
        let ends = |v: &[f64]| v.first().copied().zip(v.last().copied());
        let pace = Pace::new(ends(&co2e).unwrap_or_default(), values.as_deref().and_then(ends), length);
        Sector { code, added: values, co2e, energy, pace }
    });
    made.collect()
}

fn carriers(parts: &[Emissions]) -> Vec<Carrier> {
    let mut all: Vec<CarrierId> = parts.iter().flat_map(|p| p.by_energy.keys().map(|k| k.1)).collect();
    all.sort_unstable();
    all.dedup();
    let made = all.into_iter().map(|carrier| {
        let of =
            |p: &Emissions| p.by_energy.iter().filter(|(k, _)| k.1 == carrier).map(|(_, a)| *a).collect::<Vec<_>>();
        let energy = |p| of(p).iter().map(|a| (!a.unknown).then_some(a.energy)).sum::<Option<f64>>();
        let co2 = |p| of(p).iter().map(|a| a.co2).sum::<f64>();
        Carrier { carrier, energy: parts.iter().map(energy).collect(), co2: parts.iter().map(co2).collect() }
    });
    made.collect()
}
