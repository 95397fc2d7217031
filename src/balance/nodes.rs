//! The balances of a node or a process.

use super::assembly::{Assembly, Contents, Equation, Thing, Untested};
use super::levels::{When, parts};
use crate::park::{CarrierId, CarrierKind, Node, Outside, Park, ProcessId, Use};
use crate::quantity::Dimension;
use std::collections::BTreeSet;

impl Assembly {
    /// The balances of a process.
    pub(super) fn balances(&mut self, contents: &Contents, process: ProcessId, ends: (&[u32], &[u32])) {
        let park = contents.park;
        let all: Vec<(u32, f64)> = ends.0.iter().map(|&v| (v, 1.0)).chain(ends.1.iter().map(|&v| (v, -1.0))).collect();
        let pool = park.process(process).is_pool();
        if ends.0.is_empty() || ends.1.is_empty() {
            if pool {
                self.untested.push((process, Untested::OneSided));
            }
            return;
        }
        let flow = |variable: u32| &park.flows[self.variables[variable as usize].flow];
        let kind = |variable: u32| park.carrier(flow(variable).carrier).kind;
        let dimension = |variable: u32| self.variables[variable as usize].dimension;
        // What a unit of a variable holds of energy.
        let heat = |variable: u32| match dimension(variable) {
            Dimension::ENERGY => Some(1.0),
            _ => contents.energy[self.variables[variable as usize].flow],
        };
        // A cubic meter of water is taken as a tonne.
        let wet = |v: u32| {
            let (liquid, mass) = (dimension(v) == Dimension::VOLUME, dimension(v) == Dimension::MASS);
            let counts = match kind(v) {
                CarrierKind::Water => liquid || mass,
                CarrierKind::Steam => mass,
                CarrierKind::Waste => liquid,
                _ => false,
            };
            counts.then_some(1.0)
        };
        let first = all[0].0;
        if pool {
            let alike =
                all.iter().all(|&(v, _)| flow(v).carrier == flow(first).carrier && dimension(v) == dimension(first));
            let steam = all.iter().all(|&(v, _)| kind(v) == CarrierKind::Steam && dimension(v) == Dimension::MASS);
            let water = all.iter().all(|&(v, _)| kind(v) != CarrierKind::Waste && wet(v).is_some());
            let of = |thing, unit: &dyn Fn(u32) -> Option<f64>| (thing, holding(&all, unit), false);
            let made = match () {
                () if alike => of(Thing::Carrier(flow(first).carrier), &|_| Some(1.0)),
                () if steam => of(Thing::Steam, &wet),
                () if water => of(Thing::Water, &wet),
                () if all.iter().all(|&(v, _)| heat(v).is_some()) => of(Thing::Energy, &heat),
                () => return self.untested.push((process, Untested::Mixed)),
            };
            return self.by_period(park, process, made, &|_| false);
        }
        // Heat that is lost is recorded: the rest closes, if all is known that carries energy.
        let gone = |v: u32, to: &[Outside]| to.iter().any(|&o| flow(v).to == Node::Outside(o));
        let lost = |v: u32| heat(v).is_some() && gone(v, &[Outside::Loss]);
        let mut made = Vec::new();
        if ends.1.iter().any(|&v| lost(v)) {
            let unknown = |&&(v, _): &&(u32, f64)| (kind(v).is_fuel() || kind(v).is_utility()) && heat(v).is_none();
            match all.iter().find(unknown) {
                None => made.push((Thing::Energy, holding(&all, &heat), true)),
                Some(&(v, _)) => self.untested.push((process, Untested::Energy(flow(v).carrier))),
            }
        }
        let technique = &*park.process(process).technique;
        let treats = technique == "water_treatment" || technique.starts_with("wastewater_plant");
        let dries = |v: u32| wet(v).is_some() && gone(v, &[Outside::Atmosphere, Outside::Loss]);
        if treats || ends.1.iter().any(|&v| dries(v)) {
            made.push((Thing::Water, holding(&all, &wet), !treats));
        }
        for carrier in self.stored(park, &all) {
            let of = holding(&all, &|v| (flow(v).carrier == carrier).then_some(1.0));
            made.push((Thing::Carrier(carrier), of, false));
        }
        let losses: Vec<u32> = ends.1.iter().copied().filter(|&v| lost(v) || dries(v)).collect();
        for made in made {
            self.by_period(park, process, made, &|v| losses.contains(&v));
        }
    }

    /// Adds a balance for each month, or one for the year where a flow of it is known by the year only, or a level by neither month.
    /// Where `needs` says so, only those in which a loss is recorded.
    fn by_period(
        &mut self,
        park: &Park,
        process: ProcessId,
        (thing, terms, needs): (Thing, Vec<(u32, f64)>, bool),
        is_loss: &dyn Fn(u32) -> bool,
    ) {
        let when = |v: u32| When::of(&park.flows[self.variables[v as usize].flow]);
        let terms: Vec<(When, (u32, f64))> = terms.into_iter().map(|term| (when(term.0), term)).collect();
        let (parts, unknown) = parts(park, self.period, &terms);
        let mut made = Vec::new();
        for (period, terms) in parts {
            let terms: Vec<(u32, f64)> =
                terms.into_iter().map(|((v, a), other)| (v, if other { -a } else { a })).collect();
            let both = terms.iter().any(|t| t.1 > 0.0) && terms.iter().any(|t| t.1 < 0.0);
            if both && (!needs || terms.iter().any(|&(v, a)| a < 0.0 && is_loss(v))) {
                made.push(Equation { process, period, thing, terms });
            }
        }
        self.equations.extend(made);
        self.untested.extend(unknown.map(|carrier| (process, Untested::Level(carrier))));
    }

    /// Carriers of which a process holds a stock, takes in and gives away, and uses none itself: `opening + bought = used elsewhere +
    /// sold + closing`. That it uses none, all its inflows say (`use = resale`): else the rest is what it uses, which nothing states.
    fn stored(&self, park: &Park, all: &[(u32, f64)]) -> BTreeSet<CarrierId> {
        let variable = |v: u32| &self.variables[v as usize];
        let flow = |v: u32| &park.flows[variable(v).flow];
        let is_stock = |v: u32| flow(v).level().is_some();
        let mut carriers: BTreeSet<CarrierId> =
            all.iter().filter(|t| is_stock(t.0)).map(|t| flow(t.0).carrier).collect();
        carriers.retain(|&carrier| {
            let of = || all.iter().copied().filter(|t| flow(t.0).carrier == carrier);
            let dimension = of().next().map(|t| variable(t.0).dimension);
            let moves = |enters: bool| of().any(|(v, a)| (a > 0.0) == enters && !is_stock(v));
            moves(true)
                && moves(false)
                && of().all(|(v, a)| {
                    (a < 0.0 || is_stock(v) || flow(v).usage == Use::Resale) && Some(variable(v).dimension) == dimension
                })
        });
        carriers
    }
}

/// The variables that hold something, with what a unit of each holds and the sign of its direction.
fn holding(all: &[(u32, f64)], of: &dyn Fn(u32) -> Option<f64>) -> Vec<(u32, f64)> {
    all.iter().filter_map(|&(v, sign)| Some((v, sign * of(v)?))).collect()
}
