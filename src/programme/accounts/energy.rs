//! Comprehensive energy consumption and its parts. Unit: GJ of net energy, electricity at the coefficient of the settings.
//!
//! The consumption is what comes in over the fence less what leaves it (GB/T 2589-2020, 4 (M)): secondary energy that is
//! made and used on site is thereby in it once, as what it was made of, and an export counts at the same coefficient as
//! an import. It is the sum that the inventory divides by, where no statistic is given. Waste that is burnt is no energy
//! of it, nor of any of its parts.

use super::carriers::{Mineral, is_waste_energy, makes_renewable_energy, mineral, recovers_energy};
use super::year::{Made, OverFence, Year, comes_from};
use crate::diagnostic::Words;
use crate::park::{Carrier, CarrierKind, Flow, Node, Outside, ProcessId, Role, Use};
use crate::quantity::GJ_PER_TCE;
use std::collections::BTreeMap;

/// All of it: imports less exports, stock drawn included.
pub(super) fn total(y: &Year) -> Made {
    part(y, |_| true)
}

/// The part that some rows over the fence make up.
fn part(y: &Year, belongs: impl Fn(&OverFence) -> bool) -> Made {
    if y.fence.is_empty() {
        let why = Words::new(
            "no row of flows.csv brings energy over the fence: give fuel, power and heat from outside:supplier or outside:grid",
            "flows.csv 没有能源跨越园区边界的行：请填写来自 outside:supplier 或 outside:grid 的燃料、电力、热力",
        );
        return Made::none(why);
    }
    let (mut sum, mut turnover, mut unknown, mut rows) = (0.0, 0.0, None, Vec::new());
    for over in y.fence.iter().filter(|o| belongs(o)) {
        rows.push(over.row);
        match over.energy {
            Some(gj) => {
                sum += over.sign * gj;
                turnover += gj;
            }
            None => unknown = unknown.or(Some(over.row)),
        }
    }
    // What is left when all is passed on is rounding, not consumption.
    let rounded = if f64::abs(sum) <= 1e-9 * turnover { 0.0 } else { sum };
    let value = unknown.map_or(Ok(rounded), |row| Err(no_energy(y, row)));
    Made { value, rows, lines: Vec::new() }
}

fn no_energy(y: &Year, row: usize) -> Words {
    let flow = &y.park.flows[row];
    let (id, carrier) = (&flow.id, &y.park.carrier(flow.carrier).label);
    Words::new(
        format!(
            "the net energy of row {id} of flows.csv is not known: its quantity, or ncv (steam: enthalpy) of {} in carriers.csv",
            carrier.id
        ),
        format!(
            "flows.csv 行 {id} 的低位热量未知：请填写数量，或在 carriers.csv 填写{}的 ncv（蒸汽填 enthalpy）",
            carrier.name_zh
        ),
    )
}

/// Without fuel that becomes part of products (原料用能; NDRC and NBS notice no. 803 of 2022 takes it out of what is
/// controlled (M)).
///
/// A process that takes fuel as feedstock and gives fuel away (coke ovens, refinery, hydrogen plant) converts it: what
/// its products hold has left the balance with them, or stays in it as fuel. One that gives none away keeps all of it in
/// its products. Of one that gives both fuel and materials away `outputs.csv` tells what it runs for: of material, its
/// feedstock less the fuel that comes with it is taken out; of fuel, nothing.
pub(super) fn without_feedstock(y: &Year) -> Made {
    total(y).plus(-1.0, feedstock(y))
}

/// What a process does with fuel. Unit: GJ.
#[derive(Default)]
struct Fuels {
    feedstock: f64,
    given: f64,
    gives_fuel: bool,
    gives_material: bool,
    rows: Vec<usize>,
    /// A row whose energy is not known.
    unknown: Option<usize>,
}

