//! Checks of principle: consolidation, meters, units, resale, stocks, loops.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test may stop at the first surprise")]

mod common;

use approx::assert_relative_eq;
use common::{FLOWS, Files, account_files};
use parkflux::park::checks::compare_meters;

/// The CHP, the operator with its bus, and the firms of check 3.
fn consolidation(rule_set: &str) -> Files {
    Files::new(&format!("rule_set = \"{rule_set}\"\ninternal_factor = \"published\"\ngases = [\"CO2\"]"))
        .with("enterprises.csv", "enterprise\nCHP\nFIRMS\nOP")
        .with("processes.csv", "process,enterprise,technique\nOP/BUS,OP,bus")
        .with(
            "flows.csv",
            &format!(
                "{FLOWS}
                1,2023,outside:supplier,CHP,test_fuel,75000,t,as_received,combustion,,
                2,2023,CHP,OP/BUS,electricity,92000,MWh,,,,
                3,2023,outside:grid,OP/BUS,electricity,20000,MWh,,,,
                4,2023,OP/BUS,outside:grid,electricity,30000,MWh,,,,
                5,2023,OP/BUS,outside:loss,electricity,3000,MWh,,,,
                6,2023,OP/BUS,FIRMS,electricity,79000,MWh,,,,"
            ),
        )
}

/// Check 3 of `principle_checks.md`: the same park under both rule sets.
#[test]
fn consolidation_gives_the_hand_computed_numbers_under_both_rule_sets() {
    for (rules, ghgp, gbt) in [("ghgp", "", "@gbt"), ("iso", "", "@gbt"), ("gbt", "@ghgp", "")] {
        let (_, made) = account_files(&consolidation(rules));
        let value = |id: String| made.value(&format!("2023/{id}")).unwrap();
        let total = |view: &str, rule: &str| value(format!("{view}/total.location{rule}/CO2e"));
        assert_relative_eq!(total("park", ghgp), 160_612.0, max_relative = 1e-12);
        assert_relative_eq!(total("sum", ghgp), 193_509.2, max_relative = 1e-12);
        assert_relative_eq!(total("sum", ghgp) - total("park", ghgp), 62_000.0 * 0.5306, max_relative = 1e-9);
        assert_relative_eq!(total("enterprise:CHP", gbt), 101_184.8, max_relative = 1e-12);
        assert_relative_eq!(total("enterprise:OP", gbt), 1_591.8, max_relative = 1e-9);
        assert_relative_eq!(total("enterprise:FIRMS", gbt), 41_917.4, max_relative = 1e-12);
        assert_relative_eq!(total("park", gbt), 144_694.0, max_relative = 1e-12);
        assert_relative_eq!(total("sum", gbt), 144_694.0, max_relative = 1e-12);
        // The terms by name close the difference exactly.
        for rule in [ghgp, gbt] {
            let terms: f64 = ["internal_transfer", "resold_to_members", "resold_outside", "meter_difference"]
                .iter()
                .map(|t| value(format!("reconciliation/total.location{rule}/{t}")))
                .sum();
            assert_relative_eq!(total("park", rule) + terms, total("sum", rule), max_relative = 1e-12);
        }
        // Of 112,000 MWh through the bus 109,000 are sold on, 30,000 of them outside.
        let resold = 20_000.0 * 0.5306 * 109.0 / 112.0;
        let outside = value(format!("reconciliation/total.location{ghgp}/resold_outside"));
        assert_relative_eq!(outside, -resold * 30.0 / 109.0, max_relative = 1e-9);
    }
}

