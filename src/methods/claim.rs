//! Which method accounts what a process does with a flow.
//!
//! Each carbon-bearing flow is claimed by exactly one method at the end that
//! receives it, by construction: [`Claims::new`] answers once for each row. What a process gives
//! away is claimed by its carbon balance or its product method.

use super::desulfurization::REAGENT;
use super::electrolysis::ALUMINIUM;
use super::production::OXIDE_PRODUCTS;
use super::{captured, industrial_gas, landfill, waste, wastewater};
use crate::factors::{FactorSet, Parameter, builtin};
use crate::park::{Carrier, CarrierId, CarrierKind, Flow, Gas, GasKind, Node, Park, Process, ProcessId, Use};
use crate::quantity::Dimension;
use foldhash::{HashMap, HashSet};

/// The method that accounts a flow at its receiver.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Claim {
    /// `burnt`: fuel that is burnt.
    Combustion,
    /// `carbon_balance`: input of an envelope.
    Balance,
    /// `production`: input of a process whose emission goes by its product.
    Product,
    /// `carbonate`: a material, or a reductant, that gives off CO2 where it is used.
    Carbonate,
    /// `desulfurization`: reagent of a flue-gas desulfurization.
    Sorbent,
    /// `wastewater`: wastewater into a treatment plant.
    Wastewater,
    /// `waste`: waste into a landfill, compost or digester.
    Waste,
    /// `incineration`: waste that is burnt.
    Incineration,
    /// `industrial_gas`: gas filled into equipment.
    IndustrialGas,
    /// `captured`: CO2 received from somebody.
    Carbon,
}

/// The claims of a park, and what decides them.
#[derive(Debug, Default)]
pub struct Claims {
    /// The claim on each flow row.
    rows: Vec<Option<Claim>>,
    /// Carriers that flow, in order.
    carriers: Vec<CarrierId>,
    /// Who makes what.
    makers: HashSet<Made>,
    /// Processes whose emission goes by the quantity of a product, with the year.
    by_product: HashSet<(ProcessId, u16)>,
    /// The products by which they go.
    made: HashSet<Made>,
    /// Products by which they go.
    products: HashSet<CarrierId>,
    /// Materials with a CO2 factor on use.
    carbonates: HashSet<CarrierId>,
    /// Fluorinated gases, pure and blended.
    gases: HashSet<CarrierId>,
}

impl Claims {
    /// Reads the claims off a park and its factor sets.
    #[must_use]
    pub fn new(park: &Park, sets: &[FactorSet]) -> Self {
        let with = |parameter: Parameter, fits: &dyn Fn(Option<Gas>) -> bool| -> HashSet<&str> {
            let rows = sets.iter().flat_map(|s| s.factors.iter()).filter(|f| &*f.technique != REAGENT);
            rows.filter(|f| f.parameter == parameter && fits(f.gas)).map(|f| &*f.carrier).collect()
        };
        let products = with(Parameter::ProductionFactor, &|_| true);
        // Factors of reagents hold in scrubbers only, whose inputs are claimed by their technique.
        let co2 = with(Parameter::EmissionFactor, &|g| g == Some(Gas::Co2));
        let fluorinated = with(Parameter::EmissionFactor, &|g| g.is_some_and(is_fluorinated));
        // A pure gas is one whether or not the park lists the family that defines it.
        let pure = builtin(industrial_gas::PURE);
        let pure: HashSet<&str> = pure.iter().flat_map(|s| s.factors.iter()).map(|f| &*f.carrier).collect();
        let mut claims = Self::default();
        for (i, carrier) in park.carriers.iter().enumerate() {
            let (id, kind) = (CarrierId::new(i), carrier.kind);
            let material = matches!(kind, CarrierKind::Material | CarrierKind::ByProduct);
            if products.contains(&*carrier.label.id) {
                claims.products.insert(id);
            }
            if material && (fluorinated.contains(&*carrier.label.id) || pure.contains(&*carrier.label.id)) {
                claims.gases.insert(id);
            } else if material && co2.contains(&*carrier.label.id) {
                claims.carbonates.insert(id);
            }
        }
        claims.products.extend(stated_products(park, sets));
        let measured = park.properties.iter().filter(|p| p.name == Parameter::EmissionFactor).map(|p| p.carrier);
        claims.carbonates.extend(measured.filter(|&c| {
            matches!(park.carrier(c).kind, CarrierKind::Material | CarrierKind::ByProduct) && !claims.gases.contains(&c)
        }));
        claims.makers = makers(park);
        for &made in &claims.makers {
            let (process, carrier, year) = made;
            if claims.products.contains(&carrier) && counts_by_product(park.process(process)) {
                claims.by_product.insert((process, year));
                claims.made.insert(made);
            }
        }
        claims.rows = park.flows.iter().map(|flow| claims.decide(park, flow)).collect();
        let mut flows = vec![false; park.carriers.len()];
        park.flows.iter().for_each(|flow| flows[flow.carrier.index()] = true);
        claims.carriers = (0..flows.len()).filter(|&c| flows[c]).map(CarrierId::new).collect();
        claims
    }

