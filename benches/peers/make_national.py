#!/usr/bin/env python3
"""A made-up national set: many small packages, for speed.

    python3 benches/peers/make_national.py FOLDER [PARKS] [ROWS]

1,600 packages with 2,000,000 flow rows in all by default (parks differ in size as real ones do:
a few large, many small). The same seed gives the same bytes. One package in 400 has a bad row,
as in any real collection.
"""

import random
import sys
from pathlib import Path

SEED = 1600
REGIONS = ["cn.north", "cn.northeast", "cn.east", "cn.central", "cn.northwest", "cn.south", "cn.southwest"]
# carrier, unit, basis, use, typical monthly quantity
FUELS = [("bituminous", "t", "as_received", "combustion", 900), ("natural_gas", "万Nm3", "", "combustion", 40),
         ("diesel", "t", "", "combustion", 12), ("coke", "t", "", "combustion", 300),
         ("lpg", "t", "", "combustion", 6), ("fuel_oil", "t", "", "combustion", 30)]
PARK = """schema = 1
id = "park{i:04d}"
name_en = "Made-up park {i}"
name_zh = "虚构园区{i}"
periods = ["2023"]
region = "{region}"
factor_sets = ["cn_gbt32151_2024", "cn_grid", "cn_heat", "ipcc_2006"]
gwp_set = "AR5"
rule_set = "{rule}"
"""


def park(folder, i, rows, rng):
    folder.mkdir(parents=True, exist_ok=True)
    region = rng.choice(REGIONS)
    text = PARK.format(i=i, region=region, rule=rng.choice(["ghgp", "gbt"]))
    (folder / "park.toml").write_text(text, encoding="utf-8")
    firms = max(3, rows // 60)
    lines = ["enterprise,name_en,name_zh,sector"]
    lines += [f"E{k:03d},Firm {k},企业{k},GB4754:C{rng.randint(13, 43)}" for k in range(firms)]
    (folder / "enterprises.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    lines = ["id,period,from,to,carrier,quantity,unit,basis,use,method,grade"]
    for n in range(rows):
        firm, month = f"E{n % firms:03d}", n // firms % 12 + 1
        kind = rng.random()
        if kind < 0.45:
            carrier, unit, basis, use, size = "electricity", "万kWh", "", "consumption", 60
            source = "outside:grid"
        elif kind < 0.55:
            carrier, unit, basis, use, size = "heat", "GJ", "", "consumption", 2500
            source = "outside:supplier" if firm == "E000" or kind < 0.50 else "E000"
        else:
            (carrier, unit, basis, use, size), source = rng.choice(FUELS), "outside:supplier"
        quantity = rng.lognormvariate(0, 0.8) * size
        lines.append(f"F{n:05d},2023-{month:02d},{source},{firm},{carrier},{quantity:.3f},{unit},{basis},{use},invoice,H")
    if i % 400 == 399:
        lines[-1] = lines[-1].replace(",invoice,", ",receipt,")
    (folder / "flows.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    lines = ["subject,period,item,value,unit"]
    lines += [f"E{k:03d},2023,iav,{rng.lognormvariate(9, 1):.0f},万元" for k in range(firms)]
    (folder / "statistics.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def main():
    folder = Path(sys.argv[1])
    parks = int(sys.argv[2]) if len(sys.argv) > 2 else 1600
    total = int(sys.argv[3]) if len(sys.argv) > 3 else 2_000_000
    rng = random.Random(SEED)
    sizes = [rng.lognormvariate(0, 0.9) for _ in range(parks)]
    scale = total / sum(sizes)
    counts = [max(36, round(s * scale)) for s in sizes]
    counts[0] += total - sum(counts) if counts[0] + total - sum(counts) > 36 else 0
    for i, rows in enumerate(counts):
        park(folder / f"park{i:04d}", i, rows, rng)
    print(f"{parks} packages, {sum(counts):,} flow rows")


if __name__ == "__main__":
    main()
