//! What power a reversible machine could make of heat, against surroundings at a temperature T0.
//!
//! Steam and condensate: flow exergy `(h − h0) − T0 · (s − s0)` by IAPWS-IF97, with h0 and s0 of water at T0 and the
//! standard atmosphere. Heat of which only the temperature is known: `1 − T0 / T` (Carnot); cooling: `T0 / T − 1`.

use super::heat::{ATMOSPHERE, HeatFault, fluid};
use super::{CarrierId, CarrierKind, Parameter, Park, ProcessId};
use crate::quantity::Period;
use crate::quantity::steam::{self, Kelvins, Megapascals};

/// What the exergy of a carrier is measured by.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Exergy {
    /// Of a tonne, with its heat above the park's datum. Unit: GJ/t.
    Fluid {
        /// Exergy.
        exergy: f64,
        /// Heat.
        heat: f64,
    },
    /// Of a unit of energy. Unit: 1.
    Energy(f64),
}

/// The exergy of power, heat, steam, condensate or cooling at a process in a period.
///
/// # Errors
/// [`HeatFault`]: no temperature or state known, or outside the equations.
pub fn exergy(
    park: &Park,
    carrier: CarrierId,
    process: ProcessId,
    period: Period,
    surroundings: Kelvins,
) -> Result<Exergy, HeatFault> {
    let kind = park.carrier(carrier).kind;
    let t0 = surroundings.0;
    let temperature = || park.property(carrier, process, period, Parameter::Temperature).map(|p| p.value);
    let known = || temperature().map(|t| Kelvins::from_celsius(t).0).filter(|t| *t > 0.0);
    match kind {
        CarrierKind::Electricity => Ok(Exergy::Energy(1.0)),
        CarrierKind::Cooling => known().map(|t| Exergy::Energy((t0 / t - 1.0).max(0.0))).ok_or(HeatFault::Missing),
        CarrierKind::Heat => known().map(|t| Exergy::Energy(1.0 - t0 / t)).ok_or(HeatFault::Missing),
        _ => match fluid(park, carrier, process, period) {
            Ok(fluid) => {
                let dead = steam::state(Megapascals(ATMOSPHERE), surroundings)?;
                let exergy = (fluid.enthalpy - dead.enthalpy) - t0 * (fluid.entropy - dead.entropy);
                let heat = fluid.enthalpy - park.settings.heat_datum.deducted();
                Ok(Exergy::Fluid { exergy: exergy / 1e3, heat: heat / 1e3 })
            }
            // Without a pressure its temperature still tells what the heat is worth.
            Err(fault @ (HeatFault::Incomplete(Parameter::Pressure) | HeatFault::Missing)) => {
                known().map(|t| Exergy::Energy(1.0 - t0 / t)).ok_or(fault)
            }
            Err(fault) => Err(fault),
        },
    }
}
