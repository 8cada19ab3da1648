//! The comparison with other layout engines; see `benches/compare/`. `ARCHGEN_COMPARE=write` writes the graphs for them,
//! `read` judges what they made of them, beside our own, and prints a table.

#[path = "layout/graphs.rs"]
#[expect(dead_code, reason = "the layout's tests use the rest")]
mod graphs;

use std::path::{Path, PathBuf};
use std::time::Instant;

use archgen::layout::check::{check, quality};
use archgen::layout::{End, Fx, Graph, Layout, Point, Rect, Route, Size, layout};
use serde_json::{Value, json};

/// The graphs that are compared.
const GRAPHS: [&str; 11] = [
    "shop",
    "three-tier",
    "ecs-mongo",
    "craftech",
    "aws-ha",
    "threeaz",
    "deep8",
    "hub40",
    "big96",
    "compose",
    "serverless",
];
const ENGINES: [&str; 3] = ["elk", "dot-ortho", "dot-spline"];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("target/compare/graphs")
}

fn f(length: Fx) -> f64 {
    f64::from(length.0) / 64.0
}

fn fx(value: &Value) -> Fx {
    #[expect(clippy::cast_possible_truncation, reason = "a picture is smaller than that")]
    Fx((value.as_f64().unwrap_or(0.0) * 64.0).round() as i32)
}

/// A graph that the others can take: without overlays, whose lines go to the first member instead.
fn plain(name: &str) -> Graph {
    let mut graph = graphs::read(name);
    let groups = std::mem::take(&mut graph.groups);
    for edge in &mut graph.edges {
        for end in [&mut edge.from, &mut edge.to] {
            if let End::Group(g) = *end {
                *end = End::Node(groups[g].members[0]);
            }
        }
        edge.trunk = None;
    }
    graph
}

fn slot(graph: &Graph, v: usize) -> Size {
    let node = &graph.nodes[v];
    Size { w: node.tile.w.max(node.text.w), h: Fx(node.tile.h.0 + node.text.h.0) }
}

fn written(graph: &Graph) -> Value {
    let container = |parent: Option<usize>| parent.map(|c| graph.containers[c].id.clone());
    let end = |end: End| match end {
        End::Node(v) => graph.nodes[v].id.clone(),
        End::Container(c) => graph.containers[c].id.clone(),
        End::Group(_) => unreachable!("taken out"),
    };
    json!({
        "nodes": graph.nodes.iter().enumerate().map(|(v, node)| {
            let size = slot(graph, v);
            json!({ "id": node.id, "parent": container(node.parent), "w": f(size.w), "h": f(size.h) })
        }).collect::<Vec<_>>(),
        "containers": graph.containers.iter().map(|c| {
            json!({ "id": c.id, "parent": container(c.parent), "title": [f(c.title.w), f(c.title.h)] })
        }).collect::<Vec<_>>(),
        "edges": graph.edges.iter().map(|edge| {
            let label = edge.label.map(|size| [f(size.w), f(size.h)]);
            json!({ "from": end(edge.from), "to": end(edge.to), "label": label })
        }).collect::<Vec<_>>(),
    })
}

fn rect(value: &Value) -> Rect {
    Rect { x: fx(&value["x"]), y: fx(&value["y"]), w: fx(&value["w"]), h: fx(&value["h"]) }
}

/// What another engine made; `None` when it failed.
fn read(graph: &Graph, made: &Value) -> Option<Layout> {
    let list = |key: &str| made[key].as_array().map_or(&[][..], Vec::as_slice);
    if !made["failed"].is_null() || list("nodes").is_empty() {
        return None;
    }
    let tiles = list("nodes").iter().enumerate().map(|(v, value)| {
        let (slot, tile) = (rect(value), graph.nodes[v].tile);
        Rect { x: Fx(slot.x.0 + (slot.w.0 - tile.w.0) / 2), y: slot.y, w: tile.w, h: tile.h }
    });
    let routes = list("edges").iter().map(|edge| Route {
        points: edge["points"]
            .as_array()
            .map_or(&[][..], Vec::as_slice)
            .iter()
            .map(|p| Point { x: fx(&p[0]), y: fx(&p[1]) })
            .collect(),
        label: edge["label"].as_array().map(|l| Rect {
            x: fx(&l[0]),
            y: fx(&l[1]),
            w: fx(&l[2]),
            h: fx(&l[3]),
        }),
        gate: None,
    });
    let containers: Vec<Rect> = list("containers").iter().map(rect).collect();
    let tiles: Vec<Rect> = tiles.collect();
    let right = containers.iter().chain(&tiles).map(|r| r.x.0 + r.w.0).max().unwrap_or(0);
    let bottom = containers.iter().chain(&tiles).map(|r| r.y.0 + r.h.0).max().unwrap_or(0);
    let size = Size { w: Fx(right), h: Fx(bottom) };
    Some(Layout {
        size,
        tiles,
        containers,
        groups: Vec::new(),
        group_titles: Vec::new(),
        routes: routes.collect(),
    })
}

/// The mistakes that any drawing can make, whatever its style: what is level, where a label stands beside its line and
/// which way the flow runs are ours to promise.
const MISTAKES: [&str; 15] = [
    "node_overlap",
    "not_in_container",
    "foreign_in_container",
    "sibling_container_overlap",
    "title_node",
    "edge_through_node",
    "edge_through_title",
    "edge_through_foreign_container",
    "label_node",
    "label_label",
    "label_title",
    "label_edge",
    "label_border",
    "edges_coincident",
    "missing_edge",
];

fn violations(graph: &Graph, made: &Layout) -> usize {
    let report = check(graph, made);
    MISTAKES.iter().map(|name| report.count(name)).sum()
}

fn row(name: &str, engine: &str, graph: &Graph, made: &Layout, ms: f64) {
    let q = quality(graph, made);
    println!(
        "| {name} | {engine} | {} | {} | {} | {} | {:.2} | {ms:.1} |",
        violations(graph, made),
        q.crossings,
        q.bends,
        q.length,
        q.area as f64 / 1e6,
    );
}

#[test]
#[ignore = "a part of benches/compare/run"]
fn compare() {
    let write = std::env::var("ARCHGEN_COMPARE").is_ok_and(|word| word == "write");
    if !write {
        println!("| graph | engine | violations | crossings | bends | length px | area Mpx | ms |");
        println!("| --- | --- | --: | --: | --: | --: | --: | --: |");
    }
    for name in GRAPHS {
        let graph = plain(name);
        if write {
            std::fs::create_dir_all(folder()).expect("the folder can be made");
            std::fs::write(folder().join(format!("{name}.json")), written(&graph).to_string())
                .expect("written");
            continue;
        }
        let mut times = Vec::new();
        let mut made = Layout::default();
        for _ in 0..5 {
            let start = Instant::now();
            made = layout(&graph);
            times.push(start.elapsed().as_secs_f64() * 1000.0);
        }
        times.sort_by(f64::total_cmp);
        row(name, "archgen", &graph, &made, times[2]);
        for engine in ENGINES {
            let path = folder().join(format!("{name}.{engine}.json"));
            let text = std::fs::read_to_string(&path).expect("the other engines ran");
            let value: Value = serde_json::from_str(&text).expect("JSON");
            match read(&graph, &value) {
                Some(made) => row(name, engine, &graph, &made, value["ms"].as_f64().unwrap_or(0.0)),
                None => println!("| {name} | {engine} | failed | | | | | |"),
            }
        }
    }
}
