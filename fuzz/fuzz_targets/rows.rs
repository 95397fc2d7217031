//! Tables made of rows whose cells come from lists, so that most packages are
//! valid and the accounting is reached. The order of rows and the order of ids
//! must not change a figure.

#![no_main]

mod common;

use arbitrary::Unstructured;
use common::{Files, check};
use libfuzzer_sys::fuzz_target;
use parkflux::inventory::{Figure, Inventory, What, inventory};
use parkflux::package::read_files;
use parkflux::package::schema::{TABLES, table};
use std::collections::BTreeMap;

/// Most rows of one package.
const MOST: usize = 48;

/// Carriers with the units and bases that suit them.
const CARRIERS: &[(&str, &[&str], &[&str])] = &[
    ("electricity", &["MWh", "kWh", "万kWh", "GJ", "MW"], &[""]),
    ("heat", &["GJ", "MWh", "GJ/h", "tce"], &[""]),
    ("bituminous", &["t", "万t", "kg", "t/h"], &["as_received", "", "dry", "air_dried"]),
    ("bituminous", &["GJ", "tce", "MW"], &["NCV", "NCV;as_received", "GCV"]),
    ("natural_gas", &["万Nm3", "Nm3", "10^4 Nm3"], &["", "0C"]),
    ("natural_gas", &["m3", "万m3"], &["20C", "15C", "0C", "state_unstated"]),
    ("natural_gas", &["GJ", "MMBtu"], &["NCV", "GCV"]),
    ("steam", &["t", "GJ", "t/h", "万t"], &[""]),
    ("chilled_water", &["GJ"], &[""]),
    ("diesel", &["t", "L", "kg"], &[""]),
    ("diesel", &["GJ", "tce"], &["NCV", "GCV"]),
    ("wood", &["GJ"], &["NCV"]),
    ("wood", &["t"], &["as_received", "dry", ""]),
    ("biogas", &["GJ"], &["NCV"]),
    ("municipal_solid_waste", &["t"], &[""]),
    ("fresh_water", &["m3", "t", "m3/h"], &[""]),
    ("limestone", &["t"], &[""]),
    ("tail_gas", &["GJ"], &["NCV"]),
    ("tail_gas", &["Nm3"], &["", "0C"]),
];
const NODES: &[&str] = &[
    "E01/CHP1",
    "E02",
    "E03",
    "E01",
    "E01/BUS",
    "outside:supplier",
    "outside:grid",
    "outside:customer",
    "outside:loss",
    "outside:atmosphere",
    "outside:nature",
    "stock:opening",
    "stock:closing",
    "E02/P1",
    "E02/_site",
    "outside:landfill",
];
const USES: &[&str] =
    &["", "combustion", "resale", "own_use", "feedstock", "consumption", "process", "reductant", "sorbent"];
const NUMBERS: &[&str] =
    &["1000", "60000", "1", "50", "0.5", "123456.789", "0", "7e6", "1,234.5", "0.001", "33", "２０"];
