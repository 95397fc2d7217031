//! Process emissions: carbon balances, carbonates, products, electrolysis, CO2 as a good.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test may stop at the first surprise")]

mod common;

use approx::assert_relative_eq;
use common::{FLOWS, Files, account_files};
use parkflux::inventory::{Inventory, inventory};
use parkflux::ledger::{Line, Source, Standing};
use parkflux::methods::{captured, carbon_balance, carbonate, electrolysis, production};
use parkflux::package::read_files;
use parkflux::park::{Gas, Park};
use parkflux::quantity::{CarbonPerMass, Co2PerCarbon, EmissionPerMass, Fraction, Tonnes};

const RATIO: Co2PerCarbon = Co2PerCarbon(44.0 / 12.0);

/// Flows without basis, use, observer and sd where the row ends early.
fn flows(rows: &str) -> String {
    let pad = |row: &str| {
        let row = row.trim();
        let cells = row.split(',').count();
        format!("{row}{}", ",".repeat(11_usize.saturating_sub(cells)))
    };
    let rows: Vec<String> = rows.lines().filter(|l| !l.trim().is_empty()).map(pad).collect();
    format!("{FLOWS}\n{}", rows.join("\n"))
}

fn value(made: &Inventory, id: &str) -> f64 {
    // A part without lines has no figure: nothing is in it.
    made.value(&format!("2023/{id}")).unwrap_or_default()
}

/// Codes of a package that cannot be accounted.
fn refused(files: &Files) -> Vec<&'static str> {
    let (package, found) = read_files(&files.0);
    let package = package.unwrap_or_else(|| panic!("{:?}", found.sorted()));
    let found = inventory(&package).err().unwrap();
    found.sorted().iter().map(|d| d.problem.code().id()).collect()
}

fn lines<'a>(park: &Park, made: &'a Inventory, flow: &str) -> Vec<&'a Line> {
    let of = |l: &&Line| l.id(park).starts_with(&format!("{flow}/"));
    made.ledger.lines.iter().filter(of).collect()
}

/// Carriers that are counted in tonnes of their own carbon.
const CARBON: &str = "carrier,property,value,unit
    coal,kind,solid_fuel,
    coal,carbon_content,1,t/t
    coal,oxidation,1,1
    coke,carbon_content,1,t/t
    coke_oven_gas,carbon_content,1,t/t
    coke_oven_gas,oxidation,1,1
    blast_furnace_gas,carbon_content,1,t/t
    blast_furnace_gas,oxidation,1,1
    coal_tar,carbon_content,1,t/t
    limestone,carbon_content,1,t/t
    crude_steel,carbon_content,1,t/t
    dust,kind,waste,
    dust,carbon_content,1,t/t
    ash,kind,waste,
    ash,carbon_content,1,t/t
    test_fuel,kind,solid_fuel,";

/// Check 1 of `principle_checks.md`: the park of coking, steel and CHP, in tC.
/// `flare` is where 100 tC of blast-furnace gas go.
fn gas_chain(processes: &str, flare: &str) -> Files {
    Files::new("gases = [\"CO2\"]")
        .with("enterprises.csv", "enterprise\nCOKING\nSTEEL\nCHP")
        .with("processes.csv", &format!("process,enterprise,technique,accounting\n{processes}"))
        .with("carriers.csv", CARBON)
        .with(
            "flows.csv",
            &flows(&format!(
                "01,2023,outside:supplier,COKING/OVEN,coal,1000,t,,feedstock
                02,2023,COKING/OVEN,STEEL/BF,coke,800,t,,reductant
                03,2023,COKING/OVEN,outside:customer,coal_tar,60,t
                04,2023,COKING/OVEN,COKING/OVEN,coke_oven_gas,60,t,,own_use
                05,2023,COKING/OVEN,CHP,coke_oven_gas,80,t,,combustion
                06,2023,outside:supplier,STEEL/BF,coal,200,t,,reductant
                07,2023,outside:supplier,STEEL/BF,limestone,12,t,,process
                08,2023,STEEL/BF,outside:customer,crude_steel,5,t
                09,2023,STEEL/BF,outside:landfill,dust,7,t
                10,2023,STEEL/BF,STEEL/BF,blast_furnace_gas,300,t,,own_use
                11,2023,STEEL/BF,{flare},blast_furnace_gas,100,t,,combustion
                12,2023,STEEL/BF,CHP,blast_furnace_gas,600,t,,combustion
                13,2023,outside:supplier,CHP,coal,500,t,,combustion
                14,2023,CHP,outside:landfill,ash,10,t"
            )),
        )
}

const BALANCES: &str = "COKING/OVEN,COKING,coke_oven,balance:COKING
    STEEL/BF,STEEL,blast_furnace,balance:STEEL
    STEEL/FLARE,STEEL,flare,";

/// Ash leaves the CHP as a flow in a balance of its own.
const CHP_BALANCE: &str = "CHP,CHP,chp,balance:CHP";

