//! The trail of a number, as a tree: total → lines → rows × factors × GWP.

mod indicator;
mod tracing;

pub use indicator::Indicators;

use crate::diagnostic::{Lang, Origin};
use crate::inventory::{
    Denominator, Figure, Inventory, OwnFactor, OwnKey, Reason, Selector, What, gwp, oxidation_counted,
};
use crate::ledger::{Activity, Line, Standing, TermSource};
use crate::package::Package;
use crate::package::workbook::Layout;
use crate::park::heat::SpecificHeat;
use crate::park::{Gas, Park, Quality, Stated};
use crate::quantity::{Unit, significant};
use serde_json::{Value, json};
use std::cell::RefCell;
use std::collections::BTreeSet;

/// A node of the tree.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// What stands here.
    pub text: String,
    /// Its value, where it has one.
    pub value: Option<f64>,
    /// File and row that it was read from.
    pub origin: Option<Origin>,
    /// What it was made from.
    pub children: Vec<Node>,
}

impl Node {
    fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), value: None, origin: None, children: Vec::new() }
    }

    fn valued(text: impl Into<String>, value: f64) -> Self {
        Self { value: Some(value), ..Self::new(text) }
    }

    /// The same with the places of a workbook.
    fn relocate(self, layout: &Layout) -> Self {
        let children = self.children.into_iter().map(|c| c.relocate(layout)).collect();
        Self { origin: self.origin.map(|o| layout.origin(&o)), children, ..self }
    }

    fn at(mut self, origin: Origin) -> Self {
        self.origin = Some(origin);
        self
    }

    fn with(mut self, children: Vec<Node>) -> Self {
        self.children = children;
        self
    }

    /// Every file and row below this node.
    #[must_use]
    pub fn origins(&self) -> Vec<&Origin> {
        let below = self.children.iter().flat_map(Self::origins);
        self.origin.iter().chain(below).collect()
    }

    /// The tree as text; at most `most` children of a node are shown.
    #[must_use]
    pub fn to_text(&self, most: usize, lang: Lang) -> String {
        let mut out = String::new();
        self.write(&mut out, "", "", most, lang);
        out
    }

    fn write(&self, out: &mut String, first: &str, rest: &str, most: usize, lang: Lang) {
        out.push_str(first);
        out.push_str(&self.text);
        if let Some(origin) = &self.origin {
            out.push_str("  [");
            out.push_str(&origin.to_string());
            out.push(']');
        }
        out.push('\n');
        let hidden = self.children.len().saturating_sub(most);
        let shown = self.children.len() - hidden;
        for (i, child) in self.children.iter().take(shown).enumerate() {
            let last = i + 1 == shown && hidden == 0;
            let (turn, below) = if last { ("└─ ", "   ") } else { ("├─ ", "│  ") };
            child.write(out, &format!("{rest}{turn}"), &format!("{rest}{below}"), most, lang);
        }
        if hidden > 0 {
            let text = match lang {
                Lang::En => format!("{hidden} more; --all shows them"),
                Lang::Zh => format!("另有 {hidden} 项；用 --all 显示"),
            };
            out.push_str(&[rest, "└─ … ", &text, "\n"].concat());
        }
    }

    /// The tree as JSON.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({
            "text": self.text,
            "value": self.value,
            "origin": self.origin.as_ref().map(ToString::to_string),
            "children": self.children.iter().map(Self::to_json).collect::<Vec<_>>(),
        })
    }
}

/// Builds trees for figures and lines.
pub struct Explainer<'a> {
    package: &'a Package,
    inventory: &'a Inventory,
    lang: Lang,
    /// Own factors that the tree under way has explained already: each is explained once, so that loops end and
    /// what many rows share is said once.
    told: RefCell<BTreeSet<(OwnKey, Gas)>>,
}

