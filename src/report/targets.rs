//! Targets and funding as tables and JSON.

use super::programme::{figure, is_target, outcome_words, short};
use super::table::{Cell, Table};
use crate::diagnostic::{Lang, Words};
use crate::programme::targets::{
    Funding, Progress, Refund, Shares, State, Status, funding, refund, share_needed, shares, state,
};
use crate::programme::{At, Indicator, Overall, Pack, Rule, System, Verdict, Zone, assess, overall};
use crate::quantity::significant;
use serde_json::{Value, json};

/// What the tables are made of.
#[derive(Debug, Clone, Copy)]
pub struct Work<'a> {
    /// Systems and items.
    pub pack: &'a Pack,
    /// The zone.
    pub zone: &'a Zone,
    /// The years.
    pub at: At,
    /// Its targets.
    pub targets: &'a [Progress<'a>],
}

impl<'a> Work<'a> {
    /// The systems that have targets, each with these.
    fn systems(&self) -> Vec<(&'a System, Vec<&'a Progress<'a>>)> {
        let mut all: Vec<(&System, Vec<&Progress>)> = Vec::new();
        for progress in self.targets {
            match all.iter_mut().find(|(s, _)| s.id == progress.system.id) {
                Some((_, list)) => list.push(progress),
                None => all.push((progress.system, vec![progress])),
            }
        }
        all
    }

    /// The state of the zone as an eco-industrial park.
    fn state(&self) -> Option<State> {
        let year = |symbol: &str| self.item(symbol).map(|y| y as u16);
        state(year("eip_trial_year"), year("eip_accepted_year"), year("eip_evaluated_year"), self.at.year)
    }

    /// A system as a whole in the year.
    fn judged(&self, system: &str) -> Option<Overall> {
        let system = self.pack.system(system)?;
        let judge = |row| assess(row, &self.pack.items, &self.zone.figures, self.at, self.zone);
        Some(overall(system, &system.rows.iter().map(judge).collect::<Vec<_>>()))
    }

    /// The grade of the last evaluation, by its row.
    fn grade(&self) -> Option<&'a Indicator> {
        let system = self.pack.system("EIP-GRADE")?;
        let judge = |row: &&Indicator| assess(row, &self.pack.items, &self.zone.figures, self.at, self.zone).verdict;
        system.rows.iter().find(|row| judge(row) == Verdict::Pass)
    }

    fn item(&self, symbol: &str) -> Option<f64> {
        self.zone.figures.get(self.pack.items.find(symbol)?, self.at.year)
    }

    /// The funding of the zone by these shares, where it states a subsidy. Unit: RMB.
    fn funding(&self, system: &System, shares: &Shares) -> Option<Funding> {
        // Systems without a rule of their own pay nothing.
        if !matches!(system.rule, Rule::OwnTargets { .. }) {
            return None;
        }
        let subsidy = self.item("subsidy_total")?;
        let approved = self.item("plan_approved_year").map(|y| y as u16);
        let substantial = self.item("substantial_progress_flag").map(|yes| yes != 0.0);
        Some(funding(subsidy, shares, share_needed(system), refund(approved, self.at.year, substantial)))
    }
}

fn refund_words(refund: Refund) -> Words {
    let (en, zh) = match refund {
        Refund::NotYet => ("not yet: three years after approval are not over", "未到期：批准后未满三年"),
        Refund::No => ("none: progress is substantial", "无需退回：有实质进展"),
        Refund::Due => ("due: no substantial progress three years after approval", "应退回：批准满三年仍无实质进展"),
        Refund::NeedsYear => ("needs plan_approved_year (statistics.csv)", "待填 plan_approved_year（statistics.csv）"),
        Refund::NeedsAnswer => (
            "needs answer: substantial_progress_flag (answers.csv)",
            "待回答：substantial_progress_flag（answers.csv）",
        ),
    };
    Words::new(en, zh)
}

