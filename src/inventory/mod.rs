//! The inventory: scopes, the two views of a park, intensities, and the figures
//! that are reported, each with its way back to file and row.

mod burdens;
pub mod completeness;
mod coverage;
mod diff;
mod doubts;
mod embodied;
mod figure;
mod intensity;
mod internal;
mod leaving;
mod locked;
mod makers;
mod reconcile;
mod rules;
mod sharing;
mod solved;
mod sums;
mod totals;
mod unsolvable;

pub use coverage::{Coverage, Exclusion, Used};
pub use diff::{Change, Quote, TermChange, diff};
pub use figure::{Denominator, Figure, Selector, What, gas_id, view_id};
pub use intensity::{Consumption, Per, coal_equivalents, denominator, fence_sign, statistics_of};
pub use internal::{OwnFactor, OwnKey};
pub use leaving::Leaving;
pub use locked::{Departure, compare as compare_lock, departures};
pub use reconcile::{Reason, share};
pub use rules::RuleOutcome;
pub use solved::Embodied;
pub use sums::{Sums, sums};
pub use totals::{Bucket, Totals, View, amount, co2e, gwp, oxidation_counted};

use internal::Derived;

use crate::balance::{Options, Place, balance, balance_flows, feed, stated};
use crate::diagnostic::{Diagnostic, Diagnostics, Origin, Problem};
use crate::factors::{self, FactorSet, Gwp};
use crate::ledger::{Approach, Ledger, Line};
use crate::methods::{self, Comparison, Treatment};
use crate::package::Package;
use crate::park::{EnterpriseId, FlowValues, Gas, GwpSet, Park, RuleSet};
use crate::quantity::significant;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A finished inventory.
#[derive(Debug)]
pub struct Inventory {
    /// Calendar years, in order.
    pub years: Vec<u16>,
    /// All ledger lines.
    pub ledger: Ledger,
    /// GWP set for display.
    pub gwp: Gwp,
    /// The factor sets in the order in which they were asked.
    pub sets: Vec<FactorSet>,
    /// Own factors of internal power and heat.
    pub own: BTreeMap<OwnKey, OwnFactor>,
    /// The networks that the own factors were solved of, by year, location-based before market-based.
    pub embodied: Vec<Embodied>,
    /// The same under each rule of allocation, by year.
    pub rules: Vec<RuleOutcome>,
    /// The networks with those processes too whose products only leave the fence.
    pub leaving: Leaving,
    /// Coal equivalent of each flow row, where it is known. Unit: tce.
    pub tce: Vec<Option<f64>>,
    /// Every reported number.
    pub figures: Vec<Figure>,
    /// Positions of figures by id.
    index: HashMap<String, usize>,
    /// Positions of lines by year and enterprise, in the order of the ledger.
    lines_of: BTreeMap<(u16, EnterpriseId), Vec<u32>>,
    /// Reported beside computed emissions.
    pub comparisons: Vec<Comparison>,
    /// What became of every row.
    pub coverage: Coverage,
    /// Problems found while accounting.
    pub found: Diagnostics,
}

impl Inventory {
    /// The figure with this id.
    #[must_use]
    pub fn figure(&self, id: &str) -> Option<&Figure> {
        self.index.get(id).map(|&i| &self.figures[i])
    }

    /// The value of the figure with this id.
    #[must_use]
    pub fn value(&self, id: &str) -> Option<f64> {
        self.figure(id)?.value
    }

    /// The widest solved network of a year: with the processes whose products only leave the fence, where there are any,
    /// else of those that feed others. Here to ask who causes what.
    #[must_use]
    pub fn network(&self, year: u16, approach: Approach) -> Option<&Embodied> {
        let mut all = self.leaving.networks.iter().chain(&self.embodied);
        all.find(|e| e.year == year && e.approach == approach)
    }

