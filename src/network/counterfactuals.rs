//! Many small changes of one system, and what its outputs become.
//!
//! Of `A x = f` with outputs `y = C x` a scenario changes a few entries of A, f and C. With the changes D of the columns E of A
//! and δf of f, the flows of the changed columns are `ξ = S⁻¹ Eᵀ (x₀ + A⁻¹ δf)` (see `small`), and what the scenario does is to
//! move the right-hand side by `u = δf − D ξ`: the flows are `x = x₀ + A⁻¹ u` and, with the adjoint `Λ = A⁻ᵀ Cᵀ`, the outputs
//! `y = y₀ + Λᵀ u + δC x`. All that a scenario needs beside x₀ and Λ are the entries of A⁻¹ between the changed columns and
//! rows (see `entries`), and of those each is found once for all scenarios.
//!
//! A bound of the rounding goes with each output. Where it is above 1e-10 of the output, as where a scenario takes nearly all
//! of it away or the small system is nearly singular, the scenario is solved anew with factors of its own, and says so.
//!
//! A scenario is a list of changed entries and knows no limits: whoever has capacities looks at the flows and gives what
//! breaks one again, with the entries that then hold.

use super::entries::Entries;
use super::factors::{Analysis, Factors};
use super::lanes::{LANES, Lanes, Number, vectorised};
use super::pattern::Pattern;
use super::runs::TRUSTED;
use super::small::{SingularUpdate, Small};
use nalgebra::{DMatrix, DVector};
use ndarray::{Array2, ArrayView2, Axis};
use rayon::prelude::*;

/// What a scenario changes. What is given twice for one place is added.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Change {
    /// Row, column, and what is added to the entry of the matrix. Places without an entry may be among them.
    pub matrix: Vec<(u32, u32, f64)>,
    /// Row, and what is added to the right-hand side.
    pub right: Vec<(u32, f64)>,
    /// Output, column, and what is added to the weight of the column in the output.
    pub outputs: Vec<(u32, u32, f64)>,
}

/// The places that all scenarios of a sweep change.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Places {
    /// Row and column of entries of the matrix.
    pub matrix: Vec<(u32, u32)>,
    /// Rows of the right-hand side.
    pub right: Vec<u32>,
    /// Output and column of weights.
    pub outputs: Vec<(u32, u32)>,
}

/// What a scenario comes out as.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// The outputs.
    pub outputs: Vec<f64>,
    /// The flows of the columns that were asked for.
    pub flows: Vec<f64>,
    /// The most that rounding may make of an output, in parts of it; of one whose terms cancel, in parts of its terms.
    pub error: f64,
    /// Whether it was solved anew, with factors of its own.
    pub anew: bool,
}

/// What a sweep comes out as.
#[derive(Debug, Clone, PartialEq)]
pub struct Swept {
    /// Scenarios × outputs; the row of a singular scenario holds no numbers.
    pub outputs: Array2<f64>,
    /// For each scenario what [`Outcome::error`] says.
    pub error: Vec<f64>,
    /// The scenarios that were solved anew.
    pub anew: Vec<usize>,
    /// The scenarios whose matrix is singular.
    pub singular: Vec<usize>,
}

/// What is wrong with what was given. All are counted from 0.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChangeError {
    /// A row, column or output that is none of the system's.
    #[error("change {change}: {kind} {index} of {count}")]
    Outside {
        /// Which change.
        change: usize,
        /// `row`, `column` or `output`.
        kind: &'static str,
        /// Which one.
        index: u32,
        /// How many there are.
        count: usize,
    },
    /// A number that is infinite or none.
    #[error("change {change}: not a finite number")]
    NotFinite {
        /// Which change.
        change: usize,
    },
    /// The right-hand side, or a scenario of a sweep, has another length than is asked for.
    #[error("{found} numbers instead of {expected}")]
    Length {
        /// The numbers there are.
        found: usize,
        /// The numbers there should be.
        expected: usize,
    },
    /// The right-hand side or the outputs of the system itself hold a column that is none, or no finite number.
    #[error("the system to be changed has no solution in finite numbers")]
    Base,
}

