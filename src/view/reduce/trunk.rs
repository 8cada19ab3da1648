//! Trunks: edges of one purpose with a common end share their way from it, and one label.

use super::{Ground, joined};
use crate::layout::{Class, End, Role};
use crate::view::{Edge, Heads, View};
use std::collections::{BTreeMap, BTreeSet};

/// What the edges of one trunk have in common; the label only where trunks of that sort may not mix them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Common {
    end: End,
    /// Whether they start there.
    starts: bool,
    class: Class,
    heads: Heads,
    label: Option<String>,
}

/// So many edges of one sort make what they have in common a hub, whose lines would hide each other.
const HUB: usize = 8;

/// Puts edges on trunks, numbers these in order of their first edge and leaves the label to that one.
pub(super) fn share(view: &View, ground: &Ground, edges: &mut [Edge]) {
    // What many lead to goes before what one leads to.
    for starts in [false, true] {
        gather(edges, 2, |edge| purpose(view, ground, edge, starts));
    }
    for starts in [false, true] {
        gather(edges, HUB, |edge| Some(common(edge, starts, Some(edge.label.clone()))));
    }
    number(edges);
    speak_once(edges);
}

/// Puts the edges that have the same in common on one trunk, where they are at least so many.
fn gather(edges: &mut [Edge], least: usize, common: impl Fn(&Edge) -> Option<Common>) {
    let mut next = edges.iter().filter_map(|edge| edge.trunk).max().map_or(0, |last| last + 1);
    let mut sharing: BTreeMap<Common, Vec<usize>> = BTreeMap::new();
    for (at, edge) in edges.iter().enumerate() {
        let free = edge.trunk.is_none() && edge.numbers.is_empty() && edge.published.is_empty();
        if let Some(common) = common(edge).filter(|_| free) {
            sharing.entry(common).or_default().push(at);
        }
    }
    for list in sharing.into_values().filter(|list| list.len() >= least) {
        list.iter().for_each(|at| edges[*at].trunk = Some(next));
        next += 1;
    }
}

/// What an edge has in common with others at its end, or at its start.
fn common(edge: &Edge, starts: bool, label: Option<String>) -> Common {
    let end = if starts { edge.from } else { edge.to };
    Common { end, starts, class: edge.class, heads: edge.heads, label }
}

/// What an edge shares with others at its end, or at its start, because they serve one purpose, be they two only.
fn purpose(view: &View, ground: &Ground, edge: &Edge, starts: bool) -> Option<Common> {
    let role = |end: End| match end {
        End::Node(node) => view.nodes.get(node).map(|node| node.role),
        _ => None,
    };
    let beside = |end: End| matches!(role(end), Some(Role::Regional | Role::Monitor));
    let common = |label: Option<String>| Some(common(edge, starts, label));
    let own = Some(edge.label.clone());
    match (edge.class, starts) {
        // One monitor is told everything that it is told along one line.
        (Class::Telemetry, false) => common(None),
        (Class::Telemetry, true) => None,
        (Class::Attached, _) => common(own),
        (Class::Replication, true) => common(own),
        (_, false) if beside(edge.to) && !beside(edge.from) => common(own),
        (Class::Request | Class::Async, true) => {
            let gateway = ground.gateways.iter().any(|gateway| edge.from == End::Node(*gateway));
            let out = super::around(view, edge.to).is_empty();
            if gateway && out { common(own) } else { None }
        }
        _ => None,
    }
}

/// Numbers trunks in the order of their first edges.
fn number(edges: &mut [Edge]) {
    let mut order: BTreeMap<usize, usize> = BTreeMap::new();
    for edge in edges {
        if let Some(trunk) = edge.trunk {
            let next = order.len();
            edge.trunk = Some(*order.entry(trunk).or_insert(next));
        }
    }
}

/// The first edge of a trunk says what all of them say.
fn speak_once(edges: &mut [Edge]) {
    let mut said: BTreeMap<usize, String> = BTreeMap::new();
    for edge in edges.iter() {
        if let Some(trunk) = edge.trunk {
            let label = said.entry(trunk).or_default();
            *label = joined(label, &edge.label);
        }
    }
    let mut begun = BTreeSet::new();
    for edge in edges {
        let Some(trunk) = edge.trunk else { continue };
        if begun.insert(trunk) {
            edge.label = said.remove(&trunk).unwrap_or_default();
        } else {
            edge.label = String::new();
            edge.numbers = Vec::new();
            edge.published = String::new();
        }
    }
}
