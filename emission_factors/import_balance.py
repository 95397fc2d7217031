#!/usr/bin/env python3
"""Write the families of compositions: of fuels, products and wastes, and of gases.

    python3 emission_factors/import_balance.py /work/shared

Reads   SHARED/factors/balance.csv and carriers.csv next to this script.
Writes  composition_practice and gas_composition next to this script.

One line of MAP a row: its id in the shared table, and what becomes of it; a stem with `*` stands for the rows that
begin with it. A row that MAP does not know stops the script, and so does an unknown wording or unit. What is left
out on purpose is listed on stderr. Values are copied as printed.

Python 3.11, standard library only.
"""

import sys

import import_shared as shared
from import_shared import FACTS, Family, ImportFailure, add_row, join_notes, look_up, read_csv

FAMILIES = [
    Family(
        id="composition_practice",
        title_en="Compositions and splits of elements, of practice",
        title_zh="物料成分与元素分配（经验值）",
        publisher="nobody in particular",
        edition="",
        citation="Each row names what it rests on.",
        licence=FACTS,
        note=[
            "From memory except the anodes: never a default. Put the assay of the plant in carriers.csv.",
            "Shares of sulfur and ash say where an element of the inputs goes; the technique names the process.",
        ],
    ),
    Family(
        id="gas_composition",
        title_en="Gases: components of mixtures, density, heating value",
        title_zh="气体：混合气组成、密度与热值",
        publisher="nobody in particular",
        edition="",
        citation="Densities are molar mass over 22.41397 L/mol; each row names what it rests on.",
        licence=FACTS,
        note=[
            "Compositions and heating values are from memory: never a default. Measure the gas.",
            "Technique of a share by volume: the component. Volumes are at 0 C and 101.325 kPa, gases ideal.",
        ],
    ),
]

CONFIDENCE = shared.CONFIDENCE | {
    "derived arithmetic; composition and heating values from memory": "unconfirmed",
    "confirmed by look-up (secondary copy)": "secondary",
    "confirmed by look-up (bonsai package value; secondary copy)": "transcription",
}
UNITS = {"t/t": "t/t", "t/t ar": "t/t", "t/t ad": "t/t", "t/t d": "t/t", "t/t dry": "t/t", "t/t wet": "t/t", "-": "1",
         "mol/mol": "1", "kg/Nm3": "kg/Nm3", "MJ/Nm3": "MJ/Nm3", "kgC/Nm3": "kg/Nm3"}
# Of the printed unit: the state of the sample.
BASES = {"t/t ar": "as_received", "t/t wet": "as_received", "t/t d": "dry", "t/t dry": "dry"}
AIR_DRIED = {"t/t ad": "air-dried basis"}

# id in the shared table | carrier | parameter | technique; "-" leaves it out
COMPOSITION = """
comp.coal_anthracite.s          | anthracite | sulfur |
comp.coal_anthracite.ash        | anthracite | ash |
comp.coal_anthracite.moisture   | anthracite | moisture |
comp.coal_bituminous.s          | bituminous | sulfur |
comp.coal_bituminous.ash        | bituminous | ash |
comp.coal_bituminous.moisture   | bituminous | moisture |
comp.coal_bituminous.h          | bituminous | hydrogen |
comp.coal_bituminous.n          | bituminous | total_nitrogen |
comp.coal_lignite.s             | lignite | sulfur |
comp.coal_lignite.ash           | lignite | ash |
comp.coal_lignite.moisture      | lignite | moisture |
comp.washed_coal.s              | washed_coal | sulfur |
comp.washed_coal.ash            | washed_coal | ash |
comp.washed_coal.moisture       | washed_coal | moisture |
comp.coke_met.s                 | coke | sulfur |
comp.coke_met.ash               | coke | ash |
comp.coke_met.fixed             | coke | fixed_carbon |
comp.petcoke.s                  | petroleum_coke | sulfur |
comp.fuel_oil.s                 | fuel_oil | sulfur |
comp.diesel.s                   | diesel | sulfur |
comp.gangue.ash                 | coal_gangue | ash |
comp.limestone.cao              | limestone | cao |
comp.limestone.caco3            | limestone | carbonate |
comp.bf_slag.cao                | blast_furnace_slag | cao |
comp.bf_slag.sio2               | blast_furnace_slag | silica |
comp.bf_slag.s                  | blast_furnace_slag | sulfur |
comp.steel_slag.cao             | steel_slag | cao |
comp.steel_slag.total_lowfe     | steel_slag | iron |
comp.fly_ash.cao                | fly_ash | cao |
comp.fly_ash.loss               | fly_ash | loss_on_ignition |
comp.carbide_slag.caoh2         | carbide_slag | calcium_hydroxide |
comp.carbide_slag.moisture      | carbide_slag | moisture |
comp.fgd_gypsum.caso4_2h2o      | fgd_gypsum | gypsum |
comp.fgd_gypsum.free            | fgd_gypsum | moisture |
comp.red_mud.fe2o3              | red_mud | iron_oxide |
comp.phosphogypsum.caso4_2h2o   | phosphogypsum | gypsum |
comp.sludge.moisture            | sewage_sludge | moisture |
comp.anode_s                    | carbon_anode | sulfur |
comp.anode_ash                  | carbon_anode | ash |
comp.pitch_ash                  | anode_paste | ash |
split.s_coke                    | coke | sulfur_share | coking
split.s_cog                     | coke_oven_gas | sulfur_share | coking
split.s_tar                     | coal_tar | sulfur_share | coking
split.s_bf_slag                 | blast_furnace_slag | sulfur_share | blast_furnace
split.s_cement                  | clinker | sulfur_share | cement_kiln
split.ash_fly_pc                | fly_ash | ash_share | pulverized
split.ash_fly_cfb               | fly_ash | ash_share | fluidized_bed
split.ash_fly_stoker            | fly_ash | ash_share | stoker
"""
GASES = """
gas.rho.CH4                     | methane | density |
gas.lhv.CH4                     | methane | ncv |
gas.rho.C2H6                    | ethane | density |
gas.lhv.C2H6                    | ethane | ncv |
gas.rho.C3H8                    | propane_gas | density |
gas.lhv.C3H8                    | propane_gas | ncv |
gas.rho.C2H4                    | ethylene | density |
gas.lhv.C2H4                    | ethylene | ncv |
gas.rho.H2                      | hydrogen | density |
gas.lhv.H2                      | hydrogen | ncv |
gas.rho.CO                      | carbon_monoxide | density |
gas.lhv.CO                      | carbon_monoxide | ncv |
gas.rho.CO2                     | co2_gas | density |
gas.rho.N2                      | nitrogen | density |
gas.rho.H2S                     | hydrogen_sulfide | density |
gas.lhv.H2S                     | hydrogen_sulfide | ncv |
gas.rho.ch4_cn                  | methane | density | inventory_convention
"""
# Stem of mix.* | carrier.
MIXTURES = {"cog": "coke_oven_gas", "bfg": "blast_furnace_gas", "ldg": "converter_gas", "ng": "natural_gas",
            "biogas": "biogas"}
