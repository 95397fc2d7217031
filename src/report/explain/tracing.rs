//! Where the burden of a product comes from, and who carries that of a process, as trees: both ask the solved network.

use super::{Explainer, Node};
use crate::inventory::Embodied;
use crate::ledger::Approach;
use crate::park::{Gas, GasKind, ProcessId};
use crate::report::table::grouped;

/// Parts of the whole below this are rounding.
const NOTHING: f64 = 1e-12;

impl Explainer<'_> {
    /// The tree of a process (`E01/CHP1`: who carries what it gives off) or of a product (`E01/CHP1/electricity`: where
    /// its burden comes from), of the last year or, with the year before it (`2023/E01/CHP1`), of that.
    pub(super) fn trace(&self, what: &str) -> Option<Node> {
        let year = |text: &str| text.parse().ok().filter(|year| self.inventory.years.contains(year));
        let dated = what.split_once('/').and_then(|(first, rest)| Some((year(first)?, rest)));
        let (year, what) = dated.or_else(|| Some((*self.inventory.years.last()?, what)))?;
        let network = self.inventory.network(year, Approach::Location)?;
        let id = |process: ProcessId| &*self.park().process(process).label.id;
        if let Some(at) = network.processes.iter().position(|&p| id(p) == what) {
            return self.carriers(network, at);
        }
        let (process, carrier) = what.rsplit_once('/')?;
        let named = |&(p, c): &(_, _)| id(p) == process && &*self.park().carrier(c).label.id == carrier;
        self.origins(network, network.products.iter().position(named)?)
    }

    /// Who carries what a process gives off and imports, by what they take.
    fn carriers(&self, network: &Embodied, at: usize) -> Option<Node> {
        let process = network.processes[at];
        let mut parts = network.carriers_of(process).ok()?;
        parts.retain(|part| part.2.abs() > NOTHING);
        parts.sort_by(|a, b| b.2.abs().total_cmp(&a.2.abs()));
        let co2e = network.burden_co2e(at, &self.inventory.gwp);
        let pollutants: Vec<(Gas, f64)> = network
            .pollutants
            .iter()
            .filter(|gas| gas.kind() == GasKind::Air)
            .filter_map(|&gas| Some((gas, *network.network.burdens[at].get(network.side(gas)?)?)))
            .filter(|(_, mass)| *mass != 0.0)
            .collect();
        let masses = |part: f64| {
            let air = pollutants.iter().map(|(gas, mass)| {
                let gas = self.lang.pick(gas.label(), gas.label_zh());
                self.lang.pick(
                    format!(", {} t {gas}", grouped(part * mass, 2)),
                    format!("，{} t {gas}", grouped(part * mass, 2)),
                )
            });
            format!("{} t CO2e{}", grouped(part * co2e, 1), air.collect::<String>())
        };
        let (id, year) = (&*self.park().process(process).label.id, network.year);
        let all = masses(1.0);
        let title = self.lang.pick(
            format!("what {id} gives off and imports, {year}, location-based: {all}; carried by"),
            format!("{id} 的排放及其输入所含排放，{year}，基于位置：{all}；由下列各方承担"),
        );
        let part = |&(to, carrier, part): &(_, _, f64)| {
            let (to, carrier) = (self.park().node_text(to), &self.park().carrier(carrier).label.id);
            let (percent, masses) = (grouped(100.0 * part, 2), masses(part));
            let text = self.lang.pick(
                format!("{to} with {carrier}: {percent} %, {masses}"),
                format!("{to}（{carrier}）：{percent} %，{masses}"),
            );
            Node::valued(text, part * co2e)
        };
        let mut children: Vec<Node> = parts.iter().map(part).collect();
        let rest = 1.0 - parts.iter().map(|part| part.2).sum::<f64>();
        if rest.abs() > 1e-6 {
            let (percent, masses) = (grouped(100.0 * rest, 2), masses(rest));
            let text = self.lang.pick(
                format!("nobody, since meters of sellers and buyers differ: {percent} %, {masses}"),
                format!("无人承担（买卖双方计量有差）：{percent} %，{masses}"),
            );
            children.push(Node::valued(text, rest * co2e));
        }
        Some(Node::valued(title, co2e).with(children))
    }

    /// Where the factor of an output comes from.
    fn origins(&self, network: &Embodied, output: usize) -> Option<Node> {
        let (process, carrier) = network.products[output];
        let mut parts = network.origins_of(output, &self.inventory.gwp).ok()?;
        let whole = network.co2e(output, &self.inventory.gwp);
        parts.retain(|part| part.1.abs() > NOTHING * whole.abs());
        parts.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
        let unit = format!("t CO2e/{}", network.dimensions[output]);
        let (id, carrier) = (&self.park().process(process).label.id, &self.park().carrier(carrier).label.id);
        let (year, value) = (network.year, grouped(whole, 6));
        let title = self.lang.pick(
            format!("{carrier} of {id}, {year}, location-based: {value} {unit}; it comes from"),
            format!("{id} 的 {carrier}，{year}，基于位置：{value} {unit}；来自"),
        );
        let part = |&(from, value): &(ProcessId, f64)| {
            let from = &self.park().process(from).label.id;
            let percent =
                if whole == 0.0 { String::new() } else { format!(" ({} %)", grouped(100.0 * value / whole, 2)) };
            Node::valued(format!("{from}: {} {unit}{percent}", grouped(value, 6)), value)
        };
        Some(Node::valued(title, whole).with(parts.iter().map(part).collect()))
    }
}
