//! Indicator systems: the packs row by row, units, elasticities, pass rules, targets, and the example park.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test may stop at the first surprise")]
#![allow(clippy::float_cmp, reason = "what is printed is read back as it is")]

mod common;

use common::{account, park};
use parkflux::diagnostic::{Diagnostics, Lang, Style, render_text};
use parkflux::inventory::Inventory;
use parkflux::programme::targets::{Refund, Status, funding, refund, shares, state, targets};
use parkflux::programme::{
    At, Comparator, Confidence, Figures, Given, Indicator, Interval, NotApplied, Nothing, Outcome, Pack, Rule, Shape,
    Target, Threshold, Undefined, Verdict, Zone, assess, builtin, builtin_files, by_power, closing, elasticity_of,
    overall, zone,
};
use parkflux::report::targets::{Work, text};
use std::collections::BTreeMap;
use std::path::Path;

fn case(file: &str) -> csv::Reader<std::fs::File> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/cases/indicators").join(file);
    csv::Reader::from_path(path).unwrap()
}

fn words(found: &Diagnostics) -> String {
    render_text(found, Lang::En, Style::Plain)
}

/// The table of indicators that the packs were written from: id to (column to cell).
fn table() -> BTreeMap<String, BTreeMap<String, String>> {
    let mut reader = case("indicators.csv");
    let rows = reader.deserialize::<BTreeMap<String, String>>().map(Result::unwrap);
    rows.map(|row| (row["id"].clone(), row)).collect()
}

fn row(id: &str) -> &'static Indicator {
    builtin().indicator(id).unwrap_or_else(|| panic!("no row {id}")).1
}

/// Values of items in given years, in the units in which items are shown.
fn figures(values: &[(&str, u16, f64)]) -> Figures {
    let pack = builtin();
    let years = values.iter().map(|v| v.1);
    let mut figures = Figures::new(years.clone().min().unwrap(), years.max().unwrap(), pack.items.len());
    for (symbol, year, value) in values {
        let id = pack.items.find(symbol).unwrap_or_else(|| panic!("no item {symbol}"));
        figures.set(id, *year, value * pack.items.get(id).unit.scale);
    }
    figures
}

fn value(id: &str, values: &[(&str, u16, f64)]) -> f64 {
    let at = At { year: values.iter().map(|v| v.1).max().unwrap(), base: values.iter().map(|v| v.1).min().unwrap() };
    assess(row(id), &builtin().items, &figures(values), at, &Nothing).value.unwrap()
}

fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() <= 1e-9 * expected.abs(), "{found}, expected {expected}");
}

#[test]
fn every_row_of_the_packs_is_read() {
    let mut pack = Pack::default();
    let mut found = Diagnostics::default();
    pack.read("packs", &builtin_files(), &mut found);
    assert!(found.is_empty(), "{}", words(&found));
    assert_eq!(pack.systems.len(), 15);
    assert_eq!(&pack, builtin());
}

#[test]
fn the_packs_are_the_table_row_by_row() {
    let table = table();
    let rows: Vec<_> = builtin().systems.iter().flat_map(|s| s.rows.iter().map(move |r| (s, r))).collect();
    assert_eq!((rows.len(), table.len()), (199, 199));
    for (system, row) in rows {
        let of = &table[&*row.id];
        let cells = [
            ("system", &*system.id),
            ("category", &*row.category),
            ("name_en", &*row.name.0),
            ("name_zh", &*row.name.1),
            ("unit", &*row.unit),
            ("comparator", &*row.printed_comparator),
            ("threshold", &*row.printed_threshold),
            ("source", &*row.source),
            ("confidence", row.confidence.id()),
        ];
        for (column, cell) in cells {
            assert_eq!(cell, of[column].trim(), "{} {column}", row.id);
        }
        // A threshold that is a number is the one that judges.
        if let (Threshold::Number(number), Ok(printed)) = (&row.threshold, of["threshold"].parse::<f64>()) {
            assert_eq!(*number, printed, "{}", row.id);
        }
        // Every row has a formula, but the one of which the list is not public.
        assert_eq!(row.formula.is_none(), &*row.id == "CQ21-NOTFOUND", "{}", row.id);
    }
}