/// The CHP burns coal with 490 of 500 tC oxidized; the gases whole.
fn chp_burns(mut files: Files) -> Files {
    let carriers = files.text("carriers.csv").replace("coal,oxidation,1,1", "coal,oxidation,0.98,1");
    files = files.with("carriers.csv", &carriers);
    let flows = files.text("flows.csv");
    let flows: Vec<&str> = flows.lines().filter(|l| !l.starts_with("14,")).collect();
    files.with("flows.csv", &flows.join("\n"))
}

#[test]
fn gas_is_counted_once_where_it_is_burnt() {
    let flared = BALANCES.replace("flare,", "flare,balance:STEEL");
    let with = |balances: &str| gas_chain(&format!("{balances}\n{CHP_BALANCE}"), "STEEL/FLARE");
    for files in [
        with(BALANCES),
        with(&flared),
        gas_chain(&format!("{BALANCES}\n{CHP_BALANCE}"), "outside:atmosphere"),
        chp_burns(gas_chain(BALANCES, "STEEL/FLARE")),
    ] {
        let (_, made) = account_files(&files);
        let total = |id: &str| value(&made, &format!("{id}/scope1/CO2"));
        assert_relative_eq!(total("enterprise:COKING"), 220.0, epsilon = 0.05);
        assert_relative_eq!(total("enterprise:STEEL"), 1466.7, epsilon = 0.05);
        assert_relative_eq!(total("enterprise:CHP"), 4290.0, epsilon = 0.05);
        // By the fence: what comes in less what goes out.
        assert_relative_eq!(total("park"), (1712.0 - 82.0) * 44.0 / 12.0, max_relative = 1e-12);
        assert_relative_eq!(total("park"), 5976.7, epsilon = 0.05);
        // Tar is emitted by its buyer; steel keeps its carbon.
        assert_relative_eq!(value(&made, "park/exported_carbon/CO2"), 60.0 * 44.0 / 12.0, max_relative = 1e-12);
        assert!(!made.found.sorted().iter().any(|d| d.problem.code().id().starts_with("B29")));
    }
}

/// A tool that burns the gas without crediting its maker gets 8470.0. No way of
/// writing the park down leads there.
#[test]
fn burning_the_gas_without_crediting_the_envelope_is_impossible() {
    // A balance credits by construction: each gas row that is burnt has its deduction.
    let (package, made) = account_files(&gas_chain(BALANCES, "STEEL/FLARE"));
    for flow in ["05", "12"] {
        let sum: f64 = lines(&package.park, &made, flow).iter().map(|l| l.mass).sum();
        assert_relative_eq!(sum, 0.0);
        assert_eq!(lines(&package.park, &made, flow).len(), 2);
    }
    // Gas that leaves the site and not the furnace is refused.
    let site = gas_chain(BALANCES, "STEEL/FLARE");
    let site = site.clone().with("flows.csv", &site.text("flows.csv").replace("STEEL/BF,CHP,", "STEEL,CHP,"));
    assert_eq!(refused(&site), ["B293"]);
    // A furnace that is said to burn its coke, or to reduce with it, and gives gas away is refused.
    for usage in ["combustion", "reductant"] {
        let open = BALANCES.replace("balance:STEEL", "");
        let open = gas_chain(&open, "STEEL/FLARE");
        let rows = open.text("flows.csv").replace("coke,800,t,,reductant", &format!("coke,800,t,,{usage}"));
        let rows = rows.replace("limestone,12,t,,process", "limestone,12,t,,feedstock");
        assert!(refused(&open.with("flows.csv", &rows)).contains(&"B293"), "{usage}");
    }
}

