//! Pollutants after treatment, and CO2. Unit: t.
//!
//! Pollutants are the ledger's: what abatement takes out is taken off, a stack monitor stands in place of what was
//! computed. They have no value while a part is known to be left out: a fuel without a factor, a discharge without a
//! load. CO2 is the inventory's total of the park, scope 1 and location-based scope 2, exports as its rule set takes them;
//! biogenic CO2 is not in it.

use super::electricity::Green;
use super::year::{Made, Year, goes_to, rows_of};
use crate::diagnostic::Words;
use crate::inventory::{Bucket, Selector, View, amount, gwp};
use crate::ledger::{Activity, Approach, Line, Scope, Source, Standing};
use crate::park::{CarrierKind, Gas, Outside, Parameter};
use std::collections::BTreeSet;

const TOTAL: Bucket = Bucket::Total(Approach::Location);

/// The lines of a gas that count directly.
fn direct(y: &Year, gas: Gas) -> Vec<usize> {
    let lines = &y.inventory.ledger.lines;
    let counted = |l: &usize| {
        let line = &lines[*l];
        line.gas == gas && line.scope == Scope::Direct && line.standing == Standing::Counted
    };
    y.lines.iter().copied().filter(counted).collect()
}

fn masses(y: &Year, lines: Vec<usize>) -> Made {
    let sum = lines.iter().map(|&l| y.inventory.ledger.lines[l].mass).sum();
    Made { value: Ok(sum), rows: rows_of(y, &lines), lines }
}

/// COD that the park discharges to water bodies.
pub(super) fn cod(y: &Year) -> Made {
    discharged(y, Gas::Cod, Parameter::Cod)
}

/// Ammonia nitrogen that the park discharges to water bodies.
pub(super) fn ammonia(y: &Year) -> Made {
    discharged(y, Gas::Nh3n, Parameter::Ammonia)
}

fn discharged(y: &Year, gas: Gas, key: Parameter) -> Made {
    let lines = direct(y, gas);
    let known: BTreeSet<usize> = rows_of(y, &lines).into_iter().collect();
    let wet = |kind| matches!(kind, CarrierKind::Waste | CarrierKind::Water);
    let mut discharges =
        y.given().filter(|(_, f, _)| wet(y.park.carrier(f.carrier).kind) && goes_to(f, &[Outside::WaterBody]));
    if let Some((_, flow, _)) = discharges.find(|(i, ..)| !known.contains(i)) {
        let (id, label, key) = (&flow.id, &y.park.carrier(flow.carrier).label, key.id());
        return Made::none(Words::new(
            format!(
                "row {id} of flows.csv goes to a water body and its load is not known: {key} of {} in carriers.csv",
                label.id
            ),
            format!("flows.csv 行 {id} 排入水体而负荷未知：请在 carriers.csv 填写{}的 {key}", label.name_zh),
        ));
    }
    if lines.is_empty() {
        return Made::none(Words::new(
            format!("flows.csv has no discharge to outside:water_body, emissions.csv no {}", gas.label()),
            format!("flows.csv 没有排入 outside:water_body 的行，emissions.csv 没有 {}", gas.label_zh()),
        ));
    }
    masses(y, lines)
}

/// SO2 of what is burnt, after desulfurization.
pub(super) fn so2(y: &Year) -> Made {
    burnt(y, Gas::So2)
}

/// NOx of what is burnt, after denitrification.
pub(super) fn nox(y: &Year) -> Made {
    burnt(y, Gas::Nox)
}

