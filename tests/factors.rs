//! The factor library is whole, cited and consistent.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test may stop at the first surprise")]

use parkflux::factors::{BUILTIN_IDS, Confidence, Factor, FactorSet, Gwp, Parameter, builtin, builtin_all, vocabulary};
use parkflux::park::{Gas, GwpSet};
use std::collections::{BTreeSet, HashSet};
use std::path::Path;

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("emission_factors")
}

fn rows() -> Vec<(FactorSet, Factor)> {
    builtin_all().into_iter().flat_map(|s| s.factors.to_vec().into_iter().map(move |f| (s.clone(), f))).collect()
}

#[test]
fn every_family_and_every_row_of_the_folder_is_read() {
    let folders: BTreeSet<String> = std::fs::read_dir(folder())
        .unwrap()
        .map(Result::unwrap)
        .filter(|e| e.path().is_dir())
        .map(|e| e.file_name().into_string().unwrap())
        .collect();
    assert_eq!(folders, BUILTIN_IDS.iter().map(|s| (*s).to_owned()).collect());
    for set in builtin_all() {
        let text = std::fs::read_to_string(folder().join(&*set.id).join("factors.csv")).unwrap();
        let records = csv::Reader::from_reader(text.as_bytes()).records().count();
        assert_eq!(set.factors.len(), records, "{}", set.id);
        assert!(!set.title_zh.is_empty() && !set.citation.is_empty(), "{}", set.id);
        let family = std::fs::read_to_string(folder().join(&*set.id).join("family.toml")).unwrap();
        assert!(family.contains(&format!("co2_carbon_ratio = \"{}\"", set.ratio.printed)), "{}", set.id);
    }
}

#[test]
fn every_row_has_an_id_of_its_own_a_source_and_a_known_carrier() {
    let carriers: HashSet<String> = vocabulary().into_iter().map(|v| v.id).collect();
    let mut ids = HashSet::new();
    for (set, f) in rows() {
        assert!(ids.insert(f.id.clone()), "{} twice", f.id);
        assert!(f.id.starts_with(&*set.id), "{}", f.id);
        assert!(!f.source.is_empty(), "{} has no source", f.id);
        assert!(f.carrier.is_empty() || carriers.contains(&*f.carrier), "{}: {}", f.id, f.carrier);
        assert!(!f.region.is_empty() || f.parameter == Parameter::Gwp, "{} has no region", f.id);
    }
}

#[test]
fn limits_stand_around_their_value() {
    for (_, f) in rows() {
        if let Some(low) = f.limits.0 {
            assert!(low <= f.value, "{}: {low} > {}", f.id, f.value);
        }
        if let Some(high) = f.limits.1 {
            assert!(high >= f.value, "{}: {high} < {}", f.id, f.value);
        }
        assert!(f.value >= 0.0 && f.value.is_finite(), "{}", f.id);
        if f.parameter == Parameter::Oxidation {
            assert!(f.value <= 1.0, "{}", f.id);
        }
    }
}

#[test]
fn energy_based_rows_state_their_calorific_basis() {
    let per_energy = parkflux::quantity::Dimension::MASS / parkflux::quantity::Dimension::ENERGY;
    for (_, f) in rows() {
        let fuel = vocabulary().into_iter().any(|v| v.id == *f.carrier && v.kind.is_fuel());
        if fuel && f.dimension == per_energy {
            assert!(f.basis.calorific.is_some(), "{}", f.id);
        }
    }
}

/// IPCC 2006 prints carbon content and CO2 factor; they are the same number twice,
/// to the rounding of the table.
#[test]
fn printed_co2_factors_follow_from_carbon_contents() {
    let ipcc = builtin("ipcc_2006").unwrap();
    let find = |carrier: &str, parameter, gas| {
        ipcc.factors
            .iter()
            .find(|f| *f.carrier == *carrier && f.parameter == parameter && f.gas == gas)
            .map(|f| f.value)
    };
    let mut checked = 0;
    for f in ipcc.factors.iter().filter(|f| f.parameter == Parameter::CarbonContent) {
        let Some(printed) = find(&f.carrier, Parameter::EmissionFactor, Some(Gas::Co2)) else { continue };
        let computed = f.value * 44.0 / 12.0;
        // Both are printed with three digits.
        assert!((computed / printed - 1.0).abs() < 0.006, "{}: {computed} against {printed}", f.carrier);
        checked += 1;
    }
    assert!(checked > 40, "{checked}");
}

#[test]
fn every_gwp_set_covers_the_three_main_gases_and_co2_is_one() {
    let family = builtin("gwp").unwrap();
    for set in GwpSet::ALL {
        let gwp = Gwp::new(&family, set);
        for gas in [Gas::Co2, Gas::Ch4, Gas::N2o] {
            // The Second Assessment Report has no row of its own for methane by origin.
            assert!(gwp.factor(gas, false).is_some() && gwp.factor(gas, true).is_some(), "{set:?} {gas:?}");
        }
        assert!((gwp.factor(Gas::Co2, false).unwrap().value - 1.0).abs() < f64::EPSILON);
    }
    let ar6 = Gwp::new(&family, GwpSet::Ar6);
    assert_eq!(&*ar6.factor(Gas::Ch4, false).unwrap().printed.0, "29.8");
    assert_eq!(&*ar6.factor(Gas::Ch4, true).unwrap().printed.0, "27.0");
}

#[test]
fn what_nobody_could_confirm_is_marked_and_counted() {
    let unconfirmed = rows().into_iter().filter(|(_, f)| f.confidence == Confidence::Unconfirmed).count();
    // N2O of 40 CFR 98, the 2010 and 2011 regional grids and others: see emission_factors/README.md.
    assert_eq!(unconfirmed, 131);
}