/// A system solved once, for many small changes of it.
#[derive(Debug)]
pub struct Counterfactuals<'a> {
    analysis: &'a Analysis,
    values: &'a [f64],
    entries: Entries,
    right: Vec<f64>,
    weights: Vec<Vec<(u32, f64)>>,
    /// x₀, by column.
    flows: Vec<f64>,
    /// Λ, row by row: for each output.
    adjoint: Vec<f64>,
    /// y₀, the sizes of its terms, and how much of them cancels.
    outputs: Vec<f64>,
    sizes: Vec<f64>,
    canceled: Vec<f64>,
    /// What part of a number rounding makes, as the refinement of the solutions showed it.
    rounding: f64,
}

/// The places of a scenario, and what is known of them.
#[derive(Debug, Clone, Default)]
struct Known {
    /// The columns of the matrix that change, then others that outputs weigh otherwise.
    columns: Vec<u32>,
    changed: usize,
    rows: Vec<u32>,
    /// Row and column of each changed entry, by their positions in the lists above.
    matrix: Vec<(usize, usize)>,
    right: Vec<usize>,
    outputs: Vec<(usize, usize)>,
    /// The entries of A⁻¹, columns × rows.
    inverse: Vec<f64>,
}

/// What a small system gives.
struct Answer {
    outputs: Vec<f64>,
    error: f64,
    /// u, by the rows of the places.
    moved: Vec<f64>,
}

/// Why it gives nothing.
enum Doubt {
    /// Rounding may be more than [`TRUSTED`].
    Rounding,
    /// The changed matrix is singular.
    Singular,
}

/// A system solved by itself.
struct Anew {
    flows: Vec<f64>,
    outputs: Vec<f64>,
    error: f64,
}

impl<'a> Counterfactuals<'a> {
    /// Solves the system of these factors for `right`, by row, and each output: columns and their weights.
    ///
    /// # Errors
    /// [`ChangeError::Length`], and [`ChangeError::Base`] if a number or a column is none.
    pub fn new(factors: &Factors<'a>, right: &[f64], outputs: &[Vec<(u32, f64)>]) -> Result<Self, ChangeError> {
        let (analysis, values) = factors.made_from();
        let n = factors.order();
        if right.len() != n {
            return Err(ChangeError::Length { found: right.len(), expected: n });
        }
        let sound = |&(column, weight): &(u32, f64)| (column as usize) < n && weight.is_finite();
        if !(right.iter().all(|f| f.is_finite()) && outputs.iter().flatten().all(sound)) {
            return Err(ChangeError::Base);
        }
        let entries = Entries::new(factors);
        let (flows, flow_steps) = solved(&entries, analysis, values, right);
        let groups: Vec<_> = outputs.par_chunks(LANES).map(|group| scores(&entries, analysis, values, group)).collect();
        let mut adjoint = vec![0.0; n * outputs.len()];
        let mut rounding = 4.0 * f64::EPSILON;
        for output in 0..outputs.len() {
            let ((scores, steps), lane) = (&groups[output / LANES], output % LANES);
            let (mut size, mut step) = (0.0, 0.0);
            for (row, right) in right.iter().enumerate() {
                adjoint[row * outputs.len() + output] = scores[row].0[lane];
                size += (right * scores[row].0[lane]).abs();
                step += (right * steps[row].0[lane]).abs();
            }
            rounding = rounding.max(part(step, size));
        }
        let mut made = Self {
            analysis,
            values,
            entries,
            right: right.to_vec(),
            weights: outputs.to_vec(),
            flows,
            adjoint,
            outputs: Vec::new(),
            sizes: Vec::new(),
            canceled: Vec::new(),
            rounding,
        };
        for output in outputs {
            let size = sizes(output, &made.flows);
            made.rounding = made.rounding.max(part(sizes(output, &flow_steps), size));
            made.outputs.push(weighed(output, &made.flows));
            made.sizes.push(size);
        }
        made.canceled = made.sizes.iter().zip(&made.outputs).map(|(size, y)| size - y.abs()).collect();
        let finite = made.flows.iter().chain(&made.adjoint).all(|v| v.is_finite());
        if finite { Ok(made) } else { Err(ChangeError::Base) }
    }

    /// The outputs of the system itself.
    #[must_use]
    pub fn outputs(&self) -> &[f64] {
        &self.outputs
    }

    /// The flows of the system itself, by column.
    #[must_use]
    pub fn flows(&self) -> &[f64] {
        &self.flows
    }

