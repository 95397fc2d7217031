//! Trade-offs: scrubbers and gas from coal through the whole engine, marginal values, fronts and curves.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test may stop at the first surprise")]

mod common;

use common::{FLOWS, Files, account, account_files, park};
use parkflux::diagnostic::{Lang, Style, render_text};
use parkflux::package::Package;
use parkflux::park::{EnterpriseId, Gas};
use parkflux::scenario::{
    Base, Influences, Measure, Model, Place, Results, Run, Scenario, contributions, read, read_all, resolve, run,
};
use parkflux::tradeoff::{Cost, Kind, Part, Sign, State, Tradeoff, curve, front, marginal, measure, non_dominated};
use std::collections::BTreeMap;
use std::process::Command;

const SO2: Measure = Measure::Gas(Gas::So2);

/// Scenarios of a made-up park by name and text.
fn scenarios(list: &[(&str, &str)], package: &Package) -> Vec<Scenario> {
    let files: BTreeMap<String, Vec<u8>> =
        list.iter().map(|(name, text)| (format!("scenarios/{name}.toml"), text.as_bytes().to_vec())).collect();
    let (scenarios, found) = read_all(&files, &package.park);
    assert!(!found.has_errors(), "{}", render_text(&found, Lang::En, Style::Plain));
    scenarios
}

fn ran(base: &Base, chain: &[&Scenario]) -> Run {
    run(base, chain).unwrap_or_else(|found| panic!("{}", render_text(&found, Lang::En, Style::Plain)))
}

/// A scenario against the base year.
fn against_base(base: &Base, chain: &[&Scenario]) -> Tradeoff {
    let after = ran(base, chain);
    measure((&State::of_base(base), &[]), (&State::of_run(&after), chain), base.year)
}

fn assert_relative_eq(a: f64, b: f64, relative: f64) {
    assert!((a - b).abs() <= relative * a.abs().max(b.abs()), "{a} {b}");
}

/// The parts are the re-solved change, inside and outside.
fn assert_adds_up(made: &Tradeoff) {
    let co2e = made.delta(Measure::Co2e).unwrap();
    let inside: f64 = made.parts.iter().map(|p| p.inside).sum();
    let outside: f64 = made.parts.iter().map(|p| p.outside).sum();
    let size = made.parts.iter().map(|p| p.inside.abs() + p.outside.abs()).sum::<f64>();
    assert!((inside - co2e.inside).abs() <= 1e-9 * size, "{inside} {}", co2e.inside);
    assert!((outside - co2e.outside).abs() <= 1e-9 * size, "{outside} {}", co2e.outside);
}

/// A boiler house that burns coal for a customer; no scrubber.
fn boilers(more_carriers: &str) -> Files {
    Files::new("")
        .with("enterprises.csv", "enterprise,sector\nA,GB4754:D44")
        .with("processes.csv", "process,enterprise,technique,accounting\nA/B1,A,boiler,combustion")
        .with(
            "carriers.csv",
            &format!(
                "carrier,property,value,unit\ntest_fuel,kind,solid_fuel,\nbituminous,sulfur,0.8,%\n\
                 limestone,carbonate,90,%\n{more_carriers}"
            ),
        )
        .with("parameters.csv", "process,parameter,gas,value,unit\nA/B1,retention,,10,%")
        .with(
            "flows.csv",
            &format!(
                "{FLOWS}\nF1,2023,outside:supplier,A/B1,bituminous,500000,t,as_received,combustion,,\n\
                 F2,2023,A/B1,outside:customer,heat,10000000,GJ,,,,\nF3,2023,outside:grid,A/B1,electricity,1000,MWh,,,,"
            ),
        )
}

const SCRUBBER: &str = r#"
name_en = "Scrubber"
name_zh = "脱硫"
[[change]]
kind = "unit"
name = "fgd"
unit = "wet_fgd"
id = "A/FGD"
at = "A/B1"
removal = "95 %"
ca_s_ratio = 1.03
specific_power = "1.65 kWh/kg"
"#;

