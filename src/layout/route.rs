//! P7: the way of each line. Straight ones first, then the outermost of those that leave a group together, then short ones;
//! what joins a trunk comes last. Lines that ended up crossing try again when all others lie.

use std::collections::BTreeMap;

use super::chips;
use super::geom::{Area, Len, px};
use super::grid::Grid;
use super::input::{Input, Item};
use super::picture::Picture;
use super::ports::Ports;
use super::search::{Memory, Port, Task, search};
use super::{Class, End, Role};

/// A line's way and its chip.
#[derive(Debug, Clone, Default)]
pub(super) struct Path {
    pub(super) points: Vec<(Len, Len)>,
    pub(super) chip: Option<Area>,
}

/// Pictures with more lines than this are routed in haste.
const HASTY: usize = 150;

/// How a line lies on the grid.
#[derive(Debug, Clone)]
struct Laid {
    corners: Vec<usize>,
    from: Port,
    to: Port,
}

/// What routing knows.
struct Router<'a> {
    input: &'a Input<'a>,
    picture: &'a Picture,
    grid: Grid,
    memory: Memory,
    ports: Ports,
    laid: Vec<Option<Laid>>,
    /// The trunk of each line that shares one.
    trunk: Vec<Option<usize>>,
}

/// Routes all lines and places their labels.
pub(super) fn routes(input: &Input, picture: &Picture) -> Vec<Path> {
    let edges = &input.graph.edges;
    if edges.is_empty() {
        return Vec::new();
    }
    let ports = Ports::new(input, picture);
    let grid = Grid::new(input, picture, ports.lines(picture));
    let memory = Memory::new(&grid);
    let mut router =
        Router { input, picture, grid, memory, ports, laid: vec![None; edges.len()], trunk: trunks(input) };
    let order = router.order();
    for &e in &order {
        router.lay(e);
    }
    let passes = if edges.len() <= 150 { 2 } else { 1 };
    for _ in 0..passes {
        for &e in &order {
            if router.disturbed(e) {
                router.lay(e);
            }
        }
    }
    let mut paths: Vec<Path> = (0..edges.len()).map(|e| router.path(e)).collect();
    chips::place(input, picture, &mut paths);
    paths
}

/// Lines of one class to one target beside the network share a way, and what one gateway sends to several externals.
fn trunks(input: &Input) -> Vec<Option<usize>> {
    let edges = &input.graph.edges;
    let mut by_end: BTreeMap<(Class, bool, Item), Vec<usize>> = BTreeMap::new();
    for (e, edge) in edges.iter().enumerate() {
        let (Some(from), Some(to)) = (input.end_item(edge.from), input.end_item(edge.to)) else { continue };
        let role = |item: Item| if let Item::Leaf(v) = item { Some(input.role(v)) } else { None };
        if matches!(role(to), Some(Role::Monitor | Role::Regional)) {
            by_end.entry((edge.class, false, to)).or_default().push(e);
        } else if (role(from) == Some(Role::Gateway) && role(to) == Some(Role::External))
            || matches!(edge.class, Class::Attached)
        {
            by_end.entry((edge.class, true, from)).or_default().push(e);
        }
    }
    let mut trunk = vec![None; edges.len()];
    for (id, list) in by_end.values().enumerate() {
        let labels: Vec<_> = list.iter().filter_map(|&e| edges[e].label).collect();
        // Different labels must stay apart; equal sizes are taken for equal words.
        let one_label = labels.windows(2).all(|pair| pair[0] == pair[1]);
        if list.len() > 1 && one_label {
            for &e in list {
                trunk[e] = Some(id);
            }
        }
    }
    trunk
}

