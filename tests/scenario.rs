//! Scenarios: the model of the base year, what changes do to it, and what is kept while they do.
//!
//! The small park is one whose answers can be worked out by hand: a boiler heats a mill, the mill leaves slag, and a kiln
//! that burns bricks could take it in the place of clay.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::float_cmp,
    missing_docs,
    reason = "a test may stop at the first surprise"
)]

mod common;

use common::{FLOWS, Files, account, account_files, parks};
use parkflux::diagnostic::{Code, Diagnostics, Lang, Style, render_text};
use parkflux::inventory::Inventory;
use parkflux::package::{Package, scenario_files};
use parkflux::report::results::pretty;
use parkflux::report::tidy::to_json;
use parkflux::scenario::{Base, Measure, Run, Scenario, diff, judge, read_all, resolve, run, year_of};
use std::collections::BTreeMap;
use std::fmt::Write;

/// What a scenario opens of a balance, at most, in parts of what passes it.
const CONSERVED: f64 = 1e-6;

fn small() -> Files {
    Files::new("")
        .with("enterprises.csv", "enterprise,sector\nE1,GB4754:D44\nE2,GB4754:C31\nE3,GB4754:C30")
        .with(
            "processes.csv",
            "process,enterprise,technique,accounting
            E1/BOIL,E1,boiler,combustion
            E2/MILL,E2,mill,
            E3/KILN,E3,kiln,combustion",
        )
        .with(
            "carriers.csv",
            "carrier,property,value,unit,basis
            test_fuel,kind,solid_fuel,,
            coal_a,kind,solid_fuel,,
            coal_a,ncv,20,GJ/t,NCV;as_received
            coal_a,carbon_content,0.5,t/t,
            coal_a,oxidation,1,1,
            coal_a,price,600,RMB/t,
            coal_b,kind,solid_fuel,,
            coal_b,ncv,25,GJ/t,NCV;as_received
            coal_b,carbon_content,0.6,t/t,
            coal_b,oxidation,1,1,
            ore,kind,material,,
            metal,kind,material,,
            clay,kind,material,,
            brick,kind,material,,
            slag,kind,by_product,,
            slag,chlorine,0.05,%,
            warm,kind,heat,,
            warm,temperature,60,°C,
            hot,kind,heat,,
            hot,temperature,150,°C,
            hotter,kind,heat,,
            hotter,temperature,250,°C,",
        )
        .with(
            "flows.csv",
            &format!(
                "{FLOWS}
                F1,2023,outside:supplier,E1/BOIL,coal_a,100,t,as_received,combustion,,
                F2,2023,E1/BOIL,E2/MILL,hot,1500,GJ,,,,
                F3,2023,outside:supplier,E2/MILL,ore,400,t,,process,,
                F4,2023,E2/MILL,outside:customer,metal,200,t,,,,
                F5,2023,E2/MILL,outside:landfill,slag,50,t,,,,
                F6,2023,outside:grid,E2/MILL,electricity,100,MWh,,,,
                F7,2023,outside:supplier,E3/KILN,clay,300,t,,process,,
                F8,2023,E3/KILN,outside:customer,brick,250,t,,,,
                F9,2023,outside:supplier,E3/KILN,coal_a,40,t,as_received,combustion,,"
            ),
        )
}

/// The header of `exchanges.csv`, and a row for the slag with some limits.
fn slag(limits: &str) -> String {
    format!(
        "from,to,carrier,status,quantity,unit,displaces,ratio,disposal,limits
        E2,E3,slag,candidate,30,t,clay,0.9,landfill,{limits}"
    )
}

/// Scenarios of texts by name, `a`, `b`, ...
fn sound(texts: &[&str], package: &Package) -> Vec<Scenario> {
    let name = |i: usize| format!("scenarios/{}.toml", char::from(b'a' + i as u8));
    let files = texts.iter().enumerate().map(|(i, t)| (name(i), t.as_bytes().to_vec())).collect();
    let (all, found) = read_all(&files, &package.park);
    assert!(!found.has_errors(), "{}", render_text(&found, Lang::En, Style::Plain));
    all
}

/// Runs the last of some scenarios and shows the run and its base year.
fn with<T>(files: &Files, texts: &[&str], look: impl FnOnce(&Base, Result<Run, Diagnostics>) -> T) -> T {
    let (package, inventory) = account_files(files);
    let all = sound(texts, &package);
    let chain = resolve(&all, &all.last().unwrap().label.id);
    let base = Base::new(&package, &inventory, year_of(&chain, &package.park));
    look(&base, run(&base, &chain))
}

fn done(run: Result<Run, Diagnostics>) -> Run {
    run.unwrap_or_else(|found| panic!("{}", render_text(&found, Lang::En, Style::Plain)))
}

/// Quantities of flows after a change, in canonical units.
fn flows(files: &Files, change: &str) -> BTreeMap<String, f64> {
    with(files, &[change], |_, run| {
        let run = done(run);
        assert!(run.conserved.iter().all(|c| c.added < CONSERVED), "{:?}", run.conserved);
        let (model, park) = (&run.calibrated.model, &run.package.park);
        let all = model.links.iter().enumerate();
        all.map(|(l, link)| (link.text(park), model.quantity_in(&run.solved, l))).collect()
    })
}

