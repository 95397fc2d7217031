//! Tables that say how much: flows, emissions, instruments, statistics.

use super::build::Builder;
use super::refer::{nearest, nearest_word};
use super::sheet::Row;
use super::structure::{Seen, basis, fresh, well_formed};
use crate::diagnostic::{Diagnostics, Problem, Thing};
use crate::park::{
    CarrierId, CarrierKind, EnterpriseId, Flow, Gas, GwpSet, ITEMS, Instrument, InstrumentKind, Node, Notation,
    Observer, Outside, ProcessId, Quality, Reported, Statistic, Stock, Subject, Use, find_item, indicator_items,
    item_dimension, item_zh, names_zh,
};
use crate::quantity::{Basis, Dimension, Period, Quantity, Unit, Z95};
use std::collections::HashMap;
use std::sync::Arc;

/// Years before the periods of a park of which statistics may speak: beyond it somebody slipped.
const MOST_HISTORY: u16 = 20;

/// Bytes of a short row of `flows.csv`.
const ROW_BYTES: usize = 64;

impl Builder {
    pub(super) fn read_flows(&mut self, text: Option<&str>) {
        // Room for nearly all rows at once: there may be a hundred thousand.
        let rows = text.map_or(0, |t| t.len() / ROW_BYTES);
        let (mut flows, mut seen) = (Vec::with_capacity(rows), Seen::default());
        seen.reserve(rows);
        self.each_row("flows.csv", text, |this, row, found| {
            let id = well_formed(row, "id", false, found) && fresh(&mut seen, row, "id", found);
            flows.extend(this.flow(row, found).filter(|_| id));
        });
        flows.sort_by(|a: &Flow, b| a.id.cmp(&b.id));
        self.park.flows = flows;
    }

    fn flow(&mut self, row: &Row, found: &mut Diagnostics) -> Option<Flow> {
        let period = self.park_period(row, found);
        let from = self.node(row, "from", found);
        let to = self.node(row, "to", found);
        let carrier = self.carrier(row, "carrier", found);
        let number = row.amount(found, "quantity");
        let notation = notation(row, found);
        let basis = basis(row, found);
        let sd = uncertainty(row, number, found);
        self.check_evidence(row, found);
        let freight = freight(row, found);
        let usage = Use::find(row.cell("use"));
        let observer = Observer::find(row.cell("observer"));
        let (mut quantity, mut scale, mut unit_text): (_, _, Arc<str>) = (None, 1.0, Arc::default());
        if let Some(number) = number {
            let (unit, text) = row.unit(found, &mut self.units, "unit")?;
            unit_text = text;
            let (carrier, basis, period) = (carrier?, basis?, period?);
            let kind = self.park.carrier(carrier).kind;
            let hours = hours(kind, &unit, period);
            let unit = Unit {
                dimension: if hours.is_some() { unit.dimension * Dimension::TIME } else { unit.dimension },
                scale: unit.scale * hours.unwrap_or(1.0),
                ..unit
            };
            if let Some(hours) = hours {
                unit_text = format!("{unit_text} × {hours} h").into();
            }
            let basis = self.fuel_basis(row, carrier, &unit, basis, found)?;
            scale = unit.scale;
            if let Ok(q) = Quantity::new(number, &unit, basis) {
                quantity = Some(q);
            } else {
                row.report(found, "basis", Problem::BadBasis { found: row.cell("basis").to_owned() });
                return None;
            }
        } else if !row.cell("quantity").is_empty() {
            return None;
        }
        let (period, from, to, carrier) = (period?, from?, to?, carrier?);
        if !matches!(from, Node::Process(_)) && !matches!(to, Node::Process(_)) {
            let problem = Problem::OutsideOnly { from: row.cell("from").to_owned(), to: row.cell("to").to_owned() };
            row.report(found, "from", problem);
            return None;
        }
        Some(Flow {
            id: row.cell("id").into(),
            period,
            from,
            to,
            carrier,
            quantity,
            printed: (row.cell("quantity").into(), unit_text),
            scale,
            usage: usage.unwrap_or_else(|| self.default_use(to, carrier)),
            usage_stated: usage.is_some(),
            observer,
            sd: sd.map(|s| s * scale),
            group: Some(row.cell("correlation_group")).filter(|group| !group.is_empty()).map(Into::into),
            freight,
            notation,
            quality: quality(row),
            stated: None,
            row: row.line,
        })
    }

