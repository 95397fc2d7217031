#!/usr/bin/env python3
"""Write the factor families of this folder from the shared factor tables.

    python3 emission_factors/import_shared.py /work/shared

Reads   SHARED/factors/{fuels,grid,us_epa,gwp}.csv,
        SHARED/cases/o11_ceads_beijing_2011/factors.csv
        and carriers.csv next to this script (the vocabulary, edited by hand).
Writes  <family>/factors.csv and <family>/family.toml next to this script.

The output depends on the input only: same tables, same bytes. Values are
copied as printed, never reformatted. Everything that has to be understood
(fuel names, confidence wordings, notes, kinds, years, regions) is looked up in
a table below, and an entry that is not there stops the script. What is left
out on purpose is listed on stderr and in the note of the family.

Python 3.11, standard library only.
"""

import csv
import re
import sys
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path

HERE = Path(__file__).resolve().parent

COLUMNS = (
    "id,carrier,parameter,gas,technique,applies_to,value,unit,basis,lower,upper,"
    "distribution,biogenic,source,table,edition,region,valid_from,valid_to,confidence,note"
).split(",")

# --------------------------------------------------------------------------
# Carriers: which names in the sources are the same fuel.
#
# One line a carrier; "a; b" are two names in one source. The China column holds
# the `fuel` ids of all Chinese sets of fuels.csv. A blank cell: not in that source.
# Kept apart on purpose: the numbered US fuel oils and diesel or fuel oil; special
# naphtha and white spirit; asphalt and road oil and bitumen; fuel gas and refinery
# gas; ethanol (listed as a petroleum product) and bioethanol; coking coal and
# washed coal; coal middlings and other washed coal.
# --------------------------------------------------------------------------
CARRIER_NAMES = """
carrier                       | IPCC 2006                   | China                                            | US EPA                                                       | CEADs
agricultural_byproducts       |                             |                                                  | Agricultural Byproducts                                      |
anthracite                    | anthracite                  | anthracite                                       | Anthracite                                                   |
asphalt_and_road_oil          |                             |                                                  | Asphalt and Road Oil                                         |
aviation_gasoline             | aviation_gasoline           |                                                  | Aviation Gasoline                                            |
biodiesel                     | biodiesel                   |                                                  | Biodiesel                                                    |
bioethanol                    |                             |                                                  | Biomass Ethanol                                              |
biogas                        | biogas                      | biogas                                           | Biogas (Captured methane)                                    |
biogasoline                   | biogasoline                 |                                                  |                                                              |
bitumen                       | bitumen                     |                                                  |                                                              |
bituminous                    | other_bituminous_coal       | bituminous                                       | Bituminous                                                   |
black_liquor                  | black_liquor                |                                                  |                                                              |
blast_furnace_gas             | blast_furnace_gas           | blast_furnace_gas                                | Blast Furnace Gas                                            |
briquette                     | patent_fuel                 | briquette                                        |                                                              |
brown_coal_briquettes         | brown_coal_briquettes       |                                                  |                                                              |
butane                        |                             |                                                  | Butane                                                       |
butylene                      |                             |                                                  | Butylene                                                     |
calcium_carbide               |                             | calcium_carbide                                  |                                                              |
charcoal                      | charcoal                    |                                                  |                                                              |
closed_carbide_furnace_gas    |                             | closed_carbide_furnace_gas                       |                                                              |
coal_gangue                   |                             | gangue                                           |                                                              |
coal_middlings                |                             | middlings                                        |                                                              |
coal_mixed_commercial         |                             |                                                  | Mixed (Commercial sector)                                    |
coal_mixed_electric_power     |                             |                                                  | Mixed (Electric Power sector)                                |
coal_mixed_industrial         |                             |                                                  | Mixed (Industrial sector)                                    |
coal_mixed_industrial_coking  |                             |                                                  | Mixed (Industrial coking)                                    |
coal_slime                    |                             | coal_slime                                       |                                                              |
coal_tar                      | coal_tar                    | tar; coal_tar                                    |                                                              |
coal_unmeasured               |                             | steam_coal_unmeasured; steam_coal_unmeasured_old |                                                              |
coke                          | coke_oven_coke              | coke                                             | Coal Coke                                                    |
coke_gasification_gas         |                             | coke_gasification_gas                            |                                                              |
coke_oven_gas                 | coke_oven_gas               | coke_oven_gas                                    | Coke Oven Gas                                                |
coking_coal                   | coking_coal                 |                                                  |                                                              |
compressed_air                |                             | compressed_air                                   |                                                              |
converter_gas                 | converter_gas               | converter_gas                                    |                                                              |
crude_benzol                  |                             | crude_benzol                                     |                                                              |
crude_oil                     | crude_oil                   | crude_oil                                        | Crude Oil                                                    |
deaerated_water               |                             | deoxygenated_water                               |                                                              |
diesel                        | gas_diesel_oil              | diesel                                           |                                                              | DieselOil
distillate_fuel_oil_no_1      |                             |                                                  | Distillate Fuel Oil No. 1                                    |
distillate_fuel_oil_no_2      |                             |                                                  | Distillate Fuel Oil No. 2                                    |
distillate_fuel_oil_no_4      |                             |                                                  | Distillate Fuel Oil No. 4                                    |
electricity                   |                             | electricity_eq                                   |                                                              |
ethane                        | ethane                      |                                                  | Ethane                                                       |
ethanol                       |                             | ethanol                                          | Ethanol                                                      |
ethylene                      |                             |                                                  | Ethylene                                                     |
fresh_water                   |                             | fresh_water; fresh_water_2008                    |                                                              |
fuel_gas                      |                             |                                                  | Fuel Gas                                                     |
fuel_oil                      | residual_fuel_oil           | fuel_oil                                         |                                                              |
gas_coke                      | gas_coke                    |                                                  |                                                              |
gas_works_gas                 | gas_works_gas               |                                                  |                                                              |
gasoline                      | motor_gasoline              | gasoline                                         | Motor Gasoline                                               | Gasoline
heat                          |                             | heat_eq                                          |                                                              |
heavy_gas_oils                |                             |                                                  | Heavy Gas Oils                                               |
heavy_oil_catalytic_gas       |                             | heavy_oil_cat_gas                                |                                                              |
heavy_oil_thermal_gas         |                             | heavy_oil_thermal_gas                            |                                                              |
hydrogen                      |                             | hydrogen                                         |                                                              |
industrial_waste              | industrial_waste            |                                                  |                                                              |
isobutane                     |                             |                                                  | Isobutane                                                    |
isobutylene                   |                             |                                                  | Isobutylene                                                  |
jet_kerosene                  | jet_kerosene                | jet_kerosene                                     | Kerosene-Type Jet Fuel                                       |
kerosene                      | other_kerosene              | kerosene                                         | Kerosene                                                     | Kerosene
landfill_gas                  | landfill_gas                |                                                  | Landfill Gas                                                 |
lignite                       | lignite                     | lignite                                          | Lignite                                                      |
lng                           |                             | lng                                              |                                                              |
lpg                           | lpg                         | lpg                                              | Liquefied petroleum gases (LPG)                              | LPG
lubricants                    | lubricants                  |                                                  | Lubricants                                                   |
methanol                      |                             | methanol                                         |                                                              |
municipal_solid_waste         |                             |                                                  | Municipal Solid Waste                                        |
municipal_solid_waste_biomass | msw_biomass                 |                                                  |                                                              |
municipal_solid_waste_fossil  | msw_fossil                  |                                                  |                                                              |
naphtha                       | naphtha                     | naphtha                                          | Naphtha (<401 deg F)                                         |
natural_gas                   | natural_gas                 | natural_gas                                      | Natural Gas (Weighted U.S. Average)                          | NaturalGas
natural_gas_gasfield          |                             | natural_gas_gasfield                             |                                                              |
natural_gas_liquids           | natural_gas_liquids         |                                                  |                                                              |
natural_gas_oilfield          |                             | natural_gas_oilfield                             |                                                              |
natural_gasoline              |                             |                                                  | Natural Gasoline                                             |
nitrogen                      |                             | nitrogen_byproduct; nitrogen_main                |                                                              |
oil_shale                     | oil_shale                   |                                                  |                                                              |
orimulsion                    | orimulsion                  |                                                  |                                                              |
other_biomass_gases           |                             |                                                  | Other Biomass Gases                                          |
other_coal_gas                |                             | other_gas                                        |                                                              |
other_coal_products           |                             | other_coal_products                              |                                                              |
other_liquid_biofuels         | other_liquid_biofuels       |                                                  |                                                              |
other_oil_over_401f           |                             |                                                  | Other Oil (>401 deg F)                                       |
other_petroleum_products      | other_petroleum_products    | other_petroleum_products                         |                                                              |
other_primary_solid_biomass   | other_primary_solid_biomass |                                                  |                                                              |
other_washed_coal             |                             | other_washed_coal                                |                                                              |
oxygen                        |                             | oxygen                                           |                                                              |
paraffin_waxes                | paraffin_waxes              |                                                  |                                                              |
peat                          | peat                        |                                                  | Peat                                                         |
pentanes_plus                 |                             |                                                  | Pentanes Plus                                                |
petrochemical_feedstocks      |                             |                                                  | Petrochemical Feedstocks                                     |
petroleum_coke                | petroleum_coke              | petroleum_coke                                   | Petroleum Coke                                               |
pressure_gasification_gas     |                             | pressure_gasification_gas                        |                                                              |
producer_gas                  |                             | producer_gas                                     |                                                              |
propane                       |                             |                                                  | Propane                                                      |
propane_gas                   |                             |                                                  | Propane Gas                                                  |
propylene                     |                             |                                                  | Propylene                                                    |
raw_coal                      |                             | raw_coal                                         |                                                              | CoalRaw
refinery_feedstocks           | refinery_feedstocks         |                                                  |                                                              |
refinery_gas                  | refinery_gas                | refinery_gas                                     |                                                              |
rendered_animal_fat           |                             |                                                  | Rendered Animal Fat                                          |
residual_fuel_oil_no_5        |                             |                                                  | Residual Fuel Oil No. 5                                      |
residual_fuel_oil_no_6        |                             |                                                  | Residual Fuel Oil No. 6                                      |
shale_oil                     | shale_oil                   |                                                  |                                                              |
sludge_gas                    | sludge_gas                  |                                                  |                                                              |
soft_water                    |                             | soft_water                                       |                                                              |
solid_byproducts              |                             |                                                  | Solid Byproducts                                             |
special_naphtha               |                             |                                                  | Special Naphtha                                              |
sub_bituminous                | sub_bituminous_coal         |                                                  | Subbituminous                                                |
unfinished_oils               |                             |                                                  | Unfinished Oils                                              |
vegetable_oil                 |                             |                                                  | Vegetable Oil                                                |
washed_coal                   |                             | washed_coal                                      |                                                              |
waste_oil                     | waste_oil                   |                                                  | Used Oil                                                     |
waste_plastics                |                             |                                                  | Plastics                                                     |
waste_tires                   |                             |                                                  | Tires                                                        |
water_gas                     |                             | water_gas                                        |                                                              |
white_spirit                  | white_spirit                |                                                  |                                                              |
wood                          | wood                        |                                                  | Wood and Wood Residuals (dry basis); Wood and Wood Residuals |
"""