fn burnt(y: &Year, gas: Gas) -> Made {
    let lines = direct(y, gas);
    let ledger = &y.inventory.ledger.lines;
    let of_gas = || y.lines.iter().map(|&l| &ledger[l]).filter(|l| l.gas == gas);
    let rows: BTreeSet<Activity> = of_gas().map(|l| l.activity).collect();
    let reports: Vec<&Line> = of_gas().filter(|l| l.source == Source::Reported).collect();
    // A report on an enterprise as a whole is one on each of its processes.
    let monitored = |line: &Line| {
        reports.iter().any(|r| {
            let whole = r.enterprise == line.enterprise && y.park.implicit_sites.contains(&r.process);
            let when = r.period.contains(line.period) || line.period.contains(r.period);
            (whole || r.process == line.process) && when
        })
    };
    let missing = y.lines.iter().map(|&l| &ledger[l]).find(|l| {
        let burns = l.gas == Gas::Co2 && l.source.is_combustion() && l.mass > 0.0;
        burns && !rows.contains(&l.activity) && !monitored(l)
    });
    if let Some(line) = missing {
        let Activity::Flow(row) = line.activity else { return masses(y, lines) };
        let (flow, what) = (&y.park.flows[row], gas.id());
        let (id, label) = (&flow.id, &y.park.carrier(flow.carrier).label);
        return Made::none(Words::new(
            format!(
                "{what} of {} is not known (row {id} of flows.csv and others may lack it): give its emission_factor of {what} in factors.csv, or what a stack monitor says in emissions.csv",
                label.id
            ),
            format!(
                "{}的 {what} 未知（flows.csv 行 {id}，可能还有其他行）：请在 factors.csv 填写其 {what} 的 emission_factor，或在 emissions.csv 填写烟气监测值",
                label.name_zh
            ),
        ));
    }
    if lines.is_empty() {
        return Made::none(Words::new(
            format!("nothing in flows.csv or emissions.csv says how much {} the park emits", gas.id()),
            format!("flows.csv 和 emissions.csv 都没有说明园区排放多少 {}", gas.id()),
        ));
    }
    masses(y, lines)
}

/// CO2 of the park: scope 1 and location-based scope 2.
pub(super) fn co2(y: &Year) -> Made {
    total(y, Some(Gas::Co2))
}

/// CO2e of the park, in its GWP set.
pub(super) fn co2e(y: &Year) -> Made {
    total(y, None)
}

fn total(y: &Year, gas: Option<Gas>) -> Made {
    let (rule, view) = (y.park.settings.rule_set, View::Park);
    let selector = Selector { year: y.calendar, view, bucket: TOTAL, rule, gas };
    let weight = |line: &Line| if gas.is_some() { 1.0 } else { gwp(line, &y.inventory.gwp) };
    let counts =
        |line: &Line| gas.is_none_or(|g| g == line.gas) && amount(line, TOTAL, true, rule) * weight(line) != 0.0;
    let of = |l: &usize| counts(&y.inventory.ledger.lines[*l]);
    let lines: Vec<usize> = y.lines.iter().copied().filter(of).collect();
    if lines.is_empty() {
        return Made::none(Words::new(
            "neither flows.csv nor emissions.csv makes an emission in this year",
            "flows.csv 和 emissions.csv 在该年度没有产生排放",
        ));
    }
    // A gas that cancels in the total has no figure.
    let value = y.inventory.value(&selector.id(y.park)).unwrap_or(0.0);
    Made { value: Ok(value), rows: rows_of(y, &lines), lines }
}

/// What sort of CO2 a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    /// Fuel that is burnt, power and heat bought less sold.
    Energy,
    /// Of raw materials and products.
    Process,
    /// Neither.
    Other,
    /// A report that does not say what it measures.
    Unsaid,
}

/// CO2 of fuel that is burnt, and of power and heat bought less sold (`indicators.md` 3.6: `E_energy`), bought power by the
/// factor of its grid (location-based).
pub(super) fn co2_energy(y: &Year) -> Made {
    of_sort(y, Sort::Energy, Approach::Location)
}

/// The same with bought power as the retired instruments of its buyers have it (market-based; GHG Protocol Scope 2 Guidance, 6).
pub(super) fn co2_energy_market(y: &Year) -> Made {
    of_sort(y, Sort::Energy, Approach::Market)
}

