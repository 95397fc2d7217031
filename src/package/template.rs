//! The template that `init` writes: a small park that works, made from the same
//! descriptions that the reader uses.

use super::schema::{TABLES, Table};
use crate::diagnostic::Lang;

/// Cells of an example row: column and content.
type ExampleRow = &'static [(&'static str, &'static str)];

/// Rows of the example, by table.
const EXAMPLE: &[(&str, &[ExampleRow])] = &[
    (
        "enterprises",
        &[
            &[
                ("enterprise", "E01"),
                ("name_en", "Example heat and power"),
                ("name_zh", "示例热电"),
                ("sector", "GB4754:D44"),
            ],
            &[
                ("enterprise", "E02"),
                ("name_en", "Example chemicals"),
                ("name_zh", "示例化工"),
                ("sector", "GB4754:C26"),
            ],
        ],
    ),
    (
        "processes",
        &[&[("process", "E01/CHP1"), ("enterprise", "E01"), ("technique", "chp"), ("accounting", "combustion")]],
    ),
    (
        "flows",
        &[
            &[
                ("id", "A-0001"),
                ("period", "2024"),
                ("from", "outside:supplier"),
                ("to", "E01/CHP1"),
                ("carrier", "bituminous"),
                ("quantity", "10000"),
                ("unit", "t"),
                ("basis", "as_received"),
                ("use", "combustion"),
                ("method", "invoice"),
            ],
            &[
                ("id", "A-0002"),
                ("period", "2024"),
                ("from", "E01/CHP1"),
                ("to", "E02"),
                ("carrier", "heat"),
                ("quantity", "60000"),
                ("unit", "GJ"),
                ("method", "meter"),
            ],
            &[
                ("id", "A-0003"),
                ("period", "2024"),
                ("from", "outside:supplier"),
                ("to", "E02"),
                ("carrier", "natural_gas"),
                ("quantity", "50"),
                ("unit", "万Nm3"),
                ("use", "combustion"),
                ("method", "invoice"),
            ],
            &[
                ("id", "A-0004"),
                ("period", "2024"),
                ("from", "outside:grid"),
                ("to", "E02"),
                ("carrier", "electricity"),
                ("quantity", "800"),
                ("unit", "万kWh"),
                ("method", "invoice"),
            ],
        ],
    ),
    (
        "statistics",
        &[
            &[("subject", "E01"), ("period", "2024"), ("item", "iav"), ("value", "3000"), ("unit", "万元")],
            &[("subject", "E02"), ("period", "2024"), ("item", "iav"), ("value", "12000"), ("unit", "万元")],
        ],
    ),
];

/// `park.toml` of the template.
const PARK: &str = include_str!("template.toml");

/// The files of a template for a park called `name`, by file name. Headers are
/// English keys, or the Chinese ones for `Lang::Zh`.
#[must_use]
pub fn template(name: &str, lang: Lang) -> Vec<(&'static str, Vec<u8>)> {
    let mut files = vec![("park.toml", park(name).into_bytes())];
    files.extend(TABLES.iter().map(|t| (t.file, table(t, lang))));
    files
}

/// `park.toml` of the template, for a park called `name`.
pub(super) fn park(name: &str) -> String {
    let id: String = name.chars().filter(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.')).take(80).collect();
    let id = if id.is_empty() { "mypark".to_owned() } else { id };
    PARK.replace("@ID@", &id)
}

/// The example rows of a table: cells in the order of its columns.
pub(super) fn example(table: &Table) -> Vec<Vec<String>> {
    let rows = EXAMPLE.iter().find(|(name, _)| *name == table.name).map_or(&[][..], |(_, rows)| rows);
    let cell =
        |row: ExampleRow, column: &str| row.iter().find(|(name, _)| *name == column).map_or("", |(_, cell)| cell);
    rows.iter().map(|row| table.columns.iter().map(|c| cell(row, c.name).to_owned()).collect()).collect()
}

/// One table: header, and the example rows if it has some. It begins with a
/// byte-order mark, so that Excel reads it as UTF-8.
fn table(table: &Table, lang: Lang) -> Vec<u8> {
    let header = table.columns.iter().map(|c| lang.pick(c.name, c.zh.first().copied().unwrap_or(c.name)));
    let mut writer = csv::Writer::from_writer(vec![0xEF, 0xBB, 0xBF]);
    // Writing into memory cannot fail.
    let _ = writer.write_record(header);
    for row in example(table) {
        let _ = writer.write_record(row);
    }
    writer.into_inner().unwrap_or_default()
}
