//! Maximum transversal: a row of its own for each column.
//!
//! I. S. Duff, "On algorithms for obtaining a maximum transversal", ACM Transactions on Mathematical Software 7 (1981)
//! 315–330: depth-first search for an augmenting path with look-ahead, without recursion.

use super::pattern::{NONE, Pattern, PatternError};

/// For each column the row that is matched to it. Entries on the diagonal are taken where that is possible without a
/// search, so that a matrix with a full diagonal keeps it.
///
/// # Errors
/// [`PatternError::Singular`] with the columns that share too few rows.
pub(super) fn transversal(pattern: &Pattern) -> Result<Vec<u32>, PatternError> {
    let n = pattern.order();
    let mut search = Search::new(pattern);
    let diagonal: Vec<bool> = (0..n).map(|c| pattern.column(c).binary_search(&(c as u32)).is_ok()).collect();
    for column in (0..n).filter(|&c| diagonal[c]) {
        search.of_row[column] = column as u32;
    }
    for column in (0..n).filter(|&c| !diagonal[c]) {
        if !search.augment(column as u32) {
            return Err(search.deficient(column as u32));
        }
    }
    let mut rows = vec![NONE; n];
    for (row, &column) in search.of_row.iter().enumerate() {
        rows[column as usize] = row as u32;
    }
    Ok(rows)
}

struct Search<'p> {
    pattern: &'p Pattern,
    /// Column that a row is matched to.
    of_row: Vec<u32>,
    /// Entry of each column up to which no free row was found: rows once matched stay so.
    looked: Vec<usize>,
    /// The search that last visited a column.
    visited: Vec<u32>,
    /// The path: columns, the row by which each goes on, and how many of its entries were tried.
    path: Vec<(u32, u32, usize)>,
}

impl<'p> Search<'p> {
    fn new(pattern: &'p Pattern) -> Self {
        let n = pattern.order();
        let looked = (0..n).map(|column| pattern.range(column).start).collect();
        Self { pattern, of_row: vec![NONE; n], looked, visited: vec![NONE; n], path: Vec::new() }
    }

    /// Finds a row for `root`, with other columns giving way where they can; says whether there is one.
    fn augment(&mut self, root: u32) -> bool {
        self.path.clear();
        self.path.push((root, NONE, 0));
        while let Some(&(column, _, tried)) = self.path.last() {
            let top = self.path.len() - 1;
            if self.visited[column as usize] != root {
                self.visited[column as usize] = root;
                if let Some(row) = self.free_row(column) {
                    self.path[top].1 = row;
                    for &(column, row, _) in &self.path {
                        self.of_row[row as usize] = column;
                    }
                    return true;
                }
            }
            let rows = &self.pattern.column(column as usize)[tried..];
            let ahead = |row: &u32| self.visited[self.of_row[*row as usize] as usize] != root;
            if let Some(skipped) = rows.iter().position(ahead) {
                let row = rows[skipped];
                self.path[top] = (column, row, tried + skipped + 1);
                self.path.push((self.of_row[row as usize], NONE, 0));
            } else {
                self.path.pop();
            }
        }
        false
    }

    /// A row of a column that no column has.
    fn free_row(&mut self, column: u32) -> Option<u32> {
        let range = self.pattern.range(column as usize);
        let rows = self.pattern.column(column as usize);
        while self.looked[column as usize] < range.end {
            let row = rows[self.looked[column as usize] - range.start];
            if self.of_row[row as usize] == NONE {
                return Some(row);
            }
            self.looked[column as usize] += 1;
        }
        None
    }

    /// The columns that the failed search for `root` went through, and their rows: one less.
    fn deficient(&self, root: u32) -> PatternError {
        let columns: Vec<u32> =
            (0..self.visited.len()).filter(|&c| self.visited[c] == root).map(|c| c as u32).collect();
        let mut rows: Vec<u32> = columns.iter().flat_map(|&c| self.pattern.column(c as usize)).copied().collect();
        rows.sort_unstable();
        rows.dedup();
        PatternError::Singular { rows, columns }
    }
}
