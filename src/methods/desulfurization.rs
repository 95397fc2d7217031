//! CO2 of flue-gas desulfurization.
//!
//! Two forms, of which `fgd` in park.toml chooses one. **Physical**: the acid drives CO2 out of as much carbonate as it
//! neutralizes, `CaCO3 + SO2 + ½ O2 + 2 H2O → CaSO4·2H2O + CO2`, so `E = m(SO2 removed) · M(CO2) / M(SO2)` = 0.687 t/t;
//! carbonate in excess leaves with the gypsum, and carbon and calcium close. **Compliance** (GB/T 32151, desulfurization
//! clause 5.2.5.2 [M: read in a mapping of the standard]): `E = CAL · I · EF · TR`, all carbonate of the reagent. Lime,
//! caustic, ammonia and carbide slag give off nothing at the scrubber; `NaHCO3` two CO2 for one SO2.
//!
//! The plant's own power is in the fuel of the plant: not scope 2.

use super::burnt::{is_replaced, reported_gases};
use super::lookup::{Ask, Lookup};
use super::pollutants::{Sulfur, definition};
use super::{Claim, Claims, Treatment};
use crate::diagnostic::{Diagnostic, Diagnostics, Origin, Problem, Words};
use crate::factors::{FactorSet, Parameter};
use crate::ledger::{Activity, CarbonOrigin, Ledger, Line, Source, Standing, Term};
use crate::park::{CarrierId, EnterpriseId, Fgd, Flow, Gas, Node, Park, ProcessId};
use crate::quantity::{Dimension, Fraction, Tonnes, significant};
use std::collections::{BTreeMap, BTreeSet};

/// Molar masses of what passes a limestone scrubber. Unit: g/mol.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Molar {
    /// Carbon.
    pub carbon: f64,
    /// CO2.
    pub co2: f64,
    /// SO2.
    pub so2: f64,
    /// `CaCO3`.
    pub limestone: f64,
    /// `CaSO4·2H2O`.
    pub gypsum: f64,
}

/// From conventional atomic weights of IUPAC (H 1.008, C 12.011, O 15.999, S 32.06, Ca 40.078).
pub const MOLAR: Molar = Molar { carbon: 12.011, co2: 44.009, so2: 64.058, limestone: 100.086, gypsum: 172.164 };

/// What a reagent is made of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reagent {
    /// Carrier id.
    pub carrier: &'static str,
    /// Formula, for trails.
    pub formula: &'static str,
    /// Molar mass. Unit: g/mol.
    pub molar_mass: f64,
    /// Moles of SO2 that a mole of it binds.
    pub so2: f64,
    /// Moles of CO2 that a mole of it gives off when it is used up.
    pub co2: f64,
    /// Moles of calcium in a mole of it.
    pub calcium: f64,
}

const fn reagent(
    carrier: &'static str,
    formula: &'static str,
    molar_mass: f64,
    [so2, co2, calcium]: [f64; 3],
) -> Reagent {
    Reagent { carrier, formula, molar_mass, so2, co2, calcium }
}

/// Reagents that the library knows.
pub const REAGENTS: [Reagent; 11] = [
    reagent("limestone", "CaCO3", MOLAR.limestone, [1.0, 1.0, 1.0]),
    reagent("dolomite", "CaMg(CO3)2", 184.399, [2.0, 2.0, 1.0]),
    reagent("magnesite", "MgCO3", 84.313, [1.0, 1.0, 0.0]),
    reagent("soda_ash", "Na2CO3", 105.988, [1.0, 1.0, 0.0]),
    reagent("sodium_bicarbonate", "NaHCO3", 84.006, [0.5, 1.0, 0.0]),
    reagent("lime", "CaO", 56.077, [1.0, 0.0, 1.0]),
    reagent("slaked_lime", "Ca(OH)2", 74.092, [1.0, 0.0, 1.0]),
    reagent("carbide_slag", "Ca(OH)2", 74.092, [1.0, 0.0, 1.0]),
    reagent("magnesia", "MgO", 40.304, [1.0, 0.0, 0.0]),
    reagent("caustic_soda", "NaOH", 39.997, [0.5, 0.0, 0.0]),
    reagent("ammonia", "NH3", 17.031, [0.5, 0.0, 0.0]),
];

impl Reagent {
    /// CO2 given off per mass of pure reagent used up. Unit: t/t.
    #[must_use]
    pub fn co2_per_mass(&self) -> f64 {
        self.co2 * MOLAR.co2 / self.molar_mass
    }