    /// The claim on a flow row, by position in the park, at its receiver; none where nothing is emitted there, or no
    /// method knows.
    #[must_use]
    pub fn of(&self, row: usize) -> Option<Claim> {
        self.rows.get(row).copied().flatten()
    }

    /// Whether any row has this claim.
    #[must_use]
    pub fn any(&self, claim: Claim) -> bool {
        self.rows.contains(&Some(claim))
    }

    /// Whether a carrier of this sort flows. Most parks have nothing of most sorts, and a method that has nothing to do
    /// need not walk through a hundred thousand rows to find that out.
    pub(super) fn carries(&self, park: &Park, sort: impl Fn(&Carrier) -> bool) -> bool {
        self.carriers.iter().any(|&c| sort(park.carrier(c)))
    }

    /// Whether the emission of any process is counted by its product.
    pub(super) fn any_product(&self) -> bool {
        !self.made.is_empty()
    }

    /// Processes that take in a carrier under a claim: what leaves them again was not used up.
    pub(super) fn takers(&self, park: &Park, claim: Claim) -> HashSet<(ProcessId, CarrierId)> {
        if !self.any(claim) {
            return HashSet::default();
        }
        let rows = park.flows.iter().zip(&self.rows).filter(|(f, of)| **of == Some(claim) && f.from != f.to);
        rows.filter_map(|(f, _)| if let Node::Process(to) = f.to { Some((to, f.carrier)) } else { None }).collect()
    }

    /// The takers that do nothing else with the carrier. A process that makes it itself or uses it otherwise too may
    /// give away what it never would have used up.
    pub(super) fn users(&self, park: &Park, claim: Claim) -> HashSet<(ProcessId, CarrierId)> {
        let mut users = self.takers(park, claim);
        if users.is_empty() {
            return users;
        }
        for (flow, of) in park.flows.iter().zip(&self.rows) {
            if let Node::Process(to) = flow.to
                && (*of != Some(claim) || flow.from == flow.to)
            {
                users.remove(&(to, flow.carrier));
            }
        }
        users
    }

    /// Every row that counts under a claim, in order, with its process and sign as in [`Claims::ends`].
    pub(super) fn all_ends(&self, park: &Park, claim: Claim) -> Vec<(usize, ProcessId, f64)> {
        let takers = self.takers(park, claim);
        // Most parks have nothing of most claims.
        let rows = if takers.is_empty() { 0 } else { park.flows.len() };
        (0..rows)
            .flat_map(|i| self.ends(park, &takers, claim, i).map(move |(process, sign)| (i, process, sign)))
            .collect()
    }

