//! Pollutants through loops, and what products carry that only leave the fence: both beside the inventory, neither in it.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test may stop at the first surprise")]

mod common;

use approx::assert_relative_eq;
use common::{FLOWS, Files, account_files};
use parkflux::diagnostic::Lang;
use parkflux::inventory::{Embodied, Inventory};
use parkflux::ledger::{Approach, Scope};
use parkflux::package::Package;
use parkflux::park::{Gas, Node, ProcessId};
use parkflux::report::explain::Explainer;
use parkflux::report::inventory::Report;

type Made = (Package, Inventory);

fn process((package, _): &Made, id: &str) -> ProcessId {
    let park = &package.park;
    (0..park.processes.len()).map(ProcessId::new).find(|p| *park.process(*p).label.id == *id).unwrap()
}

/// The place of a product in a network.
fn product((package, _): &Made, network: &Embodied, process: &str, carrier: &str) -> usize {
    let park = &package.park;
    let is = |&(p, c): &(ProcessId, _)| *park.process(p).label.id == *process && *park.carrier(c).label.id == *carrier;
    network.products.iter().position(is).unwrap()
}

/// What receivers carry, by name and carrier.
fn named((package, _): &Made, list: Vec<(Node, parkflux::park::CarrierId, f64)>) -> Vec<(String, String, f64)> {
    let park = &package.park;
    list.into_iter().map(|(to, c, x)| (park.node_text(to), park.carrier(c).label.id.to_string(), x)).collect()
}

const REPORTED: &str = "id,period,enterprise,process,replaces,gas,quantity,unit";

/// A sells power to B and C, B sells heat to A and C.
fn pair(emissions: &str) -> Files {
    let files = Files::new("gases = [\"CO2\"]\ngrid_year = 2023")
        .with("enterprises.csv", "enterprise\nA\nB\nC")
        .with("processes.csv", "process,enterprise,technique\nA/U1,A,chp\nB/U2,B,heat_plant")
        .with(
            "flows.csv",
            &format!(
                "{FLOWS}
                1,2023,outside:supplier,A/U1,test_fuel,500,t,,combustion,,
                2,2023,outside:supplier,B/U2,test_fuel,100,t,,combustion,,
                3,2023,A/U1,B/U2,electricity,100,MWh,,,,
                4,2023,A/U1,C,electricity,900,MWh,,,,
                5,2023,B/U2,A/U1,heat,500,GJ,,,,
                6,2023,B/U2,C,heat,1500,GJ,,,,"
            ),
        );
    if emissions.is_empty() { files } else { files.with("emissions.csv", &format!("{REPORTED}\n{emissions}")) }
}

const MONITORS: &str = "
    s1,2023,A,A/U1,,SO2,120,t
    s2,2023,B,B/U2,,SO2,30,t
    s3,2023,A,A/U1,,NOx,50,t
    s4,2023,B,B/U2,,COD,4,t";

/// By hand: `A = 120 + 500/2000 B`, `B = 30 + 100/1000 A`, so that `A = 127.5/0.975`.
#[test]
fn pollutants_are_conserved_through_a_loop() {
    let made = account_files(&pair(MONITORS));
    let network = &made.1.embodied[0];
    assert_eq!(network.approach, Approach::Location);
    assert_eq!(network.pollutants, [Gas::So2, Gas::Nox, Gas::Cod]);
    let (a, b) = (127.5 / 0.975, 30.0 + 12.75 / 0.975);
    let (power, heat) = (product(&made, network, "A/U1", "electricity"), product(&made, network, "B/U2", "heat"));
    assert_relative_eq!(network.of_gas(power, Gas::So2).unwrap() * 3.6, a / 1000.0, max_relative = 1e-12);
    assert_relative_eq!(network.of_gas(heat, Gas::So2).unwrap(), b / 2000.0, max_relative = 1e-12);
    for (gas, emitted) in [(Gas::So2, 150.0), (Gas::Nox, 50.0), (Gas::Cod, 4.0)] {
        let side = network.conserved_of(gas).unwrap();
        assert_relative_eq!(side.given, emitted, max_relative = 1e-12);
        assert_relative_eq!(side.carried, emitted, max_relative = 1e-12);
    }
    assert!(network.conservation_error() < 1e-12 && network.solved.residual < 1e-14);
    // The SO2 of chimney A/U1: 0.9/0.975 of it goes with power, the rest with the heat made with that power.
    let carriers = named(&made, network.carriers_of_gas(process(&made, "A/U1"), Gas::So2).unwrap());
    let (with_power, with_heat) = (120.0 * 0.9 / 0.975, 120.0 * 0.1 * 0.75 / 0.975);
    assert_eq!(carriers.len(), 2);
    for (to, carrier, mass) in carriers {
        assert_eq!(to, "C");
        assert_relative_eq!(mass, if carrier == "heat" { with_heat } else { with_power }, max_relative = 1e-12);
    }
    // And where that of a gigajoule of heat comes from.
    let origins = network.origins_of_gas(heat, Gas::So2).unwrap();
    assert_relative_eq!(origins[0].1, 120.0 * 0.1 / 0.975 / 2000.0, max_relative = 1e-12);
    assert_relative_eq!(origins.iter().map(|o| o.1).sum::<f64>(), b / 2000.0, max_relative = 1e-12);
    // No instrument moves a chimney: they are solved once.
    assert!(made.1.embodied[1].pollutants.is_empty() && made.1.embodied[1].of_gas(0, Gas::So2).is_none());
    assert_eq!(network.of_gas(heat, Gas::Pm), None);
}

