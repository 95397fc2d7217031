//! `check --standard`: what a report must contain, and where it goes.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test may stop at the first surprise")]

mod common;

use common::{FLOWS, Files, account, account_files, park, parks};
use parkflux::inventory::completeness::{Answer, PARTS, Standard, State, completeness};
use parkflux::package::schema::{SETTINGS, TABLES};
use std::collections::BTreeSet;
use std::process::Command;

fn answers(files: &Files) -> Vec<Answer> {
    let (package, inventory) = account_files(files);
    completeness(&package, &inventory)
}

fn answer<'a>(list: &'a [Answer], key: &str) -> &'a Answer {
    list.iter().find(|a| a.part.key == key).unwrap_or_else(|| panic!("{key}"))
}

fn state(list: &[Answer], key: &str) -> State {
    answer(list, key).state
}

/// The whole of checklist A is there, each part once.
#[test]
fn the_checklist_is_whole() {
    let items: Vec<&str> = PARTS.iter().map(|p| p.item).collect();
    let mut unique = items.clone();
    unique.dedup();
    assert_eq!(unique, (1..=27).map(|n| format!("A{n}")).collect::<Vec<_>>());
    let keys: BTreeSet<&str> = PARTS.iter().map(|p| p.key).collect();
    assert_eq!(keys.len(), PARTS.len());
    for part in PARTS {
        let words = [part.title.0, part.title.1, part.place.0, part.place.1];
        assert!(words.iter().all(|w| !w.is_empty()), "{}", part.key);
    }
    for standard in Standard::ALL {
        assert!(PARTS.iter().filter(|p| !p.basis(standard).is_empty()).count() >= 15, "{standard:?}");
    }
}

/// A place that the checklist sends people to exists.
#[test]
fn every_place_exists() {
    for part in PARTS {
        for file in part.place.0.split(|c: char| !(c.is_alphanumeric() || "._-".contains(c))) {
            if file.split('.').nth(1) == Some("csv") && file != "lines.csv" {
                assert!(TABLES.iter().any(|t| t.file == file), "{}: {file}", part.key);
            }
        }
        let Some(keys) = part.place.0.strip_prefix("park.toml ") else { continue };
        let keys = keys.split([';', ',']).next().unwrap();
        let key = keys.replace("[report] ", "report.");
        assert!(SETTINGS.iter().any(|s| s.key == key), "{}: {key}", part.key);
    }
}

