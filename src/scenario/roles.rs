//! What processes run for, and what they run by: which law holds for which link before exchanges are looked at.

use super::link::Link;
use crate::park::{
    CarrierId, CarrierKind, EnterpriseId, Node, Outside, Park, ProcessId, Role, Status, Stock, Use, heat,
};
use crate::quantity::Dimension;
use std::collections::{BTreeMap, BTreeSet};

/// By what a link is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Driver {
    /// Its taker.
    Taker,
    /// Its giver.
    Giver,
    /// A demand outside.
    Given,
}

/// What determines processes and links.
#[derive(Debug)]
pub(super) struct Roles {
    /// For each process the carriers that it runs for.
    pub(super) determining: Vec<BTreeSet<CarrierId>>,
    /// Processes that run by what they are brought: treatment, holders of by-product gas.
    pub(super) supplied: Vec<bool>,
    /// For each link, by what it is set.
    pub(super) drivers: Vec<Driver>,
}

/// Ends of a link that lie in the park.
pub(super) fn ends(link: &Link) -> (Option<ProcessId>, Option<ProcessId>) {
    let process = |node| match node {
        Node::Process(p) => Some(p),
        Node::Outside(_) | Node::Stock(_) => None,
    };
    (process(link.from), process(link.to))
}

impl Roles {
    /// Reads them off the links of a year and `outputs.csv`.
    pub(super) fn of(park: &Park, links: &[Link]) -> Self {
        let determining = (0..park.processes.len()).map(|p| determining(park, links, ProcessId::new(p))).collect();
        let mut roles = Self {
            determining,
            supplied: vec![false; park.processes.len()],
            drivers: vec![Driver::Taker; links.len()],
        };
        let gridded = gridded(park, links);
        let replaceable = replaceable(park);
        // What brings a process to run by its supply is itself set by its giver: on until nothing changes.
        loop {
            roles.drivers = links.iter().map(|link| roles.driver(park, &gridded, link)).collect();
            let supplied: Vec<bool> = (0..park.processes.len())
                .map(|p| roles.is_supplied(park, links, &replaceable, ProcessId::new(p)))
                .collect();
            if supplied.iter().zip(&roles.supplied).all(|(new, old)| *new <= *old) {
                return roles;
            }
            for (old, new) in roles.supplied.iter_mut().zip(supplied) {
                *old |= new;
            }
        }
    }

    fn driver(&self, park: &Park, gridded: &BTreeSet<ProcessId>, link: &Link) -> Driver {
        let (from, to) = ends(link);
        match (from, to) {
            (Some(from), Some(to)) if from == to => Driver::Giver,
            // Levels of stock go with the activity of who keeps them.
            (None, Some(_)) => Driver::Taker,
            (Some(_), None) if link.to == Node::Stock(Stock::Closing) => Driver::Giver,
            (Some(from), Some(to)) => {
                let power = park.carrier(link.carrier).kind == CarrierKind::Electricity;
                let passed = self.supplied[from.index()] && !is_waste(park, link);
                // Where the grid makes up what is missing, generators run as they do.
                let taken = !(power && gridded.contains(&to)) || park.process(from).is_pool();
                let runs_for = self.determining[from.index()].contains(&link.carrier);
                if (runs_for && taken) || passed { Driver::Taker } else { Driver::Giver }
            }
            (Some(from), None) => {
                let sold = matches!(link.to, Node::Outside(o) if o.buys());
                let runs_for = self.determining[from.index()].contains(&link.carrier);
                if sold && runs_for && !self.supplied[from.index()] { Driver::Given } else { Driver::Giver }
            }
            (None, None) => Driver::Given,
        }
    }

    /// Whether a process runs by what others leave to it: all that it takes, but for energy, water and reagents, is set by its
    /// givers.
    fn is_supplied(
        &self,
        park: &Park,
        links: &[Link],
        replaceable: &BTreeSet<(EnterpriseId, CarrierId)>,
        p: ProcessId,
    ) -> bool {
        if park.outputs.iter().any(|o| o.process == p && o.role == Role::Determining) {
            return false;
        }
        let pool = park.process(p).is_pool();
        let mut any = false;
        for (link, driver) in links.iter().zip(&self.drivers) {
            let (from, to) = ends(link);
            if to != Some(p) || from == Some(p) || matches!(link.from, Node::Stock(_)) {
                continue;
            }
            let main = match link.usage {
                Use::Consumption | Use::Combustion | Use::Sorbent | Use::Capital => pool,
                _ => true,
            };
            if !main
                || heat::is_condensate(park, link.carrier)
                || replaceable.contains(&(park.process(p).enterprise, link.carrier))
            {
                continue;
            }
            any = true;
            if *driver != Driver::Giver {
                return false;
            }
        }
        any
    }
}

