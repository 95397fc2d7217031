//! The parts beside the sheets: relationships, list of sheets, shared strings, number
//! formats (ECMA-376 part 1, sections 9.2, 18.2, 18.4 and 18.8).

use super::Fault;
use super::archive::{Archive, Exhausted, Part, damaged};
use crate::diagnostic::Problem;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use std::collections::HashMap;
use std::io::BufReader;

pub(super) type Xml<'a, 'b> = Reader<BufReader<Part<'a, 'b>>>;

/// A stream of XML events over a part.
pub(super) fn xml<'a, 'b>(part: BufReader<Part<'a, 'b>>) -> Xml<'a, 'b> {
    let mut reader = Reader::from_reader(part);
    reader.config_mut().expand_empty_elements = true;
    reader
}

/// What is wrong with a part that cannot be parsed.
#[allow(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
pub(super) fn fault(error: quick_xml::Error) -> Fault {
    if let quick_xml::Error::Io(io) = &error
        && io.get_ref().is_some_and(<dyn std::error::Error + Send + Sync>::is::<Exhausted>)
    {
        let limit = super::archive::LIMITS.unpacked;
        return Box::new(Problem::UnpackedTooLarge { bytes: limit + 1, limit });
    }
    damaged(error)
}

/// An attribute by its local name (`id` also finds `r:id`), its entities resolved.
pub(super) fn attribute(element: &BytesStart, local: &str) -> Result<Option<String>, Fault> {
    for attribute in element.attributes().with_checks(false) {
        let attribute = attribute.map_err(damaged)?;
        if attribute.key.local_name().as_ref() == local {
            return Ok(Some(attribute.normalized_value(XmlVersion::Implicit1_0).map_err(fault)?.into_owned()));
        }
    }
    Ok(None)
}

/// Adds the character that an entity stands for. Entities of a DTD do not exist here.
pub(super) fn resolve(entity: &BytesRef, text: &mut String) -> Result<(), Fault> {
    if let Some(c) = entity.resolve_char_ref().map_err(fault)? {
        text.push(c);
        return Ok(());
    }
    text.push(match &**entity {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        name => return Err(damaged(format!("unknown entity {name}"))),
    });
    Ok(())
}

/// Adds the text up to the end of the element that was just opened.
pub(super) fn text(xml: &mut Xml, buffer: &mut Vec<u8>, text: &mut String) -> Result<(), Fault> {
    let mut depth = 0;
    loop {
        buffer.clear();
        match xml.read_event_into(buffer).map_err(fault)? {
            Event::Text(t) => text.push_str(&t.xml10_content()),
            Event::CData(t) => text.push_str(&t.xml10_content()),
            Event::GeneralRef(entity) => resolve(&entity, text)?,
            Event::Start(_) => depth += 1,
            Event::End(_) if depth == 0 => return Ok(()),
            Event::End(_) => depth -= 1,
            Event::Eof => return Err(damaged("a part ends too early")),
            _ => {}
        }
    }
}

/// Adds the text of an element that holds `t` elements, plain or in runs; phonetic
/// guides (`rPh`) are no part of it.
pub(super) fn rich_text(xml: &mut Xml, buffer: &mut Vec<u8>, out: &mut String) -> Result<(), Fault> {
    let (mut depth, mut phonetic) = (0, None);
    loop {
        buffer.clear();
        match xml.read_event_into(buffer).map_err(fault)? {
            Event::Start(e) => match e.local_name().as_ref() {
                "t" if phonetic.is_none() => {
                    let mut raw = String::new();
                    text(xml, buffer, &mut raw)?;
                    unescape(&raw, out);
                }
                name => {
                    if name == "rPh" && phonetic.is_none() {
                        phonetic = Some(depth);
                    }
                    depth += 1;
                }
            },
            Event::End(_) if depth == 0 => return Ok(()),
            Event::End(_) => {
                depth -= 1;
                phonetic = phonetic.filter(|&p| p != depth);
            }
            Event::Eof => return Err(damaged("a part ends too early")),
            _ => {}
        }
    }
}

/// Resolves the escapes `_xHHHH_` by which Excel writes characters that XML cannot hold.
pub(super) fn unescape(raw: &str, out: &mut String) {
    let mut rest = raw;
    while let Some(at) = rest.find("_x") {
        let code = rest.get(at + 2..at + 6).filter(|_| rest.as_bytes().get(at + 6) == Some(&b'_'));
        let code = code.filter(|c| c.bytes().all(|b| b.is_ascii_hexdigit()));
        if let Some(c) = code.and_then(|c| u32::from_str_radix(c, 16).ok()).and_then(char::from_u32) {
            out.push_str(&rest[..at]);
            out.push(c);
            rest = &rest[at + 7..];
        } else {
            out.push_str(&rest[..at + 2]);
            rest = &rest[at + 2..];
        }
    }
    out.push_str(rest);
}

