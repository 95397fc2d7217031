//! Triplets from CSV files, quickly: the files hold plain numbers, so that lines can be cut at their commas, in pieces
//! on all threads.

use rayon::prelude::*;
use std::path::Path;

/// Bytes of a piece.
const PIECE: usize = 1 << 20;

/// Rows of numbers: the cells of each, as many as columns were asked for.
pub struct Table<const N: usize> {
    pub rows: Vec<[f64; N]>,
}

/// The rows of a piece, or what is wrong in which line of it.
type Parsed<const N: usize> = Result<Vec<[f64; N]>, (usize, String)>;

/// Reads the columns named; one that begins with `?` may be missing and is 0 then.
///
/// # Errors
/// A text that says which file, line and column, and what was found.
pub fn table<const N: usize>(folder: &Path, name: &str, columns: [&str; N]) -> Result<Table<N>, String> {
    let path = folder.join(name);
    let told = |text: String| format!("{}: {text}", path.display());
    let bytes = std::fs::read(&path).map_err(|error| told(error.to_string()))?;
    let end = memchr::memchr(b'\n', &bytes).unwrap_or(bytes.len());
    let header: Vec<&[u8]> = cells(line(&bytes[..end])).collect();
    let mut places = [usize::MAX; N];
    for (place, column) in places.iter_mut().zip(columns) {
        let wanted = column.trim_start_matches('?');
        match header.iter().position(|cell| *cell == wanted.as_bytes()) {
            Some(found) => *place = found,
            None if column.starts_with('?') => {}
            None => return Err(told(format!("no column {wanted}"))),
        }
    }
    let body = bytes.get(end + 1..).unwrap_or_default();
    let parsed: Vec<Parsed<N>> = pieces(body)
        .into_par_iter()
        .map(|piece| {
            let lines = piece.split(|&b| b == b'\n').map(line).enumerate().filter(|(_, line)| !line.is_empty());
            lines.map(|(k, line)| row(line, &places, &columns).map_err(|text| (k, text))).collect()
        })
        .collect();
    let mut rows = Vec::with_capacity(body.len() / 24);
    let mut before = 2;
    for (piece, made) in pieces(body).iter().zip(parsed) {
        rows.extend(made.map_err(|(k, text)| told(format!("line {}: {text}", before + k)))?);
        before += memchr::memchr_iter(b'\n', piece).count();
    }
    Ok(Table { rows })
}

/// Cuts at line ends.
fn pieces(mut bytes: &[u8]) -> Vec<&[u8]> {
    let mut pieces = Vec::new();
    while !bytes.is_empty() {
        let least = PIECE.min(bytes.len());
        let end = memchr::memchr(b'\n', &bytes[least..]).map_or(bytes.len(), |k| least + k + 1);
        let (piece, rest) = bytes.split_at(end);
        pieces.push(piece);
        bytes = rest;
    }
    pieces
}

/// Without the carriage return of Windows.
fn line(bytes: &[u8]) -> &[u8] {
    bytes.strip_suffix(b"\r").unwrap_or(bytes)
}

fn cells(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    line.split(|&b| b == b',')
}

/// The numbers of a line in the columns at `places`.
fn row<const N: usize>(line: &[u8], places: &[usize; N], columns: &[&str; N]) -> Result<[f64; N], String> {
    let mut row = [0.0; N];
    let mut missing = N - places.iter().filter(|&&p| p == usize::MAX).count();
    for (k, cell) in cells(line).enumerate() {
        if let Some(column) = places.iter().position(|&place| place == k) {
            let number = fast_float2::parse::<f64, _>(cell).ok().filter(|number| number.is_finite());
            row[column] = number.ok_or_else(|| {
                format!("{}: expected a number, found '{}'", columns[column], String::from_utf8_lossy(cell))
            })?;
            missing -= 1;
        }
    }
    if missing == 0 { Ok(row) } else { Err("too few cells".to_owned()) }
}
