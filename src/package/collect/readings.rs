//! Both ends of one flow, reported by two firms: two readings with their observers; and
//! one flow or emission that stands in two places as if it were two.

use super::books::Book;
use super::join::{Holder, Joined, canonical};
use super::owner::owner;
use super::source::SourceRow;
use super::{Reading, Report};
use crate::diagnostic::{Diagnostics, Problem};
use crate::package::schema::Table;
use crate::quantity::Period;
use std::collections::{BTreeMap, BTreeSet};

/// A node as it is compared: a firm that names processes and its site are one.
fn node(text: &str) -> &str {
    text.strip_suffix("/_site").unwrap_or(text)
}

/// Whose a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Hand {
    /// New in the book of the sender.
    Sender,
    /// New in the book of the receiver.
    Receiver,
    /// Known already: the park's, or alike in both books.
    Known,
}

/// Rows with the hands that they are from.
type List = [(usize, Hand)];

/// Sender and receiver of a row as they are compared.
fn ends(table: &Table, row: &SourceRow) -> [String; 2] {
    ["from", "to"].map(|column| node(row.cell(table, column)).to_owned())
}

/// Whether two uses may be one: the same, or one of them left open.
fn uses_fit(table: &Table, a: &SourceRow, b: &SourceRow) -> bool {
    let (a, b) = (a.cell(table, "use"), b.cell(table, "use"));
    a == b || a.is_empty() || b.is_empty()
}

/// Whether two names of one firm's end may mean one: the same, or a firm and its process.
fn names_fit(a: &str, b: &str) -> bool {
    a == b || owner(b) == a || owner(a) == b
}

/// The observer that a firm is at a flow; none where it is no end of it, or both.
fn observer_of(table: &Table, row: &SourceRow, firm: &str) -> Option<&'static str> {
    let [from, to] = ["from", "to"].map(|column| owner(row.cell(table, column)) == firm);
    match (from, to) {
        (true, false) => Some("from"),
        (false, true) => Some("to"),
        _ => None,
    }
}

/// The second correction of a row of the park that the other end's firm corrected
/// before: both are readings. The observers are set; the sender's reading keeps the id,
/// so that what refers to it still does, the receiver's gets its firm before it.
/// `None` if they are no readings of one flow.
pub(super) fn second(
    table: &Table,
    first: &mut Joined,
    row: &SourceRow,
    book: usize,
    books: &[Book],
    taken: &dyn Fn(&str) -> bool,
) -> Option<SourceRow> {
    let firm = |book: usize| books[book].firm.as_str();
    let other = first.changed_by.filter(|_| table.name == "flows")?;
    let (one, two) = (observer_of(table, &first.row, firm(other))?, observer_of(table, row, firm(book))?);
    let same = |column: &str| {
        let at = table.position(column);
        at.is_some_and(|i| {
            canonical(&table.columns[i], &row.cells[i]) == canonical(&table.columns[i], &first.row.cells[i])
        })
    };
    let fits = |row: &SourceRow, own: &str| ["", own].contains(&row.cell(table, "observer"));
    let one_flow = one != two
        && ends(table, &first.row) == ends(table, row)
        && same("period")
        && same("carrier")
        && uses_fit(table, &first.row, row);
    if !one_flow || !fits(&first.row, one) || !fits(row, two) {
        return None;
    }
    let mut row = row.clone();
    let usage = [row.cell(table, "use"), first.row.cell(table, "use")].into_iter().max()?.to_owned();
    for (row, observer) in [(&mut first.row, one), (&mut row, two)] {
        row.set(table, "observer", observer);
        row.set(table, "use", &usage);
    }
    let receiver = if two == "to" { firm(book) } else { firm(other) };
    let base = format!("{receiver}-{}", row.cell(table, "id"));
    let mut id = base.clone();
    let mut k = 1;
    while taken(&id) {
        k += 1;
        id = format!("{base}-{k}");
    }
    let renamed = if two == "to" { &mut row } else { &mut first.row };
    renamed.set(table, "id", &id);
    Some(row)
}

/// Makes readings of the rows of flows between firms that come from several hands. A new
/// row of the sender's book was read by the sender (`from`), one of the receiver's book by
/// the receiver (`to`); an observer that a row states stays. A row of the park that nobody
/// is said to have read is the reading of the end that corrected it or, where only one end
/// adds a row of its own, of the other end if its book holds it too; else it stays without
/// an observer. Where nobody can say whether rows speak of one flow: a conflict.
pub(super) fn pair(
    table: &'static Table,
    rows: &mut [Joined],
    books: &[Book],
    report: &mut Report,
    found: &mut Diagnostics,
) {
    // By sender, receiver and carrier.
    let mut pairs: BTreeMap<(String, String, String), Vec<(usize, Hand)>> = BTreeMap::new();
    for (i, joined) in rows.iter().enumerate() {
        let cell = |column| joined.row.cell(table, column);
        let (from, to) = (owner(cell("from")), owner(cell("to")));
        if from.is_empty() || to.is_empty() || from == to {
            continue;
        }
        let hand = match joined.holders[..] {
            [Holder::Book(book)] if books[book].firm == from => Hand::Sender,
            [Holder::Book(_)] => Hand::Receiver,
            _ => Hand::Known,
        };
        let key = (from.to_owned(), to.to_owned(), cell("carrier").to_owned());
        pairs.entry(key).or_default().push((i, hand));
    }
    for list in pairs.values() {
        if list.iter().any(|p| p.1 != list[0].1) {
            fill_ends(table, rows, list);
            fill_uses(table, rows, list);
            differing(table, rows, list, found);
            observers(table, rows, books, list, report);
        }
    }
}