/// `park.consolidate` of the worked examples: boundary, sum with deduction, naive sum.
#[test]
fn steam_sold_inside_is_counted_once() {
    let files = |rules: &str| {
        Files::new(&format!("rule_set = \"{rules}\"\ninternal_factor = \"published\"\ngases = [\"CO2\"]"))
            .with("enterprises.csv", "enterprise\nA\nB")
            .with(
                "factors.csv",
                "id,set,carrier,parameter,gas,value,unit,basis,source,confidence
                a,park,test_fuel,emission_factor,CO2,2.5,t/t,as_received,worked example,computed
                b,park,heat,emission_factor,CO2,0.125,t/GJ,,worked example,computed",
            )
            .with(
                "flows.csv",
                &format!(
                    "{FLOWS}
                    1,2023,outside:supplier,A,test_fuel,10000,t,as_received,combustion,,
                    2,2023,A,B,heat,100000,GJ,,,,
                    3,2023,outside:grid,B,electricity,5000,MWh,,,,"
                ),
            )
    };
    let (_, gbt) = account_files(&files("gbt"));
    let (_, ghgp) = account_files(&files("ghgp"));
    assert_relative_eq!(gbt.value("2023/park/total.location/CO2e").unwrap(), 27_653.0, max_relative = 1e-12);
    assert_relative_eq!(gbt.value("2023/sum/total.location/CO2e").unwrap(), 27_653.0, max_relative = 1e-12);
    assert_relative_eq!(ghgp.value("2023/sum/total.location/CO2e").unwrap(), 40_153.0, max_relative = 1e-12);
    assert_relative_eq!(ghgp.value("2023/park/total.location/CO2e").unwrap(), 27_653.0, max_relative = 1e-12);
}

/// Check 8, meters.
#[test]
fn two_meters_give_the_best_value_and_its_test() {
    let result = compare_meters((1000.0, 20.0), (1060.0, 10.6));
    assert_relative_eq!(result.best, 1046.84, epsilon = 0.005);
    assert_relative_eq!(result.sd, 9.366, epsilon = 0.0005);
    assert_relative_eq!(result.chi2, 7.026, epsilon = 0.0005);
    assert_relative_eq!(result.p, 0.0080, epsilon = 0.00005);
}

/// Check 8, units: t CO2 per tce of a park on grid power alone, and of natural gas.
#[test]
fn a_tce_of_electricity_takes_the_stated_coefficient() {
    for (setting, expected) in [("\"calorific\"", 4.317), ("0.302", 1.757)] {
        let files = Files::new(&format!("gases = [\"CO2\"]\nelectricity_tce = {setting}"))
            .with("enterprises.csv", "enterprise\nA")
            .with("flows.csv", &format!("{FLOWS}\n1,2023,outside:grid,A,electricity,1000,MWh,,,,"));
        let (_, made) = account_files(&files);
        let got = made.value("2023/park/intensity/tce/total.location/CO2e").unwrap();
        assert_relative_eq!(got, expected, epsilon = 0.0005);
    }
    let files = Files::new("gases = [\"CO2\"]\nfactor_sets = [\"ipcc_2006\"]")
        .with("enterprises.csv", "enterprise\nA")
        .with("flows.csv", &format!("{FLOWS}\n1,2023,outside:supplier,A,natural_gas,1,tce,NCV,,,"));
    let (_, made) = account_files(&files);
    assert_relative_eq!(made.value("2023/park/intensity/tce/scope1/CO2").unwrap(), 1.6442, epsilon = 0.00005);
}

/// Check 8, methane: slip of a fuel whose carbon is booked in full takes the GWP
/// without the CO2 from oxidation.
#[test]
fn slip_of_burnt_methane_does_not_count_its_carbon_twice() {
    let files = Files::new("gases = [\"CO2\", \"CH4\"]\nfactor_sets = [\"park\"]\ngwp_set = \"AR6\"")
        .with("enterprises.csv", "enterprise\nA")
        .with("carriers.csv", "carrier,property,value\nmethane,kind,gas_fuel")
        .with(
            "factors.csv",
            "id,set,carrier,parameter,gas,value,unit,source,confidence
            a,park,methane,carbon_content,,0.75,t/t,12/16,computed
            b,park,methane,oxidation,,1,1,full oxidation booked,computed
            c,park,methane,emission_factor,CH4,0.01,t/t,1 % slip,computed",
        )
        .with("flows.csv", &format!("{FLOWS}\n1,2023,outside:supplier,A,methane,1,t,,,,"));
    let (_, made) = account_files(&files);
    assert_relative_eq!(made.value("2023/park/scope1/CO2e").unwrap(), 3.020, epsilon = 0.0005);
}

