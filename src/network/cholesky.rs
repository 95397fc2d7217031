//! `L D Lᵀ` of a symmetric matrix without negative eigenvalues, and the entries of its inverse that lie in the pattern of L.
//!
//! Rows that meet few others are taken out as soon as they are found: the row that meets the fewest first, its neighbors
//! joined in its place (minimum degree, D. J. Rose, in R. C. Read (ed.), "Graph Theory and Computing", 1972). Order, pattern
//! and numbers of the factors come in one go, while the neighbors are at hand. In a network of flows hardly anything is left then;
//! that is ordered by AMD and factorised row by row along its elimination tree (T. A. Davis, "Algorithm 849: a concise sparse
//! Cholesky factorization package", ACM Transactions on Mathematical Software 31 (2005) 587–591). K. Takahashi, J. Fagan and M.-S. Chin, "Formation of a
//! sparse bus impedance matrix and its application to short circuit study", 8th PICA Conference (1973): what is asked of the
//! inverse follows from the last column to the first, in about the time of the factors.

use super::pattern::NONE;

/// A row whose pivot is no more than this part of its diagonal depends on those before it. Rounding leaves some 1e-16 of
/// it; what is measured a million times worse than the rest still 1e-12.
const DEPENDENT: f64 = 1e-13;

/// Rows that meet more others are left to AMD.
const FEW: usize = 16;
/// A row that meets more others than this is a hub.
const HUB: usize = 64;

/// The factors of a symmetric matrix, in an order of little fill.
#[derive(Debug, Clone)]
pub struct Cholesky {
    /// Row of the matrix at each position, and the position of each row.
    order: Vec<u32>,
    position: Vec<u32>,
    /// L below its diagonal of ones, by column; rows rise.
    starts: Vec<usize>,
    rows: Vec<u32>,
    values: Vec<f64>,
    /// 1 over D; 0 where a row depends on others.
    inverse: Vec<f64>,
}

/// The entries of an inverse that lie in the pattern of L.
#[derive(Debug, Clone)]
pub struct SelectedInverse<'a> {
    of: &'a Cholesky,
    diagonal: Vec<f64>,
    below: Vec<f64>,
}

impl Cholesky {
    /// Factorises a matrix by its columns, both triangles and the whole diagonal: where each begins, rows, values. Rows lie in
    /// the matrix, each once in a column. A row that depends on others, as far as numbers can tell, is taken out: see
    /// [`Cholesky::dependent`].
    #[must_use]
    pub fn new(starts: &[usize], rows: &[u32], values: &[f64]) -> Self {
        let mut work = Work::new(starts, rows, values);
        work.take_out_few();
        work.take_out_rest();
        work.finish()
    }

    /// Rows and columns of the matrix.
    #[must_use]
    pub fn order(&self) -> usize {
        self.order.len()
    }

    /// Entries of L below its diagonal.
    #[must_use]
    pub fn entries(&self) -> usize {
        self.rows.len()
    }

    /// The rows that depend on others, in order: the factors are those of the matrix without them.
    #[must_use]
    pub fn dependent(&self) -> Vec<u32> {
        let mut rows: Vec<u32> =
            self.order.iter().zip(&self.inverse).filter(|(_, d)| **d == 0.0).map(|(&row, _)| row).collect();
        rows.sort_unstable();
        rows
    }

    /// Solves `M x = b` in place; `x` is 0 in rows that depend on others.
    pub fn solve(&self, b: &mut [f64]) {
        let mut x: Vec<f64> = self.order.iter().map(|&row| b[row as usize]).collect();
        for k in 0..x.len() {
            let value = x[k];
            if value != 0.0 && self.inverse[k] != 0.0 {
                for slot in self.starts[k]..self.starts[k + 1] {
                    x[self.rows[slot] as usize] -= self.values[slot] * value;
                }
            }
        }
        for k in (0..x.len()).rev() {
            let mut value = x[k] * self.inverse[k];
            if self.inverse[k] != 0.0 {
                for slot in self.starts[k]..self.starts[k + 1] {
                    value -= self.values[slot] * x[self.rows[slot] as usize];
                }
            }
            x[k] = value;
        }
        for (&row, x) in self.order.iter().zip(x) {
            b[row as usize] = x;
        }
    }

