//! The parts of symbiosis that are functions of plain numbers: shares, attribution, association, matching.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test fails by panicking")]

use approx::assert_relative_eq;
use parkflux::symbiosis::association::{Association, Link, Missing, Structure, association, structure};
use parkflux::symbiosis::attribution::{Rule, Saving, side_by_side};
use parkflux::symbiosis::matching::{
    Constraint, Giver, Limit, MatchError, Matching, Outcome, Outlet, Pair, Plan, Pool, Sink, Source, Supply, Taker,
    Transfer,
};
use parkflux::symbiosis::shapley::{Coalition, GameError, Shares, coalitions, exact, sampled, shares};
use proptest::prelude::*;
use std::path::Path;

/// A table of a case, as rows of cells.
fn case(name: &str, file: &str) -> Vec<Vec<String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/cases").join(name).join(file);
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_path(path).unwrap();
    reader.records().map(|r| r.unwrap().iter().map(str::to_owned).collect()).collect()
}

fn number(text: &str) -> f64 {
    text.parse().unwrap()
}

// ---- Shares ----

/// What substitutes save together: each unit saves 1, up to a demand.
fn substitutes(of: &Coalition, capacity: &[f64], demand: f64) -> f64 {
    of.members().map(|p| capacity[p]).sum::<f64>().min(demand)
}

#[test]
fn check_5_two_exchanges_that_serve_one_demand() {
    let values: Vec<Vec<f64>> = coalitions(2).map(|c| vec![substitutes(&c, &[80.0, 60.0], 100.0)]).collect();
    let made = exact(2, &values).unwrap();
    assert_eq!(made.first_in, [[80.0], [60.0]]);
    assert_eq!(made.last_in, [[40.0], [20.0]]);
    assert_eq!(made.shapley, [[60.0], [40.0]]);
    assert_eq!(made.total, [100.0]);
    assert_eq!((made.orders, made.standard_error), (0, None));
}

/// Any game, smooth enough to be sampled: two quantities of interacting players.
fn game(of: &Coalition, weights: &[f64]) -> Vec<f64> {
    let sum: f64 = of.members().map(|p| weights[p]).sum();
    let odd = of.members().filter(|p| p % 2 == 1).count() as f64;
    vec![7.0 + sum.min(0.6 * weights.iter().sum::<f64>()), 0.01 * sum * sum - 3.0 * odd]
}

fn sampled_game(weights: &[f64], orders: u32, seed: u32) -> Shares {
    let v = |batch: &[Coalition]| Ok::<_, GameError>(batch.iter().map(|c| game(c, weights)).collect());
    sampled(weights.len(), orders, seed, v).unwrap()
}

fn sums(of: &[Vec<f64>], quantity: usize) -> f64 {
    of.iter().map(|s| s[quantity]).sum()
}

#[test]
fn drawn_orders_come_near_the_exact_shares_and_say_how_near() {
    let weights: Vec<f64> = (0..9).map(|k| 1.0 + f64::from(k * k % 7)).collect();
    let values: Vec<Vec<f64>> = coalitions(9).map(|c| game(&c, &weights)).collect();
    let exact = exact(9, &values).unwrap();
    let made = sampled_game(&weights, 2000, 42);
    let error = made.standard_error.as_ref().unwrap();
    for ((a, b), error) in exact.shapley.iter().zip(&made.shapley).zip(error) {
        for q in 0..2 {
            assert!((a[q] - b[q]).abs() <= 5.0 * error[q] + 1e-12, "{} {} {}", a[q], b[q], error[q]);
        }
        assert!(error[0] > 0.0 && error[0] < 0.05);
    }
    assert_eq!((&exact.total, &exact.first_in, &exact.last_in), (&made.total, &made.first_in, &made.last_in));
    assert_eq!(made, sampled_game(&weights, 2000, 42));
    assert_ne!(made.shapley, sampled_game(&weights, 2000, 43).shapley);
    assert_eq!(sampled_game(&weights, 7, 1).orders, 8);
}

#[test]
fn more_than_64_players_are_sampled_and_none_twice() {
    let weights: Vec<f64> = (0..150).map(|k| f64::from(k % 13)).collect();
    let mut seen = std::collections::BTreeSet::new();
    let made = shares(150, 20, 1, |batch: &[Coalition]| {
        assert!(batch.iter().all(|c| seen.insert(c.clone())), "a coalition is asked for twice");
        Ok::<_, GameError>(batch.iter().map(|c| game(c, &weights)).collect())
    })
    .unwrap();
    for q in 0..2 {
        assert_relative_eq!(sums(&made.shapley, q), made.total[q], max_relative = 1e-9);
    }
    assert_eq!(made.orders, 20);
}

