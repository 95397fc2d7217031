//! Water and wastewater. Unit: m3 of water, t of wastewater, at 1 t/m3.
//!
//! Words of GB/T 21534 and GB/T 7119 (M): water that is used again in the same process is recirculated, water that goes
//! on from one user to another is cascaded, treated effluent put back to use is reclaimed. `indicators.md` 1 takes the
//! first two as reused. Discharge and intake are those of the ledger.

use super::year::{Made, Year, comes_from, goes_to, unmeasured};
use crate::diagnostic::Words;
use crate::ledger::{Scope, Standing};
use crate::park::heat::is_condensate;
use crate::park::{Carrier, CarrierKind, EnterpriseId, Flow, Gas, Node, Outside, Park, ProcessId};
use crate::quantity::Dimension;
use std::collections::{BTreeMap, BTreeSet};

/// Water that nobody has used yet.
const UNUSED: [&str; 6] =
    ["deaerated_water", "demineralised_water", "fresh_water", "raw_water", "soft_water", "seawater"];
const RECLAIMED: &str = "reclaimed_water";

fn is_water(carrier: &Carrier) -> bool {
    carrier.kind == CarrierKind::Water && !is_wastewater(carrier)
}

/// As the ledger has it: what is called so.
fn is_wastewater(carrier: &Carrier) -> bool {
    carrier.label.id.contains("wastewater")
}

/// Who cleans water, and who cannot be told.
#[derive(Debug, Default)]
pub(super) struct Roles {
    /// Waterworks and wastewater plants.
    cleaners: BTreeSet<ProcessId>,
    /// Those of them that get wastewater, or water of one that does.
    wastewater_plants: BTreeSet<ProcessId>,
    /// Take wastewater, and no technique says what for.
    unknown: BTreeSet<ProcessId>,
}

impl Roles {
    pub(super) fn new(park: &Park, rows: &[usize]) -> Self {
        let mut roles = Self::default();
        let watery = |f: &Flow| is_water(park.carrier(f.carrier)) || is_wastewater(park.carrier(f.carrier));
        let flows: Vec<&Flow> = rows.iter().map(|&i| &park.flows[i]).filter(|f| watery(f)).collect();
        for flow in &flows {
            for node in [flow.from, flow.to] {
                let Node::Process(p) = node else { continue };
                let technique = &*park.process(p).technique;
                if cleans(technique) || technique.is_empty() && deals_in_water(park, p) {
                    roles.cleaners.insert(p);
                }
                if technique.starts_with("wastewater") {
                    roles.wastewater_plants.insert(p);
                }
            }
            if let Node::Process(p) = flow.to
                && is_wastewater(park.carrier(flow.carrier))
                && flow.from != flow.to
            {
                if roles.cleaners.contains(&p) {
                    roles.wastewater_plants.insert(p);
                } else if park.process(p).technique.is_empty() {
                    roles.unknown.insert(p);
                }
            }
        }
        let fed = |p: &ProcessId| {
            flows.iter().any(|f| {
                f.to == Node::Process(*p)
                    && matches!(f.from, Node::Process(from) if roles.wastewater_plants.contains(&from))
            })
        };
        let second: Vec<ProcessId> = roles.cleaners.iter().copied().filter(fed).collect();
        roles.wastewater_plants.extend(second);
        roles
    }
}

fn cleans(technique: &str) -> bool {
    technique.starts_with("wastewater") || matches!(technique, "septic_tank" | "water_treatment" | "water_reuse")
}

/// Whether the trade of a process is water: GB/T 4754 D46, NAICS 2213.
fn deals_in_water(park: &Park, process: ProcessId) -> bool {
    let sector = &*park.enterprise(park.process(process).enterprise).sector;
    let code = sector.rsplit(':').next().unwrap_or(sector);
    code.starts_with("D46") || code.starts_with("2213")
}

/// Cubic meters of water, which are its tonnes.
fn amount(flow: &Flow) -> Option<f64> {
    flow.quantity.filter(|q| [Dimension::VOLUME, Dimension::MASS].contains(&q.dimension)).map(|q| q.value)
}

