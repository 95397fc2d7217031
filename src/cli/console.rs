//! Where words go: standard output, standard error, colors, language.

use super::args::{Cli, FailOn};
use super::{Failure, Outcome};
use crate::diagnostic::{Diagnostics, Lang, Severity, Style, Words, render_json, render_text};
use crate::report::results::pretty;
use serde_json::{Value, json};
use std::io::{IsTerminal, Write};

/// The two streams and how to speak on them.
pub(super) struct Console {
    pub(super) lang: Lang,
    pub(super) json: bool,
    style: Style,
}

impl Console {
    pub(super) fn new(cli: &Cli) -> Self {
        let plain = cli.no_color
            || std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty())
            || std::env::var("TERM").is_ok_and(|t| t == "dumb")
            || !std::io::stderr().is_terminal();
        Self {
            lang: cli.lang.map_or_else(lang_of_environment, Into::into),
            json: cli.json,
            style: if plain { Style::Plain } else { Style::Color },
        }
    }

    /// Prints data.
    #[allow(clippy::unused_self, reason = "every word goes through the console")]
    pub(super) fn print(&self, text: &str) -> Result<(), Failure> {
        let mut out = std::io::stdout().lock();
        out.write_all(text.as_bytes())?;
        Ok(out.flush()?)
    }

    /// Prints data as JSON.
    pub(super) fn print_json(&self, value: &Value) -> Result<(), Failure> {
        self.print(&(pretty(value)))
    }

    /// Says something to the person. Nothing can be done when nobody listens.
    #[allow(clippy::unused_self, reason = "every word goes through the console")]
    pub(super) fn talk(&self, text: &str) {
        let _ = writeln!(std::io::stderr().lock(), "{text}");
    }

    /// Shows the problems because of which a package cannot be worked with.
    pub(super) fn refuse(&self, package: &str, found: &Diagnostics) -> Result<Outcome, Failure> {
        if self.json {
            self.print_json(&json!({ "package": package, "diagnostics": self.problems_json(found) }))?;
        } else {
            self.problems(found);
        }
        Ok(Outcome::Invalid)
    }

    /// Says what is wrong with the use.
    pub(super) fn usage(&self, words: &Words) -> Outcome {
        let (en, zh) = (&words.en, &words.zh);
        self.talk(&self.lang.pick(format!("parkflux: {en}"), format!("parkflux：{zh}")));
        Outcome::Usage
    }

    /// Says how far long work has come, on a terminal only; the next line of it takes its place.
    pub(super) fn progress(&self, text: &str) {
        let stream = std::io::stderr();
        if stream.is_terminal() && !self.json {
            let _ = write!(stream.lock(), "\r\x1b[K{text}");
            let _ = stream.lock().flush();
        }
    }

    /// Shows problems: as text on standard error, or as JSON on standard output
    /// under `--json`.
    pub(super) fn problems(&self, found: &Diagnostics) {
        if !found.is_empty() {
            let text = render_text(found, self.lang, self.style);
            let _ = std::io::stderr().lock().write_all(text.as_bytes());
        }
    }

    /// Problems as JSON.
    pub(super) fn problems_json(&self, found: &Diagnostics) -> Value {
        render_json(found, self.lang)
    }
}

/// The outcome of findings under `--fail-on`.
pub(super) fn gate(found: &Diagnostics, fail_on: Option<FailOn>) -> Outcome {
    let (warnings, notes) = (found.count(Severity::Warning), found.count(Severity::Note));
    match fail_on {
        Some(FailOn::Warning) if warnings > 0 => Outcome::Findings,
        Some(FailOn::Note) if warnings + notes > 0 => Outcome::Findings,
        _ => Outcome::Done,
    }
}

fn lang_of_environment() -> Lang {
    let first =
        ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(|v| std::env::var(v).ok().filter(|s| !s.is_empty()));
    match first {
        Some(locale) if locale.to_lowercase().starts_with("zh") => Lang::Zh,
        _ => Lang::En,
    }
}
