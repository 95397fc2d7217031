//! Certificates through a pool, and generators that sold theirs: each attribute once, and the sums agree.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test may stop at the first surprise")]

mod common;

use approx::assert_relative_eq;
use common::{FLOWS, Files, account_files};
use parkflux::inventory::Inventory;

/// Residual mix of the park's own set, so that the numbers stand here. Unit: t/MWh.
const RESIDUAL: f64 = 0.6;

fn pool(settings: &str, instruments: &str) -> Files {
    Files::new(&format!("gases = [\"CO2\"]\nfactor_sets = [\"park\"]\n{settings}"))
        .with("enterprises.csv", "enterprise\nA\nB\nOP")
        .with("processes.csv", "process,enterprise,technique\nOP/BUS,OP,bus")
        .with(
            "factors.csv",
            "id,set,carrier,parameter,gas,technique,value,unit,source,confidence
            g,park,electricity,emission_factor,CO2,grid_average,0.5,t/MWh,a test,computed
            r,park,electricity,emission_factor,CO2,residual_mix,0.6,t/MWh,a test,computed",
        )
        .with(
            "flows.csv",
            &format!(
                "{FLOWS}
                1,2023,outside:grid,OP/BUS,electricity,100,MWh,,,,
                2,2023,OP/BUS,A,electricity,40,MWh,,,,
                3,2023,OP/BUS,B,electricity,57,MWh,,,,
                4,2023,OP/BUS,outside:loss,electricity,3,MWh,,,,"
            ),
        )
        .with("instruments.csv", &format!("holder,generator,period,kind,quantity,unit,factor,retired\n{instruments}"))
}

fn market(made: &Inventory, view: &str, rule: &str) -> f64 {
    made.value(&format!("2023/{view}/total.market{rule}/CO2e")).unwrap()
}

/// Park and terms add up to the sum of the enterprises, under both rule sets.
fn closes(made: &Inventory, other: &str) {
    for rule in ["", other] {
        let terms: f64 = ["internal_transfer", "resold_to_members", "resold_outside", "meter_difference"]
            .iter()
            .map(|t| made.value(&format!("2023/reconciliation/total.market{rule}/{t}")).unwrap())
            .sum();
        assert_relative_eq!(market(made, "park", rule) + terms, market(made, "sum", rule), epsilon = 1e-9);
    }
}

fn codes(made: &Inventory) -> Vec<&'static str> {
    made.found.sorted().iter().map(|d| d.problem.code().id()).collect()
}

const WIND: &str = "A,Hami Wind,2023,certificate,40,MWh,0,yes";

#[test]
fn a_holder_that_buys_through_a_pool_covers_its_purchases_there() {
    for (rules, other) in [("ghgp", "@gbt"), ("gbt", "@ghgp")] {
        for factor in ["own", "published"] {
            let settings = format!("rule_set = \"{rules}\"\ninternal_factor = \"{factor}\"");
            let (_, made) = account_files(&pool(&settings, WIND));
            assert!(!codes(&made).contains(&"B211"), "{:?}", codes(&made));
            assert_relative_eq!(market(&made, "enterprise:A", ""), 0.0, epsilon = 1e-9);
            // Sixty of the hundred megawatt-hours carry the residual mix; who bears the losses depends on the factor.
            assert_relative_eq!(market(&made, "park", ""), 60.0 * RESIDUAL, max_relative = 1e-12);
            let gbt = if rules == "gbt" { "" } else { "@gbt" };
            assert_relative_eq!(market(&made, "sum", gbt), 60.0 * RESIDUAL, max_relative = 1e-9);
            let own = factor == "own";
            let b = if own { 60.0 } else { 57.0 } * RESIDUAL;
            assert_relative_eq!(market(&made, "enterprise:B", ""), b, max_relative = 1e-9);
            closes(&made, other);
            // The location-based view knows no instruments.
            let location = made.value("2023/park/total.location/CO2e").unwrap();
            assert_relative_eq!(location, 50.0, max_relative = 1e-12);
        }
    }
}