/// What the ledger has of a resource, unless one of the rows that should be in it has no quantity.
fn of_ledger(
    y: &Year,
    gas: Gas,
    belongs: impl Fn(&Flow, &Carrier) -> bool,
    absent: impl FnOnce() -> Option<Words>,
) -> Made {
    let lines = &y.inventory.ledger.lines;
    let counted = |l: &usize| {
        let line = &lines[*l];
        line.gas == gas && line.scope == Scope::Direct && line.standing == Standing::Counted
    };
    let of: Vec<usize> = y.lines.iter().copied().filter(counted).collect();
    let lost = y.flows().find(|(_, f)| f.quantity.is_none() && belongs(f, y.park.carrier(f.carrier)));
    let value = match lost {
        Some((_, flow)) => Err(unmeasured(flow)),
        None if of.is_empty() => absent().map_or(Ok(0.0), Err),
        None => Ok(of.iter().map(|&l| lines[l].mass).sum()),
    };
    Made { value, rows: super::year::rows_of(y, &of), lines: of }
}

/// Fresh water: what enters the park from nature or a supplier (the ledger's fresh water). Households are in it where they
/// have no row of their own outside of the park.
pub(super) fn fresh(y: &Year) -> Made {
    let from = [Outside::Nature, Outside::Supplier];
    of_ledger(
        y,
        Gas::FreshWater,
        |f, c| is_water(c) && comes_from(f, &from),
        || {
            Some(Words::new(
                "flows.csv has no fresh water: give a row from outside:nature or outside:supplier",
                "flows.csv 没有新鲜水：请填写来自 outside:nature 或 outside:supplier 的行",
            ))
        },
    )
}

/// Wastewater that leaves the park: to a water body, or to treatment outside (the ledger's wastewater).
pub(super) fn discharged(y: &Year) -> Made {
    let to = [Outside::WaterBody, Outside::Treatment];
    let leaves = |f: &Flow, c: &Carrier| (is_water(c) || is_wastewater(c)) && goes_to(f, &to);
    of_ledger(y, Gas::Wastewater, leaves, || no_wastewater(y))
}

/// Why nothing is known of wastewater; none where the park has some.
fn no_wastewater(y: &Year) -> Option<Words> {
    let wet = |f: &Flow| {
        let carrier = y.park.carrier(f.carrier);
        is_wastewater(carrier) || is_water(carrier) && goes_to(f, &[Outside::WaterBody, Outside::Treatment])
    };
    let why = || {
        Words::new(
            "flows.csv has no wastewater: give rows of wastewater from who makes it to who treats it, outside:treatment or outside:water_body",
            "flows.csv 没有废水：请填写废水从产生方到处理方、outside:treatment 或 outside:water_body 的行",
        )
    };
    (!y.flows().any(|(_, f)| wet(f))).then(why)
}

/// Why wastewater cannot be followed.
fn unclear(y: &Year) -> Option<Words> {
    let id = &y.park.process(*y.roles.unknown.first()?).label.id;
    Some(no_wastewater(y).unwrap_or_else(|| {
        Words::new(
            format!("{id} takes wastewater: say in processes.csv by which technique (wastewater_plant, water_treatment, or that of the use)"),
            format!("{id} 接收废水：请在 processes.csv 写明其技术（wastewater_plant、water_treatment，或用水工艺）"),
        )
    }))
}

/// Adds up rows of wastewater: 0 where there is wastewater and none of them.
fn follow(y: &Year, rows: Vec<usize>) -> Made {
    if let Some(why) = unclear(y).or_else(|| no_wastewater(y)) {
        return Made { value: Err(why), rows, lines: Vec::new() };
    }
    if rows.is_empty() {
        return Made { value: Ok(0.0), rows, lines: Vec::new() };
    }
    y.sum(rows, amount, || Words::new("", ""))
}

fn is_user(y: &Year, p: ProcessId) -> bool {
    !y.roles.cleaners.contains(&p) && !y.park.process(p).is_pool()
}

/// Wastewater that users (not plants that clean water, nor pools) give away to anybody, and used water that they let out.
pub(super) fn generated(y: &Year) -> Made {
    let rows = y.given().filter(|(_, f, p)| {
        let carrier = y.park.carrier(f.carrier);
        let let_out = is_water(carrier) && goes_to(f, &[Outside::WaterBody, Outside::Treatment]);
        is_user(y, *p) && (is_wastewater(carrier) && !matches!(f.to, Node::Stock(_)) || let_out) && f.from != f.to
    });
    follow(y, rows.map(|(i, ..)| i).collect())
}

