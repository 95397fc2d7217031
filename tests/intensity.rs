//! Embodied intensities through loops: published cases, checks of principle, laws on random networks, and what cannot be
//! solved.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test may stop at the first surprise")]

mod common;

use approx::assert_relative_eq;
use common::{FLOWS, Files, account_files};
use parkflux::balance::intensity::{Cause, Input, Network, Output};
use parkflux::balance::tracing::{carried_by, origins_of};
use parkflux::diagnostic::{Lang, Style, render_text};
use parkflux::inventory::{Embodied, Inventory, OwnFactor};
use parkflux::ledger::Approach;
use parkflux::package::Package;
use parkflux::park::Gas;
use parkflux::report::explain::Explainer;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::path::Path;

/// A table of a case: rows by column.
fn case(name: &str, file: &str) -> Vec<BTreeMap<String, String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/cases").join(name).join(file);
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_path(path).unwrap();
    let header = reader.headers().unwrap().clone();
    let row = |r: csv::StringRecord| header.iter().map(str::to_owned).zip(r.iter().map(str::to_owned)).collect();
    reader.records().map(|r| row(r.unwrap())).collect()
}

fn number(text: &str) -> f64 {
    text.parse().unwrap_or_default()
}

/// Checks the expected values of a case with their tolerances; `got` answers by the name of the quantity.
fn check(name: &str, got: impl Fn(&str) -> Option<f64>) -> usize {
    let mut checked = 0;
    for row in case(name, "expected.csv") {
        let Some(value) = got(&row["quantity"]) else { continue };
        let expected: f64 = row["value"].parse().unwrap();
        let (kind, limit) = row["tolerance_abs_or_rel"].split_once(' ').unwrap();
        let limit: f64 = limit.parse().unwrap();
        let limit = if kind == "rel" { limit * expected.abs() } else { limit };
        assert!((value - expected).abs() <= limit, "{}: {value} instead of {expected}", row["quantity"]);
        checked += 1;
    }
    checked
}

/// Bialek's four buses: emission of the two generators, and the share of the first.
#[test]
fn case_o06_power_is_traced_by_proportional_sharing() {
    let nodes = case("o06_bialek4", "nodes.csv");
    let at = |row: &BTreeMap<String, String>, key: &str| number(&row[key]);
    let burdens: Vec<Vec<f64>> = nodes
        .iter()
        .map(|n| {
            let made = at(n, "generation_MW");
            let first = if n["node"] == "1" { made } else { 0.0 };
            vec![made, made * at(n, "ef_t_per_MWh(own choice)"), first]
        })
        .collect();
    let loads: Vec<f64> = nodes.iter().map(|n| at(n, "load_MW")).collect();
    let bus = |text: &str| text.parse::<usize>().unwrap() - 1;
    let flows: Vec<(usize, usize, f64)> =
        case("o06_bialek4", "flows.csv").iter().map(|f| (bus(&f["from"]), bus(&f["to"]), at(f, "MW"))).collect();
    let network = Network::of_nodes(burdens.clone(), &flows, &loads);
    let solved = network.solve().unwrap();
    let from = |generator: usize| carried_by(&network, generator).unwrap();
    let checked = check("o06_bialek4", |quantity| {
        let node = |text: &str| bus(text.trim_start_matches('N'));
        Some(match quantity.split_once(['.', '_']) {
            Some(("throughflow", n)) => solved.through[node(n)][0],
            Some(("intensity", n)) => solved.of_output[node(n)][1],
            Some(("share", rest)) => solved.of_output[node(rest.rsplit_once('N').unwrap().1)][2],
            Some(("G1", rest)) => burdens[0][0] * from(0)[node(rest.trim_start_matches("to_L"))],
            Some(("G2", rest)) => burdens[1][0] * from(1)[node(rest.trim_start_matches("to_L"))],
            Some(("total", _)) => solved.conservation[1].carried,
            Some((load, "emission")) => {
                let n = node(load.trim_start_matches('L'));
                loads[n] * solved.of_output[n][1]
            }
            _ => panic!("{quantity}"),
        })
    });
    assert_eq!(checked, 19);
    // Upstream: where the emission of a megawatt-hour at bus 4 comes from.
    let origins = origins_of(&network, 3).unwrap();
    let sum: f64 = origins.iter().zip(&burdens).map(|(part, b)| part * b[1]).sum();
    assert_relative_eq!(sum, solved.of_output[3][1], max_relative = 1e-12);
    assert_relative_eq!(origins[0] * burdens[0][0], solved.of_output[3][2], max_relative = 1e-12);
}

/// The Leontief inverse: one unit of burden at each unit of output of a sector, a right-hand side for each sector.
#[test]
fn case_o16_the_leontief_inverse_is_the_intensity_of_output() {
    let rows = case("o16_leontief", "transactions.csv");
    let sold: Vec<f64> = rows.iter().map(|r| number(&r["output"])).collect();
    let output = |(process, &useful): (usize, &f64)| Output { process, useful, share: 1.0 };
    let outputs = sold.iter().enumerate().map(output).collect();
    let mut inputs = Vec::new();
    for (output, row) in rows.iter().enumerate() {
        for process in 0..rows.len() {
            inputs.push(Input { process, output, quantity: number(&row[&format!("to_{}", process + 1)]) });
        }
    }
    let burdens = (0..sold.len()).map(|p| (0..sold.len()).map(|s| if s == p { sold[p] } else { 0.0 }).collect());
    let network = Network { burdens: burdens.collect(), outputs, inputs, ..Network::default() };
    let solved = network.solve().unwrap();
    let inverse = |i: usize, j: usize| solved.of_output[j][i];
    let demand = [600.0, 1500.0];
    let checked = check("o16_leontief", |quantity| match quantity.as_bytes() {
        [b'L', i, j] => Some(inverse(usize::from(i - b'1'), usize::from(j - b'1'))),
        [b'x', i, ..] => Some((0..2).map(|j| inverse(usize::from(i - b'1'), j) * demand[j]).sum()),
        _ => panic!("{quantity}"),
    });
    assert_eq!(checked, 6);
}