    /// What a receiver does with a carrier if the table does not say: a pool passes
    /// on, fuels are burnt, energy and water are consumed, the rest is processed.
    fn default_use(&self, to: Node, carrier: CarrierId) -> Use {
        let kind = self.park.carrier(carrier).kind;
        match to {
            Node::Process(p) if self.park.process(p).is_pool() => Use::Resale,
            _ if kind.is_fuel() => Use::Combustion,
            _ if kind.is_utility() || kind == CarrierKind::Water => Use::Consumption,
            _ => Use::Process,
        }
    }

    /// Checks dimension and basis of a quantity; returns the basis with what the
    /// default adds.
    fn fuel_basis(
        &self,
        row: &Row,
        carrier: CarrierId,
        unit: &Unit,
        basis: Basis,
        found: &mut Diagnostics,
    ) -> Option<Basis> {
        let (carrier, text) = (self.park.carrier(carrier), row.cell("unit"));
        if let Some(problem) = carrier.wrong_unit(text, unit) {
            row.report(found, "unit", problem);
            return None;
        }
        carrier.basis(text, unit, basis).map_err(|problem| row.report(found, "basis", *problem)).ok()
    }

    /// One end of a flow.
    fn node(&mut self, row: &Row, column: &'static str, found: &mut Diagnostics) -> Option<Node> {
        let text = row.cell(column);
        if text.is_empty() {
            return None;
        }
        if let Some(&node) = self.nodes.get(text) {
            return Some(node);
        }
        let node = self.find_node(text);
        if let Some(node) = node {
            self.nodes.insert(text.to_owned(), node);
        } else if self.can_refer("enterprises.csv") && self.can_refer("processes.csv") {
            self.unknown_node(row, column, found);
        }
        node
    }

    /// The process, place outside or stock level that a text names.
    fn find_node(&mut self, text: &str) -> Option<Node> {
        // No id holds a colon.
        if let Some(process) = self.processes.get(text) {
            return Some(Node::Process(ProcessId::new(process)));
        }
        match text.split_once([':', '：']) {
            Some(("outside" | "外部", id)) => Outside::find(id).map(Node::Outside),
            Some(("stock" | "库存", id)) => Stock::find(id).map(Node::Stock),
            Some(_) => None,
            None => self.site_of(text).map(Node::Process).or_else(|| named_end(text)),
        }
    }

    fn unknown_node(&self, row: &Row, column: &'static str, found: &mut Diagnostics) {
        let text = row.cell(column);
        let words = Outside::IDS.iter().map(|i| (format!("outside:{i}"), names_zh(i).to_vec()));
        let stocks = Stock::IDS.iter().map(|i| (format!("stock:{i}"), names_zh(i).to_vec()));
        let words: Vec<(String, Vec<&str>)> = words.chain(stocks).collect();
        let words: Vec<(&str, Vec<&str>)> = words.iter().map(|(id, names)| (id.as_str(), names.clone())).collect();
        let nearest = nearest_word(text, &words)
            .or_else(|| self.processes.nearest(text))
            .or_else(|| self.enterprise_names.nearest(&self.enterprises, text));
        let problem = match text.split_once('/') {
            Some((enterprise, _)) if self.enterprises.get(enterprise).is_some() => {
                Problem::UnknownProcess { id: text.to_owned(), nearest }
            }
            _ => Problem::UnknownNode { id: text.to_owned(), nearest },
        };
        row.report(found, column, problem);
    }

    /// A period that lies in those of the park.
    fn park_period(&self, row: &Row, found: &mut Diagnostics) -> Option<Period> {
        let period = row.period(found, "period")?;
        let Some(head) = &self.head else { return Some(period) };
        // Periods that cannot be read are reported with park.toml.
        let periods = &head.settings.periods;
        if !periods.is_empty() && !periods.iter().any(|p| p.contains(period)) {
            let periods = periods.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
            row.report(found, "period", Problem::UnknownPeriod { period: period.to_string(), periods });
            return None;
        }
        Some(period)
    }

    /// A period that lies in those of the park, or in a year before them: growth counts from there.
    fn history_period(&self, row: &Row, found: &mut Diagnostics) -> Option<Period> {
        let first = self.head.as_ref().and_then(|head| head.settings.periods.iter().map(|p| p.year).min());
        let mut unread = Diagnostics::default();
        match (row.period(&mut unread, "period"), first) {
            (Some(period), Some(first)) if period.year < first && period.year + MOST_HISTORY >= first => Some(period),
            _ => self.park_period(row, found),
        }
    }