#[test]
fn games_that_make_no_sense_are_refused() {
    assert_eq!(exact(2, &[vec![0.0]]), Err(GameError::Coalitions { expected: 4, found: 1 }));
    assert_eq!(exact(13, &[]), Err(GameError::TooMany(13)));
    assert_eq!(exact(1, &[vec![0.0], vec![f64::NAN]]), Err(GameError::NotFinite));
    assert_eq!(exact(1, &[vec![0.0], vec![]]), Err(GameError::Quantities { expected: 1, found: 0 }));
    assert_eq!(sampled(3, 3, 0, |_: &[Coalition]| Ok::<_, GameError>(Vec::new())), Err(GameError::TooFew(3)));
    assert_eq!(
        sampled(3, 4, 0, |_: &[Coalition]| Ok::<_, GameError>(Vec::new()))
            .map_err(|e| matches!(e, GameError::Coalitions { .. })),
        Err(true)
    );
    let nobody = exact(0, &[vec![5.0]]).unwrap();
    assert_eq!((nobody.total, nobody.shapley.len()), (vec![0.0], 0));
}

fn games() -> impl Strategy<Value = (usize, Vec<f64>, Vec<f64>)> {
    (1_usize..=7).prop_flat_map(|n| {
        let values = || prop::collection::vec(-1e3..1e3_f64, 1 << n);
        (Just(n), values(), values())
    })
}

fn of(n: usize, values: &[f64]) -> Vec<f64> {
    let values: Vec<Vec<f64>> = values.iter().map(|v| vec![*v]).collect();
    exact(n, &values).unwrap().shapley.iter().map(|s| s[0]).collect()
}

proptest! {
    #[test]
    fn shares_add_up_to_the_total((n, v, _) in games()) {
        let sum: f64 = of(n, &v).iter().sum();
        let total = v[(1 << n) - 1] - v[0];
        prop_assert!((sum - total).abs() <= 1e-9 * total.abs().max(1.0));
    }

    #[test]
    fn sampled_shares_add_up_too(weights in prop::collection::vec(0.0..100.0_f64, 13..20), seed in any::<u32>()) {
        let made = sampled_game(&weights, 6, seed);
        for q in 0..2 {
            prop_assert!((sums(&made.shapley, q) - made.total[q]).abs() <= 1e-9 * made.total[q].abs().max(1.0));
        }
    }

    #[test]
    fn players_that_do_the_same_share_alike((n, v, _) in games(), a in 0_usize..7, b in 0_usize..7) {
        let (a, b) = (a % n, b % n);
        let swap = |m: usize| if (m >> a & 1) == (m >> b & 1) { m } else { m ^ (1 << a) ^ (1 << b) };
        let alike: Vec<f64> = (0..v.len()).map(|m| v[m] + v[swap(m)]).collect();
        let made = of(n, &alike);
        prop_assert!((made[a] - made[b]).abs() <= 1e-9);
    }

    #[test]
    fn who_adds_nothing_has_nothing((n, v, _) in games(), idle in 0_usize..7) {
        let idle = idle % n;
        let without: Vec<f64> = (0..v.len()).map(|m| v[m & !(1 << idle)]).collect();
        prop_assert!(of(n, &without)[idle].abs() <= 1e-12);
    }

    #[test]
    fn shares_of_two_games_add((n, v, w) in games(), by in -3.0..3.0_f64) {
        let both: Vec<f64> = v.iter().zip(&w).map(|(v, w)| v + by * w).collect();
        for ((a, b), c) in of(n, &v).iter().zip(of(n, &w)).zip(of(n, &both)) {
            prop_assert!((a + by * b - c).abs() <= 1e-8);
        }
    }

    // ---- Attribution ----

    #[test]
    fn both_parts_are_the_saving(parts in prop::array::uniform5(-1e6..1e6_f64)) {
        let [displaced, disposal, transport, induced_at_donor, induced_at_receiver] = parts;
        let saving = Saving { displaced, disposal, transport, induced_at_donor, induced_at_receiver };
        for made in side_by_side(&saving).unwrap() {
            prop_assert!((made.donor + made.receiver - saving.total()).abs() <= 1e-8);
        }
    }
}

#[test]
fn a_saving_under_three_rules() {
    let saving =
        Saving { displaced: 95.0, disposal: 10.0, transport: 15.0, induced_at_donor: 4.0, induced_at_receiver: 1.0 };
    assert_relative_eq!(saving.total(), 85.0);
    let made = side_by_side(&saving).unwrap().map(|a| (a.rule, a.donor, a.receiver));
    assert_eq!(made, [(Rule::CutOff, 6.0, 79.0), (Rule::Half, 42.5, 42.5), (Rule::Substitution, 85.0, 0.0)]);
    assert_eq!(Rule::ALL.map(Rule::id), ["cut_off", "half", "substitution"]);
    // An exchange that hurts is a negative saving, under every rule.
    let hurts = Saving { transport: 112.0, ..saving };
    assert!(side_by_side(&hurts).unwrap().iter().all(|a| (a.donor + a.receiver + 12.0).abs() < 1e-12));
    assert_eq!(side_by_side(&Saving { displaced: f64::NAN, ..saving }), None);
    assert_eq!(side_by_side(&Saving { displaced: f64::MAX, disposal: f64::MAX, ..saving }), None);
}

