//! The rule behind each code, for `parkflux explain CODE`.

use super::{Code, Lang};

/// Why the rule exists and what it asks, in `lang`.
#[must_use]
#[allow(clippy::too_many_lines, reason = "one arm a code")]
pub fn rule(code: Code, lang: Lang) -> &'static str {
    match code {
        Code::EmptyPackage => lang.pick(
            "A package is a folder with park.toml and its tables as CSV files. An empty folder is more often a wrong path than an empty park, so nothing is computed from it.",
            "数据包是一个文件夹，内含 park.toml 与各 CSV 表。空文件夹多半是路径写错，因此不作任何计算。",
        ),
        Code::MissingParkToml => lang.pick(
            "park.toml states the accounting boundary, the periods, the factor sets in order of preference, the GWP set and the rule set. None of these has a default that is right for every park.",
            "park.toml 说明核算边界、时段、因子集的优先顺序、GWP 集和规则集。这些都没有适用于所有园区的缺省值。",
        ),
        Code::UnreadableEncoding => lang.pick(
            "Text is read as UTF-8, and where that fails as GB18030 (what Excel in China saves as CSV). Anything else would turn names into garbage without notice.",
            "文本先按 UTF-8 读取，失败则按 GB18030（中文 Excel 另存 CSV 的编码）读取。其他编码会在不知不觉中产生乱码。",
        ),
        Code::UnknownKey => lang.pick(
            "A mistyped key that is accepted in silence keeps the default in force. So every key must be known.",
            "打错的键若被默默接受，缺省值就仍然有效。因此每个键都必须是已知的。",
        ),
        Code::TomlSyntax => lang.pick(
            "park.toml follows the TOML 1.0 format. All syntax errors of the file are shown at once.",
            "park.toml 采用 TOML 1.0 格式。文件中所有语法错误一次列出。",
        ),
        Code::BadSetting => lang.pick(
            "The value of a setting has the wrong type or is not one of the possible values.",
            "设置的取值类型不对，或不在可选范围内。",
        ),
        Code::MissingSetting => lang.pick(
            "Settings that change every number (periods, factor sets, GWP set, rule set) must be stated.",
            "影响所有数字的设置（时段、因子集、GWP 集、规则集）必须写明。",
        ),
        Code::MissingTable => lang.pick(
            "Without a list of enterprises and at least one table of flows or emissions there is nothing to account for.",
            "没有企业名单，且没有流量表或排放表，就无从核算。",
        ),
        Code::UnknownFile => lang.pick(
            "A file that the reader does not know would be left out without notice: flow.csv instead of flows.csv. So unknown files are errors.",
            "不认识的文件会被悄悄忽略，例如把 flows.csv 写成 flow.csv。因此未知文件视为错误。",
        ),
        Code::FileTooLarge => lang.pick(
            "The reader bounds the memory that a file can ask for.",
            "读取程序限制单个文件可占用的内存。",
        ),
        Code::NotWorkbook => lang.pick(
            "One format of workbook is read: .xlsx. The old .xls and the binary .xlsb have a long record of files that break their readers, and a file of another kind under the wrong name is a mistake to be told.",
            "只读取 .xlsx 一种工作簿格式。旧版 .xls 与二进制 .xlsb 屡有可使读取程序出错的文件；名不副实的文件也应指出。",
        ),
        Code::EncryptedWorkbook => lang.pick(
            "A password would have to be typed for every run and for everyone who verifies the result.",
            "若有密码，每次运行、每位核查人员都要输入。",
        ),
        Code::MacroWorkbook => lang.pick(
            "A package is data. Macros are programs, which nobody asked to run and which the reader cannot judge.",
            "数据包只是数据。宏是程序，无人要求运行，读取程序也无从判断。",
        ),
        Code::DamagedWorkbook => lang.pick(
            "A workbook that breaks off in the middle may lack rows that nobody would miss, so nothing of it is used.",
            "中途断掉的工作簿可能缺少数据行而不易察觉，因此完全不用。",
        ),
        Code::UnpackedTooLarge => lang.pick(
            "A workbook is packed; the reader bounds what it unpacks to, by what the file states and again while it is read.",
            "工作簿是压缩文件；读取程序按文件所述并在读取过程中限制其解压后的大小。",
        ),
        Code::WorkbookBomb => lang.pick(
            "Honest sheets unpack some ten to sixty times. A part that unpacks hundreds of times is made to exhaust the memory of its reader.",
            "正常的工作表解压后约为十至六十倍。数百倍者是为耗尽读取程序的内存而造。",
        ),
        Code::TooManySheets => lang.pick(
            "A package has one sheet for each table. The reader bounds the rest.",
            "数据包每张表一个工作表，其余数量有限制。",
        ),
        Code::TooManyCells => lang.pick(
            "Cells take more memory than their text in the file, so they are counted and bounded. Empty rows, even formatted ones, do not count.",
            "单元格占用的内存大于文件中的文字，因此计数并设上限。空行（即使带格式）不计。",
        ),
        Code::ExternalLinks => lang.pick(
            "A value taken from another file is a copy of what stood there once; whoever verifies the package cannot see where it came from.",
            "取自其他文件的数值只是当时的副本，核查人员看不到其来源。",
        ),
        Code::UnknownSheet => lang.pick(
            "A sheet that the reader does not know would be left out without notice. Passed over are README, lists and issues.",
            "不认识的工作表会被悄悄忽略，因此视为错误。可忽略的只有说明、列表、问题。",
        ),
        Code::DuplicateSheet => lang.pick(
            "A table stands on one sheet, under its English name or its Chinese title. Of two, one may be an old copy.",
            "一张表只用一个工作表，用英文名或中文名。若有两个，其一可能是旧副本。",
        ),
        Code::UncomputedFormula => lang.pick(
            "A formula is read by the value that the spreadsheet saved with it. Without one there is nothing to read, and it is not taken as zero or empty.",
            "公式按电子表格所存的计算值读取。没有计算值就无从读取，也不当作零或空。",
        ),
        Code::ErrorCell => lang.pick(
            "#REF!, #N/A and their like are failures of the spreadsheet, not values.",
            "#REF!、#N/A 等是电子表格的错误，不是数值。",
        ),
        Code::BooleanCell => lang.pick(
            "No column holds truth values; spreadsheets show them in the language of the user.",
            "没有任何列使用逻辑值；电子表格会按用户语言显示它们。",
        ),
        Code::DateCell => lang.pick(
            "Excel turns what looks like a date into a number of days. A month typed as 2024-03 becomes 1 March 2024 and is read as that month; any other date in a period is a guess, and in other columns (3-1, 1/2) a slip.",
            "Excel 会把形似日期的内容变成天数。键入 2024-03 会成为 2024 年 3 月 1 日，读作该月；时段中的其他日期只能猜测，其他列中的日期（如 3-1、1/2）则是误变。",
        ),
        Code::MergedCells => lang.pick(
            "Of merged cells only the first holds a value: the rows below would be empty without looking so.",
            "合并单元格只有第一格有值，其余各行看似有值而实为空。",
        ),
        Code::PercentCell => lang.pick(
            "Excel keeps 5 % as 0.05. The column is in per cent and would take it as 0.05 %, a hundred times too small.",
            "Excel 把 5% 存为 0.05。该列以百分数为单位，会误作 0.05 %，小一百倍。",
        ),
        Code::BookOfNobody => lang.pick(
            "Each workbook that `merge` joins is of one firm, the one in its sheet of enterprises. By it is judged which rows are its own.",
            "`merge` 汇总的每个工作簿属于一家企业，即其企业表中的那一家；据此判断哪些行由它填报。",
        ),
        Code::SecondBook => lang.pick(
            "Of two workbooks of one firm one is a draft or an old copy. Which one is not guessed.",
            "同一企业的两个工作簿中，必有一个是草稿或旧稿；程序不作猜测。",
        ),
        Code::UnknownColumn => lang.pick(
            "A column that the reader does not know would be dropped in silence. Free text belongs into 'note'.",
            "不认识的列会被悄悄丢弃。说明文字请写入 note（备注）列。",
        ),
        Code::MissingColumn => lang.pick(
            "The table cannot be understood without this column.",
            "缺少该列就无法理解这张表。",
        ),
        Code::DuplicateColumn => lang.pick(
            "Two columns with one meaning would leave it open which of them counts. A key and its Chinese name are the same column.",
            "同义的两列无法判断以哪一列为准。英文键名与其中文名是同一列。",
        ),
        Code::ExtraCells => lang.pick(
            "A row longer than the header is nearly always an unquoted comma; the cells behind it have shifted by one column.",
            "行比表头长，几乎总是文本中的逗号未加引号，其后的单元格错开了一列。",
        ),
        Code::EmptyCell => lang.pick(
            "The row cannot be understood without this cell.",
            "缺少该单元格就无法理解这一行。",
        ),
        Code::BadChoice => lang.pick(
            "The column holds one of a fixed list of words.",
            "该列只能填固定列表中的词。",
        ),
        Code::BadPeriod => lang.pick(
            "Periods are calendar years and months.",
            "时段为公历年或月。",
        ),
        Code::BadId => lang.pick(
            "Ids appear in trails, file names and formulas. They keep to letters (Chinese ones too), digits, '.', '-' and '_'.",
            "编号会出现在溯源、文件名和公式中，只能用字母（含汉字）、数字、“.”、“-”和“_”。",
        ),
        Code::BadNumber => lang.pick(
            "The cell holds something else than a number.",
            "单元格内容不是数字。",
        ),
        Code::NotFinite => lang.pick(
            "NaN and infinity spread through every sum they touch. An unknown quantity is an empty cell, listed as not estimated.",
            "NaN 与无穷会污染它参与的每个合计。未知的量应留空，列为未估算。",
        ),
        Code::AbsurdSize => lang.pick(
            "Magnitudes above 10^15 come from shifted columns, phone numbers and doubled unit conversions.",
            "绝对值超过 10^15 的数多来自错列、电话号码或重复的单位换算。",
        ),
        Code::NegativeQuantity => lang.pick(
            "A flow has a direction; its quantity is not negative. A negative number hides either a swapped direction or a correction without a trail.",
            "流有方向，数量不为负。负数不是方向写反，就是没有留痕的更正。",
        ),
        Code::DecimalComma => lang.pick(
            "9,99 has been imported as 999 by other tools. A comma is accepted only between groups of three digits.",
            "其他工具曾把 9,99 读成 999。逗号只允许用于三位一组的千位分隔。",
        ),
        Code::OutOfRange => lang.pick(
            "The value lies outside what the property can physically be.",
            "该值超出了该属性物理上可能的范围。",
        ),
        Code::WrongDimension => lang.pick(
            "Each carrier and item is measured in certain dimensions: electricity and heat in energy, fuels in mass, volume or energy. A unit of another dimension is a slip, not a conversion.",
            "每种载体和项目只能用特定量纲计量：电和热用能量，燃料用质量、体积或能量。量纲不符是笔误，而不是换算。",
        ),
        Code::UnknownUnit => lang.pick(
            "Units are read from a fixed table of ASCII and Chinese spellings with multiples (万, 10^4) and quotients.",
            "单位取自固定的中英文写法表，可带倍数（万、10^4）和相除。",
        ),
        Code::AmbiguousUnit => lang.pick(
            "'ton' is 1000, 1016 or 907 kg; 标方 is at 0 or 20 °C. The program does not guess.",
            "ton 可指 1000、1016 或 907 千克；“标方”可指 0 或 20 °C。程序不作猜测。",
        ),
        Code::SubstanceInUnit => lang.pick(
            "A substance is not a unit: t measures CO2, carbon and coal alike. What is measured stands in its own column; thus carbon and CO2 cannot be confused by a label.",
            "物质不是单位：t 可以计量 CO2、碳或煤。计量对象写在自己的列中，这样碳与 CO2 不会因标注而混淆。",
        ),
        Code::MissingBasis => lang.pick(
            "Energy of a fuel is net (NCV, 低位) or gross (GCV, 高位): 5 % apart for coal, 10 % for gas. A gas volume is at 0, 15 or 20 °C: 7 % apart. Where the source does not state the gas state, write state_unstated; it then fits only factors that do not state it either.",
            "燃料能量分低位（NCV）与高位（GCV）：煤差 5 %，天然气差 10 %。气体体积分 0、15、20 °C：差 7 %。来源未说明气体状态时写 state_unstated，此时只与同样未说明的因子相配。",
        ),
        Code::BadBasis => lang.pick(
            "A quantity has at most one calorific, one moisture and one gas basis, and Nm3 is at 0 °C by definition.",
            "一个数量至多有一个热值基准、一个水分基准和一个气体状态；Nm3 按定义为 0 °C。",
        ),
        Code::UnknownEnterprise => lang.pick(
            "Every enterprise that a row names must be listed in enterprises.csv: a boundary is a list.",
            "行中出现的企业都必须列入 enterprises.csv：边界就是一份名单。",
        ),
        Code::UnknownProcess => lang.pick(
            "Every process that a row names must be listed in processes.csv.",
            "行中出现的工序都必须列入 processes.csv。",
        ),
        Code::UnknownCarrier => lang.pick(
            "A carrier is known from the library (emission_factors/carriers.csv) or declared in the package's carriers.csv with the property 'kind'.",
            "载体来自库（emission_factors/carriers.csv），或在数据包的 carriers.csv 中以属性 kind 声明。",
        ),
        Code::UnknownPeriod => lang.pick(
            "Rows outside the park's periods would be left out of every total. So they are errors.",
            "时段外的行会被所有合计遗漏，因此视为错误。",
        ),
        Code::DuplicateId => lang.pick(
            "Ids are what a trail points to. Rows with the same from, to, carrier, use and period but another observer are several readings of one flow and have an id each.",
            "溯源依靠编号。from、to、carrier、use、时段相同而 observer 不同的行，是同一流的多次读数，各有编号。",
        ),
        Code::UnknownNode => lang.pick(
            "A flow runs between processes (E03/CHP1), enterprises (E03), the outside (outside:grid) and stocks (stock:opening).",
            "流连接工序（E03/CHP1）、企业（E03）、外部（outside:grid）和库存（stock:opening）。",
        ),
        Code::UnknownFlow => lang.pick(
            "The row refers to a flow that flows.csv does not hold.",
            "该行引用的流不在 flows.csv 中。",
        ),
        Code::UnknownGas => lang.pick(
            "Gases stay apart until display, so each must be one that the GWP tables or the pollutant columns know.",
            "气体在显示之前一直分开核算，因此必须是 GWP 表或污染物列所认识的。",
        ),
        Code::UnknownFactorSet => lang.pick(
            "park.toml lists the factor sets in order of preference. A name that is not in the library would silently shorten the list.",
            "park.toml 按优先顺序列出因子集。库中没有的名字会悄悄缩短这份清单。",
        ),
        Code::UnknownRegion => lang.pick(
            "Factors are chosen by region. A code that no row bears and that lies in none would silently leave only the worldwide rows.",
            "因子按地区选取。没有任何行使用、也不在任何地区之内的代码，会悄悄地只剩下全球通用的行。",
        ),
        Code::TechniqueSlip => lang.pick(
            "The technique of a process selects methods and factors: a chp is an energy industry, a kiln is not. Free text is allowed, so a slip of the keyboard would select nothing, unnoticed.",
            "工序的技术决定所用的方法与因子：chp 属能源工业，kiln 则不是。此列允许自由文字，因此笔误会不知不觉地什么也选不中。",
        ),
        Code::UnknownItem => lang.pick(
            "The program reads its items by symbol or Chinese name. Any other item is kept and enters no figure, which a slip of the keyboard must not do unnoticed.",
            "程序按符号或中文名称读取统计项目。其他项目予以保留而不进入任何指标；笔误不应因此无人察觉。",
        ),
        Code::DeflatorMisfit => lang.pick(
            "Added value at constant prices is that at current prices times the base of the deflator over the deflator. The base is 1 or 100 by the size of the values, so a table that mixes both, or holds a zero, would move growth a hundredfold.",
            "不变价增加值等于现价增加值乘以平减指数的基数再除以平减指数。基数（1 或 100）按数值大小判定，因此混用两种基数或含零的表会使增长率差上百倍。",
        ),
        Code::FewYears => lang.pick(
            "Two years are a difference, not a trend: what one good or bad year did cannot be told from where things go.",
            "两年只是一个差值，不是趋势：无法区分个别年份的好坏与总的走向。",
        ),
        Code::UnknownEvidence => lang.pick(
            "A verifier follows a row to its document by the evidence id.",
            "核查员凭凭证编号由数据行追到文件。",
        ),
        Code::EvidenceOutside => lang.pick(
            "A package is handed over whole. A path that leads out of it works on one desk only, and could make the program read what is none of its business.",
            "数据包是整体移交的。指向包外的路径只在某一台电脑上有效，还可能让程序读取无关的文件。",
        ),
        Code::EvidenceMissing => lang.pick(
            "A verifier follows a row to its document. A document that is registered and not there proves nothing.",
            "核查员由数据行追到文件。已登记而不存在的文件不能证明任何数据。",
        ),
        Code::EvidenceChanged => lang.pick(
            "The hash says that the document is the one that was registered. A document that was exchanged afterwards may say something else than the row.",
            "哈希证明文件就是登记时的那一份。事后换过的文件可能与数据行不符。",
        ),
        Code::EvidenceUnhashed => lang.pick(
            "Without a hash nobody can tell whether the document is still the one that was registered.",
            "没有哈希，就无法判断文件是否仍是登记时的那一份。",
        ),
        Code::EvidenceUnused => lang.pick(
            "A document that proves no row is a register entry that was forgotten, or a row whose evidence cell was.",
            "不证明任何数据行的文件，要么登记后被遗忘，要么数据行漏填了凭证。",
        ),
        Code::SelfExchange => lang.pick(
            "Symbiosis is between enterprises. A process's own use is a flow and needs no exchange.",
            "共生发生在企业之间。工序自用是流，不是交换。",
        ),
        Code::OutsideOnly => lang.pick(
            "The flow touches nothing inside the accounting boundary.",
            "该流不触及核算边界内的任何对象。",
        ),
        Code::MetersDisagree => lang.pick(
            "Two observers of one flow are combined by inverse variance; the chi-square of their difference has one degree of freedom. Without stated uncertainty the limit is 2 %.",
            "同一流的两次观测按方差倒数加权；其差的卡方自由度为 1。未给不确定度时限值为 2 %。",
        ),
        Code::YearMonthsDisagree => lang.pick(
            "Twelve months add up to the year; a year given beside its months must agree within 0.1 % (rounding). The months are used, the year is a check.",
            "十二个月之和等于全年；与月份并列的全年值须在 0.1 %（舍入）内一致。采用月份，全年用作校核。",
        ),
        Code::IavNotPositive => lang.pick(
            "Intensity is emission per industrial added value. At zero or below it is not defined and printed as n/a, never as infinity.",
            "强度为单位工业增加值排放。增加值为零或负时无定义，记为 n/a，绝不写成无穷。",
        ),
        Code::StatisticDisagrees => lang.pick(
            "A park statistic and the sum of its enterprises are two reports of one thing.",
            "园区统计值与企业合计是对同一事物的两份报告。",
        ),
        Code::ImpliedFactor => lang.pick(
            "Reported emission divided by reported energy is the implied factor. Outside the 95 % limits of the cited factor, or more than 2 % from it where it states none, one of the two reports is off, or covers something else.",
            "所报排放除以所报能量即隐含因子。超出所引因子的 95 % 限值（未给限值时相差超过 2 %），两者必有一误，或覆盖范围不同。",
        ),
        Code::ReportedZero => lang.pick(
            "Burnt fossil fuel never emits exactly nothing. A reported zero stands for a value that was measured elsewhere and left out; the total is then incomplete by about the estimate.",
            "化石燃料燃烧不会恰好零排放。所报的零意味着实测值在别处上报而此处缺失；合计因此约少估计值那么多。",
        ),
        Code::DoubleClaim => lang.pick(
            "Each carbon-bearing flow is claimed by exactly one method; two claims would count it twice.",
            "每个含碳流只能由一种方法认领；两次认领即重复计算。",
        ),
        Code::InstrumentsExceed => lang.pick(
            "A certificate covers power that its holder bought in the period, once.",
            "绿证只能抵扣持有者当期购入的电力，且只能一次。",
        ),
        Code::Unmeasured => lang.pick(
            "An empty quantity is unmeasured, never zero. A notation key says why it is empty: NO not occurring, NE not estimated, IE included elsewhere, C confidential.",
            "空的数量是未计量，而不是零。注释符号说明原因：NO 不存在，NE 未估算，IE 已含于他处，C 保密。",
        ),
        Code::SharesNotOne => lang.pick(
            "What a process emits is shared among its outputs completely and once.",
            "工序的排放在各产出之间完全且只分摊一次。",
        ),
        Code::NotTheFirms => lang.pick(
            "A firm answers for its own rows: flows that it sends or receives, its processes, emissions, properties and statistics. A row about others would overrule those who know.",
            "企业只对自己的行负责：其送出或接收的流量，及其工序、排放、实测属性和统计。关于他人的行会越过知情者。",
        ),
        Code::RowsDiffer => lang.pick(
            "The key of a row (its id; in tables without ids what it is about) stands for one content. Of two contents none is chosen by the program.",
            "一行的键（编号；无编号的表则为其所指对象）只对应一种内容。内容不同时程序不作取舍。",
        ),
        Code::EndsDiffer => lang.pick(
            "Rows with the same from, to, carrier, use and period are readings of one flow. If the firms at its ends name process or use differently, their rows would be added up as two flows.",
            "from、to、载体、用途与时段都相同的行是同一流量的读数。若两端企业所写的工序或用途不同，两行就会当作两个流量相加。",
        ),
        Code::ReportedTwice => lang.pick(
            "Rows of one flow with the same observer are deliveries that add up. From one hand that is meant; from two hands it is one quantity counted twice.",
            "同一流量、同一观测者的各行视为分次交付，相加计算。出自一家时如此；出自两家时则是重复计算。",
        ),
        Code::NoFactor => lang.pick(
            "Factors are searched in the order: measured properties (process, enterprise, park), then the park's sets in order of preference. A row fits by carrier, parameter, gas, technique, basis, region and year. `parkflux explain` shows which rows lost and why.",
            "因子查找顺序：实测属性（工序、企业、园区），然后按优先顺序查各因子集。行须在载体、参数、气体、技术、基准、地区和年份上相符。`parkflux explain` 显示落选的行及原因。",
        ),
        Code::MissingInput => lang.pick(
            "A method computes only with all its inputs: nothing is guessed. Values come from parameters.csv (process), carriers.csv (carrier), then the park's factor sets.",
            "方法只在输入齐全时计算，不作猜测。数值依次取自 parameters.csv（工序）、carriers.csv（载体）和园区的因子集。",
        ),
        Code::OutsideRange => lang.pick(
            "Each equation holds in a range: shares between 0 and 1, Ca/S at or above 1, steam states inside IAPWS-IF97. Beyond it the number would look like a result and mean nothing.",
            "每个公式都有适用范围：份额在 0 与 1 之间，钙硫比不小于 1，蒸汽状态在 IAPWS-IF97 范围内。超出范围的结果没有意义。",
        ),
        Code::LoadNotStated => lang.pick(
            "COD, ammonia nitrogen and total nitrogen of a discharge are volume times concentration. Without the concentration the load is a gap, not zero.",
            "外排 COD、氨氮与总氮为水量乘以浓度。没有浓度时是缺口，而不是零。",
        ),
        Code::ImplausibleWaste => lang.pick(
            "CO2 per energy, fossil and biogenic together, lies within narrow bounds for everything that burns: 55 kg/GJ for methane, up to 183 kg/GJ for industrial waste (IPCC 2006 volume 2, table 1.4). A carbon share beyond them belongs to another waste than the calorific value.",
            "任何可燃物单位热量的 CO2（化石与生物之和）都在较窄范围内：甲烷为 55 kg/GJ，工业废物不超过 183 kg/GJ（IPCC 2006 第 2 卷表 1.4）。超出时，含碳量与热值不属于同一种废物。",
        ),
        Code::RecoveredExceeds => lang.pick(
            "Recovered methane cannot exceed what is generated (IPCC 2006 volume 5). A larger figure means that load or deposits are missing.",
            "回收的甲烷不可能多于产生的甲烷（IPCC 2006 第 5 卷）。更大的数值说明负荷或填埋量不全。",
        ),
        Code::TwoMethods => lang.pick(
            "The loss of a gas from equipment goes by mass balance (flows and stock levels) or by charge and leakage rate, never by both.",
            "设备气体的损失或按质量平衡（流与库存），或按充装量与泄漏率，不可兼用。",
        ),
        Code::StationaryFactors => lang.pick(
            "CO2 of fuel does not depend on the engine, CH4 and N2O do. Until factors of engines are confirmed those of stationary combustion stand in, and the report says so.",
            "燃料的 CO2 与发动机无关，CH4 与 N2O 则有关。在发动机因子得到证实之前以固定燃烧因子代替，并在报告中说明。",
        ),
        Code::RemovalWithoutReagent => lang.pick(
            "Limestone and soda give off CO2 when they bind SO2, lime and ammonia do not. So a removal of SO2 needs a desulfurization process of the same enterprise, whose technique or reagent says which it is.",
            "石灰石和纯碱吸收 SO2 时释放 CO2，石灰和氨则不释放。因此脱除 SO2 须有同一企业的脱硫工序，由其 technique 或脱硫剂说明属于哪一种。",
        ),
        Code::AttributesExceed => lang.pick(
            "A certificate carries the attribute of one megawatt-hour from its generator to its holder, once. A generator inside the park cannot sell more than it gives out, and what it sold it does not keep.",
            "一张凭证把一兆瓦时电的环境属性由发电方转给持有者，只能一次。园内发电方售出的不能多于其送出的电量，售出后不再保留。",
        ),
        Code::NegativeCarbon => lang.pick(
            "A carbon balance is what goes in less what comes out. Below zero over a year, something is missing on the input side or an output is too large. The same holds for CO2 handed over against CO2 emitted.",
            "碳平衡为流入减流出。全年为负说明缺少投入或产出偏大。转出的 CO2 与排放的 CO2 同理。",
        ),
        Code::GasTwice => lang.pick(
            "Coke-oven and blast-furnace gas are counted where they are burnt or flared, with the CO2 that they already hold. Their maker must lie in a carbon balance that is credited with the gas; else the same carbon counts twice.",
            "焦炉煤气和高炉煤气在燃烧或放散处计入，包括其中已有的 CO2。产气工序须在碳平衡之内并扣除该煤气，否则同一份碳被计算两次。",
        ),
        Code::ProcessNotCounted => lang.pick(
            "Carbonates give off CO2 where they are heated or bind acids, and products such as clinker and nitric acid where they are made. Where the library knows a factor and the park lists no set that has it, the row is a gap in coverage, not a row without emission.",
            "碳酸盐受热或与酸反应时释放 CO2，熟料、硝酸等产品在生产时排放。库中有其因子而园区未列入相应因子集时，该行是缺口，而不是没有排放。",
        ),
        Code::BurntAndByProduct => lang.pick(
            "The factor of coke holds the carbon that its coal loses, that of pig iron the carbon of the coke. The same fuel as burnt, which is also what an empty use means, counts that carbon a second time.",
            "焦炭的因子包含煤损失的碳，生铁的因子包含焦炭的碳。同一燃料若又按燃烧计入（use 留空即为燃烧），这部分碳就被计算两次。",
        ),
        Code::ReportInBalance => lang.pick(
            "A carbon balance is a difference of all its rows. A measured emission cannot take the place of one of them: the others would stand without it.",
            "碳平衡是其全部各行之差。实测排放不能替代其中一行：其余各行将失去对应。",
        ),
        Code::NothingReported => lang.pick(
            "accounting = measured says that a report covers the process emission, and nothing is computed by product. Without the report it is missing from the total.",
            "accounting = measured 表示过程排放由报告值覆盖，不再按产品计算。没有报告值，总量中就缺少这部分。",
        ),
        Code::OutsideBalance => lang.pick(
            "A carbon balance is a balance of carbon as CO2. The CH4 and N2O of wastewater and of nitric acid made inside it are in no line: they are named, not passed over.",
            "碳平衡是以 CO2 计的碳的平衡。其中废水处理与硝酸生产的 CH4 和 N2O 不在任何一行中：须指明，不得略过。",
        ),
        Code::BalanceOpen => lang.pick(
            "What goes into a bus, a header or a process comes out of it. With balance_limit in park.toml a zone says from how many standard deviations on an open balance makes its inventory worthless: then none is made, and the program ends with exit code 5.",
            "进入母线、母管或工序的量必须等于送出的量。园区可在 park.toml 中用 balance_limit 规定差额超过多少倍标准差时清单不可信：此时不出具清单，退出码为 5。",
        ),
        Code::Unconfirmed => lang.pick(
            "Rows marked unconfirmed were entered from memory or rest on an input that no one could check. They are used only where park.toml names them in allow_unconfirmed.",
            "标为 unconfirmed 的行凭记忆录入，或依赖无人能核实的数据。只有 park.toml 的 allow_unconfirmed 点名时才使用。",
        ),
        Code::IntensityUnsolvable => lang.pick(
            "What a unit of power or heat carries follows from T e = a (d + m + Σ Q e) for all processes at once, loops or not. There is no answer where an output that bears a share has no throughput, where more comes back than is delivered, where shares do not add up to one, or where nothing leaves a loop for a use.",
            "单位电、热所含的排放由全部工序的方程 T·e = a·(d + m + Σ Q·e) 联立求得，有无环路均可。分摊了排放的产品没有有效送出量、返回量大于送出量、份额之和不为 1，或环路没有任何对外送出时，方程无解。",
        ),
        Code::AllocationUnavailable => lang.pick(
            "Exergy needs the state of steam or the temperature of heat, the supply-heat ratio the heat of the boilers, price a price, mass a mass, substitution a determining product. Nothing is invented in their place.",
            "㶲法需要蒸汽状态或热的温度，供热比法需要锅炉总产热量，价格法需要价格，质量法需要质量，替代法需要主产品。缺少时不作任何假设。",
        ),
        Code::NoGwp => lang.pick(
            "CO2e is computed on display from the chosen GWP set. A gas without a value cannot be shown as CO2e.",
            "CO2e 在显示时按所选 GWP 集计算。没有取值的气体无法折算。",
        ),
        Code::OtherYear => lang.pick(
            "Grid factors are published for a year, two years late. Without grid_year the latest year up to the reporting year is taken and named.",
            "电网因子按年公布且滞后两年。未设 grid_year 时，取不晚于报告年的最近年份并注明。",
        ),
        Code::GasNotEstimated => lang.pick(
            "Chinese sector rules give CO2 factors only. CH4 and N2O then come from another set of the list, or are listed as not estimated.",
            "国内行业规则只给 CO2 因子。CH4 与 N2O 取自清单中的其他集，否则列为未估算。",
        ),
        Code::AllocationAssumed => lang.pick(
            "Heat share by energy: H / (H + P). Exergy, efficiency and the heat ratio give other shares; state yours in outputs.csv.",
            "按能量分摊：热占 H /（H + P）。㶲法、效率法、供热比法结果不同；请在 outputs.csv 中写明。",
        ),
        Code::OwnFactorUnavailable => lang.pick(
            "The own factor of a producer is its direct and imported emission, shared to the product, per unit that leaves usefully.",
            "生产者的自有因子 =（直接排放 + 外购排放）按产品分摊 ÷ 有效送出量。",
        ),
        Code::CreditAboveEmission => lang.pick(
            "By substitution co-products bear the published factor of what they displace, and the determining product the rest. Where they displace more than the process emits the rest is below zero: allowed, and rarely what is meant.",
            "替代法中，联产品按所替代品的公布因子承担排放，主产品承担其余。替代量大于工序排放时其余为负：允许，但多非本意。",
        ),
        Code::ShareWithoutRows => lang.pick(
            "What outputs.csv lists bears its share of the emission of its process. Where no flow row says how much of it there is, the share stands with it as one lump: the factors of the other products are lower by it, and no buyer bears it.",
            "outputs.csv 所列的产品分摊其工序的排放。没有流量行说明其数量时，其份额整体留在该产品上：其他产品的因子相应降低，而无买方承担。",
        ),
        Code::LockedFactorChanged => lang.pick(
            "factors.lock holds the factor rows that a result was made with. A row with the same id and another content moves the result without a change of the data; `inventory --locked` refuses it.",
            "factors.lock 记录得出结果所用的因子行。编号相同而内容不同的行会在数据未变时改变结果；`inventory --locked` 拒绝计算。",
        ),
        Code::LockedFactorReplaced => lang.pick(
            "factors.lock holds the factor rows that a result was made with. Another set, a newer year or a narrower row that wins now moves the result; `inventory --locked` refuses it.",
            "factors.lock 记录得出结果所用的因子行。现在入选的是其他因子集、较新年份或更贴切的行，结果随之改变；`inventory --locked` 拒绝计算。",
        ),
        Code::LockIncomplete => lang.pick(
            "Rows that came with new data are not locked, and rows of data that went are locked in vain.",
            "新增数据所用的因子尚未锁定，已删数据的因子仍在锁定之列。",
        ),
        Code::BadLock => lang.pick(
            "factors.lock is written by the program. A lock that cannot be read would lock nothing in silence.",
            "factors.lock 由程序写成。无法读取的锁定文件等于没有锁定。",
        ),
        Code::UnknownFactor => lang.pick(
            "allow_unconfirmed lists factor ids.",
            "allow_unconfirmed 列出因子编号。",
        ),
        Code::EmptyTable => lang.pick(
            "A table without a header says nothing, and a park without enterprises or without a single flow or emission is more often a failed export than an empty park.",
            "没有表头的表等于没有内容；没有企业、没有任何流或排放的园区，多半是导出失败。",
        ),
        Code::UnclosedQuote => lang.pick(
            "CSV texts with commas stand in double quotes. A quote that is not closed makes one cell of everything up to the next quote, and whole rows vanish.",
            "CSV 中含逗号的文本放在双引号内。未闭合的引号会把直到下一个引号的内容并成一个单元格，整行数据随之消失。",
        ),
        Code::WrongSeparator => lang.pick(
            "Tables are comma-separated. Semicolons or tabs come from another locale of the spreadsheet.",
            "表以逗号分隔。分号或制表符来自表格软件的其他区域设置。",
        ),
        Code::LimitsSwapped => lang.pick(
            "A 95 % interval runs from its lower to its upper limit.",
            "95 % 区间由下限到上限。",
        ),
        Code::ForeignProcess => lang.pick(
            "A process belongs to the enterprise before the slash. Two owners for one process would move its emission between enterprises.",
            "工序属于斜杠前的企业。一道工序若有两个归属，其排放就会在企业之间错位。",
        ),
        Code::ForeignFlow => lang.pick(
            "A reported emission replaces the computed one of a flow of the same enterprise; otherwise one enterprise's report would erase another's fuel.",
            "上报的排放只替代同一企业的流的计算值；否则一家的报告会抹去另一家的燃料。",
        ),
        Code::PartialReport => lang.pick(
            "A report that covers a part of the period would replace the computed emission of all of it. One report for the whole period, or twelve monthly ones, replace it completely.",
            "只覆盖部分时段的报告会替代整个时段的计算值。须有一份覆盖整个时段的报告，或十二个月各一份。",
        ),
        Code::NotComparable => lang.pick(
            "Tonnes of steam and gigajoules are compared through an enthalpy that two meters need not share. So readings of one flow are compared in one dimension only.",
            "蒸汽的吨与吉焦须通过比焓换算，而两块表未必相同。因此同一流的读数只在同一量纲内比较。",
        ),
        Code::NotMember => lang.pick(
            "The boundary is the list of enterprises in its time: joiners count from the period in which they join, leavers up to the one before they leave. A year counts if a month of it does.",
            "边界是各时段的企业名单：加入者自加入时段起计，退出者计至退出之前。一年中有一个月在内，该年即计入。",
        ),
        Code::LevelOfOneYear => lang.pick(
            "What a year closes with the next one opens with. A level that is deducted in one year and not added in the other, or the other way about, is right in neither sum: a level that no row of the year states is taken as nothing. Between two months of one year a level needs one row only.",
            "上年末的库存即下年初的库存。只在一年扣减而未在另一年计入（或相反），两年之和就对不上：当年没有行给出的库存按零计。同一年内两个月之间的库存只需一行。",
        ),
        Code::ReportBesideFuel => lang.pick(
            "Each carbon-bearing flow is claimed once. A stack monitor that measures the gases of a fuel must say which flow it replaces; else the fuel counts by its factor too.",
            "每个含碳流只认领一次。在线监测测的是某种燃料的烟气时，须写明替代哪个流；否则该燃料还会按因子再算一次。",
        ),
        Code::ReplacesCheck => lang.pick(
            "A reported emission takes the place of the computed one. Where the row it names does not count (another meter's reading, a year beside its months), the computed emission of the counting row would stay beside it: twice the fuel.",
            "上报的排放取代计算值。若所指的行本身不计入（另一块表的读数、与月份并列的全年），计入行的计算值仍在，燃料就计算了两次。",
        ),
        Code::SteamAssumedDry => lang.pick(
            "Pressure alone, or a temperature within 0.5 K of boiling, says that steam is saturated and not how much water it carries. Dry steam (quality 1) is assumed and said, because nobody is served by a silent choice.",
            "仅有压力，或温度与沸点相差不到 0.5 K，只说明蒸汽饱和，不说明含水多少。此时按干饱和蒸汽（干度 1）计并予以说明。",
        ),
        Code::SteamState => lang.pick(
            "The enthalpy of steam by mass comes from IAPWS-IF97 (regions 1, 2 and 4) at the absolute pressure, temperature and quality of carriers.csv. Below its boiling temperature it would be liquid water with a quarter of the heat: the mark of a pressure in the wrong unit, or an absolute one given as gauge. Near and above the critical point and above 800 °C the equations used here do not hold.",
            "按质量计的蒸汽，其比焓由 IAPWS-IF97（1、2、4 区）按 carriers.csv 的绝对压力、温度和干度计算。低于沸点即为液态水，热量只有约四分之一：多半是压力单位有误，或把绝对压力填成了表压。临界点附近及以上、800 °C 以上不适用。",
        ),
        Code::CondensateNotDeducted => lang.pick(
            "With heat_datum = \"condensate\" the heat of returned condensate is deducted from the steam that came the other way between the same two parties. That needs such steam, a mass in t, and the temperature or enthalpy of the condensate.",
            "heat_datum = \"condensate\" 时，回收凝结水的热量从同两方之间反向供应的蒸汽中扣除。这需要有该蒸汽、以 t 计的质量，以及凝结水的温度或比焓。",
        ),
        Code::DatumUnconfirmed => lang.pick(
            "Enterprise guidelines of the NDRC deduct the enthalpy of feed water at 20 °C, 83.74 kJ/kg; nobody could confirm the figure against the document, so it is no default and the report says where it is used.",
            "国家发展改革委的企业指南扣除 20 °C 给水焓 83.74 kJ/kg；该数值未能对照原文证实，因此不作缺省，使用时报告予以说明。",
        ),
        Code::QuantityBesideNotation => lang.pick(
            "A notation key says why a quantity is empty. Beside a quantity it leaves open whether the number counts.",
            "注释符号说明数量为空的原因。与数量并列时，无法判断该数是否计入。",
        ),
        Code::ScenarioSyntax => lang.pick(
            "A scenario is a file NAME.toml in scenarios/ (NAME.scenarios/ beside a workbook) in the format TOML 1.0. All syntax errors of the file are shown at once.",
            "情景是 scenarios/（工作簿旁为 名称.scenarios/）中的 TOML 1.0 文件。文件中所有语法错误一次列出。",
        ),
        Code::ScenarioKey => lang.pick(
            "A mistyped key that is accepted in silence leaves a change at its default. So every key of a scenario, a change and a sweep must be known; a unit alone takes further keys, as its parameters.",
            "打错的键若被默默接受，变更就停留在缺省值。因此情景、变更与扫描的每个键都必须是已知的；只有 unit 可另带键，作为其参数。",
        ),
        Code::ScenarioKind => lang.pick(
            "Changes are of the kinds exchange (resize or remove), add_exchange, substitute (a carrier for another), coefficient (what a process takes or gives per unit of activity), efficiency, demand, unit (an abatement or conversion unit), factor, price, close, open and limit (the most that flows may carry).",
            "变更分为：exchange（改变或取消交换）、add_exchange（新增交换）、substitute（以一种载体替代另一种）、coefficient（工序单位活动的投入或产出）、efficiency（效率）、demand（需求）、unit（新增治理或转换装置）、factor（因子）、price（价格）、close（停产）、open（复产）和 limit（流量上限）。",
        ),
        Code::ScenarioMissingKey => lang.pick(
            "A change says what it is of and how large it becomes: 'of' and 'share', 'times', or 'quantity' with its 'unit'. Nothing of this has a default that is right for every scenario.",
            "变更须说明对象及其大小：of 与 share、times，或 quantity 及其 unit。这些都没有适用于所有情景的缺省值。",
        ),
        Code::ScenarioValue => lang.pick(
            "Shares, ratios and quantities are finite and not negative; what divides is above zero. A sweep has a list of values, or 'from', 'to' and at least two 'steps', both ends included.",
            "份额、比值和数量须为有限的非负数；作除数者须大于零。扫描给出一列取值，或 from、to 与至少 2 步（含两端）。",
        ),
        Code::ScenarioUnknownId => lang.pick(
            "An id without '*' names one thing of the park: an enterprise, process, outside node, stock, carrier or factor, or a unit that an earlier change of the scenario adds. A slip would turn the change into nothing.",
            "不含“*”的编号指园区中的一样东西：企业、工序、园外节点、库存、载体或因子，或本情景前面的变更所新增的装置。写错一个字，变更就落空。",
        ),
        Code::ScenarioUnknownBase => lang.pick(
            "A scenario that extends another writes only what differs; without the other its numbers would mean something else.",
            "继承其他情景的文件只写差异；缺了被继承者，其数字的含义就变了。",
        ),
        Code::ScenarioCycle => lang.pick(
            "The changes of an extended scenario come first. In a circle none comes first.",
            "所继承情景的变更在先。若循环继承，则无先后可言。",
        ),
        Code::ScenarioNameTwice => lang.pick(
            "Sweeps, results and messages call changes by name, over the whole chain of scenarios. A change without a name is called by its place in the file: change 3.",
            "扫描、结果与信息在整条继承链上按名称指称变更。未命名的变更按其在文件中的位置称为 change 3。",
        ),
        Code::ScenarioSweep => lang.pick(
            "A sweep runs over one number of one change, of the scenario itself or of one that it extends; its values are in the unit that the change states.",
            "扫描针对某项变更（本情景或所继承情景中的）的一个数值；取值沿用该变更所写的单位。",
        ),
        Code::ScenarioYear => lang.pick(
            "A scenario changes one year of the park, from whose flows its coefficients are calibrated: the last, unless it states another.",
            "情景改变园区的某一年，其系数由该年的流量标定：未写明时为最后一年。",
        ),
        Code::ScenarioFileName => lang.pick(
            "The name of the file is the id of the scenario, by which others extend it and results are named.",
            "文件名即情景编号，供其他情景继承，也用于命名结果。",
        ),
        Code::ScenarioMatchesNothing => lang.pick(
            "A change that meets nothing leaves the park as it is, and its result would pass for the effect of a measure. Patterns are judged against the park in the year of the scenario, with what earlier changes add.",
            "没有匹配到任何对象的变更不改变园区，其结果却会被当作措施的效果。模式按情景年份的园区数据判断，并计入前面变更所新增的内容。",
        ),
        Code::PackFormula => lang.pick(
            "A formula is read and checked when its pack is loaded, so that an indicator cannot be wrong only in the year in which it is needed.",
            "公式在载入指标包时即读取并检查，以免到用时才发现错误。",
        ),
        Code::PackDimension => lang.pick(
            "tce per 10^4 RMB, RMB per tce and kg per 10^4 RMB all occur in these tables. The dimension of a formula is worked out from its items and must be that of the unit; factors of 1000 or 10^4 come from the unit.",
            "指标表中同时有 tce/万元、元/tce 与 kg/万元。公式的量纲由其项目得出，须与单位一致；1000 或 10^4 等系数由单位给出。",
        ),
        Code::PackItem => lang.pick(
            "Formulas, levers and tiers name items of items.csv: what the accounts work out, what statistics.csv states and what answers.csv answers.",
            "公式、杠杆项与分档所用的项目均来自 items.csv：核算所得、statistics.csv 所填或 answers.csv 所答。",
        ),
        Code::PackValue => lang.pick(
            "Cells of a pack hold the words, numbers and intervals that docs/programmes.md lists.",
            "指标包的单元格只能填写 docs/programmes.md 所列的词、数字与区间。",
        ),
        Code::PackFile => lang.pick(
            "A system is a folder with its settings and its rows; thresholds.csv is needed only where a threshold depends on something.",
            "一个体系即一个文件夹，含设置与各行指标；仅当阈值有条件时才需 thresholds.csv。",
        ),
        Code::PackIdTwice => lang.pick(
            "Targets, answers and reports call indicators by id; two of one id could not be told apart.",
            "目标、回答与报告均以编号指称指标；编号重复则无法区分。",
        ),
        Code::PackUnreadable => lang.pick(
            "A pack is read whole or not at all: a table that loses a row judges a park by another rule.",
            "指标包要么完整读取，要么不读：少一行即成了另一套规则。",
        ),
        Code::PackSymbol => lang.pick(
            "Symbols are words of formulas, where signs and blanks have a meaning.",
            "符号用于公式，而公式中标点与空格另有含义。",
        ),
        Code::PackUnknownRow => lang.pick(
            "A case of a threshold belongs to a row of the table; one that belongs to none would never apply.",
            "阈值的各种情形须属于表中某一行，否则永不适用。",
        ),
        Code::BadAnswer => lang.pick(
            "Questions are answered by yes or no, by a number, or by one of the words that the item lists. An answer that is none of these is not taken for 'no'.",
            "问题以是/否、数字或所列词语回答。其他内容不会被当作“否”。",
        ),
        Code::AnswerUnused => lang.pick(
            "Accounts count before statistics, and statistics before answers; a benchmark is asked for only where a table leaves its threshold to somebody else. What is answered besides is told, so that nobody takes it for counted.",
            "核算值优先于统计值，统计值优先于回答；只有表中阈值由他方规定时才需填基准值。其余回答会列出，以免误以为已采用。",
        ),
        Code::TargetsDisagree => lang.pick(
            "CTIP 1.3 and 2.1, and 1.4 and 2.3, are reciprocals of each other when both use the same output. Two targets that are not cannot both be met by the same park.",
            "CTIP 1.3 与 2.1、1.4 与 2.3 采用同一产值时互为倒数；不一致的两项目标不可能由同一园区同时实现。",
        ),
        Code::UnknownIndicator => lang.pick(
            "A target belongs to an indicator of a system; one that belongs to none would never be judged.",
            "目标须属于某体系的指标，否则永不被评价。",
        ),
        Code::ScenarioRefused => lang.pick(
            "A change acts on what the model of the base year leaves open to it: exchanges have a size, flows that are taken as they are needed can be substituted, products that leave the park have a demand, and quantities are in the unit of the flow.",
            "改动只能作用于基准年模型允许改变的对象：交换有规模，按需取用的流量可被替代，离开园区的产品有需求，数量单位须与流量一致。",
        ),
        Code::ScenarioWithoutMonths => lang.pick(
            "A storage takes what is over in one month and delivers it when power is bought. Totals of a year do not say when that is: what is sold and what is bought need rows by month.",
            "储能在有余电的月份充电，在外购电力时放电。全年合计说明不了时间：外送与外购电力须有分月的行。",
        ),
        Code::ScenarioClash => lang.pick(
            "Limits, capacities, demands and balances of a scenario may leave no way to run the park. The message names a set that clashes and of which none can be left out: without any one of them the rest of it can be met.",
            "情景中的上限、能力、需求与平衡可能使园区无法运行。信息列出一组互相冲突且缺一不可的约束：去掉其中任何一个，其余即可满足。",
        ),
    }
}