/// A park of one CHP that burns 500 t of fuel (1000 t CO2): 200 GWh of power and 400 GWh of heat at 150 °C.
fn chp(rule: &str, parameters: &str) -> (Package, Inventory) {
    let mut files = Files::new("gases = [\"CO2\"]")
        .with("enterprises.csv", "enterprise\nA\nB")
        .with("processes.csv", "process,enterprise,technique\nA/CHP,A,chp")
        .with(
            "outputs.csv",
            &format!("process,carrier,role,rule\nA/CHP,electricity,determining,{rule}\nA/CHP,heat,co_product,{rule}"),
        )
        .with(
            "carriers.csv",
            "carrier,property,value,unit
            test_fuel,kind,solid_fuel,
            heat,temperature,150,°C
            heat,price,40,元/GJ
            electricity,price,0.5,元/kWh",
        )
        .with(
            "flows.csv",
            &format!(
                "{FLOWS}
                1,2023,outside:supplier,A/CHP,test_fuel,500,t,,combustion,,
                2,2023,A/CHP,B,electricity,200000,MWh,,,,
                3,2023,A/CHP,B,heat,400000,MWh,,,,"
            ),
        );
    if !parameters.is_empty() {
        files = files.with("parameters.csv", &format!("process,parameter,carrier,value,unit\n{parameters}"));
    }
    account_files(&files)
}

/// Heat and power of that CHP. Unit: t CO2.
fn burdens(made: &(Package, Inventory)) -> (f64, f64) {
    let bears = |carrier: &str| own(made, "A/CHP", carrier).map_or(f64::NAN, |o| o.useful * o.per_gas[&Gas::Co2]);
    (bears("heat"), bears("electricity"))
}

/// The own factor of a product, location-based.
fn own<'a>((package, made): &'a (Package, Inventory), process: &str, carrier: &str) -> Option<&'a OwnFactor> {
    let park = &package.park;
    let found = made.own.iter().find(|((_, approach, p, c), _)| {
        *approach == Approach::Location
            && *park.process(*p).label.id == *process
            && *park.carrier(*c).label.id == *carrier
    });
    found.map(|(_, own)| own)
}

#[test]
fn case_o17_a_chp_is_allocated_by_each_rule() {
    let halves = "A/CHP,reference_efficiency,heat,1,1\nA/CHP,reference_efficiency,electricity,0.5,1";
    let checked = check("o17_chp_allocation", |quantity| {
        let (rule, side) = quantity.split_once('.').unwrap_or((quantity, ""));
        let made = match rule {
            "efficiency" => chp("efficiency", ""),
            "energy" => chp("energy", ""),
            "exergy" => chp("exergy", ""),
            _ if rule.starts_with("DUKES") => chp("efficiency", halves),
            _ => return None,
        };
        let (heat, power) = burdens(&made);
        Some(if side.starts_with("heat") { heat } else { power })
    });
    assert_eq!(checked, 6);
}

#[test]
fn the_other_rules_of_allocation() {
    // Heat supplied 1.44e6 GJ; the boilers made 3.6e6 GJ: 供热比 0.4.
    for parameters in ["A/CHP,boiler_heat,,3600000,GJ", "A/CHP,supply_heat_ratio,,40,%"] {
        let (heat, power) = burdens(&chp("supply_heat_ratio", parameters));
        assert_relative_eq!(heat, 400.0, max_relative = 1e-12);
        assert_relative_eq!(power, 600.0, max_relative = 1e-12);
    }
    // 1.44e6 GJ at 40 元 against 200e6 kWh at 0.5 元.
    let (heat, _) = burdens(&chp("price", ""));
    assert_relative_eq!(heat, 1000.0 * 57.6 / 157.6, max_relative = 1e-12);
    // Heat bears the published 0.11 t/GJ of what it displaces; power bears the rest, less than nothing.
    let made = chp("substitution", "");
    let (_, power) = burdens(&made);
    let displaced = made.1.value("2023/enterprise:B/scope2.location/CO2").unwrap() - power;
    assert!(displaced > 1000.0 && power < 0.0);
    assert_relative_eq!(power + displaced, 1000.0, max_relative = 1e-9);
    let park = made.1.value("2023/park/total.location/CO2e").unwrap();
    assert_relative_eq!(park, 1000.0, max_relative = 1e-12);
}

/// The table of rules: each rule carries out all that went in, and the chosen one is what the inventory has.
#[test]
fn the_rules_beside_each_other_lose_nothing() {
    for rule in ["energy", "efficiency", "substitution", "price"] {
        let (package, made) = chp(rule, "A/CHP,supply_heat_ratio,,40,%");
        let (given, _) = made.embodied[0].conserved(&made.gwp);
        assert_eq!(made.rules.len(), 7);
        for outcome in &made.rules {
            let id = outcome.rule.id();
            assert_eq!(outcome.chosen, id == rule);
            let Ok(network) = &outcome.outcome else {
                assert_eq!(id, "mass");
                continue;
            };
            let carried = network.carried(&package.park, &made.gwp);
            assert_relative_eq!(carried.iter().sum::<f64>(), given, max_relative = 1e-12);
            if outcome.chosen {
                assert_eq!(network.solved, made.embodied[0].solved);
            }
        }
    }
    for folder in common::parks() {
        let (package, made) = common::account(&folder);
        for outcome in made.rules.iter().filter(|o| o.chosen) {
            let network = made.embodied.iter().find(|e| e.year == outcome.year).unwrap();
            assert_eq!(outcome.outcome.as_ref().unwrap(), network);
            let (given, carried) = network.conserved(&made.gwp);
            let by_kind: f64 = network.carried(&package.park, &made.gwp).iter().sum();
            assert_relative_eq!(given, carried, max_relative = 1e-12);
            assert_relative_eq!(given, by_kind, max_relative = 1e-12);
        }
    }
}