    /// SO2 bound per mass of pure reagent used up. Unit: t/t.
    #[must_use]
    pub fn so2_per_mass(&self) -> f64 {
        self.so2 * MOLAR.so2 / self.molar_mass
    }

    /// CO2 given off per mass of SO2 bound: 0.687 for a carbonate, 1.374 for `NaHCO3`, 0 for lime. Unit: t/t.
    #[must_use]
    pub fn co2_per_so2(&self) -> f64 {
        self.co2 * MOLAR.co2 / (self.so2 * MOLAR.so2)
    }
}

/// CO2 that the chemistry releases: `m(SO2 removed) · ratio`. Unit: t.
#[must_use]
pub fn co2_released(so2_removed: Tonnes, co2_per_so2: f64) -> Tonnes {
    Tonnes(so2_removed.0 * co2_per_so2)
}

/// Compliance form, GB/T 32151: `E = CAL · I · EF · TR`. Unit: t.
#[must_use]
pub fn co2_of_reagent(reagent: Tonnes, carbonate: Fraction, factor: f64, conversion: Fraction) -> Tonnes {
    Tonnes(reagent.0 * carbonate.0 * factor * conversion.0)
}

/// Electricity of the scrubber: `m(SO2 removed) · specific power`. Units: t, MWh/t → MWh.
#[must_use]
pub fn auxiliary_power(so2_removed: Tonnes, mwh_per_tonne: f64) -> f64 {
    so2_removed.0 * mwh_per_tonne
}

/// Carbon and calcium through a limestone scrubber.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Closure {
    /// Limestone as delivered. Unit: t.
    pub limestone: f64,
    /// Carbonate carbon that enters. Unit: tC.
    pub carbon_in: f64,
    /// Carbon released as CO2. Unit: tC.
    pub carbon_released: f64,
    /// Carbon that leaves in the gypsum as undecomposed carbonate. Unit: tC.
    pub carbon_in_gypsum: f64,
    /// Gypsum made, pure dihydrate. Unit: t.
    pub gypsum: f64,
}

/// Balances of a limestone scrubber: `limestone = m(SO2) · M(CaCO3)/M(SO2) · Ca/S / purity`; gypsum one mole a mole.
/// None where Ca/S lies below one or the purity is not above zero: the SO2 could not have been bound.
#[must_use]
pub fn closure(so2_removed: Tonnes, calcium_sulfur: f64, purity: Fraction, molar: &Molar) -> Option<Closure> {
    if calcium_sulfur < 1.0 || purity.0 <= 0.0 {
        return None;
    }
    let mol = so2_removed.0 / molar.so2;
    Some(Closure {
        limestone: mol * molar.limestone * calcium_sulfur / purity.0,
        carbon_in: mol * molar.carbon * calcium_sulfur,
        carbon_released: mol * molar.carbon,
        carbon_in_gypsum: mol * molar.carbon * (calcium_sulfur - 1.0),
        gypsum: mol * molar.gypsum,
    })
}

/// The technique of factor rows that hold for reagents.
pub(super) const REAGENT: &str = "fgd";

/// The words of the method.
const METHOD: (&str, &str) = ("desulfurization", "脱硫");
const USED_UP: (&str, &str) = ("share of the reagent that is used up", "脱硫剂利用率");
const PURE: &str = "reagent taken as pure: no content is stated";

/// One row of reagent into a scrubber, or out of it unused: to stock, or passed on.
struct Feed {
    flow: usize,
    process: ProcessId,
    sign: f64,
}

pub(super) fn account(
    park: &Park,
    sets: &[FactorSet],
    claims: &Claims,
    sulfur: &Sulfur,
    ledger: &mut Ledger,
    treatment: &mut [Treatment],
    found: &mut Diagnostics,
) {
    let form = park.settings.fgd;
    let feeds = feeds(park, claims);
    if form == Fgd::Omitted {
        return;
    }
    let work = Work { park, sets, sulfur };
    let reported = reported_gases(park);
    for (&(enterprise, year), feeds) in &feeds {
        let used = match form {
            Fgd::Compliance => None,
            _ => Some(work.utilization(enterprise, year, feeds, found)),
        };
        for feed in feeds {
            // A report speaks of the scrubber that takes the reagent in.
            let replaced = feed.sign > 0.0 && is_replaced(reported.get(&feed.flow), Gas::Co2);
            if work.reagent(feed, used.as_ref(), replaced, ledger, found) && feed.sign > 0.0 {
                treatment[feed.flow] = if replaced { Treatment::Replaced } else { Treatment::Counted };
            } else if feed.sign < 0.0 && treatment[feed.flow] == Treatment::NoEmission {
                treatment[feed.flow] = Treatment::Counted;
            }
        }
    }
    work.without_reagent(form, &feeds, ledger, found);
}

