//! A package may be one workbook: it is read safely, converted without loss, and given
//! back with remarks.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::format_collect,
    missing_docs,
    reason = "a test fails by panicking, and builds its files in the plainest way"
)]

mod common;

use common::{account, parks};
use parkflux::diagnostic::{Diagnostics, Lang, Style, render_text};
use parkflux::inventory::inventory;
use parkflux::package::{
    RawTable, neutralize, raw_of_files, raw_of_workbook, read, read_files, read_raw, read_workbook, restore, workbook,
};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

fn say(found: &Diagnostics) -> String {
    render_text(found, Lang::En, Style::Plain)
}

fn codes(found: &Diagnostics) -> Vec<&'static str> {
    found.sorted().iter().map(|d| d.problem.code().id()).collect()
}

fn cells(table: &RawTable) -> Vec<&[String]> {
    let filled = |c: &[String]| c.iter().rposition(|c| !c.is_empty()).map_or(0, |i| i + 1);
    table.rows.iter().map(|r| &r.cells[..filled(&r.cells)]).collect()
}

fn parkflux(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_parkflux"));
    command.args(["--lang", "en", "--no-color"]).args(arguments).output().unwrap()
}

/// Every package of the repository that is a folder: parks to run, bad ones that are valid.
fn folders() -> Vec<PathBuf> {
    let bad = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/bad");
    let bad = std::fs::read_dir(bad).unwrap().map(|e| e.unwrap().path()).filter(|p| p.join("park.toml").exists());
    let valid = bad.filter(|p| read(p).unwrap().0.is_some());
    parks().into_iter().chain(valid).collect()
}

#[test]
fn every_package_goes_there_and_back_without_loss() {
    let list = folders();
    assert!(list.len() > 20);
    for (i, path) in list.into_iter().enumerate() {
        let (raw, found) = read_raw(&path).unwrap();
        assert!(found.is_empty());
        let (package, _) = read(&path).unwrap();
        let package = package.unwrap();
        let figures = |p: &parkflux::package::Package| inventory(p).map(|i| i.figures).ok();
        let expected = figures(&package);
        {
            let lang = [Lang::En, Lang::Zh][i % 2];
            let bytes = workbook::write(&raw, lang).unwrap();
            assert!(bytes == workbook::write(&raw, lang).unwrap(), "the same bytes again");
            let (there, found) = raw_of_workbook("park.xlsx", &bytes);
            assert!(found.is_empty(), "{}", say(&found));
            let back = raw_of_files(&there.to_files());
            let names = |tables: &[RawTable]| tables.iter().map(|t| t.table.name).collect::<Vec<_>>();
            assert_eq!(names(&back.tables), names(&raw.tables));
            for (a, b) in raw.tables.iter().zip(&back.tables) {
                assert_eq!((&a.header, cells(a)), (&b.header, cells(b)), "{}", path.display());
            }
            assert_eq!(back.notes, raw.notes);
            for other in [read_workbook("park.xlsx", &bytes), read_files(&back.to_files())] {
                let (other, found) = other;
                let other = other.unwrap_or_else(|| panic!("{}", say(&found)));
                assert_eq!(other.park.label, package.park.label);
                let rows = BTreeMap::new();
                let settings =
                    |s: &parkflux::park::Settings| parkflux::park::Settings { rows: rows.clone(), ..s.clone() };
                assert_eq!(settings(&other.park.settings), settings(&package.park.settings), "{}", path.display());
                assert_eq!(figures(&other), expected, "{}", path.display());
            }
        }
    }
}

/// A second reader finds the same cells in what we write.
#[test]
fn calamine_reads_the_same_cells() {
    use calamine::{Data, Reader, Xlsx};
    let (raw, _) = read_raw(&common::park("calcasieu-2017")).unwrap();
    let bytes = workbook::write(&raw, Lang::En).unwrap();
    let mut book = Xlsx::new(Cursor::new(&bytes)).unwrap();
    for table in &raw.tables {
        let range = book.worksheet_range(table.table.name).unwrap();
        for (row, ours) in range.rows().skip(1).zip(&table.rows) {
            for (theirs, ours) in row.iter().zip(&ours.cells) {
                match theirs {
                    Data::Float(number) => assert_eq!(number.to_string(), *ours),
                    other => assert_eq!(other.to_string(), *ours),
                }
            }
        }
    }
}

