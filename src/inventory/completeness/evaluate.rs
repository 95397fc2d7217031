//! One arm a part of the checklist: what the package and its inventory say of it.

use super::State;
use crate::diagnostic::{Problem, Words};
use crate::factors::Parameter;
use crate::inventory::Inventory;
use crate::ledger::{Approach, CarbonOrigin, Line, Scope, Standing};
use crate::package::Package;
use crate::park::{Gas, GwpSet, Park, Record};
use std::collections::BTreeSet;

/// What a part may be proved with.
pub(super) struct Evidence<'a> {
    pub(super) package: &'a Package,
    pub(super) park: &'a Park,
    pub(super) inventory: &'a Inventory,
}

type Found = (State, Words);

fn words(en: impl Into<String>, zh: impl Into<String>) -> Words {
    Words::new(en, zh)
}

/// Text of a setting: there, or missing.
fn given(text: &str) -> Found {
    if text.is_empty() { (State::Missing, words("", "")) } else { (State::There, words(text, text)) }
}

/// `n` of `all` rows of a file have something.
fn share(n: usize, all: usize, en: &str, zh: &str) -> Found {
    let state = match n {
        _ if all == 0 => return not_applicable("no rows", "没有数据行"),
        0 => State::Missing,
        n if n < all => State::InPart,
        _ => State::There,
    };
    (state, words(format!("{en}: {n} of {all} rows"), format!("{zh}：{all} 行中 {n} 行")))
}

fn not_applicable(en: &str, zh: &str) -> Found {
    (State::NotApplicable, words(en, zh))
}

fn program(en: impl Into<String>, zh: impl Into<String>) -> Found {
    (State::Program, words(en, zh))
}

/// A cell of a record; empty where it has none.
fn cell<'r>(record: &'r Record, column: &str) -> &'r str {
    record.cells.iter().find(|c| c.0 == column).map_or("", |c| c.1.as_str())
}