/// `explain` takes a process or a product of the network too.
#[test]
fn a_chimney_and_a_product_are_traced() {
    let (package, inventory) = account_files(&pair(MONITORS));
    let tree = |lang, what: &str| Explainer::new(&package, &inventory, lang).explain(what).unwrap();
    let chimney = tree(Lang::En, "A/U1");
    assert!(chimney.text.contains("A/U1 gives off and imports, 2023, location-based:"), "{}", chimney.text);
    assert!(chimney.text.contains("120.00 t SO2, 50.00 t NOx;"), "{}", chimney.text);
    // Largest first; 0.9/0.975 of it goes with power, the rest with the heat made with that power.
    let texts: Vec<&str> = chimney.children.iter().map(|c| c.text.as_str()).collect();
    assert!(texts[0].starts_with("C with electricity: 92.31 %, ") && texts[0].ends_with("110.77 t SO2, 46.15 t NOx"));
    assert!(texts[1].starts_with("C with heat: 7.69 %, ") && texts[1].ends_with("9.23 t SO2, 3.85 t NOx"));
    let sum: f64 = chimney.children.iter().filter_map(|c| c.value).sum();
    assert_relative_eq!(sum, chimney.value.unwrap(), max_relative = 1e-12);
    let product = tree(Lang::Zh, "2023/B/U2/heat");
    assert!(product.text.starts_with("B/U2 的 heat，2023，基于位置：") && product.text.ends_with("t CO2e/GJ；来自"));
    let parts: Vec<f64> = product.children.iter().filter_map(|c| c.value).collect();
    assert_relative_eq!(parts.iter().sum::<f64>(), product.value.unwrap(), max_relative = 1e-12);
    assert!(product.children[0].text.starts_with("B/U2: ") && product.children[1].text.starts_with("A/U1: "));
    for unknown in ["A/U1/heat", "2022/A/U1", "A/U7"] {
        assert_eq!(Explainer::new(&package, &inventory, Lang::En).explain(unknown), None);
    }
}

#[test]
fn pollutants_are_in_no_scope_2_or_3() {
    let (without, with) = (account_files(&pair("")), account_files(&pair(MONITORS)));
    assert!(with.1.ledger.lines.iter().all(|l| l.gas.in_co2e() || l.scope == Scope::Direct));
    let greenhouse = |made: &Made| -> Vec<(String, Scope, Approach, f64)> {
        let lines = made.1.ledger.lines.iter().filter(|l| l.gas.in_co2e());
        lines.map(|l| (l.id(&made.0.park), l.scope, l.approach, l.mass)).collect()
    };
    assert_eq!(greenhouse(&without), greenhouse(&with));
    assert_eq!(without.1.own.len(), with.1.own.len());
    for (a, b) in without.1.own.values().zip(with.1.own.values()) {
        assert_eq!(a.per_gas, b.per_gas);
    }
}

