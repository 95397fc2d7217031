//! A sheet of the workbook: two header rows, columns with a look, rows of cells, and
//! references to them.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Formula, ProtectionOptions, Worksheet, XlsxError};

/// What writing yields.
pub(super) type Written<T = ()> = Result<T, XlsxError>;

/// Rows of the header: labels, then machine keys.
pub(super) const HEAD: u32 = 2;

/// Most characters of a text cell; Excel holds no more.
const LONGEST_TEXT: usize = 32_767;

/// Longest formula that is written; Excel takes 8,192 characters.
const LONGEST_FORMULA: usize = 8_000;

/// How a column looks, which says what its numbers are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// Words.
    Text,
    /// A number that the park states.
    Input,
    /// A number that the program or a source states.
    Constant,
    /// A formula, shown in full.
    Formula,
    /// A formula in tonnes, shown with three decimals.
    Tonnes,
}

/// A column of a sheet.
#[derive(Debug, Clone, Copy)]
pub(super) struct Column {
    /// Machine key, the second header row.
    pub(super) key: &'static str,
    /// Label, the first header row.
    pub(super) label: (&'static str, &'static str),
    /// Width in characters.
    pub(super) width: f64,
    /// How it looks.
    pub(super) look: Look,
}

/// A column: key, label in English and Chinese, width, look.
pub(super) const fn column(key: &'static str, en: &'static str, zh: &'static str, width: f64, look: Look) -> Column {
    Column { key, label: (en, zh), width, look }
}

/// The letter of the column with this key.
pub(super) fn letter(columns: &[Column], key: &str) -> String {
    let position = columns.iter().position(|c| c.key == key);
    debug_assert!(position.is_some(), "no column {key}");
    letters(position.unwrap_or_default())
}

/// `0` is A, `26` is AA.
pub(super) fn letters(mut position: usize) -> String {
    let mut name = Vec::new();
    loop {
        name.push(b'A' + (position % 26) as u8);
        if position < 26 {
            break;
        }
        position = position / 26 - 1;
    }
    name.iter().rev().map(|&b| char::from(b)).collect()
}

/// A fixed reference to a cell of another sheet. `row` counts data rows from 0.
pub(super) fn cell(sheet: &str, letter: &str, row: usize) -> String {
    format!("{sheet}!${letter}${}", row_number(row))
}

/// The row number that people see, of a data row counted from 0.
pub(super) fn row_number(row: usize) -> u32 {
    row as u32 + HEAD + 1
}

/// A fixed reference to data rows 0 to `rows` of a column; one row if there is none.
pub(super) fn range(sheet: &str, letter: &str, rows: usize) -> String {
    format!("{sheet}!${letter}${}:${letter}${}", row_number(0), row_number(rows.max(1) - 1))
}

/// `SUM` over cells that need not stand together; nested, since a function takes at
/// most 255 arguments.
pub(super) fn sum_of(cells: &[String]) -> String {
    match cells {
        [] => "0".to_owned(),
        [one] => one.clone(),
        few if few.len() <= 200 => format!("SUM({})", few.join(",")),
        many => {
            let parts: Vec<String> = many.chunks(200).map(sum_of).collect();
            format!("SUM({})", parts.join(","))
        }
    }
}

/// Whether a value that a formula gives is the engine's, but for rounding.
pub(super) fn same(formula: f64, engine: f64) -> bool {
    (formula - engine).abs() <= 1e-12 * formula.abs().max(engine.abs())
}

/// A sheet under construction.
pub(super) struct Grid {
    sheet: Worksheet,
    columns: usize,
    rows: usize,
    constant: Format,
    input: Format,
}

/// Label, machine key, width and look of a column.
pub(super) type Head<'a> = (String, &'a str, f64, Look);

/// The head of a column, with the label in both languages.
fn head_of<'a>(column: &Column) -> Head<'a> {
    (format!("{}\n{}", column.label.1, column.label.0), column.key, column.width, column.look)
}

