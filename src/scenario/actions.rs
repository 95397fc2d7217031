//! What one `[[change]]` of a scenario file does.

use super::keys::{Bounds, Keys, number, words_of};
use super::select::matches;
use super::{Action, By, FlowPattern, Months, NewExchange, NewUnit, Size, Target, units};
use crate::diagnostic::{Problem, Words};
use crate::package::{is_id, nearest};
use crate::park::{Carrier, CarrierId, Park};
use crate::quantity::{Basis, Dimension, Quantity, Unit, parse_number};
use std::collections::BTreeSet;
use toml::de::DeValue;

/// Keys that every change may have.
const COMMON: &[&str] = &["kind", "name", "note"];

/// Every kind of change with its keys.
const KINDS: &[(&str, &[&str])] = &[
    ("exchange", &["of", "share", "quantity", "unit", "basis", "available"]),
    (
        "add_exchange",
        &[
            "from",
            "to",
            "carrier",
            "quantity",
            "unit",
            "basis",
            "displaces",
            "ratio",
            "disposal",
            "distance_km",
            "available",
        ],
    ),
    ("substitute", &["of", "carrier", "source", "share", "by", "ratio"]),
    ("coefficient", &["of", "times"]),
    ("efficiency", &["of", "times"]),
    ("demand", &["of", "times"]),
    ("unit", &["unit", "id", "at", "available"]),
    ("factor", &["of", "times"]),
    ("price", &["of", "times"]),
    ("close", &["of"]),
    ("open", &["of"]),
    ("limit", &["of", "share", "quantity", "unit", "basis", "available"]),
];

type Expected = (&'static str, &'static str);

const FLOWS: Expected = (
    "flows as \"FROM>TO:CARRIER\", each part an id or a pattern with '*', such as \"E03>E01:blast_furnace_gas\"",
    "流量，写作 \"从>到:载体\"，各部分为编号或含“*”的模式，如 \"E03>E01:blast_furnace_gas\"",
);
const PROCESSES: Expected = (
    "an enterprise or process, by id or pattern, such as \"E03\" or \"*/CHP*\"",
    "企业或工序，用编号或模式，如 \"E03\" 或 \"*/CHP*\"",
);
const CARRIERS: Expected = ("a carrier, by id or pattern", "载体，用编号或模式");
const CARRIER: Expected = ("the id of a carrier", "载体编号");
const FACTORS: Expected =
    ("emission factors, by id or pattern, such as \"cn_grid*\"", "排放因子，用编号或模式，如 \"cn_grid*\"");
const MEMBER: Expected = ("the id of an enterprise or process", "企业或工序编号");
const SOURCE: Expected =
    ("the id of an enterprise or process, or \"outside:supplier\"", "企业或工序编号，或 \"outside:supplier\"");
const TEXT: Expected = ("a text in double quotes", "加双引号的文本");
const UNIT: Expected = ("a unit, such as \"万t\" or \"GJ\"", "单位，如 \"万t\" 或 \"GJ\"");
const BASIS: Expected = ("a basis, such as \"NCV\" or \"0C\"", "基准，如 \"NCV\" 或 \"0C\"");
const SIZE: Expected = (
    "share = 0.5, or quantity = 12 with unit = \"万t\", and not both",
    "share = 0.5，或 quantity = 12 并写 unit = \"万t\"，二者取一",
);
const BY: Expected = (
    "by = \"mass\", \"energy\" or \"exergy\"; or ratio, a number above 0, in its place",
    "by = \"mass\"、\"energy\" 或 \"exergy\"；或改写 ratio（大于 0 的数）",
);
const AVAILABLE: Expected = (
    "twelve numbers from 0 to 1, January first, such as [1, 1, 1, 0.5, 0, 0, 0, 0, 0, 0.5, 1, 1]",
    "十二个 0 到 1 之间的数，从一月起，如 [1, 1, 1, 0.5, 0, 0, 0, 0, 0, 0.5, 1, 1]",
);
const NEW_ID: Expected = (
    "an id that no process has, such as \"E04/FGD\", of an enterprise of the park",
    "尚无工序使用的编号，如 \"E04/FGD\"，其企业须在园区内",
);
const PARAMETER: Expected = (
    "a number, or a number and a unit such as \"1.65 kWh/kg\" or \"95 %\"",
    "一个数，或数与单位，如 \"1.65 kWh/kg\" 或 \"95 %\"",
);

