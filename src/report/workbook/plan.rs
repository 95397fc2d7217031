//! Where everything stands: the rows of all sheets, before any is written, since their
//! formulas point at each other.

use super::count::Classes;
use super::own::{self, Block};
use super::sheet::{Column, cell, letter};
use super::{activities, factors, figures, lines};
use crate::diagnostic::Origin;
use crate::factors::{Factor, FactorSet};
use crate::inventory::{Inventory, OwnKey, What, gwp, oxidation_counted};
use crate::ledger::{Activity, Approach, CoefficientId, Line, Term, TermSource};
use crate::package::Package;
use crate::park::{Gas, Park};
use crate::report::explain::source_key;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A producer's own factor for one gas.
pub(super) type OwnGas = (OwnKey, Gas);

/// A distinct term.
pub(super) struct PlannedTerm<'a> {
    pub(super) term: &'a Term,
    /// The own factor that it is.
    pub(super) own: Option<OwnGas>,
}

/// The rows of the workbook.
pub(super) struct Plan<'a> {
    pub(super) package: &'a Package,
    pub(super) park: &'a Park,
    pub(super) inventory: &'a Inventory,
    pub(super) classes: Classes,
    /// Activities in the order of their rows.
    pub(super) activities: Vec<Activity>,
    activity_rows: HashMap<Activity, usize>,
    /// Distinct terms.
    pub(super) terms: Vec<PlannedTerm<'a>>,
    /// Distinct coefficients, as rows of terms.
    pub(super) coefficients: Vec<Vec<usize>>,
    /// Row of each ledger coefficient that a line uses.
    coefficient_rows: HashMap<CoefficientId, usize>,
    /// Library rows in use.
    pub(super) factors: Vec<(&'a Factor, &'a FactorSet)>,
    factor_rows: HashMap<&'a str, usize>,
    /// GWPs in use: gas, and whether the CO2 of its oxidation is counted elsewhere.
    pub(super) gwps: BTreeMap<(Gas, bool), f64>,
    /// Own factors by gas, with their parts.
    pub(super) own: Vec<Block>,
    own_rows: HashMap<OwnGas, usize>,
    /// For each figure that is a sum, its row.
    figure_rows: Vec<Option<usize>>,
    /// Positions of figures by id.
    figure_index: HashMap<&'a str, usize>,
}

impl<'a> Plan<'a> {
    /// Lays out the workbook of an inventory.
    pub(super) fn new(package: &'a Package, inventory: &'a Inventory) -> Self {
        let park = &package.park;
        let activities = all_activities(park, inventory);
        let activity_rows = activities.iter().enumerate().map(|(row, &a)| (a, row)).collect();
        let (factors, factor_rows) = used_factors(inventory);
        let mut gwps = BTreeMap::new();
        for line in &inventory.ledger.lines {
            gwps.entry(gwp_key(line)).or_insert_with(|| gwp(line, &inventory.gwp));
        }
        let (terms, coefficients, coefficient_rows) = coefficients(package, inventory);
        let mut sums = 0..;
        let row_of = |is_sum: bool| if is_sum { sums.next() } else { None };
        let figure_rows = inventory.figures.iter().map(|f| matches!(f.what, What::Sum(_))).map(row_of).collect();
        let mut plan = Self {
            package,
            park,
            inventory,
            classes: Classes::new(inventory),
            activities,
            activity_rows,
            terms,
            coefficients,
            coefficient_rows,
            factors,
            factor_rows,
            gwps,
            own: Vec::new(),
            own_rows: HashMap::new(),
            figure_rows,
            figure_index: inventory.figures.iter().enumerate().map(|(i, f)| (f.id.as_str(), i)).collect(),
        };
        plan.own = own::blocks(&plan);
        plan.own_rows = plan.own.iter().enumerate().map(|(row, block)| (block.what, row)).collect();
        plan
    }

    /// Where a row of the package stands.
    pub(super) fn place(&self, file: &'static str, row: u32) -> String {
        self.package.place(&Origin::row(file, row))
    }

    /// The row of an activity.
    pub(super) fn activity_row(&self, activity: Activity) -> Option<usize> {
        self.activity_rows.get(&activity).copied()
    }

    /// The cell of an activity in canonical units.
    pub(super) fn activity_cell(&self, activity: Activity) -> Option<String> {
        let row = self.activity_row(activity)?;
        Some(cell(activities::SHEET, &letter(activities::COLUMNS, "canonical"), row))
    }

    /// The row of a ledger coefficient.
    pub(super) fn coefficient_row(&self, id: CoefficientId) -> usize {
        self.coefficient_rows.get(&id).copied().unwrap_or_default()
    }