    /// The entries of the inverse where L has some; 0 in rows that depend on others.
    #[must_use]
    pub fn selected_inverse(&self) -> SelectedInverse<'_> {
        let n = self.order.len();
        let (mut diagonal, mut below) = (vec![0.0; n], vec![0.0; self.rows.len()]);
        // By row, for the column at hand: its sum, its entry of L, and whether it has one.
        let (mut sums, mut entry, mut flag) = (vec![0.0; n], vec![0.0; n], vec![NONE; n]);
        for j in (0..n).rev() {
            let column = self.starts[j]..self.starts[j + 1];
            for slot in column.clone() {
                let i = self.rows[slot] as usize;
                (sums[i], entry[i], flag[i]) = (0.0, self.values[slot], j as u32);
            }
            // Z_ij = −Σ_k Z_ik L_kj: each pair of rows of the column lies in the pattern, once.
            for slot in column.clone() {
                let k = self.rows[slot] as usize;
                sums[k] += diagonal[k] * entry[k];
                let right = self.starts[k]..self.starts[k + 1];
                for (&i, z) in self.rows[right.clone()].iter().zip(&below[right]) {
                    let i = i as usize;
                    if flag[i] == j as u32 {
                        sums[i] += z * entry[k];
                        sums[k] += z * entry[i];
                    }
                }
            }
            let mut own = self.inverse[j];
            for slot in column {
                let i = self.rows[slot] as usize;
                let z = if self.inverse[j] == 0.0 { 0.0 } else { -sums[i] };
                below[slot] = z;
                own -= self.values[slot] * z;
            }
            diagonal[j] = if self.inverse[j] == 0.0 { 0.0 } else { own };
        }
        SelectedInverse { of: self, diagonal, below }
    }
}

impl SelectedInverse<'_> {
    /// The entry of the inverse in a row and a column of the matrix; nothing if it does not lie in the pattern of L.
    #[must_use]
    pub fn get(&self, row: u32, column: u32) -> Option<f64> {
        let (a, b) = (self.of.position[row as usize], self.of.position[column as usize]);
        if a == b {
            return Some(self.diagonal[a as usize]);
        }
        let (above, below) = (a.min(b) as usize, a.max(b));
        let range = self.of.starts[above]..self.of.starts[above + 1];
        let at = self.of.rows[range.clone()].binary_search(&below).ok()?;
        Some(self.below[range.start + at])
    }
}

/// A matrix while rows are taken out of it.
struct Work {
    /// The entries beside the diagonal of each row that is not taken out: row, value.
    met: Vec<Vec<(u32, f64)>>,
    /// What is left of the diagonal, and the diagonal as it was.
    diagonal: Vec<f64>,
    whole: Vec<f64>,
    /// What is taken out, in order, and 1 over its pivots.
    order: Vec<u32>,
    inverse: Vec<f64>,
    /// The columns of L so far: where each begins; row of the matrix, value.
    starts: Vec<usize>,
    columns: Vec<(u32, f64)>,
}

impl Work {
    fn new(starts: &[usize], rows: &[u32], values: &[f64]) -> Self {
        let n = starts.len() - 1;
        let (mut met, mut whole) = (Vec::with_capacity(n), vec![0.0; n]);
        for (row, whole) in whole.iter_mut().enumerate() {
            let column = starts[row]..starts[row + 1];
            let mut list = Vec::with_capacity(column.len());
            for (&other, &value) in rows[column.clone()].iter().zip(&values[column]) {
                if other as usize == row {
                    *whole += value;
                } else {
                    list.push((other, value));
                }
            }
            met.push(list);
        }
        Self {
            met,
            diagonal: whole.clone(),
            whole,
            order: Vec::with_capacity(n),
            inverse: Vec::with_capacity(n),
            starts: vec![0],
            columns: Vec::with_capacity(rows.len()),
        }
    }