/// A workbook of parts.
fn zip(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// The parts of a small workbook that is valid, one of them replaced.
fn small(part: &str, content: &str) -> Vec<u8> {
    small_with(part, |_| content.to_owned())
}

/// The same, the part changed; a part that is not there is added.
fn small_with(part: &str, change: impl Fn(&str) -> String) -> Vec<u8> {
    let (raw, _) = read_raw(&common::park("minimal")).unwrap();
    let bytes = workbook::write(&raw, Lang::En).unwrap();
    let mut archive = ZipArchive::new(Cursor::new(&bytes)).unwrap();
    let mut parts = Vec::new();
    for i in 0..archive.len() {
        let mut file = archive.by_index(i).unwrap();
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        parts.push((file.name().unwrap().into_owned(), text));
    }
    match parts.iter_mut().find(|(name, _)| name == part) {
        Some((_, text)) => *text = change(text),
        None => parts.push((part.to_owned(), change(""))),
    }
    let parts: Vec<(&str, &str)> = parts.iter().map(|(n, t)| (n.as_str(), t.as_str())).collect();
    zip(&parts)
}

const STRINGS: &str = "xl/sharedStrings.xml";
const FLOWS: &str = "xl/worksheets/sheet4.xml";

fn refused(bytes: &[u8]) -> Vec<&'static str> {
    let (package, found) = read_workbook("park.xlsx", bytes);
    assert!(package.is_none());
    codes(&found)
}

#[test]
fn the_small_workbook_is_valid() {
    let (package, found) = read_workbook("park.xlsx", &small_with(FLOWS, str::to_owned));
    assert!(package.is_some(), "{}", say(&found));
}

/// Counts that a file states are not believed: calamine 0.38 ends the program here.
#[test]
fn stated_counts_reserve_no_memory() {
    let huge = small_with(STRINGS, |xml| {
        let (before, after) = xml.split_once("uniqueCount=\"").unwrap();
        format!("{before}uniqueCount=\"9{after}").replacen("uniqueCount=\"9", "uniqueCount=\"999999999999999", 1)
    });
    let (package, found) = read_workbook("park.xlsx", &huge);
    assert!(package.is_some(), "{}", say(&found));
}

/// A bomb whose directory lies about its size: the part ends where the header says.
#[test]
fn a_bomb_that_lies_is_stopped_while_it_is_read() {
    let mut bytes = small_with(FLOWS, |xml| xml.to_owned() + &" ".repeat(64 << 20));
    let directory = b"PK\x01\x02";
    let mut at = 0;
    while let Some(found) = bytes[at..].windows(4).position(|w| w == directory) {
        at += found;
        if bytes[at + 46..].starts_with(FLOWS.as_bytes()) {
            bytes[at + 24..at + 28].copy_from_slice(&4000_u32.to_le_bytes());
        }
        at += 4;
    }
    assert_eq!(refused(&bytes), ["P023"]);
}

#[test]
fn an_honest_bomb_is_stopped_before() {
    assert_eq!(refused(&small_with(FLOWS, |xml| xml.to_owned() + &" ".repeat(64 << 20))), ["P025"]);
    // Beyond the sum of all parts, whatever its ratio.
    assert_eq!(refused(&small_with(FLOWS, |xml| xml.to_owned() + &" ".repeat(257 << 20))), ["P024"]);
}

