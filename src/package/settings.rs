//! Reading of `park.toml`.

use super::refer::{is_id, nearest};
use super::schema::SETTINGS;
use crate::diagnostic::{Diagnostic, Diagnostics, Origin, Problem, Words};
use crate::park::{
    AllocationRule, Assurance, Consolidation, Fgd, FlowValues, Gas, GwpSet, HeatDatum, InternalFactor, RuleSet,
    Settings, Statement, TceElectricity,
};
use crate::quantity::Period;
use crate::quantity::steam::Kelvins;
use std::ops::Range;
use toml::de::{DeTable, DeValue};

/// What `park.toml` says, beside the [`Settings`].
pub(super) struct Head {
    pub(super) id: String,
    pub(super) name_en: String,
    pub(super) name_zh: String,
    pub(super) settings: Settings,
}

/// The section that holds what the report says about itself.
const SECTION: &str = "report";

/// A `park.toml` under way.
struct Keys<'a, 'd> {
    text: &'a str,
    table: &'a DeTable<'a>,
    found: &'d mut Diagnostics,
}

/// Reads the settings; `None` when they cannot be understood.
pub(super) fn read(text: &str, found: &mut Diagnostics) -> Option<Head> {
    let (document, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        let detail = error.message().lines().next().unwrap_or_default().to_owned();
        let row = error.span().map(|s| row_of(text, &s));
        let origin = Origin { row, ..Origin::file("park.toml") };
        found.push(Diagnostic::new(Problem::TomlSyntax { detail }, origin));
    }
    if !errors.is_empty() {
        return None;
    }
    let mut keys = Keys { text, table: document.get_ref(), found };
    keys.check_names();
    Some(keys.settings())
}

/// Line of a byte range, counted from 1.
fn row_of(text: &str, span: &Range<usize>) -> u32 {
    let before = text.as_bytes().get(..span.start).unwrap_or(text.as_bytes());
    1 + memchr::memchr_iter(b'\n', before).count() as u32
}

