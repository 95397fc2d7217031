//! The template workbook, one workbook a firm, and the way back into the park's package.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test may stop at the first surprise")]

mod common;

use common::{account, park};
use parkflux::diagnostic::{Diagnostics, Lang, Style, render_text};
use parkflux::inventory::inventory;
use parkflux::package::schema::{Kind, SETTINGS, TABLES};
use parkflux::package::{
    MergeReport, Raw, RawRow, firm_workbooks, merge, raw_of_workbook, read, read_raw, read_workbook, template,
    template_workbook, workbook,
};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Cells by column.
type Cells<'a> = &'a [(&'a str, &'a str)];

/// A park folder with the example of the template, and a workbook for each of its firms.
struct Zone {
    scratch: tempfile::TempDir,
}

impl Zone {
    fn new() -> Self {
        let zone = Self { scratch: tempfile::tempdir().unwrap() };
        fs::create_dir(zone.park()).unwrap();
        for (name, bytes) in template("binhai", Lang::En) {
            fs::write(zone.park().join(name), bytes).unwrap();
        }
        zone.hand_out();
        zone
    }

    /// The same where the office holds no flows yet.
    fn without_flows() -> Self {
        let zone = Self::new();
        fs::remove_file(zone.park().join("flows.csv")).unwrap();
        zone.hand_out();
        zone
    }

    fn hand_out(&self) {
        let _ = fs::remove_dir_all(self.books());
        fs::create_dir(self.books()).unwrap();
        let (books, found) = firm_workbooks(&self.park(), Lang::Zh).unwrap();
        for book in books.unwrap_or_else(|| panic!("{}", say(&found))) {
            fs::write(self.books().join(book.file), book.bytes).unwrap();
        }
    }

    fn park(&self) -> PathBuf {
        self.scratch.path().join("park")
    }

    fn books(&self) -> PathBuf {
        self.scratch.path().join("books")
    }

    fn edit(&self, firm: &str, change: impl FnOnce(&mut Raw)) {
        let path = self.books().join(format!("{firm}.xlsx"));
        let (mut raw, found) = read_raw(&path).unwrap();
        assert!(!found.has_errors(), "{}", say(&found));
        change(&mut raw);
        fs::write(path, workbook::write(&raw, Lang::Zh).unwrap()).unwrap();
    }

    /// Fills the first row of a table that stands ready, or a new one.
    fn fill(&self, firm: &str, table: &str, cells: Cells) {
        self.edit(firm, |raw| add(raw, table, cells));
    }

    /// Changes a cell of the row with an id.
    fn change(&self, firm: &str, table: &str, id: &str, column: &str, text: &str) {
        self.edit(firm, |raw| {
            let table = raw.tables.iter_mut().find(|t| t.table.name == table).unwrap();
            let at = position(&table.header, table.table, column);
            let row = table.rows.iter_mut().find(|r| r.cells.iter().any(|c| c == id)).unwrap();
            row.cells.resize(table.header.len(), String::new());
            text.clone_into(&mut row.cells[at]);
        });
    }

    fn merge(&self, update: bool) -> (Option<Raw>, MergeReport, Diagnostics) {
        merge(&self.park(), &[self.books()], update).unwrap()
    }

    /// The merged package; panics with the problems if there is none.
    fn merged(&self, update: bool) -> (Raw, MergeReport) {
        let (raw, report, found) = self.merge(update);
        (raw.unwrap_or_else(|| panic!("{}", say(&found))), report)
    }

    /// The codes and places of the problems of a merge that must fail.
    fn conflicts(&self) -> Vec<(String, String)> {
        let (raw, _, found) = self.merge(false);
        assert!(raw.is_none());
        found.sorted().iter().map(|d| (d.problem.code().id().to_owned(), d.origin.to_string())).collect()
    }
}

fn say(found: &Diagnostics) -> String {
    render_text(found, Lang::En, Style::Plain)
}

fn position(header: &[String], table: &parkflux::package::schema::Table, column: &str) -> usize {
    header.iter().position(|h| table.find(h) == table.position(column)).unwrap()
}