/// Steam by IF97: flow exergy against water at 15 °C, monthly states and condensate apart.
#[test]
fn steam_bears_its_flow_exergy() {
    use parkflux::quantity::steam::{Kelvins, Megapascals, state};
    let files = Files::new("gases = [\"CO2\"]\nchp_rule = \"exergy\"\nsurroundings = 20")
        .with("enterprises.csv", "enterprise\nA\nB")
        .with("processes.csv", "process,enterprise,technique\nA/CHP,A,chp")
        .with(
            "carriers.csv",
            "carrier,property,value,unit
            test_fuel,kind,solid_fuel,
            steam,pressure,1,MPa
            steam,temperature,300,°C",
        )
        .with(
            "flows.csv",
            &format!(
                "{FLOWS}
                1,2023,outside:supplier,A/CHP,test_fuel,500,t,,combustion,,
                2,2023,A/CHP,B,electricity,1000,GJ,,,,
                3,2023,A/CHP,B,steam,1000,t,,,,"
            ),
        );
    let made = account_files(&files);
    let t0 = Kelvins::from_celsius(20.0);
    let (steam, dead) =
        (state(Megapascals(1.0), Kelvins::from_celsius(300.0)).unwrap(), state(Megapascals(0.101_325), t0).unwrap());
    let exergy = (steam.enthalpy - dead.enthalpy) - t0.0 * (steam.entropy - dead.entropy);
    assert_relative_eq!(own(&made, "A/CHP", "steam").unwrap().share, exergy / (exergy + 1000.0), max_relative = 1e-12);
}

/// Check 2 of `principle_checks.md`, through the package reader.
fn check_2() -> Files {
    Files::new("gases = [\"CO2\"]")
        .with("enterprises.csv", "enterprise\nCHP\nFIRMS\nOP")
        .with(
            "processes.csv",
            "process,enterprise,technique\nCHP/U1,CHP,chp\nOP/BUS,OP,bus\nOP/DEMIN,OP,water_treatment",
        )
        .with(
            "outputs.csv",
            "process,carrier,role,share
            CHP/U1,heat,determining,0.6
            CHP/U1,electricity,co_product,0.4
            OP/DEMIN,demineralised_water,determining,",
        )
        .with(
            "flows.csv",
            &format!(
                "{FLOWS}
                01,2023,outside:supplier,CHP/U1,test_fuel,75000,t,,combustion,,
                02,2023,CHP/U1,OP/BUS,electricity,100000,MWh,,,,
                03,2023,outside:grid,OP/BUS,electricity,20000,MWh,,,,
                04,2023,OP/BUS,outside:loss,electricity,3000,MWh,,,,
                05,2023,OP/BUS,CHP/U1,electricity,8000,MWh,,,,
                06,2023,OP/BUS,OP/DEMIN,electricity,2000,MWh,,,,
                07,2023,OP/BUS,FIRMS,electricity,107000,MWh,,,,
                08,2023,CHP/U1,CHP/U1,heat,50000,GJ,,own_use,,
                09,2023,CHP/U1,FIRMS,heat,850000,GJ,,,,
                10,2023,OP/DEMIN,CHP/U1,demineralised_water,1000000,t,,,,
                11,2023,OP/DEMIN,FIRMS,demineralised_water,200000,t,,,,"
            ),
        )
}

#[test]
fn check_2_a_loop_with_losses() {
    let made = account_files(&check_2());
    let factor = |process: &str, carrier: &str| own(&made, process, carrier).unwrap().per_gas[&Gas::Co2];
    assert_relative_eq!(factor("CHP/U1", "electricity") * 3.6, 0.646_417, epsilon = 5e-7);
    assert_relative_eq!(factor("CHP/U1", "heat"), 0.107_736, epsilon = 5e-7);
    assert_relative_eq!(factor("OP/BUS", "electricity") * 3.6, 0.643_194, epsilon = 5e-7);
    assert_relative_eq!(factor("OP/DEMIN", "demineralised_water"), 0.001_071_99, epsilon = 5e-9);
    let firms = |bucket: &str| made.1.value(&format!("2023/enterprise:FIRMS/{bucket}/CO2e")).unwrap();
    assert_relative_eq!(firms("scope2.location") + firms("scope3.1"), 160_612.0, max_relative = 1e-12);
    let network = &made.1.embodied[0];
    let conservation = network.solved.conservation[0];
    assert_relative_eq!(conservation.given, 160_612.0, max_relative = 1e-12);
    assert!(conservation.error() < 1e-12 && network.solved.residual < 1e-14);
    // Water is the CHP's scope 3, never its scope 2; inside the park as a whole it is nobody's.
    let water = made.1.value("2023/enterprise:CHP/scope3.1/CO2e").unwrap();
    assert_relative_eq!(water, 1e6 * factor("OP/DEMIN", "demineralised_water"), max_relative = 1e-12);
    assert!(made.1.value("2023/park/scope3.1/CO2e").unwrap_or_default().abs() < 1e-12);
    let park = made.1.value("2023/park/total.location/CO2e").unwrap();
    assert_relative_eq!(park, 160_612.0, max_relative = 1e-12);
}

/// Who carries what a chimney emits, and where a factor comes from.
#[test]
fn a_chimney_is_traced_to_those_who_use_its_products() {
    let (package, made) = account_files(&check_2());
    let network = &made.embodied[0];
    let carriers = network.carriers_of(network.processes[0]).unwrap();
    assert_eq!(carriers.len(), 3, "power, heat and water to one firm");
    assert!(carriers.iter().all(|(to, ..)| package.park.node_text(*to) == "FIRMS"));
    assert_relative_eq!(carriers.iter().map(|c| c.2).sum::<f64>(), 1.0, max_relative = 1e-12);
    for k in 0..network.products.len() {
        let origins = network.origins_of(k, &made.gwp).unwrap();
        let sum: f64 = origins.iter().map(|o| o.1).sum();
        assert_relative_eq!(sum, network.co2e(k, &made.gwp), max_relative = 1e-12);
    }
    // Water emits nothing itself: all it carries comes from the CHP and the grid.
    let water = network.products.len() - 1;
    assert!(network.origins_of(water, &made.gwp).unwrap().iter().all(|(p, e)| *e > 0.0 || *p == network.processes[2]));
}

/// Upstream runs on the same matrix, beside scope 2 and never in it.
#[test]
fn what_lies_upstream_is_a_right_hand_side_of_its_own() {
    let footprint = "id,set,carrier,parameter,gas,value,unit,basis,source,confidence
        a,park,test_fuel,emission_factor,CO2,2,t/t,as_received,a test,computed
        b,park,test_fuel,footprint,CO2,0.1,t/t,as_received,a test,computed";
    let (package, made) = account_files(&check_2().with("factors.csv", footprint));
    let network = &made.embodied[0];
    let carried: f64 =
        network.network.final_uses().iter().enumerate().map(|(k, used)| used * network.upstream(k).unwrap()).sum();
    // Of the fuel, and of the power of the grid: life cycle less generation.
    assert_relative_eq!(carried, 7500.0 + 20_000.0 * (0.6205 - 0.5306), max_relative = 1e-12);
    let by_kind: f64 = network.carried(&package.park, &made.gwp).iter().sum();
    assert_relative_eq!(by_kind, 160_612.0, max_relative = 1e-12);
    assert!(made.embodied[1].upstream(0).is_none());
}