/// P burns for power and sells to the furnace and to C; the furnace sells iron to the world alone.
fn furnace(outputs: &str, more: &str) -> Files {
    Files::new("gases = [\"CO2\"]\ngrid_year = 2023")
        .with("enterprises.csv", "enterprise\nC\nP\nS")
        .with("processes.csv", "process,enterprise,technique\nP/CHP,P,chp\nS/BF,S,blast_furnace")
        .with("outputs.csv", &format!("process,carrier,role,share\nP/CHP,electricity,determining,\n{outputs}"))
        .with("carriers.csv", "carrier,property,value,unit\ntest_fuel,kind,solid_fuel,\nsand,kind,material,")
        .with(
            "flows.csv",
            &format!(
                "{FLOWS}
                1,2023,outside:supplier,P/CHP,test_fuel,300,t,,combustion,,
                2,2023,outside:supplier,S/BF,test_fuel,500,t,,combustion,,
                3,2023,outside:grid,S/BF,electricity,100,MWh,,,,
                4,2023,P/CHP,S/BF,electricity,200,MWh,,,,
                5,2023,P/CHP,C,electricity,100,MWh,,,,
                6,2023,S/BF,outside:customer,pig_iron,4000,t,,,,
                7,2023,S/BF,outside:customer,sand,10,t,,,,\n{more}"
            ),
        )
        .with("emissions.csv", &format!("{REPORTED}\ns1,2023,P,P/CHP,,SO2,6,t\ns2,2023,S,S/BF,,SO2,8,t"))
}

const IRON: &str = "S/BF,pig_iron,determining,";

/// By hand: 1000 t of its own, 53.06 t of the grid, two thirds of the 600 t of the CHP.
#[test]
fn a_product_that_leaves_the_fence_has_an_intensity_and_its_chimneys() {
    let made = account_files(&furnace(IRON, ""));
    let network = made.1.network(2023, Approach::Location).unwrap();
    let iron = product(&made, network, "S/BF", "pig_iron");
    assert_relative_eq!(network.co2e(iron, &made.1.gwp), 1453.06 / 4000.0, max_relative = 1e-12);
    assert_relative_eq!(network.of_gas(iron, Gas::So2).unwrap(), (8.0 + 4.0) / 4000.0, max_relative = 1e-12);
    let market = made.1.network(2023, Approach::Market).unwrap();
    assert!(market.co2e(product(&made, market, "S/BF", "pig_iron"), &made.1.gwp) > 1400.0 / 4000.0);
    // Upstream: where the carbon comes from that leaves with the iron.
    let origins = network.origins_of(iron, &made.1.gwp).unwrap();
    let of = |id: &str| origins.iter().find(|o| o.0 == process(&made, id)).unwrap().1 * 4000.0;
    assert_relative_eq!(of("S/BF"), 1053.06, max_relative = 1e-12);
    assert_relative_eq!(of("P/CHP"), 400.0, max_relative = 1e-12);
    // Downstream: who causes the SO2 of the CHP. No longer the furnace, but who buys its iron.
    let carriers = named(&made, network.carriers_of_gas(process(&made, "P/CHP"), Gas::So2).unwrap());
    let with = |carrier: &str| carriers.iter().find(|c| c.1 == carrier).map(|c| (&*c.0, c.2)).unwrap();
    assert_eq!(with("pig_iron").0, "outside:customer");
    assert_relative_eq!(with("pig_iron").1, 4.0, max_relative = 1e-12);
    assert_eq!(with("electricity").0, "C");
    assert_relative_eq!(with("electricity").1, 2.0, max_relative = 1e-12);
    // Nothing is lost.
    let (given, carried) = network.conserved(&made.1.gwp);
    assert_relative_eq!(given, 1653.06, max_relative = 1e-12);
    assert_relative_eq!(carried, 1653.06, max_relative = 1e-12);
    assert_relative_eq!(network.conserved_of(Gas::So2).unwrap().carried, 14.0, max_relative = 1e-12);
    // People find it in the report, in both languages.
    for (lang, title) in [(Lang::En, "products carry that only leave"), (Lang::Zh, "仅送往园外的产品所含排放")]
    {
        let text = Report::new(&made.0, &made.1, 2023, lang).to_text();
        let table = text.split(title).nth(1).unwrap();
        assert!(table.contains("pig_iron") && table.contains("0.363265") && table.contains("3.000000"), "{table}");
    }
}

/// A listed product that only leaves moves no line, no own factor and no finding; the other products keep their factors.
#[test]
fn the_ledger_is_the_same_with_and_without_products_that_leave() {
    let (without, with) = (account_files(&furnace("", "")), account_files(&furnace(IRON, "")));
    assert_eq!(without.1.ledger.lines, with.1.ledger.lines);
    assert_eq!(without.1.own, with.1.own);
    assert_eq!(without.1.embodied, with.1.embodied);
    assert_eq!(without.1.rules, with.1.rules);
    let codes = |made: &Made| -> Vec<&str> { made.1.found.sorted().iter().map(|d| d.problem.code().id()).collect() };
    assert_eq!(codes(&without), codes(&with));
    assert!(without.1.leaving.networks.is_empty() && with.1.leaving.networks.len() == 2);
    for (narrow, wide) in with.1.embodied.iter().zip(&with.1.leaving.networks) {
        for (k, product) in narrow.products.iter().enumerate() {
            let at = wide.products.iter().position(|p| p == product).unwrap();
            assert_relative_eq!(narrow.co2e(k, &with.1.gwp), wide.co2e(at, &with.1.gwp), max_relative = 1e-12);
        }
    }
}