#[test]
fn a_row_that_nobody_could_confirm_never_decides() {
    let pack = builtin();
    let low = pack.systems.iter().flat_map(|s| &s.rows).filter(|r| r.confidence == Confidence::Low).count();
    assert_eq!(low, 55);
    // The venous standard is low in all its rows: whether all pass or one fails, it does not say so by itself.
    let system = pack.system("HJT275-2006").unwrap();
    let with = |verdict: Verdict| {
        let none = figures(&[("iav", 2024, 1.0)]);
        let one = assess(&system.rows[0], &pack.items, &none, At { year: 2024, base: 2024 }, &Nothing);
        let mut rows = vec![parkflux::programme::Assessment { verdict: Verdict::Pass, ..one }; system.rows.len()];
        rows[3].verdict = verdict;
        overall(system, &rows)
    };
    let (pass, fail) = (with(Verdict::Pass), with(Verdict::Fail));
    assert_eq!((pass.outcome, pass.unconfirmed), (Outcome::Pass, true));
    assert_eq!((fail.outcome, fail.unconfirmed), (Outcome::Open, true));
    assert_eq!(fail.wanting, [3]);
}

/// The page says which thresholds are unconfirmed: every row of low confidence, by id or by its whole system.
#[test]
fn the_page_names_every_unconfirmed_row() {
    let page = include_str!("../docs/programmes.md");
    for system in &builtin().systems {
        let line = page.lines().find(|l| l.starts_with(&format!("| {} ·", system.id))).unwrap();
        let cell = line.trim_end_matches([' ', '|']).rsplit('|').next().unwrap().trim();
        let low: Vec<&str> = system.rows.iter().filter(|r| r.confidence == Confidence::Low).map(|r| &*r.id).collect();
        match cell {
            "none" => assert!(low.is_empty(), "{line}"),
            "all" => assert_eq!(low.len(), system.rows.len(), "{line}"),
            list => assert_eq!(list.split(", ").collect::<Vec<_>>(), low, "{line}"),
        }
    }
}

/// `indicators.md` 3.1: n = 3, T = 0.6.
#[test]
fn elasticities_are_judged_without_a_division() {
    let cases = [
        ((100.0, 133.1), (50.0, 56.2432), 0.10, 0.04, Some(0.4), Verdict::Pass),
        ((100.0, 133.1), (50.0, 60.0), 0.10, 0.0627, Some(0.6266), Verdict::Fail),
        ((100.0, 85.7375), (50.0, 44.2368), -0.05, -0.04, Some(0.8), Verdict::Pass),
        ((100.0, 85.7375), (50.0, 51.5151), -0.05, 0.01, Some(-0.2), Verdict::Fail),
        ((100.0, 100.0), (50.0, 49.0), 0.0, -0.0067, None, Verdict::Pass),
    ];
    let at = At { year: 2024, base: 2021 };
    let items = &builtin().items;
    for (iav, energy, growth_of, growth, e, verdict) in cases {
        let figures = figures(&[
            ("iav_const", 2021, iav.0),
            ("iav_const", 2024, iav.1),
            ("energy_tce", 2021, energy.0),
            ("energy_tce", 2024, energy.1),
        ]);
        let row15 = row("HJ274-2015-10");
        let made = assess(row15, items, &figures, at, &Nothing);
        let parts = elasticity_of(row15.formula.as_ref().unwrap(), items, &figures, at).unwrap();
        assert!((parts.growth_of - growth_of).abs() < 5e-5 && (parts.growth - growth).abs() < 5e-5, "{parts:?}");
        match e {
            Some(e) => assert!((made.value.unwrap() - e).abs() < 5e-5, "{made:?}"),
            None => assert_eq!(made.value, None),
        }
        assert_eq!((made.verdict, made.flagged), (verdict, e.is_none()));
        // The rule of 2009 says nothing where added value does not grow.
        let made = assess(row("HJ274-2009-2.3"), items, &figures, at, &Nothing);
        let defined = matches!(made.verdict, Verdict::Pass | Verdict::Fail);
        assert_eq!(defined, growth_of > 0.0, "{made:?}");
    }
    // At the threshold itself: 2015 passes, 2009 does not.
    let just = 50.0 * 1.06_f64.powi(3);
    let figures = figures(&[
        ("iav_const", 2021, 100.0),
        ("iav_const", 2024, 133.1),
        ("energy_tce", 2021, 50.0),
        ("energy_tce", 2024, just * (1.0 - 1e-15)),
    ]);
    assert_eq!(assess(row("HJ274-2015-10"), items, &figures, at, &Nothing).verdict, Verdict::Pass);
}

