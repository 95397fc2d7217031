//! Electricity, heat, steam and cooling over the fence, location- and market-based.
//!
//! GHG Protocol Scope 2 Guidance, chapters 6 and 7; GB/T 32150-2015, 5.2.3:
//! `E = AD · EF`. Certificates and contracts that are retired for their holder
//! cover its purchases of the year once; the rest takes the residual mix where one
//! is published, else the grid average.

use super::burnt::{report_unconfirmed, sets_with};
use super::fuel::{factor_source, words};
use super::instruments::{Cover, Covered, MEMBERS, sold_attributes};
use super::{CONDENSATE, Deliveries, Delivery, Resale, Treatment};
use crate::diagnostic::{Diagnostics, Origin, Problem, Words};
use crate::factors::{Factor, FactorSet, Parameter, Query, Search};
use crate::ledger::{
    Activity, Approach, CarbonOrigin, CoefficientId, Ledger, Line, Scope, Source, Standing, Term, TermSource,
};
use crate::park::heat::{HeatState, specific_heat};
use crate::park::{CarrierId, CarrierKind, EnterpriseId, Flow, Gas, Node, Park, ProcessId};
use crate::quantity::{Dimension, Period, significant};
use foldhash::{HashMap, HashMapExt, HashSet, HashSetExt};

/// How many years back a grid factor may lie when `grid_year` is not set: they are
/// published one to three years late.
pub(super) const YEARS_BACK: u16 = 5;

/// Sorts of imported energy that are told apart in totals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum UtilityKind {
    /// Electricity.
    Electricity,
    /// Heat and steam.
    Heat,
    /// Cooling.
    Cooling,
}

impl UtilityKind {
    /// The kind of a carrier, if it is a utility.
    #[must_use]
    pub fn of_carrier(park: &Park, carrier: CarrierId) -> Option<Self> {
        match park.carrier(carrier).kind {
            CarrierKind::Electricity => Some(Self::Electricity),
            CarrierKind::Heat | CarrierKind::Steam => Some(Self::Heat),
            CarrierKind::Cooling => Some(Self::Cooling),
            _ => None,
        }
    }

    /// The kind of what flows, if it is a utility.
    #[must_use]
    pub fn of(park: &Park, flow: &Flow) -> Option<Self> {
        Self::of_carrier(park, flow.carrier)
    }

    /// The source category of a purchase or an export.
    #[must_use]
    pub fn source(self, export: bool) -> Source {
        match (self, export) {
            (Self::Electricity, false) => Source::PurchasedElectricity,
            (Self::Electricity, true) => Source::ExportedElectricity,
            (_, false) => Source::PurchasedHeat,
            (_, true) => Source::ExportedHeat,
        }
    }
}

/// One end of a utility flow row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct End {
    /// The flow row, by position in the park.
    pub row: usize,
    /// The process at this end.
    pub process: ProcessId,
    /// Whether the energy leaves here.
    pub export: bool,
    /// The quantity by the other party's meter, with the sign of this end.
    pub counterpart: Option<f64>,
}

/// One of the lines that a row becomes: its coefficient, variant, and what its share used up is multiplied by.
type Part = (CoefficientId, &'static str, f64);

/// Where and when steam by mass was measured: its enthalpy may differ. None for energy.
pub type SteamPlace = Option<(ProcessId, Period)>;

/// Published factors, resale shares and instruments of a park.
#[derive(Debug)]
pub struct Utilities<'a> {
    park: &'a Park,
    sets: &'a [FactorSet],
    deliveries: Deliveries,
    resale: Resale,
    /// Coefficients by (carrier of the row, what it delivers, year, approach, whether the quantity is steam by mass, at which process).
    known: HashMap<(CarrierId, CarrierId, u16, Approach, SteamPlace), Option<CoefficientId>>,
    /// What retired instruments cover.
    cover: Cover,
    /// What a coefficient becomes where instruments cover a part, by whose purchase it is.
    parts: HashMap<(CoefficientId, EnterpriseId, ProcessId, u16), Vec<Part>>,
}

