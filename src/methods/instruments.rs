//! Certificates, contracts and direct supply of electricity: whose purchases they cover, each once.
//!
//! GHG Protocol Scope 2 Guidance, chapter 6. An instrument covers its holder's own purchases over the fence first, then
//! what the holder buys of a pool inside the park, as far as that pool bought it over the fence: the pool's other
//! buyers take the rest. Power of a generator inside the park whose attributes were sold keeps no factor of its own: it
//! takes the residual mix.

use super::purchased::UtilityKind;
use crate::diagnostic::{Diagnostic, Diagnostics, Origin, Problem};
use crate::ledger::{Term, TermSource};
use crate::park::{EnterpriseId, Node, Outside, Park, ProcessId};
use crate::quantity::significant;
use std::collections::{BTreeMap, BTreeSet};

/// The line of a pool's purchase that covers what holders buy of the pool.
pub(super) const MEMBERS: &str = "certified_members";

/// A share of something that instruments cover, and their mean factor.
#[derive(Debug, Clone)]
pub(super) struct Covered {
    pub(super) share: f64,
    /// Unit: GJ.
    pub(super) energy: f64,
    pub(super) factor: Term,
}

/// What the retired instruments of a park cover.
#[derive(Debug, Default)]
pub(super) struct Cover {
    /// Of a holder's purchases over the fence.
    pub(super) own: BTreeMap<(EnterpriseId, u16), Covered>,
    /// Of what a holder buys of a pool inside the park.
    pub(super) through: BTreeMap<(EnterpriseId, ProcessId, u16), Covered>,
    /// Of a pool's purchases over the fence, for holders that buy of it.
    pub(super) members: BTreeMap<(ProcessId, u16), Covered>,
}

/// Electricity by who buys what where. Unit: GJ.
#[derive(Default)]
struct Bought {
    /// Over the fence, by process.
    fence: BTreeMap<(ProcessId, u16), f64>,
    /// Over the fence, by enterprise.
    own: BTreeMap<(EnterpriseId, u16), f64>,
    /// Of a process of another enterprise.
    inside: BTreeMap<(EnterpriseId, u16), BTreeMap<ProcessId, f64>>,
}

impl Bought {
    fn new(park: &Park) -> Self {
        let mut bought = Self::default();
        for (i, flow) in park.flows.iter().enumerate() {
            let electricity = UtilityKind::of(park, flow) == Some(UtilityKind::Electricity);
            let (Node::Process(to), Some(quantity)) = (flow.to, flow.quantity) else { continue };
            if !electricity || !park.observations.counts_for_buyer(i) {
                continue;
            }
            let (buyer, year) = (park.process(to).enterprise, flow.period.year);
            match flow.from {
                Node::Outside(from) if from != Outside::Nature => {
                    *bought.fence.entry((to, year)).or_default() += quantity.value;
                    *bought.own.entry((buyer, year)).or_default() += quantity.value;
                }
                Node::Process(from) if park.is_internal_transfer(flow) => {
                    *bought.inside.entry((buyer, year)).or_default().entry(from).or_default() += quantity.value;
                }
                _ => {}
            }
        }
        bought
    }
}