/// A number that a change states, or has by default.
pub(super) struct Stated {
    /// Its key.
    pub(super) key: String,
    /// Where it may lie, as the file writes it.
    pub(super) bounds: Bounds,
    /// The unit that the file writes it in.
    pub(super) unit: Option<Unit>,
}

/// Reads what a change does; with the numbers that a sweep may run over.
pub(super) fn read(keys: &mut Keys, park: &Park) -> (Option<Action>, Vec<Stated>) {
    let kinds = || KINDS.iter().map(|k| k.0);
    let known = kinds().collect::<Vec<_>>().join(", ");
    if !keys.has("kind") {
        keys.missing("kind", (&format!("one of: {known}"), &format!("以下之一：{known}")));
        return (None, Vec::new());
    }
    let Some(kind) = keys.may("kind", TEXT, words_of) else { return (None, Vec::new()) };
    let Some((kind, allowed)) = KINDS.iter().find(|k| k.0 == kind) else {
        let nearest = nearest(&kind, kinds());
        keys.report("kind", Problem::ScenarioKind { of: Words::new("change", "变更"), found: kind, known, nearest });
        return (None, Vec::new());
    };
    // A unit has the parameters of its kind beside its own keys.
    let of_unit = if *kind == "unit" { unit_kind(keys) } else { None };
    let parameters: Vec<&str> = of_unit.into_iter().flat_map(units::Kind::parameters).map(|s| s.id).collect();
    if *kind != "unit" || of_unit.is_some() {
        keys.check_names(&[COMMON, allowed, &parameters[..]].concat());
    }
    keys.may("note", TEXT, |v| v.as_str());
    let action = action(keys, kind, park);
    let stated = stated(keys, kind);
    (action, stated)
}

/// Where a number of a change may lie.
fn bounds(kind: &str, key: &str) -> Bounds {
    match (kind, key) {
        ("substitute", "share") => Bounds::Share,
        // Something is divided by these.
        ("efficiency", "times") | ("substitute", "ratio") => Bounds::Positive,
        (_, "share" | "times" | "ratio" | "quantity" | "distance_km") => Bounds::NotNegative,
        _ => Bounds::Any,
    }
}

/// The numbers of a change.
fn stated(keys: &Keys, kind: &str) -> Vec<Stated> {
    let unit = |key: &str| match (kind, keys.value(key)) {
        (_, Some(_)) if key == "quantity" => Unit::parse(keys.value("unit")?.as_str()?).ok(),
        ("unit", Some(DeValue::String(text))) => Some(amount(text)?.1),
        _ => None,
    };
    let is_number = |key: &str, value: &DeValue| {
        let parameter = kind == "unit" && !is_own_key_of_unit(key);
        number(value).is_some() || parameter && value.as_str().is_some_and(|t| amount(t).is_some())
    };
    let mut list: Vec<Stated> = keys
        .table
        .iter()
        .map(|(key, value)| (key.get_ref().to_string(), value.get_ref()))
        .filter(|(key, value)| is_number(key, value))
        .map(|(key, _)| Stated { bounds: bounds(kind, &key), unit: unit(&key), key })
        .collect();
    if kind == "substitute" && !keys.has("share") {
        list.push(Stated { key: "share".to_owned(), bounds: bounds(kind, "share"), unit: None });
    }
    list
}