    /// Where a row counts, with its sign: +1 at the process that takes it in, −1 at one
    /// of `takers` that passes it on or keeps it in stock.
    pub(super) fn ends(
        &self,
        park: &Park,
        takers: &HashSet<(ProcessId, CarrierId)>,
        claim: Claim,
        i: usize,
    ) -> impl Iterator<Item = (ProcessId, f64)> + use<> {
        let flow = &park.flows[i];
        let moves = flow.from != flow.to;
        let receiver = match flow.to {
            Node::Process(to) if moves && self.of(i) == Some(claim) && park.observations.counts_for_buyer(i) => {
                Some((to, 1.0))
            }
            _ => None,
        };
        let sender = match flow.from {
            Node::Process(from)
                if moves && takers.contains(&(from, flow.carrier)) && park.observations.counts_for_seller(i) =>
            {
                Some((from, -1.0))
            }
            _ => None,
        };
        receiver.into_iter().chain(sender)
    }

    fn decide(&self, park: &Park, flow: &Flow) -> Option<Claim> {
        let Node::Process(to) = flow.to else { return None };
        let process = park.process(to);
        let kind = park.carrier(flow.carrier).kind;
        let burns = matches!(flow.usage, Use::Combustion | Use::OwnUse);
        let becomes = matches!(flow.usage, Use::Feedstock | Use::Reductant | Use::Process);
        // CO2 is handed over by each who gives it away: who passes it on takes it in as well.
        let co2 = *park.carrier(flow.carrier).label.id == *captured::CO2;
        if kind.is_utility() || (flow.usage == Use::Resale && !co2) {
            return None;
        }
        if process.is_in_balance() {
            return Some(Claim::Balance);
        }
        match (kind, &*process.technique) {
            (CarrierKind::Waste | CarrierKind::Water, plant) if wastewater::treats(plant) => {
                return Some(Claim::Wastewater);
            }
            (CarrierKind::Waste, place) if landfill::is_landfill(place) || waste::treats(place) => {
                return Some(Claim::Waste);
            }
            // Kilns burn waste too, where the row says so.
            (CarrierKind::Waste, plant) if is_incinerator(plant) || burns => return Some(Claim::Incineration),
            _ => {}
        }
        if kind.is_fuel() && burns {
            return Some(Claim::Combustion);
        }
        if self.gases.contains(&flow.carrier) {
            return Some(Claim::IndustrialGas);
        }
        if co2 {
            return Some(Claim::Carbon);
        }
        // What a scrubber takes in is its reagent, whether or not it holds carbonate.
        if matches!(flow.usage, Use::Sorbent | Use::Process) && process.technique.contains("fgd") {
            return Some(Claim::Sorbent);
        }
        if self.by_product(to, flow.period.year) && becomes {
            return Some(Claim::Product);
        }
        if kind.is_fuel() && flow.usage == Use::Reductant {
            return Some(Claim::Carbonate);
        }
        let used = matches!(flow.usage, Use::Process | Use::Reductant | Use::Sorbent);
        (self.carbonates.contains(&flow.carrier) && used).then_some(Claim::Carbonate)
    }

    /// Whether a flow is the product by which its sender's process emission is counted.
    #[must_use]
    pub fn is_product(&self, flow: &Flow) -> bool {
        matches!(flow.from, Node::Process(p) if self.makes(p, flow.carrier, flow.period.year))
    }

    /// Whether a process makes a product by which its emission of a year is counted.
    #[must_use]
    pub fn makes(&self, process: ProcessId, carrier: CarrierId, year: u16) -> bool {
        self.made.contains(&(process, carrier, year))
    }

    /// Whether a process makes a carrier in a year, however its emission is counted.
    pub(super) fn is_maker(&self, made: Made) -> bool {
        self.makers.contains(&made)
    }

    /// Whether a process's emission of a year is counted by its product.
    #[must_use]
    pub fn by_product(&self, process: ProcessId, year: u16) -> bool {
        self.by_product.contains(&(process, year))
    }
}

/// A process, what it makes and the year.
pub(super) type Made = (ProcessId, CarrierId, u16);