/// A change as its file writes it.
fn change(kind: &str, of: &str, rest: &str) -> String {
    format!("[[change]]\nkind = \"{kind}\"\nname = \"{kind} {of}\"\nof = \"{of}\"\n{rest}\n")
}

/// Flows of the small park after a change that differ from the base year.
fn moved(files: &Files, text: &str) -> BTreeMap<String, f64> {
    let base = flows(files, "");
    let mut after = flows(files, text);
    after.retain(|flow, value| (*value - base.get(flow).copied().unwrap_or_default()).abs() > 1e-9);
    after
}

fn expect(files: &Files, text: &str, wanted: &[(&str, f64)]) {
    let found = moved(files, text);
    let names: Vec<&str> = found.keys().map(String::as_str).collect();
    let mut wanted = wanted.to_vec();
    wanted.sort_by_key(|w| w.0);
    assert_eq!(names, wanted.iter().map(|w| w.0).collect::<Vec<_>>(), "{found:?}");
    for (flow, value) in wanted {
        assert!((found[flow] - value).abs() <= 1e-9 * value.abs().max(1.0), "{flow}: {} and not {value}", found[flow]);
    }
}

const COAL: &str = "outside:supplier>E1/BOIL:coal_a";
const COAL_B: &str = "outside:supplier>E1/BOIL:coal_b";
const HOT: &str = "E1/BOIL>E2/MILL:hot";
const METAL: &str = "E2/MILL>outside:customer:metal";
const ORE: &str = "outside:supplier>E2/MILL:ore";
const POWER: &str = "outside:grid>E2/MILL:electricity";
const LANDFILL: &str = "E2/MILL>outside:landfill:slag";
const SLAG: &str = "E2/MILL>E3/KILN:slag";
const CLAY: &str = "outside:supplier>E3/KILN:clay";
const BRICK: &str = "E3/KILN>outside:customer:brick";
const KILN_COAL: &str = "outside:supplier>E3/KILN:coal_a";

#[test]
fn a_demand_is_met_by_all_that_stands_behind_it() {
    let wanted = [(METAL, 400.0), (ORE, 800.0), (LANDFILL, 100.0), (POWER, 720.0), (HOT, 3000.0), (COAL, 200.0)];
    expect(&small(), &change("demand", "E2>outside:customer:metal", "times = 2"), &wanted);
    expect(&small(), &change("demand", "E2", "times = 2"), &wanted);
}

#[test]
fn coefficients_and_efficiencies_act_on_one_process() {
    expect(&small(), &change("coefficient", "E2>outside:landfill:slag", "times = 2"), &[(LANDFILL, 100.0)]);
    expect(&small(), &change("coefficient", "*>E2/MILL:ore", "times = 1.5"), &[(ORE, 600.0)]);
    // A mill that needs less heat lets the boiler burn less.
    expect(&small(), &change("coefficient", HOT, "times = 0.5"), &[(HOT, 750.0), (COAL, 50.0)]);
    expect(&small(), &change("efficiency", "E1/BOIL", "times = 1.25"), &[(COAL, 80.0)]);
    // A better yield makes the same metal of less.
    expect(
        &small(),
        &change("coefficient", METAL, "times = 1.25"),
        &[(ORE, 320.0), (LANDFILL, 40.0), (POWER, 288.0), (HOT, 1200.0), (COAL, 80.0)],
    );
    expect(
        &small(),
        &change("efficiency", "E2/MILL", "times = 1.25"),
        &[(POWER, 360.0 / 1.25), (HOT, 1200.0), (COAL, 80.0)],
    );
}

#[test]
fn a_carrier_takes_the_place_of_another() {
    let of = |rest: &str| change("substitute", COAL, &format!("carrier = \"coal_b\"\n{rest}"));
    expect(&small(), &of("share = 0.5"), &[(COAL, 50.0), (COAL_B, 40.0)]);
    expect(&small(), &of("by = \"energy\""), &[(COAL, 0.0), (COAL_B, 80.0)]);
    expect(&small(), &of("share = 0.25\nby = \"mass\""), &[(COAL, 75.0), (COAL_B, 25.0)]);
    expect(&small(), &of("ratio = 0.5"), &[(COAL, 0.0), (COAL_B, 50.0)]);
    // Carnot: heat of 250 °C is worth more than heat of 150 °C; surroundings at 15 °C.
    let worth = |celsius: f64| 1.0 - 288.15 / (celsius + 273.15);
    let text = change("substitute", HOT, "carrier = \"hotter\"\nsource = \"outside:supplier\"\nby = \"exergy\"");
    let hotter = 1500.0 * worth(150.0) / worth(250.0);
    expect(&small(), &text, &[(HOT, 0.0), (COAL, 0.0), ("outside:supplier>E2/MILL:hotter", hotter)]);
}

