//! Pollutants, desulfurization, water and waste, and scope 3: check 4 of principle and the case o15.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test may stop at the first surprise")]

mod common;

use approx::assert_relative_eq;
use common::{FLOWS, Files, account_files};
use parkflux::diagnostic::{Code, Severity};
use parkflux::factors::{Parameter, builtin_all};
use parkflux::inventory::{Inventory, inventory};
use parkflux::ledger::{Line, Scope, Source, Standing};
use parkflux::methods::desulfurization::{
    MOLAR, Molar, REAGENTS, auxiliary_power, closure, co2_of_reagent, co2_released,
};
use parkflux::methods::pollutants::{removed, so2_formed};
use parkflux::methods::scope3::{freight, upstream};
use parkflux::package::schema::TRANSPORT;
use parkflux::package::{Package, read_files};
use parkflux::park::Gas;
use parkflux::quantity::{Fraction, Tonnes};
use std::collections::BTreeSet;

const LIMESTONE: f64 = 0.9;
const PROCESSES: &str = "process,enterprise,technique\nA/CHP,A,chp\nA/FGD,A,wet_fgd";
const SULFUR: &str = "carrier,property,value,unit
    test_fuel,kind,solid_fuel,
    test_fuel,sulfur,0.8,%";
const PARAMETERS: &str = "process,parameter,gas,value,unit
    A/CHP,retention,,10,%
    A/CHP,removal,SO2,0.95,1";

/// The plant of check 4 without its reagent.
fn plant(settings: &str) -> Files {
    Files::new(settings)
        .with("enterprises.csv", "enterprise\nA")
        .with("processes.csv", PROCESSES)
        .with("carriers.csv", SULFUR)
        .with("parameters.csv", PARAMETERS)
        .with("flows.csv", &flows(""))
}

fn flows(more: &str) -> String {
    format!("{FLOWS}\n1,2023,outside:supplier,A/CHP,test_fuel,500000,t,as_received,combustion,,\n{more}")
}

const REAGENT: &str = "2,2023,outside:supplier,A/FGD,limestone,12230.7,t,,sorbent,,";

fn sum(made: &Inventory, keep: impl Fn(&Line) -> bool) -> f64 {
    made.ledger.lines.iter().filter(|l| keep(l)).map(|l| l.mass).sum()
}

/// CO2 of the scrubber, as the inventory counts it.
fn fgd(made: &Inventory) -> f64 {
    // What the fuel gives is 2 t/t by the factor of the tests.
    made.value("2023/park/scope1/CO2").unwrap() - 1_000_000.0
}

/// Codes of the problems that forbid a result.
fn refused(files: &Files) -> Vec<&'static str> {
    let (package, found) = read_files(&files.0);
    let found = match package {
        Some(package) => inventory(&package).map(|_| ()).unwrap_err(),
        None => found,
    };
    let errors = found.sorted().into_iter().filter(|d| d.problem.severity() == Severity::Error);
    errors.map(|d| d.problem.code().id()).collect()
}

fn notes(made: &Inventory) -> Vec<&'static str> {
    made.found.sorted().iter().map(|d| d.problem.code().id()).collect()
}

