//! How each process of the park shares its burden between its products: as `outputs.csv` states, by its rule, by the
//! park's, or by energy content.

use super::unsolvable::process_origin;
use crate::balance::allocation::{Maker, Shares};
use crate::balance::supply::{Supply, is_natural};
use crate::diagnostic::{Diagnostic, Problem, Words};
use crate::ledger::Scope;
use crate::methods::{Account, UtilityKind};
use crate::park::{AllocationRule, CarrierId, Output, Park, ProcessId, Role};

/// The shares of a process.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Sharing {
    /// By product.
    pub(super) shares: Shares,
    /// Co-products that bear what they displace.
    pub(super) credited: Vec<CarrierId>,
    /// Products whose share of the emission is stated beside a rule: no credit is taken off it.
    pub(super) stated: Vec<CarrierId>,
    /// The rule behind the shares; none where they are stated, or there is one product.
    pub(super) rule: Option<AllocationRule>,
}

/// Why a process has none.
enum Refusal {
    /// The published factor stands in.
    Unavailable(Words),
    /// A rule that was asked for lacks a number.
    Rule(AllocationRule, Words),
    /// Nothing to say.
    Silent,
}

/// The shares of a process, or none where it does not say what it makes; `own` are its ledger lines.
pub(super) fn sharing(
    park: &Park,
    process: ProcessId,
    supply: &Supply,
    own: &[usize],
    year: u16,
    account: &mut Account,
) -> Option<Sharing> {
    let direct = own.iter().any(|&l| account.ledger.lines[l].scope == Scope::Direct);
    let maker = Maker { park, deliveries: account.utilities.deliveries(), process, supply, year };
    let decided = decide(&maker, own.is_empty(), direct);
    let id = park.process(process).label.id.to_string();
    let (sharing, problem) = match decided {
        Ok((sharing, assumed)) => (Some(sharing), assumed.then_some(Problem::AllocationAssumed { process: id })),
        Err(Refusal::Unavailable(why)) => {
            let carriers: Vec<&str> = supply.outputs.keys().map(|&c| &*park.carrier(c).label.id).collect();
            (None, Some(Problem::OwnFactorUnavailable { process: id, carrier: carriers.join(", "), why }))
        }
        Err(Refusal::Rule(rule, why)) => {
            (None, Some(Problem::AllocationUnavailable { process: id, rule: rule.id().to_owned(), why }))
        }
        Err(Refusal::Silent) => (None, None),
    };
    if let Some(problem) = problem {
        account.found.push(Diagnostic::new(problem, process_origin(park, process)));
    }
    sharing
}

/// The shares, and whether energy content was assumed for want of a word.
fn decide(maker: &Maker, no_lines: bool, direct: bool) -> Result<(Sharing, bool), Refusal> {
    let &Maker { park, process, supply, .. } = maker;
    let unavailable = |en: &str, zh: &str| Err(Refusal::Unavailable(Words::new(en, zh)));
    let rows: Vec<&Output> = park.outputs.iter().filter(|o| o.process == process && o.role != Role::Waste).collect();
    let utility = |c: CarrierId| park.carrier(c).kind.is_utility();
    if no_lines && supply.inputs.iter().all(|r| r.from == process) && !is_natural(park, process) {
        // What is made of nothing that was recorded is named only where a published factor stands in.
        if !supply.outputs.keys().any(|&c| utility(c)) {
            return Err(Refusal::Silent);
        }
        return unavailable(
            "no fuel, purchase or natural source is recorded for it",
            "没有记录它的燃料、外购能源或自然来源",
        );
    }
    if !rows.is_empty() && supply.outputs.keys().any(|c| rows.iter().all(|o| o.carrier != *c)) {
        return unavailable("outputs.csv does not list all that it gives", "outputs.csv 未列全其送出的产品");
    }
    if supply.outputs.values().any(|o| o.mixed) {
        return unavailable("the rows of a product are measured in different units", "同一产品各行的计量单位不同");
    }
    if !rows.is_empty() && rows.iter().all(|o| o.share.is_some()) {
        let shares = rows.iter().filter_map(|o| Some((o.carrier, o.share?))).collect();
        return Ok((Sharing { shares, credited: Vec::new(), stated: Vec::new(), rule: None }, false));
    }
    if rows.iter().any(|o| o.share.is_some()) {
        return Ok((partly_stated(maker, &rows)?, false));
    }
    let stated = rule_of(&rows)?.or(park.settings.chp_rule.filter(|_| makes_power_and_heat(maker)));
    let rule = stated.unwrap_or(AllocationRule::Energy);
    let alone = rows.len() <= 1 && supply.outputs.len() == 1;
    if rule == AllocationRule::Energy && !alone && rows.iter().any(|o| !utility(o.carrier)) {
        return unavailable(
            "outputs.csv lists products that are no energy and states no shares",
            "outputs.csv 列有非能源产品而未写份额",
        );
    }
    if rows.is_empty() && park.process(process).row.is_none() && direct {
        return unavailable(
            "the enterprise names no process for it and outputs.csv does not say what it makes",
            "企业未列相应工序，outputs.csv 也未说明其产品",
        );
    }
    if let [(&carrier, outflow)] = supply.outputs.iter().collect::<Vec<_>>()[..] {
        // Nothing sent out, or more brought back: the solve says so.
        let shares = Shares::from([(carrier, 1.0)]);
        let sharing = Sharing { shares, credited: Vec::new(), stated: Vec::new(), rule: None };
        return if outflow.useful == 0.0 { Err(Refusal::Silent) } else { Ok((sharing, false)) };
    }
    let shares = match maker.shares(rule) {
        Ok(shares) => shares,
        // By energy nothing is missing but the energy itself.
        Err(_) if stated.is_none() => return Err(Refusal::Silent),
        Err(why) => return Err(Refusal::Rule(rule, why)),
    };
    let credited = credited(maker, rule).map_err(|why| Refusal::Rule(rule, why))?;
    Ok((Sharing { shares, credited, stated: Vec::new(), rule: Some(rule) }, rows.is_empty() && stated.is_none()))
}