#[test]
fn plants_close_and_open() {
    expect(&small(), &change("close", "E3", ""), &[(BRICK, 0.0), (CLAY, 0.0), (KILN_COAL, 0.0)]);
    // Who took heat of the boiler buys it.
    expect(&small(), &change("close", "E1", ""), &[(HOT, 0.0), (COAL, 0.0), ("outside:supplier>E2/MILL:hot", 1500.0)]);
    let again = [change("close", "E1", ""), format!("extends = \"a\"\n{}", change("open", "E1", ""))];
    with(&small(), &[&again[0], &again[1]], |base, run| {
        assert_eq!(done(run).solved.values, base.calibrated.model.base);
    });
}

#[test]
fn an_exchange_displaces_and_leaves_no_waste() {
    let files = small().with("exchanges.csv", &slag(""));
    let of = |rest: &str| change("exchange", "E2>E3:slag", rest);
    expect(&files, &of("share = 1"), &[(SLAG, 30.0), (LANDFILL, 20.0), (CLAY, 273.0)]);
    expect(&files, &of("share = 0.5"), &[(SLAG, 15.0), (LANDFILL, 35.0), (CLAY, 286.5)]);
    expect(&files, &of("quantity = 20\nunit = \"t\""), &[(SLAG, 20.0), (LANDFILL, 30.0), (CLAY, 282.0)]);
    // No more than there is: the landfill is empty first.
    expect(&files, &of("quantity = 400\nunit = \"t\""), &[(SLAG, 50.0), (LANDFILL, 0.0), (CLAY, 255.0)]);
    let add = |ratio: f64| {
        format!(
            "[[change]]\nkind = \"add_exchange\"\nfrom = \"E2\"\nto = \"E3\"\ncarrier = \"slag\"\nquantity = 30\n\
             unit = \"t\"\ndisplaces = \"clay\"\nratio = {ratio}\ndisposal = \"landfill\"\n"
        )
    };
    expect(&small(), &add(0.9), &[(SLAG, 30.0), (LANDFILL, 20.0), (CLAY, 273.0)]);
    // No more than is needed: the clay is gone first, and the exchange gives way.
    expect(&small(), &add(20.0), &[(SLAG, 15.0), (LANDFILL, 35.0), (CLAY, 0.0)]);
    with(&small(), &[&add(20.0)], |_, run| {
        let run = done(run);
        let name = |l: usize| run.calibrated.model.links[l].text(&run.package.park);
        let bound: Vec<(String, String)> = run.solved.bound.iter().map(|b| (name(b.0), name(b.1))).collect();
        assert_eq!(bound, [(CLAY.to_owned(), SLAG.to_owned())]);
    });
}

#[test]
fn factors_and_prices_act_on_results_only() {
    let change_of = |text: &str, measure: Measure| {
        with(&small(), &[text], |base, run| {
            let run = done(run);
            assert_eq!(run.solved.values, base.calibrated.model.base);
            (base.results.total(measure), run.results.total(measure), base.results.outside(measure))
        })
    };
    let (was, is, _) = change_of(&change("price", "coal_a", "times = 1.5"), Measure::Cost);
    assert!((was - 84_000.0).abs() < 1e-6 && (is - 126_000.0).abs() < 1e-6, "{was} {is}");
    let (was, is, grid) = change_of(&change("factor", "cn_grid*", "times = 0.5"), Measure::Co2e);
    assert!(grid > 0.0 && (was - is - grid / 2.0).abs() < 1e-9 * was, "{was} {is} {grid}");
}

/// Code, key and constraints of a scenario that cannot be met.
fn clash(files: &Files, text: &str) -> (String, Vec<String>) {
    with(files, &[text], |_, run| {
        let found = run.unwrap_err();
        let [problem] = &found.sorted()[..] else { panic!("{found:?}") };
        assert_eq!(problem.problem.code(), Code::ScenarioClash);
        let key = format!("{}:{}", problem.origin.file, problem.origin.column.as_deref().unwrap_or_default());
        let parkflux::diagnostic::Problem::ScenarioClash { constraints, .. } = &problem.problem else { panic!() };
        (key, constraints.iter().map(|c| c.0.clone()).collect())
    })
}

#[test]
fn a_clash_names_no_more_than_clashes() {
    let more = change("demand", "E2", "times = 2");
    let other = change("demand", "E3", "times = 3");
    let limit = change("limit", COAL, "share = 1.5");
    // The bound that the limit sets is the limit: it is named once.
    let wanted = vec!["demand E2".to_owned(), format!("limit {COAL}")];
    let (key, found) = clash(&small(), &[&*other, &more, &limit].concat());
    assert_eq!((key.as_str(), found), ("scenarios/a.toml:share", wanted));
    // A limit that holds, and the same with what makes room for it.
    assert_eq!(flows(&small(), &[&*other, &limit].concat())[COAL], 100.0);
    let better = change("efficiency", "E1", "times = 1.4");
    let roomy = flows(&small(), &[&*more, &limit, &better].concat());
    assert!((roomy[COAL] - 200.0 / 1.4).abs() < 1e-9);
    // A change that needs an earlier one does not keep it in the set.
    let files = small();
    let substitute = change("substitute", KILN_COAL, "carrier = \"coal_b\"\nshare = 0.5");
    let later = change("coefficient", "*>E3/KILN:coal_b", "times = 0.9");
    let (_, found) = clash(&files, &[&*substitute, &later, &more, &limit].concat());
    assert_eq!(found.len(), 2, "{found:?}");
}