# Two source rows of one carrier in one family: what tells them apart.
TECHNIQUES = {
    "steam_coal_unmeasured": "rule_2022",
    "steam_coal_unmeasured_old": "rule_2021",
    "nitrogen_byproduct": "by_product",
    "nitrogen_main": "main_product",
    "fresh_water_2008": "edition_2008",
}

# --------------------------------------------------------------------------
# Confidence: every wording of the tables, and the word it becomes. A mapping
# splits a row whose values differ (names: ncv, carbon_content, oxidation, CO2,
# CH4, N2O, tce). `weak` is said in the note.
# --------------------------------------------------------------------------
CONFIDENCE = {
    "confirmed by look-up (official table, public copy)": "official",
    "confirmed by look-up (package transcription, mainly bonsai_ipcc; IPCC text not read)":
        "transcription",
    "confirmed in a public transcription": "transcription",
    # CO2 here agrees with carbon content x 44/12; oxidation 1 is the convention of that factor.
    "NCV and C confirmed by look-up; CO2 by arithmetic; CH4/N2O from memory": {
        "ncv": "lookup",
        "carbon_content": "lookup",
        "oxidation": "computed",
        "CO2": "computed",
        "CH4": "unconfirmed",
        "N2O": "unconfirmed",
    },
    "confirmed by look-up (secondary copy)": "secondary",
    "confirmed by look-up (secondary copies)": "secondary",
    "confirmed by look-up (two secondary copies)": "secondary",
    "confirmed by look-up (secondary copy, one app)": "secondary",
    "confirmed by look-up (secondary, conflicting)": "secondary",
    "confirmed by look-up (secondary copy: public mapping of the standard)": "secondary",
    "confirmed by look-up (energy statistical yearbook conversion table)": "secondary",
    "confirmed by look-up": "lookup",
    "derived arithmetic": "derived",
    "from memory, unconfirmed": "unconfirmed",
}
WEAK = {"confirmed by look-up (secondary copy, one app)": "weak: seen in one copy only"}

