#!/usr/bin/env python3
"""What an analyst does with pandas: the joins and products of parkflux's inventory, per package.

    python3 benches/peers/pandas_inventory.py FOLDER FACTORS_FOLDER

Reads each package's tables, checks that carriers, units, words and enterprises are known, joins unit scales and
factors, multiplies quantity x scale x NCV x carbon x oxidation x 44/12 (CO2), NCV x factor (CH4, N2O), and power and
heat by their factors, location- and market-based; adds up by park and enterprise, scope and gas, in both views; and
writes two tidy CSVs. It gives no trail, no diagnostics beyond a yes or no, no coverage, no reconciliation.
"""

import sys
import time
import tomllib
from pathlib import Path

import pandas as pd

UNITS = {"t": 1.0, "万Nm3": 1e4, "万kWh": 36.0, "GJ": 1.0}
GWP = {"CO2": 1.0, "CH4": 28.0, "N2O": 265.0}


def factors(folder):
    """NCV, carbon, oxidation and factors by carrier, in canonical units, from the library's own tables."""
    table = {}
    for family in ("cn_gbt32151_2024", "ipcc_2006"):
        rows = pd.read_csv(folder / family / "factors.csv", dtype=str, keep_default_na=False)
        rows = rows[(rows.technique == "") & (rows.confidence != "unconfirmed")]
        for row in rows.itertuples():
            scale = {"GJ/t": 1.0, "GJ/10^4 Nm3": 1e-4, "t/TJ": 1e-3, "kg/TJ": 1e-6, "1": 1.0, "TJ/Gg": 1.0}.get(row.unit)
            if scale is not None:
                key = (row.carrier, row.parameter + (f".{row.gas}" if row.gas else ""))
                table.setdefault(key, float(row.value) * scale)
    frame = pd.Series(table).unstack()
    frame.index.name = "carrier"
    return frame.reset_index()


def one(folder, library, grid, residual):
    park = tomllib.loads((folder / "park.toml").read_text(encoding="utf-8"))
    firms = pd.read_csv(folder / "enterprises.csv", dtype=str)
    flows = pd.read_csv(folder / "flows.csv", dtype={"id": str, "period": str, "basis": str}, keep_default_na=False)
    added = pd.read_csv(folder / "statistics.csv", dtype={"period": str})
    known = set(library.carrier) | {"electricity", "heat"}
    ok = (flows.carrier.isin(known).all() and flows.unit.isin(UNITS.keys()).all() and flows.to.isin(firms.enterprise).all()
          and flows.method.isin(["meter", "invoice", "stock", "lab", "estimate", "default", "filed"]).all()
          and not flows.id.duplicated().any() and (pd.to_numeric(flows.quantity) >= 0).all())
    if not ok:
        return None
    flows["canonical"] = flows.quantity * flows.unit.map(UNITS)
    flows = flows.merge(library, on="carrier", how="left").merge(firms, left_on="to", right_on="enterprise", how="left")
    energy = flows.canonical * flows.ncv
    lines = [
        flows.assign(scope="1", gas="CO2", mass=energy * flows.carbon_content * flows.oxidation * 44 / 12),
        flows.assign(scope="1", gas="CH4", mass=energy * flows["emission_factor.CH4"]),
        flows.assign(scope="1", gas="N2O", mass=energy * flows["emission_factor.N2O"]),
    ]
    for scope, factor in (("2 location", grid), ("2 market", residual)):
        power = flows[flows.carrier == "electricity"]
        heat = flows[flows.carrier == "heat"]
        lines.append(power.assign(scope=scope, gas="CO2", mass=power.canonical * factor / 3.6))
        lines.append(heat.assign(scope=scope, gas="CO2", mass=heat.canonical * 0.11))
    lines = pd.concat(lines)
    lines = lines[lines.mass.notna()]
    lines["co2e"] = lines.mass * lines.gas.map(GWP)
    by_firm = lines.groupby(["enterprise", "scope", "gas"])[["mass", "co2e"]].sum().reset_index()
    by_firm = by_firm.merge(added[added["item"] == "iav"][["subject", "value"]], left_on="enterprise", right_on="subject", how="left")
    by_firm["intensity"] = by_firm.co2e / by_firm.value
    crossing = lines[lines["from"].str.startswith("outside")]
    by_park = crossing.groupby(["scope", "gas"])[["mass", "co2e"]].sum().reset_index()
    by_firm.insert(0, "park", park["id"])
    by_park.insert(0, "park", park["id"])
    return len(flows), by_firm, by_park


def main():
    folder, library = Path(sys.argv[1]), factors(Path(sys.argv[2]))
    start = time.perf_counter()
    rows, firms, parks, bad = 0, [], [], 0
    for package in sorted(p for p in folder.iterdir() if (p / "park.toml").exists()):
        result = one(package, library, 0.5306, 0.6096)
        if result is None:
            bad += 1
            continue
        rows += result[0]
        firms.append(result[1])
        parks.append(result[2])
    pd.concat(firms).to_csv("/tmp/pandas_enterprises.csv", index=False)
    pd.concat(parks).to_csv("/tmp/pandas_parks.csv", index=False)
    seconds = time.perf_counter() - start
    total = pd.concat(parks).co2e.sum()
    print(f"pandas {pd.__version__}: {rows:,} rows, {bad} bad packages, {rows / seconds:,.0f} rows/s (checksum {total:.1f})")


if __name__ == "__main__":
    main()