#[test]
fn capacities_hold_where_the_base_year_keeps_them() {
    let files = |mw: f64| {
        small().with("parameters.csv", &format!("process,parameter,carrier,value,unit\nE1/BOIL,capacity,hot,{mw},MW"))
    };
    let times = |n: u32| change("demand", "E2", &format!("times = {n}"));
    // 0.1 MW through 8760 h are 3153.6 GJ.
    assert_eq!(flows(&files(0.1), &times(2))[HOT], 3000.0);
    assert_eq!(clash(&files(0.1), &times(3)).1, ["demand E2", "E1/BOIL:hot"]);
    with(&files(0.01), &[&times(3)], |_, run| assert!(done(run).told[0].en.contains("not enforced")));
}

#[test]
fn by_products_keep_their_quality() {
    let share = change("exchange", "E2>E3:slag", "share = 1");
    let files = |limits: &str| small().with("exchanges.csv", &slag(limits));
    // 27 t of 300 t of clay: 9 %.
    assert_eq!(flows(&files("share<=0.1; chlorine<=0.1 %"), &share)[SLAG], 30.0);
    assert_eq!(clash(&files("share<=0.05"), &share).1, ["exchange E2>E3:slag", SLAG]);
    assert_eq!(clash(&files("chlorine<=0.01 %"), &share).1.len(), 2);
    // 30 t of slag in 273 t of clay without chlorine: 0.00495 % of the mixture.
    let clay = small().text("carriers.csv") + "clay,chlorine,0,%,\n";
    let mixed = |limits: &str| files(limits).with("carriers.csv", &clay);
    assert_eq!(flows(&mixed("mixed chlorine<=0.005 %"), &share)[SLAG], 30.0);
    assert_eq!(clash(&mixed("mixed chlorine<=0.0049 %"), &share).1, ["exchange E2>E3:slag", SLAG]);
    // What nobody measured is told: here the chlorine of the clay.
    with(&files("mixed chlorine<=0.0049 %"), &[&share], |_, run| {
        let told = done(run).told;
        assert!(told[0].en.contains("mixed chlorine<=0.0049 % is not judged"), "{told:?}");
    });
    with(&files("moisture<=20 %"), &[&share], |_, run| {
        let told = done(run).told;
        assert!(told[0].en.contains("moisture<=20 % is not judged"), "{told:?}");
    });
    // What does not run breaks nothing.
    with(&files("share<=0.05"), &[""], |base, run| {
        let run = done(run);
        assert!(judge(&run.package.park, &base.calibrated, &run.solved.values).broken.is_empty());
    });
}

#[test]
fn heat_does_not_flow_upwards() {
    let heat = |carrier: &str| {
        format!(
            "[[change]]\nkind = \"add_exchange\"\nfrom = \"E3\"\nto = \"E2\"\ncarrier = \"{carrier}\"\nquantity = 300\n\
             unit = \"GJ\"\ndisplaces = \"hot\"\nratio = 1\n"
        )
    };
    expect(&small(), &heat("hotter"), &[("E3/KILN>E2/MILL:hotter", 300.0), (HOT, 1200.0), (COAL, 80.0)]);
    with(&small(), &[&heat("warm")], |_, run| {
        let text = render_text(&run.unwrap_err(), Lang::En, Style::Plain);
        assert!(text.contains("S115") && text.contains("60 °C") && text.contains("150 °C"), "{text}");
    });
}

/// The inventory of a package as its file has it.
fn bytes(package: &Package, inventory: &Inventory) -> String {
    pretty(&to_json(package, inventory, Lang::En))
}

/// The base year solves its own equations, and what comes of no change is the same to the last byte.
fn keeps_its_base(package: &Package, inventory: &Inventory, name: &str) {
    for year in package.park.years() {
        let base = Base::new(package, inventory, Some(year));
        let model = &base.calibrated.model;
        for (i, equation) in model.equations.iter().enumerate() {
            let parts: Vec<f64> = equation.terms.iter().map(|&(k, c)| c * model.base[k as usize]).collect();
            let size = parts.iter().fold(equation.right.abs(), |a, p| a.max(p.abs()));
            let rest = parts.iter().sum::<f64>() - equation.right;
            assert!(rest.abs() <= 1e-9 * size.max(1e-9), "{name} {year}: {} {rest}", model.text(&package.park, i));
        }
        assert_eq!(model.solve(model).unwrap().values, model.base, "{name} {year}");
    }
    let all = sound(&[""], package);
    let base = Base::new(package, inventory, None);
    let run = done(run(&base, &resolve(&all, "a")));
    assert!(bytes(&run.package, &run.inventory) == bytes(package, inventory), "{name}");
}