/// A firm that one hand names for an end, and a process of that firm that another hand
/// names, are one where exactly one process fits.
fn fill_ends(table: &Table, rows: &mut [Joined], list: &List) {
    let before: Vec<[String; 2]> = list.iter().map(|&(i, _)| ends(table, &rows[i].row)).collect();
    let mut filled: Vec<(usize, &'static str, String)> = Vec::new();
    for (&(i, hand), mine) in list.iter().zip(&before) {
        for (end, column) in ["from", "to"].into_iter().enumerate().filter(|(end, _)| !mine[*end].contains('/')) {
            let mut fits: BTreeSet<&str> = BTreeSet::new();
            for other in [Hand::Sender, Hand::Receiver, Hand::Known].into_iter().filter(|h| *h != hand) {
                let of_other = list.iter().zip(&before).filter(|((j, h), theirs)| {
                    *h == other
                        && overlap(table, &rows[i], &rows[*j])
                        && uses_fit(table, &rows[i].row, &rows[*j].row)
                        && names_fit(&mine[1 - end], &theirs[1 - end])
                });
                let names: BTreeSet<&str> = of_other.map(|(_, theirs)| theirs[end].as_str()).collect();
                // Who means the firm as well names it so.
                if !names.contains(mine[end].as_str()) {
                    fits.extend(names);
                }
            }
            if let (1, Some(only)) = (fits.len(), fits.first()) {
                filled.push((i, column, (*only).to_owned()));
            }
        }
    }
    for (i, column, name) in filled {
        let row = &rows[i].row;
        let written = format!("{} → {}", row.cell(table, "from"), row.cell(table, "to"));
        rows[i].written.get_or_insert(written);
        rows[i].row.set(table, column, &name);
    }
}

/// What a receiver does with a flow is one thing for all readings of it: a use that one
/// hand leaves open is that of the others, if there is only one.
fn fill_uses(table: &Table, rows: &mut [Joined], list: &List) {
    let mut filled: Vec<(usize, String)> = Vec::new();
    for &(i, hand) in list.iter().filter(|p| rows[p.0].row.cell(table, "use").is_empty()) {
        let mine = ends(table, &rows[i].row);
        let others = list.iter().filter(|&&(j, other)| {
            other != hand && ends(table, &rows[j].row) == mine && overlap(table, &rows[i], &rows[j])
        });
        let uses: BTreeSet<&str> =
            others.map(|&(j, _)| rows[j].row.cell(table, "use")).filter(|u| !u.is_empty()).collect();
        if let (1, Some(only)) = (uses.len(), uses.first()) {
            filled.push((i, (*only).to_owned()));
        }
    }
    for (i, usage) in filled {
        rows[i].row.set(table, "use", &usage);
    }
}

/// Sender and receiver, and the use.
type Flow = ([String; 2], String);

/// What rows of one flow have in common but for their period.
fn flow(table: &Table, joined: &Joined) -> Flow {
    (ends(table, &joined.row), joined.row.cell(table, "use").to_owned())
}

/// Reports rows of two hands that may be one flow and name its ends or its use differently.
fn differing(table: &'static Table, rows: &[Joined], list: &List, found: &mut Diagnostics) {
    let same = |i: usize, j: usize| flow(table, &rows[i]) == flow(table, &rows[j]);
    let alone = |i: usize, hand: Hand| !list.iter().any(|&(j, other)| other != hand && same(i, j));
    for &(i, hand) in list.iter().filter(|p| p.1 != Hand::Known) {
        let holder = rows[i].holders[0];
        let apart = |&&(j, other): &&(usize, Hand)| {
            if other == hand || same(i, j) || !overlap(table, &rows[i], &rows[j]) {
                return false;
            }
            if other == Hand::Known {
                let (mine, theirs) = (ends(table, &rows[i].row), ends(table, &rows[j].row));
                let fit = mine.iter().zip(&theirs).all(|(a, b)| names_fit(a, b));
                // Who holds both and says that they differ in use has told them apart.
                let told = rows[j].holders.contains(&holder) && !uses_fit(table, &rows[i].row, &rows[j].row);
                return fit && !told;
            }
            hand == Hand::Receiver && alone(i, hand) && alone(j, other)
        };
        if let Some(&(j, _)) = list.iter().find(apart) {
            let (here, there) = (&rows[i].row, &rows[j].row);
            let say = |r: &SourceRow| {
                let cell = |column| r.cell(table, column);
                let usage = if cell("use").is_empty() { "-" } else { cell("use") };
                format!("{} → {} ({usage})", cell("from"), cell("to"))
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
}

/// Sets the observers of each flow that several hands report, and tells of it.
fn observers(table: &Table, rows: &mut [Joined], books: &[Book], list: &List, report: &mut Report) {
    let mut groups: BTreeMap<Flow, Vec<(usize, Hand)>> = BTreeMap::new();
    for &(i, hand) in list {
        groups.entry(flow(table, &rows[i])).or_default().push((i, hand));
    }
    for group in groups.values() {
        let by = |wanted: Hand| group.iter().any(|p| p.1 == wanted);
        let both = by(Hand::Sender) && by(Hand::Receiver);
        let meets = |rows: &[Joined], i: usize, hand: Hand| {
            let other = |&&(j, h): &&(usize, Hand)| {
                (h == Hand::Known) != (hand == Hand::Known) && overlap(table, &rows[i], &rows[j])
            };
            group.iter().filter(other).map(|p| p.1).collect::<BTreeSet<Hand>>()
        };
        let mut readings: Vec<usize> = Vec::new();
        for &(i, hand) in group {
            let met = meets(rows, i, hand);
            if met.is_empty() && (hand == Hand::Known || !both) {
                continue;
            }
            readings.push(i);
            let observer = match hand {
                Hand::Sender => Some("from"),
                Hand::Receiver => Some("to"),
                Hand::Known => reader(table, &rows[i], books, &met),
            };
            if let Some(observer) = observer.filter(|_| rows[i].row.cell(table, "observer").is_empty()) {
                rows[i].row.set(table, "observer", observer);
            }
        }
        if !readings.is_empty() {
            report.readings.push(reading(table, rows, &readings));
        }
    }
}

/// Who read a known row beside which the given hands put rows of their own.
fn reader(table: &Table, known: &Joined, books: &[Book], met: &BTreeSet<Hand>) -> Option<&'static str> {
    if let Some(book) = known.changed_by {
        return observer_of(table, &known.row, &books[book].firm);
    }
    let other = match (met.contains(&Hand::Sender), met.contains(&Hand::Receiver)) {
        (true, false) => "to",
        (false, true) => "from",
        _ => return None,
    };
    let firm = owner(known.row.cell(table, other));
    let held = |h: &Holder| matches!(h, Holder::Book(b) if books[*b].firm == firm);
    known.holders.iter().any(held).then_some(other)
}

fn reading(table: &Table, rows: &[Joined], list: &[usize]) -> Reading {
    let first = &rows[list[0]].row;
    let cell = |column: &str| first.cell(table, column).to_owned();
    let say = |observers: &[&str]| {
        let one = |i: &usize| {
            let cell = |column| rows[*i].row.cell(table, column);
            let written = rows[*i].written.as_ref().map(|w| format!("; {w}")).unwrap_or_default();
            format!("{}: {} {} ({}{written})", cell("period"), cell("quantity"), cell("unit"), cell("id"))
        };
        let mine = list.iter().filter(|i| observers.contains(&rows[**i].row.cell(table, "observer")));
        mine.map(one).collect::<Vec<_>>()
    };
    Reading {
        from: cell("from"),
        to: cell("to"),
        carrier: cell("carrier"),
        sender: say(&["from"]),
        receiver: say(&["to"]),
        others: say(&["third", ""]),
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
    let between_firms = |j: &Joined| {
        let [from, to] = ["from", "to"].map(|column| owner(j.row.cell(table, column)));
        table.name == "flows" && !from.is_empty() && !to.is_empty() && from != to
    };
    let mut groups: BTreeMap<Vec<String>, Vec<usize>> = BTreeMap::new();
    for (i, joined) in rows.iter().enumerate() {
        groups.entry(key(joined)).or_default().push(i);
    }
    for list in groups.values().filter(|l| l.len() > 1) {
        for (at, &i) in list.iter().enumerate() {
            let apart = |o: &&usize| {
                let (a, b) = (&rows[i], &rows[**o]);
                // Whoever holds both rows meant both; but between two firms a new row beside
                // a known one may be a delivery or the other reading.
                let new = |j: &Joined| j.holders.len() == 1 && j.holders[0] != Holder::Park;
                let doubtful = between_firms(a) && new(a) != new(b);
                // A use left open beside several stated ones is told where ends are compared.
                let same_use = a.row.cell(table, "use") == b.row.cell(table, "use");
                let apart = !a.holders.iter().any(|h| b.holders.contains(h));
                if apart { uses_fit(table, &a.row, &b.row) } else { doubtful && same_use }
            };
            if let Some(&o) = list[..at].iter().find(apart) {
                let (here, there) = (&rows[i].row, &rows[o].row);
                let amount = |r: &SourceRow| {
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
