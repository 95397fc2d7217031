//! The inventory as a report for people.

use super::table::{Cell, Table};
use crate::diagnostic::Lang;
use crate::inventory::{Bucket, Inventory, Per, Reason, View, gas_id, view_id};
use crate::ledger::{Approach, Source, Standing, Term, TermSource};
use crate::package::Package;
use crate::park::{EnterpriseId, Fgd, Gas, Label, Park, RuleSet};
use crate::quantity::significant;

/// The words of a bucket: scopes, or categories where the park reports by ISO 14064-1.
#[must_use]
pub fn bucket_words(bucket: Bucket, rule: RuleSet) -> (&'static str, &'static str) {
    match bucket {
        Bucket::Scope1 if rule == RuleSet::Iso => ("category 1, direct", "类别一：直接排放"),
        Bucket::Scope2(Approach::Market) if rule == RuleSet::Iso => {
            ("category 2, imported energy, market-based", "类别二：输入能源（基于市场）")
        }
        Bucket::Scope2(_) if rule == RuleSet::Iso => {
            ("category 2, imported energy, location-based", "类别二：输入能源（基于位置）")
        }
        Bucket::Scope1 => ("scope 1, direct", "范围一：直接排放"),
        Bucket::Scope2(Approach::Market) => ("scope 2, market-based", "范围二：基于市场"),
        Bucket::Scope2(_) => ("scope 2, location-based", "范围二：基于位置"),
        Bucket::Total(Approach::Market) => ("total, market-based", "合计（基于市场）"),
        Bucket::Total(_) => ("total, location-based", "合计（基于位置）"),
        Bucket::Export(Approach::Market) => ("exported energy, market-based", "输出能源（基于市场）"),
        Bucket::Export(_) => ("exported energy, location-based", "输出能源（基于位置）"),
        Bucket::Biogenic => ("biogenic CO2, outside the total", "生物成因 CO2（不计入合计）"),
        Bucket::Missing => ("missing: about, not in the total", "缺失：约为，未计入合计"),
        Bucket::Scope3(1) => ("scope 3.1, purchased goods", "范围三第 1 类：外购商品"),
        Bucket::Scope3(2) => ("scope 3.2, capital goods", "范围三第 2 类：资本商品"),
        Bucket::Scope3(3) => ("scope 3.3, upstream of fuel and energy", "范围三第 3 类：燃料与能源上游"),
        Bucket::Scope3(4) => ("scope 3.4, freight in", "范围三第 4 类：上游运输"),
        Bucket::Scope3(_) => ("scope 3.5, waste treated outside", "范围三第 5 类：外部废物处理"),
        Bucket::Captured => {
            ("CO2 captured and handed over (deducted in scope 1)", "捕集并转出的 CO2（已在范围一扣减）")
        }
        Bucket::Exported => {
            ("fossil carbon exported in products, as CO2: a memo", "随产品输出的化石碳（以 CO2 计，备注）")
        }
    }
}

/// The name of a label in a language.
#[must_use]
pub fn name(label: &Label, lang: Lang) -> &str {
    lang.pick(&label.name_en, &label.name_zh)
}

/// An inventory of one year, ready to be written.
pub struct Report<'a> {
    package: &'a Package,
    pub(super) inventory: &'a Inventory,
    pub(super) year: u16,
    pub(super) lang: Lang,
}

impl<'a> Report<'a> {
    /// A report of one year in one language.
    #[must_use]
    pub fn new(package: &'a Package, inventory: &'a Inventory, year: u16, lang: Lang) -> Self {
        Self { package, inventory, year, lang }
    }