/// With throughput taken as inflow a part of the emission vanishes in the loss: what the check warns of.
#[test]
fn check_2_throughput_is_not_inflow() {
    let made = account_files(&check_2());
    let mut network = made.1.embodied[0].network.clone();
    let bus = network.outputs.iter_mut().find(|o| (o.useful - 117_000.0 * 3.6).abs() < 1.0).unwrap();
    bus.useful = 120_000.0 * 3.6;
    let solved = network.solve().unwrap();
    let lost = 3000.0
        * 3.6
        * solved.of_output[network.outputs.iter().position(|o| o.useful > 431_999.0 && o.useful < 432_001.0).unwrap()]
            [0];
    assert_relative_eq!(lost, 1879.7, epsilon = 0.05);
}

/// Gas of a furnace that `outputs.csv` lists carries its share to the power made of it, and is the buyer's scope 3.
#[test]
fn by_product_gas_is_scope_3_of_the_buyer_and_in_the_power_made_of_it() {
    let files = |rows: &str| {
        Files::new("gases = [\"CO2\"]")
            .with("enterprises.csv", "enterprise\nCHP\nFIRM\nSTEEL")
            .with("processes.csv", "process,enterprise,technique\nCHP/U1,CHP,chp\nSTEEL/BF,STEEL,blast_furnace")
            .with("outputs.csv", &format!("process,carrier,role,share,rule\n{rows}CHP/U1,electricity,determining,,"))
            .with(
                "carriers.csv",
                "carrier,property,value,unit
                test_fuel,kind,solid_fuel,
                top_gas,kind,by_product,
                pig_iron,price,3000,元/t
                top_gas,price,0.1,元/m3",
            )
            .with(
                "flows.csv",
                &format!(
                    "{FLOWS}
                    1,2023,outside:supplier,STEEL/BF,test_fuel,1000,t,,combustion,,
                    2,2023,STEEL/BF,CHP/U1,top_gas,2000000,m3,,,,
                    3,2023,STEEL/BF,outside:customer,pig_iron,600,t,,,,
                    4,2023,CHP/U1,FIRM,electricity,1000,MWh,,,,
                    5,2023,CHP/U1,STEEL/BF,electricity,500,MWh,,,,
                    6,2023,outside:grid,CHP/U1,electricity,100,MWh,,,,"
                ),
            )
    };
    // Stated, by price (0.2 of 2.0 million 元), and a stated share beside a rule.
    let tables = [
        "STEEL/BF,pig_iron,determining,0.9,\nSTEEL/BF,top_gas,co_product,0.1,\n",
        "STEEL/BF,pig_iron,determining,,price\nSTEEL/BF,top_gas,co_product,,price\n",
        "STEEL/BF,pig_iron,determining,,price\nSTEEL/BF,top_gas,co_product,0.1,\n",
    ];
    for rows in tables {
        let made = account_files(&files(rows));
        let gas = own(&made, "STEEL/BF", "top_gas").unwrap();
        let power = own(&made, "CHP/U1", "electricity").unwrap().per_gas[&Gas::Co2];
        // By hand: B = 2000 + 500 e, e = (53.06 + 0.1 B) / 1500 in t/MWh.
        let e = (53.06 + 200.0) / 1450.0;
        assert_relative_eq!(power * 3.6, e, max_relative = 1e-12);
        assert_relative_eq!(gas.per_gas[&Gas::Co2] * 2e6, 0.1 * (2000.0 + 500.0 * e), max_relative = 1e-12);
        assert_eq!(gas.unit(), "t/m3");
        let value = |id: &str| made.1.value(&format!("2023/{id}/CO2e")).unwrap_or_default();
        assert_relative_eq!(value("enterprise:CHP/scope3.1"), 0.1 * (2000.0 + 500.0 * e), max_relative = 1e-12);
        // Only what it bought over the fence is its scope 2: the gas is no purchased energy.
        assert_relative_eq!(value("enterprise:CHP/scope2.location"), 53.06, max_relative = 1e-12);
        assert_relative_eq!(value("enterprise:STEEL/scope2.location"), 500.0 * e, max_relative = 1e-12);
    }
}

#[test]
fn a_trail_leads_through_a_loop_and_ends() {
    let (package, made) = account_files(&check_2());
    for lang in [Lang::En, Lang::Zh] {
        let tree = Explainer::new(&package, &made, lang).explain("07/CO2").unwrap().to_text(20, lang);
        if lang == Lang::En {
            insta::assert_snapshot!("trail_through_a_loop", tree);
        }
        assert!(tree.lines().count() < 120, "{tree}");
    }
}

/// The problems of a park as text, in both languages.
fn problems(files: &Files) -> String {
    let (package, mut found) = parkflux::package::read_files(&files.0);
    if let Some(package) = package {
        match parkflux::inventory::inventory(&package) {
            Ok(made) => found.append(made.found),
            Err(others) => found.append(others),
        }
    }
    let text = |lang| render_text(&found, lang, Style::Plain);
    format!("{}\n{}", text(Lang::En), text(Lang::Zh))
}

