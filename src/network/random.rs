//! Random numbers by count: draw `k` of parameter `p` is a function of the seed, `k` and `p`.
//!
//! The generator is Philox2x32-10 (J. K. Salmon, M. A. Moraes, R. O. Dror and D. E. Shaw, "Parallel random numbers: as
//! easy as 1, 2, 3", SC'11): the pair (`k`, `p`) enciphered under the seed. So the same draw comes out whatever else is
//! drawn, in whatever order, on however many threads.

use super::lanes::{LANES, Lanes, each};

/// How the values of a parameter are spread.
#[derive(Debug, Clone, PartialEq)]
pub enum Distribution {
    /// One value.
    Fixed(f64),
    /// Normal, by mean and standard deviation.
    Normal(f64, f64),
    /// Lognormal, by median and standard deviation of the logarithm of its size; the sign is that of the median.
    Lognormal(f64, f64),
    /// Uniform, by bounds.
    Uniform(f64, f64),
    /// Triangular, by lower bound, mode and upper bound.
    Triangular(f64, f64, f64),
    /// One of some values, each with the probability that it or one before it is taken.
    Discrete(Box<[(f64, f64)]>),
}

/// A value that is drawn. Parameters with one stream rise and fall together: a factor that enters many entries has one.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// The stream of random numbers.
    pub stream: u32,
    /// How its values are spread.
    pub distribution: Distribution,
}

impl Distribution {
    /// Its mean.
    #[must_use]
    pub fn mean(&self) -> f64 {
        match *self {
            Self::Fixed(value) => value,
            Self::Normal(mean, _) => mean,
            Self::Lognormal(median, sigma) => median * libm::exp(0.5 * sigma * sigma),
            Self::Uniform(low, high) => 0.5 * (low + high),
            Self::Triangular(low, mode, high) => (low + mode + high) / 3.0,
            Self::Discrete(ref values) => weighted(values).map(|(value, weight)| value * weight).sum(),
        }
    }

    /// Its variance.
    #[must_use]
    pub fn variance(&self) -> f64 {
        match *self {
            Self::Fixed(_) => 0.0,
            Self::Normal(_, sd) => sd * sd,
            Self::Lognormal(median, sigma) => {
                let square = sigma * sigma;
                median * median * libm::exp(square) * libm::expm1(square)
            }
            Self::Uniform(low, high) => (high - low) * (high - low) / 12.0,
            Self::Triangular(a, c, b) => (a * a + b * b + c * c - a * b - a * c - b * c) / 18.0,
            Self::Discrete(ref values) => {
                let mean = self.mean();
                weighted(values).map(|(value, weight)| weight * (value - mean) * (value - mean)).sum()
            }
        }
    }
}

impl Distribution {
    /// Its values times a positive number.
    #[must_use]
    pub fn scaled(&self, by: f64) -> Self {
        match *self {
            Self::Fixed(value) => Self::Fixed(by * value),
            Self::Normal(mean, sd) => Self::Normal(by * mean, by * sd),
            Self::Lognormal(median, sigma) => Self::Lognormal(by * median, sigma),
            Self::Uniform(low, high) => Self::Uniform(by * low, by * high),
            Self::Triangular(low, mode, high) => Self::Triangular(by * low, by * mode, by * high),
            Self::Discrete(ref values) => {
                Self::Discrete(values.iter().map(|&(value, until)| (by * value, until)).collect())
            }
        }
    }
}

/// Values with their own probability each.
fn weighted(values: &[(f64, f64)]) -> impl Iterator<Item = (f64, f64)> + '_ {
    let before = std::iter::once(0.0).chain(values.iter().map(|v| v.1));
    values.iter().zip(before).map(|(&(value, until), before)| (value, until - before))
}

impl Parameter {
    /// Its first draws, one by one as [`super::Model`] takes them.
    #[must_use]
    pub fn draws(&self, seed: u32, count: u32) -> Vec<f64> {
        let groups = 0..count.div_ceil(LANES as u32);
        let mut made: Vec<f64> = groups
            .flat_map(|group| {
                let mut lanes = [Lanes([0.0; LANES])];
                draw(seed, group, std::slice::from_ref(self), &mut lanes);
                lanes[0].0
            })
            .collect();
        made.truncate(count as usize);
        made
    }
}

/// Parameters drawn at a time: each step of the work is a loop over them, which keeps more of the processor busy than
/// all steps of one after the other.
const BATCH: usize = 16;