fn feedstock(y: &Year) -> Made {
    let mut of: BTreeMap<ProcessId, Fuels> = BTreeMap::new();
    let energy = |row: usize| y.inventory.tce[row].map(|tce| tce * GJ_PER_TCE);
    for (i, flow, to) in y.taken().filter(|(_, f, _)| f.usage == Use::Feedstock && f.from != f.to) {
        if y.park.carrier(flow.carrier).kind.is_fuel() {
            let fuels = of.entry(to).or_default();
            fuels.rows.push(i);
            fuels.feedstock += energy(i).unwrap_or_default();
            fuels.unknown = fuels.unknown.or(energy(i).is_none().then_some(i));
        }
    }
    for (i, flow, from) in y.given().filter(|(_, f, _)| f.from != f.to) {
        let Some(fuels) = of.get_mut(&from) else { continue };
        let kind = y.park.carrier(flow.carrier).kind;
        match flow.to {
            // Feedstock that is kept was not used.
            Node::Stock(_) if kind.is_fuel() && flow.usage == Use::Feedstock => {
                fuels.feedstock -= energy(i).unwrap_or_default();
            }
            Node::Stock(_) => continue,
            Node::Outside(to) if !to.buys() => continue,
            _ if kind.is_fuel() => {
                fuels.gives_fuel = true;
                fuels.given += energy(i).unwrap_or_default();
            }
            _ if kind == CarrierKind::Material => fuels.gives_material = true,
            _ => continue,
        }
        fuels.rows.push(i);
        fuels.unknown = fuels.unknown.or((kind.is_fuel() && energy(i).is_none()).then_some(i));
    }
    let mut made = Made { value: Ok(0.0), rows: Vec::new(), lines: Vec::new() };
    for (process, fuels) in of {
        let runs_for = y.park.outputs.iter().find(|o| o.process == process && o.role == Role::Determining);
        let runs_for_fuel = runs_for.map(|o| y.park.carrier(o.carrier).kind.is_fuel());
        let kept = match (fuels.unknown, fuels.gives_fuel, fuels.gives_material, runs_for_fuel) {
            (_, true, false, _) | (_, true, true, Some(true)) => continue,
            (Some(row), ..) => Err(no_energy(y, row)),
            (None, false, ..) => Ok(fuels.feedstock.max(0.0)),
            (None, true, true, Some(false)) => Ok((fuels.feedstock - fuels.given).max(0.0)),
            (None, true, true, None) => Err(fuel_or_material(y, process)),
        };
        made = made.plus(1.0, Made { value: kept, rows: fuels.rows, lines: Vec::new() });
    }
    made
}

fn fuel_or_material(y: &Year, process: ProcessId) -> Words {
    let id = &y.park.process(process).label.id;
    Words::new(
        format!(
            "{id} takes fuel as feedstock and gives both fuel and materials away: name its determining output in outputs.csv"
        ),
        format!("{id} 以燃料为原料，同时产出燃料和物料：请在 outputs.csv 写明其主产品"),
    )
}

/// Biomass, and what comes of sun, wind, water and ground.
fn is_nonfossil(y: &Year, over: &OverFence) -> bool {
    let flow = &y.park.flows[over.row];
    let carrier = y.park.carrier(flow.carrier);
    y.biomass.contains(&flow.carrier) || is_of_nature(y, flow, carrier)
}

/// Energy from nature that is not the heat or pressure that a process of the park would lose.
fn is_of_nature(y: &Year, flow: &Flow, carrier: &Carrier) -> bool {
    let recovered = matches!(flow.to, Node::Process(to) if recovers_energy(&y.park.process(to).technique));
    comes_from(flow, &[Outside::Nature]) && carrier.kind.is_utility() && !recovered && !is_waste_energy(carrier)
}

/// Non-fossil energy: biomass over the fence, energy from nature, and bought power that a retired instrument of factor
/// zero covers. What the grid's own mix holds of it no table of the park tells: it does not count.
///
/// Nuclear power has a factor of zero too; an instrument of it would count. Power of a solar or wind plant whose row from
/// `outside:nature` is missing is not in the consumption, so there is no value then.
pub(super) fn nonfossil(y: &Year) -> Made {
    if let Some(plant) = plant_without_source(y) {
        let id = &y.park.process(plant).label.id;
        return Made::none(Words::new(
            format!(
                "the consumption lacks what {id} takes from nature: give flows.csv a row from outside:nature to {id}"
            ),
            format!("综合能耗缺少 {id} 取自自然界的能量：请在 flows.csv 填写 outside:nature 到 {id} 的行"),
        ));
    }
    let own = part(y, |o| is_nonfossil(y, o));
    let value = own.value.map(|gj| gj + y.green.covered() * per_gj_of_power(y));
    Made { value, lines: y.green.lines(y), ..own }
}