fn add(raw: &mut Raw, table: &str, cells: Cells) {
    let table = raw.tables.iter_mut().find(|t| t.table.name == table).unwrap();
    let ready = table.rows.iter().position(|r| r.cells.iter().filter(|c| !c.is_empty()).count() == 1);
    let at = ready.unwrap_or(table.rows.len());
    if ready.is_none() {
        table.rows.push(RawRow { line: 0, cells: Vec::new() });
    }
    table.rows[at].cells.resize(table.header.len(), String::new());
    for (column, text) in cells {
        let field = position(&table.header, table.table, column);
        (*text).clone_into(&mut table.rows[at].cells[field]);
    }
}

/// The cells of a column, by the ids of the rows.
fn column<'r>(raw: &'r Raw, table: &str, column: &str) -> BTreeMap<&'r str, &'r str> {
    let table = raw.table(table).unwrap();
    let at = position(&table.header, table.table, column);
    table.rows.iter().map(|r| (r.cells[0].as_str(), r.cells.get(at).map_or("", String::as_str))).collect()
}

const COAL: Cells = &[
    ("period", "2024"),
    ("from", "outside:supplier"),
    ("to", "E01/CHP1"),
    ("carrier", "bituminous"),
    ("quantity", "10000"),
    ("unit", "t"),
    ("basis", "as_received"),
];

fn steam(quantity: &str) -> Vec<(&'static str, String)> {
    let cells = [("period", "2024"), ("from", "E01/CHP1"), ("to", "E02"), ("carrier", "heat"), ("unit", "GJ")];
    let mut cells: Vec<(&str, String)> = cells.map(|(c, t)| (c, t.to_owned())).to_vec();
    cells.push(("quantity", quantity.to_owned()));
    cells
}

