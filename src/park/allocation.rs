//! How a process that makes several things shares its emission between them.

/// A rule of allocation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AllocationRule {
    /// By energy content: heat bears H / (H + P).
    Energy,
    /// By exergy: power bears its energy, heat what a reversible machine makes of it.
    Exergy,
    /// 供热比: heat bears the heat supplied over the heat that the boilers make (GB/T 32151.1).
    SupplyHeatRatio,
    /// By energy over fixed reference efficiencies (WRI and WBCSD, "Allocation of GHG emissions from a combined heat
    /// and power (CHP) plant", 2006): 0.80 for heat and 0.35 for power unless stated.
    Efficiency,
    /// By mass.
    Mass,
    /// By what it sells for.
    Price,
    /// Co-products bear what they displace; the determining products bear the rest, which may be less than nothing.
    Substitution,
}

impl AllocationRule {
    /// All of them, in the order of tables.
    pub const ALL: [Self; 7] = [
        Self::Energy,
        Self::Exergy,
        Self::SupplyHeatRatio,
        Self::Efficiency,
        Self::Mass,
        Self::Price,
        Self::Substitution,
    ];

    /// The words of `outputs.csv` and `park.toml`.
    pub const IDS: [&'static str; 7] =
        ["energy", "exergy", "supply_heat_ratio", "efficiency", "mass", "price", "substitution"];

    /// The id.
    #[must_use]
    pub fn id(self) -> &'static str {
        Self::IDS[self as usize]
    }

    /// Finds a rule by its id.
    #[must_use]
    pub fn find(id: &str) -> Option<Self> {
        Self::IDS.iter().position(|i| *i == id).map(|i| Self::ALL[i])
    }

    /// The words in English and Chinese.
    #[must_use]
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Energy => ("by energy", "按能量"),
            Self::Exergy => ("by exergy", "按㶲"),
            Self::SupplyHeatRatio => ("by the supply-heat ratio", "按供热比"),
            Self::Efficiency => ("by reference efficiencies", "按参考效率"),
            Self::Mass => ("by mass", "按质量"),
            Self::Price => ("by price", "按价格"),
            Self::Substitution => ("by substitution", "替代法"),
        }
    }
}