    /// The lines that make up a sum, with what each contributes in the unit of the figure.
    #[must_use]
    pub fn lines<'a>(&'a self, park: &'a Park, selector: &'a Selector) -> Vec<(&'a Line, f64)> {
        let weigh = |line: &Line| {
            let consolidated = selector.view == View::Park;
            amount(line, selector.bucket, consolidated, selector.rule) * self.weight(line, selector)
        };
        self.select(park, selector, weigh)
    }

    /// The lines that make up a term of the reconciliation.
    #[must_use]
    pub fn term_lines<'a>(&'a self, park: &'a Park, selector: &'a Selector, reason: Reason) -> Vec<(&'a Line, f64)> {
        let weigh = |line: &Line| share(line, selector.bucket, selector.rule, reason) * self.weight(line, selector);
        self.select(park, selector, weigh)
    }

    fn weight(&self, line: &Line, selector: &Selector) -> f64 {
        if selector.gas.is_some() { 1.0 } else { gwp(line, &self.gwp) }
    }

    fn select<'a>(&'a self, park: &Park, selector: &Selector, weigh: impl Fn(&Line) -> f64) -> Vec<(&'a Line, f64)> {
        let year = (selector.year, EnterpriseId::new(0))..(selector.year + 1, EnterpriseId::new(0));
        let members = self.lines_of.range(year).filter(|&(&(_, e), _)| match &selector.view {
            View::Park | View::Sum => true,
            View::Sector(code) => park.enterprise(e).sector == *code,
            View::Enterprise(wanted) => e == *wanted,
        });
        let mut positions: Vec<u32> = members.flat_map(|(_, positions)| positions).copied().collect();
        positions.sort_unstable();
        let lines = positions.into_iter().map(|i| &self.ledger.lines[i as usize]);
        let lines = lines.filter(|l| selector.gas.is_none_or(|g| g == l.gas));
        lines.map(|l| (l, weigh(l))).filter(|(_, contribution)| *contribution != 0.0).collect()
    }
}

/// Makes the inventory of a package.
///
/// # Errors
/// The problems, when any of them forbids a result (no factor, no GWP).
pub fn inventory(package: &Package) -> Result<Inventory, Diagnostics> {
    let fed = reconciled(package);
    let made = assemble(fed.as_ref().unwrap_or(package)).and_then(|made| refuse_open(package, made));
    // Rows of a workbook are told by sheet and cell.
    let Some(layout) = &package.layout else { return made };
    made.map_err(|found| layout.relocate(found)).map(|inventory| Inventory {
        found: layout.relocate(inventory.found),
        coverage: inventory.coverage.relocate(layout),
        ..inventory
    })
}

/// A ledger with all that it was made with.
struct Accounts {
    sets: Vec<FactorSet>,
    gwp: Gwp,
    derived: Derived,
    ledger: Ledger,
    treatment: Vec<Treatment>,
    not_estimated: Vec<((&'static str, &'static str), usize)>,
    found: Diagnostics,
}

/// The package with reconciled flows, if its park chooses them and they do not stand in it already. Whoever prints rows
/// takes this one, so that what is printed is what was accounted.
#[must_use]
pub fn reconciled(package: &Package) -> Option<Package> {
    let park = &package.park;
    let wanted = park.settings.flow_values == FlowValues::Reconciled && park.reconciled.is_none();
    wanted.then(|| {
        let balance = balance_flows(park, &factor_sets(package), Options::default());
        Package { park: feed(park, &balance), ..package.clone() }
    })
}

/// Refuses an inventory whose measured flows leave a balance open by more than the park allows.
fn refuse_open(package: &Package, mut made: Inventory) -> Result<Inventory, Diagnostics> {
    let Some(limit) = package.park.settings.balance_limit else { return Ok(made) };
    // Reconciled flows close: it is what the rows state that is asked, and accounted.
    let measured = Package { park: stated(&package.park), ..package.clone() };
    let park = &measured.park;
    let ledger = accounts(&measured)?.ledger;
    let mut told = BTreeSet::new();
    for closure in balance(park, &made.sets, &ledger, Options::default()).closures {
        if closure.booked || !closure.is_beyond(limit) || !told.insert((closure.place.clone(), closure.thing)) {
            continue;
        }
        let problem = Problem::BalanceOpen {
            place: closure.place.text(park),
            thing: closure.thing.words(park),
            period: closure.period.to_string(),
            residual: format!("{} {}", significant(closure.residual(), 4), closure.dimension),
            sigmas: closure.sigmas().map_or_else(|| "∞".to_owned(), |s| significant(s, 3)),
            limit: significant(limit, 3),
        };
        let origin = match &closure.place {
            Place::Process(process) => park.process(*process).row.map(|row| Origin::row("processes.csv", row)),
            _ => None,
        };
        made.found.push(Diagnostic::new(problem, origin.unwrap_or_else(|| Origin::file("flows.csv"))));
    }
    if told.is_empty() { Ok(made) } else { Err(made.found) }
}