    /// Evidence ids must be registered, where a register exists.
    pub(super) fn check_evidence(&mut self, row: &Row, found: &mut Diagnostics) {
        let Some(register) = &self.evidence else { return };
        let ids = row.cell("evidence").split([';', '；']).map(str::trim).filter(|i| !i.is_empty());
        for id in ids {
            if register.get(id).is_some() {
                self.proven.insert(id.to_owned());
            } else {
                row.report(found, "evidence", Problem::UnknownEvidence { id: id.to_owned() });
            }
        }
    }

    pub(super) fn read_emissions(&mut self, text: Option<&str>) {
        let (mut list, mut seen) = (Vec::new(), Seen::default());
        let mut claims: HashMap<(usize, &str, Period), u32> = HashMap::new();
        self.each_row("emissions.csv", text, |this, row, found| {
            let id = well_formed(row, "id", false, found) && fresh(&mut seen, row, "id", found);
            let Some(reported) = this.reported(row, found).filter(|_| id) else { return };
            if let Some(flow) = reported.replaces {
                let key = (flow, reported.gas.id(), reported.period);
                if let Some(&first_row) = claims.get(&key) {
                    let flow = row.cell("replaces").to_owned();
                    row.report(found, "replaces", Problem::DoubleClaim { flow, gas: reported.gas.label(), first_row });
                    return;
                }
                claims.insert(key, row.line);
            }
            list.push(reported);
        });
        list.sort_by(|a: &Reported, b| a.id.cmp(&b.id));
        self.park.reported = list;
    }

    fn reported(&mut self, row: &Row, found: &mut Diagnostics) -> Option<Reported> {
        let period = self.park_period(row, found);
        let enterprise = self.enterprise(row, "enterprise", found);
        let gas = gas(row, found);
        let replaces = match row.cell("replaces") {
            "" => Some(None),
            id => {
                let flow = self.park.find_flow(id);
                // Without a readable flows.csv nothing can be said of the reference.
                if flow.is_none() && self.can_refer("flows.csv") {
                    let problem = Problem::UnknownFlow { id: id.to_owned(), nearest: self.nearest_flow(id) };
                    row.report(found, "replaces", problem);
                }
                flow.map(Some)
            }
        };
        let process = match row.cell("process") {
            "" => enterprise.and_then(|e| {
                let at_flow = replaces.flatten().and_then(|flow| self.end_of(flow, e));
                at_flow.or_else(|| self.site_of(row.cell("enterprise")))
            }),
            _ => self.process(row, "process", found),
        };
        if let (Some(enterprise), Some(process)) = (enterprise, process)
            && self.park.process(process).enterprise != enterprise
        {
            let owner = self.park.process(process).enterprise;
            let problem = Problem::ForeignProcess {
                process: row.cell("process").to_owned(),
                owner: self.park.enterprise(owner).label.id.to_string(),
                enterprise: row.cell("enterprise").to_owned(),
            };
            row.report(found, "process", problem);
        }
        if let (Some(enterprise), Some(Some(flow))) = (enterprise, replaces) {
            let flow = &self.park.flows[flow];
            let ends = [self.park.owner(flow.from), self.park.owner(flow.to)];
            if !ends.contains(&Some(enterprise)) {
                let (flow, enterprise) = (flow.id.to_string(), row.cell("enterprise").to_owned());
                row.report(found, "replaces", Problem::ForeignFlow { flow, enterprise });
            }
        }
        let number = row.amount(found, "quantity");
        let notation = notation(row, found);
        uncertainty(row, number, found);
        self.check_evidence(row, found);
        let (mut mass, mut unit_text): (_, Arc<str>) = (None, "".into());
        if let Some(number) = number {
            let (unit, text) = row.unit(found, &mut self.units, "unit")?;
            if unit.dimension != Dimension::MASS {
                let thing = Thing::new(row.cell("gas"), "");
                let unit = row.cell("unit").to_owned();
                row.report(found, "unit", Problem::WrongDimension { unit, thing, units: "t, kg, 万t".to_owned() });
                return None;
            }
            mass = Some(unit.to_canonical(number));
            unit_text = text;
        } else if !row.cell("quantity").is_empty() {
            return None;
        }
        Some(Reported {
            id: row.cell("id").into(),
            period: period?,
            enterprise: enterprise?,
            process: process?,
            replaces: replaces?,
            gas: gas?,
            mass,
            printed: (row.cell("quantity").into(), unit_text),
            notation,
            quality: quality(row),
            row: row.line,
        })
    }

    /// The end of a flow that belongs to an enterprise, the receiving one first.
    fn end_of(&self, flow: usize, enterprise: EnterpriseId) -> Option<ProcessId> {
        let flow = &self.park.flows[flow];
        [flow.to, flow.from].into_iter().find_map(|node| match node {
            Node::Process(p) if self.park.process(p).enterprise == enterprise => Some(p),
            _ => None,
        })
    }

