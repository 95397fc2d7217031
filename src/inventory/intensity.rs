//! Denominators of intensities: added value, energy, land, staff.

use super::figure::Denominator;
use super::totals::View;
use crate::factors::FactorSet;
use crate::ledger::{Activity, Ledger};
use crate::methods::{CONDENSATE, NCV, UtilityKind, energy, net_energies};
use crate::park::heat::is_condensate;
use crate::park::{EnterpriseId, Flow, Node, Notation, Park, Subject};
use crate::quantity::{Calorific, Dimension, GJ_PER_TCE, Period};
use std::collections::HashMap;

/// What emission is divided by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Per {
    /// Industrial added value.
    Iav,
    /// Comprehensive energy consumption.
    Energy,
    /// Land.
    Land,
    /// Staff.
    Staff,
}

impl Per {
    /// All of them, in the order of the report.
    pub const ALL: [Self; 4] = [Self::Iav, Self::Energy, Self::Land, Self::Staff];

    /// The id used in figures.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Iav => "iav",
            Self::Energy => "tce",
            Self::Land => "land",
            Self::Staff => "person",
        }
    }

    /// Unit of the intensity, and canonical units in one unit of the denominator.
    #[must_use]
    pub fn unit(self) -> (&'static str, f64) {
        match self {
            Self::Iav => ("t/万元", 1e4),
            Self::Energy => ("t/tce", GJ_PER_TCE),
            Self::Land => ("t/km2", 1e6),
            Self::Staff => ("t/person", 1.0),
        }
    }

    /// Items of `statistics.csv` that serve, best first.
    fn items(self) -> &'static [&'static str] {
        match self {
            Self::Iav => &["iav", "iav_const"],
            Self::Energy => &["energy_tce"],
            Self::Land => &["land_park_km2", "land_industrial_km2"],
            Self::Staff => &["employees_industrial"],
        }
    }
}

/// The denominator for a view and year, and its value in units of the intensity.
#[must_use]
pub fn denominator(
    park: &Park,
    consumption: &Consumption,
    view: &View,
    year: u16,
    per: Per,
) -> (Denominator, Option<f64>) {
    let members = members(park, view);
    let rows = per.items().iter().find_map(|item| statistic(park, view, &members, year, item));
    let scale = per.unit().1;
    match rows {
        Some(rows) => {
            let sum: f64 = rows.iter().map(|&i| park.statistics[i].value).sum();
            let value = (sum > 0.0).then_some(sum / scale);
            match value {
                Some(_) => (Denominator::Statistics(rows), value),
                None => (Denominator::None("the denominator is not above zero", "分母不大于零"), None),
            }
        }
        None if per == Per::Energy => consumption.get(view),
        None => (Denominator::None("not in statistics.csv", "statistics.csv 中没有"), None),
    }
}

fn members(park: &Park, view: &View) -> Vec<EnterpriseId> {
    let all = (0..park.enterprises.len()).map(EnterpriseId::new);
    match view {
        View::Park | View::Sum => all.collect(),
        View::Enterprise(e) => vec![*e],
        View::Sector(code) => all.filter(|e| park.enterprise(*e).sector == *code).collect(),
    }
}

/// The rows of `statistics.csv`, by position in the park, that say an item of a view in a year: the view's own, else those
/// of all its members, if complete.
#[must_use]
pub fn statistics_of(park: &Park, view: &View, year: u16, item: &str) -> Option<Vec<usize>> {
    statistic(park, view, &members(park, view), year, item)
}

