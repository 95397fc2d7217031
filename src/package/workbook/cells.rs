//! The cells of a sheet as a stream of rows (ECMA-376 part 1, section 18.3).

use super::Fault;
use super::archive::{Archive, damaged};
use super::parts::{Contents, Format, attribute, fault, rich_text, text, unescape, xml};
use crate::diagnostic::{Problem, Words};
use quick_xml::events::{BytesStart, Event};
use std::borrow::Cow;

/// The content of a cell.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value<'s> {
    Text(Cow<'s, str>),
    Number(f64, Format),
    Bool(bool),
    /// `#REF!` and the like.
    Error(String),
    /// A date written as text of ISO 8601.
    Date(String),
    /// A formula without a cached value.
    Uncomputed,
}

/// A filled cell of a row.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Cell<'s> {
    /// Column, counted from 0.
    pub(super) column: u32,
    pub(super) value: Value<'s>,
}

/// A rectangle of cells; rows count from 1, columns from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Area {
    pub(super) first: (u32, u32),
    pub(super) last: (u32, u32),
}

/// Merged areas that are kept: one is enough for a message.
const AREAS: usize = 1000;

/// `A`, `Z`, `AA` ...
pub(super) fn column_name(column: u32) -> String {
    let (mut rest, mut name) = (column + 1, Vec::new());
    while rest > 0 {
        name.push(b'A' + ((rest - 1) % 26) as u8);
        rest = (rest - 1) / 26;
    }
    name.iter().rev().map(|&b| char::from(b)).collect()
}

/// Column from 0 and row from 1 of a reference such as `C3` or `$C$3`.
fn position(reference: &str) -> Option<(u32, u32)> {
    let plain = reference.strip_prefix('$').unwrap_or(reference);
    let letters = plain.bytes().take_while(u8::is_ascii_alphabetic).count();
    if letters == 0 || letters > 3 {
        return None;
    }
    let (letters, digits) = plain.split_at(letters);
    let column = letters.bytes().fold(0, |n, b| n * 26 + u32::from(b.to_ascii_uppercase() - b'A') + 1);
    let row = digits.strip_prefix('$').unwrap_or(digits).parse().ok().filter(|&row| row > 0)?;
    Some((column - 1, row))
}

fn area(reference: &str) -> Option<Area> {
    let (first, last) = reference.split_once(':').unwrap_or((reference, reference));
    let ((left, top), (right, bottom)) = (position(first)?, position(last)?);
    Some(Area { first: (top.min(bottom), left.min(right)), last: (top.max(bottom), left.max(right)) })
}

/// Calls `each` for every row with a filled cell, in order, and returns the merged
/// areas. `count` goes on over the sheets of a workbook.
pub(super) fn sheet<'s>(
    archive: &mut Archive,
    part: &str,
    contents: &'s Contents,
    count: &mut u64,
    mut each: impl FnMut(u32, &mut Vec<Cell<'s>>) -> Result<(), Fault>,
) -> Result<Vec<Area>, Fault> {
    let limits = archive.limits;
    let part = archive.part(part)?.ok_or_else(|| damaged(format!("no part {part}")))?;
    let (mut xml, mut buffer, mut areas, mut cells) = (xml(part), Vec::new(), Vec::new(), Vec::new());
    let (mut row, mut column, mut data) = (0_u32, 0_u32, false);
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer).map_err(fault)? {
            Event::Start(e) => match e.local_name().as_ref() {
                "sheetData" => data = true,
                "row" => {
                    let next = Head::of(&e)?.row.unwrap_or(row.saturating_add(1));
                    if next <= row {
                        return Err(damaged(format!("row {next} stands behind row {row}")));
                    }
                    if next > limits.rows {
                        return Err(too_many("rows", "行", u64::from(next), u64::from(limits.rows)));
                    }
                    (row, column) = (next, 0);
                }
                "c" if data => {
                    let head = Head::of(&e)?;
                    let stated = head.position;
                    let at = stated.map_or(column, |(column, _)| column);
                    if at < column || stated.is_some_and(|(_, r)| r != row) || row == 0 {
                        return Err(damaged(format!("cells of row {row} out of order")));
                    }
                    if at >= limits.columns {
                        return Err(too_many("columns", "列", u64::from(at) + 1, u64::from(limits.columns)));
                    }
                    column = at + 1;
                    if let Some(value) = head.read(&mut xml, &mut buffer, contents)? {
                        *count += 1;
                        if *count > limits.cells {
                            return Err(too_many("filled cells", "个已填单元格", *count, limits.cells));
                        }
                        cells.push(Cell { column: at, value });
                    }
                }
                "mergeCell" if areas.len() < AREAS => {
                    let reference = attribute(&e, "ref")?.unwrap_or_default();
                    areas.push(area(&reference).ok_or_else(|| damaged(reference))?);
                }
                _ => {}
            },
            Event::End(e) => match e.local_name().as_ref() {
                "row" if !cells.is_empty() => {
                    each(row, &mut cells)?;
                    cells.clear();
                }
                "sheetData" => data = false,
                _ => {}
            },
            Event::Eof => return Ok(areas),
            _ => {}
        }
    }
}