/// A relationship of a part.
struct Relation {
    id: String,
    kind: String,
    target: String,
}

fn relations(archive: &mut Archive, name: &str) -> Result<Vec<Relation>, Fault> {
    let Some(part) = archive.part(name)? else { return Ok(Vec::new()) };
    let (mut xml, mut buffer, mut list) = (xml(part), Vec::new(), Vec::new());
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer).map_err(fault)? {
            Event::Start(e) if e.local_name().as_ref() == "Relationship" => {
                let get = |name| attribute(&e, name).map(Option::unwrap_or_default);
                list.push(Relation { id: get("Id")?, kind: get("Type")?, target: get("Target")? });
            }
            Event::Eof => return Ok(list),
            _ => {}
        }
    }
}

/// The name of a part that another in `folder` points to.
fn part_name(folder: &str, target: &str) -> String {
    let whole = target.strip_prefix('/').map_or_else(|| format!("{folder}/{target}"), str::to_owned);
    let mut parts: Vec<&str> = Vec::new();
    for part in whole.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            name => parts.push(name),
        }
    }
    parts.join("/")
}

/// What a number format makes of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Number,
    Date,
    Percent,
}

/// The strings that cells share, in one piece.
#[derive(Default)]
pub(super) struct Strings {
    text: String,
    ends: Vec<u32>,
}

impl Strings {
    pub(super) fn get(&self, index: usize) -> Option<&str> {
        let end = *self.ends.get(index)? as usize;
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        self.text.get(start..end)
    }
}

/// A workbook without the cells of its sheets.
pub(super) struct Contents {
    /// Name and part of each sheet, in order.
    pub(super) sheets: Vec<(String, String)>,
    pub(super) strings: Strings,
    /// Number format of each cell style.
    pub(super) formats: Vec<Format>,
    /// Whether dates count from 1904.
    pub(super) from_1904: bool,
}

/// Reads everything but the sheets.
pub(super) fn contents(archive: &mut Archive) -> Result<Contents, Fault> {
    let root = relations(archive, "_rels/.rels")?;
    let main = root.iter().find(|r| r.kind.ends_with("/officeDocument"));
    let main = part_name("", main.map_or("xl/workbook.xml", |r| &r.target));
    let (folder, file) = main.rsplit_once('/').unwrap_or(("", &main));
    let relations = relations(archive, &part_name(folder, &format!("_rels/{file}.rels")))?;
    let of_kind = |kind: &str| relations.iter().find(|r| r.kind.ends_with(kind)).map(|r| part_name(folder, &r.target));
    let (list, from_1904) = workbook(archive, &main)?;
    let targets: HashMap<&str, &str> = relations.iter().map(|r| (r.id.as_str(), r.target.as_str())).collect();
    let mut sheets = Vec::new();
    for (name, id) in list {
        let target = targets.get(id.as_str()).ok_or_else(|| damaged(format!("no part of sheet {name}")))?;
        sheets.push((name, part_name(folder, target)));
    }
    let strings = of_kind("/sharedStrings").map(|name| strings(archive, &name)).transpose()?.unwrap_or_default();
    let formats = of_kind("/styles").map(|name| formats(archive, &name)).transpose()?.unwrap_or_default();
    Ok(Contents { sheets, strings, formats, from_1904 })
}

/// Name and relation of each sheet, and whether dates count from 1904.
fn workbook(archive: &mut Archive, name: &str) -> Result<(Vec<(String, String)>, bool), Fault> {
    let limit = archive.limits.sheets;
    let part = archive.part(name)?.ok_or_else(|| damaged("no list of sheets"))?;
    let (mut xml, mut buffer, mut list, mut from_1904) = (xml(part), Vec::new(), Vec::new(), false);
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer).map_err(fault)? {
            Event::Start(e) if e.local_name().as_ref() == "workbookPr" => {
                from_1904 = attribute(&e, "date1904")?.is_some_and(|v| v == "1" || v == "true");
            }
            Event::Start(e) if e.local_name().as_ref() == "sheet" => {
                let name = attribute(&e, "name")?.unwrap_or_default();
                list.push((name, attribute(&e, "id")?.unwrap_or_default()));
                if list.len() > limit {
                    return Err(Box::new(Problem::TooManySheets { limit }));
                }
            }
            Event::Eof if list.is_empty() => return Err(damaged("no sheets")),
            Event::Eof => return Ok((list, from_1904)),
            _ => {}
        }
    }
}

