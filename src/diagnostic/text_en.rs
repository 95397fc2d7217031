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
            format!("the text encoding cannot be read: {detail}"),
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
            "text values stand in double quotes, lists in square brackets",
        ),
        P::BadSetting { key, expected } => {
            t(format!("'{key}' cannot have this value"), expected.clone(), format!("correct the value of '{key}'"))
        }
        P::MissingSetting { key } => t(
            format!("the setting '{key}' is missing"),
            format!("a line  {key} = ..."),
            "`parkflux schema park` describes each setting",
        ),
        P::MissingTable { file } => t(
            format!("the table {file} is missing"),
            "enterprises.csv, and flows.csv or emissions.csv",
            "`parkflux init FOLDER` writes every table with its columns",
        ),
        P::UnknownFile { file, nearest } => t(
            format!("'{file}' is no table of a package"),
            "park.toml, README.md, factors.lock, scenarios/, evidence/ and the tables that `parkflux schema` lists",
            near(nearest.as_ref(), "rename it, or move it out of the package so that no one believes it was counted"),
        ),
        P::FileTooLarge { bytes, limit } => t(
            format!("the file has {bytes} bytes"),
            format!("at most {limit} bytes"),
            "split the package, or remove columns that hold no data",
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
        P::DuplicateColumn { column } => {
            t(format!("the column '{column}' appears twice"), "each column once", "remove or rename one of the two")
        }
        P::ExtraCells { found, expected } => t(
            format!("the row has {found} cells, the header {expected}"),
            format!("at most {expected} cells"),
            "a comma inside a text needs double quotes around the text",
        ),
        P::EmptyCell { column } => t(format!("'{column}' is empty"), "a value", format!("fill in '{column}'")),
        P::BadChoice { found, choices, nearest } => t(
            format!("'{found}' is not possible here"),
            format!("one of: {choices}"),
            near(nearest.as_ref(), "choose one of the list"),
        ),
        P::BadPeriod { found } => {
            t(format!("'{found}' is no period"), "a year 2024 or a month 2024-03", "write the year with four digits")
        }
        P::BadId { found } => t(
            format!("'{found}' cannot be an id"),
            "1 to 80 letters, digits, '.', '-' or '_'; a process is ENTERPRISE/PROCESS",
            "shorten it and keep the full name in name_en or name_zh",
        ),

        P::BadNumber { found } => t(
            format!("'{found}' is not a number"),
            "a number such as 12840.5 or 12,840.5",
            "put units and remarks into their own columns",
        ),
        P::NotFinite { found } => t(
            format!("'{found}' is not a finite number"),
            "a finite number, or an empty cell with a notation key",
            "mend the formula that produced it; an unknown quantity stays empty",
        ),
        P::AbsurdSize { found } => t(
            format!("{found} is larger than any park can have"),
            "a magnitude up to 10^15",
            "check for a shifted column, or use a larger unit",
        ),
        P::NegativeQuantity { found } => t(
            format!("the quantity {found} is negative"),
            "zero or more",
            "swap 'from' and 'to' if the flow runs the other way; a correction goes into the row it corrects",
        ),
        P::DecimalComma { found } => t(
            format!("'{found}' has a comma that does not separate thousands"),
            "a decimal point: 9.99; commas only between groups of three digits: 12,840.5",
            "replace the decimal comma by a point",
        ),
        P::OutOfRange { found, low, high } => t(
            format!("{found} is outside the possible range"),
            format!("{low} to {high}"),
            "check the unit: a share of 98 % is 0.98, or 98 with unit %",
        ),

        P::WrongDimension { unit, thing, units } => t(
            format!("unit '{unit}' cannot measure {thing}"),
            format!("a unit such as: {units}"),
            "correct the unit; mass and energy are joined only by a calorific value with a source",
        ),
        P::UnknownUnit { unit, nearest } => t(
            format!("unknown unit '{unit}'"),
            "t, kg, 万t, GJ, TJ, kWh, MWh, 万kWh, tce, MMBtu, m3, Nm3, 万Nm3, L, 万元, ... and quotients of them",
            near(nearest.as_ref(), "`parkflux schema units` lists every spelling"),
        ),
        P::AmbiguousUnit { unit, choices } => t(
            format!("'{unit}' means different things to different people"),
            format!("one of: {choices}"),
            "write the unit that you mean",
        ),
        P::SubstanceInUnit { unit, substance } => t(
            format!("the unit '{unit}' contains the substance {substance}"),
            "a unit of measurement only, such as t or kg/GJ",
            "the substance stands in the column 'gas' or 'carrier'",
        ),
        P::MissingBasis { carrier, unit, choices } => t(
            format!("{carrier} in '{unit}' means nothing without its basis"),
            format!("in column 'basis': {choices}"),
            "the invoice, the laboratory or the meter's data sheet tells it; the difference is up to 10 %",
        ),
        P::BadBasis { found } => t(
            format!("the basis '{found}' cannot be read or contradicts another or the unit"),
            "tokens joined by ';' out of NCV, GCV, as_received, air_dried, dry, 0C, 15C, 20C, state_unstated",
            "state one calorific, one moisture and one gas basis at most",
        ),

        P::UnknownEnterprise { id, nearest } => t(
            format!("unknown enterprise '{id}'"),
            "an id of enterprises.csv",
            near(nearest.as_ref(), "add the enterprise to enterprises.csv"),
        ),
        P::UnknownProcess { id, nearest } => t(
            format!("unknown process '{id}'"),
            "an id of processes.csv",
            near(nearest.as_ref(), "add the process to processes.csv"),
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
            "number the rows anew; a second reading of the same flow has an id of its own and another observer",
        ),
        P::UnknownNode { id, nearest } => t(
            format!("'{id}' is neither an enterprise, a process, outside nor stock"),
            "E03, E03/CHP1, outside:grid, outside:supplier, outside:customer, stock:opening, ...",
            near(nearest.as_ref(), "add the enterprise or process to its table"),
        ),
        P::UnknownFlow { id } => t(format!("there is no flow '{id}'"), "an id of flows.csv", "correct the id"),
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
        P::UnknownEvidence { id } => t(
            format!("the evidence '{id}' is not registered"),
            "an id of evidence.csv",
            "register the document in evidence.csv, or correct the id",
        ),

        P::SelfExchange { id } => t(
            format!("'{id}' exchanges with itself"),
            "two different enterprises",
            "own use is no exchange: write it as a flow between processes of the enterprise",
        ),
        P::OutsideOnly {} => t(
            "the flow runs from outside to outside",
            "at least one end inside the park",
            "name the enterprise or process that sends or receives",
        ),
        P::MetersDisagree { seller, buyer, difference, best, chi2, p } => t(
            format!("seller reports {seller}, buyer {buyer}: {difference:+.1} %"),
            format!("agreement within the meters' uncertainty (best value {best}, chi-square {chi2:.3}, p {p:.4})"),
            "correct one side, or state a loss; until then each enterprise counts its own meter and the difference is a line of the reconciliation",
        ),
        P::YearMonthsDisagree { year, months, count, difference } => t(
            format!("the year says {year}, its {count} months add up to {months}: {difference:+.2} %"),
            "a year equal to the sum of its twelve months within 0.1 %",
            "correct the month that is off, or delete the year's row",
        ),
        P::IavNotPositive { subject, value } => t(
            format!("industrial added value of {subject} is {value}"),
            "a value above zero",
            "its intensity is n/a; check the sign and the unit (万元)",
        ),
        P::StatisticDisagrees { item, park, sum } => t(
            format!("'{item}' of the park is {park}, its enterprises add up to {sum}"),
            "agreement within 0.5 %",
            "correct one of them, or list the enterprises that are missing",
        ),
        P::ImpliedFactor { gas, implied, factor, difference } => t(
            format!("reported {gas} and reported energy imply {implied}, the factor says {factor}: {difference:+.1} %"),
            "agreement within 2 %",
            "check unit and basis of the energy, and whether the report covers all of the fuel",
        ),
        P::ReportedZero { flow, estimate } => t(
            format!("the report says 0 t CO2 although {flow} burns fuel: taken as missing, not as zero"),
            format!("about {estimate} by the default factor"),
            "find the measured value (a stack monitor reports elsewhere), or write the notation key NE",
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
            format!("flow '{flow}' has no quantity"),
            "a quantity, or a notation key: NO, NE, IE:id, C",
            "listed as NE (not estimated); it is not taken as zero",
        ),
        P::SharesNotOne { process, sum } => t(
            format!("the shares of the outputs of {process} add up to {sum}"),
            "1",
            "correct the shares in outputs.csv; by-products and wastes may carry 0",
        ),

        P::NoFactor { what, carrier, tried } => t(
            format!("no factor found: {what} of '{carrier}'"),
            format!("a row in one of the park's sets ({tried}) or a measured property in carriers.csv"),
            "`parkflux factors list` shows what each set holds; add a set, measure the property, or correct carrier, unit or basis",
        ),
        P::Unconfirmed { id } => t(
            format!("the factor '{id}' is unconfirmed and used at the park's express wish"),
            "a value that someone could confirm",
            "find the document and put the value into the park's factors.csv with its source",
        ),
        P::LoopDefault { nodes } => t(
            format!("energy runs in a loop: {nodes}"),
            "a factor from the solved loop",
            "the published factor is used for these until loops are solved",
        ),
        P::NoGwp { gas, set } => t(
            format!("the GWP set {set} has no value for {gas}"),
            "a set that covers every gas of the park",
            "choose another gwp_set in park.toml",
        ),
        P::OtherYear { id, year, wanted } => t(
            format!("no factor for {wanted}; '{id}' of {year} is used"),
            format!("a factor for {wanted}"),
            "set grid_year in park.toml to make the choice yours",
        ),
        P::GasNotEstimated { gas, carrier } => t(
            format!("{gas} from '{carrier}' has no confirmed factor in the park's sets"),
            "a set with CH4 and N2O factors, such as ipcc_2006",
            "listed as NE (not estimated)",
        ),
        P::AllocationAssumed { process } => t(
            format!("{process} makes more than one energy product and states no allocation"),
            "shares or a rule in outputs.csv",
            "shared by energy content; other rules can move it by a factor of two",
        ),
        P::OwnFactorUnavailable { process, carrier, why } => t(
            format!("no own factor for {carrier} of {process}: {why}"),
            "an own factor of the producer",
            "the published factor is used for it",
        ),
        P::UnknownFactor { id } => t(
            format!("there is no factor '{id}'"),
            "an id that `parkflux factors list` shows",
            "correct or remove it from allow_unconfirmed",
        ),
    }
}
