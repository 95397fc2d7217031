//! How each process of the park shares its burden between its products: as `outputs.csv` states, by its rule, by the
//! park's, or by energy content.

use crate::balance::allocation::{Maker, Shares};
use crate::balance::supply::{Supply, natural};
use crate::diagnostic::{Problem, Words};
use crate::ledger::Scope;
use crate::methods::{Account, UtilityKind};
use crate::park::{AllocationRule, CarrierId, Output, Park, ProcessId, Role};
use std::collections::{HashMap, HashSet};

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
    /// Whether energy content was assumed for want of a word.
    pub(super) assumed: bool,
}

impl Sharing {
    /// Shares that need no rule.
    pub(super) fn of(shares: Shares) -> Self {
        Self { shares, credited: Vec::new(), stated: Vec::new(), rule: None, assumed: false }
    }
}

/// What tables say of processes beside their flows, looked up once for all of them.
pub(super) struct Declared<'a> {
    /// What each lists in `outputs.csv`, but for waste.
    rows: HashMap<ProcessId, Vec<&'a Output>>,
    /// Who takes something from nature.
    natural: HashSet<ProcessId>,
}

impl<'a> Declared<'a> {
    pub(super) fn of(park: &'a Park) -> Self {
        let mut rows: HashMap<ProcessId, Vec<&Output>> = HashMap::new();
        for output in park.outputs.iter().filter(|o| o.role != Role::Waste) {
            rows.entry(output.process).or_default().push(output);
        }
        Self { rows, natural: natural(park) }
    }
}

/// Why a process has none.
pub(super) enum Refusal {
    /// The published factor stands in.
    Unavailable(Words),
    /// A rule that was asked for lacks a number.
    Rule(AllocationRule, Words),
    /// Nothing to say.
    Silent,
}

impl Refusal {
    /// What it is to those who buy of the process.
    pub(super) fn problem(self, park: &Park, process: ProcessId, supply: &Supply) -> Option<Problem> {
        let process = park.process(process).label.id.to_string();
        match self {
            Self::Unavailable(why) => {
                let carriers: Vec<&str> = supply.outputs.keys().map(|&c| &*park.carrier(c).label.id).collect();
                Some(Problem::OwnFactorUnavailable { process, carrier: carriers.join(", "), why })
            }
            Self::Rule(rule, why) => Some(Problem::AllocationUnavailable { process, rule: rule.id().to_owned(), why }),
            Self::Silent => None,
        }
    }

    /// The reason.
    pub(super) fn words(self) -> Words {
        match self {
            Self::Unavailable(why) | Self::Rule(_, why) => why,
            Self::Silent => Words::new(
                "nothing is recorded that it emits, buys or usefully gives",
                "没有记录其排放、外购或有效送出量",
            ),
        }
    }
}

/// The shares of a process of which `own` are the ledger lines.
pub(super) fn sharing(
    park: &Park,
    account: &Account,
    declared: &Declared,
    process: ProcessId,
    supply: &Supply,
    own: &[usize],
    year: u16,
) -> Result<Sharing, Refusal> {
    let direct = own.iter().any(|&l| account.ledger.lines[l].scope == Scope::Direct);
    let maker = Maker { park, deliveries: account.utilities.deliveries(), process, supply, year };
    decide(&maker, declared, own.is_empty(), direct)
}

fn decide(maker: &Maker, declared: &Declared, no_lines: bool, direct: bool) -> Result<Sharing, Refusal> {
    let &Maker { park, process, supply, .. } = maker;
    let unavailable = |en: &str, zh: &str| Err(Refusal::Unavailable(Words::new(en, zh)));
    let rows = declared.rows.get(&process).map_or(&[][..], Vec::as_slice);
    let utility = |c: CarrierId| park.carrier(c).kind.is_utility();
    if no_lines && supply.inputs.iter().all(|r| r.from == process) && !declared.natural.contains(&process) {
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
        return Ok(Sharing::of(shares));
    }
    if rows.iter().any(|o| o.share.is_some()) {
        return partly_stated(maker, rows);
    }
    let stated = rule_of(rows)?.or(park.settings.chp_rule.filter(|_| makes_power_and_heat(maker)));
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
        return if outflow.useful == 0.0 { Err(Refusal::Silent) } else { Ok(Sharing::of(shares)) };
    }
    let shares = match maker.shares(rule) {
        Ok(shares) => shares,
        // By energy nothing is missing but the energy itself.
        Err(_) if stated.is_none() => return Err(Refusal::Silent),
        Err(why) => return Err(Refusal::Rule(rule, why)),
    };
    let credited = credited(maker, rule).map_err(|why| Refusal::Rule(rule, why))?;
    let assumed = rows.is_empty() && stated.is_none();
    Ok(Sharing { credited, rule: Some(rule), assumed, ..Sharing::of(shares) })
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
    Ok(Sharing { credited, stated, ..Sharing::of(shares) })
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
