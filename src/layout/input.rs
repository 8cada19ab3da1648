//! P0: the graph made safe to work on: valid parents, sane sizes, lines lifted to where they decide something.
//!
//! Placing knows one flow direction only, downwards. A flow to the right is placed with width and height
//! swapped and swapped back at the end.

use std::collections::BTreeSet;

use super::geom::{Area, Len, px, up};
use super::{Class, Direction, Edge, End, Fx, Graph, Role, Size, Sort};

/// The graph and what placing asks about it again and again.
pub(super) struct Input<'a> {
    pub(super) graph: &'a Graph,
    /// Whether rows and columns are swapped.
    pub(super) right: bool,
    /// The container of each leaf; [`Input::page`] for none.
    pub(super) node_parent: Vec<usize>,
    /// The container of each container; [`Input::page`] for none.
    pub(super) cont_parent: Vec<usize>,
    /// How deep each container stands, the page last with 0.
    pub(super) depth: Vec<usize>,
    /// What stands directly in each container, the page last, in model order.
    pub(super) children: Vec<Vec<Item>>,
    /// Width and height of each leaf's tile in the picture's own axes: as the graph says, but a hub's is as large as its
    /// lines need.
    pub(super) tiles: Vec<(Len, Len)>,
    /// How many lines end at each leaf; those of a trunk are one.
    pub(super) degree: Vec<usize>,
    /// The slots of the leaves.
    pub(super) slots: Vec<Slot>,
    /// The members of each group that exist, each once.
    pub(super) members: Vec<Vec<usize>>,
    /// For each container (the page last) the lines between its direct children.
    pub(super) lifts: Vec<Vec<Lift>>,
    /// For each container (the page last) the lines with an end in it, however deep.
    pub(super) touching: Vec<Vec<usize>>,
    /// How each container's inside is arranged.
    pub(super) inside: Vec<Inside>,
}

/// Something that is placed as one piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Item {
    Leaf(usize),
    Box(usize),
}

/// The room of an item and the point by which rows and columns line it up.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Slot {
    pub(super) w: Len,
    pub(super) h: Len,
    pub(super) ax: Len,
    pub(super) ay: Len,
}

/// A line as two direct children of one container see it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lift {
    pub(super) edge: usize,
    pub(super) from: Item,
    pub(super) to: Item,
    pub(super) class: Class,
}

/// Who arranges what stands in a container.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Inside {
    /// Layers along the flow.
    Layers,
    /// Zones as columns, tiers as rows.
    Zones,
    /// An inner box on the spine, its surroundings above and at the right.
    Spine(usize),
    /// The container around it does, because it is one of its zones or tiers.
    Managed,
}

/// A copy of the graph without what points at nothing, and which of its lines are left.
pub(super) fn sound(graph: &Graph) -> (Graph, Vec<usize>) {
    let mut sound = graph.clone();
    let (nodes, containers) = (sound.nodes.len(), sound.containers.len());
    for node in &mut sound.nodes {
        node.after = node.after.filter(|&v| v < nodes);
    }
    for group in &mut sound.groups {
        group.members.retain(|&v| v < nodes);
    }
    let exists = |end: End| match end {
        End::Node(v) => v < nodes,
        End::Container(c) => c < containers,
        End::Group(g) => sound.groups.get(g).is_some_and(|group| !group.members.is_empty()),
    };
    let kept: Vec<usize> = (0..graph.edges.len())
        .filter(|&e| exists(graph.edges[e].from) && exists(graph.edges[e].to))
        .collect();
    let speaks = |edge: &Edge, v: usize| match edge.from {
        End::Group(g) => sound.groups.get(g).is_some_and(|group| group.members.contains(&v)),
        _ => false,
    };
    let edge = |&e: &usize| {
        let mut edge = graph.edges[e].clone();
        let speakers = std::mem::take(&mut edge.speakers);
        edge.speakers = speakers.into_iter().filter(|&v| speaks(&edge, v)).collect();
        edge
    };
    sound.edges = kept.iter().map(edge).collect();
    (sound, kept)
}

