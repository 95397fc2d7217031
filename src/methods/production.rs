//! Process emissions by the quantity of product.
//!
//! `E = P · EF · (1 − destruction · utilization)` (IPCC 2006 Guidelines, volume 3:
//! equation 3.6 for nitric and 3.8 for adipic acid; the other products without the
//! bracket). Clinker and lime by oxides where the oxides are measured:
//! `E = P · [(CaO − CaO_nc) · 44/56 + (MgO − MgO_nc) · 44/40] · dust` (GB/T 32151.8; NDRC 2013
//! cement guideline). Equation numbers were not checked against the text.
//!
//! What is made is what leaves, plus closing stock, less opening stock and what was taken in. The default
//! factor of clinker is reduced by raw materials without carbonate; the oxide route
//! has them in `CaO_nc` already. Both add the organic carbon of the raw meal.

use super::book::{Book, definition};
use super::electrolysis::ALUMINIUM;
use super::lookup::{Answer, Ask, Lookup};
use super::posting::{Key, Part, key, product};
use super::{Claim, Treatment};
use crate::diagnostic::{Origin, Problem, Words};
use crate::factors::Parameter;
use crate::ledger::{Activity, CarbonOrigin, Source, Standing, Term, TermSource};
use crate::park::{CarrierId, Flow, Gas, Node, ProcessId};
use crate::quantity::{Dimension, EmissionPerMass, Fraction, Period, Tonnes};
use std::collections::{BTreeMap, BTreeSet, HashMap};

const METHOD: (&str, &str) = ("process emission by product", "按产品的生产过程排放");

/// Products whose CO2 may go by their oxides.
pub(super) const OXIDE_PRODUCTS: [&str; 2] = ["clinker", "lime"];

/// Products whose process emission is another gas than CO2: a factor that the park measured is one of it.
const OTHER_GASES: [(&str, Gas); 5] = [
    ("nitric_acid", Gas::N2o),
    ("adipic_acid", Gas::N2o),
    ("caprolactam", Gas::N2o),
    ("hcfc22", Gas::Hfc23),
    ("magnesium_casting", Gas::Sf6),
];

/// The gas of a measured factor: `carriers.csv` has no column for it.
pub(super) fn measured_gas(carrier: &str, parameter: Parameter) -> Gas {
    let other = OTHER_GASES.iter().find(|o| o.0 == carrier).filter(|_| parameter == Parameter::ProductionFactor);
    other.map_or(Gas::Co2, |o| o.1)
}

/// A gas by product: `E = P · EF · (1 − destruction · utilization)`. Unit: t.
#[must_use]
pub fn by_product(made: Tonnes, factor: EmissionPerMass, destruction: Fraction, utilization: Fraction) -> Tonnes {
    made * factor * Fraction(1.0 - destruction.0 * utilization.0)
}

/// Mass shares of oxides in clinker or lime.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Oxides {
    /// Calcium oxide in all.
    pub cao: f64,
    /// Calcium oxide that does not come from carbonate.
    pub cao_other: f64,
    /// Magnesium oxide in all.
    pub mgo: f64,
    /// Magnesium oxide that does not come from carbonate.
    pub mgo_other: f64,
}

/// CO2 of calcination: `E = P · [(CaO − CaO_nc) · 44/56 + (MgO − MgO_nc) · 44/40] · dust`;
/// `dust` is clinker with the dust that is not returned, per clinker. Unit: t.
#[must_use]
pub fn by_oxides(made: Tonnes, oxides: Oxides, dust: f64) -> Tonnes {
    let cao = (oxides.cao - oxides.cao_other) * 44.0 / 56.0;
    let mgo = (oxides.mgo - oxides.mgo_other) * 44.0 / 40.0;
    Tonnes(made.0 * (cao + mgo) * dust)
}

/// A question for the factor of a gas per unit of a product.
pub(super) fn factor(carrier: CarrierId, gas: Gas, dimension: Dimension) -> Ask {
    let parameter = Parameter::ProductionFactor;
    Ask { parameter, carrier: Some(carrier), gas: Some(gas), dimension: Dimension::MASS / dimension }
}

/// The process that a row says made something: what leaves was made.
pub(super) fn made_at(book: &Book, i: usize, flow: &Flow) -> Option<ProcessId> {
    let Node::Process(p) = flow.from else { return None };
    (book.claims.is_product(flow) && book.park.observations.counts_for_seller(i)).then_some(p)
}