/// One part under the names of many sheets multiplies what is read, not what is stored.
#[test]
fn one_part_read_again_and_again_counts_again() {
    let rows: String = (1..=60_000).map(|r| format!("<row r=\"{r}\" spans=\"{}\"/>", r * 7919 % 100_003)).collect();
    let sheet = format!("<worksheet><sheetData>{rows}</sheetData>{}</worksheet>", " ".repeat(40 << 20));
    let tables = ["flows", "emissions", "enterprises", "processes", "carriers", "outputs", "statistics", "evidence"];
    let names: String = tables.iter().map(|t| format!("<sheet name=\"{t}\" r:id=\"rId1\"/>")).collect();
    let book = format!("<workbook xmlns:r=\"r\"><sheets>{names}</sheets></workbook>");
    let relations = |kind: &str, target: &str| {
        format!("<Relationships><Relationship Id=\"rId1\" Type=\"x/{kind}\" Target=\"{target}\"/></Relationships>")
    };
    let bytes = zip(&[
        ("[Content_Types].xml", "<Types/>"),
        ("_rels/.rels", &relations("officeDocument", "xl/workbook.xml")),
        ("xl/workbook.xml", &book),
        ("xl/_rels/workbook.xml.rels", &relations("worksheet", "s.xml")),
        ("xl/s.xml", &sheet),
    ]);
    // 42 MiB by the header; the seventh table goes beyond 256.
    assert_eq!(refused(&bytes), ["P024"]);
}

/// A million empty formatted rows are passed over.
#[test]
fn a_million_empty_rows_do_not_count() {
    let bytes = small_with(FLOWS, |xml| {
        let next = xml.matches("<row ").count() + 1;
        let blank: String = (next..=1_000_000)
            .map(|r| format!("<row r=\"{r}\" s=\"1\" customFormat=\"1\"><c r=\"A{r}\" s=\"1\"/></row>"))
            .collect();
        xml.replace("</sheetData>", &format!("{blank}</sheetData>"))
    });
    assert!(bytes.len() < 8 << 20);
    let (package, found) = read_workbook("park.xlsx", &bytes);
    let package = package.unwrap_or_else(|| panic!("{}", say(&found)));
    assert_eq!(package.rows["flows.csv"], account(&common::park("minimal")).0.rows["flows.csv"]);
}

#[test]
fn broken_parts_are_told() {
    for (part, content) in [
        (STRINGS, "<sst><si><t>a"),
        (STRINGS, "<sst><si><t>&nope;</t></si></sst>"),
        (STRINGS, "<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><sst><si><t>&b;</t></si></sst>"),
        (FLOWS, "<worksheet><sheetData><row r=\"2\"/><row r=\"1\"/></sheetData></worksheet>"),
        (
            FLOWS,
            "<worksheet><sheetData><row r=\"1\"><c r=\"B1\"><v>1</v></c><c r=\"A1\"/></row></sheetData></worksheet>",
        ),
        (
            FLOWS,
            "<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>99999</v></c></row></sheetData></worksheet>",
        ),
        (FLOWS, "<worksheet><sheetData><row r=\"-1\"/></sheetData></worksheet>"),
        ("xl/workbook.xml", "<workbook/>"),
        ("xl/workbook.xml", ""),
        ("xl/_rels/workbook.xml.rels", "<Relationships/>"),
    ] {
        assert_eq!(refused(&small(part, content)), ["P023"], "{content}");
    }
    for tail in ["<row r=\"1\"><c r=\"XFE1\"><v>1</v></c></row>", "<row r=\"1048577\"/>"] {
        let sheet = format!("<worksheet><sheetData>{tail}</sheetData></worksheet>");
        assert_eq!(refused(&small(FLOWS, &sheet)), ["P027"], "{tail}");
    }
}