# Last part of mix.* | parameter and technique.
PARTS = {"CH4": ("methane_fraction", ""), "lhv": ("ncv", ""), "c": ("carbon_content", "")} | {
    gas: ("volume_fraction", gas.lower()) for gas in ("H2", "CO", "CO2", "C2H4", "C2H6", "C3H8", "N2", "O2")}

LEFT_OUT = {
    "atom.": "atomic masses: molar masses stand with the reactions, in src/methods",
    "mol.": "molar masses: they stand with the reactions, in src/methods",
    "const.feedwater": "enthalpy of the feed water: src/steam computes it",
    "const.": "a constant or unit: in src/quantity or with its method",
    "carb.ipcc2006.": "NCV times carbon content of ipcc_2006",
    "carb.gb32151.": "NCV times carbon content of cn_gbt32151_2024",
    "carb.ipcc_is.": "written by import_processes.py",
    "steam.": "src/steam computes it; a test holds it against this row",
    "water.": "src/steam computes it",
    "rx.": "stoichiometry: follows from the formulas of the substances",
}


def rules():
    """{source id: (family, carrier, parameter, technique)}."""
    table = {}
    for family, text in (("composition_practice", COMPOSITION), ("gas_composition", GASES)):
        for line in text.strip().splitlines():
            source, *rest = (cell.strip() for cell in line.split("|"))
            if source in table:
                raise ImportFailure(f"{source} is mapped twice")
            table[source] = (family, *rest)
    return table


def rule_of(table, source):
    if source in table:
        return table[source]
    if source.startswith("mix."):
        _, mixture, part = source.split(".")
        return ("gas_composition", look_up(MIXTURES, mixture, "mixture"), *look_up(PARTS, part, "part of a mixture"))
    raise ImportFailure(f"unknown row {source!r}")


def write_row(family, record, carrier, parameter, technique):
    printed = record["unit"]
    basis = BASES.get(printed, "")
    if parameter == "ncv":
        basis = "NCV"
    lower, upper = record["lower"], record["upper"]
    add_row(
        family, carrier=carrier, parameter=parameter, technique=technique, value=record["value"],
        unit=look_up(UNITS, printed, "unit"), basis=basis, source=record["source"], table=record["table"],
        edition=record["version"], region="cn" if "China" in record["item"] or "Chinese" in record["source"] else "global",
        confidence=look_up(CONFIDENCE, record["confidence"], "confidence wording"),
        # Limits of practice are ranges, no 95 % limits.
        note=join_notes(record["item"], AIR_DRIED.get(printed, ""), record["notes"].strip(),
                        f"range as given: {lower or 0} to {upper}" if upper else ""),
    )


def run(folder):
    kinds = {row["id"]: row["kind"] for row in read_csv(shared.HERE / "carriers.csv")}
    families = {family.id: family for family in FAMILIES}
    table, seen = rules(), set()
    for record in read_csv(folder / "factors/balance.csv"):
        source = record["id"]
        seen.add(source)
        reason = next((why for stem, why in LEFT_OUT.items() if source.startswith(stem)), None)
        if source.startswith("mix.") and source.endswith(".c_gj"):
            reason = "carbon over heating value of rows that are here"
        if reason:
            print(f"not written: {source}: {reason}", file=sys.stderr)
            continue
        family, *rest = rule_of(table, source)
        write_row(families[family], record, *rest)
    if unused := set(table) - seen:
        raise ImportFailure(f"rows that are gone: {sorted(unused)}")
    for family in FAMILIES:
        shared.check(family, kinds)
    for family in FAMILIES:
        shared.write(family)
        print(f"{family.id}: {len(family.rows)} rows")


if __name__ == "__main__":
    shared.main(run)