    /// All scenarios, each a change of the system itself; the flows of the columns `watched` with them. For flows each
    /// scenario is solved as a whole, with the factors of the system, and its residual looked at.
    ///
    /// # Errors
    /// [`ChangeError`], for what none of the scenarios could be.
    pub fn all(
        &self,
        changes: &[Change],
        watched: &[u32],
    ) -> Result<Vec<Result<Outcome, SingularUpdate>>, ChangeError> {
        self.columns_inside(changes.len(), watched)?;
        for (number, change) in changes.iter().enumerate() {
            self.inside(number, &change.places())?;
            finite(number, &change.added())?;
        }
        let changes: Vec<Change> = changes.par_iter().map(Change::condensed).collect();
        let mut known: Vec<Known> = changes.par_iter().map(|change| Known::new(&change.places())).collect();
        let mut pairs: Vec<(u32, u32)> = known.iter().flat_map(Known::pairs).collect();
        pairs.par_sort_unstable();
        pairs.dedup();
        let inverse = self.entries.at(self.values, &pairs);
        known.par_iter_mut().for_each(|known| {
            let entry = |pair| pairs.binary_search(&pair).map_or(0.0, |at| inverse[at]);
            known.inverse = known.pairs().map(entry).collect();
        });
        let answers: Vec<_> =
            changes.par_iter().zip(&known).map(|(change, known)| self.answer(known, &change.added())).collect();
        let groups = changes.par_chunks(LANES).zip(known.par_chunks(LANES)).zip(answers.par_chunks(LANES));
        let made = groups.flat_map_iter(|((changes, known), answers)| {
            let flows = if watched.is_empty() { Vec::new() } else { self.side_by_side(changes, known, answers) };
            let outcome = |(lane, change): (usize, &Change)| match (&answers[lane], flows.get(lane)) {
                (Ok(answer), None) => Ok(answer.outcome(Vec::new())),
                (Ok(answer), Some(Some(flows))) => Ok(answer.outcome(picked(flows, watched))),
                (Err(Doubt::Singular), _) => Err(known[lane].singular()),
                _ => self.anew(change).map(|anew| Outcome {
                    flows: picked(&anew.flows, watched),
                    outputs: anew.outputs,
                    error: anew.error,
                    anew: true,
                }),
            };
            changes.iter().enumerate().map(outcome).collect::<Vec<_>>()
        });
        Ok(made.collect())
    }

    /// Scenarios that all change the same places: `added` is scenarios × places, those of the matrix, of the right-hand side
    /// and of the outputs one after the other.
    ///
    /// # Errors
    /// [`ChangeError`], for what none of the scenarios could be.
    pub fn sweep(&self, places: &Places, added: &ArrayView2<f64>) -> Result<Swept, ChangeError> {
        let expected = places.matrix.len() + places.right.len() + places.outputs.len();
        if added.ncols() != expected {
            return Err(ChangeError::Length { found: added.ncols(), expected });
        }
        self.inside(0, places)?;
        for (scenario, added) in added.outer_iter().enumerate() {
            finite(scenario, &added.to_vec())?;
        }
        let mut known = Known::new(places);
        known.inverse = self.entries.at(self.values, &known.pairs().collect::<Vec<_>>());
        let mut outputs = Array2::from_elem((added.nrows(), self.outputs.len()), f64::NAN);
        let rows = outputs.axis_iter_mut(Axis(0)).into_par_iter().zip(added.axis_iter(Axis(0)));
        let one = |(mut row, added): (ndarray::ArrayViewMut1<f64>, ndarray::ArrayView1<f64>)| {
            let added = added.to_vec();
            let (made, error, anew) = match self.answer(&known, &added) {
                Ok(answer) => (answer.outputs, answer.error, false),
                Err(Doubt::Singular) => return None,
                Err(Doubt::Rounding) => {
                    let anew = self.anew(&places.with(&added).condensed()).ok()?;
                    (anew.outputs, anew.error, true)
                }
            };
            row.iter_mut().zip(made).for_each(|(place, output)| *place = output);
            Some((error, anew))
        };
        let ended: Vec<Option<(f64, bool)>> = rows.map(one).collect();
        let those = |which: fn(&Option<(f64, bool)>) -> bool| {
            ended.iter().enumerate().filter(|(_, ended)| which(ended)).map(|(scenario, _)| scenario).collect()
        };
        Ok(Swept {
            anew: those(|ended| ended.is_some_and(|ended| ended.1)),
            singular: those(Option::is_none),
            error: ended.iter().map(|ended| ended.map_or(f64::NAN, |ended| ended.0)).collect(),
            outputs,
        })
    }