/// Who makes what: a process that gives a carrier away and takes none in, or takes in
/// less over the year than it gives away. Who takes in as much trades it or grinds it.
fn makers(park: &Park) -> HashSet<Made> {
    /// What a process gives away and takes in, in the unit of the first row.
    #[derive(Default)]
    struct Sum {
        dimension: Option<Dimension>,
        /// Rows in units that do not add up.
        mixed: bool,
        gives: bool,
        takes: bool,
        given: f64,
        taken: f64,
    }
    let mut sums: HashMap<Made, Sum> = HashMap::default();
    for (i, flow) in park.flows.iter().enumerate() {
        if park.carrier(flow.carrier).kind.is_utility() {
            continue;
        }
        let mut add = |process: ProcessId, counts: bool, out: bool| {
            let sum = sums.entry((process, flow.carrier, flow.period.year)).or_default();
            let opening = matches!(flow.from, Node::Stock(_));
            sum.gives |= out;
            sum.takes |= !out && !opening;
            let Some(quantity) = flow.quantity.filter(|_| counts) else { return };
            sum.mixed |= *sum.dimension.get_or_insert(quantity.dimension) != quantity.dimension;
            *(if out { &mut sum.given } else { &mut sum.taken }) += quantity.value;
        };
        if let Node::Process(from) = flow.from {
            add(from, park.observations.counts_for_seller(i), true);
        }
        if let Node::Process(to) = flow.to
            && flow.from != flow.to
        {
            add(to, park.observations.counts_for_buyer(i), false);
        }
    }
    let makes = |process: ProcessId, sum: &Sum| {
        // Rounding of the rows alone makes nothing.
        let more = !sum.mixed && sum.given - sum.taken > 1e-9 * sum.given;
        sum.gives && (!sum.takes || (more && !park.process(process).is_pool()))
    };
    sums.into_iter().filter(|(made, sum)| makes(made.0, sum)).map(|(made, _)| made).collect()
}

/// Products without a factor of their own that the park or a set knows enough of:
/// measured factors, oxides of clinker and lime, anodes of aluminium.
fn stated_products(park: &Park, sets: &[FactorSet]) -> HashSet<CarrierId> {
    let find = |id: &str| park.carriers.binary_search_by(|c| (*c.label.id).cmp(id)).ok().map(CarrierId::new);
    let measured = park.properties.iter().filter(|p| p.name == Parameter::ProductionFactor).map(|p| p.carrier);
    let mut products: HashSet<CarrierId> = measured.collect();
    let in_sets = |parameter: Parameter, id: &str| {
        sets.iter().flat_map(|s| s.factors.iter()).any(|f| f.parameter == parameter && *f.carrier == *id)
    };
    for id in OXIDE_PRODUCTS {
        products.extend(find(id).filter(|&c| {
            in_sets(Parameter::Cao, id) || park.properties.iter().any(|p| p.carrier == c && p.name == Parameter::Cao)
        }));
    }
    let smelts = park.parameters.iter().any(|p| matches!(p.name, Parameter::NetAnode | Parameter::AnodeEffect));
    products.extend(find(ALUMINIUM).filter(|_| smelts || in_sets(Parameter::NetAnode, ALUMINIUM)));
    products
}

/// Whether a process may be counted by its product: not in a balance, not measured,
/// not said to emit by combustion alone or by the carbonates that go in.
fn counts_by_product(process: &Process) -> bool {
    !process.is_in_balance() && !matches!(&*process.accounting, "measured" | "combustion" | "carbonate")
}

/// Whether a process burns waste.
fn is_incinerator(technique: &str) -> bool {
    technique == "waste_to_energy" || technique.starts_with("incinerator")
}

/// Whether a gas is a fluorinated one.
pub(super) fn is_fluorinated(gas: Gas) -> bool {
    let burnt = matches!(gas, Gas::Co2 | Gas::Ch4 | Gas::N2o);
    matches!(gas.kind(), GasKind::Greenhouse | GasKind::Montreal) && !burnt
}