/// Check 6: CO2 into urea, deducted once, however the park is written down.
#[test]
fn carbon_of_urea_is_deducted_once() {
    let files = |processes: &str, extra: &str| {
        Files::new("gases = [\"CO2\"]\nfactor_sets = [\"park\", \"cn_ndrc_2013_chemicals\"]")
            .with("enterprises.csv", "enterprise\nNITRO\nPOWER")
            .with(
                "processes.csv",
                &format!(
                    "process,enterprise,technique,accounting\nPOWER/SCR,POWER,scr,\nNITRO/AMMONIA,NITRO,,balance:A\n{processes}"
                ),
            )
            .with(
                "carriers.csv",
                "carrier,property,value,unit
                gas,kind,gas_fuel,
                gas,carbon_content,1,t/t
                test_fuel,kind,solid_fuel,",
            )
            .with(
                "factors.csv",
                "id,set,carrier,parameter,gas,value,unit,source,confidence
                test.urea,park,urea,emission_factor,CO2,0.7333333333333333,t/t,44/60,computed",
            )
            .with(
                "flows.csv",
                &flows(&format!(
                    "1,2023,outside:supplier,NITRO/AMMONIA,gas,450,t,,feedstock
                    2,2023,NITRO/AMMONIA,NITRO/UREA,ammonia,567,t
                    4,2023,NITRO/UREA,POWER/SCR,urea,100,t,,process
                    5,2023,NITRO/UREA,outside:customer,urea,900,t
                    {extra}"
                )),
            )
    };
    let co2 = "3,2023,NITRO/AMMONIA,NITRO/UREA,co2_gas,733.3333333333334,t,,feedstock";
    for (processes, extra) in [
        // CO2 is a flow from ammonia to urea.
        ("NITRO/UREA,NITRO,,", co2),
        // One envelope over both; the inner flow changes nothing.
        ("NITRO/UREA,NITRO,,balance:A", co2),
        ("NITRO/UREA,NITRO,,balance:A", ""),
        // Two envelopes.
        ("NITRO/UREA,NITRO,,balance:U", co2),
    ] {
        let (_, made) = account_files(&files(processes, extra));
        let total = |id: &str| value(&made, id);
        assert_relative_eq!(total("enterprise:NITRO/scope1/CO2"), 916.7, epsilon = 0.05);
        assert_relative_eq!(total("enterprise:POWER/scope1/CO2"), 73.3, epsilon = 0.05);
        assert_relative_eq!(total("park/scope1/CO2"), 990.0, epsilon = 0.05);
        assert_relative_eq!(total("park/exported_carbon/CO2"), 660.0, epsilon = 0.05);
        let sum = total("park/scope1/CO2") + total("park/exported_carbon/CO2");
        assert_relative_eq!(sum, 450.0 * 44.0 / 12.0, max_relative = 1e-12);
        assert_relative_eq!(sum, 1650.0, epsilon = 0.05);
    }
}

#[test]
fn a_balance_is_the_equation_and_the_sum_of_its_lines() {
    let t = |m: f64| (Tonnes(m), CarbonPerMass(1.0));
    let steel = carbon_balance::balance(&[t(800.0), t(200.0), t(12.0)], &[t(5.0), t(7.0), t(600.0)], RATIO);
    assert_relative_eq!(steel.0, 1466.7, epsilon = 0.05);
    let flared = BALANCES.replace("flare,", "flare,balance:STEEL");
    let (package, made) = account_files(&gas_chain(&flared, "STEEL/FLARE"));
    let of_steel = |l: &&Line| &*package.park.enterprise(l.enterprise).label.id == "STEEL";
    let counted: f64 = made
        .ledger
        .lines
        .iter()
        .filter(of_steel)
        .filter(|l| l.standing == Standing::Counted && l.gas == Gas::Co2)
        .map(|l| l.mass)
        .sum();
    assert_relative_eq!(counted, steel.0, max_relative = 1e-12);
}

/// A balance takes carbon from NCV and carbon content of one set, without oxidation;
/// stock counts with its sign; oxygen holds nothing; biogenic carbon stands apart.
#[test]
fn a_balance_reads_carbon_where_it_is_known() {
    let files = Files::new(
        "gases = [\"CO2\"]\nfactor_sets = [\"cn_gbt32151_2024\", \"cn_ndrc_2013_steel_processes\", \"ipcc_2006\"]",
    )
    .with("enterprises.csv", "enterprise\nA")
    .with("processes.csv", "process,enterprise,technique,accounting\nA,A,,balance:X")
    .with(
        "carriers.csv",
        "carrier,property,value,unit\nslag,kind,by_product,\nslag,carbon_content,0,t/t\ntest_fuel,kind,solid_fuel,",
    )
    .with(
        "flows.csv",
        &flows(
            "1,2023,outside:supplier,A,coke,10,t,,reductant
                2,2023,outside:supplier,A,natural_gas,1,万Nm3,,combustion
                3,2023,A,outside:customer,crude_steel,100,t
                4,2023,A,stock:closing,coke,1,t
                5,2023,outside:supplier,A,oxygen,9,t
                6,2023,A,outside:customer,slag,9,t
                7,2023,outside:supplier,A,charcoal,1,t,,reductant
                8,2023,outside:supplier,A,limestone,1,t",
        ),
    );
    let (package, made) = account_files(&files);
    let mass = |flow| lines(&package.park, &made, flow).iter().map(|l| l.mass).sum::<f64>();
    assert_relative_eq!(mass("1") / 10.0, -mass("4"), max_relative = 1e-12);
    // 389.31 GJ · 15.3 t/TJ · 44/12: nothing is lost to oxidation.
    assert_relative_eq!(mass("2"), 389.31 * 15.3e-3 * 44.0 / 12.0, max_relative = 1e-12);
    assert_relative_eq!(mass("3"), -1.54, max_relative = 1e-12);
    assert_relative_eq!(mass("8"), 0.44, max_relative = 1e-12);
    assert!(lines(&package.park, &made, "5").is_empty());
    assert_eq!(lines(&package.park, &made, "7")[0].standing, Standing::Memo);
    assert_relative_eq!(value(&made, "park/biogenic/CO2"), mass("7"), max_relative = 1e-12);
    let total: f64 = ["1", "2", "3", "4", "8"].map(mass).iter().sum();
    assert_relative_eq!(value(&made, "park/scope1/CO2"), total, max_relative = 1e-12);
}

