//! The value of an indicator, set against its threshold.

use super::elasticity::{Edge, Elasticity, Form, elasticity};
use super::figures::Figures;
use super::formula::{Formula, MOST, NoValue, Shape, When};
use super::items::{ItemId, Items, Source};
use super::pack::{Case, Comparator, Condition, Indicator, Threshold};

/// What the zone says of its own.
pub trait Given {
    /// A threshold that a table leaves to somebody else, in the unit of the indicator.
    fn asked(&self, row: &Indicator, year: u16) -> Option<f64>;
    /// The target of its plan.
    fn target(&self, row: &Indicator) -> Option<Target>;
}

/// Nobody said anything.
#[derive(Debug, Clone, Copy, Default)]
pub struct Nothing;

impl Given for Nothing {
    fn asked(&self, _: &Indicator, _: u16) -> Option<f64> {
        None
    }
    fn target(&self, _: &Indicator) -> Option<Target> {
        None
    }
}

/// A target, in the unit of its indicator.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Target {
    /// The year from which progress counts, where it is stated.
    pub base_year: Option<u16>,
    /// The value then, where it is stated.
    pub base: Option<f64>,
    /// The year by which it is to be met.
    pub year: u16,
    /// The target.
    pub value: f64,
}

impl Target {
    /// Progress `(x − x0) / (x_target − x0)`; none where nothing is to change. Unit: 1.
    #[must_use]
    pub fn progress(&self, base: f64, value: f64) -> Option<f64> {
        let way = self.value - base;
        (way != 0.0).then(|| (value - base) / way)
    }

    /// Whether a value is at the target or beyond it, seen from the base.
    #[must_use]
    pub fn is_met(&self, base: f64, value: f64) -> bool {
        let way = self.value - base;
        // Nothing was to change: it must not have become other than it is, but for rounding.
        let off = value - self.value;
        if way == 0.0 { off.abs() <= 1e-9 * self.value.abs().max(1.0) } else { off * way >= 0.0 }
    }
}

/// The years of an evaluation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct At {
    /// The year that is judged.
    pub year: u16,
    /// The year from which growth counts.
    pub base: u16,
}

impl At {
    /// The calendar year of an item.
    #[must_use]
    pub fn year(self, when: When) -> u16 {
        match when {
            When::Back(years) => self.year.saturating_sub(u16::from(years)),
            When::Base => self.base,
        }
    }

    /// Years from base to judged.
    #[must_use]
    pub fn years(self) -> f64 {
        f64::from(self.year) - f64::from(self.base)
    }
}

/// Why a value is not defined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Undefined {
    /// Something is divided by an amount that is not above zero.
    DividesByNothing,
    /// A rate of change from or to nothing.
    NoRate,
    /// A case that the rule of elasticities leaves open.
    Elasticity(Edge),
}

/// Why a row is not applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotApplied {
    /// No threshold is public: the value stands alone.
    ThresholdNotPublic,
    /// No definition is public.
    DefinitionNotPublic,
    /// The park lies in no tier of the table.
    NoTier,
    /// The score lies in another band.
    OtherBand,
    /// The base year is the year of evaluation: there is no growth.
    BaseYear,
}

/// How a row is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It meets the threshold.
    Pass,
    /// It does not.
    Fail,
    /// An item of the accounts or of the statistics is missing in a year.
    NotComputable(ItemId, u16),
    /// An edge case.
    NotDefined(Undefined),
    /// A question is open: that of an item, else the threshold or target itself.
    NeedsAnswer(Option<(ItemId, u16)>),
    /// It is not applied here.
    NotApplicable(NotApplied),
}

/// A row, judged.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Assessment {
    /// Value in the unit of the row; flags are 0 or 1.
    pub value: Option<f64>,
    /// Threshold in the unit of the row.
    pub threshold: Option<f64>,
    /// Verdict.
    pub verdict: Verdict,
    /// What is missing to the threshold in the unit of the row; negative: room to spare.
    pub gap: Option<f64>,
    /// Whether the verdict is a convention of the program in an edge case.
    pub flagged: bool,
}

impl Assessment {
    fn of(verdict: Verdict) -> Self {
        Self { value: None, threshold: None, verdict, gap: None, flagged: false }
    }
}

/// What cannot be worked out, by who has to say it.
fn missing(items: &Items, item: ItemId, year: u16) -> Verdict {
    match items.get(item).source {
        Source::Answer => Verdict::NeedsAnswer(Some((item, year))),
        Source::Account | Source::Statistic => Verdict::NotComputable(item, year),
    }
}