// ---- Association ----

fn link(from: usize, to: usize, carrier: usize, by_product: bool, mass: Option<f64>) -> Link {
    Link { from, to, carrier, by_product, mass }
}

fn four() -> Structure {
    Structure {
        output: [40.0, 30.0, 20.0, 10.0].map(Some).to_vec(),
        park_output: None,
        links: vec![
            link(0, 1, 7, false, Some(100.0)),
            link(0, 1, 8, true, Some(20.0)),
            link(1, 0, 9, true, None),
            link(0, 2, 7, false, Some(30.0)),
            // Twice the same exchange, from two processes.
            link(0, 2, 7, false, Some(10.0)),
            // Neither counts.
            link(3, 3, 7, true, Some(1e6)),
            link(3, 4, 7, true, Some(1e6)),
        ],
        material_input: Some(800.0),
        unmeasured: Vec::new(),
    }
}

#[test]
fn the_four_readings_of_association() {
    let Association { enterprises, wide, strict } = association(&four());
    assert_eq!(enterprises, 4);
    assert_eq!((&wide.a, &wide.b), (&Ok(90.0), &Ok(75.0)));
    assert_relative_eq!(wide.c.unwrap(), 3.0 / 12.0);
    assert_relative_eq!(wide.d.unwrap(), 160.0 / 800.0);
    assert_relative_eq!(wide.eco_connectance.unwrap(), 2.0 * 2.0 / 12.0);
    assert_relative_eq!(wide.exchange_density.unwrap(), 4.0 / 4.0);
    assert_eq!((wide.linked, wide.directed, wide.exchanges, wide.without_mass), (3, 3, 4, 1));
    assert_eq!((&strict.a, &strict.b), (&Ok(70.0), &Ok(50.0)));
    assert_relative_eq!(strict.d.unwrap(), 20.0 / 800.0);
    assert_relative_eq!(strict.eco_connectance.unwrap(), 2.0 / 12.0);
    assert_relative_eq!(strict.exchange_density.unwrap(), 0.5);
}

#[test]
fn readings_that_cannot_be_had_say_why() {
    let none = association(&Structure::default()).wide;
    assert_eq!(
        (none.a, none.b, none.c),
        (Err(Missing::NoEnterprise), Err(Missing::NoEnterprise), Err(Missing::FewerThanTwo))
    );
    assert_eq!((none.d, none.exchange_density), (Err(Missing::MaterialInput), Err(Missing::NoEnterprise)));
    let one =
        association(&Structure { output: vec![Some(0.0)], material_input: Some(0.0), ..Structure::default() }).wide;
    assert_eq!((one.a, one.b, one.c), (Err(Missing::NoOutput), Ok(0.0), Err(Missing::FewerThanTwo)));
    assert_eq!((one.d, one.eco_connectance), (Err(Missing::NoMaterialInput), Err(Missing::FewerThanTwo)));
    let a = |output: [Option<f64>; 4], park_output| {
        association(&Structure { output: output.to_vec(), park_output, ..four() }).wide.a
    };
    let full = [Some(40.0), Some(30.0), Some(20.0), None];
    assert_eq!(a(full, None), Err(Missing::Output));
    assert_relative_eq!(a(full, Some(120.0)).unwrap(), 75.0);
    assert_eq!(a(full, Some(50.0)), Err(Missing::OutputExceeded));
    assert_eq!(a([Some(40.0), None, Some(20.0), Some(10.0)], Some(120.0)), Err(Missing::Output));
    assert_eq!(a([Some(f64::NAN), Some(1.0), Some(1.0), Some(1.0)], None), Err(Missing::NotANumber));
    let d = |input| association(&Structure { material_input: input, ..four() }).wide.d;
    assert_eq!((d(Some(100.0)), d(Some(-1.0))), (Err(Missing::InputExceeded), Err(Missing::NotANumber)));
}

#[test]
fn the_example_park_is_linked() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/parks/binhai-example");
    let (package, _) = parkflux::package::read(&folder).unwrap();
    let park = package.unwrap().park;
    let year = *park.years().last().unwrap();
    let plain = structure(&park, year);
    let made = association(&plain);
    assert_eq!(made.enterprises, plain.output.len());
    assert!(made.strict.exchanges >= 8 && made.strict.exchanges < made.wide.exchanges, "{made:?}");
    for readings in [&made.wide, &made.strict] {
        let (c, connectance) = (readings.c.unwrap(), readings.eco_connectance.unwrap());
        assert!(0.0 < c && c <= connectance && connectance <= 2.0 * c && connectance < 1.0);
        assert!(readings.b.unwrap() <= 100.0);
        // One flow of material is not measured.
        assert_eq!(readings.d, Err(Missing::MaterialInput));
    }
    // Every enterprise has a link; those that pass or take by-products make a part of the output.
    let (wide, strict) = (made.wide.a.unwrap(), made.strict.a.unwrap());
    assert!((wide - 100.0).abs() < 1e-9 && 0.0 < strict && strict < wide, "{wide} {strict}");
    assert!(!plain.unmeasured.is_empty());
    let known = Structure { material_input: Some(1e9), ..plain };
    assert!(association(&known).wide.d.is_ok_and(|d| d > 0.0 && d < 1.0));
    // A year of which nothing is said has enterprises and no links.
    assert_eq!(association(&structure(&park, 1999)).wide.exchanges, 0);
}

