//! Measured variables numbered as equations meet them, so that what is worked on together lies together in memory.

/// The mark of a variable without a number.
const NONE: u32 = u32::MAX;

/// Numbers of the measured variables that equations hold, in the order of these.
#[derive(Debug, Clone)]
pub(super) struct Numbering {
    number: Vec<u32>,
    variables: Vec<u32>,
}

impl Numbering {
    /// No variable has a number.
    pub(super) fn new(variables: usize) -> Self {
        Self { number: vec![NONE; variables], variables: Vec::with_capacity(variables) }
    }

    /// The number of a variable, given if it has none.
    pub(super) fn give(&mut self, variable: u32) -> u32 {
        let number = &mut self.number[variable as usize];
        if *number == NONE {
            *number = self.variables.len() as u32;
            self.variables.push(variable);
        }
        *number
    }

    /// How many variables there are, with and without a number.
    pub(super) fn len(&self) -> usize {
        self.number.len()
    }

    /// The number of a variable; nothing if no equation holds it.
    pub(super) fn of(&self, variable: usize) -> Option<usize> {
        Some(self.number[variable]).filter(|&number| number != NONE).map(|number| number as usize)
    }

    /// The variables by number.
    pub(super) fn variables(&self) -> &[u32] {
        &self.variables
    }

    /// Variables and their numbers, in the order of the variables.
    pub(super) fn all(&self) -> impl Iterator<Item = (usize, usize)> {
        (0..self.number.len()).filter_map(|variable| Some((variable, self.of(variable)?)))
    }
}