/// Check 4 of principle: 500,000 t of coal with 0.8 % of sulfur, 90 % of it to SO2, removal 95 %, Ca/S 1.03, purity 0.9.
#[test]
fn a_scrubber_comes_out_as_by_hand_through_the_whole_engine() {
    for (form, reaction) in [("physical", 4_699.2), ("compliance", 4_843.4)] {
        let mut files = boilers("");
        // The factor of the compliance form stands in a set of its own.
        let text = files.text("park.toml").replace("\"ipcc_2006\"", "\"cn_gbt32151_34_reagents\", \"ipcc_2006\"");
        let text = text + &format!("fgd = \"{form}\"\n");
        files.0.insert("park.toml".to_owned(), text.into_bytes());
        let (package, inventory) = account_files(&files);
        let base = Base::new(&package, &inventory, None);
        let list = scenarios(&[("fgd", SCRUBBER)], &package);
        let made = against_base(&base, &resolve(&list, "fgd"));
        assert_adds_up(&made);
        assert_relative_eq(made.delta(SO2).unwrap().total(), -6_840.0, 1e-9);
        assert!((made.part(Part::Reaction).total() - reaction).abs() < 0.06, "{:?}", made.part(Part::Reaction));
        assert!(made.part(Part::Reaction).outside.abs() < 1e-9);
        let power = made.details.iter().find(|d| d.part == Part::Power).unwrap();
        assert_relative_eq(power.quantity / 3.6, 11_286.0, 1e-9);
        assert!((made.part(Part::Power).outside - 5_988.4).abs() < 0.06, "{:?}", made.part(Part::Power));
        assert!(made.part(Part::Power).inside.abs() < 1e-9);
        assert_eq!(made.sources[0].by, "outside:grid>A/FGD:electricity");
        // Nothing else answers.
        assert!(made.part(Part::Rest).total().abs() < 1e-6, "{:?}", made.part(Part::Rest));
        let so2 = made.removed.iter().find(|r| r.gas == Gas::So2).unwrap();
        if form == "physical" {
            // In all 1.5625 t a tonne of SO2; upstream of the grid stands apart.
            let co2e = made.part(Part::Reaction).total() + made.part(Part::Power).total();
            assert!((co2e / so2.mass - 1.5625).abs() < 1e-4, "{so2:?}");
            assert!((so2.total * so2.mass - co2e - made.part(Part::Chain).total()).abs() < 1e-6, "{so2:?}");
            assert!((so2.inside - 0.6870).abs() < 1e-4, "{so2:?}");
        }
        assert!(matches!(made.signs[..], [Sign::CleansAndRaises(Gas::So2, ..)]), "{:?}", made.signs);
    }
}

/// Check 7 of principle: gas boiler 0.92, coal boiler 0.85, SNG plant 0.55 over all its coal.
#[test]
fn gas_made_of_coal_raises_co2_and_bought_it_hides_it() {
    let gas = "natural_gas,ncv,38.931,MJ/m3";
    let switch = r#"
[[change]]
kind = "substitute"
of = "outside:supplier>A/B1:bituminous"
carrier = "natural_gas"
[[change]]
kind = "efficiency"
of = "A/B1"
times = 1.0823529411764706
"#;
    let plant = r#"
[[change]]
kind = "unit"
unit = "coal_to_sng"
id = "A/SNG"
at = "A/B1"
efficiency = "55 %"
"#;
    let own = format!("{switch}{plant}");
    // What the plant that sells it emits, per volume: (25.8/0.55 − 15.3) tC/TJ.
    let per_volume = (25.8 / 0.55 - 15.3) * 44.0 / 12.0 * 38.931e-6;
    let factors = format!(
        "id,set,carrier,parameter,gas,value,unit,basis,source,confidence
         test.fuel,park,test_fuel,emission_factor,CO2,2,t/t,as_received,a test,computed
         test.sng,park,natural_gas,footprint,CO2e_life_cycle,{per_volume},t/m3,,a test,computed"
    );
    let mut files = boilers(gas).with("factors.csv", &factors);
    let text = files.text("park.toml").replace("\"cn_gbt32151_2024\", ", "");
    files.0.insert("park.toml".to_owned(), text.into_bytes());
    let (package, inventory) = account_files(&files);
    let base = Base::new(&package, &inventory, None);
    let list = scenarios(&[("own", &own), ("bought", switch)], &package);
    let co2 = Measure::Gas(Gas::Co2);
    let before = base.results.inside(co2);
    let made = against_base(&base, &resolve(&list, "own"));
    assert_adds_up(&made);
    let after = before + made.delta(co2).unwrap().inside;
    assert!((after / before - 1.68).abs() < 0.005, "{}", after / before);
    assert!(!made.signs.iter().any(|s| matches!(s, Sign::ImportedSwitch(..))));
    assert!(made.part(Part::Fuel).total() < 0.0 && made.part(Part::Reaction).total() > 0.0);
    // Bought, the same gas looks like a saving of 45 %.
    let made = against_base(&base, &resolve(&list, "bought"));
    assert_adds_up(&made);
    let delta = made.delta(Measure::Co2e).unwrap();
    assert!((made.delta(co2).unwrap().inside / before + 0.45).abs() < 0.005, "{delta:?}");
    assert!(delta.total() > 0.0);
    let Some(Sign::ImportedSwitch(inside, total)) = made.signs.last() else { panic!("{:?}", made.signs) };
    assert!(*inside < 0.0 && *total > 0.0);
}

