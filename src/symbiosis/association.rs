//! How closely the enterprises of a park are linked.
//!
//! No official formula of the association degree (园区产业关联度, CTIP 5.1) was found; four readings are named A to D
//! (`indicators.md` 3.4). Each is given wide, for links of any kind, and strict, for by-product links alone.
//! Eco-connectance is the number of linked pairs in that of possible ones (C. Hardy and T. E. Graedel, "Industrial
//! ecosystems as food webs", Journal of Industrial Ecology 6 (2002) 29–38: `2 L / (n (n − 1))`), exchange density the
//! number of links for each enterprise (linkage density of the same papers: `L / n`; both from memory, of the first the
//! definition in words was seen).

use crate::park::{CarrierId, CarrierKind, EnterpriseId, Node, Notation, Park, Record, Role, Statistic, Subject};
use crate::quantity::{Dimension, Period};
use std::collections::{BTreeMap, BTreeSet};

/// A carrier that one enterprise passes to another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Link {
    /// The donor, counted from 0.
    pub from: usize,
    /// The receiver.
    pub to: usize,
    /// Which carrier, by any number.
    pub carrier: usize,
    /// Whether a by-product or waste is passed, and no ordinary product.
    pub by_product: bool,
    /// Its mass in the year. Unit: t. `None` where it has none (energy) or nobody measured it.
    pub mass: Option<f64>,
}

/// What the readings are made of.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Structure {
    /// Output of each enterprise, in money of any one unit; `None` where it is not stated.
    pub output: Vec<Option<f64>>,
    /// Output of the park, where it is stated apart.
    pub park_output: Option<f64>,
    /// Links between different enterprises.
    pub links: Vec<Link>,
    /// Material that the enterprises take in, from each other and from outside. Unit: t.
    pub material_input: Option<f64>,
    /// Flows of material without a quantity, by their row ids: while there are some the material input is not known.
    pub unmeasured: Vec<String>,
}

/// Why a reading has no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Missing {
    /// There are no enterprises.
    NoEnterprise,
    /// Fewer than two enterprises: none could be linked.
    FewerThanTwo,
    /// The output of a linked enterprise is not stated, nor that of all together.
    Output,
    /// The output of all together is 0.
    NoOutput,
    /// Linked enterprises put out more than the park is said to.
    OutputExceeded,
    /// The material input is not known.
    MaterialInput,
    /// The material input is 0.
    NoMaterialInput,
    /// More passes between enterprises than they take in.
    InputExceeded,
    /// A number is negative, infinite or none.
    NotANumber,
}

/// The readings for one choice of links.
#[derive(Debug, Clone, PartialEq)]
pub struct Readings {
    /// A (the default): output of enterprises with at least one link, in parts of the output of all. Unit: %.
    pub a: Result<f64, Missing>,
    /// B: linked enterprises in parts of all. Unit: %.
    pub b: Result<f64, Missing>,
    /// C: distinct directed links in parts of the possible: `L / (n (n − 1))`. Unit: 1.
    pub c: Result<f64, Missing>,
    /// D: mass that passes between enterprises, in parts of the material that they take in. Unit: 1.
    pub d: Result<f64, Missing>,
    /// Pairs of enterprises with a link either way, in parts of the possible: `2 L / (n (n − 1))`. Unit: 1.
    pub eco_connectance: Result<f64, Missing>,
    /// Exchanges (donor, receiver and carrier) for each enterprise: `L / n`. Unit: 1.
    pub exchange_density: Result<f64, Missing>,
    /// Enterprises with at least one link.
    pub linked: usize,
    /// Distinct directed links (donor and receiver).
    pub directed: usize,
    /// Exchanges (donor, receiver and carrier).
    pub exchanges: usize,
    /// Exchanges without a mass, which D leaves out.
    pub without_mass: usize,
}