#[test]
fn what_nobody_knows_is_named_once_and_a_negative_balance_is_a_finding() {
    let files = |rows: &str| {
        Files::new("gases = [\"CO2\"]")
            .with("enterprises.csv", "enterprise\nA")
            .with("processes.csv", "process,enterprise,technique,accounting\nA,A,,balance:X")
            .with("carriers.csv", &format!("{CARBON}\nslag,kind,by_product,"))
            .with("flows.csv", &flows(rows))
    };
    assert_eq!(refused(&files("1,2023,A,outside:customer,slag,9,t\n2,2023,A,outside:landfill,slag,9,t")), ["B280"]);
    let (_, made) = account_files(&files("1,2023,outside:supplier,A,coal,9,t\n2,2023,A,outside:customer,coke,10,t"));
    assert!(made.found.sorted().iter().any(|d| d.problem.code().id() == "B292"));
    assert_relative_eq!(value(&made, "park/scope1/CO2"), -44.0 / 12.0, max_relative = 1e-12);
}

/// A small firm `A` without processes of its own, or with `process`.
fn firm(sets: &str, technique: &str, rows: &str) -> Files {
    Files::new(&format!("gases = [\"CO2\"]\nfactor_sets = [\"park\", {sets}]"))
        .with("enterprises.csv", "enterprise\nA\nB")
        .with("processes.csv", &format!("process,enterprise,technique\nA/P,A,{technique}"))
        .with("flows.csv", &flows(rows))
}

#[test]
fn clinker_by_oxides_is_the_equation_line_by_line() {
    let rows = "1,2023,A/P,B,clinker,1000,t
        2,2023,A/P,stock:closing,clinker,100,t
        3,2023,stock:opening,A/P,clinker,50,t
        4,2023,outside:supplier,A/P,carbide_slag,10,t
        5,2023,outside:supplier,A/P,limestone,1500,t
        6,2023,outside:supplier,A/P,raw_meal,1600,t";
    let files = firm("\"cn_mee_cement_2024\", \"cn_gbt32151_2024_carbonates\"", "kiln", rows).with(
        "carriers.csv",
        "carrier,property,value,unit
        test_fuel,kind,solid_fuel,
        clinker,cao,65.2,%
        clinker,mgo,1.8,%
        clinker,cao_noncarbonate,1.5,%
        clinker,mgo_noncarbonate,0.2,%
        clinker,kiln_dust_factor,1.02,1
        raw_meal,organic_carbon,0.001,t/t",
    );
    let (package, made) = account_files(&files);
    let oxides = production::Oxides { cao: 0.652, cao_other: 0.015, mgo: 0.018, mgo_other: 0.002 };
    let calcined = production::by_oxides(Tonnes(1050.0), oxides, 1.02).0;
    let organic = 1600.0 * 0.001 * 44.0 / 12.0;
    assert_relative_eq!(value(&made, "park/scope1/CO2"), calcined + organic, max_relative = 1e-12);
    // The slag is in CaO that is not from carbonate, the limestone in the clinker.
    assert!(lines(&package.park, &made, "4").is_empty() && lines(&package.park, &made, "5").is_empty());
    assert_eq!(lines(&package.park, &made, "1").len(), 4);
}

#[test]
fn clinker_by_default_deducts_what_holds_no_carbonate() {
    let rows = "1,2023,A/P,B,clinker,1000,t\n4,2023,outside:supplier,A/P,carbide_slag,10,t\n7,2023,B,outside:customer,clinker,5,t";
    let (_, made) = account_files(&firm("\"cn_mee_cement_2024\"", "kiln", rows));
    assert_relative_eq!(value(&made, "park/scope1/CO2"), 1000.0 * 0.535 - 10.0 * 0.48, max_relative = 1e-12);
    // The default of IPCC goes by CaO and kiln dust, and no deduction of another source touches it.
    let (_, made) = account_files(&firm("\"ipcc_2006_ippu\", \"cn_mee_cement_2024\"", "kiln", rows));
    let expected = 1000.0 * 0.65 * 44.0 / 56.0 * 1.02;
    assert_relative_eq!(value(&made, "park/scope1/CO2"), expected, max_relative = 1e-12);
}

