//! IAPWS-IF97 against the verification values of the release, and by its laws.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test may stop at the first surprise")]

use parkflux::quantity::steam::{
    Kelvins, Megapascals, Phase, SteamError, saturated, saturation_pressure, saturation_temperature, state,
};
use proptest::prelude::*;
use serde_json::Value;

fn near(got: f64, expected: f64, relative: f64, what: &str) {
    assert!((got - expected).abs() <= relative * expected.abs(), "{what}: {got} against {expected}");
}

/// Case o09: tables 5, 15, 35 and 36 of IAPWS R7-97(2012).
#[test]
fn the_verification_values_of_the_release_come_out() {
    let text = include_str!("../fixtures/cases/o09_if97/verification.csv");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let mut checked = 0;
    for row in reader.records().map(Result::unwrap) {
        let number = |i: usize| row[i].parse::<f64>().unwrap();
        let tolerance: f64 = row[6].strip_prefix("rel ").unwrap().parse().unwrap();
        let what = format!("region {} at {} K, {} MPa", &row[0], &row[1], &row[2]);
        let (t, p) = (Kelvins(number(1)), Megapascals(number(2)));
        match &row[0] {
            "4:psat(T)" => near(saturation_pressure(t).unwrap().0, p.0, tolerance, &what),
            "4:Tsat(p)" => near(saturation_temperature(p).unwrap().0, t.0, tolerance, &what),
            region => {
                let got = state(p, t).unwrap();
                assert_eq!(got.phase, if region == "1" { Phase::Liquid } else { Phase::Vapor }, "{what}");
                near(got.volume, number(3), tolerance, &what);
                near(got.enthalpy, number(4), tolerance, &what);
                near(got.entropy, number(5), tolerance, &what);
            }
        }
        checked += 1;
    }
    assert_eq!(checked, 12);
}

#[test]
fn saturated_vapor_and_interpolation_agree_with_the_worked_examples() {
    let cases: Vec<Value> = serde_json::from_str(include_str!("../fixtures/cases/worked_examples.json")).unwrap();
    let case = |id: &str| cases.iter().find(|c| c["id"] == id).unwrap().clone();
    let steam = case("steam.if97");
    let tolerance = steam["abs_tolerance"].as_f64().unwrap();
    let pairs: Vec<(f64, f64)> = steam["inputs"]["p_MPa"]
        .as_array()
        .unwrap()
        .iter()
        .zip(steam["expected"].as_array().unwrap())
        .map(|(p, h)| (p.as_f64().unwrap(), h.as_f64().unwrap()))
        .collect();
    assert_eq!(pairs.len(), 4);
    for (p, h) in pairs {
        let got = saturated(Megapascals(p)).unwrap().vapor.enthalpy;
        assert!((got - h).abs() <= tolerance, "{p} MPa: {got} against {h}");
    }
    // The standard interpolates its table of saturated steam in pressure; the equations
    // need no table and lie within 1 kJ/kg and 0.05 °C, as the note of the example says.
    let table = case("gb34.steam_interp");
    let expected: Vec<f64> = table["expected"].as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect();
    let got = saturated(Megapascals(table["inputs"]["p"].as_f64().unwrap())).unwrap();
    assert!((got.temperature.celsius() - expected[0]).abs() < 0.05, "{got:?}");
    assert!((got.vapor.enthalpy - expected[1]).abs() < 1.0, "{got:?}");
}