#[test]
fn fuel_use_is_opening_plus_bought_less_sold_less_closing() {
    let files = Files::new("gases = [\"CO2\"]").with("enterprises.csv", "enterprise\nA\nB").with(
        "flows.csv",
        &format!(
            "{FLOWS}
                1,2023,stock:opening,A,test_fuel,100,t,,,,
                2,2023,outside:supplier,A,test_fuel,1000,t,,,,
                3,2023,A,outside:customer,test_fuel,50,t,,,,
                4,2023,A,B,test_fuel,200,t,,,,
                5,2023,A,stock:closing,test_fuel,150,t,,,,"
        ),
    );
    let (_, made) = account_files(&files);
    let value = |id: &str| made.value(&format!("2023/{id}/scope1/CO2")).unwrap();
    assert_relative_eq!(value("enterprise:A"), 2.0 * 700.0, max_relative = 1e-12);
    assert_relative_eq!(value("enterprise:B"), 2.0 * 200.0, max_relative = 1e-12);
    assert_relative_eq!(value("park"), 2.0 * 900.0, max_relative = 1e-12);
}

#[test]
fn a_store_inside_an_enterprise_does_not_burn_what_it_passes_on() {
    let files = Files::new("gases = [\"CO2\"]")
        .with("enterprises.csv", "enterprise\nA")
        .with("processes.csv", "process,enterprise,technique\nA/B1,A,boiler\nA/B2,A,boiler")
        .with(
            "flows.csv",
            &format!(
                "{FLOWS}
                1,2023,outside:supplier,A,test_fuel,1000,t,,,,
                2,2023,A,A/B1,test_fuel,600,t,,,,
                3,2023,A,A/B2,test_fuel,300,t,,,,"
            ),
        );
    let (package, made) = account_files(&files);
    assert_relative_eq!(made.value("2023/park/scope1/CO2").unwrap(), 2000.0, max_relative = 1e-12);
    assert_eq!(&*package.park.process(package.park.implicit_sites[0]).label.id, "A/_site");
}

#[test]
fn each_party_counts_its_own_meter_and_the_difference_has_a_name() {
    let files = Files::new("rule_set = \"gbt\"\ninternal_factor = \"published\"\ngases = [\"CO2\"]")
        .with("enterprises.csv", "enterprise\nA\nB")
        .with(
            "flows.csv",
            &format!(
                "{FLOWS}
                1,2023,A,B,electricity,1000,MWh,,,from,20
                2,2023,A,B,electricity,1060,MWh,,,to,10.6"
            ),
        );
    let (_, made) = account_files(&files);
    let value = |id: &str| made.value(&format!("2023/{id}")).unwrap();
    assert_relative_eq!(value("enterprise:A/total.location/CO2e"), -1000.0 * 0.5306, max_relative = 1e-12);
    assert_relative_eq!(value("enterprise:B/total.location/CO2e"), 1060.0 * 0.5306, max_relative = 1e-12);
    assert_relative_eq!(value("reconciliation/total.location/meter_difference"), 60.0 * 0.5306, max_relative = 1e-9);
    assert!(value("reconciliation/total.location/internal_transfer").abs() < 1e-9);
    assert!(value("park/total.location/CO2e").abs() < 1e-12);
}

