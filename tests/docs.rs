//! The generated pages say what the program does.
//!
//! `UPDATE_DOCS=1 cargo test --test docs` writes them anew.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test may stop at the first surprise")]

use parkflux::diagnostic::{Code, Lang, Severity, rule};
use parkflux::inventory::completeness::{PARTS, Standard};
use parkflux::package::schema::{SETTINGS, TABLES, settings_json};
use serde_json::json;
use std::fmt::Write;
use std::path::Path;

/// Compares a page with what it should be, or writes it.
fn page(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(name);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, text).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == text, "docs/{name} is out of date: UPDATE_DOCS=1 cargo test --test docs");
}

/// Text in a cell of a Markdown table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

fn tables(lang: Lang) -> String {
    let say = |en: &'static str, zh: &'static str| lang.pick(en, zh);
    let mut out = String::new();
    writeln!(out, "# {}\n", say("Tables of a park package", "园区数据包的表")).unwrap();
    writeln!(
        out,
        "{}\n",
        say(
            "Generated from the descriptions that the reader uses (`tests/docs.rs`). A star marks what is compulsory.",
            "由读取程序所用的描述生成（`tests/docs.rs`）。星号表示必填。"
        )
    )
    .unwrap();
    writeln!(out, "## park.toml\n").unwrap();
    writeln!(
        out,
        "| {} | {} | {} |\n|---|---|---|",
        say("key", "键"),
        say("what may stand there", "可填内容"),
        say("what it decides", "作用")
    )
    .unwrap();
    for s in SETTINGS {
        let star = if s.required { " *" } else { "" };
        let (expected, doc) = (lang.pick(s.expected.0, s.expected.1), lang.pick(s.doc.0, s.doc.1));
        writeln!(out, "| `{}`{star} | {} | {} |", s.key, cell(expected), cell(doc)).unwrap();
    }
    for t in TABLES {
        writeln!(out, "\n## {} ({})\n\n{}\n", t.file, t.zh, lang.pick(t.doc.0, t.doc.1)).unwrap();
        writeln!(
            out,
            "| {} | {} | {} |\n|---|---|---|",
            say("column", "列"),
            say("Chinese headers", "中文表头"),
            say("meaning", "含义")
        )
        .unwrap();
        for c in t.columns {
            let star = if c.required { " *" } else { "" };
            let choices = c.kind.choices_shown().map_or(String::new(), |list| format!(" [{list}]"));
            let doc = lang.pick(c.doc.0, c.doc.1);
            writeln!(out, "| `{}`{star} | {} | {}{} |", c.name, c.zh.join("、"), cell(doc), cell(&choices)).unwrap();
        }
    }
    out
}

#[test]
fn the_pages_on_tables_are_up_to_date() {
    page("tables.md", &tables(Lang::En));
    page("tables.zh-CN.md", &tables(Lang::Zh));
}

#[test]
fn the_published_schema_is_up_to_date() {
    let resources: Vec<_> = TABLES.iter().map(|t| t.to_json()).collect();
    let schema = json!({ "settings": settings_json(), "resources": resources });
    page("schema.json", &(serde_json::to_string_pretty(&schema).unwrap() + "\n"));
}

#[test]
fn the_page_on_codes_is_up_to_date() {
    let mut out = "# Codes of diagnostics / 诊断代码\n\nGenerated from the program (`tests/docs.rs`); `parkflux explain CODE` prints the same.\nEach code has a package that shows it under `fixtures/bad/`.\n\n| code | severity | rule | 规则 |\n|---|---|---|---|\n".to_owned();
    for &code in Code::ALL {
        let severity = match code.severity() {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        };
        let (en, zh) = (cell(rule(code, Lang::En)), cell(rule(code, Lang::Zh)));
        writeln!(out, "| {} | {severity} | {en} | {zh} |", code.id()).unwrap();
    }
    page("codes.md", &out);
}

fn standards(lang: Lang) -> String {
    let say = |en: &'static str, zh: &'static str| lang.pick(en, zh);
    let mut out = String::new();
    writeln!(out, "# {}\n", say("What a report must contain, and where it goes", "报告须含的内容及其填写位置"))
        .unwrap();
    out.push_str(say(
        "Generated from the table that `parkflux check PACKAGE --standard iso14064|ghgp|gbt32150` goes through (`tests/docs.rs`).\n\nA column of a standard names the clause that makes the part compulsory; an empty cell means advisable. **[K]** marks what we know of a standard without having checked it against its text: before you rely on it, look the clause up. The blocks of the NDRC/MEE report form are: 1 the entity, 2 emissions by gas and source, 3 activity data with the source of each, 4 factors with source and reason, 5 other notes, with named staff, monitoring plan, ledger, archive and internal review. Parts without a mark are advice for parks (two views, parallel pollutants, allocation, counterfactuals) and for verifiers (hashes, evidence).\n\nThe command says of each part: there (and where), in part, missing (and where it goes), not applicable, or by the program. With `--fail-on`, a compulsory part that is missing or there in part ends with exit code 4.\n\n",
        "由 `parkflux check 数据包 --standard iso14064|ghgp|gbt32150` 所用的表生成（`tests/docs.rs`）。\n\n标准一栏写明使该内容成为必需的条款；空格表示建议。**[K]** 表示凭对标准的了解写出、未对照原文，使用前请查证。国家发改委/生态环境部报告表的各块为：1 企业概况，2 分气体分源的排放，3 活动数据及其来源，4 因子及其来源与理由，5 其他说明（责任人员、监测计划、台账、档案、内部审核）。没有标注的是对园区（两种视图、污染物并列、分摊、替代情景）与核查（哈希、凭证）的建议。\n\n命令对每项说明：已有（及位置）、部分、缺失（及应填位置）、不适用，或由程序给出。加 `--fail-on` 时，必需内容缺失或不全则以退出码 4 结束。\n\n",
    ));
    let titles: Vec<&str> = Standard::ALL.map(Standard::title).to_vec();
    writeln!(
        out,
        "| {} | {} | {} | {} |\n|---|---|---|---|---|---|",
        say("item", "项"),
        say("part", "内容"),
        say("where it goes or comes from", "填写位置或出处"),
        titles.join(" | ")
    )
    .unwrap();
    for part in PARTS {
        writeln!(
            out,
            "| {} | {} | {} | {} |",
            part.item,
            lang.pick(part.title.0, part.title.1),
            cell(lang.pick(part.place.0, part.place.1)),
            part.basis.join(" | ")
        )
        .unwrap();
    }
    out
}

#[test]
fn the_pages_on_standards_are_up_to_date() {
    page("standards.md", &standards(Lang::En));
    page("standards.zh-CN.md", &standards(Lang::Zh));
}

/// Every command of the README's tours is one that the program knows.
#[test]
fn the_readmes_name_verbs_that_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for file in ["README.md", "README.zh-CN.md"] {
        let text = std::fs::read_to_string(root.join(file)).unwrap();
        let verbs: Vec<&str> =
            text.lines().filter_map(|l| l.strip_prefix("$ parkflux ")).filter_map(|l| l.split(' ').next()).collect();
        assert!(verbs.len() >= 5, "{file}: {verbs:?}");
        for verb in verbs {
            let known = [
                "init",
                "merge",
                "check",
                "convert",
                "inventory",
                "balance",
                "explain",
                "scenario",
                "symbiosis",
                "tradeoff",
                "indicators",
                "targets",
                "trend",
                "factors",
                "verify",
                "schema",
                "completions",
            ];
            assert!(known.contains(&verb), "{file}: {verb}");
        }
    }
}
