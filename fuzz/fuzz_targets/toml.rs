//! `park.toml` of a small valid package.

#![no_main]

mod common;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let mut files = common::template();
    files.insert("park.toml".to_owned(), data.to_vec());
    common::account(&files);
});
