//! The packs that ship with the program.

use super::pack::Pack;
use crate::diagnostic::Diagnostics;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// Declares the packs by their folders; those with cases of thresholds stand behind the semicolon.
macro_rules! packs {
    ($($folder:literal),+ ; $($with_cases:literal),+ $(,)?) => {
        const FILES: &[(&str, &str)] = &[
            ("items.csv", include_str!("../park/items.csv")),
            $(
                (concat!($folder, "/system.toml"), include_str!(concat!("packs/", $folder, "/system.toml"))),
                (concat!($folder, "/indicators.csv"), include_str!(concat!("packs/", $folder, "/indicators.csv"))),
            )+
            $((
                concat!($with_cases, "/thresholds.csv"),
                include_str!(concat!("packs/", $with_cases, "/thresholds.csv")),
            ),)+
        ];
    };
}

packs!(
    "cepz-ctip", "cq-2013", "ctip-2021", "ctip-fund", "eip-gate", "eip-grade", "hj274-2009", "hj274-2015", "hjt273-2006",
    "hjt275-2006", "hn-zcp", "int-eip", "isc-2012", "miit-lcip", "ndrc-zcp";
    "eip-gate", "eip-grade", "hj274-2009", "hj274-2015", "hjt273-2006", "hn-zcp", "ndrc-zcp",
);

/// The files of the packs, by path under `programme/packs`; the items are the vocabulary of `park/items.csv`.
#[must_use]
pub fn builtin_files() -> BTreeMap<String, String> {
    FILES.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
}

/// The packs, read once; `tests/programme.rs` proves that every row of them is read.
#[must_use]
pub fn builtin() -> &'static Pack {
    static READ: OnceLock<Pack> = OnceLock::new();
    READ.get_or_init(|| {
        let mut pack = Pack::default();
        pack.read("packs", &builtin_files(), &mut Diagnostics::default());
        pack
    })
}
