//! P7: the way of each line. Straight ones first, then the outermost of those that leave a group together, then short ones;
//! what joins a trunk comes last. Lines that ended up crossing try again when all others lie.

use std::collections::BTreeMap;

use super::End;
use super::chips;
use super::geom::{Area, Len, px};
use super::grid::{Grid, Ground};
use super::input::{Input, Item};
use super::lanes::lanes;
use super::picture::Picture;
use super::ports::Ports;
use super::search::{DOWN, LEFT, Memory, Port, RIGHT, Task, search};
use super::tangle::crossings;
use super::walls::Walls;

/// A line's way and its labels.
#[derive(Debug, Clone, Default)]
pub(super) struct Path {
    pub(super) points: Vec<(Len, Len)>,
    pub(super) chip: Option<Area>,
    /// The label on the border of a container.
    pub(super) gate: Option<Area>,
}

/// Pictures with more lines than this are routed in haste.
const HASTY: usize = 150;
/// What it may cost to cross a line. Which price gives the best picture differs, so small ones try them all.
const CROSSING: [u32; 2] = [300, 600];
/// Pictures with more lines than this try only the first price.
const TRIED: usize = 100;
/// So few crossings are not worth another try.
const FEW: usize = 2;

/// How a line lies on the grid.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Laid {
    corners: Vec<usize>,
    from: Port,
    to: Port,
    /// The part of it that no earlier line of its trunk runs along.
    own: Vec<usize>,
}

/// What routing knows.
struct Router<'a> {
    input: &'a Input<'a>,
    picture: &'a Picture,
    grid: Grid,
    memory: Memory,
    ports: Ports,
    /// What it costs to cross a line.
    crossing: u32,
    laid: Vec<Option<Laid>>,
    /// For each line that is one of the two prongs of a fork: the side on which it arrives.
    forks: Vec<Option<usize>>,
    /// Lines that lie and move together, in the order in which they are laid: those of one trunk, else one alone.
    bundles: Vec<Vec<usize>>,
}

/// Routes all lines and places their labels.
pub(super) fn routes(input: &Input, picture: &Picture) -> Vec<Path> {
    let edges = &input.graph.edges;
    if edges.is_empty() {
        return Vec::new();
    }
    let ports = Ports::new(input, picture);
    let walls = Walls::new(input, picture);
    let grid =
        Grid::new(picture, &walls, lanes(input, picture, &walls, &ports.outlets(input, picture, &walls)));
    let memory = Memory::new(&grid);
    let laid = vec![None; edges.len()];
    let mut router = Router {
        input,
        picture,
        grid,
        memory,
        ports,
        crossing: 0,
        laid,
        forks: Vec::new(),
        bundles: Vec::new(),
    };
    router.forks = router.forks();
    router.bundles = router.order();
    let mut best: Option<(Len, Vec<Option<Laid>>)> = None;
    for price in CROSSING {
        router.clear();
        router.crossing = price;
        router.lay_all();
        let crossings = router.crossings();
        let cost = router.cost(crossings);
        if best.as_ref().is_none_or(|best| cost < best.0) {
            best = Some((cost, router.laid.clone()));
        }
        if edges.len() > TRIED || crossings <= FEW {
            break;
        }
    }
    if let Some((_, laid)) = best {
        router.laid = laid;
    }
    let mut paths: Vec<Path> = (0..edges.len()).map(|e| router.path(e)).collect();
    chips::place(input, picture, &mut paths);
    paths
}