    /// The outputs of a scenario by its small system. `added` holds what is added at each place, those of the matrix, of the
    /// right-hand side and of the outputs one after the other.
    fn answer(&self, known: &Known, added: &[f64]) -> Result<Answer, Doubt> {
        let (k, m) = (known.changed, known.rows.len());
        let (matrix, rest) = added.split_at(known.matrix.len());
        let (right, weights) = rest.split_at(known.right.len());
        let inverse = |column: usize, row: usize| known.inverse[column * m + row];
        let mut moved = vec![0.0; m];
        known.right.iter().zip(right).for_each(|(&row, f)| moved[row] += f);
        // Beside each number the sizes of its terms, and what those are wrong by, in parts of the rounding.
        let mut spread: Vec<f64> = moved.iter().map(|f| f.abs()).collect();
        let base = |j: usize| self.flows[known.columns[j] as usize];
        let flow = |j: usize, moved: &[f64]| (0..m).fold(base(j), |x, row| x + inverse(j, row) * moved[row]);
        let flow_spread =
            |j: usize, spread: &[f64]| (0..m).fold(base(j).abs(), |x, row| x + inverse(j, row).abs() * spread[row]);
        let (mut flows, mut flow_spreads) = (DVector::zeros(0), DVector::zeros(0));
        if k > 0 {
            let (mut small, mut terms) = (DMatrix::identity(k, k), DMatrix::identity(k, k));
            for (&(row, column), added) in known.matrix.iter().zip(matrix) {
                for i in 0..k {
                    let term = inverse(i, row) * added;
                    small[(i, column)] += term;
                    terms[(i, column)] += term.abs();
                }
            }
            let b = DVector::from_fn(k, |i, _| flow(i, &moved));
            let sizes = DVector::from_fn(k, |i, _| flow_spread(i, &spread));
            let small = Small::new(small, terms, self.rounding).ok_or(Doubt::Singular)?;
            flows = small.solve(&b);
            flow_spreads = small.spread(&flows, &sizes);
            for (&(row, column), added) in known.matrix.iter().zip(matrix) {
                moved[row] -= added * flows[column];
                spread[row] += added.abs() * (flows[column].abs() + flow_spreads[column]);
            }
        }
        let mut outputs = self.outputs.clone();
        let mut spreads = self.sizes.clone();
        let count = outputs.len();
        for ((&row, &moved), &spread) in known.rows.iter().zip(&moved).zip(&spread) {
            let scores = &self.adjoint[row as usize * count..(row as usize + 1) * count];
            for ((score, output), sum) in scores.iter().zip(&mut outputs).zip(&mut spreads) {
                *output += score * moved;
                *sum += score.abs() * spread;
            }
        }
        for (&(output, column), added) in known.outputs.iter().zip(weights) {
            let (x, wrong) = match flows.get(column) {
                Some(&x) => (x, flow_spreads[column]),
                None => (flow(column, &moved), flow_spread(column, &spread)),
            };
            outputs[output] += added * x;
            spreads[output] += added.abs() * (x.abs() + wrong);
        }
        let parts = outputs.iter().zip(&self.canceled).zip(&spreads);
        let error = parts.map(|((y, canceled), spread)| part(self.rounding * spread, y.abs() + canceled));
        let error = error.fold(0.0, |most: f64, e| if e > most || e.is_nan() { e } else { most });
        if error <= TRUSTED { Ok(Answer { outputs, error, moved }) } else { Err(Doubt::Rounding) }
    }

