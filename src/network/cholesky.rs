//! `L D Lᵀ` of a symmetric matrix without negative eigenvalues, and the entries of its inverse that lie in the pattern of L.
//!
//! T. A. Davis, "Algorithm 849: a concise sparse Cholesky factorization package", ACM Transactions on Mathematical Software
//! 31 (2005) 587–591: row by row along the elimination tree. K. Takahashi, J. Fagan and M.-S. Chin, "Formation of a
//! sparse bus impedance matrix and its application to short circuit study", 8th PICA Conference (1973): what is asked of the
//! inverse follows from the last column to the first, in about the time of the factors.

use super::pattern::NONE;

/// A row whose pivot is no more than this part of its diagonal depends on those before it. Rounding leaves some 1e-16 of
/// it; what is measured a million times worse than the rest still 1e-12.
const DEPENDENT: f64 = 1e-13;

/// Neighbors that are written down: rows that meet more are left to AMD.
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
    /// the matrix, each once in a column. A row
    /// that depends on others, as far as numbers can tell, is taken out: see [`Cholesky::dependent`].
    #[must_use]
    pub fn new(starts: &[usize], rows: &[usize], values: &[f64]) -> Self {
        let n = starts.len() - 1;
        let order = order(starts, rows);
        let mut position = vec![0; n];
        for (p, &row) in order.iter().enumerate() {
            position[row as usize] = p as u32;
        }
        let mut made =
            Self { order, position, starts: Vec::new(), rows: Vec::new(), values: Vec::new(), inverse: Vec::new() };
        let tree = made.symbolic(starts, rows);
        made.numeric(starts, rows, values, &tree);
        made
    }

    /// The elimination tree; where the columns of L begin.
    fn symbolic(&mut self, starts: &[usize], rows: &[usize]) -> Vec<u32> {
        let n = self.order.len();
        let (mut parent, mut flag, mut counts) = (vec![NONE; n], vec![NONE; n], vec![0; n]);
        for k in 0..n as u32 {
            flag[k as usize] = k;
            let column = self.order[k as usize] as usize;
            for &row in &rows[starts[column]..starts[column + 1]] {
                let mut i = self.position[row];
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
        self.starts = Vec::with_capacity(n + 1);
        let mut total = 0;
        for count in counts {
            self.starts.push(total);
            total += count;
        }
        self.starts.push(total);
        self.rows = vec![0; total];
        self.values = vec![0.0; total];
        parent
    }

    fn numeric(&mut self, starts: &[usize], rows: &[usize], values: &[f64], tree: &[u32]) {
        let n = self.order.len();
        let (mut ends, mut y, mut flag) = (self.starts[..n].to_vec(), vec![0.0; n], vec![NONE; n]);
        let (mut path, mut row) = (Vec::new(), Vec::new());
        self.inverse = vec![0.0; n];
        for k in 0..n as u32 {
            flag[k as usize] = k;
            row.clear();
            let column = self.order[k as usize] as usize;
            let mut pivot = 0.0;
            for slot in starts[column]..starts[column + 1] {
                let mut i = self.position[rows[slot]];
                if i == k {
                    pivot += values[slot];
                }
                if i >= k {
                    continue;
                }
                y[i as usize] += values[slot];
                path.clear();
                while flag[i as usize] != k {
                    path.push(i);
                    flag[i as usize] = k;
                    i = tree[i as usize];
                }
                // Each path ends where an earlier one passed: what is nearer the leaves goes first in the end.
                row.extend(path.drain(..).rev());
            }
            let whole = pivot;
            for &i in row.iter().rev() {
                let i = i as usize;
                let value = std::mem::take(&mut y[i]);
                for slot in self.starts[i]..ends[i] {
                    y[self.rows[slot] as usize] -= self.values[slot] * value;
                }
                let entry = value * self.inverse[i];
                pivot -= entry * value;
                self.rows[ends[i]] = k;
                self.values[ends[i]] = entry;
                ends[i] += 1;
            }
            self.inverse[k as usize] = if pivot > DEPENDENT * whole { 1.0 / pivot } else { 0.0 };
        }
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

/// An order of little fill: the row that meets the fewest others first, its neighbors joined in its place (minimum degree, D. J.
/// Rose, in R. C. Read (ed.), "Graph Theory and Computing", 1972), as long as these are few. In a network of flows hardly
/// anything is left then, and neighbors are written down sooner than AMD bounds them; what is left is for AMD.
fn order(starts: &[usize], rows: &[usize]) -> Vec<u32> {
    let n = starts.len() - 1;
    let others = |row: usize| rows[starts[row]..starts[row + 1]].iter().filter(move |&&other| other != row);
    let mut met: Vec<Vec<u32>> = (0..n).map(|row| others(row).map(|&other| other as u32).collect()).collect();
    let mut open: Vec<Vec<u32>> = vec![Vec::new(); FEW + 1];
    for row in (0..n).rev().filter(|&row| met[row].len() <= FEW) {
        open[met[row].len()].push(row as u32);
    }
    let (mut order, mut gone) = (Vec::with_capacity(n), vec![false; n]);
    // Which list a row was last seen in.
    let (mut seen, mut list_number) = (vec![NONE; n], 0);
    let mut degree = 0;
    while degree <= FEW {
        let Some(row) = open[degree].pop() else {
            degree += 1;
            continue;
        };
        // A hub's list is too long to go through for each of its spokes.
        let hub = |&other: &u32| met[other as usize].len() > HUB;
        if gone[row as usize] || met[row as usize].len() != degree || met[row as usize].iter().any(hub) {
            continue;
        }
        gone[row as usize] = true;
        order.push(row);
        let clique = std::mem::take(&mut met[row as usize]);
        for &one in &clique {
            let list = &mut met[one as usize];
            list_number += 1;
            seen[one as usize] = list_number;
            let mut at = 0;
            for k in 0..list.len() {
                seen[list[k] as usize] = list_number;
                if list[k] == row {
                    at = k;
                }
            }
            list.swap_remove(at);
            list.extend(clique.iter().filter(|&&other| seen[other as usize] != list_number));
            if list.len() <= FEW {
                open[list.len()].push(one);
                degree = degree.min(list.len());
            }
        }
    }
    // AMD counts the diagonal, so it gets one.
    let rest: Vec<u32> = (0..n as u32).filter(|&row| !gone[row as usize]).collect();
    let mut place = vec![0; n];
    for (k, &row) in rest.iter().enumerate() {
        place[row as usize] = k;
    }
    let (mut starts, mut rows) = (vec![0], Vec::new());
    for (k, &row) in rest.iter().enumerate() {
        rows.push(k);
        rows.extend(met[row as usize].iter().map(|&other| place[other as usize]));
        starts.push(rows.len());
    }
    match (!rest.is_empty()).then(|| amd::order(rest.len(), &starts, &rows, &amd::Control::default())) {
        Some(Ok((last, ..))) => order.extend(last.into_iter().map(|k| rest[k])),
        // invariant: AMD takes any pattern of a square matrix; without an order there is more fill, no more.
        _ => order.extend(rest),
    }
    order
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
