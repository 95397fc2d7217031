//! What other factors change, as tables.

use super::explain::source_key;
use super::table::{Cell, Table};
use crate::diagnostic::Lang;
use crate::inventory::{Change, Quote, TermChange};
use crate::ledger::Approach;
use crate::package::Package;
use crate::quantity::significant;

/// The lines that move, at most `top`.
#[must_use]
pub fn lines(package: &Package, changes: &[Change], top: usize, lang: Lang) -> Table {
    let mut table = Table::new(
        lang.pick("Lines that move, largest first, t CO2e", "变动的台账行，按大小排列，t CO2e"),
        &[
            ("line", lang.pick("line", "台账行")),
            ("enterprise", lang.pick("enterprise", "企业")),
            ("gas", lang.pick("gas", "气体")),
            ("total", lang.pick("total", "合计")),
            ("old_t_co2e", lang.pick(">old", ">原值")),
            ("new_t_co2e", lang.pick(">new", ">新值")),
            ("difference_t_co2e", lang.pick(">difference", ">差值")),
            ("changed", lang.pick("what changed", "变动的因子")),
        ],
    );
    for change in changes.iter().take(top) {
        let words: Vec<String> = change.terms.iter().map(|t| term(package, t, lang)).collect();
        table.rows.push(vec![
            Cell::Text(change.line.clone()),
            Cell::Text(change.enterprise.to_owned()),
            Cell::Text(change.gas.label()),
            Cell::Text(approach(change.approach, lang).to_owned()),
            Cell::Number(change.old, 1),
            Cell::Number(change.new, 1),
            Cell::Number(change.difference(), 1),
            Cell::Text(words.join("; ")),
        ]);
    }
    table
}

/// The change of each total beside the sum of the lines' differences: the two agree.
/// `total` gives the old and the new total of an approach, in t CO2e.
#[must_use]
pub fn totals(changes: &[Change], total: impl Fn(Approach) -> (f64, f64), lang: Lang) -> Table {
    let mut table = Table::new(
        lang.pick("Total of the park, t CO2e", "园区合计，t CO2e"),
        &[
            ("total", lang.pick("total", "合计")),
            ("old_t_co2e", lang.pick(">old", ">原值")),
            ("new_t_co2e", lang.pick(">new", ">新值")),
            ("change_t_co2e", lang.pick(">change of the total", ">合计变动")),
            ("sum_of_lines_t_co2e", lang.pick(">sum of the lines' differences", ">各行差值之和")),
        ],
    );
    for a in [Approach::Location, Approach::Market] {
        let (old, new) = total(a);
        let sum: f64 = changes.iter().filter(|c| c.counts_in(a)).map(Change::difference).sum();
        table.rows.push(vec![
            Cell::Text(approach(a, lang).to_owned()),
            Cell::Number(old, 1),
            Cell::Number(new, 1),
            Cell::Number(new - old, 1),
            // An empty sum is minus zero.
            Cell::Number(sum + 0.0, 1),
        ]);
    }
    table
}

fn approach(approach: Approach, lang: Lang) -> &'static str {
    match approach {
        Approach::Both => lang.pick("both", "两者"),
        Approach::Location => lang.pick("location-based", "基于位置"),
        Approach::Market => lang.pick("market-based", "基于市场"),
    }
}

/// `emission factor 0.5703 t/MWh (…2022) → 0.5306 t/MWh (…2023)`.
fn term(package: &Package, change: &TermChange, lang: Lang) -> String {
    let name = change.old.or(change.new).map_or("", |q| match q {
        Quote::Term(term) => lang.pick(term.name.0, term.name.1),
        Quote::Gwp(_) => "GWP",
    });
    let side = |quote: Option<Quote>| match quote {
        None => lang.pick("none", "无").to_owned(),
        Some(Quote::Gwp(factor)) => format!("{} ({})", factor.printed.0, factor.id),
        Some(Quote::Term(term)) => {
            let value = if term.printed.is_empty() { significant(term.value, 6) } else { term.printed.clone() };
            format!("{value} ({})", source_key(package, &term.source))
        }
    };
    format!("{name} {} → {}", side(change.old), side(change.new))
}
