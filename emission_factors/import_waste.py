#!/usr/bin/env python3
"""Write the families of waste, wastewater and industrial gases from the shared tables.

    python3 emission_factors/import_waste.py /work/shared

Reads   SHARED/factors/waste_water.csv
Writes  ipcc_2006_waste, ipcc_2019_waste, ipcc_2006_decay_{dry,wet,tropical}, cn_waste,
        cn_guide_2011 and industrial_gases next to this script.

Same tables, same bytes. Every row of waste_water.csv is either mapped below or
left out below, with the reason; an id, wording or unit that is in neither stops
the script. Python 3.11, standard library only.
"""

import csv
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent

COLUMNS = (
    "id,carrier,parameter,gas,technique,applies_to,value,unit,basis,lower,upper,"
    "distribution,biogenic,source,table,edition,region,valid_from,valid_to,confidence,note"
).split(",")

CONFIDENCE = {
    "confirmed by look-up (package transcription, mainly bonsai_ipcc; IPCC text not read)":
        "transcription",
    "confirmed by look-up (secondary copy)": "secondary",
    "from memory, unconfirmed": "unconfirmed",
}
REGIONS = {"global": "global", "China": "cn", "": "global"}
# Printed unit and the unit of the family; the substance is not part of it.
UNITS = {
    "fraction": "1", "m3/m3": "1", "mol/mol": "1", "1/yr": "1",
    "kgCH4/kg COD": "kg/kg", "kgCH4/kg BOD": "kg/kg", "kgN2O-N/kg N": "kg/kg", "kgC/kg": "kg/kg",
    "kgC/kg dry": "kg/kg", "kg/kg wet": "kg/kg", "kg/m3": "kg/m3", "g/kg waste": "g/kg", "m3/t product": "m3/t",
    # kg per Gg is g per t.
    "kgCH4/Gg wet": "g/t", "kgN2O/Gg wet": "g/t", "kgN2O/Gg dry": "g/t", "tCO2/t": "t/t",
}

IPCC06, IPCC19, CN = "ipcc_2006_waste", "ipcc_2019_waste", "cn_waste"
AEROBIC = ["wastewater_plant_aerobic", "wastewater_plant_aerobic_domestic",
           "wastewater_plant_aerobic_overloaded"]
ANAEROBIC = ["wastewater_plant_anaerobic", "wastewater_lagoon_shallow", "wastewater_lagoon_deep"]
# Municipal refuse and the fractions by which a park may split it.
REFUSE = ["municipal_solid_waste", "food_waste", "garden_waste", "waste_nappies", "waste_paper",
          "waste_plastics", "waste_rubber_leather", "waste_textiles", "waste_wood"]
OF_REFUSE = "printed for municipal solid waste; here for a fraction of it"


def entry(family, parameter, *, carriers=("",), techniques=("",), gas="", basis="", biogenic="",
          note=""):
    return {"family": family, "parameter": parameter, "carriers": carriers,
            "techniques": techniques, "gas": gas, "basis": basis, "biogenic": biogenic,
            "note": note}


def mcf(*techniques, family=IPCC19, note=""):
    return entry(family, "mcf", techniques=techniques, note=note)


def doc(carrier):
    return entry(IPCC06, "doc", carriers=[carrier])


def cod(technique):
    return entry(IPCC06, "cod", carriers=["wastewater"], techniques=[technique],
                 note="default of an industry, wide limits: measure where you can")