#[test]
fn nitrous_oxide_is_abated_only_while_the_abatement_runs() {
    let rows = "1,2023,A/P,outside:customer,nitric_acid,1000,t";
    let base = firm("\"cn_ndrc_2013_chemicals\"", "high_pressure", rows);
    let (_, made) = account_files(&base);
    assert_relative_eq!(value(&made, "park/scope1/N2O"), 13.9, max_relative = 1e-12);
    let head = "process,period,parameter,carrier,gas,value,unit";
    let abated = base.clone().with(
        "parameters.csv",
        &format!("{head}\nA/P,,removal,,N2O,85,%\nA/P,,removal,,SO2,99,%\nA/P,,utilization,,N2O,0.9,1"),
    );
    let (_, made) = account_files(&abated);
    let factor = EmissionPerMass(0.0139);
    let expected = production::by_product(Tonnes(1000.0), factor, Fraction(0.85), Fraction(0.9));
    assert_relative_eq!(value(&made, "park/scope1/N2O"), expected.0, max_relative = 1e-12);
    // A removal without a gas is that of something else; one without its utilization is asked for.
    let dust = base.clone().with("parameters.csv", &format!("{head}\nA/P,,removal,,,99,%"));
    assert_relative_eq!(value(&account_files(&dust).1, "park/scope1/N2O"), 13.9, max_relative = 1e-12);
    let half = base.with("parameters.csv", &format!("{head}\nA/P,,removal,,N2O,85,%"));
    assert_eq!(refused(&half), ["B280"]);
    // A plant of which nobody knows the pressure has no factor.
    assert_eq!(refused(&firm("\"cn_ndrc_2013_chemicals\"", "acid_plant", rows)), ["B280"]);
}

#[test]
fn aluminium_goes_by_anode_and_anode_effect() {
    let rows = "1,2023,A/P,outside:customer,aluminium,1000,t";
    let sets = "\"cn_ndrc_2013_aluminium\", \"ipcc_2006_ippu\"";
    let files = firm(sets, "cwpb", rows)
        .with("parameters.csv", "process,period,parameter,carrier,gas,value,unit\nA/P,,anode_effect,,,0.5,min");
    let (package, made) = account_files(&files);
    let anode = electrolysis::anode(Tonnes(1000.0), 0.42, Fraction(0.02), Fraction(0.004), RATIO);
    assert_relative_eq!(anode.0, 1503.0, epsilon = 0.6);
    assert_relative_eq!(value(&made, "park/scope1/CO2"), anode.0, max_relative = 1e-12);
    let cf4 = electrolysis::cf4(Tonnes(1000.0), 0.143e-3, 0.5);
    assert_relative_eq!(value(&made, "park/scope1/CF4"), cf4.0, max_relative = 1e-12);
    assert_relative_eq!(value(&made, "park/scope1/C2F6"), electrolysis::c2f6(cf4, 0.121).0, max_relative = 1e-12);
    assert_eq!(lines(&package.park, &made, "1").len(), 5);
    // By technique where nothing is measured; an unconfirmed C2F6 is a gap and not zero.
    let (_, made) = account_files(&firm("\"cn_ndrc_2013_aluminium\"", "cwpb", rows));
    assert_relative_eq!(value(&made, "park/scope1/CF4"), 0.034, max_relative = 1e-12);
    assert!(made.found.sorted().iter().any(|d| d.problem.code().id() == "F106"));
}

#[test]
fn carbonates_count_where_they_are_used_once() {
    let rows = "1,2023,outside:supplier,A,limestone,100,t
        2,2023,A,B,limestone,40,t,,feedstock
        3,2023,A,stock:closing,limestone,10,t
        4,2023,outside:supplier,B,soda_ash,10,t,,process";
    let files = firm("\"cn_gbt32151_2024_carbonates\"", "", rows).with(
        "carriers.csv",
        "carrier,property,value,unit\ntest_fuel,kind,solid_fuel,\nlimestone,carbonate,90,%\nlimestone,calcination,0.95,1",
    );
    let (_, made) = account_files(&files);
    let limestone = carbonate::carbonate(Tonnes(50.0), Fraction(0.9), EmissionPerMass(0.44), Fraction(0.95));
    assert_relative_eq!(value(&made, "enterprise:A/scope1/CO2"), limestone.0, max_relative = 1e-12);
    assert_relative_eq!(value(&made, "enterprise:B/scope1/CO2"), 4.15, max_relative = 1e-12);
    assert!(made.ledger.lines.iter().all(|l| l.source == Source::Carbonate));
}

/// A reductant outside a balance leaves all its carbon as CO2; steel holds the iron it is made of.
#[test]
fn reductants_and_steps_of_steel_count_once() {
    let rows = "1,2023,outside:supplier,A/P,coke,10,t,,reductant";
    let (_, made) = account_files(&firm("\"ipcc_2019_ippu\"", "shaft_furnace", rows));
    let expected = carbonate::reductant(Tonnes(10.0), CarbonPerMass(0.83), RATIO);
    assert_relative_eq!(value(&made, "park/scope1/CO2"), expected.0, max_relative = 1e-12);
    let rows = "1,2023,A/P,B,pig_iron,70,t
        2,2023,A/P,outside:customer,pig_iron,30,t
        3,2023,B,outside:customer,crude_steel,80,t
        4,2023,outside:supplier,A/P,coke,40,t,,reductant";
    let files = firm("\"ipcc_2019_ippu\"", "blast_furnace", rows)
        .with("processes.csv", "process,enterprise,technique\nA/P,A,blast_furnace\nB,B,basic_oxygen_furnace");
    let (_, made) = account_files(&files);
    assert_relative_eq!(value(&made, "enterprise:A/scope1/CO2"), 30.0 * 1.43, max_relative = 1e-12);
    assert_relative_eq!(value(&made, "enterprise:B/scope1/CO2"), 80.0 * 1.58, max_relative = 1e-12);
}

