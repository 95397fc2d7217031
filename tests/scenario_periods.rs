//! Scenarios by month: what is not there all the year, and storages. The answers are worked out by hand.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test may stop at the first surprise")]

mod common;

use common::{FLOWS, Files, account_files};
use parkflux::diagnostic::{Code, Diagnostics, Lang, Problem, Style, render_text};
use parkflux::inventory::inventory;
use parkflux::park::Flow;
use parkflux::scenario::{Base, Measure, Run, axes, grid, read_all, resolve, run, sweep};
use std::collections::BTreeMap;
use std::fmt::Write;

/// Days of the months of 2023.
const DAYS: [f64; 12] = [31.0, 28.0, 31.0, 30.0, 31.0, 30.0, 31.0, 31.0, 30.0, 31.0, 30.0, 31.0];

/// Unit: GJ/MWh.
const MWH: f64 = 3.6;

const EXPORT: &str = "E1/GEN>outside:grid:electricity";
const IMPORT: &str = "outside:grid>E1/MILL:electricity";
const SLAG: &str = "E1/MILL>E2/KILN:slag";
const LANDFILL: &str = "E1/MILL>outside:landfill:slag";
const CLAY: &str = "outside:supplier>E2/KILN:clay";

/// Tonnes of slag and of clay, month by month: in April there is less slag than clay, in August no clay.
const SLAGS: [f64; 12] = [10.0, 10.0, 10.0, 2.0, 10.0, 10.0, 10.0, 10.0, 10.0, 10.0, 10.0, 10.0];
const CLAYS: [f64; 12] = [20.0, 20.0, 20.0, 20.0, 20.0, 20.0, 5.0, 0.0, 20.0, 20.0, 20.0, 20.0];

/// A mill that buys power and leaves slag, a plant that sells power, a kiln that takes clay; power in MWh.
fn park(sold: &[f64; 12], bought: &[f64; 12]) -> Files {
    let mut flows = FLOWS.to_owned();
    let mut row = |period: &str, id: String, flow: &str, quantity: f64, unit: &str, usage: &str| {
        let (ends, carrier) = flow.rsplit_once(':').unwrap();
        let (from, to) = ends.split_once('>').unwrap();
        write!(flows, "\n{id},{period},{from},{to},{carrier},{quantity},{unit},,{usage},,").unwrap();
    };
    for m in 0..12 {
        let period = format!("2023-{:02}", m + 1);
        row(&period, format!("X{m:02}"), EXPORT, sold[m], "MWh", "");
        row(&period, format!("I{m:02}"), IMPORT, bought[m], "MWh", "");
        row(&period, format!("S{m:02}"), LANDFILL, SLAGS[m], "t", "");
        row(&period, format!("C{m:02}"), CLAY, CLAYS[m], "t", "process");
    }
    row("2023", "P1".to_owned(), "E1/MILL>outside:customer:metal", 200.0, "t", "");
    row("2023", "P2".to_owned(), "E2/KILN>outside:customer:brick", 250.0, "t", "");
    Files::new("")
        .with("enterprises.csv", "enterprise,sector\nE1,GB4754:D44\nE2,GB4754:C30")
        .with("processes.csv", "process,enterprise,technique\nE1/GEN,E1,hydro\nE1/MILL,E1,mill\nE2/KILN,E2,kiln")
        .with(
            "carriers.csv",
            "carrier,property,value\ntest_fuel,kind,solid_fuel\nmetal,kind,material\nclay,kind,material
            brick,kind,material\nslag,kind,by_product",
        )
        .with(
            "exchanges.csv",
            "from,to,carrier,status,quantity,unit,displaces,ratio,disposal\nE1,E2,slag,candidate,240,t,clay,2,landfill",
        )
        .with("flows.csv", &flows)
}

/// Exports from April to September, imports in the other months. Unit: MWh.
const SUMMER: [f64; 12] = [0.0, 0.0, 0.0, 100.0, 100.0, 100.0, 100.0, 100.0, 100.0, 0.0, 0.0, 0.0];
const WINTER: [f64; 12] = [80.0, 80.0, 80.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 80.0, 80.0, 80.0];