/// A package that says nothing of its report lacks it; one that says it does not.
#[test]
fn the_report_section_fills_the_checklist() {
    let flows = format!("{FLOWS},method,evidence\nF-1,2023,outside:grid,E01,electricity,100,MWh,,,,,invoice,EV-1");
    let bare = Files::new("")
        .with("enterprises.csv", "enterprise\nE01")
        .with("flows.csv", &format!("{FLOWS}\nF-1,2023,outside:grid,E01,electricity,100,MWh,,,,"));
    let report = "
        [report]
        body = \"Park administration\"
        person = \"Somebody\"
        users = \"The province\"
        date = \"2024-03-31\"
        standards = [\"ISO 14064-1:2018\"]
        address = \"1 Harbour Road\"
        consolidation = \"operational_control\"
        significance = \"below 1 % of the total\"
        base_year_reason = \"first year with meters\"
        method_changes = \"none\"
        checked_by = \"Somebody else\"
        verifier = \"A body\"
        assurance = \"reasonable\"
        materiality = 0.05
        statement = \"V-1\"";
    let head = "periods = [\"2023\"]\nbase_year = 2023\nrestatement_threshold = 0.05\nboundary = \"inside the fence\"\nschema = 1\nid = \"test\"\nregion = \"cn\"\nfactor_sets = [\"park\", \"cn_grid\", \"ipcc_2006\"]\ngwp_set = \"AR5\"\nrule_set = \"ghgp\"\n";
    let mut full = bare.clone().with("flows.csv", &flows).with("evidence.csv", "evidence,title\nEV-1,bills");
    full = full.with("park.toml", &format!("{head}{report}"));
    let (before, after) = (answers(&bare), answers(&full));
    let keys = [
        "body",
        "person",
        "users",
        "date",
        "standards",
        "consolidation",
        "boundary",
        "significance",
        "base_year",
        "threshold",
        "method_changes",
        "checked_by",
        "verifier",
        "method",
        "evidence",
    ];
    for key in keys {
        assert_eq!((state(&before, key), state(&after, key)), (State::Missing, State::There), "{key}");
    }
    for key in ["assurance", "materiality", "statement", "base_year_reason"] {
        assert_eq!((state(&before, key), state(&after, key)), (State::NotApplicable, State::There), "{key}");
    }
    // A report that is not verified says so, and then nothing more is asked.
    let honest = full.clone().with("park.toml", &format!("{head}[report]\nverifier = \"none\""));
    let honest = answers(&honest);
    assert_eq!((state(&honest, "verifier"), state(&honest, "statement")), (State::There, State::NotApplicable));
}

/// Joiners after the base year and corrected rows of it ask for a decision.
#[test]
fn triggers_of_a_restatement_ask_for_a_decision() {
    let files = Files::new("periods = [\"2022\", \"2023\"]\nbase_year = 2022")
        .with("enterprises.csv", "enterprise,joined\nE01,\nE02,2023")
        .with(
            "flows.csv",
            &format!(
                "{FLOWS}\nF-1,2022,outside:grid,E01,electricity,100,MWh,,,,\nF-2,2023,outside:grid,E01,electricity,110,MWh,,,,"
            ),
        )
        .with("changes.csv", "date,table,row_id,who,why\n2024-01-05,flows,F-1,S,typo\n2024-01-06,flows,F-2,S,typo");
    let list = answers(&files);
    let asked = answer(&list, "restatement");
    assert_eq!(asked.state, State::Missing);
    assert_eq!(asked.detail.en, "triggers: joined E02; rows of 2022 corrected: F-1; no decision");
    // 100 MWh and 110 MWh at the factors of their years, whatever these are.
    let (package, made) = account_files(&files);
    let total = |year: u16| made.value(&format!("{year}/park/total.location/CO2e")).unwrap();
    let base = answer(&list, "base_inventory");
    let change = (total(2023) / total(2022) - 1.0) * 100.0;
    let wanted = format!("2022: {:.1} t CO2e; 2023: {:.1} ({change:+.1} %)", total(2022), total(2023));
    assert_eq!((base.state, &*base.detail.en), (State::Program, &*wanted));
    drop(package);
    let mut text = files.text("park.toml");
    text.push_str("[report]\nrestatement = \"none: below the threshold\"\n");
    let decided = answers(&files.clone().with("park.toml", &text));
    assert_eq!(state(&decided, "restatement"), State::There);
    // A base year whose rows are not in the package has no inventory here.
    let away =
        files.clone().with("park.toml", &files.text("park.toml").replace("base_year = 2022", "base_year = 2015"));
    assert_eq!(state(&answers(&away), "base_inventory"), State::Missing);
}

#[test]
fn rows_are_counted() {
    let flows = format!(
        "{FLOWS},method,notation,note\nF-1,2023,outside:grid,E01,electricity,100,MWh,,,,,invoice,,\nF-2,2023,outside:supplier,E01,heat,5,GJ,,,,,,,\nF-3,2023,outside:supplier,E01,natural_gas,,,,,,,,NO,no gas line\nF-4,2023,outside:supplier,E01,coke,,,,,,,,NE,"
    );
    let files = Files::new("").with("enterprises.csv", "enterprise\nE01").with("flows.csv", &flows);
    let list = answers(&files);
    assert_eq!(answer(&list, "method").detail.en, "method: 1 of 4 rows");
    assert_eq!(state(&list, "method"), State::InPart);
    assert_eq!(answer(&list, "exclusions").detail.en, "empty quantities with key and reason: 1 of 2 rows");
    assert_eq!(state(&list, "exclusions"), State::InPart);
    // Seven gases: three are accounted, of four nothing is said.
    assert_eq!(answer(&list, "gases").detail.en, "nothing said of HFCs, PFCs, SF6, NF3");
    let emissions = "id,period,enterprise,gas,quantity,unit,notation,note
        M-1,2023,E01,HFC134a,,,NO,none used
        M-2,2023,E01,CF4,,,NO,none used
        M-3,2023,E01,SF6,,,NO,none used
        M-4,2023,E01,NF3,,,NO,none used";
    assert_eq!(state(&answers(&files.with("emissions.csv", emissions)), "gases"), State::Program);
}

/// Every part of every park has words in both languages where it has an answer.
#[test]
fn the_parks_of_the_repository_answer_every_part() {
    for folder in parks().into_iter().filter(|f| f.join("park.toml").exists()) {
        let (package, inventory) = account(&folder);
        let list = completeness(&package, &inventory);
        assert_eq!(list.len(), PARTS.len());
        for a in &list {
            assert_eq!(a.detail.en.is_empty(), a.detail.zh.is_empty(), "{}", a.part.key);
            assert!(a.state == State::Missing || !a.detail.en.is_empty(), "{}", a.part.key);
        }
    }
}

#[test]
fn the_command_speaks_both_languages_and_fails_only_when_asked() {
    let run = |words: &[&str]| {
        let folder = park("minimal");
        let mut command = Command::new(env!("CARGO_BIN_EXE_parkflux"));
        command.args(["check", folder.to_str().unwrap()]).args(words).output().unwrap()
    };
    for standard in ["iso14064", "ghgp", "gbt32150"] {
        let english = run(&["--standard", standard, "--lang", "en"]);
        assert_eq!(english.status.code(), Some(0));
        let english = String::from_utf8(english.stdout).unwrap();
        assert!(english.contains("Report completeness by") && english.contains("goes to"), "{english}");
        let chinese = String::from_utf8(run(&["--standard", standard, "--lang", "zh"]).stdout).unwrap();
        assert!(chinese.contains("报告完整性") && chinese.contains("应填于"), "{chinese}");
        assert_eq!(run(&["--standard", standard, "--fail-on", "warning"]).status.code(), Some(4));
        let json = run(&["--standard", standard, "--json"]);
        let value: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
        let list = &value[0]["completeness"];
        assert_eq!(list["parts"].as_array().unwrap().len(), PARTS.len());
        assert!(list["compulsory_lacking"].as_u64().unwrap() > 0);
    }
    // Without a standard nothing of this is asked.
    assert_eq!(run(&["--fail-on", "warning"]).status.code(), Some(0));
}