fn action(keys: &mut Keys, kind: &str, park: &Park) -> Option<Action> {
    let times = |keys: &mut Keys| keys.number("times", bounds(kind, "times"), true);
    Some(match kind {
        "exchange" => {
            let of = flows(keys);
            let to = size(keys, park, of.as_ref());
            Action::Exchange { of: of?, to: to?, available: available(keys) }
        }
        "limit" => {
            let of = flows(keys);
            let most = size(keys, park, of.as_ref());
            Action::Limit { of: of?, most: most?, available: available(keys) }
        }
        "add_exchange" => Action::AddExchange(Box::new(exchange(keys, park)?)),
        "substitute" => {
            let (of, carrier) = (flows(keys), keys.must("carrier", CARRIER, words_of));
            let source = keys.may("source", SOURCE, words_of);
            let share = keys.number("share", bounds(kind, "share"), false).unwrap_or(1.0);
            let by = by(keys);
            Action::Substitute { of: of?, carrier: carrier?, source, share, by: by? }
        }
        "coefficient" => {
            let (of, times) = (flows(keys), times(keys));
            Action::Coefficient { of: of?, times: times? }
        }
        "efficiency" => {
            let (of, times) = (keys.must("of", PROCESSES, words_of), times(keys));
            Action::Efficiency { of: of?, times: times? }
        }
        "demand" => {
            let (of, times) = (target(keys), times(keys));
            Action::Demand { of: of?, times: times? }
        }
        "factor" => {
            let (of, times) = (keys.must("of", FACTORS, words_of), times(keys));
            Action::Factor { of: of?, times: times? }
        }
        "price" => {
            let (of, times) = (keys.must("of", CARRIERS, words_of), times(keys));
            Action::Price { of: of?, times: times? }
        }
        "close" => Action::Close { of: keys.must("of", PROCESSES, words_of)? },
        "open" => Action::Open { of: keys.must("of", PROCESSES, words_of)? },
        "unit" => Action::Unit(Box::new(unit(keys, park)?)),
        _ => return None,
    })
}

/// The flows that `of` names.
fn flows(keys: &mut Keys) -> Option<FlowPattern> {
    keys.must("of", FLOWS, |v| FlowPattern::parse(v.as_str()?))
}

/// What a demand is of.
fn target(keys: &mut Keys) -> Option<Target> {
    let text = keys.must("of", PROCESSES, words_of)?;
    if text.contains(['>', '＞']) { flows(keys).map(Target::Flows) } else { Some(Target::Processes(text)) }
}

/// `share`, or `quantity` with its `unit`.
fn size(keys: &mut Keys, park: &Park, of: Option<&FlowPattern>) -> Option<Size> {
    match (keys.has("share"), keys.has("quantity") || keys.has("unit")) {
        (true, true) => {
            keys.bad(if keys.has("quantity") { "quantity" } else { "unit" }, SIZE);
            None
        }
        (true, false) => keys.number("share", Bounds::NotNegative, true).map(Size::Share),
        (false, true) => quantity(keys, park, of.map(|p| p.carrier.as_str())).map(Size::Quantity),
        (false, false) => {
            keys.missing("share", SIZE);
            None
        }
    }
}

/// What part of something is there in each month.
fn available(keys: &mut Keys) -> Option<Months> {
    let share = |v: &DeValue| number(v).filter(|n| Bounds::Share.holds(*n));
    keys.may("available", AVAILABLE, |v| {
        let list: Option<Vec<f64>> = v.as_array()?.iter().map(|month| share(month.get_ref())).collect();
        list?.try_into().ok()
    })
}

/// The carrier with an id.
pub(super) fn carrier_of(park: &Park, id: &str) -> Option<CarrierId> {
    park.carriers.binary_search_by(|c| (*c.label.id).cmp(id)).ok().map(CarrierId::new)
}