/// Checks and prepares the graph.
pub(super) fn normalise(graph: &Graph) -> Input<'_> {
    let page = graph.containers.len();
    let cont_parent: Vec<usize> = graph
        .containers
        .iter()
        .enumerate()
        .map(|(c, box_)| box_.parent.filter(|&p| p < c).unwrap_or(page))
        .collect();
    let node_parent: Vec<usize> =
        graph.nodes.iter().map(|node| node.parent.filter(|&p| p < page).unwrap_or(page)).collect();
    let mut depth = vec![0; page + 1];
    for c in 0..page {
        depth[c] = depth[cont_parent[c]] + 1;
    }
    let children = children(graph, &node_parent, &cont_parent);
    let members = graph
        .groups
        .iter()
        .map(|group| {
            let mut valid: Vec<usize> =
                group.members.iter().copied().filter(|&v| v < graph.nodes.len()).collect();
            valid.sort_unstable();
            valid.dedup();
            valid
        })
        .collect();
    let inside = inside(graph, &children);
    let zoned = inside.contains(&Inside::Zones);
    let right = match graph.direction {
        Direction::Down => false,
        Direction::Right => true,
        Direction::Auto => !zoned && graph.nodes.len() <= 24,
    };
    let mut input = Input {
        graph,
        right,
        node_parent,
        cont_parent,
        depth,
        children,
        tiles: Vec::new(),
        degree: degree(graph),
        slots: Vec::new(),
        members,
        lifts: vec![Vec::new(); page + 1],
        touching: vec![Vec::new(); page + 1],
        inside,
    };
    input.tiles = (0..graph.nodes.len()).map(|v| input.tile(v)).collect();
    let mut loops = vec![false; graph.nodes.len()];
    for edge in &graph.edges {
        if let (End::Node(a), End::Node(b)) = (edge.from, edge.to)
            && a == b
            && a < loops.len()
        {
            loops[a] = true;
        }
    }
    input.slots = (0..graph.nodes.len()).map(|v| input.leaf_slot(v, loops[v])).collect();
    for edge in 0..graph.edges.len() {
        if let Some((at, lift)) = input.lift(edge) {
            input.lifts[at].push(lift);
        }
        for end in [graph.edges[edge].from, graph.edges[edge].to] {
            input.touch(edge, end);
        }
    }
    input
}

/// How many lines end at each leaf; those of a trunk are one.
fn degree(graph: &Graph) -> Vec<usize> {
    let mut degree = vec![0; graph.nodes.len()];
    let mut joined = BTreeSet::new();
    for edge in &graph.edges {
        for end in [edge.from, edge.to] {
            if let End::Node(v) = end
                && edge.trunk.is_none_or(|trunk| joined.insert((v, trunk)))
            {
                degree[v] += 1;
            }
        }
    }
    degree
}

/// What stands in each container in the order of the description: a box where its first leaf stands, but zones among
/// themselves in their own order, whatever stands in them.
fn children(graph: &Graph, node_parent: &[usize], cont_parent: &[usize]) -> Vec<Vec<Item>> {
    let page = cont_parent.len();
    let mut first = vec![usize::MAX; page + 1];
    for (v, &parent) in node_parent.iter().enumerate() {
        first[parent] = first[parent].min(v);
    }
    for c in (0..page).rev() {
        first[cont_parent[c]] = first[cont_parent[c]].min(first[c]);
    }
    let mut keyed: Vec<Vec<((usize, usize), Item)>> = vec![Vec::new(); page + 1];
    for (c, &parent) in cont_parent.iter().enumerate() {
        keyed[parent].push(((first[c], c), Item::Box(c)));
    }
    for (v, &parent) in node_parent.iter().enumerate() {
        keyed[parent].push(((v, usize::MAX), Item::Leaf(v)));
    }
    keyed
        .into_iter()
        .map(|mut list| {
            list.sort_unstable();
            let mut items: Vec<Item> = list.into_iter().map(|(_, item)| item).collect();
            let zone = |item: &Item| matches!(item, Item::Box(c) if graph.containers[*c].sort == Sort::Zone);
            let mut zones: Vec<Item> = items.iter().copied().filter(zone).collect();
            zones.sort_unstable();
            for (place, zone) in items.iter_mut().filter(|item| zone(item)).zip(zones) {
                *place = zone;
            }
            items
        })
        .collect()
}