    pub(super) fn read_instruments(&mut self, text: Option<&str>) {
        self.each_row("instruments.csv", text, |this, row, found| {
            let holder = this.enterprise(row, "holder", found);
            let period = this.park_period(row, found);
            let amount = row.amount(found, "quantity");
            let factor = row.amount(found, "factor");
            this.check_evidence(row, found);
            let Some((unit, _)) = row.unit(found, &mut this.units, "unit") else { return };
            if unit.dimension != Dimension::ENERGY {
                let problem = Problem::WrongDimension {
                    unit: row.cell("unit").to_owned(),
                    thing: Thing::new("electricity", "电力"),
                    units: "kWh, MWh, 万kWh".to_owned(),
                };
                row.report(found, "unit", problem);
                return;
            }
            let kind = InstrumentKind::find(row.cell("kind"));
            if let (Some(holder), Some(period), Some(kind), Some(amount), Some(factor)) =
                (holder, period, kind, amount, factor)
            {
                this.park.instruments.push(Instrument {
                    holder,
                    generator: this.generator(row.cell("generator")),
                    period,
                    kind,
                    energy: unit.to_canonical(amount),
                    factor: factor / MEGAWATT_HOUR,
                    printed: (
                        format!("{} {}", row.cell("quantity"), row.cell("unit")),
                        format!("{} t/MWh", row.cell("factor")),
                    ),
                    retired: row.cell("retired") == "yes",
                    row: row.line,
                });
            }
        });
        // By content, so that sums do not depend on the order of the rows.
        self.park.instruments.sort_by_key(|i| (i.holder, i.period, i.energy.to_bits(), i.factor.to_bits(), i.row));
    }

    /// A plant of the park by the id of its process or enterprise; any other text is a plant outside.
    fn generator(&self, id: &str) -> Option<(EnterpriseId, Option<ProcessId>)> {
        if let Some(enterprise) = self.enterprises.get(id).or_else(|| self.enterprise_names.get(id)) {
            return Some((EnterpriseId::new(enterprise), None));
        }
        let process = self.processes.get(id).map(ProcessId::new)?;
        Some((self.park.process(process).enterprise, Some(process)))
    }

    pub(super) fn read_statistics(&mut self, text: Option<&str>) {
        let mut seen: HashMap<(Subject, Period, String), u32> = HashMap::new();
        self.each_row("statistics.csv", text, |this, row, found| {
            let subject = this.subject(row, found);
            let period = this.history_period(row, found);
            let value = row.number(found, "value");
            let Some((unit, _)) = row.unit(found, &mut this.units, "unit") else { return };
            let known = find_item(row.cell("item"));
            let item = known.unwrap_or_else(|| row.cell("item"));
            if let Some((dimension, units)) = item_dimension(item)
                && unit.dimension != dimension
            {
                let problem = Problem::WrongDimension {
                    unit: row.cell("unit").to_owned(),
                    thing: Thing::new(item, item_zh(item)),
                    units: units.to_owned(),
                };
                row.report(found, "unit", problem);
                return;
            }
            let (Some(subject), Some(period), Some(value)) = (subject, period, value) else { return };
            let key = (subject.clone(), period, item.to_owned());
            if let Some(&first_row) = seen.get(&key) {
                let id = format!("{} {} {item}", row.cell("subject"), row.cell("period"));
                row.report(found, "item", Problem::DuplicateId { id, first_row });
                return;
            }
            seen.insert(key, row.line);
            if known.is_none() {
                let mut names: Vec<(&str, Vec<&str>)> = ITEMS.iter().map(|(id, names)| (*id, names.to_vec())).collect();
                names.extend(indicator_items().iter().map(|(id, zh)| (id.as_str(), vec![zh.as_str()])));
                let nearest = nearest_word(item, &names);
                row.report(found, "item", Problem::UnknownItem { item: item.to_owned(), nearest });
            }
            this.park.statistics.push(Statistic {
                subject,
                period,
                item: item.into(),
                value: unit.to_canonical(value),
                printed: format!("{} {}", row.cell("value"), row.cell("unit")),
                row: row.line,
            });
        });
        self.park.statistics.sort_by(|a, b| (&a.subject, a.period, &a.item).cmp(&(&b.subject, b.period, &b.item)));
    }