/// Some products have a stated share, and a rule shares what these leave between the others.
fn partly_stated(maker: &Maker, rows: &[&Output]) -> Result<Sharing, Refusal> {
    let mut shares: Shares = rows.iter().filter_map(|o| Some((o.carrier, o.share?))).collect();
    let left = 1.0 - shares.values().sum::<f64>();
    let rule = rule_of(rows)?.unwrap_or(AllocationRule::Energy);
    let mut supply = maker.supply.clone();
    supply.outputs.retain(|c, _| !shares.contains_key(c));
    let rest = Maker { supply: &supply, ..*maker };
    let ruled = if supply.outputs.len() == 1 {
        supply.outputs.keys().map(|&c| (c, 1.0)).collect()
    } else {
        rest.shares(rule).map_err(|why| Refusal::Rule(rule, why))?
    };
    let credited = credited(&rest, rule).map_err(|why| Refusal::Rule(rule, why))?;
    let stated = shares.keys().copied().collect();
    shares.extend(ruled.into_iter().map(|(c, share)| (c, share * left)));
    // Stated shares stay as they are: such a process takes no part in the comparison of rules.
    Ok(Sharing { shares, credited, stated, rule: None })
}

/// The one rule of a process's rows.
fn rule_of(rows: &[&Output]) -> Result<Option<AllocationRule>, Refusal> {
    let mut rules = rows.iter().filter_map(|o| o.rule);
    let Some(first) = rules.next() else { return Ok(None) };
    match rules.find(|r| *r != first) {
        None => Ok(Some(first)),
        Some(other) => Err(Refusal::Rule(
            first,
            Words::new(
                format!("another row of it in outputs.csv says '{}', and a process has one rule", other.id()),
                format!("outputs.csv 中它的另一行写“{}”，而一个工序只有一个规则", other.id()),
            ),
        )),
    }
}

/// Whether a process gives both power and heat.
pub(super) fn makes_power_and_heat(maker: &Maker) -> bool {
    let gives = |kind| maker.supply.outputs.keys().any(|&c| UtilityKind::of_carrier(maker.park, c) == Some(kind));
    gives(UtilityKind::Electricity) && gives(UtilityKind::Heat)
}

/// What bears what it displaces: by substitution, the co-products. Only power and heat have a published factor.
pub(super) fn credited(maker: &Maker, rule: AllocationRule) -> Result<Vec<CarrierId>, Words> {
    if rule != AllocationRule::Substitution {
        return Ok(Vec::new());
    }
    let determining = maker.determining();
    let others: Vec<CarrierId> = maker.supply.outputs.keys().copied().filter(|c| !determining.contains(c)).collect();
    match others.iter().find(|&&c| !maker.park.carrier(c).kind.is_utility()) {
        None => Ok(others),
        Some(&c) => {
            let id = &maker.park.carrier(c).label.id;
            Err(Words::new(
                format!("no published factor says what a unit of {id} displaces"),
                format!("没有公布的因子说明单位 {id} 所替代的排放"),
            ))
        }
    }
}
