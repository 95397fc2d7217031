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
