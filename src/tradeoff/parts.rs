//! Which flow of a scenario belongs to which part of the CO2e that it adds or saves.

use super::measure::State;
use crate::park::{CarrierId, CarrierKind, Node, Outside, Park, ProcessId, Use};
use crate::quantity::Dimension;
use crate::scenario::units::Part as Stream;
use crate::scenario::{Action, Change, FlowPattern, Link};
use std::collections::{BTreeMap, BTreeSet};

/// Part of the change of CO2e.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// What units give off themselves: the chemistry.
    Reaction,
    /// CO2 that goes to storage.
    Captured,
    /// Electricity of units, at the embodied intensity of who gives it; of the grid at its own.
    Power,
    /// Heat that brings flue gas back to temperature, likewise.
    Reheat,
    /// Heat that a process needs, likewise.
    ProcessHeat,
    /// Making the reagent.
    Reagent,
    /// Hauling it.
    Transport,
    /// Water.
    Water,
    /// What is converted: making and bringing it.
    Feed,
    /// Fuel that is put in the place of another, burnt and upstream; less the other.
    Fuel,
    /// By-products that are left somewhere.
    Disposal,
    /// What products of units displace.
    Avoided,
    /// Upstream of power and heat: of what is bought, and of what the park makes itself.
    Chain,
    /// What all else in the park and outside does in answer: the re-solved total less all parts above.
    Rest,
}

impl Part {
    /// Id in JSON.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Reaction => "reaction",
            Self::Captured => "captured",
            Self::Power => "auxiliary_power",
            Self::Reheat => "reheat",
            Self::ProcessHeat => "process_heat",
            Self::Reagent => "reagent",
            Self::Transport => "transport",
            Self::Water => "water",
            Self::Feed => "feed",
            Self::Fuel => "fuel",
            Self::Disposal => "disposal",
            Self::Avoided => "avoided",
            Self::Chain => "upstream_of_power_and_heat",
            Self::Rest => "answer_of_the_rest",
        }
    }

    /// The words in English and Chinese.
    #[must_use]
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Reaction => ("process (reaction)", "过程（反应）"),
            Self::Captured => ("captured and stored", "捕集封存"),
            Self::Power => ("auxiliary power", "辅助用电"),
            Self::Reheat => ("reheating", "烟气再热"),
            Self::ProcessHeat => ("process heat", "工艺用热"),
            Self::Reagent => ("reagent, upstream", "脱除剂上游"),
            Self::Transport => ("transport", "运输"),
            Self::Water => ("water", "用水"),
            Self::Feed => ("feed, upstream", "原料上游"),
            Self::Fuel => ("fuel switched (burnt and upstream)", "燃料替换（燃烧及上游）"),
            Self::Disposal => ("by-products left over", "副产物处置"),
            Self::Avoided => ("avoided burdens", "避免的负担"),
            Self::Chain => ("upstream of power and heat", "电热的上游"),
            Self::Rest => ("answer of the rest of the network", "网络其余部分的响应"),
        }
    }

    /// Whether it is power or heat, whose upstream stands apart.
    pub(super) fn is_energy(self) -> bool {
        matches!(self, Self::Power | Self::Reheat | Self::ProcessHeat)
    }

    fn of(stream: Stream) -> Self {
        match stream {
            Stream::Reaction => Self::Reaction,
            Stream::AuxiliaryPower => Self::Power,
            Stream::Reheat => Self::Reheat,
            Stream::ProcessHeat => Self::ProcessHeat,
            Stream::Reagent => Self::Reagent,
            Stream::Transport => Self::Transport,
            Stream::Water => Self::Water,
            Stream::Feed => Self::Feed,
            Stream::Product => Self::Fuel,
            Stream::ByProduct => Self::Disposal,
        }
    }
}

/// A link by the ids of its ends and carrier, so that it is the same in two models.
pub(super) type Key = (String, String, String, Use, Dimension);

/// The key of what flows.
pub(super) fn key(park: &Park, from: Node, to: Node, of: (CarrierId, Use, Dimension)) -> Key {
    (park.node_text(from), park.node_text(to), park.carrier(of.0).label.id.to_string(), of.1, of.2)
}

pub(super) fn key_of(park: &Park, link: &Link) -> Key {
    key(park, link.from, link.to, (link.carrier, link.usage, link.dimension))
}

pub(super) fn process(node: Node) -> Option<ProcessId> {
    match node {
        Node::Process(p) => Some(p),
        Node::Outside(_) | Node::Stock(_) => None,
    }
}

