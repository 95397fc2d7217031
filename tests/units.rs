//! Recipes of abatement and conversion units: case o15, checks 4 and 7 of principle, conservation, and what must be
//! stated because nobody could confirm it.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test may stop at the first surprise")]

use approx::assert_relative_eq;
use parkflux::factors::{Confidence, vocabulary};
use parkflux::methods::desulfurization::{MOLAR, Molar, closure};
use parkflux::methods::pollutants::{removed, so2_formed};
use parkflux::park::Gas;
use parkflux::quantity::{Basis, Fraction, Quantity, Tonnes, Unit};
use parkflux::scenario::units::gasification::CO2_PER_CARBON;
use parkflux::scenario::units::heat::{carnot_cop, carnot_efficiency};
use parkflux::scenario::units::power::{Store, by_period, operate};
use parkflux::scenario::units::{
    Balanced, How, Part, Range, Recipe, RecipeError, Silent, Spec, Stream, kinds, recipe, row,
};
use proptest::prelude::*;
use std::collections::BTreeSet;

/// Parameters as a scenario states them.
fn given(values: &[(&str, f64, &str)]) -> Vec<(String, Quantity)> {
    let quantity =
        |value: f64, unit: &str| Quantity::new(value, &Unit::parse(unit).unwrap(), Basis::default()).unwrap();
    values.iter().map(|(name, value, unit)| ((*name).to_owned(), quantity(*value, unit))).collect()
}

fn build(kind: &str, values: &[(&str, f64, &str)]) -> Result<Recipe, Vec<RecipeError>> {
    recipe(kind, &given(values), &|_| false)
}

fn made(kind: &str, values: &[(&str, f64, &str)]) -> Recipe {
    build(kind, values).unwrap_or_else(|e| panic!("{kind}: {e:?}"))
}

/// The limestone scrubber of check 4.
fn scrubber() -> Recipe {
    made("wet_fgd", &[("removal", 95.0, "%"), ("ca_s_ratio", 1.03, "1"), ("specific_power", 1.65, "kWh/kg")])
}

fn stream<'a>(side: &'a [Stream], carrier: &str) -> &'a Stream {
    side.iter().find(|s| s.carrier == carrier).unwrap()
}

/// CO2 by part, of power at `grid` t/MWh.
fn part(recipe: &Recipe, grid: f64, part: Part) -> f64 {
    let burden = |s: &Stream| if s.carrier == "electricity" { grid / 3.6 } else { 0.0 };
    let parts = recipe.by_part(Gas::Co2, burden, 0.0);
    parts.iter().find(|p| p.part == part).map_or(0.0, |p| p.mass)
}

#[test]
fn check_4_from_the_recipe() {
    let fgd = scrubber();
    let formed = so2_formed(Tonnes(500_000.0), Fraction(0.008), Fraction(0.1));
    let (gas, share) = fgd.removes.unwrap();
    assert_eq!(gas, Gas::So2);
    let gone = removed(formed, Fraction(share), Fraction(1.0)).0;
    assert_relative_eq!(gone, 6_840.0, epsilon = 1e-6);
    assert_relative_eq!(gone * fgd.emitted(Gas::Co2), 4_699.2, epsilon = 0.05);
    assert_relative_eq!(gone * fgd.taken("limestone"), 12_230.7, epsilon = 0.05);
    let limestone = stream(&fgd.takes, "limestone");
    let gypsum = stream(&fgd.gives, "fgd_gypsum");
    assert_relative_eq!(gone * limestone.elements.carbon, 1_320.99, epsilon = 0.005);
    assert_relative_eq!(gone * fgd.emits[0].elements.carbon, 1_282.51, epsilon = 0.005);
    assert_relative_eq!(gone * gypsum.elements.carbon, 38.48, epsilon = 0.005);
    assert_relative_eq!(gone * gypsum.pure, 18_383.0, epsilon = 0.5);
    assert_relative_eq!(gone * fgd.taken("electricity") / 3.6, 11_286.0, epsilon = 1e-6);
    let power = part(&fgd, 0.5306, Part::AuxiliaryPower);
    assert_relative_eq!(gone * power, 5_988.4, epsilon = 0.05);
    assert_relative_eq!(part(&fgd, 0.5306, Part::Reaction) + power, 1.5625, epsilon = 5e-5);
    // The same as the equations of the inventory.
    let balance = closure(Tonnes(1.0), 1.03, Fraction(0.9), &MOLAR).unwrap();
    assert_relative_eq!(limestone.quantity, balance.limestone, max_relative = 1e-12);
    assert_relative_eq!(gypsum.pure, balance.gypsum, max_relative = 1e-12);
    assert_relative_eq!(gypsum.elements.carbon, balance.carbon_in_gypsum, max_relative = 1e-12);
}