fn attempt<T>(files: &Files, text: &str, look: impl FnOnce(&Base, Result<Run, Diagnostics>) -> T) -> T {
    let (package, accounts) = account_files(files);
    let (all, found) = read_all(&BTreeMap::from([("s.toml".to_owned(), text.as_bytes().to_vec())]), &package.park);
    assert!(!found.has_errors(), "{}", render_text(&found, Lang::En, Style::Plain));
    let base = Base::new(&package, &accounts, None);
    look(&base, run(&base, &resolve(&all, "s")))
}

/// The flows after a scenario: of the year by the model, and of each month by the rows. Whatever the scenario: rows add up to the
/// year, nothing is negative, what is conserved stays so, and the park can be accounted.
fn after(files: &Files, text: &str) -> BTreeMap<String, (f64, [f64; 12])> {
    attempt(files, text, |_, run| {
        let run = run.unwrap_or_else(|found| panic!("{}", render_text(&found, Lang::En, Style::Plain)));
        assert!(run.conserved.iter().all(|c| c.added < 1e-9), "{:?}", run.conserved);
        assert!(inventory(&run.package).is_ok());
        let (model, park) = (&run.calibrated.model, &run.package.park);
        let mut all = BTreeMap::new();
        for (l, link) in model.links.iter().enumerate() {
            let year = model.quantity_in(&run.solved, l);
            let mut months = [0.0; 12];
            let ends = |f: &&Flow| (f.from, f.to, f.carrier, f.usage) == (link.from, link.to, link.carrier, link.usage);
            let mut sum = 0.0;
            for flow in park.flows.iter().filter(ends) {
                let value = flow.quantity.unwrap().value;
                assert!(value >= 0.0, "{}", flow.id);
                sum += value;
                if let Some(m) = flow.period.month {
                    months[usize::from(m) - 1] += value;
                }
            }
            assert!((sum - year).abs() <= 1e-9 * year.abs().max(1.0), "{}: {sum} and {year}", link.text(park));
            all.insert(link.text(park), (year, months));
        }
        all
    })
}

fn close(is: f64, wanted: f64) {
    assert!((is - wanted).abs() <= 1e-9 * wanted.abs().max(1.0), "{is} and not {wanted}");
}

fn close_all(is: [f64; 12], wanted: [f64; 12]) {
    for (is, wanted) in is.into_iter().zip(wanted) {
        close(is, wanted);
    }
}

/// The list of a file.
fn list(months: &[f64; 12]) -> String {
    format!("available = {months:?}\n")
}

fn exchange(rest: &str) -> String {
    format!("[[change]]\nkind = \"exchange\"\nname = \"slag\"\nof = \"E1>E2:slag\"\n{rest}")
}

fn limit(of: &str, rest: &str) -> String {
    format!("[[change]]\nkind = \"limit\"\nname = \"line\"\nof = \"{of}\"\n{rest}")
}

fn store(at: &str, energy: f64, power: f64, cycles: f64) -> String {
    format!(
        "[[change]]\nkind = \"unit\"\nname = \"battery\"\nunit = \"storage\"\nid = \"E1/STORE\"\nat = \"{at}\"\n\
         efficiency = \"80 %\"\nenergy = \"{energy} MWh\"\npower = \"{power} MW\"\ncycles = {cycles}\n"
    )
}

fn sun(capacity: f64, available: &[f64; 12]) -> String {
    format!(
        "[[change]]\nkind = \"unit\"\nname = \"sun\"\nunit = \"pv\"\nid = \"E1/PV\"\nat = \"E1/MILL\"\ncapacity = \"{capacity} MW\"\n{}",
        list(available)
    )
}

