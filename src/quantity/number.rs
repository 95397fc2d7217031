//! Numbers as people type them into spreadsheets.

/// Magnitudes above this are refused: no park flow reaches 10^15 of any unit,
/// while a shifted column or a phone number does.
pub const ABSURD: f64 = 1e15;

/// Magnitudes below this are refused too, unless they are zero: no quantity or
/// factor is as small, and quotients by it overflow.
const TINY: f64 = 1e-30;

/// Why a cell is not an acceptable number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NumberError {
    /// Not a number at all.
    #[error("not a number")]
    Malformed,
    /// NaN or infinity.
    #[error("not finite")]
    NotFinite,
    /// Magnitude above [`ABSURD`].
    #[error("magnitude above 1e15")]
    Absurd,
    /// A comma where a decimal point belongs, or digits grouped otherwise than
    /// by three.
    #[error("comma that does not separate thousands")]
    DecimalComma,
}

/// Reads a number, allowing for thousands separators (`1,234.5`), full-width
/// digits and punctuation (`１，２３４．５`), a leading `+` and exponents.
///
/// # Errors
/// See [`NumberError`]. A decimal comma (`9,99`) is refused and never guessed.
pub fn parse_number(text: &str) -> Result<f64, NumberError> {
    // Digits and points are what nearly every cell holds, and nothing else that could be meant.
    if text.starts_with(|c: char| c.is_ascii_digit()) && text.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
        return magnitude(text.parse().map_err(|_| NumberError::Malformed)?);
    }
    let text = text.trim();
    // Most others need no copy: plain ASCII without a comma.
    let folded: String;
    let plain = if text.is_ascii() && !text.contains(',') {
        text
    } else {
        folded = ungroup(&text.chars().map(fold).collect::<String>())?;
        &folded
    };
    let body = plain.trim_start_matches(['+', '-']);
    if plain.len() - body.len() > 1 {
        return Err(NumberError::Malformed);
    }
    // Errors of a spreadsheet (#DIV/0!, #N/A, #REF!) all begin with a hash.
    if body.starts_with('#') || ["nan", "inf", "infinity"].iter().any(|w| body.eq_ignore_ascii_case(w)) {
        return Err(NumberError::NotFinite);
    }
    if !body.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return Err(NumberError::Malformed);
    }
    magnitude(plain.parse().map_err(|_| NumberError::Malformed)?)
}

/// A value that some park could have.
fn magnitude(value: f64) -> Result<f64, NumberError> {
    if value.is_infinite() || value.abs() > ABSURD || (value != 0.0 && value.abs() < TINY) {
        return Err(NumberError::Absurd);
    }
    Ok(value)
}

/// Folds one full-width character to ASCII.
fn fold(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        '−' => '-',
        '\u{3000}' | '\u{A0}' => ' ',
        _ => c,
    }
}

/// Removes commas that separate thousands and refuses any other.
fn ungroup(text: &str) -> Result<String, NumberError> {
    if !text.contains(',') {
        return Ok(text.trim().to_owned());
    }
    let (whole, rest) = match text.split_once('.') {
        Some((whole, rest)) => (whole, Some(rest)),
        None => (text, None),
    };
    if rest.is_some_and(|r| r.contains(',')) {
        return Err(NumberError::DecimalComma);
    }
    let digits = whole.trim().trim_start_matches(['+', '-']);
    let mut groups = digits.split(',');
    let first = groups.next().unwrap_or_default();
    let all_digits = |g: &str| g.bytes().all(|b| b.is_ascii_digit());
    if !digits.split(',').all(all_digits) {
        return Err(NumberError::Malformed);
    }
    if first.is_empty() || first.len() > 3 || groups.any(|g| g.len() != 3) {
        return Err(NumberError::DecimalComma);
    }
    Ok(text.trim().replace(',', ""))
}

/// A number with at most `digits` significant digits, without trailing zeros and
/// without an exponent: `1046.84`, `0.107736`, `8718255.9`. Whole digits before
/// the point are never rounded away.
#[must_use]
pub fn significant(value: f64, digits: usize) -> String {
    if value == 0.0 || !value.is_finite() {
        return format!("{}", if value == 0.0 { 0.0 } else { value });
    }
    let magnitude = libm::floor(libm::log10(value.abs())) as i32;
    // Doubles hold 17 significant digits.
    let decimals = (digits.min(17) as i32 - 1 - magnitude).clamp(0, 17) as usize;
    let text = format!("{value:.decimals$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn significant_digits_read_naturally() {
        for (value, digits, text) in [
            (1046.8401, 6, "1046.84"),
            (8_718_255.9, 8, "8718255.9"),
            (8_718_255.9, 4, "8718256"),
            (0.107_736_123, 6, "0.107736"),
            (0.0, 5, "0"),
            (-2.5, 3, "-2.5"),
            (1e-9, 3, "0.000000001"),
        ] {
            assert_eq!(significant(value, digits), text);
        }
    }

    #[test]
    fn spreadsheet_spellings_are_read() {
        for (text, value) in [
            ("12840.5", 12840.5),
            (" 1,234.5 ", 1234.5),
            ("1,234,567", 1_234_567.0),
            ("１２３．５", 123.5),
            ("１，２３４．５", 1234.5),
            ("-3", -3.0),
            ("−3", -3.0),
            ("+2e3", 2000.0),
            ("0", 0.0),
        ] {
            assert_eq!(parse_number(text), Ok(value), "{text}");
        }
    }

    #[test]
    fn slips_are_refused_by_kind() {
        use NumberError::{Absurd, DecimalComma, Malformed, NotFinite};
        for (text, error) in [
            ("9,99", DecimalComma),
            ("1.234,56", DecimalComma),
            ("1234,567", DecimalComma),
            ("abc", Malformed),
            ("5%", Malformed),
            ("--5", Malformed),
            ("1,2a4", Malformed),
            ("NaN", NotFinite),
            ("-inf", NotFinite),
            ("#DIV/0!", NotFinite),
            ("#N/A", NotFinite),
            ("1e16", Absurd),
            ("1e999", Absurd),
            ("1e-310", Absurd),
        ] {
            assert_eq!(parse_number(text), Err(error), "{text}");
        }
    }
}
