//! The carriers of a park, and what finds them.

use super::build::label;
use super::refer::{Index, Names};
use crate::factors::vocabulary;
use crate::park::{Carrier, CarrierKind};
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

/// Kind, English and Chinese name of carriers that a package declares, by id.
pub(super) type Declared = BTreeMap<String, (CarrierKind, String, String)>;

/// Carriers in the order of their ids.
pub(super) struct Carriers {
    pub(super) list: Vec<Carrier>,
    ids: Index,
    pub(super) names: Names,
}

impl Carriers {
    /// The library's carriers and the declared ones, which come first where both have an id.
    pub(super) fn new(declared: Declared) -> Self {
        let mut all = declared;
        for v in vocabulary() {
            all.entry(v.id.clone()).or_insert_with(|| (v.kind, v.name_en.clone(), v.name_zh.clone()));
        }
        let list: Vec<Carrier> =
            all.iter().map(|(id, (kind, en, zh))| Carrier { label: label(id, en, zh), kind: *kind }).collect();
        let (ids, names) = (Index::new(all.keys().map(String::as_str)), Names::new(list.iter().map(|c| &c.label)));
        Self { list, ids, names }
    }

    /// Position of the carrier with this id or name.
    pub(super) fn get(&self, text: &str) -> Option<usize> {
        self.ids.get(text).or_else(|| self.names.get(text))
    }

    /// What is most likely meant.
    pub(super) fn nearest(&self, text: &str) -> Option<String> {
        self.names.nearest(&self.ids, text)
    }
}

/// The library's carriers, made once: most packages declare none of their own.
pub(super) fn library() -> Arc<Carriers> {
    static LIBRARY: OnceLock<Arc<Carriers>> = OnceLock::new();
    LIBRARY.get_or_init(|| Arc::new(Carriers::new(Declared::new()))).clone()
}
