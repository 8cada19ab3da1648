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

/// The grid. Points are numbered from the top, in each row from the left. What searches ask about a point again and again
/// lies together in memory: that decides how long they take.
pub(super) struct Grid {
    x: Vec<Len>,
    y: Vec<Len>,
    /// The steps from each point: right, down, left, up.
    steps: Vec<[Step; 4]>,
    /// What there is under steps, by number.
    pub(super) grounds: Vec<Ground>,
    loads: Vec<Load>,
    lanes: Vec<Lane>,
    /// The points on each line, in order.
    on: Vec<Vec<u32>>,
    /// The lines of each axis by where they lie across.
    sorted: [Vec<u32>; 2],
}

/// The way from a point to its neighbour.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step {
    /// The neighbour; [`NOWHERE`] without one.
    pub(super) next: u32,
    /// Whole pixels.
    pub(super) length: u32,
    /// Whether it follows a border.
    pub(super) along: bool,
    /// Its number among [`Grid::grounds`].
    pub(super) ground: u32,
}

/// What steps run over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Ground {
    /// On a border, where no route may run.
    Closed,
    Open {
        /// The innermost container that they touch; the number of containers for the page.
        container: u32,
        /// The group whose frame they enter; the number of groups for none.
        group: u32,
    },
}

/// The routes at a point, by axis: what runs level first, then what runs upright.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Load {
    /// Those on the step to the right and downwards.
    pub(super) used: [u16; 2],
    /// Those that run through it or turn in it.
    pub(super) through: [u16; 2],
}

/// What steps touch while that is being found out, by axis and by the point that they leave to the right or downwards.
struct Paint {
    container: [Vec<u32>; 2],
    group: [Vec<u32>; 2],
    /// How each follows a border: 0 not, 1 near it, 2 on it.
    along: [Vec<u8>; 2],
}

impl Grid {
    pub(super) fn new(picture: &Picture, walls: &Walls, lanes: Vec<Lane>) -> Grid {
        let mut grid = Grid {
            x: Vec::new(),
            y: Vec::new(),
            steps: Vec::new(),
            grounds: Vec::new(),
            loads: Vec::new(),
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
        grid.loads = vec![Load::default(); grid.len()];
        let paint = grid.paint(picture, walls);
        grid.ground(&paint);
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
        let next = self.steps[p][direction].next;
        (next != NOWHERE).then_some(next as usize)
    }

    /// The steps from a point: right, down, left, up.
    pub(super) fn steps(&self, p: usize) -> &[Step; 4] {
        &self.steps[p]
    }

    /// The routes at a point.
    pub(super) fn load(&self, p: usize) -> &Load {
        &self.loads[p]
    }

    /// The routes on the step from a point to its neighbour in a direction.
    pub(super) fn used(&self, p: usize, next: usize, direction: usize) -> u16 {
        self.loads[if direction < 2 { p } else { next }].used[direction % 2]
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
                let step = |next| Step { next, length: 0, along: false, ground: 0 };
                self.steps.push([step(NOWHERE), step(NOWHERE), step(before), step(above)]);
                for (direction, neighbour) in [(0, before), (1, above)] {
                    if let Some(back) = self.steps.get_mut(neighbour as usize) {
                        back[direction].next = p;
                    }
                }
                self.on[row as usize].push(p);
                self.on[column as usize].push(p);
                before = p;
            }
        }
    }

    /// Finds out which containers and frames the steps touch.
    fn paint(&self, picture: &Picture, walls: &Walls) -> Paint {
        let points = self.len();
        let mut paint = Paint {
            container: [0, 1].map(|_| vec![narrow(picture.boxes.len()); points]),
            group: [0, 1].map(|_| vec![narrow(picture.frames.len()); points]),
            along: [0, 1].map(|_| vec![0; points]),
        };
        for k in 0..self.lanes.len() {
            let lane = self.lanes[k];
            for (c, area) in walls.containers(lane.axis, lane.at) {
                self.paint_area(&mut paint, k, area, Some(narrow(c)));
            }
            for (g, frame) in (0u32..).zip(&picture.frames) {
                let Some(frame) = frame else { continue };
                self.paint_area(&mut paint, k, frame, None);
                let (near, far) = side(frame, 1 - lane.axis);
                if near < lane.at && lane.at < far {
                    let (low, high) = side(frame, lane.axis);
                    for p in self.stretch(k, low, high) {
                        paint.group[lane.axis][p] = g;
                    }
                }
            }
        }
        paint
    }

    fn paint_area(&self, paint: &mut Paint, k: usize, area: &Area, container: Option<u32>) {
        let lane = self.lanes[k];
        let (low, high) = side(area, lane.axis);
        let (near, far) = side(area, 1 - lane.axis);
        if let Some(c) = container
            && near < lane.at
            && lane.at < far
        {
            for p in self.stretch(k, low, high) {
                paint.container[lane.axis][p] = c;
            }
        }
        let off = (lane.at - near).abs().min((lane.at - far).abs());
        if off < BORDER {
            let level = if off < ON_BORDER { 2 } else { 1 };
            for p in self.stretch(k, low - px(4), high + px(4)) {
                let along = &mut paint.along[lane.axis][p];
                *along = (*along).max(level);
            }
        }
    }

    /// Writes down the length of each step and what it touches.
    fn ground(&mut self, paint: &Paint) {
        let mut numbers: BTreeMap<Ground, u32> = BTreeMap::new();
        let mut before: Option<(Ground, u32)> = None;
        for p in 0..self.len() {
            for axis in [0, 1] {
                let Some(next) = self.step(p, axis) else { continue };
                let along = paint.along[axis][p];
                let ground = if along == 2 {
                    Ground::Closed
                } else {
                    Ground::Open { container: paint.container[axis][p], group: paint.group[axis][p] }
                };
                // Neighbours mostly run over the same.
                let number = match before {
                    Some((same, number)) if same == ground => number,
                    _ => *numbers.entry(ground).or_insert(narrow(self.grounds.len())),
                };
                before = Some((ground, number));
                if number as usize == self.grounds.len() {
                    self.grounds.push(ground);
                }
                let (a, b) = (self.at(p), self.at(next));
                let length = u32::try_from((b.0 - a.0 + b.1 - a.1) / px(1)).unwrap_or(u32::MAX / 4);
                for (from, to, direction) in [(p, next, axis), (next, p, axis + 2)] {
                    self.steps[from][direction] =
                        Step { next: narrow(to), length, along: along > 0, ground: number };
                }
            }
        }
    }

    /// The steps of a line that reach between two coordinates, by the points they belong to.
    fn stretch(&self, k: usize, low: Len, high: Len) -> impl Iterator<Item = usize> + '_ {
        let lane = &self.lanes[k];
        let coordinate = |p: u32| if lane.axis == 0 { self.x[p as usize] } else { self.y[p as usize] };
        let points = &self.on[k];
        let from = points.partition_point(|&p| coordinate(p) <= low).saturating_sub(1);
        let to = points.partition_point(|&p| coordinate(p) < high).min(points.len().saturating_sub(1));
        points[from.min(to)..to].iter().map(|&p| p as usize)
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
                change(&mut self.loads[at].through[axis]);
                if at == b {
                    break;
                }
                change(&mut self.loads[at].used[axis]);
                let Some(next) = self.step(at, axis) else { break };
                at = next;
            }
        }
    }
}

fn narrow(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(NOWHERE)
}