MAP = {
    "ww.bo.cod": entry(IPCC06, "methane_yield"),
    "ww.bo.bod": entry(IPCC06, "methane_yield", techniques=["bod"], note="per BOD; the method goes by COD"),
    "ww.mcf.sewer_stagnant": mcf("sewer_stagnant"),
    "ww.mcf.sewer_closed": mcf("sewer_closed"),
    "ww.mcf.river": mcf("discharge_freshwater"),
    "ww.mcf.lake": mcf("discharge_lake"),
    "ww.mcf.river_t2": mcf("discharge_other"),
    "ww.mcf.aerobic_ind": mcf("wastewater_plant_aerobic"),
    "ww.mcf.aerobic_dom": mcf("wastewater_plant_aerobic_domestic"),
    "ww.mcf.cn_aerobic_poor": mcf("wastewater_plant_aerobic_overloaded", family=IPCC06),
    "ww.mcf.lagoon_shallow": mcf("wastewater_lagoon_shallow"),
    "ww.mcf.lagoon_deep": mcf("wastewater_lagoon_deep"),
    "ww.mcf.anaerobic_reactor": mcf("wastewater_plant_anaerobic"),
    "ww.mcf.septic": mcf("septic_tank"),
    "ww.mcf.cn_anaerobic": mcf("wastewater_plant_anaerobic", family=CN),
    "ww.n2o.plant": entry(IPCC19, "nitrogen_factor", techniques=AEROBIC),
    "ww.n2o.effluent": entry(IPCC19, "nitrogen_factor", techniques=["discharge"]),
    "ww.n2o.anaerobic": entry(IPCC19, "nitrogen_factor", techniques=ANAEROBIC),
    "lf.f": entry(IPCC06, "methane_fraction", carriers=["landfill_gas"]),
    "lf.mcf.managed": mcf("landfill_managed", "landfill_managed_covered"),
    "lf.mcf.semi": mcf("landfill_semi_aerobic"),
    "lf.mcf.active": mcf("landfill_aerated"),
    "lf.mcf.deep": mcf("landfill_deep"),
    "lf.mcf.shallow": mcf("landfill_shallow"),
    "lf.mcf.unknown": mcf("landfill", note="of a landfill whose kind is not said"),
    "lf.ox": entry(IPCC06, "cover_oxidation", techniques=["landfill_managed_covered"]),
    "lf.docf": entry(IPCC06, "docf"),
    "lf.docf.food": entry(IPCC19, "docf", carriers=["food_waste"]),
    "lf.docf.paper": entry(IPCC19, "docf", carriers=["waste_paper"]),
    "lf.docf.wood": entry(IPCC19, "docf", carriers=["waste_wood"]),
    "lf.docf.sludge": entry(IPCC19, "docf", carriers=["industrial_sludge", "sewage_sludge"]),
    "lf.doc.food": doc("food_waste"), "lf.doc.garden": doc("garden_waste"),
    "lf.doc.paper": doc("waste_paper"), "lf.doc.wood": doc("waste_wood"),
    "lf.doc.textile": doc("waste_textiles"), "lf.doc.nappies": doc("waste_nappies"),
    "lf.doc.construction": doc("construction_waste"),
    "lf.doc.ind_other": doc("industrial_waste"), "lf.doc.sludge_dom": doc("sewage_sludge"),
    "lf.doc.sludge_ind": doc("industrial_sludge"),
    "bio.compost_ch4": entry(IPCC06, "emission_factor", gas="CH4", techniques=["composting"],
                             basis="as_received"),
    "bio.compost_n2o": entry(IPCC06, "emission_factor", gas="N2O", techniques=["composting"],
                             basis="as_received"),
    "bio.ad_ch4": entry(IPCC06, "emission_factor", gas="CH4", techniques=["digester"],
                        basis="as_received"),
    "inc.of": entry(IPCC06, "oxidation"),
    "inc.ch4.cont_stoker": entry(IPCC06, "emission_factor", gas="CH4", basis="as_received",
                                 carriers=REFUSE,
                                 techniques=["incinerator_continuous", "waste_to_energy"]),
    "inc.ch4.semi_stoker": entry(IPCC06, "emission_factor", gas="CH4", basis="as_received",
                                 carriers=REFUSE, techniques=["incinerator_semi_continuous"]),
    "inc.ch4.batch_stoker": entry(IPCC06, "emission_factor", gas="CH4", basis="as_received",
                                  carriers=REFUSE, techniques=["incinerator_batch"]),
    "inc.n2o.cont_msw": entry(IPCC06, "emission_factor", gas="N2O", basis="as_received",
                              carriers=REFUSE,
                              techniques=["incinerator_continuous", "incinerator_semi_continuous",
                                          "waste_to_energy"]),
    "inc.n2o.ind": entry(IPCC06, "emission_factor", gas="N2O", basis="as_received",
                         carriers=["industrial_waste"]),
    "inc.n2o.sludge": entry(IPCC06, "emission_factor", gas="N2O", basis="dry", carriers=["sewage_sludge"]),
    "inc.cn.msw2011": entry("cn_guide_2011", "emission_factor", gas="CO2", biogenic="no",
                            carriers=["municipal_solid_waste"]),
}
INDUSTRY = {"org_chem": "organic_chemicals", "pulp": "pulp_and_paper", "veg_oil": "vegetable_oil",
            "fruit": "fruit_and_vegetables", "fish": "fish_processing", "meat": "meat_and_poultry"}
