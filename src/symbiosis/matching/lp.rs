//! Linear programs by an interior-point method (clarabel), with prices and a check of our own.
//!
//! The method ends inside the optimal face: where several solutions are equally good it gives a mean of them, the same on
//! every run. What it gives is taken only if rows, prices and gap fulfil the conditions of optimality to [`EXACT_TO`].
//!
//! Parts of a program that no row joins are solved each by itself, in its own size: beside a billion cubic metres of gas
//! a tonne of ash is as exact as alone.

use clarabel::algebra::CscMatrix;
use clarabel::solver::{DefaultSettingsBuilder, DefaultSolver, IPSolver, SolverStatus, SupportedConeT};
use std::collections::BTreeMap;

/// Conditions of optimality hold to this part of the largest quantity, price or objective of what rows join.
const EXACT_TO: f64 = 1e-8;

/// Amounts up to this part of the largest quantity that rows join them with are 0, and prices up to this part of the
/// largest.
pub(super) const NOTHING: f64 = 1e-9;

/// How a row is bounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Equal,
    AtMost,
}

/// `Σ a x = b` or `Σ a x ≤ b`.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub terms: Vec<(usize, f64)>,
    pub kind: Kind,
    pub right: f64,
}

/// The least of `Σ cost x` over `x ≥ 0` and the rows.
#[derive(Debug, Clone, Default)]
pub(super) struct Program {
    pub cost: Vec<f64>,
    pub rows: Vec<Row>,
}

/// What is found.
#[derive(Debug, Clone)]
pub(super) struct Optimum {
    pub x: Vec<f64>,
    /// How the objective rises with the right side of each row.
    pub price: Vec<f64>,
    pub objective: f64,
    /// Objective less its lower bound from the prices.
    pub gap: f64,
    /// For each variable the largest quantity that rows join it with.
    pub size: Vec<f64>,
    /// For each row the largest cost of a variable that rows join it with.
    pub money: Vec<f64>,
}

/// Why nothing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Failure {
    Infeasible,
    Unsettled,
}

/// Solves a program, part by part.
pub(super) fn solve(program: &Program) -> Result<Optimum, Failure> {
    let (n, m) = (program.cost.len(), program.rows.len());
    let (zeros, ones) = (|n| vec![0.0; n], |n| vec![1.0; n]);
    let mut whole = Optimum { x: zeros(n), price: zeros(m), objective: 0.0, gap: 0.0, size: ones(n), money: ones(m) };
    // A row without terms holds or does not; what rounding leaves of sums is nothing.
    let rounding = 1e-15 * program.rows.iter().fold(0.0, |most: f64, r| most.max(r.right.abs()));
    let met = |r: &Row| r.right >= -rounding && (r.kind == Kind::AtMost || r.right <= rounding);
    if program.rows.iter().any(|r| r.terms.is_empty() && !met(r)) {
        return Err(Failure::Infeasible);
    }
    let mut unsettled = false;
    for (variables, rows) in parts(program) {
        let at: BTreeMap<usize, usize> = variables.iter().enumerate().map(|(i, &k)| (k, i)).collect();
        let own = |r: &usize| {
            let row = &program.rows[*r];
            Row { terms: row.terms.iter().map(|&(k, a)| (at[&k], a)).collect(), ..*row }
        };
        let part = Program {
            cost: variables.iter().map(|&k| program.cost[k]).collect(),
            rows: rows.iter().map(own).collect(),
        };
        match solve_part(&part) {
            Ok(made) => {
                for (i, &k) in variables.iter().enumerate() {
                    (whole.x[k], whole.size[k]) = (made.x[i], made.size[i]);
                }
                for (i, &r) in rows.iter().enumerate() {
                    (whole.price[r], whole.money[r]) = (made.price[i], made.money[i]);
                }
                whole.objective += made.objective;
                whole.gap += made.gap;
            }
            // One part that nothing fulfils is enough, whatever comes of the others.
            Err(Failure::Infeasible) => return Err(Failure::Infeasible),
            Err(Failure::Unsettled) => unsettled = true,
        }
    }
    if unsettled { Err(Failure::Unsettled) } else { Ok(whole) }
}

/// The first variable of the part of one.
fn root(first: &[usize], mut k: usize) -> usize {
    while first[k] != k {
        k = first[k];
    }
    k
}

/// The variables and rows that rows join, part by part, in order; rows without terms are in none.
fn parts(program: &Program) -> Vec<(Vec<usize>, Vec<usize>)> {
    // Each variable points to one before it of its part, or to itself.
    let mut first: Vec<usize> = (0..program.cost.len()).collect();
    for row in &program.rows {
        for pair in row.terms.windows(2) {
            let (a, b) = (root(&first, pair[0].0), root(&first, pair[1].0));
            first[a.max(b)] = a.min(b);
        }
    }
    let mut made: BTreeMap<usize, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
    for k in 0..program.cost.len() {
        made.entry(root(&first, k)).or_default().0.push(k);
    }
    for (r, row) in program.rows.iter().enumerate() {
        if let Some(&(k, _)) = row.terms.first() {
            made.entry(root(&first, k)).or_default().1.push(r);
        }
    }
    made.into_values().collect()
}