/// Power and heat that are only sold outside need no row in `outputs.csv`.
#[test]
fn exported_power_has_an_intensity() {
    let rows =
        "8,2023,outside:supplier,C/PP,test_fuel,90,t,,combustion,,\n9,2023,C/PP,outside:grid,electricity,200,MWh,,,,";
    let processes = "process,enterprise,technique\nP/CHP,P,chp\nS/BF,S,blast_furnace\nC/PP,C,chp";
    let made = account_files(&furnace("", rows).with("processes.csv", processes));
    let network = made.1.network(2023, Approach::Location).unwrap();
    let power = product(&made, network, "C/PP", "electricity");
    assert_relative_eq!(network.co2e(power, &made.1.gwp) * 3.6, 180.0 / 200.0, max_relative = 1e-12);
    assert!(made.1.own.keys().all(|(_, _, p, _)| *p != process(&made, "C/PP")), "nobody here buys at that factor");
}

/// What such a process does not say is no finding: it is left out, and counted.
#[test]
fn makers_that_say_too_little_are_left_out_without_a_finding() {
    let cases = [
        ("S/BF,pig_iron,determining,\nS/BF,sand,co_product,", "states no shares"),
        ("S/BF,pig_iron,determining,0.7\nS/BF,sand,co_product,0.2\nS/BF,electricity,co_product,0.1", "electricity"),
    ];
    let before = account_files(&furnace("", ""));
    for (outputs, why) in cases {
        let made = account_files(&furnace(outputs, ""));
        assert_eq!(made.1.found.sorted().len(), before.1.found.sorted().len(), "{outputs}");
        assert_eq!(made.1.ledger.lines, before.1.ledger.lines);
        assert!(made.1.leaving.networks.is_empty());
        let [(2023, process_, words)] = &made.1.leaving.left_out[..] else { panic!("{:?}", made.1.leaving) };
        assert_eq!(*process_, process(&made, "S/BF"));
        assert!(words.en.contains(why) && !words.zh.is_empty(), "{}", words.en);
        let text = Report::new(&made.0, &made.1, 2023, Lang::En).to_text();
        assert!(text.contains("left out since too little is known (1): S/BF ("), "{text}");
        // Who feeds it has the network as before.
        assert_eq!(made.1.network(2023, Approach::Location), before.1.network(2023, Approach::Location));
    }
}

/// Opening stock of a product that leaves carries what it was made at, pollutants with it.
#[test]
fn opening_stock_of_such_a_product_carries_its_factor() {
    let rows = "
        8,2023,S/BF,stock:closing,pig_iron,1000,t,,,,
        9,2024,outside:supplier,S/BF,test_fuel,200,t,,combustion,,
        10,2024,S/BF,outside:customer,pig_iron,2000,t,,,,";
    let files = furnace(IRON, rows);
    let toml = files.text("park.toml").replace("[\"2023\"]", "[\"2023\", \"2024\"]");
    let made = account_files(&files.with("park.toml", &toml));
    let of = |year| {
        let network = made.1.network(year, Approach::Location).unwrap();
        let iron = product(&made, network, "S/BF", "pig_iron");
        assert!(network.conservation_error() < 1e-12 && network.solved.residual < 1e-12);
        (network.co2e(iron, &made.1.gwp), network.of_gas(iron, Gas::So2).unwrap_or_default())
    };
    assert_relative_eq!(of(2023).0, 1453.06 / 5000.0, max_relative = 1e-12);
    // No row says that 2024 opens with it.
    assert_relative_eq!(of(2024).0, 400.0 / 2000.0, max_relative = 1e-12);
    let opens = format!("{rows}\n11,2024,stock:opening,S/BF,pig_iron,1000,t,,,,");
    let made = account_files(&furnace(IRON, &opens).with("park.toml", &toml));
    let network = made.1.network(2024, Approach::Location).unwrap();
    let iron = product(&made, network, "S/BF", "pig_iron");
    assert_relative_eq!(network.co2e(iron, &made.1.gwp), (400.0 + 1453.06 / 5.0) / 2000.0, max_relative = 1e-12);
    assert_relative_eq!(network.of_gas(iron, Gas::So2).unwrap(), 12.0 / 5.0 / 2000.0, max_relative = 1e-12);
    assert!(network.conservation_error() < 1e-12 && network.solved.residual < 1e-12);
}