#[test]
fn an_exchange_brings_what_is_there_and_needed_in_each_month() {
    // 365 t in a year are a tonne a day; one displaces two of clay. Not there in March, half of it in May.
    let mut available = [1.0; 12];
    (available[2], available[4]) = (0.0, 0.5);
    let wanted = std::array::from_fn(|m| (available[m] * DAYS[m]).min(CLAYS[m] / 2.0).min(SLAGS[m]));
    close_all(wanted, [10.0, 10.0, 0.0, 2.0, 10.0, 10.0, 2.5, 0.0, 10.0, 10.0, 10.0, 10.0]);
    let files = park(&SUMMER, &WINTER);
    let flows = after(&files, &exchange(&format!("quantity = 365\nunit = \"t\"\n{}", list(&available))));
    close(flows[SLAG].0, wanted.iter().sum());
    close_all(flows[SLAG].1, wanted);
    close_all(flows[CLAY].1, std::array::from_fn(|m| CLAYS[m] - 2.0 * wanted[m]));
    close_all(flows[LANDFILL].1, std::array::from_fn(|m| SLAGS[m] - wanted[m]));
    // Less than the need: what is there is what flows; half of 36.5 t for half a year and so on.
    let flows = after(&files, &exchange(&format!("quantity = 36.5\nunit = \"t\"\n{}", list(&[0.5; 12]))));
    close_all(flows[SLAG].1, std::array::from_fn(|m| (0.05 * DAYS[m]).min(CLAYS[m] / 2.0).min(SLAGS[m])));
    // A later change that says nothing of months is one of the year.
    let both = exchange("share = 0.25\n").replace("\"slag\"\n", "\"later\"\n");
    let first = exchange(&format!("share = 1\n{}", list(&available)));
    close(after(&files, &format!("{first}{both}"))[SLAG].0, after(&files, &both)[SLAG].0);
}

#[test]
fn the_need_of_the_months_grows_with_its_taker() {
    let files = park(&SUMMER, &WINTER);
    let more = "[[change]]\nkind = \"demand\"\nof = \"E2\"\ntimes = 0.25\n";
    let text = format!("{more}{}", exchange(&format!("quantity = 365\nunit = \"t\"\n{}", list(&[1.0; 12]))));
    close_all(after(&files, &text)[SLAG].1, std::array::from_fn(|m| (CLAYS[m] / 8.0).min(SLAGS[m])));
}

#[test]
fn a_new_exchange_has_months_too() {
    let files = park(&SUMMER, &WINTER).with("exchanges.csv", "from,to,carrier,status");
    let new = "[[change]]\nkind = \"add_exchange\"\nfrom = \"E1\"\nto = \"E2\"\ncarrier = \"slag\"\nquantity = 73\nunit = \"t\"\n\
               displaces = \"clay\"\nratio = 2\ndisposal = \"landfill\"\n";
    let mut available = [0.0; 12];
    available[0] = 1.0;
    let flows = after(&files, &format!("{new}{}", list(&available)));
    // 0.2 t a day through January.
    close(flows[SLAG].0, 6.2);
    close(flows[CLAY].1[0], 20.0 - 12.4);
}

/// Name and words of the last constraint of a clash, and how many there are.
fn clash(files: &Files, text: &str) -> (usize, String, String) {
    attempt(files, text, |_, run| {
        let found = run.unwrap_err();
        let [problem] = &found.sorted()[..] else { panic!("{found:?}") };
        let Problem::ScenarioClash { constraints, .. } = &problem.problem else { panic!("{found:?}") };
        let (name, words) = constraints.last().unwrap();
        assert!(words.zh.contains("至多"), "{}", words.zh);
        (constraints.len(), name.clone(), words.en.clone())
    })
}

