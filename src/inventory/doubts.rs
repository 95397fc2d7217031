//! What a solved network gives reason to doubt: meters in a loop that differ beyond sense, credits above the emission, and
//! shares that no flow row carries.

use super::solved::Embodied;
use super::unsolvable::process_origin;
use crate::balance::intensity::{Cause, Unsolvable};
use crate::diagnostic::{Diagnostic, Problem};
use crate::park::{CarrierId, Gas, Park, ProcessId};
use crate::quantity::significant;

/// What meters in a loop may differ by, in parts of what leaves it. Errors of meters are a few percent (GB 17167-2006,
/// table 4: up to 2.5 % for liquids and steam); the intensity in a loop is wrong by about as large a part.
const METERS: f64 = 0.1;

/// Finds a loop of which users and processes together take more, each by its own meter, than the seller gives. The
/// equations have a solution, but more is carried out than was emitted.
pub(super) fn meters(of: &Embodied) -> Option<Unsolvable> {
    let network = &of.network;
    let mut outside: Vec<f64> = vec![0.0; network.outputs.len()];
    let mut inside = outside.clone();
    for &(k, _, quantity) in &of.users {
        outside[k] += quantity;
    }
    for input in &network.inputs {
        let turns = of.turns[input.process] == of.turns[network.outputs[input.output].process];
        let sum = if turns { &mut inside } else { &mut outside };
        sum[input.output] += input.quantity;
    }
    let wrong = |&k: &usize| {
        let useful = network.outputs[k].useful;
        let base = if outside[k] > 0.0 { outside[k].min(useful) } else { useful };
        inside[k] > 0.0 && network.outputs[k].share != 0.0 && inside[k] + outside[k] - useful > METERS * base
    };
    let first = (0..network.outputs.len()).find(wrong)?;
    let turn = of.turns[network.outputs[first].process];
    let processes: Vec<usize> = (0..of.processes.len()).filter(|&p| of.turns[p] == turn).collect();
    let within = |k: &usize| of.turns[network.outputs[*k].process] == turn;
    let outputs = (0..network.outputs.len()).filter(within).filter(wrong).collect();
    Some(Unsolvable { processes, outputs, cause: Cause::MoreTakenThanGiven })
}

/// What else is to be said of a solved network, with what it is about.
pub(super) fn findings(park: &Park, of: &Embodied) -> Vec<((ProcessId, CarrierId), Diagnostic)> {
    let co2 = of.gases.iter().position(|g| *g == Gas::Co2);
    let mut list = Vec::new();
    for (k, output) in of.network.outputs.iter().enumerate() {
        let (process, carrier) = of.products[k];
        let id = || park.process(process).label.id.to_string();
        let name = || park.carrier(carrier).thing();
        let mut found = |problem| {
            let diagnostic = Diagnostic::new(problem, process_origin(park, process));
            list.push(((process, carrier), diagnostic));
        };
        if !of.sold[k] && output.share != 0.0 && !park.carrier(carrier).kind.is_utility() {
            found(Problem::ShareWithoutRows { process: id(), carrier: name(), share: significant(output.share, 6) });
        }
        let emission = co2.map_or(0.0, |side| output.share * of.solved.through[output.process][side]);
        if of.displaced[k] > emission.max(0.0) * (1.0 + 1e-9) {
            found(Problem::CreditAboveEmission {
                process: id(),
                carrier: name(),
                credit: significant(of.displaced[k], 6),
                emission: significant(emission, 6),
            });
        }
    }
    list
}
