//! A graph with one of its leaves or lines taken out.

use archgen::layout::{End, Graph};

/// The graph without one line.
pub(crate) fn without_line(graph: &Graph, line: usize) -> Graph {
    let mut rest = graph.clone();
    rest.edges.remove(line);
    rest
}

/// The graph without one leaf and its lines; `None` when the leaf is one of several copies.
pub(crate) fn without_leaf(graph: &Graph, leaf: usize) -> Option<Graph> {
    let copy =
        graph.nodes[leaf].copy_of.is_some() || graph.groups.iter().any(|group| group.members.contains(&leaf));
    if copy {
        return None;
    }
    let mut rest = graph.clone();
    rest.nodes.remove(leaf);
    let moved = |v: usize| if v > leaf { v - 1 } else { v };
    let end = |end: End| if let End::Node(v) = end { End::Node(moved(v)) } else { end };
    rest.edges.retain(|edge| edge.from != End::Node(leaf) && edge.to != End::Node(leaf));
    for edge in &mut rest.edges {
        (edge.from, edge.to) = (end(edge.from), end(edge.to));
    }
    for node in &mut rest.nodes {
        node.after = node.after.filter(|&v| v != leaf).map(moved);
        node.copy_of = node.copy_of.map(|(zone, first)| (zone, moved(first)));
    }
    for group in &mut rest.groups {
        group.members.iter_mut().for_each(|v| *v = moved(*v));
    }
    Some(rest)
}