#[test]
fn edge_cases_are_named() {
    let items = &builtin().items;
    let at = At { year: 2024, base: 2021 };
    let judge = |id: &str, values: &[(&str, u16, f64)]| assess(row(id), items, &figures(values), at, &Nothing).verdict;
    let iav = [("iav_const", 2021, 100.0), ("iav_const", 2024, 133.1)];
    let with = |more: &[(&'static str, u16, f64)]| [&iav, more].concat();
    // From nothing there is no growth; nothing to nothing passes.
    let grown = judge("HJ274-2015-10", &with(&[("energy_tce", 2021, 0.0), ("energy_tce", 2024, 1.0)]));
    assert!(matches!(grown, Verdict::NotDefined(Undefined::Elasticity(_))), "{grown:?}");
    assert_eq!(judge("HJ274-2015-10", &with(&[("energy_tce", 2021, 0.0), ("energy_tce", 2024, 0.0)])), Verdict::Pass);
    // Added value of nothing or less divides nothing: not a pass by accident.
    let none = judge("HJ274-2009-2.2", &[("iav", 2024, 0.0), ("energy_tce", 2024, 5.0), ("iav", 2021, 1.0)]);
    assert_eq!(none, Verdict::NotDefined(Undefined::DividesByNothing));
    let less = judge("HJ274-2009-2.2", &[("iav", 2024, -3.0), ("energy_tce", 2024, 5.0), ("iav", 2021, 1.0)]);
    assert_eq!(less, Verdict::NotDefined(Undefined::DividesByNothing));
    // What is missing is named, by who has to say it.
    let missing = judge("HJ274-2009-2.2", &[("iav", 2024, 9.0), ("iav", 2021, 1.0)]);
    assert_eq!(missing, Verdict::NotComputable(items.find("energy_tce").unwrap(), 2024));
    let open = judge("HJ274-2009-3.8", &iav);
    assert_eq!(open, Verdict::NeedsAnswer(Some((items.find("waste_capacity_flag").unwrap(), 2024))));
    // The base year has no growth.
    let at = At { year: 2021, base: 2021 };
    let first = assess(row("HJ274-2015-10"), items, &figures(&iav), at, &Nothing).verdict;
    assert_eq!(first, Verdict::NotApplicable(NotApplied::BaseYear));
    // A threshold of somebody else is asked for.
    let outside = judge("HJT273-2", &[("iav", 2024, 9.0), ("energy_tce", 2024, 5.0), ("iav", 2021, 1.0)]);
    assert_eq!(outside, Verdict::NeedsAnswer(None));
    // 99.99 % of hazardous waste is a shortfall, whatever a table rounds.
    let waste = [("hw_generated_t", 2024, 10_000.0), ("hw_disposed_t", 2024, 9_999.0), ("hw_utilised_t", 2024, 0.0)];
    assert_eq!(judge("HJ274-2009-3.5", &[&waste[..], &[("iav", 2021, 1.0)]].concat()), Verdict::Fail);
}

/// `indicators.md` 2: the traps, one by one.
#[test]
fn units_are_converted_and_not_mistaken() {
    // 0.5 tce per 10^4 RMB of 200 tce and 4 million RMB; 10^4 RMB per tce is another thing.
    near(value("HJ274-2009-2.2", &[("energy_tce", 2024, 200.0), ("iav", 2024, 400.0)]), 0.5);
    near(value("CTIP-2.1", &[("energy_tce", 2024, 200.0), ("output_const", 2024, 400.0)]), 5e-5);
    near(value("CTIP-1.3", &[("energy_tce", 2024, 200.0), ("output_const", 2024, 400.0)]), 20_000.0);
    // IAV per land in 10^8 RMB/km2, per head in 10^4 RMB/person.
    near(value("HJ274-2009-2.1", &[("iav", 2024, 90_000.0), ("land_industrial_km2", 2024, 1.0)]), 9.0);
    near(value("HJ274-2009-1.1", &[("iav", 2024, 90_000.0), ("employees_industrial", 2024, 6_000.0)]), 15.0);
    // COD and SO2 in kg per 10^4 RMB, emissions in t.
    near(value("HJ274-2009-3.1", &[("cod_t", 2024, 5.0), ("iav", 2024, 10_000.0)]), 0.5);
    near(value("HJ274-2009-3.3", &[("so2_t", 2024, 5.0), ("iav", 2024, 10_000.0)]), 0.5);
    // Water reuse is reused over reused and fresh; utilisation counts what came from stock.
    near(value("HJ274-2009-2.8", &[("reused_water_m3", 2024, 300.0), ("fresh_water_m3", 2024, 100.0)]), 75.0);
    let waste =
        [("isw_utilised_t", 2024, 95.0), ("isw_generated_t", 2024, 90.0), ("isw_prior_stock_utilised_t", 2024, 10.0)];
    near(value("HJ274-2009-2.9", &waste), 95.0);
    // 1 tce = 29.3076 GJ.
    let items = &builtin().items;
    let tce = items.get(items.find("energy_tce").unwrap());
    near(tce.unit.scale, 29.3076);
    // HJ divides by added value, CTIP by output: no formula of one is a formula of the other.
    let formula = |id: &str| row(id).formula.as_ref().unwrap().text.to_string();
    assert_ne!(formula("HJ274-2009-2.2"), formula("CTIP-2.1"));
}

#[test]
fn output_rates_are_the_reciprocals_of_intensities() {
    let values = [("energy_tce", 2024, 321.0), ("fresh_water_m3", 2024, 7654.0), ("output_const", 2024, 987.0)];
    near(value("CTIP-1.3", &values) * value("CTIP-2.1", &values), 1.0);
    near(value("CTIP-1.4", &values) * value("CTIP-2.3", &values), 1.0);
    // Of the printed targets too: 2.0E-5 tce/RMB is 50,000 RMB/tce; 7.6E-4 m3/RMB is 1316 RMB/m3 to its digits.
    let mut reader = case("ctip_targets_a2.csv");
    let rows = reader.deserialize::<BTreeMap<String, String>>().map(Result::unwrap);
    let of: BTreeMap<String, f64> =
        rows.filter_map(|r| Some((r["indicator"].clone(), r["tianjin_target"].parse().ok()?))).collect();
    near(of["Output rate of energy"] * of["Energy consumption per unit of production value"], 1.0);
    let water = of["Output rate of water"] * of["Water consumption per unit of production value"];
    assert!((water - 1.0).abs() < 5e-4, "{water}");
}

/// Tables A1 and A2 of the review with their arithmetic: which rows agree, and which do not.
#[test]
fn the_printed_tables_of_targets_and_subsidies_are_checked() {
    let mut reader = case("ctip_subsidies_a1.csv");
    let rows: Vec<BTreeMap<String, String>> = reader.deserialize().map(Result::unwrap).collect();
    let number = |text: &str| text.parse::<f64>().ok();
    let (average, zones) = rows.split_last().unwrap();
    let mut printed = Vec::new();
    for zone in zones {
        let (subsidy, whole) = (number(&zone["subsidy_million_rmb"]).unwrap(), number(&zone["investment_million_rmb"]));
        if let (Some(whole), Some(share)) = (whole, number(&zone["share_printed_pct"])) {
            assert!((100.0 * subsidy / whole - share).abs() < 0.05, "{}", zone["zone"]);
            printed.push(100.0 * subsidy / whole);
        }
        // Of Dongying the scan reads 135, which no share agrees with; of the others it reads what is printed.
        let scan = number(&zone["subsidy_as_ocr"]).unwrap();
        assert_eq!(scan != subsidy, zone["zone"].starts_with("Dongying"), "{}", zone["zone"]);
    }
    let mean = |list: &[f64]| list.iter().sum::<f64>() / list.len() as f64;
    let subsidies: Vec<f64> = zones.iter().map(|z| number(&z["subsidy_million_rmb"]).unwrap()).collect();
    assert!((mean(&subsidies) - number(&average["subsidy_million_rmb"]).unwrap()).abs() < 0.05, "{}", mean(&subsidies));
    assert!((mean(&printed) - number(&average["share_printed_pct"]).unwrap()).abs() < 0.05, "{}", mean(&printed));
    // +25 % and -20 % agree exactly, +12 % and -10 % only by rounding.
    assert_eq!(1.0 / (1.0 - 0.20), 1.25);
    assert!((1.0 / (1.0 - 0.10) - 1.12_f64).abs() > 0.005);
}

#[test]
fn thresholds_go_by_tier_year_and_region() {
    let items = &builtin().items;
    let judge = |id: &str, year: u16, energy: f64| {
        let values =
            [("energy_tce", year, energy), ("co2_energy_t", year, 0.25 * energy), ("co2_process_t", year, 0.0)];
        assess(row(id), items, &figures(&values), At { year, base: year }, &Nothing)
    };
    // National: [200 000, 1 000 000) 0.2; from 1 000 000 on 0.3; below no tier.
    assert_eq!(judge("ZCP-core", 2025, 199_999.0).verdict, Verdict::NotApplicable(NotApplied::NoTier));
    assert_eq!(
        (judge("ZCP-core", 2025, 200_000.0).threshold, judge("ZCP-core", 2025, 2e5).verdict),
        (Some(0.2), Verdict::Fail)
    );
    assert_eq!(
        (judge("ZCP-core", 2025, 999_999.0).threshold, judge("ZCP-core", 2025, 1e6).threshold),
        (Some(0.2), Some(0.3))
    );
    assert_eq!(judge("ZCP-core", 2025, 1e6).verdict, Verdict::Pass);
    // Hunan: 1.0 until 2027, 0.7 until 2030, 0.3 until 2035 and after it.
    let of = |year: u16| judge("HNZCP-core", year, 500_000.0).threshold.unwrap();
    assert_eq!([2026, 2027, 2028, 2030, 2031, 2035, 2040].map(of), [1.0, 1.0, 0.7, 0.7, 0.3, 0.3, 0.3]);
    // The closed end of an interval belongs to it.
    let interval = Interval::parse("(1000,2000]").unwrap();
    assert_eq!([1000.0, 1000.1, 2000.0, 2000.1].map(|x| interval.contains(x)), [false, true, true, false]);
    assert_eq!(Interval::parse("[2,1]"), None);
    // A gas-only park of 56.1 kgCO2/GJ may burn 18 % of its energy as gas at 0.3.
    let share: f64 = 0.3 / (56.1e-3 * 29.3076);
    assert!((share - 0.18).abs() < 0.005, "{share}");
}

/// The new standard of 2015: all of M, and one of each of six groups.
#[test]
fn the_standard_of_2015_has_seventeen_rows_and_six_groups() {
    let system = builtin().system("hj274-2015").unwrap();
    assert_eq!(system.rule, Rule::MandatoryAndGroups { at_least: 1 });
    let count = |group: &str| system.rows.iter().filter(|r| &*r.group == group).count();
    assert_eq!(["M", "A", "B", "C", "D", "E", "F"].map(count), [17, 4, 2, 2, 2, 3, 2]);
    let one = assess(
        &system.rows[0],
        &builtin().items,
        &figures(&[("iav", 2024, 1.0)]),
        At { year: 2024, base: 2024 },
        &Nothing,
    );
    let with = |fails: &[usize]| {
        let mut rows = vec![parkflux::programme::Assessment { verdict: Verdict::Pass, ..one }; system.rows.len()];
        for &i in fails {
            rows[i].verdict = Verdict::Fail;
        }
        overall(system, &rows).outcome
    };
    let place = |id: &str| system.rows.iter().position(|r| &*r.id == id).unwrap();
    assert_eq!(with(&[]), Outcome::Pass);
    // Three of four of group A may fail, not all four.
    let a = ["HJ274-2015-1", "HJ274-2015-2", "HJ274-2015-3", "HJ274-2015-4"].map(place);
    assert_eq!((with(&a[..3]), with(&a)), (Outcome::Pass, Outcome::Fail));
    assert_eq!(with(&[place("HJ274-2015-10")]), Outcome::Fail);
}

/// What closes a gap closes it: with the lever changed by so much the value is the threshold.
#[test]
fn what_closes_a_gap_closes_it() {
    let items = &builtin().items;
    let values = |energy: f64, reused: f64| {
        vec![
            ("iav", 2021, 100.0),
            ("iav", 2024, 120.0),
            ("iav_const", 2021, 100.0),
            ("iav_const", 2024, 115.0),
            ("energy_tce", 2021, 80.0),
            ("energy_tce", 2024, energy),
            ("fresh_water_m3", 2024, 100.0),
            ("reused_water_m3", 2024, reused),
        ]
    };
    let at = At { year: 2024, base: 2021 };
    for id in ["HJ274-2009-2.2", "HJ274-2009-2.8", "HJ274-2015-10"] {
        let now = figures(&values(95.0, 200.0));
        let made = assess(row(id), items, &now, at, &Nothing);
        assert_eq!(made.verdict, Verdict::Fail, "{id}");
        let threshold = made.threshold.unwrap();
        let change = closing(row(id), &now, at, threshold).unwrap();
        let lever = row(id).lever.unwrap();
        let mut then = now.clone();
        then.set(lever, 2024, now.get(lever, 2024).unwrap() + change);
        let made = assess(row(id), items, &then, at, &Nothing);
        assert!((made.value.unwrap() - threshold).abs() < 1e-9 * threshold.abs(), "{id}: {made:?}");
    }
}

/// Targets of a zone: five met, two half way, one behind where it began, two met exactly.
#[test]
fn ninety_per_cent_has_two_readings() {
    // Falls and rises alike: 100 to 80, now 85, is 75 % of the way; 1 to 2, now 2.5, is beyond it.
    let target = |base: f64, aim: f64| Target { base_year: Some(2021), base: Some(base), year: 2025, value: aim };
    near(target(100.0, 80.0).progress(100.0, 85.0).unwrap(), 0.75);
    near(target(1.0, 2.0).progress(1.0, 2.5).unwrap(), 1.5);
    assert_eq!(target(5.0, 5.0).progress(5.0, 5.0), None);
    assert!(target(100.0, 80.0).is_met(100.0, 79.0) && !target(100.0, 80.0).is_met(100.0, 81.0));
    assert!(target(5.0, 5.0).is_met(5.0, 5.0) && !target(5.0, 5.0).is_met(5.0, 6.0));
    // Ten rows of the example park, nine met by a wide margin and one at a tenth of its way.
    let (package, inventory) = account(&park("binhai-example"));
    let (mut zone, _) = zone(builtin(), &package.park, &inventory);
    let at = At { year: 2024, base: 2022 };
    zone.targets.clear();
    let ids = [
        "CTIP-1.2", "CTIP-1.3", "CTIP-1.4", "CTIP-2.1", "CTIP-2.3", "CTIP-3.2", "CTIP-4.6", "CTIP-4.5", "CTIP-5.2",
        "CTIP-5.3",
    ];
    for id in ids {
        let row = row(id);
        let of =
            |year: u16| assess(row, &builtin().items, &zone.figures, At { year, base: 2022 }, &Nothing).value.unwrap();
        let (base, now) = (of(2022), of(2024));
        // Half of the way that was made is met twice over; ten times of it by a tenth.
        let way = if id == "CTIP-5.3" { 10.0 } else { 0.5 };
        let target = Target { base_year: Some(2022), base: Some(base), year: 2025, value: base + way * (now - base) };
        zone.targets.insert(row.id.clone(), (target, 2));
    }
    let own = targets(builtin(), &zone, at);
    let list: Vec<_> = own.iter().collect();
    let shares = shares(&list).unwrap();
    assert_eq!((shares.targets, shares.met, shares.open), (10, 9, 0));
    // Who states a few targets reads that the others do not count.
    let work = Work { pack: builtin(), zone: &zone, at, targets: &own };
    assert!(text(&work, Lang::En).contains("12 rows of CEPZ-CTIP have no target in targets.csv yet"));
    assert!(text(&work, Lang::Zh).contains("另有 12 项指标在 targets.csv 中没有目标"));
    near(shares.by_count, 0.9);
    near(shares.by_progress, 0.91);
    let paid = funding(300.0, &shares, 0.9, Refund::NotYet);
    assert_eq!((paid.first, paid.second, paid.due_by_count, paid.due_by_progress), (150.0, 150.0, true, true));
    let paid = funding(300.0, &shares, 0.905, Refund::NotYet);
    assert_eq!((paid.due_by_count, paid.due_by_progress), (false, true));
    // Three years after approval without substantial progress what was received goes back.
    let of = |year, substantial| refund(Some(2022), year, substantial);
    assert_eq!(
        [of(2024, None), of(2025, None), of(2025, Some(true)), of(2025, Some(false))],
        [Refund::NotYet, Refund::NeedsAnswer, Refund::No, Refund::Due]
    );
    assert_eq!(refund(None, 2030, Some(false)), Refund::NeedsYear);
}

#[test]
fn a_demonstration_park_is_evaluated_every_three_years() {
    let of = |year| state(Some(2018), Some(2022), Some(2025), year);
    assert_eq!(of(2017), None);
    assert_eq!(of(2020).unwrap().status, Status::Trial(2018));
    let next = |year: u16| of(year).and_then(|s| s.next_evaluation);
    assert_eq!([2022, 2024, 2025, 2028].map(next), [Some(2025), Some(2025), Some(2028), Some(2028)]);
    assert!(!of(2028).unwrap().overdue && of(2029).unwrap().overdue);
}

fn example() -> (parkflux::package::Package, Inventory, Zone) {
    let (package, inventory) = account(&park("binhai-example"));
    let (zone, found) = zone(builtin(), &package.park, &inventory);
    assert!(!found.has_errors(), "{}", words(&found));
    (package, inventory, zone)
}

#[test]
fn bought_power_counts_in_three_ways_and_the_first_judges() {
    let (_, _, zone) = example();
    let at = At { base: 2022, year: 2024 };
    let item = |symbol: &str| zone.figures.get(builtin().items.find(symbol).unwrap(), 2024).unwrap();
    let core = row("ZCP-core");
    let ways = by_power(builtin(), &zone, core, at).unwrap();
    assert_eq!(ways[0], assess(core, &builtin().items, &zone.figures, at, &zone));
    for (way, symbol) in ways.iter().zip(["co2_energy_t", "co2_energy_market_t", "co2_energy_direct_t"]) {
        // Energy items are in GJ.
        near(way.value.unwrap(), (item(symbol) + item("co2_process_t")) / item("energy_tce") * 29.3076);
    }
    let [grid, market, direct] = ways.map(|w| w.value.unwrap());
    assert!(market < direct && direct < grid);
    assert!(by_power(builtin(), &zone, row("ZCP-1"), at).is_none());
}

/// Tables 1 to 4 of the review: HJ 274-2009, CTIP, ISC and the low-carbon pilots; and all other systems, for three years.
#[test]
fn every_row_is_computed_asked_for_or_explained_for_the_example_park() {
    let (_, _, zone) = example();
    let pack = builtin();
    let mut open = Vec::new();
    for year in 2022..=2024 {
        for row in pack.systems.iter().flat_map(|s| &s.rows) {
            let made = assess(row, &pack.items, &zone.figures, At { year, base: 2022 }, &zone);
            match made.verdict {
                Verdict::Pass | Verdict::Fail => {
                    let flag = matches!(row.formula.as_ref().unwrap().shape, Shape::Flag(_));
                    assert!(made.value.is_some() || made.flagged, "{}", row.id);
                    assert!(flag || made.threshold.is_some() || row.judged == Comparator::Range, "{}", row.id);
                }
                // Rows of which no threshold is public have their value.
                Verdict::NotApplicable(NotApplied::ThresholdNotPublic) => {
                    assert!(made.value.is_some(), "{} {year}", row.id);
                }
                Verdict::NotApplicable(NotApplied::DefinitionNotPublic) => assert_eq!(&*row.id, "CQ21-NOTFOUND"),
                Verdict::NotApplicable(NotApplied::BaseYear) => assert_eq!(year, 2022, "{}", row.id),
                Verdict::NotApplicable(NotApplied::OtherBand) => assert!(row.id.starts_with("EIP-GRADE"), "{}", row.id),
                Verdict::NotApplicable(NotApplied::NoTier) => panic!("{}", row.id),
                Verdict::NotComputable(..) | Verdict::NotDefined(_) | Verdict::NeedsAnswer(_) => {
                    open.push((year, &*row.id));
                }
            }
        }
    }
    // Growth over three years starts before the accounts do; one question stays open.
    let known = ["HJ274-2015-3", "HJ274-2015-9", "INTEIP-C4"];
    let stray: Vec<_> = open.iter().filter(|(_, id)| !known.contains(id)).collect();
    assert!(stray.is_empty(), "{stray:?}");
    assert!(!open.contains(&(2024, "HJ274-2015-3")), "2021 is in statistics.csv");
    assert!(open.contains(&(2024, "INTEIP-C4")));
}

/// Where accounts and statistics both speak, the accounts count.
#[test]
fn accounts_count_before_statistics() {
    let (package, inventory, zone) = example();
    let id = builtin().items.find("reclaimed_water_t").unwrap();
    let account = zone.accounts[&2024].iter().find(|a| a.symbol == "reclaimed_water_t").unwrap();
    let stated = package.park.statistics[account.stated.unwrap()].value;
    assert_eq!(zone.figures.get(id, 2024), account.value);
    assert!((stated - account.value.unwrap()).abs() > 1.0);
    // The fence balance is the energy of the inventory's intensity.
    let energy = builtin().items.find("energy_tce").unwrap();
    let co2 = inventory.value("2024/park/total.location/CO2").unwrap();
    let per = inventory.value("2024/park/intensity/tce/total.location/CO2").unwrap();
    near(zone.figures.get(energy, 2024).unwrap() / 29.3076, co2 / per);
    assert!(zone.target(row("CTIP-1.3")).is_some());
}

/// What a review found: a target of an elasticity is not nothing, a failed grade is no pass, a year without added value between
/// the ends leaves no growth, and rows of low confidence do not decide the share of targets.
#[test]
fn verdicts_that_once_were_wrong_are_right() {
    let (_, _, mut zone) = example();
    let at = At { year: 2024, base: 2022 };
    let elastic = row("HJ274-2015-10");
    let target = |aim: f64| Target { base_year: None, base: Some(0.5), year: 2025, value: aim };
    zone.targets.insert(elastic.id.clone(), (target(0.4), 2));
    let list = targets(builtin(), &zone, at);
    let found = list.iter().find(|p| p.row.id == elastic.id).unwrap();
    assert!((found.value.unwrap() - 0.3131).abs() < 5e-5, "{:?}", found.value);
    let pack = builtin();
    let grade = |score: f64| {
        let system = pack.system("EIP-GRADE").unwrap();
        let figures = figures(&[("score", 2024, score)]);
        let rows: Vec<_> = system.rows.iter().map(|r| assess(r, &pack.items, &figures, at, &Nothing)).collect();
        overall(system, &rows).outcome
    };
    assert_eq!([83.0, 60.0, 50.0, 101.0].map(grade), [Outcome::Pass, Outcome::Pass, Outcome::Fail, Outcome::Open]);
    zone.figures.set(pack.items.find("iav_const").unwrap(), 2023, -5.0);
    let made = assess(elastic, &pack.items, &zone.figures, at, &zone).verdict;
    assert!(matches!(made, Verdict::NotDefined(Undefined::Elasticity(_))), "{made:?}");
    // Twenty of twenty-two targets met, three of them low: 17 of 19 is less than 90 %.
    let system = pack.system("CEPZ-CTIP").unwrap();
    let one = assess(&system.rows[0], &pack.items, &zone.figures, at, &Nothing);
    let low = |r: &&Indicator| r.confidence == Confidence::Low;
    assert_eq!(system.rows.iter().filter(low).count(), 3);
    let mut rows = vec![parkflux::programme::Assessment { verdict: Verdict::Pass, ..one }; system.rows.len()];
    let sure: Vec<usize> = (0..rows.len()).filter(|&i| !low(&&system.rows[i])).collect();
    for &i in &sure[..2] {
        rows[i].verdict = Verdict::Fail;
    }
    let made = overall(system, &rows);
    assert_eq!((made.outcome, made.unconfirmed), (Outcome::Open, true));
}

/// A small package with tables of the zone, and what it finds.
fn told(tables: &[(&str, &str)]) -> (Zone, Vec<String>) {
    let mut files = common::Files::new("")
        .with("enterprises.csv", "enterprise,sector\nE01,C26")
        .with("flows.csv", &format!("{}\nF1,2023,outside:grid,E01,electricity,100,MWh,,,,", common::FLOWS));
    for (name, text) in tables {
        files = files.with(name, text);
    }
    let (package, inventory) = common::account_files(&files);
    let (zone, found) = zone(builtin(), &package.park, &inventory);
    let list = found.sorted().iter().map(|d| format!("{} {}", d.problem.code().id(), d.origin)).collect();
    (zone, list)
}

#[test]
fn what_the_zone_states_is_taken_once_and_told_otherwise() {
    let targets = |rows: &str| {
        let head = "programme,indicator,base_year,base_value,target_year,target_value,unit";
        told(&[("targets.csv", &format!("{head}\n{rows}"))]).1
    };
    // Two of one row, a year before its base, a unit of another kind, reciprocals that disagree.
    assert_eq!(targets("CEPZ-CTIP,CTIP-1.2,,,2025,1,\nCEPZ-CTIP,CTIP-1.2,,,2025,2,"), ["R105 targets.csv:3"]);
    assert_eq!(targets("CEPZ-CTIP,CTIP-1.2,2025,1,2024,2,"), ["I104 targets.csv:2"]);
    assert_eq!(targets("CEPZ-CTIP,CTIP-1.3,2022,1,2024,2,tce"), ["U101 targets.csv:2"]);
    let pair = "CEPZ-CTIP,CTIP-1.3,2022,1,2025,50000,\nCEPZ-CTIP,CTIP-2.1,2022,1,2025,";
    assert_eq!(targets(&format!("{pair}3.5e-5,")), ["I113 targets.csv:3"]);
    assert!(targets(&format!("{pair}2.0e-5,")).is_empty());
    let statistics = ("statistics.csv", "subject,period,item,value,unit\npark,2023,iav,5,万元");
    let answers = |rows: &str| told(&[statistics, ("answers.csv", &format!("question,period,answer\n{rows}"))]);
    // A statistic counts before an answer; an answer twice, of a year without data, and a benchmark that no row asks for.
    let (zone, found) = answers("iav,2023,9 万元");
    assert_eq!(found, ["I112 answers.csv:2"]);
    assert_eq!(zone.figures.get(builtin().items.find("iav").unwrap(), 2023), Some(5e4));
    assert_eq!(answers("score,2023,80\nscore,2023,90").1, ["R105 answers.csv:3"]);
    assert_eq!(answers("score,2042,80").1, ["I112 answers.csv:2"]);
    assert_eq!(answers("HJ274-2009-2.2.benchmark,2023,0.4").1, ["I112 answers.csv:2"]);
    // A bare benchmark is in the unit of its row: 16 is 16 %.
    let (zone, found) = answers("INTEIP-E2.benchmark,2023,16");
    assert!(found.is_empty());
    assert_eq!(zone.asked(row("INTEIP-E2"), 2023), Some(16.0));
    // Until three years after approval nothing is to be paid back, whatever is answered.
    let plan = "subject,period,item,value,unit\npark,2023,plan_approved_year,2022,1";
    let answer = "question,period,answer\nsubstantial_progress_flag,2023,no";
    let (zone, _) = told(&[("statistics.csv", plan), ("answers.csv", answer)]);
    let at = At { year: 2023, base: 2023 };
    assert_eq!(assess(row("CTIP-FUND-3"), &builtin().items, &zone.figures, at, &zone).verdict, Verdict::Pass);
}
