//! A finished layout as JSON: boxes, lines and labels in px, with the ids of the description.

use serde_json::{Value, json};

use super::View;
use super::sequence::{Arranged, Sequence};
use crate::layout::{End, Graph, Layout, Rect};

/// The geometry of a view: `nodes` (a tile with its texts), `containers` and `groups` with their `title` as
/// `[left, top, right, bottom]`, and `edges` from `s` to `t` with their corners `pts`, the box of their `label` and its
/// `text`, and the box of a label on a container's border (`gate`). The corner of the picture is at 0, 0; y grows downwards.
pub fn json(view: &View, graph: &Graph, made: &Layout) -> Value {
    let nodes = graph.nodes.iter().zip(&made.tiles).map(|(node, tile)| {
        let w = tile.w.0.max(node.text.w.0);
        let x = tile.x.0 + (tile.w.0 - w) / 2;
        json!({ "id": node.id, "x": px(x), "y": px(tile.y.0), "w": px(w), "h": px(tile.h.0 + node.text.h.0) })
    });
    let containers = graph.containers.iter().zip(&made.containers).map(|(container, r)| {
        let title = Rect { w: container.title.w, h: container.title.h, ..*r };
        framed(&container.id, r, &title)
    });
    let groups = graph.groups.iter().zip(made.groups.iter().zip(&made.group_titles));
    let groups = groups.map(|(group, (frame, title))| framed(&group.id, frame, title));
    let edges = graph.edges.iter().zip(&made.routes).zip(&view.edges).map(|((edge, route), drawn)| {
        let points: Vec<Value> = route.points.iter().map(|p| json!([px(p.x.0), px(p.y.0)])).collect();
        json!({
            "id": edge.id,
            "s": name(graph, edge.from),
            "t": name(graph, edge.to),
            "pts": points,
            "label": route.label.as_ref().map(corners),
            "text": drawn.label,
            "gate": route.gate.as_ref().map(corners),
        })
    });
    json!({
        "width": px(made.size.w.0),
        "height": px(made.size.h.0),
        "nodes": nodes.collect::<Vec<_>>(),
        "containers": containers.collect::<Vec<_>>(),
        "groups": groups.collect::<Vec<_>>(),
        "edges": edges.collect::<Vec<_>>(),
    })
}

/// The geometry of a walk: `parties` with their tiles and `messages` with their lines, in px.
pub fn walk(sequence: &Sequence, made: &Arranged) -> Value {
    let id = |at: usize| sequence.parties.get(at).map(|party| party.id.as_str());
    let parties = sequence.parties.iter().zip(&made.tiles).map(|(party, tile)| {
        json!({ "id": party.id, "x": px(tile.x.0), "y": px(tile.y.0), "w": px(tile.w.0), "h": px(tile.h.0) })
    });
    let messages = sequence.messages.iter().zip(&made.rows).map(|(message, row)| {
        json!({
            "number": message.number,
            "s": id(message.from),
            "t": id(message.to),
            "pts": [[px(row.from.0), px(row.y.0)], [px(row.to.0), px(row.y.0)]],
            "text": message.text,
        })
    });
    json!({
        "width": px(made.size.w.0),
        "height": px(made.size.h.0),
        "parties": parties.collect::<Vec<_>>(),
        "messages": messages.collect::<Vec<_>>(),
    })
}

fn framed(id: &str, r: &Rect, title: &Rect) -> Value {
    let title = (title.w.0 > 0 && title.h.0 > 0).then(|| corners(title));
    json!({ "id": id, "x": px(r.x.0), "y": px(r.y.0), "w": px(r.w.0), "h": px(r.h.0), "title": title })
}

fn corners(r: &Rect) -> [f64; 4] {
    [px(r.x.0), px(r.y.0), px(r.x.0 + r.w.0), px(r.y.0 + r.h.0)]
}

/// Every 64th of a px is a whole binary fraction, so that nothing is rounded.
fn px(length: i32) -> f64 {
    f64::from(length) / 64.0
}

fn name(graph: &Graph, end: End) -> Option<&str> {
    match end {
        End::Node(v) => graph.nodes.get(v).map(|node| node.id.as_str()),
        End::Container(c) => graph.containers.get(c).map(|container| container.id.as_str()),
        End::Group(g) => graph.groups.get(g).map(|group| group.id.as_str()),
    }
}