impl Evidence<'_> {
    /// State and detail of the part with this key.
    #[allow(clippy::too_many_lines, reason = "one arm a part of the checklist")]
    pub(super) fn evaluate(&self, key: &str) -> Found {
        let (settings, statement) = (&self.park.settings, &self.park.settings.statement);
        match key {
            "body" => given(&statement.body),
            "person" => given(&statement.person),
            "users" => given(&statement.users),
            "date" => given(&statement.date),
            "standards" => given(&statement.standards.join(", ")),
            "consolidation" => given(statement.consolidation.map_or("", crate::park::Consolidation::id)),
            "boundary" => {
                given([&settings.boundary, &statement.address].into_iter().find(|t| !t.is_empty()).map_or("", |t| t))
            }
            "price_basis" => given(&settings.price_basis),
            "significance" => given(&statement.significance),
            "base_year_reason" if settings.base_year.is_some() => given(&statement.base_year_reason),
            "method_changes" => given(&statement.method_changes),
            "checked_by" => given(&statement.checked_by),
            "verifier" => given(&statement.verifier),
            "assurance" | "materiality" | "statement" => self.verification(key),
            "period" => {
                let periods: Vec<String> = settings.periods.iter().map(ToString::to_string).collect();
                given(&periods.join(", "))
            }
            "years" => self.years(),
            "tool" => {
                let tool = concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION"));
                program(tool, tool)
            }
            "enterprises" => {
                let n = self.park.enterprises.len();
                (State::There, words(format!("enterprises.csv: {n} rows"), format!("enterprises.csv：{n} 行")))
            }
            "membership" => self.membership(),
            "sources" => self.sources(),
            "views" => program("park as a whole, sum of the enterprises, reconciliation", "园区整体、企业合计、调节表"),
            "exclusions" => self.exclusions(),
            "gaps" => self.gaps(),
            "gases" => self.gases(),
            "location" => self.lines_or(
                |l| l.scope == Scope::EnergyIndirect && l.approach == Approach::Location && !l.source.is_export(),
                "no purchased energy",
                "无购入能源",
            ),
            "grid" => self.energy_factors(),
            "instruments" => match self.park.instruments.len() {
                0 => not_applicable("no instruments", "无绿电凭证"),
                n => (State::There, words(format!("instruments.csv: {n} rows"), format!("instruments.csv：{n} 行"))),
            },
            "exports" => self.lines_or(|l| l.source.is_export(), "no exported energy", "无输出能源"),
            "other_indirect" => self.other_indirect(),
            "biogenic" => self.lines_or(
                |l| l.standing == Standing::Memo && l.origin == CarbonOrigin::Biogenic,
                "no biogenic CO2",
                "无生物成因 CO2",
            ),
            "removals" => self.lines_or(
                |l| l.source == crate::ledger::Source::Captured,
                "no CO2 captured or transferred",
                "无 CO2 捕集或转移",
            ),
            "pollutants" => self.pollutants(),
            "iav" => self.added_value(),
            "base_year" => given(&settings.base_year.map(|y| y.to_string()).unwrap_or_default()),
            "base_inventory" => self.base_inventory(),
            "threshold" => given(&settings.restatement_threshold.map(|t| t.to_string()).unwrap_or_default()),
            "restatement" => self.restatement(),
            "base_year_reason" => not_applicable("no base year", "未定基准年"),
            "method" => self.rows_with(|q| !q.method.is_empty(), "method", "方法"),
            "grade" => self.rows_with(|q| !q.grade.is_empty() || !q.method.is_empty(), "grade or method", "等级或方法"),
            "evidence" => self.rows_with(|q| !q.evidence.is_empty(), "evidence", "凭证"),
            "uncertainty" => {
                let flows = &self.park.flows;
                share(flows.iter().filter(|f| f.sd.is_some()).count(), flows.len(), "flows.csv", "flows.csv")
            }
            "factors" => {
                let n = self.inventory.factors_used().len();
                program(format!("{n} rows used"), format!("所用 {n} 行"))
            }
            "gwp" => self.gwp(),
            "allocation" => self.allocation(),
            "counterfactual" => self.counterfactual(),
            "quality_plan" => self.quality_plan(),
            "checks" => {
                let n = self.inventory.found.sorted().len();
                program(format!("{n} findings while accounting"), format!("核算中 {n} 项发现"))
            }
            "corrections" => match self.records("changes.csv").count() {
                0 => not_applicable("no correction logged", "无更正记录"),
                n => (State::There, words(format!("changes.csv: {n} rows"), format!("changes.csv：{n} 行"))),
            },
            "manifest" => program("manifest.json", "manifest.json"),
            "lock" => match &self.package.lock {
                Some(lock) => {
                    let n = lock.rows.len();
                    (State::There, words(format!("factors.lock: {n} rows"), format!("factors.lock：{n} 行")))
                }
                None => (State::Missing, words("", "")),
            },
            // invariant: every part has an arm (tests/completeness.rs).
            _ => (State::Missing, words("", "")),
        }
    }

    fn records(&self, file: &'static str) -> impl Iterator<Item = &Record> {
        self.park.records.iter().filter(move |r| r.file == file)
    }

    fn verification(&self, key: &str) -> Found {
        let statement = &self.park.settings.statement;
        if statement.verifier.eq_ignore_ascii_case("none") {
            return not_applicable("the report is not verified", "报告未经核查");
        }
        if statement.verifier.is_empty() {
            return not_applicable("no verification body named", "未写核查机构");
        }
        match key {
            "assurance" => given(statement.assurance.map_or("", crate::park::Assurance::id)),
            "materiality" => given(&statement.materiality.map(|m| m.to_string()).unwrap_or_default()),
            _ => given(&statement.statement),
        }
    }

    fn years(&self) -> Found {
        let years = &self.inventory.years;
        let list = years.iter().map(u16::to_string).collect::<Vec<_>>().join(", ");
        (if years.len() >= 3 { State::There } else { State::InPart }, words(list.clone(), list))
    }

    fn membership(&self) -> Found {
        let moved = self.park.enterprises.iter().filter(|e| e.member != (None, None)).count();
        if moved == 0 {
            return not_applicable("no joiner or leaver stated", "未写加入或退出");
        }
        (State::There, words(format!("enterprises.csv: {moved} rows"), format!("enterprises.csv：{moved} 行")))
    }

    fn counted(&self) -> impl Iterator<Item = &Line> {
        self.inventory.ledger.lines.iter().filter(|l| l.standing != Standing::Replaced)
    }

    fn sources(&self) -> Found {
        let scopes: BTreeSet<Scope> = self.counted().map(|l| l.scope).collect();
        let list = scopes.iter().map(|s| format!("{} (ISO {})", s.id(), s.iso_category()));
        let list = list.collect::<Vec<_>>().join(", ");
        if list.is_empty() {
            return (State::Missing, words("no line", "无台账行"));
        }
        program(format!("scopes {list}"), format!("范围 {list}"))
    }

    /// Whether rows without a number say why.
    fn exclusions(&self) -> Found {
        let flows = self.park.flows.iter().filter(|f| f.quantity.is_none()).map(|f| (f.notation.is_some(), &f.quality));
        let reported = self.park.reported.iter().filter(|r| r.mass.is_none());
        let empty: Vec<bool> = flows
            .chain(reported.map(|r| (r.notation.is_some(), &r.quality)))
            .map(|(key, quality)| key && !quality.note.is_empty())
            .collect();
        if empty.is_empty() {
            return not_applicable("no empty quantity", "无空缺数量");
        }
        let good = empty.iter().filter(|g| **g).count();
        share(good, empty.len(), "empty quantities with key and reason", "注明符号与理由的空缺数量")
    }

    fn gaps(&self) -> Found {
        let unclaimed = crate::methods::Treatment::Unclaimed.words();
        let rows: Vec<&str> =
            self.inventory.coverage.rows.iter().filter(|r| r.treatment == unclaimed).map(|r| &*r.id).collect();
        if rows.is_empty() {
            return not_applicable("every row is claimed", "各行均有方法认领");
        }
        let mut list = rows.iter().take(5).copied().collect::<Vec<_>>().join(", ");
        let n = rows.len();
        if n > 5 {
            list.push_str(", …");
        }
        (State::InPart, words(format!("{n} rows: {list}"), format!("{n} 行：{list}")))
    }

    fn gases(&self) -> Found {
        let asked = self.park.settings.gases.iter().copied();
        let made = self.inventory.ledger.lines.iter().filter(|l| l.scope == Scope::Direct).map(|l| l.gas);
        let stated = self.park.reported.iter().map(|r| r.gas);
        let known: BTreeSet<&str> = asked.chain(made).chain(stated).filter_map(group).collect();
        let lacking: Vec<&str> = GROUPS.into_iter().filter(|g| !known.contains(g)).collect();
        if lacking.is_empty() {
            return program("all seven", "七种齐全");
        }
        let list = lacking.join(", ");
        (State::InPart, words(format!("nothing said of {list}"), format!("未说明 {list}")))
    }

    fn lines_or(&self, fits: impl Fn(&Line) -> bool, en: &str, zh: &str) -> Found {
        match self.counted().filter(|l| fits(l)).count() {
            0 => not_applicable(en, zh),
            n => program(format!("lines.csv: {n} lines"), format!("lines.csv：{n} 行")),
        }
    }

    fn energy_factors(&self) -> Found {
        let used = self.inventory.factors_used().into_iter();
        let energy = used.filter(|f| {
            f.parameter == Parameter::EmissionFactor
                && self.park.carriers.iter().any(|c| *c.label.id == *f.carrier && c.kind.is_utility())
        });
        let ids: Vec<&str> = energy.map(|f| &*f.id).collect();
        if ids.is_empty() {
            return not_applicable("no published factor of energy used", "未用公布的能源因子");
        }
        program(ids.join(", "), ids.join("、"))
    }

    fn other_indirect(&self) -> Found {
        let categories: BTreeSet<String> =
            self.counted().filter(|l| matches!(l.scope, Scope::OtherIndirect(_))).map(|l| l.scope.id()).collect();
        let list = categories.into_iter().collect::<Vec<_>>().join(", ");
        if !list.is_empty() {
            return program(format!("scope {list}"), format!("范围 {list}"));
        }
        if self.park.settings.statement.significance.is_empty() {
            return (State::Missing, words("none counted and no reason given", "未计入，也未说明理由"));
        }
        not_applicable("left out by the significance rule", "按重要性准则不计入")
    }

    fn pollutants(&self) -> Found {
        let gases = self.inventory.ledger.lines.iter().map(|l| l.gas).chain(self.park.reported.iter().map(|r| r.gas));
        let known: BTreeSet<Gas> = gases.collect();
        let wanted = [Gas::So2, Gas::Nox, Gas::Cod, Gas::Nh3n, Gas::SolidWaste];
        let lacking: Vec<String> = wanted.iter().filter(|g| !known.contains(g)).map(|g| g.label()).collect();
        let state = match lacking.len() {
            0 => return program("all", "齐全"),
            n if n == wanted.len() => State::Missing,
            _ => State::InPart,
        };
        let list = lacking.join(", ");
        (state, words(format!("nothing of {list}"), format!("缺 {list}")))
    }

    fn added_value(&self) -> Found {
        let has = |year: u16| {
            self.park.statistics.iter().any(|s| matches!(&*s.item, "iav" | "iav_const") && s.period.year == year)
        };
        let years = &self.inventory.years;
        let n = years.iter().filter(|y| has(**y)).count();
        let (state, _) = share(n, years.len(), "", "");
        let all = years.len();
        (state, words(format!("statistics.csv: {n} of {all} years"), format!("statistics.csv：{all} 年中 {n} 年")))
    }

    fn total(&self, year: u16) -> Option<f64> {
        self.inventory.value(&format!("{year}/park/total.location/CO2e"))
    }

    /// The base-year total, and the change since.
    fn base_inventory(&self) -> Found {
        let Some(base) = self.park.settings.base_year else {
            return not_applicable("no base year", "未定基准年");
        };
        let (last, then) = (self.inventory.years.last().copied().unwrap_or(base), self.total(base));
        let Some(then) = then else {
            return (State::Missing, words(format!("no rows of {base}"), format!("没有 {base} 年的数据")));
        };
        let now = self.total(last).filter(|_| last != base && then != 0.0);
        let change = now.map(|now| format!("; {last}: {now:.1} ({:+.1} %)", (now / then - 1.0) * 100.0));
        let text = format!("{base}: {then:.1} t CO2e{}", change.unwrap_or_default());
        program(text.clone(), text)
    }

    /// What may call for a restatement, and whether a decision is recorded.
    fn restatement(&self) -> Found {
        let Some(base) = self.park.settings.base_year else {
            return not_applicable("no base year", "未定基准年");
        };
        let (mut en, mut zh) = (Vec::new(), Vec::new());
        let joined = self.park.enterprises.iter().filter(|e| e.member.0.is_some_and(|p| p.year > base));
        let left = self.park.enterprises.iter().filter(|e| e.member.1.is_some_and(|p| p.year > base));
        for (list, what) in [(ids(joined), ("joined", "加入")), (ids(left), ("left", "退出"))] {
            if !list.is_empty() {
                en.push(format!("{} {list}", what.0));
                zh.push(format!("{} {list}", what.1));
            }
        }
        let rows: BTreeSet<&str> = self
            .records("changes.csv")
            .map(|r| cell(r, "row_id"))
            .filter(|id| !id.is_empty() && self.is_of_year(id, base))
            .collect();
        if !rows.is_empty() {
            let list = rows.into_iter().collect::<Vec<_>>().join(", ");
            en.push(format!("rows of {base} corrected: {list}"));
            zh.push(format!("{base} 年数据更正：{list}"));
        }
        if self.inventory.departs_from_lock() {
            en.push("factors other than locked".to_owned());
            zh.push("因子与锁定不符".to_owned());
        }
        let (en, zh) = (en.join("; "), zh.join("；"));
        let decision = &self.park.settings.statement.restatement;
        match (en.is_empty(), decision.is_empty()) {
            (true, true) => not_applicable("no trigger found", "未发现触发事项"),
            (true, false) => (State::There, words(decision, decision)),
            (false, true) => {
                (State::Missing, words(format!("triggers: {en}; no decision"), format!("触发事项：{zh}；未作决定")))
            }
            (false, false) => {
                (State::There, words(format!("{decision} (triggers: {en})"), format!("{decision}（触发事项：{zh}）")))
            }
        }
    }

    fn is_of_year(&self, id: &str, year: u16) -> bool {
        let flow = self.park.flows.iter().any(|f| *f.id == *id && f.period.year == year);
        flow || self.park.reported.iter().any(|r| *r.id == *id && r.period.year == year)
    }

    fn rows_with(&self, has: impl Fn(&crate::park::Quality) -> bool, en: &str, zh: &str) -> Found {
        let qualities = || {
            let flows = self.park.flows.iter().map(|f| &f.quality);
            flows.chain(self.park.reported.iter().map(|r| &r.quality))
        };
        share(qualities().filter(|q| has(q)).count(), qualities().count(), en, zh)
    }

    fn gwp(&self) -> Found {
        let set = self.park.settings.gwp_set;
        let (mut en, mut zh) = (set.id().to_owned(), set.id().to_owned());
        if set != GwpSet::Ar6 {
            en.push_str(", not the latest (AR6)");
            zh.push_str("，非最新（AR6）");
        }
        program(en, zh)
    }

    /// Shares or a rule for each process that makes several products.
    fn allocation(&self) -> Found {
        let found = self.inventory.found.sorted();
        let assumed: BTreeSet<&str> = found
            .iter()
            .filter_map(|d| match &d.problem {
                Problem::AllocationAssumed { process } => Some(process.as_str()),
                _ => None,
            })
            .collect();
        if !assumed.is_empty() {
            let list = assumed.into_iter().collect::<Vec<_>>().join(", ");
            return (State::Missing, words(format!("assumed for {list}"), format!("{list} 采用缺省")));
        }
        let shared = self.park.outputs.windows(2).filter(|w| w[0].process == w[1].process).count();
        if shared == 0 {
            return not_applicable("no process with several products", "无多产品工序");
        }
        let n = self.park.outputs.len();
        (State::There, words(format!("outputs.csv: {n} rows"), format!("outputs.csv：{n} 行")))
    }

    fn counterfactual(&self) -> Found {
        let rows: Vec<&Record> = self.records("exchanges.csv").collect();
        if rows.is_empty() {
            return not_applicable("no exchange", "无交换");
        }
        let good = rows.iter().filter(|r| !cell(r, "displaces").is_empty() || !cell(r, "disposal").is_empty()).count();
        share(good, rows.len(), "exchanges.csv", "exchanges.csv")
    }

    fn quality_plan(&self) -> Found {
        let rows: Vec<&Record> = self.records("quality_plan.csv").collect();
        if rows.is_empty() {
            return (State::Missing, words("", ""));
        }
        let whole = |r: &&&Record| {
            ["how_obtained", "frequency", "fallback", "owner"].iter().all(|column| !cell(r, column).is_empty())
        };
        let (state, detail) = share(rows.iter().filter(whole).count(), rows.len(), "whole rows", "填写完整");
        (if state == State::Missing { State::InPart } else { state }, detail)
    }
}

fn ids<'a>(enterprises: impl Iterator<Item = &'a crate::park::Enterprise>) -> String {
    enterprises.map(|e| &*e.label.id).collect::<Vec<_>>().join(", ")
}

/// The seven gases and groups of gases of the Kyoto Protocol.
const GROUPS: [&str; 7] = ["CO2", "CH4", "N2O", "HFCs", "PFCs", "SF6", "NF3"];

/// The group of a gas, if it is a greenhouse gas of the seven.
fn group(gas: Gas) -> Option<&'static str> {
    match gas {
        Gas::Cf4 | Gas::C2f6 | Gas::C3f8 => Some("PFCs"),
        gas if gas.id().starts_with("HFC") => Some("HFCs"),
        gas => GROUPS.into_iter().find(|g| *g == gas.id()),
    }
}