#[test]
fn what_is_no_workbook_is_told() {
    for bytes in [&b""[..], b"id,period\nA,2024\n", b"PK", b"PK\x05\x06", &[0xD0, 0xCF, 0x11, 0xE0, 0, 0]] {
        assert_eq!(refused(bytes), ["P020"], "{bytes:?}");
    }
    assert_eq!(refused(b"PK\x03\x04 and no more"), ["P023"]);
    assert_eq!(refused(&zip(&[("mimetype", "x"), ("content.xml", "<x/>")])), ["P020"]);
    assert_eq!(refused(&zip(&[("xl/workbook.bin", "x"), ("[Content_Types].xml", "<x/>")])), ["P020"]);
    assert_eq!(refused(&zip(&[("readme.txt", "x")])), ["P020"]);
    assert_eq!(refused(&small("xl/macrosheets/sheet1.xml", "<x/>")), ["P022"]);
    // Names that would leave a folder mean nothing: nothing is extracted.
    let (package, _) = read_workbook("park.xlsx", &small("../../evil.xml", "<x/>"));
    assert!(package.is_some());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    /// Bytes changed anywhere in a part give problems or a package, never a panic.
    #[test]
    fn changed_parts_never_panic(part in 0..4_usize, at in 0.0..1.0_f64, cut in 0..40_usize, new in "[<>/a-z0-9\"=& ]{0,12}") {
        let name = [STRINGS, FLOWS, "xl/styles.xml", "xl/workbook.xml"][part];
        let bytes = small_with(name, |xml| {
            let mut from = (xml.len() as f64 * at) as usize;
            while !xml.is_char_boundary(from) {
                from -= 1;
            }
            let mut to = (from + cut).min(xml.len());
            while !xml.is_char_boundary(to) {
                to += 1;
            }
            format!("{}{new}{}", &xml[..from], &xml[to..])
        });
        let (package, found) = read_workbook("park.xlsx", &bytes);
        prop_assert!(package.is_some() || found.has_errors());
    }

    /// The same of the container.
    #[test]
    fn changed_bytes_never_panic(at in 0.0..1.0_f64, new in proptest::collection::vec(any::<u8>(), 1..8)) {
        let mut bytes = small_with(FLOWS, str::to_owned);
        let at = ((bytes.len() - new.len()) as f64 * at) as usize;
        bytes[at..at + new.len()].copy_from_slice(&new);
        let (package, found) = read_workbook("park.xlsx", &bytes);
        prop_assert!(package.is_some() || found.has_errors());
    }

    #[test]
    fn neutral_text_comes_back(text in "['=+@\t\r-]{0,3}.{0,6}") {
        let written = neutralize(&text);
        prop_assert_eq!(restore(&written), text);
    }
}

/// A sheet of the small workbook written anew by `rust_xlsxwriter`.
fn flows(fill: impl Fn(&mut rust_xlsxwriter::Worksheet)) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let settings = [
        ("schema", "1"),
        ("id", "test"),
        ("periods", "2024"),
        ("region", "cn.north.tianjin"),
        ("factor_sets", "cn_gbt32151_2024；cn_grid; cn_heat"),
        ("gwp_set", "AR5"),
        ("rule_set", "gbt"),
        ("grid_year", "2023"),
    ];
    let sheet = book.add_worksheet().set_name("园区").unwrap();
    sheet.write_row(0, 0, ["键", "值", "含义"]).unwrap();
    for (row, (key, value)) in (1..).zip(settings) {
        sheet.write_row(row, 0, [key, value]).unwrap();
    }
    let sheet = book.add_worksheet().set_name("企业").unwrap();
    sheet.write_column(0, 0, ["企业编号", "E01"]).unwrap();
    fill(book.add_worksheet().set_name("流量").unwrap());
    book.save_to_buffer().unwrap()
}

const KEYS: [&str; 7] = ["id", "period", "from", "to", "carrier", "quantity", "unit"];
const ROW: [&str; 7] = ["A-1", "2024-03", "outside:grid", "E01", "electricity", "1,000", "kWh"];

#[test]
fn labels_may_stand_above_the_keys() {
    let bytes = flows(|sheet| {
        sheet.merge_range(1, 0, 1, 3, "谁 who", &rust_xlsxwriter::Format::new()).unwrap();
        sheet.write_row(1, 4, ["载体", "数量 amount"]).unwrap();
        sheet.write_row(2, 0, KEYS).unwrap();
        sheet.write_row(5, 0, ROW).unwrap();
    });
    let (package, found) = read_workbook("zone.xlsx", &bytes);
    let package = package.unwrap_or_else(|| panic!("{}", say(&found)));
    assert_eq!(package.park.flows[0].row, 6);
    assert_eq!(package.files[0].name, "zone.xlsx");
    assert_eq!(package.files[0].rows, 2);
    // The trail leads to the sheet and its row.
    let inventory = inventory(&package).unwrap();
    let trail = parkflux::report::explain::Explainer::new(&package, &inventory, Lang::En).explain("A-1").unwrap();
    assert!(trail.to_text(9, Lang::En).contains("[zone.xlsx › 流量:6]"), "{}", trail.to_text(9, Lang::En));
}

