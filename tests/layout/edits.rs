//! Graphs with one leaf or line taken out.

use archgen::layout::{End, Graph};

/// The graph without the leaf `gone`, and where each of its leaves stood in the whole graph.
pub(crate) fn without_leaf(graph: &Graph, gone: usize) -> (Graph, Vec<usize>) {
    let kept: Vec<usize> = (0..graph.nodes.len()).filter(|&v| v != gone).collect();
    let moved = |v: usize| if v > gone { v - 1 } else { v };
    let mut less = graph.clone();
    less.nodes.remove(gone);
    for node in &mut less.nodes {
        node.after = node.after.filter(|&v| v != gone).map(moved);
        node.copy_of = node.copy_of.map(|(zone, first)| (zone, moved(first)));
    }
    for group in &mut less.groups {
        group.members.retain(|&v| v != gone);
        group.members.iter_mut().for_each(|v| *v = moved(*v));
    }
    let empty = |end: &End| match *end {
        End::Node(v) => v == gone,
        End::Group(g) => less.groups[g].members.is_empty(),
        End::Container(_) => false,
    };
    let left: Vec<bool> = less.edges.iter().map(|edge| !empty(&edge.from) && !empty(&edge.to)).collect();
    let mut left = left.into_iter();
    less.edges.retain(|_| left.next().unwrap_or(true));
    for edge in &mut less.edges {
        for end in [&mut edge.from, &mut edge.to] {
            if let End::Node(v) = end {
                *v = moved(*v);
            }
        }
    }
    (less, kept)
}

/// The graph without the line `gone`; all leaves stay.
pub(crate) fn without_line(graph: &Graph, gone: usize) -> (Graph, Vec<usize>) {
    let mut less = graph.clone();
    less.edges.remove(gone);
    (less, (0..graph.nodes.len()).collect())
}