pub(super) fn too_many(en: &str, zh: &str, found: u64, limit: u64) -> Fault {
    Box::new(Problem::TooManyCells { what: Words::new(en, zh), found, limit })
}

/// What the attributes of a row or cell say, read in one pass and without a copy: there
/// may be millions of them.
#[derive(Default)]
struct Head {
    /// Of a row.
    row: Option<u32>,
    /// Of a cell: column and row.
    position: Option<(u32, u32)>,
    style: usize,
    kind: Kind,
}

/// Type of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Kind {
    #[default]
    Number,
    Shared,
    Inline,
    FormulaText,
    Bool,
    Error,
    Date,
}

impl Head {
    fn of(element: &BytesStart) -> Result<Self, Fault> {
        let mut head = Self::default();
        for attribute in element.attributes().with_checks(false) {
            let attribute = attribute.map_err(damaged)?;
            let value = &*attribute.value;
            match attribute.key.as_ref() {
                "r" if value.starts_with(|c: char| c.is_ascii_digit()) => {
                    head.row = Some(value.parse().map_err(damaged)?);
                }
                "r" => head.position = Some(position(value).ok_or_else(|| damaged(value))?),
                "s" => head.style = value.parse().unwrap_or_default(),
                "t" => {
                    head.kind = match value {
                        "s" => Kind::Shared,
                        "inlineStr" => Kind::Inline,
                        "str" => Kind::FormulaText,
                        "b" => Kind::Bool,
                        "e" => Kind::Error,
                        "d" => Kind::Date,
                        _ => Kind::Number,
                    };
                }
                _ => {}
            }
        }
        Ok(head)
    }

    /// Reads a cell to its end; `None` when there is nothing in it.
    fn read<'s>(
        &self,
        xml: &mut super::parts::Xml,
        buffer: &mut Vec<u8>,
        contents: &'s Contents,
    ) -> Result<Option<Value<'s>>, Fault> {
        let (mut formula, mut value, mut inline) = (false, None, None);
        loop {
            buffer.clear();
            match xml.read_event_into(buffer).map_err(fault)? {
                Event::Start(e) => {
                    let name = match e.local_name().as_ref() {
                        "is" => Some(true),
                        "v" => Some(false),
                        other => {
                            formula |= other == "f";
                            None
                        }
                    };
                    let mut found = String::new();
                    match name {
                        Some(true) => {
                            rich_text(xml, buffer, &mut found)?;
                            inline = Some(found);
                        }
                        Some(false) => {
                            text(xml, buffer, &mut found)?;
                            value = Some(found);
                        }
                        None => text(xml, buffer, &mut found)?,
                    }
                }
                Event::End(_) => break,
                Event::Eof => return Err(damaged("a sheet ends too early")),
                _ => {}
            }
        }
        if let (Some(text), Kind::Inline) = (inline, self.kind) {
            return Ok(filled(text.into()));
        }
        // The text of a formula may be empty; a number may not.
        let value = value.filter(|v| !v.is_empty() || self.kind == Kind::FormulaText);
        let Some(value) = value else { return Ok(formula.then_some(Value::Uncomputed)) };
        Ok(match self.kind {
            Kind::Shared => {
                let index = value.trim().parse().map_err(damaged)?;
                let text = contents.strings.get(index).ok_or_else(|| damaged("a shared string is missing"))?;
                filled(text.into())
            }
            Kind::FormulaText => {
                let mut text = String::new();
                unescape(&value, &mut text);
                filled(text.into())
            }
            Kind::Bool => Some(Value::Bool(matches!(value.trim(), "1" | "true"))),
            Kind::Error => Some(Value::Error(value)),
            Kind::Date => Some(Value::Date(value)),
            Kind::Number | Kind::Inline => match value.trim().parse::<f64>() {
                Ok(number) if number.is_finite() => {
                    let format = contents.formats.get(self.style).copied().unwrap_or(Format::Number);
                    Some(Value::Number(number, format))
                }
                _ => filled(value.into()),
            },
        })
    }
}

fn filled(text: Cow<str>) -> Option<Value> {
    (!text.trim().is_empty()).then_some(Value::Text(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_read_and_written() {
        assert_eq!(position("A1"), Some((0, 1)));
        assert_eq!(position("$XFD$1048576"), Some((16383, 1_048_576)));
        for bad in ["", "A", "1", "A0", "AAAA1", "A-1", "年1"] {
            assert_eq!(position(bad), None, "{bad}");
        }
        for column in [0, 25, 26, 701, 702, 16383] {
            assert_eq!(position(&format!("{}9", column_name(column))), Some((column, 9)));
        }
        assert_eq!(area("C2:A1"), Some(Area { first: (1, 0), last: (2, 2) }));
    }
}