/// The shared strings. The counts that the part states are not believed.
fn strings(archive: &mut Archive, name: &str) -> Result<Strings, Fault> {
    let part = archive.part(name)?.ok_or_else(|| damaged("no shared strings"))?;
    let (mut xml, mut buffer, mut strings) = (xml(part), Vec::new(), Strings::default());
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer).map_err(fault)? {
            Event::Start(e) if e.local_name().as_ref() == "si" => {
                rich_text(&mut xml, &mut buffer, &mut strings.text)?;
                let end = u32::try_from(strings.text.len()).map_err(damaged)?;
                strings.ends.push(end);
            }
            Event::Eof => return Ok(strings),
            _ => {}
        }
    }
}

/// The number format of each cell style.
fn formats(archive: &mut Archive, name: &str) -> Result<Vec<Format>, Fault> {
    let Some(part) = archive.part(name)? else { return Ok(Vec::new()) };
    let (mut xml, mut buffer) = (xml(part), Vec::new());
    let (mut own, mut list, mut inside) = (HashMap::new(), Vec::new(), false);
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer).map_err(fault)? {
            Event::Start(e) => match e.local_name().as_ref() {
                "numFmt" => {
                    let code = attribute(&e, "formatCode")?.unwrap_or_default();
                    own.insert(attribute(&e, "numFmtId")?.unwrap_or_default(), format_of(&code));
                }
                "cellXfs" => inside = true,
                "xf" if inside => {
                    let id = attribute(&e, "numFmtId")?.unwrap_or_default();
                    let builtin = || builtin_format(id.parse().unwrap_or_default());
                    list.push(own.get(&id).copied().unwrap_or_else(builtin));
                }
                _ => {}
            },
            Event::End(e) if e.local_name().as_ref() == "cellXfs" => inside = false,
            Event::Eof => return Ok(list),
            _ => {}
        }
    }
}

/// Number formats that need no code (ECMA-376 part 1, 18.8.30, Chinese ones included).
fn builtin_format(id: u32) -> Format {
    match id {
        9 | 10 => Format::Percent,
        14..=22 | 27..=36 | 45..=47 | 50..=58 => Format::Date,
        _ => Format::Number,
    }
}

/// What a format code makes of a number: date letters or a per-cent sign outside
/// quotes, brackets and escapes decide.
fn format_of(code: &str) -> Format {
    let (mut quoted, mut bracket) = (false, false);
    let mut chars = code.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => quoted = !quoted,
            _ if quoted => {}
            '\\' | '_' | '*' => drop(chars.next()),
            '[' => bracket = true,
            ']' => bracket = false,
            _ if bracket => {}
            // `General` has none of the letters below; only the first section counts.
            ';' => break,
            '%' => return Format::Percent,
            'y' | 'Y' | 'm' | 'M' | 'd' | 'D' | 'h' | 'H' | 's' | 'S' => return Format::Date,
            _ => {}
        }
    }
    Format::Number
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_tell_dates_from_numbers() {
        for date in ["yyyy\\-mm", "[$-804]yyyy\"年\"m\"月\"", "d/m/yy", "[h]:mm", "yyyy/m/d;@"] {
            assert_eq!(format_of(date), Format::Date, "{date}");
        }
        for number in ["General", "0.00E+00", "#,##0.0\" month\"", "0.0\\d", "[Red]0;m"] {
            assert_eq!(format_of(number), Format::Number, "{number}");
        }
        assert_eq!(format_of("0.0%"), Format::Percent);
    }

    #[test]
    fn names_of_parts_stay_inside() {
        assert_eq!(part_name("xl", "worksheets/sheet1.xml"), "xl/worksheets/sheet1.xml");
        assert_eq!(part_name("xl", "/xl/./a/../b.xml"), "xl/b.xml");
        assert_eq!(part_name("xl", "../../../etc/passwd"), "etc/passwd");
    }

    #[test]
    fn escapes_of_excel_are_resolved() {
        let of = |raw: &str| {
            let mut out = String::new();
            unescape(raw, &mut out);
            out
        };
        assert_eq!(of("a_x000D_b"), "a\rb");
        assert_eq!(of("_x005F_x000D_"), "_x000D_");
        assert_eq!(of("_x_xyz_ _x00"), "_x_xyz_ _x00");
        assert_eq!(of("_x年年_"), "_x年年_");
    }
}