for industry in ("alcohol beer dairy fish meat org_chem refinery plastics pulp soap starch sugar "
                 "veg_oil fruit wine").split():
    name = INDUSTRY.get(industry, industry)
    MAP[f"ww.cod.{industry}"] = cod(name)
    MAP[f"ww.w.{industry}"] = entry(IPCC06, "generation", carriers=["wastewater"], techniques=[name],
                                    note="per product of an industry, wide limits")
DECAY = {
    "food": ["food_waste", "industrial_sludge", "sewage_sludge"],
    "garden": ["garden_waste"],
    "paper": ["waste_paper", "waste_textiles"],
    "wood": ["waste_wood"],
}
for group, carriers in DECAY.items():
    for climate, family in (("dry", "dry"), ("wet", "wet"), ("tropwet", "tropical")):
        MAP[f"lf.k.{group}.{climate}"] = entry(f"ipcc_2006_decay_{family}", "decay_rate",
                                               carriers=carriers)
BURNT = {
    "food": "food_waste", "paper": "waste_paper", "textile": "waste_textiles",
    "wood": "waste_wood", "plastics": "waste_plastics", "rubber": "waste_rubber_leather",
    "nappies": "waste_nappies", "hazard": "hazardous_waste", "clinical": "clinical_waste",
    "sludge": "sewage_sludge",
}
for name, carrier in BURNT.items():
    MAP[f"inc.dm.{name}"] = entry(IPCC06, "dry_matter", carriers=[carrier])
    MAP[f"inc.cf.{name}"] = entry(IPCC06, "carbon_content", carriers=[carrier], basis="dry")
    MAP[f"inc.fcf.{name}"] = entry(IPCC06, "fossil_fraction", carriers=[carrier])
for name, carrier in (("msw", "municipal_solid_waste"), ("haz", "hazardous_waste")):
    MAP[f"inc.cn.{name}.ccw"] = entry(CN, "carbon_content", carriers=[carrier],
                                      basis="as_received",
                                      note="214 kg CO2/GJ at 6.5 GJ/t: not credible for wet refuse, "
                                           "where 0.20 is usual; measure it" if name == "msw" else "")
    MAP[f"inc.cn.{name}.fcf"] = entry(CN, "fossil_fraction", carriers=[carrier])
    MAP[f"inc.cn.{name}.ef"] = entry(CN, "oxidation", carriers=[carrier])

LEFT_OUT = {
    "ww.formula": "an equation, in src/methods/wastewater.rs",
    "ww.n2o.44_28": "a constant, in src/methods/wastewater.rs",
    "ww.ch4.": "a product of rows that are here",
    "ww.power.": "written by import_abatement.py",
    "lf.delay": "the delay is in the equation (decay starts on 1 January of the year after)",
    "inc.cn.msw.co2": "a product of rows that are here",
    "inc.cn.haz.co2": "a product of rows that are here",
    "epa.": "written by import_abatement.py",
}

# Gases that are filled into equipment: a tonne of the pure gas is a tonne of it.
PURE = {
    "sf6": "SF6", "nf3": "NF3", "cf4": "CF4", "c2f6": "C2F6", "c3f8": "C3F8", "hfc23": "HFC23",
    "hfc32": "HFC32", "hfc41": "HFC41", "hfc125": "HFC125", "hfc134": "HFC134",
    "hfc134a": "HFC134a", "hfc143": "HFC143", "hfc143a": "HFC143a", "hfc152a": "HFC152a",
    "hfc227ea": "HFC227ea", "hfc236fa": "HFC236fa", "hfc245fa": "HFC245fa",
    "hfc365mfc": "HFC365mfc", "hfc4310mee": "HFC4310mee", "hcfc22": "HCFC22",
}

