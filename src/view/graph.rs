//! From a view to what the layout needs: sizes, parents and roles, no texts.

use super::{TILE, View, caption, card};
use crate::layout::{self, Fx, Graph, Size};

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
        label: caption::said(&edge.label, &edge.numbers, &edge.published),
        trunk: edge.trunk,
    });
    Graph {
        nodes: nodes.collect(),
        containers: containers.collect(),
        groups: groups.collect(),
        edges: edges.collect(),
        direction: view.direction,
    }
}
