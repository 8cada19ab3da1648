//! Where lines may leave leaves, boxes and groups.

use std::collections::BTreeMap;

use super::geom::{Area, Len, px};
use super::grid::Grid;
use super::input::{Input, Item};
use super::picture::Picture;
use super::search::{DOWN, LEFT, Port, RIGHT, UP};
use super::{Class, End, Role};

/// Offsets of ports from the middle of a side and what each costs: one line takes the middle, the next stand 16 px apart.
const FEW: [(i64, u32); 5] = [(0, 0), (-16, 40), (16, 40), (-8, 90), (8, 90)];
/// For leaves with many lines.
const MANY: [(i64, u32); 9] =
    [(0, 0), (-6, 10), (6, 10), (-12, 20), (12, 20), (-18, 30), (18, 30), (-24, 40), (24, 40)];
/// From this many lines on a leaf uses [`MANY`].
const BUSY: usize = 12;

/// Ports that are the same for every search.
pub(super) struct Ports {
    /// Lines at each leaf.
    degree: Vec<usize>,
    /// The height at which a line leaves its group towards the column at the right.
    pub(super) exits: BTreeMap<usize, Len>,
}

impl Ports {
    pub(super) fn new(input: &Input, picture: &Picture) -> Ports {
        let mut degree = vec![0; picture.tiles.len()];
        for edge in &input.graph.edges {
            for end in [edge.from, edge.to] {
                if let End::Node(v) = end
                    && v < degree.len()
                {
                    degree[v] += 1;
                }
            }
        }
        Ports { degree, exits: exits(input, picture) }
    }

    /// The coordinates that ports need, by axis.
    pub(super) fn lines(&self, picture: &Picture) -> (Vec<Len>, Vec<Len>) {
        let (mut xs, mut ys) = (Vec::new(), Vec::new());
        for (v, tile) in picture.tiles.iter().enumerate() {
            let (cx, cy) = tile.centre();
            for &(offset, _) in self.offsets(v, tile) {
                xs.push(cx + px(offset));
                ys.push(cy + px(offset));
            }
        }
        ys.extend(self.exits.values());
        (xs, ys)
    }

    fn offsets(&self, v: usize, tile: &Area) -> &'static [(i64, u32)] {
        if tile.w() < px(56) || tile.h() < px(56) {
            return &FEW[..1];
        }
        match self.degree[v] {
            0..3 => &FEW[..3],
            3..BUSY => &FEW,
            _ => &MANY,
        }
    }

    /// The ports of one end of a line.
    pub(super) fn of(
        &self,
        input: &Input,
        picture: &Picture,
        grid: &Grid,
        edge: usize,
        start: bool,
    ) -> Vec<Port> {
        let line = &input.graph.edges[edge];
        let (end, other) = if start { (line.from, line.to) } else { (line.to, line.from) };
        match end {
            End::Node(v) => {
                let mut ports = self.leaf(input, picture, grid, v, other);
                if !start && self.exits.contains_key(&edge) {
                    // What comes over the lanes ends at the near side, or the column would be wrapped in lines.
                    for port in ports.iter_mut().filter(|port| port.out != LEFT) {
                        port.cost += 150;
                    }
                }
                ports
            }
            End::Container(c) => {
                let inner = input.end_item(other).is_some_and(|item| input.is_in(item, c));
                border(grid, &picture.boxes[c], Some(&picture.titles[c]), inner)
            }
            End::Group(g) => {
                let Some(frame) = picture.frames[g] else {
                    let first = input.members[g].first().copied();
                    return first.map(|v| self.leaf(input, picture, grid, v, other)).unwrap_or_default();
                };
                if let Some(&y) = self.exits.get(&edge).filter(|_| start) {
                    return at(grid, RIGHT, (frame.x1, y), 0).into_iter().collect();
                }
                let mut ports = border(grid, &frame, None, false);
                prefer(&mut ports, &self.wishes(input, picture, g, other));
                ports
            }
        }
    }

    /// Where a line to or from a group should meet its border: in line with the other end, or with a member.
    fn wishes(&self, input: &Input, picture: &Picture, g: usize, other: End) -> Vec<(Len, Len)> {
        let mut wishes: Vec<(Len, Len)> =
            input.members[g].iter().map(|&v| picture.tiles[v].centre()).collect();
        if let End::Node(v) = other
            && let Some(tile) = picture.tiles.get(v)
        {
            wishes.push(tile.centre());
        }
        wishes
    }

    fn leaf(&self, input: &Input, picture: &Picture, grid: &Grid, v: usize, other: End) -> Vec<Port> {
        let (tile, text) = (picture.tiles[v], picture.texts[v]);
        let (cx, cy) = tile.centre();
        let side = self.gateway_side(input, picture, v, other);
        let mut ports = Vec::new();
        for &(offset, cost) in self.offsets(v, &tile) {
            let offset = px(offset);
            if side != Some(false) {
                ports.extend(at(grid, UP, (cx + offset, tile.y0), cost));
            }
            if side != Some(true) {
                ports.extend(at(grid, DOWN, (cx + offset, text.y1.max(tile.y1)), cost + 6));
            }
            let (cost, fits) = match side {
                Some(outside) => (20, if outside { offset < 0 } else { offset > 0 }),
                None => (cost, true),
            };
            if fits {
                ports.extend(at(grid, RIGHT, (tile.x1, cy + offset), cost));
                ports.extend(at(grid, LEFT, (tile.x0, cy + offset), cost));
            }
        }
        ports
    }

    /// For a leaf on the border of its box: whether the other end lies outside, which takes the upper half of its sides.
    fn gateway_side(&self, input: &Input, picture: &Picture, v: usize, other: End) -> Option<bool> {
        let parent = input.node_parent[v];
        let on_border = input.role(v) == Role::Gateway
            && picture.boxes.get(parent).is_some_and(|area| picture.tiles[v].y0 < area.y0 && !input.right);
        on_border.then(|| input.end_item(other).is_none_or(|item| !input.is_in(item, parent)))
    }
}