/// The process at which a row of its product is deducted from what leaves: opening stock
/// was made before, what was bought or came back was made elsewhere or counted already.
/// Fuel that the row says is used up there does not leave again.
pub(super) fn taken_at(book: &Book, i: usize, flow: &Flow) -> Option<ProcessId> {
    let park = book.park;
    let Node::Process(p) = flow.to else { return None };
    let counts = flow.from != flow.to && park.observations.counts_for_buyer(i);
    if !counts || !book.claims.makes(p, flow.carrier, flow.period.year) {
        return None;
    }
    let used_up = matches!(book.claims.of(i), Some(Claim::Combustion | Claim::Carbonate));
    (matches!(flow.from, Node::Stock(_)) || !used_up).then_some(p)
}

pub(super) fn account(book: &mut Book) {
    if !book.claims.any_product() {
        return;
    }
    let park = book.park;
    let first = book.ledger.lines.len();
    let gases = gases(book);
    let mut known: HashMap<Key, Vec<Part>> = HashMap::new();
    let mut inputs: HashMap<Key, Vec<Part>> = HashMap::new();
    let mut makes: BTreeMap<ProcessId, BTreeSet<CarrierId>> = BTreeMap::new();
    for flow in &park.flows {
        if let Node::Process(p) = flow.from
            && book.claims.is_product(flow)
        {
            makes.entry(p).or_default().insert(flow.carrier);
        }
    }
    for (i, flow) in park.flows.iter().enumerate() {
        let id = &*park.carrier(flow.carrier).label.id;
        let made = made_at(book, i, flow).map(|p| (p, 1.0));
        let taken = taken_at(book, i, flow).map(|p| (p, -1.0));
        let mut deducted = false;
        for (process, sign) in made.into_iter().chain(taken).filter(|_| id != ALUMINIUM) {
            // The factors of steel hold the iron that it is made of.
            let converted = id == "pig_iron" && book.claims.of(i) == Some(Claim::Product);
            if converted && (sign > 0.0 || book.claims.is_product(flow)) {
                book.treatment[i] = Treatment::ThroughProduct;
                continue;
            }
            let Some(at) = key(flow, process) else { continue };
            let made = || by_flow(book, flow, process, at.3, gases.get(&flow.carrier));
            let parts = known.entry(at).or_insert_with(made).clone();
            book.post(i, process, sign, &parts);
            deducted |= sign < 0.0;
        }
        // What is deducted of the product is no raw material.
        if deducted {
            continue;
        }
        if let Node::Process(process) = flow.to
            && book.claims.of(i) == Some(Claim::Product)
            && park.observations.counts_for_buyer(i)
        {
            let products = makes.get(&process);
            let Some(at) = key(flow, process) else { continue };
            let parts = inputs.entry(at).or_insert_with(|| input(book, flow, process, at.3, products)).clone();
            if parts.is_empty() {
                if matches!(book.treatment[i], Treatment::Unclaimed | Treatment::NoEmission) {
                    book.treatment[i] = Treatment::ThroughProduct;
                }
            } else {
                book.post(i, process, 1.0, &parts);
            }
        }
    }
    replace_together(book, first);
}

/// What raw materials and earlier stock change belongs to the emission of the product: a
/// report on every product of a process and period stands for these lines too.
fn replace_together(book: &mut Book, first: usize) {
    let park = book.park;
    let mut products: HashMap<(ProcessId, Gas), Vec<(Period, Standing)>> = HashMap::new();
    let mut others = Vec::new();
    for (i, line) in book.ledger.lines.iter().enumerate().skip(first) {
        let Activity::Flow(flow) = line.activity else { continue };
        let of = &park.flows[flow];
        if of.from == Node::Process(line.process) && book.claims.is_product(of) {
            products.entry((line.process, line.gas)).or_default().push((line.period, line.standing));
        } else {
            others.push((i, flow));
        }
    }
    for (i, flow) in others {
        let line = &mut book.ledger.lines[i];
        let period = line.period;
        let made = products.get(&(line.process, line.gas)).into_iter().flatten();
        let mut same = made.filter(|(p, _)| p.contains(period) || period.contains(*p)).peekable();
        if same.peek().is_some() && same.all(|&(_, standing)| standing == Standing::Replaced) {
            line.standing = Standing::Replaced;
            book.treatment[flow] = Treatment::Replaced;
        }
    }
}