/// The location-based CO2 without the bought power that instruments of direct supply cover, at the mean factor of what is
/// bought over the fence.
pub(super) fn co2_energy_direct(y: &Year) -> Made {
    let mut made = co2_energy(y);
    let direct = Green::new(y.park, y.calendar).direct();
    let lines = &y.inventory.ledger.lines;
    let bought =
        made.lines.iter().map(|&l| &lines[l]).filter(|l| l.source == Source::PurchasedElectricity && l.crosses);
    let (mut mass, mut rows) = (0.0, BTreeSet::new());
    for line in bought {
        mass += line.mass;
        if let Activity::Flow(row) = line.activity {
            rows.insert(row);
        }
    }
    let energy: f64 = rows.iter().filter_map(|&row| y.park.flows[row].quantity).map(|q| q.value).sum();
    if direct > 0.0 && energy > 0.0 {
        made.value = made.value.map(|all| all - mass * (direct / energy).min(1.0));
    }
    made
}

/// CO2 of industrial processes: carbonates, products, carbon balances, desulfurization (`indicators.md` 3.6: `E_process`).
/// What a carbon balance finds in the gas of coke ovens or a blast furnace counts where the gas is burnt.
pub(super) fn co2_process(y: &Year) -> Made {
    of_sort(y, Sort::Process, Approach::Location)
}

/// CO2 of neither: waste that is burnt, vents and leaks, less what is captured. The three sorts add up to `co2_t`.
pub(super) fn co2_other(y: &Year) -> Made {
    of_sort(y, Sort::Other, Approach::Location)
}

fn of_sort(y: &Year, wanted: Sort, approach: Approach) -> Made {
    let rule = y.park.settings.rule_set;
    let ledger = &y.inventory.ledger.lines;
    let replaced = Replaced::new(y);
    let mut made = Made { value: Ok(0.0), rows: Vec::new(), lines: Vec::new() };
    let (mut sum, mut any) = (0.0, false);
    for &l in &y.lines {
        let line = &ledger[l];
        let mass = if line.gas == Gas::Co2 { amount(line, Bucket::Total(approach), true, rule) } else { 0.0 };
        if mass == 0.0 {
            continue;
        }
        any = true;
        let sort = replaced.sort(y, line);
        if sort == Sort::Unsaid {
            let id = line.id(y.park);
            return Made::none(Words::new(
                format!(
                    "{id} is reported and does not say which fuel or material it is of: name the flow in column replaces of emissions.csv"
                ),
                format!("{id} 为所报值，未说明来自哪种燃料或物料：请在 emissions.csv 的 replaces 列写明所替代的流"),
            ));
        }
        if sort == wanted {
            sum += mass;
            made.lines.push(l);
        }
    }
    if !any {
        return Made::none(Words::new(
            "neither flows.csv nor emissions.csv makes CO2 in this year",
            "flows.csv 和 emissions.csv 在该年度没有产生 CO2",
        ));
    }
    made.rows = rows_of(y, &made.lines);
    made.value = Ok(sum);
    made
}

/// The sources of lines of CO2 that a reported value replaces.
struct Replaced(std::collections::BTreeMap<Activity, Source>);

impl Replaced {
    fn new(y: &Year) -> Self {
        let lines = y.lines.iter().map(|&l| &y.inventory.ledger.lines[l]);
        let replaced = lines.filter(|l| l.gas == Gas::Co2 && l.standing == Standing::Replaced);
        Self(replaced.map(|l| (l.activity, l.source)).collect())
    }

    fn sort(&self, y: &Year, line: &Line) -> Sort {
        let source = match (line.source, line.activity) {
            (Source::Reported, Activity::Reported(r)) => {
                let replaces = y.park.reported[r].replaces.and_then(|flow| self.0.get(&Activity::Flow(flow)));
                replaces.copied().unwrap_or(Source::Reported)
            }
            (source, _) => source,
        };
        match source {
            Source::Combustion
            | Source::Mobile
            | Source::PurchasedElectricity
            | Source::PurchasedHeat
            | Source::ExportedElectricity
            | Source::ExportedHeat => Sort::Energy,
            Source::Carbonate | Source::Production | Source::CarbonBalance | Source::Desulfurization => Sort::Process,
            Source::Reported => Sort::Unsaid,
            _ => Sort::Other,
        }
    }
}
