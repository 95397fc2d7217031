//! Run-time units: a table of spellings and a small parser.
//!
//! ```text
//! unit     = factor { ("/" | "·" | "*") factor }
//! factor   = [multiple] atom [exponent]
//! multiple = "10^4" | "1e4" | "万" | "亿" | ...
//! ```

use super::{Dimension, GJ_PER_MMBTU, GJ_PER_TCE, GasState};

/// A unit of measurement with its way to the canonical unit:
/// `canonical = number · scale + offset`. Only a temperature in kelvins that stands
/// alone has an offset: inside a quotient (`kJ/kg/K`) it is a difference.
#[derive(Debug, Clone, PartialEq)]
pub struct Unit {
    /// The spelling that was read.
    pub symbol: Box<str>,
    /// What the unit measures.
    pub dimension: Dimension,
    /// Canonical units per unit.
    pub scale: f64,
    /// Canonical value of zero units.
    pub offset: f64,
    /// Gas reference state that the unit itself names (`Nm3`: 0 °C).
    pub state: Option<GasState>,
}

/// Why a text is no unit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnitError {
    /// No known spelling; the nearest known one, if any is near.
    #[error("unknown unit")]
    Unknown {
        /// A known spelling that differs only in case or by little.
        nearest: Option<String>,
    },
    /// A spelling that means different things to different people.
    #[error("ambiguous unit")]
    Ambiguous {
        /// The unambiguous spellings to choose from, in English and Chinese.
        choices: (&'static str, &'static str),
    },
    /// A substance inside the unit (`tCO2`, `kgSO2/t`).
    #[error("substance in a unit")]
    Substance {
        /// The substance found.
        substance: &'static str,
    },
}

/// One row of the unit table: spellings, scale to canonical, dimension.
struct Atom(&'static [&'static str], f64, Dimension);

/// Every unit without a multiple in front. Chinese statistical spellings included.
const ATOMS: &[Atom] = &[
    Atom(&["t", "吨", "公吨", "Mg", "tonne", "tonnes"], 1.0, Dimension::MASS),
    Atom(&["kg", "千克", "公斤"], 1e-3, Dimension::MASS),
    Atom(&["g", "克"], 1e-6, Dimension::MASS),
    Atom(&["mg", "毫克"], 1e-9, Dimension::MASS),
    Atom(&["kt", "千吨"], 1e3, Dimension::MASS),
    Atom(&["Mt", "百万吨"], 1e6, Dimension::MASS),
    Atom(&["J"], 1e-9, Dimension::ENERGY),
    Atom(&["kJ", "千焦"], 1e-6, Dimension::ENERGY),
    Atom(&["MJ", "兆焦"], 1e-3, Dimension::ENERGY),
    Atom(&["GJ", "吉焦", "百万千焦"], 1.0, Dimension::ENERGY),
    Atom(&["TJ", "太焦"], 1e3, Dimension::ENERGY),
    Atom(&["PJ", "拍焦"], 1e6, Dimension::ENERGY),
    Atom(&["Wh"], 3.6e-6, Dimension::ENERGY),
    Atom(&["kWh", "kW·h", "kW.h", "千瓦时", "千瓦·时", "千瓦小时", "度"], 3.6e-3, Dimension::ENERGY),
    Atom(&["MWh", "MW·h", "MW.h", "兆瓦时"], 3.6, Dimension::ENERGY),
    Atom(&["GWh", "吉瓦时"], 3.6e3, Dimension::ENERGY),
    Atom(&["TWh"], 3.6e6, Dimension::ENERGY),
    Atom(&["kcal", "千卡", "大卡"], 4.1868e-6, Dimension::ENERGY),
    Atom(&["MMBtu", "mmBtu", "mmbtu", "MMBTU"], GJ_PER_MMBTU, Dimension::ENERGY),
    Atom(&["kgce", "千克标准煤", "千克标煤", "公斤标准煤", "公斤标煤"], GJ_PER_TCE / 1e3, Dimension::ENERGY),
    Atom(&["tce", "吨标准煤", "吨标煤"], GJ_PER_TCE, Dimension::ENERGY),
    Atom(&["Mtce", "百万吨标准煤", "百万吨标煤"], GJ_PER_TCE * 1e6, Dimension::ENERGY),
    Atom(&["kW", "千瓦"], 3.6e-3, Dimension::POWER),
    Atom(&["MW", "兆瓦"], 3.6, Dimension::POWER),
    Atom(&["GW"], 3.6e3, Dimension::POWER),
    Atom(&["m3", "立方米"], 1.0, Dimension::VOLUME),
    Atom(&["L", "l", "升"], 1e-3, Dimension::VOLUME),
    Atom(&["mL", "ml", "毫升"], 1e-6, Dimension::VOLUME),
    Atom(&["Nm3"], 1.0, Dimension::VOLUME),
    Atom(&["meter", "米"], 1.0, Dimension::LENGTH),
    Atom(&["km", "千米", "公里"], 1e3, Dimension::LENGTH),
    Atom(&["m2", "平方米"], 1.0, Dimension::AREA),
    Atom(&["km2", "平方公里", "平方千米"], 1e6, Dimension::AREA),
    Atom(&["ha", "hm2", "公顷"], 1e4, Dimension::AREA),
    Atom(&["h", "小时"], 1.0, Dimension::TIME),
    Atom(&["min", "分钟"], 1.0 / 60.0, Dimension::TIME),
    Atom(&["d", "天", "日"], 24.0, Dimension::TIME),
    Atom(&["Pa", "帕"], 1e-9, Dimension::PRESSURE),
    Atom(&["kPa", "千帕"], 1e-6, Dimension::PRESSURE),
    Atom(&["MPa", "兆帕"], 1e-3, Dimension::PRESSURE),
    Atom(&["bar"], 1e-4, Dimension::PRESSURE),
    Atom(&["°C", "℃", "degC", "摄氏度"], 1.0, Dimension::TEMPERATURE),
    Atom(KELVIN, 1.0, Dimension::TEMPERATURE),
    Atom(&["RMB", "CNY", "元", "yuan"], 1.0, Dimension::MONEY),
    Atom(&["person", "persons", "人"], 1.0, Dimension::PERSONS),
    Atom(&["%", "％", "percent"], 1e-2, Dimension::NONE),
    Atom(&["1", "-", "无量纲"], 1.0, Dimension::NONE),
];