const EXTREMES: &[&str] = &["1e15", "1e-300", "5e-324", "1e-310", "999999999999999", "0", "1e-17", "999999999.999999"];
/// Cells that are no number or no amount.
const REFUSED: &[&str] = &["", "-5", "-1e15", "1e308", "nan", "9,99", "x"];
const UNITS: &[&str] = &[
    "t",
    "GJ",
    "m3",
    "1",
    "%",
    "万元",
    "km2",
    "人",
    "tce",
    "MWh",
    "GJ/t",
    "t/TJ",
    "kg/GJ",
    "t/t",
    "GJ/万Nm3",
    "kJ/kg",
    "t/MWh",
    "MJ/m3",
    "t/m3",
    "kgce/kWh",
    "元",
    "J",
    "Pa",
    "°C",
    "t·km",
];
/// Units that are read and that nobody means.
const ODD: &[&str] = &[
    "t*PJ*PJ*PJ*PJ*PJ*PJ/J/J/J/J/J/J",
    "GJ*1e8PJ*1e8PJ*1e8PJ/J/J/J",
    "GJ/1e8PJ/1e8PJ*J*J",
    "1/1/1/1",
    "元/PJ/PJ*J*J",
    "tCO2",
    "ton",
    "m3/m3*t",
    "-",
    "/",
    "1e8GJ/亿t",
    "t/h*h",
];
/// Periods of `park.toml`, and periods that lie in them.
const PERIODS: &[(&str, &[&str])] = &[
    ("2023", &["2023", "2023-01", "2023-02", "2023-07"]),
    ("2022, 2023", &["2023", "2022", "2023-01", "2022-12", "2022-02"]),
    ("\"2023\", \"2023-01\"", &["2023", "2023-01", "2023-12"]),
    ("\"2022-12\", \"2023-01\"", &["2023-01", "2022-12"]),
    ("2023, 2023", &["2023", "2023-02"]),
];
const GASES: &[&str] = &["CO2", "CH4", "N2O", "CO2e", "SF6", "HFC134a", "HCFC22", "SO2"];
const GWP_SETS: &[&str] = &["AR5", "AR4", "SAR", "AR6", "AR5cc", "AR6-20"];
const PROPERTIES: &[(&str, &[&str], &[&str])] = &[
    ("ncv", &["GJ/t", "MJ/m3", "GJ/万Nm3"], &["", "as_received", "0C"]),
    ("enthalpy", &["GJ/t", "kJ/kg"], &[""]),
    ("emission_factor", &["t/t", "t/TJ", "t/m3"], &["", "NCV", "0C", "GCV"]),
    ("carbon_content", &["t/t", "t/TJ", "%"], &["", "NCV", "as_received"]),
    ("oxidation", &["%", "1"], &[""]),
    ("gcv", &["GJ/t", "MJ/m3"], &[""]),
];
const ITEMS: &[(&str, &[&str])] = &[
    ("iav", &["万元", "元"]),
    ("energy_tce", &["tce", "GJ"]),
    ("land_park_km2", &["km2", "ha"]),
    ("employees_industrial", &["人"]),
    ("iav_const", &["亿元"]),
    ("water_m3", &["m3"]),
];
const WORDS: &[&str] =
    &["", "yes", "no", "E01", "x", "=1+1", "\"", "市", "\u{1b}[31m", "a,b", "line\nbreak", "https://e.org"];

/// Rows of a package, by table: column and cell. `{F7}` stands for the id of the
/// seventh flow, `{M2}` for that of the second reported row.
#[derive(Default)]
struct Rows {
    park: String,
    periods: &'static [&'static str],
    tables: BTreeMap<&'static str, Vec<Vec<(&'static str, String)>>>,
}

/// Bytes turned into choices; zeros when they are used up.
struct Dice<'a>(Unstructured<'a>);

