//! Embodied intensities: what a unit of each product carries of all that was emitted to make it.
//!
//! For process p with direct and imported burden `b_p`, inputs `Q_jp` from outputs j, and output k with useful quantity
//! `T_pk` and share `a_pk` (proportional sharing; Bialek 1996, and the Leontief inverse of Miller and Blair, chapter 2,
//! are the same equations):
//!
//! ```text
//! T_pk · e_pk = a_pk · B_p,    B_p = b_p + Σ_j Q_jp · e_j,    Σ_k a_pk = 1
//! ```
//!
//! `T` is what leaves usefully: users bear the losses. Put into the second equation, the first leaves one equation a
//! process, `B_p − Σ_j Q_jp · a_j / T_j · B_p(j) = b_p`, which one sparse matrix with a right-hand side for each gas
//! solves, loops or not. A credit `c` against an output (substitution: what its co-products displace) makes its equation
//! `T e = a B − c`. Numbers only: who calls puts names to them.

use crate::network::{Analysis, Pattern, strong_components};
use std::collections::{BTreeMap, BTreeSet};

/// Something that a process makes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Output {
    /// Who makes it, by position.
    pub process: usize,
    /// What leaves usefully: deliveries, exports, closing stock; neither losses nor waste. Any unit.
    pub useful: f64,
    /// What it bears of the burden of its process. Unit: 1.
    pub share: f64,
}

/// Something that a process takes of what another makes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Input {
    /// Who takes it, by position.
    pub process: usize,
    /// What it takes: an output, by position.
    pub output: usize,
    /// How much, in the unit of the output; negative for what is sent back.
    pub quantity: f64,
}

/// Processes and what passes between them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Network {
    /// For each process its direct and imported burden, one number a right-hand side.
    pub burdens: Vec<Vec<f64>>,
    /// What they make.
    pub outputs: Vec<Output>,
    /// What they take of each other.
    pub inputs: Vec<Input>,
    /// What is credited against outputs because co-products bear it (substitution), one number a right-hand side; outputs
    /// without are left out.
    pub credits: BTreeMap<usize, Vec<f64>>,
}

/// Why some processes have no intensities.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cause {
    /// An output that bears a share has no useful quantity.
    ZeroThroughput,
    /// What comes back, or is credited, is more than what leaves.
    CreditBeyondOutput,
    /// The shares of a process add up to this instead of one.
    SharesNotOne(f64),
    /// Nothing leaves the loop for a use outside it: whatever is emitted in it goes round for ever.
    NothingLeaves,
    /// More is taken out of the loop's outputs than they give.
    MoreTakenThanGiven,
    /// A number is missing or beyond all measure.
    NotANumber,
}

/// A part of a network that has no solution.
#[derive(Debug, Clone, PartialEq)]
pub struct Unsolvable {
    /// The processes, in order.
    pub processes: Vec<usize>,
    /// The outputs that matter, in order.
    pub outputs: Vec<usize>,
    /// The likely cause.
    pub cause: Cause,
}

/// The intensities of a network.
#[derive(Debug, Clone, PartialEq)]
pub struct Intensities {
    /// For each output its intensity, one number a right-hand side. Unit: burden per unit of the output.
    pub of_output: Vec<Vec<f64>>,
    /// For each process what passes through it, one number a right-hand side.
    pub through: Vec<Vec<f64>>,
    /// The largest residual of `T e = a (b + Σ Q e)`, in parts of the sizes of its terms. Unit: 1.
    pub residual: f64,
    /// Conservation, for each right-hand side.
    pub conservation: Vec<Conservation>,
}

/// What went in and what was carried out.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Conservation {
    /// Direct and imported burdens, less credits.
    pub given: f64,
    /// Embodied in what leaves the network: useful output that no process of the network takes.
    pub carried: f64,
}

impl Conservation {
    /// The difference in parts of the larger one. Unit: 1.
    #[must_use]
    pub fn error(&self) -> f64 {
        let size = self.given.abs().max(self.carried.abs());
        if size > 0.0 { (self.given - self.carried).abs() / size } else { 0.0 }
    }
}

/// Rounding of printed shares that is accepted.
const SHARES: f64 = 1e-6;

/// A loop of which less than this share leaves is closed.
const CLOSED: f64 = 1e-9;