#[test]
fn what_cannot_be_solved_gets_names_and_mend() {
    let park = |settings: &str, outputs: &str, flows: &str| {
        let files = Files::new(&format!("gases = [\"CO2\"]\ngrid_year = 2023\n{settings}"))
            .with("enterprises.csv", "enterprise\nA\nB\nC")
            .with("processes.csv", "process,enterprise,technique\nA/CHP,A,chp\nB/HP,B,heat_plant")
            .with(
                "carriers.csv",
                "carrier,property,value,unit
                test_fuel,kind,solid_fuel,
                steam,enthalpy,2.8,GJ/t
                condensate,enthalpy,0.4,GJ/t",
            )
            .with(
                "flows.csv",
                &format!("{FLOWS}\n1,2023,outside:supplier,A/CHP,test_fuel,1000,t,,combustion,,\n{flows}"),
            );
        if outputs.is_empty() { files } else { files.with("outputs.csv", &format!("process,carrier,share\n{outputs}")) }
    };
    let closed = "2,2023,A/CHP,B/HP,electricity,10,MWh,,,,\n3,2023,B/HP,A/CHP,heat,20,GJ,,,,";
    insta::assert_snapshot!("nothing_leaves_the_loop", problems(&park("", "", closed)));
    let sold = "2,2023,A/CHP,C,electricity,10,MWh,,,,";
    let shares = "A/CHP,electricity,0.7\nA/CHP,heat,0.3";
    insta::assert_snapshot!("zero_throughput", problems(&park("", shares, sold)));
    let shares = "A/CHP,electricity,0.7\nA/CHP,heat,0.4";
    let both = "2,2023,A/CHP,C,electricity,10,MWh,,,,\n3,2023,A/CHP,C,heat,20,GJ,,,,";
    insta::assert_snapshot!("shares_not_one", problems(&park("", shares, both)));
    let returned = "2,2023,A/CHP,C,steam,10,t,,,,\n3,2023,C,A/CHP,condensate,100,t,,,,";
    let credit = park("heat_datum = \"condensate\"", "", returned);
    insta::assert_snapshot!("credit_beyond_output", problems(&credit));
    let more = "2,2023,A/CHP,B/HP,electricity,10,MWh,,,from,
        3,2023,A/CHP,B/HP,electricity,15,MWh,,,to,
        4,2023,B/HP,A/CHP,heat,20,GJ,,,from,
        5,2023,B/HP,A/CHP,heat,30,GJ,,,to,
        6,2023,A/CHP,C,electricity,1,MWh,,,,";
    insta::assert_snapshot!("more_taken_than_given", problems(&park("", "", more)));
}

#[test]
fn a_singular_network_is_named_and_the_causes_are_told_apart() {
    let pair = |useful: [f64; 2], share: [f64; 2], taken: [f64; 2]| Network {
        burdens: vec![vec![1.0], vec![2.0]],
        outputs: (0..2).map(|p| Output { process: p, useful: useful[p], share: share[p] }).collect(),
        inputs: (0..2).map(|p| Input { process: 1 - p, output: p, quantity: taken[p] }).collect(),
        ..Network::default()
    };
    let cause = |n: Network| n.solve().unwrap_err().cause;
    assert_eq!(cause(pair([0.0, 1.0], [1.0, 1.0], [0.0, 0.5])), Cause::ZeroThroughput);
    assert_eq!(cause(pair([-1.0, 1.0], [1.0, 1.0], [0.0, 0.5])), Cause::CreditBeyondOutput);
    assert_eq!(cause(pair([1.0, 1.0], [1.0, 0.9], [0.1, 0.5])), Cause::SharesNotOne(0.9));
    assert_eq!(cause(pair([1.0, 2.0], [1.0, 1.0], [1.0, 2.0])), Cause::NothingLeaves);
    assert_eq!(cause(pair([1.0, 2.0], [1.0, 1.0], [1.5, 2.0])), Cause::MoreTakenThanGiven);
    assert_eq!(cause(pair([1.0, 2.0], [1.0, 1.0], [0.9, 2.4])), Cause::MoreTakenThanGiven);
    assert_eq!(cause(pair([1.0, 2.0], [1.0, 1.0], [f64::NAN, 2.0])), Cause::NotANumber);
    let part = pair([1.0, 2.0], [1.0, 1.0], [1.0, 2.0]).solve().unwrap_err();
    assert_eq!((part.processes, part.outputs), (vec![0, 1], vec![0, 1]));
    assert!(Network::default().solve().unwrap().of_output.is_empty());
}

/// A chain that ends in a ring, both as long as a city's network: no recursion, no quadratic work.
#[test]
fn a_long_chain_and_a_large_ring_are_solved() {
    let n = 20_000;
    let output = |process| Output { process, useful: 2.0, share: 1.0 };
    let take = |p: usize| Input { process: if p + 1 < n { p + 1 } else { n / 2 }, output: p, quantity: 1.0 };
    let mut network = Network {
        burdens: vec![vec![1.0]; n],
        outputs: (0..n).map(output).collect(),
        inputs: (0..n).map(take).collect(),
        ..Network::default()
    };
    let solved = network.solve().unwrap();
    assert!(solved.residual < 1e-12 && solved.conservation[0].error() < 1e-10);
    // With nothing left over the ring is closed, and named whole.
    for p in n / 2..n {
        network.inputs[p].quantity = 2.0;
    }
    let part = network.solve().unwrap_err();
    assert_eq!((part.cause, part.processes.len()), (Cause::NothingLeaves, n / 2));
}

/// A park of A/P, which emits 1000 t CO2, and of B and C, which take what it makes.
fn maker(outputs: &str, flows: &str) -> Files {
    Files::new("gases = [\"CO2\"]\ngrid_year = 2023")
        .with("enterprises.csv", "enterprise\nA\nB\nC")
        .with("processes.csv", "process,enterprise,technique\nA/P,A,chp")
        .with("outputs.csv", &format!("process,carrier,role,share,rule\n{outputs}"))
        .with(
            "carriers.csv",
            "carrier,property,value,unit
            test_fuel,kind,solid_fuel,
            wat,kind,material,
            heat,temperature,150,°C",
        )
        .with("flows.csv", &format!("{FLOWS}\nf1,2023,outside:supplier,A/P,test_fuel,500,t,,combustion,,\n{flows}"))
}

/// Emission that an enterprise takes over with goods. Unit: t CO2.
fn goods(made: &(Package, Inventory), year: u16, enterprise: &str) -> f64 {
    made.1.value(&format!("{year}/enterprise:{enterprise}/scope3.1/CO2e")).unwrap_or_default()
}

#[test]
fn what_seller_and_buyer_read_in_two_dimensions_is_taken_as_the_seller_reads_it() {
    let rows = "1,2023,A/P,B,hydrogen,1,t,,feedstock,from,\n2,2023,A/P,B,hydrogen,11000,Nm3,,feedstock,to,";
    let made = account_files(&maker("A/P,hydrogen,determining,,", rows));
    assert_relative_eq!(goods(&made, 2023, "B"), 1000.0, max_relative = 1e-12);
    assert_relative_eq!(own(&made, "A/P", "hydrogen").unwrap().per_gas[&Gas::Co2], 1000.0, max_relative = 1e-12);
    let line = made.1.ledger.lines.iter().find(|l| l.variant == "embodied").unwrap();
    assert!(line.id(&made.0.park).starts_with("1/"), "{}", line.id(&made.0.park));
    // Two readers that both mean one flow in one dimension stay apart: the buyer's account takes the buyer's.
    let rows = "1,2023,A/P,B,hydrogen,1,t,,feedstock,from,\n2,2023,A/P,B,hydrogen,0.99,t,,feedstock,to,";
    let made = account_files(&maker("A/P,hydrogen,determining,,", rows));
    assert_relative_eq!(goods(&made, 2023, "B"), 990.0, max_relative = 1e-12);
}