/// Decides for each container how its inside is arranged.
fn inside(graph: &Graph, children: &[Vec<Item>]) -> Vec<Inside> {
    let page = graph.containers.len();
    let sort = |item: &Item| match item {
        Item::Box(c) => Some(graph.containers[*c].sort),
        Item::Leaf(_) => None,
    };
    let boxes = |list: &[Item], wanted: fn(Sort) -> bool| -> Vec<usize> {
        list.iter()
            .filter_map(|item| match item {
                Item::Box(c) if wanted(graph.containers[*c].sort) => Some(*c),
                _ => None,
            })
            .collect()
    };
    let is_zone: fn(Sort) -> bool = |s| s == Sort::Zone;
    let is_tier: fn(Sort) -> bool = |s| matches!(s, Sort::Tier(_));
    let mut inside = vec![Inside::Layers; page + 1];
    for c in std::iter::once(page).chain(0..page) {
        if inside[c] == Inside::Managed {
            continue;
        }
        let zones = boxes(&children[c], is_zone);
        if !zones.is_empty() {
            inside[c] = Inside::Zones;
            for z in zones {
                inside[z] = Inside::Managed;
                for t in boxes(&children[z], is_tier) {
                    inside[t] = Inside::Managed;
                }
            }
        } else if children[c].iter().any(|item| sort(item).is_some_and(is_tier)) {
            inside[c] = Inside::Zones;
            for t in boxes(&children[c], is_tier) {
                inside[t] = Inside::Managed;
            }
        }
    }
    // A box leads to the spine when it holds zones, however deep.
    let mut leads: Vec<bool> = inside.iter().map(|way| *way == Inside::Zones).collect();
    for c in (0..page).rev().chain([page]) {
        let within = |item: &Item| matches!(item, Item::Box(b) if leads[*b]);
        if children[c].iter().any(within) {
            leads[c] = true;
        }
    }
    for c in 0..=page {
        let mut on_spine = children[c]
            .iter()
            .filter_map(|item| if let Item::Box(b) = item { leads[*b].then_some(*b) } else { None });
        if let (Inside::Layers, Some(main), None) = (inside[c], on_spine.next(), on_spine.next()) {
            inside[c] = Inside::Spine(main);
        }
    }
    inside
}