impl Network {
    /// A network of nodes that mix what they receive, as buses and headers do: `flows` pass from a node to another,
    /// `loads` leave for a use. Each node makes one output, its outflow; what flows in and not out is a loss.
    /// Burdens as in [`Network::burdens`].
    #[must_use]
    pub fn of_nodes(burdens: Vec<Vec<f64>>, flows: &[(usize, usize, f64)], loads: &[f64]) -> Self {
        let mut useful: Vec<f64> = (0..burdens.len()).map(|n| loads.get(n).copied().unwrap_or_default()).collect();
        for &(from, _, quantity) in flows {
            if let Some(useful) = useful.get_mut(from) {
                *useful += quantity;
            }
        }
        // A node that gives nothing bears its burden itself: one unit of it.
        let output = |(process, &useful): (usize, &f64)| {
            let useful = if useful == 0.0 { 1.0 } else { useful };
            Output { process, useful, share: 1.0 }
        };
        let outputs = useful.iter().enumerate().map(output).collect();
        let inputs = flows.iter().map(|&(output, process, quantity)| Input { process, output, quantity }).collect();
        Self { burdens, outputs, inputs, credits: BTreeMap::new() }
    }

    /// Right-hand sides.
    #[must_use]
    pub fn sides(&self) -> usize {
        self.burdens.iter().map(Vec::len).max().unwrap_or_default()
    }

    /// The useful quantity of each output that no process of the network takes: exports and final uses.
    #[must_use]
    pub fn final_uses(&self) -> Vec<f64> {
        let mut left: Vec<f64> = self.outputs.iter().map(|o| o.useful).collect();
        for input in &self.inputs {
            if let Some(left) = left.get_mut(input.output) {
                *left -= input.quantity;
            }
        }
        left
    }

    /// Solves for the intensities of all outputs.
    ///
    /// # Errors
    /// [`Unsolvable`], the first part that has none.
    pub fn solve(&self) -> Result<Intensities, Unsolvable> {
        let system = System::new(self)?;
        let sides = self.sides();
        let mut through = vec![vec![0.0; sides]; self.burdens.len()];
        let factors = system.factors(self)?;
        let mut b = vec![0.0; self.burdens.len()];
        for side in 0..sides {
            for (b, burdens) in b.iter_mut().zip(&self.burdens) {
                *b = burdens.get(side).copied().unwrap_or_default();
            }
            // A credit of what is taken in lessens what passes the taker.
            for input in self.inputs.iter().filter(|_| !self.credits.is_empty()) {
                b[input.process] -= input.quantity * self.credit_per_unit(input.output, side);
            }
            factors.solve(&mut b);
            for (through, b) in through.iter_mut().zip(&b) {
                through[side] = *b;
            }
        }
        let intensity = |k: usize, s| self.outputs[k].intensity(&through, s) - self.credit_per_unit(k, s);
        let of_output: Vec<Vec<f64>> =
            (0..self.outputs.len()).map(|k| (0..sides).map(|s| intensity(k, s)).collect()).collect();
        if let Some(process) = through.iter().position(|all| all.iter().any(|t| !t.is_finite())) {
            return Err(self.unsolvable(vec![process], Cause::NotANumber));
        }
        let residual = (0..sides).map(|s| self.residual(&of_output, s)).fold(0.0, f64::max);
        let conservation = (0..sides).map(|s| self.conservation(&of_output, s)).collect();
        Ok(Intensities { of_output, through, residual, conservation })
    }

    /// What is credited against an output.
    #[must_use]
    pub fn credit(&self, output: usize, side: usize) -> f64 {
        self.credits.get(&output).and_then(|c| c.get(side)).copied().unwrap_or_default()
    }

    fn credit_per_unit(&self, output: usize, side: usize) -> f64 {
        let credit = self.credit(output, side);
        // What bears nothing and has no quantity is credited nothing.
        if credit == 0.0 || self.outputs[output].useful == 0.0 { 0.0 } else { credit / self.outputs[output].useful }
    }

