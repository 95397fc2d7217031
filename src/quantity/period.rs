//! Reporting periods: a calendar year or a month of one.

use std::fmt;

/// A calendar year, or one month of it. Orders by time, a year before its months.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Period {
    /// Calendar year, 1900 to 2100.
    pub year: u16,
    /// Month, 1 to 12; `None` is the whole year.
    pub month: Option<u8>,
}

/// A cell that is no period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no period: expected YYYY or YYYY-MM")]
pub struct PeriodError;

impl Period {
    /// A whole year.
    #[must_use]
    pub const fn year(year: u16) -> Self {
        Self { year, month: None }
    }

    /// Reads `2024`, `2024-03`, `2024/3`, `2024年` or `2024年3月`.
    ///
    /// # Errors
    /// [`PeriodError`] for anything else, and outside 1900 to 2100.
    pub fn parse(text: &str) -> Result<Self, PeriodError> {
        let number = |digits: &[u8]| digits.iter().fold(0, |n, d| 10 * n + u16::from(d - b'0'));
        // The form that nearly every row has needs no search.
        if let [year @ .., b'-', _, _] = text.as_bytes()
            && year.len() == 4
            && text.bytes().enumerate().all(|(i, b)| i == 4 || b.is_ascii_digit())
        {
            return Self::checked(number(year), Some(number(&text.as_bytes()[5..]) as u8));
        }
        let text = text.trim();
        let (year, month) = match text.split_once(['-', '/', '年', '.']) {
            Some((year, rest)) => (year, rest.strip_suffix('月').unwrap_or(rest).trim()),
            None => (text, ""),
        };
        let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if year.len() != 4 || month.len() > 2 || !digits(year) || !digits(month) {
            return Err(PeriodError);
        }
        let year: u16 = year.parse().map_err(|_| PeriodError)?;
        let month = match month {
            // Only 年 may stand behind a year without a month.
            "" if text.len() > 4 && !text.ends_with('年') => return Err(PeriodError),
            "" => None,
            m => Some(m.parse::<u8>().map_err(|_| PeriodError)?),
        };
        Self::checked(year, month)
    }

    fn checked(year: u16, month: Option<u8>) -> Result<Self, PeriodError> {
        if !(1900..=2100).contains(&year) || month.is_some_and(|m| !(1..=12).contains(&m)) {
            return Err(PeriodError);
        }
        Ok(Self { year, month })
    }

    /// Whether `other` lies in this period: a year contains itself and its months.
    #[must_use]
    pub fn contains(self, other: Self) -> bool {
        self.year == other.year && (self.month.is_none() || self.month == other.month)
    }

    /// When it begins and ends. Unit: months since the year 0.
    #[must_use]
    pub fn months(self) -> (u32, u32) {
        let (year, month) = (12 * u32::from(self.year), self.month.map(u32::from));
        (year + month.unwrap_or(1) - 1, year + month.unwrap_or(12))
    }

    /// Hours of the period, for rates such as t/h and MW. Unit: h.
    #[must_use]
    pub fn hours(self) -> f64 {
        let divides = |n: u16| self.year.is_multiple_of(n);
        let leap = divides(4) && (!divides(100) || divides(400));
        let february = if leap { 29 } else { 28 };
        let days = match self.month {
            None => 337 + february,
            Some(2) => february,
            Some(4 | 6 | 9 | 11) => 30,
            Some(_) => 31,
        };
        24.0 * f64::from(days)
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.month {
            None => write!(f, "{}", self.year),
            Some(month) => write!(f, "{}-{month:02}", self.year),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_fill_the_year() {
        for year in [2023, 2024, 1900, 2000] {
            let sum: f64 = (1..=12).map(|m| Period { year, month: Some(m) }.hours()).sum();
            assert!((sum - Period::year(year).hours()).abs() < 1e-9);
        }
    }

    #[test]
    fn spellings() {
        let march = Ok(Period { year: 2024, month: Some(3) });
        for text in ["2024-03", "2024-3", "2024/03", "2024年3月"] {
            assert_eq!(Period::parse(text), march, "{text}");
        }
        assert_eq!(Period::parse("2024年"), Ok(Period::year(2024)));
        for text in
            ["24", "2024-13", "2024-0", "202403", "3024", "", "2024-Q1", "2024-", "2024年月", "2024-1月月", "２０２４"]
        {
            assert_eq!(Period::parse(text), Err(PeriodError), "{text}");
        }
    }
}
