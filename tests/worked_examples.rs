//! The small cases of `fixtures/cases/worked_examples.json` that belong to
//! the methods of this program.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test may stop at the first surprise")]

mod common;

use common::{FLOWS, Files, account_files};
use parkflux::factors::{Gwp, Parameter, builtin};
use parkflux::methods::combustion::{by_energy_factor, co2_by_energy, co2_by_mass, co2_by_volume};
use parkflux::methods::desulfurization::{Molar, closure, co2_of_reagent};
use parkflux::methods::electrolysis::anode;
use parkflux::methods::fugitive::slip;
use parkflux::methods::incineration::fossil_co2;
use parkflux::methods::landfill::{decay_share, decomposable, methane_to_air};
use parkflux::methods::pollutants::so2_formed;
use parkflux::methods::scope3::freight;
use parkflux::methods::wastewater::nitrous_oxide;
use parkflux::park::{Gas, GwpSet};
use parkflux::quantity::{
    CarbonPerEnergy, CarbonPerMass, CarbonPerVolume, Co2PerCarbon, CubicMeters, EmissionPerEnergy, EmissionPerVolume,
    Fraction, Gigajoules, Tonnes, Unit,
};
use serde_json::Value;

/// The integer masses of the published example: 100/64 and 172/64.
const INTEGER: Molar = Molar { carbon: 12.0, co2: 44.0, so2: 64.0, limestone: 100.0, gypsum: 172.0 };
const RATIO: Co2PerCarbon = Co2PerCarbon(44.0 / 12.0);

fn cases() -> Vec<Value> {
    let text = include_str!("../fixtures/cases/worked_examples.json");
    serde_json::from_str(text).unwrap()
}

fn number(case: &Value, key: &str) -> f64 {
    case["inputs"][key].as_f64().unwrap_or_else(|| panic!("{key} of {case}"))
}

fn unit(text: &str, value: f64) -> f64 {
    Unit::parse(text).unwrap().to_canonical(value)
}

/// A tiny park whose only row is bought by `A`; returns its direct or imported CO2.
fn park_co2(row: &str, factors: &str) -> f64 {
    let mut files = Files::new("gases = [\"CO2\"]")
        .with("enterprises.csv", "enterprise\nA")
        .with("flows.csv", &format!("{FLOWS}\n1,2023,{row}"));
    if !factors.is_empty() {
        files =
            files.with("factors.csv", &format!("id,set,carrier,parameter,gas,value,unit,source,confidence\n{factors}"));
    }
    account_files(&files).1.value("2023/park/total.location/CO2").unwrap_or_default()
}