    /// Takes out the rows that meet few others, those that meet the fewest first.
    fn take_out_few(&mut self) {
        let n = self.met.len();
        let mut open: Vec<Vec<u32>> = vec![Vec::new(); FEW + 1];
        for row in (0..n).rev().filter(|&row| self.met[row].len() <= FEW) {
            open[self.met[row].len()].push(row as u32);
        }
        let mut gone = vec![false; n];
        // In which list an entry was last seen, and where in it.
        let (mut seen, mut list_number) = (vec![(NONE, 0); n], 0);
        let mut degree = 0;
        while degree <= FEW {
            let Some(row) = open[degree].pop() else {
                degree += 1;
                continue;
            };
            // A hub's list is too long to go through for each of its spokes.
            let hub = |&(other, _): &(u32, f64)| self.met[other as usize].len() > HUB;
            let list = &self.met[row as usize];
            if gone[row as usize] || list.len() != degree || list.iter().any(hub) {
                continue;
            }
            gone[row as usize] = true;
            let column = std::mem::take(&mut self.met[row as usize]);
            let inverse = inverse(self.diagonal[row as usize], self.whole[row as usize]);
            for &(one, value) in &column {
                let entry = value * inverse;
                self.columns.push((one, entry));
                self.diagonal[one as usize] -= entry * value;
                let list = &mut self.met[one as usize];
                list_number += 1;
                for (k, &(other, _)) in list.iter().enumerate() {
                    seen[other as usize] = (list_number, k);
                }
                let at = seen[row as usize].1;
                list.swap_remove(at);
                if let Some(&(moved, _)) = list.get(at) {
                    seen[moved as usize].1 = at;
                }
                for &(other, value) in column.iter().filter(|other| other.0 != one) {
                    match seen[other as usize] {
                        (number, k) if number == list_number => list[k].1 -= entry * value,
                        _ => list.push((other, -entry * value)),
                    }
                }
                if list.len() <= FEW {
                    open[list.len()].push(one);
                    degree = degree.min(list.len());
                }
            }
            self.done(row, inverse);
        }
    }

    /// A row is taken out, its column written down.
    fn done(&mut self, row: u32, inverse: f64) {
        self.order.push(row);
        self.inverse.push(inverse);
        self.starts.push(self.columns.len());
    }

    /// Takes out what is left.
    fn take_out_rest(&mut self) {
        let mut left = vec![true; self.met.len()];
        self.order.iter().for_each(|&row| left[row as usize] = false);
        let rest: Vec<u32> = (0..self.met.len() as u32).filter(|&row| left[row as usize]).collect();
        if rest.is_empty() {
            return;
        }
        let rest = self.reordered(rest);
        let place = self.places(&rest);
        Tree::new(self, &rest, &place).factors(self, &rest, &place);
    }

    /// For each of some rows its place among them.
    fn places(&self, rest: &[u32]) -> Vec<u32> {
        let mut place = vec![NONE; self.met.len()];
        for (k, &row) in rest.iter().enumerate() {
            place[row as usize] = k as u32;
        }
        place
    }

    /// All rows that are left in an order of little fill.
    fn reordered(&self, rest: Vec<u32>) -> Vec<u32> {
        let place = self.places(&rest);
        let (mut starts, mut rows) = (vec![0], Vec::new());
        for (k, &row) in rest.iter().enumerate() {
            // AMD counts the diagonal, so it gets one.
            rows.push(k);
            rows.extend(self.met[row as usize].iter().map(|other| place[other.0 as usize] as usize));
            starts.push(rows.len());
        }
        // invariant: AMD takes any pattern of a square matrix; without an order there is more fill, no more.
        match amd::order(rest.len(), &starts, &rows, &amd::Control::default()) {
            Ok((order, ..)) => order.into_iter().map(|k| rest[k]).collect(),
            Err(_) => rest,
        }
    }

