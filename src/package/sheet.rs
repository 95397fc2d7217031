//! One CSV table: header, rows, and cells that know where they stand.

use super::neutral::restore;
use super::records::{Record, Records};
use super::refer::nearest;
use super::schema::{Column, Kind, Table};
use crate::diagnostic::{Diagnostic, Diagnostics, Origin, Problem};
use crate::quantity::{Period, Unit, UnitError, parse_number};
use foldhash::HashMap;
use std::sync::Arc;

/// A table being read.
pub(super) struct Sheet<'t> {
    table: &'static Table,
    file: Arc<str>,
    text: &'t str,
    header: Record,
    /// Field of the file for each column of the table.
    fields: Vec<Option<usize>>,
    width: usize,
    /// Body of the file, without the header.
    records: Records<'t>,
    /// Columns that must be filled or hold one of some words.
    checks: Vec<Check>,
    named: Named,
    /// Whether a cell of the header is empty.
    gaps: bool,
    /// Byte and line that line counting has reached.
    reached: (usize, u32),
    /// Row of each record in a workbook, the header being the first.
    lines: Option<Vec<u32>>,
}

/// What a cell of a column must be, whatever its table.
struct Check {
    column: &'static Column,
    field: usize,
    choices: Option<Vec<&'static str>>,
}

/// The columns that a file has. Rows ask for them by name, many million times: few names share a length, so that a
/// look-up by length is a comparison or two.
struct Named {
    by_length: Vec<Vec<(&'static Column, usize)>>,
}

impl Named {
    fn new(table: &'static Table, fields: &[Option<usize>]) -> Self {
        let longest = table.columns.iter().map(|c| c.name.len()).max().unwrap_or_default();
        let mut by_length = vec![Vec::new(); longest + 1];
        for (column, field) in table.columns.iter().zip(fields) {
            by_length[column.name.len()].extend(field.map(|f| (column, f)));
        }
        Self { by_length }
    }

    #[inline]
    fn get(&self, name: &str) -> Option<(Kind, usize)> {
        let alike = self.by_length.get(name.len())?;
        alike.iter().find(|(column, _)| same(column.name, name)).map(|(column, field)| (column.kind, *field))
    }
}

/// One row of a [`Sheet`].
pub(super) struct Row<'r> {
    table: &'static Table,
    named: &'r Named,
    file: &'r Arc<str>,
    header: &'r Record,
    fields: &'r [Option<usize>],
    record: &'r Record,
    /// Whether the text is CSV, in which formulas are neutralized.
    csv: bool,
    /// Line of the file on which the row starts.
    pub(super) line: u32,
}

/// Units that were seen, with the spelling to share.
#[derive(Default)]
pub(super) struct Units {
    seen: HashMap<String, Result<(Unit, Arc<str>), UnitError>>,
}

impl Units {
    pub(super) fn get(&mut self, text: &str) -> Result<(Unit, Arc<str>), UnitError> {
        if let Some(known) = self.seen.get(text) {
            return known.clone();
        }
        let read = Unit::parse(text).map(|unit| (unit, Arc::from(text)));
        self.seen.insert(text.to_owned(), read.clone());
        read
    }
}

/// Whether two names are equal. Equal literals of a program mostly are one literal, and names of one length mostly
/// differ in their first byte.
#[inline]
fn same(a: &str, b: &str) -> bool {
    std::ptr::eq(a, b) || (a.as_bytes().first() == b.as_bytes().first() && a == b)
}

