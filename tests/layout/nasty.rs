//! Shapes that break layouts.

use archgen::layout::{Class, Direction, Edge, End, Fx, Gate, Graph, Layout, Size, layout};

use crate::graphs::{all, large, parse};
use crate::promises::broken;

fn keeps(graph: &Graph) -> Layout {
    let made = layout(graph);
    assert_eq!(broken(graph, &made), Vec::<String>::new());
    made
}

#[test]
fn nothing_at_all() {
    assert_eq!(layout(&Graph::default()), Layout::default());
}

#[test]
fn one_leaf() {
    let made = keeps(&parse("N a - compute Only node"));
    assert_eq!(made.tiles[0].w.0, 64 * 64);
}

#[test]
fn empty_containers_show_their_titles() {
    keeps(&parse(
        "C a - region Region\nC b a network A rather long title of an empty network\nC c a zone Zone\nC d c tier0 Public",
    ));
}

#[test]
fn lines_to_oneself_keep_their_label() {
    let made = keeps(&parse("C c - host Host\nN a c compute A\nE a a request again\nE c c request around"));
    assert!(made.routes.iter().all(|route| route.points.len() == 5 && route.label.is_some()));
}

#[test]
fn lines_between_boxes_and_what_is_in_them() {
    keeps(&parse(
        "C a - host A\nC b - host B\nN x a compute X\nN y b compute Y\nE a b request box to box\nE x b request out\n\
         E b y request in\nE y a async back",
    ));
}

#[test]
fn many_lines_between_two() {
    let lines: String = (0..12).map(|i| format!("E a b request line {i}\n")).collect();
    keeps(&parse(&format!("N a - compute A\nN b - store B\n{lines}E b a request reply\n")));
}

#[test]
fn a_leaf_with_more_lines_than_its_sides_hold() {
    for spokes in [72, 150] {
        let mut text = String::from("N hub - balancer Hub\n");
        for i in 0..spokes {
            text += &format!("N s{i} - compute Spoke {i}\n");
            // Every third calls the hub, the others are called.
            let (from, to) =
                if i % 3 == 0 { (format!("s{i}"), "hub".into()) } else { ("hub".into(), format!("s{i}")) };
            text += &format!("E {from} {to} request call {i}\n");
        }
        let made = keeps(&parse(&text));
        assert!(made.tiles[0].w > made.tiles[1].w, "the hub grows with its lines");
    }
}

#[test]
fn lines_of_a_shared_frame_leave_below_those_they_speak_for() {
    let mut text = String::from("C v - network VPC\n");
    for z in ["a", "b"] {
        text += &format!("C {z} v zone {z}\nC app{z} {z} tier1 App\nC data{z} {z} tier2 Data\n");
        for service in ["one", "two", "three"] {
            text += &format!("N {service}{z} app{z} compute {service}\n");
        }
    }
    // The stores stand in another order than the services.
    for service in ["three", "one", "two"] {
        text += &format!("N {service}db dataa store {service} db\n");
    }
    text += "G machines onea,twoa,threea,oneb,twob,threeb Machines\n";
    for service in ["one", "two", "three"] {
        text += &format!("E machines:{service}a,{service}b {service}db request {service}\n");
    }
    let graph = parse(&text);
    let made = keeps(&graph);
    for (edge, route) in graph.edges.iter().zip(&made.routes) {
        let tile = made.tiles[edge.speakers[0]];
        assert_eq!(route.points[0].x.0, tile.x.0 + tile.w.0 / 2, "{}", edge.id);
    }
}

#[test]
fn every_graph_runs_to_the_right_as_well() {
    for (_, mut graph) in all() {
        graph.direction = Direction::Right;
        keeps(&graph);
    }
}

#[test]
fn three_hundred_boxes_in_boxes() {
    let mut text = String::from("C c0 - plain Box\n");
    for i in 1..300 {
        text += &format!("C c{i} c{} plain Box\n", i - 1);
    }
    text += "N a c299 compute Deep\nN b - compute Out\nE b a request down\n";
    keeps(&parse(&text));
}

#[test]
fn a_tier_that_only_one_zone_has() {
    let made = keeps(&parse(
        "C v - network VPC\nC a v zone A\nC b v zone B\nC t a tier0 Public\nC u a tier1 App\nC w b tier1 App\n\
         N n t nat NAT\nN x u compute X\nN y w compute Y\nE x n request egress",
    ));
    assert_eq!(made.containers[4].y, made.containers[5].y, "equal tiers share a row");
}

#[test]
fn sizes_that_make_no_sense() {
    let mut graph = parse("C c - host Host\nN a c compute A\nN b c compute B\nE a b request call");
    graph.nodes[0].tile = Size { w: Fx(i32::MIN), h: Fx(i32::MAX) };
    graph.nodes[1].text = Size { w: Fx(i32::MAX), h: Fx(-1) };
    graph.containers[0].title = Size { w: Fx(i32::MAX), h: Fx(i32::MAX) };
    graph.containers[0].parent = Some(9);
    graph.edges[0].label = Some(Size { w: Fx(i32::MAX), h: Fx(i32::MIN) });
    graph.edges.push(Edge {
        id: String::new(),
        from: End::Node(77),
        to: End::Group(3),
        class: Class::Async,
        label: None,
        gate: Some(Gate { container: 9, size: Size { w: Fx(i32::MAX), h: Fx(-1) } }),
        trunk: None,
        speakers: Vec::new(),
    });
    assert_eq!(layout(&graph), layout(&graph));
}

#[test]
fn a_spine_is_straight_and_zones_are_level() {
    let graph = crate::graphs::read("shop");
    let made = keeps(&graph);
    let at =
        |id: &str| graph.nodes.iter().position(|node| node.id == id).map(|v| made.tiles[v]).expect("a leaf");
    for id in ["cdn", "igw", "edge"] {
        assert_eq!(at(id).x, at("users").x, "{id} stands on the spine");
    }
    for (a, b) in [("nata", "natb"), ("bea", "beb"), ("dba", "dbb")] {
        assert_eq!(at(a).y, at(b).y, "{a} and {b} are level");
    }
    assert!(at("dba").x > at("ca").x && at("dbb").x < at("cb").x, "the databases face each other");
    assert!(at("users").y < at("cdn").y && at("cdn").y < at("igw").y && at("igw").y < at("edge").y);
}

#[test]
fn a_label_stands_between_its_ends() {
    let graph =
        parse("N a - compute A\nN b - compute B\nE a b request a label that is rather long for a line");
    let made = keeps(&graph);
    let label = made.routes[0].label.expect("a label");
    assert!(
        made.tiles.iter().all(|tile| label.x.0 >= tile.x.0 + tile.w.0 || label.x.0 + label.w.0 <= tile.x.0)
    );
}

#[test]
fn a_hundred_leaves() {
    keeps(&large(100));
}