#[test]
fn months_count_and_the_year_beside_them_is_a_check() {
    let months: Vec<String> =
        (1..=12).map(|m| format!("m{m},2023-{m:02},outside:grid,A,electricity,10,MWh,,,,")).collect();
    let months = months.join(
        "
",
    ) + "
";
    let flows = format!("{FLOWS}\n{months}y,2023,outside:grid,A,electricity,120,MWh,,,,");
    let files = Files::new("gases = [\"CO2\"]").with("enterprises.csv", "enterprise\nA").with("flows.csv", &flows);
    let (_, made) = account_files(&files);
    let total = made.value("2023/park/total.location/CO2e").unwrap();
    assert_relative_eq!(total, 120.0 * 0.5306, max_relative = 1e-12);
    let checked = made.coverage.rows.iter().filter(|r| r.treatment.0 == "check only");
    assert_eq!(checked.map(|r| &*r.id).collect::<Vec<_>>(), ["y"]);
}

#[test]
fn certified_power_is_claimed_once_and_the_rest_takes_the_residual_mix() {
    let files = Files::new("gases = [\"CO2\"]")
        .with("enterprises.csv", "enterprise\nA")
        .with("flows.csv", &format!("{FLOWS}\n1,2023,outside:grid,A,electricity,1000,MWh,,,,"))
        .with(
            "instruments.csv",
            "holder,period,kind,quantity,unit,factor,retired
            A,2023,certificate,300,MWh,0,yes
            A,2023,certificate,500,MWh,0,no",
        );
    let (_, made) = account_files(&files);
    assert_relative_eq!(made.value("2023/park/scope2.market/CO2e").unwrap(), 700.0 * 0.6096, max_relative = 1e-12);
    assert_relative_eq!(made.value("2023/park/scope2.location/CO2e").unwrap(), 1000.0 * 0.5306, max_relative = 1e-12);
}

/// Heat from a plant through two headers, with losses: at own factors the users bear
/// them, once. Worked out by hand: the plant gives 70 % of its emission to heat, the
/// first header loses 5,000 of 100,000 GJ, the second 30,000 of 90,000 GJ.
#[test]
fn losses_are_borne_once_by_those_who_use_the_heat() {
    let files = Files::new("gases = [\"CO2\"]")
        .with("enterprises.csv", "enterprise\nA\nB\nC")
        .with("processes.csv", "process,enterprise,technique\nA/CHP,A,chp\nA/HDR,A,header\nB/HDR,B,header")
        .with("outputs.csv", "process,carrier,share\nA/CHP,heat,0.7\nA/CHP,electricity,0.3")
        .with(
            "flows.csv",
            &format!(
                "{FLOWS}
                1,2023,outside:supplier,A/CHP,test_fuel,5000,t,,combustion,,
                2,2023,A/CHP,A/HDR,heat,100000,GJ,,,,
                3,2023,A/HDR,B/HDR,heat,90000,GJ,,,,
                4,2023,A/HDR,outside:loss,heat,5000,GJ,,,,
                5,2023,B/HDR,C,heat,60000,GJ,,,,
                6,2023,A/HDR,A,heat,5000,GJ,,,,
                7,2023,A/CHP,outside:grid,electricity,4000,MWh,,,,"
            ),
        );
    let (_, made) = account_files(&files);
    let scope2 = |e: &str| made.value(&format!("2023/enterprise:{e}/scope2.location/CO2e")).unwrap();
    let bought = 0.7 * 10_000.0 * 90_000.0 / 95_000.0;
    assert_relative_eq!(scope2("C"), bought, max_relative = 1e-12);
    assert!(scope2("B").abs() < 1e-9, "what B sells on with its losses is no consumption of B");
}

