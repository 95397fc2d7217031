//! Single entries of the inverse of a factorised matrix.
//!
//! In a block `(A⁻¹)_cr = (U⁻ᵀ e_c)ᵀ (L⁻¹ e_r)`: half a solve for each column c, half of one for each row r, and one
//! product for each entry (P. R. Amestoy, I. S. Duff, J.-Y. L'Excellent, Y. Robert, F.-H. Rouet and B. Uçar, "On computing
//! inverse entries of a sparse matrix in an out-of-core environment", SIAM Journal on Scientific Computing 34 (2012)
//! A1975–A1999). Half a solve meets no more than the path from its place to the root of the elimination tree
//! (J. W. H. Liu, "The role of elimination trees in sparse factorization", SIAM Journal on Matrix Analysis and Applications
//! 11 (1990) 134–172), here that of the places of L and U made symmetric, so that one tree serves both. Where two paths
//! meet they are one up to the root: an entry is the product of two lists of numbers without a search.
//!
//! An entry between blocks is zero where the block of the row comes before that of the column, by the block-triangular
//! form; else it takes the forward solve of its row.

use super::factors::Factors;
use super::lanes::{LANES, Lanes, Number, vectorised};
use super::pattern::NONE;
use super::symbolic::{Refactored, Symbolic, Triangle};
use rayon::prelude::*;

/// Entries whose half solves are held at a time: it bounds the memory.
const HELD: usize = 2048;

/// Groups of lanes that share room, at least.
const SHARING: usize = 4;

/// The factors of a matrix, ready for entries of its inverse.
#[derive(Debug)]
pub(super) struct Entries {
    symbolic: Symbolic,
    factors: Refactored<f64>,
    /// Position of each row and column of the matrix in the order of elimination.
    of_row: Vec<u32>,
    of_column: Vec<u32>,
    /// The block of each position.
    block: Vec<u32>,
    /// The elimination tree: parent of each position, and how far it is from the root.
    parent: Vec<u32>,
    depth: Vec<u32>,
    /// U above its diagonal by rows, each row divided by its pivot.
    rows: Rows,
}

/// Lists of entries.
#[derive(Debug)]
struct Rows {
    starts: Vec<u32>,
    places: Vec<u32>,
    values: Vec<f64>,
}

impl Rows {
    /// Of columns the rows.
    fn transposed(columns: Triangle) -> Self {
        let n = columns.starts.len() - 1;
        let mut starts = vec![0; n + 1];
        for &row in columns.places {
            starts[row as usize + 1] += 1;
        }
        for k in 0..n {
            starts[k + 1] += starts[k];
        }
        let mut next = starts.clone();
        let (mut places, mut values) = (vec![0; columns.places.len()], vec![0.0; columns.places.len()]);
        for column in 0..n {
            for (row, value) in columns.list(column) {
                let at = next[row] as usize;
                next[row] += 1;
                (places[at], values[at]) = (column as u32, value);
            }
        }
        Self { starts, places, values }
    }

    fn lists(&self) -> Triangle<'_> {
        Triangle { starts: &self.starts, places: &self.places, values: &self.values }
    }
}

/// Where each of a list of rows or columns of the matrix stands.
fn inverted(list: &[u32]) -> Vec<u32> {
    let mut made = vec![0; list.len()];
    for (position, &of) in list.iter().enumerate() {
        made[of as usize] = position as u32;
    }
    made
}

/// The elimination tree of the places of L and U made symmetric, by the algorithm of Liu (1990) with its short cuts: the
/// parent of each position.
fn tree(upper: Triangle, lower: Triangle) -> Vec<u32> {
    let n = upper.starts.len() - 1;
    let (mut parent, mut shortcut) = (vec![NONE; n], vec![NONE; n]);
    for k in 0..n {
        for (before, _) in upper.list(k).chain(lower.list(k)) {
            let mut at = before;
            while shortcut[at] != k as u32 {
                let next = std::mem::replace(&mut shortcut[at], k as u32);
                if next == NONE {
                    parent[at] = k as u32;
                    break;
                }
                at = next as usize;
            }
        }
    }
    parent
}