/// What the engine gives for a case, or none where another issue brings the method.
fn engine(case: &Value) -> Option<Vec<f64>> {
    let n = |key: &str| number(case, key);
    let one = |v: f64| Some(vec![v]);
    match case["id"].as_str().unwrap() {
        // By volume with measured carbon, by mass, by energy (GB/T 32151.34-2024, equations 1 to 3).
        "gb34.eq1" => one(co2_by_volume(CubicMeters(n("AFV")), CarbonPerVolume(n("FCV")), Fraction(n("FOx")), RATIO).0),
        "gb34.eq2" => one(co2_by_mass(Tonnes(n("AF")), CarbonPerMass(n("CC")), Fraction(n("FOx")), RATIO).0),
        "gb34.eq3" => one(co2_by_energy(Gigajoules(n("GJ")), CarbonPerEnergy(n("FCh")), Fraction(n("FOx")), RATIO).0),
        "gb34.elec" => {
            let factor = format!("e,park,electricity,emission_factor,CO2,{},t/MWh,case,computed", n("EF"));
            one(park_co2(&format!("outside:grid,A,electricity,{},MWh,,,,", n("MWh")), &factor))
        }
        "gb34.heat" => {
            // 1000 kg of steam at 2800 kJ/kg, default factor 0.11 t/GJ.
            let files = Files::new("gases = [\"CO2\"]")
                .with("enterprises.csv", "enterprise\nA")
                .with(
                    "carriers.csv",
                    &format!(
                        "carrier,property,value,unit\ntest_fuel,kind,solid_fuel,\nsteam,enthalpy,{},kJ/kg",
                        n("h")
                    ),
                )
                .with("flows.csv", &format!("{FLOWS}\n1,2023,outside:supplier,A,steam,{},kg,,,,", n("kg")));
            one(account_files(&files).1.value("2023/park/scope2.location/CO2").unwrap())
        }
        "ww.klick.n2o_effluent" => {
            // mg/L times m3 is g.
            let nitrogen = Tonnes(n("Q_m3") * n("Neff_mg_l") * 1e-6);
            one(nitrous_oxide(nitrogen, Fraction(n("EF"))).0 * n("GWP"))
        }
        "ww.klick.chem" => {
            // The case's own factors: 0.395 and 2.2 t CO2e per t.
            let row = |id, carrier, key| format!("\n{id},2023,outside:supplier,A,{carrier},{},t,,process,,", n(key));
            let files = Files::new("gases = [\"CO2\"]")
                .with("enterprises.csv", "enterprise\nA")
                .with(
                    "carriers.csv",
                    "carrier,property,value,unit\ntest_fuel,kind,solid_fuel,\nfecl3,kind,material,\nfecl3,footprint,0.395,t/t\n\
                     polymer,kind,material,\npolymer,footprint,2.2,t/t",
                )
                .with("flows.csv", &format!("{FLOWS}{}{}", row(1, "fecl3", "fecl3_t"), row(2, "polymer", "polymer_t")));
            one(account_files(&files).1.value("2023/park/scope3.1/CO2e").unwrap())
        }
        // 0.02 L of diesel per t·km at 2.65 kg CO2 per L.
        "ww.klick.transport" => one(freight(Tonnes(n("t")), n("km"), 0.02 * 2.65e-3).0),
        "ww.klick.chp_slip" | "ww.klick.storage" => {
            let density = EmissionPerVolume(unit("kg/m3", n("rho")));
            one(slip(CubicMeters(n("V_m3")), Fraction(n("x")), density, Fraction(n("slip"))).0 * n("GWP"))
        }
        "waste.inc" => {
            let (carbon, fossil, efficiency) = (Fraction(n("CCW")), Fraction(n("FCF")), Fraction(n("EF")));
            one(fossil_co2(Tonnes(1.0), carbon, fossil, efficiency, RATIO).0)
        }
        "lf.fod" => {
            let carbon = decomposable(Tonnes(n("W")), Fraction(n("DOC")), Fraction(n("DOCf")), Fraction(n("MCF")));
            let year = |after| {
                let decomposed = carbon * decay_share(n("k"), after);
                methane_to_air(decomposed, Fraction(n("F")), Tonnes(0.0), Fraction(n("OX"))).0
            };
            Some(vec![year(1), year(2), year(3)])
        }
        "ww.klick.elec" => {
            let factor = format!("e,park,electricity,emission_factor,CO2,{},g/kWh,case,computed", n("EF_g"));
            let bought = n("use_kWh") - n("own_kWh");
            one(park_co2(&format!("outside:grid,A,electricity,{bought},kWh,,,,"), &factor))
        }
        // GB/T 32151 desulfurization term; the mass balances of a 300 MW example.
        "gb34.fgd" => one(co2_of_reagent(Tonnes(n("CAL")), Fraction(n("I")), n("EF"), Fraction(n("TR"))).0),
        "fgd.aq8" => one(so2_formed(Tonnes(n("coal_t_h")), Fraction(n("S")), Fraction(1.0 - n("conv"))).0),
        "fgd.aq8.limestone" => {
            one(closure(Tonnes(n("SO2")), 1.0, Fraction(n("purity")), &INTEGER).map(|c| c.limestone).unwrap())
        }
        "fgd.aq8.gypsum" => {
            one(closure(Tonnes(n("SO2")), 1.0, Fraction(1.0), &INTEGER).map(|c| c.gypsum / n("purity")).unwrap())
        }
        "fuel.ng.cn" => one(park_co2("outside:supplier,A,natural_gas,1,万Nm3,,,,", "")),
        "fuel.ng.51366" => {
            let energy = Gigajoules(unit("MJ", n("NCV")));
            one(by_energy_factor(energy, EmissionPerEnergy(unit("t/TJ", n("EF")))).0 * 1e3)
        }
        "fuel.anthracite.ipcc" => {
            let files = Files::new("gases = [\"CO2\"]\nfactor_sets = [\"ipcc_2006\"]")
                .with("enterprises.csv", "enterprise\nA")
                .with("flows.csv", &format!("{FLOWS}\n1,2023,outside:supplier,A,anthracite,1,t,,,,"));
            one(account_files(&files).1.value("2023/park/scope1/CO2").unwrap() * 1e3)
        }
        "tce.elec" => one(printed("cn_gbt2589_2020", "electricity")),
        "tce.heat" => one(printed("cn_gbt2589_2020", "heat")),
        "grid.2023.avg" => one(grid("grid_average", 2023) / grid("grid_average", 2022) - 1.0),
        "grid.2023.resid" => one(grid("residual_mix", 2023) / grid("residual_mix", 2022) - 1.0),
        "gwp.conv" => {
            // 1 t CH4 + 1 t N2O + 1 kg SF6; AR6 with CH4 of fossil origin.
            let family = builtin("gwp").unwrap();
            let sum = |set: GwpSet| {
                let gwp = Gwp::new(family, set);
                let value = |gas| gwp.factor(gas, false).unwrap().value;
                value(Gas::Ch4) + value(Gas::N2o) + value(Gas::Sf6) / 1e3
            };
            Some(vec![sum(GwpSet::Ar4), sum(GwpSet::Ar5), sum(GwpSet::Ar6)])
        }
        "al.anode" => {
            let (sulfur, ash) = (Fraction(n("S")), Fraction(n("ash")));
            one(anode(Tonnes(1.0), n("C"), sulfur, ash, RATIO).0)
        }
        // `park.consolidate` is a park of its own in tests/principles.rs.
        _ => None,
    }
}