#[test]
fn a_month_beyond_what_is_available_is_a_clash_that_names_it() {
    let files = park(&SUMMER, &WINTER);
    let mut available = [1.0; 12];
    available[1] = 0.5;
    // 480 MWh are bought; 1460 MWh would be 4 a day: 56 in half of February, of which 80 are needed.
    let line = limit(IMPORT, &format!("quantity = 1460\nunit = \"MWh\"\n{}", list(&available)));
    let other = "[[change]]\nkind = \"demand\"\nname = \"brick\"\nof = \"E2\"\ntimes = 2\n";
    let (count, name, words) = clash(&files, &format!("{other}{line}"));
    // The limit is named once, with what it would have to be.
    assert_eq!(count, 1, "{name}");
    assert!(words.ends_with("; at most 201.6 in 2023-02, but 288 would be needed (GJ)"), "{words}");
    // Eight a day in that month are enough, and a storage or sun can make room.
    after(&files, &limit(IMPORT, &format!("quantity = 2920\nunit = \"MWh\"\n{}", list(&available))));
    let mut bright = [0.0; 12];
    bright[1] = 1.0;
    let flows = after(&files, &format!("{}{line}", sun(1.0, &bright)));
    close_all(flows[IMPORT].1, std::array::from_fn(|m| if m == 1 { 0.0 } else { WINTER[m] * MWH }));
    // A share is one of what the month is in the base year, however uneven the months are.
    after(&files, &limit(IMPORT, &format!("share = 1\n{}", list(&[1.0; 12]))));
    let words = clash(&files, &limit(IMPORT, &format!("share = 1\n{}", list(&available)))).2;
    assert!(words.ends_with("; at most 144 in 2023-02, but 288 would be needed (GJ)"), "{words}");
    // More is needed than there is: the demand is in the set.
    let twice = "[[change]]\nkind = \"demand\"\nname = \"metal\"\nof = \"E1/MILL\"\ntimes = 3\n";
    let roomy = limit(IMPORT, &format!("quantity = 2920\nunit = \"MWh\"\n{}", list(&available)));
    assert_eq!(clash(&files, &format!("{twice}{roomy}")).0, 2);
}

#[test]
fn a_year_without_months_is_spread_by_hours_and_told() {
    let files = park(&SUMMER, &WINTER);
    let text =
        |quantity: f64| limit("E1/MILL>*:metal", &format!("quantity = {quantity}\nunit = \"t\"\n{}", list(&[0.5; 12])));
    attempt(&files, &text(401.0), |_, run| {
        let notes = run.unwrap().calibrated.notes;
        let told = |name: &str| notes.iter().any(|n| n.en.starts_with(name) && n.en.contains("no months of it"));
        assert!(told("E1/MILL>outside:customer:metal: ") && !told(IMPORT), "{notes:?}");
    });
    assert!(clash(&files, &text(399.0)).2.contains("E1/MILL>*:metal quantity = 399"));
}

#[test]
fn a_storage_moves_summer_to_winter() {
    // 150 MWh of the summer, which cost 187.5; the winter takes them in October and November.
    let flows = after(&park(&SUMMER, &WINTER), &store("E1/GEN", 150.0, 1.0, 1.0));
    let month = |flow: &str, m: usize| flows[flow].1[m - 1] / MWH;
    let given = "E1/STORE>E1/MILL:electricity";
    close(flows[given].0, 150.0 * MWH);
    close(flows["E1/GEN>E1/STORE:electricity"].0, 187.5 * MWH);
    close(flows["E1/STORE>outside:loss:electricity"].0, 37.5 * MWH);
    close(flows[EXPORT].0, (600.0 - 187.5) * MWH);
    close(flows[IMPORT].0, (480.0 - 150.0) * MWH);
    close(month(EXPORT, 4), 0.0);
    close(month(EXPORT, 5), 12.5);
    close(month("E1/STORE>outside:loss:electricity", 5), 0.2 * 87.5);
    close(month(given, 10), 80.0);
    close(month(IMPORT, 11), 10.0);
    close(month(IMPORT, 1), 80.0);
    // As large as it may be: the winter takes all that it needs, of last year's summer, too.
    let flows = after(&park(&SUMMER, &WINTER), &store("E1/GEN", 1e6, 1.0, 1.0));
    close(flows[IMPORT].0, 0.0);
    close(flows["E1/GEN>E1/STORE:electricity"].0, 600.0 * MWH);
}

#[test]
fn a_year_of_a_storage_ends_as_it_began() {
    // What the end of the year leaves is there at its beginning.
    let flows = after(&park(&WINTER, &SUMMER), &store("E1/GEN", 100.0, 1.0, 1.0));
    close(flows["E1/STORE>E1/MILL:electricity"].0, 100.0 * MWH);
    // Scarce: all that is over comes back, less the losses.
    let scarce = WINTER.map(|w| w / 10.0);
    let flows = after(&park(&scarce, &SUMMER), &store("E1/GEN", 100.0, 1.0, 1.0));
    close(flows["E1/STORE>E1/MILL:electricity"].0, 0.8 * 48.0 * MWH);
    close(flows[EXPORT].0, 0.0);
}