/// A quantity in a unit that can measure the carrier; of a pattern, one of those that the park has of it.
fn quantity(keys: &mut Keys, park: &Park, carrier: Option<&str>) -> Option<Quantity> {
    let number = keys.number("quantity", Bounds::NotNegative, true);
    let text = keys.must("unit", UNIT, words_of);
    let basis = keys.may("basis", BASIS, |v| Basis::parse(v.as_str()?).ok()).unwrap_or_default();
    let text = text?;
    let unit = match Unit::parse(&text) {
        Ok(unit) => unit,
        Err(error) => {
            keys.report("unit", Problem::unit(&text, &error));
            return None;
        }
    };
    let only = carrier.and_then(|id| carrier_of(park, id)).map(|id| park.carrier(id));
    let wrong = match (only, carrier) {
        (Some(carrier), _) => carrier.wrong_unit(&text, &unit),
        (None, Some(pattern)) => {
            let problems: Vec<Option<Problem>> =
                moved(park).filter(|c| matches(pattern, &c.label.id)).map(|c| c.wrong_unit(&text, &unit)).collect();
            problems.iter().all(Option::is_some).then(|| problems.into_iter().flatten().next()).flatten()
        }
        (None, None) => None,
    };
    if let Some(problem) = wrong {
        keys.report("unit", problem);
        return None;
    }
    let basis = match only.map_or(Ok(basis), |c| c.basis(&text, &unit, basis)) {
        Ok(basis) => basis,
        Err(problem) => {
            keys.report("basis", *problem);
            return None;
        }
    };
    let quantity = Quantity::new(number?, &unit, basis).ok();
    if quantity.is_none() {
        keys.report("basis", Problem::BadBasis { found: keys.source("basis") });
    }
    quantity
}

/// The carriers that flow in the park, in the order of their ids.
fn moved(park: &Park) -> impl Iterator<Item = &Carrier> {
    let flows = park.flows.iter().map(|f| f.carrier);
    let ids: BTreeSet<CarrierId> = flows.chain(park.exchanges.iter().map(|x| x.carrier)).collect();
    ids.into_iter().map(|id| park.carrier(id))
}

/// By what a carrier replaces another.
fn by(keys: &mut Keys) -> Option<By> {
    if keys.has("ratio") {
        if keys.has("by") {
            keys.bad("by", BY);
            return None;
        }
        return keys.number("ratio", bounds("substitute", "ratio"), true).map(By::Ratio);
    }
    if !keys.has("by") {
        return Some(By::Energy);
    }
    keys.must("by", BY, |v| match v.as_str()? {
        "mass" => Some(By::Mass),
        "energy" => Some(By::Energy),
        "exergy" => Some(By::Exergy),
        _ => None,
    })
}

fn exchange(keys: &mut Keys, park: &Park) -> Option<NewExchange> {
    let (from, to) = (keys.must("from", MEMBER, words_of), keys.must("to", MEMBER, words_of));
    let carrier = keys.must("carrier", CARRIER, words_of);
    let quantity = quantity(keys, park, carrier.as_deref());
    let displaces = keys.may("displaces", CARRIER, words_of);
    let ratio = keys.number("ratio", bounds("add_exchange", "ratio"), false);
    let disposal = keys.may("disposal", TEXT, words_of);
    let distance_km = keys.number("distance_km", Bounds::NotNegative, false);
    Some(NewExchange {
        from: from?,
        to: to?,
        carrier: carrier?,
        quantity: quantity?,
        displaces,
        ratio,
        disposal,
        distance_km,
        available: available(keys),
    })
}

/// Whether a key of a `unit` is none of its parameters.
fn is_own_key_of_unit(key: &str) -> bool {
    COMMON.contains(&key) || ["unit", "id", "at", "available"].contains(&key)
}

/// What a unit is; a kind that is not known is told with the nearest.
fn unit_kind(keys: &mut Keys) -> Option<&'static units::Kind> {
    let kind = keys.must("unit", ("what it is, such as \"wet_fgd\"", "装置类型，如 \"wet_fgd\""), words_of)?;
    let ids = || units::kinds().map(|k| k.id);
    let found = units::kinds().find(|k| k.id == kind);
    if found.is_none() {
        let (known, nearest) = (ids().collect::<Vec<_>>().join(", "), nearest(&kind, ids()));
        keys.report("unit", Problem::ScenarioKind { of: Words::new("unit", "装置"), found: kind, known, nearest });
    }
    found
}