impl Entries {
    pub(super) fn new(factors: &Factors) -> Self {
        let symbolic = Symbolic::of(factors);
        let factors = symbolic.numbers(factors);
        let n = symbolic.order();
        let mut rows = Rows::transposed(symbolic.upper(&factors));
        for row in 0..n {
            let range = rows.starts[row] as usize..rows.starts[row + 1] as usize;
            rows.values[range].iter_mut().for_each(|u| *u *= factors.pivots()[row]);
        }
        let parent = tree(symbolic.upper(&factors), Rows::transposed(symbolic.lower(&factors)).lists());
        let mut depth = vec![0; n];
        for k in (0..n).rev() {
            if let Some(of) = depth.get(parent[k] as usize) {
                depth[k] = of + 1;
            }
        }
        let mut block = vec![0; n];
        for (number, pair) in symbolic.blocks().windows(2).enumerate() {
            block[pair[0] as usize..pair[1] as usize].fill(number as u32);
        }
        let (of_row, of_column) = (inverted(symbolic.rows()), inverted(symbolic.columns()));
        Self { symbolic, factors, of_row, of_column, block, parent, depth, rows }
    }

    pub(super) fn symbolic(&self) -> &Symbolic {
        &self.symbolic
    }

    pub(super) fn factors(&self) -> &Refactored<f64> {
        &self.factors
    }

    /// The entries of the inverse of the matrix, which has these values, at pairs of a column and a row of the matrix: how
    /// the unknown of the column answers to the right-hand side of the row. What an entry comes out as does not depend on
    /// the others.
    pub(super) fn at(&self, values: &[f64], pairs: &[(u32, u32)]) -> Vec<f64> {
        let placed: Vec<(u32, u32)> =
            pairs.iter().map(|&(c, r)| (self.of_column[c as usize], self.of_row[r as usize])).collect();
        let block = |position: u32| self.block[position as usize];
        // Neighbors in the order of elimination share most of their paths.
        let mut inside: Vec<usize> = (0..pairs.len()).filter(|&k| block(placed[k].0) == block(placed[k].1)).collect();
        inside.sort_unstable_by_key(|&k| placed[k]);
        let mut between: Vec<usize> = (0..pairs.len()).filter(|&k| block(placed[k].0) < block(placed[k].1)).collect();
        between.sort_unstable_by_key(|&k| (placed[k].1, placed[k].0));
        let mut made = vec![0.0; pairs.len()];
        for held in inside.chunks(HELD) {
            let of: Vec<(u32, u32)> = held.iter().map(|&k| placed[k]).collect();
            held.iter().zip(self.inside(&of)).for_each(|(&k, entry)| made[k] = entry);
        }
        let of: Vec<(u32, u32)> = between.iter().map(|&k| placed[k]).collect();
        between.iter().zip(self.between(values, &of)).for_each(|(&k, entry)| made[k] = entry);
        made
    }

    /// Entries inside of blocks, by positions of column and row.
    fn inside(&self, pairs: &[(u32, u32)]) -> Vec<f64> {
        let columns = distinct(pairs.iter().map(|pair| pair.0));
        let rows = distinct(pairs.iter().map(|pair| pair.1));
        let mut of_columns = self.halves(self.rows.lists(), &columns);
        of_columns.par_iter_mut().zip(&columns).for_each(|(list, &column)| {
            self.path(column).zip(list.iter_mut().rev()).for_each(|(k, value)| *value *= self.factors.pivots()[k]);
        });
        let of_rows = self.halves(self.symbolic.lower(&self.factors), &rows);
        let list = |all: &[u32], of: u32| all.binary_search(&of).unwrap_or_default();
        let entry = |&(column, row): &(u32, u32)| {
            let common = self.common(column, row);
            product(&of_columns[list(&columns, column)][..common], &of_rows[list(&rows, row)][..common])
        };
        pairs.par_iter().map(entry).collect()
    }