#[test]
fn a_problem_names_the_cell() {
    let bytes = flows(|sheet| {
        sheet.write_row(0, 1, KEYS).unwrap();
        sheet.write_row(2, 1, ["A-1", "2024", "outside:grid", "E01", "electricity", "5", "kg"]).unwrap();
    });
    let (_, found) = read_workbook("zone.xlsx", &bytes);
    assert!(say(&found).contains("--> zone.xlsx › 流量 row 3, column unit, cell H3"), "{}", say(&found));
    let settings = flows(|sheet| {
        sheet.write_row(0, 0, KEYS).unwrap();
    });
    let (_, found) = read_workbook("zone.xlsx", &settings);
    assert_eq!(codes(&found), ["P011"]);
}

#[test]
fn dates_numbers_and_formulas_are_what_excel_shows() {
    use rust_xlsxwriter::{ExcelDateTime, Format, Formula};
    let month = Format::new().set_num_format("yyyy-mm");
    let bytes = flows(|sheet| {
        sheet.write_row(0, 0, KEYS).unwrap();
        for row in 1..=3 {
            sheet.write_row(row, 0, ROW).unwrap();
            sheet.write_string(row, 0, format!("A-{row}")).unwrap();
        }
        let date = ExcelDateTime::from_ymd(2024, 3, 1).unwrap();
        sheet.write_datetime_with_format(1, 1, &date, &month).unwrap();
        sheet.write_number(2, 1, 2024).unwrap();
        sheet.write_row(2, 2, ["outside:supplier", "E01", "heat"]).unwrap();
        sheet.write_string(2, 6, "GJ").unwrap();
        sheet.write_number(1, 5, 1250.5).unwrap();
        sheet.write_formula(2, 5, Formula::new("=0.1+0.2").set_result("0.30000000000000004")).unwrap();
        sheet.write_string(3, 5, "１，２３４").unwrap();
    });
    let (package, found) = read_workbook("zone.xlsx", &bytes);
    let package = package.unwrap_or_else(|| panic!("{}", say(&found)));
    let printed: Vec<&str> = package.park.flows.iter().map(|f| &*f.printed.0).collect();
    assert_eq!(printed, ["1250.5", "0.30000000000000004", "１，２３４"]);
    let periods: Vec<String> = package.park.flows.iter().map(|f| f.period.to_string()).collect();
    assert_eq!(periods, ["2024-03", "2024", "2024-03"]);
}

/// A cell under no header is not dropped in silence, in CSV neither.
#[test]
fn cells_without_a_header_are_told() {
    let bytes = flows(|sheet| {
        sheet.write_row(0, 0, KEYS).unwrap();
        sheet.write_row(1, 0, ROW).unwrap();
        sheet.write_string(1, 9, "aside").unwrap();
    });
    assert_eq!(refused(&bytes), ["T104"]);
    let files = common::Files::new("")
        .with("enterprises.csv", "enterprise\nE01")
        .with("flows.csv", "id,period,,from,to,carrier,quantity,unit\nA,2023,9,outside:grid,E01,electricity,1,MWh");
    assert_eq!(codes(&read_files(&files.0).1), ["T104"]);
}

#[test]
fn formulas_in_csv_are_text_again() {
    let files = common::Files::new("")
        .with("enterprises.csv", "enterprise,name_en\nE01,'=cmd|x\nE02,''quoted\nE03,'plain\nE04,-5\nE05,E05")
        .with("flows.csv", "id,period,from,to,carrier,quantity,unit\nA,2023,outside:grid,E01,electricity,1,MWh");
    let (package, found) = read_files(&files.0);
    let package = package.unwrap_or_else(|| panic!("{}", say(&found)));
    let names: Vec<&str> = package.park.enterprises.iter().map(|e| &*e.label.name_en).collect();
    assert_eq!(names, ["=cmd|x", "'quoted", "'plain", "-5", "E05"]);
    let raw = raw_of_files(&files.0);
    let (back, _) = raw_of_workbook("a.xlsx", &workbook::write(&raw, Lang::En).unwrap());
    assert_eq!(cells(back.table("enterprises").unwrap()), cells(raw.table("enterprises").unwrap()));
    let text = String::from_utf8(back.to_files()["enterprises.csv"].clone()).unwrap();
    assert!(text.starts_with('\u{FEFF}') && text.contains("E01,'=cmd|x") && text.contains("E04,-5"), "{text}");
}