    /// The flows of up to [`LANES`] scenarios; nothing for one without an answer, or whose residuals are too large.
    fn side_by_side(
        &self,
        changes: &[Change],
        known: &[Known],
        answers: &[Result<Answer, Doubt>],
    ) -> Vec<Option<Vec<f64>>> {
        let mut x = vec![Lanes::splat(0.0); self.right.len()];
        for (lane, (known, answer)) in known.iter().zip(answers).enumerate() {
            let moved = answer.iter().flat_map(|answer| known.rows.iter().zip(&answer.moved));
            moved.for_each(|(&row, &moved)| x[row as usize].0[lane] = moved);
        }
        self.entries.symbolic().solve(self.values, self.entries.factors(), &mut x);
        for (x, &base) in x.iter_mut().zip(&self.flows) {
            *x += Lanes::splat(base);
        }
        let mut rest: Vec<Lanes> = self.right.iter().map(|&f| Lanes::splat(f)).collect();
        let mut sizes: Vec<Lanes> = rest.iter().map(|f| f.abs()).collect();
        vectorised(
            #[inline(always)]
            || residual(self.analysis.pattern(), self.values, &x, &mut rest, &mut sizes),
        );
        for (lane, change) in changes.iter().enumerate() {
            let mut take = |row: u32, term: f64| {
                rest[row as usize].0[lane] -= term;
                sizes[row as usize].0[lane] += term.abs();
            };
            change.right.iter().for_each(|&(row, added)| take(row, -added));
            change.matrix.iter().for_each(|&(row, column, added)| take(row, added * x[column as usize].0[lane]));
        }
        let flows = |(lane, answer): (usize, &Result<Answer, Doubt>)| {
            let mut parts = rest.iter().zip(&sizes).map(|(rest, size)| part(rest.0[lane].abs(), size.0[lane]));
            let sound = answer.is_ok() && parts.all(|part| part <= TRUSTED);
            sound.then(|| x.iter().map(|x| x.0[lane]).collect())
        };
        answers.iter().enumerate().map(flows).collect()
    }

    /// A scenario with factors of its own.
    fn anew(&self, change: &Change) -> Result<Anew, SingularUpdate> {
        let pattern = self.analysis.pattern();
        let slot = |row: u32, column: u32| {
            let at = pattern.column(column as usize).binary_search(&row).ok()?;
            Some(pattern.range(column as usize).start + at)
        };
        let mut values = self.values.to_vec();
        let mut added = Vec::new();
        for &(row, column, change) in &change.matrix {
            match slot(row, column) {
                Some(slot) => values[slot] += change,
                None => added.push((row, column, change)),
            }
        }
        let singular = || SingularUpdate { columns: distinct(change.matrix.iter().map(|entry| entry.1)) };
        if added.is_empty() {
            return self.solved_anew(self.analysis, &values, change).ok_or_else(singular);
        }
        let (mut rows, mut columns) = (Vec::new(), Vec::new());
        pattern.for_each(|row, column, _| {
            rows.push(row as u32);
            columns.push(column as u32);
        });
        rows.extend(added.iter().map(|entry| entry.0));
        columns.extend(added.iter().map(|entry| entry.1));
        let (pattern, slots) = Pattern::from_entries(self.right.len(), &rows, &columns).map_err(|_| singular())?;
        let mut ordered = vec![0.0; slots.len()];
        let all = values.into_iter().chain(added.iter().map(|entry| entry.2));
        slots.iter().zip(all).for_each(|(&slot, value)| ordered[slot as usize] = value);
        let analysis = Analysis::new(pattern).map_err(|_| singular())?;
        self.solved_anew(&analysis, &ordered, change).ok_or_else(singular)
    }

    fn solved_anew(&self, analysis: &Analysis, values: &[f64], change: &Change) -> Option<Anew> {
        let factors = analysis.factorise(values).ok()?;
        let mut right = self.right.clone();
        change.right.iter().for_each(|&(row, added)| right[row as usize] += added);
        let mut flows = right.clone();
        factors.solve(&mut flows);
        let mut steps: Vec<f64> = left(analysis, values, &flows, &right);
        factors.solve(&mut steps);
        flows.iter_mut().zip(&steps).for_each(|(x, step)| *x += step);
        let (mut outputs, mut error) = (Vec::new(), 4.0 * f64::EPSILON);
        for (output, weights) in self.weights.iter().enumerate() {
            let changed = change.outputs.iter().filter(|entry| entry.0 as usize == output);
            let weights: Vec<(u32, f64)> =
                weights.iter().copied().chain(changed.map(|&(_, column, added)| (column, added))).collect();
            outputs.push(weighed(&weights, &flows));
            error = f64::max(error, part(sizes(&weights, &steps), sizes(&weights, &flows)));
        }
        // Where a step of refinement moves what it should polish, the matrix is singular as far as numbers can tell.
        let sound = error < LOST && flows.iter().all(|x| x.is_finite());
        sound.then_some(Anew { flows, outputs, error })
    }

