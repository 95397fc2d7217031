//! Own factors of what the park makes for itself, what they become under other rules, and that nothing is lost.

use super::inventory::Report;
use super::table::{Align, Cell, Column, Table};
use crate::diagnostic::Words;
use crate::inventory::{Embodied, Inventory, RuleOutcome};
use crate::ledger::Approach;
use crate::package::Package;
use crate::park::{AllocationRule, CarrierKind, Gas, GasKind, Park, ProcessId};
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

/// The products of a network whose processes feed no other, in its order.
fn only_leaving(network: &Embodied, inventory: &Inventory) -> Vec<usize> {
    let same = |e: &&Embodied| e.year == network.year && e.approach == network.approach;
    let feeders = inventory.embodied.iter().find(same).map_or(&[][..], |e| &e.processes);
    let leaves = |k: &usize| network.sold[*k] && feeders.binary_search(&network.products[*k].0).is_err();
    (0..network.products.len()).filter(leaves).collect()
}

impl Report<'_> {
    fn network(&self, approach: Approach) -> Option<&Embodied> {
        self.inventory.embodied.iter().find(|e| e.year == self.year && e.approach == approach)
    }

    /// Own factors of power, heat and goods.
    pub(super) fn own_factors(&self) -> Table {
        let title = self.say(
            "Own factors of what the park makes for itself, t CO2e per unit",
            "园内自产能源与物料的自有因子（t CO2e/单位）",
        );
        let Some(network) = self.network(Approach::Location) else { return Table::new(title, &[]) };
        let park = self.park();
        let rows = sold(network);
        let mut table = self.factors(title, network, self.network(Approach::Market), &rows);
        table.columns.push(Column {
            key: "loop",
            title: self.say("in a loop with", "所在环路").to_owned(),
            align: Align::Left,
        });
        for (row, k) in table.rows.iter_mut().zip(rows) {
            let own = network.network.outputs[k].process;
            let others: Vec<&str> = (0..network.processes.len())
                .filter(|&p| p != own && network.turns[p] == network.turns[own])
                .map(|p| &*park.process(network.processes[p]).label.id)
                .collect();
            row.push(Cell::Text(others.join(", ")));
        }
        table
    }

    /// What products carry that only leave the fence.
    pub(super) fn leaving(&self) -> Table {
        let title = self.say(
            "What products carry that only leave the fence, t CO2e per unit",
            "仅送往园外的产品所含排放（t CO2e/单位）",
        );
        let of =
            |approach| self.inventory.leaving.networks.iter().find(|e| e.year == self.year && e.approach == approach);
        let Some(network) = of(Approach::Location) else { return Table::new(title, &[]) };
        let rows = only_leaving(network, self.inventory);
        self.factors(title, network, of(Approach::Market), &rows)
    }

    /// How many processes are left out of that, with the first of them.
    pub(super) fn left_out(&self) -> Option<String> {
        const SHOWN: usize = 3;
        let all: Vec<_> = self.inventory.leaving.left_out.iter().filter(|(year, ..)| *year == self.year).collect();
        let name = |(_, process, why): &&(u16, ProcessId, Words)| {
            let process = &self.park().process(*process).label.id;
            self.lang.pick(format!("{process} ({})", why.en), format!("{process}（{}）", why.zh))
        };
        let names: Vec<String> = all.iter().take(SHOWN).map(name).collect();
        let (count, names) = (all.len(), names.join(self.say("; ", "；")));
        let more = if count > SHOWN { self.say("; …", "；…") } else { "" };
        (count > 0).then(|| {
            self.lang.pick(
                format!(
                    "Products that only leave the fence, left out since too little is known ({count}): {names}{more}\n"
                ),
                format!("仅送往园外的产品，因资料不足未列（{count} 个工序）：{names}{more}\n"),
            )
        })
    }

    /// What a unit of some outputs of a network carries: greenhouse gases by both approaches, what lies upstream, and the
    /// air pollutants that there are, in kg.
    fn factors(&self, title: &str, network: &Embodied, market: Option<&Embodied>, rows: &[usize]) -> Table {
        let park = self.park();
        let carried = |gas: &Gas| rows.iter().any(|&k| network.of_gas(k, *gas).is_some_and(|e| e != 0.0));
        let air: Vec<Gas> = network.pollutants.iter().copied().filter(|g| g.kind() == GasKind::Air).collect();
        let air: Vec<Gas> = air.into_iter().filter(carried).collect();
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
            ],
        );
        for gas in &air {
            table.number_column(gas.id(), format!("kg {}", self.lang.pick(gas.label(), gas.label_zh())));
        }
        for &k in rows {
            let (process, carrier) = network.products[k];
            let read = |factor| readable(park, network, k, factor).0;
            let (value, unit) = readable(park, network, k, network.co2e(k, &self.inventory.gwp));
            let beside = market.and_then(|m| {
                let k = m.products.binary_search(&(process, carrier)).ok()?;
                m.sold[k].then(|| readable(park, m, k, m.co2e(k, &self.inventory.gwp)).0)
            });
            let mut row = vec![
                Cell::Text(park.process(process).label.id.to_string()),
                Cell::Text(park.carrier(carrier).label.id.to_string()),
                Cell::Text(self.rule(network, k)),
                Cell::Number(network.network.outputs[k].share, 4),
                Cell::Number(value, 6),
                Cell::maybe(beside, 6),
                network.upstream(k).map_or(Cell::Empty, |e| Cell::Number(read(e), 6)),
                Cell::Text(unit),
            ];
            let kilograms = |gas: &Gas| network.of_gas(k, *gas).map(|e| 1000.0 * read(e));
            row.extend(air.iter().map(|gas| Cell::maybe(kilograms(gas), 6)));
            table.rows.push(row);
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
        let leaving = &self.inventory.leaving.networks;
        let of_year = |e: &&Embodied| e.year == self.year;
        let networks = self.inventory.embodied.iter().filter(of_year).map(|e| (e, false));
        for (network, all) in networks.chain(leaving.iter().filter(of_year).map(|e| (e, true))) {
            let (given, carried) = network.conserved(&self.inventory.gwp);
            let basis = match network.approach {
                Approach::Market => self.say("market-based", "基于市场"),
                Approach::Both | Approach::Location => self.say("location-based", "基于位置"),
            };
            let with = if all { self.say(", with what only leaves", "，含仅送往园外者") } else { "" };
            table.rows.push(vec![
                Cell::Text(format!("{basis}{with}")),
                Cell::Number(given, 1),
                Cell::Number(carried, 1),
                Cell::Text(tiny(network.conservation_error())),
                Cell::Text(tiny(network.solved.residual)),
            ]);
        }
        // Pollutants of the widest network; its residual is of all its right-hand sides.
        let Some(network) = self.inventory.network(self.year, Approach::Location) else { return table };
        for &gas in &network.pollutants {
            let Some(side) = network.conserved_of(gas).filter(|side| side.given != 0.0) else { continue };
            table.rows.push(vec![
                Cell::Text(self.lang.pick(format!("{}, t", gas.label()), format!("{}（t）", gas.label_zh()))),
                Cell::Number(side.given, 1),
                Cell::Number(side.carried, 1),
                Cell::Text(tiny(side.error())),
                Cell::Empty,
            ]);
        }
        table
    }
}