// ---- Matching ----

fn max(limit: f64) -> Limit {
    Limit { min: None, max: Some(limit) }
}

fn source(name: &str, quantity: f64, ppm: f64) -> Source {
    Source { name: name.into(), quantity, qualities: vec![ppm], disposal: vec![0.0], ..Source::default() }
}

fn sink(name: &str, demand: f64, ppm: f64) -> Sink {
    Sink { name: name.into(), demand, limits: vec![max(ppm)], temperature: None }
}

/// Water reuse: the least fresh water of 0 ppm.
fn water(sources: &[(f64, f64)], sinks: &[(f64, f64)]) -> Matching {
    let named = |letter: &str, k: usize| format!("{letter}{}", k + 1);
    Matching {
        measures: vec!["fresh water".into()],
        qualities: vec!["ppm".into()],
        sources: sources.iter().enumerate().map(|(k, s)| source(&named("S", k), s.0, s.1)).collect(),
        sinks: sinks.iter().enumerate().map(|(k, s)| sink(&named("D", k), s.0, s.1)).collect(),
        supplies: vec![Supply { name: "fresh".into(), qualities: vec![0.0], burden: vec![1.0], ..Supply::default() }],
        ..Matching::default()
    }
}

fn best(of: &Matching) -> Plan {
    match of.solve().unwrap() {
        Outcome::Best(plan) => {
            audit(of, &plan);
            *plan
        }
        other => panic!("{other:?}"),
    }
}

fn clash(of: &Matching) -> Vec<Constraint> {
    let Outcome::Clash(set) = of.solve().unwrap() else { panic!("{of:?}") };
    set
}

/// A check of our own, for problems without pools, pairs, levels and credits: limits hold; the prices bound the
/// objective from below by as much (duality); no way that is used has a better one beside it (complementary slackness).
fn audit(of: &Matching, plan: &Plan) {
    if !of.pools.is_empty() || !of.pairs.is_empty() || of.sinks.iter().any(|s| s.temperature.is_some()) {
        return;
    }
    let amount = |from: Giver, sink: usize| {
        plan.transfers.iter().find(|t| t.from == from && t.to == Taker::Sink(sink)).map_or(0.0, |t| t.amount)
    };
    let m = of.objective;
    let givers: Vec<(Giver, &[f64], f64, f64)> = (of.sources.iter().enumerate())
        .map(|(k, s)| (Giver::Source(k), &*s.qualities, -s.disposal[m], plan.prices.source[k] - s.disposal[m]))
        .chain(
            (of.supplies.iter().enumerate())
                .map(|(k, s)| (Giver::Supply(k), &*s.qualities, s.burden[m], plan.prices.supply[k])),
        )
        .collect();
    let size = of.sinks.iter().map(|s| s.demand).fold(1.0, f64::max);
    let close = |a: f64, b: f64| (a - b).abs() <= 1e-6 * size;
    let mut dual: f64 = of.sources.iter().zip(&plan.prices.source).map(|(s, p)| s.quantity * p).sum();
    dual += of.supplies.iter().zip(&plan.prices.supply).map(|(s, p)| s.limit.unwrap_or(0.0) * p).sum::<f64>();
    for (k, s) in of.sources.iter().enumerate() {
        let given: f64 = (0..of.sinks.len()).map(|j| amount(Giver::Source(k), j)).sum();
        assert!(plan.left[k] >= 0.0 && close(given + plan.left[k], s.quantity));
        assert!(plan.prices.source[k] <= s.disposal[m] + 1e-6);
        assert!(close((plan.prices.source[k] - s.disposal[m]) * plan.left[k], 0.0), "{plan:?}");
    }
    for (j, sink) in of.sinks.iter().enumerate() {
        let taken: f64 = givers.iter().map(|g| amount(g.0, j)).sum();
        assert!(close(taken, sink.demand), "{taken} {}", sink.demand);
        dual += sink.demand * plan.prices.demand[j];
        let price = |limit| plan.prices.quality.iter().find(|q| q.limit == limit).map_or(0.0, |q| q.of_load);
        for (q, limit) in sink.limits.iter().enumerate() {
            let over: f64 = givers.iter().map(|g| (g.1[q] - limit.max.unwrap_or(f64::MAX)) * amount(g.0, j)).sum();
            assert!(over <= 1e-6 * size * 1000.0);
            let price = price(Constraint::Max(Taker::Sink(j), q));
            assert!(price <= 0.0 && (limit.max.is_none() || close(price * over, 0.0)));
        }
        for g in &givers {
            let load = |(q, limit): (usize, &Limit)| {
                limit.max.map_or(0.0, |max| price(Constraint::Max(Taker::Sink(j), q)) * (g.1[q] - max))
                    + limit.min.map_or(0.0, |min| price(Constraint::Min(Taker::Sink(j), q)) * (min - g.1[q]))
            };
            let loads: f64 = sink.limits.iter().enumerate().map(load).sum();
            let reduced = g.2 - g.3 - plan.prices.demand[j] - loads;
            assert!(reduced >= -1e-6, "{reduced}");
            assert!(close(reduced * amount(g.0, j), 0.0), "{reduced} {}", amount(g.0, j));
        }
    }
    assert!((dual - plan.objective).abs() <= 1e-6 * plan.objective.abs().max(size), "{dual} {}", plan.objective);
}

