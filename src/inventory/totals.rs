//! Sums of the ledger: which line counts how much in which total.

use crate::factors::Gwp;
use crate::ledger::{Approach, CarbonOrigin, Ledger, Line, Scope, Source, Standing};
use crate::park::{EnterpriseId, Gas, Park, RuleSet};
use ndarray::Array2;

/// A part of an inventory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Bucket {
    /// Direct emissions.
    Scope1,
    /// Emissions of purchased energy.
    Scope2(Approach),
    /// Emissions of energy that is exported; a positive number.
    Export(Approach),
    /// Scope 1 and 2 as the rule set adds them up.
    Total(Approach),
    /// Biogenic CO2, outside the totals.
    Biogenic,
    /// Estimate of reported values that are missing.
    Missing,
    /// Other indirect emissions of a category of the Scope 3 Standard.
    Scope3(u8),
    /// CO2 captured and handed over less what was received; deducted in scope 1 already.
    Captured,
    /// Fossil carbon exported in products, as CO2; a memo.
    Exported,
}

impl Bucket {
    /// Every bucket, in the order of reports.
    pub const ALL: [Self; 16] = [
        Self::Scope1,
        Self::Scope2(Approach::Location),
        Self::Scope2(Approach::Market),
        Self::Total(Approach::Location),
        Self::Total(Approach::Market),
        Self::Export(Approach::Location),
        Self::Export(Approach::Market),
        Self::Biogenic,
        Self::Missing,
        Self::Scope3(1),
        Self::Scope3(2),
        Self::Scope3(3),
        Self::Scope3(4),
        Self::Scope3(5),
        Self::Captured,
        Self::Exported,
    ];

    /// The buckets that a line can count in, a superset of those in which
    /// [`amount`] is not zero.
    fn of(line: &Line) -> &'static [Self] {
        const CAPTURED: [Bucket; 4] =
            [Bucket::Captured, Bucket::Scope1, Bucket::Total(Approach::Location), Bucket::Total(Approach::Market)];
        const DIRECT: [Bucket; 3] =
            [Bucket::Scope1, Bucket::Total(Approach::Location), Bucket::Total(Approach::Market)];
        const LOCATION: [Bucket; 2] = [Bucket::Scope2(Approach::Location), Bucket::Total(Approach::Location)];
        const MARKET: [Bucket; 2] = [Bucket::Scope2(Approach::Market), Bucket::Total(Approach::Market)];
        const LOCATION_OUT: [Bucket; 2] = [Bucket::Export(Approach::Location), Bucket::Total(Approach::Location)];
        const MARKET_OUT: [Bucket; 2] = [Bucket::Export(Approach::Market), Bucket::Total(Approach::Market)];
        const INDIRECT: [[Bucket; 1]; 5] =
            [[Bucket::Scope3(1)], [Bucket::Scope3(2)], [Bucket::Scope3(3)], [Bucket::Scope3(4)], [Bucket::Scope3(5)]];
        if let Scope::OtherIndirect(category) = line.scope {
            return INDIRECT.get(usize::from(category).wrapping_sub(1)).map_or(&[], |b| b);
        }
        match line.approach {
            Approach::Both => match line.standing {
                Standing::Counted if line.source == Source::Captured => &CAPTURED,
                Standing::Counted => &DIRECT,
                Standing::Memo => &[Bucket::Biogenic],
                Standing::Missing => &[Bucket::Missing],
                Standing::Exported => &[Bucket::Exported],
                Standing::Replaced => &[],
            },
            Approach::Location if line.source.is_export() => &LOCATION_OUT,
            Approach::Location => &LOCATION,
            Approach::Market if line.source.is_export() => &MARKET_OUT,
            Approach::Market => &MARKET,
        }
    }

    /// Position in [`Bucket::ALL`] (a test below).
    fn position(self) -> usize {
        match self {
            Self::Scope1 => 0,
            Self::Scope2(Approach::Market) => 2,
            Self::Scope2(_) => 1,
            Self::Total(Approach::Market) => 4,
            Self::Total(_) => 3,
            Self::Export(Approach::Market) => 6,
            Self::Export(_) => 5,
            Self::Biogenic => 7,
            Self::Missing => 8,
            Self::Scope3(category) => 8 + usize::from(category.clamp(1, 5)),
            Self::Captured => 14,
            Self::Exported => 15,
        }
    }

    /// The id used in figures.
    #[must_use]
    pub fn id(self) -> &'static str {
        const INDIRECT: [&str; 5] = ["scope3.1", "scope3.2", "scope3.3", "scope3.4", "scope3.5"];
        match self {
            Self::Scope3(category) => INDIRECT.get(usize::from(category).wrapping_sub(1)).unwrap_or(&"scope3"),
            Self::Captured => "captured",
            Self::Exported => "exported_carbon",
            Self::Scope1 => "scope1",
            Self::Scope2(Approach::Market) => "scope2.market",
            Self::Scope2(_) => "scope2.location",
            Self::Export(Approach::Market) => "export.market",
            Self::Export(_) => "export.location",
            Self::Total(Approach::Market) => "total.market",
            Self::Total(_) => "total.location",
            Self::Biogenic => "biogenic",
            Self::Missing => "missing",
        }
    }
}