/// Closing of a month is opening of the next: of levels only the first and the last of a year count.
#[test]
fn stock_counts_by_its_change_over_the_year() {
    let months = |level: &dyn Fn(u32) -> f64, year: u32, first: bool| {
        let row = |m: u32| {
            let opening = if first || m > 1 {
                format!("o{year}-{m},{year}-{m:02},stock:opening,A/P,wat,{},t,,,,\n", level(m - 1))
            } else {
                String::new()
            };
            format!("{opening}c{year}-{m},{year}-{m:02},A/P,stock:closing,wat,{},t,,,,\n", level(m))
        };
        (1..=12).map(row).collect::<String>()
    };
    let sold = "s1,2023,A/P,B,wat,100,t,,,,\n";
    let factor = |made: &(Package, Inventory)| own(made, "A/P", "wat").unwrap().per_gas[&Gas::Co2];
    let level = maker("A/P,wat,determining,,", &format!("{sold}{}", months(&|_| 100.0, 2023, true)));
    let made = account_files(&level);
    assert_relative_eq!(factor(&made), 10.0, max_relative = 1e-12);
    assert_relative_eq!(goods(&made, 2023, "B"), 1000.0, max_relative = 1e-12);
    // It grows from 100 t to 160 t: 160 t were made, and 60 t of them stay.
    let rising =
        maker("A/P,wat,determining,,", &format!("{sold}{}", months(&|m| 100.0 + 5.0 * f64::from(m), 2023, true)));
    let made = account_files(&rising);
    assert_relative_eq!(factor(&made), 1000.0 / 160.0, max_relative = 1e-12);
    let chimney = made.1.embodied[0].carriers_of(made.1.embodied[0].processes[0]).unwrap();
    assert_relative_eq!(chimney.iter().map(|c| c.2).sum::<f64>(), 1.0, max_relative = 1e-12);
    // February to December open with what the month before closes with: no row need say so.
    let text = rising.text("flows.csv");
    let lone: Vec<&str> =
        text.lines().filter(|row| !row.starts_with("o2023-") || row.starts_with("o2023-1,")).collect();
    assert_relative_eq!(
        factor(&account_files(&rising.with("flows.csv", &lone.join("\n")))),
        6.25,
        max_relative = 1e-12
    );
    // The next year opens with 160 t at 6.25 t/t, makes 40 t of 600 t CO2, sells 100 t and closes with 100 t.
    let next = "g1,2024,outside:supplier,A/P,test_fuel,300,t,,combustion,,
        s2,2024,A/P,B,wat,100,t,,,,\n";
    let rows = format!(
        "{sold}{}{next}{}",
        months(&|m| 100.0 + 5.0 * f64::from(m), 2023, true),
        months(&|m| 160.0 - 5.0 * f64::from(m), 2024, false)
    );
    let files = maker("A/P,wat,determining,,", &rows);
    let toml = files.text("park.toml").replace("[\"2023\"]", "[\"2023\", \"2024\"]");
    let made = account_files(&files.with("park.toml", &toml));
    assert_relative_eq!(goods(&made, 2023, "B"), 625.0, max_relative = 1e-12);
    assert_relative_eq!(goods(&made, 2024, "B"), 100.0 * (160.0 * 6.25 + 600.0) / 200.0, max_relative = 1e-12);
    let network = made.1.embodied.iter().find(|e| e.year == 2024).unwrap();
    assert_relative_eq!(network.solved.conservation[0].given, 1600.0, max_relative = 1e-12);
    assert!(network.solved.conservation[0].error() < 1e-12 && network.solved.residual < 1e-14);
    let tree = Explainer::new(&made.0, &made.1, Lang::En).explain("s2/CO2").unwrap().to_text(40, Lang::En);
    assert!(tree.contains("opening stock 160 t"), "{tree}");
}

#[test]
fn credits_are_shown_and_one_above_the_emission_is_named() {
    let rows = "2,2023,A/P,B,electricity,2000,MWh,,,,\n3,2023,A/P,C,heat,5000,GJ,,,,\n4,2023,A/P,B,wat,10,t,,,,";
    let outputs = "A/P,electricity,determining,,substitution\nA/P,heat,co_product,,substitution\n";
    // A stated share is a share of the emission; the credit of 550 t is taken off the power alone.
    let made = account_files(&maker(&format!("{outputs}A/P,wat,co_product,0.1,"), rows));
    let bears = |carrier: &str| own(&made, "A/P", carrier).map(|o| o.useful * o.per_gas[&Gas::Co2]).unwrap();
    assert_relative_eq!(bears("wat"), 100.0, max_relative = 1e-12);
    assert_relative_eq!(bears("electricity"), 900.0 - 550.0, max_relative = 1e-12);
    assert!(!made.1.found.sorted().iter().any(|d| d.problem.code().id() == "F111"));
    let network = &made.1.embodied[0];
    let (given, carried) = network.conserved(&made.1.gwp);
    assert_relative_eq!(given, 1000.0, max_relative = 1e-12);
    assert_relative_eq!(carried, 1000.0, max_relative = 1e-12);
    for k in 0..network.products.len() {
        let origins: f64 = network.origins_of(k, &made.1.gwp).unwrap().iter().map(|o| o.1).sum();
        assert_relative_eq!(origins, network.co2e(k, &made.1.gwp), max_relative = 1e-12);
    }
    let tree = Explainer::new(&made.0, &made.1, Lang::En).explain("2/CO2").unwrap().to_text(20, Lang::En);
    insta::assert_snapshot!("trail_of_a_credit", tree);
    // 20 000 GJ of heat displace 2200 t, the process emits 1000 t.
    let rows = "2,2023,A/P,B,electricity,2000,MWh,,,,\n3,2023,A/P,C,heat,20000,GJ,,,,";
    let files = maker(outputs, rows);
    insta::assert_snapshot!("credit_above_emission", problems(&files));
    let made = account_files(&files);
    let power = own(&made, "A/P", "electricity").unwrap();
    assert_relative_eq!(power.useful * power.per_gas[&Gas::Co2], 1000.0 - 2200.0, max_relative = 1e-12);
}

