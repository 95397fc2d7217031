//! The container of a workbook: what kind of file it is, and parts that are unpacked
//! only within bounds, in memory.

use super::Fault;
use crate::diagnostic::{Problem, Words};
use std::collections::BTreeMap;
use std::io::{self, BufReader, Cursor, Read};
use zip::ZipArchive;
use zip::read::ZipFile;
use zip::result::ZipError;

/// What a workbook may ask for.
#[derive(Debug, Clone, Copy)]
pub(in crate::package) struct Limits {
    /// Bytes of the file.
    pub(in crate::package) file: u64,
    /// Bytes of all parts together, unpacked.
    pub(super) unpacked: u64,
    /// Unpacked over packed size of one part, ...
    pub(super) ratio: u64,
    /// ... asked only of parts that are larger than this. Unit: bytes.
    pub(super) ratio_from: u64,
    /// Sheets.
    pub(super) sheets: usize,
    /// Rows of a sheet: what Excel has.
    pub(super) rows: u32,
    /// Columns of a sheet: what Excel has.
    pub(super) columns: u32,
    /// Columns with a header in one table; the widest table has some twenty.
    pub(super) headers: usize,
    /// Filled cells of all sheets together.
    pub(super) cells: u64,
}

/// The limits of every reader. A table of 100,000 rows has some two million filled
/// cells and 100 MiB of XML; sheets of honest numbers unpack 10 to 30 times, empty
/// formatted rows some 60 times.
pub(in crate::package) const LIMITS: Limits = Limits {
    file: 32 << 20,
    unpacked: 256 << 20,
    ratio: 250,
    ratio_from: 4 << 20,
    sheets: 64,
    rows: 1 << 20,
    columns: 1 << 14,
    headers: 256,
    cells: 4_000_000,
};

/// Parts that a workbook may have; more are no workbook of a park.
const PARTS: usize = 4096;

/// A workbook whose kind and sizes are checked.
pub(super) struct Archive<'b> {
    zip: ZipArchive<Cursor<&'b [u8]>>,
    /// Position of each part by its name in lower case.
    names: BTreeMap<String, usize>,
    /// Bytes that may still be unpacked.
    left: u64,
    pub(super) limits: Limits,
}

/// A part as it is unpacked. It ends with an error where it grows beyond the size
/// that its header states, or the whole workbook beyond its limit: headers lie.
pub(super) struct Part<'a, 'b> {
    file: ZipFile<'a, Cursor<&'b [u8]>>,
    own: u64,
    left: &'a mut u64,
}

/// Why a part ended before its end.
#[derive(Debug, thiserror::Error)]
#[error("the parts together are larger than the limit")]
pub(super) struct Exhausted;

impl Read for Part<'_, '_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(buffer)?;
        let bytes = count as u64;
        if bytes > self.own {
            return Err(io::Error::other("a part is larger than its header says"));
        }
        if bytes > *self.left {
            return Err(io::Error::other(Exhausted));
        }
        self.own -= bytes;
        *self.left -= bytes;
        Ok(count)
    }
}

/// A file that is no workbook, with what it is instead.
fn other(en: &str, zh: &str) -> Fault {
    Box::new(Problem::NotWorkbook { what: Words::new(en, zh) })
}

/// A workbook that cannot be read to its end, with the first thing that is wrong.
#[allow(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
pub(super) fn damaged(detail: impl ToString) -> Fault {
    let detail = detail.to_string();
    Box::new(Problem::DamagedWorkbook { detail: Words::new(detail.clone(), detail) })
}

/// A workbook whose end is missing.
fn cut() -> Fault {
    let words =
        Words::new("its end is missing, as after a broken download or copy", "文件不完整，可能是下载或复制中断");
    Box::new(Problem::DamagedWorkbook { detail: words })
}