/// Draws `LANES * group` and the next ones of each parameter, into `values`.
#[inline(always)]
pub(super) fn draw(seed: u32, group: u32, parameters: &[Parameter], values: &mut [Lanes]) {
    let mut words = [[0; LANES]; BATCH];
    for (parameters, values) in parameters.chunks(BATCH).zip(values.chunks_mut(BATCH)) {
        for (parameter, words) in parameters.iter().zip(&mut words) {
            *words = philox(seed, group, parameter.stream);
        }
        for (words, value) in words.iter().zip(values.iter_mut()) {
            *value = normal(*words);
        }
        for ((parameter, words), value) in parameters.iter().zip(&words).zip(values.iter_mut()) {
            *value = parameter.distribution.at(*value, *words);
        }
    }
}

impl Distribution {
    /// The values at standard normal numbers and the random words that these were made of.
    #[inline(always)]
    fn at(&self, normal: Lanes, words: [u64; LANES]) -> Lanes {
        match *self {
            Self::Fixed(value) => Lanes([value; LANES]),
            Self::Normal(mean, sd) => normal.map(|z| mean + sd * z),
            Self::Lognormal(median, sigma) => exp(normal.map(|z| sigma * z)).map(|e| median * e),
            Self::Uniform(low, high) => unit(words).map(|u| low + (high - low) * u),
            Self::Triangular(low, mode, high) => {
                let (width, left) = (high - low, mode - low);
                unit(words).map(|u| {
                    let (rising, falling) = ((u * width * left).sqrt(), ((1.0 - u) * width * (high - mode)).sqrt());
                    if u * width < left { low + rising } else { high - falling }
                })
            }
            Self::Discrete(ref values) => {
                let last = values.last().map_or(0.0, |v| v.0);
                unit(words).map(|u| values.iter().find(|v| u < v.1).map_or(last, |v| v.0))
            }
        }
    }
}

/// Rounds of the cipher.
const ROUNDS: u32 = 10;

/// Philox2x32-10 of the counters (draw, stream), for each lane; both words in one.
#[inline(always)]
fn philox(seed: u32, group: u32, stream: u32) -> [u64; LANES] {
    let first = group.wrapping_mul(LANES as u32);
    let mut left: [u64; LANES] = each(|i| u64::from(first.wrapping_add(i as u32)));
    let mut right = [u64::from(stream); LANES];
    let mut key = seed;
    for _ in 0..ROUNDS {
        let product = each(|i| (left[i] & 0xffff_ffff) * 0xD256_D193);
        left = each(|i| (product[i] >> 32) ^ u64::from(key) ^ right[i]);
        right = each(|i| product[i] & 0xffff_ffff);
        key = key.wrapping_add(0x9E37_79B9);
    }
    each(|i| (left[i] << 32) | right[i])
}

/// Numbers between 0 and 1, both left out, in steps of 2⁻⁵².
#[inline(always)]
fn unit(bits: [u64; LANES]) -> Lanes {
    // A number of [1, 2) by its mantissa, less 1 and half a step more.
    Lanes(each(|i| f64::from_bits((bits[i] >> 12) | 0x3ff0_0000_0000_0000) - (1.0 - 1.110_223_024_625_156_5e-16)))
}

/// Standard normal numbers from the upper halves of the words, by the inverse of the distribution at `(word + ½) / 2³²`
/// (M. J. Wichura, "Algorithm AS 241: the percentage points of the normal distribution", Applied Statistics 37 (1988)
/// 477–484, PPND7). As its coefficients are good for, the arithmetic has single precision: the numbers are right to some
/// parts in 10⁷ and reach 6.3 standard deviations.
#[inline(always)]
fn normal(words: [u64; LANES]) -> Lanes {
    let upper = each(|i| (words[i] >> 32) as u32);
    // How far from the nearer end of the unit interval, so that small probabilities keep their digits.
    let end = each(|i| ((upper[i] ^ ((upper[i] as i32) >> 31) as u32) as f32 + 0.5) * (1.0 / 4_294_967_296.0));
    let tail = each(|i| (-ln(end[i])).sqrt());
    let size = each(|i| {
        let q = 0.5 - end[i];
        let r = 0.180_625 - q * q;
        let inner = (
            (((59.109_375 * r + 159.291_13) * r + 50.434_27) * r + 3.387_132_7) * q,
            ((67.187_56 * r + 78.757_76) * r + 17.895_17) * r + 1.0,
        );
        // The smallest probability is 2⁻³³: the third range of the algorithm, beyond 5, is not reached.
        let t = tail[i] - 1.6;
        let outer = (
            ((0.170_238_2 * t + 1.306_728_5) * t + 2.756_815_4) * t + 1.423_437_3,
            (0.120_211_33 * t + 0.737_001_6) * t + 1.0,
        );
        let (above, below) = if q <= 0.425 { inner } else { outer };
        above / below
    });
    Lanes(each(|i| f64::from(if (upper[i] as i32) < 0 { size[i] } else { -size[i] })))
}

