//! The sheet of settings: rows `key | value`, the keys of `park.toml`.
//!
//! A text cell is a text, a number cell a number, TRUE and FALSE are what they say. A
//! setting that takes a list has its items in one cell, joined by `;`; an item that
//! holds a semicolon or a quote stands in double quotes, quotes inside it doubled. A key without a
//! value is a setting that is not stated. Keys of sections are dotted: `section.key`.

use super::ISSUES_COLUMN;
use super::cells::{Area, Cell, Value, column_name};
use super::parts::Format;
use super::table::{self, merged, number_text, plain};
use crate::diagnostic::{Diagnostic, Diagnostics, Origin, Problem};
use crate::package::schema::SETTINGS;
use std::fmt::Write as _;

/// Headers of the key and of the value.
pub(super) const KEY: [&str; 2] = ["key", "键"];
/// See [`KEY`].
pub(in crate::package) const VALUE: [&str; 2] = ["value", "值"];

/// Headers of columns that explain the settings and are passed over.
const ASIDE: [&str; 9] = ["label", "名称", "meaning", "含义", "expected", "可填内容", "note", "备注", ISSUES_COLUMN];

/// Settings as text.
pub(super) struct Read {
    /// TOML, each setting on the line of its row.
    pub(super) text: String,
    pub(super) head: u32,
    /// Column of the values.
    pub(super) column: u32,
}

/// Reads the rows of the sheet.
pub(super) struct Reader<'d> {
    from_1904: bool,
    found: &'d mut Diagnostics,
    /// Row of the header, columns of key and value.
    head: Option<(u32, u32, u32)>,
    aside: Vec<u32>,
    text: String,
    line: u32,
}

const FILE: &str = "park.toml";

impl<'d> Reader<'d> {
    pub(super) fn new(from_1904: bool, found: &'d mut Diagnostics) -> Self {
        Self { from_1904, found, head: None, aside: Vec::new(), text: String::new(), line: 1 }
    }

    pub(super) fn row(&mut self, row: u32, cells: &[Cell]) {
        let named = |names: &[&str]| {
            let is = |c: &&Cell| names.iter().any(|n| n.eq_ignore_ascii_case(plain(&c.value, false).trim()));
            cells.iter().find(is).map(|c| c.column)
        };
        // A second header row, of machine keys, takes the place of the first.
        if let (Some(key), Some(value)) = (named(&KEY), named(&VALUE)) {
            self.head = Some((row, key, value));
            self.aside = self.other_columns(row, cells, key, value);
            return;
        }
        // Rows above the header are its labels.
        let Some((_, key_column, value_column)) = self.head else { return };
        let at = |column| cells.iter().find(|c| c.column == column).map(|c| &c.value);
        let place = |column: &str| Origin::row(FILE, row).column(column);
        let stray =
            cells.iter().find(|c| ![key_column, value_column].contains(&c.column) && !self.aside.contains(&c.column));
        if let Some(stray) = stray {
            let cell = format!("{}{row}", column_name(stray.column));
            let problem = Problem::ExtraCells { found: cells.len(), expected: 2 };
            self.found.push(Diagnostic { cell: Some(cell), ..Diagnostic::new(problem, Origin::row(FILE, row)) });
        }
        let (key, value) = match (at(key_column), at(value_column)) {
            (Some(key), Some(value)) => (plain(key, self.from_1904).trim().to_owned(), value),
            (None, Some(value)) => {
                let problem = Problem::EmptyCell { column: "key".to_owned() };
                self.found.push(Diagnostic::new(problem, place("key")).found(plain(value, self.from_1904)));
                return;
            }
            (_, None) => return,
        };
        match toml_value(&key, value, self.from_1904) {
            Ok(value) => self.line(row, &key, &value),
            Err(refusal) => {
                let cell = format!("{}{row}", column_name(value_column));
                let diagnostic = Diagnostic::new(refusal.named(cell), place(&key));
                self.found.push(diagnostic.found(plain(value, self.from_1904)));
                // The setting is stated, though nobody knows how.
                self.line(row, &key, "\"\"");
            }
        }
    }