/// Spellings of the kelvin, the one unit whose zero is not that of the canonical unit.
const KELVIN: &[&str] = &["K", "开尔文"];

/// 0 K in °C.
const ZERO_KELVIN: f64 = -273.15;

/// Marks behind a pressure unit that say what it is measured from. The name of the
/// property says that (`pressure` is absolute, `gauge_pressure` is not), so that a unit
/// has one meaning.
const PRESSURE_MARKS: &[&str] = &[
    "(g)", "(G)", "g", "G", "(gauge)", "(表压)", "表压", "(表)", "(a)", "(A)", "a", "A", "(abs)", "abs", "(绝压)",
    "绝压", "(绝)",
];

/// Multiples that may stand before an atom.
const MULTIPLES: &[(&str, f64)] = &[
    ("10^4", 1e4),
    ("10⁴", 1e4),
    ("10⁸", 1e8),
    ("10^6", 1e6),
    ("10^8", 1e8),
    ("10^3", 1e3),
    ("1e4", 1e4),
    ("1e6", 1e6),
    ("1e8", 1e8),
    ("10000", 1e4),
    ("百万", 1e6),
    ("万", 1e4),
    ("亿", 1e8),
    ("千", 1e3),
];

/// Spellings refused because they mean different things to different people.
const AMBIGUOUS: &[(&str, (&str, &str))] = &[
    ("ton", TONS),
    ("tons", TONS),
    ("T", ("t, TJ", "t、TJ")),
    ("M", ("Mt, MJ, 10^6 RMB", "Mt、MJ、10^6 RMB")),
    ("m", ("m3, km, meter", "m3、km、米")),
    ("MM", ("10^6", "10^6")),
    ("标方", NORMAL_METERS),
    ("标立方米", NORMAL_METERS),
    ("标准立方米", NORMAL_METERS),
    ("Sm3", ("m3 with basis 15C or 20C", "m3，基准填 15C 或 20C")),
    ("scf", ("m3 with basis 15C", "m3，基准填 15C")),
    ("Btu", ("MMBtu, MJ", "MMBtu、MJ")),
    ("cal", ("kcal, kJ", "千卡、kJ")),
];

const PRESSURES: (&str, &str) = (
    "MPa; the property 'pressure' is absolute, 'gauge_pressure' counts from the atmosphere",
    "MPa；属性 pressure 为绝对压力，gauge_pressure 为表压",
);
const TONS: (&str, &str) = ("t (1000 kg), or convert short and long tons first", "t（1000 kg）；短吨、长吨请先换算");
const NORMAL_METERS: (&str, &str) =
    ("Nm3 (0 °C), or m3 with basis 20C", "Nm3（0 °C），或 m3 且基准填 20C（国内天然气贸易状态）");

/// Substances that people write into units.
const SUBSTANCES: &[&str] =
    &["CO2e", "CO2", "CH4", "N2O", "SF6", "NF3", "SO2", "NOx", "COD", "NH3", "CaCO3", "coal", "二氧化碳"];

