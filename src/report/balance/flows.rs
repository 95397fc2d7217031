//! The flows and their readings, for programs.

use crate::balance::{Class, Measured, Reader, Suspect, Variable, Year};
use crate::park::Park;
use serde_json::{Value, json};

/// A variance that reconciliation takes off is rounding below this part of the variance.
const NOTHING: f64 = 1e-9;

/// The meters that were taken out of a year, in order.
pub(super) fn suspects(park: &Park, of: &Year) -> Vec<Value> {
    let one = |s: &Suspect| {
        let alike: Vec<Vec<String>> = s.alike.iter().map(|&k| ids(park, of, k as usize)).collect();
        json!({
            "ids": ids(park, of, s.variable as usize),
            "test": s.test,
            "bias": s.bias,
            "alike": alike,
            "chi2": s.chi2,
            "freedom": s.freedom,
        })
    };
    of.elimination.suspects.iter().map(one).collect()
}

/// The flows of a year, and their readings.
pub(super) fn flows(park: &Park, of: &Year) -> Vec<Value> {
    let Year { assembly, estimate, elimination, .. } = of;
    let tests = estimate.measurement_tests();
    let one = |(k, variable): (usize, &Variable)| {
        // What a group shares is no flow; a flow with one reading is told once, by that.
        let readings = || assembly.readings.iter().filter(|r| r.1 as usize == k).count();
        if variable.reader == Reader::Group || (variable.reader == Reader::Flow && readings() == 1) {
            return None;
        }
        let flow = &park.flows[variable.flow];
        let at = assembly.best_of(k);
        let deviation = estimate.deviation(at);
        let moved = |m: Measured| Some((estimate.x[at]? - m.value) / m.sd);
        let reading = variable.reading();
        let correction = reading.filter(|m| m.sd > 0.0).and_then(moved);
        let (mut class, mut test) = (estimate.class[k], tests[k]);
        // Where the error is shared, the flow stands for the reading.
        if let (false, Some(reading), Some(sd)) = (variable.shared.is_empty(), reading, deviation) {
            let taken = reading.sd * reading.sd - sd * sd;
            let tested = taken > NOTHING * reading.sd * reading.sd;
            class = if tested { Class::Redundant } else { Class::NonRedundant };
            test = correction.filter(|_| tested).map(|c| c.abs() * reading.sd / taken.sqrt());
        }
        let ids = ids(park, of, k);
        Some(json!({
            "id": ids.join("+"),
            "ids": ids,
            "period": flow.period.to_string(),
            "from": park.node_text(flow.from),
            "to": park.node_text(flow.to),
            "carrier": &*park.carrier(flow.carrier).label.id,
            "reader": variable.reader.words().0,
            "unit": variable.dimension.to_string(),
            "measured": reading.map(|m| m.value),
            "sd": reading.map(|m| m.sd),
            "reconciled": estimate.x[at],
            "posterior_sd": deviation,
            "class": class.id(),
            "correction": correction.filter(|_| class == Class::Redundant),
            "test": test,
            "without_suspects": elimination.x[at].filter(|_| !elimination.suspects.is_empty()),
        }))
    };
    assembly.variables.iter().enumerate().filter_map(one).collect()
}

/// Ids of the rows of a variable; of a flow without a reading, or with several, those of all its rows.
pub(super) fn ids(park: &Park, of: &Year, variable: usize) -> Vec<String> {
    let assembly = &of.assembly;
    let own = &assembly.variables[variable];
    let readings =
        assembly.readings.iter().filter(|r| r.1 as usize == variable).map(|r| &assembly.variables[r.0 as usize]);
    let mut rows: Vec<usize> = own.rows.iter().chain(readings.flat_map(|reading| &reading.rows)).copied().collect();
    if rows.is_empty() {
        rows.push(own.flow);
    }
    rows.into_iter().map(|row| park.flows[row].id.to_string()).collect()
}