    /// The largest residual of the equations of one right-hand side, in parts of the sizes of the terms. Unit: 1.
    fn residual(&self, e: &[Vec<f64>], side: usize) -> f64 {
        let burden = |p: usize| self.burdens[p].get(side).copied().unwrap_or_default();
        let mut sums: Vec<(f64, f64)> = (0..self.burdens.len()).map(|p| (burden(p), burden(p).abs())).collect();
        let mut add = |process: usize, term: f64| {
            sums[process].0 += term;
            sums[process].1 += term.abs();
        };
        for input in &self.inputs {
            add(input.process, input.quantity * e[input.output][side]);
        }
        let mut largest = 0.0_f64;
        for (k, (output, e)) in self.outputs.iter().zip(e).enumerate() {
            let (sum, size) = sums[output.process];
            let credit = self.credit(k, side);
            let (left, size) = (output.useful * e[side], output.share.abs() * size + credit.abs());
            if left.abs().max(size) > 0.0 {
                largest = largest.max((left - output.share * sum + credit).abs() / left.abs().max(size));
            }
        }
        largest
    }

    fn conservation(&self, e: &[Vec<f64>], side: usize) -> Conservation {
        let given: f64 = self.burdens.iter().filter_map(|b| b.get(side)).sum();
        let given = given - self.credits.values().filter_map(|c| c.get(side)).sum::<f64>();
        let carried = self.final_uses().iter().zip(e).map(|(used, e)| used * e[side]).sum();
        Conservation { given, carried }
    }

    fn unsolvable(&self, mut processes: Vec<usize>, cause: Cause) -> Unsolvable {
        processes.sort_unstable();
        let inside = |p: usize| processes.binary_search(&p).is_ok();
        // Of a loop those outputs matter that go round in it.
        let turning: BTreeSet<usize> = self.inputs.iter().filter(|i| inside(i.process)).map(|i| i.output).collect();
        let matters = |k: &usize| inside(self.outputs[*k].process) && (processes.len() == 1 || turning.contains(k));
        let outputs = (0..self.outputs.len()).filter(matters).collect();
        Unsolvable { processes, outputs, cause }
    }

    /// Finds what has no solution before anything is divided.
    fn check(&self) -> Result<(), Unsolvable> {
        let count = self.burdens.len();
        let bad = |process: usize, outputs: Vec<usize>, cause| Unsolvable { processes: vec![process], outputs, cause };
        if let Some(process) = self.burdens.iter().position(|b| b.iter().any(|b| !b.is_finite())) {
            return Err(bad(process, Vec::new(), Cause::NotANumber));
        }
        let mut shares: BTreeMap<usize, f64> = BTreeMap::new();
        for (k, output) in self.outputs.iter().enumerate() {
            let sound = output.share.is_finite() && output.useful.is_finite();
            if !sound || output.process >= count {
                return Err(bad(output.process.min(count.saturating_sub(1)), vec![k], Cause::NotANumber));
            }
            if output.share != 0.0 && output.useful <= 0.0 {
                let cause = if output.useful < 0.0 { Cause::CreditBeyondOutput } else { Cause::ZeroThroughput };
                return Err(bad(output.process, vec![k], cause));
            }
            *shares.entry(output.process).or_default() += output.share;
        }
        for (&k, credit) in &self.credits {
            match self.outputs.get(k) {
                Some(output) if credit.iter().any(|c| !c.is_finite()) => {
                    return Err(bad(output.process, vec![k], Cause::NotANumber));
                }
                Some(_) => {}
                None => return Err(self.unsolvable(Vec::new(), Cause::NotANumber)),
            }
        }
        for input in &self.inputs {
            if !input.quantity.is_finite() || input.process >= count || input.output >= self.outputs.len() {
                return Err(bad(input.process.min(count.saturating_sub(1)), Vec::new(), Cause::NotANumber));
            }
        }
        for (&process, &sum) in &shares {
            if (sum - 1.0).abs() > SHARES {
                return Err(self.unsolvable(vec![process], Cause::SharesNotOne(sum)));
            }
        }
        Ok(())
    }
}

impl Output {
    /// `a / T`: what a unit bears of a unit that passes through the process.
    pub(super) fn per_unit(&self) -> f64 {
        if self.share == 0.0 { 0.0 } else { self.share / self.useful }
    }

    fn intensity(&self, through: &[Vec<f64>], side: usize) -> f64 {
        self.per_unit() * through[self.process][side]
    }
}

/// The matrix of a network: `1` on the diagonal less `Q_jp · a_j / T_j` in the row of p and the column of the process
/// that makes j.
pub(super) struct System {
    analysis: Analysis,
    values: Vec<f64>,
}