    /// Writes a setting on the line of its row.
    fn line(&mut self, row: u32, key: &str, value: &str) {
        self.text.extend(std::iter::repeat_n('\n', (row - self.line) as usize));
        self.line = row;
        // Writing to a String cannot fail.
        let _ = write!(self.text, "{} = {value}", toml_key(key));
    }

    /// Columns of the header that explain; others are problems.
    fn other_columns(&mut self, row: u32, cells: &[Cell], key: u32, value: u32) -> Vec<u32> {
        let mut aside = Vec::new();
        for cell in cells.iter().filter(|c| c.column != key && c.column != value) {
            let header = plain(&cell.value, false).trim().to_owned();
            if !ASIDE.iter().any(|a| a.eq_ignore_ascii_case(&header)) {
                let problem = Problem::UnknownColumn { column: header.clone(), nearest: None };
                let place = Origin::row(FILE, row).column(header.as_str());
                self.found.push(Diagnostic::new(problem, place).found(header));
            }
            aside.push(cell.column);
        }
        aside
    }

    pub(super) fn finish(self, areas: &[Area]) -> Read {
        let (head, key, value) = self.head.unwrap_or((1, 0, 1));
        if self.head.is_none() {
            let problem = Problem::MissingColumn { column: "key".to_owned() };
            self.found.push(Diagnostic::new(problem, Origin::row(FILE, 1).column("key")));
        }
        merged(areas, FILE, (head, self.line), key.max(value), self.found);
        Read { text: self.text + "\n", head, column: value }
    }
}

/// Whether a setting holds a list.
fn is_list(key: &str) -> bool {
    SETTINGS.iter().any(|s| s.key == key && s.is_list())
}

/// The value of a setting in TOML.
fn toml_value(key: &str, value: &Value, from_1904: bool) -> Result<String, table::Refusal> {
    let list = is_list(key);
    let item = |text: String| if list { format!("[{text}]") } else { text };
    let words = SETTINGS.iter().any(|s| s.key == key && s.is_text());
    match value {
        Value::Text(text) if list => {
            let items: Vec<String> = split(text).iter().map(|i| toml_text(i)).collect();
            Ok(format!("[{}]", items.join(", ")))
        }
        Value::Text(text) => Ok(toml_text(text)),
        Value::Number(number, Format::Number | Format::Percent) => {
            let text = number_text(*number);
            Ok(item(if words { toml_text(&text) } else { text }))
        }
        Value::Bool(value) => Ok(item(value.to_string())),
        date => match table::month(date, from_1904) {
            Some(month) => Ok(item(toml_text(&month.to_string()))),
            None => table::read(value, None, from_1904).map(|text| toml_text(&text)),
        },
    }
}

/// A key of TOML, dotted where it names a section.
fn toml_key(key: &str) -> String {
    let bare = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b));
    if key.split('.').all(bare) { key.to_owned() } else { toml_text(key) }
}

/// A basic string of TOML, on one line.
fn toml_text(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// The items of a list in one cell.
fn split(text: &str) -> Vec<String> {
    let mut items = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let item;
        if let Some(quoted) = rest.strip_prefix('"') {
            let (mut value, mut chars) = (String::new(), quoted.char_indices().peekable());
            let mut end = quoted.len();
            while let Some((at, c)) = chars.next() {
                match (c, chars.peek()) {
                    ('"', Some((_, '"'))) => {
                        value.push('"');
                        chars.next();
                    }
                    ('"', _) => {
                        end = at + 1;
                        break;
                    }
                    _ => value.push(c),
                }
            }
            let behind = &quoted[end..];
            let (more, after) = behind.split_once([';', '；']).unwrap_or((behind, ""));
            value.push_str(more.trim());
            (item, rest) = (value, after);
        } else {
            let (plain, after) = rest.split_once([';', '；']).unwrap_or((rest, ""));
            (item, rest) = (plain.trim().to_owned(), after);
            if item.is_empty() {
                rest = rest.trim_start();
                continue;
            }
        }
        items.push(item);
        rest = rest.trim_start();
    }
    items
}