FACTS = "Figures are facts and are quoted with their source; no text of the document is reproduced."
IPCC_2006 = ("IPCC (2006). 2006 IPCC Guidelines for National Greenhouse Gas Inventories, Volume 5: "
             "Waste. Eggleston H.S., Buendia L., Miwa K., Ngara T., Tanabe K. (eds). IGES, Japan.")
IPCC_2019 = ("IPCC (2019). 2019 Refinement to the 2006 IPCC Guidelines for National Greenhouse Gas "
             "Inventories, Volume 5: Waste. IPCC, Switzerland.")
IPCC = "Intergovernmental Panel on Climate Change (IPCC)"
COPY = "Copied from package transcriptions (mainly bonsai_ipcc 0.5.3); the IPCC text was not read."
DECAY_NOTE = [
    COPY,
    "The climate is chosen by the family: boreal and temperate dry, boreal and temperate wet, "
    "tropical moist and wet. List the one of the landfill in factor_sets.",
    "Bulk municipal waste has no row: split it by fraction, or state decay_rate.",
]
FAMILIES = {
    IPCC06: ("IPCC 2006 Guidelines, Volume 5: waste and wastewater",
             "IPCC 2006年国家温室气体清单指南 第5卷:废物与废水", IPCC, "2006", IPCC_2006,
             [COPY,
              "Carbon by dry mass with dry matter, fossil share and oxidation belong together.",
              "The fossil share of paper is unconfirmed: the transcription has 0, the guideline "
              "is remembered to print 1 %.",
              "CH4 and N2O of incineration are printed for municipal waste; the rows for its "
              "fractions repeat them.",
              "N2O of anaerobic digestion has no row (assumed negligible in the guideline)."]),
    IPCC19: ("IPCC 2019 Refinement, Volume 5: waste and wastewater",
             "IPCC 2006年指南2019年修订版 第5卷:废物与废水", IPCC, "2019", IPCC_2019,
             [COPY,
              "MCF and N2O go by the technique of the process; a plain wastewater_plant has none: "
              "state mcf, or say how it treats.",
              "The row of deep lagoons is unconfirmed: the transcription lists 0.2 for both."]),
    "ipcc_2006_decay_dry": ("IPCC 2006 Guidelines: decay of waste, boreal and temperate dry",
                            "IPCC 2006年指南:废物降解速率,寒温带干燥", IPCC, "2006", IPCC_2006,
                            DECAY_NOTE),
    "ipcc_2006_decay_wet": ("IPCC 2006 Guidelines: decay of waste, boreal and temperate wet",
                            "IPCC 2006年指南:废物降解速率,寒温带湿润", IPCC, "2006", IPCC_2006,
                            DECAY_NOTE),
    "ipcc_2006_decay_tropical": ("IPCC 2006 Guidelines: decay of waste, tropical moist and wet",
                                 "IPCC 2006年指南:废物降解速率,热带湿润", IPCC, "2006", IPCC_2006,
                                 DECAY_NOTE),
    CN: ("China: waste incineration and wastewater", "中国:废物焚烧与废水",
         "MEE and NDRC", "2013-2025",
         "Provincial GHG Inventory Guide (2025 edition); NDRC enterprise "
         "guidelines 2013-2015.",
         ["Seen in secondary copies; the guides were not read.",
          "Carbon share 0.40 with 6.5 GJ/t is 214 kg CO2/GJ, not credible for wet Chinese refuse: "
          "see B283.",
          "Some public tables print 0.304 and 0.8955 t/t, an arithmetic slip.",
          "Carbon share, fossil share and combustion efficiency belong together."]),
    "cn_guide_2011": ("China: Provincial GHG Inventory Guide, trial edition: waste incineration",
                      "中国:省级温室气体清单编制指南(试行):废物焚烧", "NDRC", "2011",
                      "Provincial GHG Inventory Guide (trial edition, 2011).",
                      ["From memory: never a default. Carbon 20 %, fossil 39 %, efficiency 95 %."]),
    "industrial_gases": ("Industrial gases, pure", "工业气体(纯气体)", "by definition",
                         "definition",
                         "A tonne of a pure gas is a tonne of that gas.",
                         ["Blends (R410A, R404A, ...) have no row: no document with their "
                          "composition could be read. Give one row a gas in factors.csv, with "
                          "the supplier's data sheet as source."]),
}