impl<'a> Utilities<'a> {
    pub(super) fn new(park: &'a Park, sets: &'a [FactorSet], deliveries: Deliveries) -> Self {
        let resale = Resale::new(park, &deliveries);
        Self { park, sets, deliveries, resale, known: HashMap::new(), cover: Cover::default(), parts: HashMap::new() }
    }

    /// Which shares of purchases are used up and sold on.
    #[must_use]
    pub fn resale(&self) -> &Resale {
        &self.resale
    }

    /// What each row delivers.
    #[must_use]
    pub fn deliveries(&self) -> &Deliveries {
        &self.deliveries
    }

    /// Imported and exported lines of every row that crosses the fence.
    pub(super) fn account(&mut self, ledger: &mut Ledger, treatment: &mut [Treatment], found: &mut Diagnostics) {
        let park = self.park;
        self.cover = Cover::new(park, found);
        self.sold_attributes(ledger, found);
        for (i, treatment) in treatment.iter_mut().enumerate() {
            let Some(delivery) = self.deliveries.get(i).filter(|_| *treatment == Treatment::Unclaimed) else {
                continue;
            };
            let (process, export) = match (delivery.from, delivery.to) {
                (Node::Process(_), Node::Process(_)) => continue,
                (_, Node::Process(process)) => (process, false),
                (Node::Process(process), _) => (process, true),
                _ => continue,
            };
            // Of two meters at the fence the park's own counts.
            let read = &self.deliveries;
            if !(if export { read.counts_for_seller(park, i) } else { read.counts_for_buyer(park, i) }) {
                *treatment = Treatment::Checked;
                continue;
            }
            for approach in [Approach::Location, Approach::Market] {
                if let Some(made) = self.published(i, process, approach, ledger, found) {
                    let end = End { row: i, process, export, counterpart: None };
                    self.push(ledger, &end, approach, Gas::Co2, made);
                }
            }
            *treatment = Treatment::Counted;
        }
    }

    /// Adds the line or lines of a row at one end of it, by coefficient `made`.
    pub fn push(&mut self, ledger: &mut Ledger, end: &End, approach: Approach, gas: Gas, made: CoefficientId) {
        let &End { row: i, process, export, counterpart } = end;
        let flow = &self.park.flows[i];
        let (Some(delivery), Some(quantity)) = (self.deliveries.get(i), flow.quantity) else { return };
        let kind = delivery.kind;
        let enterprise = self.park.process(process).enterprise;
        let crosses = !self.park.is_internal_transfer(flow);
        let (consumed, resold_outside) =
            if export { (0.0, 0.0) } else { self.resale.shares(self.park, process, kind, flow.period.year, false) };
        let quantity = delivery.sign() * if export { -quantity.value } else { quantity.value };
        let certified = approach == Approach::Market && kind == UtilityKind::Electricity;
        let whole = (made, if delivery.returned { CONDENSATE } else { "" }, 1.0);
        let parts = if certified { self.parts(ledger, flow, process, export, made) } else { Vec::new() };
        let whole = parts.is_empty().then_some(whole);
        for (coefficient, variant, scale) in whole.into_iter().chain(parts) {
            // An instrument states CO2: only that gas has a covered part.
            if gas != Gas::Co2 && matches!(variant, "certified" | MEMBERS) {
                continue;
            }
            let consumed = (consumed * scale).min(1.0);
            ledger.lines.push(Line {
                activity: Activity::Flow(i),
                enterprise,
                process,
                period: flow.period,
                scope: Scope::EnergyIndirect,
                approach,
                source: kind.source(export),
                gas,
                origin: CarbonOrigin::Fossil,
                quantity,
                coefficient,
                mass: ledger.mass(quantity, coefficient),
                consumed,
                resold_outside,
                crosses,
                counterpart,
                standing: Standing::Counted,
                variant,
            });
        }
    }