/// A loop whose meters differ beyond sense carries out more than was emitted: it is named and not reported.
#[test]
fn meters_of_a_loop_that_differ_wildly_are_named() {
    let park = |back: &str| {
        maker(
            "A/P,electricity,determining,,",
            &format!(
                "1,2023,A/P,B/BUS,electricity,1000,MWh,,,,
                2,2023,B/BUS,A/P,electricity,1,MWh,,,from,
                3,2023,B/BUS,A/P,electricity,{back},MWh,,,to,
                4,2023,B/BUS,C,electricity,999,MWh,,,,"
            ),
        )
        .with("processes.csv", "process,enterprise,technique\nA/P,A,chp\nB/BUS,B,bus")
    };
    let apart = problems(&park("990"));
    insta::assert_snapshot!("meters_of_a_loop_differ", apart);
    let made = account_files(&park("990"));
    assert!(own(&made, "B/BUS", "electricity").is_none());
    let (c, emitted) = (made.1.value("2023/enterprise:C/scope2.location/CO2e").unwrap(), 1000.0);
    assert!(c < emitted, "{c}");
    // What meters differ by in earnest stays.
    let made = account_files(&park("1.02"));
    let power = own(&made, "B/BUS", "electricity").unwrap().per_gas[&Gas::Co2] * 3.6;
    assert_relative_eq!(power, 1000.0 / (1000.0 - 1.02), max_relative = 1e-12);
}

#[test]
fn a_loop_without_solution_elsewhere_leaves_the_table_of_rules() {
    let (other, flows) = (
        "process,enterprise,technique\nA/P,A,chp\nD/CHP,D,chp\nE/HP,E,heat_plant",
        "2,2023,A/P,B,electricity,2000,MWh,,,,
        3,2023,A/P,C,heat,5000,GJ,,,,
        4,2023,outside:supplier,D/CHP,test_fuel,100,t,,combustion,,
        5,2023,D/CHP,E/HP,electricity,10,MWh,,,,
        6,2023,E/HP,D/CHP,heat,20,GJ,,,,",
    );
    let outputs = "A/P,electricity,determining,,energy\nA/P,heat,co_product,,energy";
    let made = account_files(
        &maker(outputs, flows).with("processes.csv", other).with("enterprises.csv", "enterprise\nA\nB\nC\nD\nE"),
    );
    assert!(made.1.found.sorted().iter().any(|d| d.problem.code().id() == "F103"));
    let solved: Vec<&str> = made.1.rules.iter().filter(|r| r.outcome.is_ok()).map(|r| r.rule.id()).collect();
    assert!(solved.contains(&"energy") && solved.contains(&"efficiency") && solved.contains(&"exergy"), "{solved:?}");
    for outcome in made.1.rules.iter().filter(|o| o.chosen) {
        assert_eq!(outcome.outcome.as_ref().unwrap(), &made.1.embodied[0]);
    }
}

#[test]
fn a_good_with_a_share_and_no_rows_is_named() {
    let outputs = "A/P,electricity,determining,0.5,\nA/P,hydrogen,co_product,0.5,";
    let files = maker(outputs, "2,2023,A/P,B,electricity,2000,MWh,,,,");
    insta::assert_snapshot!("share_without_rows", problems(&files));
    let with_rows =
        maker(outputs, "2,2023,A/P,B,electricity,2000,MWh,,,,\n3,2023,A/P,outside:customer,hydrogen,1,t,,,,");
    assert!(!account_files(&with_rows).1.found.sorted().iter().any(|d| d.problem.code().id() == "F112"));
}

/// A random network with loops: each process makes one to three products, and others take a part of them.
fn networks() -> impl Strategy<Value = Network> {
    let process = (0.0..10.0_f64, 0.0..5.0_f64, prop::collection::vec((0.1..100.0_f64, 0.01..1.0_f64), 1..4));
    (prop::collection::vec(process, 1..12), prop::collection::vec((0..999_usize, 0..999_usize, 0.0..1.0_f64), 0..40))
        .prop_map(|(processes, takes)| {
            let mut network = Network::default();
            for (p, (a, b, products)) in processes.iter().enumerate() {
                network.burdens.push(vec![*a, *b]);
                let sum: f64 = products.iter().map(|x| x.1).sum();
                for &(useful, weight) in products {
                    network.outputs.push(Output { process: p, useful, share: weight / sum });
                }
            }
            // At most nine tenths of an output are taken inside.
            let mut left: Vec<f64> = network.outputs.iter().map(|o| 0.9 * o.useful).collect();
            for (process, output, part) in takes {
                let (process, output) = (process % processes.len(), output % network.outputs.len());
                let quantity = part * left[output];
                left[output] -= quantity;
                network.inputs.push(Input { process, output, quantity });
            }
            network
        })
}

/// Flow rows of a park of four plants that give each other power and heat, three users and the grid.
fn park_rows() -> impl Strategy<Value = Vec<String>> {
    let give = (0..4_usize, 0..7_usize, any::<bool>(), 1.0..20.0_f64);
    (prop::collection::vec(1.0..500.0_f64, 4), prop::collection::vec(give, 0..25)).prop_map(|(fuel, gives)| {
        let plant = |p: usize| if p < 4 { format!("P{p}/U") } else { format!("U{}", p - 4) };
        let mut rows = Vec::new();
        for (p, fuel) in fuel.iter().enumerate() {
            rows.push(format!("f{p},2023,outside:supplier,P{p}/U,test_fuel,{fuel},t,,combustion,,"));
            rows.push(format!("g{p},2023,outside:grid,P{p}/U,electricity,3,MWh,,,,"));
            // Most of what a plant makes is sold, so that nothing runs in a closed circle.
            rows.push(format!("h{p},2023,P{p}/U,U0,heat,400,GJ,,,,"));
            rows.push(format!("p{p},2023,P{p}/U,U1,electricity,400,GJ,,,,"));
        }
        // What a fifth one makes of heat only leaves the fence.
        rows.push("l1,2023,P2/U,P4/F,heat,50,GJ,,,,".to_owned());
        rows.push("l2,2023,P4/F,outside:customer,sand,90,t,,,,".to_owned());
        for (k, (from, to, power, amount)) in gives.into_iter().enumerate() {
            let carrier = if power { "electricity" } else { "heat" };
            if from != to {
                let (from, to) = (plant(from), plant(to));
                rows.push(format!("x{k:02},2023,{from},{to},{carrier},{amount},GJ,,,,"));
            }
        }
        rows
    })
}