/// 442 cells of tables C.4 and C.5 of GB/T 32151.34-2024 (a public copy) beside IAPWS-IF97
/// by other software: the software to its printed digit, the standard within 3 kJ/kg
/// wherever its copy is not flagged.
#[test]
fn the_steam_tables_of_the_standard_come_out() {
    let mut reader = csv::Reader::from_reader(&include_bytes!("../fixtures/cases/steam_enthalpy.csv")[..]);
    let (mut checked, mut unflagged, mut region_3) = (0, 0, 0);
    for row in reader.records().map(Result::unwrap) {
        let number = |i: usize| row[i].parse::<f64>().unwrap();
        // The other software was asked at the triple point, 0.01 °C, where the table says 0 °C.
        let (p, t) = (Megapascals(number(2)), Kelvins::from_celsius(number(3).max(0.01)));
        let got = match &row[1] {
            "saturated" => saturated(p).map(|s| s.vapor.enthalpy),
            _ => state(p, t).map(|s| s.enthalpy),
        };
        let got = match got {
            Ok(got) => got,
            Err(SteamError::Region3(..) | SteamError::NotSaturated(_)) => {
                region_3 += 1;
                continue;
            }
            Err(error) => panic!("{}: {error}", &row[0]),
        };
        within(got, number(5), 0.051, &format!("{} by other software", &row[0]));
        if &row[7] == "ok" {
            within(got, number(4), 3.0, &format!("{} as the standard prints it", &row[0]));
            unflagged += 1;
        }
        checked += 1;
    }
    assert_eq!((checked + region_3, checked > 420, unflagged > 400), (442, true, true), "{checked} {unflagged}");
}

#[test]
fn outside_the_range_there_is_an_error_and_no_number() {
    let at = |p: f64, celsius: f64| state(Megapascals(p), Kelvins::from_celsius(celsius));
    assert_eq!(at(0.0, 100.0), Err(SteamError::Pressure(0.0)));
    assert_eq!(at(-1.0, 100.0), Err(SteamError::Pressure(-1.0)));
    assert_eq!(at(100.1, 100.0), Err(SteamError::Pressure(100.1)));
    assert!(matches!(at(f64::NAN, 100.0), Err(SteamError::Pressure(_))));
    assert!(matches!(at(1.0, f64::NAN), Err(SteamError::Temperature(_))));
    assert!(matches!(at(1.0, -0.1), Err(SteamError::Temperature(_))));
    assert!(matches!(at(1.0, 800.1), Err(SteamError::Temperature(_))));
    assert!(matches!(at(25.0, 380.0), Err(SteamError::Region3(..))));
    assert!(matches!(at(16.6, 350.1), Err(SteamError::Region3(..))));
    assert_eq!(saturated(Megapascals(0.0006)), Err(SteamError::NotSaturated(0.0006)));
    assert_eq!(saturated(Megapascals(16.6)), Err(SteamError::NotSaturated(16.6)));
    assert!(matches!(saturation_temperature(Megapascals(22.1)), Err(SteamError::NotSaturated(_))));
    assert!(matches!(saturation_pressure(Kelvins(273.0)), Err(SteamError::Temperature(_))));
    assert_eq!(saturated(Megapascals(1.0)).unwrap().wet_enthalpy(1.01), Err(SteamError::Quality(1.01)));
    assert!(matches!(saturated(Megapascals(1.0)).unwrap().wet_enthalpy(f64::NAN), Err(SteamError::Quality(_))));
    assert_eq!(at(1.0, 150.0).unwrap().phase, Phase::Liquid);
    assert_eq!(at(1.0, 200.0).unwrap().phase, Phase::Vapor);
}