/// Check 4 of `principle_checks.md`, equation by equation.
#[test]
fn check_4_equations() {
    let formed = so2_formed(Tonnes(500_000.0), Fraction(0.008), Fraction(0.1));
    let gone = removed(formed, Fraction(0.95), Fraction(1.0));
    assert_relative_eq!(gone.0, 6_840.0, epsilon = 1e-6);
    assert_relative_eq!(co2_released(gone, REAGENTS[0].co2_per_so2()).0, 4_699.2, epsilon = 0.05);
    let balance = closure(gone, 1.03, Fraction(LIMESTONE), &MOLAR).unwrap();
    assert_relative_eq!(balance.limestone, 12_230.7, epsilon = 0.05);
    assert_relative_eq!(balance.carbon_in, 1_320.99, epsilon = 0.005);
    assert_relative_eq!(balance.carbon_released, 1_282.51, epsilon = 0.005);
    assert_relative_eq!(balance.carbon_in_gypsum, 38.48, epsilon = 0.005);
    assert_relative_eq!(balance.carbon_in, balance.carbon_released + balance.carbon_in_gypsum, epsilon = 1e-9);
    assert_relative_eq!(balance.gypsum, 18_383.0, epsilon = 0.5);
    let compliance = co2_of_reagent(Tonnes(balance.limestone), Fraction(LIMESTONE), 0.44, Fraction(1.0));
    assert_relative_eq!(compliance.0, 4_843.4, epsilon = 0.05);
    let power = auxiliary_power(gone, 1.65);
    assert_relative_eq!(power, 11_286.0, epsilon = 1e-6);
    assert_relative_eq!(power * 0.5306, 5_988.4, epsilon = 0.05);
    let all = co2_released(gone, REAGENTS[0].co2_per_so2()).0 + power * 0.5306;
    assert_relative_eq!(all / gone.0, 1.5625, epsilon = 5e-5);
    // Less calcium than sulfur cannot bind it.
    assert_eq!(closure(gone, 0.99, Fraction(LIMESTONE), &MOLAR), None);
}

/// Check 4 as a package: SO2 and CO2 as the inventory counts them, with and without the reagent row, and the power bought.
#[test]
fn check_4_in_a_park() {
    for reagent in ["", REAGENT] {
        let power = "3,2023,outside:grid,A,electricity,11286,MWh,,,,";
        let (package, made) = account_files(&plant("").with("flows.csv", &flows(&format!("{reagent}\n{power}"))));
        assert_relative_eq!(sum(&made, |l| l.source == Source::Abatement), -6_840.0, epsilon = 1e-6);
        assert_relative_eq!(made.value("2023/park/scope1/SO2").unwrap(), 360.0, epsilon = 1e-6);
        assert_relative_eq!(fgd(&made), 4_699.2, epsilon = 0.05);
        let bought = made.value("2023/park/scope2.location/CO2").unwrap();
        assert_relative_eq!(bought, 5_988.4, epsilon = 0.05);
        assert_relative_eq!((fgd(&made) + bought) / 6_840.0, 1.5625, epsilon = 5e-5);
        // The scrubber emits it, not the boiler, and each line is the product of its terms.
        let line = made.ledger.lines.iter().find(|l| l.source == Source::Desulfurization).unwrap();
        assert_eq!(&*package.park.process(line.process).label.id, "A/FGD");
        let terms: f64 = made.ledger.get(line.coefficient).terms.iter().map(|t| t.value).product();
        assert_relative_eq!(line.quantity * terms, line.mass, max_relative = 1e-12);
    }
}

#[test]
fn the_compliance_form_books_all_carbonate_and_is_the_default_of_gbt() {
    let sets = "factor_sets = [\"park\", \"cn_gbt32151_34_reagents\", \"cn_grid\"]";
    for settings in ["rule_set = \"gbt\"", "fgd = \"compliance\""] {
        let files = plant(&format!("gases = [\"CO2\"]\n{settings}\n{sets}")).with("flows.csv", &flows(REAGENT));
        let (_, made) = account_files(&files);
        assert_relative_eq!(fgd(&made), 4_843.4, epsilon = 0.05);
    }
    // Without the quantity of the reagent the form has nothing to stand on.
    assert_eq!(refused(&plant(&format!("fgd = \"compliance\"\n{sets}"))), ["B280"]);
}

#[test]
fn a_generation_rule_may_leave_the_scrubber_out() {
    let (_, made) = account_files(&plant("fgd = \"none\"").with("flows.csv", &flows(REAGENT)));
    assert_relative_eq!(fgd(&made), 0.0, epsilon = 1e-6);
    assert_relative_eq!(made.value("2023/park/scope1/SO2").unwrap(), 360.0, epsilon = 1e-6);
}

