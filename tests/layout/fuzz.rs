//! Seeded random graphs: nested containers, zones, groups, labelled parallel and antiparallel lines, ends at containers.

use archgen::layout::{Class, Container, Direction, Edge, End, Fx, Graph, Group, Node, Role, Size, Sort};

/// Numbers from a seed: a linear congruential generator, so that a seed means the same graph for ever.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % limit.max(1)
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn one<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())]
    }
}

fn size(w: usize, h: usize) -> Size {
    let px = |length: usize| Fx(i32::try_from(length * 64).unwrap_or(0));
    Size { w: px(w), h: px(h) }
}

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
const SORTS: [Sort; 7] =
    [Sort::Outer, Sort::Region, Sort::Network, Sort::Zone, Sort::Tier(0), Sort::Host, Sort::Plain];
const CLASSES: [Class; 5] =
    [Class::Request, Class::Async, Class::Replication, Class::Telemetry, Class::Attached];

/// The graph of a seed with at most `most` leaves.
pub fn graph(seed: u64, most: usize) -> Graph {
    let mut numbers = Numbers(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(1));
    for _ in 0..4 {
        numbers.below(2);
    }
    let mut graph = Graph::default();
    let leaves = 2 + numbers.below(most - 1);
    let boxes = numbers.below(1 + (leaves / 3).min(if most > 60 { most / 6 } else { 10 }));
    for c in 0..boxes {
        let parent = (c > 0 && numbers.chance(60)).then(|| numbers.below(c));
        // Half the boxes have no part; the others are what a cloud has, in any order.
        let sort = if numbers.chance(50) { Sort::Plain } else { numbers.one(&SORTS) };
        let sort = if let Sort::Tier(_) = sort { Sort::Tier(u8::try_from(numbers.below(3)).unwrap_or(0)) } else { sort };
        let title = size(40 + numbers.below(120), 24);
        graph.containers.push(Container { id: format!("c{c}"), parent, sort, title });
    }
    for v in 0..leaves {
        let parent = (boxes > 0 && numbers.chance(80)).then(|| numbers.below(boxes));
        let text = size(24 + numbers.below(110), numbers.one(&[20, 20, 37]));
        let role = if numbers.chance(60) { Role::Compute } else { numbers.one(&ROLES) };
        graph.nodes.push(Node {
            id: format!("n{v}"),
            parent,
            role,
            tile: size(64, 64),
            text,
            place: None,
            after: None,
            copy_of: None,
        });
    }
    if leaves > 6 && numbers.chance(20) {
        let members = (0..2 + numbers.below(2)).map(|_| numbers.below(leaves)).collect();
        graph.groups.push(Group { id: "g0".into(), members, title: size(60 + numbers.below(60), 20) });
    }
    graph.direction = numbers.one(&[Direction::Auto, Direction::Down, Direction::Right]);
    lines(&mut graph, &mut numbers);
    graph
}

fn lines(graph: &mut Graph, numbers: &mut Numbers) {
    let leaves = graph.nodes.len();
    let count = leaves / 2 + numbers.below(leaves + leaves / 10);
    let container_ends = numbers.chance(40);
    let mut trunks = 0;
    while graph.edges.len() < count {
        let mut end = |numbers: &mut Numbers| {
            if container_ends && !graph.containers.is_empty() && numbers.chance(8) {
                End::Container(numbers.below(graph.containers.len()))
            } else if !graph.groups.is_empty() && numbers.chance(6) {
                End::Group(0)
            } else {
                End::Node(numbers.below(leaves))
            }
        };
        let (from, to) = (end(numbers), end(numbers));
        if from == to && !numbers.chance(20) {
            continue;
        }
        let class = if numbers.chance(60) { Class::Request } else { numbers.one(&CLASSES) };
        // Now and then several lines between the same two, or a trunk.
        let copies = if numbers.chance(8) { 2 + numbers.below(3) } else { 1 };
        for copy in 0..copies {
            let back = copy > 0 && numbers.chance(40);
            let label = numbers.chance(80).then(|| size(24 + numbers.below(110), 20));
            let (from, to) = if back { (to, from) } else { (from, to) };
            let id = format!("e{}", graph.edges.len());
            graph.edges.push(Edge { id, from, to, class, label, trunk: None });
        }
        if copies == 1 && from != to && numbers.chance(5) {
            let trunk = Some(trunks);
            trunks += 1;
            if let Some(first) = graph.edges.last_mut() {
                first.trunk = trunk;
            }
            for _ in 0..1 + numbers.below(3) {
                let other = End::Node(numbers.below(leaves));
                if other == from || other == to || graph.edges.iter().any(|e| e.trunk == trunk && e.from == other) {
                    continue;
                }
                let id = format!("e{}", graph.edges.len());
                graph.edges.push(Edge { id, from: other, to, class, label: None, trunk });
            }
        }
    }
}
