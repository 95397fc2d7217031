//! Which limits cannot hold together.
//!
//! Every limit gets a slack that costs one for each unit of quantity by which it is broken: a program that always has a
//! solution, and whose optimum is 0 just if all limits can hold. Limits whose price in it is not 0 cannot hold together
//! (Farkas); of these one after the other is left out for good if the others still cannot (the deletion filter of J. W.
//! Chinneck and E. W. Dravnieks, "Locating minimal infeasible constraint sets in linear programs", ORSA Journal on
//! Computing 3 (1991) 157–168). What remains is irreducible: without any one of them the others can hold.

use super::assemble::assemble;
use super::lp::{Kind, Program, Row, solve};
use super::{Constraint, Matching};

/// Limits are broken if by more than this part of the largest quantity that they are joined with.
const BROKEN: f64 = 1e-7;

/// A price that is not 0, of a slack that costs 1.
const PRICED: f64 = 1e-6;

/// Limits that cannot hold together, or `None` if all can, or numbers do not tell.
pub(super) fn find(of: &Matching) -> Option<Vec<Constraint>> {
    let assembled = assemble(of, true);
    let (program, limits) = (&assembled.program, &assembled.limits);
    let slacks = program.cost.len();
    let broken = |kept: &[usize]| -> Option<Option<Vec<usize>>> {
        let keeps = |r: usize| limits[r].is_none() || kept.binary_search(&r).is_ok();
        let (elastic, rows) = elastic(program, &keeps, &|r| limits[r].is_some());
        let found = solve(&elastic).ok()?;
        let prices = rows.into_iter().zip(found.price).zip(&elastic.rows);
        let priced = prices.filter(|((r, p), row)| limits[*r].is_some() && (p * scale(row)).abs() > PRICED);
        let of_limits = priced.map(|((r, _), _)| r).collect();
        let is_broken = found.x.iter().zip(&found.size).skip(slacks).any(|(slack, size)| *slack > BROKEN * size);
        Some(is_broken.then_some(of_limits))
    };
    let all: Vec<usize> = (0..limits.len()).filter(|&r| limits[r].is_some()).collect();
    let support: Vec<usize> = broken(&all)??;
    let mut set = if broken(&support)?.is_some() { support } else { all };
    let mut at = 0;
    while at < set.len() {
        let mut without = set.clone();
        without.remove(at);
        if broken(&without)?.is_some() {
            set = without;
        } else {
            at += 1;
        }
    }
    Some(set.into_iter().filter_map(|r| limits[r]).collect())
}

/// The largest coefficient of a row; 1 of one without any.
fn scale(row: &Row) -> f64 {
    let most = row.terms.iter().fold(0.0, |most: f64, t| most.max(t.1.abs()));
    if most > 0.0 { most } else { 1.0 }
}

/// The rows that are kept, limits with slacks, and where they were; the least of all slacks.
fn elastic(program: &Program, keeps: &dyn Fn(usize) -> bool, slack: &dyn Fn(usize) -> bool) -> (Program, Vec<usize>) {
    let mut made = Program { cost: vec![0.0; program.cost.len()], rows: Vec::new() };
    let mut rows = Vec::new();
    for (r, row) in program.rows.iter().enumerate().filter(|(r, _)| keeps(*r)) {
        let mut terms = row.terms.clone();
        if slack(r) {
            let signs: &[f64] = if row.kind == Kind::Equal { &[1.0, -1.0] } else { &[-1.0] };
            for sign in signs {
                terms.push((made.cost.len(), sign * scale(row)));
                made.cost.push(1.0);
            }
        }
        made.rows.push(Row { terms, ..*row });
        rows.push(r);
    }
    (made, rows)
}