/// Wastewater that enters treatment: what plants of the park take of others, and what leaves users for treatment outside.
/// A plant that cleans what another plant sends treats it a second time: that does not count.
pub(super) fn treated(y: &Year) -> Made {
    let plants = &y.roles.wastewater_plants;
    let of_plant = |n: Node| matches!(n, Node::Process(p) if plants.contains(&p));
    let wet = |f: &Flow| {
        let carrier = y.park.carrier(f.carrier);
        is_wastewater(carrier) || is_water(carrier) && !UNUSED.contains(&&*carrier.label.id)
    };
    let inside = y
        .taken()
        .filter(|(_, f, p)| plants.contains(p) && wet(f) && !of_plant(f.from) && !matches!(f.from, Node::Stock(_)));
    let outside = y.given().filter(|(_, f, p)| wet(f) && goes_to(f, &[Outside::Treatment]) && is_user(y, *p));
    follow(y, inside.chain(outside).map(|(i, ..)| i).collect())
}

/// Treated effluent put back to use: `reclaimed_water` inside the park, and other water that wastewater plants give users.
pub(super) fn reclaimed(y: &Year) -> Made {
    follow(y, reclaimed_rows(y))
}

fn reclaimed_rows(y: &Year) -> Vec<usize> {
    let rows = y.taken().filter(|(_, f, to)| {
        let Node::Process(from) = f.from else { return false };
        let carrier = y.park.carrier(f.carrier);
        let cleaned = &*carrier.label.id == RECLAIMED || y.roles.wastewater_plants.contains(&from);
        // A pool passes on what was counted when it entered.
        is_water(carrier) && cleaned && !y.park.process(from).is_pool() && !y.roles.cleaners.contains(to)
    });
    rows.map(|(i, ..)| i).collect()
}

/// Wastewater used again: reclaimed water, and wastewater that a user takes as it is.
pub(super) fn wastewater_reused(y: &Year) -> Made {
    let straight = y.taken().filter(|(_, f, to)| {
        let from_user = matches!(f.from, Node::Process(from) if is_user(y, from));
        is_wastewater(y.park.carrier(f.carrier)) && from_user && is_user(y, *to)
    });
    let straight: Vec<usize> = straight.map(|(i, ..)| i).collect();
    follow(y, reclaimed_rows(y).into_iter().chain(straight).collect())
}

/// Recirculated and cascaded water.
///
/// Recirculated is what a process gives itself, and what two processes of one enterprise (a user and its cooling tower)
/// send each other: the lesser of both ways, since the rest is made up or lost. Cascaded is used water that a user gives
/// another process. Condensate that comes back counts with them, but alone makes no value: who has steam has cooling too.
/// Reclaimed water is not in it.
pub(super) fn reused(y: &Year) -> Made {
    let mut rows = Vec::new();
    let mut condensate = Vec::new();
    let mut between: BTreeMap<(EnterpriseId, ProcessId, ProcessId), [Vec<usize>; 2]> = BTreeMap::new();
    for (i, flow, to) in y.taken() {
        let (Node::Process(from), carrier) = (flow.from, y.park.carrier(flow.carrier)) else { continue };
        if !is_water(carrier) {
            continue;
        }
        let id = &*carrier.label.id;
        let used = !UNUSED.contains(&id) && id != RECLAIMED && !is_condensate(y.park, flow.carrier);
        let (giver, taker) = (y.park.process(from).enterprise, y.park.process(to).enterprise);
        if is_condensate(y.park, flow.carrier) {
            condensate.push(i);
        } else if from == to {
            rows.push(i);
        } else if used && giver == taker && is_user(y, from) && is_user(y, to) {
            let [forth, back] = between.entry((giver, from.min(to), from.max(to))).or_default();
            if from < to { forth.push(i) } else { back.push(i) }
        } else if used && is_user(y, from) && !y.roles.cleaners.contains(&to) {
            rows.push(i);
        }
    }
    let size = |rows: &[usize]| rows.iter().filter_map(|&i| amount(&y.park.flows[i])).sum::<f64>();
    for [forth, back] in between.into_values() {
        // One way alone is a cascade inside the enterprise.
        let lesser = if !back.is_empty() && (forth.is_empty() || size(&back) < size(&forth)) { back } else { forth };
        rows.extend(lesser);
    }
    let absent = || {
        Words::new(
            "no row of flows.csv says how much water is recirculated (from a process to itself) or cascaded (used water from one process to another): give it, or state reused_water_m3 in statistics.csv",
            "flows.csv 没有循环水（工序到自身）或串联水（用过的水到另一工序）的行：请填写，或在 statistics.csv 填写 reused_water_m3",
        )
    };
    if !rows.is_empty() {
        rows.extend(condensate);
    }
    y.sum(rows, amount, absent)
}
