//! Tables that say what there is: enterprises, processes, carriers, factors,
//! outputs, exchanges.

use super::build::{Builder, label, record};
use super::refer::{Index, is_id};
use super::schema;
use super::sheet::Row;
use crate::diagnostic::{Diagnostics, Problem, Thing};
use crate::factors::{About, CarbonRatio, FactorSet, parse_row};
use crate::park::{
    AllocationRule, CarrierId, CarrierKind, Enterprise, EnterpriseId, Exchange, Gas, Output, Parameter, Process,
    ProcessId, ProcessParameter, Property, Role, Status,
};
use crate::quantity::{Basis, Dimension, Quantity};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// Ids that were read, and their rows.
pub(super) type Seen = foldhash::HashMap<String, u32>;

/// Reports an id that was given before; says whether it is new.
pub(super) fn fresh(seen: &mut Seen, row: &Row, column: &'static str, found: &mut Diagnostics) -> bool {
    let id = row.cell(column);
    if let Some(&first_row) = seen.get(id) {
        row.report(found, column, Problem::DuplicateId { id: id.to_owned(), first_row });
        return false;
    }
    seen.insert(id.to_owned(), row.line);
    true
}

/// Reports a malformed id; says whether it is well formed.
pub(super) fn well_formed(row: &Row, column: &'static str, slash: bool, found: &mut Diagnostics) -> bool {
    let id = row.cell(column);
    let good = is_id(id, slash);
    if !good && !id.is_empty() {
        row.report(found, column, Problem::BadId { found: id.to_owned() });
    }
    good
}

/// Latitude and longitude; one without the other is reported.
fn place(row: &Row, found: &mut Diagnostics) -> Option<(f64, f64)> {
    let mut degrees = |column: &'static str, most: f64| {
        let value = row.number(found, column)?;
        if value.abs() <= most {
            return Some(value);
        }
        let problem = Problem::OutOfRange { found: row.cell(column).to_owned(), low: -most, high: most };
        row.report(found, column, problem);
        None
    };
    let (latitude, longitude) = (degrees("latitude", 90.0), degrees("longitude", 180.0));
    let missing = match (row.cell("latitude").is_empty(), row.cell("longitude").is_empty()) {
        (true, false) => Some("latitude"),
        (false, true) => Some("longitude"),
        _ => None,
    };
    if let Some(column) = missing {
        row.report(found, column, Problem::EmptyCell { column: column.to_owned() });
    }
    latitude.zip(longitude)
}

impl Builder {
    pub(super) fn read_evidence(&mut self, text: Option<&str>) {
        if text.is_none() {
            return;
        }
        let (mut ids, mut seen) = (Vec::new(), Seen::default());
        let table = schema::table("evidence");
        self.each_row("evidence.csv", text, |this, row, found| {
            if well_formed(row, "evidence", false, found) && fresh(&mut seen, row, "evidence", found) {
                ids.push(row.cell("evidence").to_owned());
            }
            this.park.records.extend(table.map(|t| record(t, row)));
        });
        self.evidence = Some(Index::new(ids.iter().map(String::as_str)));
    }

    pub(super) fn read_enterprises(&mut self, text: Option<&str>) {
        let (mut list, mut seen) = (Vec::new(), Seen::default());
        self.each_row("enterprises.csv", text, |_, row, found| {
            let member = (row.period(found, "joined"), row.period(found, "left"));
            let place = place(row, found);
            if well_formed(row, "enterprise", false, found) && fresh(&mut seen, row, "enterprise", found) {
                list.push(Enterprise {
                    label: label(row.cell("enterprise"), row.cell("name_en"), row.cell("name_zh")),
                    sector: row.cell("sector").into(),
                    member,
                    place,
                    row: row.line,
                });
            }
        });
        self.index_enterprises(list);
    }