/// Scenarios of the example park.
fn of_binhai(package: &Package) -> Vec<Scenario> {
    let (list, found) = read(&park("binhai-example"), package).unwrap();
    assert!(!found.has_errors(), "{}", render_text(&found, Lang::En, Style::Plain));
    list
}

#[test]
fn measures_of_the_example_park_add_up_and_turn_the_right_way() {
    let (package, inventory) = account(&park("binhai-example"));
    let base = Base::new(&package, &inventory, Some(2024));
    let list = of_binhai(&package);
    // A scrubber at the CHP, against none.
    let (before, after) = (resolve(&list, "no-fgd"), resolve(&list, "fgd"));
    let (without, with) = (ran(&base, &before), ran(&base, &after));
    let made = measure((&State::of_run(&without), &before), (&State::of_run(&with), &after), 2024);
    assert_adds_up(&made);
    assert!(made.delta(SO2).unwrap().total() < -9_000.0, "{:?}", made.delta(SO2));
    assert!(made.delta(Measure::Co2e).unwrap().total() > 6_000.0);
    assert!(matches!(made.signs[0], Sign::CleansAndRaises(Gas::So2, ..)), "{:?}", made.signs);
    for part in [Part::Reaction, Part::Power, Part::Reheat, Part::Transport] {
        assert!(made.part(part).total() > 0.0, "{part:?}");
    }
    assert!(made.parts.iter().any(|p| p.part == Part::Reagent));
    // Own power is mixed of fuel burnt here and imports; what the grid gives at the margin is named.
    assert!(made.part(Part::Power).inside > 0.0 && made.part(Part::Power).outside > 0.0);
    assert_eq!(made.sources[0].by, "outside:grid>E02/BUS:electricity");
    assert!(with.conserved.iter().all(|c| c.added < 1e-2), "{:?}", with.conserved);
    // Gas of coal in the place of coal.
    let made = against_base(&base, &resolve(&list, "sng"));
    assert_adds_up(&made);
    assert!(made.delta(Measure::Co2e).unwrap().inside > 1e6);
    // At the kiln, and both together: without coal at the CHP there is no fly ash for cement, the kiln burns more for
    // clinker, and the scrubber there takes out 90 % of what that adds.
    let kiln = against_base(&base, &resolve(&list, "fgd-kiln"));
    assert_adds_up(&kiln);
    assert!(kiln.delta(SO2).unwrap().total() < -2_500.0 && kiln.delta(Measure::Co2e).unwrap().total() > 4_000.0);
    let both = against_base(&base, &resolve(&list, "kiln-and-sng"));
    assert_adds_up(&both);
    let sum = made.delta(SO2).unwrap().total() + kiln.delta(SO2).unwrap().total();
    let cement = package.park.enterprises.iter().position(|e| &*e.label.id == "E04").map(EnterpriseId::new).unwrap();
    let at_kiln = |results: &Results| results.sum(SO2, |place| place == Place::Enterprise(cement));
    let more = at_kiln(&ran(&base, &resolve(&list, "sng")).results) - at_kiln(&base.results);
    assert!(more > 50.0, "{more}");
    assert_relative_eq(both.delta(SO2).unwrap().total(), sum - 0.9 * more, 1e-6);
}