/// Receivers and carriers of exchanges that displace something: their process runs without them, too.
fn replaceable(park: &Park) -> BTreeSet<(EnterpriseId, CarrierId)> {
    park.exchanges.iter().filter(|x| x.displaces.is_some()).map(|x| (x.to, x.carrier)).collect()
}

/// Processes that buy power of the grid beside what others of the park give them.
fn gridded(park: &Park, links: &[Link]) -> BTreeSet<ProcessId> {
    let power = |link: &&Link| park.carrier(link.carrier).kind == CarrierKind::Electricity;
    let bought = |link: &Link| {
        let outside = matches!(link.from, Node::Outside(Outside::Grid | Outside::Supplier));
        if outside { ends(link).1 } else { None }
    };
    links.iter().filter(power).filter_map(bought).collect()
}

fn is_waste(park: &Park, link: &Link) -> bool {
    matches!(park.carrier(link.carrier).kind, CarrierKind::Waste)
}

/// What a process runs for: what `outputs.csv` says; power, heat and steam; else its largest product, by mass where it has one,
/// and what it gives to an exchange that has neither a disposal nor a buyer outside.
fn determining(park: &Park, links: &[Link], p: ProcessId) -> BTreeSet<CarrierId> {
    let role = |carrier| park.outputs.iter().find(|o| o.process == p && o.carrier == carrier).map(|o| o.role);
    let mut sums: BTreeMap<CarrierId, (bool, f64, bool)> = BTreeMap::new();
    for link in links {
        let (from, to) = ends(link);
        let sold = matches!(link.to, Node::Outside(o) if o.buys());
        if from != Some(p) || to == from || !(to.is_some() || sold) {
            continue;
        }
        let sum = sums.entry(link.carrier).or_insert((link.dimension == Dimension::MASS, 0.0, false));
        sum.1 += link.base;
        sum.2 |= sold;
    }
    if park.process(p).is_pool() {
        return sums.into_keys().collect();
    }
    let enterprise = park.process(p).enterprise;
    let given =
        |carrier: CarrierId| park.exchanges.iter().filter(move |x| x.from == enterprise && x.carrier == carrier);
    let utility = |c: CarrierId| park.carrier(c).kind.is_utility();
    let mut listed: BTreeSet<CarrierId> =
        sums.keys().copied().filter(|&c| role(c) == Some(Role::Determining)).collect();
    let utilities: Vec<CarrierId> =
        sums.keys().copied().filter(|&c| utility(c) && role(c) != Some(Role::Waste)).collect();
    let is_leftover = |c: CarrierId| {
        matches!(park.carrier(c).kind, CarrierKind::Waste | CarrierKind::ByProduct) || heat::is_condensate(park, c)
    };
    let is_product = |c: CarrierId| {
        let disposed = given(c).any(|x| x.disposal.is_some() && x.status == Status::Existing);
        !utility(c) && !is_leftover(c) && !disposed && role(c).is_none()
    };
    let mut products: Vec<CarrierId> = sums.keys().copied().filter(|&c| is_product(c)).collect();
    if products.is_empty() && utilities.is_empty() && listed.is_empty() {
        // A plant whose only product is exchanged, as reclaimed water, runs for it.
        products = sums.keys().copied().filter(|&c| !is_leftover(c) && role(c).is_none()).collect();
    }
    if listed.is_empty() {
        let largest = products.iter().max_by(|a, b| {
            let (a, b) = (sums[a], sums[b]);
            a.0.cmp(&b.0).then(a.1.total_cmp(&b.1))
        });
        listed.extend(largest);
        // A product that only an exchange takes is made for it.
        let made_for = |c: &&CarrierId| given(**c).any(|x| x.disposal.is_none()) && !sums[*c].2;
        listed.extend(products.iter().filter(made_for));
        if products.is_empty() {
            listed.extend(&utilities);
        }
    } else if listed.iter().all(|&c| utility(c)) {
        // Steam of a plant that makes power is taken as it is needed.
        listed.extend(&utilities);
    }
    listed
}
