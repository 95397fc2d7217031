//! Industrial solid waste and hazardous waste. Unit: t.
//!
//! Words of the environmental statistics of China (M): *generated* is what a process gives away or keeps beyond what it
//! got; *utilised* is what another process of the park takes, or somebody outside buys; *disposed* is what goes to a
//! landfill, an incinerator or treatment outside; *stored* is what is kept at the end beyond what was there at the
//! beginning. Waste and by-products count alike, by mass: slag that is sold is waste that is utilised. Waste that the park
//! takes from outside is neither generated nor utilised by it. Refuse of households and rubble do not count here.

use super::year::{Made, Year, unmeasured};
use crate::diagnostic::Words;
use crate::park::{Carrier, CarrierId, CarrierKind, Node, Outside, Park, ProcessId, Stock};
use crate::quantity::Dimension;
use std::collections::BTreeMap;

/// The words for a class of waste in English and Chinese, as the texts need them.
pub(super) type Class = (&'static str, &'static str);
pub(super) const SOLID: Class = ("industrial solid waste", "工业固体废物");
pub(super) const HAZARDOUS: Class = ("hazardous waste", "危险废物");

/// Refuse and rubble, products made of waste, and what is named otherwise but is a fluid.
const NOT_SOLID: [&str; 7] = [
    "construction_waste",
    "food_waste",
    "garden_waste",
    "ground_slag",
    "municipal_solid_waste",
    "municipal_solid_waste_biomass",
    "municipal_solid_waste_fossil",
];

/// Whether a carrier is hazardous: what is called so, as the ledger has it, and what the National Catalogue of Hazardous
/// Wastes lists by these names (HW18 fly ash of incineration, HW01 clinical waste (M)).
pub(super) fn is_hazardous(carrier: &Carrier) -> bool {
    let id = &*carrier.label.id;
    carrier.kind == CarrierKind::Waste
        && (id.contains("hazardous") || matches!(id, "clinical_waste" | "incineration_fly_ash"))
}

/// Whether a carrier is industrial solid waste.
pub(super) fn is_solid(carrier: &Carrier) -> bool {
    let id = &*carrier.label.id;
    matches!(carrier.kind, CarrierKind::Waste | CarrierKind::ByProduct)
        && !id.contains("wastewater")
        && !NOT_SOLID.contains(&id)
        && !is_hazardous(carrier)
}

/// What became of one waste at one process. Unit: t.
#[derive(Debug, Default)]
struct Turnover {
    /// From other processes and from outside.
    taken: f64,
    /// Of it, from outside.
    imported: f64,
    /// To other processes of the park.
    passed: f64,
    /// Of it, to those that dispose.
    passed_to_disposal: f64,
    sold: f64,
    /// To landfill and treatment outside.
    disposed: f64,
    /// Anywhere else outside: let go.
    dropped: f64,
    opening: f64,
    closing: f64,
    rows: Vec<usize>,
}

impl Turnover {
    /// What the process made beyond what it got; negative: what it used up.
    fn made(&self) -> f64 {
        let given = self.passed + self.sold + self.disposed + self.dropped;
        let made = given + self.closing - self.opening - self.taken;
        // What is passed on whole is neither made nor used, whatever rounding leaves of it.
        if made.abs() <= 1e-9 * (given + self.taken) { 0.0 } else { made }
    }

    /// Used up, of what the park itself made.
    fn used(&self) -> f64 {
        (-self.made() - self.imported).max(0.0)
    }

    /// Taken from the stock of earlier years.
    fn drawn(&self) -> f64 {
        (self.opening - self.closing).max(0.0)
    }
}

/// What became of a class of waste in a year.
#[derive(Debug, Default)]
pub(super) struct Tally {
    of: BTreeMap<(CarrierId, ProcessId), Turnover>,
    /// Why a row of it cannot be added up.
    unknown: Option<Words>,
    /// The processes that dispose.
    disposing: Vec<ProcessId>,
}

