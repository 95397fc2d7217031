//! Chinese texts of the problems.

use super::{Problem, Text};

fn t(message: impl Into<String>, expected: impl Into<String>, help: impl Into<String>) -> Text {
    let expected = expected.into();
    Text { message: message.into(), expected: (!expected.is_empty()).then_some(expected), help: help.into() }
}

/// “是否想写 'x'？” or a fall-back.
fn near(nearest: Option<&String>, otherwise: &str) -> String {
    nearest.map_or_else(|| otherwise.to_owned(), |n| format!("是否想写“{n}”？"))
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
            format!("无法识别文本编码：{detail}"),
            "UTF-8（有无 BOM 均可）或 GB18030",
            "在 Excel 中另存为“CSV UTF-8（逗号分隔）”",
        ),
        P::UnknownKey { key, nearest } => t(
            format!("未知的键“{key}”"),
            "`parkflux schema park` 所列的键",
            near(nearest.as_ref(), "删去它，或把说明文字写入 note"),
        ),
        P::TomlSyntax { detail } => {
            t(format!("不是有效的 TOML：{detail}"), "形如  gwp_set = \"AR5\"  的行", "文本加英文双引号，列表加方括号")
        }
        P::BadSetting { key, expected } => {
            t(format!("“{key}”的取值无效"), expected.clone(), format!("请改正“{key}”的值"))
        }
        P::MissingSetting { key } => {
            t(format!("缺少设置“{key}”"), format!("一行  {key} = ..."), "`parkflux schema park` 说明每项设置")
        }
        P::MissingTable { file } => t(
            format!("缺少表 {file}"),
            "enterprises.csv，以及 flows.csv 或 emissions.csv",
            "`parkflux init 文件夹` 可写出所有表及其列",
        ),
        P::UnknownFile { file, nearest } => t(
            format!("“{file}”不是数据包中的表"),
            "park.toml、README.md、factors.lock、scenarios/、evidence/ 以及 `parkflux schema` 所列的表",
            near(nearest.as_ref(), "请改名或移出数据包，以免有人误以为它已计入"),
        ),
        P::FileTooLarge { bytes, limit } => {
            t(format!("文件有 {bytes} 字节"), format!("不超过 {limit} 字节"), "拆分数据包，或删去无数据的列")
        }

        P::UnknownColumn { column, nearest } => t(
            format!("未知的列“{column}”"),
            "`parkflux schema` 为该表列出的列（英文键名或中文名）",
            near(nearest.as_ref(), "请改名；说明文字可写入 note（备注）列"),
        ),
        P::MissingColumn { column } => {
            t(format!("缺少列“{column}”"), format!("表头中有“{column}”"), "请补上该列；`parkflux schema` 有说明")
        }
        P::DuplicateColumn { column } => t(format!("列“{column}”出现两次"), "每列只出现一次", "删除或改名其中之一"),
        P::ExtraCells { found, expected } => t(
            format!("该行有 {found} 个单元格，表头只有 {expected} 个"),
            format!("不超过 {expected} 个单元格"),
            "文本内若有逗号，整段文本须加英文双引号",
        ),
        P::EmptyCell { column } => t(format!("“{column}”为空"), "一个值", format!("请填写“{column}”")),
        P::BadChoice { found, choices, nearest } => {
            t(format!("此处不能填“{found}”"), format!("下列之一：{choices}"), near(nearest.as_ref(), "请从列表中选择"))
        }
        P::BadPeriod { found } => t(format!("“{found}”不是时段"), "年 2024 或月 2024-03", "年份写四位数字"),
        P::BadId { found } => t(
            format!("“{found}”不能作为编号"),
            "1 至 80 个字母、数字、“.”、“-”或“_”；工序写作 企业/工序",
            "请缩短编号，全称写入 name_zh 或 name_en",
        ),

        P::BadNumber { found } => {
            t(format!("“{found}”不是数字"), "数字，如 12840.5 或 12,840.5", "单位与说明请放入各自的列")
        }
        P::NotFinite { found } => {
            t(format!("“{found}”不是有限数"), "有限数，或留空并填写注释符号", "请修正产生它的公式；未知的量应留空")
        }
        P::AbsurdSize { found } => {
            t(format!("{found} 超出任何园区可能的大小"), "绝对值不超过 10^15", "请检查是否错列，或改用更大的单位")
        }
        P::NegativeQuantity { found } => {
            t(format!("数量 {found} 为负"), "零或正数", "若方向相反请对调 from 与 to；更正应写在被更正的那一行")
        }
        P::DecimalComma { found } => t(
            format!("“{found}”中的逗号不是千位分隔符"),
            "小数点写作 9.99；逗号只用于三位一组：12,840.5",
            "请把小数逗号改为小数点",
        ),
        P::OutOfRange { found, low, high } => t(
            format!("{found} 超出可能的范围"),
            format!("{low} 至 {high}"),
            "请检查单位：98 % 写作 0.98，或 98 并以 % 为单位",
        ),

        P::WrongDimension { unit, thing, units } => t(
            format!("单位“{unit}”不能计量{thing}"),
            format!("例如：{units}"),
            "请改正单位；质量与能量只能通过有出处的热值换算",
        ),
        P::UnknownUnit { unit, nearest } => t(
            format!("未知的单位“{unit}”"),
            "t、kg、万t、GJ、TJ、kWh、MWh、万kWh、tce、MMBtu、m3、Nm3、万Nm3、L、万元……及其相除",
            near(nearest.as_ref(), "`parkflux schema units` 列出全部写法"),
        ),
        P::AmbiguousUnit { unit, choices } => {
            t(format!("单位“{unit}”有多种理解"), format!("下列之一：{choices}"), "请写明所指的单位")
        }
        P::SubstanceInUnit { unit, substance } => t(
            format!("单位“{unit}”中含有物质 {substance}"),
            "只写计量单位，如 t 或 kg/GJ",
            "物质写在 gas（气体）或 carrier（载体）列",
        ),
        P::MissingBasis { carrier, unit, choices } => t(
            format!("{carrier} 以“{unit}”计量而未说明基准，没有意义"),
            format!("在 basis（基准）列填写：{choices}"),
            "发票、化验单或仪表说明书上可查；差别可达 10 %",
        ),
        P::BadBasis { found } => t(
            format!("基准“{found}”无法识别，或与其他基准或单位矛盾"),
            "以“;”分隔：NCV、GCV、as_received、air_dried、dry、0C、15C、20C、state_unstated",
            "热值、水分、气体状态各至多写一个",
        ),

        P::UnknownEnterprise { id, nearest } => t(
            format!("未知的企业“{id}”"),
            "enterprises.csv 中的编号",
            near(nearest.as_ref(), "请在 enterprises.csv 中补上该企业"),
        ),
        P::UnknownProcess { id, nearest } => t(
            format!("未知的工序“{id}”"),
            "processes.csv 中的编号",
            near(nearest.as_ref(), "请在 processes.csv 中补上该工序"),
        ),
        P::UnknownCarrier { id, nearest } => t(
            format!("未知的载体“{id}”"),
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
            "请重新编号；同一流量的另一次读数须有自己的编号和不同的 observer",
        ),
        P::UnknownNode { id, nearest } => t(
            format!("“{id}”既不是企业、工序，也不是 outside 或 stock"),
            "E03、E03/CHP1、outside:grid、outside:supplier、outside:customer、stock:opening……",
            near(nearest.as_ref(), "请把企业或工序补入相应的表"),
        ),
        P::UnknownFlow { id } => t(format!("没有编号为“{id}”的流"), "flows.csv 中的编号", "请改正编号"),
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
        P::UnknownEvidence { id } => {
            t(format!("凭证“{id}”未登记"), "evidence.csv 中的编号", "请在 evidence.csv 中登记该文件，或改正编号")
        }

        P::SelfExchange { id } => {
            t(format!("“{id}”与自身交换"), "两个不同的企业", "自用不是交换：请写成企业内工序之间的流")
        }
        P::OutsideOnly {} => t("流的两端都在园区之外", "至少一端在园区内", "请写明发送或接收的企业或工序"),
        P::MetersDisagree { seller, buyer, difference, best, chi2, p } => t(
            format!("卖方报 {seller}，买方报 {buyer}：相差 {difference:+.1} %"),
            format!("两表在不确定度内一致（最佳值 {best}，卡方 {chi2:.3}，p {p:.4}）"),
            "请改正一方或说明损耗；此前各企业按自己的表计算，差额列入核对表",
        ),
        P::YearMonthsDisagree { year, months, count, difference } => t(
            format!("全年为 {year}，{count} 个月合计 {months}：相差 {difference:+.2} %"),
            "全年等于十二个月之和（允许 0.1 %）",
            "请改正有误的月份，或删去全年这一行",
        ),
        P::IavNotPositive { subject, value } => {
            t(format!("{subject} 的工业增加值为 {value}"), "大于零的值", "其强度记为 n/a；请检查正负号与单位（万元）")
        }
        P::StatisticDisagrees { item, park, sum } => t(
            format!("园区“{item}”为 {park}，各企业合计 {sum}"),
            "相差不超过 0.5 %",
            "请改正其中之一，或补上遗漏的企业",
        ),
        P::ImpliedFactor { gas, implied, factor, difference } => t(
            format!("所报 {gas} 与所报能量推得 {implied}，因子为 {factor}：相差 {difference:+.1} %"),
            "相差不超过 2 %",
            "请检查能量的单位和基准，以及所报排放是否覆盖全部燃料",
        ),
        P::ReportedZero { flow, estimate } => t(
            format!("{flow} 燃用燃料而所报 CO2 为 0：视为缺失，而不是零"),
            format!("按缺省因子约为 {estimate}"),
            "请找到实测值（烟气在线监测常另行上报），或填写注释符号 NE",
        ),
        P::DoubleClaim { flow, gas, first_row } => t(
            format!("流“{flow}”的 {gas} 已由第 {first_row} 行替代"),
            "每个流、每种气体只有一份报告",
            "请删去一行，或把各自覆盖的燃料拆成单独的流",
        ),
        P::InstrumentsExceed { holder, claimed, bought } => t(
            format!("{holder} 声称绿色电力 {claimed}，而购电为 {bought}"),
            "声称量不超过购电量",
            "超出部分不计；请移到所属的企业或时段",
        ),
        P::Unmeasured { flow } => {
            t(format!("流“{flow}”没有数量"), "数量，或注释符号：NO、NE、IE:编号、C", "列为 NE（未估算）；不当作零")
        }
        P::SharesNotOne { process, sum } => {
            t(format!("{process} 各产出的分摊份额合计 {sum}"), "1", "请改正 outputs.csv 中的份额；副产物和废物可为 0")
        }

        P::NoFactor { what, carrier, tried } => t(
            format!("找不到因子：“{carrier}”的 {what}"),
            format!("园区因子集（{tried}）中的一行，或 carriers.csv 中的实测值"),
            "`parkflux factors list` 列出各集内容；可增加因子集、补充实测，或改正载体、单位、基准",
        ),
        P::Unconfirmed { id } => t(
            format!("因子“{id}”未经证实，按园区明确要求使用"),
            "有人能够证实的值",
            "请找到原始文件，并连同出处写入园区的 factors.csv",
        ),
        P::LoopDefault { nodes } => {
            t(format!("能量形成环路：{nodes}"), "由求解环路得到的因子", "在环路求解完成之前，这些使用公布的因子")
        }
        P::NoGwp { gas, set } => {
            t(format!("GWP 集 {set} 没有 {gas} 的值"), "覆盖园区全部气体的 GWP 集", "请在 park.toml 中另选 gwp_set")
        }
        P::OtherYear { id, year, wanted } => t(
            format!("没有 {wanted} 年的因子；使用 {year} 年的“{id}”"),
            format!("{wanted} 年的因子"),
            "可在 park.toml 中用 grid_year 明确选择",
        ),
        P::GasNotEstimated { gas, carrier } => t(
            format!("园区因子集中没有“{carrier}”的 {gas} 已证实因子"),
            "含 CH4 与 N2O 因子的集，如 ipcc_2006",
            "列为 NE（未估算）",
        ),
        P::AllocationAssumed { process } => t(
            format!("{process} 有多种能源产品而未说明分摊"),
            "outputs.csv 中的份额或规则",
            "按能量分摊；改用其他规则可能相差一倍",
        ),
        P::OwnFactorUnavailable { process, carrier, why } => {
            t(format!("无法得到 {process} 的 {carrier} 自有因子：{why}"), "生产者的自有因子", "改用公布的因子")
        }
        P::UnknownFactor { id } => {
            t(format!("没有因子“{id}”"), "`parkflux factors list` 所列的编号", "请改正，或从 allow_unconfirmed 中删去")
        }
    }
}
