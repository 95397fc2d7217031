//! One static description per table: the reader, the template, the published
//! schema and the documentation are made from it.

use crate::park::{Observer, Use};
use serde_json::{Value, json};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An id.
    Id,
    /// Free text, or text that a check of its own reads.
    Text,
    /// A number.
    Number,
    /// A unit of measurement.
    Unit,
    /// A year or month.
    Period,
    /// A basis, tokens joined by `;`.
    Basis,
    /// One end of a flow.
    Node,
    /// One of a fixed list.
    Choice(&'static [&'static str]),
}

/// A column of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Machine key, the header in English.
    pub name: &'static str,
    /// Chinese headers; the first is written by the template.
    pub zh: &'static [&'static str],
    /// What it holds.
    pub kind: Kind,
    /// Whether header and cell are compulsory.
    pub required: bool,
    /// What it means, in English and Chinese.
    pub doc: (&'static str, &'static str),
    /// A cell of the template's example row.
    pub example: &'static str,
}

/// A table of a package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Table {
    /// Name, also the file's stem.
    pub name: &'static str,
    /// File name.
    pub file: &'static str,
    /// Whether a package must have it.
    pub required: bool,
    /// Chinese title.
    pub zh: &'static str,
    /// What it holds, in English and Chinese.
    pub doc: (&'static str, &'static str),
    /// The columns in order.
    pub columns: &'static [Column],
}

impl Table {
    /// Position of the column with this machine key.
    #[must_use]
    pub fn position(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|c| c.name == name)
    }

    /// Position of the column with this header, English or Chinese.
    #[must_use]
    pub fn find(&self, header: &str) -> Option<usize> {
        let header = header.trim();
        self.columns.iter().position(|c| c.name == header || c.zh.contains(&header))
    }

    /// The table as a Frictionless Table Schema.
    #[must_use]
    pub fn to_json(self) -> Value {
        let fields: Vec<Value> = self.columns.iter().map(|c| c.to_json()).collect();
        json!({
            "name": self.name,
            "path": self.file,
            "title": self.zh,
            "description": self.doc.0,
            "description_zh": self.doc.1,
            "required": self.required,
            "schema": { "fields": fields, "missingValues": [""] },
        })
    }
}

impl Column {
    fn to_json(self) -> Value {
        let mut constraints = serde_json::Map::new();
        if self.required {
            constraints.insert("required".to_owned(), Value::Bool(true));
        }
        if let Kind::Choice(choices) = self.kind {
            constraints.insert("enum".to_owned(), json!(choices));
        }
        json!({
            "name": self.name,
            "title": self.zh.first(),
            "aliases": self.zh,
            "type": if self.kind == Kind::Number { "number" } else { "string" },
            "description": self.doc.0,
            "description_zh": self.doc.1,
            "example": self.example,
            "constraints": constraints,
        })
    }
}

/// The table with this name or file name.
#[must_use]
pub fn table(name: &str) -> Option<&'static Table> {
    TABLES.iter().find(|t| t.name == name || t.file == name)
}

const ROLES: &[&str] = &["determining", "co_product", "waste"];
const RULES: &[&str] = &["energy"];
const METHODS: &[&str] = &["meter", "invoice", "stock", "lab", "estimate", "default", "filed"];
const GRADES: &[&str] = &["H", "M", "L"];
const DISTRIBUTIONS: &[&str] = &["normal", "lognormal", "triangular", "uniform"];
const STATUSES: &[&str] = &["existing", "candidate"];
const INSTRUMENTS: &[&str] = &["certificate", "direct_supply", "contract"];
const YES_NO: &[&str] = &["yes", "no"];
const PROPERTIES: &[&str] =
    &["kind", "name_en", "name_zh", "ncv", "gcv", "carbon_content", "oxidation", "emission_factor", "enthalpy"];

/// A compulsory column.
const fn must(
    name: &'static str,
    zh: &'static [&'static str],
    kind: Kind,
    en: &'static str,
    doc_zh: &'static str,
    example: &'static str,
) -> Column {
    Column { name, zh, kind, required: true, doc: (en, doc_zh), example }
}