/// Two plants that feed each other: the one user outside the loop carries all that they emit.
#[test]
fn a_loop_is_solved_and_its_user_carries_all() {
    let files = Files::new("gases = [\"CO2\"]")
        .with("enterprises.csv", "enterprise\nA\nB\nC")
        .with("processes.csv", "process,enterprise,technique\nA/CHP,A,chp\nB/BOILER,B,boiler")
        .with(
            "flows.csv",
            &format!(
                "{FLOWS}
                1,2023,outside:supplier,A/CHP,test_fuel,1000,t,,combustion,,
                2,2023,outside:supplier,B/BOILER,test_fuel,500,t,,combustion,,
                3,2023,A/CHP,B/BOILER,electricity,10,MWh,,,,
                4,2023,B/BOILER,A/CHP,heat,20,GJ,,,,
                5,2023,A/CHP,C,electricity,100,MWh,,,,"
            ),
        );
    let (_, made) = account_files(&files);
    let scope2 = made.value("2023/enterprise:C/scope2.location/CO2e").unwrap();
    assert_relative_eq!(scope2, 3000.0, max_relative = 1e-12);
    assert!(made.found.sorted().iter().all(|d| d.problem.code().id() != "F103"));
}

/// A gas volume at 20 °C meets a factor at 0 °C by the ideal-gas law.
#[test]
fn gas_volumes_are_brought_to_the_state_of_the_factor() {
    let make = |unit: &str, basis: &str| {
        let files = Files::new("gases = [\"CO2\"]")
            .with("enterprises.csv", "enterprise\nA")
            .with("flows.csv", &format!("{FLOWS}\n1,2023,outside:supplier,A,natural_gas,100,{unit},{basis},,,"));
        account_files(&files).1.value("2023/park/scope1/CO2").unwrap()
    };
    assert_relative_eq!(make("万m3", "20C"), make("万Nm3", "") * 273.15 / 293.15, max_relative = 1e-12);
}

/// A measured calorific value replaces the default; carbon and oxidation stay those
/// of one set.
#[test]
fn measured_properties_win_narrowest_first() {
    let files = Files::new("gases = [\"CO2\"]")
        .with("enterprises.csv", "enterprise\nA\nB")
        .with(
            "carriers.csv",
            "carrier,enterprise,property,value,unit,basis
            test_fuel,,kind,solid_fuel,,
            bituminous,,ncv,20,GJ/t,NCV
            bituminous,B,ncv,22,MJ/kg,NCV",
        )
        .with(
            "flows.csv",
            &format!(
                "{FLOWS}
                1,2023,outside:supplier,A,bituminous,1000,t,,,,
                2,2023,outside:supplier,B,bituminous,1000,t,,,,"
            ),
        );
    let (_, made) = account_files(&files);
    let per_gj = 26.1e-3 * 0.93 * 44.0 / 12.0;
    let value = |e: &str| made.value(&format!("2023/enterprise:{e}/scope1/CO2")).unwrap();
    assert_relative_eq!(value("A"), 20_000.0 * per_gj, max_relative = 1e-12);
    assert_relative_eq!(value("B"), 22_000.0 * per_gj, max_relative = 1e-12);
}

/// t/h and MW are taken with the hours of the period.
#[test]
fn rates_are_taken_with_the_hours_of_the_period() {
    let files = Files::new("gases = [\"CO2\"]")
        .with("enterprises.csv", "enterprise\nA")
        .with("flows.csv", &format!("{FLOWS}\n1,2023,outside:grid,A,electricity,2,MW,,,,"));
    let (_, made) = account_files(&files);
    assert_relative_eq!(
        made.value("2023/park/scope2.location/CO2e").unwrap(),
        2.0 * 8760.0 * 0.5306,
        max_relative = 1e-12
    );
}

/// A park of one or two firms on `test_fuel` (2 t CO2/t); value of a figure.
fn fuel_park(flows: &str, emissions: &str, figure: &str) -> f64 {
    let mut files = Files::new("gases = [\"CO2\"]")
        .with("enterprises.csv", "enterprise\nA\nB")
        .with("flows.csv", &format!("{FLOWS}\n{flows}"));
    if !emissions.is_empty() {
        files = files
            .with("emissions.csv", &format!("id,period,enterprise,replaces,gas,quantity,unit,gwp_set\n{emissions}"));
    }
    account_files(&files).1.value(&format!("2023/{figure}")).unwrap()
}

