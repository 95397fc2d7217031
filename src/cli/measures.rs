//! Measures as people type them.

use crate::diagnostic::Words;
use crate::scenario::Measure;

/// Measures by their ids, upper or lower case, of those that there are; else what to say of the first that is none of them.
pub(super) fn parse<S: AsRef<str>>(typed: &[S], known: &[Measure]) -> Result<Vec<Measure>, Words> {
    let find = |text: &S| {
        let text = text.as_ref();
        let found = known.iter().copied().find(|m| m.id().eq_ignore_ascii_case(text.trim()));
        found.ok_or_else(|| {
            let known = known.iter().map(|m| m.id()).collect::<Vec<_>>().join(", ");
            Words::new(format!("--measure {text}: the park has {known}"), format!("--measure {text}：可选 {known}"))
        })
    };
    typed.iter().map(find).collect()
}
