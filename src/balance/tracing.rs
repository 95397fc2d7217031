//! Flow tracing: who carries the emission of a chimney, and where the burden of a product comes from.
//!
//! The same equations as the intensities (proportional sharing; J. Bialek, "Tracing the flow of electricity", IEE
//! Proceedings: Generation, Transmission and Distribution 143 (1996) 313): downstream by a solve with one unit at the
//! chimney, upstream by one transposed solve.

use super::intensity::{Network, Output, System, Unsolvable};

/// Of a unit emitted at `process`, the part that each output carries to its final uses; the parts add up to one. Unit: 1.
///
/// # Errors
/// [`Unsolvable`], if the network is.
pub fn carried_by(network: &Network, process: usize) -> Result<Vec<f64>, Unsolvable> {
    let system = System::new(network)?;
    let mut through = vec![0.0; network.burdens.len()];
    if let Some(at) = through.get_mut(process) {
        *at = 1.0;
    }
    system.factors(network)?.solve(&mut through);
    let uses = network.final_uses();
    let part = |(output, used): (&Output, f64)| used * output.per_unit() * through[output.process];
    Ok(network.outputs.iter().zip(uses).map(part).collect())
}

/// Of a unit emitted at each process, the part that a unit of `output` carries: times the burden of the process, where
/// the intensity of the output comes from, but for credits ([`credited_to`]). Unit: 1 per unit of the output.
///
/// # Errors
/// [`Unsolvable`], if the network is.
pub fn origins_of(network: &Network, output: usize) -> Result<Vec<f64>, Unsolvable> {
    let system = System::new(network)?;
    let mut weights = vec![0.0; network.burdens.len()];
    if let Some(output) = network.outputs.get(output) {
        weights[output.process] = output.per_unit();
    }
    system.factors(network)?.solve_transposed(&mut weights);
    Ok(weights)
}

/// What credits (substitution) of each process take off a unit of `output`, by the parts of [`origins_of`]. Unit: burden
/// per unit of the output, one number a process.
#[must_use]
pub fn credited_to(network: &Network, output: usize, origins: &[f64], side: usize) -> Vec<f64> {
    let mut taken_off = vec![0.0; network.burdens.len()];
    let per_unit = |k: usize| match network.outputs.get(k) {
        Some(o) if o.useful != 0.0 => (o.process, network.credit(k, side) / o.useful),
        _ => (0, 0.0),
    };
    let (process, credit) = per_unit(output);
    if let Some(own) = taken_off.get_mut(process) {
        *own += credit;
    }
    for input in &network.inputs {
        let (process, credit) = per_unit(input.output);
        if let (Some(at), Some(origin)) = (taken_off.get_mut(process), origins.get(input.process)) {
            *at += origin * input.quantity * credit;
        }
    }
    taken_off
}