/// What the first bytes say of a file that is no zip archive.
fn foreign(bytes: &[u8]) -> Option<Fault> {
    if bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        // Excel wraps an encrypted workbook in the container of the old .xls format.
        let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let encrypted = memchr::memmem::find(bytes, &name).is_some();
        return Some(if encrypted {
            Box::new(Problem::EncryptedWorkbook {})
        } else {
            other("an old Excel workbook (.xls)", "旧版 Excel 工作簿（.xls）")
        });
    }
    match bytes {
        [] => Some(other("an empty file", "空文件")),
        [b'P', b'K', 3, 4, ..] => None,
        _ => Some(other("a file of another kind", "其他类型的文件")),
    }
}

impl<'b> Archive<'b> {
    /// Opens a workbook; nothing is unpacked yet.
    pub(super) fn open(bytes: &'b [u8], limits: Limits) -> Result<Self, Fault> {
        if let Some(fault) = foreign(bytes) {
            return Err(fault);
        }
        let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|e| zip_fault(&e))?;
        if zip.len() > PARTS {
            return Err(damaged(format!("{} parts", zip.len())));
        }
        let (mut names, mut total) = (BTreeMap::new(), 0_u64);
        let mut bomb = None;
        for index in 0..zip.len() {
            let part = zip.by_index_raw(index).map_err(|e| zip_fault(&e))?;
            let name = part.name().map_err(|e| zip_fault(&e))?.replace('\\', "/");
            let (size, packed) = (part.size(), part.compressed_size());
            if part.encrypted() {
                return Err(Box::new(Problem::EncryptedWorkbook {}));
            }
            total = total.saturating_add(size);
            if size > limits.ratio_from && size / packed.max(1) > limits.ratio {
                bomb = bomb.or(Some(Problem::WorkbookBomb { part: name.clone(), ratio: size / packed.max(1) }));
            }
            if names.insert(name.trim_start_matches('/').to_lowercase(), index).is_some() {
                return Err(damaged(format!("two parts called {name}")));
            }
        }
        let mut archive = Self { zip, names, left: limits.unpacked, limits };
        archive.check_kind()?;
        if total > limits.unpacked {
            return Err(Box::new(Problem::UnpackedTooLarge { bytes: total, limit: limits.unpacked }));
        }
        bomb.map_or(Ok(archive), |bomb| Err(Box::new(bomb)))
    }

    /// Refuses what is a workbook of another kind, has macros, or leans on others.
    fn check_kind(&mut self) -> Result<(), Fault> {
        let any = |names: &BTreeMap<String, usize>, test: &dyn Fn(&str) -> bool| names.keys().any(|n| test(n));
        if self.names.contains_key("xl/workbook.bin") {
            return Err(other("a binary Excel workbook (.xlsb)", "二进制 Excel 工作簿（.xlsb）"));
        }
        if self.names.contains_key("content.xml") && self.names.contains_key("mimetype") {
            return Err(other("an OpenDocument spreadsheet (.ods)", "OpenDocument 电子表格（.ods）"));
        }
        if any(&self.names, &|n| n.ends_with("vbaproject.bin") || n.starts_with("xl/macrosheets/")) {
            return Err(Box::new(Problem::MacroWorkbook {}));
        }
        if any(&self.names, &|n| n.starts_with("xl/externallinks/")) {
            return Err(Box::new(Problem::ExternalLinks {}));
        }
        if !self.names.contains_key("[content_types].xml") || !self.names.contains_key("_rels/.rels") {
            return Err(other("a zip archive without a workbook in it", "不含工作簿的压缩包"));
        }
        Ok(())
    }

    /// A part by its name, unpacked as it is read.
    pub(super) fn part(&mut self, name: &str) -> Result<Option<BufReader<Part<'_, 'b>>>, Fault> {
        let Some(&index) = self.names.get(&name.to_lowercase()) else { return Ok(None) };
        let file = self.zip.by_index(index).map_err(|e| zip_fault(&e))?;
        let own = file.size();
        Ok(Some(BufReader::new(Part { file, own, left: &mut self.left })))
    }
}

fn zip_fault(error: &ZipError) -> Fault {
    match error {
        ZipError::InvalidPassword => Box::new(Problem::EncryptedWorkbook {}),
        ZipError::Io(e) if e.kind() == io::ErrorKind::UnexpectedEof => cut(),
        ZipError::InvalidArchive(what) if what.contains("EOCD") => cut(),
        other => damaged(other),
    }
}