impl Input<'_> {
    /// The index that stands for the page among the containers.
    pub(super) fn page(&self) -> usize {
        self.graph.containers.len()
    }

    pub(super) fn role(&self, leaf: usize) -> Role {
        self.graph.nodes[leaf].role
    }

    pub(super) fn sort(&self, c: usize) -> Option<Sort> {
        self.graph.containers.get(c).map(|box_| box_.sort)
    }

    /// The container an item stands in.
    pub(super) fn parent(&self, item: Item) -> usize {
        match item {
            Item::Leaf(v) => self.node_parent[v],
            Item::Box(c) => self.cont_parent[c],
        }
    }

    /// The item that stands for an end of a line; a group's is its first member.
    pub(super) fn end_item(&self, end: End) -> Option<Item> {
        match end {
            End::Node(v) => (v < self.graph.nodes.len()).then_some(Item::Leaf(v)),
            End::Container(c) => (c < self.graph.containers.len()).then_some(Item::Box(c)),
            End::Group(g) => self.members.get(g)?.first().map(|&v| Item::Leaf(v)),
        }
    }

    /// The direct child of `c` that holds `item` or is it.
    pub(super) fn child_towards(&self, item: Item, c: usize) -> Option<Item> {
        let mut at = item;
        loop {
            let parent = self.parent(at);
            if parent == c {
                return Some(at);
            }
            if parent == self.page() {
                return None;
            }
            at = Item::Box(parent);
        }
    }

    /// Whether `item` stands in `c`, however deep.
    pub(super) fn is_in(&self, item: Item, c: usize) -> bool {
        self.child_towards(item, c).is_some()
    }

    /// Size of a container's title along the picture's axes while placing.
    pub(super) fn title(&self, c: usize) -> (Len, Len) {
        self.graph.containers.get(c).map_or((0, 0), |box_| self.swapped(sane(box_.title)))
    }

    /// Size of a line's chip while placing; zero without one.
    pub(super) fn chip(&self, edge: usize) -> (Len, Len) {
        self.graph.edges[edge].label.map_or((0, 0), |size| self.swapped(sane(size)))
    }

    /// Width and height as placing sees them.
    pub(super) fn swapped(&self, (w, h): (Len, Len)) -> (Len, Len) {
        if self.right { (h, w) } else { (w, h) }
    }

    /// How far a leaf's tile and texts reach left and right of its line across the flow.
    pub(super) fn halves(&self, v: usize) -> (Len, Len) {
        let slot = self.slots[v];
        if self.right {
            return (slot.ax, slot.w - slot.ax);
        }
        let (tile, text) = (self.tiles[v].0, sane(self.graph.nodes[v].text).0);
        // What the slot is wider than usual is room for a line to the leaf itself.
        let half = tile.max(text) / 2 + (slot.w - slot_width(tile, text)) / 2;
        (half, half)
    }

    /// What stands on the top right corner of a leaf's `tile`, which it reaches over.
    pub(super) fn badge(&self, v: usize, tile: &Area) -> Option<Area> {
        let seen = self.graph.nodes[v].badge?;
        let (w, h) = sane(Size { w: seen.w, h: seen.h });
        let (x, y) = (Len::from(seen.x.0), Len::from(seen.y.0));
        let corner =
            |from: Len, length: Len, most: Len| (-most.max(0)..0).contains(&from) && from + length > 0;
        let fits = corner(x, w, tile.w() / 2 - px(8))
            && y < 0
            && (-px(64)..0).contains(&y)
            && (0..tile.h() / 4).contains(&(y + h));
        fits.then(|| Area::at(tile.x1 + x, tile.y0 + y, w, h))
    }

    /// A leaf's tile, larger where the lines of a hub would else lie on each other. All sides grow, since all lines may come
    /// from one.
    fn tile(&self, v: usize) -> (Len, Len) {
        let (w, h) = sane(self.graph.nodes[v].tile);
        let more = i64::try_from(self.degree[v].saturating_sub(HUB)).unwrap_or(0);
        let longer = |side: Len| (side + more * PITCH).min(px(2048)).max(side);
        (longer(w), longer(h))
    }

    fn leaf_slot(&self, v: usize, loops: bool) -> Slot {
        let (tw, th) = self.tiles[v];
        let (xw, xh) = sane(self.graph.nodes[v].text);
        let around = if loops { px(72) } else { 0 };
        let w = slot_width(tw, xw) + around;
        let h = up(th + if xh > 0 { xh + TEXT_PORT } else { 0 }).max(px(8));
        if self.right {
            Slot { w: h, h: w, ax: th / 2, ay: w / 2 }
        } else {
            Slot { w, h, ax: w / 2, ay: th / 2 }
        }
    }

    /// The lines with an end in `c`, however deep.
    pub(super) fn lines_at(&self, c: usize) -> impl Iterator<Item = (usize, &Edge)> {
        self.touching[c].iter().map(|&e| (e, &self.graph.edges[e]))
    }

    fn touch(&mut self, edge: usize, end: End) {
        let mut at = match self.end_item(end) {
            Some(Item::Leaf(v)) => self.node_parent[v],
            Some(Item::Box(c)) => c,
            None => return,
        };
        loop {
            if self.touching[at].last() != Some(&edge) {
                self.touching[at].push(edge);
            }
            if at == self.page() {
                return;
            }
            at = self.cont_parent[at];
        }
    }

    /// How far left of the spine a name or filter stands in the row above whose line goes down into `c`, past its title; zero
    /// without one. What ends at a gateway does not come in.
    pub(super) fn beside_spine(&self, c: usize) -> Len {
        let enters = |edge: &&Edge| {
            let inside = |end: End| self.end_item(end).is_some_and(|item| self.is_in(item, c));
            let gateway = matches!(edge.to, End::Node(v) if self.role(v) == Role::Gateway);
            edge.class == Class::Attached && !gateway && !inside(edge.from) && inside(edge.to)
        };
        let far = |edge: &Edge| match edge.from {
            End::Node(v) if self.role(v) == Role::Guard => px(136).max(self.slots[v].w / 2 + px(68)),
            _ => 0,
        };
        self.lines_at(c).map(|(_, edge)| edge).filter(enters).map(far).max().unwrap_or(0)
    }

    /// Finds the container whose direct children a line connects.
    fn lift(&self, edge: usize) -> Option<(usize, Lift)> {
        let line = &self.graph.edges[edge];
        let (mut a, mut b) = (self.end_item(line.from)?, self.end_item(line.to)?);
        if a == b {
            return None;
        }
        let depth = |item: Item| self.depth[self.parent(item)];
        while depth(a) > depth(b) {
            a = Item::Box(self.parent(a));
        }
        while depth(b) > depth(a) {
            b = Item::Box(self.parent(b));
        }
        while self.parent(a) != self.parent(b) {
            a = Item::Box(self.parent(a));
            b = Item::Box(self.parent(b));
        }
        (a != b).then(|| (self.parent(a), Lift { edge, from: a, to: b, class: line.class }))
    }
}

/// The width of the room that a tile and its text claim.
fn slot_width(tile: Len, text: Len) -> Len {
    up(px(120).max(text + px(16)).max(tile + px(16)))
}

/// So many lines find room around a tile of the usual size.
const HUB: usize = 40;
/// What each further line makes a hub longer.
const PITCH: Len = px(6);

/// Lines leave below a leaf this far under its last line of text.
pub(super) const TEXT_PORT: Len = px(4);

/// A size without the nonsense that would overflow.
pub(super) fn sane(size: Size) -> (Len, Len) {
    let cut = |length: Fx| Len::from(length.0).clamp(0, px(2048));
    (cut(size.w), cut(size.h))
}