impl Tally {
    pub(super) fn new(park: &Park, rows: &[usize], belongs: fn(&Carrier) -> bool) -> Self {
        let mut tally = Self::default();
        for &i in rows {
            let flow = &park.flows[i];
            let carrier = park.carrier(flow.carrier);
            if !belongs(carrier) || flow.from == flow.to {
                continue;
            }
            let Some(tonnes) = flow.quantity.filter(|q| q.dimension == Dimension::MASS).map(|q| q.value) else {
                // A by-product by energy or volume is a gas or the like; waste by volume has no density of its own.
                let has_mass = flow.quantity.is_none_or(|q| q.dimension == Dimension::MASS);
                if has_mass || carrier.kind == CarrierKind::Waste {
                    tally.unknown.get_or_insert_with(|| unmeasured(flow));
                }
                continue;
            };
            if let Node::Process(to) = flow.to
                && park.observations.counts_for_buyer(i)
            {
                if disposes(park, to) && !tally.disposing.contains(&to) {
                    tally.disposing.push(to);
                }
                let of = tally.of.entry((flow.carrier, to)).or_default();
                of.rows.push(i);
                match flow.from {
                    Node::Stock(Stock::Opening) => of.opening += tonnes,
                    Node::Stock(Stock::Closing) => of.closing -= tonnes,
                    Node::Outside(_) => {
                        of.taken += tonnes;
                        of.imported += tonnes;
                    }
                    Node::Process(_) => of.taken += tonnes,
                }
            }
            if let Node::Process(from) = flow.from
                && park.observations.counts_for_seller(i)
            {
                let of = tally.of.entry((flow.carrier, from)).or_default();
                of.rows.push(i);
                match flow.to {
                    Node::Process(to) => {
                        of.passed += tonnes;
                        of.passed_to_disposal += if disposes(park, to) { tonnes } else { 0.0 };
                    }
                    Node::Outside(Outside::Landfill | Outside::Treatment) => of.disposed += tonnes,
                    Node::Outside(to) if to.buys() => of.sold += tonnes,
                    Node::Outside(_) => of.dropped += tonnes,
                    Node::Stock(Stock::Closing) => of.closing += tonnes,
                    Node::Stock(Stock::Opening) => of.opening -= tonnes,
                }
            }
        }
        tally
    }

    /// Adds up a part of each turnover; the trail is the rows of those that have some of it.
    fn sum(&self, class: Class, part: impl Fn(ProcessId, &Turnover) -> f64) -> Made {
        if let Some(why) = &self.unknown {
            return Made::none(why.clone());
        }
        if self.of.is_empty() {
            let (en, zh) = class;
            return Made::none(Words::new(
                format!(
                    "flows.csv has no {en}: give rows from the process that makes it to who takes it (a process, outside:customer, outside:landfill, outside:treatment, stock:closing)"
                ),
                format!(
                    "flows.csv 没有{zh}：请填写从产生工序到去向（工序、outside:customer、outside:landfill、outside:treatment、stock:closing）的行"
                ),
            ));
        }
        let mut made = Made { value: Ok(0.0), rows: Vec::new(), lines: Vec::new() };
        let mut sum = 0.0;
        for ((_, process), of) in &self.of {
            let tonnes = part(*process, of);
            if tonnes != 0.0 {
                sum += tonnes;
                made.rows.extend(&of.rows);
            }
        }
        made.value = Ok(sum);
        made
    }

    pub(super) fn generated(&self, class: Class) -> Made {
        self.sum(class, |_, of| of.made().max(0.0))
    }

    /// By processes of the park, and sold.
    pub(super) fn utilised(&self, class: Class) -> Made {
        self.sum(class, |p, of| of.sold + if self.disposing.contains(&p) { 0.0 } else { of.used() })
    }

    pub(super) fn disposed(&self, class: Class) -> Made {
        self.sum(class, |p, of| of.disposed + if self.disposing.contains(&p) { of.used() } else { 0.0 })
    }

    pub(super) fn stored(&self, class: Class) -> Made {
        self.sum(class, |_, of| (of.closing - of.opening).max(0.0))
    }

    /// Stock of earlier years that was utilised. Where a process draws on its stock and gives waste both for use and for
    /// disposal the tables do not tell which of it was the old.
    pub(super) fn prior_stock_utilised(&self, y: &Year, class: Class) -> Made {
        let to_disposal = |p: ProcessId, of: &Turnover| {
            of.disposed + of.dropped + of.passed_to_disposal + if self.disposing.contains(&p) { of.used() } else { 0.0 }
        };
        let to_use = |p: ProcessId, of: &Turnover| {
            of.sold + of.passed - of.passed_to_disposal + if self.disposing.contains(&p) { 0.0 } else { of.used() }
        };
        let unclear =
            self.of.iter().find(|((_, p), of)| of.drawn() > 0.0 && to_disposal(*p, of) > 0.0 && to_use(*p, of) > 0.0);
        if let Some(((carrier, process), _)) = unclear {
            let (id, label) = (&y.park.process(*process).label.id, &y.park.carrier(*carrier).label);
            return Made::none(Words::new(
                format!(
                    "{id} draws on its stock of {} and gives it both for use and for disposal: state isw_prior_stock_utilised_t in statistics.csv",
                    label.id
                ),
                format!(
                    "{id} 动用了{}的库存，且既利用又处置：请在 statistics.csv 填写 isw_prior_stock_utilised_t",
                    label.name_zh
                ),
            ));
        }
        self.sum(class, |p, of| if to_use(p, of) > 0.0 { of.drawn() } else { 0.0 })
    }
}

/// Whether waste ends at a process: a landfill of the park, an incinerator. One that makes energy of it utilises it.
fn disposes(park: &Park, process: ProcessId) -> bool {
    let technique = &*park.process(process).technique;
    technique.starts_with("landfill") || technique.starts_with("incinerator")
}