/// Judges a row.
#[must_use]
pub fn assess(row: &Indicator, items: &Items, figures: &Figures, at: At, given: &impl Given) -> Assessment {
    let Some(formula) = &row.formula else {
        return Assessment::of(Verdict::NotApplicable(NotApplied::DefinitionNotPublic));
    };
    match &formula.shape {
        Shape::Flag(item) => flag(row, items, *item, figures.get(*item, at.year), at),
        Shape::Elasticity { .. } => of_elasticity(row, items, figures, at, given),
        Shape::Value => of_value(row, formula, items, figures, at, given),
    }
}

fn flag(row: &Indicator, items: &Items, item: ItemId, value: Option<f64>, at: At) -> Assessment {
    let verdict = match value {
        None => missing(items, item, at.year),
        Some(_) if row.judged == Comparator::NotFound => Verdict::NotApplicable(NotApplied::ThresholdNotPublic),
        Some(yes) if yes != 0.0 => Verdict::Pass,
        Some(_) => Verdict::Fail,
    };
    Assessment { value, ..Assessment::of(verdict) }
}

/// The elasticity of a row.
///
/// # Errors
/// The verdict that stands in its place.
pub fn elasticity_of(formula: &Formula, items: &Items, figures: &Figures, at: At) -> Result<Elasticity, Verdict> {
    let Shape::Elasticity { of, items: list } = &formula.shape else {
        return Err(Verdict::NotApplicable(NotApplied::DefinitionNotPublic));
    };
    if at.base >= at.year {
        return Err(Verdict::NotApplicable(NotApplied::BaseYear));
    }
    let known = |item: ItemId, year: u16| figures.get(item, year).ok_or_else(|| missing(items, item, year));
    let both = |item: ItemId| Ok::<_, Verdict>((known(item, at.base)?, known(item, at.year)?));
    let y = both(*of)?;
    // Growth over a year without added value is none, whatever the ends say (`indicators.md` 3.1).
    if (at.base..=at.year).any(|year| figures.get(*of, year).is_some_and(|v| v <= 0.0)) {
        return Err(Verdict::NotDefined(Undefined::Elasticity(Edge::NotPositive)));
    }
    let mut x = [(0.0, 0.0); MOST];
    let mut count = 0;
    for (&item, place) in list.iter().zip(&mut x) {
        *place = both(item)?;
        count += 1;
    }
    elasticity(x.into_iter().take(count), y, at.years()).map_err(|e| Verdict::NotDefined(Undefined::Elasticity(e)))
}

/// The elasticity of each numerator by itself, in the order of the formula; none where it has no growth.
#[must_use]
pub fn elasticities(formula: &Formula, figures: &Figures, at: At) -> Vec<(ItemId, Option<Elasticity>)> {
    let Shape::Elasticity { of, items } = &formula.shape else { return Vec::new() };
    let both = |item: ItemId| Some((figures.get(item, at.base)?, figures.get(item, at.year)?));
    let one = |item: ItemId| elasticity([both(item)?], both(*of)?, at.years()).ok();
    items.iter().map(|&item| (item, one(item))).collect()
}

fn of_elasticity(row: &Indicator, items: &Items, figures: &Figures, at: At, given: &impl Given) -> Assessment {
    let Some(formula) = &row.formula else {
        return Assessment::of(Verdict::NotApplicable(NotApplied::DefinitionNotPublic));
    };
    let e = match elasticity_of(formula, items, figures, at) {
        Ok(e) => e,
        Err(verdict) => return Assessment::of(verdict),
    };
    let known = Assessment { value: e.value, flagged: e.flagged, ..Assessment::of(Verdict::Pass) };
    let threshold = match threshold(row, items, figures, at, given) {
        Ok(threshold) => threshold,
        Err(verdict) => return Assessment { verdict, ..known },
    };
    let form = if row.judged == Comparator::Piecewise { Form::Of2015 } else { Form::Of2009 };
    let verdict = match e.meets(threshold, form) {
        Ok(true) => Verdict::Pass,
        Ok(false) => Verdict::Fail,
        Err(edge) => Verdict::NotDefined(Undefined::Elasticity(edge)),
    };
    // While added value falls, a larger coefficient is better.
    let gap = e.value.map(|value| (value - threshold) * e.growth_of.signum());
    Assessment { threshold: Some(threshold), verdict, gap, ..known }
}