/// CO2 handed over is deducted by the emitter if somebody counts it, and booked by who releases it.
#[test]
fn captured_co2_is_deducted_once_and_released_once() {
    let total = |rows: &str, id: &str| {
        let rows = format!("0,2023,outside:supplier,A/P,test_fuel,500,t,,combustion\n{rows}");
        value(&account_files(&firm("\"cn_gbt32151_2024\"", "boiler", &rows)).1, id)
    };
    for (to, a, park, captured, exported) in [
        ("outside:geological", 900.0, 900.0, 100.0, 0.0),
        ("outside:customer", 900.0, 900.0, 100.0, 100.0),
        ("outside:atmosphere", 1000.0, 1000.0, 0.0, 0.0),
        ("outside:landfill", 1000.0, 1000.0, 0.0, 0.0),
        // The receiver releases it.
        ("B", 900.0, 1000.0, 0.0, 0.0),
    ] {
        let rows = format!("1,2023,A/P,{to},co2_gas,100,t");
        assert_relative_eq!(total(&rows, "enterprise:A/scope1/CO2"), a);
        assert_relative_eq!(total(&rows, "park/scope1/CO2"), park);
        assert_relative_eq!(total(&rows, "park/captured/CO2"), captured);
        assert_relative_eq!(total(&rows, "park/exported_carbon/CO2"), exported);
    }
    // Bought CO2 that is released; CO2 that was never emitted is a finding.
    assert_relative_eq!(total("1,2023,outside:supplier,B,co2_gas,7,t", "enterprise:B/scope1/CO2"), 7.0);
    let (_, made) = account_files(&firm("\"cn_gbt32151_2024\"", "", "1,2023,A/P,outside:geological,co2_gas,5,t"));
    assert!(made.found.sorted().iter().any(|d| d.problem.code().id() == "B292"));
}

/// A plant that burns wood and coal must say which of it it captures; the biogenic share is a memo.
#[test]
fn captured_biogenic_co2_does_not_lower_the_fossil_total() {
    let rows = "0,2023,outside:supplier,A/P,test_fuel,50,t,,combustion
        1,2023,outside:supplier,A/P,wood,100,t,,combustion
        2,2023,A/P,outside:geological,co2_gas,40,t";
    let files = firm("\"ipcc_2006\"", "boiler", rows);
    assert_eq!(refused(&files), ["B280"]);
    let (_, made) = account_files(&files.with(
        "carriers.csv",
        "carrier,property,value,unit\ntest_fuel,kind,solid_fuel,\nco2_gas,fossil_fraction,0.25,1",
    ));
    assert_relative_eq!(value(&made, "park/scope1/CO2"), 100.0 - 10.0, max_relative = 1e-12);
    let wood = 100.0 * 15.6 * 112_000.0e-6;
    assert_relative_eq!(value(&made, "park/biogenic/CO2"), wood - 30.0, max_relative = 1e-9);
}

/// A measured emission replaces the computed one of the flow that it names, at the end that reports.
#[test]
fn a_report_replaces_the_process_line_of_its_flow() {
    let files = firm("\"cn_ndrc_2013_chemicals\"", "high_pressure", "1,2023,A/P,B,nitric_acid,1000,t")
        .with("emissions.csv", "id,period,enterprise,process,replaces,gas,quantity,unit\nR,2023,A,A/P,1,N2O,3,t");
    let (_, made) = account_files(&files);
    assert_relative_eq!(value(&made, "park/scope1/N2O"), 3.0);
    // A stack monitor at the CHP leaves the balance of the furnace alone.
    let chain = gas_chain(BALANCES, "STEEL/FLARE")
        .with("emissions.csv", "id,period,enterprise,process,replaces,gas,quantity,unit\nR,2023,CHP,,12,CO2,2199,t");
    let (_, made) = account_files(&chain);
    assert_relative_eq!(value(&made, "enterprise:STEEL/scope1/CO2"), 1466.7, epsilon = 0.05);
}

#[test]
fn urea_holds_0_733() {
    assert_relative_eq!(captured::held(Tonnes(1.0), CarbonPerMass(0.2), RATIO).0, 0.733, epsilon = 0.0005);
}

