//! What every layout keeps, whatever the graph.

use archgen::layout::{End, Graph, Layout, Rect, Sort, layout};

use crate::graphs;

fn overlap(a: &Rect, b: &Rect) -> bool {
    a.x.0 < b.x.0 + b.w.0 && b.x.0 < a.x.0 + a.w.0 && a.y.0 < b.y.0 + b.h.0 && b.y.0 < a.y.0 + a.h.0
}

fn empty(r: &Rect) -> bool {
    r.w.0 <= 0 || r.h.0 <= 0
}

fn within(inner: &Rect, outer: &Rect, pad: i32) -> bool {
    inner.x.0 >= outer.x.0 + pad
        && inner.y.0 >= outer.y.0 + pad
        && inner.x.0 + inner.w.0 <= outer.x.0 + outer.w.0 - pad
        && inner.y.0 + inner.h.0 <= outer.y.0 + outer.h.0 - pad
}

fn texts(graph: &Graph, made: &Layout, v: usize) -> Rect {
    let (tile, text) = (made.tiles[v], graph.nodes[v].text);
    let x = tile.x.0 + (tile.w.0 - text.w.0) / 2;
    Rect { x: archgen::layout::Fx(x), y: archgen::layout::Fx(tile.y.0 + tile.h.0), w: text.w, h: text.h }
}

fn title(graph: &Graph, made: &Layout, c: usize) -> Rect {
    Rect { w: graph.containers[c].title.w, h: graph.containers[c].title.h, ..made.containers[c] }
}

fn above(graph: &Graph, mut at: Option<usize>, c: usize) -> bool {
    while let Some(p) = at {
        if p == c {
            return true;
        }
        at = graph.containers[p].parent;
    }
    false
}

/// Every broken promise in words.
pub(crate) fn broken(graph: &Graph, made: &Layout) -> Vec<String> {
    let mut wrong = Vec::new();
    let on_border = |v: usize, c: usize| {
        graph.nodes[v].role == archgen::layout::Role::Gateway && graph.nodes[v].parent == Some(c)
    };
    let n = graph.nodes.len();
    for a in 0..n {
        for b in 0..a {
            for (p, q) in [
                (made.tiles[a], made.tiles[b]),
                (texts(graph, made, a), made.tiles[b]),
                (made.tiles[a], texts(graph, made, b)),
                (texts(graph, made, a), texts(graph, made, b)),
            ] {
                if overlap(&p, &q) {
                    wrong.push(format!("leaves {} and {} overlap", graph.nodes[a].id, graph.nodes[b].id));
                }
            }
        }
        for c in 0..graph.containers.len() {
            let inside = above(graph, graph.nodes[a].parent, c);
            for r in [made.tiles[a], texts(graph, made, a)] {
                if empty(&r) {
                    continue;
                }
                if inside && !within(&r, &made.containers[c], 8 * 64) && !on_border(a, c) {
                    wrong.push(format!("{} is not inside {}", graph.nodes[a].id, graph.containers[c].id));
                }
                if !inside && overlap(&r, &made.containers[c]) {
                    wrong.push(format!(
                        "{} lies in the strange {}",
                        graph.nodes[a].id, graph.containers[c].id
                    ));
                }
                if overlap(&r, &title(graph, made, c)) {
                    wrong.push(format!(
                        "{} lies on the title of {}",
                        graph.nodes[a].id, graph.containers[c].id
                    ));
                }
            }
        }
    }
    for a in 0..graph.containers.len() {
        if !within(&title(graph, made, a), &made.containers[a], 0) {
            wrong.push(format!("the title of {} is cut", graph.containers[a].id));
        }
        for b in 0..graph.containers.len() {
            let (p, q) = (&made.containers[a], &made.containers[b]);
            if a != b && above(graph, graph.containers[a].parent, b) {
                if !within(p, q, 8 * 64) {
                    wrong
                        .push(format!("{} is not inside {}", graph.containers[a].id, graph.containers[b].id));
                }
                if overlap(p, &title(graph, made, b)) {
                    wrong.push(format!(
                        "{} lies on the title of {}",
                        graph.containers[a].id, graph.containers[b].id
                    ));
                }
            } else if a < b && !above(graph, graph.containers[b].parent, a) && overlap(p, q) {
                wrong.push(format!("{} and {} overlap", graph.containers[a].id, graph.containers[b].id));
            }
            let (ca, cb) = (&graph.containers[a], &graph.containers[b]);
            let odd = |parent: usize| matches!(graph.containers[parent].sort, Sort::Zone | Sort::Tier(_));
            let zones = ca.sort == Sort::Zone && cb.sort == Sort::Zone;
            if a < b && zones && ca.parent == cb.parent && !ca.parent.is_some_and(odd) {
                if (p.w, p.h) != (q.w, q.h) {
                    wrong.push(format!("zones {} and {} differ in size", ca.id, cb.id));
                }
                if p.y != q.y && p.x != q.x {
                    wrong.push(format!("zones {} and {} are not level", ca.id, cb.id));
                }
            }
        }
    }
    for g in made.groups.iter().filter(|r| !empty(r)) {
        for v in 0..n {
            let member =
                graph.groups[made.groups.iter().position(|r| r == g).unwrap_or(0)].members.contains(&v);
            if member && !within(&made.tiles[v], g, 0) {
                wrong.push(format!("{} sticks out of its group", graph.nodes[v].id));
            }
            if !member && overlap(&made.tiles[v], g) {
                wrong.push(format!("{} lies in a strange group", graph.nodes[v].id));
            }
        }
    }
    wrong.extend(lines(graph, made));
    wrong
}