#[test]
fn lime_and_carbide_slag_release_nothing_and_bicarbonate_twice_as_much() {
    let so2 = Tonnes(6_840.0);
    for (carrier, ratio) in [("lime", 0.0), ("carbide_slag", 0.0), ("caustic_soda", 0.0), ("sodium_bicarbonate", 1.374)]
    {
        let reagent = REAGENTS.iter().find(|r| r.carrier == carrier).unwrap();
        assert_relative_eq!(reagent.co2_per_so2(), ratio, epsilon = 0.0005);
        let row = format!("2,2023,outside:supplier,A/FGD,{carrier},30000,t,,sorbent,,");
        let (_, made) = account_files(&plant("").with("flows.csv", &flows(&row)));
        assert_relative_eq!(fgd(&made), co2_released(so2, reagent.co2_per_so2()).0, epsilon = 1e-6);
    }
}

/// Half of the SO2 bound by a neighbor's carbide slag releases half of the CO2.
#[test]
fn reagents_of_two_kinds_share_the_sulfur_by_what_they_can_bind() {
    let slag = 10_000.0 * 74.092 / 100.086;
    let rows = format!(
        "2,2023,outside:supplier,A/FGD,limestone,10000,t,,sorbent,,
        3,2023,outside:supplier,A/FGD,carbide_slag,{slag},t,,sorbent,,"
    );
    let (_, made) = account_files(&plant("").with("flows.csv", &flows(&rows)));
    assert_relative_eq!(fgd(&made), 4_699.2 / 2.0, epsilon = 0.05);
}

#[test]
fn more_sulfur_than_the_reagent_binds_is_refused() {
    let row = "2,2023,outside:supplier,A/FGD,limestone,5000,t,,sorbent,,";
    assert_eq!(refused(&plant("").with("flows.csv", &flows(row))), ["B281"]);
}

#[test]
fn without_so2_the_stated_calcium_ratio_decides() {
    let files = plant("")
        .with("carriers.csv", "carrier,property,value,unit\ntest_fuel,kind,solid_fuel,\nlimestone,carbonate,90,%")
        .with("parameters.csv", "process,parameter,value,unit\nA/FGD,ca_s_ratio,1.03,1")
        .with("flows.csv", &flows(REAGENT));
    assert_relative_eq!(fgd(&account_files(&files).1), 4_699.2, epsilon = 0.05);
}

/// The case `o15`: its own molar masses (44.01, 64.066, 100.087, 172.171) through our equations.
#[test]
fn the_case_of_a_600_mw_unit_comes_out() {
    let text = include_str!("../fixtures/cases/o15_fgd_sng/fgd_stoichiometry.csv");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let value = |name: &str| rows.iter().find(|r| &r[0] == name).unwrap()[1].parse::<f64>().unwrap();
    let molar = Molar { carbon: 12.011, co2: 44.01, so2: 64.066, limestone: 100.087, gypsum: 172.171 };
    let one = closure(Tonnes(1.0), 1.0, Fraction(1.0), &molar).unwrap();
    assert_relative_eq!(one.limestone, value("CaCO3_per_SO2"), max_relative = 1e-4);
    assert_relative_eq!(molar.co2 / molar.so2, value("CO2_per_SO2"), max_relative = 1e-4);
    assert_relative_eq!(one.gypsum, value("gypsum_per_SO2"), max_relative = 1e-4);
    let per_sulfur = so2_formed(Tonnes(1.0), Fraction(1.0), Fraction(0.0));
    let limestone = closure(per_sulfur, 1.0, Fraction(1.0), &MOLAR).unwrap().limestone;
    assert_relative_eq!(limestone, value("CaCO3_per_S"), max_relative = 5e-4);
    let carbonate = co2_of_reagent(Tonnes(limestone), Fraction(1.0), 0.44, Fraction(1.0));
    assert_relative_eq!(carbonate.0, value("CO2_per_S"), max_relative = 5e-4);
    let formed = so2_formed(Tonnes(900_000.0), Fraction(0.01), Fraction(0.15));
    let gone = removed(formed, Fraction(0.95), Fraction(1.0));
    let process = co2_released(gone, molar.co2 / molar.so2).0;
    assert_relative_eq!(process, value("example.CO2_process"), max_relative = 1e-5);
    let power = 3.0e6 * 0.012 * 0.85;
    assert_relative_eq!(power, value("example.FGD_power_1.2pct_of_3.0TWh_x_0.85t/MWh"), max_relative = 1e-12);
    assert_relative_eq!(process + power, value("example.total_penalty"), max_relative = 1e-5);
    assert_relative_eq!((process + power) / gone.0, value("example.net_kgCO2_per_kgSO2"), max_relative = 1e-5);
}