fn refer<'a>(cells: &'a [(&'static str, String)]) -> Vec<(&'a str, &'a str)> {
    cells.iter().map(|(c, t)| (*c, t.as_str())).collect()
}

// The template.

#[test]
fn the_fresh_template_is_the_park_of_the_folder_template() {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in template("demo", Lang::En) {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    let (_, of_folder) = account(folder.path());
    for lang in [Lang::En, Lang::Zh] {
        let bytes = template_workbook("demo", lang).unwrap();
        assert_eq!(bytes, template_workbook("demo", lang).unwrap(), "the same input gives the same bytes");
        let (package, found) = read_workbook("demo.xlsx", &bytes);
        let package = package.unwrap_or_else(|| panic!("{}", say(&found)));
        let made = inventory(&package).unwrap_or_else(|found| panic!("{}", say(&found)));
        for figure in ["2024/park/total.location/CO2e", "2024/park/total.market/CO2e"] {
            assert!(made.value(figure).is_some());
            assert_eq!(made.value(figure), of_folder.value(figure), "{figure}");
        }
    }
}

#[test]
fn the_template_has_a_sheet_a_table_with_every_column_and_setting() {
    let (raw, found) = raw_of_workbook("t.xlsx", &template_workbook("t", Lang::Zh).unwrap());
    assert!(!found.has_errors(), "{}", say(&found));
    assert_eq!(
        raw.tables.iter().map(|t| t.table.name).collect::<Vec<_>>(),
        TABLES.iter().map(|t| t.name).collect::<Vec<_>>()
    );
    for table in &raw.tables {
        let names: Vec<&str> = table.table.columns.iter().map(|c| c.name).collect();
        assert_eq!(table.header, names, "{}", table.table.name);
    }
    let zip = zip(&template_workbook("t", Lang::En).unwrap());
    let settings = &zip["xl/worksheets/sheet2.xml"];
    assert_eq!(settings.matches("<row ").count(), 1 + SETTINGS.len());
}

/// The parts of a workbook as text.
fn zip(bytes: &[u8]) -> BTreeMap<String, String> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let names: Vec<String> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
    let text = |name: &String| {
        let mut text = String::new();
        std::io::Read::read_to_string(&mut archive.by_name(name).unwrap(), &mut text).unwrap();
        text
    };
    let texts: Vec<String> = names.iter().map(text).collect();
    names.into_iter().zip(texts).collect()
}

#[test]
fn choices_and_ids_have_drop_downs_and_every_header_a_note() {
    let parts = zip(&template_workbook("t", Lang::En).unwrap());
    let book = &parts["xl/workbook.xml"];
    assert!(book.contains("name=\"lists\" sheetId=") && book.contains("state=\"hidden\""));
    for (i, table) in TABLES.iter().enumerate() {
        let sheet = &parts[&format!("xl/worksheets/sheet{}.xml", i + 3)];
        for column in table.columns.iter().filter(|c| matches!(c.kind, Kind::Choice(_))) {
            let list = format!("list_{}_{}", table.name, column.name);
            assert!(sheet.contains(&format!("<formula1>{list}</formula1>")), "{list}");
            assert!(book.contains(&format!("<definedName name=\"{list}\">")), "{list}");
        }
        assert!(sheet.contains("state=\"frozen\""), "{}", table.name);
        let notes = &parts[&format!("xl/comments{}.xml", i + 1)];
        assert_eq!(notes.matches("<comment ").count(), table.columns.len(), "{}", table.name);
        for column in table.columns {
            assert!(notes.contains(column.zh[0]), "{} {}", table.name, column.name);
        }
    }
    let flows = TABLES.iter().position(|t| t.name == "flows").unwrap();
    let sheet = &parts[&format!("xl/worksheets/sheet{}.xml", flows + 3)];
    for list in ["list_nodes", "list_carriers", "list_units", "list_evidence"] {
        assert!(sheet.contains(&format!("<formula1>{list}</formula1>")), "{list}");
    }
    // The nodes follow the sheets of enterprises and processes, and hold their present ids as values.
    let lists = &parts[&format!("xl/worksheets/sheet{}.xml", TABLES.len() + 3)];
    assert!(lists.contains("COUNTA('enterprises'!$A$3:$A$2002)") || lists.contains("COUNTA(&apos;enterprises&apos;!"));
    assert!(lists.contains("<v>E01/CHP1</v>"));
}

// One workbook a firm.

#[test]
fn a_firm_gets_its_own_rows_and_only_names_of_the_others() {
    let zone = Zone::new();
    let (raw, found) = read_raw(&zone.books().join("E02.xlsx")).unwrap();
    assert!(!found.has_errors(), "{}", say(&found));
    assert_eq!(column(&raw, "enterprises", "enterprise").into_keys().collect::<Vec<_>>(), ["E02"]);
    assert_eq!(raw.table("processes").unwrap().rows.len(), 0);
    let quantities = column(&raw, "flows", "quantity");
    let filled: Vec<&str> = quantities.iter().filter(|(_, q)| !q.is_empty()).map(|(id, _)| *id).collect();
    // The coal of E01 is not its business; the steam from E01 is.
    assert_eq!(filled, ["A-0002", "A-0003", "A-0004"]);
    assert!(quantities.contains_key("E02-F001") && quantities.contains_key("E02-F060"));
    assert_eq!(column(&raw, "statistics", "value").into_iter().collect::<Vec<_>>(), [("E02", "12000")]);
    let parts = zip(&fs::read(zone.books().join("E02.xlsx")).unwrap());
    let all = parts.values().cloned().collect::<String>();
    assert!(all.contains("示例热电"), "the other firms can be chosen by name");
    assert!(all.contains("<t>E01/CHP1</t>"), "and their processes");
    assert!(!parts["xl/worksheets/sheet5.xml"].contains("10000"));
    assert!(parts["xl/worksheets/sheet2.xml"].contains("<sheetProtection"), "settings are locked");
}

#[test]
fn books_that_come_back_unchanged_give_the_same_package() {
    for park in [Zone::new().scratch.keep().join("park"), park("minimal"), park("calcasieu-2017")] {
        let scratch = tempfile::tempdir().unwrap();
        let (books, found) = firm_workbooks(&park, Lang::Zh).unwrap();
        let books = books.unwrap_or_else(|| panic!("{}", say(&found)));
        for book in &books {
            fs::write(scratch.path().join(&book.file), &book.bytes).unwrap();
        }
        let (raw, report, found) = merge(&park, &[scratch.path().to_owned()], false).unwrap();
        let raw = raw.unwrap_or_else(|| panic!("{}", say(&found)));
        assert_eq!(raw, read_raw(&park).unwrap().0, "{}", park.display());
        assert_eq!(report.books.len(), books.len());
        assert!(report.missing.is_empty() && report.readings.is_empty() && report.kept.is_empty(), "{report:?}");
        assert!(report.books.iter().all(|b| b.added == 0 && b.changed == 0));
    }
}

// The way back.

#[test]
fn both_ends_of_a_flow_become_two_readings() {
    let zone = Zone::without_flows();
    zone.fill("E01", "flows", COAL);
    zone.fill("E01", "flows", &refer(&steam("60000")));
    let mut received = steam("58800");
    received.push(("use", "consumption".to_owned()));
    zone.fill("E02", "flows", &refer(&received));
    let (raw, report) = zone.merged(false);
    let observers = column(&raw, "flows", "observer");
    assert_eq!(observers["E01-F001"], "");
    assert_eq!((observers["E01-F002"], observers["E02-F001"]), ("from", "to"));
    let [reading] = &report.readings[..] else { panic!("{:?}", report.readings) };
    assert_eq!(reading.sender, ["2024: 60000 GJ (E01-F002)"]);
    assert_eq!(reading.receiver, ["2024: 58800 GJ (E02-F001)"]);
    // The use that only the receiver states holds for both: they are one flow.
    assert_eq!(column(&raw, "flows", "use")["E01-F002"], "consumption");
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in raw.to_files() {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    let (package, _) = read(folder.path()).unwrap();
    let observations = package.unwrap().park.observations;
    let groups: Vec<_> = observations.groups().collect();
    let both = groups.iter().filter(|r| !r.seller.is_empty() && !r.buyer.is_empty()).count();
    assert_eq!((groups.len(), both), (2, 1));
}

#[test]
fn one_reading_stays_without_an_observer() {
    let zone = Zone::without_flows();
    zone.fill("E01", "flows", COAL);
    zone.fill("E01", "flows", &refer(&steam("60000")));
    fs::remove_file(zone.books().join("E02.xlsx")).unwrap();
    let (raw, report) = zone.merged(false);
    assert!(report.readings.is_empty());
    assert!(raw.table("flows").unwrap().header.iter().all(|h| h != "observer"));
    assert_eq!(report.missing.iter().map(|m| m[0].as_str()).collect::<Vec<_>>(), ["E02"]);
}

#[test]
fn ends_that_are_named_differently_are_a_conflict() {
    let zone = Zone::without_flows();
    zone.fill("E01", "processes", &[("process", "E01/CHP2"), ("enterprise", "E01")]);
    zone.fill("E01", "flows", COAL);
    zone.fill("E01", "flows", &refer(&steam("60000")));
    let mut second = steam("30000");
    second[1].1 = "E01/CHP2".to_owned();
    zone.fill("E01", "flows", &refer(&second));
    let mut received = steam("60000");
    received[1].1 = "E01".to_owned();
    // Two processes fit.
    zone.fill("E02", "flows", &refer(&received));
    assert_eq!(zone.conflicts(), [("B232".to_owned(), "E02.xlsx › flows:2".to_owned())]);
}

#[test]
fn two_readings_by_the_same_end_are_a_conflict() {
    let zone = Zone::without_flows();
    for firm in ["E01", "E02"] {
        let mut row = steam("60000");
        row.push(("observer", "to".to_owned()));
        zone.fill(firm, "flows", &refer(&row));
    }
    assert_eq!(zone.conflicts().iter().map(|c| c.0.as_str()).collect::<Vec<_>>(), ["B233"]);
}

#[test]
fn a_row_of_the_office_and_one_of_the_firm_do_not_add_up() {
    let zone = Zone::new();
    let grid = [("period", "2024"), ("from", "outside:grid"), ("to", "E02"), ("carrier", "electricity")];
    let row: Vec<(&str, &str)> = grid.into_iter().chain([("quantity", "790"), ("unit", "万kWh")]).collect();
    // Beside the known row in its own book it is a second delivery.
    zone.fill("E02", "flows", &row);
    assert!(zone.merge(false).0.is_some());
    // In its place it is the same flow under another id.
    zone.edit("E02", |raw| {
        let flows = raw.tables.iter_mut().find(|t| t.table.name == "flows").unwrap();
        flows.rows.retain(|r| r.cells[0] != "A-0004");
    });
    assert_eq!(zone.conflicts().iter().map(|c| c.0.as_str()).collect::<Vec<_>>(), ["B233"]);
}

#[test]
fn a_changed_row_is_a_conflict_until_the_office_says_update() {
    let zone = Zone::new();
    zone.change("E02", "flows", "A-0004", "quantity", "820");
    assert_eq!(zone.conflicts(), [("B231".to_owned(), "E02.xlsx › flows:4".to_owned())]);
    let (raw, report) = zone.merged(true);
    assert_eq!(column(&raw, "flows", "quantity")["A-0004"], "820");
    let [changed] = &report.changed[..] else { panic!("{:?}", report.changed) };
    assert_eq!((changed.old.as_str(), changed.new.as_str()), ("quantity = 800", "quantity = 820"));
}

/// Readings of the flow of heat: quantities by observer, and what the park's account of it is.
fn heat(raw: &Raw) -> BTreeMap<String, (String, String)> {
    let [observers, quantities] = ["observer", "quantity"].map(|c| column(raw, "flows", c));
    let carriers = column(raw, "flows", "carrier");
    let heat = carriers.iter().filter(|(_, carrier)| **carrier == "heat").map(|(id, _)| *id);
    heat.map(|id| (id.to_owned(), (observers[id].to_owned(), quantities[id].to_owned()))).collect()
}

fn say_heat(raw: &Raw) -> Vec<String> {
    heat(raw).into_iter().map(|(id, (observer, quantity))| format!("{id} {observer} {quantity}")).collect()
}

#[test]
fn a_firms_row_beside_the_parks_is_a_second_reading_and_never_added() {
    let zone = Zone::new();
    zone.fill("E02", "flows", &refer(&steam("56000")));
    let (raw, report) = zone.merged(false);
    // E01 handed the park's row back: it is the sender's reading.
    assert_eq!(say_heat(&raw), ["A-0002 from 60000", "E02-F001 to 56000"]);
    let [reading] = &report.readings[..] else { panic!("{:?}", report.readings) };
    assert_eq!(
        (&reading.sender[..], &reading.receiver[..]),
        (&["2024: 60000 GJ (A-0002)".to_owned()][..], &["2024: 56000 GJ (E02-F001)".to_owned()][..])
    );
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in raw.to_files() {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    let (package, _) = read(folder.path()).unwrap();
    let park = package.unwrap().park;
    let of = |id: &str| park.flows.iter().position(|f| &*f.id == id).unwrap();
    let (sent, received) = (of("A-0002"), of("E02-F001"));
    let o = &park.observations;
    assert!(o.counts_for_seller(sent) && !o.counts_for_buyer(sent));
    assert!(o.counts_for_buyer(received) && !o.counts_for_seller(received));

    // Where E01 hands in nothing, nobody says who read the park's row; it is not added either.
    fs::remove_file(zone.books().join("E01.xlsx")).unwrap();
    let (raw, report) = zone.merged(false);
    assert_eq!(say_heat(&raw), ["A-0002  60000", "E02-F001 to 56000"]);
    assert_eq!(report.readings[0].others, ["2024: 60000 GJ (A-0002)"]);
}

#[test]
fn both_ends_beside_the_parks_row_leave_it_without_an_observer() {
    let zone = Zone::new();
    zone.fill("E01", "flows", &refer(&steam("61000")));
    zone.fill("E02", "flows", &refer(&steam("56000")));
    let (raw, report) = zone.merged(false);
    assert_eq!(say_heat(&raw), ["A-0002  60000", "E01-F001 from 61000", "E02-F001 to 56000"]);
    assert_eq!(report.readings.len(), 1);
}

#[test]
fn a_use_that_only_one_reading_states_is_that_of_the_parks_row_too() {
    let zone = Zone::new();
    let mut row = steam("56000");
    row.push(("use", "consumption".to_owned()));
    zone.fill("E02", "flows", &refer(&row));
    let (raw, _) = zone.merged(false);
    assert_eq!(column(&raw, "flows", "use")["A-0002"], "consumption");
    // Two uses beside one open one: nobody can tell.
    row.last_mut().unwrap().1 = "feedstock".to_owned();
    zone.fill("E02", "flows", &refer(&row));
    let codes: Vec<String> = zone.conflicts().into_iter().map(|c| c.0).collect();
    assert_eq!(codes, ["B232", "B232"]);
}

#[test]
fn a_row_with_the_observer_of_the_parks_row_is_a_conflict() {
    let zone = Zone::new();
    let flows = fs::read_to_string(zone.park().join("flows.csv")).unwrap();
    let mut lines: Vec<Vec<&str>> = flows.lines().map(|l| l.split(',').collect()).collect();
    let at = lines[0].iter().position(|h| *h == "observer").unwrap();
    lines.iter_mut().find(|l| l[0] == "A-0002").unwrap()[at] = "to";
    let lines: Vec<String> = lines.iter().map(|l| l.join(",")).collect();
    fs::write(zone.park().join("flows.csv"), lines.join("\n")).unwrap();
    zone.hand_out();
    zone.fill("E02", "flows", &refer(&steam("56000")));
    assert_eq!(zone.conflicts().iter().map(|c| c.0.as_str()).collect::<Vec<_>>(), ["B233"]);
}

#[test]
fn two_corrections_of_a_row_between_two_firms_become_two_readings() {
    let zone = Zone::new();
    zone.change("E01", "flows", "A-0002", "quantity", "61000");
    let (raw, _) = zone.merged(true);
    // E02 handed back the row as it was: nothing stands against E01.
    assert_eq!(column(&raw, "flows", "quantity")["A-0002"], "61000");
    zone.change("E02", "flows", "A-0002", "quantity", "59000");
    assert_eq!(zone.conflicts().len(), 2, "without --update a correction is a conflict");
    let (raw, report) = zone.merged(true);
    assert_eq!(say_heat(&raw), ["A-0002 from 61000", "E02-A-0002 to 59000"]);
    assert_eq!(report.changed.len(), 2);
    let [reading] = &report.readings[..] else { panic!("{:?}", report.readings) };
    assert_eq!(reading.sender, ["2024: 61000 GJ (A-0002)"]);
    assert_eq!(reading.receiver, ["2024: 59000 GJ (E02-A-0002)"]);
    assert!(report.kept.is_empty() && report.books.iter().all(|b| b.changed == 1));
}

#[test]
fn corrections_that_make_another_flow_of_a_row_are_a_conflict_even_under_update() {
    let zone = Zone::new();
    zone.change("E01", "flows", "A-0002", "quantity", "61000");
    zone.change("E02", "flows", "A-0002", "carrier", "steam");
    let (raw, _, found) = zone.merge(true);
    assert!(raw.is_none());
    let text = say(&found);
    assert!(text.contains("[B231]") && text.contains("carrier = steam"), "{text}");
    assert!(text.contains("in E01.xlsx"), "{text}");
}

#[test]
fn a_correction_and_a_new_row_of_one_firm_are_a_conflict() {
    let zone = Zone::new();
    zone.change("E02", "flows", "A-0002", "quantity", "59000");
    zone.fill("E02", "flows", &refer(&steam("56000")));
    let (raw, _, found) = zone.merge(true);
    assert!(raw.is_none() && say(&found).contains("[B233]"), "{}", say(&found));
}

#[test]
fn a_firm_is_joined_with_its_process_where_one_fits() {
    let bare = |quantity: &str| {
        let mut row = steam(quantity);
        row[1].1 = "E01".to_owned();
        row
    };
    let zone = Zone::without_flows();
    zone.fill("E01", "flows", COAL);
    zone.fill("E01", "flows", &refer(&steam("60000")));
    zone.fill("E02", "flows", &refer(&bare("58000")));
    let (raw, report) = zone.merged(false);
    assert_eq!(column(&raw, "flows", "from")["E02-F001"], "E01/CHP1");
    assert_eq!(say_heat(&raw), ["E01-F002 from 60000", "E02-F001 to 58000"]);
    assert_eq!(report.readings[0].receiver, ["2024: 58000 GJ (E02-F001; E01 → E02)"]);
    // With the park's row too.
    let zone = Zone::new();
    zone.fill("E02", "flows", &refer(&bare("58000")));
    assert_eq!(say_heat(&zone.merged(false).0), ["A-0002 from 60000", "E02-F001 to 58000"]);
}

#[test]
fn numbers_and_months_are_compared_by_what_they_mean() {
    let zone = Zone::new();
    zone.change("E02", "flows", "A-0004", "quantity", "800.0");
    zone.change("E02", "statistics", "iav", "value", "12,000");
    assert!(zone.merge(false).0.is_some());
}

#[test]
fn rows_that_are_not_the_firms_are_conflicts() {
    let zone = Zone::new();
    let grid = [("period", "2024"), ("from", "outside:grid"), ("to", "E01"), ("carrier", "electricity")];
    zone.fill("E02", "flows", &grid);
    zone.fill("E02", "processes", &[("process", "E01/B2"), ("enterprise", "E01")]);
    zone.fill(
        "E02",
        "statistics",
        &[("subject", "park"), ("period", "2024"), ("item", "iav"), ("value", "1"), ("unit", "元")],
    );
    zone.fill("E02", "carriers", &[("carrier", "bituminous"), ("property", "ncv"), ("value", "22"), ("unit", "GJ/t")]);
    let conflicts = zone.conflicts();
    assert_eq!(conflicts.len(), 4, "{conflicts:?}");
    assert!(conflicts.iter().all(|(code, place)| code == "B230" && place.starts_with("E02.xlsx › ")), "{conflicts:?}");
}

#[test]
fn ids_of_two_firms_that_collide_are_shown_with_both_places() {
    let zone = Zone::new();
    for (firm, title) in [("E01", "Invoice of coal"), ("E02", "Invoice of power")] {
        zone.fill(firm, "evidence", &[("evidence", "EV-1"), ("title", title)]);
    }
    let (raw, _, found) = zone.merge(false);
    assert!(raw.is_none());
    let text = say(&found);
    assert!(
        text.contains("[B231]") && text.contains("E02.xlsx › evidence") && text.contains("E01.xlsx › evidence"),
        "{text}"
    );
}

#[test]
fn whose_a_book_is_must_be_clear() {
    let zone = Zone::new();
    fs::copy(zone.books().join("E01.xlsx"), zone.books().join("E01 (1).xlsx")).unwrap();
    zone.edit("E02", |raw| raw.tables[0].rows.clear());
    let codes: Vec<String> = zone.conflicts().into_iter().map(|c| c.0).collect();
    assert_eq!(codes, ["P041", "P040"]);
}

#[test]
fn a_mistake_in_a_book_is_shown_where_the_firm_made_it() {
    let zone = Zone::new();
    zone.change("E02", "flows", "A-0003", "unit", "标方");
    let (raw, _, found) = zone.merge(true);
    assert!(raw.is_none());
    let problems = found.sorted();
    let [problem] = &problems[..] else { panic!("{}", say(&found)) };
    assert_eq!(problem.problem.code().id(), "U103");
    assert_eq!(problem.origin.to_string(), "E02.xlsx › flows:3");
}

// The verbs.

fn parkflux(arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_parkflux")).args(arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn from_a_template_to_a_merged_package_by_the_verbs() {
    let scratch = tempfile::tempdir().unwrap();
    let at = |name: &str| scratch.path().join(name);
    let (park, books, out, book) = (at("园区.xlsx"), at("books"), at("out"), at("out.xlsx"));
    let ok = |arguments: &[&str]| {
        let (code, stdout, stderr) = parkflux(arguments);
        assert_eq!(code, Some(0), "{arguments:?}\n{stdout}{stderr}");
        stdout
    };
    ok(&["init", "--xlsx", path(&park), "--lang", "zh"]);
    assert!(ok(&["check", path(&park), "--lang", "en"]).contains("valid, 9 rows"));
    assert_eq!(parkflux(&["init", "--xlsx", path(&park)]).0, Some(2), "nothing is written over");
    let (code, _, said) = parkflux(&["init", "--per-enterprise", path(&park)]);
    assert!(code == Some(2) && said.contains("OUTFOLDER"), "{said}");
    ok(&["init", "--per-enterprise", path(&park), path(&books)]);
    let said = ok(&["merge", path(&park), path(&books.join("E01.xlsx")), "--out", path(&out), "--lang", "en"]);
    assert!(
        said.contains("E01 (E01.xlsx): 0 rows new, 5 as known, 0 changed")
            && said.contains("not handed in: E02 Example chemicals"),
        "{said}"
    );
    ok(&["check", path(&out)]);
    assert_eq!(parkflux(&["merge", path(&park), path(&books), "--out", path(&out)]).0, Some(2));
    ok(&["merge", path(&park), path(&books), "--out", path(&out), "--overwrite"]);
    let json: serde_json::Value =
        serde_json::from_str(&ok(&["--json", "merge", path(&park), path(&books), "--out", path(&book)])).unwrap();
    assert_eq!(json["not_handed_in"], serde_json::json!([]));
    assert_eq!(json["books"][1]["same"], 5);
    ok(&["check", path(&book)]);
}

#[test]
fn a_merge_with_conflicts_writes_nothing() {
    let zone = Zone::new();
    zone.change("E02", "flows", "A-0004", "quantity", "820");
    let out = zone.scratch.path().join("out");
    let arguments =
        ["merge", path(&zone.park()), path(&zone.books()), "--out", path(&out), "--lang", "zh"].map(str::to_owned);
    let (code, stdout, stderr) = parkflux(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(code, Some(3));
    assert!(!out.exists() && stdout.contains("未汇总") && stderr.contains("[B231]"), "{stdout}{stderr}");
}

#[test]
fn a_park_without_flows_can_be_asked_and_joined() {
    for empty in [false, true] {
        let zone = Zone::without_flows();
        let flows = zone.park().join("flows.csv");
        if empty {
            fs::write(&flows, "id,period,from,to,carrier,quantity,unit\n").unwrap();
        }
        let (code, _, said) = parkflux(&["check", path(&zone.park()), "--lang", "en"]);
        assert!(code == Some(3) && said.contains("init --per-enterprise"), "{said}");
        fs::remove_dir_all(zone.books()).unwrap();
        assert_eq!(parkflux(&["init", "--per-enterprise", path(&zone.park()), path(&zone.books())]).0, Some(0));
        zone.fill("E01", "flows", COAL);
        let out = zone.scratch.path().join("out");
        let (code, said, wrong) =
            parkflux(&["merge", path(&zone.park()), path(&zone.books()), "--out", path(&out), "--lang", "en"]);
        assert_eq!(code, Some(0), "{wrong}");
        assert!(said.contains("E01 (E01.xlsx): 1 row new,"), "{said}");
        assert_eq!(parkflux(&["check", path(&out)]).0, Some(0));
    }
}

#[test]
fn a_firm_without_an_english_name_is_called_by_its_chinese_one() {
    let zone = Zone::new();
    fs::write(zone.park().join("enterprises.csv"), "enterprise,name_zh,sector\nE01,热电,GB4754:D44\nE02,,GB4754:C26\n")
        .unwrap();
    zone.hand_out();
    for (firm, title) in [("E01", "Workbook of E01 热电, for"), ("E02", "Workbook of E02, for")] {
        let parts = zip(&fs::read(zone.books().join(format!("{firm}.xlsx"))).unwrap());
        assert!(parts["xl/sharedStrings.xml"].contains(title), "{title}");
    }
}
