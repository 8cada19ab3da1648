//! The promises on graphs that nobody would draw.

use archgen::layout::check::{check, quality};
use archgen::layout::{
    Class, Container, Direction, Edge, End, Fx, Gate, Graph, Group, Node, Place, Rect, Role, Size, Sort,
    layout,
};
use proptest::prelude::*;

use crate::promises::broken;

const SORTS: [Sort; 9] = [
    Sort::Outer,
    Sort::Region,
    Sort::Network,
    Sort::Zone,
    Sort::Zone,
    Sort::Tier(0),
    Sort::Tier(1),
    Sort::Host,
    Sort::Plain,
];
const ROLES: [Role; 11] = [
    Role::Actor,
    Role::Guard,
    Role::Cdn,
    Role::Gateway,
    Role::Nat,
    Role::Balancer,
    Role::Compute,
    Role::Store,
    Role::Regional,
    Role::Monitor,
    Role::External,
];
const CLASSES: [Class; 5] =
    [Class::Request, Class::Async, Class::Replication, Class::Telemetry, Class::Attached];
const PLACES: [Place; 4] = [Place::Left, Place::Right, Place::Below, Place::Row];

fn length(most: i32) -> impl Strategy<Value = Fx> {
    (0..=most * 64).prop_map(Fx)
}

fn size(w: i32, h: i32) -> impl Strategy<Value = Size> {
    (length(w), length(h)).prop_map(|(w, h)| Size { w, h })
}

fn container(n: usize) -> impl Strategy<Value = Container> {
    (prop::option::weighted(0.8, 0..n.max(1)), 0..SORTS.len(), size(220, 44))
        .prop_map(|(parent, sort, title)| Container { id: String::new(), parent, sort: SORTS[sort], title })
}

fn node(n: usize, containers: usize) -> impl Strategy<Value = Node> {
    let parent = prop::option::weighted(0.85, 0..containers.max(1));
    let place = prop::option::weighted(0.1, 0..PLACES.len());
    let after = prop::option::weighted(0.1, 0..n);
    let tile = prop_oneof![8 => Just(Size { w: Fx(64 * 64), h: Fx(64 * 64) }), 1 => size(200, 90)];
    let badge = prop::option::weighted(0.2, (-30..4i32, -20..4i32, size(60, 24)));
    (parent, 0..ROLES.len(), tile, size(200, 60), place, after, badge).prop_map(
        |(parent, role, tile, text, place, after, badge)| Node {
            id: String::new(),
            parent,
            role: ROLES[role],
            tile,
            text,
            badge: badge.map(|(x, y, size)| Rect { x: Fx(x * 64), y: Fx(y * 64), w: size.w, h: size.h }),
            place: place.map(|p| PLACES[p]),
            after,
            copy_of: None,
        },
    )
}

fn end(n: usize, containers: usize, groups: usize) -> impl Strategy<Value = End> {
    prop_oneof![
        12 => (0..n + 1).prop_map(End::Node),
        1 => (0..containers + 1).prop_map(End::Container),
        2 => (0..groups + 1).prop_map(End::Group),
    ]
}

fn graph() -> impl Strategy<Value = Graph> {
    (1usize..28, 0usize..10, 0usize..4).prop_flat_map(|(n, c, g)| {
        let containers: Vec<_> = (0..c).map(container).collect();
        let nodes = prop::collection::vec(node(n, c), n);
        let group = (prop::collection::vec(0..n, 1..4), size(120, 40)).prop_map(|(members, title)| Group {
            id: String::new(),
            members,
            title,
        });
        let groups = prop::collection::vec(group, g);
        let label = prop::option::weighted(0.6, size(140, 20));
        let gate = prop::option::weighted(0.2, (0..c + 1, size(90, 20)));
        let edge = (end(n, c, g), end(n, c, g), 0..CLASSES.len(), label, gate).prop_map(
            |(from, to, class, label, gate)| Edge {
                id: String::new(),
                from,
                to,
                class: CLASSES[class],
                label,
                gate: gate.map(|(container, size)| Gate { container, size }),
                trunk: None,
                speakers: Vec::new(),
            },
        );
        let edges = prop::collection::vec(edge, 0..2 * n);
        let direction = prop_oneof![Just(Direction::Auto), Just(Direction::Down), Just(Direction::Right)];
        (containers, nodes, groups, edges, direction).prop_map(
            |(containers, nodes, groups, edges, direction)| {
                let mut graph = Graph { nodes, containers, groups, edges, direction };
                for (i, node) in graph.nodes.iter_mut().enumerate() {
                    node.id = format!("n{i}");
                    node.parent = node.parent.filter(|&p| p < graph.containers.len());
                }
                for (i, container) in graph.containers.iter_mut().enumerate() {
                    container.id = format!("c{i}");
                    container.parent = container.parent.filter(|&p| p < i);
                }
                for (i, edge) in graph.edges.iter_mut().enumerate() {
                    edge.id = format!("e{i}");
                }
                graph
            },
        )
    })
}

/// Prints a counterexample one line an element.
struct Shown(Graph);

impl std::fmt::Debug for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Graph { nodes, containers, groups, edges, direction } = &self.0;
        writeln!(f, "{direction:?}")?;
        containers.iter().try_for_each(|c| writeln!(f, "{c:?}"))?;
        nodes.iter().try_for_each(|n| writeln!(f, "{n:?}"))?;
        groups.iter().try_for_each(|g| writeln!(f, "{g:?}"))?;
        edges.iter().try_for_each(|e| writeln!(f, "{e:?}"))
    }
}

/// A few in every run; `PROPTEST_CASES` asks for more.
fn cases() -> u32 {
    if std::env::var_os("PROPTEST_CASES").is_some() { ProptestConfig::default().cases } else { 40 }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, max_shrink_iters: 400, max_shrink_time: 20_000, ..ProptestConfig::default() })]

    #[test]
    fn random_graphs_keep_the_promises(Shown(graph) in graph().prop_map(Shown)) {
        let made = layout(&graph);
        prop_assert_eq!(broken(&graph, &made), Vec::<String>::new());
        let report = check(&graph, &made);
        for kind in ["node_overlap", "foreign_in_container", "sibling_container_overlap", "foreign_in_group", "title_node"] {
            prop_assert_eq!(report.count(kind), 0, "{:?}", report.details);
        }
        quality(&graph, &made);
        prop_assert_eq!(layout(&graph), made);
    }
}
