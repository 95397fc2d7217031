//! Outputs of a system whose values are not sure.
//!
//! With the matrix A, a demand f, the burdens B and the weights C of some outputs, the outputs are `C B A⁻¹ f`. Each
//! entry of A, B and C is a [`Parameter`]. [`Model::draws`] draws all of them again and again; [`Model::first_order`]
//! needs one factorisation and one solve each way for an output.
//!
//! The system is cut down to what the demand reaches and brought to its nominal size: with the solution `x` at the means
//! of all values, each column is multiplied by about `|x_j|` and each row divided by about the sum of the sizes of its terms,
//! so that rows in tonnes and rows in kilowatt-hours weigh the same and solutions are near ±1. Powers of two do that
//! without rounding.

use super::factors::{Analysis, SingularBlock};
use super::part::Part;
use super::random::Parameter;
use super::runs::Ready;
use super::sweeps::Sweeps;
use std::sync::OnceLock;

/// Passes after which a system at the means is left to factors.
pub(super) const PASSES: u32 = 100;

/// An entry of B or C.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Row: a burden, or an output.
    pub row: u32,
    /// Column: of the matrix, or a burden.
    pub column: u32,
    /// Its value.
    pub value: Parameter,
}

/// A system, cut down to what its demand reaches.
#[derive(Debug)]
pub struct Model {
    pub(super) reach: Part,
    /// Values of the matrix and their means, in the order of the pattern.
    pub(super) matrix: Vec<Parameter>,
    pub(super) means: Vec<f64>,
    /// Demand by row and solution at the means by column.
    pub(super) demand: Vec<f64>,
    pub(super) nominal: Vec<f64>,
    /// Burdens whose column is reached, columns counted in the system.
    pub(super) burdens: Table,
    pub(super) weights: Table,
    pub(super) counts: Counts,
    /// How draws are solved, once some are asked for.
    pub(super) ready: OnceLock<Result<Ready, SingularBlock>>,
}

/// B or C: places, and the values apart, so that they are drawn in one go.
#[derive(Debug)]
pub(super) struct Table {
    /// Row and column.
    pub(super) places: Vec<(u32, u32)>,
    pub(super) values: Vec<Parameter>,
}

/// Numbers of things.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Counts {
    pub(super) burdens: usize,
    pub(super) outputs: usize,
    pub(super) streams: usize,
}

impl Model {
    /// A model of the matrix that was analysed, its values in the order of the pattern; `demand` lists rows and amounts.
    /// Rows and columns lie in the matrix.
    ///
    /// # Errors
    /// [`SingularBlock`], if the matrix of the means is singular in the part that the demand reaches.
    pub fn new(
        analysis: &Analysis,
        matrix: &[Parameter],
        demand: &[(u32, f64)],
        burdens: &[Entry],
        weights: &[Entry],
    ) -> Result<Self, SingularBlock> {
        let reach = analysis.reach(demand.iter().map(|d| d.0));
        let mut matrix: Vec<Parameter> = reach.slots.iter().map(|&slot| matrix[slot as usize].clone()).collect();
        let mut means: Vec<f64> = matrix.iter().map(|p| p.distribution.mean()).collect();
        let mut amounts = vec![0.0; analysis.pattern().order()];
        for &(row, amount) in demand {
            amounts[row as usize] += amount;
        }
        let amounts: Vec<f64> = reach.rows.iter().map(|&row| amounts[row as usize]).collect();
        let sweeps = Sweeps::new(&reach.analysis);
        let solved = sweeps.settle(reach.analysis.blocks(), &means, &amounts, PASSES);
        let mut nominal = solved.map_or_else(
            || {
                let mut x = amounts.clone();
                let ordered = reach.analysis.clone().ordered();
                ordered.factorise(&means).map_err(|singular| reach.named(&singular))?.solve(&mut x);
                Ok(x)
            },
            Ok,
        )?;

        // To nominal size.
        let of_column: Vec<f64> = nominal.iter().map(|&x| if x == 0.0 { 1.0 } else { power_of_two(x) }).collect();
        let mut of_row: Vec<f64> = amounts.iter().map(|f| f.abs()).collect();
        reach.analysis.pattern().for_each(|row, column, slot| of_row[row] += (means[slot] * of_column[column]).abs());
        for size in &mut of_row {
            *size = power_of_two(*size);
        }
        reach.analysis.pattern().for_each(|row, column, slot| {
            let by = of_column[column] / of_row[row];
            matrix[slot].distribution = matrix[slot].distribution.scaled(by);
            means[slot] *= by;
        });
        for (x, by) in nominal.iter_mut().zip(&of_column) {
            *x /= by;
        }
        let demand = amounts.iter().zip(&of_row).map(|(amount, by)| amount / by).collect();
        let mut at = vec![None; analysis.pattern().order()];
        for (k, &column) in reach.columns.iter().enumerate() {
            at[column as usize] = Some(k as u32);
        }
        let inside = |entry: &Entry| {
            let column = at[entry.column as usize]?;
            let distribution = entry.value.distribution.scaled(of_column[column as usize]);
            Some(Entry { row: entry.row, column, value: Parameter { stream: entry.value.stream, distribution } })
        };
        let streams = matrix.iter().chain(burdens.iter().chain(weights).map(|e| &e.value)).map(|p| p.stream);
        let most = |list: &mut dyn Iterator<Item = u32>| list.max().map_or(0, |m| m as usize + 1);
        let counts = Counts {
            burdens: most(&mut burdens.iter().map(|e| e.row).chain(weights.iter().map(|e| e.column))),
            outputs: most(&mut weights.iter().map(|e| e.row)),
            streams: most(&mut streams.into_iter()),
        };
        let burdens = Table::new(burdens.iter().filter_map(inside));
        let weights = Table::new(weights.iter().cloned());
        Ok(Self { reach, matrix, means, demand, nominal, burdens, weights, counts, ready: OnceLock::new() })
    }

    /// The part of the matrix that the demand reaches.
    #[must_use]
    pub fn reach(&self) -> &Part {
        &self.reach
    }
}

/// The power of two in a number.
fn power_of_two(x: f64) -> f64 {
    f64::from_bits(x.abs().max(f64::MIN_POSITIVE).to_bits() & 0x7ff0_0000_0000_0000)
}

impl Table {
    fn new(entries: impl Iterator<Item = Entry>) -> Self {
        let (places, values) = entries.map(|e| ((e.row, e.column), e.value)).unzip();
        Self { places, values }
    }

    /// Row, column and value of each entry.
    pub(super) fn entries(&self) -> impl Iterator<Item = (usize, usize, &Parameter)> {
        self.places.iter().zip(&self.values).map(|(&(row, column), value)| (row as usize, column as usize, value))
    }
}