    pub(super) fn read_processes(&mut self, text: Option<&str>) {
        let (mut list, mut seen) = (Vec::new(), Seen::default());
        self.each_row("processes.csv", text, |this, row, found| {
            let enterprise = this.enterprise(row, "enterprise", found);
            let id = row.cell("process");
            let prefix = id.split_once('/').map(|p| p.0);
            if !well_formed(row, "process", true, found) || !fresh(&mut seen, row, "process", found) {
                return;
            }
            let owner = enterprise.map(|e| this.park.enterprise(e).label.id.clone());
            if let Some(owner) = owner.filter(|owner| prefix != Some(&**owner) && id != &**owner) {
                let problem = Problem::ForeignProcess {
                    process: id.to_owned(),
                    owner: prefix.unwrap_or(id).to_owned(),
                    enterprise: owner.to_string(),
                };
                row.report(found, "process", problem);
                return;
            }
            let technique = row.cell("technique");
            if let Some(nearest) = super::technique::meant(technique) {
                row.report(found, "technique", Problem::TechniqueSlip { technique: technique.to_owned(), nearest });
            }
            if let Some(enterprise) = enterprise {
                list.push(Process {
                    label: label(id, row.cell("name_en"), row.cell("name_zh")),
                    enterprise,
                    technique: row.cell("technique").into(),
                    accounting: row.cell("accounting").into(),
                    row: Some(row.line),
                });
            }
        });
        self.index_processes(list);
    }

    pub(super) fn read_carriers(&mut self, text: Option<&str>) {
        let mut declared: BTreeMap<String, (CarrierKind, String, String)> = BTreeMap::new();
        let mut names: Vec<(String, bool, String)> = Vec::new();
        let library = super::carriers::library();
        self.each_row("carriers.csv", text, |_, row, found| {
            let (carrier, value) = (row.cell("carrier").to_owned(), row.cell("value"));
            // A value may name the library's carrier by a name that is no id.
            let declares = matches!(row.cell("property"), "kind" | "name_en" | "name_zh");
            if !is_id(&carrier, false) && !declares && library.names.get(&carrier).is_some() {
                return;
            }
            if !well_formed(row, "carrier", false, found) {
                return;
            }
            match row.cell("property") {
                "kind" => {
                    if let Some(kind) = CarrierKind::find(value) {
                        declared.insert(carrier, (kind, String::new(), String::new()));
                    } else {
                        let problem = Problem::BadChoice {
                            found: value.to_owned(),
                            nearest: super::refer::nearest(value, CarrierKind::ids()),
                            choices: CarrierKind::ids().collect::<Vec<_>>().join(", "),
                        };
                        row.report(found, "value", problem);
                    }
                }
                "name_en" => names.push((carrier, true, value.to_owned())),
                "name_zh" => names.push((carrier, false, value.to_owned())),
                _ => {}
            }
        });
        for (carrier, english, name) in names {
            if let Some(entry) = declared.get_mut(&carrier) {
                *(if english { &mut entry.1 } else { &mut entry.2 }) = name;
            }
        }
        self.index_carriers(declared);
        // The second pass has the carriers to refer to; the header and cells were reported by the first.
        let Some(text) = text else { return };
        let mut properties = Vec::new();
        let mut seen: HashMap<[String; 5], u32> = HashMap::new();
        let mut again = Diagnostics::default();
        let lines = self.lines.get("carriers.csv").cloned();
        if let Some(sheet) = schema::table("carriers")
            .and_then(|table| super::sheet::Sheet::open(table, text, lines, &mut Diagnostics::default()))
        {
            sheet.rows(&mut Diagnostics::default(), |row, _| {
                let mut key =
                    ["carrier", "enterprise", "process", "period", "property"].map(|c| row.cell(c).to_owned());
                key[0] = self.carrier_id(&key[0]);
                key[1] = self.enterprise_id(&key[1]);
                if let Some(&first_row) = seen.get(&key) {
                    let id = key.iter().filter(|k| !k.is_empty()).cloned().collect::<Vec<_>>().join(" ");
                    row.report(&mut again, "property", Problem::DuplicateId { id, first_row });
                }
                seen.entry(key).or_insert(row.line);
                properties.extend(self.property(row, &mut again));
            });
        }
        self.found.append(again);
        properties.sort_by_key(|p| (p.carrier, p.name, p.rank(), p.row));
        self.park.properties = properties;
    }