#[test]
fn a_storage_of_days_turns_over_in_each_month() {
    // Every month 60 MWh are sold and 30 bought. Half a MWh, thirty times.
    let files = park(&[60.0; 12], &[30.0; 12]);
    let delivered = |text: &str| after(&files, text)["E1/STORE>E1/MILL:electricity"].1.map(|v| v / MWH);
    close_all(delivered(&store("E1/GEN", 0.5, 1.0, 30.0)), [15.0; 12]);
    // No more than is wanted.
    close_all(delivered(&store("E1/GEN", 5.0, 1.0, 30.0)), [30.0; 12]);
    // Half of the time at 10 kW, of which 80 % come back.
    close_all(delivered(&store("E1/GEN", 5.0, 0.01, 30.0)), DAYS.map(|d| 0.8 * 0.01 * 24.0 * d / 2.0));
}

#[test]
fn sun_beyond_the_need_of_a_month_is_sold_or_stored() {
    let files = park(&[0.0001; 12], &[30.0; 12]);
    // 0.1 MW make 2.4 MWh a day from May to July, a quarter of it in January.
    let mut available = [0.0; 12];
    (available[0], available[4], available[5], available[6]) = (0.25, 1.0, 1.0, 1.0);
    let made: [f64; 12] = std::array::from_fn(|m| available[m] * 2.4 * DAYS[m]);
    let (used, spilt) = ("E1/PV>E1/MILL:electricity", "E1/PV>outside:grid:electricity");
    let flows = after(&files, &sun(0.1, &available));
    close_all(flows[used].1, made.map(|v| v.min(30.0) * MWH));
    close_all(flows[spilt].1, made.map(|v| (v - 30.0).max(0.0) * MWH));
    close_all(flows[IMPORT].1, made.map(|v| (30.0 - v).max(0.0) * MWH));
    // A storage at the panels takes what is over: 44.4 and 42 MWh fill it with 60.
    let flows = after(&files, &format!("{}{}", sun(0.1, &available), store("E1/PV", 60.0, 1.0, 1.0)));
    close(flows["E1/STORE>E1/MILL:electricity"].0, 60.0 * MWH);
    close(flows["E1/PV>E1/STORE:electricity"].0, 75.0 * MWH);
    close(flows["E1/STORE>E1/MILL:electricity"].1[7], 30.0 * MWH);
    close(flows[spilt].0, made.iter().map(|v| (v - 30.0).max(0.0)).sum::<f64>() * MWH - 75.0 * MWH);
    // A panel by its hours alone is one of the year, as before.
    let plain = sun(0.1, &available).replace(&list(&available), "full_load_hours = \"1000 h\"\n");
    close(after(&files, &plain)[used].0, 100.0 * MWH);
}

#[test]
fn a_unit_makes_no_more_of_other_things_than_is_needed_in_a_month() {
    let hydrogen: [f64; 12] = std::array::from_fn(|m| m as f64);
    let mut flows = park(&SUMMER, &WINTER).text("flows.csv");
    for (m, quantity) in hydrogen.iter().enumerate() {
        writeln!(flows, "H{m:02},2023-{:02},outside:supplier,E1/MILL,hydrogen,{quantity},t,,process,,", m + 1).unwrap();
    }
    let files = park(&SUMMER, &WINTER).with("flows.csv", &flows);
    // 1 MW at 50 MWh/t make 0.48 t a day; from October on half of it.
    let mut available = [1.0; 12];
    available[9..].fill(0.5);
    let text = format!(
        "[[change]]\nkind = \"unit\"\nunit = \"electrolyzer\"\nid = \"E1/EL\"\nat = \"E1/MILL\"\ncapacity = \"1 MW\"\n\
         electricity_use = \"50 kWh/kg\"\n{}",
        list(&available)
    );
    let wanted: [f64; 12] = std::array::from_fn(|m| (0.48 * DAYS[m] * available[m]).min(hydrogen[m]));
    let flows = after(&files, &text);
    close_all(flows["E1/EL>E1/MILL:hydrogen"].1, wanted);
    close(flows["outside:grid>E1/EL:electricity"].0, 50.0 * MWH * wanted.iter().sum::<f64>());
}