    /// The cell of a library row's canonical value, and the value.
    pub(super) fn factor_cell(&self, id: &str) -> Option<(String, f64)> {
        let &row = self.factor_rows.get(id)?;
        Some((cell(factors::SHEET, &letter(factors::COLUMNS, "value"), row), self.factors[row].0.value))
    }

    /// The row of a line's GWP.
    pub(super) fn gwp_row(&self, line: &Line) -> usize {
        self.gwps.keys().position(|&key| key == gwp_key(line)).unwrap_or_default()
    }

    /// The row of an own factor.
    pub(super) fn own_row(&self, what: &OwnGas) -> Option<usize> {
        self.own_rows.get(what).copied()
    }

    /// The cell of a figure that is a sum.
    pub(super) fn figure_cell(&self, figure: usize) -> Option<String> {
        let row = self.figure_rows.get(figure).copied().flatten()?;
        Some(cell(figures::SHEET, &letter(figures::COLUMNS, "value"), row))
    }

    /// The position of the figure with this id.
    pub(super) fn figure(&self, id: &str) -> Option<usize> {
        self.figure_index.get(id).copied()
    }

    /// The number of ledger lines.
    pub(super) fn lines(&self) -> usize {
        self.inventory.ledger.lines.len()
    }

    /// A fixed range over a column of `Lines`.
    pub(super) fn line_range(&self, key: &str) -> String {
        range_of(lines::SHEET, lines::COLUMNS, key, self.lines())
    }
}

/// A fixed range over all rows of a column.
pub(super) fn range_of(sheet: &str, columns: &[Column], key: &str, rows: usize) -> String {
    super::sheet::range(sheet, &letter(columns, key), rows)
}

fn gwp_key(line: &Line) -> (Gas, bool) {
    (line.gas, oxidation_counted(line))
}

/// Flows, reports, and whatever else lines were made from.
fn all_activities(park: &Park, inventory: &Inventory) -> Vec<Activity> {
    let mut list: Vec<Activity> = (0..park.flows.len()).map(Activity::Flow).collect();
    list.extend((0..park.reported.len()).map(Activity::Reported));
    let known: BTreeSet<Activity> = list.iter().copied().collect();
    let others: BTreeSet<Activity> =
        inventory.ledger.lines.iter().map(|l| l.activity).filter(|a| !known.contains(a)).collect();
    list.extend(others);
    list
}

type Used<'a> = (Vec<(&'a Factor, &'a FactorSet)>, HashMap<&'a str, usize>);

/// The library rows that terms cite, in the order of their sets.
fn used_factors(inventory: &Inventory) -> Used<'_> {
    let mut cited: BTreeSet<&str> = BTreeSet::new();
    for line in &inventory.ledger.lines {
        for term in &inventory.ledger.get(line.coefficient).terms {
            if let TermSource::Factor { id, .. } = &term.source {
                cited.insert(id);
            }
        }
    }
    let rows = inventory.sets.iter().flat_map(|set| set.factors.iter().map(move |f| (f, set)));
    let used: Vec<_> = rows.filter(|(f, _)| cited.contains(&*f.id)).collect();
    let index = used.iter().enumerate().map(|(row, (f, _))| (&*f.id, row)).collect();
    (used, index)
}

type Planned<'a> = (Vec<PlannedTerm<'a>>, Vec<Vec<usize>>, HashMap<CoefficientId, usize>);

/// Terms and coefficients, each once.
fn coefficients<'a>(package: &Package, inventory: &'a Inventory) -> Planned<'a> {
    let (mut terms, mut known) = (Vec::new(), HashMap::new());
    let (mut list, mut known_lists): (Vec<Vec<usize>>, HashMap<Vec<usize>, usize>) = (Vec::new(), HashMap::new());
    let mut rows = HashMap::new();
    for line in &inventory.ledger.lines {
        if rows.contains_key(&line.coefficient) {
            continue;
        }
        let coefficient = inventory.ledger.get(line.coefficient);
        let mut members = Vec::with_capacity(coefficient.terms.len());
        for term in &coefficient.terms {
            // One own factor may be as large as another and still be made of other lines.
            let own = own_gas(&term.source, line.approach, line.gas);
            let key = (term.name.0, term.value.to_bits(), &*term.printed, source_key(package, &term.source), own);
            let row = *known.entry(key).or_insert_with(|| {
                terms.push(PlannedTerm { term, own });
                terms.len() - 1
            });
            members.push(row);
        }
        let row = *known_lists.entry(members).or_insert_with_key(|members| {
            list.push(members.clone());
            list.len() - 1
        });
        rows.insert(line.coefficient, row);
    }
    (terms, list, rows)
}

fn own_gas(source: &TermSource, approach: Approach, gas: Gas) -> Option<OwnGas> {
    match source {
        TermSource::Own { process, carrier, year } => Some(((*year, approach, *process, *carrier), gas)),
        _ => None,
    }
}
