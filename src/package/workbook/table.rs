//! A sheet that holds a table: header rows, rows, and what cells of a workbook mean.

use super::Fault;
use super::archive::Limits;
use super::cells::{Area, Cell, Value, column_name, too_many};
use super::parts::Format;
use super::{ISSUES_COLUMN, cells};
use crate::diagnostic::{Diagnostic, Diagnostics, Origin, Problem};
use crate::package::schema::{Column, Kind, Table};
use crate::quantity::Period;
use std::sync::Arc;

/// Text of a table that is made of a sheet at most. Unit: bytes.
const LARGEST: usize = 256 << 20;

/// A table as text.
pub(super) struct Read {
    pub(super) text: String,
    /// Row of the sheet of each record, the header being the first.
    pub(super) rows: Vec<u32>,
    /// Row of the header.
    pub(super) head: u32,
    /// Machine key, or header where there is none, and column of the sheet.
    pub(super) columns: Vec<(Arc<str>, u32)>,
    /// Machine keys with the Chinese header that stands above them.
    pub(super) labels: Vec<(Arc<str>, String)>,
}

/// A column with a header.
struct Field {
    column: u32,
    header: String,
    known: Option<&'static Column>,
}

/// Reads the rows of a sheet.
pub(super) struct Reader<'s, 'd> {
    table: &'static Table,
    from_1904: bool,
    limits: Limits,
    found: &'d mut Diagnostics,
    /// The first row, until the second tells which of them is the header.
    first: Option<(u32, Vec<Cell<'s>>)>,
    head: Option<u32>,
    fields: Vec<Field>,
    /// Texts above the machine keys, by column.
    above: Vec<(u32, String)>,
    passed_over: Vec<u32>,
    writer: csv::Writer<Vec<u8>>,
    bytes: usize,
    rows: Vec<u32>,
}

impl<'s, 'd> Reader<'s, 'd> {
    pub(super) fn new(table: &'static Table, from_1904: bool, limits: Limits, found: &'d mut Diagnostics) -> Self {
        let writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
        Self {
            table,
            from_1904,
            limits,
            found,
            first: None,
            head: None,
            fields: Vec::new(),
            above: Vec::new(),
            passed_over: Vec::new(),
            writer,
            bytes: 0,
            rows: Vec::new(),
        }
    }

    /// Takes the next row with a filled cell.
    pub(super) fn row(&mut self, row: u32, cells: &mut Vec<Cell<'s>>) -> Result<(), Fault> {
        if self.head.is_some() {
            return self.record(row, cells);
        }
        let Some((first_row, first)) = self.first.take() else {
            self.first = Some((row, std::mem::take(cells)));
            return Ok(());
        };
        let texts: Vec<String> = cells.iter().map(|c| plain(&c.value, false).trim().to_owned()).collect();
        if holds_keys(self.table, &texts) {
            let label = |c: &Cell| (c.column, plain(&c.value, false).trim().to_owned());
            self.above = first.iter().map(label).collect();
            return self.header(row, cells);
        }
        self.header(first_row, &first)?;
        self.record(row, cells)
    }

    fn header(&mut self, row: u32, cells: &[Cell]) -> Result<(), Fault> {
        if cells.len() > self.limits.headers {
            let limit = self.limits.headers as u64;
            return Err(too_many("columns with a header", "个带表头的列", cells.len() as u64, limit));
        }
        self.head = Some(row);
        for cell in cells {
            let header = plain(&cell.value, self.from_1904).trim().to_owned();
            if header == ISSUES_COLUMN {
                self.passed_over.push(cell.column);
                continue;
            }
            let known = self.table.find(&header).map(|i| &self.table.columns[i]);
            self.fields.push(Field { column: cell.column, header, known });
        }
        let headers: Vec<&str> = self.fields.iter().map(|f| f.header.as_str()).collect();
        write(&mut self.writer, &mut self.bytes, &headers)?;
        self.rows.push(row);
        Ok(())
    }

    fn record(&mut self, row: u32, cells: &[Cell]) -> Result<(), Fault> {
        let mut record = vec![String::new(); self.fields.len()];
        let mut field = 0;
        let (mut filled, mut stray) = (false, None);
        for cell in cells {
            while self.fields.get(field).is_some_and(|f| f.column < cell.column) {
                field += 1;
            }
            let Some(at) = self.fields.get(field).filter(|f| f.column == cell.column) else {
                // A cell under no header is one cell too many.
                if !self.passed_over.contains(&cell.column) {
                    stray = Some(plain(&cell.value, self.from_1904));
                }
                continue;
            };
            filled = true;
            match read(&cell.value, at.known, self.from_1904) {
                Ok(text) => record[field] = text,
                Err(problem) => {
                    let text = plain(&cell.value, self.from_1904);
                    let column = at.known.map_or(at.header.as_str(), |c| c.name);
                    let name = format!("{}{row}", column_name(cell.column));
                    let origin = Origin::row(self.table.file, row).column(column);
                    let header = at.known.filter(|c| c.name != at.header).map(|_| at.header.clone());
                    let diagnostic = Diagnostic::new(problem.named(name), origin).found(text.clone());
                    self.found.push(Diagnostic { header, ..diagnostic });
                    record[field] = text;
                }
            }
        }
        if !filled && stray.is_none() {
            return Ok(());
        }
        record.extend(stray);
        write(&mut self.writer, &mut self.bytes, &record)?;
        self.rows.push(row);
        Ok(())
    }