impl<'t> Sheet<'t> {
    /// Reads the header; `None` when the table cannot be understood. `lines` are the
    /// rows of the records where the text was made of a workbook.
    pub(super) fn open(
        table: &'static Table,
        text: &'t str,
        lines: Option<Vec<u32>>,
        found: &mut Diagnostics,
    ) -> Option<Self> {
        let file: Arc<str> = table.file.into();
        let (mut records, mut header) = (Records::new(text), Record::default());
        let has_header = records.read(&mut header);
        let head = lines.as_ref().and_then(|l| l.first()).copied().unwrap_or(1);
        let at = |column: &str| Origin::row(file.clone(), head).column(column);
        if !has_header || header.iter().all(str::is_empty) {
            found.push(Diagnostic::new(Problem::EmptyTable { file: table.file.to_owned() }, Origin::file(file)));
            return None;
        }
        if let [only] = header.iter().filter(|h| !h.is_empty()).collect::<Vec<_>>()[..]
            && let Some(separator) = [';', '\t', '；'].into_iter().find(|s| only.contains(*s))
        {
            let problem = Problem::WrongSeparator { separator };
            found.push(Diagnostic::new(problem, Origin::row(file, head)).found(only));
            return None;
        }
        let mut fields = vec![None; table.columns.len()];
        for (field, name) in header.iter().enumerate() {
            if name.is_empty() {
                continue;
            }
            match table.find(name) {
                None => {
                    let names = table.columns.iter().flat_map(|c| std::iter::once(c.name).chain(c.zh.iter().copied()));
                    let problem = Problem::UnknownColumn { column: name.to_owned(), nearest: nearest(name, names) };
                    found.push(Diagnostic::new(problem, at(name)).found(name));
                }
                Some(column) if fields[column].is_some() => {
                    let key = table.columns[column].name.to_owned();
                    let problem = Problem::DuplicateColumn { column: name.to_owned(), key };
                    found.push(Diagnostic::new(problem, at(name)).found(name));
                }
                Some(column) => fields[column] = Some(field),
            }
        }
        let mut complete = true;
        for (column, field) in table.columns.iter().zip(&fields) {
            if column.required && field.is_none() {
                complete = false;
                let problem = Problem::MissingColumn { column: column.name.to_owned() };
                found.push(Diagnostic::new(problem, at(column.name)));
            }
        }
        let width = header.filled();
        let present = table.columns.iter().zip(&fields).filter_map(|(column, field)| Some((column, (*field)?)));
        let checks = present.map(|(column, field)| Check { column, field, choices: column.kind.choices() });
        let checks = checks.filter(|c| c.column.required || c.choices.is_some()).collect();
        let named = Named::new(table, &fields);
        let (reached, gaps) = ((0, 1), header.iter().any(str::is_empty));
        complete.then_some(Self {
            table,
            file,
            text,
            header,
            fields,
            width,
            records,
            checks,
            named,
            gaps,
            reached,
            lines,
        })
    }

    /// Calls `each` for every row that is not blank, and returns how many there are,
    /// those included that cannot be told from the text around them.
    pub(super) fn rows(mut self, found: &mut Diagnostics, mut each: impl FnMut(&Row, &mut Diagnostics)) -> usize {
        let mut record = Record::default();
        let (mut count, mut index) = (0, 0);
        while self.records.read(&mut record) {
            index += 1;
            let line = match &self.lines {
                Some(lines) => lines.get(index).copied().unwrap_or_default(),
                None => self.line(&record),
            };
            if record.filled() == 0 {
                continue;
            }
            count += 1;
            let row = Row {
                table: self.table,
                named: &self.named,
                file: &self.file,
                header: &self.header,
                fields: &self.fields,
                record: &record,
                csv: self.lines.is_none(),
                line,
            };
            // A cell over several lines with as many commas as a row has is a row that a quote swallowed.
            let swallowed = |cell: &str| cell.contains('\n') && cell.matches(',').count() + 1 >= self.width;
            if self.lines.is_none() && record.has_break() && record.iter().any(swallowed) {
                found.push(Diagnostic::new(Problem::UnclosedQuote {}, Origin::row(self.file.clone(), line)));
                continue;
            }
            // A cell under no header would be dropped in silence.
            let stray = |(i, cell): (usize, &str)| !cell.is_empty() && self.header.get(i).is_none_or(str::is_empty);
            let room = self.gaps || record.len() > self.header.len();
            if room && record.iter().enumerate().any(stray) {
                // Between the columns as well as beyond the last.
                let problem = Problem::ExtraCells { found: record.filled().max(self.width + 1), expected: self.width };
                found.push(Diagnostic::new(problem, Origin::row(self.file.clone(), line)).row(row.context()));
            }
            row.check_cells(&self.checks, found);
            each(&row, found);
        }
        count
    }

    /// The line on which a record starts, behind the blank lines before it.
    fn line(&mut self, record: &Record) -> u32 {
        let bytes = self.text.as_bytes();
        let mut start = record.start;
        while matches!(bytes.get(start), Some(b'\r' | b'\n')) {
            start += 1;
        }
        let (byte, line) = self.reached;
        let passed = memchr::memchr_iter(b'\n', &bytes[byte.min(start)..start]).count();
        self.reached = (start, line + passed as u32);
        self.reached.1
    }
}

