//! Main mineral inputs (CTIP 1.1: coal, oil, gas, ores, limestone and others). Unit: t.
//!
//! What enters the park from a supplier or from nature, for whatever use, by the carriers of [`super::carriers`]; what
//! leaves again is not taken off (direct material input). Products made of minerals (coke, diesel, lime, cement) are no
//! minerals. Gas by volume needs a density, in t/m3 at 0 °C, in one of the park's factor sets.

use super::carriers::{Mineral, mineral};
use super::year::{Made, Year, comes_from};
use crate::diagnostic::Words;
use crate::factors::Parameter;
use crate::park::{CarrierId, Flow, Outside};
use crate::quantity::{Dimension, GasState};
use std::collections::BTreeMap;

pub(super) fn all(y: &Year) -> Made {
    inputs(y, |_| true)
}

pub(super) fn coal(y: &Year) -> Made {
    inputs(y, |m| m == Mineral::Coal)
}

pub(super) fn oil(y: &Year) -> Made {
    inputs(y, |m| m == Mineral::Oil)
}

pub(super) fn gas(y: &Year) -> Made {
    inputs(y, |m| m == Mineral::Gas)
}

/// Ores, stone, clay, sand and salt.
pub(super) fn rock(y: &Year) -> Made {
    inputs(y, |m| m == Mineral::Rock)
}

fn inputs(y: &Year, wanted: impl Fn(Mineral) -> bool) -> Made {
    let enters = |f: &Flow| comes_from(f, &[Outside::Supplier, Outside::Nature]);
    let minerals =
        || y.taken().filter_map(|(i, f, _)| Some((i, f, mineral(y.park.carrier(f.carrier)).filter(|_| enters(f))?)));
    let mut made = Made { value: Ok(0.0), rows: Vec::new(), lines: Vec::new() };
    let (mut sum, mut any, mut unknown) = (0.0, false, None);
    let mut densities: BTreeMap<CarrierId, Option<f64>> = BTreeMap::new();
    for (i, flow, sort) in minerals() {
        any = true;
        if !wanted(sort) {
            continue;
        }
        made.rows.push(i);
        match mass(flow, || *densities.entry(flow.carrier).or_insert_with(|| density(y, flow.carrier))) {
            Some(tonnes) => sum += tonnes,
            None => unknown = unknown.or(Some(flow)),
        }
    }
    made.value = match unknown {
        Some(flow) => Err(no_mass(y, flow)),
        None if !any => Err(Words::new(
            "flows.csv has no coal, oil, gas, ore or stone from outside:supplier or outside:nature",
            "flows.csv 没有来自 outside:supplier 或 outside:nature 的煤、油、气、矿石或石料",
        )),
        None => Ok(sum),
    };
    made
}

fn mass(flow: &Flow, density: impl FnOnce() -> Option<f64>) -> Option<f64> {
    let quantity = flow.quantity?;
    match quantity.dimension {
        Dimension::MASS => Some(quantity.value),
        Dimension::VOLUME => {
            let normal = quantity.basis.state?.volume_ratio(GasState::C0)?;
            Some(quantity.value * normal * density()?)
        }
        _ => None,
    }
}

/// The density of a carrier in the first set that has one. Unit: t/m3 at 0 °C.
fn density(y: &Year, carrier: CarrierId) -> Option<f64> {
    let id = &*y.park.carrier(carrier).label.id;
    let factors = y.inventory.sets.iter().flat_map(|s| s.factors.iter());
    let mut of = factors.filter(|f| f.parameter == Parameter::Density && *f.carrier == *id && f.technique.is_empty());
    of.next().map(|f| f.value)
}

fn no_mass(y: &Year, flow: &Flow) -> Words {
    let (id, label) = (&flow.id, &y.park.carrier(flow.carrier).label);
    Words::new(
        format!(
            "the mass of row {id} of flows.csv is not known: give it in t, or a density of {} at 0 °C in factors.csv (the state of its volume stated)",
            label.id
        ),
        format!(
            "flows.csv 行 {id} 的质量未知：请以 t 填写，或在 factors.csv 填写{}在 0 °C 下的密度（并写明体积的状态）",
            label.name_zh
        ),
    )
}
