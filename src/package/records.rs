//! The records of a CSV text.
//!
//! `csv-core`, the automaton inside the `csv` crate, finds the fields where there are quotes; a line without one is
//! cut at its commas. What the `csv` crate adds (input from anywhere, each field checked for UTF-8, an automaton built
//! for every file) a text in memory can do without.

use csv_core::{ReadRecordResult, Reader};
use std::cell::Cell;
use std::ops::Range;

thread_local! {
    /// An automaton at rest: to build one takes as long as to read a few hundred rows.
    static SPARE: Cell<Option<Box<Reader>>> = const { Cell::new(None) };
}

/// The records of a text, one after another.
pub(super) struct Records<'t> {
    text: &'t str,
    /// Byte up to which the text has been read.
    reached: usize,
    /// There until the records are dropped.
    reader: Option<Box<Reader>>,
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

/// One record: its cells without the space around them.
#[derive(Debug, Clone, Default)]
pub(super) struct Record {
    text: String,
    cells: Vec<Range<usize>>,
    /// Byte of the whole text at which the record starts, or the blank lines before it.
    pub(super) start: usize,
}

impl<'t> Records<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let mut reader = SPARE.take().unwrap_or_else(|| Box::new(Reader::new()));
        reader.reset();
        Self { text, reached: 0, reader: Some(reader), bytes: vec![0; 256], ends: vec![0; 32] }
    }

    /// Reads the next record; says whether there was one.
    pub(super) fn read(&mut self, record: &mut Record) -> bool {
        // The automaton takes the first record, with the mark before it that says UTF-8.
        if self.reached > 0 && self.read_plain(record) {
            return true;
        }
        let Some(reader) = &mut self.reader else { return false };
        record.start = self.reached;
        let (mut filled, mut fields) = (0, 0);
        loop {
            let rest = &self.text.as_bytes()[self.reached..];
            let (result, read, written, ended) =
                reader.read_record(rest, &mut self.bytes[filled..], &mut self.ends[fields..]);
            self.reached += read;
            filled += written;
            fields += ended;
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull => self.bytes.resize(2 * self.bytes.len(), 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(2 * self.ends.len(), 0),
                ReadRecordResult::Record => break,
                ReadRecordResult::End => return false,
            }
        }
        // invariant: parts of a text cut at ASCII characters are text.
        let text = std::str::from_utf8(&self.bytes[..filled]).unwrap_or_default();
        record.fill(text, self.ends[..fields].iter().copied(), 0);
        true
    }

    /// Reads the next record if it is a line without a quote.
    fn read_plain(&mut self, record: &mut Record) -> bool {
        let rest = &self.text[self.reached..];
        let line = rest.trim_start_matches(['\r', '\n']);
        let end = memchr::memchr3(b'\r', b'\n', b'"', line.as_bytes()).unwrap_or(line.len());
        if end == 0 || line.as_bytes().get(end) == Some(&b'"') {
            return false;
        }
        record.start = self.reached;
        self.reached += (rest.len() - line.len()) + end;
        let line = &line[..end];
        let commas = memchr::memchr_iter(b',', line.as_bytes());
        record.fill(line, commas.chain([line.len()]), 1);
        true
    }
}

impl Drop for Records<'_> {
    fn drop(&mut self) {
        SPARE.set(self.reader.take());
    }
}

impl Record {
    /// Takes over a text whose fields end at `ends`, with so many bytes between two fields.
    fn fill(&mut self, text: &str, ends: impl Iterator<Item = usize>, between: usize) {
        self.text.clear();
        self.text.push_str(text);
        self.cells.clear();
        let mut start = 0;
        for end in ends {
            self.cells.push(trimmed(text, start..end));
            start = end + between;
        }
    }

    /// The cell of a field, if the record has it.
    #[inline]
    pub(super) fn get(&self, field: usize) -> Option<&str> {
        self.text.get(self.cells.get(field)?.clone())
    }

    /// Number of cells.
    pub(super) fn len(&self) -> usize {
        self.cells.len()
    }

    /// All cells in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        self.cells.iter().map(|cell| self.text.get(cell.clone()).unwrap_or_default())
    }

    /// Number of cells up to the last one that is not empty.
    pub(super) fn filled(&self) -> usize {
        self.cells.iter().rposition(|cell| !cell.is_empty()).map_or(0, |last| last + 1)
    }

    /// Whether any cell runs over several lines.
    pub(super) fn has_break(&self) -> bool {
        memchr::memchr(b'\n', self.text.as_bytes()).is_some()
    }
}

/// A cell without the space around it; one look at both ends tells of nearly every cell
/// that there is none.
fn trimmed(text: &str, cell: Range<usize>) -> Range<usize> {
    let bytes = &text.as_bytes()[cell.clone()];
    let may_be_space = |byte: Option<&u8>| byte.is_some_and(|b| !b.is_ascii_graphic());
    if !may_be_space(bytes.first()) && !may_be_space(bytes.last()) {
        return cell;
    }
    let whole = text.get(cell.clone()).unwrap_or_default();
    let start = cell.start + whole.len() - whole.trim_start().len();
    start..start + whole.trim().len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn all(text: &str) -> Vec<Vec<String>> {
        let (mut records, mut record, mut all) = (Records::new(text), Record::default(), Vec::new());
        while records.read(&mut record) {
            all.push(record.iter().map(str::to_owned).collect());
        }
        all
    }

    /// The same by the `csv` crate.
    fn expected(text: &str) -> Vec<Vec<String>> {
        let mut builder = csv::ReaderBuilder::new();
        let mut reader = builder.has_headers(false).flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
        reader.records().filter_map(Result::ok).map(|r| r.iter().map(str::to_owned).collect()).collect()
    }

    #[test]
    fn long_records_are_those_of_the_csv_crate() {
        let text = format!("{},\"{}\"\n{}x", "é".repeat(400), "a\"\"b".repeat(300), ",".repeat(100));
        assert_eq!(all(&text), expected(&text));
    }

    proptest! {
        #[test]
        fn records_are_those_of_the_csv_crate(text in "\u{feff}?[ab煤,\"\n\r\t\u{3000} ]{0,60}") {
            prop_assert_eq!(all(&text), expected(&text));
        }
    }
}