/// The port at a spot on a border, when the grid reaches it.
fn at(grid: &Grid, out: usize, spot: (Len, Len), cost: u32) -> Option<Port> {
    let (x, y) = spot;
    let (i, j) = match out {
        RIGHT => (grid.xs.partition_point(|&at| at <= x), grid.ys.binary_search(&y).ok()?),
        LEFT => (grid.xs.partition_point(|&at| at < x).checked_sub(1)?, grid.ys.binary_search(&y).ok()?),
        DOWN => (grid.xs.binary_search(&x).ok()?, grid.ys.partition_point(|&at| at <= y)),
        _ => (grid.xs.binary_search(&x).ok()?, grid.ys.partition_point(|&at| at < y).checked_sub(1)?),
    };
    (i < grid.nx() && j < grid.ys.len()).then(|| Port { point: j * grid.nx() + i, out, spot, cost })
}

/// Ports all around a border but for its corners and title.
fn border(grid: &Grid, area: &Area, title: Option<&Area>, inwards: bool) -> Vec<Port> {
    let mut ports = Vec::new();
    let mut add = |out: usize, spot: (Len, Len)| {
        let titled = title
            .is_some_and(|title| title.w() > 0 && spot.0 < title.x1 + px(8) && spot.1 < title.y1 + px(8));
        let out = if inwards { (out + 2) % 4 } else { out };
        ports.extend(at(grid, out, spot, if titled { 2000 } else { 30 }));
    };
    for i in grid.columns(area.x0 + px(12), area.x1 - px(12)) {
        add(UP, (grid.xs[i], area.y0));
        add(DOWN, (grid.xs[i], area.y1));
    }
    for j in grid.rows(area.y0 + px(12), area.y1 - px(12)) {
        add(LEFT, (area.x0, grid.ys[j]));
        add(RIGHT, (area.x1, grid.ys[j]));
    }
    if ports.is_empty() {
        let (cx, cy) = area.centre();
        let i = grid.xs.partition_point(|&at| at < cx).min(grid.nx() - 1);
        let j = grid.ys.partition_point(|&at| at < cy).min(grid.ys.len() - 1);
        ports.extend(at(grid, UP, (grid.xs[i], area.y0), 0));
        ports.extend(at(grid, LEFT, (area.x0, grid.ys[j]), 0));
    }
    ports
}

/// Makes the ports in line with one of `wishes` cheaper than their neighbours.
fn prefer(ports: &mut [Port], wishes: &[(Len, Len)]) {
    for port in ports {
        let in_line = |wish: &(Len, Len)| {
            if port.out == UP || port.out == DOWN { wish.0 == port.spot.0 } else { wish.1 == port.spot.1 }
        };
        if wishes.iter().any(in_line) {
            port.cost = 0;
        }
    }
}

/// Lines from a group to the leaves at its right leave in the order of their targets, one of them straight.
fn exits(input: &Input, picture: &Picture) -> BTreeMap<usize, Len> {
    let mut exits = BTreeMap::new();
    if input.right {
        return exits;
    }
    for (g, frame) in picture.frames.iter().enumerate() {
        let Some(frame) = frame else { continue };
        // One port per target and class: what is told apart by neither is one trunk.
        let mut lines: BTreeMap<(Len, usize, Class), Vec<usize>> = BTreeMap::new();
        for (e, edge) in input.graph.edges.iter().enumerate() {
            let (End::Group(from), Some(Item::Leaf(v))) = (edge.from, input.end_item(edge.to)) else {
                continue;
            };
            let beside = matches!(input.role(v), Role::Regional | Role::Monitor);
            if from == g && beside && picture.tiles[v].x0 > frame.x1 + px(24) {
                lines.entry((picture.tiles[v].centre().1, v, edge.class)).or_default().push(e);
            }
        }
        let count = i64::try_from(lines.len()).unwrap_or(0);
        let (low, high) = (frame.y0 + px(16), frame.y1 - px(16));
        if count == 0 || (count - 1) * px(8) > high - low {
            continue;
        }
        let pitch = px(24).min((high - low) / (count - 1).max(1));
        let level = input.members[g].first().map_or(frame.centre().1, |&v| picture.tiles[v].centre().1);
        let straight = lines.keys().position(|key| key.0 == level);
        let straight = i64::try_from(straight.unwrap_or(lines.len() / 2)).unwrap_or(0);
        let first = (level - straight * pitch).min(high - (count - 1) * pitch).max(low);
        for (k, list) in (0i64..).zip(lines.values()) {
            for &e in list {
                exits.insert(e, first + k * pitch);
            }
        }
    }
    exits
}