#[test]
fn what_is_closed_has_no_months() {
    let files = park(&SUMMER, &WINTER);
    let close_of = |of: &str| format!("[[change]]\nkind = \"close\"\nof = \"{of}\"\n");
    for of in ["E1/STORE", "E1/GEN"] {
        let flows = after(&files, &format!("{}{}", store("E1/GEN", 150.0, 1.0, 1.0), close_of(of)));
        close(flows["E1/STORE>E1/MILL:electricity"].0, 0.0);
        close(flows[IMPORT].0, 480.0 * MWH);
    }
    let flows = after(&files, &format!("{}{}", sun(0.1, &[1.0; 12]), close_of("E1/PV")));
    close(flows[IMPORT].0, 480.0 * MWH);
    close(flows["E1/PV>outside:grid:electricity"].0, 0.0);
    let offered = exchange(&format!("share = 1\n{}", list(&[1.0; 12])));
    close(after(&files, &format!("{offered}{}", close_of("E2")))[SLAG].0, 0.0);
}

#[test]
fn panels_of_another_firm_feed_a_bus_that_buys() {
    // The panels' firm buys nothing: what is over at noon serves the mill, whose power the storage displaces.
    let files = park(&[0.0001; 12], &[30.0; 12]);
    let mut available = [0.0; 12];
    available[5] = 1.0;
    let of_other = |text: String| text.replace("\"E1/PV\"", "\"E2/PV\"").replace("\"E1/STORE\"", "\"E2/STORE\"");
    // 72 MWh are made in June, 42 of them over: 33.6 in July, by a storage at the panels or at the mill.
    for at in ["E1/PV", "E1/MILL"] {
        let text = format!("{}{}", sun(0.1, &available), store(at, 60.0, 1.0, 1.0));
        let flows = after(&files, &of_other(text));
        close_all(
            flows["E2/STORE>E1/MILL:electricity"].1.map(|v| v / MWH),
            [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 30.0, 3.6, 0.0, 0.0, 0.0, 0.0],
        );
    }
}

#[test]
fn an_exchange_that_runs_keeps_its_months() {
    // 6 t of slag in each month but April.
    let slags: [f64; 12] = std::array::from_fn(|m| if m == 3 { 0.0 } else { 6.0 });
    let mut flows = park(&SUMMER, &WINTER).text("flows.csv");
    for (m, slag) in slags.iter().enumerate() {
        writeln!(flows, "E{m:02},2023-{:02},E1/MILL,E2/KILN,slag,{slag},t,,process,,", m + 1).unwrap();
    }
    let files = park(&SUMMER, &WINTER)
        .with("flows.csv", &flows)
        .with("exchanges.csv", "from,to,carrier,status,displaces,ratio,disposal\nE1,E2,slag,existing,clay,2,landfill");
    close_all(after(&files, &exchange(&format!("share = 1\n{}", list(&[1.0; 12]))))[SLAG].1, slags);
    // Repairs in June: the kiln takes clay for it, the slag is left.
    let mut repairs = [1.0; 12];
    repairs[5] = 0.0;
    let flows = after(&files, &exchange(&format!("share = 1\n{}", list(&repairs))));
    close_all(flows[SLAG].1, std::array::from_fn(|m| if m == 5 { 0.0 } else { slags[m] }));
    close(flows[CLAY].1[5], CLAYS[5] + 12.0);
    close(flows[LANDFILL].1[5], SLAGS[5] + 6.0);
    close(flows[LANDFILL].1[3], SLAGS[3]);
}

#[test]
fn power_that_is_not_bought_is_not_emitted() {
    attempt(&park(&SUMMER, &WINTER), &store("E1/GEN", 150.0, 1.0, 1.0), |base, run| {
        let run = run.unwrap();
        let of = |results: &parkflux::scenario::Results| results.outside(Measure::Co2e);
        close(of(&run.results) / of(&base.results), (480.0 - 150.0) / 480.0);
    });
}

