//! Region codes: those of the factor rows, and what may stand below them.

use std::sync::Arc;

/// The codes that rows of the library bear; `tests/factors.rs` holds them to the rows.
pub const REGIONS: &[&str] = &[
    "cn",
    "cn.central",
    "cn.city.shanghai",
    "cn.east",
    "cn.north",
    "cn.northeast",
    "cn.northwest",
    "cn.province.anhui",
    "cn.province.beijing",
    "cn.province.chongqing",
    "cn.province.fujian",
    "cn.province.gansu",
    "cn.province.guangdong",
    "cn.province.guangxi",
    "cn.province.guizhou",
    "cn.province.hainan",
    "cn.province.hebei",
    "cn.province.heilongjiang",
    "cn.province.henan",
    "cn.province.hubei",
    "cn.province.hunan",
    "cn.province.inner_mongolia",
    "cn.province.jiangsu",
    "cn.province.jiangxi",
    "cn.province.jilin",
    "cn.province.liaoning",
    "cn.province.ningxia",
    "cn.province.qinghai",
    "cn.province.shaanxi",
    "cn.province.shandong",
    "cn.province.shanghai",
    "cn.province.shanxi",
    "cn.province.sichuan",
    "cn.province.taiwan",
    "cn.province.tianjin",
    "cn.province.xinjiang",
    "cn.province.yunnan",
    "cn.province.zhejiang",
    "cn.region6.central",
    "cn.region6.east",
    "cn.region6.north",
    "cn.region6.northeast",
    "cn.region6.northwest",
    "cn.region6.south",
    "cn.south",
    "cn.southwest",
    "eu",
    "europe.west",
    "global",
    "ie",
    "uk",
    "us",
];

/// Chinese names of provinces with the code by their regional grid (grouping of the
/// grid factors of the MEE and NBS). Inner Mongolia lies in two and is left out.
const PROVINCES: &[(&str, &str)] = &[
    ("北京", "cn.north.beijing"),
    ("天津", "cn.north.tianjin"),
    ("河北", "cn.north.hebei"),
    ("山西", "cn.north.shanxi"),
    ("山东", "cn.north.shandong"),
    ("辽宁", "cn.northeast.liaoning"),
    ("吉林", "cn.northeast.jilin"),
    ("黑龙江", "cn.northeast.heilongjiang"),
    ("上海", "cn.east.shanghai"),
    ("江苏", "cn.east.jiangsu"),
    ("浙江", "cn.east.zhejiang"),
    ("安徽", "cn.east.anhui"),
    ("福建", "cn.east.fujian"),
    ("河南", "cn.central.henan"),
    ("湖北", "cn.central.hubei"),
    ("湖南", "cn.central.hunan"),
    ("江西", "cn.central.jiangxi"),
    ("陕西", "cn.northwest.shaanxi"),
    ("甘肃", "cn.northwest.gansu"),
    ("青海", "cn.northwest.qinghai"),
    ("宁夏", "cn.northwest.ningxia"),
    ("新疆", "cn.northwest.xinjiang"),
    ("广东", "cn.south.guangdong"),
    ("广西", "cn.south.guangxi"),
    ("海南", "cn.south.hainan"),
    ("云南", "cn.south.yunnan"),
    ("贵州", "cn.south.guizhou"),
    ("四川", "cn.southwest.sichuan"),
    ("重庆", "cn.southwest.chongqing"),
];

/// The code of a province by its Chinese name, with or without 省, 市, 自治区.
#[must_use]
pub fn province(name: &str) -> Option<&'static str> {
    PROVINCES.iter().find(|(zh, _)| name.starts_with(zh)).map(|(_, code)| *code)
}

/// Whether rows can be found for a region: it is the code of a row, or lies in one that
/// the rows divide no further (`cn.north.tianjin` in `cn.north`; `cn.nort` in none).
/// `own` are the codes of the park's own rows.
#[must_use]
pub fn is_region(code: &str, own: &[Arc<str>]) -> bool {
    let known = || REGIONS.iter().copied().chain(own.iter().map(|r| &**r)).filter(|r| !r.is_empty());
    let within = |code: &str, wide: &str| code.strip_prefix(wide).is_some_and(|rest| rest.starts_with('.'));
    let whole = |wide: &str| !known().any(|other| within(other, wide));
    known().any(|r| r == code || within(code, r) && whole(r))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_below_a_row_are_regions_and_slips_are_not() {
        for good in ["cn", "cn.north", "cn.north.tianjin", "cn.province.tianjin", "us", "us.tx", "global"] {
            assert!(is_region(good, &[]), "{good}");
        }
        for bad in ["", "天津", "cn.nort", "cn.province", "cn.province.tianjing", "china", "jp", "cn."] {
            assert!(!is_region(bad, &[]), "{bad}");
        }
        assert!(is_region("jp.tokyo", &["jp".into()]));
    }

    #[test]
    fn every_province_has_a_region() {
        assert!(PROVINCES.iter().all(|(_, code)| is_region(code, &[])));
        assert_eq!(province("天津市"), Some("cn.north.tianjin"));
    }
}