/// A park of such rows.
fn park_of(rows: &[String], rule: &str) -> (Package, Inventory) {
    let files = Files::new(&format!("gases = [\"CO2\"]\nchp_rule = \"{rule}\""))
        .with("enterprises.csv", "enterprise\nP0\nP1\nP2\nP3\nP4\nU0\nU1\nU2")
        .with(
            "processes.csv",
            "process,enterprise,technique\nP0/U,P0,chp\nP1/U,P1,chp\nP2/U,P2,chp\nP3/U,P3,chp\nP4/F,P4,furnace",
        )
        .with(
            "carriers.csv",
            "carrier,property,value,unit\ntest_fuel,kind,solid_fuel,\nheat,temperature,180,°C\nsand,kind,material,",
        )
        .with("flows.csv", &format!("{FLOWS}\n{}", rows.join("\n")))
        .with("outputs.csv", "process,carrier,role\nP4/F,sand,determining")
        .with(
            "emissions.csv",
            "id,period,enterprise,process,gas,quantity,unit\ns0,2023,P0,P0/U,SO2,7,t\ns1,2023,P1,P1/U,SO2,0.3,t\ns4,2023,P4,P4/F,SO2,2,t",
        );
    account_files(&files)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// What users outside the loops carry is what was emitted and bought, by any rule, and rows may stand in any order.
    #[test]
    fn parks_with_loops_lose_nothing(rows in park_rows(), rule in 0..3_usize, turn in 0..99_usize) {
        let rule = ["energy", "exergy", "efficiency"][rule];
        let (package, made) = park_of(&rows, rule);
        let network = &made.embodied[0];
        let (given, carried) = network.conserved(&made.gwp);
        prop_assert!((given - carried).abs() < 1e-10 * given);
        let value = |id: &str| made.value(&format!("2023/{id}/CO2e")).unwrap_or_default();
        // Pollutants go the same ways, in the widest network all of them.
        let sulfur = |network: &Embodied| network.conserved_of(Gas::So2).unwrap();
        let wide = made.network(2023, Approach::Location).unwrap();
        prop_assert!((sulfur(network).given - 7.3).abs() < 1e-10 && (sulfur(wide).given - 9.3).abs() < 1e-10);
        prop_assert!(network.conservation_error() < 1e-10 && wide.conservation_error() < 1e-10);
        for (k, product) in network.products.iter().enumerate() {
            let at = wide.products.iter().position(|p| p == product).unwrap();
            prop_assert!((network.co2e(k, &made.gwp) - wide.co2e(at, &made.gwp)).abs() < 1e-12);
        }
        let users: f64 = ["P4", "U0", "U1", "U2"].iter().map(|u| value(&format!("enterprise:{u}/scope2.location"))).sum();
        let park = value("park/total.location");
        prop_assert!((users - park).abs() < 1e-10 * park, "{users} {park}");
        let chimney = network.carriers_of(network.processes[0]).unwrap();
        prop_assert!((chimney.iter().map(|c| c.2).sum::<f64>() - 1.0).abs() < 1e-10);
        let mut turned = rows.clone();
        turned.rotate_left(turn % rows.len());
        turned.reverse();
        let again = park_of(&turned, rule).1;
        prop_assert_eq!(&again.embodied, &made.embodied);
        prop_assert_eq!(&again.leaving, &made.leaving);
        drop(package);
    }
}

proptest! {
    #[test]
    fn emissions_are_conserved_through_any_allocation(network in networks()) {
        let solved = network.solve().unwrap();
        prop_assert!(solved.residual < 1e-12);
        for side in &solved.conservation {
            prop_assert!(side.error() < 1e-10, "{side:?}");
        }
        prop_assert!(solved.of_output.iter().flatten().all(|e| *e >= -1e-12));
    }

    #[test]
    fn the_order_of_rows_changes_nothing(network in networks(), seed in 0..1000_usize) {
        let solved = network.solve().unwrap();
        // Processes from the last to the first, outputs and inputs turned.
        let n = network.burdens.len();
        let m = network.outputs.len();
        let turn = |k: usize| (k + seed) % m;
        let mut other = Network {
            burdens: network.burdens.iter().rev().cloned().collect(),
            outputs: vec![Output { process: 0, useful: 0.0, share: 0.0 }; m],
            ..Network::default()
        };
        for (k, output) in network.outputs.iter().enumerate() {
            other.outputs[turn(k)] = Output { process: n - 1 - output.process, ..*output };
        }
        for input in network.inputs.iter().rev() {
            other.inputs.push(Input { process: n - 1 - input.process, output: turn(input.output), ..*input });
        }
        let turned = other.solve().unwrap();
        for (k, e) in solved.of_output.iter().enumerate() {
            for (a, b) in e.iter().zip(&turned.of_output[turn(k)]) {
                prop_assert!((a - b).abs() <= 1e-11 * a.abs().max(1e-9), "{a} {b}");
            }
        }
    }

    #[test]
    fn tracing_downstream_and_upstream_agree(network in networks()) {
        let solved = network.solve().unwrap();
        let uses = network.final_uses();
        for process in 0..network.burdens.len() {
            let carried = carried_by(&network, process).unwrap();
            prop_assert!((carried.iter().sum::<f64>() - 1.0).abs() < 1e-10);
        }
        for (output, used) in uses.iter().enumerate() {
            let origins = origins_of(&network, output).unwrap();
            let sum: f64 = origins.iter().zip(&network.burdens).map(|(o, b)| o * b[0]).sum();
            prop_assert!((sum - solved.of_output[output][0]).abs() <= 1e-11 * sum.abs().max(1e-9));
            let down = carried_by(&network, 0).unwrap()[output];
            prop_assert!((down - used * origins[0]).abs() < 1e-11);
        }
    }
}
