//! The lists behind the drop-downs, on a hidden sheet of their own.
//!
//! Carriers, units, gases and items come from the library; ids of enterprises,
//! processes, flows and evidence are taken from the workbook's own sheets by range,
//! so that a firm that is added can be chosen at once.

use super::{FIRST, Form, READY, head, sheet_name};
use crate::diagnostic::Lang;
use crate::factors::{Parameter, vocabulary};
use crate::package::Error;
use crate::package::schema::{Column, Kind, Table, table};
use crate::park::{Gas, GwpSet, ITEMS, Outside, Stock, item_zh};
use crate::quantity::known_units;
use rust_xlsxwriter::utility::column_number_to_name;
use rust_xlsxwriter::{Formula, Worksheet};
use std::fmt::Write as _;

/// Least number of own ids that the list of nodes has room for.
const ROOM: usize = 300;

/// Units that an energy ledger uses, offered before all others.
const COMMON_UNITS: &[&str] = &[
    "t",
    "万t",
    "kg",
    "m3",
    "万m3",
    "Nm3",
    "万Nm3",
    "kWh",
    "MWh",
    "万kWh",
    "GJ",
    "TJ",
    "tce",
    "万元",
    "亿元",
    "GJ/t",
    "MJ/kg",
    "kJ/kg",
    "GJ/万Nm3",
    "t/TJ",
    "t/MWh",
    "t/t",
    "%",
    "1",
];

/// One list of the hidden sheet.
struct ListColumn {
    name: String,
    /// The words, each with what may be said beside it.
    words: Vec<[String; 3]>,
    /// Ids taken from other sheets: formula and present value.
    own: Vec<(String, String)>,
    /// First column on the sheet, counted from 0.
    at: u16,
    /// Columns that it takes: the words alone, or the names beside them.
    width: u16,
}

/// All lists of a workbook.
pub(super) struct Lists {
    lang: Lang,
    columns: Vec<ListColumn>,
    /// Names for the ids of whole sheets, and the ranges they stand for.
    ranges: Vec<(&'static str, String)>,
}

/// What a drop-down points to.
pub(super) struct Choice {
    name: String,
    /// Whether nothing else may stand in the cell.
    pub(super) closed: bool,
}

impl Choice {
    /// The formula of the validation.
    pub(super) fn formula(&self) -> String {
        format!("={}", self.name)
    }
}

/// The name of the list of a column with fixed choices.
fn choice_name(table: &Table, column: &Column) -> String {
    format!("list_{}_{}", table.name, column.name)
}

fn plain<'a>(words: impl IntoIterator<Item = &'a str>) -> Vec<[String; 3]> {
    words.into_iter().map(|w| [w.to_owned(), String::new(), String::new()]).collect()
}

impl Lists {
    pub(super) fn new(form: &Form) -> Self {
        let mut lists = Self { lang: form.lang, columns: Vec::new(), ranges: Vec::new() };
        let mut carriers: Vec<[String; 3]> =
            vocabulary().iter().map(|v| [v.id.clone(), v.name_en.clone(), v.name_zh.clone()]).collect();
        if let Some(firm) = &form.firm {
            carriers.extend(firm.carriers.iter().map(|id| [id.clone(), String::new(), String::new()]));
        }
        carriers.sort();
        carriers.dedup_by(|a, b| a[0] == b[0]);
        lists.add("list_carriers", carriers, Vec::new());
        let other = known_units().filter_map(|(names, _)| names.first().copied()).filter(|u| !COMMON_UNITS.contains(u));
        lists.add("list_units", plain(COMMON_UNITS.iter().copied().chain(other)), Vec::new());
        let others = form.firm.as_ref().map(|f| f.others.clone()).unwrap_or_default();
        let outside = Outside::IDS.iter().map(|id| format!("outside:{id}"));
        let ends: Vec<String> = outside.chain(Stock::IDS.iter().map(|id| format!("stock:{id}"))).collect();
        let mut nodes = plain(ends.iter().map(String::as_str));
        nodes.extend(others);
        lists.add("list_nodes", nodes, own_ids(form, &["enterprises", "processes"]));
        let subjects = match &form.firm {
            Some(firm) => (plain([firm.id.as_str()]), Vec::new()),
            None => (plain(["park"]), own_ids(form, &["enterprises"])),
        };
        lists.add("list_subjects", subjects.0, subjects.1);
        let gases = Gas::ALL.iter().map(|g| g.id()).chain(["CO2e"]);
        lists.add("list_gases", plain(gases), Vec::new());
        lists.add("list_gwp", plain(GwpSet::ALL.iter().map(|g| g.id())), Vec::new());
        let items = ITEMS.iter().map(|(id, _)| [(*id).to_owned(), String::new(), item_zh(id).to_owned()]);
        lists.add("list_items", items.collect(), Vec::new());
        lists.add("list_parameters", plain(Parameter::ALL.iter().map(|p| p.id())), Vec::new());
        lists.add("list_accounting", plain(["combustion", "measured", "default"]), Vec::new());
        for (table, _) in &form.tables {
            for column in table.columns {
                if let Kind::Choice(choices) = column.kind {
                    lists.add(&choice_name(table, column), plain(choices.iter().copied()), Vec::new());
                }
            }
        }
        for (name, of) in [
            ("list_enterprises", "enterprises"),
            ("list_processes", "processes"),
            ("list_flows", "flows"),
            ("list_evidence", "evidence"),
        ] {
            if form.tables.iter().any(|(t, _)| t.name == of)
                && let Some(range) = id_range(of, form.lang)
            {
                let first = range.split(':').next().unwrap_or_default().to_owned();
                lists.ranges.push((name, format!("=OFFSET({first},0,0,MAX(1,COUNTA({range})),1)")));
            }
        }
        lists
    }