#[test]
fn sizes_of_a_storage_can_be_swept() {
    let (package, accounts) = account_files(&park(&SUMMER, &WINTER));
    let text = format!(
        "{}[[sweep]]\nchange = \"battery\"\nkey = \"energy\"\nvalues = [0.0001, 75, 150]\n",
        store("E1/GEN", 150.0, 1.0, 1.0)
    );
    let (all, found) = read_all(&BTreeMap::from([("s.toml".to_owned(), text.into_bytes())]), &package.park);
    assert!(!found.has_errors(), "{found:?}");
    let base = Base::new(&package, &accounts, None);
    let chain = resolve(&all, "s");
    let points = grid(&axes(&chain));
    let swept = sweep(&base, &chain, axes(&chain), points).unwrap();
    let measure = swept.measures.iter().position(|m| *m == Measure::Co2e).unwrap();
    let at = |point: usize| swept.outside[[point, measure]];
    let saved = |point: usize| base.results.outside(Measure::Co2e) - at(point);
    assert!(swept.clashes.is_empty());
    close(saved(1) * 2.0, saved(2));
}

/// Code and English words of the only problem of a run.
fn refused(files: &Files, text: &str) -> (Code, String) {
    attempt(files, text, |_, run| {
        let found = run.unwrap_err();
        let [problem] = &found.sorted()[..] else { panic!("{found:?}") };
        (problem.problem.code(), problem.text(Lang::En).message)
    })
}

#[test]
fn what_cannot_be_run_by_month_is_refused() {
    let files = park(&SUMMER, &WINTER);
    // One year in the place of its months.
    let year = files.text("flows.csv").lines().filter(|l| !l.starts_with('I')).collect::<Vec<_>>().join("\n");
    let year = files.clone().with("flows.csv", &format!("{year}\nI,2023,outside:grid,E1/MILL,electricity,480,MWh,,,,"));
    let (code, words) = refused(&year, &store("E1/GEN", 150.0, 1.0, 1.0));
    assert_eq!(code, Code::ScenarioWithoutMonths);
    assert!(words.contains(IMPORT) && !words.contains(EXPORT), "{words}");
    let said = |text: &str, part: &str| {
        let (code, words) = refused(&files, text);
        assert!(code == Code::ScenarioRefused && words.contains(part), "{words}");
    };
    said(&store("E1/GEN", 150.0, 1.0, 1.5), "a whole number of cycles");
    said(&store("E1/GEN", 150.0, 1.0, 1000.0), "a whole number of cycles");
    said(&store("E2/KILN", 150.0, 1.0, 1.0), "no electricity of E2/KILN");
    let bought = files.text("flows.csv").replace("outside:grid,E1/MILL", "outside:grid,E2/KILN");
    let (code, words) = refused(&files.clone().with("flows.csv", &bought), &store("E1/GEN", 150.0, 1.0, 1.0));
    assert!(code == Code::ScenarioRefused && words.contains("buy no electricity"), "{words}");
    let ones = list(&[1.0; 12]);
    said(&format!("{}{ones}", store("E1/GEN", 150.0, 1.0, 1.0)), "'available' is of units");
    said(&format!("{}full_load_hours = \"9 h\"\n", sun(1.0, &[1.0; 12])), "not both");
    // What its months say is not stretched in silence.
    for (kind, of) in [
        ("coefficient", "E1/STORE>E1/MILL:electricity"),
        ("coefficient", "E1/GEN>E1/STORE:electricity"),
        ("efficiency", "E1/STORE"),
        ("demand", "E1/STORE"),
    ] {
        let more = format!("[[change]]\nkind = \"{kind}\"\nof = \"{of}\"\ntimes = 2\n");
        said(&format!("{}{more}", store("E1/GEN", 150.0, 1.0, 1.0)), "its months say");
    }
    said(&sun(1.0, &[1.0; 12]).replace("capacity = \"1 MW\"\n", ""), "'available' is of units");
}
