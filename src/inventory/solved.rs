//! A solved network of what processes give each other, and what it answers: factors in CO2e, who carries what a chimney
//! emits, where a factor comes from, and that nothing is lost.

use crate::balance::intensity::{Conservation, Intensities, Network, Unsolvable};
use crate::balance::tracing::{carried_by, credited_to, origins_of};
use crate::factors::Gwp;
use crate::ledger::Approach;
use crate::methods::UtilityKind;
use crate::park::{AllocationRule, CarrierId, Gas, Node, Park, ProcessId};
use crate::quantity::Dimension;
use std::collections::BTreeMap;

/// A solved network of a year.
#[derive(Debug, Clone, PartialEq)]
pub struct Embodied {
    /// Calendar year.
    pub year: u16,
    /// Location- or market-based.
    pub approach: Approach,
    /// The processes of the network, in its order.
    pub processes: Vec<ProcessId>,
    /// The outputs of the network, in its order.
    pub products: Vec<(ProcessId, CarrierId)>,
    /// The right-hand sides, in their order. Unit of the burdens: t of the gas. Location-based more follow them: upstream
    /// of fuel, energy and goods bought over the fence, in t CO2e, and behind it the pollutants.
    pub gases: Vec<Gas>,
    /// What the processes give off beside greenhouse gases, in the order of the last right-hand sides; location-based
    /// only, and in no scope 2 or 3. Unit of the burdens: t.
    pub pollutants: Vec<Gas>,
    /// By which rule each process shares; none where shares are stated or it has one product.
    pub rules: Vec<Option<AllocationRule>>,
    /// Who takes an output for a use outside the network, by the seller's meters: output, receiver, quantity.
    pub users: Vec<(usize, Node, f64)>,
    /// Whether an output has a factor of its own: not where all of it is covered by instruments.
    pub sold: Vec<bool>,
    /// What each output is measured in.
    pub dimensions: Vec<Dimension>,
    /// For each process the number of its loop: those with the same number feed each other.
    pub turns: Vec<usize>,
    /// What co-products bear because they displace it (substitution), less what processes of the network take of it:
    /// t CO2, credited against what their processes determine.
    pub credits: Vec<(CarrierId, f64)>,
    /// For each output what is credited against it because co-products displace it. Unit: t CO2.
    pub displaced: Vec<f64>,
    /// The numbers.
    pub network: Network,
    /// The solution.
    pub solved: Intensities,
}

impl Embodied {
    /// Global warming potentials of the right-hand sides.
    fn weights(&self, set: &Gwp) -> Vec<f64> {
        let weight = |&gas: &Gas| match gas {
            Gas::Co2eReported(_) | Gas::LifeCycleCo2e => 1.0,
            gas => set.factor(gas, false).map_or(0.0, |f| f.value),
        };
        self.gases.iter().map(weight).collect()
    }

    /// The factor of an output in CO2e. Unit: t CO2e per unit of the output.
    #[must_use]
    pub fn co2e(&self, output: usize, set: &Gwp) -> f64 {
        self.solved.of_output[output].iter().zip(self.weights(set)).map(|(e, w)| e * w).sum()
    }

    /// What a process, by its place in the network, gives off and imports. Unit: t CO2e.
    #[must_use]
    pub fn burden_co2e(&self, at: usize, set: &Gwp) -> f64 {
        self.network.burdens[at].iter().zip(self.weights(set)).map(|(b, w)| b * w).sum()
    }

    /// What lies upstream of a unit of an output: scope 3 of what was bought over the fence. Location-based only.
    /// Unit: t CO2e per unit of the output.
    #[must_use]
    pub fn upstream(&self, output: usize) -> Option<f64> {
        self.solved.of_output[output].get(self.gases.len()).copied()
    }

    /// The right-hand side of a gas or pollutant.
    #[must_use]
    pub fn side(&self, gas: Gas) -> Option<usize> {
        let pollutant = || self.pollutants.iter().position(|g| *g == gas).map(|at| self.gases.len() + 1 + at);
        self.gases.iter().position(|g| *g == gas).or_else(pollutant)
    }

    /// What a unit of an output carries of a gas or pollutant; none where the network has none of it. Unit: t per unit of
    /// the output.
    #[must_use]
    pub fn of_gas(&self, output: usize, gas: Gas) -> Option<f64> {
        self.solved.of_output[output].get(self.side(gas)?).copied()
    }

    /// What went in of a gas or pollutant, less credits, and what was carried out. Unit: t.
    #[must_use]
    pub fn conserved_of(&self, gas: Gas) -> Option<Conservation> {
        self.solved.conservation.get(self.side(gas)?).copied()
    }