/// The purity is the one that the standard states; it is a default, and printed as such.
#[test]
fn defaults_are_cited_and_confirmed() {
    let fgd = scrubber();
    let purity = fgd.parameters.iter().find(|p| p.id == "purity").unwrap();
    assert_eq!((purity.how, purity.value), (How::Default, Some(0.9)));
    assert_eq!(purity.row, Some("cn_gbt32151_34_reagents.limestone.carbonate.fgd"));
    assert_eq!(purity.confidence, Some(Confidence::Secondary));
    assert!(purity.source.contains("GB/T 32151"), "{}", purity.source);
    let water = fgd.parameters.iter().find(|p| p.id == "water").unwrap();
    assert_eq!((water.how, water.value), (How::Without, None));
    for kind in kinds() {
        for spec in kind.parameters() {
            let (Silent::Row(id) | Silent::Unless(_, Some(id))) = spec.silent else { continue };
            let factor = row(id).unwrap_or_else(|| panic!("{id} is no row"));
            assert_eq!(factor.dimension, spec.dimension, "{id}");
            assert!(spec.range.contains(factor.value), "{id}");
        }
    }
}

/// The case `o15`: a 600 MW unit.
#[test]
fn the_case_of_a_600_mw_unit_comes_out() {
    let text = include_str!("../fixtures/cases/o15_fgd_sng/fgd_stoichiometry.csv");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let value = |name: &str| rows.iter().find(|r| &r[0] == name).unwrap()[1].parse::<f64>().unwrap();
    let formed = so2_formed(Tonnes(900_000.0), Fraction(0.01), Fraction(0.15));
    let gone = removed(formed, Fraction(0.95), Fraction(1.0)).0;
    let generation = 3.0e6 / gone;
    let fgd = made(
        "wet_fgd",
        &[
            ("removal", 0.95, "1"),
            ("ca_s_ratio", 1.0, "1"),
            ("purity", 1.0, "1"),
            ("auxiliary_power", 1.2, "%"),
            ("gross_generation", generation, "MWh/t"),
        ],
    );
    // The recipe is the equation of the methods with the atomic weights of IUPAC, and that equation is the case with the
    // molar masses of the case, to the tolerances of the case.
    let own = closure(Tonnes(1.0), 1.0, Fraction(1.0), &MOLAR).unwrap();
    assert_relative_eq!(fgd.taken("limestone"), own.limestone, max_relative = 1e-12);
    assert_relative_eq!(fgd.given("fgd_gypsum"), own.gypsum, max_relative = 1e-12);
    let molar = Molar { carbon: 12.011, co2: 44.01, so2: 64.066, limestone: 100.087, gypsum: 172.171 };
    let case = closure(Tonnes(1.0), 1.0, Fraction(1.0), &molar).unwrap();
    assert_relative_eq!(case.limestone, value("CaCO3_per_SO2"), max_relative = 1e-4);
    assert_relative_eq!(case.gypsum, value("gypsum_per_SO2"), max_relative = 1e-4);
    let exact = gone * molar.co2 / molar.so2;
    assert_relative_eq!(exact, value("example.CO2_process"), max_relative = 1e-5);
    // Check 4 is printed with SO2 at 64.058, the case with 64.066: the recipe, which has the first, differs by 1.03e-4.
    assert_relative_eq!(fgd.taken("limestone"), value("CaCO3_per_SO2"), max_relative = 2e-4);
    assert_relative_eq!(fgd.emitted(Gas::Co2), value("CO2_per_SO2"), max_relative = 2e-4);
    assert_relative_eq!(fgd.given("fgd_gypsum"), value("gypsum_per_SO2"), max_relative = 1e-4);
    let per_sulfur = so2_formed(Tonnes(1.0), Fraction(1.0), Fraction(0.0)).0;
    assert_relative_eq!(per_sulfur * fgd.taken("limestone"), value("CaCO3_per_S"), max_relative = 5e-4);
    let process = gone * part(&fgd, 0.85, Part::Reaction);
    let power = gone * part(&fgd, 0.85, Part::AuxiliaryPower);
    assert_relative_eq!(process, value("example.CO2_process"), max_relative = 2e-4);
    let expected = value("example.FGD_power_1.2pct_of_3.0TWh_x_0.85t/MWh");
    assert_relative_eq!(power, expected, max_relative = 1e-12);
    assert_relative_eq!(exact + power, value("example.total_penalty"), max_relative = 1e-5);
    assert_relative_eq!((exact + power) / gone, value("example.net_kgCO2_per_kgSO2"), max_relative = 1e-5);
    assert_relative_eq!(process + power, value("example.total_penalty"), max_relative = 5e-5);
    assert_relative_eq!((process + power) / gone, value("example.net_kgCO2_per_kgSO2"), max_relative = 5e-5);
    // "The process part is 25 %."
    assert_relative_eq!(process / (process + power), 0.25, epsilon = 0.005);
}