impl<'a> Keys<'a, '_> {
    fn check_names(&mut self) {
        // The keys of the section stand as `report.KEY`.
        let mut names: Vec<(String, Range<usize>)> = Vec::new();
        for (key, value) in self.table {
            match value.get_ref().as_table() {
                Some(section) if key.get_ref() == SECTION => {
                    names.extend(section.iter().map(|(k, _)| (format!("{SECTION}.{}", k.get_ref()), k.span())));
                }
                _ => names.push((key.get_ref().to_string(), key.span())),
            }
        }
        for (name, span) in names {
            if !SETTINGS.iter().any(|s| s.key == name) {
                let nearest = nearest(&name, SETTINGS.iter().map(|s| s.key));
                let origin = Origin::row("park.toml", row_of(self.text, &span)).column(&*name);
                let problem = Problem::UnknownKey { key: name.clone(), nearest };
                self.found.push(Diagnostic::new(problem, origin).found(name));
            }
        }
        let table = self.table;
        for setting in SETTINGS.iter().filter(|s| s.required && !table.contains_key(s.key)) {
            let expected = Words::new(setting.expected.0, setting.expected.1);
            let problem = Problem::MissingSetting { key: setting.key.to_owned(), expected };
            self.found.push(Diagnostic::new(problem, Origin::file("park.toml").column(setting.key)));
        }
    }

    /// The value of a key, or of `report.KEY` in the section.
    fn at(&self, key: &str) -> Option<&'a toml::Spanned<DeValue<'a>>> {
        match key.split_once('.') {
            None => self.table.get(key),
            Some((section, key)) => self.table.get(section)?.get_ref().as_table()?.get(key),
        }
    }

    fn value(&self, key: &str) -> Option<&'a DeValue<'a>> {
        self.at(key).map(toml::Spanned::get_ref)
    }

    fn origin(&self, key: &str) -> Origin {
        let row = self.at(key).map(|v| row_of(self.text, &v.span()));
        Origin { row, ..Origin::file("park.toml") }.column(key)
    }

    fn source_text(&self, key: &str) -> String {
        let span = self.at(key).map(toml::Spanned::span).unwrap_or_default();
        self.text.get(span).unwrap_or_default().to_owned()
    }

    fn report(&mut self, key: &str, problem: Problem) {
        let (origin, found) = (self.origin(key), self.source_text(key));
        self.found.push(Diagnostic::new(problem, origin).found(found));
    }

    fn bad(&mut self, key: &str) {
        let expected = SETTINGS.iter().find(|s| s.key == key).map_or(("", ""), |s| s.expected);
        let expected = Words::new(expected.0, expected.1);
        let found = self.source_text(key);
        self.report(key, Problem::BadSetting { key: key.to_owned(), found, expected });
    }

    /// The value of `key` read by `read`; a value that cannot be read is reported.
    fn get<T>(&mut self, key: &str, read: impl Fn(&DeValue<'a>) -> Option<T>) -> Option<T> {
        let value = self.value(key)?;
        let result = read(value);
        if result.is_none() {
            self.bad(key);
        }
        result
    }

    fn text(&mut self, key: &str) -> Option<String> {
        self.get(key, |v| v.as_str().map(str::to_owned))
    }

    fn list(&mut self, key: &str) -> Option<Vec<String>> {
        self.get(key, |v| v.as_array()?.iter().map(|i| text_of(i.get_ref())).collect())
    }

    fn year(&mut self, key: &str) -> Option<u16> {
        self.get(key, |v| Period::parse(&text_of(v)?).ok().filter(|p| p.month.is_none()).map(|p| p.year))
    }

    /// The settings as far as they can be read; what cannot is reported and stands
    /// as the placeholder has it, so that the tables are still checked.
    fn settings(&mut self) -> Head {
        self.get("schema", |v| (text_of(v)? == "1").then_some(()));
        let id = self.get("id", |v| v.as_str().filter(|s| is_id(s, false)).map(str::to_owned));
        let (name_en, name_zh) = (self.text("name_en"), self.text("name_zh"));
        let periods = self.get("periods", |v| {
            let list: Option<Vec<Period>> =
                v.as_array()?.iter().map(|i| Period::parse(&text_of(i.get_ref())?).ok()).collect();
            list.filter(|l| !l.is_empty())
        });
        let region = self.text("region");
        let factor_sets = self.list("factor_sets");
        let gwp_set = self.get("gwp_set", |v| GwpSet::find(v.as_str()?));
        let rule_set = self.get("rule_set", |v| RuleSet::find(v.as_str()?));
        let gases = self.get("gases", |v| v.as_array()?.iter().map(|i| Gas::find(i.get_ref().as_str()?)).collect());
        let internal_factor = self.get("internal_factor", |v| match v.as_str()? {
            "own" => Some(InternalFactor::Own),
            "published" => Some(InternalFactor::Published),
            _ => None,
        });
        let chp_rule = self.get("chp_rule", |v| AllocationRule::find(v.as_str()?));
        let surroundings = self.get("surroundings", surroundings);
        let flow_values = self.get("flow_values", |v| match v.as_str()? {
            "measured" => Some(FlowValues::Measured),
            "reconciled" => Some(FlowValues::Reconciled),
            _ => None,
        });
        let balance_limit = self.get("balance_limit", positive);
        let fgd = self.get("fgd", |v| Fgd::find(v.as_str()?));
        let grid_region = self.text("grid_region");
        let (base_year, grid_year) = (self.year("base_year"), self.year("grid_year"));
        let heat_datum = self.get("heat_datum", |v| HeatDatum::find(v.as_str()?));
        let electricity = self.get("electricity_tce", electricity_tce);
        let restatement_threshold = self.get("restatement_threshold", share);
        let price_basis = self.text("price_basis");
        let boundary = self.text("boundary");
        for key in ["source", "note"] {
            self.text(key);
        }
        let programmes = self.list("programmes");
        let allow_unconfirmed = self.list("allow_unconfirmed");
        let empty = placeholder();
        let (id, region) = (id.unwrap_or_else(|| "park".to_owned()), region.unwrap_or_default());
        let country = region.split('.').next().unwrap_or_default().to_owned();
        let statement = self.statement();
        let keys = SETTINGS.iter().filter_map(|s| Some((s.key.to_owned(), row_of(self.text, &self.at(s.key)?.span()))));
        let rows = keys.collect();
        Head {
            name_en: name_en.filter(|n| !n.is_empty()).unwrap_or_else(|| id.clone()),
            name_zh: name_zh.unwrap_or_default(),
            id,
            settings: Settings {
                periods: periods.unwrap_or_default(),
                base_year,
                restatement_threshold,
                boundary: boundary.unwrap_or_default(),
                price_basis: price_basis.unwrap_or_default(),
                region,
                factor_sets: factor_sets.unwrap_or_default(),
                gwp_set: gwp_set.unwrap_or(empty.gwp_set),
                rule_set: rule_set.unwrap_or(empty.rule_set),
                gases: gases.unwrap_or_else(|| vec![Gas::Co2, Gas::Ch4, Gas::N2o]),
                fgd: fgd.unwrap_or_else(|| Fgd::of(rule_set.unwrap_or(empty.rule_set))),
                internal_factor: internal_factor.unwrap_or(empty.internal_factor),
                chp_rule,
                surroundings: surroundings.unwrap_or(empty.surroundings),
                grid_region: grid_region.unwrap_or(country),
                grid_year,
                heat_datum: heat_datum.unwrap_or(empty.heat_datum),
                electricity_tce: electricity.unwrap_or(empty.electricity_tce),
                flow_values: flow_values.unwrap_or(empty.flow_values),
                balance_limit,
                allow_unconfirmed: allow_unconfirmed.unwrap_or_default(),
                programmes: programmes.unwrap_or_default(),
                statement,
                rows,
            },
        }
    }

    /// The section `[report]`.
    fn statement(&mut self) -> Statement {
        let mut text = |key: &str| self.text(key).unwrap_or_default().trim().to_owned();
        let statement = Statement {
            body: text("report.body"),
            person: text("report.person"),
            users: text("report.users"),
            date: text("report.date"),
            address: text("report.address"),
            significance: text("report.significance"),
            base_year_reason: text("report.base_year_reason"),
            restatement: text("report.restatement"),
            method_changes: text("report.method_changes"),
            checked_by: text("report.checked_by"),
            verifier: text("report.verifier"),
            statement: text("report.statement"),
            ..Statement::default()
        };
        Statement {
            standards: self.list("report.standards").unwrap_or_default(),
            consolidation: self.get("report.consolidation", |v| Consolidation::find(v.as_str()?)),
            assurance: self.get("report.assurance", |v| Assurance::find(v.as_str()?)),
            materiality: self.get("report.materiality", share),
            ..statement
        }
    }
}