/// Processes that a scenario is about, by id: its units, and what runs in one of the two parks only.
pub(super) fn about(before: &State, after: &State) -> BTreeSet<String> {
    let id = |state: &State, p: ProcessId| state.park().process(p).label.id.to_string();
    let runs = |state: &State| -> BTreeSet<String> {
        let running = |p: &usize| state.values[*p] != 0.0;
        (0..state.model.processes).filter(running).map(|p| id(state, ProcessId::new(p))).collect()
    };
    let (a, b) = (runs(before), runs(after));
    let units = [before, after].into_iter().flat_map(|s| s.units.iter().map(move |u| id(s, u.process)));
    a.symmetric_difference(&b).cloned().chain(units).collect()
}

/// The parts of the links of both parks, with their shares in them; links of none are left out.
pub(super) fn parts(
    states: [&State; 2],
    about: &BTreeSet<String>,
    changes: &[&Change],
) -> BTreeMap<Key, Vec<(Part, f64)>> {
    let mut all = BTreeMap::new();
    for state in states {
        let park = state.park();
        let is = |node: Node| process(node).is_some_and(|p| about.contains(&*park.process(p).label.id));
        for (l, link) in state.model.links.iter().enumerate() {
            // What a plant that stops itself gave is in what it burnt: a price for it would count that again.
            let own_unit = state.units.iter().any(|u| link.from == Node::Process(u.process));
            if is(link.from) && is(link.to) && !own_unit && park.carrier(link.carrier).kind.is_utility() {
                continue;
            }
            let parts = if link.to == Node::Outside(Outside::Geological) {
                vec![(Part::Captured, 1.0)]
            } else if state.units.iter().any(|u| u.through.contains(&l)) {
                // Water that is led through a unit: what it gives off here is that less where it went before.
                vec![(Part::Reaction, 1.0)]
            } else if state.units.iter().any(|u| link.from == Node::Process(u.process)) && is_flare(park, link.to) {
                vec![(Part::Disposal, 1.0)]
            } else if is(link.to) && link.from != link.to {
                taken(state, l)
            } else if is(link.from) {
                let burnt = process(link.to).is_some() && park.carrier(link.carrier).kind.is_fuel();
                vec![(if burnt { Part::Fuel } else { Part::Disposal }, 1.0)]
            } else if switched(state, link, changes) {
                vec![(Part::Fuel, 1.0)]
            } else {
                continue;
            };
            all.entry(key_of(park, link)).or_insert(parts);
        }
    }
    all
}

fn is_flare(park: &Park, node: Node) -> bool {
    process(node).is_some_and(|p| park.process(p).technique.contains("flare"))
}

/// What a unit takes a link for: as its recipe says, in parts of the quantities; of other processes by what it is.
fn taken(state: &State, link: usize) -> Vec<(Part, f64)> {
    for unit in state.units {
        let streams: Vec<&(usize, Stream)> = unit.takes.iter().filter(|t| t.0 == link).collect();
        let flows = unit.recipe.takes.iter().filter(|s| s.quantity > 0.0);
        let quantities: Vec<f64> =
            unit.takes.iter().zip(flows).filter(|(t, _)| t.0 == link).map(|(_, s)| s.quantity).collect();
        let sum: f64 = quantities.iter().sum();
        if !streams.is_empty() && sum > 0.0 {
            return streams.iter().zip(quantities).map(|(t, q)| (Part::of(t.1), q / sum)).collect();
        }
    }
    let park = state.park();
    let at = &state.model.links[link];
    let cleans = process(at.to).is_some_and(|p| park.process(p).technique.contains("fgd"));
    let part = match park.carrier(at.carrier).kind {
        CarrierKind::Electricity => Part::Power,
        CarrierKind::Heat | CarrierKind::Steam | CarrierKind::Cooling if cleans => Part::Reheat,
        CarrierKind::Heat | CarrierKind::Steam | CarrierKind::Cooling => Part::ProcessHeat,
        CarrierKind::Water => Part::Water,
        _ if at.usage == Use::Sorbent || at.usage == Use::Reductant => Part::Reagent,
        _ => Part::Feed,
    };
    vec![(part, 1.0)]
}

/// Whether a change puts something in the place of a link, or the link in the place of something.
fn switched(state: &State, link: &Link, changes: &[&Change]) -> bool {
    let park = state.park();
    let met = |of: &FlowPattern, link: &Link| of.is_met(park, link.from, link.to, link.carrier);
    changes.iter().any(|change| match &change.action {
        Action::Substitute { of, carrier, .. } => {
            let taker = |other: &Link| other.to == link.to && met(of, other);
            met(of, link) || *park.carrier(link.carrier).label.id == **carrier && state.model.links.iter().any(taker)
        }
        _ => false,
    })
}
