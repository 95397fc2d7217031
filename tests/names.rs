//! Packages may be written in Chinese throughout: names instead of ids and words.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test fails by panicking")]

mod common;

use common::{Files, account_files};
use parkflux::diagnostic::{Lang, Style, render_text};
use parkflux::factors::{REGIONS, builtin_all};
use parkflux::inventory::inventory;
use parkflux::ledger::Ledger;
use parkflux::package::read_files;
use std::collections::BTreeSet;
use std::process::Command;

/// The same park twice: ids and words, and names in their place.
const PAIRS: [(&str, &str, &str); 6] = [
    (
        "enterprises.csv",
        "enterprise,name_en,name_zh,sector\nE01,Binhai Heat,滨海热电有限公司,D44\nE02,Binhai Chemical,滨海化工,C26\n",
        "企业,英文名称,名称,行业\nE01,Binhai Heat,滨海热电有限公司,D44\nE02,Binhai Chemical,滨海化工,C26\n",
    ),
    (
        "processes.csv",
        "process,enterprise,technique\nE01/CHP1,E01,chp\n",
        "工序,企业,技术\nE01/CHP1,滨海热电有限公司,chp\n",
    ),
    (
        "carriers.csv",
        "carrier,enterprise,property,value,unit,basis\nbituminous,E01,ncv,22.3,GJ/t,as_received\ntest_fuel,,kind,solid_fuel,,\n",
        "载体,企业,属性,数值,单位,基准\n烟煤,滨海热电有限公司,低位发热量,22.3,GJ/t,as_received\ntest_fuel,,类别,固体燃料,,\n",
    ),
    (
        "flows.csv",
        "id,period,from,to,carrier,quantity,unit,use,method,observer\n\
         A1,2023,outside:supplier,E01/CHP1,bituminous,1000,t,combustion,invoice,to\n\
         A2,2023,outside:grid,E02,electricity,500,MWh,,meter,\n\
         A3,2023,E01/CHP1,E02,steam,900,GJ,,meter,from\n\
         A4,2023,outside:supplier,E02,limestone,30,t,process,estimate,\n\
         A5,2023,stock:opening,E02,limestone,5,t,process,stock,\n",
        "编号,时段,从,到,载体,数量,单位,用途,方法,观测者\n\
         A1,2023,外部供应商,E01/CHP1,烟煤,1000,t,燃烧,发票,接收方\n\
         A2,2023,电网,滨海化工,电力,500,MWh,,计量,\n\
         A3,2023,E01/CHP1,滨海化工,Steam,900,GJ,,仪表,送出方\n\
         A4,2023,外部:供应商,Binhai Chemical,石灰石,30,t,过程,估算,\n\
         A5,2023,期初库存,E02,石灰石,5,t,工艺,库存,\n",
    ),
    (
        "instruments.csv",
        "holder,period,kind,quantity,unit,factor,retired\nE02,2023,certificate,100,MWh,0,yes\n",
        "持有者,时段,类型,数量,单位,因子,已注销\n滨海化工,2023,绿证,100,MWh,0,是\n",
    ),
    (
        "statistics.csv",
        "subject,period,item,value,unit\npark,2023,iav,5000,万元\nE02,2023,energy_tce,80,tce\n",
        "对象,时段,项目,数值,单位\n园区,2023,工业增加值,5000,万元\n滨海化工,2023,综合能源消费量,80,tce\n",
    ),
];

fn package(chinese: bool) -> Files {
    let mut files = Files::new("");
    for (file, ids, names) in PAIRS {
        files.0.insert(file.to_owned(), if chinese { names } else { ids }.as_bytes().to_vec());
    }
    files
}

fn masses(ledger: &Ledger) -> Vec<String> {
    ledger.lines.iter().map(|l| format!("{:?} {:?} {:?} {}", l.process, l.gas, l.activity, l.mass)).collect()
}

#[test]
fn a_park_in_chinese_names_is_the_park_in_ids() {
    let (ids, names) = (account_files(&package(false)), account_files(&package(true)));
    assert!(ids.1.ledger.lines.len() > 3);
    assert_eq!(masses(&ids.1.ledger), masses(&names.1.ledger));
    let (a, b) = (ids.0.park, names.0.park);
    assert_eq!((a.flows, a.processes, a.properties.len()), (b.flows, b.processes, b.properties.len()));
    assert_eq!((a.instruments, a.statistics), (b.instruments, b.statistics));
}

/// What `read` says of a park in which one text of the flows stands for another.
fn say(file: &str, from: &str, to: &str) -> String {
    let mut files = package(true);
    let text = String::from_utf8(files.0[file].clone()).unwrap();
    assert!(text.contains(from));
    files.0.insert(file.to_owned(), text.replacen(from, to, 1).into_bytes());
    render_text(&read_files(&files.0).1, Lang::Zh, Style::Plain)
}

