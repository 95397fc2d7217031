//! The Chinese names of the fixed words of the tables, in one place: what the reader
//! takes for the word, and what the published schema and the pages on tables list.
//!
//! A word stands here once, whichever columns use it; a column takes the names of its
//! own words only.

/// Every word with its Chinese names; the first is the one that lists show.
const NAMES: &[(&str, &[&str])] = &[
    // The world outside.
    ("grid", &["电网", "公共电网"]),
    ("supplier", &["供应商", "外部供应商"]),
    ("customer", &["客户", "外部客户"]),
    ("landfill", &["填埋场"]),
    ("treatment", &["外部处理", "外部处置"]),
    ("atmosphere", &["大气"]),
    ("water_body", &["水体"]),
    ("nature", &["自然界", "自然"]),
    ("geological", &["地质封存"]),
    ("loss", &["损失", "损耗"]),
    // Stock levels.
    ("opening", &["期初库存", "期初"]),
    ("closing", &["期末库存", "期末"]),
    // Uses.
    ("combustion", &["燃烧", "燃料"]),
    ("feedstock", &["原料"]),
    ("reductant", &["还原剂"]),
    ("sorbent", &["脱硫剂", "吸收剂"]),
    ("process", &["过程", "工艺"]),
    ("capital", &["资本品"]),
    ("resale", &["转供"]),
    ("own_use", &["自用"]),
    ("consumption", &["消耗"]),
    // Who read the meter.
    ("from", &["送出方", "供方"]),
    ("to", &["接收方", "受方"]),
    ("third", &["第三方"]),
    // How a quantity was obtained.
    ("meter", &["计量", "仪表"]),
    ("invoice", &["发票"]),
    ("stock", &["库存"]),
    ("lab", &["化验"]),
    ("estimate", &["估算"]),
    ("default", &["缺省", "缺省值"]),
    ("filed", &["填报"]),
    // Shapes of uncertainty.
    ("normal", &["正态"]),
    ("lognormal", &["对数正态"]),
    ("triangular", &["三角"]),
    ("uniform", &["均匀"]),
    // Outputs and exchanges.
    ("determining", &["主产品"]),
    ("co_product", &["联产品"]),
    ("waste", &["废物", "废弃物"]),
    ("energy", &["能量"]),
    ("existing", &["已有", "现有"]),
    ("candidate", &["候选"]),
    // Instruments.
    ("certificate", &["绿证", "证书"]),
    ("direct_supply", &["直供", "绿电直供"]),
    ("contract", &["合同"]),
    ("yes", &["是"]),
    ("no", &["否"]),
    // Means of transport.
    ("rail", &["铁路"]),
    ("ship_bulk", &["散货船"]),
    ("ship_container", &["集装箱船"]),
    ("ship_tanker", &["油轮", "液货船"]),
    ("truck", &["卡车", "公路"]),
    ("waterborne", &["水运"]),
    // What declares a carrier.
    ("kind", &["类别"]),
    ("name_en", &["英文名称"]),
    ("name_zh", &["中文名称"]),
];

/// The Chinese names of a fixed word; none where it has none.
#[must_use]
pub fn names_zh(id: &str) -> &'static [&'static str] {
    NAMES.iter().find(|(word, _)| *word == id).map_or(&[], |(_, names)| names)
}

/// The word among `ids` that `text` is, or is a Chinese name of.
#[must_use]
pub fn word<'a>(ids: &[&'a str], text: &str) -> Option<&'a str> {
    let exact = ids.iter().find(|id| **id == text);
    // Names are Chinese throughout: what is ASCII costs no second search.
    exact.or_else(|| ids.iter().find(|id| !text.is_ascii() && names_zh(id).contains(&text))).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn no_name_and_no_word_stands_twice() {
        let words: BTreeSet<&str> = NAMES.iter().map(|n| n.0).collect();
        assert_eq!(words.len(), NAMES.len());
        let names: Vec<&str> = NAMES.iter().flat_map(|n| n.1.iter().copied()).collect();
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
        assert!(names.iter().all(|n| !n.is_ascii()));
    }

    #[test]
    fn a_name_is_taken_where_its_word_may_stand() {
        assert_eq!(word(&["yes", "no"], "是"), Some("yes"));
        assert_eq!(word(&["yes", "no"], "yes"), Some("yes"));
        assert_eq!(word(&["yes", "no"], "燃烧"), None);
        assert_eq!(word(&["yes", "no"], "Yes"), None);
    }
}