/// Check 7 of principle: useful heat from SNG and from the same coal.
#[test]
fn check_7_from_the_recipe() {
    // 0.536 tC and 35.17 GJ in 1000 Nm3 of SNG.
    let carbon = 0.536 / 35.17 * 1000.0;
    // t CO2 per useful GJ: from SNG in all, at its burner, from the coal itself.
    let heat = |efficiency: f64| {
        let plant = made("coal_to_sng", &[("efficiency", efficiency, "1"), ("carbon_of_sng", carbon, "t/TJ")]);
        let burnt = |s: &Stream| s.elements.carbon / s.quantity * CO2_PER_CARBON;
        let coal = plant.takes.iter().find(|s| s.part == Part::Feed).unwrap();
        let gas = plant.gives.iter().find(|s| s.part == Part::Product).unwrap();
        let sng = (plant.emitted(Gas::Co2) / gas.quantity + burnt(gas)) / 0.92;
        (sng, burnt(gas) / 0.92, burnt(coal) / 0.85)
    };
    let times_coal = |efficiency: f64| heat(efficiency).0 / heat(efficiency).2;
    let (sng, burner, coal) = heat(0.55);
    assert_relative_eq!(sng, 0.1870, epsilon = 5e-5);
    assert_relative_eq!(coal, 0.1113, epsilon = 5e-5);
    assert_relative_eq!(burner, 0.0607, epsilon = 5e-5);
    assert_relative_eq!(times_coal(0.55), 1.68, epsilon = 5e-3);
    // The figure of a park that imports falls by 45 % while the total rises.
    assert_relative_eq!(burner / coal - 1.0, -0.45, epsilon = 5e-3);
    assert_relative_eq!(times_coal(0.50), 1.85, epsilon = 5e-3);
    assert_relative_eq!(times_coal(0.61), 1.51, epsilon = 5e-3);
    // Rows of the abatement table, per 1000 Nm3: in all, and at the plant.
    for (efficiency, total, plant) in [(0.50, 6.65, 4.69), (0.55, 6.05, 4.08), (0.61, 5.45, 3.49)] {
        assert_relative_eq!(heat(efficiency).0 * 0.92 * 35.17, total, epsilon = 0.006);
        assert_relative_eq!((heat(efficiency).0 - heat(efficiency).1) * 0.92 * 35.17, plant, epsilon = 0.006);
    }
    // More gas than the coal has carbon for.
    let errors = build("coal_to_sng", &[("efficiency", 1.0, "1"), ("carbon_of_sng", 26.0, "t/TJ")]).unwrap_err();
    assert!(matches!(&errors[..], [RecipeError::OutsideRange { parameter: "efficiency", .. }]), "{errors:?}");
}