#[test]
fn case_o07_the_least_fresh_water() {
    let pairs = |file: &str| -> Vec<(f64, f64)> {
        case("o07_polley_water", file).iter().map(|r| (number(&r[1]), number(&r[2]))).collect()
    };
    let problem = water(&pairs("sources.csv"), &pairs("sinks.csv"));
    let plan = best(&problem);
    let mut checked = 0;
    for row in case("o07_polley_water", "expected.csv") {
        let found = match &*row[0] {
            "min_fresh_water" => plan.supplied[0],
            "min_waste_water" => plan.left.iter().sum(),
            "no_reuse_fresh_water" => best(&problem.without_reuse()).objective,
            other => panic!("{other}"),
        };
        assert!((found - number(&row[1])).abs() <= 1e-6, "{}: {found}", row[0]);
        checked += 1;
    }
    assert_eq!(checked, 3);
    assert_relative_eq!(plan.objective, 70.0, epsilon = 1e-6);
    // Equal bytes on every run.
    assert_eq!(plan, best(&problem));
    // Prices are what the objective moves by.
    let moved = |change: &dyn Fn(&mut Matching)| {
        let mut other = problem.clone();
        change(&mut other);
        best(&other).objective - plan.objective
    };
    assert_relative_eq!(moved(&|p| p.sinks[0].demand += 0.1), 0.1 * plan.prices.demand[0], epsilon = 1e-6);
    assert_relative_eq!(moved(&|p| p.sources[0].quantity += 0.1), 0.1 * plan.prices.source[0], epsilon = 1e-6);
    let limit = Constraint::Max(Taker::Sink(2), 0);
    let price = plan.prices.quality.iter().find(|q| q.limit == limit).unwrap();
    assert!(price.of_limit < 0.0);
    let found = moved(&|p| p.sinks[2].limits[0] = max(100.01));
    assert_relative_eq!(found, 0.01 * price.of_limit, max_relative = 1e-3);
}

/// Four operations of as many plants (Y. P. Wang and R. Smith, "Wastewater minimisation", Chemical Engineering Science
/// 49 (1994) 981–1006; from memory): 90 t/h with reuse.
#[test]
fn water_reuse_among_plants() {
    let sinks = [(20.0, 0.0), (100.0, 50.0), (40.0, 50.0), (10.0, 400.0)];
    let sources = [(20.0, 100.0), (100.0, 100.0), (40.0, 800.0), (10.0, 800.0)];
    assert_relative_eq!(best(&water(&sources, &sinks)).objective, 90.0, epsilon = 1e-6);
}

