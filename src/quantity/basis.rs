//! The basis of a quantity: calorific, moisture, gas reference state.
//!
//! A gigajoule of natural gas on gross calorific value holds some 10 % less
//! carbon than one on net value; a tonne of dry coal holds more carbon than a
//! tonne as received; a cubic meter at 20 °C is 7 % less gas than one at 0 °C.
//! So the basis travels with the number and is compared before anything is
//! multiplied.

use std::fmt;

/// Calorific basis of an energy quantity of a fuel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Calorific {
    /// Net (lower) calorific value, 低位.
    Net,
    /// Gross (higher) calorific value, 高位.
    Gross,
}

/// Moisture basis of a solid or of a property of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Moisture {
    /// As received, 收到基.
    AsReceived,
    /// Air-dried, 空气干燥基.
    AirDried,
    /// Dry, 干燥基.
    Dry,
}

/// Reference temperature of a gas volume; the pressure is 101.325 kPa.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum GasState {
    /// 0 °C, the normal cubic meter.
    C0,
    /// 15 °C (ISO 13443).
    C15,
    /// 20 °C, the contract state of natural gas in China.
    C20,
    /// The source does not say. Agrees only with a factor that does not say
    /// either; nothing is converted.
    Unstated,
}

impl GasState {
    /// Absolute temperature in K, where the state is known.
    #[must_use]
    pub fn kelvin(self) -> Option<f64> {
        match self {
            Self::C0 => Some(273.15),
            Self::C15 => Some(288.15),
            Self::C20 => Some(293.15),
            Self::Unstated => None,
        }
    }

    /// Factor from a volume at `self` to the volume of the same gas at `other`,
    /// by the ideal-gas law at equal pressure; `None` where a state is unstated
    /// and the two differ.
    #[must_use]
    pub fn volume_ratio(self, other: Self) -> Option<f64> {
        if self == other {
            return Some(1.0);
        }
        Some(other.kelvin()? / self.kelvin()?)
    }
}

/// What is known of the basis of a quantity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Basis {
    /// Calorific basis.
    pub calorific: Option<Calorific>,
    /// Moisture basis.
    pub moisture: Option<Moisture>,
    /// Gas reference state.
    pub state: Option<GasState>,
}

/// Why a basis cell could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BasisError {
    /// A token that is no basis.
    #[error("'{0}' is no basis")]
    Unknown(String),
    /// Two tokens that contradict each other.
    #[error("'{0}' contradicts another basis of the same quantity")]
    Conflict(String),
}

/// Every spelling that a basis cell may hold, Chinese ones included.
const TOKENS: &[(&str, Basis)] = {
    const fn calorific(c: Calorific) -> Basis {
        Basis { calorific: Some(c), moisture: None, state: None }
    }
    const fn moisture(m: Moisture) -> Basis {
        Basis { calorific: None, moisture: Some(m), state: None }
    }
    const fn state(s: GasState) -> Basis {
        Basis { calorific: None, moisture: None, state: Some(s) }
    }
    &[
        ("NCV", calorific(Calorific::Net)),
        ("LHV", calorific(Calorific::Net)),
        ("低位", calorific(Calorific::Net)),
        ("低位发热量", calorific(Calorific::Net)),
        ("GCV", calorific(Calorific::Gross)),
        ("HHV", calorific(Calorific::Gross)),
        ("高位", calorific(Calorific::Gross)),
        ("高位发热量", calorific(Calorific::Gross)),
        ("as_received", moisture(Moisture::AsReceived)),
        ("收到基", moisture(Moisture::AsReceived)),
        ("air_dried", moisture(Moisture::AirDried)),
        ("空气干燥基", moisture(Moisture::AirDried)),
        ("dry", moisture(Moisture::Dry)),
        ("干燥基", moisture(Moisture::Dry)),
        ("0C", state(GasState::C0)),
        ("0°C", state(GasState::C0)),
        ("0℃", state(GasState::C0)),
        ("15C", state(GasState::C15)),
        ("15°C", state(GasState::C15)),
        ("15℃", state(GasState::C15)),
        ("20C", state(GasState::C20)),
        ("20°C", state(GasState::C20)),
        ("20℃", state(GasState::C20)),
        ("state_unstated", state(GasState::Unstated)),
        ("状态未说明", state(GasState::Unstated)),
    ]
};

impl Basis {
    /// Reads a cell such as `NCV;as_received` or `收到基`.
    ///
    /// # Errors
    /// [`BasisError`] names the token that is unknown or contradicts another.
    pub fn parse(text: &str) -> Result<Self, BasisError> {
        let mut basis = Self::default();
        for token in text.split([';', '；', ',', '，', '、']).map(str::trim).filter(|t| !t.is_empty()) {
            let Some((_, part)) = TOKENS.iter().find(|(name, _)| name.eq_ignore_ascii_case(token)) else {
                return Err(BasisError::Unknown(token.to_owned()));
            };
            basis = basis.join(*part).ok_or_else(|| BasisError::Conflict(token.to_owned()))?;
        }
        Ok(basis)
    }

    /// Both bases together, unless they contradict each other.
    fn join(self, other: Self) -> Option<Self> {
        fn one<T: PartialEq>(a: Option<T>, b: Option<T>) -> Result<Option<T>, ()> {
            match (a, b) {
                (Some(a), Some(b)) if a != b => Err(()),
                (a, b) => Ok(a.or(b)),
            }
        }
        Some(Self {
            calorific: one(self.calorific, other.calorific).ok()?,
            moisture: one(self.moisture, other.moisture).ok()?,
            state: one(self.state, other.state).ok()?,
        })
    }

    /// The basis with the gas state that a unit names itself.
    pub(super) fn with_state(self, state: Option<GasState>) -> Result<Self, BasisError> {
        self.join(Self { state, ..Self::default() }).ok_or_else(|| BasisError::Conflict("gas state".to_owned()))
    }
}

/// Writes the tokens that [`Basis::parse`] reads.
impl fmt::Display for Basis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let calorific = self.calorific.map(|c| match c {
            Calorific::Net => "NCV",
            Calorific::Gross => "GCV",
        });
        let moisture = self.moisture.map(|m| match m {
            Moisture::AsReceived => "as_received",
            Moisture::AirDried => "air_dried",
            Moisture::Dry => "dry",
        });
        let state = self.state.map(|s| match s {
            GasState::C0 => "0C",
            GasState::C15 => "15C",
            GasState::C20 => "20C",
            GasState::Unstated => "state_unstated",
        });
        let parts: Vec<&str> = [calorific, moisture, state].into_iter().flatten().collect();
        f.write_str(&parts.join(";"))
    }
}