#[test]
fn no_change_gives_the_same_bytes() {
    for folder in parks() {
        let (package, inventory) = account(&folder);
        keeps_its_base(&package, &inventory, &folder.display().to_string());
    }
}

/// Numbers that follow from a seed.
struct Numbers(u64);

impl Numbers {
    /// From 0 to 1.
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() * n as f64) as usize
    }

    fn amount(&mut self) -> f64 {
        (10.0 + 990.0 * self.next()).round()
    }
}

/// A small park of plants in a ring of products and by-products, made up of a seed.
fn random(seed: u64) -> Files {
    let mut numbers = Numbers(seed);
    let plants = 2 + numbers.below(5);
    let (mut enterprises, mut carriers, mut rows) = (String::new(), String::new(), String::new());
    let mut exchanges = String::new();
    let mut add = |from: &str, to: &str, carrier: &str, n: f64, unit: &str| {
        let id = rows.lines().count();
        writeln!(rows, "R{id:03},2023,{from},{to},{carrier},{n},{unit},,,,").unwrap();
    };
    for p in 0..plants {
        writeln!(enterprises, "P{p},GB4754:C26").unwrap();
        for (kind, name) in [("material", "goods"), ("by_product", "left"), ("material", "raw")] {
            writeln!(carriers, "{name}{p},kind,{kind},,").unwrap();
        }
        let me = format!("P{p}");
        add(&me, "outside:customer", &format!("goods{p}"), numbers.amount(), "t");
        add("outside:supplier", &me, &format!("raw{p}"), numbers.amount(), "t");
        add("outside:grid", &me, "electricity", numbers.amount(), "MWh");
        add(&me, "outside:landfill", &format!("left{p}"), numbers.amount(), "t");
        let other = numbers.below(plants);
        if other != p {
            add(&me, &format!("P{other}"), &format!("goods{p}"), numbers.amount() / 10.0, "t");
        }
        let taker = numbers.below(plants);
        if taker != p {
            add(&me, &format!("P{taker}"), &format!("left{p}"), numbers.amount(), "t");
            let ratio = 0.1 + 0.9 * numbers.next();
            writeln!(exchanges, "P{p},P{taker},left{p},existing,,,raw{taker},{ratio:.3},landfill,").unwrap();
        }
    }
    Files::new("")
        .with("enterprises.csv", &format!("enterprise,sector\n{enterprises}"))
        .with("carriers.csv", &format!("carrier,property,value,unit,basis\ntest_fuel,kind,solid_fuel,,\n{carriers}"))
        .with("flows.csv", &format!("{FLOWS}\n{rows}"))
        .with(
            "exchanges.csv",
            &format!("from,to,carrier,status,quantity,unit,displaces,ratio,disposal,limits\n{exchanges}"),
        )
}

/// The parts of all that differs add up to the change of the results.
fn adds_up(base: &Base, run: &Run) {
    let difference = diff(&base.solution(), &run.solution());
    for measure in base.results.measures() {
        let (was, is) = (base.results.total(measure), run.results.total(measure));
        let parts = difference.parts.iter().filter(|p| p.measure == measure);
        let sum: f64 = parts.map(|p| p.new - p.old).sum();
        assert!((is - was - sum).abs() <= 1e-9 * was.abs().max(is.abs()).max(1.0), "{measure:?}: {} {sum}", is - was);
    }
}

#[test]
fn random_parks_keep_what_they_have() {
    for seed in 0..60 {
        let files = random(seed);
        let (package, inventory) = account_files(&files);
        keeps_its_base(&package, &inventory, &format!("seed {seed}"));
        let base = Base::new(&package, &inventory, None);
        let exchanged = !package.park.exchanges.is_empty();
        let none = change("exchange", "*>*:*", "share = 0");
        let again = format!("extends = \"a\"\n{}", change("exchange", "P*>P*:*", "share = 1"));
        let grown = change("demand", "*>outside:customer:*", "times = 1.3");
        let texts: Vec<&str> =
            if exchanged { vec![&none, &again, &grown] } else { vec!["", "extends = \"a\"", &grown] };
        let all = sound(&texts, &package);
        for name in ["a", "b", "c"] {
            let run = done(run(&base, &resolve(&all, name)));
            assert!(run.conserved.iter().all(|c| c.added < CONSERVED), "seed {seed} {name}: {:?}", run.conserved);
            adds_up(&base, &run);
            if name == "b" {
                assert!(bytes(&run.package, &run.inventory) == bytes(&package, &inventory), "seed {seed}");
            }
            if name == "c" {
                // The park is linear: nothing is at a bound, and all grows alike.
                let model = &run.calibrated.model;
                for (was, is) in model.base.iter().zip(&run.solved.values) {
                    assert!((is - 1.3 * was).abs() <= 1e-9 * was.abs().max(1.0), "seed {seed}: {was} {is}");
                }
            }
        }
    }
}