fn of_value(
    row: &Indicator,
    formula: &Formula,
    items: &Items,
    figures: &Figures,
    at: At,
    given: &impl Given,
) -> Assessment {
    let value = match formula.value(|item, when| figures.get(item, at.year(when)), at.years()) {
        Ok(value) if value.is_finite() => value / row.measured.scale,
        Ok(_) => return Assessment::of(Verdict::NotDefined(Undefined::DividesByNothing)),
        Err(NoValue::Missing(item, when)) => return Assessment::of(missing(items, item, at.year(when))),
        Err(NoValue::DividesByNothing) => {
            return Assessment::of(Verdict::NotDefined(Undefined::DividesByNothing));
        }
        Err(NoValue::NoPower) => return Assessment::of(Verdict::NotDefined(Undefined::NoRate)),
        Err(NoValue::NoYears) => return Assessment::of(Verdict::NotApplicable(NotApplied::BaseYear)),
    };
    let known = Assessment { value: Some(value), ..Assessment::of(Verdict::Pass) };
    if row.judged == Comparator::Range {
        let verdict = band(row, items, figures, at);
        return Assessment { verdict, ..known };
    }
    if row.judged == Comparator::OwnTarget {
        return of_target(row, formula, (items, figures, at), known, value, given);
    }
    let threshold = match threshold(row, items, figures, at, given) {
        Ok(threshold) => threshold,
        Err(verdict) => return Assessment { verdict, ..known },
    };
    let (met, gap) = compare(row.judged, value, threshold);
    let verdict = if met { Verdict::Pass } else { Verdict::Fail };
    Assessment { threshold: Some(threshold), verdict, gap: Some(gap), ..known }
}

/// Whether a value meets a threshold, and what is missing.
fn compare(judged: Comparator, value: f64, threshold: f64) -> (bool, f64) {
    let over = value - threshold;
    match judged {
        Comparator::AtLeast => (value >= threshold, -over),
        Comparator::Above => (value > threshold, -over),
        Comparator::Below => (value < threshold, over),
        // 100 % of which rounding took the last bit is 100 %.
        Comparator::Equal => (over.abs() <= 1e-9 * threshold.abs().max(1.0), over.abs()),
        _ => (value <= threshold, over),
    }
}

/// The value that a row has in a year, in its unit.
#[must_use]
pub fn value_in(row: &Indicator, formula: &Formula, figures: &Figures, at: At) -> Option<f64> {
    match &formula.shape {
        Shape::Flag(item) => figures.get(*item, at.year),
        Shape::Elasticity { of, items } => {
            let both = |item: ItemId| Some((figures.get(item, at.base)?, figures.get(item, at.year)?));
            let x: Option<Vec<(f64, f64)>> = items.iter().map(|&item| both(item)).collect();
            elasticity(x?, both(*of)?, at.years()).ok()?.value
        }
        Shape::Value => {
            let value = formula.value(|item, when| figures.get(item, at.year(when)), at.years()).ok()?;
            Some(value / row.measured.scale).filter(|v| v.is_finite())
        }
    }
}

fn of_target(
    row: &Indicator,
    formula: &Formula,
    (items, figures, at): (&Items, &Figures, At),
    known: Assessment,
    value: f64,
    given: &impl Given,
) -> Assessment {
    let Some(target) = given.target(row) else {
        return Assessment { verdict: Verdict::NeedsAnswer(None), ..known };
    };
    let before = At { year: target.base_year.unwrap_or(at.base), base: at.base };
    let Some(base) = target.base.or_else(|| value_in(row, formula, figures, before)) else {
        // The first item that the base lacks.
        let lacks = formula.takes.iter().find(|(item, when)| figures.get(*item, before.year(*when)).is_none());
        let verdict = lacks.map_or(Verdict::NotDefined(Undefined::DividesByNothing), |&(item, when)| {
            missing(items, item, before.year(when))
        });
        return Assessment { threshold: Some(target.value), verdict, ..known };
    };
    let verdict = if target.is_met(base, value) { Verdict::Pass } else { Verdict::Fail };
    // Where nothing was to change there is no side on which it is missing.
    let way = target.value - base;
    let gap = (way != 0.0).then(|| (target.value - value) * way.signum());
    Assessment { threshold: Some(target.value), verdict, gap, ..known }
}

/// Whether the value lies in the band of the row.
fn band(row: &Indicator, items: &Items, figures: &Figures, at: At) -> Verdict {
    let Threshold::Cases(cases) = &row.threshold else {
        return Verdict::NotApplicable(NotApplied::ThresholdNotPublic);
    };
    match find_case(cases, items, figures, at) {
        Ok(Some(_)) => Verdict::Pass,
        Ok(None) => Verdict::NotApplicable(NotApplied::OtherBand),
        Err(verdict) => verdict,
    }
}