/// Stoichiometric rows of the abatement table, as printed there.
#[test]
fn stoichiometry_is_that_of_the_abatement_table() {
    let fgd = [("removal", 0.9, "1"), ("specific_power", 1.0, "kWh/kg")];
    let with = |kind: &str, more: &[(&str, f64, &str)]| made(kind, &[&fgd[..], more].concat());
    let pure = [("ca_s_ratio", 1.0, "1"), ("purity", 1.0, "1")];
    assert_relative_eq!(with("lime_fgd", &pure).taken("lime"), 0.8753, epsilon = 2e-4);
    assert_relative_eq!(with("lime_fgd", &pure).emitted(Gas::Co2), 0.0);
    assert_relative_eq!(with("carbide_slag_fgd", &pure).given("fgd_gypsum"), 2.6875, epsilon = 2e-4);
    let ammonia = with("ammonia_fgd", &[]);
    assert_relative_eq!(ammonia.taken("ammonia"), 0.5317, epsilon = 1e-4);
    assert_relative_eq!(ammonia.given("ammonium_sulfate"), 2.0626, epsilon = 2e-4);
    let sea = with("seawater_fgd", &[("seawater", 14_000.0, "t/t")]);
    // Out of the alkalinity of the sea: a memo, no emission.
    assert_relative_eq!(sea.emits[0].mass, 1.3739, epsilon = 2e-4);
    assert_relative_eq!(sea.emitted(Gas::Co2), 0.0);
    let soda = with("bicarbonate_fgd", &[("reagent_ratio", 1.0, "1"), ("purity", 1.0, "1")]);
    assert_relative_eq!(soda.emitted(Gas::Co2), 1.3739, epsilon = 2e-4);
    let bed = with("in_bed_limestone", &[("ca_s_ratio", 2.2, "1")]);
    assert_relative_eq!(bed.emitted(Gas::Co2), 1.511, epsilon = 1e-3);
    let nox = [("removal", 0.85, "1"), ("specific_power", 1.0, "kWh/kg")];
    assert_relative_eq!(made("scr", &nox).taken("ammonia"), 0.3702, epsilon = 5e-5);
    let urea = made("scr_urea", &nox);
    assert_relative_eq!(urea.taken("urea"), 0.6527, epsilon = 5e-5);
    assert_relative_eq!(urea.emitted(Gas::Co2), 0.4783, epsilon = 5e-5);
    assert_relative_eq!(urea.emitted(Gas::Co2) / urea.taken("urea"), 0.7328, epsilon = 5e-5);
    // In bicarbonate over what the acid needs, half of the carbon stays as soda.
    let excess = with("bicarbonate_fgd", &[("reagent_ratio", 1.5, "1"), ("purity", 1.0, "1")]);
    assert_relative_eq!(excess.emitted(Gas::Co2), 1.25 * soda.emitted(Gas::Co2), max_relative = 1e-12);
}

