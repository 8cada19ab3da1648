//! Where lines may leave leaves, boxes and groups.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::geom::{Area, Len, px};
use super::grid::Grid;
use super::input::{Input, Item};
use super::lanes::Outlet;
use super::picture::Picture;
use super::search::{DOWN, LEFT, Port, RIGHT, UP};
use super::walls::{Walls, side};
use super::{Class, End, Role};

/// Offsets of ports from the middle of a side and what each costs: one line takes the middle, the next stand 16 px apart.
const FEW: [(i64, u32); 5] = [(0, 0), (-16, 40), (16, 40), (-8, 90), (8, 90)];
/// For leaves with many lines.
const MANY: [(i64, u32); 9] =
    [(0, 0), (-6, 10), (6, 10), (-12, 20), (12, 20), (-18, 30), (18, 30), (-24, 40), (24, 40)];
/// From this many lines on a leaf uses [`MANY`].
const BUSY: usize = 12;

/// What it costs to use a port that another line has taken, and one of a busy leaf.
const TAKEN: u32 = 40;
const TAKEN_IF_BUSY: u32 = 16;
/// What it costs to stand beside a labelled line that runs straight down or up: its label would have to make room.
const BESIDE_STRAIGHT: u32 = 200;
/// What it costs a neighbour in the row to come from below.
const OVER: u32 = 60;
/// What it costs to come in below the texts of a leaf, in a flow to the right.
const BELOW: u32 = 60;
/// What it costs to leave a group elsewhere than beside those it speaks for.
const ELSEWHERE: u32 = 150;
/// In pictures with more leaves than this, leaves with few lines have few ports.
const LARGE: usize = 60;

/// A point on the border of an end.
type Spot = (Len, Len);

/// Ports that are the same for every search.
pub(super) struct Ports {
    /// Lines at each leaf.
    degree: Vec<usize>,
    /// Whether a badge stands on the top right corner of each leaf.
    badged: Vec<bool>,
    /// The height at which a line leaves its group towards the column at the right.
    pub(super) exits: BTreeMap<usize, Len>,
    /// For each leaf the labelled line that runs straight up from it, and the one that runs straight down.
    straight: Vec<[Option<usize>; 2]>,
}

impl Ports {
    pub(super) fn new(input: &Input, picture: &Picture) -> Ports {
        let badged = (0..picture.tiles.len()).map(|v| input.badge(v, &picture.tiles[v]).is_some()).collect();
        Ports {
            degree: input.degree.clone(),
            badged,
            exits: exits(input, picture),
            straight: straight(input, picture),
        }
    }

    /// Where lines leave everything that is an end of one.
    pub(super) fn outlets(&self, input: &Input, picture: &Picture, walls: &Walls) -> Vec<Outlet> {
        let mut outlets = Vec::new();
        let homes = homes(input, picture.tiles.len());
        for (v, homes) in homes.into_iter().enumerate() {
            let homes: Rc<[usize]> = homes.into_iter().collect();
            for (out, spot, cost) in self.spots(picture, v) {
                outlets.push(outlet(out, spot, &homes, cost < 10));
            }
        }
        let (mut boxes, mut frames) = (BTreeSet::new(), BTreeSet::new());
        for edge in &input.graph.edges {
            for end in [edge.from, edge.to] {
                match end {
                    End::Container(c) => _ = boxes.insert(c),
                    End::Group(g) => _ = frames.insert(g),
                    End::Node(_) => {}
                }
            }
        }
        for c in boxes {
            for (out, spot) in middles(&picture.boxes[c]) {
                outlets.push(outlet(out, spot, &Rc::from([input.cont_parent[c]]), true));
                outlets.push(outlet((out + 2) % 4, spot, &Rc::from([c]), true));
            }
        }
        let mut framed = |(x, y): Spot, out: usize| {
            let beside = match out {
                RIGHT => (x + 1, y),
                DOWN => (x, y + 1),
                LEFT => (x - 1, y),
                _ => (x, y - 1),
            };
            outlets.push(outlet(out, (x, y), &Rc::from([walls.innermost(beside)]), true));
        };
        for frame in frames.into_iter().filter_map(|g| picture.frames[g]) {
            for (out, spot) in middles(&frame) {
                framed(spot, out);
            }
        }
        for (&e, &y) in &self.exits {
            if let End::Group(g) = input.graph.edges[e].from
                && let Some(frame) = picture.frames[g]
            {
                framed((frame.x1, y), RIGHT);
            }
        }
        outlets
    }