/// The threshold of a row.
///
/// # Errors
/// The verdict that stands in its place.
pub fn threshold(
    row: &Indicator,
    items: &Items,
    figures: &Figures,
    at: At,
    given: &impl Given,
) -> Result<f64, Verdict> {
    match &row.threshold {
        Threshold::Number(number) => Ok(*number),
        Threshold::Cases(cases) => {
            let case = find_case(cases, items, figures, at)?;
            case.and_then(|c| c.value).ok_or(Verdict::NotApplicable(NotApplied::NoTier))
        }
        Threshold::Asked => given.asked(row, at.year).ok_or(Verdict::NeedsAnswer(None)),
        Threshold::Target => given.target(row).map(|t| t.value).ok_or(Verdict::NeedsAnswer(None)),
        Threshold::None => Err(Verdict::NotApplicable(NotApplied::ThresholdNotPublic)),
    }
}

/// The case that applies: of those whose condition holds the first year that is not over, else the last.
fn find_case<'a>(cases: &'a [Case], items: &Items, figures: &Figures, at: At) -> Result<Option<&'a Case>, Verdict> {
    let mut last: Option<&Case> = None;
    for case in cases {
        let known = |item: ItemId| figures.get(item, at.year).ok_or_else(|| missing(items, item, at.year));
        let holds = match &case.when {
            Condition::Else => true,
            Condition::Within(item, interval) => interval.contains(known(*item)?),
            #[allow(
                clippy::cast_precision_loss,
                clippy::float_cmp,
                reason = "numbers of a few words, as they were noted"
            )]
            Condition::Chosen(item, word) => known(*item)? == *word as f64,
        };
        if !holds {
            continue;
        }
        match case.until {
            // After the dated cases of its own condition it is what holds from then on; after others the last of them does.
            None => return Ok(Some(last.filter(|l| l.when != case.when).unwrap_or(case))),
            Some(until) if at.year <= until => return Ok(Some(case)),
            Some(_) => last = Some(case),
        }
    }
    Ok(last)
}

/// How much the lever of a row has to change so that the row comes to its threshold, in the canonical unit of the lever; none
/// where that does not help.
#[must_use]
pub fn closing(row: &Indicator, figures: &Figures, at: At, threshold: f64) -> Option<f64> {
    let (lever, formula) = (row.lever?, row.formula.as_ref()?);
    let now = figures.get(lever, at.year)?;
    let known = |amount: f64| {
        move |item: ItemId, when: When| {
            if item == lever && at.year(when) == at.year { Some(amount) } else { figures.get(item, at.year(when)) }
        }
    };
    // What is missing to the threshold when the lever is at an amount.
    let miss = |amount: f64| -> Option<f64> {
        match &formula.shape {
            Shape::Flag(_) => None,
            Shape::Value => Some(formula.value(known(amount), at.years()).ok()? / row.measured.scale - threshold),
            Shape::Elasticity { of, items } => {
                let at_year = |item: ItemId| known(amount)(item, When::Back(0));
                let both = |item: ItemId| Some((figures.get(item, at.base)?, at_year(item)?));
                let x: Option<Vec<(f64, f64)>> = items.iter().map(|i| both(*i)).collect();
                let e = elasticity(x?, both(*of)?, at.years()).ok()?;
                Some(e.growth - threshold * e.growth_of)
            }
        }
    };
    secant(miss, now).map(|amount| amount - now)
}

/// The root of a function near a number, by secants: exact after one for what is linear. It is not below zero.
#[allow(clippy::float_cmp, reason = "a secant between equal numbers has no slope")]
fn secant(f: impl Fn(f64) -> Option<f64>, start: f64) -> Option<f64> {
    let (mut a, mut b) = (start, if start == 0.0 { 1.0 } else { start * 0.99 });
    let (mut fa, mut fb) = (f(a)?, f(b)?);
    let size = fa.abs().max(fb.abs());
    for _ in 0..60 {
        if fb == fa {
            break;
        }
        let next = b - fb * (b - a) / (fb - fa);
        if !next.is_finite() {
            return None;
        }
        (a, fa, b) = (b, fb, next.max(0.0));
        fb = f(b)?;
        if fb.abs() <= 1e-13 * size || a == b {
            break;
        }
    }
    (fb.abs() <= 1e-9 * size).then_some(b)
}