impl<'a> Explainer<'a> {
    /// An explainer of one inventory in one language.
    #[must_use]
    pub fn new(package: &'a Package, inventory: &'a Inventory, lang: Lang) -> Self {
        Self { package, inventory, lang, told: RefCell::default() }
    }

    fn park(&self) -> &'a Park {
        &self.package.park
    }

    /// The tree of what `id` names: a figure (`2017/park/scope1/CO2`, or the same
    /// without the year for the last one, or a short word such as `total`), a ledger
    /// line (`A-0007/CO2`), a row (`A-0007`), a process (`E01/CHP1`) or a product
    /// (`E01/CHP1/electricity`) of the network of what processes give each other.
    #[must_use]
    pub fn explain(&self, id: &str) -> Option<Node> {
        self.told.take();
        let node = self.trail(id)?;
        Some(match &self.package.layout {
            Some(layout) => node.relocate(layout),
            None => node,
        })
    }

    fn trail(&self, id: &str) -> Option<Node> {
        if let Some(figure) = self.figure(id) {
            return Some(self.figure_tree(figure));
        }
        let lines: Vec<&Line> = self
            .inventory
            .ledger
            .lines
            .iter()
            .filter(|l| {
                let own = l.id(self.park());
                own == id || own.strip_prefix(id).is_some_and(|rest| rest.starts_with('/'))
            })
            .collect();
        match lines.as_slice() {
            [] => self.trace(id),
            [line] => Some(self.line_tree(line)),
            many => {
                let nodes = many.iter().map(|l| self.line_tree(l)).collect();
                Some(Node::new(id).with(nodes))
            }
        }
    }

    /// The figure that an id or a short form of it names.
    #[must_use]
    pub fn figure(&self, id: &str) -> Option<&'a Figure> {
        let year = self.inventory.years.last()?;
        let id = match id {
            "total" => "park/total.location/CO2e",
            "scope1" => "park/scope1/CO2e",
            "scope2" => "park/scope2.location/CO2e",
            other => other,
        };
        self.inventory.figure(id).or_else(|| self.inventory.figure(&format!("{year}/{id}")))
    }

    /// Ids that `explain` takes and that lie near `id`.
    #[must_use]
    pub fn nearest(&self, id: &str) -> Vec<String> {
        let needle = id.to_lowercase();
        let ids = self.inventory.figures.iter().map(|f| f.id.clone());
        ids.filter(|f| f.to_lowercase().contains(&needle)).take(8).collect()
    }

    /// The tree of a figure.
    #[must_use]
    pub fn figure_node(&self, figure: &Figure) -> Node {
        self.told.take();
        self.figure_tree(figure)
    }

    fn figure_tree(&self, figure: &Figure) -> Node {
        let text = match figure.value {
            Some(value) => format!("{} = {} {}", figure.id, significant(value, 10), figure.unit),
            None => format!("{} = n/a", figure.id),
        };
        let children = match &figure.what {
            What::Sum(selector) => self.lines(selector, self.inventory.lines(self.park(), selector)),
            What::Term(selector, reason) => self.term(selector, *reason),
            What::Ratio { numerator, denominator } => {
                let mut children = vec![self.figure_tree(&self.inventory.figures[*numerator])];
                children.extend(self.denominator(denominator));
                children
            }
        };
        Node { value: figure.value, ..Node::new(text) }.with(children)
    }

    fn term(&self, selector: &Selector, reason: Reason) -> Vec<Node> {
        let (en, zh) = reason.words();
        let mut nodes = vec![Node::new(self.lang.pick(en, zh))];
        nodes.extend(self.lines(selector, self.inventory.term_lines(self.park(), selector, reason)));
        nodes
    }

    /// Lines, largest first.
    fn lines(&self, selector: &Selector, mut lines: Vec<(&Line, f64)>) -> Vec<Node> {
        lines.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
        lines.into_iter().map(|(line, part)| self.line_in(line, part, selector.gas.is_none())).collect()
    }

    /// A line inside a sum: what it contributes, and how.
    fn line_in(&self, line: &Line, part: f64, co2e: bool) -> Node {
        let gas = line.gas.label();
        let unit = if co2e { "t CO2e".to_owned() } else { format!("t {gas}") };
        let mut node = self.line(line, part, &unit, false);
        // Where a sum takes only a part of the line (resale, the other meter), the share is said.
        let whole = line.mass * if co2e { gwp(line, &self.inventory.gwp) } else { 1.0 };
        if whole != 0.0 && (part / whole - 1.0).abs() > 1e-12 {
            let share = part / whole;
            let text = match self.lang {
                Lang::En => format!("× {} counted here (used up, sold on or deducted)", significant(share, 6)),
                Lang::Zh => format!("× {} 在此计入（自用、转售或扣减）", significant(share, 6)),
            };
            node.children.push(Node::valued(text, share));
        }
        if co2e && !matches!(line.gas, Gas::Co2eReported(_)) {
            node.children.extend(self.gwp_node(line));
        }
        node
    }

    fn gwp_node(&self, line: &Line) -> Option<Node> {
        let factor = self.inventory.gwp.factor(line.gas, oxidation_counted(line))?;
        let text = format!("× GWP {} ({}; {})", factor.printed.0, self.inventory.gwp.set.id(), factor.citation());
        let origin = Origin::row("emission_factors/gwp/factors.csv", factor.row);
        Some(Node::valued(text, factor.value).at(origin))
    }

    /// A line on its own, with the rows that were not taken.
    #[must_use]
    pub fn whole_line(&self, line: &Line) -> Node {
        self.told.take();
        self.line_tree(line)
    }

    fn line_tree(&self, line: &Line) -> Node {
        self.line(line, line.mass, &format!("t {}", line.gas.label()), true)
    }

    /// A line: row × terms. `losers` adds the rows that were not taken.
    fn line(&self, line: &Line, part: f64, unit: &str, losers: bool) -> Node {
        let park = self.park();
        let coefficient = self.inventory.ledger.get(line.coefficient);
        let standing = match line.standing {
            Standing::Counted => "",
            Standing::Memo => self.lang.pick(", biogenic: outside the total", "，生物成因：不计入合计"),
            Standing::Exported => self.lang.pick(", leaves in a product: a memo", "，随产品输出：备注项"),
            Standing::Replaced => self.lang.pick(", replaced by a reported value", "，由所报值替代"),
            Standing::Missing => self.lang.pick(", reported as zero: missing", "，所报为零：缺失"),
        };
        let (en, zh) = line.source.words();
        let text = format!(
            "{} = {} {unit} ({}, {}{standing})",
            line.id(park),
            significant(part, 10),
            park.process(line.process).label.id,
            self.lang.pick(en, zh),
        );
        let mut children = vec![self.activity(line)];
        for term in &coefficient.terms {
            let name = self.lang.pick(term.name.0, term.name.1);
            let (cited, origin) = self.source(&term.source);
            let converted = converted(&term.printed, term.value);
            let node = Node::valued(format!("× {}{converted} {name}{cited}", term.printed), term.value);
            let mut node = Node { origin, ..node };
            if let TermSource::Own { process, carrier, year } = &term.source {
                node.children = self.own(line.gas, (*year, line.approach, *process, *carrier));
            }
            if let TermSource::Heat(heat) = &term.source {
                node.children = self.heat(heat);
            }
            children.push(node);
        }
        if losers && !coefficient.losers.is_empty() {
            let rows = coefficient.losers.iter().map(|l| {
                let (en, zh) = l.why.words();
                Node::new(format!("{}: {}", l.id, self.lang.pick(en, zh)))
            });
            let title = self.lang.pick("rows that were looked at and not taken", "查过而未采用的行");
            children.push(Node::new(title).with(rows.collect()));
        }
        Node::valued(text, part).with(children)
    }

    /// The properties behind an enthalpy, and the datum that was deducted.
    fn heat(&self, heat: &SpecificHeat) -> Vec<Node> {
        let mut nodes: Vec<Node> = heat
            .readings
            .iter()
            .map(|r| {
                let (en, zh) = r.name.words();
                Node::new(format!("{} {}", self.lang.pick(en, zh), r.printed)).at(Origin::row("carriers.csv", r.row))
            })
            .collect();
        let (en, zh) = heat.datum.words();
        nodes.push(Node::new(format!("{}: {}", self.lang.pick("heat datum", "热量基准"), self.lang.pick(en, zh))));
        nodes
    }

    /// The row that a line was made from.
    #[must_use]
    pub fn activity(&self, line: &Line) -> Node {
        let park = self.park();
        let (printed, basis, what, quality) = match line.activity {
            Activity::Flow(i) => {
                let flow = &park.flows[i];
                let basis = flow.quantity.map(|q| q.basis.to_string()).unwrap_or_default();
                let what = format!(
                    "{}: {} → {}",
                    park.carrier(flow.carrier).label.id,
                    park.node_text(flow.from),
                    park.node_text(flow.to)
                );
                (&flow.printed, basis, what, &flow.quality)
            }
            Activity::Reported(i) => {
                let reported = &park.reported[i];
                let process = park.process(reported.process).label.id.to_string();
                (&reported.printed, String::new(), process, &reported.quality)
            }
            Activity::Parameter(i) => {
                let parameter = &park.parameters[i];
                let process = &park.process(parameter.process).label.id;
                let text = format!("{}, {process}, {}", parameter.name.id(), line.period);
                let stated = format!("{}{}", parameter.printed, converted(&parameter.printed, line.quantity.abs()));
                return Node::valued(format!("{stated}, {text}"), line.quantity).at(line.row(park));
            }
        };
        let sign = if line.quantity < 0.0 { "−" } else { "" };
        let basis = if basis.is_empty() { basis } else { format!(" ({basis})") };
        let converted = converted(&format!("{} {}", printed.0, printed.1), line.quantity.abs());
        let proof = self.proof(quality);
        let stated = match line.activity {
            Activity::Flow(i) => self.stated(park.flows[i].stated.as_deref()),
            Activity::Reported(_) | Activity::Parameter(_) => String::new(),
        };
        let text =
            format!("{sign}{} {}{converted}{basis}{stated}, {what}, {}{proof}", printed.0, printed.1, line.period);
        Node::valued(text, line.quantity).at(line.row(park))
    }

    /// What a row states of a flow whose reconciled value is taken.
    fn stated(&self, stated: Option<&Stated>) -> String {
        let Some(stated) = stated else { return String::new() };
        match &*stated.printed.0 {
            "" => self.lang.pick(" (solved for; the row is empty)", "（推算值；该行为空）").to_owned(),
            number => self.lang.pick(
                format!(" (reconciled; the row states {number})"),
                format!("（数据协调值；该行所填为 {number}）"),
            ),
        }
    }

    /// How a quantity was obtained, and the documents that prove it.
    fn proof(&self, quality: &Quality) -> String {
        let mut text = String::new();
        if !quality.method.is_empty() {
            text.push_str(", ");
            text.push_str(quality.method);
        }
        if !quality.evidence.is_empty() {
            text.push_str(self.lang.pick(", evidence ", "，凭证 "));
            text.push_str(&quality.evidence);
        }
        text
    }

    /// How an own factor was made: its share of the producer's lines, and of what came
    /// from other producers, whose factors are explained in turn, each once in a tree:
    /// so a loop ends where it comes back.
    fn own(&self, gas: Gas, key: OwnKey) -> Vec<Node> {
        let Some(own) = self.inventory.own.get(&key) else { return Vec::new() };
        if !self.told.borrow_mut().insert((key, gas)) {
            return vec![Node::new(self.lang.pick("explained at its first use in this tree", "见本树中首次出现处"))];
        }
        let (year, approach, ..) = key;
        let park = self.park();
        let (share, useful) = (significant(own.share, 6), significant(own.useful, 8));
        let measure = own.dimension;
        let beside = self.beside_share(gas, key, own);
        let mut nodes = vec![Node::new(match (self.lang, beside.is_empty()) {
            (Lang::En, true) => {
                format!("= share {share} × (lines and inputs below) / {useful} {measure} that leave usefully")
            }
            (Lang::Zh, true) => format!("= 份额 {share} ×（以下各行与输入）/ 有效送出 {useful} {measure}"),
            (Lang::En, false) => format!(
                "= (share {share} × (lines and inputs below), with the credits and stocks below) / {useful} {measure} that leave usefully"
            ),
            (Lang::Zh, false) => {
                format!("=（份额 {share} ×（以下各行与输入），再计入以下抵扣与库存）/ 有效送出 {useful} {measure}")
            }
        })];
        nodes.extend(beside);
        for &l in &own.lines {
            let other = &self.inventory.ledger.lines[l];
            if other.gas == gas {
                nodes.push(self.line(other, other.mass, &format!("t {}", gas.label()), false));
            }
        }
        for received in &own.inputs {
            let flow = &park.flows[received.row];
            let sign = if received.returned { "−" } else { "" };
            let from = &park.process(received.from).label.id;
            let mut node = Node::new(format!("{}: {sign}{} {} {from}", flow.id, flow.printed.0, flow.printed.1))
                .at(park.flow_origin(flow));
            let key = (year, approach, received.from, received.carrier);
            match self.inventory.own.get(&key).map(|other| (other, other.per_gas.get(&gas))) {
                Some((other, Some(factor))) => {
                    let (value, unit) = (significant(*factor, 6), other.unit());
                    let together = self.lang.pick(", solved together in a loop", "（环路联立求解）");
                    let looped = if other.turn == own.turn { together } else { "" };
                    let text = match self.lang {
                        Lang::En => format!("× {value} {unit} own factor of {from}{looped}"),
                        Lang::Zh => format!("× {value} {unit} {from} 的自有因子{looped}"),
                    };
                    node.children.push(Node::valued(text, *factor).with(self.own(gas, key)));
                }
                Some((_, None)) => {
                    node.children.push(Node::new(self.lang.pick("carries none of this gas", "不含该气体")));
                }
                None => {
                    let text = self.lang.pick("× the published factor (no own one)", "× 公布的因子（无自有因子）");
                    node.children.push(Node::new(text));
                }
            }
            nodes.push(node);
        }
        nodes
    }

    /// What an own factor has beside its share of lines and inputs, before it is divided: credits of co-products, and
    /// opening stock at the factor of the year before.
    fn beside_share(&self, gas: Gas, (year, approach, process, carrier): OwnKey, own: &OwnFactor) -> Vec<Node> {
        let mut nodes = Vec::new();
        for &(displaced, credit) in own.credits.iter().filter(|_| gas == Gas::Co2) {
            let (mass, id) = (significant(credit, 8), &self.park().carrier(displaced).label.id);
            let text = match self.lang {
                Lang::En => {
                    format!("− credit {mass} t CO2: what {id} displaces, at its published factor")
                }
                Lang::Zh => format!("− 抵扣 {mass} t CO2：{id} 所替代的排放，按公布的因子"),
            };
            nodes.push(Node::valued(text, -credit));
        }
        let key = (year - 1, approach, process, carrier);
        let before = self.inventory.own.get(&key).and_then(|o| Some((o, o.per_gas.get(&gas)?)));
        if let Some((other, factor)) = before.filter(|_| own.opening > 0.0) {
            let (amount, measure) = (significant(own.opening, 8), own.dimension);
            let (value, unit) = (significant(*factor, 6), other.unit());
            let text = match self.lang {
                Lang::En => format!("+ opening stock {amount} {measure} × {value} {unit} own factor of {}", year - 1),
                Lang::Zh => format!("+ 期初库存 {amount} {measure} × {value} {unit} {} 年的自有因子", year - 1),
            };
            nodes.push(Node::valued(text, own.opening * factor).with(self.own(gas, key)));
        }
        nodes
    }

    /// The citation of a term and the row it stands on.
    fn source(&self, source: &TermSource) -> (String, Option<Origin>) {
        match source {
            TermSource::Factor { id, origin, citation, confidence } => {
                (format!(" ({id}; {citation}; {})", confidence.id()), Some(origin.clone()))
            }
            TermSource::Property(origin) => {
                (self.lang.pick(" (measured)", "（实测）").to_owned(), Some(origin.clone()))
            }
            TermSource::Heat(heat) => {
                let (en, zh) = heat.state.words();
                (self.lang.pick(&format!(" (IAPWS-IF97, {en})"), &format!("（IAPWS-IF97，{zh}）")).to_owned(), None)
            }
            TermSource::Instruments(origins) => (String::new(), origins.first().cloned()),
            TermSource::Definition(text) => (format!(" ({text})"), None),
            TermSource::Own { process, .. } => (format!(" ({})", self.park().process(*process).label.id), None),
        }
    }

    fn denominator(&self, denominator: &Denominator) -> Vec<Node> {
        let park = self.park();
        match denominator {
            Denominator::Statistics(rows) => rows
                .iter()
                .map(|&i| {
                    let s = &park.statistics[i];
                    Node::valued(format!("/ {} {}", s.item, s.printed), s.value)
                        .at(Origin::row("statistics.csv", s.row))
                })
                .collect(),
            Denominator::Energy(rows) => rows
                .iter()
                .map(|&i| {
                    let flow = &park.flows[i];
                    let amount = self.inventory.tce[i].unwrap_or_default();
                    let text =
                        format!("/ {} tce: {} {} {}", significant(amount, 7), flow.id, flow.printed.0, flow.printed.1);
                    Node::valued(text, amount).at(park.flow_origin(flow))
                })
                .collect(),
            Denominator::None(en, zh) => vec![Node::new(format!("/ n/a: {}", self.lang.pick(en, zh)))],
        }
    }
}