# The one wording allowed for the CH4/N2O limits of fuels.csv: they are never written.
LIMITS_UNCONFIRMED = ("", "from memory, unconfirmed")

# --------------------------------------------------------------------------
# Notes of fuels.csv: (phrase in the source, values it belongs to, text to write).
# Longer phrases first. No values: said once in the note of the family.
# --------------------------------------------------------------------------
NOTE_PHRASES = [
    ("CH4/N2O limits from memory", (), ""),
    ("NCV limits from memory", ("ncv",), "limits from memory, left out"),
    ("CO2 is a memo item outside scope totals", ("CO2",), "memo item outside scope totals"),
    ("per tonne of gas: IPCC has no per-volume NCV; use the Chinese sets for 10^4 Nm3", ("ncv",),
     "per tonne of gas: IPCC has no NCV by volume"),
    ("IPCC gives no default NCV", ("carbon_content", "CO2"), "IPCC gives no default NCV"),
    ("bonsai_ipcc prints 11.8 (copied from sulphite lyes); 11.6 is the IPCC value, "
     "confirmed by a second transcription", ("ncv",),
     "bonsai_ipcc prints 11.8 (copied from sulfite lyes); a second transcription confirms 11.6"),
    ("LNG, tar and other gas of the same table were not found in a consistent copy", (), ""),
    ("some copies list 98 % because they file it under liquids", ("oxidation",),
     "some copies list 98 % because they file it under liquids"),
    ("secondary copies disagree on carbon content (12.1 or 13.58 tC/TJ)", ("carbon_content",),
     "weak: copies disagree on this value (12.1 or 13.58)"),
    ("penalty value 0.03085 tC/GJ (2022 revision; 0.03356 tC/GJ earlier); "
     "only when nothing is measured", ("carbon_content",),
     "penalty value, only when nothing is measured"),
    ("penalty value", ("carbon_content",), "penalty value, only when nothing is measured"),
    ("equals carbon content x oxidation x 44/12 of the provincial guide (arithmetic check passes)",
     ("CO2",), "equals carbon content x oxidation x 44/12 of the provincial guide"),
    ("1 kgce = 29.3076 MJ; kgce value agrees with NCV/29.3076", (), ""),
]
GBT32151_CITES = re.compile(r"(standard cites [a-e](?:,[a-e])*) \(a IPCC 2006/2019, .*\)")

# --------------------------------------------------------------------------
# Rules of single sources
# --------------------------------------------------------------------------
IPCC_TABLE_CELL = ("1.2 (NCV), 1.3 (C), 1.4 (CO2), 2.3 (CH4/N2O manufacturing), "
                   "2.2 (energy industries)")
IPCC_TABLES = {"ncv": "1.2", "carbon_content": "1.3", "oxidation": "", "CO2": "1.4",
               "CH4": "2.3", "N2O": "2.3"}
IPCC_TABLE_ENERGY_INDUSTRIES = "2.2"
EPA_TABLE_CELL = "C-1 (CO2), C-2 (CH4, N2O)"
EPA_TABLES = {"CO2": "C-1", "CH4": "C-2", "N2O": "C-2"}

# Neither wholly fossil nor wholly biogenic, although us_epa.csv says `no`.
EPA_MIXED_CARBON = {"municipal_solid_waste", "waste_tires"}

EPA_NOTES = {  # carrier, gas
    ("biogas", "CH4"): "weak: Table C-2 as amended in 2013 has 3.2 for gaseous biomass fuels",
    ("propane_gas", "CH4"): "weak: Table C-2 as amended in 2013 has no such value for propane gas",
}

# GB/T 2589 rows of the older edition, and what else their names say.
GBT2589_SOURCE = "GB/T 2589-2020 General rules for comprehensive energy consumption"
GBT2589_EDITION_2008 = {"natural_gas_oilfield", "natural_gas_gasfield", "fresh_water_2008"}
GBT2589_NOTES = {
    "electricity_eq": "calorific equivalent; prints 0.1229 where 3.6/29.3076 gives 0.1228",
    "heat_eq": "calorific equivalent",
    "hydrogen": "density 0.082 kg/m3",
    "fresh_water": "0.2571 in the 2020 edition, 0.0857 before",
}

REGIONS = {"global default, 95 % limits": "global", "China": "cn", "US": "us"}

GRID_KINDS = {
    "grid_average": "grid_average",
    "residual_like": "residual_mix",
    "fossil_power": "fossil_power",
    "life_cycle": "life_cycle",
    "operating_margin": "operating_margin",
    "heat_average": "",
    "heat_derived": "",
    "contract": "",
}
GRID_TECHNIQUES = {  # by id, where the kind alone does not say it
    "elec.nonfossil.zero": "non_fossil_contract",
    "elec.ndrc.selfuse.biomass": "biomass_own_use",
    "heat.derived.steam_coal_boiler": "steam_coal_boiler",
    "heat.derived.steam_gas_boiler": "steam_gas_boiler",
}
ETS_USE = "ETS-type facility reporting of purchased electricity"
GRID_YEARS = {  # text -> valid_from, valid_to, end of the technique; plain years need no entry
    "2015-based": ("", "2020", ""),
    "2021-draft": ("2021", "2021", "_draft"),
    "reporting 2021": ("2021", "2021", ""),
    "reporting 2022": ("2022", "2022", ""),
    "2012-2014 mean": ("2012", "2014", "_mean"),
    "2019 edition": ("2019", "2019", ""),
    "any": ("", "", ""),
    "n/a": ("", "", ""),
}
GRID_NOTES = {
    "grid.cn.national.2015-based":
        "valid_to 2020 because 0.5810 is the factor of reporting year 2021",
    "heat.cn.shanghai.2022": "adjustment of 2022, no end given",
}
GRID_FAMILY_NOTE = "Tibet is not published"  # in 90 rows; said once in the note of the family
GRID_UNITS = {"tCO2/MWh": "t/MWh", "tCO2e/MWh": "t/MWh", "tCO2/GJ": "t/GJ"}

GWP_SETS = {  # assessment, horizon, carbon-climate feedback -> technique
    ("SAR", "100", "no"): "SAR",
    ("AR4", "100", "no"): "AR4",
    ("AR4", "20", "no"): "AR4-20",
    ("AR5", "100", "no"): "AR5",
    ("AR5", "100", "yes"): "AR5cc",
    ("AR5", "20", "no"): "AR5-20",
    ("AR5", "20", "yes"): "AR5cc-20",
    ("AR6", "100", "yes (AR6 default)"): "AR6",
    ("AR6", "20", "yes (AR6 default)"): "AR6-20",
}
GWP_SPECIES = {  # species split by origin -> gas, biogenic
    "CH4_fossil": ("CH4", "no"),
    "CH4_biogenic": ("CH4", "yes"),
}

