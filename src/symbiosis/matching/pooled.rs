//! Mixed pools: what leaves one is mixed as what comes in, whoever takes it.
//!
//! Amounts from each giver through a pool to each sink make all else linear (the pq-formulation of the pooling problem:
//! M. Tawarmalani and N. V. Sahinidis, "Convexification and Global Optimization", 2002, chapter 9, after A. Ben-Tal, G.
//! Eiger and V. Gershovitz, Mathematical Programming 63 (1994) 193–212; both from memory). Left is that the share of a
//! giver is one for all sinks: `v_gs = y_g Σ_g v_gs`. For `y_g` between bounds it is relaxed to `lo Σ v ≤ v_gs ≤ hi Σ v`,
//! a linear program whose optimum is a lower bound; with the shares that it has on the whole held fixed, another gives a
//! plan. Bounds are split where the sinks' shares differ most, the part with the least bound first, until bound and plan
//! agree: the plan found is a global optimum.

use super::assemble::{Assembled, Way, assemble};
use super::lp::{Failure, Kind, Optimum, Row, solve as solve_program};
use super::plan::plan;
use super::{Giver, Matching, Outcome, STEPS, Taker, clash};

/// Bound and plan agree to this part of the objective.
const AGREES: f64 = 1e-6;

/// Shares of the sinks differ if amounts do by more than this part of the largest.
const DIFFERS: f64 = 1e-9;

/// A share of a giver in a mixed pool.
#[derive(Clone, Copy, PartialEq)]
struct Share {
    pool: usize,
    giver: Giver,
}

/// Bounds of all shares, and the relaxed optimum within them.
struct Part {
    bounds: Vec<(f64, f64)>,
    relaxed: Optimum,
}

/// Solves a checked problem.
pub(super) fn solve(of: &Matching) -> Outcome {
    let program = assemble(of, false);
    let Ok(root) = solve_program(&program.program) else {
        return clash::find(of).map_or(Outcome::Unsettled, Outcome::Clash);
    };
    let shares = shares(&program);
    if shares.is_empty() {
        let bound = root.objective - root.gap.max(0.0);
        return Outcome::Best(Box::new(plan(of, &program, &root, bound)));
    }
    let bounds = vec![(0.0, 1.0); shares.len()];
    search(of, &program, &shares, Part { bounds, relaxed: root })
}

/// The shares that are not free: those of pools with more than one giver and more than one sink.
fn shares(program: &Assembled) -> Vec<Share> {
    let mut made: Vec<Share> = Vec::new();
    for way in &program.ways {
        if let Some(pool) = way.through {
            let share = Share { pool, giver: way.from };
            let inside = || program.ways.iter().filter(|w| w.through == Some(pool));
            let alone = inside().all(|w| w.from == way.from) || inside().all(|w| w.to == way.to);
            if !alone && !made.contains(&share) {
                made.push(share);
            }
        }
    }
    made
}

fn is_through(way: &Way, pool: usize, sink: Option<Taker>) -> bool {
    way.through == Some(pool) && sink.is_none_or(|s| way.to == s)
}

/// The sinks of a pool, in order.
fn sinks(program: &Assembled, pool: usize) -> Vec<Taker> {
    let mut made: Vec<Taker> = program.ways.iter().filter(|w| is_through(w, pool, None)).map(|w| w.to).collect();
    made.sort_unstable();
    made.dedup();
    made
}

/// The program with the shares between bounds.
fn within(program: &Assembled, shares: &[Share], bounds: &[(f64, f64)]) -> Result<Optimum, Failure> {
    let mut made = program.program.clone();
    let one = |yes: bool| f64::from(u8::from(yes));
    for (share, &(lo, hi)) in shares.iter().zip(bounds) {
        for sink in sinks(program, share.pool) {
            let over = |bound: f64, sign: f64| {
                program.terms(|way| {
                    let mine = one(way.from == share.giver);
                    if is_through(way, share.pool, Some(sink)) { sign * (mine - bound) } else { 0.0 }
                })
            };
            if lo >= hi {
                made.rows.push(Row { terms: over(lo, 1.0), kind: Kind::Equal, right: 0.0 });
                continue;
            }
            if hi < 1.0 {
                made.rows.push(Row { terms: over(hi, 1.0), kind: Kind::AtMost, right: 0.0 });
            }
            if lo > 0.0 {
                made.rows.push(Row { terms: over(lo, -1.0), kind: Kind::AtMost, right: 0.0 });
            }
        }
    }
    solve_program(&made)
}