    /// The coefficient of the published factor for a row: grid average or residual
    /// mix for electricity, the default for heat.
    pub fn published(
        &mut self,
        i: usize,
        process: ProcessId,
        approach: Approach,
        ledger: &mut Ledger,
        found: &mut Diagnostics,
    ) -> Option<CoefficientId> {
        let flow = &self.park.flows[i];
        let delivery = self.deliveries.get(i)?;
        let by_mass = flow.quantity.is_some_and(|q| q.dimension == Dimension::MASS);
        // The enthalpy of steam is measured at a process and may differ by month.
        let place = if delivery.returned { nearest_process(flow)? } else { process };
        let steam = by_mass.then_some((place, flow.period));
        let key = (flow.carrier, delivery.carrier, flow.period.year, approach, steam);
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        let made = self.make(flow, delivery, place, approach, ledger, found);
        self.known.insert(key, made);
        made
    }

    fn make(
        &self,
        flow: &Flow,
        delivery: Delivery,
        process: ProcessId,
        approach: Approach,
        ledger: &mut Ledger,
        found: &mut Diagnostics,
    ) -> Option<CoefficientId> {
        let park = self.park;
        let carrier = park.carrier(flow.carrier).thing();
        let missing = |en: &str, zh: &str| {
            let library = if delivery.kind == UtilityKind::Electricity { "electricity" } else { "heat" };
            let problem = Problem::NoFactor {
                what: Words::new(en, zh),
                carrier: carrier.clone(),
                tried: park.settings.factor_sets.join(", "),
                others: sets_with(park, library),
            };
            park.flow_problem(flow, "carrier", problem)
        };
        let mut terms = Vec::new();
        if flow.quantity.is_some_and(|q| q.dimension == Dimension::MASS) {
            let Some(term) = enthalpy(park, flow, process) else {
                // The market-based search would only say it again.
                if approach == Approach::Location {
                    let en =
                        "specific enthalpy (property 'enthalpy', or 'pressure' and 'temperature', in carriers.csv)";
                    let zh = "比焓（carriers.csv 中的属性 enthalpy，或 pressure 与 temperature）";
                    found.push(missing(en, zh));
                }
                return None;
            };
            terms.push(term);
        }
        let Some((factor, set, search)) = self.search(flow, delivery, approach) else {
            // The location-based search has reported it already.
            if approach == Approach::Location {
                found.push(missing("CO2 factor per GJ", "每 GJ 的 CO2 因子"));
            }
            return None;
        };
        let wanted = park.settings.grid_year.unwrap_or(flow.period.year);
        let year = factor.valid.0.unwrap_or(wanted);
        if year != wanted && factor.valid.1.is_some_and(|last| last < wanted) && approach == Approach::Location {
            let problem = Problem::OtherYear { id: factor.id.to_string(), year, wanted };
            found.push(park.flow_problem(flow, "carrier", problem));
        }
        let term = Term {
            name: words::FACTOR,
            value: factor.value,
            printed: factor.printed_text(),
            source: factor_source(factor, set),
        };
        terms.push(term);
        report_unconfirmed(park, flow, &terms, found, &mut HashSet::new());
        Some(ledger.coefficient(terms, CarbonOrigin::Fossil, search.losers))
    }

