//! The part of a matrix that a demand can reach.

use super::blocks::Blocks;
use super::factors::Analysis;
use super::pattern::{NONE, Pattern};

/// The rows and columns of a matrix that have a part in the solution for some right-hand sides; all others of `x` are
/// zero. It is a system of its own, in the order of elimination.
#[derive(Debug, Clone)]
pub struct Reach {
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
    /// and so on. Blocks and their order are those of the whole.
    #[must_use]
    pub fn reach(&self, rows: impl IntoIterator<Item = u32>) -> Reach {
        let blocks = self.blocks();
        let n = blocks.columns().len();
        let mut reached = vec![false; n];
        let mut open: Vec<usize> = rows.into_iter().map(|row| blocks.position(row)).collect();
        while let Some(position) = open.pop() {
            if !std::mem::replace(&mut reached[position], true) {
                let rows = self.pattern().column(blocks.columns()[position] as usize).iter();
                open.extend(rows.map(|&row| blocks.position(row)).filter(|&p| !reached[p]));
            }
        }
        // A block is strongly connected: it is reached whole or not at all.
        let mut starts = vec![0];
        let (mut positions, mut updates) = (Vec::new(), Vec::new());
        for block in (0..blocks.count()).filter(|&b| reached[blocks.range(b).start]) {
            positions.extend(blocks.range(block));
            starts.push(positions.len() as u32);
            updates.push(self.updates()[block]);
        }
        let mut of = vec![NONE; n];
        for (new, &position) in positions.iter().enumerate() {
            of[position] = new as u32;
        }
        let (mut pattern_starts, mut pattern_rows, mut slots) = (vec![0], Vec::new(), Vec::new());
        let mut entries = Vec::new();
        for &position in &positions {
            let range = self.pattern().range(blocks.columns()[position] as usize);
            entries.clear();
            entries
                .extend(range.clone().zip(self.pattern().rows(range)).map(|(s, &row)| (of[blocks.position(row)], s)));
            entries.sort_unstable();
            pattern_rows.extend(entries.iter().map(|e| e.0));
            slots.extend(entries.iter().map(|e| e.1 as u32));
            pattern_starts.push(pattern_rows.len());
        }
        let at = |list: &[u32]| positions.iter().map(|&p| list[p]).collect();
        Reach {
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