proptest! {
    /// Both saturation equations solve one quadratic; liquid and vapor in balance have
    /// one Gibbs energy h - T·s, though they come from two sets of coefficients.
    #[test]
    fn liquid_and_vapor_are_in_balance(p in 0.000_612_f64..16.529) {
        let both = saturated(Megapascals(p)).unwrap();
        let back = saturation_pressure(both.temperature).unwrap().0;
        prop_assert!((back - p).abs() <= 1e-9 * p, "{} against {}", back, p);
        let gibbs = |s: parkflux::quantity::steam::State| s.enthalpy - both.temperature.0 * s.entropy;
        prop_assert!((gibbs(both.liquid) - gibbs(both.vapor)).abs() < 0.05, "{:?}", both);
        prop_assert!(both.liquid.enthalpy < both.vapor.enthalpy && both.liquid.volume < both.vapor.volume);
        let half = both.wet_enthalpy(0.5).unwrap();
        prop_assert!((half - f64::midpoint(both.liquid.enthalpy, both.vapor.enthalpy)).abs() < 1e-9);
    }

    /// Nothing that a person can type makes a panic, a NaN or an infinity.
    #[test]
    fn no_input_makes_a_number_that_is_none(p in -1e15_f64..1e15, small in 0.0_f64..110.0, celsius in -300.0_f64..1200.0) {
        for p in [p, small, small / 1e3, 1e-30] {
            if let Ok(s) = state(Megapascals(p), Kelvins::from_celsius(celsius)) {
                prop_assert!(s.volume.is_finite() && s.enthalpy.is_finite() && s.entropy.is_finite(), "{:?}", s);
                prop_assert!(s.volume > 0.0);
            }
            if let Ok(s) = saturated(Megapascals(p)) {
                prop_assert!(s.vapor.enthalpy.is_finite());
            }
        }
    }

    /// At one pressure, more heat is more temperature, also across boiling.
    #[test]
    fn enthalpy_rises_with_temperature(p in 0.01_f64..16.0, celsius in 1.0_f64..790.0) {
        let at = |c: f64| state(Megapascals(p), Kelvins::from_celsius(c)).map(|s| s.enthalpy);
        if let (Ok(low), Ok(high)) = (at(celsius), at(celsius + 1.0)) {
            prop_assert!(high > low, "{} {}", low, high);
        }
    }
}

mod common;

use common::{FLOWS, Files, account_files};
use parkflux::diagnostic::{Lang, Style, render_text};
use parkflux::inventory::Inventory;
use parkflux::package::{Package, read_files};
use parkflux::report::explain::Explainer;

/// The published heat factor of China. Unit: t CO2/GJ.
const HEAT: f64 = 0.11;

/// A firm that buys 1000 t of steam in the state that `carriers` describes.
fn buyer(settings: &str, carriers: &str) -> Files {
    Files::new(&format!("gases = [\"CO2\"]\n{settings}"))
        .with("enterprises.csv", "enterprise\nA")
        .with("carriers.csv", &format!("carrier,property,value,unit\ntest_fuel,kind,solid_fuel,\n{carriers}"))
        .with("flows.csv", &format!("{FLOWS}\n1,2023,outside:supplier,A,steam,1000,t,,,,"))
}

/// Specific enthalpy above the datum that the inventory took. Unit: kJ/kg.
fn taken(files: &Files) -> f64 {
    account_files(files).1.value("2023/park/scope2.location/CO2").unwrap() / HEAT
}

fn codes(files: &Files) -> Vec<&'static str> {
    let (_, mut found) = read_files(&files.0);
    found.append(account_files(files).1.found);
    found.sorted().into_iter().map(|d| d.problem.code().id()).collect()
}

/// What a package that is not valid is told.
fn refused(files: &Files) -> String {
    let (package, found) = read_files(&files.0);
    assert!(package.is_none(), "valid");
    render_text(&found, Lang::En, Style::Plain)
}

fn within(got: f64, expected: f64, absolute: f64, what: &str) {
    assert!((got - expected).abs() <= absolute, "{what}: {got} against {expected}");
}

const SUPERHEATED: &str = "steam,pressure,1,MPa\nsteam,temperature,300,°C";

#[test]
fn pressure_and_temperature_give_the_enthalpy() {
    // 3051.7 kJ/kg: IAPWS-IF97 in the note of steam.sup.1.300 of the steam table.
    within(taken(&buyer("", SUPERHEATED)), 3051.7, 0.05, "1 MPa, 300 °C");
    for same in [
        "steam,pressure,10,bar\nsteam,temperature,573.15,K",
        "steam,pressure,1000,kPa\nsteam,temperature,300,℃",
        "steam,gauge_pressure,0.898675,MPa\nsteam,temperature,300,°C",
    ] {
        within(taken(&buyer("", same)), taken(&buyer("", SUPERHEATED)), 1e-6, same);
    }
    // A measured enthalpy stands above the datum already and comes first.
    let measured = format!("{SUPERHEATED}\nsteam,enthalpy,2800,kJ/kg");
    within(taken(&buyer("heat_datum = \"feedwater_20C\"", &measured)), 2800.0, 1e-9, "measured");
}