CEADS_FOLDER = "cases/o11_ceads_beijing_2011"
CEADS_RAW_COAL = {  # name -> end of the id, applies_to
    "CoalRaw(Agriculture,Construction)": ("a", "sector:A;sector:E"),
    "CoalRaw(services, households, transport)": (
        "b", "sector:F;sector:G;sector:other_services;"
             "sector:urban_households;sector:rural_households"),
}


# --------------------------------------------------------------------------
# Families: what family.toml says
# --------------------------------------------------------------------------
@dataclass
class Family:
    id: str
    title_en: str
    title_zh: str
    publisher: str
    edition: str
    citation: str
    licence: str
    note: list[str]
    co2_carbon_ratio: str = "44/12"
    rows: list[dict[str, str]] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)


FACTS = "Figures are facts and are quoted with their source; no text of the document is reproduced."
CARBON_SET = ("CO2 is NCV x carbon content x oxidation x 44/12 from this family alone: "
              "never mix the NCV of one family with the carbon content of another.")
COKE_OVEN_GAS_SLIP = ("Public collections mix two carbon contents of coke-oven gas "
                      "(13.58 in Chinese tables, 12.1 in IPCC's).")

FAMILIES = [
    Family(
        id="ipcc_2006",
        title_en="IPCC 2006 Guidelines, Volume 2 Energy: default factors of stationary combustion",
        title_zh="IPCC 2006年国家温室气体清单指南 第2卷 能源:固定源燃烧缺省因子",
        publisher="Intergovernmental Panel on Climate Change (IPCC)",
        edition="2006 (unchanged in 2019 Refinement)",
        citation="IPCC (2006). 2006 IPCC Guidelines for National Greenhouse Gas Inventories, "
                 "Volume 2: Energy. Eggleston H.S., Buendia L., Miwa K., Ngara T., Tanabe K. "
                 "(eds). IGES, Japan.",
        licence=FACTS,
        note=[
            "Copied from package transcriptions (mainly bonsai_ipcc 0.5.3); "
            "the IPCC text was not read.",
            "Carbon content with oxidation 1 and the printed CO2 factor are two routes to the "
            "same emission: use one. The printed factor is rounded.",
            "CH4 and N2O: a blank technique is manufacturing and construction; energy_industries "
            "is written only where it differs.",
            "CH4 and N2O limits are unconfirmed throughout and are left empty.",
            "Known slips of bonsai_ipcc: NCV of other solid biomass 11.8 (here 11.6) and the "
            "fossil fraction of paper.",
            "The NCV of gases is per tonne. " + COKE_OVEN_GAS_SLIP,
        ],
    ),
    Family(
        id="cn_ndrc_2015",
        title_en="NDRC 2015 guideline for enterprises of other industrial sectors: fuel properties",
        title_zh="工业其他行业企业温室气体排放核算方法与报告指南(试行):燃料特性参数缺省值",
        publisher="National Development and Reform Commission (NDRC) of China",
        edition="2015",
        citation="NDRC (2015). Guideline on accounting and reporting of greenhouse gas emissions "
                 "of enterprises in other industrial sectors (trial), Annex 2 Table 2.1.",
        licence=FACTS,
        note=[
            CARBON_SET,
            "All values were seen in one secondary copy only (an app).",
            COKE_OVEN_GAS_SLIP + " LNG has NCV 41.868 here and 51.498 in GB/T 32151: "
            "do not mix them.",
        ],
    ),
    Family(
        id="cn_ndrc_2013_steel",
        title_en="NDRC 2013 guideline for iron and steel producers: fuel properties",
        title_zh="中国钢铁生产企业温室气体排放核算方法与报告指南(试行):燃料特性参数缺省值",
        publisher="National Development and Reform Commission (NDRC) of China",
        edition="2013",
        citation="NDRC (2013). Guideline on accounting and reporting of greenhouse gas emissions "
                 "of iron and steel producers in China (trial), Annex 2 Table 1.",
        licence=FACTS,
        note=[
            CARBON_SET,
            COKE_OVEN_GAS_SLIP + " This set has 12.1.",
            "Suspect against the sister tables: LNG carbon content 17.2 (15.3 elsewhere; 17.2 is "
            "the value of LPG); NCV of coke-oven gas 173.54 (173.854 elsewhere).",
        ],
    ),
    Family(
        id="cn_gbt32151_2024",
        title_en="GB/T 32151-2024 (parts 22 and 34): fuel properties",
        title_zh="GB/T 32151-2024 温室气体排放核算与报告要求(第22、34部分):化石燃料特性参数缺省值",
        publisher="Standardization Administration of China (SAC)",
        edition="2024 (in force 2025-03-01)",
        citation="GB/T 32151.22-2024 and GB/T 32151.34-2024, Requirements of the greenhouse gas "
                 "emission accounting and reporting, Table C.1.",
        licence=FACTS,
        note=[
            CARBON_SET,
            "The two parts print identical tables; read in a public mapping of the standard.",
            "Row notes name what the standard cites: a IPCC 2006/2019, b provincial GHG guide, "
            "c national inventory study of 2005, d energy yearbook 2021, e GB/T 2589.",
            "Most parts report CO2 only; part 34 says so.",
            COKE_OVEN_GAS_SLIP + " LNG has NCV 51.498 here and 41.868 in the NDRC sets.",
        ],
    ),
    Family(
        id="cn_mee_power_2022",
        title_en="MEE guideline for power generation facilities (2021, revised 2022): "
                 "fuel properties",
        title_zh="企业温室气体排放核算方法与报告指南 发电设施(2021年、2022年修订):燃料参数缺省值",
        publisher="Ministry of Ecology and Environment (MEE) of China",
        edition="2021-2022",
        citation="MEE (2021, revised 2022). Guideline on enterprise greenhouse gas emission "
                 "accounting and reporting: power generation facilities, Annex A Table A.1.",
        licence=FACTS,
        note=[
            CARBON_SET,
            "LNG, tar and other gas of the same table were not found in a consistent copy.",
            "coal_unmeasured holds the penalty values of the 2021 and 2022 rules (technique "
            "rule_2021, rule_2022), from memory and therefore unconfirmed.",
            "Copies disagree on the carbon content of coke-oven gas (12.1 or 13.58); "
            "12.1 is written.",
        ],
    ),
    Family(
        id="cn_gbt51366_2019",
        title_en="GB/T 51366-2019 building carbon emission calculation: CO2 factors of fuels",
        title_zh="GB/T 51366-2019 建筑碳排放计算标准:化石燃料碳排放因子",
        publisher="Ministry of Housing and Urban-Rural Development (MOHURD) of China",
        edition="2019",
        citation="GB/T 51366-2019, Standard for building carbon emission calculation, "
                 "Table A.0.1.",
        licence=FACTS,
        note=[
            "The standard prints CO2 per unit of energy; oxidation is already inside, so never "
            "multiply by an oxidation factor again. No NCV is given.",
        ],
    ),
    Family(
        id="cn_gbt2589_2020",
        title_en="GB/T 2589-2020: net calorific values and coal equivalents",
        title_zh="GB/T 2589-2020 综合能耗计算通则:平均低位发热量与折标准煤系数",
        publisher="Standardization Administration of China (SAC)",
        edition="2020",
        citation="GB/T 2589-2020, General rules for calculation of the comprehensive energy "
                 "consumption, Annexes A and B.",
        licence=FACTS,
        note=[
            "1 kgce = 29.3076 MJ; the kgce values agree with NCV/29.3076 within 0.12 %.",
            "The standard prints 0.1229 kgce/kWh where 3.6/29.3076 gives 0.1228; "
            "the printed value is kept.",
            "Coal equivalents of kerosene and LPG circulate shifted in public collections.",
            "Water, compressed air, oxygen, nitrogen and calcium carbide have a coal equivalent "
            "of the energy spent to make them: no heating value, so no ncv row. Electricity and "
            "heat are calorific equivalents.",
            "Naphtha, petroleum coke and converter gas come from the China Energy Statistical "
            "Yearbook; rows of the 2008 edition say so in the edition column.",
        ],
    ),
    Family(
        id="cn_grid",
        title_en="China: CO2 factors of electricity",
        title_zh="中国电力二氧化碳排放因子",
        publisher="MEE and National Bureau of Statistics (NBS) of China; NDRC before 2018",
        edition="data years 2010 to 2024, published to 2025-12-31",
        citation="MEE & NBS Announcements 2024 No.12, 2024 No.33 and 2025 No.47; NDRC and NCSC "
                 "tables of 2013 and 2014; NDRC 2016 and MEE 2019 baseline factors; each row "
                 "names its own.",
        licence=FACTS,
        note=[
            "Technique: grid_average is location-based scope 2; residual_mix is the national "
            "average without market-traded non-fossil power; ets_reporting is the one factor of "
            "facility reporting in a year.",
            "Operating margins (parameter marginal_factor, CO2e) and life_cycle are never inventory factors; "
            "life_cycle is a footprint (CO2e without a split) and never added to a scope 2 figure: "
            "scope 3 takes it less the generation factor of the same year.",
            "Known slips in public collections: operating margins (0.9419 and others) used as "
            "inventory factors; 0.5366 and 0.5568 under the wrong years; 0.5810 labelled with "
            "the wrong data year (it is the factor of reporting year 2021).",
            "Regions: cn.north to cn.southwest are the seven MEE regions; cn.region6.* are the "
            "six NDRC grids, which do not have the same borders. Tibet is not published.",
            "non_fossil_contract is zero only with evidence (certificate, contract, own supply).",
        ],
    ),
    Family(
        id="cn_heat",
        title_en="China: CO2 factors of purchased heat",
        title_zh="中国外购热力二氧化碳排放因子",
        publisher="NDRC, SAC and Shanghai Ecology and Environment Bureau",
        edition="2013-2024",
        citation="NDRC enterprise guidelines 2013-2015; GB/T 32151.34-2024 Table C.3; "
                 "GB/T 32151.22-2024 5.2.7.3; Shanghai adjustment of 2022.",
        licence=FACTS,
        note=[
            "0.11 t/GJ is the default where the supplier has no measured factor; "
            "a factor of the supplier comes first.",
            "The rows with a technique are derived from fuel carbon and boiler efficiency: "
            "a sanity range, not defaults.",
        ],
    ),
    Family(
        id="us_epa_98",
        title_en="US EPA 40 CFR part 98 subpart C: default combustion factors",
        title_zh="美国环保署 40 CFR 98部分 C子部:燃料燃烧缺省排放因子",
        publisher="US Environmental Protection Agency (EPA)",
        edition="as transcribed; amendment not stated",
        citation="40 CFR part 98, subpart C, Tables C-1 (CO2) and C-2 (CH4, N2O).",
        licence="Public domain (work of the US federal government).",
        note=[
            "All factors are on the gross calorific value (higher heating value).",
            "CO2 and CH4 are confirmed in a public transcription; N2O is unconfirmed.",
            "The CO2 of municipal solid waste and tires mixes fossil and biogenic carbon: "
            "biogenic is left blank.",
            "Weak: CH4 of biogas and of propane gas, see their notes.",
        ],
    ),
    Family(
        id="ceads_2011",
        title_en="CEADs: fuel properties behind the Beijing 2011 inventory",
        title_zh="CEADs:北京2011年排放清单所用燃料参数",
        publisher="Carbon Emission Accounts and Datasets (CEADs)",
        edition="2011",
        co2_carbon_ratio="44.0095/12.0107",
        citation="Carbon Emission Accounts and Datasets (CEADs), www.ceads.net; Shan Y., Guan D., "
                 "Zheng H., Ou J., Li Y., Meng J., Mi Z., Liu Z., Zhang Q. (2018). China CO2 "
                 "emission accounts 1997-2015. Scientific Data 5, 170201, "
                 "doi:10.1038/sdata.2017.201.",
        licence="CEADs asks for citation.",
        note=[
            "Made to reproduce a published inventory, not for new ones.",
            "CEADs uses 44.0095/12.0107, not 44/12 (0.07 % lower).",
            "NCV, carbon content and oxidation are computed: their product reproduces the "
            "published answers. The printed product (column EF) is not written.",
            "Raw coal is backed out of the answers: it tests the plumbing, not the factor.",
            "The NCVs come from two editions of GB/T 2589 (43.124 is 2020, 42.652 and 50.179 "
            "are 2008).",
        ],
    ),
    Family(
        id="gwp",
        title_en="Global warming potentials, SAR to AR6",
        title_zh="全球增温潜势(第二次至第六次评估报告)",
        publisher="Intergovernmental Panel on Climate Change (IPCC)",
        edition="SAR to AR6",
        citation="IPCC SAR (1995); AR4 WGI ch. 2 Table 2.14 (2007); AR5 WGI ch. 8 Tables 8.7 and "
                 "8.A.1 (2013); AR6 WGI ch. 7 Tables 7.15 and 7.SM.7 (2021).",
        licence=FACTS + " Checked against the package globalwarmingpotentials 0.13.2 (CC0).",
        note=[
            "technique is the set: SAR, AR4, AR5, AR5cc (with carbon-climate feedback) and AR6 "
            "for 100 years; AR4-20, AR5-20, AR5cc-20 and AR6-20 for 20 years. "
            "No 20-year value of SAR is given.",
            "gas CH4 with biogenic no (fossil), yes (non-fossil) or blank (one value for all "
            "methane). Where fuel carbon is booked in full as CO2, its CH4 slip takes the value "
            "without the CO2 from oxidation (AR6: 27.0, not 29.8).",
            "Table 7.15 prints 5-95 % ranges, which are no 95 % limits: they stand in the note, "
            "and lower and upper are empty.",
            "The AR4-20, AR5-20 and AR5cc-20 sets are incomplete and unconfirmed.",
        ],
    ),
]