    /// The spots at which lines leave a leaf, and what each costs.
    fn spots(&self, picture: &Picture, v: usize) -> Vec<(usize, Spot, u32)> {
        let (tile, text) = (picture.tiles[v], picture.texts[v]);
        let (cx, cy) = tile.centre();
        let mut spots = Vec::new();
        for (offset, cost) in self.offsets(v, tile.w().min(tile.h())) {
            let offset = px(offset);
            if offset <= 0 || !self.badged[v] {
                spots.push((UP, (cx + offset, tile.y0), cost));
            }
            spots.push((DOWN, (cx + offset, text.y1.max(tile.y1)), cost + 6));
            spots.push((RIGHT, (tile.x1, cy + offset), cost));
            spots.push((LEFT, (tile.x0, cy + offset), cost));
        }
        spots
    }

    /// The offsets from the middle of the sides of a leaf, whose shorter one has the given length.
    fn offsets(&self, v: usize, side: Len) -> Vec<(i64, u32)> {
        if side < px(56) {
            return FEW[..1].to_vec();
        }
        let large = self.degree.len() > LARGE;
        let lines = self.degree[v];
        match () {
            () if large && lines <= 1 => FEW[..1].to_vec(),
            () if lines <= 4 => FEW[..3].to_vec(),
            () if lines < BUSY => FEW.to_vec(),
            () => {
                // The sides of a hub go on as they begin.
                let [.., (last, cost)] = MANY;
                let further = (last + 6..).step_by(6).take_while(|&offset| px(offset + 8) <= side / 2);
                MANY.into_iter().chain(further.flat_map(|offset| [(-offset, cost), (offset, cost)])).collect()
            }
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
                // What belongs to a neighbour in the row comes over those between, and its line is out of the label's way at once.
                let level =
                    line.class == Class::Attached && matches!(other, End::Node(w) if level(picture, v, w));
                for (out, upright) in [UP, DOWN].into_iter().zip(self.straight[v]) {
                    let cost = match upright {
                        Some(other) if other != edge => {
                            if level {
                                OVER * u32::from(out == DOWN)
                            } else {
                                BESIDE_STRAIGHT
                            }
                        }
                        _ => 0,
                    };
                    ports.iter_mut().filter(|port| port.out == out).for_each(|port| port.cost += cost);
                }
                if !start && self.exits.contains_key(&edge) {
                    // What comes over the lanes ends at the near side, or the column would be wrapped in lines.
                    for port in ports.iter_mut().filter(|port| port.out != LEFT) {
                        port.cost += 150;
                    }
                }
                if input.right && !start {
                    // Along a flow to the right lines come in from the left rather than through the texts below.
                    for port in ports.iter_mut().filter(|port| port.out == DOWN) {
                        port.cost += BELOW;
                    }
                }
                if line.class == Class::Replication && !input.right {
                    // What cannot run straight to its copy runs below, where no requests come in.
                    for port in ports.iter_mut().filter(|port| port.out == UP) {
                        port.cost += 100;
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
                let speakers = if start { line.speakers.as_slice() } else { &[] };
                if !speakers.is_empty() {
                    ports.iter_mut().for_each(|port| port.cost = ELSEWHERE);
                }
                prefer(&mut ports, &wishes(input, picture, g, speakers, other));
                ports
            }
        }
    }

    fn leaf(&self, input: &Input, picture: &Picture, grid: &Grid, v: usize, other: End) -> Vec<Port> {
        let outside = self.gateway_side(input, picture, v, other);
        let centre = picture.tiles[v].centre().1;
        let mut ports = Vec::new();
        for (out, spot, cost) in self.spots(picture, v) {
            // On a border the upper half of the sides is for what comes from outside, the lower for the inside.
            let (fits, cost) = match (outside, out) {
                (None, _) => (true, cost),
                (Some(outside), UP | DOWN) => (outside == (out == UP), cost),
                (Some(outside), _) => (if outside { spot.1 < centre } else { spot.1 > centre }, 20),
            };
            if fits {
                // A busy leaf has more lines than ports.
                let taken = if self.degree[v] < BUSY { TAKEN } else { TAKEN_IF_BUSY };
                ports.extend(at(grid, out, spot, cost).map(|port| Port { taken, ..port }));
            }
        }
        ports
    }

    /// For a leaf on the border of its box: whether the other end lies outside, which takes the upper half of its sides.
    pub(super) fn gateway_side(
        &self,
        input: &Input,
        picture: &Picture,
        v: usize,
        other: End,
    ) -> Option<bool> {
        let parent = input.node_parent[v];
        let on_border = input.role(v) == Role::Gateway
            && picture.boxes.get(parent).is_some_and(|area| picture.tiles[v].y0 < area.y0 && !input.right);
        on_border.then(|| input.end_item(other).is_none_or(|item| !input.is_in(item, parent)))
    }
}

/// The port at a spot on a border, when the grid reaches it.
fn at(grid: &Grid, out: usize, spot: Spot, cost: u32) -> Option<Port> {
    grid.beyond(spot, out).map(|point| Port { point, out, spot, cost, taken: TAKEN })
}

fn outlet(out: usize, spot: Spot, homes: &Rc<[usize]>, main: bool) -> Outlet {
    let axis = out % 2;
    let (start, at) = if axis == 0 { spot } else { (spot.1, spot.0) };
    Outlet { axis, at, start, homes: Rc::clone(homes), main }
}

/// For each leaf the containers it and its neighbours stand in: lines out of it may run straight into them.
fn homes(input: &Input, leaves: usize) -> Vec<BTreeSet<usize>> {
    let mut homes: Vec<BTreeSet<usize>> =
        (0..leaves).map(|v| BTreeSet::from([input.node_parent[v]])).collect();
    for edge in &input.graph.edges {
        for (end, other) in [(edge.from, edge.to), (edge.to, edge.from)] {
            let End::Node(v) = end else { continue };
            match other {
                End::Node(w) => _ = homes[v].insert(input.node_parent[w]),
                End::Container(c) => _ = homes[v].insert(input.cont_parent[c]),
                End::Group(g) => homes[v].extend(input.members[g].iter().map(|&w| input.node_parent[w])),
            }
        }
    }
    homes
}

/// The first request with a label of each leaf that runs straight up, and straight down, to the leaf next to it in a column.
fn straight(input: &Input, picture: &Picture) -> Vec<[Option<usize>; 2]> {
    let mut straight = vec![[None; 2]; picture.tiles.len()];
    for (e, edge) in input.graph.edges.iter().enumerate() {
        let (End::Node(v), End::Node(w)) = (edge.from, edge.to) else { continue };
        if edge.label.is_none() && edge.gate.is_none() {
            continue;
        }
        let (Some(a), Some(b)) = (picture.tiles.get(v), picture.tiles.get(w)) else { continue };
        if edge.class != Class::Request || a.centre().0 != b.centre().0 || v == w || input.right {
            continue;
        }
        let down = usize::from(a.y0 < b.y0);
        straight[v][down].get_or_insert(e);
        straight[w][1 - down].get_or_insert(e);
    }
    straight
}

/// Whether two leaves stand in one row.
fn level(picture: &Picture, v: usize, w: usize) -> bool {
    let middle = |v: usize| picture.tiles.get(v).map(|tile| tile.centre().1);
    middle(v) == middle(w)
}

/// The middles of the four sides of an area, with the direction out of it.
fn middles(area: &Area) -> [(usize, Spot); 4] {
    let (cx, cy) = area.centre();
    [(RIGHT, (area.x1, cy)), (DOWN, (cx, area.y1)), (LEFT, (area.x0, cy)), (UP, (cx, area.y0))]
}

/// Ports all around a border but for its corners and title.
fn border(grid: &Grid, area: &Area, title: Option<&Area>, inwards: bool) -> Vec<Port> {
    let mut ports = Vec::new();
    for out in [UP, DOWN, LEFT, RIGHT] {
        let axis = out % 2;
        let (low, high) = side(area, 1 - axis);
        let (near, far) = side(area, axis);
        let edge = if out == RIGHT || out == DOWN { far } else { near };
        for lane in grid.reaching(axis, low + px(12), high - px(12), edge) {
            let spot = if axis == 0 { (edge, lane.at) } else { (lane.at, edge) };
            let titled = title
                .is_some_and(|title| title.w() > 0 && spot.0 < title.x1 + px(8) && spot.1 < title.y1 + px(8));
            if !titled {
                ports.extend(at(grid, if inwards { (out + 2) % 4 } else { out }, spot, 30));
            }
        }
    }
    ports
}

/// Where a line to or from a group should meet its border: in line with one of those it speaks for; when these are all, with a
/// member or the other end.
fn wishes(input: &Input, picture: &Picture, g: usize, speakers: &[usize], other: End) -> Vec<(Len, Len)> {
    let centre = |&v: &usize| picture.tiles.get(v).map(Area::centre);
    if !speakers.is_empty() {
        return speakers.iter().filter_map(centre).collect();
    }
    let target = if let End::Node(v) = other { Some(v) } else { None };
    input.members[g].iter().chain(&target).filter_map(centre).collect()
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