/// `carriers.csv` has no column for gases: a factor measured at a nitric acid plant is one of N2O, not of CO2.
#[test]
fn a_measured_factor_of_nitric_acid_is_nitrous_oxide() {
    let files = firm("\"cn_gbt32151_2024\"", "plant", "1,2023,A/P,outside:customer,nitric_acid,1000,t").with(
        "carriers.csv",
        "carrier,property,value,unit\ntest_fuel,kind,solid_fuel,\nnitric_acid,production_factor,7,kg/t",
    );
    let (_, made) = account_files(&files);
    assert_relative_eq!(value(&made, "park/scope1/N2O"), 7.0, max_relative = 1e-12);
    assert_relative_eq!(value(&made, "park/scope1/CO2"), 0.0);
}

/// Who passes CO2 on takes it in as well; a scrubber that takes it in releases it.
#[test]
fn co2_through_a_pool_is_deducted_once() {
    let total = |technique: &str, rows: &str| {
        let rows = format!("0,2023,outside:supplier,A/P,test_fuel,500,t,,combustion\n{rows}");
        let files = firm("\"cn_gbt32151_2024\"", "boiler", &rows)
            .with("processes.csv", &format!("process,enterprise,technique\nA/P,A,boiler\nA/Q,A,{technique}"));
        value(&account_files(&files).1, "park/scope1/CO2")
    };
    let sold = "1,2023,A/P,A/Q,co2_gas,100,t\n2,2023,A/Q,outside:customer,co2_gas,100,t";
    assert_relative_eq!(total("pool", sold), 900.0, max_relative = 1e-12);
    let released = "1,2023,A/P,A/Q,co2_gas,100,t\n2,2023,A/Q,B,co2_gas,90,t";
    assert_relative_eq!(total("pool", released), 1000.0, max_relative = 1e-12);
    assert_relative_eq!(total("wet_fgd", "1,2023,A/P,A/Q,co2_gas,100,t"), 1000.0, max_relative = 1e-12);
}

/// Limestone of 90 % gives the same CO2 in a balance as where it is calcined.
#[test]
fn a_balance_takes_the_carbonate_of_the_limestone() {
    let rows = "1,2023,outside:supplier,A/P,limestone,1000,t,,process";
    for accounting in ["", "balance:P"] {
        let files = firm("\"cn_gbt32151_2024_carbonates\"", "furnace", rows)
            .with("processes.csv", &format!("process,enterprise,technique,accounting\nA/P,A,furnace,{accounting}"))
            .with("carriers.csv", "carrier,property,value,unit\ntest_fuel,kind,solid_fuel,\nlimestone,carbonate,90,%");
        assert_relative_eq!(value(&account_files(&files).1, "park/scope1/CO2"), 396.0, max_relative = 1e-12);
    }
}

/// The factor of pig iron holds all carbon of the coke: the gas of that furnace must not be burnt on top.
#[test]
fn gas_of_a_furnace_that_is_counted_by_product_counts_twice() {
    let rows = "1,2023,outside:supplier,A/P,coke,400,t,,reductant
        2,2023,A/P,outside:customer,pig_iron,1000,t";
    let sets = "\"cn_gbt32151_2024\", \"ipcc_2019_ippu\"";
    account_files(&firm(sets, "blast_furnace", rows));
    let gas = format!("{rows}\n3,2023,A/P,B,blast_furnace_gas,100,万Nm3,,combustion");
    assert_eq!(refused(&firm(sets, "blast_furnace", &gas)), ["B293"]);
}

/// A report that names no flow counts beside the process line of its plant, and the reader is told.
#[test]
fn a_report_beside_a_process_is_named() {
    let rows = "1,2023,A/P,B,clinker,1000,t";
    let report = |replaces: &str, mass: &str| {
        let head = "id,period,enterprise,process,replaces,gas,quantity,unit";
        let files = firm("\"cn_mee_cement_2024\"", "kiln", rows)
            .with("emissions.csv", &format!("{head}\nR,2023,A,A/P,{replaces},CO2,{mass},t"));
        let (_, made) = account_files(&files);
        let codes: Vec<_> = made.found.sorted().iter().map(|d| d.problem.code().id()).collect();
        (value(&made, "park/scope1/CO2"), codes)
    };
    assert_eq!(report("", "540"), (1075.0, vec!["B218"]));
    assert_eq!(report("1", "540"), (540.0, vec![]));
}

/// A reported zero beside clinker by oxides is missing, whatever the last of its lines.
#[test]
fn a_reported_zero_stands_for_all_lines_of_its_flow() {
    let head = "id,period,enterprise,process,replaces,gas,quantity,unit";
    let files = firm("\"cn_mee_cement_2024\"", "kiln", "1,2023,A/P,B,clinker,1000,t")
        .with(
            "carriers.csv",
            "carrier,property,value,unit\ntest_fuel,kind,solid_fuel,\nclinker,cao,65,%\nclinker,mgo,2,%
            clinker,cao_noncarbonate,1,%\nclinker,mgo_noncarbonate,0.5,%",
        )
        .with("emissions.csv", &format!("{head}\nR,2023,A,A/P,1,CO2,0,t"));
    let (_, made) = account_files(&files);
    assert!(made.found.sorted().iter().any(|d| d.problem.code().id() == "B209"));
    assert!(made.ledger.lines.iter().filter(|l| l.gas == Gas::Co2).all(|l| l.standing == Standing::Missing));
}

