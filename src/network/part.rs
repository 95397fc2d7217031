//! Some blocks of a matrix as a system of their own.

use super::blocks::Blocks;
use super::factors::{Analysis, SingularBlock};
use super::pattern::{NONE, Pattern};

/// Some blocks of a matrix, and what lies between them, as a system in the order of elimination: its row and its column k
/// both stand at position k.
#[derive(Debug, Clone)]
pub struct Part {
    /// The system.
    pub analysis: Analysis,
    /// For each entry of the system its position in the pattern of the whole matrix.
    pub slots: Vec<u32>,
    /// Row of the whole matrix for each row of the system.
    pub rows: Vec<u32>,
    /// Column of the whole matrix for each column of the system.
    pub columns: Vec<u32>,
}

impl Analysis {
    /// What right-hand sides with entries in these rows reach: the columns matched to them, the rows of those columns,
    /// and so on. All other unknowns are zero. Blocks and their order are those of the whole.
    #[must_use]
    pub fn reach(&self, rows: impl IntoIterator<Item = u32>) -> Part {
        let blocks = self.blocks();
        let mut reached = vec![false; blocks.columns().len()];
        let mut open: Vec<usize> = rows.into_iter().map(|row| blocks.position(row)).collect();
        while let Some(position) = open.pop() {
            if !std::mem::replace(&mut reached[position], true) {
                let rows = self.pattern().column(blocks.columns()[position] as usize).iter();
                open.extend(rows.map(|&row| blocks.position(row)).filter(|&p| !reached[p]));
            }
        }
        // A block is strongly connected: it is reached whole or not at all.
        self.part((0..blocks.count()).filter(|&b| reached[blocks.range(b).start]))
    }

    /// These blocks, in their order; entries outside of them are left out.
    pub(super) fn part(&self, of: impl Iterator<Item = usize>) -> Part {
        let blocks = self.blocks();
        let mut starts = vec![0];
        let (mut positions, mut updates) = (Vec::new(), Vec::new());
        for block in of {
            positions.extend(blocks.range(block));
            starts.push(positions.len() as u32);
            updates.push(self.updates()[block]);
        }
        let mut of = vec![NONE; blocks.columns().len()];
        for (new, &position) in positions.iter().enumerate() {
            of[position] = new as u32;
        }
        let (mut pattern_starts, mut pattern_rows, mut slots) = (vec![0], Vec::new(), Vec::new());
        let mut entries = Vec::new();
        for &position in &positions {
            let range = self.pattern().range(blocks.columns()[position] as usize);
            let placed = range.clone().zip(self.pattern().rows(range)).map(|(s, &row)| (of[blocks.position(row)], s));
            entries.clear();
            entries.extend(placed.filter(|entry| entry.0 != NONE));
            entries.sort_unstable();
            pattern_rows.extend(entries.iter().map(|e| e.0));
            slots.extend(entries.iter().map(|e| e.1 as u32));
            pattern_starts.push(pattern_rows.len());
        }
        let at = |list: &[u32]| positions.iter().map(|&p| list[p]).collect();
        Part {
            analysis: Analysis::of_parts(
                Pattern::of_parts(pattern_starts, pattern_rows),
                Blocks::in_order(positions.len(), starts),
                updates,
            ),
            slots,
            rows: at(blocks.rows()),
            columns: at(blocks.columns()),
        }
    }
}

impl Part {
    /// A singular block of the system, its columns counted in the whole matrix.
    pub(super) fn named(&self, singular: &SingularBlock) -> SingularBlock {
        let mut columns: Vec<u32> = singular.columns.iter().map(|&c| self.columns[c as usize]).collect();
        columns.sort_unstable();
        SingularBlock { column: self.columns[singular.column as usize], columns }
    }
}
