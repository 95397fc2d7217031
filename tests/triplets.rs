//! The reader of `examples/solve_triplets`.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test may stop at the first surprise")]

#[path = "../examples/solve_triplets/read.rs"]
mod read;

/// Reads a table of this text: rows of row, column, value and sigma, or what is wrong without the folder.
fn read(text: &str, spread: bool) -> Result<Vec<(u32, u32, f64, f64)>, String> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.csv"), text).unwrap();
    let made = read::table(folder.path(), "a.csv", spread);
    let made = made.map(|pieces| pieces.into_iter().flatten().map(|e| (e.row, e.column, e.value, e.sigma)).collect());
    made.map_err(|text| text.replace(&format!("{}/", folder.path().display()), ""))
}

#[test]
fn triplets_are_read_in_any_order_of_columns() {
    let rows = Ok(vec![(0, 1, -2.5e-3, 0.0), (7, 4_000_000_000, 1.0, 0.0)]);
    assert_eq!(read("row,col,value\n0,1,-2.5e-3\n7,4000000000,1\n", true), rows);
    assert_eq!(read("value,name,row,col,note\r\n-2.5e-3,x,0,1,y\r\n\r\n1,,7,4000000000,a,b", true), rows);
    assert_eq!(read("row,col,value,sigma\n1,2,3,0.1", true), Ok(vec![(1, 2, 3.0, 0.1)]));
    // What is not asked for is not read.
    assert_eq!(read("row,col,value,sigma\n1,2,3,wide", false), Ok(vec![(1, 2, 3.0, 0.0)]));
    assert_eq!(read("row,col,value\n", false), Ok(vec![]));
}

#[test]
fn a_bad_cell_is_named_by_line_and_cell() {
    let wrong = |text: &str| read(text, true).unwrap_err();
    assert_eq!(wrong("row,value\n"), "a.csv: no column col");
    let header = "row,col,value,sigma\n0,0,1,0\n";
    for (line, cell, found) in [
        ("0,-1,1,0", 2, "-1"),
        ("0,1.5,1,0", 2, "1.5"),
        ("0,4294967296,1,0", 2, "4294967296"),
        ("0,0,one,0", 3, "one"),
        ("0,0,1e999,0", 3, "1e999"),
        ("0,0,nan,0", 3, "nan"),
        ("0,0,1 t,0", 3, "1 t"),
        ("0,0,1", 3, "1"),
        ("0,0,1,", 4, ""),
        ("\u{feff}0,0,1,0", 1, "\u{feff}0"),
    ] {
        let expected = format!("a.csv: line 3: cell {cell}: expected a number, found '{found}'");
        assert_eq!(wrong(&format!("{header}{line}\n0,0,1,0\n")), expected);
    }
    assert!(read("row,col,value\n0,0,1\n0,0", true).is_err());
}

#[test]
fn pieces_are_cut_at_line_ends() {
    use std::fmt::Write;
    let mut text = String::from("row,col,value\n");
    for k in 0..200_000 {
        writeln!(text, "{k},{},{}", k + 1, f64::from(k) * 0.5).unwrap();
    }
    let rows = read(&text, true).unwrap();
    assert_eq!(rows.len(), 200_000);
    assert!((0..).zip(&rows).all(|(k, row)| *row == (k, k + 1, f64::from(k) * 0.5, 0.0)));
    let broken = text.replace("\n150000,", "\n150000x,");
    assert_eq!(read(&broken, true).unwrap_err(), "a.csv: line 150002: cell 1: expected a number, found '150000x'");
}