/// A model with the equation of an answer times `1 + step`.
fn pushed(model: &Model, equation: usize, kind: Kind, step: f64) -> Model {
    let mut model = model.clone();
    let processes = model.processes as u32;
    let own = &mut model.equations[equation];
    match kind {
        Kind::Demand | Kind::Activity => own.right *= 1.0 + step,
        _ => own.terms.iter_mut().filter(|t| t.0 < processes).for_each(|t| t.1 *= 1.0 + step),
    }
    model
}

#[test]
fn marginal_values_are_those_of_finite_differences() {
    let (package, inventory) = account(&park("binhai-example"));
    let base = Base::new(&package, &inventory, Some(2024));
    let model = &base.calibrated.model;
    let all = contributions(&package.park, &inventory, 2024);
    let influences = Influences::of(&package, model, &all);
    for of in [Measure::Co2e, SO2, Measure::Energy] {
        let answers = marginal(&base, of).unwrap();
        for kind in [Kind::Exchange, Kind::Demand, Kind::Need, Kind::Yield] {
            assert!(answers.iter().any(|a| a.kind == kind), "{kind:?}");
        }
        let largest = answers.iter().map(|a| a.per_percent().abs()).fold(0.0, f64::max);
        let mut compared = 0;
        for answer in answers.iter().filter(|a| a.per_percent().abs() > 1e-6 * largest) {
            let at = |step: f64| {
                let solved = pushed(model, answer.equation, answer.kind, step).solve(model).ok()?;
                solved.bound.is_empty().then(|| influences.results(model, &solved))
            };
            // Slopes hold where no bound is met.
            let (Some(more), Some(less)) = (at(1e-5), at(-1e-5)) else { continue };
            let total = (more.total(of) - less.total(of)) / 2e-3;
            let inside = (more.inside(of) - less.inside(of)) / 2e-3;
            let size = answer.per_percent().abs().max(answer.per_percent_inside().abs());
            let slack = 1e-5 * size + 1e-7 * largest;
            assert!((total - answer.per_percent()).abs() < slack, "{answer:?} {total}");
            assert!((inside - answer.per_percent_inside()).abs() < slack, "{answer:?} {inside}");
            compared += 1;
        }
        assert!(compared > if of == SO2 { 3 } else { 50 }, "{of:?}: {compared}");
    }
}

#[test]
fn a_front_holds_what_nothing_beats() {
    let points = [[1.0, 5.0], [2.0, 3.0], [3.0, 4.0], [4.0, 1.0], [2.0, 3.0], [f64::NAN, 0.0], [5.0, 1.0]];
    let points: Vec<Vec<f64>> = points.iter().map(|p| p.to_vec()).collect();
    assert_eq!(non_dominated(&points), [true, true, false, true, true, false, false]);
    assert!(non_dominated(&[]).is_empty());
}

#[test]
fn the_front_of_a_scrubber_and_of_gas_is_a_grid_of_runs() {
    let (package, inventory) = account_files(&boilers("natural_gas,ncv,38.931,MJ/m3"));
    let base = Base::new(&package, &inventory, None);
    let text = format!(
        "{SCRUBBER}
[[change]]
kind = \"substitute\"
name = \"gas\"
of = \"outside:supplier>A/B1:bituminous\"
carrier = \"natural_gas\"
[[sweep]]
change = \"fgd\"
key = \"removal\"
values = [50, 95]
[[sweep]]
change = \"gas\"
key = \"share\"
values = [0, 0.5, 1]
"
    );
    let list = scenarios(&[("levels", &text)], &package);
    let made = front(&base, &resolve(&list, "levels"), &[Measure::Co2e, SO2], &|_| true).unwrap();
    assert!(made.accounted);
    assert_eq!(made.points.len(), 6);
    // 500,000 t · 0.8 % · 90 % · 2 less removal, and less coal.
    let deltas: Vec<&Vec<f64>> = made.points.iter().map(|p| p.deltas.as_ref().unwrap()).collect();
    assert_relative_eq(deltas[0][1], -3_600.0, 1e-9);
    assert_relative_eq(deltas[1][1], -5_400.0, 1e-9);
    assert_relative_eq(deltas[3][1], -6_840.0, 1e-9);
    // Without coal the scrubber has nothing to do: the two points are one, and the best in both.
    assert_eq!(made.points.iter().map(|p| p.best).collect::<Vec<_>>(), [false, false, true, false, false, true]);
    // Where only shares change, the weights of the accounts give what accounts give.
    let text = "
[[change]]
kind = \"substitute\"
name = \"gas\"
of = \"outside:supplier>A/B1:bituminous\"
carrier = \"natural_gas\"
share = 0.5
[[sweep]]
change = \"gas\"
key = \"share\"
values = [0, 0.5]
";
    let list = scenarios(&[("gas", text)], &package);
    let chain = resolve(&list, "gas");
    let made = front(&base, &chain, &[Measure::Co2e, SO2], &|_| true).unwrap();
    assert!(!made.accounted);
    let (run, by_weights) = (ran(&base, &chain), made.points[1].deltas.as_ref().unwrap());
    for (of, delta) in [Measure::Co2e, SO2].into_iter().zip(by_weights) {
        assert_relative_eq(run.results.total(of) - base.results.total(of), *delta, 1e-9);
    }
}

