//! English texts of the problems.

use super::{Problem, Text};

fn t(message: impl Into<String>, expected: impl Into<String>, help: impl Into<String>) -> Text {
    let expected = expected.into();
    Text { message: message.into(), expected: (!expected.is_empty()).then_some(expected), help: help.into() }
}

/// `did you mean 'x'?` or a fall-back.
fn near(nearest: Option<&String>, otherwise: &str) -> String {
    nearest.map_or_else(|| otherwise.to_owned(), |n| format!("did you mean '{n}'?"))
}

/// A probability that is never printed as zero.
pub(super) fn probability(p: f64) -> String {
    if p < 1e-4 { "p < 0.0001".to_owned() } else { format!("p {p:.4}") }
}

/// What a changed factor does to the park's total.
fn effect_of(effect: Option<&String>) -> String {
    effect.map(|e| format!("; alone it moves the park's total by {e} t CO2e")).unwrap_or_default()
}

#[allow(clippy::too_many_lines, reason = "one arm a problem; splitting would hide a missing one")]
pub(super) fn text(problem: &Problem) -> Text {
    use Problem as P;
    match problem {
        P::EmptyPackage {} => t(
            "the package is empty",
            "a folder with park.toml, enterprises.csv and flows.csv or emissions.csv",
            "`parkflux init FOLDER` writes a template that works",
        ),
        P::MissingParkToml {} => t(
            "park.toml is missing",
            "a file park.toml with at least: schema, id, periods, region, factor_sets, gwp_set, rule_set",
            "`parkflux init FOLDER` writes one to start from; a path must name the package folder itself",
        ),
        P::UnreadableEncoding { detail } => t(
            format!("the text encoding cannot be read: {}", detail.en),
            "UTF-8 (with or without BOM) or GB18030",
            "in Excel: save as \"CSV UTF-8 (comma delimited)\"",
        ),
        P::UnknownKey { key, nearest } => t(
            format!("unknown key '{key}'"),
            "a key that `parkflux schema park` lists",
            near(nearest.as_ref(), "remove it, or put free text under 'note'"),
        ),
        P::TomlSyntax { detail } => t(
            format!("this is not valid TOML: {detail}"),
            "lines such as  gwp_set = \"AR5\"",
            "text values stand in double quotes, lists in square brackets; check this line and the one before it",
        ),
        P::BadSetting { key, found, expected } => t(
            format!("'{key}' cannot be {found}"),
            expected.en.clone(),
            format!("`parkflux schema park` says what '{key}' decides"),
        ),
        P::MissingSetting { key, expected } => t(
            format!("the setting '{key}' is missing"),
            format!("a line  {key} = ...  with {}", expected.en),
            "`parkflux schema park` describes each setting",
        ),
        P::MissingTable { file } => t(
            format!("the table {file} is missing"),
            "enterprises.csv, and flows.csv or emissions.csv",
            if file == "flows.csv" {
                "the flows may come from the firms: `parkflux init --per-enterprise PACKAGE OUTFOLDER`, then `parkflux merge`; or copy flows.csv from what `parkflux init OTHERFOLDER` writes".to_owned()
            } else {
                format!("`parkflux init OTHERFOLDER` writes every table; copy {file} from there")
            },
        ),
        P::UnknownFile { file, nearest } => t(
            format!("'{file}' is no table of a package"),
            "park.toml, README.md, factors.lock, scenarios/, evidence/ and the tables that `parkflux schema` lists",
            near(nearest.as_ref(), "rename it") + "; if that table is here too, merge the rows or move this file out",
        ),
        P::FileTooLarge { bytes, limit } => t(
            format!("the file has {} MiB", bytes.div_ceil(1 << 20)),
            format!("at most {} MiB", limit >> 20),
            "split the package by year or by part of the park",
        ),
        P::EmptyTable { file } => t(
            format!("{file} holds no data"),
            "a header, and rows below it where the table is compulsory",
            if file == "flows.csv" {
                "fill it in; or let the firms: `parkflux init --per-enterprise PACKAGE OUTFOLDER`, then `parkflux merge`"
            } else {
                "fill it in; a table that is not needed is better left out"
            },
        ),

        P::NotWorkbook { what } => t(
            format!("this is {}, not an Excel workbook", what.en),
            "a package folder, or one workbook in the format .xlsx",
            "in Excel or WPS: save as \"Excel Workbook (*.xlsx)\"; for a folder package give the folder itself",
        ),
        P::EncryptedWorkbook {} => t(
            "the workbook is protected by a password",
            "a workbook that opens without a password",
            "in Excel: File, Info, Protect Workbook, Encrypt with Password, and empty the field",
        ),
        P::MacroWorkbook {} => t(
            "the workbook holds macros",
            "a workbook without macros (.xlsx)",
            "save as \"Excel Workbook (*.xlsx)\", which leaves the macros out",
        ),
        P::DamagedWorkbook { detail } => t(
            format!("the workbook is damaged: {}", detail.en),
            "",
            "fetch or copy it again; if Excel opens it, save it anew under another name",
        ),
        P::UnpackedTooLarge { bytes, limit } => t(
            format!("the workbook unpacks to {} MiB", bytes.div_ceil(1 << 20)),
            format!("at most {} MiB", limit >> 20),
            "delete pictures and empty formatted rows, or split the package by year or by part of the park",
        ),
        P::WorkbookBomb { part, ratio } => t(
            format!("{part} unpacks to {ratio} times its size"),
            "",
            "no workbook of a park does that; do not trust the file. If it is yours, save it anew in Excel",
        ),
        P::TooManySheets { limit } => t(
            format!("the workbook has more than {limit} sheets"),
            "the sheets `park`, `README` and one for each table",
            "move the other sheets into a workbook of their own",
        ),
        P::TooManyCells { what, found, limit } => t(
            format!("the workbook has {found} {} or more", what.en),
            format!("at most {limit}"),
            "delete what lies beyond the data, or split the package by year or by part of the park",
        ),
        P::ExternalLinks {} => t(
            "the workbook takes values from other files",
            "a workbook that stands alone",
            "in Excel: Data, Edit Links, Break Link, and save",
        ),
        P::UnknownSheet { sheet, nearest } => t(
            format!("'{sheet}' is no sheet of a package"),
            "park, README, lists, issues and the tables that `parkflux schema` lists, by English name or Chinese title",
            near(nearest.as_ref(), "rename it, or move it into another workbook"),
        ),
        P::DuplicateSheet { sheet, first } => t(
            format!("the sheets '{first}' and '{sheet}' hold the same table"),
            "one sheet for each table",
            "merge the rows into one of them and delete the other",
        ),
        P::UncomputedFormula { cell } => t(
            format!("the formula in {cell} has no value"),
            "a formula that was computed, or a plain value",
            "open the workbook in Excel or LibreOffice, let it compute, and save; or paste the values",
        ),
        P::ErrorCell { found } => t(
            format!("the cell shows {found}"),
            "",
            "mend the formula; if the value is not known, leave the cell empty",
        ),
        P::BooleanCell { found } => t(
            format!("the cell holds the truth value {found}"),
            "text or a number; where yes or no is asked, the word",
            "format the cell as text and type it again",
        ),
        P::DateCell { found, period: true } => t(
            format!("the date {found} is no period"),
            "a year 2024 or a month 2024-03; of dates only the first day of a month is taken, as that month",
            "format the cell as text and type the year or month again",
        ),
        P::DateCell { found, period: false } => t(
            format!("Excel made a date of this cell: {found}"),
            "no date in this column",
            "format the cell as text, or as a number, and type it again",
        ),
        P::MergedCells { range } => t(
            format!("the cells {range} are merged"),
            "one cell for each value",
            "unmerge the cells and fill in every row",
        ),
        P::PercentCell { found } => t(
            format!("{found} stands in a column that is in per cent already"),
            "a plain number: 5 for 5 %",
            "format the cell as a number and type it again",
        ),
        P::BookOfNobody { enterprises } => t(
            if enterprises.is_empty() {
                "the sheet of enterprises is empty: nobody knows whose workbook this is".to_owned()
            } else {
                format!("the sheet of enterprises names several: {enterprises}")
            },
            "one row with the firm whose workbook it is",
            "delete the rows of other firms; `parkflux init --xlsx --per-enterprise` writes a workbook a firm",
        ),
        P::SecondBook { enterprise, first } => t(
            format!("there are two workbooks of {enterprise}: this one and {first}"),
            "one workbook a firm",
            "give the one that holds, and move the other away",
        ),

        P::UnknownColumn { column, nearest } => t(
            format!("unknown column '{column}'"),
            "a column that `parkflux schema` lists for this table, by its key or its Chinese name",
            near(nearest.as_ref(), "rename it, or put free text into the column 'note'"),
        ),
        P::MissingColumn { column } => t(
            format!("the column '{column}' is missing"),
            format!("a header '{column}'"),
            "add the column; `parkflux schema` describes it",
        ),
        P::DuplicateColumn { column, key } => t(
            format!("the column '{key}' is there twice, here as '{column}'"),
            "each column once; a key and its Chinese name are the same column",
            "remove or rename one of the two",
        ),
        P::ExtraCells { found, expected } => t(
            format!("the row has {found} cells, the header {expected}"),
            format!("at most {expected} cells"),
            "a comma inside a text needs double quotes around the text; or remarks stand beyond the last column",
        ),
        P::EmptyCell { column } => t(
            format!("'{column}' is empty"),
            "a value",
            format!("fill in '{column}'; `parkflux schema` shows an example"),
        ),
        P::BadChoice { found, choices, nearest } => t(
            format!("'{found}' is no value of this column"),
            format!("one of: {choices}"),
            near(nearest.as_ref(), "choose one of the list"),
        ),
        P::BadPeriod { found } => t(
            format!("'{found}' is no period"),
            "a year 2024 or a month 2024-03",
            "quarters and days are no periods: give the months, or the year",
        ),
        P::BadId { found } => t(
            format!("'{found}' cannot be an id"),
            "1 to 80 letters, digits, '.', '-' or '_'; a process is ENTERPRISE/PROCESS",
            "spaces, brackets and ':' cannot stand in an id: join the parts with '-'; remarks go into 'note'",
        ),
        P::UnclosedQuote {} => t(
            "a double quote is opened here and not closed where it should be: the rows behind it are swallowed",
            "texts with commas or quotes in a pair of double quotes",
            "close or remove the quote; a quote inside a text is written twice",
        ),
        P::WrongSeparator { separator } => t(
            format!("cells are separated by {separator:?}"),
            "cells separated by ','",
            "save as CSV with commas (in Excel: \"CSV UTF-8 (comma delimited)\")",
        ),

        P::BadNumber { found } => t(
            format!("'{found}' is not a number"),
            "a number such as 12840.5 or 12,840.5",
            "no spaces between digits; units, per cent signs and remarks go into their own columns",
        ),
        P::NotFinite { found } => t(
            format!("'{found}' is no number but an error or infinity"),
            "a finite number, or an empty cell with a notation key",
            "mend the formula that produced it; an unknown quantity stays empty",
        ),
        P::AbsurdSize { found } => t(
            format!("no quantity of a park is as large as {found}"),
            "a magnitude up to 10^15",
            "is it an account or telephone number in the wrong column? Else use a larger unit",
        ),
        P::NegativeQuantity { found } => t(
            format!("the quantity {found} is negative"),
            "zero or more",
            "swap 'from' and 'to' if the flow runs the other way; a correction goes into the row it corrects",
        ),
        P::DecimalComma { found } => t(
            format!("'{found}' has a comma that does not separate thousands"),
            "a decimal point: 9.99; commas only between groups of three digits: 12,840.5",
            "write a point if it is a decimal; write thousands without commas if not",
        ),
        P::OutOfRange { found, low, high } => t(
            format!("{found} is outside the possible range"),
            format!("{low} to {high}"),
            "a share of 98 % is 0.98 with unit 1, or 98 with unit %; coordinates are decimal degrees",
        ),
        P::LimitsSwapped { low, high } => t(
            format!("the upper limit {high} lies below the lower limit {low}"),
            "lo95 up to hi95",
            "swap the two cells",
        ),

        P::WrongDimension { unit, thing, units } => t(
            format!("unit '{unit}' cannot measure {}", thing.id),
            format!("a unit such as: {units}"),
            "correct the unit; for fuels, mass and energy are joined only by a calorific value with a source",
        ),
        P::UnknownUnit { unit, nearest } => t(
            format!("unknown unit '{unit}'"),
            "t, kg, 万t, GJ, TJ, kWh, MWh, 万kWh, tce, MMBtu, m3, Nm3, 万Nm3, L, 万元, ... and quotients of them",
            near(nearest.as_ref(), "`parkflux schema units` lists every spelling"),
        ),
        P::AmbiguousUnit { unit, choices } => t(
            format!("'{unit}' means different things to different people"),
            format!("one of: {}", choices.en),
            "write the unit that you mean",
        ),
        P::SubstanceInUnit { unit, substance } => t(
            format!("the unit '{unit}' contains the substance {substance}"),
            "a unit of measurement only, such as t or kg/GJ",
            format!("leave {substance} out of the unit; it stands in the column 'gas' or 'carrier'"),
        ),
        P::MissingBasis { carrier, unit, choices } => t(
            format!("'{unit}' of {carrier} needs its basis"),
            format!("in column 'basis': {choices}"),
            "the invoice, the laboratory or the meter's data sheet tells it: net and gross calorific value lie 5 to 10 % apart, gas at 0 and 20 °C 7 %",
        ),
        P::BadBasis { found } => t(
            format!("the basis '{found}' cannot be read, or contradicts another or the unit"),
            "tokens joined by ';' out of NCV, GCV, as_received, air_dried, dry, 0C, 15C, 20C, state_unstated",
            "state one calorific, one moisture and one gas basis at most; Nm3 is at 0 °C by definition",
        ),

        P::UnknownEnterprise { id, nearest } => t(
            format!("unknown enterprise '{id}'"),
            "an id of enterprises.csv",
            near(nearest.as_ref(), "check the id") + ", or add it to enterprises.csv",
        ),
        P::UnknownProcess { id, nearest } => t(
            format!("unknown process '{id}'"),
            "an id of processes.csv",
            near(nearest.as_ref(), "check the id") + ", or add it to processes.csv",
        ),
        P::UnknownCarrier { id, nearest } => t(
            format!("unknown carrier '{id}'"),
            "a carrier of the library, or one declared in carriers.csv by the property 'kind'",
            near(nearest.as_ref(), "`parkflux factors list --carriers` lists the library's carriers"),
        ),
        P::UnknownPeriod { period, periods } => t(
            format!("the period {period} is not one of the park's"),
            format!("within: {periods}"),
            "correct the period, or add its year to 'periods' in park.toml",
        ),
        P::DuplicateId { id, first_row } => t(
            format!("the id '{id}' was already given on row {first_row}"),
            "each id once",
            "delete the row or give it another id; a second reading of a flow has an id of its own and another observer",
        ),
        P::UnknownNode { id, nearest } => t(
            format!("'{id}' is neither an enterprise, a process, outside nor stock"),
            "E03, E03/CHP1, outside:grid, outside:supplier, outside:customer, stock:opening, ...",
            near(nearest.as_ref(), "add the enterprise or process to its table"),
        ),
        P::UnknownFlow { id, nearest } => {
            t(format!("there is no flow '{id}'"), "an id of flows.csv", near(nearest.as_ref(), "correct the id"))
        }
        P::UnknownGas { id, nearest } => t(
            format!("unknown gas or pollutant '{id}'"),
            "CO2, CH4, N2O, SF6, NF3, an HFC or PFC by its formula code, CO2e (as reported), SO2, NOx, PM, COD, NH3N",
            near(nearest.as_ref(), "correct the spelling"),
        ),
        P::UnknownFactorSet { id, known } => t(
            format!("there is no factor set '{id}'"),
            format!("one of: {known}, or a set of the park's own factors.csv"),
            "`parkflux factors list` describes the sets",
        ),
        P::UnknownRegion { region, nearest } => t(
            format!("'{region}' is no region that factors are given for"),
            "cn.north, cn.north.tianjin, cn.province.tianjin, us, eu ...",
            near(nearest.as_ref(), "correct the code.")
                + " A region that the library lacks needs rows of the park's own factors.csv that bear it",
        ),
        P::TechniqueSlip { technique, nearest } => t(
            format!("no method or factor knows the technique '{technique}'"),
            "",
            format!("did you mean '{nearest}'? Leave it if it is a word of your own"),
        ),
        P::UnknownItem { item, nearest } => t(
            format!("no figure uses the item '{item}'"),
            "iav, iav_const, deflator, energy_tce, employees_industrial, land_park_km2, land_industrial_km2 or what 'parkflux indicators --items' lists",
            near(nearest.as_ref(), "leave it if it is there for your own use"),
        ),
        P::DeflatorMisfit { value } => t(
            format!("the deflator {value} is not above zero, or of another base than those before it"),
            "values around 1 throughout, or around 100 throughout",
            "correct the number, or write the whole table on one base",
        ),
        P::FewYears { years } => t(
            format!("a trend needs at least three years; there are {years}"),
            "three calendar years or more",
            "add years to 'periods' with their rows, or choose a wider range (--from, --to, --years)",
        ),
        P::UnknownEvidence { id } => t(
            format!("the evidence '{id}' is not registered"),
            "an id of evidence.csv",
            "register the document in evidence.csv, or correct the id",
        ),
        P::EvidenceOutside { file } => t(
            format!("the path '{file}' leads out of the package"),
            "a path below the package folder, such as evidence/invoice-07.pdf, without '..' and without a link that leads elsewhere",
            "put the document into the folder evidence/ and name it from there",
        ),
        P::EvidenceMissing { id, file } => t(
            format!("the file of evidence '{id}' is not there: {file}"),
            "a file that can be read",
            "put the document there, or correct the path; a document kept elsewhere is registered without 'file'",
        ),
        P::EvidenceChanged { id, file, sha256 } => t(
            format!("{file} is not the file that was registered as '{id}': its hash differs"),
            "the SHA-256 of the file",
            format!(
                "find out who changed it; if the new file is right, register its hash {sha256} and write the change into changes.csv"
            ),
        ),
        P::EvidenceUnhashed { id, file, sha256 } => t(
            format!("evidence '{id}' has a file and no hash: a change of it would go unseen"),
            format!("the SHA-256 of {file}"),
            format!("write into 'sha256': {sha256}"),
        ),
        P::EvidenceUnused { id } => t(
            format!("no row names the evidence '{id}'"),
            "",
            "write the id into the column 'evidence' of the rows that the document proves, or take it out of the register",
        ),
        P::ForeignProcess { process, owner, enterprise } => t(
            format!("the process '{process}' belongs to '{owner}', the row says '{enterprise}'"),
            format!("a process of {enterprise}: {enterprise}/..."),
            "correct the process or the enterprise",
        ),
        P::ForeignFlow { flow, enterprise } => t(
            format!("the flow '{flow}' does not touch '{enterprise}'"),
            "a flow into or out of the enterprise of this row",
            "correct the flow or the enterprise",
        ),

        P::SelfExchange { id } => t(
            format!("'{id}' exchanges with itself"),
            "two different enterprises",
            "own use is no exchange: write it as a flow between processes of the enterprise",
        ),
        P::OutsideOnly { from, to } => t(
            format!("{from} → {to}: neither end lies in the park"),
            "at least one end inside the park",
            "name the enterprise or process that sends or receives",
        ),
        P::MetersDisagree { seller, seller_row, buyer, difference, best, chi2, p } => t(
            format!("the seller (row {seller_row}) reads {seller}, the buyer {buyer}: {difference:+.1} %"),
            format!(
                "agreement within the uncertainty of the meters (best value {best}, chi-square {chi2:.3}, {})",
                probability(*p)
            ),
            "correct one side; until then each enterprise counts its own meter and the difference is a line of the reconciliation",
        ),
        P::YearMonthsDisagree { year, months, count, difference } => t(
            format!("the year's row gives {year}, the rows of {count} months add up to {months}: {difference:+.2} %"),
            "a year equal to the sum of its twelve months within 0.1 %",
            "correct the month that is off, add the months that are missing, or delete the year's row",
        ),
        P::IavNotPositive { subject, value } => t(
            format!("industrial added value (iav) of {subject} is {value}"),
            "a value above zero",
            "its intensity is n/a; check the sign and the unit (万元 is 10^4 RMB)",
        ),
        P::StatisticDisagrees { item, park, sum } => t(
            format!("'{item}' of the park is {park}, its enterprises add up to {sum}"),
            "agreement within 0.5 %",
            "correct one of them, or list the enterprises that are missing",
        ),
        P::ImpliedFactor { gas, implied, factor, difference, limits } => t(
            format!("reported {gas} and reported energy imply {implied}, the factor says {factor}: {difference:+.1} %"),
            match limits {
                Some((lower, upper)) => format!("the limits of the factor, {lower} to {upper}"),
                None => "agreement within 2 %".to_owned(),
            },
            "check unit and basis of the energy, and whether the report covers all of the fuel",
        ),
        P::ReportedZero { flow, estimate } => t(
            format!("the report says 0 t CO2 although {flow} burns fuel: taken as missing, not as zero"),
            format!("about {estimate} by the default factor"),
            "enter the measured value (stack monitors often report elsewhere); without this row the default factor counts",
        ),
        P::DoubleClaim { flow, gas, first_row } => t(
            format!("{gas} of flow '{flow}' is already replaced by row {first_row}"),
            "one report for each flow and gas",
            "remove one of the two rows, or name the part of the fuel that each covers as a flow of its own",
        ),
        P::InstrumentsExceed { holder, claimed, bought } => t(
            format!("{holder} claims {claimed} of certified power and bought {bought}"),
            "claims up to the power bought",
            "the excess is not counted; move it to the enterprise or period that it belongs to",
        ),
        P::Unmeasured { flow } => t(
            format!("row '{flow}' has no quantity"),
            "a quantity, or a notation key: NO, NE, IE:id, C",
            "enter it, or say in 'notation' why it is empty; until then it is listed as NE (not estimated), never as zero",
        ),
        P::SharesNotOne { process, sum } => t(
            format!("the shares of the outputs of {process} add up to {sum}"),
            "1",
            "correct the shares in outputs.csv; by-products and wastes may carry 0",
        ),
        P::PartialReport { flow, gas, period, reported } => t(
            format!("the reports of {gas} for flow '{flow}' of {period} cover {reported}"),
            format!("one report for {period}, or one for each of its twelve months"),
            "report the whole period, or split the flow into the periods that are reported",
        ),
        P::NotComparable { units } => t(
            format!("readings of one flow are in {units} and cannot be set against each other"),
            "readings in one dimension",
            "give both in tonnes or both in energy; each party's own account uses its own reading",
        ),
        P::NotMember { enterprise, period, row } => t(
            format!("'{enterprise}' does not belong to the park in {period} (enterprises.csv row {row})"),
            "periods from 'joined' and before 'left'",
            "correct the period or the membership; what an enterprise did outside it is not of this park",
        ),
        P::LevelOfOneYear { process, carrier, stated, missing } => t(
            format!(
                "the stock of '{}' at {process} between {} and {} is stated in {stated} only",
                carrier.id,
                stated.min(missing),
                stated.max(missing)
            ),
            format!("the same level in {missing} too"),
            if missing > stated {
                format!("add the row from stock:opening of {missing} (of its January, where rows are monthly)")
            } else {
                format!("add the row to stock:closing of {missing} (of its December, where rows are monthly)")
            },
        ),
        P::ReportBesideFuel { process, gas } => t(
            format!("{process} reports {gas} and its fuel or process is computed as well: both count"),
            "'replaces' with the flow whose emission is in the report",
            "fill in 'replaces', unless the report is about something else than this fuel or process",
        ),
        P::ReplacesCheck { flow } => t(
            format!("the report replaces '{flow}', a row that is only a check of others and counts for nobody"),
            "a row that counts: the buyer's reading, or the months where both year and months are given",
            "name the row that counts in 'replaces'",
        ),
        P::SteamAssumedDry { process } => t(
            format!("no quality is stated for the saturated steam at {process}: it is taken as dry"),
            "a row 'quality' (0 to 1) in carriers.csv, or a temperature above saturation",
            "wet steam carries less heat: at 1 MPa each per cent of water takes 0.7 % of it",
        ),
        P::SteamState { process, why } => t(
            format!("the state of this steam or condensate at {process} is not usable: {}", why.en),
            "'pressure' (absolute) or 'gauge_pressure', with 'temperature' or 'quality', in carriers.csv",
            "check the unit and whether the pressure is absolute or gauge; a measured 'enthalpy' needs no state",
        ),
        P::CondensateNotDeducted { why } => t(
            format!("this condensate is not deducted from the heat delivered: {}", why.en),
            "condensate in t with its temperature, back to where the steam came from",
            "complete the row and carriers.csv, or set heat_datum = \"zero\" if condensate shall not count",
        ),
        P::DatumUnconfirmed {} => t(
            "the feed-water enthalpy of 83.74 kJ/kg is unconfirmed; it is used because heat_datum asks for it",
            "a datum with a document that confirms it",
            "heat_datum = \"zero\" takes the full enthalpy, about 3 % more",
        ),
        P::QuantityBesideNotation { notation } => t(
            format!("the row has a quantity and the notation key {notation}"),
            "a quantity, or a key that says why there is none",
            "delete one of the two",
        ),

        P::MissingInput { method, what, key, place, process, sets } => t(
            format!("{}: {} is missing", method.en, what.en),
            format!("a value for process '{process}'"),
            if sets.is_empty() {
                format!("put '{key}' into {place}; `parkflux schema` lists the columns")
            } else {
                format!("put '{key}' into {place}, or add one of these sets to factor_sets: {sets}")
            },
        ),
        P::OutsideRange { method, what, value, range } => t(
            format!("{}: {} of {value} is outside the range of the method", method.en, what.en),
            range.clone(),
            "correct the value, or account the process another way (processes.csv, column accounting)".to_owned(),
        ),
        P::NotTheFirms { firm, table } => t(
            format!("this row of {table} is not {firm}'s to fill"),
            format!("flows from or to {firm}; its own processes, emissions, properties and statistics"),
            format!(
                "delete the row, or put {firm} where its id is missing; what the park office holds belongs in the park's package"
            ),
        ),
        P::RowsDiffer { id, here, other, there, in_park } => t(
            format!("'{id}' has other content in two places: {here} here, {there} in {other}"),
            "one content for one row",
            if *in_park {
                "mend one of the two; `parkflux merge --update` lets the firms' workbooks change what the park's package holds".to_owned()
            } else {
                "one row: agree on its content. Two rows: give each an id that begins with the id of its firm"
                    .to_owned()
            },
        ),
        P::EndsDiffer { carrier, here, other, there } => t(
            format!("{carrier} between two firms is {here} here and {there} in {other}: it may be one flow"),
            "one name for each end, and one use, in both workbooks",
            "the same flow: write from, to and use alike, so that it becomes two readings. Two flows: each firm reports both",
        ),
        P::ReportedTwice { here, other, there } => t(
            format!("reported twice: {here} here and {there} in {other} would be added up"),
            "one row, or readings with another observer (from, to, third) each",
            "delete one row; or say in 'observer' who read which; two different uses need the column 'use' in both",
        ),

        P::LoadNotStated { process, carrier, keys } => t(
            format!(
                "{process} discharges '{}' and nobody states what it carries ({keys}): that load is not counted",
                carrier.id
            ),
            "the quality of the effluent, as the monitoring report has it",
            format!("put {keys} into carriers.csv (mg/L), for the enterprise or process that discharges"),
        ),
        P::ImplausibleWaste { carrier, value, low, high } => t(
            format!("carbon and calorific value of '{}' give {value} kg CO2/GJ", carrier.id),
            format!("between {low} and {high} kg/GJ, as for anything that burns"),
            "measure the carbon; the default of wet refuse is far too high for 6 to 7 GJ/t",
        ),
        P::RecoveredExceeds { process, year, recovered, generated } => t(
            format!(
                "{process} recovers {recovered} of CH4 in {year}, more than the {generated} that the method computes"
            ),
            "at most what is generated",
            "check the gas meter, the load or the deposits of earlier years; the difference lowers the total",
        ),
        P::TwoMethods { process, carrier, year } => t(
            format!(
                "'{}' at {process} has flows and a charge with a leakage rate in {year}: it would count twice",
                carrier.id
            ),
            "one of the two",
            "delete the charge from parameters.csv where the mass balance is complete, or the flows",
        ),
        P::StationaryFactors { process } => t(
            format!(
                "CH4 and N2O of {process} take the factors of stationary combustion: none for engines is confirmed"
            ),
            "",
            "put factors with their source into factors.csv, with the technique of the process",
        ),
        P::RemovalWithoutReagent { process } => t(
            format!(
                "SO2 is removed behind {process} and no process of its enterprise is a desulfurization: its CO2 is not counted"
            ),
            "a process with technique wet_fgd, lime_fgd, ammonia_fgd ... in processes.csv",
            "add the scrubber to processes.csv and what it takes in to flows.csv",
        ),
        P::AttributesExceed { generator, sold, generated } => t(
            format!("{sold} of certificates name {generator} as generator, which gives out {generated}"),
            "certificates up to the power generated",
            "correct the generator, the period or the quantity; all of its power is taken as sold without attribute",
        ),
        P::NegativeCarbon { enterprise, what, year, total } => t(
            format!("{enterprise}, {year}: {} is negative ({total} CO2)", what.en),
            "no more carbon going out than comes in, and no more CO2 handed over than is emitted",
            "look for an input that is missing, an output given twice, or a carbon content that is too high",
        ),
        P::GasTwice { gas, process, fuel } => t(
            match fuel {
                Some(fuel) => format!(
                    "the carbon of '{}' counts twice: '{process}' is said to burn the '{fuel}' it is made from, \
                     and the gas is burnt again",
                    gas.id
                ),
                None => format!(
                    "'{}' leaves '{process}', which never received it: no carbon balance is credited with it",
                    gas.id
                ),
            },
            "a maker inside a carbon balance, which deducts the gas that it gives away",
            "set accounting = balance:NAME for the process that makes the gas (processes.csv), and let the gas start there",
        ),
        P::ProcessNotCounted { carrier, process, sets } => t(
            format!(
                "the process emission of '{}' at '{process}' is not counted: no listed factor set has it",
                carrier.id
            ),
            format!("one of these sets in factor_sets: {sets}"),
            "add a set, put a factor with its source into factors.csv, account the process by a carbon balance, or report its CO2 in emissions.csv",
        ),
        P::BurntAndByProduct { fuel, process, product } => t(
            format!("'{}' at '{process}' counts as burnt, and again in the process emission by '{product}'", fuel.id),
            format!("use = feedstock or reductant: the factor of '{product}' holds this carbon"),
            "state the use of the row; for fuel that only heats, keep use = combustion and account the process by a carbon balance",
        ),
        P::ReportInBalance { process, flow } => t(
            format!("a report replaces row '{flow}' of the carbon balance of '{process}'"),
            "a report that stands for the process as a whole",
            "set accounting = measured for the processes of the balance and leave 'replaces' empty, or delete the report",
        ),
        P::NothingReported { process } => t(
            format!("'{process}' is accounted by measurement, and emissions.csv has no value for it"),
            "a row in emissions.csv with process, gas and quantity",
            "report what was measured, or choose another accounting in processes.csv",
        ),
        P::OutsideBalance { gas, carrier, process } => t(
            format!("{gas} of '{}' at '{process}' is not counted: a carbon balance counts CO2 only", carrier.id),
            "",
            "give the process an accounting of its own, or report the gas in emissions.csv",
        ),
        P::BalanceOpen { place, thing, period, residual, sigmas, limit } => t(
            format!(
                "{} does not close at {place} in {period}: {residual} more comes in than goes out, {sigmas} standard deviations",
                thing.en
            ),
            format!("a difference of at most {limit} standard deviations (balance_limit)"),
            format!(
                "`parkflux balance PACKAGE --period {period}` shows what goes in and out and which meters are likely wrong; correct the rows, state their uncertainty, or raise balance_limit"
            ),
        ),
        P::NoFactor { what, carrier, tried, others } => t(
            format!("no factor found: {} of '{}'", what.en, carrier.id),
            format!("a row in one of the park's sets ({tried}) or a measured property in carriers.csv"),
            if others.is_empty() {
                "correct carrier, unit or basis, measure the property, or put a factor with its source into factors.csv"
                    .to_owned()
            } else {
                format!(
                    "these sets know the carrier: {others}; add one to factor_sets, or correct carrier, unit or basis"
                )
            },
        ),
        P::Unconfirmed { id } => t(
            format!("the factor '{id}' is unconfirmed; it is used because allow_unconfirmed names it"),
            "a factor with a document that confirms it",
            "find the document and put the value into the park's factors.csv with its source",
        ),
        P::IntensityUnsolvable { nodes, carriers, cause, mend } => t(
            format!("no own factor of {} at {nodes} can be solved: {}", carriers.en, cause.en),
            "",
            format!("{}; the published factor stands in", mend.en),
        ),
        P::AllocationUnavailable { process, rule, why } => t(
            format!("{process} cannot share its emission by the rule '{rule}': {}", why.en),
            "",
            "add it, or state another rule or shares in outputs.csv",
        ),
        P::NoGwp { gas, set, row, others } => t(
            format!("the GWP set {set} has no value for {gas} ({row})"),
            format!("a set that has one: {others}"),
            "choose another gwp_set in park.toml",
        ),
        P::OtherYear { id, year, wanted } => t(
            format!("the factor of {wanted} is not published; that of {year} is used ({id})"),
            "",
            format!("set grid_year = {year} in park.toml to state it, or the year that the regulator fixes"),
        ),
        P::GasNotEstimated { gas, carrier, others } => t(
            format!(
                "{gas} from '{}' has no confirmed factor in the park's sets: listed as NE (not estimated)",
                carrier.id
            ),
            "",
            if others.is_empty() {
                "no set of the library has one; if you know a value, add a row with its source to the park's factors.csv (parameter = emission_factor) and its set to factor_sets"
                    .to_owned()
            } else {
                format!("add a set that has one to factor_sets: {others}")
            },
        ),
        P::AllocationAssumed { process } => t(
            format!("{process} makes more than one energy product and states no allocation: shared by energy content"),
            "shares or a rule in outputs.csv",
            "state yours in outputs.csv; other rules can move the result by a factor of two",
        ),
        P::OwnFactorUnavailable { process, carrier, why } => t(
            format!("no own factor for {carrier} of {process}: {}", why.en),
            "an own factor of the producer",
            "the published factor is used; for an own one, add the plant to processes.csv or its products to outputs.csv",
        ),
        P::CreditAboveEmission { process, carrier, credit, emission } => t(
            format!(
                "the credit of {process} is larger than its emission: {credit} t CO2 are taken off the {emission} t CO2 that {} bears",
                carrier.id
            ),
            "a credit below the emission, or a negative factor that is meant",
            format!(
                "check the role of each product in outputs.csv, the factor of what is displaced and the emission of {process}; another rule gives no credit"
            ),
        ),
        P::ShareWithoutRows { process, carrier, share } => t(
            format!(
                "{} bears the share {share} of the emission of {process}, and no flow row says where it goes: nobody is given it",
                carrier.id
            ),
            "flow rows of all that bears a share",
            format!("give the flow rows of {}, or take it out of outputs.csv", carrier.id),
        ),
        P::LockedFactorChanged { id, old, new, effect } => t(
            format!(
                "the factor {id} is not the one that was locked: {old} then, {new} now{}",
                effect_of(effect.as_ref())
            ),
            "the row that factors.lock holds",
            "`parkflux factors lock PACKAGE` accepts the new row; the old result needs the old program or factor table",
        ),
        P::LockedFactorReplaced { old_id, old, new_id, new, effect } => t(
            format!(
                "another factor than the locked one is used: {old_id} = {old} then, {new_id} = {new} now{}",
                effect_of(effect.as_ref())
            ),
            "the row that factors.lock holds",
            "`parkflux factors lock PACKAGE` accepts the new row; `parkflux explain PACKAGE ROW` shows why it wins",
        ),
        P::LockIncomplete { unlocked, unused } => t(
            match (unlocked.is_empty(), unused.is_empty()) {
                (false, true) => format!("factors.lock does not hold every row that is used: {unlocked}"),
                (true, false) => format!("factors.lock holds rows that are no longer used: {unused}"),
                _ => format!("factors.lock lacks {unlocked}, and holds {unused}, no longer used"),
            },
            "",
            "`parkflux factors lock PACKAGE` writes it anew",
        ),
        P::BadLock { detail } => t(
            format!("factors.lock cannot be read: {detail}"),
            "the file as `parkflux factors lock` writes it",
            "write it anew with `parkflux factors lock PACKAGE`, or remove it",
        ),
        P::UnknownFactor { id, nearest } => t(
            format!("there is no factor '{id}'"),
            "an id that `parkflux factors list SET` shows",
            near(nearest.as_ref(), "correct it or remove it from allow_unconfirmed"),
        ),
        P::ScenarioSyntax { detail } => t(
            format!("this scenario is not valid TOML: {detail}"),
            "lines such as  share = 0.5  below a line [[change]]",
            "text values stand in double quotes, lists in square brackets; check this line and the one before it",
        ),
        P::ScenarioKey { key, place, known, nearest } => t(
            format!("{} has no key '{key}'", place.en),
            format!("one of: {known}"),
            near(nearest.as_ref(), "remove it, or put free text under 'note'"),
        ),
        P::ScenarioKind { of, found, known, nearest } => t(
            format!("there is no {} of the kind '{found}'", of.en),
            format!("one of: {known}"),
            near(nearest.as_ref(), "`parkflux explain S103` says what each kind does"),
        ),
        P::ScenarioMissingKey { key, place, expected } => {
            t(format!("{} lacks its '{key}'", place.en), expected.en.clone(), format!("add a line  {key} = ..."))
        }
        P::ScenarioValue { key, found, expected } => t(
            format!("'{key}' cannot be {found}"),
            expected.en.clone(),
            "correct the value; numbers stand without quotes, text with them",
        ),
        P::ScenarioUnknownId { id, what, nearest } => t(
            format!("'{id}' is no {} of this park", what.en),
            format!("an id of the park's tables, or a pattern with '*' ({})", what.en),
            if nearest.is_empty() {
                "check the id against the tables of the package".to_owned()
            } else {
                format!("did you mean one of: {nearest}?")
            },
        ),
        P::ScenarioUnknownBase { id, known, nearest } => t(
            format!("there is no scenario '{id}' to extend"),
            format!("the name of another scenario file, without .toml: {known}"),
            near(nearest.as_ref(), "correct the name, or remove 'extends' to start from the park as it is"),
        ),
        P::ScenarioCycle { cycle } => t(
            format!("scenarios extend each other: {cycle}"),
            "a chain that ends at a scenario which extends none",
            "take 'extends' out of one of them",
        ),
        P::ScenarioNameTwice { name, first } => t(
            format!("a second change is called '{name}'; the first is at {first}"),
            "a name of its own for each change, those of extended scenarios included",
            "rename one of them; results and sweeps speak of changes by name",
        ),
        P::ScenarioSweep { change, key: None, known, nearest } => t(
            format!("there is no change '{change}' to sweep over"),
            format!("the name of a change: {known}"),
            near(nearest.as_ref(), "give the change a name, or correct it here"),
        ),
        P::ScenarioSweep { change, key: Some(key), known, nearest } => t(
            format!("the change '{change}' has no number '{key}' to sweep over"),
            format!("one of its numbers: {known}"),
            near(nearest.as_ref(), "state the key in the change; the sweep then takes its unit from there"),
        ),
        P::ScenarioYear { year, years } => t(
            format!("{year} is no year of the park"),
            format!("one of: {years}"),
            "correct the year, or add its flows and the period to park.toml",
        ),
        P::ScenarioFileName { file } => t(
            format!("'{file}' is no name of a scenario file"),
            "NAME.toml, NAME being letters, digits and . - _ (also README.md)",
            "rename it, or move it out of the folder of scenarios",
        ),
        P::ScenarioMatchesNothing { pattern, what } => t(
            format!("'{pattern}' matches no {}", what.en),
            format!("a pattern that meets at least one {}", what.en),
            "check the ids on both sides and the order of the changes; '*' stands for any text, an enterprise for all its processes",
        ),
        P::PackFormula { formula, at, what } => t(
            format!("formula '{formula}', character {at}: {}", what.en),
            "items of items.csv, numbers, + - * / ^, brackets, max, min, mean, elasticity(y, x); years as [t0], [t-3]",
            "correct the formula; 'parkflux indicators --items' lists the items with their units",
        ),
        P::PackDimension { found, expected } => t(
            format!("this is in {found}"),
            format!("a unit that measures {expected}"),
            "correct the unit, or the formula: items are in t, GJ, m3, m2, RMB and persons, so that no factor for units belongs into it",
        ),
        P::PackItem { symbol, nearest } => t(
            format!("there is no item '{symbol}'"),
            "a symbol of items.csv",
            near(nearest.as_ref(), "correct the symbol, or add the item to items.csv of the pack"),
        ),
        P::PackValue { found, expected } => {
            t(format!("'{found}' cannot stand here"), expected.en.clone(), "correct the cell")
        }
        P::PackFile { file } => t(
            format!("a pack without '{file}'"),
            "system.toml and indicators.csv in the folder of each system",
            "add the file, or remove the folder",
        ),
        P::PackIdTwice { id } => t(
            format!("'{id}' is there already"),
            "ids that no other item, indicator or system has",
            "give it another id; what ships with the program keeps its own",
        ),
        P::PackUnreadable { detail } => t(
            format!("the file cannot be read: {detail}"),
            "what docs/programmes.md says of this file",
            "correct this line",
        ),
        P::PackSymbol { found } => t(
            format!("'{found}' is no symbol"),
            "letters, digits and _, a letter first, and not 'n', which is the number of years",
            "give the item another symbol",
        ),
        P::PackUnknownRow { id, nearest } => t(
            format!("no indicator '{id}' in this table"),
            "an id of indicators.csv beside it",
            near(nearest.as_ref(), "correct the id"),
        ),
        P::BadAnswer { question, found, expected } => t(
            format!("'{found}' is no answer to '{question}'"),
            expected.en.clone(),
            "correct the answer; 'parkflux indicators --items' lists what is asked",
        ),
        P::AnswerUnused { question, why } => t(
            format!("the answer to '{question}' is not used: {}", why.en),
            "an answer that nothing else in the package gives, for a year that it speaks of",
            "remove the answer, or what stands in its place",
        ),
        P::TargetsDisagree { rate, intensity, product } => t(
            format!("the targets of {rate} and {intensity} do not agree: their product is {product}"),
            "reciprocals: a product of 1, but for rounding",
            "correct one of the two targets, or state one alone",
        ),
        P::UnknownIndicator { id, nearest } => t(
            format!("there is no indicator '{id}'"),
            "an id of a system, such as HJ274-2015-11",
            near(nearest.as_ref(), "correct the id; 'parkflux indicators --system' lists the rows of a system"),
        ),
        P::ScenarioRefused { change, why, unit: Some(unit) } => t(
            format!("'{change}' cannot be done: {}", why.en),
            format!("parameters of '{unit}', and a place that has what it needs"),
            "state or correct the key in the change, or put the unit at another process; docs/scenarios.md says what units need",
        ),
        P::ScenarioRefused { change, why, unit: None } => t(
            format!("'{change}' cannot be done: {}", why.en),
            "a change that the model of the base year has room for",
            "change another flow or process, or another quantity of it; 'parkflux scenario list' shows what each change finds",
        ),
        P::ScenarioWithoutMonths { change, flows, year } => t(
            format!("'{change}' needs the months of {flows}"),
            format!("a row of flows.csv for each month in which it flows, {year}-01 to {year}-12"),
            "put the months into flows.csv, with periods such as 2024-03 in the place of the year; a storage moves what is over in one month to another",
        ),
        P::ScenarioClash { year, constraints } => {
            let list: Vec<String> = constraints.iter().map(|(name, limit)| format!("{name} ({})", limit.en)).collect();
            t(
                format!("the scenario cannot be met in {year}: these cannot hold together: {}", list.join("; ")),
                "constraints that some operation of the park meets",
                "loosen or remove any one of those named: the others can then be met together",
            )
        }
    }
}
