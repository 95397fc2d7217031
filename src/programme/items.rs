//! Items that formulas name: added value, energy, water, waste, staff, what a roster counts and what documents show.

use super::table::{Row, each_row};
use crate::diagnostic::{Diagnostics, Problem};
use crate::quantity::{Dimension, Unit};
use std::collections::HashMap;

/// Number of an item in [`Items`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ItemId(u16);

impl ItemId {
    /// Its position.
    #[must_use]
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

/// What an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A number with a dimension.
    Number,
    /// Yes or no.
    Flag,
    /// One of some words.
    Choice,
}

/// Where an item comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Source {
    /// Worked out from flows and ledger.
    Account,
    /// `statistics.csv`.
    Statistic,
    /// `answers.csv`.
    Answer,
}

/// An item.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// Its symbol in formulas and tables.
    pub symbol: Box<str>,
    /// What it is.
    pub kind: Kind,
    /// The unit that it is shown in; `1` for flags and choices.
    pub unit: Unit,
    /// Its dimension.
    pub dimension: Dimension,
    /// Where it comes from.
    pub source: Source,
    /// The table in which it goes.
    pub table: Box<str>,
    /// Name, in English and Chinese.
    pub name: (Box<str>, Box<str>),
    /// What it is, in English and Chinese.
    pub doc: (Box<str>, Box<str>),
}

/// All items that are known, in the order of their tables.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Items {
    list: Vec<Item>,
    places: HashMap<Box<str>, ItemId>,
}

/// Columns of `items.csv`.
const COLUMNS: &[&str] = &["symbol", "kind", "unit", "source", "table", "name_en", "name_zh", "doc_en", "doc_zh"];

/// Most items: beyond it somebody slipped.
const MOST: usize = 4096;

impl Items {
    /// The item of a symbol.
    #[must_use]
    pub fn find(&self, symbol: &str) -> Option<ItemId> {
        self.places.get(symbol).copied()
    }

    /// An item.
    #[must_use]
    pub fn get(&self, item: ItemId) -> &Item {
        &self.list[item.index()]
    }

    /// All of them with their numbers.
    pub fn iter(&self) -> impl Iterator<Item = (ItemId, &Item)> {
        self.list.iter().enumerate().map(|(i, item)| (ItemId(i as u16), item))
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// A symbol that differs little from a word.
    #[must_use]
    pub fn nearest(&self, word: &str) -> Option<String> {
        crate::package::nearest(word, self.list.iter().map(|i| &*i.symbol))
    }

    /// Adds the items of a table; `file` is its name in messages.
    pub fn read(&mut self, file: &str, text: &str, found: &mut Diagnostics) {
        each_row(file, text, COLUMNS, found, |row, found| {
            if let Some(item) = item(row, found) {
                if self.places.contains_key(&item.symbol) {
                    let problem = Problem::PackIdTwice { id: item.symbol.to_string() };
                    found.push(row.problem("symbol", problem));
                } else if self.list.len() < MOST {
                    self.places.insert(item.symbol.clone(), ItemId(self.list.len() as u16));
                    self.list.push(item);
                }
            }
        });
    }
}

/// A word of a list; a problem where it is none.
pub(super) fn choice<T: Copy>(row: &Row, column: &str, known: &[(&str, T)], found: &mut Diagnostics) -> Option<T> {
    let word = row.cell(column);
    let at = known.iter().find(|k| k.0 == word);
    if at.is_none() {
        let nearest = crate::package::nearest(word, known.iter().map(|k| k.0));
        let choices = known.iter().map(|k| k.0).filter(|k| !k.is_empty()).collect::<Vec<_>>().join(", ");
        found.push(row.problem(column, Problem::BadChoice { found: word.to_owned(), choices, nearest }));
    }
    at.map(|k| k.1)
}

fn item(row: &Row, found: &mut Diagnostics) -> Option<Item> {
    const KINDS: [(&str, Kind); 3] = [("number", Kind::Number), ("flag", Kind::Flag), ("choice", Kind::Choice)];
    const SOURCES: [(&str, Source); 3] =
        [("account", Source::Account), ("statistic", Source::Statistic), ("answer", Source::Answer)];
    let symbol = row.cell("symbol");
    let word = symbol.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if !word || !symbol.starts_with(|c: char| c.is_ascii_alphabetic()) || symbol == "n" {
        found.push(row.problem("symbol", Problem::PackSymbol { found: symbol.to_owned() }));
        return None;
    }
    let kind = choice(row, "kind", &KINDS, found);
    let source = choice(row, "source", &SOURCES, found);
    let unit = unit(row, "unit", if kind == Some(Kind::Number) { None } else { Some("1") }, found);
    let both = |a: &str, b: &str| (row.cell(a).into(), row.cell(b).into());
    let unit = unit?;
    Some(Item {
        symbol: symbol.into(),
        kind: kind?,
        dimension: unit.dimension,
        unit,
        source: source?,
        table: row.cell("table").into(),
        name: both("name_en", "name_zh"),
        doc: both("doc_en", "doc_zh"),
    })
}

/// The unit of a cell; an empty one is `silent`.
pub(super) fn unit(row: &Row, column: &str, silent: Option<&str>, found: &mut Diagnostics) -> Option<Unit> {
    let text = match (row.cell(column), silent) {
        ("", Some(silent)) => silent,
        (text, _) => text,
    };
    match Unit::parse(text) {
        Ok(unit) => Some(unit),
        Err(error) => {
            found.push(row.problem(column, Problem::unit(text, &error)));
            None
        }
    }
}