/// Whose emissions are added up.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum View {
    /// The consolidated park: transfers inside the fence are eliminated.
    Park,
    /// The sum of the enterprises, each with its own scope 1 and 2.
    Sum,
    /// The enterprises of a sector.
    Sector(std::sync::Arc<str>),
    /// One enterprise.
    Enterprise(EnterpriseId),
}

/// How much of `line` counts in `bucket`, in tonnes of its gas.
///
/// GHG Protocol and ISO 14064-1 count energy that is bought and used up; exports
/// are shown. GB/T 32150 counts what is bought less what is sold. In the
/// consolidated park only what crosses the fence counts.
#[must_use]
pub fn amount(line: &Line, bucket: Bucket, consolidated: bool, rule: RuleSet) -> f64 {
    let inside = consolidated && !line.crosses;
    let purchase = || match (inside, consolidated, rule) {
        (true, ..) => 0.0,
        (false, true, _) | (false, false, RuleSet::Gbt) => line.mass,
        (false, false, RuleSet::Ghgp | RuleSet::Iso) => line.mass * line.consumed,
    };
    let export = || if inside { 0.0 } else { line.mass };
    let (direct, is_export) = (line.scope == Scope::Direct, line.source.is_export());
    if let Scope::OtherIndirect(category) = line.scope {
        // What one member sells another is no other indirect emission of the park.
        let counts = bucket == Bucket::Scope3(category) && line.standing == Standing::Counted && !inside;
        return if counts { line.mass } else { 0.0 };
    }
    match (bucket, line.standing) {
        (Bucket::Captured, Standing::Counted) if line.source == Source::Captured => -line.mass,
        (Bucket::Scope1 | Bucket::Total(_), Standing::Counted) if direct => line.mass,
        (Bucket::Scope2(a) | Bucket::Total(a), Standing::Counted) if !direct && !is_export && line.approach == a => {
            purchase()
        }
        (Bucket::Total(a), Standing::Counted) if is_export && line.approach == a && rule == RuleSet::Gbt => export(),
        (Bucket::Export(a), Standing::Counted) if is_export && line.approach == a => -export(),
        (Bucket::Biogenic, Standing::Memo) | (Bucket::Exported, Standing::Exported) => line.mass,
        (Bucket::Missing, Standing::Missing) if line.source.is_combustion() => line.mass,
        _ => 0.0,
    }
}