impl Grid {
    /// A sheet with its header.
    pub(super) fn new(name: &str, columns: &[Column]) -> Written<Self> {
        Self::of_heads(name, &columns.iter().map(head_of).collect::<Vec<_>>())
    }

    /// A sheet with a column for each year between its first and last columns.
    pub(super) fn by_year(name: &str, first: &[Column], years: &[u16], last: &[Column]) -> Written<Self> {
        let keys: Vec<String> = years.iter().map(u16::to_string).collect();
        let mut heads: Vec<Head> = first.iter().map(head_of).collect();
        heads.extend(keys.iter().map(|key| (format!("{key} 年\n{key}"), key.as_str(), 20.0, Look::Formula)));
        heads.extend(last.iter().map(head_of));
        Self::of_heads(name, &heads)
    }

    fn of_heads(name: &str, heads: &[Head]) -> Written<Self> {
        let mut sheet = Worksheet::new();
        sheet.set_name(name)?;
        head(&mut sheet, heads)?;
        let (constant, input) = (format(Look::Constant), format(Look::Input));
        Ok(Self { sheet, columns: heads.len(), rows: 0, constant, input })
    }

    /// How many data rows there are.
    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    /// The next row.
    pub(super) fn row(&mut self) -> Row<'_> {
        let row = HEAD + self.rows as u32;
        self.rows += 1;
        Row { sheet: &mut self.sheet, constant: &self.constant, input: &self.input, line: row, column: 0 }
    }

    /// The finished sheet. Where `locked`, its cells cannot be changed by accident
    /// (there is no password).
    pub(super) fn finish(mut self, locked: bool) -> Written<Worksheet> {
        let last = (HEAD + self.rows.max(1) as u32) - 1;
        self.sheet.autofilter(HEAD - 1, 0, last, self.columns as u16 - 1)?;
        if locked {
            lock(&mut self.sheet);
        }
        Ok(self.sheet)
    }
}

/// Writes the two header rows and sets the looks of the columns.
pub(super) fn head(sheet: &mut Worksheet, heads: &[Head]) -> Written {
    let label = Format::new()
        .set_bold()
        .set_text_wrap()
        .set_align(FormatAlign::Top)
        .set_background_color(Color::RGB(0x001F_4E78))
        .set_font_color(Color::White);
    let key = Format::new()
        .set_italic()
        .set_font_color(Color::RGB(0x0059_5959))
        .set_background_color(Color::RGB(0x00D9_E1F2))
        .set_border_bottom(FormatBorder::Thin);
    for (i, (text, id, width, look)) in heads.iter().enumerate() {
        let column = i as u16;
        sheet.set_column_width(column, *width)?;
        sheet.set_column_format(column, &format(*look))?;
        sheet.write_string_with_format(0, column, text, &label)?;
        sheet.write_string_with_format(1, column, *id, &key)?;
    }
    sheet.set_row_height(0, 32)?;
    sheet.set_freeze_panes(HEAD, 1)?;
    Ok(())
}

/// Protects a sheet without a password; filters and widths stay usable.
pub(super) fn lock(sheet: &mut Worksheet) {
    let options = ProtectionOptions {
        use_autofilter: true,
        sort: true,
        format_columns: true,
        format_rows: true,
        ..ProtectionOptions::new()
    };
    sheet.protect_with_options(&options);
}

/// The format of a look; the legend on the first sheet shows the colors.
pub(super) fn format(look: Look) -> Format {
    let plain = Format::new();
    match look {
        Look::Text => plain,
        Look::Input => plain.set_font_color(Color::RGB(0x0000_00FF)).set_background_color(Color::RGB(0x00FF_F9E5)),
        Look::Constant => plain.set_font_color(Color::RGB(0x007F_6000)).set_background_color(Color::RGB(0x00F2_F2F2)),
        Look::Formula => plain.set_background_color(Color::RGB(0x00EA_F4EA)),
        Look::Tonnes => plain.set_background_color(Color::RGB(0x00EA_F4EA)).set_num_format("#,##0.000"),
    }
}

