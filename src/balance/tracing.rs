//! Flow tracing: who carries the emission of a chimney, and where the burden of a product comes from.
//!
//! The same equations as the intensities (proportional sharing; J. Bialek, "Tracing the flow of electricity", IEE
//! Proceedings: Generation, Transmission and Distribution 143 (1996) 313): downstream by a solve with one unit at the
//! chimney, upstream by one transposed solve.

use super::intensity::{Network, System, Unsolvable};

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
    let part = |(output, used): (&super::intensity::Output, f64)| used * output.per_unit() * through[output.process];
    Ok(network.outputs.iter().zip(uses).map(part).collect())
}

/// Of a unit emitted at each process, the part that a unit of `output` carries: times the burden of the process, where
/// the intensity of the output comes from. Unit: 1 per unit of the output.
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
