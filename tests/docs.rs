//! The generated pages say what the program does.
//!
//! `UPDATE_DOCS=1 cargo test --test docs` writes them anew.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test may stop at the first surprise")]

use parkflux::diagnostic::{Code, Lang, Severity, rule};
use parkflux::package::schema::{Kind, SETTINGS, TABLES, settings_json};
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
            let choices = c.kind.choices().map_or(String::new(), |list| format!(" [{}]", list.join(", ")));
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
            let known =
                ["init", "check", "convert", "inventory", "explain", "factors", "verify", "schema", "completions"];
            assert!(known.contains(&verb), "{file}: {verb}");
        }
    }
}
