//! Chinese texts of the problems.

use super::text_en::probability;
use super::{Problem, Text};

fn t(message: impl Into<String>, expected: impl Into<String>, help: impl Into<String>) -> Text {
    let expected = expected.into();
    Text { message: message.into(), expected: (!expected.is_empty()).then_some(expected), help: help.into() }
}

/// “是否想写 'x'？” or a fall-back.
fn near(nearest: Option<&String>, otherwise: &str) -> String {
    nearest.map_or_else(|| otherwise.to_owned(), |n| format!("是否想写“{n}”？"))
}

/// What a changed factor does to the park's total.
fn effect_of(effect: Option<&String>) -> String {
    effect.map(|e| format!("；仅此一项使园区合计变动 {e} t CO2e")).unwrap_or_default()
}

#[allow(clippy::too_many_lines, reason = "one arm a problem; splitting would hide a missing one")]
pub(super) fn text(problem: &Problem) -> Text {
    use Problem as P;
    match problem {
        P::EmptyPackage {} => t(
            "数据包是空的",
            "一个文件夹，含 park.toml、enterprises.csv，以及 flows.csv 或 emissions.csv",
            "`parkflux init 文件夹` 可写出一套能直接运行的模板",
        ),
        P::MissingParkToml {} => t(
            "缺少 park.toml",
            "park.toml 文件，至少含 schema、id、periods、region、factor_sets、gwp_set、rule_set",
            "`parkflux init 文件夹` 可写出样例；路径应指向数据包文件夹本身",
        ),
        P::UnreadableEncoding { detail } => t(
            format!("无法识别文本编码：{}", detail.zh),
            "UTF-8（有无 BOM 均可）或 GB18030",
            "在 Excel 中另存为“CSV UTF-8（逗号分隔）”",
        ),
        P::UnknownKey { key, nearest } => t(
            format!("未知的键“{key}”"),
            "`parkflux schema park` 所列的键",
            near(nearest.as_ref(), "删去它，或把说明文字写入 note"),
        ),
        P::TomlSyntax { detail } => t(
            format!("不是有效的 TOML（解析器原文：{detail}）"),
            "形如  gwp_set = \"AR5\"  的行",
            "文本加英文双引号，列表加方括号；请检查本行及上一行",
        ),
        P::BadSetting { key, found, expected } => t(
            format!("“{key}”不能取 {found}"),
            expected.zh.clone(),
            format!("`parkflux schema park` 说明“{key}”的含义"),
        ),
        P::MissingSetting { key, expected } => t(
            format!("缺少设置“{key}”"),
            format!("一行  {key} = ...  ，取 {}", expected.zh),
            "`parkflux schema park` 说明每项设置",
        ),
        P::MissingTable { file } => t(
            format!("缺少表 {file}"),
            "enterprises.csv，以及 flows.csv 或 emissions.csv",
            if file == "flows.csv" {
                "流量可由企业填报：`parkflux init --per-enterprise 数据包 输出文件夹`，收回后 `parkflux merge`；或用 `parkflux init 另一文件夹` 写出全部表，再复制 flows.csv".to_owned()
            } else {
                format!("用 `parkflux init 另一文件夹` 写出全部表，再复制 {file}")
            },
        ),
        P::UnknownFile { file, nearest } => t(
            format!("“{file}”不是数据包中的表"),
            "park.toml、README.md、factors.lock、scenarios/、evidence/ 以及 `parkflux schema` 所列的表",
            near(nearest.as_ref(), "请改名") + "若该表已存在，请合并数据行或移出本文件",
        ),
        P::FileTooLarge { bytes, limit } => t(
            format!("文件有 {} MiB", bytes.div_ceil(1 << 20)),
            format!("不超过 {} MiB", limit >> 20),
            "请按年份或按园区的一部分拆分数据包",
        ),
        P::EmptyTable { file } => {
            let help = if file == "flows.csv" {
                "请填写；或由企业填报：`parkflux init --per-enterprise 数据包 输出文件夹`，收回后 `parkflux merge`"
            } else {
                "请填写；用不到的表可以不放"
            };
            t(format!("{file} 中没有数据"), "有表头；必需的表在表头下还要有数据行", help)
        }

        P::NotWorkbook { what } => t(
            format!("这是{}，不是 Excel 工作簿", what.zh),
            "数据包文件夹，或一个 .xlsx 格式的工作簿",
            "在 Excel 或 WPS 中另存为“Excel 工作簿 (*.xlsx)”；文件夹形式的数据包请给出文件夹本身",
        ),
        P::EncryptedWorkbook {} => t(
            "工作簿设有密码",
            "无需密码即可打开的工作簿",
            "在 Excel 中依次选择“文件、信息、保护工作簿、用密码进行加密”，清空密码后保存",
        ),
        P::MacroWorkbook {} => t("工作簿含有宏", "不含宏的工作簿（.xlsx）", "另存为“Excel 工作簿 (*.xlsx)”即可去掉宏"),
        P::DamagedWorkbook { detail } => {
            t(format!("工作簿已损坏：{}", detail.zh), "", "请重新获取或复制；若 Excel 能打开，请另存为新文件")
        }
        P::UnpackedTooLarge { bytes, limit } => t(
            format!("工作簿解压后有 {} MiB", bytes.div_ceil(1 << 20)),
            format!("不超过 {} MiB", limit >> 20),
            "请删除图片和带格式的空行，或按年份、按园区的一部分拆分数据包",
        ),
        P::WorkbookBomb { part, ratio } => t(
            format!("{part} 解压后为原来的 {ratio} 倍"),
            "",
            "园区工作簿不会如此，请勿信任该文件；若确为自己的文件，请在 Excel 中重新保存",
        ),
        P::TooManySheets { limit } => t(
            format!("工作簿的工作表超过 {limit} 个"),
            "工作表“园区”“说明”，以及每张表一个工作表",
            "请把其他工作表移到另一个工作簿",
        ),
        P::TooManyCells { what, found, limit } => t(
            format!("工作簿至少有 {found} {}", what.zh),
            format!("不超过 {limit}"),
            "请删除数据以外的内容，或按年份、按园区的一部分拆分数据包",
        ),
        P::ExternalLinks {} => t(
            "工作簿引用了其他文件的数值",
            "独立完整的工作簿",
            "在 Excel 中依次选择“数据、编辑链接、断开链接”，然后保存",
        ),
        P::UnknownSheet { sheet, nearest } => t(
            format!("“{sheet}”不是数据包的工作表"),
            "园区、说明、列表、问题，以及 `parkflux schema` 所列的表（英文名或中文名）",
            near(nearest.as_ref(), "请改名，或移到另一个工作簿"),
        ),
        P::DuplicateSheet { sheet, first } => t(
            format!("工作表“{first}”与“{sheet}”是同一张表"),
            "每张表一个工作表",
            "请把数据行并入其中一个，并删除另一个",
        ),
        P::UncomputedFormula { cell } => t(
            format!("{cell} 中的公式没有数值"),
            "已计算的公式，或直接填写的数值",
            "请在 Excel 或 LibreOffice 中打开，待其计算后保存；或粘贴为数值",
        ),
        P::ErrorCell { found } => t(format!("单元格显示 {found}"), "", "请修正公式；若数值未知，请留空"),
        P::BooleanCell { found } => t(
            format!("单元格是逻辑值 {found}"),
            "文字或数字；需填 yes 或 no 处请写该词",
            "请把单元格设为文本格式后重新输入",
        ),
        P::DateCell { found, period: true } => t(
            format!("日期 {found} 不是时段"),
            "年 2024 或月 2024-03；日期只接受每月第一天，视为该月",
            "请把单元格设为文本格式后重新输入年或月",
        ),
        P::DateCell { found, period: false } => t(
            format!("Excel 把该单元格变成了日期：{found}"),
            "该列不应有日期",
            "请把单元格设为文本或数值格式后重新输入",
        ),
        P::MergedCells { range } => t(format!("{range} 是合并单元格"), "每个值各占一个单元格", "请取消合并并逐行填写"),
        P::PercentCell { found } => t(
            format!("该列已以百分数为单位，单元格却是 {found}"),
            "普通数字：5 表示 5 %",
            "请把单元格设为数值格式后重新输入",
        ),
        P::BookOfNobody { enterprises } => t(
            if enterprises.is_empty() {
                "企业表为空，无法判断这是哪家企业的工作簿".to_owned()
            } else {
                format!("企业表中有多家企业：{enterprises}")
            },
            "只有一行，即该工作簿所属的企业",
            "请删去其他企业的行；`parkflux init --xlsx --per-enterprise` 可为每家企业生成工作簿",
        ),
        P::SecondBook { enterprise, first } => t(
            format!("{enterprise} 有两个工作簿：本文件与 {first}"),
            "每家企业一个工作簿",
            "请只给出有效的一个，移走另一个",
        ),

        P::UnknownColumn { column, nearest } => t(
            format!("未知的列“{column}”"),
            "`parkflux schema` 为该表列出的列（英文键名或中文名）",
            near(nearest.as_ref(), "请改名；说明文字可写入 note（备注）列"),
        ),
        P::MissingColumn { column } => {
            t(format!("缺少列“{column}”"), format!("表头中有“{column}”"), "请补上该列；`parkflux schema` 有说明")
        }
        P::DuplicateColumn { column, key } => t(
            format!("列“{key}”出现两次，此处写作“{column}”"),
            "每列只出现一次；英文键名与其中文名是同一列",
            "删除或改名其中之一",
        ),
        P::ExtraCells { found, expected } => t(
            format!("该行有 {found} 个单元格，表头只有 {expected} 个"),
            format!("不超过 {expected} 个单元格"),
            "文本内若有逗号，整段文本须加英文双引号；最后一列之外也不要写说明",
        ),
        P::EmptyCell { column } => {
            t(format!("“{column}”为空"), "一个值", format!("请填写“{column}”；`parkflux schema` 有示例"))
        }
        P::BadChoice { found, choices, nearest } => {
            t(format!("该列不能填“{found}”"), format!("下列之一：{choices}"), near(nearest.as_ref(), "请从列表中选择"))
        }
        P::BadPeriod { found } => {
            t(format!("“{found}”不是时段"), "年 2024 或月 2024-03", "季度和日期不是时段，请写成月或年")
        }
        P::BadId { found } => t(
            format!("“{found}”不能作为编号"),
            "1 至 80 个字母、数字、“.”、“-”或“_”；工序写作 企业/工序",
            "编号中不能有空格、括号和冒号，可用“-”连接；说明文字写入 note（备注）",
        ),
        P::UnclosedQuote {} => t(
            "此处的双引号没有在应有的地方闭合，其后的行被吞入同一单元格",
            "含逗号或引号的文本放在一对英文双引号内",
            "请补上或删去引号；文本内的引号要写两个",
        ),
        P::WrongSeparator { separator } => t(
            format!("单元格以 {separator:?} 分隔"),
            "以英文逗号分隔",
            "请另存为逗号分隔的 CSV（Excel：“CSV UTF-8（逗号分隔）”）",
        ),

        P::BadNumber { found } => t(
            format!("“{found}”不是数字"),
            "数字，如 12840.5 或 12,840.5",
            "数字之间不要有空格；单位、百分号与说明请放入各自的列",
        ),
        P::NotFinite { found } => t(
            format!("“{found}”是表格公式错误或无穷，不是数字"),
            "有限数，或留空并填写注释符号",
            "请修正产生它的公式；未知的量应留空",
        ),
        P::AbsurdSize { found } => t(
            format!("园区中没有 {found} 这么大的量"),
            "绝对值不超过 10^15",
            "是否把账号、税号或电话填错了列？否则请改用更大的单位",
        ),
        P::NegativeQuantity { found } => {
            t(format!("数量 {found} 为负"), "零或正数", "若方向相反，请对调“从”与“到”两列；更正应写在被更正的那一行")
        }
        P::DecimalComma { found } => t(
            format!("“{found}”中的逗号不是千位分隔符"),
            "小数点写作 9.99；逗号只用于三位一组：12,840.5",
            "若是小数，请改用小数点；若是千位，请去掉逗号",
        ),
        P::OutOfRange { found, low, high } => t(
            format!("{found} 超出可能的范围"),
            format!("{low} 至 {high}"),
            "98 % 写作 0.98（单位 1），或 98（单位 %）；坐标为十进制度",
        ),
        P::LimitsSwapped { low, high } => {
            t(format!("上限 {high} 低于下限 {low}"), "lo95 不大于 hi95", "请对调两个单元格")
        }

        P::WrongDimension { unit, thing, units } => t(
            format!("单位“{unit}”不能计量{}", thing.zh()),
            format!("例如：{units}"),
            "请改正单位；燃料的质量与能量只能通过有出处的热值换算",
        ),
        P::UnknownUnit { unit, nearest } => t(
            format!("未知的单位“{unit}”"),
            "t、kg、万t、GJ、TJ、kWh、MWh、万kWh、tce、MMBtu、m3、Nm3、万Nm3、L、万元，以及由它们组成的单位，如 t/GJ",
            near(nearest.as_ref(), "`parkflux schema units` 列出全部写法"),
        ),
        P::AmbiguousUnit { unit, choices } => {
            t(format!("单位“{unit}”有多种理解"), format!("下列之一：{}", choices.zh), "请写明所指的单位")
        }
        P::SubstanceInUnit { unit, substance } => t(
            format!("单位“{unit}”中含有物质 {substance}"),
            "只写计量单位，如 t 或 kg/GJ",
            format!("请从单位中去掉 {substance}；物质写在 gas（气体）或 carrier（载体）列"),
        ),
        P::MissingBasis { carrier, unit, choices } => t(
            format!("{carrier} 的“{unit}”须注明基准"),
            format!("在 basis（基准）列填写：{choices}"),
            "发票、化验单或仪表说明书上可查：低位与高位热值差 5 % 至 10 %，0 ℃ 与 20 ℃ 的气体体积差 7 %",
        ),
        P::BadBasis { found } => t(
            format!("基准“{found}”无法识别，或与其他基准或单位矛盾"),
            "以“;”分隔：NCV、GCV、as_received、air_dried、dry、0C、15C、20C、state_unstated",
            "热值、水分、气体状态各至多写一个；Nm3 按定义为 0 ℃",
        ),

        P::UnknownEnterprise { id, nearest } => t(
            format!("未知的企业“{id}”"),
            "enterprises.csv 中的编号",
            near(nearest.as_ref(), "请核对编号，") + "或在 enterprises.csv 中补上",
        ),
        P::UnknownProcess { id, nearest } => t(
            format!("未知的工序“{id}”"),
            "processes.csv 中的编号",
            near(nearest.as_ref(), "请核对编号，") + "或在 processes.csv 中补上",
        ),
        P::UnknownCarrier { id, nearest } => t(
            format!("未知的载体（能源或物料品种）“{id}”"),
            "库中的载体，或在 carriers.csv 中以属性 kind 声明的载体",
            near(nearest.as_ref(), "`parkflux factors list --carriers` 列出库中的载体"),
        ),
        P::UnknownPeriod { period, periods } => t(
            format!("时段 {period} 不在园区时段内"),
            format!("属于：{periods}"),
            "请改正时段，或把该年加入 park.toml 的 periods",
        ),
        P::DuplicateId { id, first_row } => t(
            format!("编号“{id}”已在第 {first_row} 行出现"),
            "编号不重复",
            "请删去该行或另取编号；同一流量的另一次读数须有自己的编号和不同的 observer",
        ),
        P::UnknownNode { id, nearest } => t(
            format!("流的起止点“{id}”无法识别：不是企业、工序，也不是 outside:…（园外）或 stock:…（库存）"),
            "E03、E03/CHP1、outside:grid、outside:supplier、outside:customer、stock:opening……",
            near(nearest.as_ref(), "请把企业或工序补入相应的表"),
        ),
        P::UnknownFlow { id, nearest } => {
            t(format!("没有编号为“{id}”的流"), "flows.csv 中的编号", near(nearest.as_ref(), "请改正编号"))
        }
        P::UnknownGas { id, nearest } => t(
            format!("未知的气体或污染物“{id}”"),
            "CO2、CH4、N2O、SF6、NF3、HFC/PFC 代码、CO2e（按所报）、SO2、NOx、PM、COD、NH3N",
            near(nearest.as_ref(), "请改正写法"),
        ),
        P::UnknownFactorSet { id, known } => t(
            format!("没有因子集“{id}”"),
            format!("下列之一：{known}，或园区自己 factors.csv 中的集"),
            "`parkflux factors list` 说明各因子集",
        ),
        P::UnknownRegion { region, nearest } => t(
            format!("“{region}”不是有因子可查的地区代码"),
            "cn.north、cn.north.tianjin、cn.province.tianjin、us、eu 等",
            near(nearest.as_ref(), "请改正代码。") + "因子库没有的地区，需在园区自己的 factors.csv 中有该地区的行",
        ),
        P::TechniqueSlip { technique, nearest } => t(
            format!("没有方法或因子使用技术“{technique}”"),
            "",
            format!("是否应为“{nearest}”？若是自定的说法，可保留"),
        ),
        P::UnknownItem { item, nearest } => t(
            format!("没有指标使用项目“{item}”"),
            "iav（工业增加值）、iav_const、deflator（平减指数）、energy_tce（综合能源消费量）、employees_industrial、land_park_km2、land_industrial_km2，或“parkflux indicators --items”所列项目",
            near(nearest.as_ref(), "若供自用，可保留"),
        ),
        P::DeflatorMisfit { value } => t(
            format!("平减指数 {value} 不大于零，或与前面各年的基数不同"),
            "全部在 1 左右，或全部在 100 左右",
            "请改正数字，或把全表统一为同一基数",
        ),
        P::FewYears { years } => t(
            format!("趋势至少需要三年；现有 {years}"),
            "三个或更多日历年",
            "请在 periods 中增加年份并补充相应数据行，或放宽范围（--from、--to、--years）",
        ),
        P::UnknownEvidence { id } => {
            t(format!("凭证“{id}”未登记"), "evidence.csv 中的编号", "请在 evidence.csv 中登记该文件，或改正编号")
        }
        P::EvidenceOutside { file } => t(
            format!("路径“{file}”指向数据包之外"),
            "数据包文件夹内的路径，如 evidence/invoice-07.pdf，不含“..”，也不经链接通往别处",
            "请把文件放入 evidence/ 文件夹，并从那里写起",
        ),
        P::EvidenceMissing { id, file } => t(
            format!("凭证“{id}”的文件不存在：{file}"),
            "可以读取的文件",
            "请放入该文件，或改正路径；存放在别处的文件登记时不填 file（文件）",
        ),
        P::EvidenceChanged { id, file, sha256 } => t(
            format!("{file} 不是登记为“{id}”的那份文件：哈希不同"),
            "该文件的 SHA-256",
            format!("请查明何人改动；若新文件正确，请登记其哈希 {sha256}，并在 changes.csv 写明更正"),
        ),
        P::EvidenceUnhashed { id, file, sha256 } => t(
            format!("凭证“{id}”有文件而无哈希：文件被改动无从发现"),
            format!("{file} 的 SHA-256"),
            format!("请在 sha256（哈希）列填写：{sha256}"),
        ),
        P::EvidenceUnused { id } => t(
            format!("没有数据行引用凭证“{id}”"),
            "",
            "请在该文件所证明的数据行的 evidence（凭证）列填写编号，或从登记表中删去",
        ),
        P::ForeignProcess { process, owner, enterprise } => t(
            format!("工序“{process}”属于“{owner}”，该行写的是“{enterprise}”"),
            format!("{enterprise} 的工序：{enterprise}/……"),
            "请改正工序或企业",
        ),
        P::ForeignFlow { flow, enterprise } => {
            t(format!("流“{flow}”与“{enterprise}”无关"), "流入或流出该企业的流", "请改正流的编号或企业")
        }

        P::SelfExchange { id } => {
            t(format!("企业“{id}”不能与自身交换"), "两个不同的企业", "自用不是交换：请写成企业内工序之间的流")
        }
        P::OutsideOnly { from, to } => {
            t(format!("{from} → {to}：两端都在园区之外"), "至少一端在园区内", "请写明发送或接收的企业或工序")
        }
        P::MetersDisagree { seller, seller_row, buyer, difference, best, chi2, p } => t(
            format!("卖方（第 {seller_row} 行）读数 {seller}，买方 {buyer}：相差 {difference:+.1} %"),
            format!("两表在不确定度内一致（最佳值 {best}，卡方 {chi2:.3}，{}）", probability(*p)),
            "请改正一方；在此之前，买方、卖方各按自己的计量表计算，差额列入调节表",
        ),
        P::YearMonthsDisagree { year, months, count, difference } => t(
            format!("全年一行为 {year}，{count} 个月的行合计 {months}：相差 {difference:+.2} %"),
            "全年等于十二个月之和（允许 0.1 %）",
            "请改正有误的月份、补上缺少的月份，或删去全年这一行",
        ),
        P::IavNotPositive { subject, value } => t(
            format!("{subject} 的工业增加值（iav）为 {value}"),
            "大于零的值",
            "其强度记为 n/a；请检查正负号与单位（万元）",
        ),
        P::StatisticDisagrees { item, park, sum } => t(
            format!("园区“{item}”为 {park}，各企业合计 {sum}"),
            "相差不超过 0.5 %",
            "请改正其中之一，或补上遗漏的企业",
        ),
        P::ImpliedFactor { gas, implied, factor, difference, limits } => t(
            format!("按所报 {gas} 与能量反推的因子为 {implied}，所用因子为 {factor}：相差 {difference:+.1} %"),
            match limits {
                Some((lower, upper)) => format!("因子限值 {lower} 至 {upper}"),
                None => "相差不超过 2 %".to_owned(),
            },
            "请检查能量的单位和基准，以及所报排放是否覆盖全部燃料",
        ),
        P::ReportedZero { flow, estimate } => t(
            format!("{flow} 燃用燃料而所报 CO2 为 0：视为缺失，而不是零"),
            format!("按缺省因子约为 {estimate}"),
            "请填写实测值（烟气在线监测常另行上报）；若删去该行，则按缺省因子计算",
        ),
        P::DoubleClaim { flow, gas, first_row } => t(
            format!("流“{flow}”的 {gas} 已有第 {first_row} 行的上报值"),
            "每个流、每种气体只有一份报告",
            "请删去一行，或把各自覆盖的燃料拆成单独的流",
        ),
        P::InstrumentsExceed { holder, claimed, bought } => t(
            format!("{holder} 主张的绿电凭证 {claimed} 超过购电量 {bought}"),
            "不超过购电量",
            "超出部分不计；请移到所属的企业或时段",
        ),
        P::Unmeasured { flow } => t(
            format!("行“{flow}”没有数量"),
            "数量，或注释符号：NO、NE、IE:编号、C",
            "请填写数量，或在 notation（注释符号）列说明原因；此前列为 NE（未估算），不当作零",
        ),
        P::SharesNotOne { process, sum } => {
            t(format!("{process} 各产出的分摊份额合计 {sum}"), "1", "请改正 outputs.csv 中的份额；副产物和废物可为 0")
        }
        P::PartialReport { flow, gas, period, reported } => t(
            format!("流“{flow}”（{period}）的 {gas} 报告只覆盖 {reported}"),
            format!("一份 {period} 的报告，或十二个月各一份"),
            "请报告整个时段，或把流拆成所报的各时段",
        ),
        P::NotComparable { units } => t(
            format!("同一流的读数单位为 {units}，无法相互比较"),
            "同一量纲的读数",
            "请都用吨或都用能量；各方核算使用各自的读数",
        ),
        P::NotMember { enterprise, period, row } => t(
            format!("“{enterprise}”在 {period} 不属于园区（enterprises.csv 第 {row} 行）"),
            "自“加入”起、“退出”之前的时段",
            "请改正时段或加入、退出时间；园区之外的活动不计入",
        ),
        P::LevelOfOneYear { process, carrier, stated, missing } => t(
            format!(
                "{process} 的{}在 {} 与 {} 年之间的库存只在 {stated} 年给出",
                carrier.zh(),
                stated.min(missing),
                stated.max(missing)
            ),
            format!("{missing} 年也给出同一库存"),
            if missing > stated {
                format!("请补上 {missing} 年的 stock:opening 行（按月填报时为一月）")
            } else {
                format!("请补上 {missing} 年的 stock:closing 行（按月填报时为十二月）")
            },
        ),
        P::ReportBesideFuel { process, gas } => t(
            format!("{process} 上报了 {gas}，其燃料或生产过程又另行计算：两者都计入"),
            "在 replaces（替代）列写明报告所含的流",
            "请填写 replaces；若报告与该燃料或过程无关则不必",
        ),
        P::ReplacesCheck { flow } => t(
            format!("报告替代的“{flow}”只用于校核，本身不计入"),
            "计入的那一行：买方读数；若年与月并列，则为各月",
            "请在 replaces（替代）列写计入的那一行",
        ),
        P::SteamAssumedDry { process } => t(
            format!("{process} 的饱和蒸汽未给出干度，按干饱和蒸汽计"),
            "在 carriers.csv 填写 quality（干度，0 至 1），或高于饱和温度的温度",
            "湿蒸汽含热较少：1 MPa 时每 1% 水分少 0.7%",
        ),
        P::SteamState { process, why } => t(
            format!("{process} 的蒸汽或凝结水状态不可用：{}", why.zh),
            "carriers.csv 中的 pressure（绝对压力）或 gauge_pressure（表压），并配以 temperature（温度）或 quality（干度）",
            "请核对单位，以及压力是绝对压力还是表压；若有实测 enthalpy（比焓）则无需状态参数",
        ),
        P::CondensateNotDeducted { why } => t(
            format!("该凝结水未从供热量中扣除：{}", why.zh),
            "以 t 计、有温度、且返回供汽方的凝结水",
            "请补全该行和 carriers.csv；若不计凝结水，请设 heat_datum = \"zero\"",
        ),
        P::DatumUnconfirmed {} => t(
            "给水焓 83.74 kJ/kg 未经证实；因 heat_datum 指定而采用",
            "有文件证实的热量基准",
            "heat_datum = \"zero\" 取全焓，约多 3%",
        ),
        P::QuantityBesideNotation { notation } => {
            t(format!("该行既有数量又有注释符号 {notation}"), "数量，或说明为何没有数量的符号", "请删去其中之一")
        }

        P::MissingInput { method, what, key, place, process, sets } => t(
            format!("{}：缺少{}", method.zh, what.zh),
            format!("工序“{process}”的数值"),
            if sets.is_empty() {
                format!("请在 {place} 中填写“{key}”；列说明见 `parkflux schema`")
            } else {
                format!("请在 {place} 中填写“{key}”，或在 factor_sets 中加入以下因子集之一：{sets}")
            },
        ),
        P::OutsideRange { method, what, value, range } => t(
            format!("{}：{} {value} 超出方法适用范围", method.zh, what.zh),
            range.clone(),
            "请改正数值，或改用其他核算方法（processes.csv 的 accounting 列）".to_owned(),
        ),
        P::NotTheFirms { firm, table } => t(
            format!("{table} 的这一行不应由 {firm} 填报"),
            format!("由 {firm} 送出或接收的流量，及其自身的工序、排放、实测属性和统计"),
            format!("请删去该行，或在空缺处填写 {firm}；由园区掌握的数据请放在园区数据包中"),
        ),
        P::RowsDiffer { id, here, other, there, in_park } => t(
            format!("“{id}”在两处内容不同：此处 {here}，{other} 中 {there}"),
            "同一行只有一种内容",
            if *in_park {
                "请改正其中一处；`parkflux merge --update` 允许企业工作簿更正园区数据包中的行".to_owned()
            } else {
                "若是同一行，请统一内容；若是两行，请各用以本企业编号开头的编号".to_owned()
            },
        ),
        P::EndsDiffer { carrier, here, other, there } => t(
            format!("两家企业之间的 {carrier} 此处写作 {here}，{other} 中写作 {there}：可能是同一流量"),
            "两个工作簿中收发两端与用途写法一致",
            "若是同一流量，请统一 from、to 与 use，使其成为两个读数；若是两个流量，请双方都填两行",
        ),
        P::ReportedTwice { here, other, there } => t(
            format!("重复填报：此处 {here} 与 {other} 中 {there} 会被相加"),
            "只留一行，或各读数注明不同的 observer（from、to、third）",
            "请删去一行，或在 observer 列注明读表者；若用途不同，请在两行都填写 use",
        ),

        P::LoadNotStated { process, carrier, keys } => t(
            format!("{process} 排放{}，但未说明其水质（{keys}）：该负荷未计入", carrier.zh()),
            "监测报告中的出水水质",
            format!("请在 carriers.csv 中为排放的企业或工序填写 {keys}（mg/L）"),
        ),
        P::ImplausibleWaste { carrier, value, low, high } => t(
            format!("{}的含碳量与热值折合 {value} kg CO2/GJ", carrier.zh()),
            format!("{low} 至 {high} kg/GJ，任何可燃物都在此范围"),
            "请实测含碳量；对 6 至 7 GJ/t 的湿垃圾，缺省值明显偏高",
        ),
        P::RecoveredExceeds { process, year, recovered, generated } => t(
            format!("{process} 在 {year} 年回收 CH4 {recovered}，多于方法算出的 {generated}"),
            "不多于产生量",
            "请核对气体流量计、负荷或往年填埋量；差额会降低总量",
        ),
        P::TwoMethods { process, carrier, year } => t(
            format!("{process} 的{}在 {year} 年既有流又有充装量与泄漏率：会重复计算", carrier.zh()),
            "二者之一",
            "质量平衡完整时请删去 parameters.csv 中的充装量，否则删去相应的流",
        ),
        P::StationaryFactors { process } => t(
            format!("{process} 的 CH4 与 N2O 采用固定燃烧的因子：尚无已证实的发动机因子"),
            "",
            "请把有出处的因子写入 factors.csv，并写明该工序的技术",
        ),
        P::RemovalWithoutReagent { process } => t(
            format!("{process} 之后脱除 SO2，而该企业没有列出脱硫工序：脱硫的 CO2 未计入"),
            "processes.csv 中 technique 为 wet_fgd、lime_fgd、ammonia_fgd 等的工序",
            "请在 processes.csv 中补充脱硫装置，并在 flows.csv 中填写脱硫剂用量",
        ),
        P::AttributesExceed { generator, sold, generated } => t(
            format!("以 {generator} 为发电方的凭证共 {sold}，而其送出电量为 {generated}"),
            "凭证不超过发电量",
            "请改正发电方、时段或数量；其全部电力视为环境属性已售出",
        ),
        P::NegativeCarbon { enterprise, what, year, total } => t(
            format!("{enterprise} {year} 年：{} 为负（{total} CO2）", what.zh),
            "流出的碳不多于流入的碳，转出的 CO2 不多于排放的 CO2",
            "请检查是否缺少投入、产出重复，或含碳量偏高",
        ),
        P::GasTwice { gas, process, fuel } => t(
            match fuel {
                Some(fuel) => {
                    format!("{}的碳被计算两次：“{process}”已按燃烧计入制气所用的 {fuel}，煤气燃烧时又计一次", gas.zh())
                }
                None => format!("{}从“{process}”流出，但从未流入：没有碳平衡扣除它", gas.zh()),
            },
            "产气工序位于碳平衡之内，并扣除其输出的煤气",
            "请在 processes.csv 中将产气工序设为 accounting = balance:名称，并让煤气从该工序流出",
        ),
        P::ProcessNotCounted { carrier, process, sets } => t(
            format!("“{process}”处{}的过程排放未计入：所列因子集均无其因子", carrier.zh()),
            format!("factor_sets 中含以下因子集之一：{sets}"),
            "请加入因子集，或把有出处的因子写入 factors.csv，或以碳平衡核算该工序，或在 emissions.csv 中报告其 CO2",
        ),
        P::BurntAndByProduct { fuel, process, product } => t(
            format!("“{process}”处的{}既按燃烧计入，又在产品 {product} 的过程排放中计入", fuel.zh()),
            format!("use = feedstock 或 reductant：{product} 的因子已含该部分碳"),
            "请写明该行的 use；若仅用于加热，请保留 use = combustion 并以碳平衡核算该工序",
        ),
        P::ReportInBalance { process, flow } => t(
            format!("报告值替代了“{process}”碳平衡中的一行“{flow}”"),
            "代表整个工序的报告值",
            "请将该平衡的工序设为 accounting = measured 并将 replaces 留空，或删除该报告",
        ),
        P::NothingReported { process } => t(
            format!("“{process}”按实测核算，而 emissions.csv 中没有其数值"),
            "emissions.csv 中写明 process、gas 和 quantity 的一行",
            "请填报实测值，或在 processes.csv 中改用其他核算方式",
        ),
        P::OutsideBalance { gas, carrier, process } => t(
            format!("“{process}”处{}的 {gas} 未计入：碳平衡只计 CO2", carrier.zh()),
            "",
            "请单独核算该工序，或在 emissions.csv 中报告该气体",
        ),
        P::BalanceOpen { place, thing, period, residual, sigmas, limit } => t(
            format!("{period} {place} 的{}不闭合：流入比流出多 {residual}，为标准差的 {sigmas} 倍", thing.zh),
            format!("差额不超过标准差的 {limit} 倍（balance_limit）"),
            format!(
                "`parkflux balance 数据包 --period {period}` 可列出流入、流出与可能有误的仪表；请改正数据行、填写不确定度，或调高 balance_limit"
            ),
        ),
        P::NoFactor { what, carrier, tried, others } => t(
            format!("找不到因子：{}的{}", carrier.zh(), what.zh),
            format!("园区因子集（{tried}）中的一行，或 carriers.csv 中的实测值"),
            if others.is_empty() {
                "请改正载体、单位或基准，补充实测，或把有出处的因子写入 factors.csv".to_owned()
            } else {
                format!("下列因子集有该载体：{others}；可加入 factor_sets，或改正载体、单位、基准")
            },
        ),
        P::Unconfirmed { id } => t(
            format!("因子“{id}”未经证实；因 allow_unconfirmed 点名而使用"),
            "有文件可证实的因子",
            "请找到原始文件，并连同出处写入园区的 factors.csv",
        ),
        P::IntensityUnsolvable { nodes, carriers, cause, mend } => t(
            format!("{nodes} 的{}自有因子无解：{}", carriers.zh, cause.zh),
            "",
            format!("{}；暂用公布的因子", mend.zh),
        ),
        P::AllocationUnavailable { process, rule, why } => t(
            format!("{process} 无法按规则“{rule}”分摊排放：{}", why.zh),
            "",
            "请补充，或在 outputs.csv 中改用其他规则或写明份额",
        ),
        P::NoGwp { gas, set, row, others } => t(
            format!("GWP 集 {set} 没有 {gas} 的值（{row}）"),
            format!("有该值的集：{others}"),
            "请在 park.toml 中另选 gwp_set",
        ),
        P::OtherYear { id, year, wanted } => t(
            format!("{wanted} 年的因子尚未公布，使用 {year} 年的（{id}）"),
            "",
            format!("可在 park.toml 中写 grid_year = {year} 明确选择，或写主管部门规定的年份"),
        ),
        P::GasNotEstimated { gas, carrier, others } => t(
            format!("园区因子集中没有{}的 {gas} 已证实因子：列为 NE（未估算）", carrier.zh()),
            "",
            if others.is_empty() {
                "库中没有因子集含该值；可在园区自己的 factors.csv 中加一行并注明来源（parameter = emission_factor），且将其集列入 factor_sets"
                    .to_owned()
            } else {
                format!("可在 factor_sets 中加入含该因子的集：{others}")
            },
        ),
        P::AllocationAssumed { process } => t(
            format!("{process} 有多种能源产品而未说明分摊：按能量分摊"),
            "outputs.csv 中的份额或规则",
            "请在 outputs.csv 中写明；改用其他规则，结果可能相差至两倍",
        ),
        P::OwnFactorUnavailable { process, carrier, why } => t(
            format!("无法得到 {process} 的 {carrier} 自有因子：{}", why.zh),
            "生产者的自有因子",
            "改用公布的因子；若要自有因子，请把装置列入 processes.csv，或把产品列入 outputs.csv",
        ),
        P::CreditAboveEmission { process, carrier, credit, emission } => t(
            format!(
                "{process} 的替代抵扣大于其排放：从{}承担的 {emission} t CO2 中扣除了 {credit} t CO2",
                carrier.zh()
            ),
            "小于排放的抵扣，或确有意为负的因子",
            format!("请核对 outputs.csv 中各产品的 role、被替代品的因子以及 {process} 的排放；其他规则不作抵扣"),
        ),
        P::ShareWithoutRows { process, carrier, share } => t(
            format!("{}分摊了 {process} 排放的 {share}，却没有流量行说明其去向：这部分无人承担", carrier.zh()),
            "凡分摊排放的产品均有流量行",
            format!("请补充{}的流量行，或从 outputs.csv 中删去", carrier.zh()),
        ),
        P::LockedFactorChanged { id, old, new, effect } => t(
            format!("因子 {id} 与锁定时不同：当时 {old}，现在 {new}{}", effect_of(effect.as_ref())),
            "factors.lock 所载的行",
            "`parkflux factors lock 数据包` 接受新行；要得到旧结果须用旧程序或旧因子表",
        ),
        P::LockedFactorReplaced { old_id, old, new_id, new, effect } => t(
            format!(
                "所用因子不是锁定的那一个：当时 {old_id} = {old}，现在 {new_id} = {new}{}",
                effect_of(effect.as_ref())
            ),
            "factors.lock 所载的行",
            "`parkflux factors lock 数据包` 接受新行；`parkflux explain 数据包 行编号` 说明其入选原因",
        ),
        P::LockIncomplete { unlocked, unused } => t(
            match (unlocked.is_empty(), unused.is_empty()) {
                (false, true) => format!("factors.lock 未包含所用的全部因子：{unlocked}"),
                (true, false) => format!("factors.lock 含有不再使用的因子：{unused}"),
                _ => format!("factors.lock 缺少 {unlocked}，并含有不再使用的 {unused}"),
            },
            "",
            "请用 `parkflux factors lock 数据包` 重写",
        ),
        P::BadLock { detail } => t(
            format!("factors.lock 无法读取：{detail}"),
            "`parkflux factors lock` 所写的文件",
            "请用 `parkflux factors lock 数据包` 重写，或删去该文件",
        ),
        P::UnknownFactor { id, nearest } => t(
            format!("没有因子“{id}”"),
            "`parkflux factors list 集名` 所列的编号",
            near(nearest.as_ref(), "请改正，或从 allow_unconfirmed 中删去"),
        ),
        P::ScenarioSyntax { detail } => t(
            format!("情景文件不是有效的 TOML（解析器原文：{detail}）"),
            "[[change]] 之下形如  share = 0.5  的行",
            "文本加英文双引号，列表加方括号；请检查本行及上一行",
        ),
        P::ScenarioKey { key, place, known, nearest } => t(
            format!("{}没有键“{key}”", place.zh),
            format!("以下之一：{known}"),
            near(nearest.as_ref(), "删去它，或把说明文字写入 note"),
        ),
        P::ScenarioKind { of, found, known, nearest } => t(
            format!("没有“{found}”这种{}", of.zh),
            format!("以下之一：{known}"),
            near(nearest.as_ref(), "`parkflux explain S103` 说明每种变更的作用"),
        ),
        P::ScenarioMissingKey { key, place, expected } => {
            t(format!("{}缺少“{key}”", place.zh), expected.zh.clone(), format!("请加一行  {key} = ..."))
        }
        P::ScenarioValue { key, found, expected } => {
            t(format!("“{key}”不能取 {found}"), expected.zh.clone(), "请改正取值；数字不加引号，文本加引号")
        }
        P::ScenarioUnknownId { id, what, nearest } => t(
            format!("“{id}”不是本园区的{}", what.zh),
            format!("园区各表中的编号，或含“*”的模式（{}）", what.zh),
            if nearest.is_empty() {
                "请对照数据包各表核对编号".to_owned()
            } else {
                format!("是否想写以下之一：{nearest}？")
            },
        ),
        P::ScenarioUnknownBase { id, known, nearest } => t(
            format!("没有可供继承的情景“{id}”"),
            format!("另一情景文件的名称（不带 .toml）：{known}"),
            near(nearest.as_ref(), "请改正名称；若从园区现状出发，请删去 extends"),
        ),
        P::ScenarioCycle { cycle } => {
            t(format!("情景互相继承：{cycle}"), "终止于某个不再继承其他情景的链", "请删去其中一个的 extends")
        }
        P::ScenarioNameTwice { name, first } => t(
            format!("又有一项变更名为“{name}”；前一项在 {first}"),
            "每项变更各有其名，所继承情景中的变更也包括在内",
            "请改其中一个的名称；结果与扫描都按名称指称变更",
        ),
        P::ScenarioSweep { change, key: None, known, nearest } => t(
            format!("没有可供扫描的变更“{change}”"),
            format!("某项变更的名称：{known}"),
            near(nearest.as_ref(), "请给该变更命名，或在此改正"),
        ),
        P::ScenarioSweep { change, key: Some(key), known, nearest } => t(
            format!("变更“{change}”没有可供扫描的数值“{key}”"),
            format!("其数值之一：{known}"),
            near(nearest.as_ref(), "请在该变更中写明此键；扫描沿用其单位"),
        ),
        P::ScenarioYear { year, years } => t(
            format!("{year} 不是园区的年份"),
            format!("以下之一：{years}"),
            "请改正年份，或补充该年的流量并把时段列入 park.toml",
        ),
        P::ScenarioFileName { file } => t(
            format!("“{file}”不能作情景文件名"),
            "名称.toml，名称由字母、数字、汉字和 . - _ 组成（README.md 除外）",
            "请改名，或移出情景文件夹",
        ),
        P::ScenarioMatchesNothing { pattern, what } => t(
            format!("“{pattern}”没有匹配到任何{}", what.zh),
            format!("至少匹配一个{}的模式", what.zh),
            "请核对两端编号与各项变更的先后；“*”代表任意文字，企业代表其全部工序",
        ),
        P::PackFormula { formula, at, what } => t(
            format!("公式“{formula}”第 {at} 个字符：{}", what.zh),
            "items.csv 中的项目、数字、+ - * / ^、括号、max、min、mean、elasticity(y, x)；年份写作 [t0]、[t-3]",
            "请更正公式；“parkflux indicators --items”列出各项目及其单位",
        ),
        P::PackDimension { found, expected } => t(
            format!("此处单位为 {found}"),
            format!("能度量 {expected} 的单位"),
            "请更正单位或公式：项目以 t、GJ、m3、m2、元和人为单位，公式中不应含单位换算系数",
        ),
        P::PackItem { symbol, nearest } => t(
            format!("没有项目“{symbol}”"),
            "items.csv 中的符号",
            near(nearest.as_ref(), "请更正符号，或在指标包的 items.csv 中添加该项目"),
        ),
        P::PackValue { found, expected } => t(format!("此处不能为“{found}”"), expected.zh.clone(), "请更正该单元格"),
        P::PackFile { file } => t(
            format!("指标包缺少“{file}”"),
            "每个体系的文件夹中须有 system.toml 与 indicators.csv",
            "请补充该文件，或删除该文件夹",
        ),
        P::PackIdTwice { id } => {
            t(format!("“{id}”已存在"), "与其他项目、指标和体系不同的编号", "请另取编号；程序自带的编号保留")
        }
        P::PackUnreadable { detail } => {
            t(format!("文件无法读取：{detail}"), "docs/programmes.md 所述的内容", "请更正该行")
        }
        P::PackSymbol { found } => {
            t(format!("“{found}”不能作为符号"), "字母、数字与 _，以字母开头，且不为表示年数的 n", "请另取符号")
        }
        P::PackUnknownRow { id, nearest } => {
            t(format!("本表没有指标“{id}”"), "同一文件夹 indicators.csv 中的编号", near(nearest.as_ref(), "请更正编号"))
        }
        P::BadAnswer { question, found, expected } => t(
            format!("“{found}”不是对“{question}”的回答"),
            expected.zh.clone(),
            "请更正回答；“parkflux indicators --items”列出所问各项",
        ),
        P::AnswerUnused { question, why } => t(
            format!("对“{question}”的回答未被采用：{}", why.zh),
            "数据包其他各处未给出、且属于数据年份的回答",
            "请删除该回答，或删除取代它的内容",
        ),
        P::TargetsDisagree { rate, intensity, product } => t(
            format!("{rate} 与 {intensity} 的目标不一致：两者之积为 {product}"),
            "互为倒数：乘积为 1（舍入除外）",
            "请更正其中一项目标，或只填一项",
        ),
        P::UnknownIndicator { id, nearest } => t(
            format!("没有指标“{id}”"),
            "某体系的指标编号，如 HJ274-2015-11",
            near(nearest.as_ref(), "请更正编号；“parkflux indicators --system”列出体系各行"),
        ),
        P::ScenarioRefused { change, why, unit: Some(unit) } => t(
            format!("“{change}”无法实施：{}", why.zh),
            format!("“{unit}”的参数，以及具备其所需条件的工序"),
            "请在该变更中补充或改正此键，或把装置设在其他工序；docs/scenarios.md 说明各类装置的要求",
        ),
        P::ScenarioRefused { change, why, unit: None } => t(
            format!("“{change}”无法实施：{}", why.zh),
            "基准年模型允许的改动",
            "请改动其他流量、工序或其他量；“parkflux scenario list”可显示每项改动的对象",
        ),
        P::ScenarioWithoutMonths { change, flows, year } => t(
            format!("“{change}”需要 {flows} 的分月数据"),
            format!("flows.csv 中逐月的行，{year}-01 至 {year}-12"),
            "请在 flows.csv 中填写各月数据，期间写作 2024-03 等，以代替全年；储能把某月的余量移到另一月",
        ),
        P::ScenarioClash { year, constraints } => {
            let list: Vec<String> = constraints.iter().map(|(name, limit)| format!("{name}（{}）", limit.zh)).collect();
            t(
                format!("情景在 {year} 年无法满足，以下约束不能同时成立：{}", list.join("；")),
                "园区有某种运行方式能够满足的约束",
                "请放宽或删去所列约束中的任何一个，其余即可同时满足",
            )
        }
    }
}