/// The targets as text.
#[must_use]
pub fn text(work: &Work, lang: Lang) -> String {
    let say = |en, zh| lang.pick(en, zh);
    let mut parts = Vec::new();
    for (system, list) in work.systems() {
        let mut table = Table::new(
            lang.pick(
                format!("{} · own targets in {}", system.id, work.at.year),
                format!("{} · {} 年自定目标", system.id, work.at.year),
            ),
            &[
                ("id", say("id", "编号")),
                ("name", say("indicator", "指标")),
                ("unit", say("unit", "单位")),
                ("base", say(">base", ">基准值")),
                ("base_year", say("of", "基准年")),
                ("value", say(">now", ">现值")),
                ("target", say(">target", ">目标值")),
                ("target_year", say("by", "目标年")),
                ("progress", say(">progress, %", ">进度（%）")),
                ("met", say("met", "完成")),
                ("row", say("targets.csv", "targets.csv 行")),
            ],
        );
        for p in &list {
            let number = |v: Option<f64>| v.map_or(Cell::NotAvailable, |v| Cell::Text(figure(v, 5)));
            let base_year = p.target.base_year.unwrap_or(work.at.base);
            table.rows.push(vec![
                Cell::Text(p.row.id.to_string()),
                Cell::Text(short(lang.pick(&p.row.name.0, &p.row.name.1))),
                Cell::Text(p.row.unit.to_string()),
                number(p.base),
                Cell::Text(format!("{base_year}{}", if p.base_from_accounts { "*" } else { "" })),
                number(p.value),
                number(Some(p.target.value)),
                Cell::Text(p.target.year.to_string()),
                Cell::maybe(p.progress.map(|x| x * 100.0), 1),
                Cell::Text(
                    match p.met {
                        Some(true) => say("yes", "是"),
                        Some(false) => say("no", "否"),
                        None => say("open", "待定"),
                    }
                    .to_owned(),
                ),
                Cell::Text(p.line.to_string()),
            ]);
        }
        let mut part = table.to_text();
        if list.iter().any(|p| p.base_from_accounts) {
            part.push_str(say("* base worked out of the accounts of that year\n", "* 基准值由该年核算得出\n"));
        }
        if let Some(shares) = shares(&list) {
            part.push_str(&shares_text(work, system, &shares, lang));
        }
        parts.push(part);
    }
    parts.extend(work.state().map(|state| state_text(work, state, lang)));
    parts.join("\n")
}

/// The state as an eco-industrial park, with preconditions and grade.
fn state_text(work: &Work, state: State, lang: Lang) -> String {
    let status = match state.status {
        Status::Trial(year) => lang.pick(format!("trial since {year}"), format!("{year} 年起为创建单位")),
        Status::Demonstration(year) => {
            lang.pick(format!("demonstration since {year}"), format!("{year} 年起为示范园区"))
        }
    };
    let next = match (state.next_evaluation, state.overdue) {
        (None, _) => String::new(),
        (Some(year), false) => lang.pick(format!("; next evaluation {year}"), format!("；下次复查评估 {year} 年")),
        (Some(year), true) => lang.pick(format!("; evaluation of {year} overdue"), format!("；{year} 年复查评估逾期")),
    };
    let gates = work.judged("EIP-GATE").map(|of| outcome_words(&of)).map_or_else(String::new, |words| {
        lang.pick(format!("; preconditions {}", words.en), format!("；基本条件{}", words.zh))
    });
    let grade = work.grade().map_or_else(String::new, |row| {
        lang.pick(format!("; grade of the score: {}", row.name.0), format!("；得分等级：{}", row.name.1))
    });
    lang.pick(
        format!("Eco-industrial park: {status}{next}{gates}{grade}\n"),
        format!("生态工业示范园区：{status}{next}{gates}{grade}\n"),
    )
}