#[test]
fn a_curve_counts_that_two_measures_share_the_same_coal() {
    let prices = "natural_gas,ncv,38.931,MJ/m3\nnatural_gas,price,3.5,元/m3\nbituminous,price,800,元/t";
    let text = boilers("").text("flows.csv").replace("F3,2023,outside:grid,A/B1,electricity,1000,MWh,,,,", "");
    let tune = "[[change]]\nkind = \"efficiency\"\nof = \"A/B1\"\ntimes = 1.1\n";
    let gas = "[[change]]\nkind = \"substitute\"\nof = \"outside:supplier>A/B1:bituminous\"\ncarrier = \"natural_gas\"\nshare = 0.5\n";
    for priced in [true, false] {
        let carriers = if priced { prices } else { "natural_gas,ncv,38.931,MJ/m3" };
        let mut files = boilers(carriers).with("flows.csv", &text);
        if priced {
            let sold = files.text("carriers.csv") + "heat,price,60,元/GJ\n";
            files.0.insert("carriers.csv".to_owned(), sold.into_bytes());
        }
        let (package, inventory) = account_files(&files);
        let base = Base::new(&package, &inventory, None);
        let list = scenarios(&[("gas", gas), ("tune", tune)], &package);
        let chains = [("gas", resolve(&list, "gas")), ("tune", resolve(&list, "tune"))];
        let made = curve(&base, &chains, &|_| true).unwrap().unwrap();
        assert_eq!(made.steps.len(), 2);
        let names: Vec<&str> = made.steps.iter().map(|s| &*s.measure).collect();
        // Tuning pays; gas saves more.
        assert_eq!(names, if priced { ["tune", "gas"] } else { ["gas", "tune"] });
        let [first, second] = &made.steps[..] else { panic!("{made:?}") };
        assert_eq!(first.by_cost, priced);
        assert_relative_eq(first.saving, first.alone, 1e-12);
        // After the first there is 1/1.1 or less of the coal that the second would save.
        assert!(second.saving < 0.95 * second.alone, "{second:?}");
        assert_relative_eq(second.cumulative, first.saving + second.saving, 1e-12);
        if priced {
            assert_relative_eq(first.cost.known().unwrap(), -800.0 * 500_000.0 * (1.0 - 1.0 / 1.1), 1e-9);
            assert!(first.per_tonne().unwrap() < 0.0 && second.per_tonne().unwrap() > 0.0);
        } else {
            assert_eq!((first.cost, first.per_tonne()), (Cost::Unknown, None));
        }
    }
}

fn parkflux(args: &[&str]) -> (i32, String, String) {
    let out = Command::new(env!("CARGO_BIN_EXE_parkflux")).args(args).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (out.status.code().unwrap(), text(&out.stdout), text(&out.stderr))
}

