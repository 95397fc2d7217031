//! Bytes to text: UTF-8 with or without BOM, else GB18030.

use std::borrow::Cow;

/// Decodes the bytes of a table.
///
/// # Errors
/// A sentence that says what is wrong with the bytes, when they are neither
/// UTF-8 nor GB18030.
pub fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, String> {
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        return Err("UTF-16".to_owned());
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return Err("a zip archive or an Excel workbook".to_owned());
    }
    let body = bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(bytes);
    if body.contains(&0) {
        return Err("binary data".to_owned());
    }
    if let Ok(text) = std::str::from_utf8(body) {
        return Ok(Cow::Borrowed(text));
    }
    let (text, _, malformed) = encoding_rs::GB18030.decode(body);
    if malformed {
        let at = std::str::from_utf8(body).map_err(|e| e.valid_up_to()).err().unwrap_or_default();
        let line = 1 + memchr::memchr_iter(b'\n', &body[..at]).count();
        return Err(format!("bytes on line {line} are neither UTF-8 nor GB18030"));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_encodings_of_chinese_excel() {
        let gbk: &[u8] = &[0xC6, 0xF3, 0xD2, 0xB5];
        assert_eq!(decode(gbk).as_deref(), Ok("企业"));
        assert_eq!(decode("\u{FEFF}企业".as_bytes()).as_deref(), Ok("企业"));
        assert!(decode(&[0xFF, 0xFE, 0x41, 0x00]).is_err());
        assert!(decode(&[0x61, 0x0A, 0xFF, 0x20]).is_err());
        assert!(decode(b"PK\x03\x04rest").is_err());
    }
}
