//! Values of the items of a park, year by year.

use super::items::ItemId;

/// A table of (year, item); an item that is not known in a year is `None`. Flags are 0 or 1, choices the number of their word.
#[derive(Debug, Clone, PartialEq)]
pub struct Figures {
    first: u16,
    items: usize,
    /// Year after year, each as long as there are items.
    values: Vec<Option<f64>>,
}

impl Figures {
    /// Nothing is known yet of the years from `first` to `last`.
    #[must_use]
    pub fn new(first: u16, last: u16, items: usize) -> Self {
        let years = usize::from(last.saturating_sub(first)) + 1;
        Self { first, items, values: vec![None; years * items] }
    }

    /// The years.
    pub fn years(&self) -> impl Iterator<Item = u16> + use<> {
        let count = self.values.len().checked_div(self.items).unwrap_or_default();
        (self.first..).take(count)
    }

    /// An item in a year, in its canonical unit.
    #[must_use]
    pub fn get(&self, item: ItemId, year: u16) -> Option<f64> {
        self.values.get(self.place(item, year)?).copied().flatten()
    }

    /// Notes an item; what is no number is not known.
    pub fn set(&mut self, item: ItemId, year: u16, value: f64) {
        if let Some(place) = self.place(item, year)
            && let Some(cell) = self.values.get_mut(place)
        {
            *cell = value.is_finite().then_some(value);
        }
    }

    fn place(&self, item: ItemId, year: u16) -> Option<usize> {
        Some(usize::from(year.checked_sub(self.first)?) * self.items + item.index())
    }
}