impl Cover {
    /// Allots the retired instruments of a park; a claim beyond what was bought is a finding (B211).
    pub(super) fn new(park: &Park, found: &mut Diagnostics) -> Self {
        if park.instruments.is_empty() {
            return Self::default();
        }
        let bought = Bought::new(park);
        let mut claims: BTreeMap<(EnterpriseId, u16), Vec<usize>> = BTreeMap::new();
        for (i, instrument) in park.instruments.iter().enumerate().filter(|(_, x)| x.retired) {
            claims.entry((instrument.holder, instrument.period.year)).or_default().push(i);
        }
        let energy = |rows: &[usize]| rows.iter().map(|&i| park.instruments[i].energy).sum::<f64>();
        let mut cover = Self::default();
        for (&key, rows) in &claims {
            let (claimed, own) = (energy(rows), bought.own.get(&key).copied().unwrap_or_default());
            if claimed > 0.0 && own > 0.0 {
                let energy = claimed.min(own);
                cover.own.insert(key, Covered { share: energy / own, energy, factor: mean(park, rows) });
            }
        }
        let wanted = wanted(&bought, &claims, &cover, energy);
        // A pool that bought less than its buyers claim shares it among them.
        let mut asked: BTreeMap<(ProcessId, u16), f64> = BTreeMap::new();
        for (&(_, pool, year), &gj) in &wanted {
            *asked.entry((pool, year)).or_default() += gj;
        }
        let scale = |pool: ProcessId, year: u16| {
            let fence = bought.fence.get(&(pool, year)).copied().unwrap_or_default();
            let taken = cover.own.get(&(park.process(pool).enterprise, year)).map_or(0.0, |c| c.share);
            let asked = asked.get(&(pool, year)).copied().unwrap_or_default();
            if asked > 0.0 { (fence * (1.0 - taken) / asked).min(1.0) } else { 0.0 }
        };
        let mut rows_of: BTreeMap<(ProcessId, u16), BTreeSet<usize>> = BTreeMap::new();
        let mut through: BTreeMap<(EnterpriseId, u16), f64> = BTreeMap::new();
        for (&(holder, pool, year), &gj) in &wanted {
            let energy = gj * scale(pool, year);
            let whole = bought.inside.get(&(holder, year)).and_then(|p| p.get(&pool)).copied().unwrap_or_default();
            if energy <= 0.0 || whole <= 0.0 {
                continue;
            }
            let rows = &claims[&(holder, year)];
            let covered = Covered { share: energy / whole, energy, factor: mean(park, rows) };
            cover.through.insert((holder, pool, year), covered);
            rows_of.entry((pool, year)).or_default().extend(rows);
            *through.entry((holder, year)).or_default() += energy;
        }
        for (&(pool, year), rows) in &rows_of {
            let of_pool = cover.through.iter().filter(|(k, _)| k.1 == pool && k.2 == year).map(|(_, c)| c);
            let (energy, emission) =
                of_pool.fold((0.0, 0.0), |(e, m), c| (e + c.energy, m + c.energy * c.factor.value));
            let fence = bought.fence.get(&(pool, year)).copied().unwrap_or_default();
            let rows: Vec<usize> = rows.iter().copied().collect();
            let factor = Term { value: emission / energy, ..mean(park, &rows) };
            cover.members.insert((pool, year), Covered { share: energy / fence, energy, factor });
        }
        for (key, rows) in &claims {
            let covered = cover.own.get(key).map_or(0.0, |c| c.energy) + through.get(key).copied().unwrap_or_default();
            let claimed = energy(rows);
            if claimed > covered * (1.0 + 1e-9) {
                let mwh = |gj: f64| format!("{} MWh", significant(gj / 3.6, 7));
                let problem = Problem::InstrumentsExceed {
                    holder: park.enterprise(key.0).label.id.to_string(),
                    claimed: mwh(claimed),
                    bought: mwh(covered),
                };
                let first = &park.instruments[rows[0]];
                let origin = Origin::row("instruments.csv", first.row).column("quantity");
                found.push(Diagnostic::new(problem, origin).found(first.printed.0.clone()));
            }
        }
        cover
    }
}

/// What retired instruments cover of the purchases over the fence, by holder and year: of its own, and of those of pools
/// that it buys of. Unit: GJ.
#[must_use]
pub fn covered_purchases(park: &Park) -> BTreeMap<(EnterpriseId, u16), f64> {
    // What claims beyond the purchases are was said when the park was accounted.
    let cover = Cover::new(park, &mut Diagnostics::default());
    let mut covered: BTreeMap<(EnterpriseId, u16), f64> = BTreeMap::new();
    for (&key, own) in &cover.own {
        *covered.entry(key).or_default() += own.energy;
    }
    for (&(holder, _, year), through) in &cover.through {
        *covered.entry((holder, year)).or_default() += through.energy;
    }
    covered
}