/// Reagent rows by enterprise and year.
fn feeds(park: &Park, claims: &Claims) -> BTreeMap<(EnterpriseId, u16), Vec<Feed>> {
    let mut feeds: BTreeMap<_, Vec<Feed>> = BTreeMap::new();
    if !claims.any(Claim::Sorbent) {
        return feeds;
    }
    let mut taken: BTreeSet<(ProcessId, CarrierId)> = BTreeSet::new();
    let mut push = |park: &Park, flow: &Flow, i, process, sign| {
        let key = (park.process(process).enterprise, flow.period.year);
        feeds.entry(key).or_default().push(Feed { flow: i, process, sign });
    };
    for (i, flow) in park.flows.iter().enumerate() {
        if let Node::Process(to) = flow.to
            && claims.of(i) == Some(Claim::Sorbent)
        {
            taken.insert((to, flow.carrier));
            if flow.quantity.is_some() && park.observations.counts_for_buyer(i) {
                push(park, flow, i, to, 1.0);
            }
        }
    }
    for (i, flow) in park.flows.iter().enumerate() {
        if let Node::Process(from) = flow.from
            && flow.from != flow.to
            && taken.contains(&(from, flow.carrier))
            && flow.quantity.is_some()
            && park.observations.counts_for_seller(i)
        {
            push(park, flow, i, from, -1.0);
        }
    }
    feeds
}

/// What a carrier is as a reagent, if the library knows it.
fn chemistry(park: &Park, carrier: CarrierId) -> Option<&'static Reagent> {
    REAGENTS.iter().find(|r| r.carrier == &*park.carrier(carrier).label.id)
}

struct Work<'a> {
    park: &'a Park,
    sets: &'a [FactorSet],
    sulfur: &'a Sulfur,
}