    /// The published factor row for a row's carrier.
    fn search(
        &self,
        flow: &Flow,
        delivery: Delivery,
        approach: Approach,
    ) -> Option<(&'a Factor, &'a FactorSet, Search<'a>)> {
        let park = self.park;
        let own = &*park.carrier(delivery.carrier).label.id;
        let electricity = delivery.kind == UtilityKind::Electricity;
        let techniques: &[&str] = match (electricity, approach) {
            (true, Approach::Market) => &["residual_mix", "grid_average"],
            (true, _) => &["grid_average"],
            (false, _) => &[""],
        };
        let carriers: &[&str] = match delivery.kind {
            UtilityKind::Electricity => &[own, "electricity"],
            UtilityKind::Heat => &[own, "heat"],
            UtilityKind::Cooling => &[own],
        };
        let wanted = park.settings.grid_year.unwrap_or(flow.period.year);
        let back = if park.settings.grid_year.is_some() { 0 } else { YEARS_BACK };
        for technique in techniques {
            for year in (wanted.saturating_sub(back)..=wanted).rev() {
                for set in self.sets {
                    for carrier in carriers {
                        let mut search = set.search(&Query {
                            carrier,
                            parameter: Parameter::EmissionFactor,
                            gas: Some(Gas::Co2),
                            technique,
                            region: if electricity { &park.settings.grid_region } else { &park.settings.region },
                            exact_region: electricity && set.file.starts_with("emission_factors/"),
                            year,
                            sector: "",
                            enterprise: "",
                            allow_unconfirmed: &park.settings.allow_unconfirmed,
                        });
                        search.fits.retain(|f| f.dimension == Dimension::MASS / Dimension::ENERGY);
                        if let Some(&factor) = search.fits.first() {
                            return Some((factor, set, search));
                        }
                    }
                }
            }
        }
        None
    }

    /// The parts of a purchase or sale of electricity that instruments cover and leave; none where they cover nothing.
    fn parts(
        &mut self,
        ledger: &mut Ledger,
        flow: &Flow,
        process: ProcessId,
        export: bool,
        made: CoefficientId,
    ) -> Vec<Part> {
        let (park, year) = (self.park, flow.period.year);
        let enterprise = park.process(process).enterprise;
        // Between members both ends follow the buyer's instruments, so that buyer and seller agree.
        let (covered, members, key) = match (flow.from, park.owner(flow.to)) {
            (Node::Process(pool), Some(buyer)) => {
                (self.cover.through.get(&(buyer, pool, year)), None, (made, buyer, pool, year))
            }
            _ if export => return Vec::new(),
            _ => {
                let members = self.cover.members.get(&(process, year));
                (self.cover.own.get(&(enterprise, year)), members, (made, enterprise, process, year))
            }
        };
        if covered.is_none() && members.is_none() {
            return Vec::new();
        }
        if let Some(parts) = self.parts.get(&key) {
            return parts.clone();
        }
        let part = |ledger: &mut Ledger, covered: &Covered| {
            let source = covered.factor.source.clone();
            let printed = significant(covered.share, 6);
            let share = Term { name: words::COVERED, value: covered.share, printed, source };
            ledger.coefficient(vec![share, covered.factor.clone()], CarbonOrigin::Fossil, Vec::new())
        };
        let mut parts = Vec::new();
        // What members claim is sold on: the rest bears all that the buyer uses up itself.
        let (mut left, mut used) = (1.0, 1.0);
        let mut sources = Vec::new();
        for (covered, variant, scale) in [(covered, "certified", 1.0), (members, MEMBERS, 0.0)] {
            let Some(covered) = covered else { continue };
            parts.push((part(ledger, covered), variant, scale));
            left -= covered.share;
            used -= covered.share * scale;
            sources.push(covered.factor.source.clone());
        }
        let origins = sources.into_iter().flat_map(|s| match s {
            TermSource::Instruments(rows) => rows,
            _ => Vec::new(),
        });
        let source = TermSource::Instruments(origins.collect());
        let left = left.max(0.0);
        let mut terms = vec![Term { name: words::UNCOVERED, value: left, printed: significant(left, 6), source }];
        terms.extend(ledger.get(made).terms.clone());
        let losers = ledger.get(made).losers.clone();
        let scale = if left > 0.0 { used / left } else { 1.0 };
        parts.push((ledger.coefficient(terms, CarbonOrigin::Fossil, losers), "", scale));
        self.parts.insert(key, parts.clone());
        parts
    }