    /// The table, when all rows were seen; merged cells in it are problems.
    pub(super) fn finish(mut self, areas: &[Area]) -> Result<Read, Fault> {
        if let Some((row, cells)) = self.first.take() {
            self.header(row, &cells)?;
        }
        let (head, last) = (self.head.unwrap_or(1), self.rows.last().copied().unwrap_or_default());
        let width = self.fields.last().map_or(0, |f| f.column);
        merged(areas, self.table.file, (head, last), width, self.found);
        let bytes = self.writer.into_inner().map_err(|e| super::archive::damaged(e.error()))?;
        let text = String::from_utf8(bytes).map_err(super::archive::damaged)?;
        let columns = self.fields.iter().map(|f| (f.known.map_or(f.header.as_str(), |c| c.name).into(), f.column));
        // A label that is a header itself: what the user reads of the column.
        let label = |f: &Field| {
            let (key, text) = (f.known?.name, &self.above.iter().find(|(column, _)| *column == f.column)?.1);
            let same = self.table.find(text).is_some_and(|i| self.table.columns[i].name == key);
            (same && text != key).then(|| (key.into(), text.clone()))
        };
        let labels = self.fields.iter().filter_map(label).collect();
        Ok(Read { text, rows: self.rows, head, columns: columns.collect(), labels })
    }
}

/// Whether a row is the header of machine keys below one of labels.
pub(super) fn holds_keys(table: &Table, cells: &[String]) -> bool {
    let keys = cells.iter().filter(|c| table.position(c).is_some()).count();
    keys >= 2 && 2 * keys >= cells.len()
}

/// Reports merged cells between two rows, up to a column.
pub(super) fn merged(areas: &[Area], file: &'static str, rows: (u32, u32), width: u32, found: &mut Diagnostics) {
    for area in areas.iter().filter(|a| a.last.0 >= rows.0 && a.first.0 <= rows.1 && a.first.1 <= width) {
        let name = |(row, column): (u32, u32)| format!("{}{row}", cells::column_name(column));
        let range = format!("{}:{}", name(area.first), name(area.last));
        let origin = Origin::row(file, area.first.0.max(rows.0));
        found.push(Diagnostic::new(Problem::MergedCells { range }, origin));
    }
}

/// Writes a record within the bound on the text of a table.
fn write(
    writer: &mut csv::Writer<Vec<u8>>,
    bytes: &mut usize,
    record: &[impl AsRef<[u8]> + AsRef<str>],
) -> Result<(), Fault> {
    *bytes += record.iter().map(|c| AsRef::<str>::as_ref(c).len() + 1).sum::<usize>();
    if *bytes > LARGEST {
        return Err(Box::new(Problem::UnpackedTooLarge { bytes: *bytes as u64, limit: LARGEST as u64 }));
    }
    writer.write_record(record).map_err(super::archive::damaged)
}

/// A cell as text, whatever it is: for headers, notes and messages.
pub(super) fn plain(value: &Value, from_1904: bool) -> String {
    match value {
        Value::Text(text) => text.clone().into_owned(),
        Value::Number(number, Format::Date) => {
            date(*number, from_1904).map_or_else(|| number_text(*number), |d| d.text())
        }
        Value::Number(number, Format::Percent) => format!("{}%", number_text(number * 100.0)),
        Value::Number(number, Format::Number) => number_text(*number),
        Value::Bool(value) => if *value { "TRUE" } else { "FALSE" }.to_owned(),
        Value::Error(text) | Value::Date(text) => text.clone(),
        Value::Uncomputed => "=".to_owned(),
    }
}

/// The shortest decimal that reads back as the same number; whole numbers have no point.
pub(super) fn number_text(number: f64) -> String {
    // Not minus zero.
    if number == 0.0 { "0".to_owned() } else { number.to_string() }
}

/// Why a cell is not taken.
pub(super) enum Refusal {
    Uncomputed,
    Other(Fault),
}

impl Refusal {
    /// The problem of a cell of this name.
    pub(super) fn named(self, cell: String) -> Problem {
        match self {
            Self::Uncomputed => Problem::UncomputedFormula { cell },
            Self::Other(problem) => *problem,
        }
    }
}

/// The text that a cell stands for in a column.
pub(super) fn read(value: &Value, column: Option<&Column>, from_1904: bool) -> Result<String, Refusal> {
    let found = plain(value, from_1904);
    let is_period = column.is_some_and(|c| c.kind == Kind::Period);
    let refused = |problem| Err(Refusal::Other(Box::new(problem)));
    let day = match value {
        Value::Text(_) | Value::Number(_, Format::Number) => return Ok(found),
        Value::Number(_, Format::Percent) if column.is_some_and(|c| c.name == "percent") => {
            return refused(Problem::PercentCell { found });
        }
        Value::Number(number, Format::Percent) => return Ok(number_text(*number)),
        Value::Bool(_) => return refused(Problem::BooleanCell { found }),
        Value::Error(_) => return refused(Problem::ErrorCell { found }),
        Value::Uncomputed => return Err(Refusal::Uncomputed),
        Value::Number(number, Format::Date) => date(*number, from_1904),
        Value::Date(text) => Day::parse(text),
    };
    match day {
        // What Excel makes of `2024-03`.
        Some(day) if is_period && day.day == 1 && day.whole => Ok(format!("{}-{:02}", day.year, day.month)),
        Some(day) if day.whole && column.is_some_and(holds_days) => Ok(day.text()),
        _ => refused(Problem::DateCell { found, period: is_period }),
    }
}

/// Columns of text that hold calendar days.
fn holds_days(column: &Column) -> bool {
    column.kind == Kind::Text
        && (column.name == "date" || column.name.ends_with("_on") || column.name.ends_with("_due"))
}

/// A month out of a date cell, as Excel makes it of `2024-03`.
pub(super) fn month(value: &Value, from_1904: bool) -> Option<Period> {
    let day = match value {
        Value::Number(number, Format::Date) => date(*number, from_1904)?,
        Value::Date(text) => Day::parse(text)?,
        _ => return None,
    };
    (day.day == 1 && day.whole).then(|| Period::parse(&format!("{}-{:02}", day.year, day.month)).ok())?
}

/// A calendar day; `whole` when no time of day goes with it.
#[allow(clippy::struct_field_names, reason = "the parts of a date have no other names")]
struct Day {
    year: i64,
    month: i64,
    day: i64,
    whole: bool,
}

impl Day {
    fn text(&self) -> String {
        format!("{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }

    /// `2024-03-01`, or the same with a time.
    fn parse(text: &str) -> Option<Self> {
        let (day, time) = text.trim().split_once('T').unwrap_or((text.trim(), ""));
        let parts: Vec<i64> = day.split('-').map(str::parse).collect::<Result<_, _>>().ok()?;
        let [year, month, day] = parts[..] else { return None };
        let whole = time.bytes().all(|b| matches!(b, b'0' | b':' | b'.' | b'Z'));
        ((1..=9999).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day)).then_some(Self {
            year,
            month,
            day,
            whole,
        })
    }
}

/// The day of a date number. Excel counts days from 1899-12-30, or from 1904-01-01; up
/// to February 1900 its calendar has a day too many, and no park is that old.
fn date(number: f64, from_1904: bool) -> Option<Day> {
    let number = if from_1904 { number + 1462.0 } else { number };
    if !(61.0..2_958_466.0).contains(&number) {
        return None;
    }
    // Days of the proleptic Gregorian calendar from 0000-03-01 (H. Hinnant,
    // "chrono-compatible low-level date algorithms"); 1899-12-30 is day 693,899.
    let days = number.floor() as i64 + 693_899;
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    Some(Day { year: year + era * 400 + i64::from(month <= 2), month, day, whole: number.fract() == 0.0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn date_numbers_become_days() {
        let text = |number, from_1904| date(number, from_1904).map(|d| d.text());
        // Excel: DATE(1900,3,1) = 61, DATE(2024,2,29) = 45351, DATE(9999,12,31) = 2958465.
        assert_eq!(text(61.0, false).as_deref(), Some("1900-03-01"));
        assert_eq!(text(45351.0, false).as_deref(), Some("2024-02-29"));
        assert_eq!(text(45352.0, false).as_deref(), Some("2024-03-01"));
        assert_eq!(text(43890.0, true).as_deref(), Some("2024-03-01"));
        assert_eq!(text(2_958_465.0, false).as_deref(), Some("9999-12-31"));
        assert_eq!(text(60.0, false), None);
        assert!(date(45352.5, false).is_some_and(|d| !d.whole));
    }

    #[test]
    fn numbers_print_as_typed() {
        for (number, text) in [(8.0, "8"), (0.1, "0.1"), (-0.0, "0"), (1e-7, "0.0000001"), (7_500_000.0, "7500000")] {
            assert_eq!(number_text(number), text);
        }
        assert_eq!(number_text(0.1 + 0.2), "0.30000000000000004");
    }
}