/// An optional column.
const fn may(
    name: &'static str,
    zh: &'static [&'static str],
    kind: Kind,
    en: &'static str,
    doc_zh: &'static str,
    example: &'static str,
) -> Column {
    Column { name, zh, kind, required: false, doc: (en, doc_zh), example }
}

/// Every table of a package, in the order of the design.
pub const TABLES: &[Table] = &[
    Table {
        name: "enterprises",
        file: "enterprises.csv",
        required: true,
        zh: "企业",
        doc: ("Legal entities inside the boundary.", "边界内的法人企业。"),
        columns: &[
            must("enterprise", &["企业", "企业编号"], Kind::Id, "Id of the enterprise.", "企业编号。", "E01"),
            may("name_en", &["英文名称"], Kind::Text, "English name.", "英文名称。", ""),
            may("name_zh", &["名称", "中文名称"], Kind::Text, "Chinese name.", "中文名称。", ""),
            may(
                "sector",
                &["行业", "行业代码"],
                Kind::Text,
                "Sector with its classification: GB4754:C26, NAICS:324110, or a bare code.",
                "行业及其分类标准：GB4754:C26、NAICS:324110，或仅写代码。",
                "GB4754:C26",
            ),
            may("joined", &["加入"], Kind::Period, "Period from which it belongs to the park.", "入园时段。", ""),
            may(
                "left",
                &["退出"],
                Kind::Period,
                "Period from which it no longer belongs to the park.",
                "退园时段。",
                "",
            ),
            may(
                "source",
                &["来源"],
                Kind::Text,
                "Document or system that the row was taken from.",
                "该行数据的来源文件或系统。",
                "",
            ),
            may("note", &["备注"], Kind::Text, "Free text, never parsed.", "自由文字，不作解析。", ""),
        ],
    },
    Table {
        name: "processes",
        file: "processes.csv",
        required: false,
        zh: "工序",
        doc: (
            "Units inside enterprises. An enterprise that lists none is one process.",
            "企业内的设施或工序。未列工序的企业整体视为一个工序。",
        ),
        columns: &[
            must("process", &["工序", "工序编号"], Kind::Id, "ENTERPRISE/PROCESS.", "企业/工序。", "E01/CHP1"),
            must("enterprise", &["企业", "企业编号"], Kind::Id, "Owner.", "所属企业。", "E01"),
            may("name_en", &["英文名称"], Kind::Text, "English name.", "英文名称。", ""),
            may("name_zh", &["名称", "中文名称"], Kind::Text, "Chinese name.", "中文名称。", ""),
            may(
                "technique",
                &["技术", "工艺"],
                Kind::Text,
                "What it is: boiler, chp, kiln, bus, header, wastewater_plant ...",
                "类型：boiler、chp、kiln、bus、header、wastewater_plant 等。",
                "chp",
            ),
            may(
                "accounting",
                &["核算方法"],
                Kind::Text,
                "combustion, measured, default or balance:NAME.",
                "combustion、measured、default 或 balance:名称。",
                "combustion",
            ),
            may(
                "source",
                &["来源"],
                Kind::Text,
                "Document or system that the row was taken from.",
                "该行数据的来源文件或系统。",
                "",
            ),
            may("note", &["备注"], Kind::Text, "Free text, never parsed.", "自由文字，不作解析。", ""),
        ],
    },
    Table {
        name: "parameters",
        file: "parameters.csv",
        required: false,
        zh: "参数",
        doc: ("Parameters of processes: efficiencies, losses, capacities.", "工序参数：效率、损失、能力。"),
        columns: &[
            must("process", &["工序"], Kind::Id, "Process.", "工序。", "E01/CHP1"),
            may("period", &["时段"], Kind::Period, "Only in this period.", "仅在此时段。", ""),
            must("parameter", &["参数"], Kind::Text, "Name of the parameter.", "参数名称。", "efficiency"),
            must("value", &["数值"], Kind::Number, "Value.", "数值。", "0.85"),
            must("unit", &["单位"], Kind::Unit, "Unit of the number beside it.", "旁边数字的单位。", "1"),
            may(
                "sd",
                &["标准差"],
                Kind::Number,
                "Standard deviation, in the unit of the row.",
                "标准差，单位同该行。",
                "",
            ),
            may(
                "source",
                &["来源"],
                Kind::Text,
                "Document or system that the row was taken from.",
                "该行数据的来源文件或系统。",
                "",
            ),
            may("note", &["备注"], Kind::Text, "Free text, never parsed.", "自由文字，不作解析。", ""),
        ],
    },
    Table {
        name: "outputs",
        file: "outputs.csv",
        required: false,
        zh: "产出",
        doc: ("Products of processes and how they share its emission.", "工序的产出及其对排放的分摊。"),
        columns: &[
            must("process", &["工序"], Kind::Id, "Process.", "工序。", "E01"),
            must("carrier", &["载体"], Kind::Id, "What it makes.", "产出的载体。", "heat"),
            may(
                "role",
                &["角色"],
                Kind::Choice(ROLES),
                "determining, co_product or waste.",
                "determining（主产品）、co_product（联产品）或 waste（废物）。",
                "determining",
            ),
            may(
                "share",
                &["份额"],
                Kind::Number,
                "Share of the emission that it bears; all shares of a process add up to 1.",
                "承担的排放份额；同一工序合计为 1。",
                "",
            ),
            may(
                "rule",
                &["规则"],
                Kind::Choice(RULES),
                "Allocation rule where no share is stated: energy.",
                "未写份额时的分摊规则：energy。",
                "energy",
            ),
            may("sink", &["去向"], Kind::Text, "Where it goes if nobody uses it.", "无人使用时的去向。", ""),
            may(
                "marginal_supplier",
                &["边际供应"],
                Kind::Text,
                "Who supplies more of it when demand grows.",
                "需求增加时的供应者。",
                "",
            ),
            may(
                "source",
                &["来源"],
                Kind::Text,
                "Document or system that the row was taken from.",
                "该行数据的来源文件或系统。",
                "",
            ),
            may("note", &["备注"], Kind::Text, "Free text, never parsed.", "自由文字，不作解析。", ""),
        ],
    },
    Table {
        name: "flows",
        file: "flows.csv",
        required: false,
        zh: "流量",
        doc: (
            "Readings of flows between processes, enterprises, the outside and stocks.",
            "工序、企业、外部与库存之间的流量读数。",
        ),
        columns: &[
            must(
                "id",
                &["编号"],
                Kind::Id,
                "Id of the row; appears in every trail.",
                "行编号，出现在每条溯源中。",
                "A-0001",
            ),
            must(
                "period",
                &["时段", "期间"],
                Kind::Period,
                "Year 2024 or month 2024-03.",
                "年 2024 或月 2024-03。",
                "2024",
            ),
            must(
                "from",
                &["从", "来自"],
                Kind::Node,
                "Sender: E01, E01/CHP1, outside:grid, outside:supplier, stock:opening ...",
                "送出方：E01、E01/CHP1、outside:grid、outside:supplier、stock:opening 等。",
                "outside:supplier",
            ),
            must("to", &["到", "去向"], Kind::Node, "Receiver, likewise.", "接收方，写法同上。", "E01"),
            must("carrier", &["载体", "能源品种"], Kind::Id, "What flows.", "流动的载体。", "bituminous"),
            may(
                "quantity",
                &["数量"],
                Kind::Number,
                "How much; empty means unmeasured, never zero.",
                "数量；留空表示未计量，而不是零。",
                "10000",
            ),
            may("unit", &["单位"], Kind::Unit, "Unit of the number beside it.", "旁边数字的单位。", "t"),
            may(
                "basis",
                &["基准"],
                Kind::Basis,
                "NCV or GCV for fuel energy; as_received or dry for solids; 0C, 15C, 20C or state_unstated for gas volumes; joined by ';'.",
                "燃料能量写 NCV 或 GCV；固体写 as_received 或 dry；气体体积写 0C、15C、20C 或 state_unstated；以“;”分隔。",
                "as_received",
            ),
            may(
                "use",
                &["用途"],
                Kind::Choice(Use::IDS),
                "What the receiver does with it; a default by carrier is taken and shown.",
                "接收方的用途；留空则按载体取缺省并注明。",
                "combustion",
            ),
            may(
                "observer",
                &["观测者"],
                Kind::Choice(Observer::IDS),
                "Who read the meter: from, to or third.",
                "读表者：from、to 或 third。",
                "",
            ),
            may(
                "method",
                &["方法"],
                Kind::Choice(METHODS),
                "How the quantity was obtained.",
                "数量的取得方法。",
                "invoice",
            ),
            may("grade", &["等级"], Kind::Choice(GRADES), "Data quality: H, M or L.", "数据质量：H、M 或 L。", "H"),
            may("lo95", &["下限"], Kind::Number, "Lower 95 % limit, with hi95.", "95 % 下限，与 hi95 同填。", ""),
            may("hi95", &["上限"], Kind::Number, "Upper 95 % limit.", "95 % 上限。", ""),
            may(
                "sd",
                &["标准差"],
                Kind::Number,
                "Standard deviation, in the unit of the row.",
                "标准差，单位同该行。",
                "",
            ),
            may(
                "percent",
                &["不确定度"],
                Kind::Number,
                "Half the 95 % interval in per cent of the value.",
                "95 % 置信区间半宽占数值的百分比。",
                "",
            ),
            may(
                "distribution",
                &["分布"],
                Kind::Choice(DISTRIBUTIONS),
                "Shape of the uncertainty.",
                "不确定度的分布。",
                "",
            ),
            may(
                "correlation_group",
                &["相关组"],
                Kind::Text,
                "Rows that share one error source.",
                "共享同一误差来源的行。",
                "",
            ),
            may(
                "notation",
                &["注释符号"],
                Kind::Text,
                "Why the quantity is empty: NO, NE, IE:id, C.",
                "数量为空的原因：NO、NE、IE:编号、C。",
                "",
            ),
            may("evidence", &["凭证"], Kind::Text, "Evidence ids, joined by ';'.", "凭证编号，以“;”分隔。", ""),
            may(
                "source",
                &["来源"],
                Kind::Text,
                "Document or system that the row was taken from.",
                "该行数据的来源文件或系统。",
                "",
            ),
            may("note", &["备注"], Kind::Text, "Free text, never parsed.", "自由文字，不作解析。", ""),
        ],
    },
    Table {
        name: "emissions",
        file: "emissions.csv",
        required: false,
        zh: "排放",
        doc: ("Emissions that a monitor measured or a filed report states.", "在线监测或已提交报告中的排放。"),
        columns: &[
            must("id", &["编号"], Kind::Id, "Id of the row.", "行编号。", "M-0001"),
            must("period", &["时段", "期间"], Kind::Period, "Year or month.", "年或月。", "2024"),
            must("enterprise", &["企业"], Kind::Id, "Whose emission.", "所属企业。", "E01"),
            may("process", &["工序"], Kind::Text, "Which process.", "所属工序。", ""),
            may(
                "replaces",
                &["替代"],
                Kind::Text,
                "Flow whose computed emission it replaces.",
                "被其替代的流的编号。",
                "",
            ),
            must(
                "gas",
                &["气体"],
                Kind::Text,
                "CO2, CH4, N2O ...; CO2e where the source gives no split.",
                "CO2、CH4、N2O 等；来源未分气体时写 CO2e。",
                "CO2",
            ),
            may(
                "quantity",
                &["数量"],
                Kind::Number,
                "Mass; empty means missing, never zero.",
                "质量；留空表示缺失，而不是零。",
                "",
            ),
            may("unit", &["单位"], Kind::Unit, "Unit of the number beside it.", "旁边数字的单位。", "t"),
            may(
                "gwp_set",
                &["GWP集"],
                Kind::Text,
                "GWP set that a CO2e was computed with.",
                "计算 CO2e 所用的 GWP 集。",
                "",
            ),
            may("method", &["方法"], Kind::Choice(METHODS), "How it was obtained.", "取得方法。", "meter"),
            may(
                "sd",
                &["标准差"],
                Kind::Number,
                "Standard deviation, in the unit of the row.",
                "标准差，单位同该行。",
                "",
            ),
            may(
                "percent",
                &["不确定度"],
                Kind::Number,
                "Half the 95 % interval in per cent of the value.",
                "95 % 置信区间半宽占数值的百分比。",
                "",
            ),
            may("notation", &["注释符号"], Kind::Text, "Why the quantity is empty.", "数量为空的原因。", ""),
            may("evidence", &["凭证"], Kind::Text, "Evidence ids, joined by ';'.", "凭证编号，以“;”分隔。", ""),
            may(
                "source",
                &["来源"],
                Kind::Text,
                "Document or system that the row was taken from.",
                "该行数据的来源文件或系统。",
                "",
            ),
            may("note", &["备注"], Kind::Text, "Free text, never parsed.", "自由文字，不作解析。", ""),
        ],
    },
    Table {
        name: "carriers",
        file: "carriers.csv",
        required: false,
        zh: "载体",
        doc: (
            "Measured properties of carriers, and carriers of the park's own.",
            "载体的实测属性，以及园区自定义的载体。",
        ),
        columns: &[
            must("carrier", &["载体"], Kind::Id, "Carrier id.", "载体编号。", "bituminous"),
            may("enterprise", &["企业"], Kind::Text, "Only at this enterprise.", "仅适用于该企业。", "E01"),
            may("process", &["工序"], Kind::Text, "Only at this process.", "仅适用于该工序。", ""),
            may("period", &["时段"], Kind::Period, "Only in this period.", "仅适用于该时段。", "2024"),
            must(
                "property",
                &["属性"],
                Kind::Choice(PROPERTIES),
                "kind, name_en, name_zh declare a carrier; the others are measured values.",
                "kind、name_en、name_zh 用于声明载体，其余为实测值。",
                "ncv",
            ),
            must(
                "value",
                &["数值"],
                Kind::Text,
                "Number, or text for kind and names.",
                "数字；kind 与名称为文字。",
                "22.3",
            ),
            may("unit", &["单位"], Kind::Unit, "Unit of the number beside it.", "旁边数字的单位。", "GJ/t"),
            may("basis", &["基准"], Kind::Basis, "Basis of the value.", "数值的基准。", "NCV;as_received"),
            may("lo95", &["下限"], Kind::Number, "Lower 95 % limit.", "95 % 下限。", ""),
            may("hi95", &["上限"], Kind::Number, "Upper 95 % limit.", "95 % 上限。", ""),
            may("evidence", &["凭证"], Kind::Text, "Evidence ids, joined by ';'.", "凭证编号，以“;”分隔。", ""),
            may(
                "source",
                &["来源"],
                Kind::Text,
                "Document or system that the row was taken from.",
                "该行数据的来源文件或系统。",
                "",
            ),
            may("note", &["备注"], Kind::Text, "Free text, never parsed.", "自由文字，不作解析。", ""),
        ],
    },
    Table {
        name: "exchanges",
        file: "exchanges.csv",
        required: false,
        zh: "交换",
        doc: ("By-product and utility exchanges with their counterfactual.", "副产物与公用工程交换及其替代情景。"),
        columns: &[
            must("from", &["从", "供方"], Kind::Id, "Donor.", "供方企业。", "E01"),
            must("to", &["到", "受方"], Kind::Id, "Receiver.", "受方企业。", "E02"),
            must("carrier", &["载体"], Kind::Id, "What is exchanged.", "交换的载体。", "heat"),
            may(
                "status",
                &["状态"],
                Kind::Choice(STATUSES),
                "existing (bound to flows) or candidate.",
                "existing（已有）或 candidate（候选）。",
                "existing",
            ),
            may("period", &["时段"], Kind::Period, "Of the quantity of a candidate.", "候选数量的时段。", ""),
            may("quantity", &["数量"], Kind::Number, "Quantity of a candidate.", "候选的数量。", ""),
            may("unit", &["单位"], Kind::Unit, "Unit of the number beside it.", "旁边数字的单位。", ""),
            may(
                "displaces",
                &["替代物"],
                Kind::Text,
                "What it displaces at the receiver.",
                "在受方所替代的载体。",
                "natural_gas",
            ),
            may(
                "ratio",
                &["替代比"],
                Kind::Number,
                "Units displaced per unit exchanged.",
                "每单位交换所替代的量。",
                "",
            ),
            may(
                "disposal",
                &["处置方式"],
                Kind::Text,
                "How the donor would have disposed of it.",
                "供方原本的处置方式。",
                "",
            ),
            may("distance_km", &["运距"], Kind::Number, "Transport distance in km.", "运输距离，km。", ""),
            may("conditioning", &["处理"], Kind::Text, "What it needs before use.", "使用前的处理。", ""),
            may("limits", &["限值"], Kind::Text, "Quality limits.", "质量限值。", ""),
            may(
                "source",
                &["来源"],
                Kind::Text,
                "Document or system that the row was taken from.",
                "该行数据的来源文件或系统。",
                "",
            ),
            may("note", &["备注"], Kind::Text, "Free text, never parsed.", "自由文字，不作解析。", ""),
        ],
    },
    Table {
        name: "instruments",
        file: "instruments.csv",
        required: false,
        zh: "绿电",
        doc: ("Certificates, contracts and direct supply of electricity.", "绿证、合同与绿电直供。"),
        columns: &[
            must("holder", &["持有者"], Kind::Id, "Enterprise that claims it.", "声称使用的企业。", "E02"),
            may("generator", &["发电方"], Kind::Text, "Plant.", "发电厂。", ""),
            must("period", &["时段"], Kind::Period, "Period of use.", "使用时段。", "2024"),
            must(
                "kind",
                &["类型"],
                Kind::Choice(INSTRUMENTS),
                "certificate, direct_supply or contract.",
                "certificate、direct_supply 或 contract。",
                "certificate",
            ),
            must("quantity", &["数量", "电量"], Kind::Number, "Energy covered.", "覆盖的电量。", "1000"),
            must("unit", &["单位"], Kind::Unit, "Unit of the number beside it.", "旁边数字的单位。", "MWh"),
            must(
                "factor",
                &["因子"],
                Kind::Number,
                "Emission factor of the instrument, in t/MWh.",
                "该凭证的排放因子，t/MWh。",
                "0",
            ),
            must(
                "retired",
                &["已注销"],
                Kind::Choice(YES_NO),
                "Whether it is retired for the holder; only then it counts.",
                "是否已为持有者注销；注销后才计入。",
                "yes",
            ),
            may("evidence", &["凭证"], Kind::Text, "Evidence ids, joined by ';'.", "凭证编号，以“;”分隔。", ""),
            may(
                "source",
                &["来源"],
                Kind::Text,
                "Document or system that the row was taken from.",
                "该行数据的来源文件或系统。",
                "",
            ),
            may("note", &["备注"], Kind::Text, "Free text, never parsed.", "自由文字，不作解析。", ""),
        ],
    },
    Table {
        name: "statistics",
        file: "statistics.csv",
        required: false,
        zh: "统计",
        doc: (
            "Added value, land, staff, energy: denominators and cross-checks.",
            "增加值、土地、人员、能耗：分母与校核。",
        ),
        columns: &[
            must(
                "subject",
                &["对象"],
                Kind::Text,
                "park, sector:CODE, or an enterprise.",
                "park、sector:代码或企业编号。",
                "park",
            ),
            must("period", &["时段"], Kind::Period, "Year.", "年份。", "2024"),
            must(
                "item",
                &["项目"],
                Kind::Text,
                "Symbol of the item: iav, iav_const, employees_industrial, land_park_km2, energy_tce ...",
                "项目符号：iav、iav_const、employees_industrial、land_park_km2、energy_tce 等。",
                "iav",
            ),
            must("value", &["数值"], Kind::Number, "Value.", "数值。", "50000"),
            must("unit", &["单位"], Kind::Unit, "Unit of the number beside it.", "旁边数字的单位。", "万元"),
            may(
                "source",
                &["来源"],
                Kind::Text,
                "Document or system that the row was taken from.",
                "该行数据的来源文件或系统。",
                "",
            ),
            may("note", &["备注"], Kind::Text, "Free text, never parsed.", "自由文字，不作解析。", ""),
        ],
    },
    Table {
        name: "answers",
        file: "answers.csv",
        required: false,
        zh: "问答",
        doc: ("Answers to the questions of indicator systems.", "指标体系的问答。"),
        columns: &[
            must("question", &["问题"], Kind::Text, "Question id.", "问题编号。", ""),
            may("period", &["时段"], Kind::Period, "Period.", "时段。", ""),
            must("answer", &["回答"], Kind::Text, "Answer.", "回答。", ""),
            may("evidence", &["凭证"], Kind::Text, "Evidence ids, joined by ';'.", "凭证编号，以“;”分隔。", ""),
            may("note", &["备注"], Kind::Text, "Free text, never parsed.", "自由文字，不作解析。", ""),
        ],
    },
    Table {
        name: "targets",
        file: "targets.csv",
        required: false,
        zh: "目标",
        doc: ("Targets of the programmes.", "各项目的目标。"),
        columns: &[
            may("programme", &["项目"], Kind::Text, "Programme.", "项目。", ""),
            must("indicator", &["指标"], Kind::Text, "Indicator id.", "指标编号。", ""),
            may("base_year", &["基准年"], Kind::Period, "Base year.", "基准年。", ""),
            may("base_value", &["基准值"], Kind::Number, "Value in the base year.", "基准值。", ""),
            must("target_year", &["目标年"], Kind::Period, "Target year.", "目标年。", ""),
            must("target_value", &["目标值"], Kind::Number, "Target.", "目标值。", ""),
            may("unit", &["单位"], Kind::Unit, "Unit of the number beside it.", "旁边数字的单位。", ""),
            may("note", &["备注"], Kind::Text, "Free text, never parsed.", "自由文字，不作解析。", ""),
        ],
    },
    Table {
        name: "evidence",
        file: "evidence.csv",
        required: false,
        zh: "凭证",
        doc: ("Register of documents.", "文件登记表。"),
        columns: &[
            must("evidence", &["凭证", "凭证编号"], Kind::Id, "Id of the document.", "文件编号。", "EV-001"),
            must("title", &["标题"], Kind::Text, "Title.", "标题。", ""),
            may("file", &["文件"], Kind::Text, "Path inside the package.", "数据包内的路径。", ""),
            may("sha256", &["哈希"], Kind::Text, "SHA-256 of the file.", "文件的 SHA-256。", ""),
            may("page", &["页码"], Kind::Text, "Page or cell.", "页码或单元格。", ""),
            may("entered_by", &["录入人"], Kind::Text, "Who entered it.", "录入人。", ""),
            may("entered_on", &["录入日期"], Kind::Text, "When.", "录入日期。", ""),
            may("note", &["备注"], Kind::Text, "Free text, never parsed.", "自由文字，不作解析。", ""),
        ],
    },
    Table {
        name: "quality_plan",
        file: "quality_plan.csv",
        required: false,
        zh: "质控方案",
        doc: ("Data quality control plan.", "数据质量控制方案。"),
        columns: &[
            must("parameter", &["参数"], Kind::Text, "What is measured.", "参数名称。", ""),
            may("enterprise", &["企业"], Kind::Text, "Where.", "企业。", ""),
            may("how_obtained", &["获取方式"], Kind::Text, "How it is obtained.", "获取方式。", ""),
            may("meter_id", &["仪表编号"], Kind::Text, "Meter.", "仪表编号。", ""),
            may("meter_class", &["精度等级"], Kind::Text, "Accuracy class.", "精度等级。", ""),
            may("calibrated_on", &["校准日期"], Kind::Text, "Last calibration.", "上次校准日期。", ""),
            may("calibration_due", &["校准到期"], Kind::Text, "Next calibration.", "下次校准日期。", ""),
            may("frequency", &["频次"], Kind::Text, "How often.", "监测频次。", ""),
            may("record_form", &["记录方式"], Kind::Text, "Form of the record.", "记录方式。", ""),
            may("fallback", &["缺失处理"], Kind::Text, "What is done when data are missing.", "数据缺失时的处理。", ""),
            may("owner", &["负责人"], Kind::Text, "Person in charge.", "负责人。", ""),
            may("department", &["部门"], Kind::Text, "Department.", "部门。", ""),
            may("note", &["备注"], Kind::Text, "Free text, never parsed.", "自由文字，不作解析。", ""),
        ],
    },
    Table {
        name: "changes",
        file: "changes.csv",
        required: false,
        zh: "更正",
        doc: ("Log of corrections, appended to only.", "更正日志，只增不改。"),
        columns: &[
            must("date", &["日期"], Kind::Text, "When.", "日期。", ""),
            must("table", &["表"], Kind::Text, "Which table.", "表名。", ""),
            may("row_id", &["行编号"], Kind::Text, "Which row.", "行编号。", ""),
            may("column", &["列"], Kind::Text, "Which column.", "列名。", ""),
            may("old", &["原值"], Kind::Text, "Old content.", "原值。", ""),
            may("new", &["新值"], Kind::Text, "New content.", "新值。", ""),
            must("who", &["更正人"], Kind::Text, "Who.", "更正人。", ""),
            must("why", &["原因"], Kind::Text, "Why.", "原因。", ""),
            may("note", &["备注"], Kind::Text, "Free text, never parsed.", "自由文字，不作解析。", ""),
        ],
    },
    Table {
        name: "factors",
        file: "factors.csv",
        required: false,
        zh: "因子",
        doc: ("The park's own factors, in the schema of the library.", "园区自有因子，格式同因子库。"),
        columns: &[
            must("id", &["编号"], Kind::Text, "Id, unique over all sets.", "编号，在所有因子集中唯一。", ""),
            must(
                "set",
                &["因子集"],
                Kind::Text,
                "Set that park.toml names in factor_sets.",
                "park.toml 中 factor_sets 所列的集名。",
                "park",
            ),
            must("carrier", &["载体"], Kind::Text, "Carrier.", "载体。", ""),
            must(
                "parameter",
                &["参数"],
                Kind::Text,
                "ncv, gcv, carbon_content, oxidation, emission_factor or tce.",
                "ncv、gcv、carbon_content、oxidation、emission_factor 或 tce。",
                "",
            ),
            may("gas", &["气体"], Kind::Text, "Gas of an emission factor.", "排放因子的气体。", ""),
            may("technique", &["技术"], Kind::Text, "Only for this technique.", "仅适用于该技术。", ""),
            may(
                "applies_to",
                &["适用于"],
                Kind::Text,
                "sector:CODE or enterprise:ID, joined by ';'.",
                "sector:代码 或 enterprise:编号，以“;”分隔。",
                "",
            ),
            must("value", &["数值"], Kind::Number, "Value.", "数值。", ""),
            must("unit", &["单位"], Kind::Unit, "Unit of the number beside it.", "旁边数字的单位。", ""),
            may("basis", &["基准"], Kind::Basis, "Basis.", "基准。", ""),
            may("lower", &["下限"], Kind::Number, "Lower 95 % limit.", "95 % 下限。", ""),
            may("upper", &["上限"], Kind::Number, "Upper 95 % limit.", "95 % 上限。", ""),
            may("distribution", &["分布"], Kind::Text, "Shape.", "分布。", ""),
            may(
                "biogenic",
                &["生物成因"],
                Kind::Choice(YES_NO),
                "Whether the carbon is biogenic.",
                "碳是否为生物成因。",
                "",
            ),
            must("source", &["来源"], Kind::Text, "Document.", "文件。", ""),
            may("table", &["表号"], Kind::Text, "Table or page.", "表号或页码。", ""),
            may("edition", &["版本"], Kind::Text, "Edition.", "版本。", ""),
            may("region", &["地区"], Kind::Text, "Region code.", "地区代码。", ""),
            may("valid_from", &["起始年"], Kind::Text, "First year.", "起始年。", ""),
            may("valid_to", &["终止年"], Kind::Text, "Last year.", "终止年。", ""),
            must(
                "confidence",
                &["可信度"],
                Kind::Text,
                "official, transcription, secondary, lookup, computed, derived or unconfirmed.",
                "official、transcription、secondary、lookup、computed、derived 或 unconfirmed。",
                "",
            ),
            may("note", &["备注"], Kind::Text, "Free text, never parsed.", "自由文字，不作解析。", ""),
        ],
    },
];

/// A key of `park.toml`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting {
    /// The key.
    pub key: &'static str,
    /// Whether it must be stated.
    pub required: bool,
    /// What may stand there, in English and Chinese.
    pub expected: (&'static str, &'static str),
    /// What it decides, in English and Chinese.
    pub doc: (&'static str, &'static str),
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
        "internal_factor",
        false,
        ("own or published", "own 或 published"),
        ("Factor of internal power and heat; default own.", "园内电、热的因子；缺省 own（自有）。"),
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
        "electricity_tce",
        false,
        ("\"calorific\" or a number in kgce/kWh", "\"calorific\" 或以 kgce/kWh 计的数"),
        (
            "Coal equivalent of electricity; default calorific, 0.1229 kgce/kWh.",
            "电力折标煤系数；缺省为当量值 0.1229 kgce/kWh。",
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
