//! Amounts by month: those of a link in the base year, and what is there of something that is not always there.

use super::link::Link;
use crate::park::Park;
use crate::quantity::Period;
use std::array;

/// A number for each month, January first.
pub type Months = [f64; 12];

/// The months of a year.
pub(super) fn periods(year: u16) -> [Period; 12] {
    array::from_fn(|m| Period { year, month: Some(m as u8 + 1) })
}

/// The hours of each month in parts of those of the year. Unit: 1.
pub(super) fn by_hours(year: u16) -> Months {
    let whole = Period::year(year).hours();
    periods(year).map(|month| month.hours() / whole)
}

/// What is there in each month of something that would bring `yearly` in a year if it were always there:
/// `a_m · Q · h_m / H`. Measured: as `yearly`.
pub(super) fn offered(available: &Months, yearly: f64, year: u16) -> Months {
    let hours = by_hours(year);
    array::from_fn(|m| available[m] * yearly * hours[m])
}

/// What is there in each month of something that is a share of a link of the base year: `a_m · s · q_m`; of a link that does not
/// flow yet the share of what it could be, spread by hours. Measured: canonical unit of the link.
pub(super) fn offered_share(
    available: &Months,
    share: f64,
    (link, full): (&Link, f64),
    park: &Park,
    year: u16,
) -> Months {
    let months = if link.base > 0.0 { of_link(park, link, year).0 } else { by_hours(year).map(|hours| full * hours) };
    array::from_fn(|m| available[m] * share * months[m])
}

/// Hours at full load of something that is there in part. Unit: h.
pub(super) fn full_load_hours(available: &Months, year: u16) -> f64 {
    periods(year).iter().zip(available).map(|(month, a)| a * month.hours()).sum()
}

/// A link of the base year by month, and whether its rows say so: a row of the whole year is spread by hours. Measured:
/// canonical unit of the link.
pub(super) fn of_link(park: &Park, link: &Link, year: u16) -> (Months, bool) {
    let (hours, mut months, mut known) = (by_hours(year), [0.0; 12], true);
    // The same rows as those of `Link::base`.
    for &row in link.rows.iter().filter(|&&row| park.observations.counts_for_buyer(row)) {
        let flow = &park.flows[row];
        let value = flow.quantity.map_or(0.0, |q| q.value);
        if let Some(month) = flow.period.month {
            months[usize::from(month) - 1] += value;
        } else {
            known = false;
            months.iter_mut().zip(hours).for_each(|(of, share)| *of += value * share);
        }
    }
    (months, known && !link.rows.is_empty())
}

/// A yearly amount by month, in proportion to a profile; by hours, where that has no sum. Measured: as `yearly`.
pub(super) fn spread(yearly: f64, profile: &Months, year: u16) -> Months {
    let whole: f64 = profile.iter().sum();
    if whole > 0.0 { profile.map(|part| yearly * part / whole) } else { by_hours(year).map(|part| yearly * part) }
}

/// What a unit makes in each month of its yearly amount, as it is there. Measured: as `yearly`.
pub(super) fn made(available: &Months, yearly: f64, year: u16) -> Months {
    let hours = by_hours(year);
    spread(yearly, &array::from_fn(|m| available[m] * hours[m]), year)
}