# --------------------------------------------------------------------------
# Helpers
# --------------------------------------------------------------------------
class ImportFailure(Exception):
    """Something in the tables that this script does not understand."""


def look_up(table, key, what):
    if key not in table:
        raise ImportFailure(f"unknown {what}: {key!r}")
    return table[key]


def read_csv(path):
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle))


def read_carrier_names():
    """CARRIER_NAMES as {source: {name: carrier}}."""
    lines = [[cell.strip() for cell in line.split("|")]
             for line in CARRIER_NAMES.strip().splitlines()]
    header, body = lines[0], lines[1:]
    names = {source: {} for source in header[1:]}
    for carrier, *cells in body:
        for source, cell in zip(header[1:], cells, strict=True):
            for name in filter(None, (part.strip() for part in cell.split(";"))):
                if name in names[source]:
                    raise ImportFailure(f"{source} name {name!r} is mapped twice")
                names[source][name] = carrier
    return names


def confidence_of(wording, value_name="*"):
    entry = look_up(CONFIDENCE, wording, "confidence wording")
    return entry if isinstance(entry, str) else look_up(entry, value_name, "value of " + wording)


def join_notes(*parts):
    return "; ".join(part for part in parts if part)


def split_notes(text):
    """A note of fuels.csv as {value name: text}; "*" holds for every value."""
    notes = {}

    def add(name, note):
        notes[name] = join_notes(notes.get(name, ""), note)

    match = GBT32151_CITES.fullmatch(text)
    if match:
        return {"*": match.group(1)}
    rest = text
    for phrase, value_names, note in NOTE_PHRASES:
        if phrase in rest:
            rest = rest.replace(phrase, "", 1)
            for name in value_names:
                add(name, note)
    if rest.strip("; "):
        raise ImportFailure(f"unknown note: {text!r}")
    return notes