#[test]
fn a_stack_monitor_takes_the_place_of_the_sulfur_balance() {
    let emissions = "id,period,enterprise,process,gas,quantity,unit\nM1,2023,A,A/CHP,SO2,300,t";
    let (_, made) = account_files(&plant("").with("emissions.csv", emissions));
    assert_relative_eq!(made.value("2023/park/scope1/SO2").unwrap(), 300.0, epsilon = 1e-9);
    let replaced = |l: &Line| l.gas == Gas::So2 && l.standing == Standing::Replaced;
    assert_relative_eq!(sum(&made, replaced), 360.0, epsilon = 1e-6);
    // What the monitor did not see was removed: 6,900 t; with a reagent row the CO2 follows it.
    let files = plant("").with("emissions.csv", emissions).with("flows.csv", &flows(REAGENT));
    let (_, made) = account_files(&files);
    assert_relative_eq!(fgd(&made), 4_699.2 * 6_900.0 / 6_840.0, epsilon = 0.05);
}

#[test]
fn twelve_months_of_a_monitor_make_the_year_and_eleven_do_not() {
    let months = |n: u32| {
        let rows: Vec<String> = (1..=n).map(|m| format!("M{m:02},2023-{m:02},A,A/CHP,SO2,25,t")).collect();
        format!("id,period,enterprise,process,gas,quantity,unit\n{}", rows.join("\n"))
    };
    let (_, made) = account_files(&plant("").with("emissions.csv", &months(12)));
    assert_relative_eq!(made.value("2023/park/scope1/SO2").unwrap(), 300.0, epsilon = 1e-9);
    assert_eq!(refused(&plant("").with("emissions.csv", &months(11))), ["B214"]);
}

#[test]
fn nox_and_dust_go_by_factor_and_removal_and_a_burner_without_a_value_is_named() {
    let files = Files::new("gases = [\"CO2\"]\nfactor_sets = [\"park\", \"cn_gbt32151_2024\", \"cn_hj953_2018\"]")
        .with("enterprises.csv", "enterprise\nA")
        .with("processes.csv", "process,enterprise,technique\nA/B1,A,stoker\nA/B2,A,stoker")
        .with(
            "parameters.csv",
            "process,parameter,gas,value,unit\nA/B1,removal,NOx,80,%\nA/B1,utilization,NOx,90,%\nA/B1,removal,PM,99,%",
        )
        .with(
            "flows.csv",
            &format!(
                "{FLOWS}
                1,2023,outside:supplier,A/B1,bituminous,10000,t,as_received,combustion,,
                2,2023,outside:supplier,A/B2,test_fuel,100,t,as_received,combustion,,"
            ),
        );
    let (_, made) = account_files(&files);
    let value = |gas: &str| made.value(&format!("2023/park/scope1/{gas}")).unwrap();
    assert_relative_eq!(value("NOx"), 10_000.0 * 0.0035 * (1.0 - 0.8 * 0.9), max_relative = 1e-12);
    assert_relative_eq!(value("PM"), 10_000.0 * 0.008 * 0.01, max_relative = 1e-9);
    assert_eq!(made.value("2023/park/scope1/SO2"), None);
    assert_eq!(notes(&made).iter().filter(|c| **c == Code::GasNotEstimated.id()).count(), 2);
}

#[test]
fn removal_of_so2_without_a_scrubber_is_named() {
    let files = plant("").with("processes.csv", "process,enterprise,technique\nA/CHP,A,chp");
    let (_, made) = account_files(&files);
    assert!(notes(&made).contains(&"B290"));
}