#[test]
fn the_verb_speaks_two_languages_and_json() {
    let package = park("binhai-example");
    let package = package.to_str().unwrap();
    let (code, text, _) = parkflux(&["tradeoff", package, "fgd", "--lang", "en"]);
    assert_eq!(code, 0);
    for words in ["cleans the air and raises CO2", "auxiliary power", "reheating", "transport", "re-solved total"] {
        assert!(text.contains(words), "{words}\n{text}");
    }
    let (code, text, _) = parkflux(&["tradeoff", package, "fgd", "--lang", "zh"]);
    assert_eq!(code, 0);
    assert!(text.contains("净化空气但增加碳排放") && text.contains("辅助用电"), "{text}");
    assert!(text.contains("\n守恒；") && text.contains("硫 0 %"), "{text}");
    let (code, text, _) = parkflux(&["tradeoff", package, "fgd", "--json", "--marginal"]);
    assert_eq!(code, 0);
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(value["scenarios"][0]["against"], "no-fgd");
    assert!(value["marginal"][0]["answers"].as_array().unwrap().len() > 50);
    let (code, _, told) = parkflux(&["tradeoff", package, "nothing", "--lang", "en"]);
    assert_eq!(code, 2);
    assert!(told.contains("no scenario 'nothing'"), "{told}");
    let (code, _, told) = parkflux(&["tradeoff", package, "--front", "fgd", "--lang", "en"]);
    assert_eq!((code, told.contains("no [[sweep]]")), (2, true), "{told}");
}

/// The template of `init` with scenarios, and more lines of park.toml.
fn template(scenarios: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let package = folder.path().join("p");
    assert_eq!(parkflux(&["init", package.to_str().unwrap()]).0, 0);
    for (name, changes) in scenarios {
        let text = format!("name_en = \"{name}\"\nname_zh = \"{name}\"\n[[change]]\nname = \"c\"\n{changes}\n");
        std::fs::create_dir_all(package.join("scenarios")).unwrap();
        std::fs::write(package.join(format!("scenarios/{name}.toml")), text).unwrap();
    }
    folder
}

/// What the verb says of a folder in English.
fn tradeoff(folder: &std::path::Path, words: &[&str]) -> (i32, String, String) {
    parkflux(&[&["tradeoff", folder.to_str().unwrap(), "--lang", "en"], words].concat())
}

#[test]
fn measures_and_years_that_a_park_does_not_have_are_wrong_use() {
    let folder = template(&[]);
    let package = folder.path().join("p");
    for wrong in [&["--measure", "NF3"][..], &["--measure", "cost"], &["--measure", "foo"], &["--year", "1999"]] {
        let (code, text, told) = tradeoff(&package, &[&["--marginal"], wrong].concat());
        assert_eq!((code, &*text), (2, ""), "{wrong:?} {told}");
        assert!(told.contains(wrong[1]), "{told}");
    }
    let (code, text, _) = tradeoff(&package, &["--marginal", "--measure", "ENERGY"]);
    assert!(code == 0 && text.contains("energy over the fence"), "{text}");
    // Without scenarios there is none to name.
    let (code, _, told) = tradeoff(&package, &[]);
    assert!(code == 2 && told.contains("the package has no scenarios"), "{told}");
}

#[test]
fn a_plant_that_stops_is_named_and_its_heat_has_no_price() {
    let folder = template(&[("closed", "kind = \"close\"\nof = \"E02\"")]);
    let package = folder.path().join("p");
    let (code, text, told) = tradeoff(&package, &["closed"]);
    assert_eq!(code, 0, "{told}");
    assert!(text.contains("E01/CHP1 stops, with all that it gives"), "{text}");
    assert!(!text.contains("process heat"), "{text}");
    let value: serde_json::Value = serde_json::from_str(&tradeoff(&package, &["closed", "--json"]).1).unwrap();
    let parts = value["scenarios"][0]["co2e_by_part"].as_array().unwrap();
    let of = |part: &str| parts.iter().find(|p| p["part"] == part).unwrap()["total"].clone();
    // Nobody knows what lies upstream of the coal; what is known is the whole.
    assert!(of("feed").is_null(), "{parts:?}");
    assert!(of("answer_of_the_rest").as_f64().unwrap().abs() < 1e-6, "{parts:?}");
    assert_eq!(value["scenarios"][0]["stopped"][0]["process"], "E01/CHP1");
}