    fn inside(&self, change: usize, places: &Places) -> Result<(), ChangeError> {
        let n = self.right.len();
        let check = |kind, index: u32, count: usize| {
            if (index as usize) < count { Ok(()) } else { Err(ChangeError::Outside { change, kind, index, count }) }
        };
        for &(row, column) in &places.matrix {
            check("row", row, n)?;
            check("column", column, n)?;
        }
        places.right.iter().try_for_each(|&row| check("row", row, n))?;
        for &(output, column) in &places.outputs {
            check("output", output, self.outputs.len())?;
            check("column", column, n)?;
        }
        Ok(())
    }

    fn columns_inside(&self, change: usize, columns: &[u32]) -> Result<(), ChangeError> {
        let count = self.flows.len();
        match columns.iter().find(|&&column| column as usize >= count) {
            Some(&index) => Err(ChangeError::Outside { change, kind: "column", index, count }),
            None => Ok(()),
        }
    }
}

fn finite(change: usize, added: &[f64]) -> Result<(), ChangeError> {
    if added.iter().all(|v| v.is_finite()) { Ok(()) } else { Err(ChangeError::NotFinite { change }) }
}

/// Refinement that moves outputs by more than this part of them polishes nothing.
const LOST: f64 = 1e-6;

impl Change {
    fn places(&self) -> Places {
        Places {
            matrix: self.matrix.iter().map(|&(row, column, _)| (row, column)).collect(),
            right: self.right.iter().map(|entry| entry.0).collect(),
            outputs: self.outputs.iter().map(|&(output, column, _)| (output, column)).collect(),
        }
    }

    /// What is added at each place, in the order of the places.
    fn added(&self) -> Vec<f64> {
        let matrix = self.matrix.iter().map(|entry| entry.2);
        matrix.chain(self.right.iter().map(|entry| entry.1)).chain(self.outputs.iter().map(|entry| entry.2)).collect()
    }

    /// The same with each place once and none at which nothing is added.
    fn condensed(&self) -> Self {
        let right: Vec<_> = self.right.iter().map(|&(row, added)| (row, 0, added)).collect();
        Self {
            matrix: condensed(&self.matrix),
            right: condensed(&right).into_iter().map(|(row, _, added)| (row, added)).collect(),
            outputs: condensed(&self.outputs),
        }
    }
}

fn condensed(list: &[(u32, u32, f64)]) -> Vec<(u32, u32, f64)> {
    let mut list = list.to_vec();
    list.sort_by_key(|&(a, b, _)| (b, a));
    list.dedup_by(|next, kept| {
        let same = (next.0, next.1) == (kept.0, kept.1);
        if same {
            kept.2 += next.2;
        }
        same
    });
    list.retain(|entry| entry.2 != 0.0);
    list
}

impl Places {
    /// What is added at each place, as a change.
    fn with(&self, added: &[f64]) -> Change {
        let mut added = added.iter().copied();
        let mut next = || added.next().unwrap_or_default();
        Change {
            matrix: self.matrix.iter().map(|&(row, column)| (row, column, next())).collect(),
            right: self.right.iter().map(|&row| (row, next())).collect(),
            outputs: self.outputs.iter().map(|&(output, column)| (output, column, next())).collect(),
        }
    }
}

impl Known {
    /// The places without entries of the inverse.
    fn new(places: &Places) -> Self {
        let mut columns = distinct(places.matrix.iter().map(|entry| entry.1));
        let changed = columns.len();
        let more = distinct(places.outputs.iter().map(|entry| entry.1));
        let more = more.into_iter().filter(|column| columns.binary_search(column).is_err());
        columns.extend(more.collect::<Vec<_>>());
        let rows = distinct(places.matrix.iter().map(|entry| entry.0).chain(places.right.iter().copied()));
        let at = |list: &[u32], of: u32| list.iter().position(|&it| it == of).unwrap_or_default();
        Self {
            matrix: places.matrix.iter().map(|&(row, column)| (at(&rows, row), at(&columns, column))).collect(),
            right: places.right.iter().map(|&row| at(&rows, row)).collect(),
            outputs: places.outputs.iter().map(|&(output, column)| (output as usize, at(&columns, column))).collect(),
            columns,
            changed,
            rows,
            inverse: Vec::new(),
        }
    }