    fn property(&mut self, row: &Row, found: &mut Diagnostics) -> Option<Property> {
        let name = Parameter::find(row.cell("property")).filter(|p| p.is_property())?;
        let carrier = self.carrier(row, "carrier", found);
        let optional = |this: &Self, column: &'static str, found: &mut Diagnostics| match row.cell(column) {
            "" => Some(None),
            _ => this.enterprise(row, column, found).map(Some),
        };
        let enterprise = optional(self, "enterprise", found);
        let process = match row.cell("process") {
            "" => Some(None),
            _ => self.process(row, "process", found).map(Some),
        };
        let period = row.period(found, "period");
        let value = row.amount(found, "value");
        self.check_evidence(row, found);
        let (unit, _) = row.unit(found, &mut self.units, "unit")?;
        let basis = basis(row, found)?;
        let value = checked(row, name, unit.dimension, unit.to_canonical(value?), found)?;
        // A calorific value is net or gross by its name; carbon and emission by energy say it by their basis.
        let by_energy = unit.dimension == Dimension::MASS / Dimension::ENERGY;
        if by_energy && basis.calorific.is_none() {
            let problem = Problem::MissingBasis {
                carrier: row.cell("carrier").to_owned(),
                unit: row.cell("unit").to_owned(),
                choices: "NCV, GCV".to_owned(),
            };
            row.report(found, "basis", problem);
            return None;
        }
        let basis = Basis { state: basis.state.or(unit.state), ..basis };
        Some(Property {
            carrier: carrier?,
            enterprise: enterprise?,
            process: process?,
            period,
            name,
            value,
            dimension: unit.dimension,
            basis,
            printed: format!("{} {}", row.cell("value"), row.cell("unit")),
            row: row.line,
        })
    }

    pub(super) fn read_parameters(&mut self, text: Option<&str>) {
        let mut seen: HashMap<[String; 5], u32> = HashMap::new();
        self.each_row("parameters.csv", text, |this, row, found| {
            let mut key = ["process", "period", "parameter", "carrier", "gas"].map(|c| row.cell(c).to_owned());
            key[0] = this.enterprise_id(&key[0]);
            key[3] = this.carrier_id(&key[3]);
            if let Some(&first_row) = seen.get(&key) {
                let id = key.iter().filter(|k| !k.is_empty()).cloned().collect::<Vec<_>>().join(" ");
                row.report(found, "parameter", Problem::DuplicateId { id, first_row });
                return;
            }
            seen.insert(key, row.line);
            let parameter = this.parameter(row, found);
            this.park.parameters.extend(parameter);
        });
        self.park
            .parameters
            .sort_by_key(|p| (p.process, p.name, std::cmp::Reverse(p.rank()), p.carrier, p.gas, p.period));
    }

    fn parameter(&mut self, row: &Row, found: &mut Diagnostics) -> Option<ProcessParameter> {
        let process = self.process(row, "process", found);
        let name = Parameter::find(row.cell("parameter")).filter(|p| p.is_process_parameter());
        let carrier = match row.cell("carrier") {
            "" => Some(None),
            _ => self.carrier(row, "carrier", found).map(Some),
        };
        let gas = match row.cell("gas") {
            "" => Some(None),
            text => {
                let gas = Gas::find(text);
                if gas.is_none() {
                    let nearest = super::refer::nearest(text, Gas::ALL.iter().map(|g| g.id()));
                    row.report(found, "gas", Problem::UnknownGas { id: text.to_owned(), nearest });
                }
                gas.map(Some)
            }
        };
        let period = row.period(found, "period");
        let value = row.amount(found, "value");
        row.amount(found, "sd");
        let (unit, _) = row.unit(found, &mut self.units, "unit")?;
        let value = checked(row, name?, unit.dimension, unit.to_canonical(value?), found)?;
        Some(ProcessParameter {
            process: process?,
            period,
            name: name?,
            carrier: carrier?,
            gas: gas?,
            value,
            dimension: unit.dimension,
            printed: format!("{} {}", row.cell("value"), row.cell("unit")),
            row: row.line,
        })
    }

    pub(super) fn read_factors(&mut self, text: Option<&str>) {
        let mut sets: BTreeMap<String, Vec<crate::factors::Factor>> = BTreeMap::new();
        let mut seen = Seen::default();
        self.each_row("factors.csv", text, |this, row, found| {
            let new = fresh(&mut seen, row, "id", found);
            let set: Arc<str> = row.cell("set").into();
            let carrier = this.carrier_id(row.cell("carrier"));
            match parse_row(&set, row.line, |c| if c == "carrier" { &carrier } else { row.cell(c) }) {
                Ok(factor) if new => {
                    if !factor.carrier.is_empty() {
                        this.carrier(row, "carrier", found);
                    }
                    sets.entry(set.to_string()).or_default().push(factor);
                }
                Ok(_) => {}
                // Empty compulsory cells are reported by the sheet already.
                Err(problems) => problems
                    .into_iter()
                    .filter(|(_, p)| !matches!(p, Problem::EmptyCell { .. }))
                    .for_each(|(column, problem)| row.report(found, column, problem)),
            }
        });
        self.own_sets = sets
            .into_iter()
            .map(|(id, mut factors)| {
                // By id, so that nothing depends on the order of the rows.
                factors.sort_by(|a, b| a.id.cmp(&b.id));
                (id, factors)
            })
            .map(|(id, factors)| {
                let about = About {
                    title_en: format!("{id} (the park's own factors.csv)"),
                    title_zh: format!("{id}（园区自有 factors.csv）"),
                    ..About::default()
                };
                FactorSet::new(
                    id.into(),
                    about,
                    CarbonRatio::compliance(),
                    "factors.csv".into(),
                    String::new(),
                    factors,
                )
            })
            .collect();
    }

    pub(super) fn read_outputs(&mut self, text: Option<&str>) {
        self.each_row("outputs.csv", text, |this, row, found| {
            let process = this.process(row, "process", found);
            let carrier = this.carrier(row, "carrier", found);
            let share = row.amount(found, "share");
            if share.is_some_and(|s| s > 1.0) {
                let problem = Problem::OutOfRange { found: row.cell("share").to_owned(), low: 0.0, high: 1.0 };
                row.report(found, "share", problem);
            }
            if let (Some(process), Some(carrier)) = (process, carrier) {
                // Two rows for one product leave it open which share holds.
                if let Some(first) = this.park.outputs.iter().find(|o| o.process == process && o.carrier == carrier) {
                    let id = format!("{} {}", row.cell("process"), row.cell("carrier"));
                    let first_row = first.row;
                    row.report(found, "carrier", Problem::DuplicateId { id, first_row });
                }
                let role = Role::find(row.cell("role")).unwrap_or(Role::Determining);
                let rule = AllocationRule::find(row.cell("rule"));
                this.park.outputs.push(Output { process, carrier, role, share, rule, row: row.line });
            }
        });
        self.park.outputs.sort_by_key(|o| (o.process, o.carrier, o.row));
    }

    pub(super) fn read_exchanges(&mut self, text: Option<&str>) {
        self.each_row("exchanges.csv", text, |this, row, found| {
            let from = this.enterprise(row, "from", found);
            let to = this.enterprise(row, "to", found);
            let carrier = this.carrier(row, "carrier", found);
            let quantity = carrier.and_then(|c| this.exchanged(row, c, found));
            let (ratio, distance_km) = (row.amount(found, "ratio"), row.amount(found, "distance_km"));
            let period = row.period(found, "period");
            let displaces = this.carrier(row, "displaces", found);
            let limits = super::limits::limits(row, found);
            let text = |column: &str| Some(row.cell(column)).filter(|t| !t.is_empty()).map(Arc::from);
            this.park.records.extend(schema::table("exchanges").map(|t| record(t, row)));
            if let (Some(from), Some(to), Some(carrier)) = (from, to, carrier) {
                this.park.exchanges.push(Exchange {
                    from,
                    to,
                    carrier,
                    status: Status::find(row.cell("status")).unwrap_or(Status::Existing),
                    period,
                    quantity,
                    displaces,
                    ratio,
                    disposal: text("disposal"),
                    distance_km,
                    conditioning: text("conditioning"),
                    limits,
                    row: row.line,
                });
            }
        });
        self.park.exchanges.sort_by_key(|x| (x.from, x.to, x.carrier, x.row));
    }

    /// The quantity of an exchange, in a unit that can measure its carrier. The table has no basis: it is that of the
    /// flows.
    fn exchanged(&mut self, row: &Row, carrier: CarrierId, found: &mut Diagnostics) -> Option<Quantity> {
        let number = row.amount(found, "quantity");
        if number.is_none() && row.cell("unit").is_empty() {
            return None;
        }
        let (unit, _) = row.unit(found, &mut self.units, "unit")?;
        if let Some(problem) = self.park.carrier(carrier).wrong_unit(row.cell("unit"), &unit) {
            row.report(found, "unit", problem);
            return None;
        }
        Quantity::new(number?, &unit, Basis::default()).ok()
    }

    /// The enterprise that a cell names.
    pub(super) fn enterprise(&self, row: &Row, column: &'static str, found: &mut Diagnostics) -> Option<EnterpriseId> {
        let id = row.cell(column);
        let position = self.enterprises.get(id).or_else(|| self.enterprise_names.get(id));
        if position.is_none() && !id.is_empty() && self.can_refer("enterprises.csv") {
            let nearest = self.enterprise_names.nearest(&self.enterprises, id);
            row.report(found, column, Problem::UnknownEnterprise { id: id.to_owned(), nearest });
        }
        position.map(EnterpriseId::new)
    }

    /// The process that a cell names; an enterprise id names its site.
    pub(super) fn process(&mut self, row: &Row, column: &'static str, found: &mut Diagnostics) -> Option<ProcessId> {
        let id = row.cell(column);
        if id.is_empty() {
            return None;
        }
        let process = self.processes.get(id).map(ProcessId::new).or_else(|| self.site_of(id));
        if process.is_none() && self.can_refer("enterprises.csv") && self.can_refer("processes.csv") {
            let nearest = self.processes.nearest(id);
            row.report(found, column, Problem::UnknownProcess { id: id.to_owned(), nearest });
        }
        process
    }

    /// The carrier that a cell names.
    pub(super) fn carrier(&self, row: &Row, column: &'static str, found: &mut Diagnostics) -> Option<CarrierId> {
        let id = row.cell(column);
        let position = self.carriers.get(id);
        if position.is_none() && !id.is_empty() && self.can_refer("carriers.csv") {
            let nearest = self.carriers.nearest(id);
            row.report(found, column, Problem::UnknownCarrier { id: id.to_owned(), nearest });
        }
        position.map(CarrierId::new)
    }

    /// The id of the carrier that a text names; the text itself where it names none.
    fn carrier_id(&self, text: &str) -> String {
        self.carriers.get(text).map_or_else(|| text.to_owned(), |i| self.park.carriers[i].label.id.to_string())
    }

    /// The id of the enterprise that a text names; the text itself where it names none.
    pub(super) fn enterprise_id(&self, text: &str) -> String {
        let named = || self.enterprise_names.get(text).map(|i| self.park.enterprises[i].label.id.to_string());
        self.enterprises.get(text).map(|_| text.to_owned()).or_else(named).unwrap_or_else(|| text.to_owned())
    }

    /// The process that an enterprise stands for, by its id or name.
    pub(super) fn site_of(&mut self, enterprise: &str) -> Option<ProcessId> {
        let id = self.enterprise_id(enterprise);
        self.site(&id)
    }
}

/// A value whose unit and range fit its parameter.
fn checked(row: &Row, name: Parameter, dimension: Dimension, value: f64, found: &mut Diagnostics) -> Option<f64> {
    let (dimensions, units) = name.dimensions();
    if !dimensions.contains(&dimension) {
        let (unit, thing) = (row.cell("unit").to_owned(), Thing::new(name.id(), name.words().1));
        row.report(found, "unit", Problem::WrongDimension { unit, thing, units: units.to_owned() });
        return None;
    }
    // Nothing can hold more of a thing than itself.
    if name.is_fraction() && dimension == Dimension::NONE && value > 1.0 {
        let problem = Problem::OutOfRange { found: row.cell("value").to_owned(), low: 0.0, high: 1.0 };
        row.report(found, "value", problem);
        return None;
    }
    Some(value)
}

/// The basis cell.
pub(super) fn basis(row: &Row, found: &mut Diagnostics) -> Option<Basis> {
    let text = row.cell("basis");
    if text.is_empty() {
        return Some(Basis::default());
    }
    let basis = Basis::parse(text).ok();
    if basis.is_none() {
        row.report(found, "basis", Problem::BadBasis { found: row.cell("basis").to_owned() });
    }
    basis
}