/// Every spelling the parser knows, without multiples, in table order.
pub fn known_units() -> impl Iterator<Item = (&'static [&'static str], Dimension)> {
    ATOMS.iter().map(|a| (a.0, a.2))
}

impl Unit {
    /// Reads a unit as people write it; see the module for the grammar.
    ///
    /// # Errors
    /// [`UnitError`]; unknown, ambiguous, or with a substance in it.
    pub fn parse(text: &str) -> Result<Self, UnitError> {
        let symbol = text.trim();
        let folded: String = symbol.chars().filter(|c| !c.is_whitespace()).map(fold).collect();
        if folded.is_empty() || folded.len() > 64 {
            return Err(UnitError::Unknown { nearest: None });
        }
        if let Some((_, choices)) = AMBIGUOUS.iter().find(|(name, _)| *name == folded) {
            return Err(UnitError::Ambiguous { choices: *choices });
        }
        if is_marked_pressure(&folded) {
            return Err(UnitError::Ambiguous { choices: PRESSURES });
        }
        let offset = if KELVIN.contains(&&*folded) { ZERO_KELVIN } else { 0.0 };
        let mut unit = Self { symbol: symbol.into(), dimension: Dimension::NONE, scale: 1.0, offset, state: None };
        for (i, quotient) in folded.split('/').enumerate() {
            let part = product(quotient).map_err(|e| diagnose(&folded, e))?;
            if i == 0 {
                unit.dimension = part.0;
                unit.scale = part.1;
            } else {
                unit.dimension = unit.dimension / part.0;
                unit.scale /= part.1;
            }
            unit.state = unit.state.or(part.2);
        }
        // The smallest and largest unit that anyone uses lie far inside these bounds.
        if !(1e-30..=1e30).contains(&unit.scale) {
            return Err(UnitError::Unknown { nearest: None });
        }
        Ok(unit)
    }

    /// The canonical value of `number` units.
    #[must_use]
    pub fn to_canonical(&self, number: f64) -> f64 {
        number * self.scale + self.offset
    }
}

/// Whether this is a pressure unit with a mark behind it: `MPa(g)`, `barg`, `MPa(绝压)`.
fn is_marked_pressure(folded: &str) -> bool {
    PRESSURE_MARKS.iter().any(|mark| {
        folded.strip_suffix(mark).and_then(atom).is_some_and(|(dimension, ..)| dimension == Dimension::PRESSURE)
    })
}

/// Dimension, scale and gas state of a product of atoms.
type Part = (Dimension, f64, Option<GasState>);

fn product(text: &str) -> Result<Part, UnitError> {
    // Atoms such as `kW·h` contain the product sign: the whole comes first.
    if let Some(part) = factor(text) {
        return Ok(part);
    }
    let mut whole: Part = (Dimension::NONE, 1.0, None);
    for token in text.split(['·', '*']) {
        let part = factor(token).ok_or(UnitError::Unknown { nearest: nearest(token) })?;
        whole = (whole.0 * part.0, whole.1 * part.1, whole.2.or(part.2));
    }
    Ok(whole)
}

fn factor(text: &str) -> Option<Part> {
    atom(text).or_else(|| {
        MULTIPLES.iter().find_map(|(name, multiple)| {
            let rest = text.strip_prefix(name)?.trim_start_matches(['·', '*']);
            let (dimension, scale, state) = atom(rest)?;
            Some((dimension, scale * multiple, state))
        })
    })
}

fn atom(text: &str) -> Option<Part> {
    let found = ATOMS.iter().find(|a| a.0.contains(&text))?;
    let state = (text == "Nm3").then_some(GasState::C0);
    Some((found.2, found.1, state))
}

/// Turns an unknown unit into a better error where a cause is plain.
fn diagnose(folded: &str, error: UnitError) -> UnitError {
    match SUBSTANCES.iter().find(|s| folded.contains(*s)) {
        Some(substance) => UnitError::Substance { substance },
        None => error,
    }
}

/// A known spelling that differs only by case, with the multiple that stands before it.
fn nearest(token: &str) -> Option<String> {
    let like = |text: &str| ATOMS.iter().flat_map(|a| a.0).copied().find(|name| name.eq_ignore_ascii_case(text));
    like(token).map(str::to_owned).or_else(|| {
        MULTIPLES.iter().find_map(|(multiple, _)| {
            let rest = token.strip_prefix(multiple)?.trim_start_matches(['·', '*']);
            like(rest).map(|name| format!("{multiple}{name}"))
        })
    })
}

