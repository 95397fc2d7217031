//! The workbook: its formulas carry the engine's values, and an independent engine
//! (`LibreOffice`, hard recalculation) finds the same in every cell.
//!
//! The recalculation runs where `soffice` is found; `scripts/recompute.sh` installs it
//! and makes its absence a failure.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    missing_docs,
    reason = "a test may stop at the first surprise"
)]

mod common;

use calamine::{Data, Range, Reader, Xlsx};
use common::{FLOWS, Files, account, account_files, parks};
use parkflux::inventory::{Bucket, Inventory, Selector, What, co2e};
use parkflux::package::Package;
use parkflux::programme::{At, Formula, Pack, builtin, zone};
use parkflux::report::programme::{judge, verdict_words};
use parkflux::report::workbook::{Programmes, workbook};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::{Cursor, Read, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Largest relative difference between a stored and a recomputed value.
const RELATIVE: f64 = 1e-9;

/// Sheets whose sums may cancel, and the absolute difference that is allowed there. Unit: t, one gram.
const SUMS: [&str; 6] = ["Summary", "Members", "Figures", "Reconciliation", "Exchanges", "Transfers"];
const GRAM: f64 = 1e-6;

/// What an intensity may differ by where its sum cancels, in its own unit: the smallest that is shown is 1e-6.
const TINY: f64 = 1e-10;

/// Functions that every spreadsheet has and that depend on nothing but their cells.
const FUNCTIONS: [&str; 9] = ["SUM", "SUMIFS", "SUMPRODUCT", "IF", "ROUND", "MAX", "MIN", "AVERAGE", "ABS"];

/// A system with brackets, signs, powers, functions and years in its formulas.
fn tricky() -> BTreeMap<String, String> {
    let system = "system = \"TRICKY\"\nversion = \"1\"\nname_en = \"T\"\nname_zh = \"T\"\nregion = \"CN\"\n[rule]\nkind = \"all\"\n";
    let formulas = [
        ("iav - (giov - iav_const)", "10^4 RMB"),
        ("iav - giov - iav_const", "10^4 RMB"),
        ("iav / (giov / iav_const)", "10^4 RMB"),
        ("iav / giov / iav_const * giov", "1"),
        ("-(iav / giov) ^ 2 * -3", "1"),
        ("(iav / giov) ^ (0.5 ^ 2)", "1"),
        ("((iav / giov) ^ 0.5) ^ 3", "1"),
        ("(iav + giov) ^ 2 / (iav * giov)", "%"),
        ("max(iav, giov - iav, 2 * iav) / min(iav, giov) + mean(iav / giov, 0.5, -1)", "1"),
        ("(iav_const / iav_const[t0]) ^ (1 / n) - 1 + (iav_const[t-1] / iav_const - 1)", "%"),
    ];
    let mut rows = String::from(
        "id,group,category,name_en,name_zh,unit,measured_in,comparator,judged,threshold,formula,lever,class,source,confidence,note_en,note_zh\n",
    );
    for (i, (formula, unit)) in formulas.iter().enumerate() {
        writeln!(rows, "TRICKY-{i},,,t,t,{unit},{unit},>=,,0.25,\"{formula}\",,flow,t,low,,").unwrap();
    }
    [("tricky/system.toml".to_owned(), system.to_owned()), ("tricky/indicators.csv".to_owned(), rows)].into()
}

/// The packs that ship, and the tricky one.
fn pack() -> Pack {
    let mut pack = builtin().clone();
    let mut found = parkflux::diagnostic::Diagnostics::default();
    pack.read("programmes", &tricky(), &mut found);
    assert!(found.is_empty(), "{:?}", found.sorted());
    pack
}

/// The workbook of a park, with the programmes that it names.
fn book(package: &Package, made: &Inventory) -> Vec<u8> {
    let programmes = Programmes::new(pack(), package, made).unwrap();
    workbook(package, made, programmes.as_ref()).unwrap()
}

/// The example park, judged by all systems.
fn by_all_systems() -> (Package, Inventory) {
    let (mut package, made) = account(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/parks/binhai-example"));
    package.park.settings.programmes = vec!["all".to_owned()];
    (package, made)
}

/// A park with all that formulas exist for: own factors through headers and a bus, two
/// meters, power and heat sold on, certificates, biomass, stocks, reports, months, and
/// names that a spreadsheet could take for formulas.
fn rich(rule_set: &str, coal: &str) -> Files {
    Files::new(&format!(
        "rule_set = \"{rule_set}\"\nperiods = [\"2022\", \"2023\"]\ngases = [\"CO2\", \"CH4\", \"N2O\"]\nprogrammes = [\"all\"]"
    ))
    .with(
        "enterprises.csv",
        "enterprise,name_en,name_zh,sector
        A,=1+1,+热电厂,GB4754:D44
        B,-Works,@化工厂,GB4754:C26
        C,\"=HYPERLINK(\"\"http://x\"\")\",用户,GB4754:C26
        OP,Operator,运营商,",
    )
    .with(
        "processes.csv",
        "process,enterprise,technique
        A/CHP,A,chp
        A/HDR,A,header
        B/HDR,B,header
        OP/BUS,OP,bus",
    )
    .with("outputs.csv", "process,carrier,share\nA/CHP,heat,0.7\nA/CHP,electricity,0.3")
    .with(
        "flows.csv",
        &format!(
            "{FLOWS}
            p1,2022,outside:grid,C,electricity,\"1,234.5\",万kWh,,,,
            a1,2023-01,outside:supplier,A/CHP,bituminous,{coal},t,as_received,combustion,,
            a2,2023-02,outside:supplier,A/CHP,bituminous,2345.6,t,as_received,combustion,,
            a3,2023,A/CHP,A/HDR,heat,100000,GJ,,,,
            a4,2023,A/HDR,B/HDR,heat,90000,GJ,,,,
            a5,2023,A/HDR,outside:loss,heat,5000,GJ,,,,
            a6,2023,B/HDR,C,heat,60000,GJ,,,,
            a7,2023,A/HDR,A,heat,5000,GJ,,,,
            a8,2023,A/CHP,outside:grid,electricity,4000,MWh,,,,
            a9,2023,A/CHP,OP/BUS,electricity,2000,MWh,,,,
            b1,2023,stock:opening,B,natural_gas,1,万Nm3,,,,
            b2,2023,outside:supplier,B,natural_gas,70,万m3,20C,,,
            b3,2023,B,stock:closing,natural_gas,2,万Nm3,,,,
            b4,2023,outside:supplier,B,wood,250,t,as_received,combustion,,
            b5,2023,outside:supplier,B,diesel,33,t,,combustion,,
            b6,2023,outside:supplier,C,gasoline,12,t,,combustion,,
            g1,2023,outside:grid,OP/BUS,electricity,1000,万kWh,,,,
            g2,2023,OP/BUS,B,electricity,3000,MWh,,,from,20
            g3,2023,OP/BUS,B,electricity,3010,MWh,,,to,20
            g4,2023,OP/BUS,C,electricity,4000,MWh,,,,
            g5,2023,OP/BUS,outside:customer,electricity,1500,MWh,,,,
            g6,2023,OP/BUS,outside:loss,electricity,490,MWh,,,,
            g7,2023,outside:grid,C,electricity,0.3,MW,,,,"
        ),
    )
    .with(
        "instruments.csv",
        "holder,period,kind,quantity,unit,factor,retired
        C,2023,certificate,300,MWh,0,yes
        C,2023,certificate,500,MWh,0.1,yes
        C,2023,certificate,900,MWh,0,no",
    )
    .with(
        "emissions.csv",
        "id,period,enterprise,replaces,gas,quantity,unit,gwp_set
        e1,2023,B,b5,CO2,102.5,t,
        e2,2023,A,,SF6,3,kg,
        e3,2023,C,b6,CO2e,37,t,AR4",
    )
    .with(
        "statistics.csv",
        "subject,period,item,value,unit
        A,2023,iav,3000,万元
        B,2023,iav,12000,万元
        C,2023,iav,1.5,亿元
        OP,2023,iav,10,万元
        park,2023,land_park_km2,1.5,km2
        park,2023,land_industrial_km2,0.3,km2
        park,2023,employees_industrial,2000,person
        park,2023,giov,5,亿元
        park,2023,giov_hitech,2,亿元
        park,2023,iav_venous,1,亿元",
    )
}

/// A park with what no park of the repository has: a landfill with old deposits, sold attributes of a generator, CO2
/// that is captured and handed over, scope 3.2, 3.4 and 3.5.
fn works() -> Files {
    Files::new(
        "periods = [\"2021\", \"2022\", \"2023\"]
        factor_sets = [\"park\", \"cn_gbt32151_2024\", \"cn_waste\", \"ipcc_2019_waste\", \"ipcc_2006_waste\", \
         \"ipcc_2006_decay_wet\", \"ipcc_2006\", \"cn_gbt51366_2019_footprints\"]",
    )
    .with("enterprises.csv", "enterprise\nA\nB\nSUN")
    .with("processes.csv", "process,enterprise,technique\nA/LF,A,landfill\nA/B,A,boiler")
    .with(
        "parameters.csv",
        "process,period,parameter,carrier,gas,value,unit
        A/LF,,docf,,,0.5,1
        A/LF,,mcf,,,80,%
        A/LF,,decay_rate,,,0.17,1
        A/LF,,methane_fraction,,,0.5,1
        A/LF,,cover_oxidation,,,10,%
        A/LF,2015,deposited,food_waste,,1.5,万t",
    )
    .with(
        "factors.csv",
        "id,set,carrier,parameter,gas,technique,value,unit,source,confidence
        d,park,steel_slag,disposal_factor,CO2e_life_cycle,landfill,20,kg/t,a test,computed
        g,park,electricity,emission_factor,CO2,grid_average,0.5,t/MWh,a test,computed
        r,park,electricity,emission_factor,CO2,residual_mix,0.6,t/MWh,a test,computed
        f,park,test_fuel,emission_factor,CO2,,2,t/t,a test,computed",
    )
    .with("carriers.csv", "carrier,property,value,unit\ntest_fuel,kind,solid_fuel,")
    .with(
        "instruments.csv",
        "holder,generator,period,kind,quantity,unit,factor,retired
        A,SUN,2023,certificate,8,MWh,0,yes",
    )
    .with(
        "flows.csv",
        "id,period,from,to,carrier,quantity,unit,use,distance_km,transport
        1,2021,B,A/LF,food_waste,1000,t,,,
        2,2023,outside:grid,A,electricity,100,MWh,,,
        3,2023,outside:nature,SUN,electricity,10,MWh,,,
        4,2023,SUN,B,electricity,10,MWh,,,
        5,2023,outside:supplier,A,cement,1000,t,process,200,diesel_truck_30t
        6,2023,outside:supplier,A,steel,100,t,capital,,
        7,2023,A,outside:landfill,steel_slag,300,t,,,
        8,2023,outside:supplier,A/B,test_fuel,500,t,combustion,,
        9,2023,A/B,outside:geological,co2_gas,100,t,,,",
    )
}

/// Every park of the repository, the example judged by all systems; the rich one by each rule set, and the works.
fn all() -> Vec<(String, Package, Inventory)> {
    let mut list: Vec<_> = parks()
        .into_iter()
        .map(|folder| {
            let name = folder.file_name().unwrap().to_string_lossy().into_owned();
            let (package, made) = if name == "binhai-example" { by_all_systems() } else { account(&folder) };
            (name, package, made)
        })
        .collect();
    for rule_set in ["ghgp", "iso", "gbt"] {
        let (package, made) = account_files(&rich(rule_set, "3456.7"));
        list.push((format!("rich-{rule_set}"), package, made));
    }
    let (package, made) = account_files(&works());
    list.push(("works".to_owned(), package, made));
    list
}

/// Row and column, from zero.
type Cell = (u32, u32);

/// A workbook as read back: values and formulas by sheet and cell.
struct Book {
    values: BTreeMap<String, Range<Data>>,
    formulas: BTreeMap<String, Vec<(Cell, String)>>,
}

fn read(bytes: Vec<u8>) -> Book {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let (mut values, mut formulas) = (BTreeMap::new(), BTreeMap::new());
    for name in book.sheet_names() {
        values.insert(name.clone(), book.worksheet_range(&name).unwrap());
        let range = book.worksheet_formula(&name).unwrap();
        let start = range.start().unwrap_or_default();
        let cells = range.used_cells().filter(|c| !c.2.is_empty());
        let cells = cells.map(|(r, c, f)| ((start.0 + r as u32, start.1 + c as u32), f.clone())).collect();
        formulas.insert(name, cells);
    }
    Book { values, formulas }
}

impl Book {
    fn get(&self, sheet: &str, at: (u32, u32)) -> &Data {
        self.values[sheet].get_value(at).unwrap_or(&Data::Empty)
    }

    /// The position of a column by its machine key.
    fn column(&self, sheet: &str, key: &str) -> u32 {
        let found = (0..60).find(|&c| self.get(sheet, (1, c)) == &Data::String(key.to_owned()));
        found.unwrap_or_else(|| panic!("{sheet} has no column {key}"))
    }

    fn number(&self, sheet: &str, at: (u32, u32)) -> f64 {
        match self.get(sheet, at) {
            Data::Float(value) => *value,
            Data::Int(value) => *value as f64,
            other => panic!("{sheet} {at:?} holds {other:?}"),
        }
    }
}

/// What differs between stored and recomputed values, and how many cells were compared.
fn compare(stored: &Book, again: &Book) -> (Vec<String>, usize) {
    let (mut wrong, mut cells) = (Vec::new(), 0);
    for (sheet, formulas) in &stored.formulas {
        let absolute = match sheet.as_str() {
            // Rates of growth and gaps are differences.
            "Intensities" | "Indicators" => TINY,
            sheet if SUMS.contains(&sheet) => GRAM,
            _ => 0.0,
        };
        for (at, formula) in formulas {
            cells += 1;
            let (a, b) = (stored.get(sheet, *at), again.get(sheet, *at));
            let number = |d: &Data| match d {
                Data::Float(v) => Some(*v),
                Data::Int(v) => Some(*v as f64),
                _ => None,
            };
            let equal = match (number(a), number(b)) {
                (Some(x), Some(y)) => (x - y).abs() <= (RELATIVE * x.abs().max(y.abs())).max(absolute),
                _ => matches!((a, b), (Data::String(x), Data::String(y)) if x == y),
            };
            if !equal {
                wrong.push(format!("{sheet} {at:?} ={formula}: stored {a:?}, recomputed {b:?}"));
            }
        }
    }
    (wrong, cells)
}

#[test]
fn every_figure_and_line_stands_in_the_workbook_with_its_value() {
    for (name, package, made) in all() {
        let book = read(book(&package, &made));
        let (value, id) = (book.column("Figures", "value"), book.column("Figures", "figure"));
        let formulas: BTreeSet<(u32, u32)> = book.formulas["Figures"].iter().map(|c| c.0).collect();
        let sums: Vec<_> = made.figures.iter().filter(|f| matches!(f.what, What::Sum(_))).collect();
        assert!(!sums.is_empty());
        for (i, figure) in sums.iter().enumerate() {
            let row = i as u32 + 2;
            assert_eq!(book.get("Figures", (row, id)), &Data::String(figure.id.clone()), "{name}");
            assert_eq!(
                book.number("Figures", (row, value)).to_bits(),
                figure.value.unwrap().to_bits(),
                "{name} {}",
                figure.id
            );
            assert!(formulas.contains(&(row, value)), "{name}: {} is no formula", figure.id);
        }
        let ratios = made.figures.iter().filter(|f| matches!(f.what, What::Ratio { .. }));
        let value = book.column("Intensities", "value");
        for (i, figure) in ratios.enumerate() {
            let cell = book.get("Intensities", (i as u32 + 2, value));
            match figure.value {
                Some(v) => assert_eq!(cell, &Data::Float(v), "{name} {}", figure.id),
                None => assert_eq!(cell, &Data::String("n/a".to_owned()), "{name} {}", figure.id),
            }
        }
        // Quantity, mass and CO2e of every line are formulas.
        let formulas: BTreeSet<(u32, u32)> = book.formulas["Lines"].iter().map(|c| c.0).collect();
        for (i, line) in made.ledger.lines.iter().enumerate() {
            let row = i as u32 + 2;
            for (key, expected) in
                [("quantity", line.quantity), ("mass_t", line.mass), ("co2e_t", co2e(line, &made.gwp))]
            {
                let at = (row, book.column("Lines", key));
                assert!(key != "mass_t" || expected.to_bits() != (-0.0_f64).to_bits(), "{name}: a mass of minus zero");
                assert_eq!(
                    book.number("Lines", at).to_bits(),
                    (expected + 0.0).to_bits(),
                    "{name} {key} {}",
                    line.id(&package.park)
                );
                assert!(formulas.contains(&at), "{name}: {key} of {} is no formula", line.id(&package.park));
            }
        }
    }
}

/// The parks that are recomputed have every part that an inventory can show.
#[test]
fn every_part_of_an_inventory_is_recomputed() {
    let mut parts = BTreeSet::new();
    for (_, _, made) in all() {
        for figure in &made.figures {
            if let What::Sum(Selector { bucket, .. }) = &figure.what {
                parts.insert(bucket.id());
            }
        }
    }
    for bucket in Bucket::ALL {
        assert!(parts.contains(bucket.id()), "no park has {}", bucket.id());
    }
}

/// All terms of the two fully worked parks come from other cells or from what is printed.
#[test]
fn terms_own_factors_and_denominators_are_formulas() {
    let mut bare = Vec::new();
    for (name, package, made) in all() {
        let book = read(book(&package, &made));
        let columns = [
            ("Terms", "value"),
            ("Coefficients", "value"),
            ("Factors", "value"),
            ("OwnFactors", "value"),
            ("OwnParts", "mass_t"),
            ("Activities", "canonical"),
            ("Statistics", "canonical"),
            ("Denominators", "value"),
            ("Reconciliation", "value"),
        ];
        for (sheet, key) in columns {
            let column = book.column(sheet, key);
            let formulas: BTreeSet<u32> =
                book.formulas[sheet].iter().filter(|c| c.0.1 == column).map(|c| c.0.0).collect();
            let rows = book.values[sheet].end().unwrap().0;
            for row in 2..=rows {
                if matches!(book.get(sheet, (row, column)), Data::Float(_) | Data::Int(_)) {
                    let first = book.get(sheet, (row, 0));
                    // Enthalpies by IAPWS-IF97 and what came at the published factor stand as values.
                    let known = |text: &str| matches!(book.get(sheet, (row, 1)), Data::String(t) if t.contains(text));
                    if (sheet == "Terms" && known("specific enthalpy")) || (sheet == "OwnParts" && known("published")) {
                        continue;
                    }
                    // A term of the reconciliation that no line has is the number 0.
                    let none = sheet == "Reconciliation" && book.number(sheet, (row, column)) == 0.0;
                    if !none && !formulas.contains(&row) {
                        bare.push(format!("{name}: {key} of {first:?} in {sheet} is a bare number"));
                    }
                }
            }
        }
    }
    assert!(bare.is_empty(), "{} cells:\n{}", bare.len(), bare[..bare.len().min(20)].join("\n"));
}

#[test]
fn formulas_use_plain_functions_and_texts_stay_texts() {
    for (name, package, made) in all() {
        let bytes = book(&package, &made);
        assert_eq!(bytes, book(&package, &made), "{name}: not the same bytes");
        let book = read(bytes);
        let mut seen = 0;
        for (sheet, at, formula) in book.formulas.iter().flat_map(|(s, list)| list.iter().map(move |(a, f)| (s, a, f)))
        {
            seen += 1;
            let mut rest = formula.as_str();
            while let Some(open) = rest.find('(') {
                let word: String = rest[..open].chars().rev().take_while(char::is_ascii_alphanumeric).collect();
                let word: String = word.chars().rev().collect();
                assert!(word.is_empty() || FUNCTIONS.contains(&word.as_str()), "{name} {sheet} {at:?}: {word}");
                rest = &rest[open + 1..];
            }
            assert!(!formula.contains("HYPERLINK") && !formula.contains('['), "{name} {sheet} {at:?}: {formula}");
        }
        assert!(seen > 50, "{name}: only {seen} formulas");
        if name.starts_with("rich") {
            let names = book.column("Enterprises", "name_en");
            assert_eq!(book.get("Enterprises", (2, names)), &Data::String("=1+1".to_owned()));
        }
        for sheet in book.values.keys().filter(|s| *s != "README") {
            assert!(matches!(book.get(sheet, (1, 0)), Data::String(_)), "{name} {sheet} has no machine keys");
            assert!(
                matches!(book.get(sheet, (0, 0)), Data::String(t) if t.contains('\n')),
                "{name} {sheet}: one language"
            );
        }
    }
}

/// Every value of every row of the systems is a formula that holds the engine's value, and so are gaps and verdicts that are
/// comparisons; what has no value has no number.
#[test]
fn indicators_stand_in_the_workbook_as_formulas_over_items() {
    let (package, made) = by_all_systems();
    let read = read(book(&package, &made));
    let pack = pack();
    let (zone, _) = zone(&pack, &package.park, &made);
    let at = At { year: 2024, base: 2022 };
    let formulas: BTreeMap<(u32, u32), &String> = read.formulas["Indicators"].iter().map(|(c, f)| (*c, f)).collect();
    let column = |key: &str| read.column("Indicators", key);
    let text = |cell: (u32, u32)| match read.get("Indicators", cell) {
        Data::String(text) => text.clone(),
        other => panic!("{cell:?} holds {other:?}"),
    };
    let (mut line, mut values, mut live) = (2, 0, 0);
    for system in &pack.systems {
        let judged = judge(&pack, system, &zone, at, &made.years);
        assert_eq!(text((line, 0)), *system.id);
        line += 1;
        for ((row, assessment), by_year) in system.rows.iter().zip(&judged.rows).zip(&judged.values) {
            assert_eq!(text((line, 0)), *row.id);
            for (year, value) in by_year {
                let cell = (line, column(&year.to_string()));
                match value {
                    Some(value) => {
                        assert_eq!(read.number("Indicators", cell).to_bits(), (value + 0.0).to_bits(), "{}", row.id);
                        let formula = formulas.get(&cell).unwrap_or_else(|| panic!("{} {year}: no formula", row.id));
                        assert!(formula.contains("Items!$"), "{} {year}: {formula} names no item", row.id);
                        values += 1;
                    }
                    None => assert_eq!(text(cell), "n/a", "{} {year}", row.id),
                }
            }
            let words = verdict_words(&pack, &zone, row, assessment, at);
            assert_eq!(text((line, column("verdict"))), format!("{} {}", words.zh, words.en), "{}", row.id);
            live += usize::from(formulas.contains_key(&(line, column("verdict"))));
            if let Some(gap) = assessment.gap {
                let shown = read.number("Indicators", (line, column("gap")));
                assert!((shown - gap).abs() <= 1e-12 * gap.abs(), "{}: {shown} {gap}", row.id);
                assert!(formulas.contains_key(&(line, column("gap"))), "the gap of {} is no formula", row.id);
            }
            let unconfirmed = row.confidence == parkflux::programme::Confidence::Low;
            let note = match read.get("Indicators", (line, column("note"))) {
                Data::String(note) => note.contains("unconfirmed threshold"),
                _ => false,
            };
            assert_eq!(note, unconfirmed, "{}", row.id);
            line += 1;
        }
    }
    assert!(values > 300, "only {values} values");
    assert!(live > 80, "only {live} verdicts are formulas");
}

/// Spreadsheets read signs, powers and differences otherwise than some think: brackets stand where the order needs them, and
/// only there.
#[test]
fn formulas_have_the_brackets_that_they_need() {
    let items = &builtin().items;
    let spelled = |text: &str| {
        let cell = |item, when| Some(format!("{}{when:?}", items.get(item).symbol).replace("Back(0)", ""));
        Formula::parse(text, items).unwrap().infix(cell, 3.0)
    };
    for (text, expected) in [
        ("iav - (giov - iav_const)", "iav-(giov-iav_const)"),
        ("(iav - giov) - iav_const", "iav-giov-iav_const"),
        ("iav + giov - iav_const", "iav+giov-iav_const"),
        ("iav / (giov * 2)", "iav/(giov*2)"),
        ("iav * 2 / giov", "iav*2/giov"),
        ("(iav - giov) / (iav + giov)", "(iav-giov)/(iav+giov)"),
        ("-(iav / giov) ^ 2", "(-(iav/giov))^2"),
        ("-(iav / giov ^ 2)", "(-(iav/giov^2))"),
        ("((iav / giov) ^ 2) ^ 3", "((iav/giov)^2)^3"),
        ("(iav / iav[t0]) ^ (1 / n) - 1", "(iav/iavBase)^(1/3)-1"),
        ("max(iav, giov - iav) / mean(iav, giov[t-1], 2 * iav)", "MAX(iav,giov-iav)/AVERAGE(iav,giovBack(1),2*iav)"),
        ("0.0000001 * min(iav, giov)", "0.0000001*MIN(iav,giov)"),
    ] {
        assert_eq!(spelled(text).as_deref(), Some(expected), "{text}");
    }
    for text in ["elasticity(iav_const, energy_tce)", "emission_quotas_met_flag"] {
        assert_eq!(spelled(text), None, "{text} is no plain value");
    }
}

/// Sheets of indicators are there where programmes are named, and only there.
#[test]
fn a_park_without_programmes_has_no_sheets_of_indicators() {
    for (files, named) in [(works(), false), (rich("ghgp", "3456.7"), true)] {
        let (package, made) = account_files(&files);
        let read = read(book(&package, &made));
        for sheet in ["Indicators", "Items"] {
            assert_eq!(read.values.contains_key(sheet), named, "{sheet}");
        }
    }
}

/// A programme that nobody knows is an error of `park.toml`, and names those that there are.
#[test]
fn a_programme_that_is_unknown_is_told() {
    let (mut package, made) = by_all_systems();
    package.park.settings.programmes = vec!["HJ274-2015".to_owned(), "HJ274-2016".to_owned()];
    let found = Programmes::new(pack(), &package, &made).unwrap_err();
    let said =
        parkflux::diagnostic::render_text(&found, parkflux::diagnostic::Lang::En, parkflux::diagnostic::Style::Plain);
    assert!(said.contains("park.toml") && said.contains("HJ274-2016") && said.contains("CEPZ-CTIP"), "{said}");
}

/// `LibreOffice`, where there is one. `PARKFLUX_RECOMPUTE` makes its absence a failure.
fn office() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).map(|p| p.join("soffice")).find(|p| p.exists());
    assert!(
        found.is_some() || std::env::var_os("PARKFLUX_RECOMPUTE").is_none(),
        "LibreOffice is wanted and 'soffice' is not on the PATH"
    );
    found
}

/// Opens workbooks in `LibreOffice`, recalculates every formula, and reads them back.
fn recalculate(office: &Path, books: &[(String, Vec<u8>)]) -> BTreeMap<String, Book> {
    let folder = tempfile::tempdir().unwrap();
    let (input, output, profile) = (folder.path().join("in"), folder.path().join("out"), folder.path().join("profile"));
    std::fs::create_dir_all(profile.join("user")).unwrap();
    std::fs::create_dir_all(&input).unwrap();
    // Without this LibreOffice shows what is stored in a file that it has not written itself.
    std::fs::write(
        profile.join("user/registrymodifications.xcu"),
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>
        <oor:items xmlns:oor=\"http://openoffice.org/2001/registry\" xmlns:xs=\"http://www.w3.org/2001/XMLSchema\"
          xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">
        <item oor:path=\"/org.openoffice.Office.Calc/Formula/Load\"><prop oor:name=\"OOXMLRecalcMode\" oor:op=\"fuse\">
        <value>0</value></prop></item></oor:items>",
    )
    .unwrap();
    let files: Vec<PathBuf> = books
        .iter()
        .map(|(name, bytes)| {
            let file = input.join(format!("{name}.xlsx"));
            std::fs::write(&file, bytes).unwrap();
            file
        })
        .collect();
    let ran = Command::new(office)
        .arg(format!("-env:UserInstallation=file://{}", profile.display()))
        .args(["--headless", "--norestore", "--convert-to", "xlsx", "--outdir"])
        .arg(&output)
        .args(&files)
        .env("HOME", folder.path())
        .output()
        .unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let reread = books.iter().map(|(name, _)| {
        let file = output.join(format!("{name}.xlsx"));
        let bytes = std::fs::read(&file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        (name.clone(), read(bytes))
    });
    reread.collect()
}

/// The workbook with one text in one of its parts replaced; panics if it is not there.
fn altered(bytes: &[u8], sheet: &str, old: &str, new: &str) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut texts = Vec::new();
    for i in 0..archive.len() {
        let mut file = archive.by_index(i).unwrap();
        let mut text = String::new();
        let name = file.name().unwrap().into_owned();
        file.read_to_string(&mut text).unwrap();
        texts.push((name, text));
    }
    // Sheets are numbered in the order of the workbook.
    let book = &texts.iter().find(|t| t.0 == "xl/workbook.xml").unwrap().1;
    let names: Vec<&str> = book.split("<sheet name=\"").skip(1).map(|s| s.split('"').next().unwrap()).collect();
    let number = names.iter().position(|n| *n == sheet).unwrap() + 1;
    let part = format!("xl/worksheets/sheet{number}.xml");
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in &mut texts {
        if *name == part {
            assert!(text.contains(old), "{old} is not in {sheet}");
            *text = text.replacen(old, new, 1);
        }
        out.start_file(name.as_str(), zip::write::SimpleFileOptions::default()).unwrap();
        out.write_all(text.as_bytes()).unwrap();
    }
    out.finish().unwrap().into_inner()
}

/// The check can fail: a stored value that was tampered with is found, which also
/// shows that `LibreOffice` computes and does not repeat what it reads. And the chain is
/// live: a changed input changes every figure as the engine would.
#[test]
fn libreoffice_recomputes_every_cell() {
    let Some(office) = office() else {
        eprintln!("skipped: no LibreOffice (soffice) here; scripts/recompute.sh installs it");
        return;
    };
    let mut books: Vec<(String, Vec<u8>)> =
        all().into_iter().map(|(name, package, made)| (name, book(&package, &made))).collect();
    let whole = books.iter().find(|b| b.0 == "rich-ghgp").unwrap().1.clone();
    let before = read(whole.clone());
    // The first formula of Figures, with another stored value.
    let value = before.column("Figures", "value");
    let letter = char::from(b'A' + value as u8);
    let stored = before.number("Figures", (2, value));
    let cell = format!("</f><v>{stored}</v></c><c r=\"{}3\"", char::from(b'A' + value as u8 + 1));
    let tampered = altered(&whole, "Figures", &cell, &cell.replace(&format!("{stored}"), &format!("{}", stored + 1.0)));
    books.push(("tampered".to_owned(), tampered.clone()));
    // The coal of January, doubled.
    let changed = altered(&whole, "Activities", "<v>3456.7</v></c>", "<v>6913.4</v></c>");
    books.push(("changed".to_owned(), changed));
    // The added value of the largest firm, a tenth of it.
    let (mut package, made) = account_files(&rich("ghgp", "3456.7"));
    books.push(("poorer".to_owned(), altered(&whole, "Statistics", "<v>12000</v>", "<v>1200</v>")));
    let iav = package.park.statistics.iter_mut().find(|s| &*s.printed == "12000 万元").unwrap();
    iav.value /= 10.0;
    let poorer = read(book(&package, &made));
    let again = recalculate(&office, &books);

    let mut cells = 0;
    for (name, bytes) in books.iter().filter(|b| !["tampered", "changed", "poorer"].contains(&b.0.as_str())) {
        let (wrong, compared) = compare(&read(bytes.clone()), &again[name]);
        assert!(
            wrong.is_empty(),
            "{name}: {} of {compared} cells differ:\n{}",
            wrong.len(),
            wrong[..wrong.len().min(20)].join("\n")
        );
        assert!(compared > 50, "{name}: only {compared} cells");
        eprintln!("{name}: {compared} formulas recomputed");
        cells += compared;
    }
    assert!(cells > 1000, "only {cells} cells compared");
    eprintln!("{cells} formulas recomputed by LibreOffice within {RELATIVE:e}");

    let (wrong, _) = compare(&read(tampered), &again["tampered"]);
    assert_eq!(wrong.len(), 1, "the tampered value in {letter}3 was not found: {wrong:?}");

    let (_, made) = account_files(&rich("ghgp", "6913.4"));
    let mut moved = 0;
    for (i, figure) in made.figures.iter().filter(|f| matches!(f.what, What::Sum(_))).enumerate() {
        let at = (i as u32 + 2, value);
        let (expected, got) = (figure.value.unwrap(), again["changed"].number("Figures", at));
        let allowed = (RELATIVE * expected.abs()).max(GRAM);
        assert!((expected - got).abs() <= allowed, "{}: {got}, the engine says {expected}", figure.id);
        moved += usize::from((before.number("Figures", at) - got).abs() > 1.0);
    }
    assert!(moved > 10, "only {moved} figures moved with the coal");

    // Values and verdicts follow as the engine has them.
    let (wrong, compared) = compare(&poorer, &again["poorer"]);
    let of_indicators = |text: &&String| text.starts_with("Indicators") || text.starts_with("Items");
    let wrong: Vec<&String> = wrong.iter().filter(of_indicators).collect();
    assert!(wrong.is_empty(), "{} of {compared} differ:\n{wrong:#?}", wrong.len());
    let verdict = before.column("Indicators", "verdict");
    let turned = before.formulas["Indicators"]
        .iter()
        .filter(|(cell, _)| cell.1 == verdict)
        .filter(|(cell, _)| before.get("Indicators", *cell) != again["poorer"].get("Indicators", *cell))
        .count();
    assert!(turned > 1, "only {turned} verdicts turned with the added value");
}