/// The factor sets of a package, in the order of preference.
fn factor_sets(package: &Package) -> Vec<FactorSet> {
    let own = |id: &String| package.own_sets.iter().find(|s| *s.id == **id).cloned();
    let listed = package.park.settings.factor_sets.iter();
    listed.filter_map(|id| own(id).or_else(|| factors::builtin(id).cloned())).collect()
}

fn accounts(package: &Package) -> Result<Accounts, Diagnostics> {
    let park = &package.park;
    let sets = factor_sets(package);
    let family = factors::builtin("gwp");
    let mut account = methods::account(park, &sets);
    let derived = internal::derive(park, &mut account);
    let not_estimated = account.not_estimated;
    let (ledger, treatment, mut found) = (account.ledger, account.treatment, account.found);
    // invariant: the GWP family is compiled into the program (tests/factors.rs).
    let Some(family) = family else { return Err(found) };
    let gwp = Gwp::new(family, park.settings.gwp_set);
    check_gwp(park, &ledger, family, &gwp, &mut found);
    if found.has_errors() {
        return Err(found);
    }
    Ok(Accounts { sets, gwp, derived, ledger, treatment, not_estimated, found })
}

fn assemble(package: &Package) -> Result<Inventory, Diagnostics> {
    let park = &package.park;
    let Accounts { sets, gwp, derived, ledger, treatment, not_estimated, found } = accounts(package)?;
    let Derived { own, networks, rules, leaving } = derived;
    let mut inventory = Inventory {
        years: park.years(),
        comparisons: methods::compare(park, &sets, &ledger),
        tce: coal_equivalents(park, &ledger, &sets),
        coverage: coverage::coverage(park, &ledger, &treatment, &package.rows, not_estimated),
        ledger,
        gwp,
        own,
        embodied: networks,
        rules,
        leaving,
        figures: Vec::new(),
        index: HashMap::new(),
        lines_of: BTreeMap::new(),
        found,
        sets,
    };
    if let Some(lock) = &package.lock {
        let departures = locked::compare(&inventory, lock, park.settings.rule_set);
        inventory.found.append(departures);
    }
    for year in inventory.years.clone() {
        let figures = figures(park, &inventory, year);
        inventory.figures.extend(figures);
    }
    for (i, line) in inventory.ledger.lines.iter().enumerate() {
        inventory.lines_of.entry((line.period.year, line.enterprise)).or_default().push(i as u32);
    }
    inventory.index = inventory.figures.iter().enumerate().map(|(i, f)| (f.id.clone(), i)).collect();
    Ok(inventory)
}

/// Every greenhouse gas needs a GWP.
fn check_gwp(park: &Park, ledger: &Ledger, family: &FactorSet, set: &Gwp, found: &mut Diagnostics) {
    let mut missing = BTreeMap::new();
    // A handful of gases: a list is faster than a set.
    let mut asked = Vec::new();
    for line in &ledger.lines {
        let needs = line.gas.in_co2e() && !matches!(line.gas, Gas::Co2eReported(_) | Gas::LifeCycleCo2e);
        let counted = oxidation_counted(line);
        if !needs || asked.contains(&(line.gas, counted)) {
            continue;
        }
        asked.push((line.gas, counted));
        if set.factor(line.gas, counted).is_none() {
            missing.entry(line.gas).or_insert(line);
        }
    }
    for (gas, line) in missing {
        let others = GwpSet::ALL.into_iter().filter(|&s| Gwp::new(family, s).factor(gas, false).is_some());
        let problem = Problem::NoGwp {
            gas: gas.label(),
            set: set.set.id().to_owned(),
            row: line.row(park).to_string(),
            others: others.map(GwpSet::id).collect::<Vec<_>>().join(", "),
        };
        let origin = park.settings.origin("gwp_set");
        found.push(Diagnostic::new(problem, origin).found(set.set.id()));
    }
}

