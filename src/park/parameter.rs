//! The vocabulary of values: properties of carriers, parameters of processes, and
//! rows of factor sets share it, so that a method asks once and the narrowest
//! source answers.

use crate::quantity::Dimension;

/// Who may state a value: a carrier (`carriers.csv`), a process (`parameters.csv`),
/// a factor set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    carrier: bool,
    process: bool,
    factor: bool,
}

const C: Place = Place { carrier: true, process: false, factor: true };
const P: Place = Place { carrier: false, process: true, factor: true };
const CP: Place = Place { carrier: true, process: true, factor: true };
const M: Place = Place { carrier: true, process: false, factor: false };
const F: Place = Place { carrier: false, process: false, factor: true };

/// Declares the vocabulary: variant, id, words in English and Chinese, places, dimensions, sample units.
macro_rules! parameters {
    ($($(#[$doc:meta])* $variant:ident = $id:literal, $en:literal, $zh:literal, $place:ident, $dims:expr, $units:literal;)+) => {
        /// What a value is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Parameter { $($(#[$doc])* $variant),+ }

        impl Parameter {
            /// All of them, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The id used in tables.
            #[must_use]
            pub fn id(self) -> &'static str {
                match self { $(Self::$variant => $id),+ }
            }

            /// The words in English and Chinese, as trails show them.
            #[must_use]
            pub fn words(self) -> (&'static str, &'static str) {
                match self { $(Self::$variant => ($en, $zh)),+ }
            }

            fn place(self) -> Place {
                match self { $(Self::$variant => $place),+ }
            }

            /// Dimensions that the value may have, with sample units.
            #[must_use]
            pub fn dimensions(self) -> (&'static [Dimension], &'static str) {
                match self { $(Self::$variant => (const { &$dims }, $units)),+ }
            }
        }
    };
}

/// Quotient of dimensions, usable in constants.
const fn per(above: Dimension, below: Dimension) -> Dimension {
    above.over(below)
}

const MASS: Dimension = Dimension::MASS;
const VOLUME: Dimension = Dimension::VOLUME;
const ENERGY: Dimension = Dimension::ENERGY;
const SHARE: [Dimension; 1] = [Dimension::NONE];
const CONTENT: [Dimension; 3] = [per(MASS, ENERGY), Dimension::NONE, per(MASS, VOLUME)];
const CALORIFIC: [Dimension; 2] = [per(ENERGY, MASS), per(ENERGY, VOLUME)];

parameters! {
    /// Net calorific value.
    Ncv = "ncv", "net calorific value", "低位发热量", C, CALORIFIC, "GJ/t, MJ/kg, GJ/10^4 Nm3";
    /// Gross calorific value.
    Gcv = "gcv", "gross calorific value", "高位发热量", C, CALORIFIC, "GJ/t, MJ/kg, GJ/10^4 Nm3";
    /// Carbon by mass, volume or energy.
    CarbonContent = "carbon_content", "carbon content", "含碳量", C, CONTENT, "t/t, t/TJ, t/10^4 Nm3";
    /// Carbon that a unit holds, written as the CO2 that it can become.
    CarbonAsCo2 = "carbon_as_co2", "carbon held, as CO2", "所含碳折 CO2", C, CONTENT, "t/t";
    /// Share of the carbon that is oxidized.
    Oxidation = "oxidation", "oxidation factor", "氧化率", C, SHARE, "1, %";
    /// Emission of a gas per unit of a carrier that is burnt or used up.
    EmissionFactor = "emission_factor", "emission factor", "排放因子", C, CONTENT, "t/t, t/TJ, t/10^4 Nm3";
    /// Emission of a gas per unit of a carrier that is made.
    ProductionFactor = "production_factor", "emission factor of production", "生产过程排放因子", C, [Dimension::NONE, per(MASS, VOLUME), per(MASS, ENERGY)], "t/t, kg/t";
    /// Emission that a raw material saves because it holds no carbonate.
    Deduction = "deduction", "deduction for a raw material without carbonate", "非碳酸盐原料扣减系数", C, SHARE, "t/t";
    /// Life-cycle emission per unit of a carrier up to the gate (scope 3).
    Footprint = "footprint", "footprint up to the gate", "摇篮到大门足迹", C, [Dimension::NONE, per(MASS, VOLUME), per(MASS, ENERGY)], "t/t, kg/t, kg/m3, kg/kWh";
    /// Emission of disposing of a unit of a carrier (scope 3 category 5).
    DisposalFactor = "disposal_factor", "emission factor of disposal", "处置排放因子", C, [Dimension::NONE, per(MASS, VOLUME)], "t/t, kg/t, kg/m3";
    /// Emission of a freight service per mass and distance.
    TransportFactor = "transport_factor", "emission factor of freight", "货运排放因子", F, [per(Dimension::NONE, Dimension::LENGTH)], "kg/t/km";
    /// CO2e of the power plants that run less when a project feeds power in: for projects, never for an inventory.
    MarginalFactor = "marginal_factor", "CO2e of marginal power", "边际电量 CO2e", F, [per(MASS, ENERGY)], "t/MWh";
    /// Coal equivalent.
    Tce = "tce", "coal equivalent", "折标准煤系数", F, [per(ENERGY, MASS), per(ENERGY, VOLUME), Dimension::NONE], "kgce/kg, kgce/kWh";
    /// Global warming potential.
    Gwp = "gwp", "GWP", "全球增温潜势", F, SHARE, "1";
    /// Specific enthalpy of steam above the park's heat datum.
    Enthalpy = "enthalpy", "specific enthalpy", "比焓", C, [per(ENERGY, MASS)], "GJ/t, kJ/kg";

    /// Absolute pressure of steam or condensate.
    Pressure = "pressure", "absolute pressure", "绝对压力", M, [Dimension::PRESSURE], "MPa, kPa, bar";
    /// Pressure of steam or condensate above the standard atmosphere.
    GaugePressure = "gauge_pressure", "gauge pressure", "表压", M, [Dimension::PRESSURE], "MPa, kPa, bar";
    /// Temperature of steam or condensate.
    Temperature = "temperature", "temperature", "温度", M, [Dimension::TEMPERATURE], "°C, K";
    /// Dryness of wet steam: the share of vapor in its mass.
    Quality = "quality", "steam quality (dryness)", "蒸汽干度", M, SHARE, "1, %";

    /// Mass share of sulfur.
    Sulfur = "sulfur", "sulfur content", "硫分", CP, [Dimension::NONE, per(MASS, VOLUME)], "%, mg/m3";
    /// Mass share of ash.
    Ash = "ash", "ash content", "灰分", CP, SHARE, "%";
    /// Mass share of hydrogen.
    Hydrogen = "hydrogen", "hydrogen", "氢含量", F, SHARE, "%";
    /// Mass share of carbon that is neither volatile nor ash.
    FixedCarbon = "fixed_carbon", "fixed carbon", "固定碳", F, SHARE, "%";
    /// Share of a component in a gas by volume; the technique names the component.
    VolumeFraction = "volume_fraction", "share by volume", "体积分数", F, SHARE, "1, %";
    /// Mass per volume; of a gas at 0 °C and 101.325 kPa.
    Density = "density", "density", "密度", F, [per(MASS, VOLUME)], "kg/Nm3, t/m3";
    /// Mass share of water.
    Moisture = "moisture", "moisture", "水分", C, SHARE, "%";
    /// Mass share of dry matter in a waste.
    DryMatter = "dry_matter", "dry matter", "干物质比例", C, SHARE, "1, %";
    /// Mass share of the carbonate in a raw material.
    Carbonate = "carbonate", "share of carbonate", "碳酸盐含量", C, SHARE, "%";
    /// Mass share of calcium oxide.
    Cao = "cao", "CaO", "CaO 含量", C, SHARE, "%";
    /// Mass share of magnesium oxide.
    Mgo = "mgo", "MgO", "MgO 含量", C, SHARE, "%";
    /// Mass share of calcium hydroxide.
    CalciumHydroxide = "calcium_hydroxide", "Ca(OH)2", "Ca(OH)2 含量", F, SHARE, "%";
    /// Mass share of calcium sulfate dihydrate.
    Gypsum = "gypsum", "CaSO4·2H2O", "CaSO4·2H2O 含量", C, SHARE, "%";
    /// Mass share of chlorine, which a cement kiln or a boiler bears only little of.
    Chlorine = "chlorine", "chlorine content", "氯含量", C, SHARE, "%";
    /// Mass share of silica.
    Silica = "silica", "SiO2", "SiO2 含量", F, SHARE, "%";
    /// Mass share of iron in all its compounds.
    Iron = "iron", "total iron", "全铁", F, SHARE, "%";
    /// Mass share of iron(III) oxide.
    IronOxide = "iron_oxide", "Fe2O3", "Fe2O3 含量", F, SHARE, "%";
    /// Mass share that is lost when ignited.
    LossOnIgnition = "loss_on_ignition", "loss on ignition", "烧失量", F, SHARE, "%";
    /// Clinker in cement.
    ClinkerFraction = "clinker_fraction", "clinker in cement", "水泥中熟料比例", F, SHARE, "1, %";
    /// Mass share of calcium oxide that does not come from carbonate.
    CaoOther = "cao_noncarbonate", "CaO that is not from carbonate", "非碳酸盐来源 CaO", C, SHARE, "%";
    /// Mass share of magnesium oxide that does not come from carbonate.
    MgoOther = "mgo_noncarbonate", "MgO that is not from carbonate", "非碳酸盐来源 MgO", C, SHARE, "%";
    /// Mass share of carbon that is neither carbonate nor fuel (raw meal of a kiln).
    OrganicCarbon = "organic_carbon", "organic carbon", "有机碳含量", C, SHARE, "t/t, %";
    /// Clinker with the kiln dust that is not returned, per clinker.
    KilnDust = "kiln_dust_factor", "kiln dust correction", "窑灰修正系数", CP, SHARE, "1";
    /// Chemical oxygen demand.
    Cod = "cod", "COD", "化学需氧量", C, [per(MASS, VOLUME), Dimension::NONE], "mg/L, g/m3, kg/kg";
    /// Total nitrogen.
    Nitrogen = "total_nitrogen", "total nitrogen", "总氮", C, [per(MASS, VOLUME), Dimension::NONE], "mg/L, g/m3";
    /// Ammonia nitrogen.
    Ammonia = "ammonia_nitrogen", "ammonia nitrogen", "氨氮", C, [per(MASS, VOLUME), Dimension::NONE], "mg/L, g/m3";
    /// Total dissolved solids: what limits the reuse of water, and what its conductivity stands for.
    DissolvedSolids = "tds", "total dissolved solids", "溶解性总固体", M, [per(MASS, VOLUME), Dimension::NONE], "mg/L, g/m3";
    /// Total suspended solids.
    SuspendedSolids = "tss", "total suspended solids", "悬浮物", M, [per(MASS, VOLUME), Dimension::NONE], "mg/L, g/m3";
    /// Chloride dissolved in water.
    Chloride = "chloride", "chloride in water", "氯化物", M, [per(MASS, VOLUME), Dimension::NONE], "mg/L, g/m3";
    /// Hardness of water, as the mass of `CaCO3`.
    Hardness = "hardness", "hardness, as CaCO3", "总硬度（以 CaCO3 计）", M, [per(MASS, VOLUME), Dimension::NONE], "mg/L, g/m3";
    /// Degradable organic carbon of a waste.
    Doc = "doc", "degradable organic carbon", "可降解有机碳", C, SHARE, "1, %";
    /// Share of the carbon that is fossil.
    FossilFraction = "fossil_fraction", "fossil share of the carbon", "化石碳比例", C, SHARE, "1, %";

    /// Share of a pollutant or gas that a process removes or destroys.
    Removal = "removal", "removal efficiency", "去除效率", P, SHARE, "1, %";
    /// Share of the time in which an abatement runs.
    Utilization = "utilization", "utilization of the abatement", "减排设施运行率", P, SHARE, "1, %";
    /// Share of the sulfur that stays in the ash.
    Retention = "retention", "sulfur retained in the ash", "灰中固硫率", CP, SHARE, "1, %";
    /// Share of the carbonate that is calcined.
    Calcination = "calcination", "calcination fraction", "煅烧率", CP, SHARE, "1, %";
    /// Molar ratio of calcium to sulfur removed.
    CalciumSulfur = "ca_s_ratio", "Ca/S ratio", "钙硫比", P, SHARE, "1";
    /// Anode-effect minutes per cell and day.
    AnodeEffect = "anode_effect", "anode effect minutes per cell-day", "阳极效应持续时间", P, [Dimension::TIME], "min";
    /// Slope of CF4 over anode-effect minutes.
    Slope = "slope", "slope coefficient", "斜率系数", P, [per(Dimension::NONE, Dimension::TIME)], "kg/t/min";
    /// Mass of a second gas per mass of the first.
    Ratio = "ratio", "mass ratio", "质量比", P, SHARE, "1";
    /// Net consumption of anode carbon per tonne of metal.
    NetAnode = "net_anode", "net anode consumption", "吨铝炭阳极净耗", P, SHARE, "t/t";
    /// Share of a charge or throughput that leaks in a year.
    LeakRate = "leak_rate", "leakage rate", "泄漏率", CP, SHARE, "%";
    /// Charge of equipment.
    Charge = "charge", "charge of the equipment", "设备充装量", P, [MASS], "t, kg";
    /// Methane correction factor.
    Mcf = "mcf", "methane correction factor", "甲烷修正因子", P, SHARE, "1";
    /// Largest methane yield of organic matter.
    MethaneYield = "methane_yield", "maximum methane producing capacity", "最大产甲烷能力", CP, SHARE, "kg/kg";
    /// Share of the degradable carbon that decomposes.
    DocF = "docf", "share of DOC that decomposes", "DOC 分解比例", P, SHARE, "1";
    /// Share of methane in landfill gas or biogas.
    MethaneFraction = "methane_fraction", "methane in the gas", "气体中甲烷比例", CP, SHARE, "1, %";
    /// Share of methane oxidized in the cover.
    CoverOxidation = "cover_oxidation", "oxidation in the cover", "覆盖层氧化率", P, SHARE, "1, %";
    /// First-order decay rate by year.
    DecayRate = "decay_rate", "decay rate (per year)", "降解速率（每年）", CP, SHARE, "1";
    /// Waste laid down in a year before the reporting periods.
    Deposited = "deposited", "deposited before the reporting period", "报告期前填埋量", P, [MASS], "t, 万t";
    /// Methane that is recovered and burnt.
    Recovered = "recovered", "recovered", "回收量", P, [MASS], "t";
    /// Nitrogen of effluent or influent that becomes N2O.
    NitrogenFactor = "nitrogen_factor", "N2O-N per N", "N2O-N 与 N 之比", P, SHARE, "kg/kg";

    /// Share of the sulfur of the inputs that leaves with this carrier.
    SulfurShare = "sulfur_share", "share of the sulfur put in", "入料硫分配比例", F, SHARE, "1, %";
    /// Share of the ash of the inputs that leaves as this carrier.
    AshShare = "ash_share", "share of the ash put in", "入料灰分配比例", F, SHARE, "1, %";
    /// By-product per main product (or, of a raw material, its use); the technique names it.
    Generation = "generation", "made per main product", "单位产品产生量", F, [Dimension::NONE, per(VOLUME, MASS), per(ENERGY, MASS)], "t/t, m3/t, GJ/t";
    /// Mass or energy that a by-product stands for; the technique names what it displaces.
    Displacement = "displacement", "displaced per unit", "单位替代量", F, SHARE, "t/t, GJ/GJ";
    /// Electricity taken per unit made, treated or moved.
    ElectricityUse = "electricity_use", "electricity per unit", "单位耗电量", F, [per(ENERGY, MASS), per(ENERGY, VOLUME), per(per(ENERGY, MASS), Dimension::LENGTH)], "kWh/t, kWh/m3, kWh/t/km";
    /// Heat taken per unit made or treated.
    HeatUse = "heat_use", "heat per unit", "单位耗热量", F, [per(ENERGY, MASS)], "GJ/t";
    /// Share of gross generation that a plant itself takes.
    AuxiliaryPower = "auxiliary_power", "auxiliary power", "厂用电率", F, SHARE, "%";
    /// Share of the heat in a pipeline that is lost per length.
    LineLoss = "line_loss", "heat loss per length", "管网单位长度热损失", F, [per(Dimension::NONE, Dimension::LENGTH)], "%/km";
    /// What a unit of a carrier sells for, to share the emission of a process by price.
    Price = "price", "price", "价格", M, [per(Dimension::MONEY, MASS), per(Dimension::MONEY, VOLUME), per(Dimension::MONEY, ENERGY)], "元/t, 元/m3, 元/GJ, 元/kWh";
    /// Heat supplied over the heat that the boilers of a power plant make (供热比).
    SupplyHeatRatio = "supply_heat_ratio", "supply-heat ratio", "供热比", P, SHARE, "1, %";
    /// Heat that the boilers of a power plant make for power and for supply.
    BoilerHeat = "boiler_heat", "heat made by the boilers", "锅炉总产热量", P, [ENERGY], "GJ";
    /// Efficiency at which a product would be made alone, to share the emission of a CHP.
    ReferenceEfficiency = "reference_efficiency", "reference efficiency", "参考效率", P, SHARE, "1, %";
    /// Useful output over input.
    Efficiency = "efficiency", "efficiency", "效率", P, SHARE, "1, %";
    /// Share of an input that is lost.
    Loss = "loss", "loss", "损失率", P, SHARE, "1, %";
    /// Largest output in an hour.
    Capacity = "capacity", "capacity", "能力", P, [per(MASS, Dimension::TIME), per(ENERGY, Dimension::TIME), per(VOLUME, Dimension::TIME), MASS, ENERGY, VOLUME], "t/h, MW, t";
    /// Electricity that an abatement takes per mass of pollutant removed.
    SpecificPower = "specific_power", "electricity per pollutant removed", "单位去除量电耗", P, [per(ENERGY, MASS)], "kWh/kg";
    /// Electricity that an extraction turbine does not make for each unit of heat taken off it.
    PowerLoss = "power_loss", "power lost per heat extracted", "单位抽汽热量少发电量", P, [Dimension::NONE], "1, %, MWh/MWh";
}

impl Parameter {
    /// Finds a parameter by its id.
    #[must_use]
    pub fn find(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|p| p.id() == id)
    }

    /// Whether `carriers.csv` may state it.
    #[must_use]
    pub fn is_property(self) -> bool {
        self.place().carrier
    }

    /// Whether `parameters.csv` may state it.
    #[must_use]
    pub fn is_process_parameter(self) -> bool {
        self.place().process
    }

    /// Whether a factor set may state it.
    #[must_use]
    pub fn is_factor(self) -> bool {
        self.place().factor
    }

    /// Whether the value is a share that cannot pass one.
    #[must_use]
    pub fn is_fraction(self) -> bool {
        let free = [
            Self::Gwp,
            Self::Deduction,
            Self::ProductionFactor,
            Self::Footprint,
            Self::DisposalFactor,
            Self::EmissionFactor,
            Self::CarbonContent,
            Self::CarbonAsCo2,
            Self::KilnDust,
            Self::CalciumSulfur,
            Self::Ratio,
            Self::Generation,
            Self::Displacement,
            Self::NetAnode,
            Self::MethaneYield,
            Self::NitrogenFactor,
            Self::DecayRate,
            Self::Tce,
            Self::Efficiency,
            Self::Cod,
            Self::Nitrogen,
            Self::Ammonia,
        ];
        self.dimensions().0.contains(&Dimension::NONE) && !free.contains(&self)
    }
}