    /// Who carries the emission of a process (a chimney): receivers outside the network with what they take, and the
    /// part that each carries; what meters differ by is left over. Unit: 1.
    ///
    /// # Errors
    /// [`Unsolvable`]; a network that was solved is not.
    pub fn carriers_of(&self, process: ProcessId) -> Result<Vec<(Node, CarrierId, f64)>, Unsolvable> {
        let Some(at) = self.processes.iter().position(|p| *p == process) else { return Ok(Vec::new()) };
        let carried = carried_by(&self.network, at)?;
        let uses = self.network.final_uses();
        let mut list: BTreeMap<(Node, CarrierId), f64> = BTreeMap::new();
        for &(output, to, quantity) in &self.users {
            if uses[output] != 0.0 {
                *list.entry((to, self.products[output].1)).or_default() += carried[output] * quantity / uses[output];
            }
        }
        Ok(list.into_iter().map(|((to, carrier), part)| (to, carrier, part)).collect())
    }

    /// Who carries what a process gives off or imports of a gas or pollutant, such as the SO2 of a chimney: receivers with
    /// what they take, as [`Embodied::carriers_of`]. Unit: t.
    ///
    /// # Errors
    /// [`Unsolvable`]; a network that was solved is not.
    pub fn carriers_of_gas(&self, process: ProcessId, gas: Gas) -> Result<Vec<(Node, CarrierId, f64)>, Unsolvable> {
        let at = self.processes.iter().position(|p| *p == process);
        let burden = at.and_then(|at| self.network.burdens[at].get(self.side(gas)?)).copied().unwrap_or_default();
        let parts = self.carriers_of(process)?;
        Ok(parts.into_iter().map(|(to, carrier, part)| (to, carrier, part * burden)).collect())
    }

    /// Where the factor of an output comes from, by process. Unit: t CO2e per unit of the output.
    ///
    /// # Errors
    /// [`Unsolvable`]; a network that was solved is not.
    pub fn origins_of(&self, output: usize, set: &Gwp) -> Result<Vec<(ProcessId, f64)>, Unsolvable> {
        self.origins(output, &self.weights(set))
    }

    /// Where what a unit of an output carries of a gas or pollutant comes from, by process. Unit: t per unit of the output.
    ///
    /// # Errors
    /// [`Unsolvable`]; a network that was solved is not.
    pub fn origins_of_gas(&self, output: usize, gas: Gas) -> Result<Vec<(ProcessId, f64)>, Unsolvable> {
        let mut weights = vec![0.0; self.network.sides()];
        if let Some(weight) = self.side(gas).and_then(|side| weights.get_mut(side)) {
            *weight = 1.0;
        }
        self.origins(output, &weights)
    }

    fn origins(&self, output: usize, weights: &[f64]) -> Result<Vec<(ProcessId, f64)>, Unsolvable> {
        let burden = |b: &Vec<f64>| b.iter().zip(weights).map(|(b, w)| b * w).sum::<f64>();
        let parts = origins_of(&self.network, output)?;
        let mut credits = vec![0.0; self.processes.len()];
        for (side, weight) in weights.iter().enumerate().filter(|_| !self.network.credits.is_empty()) {
            let taken_off = credited_to(&self.network, output, &parts, side);
            credits.iter_mut().zip(taken_off).for_each(|(sum, c)| *sum += weight * c);
        }
        let all = self.processes.iter().zip(parts).zip(&self.network.burdens).zip(credits);
        Ok(all.map(|(((&process, part), b), credit)| (process, part * burden(b) - credit)).collect())
    }

    /// What leaves the network with power, heat, cooling and goods. Unit: t CO2e.
    #[must_use]
    pub fn carried(&self, park: &Park, set: &Gwp) -> [f64; 4] {
        let mut carried = [0.0; 4];
        let place = |carrier| match UtilityKind::of_carrier(park, carrier) {
            Some(UtilityKind::Electricity) => 0,
            Some(UtilityKind::Heat) => 1,
            Some(UtilityKind::Cooling) => 2,
            None => 3,
        };
        for (k, used) in self.network.final_uses().into_iter().enumerate() {
            carried[place(self.products[k].1)] += used * self.co2e(k, set);
        }
        for &(carrier, mass) in &self.credits {
            carried[place(carrier)] += mass;
        }
        carried
    }

    /// Direct and imported, and embodied in exports and final uses. Unit: t CO2e.
    #[must_use]
    pub fn conserved(&self, set: &Gwp) -> (f64, f64) {
        let credits: f64 = self.credits.iter().map(|c| c.1).sum();
        let sides = || self.solved.conservation.iter().zip(self.weights(set));
        let given: f64 = sides().map(|(c, w)| c.given * w).sum();
        let carried: f64 = sides().map(|(c, w)| c.carried * w).sum();
        (given + credits, carried + credits)
    }

    /// The largest difference between what went in and what was carried out, of any gas, in parts of it. Unit: 1.
    #[must_use]
    pub fn conservation_error(&self) -> f64 {
        self.solved.conservation.iter().map(Conservation::error).fold(0.0, f64::max)
    }
}