    /// The positions from one to the root of its tree.
    fn path(&self, from: u32) -> impl Iterator<Item = usize> + '_ {
        std::iter::successors(Some(from as usize), |&k| {
            let next = self.parent[k] as usize;
            (next < self.parent.len()).then_some(next)
        })
    }

    /// How many positions the paths of two have in common.
    fn common(&self, a: u32, b: u32) -> usize {
        let (mut a, mut b) = (a, b);
        while a != b {
            let behind = if a < b { &mut a } else { &mut b };
            *behind = self.parent[*behind as usize];
        }
        self.depth.get(a as usize).map_or(0, |depth| *depth as usize + 1)
    }

    /// Half solves with a unit triangle whose lists lead to later positions, from a 1 at each of these places: the numbers on
    /// the path of each, from the root.
    fn halves(&self, triangle: Triangle, places: &[u32]) -> Vec<Vec<f64>> {
        let groups = places.par_chunks(LANES).with_min_len(SHARING);
        let room = || vec![Lanes::splat(0.0); self.parent.len()];
        let solved = groups.map_init(room, |work, group| self.half(triangle, group, work));
        solved.collect::<Vec<_>>().into_iter().flatten().collect()
    }

    /// The same for up to [`LANES`] places; `work` holds zeros, before and after.
    fn half(&self, triangle: Triangle, places: &[u32], work: &mut [Lanes]) -> Vec<Vec<f64>> {
        for (lane, &place) in places.iter().enumerate() {
            work[place as usize].0[lane] = 1.0;
        }
        let mut met: Vec<u32> = Vec::new();
        vectorised(
            #[inline(always)]
            || {
                // The next positions of paths that did not meet yet.
                let mut front = places.to_vec();
                while let Some(&k) = front.iter().min() {
                    met.push(k);
                    let value = work[k as usize];
                    for (i, l) in triangle.list(k as usize) {
                        work[i] -= value.map(|v| l * v);
                    }
                    let next = self.parent[k as usize];
                    front.retain(|&at| at != k);
                    if next != NONE && !front.contains(&next) {
                        front.push(next);
                    }
                }
            },
        );
        let list = |(lane, &place): (usize, &u32)| {
            let mut list = vec![0.0; self.depth[place as usize] as usize + 1];
            self.path(place).zip(list.iter_mut().rev()).for_each(|(k, value)| *value = work[k].0[lane]);
            list
        };
        let made = places.iter().enumerate().map(list).collect();
        for &k in &met {
            work[k as usize] = Lanes::splat(0.0);
        }
        made
    }

    /// Entries between blocks, by positions of column and row, in the order of the rows.
    fn between(&self, values: &[f64], pairs: &[(u32, u32)]) -> Vec<f64> {
        let same_row: Vec<&[(u32, u32)]> = pairs.chunk_by(|a, b| a.1 == b.1).collect();
        let solve = |groups: &[&[(u32, u32)]]| {
            let mut x = vec![Lanes::splat(0.0); self.parent.len()];
            let (mut first, mut last) = (u32::MAX, 0);
            for (lane, pairs) in groups.iter().enumerate() {
                for &(column, row) in *pairs {
                    x[row as usize].0[lane] = 1.0;
                    first = first.min(self.block[column as usize]);
                    last = last.max(self.block[row as usize] + 1);
                }
            }
            self.symbolic.substitute_reached(first as usize..last as usize, values, &self.factors, &mut x);
            let of = groups.iter().enumerate();
            of.flat_map(|(lane, pairs)| pairs.iter().map(move |pair| (lane, pair.0)))
                .map(|(lane, column)| x[column as usize].0[lane])
                .collect::<Vec<f64>>()
        };
        same_row.par_chunks(LANES).flat_map_iter(solve).collect()
    }
}

/// In order, each once.
fn distinct(list: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut made: Vec<u32> = list.collect();
    made.sort_unstable();
    made.dedup();
    made
}

/// The sum of the products, in eight sums side by side.
fn product(a: &[f64], b: &[f64]) -> f64 {
    let mut sums = [0.0; LANES];
    for (a, b) in a.chunks(LANES).zip(b.chunks(LANES)) {
        for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
            *sum += a * b;
        }
    }
    sums.iter().fold(0.0, |all, sum| all + sum)
}
