//! From a view to what the layout needs: sizes, parents and roles, no texts.

use super::{Edge, Style, TILE, View, caption, card};
use crate::layout::{self, End, Fx, Gate, Graph, Size};

/// The size of every tile.
const TILE_SIZE: Size = Size { w: Fx(TILE * 64), h: Fx(TILE * 64) };

/// Measures a view's texts and hands them on; indices stay the same.
pub fn graph(view: &View) -> Graph {
    let nodes = view.nodes.iter().map(|node| {
        let (tile, text) = match &node.card {
            Some(card) => (card::words(node, card).size, Size::default()),
            None => (TILE_SIZE, caption::caption(&node.title, &node.quiet).size),
        };
        layout::Node {
            id: node.id.clone(),
            parent: node.parent,
            role: node.role,
            tile,
            text,
            badge: caption::badge(node),
            place: node.place,
            after: node.after,
            copy_of: node.copy_of,
        }
    });
    let containers = view.containers.iter().map(|container| layout::Container {
        id: container.id.clone(),
        parent: container.parent,
        sort: container.sort,
        title: caption::box_title(container).size,
    });
    let groups = view.groups.iter().map(|group| layout::Group {
        id: group.id.clone(),
        members: group.members.clone(),
        title: caption::group_title(group).size,
    });
    let edges = view.edges.iter().map(|edge| layout::Edge {
        id: edge.id.clone(),
        from: edge.from,
        to: edge.to,
        class: edge.class,
        label: label(view, edge),
        gate: entered(view, edge)
            .and_then(|container| caption::port(&edge.published).map(|size| Gate { container, size })),
        trunk: edge.trunk,
        speakers: speakers(view, edge),
    });
    Graph {
        nodes: nodes.collect(),
        containers: containers.collect(),
        groups: groups.collect(),
        edges: edges.collect(),
        direction: view.direction,
    }
}

/// The members of the group at its start that an edge stands for, unless it does for all of them.
fn speakers(view: &View, edge: &Edge) -> Vec<usize> {
    let End::Group(group) = edge.from else { return Vec::new() };
    let members = view.groups.get(group).map_or(&[][..], |group| &group.members);
    let speaks = |v: &&usize| edge.covers.iter().any(|stretch| stretch.from == End::Node(**v));
    let speakers: Vec<usize> = members.iter().filter(speaks).copied().collect();
    if speakers.len() == members.len() { Vec::new() } else { speakers }
}

/// What stands on a line. A published port does where the line enters no machine, behind the label.
fn label(view: &View, edge: &Edge) -> Option<Size> {
    let words = caption::chip(&edge.label, &edge.numbers);
    let port = caption::port(&edge.published).filter(|_| entered(view, edge).is_none());
    match (words, port) {
        (Some(words), Some(port)) => {
            let gap = caption::BEFORE_PORT * 64;
            Some(Size { w: Fx(words.w.0 + gap + port.w.0), h: words.h.max(port.h) })
        }
        (words, port) => words.or(port),
    }
}

/// The machine around a line's target that its source stands outside of: there a published port is entered.
fn entered(view: &View, edge: &Edge) -> Option<usize> {
    let around = |end: End| {
        let mut chain = Vec::new();
        let mut next = match end {
            End::Node(node) => view.nodes.get(node).and_then(|node| node.parent),
            End::Container(container) => view.containers.get(container).and_then(|inner| inner.parent),
            End::Group(_) => None,
        };
        while let Some(container) = next.filter(|container| !chain.contains(container)) {
            chain.push(container);
            next = view.containers.get(container).and_then(|container| container.parent);
        }
        chain
    };
    let source = around(edge.from);
    let machine = |c: &usize| view.containers.get(*c).is_some_and(|container| container.style == Style::Host);
    let strange = |c: &usize| !source.contains(c) && edge.from != End::Container(*c);
    around(edge.to).into_iter().find(|c| machine(c) && strange(c))
}