impl Router<'_> {
    /// Takes all lines away.
    fn clear(&mut self) {
        for e in 0..self.laid.len() {
            self.take(e);
        }
    }

    /// Takes a line away.
    fn take(&mut self, e: usize) -> Option<Laid> {
        let old = self.laid[e].take();
        if let Some(old) = &old {
            self.grid.mark(&old.own, false);
        }
        old
    }

    /// Lays all lines, then again those that others got in the way of.
    fn lay_all(&mut self) {
        for k in 0..self.bundles.len() {
            self.lay_bundle(k);
        }
        let passes = if self.laid.len() <= HASTY { 2 } else { 1 };
        for _ in 0..passes {
            let mut moved = false;
            for k in 0..self.bundles.len() {
                if self.bundles[k].clone().into_iter().any(|e| self.disturbed(e)) {
                    moved |= self.lay_bundle(k);
                }
            }
            if !moved {
                break;
            }
        }
    }

    /// The crossings that the laid lines will have when those on each other are moved apart.
    fn crossings(&self) -> usize {
        let mut bundle = vec![0; self.laid.len()];
        for (k, list) in self.bundles.iter().enumerate() {
            for &e in list {
                bundle[e] = k;
            }
        }
        let walk = |laid: &Laid| -> Vec<usize> {
            let mut points: Vec<usize> = laid.own.first().copied().into_iter().collect();
            for pair in laid.own.windows(2) {
                points.extend(self.grid.walk(pair[0], pair[1]).skip(1));
            }
            points
        };
        let routes: Vec<Vec<usize>> =
            self.laid.iter().map(|laid| laid.as_ref().map(walk).unwrap_or_default()).collect();
        crossings(&self.grid, &routes, &bundle)
    }

    /// How bad the picture is: crossings count most, then bends, then length.
    fn cost(&self, crossings: usize) -> Len {
        let length = |pair: &[usize]| {
            let (a, b) = (self.grid.at(pair[0]), self.grid.at(pair[1]));
            (a.0 - b.0).abs() + (a.1 - b.1).abs()
        };
        let count = |n: usize| i64::try_from(n).unwrap_or(Len::MAX / px(1000));
        let lines = self
            .laid
            .iter()
            .flatten()
            .map(|laid| count(laid.own.len()) * px(100) + laid.own.windows(2).map(length).sum::<Len>());
        count(crossings) * px(1000) + lines.sum::<Len>()
    }

    /// The order in which lines are laid, those of one trunk together.
    fn order(&self) -> Vec<Vec<usize>> {
        let spot = |end: End| -> (Len, Len) {
            match end {
                End::Node(v) => self.picture.tiles.get(v).map(Area::centre),
                End::Container(c) => self.picture.boxes.get(c).map(Area::centre),
                End::Group(g) => self.picture.frames.get(g).copied().flatten().map(|frame| frame.centre()),
            }
            .unwrap_or_default()
        };
        let edges = &self.input.graph.edges;
        let mut keyed: Vec<((u8, Len, Len), usize)> = Vec::new();
        for (e, edge) in edges.iter().enumerate() {
            let (a, b) = (spot(edge.from), spot(edge.to));
            let length = (a.0 - b.0).abs() + (a.1 - b.1).abs();
            let key = match self.ports.exits.get(&e) {
                _ if self.forks[e].is_some() => (0, length, 0),
                // Of those that leave upwards the topmost takes the nearest lane, downwards the lowest.
                Some(&y) if y == b.1 => (1, 0, 0),
                Some(&y) if b.1 < y => (2, y, 0),
                Some(&y) => (3, -y, 0),
                None if self.in_line(a, b) => (0, length, 0),
                None => (4, length, 0),
            };
            keyed.push((key, e));
        }
        keyed.sort_unstable();
        let mut bundles: Vec<Vec<usize>> = Vec::new();
        let mut of_trunk: BTreeMap<usize, usize> = BTreeMap::new();
        for (_, e) in keyed {
            match edges[e].trunk {
                Some(trunk) => {
                    let k = *of_trunk.entry(trunk).or_insert(bundles.len());
                    if k == bundles.len() {
                        bundles.push(Vec::new());
                    }
                    bundles[k].push(e);
                }
                None => bundles.push(vec![e]),
            }
        }
        bundles
    }

    /// Whether nothing stands between two points in line.
    fn in_line(&self, a: (Len, Len), b: (Len, Len)) -> bool {
        let (axis, at, from, to) = match () {
            () if a.1 == b.1 => (0, a.1, a.0, b.0),
            () if a.0 == b.0 => (1, a.0, a.1, b.1),
            () => return false,
        };
        let middle = i64::midpoint(from, to);
        // Lines begin at the sides of tiles and below texts, not in the middle of a tile.
        let near = |end: Len, rim: Len| (end - rim).abs() <= px(160);
        self.grid.reaching(axis, at - 1, at + 1, middle).any(|lane| {
            near(lane.low.max(from.min(to)), from.min(to)) && near(lane.high.min(from.max(to)), from.max(to))
        })
    }

    /// Trunks from one leaf to two at the same height, on both sides of it and below.
    fn forks(&self) -> Vec<Option<usize>> {
        let edges = &self.input.graph.edges;
        let mut trunks: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (e, edge) in edges.iter().enumerate() {
            if let Some(trunk) = edge.trunk {
                trunks.entry(trunk).or_default().push(e);
            }
        }
        let mut forks = vec![None; edges.len()];
        let middle = |end: End| match end {
            End::Node(v) => self.picture.tiles.get(v).map(Area::centre),
            _ => None,
        };
        for prongs in trunks.values() {
            let &[a, b] = prongs.as_slice() else { continue };
            let (Some(from), Some(v), Some(w)) =
                (middle(edges[a].from), middle(edges[a].to), middle(edges[b].to))
            else {
                continue;
            };
            let between = v.0.min(w.0) < from.0 && from.0 < v.0.max(w.0);
            if edges[a].from == edges[b].from && between && v.1 == w.1 && v.1 > from.1 + px(64) {
                forks[a] = Some(if v.0 < from.0 { RIGHT } else { LEFT });
                forks[b] = Some(if w.0 < from.0 { RIGHT } else { LEFT });
            }
        }
        forks
    }

    /// Finds ways for the lines of a bundle, instead of those they have; whether they are others.
    fn lay_bundle(&mut self, k: usize) -> bool {
        let bundle = self.bundles[k].clone();
        let old: Vec<Option<Laid>> = bundle.iter().map(|&e| self.take(e)).collect();
        for (done, &e) in bundle.iter().enumerate() {
            self.lay(e, &bundle[..done]);
        }
        bundle.iter().zip(old).any(|(&e, old)| self.laid[e] != old)
    }

    /// Finds a way for a line; `earlier` ones of its trunk lie already.
    fn lay(&mut self, e: usize, earlier: &[usize]) {
        let edge = &self.input.graph.edges[e];
        if self.area(edge.from) == self.area(edge.to) {
            return;
        }
        let edges = &self.input.graph.edges;
        let lies = |m: &usize| self.laid[*m].is_some();
        let from_one: Vec<usize> =
            earlier.iter().copied().filter(|&m| edges[m].from == edge.from).filter(lies).collect();
        let to_one: Vec<usize> =
            earlier.iter().copied().filter(|&m| edges[m].to == edge.to).filter(lies).collect();
        let (mates, reversed) = if from_one.is_empty() { (to_one, false) } else { (from_one, true) };
        let found = self
            .find(e, &mates, reversed, true)
            .or_else(|| self.find(e, &[], false, true))
            .or_else(|| self.find(e, &[], false, false));
        if let Some(laid) = found {
            self.grid.mark(&laid.own, true);
            self.laid[e] = Some(laid);
        }
    }

    /// The way of a line, from its common end with `mates` on along one of them. It keeps to its `strict` rules: a fork
    /// arrives in the middle of sides, no line leaves the innermost box around both ends.
    fn find(&mut self, e: usize, mates: &[usize], reversed: bool, strict: bool) -> Option<Laid> {
        let edge = &self.input.graph.edges[e];
        let mut starts = self.ports.of(self.input, self.picture, &self.grid, e, true);
        let mut ends = self.ports.of(self.input, self.picture, &self.grid, e, false);
        if let (true, Some(side), End::Node(v), End::Node(w)) = (strict, self.forks[e], edge.from, edge.to) {
            let (x, y) = (self.picture.tiles[v].centre().0, self.picture.tiles[w].centre().1);
            starts.retain(|port| port.out == DOWN && port.spot.0 == x);
            ends.retain(|port| port.out == side && port.spot.1 == y);
        }
        let home = self.home(edge.from, edge.to, strict);
        let open: Vec<(usize, Vec<usize>)> =
            mates.iter().map(|&m| (m, self.open_points(m, &home, reversed))).collect();
        let mut trunk: Vec<usize> = open.iter().flat_map(|(_, points)| points.iter().copied()).collect();
        trunk.sort_unstable();
        trunk.dedup();
        if !mates.is_empty() && trunk.is_empty() {
            return None;
        }
        let groups = self.closed(e);
        let none: &[Port] = &[];
        let (first, last) = match (mates.is_empty(), reversed) {
            (true, _) => (&starts, ends.as_slice()),
            (false, false) => (&starts, none),
            (false, true) => (&ends, none),
        };
        let lanes = self.lanes(e);
        let haste = if self.laid.len() > HASTY { 7 } else { 4 };
        let task = Task {
            from: first,
            to: last,
            trunk: &trunk,
            groups: &groups,
            home: &home,
            lanes,
            crossing: self.crossing,
            haste,
        };
        let found = search(&self.grid, &mut self.memory, &task)?;
        let Some(port) = found.to else {
            return self.joined(found.corners, found.from, &open, reversed);
        };
        Some(Laid { own: found.corners.clone(), corners: found.corners, from: found.from, to: port })
    }

    /// The groups whose frames a line stays out of: its own ends, and those of its trunk, where it would seem to begin.
    fn closed(&self, e: usize) -> Vec<u32> {
        let edges = &self.input.graph.edges;
        let ends = |e: usize| [edges[e].from, edges[e].to];
        let inside = |g: usize| {
            ends(e).iter().any(|end| matches!(end, End::Node(v) if self.input.members[g].contains(v)))
        };
        let mates =
            edges[e].trunk.map(|trunk| (0..edges.len()).filter(move |&m| edges[m].trunk == Some(trunk)));
        let mates = mates
            .into_iter()
            .flatten()
            .flat_map(ends)
            .filter(|end| !matches!(end, End::Group(g) if inside(*g)));
        let mut groups: Vec<u32> = ends(e)
            .into_iter()
            .chain(mates)
            .filter_map(|end| match end {
                End::Group(g) if self.picture.frames[g].is_some() => u32::try_from(g).ok(),
                _ => None,
            })
            .collect();
        groups.sort_unstable();
        groups.dedup();
        groups
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

    /// The containers a line may run through: those around its ends, up to the one that holds both. Lines of groups may
    /// leave that one too.
    fn home(&self, from: End, to: End, strict: bool) -> Vec<bool> {
        let page = self.input.page();
        let mut chains: Vec<Vec<usize>> = Vec::new();
        for (end, other) in [(from, to), (to, from)] {
            let members: Vec<Item> = match end {
                End::Group(g) => self.input.members[g].iter().map(|&v| Item::Leaf(v)).collect(),
                _ => self.input.end_item(end).into_iter().collect(),
            };
            for item in members {
                let mut at = self.input.parent(item);
                if self.stands_out(end, other) && at != page {
                    at = self.input.cont_parent[at];
                }
                // Between the inside of a box and its own border the box itself is home.
                if let (End::Container(c), Some(other)) = (end, self.input.end_item(other))
                    && self.input.is_in(other, c)
                {
                    at = c;
                }
                let up = |&c: &usize| (c != page).then(|| self.input.cont_parent[c]);
                chains.push(std::iter::successors(Some(at), up).collect());
            }
        }
        let group = matches!(from, End::Group(_)) || matches!(to, End::Group(_));
        // From the page inwards, as long as all ends agree.
        let inwards = |chain: &Vec<usize>, k: usize| chain.iter().rev().nth(k).copied();
        let shared = |k: usize| {
            let first = chains.first().and_then(|chain| inwards(chain, k));
            first.is_some() && chains.iter().all(|chain| inwards(chain, k) == first)
        };
        let mut outer = 0;
        while strict && !group && shared(outer + 1) {
            outer += 1;
        }
        let mut home = vec![false; page + 1];
        for chain in &chains {
            for &c in chain.iter().rev().skip(outer) {
                home[c] = true;
            }
        }
        home
    }

    /// Whether an end is a gateway on a border whose line goes to the outside.
    fn stands_out(&self, end: End, other: End) -> bool {
        let End::Node(v) = end else { return false };
        self.ports.gateway_side(self.input, self.picture, v, other) == Some(true)
    }

    /// The points of a laid line where one with this `home` may join: on the part of it that no earlier line of the trunk runs
    /// along, not near its ends, and so that from there to the end that they have in common the line runs through no box that is
    /// strange to it.
    fn open_points(&self, m: usize, home: &[bool], reversed: bool) -> Vec<usize> {
        let Some(laid) = &self.laid[m] else { return Vec::new() };
        let mut corners = laid.corners.clone();
        if !reversed {
            corners.reverse();
        }
        let joint = laid.own.last().copied().filter(|_| laid.own != laid.corners);
        let mut own = joint.is_none();
        let mut points = if corners.len() == 1 { corners.clone() } else { Vec::new() };
        'way: for pair in corners.windows(2) {
            let direction = self.grid.direction(pair[0], pair[1]);
            for p in self.grid.walk(pair[0], pair[1]) {
                own |= Some(p) == joint;
                points.extend(own.then_some(p));
                let open = match self.grid.grounds[self.grid.steps(p)[direction].ground as usize] {
                    Ground::Closed => false,
                    Ground::Open { container, .. } => home[container as usize],
                };
                if p != pair[1] && !open {
                    break 'way;
                }
            }
        }
        let far = |p: usize, port: &Port, least: Len| {
            let (x, y) = self.grid.at(p);
            (x - port.spot.0).abs() + (y - port.spot.1).abs() >= least
        };
        let inner = |p: &usize| far(*p, &laid.from, px(24)) && far(*p, &laid.to, px(40));
        if joint.is_some() || points.iter().any(inner) {
            points.retain(inner);
        }
        points
    }

    /// A branch completed by the rest of the trunk.
    fn joined(
        &self,
        own: Vec<usize>,
        start: Port,
        open: &[(usize, Vec<usize>)],
        reversed: bool,
    ) -> Option<Laid> {
        let joint = *own.last()?;
        let (mate, _) = open.iter().find(|(_, points)| points.contains(&joint))?;
        let laid = self.laid[*mate].as_ref()?;
        let on = |pair: &[usize]| self.grid.walk(pair[0], pair[1]).any(|p| p == joint);
        let k = laid.corners.windows(2).position(on).unwrap_or(0);
        if reversed {
            let mut whole = laid.corners[..=k].to_vec();
            whole.extend(own.iter().rev());
            return Some(Laid { corners: self.tidy(whole), from: laid.from, to: start, own });
        }
        let mut whole = own.clone();
        whole.extend(laid.corners.iter().skip(k + 1));
        Some(Laid { corners: self.tidy(whole), from: start, to: laid.to, own })
    }

    /// Leaves out repeated points and those in the middle of a straight way.
    fn tidy(&self, corners: Vec<usize>) -> Vec<usize> {
        let mut tidy: Vec<usize> = Vec::new();
        for p in corners {
            if tidy.last() == Some(&p) {
                continue;
            }
            if let [.., a, b] = tidy[..]
                && self.grid.direction(a, b) == self.grid.direction(b, p)
            {
                tidy.pop();
            }
            tidy.push(p);
        }
        tidy
    }

    /// Whether a line meets others where it should not.
    fn disturbed(&mut self, e: usize) -> bool {
        let large = self.laid.len() > HASTY;
        let Some(laid) = self.laid[e].take() else { return false };
        self.grid.mark(&laid.own, false);
        let met = laid.own.windows(2).any(|pair| {
            let axis = self.grid.direction(pair[0], pair[1]) % 2;
            let last = pair[0].max(pair[1]);
            self.grid.walk(pair[0], pair[1]).any(|p| {
                let load = self.grid.load(p);
                (p != last && !large && load.used[axis] > 0) || load.through[1 - axis] > 0
            })
        });
        self.grid.mark(&laid.own, true);
        self.laid[e] = Some(laid);
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
        if tidy.len() < 2 { self.elbow(e) } else { Path { points: tidy, ..Path::default() } }
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
        Path { points, ..Path::default() }
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
        Path {
            points: vec![(area.x1, top), (x, top), (x, y), (right, y), (right, area.y0)],
            ..Path::default()
        }
    }
}
