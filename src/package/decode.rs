//! Bytes to text: UTF-8 with or without BOM, else GB18030.

use std::borrow::Cow;

/// Why bytes are no text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Undecodable {
    /// What is wrong, in English and Chinese.
    pub words: (&'static str, &'static str),
    /// On which line, where it is one.
    pub line: Option<u32>,
}

/// Decodes the bytes of a table.
///
/// # Errors
/// [`Undecodable`] when the bytes are neither UTF-8 nor GB18030.
pub fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, Undecodable> {
    let whole = |en, zh| Err(Undecodable { words: (en, zh), line: None });
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        return whole("it is UTF-16", "文件为 UTF-16");
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return whole("it is a zip archive or an Excel workbook", "文件是压缩包或 Excel 工作簿");
    }
    let body = bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(bytes);
    if body.contains(&0) {
        return whole("it is binary data", "文件是二进制数据");
    }
    if let Ok(text) = std::str::from_utf8(body) {
        return Ok(Cow::Borrowed(text));
    }
    let (text, _, malformed) = encoding_rs::GB18030.decode(body);
    if malformed {
        let at = std::str::from_utf8(body).map_err(|e| e.valid_up_to()).err().unwrap_or_default();
        let line = 1 + memchr::memchr_iter(b'\n', &body[..at]).count();
        let words = ("its bytes are neither UTF-8 nor GB18030", "字节既非 UTF-8 也非 GB18030");
        return Err(Undecodable { words, line: Some(line as u32) });
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
