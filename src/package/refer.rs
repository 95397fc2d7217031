//! Ids: their form, their positions, and the nearest one to a slip.

use foldhash::HashMap;

/// Longest id in characters.
const LONGEST: usize = 80;

/// Whether `text` may be an id; `slash` allows one `/` (a process).
pub(super) fn is_id(text: &str, slash: bool) -> bool {
    // Most ids are short and plain.
    let simple = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_');
    if !text.is_empty() && text.len() <= LONGEST && text.bytes().all(simple) {
        return true;
    }
    let plain =
        |part: &str| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_'));
    let parts: Vec<&str> = text.split('/').collect();
    text.chars().count() <= LONGEST && parts.len() <= if slash { 2 } else { 1 } && parts.into_iter().all(plain)
}

/// The candidate most like `text`, if one is near enough to be meant.
pub(super) fn nearest<'a>(text: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    // Long input is no slip of the keyboard, and edit distance grows with its square.
    if text.chars().count() > LONGEST {
        return None;
    }
    let allowed = 1 + text.chars().count() / 4;
    candidates
        .into_iter()
        .map(|c| (strsim::damerau_levenshtein(&text.to_lowercase(), &c.to_lowercase()), c))
        .filter(|(distance, _)| *distance <= allowed)
        .min()
        .map(|(_, c)| c.to_owned())
}

/// Positions of ids in a sorted list.
pub(super) struct Index {
    positions: HashMap<String, usize>,
}

impl Index {
    pub(super) fn new<'a>(ids: impl IntoIterator<Item = &'a str>) -> Self {
        Self { positions: ids.into_iter().enumerate().map(|(i, id)| (id.to_owned(), i)).collect() }
    }

    pub(super) fn get(&self, id: &str) -> Option<usize> {
        self.positions.get(id).copied()
    }

    pub(super) fn nearest(&self, id: &str) -> Option<String> {
        nearest(id, self.positions.keys().map(String::as_str))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_keep_to_their_alphabet() {
        assert!(is_id("E03", false) && is_id("滨海热电", false) && is_id("E03/CHP1", true));
        for bad in ["", "E 03", "E03/CHP1", "a:b", "=1+1"] {
            assert!(!is_id(bad, false), "{bad}");
        }
        assert!(!is_id("a/b/c", true) && !is_id("a//", true));
    }

    #[test]
    fn slips_find_their_word() {
        assert_eq!(nearest("quantiy", ["quantity", "unit"]), Some("quantity".to_owned()));
        assert_eq!(nearest("zzz", ["quantity", "unit"]), None);
    }
}
