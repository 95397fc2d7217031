//! Tables as bytes, in a package whose other files are those of the template.
//!
//! The input is a list of parts, parted by the byte 0x1E. The first byte of a part
//! says which file the rest replaces: `A` is the first of `TABLES`, and the letter
//! after the last table is `park.toml`.

#![no_main]

mod common;

use libfuzzer_sys::fuzz_target;
use parkflux::package::schema::TABLES;

fuzz_target!(|data: &[u8]| {
    let mut files = common::template();
    for part in data.split(|&b| b == 0x1E) {
        let Some((&letter, bytes)) = part.split_first() else { continue };
        let at = usize::from(letter.wrapping_sub(b'A')) % (TABLES.len() + 1);
        let name = TABLES.get(at).map_or("park.toml", |t| t.file);
        files.insert(name.to_owned(), bytes.to_vec());
    }
    common::account(&files);
});
