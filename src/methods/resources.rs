//! Water taken in, wastewater and waste given away: no emission, kept in the same ledger.
//!
//! Fresh water is what enters the park from `outside:nature` or `outside:supplier`; wastewater what leaves it to a water
//! body or to treatment outside; waste what leaves it to a landfill, treatment or a customer. What stays inside the
//! park (reused water, waste that a neighbor takes) is not counted. Volumes become tonnes at 1 t/m³.

use super::Claims;
use super::pollutants::definition;
use crate::ledger::{Activity, CarbonOrigin, CoefficientId, Ledger, Line, Source};
use crate::park::{Carrier, CarrierKind, Flow, Gas, Node, Outside, Park, ProcessId};
use crate::quantity::Dimension;
use foldhash::{HashMap, HashMapExt};

const AMOUNT: (&str, &str) = ("the amount itself", "数量本身");

/// Water that is not fresh: it was used or made before.
const NOT_FRESH: [&str; 5] = ["condensate", "deaerated_water", "demineralised_water", "reclaimed_water", "soft_water"];

pub(super) fn account(park: &Park, claims: &Claims, ledger: &mut Ledger) {
    let sorts = [CarrierKind::Water, CarrierKind::Waste, CarrierKind::ByProduct];
    if !claims.carries(park, |c| sorts.contains(&c.kind) || is_wastewater(c)) {
        return;
    }
    let mut known: HashMap<Dimension, CoefficientId> = HashMap::new();
    for (i, flow) in park.flows.iter().enumerate() {
        let (Some(quantity), Some((gas, process, export))) = (flow.quantity, resource(park, flow)) else { continue };
        let observed = &park.observations;
        if !(if export { observed.counts_for_seller(i) } else { observed.counts_for_buyer(i) }) {
            continue;
        }
        let water = matches!(gas, Gas::FreshWater | Gas::Wastewater);
        // Waste by volume has no density of its own.
        let text = match quantity.dimension {
            Dimension::MASS => "as the row states it",
            Dimension::VOLUME if water => "water at 1 t/m3 by definition",
            _ => continue,
        };
        let coefficient = *known.entry(quantity.dimension).or_insert_with(|| {
            ledger.coefficient(vec![definition(AMOUNT, 1.0, text)], CarbonOrigin::Unstated, Vec::new())
        });
        let at = (park.process(process).enterprise, process, flow.period);
        let line = Line::direct(at, Activity::Flow(i), Source::Resource, gas);
        let (quantity, mass) = (quantity.value, ledger.mass(quantity.value, coefficient));
        ledger.lines.push(Line { quantity, coefficient, mass, crosses: true, ..line });
    }
}

/// Which resource a flow is, at which process, and whether it leaves.
fn resource(park: &Park, flow: &Flow) -> Option<(Gas, ProcessId, bool)> {
    let carrier = park.carrier(flow.carrier);
    match (flow.from, flow.to) {
        (Node::Outside(Outside::Nature | Outside::Supplier), Node::Process(p)) if is_fresh(carrier) => {
            Some((Gas::FreshWater, p, false))
        }
        (Node::Process(p), Node::Outside(to)) => given_away(carrier, to).map(|gas| (gas, p, true)),
        _ => None,
    }
}

fn is_fresh(carrier: &Carrier) -> bool {
    carrier.kind == CarrierKind::Water && !NOT_FRESH.contains(&&*carrier.label.id) && !is_wastewater(carrier)
}

fn is_wastewater(carrier: &Carrier) -> bool {
    carrier.label.id.contains("wastewater")
}

/// What a carrier is when it leaves the park to `to`.
fn given_away(carrier: &Carrier, to: Outside) -> Option<Gas> {
    let id = &*carrier.label.id;
    match (carrier.kind, to) {
        (_, Outside::WaterBody | Outside::Treatment) if is_wastewater(carrier) => Some(Gas::Wastewater),
        (CarrierKind::Water, Outside::WaterBody | Outside::Treatment) => Some(Gas::Wastewater),
        _ if is_wastewater(carrier) => None,
        (CarrierKind::Waste, Outside::Landfill | Outside::Treatment | Outside::Customer)
            if id.contains("hazardous") =>
        {
            Some(Gas::HazardousWaste)
        }
        // A by-product that nobody buys is a waste.
        (CarrierKind::Waste | CarrierKind::ByProduct, Outside::Landfill | Outside::Treatment)
        | (CarrierKind::Waste, Outside::Customer) => Some(Gas::SolidWaste),
        _ => None,
    }
}