#[test]
fn limits_that_clash_are_named() {
    // 70 t/h are needed; 60 are there.
    let mut problem = water(
        &[(50.0, 50.0), (100.0, 100.0), (70.0, 150.0), (60.0, 250.0)],
        &[(50.0, 20.0), (100.0, 50.0), (80.0, 100.0), (70.0, 200.0)],
    );
    problem.supplies[0].limit = Some(60.0);
    let set = clash(&problem);
    assert!(set.contains(&Constraint::Supply(0)) && set.contains(&Constraint::Demand(0)), "{set:?}");
    // Each alone relaxed, the others can hold.
    for constraint in &set {
        let mut other = problem.clone();
        match *constraint {
            Constraint::Supply(k) => other.supplies[k].limit = None,
            Constraint::Source(k) => other.sources[k].quantity = 1e4,
            Constraint::Demand(k) => other.sinks[k].demand = 0.0,
            Constraint::Max(Taker::Sink(k), q) => other.sinks[k].limits[q] = Limit::default(),
            other => panic!("{other:?}"),
        }
        assert!(matches!(other.solve().unwrap(), Outcome::Best(_)), "{constraint:?}");
    }
    problem.supplies[0].limit = Some(70.000_01);
    assert_relative_eq!(best(&problem).objective, 70.0, epsilon = 1e-4);

    // Nothing is clean enough for one sink.
    let mut dirty = water(&[(50.0, 50.0)], &[(10.0, 20.0), (5.0, 60.0)]);
    dirty.supplies.clear();
    assert_eq!(clash(&dirty), [Constraint::Demand(0), Constraint::Max(Taker::Sink(0), 0)]);
    // Or the only way is closed.
    let mut closed = water(&[], &[(10.0, 20.0)]);
    closed.pairs = vec![Pair { forbidden: true, ..Pair::new(Giver::Supply(0), Taker::Sink(0)) }];
    let way = (Giver::Supply(0), Taker::Sink(0));
    assert_eq!(clash(&closed), [Constraint::Demand(0), Constraint::Forbidden(way.0, way.1)]);
    closed.pairs[0] = Pair { limit: Some(4.0), ..Pair::new(way.0, way.1) };
    assert_eq!(clash(&closed), [Constraint::Demand(0), Constraint::Pair(way.0, way.1)]);
    closed.supplies.clear();
    closed.pairs.clear();
    assert_eq!(clash(&closed), [Constraint::Demand(0)]);
    // A minimum above the maximum.
    let mut between = water(&[(50.0, 50.0)], &[(10.0, 20.0)]);
    between.sinks[0].limits[0] = Limit { min: Some(30.0), max: Some(20.0) };
    let limits = [Constraint::Max(Taker::Sink(0), 0), Constraint::Min(Taker::Sink(0), 0)];
    assert_eq!(clash(&between), [&[Constraint::Demand(0)], &limits[..]].concat());
}

fn heat(sources: &[(f64, f64, f64)], sinks: &[(f64, f64)], boiler: Option<f64>) -> Matching {
    let source = |(k, s): (usize, &(f64, f64, f64))| Source {
        name: format!("H{k}"),
        quantity: s.0,
        temperature: Some((s.1, s.2)),
        disposal: vec![0.0],
        ..Source::default()
    };
    let sink = |(k, s): (usize, &(f64, f64))| Sink {
        name: format!("U{k}"),
        demand: s.0,
        temperature: Some(s.1),
        ..Sink::default()
    };
    Matching {
        measures: vec!["CO2e".into()],
        least_difference: 10.0,
        sources: sources.iter().enumerate().map(source).collect(),
        sinks: sinks.iter().enumerate().map(sink).collect(),
        supplies: vec![Supply { name: "boiler".into(), limit: boiler, burden: vec![0.06], ..Supply::default() }],
        ..Matching::default()
    }
}

#[test]
fn heat_goes_downward() {
    // 100 GJ between 80 and 180 °C: above 130 °C there are 50, above 160 °C 20.
    let problem = heat(&[(100.0, 80.0, 180.0)], &[(60.0, 120.0), (30.0, 150.0), (20.0, 60.0)], None);
    let plan = best(&problem);
    // 50 of the 90 at or above 120 °C, and all of the 20 below.
    assert_relative_eq!(plan.supplied[0], 40.0, epsilon = 1e-6);
    assert_relative_eq!(plan.left[0], 30.0, epsilon = 1e-6);
    assert_relative_eq!(plan.objective, 2.4, epsilon = 1e-7);
    let hottest: f64 =
        plan.transfers.iter().filter(|t| t.from == Giver::Source(0) && t.to == Taker::Sink(1)).map(|t| t.amount).sum();
    assert!(hottest <= 20.0 + 1e-6);
    // One GJ more of the source brings half a GJ above 130 °C.
    assert_relative_eq!(plan.prices.source[0], -0.03, epsilon = 1e-6);
    // At one level: hot enough to the degree, or not at all.
    let at = |t: f64| best(&heat(&[(100.0, t, t)], &[(60.0, 120.0)], None)).supplied[0];
    assert_relative_eq!(at(130.0), 0.0, epsilon = 1e-6);
    assert_relative_eq!(at(129.9), 60.0, epsilon = 1e-6);
    // Without a boiler the temperature is named.
    let mut cold = heat(&[(100.0, 90.0, 90.0)], &[(60.0, 120.0)], Some(5.0));
    let set = [Constraint::Supply(0), Constraint::Demand(0), Constraint::Temperature(Giver::Source(0), 0)];
    assert_eq!(clash(&cold), set);
    cold.sources[0].temperature = Some((90.0, 140.0));
    assert_eq!(
        clash(&cold),
        [Constraint::Temperature(Giver::Source(0), 0), Constraint::Supply(0), Constraint::Demand(0)]
    );
}