#[test]
fn convert_writes_whole_or_not_at_all() {
    let scratch = tempfile::tempdir().unwrap();
    let at = |name: &str| scratch.path().join(name).to_str().unwrap().to_owned();
    let source = common::park("minimal");
    let source = source.to_str().unwrap();
    let there = parkflux(&["convert", source, &at("a.xlsx")]);
    assert_eq!(there.status.code(), Some(0), "{there:?}");
    assert_eq!(parkflux(&["convert", &at("a.xlsx"), &at("back")]).status.code(), Some(0));
    for verb in ["check", "inventory"] {
        let (folder, book) = (parkflux(&[verb, source]), parkflux(&[verb, &at("a.xlsx")]));
        assert_eq!(book.status.code(), Some(0));
        if verb == "inventory" {
            let totals =
                |o: &Output| String::from_utf8_lossy(&o.stdout).lines().take(16).collect::<Vec<_>>().join("\n");
            assert_eq!(totals(&folder), totals(&book));
        }
    }
    assert_eq!(parkflux(&["inventory", &at("a.xlsx"), &at("back")]).status.code(), Some(0));
    // A target that is there is kept.
    assert_eq!(parkflux(&["convert", source, &at("a.xlsx")]).status.code(), Some(2));
    assert_eq!(parkflux(&["convert", source, &at("a.xlsx"), "--overwrite"]).status.code(), Some(0));
    assert_eq!(parkflux(&["convert", &at("a.xlsx"), &at("back")]).status.code(), Some(2));
    std::fs::write(scratch.path().join("back/emissions.csv"), "id\n").unwrap();
    assert_eq!(parkflux(&["convert", &at("a.xlsx"), &at("back"), "--overwrite"]).status.code(), Some(2));
    assert_eq!(parkflux(&["convert", source, &at("folder")]).status.code(), Some(2));
    // What is not valid is not carried over.
    let bad = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/bad");
    for code in ["U101", "P025/P025.xlsx"] {
        let target = if Path::new(code).extension().is_some_and(|e| e == "xlsx") { at("new") } else { at("new.xlsx") };
        assert_eq!(parkflux(&["convert", bad.join(code).to_str().unwrap(), &target]).status.code(), Some(3));
        assert!(!Path::new(&target).exists());
    }
    let left: Vec<_> = std::fs::read_dir(scratch.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(left.len(), 2, "{left:?}");
}

/// The file itself is bounded before it is read.
#[test]
fn a_file_beyond_the_limit_is_not_read() {
    let scratch = tempfile::tempdir().unwrap();
    let path = scratch.path().join("large.xlsx");
    std::fs::File::create(&path).unwrap().set_len((32 << 20) + 1).unwrap();
    let (package, found) = read(&path).unwrap();
    assert!(package.is_none());
    assert_eq!(codes(&found), ["P010"]);
}

/// A folder of workbooks is a set of packages for `check` and `inventory`.
#[test]
fn a_folder_may_hold_several_workbooks() {
    let scratch = tempfile::tempdir().unwrap();
    for name in ["a.xlsx", "b.xlsx", "~$b.xlsx"] {
        std::fs::write(scratch.path().join(name), small_with(FLOWS, str::to_owned)).unwrap();
    }
    let output = parkflux(&["check", scratch.path().to_str().unwrap()]);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let valid = said.lines().filter(|l| l.contains(": valid, ")).count();
    assert_eq!((output.status.code(), valid), (Some(0), 2), "{said}");
    let output = parkflux(&["explain", scratch.path().join("a.xlsx").to_str().unwrap(), "total"]);
    assert!(String::from_utf8_lossy(&output.stdout).contains("[a.xlsx › flows:"), "{output:?}");
}

#[test]
fn annotate_gives_the_users_cells_back_with_the_issues() {
    use calamine::{Data, Reader, Xlsx};
    let scratch = tempfile::tempdir().unwrap();
    let forty = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/bad/forty");
    let out = scratch.path().join("mend.xlsx");
    let arguments = ["check", forty.to_str().unwrap(), "--annotate", out.to_str().unwrap()];
    assert_eq!(parkflux(&arguments).status.code(), Some(3));
    assert_eq!(parkflux(&arguments).status.code(), Some(2));
    let mut book = Xlsx::new(Cursor::new(std::fs::read(&out).unwrap())).unwrap();
    let range = book.worksheet_range("flows").unwrap();
    let cell = |row: u32, column: u32| range.get_value((row - 1, column)).map(Data::to_string).unwrap_or_default();
    let (raw, _) = read_raw(&forty).unwrap();
    let table = raw.table("flows").unwrap();
    let issues = (0..99).find(|&c| cell(1, c) == workbook::ISSUES_COLUMN).unwrap();
    // The cells of the user, on the rows that messages name.
    for row in &table.rows {
        for (column, text) in (0..).zip(&row.cells) {
            assert_eq!(cell(row.line, column), *text);
        }
    }
    assert!(cell(1, 0) == "id" && table.header.contains(&"remark".to_owned()));
    assert!(cell(3, issues).starts_with("U101 unit: unit 'kg' cannot measure electricity. "), "{}", cell(3, issues));
    assert!(cell(3, issues).contains(" Expected "), "{}", cell(3, issues));
    assert!(cell(25, issues).starts_with("T106 notation"), "{}", cell(25, issues));
    assert_eq!(cell(2, issues), "");
    let list = book.worksheet_range("issues").unwrap();
    assert_eq!(list.height(), 41);
    // Mended in the workbook, it is a package again: the remarks are passed over.
    let minimal = scratch.path().join("minimal.xlsx");
    let park = common::park("minimal");
    parkflux(&["check", park.to_str().unwrap(), "--annotate", minimal.to_str().unwrap()]);
    let (package, found) = read(&minimal).unwrap();
    let package = package.unwrap_or_else(|| panic!("{}", say(&found)));
    assert_eq!(inventory(&package).unwrap().figures, account(&park).1.figures);
    // And of a workbook, in Chinese; a second round takes the place of the first.
    let again = scratch.path().join("again.xlsx");
    let arguments = ["--lang", "zh", "check", out.to_str().unwrap(), "--annotate", again.to_str().unwrap()];
    let output = Command::new(env!("CARGO_BIN_EXE_parkflux")).args(arguments).output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    let mut book = Xlsx::new(Cursor::new(std::fs::read(&again).unwrap())).unwrap();
    let range = book.worksheet_range("flows").unwrap();
    let said = range.get_value((2, issues)).map(Data::to_string).unwrap_or_default();
    assert!(said.starts_with("U101 unit："), "{said}");
    assert_eq!(book.sheet_names().iter().filter(|n| *n == "issues" || *n == "问题").count(), 1);
}

/// A month that Excel holds as a date is the same month in the annotated book.
#[test]
fn a_date_in_a_period_column_survives_annotation() {
    use rust_xlsxwriter::{ExcelDateTime, Format};
    let scratch = tempfile::tempdir().unwrap();
    let at = |name: &str| scratch.path().join(name).to_str().unwrap().to_owned();
    let bytes = flows(|sheet| {
        sheet.write_row(0, 0, KEYS).unwrap();
        sheet.write_row(1, 0, ROW).unwrap();
        let day = ExcelDateTime::from_ymd(2024, 2, 1).unwrap();
        sheet.write_datetime_with_format(1, 1, &day, &Format::new().set_num_format("yyyy-mm-dd")).unwrap();
    });
    std::fs::write(at("zone.xlsx"), &bytes).unwrap();
    parkflux(&["check", &at("zone.xlsx"), "--annotate", &at("noted.xlsx")]);
    for name in ["zone.xlsx", "noted.xlsx"] {
        let (package, found) = read(Path::new(&at(name))).unwrap();
        let package = package.unwrap_or_else(|| panic!("{name}: {}", say(&found)));
        assert_eq!(package.park.flows[0].period.to_string(), "2024-02", "{name}");
    }
}

/// Messages name the columns of a sheet as its reader sees them, above the machine keys.
#[test]
fn messages_show_the_headers_of_a_chinese_sheet() {
    let bytes = flows(|sheet| {
        let labels = KEYS.map(|key| {
            let table = parkflux::package::schema::table("flows").unwrap();
            table.columns[table.position(key).unwrap()].zh[0]
        });
        sheet.write_row(0, 0, labels).unwrap();
        sheet.write_row(1, 0, KEYS).unwrap();
        sheet.write_row(2, 0, ROW).unwrap();
        sheet.write_string(2, 6, "吨吨").unwrap();
    });
    let said = render_text(&read_workbook("zone.xlsx", &bytes).1, Lang::Zh, Style::Plain);
    assert!(said.contains("单位（unit） 列") && said.contains("编号 = ") && said.contains("载体 = "), "{said}");
}

#[test]
fn results_of_a_workbook_name_its_sheets() {
    use parkflux::report::tidy::{coverage, lines};
    let folder = tempfile::tempdir().unwrap();
    let book = folder.path().join("园区.xlsx");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/parks/minimal");
    assert!(parkflux(&["convert", source.to_str().unwrap(), book.to_str().unwrap()]).status.success());
    let (package, found) = read(&book).unwrap();
    let package = package.unwrap_or_else(|| panic!("{}", say(&found)));
    let made = parkflux::inventory::inventory(&package).unwrap();
    let column = |table: parkflux::report::Table, name: &str| -> Vec<String> {
        let json = table.to_json();
        json.as_array().unwrap().iter().map(|row| row[name].as_str().unwrap().to_owned()).collect()
    };
    // What became of a row and the lines that it made can be joined.
    let covered = column(coverage(&made), "row");
    let rows = column(lines(&package, &made), "row");
    assert!(!rows.is_empty() && rows.iter().all(|row| covered.contains(row)), "{rows:?} {covered:?}");
    assert!(rows.iter().all(|row| row.starts_with("园区.xlsx › ")), "{rows:?}");
}

/// The workbook of results has the sheets of the programmes that `park.toml` names. One that nobody knows stops it before
/// anything is written, of one package and of several, and does not trouble an inventory without a workbook.
#[test]
fn the_workbook_of_results_has_the_programmes_of_the_park() {
    let folder = tempfile::tempdir().unwrap();
    let minimal = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/parks/minimal");
    let park = |name: &str, programme: &str| {
        let target = folder.path().join(name);
        std::fs::create_dir(&target).unwrap();
        for entry in std::fs::read_dir(&minimal).unwrap().map(Result::unwrap) {
            let text = std::fs::read_to_string(entry.path()).unwrap();
            let head = if entry.file_name() == "park.toml" {
                format!("programmes = [\"{programme}\"]\n")
            } else {
                String::new()
            };
            let text = head + &text;
            std::fs::write(target.join(entry.file_name()), text).unwrap();
        }
        target.display().to_string()
    };
    let (good, bad) = (park("good", "hj274-2015"), park("bad", "HJ274-2051"));
    let place = |name: &str| folder.path().join(name).display().to_string();

    let made = parkflux(&["inventory", &good, "--xlsx", &place("good.xlsx")]);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let bytes = std::fs::read(place("good.xlsx")).unwrap();
    let mut book: calamine::Xlsx<_> = calamine::Reader::new(Cursor::new(bytes)).unwrap();
    let sheet = calamine::Reader::worksheet_range(&mut book, "Indicators").unwrap();
    assert!(sheet.rows().any(|row| row[0] == *"HJ274-2015-1"));

    let refused = parkflux(&["inventory", &bad, "--xlsx", &place("bad.xlsx")]);
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(refused.status.code(), Some(3), "{said}");
    assert!(said.contains("HJ274-2051") && said.contains("park.toml") && said.contains("HJ274-2015"), "{said}");
    assert!(!Path::new(&place("bad.xlsx")).exists());
    assert!(parkflux(&["inventory", &bad]).status.success());
    let checked = parkflux(&["check", &bad]);
    assert_eq!(checked.status.code(), Some(3), "what stops the workbook is told by check");

    let both = parkflux(&["inventory", &good, &bad, "--xlsx", &place("books")]);
    assert_eq!(both.status.code(), Some(3));
    assert!(Path::new(&place("books/good.xlsx")).exists() && !Path::new(&place("books/bad.xlsx")).exists());
}