/// ` = 500000 m3` behind a number that was printed in another unit than the
/// canonical one; nothing where they are the same.
fn converted(printed: &str, canonical: f64) -> String {
    // A difference, such as `3051.7 - 83.74 kJ/kg`, has its unit behind the last number.
    let tail = printed.rsplit_once(" - ").map_or(printed, |(_, tail)| tail);
    let Some((_, unit)) = tail.split_once(' ') else { return String::new() };
    match Unit::parse(unit) {
        Ok(unit) if unit.scale.to_bits() != 1.0_f64.to_bits() => {
            format!(" = {} {}", significant(canonical, 12), unit.dimension)
        }
        _ => String::new(),
    }
}

/// A short key of a term's source, for tidy tables.
#[must_use]
pub fn source_key(package: &Package, source: &TermSource) -> String {
    let park = &package.park;
    match source {
        TermSource::Factor { id, .. } => id.to_string(),
        TermSource::Property(origin) => package.place(origin),
        TermSource::Heat(heat) => {
            let rows: Vec<String> =
                heat.readings.iter().map(|r| package.place(&Origin::row("carriers.csv", r.row))).collect();
            format!("IAPWS-IF97:{}", rows.join("+"))
        }
        TermSource::Instruments(origins) => origins.iter().map(|o| package.place(o)).collect::<Vec<_>>().join("+"),
        TermSource::Definition(text) => text.clone(),
        TermSource::Own { process, carrier, year } => {
            format!("own:{}:{}:{year}", park.process(*process).label.id, park.carrier(*carrier).label.id)
        }
    }
}
