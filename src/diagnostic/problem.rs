//! The list of problems: one variant, one stable code, one severity each.

use crate::quantity::{NumberError, UnitError};
use serde::Serialize;

/// A blank that reads differently in English and Chinese.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// English.
    pub en: String,
    /// Chinese.
    pub zh: String,
}

impl Words {
    /// Both texts.
    #[must_use]
    pub fn new(en: impl Into<String>, zh: impl Into<String>) -> Self {
        Self { en: en.into(), zh: zh.into() }
    }
}

/// Something with an id and a Chinese name: a carrier, an item, a property.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thing {
    /// The id, as English texts say it.
    pub id: String,
    /// The Chinese name; empty where there is none.
    pub zh: String,
}

impl Thing {
    /// A thing by id and Chinese name.
    #[must_use]
    pub fn new(id: impl Into<String>, zh: impl Into<String>) -> Self {
        Self { id: id.into(), zh: zh.into() }
    }

    /// The name in a Chinese text, with the id behind it.
    #[must_use]
    pub fn zh(&self) -> String {
        if self.zh.is_empty() || self.zh == self.id {
            format!(" {} ", self.id)
        } else {
            format!("{}（{}）", self.zh, self.id)
        }
    }
}

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Nothing is computed until it is mended.
    Error,
    /// Computed, but a reader of the result must know.
    Warning,
    /// A choice that the program made and that the user may want to make.
    Note,
}