#[test]
fn beyond_what_was_bought_nothing_is_covered() {
    let (_, made) = account_files(&pool("", "A,Hami Wind,2023,certificate,50,MWh,0,yes"));
    assert_eq!(codes(&made), ["B211"]);
    assert_relative_eq!(market(&made, "park", ""), 60.0 * RESIDUAL, max_relative = 1e-12);
}

#[test]
fn two_holders_cannot_claim_more_than_the_pool_imported() {
    let both = format!("{WIND}\nB,Hami Wind,2023,certificate,57,MWh,0,yes");
    let mut files = pool("", &both);
    let flows = files.text("flows.csv").replace("OP/BUS,electricity,100", "OP/BUS,electricity,50");
    files = files.with("flows.csv", &format!("{flows}5,2023,outside:nature,OP/BUS,electricity,50,MWh,,,,"));
    let (_, made) = account_files(&files);
    assert_eq!(codes(&made).iter().filter(|c| **c == "B211").count(), 2);
    assert_relative_eq!(market(&made, "park", ""), 0.0, epsilon = 1e-9);
    closes(&made, "@gbt");
}

#[test]
fn unretired_instruments_cover_nothing_and_are_named() {
    let (_, made) = account_files(&pool("", "A,Hami Wind,2023,certificate,40,MWh,0,no"));
    assert_relative_eq!(market(&made, "park", ""), 100.0 * RESIDUAL, max_relative = 1e-12);
    let named = made.coverage.not_estimated.iter().any(|((en, _), n)| en.contains("not retired") && *n == 1);
    assert!(named);
}

/// Direct supply with a factor of its own covers like a certificate.
#[test]
fn direct_supply_takes_its_factor() {
    let (_, made) = account_files(&pool("", "A,Hami Wind,2023,direct_supply,40,MWh,0.02,yes"));
    assert_relative_eq!(market(&made, "enterprise:A", ""), 40.0 * 0.02, max_relative = 1e-9);
    assert_relative_eq!(market(&made, "park", ""), 40.0 * 0.02 + 60.0 * RESIDUAL, max_relative = 1e-12);
    closes(&made, "@gbt");
}

/// Solar power whose certificate a neighbor holds: the neighbor is green, the user of the power is not.
#[test]
fn a_generator_that_sold_its_certificates_keeps_no_zero_factor() {
    let files = Files::new("gases = [\"CO2\"]\nfactor_sets = [\"park\"]")
        .with("enterprises.csv", "enterprise\nA\nB\nSUN")
        .with("factors.csv", &pool("", "").text("factors.csv"))
        .with(
            "flows.csv",
            &format!(
                "{FLOWS}
                1,2023,outside:grid,A,electricity,100,MWh,,,,
                2,2023,outside:nature,SUN,electricity,10,MWh,,,,
                3,2023,SUN,B,electricity,10,MWh,,,,"
            ),
        );
    let (_, kept) = account_files(&files);
    assert_relative_eq!(market(&kept, "enterprise:B", ""), 0.0, epsilon = 1e-9);
    let head = "holder,generator,period,kind,quantity,unit,factor,retired";
    let (_, made) =
        account_files(&files.with("instruments.csv", &format!("{head}\nA,SUN,2023,certificate,8,MWh,0,yes")));
    assert_relative_eq!(market(&made, "enterprise:A", ""), 92.0 * RESIDUAL, max_relative = 1e-12);
    assert_relative_eq!(market(&made, "enterprise:B", ""), 8.0 * RESIDUAL, max_relative = 1e-9);
    assert_relative_eq!(market(&made, "enterprise:SUN", ""), 0.0, epsilon = 1e-9);
    // Moved, not made: the park's total is what it was.
    assert_relative_eq!(market(&made, "park", ""), market(&kept, "park", ""), max_relative = 1e-12);
    closes(&made, "@gbt");
}
