//! A sweep as a table and JSON: one row a point.

use super::table::{Cell, Table};
use crate::diagnostic::Lang;
use crate::package::neutralize;
use crate::scenario::{Measure, Sweep};
use serde_json::{Value, json};

/// Points that are shown as text; all of them stand in CSV and JSON.
pub const SHOWN: usize = 24;

/// The points with their values and the chosen measures, inside the fence and in total; as many rows as `most`.
#[must_use]
pub fn table(sweep: &Sweep, measures: &[Measure], title: &str, most: usize, lang: Lang) -> Table {
    let mut table = Table::new(title, &[("point", lang.pick(">point", ">点"))]);
    for axis in &sweep.axes {
        table.number_column("axis", format!("{}.{}", axis.change, axis.key));
    }
    for measure in measures {
        let (en, zh) = measure.words();
        let (name, unit) = (lang.pick(en, zh), measure.unit());
        table.number_column("inside", format!("{name} {} ({unit})", lang.pick("in the park", "园区内")));
        table.number_column("total", format!("{name} {} ({unit})", lang.pick("in all", "合计")));
    }
    for (i, point) in sweep.points.iter().enumerate().take(most) {
        let mut row = vec![Cell::Number((i + 1) as f64, 0)];
        row.extend(point.iter().map(|v| Cell::Number(*v, 4)));
        for measure in measures {
            let column = sweep.measures.iter().position(|m| m == measure);
            let cell = |value: Option<f64>| Cell::maybe(value.filter(|v| v.is_finite()), 1);
            row.push(cell(column.map(|c| sweep.inside[[i, c]])));
            row.push(cell(column.map(|c| sweep.total(i, c))));
        }
        table.rows.push(row);
    }
    table
}

/// All points as CSV with a byte-order mark; a number that a point does not have is empty.
#[must_use]
pub fn csv(sweep: &Sweep, measures: &[Measure]) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(vec![0xEF, 0xBB, 0xBF]);
    let axes = sweep.axes.iter().map(|a| neutralize(&format!("{}.{}", a.change, a.key)));
    let columns = measures.iter().flat_map(|m| [format!("{}_inside", m.id()), format!("{}_total", m.id())]);
    // Writing into memory cannot fail.
    let _ = writer.write_record(std::iter::once("point".to_owned()).chain(axes).chain(columns));
    let number = |v: f64| if v.is_finite() { v.to_string() } else { String::new() };
    for (i, point) in sweep.points.iter().enumerate() {
        let of = measures.iter().flat_map(|measure| {
            let column = sweep.measures.iter().position(|m| m == measure);
            let (inside, total) = column.map_or((f64::NAN, f64::NAN), |c| (sweep.inside[[i, c]], sweep.total(i, c)));
            [number(inside), number(total)]
        });
        let values = point.iter().copied().map(number);
        let _ = writer.write_record(std::iter::once((i + 1).to_string()).chain(values).chain(of));
    }
    writer.into_inner().unwrap_or_default()
}

/// What is told of a sweep beside its table.
#[must_use]
pub fn told(sweep: &Sweep, lang: Lang) -> String {
    let (points, bound, alone, clashes) = (sweep.points.len(), sweep.bound, sweep.alone, sweep.clashes.len());
    let how = match (sweep.accounted, lang) {
        (true, Lang::En) => "each accounted anew",
        (true, Lang::Zh) => "逐点重新核算",
        (false, Lang::En) => "solved with the factors of one",
        (false, Lang::Zh) => "以同一分解求解",
    };
    let mut text = lang.pick(
        format!("{points} points, {how}; {bound} with a flow at its bound, {alone} solved by themselves; {clashes} cannot be"),
        format!("共 {points} 点，{how}；{bound} 点有流量触及约束，{alone} 点单独求解；{clashes} 点不可行"),
    );
    for (point, why) in sweep.clashes.iter().take(5) {
        text.push_str(
            &lang.pick(format!("\n  point {}: {}", point + 1, why.en), format!("\n  第 {} 点：{}", point + 1, why.zh)),
        );
    }
    text
}

/// All points and measures. Numbers that a point does not have are null.
#[must_use]
pub fn to_json(sweep: &Sweep, id: &str, lang: Lang) -> Value {
    let axes = sweep.axes.iter().map(|a| json!({ "change": a.change, "key": a.key, "values": a.values }));
    let measures = sweep.measures.iter().map(|m| json!({ "id": m.id(), "unit": m.unit() }));
    let number = |v: f64| if v.is_finite() { Value::from(v) } else { Value::Null };
    let row = |m: &ndarray::Array2<f64>, i: usize| m.row(i).iter().copied().map(number).collect::<Vec<_>>();
    let points = sweep.points.iter().enumerate().map(|(i, point)| {
        let clash = sweep.clashes.get(&i).map(|w| lang.pick(w.en.clone(), w.zh.clone()));
        json!({ "values": point, "inside": row(&sweep.inside, i), "outside": row(&sweep.outside, i), "clash": clash })
    });
    json!({
        "scenario": id,
        "axes": axes.collect::<Vec<_>>(),
        "measures": measures.collect::<Vec<_>>(),
        "points": points.collect::<Vec<_>>(),
        "at_bound": sweep.bound,
        "alone": sweep.alone,
        "accounted": sweep.accounted,
    })
}
