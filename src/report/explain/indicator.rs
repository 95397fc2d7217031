//! The trail of an indicator: its formula, the items of it, and the rows and lines that these were made of.

use super::Node;
use crate::diagnostic::{Lang, Origin};
use crate::inventory::Inventory;
use crate::package::Package;
use crate::programme::{At, Indicator, Pack, System, Threshold, Trail, Zone, assess};
use crate::quantity::significant;
use crate::report::programme::verdict_words;

/// What the tree of an indicator is made of.
#[derive(Debug, Clone, Copy)]
pub struct Indicators<'a> {
    /// The package.
    pub package: &'a Package,
    /// Its inventory.
    pub inventory: &'a Inventory,
    /// Systems and items.
    pub pack: &'a Pack,
    /// What the park brings.
    pub zone: &'a Zone,
    /// Language of the texts.
    pub lang: Lang,
}

impl Indicators<'_> {
    /// The tree of an indicator by its id, with or without a year (`HJ274-2009-2.2`, `2023/HJ274-2009-2.2`).
    #[must_use]
    pub fn explain(&self, id: &str) -> Option<Node> {
        let (year, id) = match id.split_once('/') {
            Some((year, id)) => (year.parse().ok()?, id),
            None => (*self.inventory.years.last()?, id),
        };
        let (system, row) = self.pack.indicator(id)?;
        let base = self.package.park.settings.base_year.or_else(|| self.inventory.years.first().copied())?;
        let node = self.tree(system, row, At { year, base });
        Some(match &self.package.layout {
            Some(layout) => node.relocate(layout),
            None => node,
        })
    }

    fn say<'t>(&self, en: &'t str, zh: &'t str) -> &'t str {
        self.lang.pick(en, zh)
    }

    fn tree(&self, system: &System, row: &Indicator, at: At) -> Node {
        let judged = assess(row, &self.pack.items, &self.zone.figures, at, self.zone);
        let words = verdict_words(self.pack, self.zone, row, &judged, at);
        let value = judged.value.map_or_else(|| "n/a".to_owned(), |v| significant(v, 6));
        let text = format!(
            "{} {} {} = {value} {}: {}",
            at.year,
            row.id,
            self.lang.pick(&row.name.0, &row.name.1),
            row.unit,
            self.lang.pick(words.en, words.zh)
        );
        let mut children = Vec::new();
        if let Some(formula) = &row.formula {
            let node = Node::new(format!("{} {}", self.say("formula", "公式"), formula.text));
            children.push(node.with(formula.takes.iter().map(|&(id, when)| self.item(id, at.year(when))).collect()));
        }
        let threshold = format!(
            "{} {} {} ({}: {})",
            self.say("threshold", "阈值"),
            row.printed_comparator,
            row.printed_threshold,
            self.say("confidence", "可信度"),
            row.confidence.id()
        );
        let origin = Origin::row(format!("{}/indicators.csv", system.folder), row.line);
        let mut below = vec![Node::new(format!("{} {}", self.say("source", "来源"), row.source))];
        below.extend(judged.threshold.map(|applied| self.applied(row, applied, at.year)));
        if let Threshold::Cases(cases) = &row.threshold {
            let mut items: Vec<_> = cases.iter().filter_map(|c| c.when.item()).collect();
            items.dedup();
            below.extend(items.into_iter().map(|id| self.item(id, at.year)));
        }
        let threshold = Node { value: judged.threshold, ..Node::new(threshold).at(origin) };
        children.push(threshold.with(below));
        Node { value: judged.value, ..Node::new(text).with(children) }
    }

    /// The number that judged, with the row that states it where it is the zone's.
    fn applied(&self, row: &Indicator, applied: f64, year: u16) -> Node {
        let node =
            Node::valued(format!("{} {} {}", self.say("applied", "采用"), significant(applied, 6), row.unit), applied);
        let line = match row.threshold {
            Threshold::Asked => self.zone.asked_for(row, year).map(|asked| ("answers.csv", asked.1)),
            Threshold::Target => self.zone.targets.get(&row.id).map(|target| ("targets.csv", target.1)),
            Threshold::Number(_) | Threshold::Cases(_) | Threshold::None => None,
        };
        match line {
            Some((file, line)) => node.at(Origin::row(file, line)),
            None => node,
        }
    }

    fn item(&self, id: crate::programme::ItemId, year: u16) -> Node {
        let item = self.pack.items.get(id);
        let name = self.lang.pick(&item.name.0, &item.name.1);
        let known = self.zone.figures.get(id, year).map(|v| v / item.unit.scale);
        let value = known.map_or_else(|| "n/a".to_owned(), |v| significant(v, 9));
        let node =
            Node { value: known, ..Node::new(format!("{} {year} {name} = {value} {}", item.symbol, item.unit.symbol)) };
        match self.zone.trails.get(&(id, year)) {
            Some(Trail::Account(position)) => node.with(self.account(year, *position)),
            Some(Trail::Statistics(rows)) => {
                let park = &self.package.park;
                let row = |&i: &usize| {
                    let statistic = &park.statistics[i];
                    Node::valued(statistic.printed.clone(), statistic.value)
                        .at(Origin::row("statistics.csv", statistic.row))
                };
                node.with(rows.iter().map(row).collect())
            }
            Some(Trail::Answer(line)) => node.at(Origin::row("answers.csv", *line)),
            Some(Trail::Targets) => node.at(Origin::file("targets.csv")),
            None => node,
        }
    }

    /// Flow rows and ledger lines of an account.
    fn account(&self, year: u16, position: usize) -> Vec<Node> {
        let Some(account) = self.zone.accounts.get(&year).and_then(|list| list.get(position)) else {
            return Vec::new();
        };
        let park = &self.package.park;
        let rows = account.rows.iter().map(|&i| {
            let flow = &park.flows[i];
            Node::new(&*flow.id).at(Origin::row("flows.csv", flow.row))
        });
        let lines = account.lines.iter().map(|&i| {
            let line = &self.inventory.ledger.lines[i];
            Node::valued(format!("{} = {} t", line.id(park), significant(line.mass, 8)), line.mass)
        });
        rows.chain(lines).collect()
    }
}