/// Both choices.
#[derive(Debug, Clone, PartialEq)]
pub struct Association {
    /// Enterprises.
    pub enterprises: usize,
    /// Links of any kind.
    pub wide: Readings,
    /// By-product links alone.
    pub strict: Readings,
}

/// The readings of a structure. Links of an enterprise with itself, or of one that is none, do not count.
#[must_use]
pub fn association(of: &Structure) -> Association {
    let n = of.output.len();
    let links = || of.links.iter().filter(|l| l.from != l.to && l.from < n && l.to < n);
    Association {
        enterprises: n,
        wide: readings(of, &links().collect::<Vec<_>>()),
        strict: readings(of, &links().filter(|l| l.by_product).collect::<Vec<_>>()),
    }
}

fn readings(of: &Structure, links: &[&Link]) -> Readings {
    let n = of.output.len();
    let linked: BTreeSet<usize> = links.iter().flat_map(|l| [l.from, l.to]).collect();
    let directed: BTreeSet<(usize, usize)> = links.iter().map(|l| (l.from, l.to)).collect();
    let pairs: BTreeSet<(usize, usize)> = links.iter().map(|l| (l.from.min(l.to), l.from.max(l.to))).collect();
    // Whether each exchange has a mass: it may be made of several links, as of several processes.
    let mut exchanges: BTreeMap<(usize, usize, usize), bool> = BTreeMap::new();
    for link in links {
        *exchanges.entry((link.from, link.to, link.carrier)).or_default() |= link.mass.is_some();
    }
    let of_enterprises = |count: f64| if n == 0 { Err(Missing::NoEnterprise) } else { Ok(count / n as f64) };
    let of_pairs =
        |count: f64| if n < 2 { Err(Missing::FewerThanTwo) } else { Ok(count / (n as f64 * (n - 1) as f64)) };
    Readings {
        a: share_of_output(of, &linked),
        b: of_enterprises(100.0 * linked.len() as f64),
        c: of_pairs(directed.len() as f64),
        d: share_of_input(of, links),
        eco_connectance: of_pairs(2.0 * pairs.len() as f64),
        exchange_density: of_enterprises(exchanges.len() as f64),
        linked: linked.len(),
        directed: directed.len(),
        exchanges: exchanges.len(),
        without_mass: exchanges.values().filter(|has| !**has).count(),
    }
}

/// In parts of the sum over the enterprises, where each states its output; else of what the park states.
fn share_of_output(of: &Structure, linked: &BTreeSet<usize>) -> Result<f64, Missing> {
    if of.output.is_empty() {
        return Err(Missing::NoEnterprise);
    }
    let parts: Option<f64> = linked.iter().map(|&e| of.output[e]).sum();
    let all = of.output.iter().copied().sum::<Option<f64>>().or(of.park_output);
    let (Some(part), Some(all)) = (parts, all) else { return Err(Missing::Output) };
    if of.output.iter().flatten().any(|o| *o < 0.0) || !part.is_finite() || !all.is_finite() || all < 0.0 {
        return Err(Missing::NotANumber);
    }
    ratio(part, all, Missing::NoOutput, Missing::OutputExceeded).map(|share| 100.0 * share)
}

fn share_of_input(of: &Structure, links: &[&Link]) -> Result<f64, Missing> {
    let masses = || links.iter().filter_map(|l| l.mass);
    let passed: f64 = masses().sum();
    let Some(all) = of.material_input else { return Err(Missing::MaterialInput) };
    if masses().any(|m| m < 0.0) || !passed.is_finite() || !all.is_finite() || all < 0.0 {
        return Err(Missing::NotANumber);
    }
    ratio(passed, all, Missing::NoMaterialInput, Missing::InputExceeded)
}

/// A part in a whole; a last digit too much is the rounding of the sums.
fn ratio(part: f64, whole: f64, nothing: Missing, exceeded: Missing) -> Result<f64, Missing> {
    if part > whole * (1.0 + 1e-12) {
        return Err(if whole == 0.0 { nothing } else { exceeded });
    }
    if whole == 0.0 { Err(nothing) } else { Ok((part / whole).min(1.0)) }
}