/// The kind has been judged; of one that is not known the other keys are read, so that all is told at once.
fn unit(keys: &mut Keys, park: &Park) -> Option<NewUnit> {
    let kind = keys.value("unit").and_then(words_of).filter(|kind| units::kinds().any(|k| k.id == *kind));
    let id = keys.must("id", NEW_ID, |v| words_of(v).filter(|id| is_new(park, id)));
    let at = keys.must("at", MEMBER, words_of);
    let names: Vec<String> = keys.table.keys().map(|k| k.get_ref().to_string()).collect();
    let mut parameters = Vec::new();
    for name in names.into_iter().filter(|n| !is_own_key_of_unit(n)) {
        if let Some(value) = parameter(keys, &name) {
            parameters.push((name, value));
        }
    }
    let available = available(keys);
    Some(NewUnit { kind: kind?, id: id?, at: at?, parameters, available })
}

/// Whether a unit may be called so: its enterprise is of the park, and no process has the id.
fn is_new(park: &Park, id: &str) -> bool {
    let owner = id.split('/').next().unwrap_or_default();
    id.contains('/')
        && is_id(id, true)
        && park.enterprises.iter().any(|e| *e.label.id == *owner)
        && !park.processes.iter().any(|p| *p.label.id == *id)
}

/// A parameter of a unit: a number, or a text with number and unit.
fn parameter(keys: &mut Keys, key: &str) -> Option<Quantity> {
    let value = keys.value(key)?;
    if let Some(value) = number(value) {
        return Some(Quantity { value, dimension: Dimension::NONE, basis: Basis::default() });
    }
    let text = value.as_str().unwrap_or_default();
    if let Some((number, unit)) = amount(text) {
        return Quantity::new(number, &unit, Basis::default()).ok();
    }
    // A number with a unit that cannot be read is told as such.
    match split(text).map(|(_, unit)| (unit, Unit::parse(unit))) {
        Some((unit, Err(error))) => keys.report(key, Problem::unit(unit, &error)),
        _ => keys.bad(key, PARAMETER),
    }
    None
}

/// Number and unit of a text such as `1.65 kWh/kg`, `95 %` or `12万t`.
fn split(text: &str) -> Option<(f64, &str)> {
    let text = text.trim();
    let end = match text.find(char::is_whitespace) {
        Some(end) => end,
        None => text.find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | ',' | '+' | '-'))?,
    };
    let (number, unit) = text.split_at_checked(end)?;
    Some((parse_number(number).ok()?, unit.trim())).filter(|(_, unit)| !unit.is_empty())
}

fn amount(text: &str) -> Option<(f64, Unit)> {
    let (number, unit) = split(text)?;
    Some((number, Unit::parse(unit).ok()?))
}

impl Action {
    /// The kind as files write it.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Exchange { .. } => "exchange",
            Self::AddExchange(_) => "add_exchange",
            Self::Substitute { .. } => "substitute",
            Self::Coefficient { .. } => "coefficient",
            Self::Efficiency { .. } => "efficiency",
            Self::Demand { .. } => "demand",
            Self::Unit(_) => "unit",
            Self::Factor { .. } => "factor",
            Self::Price { .. } => "price",
            Self::Close { .. } => "close",
            Self::Open { .. } => "open",
            Self::Limit { .. } => "limit",
        }
    }

    /// What the change is of, as files write it; of something new, where it goes.
    #[must_use]
    pub fn of(&self) -> String {
        match self {
            Self::Exchange { of, .. }
            | Self::Substitute { of, .. }
            | Self::Coefficient { of, .. }
            | Self::Demand { of: Target::Flows(of), .. }
            | Self::Limit { of, .. } => of.to_string(),
            Self::Efficiency { of, .. }
            | Self::Demand { of: Target::Processes(of), .. }
            | Self::Factor { of, .. }
            | Self::Price { of, .. }
            | Self::Close { of }
            | Self::Open { of } => of.clone(),
            Self::AddExchange(new) => format!("{}>{}:{}", new.from, new.to, new.carrier),
            Self::Unit(unit) => unit.id.clone(),
        }
    }
}