#[test]
fn scenarios_of_the_example_park_are_met_and_conserve() {
    let folder = common::park("binhai-example");
    let (package, inventory) = account(&folder);
    let (files, found) = scenario_files(&folder).unwrap();
    assert!(found.is_empty());
    let (mut all, found) = read_all(&files, &package.park);
    assert!(found.is_empty());
    let again = format!("extends = \"no-exchange\"\nyear = 2024\n{}", change("exchange", "*>*:*", "share = 1"));
    // Candidates stay what they are: only what ran runs again.
    let existing = "E03>E01:*|E03>E04:*|E01>E04:*|E26>E03:*|E06>E01:*|E06>E17:*|E05>E07:*|E05>E21:*|E14>E03:*|E11>*:*";
    let back: String = existing.split('|').map(|of| change("exchange", of, "share = 1")).collect();
    let again = format!("{}{back}", again.split("[[").next().unwrap());
    let files = [("scenarios/again.toml".to_owned(), again.into_bytes())];
    let mut with_all: BTreeMap<String, Vec<u8>> = scenario_files(&folder).unwrap().0;
    with_all.extend(files);
    let (more, found) = read_all(&with_all, &package.park);
    assert!(!found.has_errors(), "{}", render_text(&found, Lang::En, Style::Plain));
    all.extend(more.into_iter().filter(|s| &*s.label.id == "again"));
    assert!(all.len() >= 13);
    let base = Base::new(&package, &inventory, Some(2024));
    for one in &all {
        let name = &one.label.id;
        assert!(*one.label.name_zh != **name || &**name == "again", "{name}");
        let run = done(run(&base, &resolve(&all, name)));
        assert!(run.conserved.iter().all(|c| c.added < CONSERVED), "{name}: {:?}", run.conserved);
        adds_up(&base, &run);
        if &**name == "again" {
            assert_eq!(run.solved.values, base.calibrated.model.base);
            assert!(bytes(&run.package, &run.inventory) == bytes(&package, &inventory));
        }
    }
}

