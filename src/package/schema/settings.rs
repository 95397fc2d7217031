//! The settings of `park.toml`.

use serde_json::{Value, json};

/// A key of `park.toml`; `report.KEY` stands in the section `[report]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting {
    /// The key, with its section.
    pub key: &'static str,
    /// Whether it must be stated.
    pub required: bool,
    /// What may stand there, in English and Chinese.
    pub expected: (&'static str, &'static str),
    /// What it decides, in English and Chinese.
    pub doc: (&'static str, &'static str),
}

impl Setting {
    /// Whether it holds a list.
    #[must_use]
    pub fn is_list(&self) -> bool {
        self.expected.0.starts_with("a list")
    }

    /// Whether it holds words, so that a bare number is taken as its digits.
    #[must_use]
    pub fn is_text(&self) -> bool {
        matches!(self.expected.0, "text" | "an id")
    }
}

const fn setting(
    key: &'static str,
    required: bool,
    expected: (&'static str, &'static str),
    doc: (&'static str, &'static str),
) -> Setting {
    Setting { key, required, expected, doc }
}

/// Every key of `park.toml`.
pub const SETTINGS: &[Setting] = &[
    setting("schema", true, ("1", "1"), ("Version of the package format.", "数据包格式版本。")),
    setting("id", true, ("an id", "编号"), ("Id of the park.", "园区编号。")),
    setting("name_en", false, ("text", "文字"), ("English name.", "英文名称。")),
    setting("name_zh", false, ("text", "文字"), ("Chinese name.", "中文名称。")),
    setting(
        "periods",
        true,
        ("a list of years or months: [\"2024\"]", "年或月的列表：[\"2024\"]"),
        ("Reporting periods.", "报告时段。"),
    ),
    setting("base_year", false, ("a year", "年份"), ("Base year of the inventory.", "清单基准年。")),
    setting(
        "restatement_threshold",
        false,
        ("a share between 0 and 1", "0 至 1 之间的份额"),
        ("Change of a base-year total from which the base year is restated.", "触发基准年重算的变化幅度。"),
    ),
    setting("boundary", false, ("text", "文字"), ("The organizational boundary in words.", "组织边界说明。")),
    setting(
        "price_basis",
        false,
        ("text", "文字"),
        ("Price basis of added value: current, or constant of which year.", "增加值的价格口径：现价或某年不变价。"),
    ),
    setting(
        "region",
        true,
        ("a region code: cn.north.tianjin, us", "地区代码：cn.north.tianjin、us"),
        ("Where the park lies; decides which factors may be used.", "园区所在地，决定可用的因子。"),
    ),
    setting(
        "factor_sets",
        true,
        ("a list of set ids", "因子集编号的列表"),
        ("Factor sets in order of preference.", "因子集的优先顺序。"),
    ),
    setting(
        "gwp_set",
        true,
        ("SAR, AR4, AR5, AR5cc, AR6 or AR6-20", "SAR、AR4、AR5、AR5cc、AR6 或 AR6-20"),
        ("GWP set for CO2e.", "折算 CO2e 的 GWP 集。"),
    ),
    setting(
        "rule_set",
        true,
        ("ghgp, iso or gbt", "ghgp、iso 或 gbt"),
        ("Which standard decides what the total is.", "总量按哪个标准。"),
    ),
    setting(
        "gases",
        false,
        ("a list of gases", "气体列表"),
        ("Gases that the inventory covers; default CO2, CH4, N2O.", "清单覆盖的气体；缺省为 CO2、CH4、N2O。"),
    ),
    setting(
        "fgd",
        false,
        ("physical, compliance or none", "physical、compliance 或 none"),
        (
            "CO2 of desulfurization: physical (by SO2 removed), compliance (all carbonate of the reagent) or none; default compliance under gbt, physical under ghgp and iso.",
            "脱硫 CO2 的口径：physical（按脱除的 SO2）、compliance（按脱硫剂全部碳酸盐）或 none（不计）；缺省：gbt 取 compliance，ghgp 与 iso 取 physical。",
        ),
    ),
    setting(
        "internal_factor",
        false,
        ("own or published", "own 或 published"),
        ("Factor of internal power and heat; default own.", "园内电、热的因子；缺省 own（自有）。"),
    ),
    setting(
        "chp_rule",
        false,
        (
            "energy, exergy, supply_heat_ratio, efficiency, mass, price or substitution",
            "energy、exergy、supply_heat_ratio、efficiency、mass、price 或 substitution",
        ),
        (
            "How processes that make power and heat share their emission where outputs.csv states neither shares nor a rule; default energy.",
            "outputs.csv 未写份额与规则时，电热联产工序的分摊规则；缺省 energy（按能量）。",
        ),
    ),
    setting(
        "surroundings",
        false,
        ("a temperature in °C, 0 to 60", "以 °C 计的温度，0 至 60"),
        (
            "Temperature against which exergy is measured; default 15 °C (288.15 K).",
            "㶲的环境温度；缺省 15 °C（288.15 K）。",
        ),
    ),
    setting(
        "grid_region",
        false,
        (
            "a region code of the grid tables: cn, cn.north, cn.province.tianjin",
            "电网因子的地区代码：cn、cn.north、cn.province.tianjin",
        ),
        (
            "Level of the grid factor, one for the whole report; default: the country.",
            "电网因子的层级，全报告统一；缺省为全国。",
        ),
    ),
    setting(
        "grid_year",
        false,
        ("a year", "年份"),
        (
            "Year of the grid factor where the regulator fixes it; default: the latest up to the reporting year.",
            "主管部门规定的电网因子年份；缺省取不晚于报告年的最近年份。",
        ),
    ),
    setting(
        "heat_datum",
        false,
        ("zero, feedwater_20C or condensate", "zero、feedwater_20C 或 condensate"),
        (
            "From where the heat in steam by mass is counted; default zero (full enthalpy, as GB/T 32151.34). feedwater_20C deducts 83.74 kJ/kg; condensate deducts the heat of the condensate returned.",
            "按质量计的蒸汽热量的起算点；缺省 zero（全焓，同 GB/T 32151.34）。feedwater_20C 扣除 83.74 kJ/kg；condensate 扣除回收凝结水的热量。",
        ),
    ),
    setting(
        "electricity_tce",
        false,
        ("\"calorific\" or a number in kgce/kWh", "\"calorific\" 或以 kgce/kWh 计的数"),
        (
            "Coal equivalent of electricity; default calorific, 0.1229 kgce/kWh.",
            "电力折标煤系数；缺省为当量值 0.1229 kgce/kWh。",
        ),
    ),
    setting(
        "flow_values",
        false,
        ("measured or reconciled", "measured 或 reconciled"),
        (
            "Values of flows that the inventory takes: those of the rows, or those that all meters and balances together say; default measured.",
            "清单采用的流量值：measured（按行所填）或 reconciled（数据协调值，由全部仪表与平衡共同得出）；缺省 measured。",
        ),
    ),
    setting(
        "balance_limit",
        false,
        ("a number of standard deviations above 0", "大于 0 的标准差倍数"),
        (
            "The inventory is refused where a balance is open by more than so many standard deviations; default: never.",
            "平衡差额超过该倍数的标准差时拒绝出具清单；缺省不拒绝。",
        ),
    ),
    setting(
        "allow_unconfirmed",
        false,
        ("a list of factor ids", "因子编号列表"),
        ("Unconfirmed factors that the park insists on.", "园区明确要求使用的未证实因子。"),
    ),
    setting(
        "programmes",
        false,
        ("a list of texts", "文字列表"),
        ("Programmes that judge the park.", "评价该园区的项目。"),
    ),
    setting("source", false, ("text", "文字"), ("Where the data come from.", "数据来源。")),
    setting("note", false, ("text", "文字"), ("Free text.", "自由文字。")),
    setting("report.body", false, ("text", "文字"), ("Reporting body.", "报告主体。")),
    setting("report.person", false, ("text", "文字"), ("Person responsible for the report.", "报告负责人。")),
    setting("report.users", false, ("text", "文字"), ("Intended users and purpose.", "预期用户与用途。")),
    setting("report.date", false, ("text: 2025-03-31", "文字：2025-03-31"), ("Date of the report.", "报告日期。")),
    setting(
        "report.standards",
        false,
        ("a list of texts: [\"ISO 14064-1:2018\"]", "文字列表：[\"ISO 14064-1:2018\"]"),
        ("Standards that the report claims to follow.", "报告声明所遵循的标准。"),
    ),
    setting(
        "report.address",
        false,
        ("text", "文字"),
        ("Address of the park, or where its map is.", "园区地址，或边界图所在。"),
    ),
    setting(
        "report.consolidation",
        false,
        (
            "operational_control, financial_control or equity_share",
            "operational_control、financial_control 或 equity_share",
        ),
        ("How the enterprises of the boundary were chosen.", "组织边界的合并方法：运营控制、财务控制或股权比例。"),
    ),
    setting(
        "report.significance",
        false,
        ("text", "文字"),
        ("Rule by which indirect emissions are significant, or left out.", "间接排放重要性的判定准则。"),
    ),
    setting(
        "report.base_year_reason",
        false,
        ("text", "文字"),
        ("Why this base year was chosen.", "选择该基准年的理由。"),
    ),
    setting(
        "report.restatement",
        false,
        ("text", "文字"),
        ("Decision on restating the base year, with its reason.", "是否重算基准年的决定及理由。"),
    ),
    setting(
        "report.method_changes",
        false,
        ("text", "文字"),
        ("Changes of method since the last report, or that there are none.", "自上次报告以来的方法变更，或说明没有。"),
    ),
    setting(
        "report.checked_by",
        false,
        ("text", "文字"),
        ("Who checked the data, other than whoever entered them.", "复核人，须不同于录入人。"),
    ),
    setting(
        "report.verifier",
        false,
        ("text; none if the report is not verified", "文字；未经核查写 none"),
        ("Verification body.", "核查机构。"),
    ),
    setting(
        "report.assurance",
        false,
        ("reasonable or limited", "reasonable 或 limited"),
        ("Level of assurance: reasonable or limited.", "保证等级：合理（reasonable）或有限（limited）。"),
    ),
    setting(
        "report.materiality",
        false,
        ("a share between 0 and 1", "0 至 1 之间的份额"),
        ("Materiality threshold of the verification.", "核查的实质性阈值。"),
    ),
    setting(
        "report.statement",
        false,
        ("text", "文字"),
        (
            "Verification statement: its number, or its place in evidence/.",
            "核查声明：编号，或其在 evidence/ 中的位置。",
        ),
    ),
];

/// The settings of `park.toml` as JSON.
#[must_use]
pub fn settings_json() -> Value {
    let keys: Vec<Value> = SETTINGS
        .iter()
        .map(|s| {
            json!({
                "key": s.key,
                "required": s.required,
                "expected": s.expected.0,
                "expected_zh": s.expected.1,
                "description": s.doc.0,
                "description_zh": s.doc.1,
            })
        })
        .collect();
    json!({ "name": "park", "path": "park.toml", "settings": keys })
}
