//! Triplets from CSV files, quickly: the files hold plain numbers, so that a cell ends where its number does; in pieces on
//! all threads.

use rayon::prelude::*;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

/// Bytes of a piece.
const PIECE: u64 = 1 << 20;

/// An entry of a matrix: row, column, median, and standard deviation of the logarithm of its size.
#[derive(Clone, Copy, Default)]
pub struct Entry {
    pub row: u32,
    pub column: u32,
    pub value: f64,
    pub sigma: f64,
}

/// Where the cells of an entry stand in a line.
struct Places {
    row: usize,
    column: usize,
    value: usize,
    sigma: Option<usize>,
}

/// The rows of a piece, or what is wrong in which line of it.
type Parsed = Result<Vec<Entry>, (usize, String)>;

/// Reads the columns `row`, `col`, `value` and, if it is asked for and there, `sigma`.
///
/// # Errors
/// A text that says which file, line and column, and what was found.
pub fn table(folder: &Path, name: &str, spread: bool) -> Result<Vec<Vec<Entry>>, String> {
    let path = folder.join(name);
    let told = |text: String| format!("{}: {text}", path.display());
    let failed = |error: std::io::Error| told(error.to_string());
    let size = std::fs::metadata(&path).map_err(failed)?.len();
    let mut buffer = Vec::new();
    let first = lines(&path, 0, 0, &mut buffer).map_err(failed)?;
    let header = String::from_utf8_lossy(first);
    let at = |wanted: &str| header.trim_end().split(',').position(|cell| cell == wanted);
    let must = |wanted: &str| at(wanted).ok_or_else(|| told(format!("no column {wanted}")));
    let sigma = at("sigma").filter(|_| spread);
    let places = Places { row: must("row")?, column: must("col")?, value: must("value")?, sigma };

    // A piece has the lines that begin in it; the first one's is the header.
    let starts: Vec<u64> = (0..size).step_by(PIECE as usize).collect();
    let read = |buffer: &mut Vec<u8>, &start: &u64| {
        let bytes = lines(&path, start, PIECE.min(size - start), buffer).map_err(failed)?;
        let bytes = if start == 0 { bytes.get(first.len()..).unwrap_or_default() } else { bytes };
        entries(bytes, &places).map_err(|(line, text)| match lines_before(&path, start) {
            Ok(before) => told(format!("line {}: {text}", before + line + usize::from(start == 0) + 1)),
            Err(error) => failed(error),
        })
    };
    starts.par_iter().map_init(Vec::new, read).collect::<Vec<_>>().into_iter().collect()
}

/// The lines of a file that begin from `start` on in the next `length` bytes; the one at `start`, if `length` is 0.
fn lines<'b>(path: &Path, start: u64, length: u64, buffer: &'b mut Vec<u8>) -> std::io::Result<&'b [u8]> {
    let mut file = File::open(path)?;
    // A line begins at `start` if the byte before ends one.
    let before = start.saturating_sub(1);
    file.seek(SeekFrom::Start(before))?;
    buffer.clear();
    (&mut file).take(length + start - before).read_to_end(buffer)?;
    let from = if start == 0 { 0 } else { memchr::memchr(b'\n', buffer).map_or(buffer.len(), |k| k + 1) };
    // The last of them may end further on.
    let mut checked = buffer.len().saturating_sub(1).max(from.min(buffer.len()));
    if from < buffer.len() || length == 0 {
        while memchr::memchr(b'\n', &buffer[checked..]).is_none() {
            checked = buffer.len();
            if (&mut file).take(4096).read_to_end(buffer)? == 0 {
                break;
            }
        }
        if let Some(end) = memchr::memchr(b'\n', &buffer[checked..]) {
            buffer.truncate(checked + end + 1);
        }
    }
    Ok(&buffer[from..])
}

/// How many lines begin before a place.
fn lines_before(path: &Path, place: u64) -> std::io::Result<usize> {
    let mut bytes = Vec::new();
    File::open(path)?.take(place).read_to_end(&mut bytes)?;
    Ok(memchr::memchr_iter(b'\n', &bytes).count() + usize::from(bytes.last().is_some_and(|&b| b != b'\n')))
}

fn entries(mut bytes: &[u8], places: &Places) -> Parsed {
    let mut made = Vec::with_capacity(bytes.len() / 32);
    let mut line = 0;
    while !bytes.is_empty() {
        let (entry, rest) = entry(bytes, places).map_err(|text| (line, text))?;
        made.extend(entry);
        bytes = rest;
        line += 1;
    }
    Ok(made)
}

/// The entry of the first line, unless it is empty, and the other lines.
fn entry<'a>(mut bytes: &'a [u8], places: &Places) -> Result<(Option<Entry>, &'a [u8]), String> {
    if let [b'\n', rest @ ..] | [b'\r', b'\n', rest @ ..] = bytes {
        return Ok((None, rest));
    }
    let mut made = Entry::default();
    let last = places.row.max(places.column).max(places.value).max(places.sigma.unwrap_or_default());
    for cell in 0..=last {
        let length = if cell == places.row {
            whole(bytes, &mut made.row)
        } else if cell == places.column {
            whole(bytes, &mut made.column)
        } else if cell == places.value {
            number(bytes, &mut made.value)
        } else if Some(cell) == places.sigma {
            number(bytes, &mut made.sigma)
        } else {
            bytes.iter().position(|b| matches!(b, b',' | b'\n'))
        };
        // A number ends where its cell does.
        let ended = length.filter(|&length| matches!(bytes.get(length), None | Some(b',' | b'\n' | b'\r')));
        let Some(length) = ended.filter(|&length| cell == last || bytes.get(length) == Some(&b',')) else {
            let end = bytes.iter().position(|b| matches!(b, b',' | b'\n' | b'\r')).unwrap_or(bytes.len());
            let found = String::from_utf8_lossy(&bytes[..end]);
            return Err(format!("cell {}: expected a number, found '{found}'", cell + 1));
        };
        bytes = &bytes[length..];
        if cell < last {
            bytes = &bytes[1..];
        }
    }
    let end = memchr::memchr(b'\n', bytes).map_or(bytes.len(), |k| k + 1);
    Ok((Some(made), &bytes[end..]))
}

/// A whole number; the length of its digits, if there are some and it fits.
fn whole(bytes: &[u8], made: &mut u32) -> Option<usize> {
    let digits = bytes.iter().take_while(|b| b.is_ascii_digit()).count();
    let value =
        bytes[..digits].iter().try_fold(0_u32, |value, b| value.checked_mul(10)?.checked_add(u32::from(b - b'0')));
    *made = value?;
    (digits > 0).then_some(digits)
}

/// A finite number; its length.
fn number(bytes: &[u8], made: &mut f64) -> Option<usize> {
    let (value, length) = fast_float2::parse_partial::<f64, _>(bytes).ok()?;
    *made = value;
    value.is_finite().then_some(length)
}