impl Dice<'_> {
    fn byte(&mut self) -> usize {
        usize::from(self.0.arbitrary::<u8>().unwrap_or_default())
    }

    fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.byte() % list.len()]
    }

    fn word(&mut self, list: &[&str]) -> String {
        self.pick(list).to_owned()
    }

    fn number(&mut self) -> String {
        match self.byte() {
            220..236 => self.word(EXTREMES),
            236..254 => format!("{}e{}", self.byte(), self.byte() as i32 % 32 - 20),
            254.. => self.word(REFUSED),
            at => NUMBERS[at % NUMBERS.len()].to_owned(),
        }
    }

    fn unit(&mut self, fitting: &[&str]) -> String {
        match self.byte() {
            248..254 => self.word(ODD),
            254.. => self.word(UNITS),
            at => fitting[at % fitting.len()].to_owned(),
        }
    }

    fn carrier(&mut self) -> (&'static str, &'static [&'static str], &'static [&'static str]) {
        self.pick(CARRIERS)
    }
}

impl Rows {
    fn add<const N: usize>(&mut self, table: &'static str, cells: [(&'static str, String); N]) {
        self.tables.entry(table).or_default().push(cells.to_vec());
    }

    fn count(&self, table: &str) -> usize {
        self.tables.get(table).map_or(0, Vec::len)
    }

    fn new(data: &[u8]) -> Self {
        let mut dice = Dice(Unstructured::new(data));
        let mut rows = Self::default();
        rows.settings(&mut dice);
        let text = str::to_owned;
        for id in ["E01", "E02", "E03"] {
            let sector = dice.word(&["", "GB4754:D44", "GB4754:C26", "C26/scope1"]);
            rows.add("enterprises", [("enterprise", text(id)), ("sector", sector), ("name_zh", dice.word(WORDS))]);
        }
        for (id, technique) in [("E01/CHP1", "chp"), ("E01/BUS", "bus"), ("E02/P1", "boiler")] {
            let technique = if dice.byte() < 192 { technique } else { dice.pick(&["", "pool", "header", "fbc"]) };
            let owner = text(&id[..3]);
            rows.add("processes", [("process", text(id)), ("enterprise", owner), ("technique", text(technique))]);
        }
        for kind in [dice.pick(&["gas_fuel", "gas_fuel", "solid_fuel", "by_product", "heat", "waste"])] {
            let cells = [("carrier", text("tail_gas")), ("property", text("kind")), ("value", text(kind))];
            rows.add("carriers", cells);
        }
        let own = [
            ("tail_gas", "0.05", "t/GJ", "NCV"),
            ("tail_gas", "0.002", "t/m3", "0C"),
            ("chilled_water", "0.02", "t/GJ", ""),
            ("wood", "1.7", "t/t", ""),
            ("fuel_gas", "0.05", "t/GJ", "GCV"),
        ];
        for (i, (carrier, value, unit, basis)) in own.into_iter().enumerate() {
            rows.add(
                "factors",
                [
                    ("id", format!("own.a{i}")),
                    ("set", text("own")),
                    ("carrier", text(carrier)),
                    ("parameter", text("emission_factor")),
                    ("gas", text("CO2")),
                    ("value", text(value)),
                    ("unit", text(unit)),
                    ("basis", text(basis)),
                    ("source", text("s")),
                    ("confidence", text("official")),
                ],
            );
        }
        if dice.byte() < 192 {
            rows.add(
                "carriers",
                [
                    ("carrier", text("steam")),
                    ("property", text("enthalpy")),
                    ("value", text("2.8")),
                    ("unit", text("GJ/t")),
                ],
            );
        }
        for _ in 0..MOST {
            if dice.0.is_empty() {
                break;
            }
            rows.row(&mut dice);
        }
        rows
    }

    fn settings(&mut self, dice: &mut Dice) {
        let (years, periods) = dice.pick(PERIODS);
        self.periods = periods;
        let sets = dice.pick(&[
            r#""cn_gbt32151_2024", "cn_grid", "cn_heat", "ipcc_2006", "own""#,
            r#""own", "cn_grid", "cn_heat", "ipcc_2006""#,
            r#""us_epa_98", "cn_grid", "own""#,
            r#""cn_ndrc_2015", "cn_heat", "own""#,
            r#""cn_grid""#,
        ]);
        let gases = dice.pick(&[r#""CO2", "CH4", "N2O""#, r#""CO2""#, r#""CH4", "CO2", "CO2""#, r#""CO2", "SF6""#, ""]);
        self.park = format!(
            "schema = 1\nid = \"fuzz\"\nperiods = [{}]\nregion = \"{}\"\nfactor_sets = [{sets}]\ngwp_set = \"{}\"\n\
             rule_set = \"{}\"\ngases = [{gases}]\ninternal_factor = \"{}\"\n{}{}{}",
            years,
            dice.pick(&["cn.north.tianjin", "cn", "us", "cn.city.shanghai", ""]),
            dice.pick(&["AR5", "AR4", "SAR", "AR6", "AR5cc", "AR6-20"]),
            dice.pick(&["ghgp", "gbt", "iso"]),
            dice.pick(&["own", "published"]),
            dice.pick(&["", "grid_region = \"cn.north\"\n", "grid_region = \"us\"\n", "grid_region = \"\"\n"]),
            dice.pick(&["", "grid_year = 2021\n", "grid_year = 1900\n", "grid_year = 2100\n"]),
            dice.pick(&["", "electricity_tce = 0.3\n", "electricity_tce = \"calorific\"\n"]),
        );
    }

    #[allow(clippy::too_many_lines, reason = "one table after the other")]
    fn row(&mut self, dice: &mut Dice) {
        let text = str::to_owned;
        match dice.byte() % 16 {
            0..=6 => {
                let id = format!("{{F{}}}", self.count("flows"));
                let (carrier, units, bases) = dice.carrier();
                let (from, mut to) = (NODES[(dice.byte() + 5) % NODES.len()], NODES[dice.byte() % NODES.len()]);
                if from.contains(':') && to.contains(':') {
                    to = "E02";
                }
                let observer = dice.word(&["", "from", "to", "third"]);
                self.add(
                    "flows",
                    [
                        ("id", id),
                        ("period", dice.word(self.periods)),
                        ("from", text(from)),
                        ("to", text(to)),
                        ("carrier", text(carrier)),
                        ("quantity", dice.number()),
                        ("unit", dice.unit(units)),
                        ("basis", dice.word(bases)),
                        ("use", dice.word(USES)),
                        ("observer", observer),
                        ("sd", if dice.byte() > 220 { dice.number() } else { String::new() }),
                        ("percent", if dice.byte() > 220 { dice.number() } else { String::new() }),
                        (
                            "notation",
                            if dice.byte() > 220 { dice.word(&["NO", "NE", "IE:{F0}", "C"]) } else { String::new() },
                        ),
                    ],
                );
            }
            7 => {
                let id = format!("{{M{}}}", self.count("emissions"));
                let replaces = match dice.byte() {
                    at if at % 4 > 0 && self.count("flows") > 0 => format!("{{F{}}}", at / 4 % self.count("flows")),
                    _ => String::new(),
                };
                let (enterprise, process) =
                    dice.pick(&[("E01", "E01/CHP1"), ("E02", ""), ("E03", ""), ("E01", "E02"), ("E02", "E01/BUS")]);
                let gas = dice.word(GASES);
                let set = if gas == "CO2e" { dice.word(GWP_SETS) } else { String::new() };
                self.add(
                    "emissions",
                    [
                        ("id", id),
                        ("period", dice.word(self.periods)),
                        ("enterprise", text(enterprise)),
                        ("process", text(process)),
                        ("replaces", replaces),
                        ("gas", gas),
                        ("quantity", dice.number()),
                        ("unit", dice.unit(&["t", "kg", "万t"])),
                        ("gwp_set", set),
                    ],
                );
            }
            8 => {
                let (property, units, bases) = dice.pick(PROPERTIES);
                let carrier = match (dice.byte(), property) {
                    (200.., _) => dice.carrier().0,
                    (_, "enthalpy") => "steam",
                    (at, _) if at % 2 == 0 => "bituminous",
                    _ => "natural_gas",
                };
                let (enterprise, process) =
                    dice.pick(&[("", ""), ("E01", ""), ("", "E01/CHP1"), ("E02", "E02"), ("E03", "")]);
                self.add(
                    "carriers",
                    [
                        ("carrier", text(carrier)),
                        ("enterprise", text(enterprise)),
                        ("process", text(process)),
                        ("period", dice.word(&["", "2023", "2023-01", "2022"])),
                        ("property", text(property)),
                        (
                            "value",
                            if dice.byte() < 200 {
                                dice.word(&["0.9", "20", "2.8", "0.5", "0"])
                            } else {
                                dice.number()
                            },
                        ),
                        ("unit", dice.unit(units)),
                        ("basis", dice.word(bases)),
                    ],
                );
            }
            9 => self.add(
                "instruments",
                [
                    ("holder", dice.word(&["E02", "E01", "E03"])),
                    ("period", dice.word(self.periods)),
                    ("kind", dice.word(&["certificate", "direct_supply", "contract"])),
                    ("quantity", dice.number()),
                    ("unit", dice.unit(&["MWh", "kWh", "GJ"])),
                    ("factor", dice.word(&["0", "0.3", "1e15", "5e-324"])),
                    ("retired", dice.word(&["yes", "no"])),
                ],
            ),
            10 => {
                let (item, units) = dice.pick(ITEMS);
                self.add(
                    "statistics",
                    [
                        ("subject", dice.word(&["park", "E01", "E02", "E03", "sector:GB4754:C26", "sector:"])),
                        ("period", dice.word(self.periods)),
                        ("item", text(item)),
                        ("value", dice.number()),
                        ("unit", dice.unit(units)),
                    ],
                );
            }
            11 => self.add(
                "outputs",
                [
                    ("process", dice.word(&["E01/CHP1", "E01/BUS", "E02", "E03", "E01"])),
                    (
                        "carrier",
                        dice.word(&["electricity", "heat", "steam", "chilled_water", "limestone", "bituminous"]),
                    ),
                    ("share", dice.word(&["", "0.5", "1", "0.5", "0", "", "1e-300"])),
                ],
            ),
            12 | 13 => {
                let id = format!("own.{}", self.count("factors"));
                let (carrier, _, bases) = dice.carrier();
                let (parameter, units) = dice.pick(&[
                    ("emission_factor", &["t/GJ", "t/MWh", "t/t", "t/m3"][..]),
                    ("ncv", &["GJ/t", "GJ/m3"]),
                    ("carbon_content", &["t/TJ", "t/t"]),
                    ("oxidation", &["1", "%"]),
                    ("gcv", &["GJ/t", "GJ/m3"]),
                    ("gwp", &["1"]),
                    ("tce", &["kgce/kg"]),
                ]);
                let gas = if parameter == "emission_factor" {
                    dice.word(&["CO2", "CH4", "N2O", "SF6"])
                } else {
                    String::new()
                };
                self.add(
                    "factors",
                    [
                        ("id", id),
                        ("set", dice.word(&["own", "own", "cn_grid", "gwp"])),
                        ("carrier", text(carrier)),
                        ("parameter", text(parameter)),
                        ("gas", gas),
                        ("technique", dice.word(&["", "grid_average", "residual_mix", "chp"])),
                        ("applies_to", dice.word(&["", "enterprise:E01", "sector:C26"])),
                        (
                            "value",
                            if dice.byte() < 200 { dice.word(&["0.5", "0.1", "20", "0"]) } else { dice.number() },
                        ),
                        ("unit", dice.unit(units)),
                        ("basis", dice.word(bases)),
                        ("biogenic", dice.word(&["", "yes", "no"])),
                        ("source", text("s")),
                        ("region", dice.word(&["", "cn", "us", "global", "cn.north"])),
                        ("valid_from", dice.word(&["", "2020", "0", "65535"])),
                        ("confidence", dice.word(&["official", "unconfirmed"])),
                    ],
                );
            }
            14 => self.add(
                "exchanges",
                [
                    ("from", dice.word(&["E01", "E02"])),
                    ("to", dice.word(&["E03", "E03", "E02"])),
                    ("carrier", text(dice.carrier().0)),
                    ("quantity", dice.number()),
                    ("unit", dice.unit(UNITS)),
                ],
            ),
            _ => {
                // Any table, any text column, any word.
                let table = dice.pick(TABLES);
                let column = dice.pick(table.columns).name;
                let word = dice.word(WORDS);
                match self.tables.get_mut(table.name).and_then(|rows| rows.last_mut()) {
                    Some(row) => row.extend((!row.iter().any(|c| c.0 == column)).then_some((column, word))),
                    None => {
                        let filled = table.columns.iter().filter(|c| c.required);
                        let cells =
                            filled.map(|c| (c.name, if c.example.is_empty() { "1" } else { c.example }.to_owned()));
                        let cells = cells.collect();
                        self.tables.entry(table.name).or_default().push(cells);
                    }
                }
            }
        }
    }

    /// The files; `turned` has the rows and `renamed` the ids of rows in the
    /// opposite order.
    fn files(&self, turned: bool, renamed: bool) -> Files {
        let mut files = Files::new();
        files.insert("park.toml".to_owned(), self.park.clone().into_bytes());
        for name in ["enterprises", "flows"].into_iter().chain(self.tables.keys().copied()) {
            let Some(table) = table(name) else { continue };
            let none = Vec::new();
            let rows = self.tables.get(name).unwrap_or(&none);
            let mut lines = vec![table.columns.iter().map(|c| c.name).collect::<Vec<_>>().join(",")];
            lines.extend(rows.iter().map(|row| {
                let cell = |name: &str| row.iter().find(|(column, _)| *column == name).map_or("", |c| &*c.1);
                table.columns.iter().map(|c| quote(&ids(cell(c.name), renamed))).collect::<Vec<_>>().join(",")
            }));
            if turned {
                lines[1..].reverse();
            }
            files.insert(table.file.to_owned(), lines.join("\n").into_bytes());
        }
        files
    }
}

/// Fills in the ids of rows.
fn ids(cell: &str, renamed: bool) -> String {
    let Some((before, rest)) = cell.split_once('{') else { return cell.to_owned() };
    let number: usize = rest.trim_matches(|c: char| !c.is_ascii_digit()).parse().unwrap_or_default();
    let number = if renamed { 999 - number } else { number };
    format!("{before}{}-{number:03}", &rest[..1])
}

fn quote(cell: &str) -> String {
    if cell.contains([',', '"', '\n']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.to_owned() }
}

/// Whether two inventories of one park give the same figures.
fn same(name: &str, a: &Inventory, files: &Files) {
    let (package, _) = read_files(files);
    let b = package.and_then(|p| inventory(&p).ok());
    let Some(b) = b else {
        check(name, false, || "no inventory in the other order".to_owned());
        return;
    };
    let size: f64 = a.ledger.lines.iter().map(|l| l.mass.abs() * 3e4).sum();
    for x in a.figures.iter().chain(&b.figures) {
        let (left, right) = (a.figure(&x.id), b.figure(&x.id));
        let value = |f: Option<&Figure>| f.map_or(Some(0.0), |f| f.value);
        let both = (value(left), value(right));
        let (Some(left), Some(right)) = both else {
            // An energy balance near zero may fall on either side of it.
            let near = x.id.contains("/intensity/tce/");
            check(name, near || both == (None, None), || format!("{}: {both:?}", x.id));
            continue;
        };
        // What is added up is the measure of a sum; a ratio has the noise of its numerator.
        let noise = match x.what {
            What::Ratio { numerator, .. } => {
                let parts = [&a, &b].map(|i| i.figures.get(numerator).and_then(|n| n.value).unwrap_or_default().abs());
                let above = parts[0].max(parts[1]);
                let most = left.abs().max(right.abs());
                if above > 0.0 { 1e-9 * most + size * 1e-12 * most / above } else { f64::INFINITY }
            }
            _ => size * 1e-12,
        };
        let close = (left - right).abs() <= noise || !noise.is_finite();
        check(name, close, || format!("{}: {left} and {right}", x.id));
    }
}

fuzz_target!(|data: &[u8]| {
    let rows = Rows::new(data);
    let files = rows.files(false, false);
    if std::env::var_os("FUZZ_SHOW").is_some() {
        for (name, bytes) in &files {
            eprintln!("--- {name}\n{}", String::from_utf8_lossy(bytes));
        }
    }
    let Some((_, inventory)) = common::account(&files) else { return };
    if data.len() % 2 == 0 {
        same("row_order", &inventory, &rows.files(true, false));
    } else {
        same("id_order", &inventory, &rows.files(false, true));
    }
});