def add_row(family, *, id_end=(), **cells):
    """Append a row; its id is family, carrier, parameter, gas, technique and `id_end`."""
    row = dict.fromkeys(COLUMNS, "") | cells
    parts = [family.id, row["carrier"], row["parameter"], row["gas"], row["technique"], *id_end]
    row["id"] = row["id"] or ".".join(filter(None, parts))
    if set(row) != set(COLUMNS):
        raise ImportFailure(f"{row['id']}: unknown columns {set(row) - set(COLUMNS)}")
    family.rows.append(row)


def energy_basis(kind, state, unit, dry=False):
    """Basis tokens of an NCV or coal equivalent by mass or volume."""
    if unit == "m3":
        return "NCV;state_unstated"
    if state == "solid" or (not state and kind == "solid_fuel"):
        return "NCV;dry" if dry else "NCV;as_received"
    return "NCV"


# --------------------------------------------------------------------------
# Sources
# --------------------------------------------------------------------------
def import_fuel_set(family, records, set_name, names, kinds, values):
    """One set of fuels.csv. `values` are the values that the set itself prints."""
    for record in (r for r in records if r["set"] == set_name):
        fuel, unit = record["fuel"], record["unit"]
        carrier = look_up(names, fuel, f"fuel of {set_name}")
        notes = split_notes(record["notes"])
        wording = record["confidence"]
        if record["confidence_ch4_n2o_limits"] not in LIMITS_UNCONFIRMED:
            raise ImportFailure(f"{record['id']}: the CH4/N2O limits have become usable")

        def add(name, column, unit, basis, *, parameter=None, gas="", limits="", technique="",
                table=None, extra=""):
            if not record[column]:
                return
            lower, upper = (record[f"{limits}_lower"], record[f"{limits}_upper"]) \
                if limits else ("", "")
            add_row(
                family, carrier=carrier, parameter=parameter or name, gas=gas,
                technique=technique or TECHNIQUES.get(fuel, ""), value=record[column], unit=unit,
                basis=basis, lower=lower, upper=upper, biogenic=record["biogenic"],
                source=record["source"], table=record["table"] if table is None else table,
                edition=record["version"], region=look_up(REGIONS, record["region"], "region"),
                confidence=confidence_of(wording, name),
                note=join_notes(WEAK.get(wording, ""), notes.get("*", ""), notes.get(name, ""),
                                extra),
            )

        ncv_basis = energy_basis(kinds[carrier], record["state"], unit, dry=fuel == "coke"
                                 and "(dry)" in record["name_en"])
        ncv_limits = "" if "NCV limits from memory" in record["notes"] else "ncv"
        ipcc = set_name == "IPCC 2006"
        if ipcc and record["table"] != IPCC_TABLE_CELL:
            raise ImportFailure(f"{record['id']}: unknown table {record['table']!r}")

        def table(name):
            return IPCC_TABLES[name] if ipcc else None

        if "ncv" in values:
            add("ncv", "ncv_gj_per_unit", f"GJ/{unit}", ncv_basis, limits=ncv_limits,
                table=table("ncv"))
        if "carbon" in values:
            add("carbon_content", "carbon_tc_per_tj", "t/TJ", "NCV", limits="carbon",
                table=table("carbon_content"))
            add("oxidation", "oxidation", "1", "", table=table("oxidation"))
        if "CO2" in values:
            add("CO2", "co2_kg_per_tj", "kg/TJ", "NCV", parameter="emission_factor", gas="CO2",
                limits="co2", table=table("CO2"))
        for gas in ("CH4", "N2O"):
            if gas in values:
                column = f"{gas.lower()}_kg_per_tj"
                add(gas, column, "kg/TJ", "NCV", parameter="emission_factor", gas=gas,
                    table=table(gas))
                energy = f"{column}_energy_industries"
                if record[energy] and Decimal(record[energy]) != Decimal(record[column]):
                    add(gas, energy, "kg/TJ", "NCV", parameter="emission_factor", gas=gas,
                        technique="energy_industries", table=IPCC_TABLE_ENERGY_INDUSTRIES)