#[test]
fn saturated_steam_is_dry_unless_a_quality_says_otherwise() {
    for dry in ["steam,pressure,1,MPa", "steam,pressure,1,MPa\nsteam,temperature,179.88,°C"] {
        let files = buyer("", dry);
        within(taken(&files), 2777.1, 0.1, dry);
        assert_eq!(codes(&files), ["B270"]);
    }
    let files = buyer("", "steam,pressure,1,MPa\nsteam,quality,90,%");
    let both = saturated(Megapascals(1.0)).unwrap();
    within(taken(&files), 0.9 * both.vapor.enthalpy + 0.1 * both.liquid.enthalpy, 1e-6, "wet");
    assert!(codes(&files).is_empty());
}

#[test]
fn the_datum_is_deducted_visibly() {
    let files = buyer("heat_datum = \"feedwater_20C\"", SUPERHEATED);
    within(taken(&buyer("", SUPERHEATED)) - taken(&files), 83.74, 1e-6, "datum");
    let (package, made) = account_files(&files);
    assert_eq!(codes(&files), ["B273"]);
    let trail = Explainer::new(&package, &made, Lang::En).explain("1/CO2").unwrap().to_text(usize::MAX, Lang::En);
    for part in [
        "3051.703 - 83.74 kJ/kg = 2.96796",
        "IAPWS-IF97, superheated steam",
        "absolute pressure 1 MPa",
        "carriers.csv:3",
        "temperature 300 °C",
        "carriers.csv:4",
        "heat datum: above feed water at 20 °C, 83.74 kJ/kg (NDRC",
    ] {
        assert!(trail.contains(part), "{part} in\n{trail}");
    }
    let text = |lang| parkflux::report::inventory::Report::new(&package, &made, 2023, lang).to_text();
    assert!(text(Lang::En).contains("heat datum: feedwater_20C"));
    assert!(text(Lang::Zh).contains("热量基准: feedwater_20C"));
}

#[test]
fn states_that_no_steam_has_are_refused() {
    for (carriers, part) in [
        ("steam,pressure,1,MPa\nsteam,temperature,150,°C", "at 1 MPa absolute water boils at 179.886 °C"),
        ("steam,pressure,25,MPa\nsteam,temperature,380,°C", "critical point"),
        ("steam,pressure,1,MPa\nsteam,temperature,900,°C", "a temperature of 900 °C is not within 0 to 800 °C"),
        ("steam,pressure,120,MPa\nsteam,temperature,500,°C", "a pressure of 120 MPa is not within"),
        ("steam,temperature,300,°C", "the property 'pressure' is missing"),
        ("steam,pressure,1,MPa\nsteam,gauge_pressure,0.9,MPa", "both 'pressure'"),
        ("steam,pressure,1,MPa\nsteam,temperature,300,°C\nsteam,quality,0.9,1", "a quality below 1"),
        ("steam,pressure,0,MPa\nsteam,temperature,300,°C", "a pressure of 0 MPa is not within"),
    ] {
        let text = refused(&buyer("", carriers));
        assert!(text.contains("B271") && text.contains(part), "{carriers}:\n{text}");
    }
    let text = refused(&buyer("", "steam,pressure,0.9,MPa(g)\nsteam,temperature,300,°C"));
    assert!(text.contains("U103") && text.contains("gauge_pressure"), "{text}");
    let text = refused(&buyer("", "steam,pressure,1,MPa\nsteam,quality,1.2,1"));
    assert!(text.contains("N106"), "{text}");
}