/// A text, whole number or decimal number as text.
fn text_of(value: &DeValue) -> Option<String> {
    value
        .as_str()
        .map(str::to_owned)
        .or_else(|| value.as_integer().map(|i| i.as_str().to_owned()))
        .or_else(|| value.as_float().map(|f| f.as_str().to_owned()))
}

/// A share between 0 and 1.
fn share(value: &DeValue) -> Option<f64> {
    text_of(value)?.parse().ok().filter(|s| (0.0..=1.0).contains(s))
}

/// A number above 0.
fn positive(value: &DeValue) -> Option<f64> {
    text_of(value)?.parse().ok().filter(|n: &f64| *n > 0.0 && n.is_finite())
}

/// Surroundings of 15 °C, unless the park states its own.
const SURROUNDINGS: Kelvins = Kelvins(288.15);

/// A temperature in °C at which surroundings can be and IAPWS-IF97 has water.
fn surroundings(value: &DeValue) -> Option<Kelvins> {
    text_of(value)?.parse().ok().filter(|t| (0.0..=60.0).contains(t)).map(Kelvins::from_celsius)
}

/// `"calorific"`, or a coefficient in kgce/kWh.
fn electricity_tce(value: &DeValue) -> Option<TceElectricity> {
    let text = text_of(value)?;
    if text == "calorific" {
        return Some(TceElectricity::Calorific);
    }
    text.parse().ok().filter(|c| (0.05..1.0).contains(c)).map(TceElectricity::Stated)
}

/// Settings that stand in while the tables of a package without readable
/// `park.toml` are checked; no park is made of them.
pub(super) fn placeholder() -> Settings {
    Settings {
        periods: Vec::new(),
        base_year: None,
        restatement_threshold: None,
        boundary: String::new(),
        price_basis: String::new(),
        region: String::new(),
        factor_sets: Vec::new(),
        gwp_set: GwpSet::Ar5,
        rule_set: RuleSet::Ghgp,
        gases: Vec::new(),
        fgd: Fgd::Physical,
        internal_factor: InternalFactor::Own,
        chp_rule: None,
        surroundings: SURROUNDINGS,
        grid_region: String::new(),
        grid_year: None,
        heat_datum: HeatDatum::Zero,
        electricity_tce: TceElectricity::Calorific,
        flow_values: FlowValues::Measured,
        balance_limit: None,
        allow_unconfirmed: Vec::new(),
        programmes: Vec::new(),
        statement: Statement::default(),
        rows: std::collections::BTreeMap::new(),
    }
}