fn shares_text(work: &Work, system: &System, shares: &Shares, lang: Lang) -> String {
    let percent = |x: f64| significant(x * 100.0, 4);
    let (en, zh) = match system.rule {
        Rule::OwnTargets { share } => {
            let share = percent(share);
            (format!("; needed: {share} % by count"), format!("；要求按个数达到 {share} %"))
        }
        _ => Default::default(),
    };
    let mut out = lang.pick(
        format!(
            "\n{} of {} targets met: {} % by count, {} % by mean progress{en}\n",
            shares.met,
            shares.targets,
            percent(shares.by_count),
            percent(shares.by_progress)
        ),
        format!(
            "\n{} 项目标完成 {} 项：按个数 {} %，按平均进度 {} %{zh}\n",
            shares.targets,
            shares.met,
            percent(shares.by_count),
            percent(shares.by_progress)
        ),
    );
    if shares.open > 0 {
        out.push_str(&lang.pick(
            format!("{} targets have no value yet and do not count as met\n", shares.open),
            format!("{} 项目标尚无数值，不计为完成\n", shares.open),
        ));
    }
    let is_open = |row: &&Indicator| is_target(row) && !work.zone.targets.contains_key(&row.id);
    let without = system.rows.iter().filter(is_open).count();
    if without > 0 {
        out.push_str(&lang.pick(
            format!("{without} rows of {} have no target in targets.csv yet and do not count\n", system.id),
            format!("{} 另有 {without} 项指标在 targets.csv 中没有目标，不计入\n", system.id),
        ));
    }
    if let Some(f) = work.funding(system, shares) {
        let money = |rmb: f64| significant(rmb / 1e4, 6);
        let due = |yes: bool| if yes { lang.pick("due", "应拨付") } else { lang.pick("not due", "不拨付") };
        let back = refund_words(f.refund);
        out.push_str(&lang.pick(
            format!(
                "Subsidy, 10^4 RMB: first half {} at approval; second half {} {} by count, {} by mean progress; refund {}\n",
                money(f.first), money(f.second), due(f.due_by_count), due(f.due_by_progress), back.en
            ),
            format!(
                "补助资金（万元）：首笔 {}（批准时拨付）；剩余 {}，按个数{}，按平均进度{}；收回：{}\n",
                money(f.first), money(f.second), due(f.due_by_count), due(f.due_by_progress), back.zh
            ),
        ));
    }
    out
}

/// The targets as JSON.
#[must_use]
pub fn to_json(work: &Work, package: &str) -> Value {
    let systems = work.systems().into_iter().map(|(system, list)| {
        let shares = shares(&list);
        json!({
            "system": system.id,
            "needed": share_needed(system),
            "targets": list.iter().map(|p| json!({
                "id": p.row.id,
                "unit": p.row.unit,
                "base": p.base,
                "base_year": p.target.base_year.unwrap_or(work.at.base),
                "base_from_accounts": p.base_from_accounts,
                "value": p.value,
                "target": p.target.value,
                "target_year": p.target.year,
                "progress": p.progress,
                "met": p.met,
                "row": p.line,
            })).collect::<Vec<_>>(),
            "met": shares.map(|s| s.met),
            "share_by_count": shares.map(|s| s.by_count),
            "share_by_progress": shares.map(|s| s.by_progress),
            "funding": shares.and_then(|s| work.funding(system, &s)).map(|f| json!({
                "first_half_rmb": f.first,
                "second_half_rmb": f.second,
                "due_by_count": f.due_by_count,
                "due_by_progress": f.due_by_progress,
                "refund": match f.refund {
                    Refund::NotYet => "not_yet",
                    Refund::No => "none",
                    Refund::Due => "due",
                    Refund::NeedsYear => "needs_year",
                    Refund::NeedsAnswer => "needs_answer",
                },
            })),
        })
    });
    let state = work.state().map(|state| {
        let (status, since) = match state.status {
            Status::Trial(year) => ("trial", year),
            Status::Demonstration(year) => ("demonstration", year),
        };
        json!({
            "status": status,
            "since": since,
            "next_evaluation": state.next_evaluation,
            "overdue": state.overdue,
            "grade": work.grade().map(|row| &row.id),
        })
    });
    json!({ "package": package, "year": work.at.year, "systems": systems.collect::<Vec<_>>(), "eco_industrial_park": state })
}