/// What holds carbon and is claimed by nobody is a gap, not a row without carbon.
#[test]
fn materials_and_waste_without_a_method_are_gaps() {
    let rows = "1,2023,outside:supplier,A/P,limestone,1000,t,,feedstock
        2,2023,outside:supplier,A/P,soda_ash,10,t
        3,2023,outside:supplier,A/P,municipal_solid_waste,10,t
        4,2023,outside:supplier,A/P,oxygen,10,t";
    let (_, made) = account_files(&firm("\"cn_gbt32151_2024\"", "furnace", rows));
    let of = |word: &str| made.coverage.rows.iter().filter(|r| r.treatment.0 == word).count();
    assert_eq!(of("no method claims it: a gap"), 3);
    assert_eq!(of("carries neither carbon nor imported energy"), 1);
}

/// What was bought or came back was made elsewhere or counted already; who takes in as much as it gives away makes nothing.
#[test]
fn a_maker_that_also_buys_its_product_counts_what_it_made() {
    let total = |rows: &str| {
        let files = firm("\"cn_mee_cement_2024\"", "kiln", rows);
        value(&account_files(&files).1, "enterprise:A/scope1/CO2")
    };
    let bought = |made: &str| format!("{made}\n2,2023,outside:supplier,A/P,clinker,10,t,,process");
    assert_relative_eq!(total(&bought("1,2023,A/P,B,clinker,1000,t")), 990.0 * 0.535, max_relative = 1e-12);
    assert_relative_eq!(total(&bought("1,2023,A/P,stock:closing,clinker,9,t")), 0.0);
    // The mill sends one tonne back.
    let back = "1,2023,A/P,B,clinker,1000,t\n2,2023,B,A/P,clinker,1,t,,process";
    assert_relative_eq!(total(back), 999.0 * 0.535, max_relative = 1e-12);
    // An enterprise without processes.
    let site = "1,2023,A,outside:customer,clinker,1000,t\n2,2023,outside:supplier,A,clinker,10,t,,process";
    assert_relative_eq!(total(site), 990.0 * 0.535, max_relative = 1e-12);
    // Traders, also one that sells out of its stock, and a plant whose months alone look otherwise.
    let trader = "1,2023,A,outside:customer,clinker,1000,t\n2,2023,outside:supplier,A,clinker,1000,t";
    assert_relative_eq!(total(trader), 0.0);
    let stock = "1,2023,A,outside:customer,clinker,1080,t\n2,2023,outside:supplier,A,clinker,1000,t
        3,2023,stock:opening,A,clinker,100,t";
    assert_relative_eq!(total(stock), 0.0);
}

/// A report on all products of a kiln stands for what its raw materials change too.
#[test]
fn a_report_on_the_clinker_takes_its_deductions_along() {
    let rows = "1,2023,A/P,B,clinker,1000,t\n2,2023,A/P,outside:customer,clinker,500,t
        4,2023,outside:supplier,A/P,carbide_slag,10,t,,process";
    let total = |reports: &str| {
        let files = firm("\"cn_mee_cement_2024\"", "kiln", rows)
            .with("emissions.csv", &format!("id,period,enterprise,process,replaces,gas,quantity,unit\n{reports}"));
        value(&account_files(&files).1, "enterprise:A/scope1/CO2")
    };
    assert_relative_eq!(total("R,2023,A,A/P,1,CO2,540,t\nS,2023,A,A/P,2,CO2,270,t"), 810.0, max_relative = 1e-12);
    // Where half of it is computed, the deduction stands.
    let half = 540.0 + 500.0 * 0.535 - 10.0 * 0.48;
    assert_relative_eq!(total("R,2023,A,A/P,1,CO2,540,t"), half, max_relative = 1e-12);
}

/// CO2 that was taken in to be bound, and is vented, is emitted where it is vented.
#[test]
fn co2_that_was_to_be_bound_counts_where_it_is_vented() {
    let total = |vented: f64, id: &str| {
        let rows = format!(
            "0,2023,outside:supplier,A/P,test_fuel,500,t,,combustion\n1,2023,A/P,B,co2_gas,100,t,,feedstock
            2,2023,B,outside:atmosphere,co2_gas,{vented},t"
        );
        value(&account_files(&firm("\"cn_gbt32151_2024\"", "boiler", &rows)).1, id)
    };
    assert_relative_eq!(total(100.0, "enterprise:B/scope1/CO2"), 100.0);
    assert_relative_eq!(total(100.0, "park/scope1/CO2"), 1000.0);
    assert_relative_eq!(total(30.0, "park/scope1/CO2"), 930.0);
    // More than was taken in is of the plant's own making.
    assert_relative_eq!(total(150.0, "enterprise:B/scope1/CO2"), 100.0);
}