/// What holders would cover of their purchases inside the park, beyond their own over the fence. Unit: GJ.
fn wanted(
    bought: &Bought,
    claims: &BTreeMap<(EnterpriseId, u16), Vec<usize>>,
    cover: &Cover,
    energy: impl Fn(&[usize]) -> f64,
) -> BTreeMap<(EnterpriseId, ProcessId, u16), f64> {
    let mut wanted = BTreeMap::new();
    for (&(holder, year), rows) in claims {
        let rest = energy(rows) - cover.own.get(&(holder, year)).map_or(0.0, |c| c.energy);
        let Some(pools) = bought.inside.get(&(holder, year)).filter(|_| rest > 0.0) else { continue };
        let imports = |pool: &ProcessId| bought.fence.contains_key(&(*pool, year));
        let whole: f64 = pools.iter().filter(|(p, _)| imports(p)).map(|(_, gj)| gj).sum();
        for (&pool, &gj) in pools.iter().filter(|(p, _)| imports(p)) {
            wanted.insert((holder, pool, year), rest.min(whole) * gj / whole);
        }
    }
    wanted
}

/// The mean factor of some instruments, with their rows.
pub(super) fn mean(park: &Park, rows: &[usize]) -> Term {
    let all = || rows.iter().map(|&i| &park.instruments[i]);
    let energy: f64 = all().map(|x| x.energy).sum();
    let emission: f64 = all().map(|x| x.energy * x.factor).sum();
    let printed = all().map(|x| format!("{} at {}", x.printed.0, x.printed.1)).collect::<Vec<_>>().join("; ");
    let origins = all().map(|x| Origin::row("instruments.csv", x.row)).collect();
    let name = ("factor of the instruments", "凭证的排放因子");
    Term { name, value: emission / energy, printed, source: TermSource::Instruments(origins) }
}

/// Share of the power of a generator inside the park whose attributes were sold, by process and year, with the rows.
/// More sold than generated is a finding (B291).
pub(super) fn sold_attributes(park: &Park, found: &mut Diagnostics) -> BTreeMap<(ProcessId, u16), Term> {
    if park.instruments.iter().all(|i| i.generator.is_none()) {
        return BTreeMap::new();
    }
    let mut made: BTreeMap<(ProcessId, u16), f64> = BTreeMap::new();
    for (i, flow) in park.flows.iter().enumerate() {
        let electricity = UtilityKind::of(park, flow) == Some(UtilityKind::Electricity);
        let lost = matches!(flow.to, Node::Outside(to) if !to.buys());
        if let (Node::Process(from), Some(quantity)) = (flow.from, flow.quantity)
            && electricity
            && !lost
            && park.observations.counts_for_seller(i)
        {
            *made.entry((from, flow.period.year)).or_default() += quantity.value;
        }
    }
    let mut sold: BTreeMap<(EnterpriseId, Option<ProcessId>, u16), Vec<usize>> = BTreeMap::new();
    for (i, instrument) in park.instruments.iter().enumerate() {
        if let Some((enterprise, process)) = instrument.generator {
            sold.entry((enterprise, process, instrument.period.year)).or_default().push(i);
        }
    }
    let mut shares = BTreeMap::new();
    for ((enterprise, process, year), rows) in sold {
        let own = |p: ProcessId| match process {
            Some(one) => p == one,
            None => park.process(p).enterprise == enterprise,
        };
        let plants: Vec<(ProcessId, f64)> =
            made.iter().filter(|((p, y), _)| *y == year && own(*p)).map(|(&(p, _), &gj)| (p, gj)).collect();
        let generated: f64 = plants.iter().map(|p| p.1).sum();
        let energy: f64 = rows.iter().map(|&i| park.instruments[i].energy).sum();
        let first = &park.instruments[rows[0]];
        if energy > generated * (1.0 + 1e-9) {
            let mwh = |gj: f64| format!("{} MWh", significant(gj / 3.6, 7));
            let id = process.map_or(&park.enterprise(enterprise).label.id, |p| &park.process(p).label.id);
            let problem =
                Problem::AttributesExceed { generator: id.to_string(), sold: mwh(energy), generated: mwh(generated) };
            let origin = Origin::row("instruments.csv", first.row).column("quantity");
            found.push(Diagnostic::new(problem, origin).found(first.printed.0.clone()));
        }
        if generated <= 0.0 {
            continue;
        }
        let share = (energy / generated).min(1.0);
        let source = mean(park, &rows).source;
        for (plant, _) in plants {
            let term = Term {
                name: ("share whose attributes were sold", "环境属性已售出的份额"),
                value: share,
                printed: significant(share, 6),
                source: source.clone(),
            };
            shares.insert((plant, year), term);
        }
    }
    shares
}
