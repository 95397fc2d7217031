//! Levels of stocks: however many rows state them, a year is its first level, what came and what went, and its last level.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test may stop at the first surprise")]

mod common;

use approx::assert_relative_eq;
use common::{FLOWS, Files, account_files};
use parkflux::inventory::Inventory;
use parkflux::package::Package;

/// Stock at the beginning of January, at the ends of January and February, and at the end of March. Unit: t.
const LEVELS: [f64; 4] = [500.0, 400.0, 350.0, 300.0];

/// Which opening and which closing rows are there, by month.
const WAYS: [(&[usize], &[usize]); 5] =
    [(&[1, 2, 3], &[1, 2, 3]), (&[1], &[1, 2, 3]), (&[1, 2, 3], &[3]), (&[1, 3], &[1, 3]), (&[1], &[3])];

/// What moves, when: all in one row of the year, month by month, or also in a month far from the levels.
const MOVES: [&[(&str, f64)]; 3] = [
    &[("2023", 2000.0)],
    &[("2023-01", 700.0), ("2023-02", 700.0), ("2023-03", 600.0)],
    &[("2023-01", 1500.0), ("2023-12", 500.0)],
];

/// A flow that is moved between a process and somebody, with its stock at the process.
struct Held<'a> {
    from: &'a str,
    to: &'a str,
    carrier: &'a str,
    usage: &'a str,
}

impl Held<'_> {
    fn row(&self, id: &str, period: &str, quantity: f64) -> String {
        let Held { from, to, carrier, usage } = self;
        format!("\n{id},{period},{from},{to},{carrier},{quantity},t,,{usage},,")
    }

    fn place(&self) -> &str {
        if self.from == "A/P" { self.from } else { self.to }
    }

    fn opening(&self, id: &str, period: &str, quantity: f64) -> String {
        Held { from: "stock:opening", to: self.place(), ..*self }.row(id, period, quantity)
    }

    fn closing(&self, id: &str, period: &str, quantity: f64) -> String {
        Held { from: self.place(), to: "stock:closing", usage: "", ..*self }.row(id, period, quantity)
    }

    /// The rows of all ways to state the same year.
    fn ways(&self) -> Vec<String> {
        let mut all = Vec::new();
        for moves in MOVES {
            let moved: String = (0..).zip(moves).map(|(i, m)| self.row(&format!("m{i}"), m.0, m.1)).collect();
            for (opening, closing) in WAYS {
                let month = |m: &usize| format!("2023-0{m}");
                let opening = opening.iter().map(|m| self.opening(&format!("o{m}"), &month(m), LEVELS[m - 1]));
                let closing = closing.iter().map(|m| self.closing(&format!("c{m}"), &month(m), LEVELS[*m]));
                all.push(moved.clone() + &opening.chain(closing).collect::<String>());
            }
            // The levels of the year beside one of a month.
            all.push(moved.clone() + &self.opening("o", "2023", 500.0) + &self.closing("c", "2023", 300.0));
            all.push(all.last().unwrap().clone() + &self.opening("o3", "2023-03", 350.0));
            // Two readers of one level.
            let to = format!("\nx,2023-01,{},stock:closing,{},390,t,,,to,", self.place(), self.carrier);
            let from = format!("\ny,2023-01,{},stock:closing,{},400,t,,,from,", self.place(), self.carrier);
            all.push(moved + &self.opening("o", "2023-01", 500.0) + &self.closing("c", "2023-03", 300.0) + &to + &from);
        }
        all
    }

    /// The same year without stock: 2,200 t taken in, or 1,800 t given away.
    fn plain(&self) -> String {
        self.row("m", "2023", if self.from == "A/P" { 1800.0 } else { 2200.0 })
    }
}

const CARRIERS: &str = "carrier,property,value,unit
    test_fuel,kind,solid_fuel,
    test_fuel,carbon_content,0.5,t/t
    wat,kind,material,
    coke,carbon_content,0.8,t/t
    clinker,cao,65.2,%
    clinker,cao_noncarbonate,0,%";

const SETS: &str = "gases = [\"CO2\", \"SF6\"]\nfactor_sets = [\"park\", \"cn_mee_cement_2024\", \
    \"cn_gbt32151_2024\", \"cn_gbt32151_2024_carbonates\", \"cn_ndrc_2013_steel_processes\"]";

fn made(process: &str, rows: &str) -> (Package, Inventory) {
    let files = Files::new(SETS)
        .with("enterprises.csv", "enterprise\nA\nB")
        .with("processes.csv", &format!("process,enterprise,technique,accounting\nA/P,A,{process}"))
        .with("carriers.csv", CARRIERS)
        .with("flows.csv", &format!("{FLOWS}{rows}"));
    account_files(&files)
}