#[test]
fn transport_ratio_disposal_and_what_is_displaced() {
    // Slag for clinker, 1 t replaces 0.95 t; chlorine is held by what the clinker brings.
    let mut problem = water(&[(100.0, 0.2)], &[(190.0, 0.05)]);
    problem.measures = vec!["CO2e".into(), "cost".into()];
    problem.sources[0].disposal = vec![0.01, 30.0];
    problem.supplies[0] =
        Supply { qualities: vec![0.02], burden: vec![0.85, 250.0], only: Some(vec![0]), ..problem.supplies[0].clone() };
    problem.transport = vec![1e-4, 0.5];
    problem.pairs = vec![Pair {
        ratio: 0.95,
        distance: 20.0,
        burden: vec![0.05, 40.0],
        ..Pair::new(Giver::Source(0), Taker::Sink(0))
    }];
    let plan = best(&problem);
    // 0.2 x + 0.02 y ≤ 0.05 (x + y) and 0.95 x + y = 190: x = 0.2 y.
    let y = 190.0 / 1.19;
    let x = 0.2 * y;
    assert_relative_eq!(plan.supplied[0], y, epsilon = 1e-5);
    assert_relative_eq!(plan.left[0], 100.0 - x, epsilon = 1e-5);
    assert_relative_eq!(plan.measures[0], 0.85 * y + 0.01 * (100.0 - x) + x * (0.05 + 20.0 * 1e-4), epsilon = 1e-6);
    assert_relative_eq!(plan.measures[1], 250.0 * y + 30.0 * (100.0 - x) + x * (40.0 + 10.0), max_relative = 1e-6);
    assert_relative_eq!(plan.objective, plan.measures[0], epsilon = 1e-9);
    // The slag is not scarce: one tonne more is only disposed of.
    assert_relative_eq!(plan.prices.source[0], 0.01, epsilon = 1e-6);
    problem.pairs[0].limit = Some(10.0);
    let limited = best(&problem);
    assert_relative_eq!(limited.left[0], 90.0, epsilon = 1e-6);
    assert_relative_eq!(limited.prices.pair[0], 0.052 - 0.01 - 0.85 * 0.95, epsilon = 1e-6);
    // Dear transport: the exchange hurts and is left alone.
    problem.transport[0] = 0.05;
    assert_relative_eq!(best(&problem).left[0], 100.0, epsilon = 1e-6);
}

fn pool(limits: Limit, outlet: Outlet, recovery: f64) -> Pool {
    Pool { name: "pool".into(), capacity: None, limits: vec![limits], outlet, recovery, burden: vec![0.0] }
}

#[test]
fn a_pool_of_stated_quality_treats() {
    let mut problem = water(&[(100.0, 400.0)], &[(80.0, 20.0)]);
    problem.pools = vec![Pool { capacity: Some(50.0), ..pool(max(500.0), Outlet::Stated(vec![10.0]), 0.9) }];
    let plan = best(&problem);
    // 50 into treatment, 45 out at 10 ppm; at 80 · 20 ppm of load 1150 are left for the raw source: 2.875.
    assert_relative_eq!(plan.supplied[0], 80.0 - 45.0 - 2.875, epsilon = 1e-6);
    assert_relative_eq!(plan.lost[0], 5.0, epsilon = 1e-6);
    assert!(plan.prices.capacity[0] < 0.0);
    // Too dirty to be treated, nor diluted for it at a gain.
    problem.pools[0].limits[0] = max(0.0);
    assert_relative_eq!(best(&problem).supplied[0], 76.0, epsilon = 1e-6);
}

/// C. A. Haverly's pooling problem (SIGMAP Bulletin 25 (1978) 19–28; from memory, three price cases with profits 400, 600
/// and 750): A (3 % sulfur) and B (1 %) share a pool, C (2 %) goes straight; X up to 100 at 2.5 %, Y up to 200 at 1.5 %.
fn haverly(demand_x: f64, cost_b: f64) -> Matching {
    let supply = |name: &str, sulfur: f64, cost: f64| Supply {
        name: name.into(),
        qualities: vec![sulfur],
        burden: vec![cost],
        ..Supply::default()
    };
    let forbidden = |from, to| Pair { forbidden: true, ..Pair::new(from, to) };
    let mut made = water(&[], &[(demand_x, 2.5), (200.0, 1.5)]);
    // What is not sold is bought at the price of the product, so that its profit is 0.
    made.supplies = vec![
        supply("A", 3.0, 6.0),
        supply("B", 1.0, cost_b),
        supply("C", 2.0, 10.0),
        Supply { only: Some(vec![0]), ..supply("no X", 2.5, 9.0) },
        Supply { only: Some(vec![1]), ..supply("no Y", 1.5, 15.0) },
    ];
    made.pools = vec![pool(Limit::default(), Outlet::Mixed, 1.0)];
    for sink in 0..2 {
        made.pairs.extend([0, 1].map(|s| forbidden(Giver::Supply(s), Taker::Sink(sink))));
    }
    made.pairs.push(forbidden(Giver::Supply(2), Taker::Pool(0)));
    made
}

