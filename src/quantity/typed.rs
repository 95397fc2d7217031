//! Compile-time quantities of the accounting formulas.
//!
//! Each is an `f64` in the canonical unit with its dimension and *substance
//! role* in the type, so that a formula such as
//! `energy * carbon_content * oxidation * ratio` only compiles when it yields
//! tonnes of CO2. Carbon and the gas it becomes are different types: forgetting
//! 44/12 is a type error.

/// Declares a quantity as a newtype over `f64`.
macro_rules! quantity {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default)]
        pub struct $name(pub f64);

        impl std::ops::Mul<Fraction> for $name {
            type Output = $name;
            fn mul(self, share: Fraction) -> $name {
                $name(self.0 * share.0)
            }
        }
    )+};
}

/// Declares `A * B = C` in both orders and both quotients of C.
macro_rules! product {
    ($($a:ident * $b:ident = $c:ident),+ $(,)?) => {$(
        impl std::ops::Mul<$b> for $a {
            type Output = $c;
            fn mul(self, other: $b) -> $c {
                $c(self.0 * other.0)
            }
        }
        impl std::ops::Div<$a> for $c {
            type Output = $b;
            fn div(self, other: $a) -> $b {
                $b(self.0 / other.0)
            }
        }
    )+};
}

/// A share between 0 and 1, such as an oxidation factor. Unit: 1.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default)]
pub struct Fraction(pub f64);

impl std::ops::Mul for Fraction {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        Self(self.0 * other.0)
    }
}

quantity! {
    /// Mass of a fuel, material or emitted gas. Unit: t.
    Tonnes,
    /// Mass of elemental carbon. Unit: tC.
    CarbonTonnes,
    /// Energy; the calorific basis stands in the [`Basis`](super::Basis) beside it. Unit: GJ.
    Gigajoules,
    /// Volume; the reference state stands in the [`Basis`](super::Basis) beside it. Unit: m³.
    CubicMeters,
    /// Calorific value by mass. Unit: GJ/t.
    EnergyPerMass,
    /// Calorific value by volume. Unit: GJ/m³.
    EnergyPerVolume,
    /// Carbon content by energy. Unit: tC/GJ.
    CarbonPerEnergy,
    /// Carbon content by mass. Unit: tC/t.
    CarbonPerMass,
    /// Carbon content by volume. Unit: tC/m³.
    CarbonPerVolume,
    /// Mass of CO2 per mass of carbon that is oxidized. Unit: t/tC.
    Co2PerCarbon,
    /// Emission factor by energy. Unit: t/GJ.
    EmissionPerEnergy,
    /// Emission factor by mass of fuel. Unit: t/t.
    EmissionPerMass,
    /// Emission factor by volume of fuel. Unit: t/m³.
    EmissionPerVolume,
}

product! {
    Tonnes * EnergyPerMass = Gigajoules,
    CubicMeters * EnergyPerVolume = Gigajoules,
    Gigajoules * CarbonPerEnergy = CarbonTonnes,
    Tonnes * CarbonPerMass = CarbonTonnes,
    CubicMeters * CarbonPerVolume = CarbonTonnes,
    CarbonTonnes * Co2PerCarbon = Tonnes,
    Gigajoules * EmissionPerEnergy = Tonnes,
    CubicMeters * EmissionPerVolume = Tonnes,
}

impl std::ops::Mul<EmissionPerMass> for Tonnes {
    type Output = Tonnes;
    fn mul(self, factor: EmissionPerMass) -> Tonnes {
        Tonnes(self.0 * factor.0)
    }
}

impl std::iter::Sum for Tonnes {
    fn sum<I: Iterator<Item = Self>>(items: I) -> Self {
        Self(items.map(|t| t.0).sum())
    }
}