/// t CO2e per t of a line's gas; 0 for what is no greenhouse gas or stays apart.
#[must_use]
pub fn gwp(line: &Line, set: &Gwp) -> f64 {
    match line.gas {
        Gas::Co2eReported(_) | Gas::LifeCycleCo2e => 1.0,
        gas if !gas.in_co2e() => 0.0,
        gas => set.factor(gas, oxidation_counted(line)).map_or(0.0, |f| f.value),
    }
}

/// CO2e of a line; a deduction of what is not in CO2e is zero, not minus zero. Unit: t CO2e.
#[must_use]
pub fn co2e(line: &Line, set: &Gwp) -> f64 {
    line.mass * gwp(line, set) + 0.0
}

/// Whether the CO2 that methane turns into is booked already, or biogenic.
#[must_use]
pub fn oxidation_counted(line: &Line) -> bool {
    line.source.is_combustion() || line.origin == CarbonOrigin::Biogenic
}

/// The rule set that adds up as this one does.
pub(super) fn like(rule: RuleSet) -> RuleSet {
    if rule == RuleSet::Iso { RuleSet::Ghgp } else { rule }
}

/// A sum below this part of the sizes of its terms is rounding: thousands of terms leave less.
pub(super) const CANCELS: f64 = 1e-13;

/// Mass and CO2e by enterprise and for the consolidated park, for one year.
#[derive(Debug, Clone)]
pub struct Totals {
    /// The gases that have a line, in order.
    pub gases: Vec<Gas>,
    /// Rule sets of the columns.
    rules: Vec<RuleSet>,
    /// enterprises × (rule · bucket · gas). Unit: t of the gas.
    mass: Array2<f64>,
    /// enterprises × (rule · bucket). Unit: t CO2e.
    co2e: Array2<f64>,
    /// 1 × (rule · bucket · gas), consolidated. Unit: t of the gas.
    park_mass: Array2<f64>,
    /// 1 × (rule · bucket), consolidated. Unit: t CO2e.
    park_co2e: Array2<f64>,
}

impl Totals {
    /// Adds up the lines of one year, in the order of the ledger.
    #[must_use]
    pub fn new(park: &Park, ledger: &Ledger, set: &Gwp, year: u16) -> Self {
        Self::under(park, ledger, set, year, vec![RuleSet::Ghgp, RuleSet::Gbt])
    }

    /// The same under some rule sets only; `Ghgp` stands for `Iso` too.
    pub(super) fn under(park: &Park, ledger: &Ledger, set: &Gwp, year: u16, rules: Vec<RuleSet>) -> Self {
        let lines = || ledger.lines.iter().filter(|l| l.period.year == year);
        let mut gases: Vec<Gas> = Vec::new();
        for line in lines() {
            if !gases.contains(&line.gas) {
                gases.push(line.gas);
            }
        }
        gases.sort_unstable();
        let (n, buckets) = (park.enterprises.len(), rules.len() * Bucket::ALL.len());
        let mut totals = Self {
            mass: Array2::zeros((n, buckets * gases.len())),
            co2e: Array2::zeros((n, buckets)),
            park_mass: Array2::zeros((1, buckets * gases.len())),
            park_co2e: Array2::zeros((1, buckets)),
            gases,
            rules,
        };
        // What is taken off, so that a sum that cancels can be told from a small one: few parks have any.
        let mut off: Option<(Array2<f64>, Array2<f64>)> = None;
        // A line's CO2 that methane turns into is booked or not: two weights a gas.
        let mut weights = vec![[None; 2]; totals.gases.len()];
        for line in lines() {
            let gas = totals.gases.binary_search(&line.gas).unwrap_or_default();
            let weight = *weights[gas][usize::from(oxidation_counted(line))].get_or_insert_with(|| gwp(line, set));
            let mut mass = totals.mass.row_mut(line.enterprise.index());
            let mut co2e = totals.co2e.row_mut(line.enterprise.index());
            for (r, &rule) in totals.rules.iter().enumerate() {
                for &bucket in Bucket::of(line) {
                    let column = r * Bucket::ALL.len() + bucket.position();
                    let cell = column * totals.gases.len() + gas;
                    let own = amount(line, bucket, false, rule);
                    // The fence matters to what is bought or sold, and to what comes from others.
                    let fence = if line.scope == Scope::Direct { own } else { amount(line, bucket, true, rule) };
                    mass[cell] += own;
                    co2e[column] += own * weight;
                    if own < 0.0 {
                        let (mass_off, co2e_off) = off.get_or_insert_with(|| {
                            (Array2::zeros((n, buckets * totals.gases.len())), Array2::zeros((n, buckets)))
                        });
                        mass_off[[line.enterprise.index(), cell]] -= own;
                        co2e_off[[line.enterprise.index(), column]] -= own * weight;
                    }
                    totals.park_mass[[0, cell]] += fence;
                    totals.park_co2e[[0, column]] += fence * weight;
                }
            }
        }
        // What is bought and sold on at one factor leaves nothing, whatever rounding leaves of it.
        if let Some((mass_off, co2e_off)) = off {
            let cancel = |sum: &mut f64, off: &f64| {
                let size = *sum + 2.0 * off;
                if sum.abs() <= CANCELS * size {
                    *sum = 0.0;
                }
            };
            totals.mass.zip_mut_with(&mass_off, cancel);
            totals.co2e.zip_mut_with(&co2e_off, cancel);
        }
        totals
    }