impl Severity {
    /// The word for programs.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// Declares [`Problem`], [`Code`] and the table that joins them.
macro_rules! problems {
    ($($(#[$doc:meta])* $name:ident { $($field:ident : $type:ty),* $(,)? } = $id:literal, $severity:ident;)+) => {
        /// A kind of problem with what its texts need to know.
        #[derive(Debug, Clone, PartialEq)]
        #[allow(missing_docs, reason = "the fields are the blanks of the texts, named for what fills them")]
        pub enum Problem {
            $($(#[$doc])* $name { $($field: $type),* },)+
        }

        /// The stable code of a kind of problem.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Code {
            $($(#[$doc])* $name,)+
        }

        impl Problem {
            /// The code of the problem.
            #[must_use]
            pub fn code(&self) -> Code {
                match self {
                    $(Self::$name { .. } => Code::$name,)+
                }
            }

            /// The severity of the problem.
            #[must_use]
            pub fn severity(&self) -> Severity {
                self.code().severity()
            }
        }

        impl Code {
            /// Every code, in order.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The code as printed, such as `U101`.
            #[must_use]
            pub fn id(self) -> &'static str {
                match self {
                    $(Self::$name => $id,)+
                }
            }

            /// The severity of problems with this code.
            #[must_use]
            pub fn severity(self) -> Severity {
                match self {
                    $(Self::$name => Severity::$severity,)+
                }
            }
        }
    };
}

problems! {
    /// The folder holds no table at all.
    EmptyPackage {} = "P001", Error;
    /// There is no `park.toml`.
    MissingParkToml {} = "P002", Error;
    /// Bytes that are neither UTF-8 nor GB18030.
    UnreadableEncoding { detail: Words } = "P003", Error;
    /// A key of `park.toml` that means nothing.
    UnknownKey { key: String, nearest: Option<String> } = "P004", Error;
    /// `park.toml` is not TOML.
    TomlSyntax { detail: String } = "P005", Error;
    /// A setting with a value it cannot have.
    BadSetting { key: String, found: String, expected: Words } = "P006", Error;
    /// A compulsory setting is absent.
    MissingSetting { key: String, expected: Words } = "P007", Error;
    /// A compulsory table is absent.
    MissingTable { file: String } = "P008", Error;
    /// A file that is no table of a package.
    UnknownFile { file: String, nearest: Option<String> } = "P009", Error;
    /// A file above the size that the reader accepts.
    FileTooLarge { bytes: u64, limit: u64 } = "P010", Error;
    /// A table without a header, or a compulsory one without a row.
    EmptyTable { file: String } = "P011", Error;
    /// A file that is no `.xlsx` workbook.
    NotWorkbook { what: Words } = "P020", Error;
    /// A workbook behind a password.
    EncryptedWorkbook {} = "P021", Error;
    /// A workbook with macros.
    MacroWorkbook {} = "P022", Error;
    /// A workbook that cannot be read to its end.
    DamagedWorkbook { detail: Words } = "P023", Error;
    /// A workbook that unpacks to more than the reader accepts.
    UnpackedTooLarge { bytes: u64, limit: u64 } = "P024", Error;
    /// A part that unpacks to many times its size.
    WorkbookBomb { part: String, ratio: u64 } = "P025", Error;
    /// More sheets than a package can have.
    TooManySheets { limit: usize } = "P026", Error;
    /// More rows, columns or cells than the reader accepts.
    TooManyCells { what: Words, found: u64, limit: u64 } = "P027", Error;
    /// A workbook that takes values from other files.
    ExternalLinks {} = "P028", Error;
    /// A sheet that is no table of a package.
    UnknownSheet { sheet: String, nearest: Option<String> } = "P029", Error;
    /// Two sheets for one table.
    DuplicateSheet { sheet: String, first: String } = "P030", Error;
    /// A formula that was never computed.
    UncomputedFormula { cell: String } = "P031", Error;
    /// A cell that shows an error of the spreadsheet.
    ErrorCell { found: String } = "P032", Error;
    /// TRUE or FALSE where text or a number belongs.
    BooleanCell { found: String } = "P033", Error;
    /// A date that is no month, or stands where none belongs.
    DateCell { found: String, period: bool } = "P034", Error;
    /// Merged cells inside a table.
    MergedCells { range: String } = "P035", Error;
    /// A cell formatted in per cent in a column that is in per cent already.
    PercentCell { found: String } = "P036", Error;

    /// A workbook that does not say whose it is.
    BookOfNobody { enterprises: String } = "P040", Error;
    /// Two workbooks of one firm.
    SecondBook { enterprise: String, first: String } = "P041", Error;

    /// A header that is no column of the table.
    UnknownColumn { column: String, nearest: Option<String> } = "T101", Error;
    /// A compulsory column is absent.
    MissingColumn { column: String } = "T102", Error;
    /// Two headers for one column.
    DuplicateColumn { column: String, key: String } = "T103", Error;
    /// A row with more cells than the header.
    ExtraCells { found: usize, expected: usize } = "T104", Error;
    /// A compulsory cell is empty.
    EmptyCell { column: String } = "T105", Error;
    /// A cell outside the list of what the column may hold.
    BadChoice { found: String, choices: String, nearest: Option<String> } = "T106", Error;
    /// A cell that is no period.
    BadPeriod { found: String } = "T107", Error;
    /// An id with characters that ids cannot hold.
    BadId { found: String } = "T108", Error;
    /// A double quote that is opened and not closed swallows the rows behind it.
    UnclosedQuote {} = "T109", Error;
    /// Cells are separated by something else than commas.
    WrongSeparator { separator: char } = "T110", Error;

    /// A cell that is no number.
    BadNumber { found: String } = "N101", Error;
    /// NaN, infinity or a spreadsheet error.
    NotFinite { found: String } = "N102", Error;
    /// A magnitude that no park flow can have.
    AbsurdSize { found: String } = "N103", Error;
    /// A negative quantity.
    NegativeQuantity { found: String } = "N104", Error;
    /// A comma in place of a decimal point.
    DecimalComma { found: String } = "N105", Error;
    /// A share or property outside its possible range.
    OutOfRange { found: String, low: f64, high: f64 } = "N106", Error;
    /// The upper limit lies below the lower one.
    LimitsSwapped { low: f64, high: f64 } = "N107", Error;

    /// A unit of another dimension than the thing measured.
    WrongDimension { unit: String, thing: Thing, units: String } = "U101", Error;
    /// A unit that no one knows.
    UnknownUnit { unit: String, nearest: Option<String> } = "U102", Error;
    /// A unit that means different things to different people.
    AmbiguousUnit { unit: String, choices: Words } = "U103", Error;
    /// A substance written into a unit.
    SubstanceInUnit { unit: String, substance: String } = "U104", Error;
    /// A fuel quantity without the basis that gives it a meaning.
    MissingBasis { carrier: String, unit: String, choices: String } = "U105", Error;
    /// A basis cell that cannot be read or contradicts itself or the unit.
    BadBasis { found: String } = "U106", Error;

    /// An enterprise that `enterprises.csv` does not list.
    UnknownEnterprise { id: String, nearest: Option<String> } = "R101", Error;
    /// A process that `processes.csv` does not list.
    UnknownProcess { id: String, nearest: Option<String> } = "R102", Error;
    /// A carrier that neither the library nor `carriers.csv` knows.
    UnknownCarrier { id: String, nearest: Option<String> } = "R103", Error;
    /// A period outside those of `park.toml`.
    UnknownPeriod { period: String, periods: String } = "R104", Error;
    /// An id given twice.
    DuplicateId { id: String, first_row: u32 } = "R105", Error;
    /// A node that is neither enterprise, process, outside nor stock.
    UnknownNode { id: String, nearest: Option<String> } = "R106", Error;
    /// `replaces` or a notation points to a flow that does not exist.
    UnknownFlow { id: String, nearest: Option<String> } = "R107", Error;
    /// A gas or pollutant that is not known.
    UnknownGas { id: String, nearest: Option<String> } = "R108", Error;
    /// A factor set that is not in the library.
    UnknownFactorSet { id: String, known: String } = "R109", Error;
    /// An evidence id that `evidence.csv` does not list.
    UnknownEvidence { id: String } = "R110", Warning;
    /// `region` or `grid_region` is no code of a factor row, and lies in none.
    UnknownRegion { region: String, nearest: Option<String> } = "R120", Error;
    /// `technique` is a letter or a capital away from one that methods and factor rows know.
    TechniqueSlip { technique: String, nearest: String } = "T121", Warning;
    /// `item` of statistics.csv is none that the program reads.
    UnknownItem { item: String, nearest: Option<String> } = "T120", Warning;
    /// A deflator that is not above zero, or of another base than those before it.
    DeflatorMisfit { value: String } = "T122", Error;
    /// Fewer than three years, of which no trend can be told.
    FewYears { years: String } = "T130", Error;
    /// A process that belongs to another enterprise than the row says.
    ForeignProcess { process: String, owner: String, enterprise: String } = "R111", Error;
    /// A reported emission that replaces the flow of another enterprise.
    ForeignFlow { flow: String, enterprise: String } = "R112", Error;

    /// An exchange from an enterprise to itself.
    SelfExchange { id: String } = "B201", Error;
    /// A flow that never touches the park.
    OutsideOnly { from: String, to: String } = "B203", Error;
    /// The seller's and the buyer's meter differ by more than their uncertainty.
    MetersDisagree {
        seller: String, seller_row: u32, buyer: String, difference: f64, best: String, chi2: f64, p: f64,
    } = "B204", Warning;
    /// A year and its months, or two reports of one thing, differ.
    YearMonthsDisagree { year: String, months: String, count: usize, difference: f64 } = "B205", Error;
    /// Industrial added value that no intensity can be taken by.
    IavNotPositive { subject: String, value: String } = "B206", Warning;
    /// A park statistic differs from the sum over its enterprises.
    StatisticDisagrees { item: String, park: String, sum: String } = "B207", Warning;
    /// Reported emission and reported energy do not fit each other.
    ImpliedFactor { gas: String, implied: String, factor: String, difference: f64, limits: Option<(String, String)> } = "B208", Warning;
    /// Zero emission reported beside fuel that was burnt.
    ReportedZero { flow: String, estimate: String } = "B209", Warning;
    /// Two rows replace the same emission.
    DoubleClaim { flow: String, gas: String, first_row: u32 } = "B210", Error;
    /// Certificates claimed beyond the power bought.
    InstrumentsExceed { holder: String, claimed: String, bought: String } = "B211", Warning;
    /// A quantity is missing without a notation key.
    Unmeasured { flow: String } = "B212", Warning;
    /// The shares of a process's outputs do not add up to one.
    SharesNotOne { process: String, sum: String } = "B213", Error;
    /// Reported emissions cover only a part of the period of the flow they replace.
    PartialReport { flow: String, gas: String, period: String, reported: String } = "B214", Error;
    /// Readings of one flow in different dimensions.
    NotComparable { units: String } = "B215", Note;
    /// A quantity and a notation key that says there is none.
    QuantityBesideNotation { notation: String } = "B216", Error;
    /// A row of an enterprise at a time when it did not belong to the park.
    NotMember { enterprise: String, period: String, row: u32 } = "B219", Error;
    /// The stock between two years that only one of them states.
    LevelOfOneYear { process: String, carrier: Thing, stated: u16, missing: u16 } = "B220", Warning;
    /// A report that replaces nothing, beside computed combustion of the same process.
    ReportBesideFuel { process: String, gas: String } = "B218", Warning;
    /// Evidence whose path leads out of the package.
    EvidenceOutside { file: String } = "B240", Error;
    /// Evidence whose file is not there.
    EvidenceMissing { id: String, file: String } = "B241", Warning;
    /// Evidence whose file is another one than was registered.
    EvidenceChanged { id: String, file: String, sha256: String } = "B242", Warning;
    /// Evidence with a file and without its hash.
    EvidenceUnhashed { id: String, file: String, sha256: String } = "B243", Note;
    /// Evidence that no row names.
    EvidenceUnused { id: String } = "B244", Note;
    /// A report that replaces a row which does not count itself.
    ReplacesCheck { flow: String } = "B217", Error;
    /// Saturated steam without a stated quality is taken as dry.
    SteamAssumedDry { process: String } = "B270", Note;
    /// Pressure, temperature and quality that no steam can have, or that do not suffice.
    SteamState { process: String, why: Words } = "B271", Error;
    /// Condensate that the park wants deducted and that cannot be.
    CondensateNotDeducted { why: Words } = "B272", Warning;
    /// The feed-water datum rests on a figure that nobody confirmed.
    DatumUnconfirmed {} = "B273", Warning;
    /// A row of a firm's workbook that is not the firm's to fill.
    NotTheFirms { firm: String, table: String } = "B230", Error;
    /// The same row in two places with other content.
    RowsDiffer { id: String, here: String, other: String, there: String, in_park: bool } = "B231", Error;
    /// Both ends report a carrier between them and name the ends or the use differently.
    EndsDiffer { carrier: String, here: String, other: String, there: String } = "B232", Error;
    /// One flow or emission stands in two places as if it were two.
    ReportedTwice { here: String, other: String, there: String } = "B233", Error;

    /// No factor of the park's sets fits.
    NoFactor { what: Words, carrier: Thing, tried: String, others: String } = "F101", Error;
    /// A method lacks one of its inputs.
    MissingInput { method: Words, what: Words, key: String, place: String, process: String, sets: String } = "B280", Error;
    /// An input lies outside the range for which a method holds.
    OutsideRange { method: Words, what: Words, value: String, range: String } = "B281", Error;
    /// What a discharge carries is not stated.
    LoadNotStated { process: String, carrier: Thing, keys: String } = "B282", Note;
    /// Carbon and calorific value of a waste do not fit each other.
    ImplausibleWaste { carrier: Thing, value: String, low: f64, high: f64 } = "B283", Warning;
    /// More methane is recovered than the method computes.
    RecoveredExceeds { process: String, year: u16, recovered: String, generated: String } = "B284", Warning;
    /// A gas of equipment is stated by mass balance and by leakage.
    TwoMethods { process: String, carrier: Thing, year: u16 } = "B285", Error;
    /// CH4 and N2O of something that moves take the factors of something that does not.
    StationaryFactors { process: String } = "B286", Note;
    /// SO2 is removed and nothing says with which reagent.
    RemovalWithoutReagent { process: String } = "B290", Note;
    /// More certificates sold than the generator made power.
    AttributesExceed { generator: String, sold: String, generated: String } = "B291", Warning;
    /// A carbon balance, or capture against emission, is negative over a year.
    NegativeCarbon { enterprise: String, what: Words, year: u16, total: String } = "B292", Warning;
    /// The carbon of a gas counts at its maker and again where the gas is burnt.
    GasTwice { gas: Thing, process: String, fuel: Option<String> } = "B293", Error;
    /// A carbonate is used or a product made, and no listed set has its factor.
    ProcessNotCounted { carrier: Thing, process: String, sets: String } = "B294", Warning;
    /// A fuel counts as burnt and again in the factor of the product that is made from it.
    BurntAndByProduct { fuel: Thing, process: String, product: String } = "B295", Warning;
    /// A report takes the place of one row of a carbon balance.
    ReportInBalance { process: String, flow: String } = "B296", Error;
    /// A process is accounted by measurement, and nothing was reported for it.
    NothingReported { process: String } = "B297", Warning;
    /// A carbon balance counts CO2 only: another gas of its process is left out.
    OutsideBalance { gas: String, carrier: Thing, process: String } = "B298", Note;
    /// A balance is open by more than the park allows.
    BalanceOpen { place: String, thing: Words, period: String, residual: String, sigmas: String, limit: String } = "B299", Error;
    /// An unconfirmed value is used at the park's express wish.
    Unconfirmed { id: String } = "F102", Warning;
    /// The own factors of some processes cannot be solved; the published ones are used.
    IntensityUnsolvable { nodes: String, carriers: Words, cause: Words, mend: Words } = "F103", Warning;
    /// The GWP set has no value for a gas.
    NoGwp { gas: String, set: String, row: String, others: String } = "F104", Error;
    /// A factor of another year is used.
    OtherYear { id: String, year: u16, wanted: u16 } = "F105", Note;
    /// A gas other than CO2 has no confirmed factor and is listed NE.
    GasNotEstimated { gas: String, carrier: Thing, others: String } = "F106", Note;
    /// An allocation between power and heat was not stated; the energy rule is used.
    AllocationAssumed { process: String } = "F107", Note;
    /// The rule that shares the emission of a process lacks a number.
    AllocationUnavailable { process: String, rule: String, why: Words } = "F110", Error;
    /// An own factor cannot be computed; the published one is used.
    OwnFactorUnavailable { process: String, carrier: String, why: Words } = "F108", Warning;
    /// Co-products displace more than their process emits, so that its main product bears less than nothing.
    CreditAboveEmission { process: String, carrier: Thing, credit: String, emission: String } = "F111", Warning;
    /// A good bears a share of the emission and no flow row says where it goes.
    ShareWithoutRows { process: String, carrier: Thing, share: String } = "F112", Warning;
    /// A factor row that differs from the one that was locked.
    LockedFactorChanged { id: String, old: String, new: String, effect: Option<String> } = "F120", Warning;
    /// Another factor row than the locked one is used.
    LockedFactorReplaced {
        old_id: String, old: String, new_id: String, new: String, effect: Option<String>,
    } = "F121", Warning;
    /// Factor rows that are used and not locked, or locked and no longer used.
    LockIncomplete { unlocked: String, unused: String } = "F122", Note;
    /// A `factors.lock` that cannot be read.
    BadLock { detail: String } = "F123", Error;
    /// An id in `allow_unconfirmed` that names no factor.
    UnknownFactor { id: String, nearest: Option<String> } = "F109", Error;

    /// A scenario file that is not TOML.
    ScenarioSyntax { detail: String } = "S101", Error;
    /// A key that means nothing in a scenario, or in a change of this kind.
    ScenarioKey { key: String, place: Words, known: String, nearest: Option<String> } = "S102", Error;
    /// A kind of change that there is not.
    ScenarioKind { of: Words, found: String, known: String, nearest: Option<String> } = "S103", Error;
    /// A key without which a change or sweep says nothing.
    ScenarioMissingKey { key: String, place: Words, expected: Words } = "S104", Error;
    /// A value of the wrong type, or out of range.
    ScenarioValue { key: String, found: String, expected: Words } = "S105", Error;
    /// An id that is nothing of this park. `nearest` lists what may be meant.
    ScenarioUnknownId { id: String, what: Words, nearest: String } = "S106", Error;
    /// `extends` names a scenario that there is not.
    ScenarioUnknownBase { id: String, known: String, nearest: Option<String> } = "S107", Error;
    /// Scenarios that extend each other.
    ScenarioCycle { cycle: String } = "S108", Error;
    /// Two changes of one name. `first` is the place of the other.
    ScenarioNameTwice { name: String, first: String } = "S109", Error;
    /// A sweep over a change that there is not, or over a `key` that it does not have.
    ScenarioSweep { change: String, key: Option<String>, known: String, nearest: Option<String> } = "S110", Error;
    /// A scenario of a year that the park does not have.
    ScenarioYear { year: String, years: String } = "S111", Error;
    /// A file of the folder of scenarios whose name is no id with `.toml` behind it.
    ScenarioFileName { file: String } = "S112", Error;
    /// A change that changes nothing. `what` is what it was looked for among.
    ScenarioMatchesNothing { pattern: String, what: Words } = "S113", Error;
    /// Constraints that cannot hold together, by name and limit: none of them can be left out.
    ScenarioClash { year: u16, constraints: Vec<(String, Words)> } = "S114", Error;
    /// A change that cannot be made to what it found.
    ScenarioRefused { change: String, why: Words, unit: Option<String> } = "S115", Error;
    /// A storage between flows of which only the year is known.
    ScenarioWithoutMonths { change: String, flows: String, year: u16 } = "S116", Error;

    /// A formula that cannot be read; `at` counts its characters from 1.
    PackFormula { formula: String, at: usize, what: Words } = "I101", Error;
    /// Formula and unit of an indicator, or a tier and its item, that do not measure the same.
    PackDimension { found: String, expected: String } = "I102", Error;
    /// A symbol of no item.
    PackItem { symbol: String, nearest: Option<String> } = "I103", Error;
    /// A value that a cell of a pack cannot have.
    PackValue { found: String, expected: Words } = "I104", Error;
    /// A file of a pack that is not there.
    PackFile { file: String } = "I105", Error;
    /// An item, indicator or system that is there already.
    PackIdTwice { id: String } = "I106", Error;
    /// A file of a pack that cannot be read to its end.
    PackUnreadable { detail: String } = "I107", Error;
    /// A symbol that no formula could name.
    PackSymbol { found: String } = "I108", Error;
    /// A threshold of an indicator that the table does not have.
    PackUnknownRow { id: String, nearest: Option<String> } = "I109", Error;
    /// An answer that is no answer to its question.
    BadAnswer { question: String, found: String, expected: Words } = "I110", Error;
    /// A target of a programme or an indicator that there is not.
    UnknownIndicator { id: String, nearest: Option<String> } = "I111", Error;
    /// An answer that nothing takes.
    AnswerUnused { question: String, why: Words } = "I112", Warning;
    /// Targets of an output rate and of the intensity that is its reciprocal, which do not agree.
    TargetsDisagree { rate: String, intensity: String, product: String } = "I113", Warning;
}

impl Code {
    /// Finds a code by its printed id, in either case.
    #[must_use]
    pub fn find(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|c| c.id().eq_ignore_ascii_case(id.trim()))
    }
}

impl Problem {
    /// The problem that a cell with a bad number is.
    #[must_use]
    pub fn number(found: &str, error: NumberError) -> Self {
        let found = found.to_owned();
        match error {
            NumberError::Malformed => Self::BadNumber { found },
            NumberError::NotFinite => Self::NotFinite { found },
            NumberError::Absurd => Self::AbsurdSize { found },
            NumberError::DecimalComma => Self::DecimalComma { found },
        }
    }

    /// The problem that a cell with a bad unit is.
    #[must_use]
    pub fn unit(unit: &str, error: &UnitError) -> Self {
        let unit = unit.to_owned();
        match error {
            UnitError::Unknown { nearest } => Self::UnknownUnit { unit, nearest: nearest.clone() },
            UnitError::Ambiguous { choices } => Self::AmbiguousUnit { unit, choices: Words::new(choices.0, choices.1) },
            UnitError::Substance { substance } => Self::SubstanceInUnit { unit, substance: (*substance).to_owned() },
        }
    }
}
