//! The graph of points in which the lines for routes cross, and what already runs on them.

use std::collections::{BTreeMap, BTreeSet};

use super::geom::{Area, Len, px};
use super::lanes::Lane;
use super::picture::Picture;
use super::walls::{Walls, side};

/// Nearer than this a route may not follow a border.
const BORDER: Len = px(8);
/// Nearer than this it would lie on it.
const ON_BORDER: Len = px(3);
/// No point lies there.
pub(super) const NOWHERE: u32 = u32::MAX;

/// The grid. Points are numbered from the top, in each row from the left; a step belongs to the point it leaves to the
/// right or downwards. Lists by axis hold what runs level first, then what runs upright.
pub(super) struct Grid {
    pub(super) x: Vec<Len>,
    pub(super) y: Vec<Len>,
    /// The neighbours of each point: right, below, left, above.
    pub(super) next: [Vec<u32>; 4],
    /// The innermost container that each step touches; the number of containers for the page.
    pub(super) deep: [Vec<u32>; 2],
    /// The group whose frame each step enters; the number of groups for none.
    pub(super) framed: [Vec<u32>; 2],
    /// How each step follows a border: 0 not, 1 near it, 2 on it.
    pub(super) along: [Vec<u8>; 2],
    /// Routes on each step.
    pub(super) used: [Vec<u16>; 2],
    /// Routes that run through each point or turn in it.
    pub(super) through: [Vec<u16>; 2],
    lanes: Vec<Lane>,
    /// The points on each line, in order.
    on: Vec<Vec<u32>>,
    /// The lines of each axis by where they lie across.
    sorted: [Vec<u32>; 2],
}

impl Grid {
    pub(super) fn new(picture: &Picture, walls: &Walls, lanes: Vec<Lane>) -> Grid {
        let mut grid = Grid {
            x: Vec::new(),
            y: Vec::new(),
            next: Default::default(),
            deep: Default::default(),
            framed: Default::default(),
            along: Default::default(),
            used: Default::default(),
            through: Default::default(),
            on: vec![Vec::new(); lanes.len()],
            sorted: Default::default(),
            lanes,
        };
        for axis in [0, 1] {
            let mut sorted: Vec<usize> =
                (0..grid.lanes.len()).filter(|&k| grid.lanes[k].axis == axis).collect();
            sorted.sort_by_key(|&k| (grid.lanes[k].at, grid.lanes[k].low, k));
            grid.sorted[axis] = sorted.into_iter().map(narrow).collect();
        }
        grid.cross();
        let points = grid.x.len();
        for axis in [0, 1] {
            for counts in [&mut grid.used, &mut grid.through] {
                counts[axis] = vec![0; points];
            }
            grid.deep[axis] = vec![narrow(picture.boxes.len()); points];
            grid.framed[axis] = vec![narrow(picture.frames.len()); points];
            grid.along[axis] = vec![0; points];
        }
        grid.paint(picture, walls);
        grid
    }

    /// The number of points.
    pub(super) fn len(&self) -> usize {
        self.x.len()
    }

    pub(super) fn at(&self, p: usize) -> (Len, Len) {
        (self.x[p], self.y[p])
    }

    /// The neighbour of a point: right, below, left, above.
    pub(super) fn step(&self, p: usize, direction: usize) -> Option<usize> {
        let next = self.next[direction][p];
        (next != NOWHERE).then_some(next as usize)
    }

    /// The step between a point and its neighbour in a direction, by the point that it belongs to.
    pub(super) fn owner(p: usize, next: usize, direction: usize) -> usize {
        if direction < 2 { p } else { next }
    }

    /// The direction from one corner of a route to the next.
    pub(super) fn direction(&self, a: usize, b: usize) -> usize {
        let (from, to) = (self.at(a), self.at(b));
        match () {
            () if to.0 > from.0 => 0,
            () if to.0 < from.0 => 2,
            () if to.1 > from.1 => 1,
            () => 3,
        }
    }

    /// The points from one corner of a route to the next, both included.
    pub(super) fn walk(&self, a: usize, b: usize) -> impl Iterator<Item = usize> {
        let direction = self.direction(a, b);
        let mut at = Some(a);
        std::iter::from_fn(move || {
            let p = at?;
            at = if p == b { None } else { self.step(p, direction) };
            Some(p)
        })
    }

    /// The lines along `axis` that lie strictly between two coordinates and reach `at`.
    pub(super) fn reaching(&self, axis: usize, low: Len, high: Len, at: Len) -> impl Iterator<Item = &Lane> {
        let list = &self.sorted[axis];
        let from = list.partition_point(|&k| self.lanes[k as usize].at <= low);
        list[from..]
            .iter()
            .map(|&k| &self.lanes[k as usize])
            .take_while(move |lane| lane.at < high)
            .filter(move |lane| lane.low <= at && at <= lane.high)
    }