impl Row<'_> {
    /// The text of a column, empty where the file has none; of a fixed list the word
    /// itself where the cell names it in Chinese.
    #[inline]
    pub(super) fn cell(&self, column: &str) -> &str {
        self.named.get(column).map_or("", |(kind, field)| kind.canonical(self.field(field)))
    }

    /// The word of a fixed list that a cell names; empty where it names none.
    #[inline]
    pub(super) fn word(&self, column: &str) -> &'static str {
        self.named.get(column).and_then(|(kind, field)| kind.find(self.field(field))).unwrap_or_default()
    }

    /// The text of a column as it stands.
    fn raw(&self, column: &str) -> &str {
        self.table.position(column).map_or("", |c| self.at(c))
    }

    fn at(&self, column: usize) -> &str {
        self.fields[column].map_or("", |field| self.field(field))
    }

    fn field(&self, field: usize) -> &str {
        let text = self.record.get(field).unwrap_or_default();
        if self.csv { restore(text) } else { text }
    }

    /// The place of a column in this row.
    pub(super) fn origin(&self, column: &str) -> Origin {
        Origin::row(self.file.clone(), self.line).column(column)
    }

    /// Header and content of all cells, for a message.
    pub(super) fn context(&self) -> Vec<(String, String)> {
        let cells = (0..self.table.columns.len()).filter_map(|i| {
            let header = self.header.get(self.fields[i]?)?;
            Some((header.to_owned(), self.at(i).to_owned()))
        });
        cells.collect()
    }

    /// The header of a column as the file has it, where it is not the machine key.
    fn header(&self, column: &str) -> Option<String> {
        let header = self.header.get(self.fields[self.table.position(column)?]?)?;
        (header != column).then(|| header.to_owned())
    }

    /// Reports a problem in a column of this row.
    pub(super) fn report(&self, found: &mut Diagnostics, column: &str, problem: Problem) {
        let diagnostic = Diagnostic::new(problem, self.origin(column)).found(self.raw(column)).row(self.context());
        found.push(Diagnostic { header: self.header(column), ..diagnostic });
    }

    /// Compulsory cells and fixed choices.
    fn check_cells(&self, checks: &[Check], found: &mut Diagnostics) {
        for Check { column, field, choices } in checks {
            let text = self.field(*field);
            if text.is_empty() {
                if column.required {
                    self.report(found, column.name, Problem::EmptyCell { column: column.name.to_owned() });
                }
            } else if let Some(choices) = choices
                && !choices.contains(&text)
                && !choices.contains(&column.kind.canonical(text))
            {
                let problem = Problem::BadChoice {
                    found: text.to_owned(),
                    choices: choices.join(", "),
                    nearest: super::refer::nearest_word(text, &column.kind.choices_zh()),
                };
                self.report(found, column.name, problem);
            }
        }
    }

    /// A number, if the cell holds one.
    #[inline]
    pub(super) fn number(&self, found: &mut Diagnostics, column: &str) -> Option<f64> {
        let text = self.cell(column);
        if text.is_empty() { None } else { self.parsed(found, column, text) }
    }

    fn parsed(&self, found: &mut Diagnostics, column: &str, text: &str) -> Option<f64> {
        let error = match parse_number(text) {
            Ok(value) => return Some(value),
            Err(error) => error,
        };
        self.report(found, column, Problem::number(text, error));
        None
    }

    /// A number that is not negative.
    #[inline]
    pub(super) fn amount(&self, found: &mut Diagnostics, column: &str) -> Option<f64> {
        let value = self.number(found, column)?;
        if value < 0.0 {
            self.report(found, column, Problem::NegativeQuantity { found: self.cell(column).to_owned() });
            return None;
        }
        Some(value)
    }

    /// A unit; an empty cell is reported as such.
    #[inline]
    pub(super) fn unit(&self, found: &mut Diagnostics, units: &mut Units, column: &str) -> Option<(Unit, Arc<str>)> {
        let text = self.cell(column);
        if text.is_empty() {
            self.report(found, column, Problem::EmptyCell { column: column.to_owned() });
            return None;
        }
        let error = match units.get(text) {
            Ok(unit) => return Some(unit),
            Err(error) => error,
        };
        self.report(found, column, Problem::unit(text, &error));
        None
    }

    /// A period, if the cell holds one.
    #[inline]
    pub(super) fn period(&self, found: &mut Diagnostics, column: &str) -> Option<Period> {
        let text = self.cell(column);
        if text.is_empty() {
            return None;
        }
        let period = Period::parse(text).ok();
        if period.is_none() {
            self.report(found, column, Problem::BadPeriod { found: text.to_owned() });
        }
        period
    }
}