impl System {
    /// Checks a network and puts its matrix together.
    pub(super) fn new(network: &Network) -> Result<Self, Unsolvable> {
        network.check()?;
        let order = network.burdens.len();
        let mut entries: BTreeMap<(u32, u32), f64> = (0..order as u32).map(|p| ((p, p), 1.0)).collect();
        for input in &network.inputs {
            let output = &network.outputs[input.output];
            if output.share != 0.0 {
                let at = (input.process as u32, output.process as u32);
                *entries.entry(at).or_default() -= input.quantity * output.per_unit();
            }
        }
        closed(network, order)?;
        let rows: Vec<u32> = entries.keys().map(|k| k.0).collect();
        let columns: Vec<u32> = entries.keys().map(|k| k.1).collect();
        let all = || network.unsolvable((0..order).collect(), Cause::NotANumber);
        // invariant: the keys of a map are no duplicates, and the diagonal makes the pattern whole.
        let (pattern, slots) = Pattern::from_entries(order, &rows, &columns).map_err(|_| all())?;
        let mut values = vec![0.0; slots.len()];
        for (&slot, &value) in slots.iter().zip(entries.values()) {
            values[slot as usize] = value;
        }
        let analysis = Analysis::new(pattern).map_err(|_| all())?;
        Ok(Self { analysis, values })
    }

    /// The factors; a loop that multiplies what goes round in it has none.
    pub(super) fn factors<'a>(&'a self, network: &Network) -> Result<crate::network::Factors<'a>, Unsolvable> {
        let factors = self.analysis.factorise(&self.values).map_err(|block| {
            let processes = block.columns.iter().map(|&c| c as usize).collect();
            network.unsolvable(processes, Cause::NothingLeaves)
        })?;
        // Where nothing is sent back, a unit put in everywhere lets at least a unit pass everywhere. It is less where the
        // sum over the turns of a loop does not converge.
        if network.inputs.iter().all(|i| i.quantity >= 0.0) && network.outputs.iter().all(|o| o.per_unit() >= 0.0) {
            let mut passes = vec![1.0; factors.order()];
            factors.solve(&mut passes);
            let wrong = |p: &usize| passes[*p].is_nan() || passes[*p] < 1.0 - 1e-6;
            if let Some(loop_) = components(network, passes.len()).into_iter().find(|c| c.iter().any(wrong)) {
                return Err(network.unsolvable(loop_, Cause::MoreTakenThanGiven));
            }
        }
        Ok(factors)
    }
}

impl Network {
    /// The processes that feed each other in loops, and those that stand alone, feeders first.
    ///
    /// # Errors
    /// [`Unsolvable`], if some number is wrong.
    pub fn components(&self) -> Result<Vec<Vec<usize>>, Unsolvable> {
        self.check()?;
        Ok(components(self, self.burdens.len()))
    }
}

/// The strongly connected components of the processes, feeders first.
fn components(network: &Network, order: usize) -> Vec<Vec<usize>> {
    let mut arcs = vec![Vec::new(); order];
    for input in &network.inputs {
        if network.outputs[input.output].per_unit() != 0.0 {
            arcs[input.process].push(network.outputs[input.output].process);
        }
    }
    strong_components(&arcs)
}

/// Finds a loop out of which nothing comes.
fn closed(network: &Network, order: usize) -> Result<(), Unsolvable> {
    let mut place = vec![0; order];
    let components = components(network, order);
    for (number, component) in components.iter().enumerate() {
        for &p in component {
            place[p] = number;
        }
    }
    // Of what passes a process, the share that stays in its component.
    let mut stays = vec![0.0; order];
    let mut turns = vec![false; order];
    for input in &network.inputs {
        let output = &network.outputs[input.output];
        if output.per_unit() != 0.0 && place[output.process] == place[input.process] {
            stays[output.process] += input.quantity * output.per_unit();
            turns[output.process] = true;
        }
    }
    for component in components {
        if component.iter().all(|&p| turns[p] && stays[p] >= 1.0 - CLOSED) {
            let more = component.iter().any(|&p| stays[p] > 1.0 + CLOSED);
            let cause = if more { Cause::MoreTakenThanGiven } else { Cause::NothingLeaves };
            return Err(network.unsolvable(component, cause));
        }
    }
    Ok(())
}