/// A row that is filled from the left.
pub(super) struct Row<'a> {
    sheet: &'a mut Worksheet,
    constant: &'a Format,
    input: &'a Format,
    line: u32,
    column: u16,
}

impl Row<'_> {
    /// The number of this row, as people see it.
    pub(super) fn number_seen(&self) -> u32 {
        self.line + 1
    }

    /// Leaves a cell empty.
    pub(super) fn skip(&mut self) -> &mut Self {
        self.column += 1;
        self
    }

    /// Words, never a formula, whatever they begin with.
    pub(super) fn text(&mut self, text: &str) -> Written<&mut Self> {
        if !text.is_empty() {
            self.sheet.write_string(self.line, self.column, fit(text))?;
        }
        Ok(self.skip())
    }

    /// A number.
    pub(super) fn number(&mut self, value: f64) -> Written<&mut Self> {
        self.sheet.write_number(self.line, self.column, unsigned_zero(value))?;
        Ok(self.skip())
    }

    /// A number, or an empty cell.
    pub(super) fn maybe(&mut self, value: Option<f64>) -> Written<&mut Self> {
        match value {
            Some(value) => self.number(value),
            None => Ok(self.skip()),
        }
    }

    /// A number that the park states, in a column of others.
    pub(super) fn input(&mut self, value: f64) -> Written<&mut Self> {
        self.sheet.write_number_with_format(self.line, self.column, unsigned_zero(value), self.input)?;
        Ok(self.skip())
    }

    /// A formula with the engine's words as its result.
    pub(super) fn words(&mut self, formula: &str, text: &str) -> Written<&mut Self> {
        if formula.len() > LONGEST_FORMULA {
            return self.text(text);
        }
        self.sheet.write_formula(self.line, self.column, Formula::new(formula).set_result(text))?;
        Ok(self.skip())
    }

    /// A formula with the engine's value as its result; the value alone where there
    /// is no formula for it, or one too long for Excel.
    pub(super) fn formula(&mut self, formula: Option<&str>, value: f64) -> Written<&mut Self> {
        let value = unsigned_zero(value);
        match formula.filter(|f| f.len() <= LONGEST_FORMULA) {
            Some(text) => {
                let formula = Formula::new(text).set_result(value.to_string());
                self.sheet.write_formula(self.line, self.column, formula)?;
            }
            None => {
                self.sheet.write_number_with_format(self.line, self.column, value, self.constant)?;
            }
        }
        Ok(self.skip())
    }
}

/// No spreadsheet knows a minus zero.
fn unsigned_zero(value: f64) -> f64 {
    value + 0.0
}

/// A text that a cell can hold.
fn fit(text: &str) -> &str {
    if text.len() <= LONGEST_TEXT {
        return text;
    }
    match text.char_indices().nth(LONGEST_TEXT) {
        Some((end, _)) => &text[..end],
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_lettered_as_spreadsheets_do() {
        for (position, name) in [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (701, "ZZ"), (702, "AAA")] {
            assert_eq!(letters(position), name);
        }
    }

    #[test]
    fn a_sum_of_many_cells_is_nested() {
        let cells: Vec<String> = (1..=450).map(|i| format!("A{i}")).collect();
        assert_eq!(sum_of(&cells[..1]), "A1");
        assert_eq!(sum_of(&[]), "0");
        assert_eq!(sum_of(&cells).matches("SUM(").count(), 4);
    }

    #[test]
    fn a_text_longer_than_a_cell_is_cut_between_characters() {
        assert_eq!(fit(&"煤".repeat(40_000)).chars().count(), LONGEST_TEXT);
        assert_eq!(fit("=1+1"), "=1+1");
    }
}