impl<'a> Work<'a> {
    fn lookup(&self, process: ProcessId, flow: &Flow) -> Lookup<'a> {
        Lookup { park: self.park, sets: self.sets, process, period: flow.period }
    }

    /// Share of the reagent that SO2 used up, 1/(Ca/S), by process: what was removed over what the reagents of the
    /// enterprise can bind in the year; where no SO2 is known, by the stated Ca/S; else all of it.
    fn utilization(
        &self,
        enterprise: EnterpriseId,
        year: u16,
        feeds: &[Feed],
        found: &mut Diagnostics,
    ) -> BTreeMap<ProcessId, Term> {
        let park = self.park;
        let removed = self.sulfur.removed.get(&(enterprise, year)).copied().unwrap_or_default();
        let mut binds = 0.0;
        let mut rows = Vec::new();
        for feed in feeds {
            let flow = &park.flows[feed.flow];
            let quantity = flow.quantity.filter(|q| q.dimension == Dimension::MASS);
            let (Some(reagent), Some(quantity)) = (chemistry(park, flow.carrier), quantity) else { continue };
            let content = self.content(feed, flow).value;
            binds += feed.sign * quantity.value * content * reagent.so2_per_mass();
            rows.push(&*flow.id);
        }
        let mut used = BTreeMap::new();
        let stated = |process: ProcessId| {
            let lookup = self.lookup(process, &park.flows[feeds[0].flow]);
            lookup.find(ask(Parameter::CalciumSulfur, None)).map(|a| a.term)
        };
        let out_of_range = |value: f64, origin: Origin| {
            let problem = Problem::OutsideRange {
                method: Words::new(METHOD.0, METHOD.1),
                what: Words::new("Ca/S ratio", "钙硫比"),
                value: significant(value, 4),
                range: "≥ 1".to_owned(),
            };
            Diagnostic::new(problem, origin).found(significant(value, 4))
        };
        for feed in feeds {
            let term = match stated(feed.process) {
                Some(ratio) if ratio.value < 1.0 => {
                    if !used.contains_key(&feed.process) {
                        found.push(out_of_range(ratio.value, place(&ratio)));
                    }
                    definition(USED_UP, 1.0, "Ca/S out of range")
                }
                _ if removed > 0.0 && binds > 0.0 => {
                    let text = format!(
                        "{} t SO2 removed in {year} over {} t that the reagents can bind ({})",
                        significant(removed, 6),
                        significant(binds, 6),
                        rows.join(", ")
                    );
                    definition(USED_UP, removed / binds, &text)
                }
                Some(ratio) => {
                    let printed = format!("1/{}", ratio.printed);
                    Term { name: USED_UP, value: 1.0 / ratio.value, printed, source: ratio.source }
                }
                None => definition(USED_UP, 1.0, "neither SO2 removed nor Ca/S is known: all of it"),
            };
            if term.value > 1.0 + 1e-6 && !used.contains_key(&feed.process) {
                // More SO2 than the reagent binds: one of the two is wrong.
                found.push(out_of_range(1.0 / term.value, park.flow_origin(&park.flows[feed.flow]).column("quantity")));
            }
            used.insert(feed.process, term);
        }
        used
    }

    /// Share of the active substance in a reagent.
    fn content(&self, feed: &Feed, flow: &Flow) -> Term {
        let asked = ask(Parameter::Carbonate, Some(flow.carrier));
        let stated = self.lookup(feed.process, flow).find_as(asked, REAGENT);
        stated.map_or_else(|| definition(Parameter::Carbonate.words(), 1.0, PURE), |a| a.term)
    }

    /// The line of a reagent row, in the physical form by the share `used` of each process; whether it gives off CO2.
    fn reagent(
        &self,
        feed: &Feed,
        used: Option<&BTreeMap<ProcessId, Term>>,
        replaced: bool,
        ledger: &mut Ledger,
        found: &mut Diagnostics,
    ) -> bool {
        let park = self.park;
        let flow = &park.flows[feed.flow];
        let reagent = chemistry(park, flow.carrier);
        if reagent.is_some_and(|r| r.co2 == 0.0) {
            return false;
        }
        let Some(quantity) = flow.quantity.filter(|q| q.dimension == Dimension::MASS) else {
            if reagent.is_some() {
                let problem = Problem::OutsideRange {
                    method: Words::new(METHOD.0, METHOD.1),
                    what: Words::new("unit of the reagent", "脱硫剂的单位"),
                    value: flow.printed.1.to_string(),
                    range: "t, kg, 万t".to_owned(),
                };
                found.push(park.flow_problem(flow, "unit", problem));
            }
            return false;
        };
        let lookup = self.lookup(feed.process, flow);
        let factor = Ask { gas: Some(Gas::Co2), ..ask(Parameter::EmissionFactor, Some(flow.carrier)) };
        let mut terms = vec![self.content(feed, flow)];
        let mut losers = Vec::new();
        match (used, reagent) {
            (Some(used), Some(reagent)) => {
                terms.push(released(reagent));
                terms.extend(used.get(&feed.process).cloned());
            }
            // A reagent of unknown formula: all of its carbonate, where a factor says that it is one.
            (_, None) => match lookup.find_as(factor, REAGENT) {
                Some(answer) => terms.push(answer.term),
                None => return false,
            },
            (None, Some(reagent)) => {
                let (term, lost) = match lookup.find_as(factor, REAGENT) {
                    Some(answer) => (answer.term, answer.losers),
                    // What the standard prints is this ratio, rounded.
                    None => (released(reagent), Vec::new()),
                };
                let conversion = lookup.find_as(ask(Parameter::Calcination, Some(flow.carrier)), REAGENT);
                let whole = || definition(Parameter::Calcination.words(), 1.0, "TR = 100 % where not stated");
                terms.extend([term, conversion.map_or_else(whole, |a| a.term)]);
                losers = lost;
            }
        }
        let coefficient = ledger.coefficient(terms, CarbonOrigin::Fossil, losers);
        let standing = if replaced { Standing::Replaced } else { Standing::Counted };
        push(park, ledger, (feed.flow, feed.process), feed.sign * quantity.value, (coefficient, standing));
        true
    }

    /// Where a removal is stated and no reagent row is there: by the SO2 removed and what the technique says.
    fn without_reagent(
        &self,
        form: Fgd,
        feeds: &BTreeMap<(EnterpriseId, u16), Vec<Feed>>,
        ledger: &mut Ledger,
        found: &mut Diagnostics,
    ) {
        let park = self.park;
        let mut named = BTreeSet::new();
        for row in &self.sulfur.rows {
            let flow = &park.flows[row.flow];
            let burner = park.process(row.process);
            if feeds.contains_key(&(burner.enterprise, flow.period.year)) {
                continue;
            }
            let own = |p: &(usize, &crate::park::Process)| {
                p.1.enterprise == burner.enterprise && p.1.technique.contains("fgd")
            };
            let scrubber = park.processes.iter().enumerate().find(own);
            // Inside a carbon balance the reagent is a flow of the balance.
            let balanced =
                |f: &Flow| matches!(f.to, Node::Process(to) if scrubber.is_some_and(|(p, _)| to.index() == p));
            if scrubber.is_some_and(|(_, p)| p.is_in_balance())
                && park.flows.iter().any(|f| balanced(f) && chemistry(park, f.carrier).is_some())
            {
                continue;
            }
            let reagent = scrubber.map(|(_, p)| by_technique(&p.technique));
            let report = |problem: Problem, found: &mut Diagnostics, named: &mut BTreeSet<ProcessId>| {
                if named.insert(row.process) {
                    found.push(park.flow_problem(flow, "to", problem));
                }
            };
            match (reagent, form) {
                (None, _) => {
                    let process = burner.label.id.to_string();
                    report(Problem::RemovalWithoutReagent { process }, found, &mut named);
                }
                (Some(Some(reagent)), _) if reagent.co2 == 0.0 => {}
                (Some(Some(reagent)), Fgd::Physical) => {
                    let Some((p, _)) = scrubber else { continue };
                    let text = format!("molar masses (IUPAC atomic weights): CO2 from {} per SO2", reagent.formula);
                    let mut terms = row.terms.clone();
                    terms.push(definition(
                        ("CO2 per SO2 removed", "单位脱除 SO2 释放的 CO2"),
                        reagent.co2_per_so2(),
                        &text,
                    ));
                    let coefficient = ledger.coefficient(terms, CarbonOrigin::Fossil, Vec::new());
                    push(park, ledger, (row.flow, ProcessId::new(p)), row.quantity, (coefficient, Standing::Counted));
                }
                (Some(_), _) => {
                    let problem = Problem::MissingInput {
                        method: Words::new(METHOD.0, METHOD.1),
                        what: Words::new("quantity of the reagent", "脱硫剂用量"),
                        key: "limestone".to_owned(),
                        place: "flows.csv".to_owned(),
                        process: scrubber.map(|(_, p)| p.label.id.to_string()).unwrap_or_default(),
                        sets: String::new(),
                    };
                    report(problem, found, &mut named);
                }
            }
        }
    }
}

