//! What a row of power, heat, steam or cooling delivers, and to whom.
//!
//! With `heat_datum = "condensate"` steam counts at its full enthalpy and the condensate
//! that comes back counts against it: a condensate row is the steam that went the other
//! way, with a negative sign. All that reads utility flows (purchases, resale, own
//! factors, transfers) reads them through here, so that the heat of the condensate is
//! deducted once and everywhere.

use super::purchased::{UtilityKind, energy};
use crate::diagnostic::{Diagnostics, Problem, Words};
use crate::park::{CarrierId, EnterpriseId, Flow, HeatDatum, Node, Outside, Park, heat};
use crate::quantity::Dimension;
use std::collections::BTreeMap;

/// The variant of lines of condensate that comes back.
pub const CONDENSATE: &str = "condensate";

/// A utility row as it counts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Delivery {
    /// Who gives the energy.
    pub from: Node,
    /// Who receives it.
    pub to: Node,
    /// What is delivered: for condensate the steam that it was.
    pub carrier: CarrierId,
    /// Which sort of utility.
    pub kind: UtilityKind,
    /// Whether the row is condensate that comes back: it counts negative.
    pub returned: bool,
}

impl Delivery {
    /// 1, or -1 for what comes back.
    #[must_use]
    pub fn sign(&self) -> f64 {
        if self.returned { -1.0 } else { 1.0 }
    }
}

/// The deliveries of a park, by flow row.
#[derive(Debug, Default)]
pub struct Deliveries(Vec<Option<Delivery>>);

/// Who stands at one end, however many processes it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Party {
    Enterprise(EnterpriseId),
    Outside(Outside),
}

fn party(park: &Park, node: Node) -> Option<Party> {
    match node {
        Node::Process(p) => Some(Party::Enterprise(park.process(p).enterprise)),
        Node::Outside(o) if o.buys() => Some(Party::Outside(o)),
        Node::Outside(_) | Node::Stock(_) => None,
    }
}

impl Deliveries {
    /// Reads the deliveries off a park. Condensate that comes back from nobody who was
    /// sent steam, or in cubic meters, is reported and counts nowhere.
    pub(super) fn new(park: &Park, found: &mut Diagnostics) -> Self {
        let plain = |flow: &Flow| {
            let kind = UtilityKind::of(park, flow)?;
            Some(Delivery { from: flow.from, to: flow.to, carrier: flow.carrier, kind, returned: false })
        };
        let mut list: Vec<Option<Delivery>> = park.flows.iter().map(plain).collect();
        if park.settings.heat_datum == HeatDatum::Condensate {
            let steam = steam_by_parties(park, &list);
            for (i, flow) in park.flows.iter().enumerate().filter(|(_, f)| heat::is_condensate(park, f.carrier)) {
                let (Some(from), Some(to)) = (party(park, flow.from), party(park, flow.to)) else { continue };
                let Some(quantity) = flow.quantity.filter(|_| from != to) else { continue };
                let largest = steam.get(&(to, from)).and_then(|ways| {
                    ways.iter().max_by(|a, b| a.1.total_cmp(b.1).then_with(|| b.0.cmp(a.0))).map(|(way, _)| *way)
                });
                let why = match largest {
                    Some(_) if quantity.dimension != Dimension::MASS => {
                        Words::new("its mass in t is needed", "需以 t 计的质量")
                    }
                    Some(_) if energy(park, flow).is_none() => {
                        let zh = "carriers.csv 中缺少其 temperature（温度）或 enthalpy（比焓）";
                        Words::new("carriers.csv has neither its 'temperature' nor its 'enthalpy'", zh)
                    }
                    Some((from, to, carrier)) => {
                        list[i] = Some(Delivery { from, to, carrier, kind: UtilityKind::Heat, returned: true });
                        continue;
                    }
                    None => {
                        let (en, zh) = (park.node_text(flow.to), park.node_text(flow.from));
                        Words::new(format!("no steam goes from {en} to {zh}"), format!("{en} 未向 {zh} 供汽"))
                    }
                };
                found.push(park.flow_problem(flow, "carrier", Problem::CondensateNotDeducted { why }));
            }
        }
        Self(list)
    }

    /// What row `i` delivers, if it is power, heat, steam, cooling or condensate that counts.
    #[must_use]
    pub fn get(&self, i: usize) -> Option<Delivery> {
        self.0.get(i).copied().flatten()
    }

    /// Whether row `i` counts in the account of who receives the energy.
    #[must_use]
    pub fn counts_for_buyer(&self, park: &Park, i: usize) -> bool {
        let read = &park.observations;
        if self.is_returned(i) { read.counts_for_seller(i) } else { read.counts_for_buyer(i) }
    }

    /// Whether row `i` counts in the account of who gives the energy.
    #[must_use]
    pub fn counts_for_seller(&self, park: &Park, i: usize) -> bool {
        let read = &park.observations;
        if self.is_returned(i) { read.counts_for_buyer(i) } else { read.counts_for_seller(i) }
    }

    fn is_returned(&self, i: usize) -> bool {
        self.get(i).is_some_and(|d| d.returned)
    }

    /// The energy of row `i` with its sign. Unit: GJ.
    #[must_use]
    pub fn energy(&self, park: &Park, i: usize) -> Option<f64> {
        Some(self.get(i)?.sign() * energy(park, &park.flows[i])?)
    }
}

/// The way that steam takes between two parties: from, to, which.
type Way = (Node, Node, CarrierId);

/// Steam that passes between parties, by its way; condensate comes back the way on which
/// most heat went. Unit: GJ.
fn steam_by_parties(park: &Park, list: &[Option<Delivery>]) -> BTreeMap<(Party, Party), BTreeMap<Way, f64>> {
    let mut all: BTreeMap<(Party, Party), BTreeMap<Way, f64>> = BTreeMap::new();
    for (flow, delivery) in park.flows.iter().zip(list) {
        if !delivery.is_some_and(|d| d.kind == UtilityKind::Heat) {
            continue;
        }
        let (Some(from), Some(to)) = (party(park, flow.from), party(park, flow.to)) else { continue };
        let amount = energy(park, flow).unwrap_or_default();
        *all.entry((from, to)).or_default().entry((flow.from, flow.to, flow.carrier)).or_default() += amount;
    }
    all
}