    /// The first point beyond a spot, in a direction along a line that reaches it.
    pub(super) fn beyond(&self, spot: (Len, Len), direction: usize) -> Option<usize> {
        let axis = direction % 2;
        let (along, across) = if axis == 0 { spot } else { (spot.1, spot.0) };
        let list = &self.sorted[axis];
        let from = list.partition_point(|&k| self.lanes[k as usize].at < across);
        let lanes = list[from..].iter().take_while(|&&k| self.lanes[k as usize].at == across);
        let reach = |k: &&u32| {
            let lane = &self.lanes[**k as usize];
            if direction < 2 {
                lane.low <= along && along < lane.high
            } else {
                lane.low < along && along <= lane.high
            }
        };
        let points = &self.on[*lanes.into_iter().find(reach)? as usize];
        let coordinate = |p: u32| if axis == 0 { self.x[p as usize] } else { self.y[p as usize] };
        let p = if direction < 2 {
            points.get(points.partition_point(|&p| coordinate(p) <= along))
        } else {
            points[..points.partition_point(|&p| coordinate(p) < along)].last()
        };
        p.map(|&p| p as usize)
    }

    /// Finds the points in which lines cross, from the top to the bottom.
    fn cross(&mut self) {
        let mut begin = self.sorted[1].clone();
        begin.sort_by_key(|&k| (self.lanes[k as usize].low, k));
        let mut begin = begin.into_iter().peekable();
        // Upright lines that reach the current row, and the row they end in.
        let mut open: BTreeSet<(Len, u32)> = BTreeSet::new();
        let mut ends: BTreeMap<Len, Vec<u32>> = BTreeMap::new();
        for row in self.sorted[0].clone() {
            let lane = self.lanes[row as usize];
            while let Some(k) = begin.next_if(|&k| self.lanes[k as usize].low <= lane.at) {
                open.insert((self.lanes[k as usize].at, k));
                ends.entry(self.lanes[k as usize].high).or_default().push(k);
            }
            while let Some(entry) = ends.first_entry().filter(|entry| *entry.key() < lane.at) {
                for k in entry.remove() {
                    open.remove(&(self.lanes[k as usize].at, k));
                }
            }
            let mut before = NOWHERE;
            for &(x, column) in open.range((lane.low, 0)..=(lane.high, NOWHERE)) {
                let p = narrow(self.x.len());
                let above = self.on[column as usize].last().copied().unwrap_or(NOWHERE);
                self.x.push(x);
                self.y.push(lane.at);
                for (direction, neighbour) in [NOWHERE, NOWHERE, before, above].into_iter().enumerate() {
                    self.next[direction].push(neighbour);
                }
                for (direction, neighbour) in [(0, before), (1, above)] {
                    if let Some(back) = self.next[direction].get_mut(neighbour as usize) {
                        *back = p;
                    }
                }
                self.on[row as usize].push(p);
                self.on[column as usize].push(p);
                before = p;
            }
        }
    }

    /// Writes down which containers and frames the steps touch.
    fn paint(&mut self, picture: &Picture, walls: &Walls) {
        for k in 0..self.lanes.len() {
            let lane = self.lanes[k];
            for (c, area) in walls.containers(lane.axis, lane.at) {
                self.paint_area(k, area, Some(narrow(c)));
            }
            for (g, frame) in (0u32..).zip(&picture.frames) {
                let Some(frame) = frame else { continue };
                self.paint_area(k, frame, None);
                let (near, far) = side(frame, 1 - lane.axis);
                if near < lane.at && lane.at < far {
                    let (low, high) = side(frame, lane.axis);
                    for p in self.steps(k, low, high) {
                        self.framed[lane.axis][p] = g;
                    }
                }
            }
        }
    }

    fn paint_area(&mut self, k: usize, area: &Area, container: Option<u32>) {
        let lane = self.lanes[k];
        let (low, high) = side(area, lane.axis);
        let (near, far) = side(area, 1 - lane.axis);
        if let Some(c) = container
            && near < lane.at
            && lane.at < far
        {
            for p in self.steps(k, low, high) {
                self.deep[lane.axis][p] = c;
            }
        }
        let off = (lane.at - near).abs().min((lane.at - far).abs());
        if off < BORDER {
            let level = if off < ON_BORDER { 2 } else { 1 };
            for p in self.steps(k, low - px(4), high + px(4)) {
                let along = &mut self.along[lane.axis][p];
                *along = (*along).max(level);
            }
        }
    }

    /// The steps of a line that reach between two coordinates, by the points they belong to.
    fn steps(&self, k: usize, low: Len, high: Len) -> Vec<usize> {
        let lane = &self.lanes[k];
        let coordinate = |p: u32| if lane.axis == 0 { self.x[p as usize] } else { self.y[p as usize] };
        let points = &self.on[k];
        let from = points.partition_point(|&p| coordinate(p) <= low).saturating_sub(1);
        let to = points.partition_point(|&p| coordinate(p) < high).min(points.len().saturating_sub(1));
        points[from.min(to)..to].iter().map(|&p| p as usize).collect()
    }

    /// Writes a route (corners only) down, or takes it away again.
    pub(super) fn mark(&mut self, corners: &[usize], add: bool) {
        let change = |value: &mut u16| {
            *value = if add { value.saturating_add(1) } else { value.saturating_sub(1) };
        };
        for pair in corners.windows(2) {
            let axis = self.direction(pair[0], pair[1]) % 2;
            let (a, b) = (pair[0].min(pair[1]), pair[0].max(pair[1]));
            let mut at = a;
            loop {
                change(&mut self.through[axis][at]);
                if at == b {
                    break;
                }
                change(&mut self.used[axis][at]);
                let Some(next) = self.step(at, axis) else { break };
                at = next;
            }
        }
    }
}

fn narrow(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(NOWHERE)
}