def import_gbt2589(family, records, names, kinds):
    """GB/T 2589: NCV and coal equivalents, with the exceptions that its row names tell."""
    for record in (r for r in records if r["set"] == "GB/T 2589-2020"):
        fuel, unit = record["fuel"], record["unit"]
        carrier = look_up(names, fuel, "fuel of GB/T 2589-2020")
        split_notes(record["notes"])  # fails on a note that nobody has read
        is_fuel = kinds[carrier].endswith("_fuel")
        basis = ""
        if is_fuel:
            basis = energy_basis(kinds[carrier], record["state"], unit,
                                 dry="(dry)" in record["name_en"])
        elif unit == "m3":
            basis = "state_unstated"
        from_standard = record["source"] == GBT2589_SOURCE
        edition = ""
        if from_standard:
            edition = "2008" if fuel in GBT2589_EDITION_2008 else "2020"
        common = {
            "carrier": carrier,
            "technique": TECHNIQUES.get(fuel, ""),
            "basis": basis,
            "biogenic": record["biogenic"] if is_fuel else "",
            "source": record["source"],
            "table": record["table"] if from_standard else "",
            "edition": edition,
            "region": look_up(REGIONS, record["region"], "region"),
            "confidence": confidence_of(record["confidence"]),
            "note": join_notes(GBT2589_NOTES.get(fuel, ""),
                               "value of the 2008 edition" if edition == "2008" else ""),
        }
        if record["ncv_gj_per_unit"] and is_fuel:
            add_row(family, parameter="ncv", value=record["ncv_gj_per_unit"], unit=f"GJ/{unit}",
                    **common)
        elif record["ncv_gj_per_unit"]:
            family.skipped.append(f"{fuel}: {record['ncv_gj_per_unit']} GJ/{unit} is an energy "
                                  "equivalent, no heating value")
        if record["kgce_per_unit"]:
            add_row(family, parameter="tce", value=record["kgce_per_unit"], unit=f"kgce/{unit}",
                    **common)
        else:
            family.skipped.append(f"{fuel}: range only, {record['kgce_lower']} to "
                                  f"{record['kgce_upper']} kgce/{unit} "
                                  f"({common['confidence']})")


def import_us_epa(family, records, names):
    written = {}
    for record in records:
        carrier = look_up(names, record["fuel"], "fuel of US EPA")
        if record["basis"] != "GCV (HHV)" or record["table"] != EPA_TABLE_CELL:
            raise ImportFailure(f"{record['id']}: unknown basis or table")
        figures = tuple(record[c] for c in
                        ("co2_kg_per_mmbtu", "ch4_g_per_mmbtu", "n2o_g_per_mmbtu", "biogenic"))
        if carrier in written:
            if written[carrier] != figures:
                raise ImportFailure(f"{record['id']}: a second {carrier} with other figures")
            family.skipped.append(f"{record['fuel']}: same figures as the row already written "
                                  f"for {carrier}")
            continue
        written[carrier] = figures
        basis = "GCV;dry" if "(dry basis)" in record["fuel"] else "GCV"
        mixed = carrier in EPA_MIXED_CARBON
        for gas, value, unit, column in (
            ("CO2", figures[0], "kg/MMBtu", "confidence_co2_ch4"),
            ("CH4", figures[1], "g/MMBtu", "confidence_co2_ch4"),
            ("N2O", figures[2], "g/MMBtu", "confidence_n2o"),
        ):
            add_row(
                family, carrier=carrier, parameter="emission_factor", gas=gas, value=value,
                unit=unit, basis=basis, biogenic="" if mixed else record["biogenic"],
                source=record["source"], table=EPA_TABLES[gas],
                region=look_up(REGIONS, record["region"], "region"),
                confidence=confidence_of(record[column]),
                note=join_notes("fossil and biogenic carbon mixed" if mixed else "",
                                EPA_NOTES.get((carrier, gas), "")),
            )


def grid_region(record):
    level = record["region_level"]
    slug = re.sub(r" China( grid)?$", "", record["region"]).lower().replace(" ", "_")
    prefixes = {
        "provincial": "cn.province.",
        "municipal": "cn.city.",
        "regional (six NDRC grids)": "cn.region6.",
        "regional (seven MEE regions)": "cn.",
    }
    if level in prefixes:
        return prefixes[level] + slug
    if level in ("national", "technology", "any") and record["region"] in ("China", "any"):
        return "cn"
    raise ImportFailure(f"{record['id']}: unknown region {level!r}, {record['region']!r}")


def grid_years(text):
    if re.fullmatch(r"\d{4}", text):
        return text, text, ""
    return look_up(GRID_YEARS, text, "year")


def import_grid(family, records, carrier):
    """Electricity or heat rows of grid.csv."""
    for record in records:
        life_cycle = record["kind"] == "life_cycle"
        # Operating margins belong to projects, never to an inventory: a parameter of their own.
        marginal = record["kind"] == "operating_margin"
        if record["gases"] == "CO2e" and not (life_cycle or marginal):
            raise ImportFailure(f"{record['id']}: CO2e without a split")
        if record["kind"].startswith("heat_") != (carrier == "heat"):
            continue
        valid_from, valid_to, end = grid_years(record["year"])
        if carrier == "heat":
            valid_to = ""
        technique = look_up(GRID_KINDS, record["kind"], "kind") or \
            GRID_TECHNIQUES.get(record["id"], "")
        if record["use"] == ETS_USE:
            technique = "ets_reporting"
        if not technique and record["kind"] != "heat_average":
            raise ImportFailure(f"{record['id']}: no technique")
        region = grid_region(record)
        years = valid_from if valid_from == valid_to else "-".join(filter(None, (valid_from,
                                                                                valid_to)))
        if record["year"] == "2015-based":
            years = record["year"]
        note = record["notes"] if record["notes"] != GRID_FAMILY_NOTE else ""
        add_row(
            family, id_end=(region, years), carrier=carrier,
            parameter="footprint" if life_cycle else "marginal_factor" if marginal else "emission_factor",
            gas="CO2e_life_cycle" if life_cycle else "" if marginal else record["gases"], technique=technique + end, value=record["value"],
            unit=look_up(GRID_UNITS, record["unit"], "unit"), lower=record["lower"],
            upper=record["upper"], source=record["source"], table=record["table"],
            edition=record["published"], region=region, valid_from=valid_from, valid_to=valid_to,
            confidence=confidence_of(record["confidence"]),
            note=join_notes(record["use"], note, GRID_NOTES.get(record["id"], "")),
        )


