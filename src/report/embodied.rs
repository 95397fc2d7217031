//! Own factors of what the park makes for itself, what they become under other rules, and that nothing is lost.

use super::inventory::Report;
use super::table::{Cell, Table};
use crate::inventory::{Embodied, Inventory, RuleOutcome};
use crate::ledger::Approach;
use crate::package::Package;
use crate::park::{AllocationRule, CarrierKind, Park};
use crate::quantity::Dimension;
use serde_json::{Value, json};

/// A factor as people read it: power by MWh, all else by its canonical unit.
fn readable(park: &Park, network: &Embodied, k: usize, factor: f64) -> (f64, String) {
    let (_, carrier) = network.products[k];
    match (park.carrier(carrier).kind, network.dimensions[k]) {
        (CarrierKind::Electricity, Dimension::ENERGY) => (factor * 3.6, "t/MWh".to_owned()),
        (_, dimension) => (factor, format!("t/{dimension}")),
    }
}

impl Report<'_> {
    fn network(&self, approach: Approach) -> Option<&Embodied> {
        self.inventory.embodied.iter().find(|e| e.year == self.year && e.approach == approach)
    }

    /// Own factors of power, heat and goods.
    pub(super) fn own_factors(&self) -> Table {
        let park = self.park();
        let title = self.say(
            "Own factors of what the park makes for itself, t CO2e per unit",
            "园内自产能源与物料的自有因子（t CO2e/单位）",
        );
        let mut table = Table::new(
            title,
            &[
                ("process", self.say("process", "工序")),
                ("carrier", self.say("carrier", "载体")),
                ("rule", self.say("shared", "分摊")),
                ("share", self.say(">share", ">份额")),
                ("location", self.say(">location-based", ">基于位置")),
                ("market", self.say(">market-based", ">基于市场")),
                ("upstream", self.say(">upstream", ">上游")),
                ("unit", self.say("unit", "单位")),
                ("loop", self.say("in a loop with", "所在环路")),
            ],
        );
        let Some(network) = self.network(Approach::Location) else { return table };
        let market = self.network(Approach::Market);
        for (k, &(process, carrier)) in network.products.iter().enumerate().filter(|(k, _)| network.sold[*k]) {
            let (value, unit) = readable(park, network, k, network.co2e(k, &self.inventory.gwp));
            let beside = market.and_then(|m| {
                let k = m.products.iter().position(|p| *p == (process, carrier))?;
                m.sold[k].then(|| readable(park, m, k, m.co2e(k, &self.inventory.gwp)).0)
            });
            let own = network.network.outputs[k].process;
            let others: Vec<&str> = (0..network.processes.len())
                .filter(|&p| p != own && network.turns[p] == network.turns[own])
                .map(|p| &*park.process(network.processes[p]).label.id)
                .collect();
            table.rows.push(vec![
                Cell::Text(park.process(process).label.id.to_string()),
                Cell::Text(park.carrier(carrier).label.id.to_string()),
                Cell::Text(self.rule(network, k)),
                Cell::Number(network.network.outputs[k].share, 4),
                Cell::Number(value, 6),
                Cell::maybe(beside, 6),
                network.upstream(k).map_or(Cell::Empty, |e| Cell::Number(readable(park, network, k, e).0, 6)),
                Cell::Text(unit),
                Cell::Text(others.join(", ")),
            ]);
        }
        table
    }

    /// How the process of an output shares: the rule, that shares are stated, or nothing where there is one product.
    fn rule(&self, network: &Embodied, k: usize) -> String {
        let output = network.network.outputs[k];
        match network.rules[output.process] {
            Some(rule) => self.rule_words(rule),
            None if (output.share - 1.0).abs() < 1e-12 => String::new(),
            None => self.say("as stated", "按所列份额").to_owned(),
        }
    }

    /// A rule, with the surroundings against which exergy is measured.
    fn rule_words(&self, rule: AllocationRule) -> String {
        let (en, zh) = rule.words();
        let words = self.say(en, zh);
        match rule {
            AllocationRule::Exergy => format!("{words} (T0 {} K)", self.park().settings.surroundings.0),
            _ => words.to_owned(),
        }
    }

    /// What final uses carry under each rule.
    pub(super) fn rules(&self) -> Table {
        let title = self.say(
            "What is carried out of the network under each rule of allocation, location-based, t CO2e (* as reported)",
            "各分摊规则下由网络带出的排放（基于位置，t CO2e；* 为本报告所用）",
        );
        let mut table = Table::new(
            title,
            &[
                ("rule", self.say("rule", "规则")),
                ("power", self.say(">with power", ">随电力")),
                ("heat", self.say(">with heat", ">随热力")),
                ("cooling", self.say(">with cooling", ">随冷量")),
                ("goods", self.say(">with goods", ">随物料")),
                ("missing", self.say("missing", "缺少")),
            ],
        );
        for outcome in self.inventory.rules.iter().filter(|o| o.year == self.year) {
            let mark = if outcome.chosen { " *" } else { "" };
            let mut row = vec![Cell::Text(self.rule_words(outcome.rule) + mark)];
            match &outcome.outcome {
                Ok(network) => {
                    let carried = network.carried(self.park(), &self.inventory.gwp);
                    row.extend(carried.map(|mass| Cell::Number(mass, 1)));
                    row.push(Cell::Empty);
                }
                Err((process, why)) => {
                    row.extend([Cell::NotAvailable, Cell::NotAvailable, Cell::NotAvailable, Cell::NotAvailable]);
                    let process = &self.park().process(*process).label.id;
                    row.push(Cell::Text(format!("{process}: {}", self.say(&why.en, &why.zh))));
                }
            }
            table.rows.push(row);
        }
        table
    }

    /// That what went in is what was carried out, and how well the equations hold.
    pub(super) fn conservation(&self) -> Table {
        let mut table = Table::new(
            self.say("Check of the own factors, t CO2e", "自有因子的校核（t CO2e）"),
            &[
                ("approach", self.say("approach", "方法")),
                ("given", self.say(">direct and imported", ">直接与输入")),
                ("carried", self.say(">in exports and final uses", ">输出与最终使用所含")),
                ("difference", self.say(">relative difference", ">相对差")),
                ("residual", self.say(">residual of the solve", ">方程残差")),
            ],
        );
        for approach in [Approach::Location, Approach::Market] {
            let Some(network) = self.network(approach) else { continue };
            let (given, carried) = network.conserved(&self.inventory.gwp);
            let basis = match approach {
                Approach::Market => self.say("market-based", "基于市场"),
                Approach::Both | Approach::Location => self.say("location-based", "基于位置"),
            };
            table.rows.push(vec![
                Cell::Text(basis.to_owned()),
                Cell::Number(given, 1),
                Cell::Number(carried, 1),
                Cell::Text(tiny(network.conservation_error())),
                Cell::Text(tiny(network.solved.residual)),
            ]);
        }
        table
    }
}