    /// Column and row of the entries of the inverse, in their order.
    fn pairs(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        self.columns.iter().flat_map(|&column| self.rows.iter().map(move |&row| (column, row)))
    }

    fn singular(&self) -> SingularUpdate {
        SingularUpdate { columns: self.columns[..self.changed].to_vec() }
    }
}

impl Answer {
    fn outcome(&self, flows: Vec<f64>) -> Outcome {
        Outcome { outputs: self.outputs.clone(), flows, error: self.error, anew: false }
    }
}

/// In order, each once.
fn distinct(list: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut made: Vec<u32> = list.collect();
    made.sort_unstable();
    made.dedup();
    made
}

fn picked(list: &[f64], at: &[u32]) -> Vec<f64> {
    at.iter().map(|&k| list[k as usize]).collect()
}

/// A sum of weighed flows. It begins with +0, so that what is added to nothing leaves its bytes.
fn weighed(weights: &[(u32, f64)], flows: &[f64]) -> f64 {
    weights.iter().fold(0.0, |sum, &(column, weight)| sum + weight * flows[column as usize])
}

/// The sizes of its terms.
fn sizes(weights: &[(u32, f64)], flows: &[f64]) -> f64 {
    weights.iter().fold(0.0, |sum, &(column, weight)| sum + (weight * flows[column as usize]).abs())
}

/// `of` in parts of `whole`; nothing is no part of nothing.
fn part(of: f64, whole: f64) -> f64 {
    if of == 0.0 { 0.0 } else { of / whole }
}

/// What `x` leaves of `b`.
fn left(analysis: &Analysis, values: &[f64], x: &[f64], b: &[f64]) -> Vec<f64> {
    let mut rest = b.to_vec();
    analysis.pattern().for_each(|row, column, slot| rest[row] -= values[slot] * x[column]);
    rest
}

/// The solution for a right-hand side, and the step of its refinement.
fn solved(entries: &Entries, analysis: &Analysis, values: &[f64], right: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let solve = |b: &mut [f64]| entries.symbolic().solve(values, entries.factors(), b);
    let mut flows = right.to_vec();
    solve(&mut flows);
    let mut steps = left(analysis, values, &flows, right);
    solve(&mut steps);
    flows.iter_mut().zip(&steps).for_each(|(x, step)| *x += step);
    (flows, steps)
}

/// The adjoints of up to [`LANES`] outputs, and the steps of their refinement.
fn scores(
    entries: &Entries,
    analysis: &Analysis,
    values: &[f64],
    outputs: &[Vec<(u32, f64)>],
) -> (Vec<Lanes>, Vec<Lanes>) {
    let solve = |b: &mut [Lanes]| entries.symbolic().solve_transposed(values, entries.factors(), b);
    let mut scores = vec![Lanes::splat(0.0); entries.symbolic().order()];
    for (lane, weights) in outputs.iter().enumerate() {
        for &(column, weight) in weights {
            scores[column as usize].0[lane] += weight;
        }
    }
    let mut steps = scores.clone();
    solve(&mut scores);
    vectorised(
        #[inline(always)]
        || {
            let pattern = analysis.pattern();
            for (column, step) in steps.iter_mut().enumerate() {
                let slots = pattern.range(column);
                for (&row, &a) in pattern.rows(slots.clone()).iter().zip(&values[slots]) {
                    *step -= scores[row as usize].map(|score| a * score);
                }
            }
        },
    );
    solve(&mut steps);
    scores.iter_mut().zip(&steps).for_each(|(score, step)| *score += *step);
    (scores, steps)
}

/// Takes `A x` from `rest`, and adds the sizes of its terms to `sizes`.
#[inline(always)]
fn residual(pattern: &Pattern, values: &[f64], x: &[Lanes], rest: &mut [Lanes], sizes: &mut [Lanes]) {
    for (column, x) in x.iter().enumerate() {
        let slots = pattern.range(column);
        for (&row, &a) in pattern.rows(slots.clone()).iter().zip(&values[slots]) {
            let term = x.map(|x| a * x);
            rest[row as usize] -= term;
            sizes[row as usize] += term.abs();
        }
    }
}