    pub(super) fn park(&self) -> &'a Park {
        &self.package.park
    }

    pub(super) fn say<'t>(&self, en: &'t str, zh: &'t str) -> &'t str {
        self.lang.pick(en, zh)
    }

    /// The value of a figure by view, part and gas.
    fn value(&self, view: &View, bucket: Bucket, gas: Option<Gas>) -> Option<f64> {
        let id = format!("{}/{}/{}/{}", self.year, view_id(self.park(), view), bucket.id(), gas_id(gas));
        self.inventory.value(&id)
    }

    /// The whole report as text.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut parts = vec![self.head()];
        parts.push(self.scopes(&View::Park).to_text());
        parts.push(self.scopes(&View::Sum).to_text());
        parts.extend(filled(&self.pollutants()));
        parts.extend(filled(&self.reconciliation()));
        parts.extend(filled(&self.own_factors()));
        parts.extend(filled(&self.rules()));
        parts.extend(filled(&self.leaving()));
        parts.extend(self.left_out());
        parts.extend(filled(&self.conservation()));
        parts.push(self.intensities().to_text());
        parts.extend(filled(&self.sectors()));
        parts.push(self.enterprises().to_text());
        parts.extend(filled(&self.comparisons()));
        parts.push(self.coverage().to_text());
        parts.extend(filled(&self.exclusions()));
        parts.extend(self.incomplete());
        parts.join("\n")
    }

    /// Park, year, standard, GWP set, factor sets.
    fn head(&self) -> String {
        let park = self.park();
        let s = &park.settings;
        let mut lines = vec![
            format!("{} ({}), {}", name(&park.label, self.lang), park.label.id, self.year),
            format!(
                "{}: {}   GWP: {}   {}: {}",
                self.say("standard", "标准"),
                s.rule_set.title(),
                s.gwp_set.id(),
                self.say("factor sets", "因子集"),
                s.factor_sets.join(", "),
            ),
        ];
        // Only where the heat in steam is computed does its datum decide anything.
        let heat = |t: &Term| matches!(t.source, TermSource::Heat(_));
        if self.inventory.ledger.coefficients.iter().any(|c| c.terms.iter().any(heat)) {
            let (en, zh) = s.heat_datum.words();
            lines.push(format!("{}: {}, {}", self.say("heat datum", "热量基准"), s.heat_datum.id(), self.say(en, zh)));
        }
        if self.inventory.ledger.lines.iter().any(|l| l.source == Source::Desulfurization) || s.fgd == Fgd::Omitted {
            let (en, zh) = s.fgd.words();
            lines.push(format!("{}: {}", self.say("desulfurization", "脱硫"), self.say(en, zh)));
        }
        if let Some(done) = park.reconciled {
            let (moved, solved, largest) = (done.moved, done.solved, significant(done.largest * 100.0, 3));
            let mut line = self.lang.pick(
                format!("flows: reconciled; {moved} rows moved, by {largest} % at most, {solved} solved for (`parkflux balance` shows each)"),
                format!("流量：采用数据协调值；调整 {moved} 行（最多 {largest} %），推算 {solved} 行（`parkflux balance` 逐项列出）"),
            );
            if done.negative > 0 {
                line += &self.lang.pick(
                    format!("; {} rows left as measured, because their best value is negative", done.negative),
                    format!("；{} 行的协调值为负，保留实测值", done.negative),
                );
            }
            lines.push(line);
        }
        if !s.boundary.is_empty() {
            lines.push(format!("{}: {}", self.say("boundary", "边界"), s.boundary));
        }
        lines.join("\n") + "\n"
    }

    /// Parts by gas for one view.
    fn scopes(&self, view: &View) -> Table {
        let title = match view {
            View::Park => {
                self.say("Park as a whole (transfers inside the fence eliminated)", "园区整体（已抵消园内转供）")
            }
            _ => self.say("Sum of the enterprises", "企业合计"),
        };
        let mut table = Table::new(title, &[("part", self.say("part", "项目"))]);
        let gases = self.gases(Gas::in_co2e);
        for &gas in &gases {
            table.number_column("mass", format!("{} t", self.lang.pick(gas.label(), gas.label_zh())));
        }
        table.number_column("co2e", "t CO2e");
        for bucket in Bucket::ALL {
            let co2e = self.value(view, bucket, None);
            let masses: Vec<Option<f64>> = gases.iter().map(|&g| self.value(view, bucket, Some(g))).collect();
            let always = matches!(bucket, Bucket::Scope1 | Bucket::Scope2(_) | Bucket::Total(_));
            if !always && co2e.unwrap_or_default() == 0.0 && masses.iter().all(Option::is_none) {
                continue;
            }
            let (en, zh) = bucket_words(bucket, self.park().settings.rule_set);
            let mut row = vec![Cell::Text(self.say(en, zh).to_owned())];
            row.extend(masses.into_iter().map(|m| m.map_or(Cell::Empty, |v| Cell::Number(v, 1))));
            row.push(co2e.map_or(Cell::Empty, |v| Cell::Number(v, 1)));
            table.rows.push(row);
        }
        table
    }

    /// Gases that have a figure this year.
    fn gases(&self, shown: impl Fn(Gas) -> bool) -> Vec<Gas> {
        let mut gases: Vec<Gas> = self
            .inventory
            .ledger
            .lines
            .iter()
            .filter(|l| l.period.year == self.year && l.standing != Standing::Replaced)
            .map(|l| l.gas)
            .filter(|&g| shown(g))
            .collect();
        gases.sort_unstable();
        gases.dedup();
        gases
    }

    /// Pollutants, water and waste beside the greenhouse gases.
    fn pollutants(&self) -> Table {
        let title = self.say("Pollutants, water and waste", "污染物、水与废物");
        let mut table = Table::new(title, &[("substance", self.say("substance", "物质"))]);
        table.number_column("mass", "t");
        for gas in self.gases(|g| !g.in_co2e()) {
            if let Some(mass) = self.value(&View::Park, Bucket::Scope1, Some(gas)) {
                table.rows.push(vec![Cell::Text(self.lang.pick(gas.label(), gas.label_zh())), Cell::Number(mass, 1)]);
            }
        }
        table
    }

    /// From the sum of enterprises to the park, under both rule sets.
    fn reconciliation(&self) -> Table {
        let mut title = self
            .say(
                "From the sum of the enterprises to the park, location-based, t CO2e",
                "由企业合计到园区整体（基于位置，t CO2e）",
            )
            .to_owned();
        // The other rule set's own result may count scrubbers in another form: that is no matter of adding up.
        let form = self.park().settings.fgd;
        let scrubbers = self.inventory.ledger.lines.iter().any(|l| l.source == Source::Desulfurization);
        if scrubbers {
            let (en, zh) = form.words();
            title += &self.lang.pick(format!("; scrubbers in both columns: {en}"), format!("；两列的脱硫均按：{zh}"));
        }
        let mut table = Table::new(title, &[("term", self.say("term", "项目"))]);
        let own = self.park().settings.rule_set;
        let other = if own == RuleSet::Gbt { RuleSet::Ghgp } else { RuleSet::Gbt };
        for rule in [own, other] {
            table.number_column("co2e", rule.title());
        }
        let at = |middle: &str, rule: RuleSet, tail: &str| {
            let rule = if rule == own { String::new() } else { format!("@{}", rule.id()) };
            let id = format!("{}/{middle}/total.location{rule}{tail}", self.year);
            self.inventory.value(&id).map_or(Cell::Empty, |v| Cell::Number(v, 1))
        };
        let mut add = |en: &str, zh: &str, cells: [Cell; 2]| {
            let [a, b] = cells;
            table.rows.push(vec![Cell::Text(self.say(en, zh).to_owned()), a, b]);
        };
        add("sum of the enterprises", "企业合计", [at("sum", own, "/CO2e"), at("sum", other, "/CO2e")]);
        for reason in Reason::ALL {
            let tail = format!("/{}", reason.id());
            let cells = [own, other].map(|r| match at("reconciliation", r, &tail) {
                Cell::Number(v, d) => Cell::Number(-v, d),
                cell => cell,
            });
            let zero = |c: &Cell| matches!(c, Cell::Number(v, _) if *v == 0.0) || *c == Cell::Empty;
            if !cells.iter().all(zero) {
                let (en, zh) = reason.words();
                add(en, zh, cells);
            }
        }
        add("park as a whole", "园区整体", [at("park", own, "/CO2e"), at("park", other, "/CO2e")]);
        // Without transfers there is nothing to reconcile.
        if table.rows.len() == 2 {
            table.rows.clear();
        }
        table
    }

    /// Intensities of the park.
    fn intensities(&self) -> Table {
        let mut table =
            Table::new(self.say("Carbon intensity of the park", "园区碳强度"), &[("part", self.say("part", "项目"))]);
        for per in Per::ALL {
            table.number_column("value", per.unit().0.replacen("t/", "t CO2e/", 1));
        }
        for bucket in [Bucket::Scope1, Bucket::Scope2(Approach::Location), Bucket::Total(Approach::Location)] {
            let (en, zh) = bucket_words(bucket, self.park().settings.rule_set);
            let mut row = vec![Cell::Text(self.say(en, zh).to_owned())];
            for per in Per::ALL {
                row.push(Cell::maybe(self.intensity(&View::Park, per, bucket), 4));
            }
            table.rows.push(row);
        }
        table
    }

    fn intensity(&self, view: &View, per: Per, bucket: Bucket) -> Option<f64> {
        let view = view_id(self.park(), view);
        self.inventory.value(&format!("{}/{view}/intensity/{}/{}/CO2e", self.year, per.id(), bucket.id()))
    }

    /// One row a sector, if there is more than one.
    fn sectors(&self) -> Table {
        let sectors = self.park().sectors();
        let mut table = self.by_subject(self.say("Sectors", "行业"));
        if sectors.len() > 1 {
            for (code, members) in sectors {
                let shown =
                    if code.is_empty() { self.say("(none)", "（未填）").to_owned() } else { code.to_string() };
                let plural = if members.len() == 1 { "enterprise" } else { "enterprises" };
                let count = format!("{} {}", members.len(), self.say(plural, "家企业"));
                self.subject_row(&mut table, &View::Sector(code), shown, count);
            }
        }
        table
    }

    /// One row an enterprise.
    fn enterprises(&self) -> Table {
        let mut table = self.by_subject(self.say("Enterprises", "企业"));
        for (i, enterprise) in self.park().enterprises.iter().enumerate() {
            let view = View::Enterprise(EnterpriseId::new(i));
            let (id, name) = (enterprise.label.id.to_string(), name(&enterprise.label, self.lang).to_owned());
            self.subject_row(&mut table, &view, id, name);
        }
        table
    }

    fn by_subject(&self, title: &str) -> Table {
        Table::new(
            title,
            &[
                ("id", self.say("id", "编号")),
                ("name", self.say("name", "名称")),
                ("scope1", self.say(">scope 1", ">范围一")),
                ("scope2_location", self.say(">scope 2 loc.", ">范围二（位置）")),
                ("scope2_market", self.say(">scope 2 mkt.", ">范围二（市场）")),
                ("total_location", self.say(">total t CO2e", ">合计 t CO2e")),
                ("intensity_iav", ">t CO2e/万元"),
            ],
        )
    }

    fn subject_row(&self, table: &mut Table, view: &View, id: String, name: String) {
        let total = Bucket::Total(Approach::Location);
        let parts = [Bucket::Scope1, Bucket::Scope2(Approach::Location), Bucket::Scope2(Approach::Market), total];
        let mut row = vec![Cell::Text(id), Cell::Text(name)];
        row.extend(parts.map(|b| Cell::maybe(self.value(view, b, None), 1)));
        row.push(Cell::maybe(self.intensity(view, Per::Iav, total), 4));
        table.rows.push(row);
    }

    /// Rows whose reported emission and energy disagree.
    fn comparisons(&self) -> Table {
        let park = self.park();
        let all = self.inventory.comparisons.iter().filter(|c| park.flows[c.flow].period.year == self.year);
        let (mut co2, mut co2e, mut count) = (0, 0, 0);
        let mut table = Table::new(
            "",
            &[
                ("row", self.say("row", "行")),
                ("process", self.say("process", "工序")),
                ("carrier", self.say("carrier", "载体")),
                ("computed", self.say(">computed t CO2", ">计算 t CO2")),
                ("reported_co2", self.say(">reported t CO2", ">所报 t CO2")),
                ("difference_co2", self.say(">CO2 %", ">CO2 相差 %")),
                ("difference_co2e", self.say(">CO2e %", ">CO2e 相差 %")),
            ],
        );
        for c in all {
            count += 1;
            let (on_co2, on_co2e) = c.is_finding();
            co2 += usize::from(on_co2);
            co2e += usize::from(on_co2e);
            if !(on_co2 || on_co2e) {
                continue;
            }
            let flow = &park.flows[c.flow];
            let percent = |d: Option<f64>| d.map_or(Cell::Empty, |d| Cell::Number(d * 100.0, 1));
            table.rows.push(vec![
                Cell::Text(flow.id.to_string()),
                Cell::Text(park.node_text(flow.to)),
                Cell::Text(park.carrier(flow.carrier).label.id.to_string()),
                Cell::Number(c.computed, 1),
                Cell::maybe(c.co2, 1),
                percent(c.co2_difference()),
                percent(c.co2e_difference()),
            ]);
        }
        let limit = match (self.lang, self.inventory.comparisons.iter().any(|c| c.own_limits)) {
            (Lang::En, false) => "beyond 2 %",
            (Lang::En, true) => "beyond the factor's limits (2 % where it has none)",
            (Lang::Zh, false) => "相差超过 2 %",
            (Lang::Zh, true) => "超出因子限值（无限值时 2 %）",
        };
        table.title = match self.lang {
            Lang::En => format!(
                "Reported against energy × factor: {count} rows, {limit} {co2} on CO2 and {co2e} on CO2e (against the CO2-only factor)"
            ),
            Lang::Zh => format!(
                "所报排放与能量×因子对比：{count} 行，{limit}的按 CO2 有 {co2} 行，按 CO2e 有 {co2e} 行（均与仅含 CO2 的因子比较）"
            ),
        };
        table
    }

    /// What became of the rows.
    fn coverage(&self) -> Table {
        let mut table = Table::new(
            self.say("Coverage of the input, all years", "输入数据的使用情况（所有年份）"),
            &[
                ("file", self.say("file", "文件")),
                ("treatment", self.say("what became of the rows", "处理")),
                ("rows", self.say(">rows", ">行数")),
            ],
        );
        let coverage = &self.inventory.coverage;
        for ((file, (en, zh)), rows) in &coverage.summary {
            table.rows.push(vec![
                Cell::Text(file.clone()),
                Cell::Text(self.say(en, zh).to_owned()),
                Cell::Number(*rows as f64, 0),
            ]);
        }
        let kinds = [
            (self.say("default taken", "已取缺省"), &coverage.defaults),
            (self.say("not counted", "未计入"), &coverage.not_estimated),
        ];
        for (kind, list) in kinds {
            for ((en, zh), rows) in list {
                table.rows.push(vec![
                    Cell::Text(kind.to_owned()),
                    Cell::Text(self.say(en, zh).to_owned()),
                    Cell::Number(*rows as f64, 0),
                ]);
            }
        }
        table
    }

    /// Rows without a number.
    fn exclusions(&self) -> Table {
        let mut table = Table::new(
            self.say("Not in the total", "未计入合计"),
            &[
                ("id", self.say("row", "行")),
                ("place", self.say("place", "位置")),
                ("key", self.say("key", "符号")),
                ("reason", self.say("reason", "原因")),
            ],
        );
        for x in &self.inventory.coverage.exclusions {
            let reason = self.say(&x.reason, &x.reason_zh).to_owned();
            table.rows.push([x.id.clone(), x.place.to_string(), x.key.clone(), reason].map(Cell::Text).to_vec());
        }
        table
    }

    /// A sentence on what the total lacks.
    fn incomplete(&self) -> Option<String> {
        let missing = self.value(&View::Park, Bucket::Missing, None).filter(|v| *v > 0.0)?;
        let rows =
            self.inventory.ledger.lines.iter().filter(|l| {
                l.standing == Standing::Missing && l.source == Source::Reported && l.period.year == self.year
            });
        let count = rows.count();
        let millions = significant(missing / 1e6, 3);
        Some(match self.lang {
            Lang::En => format!(
                "The total is incomplete: {count} rows report 0 t CO2 for fuel that was burnt. Taken as missing, not as zero; about {millions} million t CO2 by the default factor.\n"
            ),
            Lang::Zh => format!(
                "合计不完整：{count} 行燃用了燃料而所报 CO2 为 0，视为缺失而不是零；按缺省因子约 {millions} 百万吨 CO2。\n"
            ),
        })
    }
}

/// The text of a table that has rows.
fn filled(table: &Table) -> Option<String> {
    (!table.rows.is_empty()).then(|| table.to_text())
}