/// Solves what rows join.
fn solve_part(program: &Program) -> Result<Optimum, Failure> {
    let (n, m) = (program.cost.len(), program.rows.len());
    let largest = |of: &mut dyn Iterator<Item = f64>| {
        let most = of.fold(0.0, |most: f64, x| most.max(x.abs()));
        if most > 0.0 { most } else { 1.0 }
    };
    let size = largest(&mut program.rows.iter().map(|r| r.right));
    let money = largest(&mut program.cost.iter().copied());
    let ordered = |kind| (0..program.rows.len()).filter(move |&r| program.rows[r].kind == kind);
    let order: Vec<usize> = ordered(Kind::Equal).chain(ordered(Kind::AtMost)).collect();
    if order.is_empty() {
        // Nothing but signs: all at 0 unless a negative cost has no bound.
        let bounded = program.cost.iter().all(|c| *c >= 0.0);
        let (x, size) = (vec![0.0; n], vec![size; n]);
        let nothing = Optimum { x, price: Vec::new(), objective: 0.0, gap: 0.0, size, money: Vec::new() };
        return if bounded { Ok(nothing) } else { Err(Failure::Unsettled) };
    }
    let scale: Vec<f64> = order.iter().map(|&r| largest(&mut program.rows[r].terms.iter().map(|t| t.1))).collect();
    let (z, x) = run(program, &order, &scale, size, money)?;
    let mut price = vec![0.0; program.rows.len()];
    for ((&r, z), scale) in order.iter().zip(z).zip(&scale) {
        price[r] = -z * money / scale;
    }
    let x: Vec<f64> = x.iter().map(|x| (x * size).max(0.0)).collect();
    let objective: f64 = program.cost.iter().zip(&x).map(|(c, x)| c * x).sum();
    let bound: f64 = program.rows.iter().zip(&price).map(|(row, price)| row.right * price).sum();
    let gap = objective - bound;
    let mut reduced = program.cost.clone();
    for (row, price) in program.rows.iter().zip(&price) {
        row.terms.iter().for_each(|&(k, a)| reduced[k] -= a * price);
    }
    let fits = order.iter().zip(&scale).all(|(&r, scale)| {
        let over = row_sum(&program.rows[r], &x) - program.rows[r].right;
        let over = if program.rows[r].kind == Kind::Equal { over.abs() } else { over };
        let sign = program.rows[r].kind == Kind::Equal || price[r] * scale <= EXACT_TO * money;
        over <= EXACT_TO * size * scale && sign
    });
    let priced = reduced.iter().all(|d| *d >= -EXACT_TO * money);
    let closed = gap.abs() <= EXACT_TO * (money * size).max(objective.abs());
    let (size, money) = (vec![size; n], vec![money; m]);
    if fits && priced && closed {
        Ok(Optimum { x, price, objective, gap, size, money })
    } else {
        Err(Failure::Unsettled)
    }
}

/// The left side of a row.
pub(super) fn row_sum(row: &Row, x: &[f64]) -> f64 {
    row.terms.iter().map(|&(k, a)| a * x[k]).sum()
}

/// Multipliers of the rows in `order` and the variables, of the program in parts of `size` and `money`.
fn run(
    program: &Program,
    order: &[usize],
    scale: &[f64],
    size: f64,
    money: f64,
) -> Result<(Vec<f64>, Vec<f64>), Failure> {
    let n = program.cost.len();
    let (mut rows, mut columns, mut values, mut right) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (at, (&r, scale)) in order.iter().zip(scale).enumerate() {
        for &(k, a) in &program.rows[r].terms {
            rows.push(at);
            columns.push(k);
            values.push(a / scale);
        }
        right.push(program.rows[r].right / size / scale);
    }
    for k in 0..n {
        rows.push(right.len());
        columns.push(k);
        values.push(-1.0);
        right.push(0.0);
    }
    let equal = order.iter().filter(|&&r| program.rows[r].kind == Kind::Equal).count();
    let a = CscMatrix::new_from_triplets(right.len(), n, rows, columns, values);
    let cost: Vec<f64> = program.cost.iter().map(|c| c / money).collect();
    let cones = [SupportedConeT::ZeroConeT(equal), SupportedConeT::NonnegativeConeT(right.len() - equal)];
    let settings = DefaultSettingsBuilder::default()
        .verbose(false)
        .max_threads(1)
        .tol_gap_abs(1e-12)
        .tol_gap_rel(1e-12)
        .tol_feas(1e-11)
        .build();
    let settings = settings.map_err(|_| Failure::Unsettled)?;
    let none = CscMatrix::zeros((n, n));
    let solver = DefaultSolver::new(&none, &cost, &a, &right, &cones, settings);
    let mut solver = solver.map_err(|_| Failure::Unsettled)?;
    solver.solve();
    match solver.solution.status {
        // With such limits the last step may be too short to count: what was found is checked after.
        SolverStatus::Solved | SolverStatus::AlmostSolved | SolverStatus::InsufficientProgress => {
            Ok((solver.solution.z[..order.len()].to_vec(), solver.solution.x.clone()))
        }
        SolverStatus::PrimalInfeasible | SolverStatus::AlmostPrimalInfeasible => Err(Failure::Infeasible),
        _ => Err(Failure::Unsettled),
    }
}