impl Router<'_> {
    /// The order in which lines are laid.
    fn order(&self) -> Vec<usize> {
        let spot = |end: End| -> (Len, Len) {
            match end {
                End::Node(v) => self.picture.tiles.get(v).map(Area::centre),
                End::Container(c) => self.picture.boxes.get(c).map(Area::centre),
                End::Group(g) => self.picture.frames.get(g).copied().flatten().map(|frame| frame.centre()),
            }
            .unwrap_or_default()
        };
        let mut leads: BTreeMap<usize, usize> = BTreeMap::new();
        let mut keyed: Vec<((u8, Len, Len), usize)> = Vec::new();
        for (e, edge) in self.input.graph.edges.iter().enumerate() {
            let (a, b) = (spot(edge.from), spot(edge.to));
            let length = (a.0 - b.0).abs() + (a.1 - b.1).abs();
            let follows = self.trunk[e].is_some_and(|trunk| *leads.entry(trunk).or_insert(e) != e);
            let key = match self.ports.exits.get(&e) {
                _ if follows => (5, length, 0),
                // Of those that leave upwards the topmost takes the nearest lane, downwards the lowest.
                Some(&y) if y == b.1 => (1, 0, 0),
                Some(&y) if b.1 < y => (2, y, 0),
                Some(&y) => (3, -y, 0),
                None if a.0 == b.0 || a.1 == b.1 => (0, length, 0),
                None => (4, length, 0),
            };
            keyed.push((key, e));
        }
        keyed.sort_unstable();
        keyed.into_iter().map(|(_, e)| e).collect()
    }

    /// Finds a way for a line, instead of the one it has.
    fn lay(&mut self, e: usize) {
        let edge = &self.input.graph.edges[e];
        let (Some(from), Some(to)) = (self.input.end_item(edge.from), self.input.end_item(edge.to)) else {
            return;
        };
        if self.area(edge.from) == self.area(edge.to) {
            return;
        }
        if let Some(old) = self.laid[e].take() {
            self.grid.mark(&old.corners, false);
        }
        let mates: Vec<usize> = self.mates(e).collect();
        for &m in &mates {
            self.mark(m, false);
        }
        let found = self.find(e, from, to, &mates).or_else(|| self.find(e, from, to, &[]));
        for &m in &mates {
            self.mark(m, true);
        }
        if let Some(laid) = found {
            self.grid.mark(&laid.corners, true);
            self.laid[e] = Some(laid);
        }
    }

    fn mark(&mut self, e: usize, add: bool) {
        if let Some(laid) = &self.laid[e] {
            self.grid.mark(&laid.corners, add);
        }
    }

    /// The laid lines of the same trunk.
    fn mates(&self, e: usize) -> impl Iterator<Item = usize> {
        let trunk = self.trunk[e];
        (0..self.laid.len())
            .filter(move |&m| m != e && trunk.is_some() && self.trunk[m] == trunk && self.laid[m].is_some())
    }

    fn find(&mut self, e: usize, from: Item, to: Item, mates: &[usize]) -> Option<Laid> {
        let edge = &self.input.graph.edges[e];
        let home = self.home(edge.from, edge.to);
        let starts = self.ports.of(self.input, self.picture, &self.grid, e, true);
        let ends = self.ports.of(self.input, self.picture, &self.grid, e, false);
        let leaf = |end: End, item: Item| match (end, item) {
            (End::Node(_), Item::Leaf(v)) => u32::try_from(v).ok(),
            (End::Group(g), Item::Leaf(v)) if self.picture.frames[g].is_none() => u32::try_from(v).ok(),
            _ => None,
        };
        let leaves = [leaf(edge.from, from), leaf(edge.to, to)];
        // A branch from a common source is searched from its own end towards the trunk.
        let reversed =
            mates.first().is_some_and(|&m| self.input.end_item(self.input.graph.edges[m].from) == Some(from));
        let trunk: Vec<usize> = mates.iter().flat_map(|&m| self.points(m)).collect();
        let window =
            self.window(starts.iter().chain(&ends).map(|port| port.point).chain(trunk.iter().copied()));
        let lanes = self.lanes(e);
        let haste = if self.laid.len() > HASTY { 7 } else { 4 };
        let group = |end: End| match end {
            End::Group(g) if self.picture.frames[g].is_some() => u32::try_from(g).ok(),
            _ => None,
        };
        let groups = [group(edge.from), group(edge.to)];
        let none: &[Port] = &[];
        let task = match (mates.is_empty(), reversed) {
            (true, _) => Task {
                from: &starts,
                to: &ends,
                trunk: &[],
                leaves,
                groups,
                home: &home,
                lanes,
                haste,
                window,
            },
            (false, false) => Task {
                from: &starts,
                to: none,
                trunk: &trunk,
                leaves,
                groups,
                home: &home,
                lanes,
                haste,
                window,
            },
            (false, true) => Task {
                from: &ends,
                to: none,
                trunk: &trunk,
                leaves: [leaves[1], leaves[0]],
                groups,
                home: &home,
                lanes,
                haste,
                window,
            },
        };
        let found = search(&self.grid, &mut self.memory, &task)?;
        let Some(port) = found.to else {
            return self.joined(found.corners, found.from, mates, reversed);
        };
        Some(Laid { corners: found.corners, from: found.from, to: port })
    }

    /// For a line from a group to the column at the right: where the network around the group ends.
    fn lanes(&self, e: usize) -> Option<Len> {
        let End::Group(g) = self.input.graph.edges[e].from else { return None };
        if !self.ports.exits.contains_key(&e) {
            return None;
        }
        let to = self.input.end_item(self.input.graph.edges[e].to)?;
        let member = Item::Leaf(*self.input.members[g].first()?);
        let mut at = member;
        // The outermost box around the group that the target does not stand in.
        let mut border = None;
        while self.input.parent(at) != self.input.page() && !self.input.is_in(to, self.input.parent(at)) {
            let parent = self.input.parent(at);
            border = Some(self.picture.boxes[parent].x1);
            at = Item::Box(parent);
        }
        border
    }

    /// The containers a line may run through: those around its ends.
    fn home(&self, from: End, to: End) -> Vec<bool> {
        let page = self.input.page();
        let mut home = vec![false; page + 1];
        home[page] = true;
        for end in [from, to] {
            let members: Vec<Item> = match end {
                End::Group(g) => self.input.members[g].iter().map(|&v| Item::Leaf(v)).collect(),
                _ => self.input.end_item(end).into_iter().collect(),
            };
            for item in members {
                let mut at = self.input.parent(item);
                while !home[at] {
                    home[at] = true;
                    at = self.input.cont_parent[at];
                }
            }
        }
        // Between the inside of a box and its own border the box itself is home.
        for (end, other) in [(from, to), (to, from)] {
            if let (End::Container(c), Some(item)) = (end, self.input.end_item(other))
                && self.input.is_in(item, c)
            {
                home[c] = true;
            }
        }
        home
    }

    /// The points of a laid line where others may join: not near its ends.
    fn points(&self, e: usize) -> Vec<usize> {
        let Some(laid) = &self.laid[e] else { return Vec::new() };
        let nx = self.grid.nx();
        let mut points = Vec::new();
        for pair in laid.corners.windows(2) {
            let (a, b) = (pair[0].min(pair[1]), pair[0].max(pair[1]));
            points.extend((a..=b).step_by(if a % nx == b % nx { nx } else { 1 }));
        }
        let far = |p: usize, port: &Port, least: Len| {
            let (x, y) = self.grid.at(p);
            (x - port.spot.0).abs() + (y - port.spot.1).abs() >= least
        };
        let inner: Vec<usize> = points
            .iter()
            .copied()
            .filter(|&p| far(p, &laid.from, px(24)) && far(p, &laid.to, px(40)))
            .collect();
        if inner.is_empty() { points } else { inner }
    }

    /// A branch completed by the rest of the trunk.
    fn joined(&self, mut corners: Vec<usize>, start: Port, mates: &[usize], reversed: bool) -> Option<Laid> {
        let joint = *corners.last()?;
        let mate = mates.iter().find(|&&m| self.points(m).contains(&joint))?;
        let laid = self.laid[*mate].as_ref()?;
        let nx = self.grid.nx();
        let on = |pair: &[usize]| {
            let (a, b) = (pair[0].min(pair[1]), pair[0].max(pair[1]));
            let level = a / nx == b / nx && joint / nx == a / nx;
            let upright = a % nx == b % nx && joint % nx == a % nx;
            (level || upright) && (a..=b).contains(&joint)
        };
        let k = laid.corners.windows(2).position(on)?;
        if reversed {
            let mut whole = laid.corners[..=k].to_vec();
            whole.extend(corners.iter().rev());
            return Some(Laid { corners: self.tidy(whole), from: laid.from, to: start });
        }
        corners.extend(&laid.corners[k + 1..]);
        Some(Laid { corners: self.tidy(corners), from: start, to: laid.to })
    }

    /// Leaves out repeated points and those in the middle of a straight way.
    fn tidy(&self, corners: Vec<usize>) -> Vec<usize> {
        let nx = self.grid.nx();
        let mut tidy: Vec<usize> = Vec::new();
        for p in corners {
            if tidy.last() == Some(&p) {
                continue;
            }
            if let [.., a, b] = tidy[..] {
                let level = a / nx == b / nx && b / nx == p / nx;
                let upright = a % nx == b % nx && b % nx == p % nx;
                if (level || upright) && (a < b) == (b < p) {
                    tidy.pop();
                }
            }
            tidy.push(p);
        }
        tidy
    }

    /// The part of the grid around these points that a search looks at.
    fn window(&self, points: impl Iterator<Item = usize>) -> [(usize, usize); 2] {
        let (nx, ny) = (self.grid.nx(), self.grid.ys.len());
        let all = [(0, nx - 1), (0, ny - 1)];
        if nx * ny < 30_000 {
            return all;
        }
        let hull = points.map(|p| self.grid.at(p)).map(|at| Area::spanning(at, at)).reduce(|a, b| a.join(&b));
        let Some(hull) = hull.map(|hull| hull.grown(px(320))) else { return all };
        let (columns, rows) = (self.grid.columns(hull.x0, hull.x1), self.grid.rows(hull.y0, hull.y1));
        [(columns.start, columns.end.saturating_sub(1)), (rows.start, rows.end.saturating_sub(1))]
    }

    /// Whether a line meets others where it should not.
    fn disturbed(&mut self, e: usize) -> bool {
        let Some(laid) = self.laid[e].clone() else { return false };
        let mates: Vec<usize> = self.mates(e).collect();
        for &m in &mates {
            self.mark(m, false);
        }
        self.grid.mark(&laid.corners, false);
        let nx = self.grid.nx();
        let met = laid.corners.windows(2).any(|pair| {
            let (a, b) = (pair[0].min(pair[1]), pair[0].max(pair[1]));
            let axis = usize::from(a % nx == b % nx);
            let step = if axis == 0 { 1 } else { nx };
            (a..b).step_by(step).any(|p| self.grid.used[axis][p] > 0 || self.grid.near[axis][p] > 5)
                || (a..=b).step_by(step).any(|p| self.grid.through[1 - axis][p] > 0)
        });
        self.grid.mark(&laid.corners, true);
        for &m in &mates {
            self.mark(m, true);
        }
        met
    }

    /// The line in the picture's coordinates.
    fn path(&self, e: usize) -> Path {
        let edge = &self.input.graph.edges[e];
        if self.area(edge.from) == self.area(edge.to) {
            return self.own_loop(edge.from);
        }
        let Some(laid) = &self.laid[e] else { return self.elbow(e) };
        let mut points = vec![laid.from.spot];
        points.extend(laid.corners.iter().map(|&p| self.grid.at(p)));
        points.push(laid.to.spot);
        let mut tidy: Vec<(Len, Len)> = Vec::new();
        for at in points {
            if let [.., a, b] = tidy[..]
                && ((a.0 == b.0 && b.0 == at.0) || (a.1 == b.1 && b.1 == at.1))
            {
                tidy.pop();
            }
            if tidy.last() != Some(&at) {
                tidy.push(at);
            }
        }
        if tidy.len() < 2 { self.elbow(e) } else { Path { points: tidy, chip: None } }
    }

    /// The way of last resort, for ends so small or so far out that no line of the grid meets them.
    fn elbow(&self, e: usize) -> Path {
        let edge = &self.input.graph.edges[e];
        let (Some(a), Some(b)) = (self.area(edge.from), self.area(edge.to)) else { return Path::default() };
        let (a, b) = (a.centre(), b.centre());
        let mut points = vec![a, (b.0, a.1), b];
        points.dedup();
        if points.len() < 2 {
            points.push((b.0, b.1 + px(8)));
        }
        Path { points, chip: None }
    }

    /// The box of an end; of a group without a frame its first member's.
    fn area(&self, end: End) -> Option<Area> {
        match end {
            End::Node(v) => self.picture.tiles.get(v).copied(),
            End::Container(c) => self.picture.boxes.get(c).copied(),
            End::Group(g) => {
                let first = self.input.members[g].first().map(|&v| self.picture.tiles[v]);
                self.picture.frames[g].or(first)
            }
        }
    }

    /// A line from something to itself: around its top right corner.
    fn own_loop(&self, end: End) -> Path {
        let Some(area) = self.area(end) else { return Path::default() };
        let (right, top) = (area.x1 - px(16).min(area.w() / 4), area.y0 + px(16).min(area.h() / 4));
        let (x, y) = (area.x1 + px(28), area.y0 - px(20));
        Path { points: vec![(area.x1, top), (x, top), (x, y), (right, y), (right, area.y0)], chip: None }
    }
}
