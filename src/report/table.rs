//! The neutral table.

use crate::package::neutralize;
use serde_json::{Map, Value};
use unicode_width::UnicodeWidthStr;

/// How a column stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

/// A column: machine key, heading, alignment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Key in CSV and JSON.
    pub key: &'static str,
    /// Heading for people.
    pub title: String,
    /// Alignment.
    pub align: Align,
}

/// A cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Words.
    Text(String),
    /// A number, shown with so many decimals.
    Number(f64, usize),
    /// Nothing to show.
    Empty,
    /// A number that does not exist, and how that is said.
    NotAvailable,
}

impl Cell {
    /// A number that may not exist.
    #[must_use]
    pub fn maybe(value: Option<f64>, decimals: usize) -> Self {
        value.map_or(Self::NotAvailable, |v| Self::Number(v, decimals))
    }

    fn text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Number(value, decimals) => grouped(*value, *decimals),
            Self::Empty => String::new(),
            Self::NotAvailable => "n/a".to_owned(),
        }
    }

    /// The cell as a program reads it: numbers in full precision.
    fn plain(&self) -> String {
        match self {
            Self::Text(text) => neutralize(text),
            Self::Number(value, _) => value.to_string(),
            Self::Empty | Self::NotAvailable => String::new(),
        }
    }

    fn json(&self) -> Value {
        match self {
            Self::Text(text) => Value::String(text.clone()),
            Self::Number(value, _) => Value::from(*value),
            Self::Empty | Self::NotAvailable => Value::Null,
        }
    }
}

/// A titled table.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Title.
    pub title: String,
    /// Columns.
    pub columns: Vec<Column>,
    /// Rows; each has as many cells as there are columns.
    pub rows: Vec<Vec<Cell>>,
}

impl Table {
    /// An empty table; a heading that starts with `>` is a column of numbers.
    #[must_use]
    pub fn new(title: impl Into<String>, columns: &[(&'static str, &str)]) -> Self {
        let columns = columns.iter().map(|&(key, title)| match title.strip_prefix('>') {
            Some(title) => Column { key, title: title.to_owned(), align: Align::Right },
            None => Column { key, title: title.to_owned(), align: Align::Left },
        });
        Self { title: title.into(), columns: columns.collect(), rows: Vec::new() }
    }

    /// Adds a column of numbers.
    pub fn number_column(&mut self, key: &'static str, title: impl Into<String>) {
        self.columns.push(Column { key, title: title.into(), align: Align::Right });
    }

    /// The table as aligned text for a terminal.
    #[must_use]
    pub fn to_text(&self) -> String {
        let body: Vec<Vec<String>> = self.rows.iter().map(|r| r.iter().map(Cell::text).collect()).collect();
        let width = |i: usize| {
            let cells = body.iter().filter_map(|r| r.get(i)).map(|c| c.width());
            cells.chain([self.columns[i].title.width()]).max().unwrap_or_default()
        };
        let widths: Vec<usize> = (0..self.columns.len()).map(width).collect();
        let line = |cells: &[String]| {
            let padded = cells.iter().zip(&self.columns).zip(&widths).map(|((cell, column), &width)| {
                let gap = " ".repeat(width.saturating_sub(cell.width()));
                match column.align {
                    Align::Left => format!("{cell}{gap}"),
                    Align::Right => format!("{gap}{cell}"),
                }
            });
            padded.collect::<Vec<_>>().join("  ").trim_end().to_owned()
        };
        let head: Vec<String> = self.columns.iter().map(|c| c.title.clone()).collect();
        let rule = widths.iter().map(|&w| "─".repeat(w)).collect::<Vec<_>>().join("  ");
        let mut out = vec![self.title.clone(), line(&head), rule];
        out.extend(body.iter().map(|r| line(r)));
        out.join("\n") + "\n"
    }

    /// The table as CSV with a byte-order mark, so that Excel reads it as UTF-8.
    /// Text that a spreadsheet would take for a formula is neutralized.
    #[must_use]
    pub fn to_csv(&self) -> Vec<u8> {
        let mut writer = csv::Writer::from_writer(vec![0xEF, 0xBB, 0xBF]);
        // Writing into memory cannot fail.
        let _ = writer.write_record(self.columns.iter().map(|c| c.key));
        let mut bytes = writer.into_inner().unwrap_or_default();
        bytes.extend(self.csv_rows());
        bytes
    }

    /// The rows as CSV without a header, to be put behind those of another table.
    #[must_use]
    pub fn csv_rows(&self) -> Vec<u8> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        for row in &self.rows {
            let _ = writer.write_record(row.iter().map(Cell::plain));
        }
        writer.into_inner().unwrap_or_default()
    }

    /// The rows as JSON objects.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let rows = self.rows.iter().map(|row| {
            let fields = self.columns.iter().zip(row).map(|(c, cell)| (c.key.to_owned(), cell.json()));
            Value::Object(fields.collect::<Map<_, _>>())
        });
        Value::Array(rows.collect())
    }
}

/// `8,718,255.9`.
pub(super) fn grouped(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    // A value that rounds to zero is not minus zero.
    let negative = text.starts_with('-') && text.bytes().any(|b| (b'1'..=b'9').contains(&b));
    let plain = text.trim_start_matches('-');
    let (whole, fraction) = plain.split_once('.').map_or((plain, None), |(w, f)| (w, Some(f)));
    let mut out = String::new();
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    if let Some(fraction) = fraction {
        out.push('.');
        out.push_str(fraction);
    }
    if negative { format!("-{out}") } else { out }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_and_numbers_align() {
        let mut table = Table::new("表", &[("a", "企业"), ("b", ">t")]);
        table.rows.push(vec![Cell::Text("滨海".into()), Cell::Number(1234.5, 1)]);
        table.rows.push(vec![Cell::Text("E2".into()), Cell::NotAvailable]);
        assert_eq!(table.to_text(), "表\n企业        t\n────  ───────\n滨海  1,234.5\nE2        n/a\n");
    }

    #[test]
    fn digits_are_grouped() {
        assert_eq!(grouped(8_718_255.9, 1), "8,718,255.9");
        assert_eq!(grouped(-0.04, 1), "0.0");
        assert_eq!(grouped(-1234.0, 0), "-1,234");
        assert_eq!(grouped(999.0, 0), "999");
    }
}