/// What is broken about the lines' ends and corners.
fn lines(graph: &Graph, made: &Layout) -> Vec<String> {
    let mut wrong = Vec::new();
    for (edge, route) in graph.edges.iter().zip(&made.routes) {
        let valid = |end: End| match end {
            End::Node(v) => v < graph.nodes.len(),
            End::Container(c) => c < graph.containers.len(),
            End::Group(g) => {
                graph.groups.get(g).is_some_and(|group| group.members.iter().any(|&v| v < graph.nodes.len()))
            }
        };
        if !valid(edge.from) || !valid(edge.to) {
            continue;
        }
        if route.points.len() < 2 {
            wrong.push(format!("{} has no route", edge.id));
        }
        for pair in route.points.windows(2) {
            if pair[0].x != pair[1].x && pair[0].y != pair[1].y {
                wrong.push(format!("{} runs aslant", edge.id));
            }
        }
        if edge.label.is_some() != route.label.is_some() {
            wrong.push(format!("{} lost its label", edge.id));
        }
        for r in made.tiles.iter().chain(&made.containers).chain(route.label.iter()) {
            let all = Rect { w: made.size.w, h: made.size.h, ..Rect::default() };
            if !within(r, &all, 0) {
                wrong.push(format!("{} leaves the picture", edge.id));
            }
        }
    }
    wrong
}

/// Counts that say how good the lines are, for people.
pub(crate) fn quality(graph: &Graph, made: &Layout) -> String {
    let mut crossings = 0;
    let mut over_tiles = 0;
    let mut shared = 0;
    let mut bends = 0;
    let mut chips = 0;
    let segments: Vec<(usize, Rect)> = made
        .routes
        .iter()
        .enumerate()
        .flat_map(|(e, route)| {
            route.points.windows(2).map(move |p| {
                let (x, y) = (p[0].x.min(p[1].x), p[0].y.min(p[1].y));
                let (w, h) = ((p[0].x.0 - p[1].x.0).abs(), (p[0].y.0 - p[1].y.0).abs());
                (e, Rect { x, y, w: archgen::layout::Fx(w), h: archgen::layout::Fx(h) })
            })
        })
        .collect();
    let fat = |r: &Rect| Rect {
        x: archgen::layout::Fx(r.x.0 - 1),
        y: archgen::layout::Fx(r.y.0 - 1),
        w: archgen::layout::Fx(r.w.0 + 2),
        h: archgen::layout::Fx(r.h.0 + 2),
    };
    for route in &made.routes {
        bends += route.points.len().saturating_sub(2);
        if let Some(chip) = &route.label {
            let on_leaf = (0..graph.nodes.len())
                .any(|v| overlap(chip, &made.tiles[v]) || overlap(chip, &texts(graph, made, v)));
            let on_title = (0..graph.containers.len()).any(|c| overlap(chip, &title(graph, made, c)));
            let on_chip = made
                .routes
                .iter()
                .filter(|other| other.label.is_some_and(|other| overlap(chip, &other)))
                .count()
                > 1;
            chips += usize::from(on_leaf || on_title || on_chip);
        }
    }
    for (i, (e, p)) in segments.iter().enumerate() {
        for v in 0..graph.nodes.len() {
            let own = graph.edges[*e].from == End::Node(v) || graph.edges[*e].to == End::Node(v);
            over_tiles += usize::from(
                !own && (overlap(&fat(p), &made.tiles[v]) || overlap(&fat(p), &texts(graph, made, v))),
            );
        }
        for (f, q) in &segments[..i] {
            if e == f {
                continue;
            }
            let level = |r: &Rect| r.h.0 == 0;
            if level(p) != level(q) {
                let (h, v) = if level(p) { (p, q) } else { (q, p) };
                crossings +=
                    usize::from(h.x < v.x && v.x.0 < h.x.0 + h.w.0 && v.y < h.y && h.y.0 < v.y.0 + v.h.0);
            } else {
                shared += usize::from(overlap(&fat(p), &fat(q)));
            }
        }
    }
    format!(
        "{crossings} crossings, {bends} bends, {over_tiles} over leaves, {shared} shared, {chips} chips on something"
    )
}

#[test]
fn every_graph_keeps_the_promises() {
    for (name, graph) in graphs::all() {
        let made = layout(&graph);
        assert_eq!(broken(&graph, &made), Vec::<String>::new(), "{name}");
    }
}
