//! Dimensions: integer exponents over a small base.

use std::fmt;
use std::ops::{Div, Mul};

/// Exponents over the base mass, length, time, energy, money, persons and
/// temperature.
///
/// Energy is a base of its own here, not mass · length² / time²: nobody in an
/// inventory multiplies kilograms by square meters, but many confuse tonnes
/// with gigajoules. Pressure is energy per volume.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Dimension {
    mass: i8,
    length: i8,
    time: i8,
    energy: i8,
    money: i8,
    persons: i8,
    temperature: i8,
}

impl Dimension {
    /// A pure number, a share, a per cent.
    pub const NONE: Self = Self { mass: 0, length: 0, time: 0, energy: 0, money: 0, persons: 0, temperature: 0 };
    /// Canonical unit: t.
    pub const MASS: Self = Self { mass: 1, ..Self::NONE };
    /// Canonical unit: m.
    pub const LENGTH: Self = Self { length: 1, ..Self::NONE };
    /// Canonical unit: m².
    pub const AREA: Self = Self { length: 2, ..Self::NONE };
    /// Canonical unit: m³.
    pub const VOLUME: Self = Self { length: 3, ..Self::NONE };
    /// Canonical unit: h.
    pub const TIME: Self = Self { time: 1, ..Self::NONE };
    /// Canonical unit: GJ.
    pub const ENERGY: Self = Self { energy: 1, ..Self::NONE };
    /// Canonical unit: GJ/h.
    pub const POWER: Self = Self { energy: 1, time: -1, ..Self::NONE };
    /// Canonical unit: RMB.
    pub const MONEY: Self = Self { money: 1, ..Self::NONE };
    /// Canonical unit: person.
    pub const PERSONS: Self = Self { persons: 1, ..Self::NONE };
    /// Canonical unit: °C.
    pub const TEMPERATURE: Self = Self { temperature: 1, ..Self::NONE };
    /// Canonical unit: GJ/m³ (1 MPa is 0.001 GJ/m³).
    pub const PRESSURE: Self = Self { energy: 1, length: -3, ..Self::NONE };

    /// The quotient, usable in constants: `MASS.over(ENERGY)`.
    #[must_use]
    pub const fn over(self, below: Self) -> Self {
        Self {
            mass: self.mass - below.mass,
            length: self.length - below.length,
            time: self.time - below.time,
            energy: self.energy - below.energy,
            money: self.money - below.money,
            persons: self.persons - below.persons,
            temperature: self.temperature - below.temperature,
        }
    }

    /// Applies `f` to each pair of exponents.
    fn zip(self, other: Self, f: impl Fn(i8, i8) -> i8) -> Self {
        Self {
            mass: f(self.mass, other.mass),
            length: f(self.length, other.length),
            time: f(self.time, other.time),
            energy: f(self.energy, other.energy),
            money: f(self.money, other.money),
            persons: f(self.persons, other.persons),
            temperature: f(self.temperature, other.temperature),
        }
    }

    /// The dimension raised to a whole power.
    #[must_use]
    pub fn power(self, exponent: i8) -> Self {
        self.zip(Self::NONE, |a, _| a.saturating_mul(exponent))
    }

    /// A plain word for the dimension, in English and Chinese, where it has one.
    #[must_use]
    pub fn words(self) -> Option<(&'static str, &'static str)> {
        Some(match self {
            Self::NONE => ("a pure number", "无量纲数"),
            Self::MASS => ("mass", "质量"),
            Self::LENGTH => ("length", "长度"),
            Self::AREA => ("area", "面积"),
            Self::VOLUME => ("volume", "体积"),
            Self::TIME => ("time", "时间"),
            Self::ENERGY => ("energy", "能量"),
            Self::POWER => ("power", "功率"),
            Self::MONEY => ("money", "金额"),
            Self::PERSONS => ("persons", "人数"),
            Self::TEMPERATURE => ("temperature", "温度"),
            Self::PRESSURE => ("pressure", "压力"),
            _ => return None,
        })
    }
}

impl Mul for Dimension {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        self.zip(other, i8::saturating_add)
    }
}

impl Div for Dimension {
    type Output = Self;
    fn div(self, other: Self) -> Self {
        self.zip(other, i8::saturating_sub)
    }
}

/// Writes the canonical unit, such as `t/GJ`.
impl fmt::Display for Dimension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bases = [
            ("t", self.mass),
            ("GJ", self.energy),
            ("m", self.length),
            ("h", self.time),
            ("RMB", self.money),
            ("person", self.persons),
            ("°C", self.temperature),
        ];
        let part = |sign: i8| {
            bases
                .iter()
                .filter(|(_, e)| e.signum() == sign)
                .map(|&(name, e)| match e.unsigned_abs() {
                    1 => name.to_owned(),
                    n => format!("{name}{n}"),
                })
                .collect::<Vec<_>>()
                .join("·")
        };
        let (above, below) = (part(1), part(-1));
        match (above.is_empty(), below.is_empty()) {
            (true, true) => f.write_str("1"),
            (false, true) => f.write_str(&above),
            (true, false) => write!(f, "1/{below}"),
            (false, false) => write!(f, "{above}/{below}"),
        }
    }
}