/// What nobody could confirm is not taken: the error names it, with the figure that one reads, and a unit.
#[test]
fn unconfirmed_values_are_no_defaults() {
    let errors = build("wet_fgd", &[]).unwrap_err();
    let named: BTreeSet<&str> = errors.iter().filter_map(RecipeError::parameter).collect();
    assert_eq!(named, ["ca_s_ratio", "removal", "specific_power"].into_iter().collect());
    let power = errors.iter().find(|e| e.parameter() == Some("specific_power")).unwrap();
    let RecipeError::Missing { unit: "kWh/kg", instead, suggestion: Some(suggestion), .. } = power else {
        panic!("{power:?}")
    };
    assert_eq!(*instead, ["auxiliary_power", "gross_generation"]);
    assert_eq!(suggestion.printed, "1.65 kWh/kg");
    let (en, zh) = power.texts();
    assert!(en.contains("unconfirmed: 1.65 kWh/kg") && zh.contains("未证实"), "{en} {zh}");
    // A park that insists on a row gets it, marked.
    let insisted = |id: &str| id.starts_with("abatement_practice.");
    let fgd = recipe("wet_fgd", &[], &insisted).unwrap();
    let ratio = fgd.parameters.iter().find(|p| p.id == "ca_s_ratio").unwrap();
    assert_eq!((ratio.value, ratio.confidence), (Some(1.03), Some(Confidence::Unconfirmed)));
    // Without a statement, no parameter of any kind comes from an unconfirmed row.
    for kind in kinds() {
        for error in build(kind.id, &[]).err().unwrap_or_default() {
            assert!(matches!(error, RecipeError::Missing { .. }), "{error:?}");
        }
    }
    // No need says how much sun there is.
    let sun = build("pv", &[("capacity", 1.0, "MW")]).unwrap_err();
    assert!(matches!(&sun[..], [RecipeError::Missing { parameter: "full_load_hours", .. }]), "{sun:?}");
}

#[test]
fn what_is_wrong_with_parameters_is_said_at_once() {
    let errors = build(
        "wet_fgd",
        &[("removal", 1.2, "1"), ("ca_s_ratio", 0.9, "1"), ("specific_power", 1.0, "t"), ("colour", 1.0, "1")],
    )
    .unwrap_err();
    let expected = [
        ("colour", "UnknownParameter"),
        ("removal", "OutsideRange"),
        ("ca_s_ratio", "OutsideRange"),
        ("specific_power", "WrongUnit"),
    ];
    assert_eq!(errors.len(), expected.len(), "{errors:?}");
    for (error, (parameter, sort)) in errors.iter().zip(expected) {
        assert_eq!(error.parameter(), Some(parameter));
        assert!(format!("{error:?}").starts_with(sort), "{error:?}");
        assert!(!error.texts().1.is_empty() && error.to_string() == error.texts().0);
    }
    assert!(matches!(&build("fgd_wet", &[]).unwrap_err()[..], [RecipeError::UnknownKind { .. }]));
    let power = [("removal", 0.9, "1"), ("specific_power", 1.0, "kWh/kg")];
    let twice = build("scr", &[&power[..], &power[..1]].concat()).unwrap_err();
    assert!(matches!(&twice[..], [RecipeError::Twice { parameter: "removal" }]), "{twice:?}");
    let both = build("scr", &[&power[..], &[("auxiliary_power", 0.3, "%")]].concat()).unwrap_err();
    assert!(matches!(&both[..], [RecipeError::Both { parameter: "specific_power", .. }]), "{both:?}");
    let nan = build("scr", &[("removal", f64::NAN, "1"), power[1]]).unwrap_err();
    assert!(matches!(&nan[..], [RecipeError::OutsideRange { .. }]), "{nan:?}");
}

/// Every kind is whole: names in two languages, units that measure what they say, carriers of the vocabulary.
#[test]
fn kinds_are_described() {
    let carriers: BTreeSet<&str> = vocabulary().iter().map(|v| v.id.as_str()).collect();
    let mut ids = BTreeSet::new();
    for kind in kinds() {
        assert!(ids.insert(kind.id), "{} twice", kind.id);
        assert!(!kind.words.0.is_empty() && !kind.words.1.is_ascii(), "{}", kind.id);
        let mut names = BTreeSet::new();
        for spec in kind.parameters() {
            assert!(names.insert(spec.id), "{}: {} twice", kind.id, spec.id);
            assert_eq!(Unit::parse(spec.unit).unwrap().dimension, spec.dimension, "{}: {}", kind.id, spec.id);
            assert!(!spec.words.1.is_empty());
        }
        let recipe = recipe(kind.id, &sample(kind.parameters(), &mut |_| 0.5), &|_| true).unwrap();
        for stream in recipe.takes.iter().chain(&recipe.gives) {
            assert!(carriers.contains(stream.carrier), "{}: {}", kind.id, stream.carrier);
            assert!(stream.quantity.is_finite() && stream.quantity >= stream.pure && stream.pure >= 0.0);
        }
        let used: Vec<&str> = recipe.parameters.iter().map(|p| p.id).collect();
        assert_eq!(used, kind.parameters().map(|s| s.id).collect::<Vec<_>>());
    }
}

