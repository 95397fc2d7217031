//! Slips in the technique of a process: free text, but words that the methods and the
//! factor rows know decide which of them are taken.

use crate::factors::builtin_all;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Techniques that methods ask for, and common units, beside those of the factor rows.
const WORDS: &[&str] = &[
    "boiler",
    "chp",
    "power_plant",
    "heat_plant",
    "electricity_generator",
    "kiln",
    "cement_kiln",
    "lime_kiln",
    "furnace",
    "blast_furnace",
    "glass_furnace",
    "coke_oven",
    "process_heater",
    "vehicle",
    "mobile_machinery",
    "locomotive",
    "ship",
    "pool",
    "bus",
    "header",
    "holder",
    "tank",
    "network",
    "waste_to_energy",
    "wastewater_plant",
    "wet_fgd",
    "lime_fgd",
    "ammonia_fgd",
];

/// All words, those of the library's factor rows included, in order.
static KNOWN: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let sets = builtin_all();
    let rows = sets.iter().flat_map(|s| s.factors.iter().map(|f| &*f.technique));
    WORDS.iter().copied().chain(rows).filter(|word| !word.is_empty()).map(str::to_owned).collect()
});

/// Shortest word that may be a slip by a letter; shorter ones are too alike. Unit: characters.
const SHORTEST: usize = 4;

/// The known technique that a text is but for a letter or for capitals, if it is none itself.
pub(super) fn meant(text: &str) -> Option<String> {
    if text.is_empty() {
        return None;
    }
    let small = text.to_lowercase();
    let length = small.chars().count();
    let near = |known: &str| {
        known == small
            || (length >= SHORTEST
                && known.len() >= SHORTEST
                && known.chars().count().abs_diff(length) <= 1
                && strsim::damerau_levenshtein(known, &small) == 1)
    };
    if KNOWN.contains(text) {
        return None;
    }
    KNOWN.iter().find(|known| near(known)).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_told_from_words_of_the_user() {
        for (text, known) in [("klin", "kiln"), ("CHP", "chp"), ("wet_fdg", "wet_fgd"), ("stokr", "stoker")] {
            assert_eq!(meant(text).as_deref(), Some(known), "{text}");
        }
        for fine in ["", "chp", "scr", "pv", "trt", "air_separation", "paper_machine", "raw_coal", "窑炉"] {
            assert_eq!(meant(fine), None, "{fine}");
        }
    }
}
