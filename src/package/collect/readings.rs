//! Both ends of one flow, reported by two firms: two readings with their observers; and
//! one flow or emission that stands in two places as if it were two.

use super::books::Book;
use super::join::{Holder, Joined, canonical};
use super::owner::owner;
use super::{Reading, Report};
use crate::diagnostic::{Diagnostics, Problem};
use crate::package::schema::Table;
use crate::quantity::Period;
use std::collections::{BTreeMap, BTreeSet};

/// A node as it is compared: a firm that names processes and its site are one.
fn node(text: &str) -> &str {
    text.strip_suffix("/_site").unwrap_or(text)
}

/// Sets the observers of flows that the firms at both ends report. A row of the sender's
/// book was read by the sender (`from`), one of the receiver's book by the receiver (`to`);
/// an observer that a row states stays. Where the two books name the ends or the use of
/// what may be one flow differently, nobody can say whether it is one: a conflict.
pub(super) fn pair(
    table: &'static Table,
    rows: &mut [Joined],
    books: &[Book],
    report: &mut Report,
    found: &mut Diagnostics,
) {
    // New rows of a book, by sender, receiver and carrier; true for the sender's.
    let mut pairs: BTreeMap<(String, String, String), Vec<(usize, bool)>> = BTreeMap::new();
    for (i, joined) in rows.iter().enumerate() {
        let [Holder::Book(book)] = joined.holders[..] else { continue };
        let cell = |column| joined.row.cell(table, column);
        let (from, to) = (owner(cell("from")), owner(cell("to")));
        if from.is_empty() || to.is_empty() || from == to {
            continue;
        }
        let key = (from.to_owned(), to.to_owned(), cell("carrier").to_owned());
        pairs.entry(key).or_default().push((i, books[book].firm == from));
    }
    for list in pairs.values() {
        let both = [true, false].iter().all(|s| list.iter().any(|(_, sender)| sender == s));
        if both {
            fill_uses(table, rows, list);
            observers(table, rows, list, report, found);
        }
    }
}

/// What a receiver does with a flow is one thing for both readings of it: a use that one
/// book leaves open is that of the other, if there is only one.
fn fill_uses(table: &Table, rows: &mut [Joined], list: &[(usize, bool)]) {
    let mut by_ends: BTreeMap<(String, String), Vec<usize>> = BTreeMap::new();
    for &(i, _) in list {
        let cell = |column| node(rows[i].row.cell(table, column)).to_owned();
        by_ends.entry((cell("from"), cell("to"))).or_default().push(i);
    }
    for list in by_ends.values() {
        let uses: BTreeSet<String> =
            list.iter().map(|&i| rows[i].row.cell(table, "use").to_owned()).filter(|u| !u.is_empty()).collect();
        if let (1, Some(only)) = (uses.len(), uses.first()) {
            for &i in list {
                rows[i].row.set(table, "use", only);
            }
        }
    }
}

fn observers(
    table: &'static Table,
    rows: &mut [Joined],
    list: &[(usize, bool)],
    report: &mut Report,
    found: &mut Diagnostics,
) {
    let ends = |rows: &[Joined], i: usize| {
        let cell = |column| rows[i].row.cell(table, column);
        (node(cell("from")).to_owned(), node(cell("to")).to_owned(), cell("use").to_owned())
    };
    let mut groups: BTreeMap<(String, String, String), [Vec<usize>; 2]> = BTreeMap::new();
    for &(i, sender) in list {
        groups.entry(ends(rows, i)).or_default()[usize::from(!sender)].push(i);
    }
    let alone = |side: usize| groups.values().filter(move |g| g[1 - side].is_empty()).flat_map(move |g| &g[side]);
    for &i in alone(1) {
        let other = alone(0).find(|&&o| overlap(table, &rows[i], &rows[o]));
        if let Some(&o) = other {
            let (here, there) = (&rows[i].row, &rows[o].row);
            let say = |r: &super::source::SourceRow| {
                let cell = |column| r.cell(table, column);
                format!(
                    "{} → {} ({})",
                    cell("from"),
                    cell("to"),
                    if cell("use").is_empty() { "-" } else { cell("use") }
                )
            };
            let problem = Problem::EndsDiffer {
                carrier: here.cell(table, "carrier").to_owned(),
                here: say(here),
                other: there.origin().to_string(),
                there: say(there),
            };
            found.push(here.problem(table, "from", problem));
        }
    }
    for [sender, receiver] in groups.values().filter(|g| g.iter().all(|side| !side.is_empty())) {
        for (side, observer) in [(sender, "from"), (receiver, "to")] {
            for &i in side {
                if rows[i].row.cell(table, "observer").is_empty() {
                    rows[i].row.set(table, "observer", observer);
                }
            }
        }
        report.readings.push(reading(table, rows, sender, receiver));
    }
}

