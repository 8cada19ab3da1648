//! The solve on small graphs: what has room stays, what has none gets it.

use super::super::check::check;
use super::super::{
    Class, Container, Direction, Edge, End, Fx, Graph, Layout, Node, Role, Size, Sort, layout, route,
};
use super::super::{input, picture, place};
use super::{Ease, solve};

pub(in super::super) fn size(w: i32, h: i32) -> Size {
    Size { w: Fx(w * 64), h: Fx(h * 64) }
}

fn leaf(id: usize, parent: Option<usize>) -> Node {
    Node {
        id: format!("n{id}"),
        parent,
        role: Role::Compute,
        tile: size(64, 64),
        text: size(60, 20),
        badge: None,
        place: None,
        after: None,
        copy_of: None,
    }
}

pub(in super::super) fn edge(from: usize, to: usize, label: Option<i32>) -> Edge {
    Edge {
        id: format!("n{from}->n{to}"),
        from: End::Node(from),
        to: End::Node(to),
        class: Class::Request,
        label: label.map(|w| size(w, 20)),
        gate: None,
        trunk: None,
        speakers: Vec::new(),
    }
}

pub(in super::super) fn graph(leaves: usize, edges: Vec<Edge>) -> Graph {
    let nodes = (0..leaves).map(|v| leaf(v, None)).collect();
    Graph { nodes, edges, direction: Direction::Down, ..Graph::default() }
}

fn sound(graph: &Graph) -> Layout {
    let made = layout(graph);
    let report = check(graph, &made);
    assert_eq!(report.violations(), 0, "{:?}", report.details);
    made
}

#[test]
fn a_picture_with_room_stays_exactly_as_it_is() {
    let mut graph = graph(3, vec![edge(0, 1, None), edge(1, 2, None)]);
    graph.containers.push(Container { id: "c".into(), parent: None, sort: Sort::Plain, title: size(80, 24) });
    graph.nodes[1].parent = Some(0);
    let input = input::normalise(&graph);
    let placed = picture::picture(&input, &place::place(&input));
    let rough = route::routes(&input, &placed);
    let (solved, ways) = solve(&input, &placed, &rough, Ease::Tight).unwrap();
    assert_eq!((solved.tiles, solved.boxes), (placed.tiles, placed.boxes));
    let points = |ways: &[route::Path]| ways.iter().map(|way| way.points.clone()).collect::<Vec<_>>();
    assert_eq!(points(&ways), points(&rough));
}

#[test]
fn labels_of_parallel_and_opposite_lines_find_room() {
    let mut edges: Vec<Edge> = (0..4).map(|_| edge(0, 1, Some(110))).collect();
    edges.extend([edge(1, 0, Some(90)), edge(1, 0, None)]);
    for direction in [Direction::Down, Direction::Right] {
        let mut graph = graph(2, edges.clone());
        graph.direction = direction;
        sound(&graph);
    }
}

#[test]
fn lines_that_all_turn_first_leave_nothing_wrong_either() {
    let edges: Vec<Edge> = (1..7).map(|v| edge(0, v, Some(70))).chain([edge(3, 5, Some(40))]).collect();
    let graph = graph(7, edges);
    let input = input::normalise(&graph);
    let placed = picture::picture(&input, &place::place(&input));
    let rough = route::routes(&input, &placed);
    let (picture, ways) = solve(&input, &placed, &rough, Ease::Loose).unwrap();
    let report = check(&graph, &super::super::finish(&input, &picture, ways));
    assert_eq!(report.violations(), 0, "{:?}", report.details);
}

#[test]
fn a_wide_label_on_a_short_line_moves_its_ends_apart() {
    let mut graph = graph(2, vec![edge(0, 1, Some(400))]);
    graph.direction = Direction::Right;
    let made = sound(&graph);
    let gap = made.tiles[1].x.0 - made.tiles[0].x.0 - 64 * 64;
    let upright = made.routes[0].points[0].x == made.routes[0].points[1].x;
    assert!(upright || gap > 400 * 64, "{gap}");
}

#[test]
fn lines_from_a_leaf_to_itself_keep_off_its_neighbours() {
    let edges = vec![edge(0, 0, Some(100)), edge(0, 0, None), edge(0, 1, Some(60)), edge(2, 0, Some(60))];
    sound(&graph(3, edges));
}

#[test]
fn branches_of_a_trunk_share_a_way() {
    let mut edges = vec![edge(0, 3, Some(50)), edge(1, 3, None), edge(2, 3, None)];
    for edge in &mut edges {
        edge.trunk = Some(0);
    }
    let made = sound(&graph(4, edges));
    let last = |e: usize| made.routes[e].points.last().copied();
    assert_eq!((last(0), last(0)), (last(1), last(2)));
}