/// What a park says of a year. Links are the flows between different enterprises that belong to the park, by the
/// receiver's reading; one whose quantity is stated as 0 is none, one that is not measured is a link without a mass.
///
/// A link is of a by-product if its carrier is a by-product or waste by kind, if its process gives it as waste
/// (`outputs.csv`), or if `exchanges.csv` says how the donor would have disposed of it. Material is what has a mass
/// in its unit and is not water or energy; the material input is what comes from other enterprises and from outside the
/// park, and not known if a row of it has no quantity.
#[must_use]
pub fn structure(park: &Park, year: u16) -> Structure {
    let period = Period { year, month: None };
    let members: Vec<EnterpriseId> =
        (0..park.enterprises.len()).filter(|&e| park.enterprises[e].is_member(period)).map(EnterpriseId::new).collect();
    let place = |e: EnterpriseId| members.binary_search(&e).ok();
    let disposed = disposed_of(park);
    let output = |subject: &Subject| {
        let of = |s: &&Statistic| s.subject == *subject && &*s.item == "output" && s.period == period;
        park.statistics.iter().find(of).map(|s| s.value)
    };
    let mut made = Structure {
        output: members.iter().map(|&e| output(&Subject::Enterprise(e))).collect(),
        park_output: output(&Subject::Park),
        ..Structure::default()
    };
    let mut input = 0.0;
    for readings in park.observations.groups() {
        for flow in readings.for_buyer().iter().map(|&i| &park.flows[i]).filter(|f| f.period.year == year) {
            let (from, to) = (park.owner(flow.from), park.owner(flow.to));
            let Some(receiver) = to.and_then(place) else { continue };
            if from == to || matches!(flow.from, Node::Stock(_)) {
                continue;
            }
            let kind = park.carrier(flow.carrier).kind;
            let is_material = !kind.is_utility() && kind != CarrierKind::Water;
            let mass = flow.quantity.filter(|q| is_material && q.dimension == Dimension::MASS).map(|q| q.value);
            input += mass.unwrap_or_default();
            let absent = matches!(flow.notation, Some(Notation::NotOccurring | Notation::IncludedElsewhere(_)));
            if is_material && flow.quantity.is_none() && !absent {
                made.unmeasured.push(flow.id.to_string());
            }
            let Some((donor, giver)) = from.and_then(|e| Some((place(e)?, e))) else { continue };
            if absent || flow.quantity.is_some_and(|q| q.value == 0.0) {
                continue;
            }
            let by_product = matches!(kind, CarrierKind::ByProduct | CarrierKind::Waste)
                || park.outputs.iter().any(|o| {
                    flow.from == Node::Process(o.process) && o.carrier == flow.carrier && o.role == Role::Waste
                })
                || to.is_some_and(|taker| disposed.contains(&(giver, taker, flow.carrier)));
            made.links.push(Link { from: donor, to: receiver, carrier: flow.carrier.index(), by_product, mass });
        }
    }
    made.material_input = made.unmeasured.is_empty().then_some(input);
    made
}

/// Exchanges of which `exchanges.csv` says how the donor would have disposed of what it gives.
fn disposed_of(park: &Park) -> BTreeSet<(EnterpriseId, EnterpriseId, CarrierId)> {
    let says = |row: u32| {
        let of = |r: &&Record| r.file == "exchanges.csv" && r.row == row;
        let cells = park.records.iter().find(of).map(|r| r.cells.as_slice()).unwrap_or_default();
        cells.iter().any(|(column, text)| *column == "disposal" && !text.trim().is_empty())
    };
    park.exchanges.iter().filter(|x| says(x.row)).map(|x| (x.from, x.to, x.carrier)).collect()
}