/// Gases that the park's sets, or its own measurements, know for each product.
fn gases(book: &Book) -> HashMap<CarrierId, BTreeSet<Gas>> {
    let park = book.park;
    let mut gases: HashMap<CarrierId, BTreeSet<Gas>> = HashMap::new();
    for factor in book.sets.iter().flat_map(|s| s.factors.iter()).filter(|f| f.parameter == Parameter::ProductionFactor)
    {
        let carrier = park.carriers.binary_search_by(|c| (*c.label.id).cmp(&factor.carrier));
        if let (Ok(c), Some(gas)) = (carrier, factor.gas) {
            gases.entry(CarrierId::new(c)).or_default().insert(gas);
        }
    }
    for property in park.properties.iter().filter(|p| p.name == Parameter::ProductionFactor) {
        let gas = measured_gas(&park.carrier(property.carrier).label.id, property.name);
        gases.entry(property.carrier).or_default().insert(gas);
    }
    gases
}

/// The lines of a product, or what they lack.
fn by_flow(
    book: &mut Book,
    flow: &Flow,
    process: ProcessId,
    dimension: Dimension,
    gases: Option<&BTreeSet<Gas>>,
) -> Vec<Part> {
    let lookup = book.lookup(process, flow.period);
    if let Some(parts) = oxides(book, &lookup, flow, dimension) {
        return parts;
    }
    let main = gases.and_then(|g| g.first().copied()).unwrap_or(Gas::Co2);
    let mut parts = Vec::new();
    let mut lacking = Vec::new();
    for gas in gases.into_iter().flatten().copied() {
        match lookup.find(factor(flow.carrier, gas, dimension)) {
            Some(answer) => parts.extend(product_parts(book, &lookup, flow, gas, answer)),
            None => lacking.push(gas),
        }
    }
    if parts.is_empty() {
        if let Err(problem) = lookup.need(factor(flow.carrier, main, dimension), METHOD) {
            book.missing(flow, *problem);
        }
        return parts;
    }
    for gas in lacking {
        book.not_estimated(flow, gas);
    }
    parts
}

/// `P · EF`, and what an abatement takes away of it.
fn product_parts(book: &mut Book, lookup: &Lookup, flow: &Flow, gas: Gas, factor: Answer) -> Vec<Part> {
    let origin = factor.origin();
    let dust = dust(lookup, flow, false);
    let mut parts = Vec::new();
    let (terms, losers) = product([factor.clone()].into_iter().chain(dust));
    parts.push(book.part((gas, Source::Production, "product"), 1.0, terms, losers, origin));
    // A removal without a gas may be that of dust or SO2: only one for this gas counts.
    let stated = book.park.parameters.iter().any(|p| {
        p.process == lookup.process
            && p.name == Parameter::Removal
            && p.gas == Some(gas)
            && p.period.is_none_or(|period| period.contains(flow.period))
    });
    if !stated {
        return parts;
    }
    let ask = |parameter| Ask { parameter, carrier: None, gas: Some(gas), dimension: Dimension::NONE };
    let removal = lookup.measured(ask(Parameter::Removal));
    match (removal, lookup.need(ask(Parameter::Utilization), METHOD)) {
        (Some(removal), Ok(utilization)) => {
            let (terms, losers) = product([factor, removal, utilization]);
            parts.push(book.part((gas, Source::Production, "abated"), -1.0, terms, losers, origin));
        }
        (_, Err(problem)) => book.missing(flow, *problem),
        (None, Ok(_)) => {}
    }
    parts
}

/// Clinker with the kiln dust that is not returned, per clinker: measured, or (by
/// oxides) the default of a set.
fn dust(lookup: &Lookup, flow: &Flow, by_oxides: bool) -> Option<Answer> {
    let ask =
        Ask { parameter: Parameter::KilnDust, carrier: Some(flow.carrier), gas: None, dimension: Dimension::NONE };
    if by_oxides { lookup.find(ask) } else { lookup.measured(ask) }
}

/// The lines by oxides, where that is the route: the oxides are measured, or a set
/// gives the calcium oxide and no earlier one a factor.
fn oxides(book: &mut Book, lookup: &Lookup, flow: &Flow, dimension: Dimension) -> Option<Vec<Part>> {
    if !goes_by_oxides(book, lookup, flow.carrier, dimension) {
        return None;
    }
    let ask = |parameter| Ask { parameter, carrier: Some(flow.carrier), gas: None, dimension: Dimension::NONE };
    let dust = dust(lookup, flow, true);
    let ways = [
        (Parameter::Cao, Parameter::CaoOther, 44.0 / 56.0, "44/56", ("cao", "cao_noncarbonate")),
        (Parameter::Mgo, Parameter::MgoOther, 44.0 / 40.0, "44/40", ("mgo", "mgo_noncarbonate")),
    ];
    let mut parts = Vec::new();
    for (all, other, ratio, printed, names) in ways {
        let (all, other) = (lookup.find(ask(all)), lookup.find(ask(other)));
        if let (Some(all), Some(other)) = (&all, &other)
            && other.term.value > all.term.value
        {
            let (en, zh) = other.term.name;
            let problem = Problem::OutsideRange {
                method: Words::new(METHOD.0, METHOD.1),
                what: Words::new(en, zh),
                value: other.term.printed.clone(),
                range: format!("0 … {}", all.term.printed),
            };
            book.missing(flow, problem);
        }
        for (share, variant, sign) in [(all, names.0, 1.0), (other, names.1, -1.0)] {
            let Some(share) = share.filter(|s| s.term.value > 0.0) else { continue };
            let (mut terms, losers) = product([share].into_iter().chain(dust.clone()));
            terms.insert(1, definition(("CO2 per oxide", "CO2 与氧化物之比"), ratio, printed, printed));
            parts.push(book.part((Gas::Co2, Source::Production, variant), sign, terms, losers, CarbonOrigin::Fossil));
        }
    }
    Some(parts)
}