/// The subject's own row; else the rows of all its members, if complete.
fn statistic(park: &Park, view: &View, members: &[EnterpriseId], year: u16, item: &str) -> Option<Vec<usize>> {
    // The year's row; else, for what adds up over time, its twelve months.
    let adds_up = item.starts_with("iav") || item == "energy_tce";
    let find = |subject: &Subject| -> Option<Vec<usize>> {
        // Statistics stand in the order of subject and period.
        let first = park.statistics.partition_point(|s| (&s.subject, s.period.year) < (subject, year));
        let rows = park.statistics[first..].iter().take_while(|s| s.subject == *subject && s.period.year == year);
        let rows = rows.enumerate().filter(|(_, s)| &*s.item == item);
        let of_year: Vec<usize> = rows.map(|(i, _)| first + i).collect();
        let whole = of_year.iter().copied().find(|&i| park.statistics[i].period == Period::year(year));
        whole.map(|i| vec![i]).or_else(|| (adds_up && of_year.len() == 12).then_some(of_year))
    };
    let own = match view {
        View::Park | View::Sum => find(&Subject::Park),
        View::Sector(code) => find(&Subject::Sector(code.clone())),
        View::Enterprise(e) => find(&Subject::Enterprise(*e)),
    };
    own.or_else(|| {
        let parts: Option<Vec<Vec<usize>>> = members.iter().map(|e| find(&Subject::Enterprise(*e))).collect();
        parts.map(|list| list.concat())
    })
}

/// Energy that comes in over the boundary of a view less what goes out.
#[derive(Debug, Clone, Default)]
struct Net {
    /// Flow rows, by position in the park.
    rows: Vec<usize>,
    /// Unit: tce.
    total: f64,
    /// Sum of the magnitudes. Unit: tce.
    turnover: f64,
    /// Whether the energy of some row is not known.
    unknown: bool,
}

/// Comprehensive energy consumption of every view in a year, added up from flows
/// (GB/T 2589-2020, 4).
#[derive(Debug, Clone, Default)]
pub struct Consumption {
    views: HashMap<View, Net>,
}

impl Consumption {
    /// Adds up the rows of a year; `tce` has the coal equivalent of each row.
    #[must_use]
    pub fn new(park: &Park, tce: &[Option<f64>], year: u16) -> Self {
        let mut views: HashMap<View, Net> = HashMap::new();
        for (i, flow) in park.flows.iter().enumerate() {
            if flow.period.year != year {
                continue;
            }
            let (bought, sold) = counts_as_energy(park, tce, i);
            // Of two views that both ends lie in, nothing crosses the boundary.
            let (from, to) = (boundaries(park, flow.from), boundaries(park, flow.to));
            let mut add = |view: &View, sign: f64| {
                let net = views.entry(view.clone()).or_default();
                net.rows.push(i);
                match tce[i] {
                    Some(amount) => {
                        net.total += sign * amount;
                        net.turnover += amount;
                    }
                    None => net.unknown = true,
                }
            };
            if bought {
                to.iter().filter(|v| !from.contains(v)).for_each(|v| add(v, 1.0));
            }
            if sold {
                from.iter().filter(|v| !to.contains(v)).for_each(|v| add(v, -1.0));
            }
        }
        Self { views }
    }

    /// The consumption of a view. Unit: tce.
    fn get(&self, view: &View) -> (Denominator, Option<f64>) {
        let none = |en, zh| (Denominator::None(en, zh), None);
        match self.views.get(view) {
            Some(net) if net.unknown => {
                none("the energy of a fuel is not known on a net basis", "有燃料的低位热量未知")
            }
            // What is left when all is passed on is rounding, not consumption.
            Some(net) if net.total > 1e-9 * net.turnover => (Denominator::Energy(net.rows.clone()), Some(net.total)),
            Some(net) if net.turnover > 0.0 => none("no more energy comes in than goes out", "输入能源不多于输出"),
            _ => none("no energy comes in", "无能源输入"),
        }
    }
}