    fn subject(&self, row: &Row, found: &mut Diagnostics) -> Option<Subject> {
        match row.cell("subject") {
            "" => None,
            "park" | "园区" => Some(Subject::Park),
            text => match text.strip_prefix("sector:") {
                Some(code) => {
                    let known = || self.park.enterprises.iter().map(|e| &*e.sector);
                    if !known().any(|sector| sector == code) && self.can_refer("enterprises.csv") {
                        let nearest = nearest(code, known());
                        row.report(found, "subject", Problem::UnknownEnterprise { id: text.to_owned(), nearest });
                    }
                    Some(Subject::Sector(code.into()))
                }
                None => self.enterprise(row, "subject", found).map(Subject::Enterprise),
            },
        }
    }
}

/// One megawatt-hour. Unit: GJ.
const MEGAWATT_HOUR: f64 = 3.6;

/// Hours of the period, if the unit is a rate of something the carrier is measured in.
fn hours(kind: CarrierKind, unit: &Unit, period: Period) -> Option<f64> {
    let amount = unit.dimension * Dimension::TIME;
    (!kind.dimensions().0.contains(&unit.dimension) && kind.dimensions().0.contains(&amount)).then(|| period.hours())
}

/// The gas of a reported emission; CO2e needs its GWP set.
fn gas(row: &Row, found: &mut Diagnostics) -> Option<Gas> {
    let text = row.cell("gas");
    if text == "CO2e" {
        let set = GwpSet::find(row.cell("gwp_set"));
        if set.is_none() {
            let sets = GwpSet::ALL.map(GwpSet::id);
            let problem = match row.cell("gwp_set") {
                "" => Problem::EmptyCell { column: "gwp_set".to_owned() },
                other => Problem::BadChoice {
                    found: other.to_owned(),
                    choices: sets.join(", "),
                    nearest: nearest(other, sets),
                },
            };
            row.report(found, "gwp_set", problem);
        }
        return set.map(Gas::Co2eReported);
    }
    let gas = Gas::find(text);
    if gas.is_none() && !text.is_empty() {
        let nearest = nearest(text, Gas::ALL.iter().map(|g| g.id()));
        row.report(found, "gas", Problem::UnknownGas { id: text.to_owned(), nearest });
    }
    gas
}

/// A word of the outside or of a stock by its Chinese name alone: 电网, 期初库存.
fn named_end(text: &str) -> Option<Node> {
    // An id of the words needs its prefix.
    let text = (!text.is_ascii()).then_some(text)?;
    Outside::find(text).map(Node::Outside).or_else(|| Stock::find(text).map(Node::Stock))
}

/// How the row says its quantity was obtained.
fn quality(row: &Row) -> Quality {
    Quality {
        method: row.word("method"),
        grade: row.word("grade"),
        evidence: row.cell("evidence").into(),
        note: row.cell("note").into(),
    }
}

/// The notation key of a row.
fn notation(row: &Row, found: &mut Diagnostics) -> Option<Notation> {
    let text = row.cell("notation");
    if text.is_empty() {
        return None;
    }
    let notation = Notation::parse(text);
    if notation.is_some() && !row.cell("quantity").is_empty() {
        row.report(found, "notation", Problem::QuantityBesideNotation { notation: text.to_owned() });
    }
    if notation.is_none() {
        let choices = "NO, NE, C, IE:id".to_owned();
        row.report(found, "notation", Problem::BadChoice { found: text.to_owned(), choices, nearest: None });
    }
    notation
}

/// Distance in m and means of transport; each needs the other.
fn freight(row: &Row, found: &mut Diagnostics) -> Option<(f64, Box<str>)> {
    let distance = row.amount(found, "distance_km");
    let mode = row.cell("transport");
    let missing = match (row.cell("distance_km").is_empty(), mode.is_empty()) {
        (false, true) => Some("transport"),
        (true, false) => Some("distance_km"),
        _ => None,
    };
    if let Some(column) = missing {
        row.report(found, column, Problem::EmptyCell { column: column.to_owned() });
    }
    Some((distance? * 1e3, mode.into())).filter(|_| missing.is_none())
}

/// The standard deviation in the unit of the row, from whichever way it is stated.
fn uncertainty(row: &Row, value: Option<f64>, found: &mut Diagnostics) -> Option<f64> {
    let sd = row.amount(found, "sd");
    let percent = row.amount(found, "percent");
    let (low, high) = (row.number(found, "lo95"), row.number(found, "hi95"));
    if let (Some(low), Some(high)) = (low, high) {
        if high < low {
            row.report(found, "hi95", Problem::LimitsSwapped { low, high });
            return None;
        }
        return Some((high - low) / (2.0 * Z95));
    }
    sd.or_else(|| Some(percent? / 100.0 / Z95 * value?))
}