/// `A` buys 1000 t of steam and gives 800 t of condensate at 90 °C back.
fn with_condensate(settings: &str) -> Files {
    buyer(settings, &format!("{SUPERHEATED}\ncondensate,temperature,90,°C")).with(
        "flows.csv",
        &format!("{FLOWS}\n1,2023,outside:supplier,A,steam,1000,t,,,,\n2,2023,A,outside:supplier,condensate,800,t,,,,"),
    )
}

#[test]
fn condensate_that_goes_back_is_deducted_where_the_datum_says_so() {
    let steam = state(Megapascals(1.0), Kelvins::from_celsius(300.0)).unwrap().enthalpy;
    let water = state(Megapascals(0.101_325), Kelvins::from_celsius(90.0)).unwrap().enthalpy;
    within(taken(&with_condensate("")), steam, 1e-6, "zero");
    within(taken(&with_condensate("heat_datum = \"condensate\"")), steam - 0.8 * water, 1e-6, "condensate");
    // Under GB/T 32150 it is less steam bought, not heat sold.
    let (package, made) = account_files(&with_condensate("heat_datum = \"condensate\"\nrule_set = \"gbt\""));
    within(made.value("2023/park/scope2.location/CO2").unwrap(), HEAT * (steam - 0.8 * water), 1e-6, "gbt");
    let line = made.ledger.lines.iter().find(|l| l.id(&package.park) == "2/CO2/condensate").unwrap();
    assert!(line.quantity < 0.0 && line.mass < 0.0);
    let trail =
        Explainer::new(&package, &made, Lang::En).explain("2/CO2/condensate").unwrap().to_text(usize::MAX, Lang::En);
    // The energy consumed is what the steam brought less what the condensate took back.
    let tce = (1000.0 * steam - 800.0 * water) / 1e3 / parkflux::quantity::GJ_PER_TCE;
    let per_tce = made.value("2023/park/intensity/tce/scope2.location/CO2e").unwrap();
    within(made.value("2023/park/scope2.location/CO2e").unwrap() / per_tce, tce, 1e-6, "tce");
    assert!(trail.contains("liquid water") && trail.contains("carriers.csv:5"), "{trail}");
}

#[test]
fn condensate_without_steam_or_state_is_named() {
    let settings = "heat_datum = \"condensate\"";
    let lonely = with_condensate(settings).with(
        "flows.csv",
        &format!("{FLOWS}\n1,2023,outside:supplier,A,steam,1000,t,,,,\n2,2023,A,outside:customer,condensate,800,t,,,,"),
    );
    let unknown = with_condensate(settings)
        .with("carriers.csv", &format!("carrier,property,value,unit\ntest_fuel,kind,solid_fuel,\n{SUPERHEATED}"));
    for files in [lonely, unknown] {
        assert_eq!(codes(&files), ["B272"]);
        within(taken(&files), taken(&buyer("", SUPERHEATED)), 1e-6, "not deducted");
    }
}