#[test]
fn water_and_waste_count_at_the_fence_only() {
    let files = Files::new("gases = [\"CO2\"]")
        .with("enterprises.csv", "enterprise\nA\nB")
        .with(
            "carriers.csv",
            "carrier,property,value\ntest_fuel,kind,solid_fuel\nhazardous_oil,kind,waste\nspent_lime,kind,waste",
        )
        .with(
            "flows.csv",
            &format!(
                "{FLOWS}
                1,2023,outside:nature,A,fresh_water,1000,m3,,,,
                2,2023,outside:supplier,A,fresh_water,500,t,,,,
                3,2023,outside:supplier,A,reclaimed_water,200,m3,,,,
                4,2023,A,outside:water_body,wastewater,900,m3,,,,
                5,2023,A,B,wastewater,100,m3,,,,
                6,2023,A,outside:landfill,fly_ash,50,t,,,,
                7,2023,A,outside:customer,fly_ash,70,t,,,,
                8,2023,A,outside:treatment,hazardous_oil,5,t,,,,
                9,2023,A,B,spent_lime,30,t,,,,
                B0,2023,B,outside:customer,spent_lime,8,t,,,,"
            ),
        );
    let (_, made) = account_files(&files);
    let value = |gas: &str| made.value(&format!("2023/park/scope1/{gas}"));
    assert_eq!(value("fresh_water"), Some(1500.0));
    assert_eq!(value("wastewater"), Some(900.0));
    assert_eq!(value("solid_waste"), Some(58.0));
    assert_eq!(value("hazardous_waste"), Some(5.0));
    assert_eq!(value("CO2e"), Some(0.0));
}

/// Life cycle less generation of 2023, as published: 0.6205 and 0.5306.
#[test]
fn upstream_of_electricity_leaves_out_its_combustion() {
    let files = Files::new("gases = [\"CO2\"]")
        .with("enterprises.csv", "enterprise\nA")
        .with("flows.csv", &format!("{FLOWS}\n1,2023,outside:grid,A,electricity,1000,MWh,,,,"));
    let (_, made) = account_files(&files);
    let expected = upstream(1000.0, 0.6205, 0.5306).0;
    assert_relative_eq!(expected, 89.9, epsilon = 1e-9);
    assert_relative_eq!(made.value("2023/park/scope3.3/CO2e").unwrap(), expected, max_relative = 1e-12);
    // Scope 3 stands beside the total.
    assert_relative_eq!(made.value("2023/park/total.location/CO2e").unwrap(), 530.6, max_relative = 1e-12);
}

#[test]
fn goods_freight_capital_and_disposal_where_factors_exist() {
    let files = Files::new("factor_sets = [\"park\", \"cn_gbt51366_2019_footprints\"]\ngases = [\"CO2\"]")
        .with("enterprises.csv", "enterprise\nA\nB")
        .with(
            "factors.csv",
            "id,set,carrier,parameter,gas,technique,value,unit,source,confidence
            d,park,steel_slag,disposal_factor,CO2e_life_cycle,landfill,20,kg/t,a test,computed",
        )
        .with("carriers.csv", "carrier,property,value,unit\ntest_fuel,kind,solid_fuel,\npaper,footprint,0.9,t/t")
        .with(
            "flows.csv",
            "id,period,from,to,carrier,quantity,unit,use,distance_km,transport
            1,2023,outside:supplier,A,cement,1000,t,process,200,diesel_truck_30t
            2,2023,outside:supplier,A,steel,100,t,capital,,
            3,2023,outside:supplier,A,fresh_water,5000,m3,,,
            4,2023,outside:supplier,A,paper,10,t,process,,
            5,2023,outside:supplier,A,zinc,10,t,process,,
            6,2023,A,outside:landfill,steel_slag,300,t,,,
            7,2023,A,B,cement,50,t,process,,",
        );
    let (_, made) = account_files(&files);
    let value = |c: u8| made.value(&format!("2023/park/scope3.{c}/CO2e")).unwrap();
    assert_relative_eq!(value(1), 1000.0 * 0.735 + 5000.0 * 0.168e-3 + 9.0, max_relative = 1e-12);
    assert_relative_eq!(value(2), 100.0 * 2.05, max_relative = 1e-12);
    assert_relative_eq!(value(4), freight(Tonnes(1000.0), 200.0, 0.078e-3).0, max_relative = 1e-12);
    assert_relative_eq!(value(5), 6.0, max_relative = 1e-12);
    // Zinc has no footprint in these sets: counted, not refused.
    let gaps: Vec<usize> =
        made.coverage.not_estimated.iter().filter(|d| d.0.0.contains("without a footprint")).map(|d| d.1).collect();
    assert_eq!(gaps, [1]);
    assert!(made.ledger.lines.iter().all(|l| !matches!(l.scope, Scope::OtherIndirect(_)) || l.crosses));
}