/// Whether a row is energy that counts where it comes in over a boundary, and where it goes out.
fn counts_as_energy(park: &Park, tce: &[Option<f64>], i: usize) -> (bool, bool) {
    let flow = &park.flows[i];
    let kind = park.carrier(flow.carrier).kind;
    // Condensate takes its heat out again, where it is known and counts.
    let back = tce[i].is_some() && is_condensate(park, flow.carrier);
    // What is said not to occur, to stand elsewhere or to be left out is in the table of exclusions.
    let excluded =
        matches!(flow.notation, Some(Notation::NotOccurring | Notation::IncludedElsewhere(_) | Notation::NotEstimated));
    if excluded || !(kind.is_fuel() || kind.is_utility() || back) || flow.from == flow.to {
        return (false, false);
    }
    let lost = matches!(flow.to, Node::Outside(outside) if !outside.buys());
    (park.observations.counts_for_buyer(i), park.observations.counts_for_seller(i) && !lost)
}

/// The sign with which a row stands in the consumption of the park as a whole: 1 for energy that comes in over the
/// fence or out of stock, −1 for energy that leaves or goes to stock; none for what stays inside or is no energy.
#[must_use]
pub fn fence_sign(park: &Park, tce: &[Option<f64>], i: usize) -> Option<f64> {
    let (bought, sold) = counts_as_energy(park, tce, i);
    let flow = &park.flows[i];
    match (park.owner(flow.from), park.owner(flow.to)) {
        (None, Some(_)) if bought => Some(1.0),
        (Some(_), None) if sold => Some(-1.0),
        _ => None,
    }
}

/// The views that a node lies in: none outside the park.
fn boundaries(park: &Park, node: Node) -> Vec<View> {
    park.owner(node).map_or_else(Vec::new, |owner| {
        vec![View::Park, View::Sector(park.enterprise(owner).sector.clone()), View::Enterprise(owner)]
    })
}

/// Coal equivalent of every flow row, where it is known. Unit: tce. Electricity takes
/// the coefficient that the park chose; fuels and heat their net energy.
#[must_use]
pub fn coal_equivalents(park: &Park, ledger: &Ledger, sets: &[FactorSet]) -> Vec<Option<f64>> {
    let mut list: Vec<Option<f64>> = park.flows.iter().map(|flow| stated(park, flow)).collect();
    // A fuel by mass or volume has the energy that its combustion line gave it.
    for line in ledger.lines.iter().filter(|l| l.source.is_combustion()) {
        let Activity::Flow(i) = line.activity else { continue };
        let terms = &ledger.get(line.coefficient).terms;
        let net = terms.iter().position(|t| t.name == NCV);
        if let (None, Some(net), Some(quantity)) = (list[i], net, park.flows[i].quantity) {
            let energy = terms[..=net].iter().map(|t| t.value).product::<f64>() * quantity.value;
            list[i] = Some(energy / GJ_PER_TCE);
        }
    }
    // Fuel that is no combustion (feedstock, passed on) has the energy of its calorific value.
    if list.iter().zip(&park.flows).any(|(tce, f)| tce.is_none() && park.carrier(f.carrier).kind.is_fuel()) {
        for (tce, energy) in list.iter_mut().zip(net_energies(park, sets)) {
            *tce = tce.or(energy.map(|gj| gj / GJ_PER_TCE));
        }
    }
    // Condensate counts where its heat was deducted.
    for line in ledger.lines.iter().filter(|l| l.variant == CONDENSATE) {
        if let Activity::Flow(i) = line.activity {
            list[i] = energy(park, &park.flows[i]).map(|gj| gj / GJ_PER_TCE);
        }
    }
    list
}

/// The coal equivalent of a row that is energy by itself.
fn stated(park: &Park, flow: &Flow) -> Option<f64> {
    let quantity = flow.quantity?;
    match UtilityKind::of(park, flow) {
        // kgce/kWh is tce/MWh.
        Some(UtilityKind::Electricity) => Some(quantity.value / 3.6 * park.settings.electricity_tce.kgce_per_kwh()),
        Some(_) => Some(energy(park, flow)? / GJ_PER_TCE),
        None => (quantity.dimension == Dimension::ENERGY && quantity.basis.calorific == Some(Calorific::Net))
            .then_some(quantity.value / GJ_PER_TCE),
    }
}