/// CO2 per mass of a reagent, by its formula.
fn released(reagent: &Reagent) -> Term {
    let text = format!("molar masses (IUPAC atomic weights): CO2 from {}", reagent.formula);
    definition(("CO2 per reagent", "单位脱硫剂释放的 CO2"), reagent.co2_per_mass(), &text)
}

/// What a scrubber works with by its technique, if that says it.
fn by_technique(technique: &str) -> Option<&'static Reagent> {
    let carrier = match technique {
        "wet_fgd" | "limestone_fgd" | "fgd" => "limestone",
        "lime_fgd" => "lime",
        "ammonia_fgd" => "ammonia",
        "magnesia_fgd" => "magnesia",
        "caustic_fgd" => "caustic_soda",
        "soda_fgd" => "soda_ash",
        "bicarbonate_fgd" => "sodium_bicarbonate",
        _ => return None,
    };
    REAGENTS.iter().find(|r| r.carrier == carrier)
}

fn ask(parameter: Parameter, carrier: Option<CarrierId>) -> Ask {
    Ask { parameter, carrier, gas: None, dimension: Dimension::NONE }
}

/// Where a value was stated.
fn place(term: &Term) -> Origin {
    match &term.source {
        crate::ledger::TermSource::Property(origin) => origin.clone().column("value"),
        _ => Origin::file("parameters.csv"),
    }
}

fn push(
    park: &Park,
    ledger: &mut Ledger,
    (flow, process): (usize, ProcessId),
    quantity: f64,
    (coefficient, standing): (crate::ledger::CoefficientId, Standing),
) {
    let at = (park.process(process).enterprise, process, park.flows[flow].period);
    let line = Line::direct(at, Activity::Flow(flow), Source::Desulfurization, Gas::Co2);
    let mass = ledger.mass(quantity, coefficient);
    let origin = CarbonOrigin::Fossil;
    ledger.lines.push(Line { origin, quantity, coefficient, mass, standing, variant: "fgd", ..line });
}