#[test]
fn selling_what_one_makes_does_not_reduce_what_one_burns() {
    let own = "1,2023,A,A,test_fuel,100,t,,own_use,,\n2,2023,A,B,test_fuel,300,t,,combustion,,";
    assert_relative_eq!(fuel_park(own, "", "enterprise:A/scope1/CO2"), 200.0);
    assert_relative_eq!(fuel_park(own, "", "park/scope1/CO2"), 800.0);
    let feedstock = "1,2023,outside:supplier,A,test_fuel,1000,t,,feedstock,,
        2,2023,outside:supplier,A,test_fuel,100,t,,combustion,,
        3,2023,A,B,test_fuel,500,t,,combustion,,";
    assert_relative_eq!(fuel_park(feedstock, "", "enterprise:A/scope1/CO2"), 200.0);
}

#[test]
fn a_report_on_all_fuel_bought_knows_what_was_left_in_stock() {
    let flows = "1,2023,outside:supplier,A,test_fuel,1000,t,,,,\n2,2023,A,stock:closing,test_fuel,300,t,,,,";
    assert_relative_eq!(fuel_park(flows, "r,2023,A,1,CO2,1400,t,", "park/scope1/CO2"), 1400.0);
}

/// An empty report, with a key or without, leaves the computed emission in force.
#[test]
fn an_empty_report_replaces_nothing() {
    let flows = "1,2023,outside:supplier,A,test_fuel,1000,t,,,,";
    assert_relative_eq!(fuel_park(flows, "r,2023,A,1,CO2,,t,", "park/scope1/CO2"), 2000.0);
}

#[test]
fn two_readings_are_never_added() {
    let value = |observers: [&str; 2]| {
        let files = Files::new("gases = [\"CO2\"]").with("enterprises.csv", "enterprise\nA").with(
            "flows.csv",
            &format!(
                "{FLOWS}
                1,2023,outside:grid,A,electricity,1000,MWh,,,{},
                2,2023,outside:grid,A,electricity,1000,MWh,,,{},",
                observers[0], observers[1]
            ),
        );
        account_files(&files).1.value("2023/park/scope2.location/CO2").unwrap()
    };
    for observers in [["", "third"], ["to", "third"], ["from", ""], ["from", "to"]] {
        assert_relative_eq!(value(observers), 530.6, max_relative = 1e-12);
    }
}

#[test]
fn heat_that_is_thrown_away_or_stored_is_neither_sold_nor_bought() {
    for end in ["outside:water_body", "outside:nature", "stock:closing"] {
        let flows = format!("1,2023,outside:supplier,A,test_fuel,100,t,,combustion,,\n2,2023,A,{end},heat,5000,GJ,,,,");
        assert_relative_eq!(fuel_park(&flows, "", "park/total.location@gbt/CO2e"), 200.0);
    }
}

#[test]
fn steam_takes_the_enthalpy_of_its_month() {
    let files = Files::new("gases = [\"CO2\"]")
        .with("enterprises.csv", "enterprise\nA")
        .with(
            "carriers.csv",
            "carrier,period,property,value,unit
            test_fuel,,kind,solid_fuel,
            steam,2023-01,enthalpy,2.5,GJ/t
            steam,2023-02,enthalpy,3.0,GJ/t",
        )
        .with(
            "flows.csv",
            &format!(
                "{FLOWS}
                1,2023-01,outside:supplier,A,steam,1000,t,,,,
                2,2023-02,outside:supplier,A,steam,1000,t,,,,"
            ),
        );
    let (_, made) = account_files(&files);
    assert_relative_eq!(made.value("2023/park/scope2.location/CO2").unwrap(), 605.0, max_relative = 1e-12);
}

