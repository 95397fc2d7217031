//! Text that a spreadsheet would take for a formula (CWE-1236).

/// Characters at which a spreadsheet begins a formula, or that hide one.
const RISKY: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// Puts an apostrophe before text that a spreadsheet would take for a formula; an
/// apostrophe that stands there already is doubled, so that the way back is unique.
/// Numbers stay numbers: `-5` is no formula.
#[must_use]
pub fn neutralize(text: &str) -> String {
    let risky = text.starts_with(RISKY) && text.parse::<f64>().is_err();
    if risky || text.starts_with('\'') { format!("'{text}") } else { text.to_owned() }
}

/// Takes off the apostrophe that [`neutralize`] put there. One before other text is
/// part of the text.
#[must_use]
pub fn restore(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if rest.starts_with(RISKY) || rest.starts_with('\'') => rest,
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_neutralized_reversibly() {
        for (text, written) in [("=1+1", "'=1+1"), ("-x", "'-x"), ("E03", "E03"), ("-5.2", "-5.2"), ("'a", "''a")] {
            assert_eq!(neutralize(text), written);
        }
        for text in ["=1+1", "'=1+1", "''", "'", "@x", "-5", "+1e3", "\tx", "E03", "'s-Hertogenbosch", ""] {
            assert_eq!(restore(&neutralize(text)), text);
        }
        assert_eq!(restore("'s-Hertogenbosch"), "'s-Hertogenbosch");
    }
}