class ImportFailure(Exception):
    """Something in the tables that this script does not understand."""


def look_up(table, key, what):
    if key not in table:
        raise ImportFailure(f"unknown {what}: {key!r}")
    return table[key]


def add(rows, family, carrier, parameter, gas, technique, **cells):
    row = dict.fromkeys(COLUMNS, "") | cells | {
        "carrier": carrier, "parameter": parameter, "gas": gas, "technique": technique,
    }
    row["id"] = ".".join(filter(None, [family, carrier, parameter, gas, technique]))
    rows.setdefault(family, []).append(row)


def cells_of(record, note="", sure=None):
    return {
        "value": record["value"], "unit": look_up(UNITS, record["unit"], "unit"),
        "lower": record["lower"], "upper": record["upper"], "source": record["source"],
        "table": record.get("table", ""), "edition": record.get("version", ""),
        "region": look_up(REGIONS, record.get("region", ""), "region"),
        "confidence": sure or look_up(CONFIDENCE, record["confidence"], "confidence wording"),
        "note": "; ".join(filter(None, [record["notes"], note])),
    }


def import_waste(path, rows):
    mapped = dict(MAP)
    with path.open(encoding="utf-8-sig", newline="") as handle:
        for record in csv.DictReader(handle):
            entry_of = mapped.pop(record["id"], None)
            if entry_of is None:
                reason = next((r for p, r in LEFT_OUT.items() if record["id"].startswith(p)), None)
                if reason is None:
                    raise ImportFailure(f"unknown row: {record['id']!r}")
                print(f"left out {record['id']}: {reason}", file=sys.stderr)
                continue
            for carrier in entry_of["carriers"]:
                for technique in entry_of["techniques"]:
                    extra = OF_REFUSE if entry_of["carriers"] is REFUSE and carrier != REFUSE[0] else ""
                    cells = cells_of(record, "; ".join(filter(None, [entry_of["note"], extra])))
                    add(rows, entry_of["family"], carrier, entry_of["parameter"], entry_of["gas"],
                        technique, basis=entry_of["basis"], biogenic=entry_of["biogenic"], **cells)
    if mapped:
        raise ImportFailure(f"rows that are gone: {sorted(mapped)}")


def main():
    shared = Path(sys.argv[1])
    rows = {}
    import_waste(shared / "factors" / "waste_water.csv", rows)
    for carrier, gas in PURE.items():
        add(rows, "industrial_gases", carrier, "emission_factor", gas, "", value="1", unit="t/t",
            source="definition: a tonne of the pure gas is a tonne of it", region="global",
            confidence="computed")
    for family, (en, zh, publisher, edition, citation, notes) in FAMILIES.items():
        folder = HERE / family
        folder.mkdir(exist_ok=True)
        with (folder / "factors.csv").open("w", encoding="utf-8", newline="") as handle:
            writer = csv.DictWriter(handle, COLUMNS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(sorted(rows.pop(family), key=lambda r: r["id"]))
        keys = {"id": family, "title_en": en, "title_zh": zh, "publisher": publisher,
                "edition": edition, "co2_carbon_ratio": "44/12", "citation": citation,
                "licence": FACTS}
        text = "".join(f'{key} = "{value}"\n' for key, value in keys.items())
        text += 'note = """\n' + "".join(f"{line}\n" for line in notes) + '"""\n'
        (folder / "family.toml").write_text(text, encoding="utf-8")
    if rows:
        raise ImportFailure(f"families without a description: {sorted(rows)}")


if __name__ == "__main__":
    try:
        main()
    except ImportFailure as failure:
        sys.exit(f"import_waste: {failure}")
