//! A solved model written back into flow rows, so that the accounts of a scenario are those of any park.

use super::link::Link;
use super::model::{Model, Solved};
use super::months::{Months, of_link, periods};
use crate::package::Package;
use crate::park::{Flow, Observations, Park, Quality};
use crate::quantity::{Basis, Period, Quantity, significant};
use std::collections::{BTreeMap, HashMap};

/// The package with the quantities of a solution in its rows: rows of a link move in proportion, a new link gets a row of its own,
/// and where nothing flows any more the rows go. What a stack monitor measured goes with the flow that it replaces, else with the
/// activity of its process. A link of which `months` are known has its months, where the park has months.
#[must_use]
pub fn written(package: &Package, model: &Model, solved: &Solved, months: &BTreeMap<usize, Months>) -> Package {
    let mut park = package.park.clone();
    let mut gone = vec![false; park.flows.len()];
    let mut ratios = vec![1.0; park.flows.len()];
    let mut new = Vec::new();
    for (l, link) in model.links.iter().enumerate() {
        let (was, is) = (model.base[model.processes + l], model.quantity_in(solved, l));
        let of_month = |&row: &usize| package.park.flows[row].period.month.is_some();
        let by_month =
            if link.rows.is_empty() { has_months(&package.park, model.year) } else { link.rows.iter().any(of_month) };
        if let Some(months) = months.get(&l).filter(|_| by_month) {
            let (base, _) = of_link(&package.park, link, model.year);
            for &row in &link.rows {
                let (was, is) = match park.flows[row].period.month {
                    Some(month) => (base[usize::from(month) - 1], months[usize::from(month) - 1]),
                    None => (was, is),
                };
                gone[row] = is == 0.0;
                if was != 0.0 {
                    ratios[row] = is / was;
                    scale(&mut park.flows[row], is / was);
                }
            }
            let own = periods(model.year).into_iter().zip(base.iter().zip(months));
            new.extend(own.filter(|(_, (was, is))| **was == 0.0 && **is > 0.0).map(|(period, (_, &is))| Flow {
                id: format!("{}@{period}", id(&package.park, link)).into(),
                period,
                ..flow(&package.park, link, model.year, is)
            }));
            continue;
        }
        if is - was == 0.0 {
            continue;
        }
        for &row in &link.rows {
            gone[row] = is == 0.0;
            if was != 0.0 {
                ratios[row] = is / was;
                scale(&mut park.flows[row], is / was);
            }
        }
        if was == 0.0 && is > 0.0 {
            new.push(flow(&package.park, link, model.year, is));
        }
    }
    reports(&mut park, model, solved, &ratios);
    let added = new.len();
    replace(&mut park, &gone, new);
    let mut rows = package.rows.clone();
    if let Some(rows) = rows.get_mut("flows.csv") {
        *rows = (*rows + added).saturating_sub(gone.iter().filter(|g| **g).count());
    }
    Package { park, rows, ..package.clone() }
}

/// Whether any flow of the year is that of a month.
fn has_months(park: &Park, year: u16) -> bool {
    park.flows.iter().any(|f| f.period.year == year && f.period.month.is_some())
}

fn scale(flow: &mut Flow, ratio: f64) {
    let Some(quantity) = &mut flow.quantity else { return };
    quantity.value *= ratio;
    flow.sd = flow.sd.map(|sd| sd * ratio);
    flow.printed.0 = significant(quantity.value / flow.scale, 9).into();
}

/// The id of the row of a link that no table has.
pub(super) fn id(park: &Park, link: &Link) -> String {
    format!("scenario:{}", link.text(park))
}

/// The row of a link that no table has; its unit, basis and scale are those of another row of the carrier, where there is one.
fn flow(park: &Park, link: &Link, year: u16, value: f64) -> Flow {
    let alike = |f: &&Flow| f.carrier == link.carrier && f.quantity.is_some_and(|q| q.dimension == link.dimension);
    let like = park.flows.iter().find(alike);
    let known = like.and_then(|f| f.quantity).map_or(Basis::default(), |q| q.basis);
    let basis = link.basis.unwrap_or(known);
    let (scale, unit) = like.map_or((1.0, link.dimension.to_string().into()), |f| (f.scale, f.printed.1.clone()));
    Flow {
        id: id(park, link).into(),
        period: Period { year, month: None },
        from: link.from,
        to: link.to,
        carrier: link.carrier,
        quantity: Some(Quantity { value, dimension: link.dimension, basis }),
        printed: (significant(value / scale, 9).into(), unit),
        scale,
        usage: link.usage,
        usage_stated: false,
        observer: None,
        sd: None,
        group: None,
        freight: link.freight.clone(),
        notation: None,
        quality: Quality::default(),
        stated: None,
        row: 0,
    }
}

/// Reported emissions of the year.
fn reports(park: &mut Park, model: &Model, solved: &Solved, ratios: &[f64]) {
    for reported in park.reported.iter_mut().filter(|r| r.period.year == model.year) {
        let by = match reported.replaces {
            Some(flow) => ratios[flow],
            None => solved.values[reported.process.index()],
        };
        if let Some(mass) = reported.mass.as_mut().filter(|_| by.to_bits() != 1.0_f64.to_bits()) {
            *mass *= by;
            reported.printed = (significant(*mass, 9).into(), "t".into());
        }
    }
}

/// Takes rows out and puts rows in, in the order of their ids; what points to rows follows them.
fn replace(park: &mut Park, gone: &[bool], new: Vec<Flow>) {
    if new.is_empty() && !gone.contains(&true) {
        return;
    }
    let old: Vec<Flow> = std::mem::take(&mut park.flows);
    let ids: Vec<Box<str>> = old.iter().map(|f| f.id.clone()).collect();
    let kept = old.into_iter().zip(gone).filter(|(_, gone)| !**gone).map(|(flow, _)| flow);
    park.flows = kept.chain(new).collect();
    park.flows.sort_by(|a, b| a.id.cmp(&b.id));
    park.observations = Observations::new(&park.flows);
    let places: HashMap<&str, usize> = park.flows.iter().enumerate().map(|(i, f)| (&*f.id, i)).collect();
    for reported in &mut park.reported {
        reported.replaces = reported.replaces.and_then(|flow| places.get(&*ids[flow]).copied());
    }
}
