//! Many variants of a model in which a few equations change, without factorizing anew for each.
//!
//! Where the rows `r` of `A` change by `d_r`, the change against the base year is `Δ = Σ u_r w_r` with `u_r = A⁻¹ e_r` and
//! `w_r + Σ_s (d_r · u_s) w_s = b_r`, a small system (the formula of Sherman, Morrison and Woodbury: W. W. Hager, "Updating the
//! inverse of a matrix", SIAM Review 31 (1989) 221–239, for rows). A link that reaches its bound changes one more row, that of the
//! link which gives way, so that the set of active bounds may change from variant to variant.

use super::model::{Clash, Model, Solved, System};
use nalgebra::{DMatrix, DVector};
use std::collections::{BTreeMap, BTreeSet};

/// A model that is solved again and again with other equations of some links.
#[derive(Debug, Clone)]
pub struct Variants<'a> {
    original: &'a Model,
    /// For each row that may change, the column of the inverse.
    columns: BTreeMap<usize, Vec<f64>>,
}

impl<'a> Variants<'a> {
    /// Prepares a model for changes of the equations of these links, and for all that gives way.
    ///
    /// # Errors
    /// [`Clash::Singular`], if the model itself has no solution.
    pub fn new(original: &'a Model, links: &[usize]) -> Result<Self, Clash> {
        let giving_way = original.reliefs.values().flatten().copied();
        let rows: BTreeSet<usize> = links.iter().copied().chain(giving_way).map(|l| original.processes + l).collect();
        let rows: Vec<usize> = rows.into_iter().collect();
        let order = original.equations.len();
        let all: Vec<Vec<(u32, f64)>> = original.equations.iter().map(|e| e.terms.clone()).collect();
        let columns = System::new(order, &all)?.columns(order, &rows)?;
        Ok(Self { original, columns: rows.into_iter().zip(columns).collect() })
    }

    /// Solves a model that differs from the original in the equations of these links only.
    ///
    /// # Errors
    /// [`Clash`], as [`Model::solve`].
    pub fn solve(&self, model: &Model, changed: &[usize]) -> Result<Solved, Clash> {
        model.within_bounds(|bound| match self.updated(model, changed, bound) {
            Some(values) => Ok(values),
            // No small change: anew.
            None => model.solve_bound(self.original, bound),
        })
    }

    /// The solution by an update; `None` where there is none that can be trusted.
    fn updated(&self, model: &Model, changed: &[usize], bound: &[(usize, usize)]) -> Option<Vec<f64>> {
        // Row, its change, and what the base year leaves of it.
        let mut rows: BTreeMap<usize, (Vec<(u32, f64)>, f64)> = BTreeMap::new();
        let difference = |row: usize, new: &[(u32, f64)]| {
            let mut terms: BTreeMap<u32, f64> = BTreeMap::new();
            for &(k, c) in new {
                *terms.entry(k).or_default() += c;
            }
            for &(k, c) in &self.original.equations[row].terms {
                *terms.entry(k).or_default() -= c;
            }
            terms.into_iter().filter(|t| t.1 != 0.0).collect::<Vec<_>>()
        };
        let made = |terms: &[(u32, f64)]| -> f64 { terms.iter().map(|&(k, c)| c * model.base[k as usize]).sum() };
        for row in changed.iter().map(|&l| model.processes + l) {
            let equation = &model.equations[row];
            if *equation != self.original.equations[row] {
                let rest = equation.right - made(&equation.terms);
                rows.insert(row, (difference(row, &equation.terms), rest));
            }
        }
        for &(link, relief) in bound {
            let row = model.processes + relief;
            let terms = [(model.quantity(link), 1.0)];
            rows.insert(row, (difference(row, &terms), -made(&terms)));
        }
        if rows.values().all(|r| r.1 == 0.0) {
            return Some(model.base.clone());
        }
        let columns: Option<Vec<&Vec<f64>>> = rows.keys().map(|row| self.columns.get(row)).collect();
        let columns = columns?;
        let rows: Vec<_> = rows.values().collect();
        let n = rows.len();
        let entry = |i: usize, j: usize| {
            let seen: f64 = rows[i].0.iter().map(|&(k, d)| d * columns[j][k as usize]).sum();
            f64::from(u8::from(i == j)) + seen
        };
        let small = DMatrix::from_fn(n, n, entry);
        let right = DVector::from_iterator(n, rows.iter().map(|r| r.1));
        let largest = small.iter().fold(1.0, |most: f64, x| most.max(x.abs()));
        let factors = small.clone().lu();
        // What is left of a dependent row is the rounding of its terms.
        if !factors.u().diagonal().iter().all(|p| p.is_finite() && p.abs() > 1e-9 * largest) {
            return None;
        }
        let mut shares = factors.solve(&right)?;
        shares += factors.solve(&(&right - &small * &shares))?;
        let mut values = model.base.clone();
        for (k, value) in values.iter_mut().enumerate() {
            let moved: f64 = columns.iter().zip(shares.iter()).map(|(u, w)| u[k] * w).sum();
            if moved != 0.0 {
                *value += moved;
            }
        }
        values.iter().all(|v| v.is_finite()).then_some(values)
    }
}