#[test]
fn mixed_pools_find_the_global_optimum() {
    for (demand_x, cost_b, profit) in [(100.0, 16.0, 400.0), (600.0, 16.0, 600.0), (100.0, 13.0, 750.0)] {
        let plan = best(&haverly(demand_x, cost_b));
        let sales = 9.0 * demand_x + 15.0 * 200.0;
        assert_relative_eq!(sales - plan.objective, profit, epsilon = 0.02);
        assert!(plan.objective - plan.bound <= 1e-6 * plan.objective + 1e-6, "{} {}", plan.objective, plan.bound);
    }
}

#[test]
fn numbers_that_make_no_problem_are_refused() {
    let good = water(&[(50.0, 50.0)], &[(10.0, 20.0)]);
    let refused = |change: &dyn Fn(&mut Matching)| {
        let mut other = good.clone();
        change(&mut other);
        other.solve().unwrap_err()
    };
    assert!(matches!(refused(&|p| p.sources[0].quantity = f64::NAN), MatchError::NotFinite { .. }));
    assert!(matches!(refused(&|p| p.sinks[0].demand = -1.0), MatchError::Sign { .. }));
    assert!(matches!(refused(&|p| p.sources[0].qualities.clear()), MatchError::Length { .. }));
    assert!(matches!(refused(&|p| p.objective = 1), MatchError::NoSuch { .. }));
    let pair = Pair::new(Giver::Source(0), Taker::Sink(0));
    assert!(matches!(refused(&|p| p.pairs = vec![pair.clone(); 2]), MatchError::Twice(_)));
    assert!(matches!(refused(&|p| p.pairs = vec![Pair { ratio: 0.0, ..pair.clone() }]), MatchError::Sign { .. }));
    assert!(matches!(
        refused(&|p| p.pairs = vec![Pair::new(Giver::Source(3), Taker::Sink(0))]),
        MatchError::NoSuch { .. }
    ));
}

/// A little of one thing is as exact beside a billion of another as alone.
#[test]
fn small_amounts_stand_beside_large_ones() {
    let (gas, ash) = (2.6e9, 1.5);
    let mut of = water(&[(gas, 0.0), (ash, 0.0)], &[(2.0 * gas, 1.0), (2.0, 1.0)]);
    of.supplies = (0..2)
        .map(|k| Supply { qualities: vec![0.0], burden: vec![1.0], only: Some(vec![k]), ..Supply::default() })
        .collect();
    let crossed =
        [(0, 1), (1, 0)].map(|(from, to)| Pair { forbidden: true, ..Pair::new(Giver::Source(from), Taker::Sink(to)) });
    of.pairs = crossed.to_vec();
    let plan = best(&of);
    assert_relative_eq!(plan.supplied[0], gas, max_relative = 1e-7);
    assert_relative_eq!(plan.supplied[1], 0.5, max_relative = 1e-7);
    assert_eq!(plan.left, [0.0, 0.0]);
    let passes = |k: usize| {
        let of = |t: &&Transfer| (t.from, t.to) == (Giver::Source(k), Taker::Sink(k));
        plan.transfers.iter().find(of).map(|t| t.amount)
    };
    assert_relative_eq!(passes(1).unwrap(), ash, max_relative = 1e-7);
}

#[test]
fn nothing_to_give_or_to_take() {
    assert_relative_eq!(best(&water(&[], &[])).objective, 0.0);
    assert_relative_eq!(best(&water(&[(50.0, 50.0)], &[])).left[0], 50.0);
    assert_relative_eq!(best(&water(&[(50.0, 50.0)], &[(0.0, 20.0)])).objective, 0.0, epsilon = 1e-9);
    assert_relative_eq!(best(&water(&[(0.0, 0.0)], &[(10.0, 20.0)])).objective, 10.0, epsilon = 1e-6);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn random_matchings_are_optimal_or_clash(
        sources in prop::collection::vec((0.0..100.0, 0.0..300.0), 1..5),
        sinks in prop::collection::vec((0.0..100.0, 0.0..200.0), 1..5),
        disposal in prop::collection::vec(-0.2..0.5, 4),
        limit in prop::option::of(0.0..200.0),
    ) {
        let mut problem = water(&sources, &sinks);
        for (source, disposal) in problem.sources.iter_mut().zip(disposal) {
            source.disposal[0] = disposal;
        }
        problem.supplies[0].limit = limit;
        match problem.solve().unwrap() {
            Outcome::Best(plan) => audit(&problem, &plan),
            Outcome::Clash(set) => {
                prop_assert!(limit.is_some() && set.contains(&Constraint::Supply(0)), "{:?}", set);
                // With as much fresh water as there is demand all can be met.
                problem.supplies[0].limit = Some(sinks.iter().map(|s| s.0).sum());
                prop_assert!(matches!(problem.solve().unwrap(), Outcome::Best(_)));
            }
            Outcome::Unsettled => prop_assert!(false, "unsettled: {:?}", problem),
        }
    }
}