    /// Power whose attributes were sold takes the residual mix at its generator.
    fn sold_attributes(&mut self, ledger: &mut Ledger, found: &mut Diagnostics) {
        let park = self.park;
        let shares = sold_attributes(park, found);
        if shares.is_empty() {
            return;
        }
        for (i, flow) in park.flows.iter().enumerate() {
            let (Node::Process(from), Some(quantity)) = (flow.from, flow.quantity) else { continue };
            let lost = matches!(flow.to, Node::Outside(to) if !to.buys());
            let electricity = UtilityKind::of(park, flow) == Some(UtilityKind::Electricity);
            let Some(share) = shares.get(&(from, flow.period.year)) else { continue };
            if !electricity || lost || !park.observations.counts_for_seller(i) {
                continue;
            }
            let Some(mix) = self.published(i, from, Approach::Market, ledger, found) else { continue };
            let mut terms = vec![share.clone()];
            terms.extend(ledger.get(mix).terms.clone());
            let coefficient = ledger.coefficient(terms, CarbonOrigin::Fossil, ledger.get(mix).losers.clone());
            let owner = park.process(from).enterprise;
            let own_use = park.owner(flow.to) == Some(owner);
            let at = (owner, from, flow.period);
            let line = Line::direct(at, Activity::Flow(i), Source::PurchasedElectricity, Gas::Co2);
            ledger.lines.push(Line {
                scope: Scope::EnergyIndirect,
                approach: Approach::Market,
                origin: CarbonOrigin::Fossil,
                quantity: quantity.value,
                coefficient,
                mass: ledger.mass(quantity.value, coefficient),
                consumed: f64::from(u8::from(own_use)),
                resold_outside: f64::from(u8::from(matches!(flow.to, Node::Outside(_)))),
                crosses: true,
                variant: "attribute_sold",
                ..line
            });
        }
    }

    /// Energy that holders cover of what they buy of a pool, in a year. Unit: GJ.
    #[must_use]
    pub fn covered_for_members(&self, pool: ProcessId, year: u16) -> f64 {
        self.cover.members.get(&(pool, year)).map_or(0.0, |c| c.energy)
    }

    /// Of what an enterprise buys of a pool: the share that its instruments cover, and their factor.
    #[must_use]
    pub fn covered_through(&self, buyer: EnterpriseId, pool: ProcessId, year: u16) -> Option<(f64, f64)> {
        self.cover.through.get(&(buyer, pool, year)).map(|c| (c.share, c.factor.value))
    }
}

/// The energy of a row. Unit: GJ. Steam by mass needs its enthalpy.
#[must_use]
pub fn energy(park: &Park, flow: &Flow) -> Option<f64> {
    let quantity = flow.quantity?;
    match quantity.dimension {
        Dimension::ENERGY => Some(quantity.value),
        Dimension::MASS => Some(quantity.value * enthalpy(park, flow, nearest_process(flow)?)?.value),
        _ => None,
    }
}

/// The process at which a row was read: the sender, else the receiver.
#[must_use]
pub fn nearest_process(flow: &Flow) -> Option<ProcessId> {
    [flow.from, flow.to].into_iter().find_map(|n| match n {
        Node::Process(p) => Some(p),
        Node::Outside(_) | Node::Stock(_) => None,
    })
}

/// The enthalpy of steam or condensate above the heat datum at a process: measured, else
/// by IAPWS-IF97. Unit: GJ/t.
#[must_use]
pub fn enthalpy(park: &Park, flow: &Flow, process: ProcessId) -> Option<Term> {
    let heat = specific_heat(park, flow.carrier, process, flow.period).ok()?;
    let (value, printed) = (heat.value, heat.printed.clone());
    let source = match (&heat.readings[..], heat.state) {
        ([reading], HeatState::Measured) => TermSource::Property(Origin::row("carriers.csv", reading.row)),
        _ => TermSource::Heat(Box::new(heat)),
    };
    Some(Term { name: words::ENTHALPY, value, printed, source })
}