fn reading(table: &Table, rows: &[Joined], sender: &[usize], receiver: &[usize]) -> Reading {
    let first = &rows[sender[0]].row;
    let cell = |column: &str| first.cell(table, column).to_owned();
    let say = |list: &[usize]| {
        let one = |&i: &usize| {
            let cell = |column| rows[i].row.cell(table, column);
            format!("{}: {} {} ({})", cell("period"), cell("quantity"), cell("unit"), cell("id"))
        };
        list.iter().map(one).collect::<Vec<_>>()
    };
    Reading {
        from: cell("from"),
        to: cell("to"),
        carrier: cell("carrier"),
        sender: say(sender),
        receiver: say(receiver),
    }
}

/// Whether two rows speak of the same time, as far as their periods can be read.
fn overlap(table: &Table, a: &Joined, b: &Joined) -> bool {
    let period = |j: &Joined| Period::parse(j.row.cell(table, "period")).ok();
    match (period(a), period(b)) {
        (Some(a), Some(b)) => a.contains(b) || b.contains(a),
        _ => false,
    }
}

/// Reports rows of different holders that say the same thing of the same flow or the same
/// emission: they would be added up.
pub(super) fn twice(table: &'static Table, rows: &[Joined], found: &mut Diagnostics) {
    let columns: &[&str] = match table.name {
        "flows" => &["period", "from", "to", "carrier", "observer"],
        "emissions" => &["period", "enterprise", "process", "replaces", "gas"],
        _ => return,
    };
    let key = |j: &Joined| -> Vec<String> {
        let cell = |name: &&str| {
            let text = node(j.row.cell(table, name));
            table.position(name).map_or(String::new(), |i| canonical(&table.columns[i], text))
        };
        columns.iter().map(cell).collect()
    };
    let usage = |j: &Joined| j.row.cell(table, "use").to_owned();
    let mut groups: BTreeMap<Vec<String>, Vec<usize>> = BTreeMap::new();
    for (i, joined) in rows.iter().enumerate() {
        groups.entry(key(joined)).or_default().push(i);
    }
    for list in groups.values().filter(|l| l.len() > 1) {
        for (at, &i) in list.iter().enumerate() {
            // Whoever holds both rows meant both.
            let apart = |o: &&usize| {
                let (a, b) = (&rows[i], &rows[**o]);
                let (ua, ub) = (usage(a), usage(b));
                let same_use = ua == ub || ua.is_empty() || ub.is_empty();
                same_use && !a.holders.iter().any(|h| b.holders.contains(h))
            };
            if let Some(&o) = list[..at].iter().find(apart) {
                let (here, there) = (&rows[i].row, &rows[o].row);
                let amount = |r: &super::source::SourceRow| {
                    format!("{} {} ({})", r.cell(table, "quantity"), r.cell(table, "unit"), r.cell(table, "id"))
                };
                let problem = Problem::ReportedTwice {
                    here: amount(here),
                    other: there.origin().to_string(),
                    there: amount(there),
                };
                found.push(here.problem(table, "id", problem));
            }
        }
    }
}