#[test]
fn the_means_of_transport_are_those_of_the_freight_factors() {
    let sets = builtin_all();
    let rows = sets.iter().flat_map(|s| s.factors.iter()).filter(|f| f.parameter == Parameter::TransportFactor);
    let known: BTreeSet<&str> = rows.map(|f| &*f.technique).collect();
    assert_eq!(known, TRANSPORT.iter().copied().collect());
}

#[test]
fn a_distance_needs_its_means_of_transport() {
    let files = Files::new("").with("enterprises.csv", "enterprise\nA").with(
        "flows.csv",
        "id,period,from,to,carrier,quantity,unit,distance_km,transport\n1,2023,outside:supplier,A,zinc,1,t,20,",
    );
    let (package, found): (Option<Package>, _) = read_files(&files.0);
    assert!(package.is_none());
    assert_eq!(found.sorted().iter().map(|d| d.problem.code().id()).collect::<Vec<_>>(), ["T105"]);
}

/// Without the set of reagents the factor is the molar ratio that the standard rounds.
#[test]
fn the_compliance_form_needs_no_set_for_a_known_formula() {
    let (_, made) = account_files(&plant("fgd = \"compliance\"").with("flows.csv", &flows(REAGENT)));
    assert_relative_eq!(fgd(&made), 12_230.7 * MOLAR.co2 / MOLAR.limestone, max_relative = 1e-9);
}

/// Reagent passed on was not used up; a report on the reagent stands for its line; reagent by volume is refused.
#[test]
fn reagent_counts_once() {
    let settings = "fgd = \"compliance\"";
    let alone = fgd(&account_files(&plant(settings).with("flows.csv", &flows(REAGENT))).1);
    let more = "2,2023,outside:supplier,A/FGD,limestone,13230.7,t,,sorbent,,
        3,2023,A/FGD,outside:customer,limestone,1000,t,,,,";
    let passed = fgd(&account_files(&plant(settings).with("flows.csv", &flows(more))).1);
    assert_relative_eq!(passed, alone, max_relative = 1e-9);
    let reported = plant("")
        .with("flows.csv", &flows(REAGENT))
        .with("emissions.csv", "id,period,enterprise,process,replaces,gas,quantity,unit\nR,2023,A,A/FGD,2,CO2,4600,t");
    assert_relative_eq!(fgd(&account_files(&reported).1), 4_600.0, epsilon = 1e-6);
    let volume = REAGENT.replace(",t,", ",m3,");
    assert_eq!(refused(&plant("").with("flows.csv", &flows(&volume))), ["B281"]);
}

/// A scrubber inside a carbon balance has its limestone there, and not a second time by the SO2 of the fuel.
#[test]
fn a_scrubber_inside_a_balance_counts_once() {
    let files = plant("")
        .with("flows.csv", &flows(REAGENT))
        .with("processes.csv", "process,enterprise,technique,accounting\nA/CHP,A,chp,\nA/FGD,A,wet_fgd,balance:X")
        .with("carriers.csv", &format!("{SULFUR}\nlimestone,carbon_content,0.1,1"));
    let (_, made) = account_files(&files);
    assert_relative_eq!(fgd(&made), 12_230.7 * 0.1 * 44.0 / 12.0, epsilon = 1e-6);
}
