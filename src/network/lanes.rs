//! Numbers side by side.
//!
//! A lane is one set of values of a matrix; [`LANES`] of them are held side by side, so that an index is read once for
//! all and the arithmetic on them is one vector instruction where the processor has it. No fused multiplication and
//! addition is used: a lane comes out the same, bit for bit, whatever the processor and whatever stands in the others.

use std::ops::{AddAssign, Mul, SubAssign};

/// Lanes held side by side: a cache line, and a register of the widest processors.
pub const LANES: usize = 8;

/// One number for each lane.
#[derive(Debug, Clone, Copy, PartialEq)]
#[repr(align(64))]
pub struct Lanes(pub [f64; LANES]);

/// What the factorisation calculates with: one number, or one for each lane.
pub trait Number: Copy + AddAssign + SubAssign + Mul<Output = Self> + Send + Sync {
    /// The number in all lanes.
    fn splat(value: f64) -> Self;

    /// 1 over it.
    #[must_use]
    fn inverse(self) -> Self;

    /// Its size, without the sign.
    #[must_use]
    fn abs(self) -> Self;

    /// Whether it is as good as another in all lanes: no further from it than this part of its size.
    fn settled(self, before: Self, part: f64) -> bool;

    /// Whether all lanes are finite.
    fn is_finite(self) -> bool;

    /// The larger of two, lane by lane; of two that are not both numbers, the one that is not.
    #[must_use]
    fn max(self, other: Self) -> Self;
}

/// What a matrix holds where the unknowns are `T`: one number, or one for each lane.
pub trait Coefficient<T>: Copy {
    /// Its product with an unknown.
    fn times(self, x: T) -> T;
}

impl Coefficient<f64> for f64 {
    #[inline(always)]
    fn times(self, x: f64) -> f64 {
        self * x
    }
}

impl Coefficient<Lanes> for f64 {
    #[inline(always)]
    fn times(self, x: Lanes) -> Lanes {
        x.map(|x| self * x)
    }
}

impl Coefficient<Lanes> for Lanes {
    #[inline(always)]
    fn times(self, x: Lanes) -> Lanes {
        self * x
    }
}

impl Number for f64 {
    #[inline(always)]
    fn splat(value: f64) -> Self {
        value
    }

    #[inline(always)]
    fn inverse(self) -> Self {
        1.0 / self
    }

    #[inline(always)]
    fn abs(self) -> Self {
        f64::abs(self)
    }

    #[inline(always)]
    fn settled(self, before: Self, part: f64) -> bool {
        f64::abs(self - before) <= part * f64::abs(self)
    }

    #[inline(always)]
    fn is_finite(self) -> bool {
        f64::is_finite(self)
    }

    #[inline(always)]
    fn max(self, other: Self) -> Self {
        larger(self, other)
    }
}

/// The larger, or what is no number.
#[inline(always)]
fn larger(a: f64, b: f64) -> f64 {
    if a > b || a.is_nan() { a } else { b }
}

/// One of a kind for each lane, made by its number. Unlike `std::array::from_fn` it is always inlined, and so vectorised.
#[inline(always)]
pub(super) fn each<T: Copy + Default>(make: impl Fn(usize) -> T) -> [T; LANES] {
    let mut made = [T::default(); LANES];
    for (lane, place) in made.iter_mut().enumerate() {
        *place = make(lane);
    }
    made
}

impl Lanes {
    /// A function of each lane.
    #[inline(always)]
    #[must_use]
    pub fn map(self, f: impl Fn(f64) -> f64) -> Self {
        Self(each(|i| f(self.0[i])))
    }

    /// A function of each lane of two.
    #[inline(always)]
    #[must_use]
    pub fn zip(self, other: Self, f: impl Fn(f64, f64) -> f64) -> Self {
        Self(each(|i| f(self.0[i], other.0[i])))
    }
}

impl Number for Lanes {
    #[inline(always)]
    fn splat(value: f64) -> Self {
        Self([value; LANES])
    }

    #[inline(always)]
    fn inverse(self) -> Self {
        self.map(|a| 1.0 / a)
    }

    #[inline(always)]
    fn abs(self) -> Self {
        self.map(f64::abs)
    }

    #[inline(always)]
    fn settled(self, before: Self, part: f64) -> bool {
        !each(|i| !self.0[i].settled(before.0[i], part)).contains(&true)
    }

    #[inline(always)]
    fn is_finite(self) -> bool {
        !each(|i| !f64::is_finite(self.0[i])).contains(&true)
    }

    #[inline(always)]
    fn max(self, other: Self) -> Self {
        self.zip(other, larger)
    }
}

impl AddAssign for Lanes {
    #[inline(always)]
    fn add_assign(&mut self, other: Self) {
        *self = self.zip(other, |a, b| a + b);
    }
}

impl SubAssign for Lanes {
    #[inline(always)]
    fn sub_assign(&mut self, other: Self) {
        *self = self.zip(other, |a, b| a - b);
    }
}

impl Mul for Lanes {
    type Output = Self;

    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        self.zip(other, |a, b| a * b)
    }
}

/// Runs `work` in a copy that is compiled for the widest vectors of the processor at hand. What is not inlined into
/// `work` is not in the copy: closures and what they call are marked so.
#[inline(always)]
pub(super) fn vectorised<R>(work: impl FnOnce() -> R) -> R {
    pulp::Arch::new().dispatch(work)
}