/// The shares that a solution has on the whole, and how much the sinks' amounts differ from them.
fn on_the_whole(program: &Assembled, shares: &[Share], x: &[f64]) -> Vec<(f64, f64)> {
    let sum = |of: &dyn Fn(&Way) -> bool| -> f64 {
        program.ways.iter().zip(x).filter(|(way, _)| of(way)).map(|(_, x)| x).sum()
    };
    let of_share = |share: &Share| {
        let all = sum(&|way| is_through(way, share.pool, None));
        let mine = sum(&|way| is_through(way, share.pool, None) && way.from == share.giver);
        let y = if all > 0.0 { mine / all } else { 0.0 };
        let off = |sink: Taker| {
            let all = sum(&|way| is_through(way, share.pool, Some(sink)));
            let mine = sum(&|way| is_through(way, share.pool, Some(sink)) && way.from == share.giver);
            (mine - y * all).abs()
        };
        let most = sinks(program, share.pool).into_iter().map(off).fold(0.0, f64::max);
        (y, most)
    };
    shares.iter().map(of_share).collect()
}

fn search(of: &Matching, program: &Assembled, shares: &[Share], root: Part) -> Outcome {
    let pooled = program.ways.iter().zip(&root.relaxed.size).filter(|(way, _)| way.through.is_some());
    let size = pooled.fold(0.0, |most: f64, (_, size)| most.max(*size));
    let mut best: Option<Optimum> = None;
    let constant = program.constant[of.objective];
    let mut parts = vec![root];
    // The least bound of parts that were left because the plan was as good.
    let mut bound = f64::INFINITY;
    let mut steps = 0;
    while let Some(at) = least(&parts) {
        let part = parts.swap_remove(at);
        if let Some(best) = &best
            && best.objective - part.relaxed.objective
                <= AGREES * (best.objective + constant).abs().max(f64::MIN_POSITIVE)
        {
            bound = bound.min(part.relaxed.objective);
            break;
        }
        steps += 1;
        let found = on_the_whole(program, shares, &part.relaxed.x);
        let (split, most) =
            found.iter().enumerate().fold((0, 0.0), |most, (k, f)| if f.1 > most.1 { (k, f.1) } else { most });
        let is_plan = most <= DIFFERS * size;
        let made = if is_plan {
            Ok(part.relaxed.clone())
        } else {
            let fixed: Vec<(f64, f64)> = found.iter().map(|f| (f.0, f.0)).collect();
            within(program, shares, &fixed)
        };
        if let Ok(made) = made
            && best.as_ref().is_none_or(|b| made.objective < b.objective)
        {
            best = Some(made);
        }
        if is_plan || steps >= STEPS {
            bound = bound.min(part.relaxed.objective);
            if steps >= STEPS {
                break;
            }
            continue;
        }
        let (lo, hi) = part.bounds[split];
        let edge = 0.1 * (hi - lo);
        let middle = found[split].0.clamp(lo + edge, hi - edge);
        for side in [(lo, middle), (middle, hi)] {
            let mut bounds = part.bounds.clone();
            bounds[split] = side;
            match within(program, shares, &bounds) {
                Ok(relaxed) => parts.push(Part { bounds, relaxed }),
                Err(Failure::Infeasible) => {}
                // What cannot be solved keeps the bound of the whole, so that nothing is left out.
                Err(Failure::Unsettled) => bound = bound.min(part.relaxed.objective),
            }
        }
    }
    let bound = parts.iter().map(|p| p.relaxed.objective).fold(bound, f64::min);
    best.map_or(Outcome::Unsettled, |best| {
        let bound = bound.min(best.objective);
        Outcome::Best(Box::new(plan(of, program, &best, bound)))
    })
}

/// The part with the least bound; of equals the first.
fn least(parts: &[Part]) -> Option<usize> {
    let objective = |k: &usize| parts[*k].relaxed.objective;
    (0..parts.len()).min_by(|a, b| objective(a).total_cmp(&objective(b)))
}
