//! Rendering of diagnostics for people and for programs.

use super::{Diagnostic, Diagnostics, Lang, Severity};
use serde_json::{Value, json};
use std::fmt::Write as _;

/// How text is decorated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Style {
    /// No control sequences.
    #[default]
    Plain,
    /// ANSI colors for a terminal.
    Color,
}

impl Style {
    fn paint(self, code: &str, text: &str) -> String {
        match self {
            Self::Plain => text.to_owned(),
            Self::Color => format!("\x1b[{code}m{text}\x1b[0m"),
        }
    }
}

/// Cells shown for orientation, and how wide a cell may get.
const CELLS: usize = 6;
const CELL_WIDTH: usize = 40;

/// How long a sentence may get: a cell of a megabyte is not quoted whole.
const LINE_WIDTH: usize = 400;

/// All problems as text, in the order of their places, with a closing count.
#[must_use]
pub fn render_text(diagnostics: &Diagnostics, lang: Lang, style: Style) -> String {
    let mut out = String::new();
    for diagnostic in diagnostics.sorted() {
        one(&mut out, diagnostic, lang, style);
    }
    if let Some(first) = diagnostics.sorted().first() {
        out.push_str(&summary(diagnostics, lang));
        let code = first.problem.code().id();
        let _ = match lang {
            Lang::En => writeln!(out, "; `parkflux explain {code}` tells the rule behind a code"),
            Lang::Zh => writeln!(out, "；规则见 `parkflux explain {code}`（换成相应代码）"),
        };
    }
    out
}

/// `3 errors, 1 warning`.
fn summary(diagnostics: &Diagnostics, lang: Lang) -> String {
    let words = [
        (Severity::Error, "error", "个错误"),
        (Severity::Warning, "warning", "个警告"),
        (Severity::Note, "note", "个提示"),
    ];
    let parts: Vec<String> = words
        .iter()
        .map(|&(severity, en, zh)| (diagnostics.count(severity), en, zh))
        .filter(|&(n, ..)| n > 0)
        .map(|(n, en, zh)| match lang {
            Lang::En => format!("{n} {en}{}", if n == 1 { "" } else { "s" }),
            Lang::Zh => format!("{n} {zh}"),
        })
        .collect();
    parts.join(lang.pick(", ", "，"))
}

fn one(out: &mut String, d: &Diagnostic, lang: Lang, style: Style) {
    let text = d.text(lang);
    let code = d.problem.code().id();
    let (color, word) = match d.problem.severity() {
        Severity::Error => ("1;31", lang.pick("error", "错误")),
        Severity::Warning => ("1;33", lang.pick("warning", "警告")),
        Severity::Note => ("1;36", lang.pick("note", "提示")),
    };
    let head = style.paint(color, &format!("{word}[{code}]"));
    let place = place(d, lang);
    // Writing to a String cannot fail.
    let _ = writeln!(out, "{head}: {}", one_line(&text.message, LINE_WIDTH));
    let _ = writeln!(out, "  --> {place}");
    let cells = cells(d);
    if !cells.is_empty() {
        let _ = writeln!(out, "   |  {cells}");
    }
    if let Some(expected) = &text.expected {
        let _ = writeln!(out, "   = {}{}", lang.pick("expected ", "要求："), one_line(expected, LINE_WIDTH));
    }
    let _ = writeln!(out, "{}{}", lang.pick("help: ", "建议："), one_line(&text.help, LINE_WIDTH));
    out.push('\n');
}

/// Whether the file has lines and keys: `park.toml`, a scenario.
fn is_toml(d: &Diagnostic) -> bool {
    d.origin.file.ends_with(".toml")
}

/// `flows.csv row 118, column unit`; `park.toml line 8, key gwp_set`;
/// `binhai.xlsx › flows row 118, column unit, cell G118`.
fn place(d: &Diagnostic, lang: Lang) -> String {
    let toml = is_toml(d);
    let mut place = d.origin.file.to_string();
    if let Some(row) = d.origin.row {
        let _ = match (lang, toml) {
            (Lang::En, true) => write!(place, " line {row}"),
            (Lang::En, false) => write!(place, " row {row}"),
            (Lang::Zh, _) => write!(place, " 第 {row} 行"),
        };
    }
    if let Some(column) = &d.origin.column {
        let name = match &d.header {
            Some(header) => lang.pick(format!("{header} ({column})"), format!("{header}（{column}）")),
            None => column.to_string(),
        };
        let _ = match (lang, toml) {
            (Lang::En, true) => write!(place, ", key {name}"),
            (Lang::En, false) => write!(place, ", column {name}"),
            (Lang::Zh, true) => write!(place, "，键 {name}"),
            (Lang::Zh, false) => write!(place, "，{name} 列"),
        };
    }
    if let Some(cell) = &d.cell {
        let _ = match lang {
            Lang::En => write!(place, ", cell {cell}"),
            Lang::Zh => write!(place, "，单元格 {cell}"),
        };
    }
    place
}

/// The first cell (the id) and the filled cells around the one at fault, at most
/// [`CELLS`]; for a setting, the setting.
fn cells(d: &Diagnostic) -> String {
    let fault = d.header.as_deref().or(d.origin.column.as_deref());
    let setting = is_toml(d);
    if let (true, Some(key), Some(found)) = (setting, fault, &d.found) {
        return format!("{key} = {}", one_line(found, CELL_WIDTH));
    }
    let filled: Vec<&(String, String)> =
        d.row.iter().filter(|(name, value)| !value.is_empty() || Some(name.as_str()) == fault).collect();
    let at = filled.iter().position(|(name, _)| Some(name.as_str()) == fault).unwrap_or(0);
    let start = (at + 2).saturating_sub(CELLS).max(1);
    let shown = filled.iter().take(1).chain(filled.iter().skip(start).take(CELLS - 1));
    let parts: Vec<String> = shown.map(|(name, value)| format!("{name} = {}", one_line(value, CELL_WIDTH))).collect();
    parts.join("   ")
}

/// The text on one line, without control characters, cut to `width` characters.
fn one_line(text: &str, width: usize) -> String {
    let clean = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    let mut short: String = clean.clone().take(width).collect();
    if clean.count() > width {
        short.push('…');
    }
    short
}

/// All problems as a JSON array of
/// `{code, severity, message, where: {file, row, column, cell}, found, expected, help}`.
#[must_use]
pub fn render_json(diagnostics: &Diagnostics, lang: Lang) -> Value {
    let list = diagnostics.sorted().into_iter().map(|d| {
        let text = d.text(lang);
        json!({
            "code": d.problem.code().id(),
            "severity": d.problem.severity(),
            "message": text.message,
            "where": {
                "file": &*d.origin.file,
                "row": d.origin.row,
                "column": d.origin.column.as_deref(),
                "cell": d.cell,
            },
            "found": d.found,
            "expected": text.expected,
            "help": text.help,
        })
    });
    Value::Array(list.collect())
}