#[test]
fn a_name_that_is_near_or_not_unique_is_a_suggestion() {
    for (from, to, meant) in [
        ("烟煤", "烟煤炭", "bituminous（烟煤）"),
        ("电网", "点网", "outside:grid（电网）"),
        ("燃烧", "燃烧用", "combustion（燃烧）"),
        (",滨海化工,电力", ",滨海化工厂,电力", "E02（滨海化工）"),
    ] {
        let said = say("flows.csv", from, to);
        assert!(said.contains(meant), "{to}: {said}");
    }
    let mut files = package(true);
    let twins = "企业,名称,行业\nE01,滨海热电有限公司,D44\nE02,滨海化工,C26\nE03,滨海化工,C26\n";
    files.0.insert("enterprises.csv".to_owned(), twins.as_bytes().to_vec());
    let said = render_text(&read_files(&files.0).1, Lang::Zh, Style::Plain);
    assert!(said.contains("R101") && said.contains("E02（滨海化工）, E03（滨海化工）"), "{said}");
}

#[test]
fn an_item_that_no_figure_uses_is_named_and_not_called_used() {
    assert!(say("statistics.csv", "工业增加值", "iva").contains("“iav”"));
    let mut files = package(false);
    let text = "subject,period,item,value,unit\npark,2023,iav,5000,万元\npark,2023,iva,5000,万元\n";
    files.0.insert("statistics.csv".to_owned(), text.as_bytes().to_vec());
    let (_, made) = account_files(&files);
    let rows = made.coverage.summary.iter().filter(|((file, _), _)| file == "statistics.csv");
    let rows: Vec<(&str, usize)> = rows.map(|((_, words), n)| (words.0, *n)).collect();
    assert_eq!(rows.len(), 2);
    assert!(rows.contains(&("read and used", 1)) && rows.contains(&("read and kept; no figure uses the item", 1)));
}

#[test]
fn a_region_must_be_one_that_rows_can_be_found_for() {
    for (region, said) in [("天津", "cn.north.tianjin"), ("cn.nort", "cn.north"), ("jp", "R120")] {
        let mut files = Files::new(&format!("region = \"{region}\""));
        files.0.extend(package(false).0.into_iter().filter(|(name, _)| name != "park.toml"));
        let text = render_text(&read_files(&files.0).1, Lang::En, Style::Plain);
        assert!(text.contains("R120") && text.contains(said), "{text}");
    }
}

#[test]
fn the_known_regions_are_those_of_the_library() {
    let sets = builtin_all();
    let rows: BTreeSet<&str> = sets.iter().flat_map(|s| s.factors.iter().map(|f| &*f.region)).collect();
    let rows: Vec<&str> = rows.into_iter().filter(|r| !r.is_empty()).collect();
    assert_eq!(rows, REGIONS);
}

#[test]
fn the_program_finds_and_lists_chinese_names() {
    let run = |words: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_parkflux")).args(words).output().unwrap();
        assert!(output.status.success());
        String::from_utf8(output.stdout).unwrap()
    };
    assert_eq!(run(&["factors", "show", "烟煤"]), run(&["factors", "show", "bituminous"]));
    let schema = run(&["schema", "flows"]);
    assert!(schema.contains("combustion（燃烧、燃料）") && schema.contains("invoice（发票）"), "{schema}");
}

/// A hint names a set only if it has the value and is not listed already.
#[test]
fn a_gas_without_a_factor_names_the_sets_that_have_one() {
    let said = |sets: &str, carrier: &str, kind: &str| {
        let files = Files::new(&format!("factor_sets = {sets}\ngases = [\"CO2\", \"CH4\"]"))
            .with("enterprises.csv", "enterprise\nE01")
            .with("carriers.csv", &format!("carrier,property,value,unit,basis\ntest_fuel,kind,solid_fuel,,\n{kind}"))
            .with(
                "flows.csv",
                &format!(
                    "id,period,from,to,carrier,quantity,unit,basis\nA,2023,outside:supplier,E01,{carrier},50,GJ,NCV"
                ),
            );
        let package = read_files(&files.0).0.unwrap();
        let found = inventory(&package).map_or_else(|problems| problems, |made| made.found);
        render_text(&found, Lang::En, Style::Plain)
    };
    let gas = said("[\"cn_gbt32151_2024\"]", "natural_gas", "");
    let line = gas.lines().find(|l| l.contains("add a set that has one to factor_sets: ")).unwrap();
    assert!(line.contains("ipcc_2006") && !line.contains("cn_gbt32151_2024"), "{gas}");
    let own = "gunk,kind,solid_fuel,,\ngunk,ncv,20,GJ/t,\ngunk,carbon_content,0.5,t/t,";
    let gunk = said("[\"cn_gbt32151_2024\", \"ipcc_2006\"]", "gunk", own);
    assert!(gunk.contains("CH4 from 'gunk'") && gunk.contains("no set of the library has one"), "{gunk}");
}