/// All figures of a year.
fn figures(park: &Park, inventory: &Inventory, year: u16) -> Vec<Figure> {
    let totals = Totals::new(park, &inventory.ledger, &inventory.gwp, year);
    let own = park.settings.rule_set;
    let other = if own == RuleSet::Gbt { RuleSet::Ghgp } else { RuleSet::Gbt };
    let base = inventory.figures.len();
    let consumption = Consumption::new(park, &inventory.tce, year);
    let mut figures: Vec<Figure> = Vec::new();
    let mut views = vec![View::Park, View::Sum];
    views.extend(park.sectors().into_keys().map(View::Sector));
    views.extend((0..park.enterprises.len()).map(|e| View::Enterprise(EnterpriseId::new(e))));
    for view in views {
        let start = figures.len();
        for rule in [own, other] {
            for bucket in Bucket::ALL {
                part_sums(park, &totals, year, &view, bucket, rule, rule == own, &mut figures);
            }
        }
        intensities(park, &consumption, year, &view, base, start, &mut figures);
    }
    for rule in [own, other] {
        for approach in [Approach::Location, Approach::Market] {
            reconciliation(park, inventory, year, Bucket::Total(approach), rule, &mut figures);
        }
    }
    figures
}

/// CO2e and each gas of one part.
#[allow(clippy::too_many_arguments, reason = "the coordinates of a figure")]
fn part_sums(
    park: &Park,
    totals: &Totals,
    year: u16,
    view: &View,
    bucket: Bucket,
    rule: RuleSet,
    own: bool,
    figures: &mut Vec<Figure>,
) {
    // Under the other rule set only what can differ is shown.
    let differs = matches!(bucket, Bucket::Scope2(_) | Bucket::Total(_));
    if !own && !differs {
        return;
    }
    for (gas, value, unit) in totals.shown(park, view, bucket, rule) {
        let selector = Selector { year, view: view.clone(), bucket, rule, gas };
        figures.push(Figure { id: selector.id(park), value: Some(value), unit, what: What::Sum(selector) });
    }
}

/// Intensities of a view: totals and scopes, in CO2e and by gas. The
/// sums of the view stand from `start` on; `base` figures of other years come before.
fn intensities(
    park: &Park,
    consumption: &Consumption,
    year: u16,
    view: &View,
    base: usize,
    start: usize,
    figures: &mut Vec<Figure>,
) {
    if *view == View::Sum {
        return;
    }
    for per in Per::ALL {
        let (denominator, divisor) = intensity::denominator(park, consumption, view, year, per);
        let numerators: Vec<(usize, String)> = figures[start..]
            .iter()
            .enumerate()
            .filter_map(|(i, f)| match &f.what {
                What::Sum(s) if s.rule == park.settings.rule_set => {
                    let shown = matches!(s.bucket, Bucket::Scope1 | Bucket::Scope2(_) | Bucket::Total(_));
                    shown.then(|| (start + i, format!("{}/{}", s.bucket.id(), s.gas_id())))
                }
                _ => None,
            })
            .collect();
        for (numerator, name) in numerators {
            let value = divisor.and_then(|d| figures[numerator].value.map(|n| n / d));
            figures.push(Figure {
                id: format!("{year}/{}/intensity/{}/{name}", view_id(park, view), per.id()),
                value,
                unit: per.unit().0,
                what: What::Ratio { numerator: base + numerator, denominator: denominator.clone() },
            });
        }
    }
}

/// The terms between the sum of enterprises and the park.
fn reconciliation(
    park: &Park,
    inventory: &Inventory,
    year: u16,
    bucket: Bucket,
    rule: RuleSet,
    figures: &mut Vec<Figure>,
) {
    for reason in Reason::ALL {
        let value = reconcile::term(&inventory.ledger, &inventory.gwp, year, bucket, rule, reason);
        let selector = Selector { year, view: View::Sum, bucket, rule, gas: None };
        let sum = selector.id(park);
        let id = sum.replacen("/sum/", "/reconciliation/", 1).replacen("/CO2e", "", 1);
        figures.push(Figure {
            id: format!("{id}/{}", reason.id()),
            value: Some(value),
            unit: "t CO2e",
            what: What::Term(selector, reason),
        });
    }
}
