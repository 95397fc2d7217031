//! `schema` and `completions`.

use super::args::{Cli, CompletionsArgs, SchemaArgs};
use super::console::Console;
use super::{Failure, Outcome};
use crate::package::schema::{SETTINGS, TABLES, Table, settings_json, table};
use crate::quantity::known_units;
use clap::CommandFactory;
use serde_json::{Value, json};

pub(super) fn run(args: &SchemaArgs, console: &Console) -> Result<Outcome, Failure> {
    let lang = console.lang;
    match args.table.as_deref() {
        Some("park" | "park.toml") if console.json => console.print_json(&settings_json())?,
        Some("park" | "park.toml") => {
            let mut lines = vec!["park.toml\n".to_owned()];
            for s in SETTINGS {
                let must = if s.required { "*" } else { " " };
                let (expected, doc) = (lang.pick(s.expected.0, s.expected.1), lang.pick(s.doc.0, s.doc.1));
                lines.push(format!("{must} {:<22} {doc} [{expected}]\n", s.key));
            }
            console.print(&lines.concat())?;
        }
        Some("units") => {
            let units: Vec<(String, String)> =
                known_units().map(|(names, dimension)| (names.join(", "), dimension.to_string())).collect();
            if console.json {
                let list: Vec<Value> = units.iter().map(|(n, d)| json!({ "units": n, "canonical": d })).collect();
                console.print_json(&Value::Array(list))?;
            } else {
                let lines: Vec<String> = units.iter().map(|(n, d)| format!("{d:<8} {n}\n")).collect();
                console.print(&lines.concat())?;
            }
        }
        Some(name) => match table(name) {
            Some(t) if console.json => console.print_json(&t.to_json())?,
            Some(t) => console.print(&describe(t, console))?,
            None => {
                let names: Vec<&str> = TABLES.iter().map(|t| t.name).collect();
                console.talk(&format!("parkflux: no table '{name}'; tables: {}, park, units", names.join(", ")));
                return Ok(Outcome::Usage);
            }
        },
        None if console.json => {
            let tables: Vec<Value> = TABLES.iter().map(|t| t.to_json()).collect();
            console.print_json(&json!({ "settings": settings_json(), "resources": tables }))?;
        }
        None => {
            for t in TABLES {
                console.print(&(describe(t, console) + "\n"))?;
            }
        }
    }
    Ok(Outcome::Done)
}

fn describe(t: &Table, console: &Console) -> String {
    let lang = console.lang;
    let mut lines = vec![format!("{} ({})\n{}\n", t.file, t.zh, lang.pick(t.doc.0, t.doc.1))];
    for c in t.columns {
        let must = if c.required { "*" } else { " " };
        let choices = c.kind.choices_shown().map_or(String::new(), |list| format!(" [{list}]"));
        lines.push(format!("{must} {:<18} {}{choices}\n", c.name, lang.pick(c.doc.0, c.doc.1)));
    }
    lines.concat()
}

pub(super) fn completions(args: &CompletionsArgs, console: &Console) -> Result<Outcome, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "parkflux", &mut script);
    console.print(&String::from_utf8_lossy(&script))?;
    Ok(Outcome::Done)
}