/// Folds full-width characters, superscripts and product signs.
fn fold(c: char) -> char {
    match c {
        '²' => '2',
        '³' => '3',
        '×' | '⋅' | '・' | '∙' => '·',
        '⁄' | '∕' => '/',
        '％' => '%',
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canonical(text: &str) -> (f64, String, Option<GasState>) {
        match Unit::parse(text) {
            Ok(u) => (u.scale, u.dimension.to_string(), u.state),
            Err(e) => (f64::NAN, format!("{text}: {e}"), None),
        }
    }

    #[test]
    fn the_spellings_of_the_issue() {
        let table: &[(&str, f64, &str)] = &[
            ("t", 1.0, "t"),
            ("kg", 1e-3, "t"),
            ("万t", 1e4, "t"),
            ("万吨", 1e4, "t"),
            ("10^4 Nm3", 1e4, "m3"),
            ("10⁴ Nm³", 1e4, "m3"),
            ("万Nm³", 1e4, "m3"),
            ("万m3", 1e4, "m3"),
            ("kWh", 3.6e-3, "GJ"),
            ("MWh", 3.6, "GJ"),
            ("万kWh", 36.0, "GJ"),
            ("亿千瓦时", 3.6e5, "GJ"),
            ("GJ", 1.0, "GJ"),
            ("TJ", 1e3, "GJ"),
            ("MMBtu", GJ_PER_MMBTU, "GJ"),
            ("MJ", 1e-3, "GJ"),
            ("GWh", 3.6e3, "GJ"),
            ("10^8 m3", 1e8, "m3"),
            ("Mt", 1e6, "t"),
            ("Mtce", 29.3076e6, "GJ"),
            ("L", 1e-3, "m3"),
            ("MW", 3.6, "GJ/h"),
            ("t/h", 1.0, "t/h"),
            ("MPa", 1e-3, "GJ/m3"),
            ("°C", 1.0, "°C"),
            ("t·km", 1e3, "t·m"),
            ("kgce", 0.029_307_6, "GJ"),
            ("tce", 29.3076, "GJ"),
            ("万tce", 293_076.0, "GJ"),
            ("m3", 1.0, "m3"),
            ("RMB", 1.0, "RMB"),
            ("10^4 RMB", 1e4, "RMB"),
            ("万元", 1e4, "RMB"),
            ("亿元", 1e8, "RMB"),
            ("km2", 1e6, "m2"),
            ("ha", 1e4, "m2"),
            ("persons", 1.0, "person"),
            ("%", 1e-2, "1"),
            ("kg/TJ", 1e-6, "t/GJ"),
            ("GJ/10^4 Nm3", 1e-4, "GJ/m3"),
            ("kgce/kWh", 0.029_307_6 / 3.6e-3, "1"),
        ];
        for &(text, scale, dimension) in table {
            let (s, d, _) = canonical(text);
            assert!((s / scale - 1.0).abs() < 1e-14, "{text}: {s} against {scale}");
            assert_eq!(d, dimension, "{text}");
        }
        assert_eq!(canonical("万Nm³").2, Some(GasState::C0));
        assert_eq!(canonical("万m3").2, None);
    }

    #[test]
    fn kelvins_have_their_own_zero_only_as_a_temperature() {
        let value = |text: &str, number: f64| Unit::parse(text).map(|u| u.to_canonical(number));
        assert_eq!(value("K", 273.15), Ok(0.0));
        assert_eq!(value("°C", 25.0), Ok(25.0));
        assert_eq!(value("kJ/kg/K", 4.2), value("kJ/kg/°C", 4.2));
        assert_eq!(value("bar", 10.0), value("MPa", 1.0));
    }

    #[test]
    fn ambiguous_units_and_substances_are_refused() {
        assert!(matches!(Unit::parse("ton"), Err(UnitError::Ambiguous { .. })));
        assert!(matches!(Unit::parse("标方"), Err(UnitError::Ambiguous { .. })));
        for marked in ["MPa(g)", "MPaG", "barg", "bara", "kPa（表压）", "MPa(绝压)"] {
            assert!(matches!(Unit::parse(marked), Err(UnitError::Ambiguous { .. })), "{marked}");
        }
        assert_eq!(Unit::parse("tCO2"), Err(UnitError::Substance { substance: "CO2" }));
        assert_eq!(Unit::parse("kgCO2e/t"), Err(UnitError::Substance { substance: "CO2e" }));
        assert_eq!(Unit::parse("KWH"), Err(UnitError::Unknown { nearest: Some("kWh".to_owned()) }));
        assert_eq!(Unit::parse("万KWh"), Err(UnitError::Unknown { nearest: Some("万kWh".to_owned()) }));
        assert_eq!(Unit::parse(""), Err(UnitError::Unknown { nearest: None }));
    }
}
