//! Checklist A of what an inventory report of a park must contain, as a table.
//!
//! Which part is compulsory for which standard rests on what the field knows of ISO
//! 14064-1:2018 (9.3.1) and of the Corporate Standard (chapter 9): marks with `[K]` were
//! not checked against the text of the standard. The Chinese blocks are those of the
//! NDRC/MEE report form: 1 entity, 2 emissions by gas and source, 3 activity data with
//! the source of each, 4 factors with source and reason, 5 other notes with staff, plan,
//! archive and internal review.

use super::{Part, part};

/// Every part, in the order of the checklist.
#[rustfmt::skip]
pub const PARTS: &[Part] = &[
    part("A1", "body", ("reporting body", "报告主体"), ("park.toml [report] body", "park.toml [report] body"), ["ISO 14064-1:2018, 9.3.1 [K]", "Corporate Standard, ch. 9 [K]", "NDRC/MEE report form, block 1"]),
    part("A1", "person", ("person responsible", "责任人"), ("park.toml [report] person", "park.toml [report] person"), ["ISO 14064-1:2018, 9.3.1 [K]", "", "NDRC/MEE report form, block 1"]),
    part("A1", "users", ("intended users", "预期用户"), ("park.toml [report] users", "park.toml [report] users"), ["", "", ""]),
    part("A1", "period", ("reporting period", "报告期"), ("park.toml periods", "park.toml periods"), ["ISO 14064-1:2018, 9.3.1 [K]", "Corporate Standard, ch. 9 [K]", "NDRC/MEE report form, block 1"]),
    part("A1", "date", ("report date", "报告日期"), ("park.toml [report] date", "park.toml [report] date"), ["", "", ""]),
    part("A1", "standards", ("standards claimed", "声明遵循的标准"), ("park.toml [report] standards", "park.toml [report] standards"), ["ISO 14064-1:2018, 9.3.1 [K]", "", ""]),
    part("A1", "tool", ("tool and version", "工具与版本"), ("manifest.json", "manifest.json"), ["", "", ""]),
    part("A2", "enterprises", ("enterprises of the boundary", "边界内企业"), ("enterprises.csv", "enterprises.csv"), ["ISO 14064-1:2018, 9.3.1 [K]", "Corporate Standard, ch. 9 [K]", "NDRC/MEE report form, block 1"]),
    part("A2", "consolidation", ("control or equity rule", "合并方法"), ("park.toml [report] consolidation", "park.toml [report] consolidation"), ["ISO 14064-1:2018, 5.1 [K]", "Corporate Standard, ch. 3 [K]", ""]),
    part("A2", "boundary", ("boundary in words, address or map", "边界说明、地址或图"), ("park.toml boundary, [report] address", "park.toml boundary、[report] address"), ["ISO 14064-1:2018, 9.3.1 [K]", "Corporate Standard, ch. 9 [K]", "NDRC/MEE report form, block 1"]),
    part("A2", "membership", ("joiners and leavers", "加入与退出的企业"), ("enterprises.csv joined, left", "enterprises.csv joined、left"), ["", "", ""]),
    part("A3", "sources", ("sources by scope and category", "按范围与类别的排放源"), ("flows.csv, emissions.csv", "flows.csv、emissions.csv"), ["ISO 14064-1:2018, 9.3.1 [K]", "Corporate Standard, ch. 9 [K]", "NDRC/MEE report form, block 2"]),
    part("A3", "significance", ("significance rule for indirect emissions", "间接排放重要性准则"), ("park.toml [report] significance", "park.toml [report] significance"), ["ISO 14064-1:2018, 9.3.1 [K]", "", ""]),
    part("A4", "views", ("both views and the reconciling line", "两种视图与调节项"), ("inventory: park, sum, reconciliation", "inventory：园区、企业合计、调节表"), ["", "", ""]),
    part("A5", "exclusions", ("a notation key and a reason for every empty quantity", "每个空缺数量的注释符号与理由"), ("flows.csv, emissions.csv: notation, note", "flows.csv、emissions.csv：notation、note"), ["ISO 14064-1:2018, 9.3.1 [K]", "Corporate Standard, ch. 9 [K]", ""]),
    part("A5", "gaps", ("rows that no method claims", "无方法认领的数据行"), ("flows.csv use; processes.csv accounting", "flows.csv use；processes.csv accounting"), ["ISO 14064-1:2018, 9.3.1 [K]", "Corporate Standard, ch. 9 [K]", ""]),
    part("A6", "gases", ("direct emissions of each of the seven gases", "七种气体各自的直接排放"), ("park.toml gases; emissions.csv, with NO where there is none", "park.toml gases；emissions.csv，无排放时写 NO"), ["ISO 14064-1:2018, 9.3.1 [K]", "Corporate Standard, ch. 9 [K]", "NDRC/MEE report form, block 2"]),
    part("A7", "location", ("scope 2, location-based", "范围二（基于位置）"), ("flows.csv from outside:grid and outside:supplier", "flows.csv 自 outside:grid、outside:supplier"), ["ISO 14064-1:2018, 9.3.1 [K]", "Corporate Standard, ch. 9 [K]", "NDRC/MEE report form, block 2"]),
    part("A7", "grid", ("grid and heat factors by name, region and year", "电、热因子的名称、地区与年份"), ("park.toml factor_sets, grid_region, grid_year", "park.toml factor_sets、grid_region、grid_year"), ["ISO 14064-1:2018, 9.3.1 [K]", "Scope 2 Guidance, ch. 7 [K]", "NDRC/MEE report form, block 4"]),
    part("A7", "instruments", ("certificates and contracts, market-based", "绿证与合同（基于市场）"), ("instruments.csv", "instruments.csv"), ["", "Scope 2 Guidance, ch. 7 [K]", ""]),
    part("A8", "exports", ("exported power and heat shown", "输出的电与热单列"), ("flows.csv to outside:grid and outside:customer", "flows.csv 至 outside:grid、outside:customer"), ["", "Corporate Standard, ch. 9 [K]", "NDRC/MEE report form, block 2"]),
    part("A9", "other_indirect", ("other indirect emissions", "其他间接排放"), ("flows.csv from outside:supplier, parameters.csv; else [report] significance says why not", "flows.csv 自 outside:supplier、parameters.csv；否则在 [report] significance 说明理由"), ["ISO 14064-1:2018, 9.3.1 [K]", "", ""]),
    part("A10", "biogenic", ("biogenic CO2 apart", "生物成因 CO2 单列"), ("inventory: biogenic", "inventory：生物成因"), ["ISO 14064-1:2018, 9.3.1 [K]", "Corporate Standard, ch. 9 [K]", "GB/T 32150-2015, clause on biomass"]),
    part("A11", "removals", ("capture and transfer of CO2 apart", "CO2 捕集与转移单列"), ("flows.csv to outside:geological and outside:customer", "flows.csv 至 outside:geological、outside:customer"), ["ISO 14064-1:2018, 9.3.1 [K]", "", ""]),
    part("A12", "pollutants", ("SO2, NOx, COD, NH3-N and solid waste beside", "SO2、NOx、COD、氨氮与固体废物并列"), ("emissions.csv gas", "emissions.csv gas"), ["", "", ""]),
    part("A13", "iav", ("added value for the intensity", "强度用的增加值"), ("statistics.csv item iav", "statistics.csv item iav"), ["", "", ""]),
    part("A13", "price_basis", ("price basis of added value", "增加值价格口径"), ("park.toml price_basis", "park.toml price_basis"), ["", "", ""]),
    part("A14", "base_year", ("base year", "基准年"), ("park.toml base_year", "park.toml base_year"), ["ISO 14064-1:2018, 9.3.1 [K]", "Corporate Standard, ch. 9 [K]", ""]),
    part("A14", "base_year_reason", ("why this base year", "选择基准年的理由"), ("park.toml [report] base_year_reason", "park.toml [report] base_year_reason"), ["", "Corporate Standard, ch. 9 [K]", ""]),
    part("A14", "base_inventory", ("base-year inventory", "基准年清单"), ("park.toml periods, and the rows of that year", "park.toml periods 及该年数据行"), ["ISO 14064-1:2018, 9.3.1 [K]", "Corporate Standard, ch. 9 [K]", ""]),
    part("A15", "threshold", ("recalculation threshold", "重算阈值"), ("park.toml restatement_threshold", "park.toml restatement_threshold"), ["ISO 14064-1:2018, 6.4 [K]", "Corporate Standard, ch. 5 [K]", ""]),
    part("A15", "restatement", ("decision on this year's triggers", "对本年触发事项的决定"), ("park.toml [report] restatement", "park.toml [report] restatement"), ["ISO 14064-1:2018, 9.3.1 [K]", "Corporate Standard, ch. 9 [K]", ""]),
    part("A16", "years", ("at least three years", "至少三年"), ("park.toml periods", "park.toml periods"), ["", "", ""]),
    part("A17", "method", ("method of each activity row", "每行活动数据的取得方法"), ("flows.csv, emissions.csv: method", "flows.csv、emissions.csv：method"), ["ISO 14064-1:2018, 9.3.1 [K]", "Corporate Standard, ch. 9 [K]", "NDRC/MEE report form, block 3"]),
    part("A17", "method_changes", ("changes of method since the last report", "自上次报告以来的方法变更"), ("park.toml [report] method_changes", "park.toml [report] method_changes"), ["ISO 14064-1:2018, 9.3.1 [K]", "", ""]),
    part("A18", "factors", ("factors with source, edition, table and region", "因子及其来源、版本、表号与地区"), ("lines.csv, manifest.json, `parkflux factors show`", "lines.csv、manifest.json、`parkflux factors show`"), ["ISO 14064-1:2018, 9.3.1 [K]", "Corporate Standard, ch. 9 [K]", "NDRC/MEE report form, block 4"]),
    part("A19", "gwp", ("GWP set", "GWP 集"), ("park.toml gwp_set; why, if it is not the latest: note", "park.toml gwp_set；若非最新，在 note 说明理由"), ["ISO 14064-1:2018, 9.3.1 [K]", "", ""]),
    part("A20", "allocation", ("allocation rule of shared processes", "共用工序的分摊规则"), ("outputs.csv share or rule", "outputs.csv share 或 rule"), ["", "", ""]),
    part("A21", "counterfactual", ("counterfactual of each exchange", "每项交换的替代情景"), ("exchanges.csv displaces, ratio, disposal", "exchanges.csv displaces、ratio、disposal"), ["", "", ""]),
    part("A22", "quality_plan", ("data quality control plan", "数据质量控制方案"), ("quality_plan.csv how_obtained, frequency, fallback, owner", "quality_plan.csv how_obtained、frequency、fallback、owner"), ["", "", "NDRC/MEE report form, block 5"]),
    part("A23", "grade", ("grade or method of each row", "每行数据的等级或方法"), ("flows.csv grade, method", "flows.csv grade、method"), ["", "", ""]),
    part("A24", "uncertainty", ("uncertainty of each row", "每行数据的不确定度"), ("flows.csv sd, percent, or lo95 and hi95", "flows.csv sd、percent 或 lo95 与 hi95"), ["ISO 14064-1:2018, 9.3.1 [K]", "", ""]),
    part("A25", "evidence", ("evidence of each activity row", "每行活动数据的凭证"), ("flows.csv, emissions.csv: evidence; evidence.csv", "flows.csv、emissions.csv：evidence；evidence.csv"), ["", "", "NDRC/MEE report form, block 3"]),
    part("A25", "checks", ("checks done by the program", "程序所做检查"), ("`parkflux check`", "`parkflux check`"), ["", "", ""]),
    part("A25", "checked_by", ("four eyes: checked by somebody else", "双人复核"), ("park.toml [report] checked_by", "park.toml [report] checked_by"), ["", "", "NDRC/MEE report form, block 5"]),
    part("A26", "verifier", ("verified or not, and by whom", "是否核查及核查机构"), ("park.toml [report] verifier", "park.toml [report] verifier"), ["ISO 14064-1:2018, 9.3.1 [K]", "", ""]),
    part("A26", "assurance", ("level of assurance", "保证等级"), ("park.toml [report] assurance", "park.toml [report] assurance"), ["ISO 14064-1:2018, 9.3.1 [K]", "", ""]),
    part("A26", "materiality", ("materiality", "实质性阈值"), ("park.toml [report] materiality", "park.toml [report] materiality"), ["", "", ""]),
    part("A26", "statement", ("verification statement", "核查声明"), ("park.toml [report] statement", "park.toml [report] statement"), ["", "", ""]),
    part("A26", "corrections", ("corrections made", "更正记录"), ("changes.csv", "changes.csv"), ["", "", ""]),
    part("A27", "manifest", ("manifest with hashes", "带哈希的清单文件"), ("`parkflux inventory --out`, `parkflux verify`", "`parkflux inventory --out`、`parkflux verify`"), ["", "", ""]),
    part("A27", "lock", ("lock of the factor rows", "因子行锁定"), ("factors.lock, by `parkflux factors lock`", "factors.lock，由 `parkflux factors lock` 写出"), ["", "", ""]),
];