#[test]
fn monthly_added_value_adds_up_to_the_year() {
    let months: Vec<String> = (1..=12).map(|m| format!("A,2023-{m:02},iav,10,万元")).collect();
    let files = Files::new("gases = [\"CO2\"]")
        .with("enterprises.csv", "enterprise\nA")
        .with("flows.csv", &format!("{FLOWS}\n1,2023,outside:supplier,A,test_fuel,60,t,,,,"))
        .with("statistics.csv", &format!("subject,period,item,value,unit\n{}", months.join("\n")));
    let (_, made) = account_files(&files);
    assert_relative_eq!(made.value("2023/park/intensity/iav/scope1/CO2").unwrap(), 1.0, max_relative = 1e-12);
}

/// Power that is all passed on is no consumption, whatever rounding leaves of it.
#[test]
fn an_energy_balance_that_cancels_gives_no_intensity() {
    let files = Files::new("gases = [\"CO2\"]").with("enterprises.csv", "enterprise\nA").with(
        "flows.csv",
        &format!(
            "{FLOWS}
            1,2023,outside:supplier,A,heat,1.1,GJ,,,,
            2,2023,outside:supplier,A,heat,2.2,GJ,,,,
            3,2023,A,outside:customer,heat,3.3,GJ,,,,"
        ),
    );
    let (_, made) = account_files(&files);
    assert_eq!(made.value("2023/park/intensity/tce/total.location/CO2e"), None);
}

/// The order of rows in `factors.csv` decides nothing.
#[test]
fn the_order_of_own_factors_changes_nothing() {
    let rows = [
        "a,park,test_fuel,emission_factor,CO2,,2,t/t,as_received,,a test,computed",
        "b,park,test_fuel,ncv,,,20,GJ/t,NCV,yes,a test,computed",
        "c,park,test_fuel,oxidation,,,1,1,,no,a test,computed",
    ];
    let make = |order: [usize; 3]| {
        let header = "id,set,carrier,parameter,gas,applies_to,value,unit,basis,biogenic,source,confidence";
        let text = order.map(|i| rows[i]).join("\n");
        let files = Files::new("gases = [\"CO2\"]")
            .with("enterprises.csv", "enterprise\nA")
            .with("factors.csv", &format!("{header}\n{text}"))
            .with("flows.csv", &format!("{FLOWS}\n1,2023,outside:supplier,A,test_fuel,100,t,,,,"));
        let (_, made) = account_files(&files);
        made.figures.into_iter().map(|f| (f.id, f.value.map(f64::to_bits))).collect::<Vec<_>>()
    };
    let first = make([0, 1, 2]);
    for order in [[0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        assert_eq!(make(order), first);
    }
}

/// What is left out is listed with its key and the zone's reason; intensities come by gas.
#[test]
fn exclusions_give_the_reason_that_the_row_gives() {
    let files = Files::new("gases = [\"CO2\"]")
        .with("enterprises.csv", "enterprise\nA")
        .with("statistics.csv", "subject,period,item,value,unit\npark,2023,iav,10,万元")
        .with(
            "flows.csv",
            "id,period,from,to,carrier,quantity,unit,notation,note
            1,2023,outside:supplier,A,diesel,,,NE,forklifts of the contractor
            2,2023,outside:grid,A,electricity,1000,MWh,,",
        );
    let (_, made) = account_files(&files);
    let listed: Vec<(&str, &str, &str)> =
        made.coverage.exclusions.iter().map(|x| (x.id.as_str(), x.key.as_str(), x.reason.as_str())).collect();
    assert_eq!(listed, [("1", "NE", "not estimated: forklifts of the contractor")]);
    let by_gas = made.value("2023/park/intensity/iav/scope2.location/CO2").unwrap();
    assert_relative_eq!(by_gas, 53.06, max_relative = 1e-12);
}