    fn add(&mut self, name: &str, words: Vec<[String; 3]>, own: Vec<(String, String)>) {
        let at = self.columns.last().map_or(0, |c| c.at + c.width);
        let width = if words.iter().any(|w| !w[1].is_empty() || !w[2].is_empty()) { 3 } else { 1 };
        self.columns.push(ListColumn { name: name.to_owned(), words, own, at, width });
    }

    /// The list for a column of a table.
    pub(super) fn of(&self, table: &Table, column: &Column, of_firm: bool) -> Option<Choice> {
        let list = |name: &str| Some(Choice { name: name.to_owned(), closed: false });
        let closed = |name: &str| Some(Choice { name: name.to_owned(), closed: true });
        let choice = match (table.name, column.name) {
            (_, _) if matches!(column.kind, Kind::Choice(_)) => closed(&choice_name(table, column)),
            (_, _) if column.kind == Kind::Unit => list("list_units"),
            (_, _) if column.kind == Kind::Node => list("list_nodes"),
            ("enterprises" | "evidence", _) | ("processes", "process") | ("carriers", "value") => None,
            ("processes", "accounting") => list("list_accounting"),
            ("factors", "parameter") => list("list_parameters"),
            ("statistics", "subject") if of_firm => closed("list_subjects"),
            ("statistics", "subject") => list("list_subjects"),
            ("statistics", "item") => list("list_items"),
            ("exchanges", "from" | "to") | (_, "enterprise" | "holder") => closed("list_enterprises"),
            (_, "process") => list("list_processes"),
            (_, "carrier" | "displaces") => list("list_carriers"),
            (_, "replaces") => list("list_flows"),
            (_, "gas") => list("list_gases"),
            (_, "gwp_set") => closed("list_gwp"),
            (_, "evidence") => list("list_evidence"),
            _ => None,
        }?;
        let known =
            self.columns.iter().any(|c| c.name == choice.name) || self.ranges.iter().any(|r| r.0 == choice.name);
        known.then_some(choice)
    }

    /// Names of the workbook with the ranges that they stand for.
    pub(super) fn names(&self) -> Vec<(&str, String)> {
        let sheet = self.lang.pick("lists", "列表");
        let mut names = Vec::new();
        for c in &self.columns {
            let letter = column_number_to_name(c.at);
            let (words, last) = (c.words.len(), 1 + c.words.len() + c.own.len());
            let formula = if c.own.is_empty() {
                format!("='{sheet}'!${letter}$2:${letter}${last}")
            } else {
                let own = format!("'{sheet}'!${letter}${}:${letter}${last}", words + 2);
                format!("=OFFSET('{sheet}'!${letter}$2,0,0,{words}+COUNTIF({own},\"?*\"),1)")
            };
            names.push((c.name.as_str(), formula));
        }
        names.extend(self.ranges.iter().map(|(name, formula)| (*name, formula.clone())));
        names
    }

    /// Writes the hidden sheet.
    pub(super) fn write(&self, sheet: &mut Worksheet, lang: Lang) -> Result<(), Error> {
        sheet.set_name(lang.pick("lists", "列表"))?;
        // Without this an empty text would be cached as 0.
        sheet.set_formula_result_default("");
        let header = head(false);
        for c in &self.columns {
            sheet.write_string_with_format(0, c.at, &c.name, &header)?;
            for (row, words) in (1..).zip(&c.words) {
                for (column, word) in (c.at..c.at + c.width).zip(words).filter(|(_, w)| !w.is_empty()) {
                    sheet.write_string(row, column, word)?;
                }
            }
            for (row, (formula, value)) in (c.words.len() as u32 + 1..).zip(&c.own) {
                sheet.write_formula(row, c.at, Formula::new(formula).set_result(value))?;
            }
            for column in c.at..c.at + c.width {
                sheet.set_column_width(column, 24)?;
            }
        }
        sheet.set_freeze_panes(1, 0)?;
        sheet.set_hidden(true);
        Ok(())
    }
}

/// The cells that hold the ids of a table: its first column.
fn id_range(name: &str, lang: Lang) -> Option<String> {
    let sheet = sheet_name(table(name)?, lang);
    Some(format!("'{sheet}'!$A${}:$A${}", FIRST + 1, FIRST + READY))
}

/// Formulas that list the ids of several sheets one after the other, with what they
/// give now.
fn own_ids(form: &Form, tables: &[&str]) -> Vec<(String, String)> {
    let mut ids: Vec<&str> = Vec::new();
    let mut ranges = Vec::new();
    for (table, rows) in form.tables.iter().filter(|(t, _)| tables.contains(&t.name)) {
        ids.extend(rows.iter().filter_map(|r| r.first()).map(String::as_str));
        ranges.extend(id_range(table.name, form.lang));
    }
    let room = ROOM.max(ids.len() * 2);
    let formula = |k: usize| {
        let mut before = String::new();
        let mut parts = String::new();
        for range in &ranges {
            let place = format!("{k}{}", before.replace('+', "-"));
            // Writing to a String cannot fail.
            let _ = write!(parts, "IF({k}<=COUNTA({range}){before},INDEX({range},{place}),");
            let _ = write!(before, "+COUNTA({range})");
        }
        format!("={parts}\"\"{}", ")".repeat(ranges.len()))
    };
    (1..=room).map(|k| (formula(k), ids.get(k - 1).map_or(String::new(), |id| (*id).to_owned()))).collect()
}