/// Runs the program in a language.
fn parkflux(lang: &str, arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_parkflux"));
    let output = command.args(["--lang", lang, "--no-color"]).args(arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

/// The small park on disk with two scenarios.
fn on_disk() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let more = change("demand", "E2", "times = 2");
    let files = small();
    let scenarios = [("more", more.clone()), ("less", more.replace("times = 2", "times = 0.5"))];
    std::fs::create_dir(folder.path().join("scenarios")).unwrap();
    for (name, bytes) in &files.0 {
        std::fs::write(folder.path().join(name), bytes).unwrap();
    }
    for (name, text) in scenarios {
        let text = format!("name_en = \"The name\"\nname_zh = \"名称\"\n\n{text}");
        std::fs::write(folder.path().join(format!("scenarios/{name}.toml")), text).unwrap();
    }
    folder
}

#[test]
fn runs_are_shown_and_written() {
    let (folder, scratch) = (on_disk(), tempfile::tempdir().unwrap());
    let (path, out) = (folder.path().to_str().unwrap(), scratch.path().join("out"));
    let out = out.to_str().unwrap();
    let (code, text, said) = parkflux("en", &["scenario", "run", path, "more", "less", "--out", out]);
    assert_eq!((code, said.contains("written: ")), (Some(0), true), "{said}");
    // Nothing of progress where nobody looks on.
    assert!(!said.contains("running"), "{said}");
    let row = text.lines().find(|l| l.starts_with("energy over the fence")).unwrap();
    assert!(text.contains("The name (more)") && row.split_whitespace().count() > 10, "{text}");
    for name in ["more", "less"] {
        for file in ["scenario.json", "inventory.json", "figures.csv", "lines.csv", "coverage.csv", "manifest.json"] {
            assert!(scratch.path().join("out").join(name).join(file).is_file(), "{name}/{file}");
        }
    }
    let manifest = std::fs::read_to_string(scratch.path().join("out/more/manifest.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
    assert_eq!(manifest["options"]["scenario"], serde_json::json!(["more"]));
    // A folder that is filled is left alone.
    assert_eq!(parkflux("en", &["scenario", "run", path, "more", "--out", out]).0, Some(2));
    let (code, _, said) = parkflux("zh", &["scenario", "run", path, "most"]);
    assert_eq!((code, said.contains("less, more")), (Some(2), true), "{said}");
    let (_, json, _) = parkflux("zh", &["--json", "scenario", "run", path, "more", "--all"]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let run = &json["scenarios"][0];
    assert_eq!((&run["title"], &run["changes"][0]["found"]), (&"名称".into(), &1.into()));
    let co2e = run["results"].as_array().unwrap().iter().find(|r| r["measure"] == "CO2e").unwrap();
    let number = |key: &str| co2e[key].as_f64().unwrap();
    assert!((number("scenario") - number("base") - number("change")).abs() < 1e-9);
    assert!(run["flows"].as_array().unwrap().len() > 8);
}

#[test]
fn a_difference_goes_down_to_lines() {
    let folder = on_disk();
    let path = folder.path().to_str().unwrap();
    let (code, text, _) = parkflux("en", &["scenario", "diff", path, "more"]);
    assert_eq!(code, Some(0));
    assert!(text.starts_with("From the year 2023 to more\n") && text.contains("F1/CO2"), "{text}");
    let (_, text, _) = parkflux("zh", &["scenario", "diff", path, "more", "less"]);
    assert!(text.starts_with("从 less 到 more\n") && text.contains("4.0000"), "{text}");
    let (_, text, _) = parkflux("en", &["scenario", "diff", path, "more", "more"]);
    assert!(text.ends_with("Nothing differs.\n"), "{text}");
    let (_, json, _) = parkflux("en", &["--json", "scenario", "diff", path, "more"]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&json["from"], &json["to"]), (&"2023".into(), &"more".into()));
    // Ids are the same in both languages.
    let (_, other, _) = parkflux("zh", &["--json", "scenario", "diff", path, "more"]);
    assert_eq!(serde_json::from_str::<serde_json::Value>(&other).unwrap(), json);
    for result in json["results"].as_array().unwrap() {
        let lines = result["lines"].as_array().unwrap();
        let sum: f64 = lines.iter().map(|l| l["difference"].as_f64().unwrap()).sum();
        assert!((sum - result["change"].as_f64().unwrap()).abs() < 1e-9 * sum.abs(), "{result}");
    }
}

#[test]
fn a_clash_at_a_unit_names_its_flow_and_a_plant_without_wastewater_is_refused() {
    let (package, inventory) = account(&common::park("binhai-example"));
    let base = Base::new(&package, &inventory, None);
    let problem = |unit: &str, more: &str| {
        let text = format!(
            "name_en = \"s\"\nname_zh = \"s\"\n[[change]]\nkind = \"unit\"\nunit = \"{unit}\"\nid = \"E24/NEW\"\nat = \"E02/BUS\"\n{more}"
        );
        let (all, found) = read_all(&BTreeMap::from([("s.toml".to_owned(), text.into_bytes())]), &package.park);
        assert!(!found.has_errors(), "{found:?}");
        render_text(&run(&base, &resolve(&all, "s")).unwrap_err(), Lang::En, Style::Plain)
    };
    let limit = "[[change]]\nkind = \"limit\"\nof = \"E24/NEW>E02/BUS:electricity\"\nquantity = 1\nunit = \"GJ\"\n";
    let clash = problem("pv", &format!("capacity = \"100 MW\"\nfull_load_hours = \"1200 h\"\n{limit}"));
    assert!(clash.contains("S114") && clash.contains("E24/NEW>E02/BUS:electricity quantity = 1 GJ"), "{clash}");
    assert!(clash.contains("; at most 1, but"), "{clash}");
    let refused = problem("wastewater_plant_aerobic", "removal = \"90 %\"\nspecific_power = \"1 kWh/kg\"\n");
    assert!(
        refused.contains("S115") && refused.contains("E02/BUS discharges no water whose COD is known"),
        "{refused}"
    );
    assert!(refused.contains("key at") && refused.contains("at = \"E02/BUS\""), "{refused}");
    // Of the sun no need says how much there is: both numbers of its size are asked for, each at its key.
    let sun = problem("pv", "");
    assert!(sun.contains("pv needs capacity") && sun.contains("key capacity"), "{sun}");
    assert!(sun.contains("pv needs full_load_hours") && sun.contains("key full_load_hours"), "{sun}");
    // A parameter that cannot be stands at its key with its value.
    let scrubber = "ca_s_ratio = 0.5\nremoval = \"90 %\"\nspecific_power = \"1.65 kWh/kg\"\n";
    let thin = problem("wet_fgd", scrubber);
    assert!(thin.contains("key ca_s_ratio") && thin.contains("ca_s_ratio = 0.5\n"), "{thin}");
}

/// A run of the example park with a unit at the CHP.
fn with_unit<T>(kind: &str, more: &str, look: impl FnOnce(Result<Run, Diagnostics>) -> T) -> T {
    let (package, inventory) = account(&common::park("binhai-example"));
    let base = Base::new(&package, &inventory, None);
    let unit = format!("[[change]]\nkind = \"unit\"\nunit = \"{kind}\"\nid = \"E01/NEW\"\nat = \"E01/CHP1\"\n{more}");
    let all = sound(&[&unit], &package);
    look(run(&base, &resolve(&all, "a")))
}

/// What a unit of a run takes of a carrier, per unit of its activity.
fn taken(run: &Run, carrier: &str) -> f64 {
    let (model, park) = (&run.calibrated.model, &run.package.park);
    let ends = format!(">E01/NEW:{carrier}");
    let links = model.links.iter().enumerate().filter(|(_, l)| l.text(park).ends_with(&ends));
    let sum: f64 = links.map(|(l, _)| model.quantity_in(&run.solved, l)).sum();
    sum / run.solved.values[run.units[0].process.index()]
}

#[test]
fn limestone_is_as_pure_as_its_rows_say_and_no_other_reagent_is() {
    let power = "removal = \"90 %\"\nspecific_power = \"1.65 kWh/kg\"\nca_s_ratio = 1\n";
    let scrubber = |more: &str| {
        with_unit("wet_fgd", &format!("{power}{more}"), |run| {
            let run = done(run);
            let told: Vec<String> = run.units[0].told.iter().map(|w| w.en.clone()).collect();
            (taken(&run, "limestone"), told)
        })
    };
    let ((own, told), (stated, silent)) = (scrubber(""), scrubber("purity = \"90 %\"\n"));
    // The rows of the park: 96 %.
    assert!((own / stated - 0.90 / 0.96).abs() < 1e-9, "{own} {stated}");
    assert!(told.len() == 1 && told[0].contains("purity is the carbonate of limestone"), "{told:?}");
    assert!(silent.is_empty(), "{silent:?}");
    // Urea is pure where nothing is said: half a mole for one of NO2, by 60.055 and 46.005 g/mol.
    let urea = "removal = \"80 %\"\nspecific_power = \"1 kWh/kg\"\n";
    let urea = with_unit("scr_urea", urea, |run| taken(&done(run), "urea"));
    assert!((urea - 60.055 / 46.005 / 2.0).abs() < 1e-4, "{urea}");
    // Of lime nobody knows how pure it is.
    let refused = with_unit("lime_fgd", power, |run| render_text(&run.unwrap_err(), Lang::En, Style::Plain));
    assert!(refused.contains("S115") && refused.contains("lime_fgd needs purity"), "{refused}");
}

#[test]
fn what_a_unit_states_and_nobody_counts_is_told() {
    let more = "removal = \"90 %\"\nspecific_power = \"1 kWh/kg\"\nproduct_distance = \"40 km\"\n";
    with_unit("bag_filter", more, |run| {
        let told = &done(run).units[0].told;
        assert!(
            told.len() == 1 && told[0].en.contains("product_distance, 40 km of fly_ash, is not counted"),
            "{told:?}"
        );
        assert!(told[0].zh.contains("未计入"));
    });
}

#[test]
fn a_part_of_the_energy_is_no_energy() {
    let text = change("substitute", COAL, "carrier = \"coal_b\"\nshare = 0.5");
    // Half of the coal is burnt in a month whose calorific value nobody knows.
    let rows = small()
        .text("carriers.csv")
        .replace("coal_a,ncv,20,GJ/t,NCV;as_received", "coal_a,ncv,20,GJ/t,NCV;as_received,2023-01");
    let rows = rows.replace("carrier,property,value,unit,basis", "carrier,property,value,unit,basis,period");
    let flows = small().text("flows.csv").replace(
        "F1,2023,outside:supplier,E1/BOIL,coal_a,100",
        "F0,2023-02,outside:supplier,E1/BOIL,coal_a,50,t,as_received,combustion,,\nF1,2023-01,outside:supplier,E1/BOIL,coal_a,50",
    );
    let half = small().with("carriers.csv", &rows).with("flows.csv", &flows);
    let (package, inventory) = account_files(&half);
    let all = sound(&[&text], &package);
    let base = Base::new(&package, &inventory, None);
    let refused = render_text(&run(&base, &resolve(&all, "a")).unwrap_err(), Lang::En, Style::Plain);
    assert!(refused.contains("S115") && refused.contains("the energy of coal_a or coal_b is not known"), "{refused}");
}

#[test]
fn units_and_opened_balances_are_shown() {
    let path = common::park("binhai-example");
    let path = path.to_str().unwrap();
    let (code, text, _) = parkflux("en", &["scenario", "run", path, "fgd"]);
    assert_eq!(code, Some(0));
    assert!(
        text.contains("\nUnits\n- E01/FGD2 (limestone-gypsum FGD): ") && text.contains("t SO2 removed in the year"),
        "{text}"
    );
    assert!(text.contains("E01/FGD2: purity is the carbonate of limestone in carriers.csv, 96"), "{text}");
    // The balances of both close: nothing opens.
    for name in ["fgd", "no-fgd"] {
        assert_eq!(parkflux("en", &["scenario", "run", path, name, "--fail-on", "warning"]).0, Some(0), "{name}");
    }
    let json = |lang: &str| {
        let (_, json, _) = parkflux(lang, &["--json", "scenario", "run", path, "sng", "--all"]);
        serde_json::from_str::<serde_json::Value>(&json).unwrap()["scenarios"][0].clone()
    };
    let (en, zh) = (json("en"), json("zh"));
    for key in ["conservation", "units", "flows", "months", "results", "changes"] {
        assert!(!en[key].is_null() && en[key] == zh[key], "{key}");
    }
    assert_eq!((&en["units"][0]["unit"], &en["units"][0]["capacity_stated"]), (&"E01/SNG".into(), &false.into()));
    assert!(zh["units_told"][0].as_str().unwrap().contains("未给出 capacity"), "{}", zh["units_told"]);
}