/// The items of a list as one cell; [`split`] takes them apart.
fn join(items: &[String]) -> String {
    let cell = |item: &String| {
        let plain = !item.is_empty() && item.trim() == item && !item.contains([';', '；', '"']);
        if plain { item.clone() } else { format!("\"{}\"", item.replace('"', "\"\"")) }
    };
    items.iter().map(cell).collect::<Vec<_>>().join("; ")
}

/// A setting as a cell.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Shown {
    Text(String),
    Number(f64),
    Bool(bool),
}

impl Shown {
    /// The cell as text.
    pub(super) fn text(self) -> String {
        match self {
            Self::Text(text) => text,
            Self::Number(number) => number_text(number),
            Self::Bool(value) => value.to_string(),
        }
    }
}

/// The settings of a `park.toml` as rows: key and cell, known keys in their order.
///
/// # Errors
/// The key of a setting that no cell can hold.
pub(super) fn rows(toml: &str) -> Result<Vec<(String, Shown)>, String> {
    let table: toml::Table = toml.parse().map_err(|e: toml::de::Error| e.message().to_owned())?;
    let mut list = Vec::new();
    flatten("", &table, &mut list)?;
    let place = |key: &str| SETTINGS.iter().position(|s| s.key == key).unwrap_or(SETTINGS.len());
    list.sort_by_key(|(key, _)| place(key));
    Ok(list)
}

fn flatten(prefix: &str, table: &toml::Table, list: &mut Vec<(String, Shown)>) -> Result<(), String> {
    for (key, value) in table {
        let name = format!("{prefix}{key}");
        let shown = match value {
            toml::Value::Table(inner) => {
                flatten(&format!("{name}."), inner, list)?;
                continue;
            }
            toml::Value::String(text) => Shown::Text(text.clone()),
            toml::Value::Integer(i) if i.unsigned_abs() < 1 << 53 => Shown::Number(*i as f64),
            toml::Value::Float(f) if f.is_finite() => Shown::Number(*f),
            toml::Value::Boolean(b) => Shown::Bool(*b),
            toml::Value::Array(items) if is_list(&name) => {
                let words = items.iter().map(|i| match i {
                    toml::Value::String(text) => Ok(text.clone()),
                    toml::Value::Integer(i) => Ok(i.to_string()),
                    toml::Value::Float(f) => Ok(f.to_string()),
                    _ => Err(name.clone()),
                });
                Shown::Text(join(&words.collect::<Result<Vec<_>, _>>()?))
            }
            _ => return Err(name),
        };
        list.push((name, shown));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_stand_in_one_cell() {
        let lists: [&[&str]; 5] = [&["a"], &["a", "b c"], &["a; b", "say \"x\"", " c "], &["", "x"], &["中；文", "\""]];
        for list in lists {
            let list: Vec<String> = list.iter().map(|&s| s.to_owned()).collect();
            assert_eq!(split(&join(&list)), list);
        }
        assert_eq!(split(" cn_grid；ipcc_2006 ; "), ["cn_grid", "ipcc_2006"]);
        assert_eq!(split("\"open; x"), ["open; x"]);
    }

    #[test]
    fn texts_stand_on_one_line() {
        for text in ["a", "two\nlines\ttab", "quote \" and \\", "控制\u{7}", ""] {
            let parsed: toml::Table = format!("k = {}", toml_text(text)).parse().unwrap_or_default();
            assert_eq!(parsed.get("k").and_then(toml::Value::as_str), Some(text));
        }
    }
}
