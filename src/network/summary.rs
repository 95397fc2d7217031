//! Statistics of draws, as they come.

/// Draws that are kept for exact quantiles; beyond, they are counted in classes.
const KEPT: usize = 1 << 20;
/// Classes for each doubling of the size of a number: quantiles are exact to one part in 354.
const CLASSES: f64 = 256.0;

/// Count, mean, variance and quantiles of an output.
///
/// Mean and sum of squares are updated draw by draw (B. P. Welford, "Note on a method for calculating corrected sums of
/// squares and products", Technometrics 4 (1962) 419–420), so the same draws in the same order give the same bytes.
#[derive(Debug, Clone, Default)]
pub struct Summary {
    count: u64,
    mean: f64,
    squares: f64,
    kept: Vec<f64>,
    /// Beyond `KEPT` draws: how many lie in each class of sign and logarithm of size.
    classes: std::collections::BTreeMap<(i8, i32), u64>,
}

impl Summary {
    /// Takes a draw in.
    pub fn add(&mut self, value: f64) {
        self.count += 1;
        let off = value - self.mean;
        self.mean += off / self.count as f64;
        self.squares += off * (value - self.mean);
        if self.classes.is_empty() && self.kept.len() < KEPT {
            self.kept.push(value);
            return;
        }
        for value in self.kept.drain(..).chain([value]) {
            *self.classes.entry(class(value)).or_default() += 1;
        }
    }

    /// Draws taken in.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Their mean; nothing, if there is none.
    #[must_use]
    pub fn mean(&self) -> Option<f64> {
        (self.count > 0).then_some(self.mean)
    }

    /// Their standard deviation, with one draw less in the denominator; nothing, if there are not two.
    #[must_use]
    pub fn deviation(&self) -> Option<f64> {
        (self.count > 1).then(|| (self.squares / (self.count - 1) as f64).sqrt())
    }

    /// Quantiles at these shares of the draws, between neighbours in proportion (R. J. Hyndman and Y. Fan, "Sample
    /// quantiles in statistical packages", The American Statistician 50 (1996) 361–365, definition 7). Up to 2²⁰ draws
    /// they are exact, beyond the middle of a class of 1 part in 354.
    #[must_use]
    pub fn quantiles(&self, shares: &[f64]) -> Option<Vec<f64>> {
        let mut sorted = self.kept.clone();
        sorted.sort_unstable_by(f64::total_cmp);
        let last = self.count.checked_sub(1)? as f64;
        Some(shares.iter().map(|share| quantile(&sorted, &self.classes, share.clamp(0.0, 1.0) * last)).collect())
    }
}

/// The value at a rank, counted from 0, of sorted draws or of classes.
fn quantile(sorted: &[f64], classes: &std::collections::BTreeMap<(i8, i32), u64>, rank: f64) -> f64 {
    let below = rank.floor();
    if let Some(&low) = sorted.get(below as usize) {
        let high = sorted.get(below as usize + 1).copied().unwrap_or(low);
        return low + (rank - below) * (high - low);
    }
    let mut before = 0;
    let mut classes = classes.iter();
    classes
        .find(|(_, count)| {
            before += **count;
            before as f64 > rank
        })
        .map_or(0.0, |(&class, _)| middle(class))
}

/// Class of a number: in the order of numbers.
fn class(value: f64) -> (i8, i32) {
    let size = (libm::log2(value.abs()) * CLASSES).floor() as i32;
    if value > 0.0 {
        (1, size)
    } else if value < 0.0 {
        (-1, -size)
    } else {
        (0, 0)
    }
}

fn middle((sign, size): (i8, i32)) -> f64 {
    let sign = f64::from(sign);
    sign * libm::exp2((f64::from(size) * sign + 0.5) / CLASSES)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::float_cmp, reason = "a test may stop at the first surprise")]
mod tests {
    use super::*;

    #[test]
    fn a_few_draws_have_exact_statistics() {
        let mut of = Summary::default();
        assert_eq!((of.mean(), of.deviation(), of.quantiles(&[0.5])), (None, None, None));
        for value in [4.0, 1.0, 3.0, 2.0] {
            of.add(value);
        }
        assert_eq!(of.mean(), Some(2.5));
        assert!((of.deviation().unwrap() - (5.0_f64 / 3.0).sqrt()).abs() < 1e-15);
        assert_eq!(of.quantiles(&[0.0, 0.5, 0.75, 1.0]), Some(vec![1.0, 2.5, 3.25, 4.0]));
    }

    #[test]
    fn many_draws_have_quantiles_to_their_class() {
        let mut of = Summary::default();
        let n = KEPT + 1000;
        for k in 0..n {
            of.add((k * 7_919 % n) as f64 - 500_000.0);
        }
        for (share, found) in [0.025, 0.5, 0.975].into_iter().zip(of.quantiles(&[0.025, 0.5, 0.975]).unwrap()) {
            let exact = share * (n - 1) as f64 - 500_000.0;
            assert!((found / exact - 1.0).abs() < 1.0 / 354.0, "{share}: {found} {exact}");
        }
    }
}