/// A rounding error: below 1e-9 only that it is. The last digits differ between processors.
fn tiny(error: f64) -> String {
    if error < 1e-9 { "< 1e-9".to_owned() } else { format!("{error:.1e}") }
}

/// Some products of a network for programs.
fn products(package: &Package, inventory: &Inventory, network: &Embodied, rows: &[usize]) -> Vec<Value> {
    let park = &package.park;
    let masses = |k: usize, gases: &[Gas]| -> serde_json::Map<String, Value> {
        gases.iter().filter_map(|g| Some((g.id().to_owned(), json!(network.of_gas(k, *g)?)))).collect()
    };
    let product = |&k: &usize| {
        let (process, carrier) = network.products[k];
        json!({
            "process": &*park.process(process).label.id,
            "carrier": &*park.carrier(carrier).label.id,
            "share": network.network.outputs[k].share,
            "useful": network.network.outputs[k].useful,
            "unit": format!("t/{}", network.dimensions[k]),
            "co2e": network.co2e(k, &inventory.gwp),
            "upstream_co2e": network.upstream(k),
            "rule": network.rules[network.network.outputs[k].process].map(AllocationRule::id),
            "by_gas": masses(k, &network.gases),
            "pollutants": masses(k, &network.pollutants),
        })
    };
    rows.iter().map(product).collect()
}

/// The outputs of a network that have factors.
fn sold(network: &Embodied) -> Vec<usize> {
    (0..network.products.len()).filter(|&k| network.sold[k]).collect()
}

/// A solved network for programs, with some of its products.
fn network_json(package: &Package, inventory: &Inventory, network: &Embodied, rows: &[usize]) -> Value {
    let (given, carried) = network.conserved(&inventory.gwp);
    let pollutant = |gas: &Gas| -> Option<Value> {
        let side = network.conserved_of(*gas)?;
        Some(json!({
            "gas": gas.id(),
            "given": side.given,
            "embodied_in_final_uses": side.carried,
            "relative_difference": side.error(),
        }))
    };
    json!({
        "year": network.year,
        "approach": if network.approach == Approach::Market { "market" } else { "location" },
        "factors": products(package, inventory, network, rows),
        "direct_and_imported_co2e": given,
        "embodied_in_final_uses_co2e": carried,
        "pollutants": network.pollutants.iter().filter_map(pollutant).collect::<Vec<_>>(),
        "relative_difference": network.conservation_error(),
        "residual": network.solved.residual,
    })
}

/// The solved networks and the rules for programs.
pub(super) fn to_json(package: &Package, inventory: &Inventory) -> Value {
    let park = &package.park;
    let networks = inventory.embodied.iter().map(|e| network_json(package, inventory, e, &sold(e)));
    let leaving = &inventory.leaving;
    let wide = leaving.networks.iter().map(|e| network_json(package, inventory, e, &only_leaving(e, inventory)));
    let left_out = leaving.left_out.iter().map(
        |(year, process, why)| json!({ "year": year, "process": &*park.process(*process).label.id, "why": why.en }),
    );
    let rules = inventory.rules.iter().map(|RuleOutcome { year, rule, chosen, outcome }| {
        let (carried, factors, missing) = match outcome {
            Ok(e) => (Some(e.carried(park, &inventory.gwp)), products(package, inventory, e, &sold(e)), None),
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
    json!({
        "networks": networks.collect::<Vec<_>>(),
        "leaving": { "networks": wide.collect::<Vec<_>>(), "left_out": left_out.collect::<Vec<_>>() },
        "rules": rules.collect::<Vec<_>>(),
    })
}