/// Values inside the ranges, as canonical quantities: `draw` gives a number between 0 and 1 for a parameter. What would
/// say a thing twice, or hold of temperatures, is left out.
fn sample(specs: impl Iterator<Item = &'static Spec>, draw: &mut impl FnMut(&str) -> f64) -> Vec<(String, Quantity)> {
    let out = ["auxiliary_power", "gross_generation", "electricity_use|m3", "cod", "carnot_share"];
    specs
        .filter(|s| {
            let key = if s.unit == "kWh/m3" { "electricity_use|m3" } else { s.id };
            !out.contains(&key) && s.range != Range::Celsius
        })
        .map(|s| {
            let x = draw(s.id);
            let value = match (s.id, s.range) {
                ("methane_yield", _) => 0.25 * x,
                ("carbon_of_coal", _) => 0.024 + 0.005 * x,
                ("carbon_of_sng", _) => 0.0145 + 0.002 * x,
                ("efficiency", Range::Share) => 0.3 + 0.35 * x,
                ("water", Range::Positive) => 9.0 + 10.0 * x,
                ("electricity_use", Range::Positive) => 150.0 + 100.0 * x,
                ("heat_recovered", _) => 40.0 * x,
                (_, Range::Share) => 0.01 + 0.99 * x,
                (_, Range::Part | Range::Fraction) => 0.95 * x,
                (_, Range::AtLeastOne) => 1.0 + 3.0 * x,
                _ => 1e-3 + 10.0 * x,
            };
            (s.id.to_owned(), Quantity { value, dimension: s.dimension, basis: Basis::default() })
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// Carbon, sulfur and calcium close in every recipe, and no energy comes from nothing.
    #[test]
    fn every_recipe_conserves(numbers in prop::collection::vec(0.001..1.0_f64, 16)) {
        for kind in kinds() {
            let mut next = 0;
            let mut draw = |_: &str| { next += 1; numbers[next % numbers.len()] };
            let made = recipe(kind.id, &sample(kind.parameters(), &mut draw), &|_| false).unwrap();
            for closure in made.closures() {
                prop_assert!(closure.closes(1e-12), "{}: {closure:?}", kind.id);
            }
            for emission in &made.emits {
                prop_assert!(emission.mass > 0.0 && emission.mass.is_finite(), "{}: {emission:?}", kind.id);
            }
            // By parts: what the unit emits is its reaction, and nothing is lost between the parts.
            let parts = made.by_part(Gas::Co2, |_| 1.0, 0.0);
            let whole: f64 = made.emitted(Gas::Co2) + made.takes.iter().map(|s| s.quantity).sum::<f64>();
            let sum: f64 = parts.iter().map(|p| p.mass).sum();
            prop_assert!((sum - whole).abs() <= 1e-9 * whole.abs());
        }
    }

    /// A storage makes no energy, keeps to its limits and delivers no more than is wanting.
    #[test]
    fn a_storage_conserves(
        over in prop::collection::vec(-50.0..50.0_f64, 1..40),
        capacity in 0.0..100.0_f64,
        most in 0.0..60.0_f64,
        efficiency in 0.5..1.0_f64,
        kept in 0.5..1.0_f64,
    ) {
        let store = Store { capacity, most_in: most, most_out: most, charging: efficiency, discharging: efficiency, kept };
        let opening = capacity / 2.0;
        let steps = operate(&store, &over, opening);
        let sum = |f: fn(&parkflux::scenario::units::power::Step) -> f64| steps.iter().map(f).sum::<f64>();
        let closing = steps.last().unwrap().level;
        let rest = opening + sum(|s| s.taken) - sum(|s| s.delivered) - sum(|s| s.lost) - closing;
        prop_assert!(rest.abs() < 1e-9);
        for (step, over) in steps.iter().zip(&over) {
            prop_assert!(step.level >= 0.0 && step.level <= capacity + 1e-9);
            prop_assert!(step.lost >= -1e-9);
            prop_assert!(step.taken <= over.max(0.0) && step.delivered <= (-over).max(0.0));
            prop_assert!(step.taken <= most && step.delivered <= most);
        }
    }
}

/// Reheating, reagent and freight are parts of their own, in their order.
#[test]
fn the_penalty_of_a_scrubber_by_part() {
    let fgd = made(
        "wet_fgd",
        &[
            ("removal", 0.95, "1"),
            ("ca_s_ratio", 1.03, "1"),
            ("specific_power", 1.65, "kWh/kg"),
            ("reheat", 8.0, "GJ/t"),
            ("water", 20.0, "t/t"),
            ("moisture", 10.0, "%"),
            ("reagent_distance", 100.0, "km"),
            ("product_distance", 50.0, "km"),
        ],
    );
    let burden = |s: &Stream| match s.part {
        Part::AuxiliaryPower => 0.5306 / 3.6,
        Part::Reheat => 0.11,
        Part::Reagent => 0.01,
        _ => 0.0,
    };
    let parts = fgd.by_part(Gas::Co2, burden, 0.078e-3);
    let order: Vec<Part> = parts.iter().map(|p| p.part).collect();
    let expected = [Part::Reaction, Part::AuxiliaryPower, Part::Reheat, Part::Reagent, Part::Transport, Part::Water];
    assert_eq!(order, expected);
    assert_relative_eq!(parts[2].mass, 0.88, max_relative = 1e-12);
    let (limestone, gypsum) = (fgd.taken("limestone"), fgd.given("fgd_gypsum"));
    assert_relative_eq!(parts[3].mass, 0.01 * limestone, max_relative = 1e-12);
    assert_relative_eq!(parts[4].mass, 0.078e-3 * (100.0 * limestone + 50.0 * gypsum), max_relative = 1e-12);
    // Moist gypsum: dihydrate, limestone left over, what was no carbonate, and a tenth of water.
    let dry = 2.68763 + 0.03 * 1.56243 + limestone * 0.1;
    assert_relative_eq!(gypsum, dry / 0.9, max_relative = 1e-4);
}

#[test]
fn treatment_turns_cod_into_methane_and_takes_power() {
    let water = [("removal", 0.8, "1"), ("electricity_use", 0.8, "kWh/m3"), ("cod", 2_000.0, "mg/L")];
    let anaerobic = made(
        "wastewater_plant_anaerobic",
        &[&water[..], &[("recovery", 0.9, "1"), ("sludge_cod", 0.1, "1"), ("sludge", 0.2, "1")]].concat(),
    );
    // (1 - 0.1) x 0.25 x 0.8 = 0.18 t CH4, a tenth of it lost.
    assert_relative_eq!(anaerobic.emitted(Gas::Ch4), 0.018, max_relative = 1e-12);
    assert_relative_eq!(anaerobic.given("biogas"), 0.162, max_relative = 1e-12);
    // 625 m3 a tonne.
    assert_relative_eq!(anaerobic.taken("electricity"), 625.0 * 0.8 * 0.0036, max_relative = 1e-12);
    let aerobic = made("wastewater_plant_aerobic", &[&water[..], &[("nitrogen", 0.05, "t/t")]].concat());
    assert_relative_eq!(aerobic.emitted(Gas::Ch4), 0.0);
    assert_relative_eq!(aerobic.emitted(Gas::N2o), 0.05 * 0.016 * 44.0 / 28.0, max_relative = 1e-12);
    assert!(aerobic.closures().iter().all(|c| c.of != Balanced::Carbon));
    // COD that leaves with sludge needs sludge.
    for sludge in [&[][..], &[("sludge", 0.0, "1")]] {
        let cod = [&water[..], &[("sludge_cod", 0.1, "1")], sludge].concat();
        let errors = build("wastewater_plant_aerobic", &cod).unwrap_err();
        assert_eq!(errors.iter().map(RecipeError::parameter).collect::<Vec<_>>(), [Some("sludge")]);
    }
    let too_much = build("wastewater_plant_anaerobic", &[&water[..], &[("methane_yield", 0.5, "t/t")]].concat());
    assert!(matches!(&too_much.unwrap_err()[..], [RecipeError::OutsideRange { parameter: "methane_yield", .. }]));
}

#[test]
fn heat_pumps_keep_to_carnot() {
    let pump = made("heat_pump", &[("cop", 4.0, "1"), ("capacity", 2.0, "MW"), ("full_load_hours", 5000.0, "h")]);
    assert_relative_eq!(pump.taken("electricity"), 0.25);
    assert_relative_eq!(pump.taken("heat"), 0.75);
    assert_relative_eq!(pump.size.unwrap(), 2.0 * 3.6 * 5000.0, max_relative = 1e-12);
    let levels = [("source_temperature", 40.0, "°C"), ("sink_temperature", 90.0, "°C")];
    assert_relative_eq!(carnot_cop(40.0, 90.0).unwrap(), 363.15 / 50.0, max_relative = 1e-12);
    let by_levels = made("heat_pump", &[&levels[..], &[("carnot_share", 0.5, "1")]].concat());
    assert_relative_eq!(1.0 / by_levels.taken("electricity"), 363.15 / 100.0, max_relative = 1e-12);
    assert_eq!(stream(&by_levels.gives, "heat").temperature, Some(90.0));
    let refused = [
        ("heat_pump", [("cop", 8.0, "1"), levels[0], levels[1]]),
        (
            "organic_rankine",
            [("efficiency", 0.2, "1"), ("source_temperature", 80.0, "°C"), ("sink_temperature", 30.0, "°C")],
        ),
        (
            "waste_heat_boiler",
            [("efficiency", 0.8, "1"), ("source_temperature", 150.0, "°C"), ("sink_temperature", 180.0, "°C")],
        ),
        ("heat_pump", [("cop", 3.0, "1"), ("source_temperature", 95.0, "°C"), ("sink_temperature", 90.0, "°C")]),
    ];
    for (kind, values) in refused {
        assert!(matches!(&build(kind, &values).unwrap_err()[..], [RecipeError::OutsideRange { .. }]), "{kind}");
    }
    assert_relative_eq!(carnot_efficiency(80.0, 30.0).unwrap(), 50.0 / 353.15, max_relative = 1e-12);
}

#[test]
fn what_is_captured_takes_its_heat_and_power() {
    let unit =
        made("co2_capture", &[("removal", 0.9, "1"), ("heat_use", 3.5, "GJ/t"), ("electricity_use", 110.0, "kWh/t")]);
    assert_relative_eq!(unit.taken("heat"), 3.5, max_relative = 1e-12);
    assert_relative_eq!(unit.taken("electricity"), 0.11 * 3.6, max_relative = 1e-12);
    assert_relative_eq!(unit.given("co2_gas"), 1.0);
}

#[test]
fn hydrogen_takes_its_water_and_a_year_has_its_profile() {
    let unit = made(
        "electrolyzer",
        &[("electricity_use", 50.0, "kWh/kg"), ("capacity", 10.0, "MW"), ("full_load_hours", 4000.0, "h")],
    );
    assert_relative_eq!(unit.taken("demineralised_water"), 8.936, epsilon = 1e-3);
    assert_relative_eq!(unit.given("oxygen"), 7.936, epsilon = 1e-3);
    assert_relative_eq!(unit.size.unwrap(), 800.0, max_relative = 1e-12);
    assert_eq!(by_period(100.0, &[1.0, 3.0]).unwrap(), [25.0, 75.0]);
    assert_eq!(by_period(100.0, &[0.0, 0.0]), None);
    assert_eq!(by_period(100.0, &[2.0, -1.0]), None);
}
