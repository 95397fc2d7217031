//! Ids: their form, their positions, and the nearest one to a slip.

use crate::park::Label;
use foldhash::HashMap;
use std::sync::Arc;

/// Longest id in characters.
const LONGEST: usize = 80;

/// Whether `text` may be an id; `slash` allows one `/` (a process).
pub(crate) fn is_id(text: &str, slash: bool) -> bool {
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
pub(crate) fn nearest<'a>(text: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
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

/// The candidates that are likely meant, nearest first, with [`MOST`] at most.
pub(crate) fn nearest_few<'a>(text: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    if text.chars().count() > LONGEST {
        return Vec::new();
    }
    let (lower, allowed) = (text.to_lowercase(), 1 + text.chars().count() / 4);
    let distances = candidates.into_iter().map(|c| (strsim::damerau_levenshtein(&lower, &c.to_lowercase()), c));
    let mut near: Vec<(usize, &str)> = distances.filter(|(distance, _)| *distance <= allowed).collect();
    near.sort_unstable();
    near.dedup();
    // What is nearest is meant rather than what is near.
    let least = near.first().map_or(0, |n| n.0);
    near.into_iter().filter(|n| n.0 == least).take(MOST).map(|n| n.1).collect()
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

/// The word most like `text`, by itself or by one of its Chinese names, which is then
/// shown: `combustion（燃烧）`.
pub(super) fn nearest_word(text: &str, words: &[(&str, Vec<&str>)]) -> Option<String> {
    let ids = words.iter().map(|(id, _)| *id);
    let found = nearest(text, ids.chain(words.iter().flat_map(|(_, names)| names.iter().copied())))?;
    let named = words.iter().find(|(id, names)| *id != found && names.contains(&found.as_str()));
    Some(named.map_or_else(|| found.clone(), |(id, _)| format!("{id}（{found}）")))
}

/// Ids by the names in two languages of what they stand for. A name that several bear
/// stands for none.
#[derive(Default)]
pub(super) struct Names {
    /// Positions in the index, by name.
    positions: HashMap<Arc<str>, Vec<usize>>,
    /// Ids by position.
    ids: Vec<Arc<str>>,
}

impl Names {
    /// The names of a list of labels in the order of the index.
    pub(super) fn new<'a>(labels: impl IntoIterator<Item = &'a Label>) -> Self {
        let mut names = Self::default();
        for (i, label) in labels.into_iter().enumerate() {
            names.ids.push(label.id.clone());
            for name in [&label.name_en, &label.name_zh].into_iter().filter(|n| !n.is_empty() && **n != label.id) {
                let bearers = names.positions.entry(name.clone()).or_default();
                if bearers.last() != Some(&i) {
                    bearers.push(i);
                }
            }
        }
        names
    }

    /// The one that bears this name.
    pub(super) fn get(&self, name: &str) -> Option<usize> {
        match self.positions.get(name).map(Vec::as_slice) {
            Some([only]) => Some(*only),
            _ => None,
        }
    }

    /// What is most likely meant: those that share the name, the nearest id, or the one
    /// whose name is near or holds the text, with the name behind the id: `bituminous（烟煤）`.
    pub(super) fn nearest(&self, ids: &Index, text: &str) -> Option<String> {
        let shown = |name: &str| {
            let bearers = self.positions.get(name).map_or(&[][..], Vec::as_slice);
            let ids: Vec<String> = bearers.iter().take(MOST).map(|&i| format!("{}（{name}）", self.ids[i])).collect();
            (!ids.is_empty()).then(|| ids.join(", "))
        };
        let names = || self.positions.keys().map(|n| &**n);
        // One letter of a Chinese name is half of it: what holds the text comes first.
        let long = |t: &str| !t.is_ascii() && t.chars().count() > 1;
        let holds = |name: &&str| long(text) && long(name) && (name.contains(text) || text.contains(*name));
        let shortest = || names().filter(holds).min_by_key(|n| (n.chars().count(), *n));
        let by_name = || shown(shortest()?).or_else(|| shown(&nearest(text, names())?));
        shown(text).or_else(|| ids.nearest(text)).or_else(by_name)
    }
}

/// How many candidates a message names.
const MOST: usize = 4;

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
