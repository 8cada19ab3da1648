//! The ways into and out of networks: a line to the outside is drawn through the gateways that it passes.

use super::{Ground, Line, Stretch, around, edge, joined};
use crate::layout::{Class, End, Role, Sort};
use crate::view::{Edge, Heads, Style, View};

/// The stretches of all lines, in their order.
pub(super) fn hops(view: &View, ground: &Ground) -> Vec<Edge> {
    let numbered = view.lines.iter().enumerate().filter(|(_, line)| line.from != line.to);
    numbered.flat_map(|(at, line)| way(view, ground, at, line)).collect()
}

fn way(view: &View, ground: &Ground, at: usize, line: &Line) -> Vec<Edge> {
    let (stations, leaves) = match matches!(line.class, Class::Request | Class::Async) {
        true => stations(view, ground, line),
        false => (Vec::new(), false),
    };
    let mut ends = vec![line.from];
    ends.extend(stations.into_iter().map(End::Node));
    ends.push(line.to);
    let last = ends.len() - 2;
    let stretches = ends.windows(2).map(|pair| Stretch { line: at, from: pair[0], to: pair[1] });
    stretches.enumerate().map(|(index, stretch)| hop(ground, line, stretch, (index, last), leaves)).collect()
}

/// One stretch as it is drawn: the line's own words stand outside of the network, on the last part of a line that
/// leaves it and on both parts of one that enters it.
fn hop(ground: &Ground, line: &Line, stretch: Stretch, (index, last): (usize, usize), leaves: bool) -> Edge {
    let mut hop = edge(line, stretch);
    if index < last {
        hop.published = String::new();
    } else {
        let label = if line.said { "" } else { &line.label };
        hop.label = joined(label, &line.arrives);
    }
    if leaves && index < last {
        hop.class = Class::Request;
        hop.heads = Heads::End;
        hop.label = if index == 0 { ground.egress.clone() } else { String::new() };
        hop.numbers = Vec::new();
    } else if !leaves && index > 0 {
        hop.heads = Heads::End;
        hop.numbers = Vec::new();
    }
    hop
}

/// The gateways between the ends of a line, and whether it leaves through them.
fn stations(view: &View, ground: &Ground, line: &Line) -> (Vec<usize>, bool) {
    let gateway = |end: End| {
        let boxes = around(view, end);
        let own = |gateway: &&usize| network(view, **gateway).is_some_and(|network| boxes.contains(&network));
        let is_one = ground.gateways.iter().any(|at| end == End::Node(*at));
        ground.gateways.iter().find(own).copied().filter(|_| !is_one)
    };
    match (gateway(line.from), gateway(line.to)) {
        (None, Some(gateway)) if outside(view, line.from) => (vec![gateway], false),
        (Some(gateway), None) if on_page(view, line.to) => {
            (nat(view, ground, line.from, gateway).into_iter().chain([gateway]).collect(), true)
        }
        _ => (Vec::new(), false),
    }
}

/// The way out of a private leaf: that of its own zone, else the only one of its network.
fn nat(view: &View, ground: &Ground, from: End, gateway: usize) -> Option<usize> {
    let boxes = around(view, from);
    let private = boxes.iter().any(|at| view.containers[*at].style == Style::SubnetPrivate);
    let network = network(view, gateway)?;
    let inside = |nat: &&usize| around(view, End::Node(**nat)).contains(&network);
    let zone = boxes.iter().find(|at| view.containers[**at].sort == Sort::Zone);
    let same = |nat: &&usize| zone.is_some_and(|zone| around(view, End::Node(**nat)).contains(zone));
    let mut nats = ground.nats.iter().filter(inside).filter(|_| private && matches!(from, End::Node(_)));
    let first = nats.clone().next();
    nats.find(same).or(first).copied()
}

/// The network that a gateway belongs to.
fn network(view: &View, gateway: usize) -> Option<usize> {
    let boxes = around(view, End::Node(gateway));
    boxes.into_iter().find(|at| view.containers[*at].sort == Sort::Network)
}

fn on_page(view: &View, end: End) -> bool {
    around(view, end).is_empty()
}

/// On the page, or before the region at a provider's edge.
fn outside(view: &View, end: End) -> bool {
    let End::Node(node) = end else { return on_page(view, end) };
    let role = view.nodes.get(node).map(|node| node.role);
    let front = matches!(role, Some(Role::Guard | Role::Cdn | Role::Actor | Role::External));
    let at_edge = matches!(around(view, end)[..], [only] if view.containers[only].sort == Sort::Outer);
    on_page(view, end) || (front && at_edge)
}
