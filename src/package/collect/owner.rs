//! Which rows of a package are a firm's own: those that it fills and answers for.

use super::source::SourceRow;
use crate::package::schema::Table;

/// The tables that a firm fills, in the order of its workbook. The others are the
/// park office's.
pub(in crate::package) const FIRM_TABLES: &[&str] = &[
    "enterprises",
    "processes",
    "flows",
    "emissions",
    "carriers",
    "parameters",
    "outputs",
    "instruments",
    "statistics",
    "evidence",
    "quality_plan",
];

/// The enterprise of a node or process: `E03/CHP1` and `E03` are of `E03`; empty for
/// the outside and for stocks.
pub(in crate::package) fn owner(node: &str) -> &str {
    if node.contains([':', '：']) { "" } else { node.split('/').next().unwrap_or_default() }
}

/// Whether a row of `carriers.csv` declares a carrier rather than measuring one.
pub(in crate::package) fn declares(table: &Table, row: &SourceRow) -> bool {
    table.name == "carriers" && matches!(row.cell(table, "property"), "kind" | "name_en" | "name_zh")
}

/// Whether a firm may fill this row. Documents and carriers that somebody declares
/// belong to nobody and may come from anyone.
pub(in crate::package) fn is_of(table: &Table, row: &SourceRow, firm: &str) -> bool {
    let cell = |column: &str| row.cell(table, column);
    let owned = |column: &str| owner(cell(column)) == firm;
    match table.name {
        "enterprises" | "emissions" | "quality_plan" => cell("enterprise") == firm,
        "processes" => cell("enterprise") == firm && owned("process"),
        "parameters" | "outputs" => owned("process"),
        "flows" => owned("from") || owned("to"),
        "carriers" if declares(table, row) => true,
        "carriers" if cell("enterprise").is_empty() => owned("process"),
        "carriers" => cell("enterprise") == firm && (cell("process").is_empty() || owned("process")),
        "instruments" => cell("holder") == firm,
        "statistics" => cell("subject") == firm,
        "evidence" => true,
        _ => false,
    }
}