/// Whether CO2 of a product goes by its oxides at a process.
fn goes_by_oxides(book: &Book, lookup: &Lookup, carrier: CarrierId, dimension: Dimension) -> bool {
    let id = &*book.park.carrier(carrier).label.id;
    let cao = Ask { parameter: Parameter::Cao, carrier: Some(carrier), gas: None, dimension: Dimension::NONE };
    if !OXIDE_PRODUCTS.contains(&id) || dimension != Dimension::MASS {
        return false;
    }
    if lookup.measured(cao).is_some() {
        return true;
    }
    let place = |answer: Option<Answer>| answer.and_then(|a| rank(book, &a.term)).unwrap_or(usize::MAX);
    let by_factor = lookup.find(factor(carrier, Gas::Co2, dimension));
    place(lookup.find(cao)) < by_factor.map_or(usize::MAX, |a| rank(book, &a.term).unwrap_or(0))
}

/// The position of the set that a term was taken from; none where the park states it.
fn rank(book: &Book, term: &Term) -> Option<usize> {
    let TermSource::Factor { origin: Origin { file, .. }, .. } = &term.source else { return None };
    book.sets.iter().position(|s| s.file == *file)
}

/// What a raw material changes at a process that goes by its product.
fn input(
    book: &mut Book,
    flow: &Flow,
    process: ProcessId,
    dimension: Dimension,
    products: Option<&BTreeSet<CarrierId>>,
) -> Vec<Part> {
    let park = book.park;
    let lookup = book.lookup(process, flow.period);
    let id = |c: CarrierId| &*park.carrier(c).label.id;
    let made = |name: &str| products.into_iter().flatten().copied().find(|&c| id(c) == name);
    let line = |book: &mut Book, variant, sign, answer: Answer, ratio: bool| {
        let (mut terms, losers) = product([answer]);
        if ratio {
            let name = ("CO2 per carbon", "二氧化碳与碳之比");
            terms.push(definition(name, 44.0 / 12.0, "44/12", "molar masses, 44/12"));
        }
        vec![book.part((Gas::Co2, Source::Production, variant), sign, terms, losers, CarbonOrigin::Fossil)]
    };
    let share = |parameter, gas| Ask { parameter, carrier: Some(flow.carrier), gas, dimension: Dimension::NONE };
    match (made("clinker"), made("glass")) {
        (Some(_), _) if id(flow.carrier) == "raw_meal" => {
            if let Some(carbon) = lookup.find(share(Parameter::OrganicCarbon, None)) {
                return line(book, "organic", 1.0, carbon, true);
            }
            book.part_not_estimated(flow, "CO2 (organic carbon)");
        }
        (Some(clinker), _) if !goes_by_oxides(book, &lookup, clinker, Dimension::MASS) => {
            // A deduction belongs to the default factor of its own set, or is the park's own.
            let factor = lookup.find(factor(clinker, Gas::Co2, Dimension::MASS));
            let deduction = lookup.find(share(Parameter::Deduction, Some(Gas::Co2)));
            if let (Some(factor), Some(deduction)) = (factor, deduction)
                && rank(book, &deduction.term).is_none_or(|r| rank(book, &factor.term) == Some(r))
            {
                return line(book, "deduction", -1.0, deduction, false);
            }
        }
        // Cullet was melted before: `E = EF · (glass − cullet)`, IPCC 2006 volume 3, equation 2.13.
        (None, Some(glass)) if id(flow.carrier) == "cullet" => {
            if let Some(factor) = lookup.find(factor(glass, Gas::Co2, dimension)) {
                return line(book, "cullet", -1.0, factor, false);
            }
        }
        _ => {}
    }
    Vec::new()
}
