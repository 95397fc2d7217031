//! What a pattern of a scenario selects.

use super::FlowPattern;
use crate::park::{CarrierId, EnterpriseId, Node, Park, ProcessId};

/// Whether a text meets a pattern, in which `*` stands for any text, none included.
#[must_use]
pub fn matches(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else { return false };
    let Some(last) = parts.next_back() else { return rest.is_empty() };
    // The first place of each part leaves the most for those behind it.
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

/// Whether a pattern selects a process: by its id, or by that of its enterprise.
#[must_use]
pub fn meets_process(pattern: &str, park: &Park, process: ProcessId) -> bool {
    let process = park.process(process);
    matches(pattern, &process.label.id) || meets_enterprise(pattern, park, process.enterprise)
}

/// Whether a pattern selects a whole enterprise.
#[must_use]
pub fn meets_enterprise(pattern: &str, park: &Park, enterprise: EnterpriseId) -> bool {
    matches(pattern, &park.enterprise(enterprise).label.id)
}

/// Whether a pattern selects an end of flows; the id of an enterprise stands for all its processes.
#[must_use]
pub fn meets_node(pattern: &str, park: &Park, node: Node) -> bool {
    match node {
        Node::Process(process) => meets_process(pattern, park, process),
        Node::Outside(_) | Node::Stock(_) => matches(pattern, &park.node_text(node)),
    }
}

/// Whether a pattern selects an end by its text, which need not be of the park: `E04/FGD` is met by `E04`, too.
#[must_use]
pub fn meets_text(pattern: &str, end: &str) -> bool {
    matches(pattern, end) || end.split_once('/').is_some_and(|(enterprise, _)| matches(pattern, enterprise))
}

impl FlowPattern {
    /// Reads `FROM>TO:CARRIER`; full-width `＞` and `：` are taken as well.
    ///
    /// Ends may hold a colon (`outside:grid`), carriers do not: the last one separates.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.replace('＞', ">").replace('：', ":");
        let (from, rest) = text.split_once('>')?;
        let (to, carrier) = rest.rsplit_once(':')?;
        let parts = [from, to, carrier].map(|part| part.trim().to_owned());
        // `E01>outside:grid` lacks its carrier.
        let whole =
            parts.iter().all(|p| !p.is_empty() && !p.contains('>')) && !["outside", "stock"].contains(&&*parts[1]);
        let [from, to, carrier] = parts;
        whole.then_some(Self { from, to, carrier })
    }

    /// Whether a flow of `carrier` from `from` to `to` is meant.
    #[must_use]
    pub fn is_met(&self, park: &Park, from: Node, to: Node, carrier: CarrierId) -> bool {
        self.is_of(park, carrier) && meets_node(&self.from, park, from) && meets_node(&self.to, park, to)
    }

    /// Whether a carrier is meant.
    #[must_use]
    pub fn is_of(&self, park: &Park, carrier: CarrierId) -> bool {
        matches(&self.carrier, &park.carrier(carrier).label.id)
    }

    /// Whether a flow that an earlier change adds is meant, by the ids of its ends and carrier.
    #[must_use]
    pub fn is_met_by_ids(&self, from: &str, to: &str, carrier: &str) -> bool {
        matches(&self.carrier, carrier) && meets_text(&self.from, from) && meets_text(&self.to, to)
    }
}

/// Writes the pattern as the file has it.
impl std::fmt::Display for FlowPattern {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}>{}:{}", self.from, self.to, self.carrier)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_is_any_text() {
        for (pattern, text) in [
            ("*", ""),
            ("*", "E01/CHP1"),
            ("E0*", "E03"),
            ("*/CHP*", "E01/CHP1"),
            ("a*b*a", "aba"),
            ("**", "x"),
            ("a*", "a"),
            ("*aab", "aaab"),
            ("滨海*", "滨海热电"),
            ("E03", "E03"),
        ] {
            assert!(matches(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in
            [("E03", "E03/BF"), ("", "x"), ("a*a", "a"), ("*b", "abc"), ("a*b*c", "acb"), ("ab*bc", "abc")]
        {
            assert!(!matches(pattern, text), "{pattern} {text}");
        }
    }

    #[test]
    fn a_flow_pattern_has_three_parts() {
        let of = |text: &str| FlowPattern::parse(text).map(|p| p.to_string());
        assert_eq!(of("E03/*> E01 :blast_furnace_gas").as_deref(), Some("E03/*>E01:blast_furnace_gas"));
        assert_eq!(of("outside:grid>*:*").as_deref(), Some("outside:grid>*:*"));
        assert_eq!(of("E01＞outside:grid：electricity").as_deref(), Some("E01>outside:grid:electricity"));
        for bad in ["", "E03", "E03>E01", "E01>outside:grid", ">E01:x", "a>b>c:d", "E03:gas", "E03>E01:"] {
            assert_eq!(of(bad), None, "{bad}");
        }
    }
}