/// The tce coefficient of a carrier as its table prints it.
fn printed(set: &str, carrier: &str) -> f64 {
    let set = builtin(set).unwrap();
    let row = set.factors.iter().find(|f| &*f.carrier == carrier && f.parameter == Parameter::Tce).unwrap();
    row.printed.0.parse().unwrap()
}

/// A national grid factor. Unit: t/GJ.
fn grid(technique: &str, year: u16) -> f64 {
    let set = builtin("cn_grid").unwrap();
    let row = set
        .factors
        .iter()
        .find(|f| &*f.technique == technique && &*f.region == "cn" && f.valid == (Some(year), Some(year)))
        .unwrap();
    row.value
}

#[test]
fn cases_of_the_methods_come_out() {
    let mut done = Vec::new();
    for case in cases() {
        let Some(got) = engine(&case) else { continue };
        let id = case["id"].as_str().unwrap();
        let expected: Vec<f64> = match &case["expected"] {
            Value::Array(list) => list.iter().map(|v| v.as_f64().unwrap()).collect(),
            value => vec![value.as_f64().unwrap()],
        };
        let tolerance = case["abs_tolerance"].as_f64().unwrap();
        assert_eq!(got.len(), expected.len(), "{id}");
        for (g, e) in got.iter().zip(&expected) {
            assert!((g - e).abs() <= tolerance, "{id}: {g} against {e} ± {tolerance}");
        }
        done.push(id.to_owned());
    }
    assert_eq!(
        done,
        [
            "gb34.eq1",
            "gb34.eq2",
            "gb34.eq3",
            "gb34.fgd",
            "gb34.elec",
            "gb34.heat",
            "ww.klick.n2o_effluent",
            "ww.klick.chp_slip",
            "ww.klick.storage",
            "ww.klick.elec",
            "ww.klick.chem",
            "ww.klick.transport",
            "al.anode",
            "waste.inc",
            "fuel.ng.cn",
            "fuel.ng.51366",
            "fuel.anthracite.ipcc",
            "tce.elec",
            "tce.heat",
            "grid.2023.avg",
            "grid.2023.resid",
            "fgd.aq8",
            "fgd.aq8.limestone",
            "fgd.aq8.gypsum",
            "gwp.conv",
            "lf.fod",
        ]
    );
}

/// The cited terms of a combustion line, put into the equation, give its mass.
#[test]
fn every_combustion_line_is_the_equation_of_the_standard() {
    let mut checked = 0;
    for folder in common::parks() {
        let (package, made) = common::account(&folder);
        let combustion = made.ledger.lines.iter().filter(|l| l.source == parkflux::ledger::Source::Combustion);
        for line in combustion.filter(|l| l.gas == Gas::Co2) {
            let terms: Vec<f64> = made.ledger.get(line.coefficient).terms.iter().map(|t| t.value).collect();
            let mass = match terms[..] {
                [factor] => line.quantity * factor,
                [ncv, factor] => by_energy_factor(Gigajoules(line.quantity * ncv), EmissionPerEnergy(factor)).0,
                // Measured carbon by mass or volume of the fuel.
                [carbon, oxidation, ratio] => {
                    let (fuel, carbon) = (Tonnes(line.quantity), CarbonPerMass(carbon));
                    co2_by_mass(fuel, carbon, Fraction(oxidation), Co2PerCarbon(ratio)).0
                }
                [ncv, carbon, oxidation, ratio] => {
                    let energy = Gigajoules(line.quantity * ncv);
                    co2_by_energy(energy, CarbonPerEnergy(carbon), Fraction(oxidation), Co2PerCarbon(ratio)).0
                }
                _ => panic!("{}: {terms:?}", line.id(&package.park)),
            };
            assert!((mass - line.mass).abs() <= 1e-12 * mass.abs(), "{}", line.id(&package.park));
            checked += 1;
        }
    }
    assert!(checked > 140, "{checked}");
}