#[test]
fn a_bad_scenario_hides_no_sound_one() {
    let full = "kind = \"limit\"\nof = \"outside:supplier>E01/CHP1:bituminous\"\nquantity = 1\nunit = \"t\"";
    let folder = template(&[("closed", "kind = \"close\"\nof = \"E02\""), ("full", full)]);
    let package = folder.path().join("p");
    let (code, text, told) = tradeoff(&package, &["full", "closed"]);
    assert!(text.contains("(closed)") && told.contains("S114"), "{text}{told}");
    // As `scenario run` ends.
    assert_eq!(code, parkflux(&["scenario", "run", package.to_str().unwrap(), "full"]).0);
    assert_eq!(code, 5);
    let (code, text, _) = tradeoff(&package, &["full", "closed", "--json"]);
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!((code, value["scenarios"].as_array().unwrap().len()), (5, 1));
    assert_eq!(value["diagnostics"]["diagnostics"].as_array().or(value["diagnostics"].as_array()).unwrap().len(), 1);
}

#[test]
fn a_measure_stands_in_a_curve_once() {
    let folder = template(&[("closed", "kind = \"close\"\nof = \"E02\"")]);
    let (code, text, told) = tradeoff(&folder.path().join("p"), &["--curve", "closed,closed"]);
    assert_eq!((code, text.matches("closed").count()), (0, 1), "{text}{told}");
}

/// What would be is asked of the accounts as they are: the limit of open balances is one of the inventory.
#[test]
fn open_balances_forbid_an_inventory_and_no_scenario() {
    let folder = tempfile::tempdir().unwrap();
    let package = folder.path();
    let bad = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/bad/B299");
    for file in std::fs::read_dir(bad).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), package.join(file.file_name())).unwrap();
    }
    std::fs::create_dir(package.join("scenarios")).unwrap();
    let scenario = "[[change]]\nname = \"c\"\nkind = \"efficiency\"\nof = \"E02\"\ntimes = 1.1\n\
                    [[sweep]]\nchange = \"c\"\nkey = \"times\"\nvalues = [1.0, 1.1]\n";
    std::fs::write(package.join("scenarios/x.toml"), scenario).unwrap();
    let at = package.to_str().unwrap();
    assert_eq!(parkflux(&["inventory", at]).0, 5);
    for verb in [&["tradeoff", at, "x"][..], &["scenario", "run", at, "x"], &["scenario", "sweep", at, "x"]] {
        let (code, _, told) = parkflux(verb);
        assert_eq!(code, 0, "{verb:?} {told}");
    }
    let exchanges = "from,to,carrier,status,period,quantity,unit,displaces,ratio\n\
                     E01,E02,electricity,existing,,,,electricity,1\n";
    std::fs::write(package.join("exchanges.csv"), exchanges).unwrap();
    let (code, _, told) = parkflux(&["symbiosis", at]);
    assert!(code == 0 && !told.contains("B299"), "{code} {told}");
}

/// Ctrl-C ends the work with nothing printed.
#[cfg(unix)]
#[test]
fn an_interrupt_prints_nothing() {
    let package = park("binhai-example");
    let package = package.to_str().unwrap();
    let all = [&["tradeoff", package][..], &["symbiosis", package, "--orders", "100000"]];
    for words in all {
        let program = Command::new(env!("CARGO_BIN_EXE_parkflux"))
            .args(words)
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        // By then it has long begun, and is far from done.
        std::thread::sleep(std::time::Duration::from_millis(600));
        assert!(Command::new("kill").args(["-INT", &program.id().to_string()]).status().unwrap().success());
        let out = program.wait_with_output().unwrap();
        assert_eq!((out.status.code(), out.stdout.len()), (Some(130), 0), "{words:?}");
    }
}

/// Without the spaces that end a line.
fn trimmed(text: &str) -> String {
    text.trim_end().lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_page_prints_what_it_shows() {
    let page = include_str!("../docs/tradeoff.md");
    let blocks = page.split("```text\n$ parkflux ").skip(1).map(|rest| rest.split("\n```").next().unwrap());
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_parkflux")).parent().unwrap();
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap());
    let mut shown = 0;
    for block in blocks {
        let (command, output) = block.split_once('\n').unwrap();
        let mut shell = Command::new("sh");
        shell.args(["-c", &format!("parkflux {command}")]).current_dir(env!("CARGO_MANIFEST_DIR"));
        let out = shell.env("PATH", &path).env("LC_ALL", "C.UTF-8").output().unwrap();
        let printed = trimmed(&String::from_utf8(out.stdout).unwrap());
        assert!(printed == trimmed(output), "{command}\n--- the page shows\n{output}\n--- it prints\n{printed}");
        shown += 1;
    }
    assert_eq!(shown, 6);
}