fn agree(process: &str, held: &Held) {
    let of = |rows: &str| made(process, rows).1.value("2023/park/scope1/CO2e").unwrap();
    let expected = of(&held.plain());
    assert!(expected > 0.0);
    for rows in held.ways() {
        let found = of(&rows);
        assert!((found / expected - 1.0).abs() < 1e-12, "{found} is not {expected}:{rows}");
    }
}

fn bought<'a>(carrier: &'a str, usage: &'a str) -> Held<'a> {
    Held { from: "outside:supplier", to: "A/P", carrier, usage }
}

#[test]
fn fuel_burnt_does_not_depend_on_how_many_rows_state_a_level() {
    agree("boiler,", &bought("test_fuel", "combustion"));
}

#[test]
fn nor_do_carbonates_and_reductants() {
    agree("furnace,", &bought("limestone", "process"));
    agree("furnace,", &bought("coke", "reductant"));
}

#[test]
fn nor_does_a_carbon_balance() {
    agree(",balance:X", &bought("test_fuel", "feedstock"));
}

#[test]
fn nor_does_gas_lost_from_equipment() {
    agree("switchgear,", &bought("sf6", "process"));
}

#[test]
fn nor_does_a_product_that_its_process_goes_by() {
    agree("kiln,", &Held { from: "A/P", to: "B", carrier: "clinker", usage: "" });
}

/// Two fuels and two processes: the levels of one are not those of the other.
#[test]
fn each_stock_has_levels_of_its_own() {
    let fuel = bought("test_fuel", "combustion");
    let coke = bought("coke", "reductant");
    let of = |rows: &str| made("furnace,", rows).1.value("2023/park/scope1/CO2e").unwrap();
    let (both, lone) = (fuel.ways()[0].clone(), fuel.ways()[1].clone());
    let other = coke.ways()[2].replace("\nm", "\nkm").replace("\no", "\nko").replace("\nc", "\nkc");
    assert_relative_eq!(of(&(lone.clone() + &other)), of(&(both.clone() + &other)), max_relative = 1e-12);
    let apart = fuel.ways()[1].replace("A/P", "B").replace("\nm", "\nbm").replace("\no", "\nbo").replace("\nc", "\nbc");
    assert_relative_eq!(of(&(both + &apart)), 2.0 * of(&fuel.plain()), max_relative = 1e-12);
}

#[test]
fn a_level_that_counts_nowhere_is_in_the_coverage() {
    let (package, made) = made("boiler,", &bought("test_fuel", "combustion").ways()[1]);
    let between =
        made.coverage.rows.iter().filter(|r| r.treatment.0 == "a stock between two months: cancels in the year");
    assert_eq!(between.map(|r| &*r.id).collect::<Vec<_>>(), ["c1", "c2"]);
    assert_eq!(made.coverage.rows.len(), package.park.flows.len());
}

/// A yearly reading is no level of a month: it is no check of the sum of monthly levels.
#[test]
fn a_level_of_the_year_checks_that_of_its_first_month_alone() {
    let fuel = bought("test_fuel", "combustion");
    let rows = fuel.ways()[0].clone() + &fuel.opening("o", "2023", 500.0) + &fuel.closing("c", "2023", 300.0);
    let (_, made) = made("boiler,", &rows);
    // December has no closing row, so that the one of the year is its level; what March closes with then lies between.
    assert_relative_eq!(made.value("2023/park/scope1/CO2").unwrap(), 4400.0, max_relative = 1e-12);
}

#[test]
fn a_level_of_one_year_alone_is_a_finding() {
    let codes = |rows: &str| {
        let files = Files::new("periods = [\"2023\", \"2024\"]\ngases = [\"CO2\"]")
            .with("enterprises.csv", "enterprise\nA")
            .with("flows.csv", &format!("{FLOWS}{rows}"));
        let (_, found) = parkflux::package::read_files(&files.0);
        found.sorted().iter().map(|d| d.problem.code().id()).collect::<Vec<_>>()
    };
    let fuel = Held { from: "outside:supplier", to: "A", carrier: "test_fuel", usage: "combustion" };
    let (first, next) = (fuel.row("1", "2023", 100.0), fuel.row("2", "2024", 100.0));
    let (closing, opening) = (fuel.closing("3", "2023-12", 10.0), fuel.opening("4", "2024", 10.0));
    assert_eq!(codes(&format!("{first}{next}{closing}")), ["B220"]);
    assert_eq!(codes(&format!("{first}{next}{opening}")), ["B220"]);
    // Stated by both, nothing left, or no rows in the other year.
    for rows in [
        format!("{first}{next}{closing}{opening}"),
        format!("{first}{next}{}", fuel.closing("3", "2023", 0.0)),
        format!("{first}{closing}"),
        format!("{next}{opening}"),
    ] {
        assert!(codes(&rows).is_empty(), "{rows}");
    }
}