/// Natural logarithm of a positive number.
#[inline(always)]
fn ln(x: f32) -> f32 {
    const ROOT_HALF: u32 = 0x3f35_04f3;
    // x = 2^e (1 + f) with 1 + f between 1/√2 and √2.
    let bits = x.to_bits().wrapping_sub(ROOT_HALF);
    let e = ((bits as i32) >> 23) as f32;
    let f = f32::from_bits((bits & 0x007f_ffff).wrapping_add(ROOT_HALF)) - 1.0;
    // ln(1 + f) = 2 artanh(f / (2 + f)).
    let s = f / (2.0 + f);
    let w = s * s;
    let series = ((w * (1.0 / 7.0) + 1.0 / 5.0) * w + 1.0 / 3.0) * w + 1.0;
    e * std::f32::consts::LN_2 + 2.0 * s * series
}

/// 1 over the factorials.
const INVERSE_FACTORIALS: [f64; 12] = {
    let mut made = [1.0; 12];
    let mut k = 1;
    while k < made.len() {
        made[k] = made[k - 1] / k as f64;
        k += 1;
    }
    made
};

/// The exponential function, to one part in 10¹³, of numbers up to 700 in size; beyond, that of 700.
#[inline(always)]
fn exp(x: Lanes) -> Lanes {
    // Adding and taking off 1.5 × 2⁵² rounds to a whole number, which then stands in the last bits.
    const WHOLE: f64 = 6_755_399_441_055_744.0;
    x.map(|x| {
        let x = if x > 700.0 { 700.0 } else { x };
        let x = if x < -700.0 { -700.0 } else { x };
        let shifted = x * std::f64::consts::LOG2_E + WHOLE;
        let whole = shifted - WHOLE;
        let r = (x - whole * 0.693_147_180_369_123_8) - whole * 1.908_214_929_270_587_7e-10;
        // Taylor's series to r¹¹, in pairs, so that the processor can work on several terms at once.
        let r2 = r * r;
        let pair = |k: usize| INVERSE_FACTORIALS[k] + r * INVERSE_FACTORIALS[k + 1];
        let power = pair(0) + r2 * (pair(2) + r2 * (pair(4) + r2 * (pair(6) + r2 * (pair(8) + r2 * pair(10)))));
        f64::from_bits(power.to_bits().wrapping_add(shifted.to_bits() << 52))
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::float_cmp, reason = "a test may stop at the first surprise")]
mod tests {
    use super::*;

    #[test]
    fn the_cipher_gives_the_published_words() {
        // Known answers of the authors' Random123: counter and key zero, all ones, digits of pi.
        assert_eq!(word(0, 0, 0), (0xff1d_ae59, 0x6cd1_0df2));
        assert_eq!(word(u32::MAX, u32::MAX, u32::MAX), (0x2c3f_628b, 0xab4f_d7ad));
        assert_eq!(word(0x1319_8a2e, 0x243f_6a88, 0x85a3_08d3), (0xdd7c_e038, 0xf62a_4c12));
    }

    fn word(seed: u32, draw: u32, stream: u32) -> (u32, u32) {
        let lane = draw as usize % LANES;
        let both = philox(seed, draw / LANES as u32, stream)[lane];
        ((both >> 32) as u32, both as u32)
    }

    #[test]
    fn functions_are_as_near_as_they_say() {
        for i in 0..100_000 {
            let x = f64::from(i) * 1e-5 * 60.0 - 30.0;
            let made = exp(Lanes([x; LANES])).0[0];
            assert!((made / x.exp() - 1.0).abs() < 1e-13, "{x}");
            let x = x.exp() as f32;
            assert!((ln(x) - x.ln()).abs() < 2e-7 * x.ln().abs().max(1.0), "{x}");
        }
        assert_eq!(exp(Lanes([1e4; LANES])).0[0], exp(Lanes([700.0; LANES])).0[0]);
    }

    #[test]
    fn normal_numbers_have_the_probability_of_their_word() {
        for word in (0..32).flat_map(|k| [(1_u64 << k) - 1, 1 << k, (1 << k) * 3 / 2, u64::from(u32::MAX) - (1 << k)]) {
            let z = normal([word << 32; LANES]).0[0];
            let probability = (word as f64 + 0.5) / 4_294_967_296.0;
            // Of the smaller tail, so that the error is one of a small number.
            let made = 0.5 * libm::erfc(z.abs() / std::f64::consts::SQRT_2);
            let wanted = probability.min(1.0 - probability);
            assert!(
                (made / wanted - 1.0).abs() < 1e-5 && z.is_sign_negative() == (probability < 0.5),
                "{word}: {made} {wanted}"
            );
        }
    }
}