def import_gwp(family, records):
    for record in records:
        key = (record["assessment"], record["horizon_yr"], record["carbon_climate_feedback"])
        technique = look_up(GWP_SETS, key, "GWP set")
        gas, biogenic = GWP_SPECIES.get(record["species"], (record["species"], ""))
        origin = record["species"].removeprefix(gas).lstrip("_")
        by_definition = record["checked_against"] == "definition"
        table = re.search(r"Table ([^,]+)", record["source"])
        limits = "" if not record["lower"] else \
            f"5-95 % range as printed: {record['lower']} to {record['upper']}"
        label = record["label"] if "(" in record["label"] else ""
        add_row(
            family, id=".".join(filter(None, (family.id, gas, origin, technique))),
            parameter="gwp", gas=gas, technique=technique, value=record["gwp"], unit="1",
            biogenic=biogenic, source=record["source"], table=table.group(1) if table else "",
            edition=record["assessment"], region="global",
            confidence="computed" if by_definition else confidence_of(record["confidence"]),
            note=join_notes(label, record["notes"], limits),
        )


def import_ceads(family, records, names):
    for record in records:
        common = {"source": record["source"], "table": f"{CEADS_FOLDER}/factors.csv",
                  "edition": "2011", "region": "cn", "valid_from": "2011", "valid_to": "2011",
                  "biogenic": "no"}
        if record["fuel"] in CEADS_RAW_COAL:
            if record["EF_unit"] != "tCO2/t":
                raise ImportFailure(f"{record['fuel']}: unknown unit {record['EF_unit']!r}")
            end, applies_to = CEADS_RAW_COAL[record["fuel"]]
            add_row(family, id_end=(end,), carrier=names["CoalRaw"], parameter="emission_factor",
                    gas="CO2", applies_to=applies_to, value=record["EF"], unit="t/t",
                    basis="as_received", confidence="derived",
                    note="backed out of the CEADs 2011 answers: tests the plumbing, "
                         "not the factor", **common)
            continue
        # The table has no confidence column: the product of the three reproduces the
        # published answers of the case, hence `computed`.
        common |= {"carrier": look_up(names, record["fuel"], "fuel of CEADs"),
                   "confidence": "computed"}
        unit = record["NCV_unit"]
        if unit not in ("MJ/kg", "MJ/m3"):
            raise ImportFailure(f"{record['fuel']}: unknown unit {unit!r}")
        add_row(family, parameter="ncv", value=record["NCV"], unit=unit,
                basis="NCV;state_unstated" if unit == "MJ/m3" else "NCV", **common)
        add_row(family, parameter="carbon_content", value=record["carbon_tC_per_TJ"], unit="t/TJ",
                basis="NCV", **common)
        add_row(family, parameter="oxidation", value=record["oxidation"], unit="1", **common)


# --------------------------------------------------------------------------
# Output
# --------------------------------------------------------------------------
def check(family, kinds):
    """What must hold of any family, so that a slip stops here and not in the engine."""
    seen = set()
    for row in family.rows:
        if row["id"] in seen:
            raise ImportFailure(f"two rows with id {row['id']}")
        seen.add(row["id"])
        if row["carrier"] and row["carrier"] not in kinds:
            raise ImportFailure(f"{row['id']}: {row['carrier']} is not in carriers.csv")
        try:
            value = Decimal(row["value"])
            lower = Decimal(row["lower"] or row["value"])
            upper = Decimal(row["upper"] or row["value"])
        except InvalidOperation as error:
            raise ImportFailure(f"{row['id']}: not a number") from error
        if not lower <= value <= upper:
            raise ImportFailure(f"{row['id']}: value outside its limits")


def toml_string(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def write(family):
    folder = HERE / family.id
    folder.mkdir(exist_ok=True)
    with (folder / "factors.csv").open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(sorted(family.rows, key=lambda row: row["id"]))

    note = list(family.note)
    if family.skipped:
        note += ["Not written:"] + [f"- {item}" for item in family.skipped]
    lines = [f"{key} = {toml_string(getattr(family, key))}" for key in
             ("id", "title_en", "title_zh", "publisher", "edition", "co2_carbon_ratio",
              "citation", "licence")]
    body = "\n".join(note).replace("\\", "\\\\").replace('"', '\\"')
    lines.append(f'note = """\n{body}\n"""')
    (folder / "family.toml").write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def run(shared):
    fuels = read_csv(shared / "factors/fuels.csv")
    grid = read_csv(shared / "factors/grid.csv")
    us_epa = read_csv(shared / "factors/us_epa.csv")
    gwp = read_csv(shared / "factors/gwp.csv")
    ceads = read_csv(shared / CEADS_FOLDER / "factors.csv")
    kinds = {row["id"]: row["kind"] for row in read_csv(HERE / "carriers.csv")}
    names = read_carrier_names()
    china = names["China"]
    families = {family.id: family for family in FAMILIES}

    def fuel_set(family_id, set_name, source_names, *values):
        import_fuel_set(families[family_id], fuels, set_name, source_names, kinds, values)

    fuel_set("ipcc_2006", "IPCC 2006", names["IPCC 2006"], "ncv", "carbon", "CO2", "CH4", "N2O")
    fuel_set("cn_ndrc_2015", "NDRC 2015 industry", china, "ncv", "carbon")
    fuel_set("cn_ndrc_2013_steel", "NDRC 2013 steel", china, "ncv", "carbon")
    fuel_set("cn_gbt32151_2024", "GB/T 32151-2024", china, "ncv", "carbon")
    fuel_set("cn_mee_power_2022", "MEE power 2021-2022", china, "ncv", "carbon")
    fuel_set("cn_gbt51366_2019", "GB/T 51366-2019", china, "CO2")
    import_gbt2589(families["cn_gbt2589_2020"], fuels, china, kinds)
    import_grid(families["cn_grid"], grid, "electricity")
    import_grid(families["cn_heat"], grid, "heat")
    import_us_epa(families["us_epa_98"], us_epa, names["US EPA"])
    import_ceads(families["ceads_2011"], ceads, names["CEADs"])
    import_gwp(families["gwp"], gwp)

    known = {"IPCC 2006", "NDRC 2015 industry", "NDRC 2013 steel", "GB/T 32151-2024",
             "MEE power 2021-2022", "GB/T 51366-2019", "GB/T 2589-2020"}
    if unknown := {record["set"] for record in fuels} - known:
        raise ImportFailure(f"unknown sets in fuels.csv: {unknown}")

    for family in FAMILIES:
        check(family, kinds)
    for family in FAMILIES:
        write(family)
        print(f"{family.id}: {len(family.rows)} rows")
        for item in family.skipped:
            print(f"{family.id}: not written: {item}", file=sys.stderr)


def main(run):
    """The command of a script: `run` gets the folder of its one argument; what it does not understand ends it."""
    if len(sys.argv) != 2:
        sys.exit(f"usage: {sys.argv[0]} SHARED_FOLDER")
    try:
        run(Path(sys.argv[1]))
    except (ImportFailure, OSError, KeyError) as error:
        sys.exit(f"error: {error}")


if __name__ == "__main__":
    main(run)