/// A rounding error: below 1e-9 only that it is. The last digits differ between processors.
fn tiny(error: f64) -> String {
    if error < 1e-9 { "< 1e-9".to_owned() } else { format!("{error:.1e}") }
}

/// The solved networks and the rules for programs.
pub(super) fn to_json(package: &Package, inventory: &Inventory) -> Value {
    let park = &package.park;
    let products = |network: &Embodied| -> Vec<Value> {
        let sold = (0..network.products.len()).filter(|&k| network.sold[k]);
        sold.map(|k| {
            let (process, carrier) = network.products[k];
            let gases = network.gases.iter().zip(&network.solved.of_output[k]);
            json!({
                "process": &*park.process(process).label.id,
                "carrier": &*park.carrier(carrier).label.id,
                "share": network.network.outputs[k].share,
                "useful": network.network.outputs[k].useful,
                "unit": format!("t/{}", network.dimensions[k]),
                "co2e": network.co2e(k, &inventory.gwp),
                "upstream_co2e": network.upstream(k),
                "rule": network.rules[network.network.outputs[k].process].map(AllocationRule::id),
                "by_gas": gases.map(|(g, e)| (g.id().to_owned(), json!(e))).collect::<serde_json::Map<_, _>>(),
            })
        })
        .collect()
    };
    let networks = inventory.embodied.iter().map(|network| {
        let (given, carried) = network.conserved(&inventory.gwp);
        json!({
            "year": network.year,
            "approach": if network.approach == Approach::Market { "market" } else { "location" },
            "factors": products(network),
            "direct_and_imported_co2e": given,
            "embodied_in_final_uses_co2e": carried,
            "relative_difference": network.conservation_error(),
            "residual": network.solved.residual,
        })
    });
    let rules = inventory.rules.iter().map(|RuleOutcome { year, rule, chosen, outcome }| {
        let (carried, factors, missing) = match outcome {
            Ok(network) => (Some(network.carried(park, &inventory.gwp)), products(network), None),
            Err((process, why)) => (None, Vec::new(), Some(format!("{}: {}", park.process(*process).label.id, why.en))),
        };
        json!({
            "year": year,
            "rule": rule.id(),
            "chosen": chosen,
            "carried_co2e": carried.map(|[power, heat, cooling, goods]| {
                json!({ "power": power, "heat": heat, "cooling": cooling, "goods": goods })
            }),
            "factors": factors,
            "missing": missing,
        })
    });
    json!({ "networks": networks.collect::<Vec<_>>(), "rules": rules.collect::<Vec<_>>() })
}