    fn column(&self, bucket: Bucket, rule: RuleSet) -> usize {
        let same = like(rule);
        let r = self.rules.iter().position(|&x| x == same).unwrap_or_default();
        r * Bucket::ALL.len() + bucket.position()
    }

    /// The sum for a view; `gas` or CO2e. Unit: t.
    #[must_use]
    pub fn get(&self, park: &Park, view: &View, bucket: Bucket, rule: RuleSet, gas: Option<Gas>) -> f64 {
        let column = self.column(bucket, rule);
        let (own, fence, column) = match gas {
            None => (&self.co2e, &self.park_co2e, column),
            Some(gas) => match self.gases.binary_search(&gas) {
                Ok(g) => (&self.mass, &self.park_mass, column * self.gases.len() + g),
                Err(_) => return 0.0,
            },
        };
        match view {
            View::Park => fence[[0, column]],
            View::Sum => own.column(column).sum(),
            View::Enterprise(e) => own[[e.index(), column]],
            View::Sector(code) => {
                let members = park.enterprises.iter().enumerate().filter(|(_, e)| e.sector == *code);
                members.map(|(i, _)| own[[i, column]]).sum()
            }
        }
    }

    /// What is shown of a part of a view: CO2e, then each gas that is not zero; with units.
    pub fn shown<'a>(
        &'a self,
        park: &'a Park,
        view: &'a View,
        bucket: Bucket,
        rule: RuleSet,
    ) -> impl Iterator<Item = (Option<Gas>, f64, &'static str)> + use<'a> {
        let rare = matches!(bucket, Bucket::Scope3(_) | Bucket::Captured | Bucket::Exported);
        let co2e = self.get(park, view, bucket, rule, None);
        // What few parks have is shown only where it occurs.
        let shown = bucket != Bucket::Biogenic && !(rare && co2e == 0.0);
        let gases = self.gases.iter().map(move |&gas| (Some(gas), self.get(park, view, bucket, rule, Some(gas)), "t"));
        shown.then_some((None, co2e, "t CO2e")).into_iter().chain(gases.filter(|g| g.1 != 0.0))
    }
}

#[cfg(test)]
mod tests {
    use super::Bucket;

    #[test]
    fn positions_follow_the_list() {
        for (i, bucket) in Bucket::ALL.into_iter().enumerate() {
            assert_eq!(bucket.position(), i, "{bucket:?}");
        }
    }
}