    /// The factors by position; the rows of a column rise.
    fn finish(mut self) -> Cholesky {
        let mut position = vec![0; self.order.len()];
        for (p, &row) in self.order.iter().enumerate() {
            position[row as usize] = p as u32;
        }
        self.columns.iter_mut().for_each(|entry| entry.0 = position[entry.0 as usize]);
        for column in self.starts.windows(2) {
            self.columns[column[0]..column[1]].sort_unstable_by_key(|entry| entry.0);
        }
        let (rows, values) = self.columns.into_iter().unzip();
        Cholesky { order: self.order, position, starts: self.starts, rows, values, inverse: self.inverse }
    }
}

/// 1 over a pivot; 0 where next to nothing is left of the diagonal.
fn inverse(pivot: f64, whole: f64) -> f64 {
    if pivot > DEPENDENT * whole { 1.0 / pivot } else { 0.0 }
}

/// The elimination tree of what is left, by place: the parent of each row, and how many entries its column has.
struct Tree {
    parent: Vec<u32>,
    counts: Vec<usize>,
}

impl Tree {
    fn new(work: &Work, rest: &[u32], place: &[u32]) -> Self {
        let n = rest.len();
        let (mut parent, mut flag, mut counts) = (vec![NONE; n], vec![NONE; n], vec![0; n]);
        for (k, &row) in rest.iter().enumerate() {
            let k = k as u32;
            flag[k as usize] = k;
            for &(other, _) in &work.met[row as usize] {
                let mut i = place[other as usize];
                while i < k && flag[i as usize] != k {
                    counts[i as usize] += 1;
                    flag[i as usize] = k;
                    let up = &mut parent[i as usize];
                    if *up == NONE {
                        *up = k;
                    }
                    i = *up;
                }
            }
        }
        Self { parent, counts }
    }

    /// Row by row: each is solved for along the paths from what it meets to itself.
    fn factors(&self, work: &mut Work, rest: &[u32], place: &[u32]) {
        let n = rest.len();
        let mut starts = vec![0];
        self.counts.iter().for_each(|count| starts.push(starts[starts.len() - 1] + count));
        let mut columns = vec![(0, 0.0); starts[n]];
        let (mut ends, mut y, mut flag) = (starts[..n].to_vec(), vec![0.0; n], vec![NONE; n]);
        let (mut path, mut row) = (Vec::new(), Vec::new());
        let mut pivots = vec![0.0; n];
        for k in 0..n as u32 {
            flag[k as usize] = k;
            row.clear();
            let name = rest[k as usize] as usize;
            let mut pivot = work.diagonal[name];
            for &(other, value) in &work.met[name] {
                let mut i = place[other as usize];
                if i >= k {
                    continue;
                }
                y[i as usize] += value;
                path.clear();
                while flag[i as usize] != k {
                    path.push(i);
                    flag[i as usize] = k;
                    i = self.parent[i as usize];
                }
                // Each path ends where an earlier one passed: what is nearer the leaves goes first in the end.
                row.extend(path.drain(..).rev());
            }
            for &i in row.iter().rev() {
                let i = i as usize;
                let value = std::mem::take(&mut y[i]);
                for &(other, l) in &columns[starts[i]..ends[i]] {
                    y[other as usize] -= l * value;
                }
                let entry = value * pivots[i];
                pivot -= entry * value;
                columns[ends[i]] = (k, entry);
                ends[i] += 1;
            }
            pivots[k as usize] = inverse(pivot, work.whole[name]);
        }
        for (k, &row) in rest.iter().enumerate() {
            let column = columns[starts[k]..starts[k + 1]].iter();
            work.columns.extend(column.map(|&(place, value)| (rest[place as usize], value)));
            work.done(row, pivots[k]);
        }
    }
}
