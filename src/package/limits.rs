//! Quality limits of exchanges: `share<=0.5; chlorine<=0.1 %`.
//!
//! ```text
//! limits = limit { ";" limit }
//! limit  = ( "share" | [ "mixed" ] property of carriers.csv ) ( "<=" | ">=" | "≤" | "≥" ) number [ unit ]
//! ```

use super::refer::nearest;
use super::sheet::Row;
use crate::diagnostic::{Diagnostics, Problem, Thing};
use crate::park::{ExchangeLimit, Parameter};
use crate::quantity::{Dimension, Unit, parse_number};

/// What a limit may be of, besides properties.
const SHARE: &str = "share";

/// What stands before a property of the mixture that the receiver takes.
const MIXED: [&str; 2] = ["mixed", "混合"];

/// The signs of a limit, and whether they bound from above.
const SIGNS: [(&str, bool); 4] = [("<=", true), ("≤", true), (">=", false), ("≥", false)];

/// The limits in the cell of an exchange; what cannot be read is reported.
pub(super) fn limits(row: &Row, found: &mut Diagnostics) -> Vec<ExchangeLimit> {
    let cell = row.cell("limits").replace('；', ";");
    let parts = cell.split(';').map(str::trim).filter(|p| !p.is_empty());
    let read = parts.filter_map(|part| match limit(part) {
        Ok(limit) => Some(limit),
        Err(problem) => {
            row.report(found, "limits", *problem);
            None
        }
    });
    read.collect()
}

/// Limits in a text, as a cell has them; none if one cannot be read.
#[must_use]
pub(crate) fn quality_limits(text: &str) -> Option<Vec<ExchangeLimit>> {
    let text = text.replace('；', ";");
    text.split(';').map(str::trim).filter(|p| !p.is_empty()).map(|part| limit(part).ok()).collect()
}

/// One limit.
fn limit(text: &str) -> Result<ExchangeLimit, Box<Problem>> {
    let properties = || Parameter::ALL.iter().filter(|p| p.is_property()).map(|p| p.id());
    let bad = |found: &str| Problem::BadChoice {
        found: found.to_owned(),
        choices: "share<=0.5, moisture<=20 %, ncv>=20 GJ/t, mixed cod<=20 mg/L".to_owned(),
        nearest: nearest(found, properties().chain([SHARE])),
    };
    let sign = SIGNS.iter().find_map(|(sign, most)| text.split_once(sign).map(|(name, rest)| (name, rest, *most)));
    let Some((name, rest, most)) = sign else { return Err(bad(text).into()) };
    let rest = rest.trim();
    let (mixed, name) = is_mixed(name.trim());
    let of = match name {
        SHARE if !mixed => None,
        _ => Some(Parameter::find(name).filter(|p| p.is_property()).ok_or_else(|| bad(name))?),
    };
    let end = rest.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '-' | '+'))).unwrap_or(rest.len());
    let (number, unit_text) = (&rest[..end], rest[end..].trim());
    let number = parse_number(number).map_err(|_| Problem::BadNumber { found: rest.to_owned() })?;
    let unit = if unit_text.is_empty() { "1" } else { unit_text };
    let unit = Unit::parse(unit).map_err(|e| Problem::unit(unit, &e))?;
    let (dimensions, units) = of.map_or((&[Dimension::NONE][..], "1, %"), Parameter::dimensions);
    if !dimensions.contains(&unit.dimension) {
        let thing = of.map_or(Thing::new(SHARE, "占比"), |p| Thing::new(p.id(), p.words().1));
        return Err(Problem::WrongDimension { unit: unit_text.to_owned(), thing, units: units.to_owned() }.into());
    }
    // A scale that does not start at zero is shown in its canonical unit.
    let starts_at_zero = unit.to_canonical(0.0) == 0.0;
    let shown = if starts_at_zero { unit_text.into() } else { unit.dimension.to_string().into() };
    Ok(ExchangeLimit {
        of,
        mixed,
        most,
        value: unit.to_canonical(number),
        dimension: unit.dimension,
        unit: shown,
        per_unit: if starts_at_zero { unit.to_canonical(1.0) } else { 1.0 },
        printed: text.into(),
    })
}

/// Whether a name is of the mixture, and the name without the word for it.
fn is_mixed(name: &str) -> (bool, &str) {
    let rest =
        MIXED.iter().find_map(|word| name.strip_prefix(word)).filter(|rest| rest.starts_with(char::is_whitespace));
    rest.map_or((false, name), |rest| (true, rest.trim_start()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_has_a_name_a_sign_and_a_number() {
        let read = |text: &str| limit(text).map(|l| (l.of, l.most, l.value)).ok();
        assert_eq!(read("share<=0.5"), Some((None, true, 0.5)));
        assert_eq!(read("moisture <= 20 %"), Some((Some(Parameter::Moisture), true, 0.2)));
        assert_eq!(read("chlorine≤0.1%"), Some((Some(Parameter::Chlorine), true, 0.001)));
        assert_eq!(read("ncv >= 20 GJ/t"), Some((Some(Parameter::Ncv), false, 20.0)));
        let mixed = |text: &str| limit(text).map(|l| (l.of, l.mixed, l.per_unit)).ok();
        assert_eq!(mixed("mixed moisture<=20 %"), Some((Some(Parameter::Moisture), true, 0.01)));
        assert_eq!(mixed("混合 moisture≤20 %"), Some((Some(Parameter::Moisture), true, 0.01)));
        assert_eq!(mixed("moisture<=0.2"), Some((Some(Parameter::Moisture), false, 1.0)));
        let bad = ["", "share", "share=0.5", "sahre<=0.5", "moisture<=", "moisture<=wet", "moisture<=20 GJ", "kind<=1"];
        for bad in bad.into_iter().chain(["mixed<=1", "mixed share<=0.5", "mixedmoisture<=20 %"]) {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