/// `E1` burns `coal` t of a fuel with 2 t CO2/t in its boiler; all steam goes to `E2` and
/// `E3`, each of which returns a part of the condensate.
fn boiler(coal: f64, steam: (f64, f64), back: (f64, f64)) -> (Package, Inventory) {
    let files = Files::new("gases = [\"CO2\"]\nheat_datum = \"condensate\"")
        .with("enterprises.csv", "enterprise\nE1\nE2\nE3")
        .with("processes.csv", "process,enterprise,technique\nE1/B,E1,boiler")
        .with("outputs.csv", "process,carrier,role\nE1/B,steam,determining")
        .with(
            "carriers.csv",
            &format!(
                "carrier,property,value,unit\ntest_fuel,kind,solid_fuel,\n{SUPERHEATED}\ncondensate,temperature,95,°C"
            ),
        )
        .with(
            "flows.csv",
            &format!(
                "{FLOWS}
                1,2023,outside:supplier,E1/B,test_fuel,{coal},t,as_received,,,
                2,2023,E1/B,E2,steam,{},t,,,,
                3,2023,E1/B,E3,steam,{},t,,,,
                4,2023,E2,E1/B,condensate,{},t,,,,
                5,2023,E3,E1/B,condensate,{},t,,,,",
                steam.0, steam.1, back.0, back.1
            ),
        );
    account_files(&files)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// The buyers bear what the boiler emits, in the ratio of the heat that they keep;
    /// nothing is lost or counted twice when condensate comes back.
    #[test]
    fn buyers_bear_the_boiler_by_the_heat_they_keep(
        coal in 10.0_f64..1e5, s2 in 100.0_f64..1e5, s3 in 100.0_f64..1e5, r2 in 0.0_f64..1.0, r3 in 0.0_f64..1.0,
    ) {
        let (_, made) = boiler(coal, (s2, s3), (s2 * r2, s3 * r3));
        prop_assert!(made.found.is_empty(), "{:?}", made.found);
        let scope2 = |e: &str| made.value(&format!("2023/enterprise:{e}/scope2.location/CO2")).unwrap_or_default();
        let emitted = made.value("2023/park/scope1/CO2").unwrap();
        prop_assert!((emitted - 2.0 * coal).abs() <= 1e-9 * emitted);
        prop_assert!((scope2("E2") + scope2("E3") - emitted).abs() <= 1e-9 * emitted);
        let steam = state(Megapascals(1.0), Kelvins::from_celsius(300.0)).unwrap().enthalpy;
        let water = state(Megapascals(0.101_325), Kelvins::from_celsius(95.0)).unwrap().enthalpy;
        let (kept2, kept3) = (s2 * (steam - r2 * water), s3 * (steam - r3 * water));
        prop_assert!((scope2("E2") - emitted * kept2 / (kept2 + kept3)).abs() <= 1e-9 * emitted);
        // Under GB/T 32150 the boiler sells exactly what it emits.
        // A sum of exactly zero has no figure by gas.
        let sold = made.value("2023/enterprise:E1/total.location@gbt/CO2").unwrap_or_default();
        prop_assert!(sold.abs() <= 1e-9 * emitted, "{}", sold);
    }
}

/// Steam and condensate through a header that only passes on: nothing stays with its owner.
#[test]
fn a_header_passes_condensate_on_as_it_passes_steam_on() {
    for factor in ["own", "published"] {
        let files = Files::new(&format!(
            "gases = [\"CO2\"]\nheat_datum = \"condensate\"\ninternal_factor = \"{factor}\""
        ))
        .with("enterprises.csv", "enterprise\nOP\nE2")
        .with("processes.csv", "process,enterprise,technique\nOP/HDR,OP,header")
        .with(
            "carriers.csv",
            &format!(
                "carrier,property,value,unit\ntest_fuel,kind,solid_fuel,\n{SUPERHEATED}\ncondensate,temperature,95,°C"
            ),
        )
        .with(
            "flows.csv",
            &format!(
                "{FLOWS}
                1,2023,outside:supplier,OP/HDR,steam,1000,t,,,,
                2,2023,OP/HDR,E2,steam,1000,t,,,,
                3,2023,E2,OP/HDR,condensate,600,t,,,,
                4,2023,OP/HDR,outside:supplier,condensate,600,t,,,,"
            ),
        );
        assert!(codes(&files).is_empty(), "{:?}", codes(&files));
        let (_, made) = account_files(&files);
        let steam = state(Megapascals(1.0), Kelvins::from_celsius(300.0)).unwrap().enthalpy;
        let water = state(Megapascals(0.101_325), Kelvins::from_celsius(95.0)).unwrap().enthalpy;
        let net = HEAT * (steam - 0.6 * water);
        let value = |id: &str| made.value(&format!("2023/{id}/scope2.location/CO2")).unwrap_or_default();
        within(value("park"), net, 1e-9, factor);
        within(value("enterprise:E2"), net, 1e-9, factor);
        within(value("enterprise:OP"), 0.0, 1e-9, factor);
    }
}