/// A plant of sun, wind or water that gives power or heat and takes nothing.
fn plant_without_source(y: &Year) -> Option<ProcessId> {
    let mut plants = y.given().filter(|(_, f, p)| {
        y.park.carrier(f.carrier).kind.is_utility() && makes_renewable_energy(&y.park.process(*p).technique)
    });
    let fed = |p: ProcessId| {
        y.fence.iter().any(|o| {
            let flow = &y.park.flows[o.row];
            flow.to == Node::Process(p) && comes_from(flow, &[Outside::Nature])
        })
    };
    plants.find(|(_, _, p)| !fed(*p)).map(|(_, _, p)| p)
}

/// Energy at the coefficient of the settings in one unit of electricity. Unit: GJ/GJ.
fn per_gj_of_power(y: &Year) -> f64 {
    // kgce/kWh is tce/MWh.
    y.park.settings.electricity_tce.kgce_per_kwh() / 3.6 * GJ_PER_TCE
}

/// Renewable energy: as non-fossil. The tables know no nuclear fuel, and a certificate is of renewable power.
pub(super) fn renewable(y: &Year) -> Made {
    nonfossil(y)
}

/// Clean energy: non-fossil, and natural gas where the one who asks counts it (`indicators.md` 1).
pub(super) fn clean(y: &Year) -> Made {
    let nonfossil = nonfossil(y);
    if !y.choices.gas_is_clean || nonfossil.value.is_err() {
        return nonfossil;
    }
    nonfossil.plus(1.0, part(y, |o| mineral(y.park.carrier(y.park.flows[o.row].carrier)) == Some(Mineral::Gas)))
}

/// Primary energy: coal, crude oil, natural gas and non-fossil energy, in less out over the fence, with purchased power
/// less power sold at the coefficient of the settings (what it was made of lies outside of the park's tables). Coke,
/// refined products, heat and steam that are bought are secondary and do not count, nor those that are sold.
pub(super) fn primary(y: &Year) -> Made {
    part(y, |over| {
        let carrier = y.park.carrier(y.park.flows[over.row].carrier);
        let mined = matches!(mineral(carrier), Some(Mineral::Coal | Mineral::Oil | Mineral::Gas));
        mined || carrier.kind == CarrierKind::Electricity || is_nonfossil(y, over)
    })
}

/// Waste heat and pressure that are used: what plants that live of them (waste-heat boiler, organic Rankine cycle,
/// top-gas turbine, dry quenching) give away as power, steam or heat, and waste heat that others take as such.
pub(super) fn recovered(y: &Year) -> Made {
    let recovers = |p: ProcessId| recovers_energy(&y.park.process(p).technique);
    let lost = |f: &Flow| matches!(f.to, Node::Outside(to) if !to.buys()) || matches!(f.to, Node::Stock(_));
    let made = y
        .given()
        .filter(|(_, f, p)| recovers(*p) && y.park.carrier(f.carrier).kind.is_utility() && !lost(f))
        .map(|(i, ..)| i);
    let taken = y
        .taken()
        .filter(|(_, f, p)| {
            // What a recovery plant gives was counted where it left.
            let counted = matches!(f.from, Node::Process(from) if recovers(from));
            is_waste_energy(y.park.carrier(f.carrier)) && !recovers(*p) && !counted && f.from != f.to
        })
        .map(|(i, ..)| i);
    let rows: Vec<usize> = made.chain(taken).collect();
    if rows.is_empty() {
        return Made::none(Words::new(
            "no plant recovers energy: name its technique (trt, waste_heat_boiler, organic_rankine, ...) in processes.csv and give flows.csv its output, or waste_heat that somebody takes",
            "没有回收能量的装置：请在 processes.csv 写明技术（trt、waste_heat_boiler、organic_rankine 等）并在 flows.csv 填写其输出，或填写被利用的 waste_heat",
        ));
    }
    let mut made = Made { value: Ok(0.0), rows, lines: Vec::new() };
    let sum: Result<f64, Words> =
        made.rows.iter().map(|&i| y.inventory.tce[i].map(|tce| tce * GJ_PER_TCE).ok_or_else(|| no_energy(y, i))).sum();
    made.value = sum;
    made
}
