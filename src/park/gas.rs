//! Gases and pollutants.

use super::GwpSet;

/// How a substance is reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum GasKind {
    /// One of the seven Kyoto gases: enters CO2e.
    Greenhouse,
    /// A gas of the Montreal Protocol: shown outside the total.
    Montreal,
    /// CO2e that a source reports without a split by gas.
    AsReported,
    /// Air pollutant.
    Air,
    /// Water pollutant.
    Water,
    /// Water taken or waste given away: no emission, kept in the same ledger.
    Resource,
    /// CO2e that a life-cycle source prints without a split: only in scope 3.
    LifeCycle,
}

/// Declares the substances with id, label and kind.
macro_rules! gases {
    ($($variant:ident = $id:literal, $label:literal, $kind:ident;)+) => {
        /// A gas or pollutant. Gases stay apart until display.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[allow(missing_docs, reason = "each variant is its formula")]
        pub enum Gas {
            $($variant,)+
            /// CO2e as a source reports it without a split, in the GWP set that the source used.
            Co2eReported(GwpSet),
        }

        impl Gas {
            /// Every substance with a formula, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The id used in tables.
            #[must_use]
            pub fn id(self) -> &'static str {
                match self {
                    $(Self::$variant => $id,)+
                    Self::Co2eReported(_) => "CO2e",
                }
            }

            /// How the substance is reported.
            #[must_use]
            pub fn kind(self) -> GasKind {
                match self {
                    $(Self::$variant => GasKind::$kind,)+
                    Self::Co2eReported(_) => GasKind::AsReported,
                }
            }

            /// The name in a table, with the GWP set where it matters.
            #[must_use]
            pub fn label(self) -> String {
                match self {
                    $(Self::$variant => $label.to_owned(),)+
                    Self::Co2eReported(set) => format!("CO2e as reported ({})", set.id()),
                }
            }
        }
    };
}

gases! {
    Co2 = "CO2", "CO2", Greenhouse;
    Ch4 = "CH4", "CH4", Greenhouse;
    N2o = "N2O", "N2O", Greenhouse;
    Sf6 = "SF6", "SF6", Greenhouse;
    Nf3 = "NF3", "NF3", Greenhouse;
    Cf4 = "CF4", "CF4", Greenhouse;
    C2f6 = "C2F6", "C2F6", Greenhouse;
    C3f8 = "C3F8", "C3F8", Greenhouse;
    Hfc23 = "HFC23", "HFC-23", Greenhouse;
    Hfc32 = "HFC32", "HFC-32", Greenhouse;
    Hfc41 = "HFC41", "HFC-41", Greenhouse;
    Hfc125 = "HFC125", "HFC-125", Greenhouse;
    Hfc134 = "HFC134", "HFC-134", Greenhouse;
    Hfc134a = "HFC134a", "HFC-134a", Greenhouse;
    Hfc143 = "HFC143", "HFC-143", Greenhouse;
    Hfc143a = "HFC143a", "HFC-143a", Greenhouse;
    Hfc152a = "HFC152a", "HFC-152a", Greenhouse;
    Hfc227ea = "HFC227ea", "HFC-227ea", Greenhouse;
    Hfc236fa = "HFC236fa", "HFC-236fa", Greenhouse;
    Hfc245fa = "HFC245fa", "HFC-245fa", Greenhouse;
    Hfc365mfc = "HFC365mfc", "HFC-365mfc", Greenhouse;
    Hfc4310mee = "HFC4310mee", "HFC-43-10mee", Greenhouse;
    Hcfc22 = "HCFC22", "HCFC-22", Montreal;
    So2 = "SO2", "SO2", Air;
    Nox = "NOx", "NOx", Air;
    Pm = "PM", "PM", Air;
    Cod = "COD", "COD", Water;
    Nh3n = "NH3N", "NH3-N", Water;
    TotalNitrogen = "TN", "TN", Water;
    FreshWater = "fresh_water", "fresh water", Resource;
    Wastewater = "wastewater", "wastewater", Resource;
    SolidWaste = "solid_waste", "solid waste", Resource;
    HazardousWaste = "hazardous_waste", "hazardous waste", Resource;
    LifeCycleCo2e = "CO2e_life_cycle", "CO2e, life cycle", LifeCycle;
}

impl Gas {
    /// Finds a substance by its id or label. `CO2e` is not found here: it needs
    /// the GWP set beside it.
    #[must_use]
    pub fn find(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|g| g.id() == text || g.label() == text)
    }

    /// The name in a table in Chinese.
    #[must_use]
    pub fn label_zh(self) -> String {
        match self {
            Self::TotalNitrogen => "总氮".to_owned(),
            Self::Pm => "颗粒物".to_owned(),
            Self::Nh3n => "氨氮".to_owned(),
            Self::FreshWater => "新鲜水".to_owned(),
            Self::Wastewater => "废水".to_owned(),
            Self::SolidWaste => "固体废物".to_owned(),
            Self::HazardousWaste => "危险废物".to_owned(),
            Self::LifeCycleCo2e => "全生命周期 CO2e".to_owned(),
            Self::Co2eReported(set) => format!("按所报 CO2e（{}）", set.id()),
            other => other.label(),
        }
    }

    /// Whether it counts in CO2e totals.
    #[must_use]
    pub fn in_co2e(self) -> bool {
        matches!(self.kind(), GasKind::Greenhouse | GasKind::AsReported | GasKind::LifeCycle)
    }
}
