//! The cheapest way over the grid: A* over points and directions.
//!
//! The lines of the grid keep off leaves and titles by themselves; strange containers, borders and the inside of frames
//! that a route ends at are closed to it here. All else has a price.

use super::geom::{Len, px};
use super::grid::{Grid, Ground, NOWHERE};
use super::queue::Queue;

/// Steps from a point: right, down, left, up.
pub(super) const RIGHT: usize = 0;
pub(super) const DOWN: usize = 1;
pub(super) const LEFT: usize = 2;
pub(super) const UP: usize = 3;

const BEND: u32 = 60;
/// Ports where a second line costs less are those of a hub, where turns would get in each other's way.
const TURNING: u32 = 40;
/// From a port to a turn.
const HEAD: Len = px(14);
/// Per px along other lines, which will be moved apart afterwards, and along borders.
const SHARED: u32 = 1;
const BORDER: u32 = 20;

/// Where a route may start or end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Port {
    /// The first point of the grid outside.
    pub(super) point: usize,
    /// The direction away from the end.
    pub(super) out: usize,
    /// The spot on the border of the end itself.
    pub(super) spot: (Len, Len),
    /// What it costs to use it, and how much more where another line does.
    pub(super) cost: u32,
    pub(super) taken: u32,
}

/// What one search knows about its line.
pub(super) struct Task<'a> {
    pub(super) from: &'a [Port],
    /// Ends, or the points of a trunk to join, in order.
    pub(super) to: &'a [Port],
    pub(super) trunk: &'a [usize],
    /// The groups whose frames the line stays out of.
    pub(super) groups: &'a [u32],
    /// By container: whether the line may run through it.
    pub(super) home: &'a [bool],
    /// Where lanes begin: upright steps cost more the further right of it they lie, and left of it.
    pub(super) lanes: Option<Len>,
    /// What it costs to cross a line.
    pub(super) crossing: u32,
    /// How much more than what is left the search hopes for, in quarters: 4 finds the cheapest way, more a good one sooner.
    pub(super) haste: u32,
}

/// A found way.
pub(super) struct Found {
    /// Corners, from the first point of the start port to the last of the end port or to the trunk.
    pub(super) corners: Vec<usize>,
    pub(super) from: Port,
    /// `None` when it joins the trunk.
    pub(super) to: Option<Port>,
}

/// Memory that searches share.
pub(super) struct Memory {
    round: u32,
    /// By point and axis of arrival.
    states: Vec<[State; 2]>,
    /// The search that a point was a goal of last.
    goals: Vec<u32>,
    /// By ground: whether the current line may run there.
    open: Vec<bool>,
    queue: Queue,
    /// Ways that the current search has found so far; of those to one goal the last is the best.
    ends: Vec<End>,
    /// The price of the cheapest of them.
    best: u32,
    /// Whether they may turn to a port in its first point.
    turning: bool,
}

/// The cheapest known way to a point along an axis.
#[derive(Debug, Clone, Copy, Default)]
struct State {
    /// The search that found it.
    round: u32,
    cost: u32,
    /// The direction of arrival.
    direction: u8,
    /// The axis of the step before that.
    before: u8,
    /// Whether its neighbours have been looked at.
    done: bool,
}

impl Memory {
    pub(super) fn new(grid: &Grid) -> Memory {
        Memory {
            round: 0,
            states: vec![[State::default(); 2]; grid.len()],
            goals: vec![0; grid.len()],
            open: Vec::new(),
            queue: Queue::new(),
            ends: Vec::new(),
            best: u32::MAX,
            turning: false,
        }
    }

    /// Notes a way to a point if it is the cheapest so far.
    fn reach(&mut self, p: usize, direction: usize, cost: u32, before: u8) -> bool {
        let state = &mut self.states[p][direction % 2];
        let better = state.round != self.round || cost < state.cost;
        if better {
            let direction = u8::try_from(direction).unwrap_or(0);
            *state = State { round: self.round, cost, direction, before, done: false };
        }
        better
    }

    /// Notes a way to a goal if it is the cheapest so far.
    fn arrive(
        &mut self,
        grid: &Grid,
        task: &Task,
        at: (usize, usize),
        before: Option<(usize, usize)>,
        cost: u32,
    ) {
        let Some((more, to)) = end(grid, task, self.turning, at.0, at.1) else { return };
        let cost = cost.saturating_add(more);
        if self.ends.iter().all(|end| end.at != at || cost < end.cost) {
            self.ends.push(End { at, before, to, cost });
            self.best = self.best.min(cost);
            self.wait(cost, at.0, at.1, true);
        }
    }

    /// What waits comes in the order of its total, then of its point; arrivals first. What is dearer than a way that was found
    /// already cannot become the best one.
    fn wait(&mut self, total: u32, p: usize, direction: usize, arrived: bool) {
        if total > self.best {
            return;
        }
        let place = (p * 4 + direction) * 2 + usize::from(!arrived);
        self.queue.push(total, u32::try_from(place).unwrap_or(u32::MAX));
    }
}

/// In [`State::before`]: here a way starts.
const START: u8 = 2;

/// Whole pixels of a length.
fn pixels(length: Len) -> u32 {
    u32::try_from(length / 64).unwrap_or(u32::MAX / 4)
}

/// What it costs to use a port, and what lies on its first point.
fn entry(grid: &Grid, port: &Port) -> u32 {
    port.cost + u32::from(grid.load(port.point).through[port.out % 2]) * port.taken
}

/// Whether a line that runs in a direction may turn to a port in its first point: where nobody else does, and an arrowhead
/// has some way.
fn turns(grid: &Grid, port: &Port, direction: usize) -> bool {
    let (at, spot) = (grid.at(port.point), port.spot);
    let free = grid.load(port.point).through == [0, 0];
    free && port.taken >= TURNING
        && port.out % 2 != direction % 2
        && (at.0 - spot.0).abs() + (at.1 - spot.1).abs() >= HEAD
}

/// What the step from `p` in a direction costs; nothing when it is closed.
fn step_cost(grid: &Grid, task: &Task, open: &[bool], p: usize, direction: usize) -> Option<(usize, u32)> {
    let step = &grid.steps(p)[direction];
    if step.next == NOWHERE || !open[step.ground as usize] {
        return None;
    }
    let (next, axis, length) = (step.next as usize, direction % 2, step.length);
    let mut cost = length;
    cost += u32::from(grid.used(p, next, direction)).min(20) * SHARED * length;
    cost += if step.along { BORDER * length } else { 0 };
    cost += u32::from(grid.load(next).through[1 - axis]).min(20) * task.crossing;
    if let Some(lanes) = task.lanes
        && axis == 1
    {
        let x = grid.at(p).0;
        cost += if x < lanes { length / 4 } else { pixels(x - lanes) * length / 250 };
    }
    Some((next, cost))
}

/// A way that reached a goal.
struct End {
    /// The goal, and the direction of arrival.
    at: (usize, usize),
    /// The point before it, and the axis of arrival there; `None` when the way starts at the goal.
    before: Option<(usize, usize)>,
    /// The port it ends with; `None` when it joins the trunk.
    to: Option<Port>,
    cost: u32,
}

/// What it costs to end at a goal, and with which port.
fn end(grid: &Grid, task: &Task, turning: bool, p: usize, direction: usize) -> Option<(u32, Option<Port>)> {
    let ports = task.to.iter().filter(|port| port.point == p).filter_map(|port| {
        let straight = (port.out + 2) % 4 == direction;
        (straight || turning && turns(grid, port, direction))
            .then(|| (entry(grid, port) + if straight { 0 } else { BEND }, Some(*port)))
    });
    let joint = task.trunk.binary_search(&p).is_ok().then(|| {
        // A branch that does not run on straight along the trunk has one bend more.
        let smooth = grid.step(p, direction).is_some_and(|next| grid.used(p, next, direction) > 0);
        (if smooth { 0 } else { BEND }, None)
    });
    ports.chain(joint).min_by_key(|(cost, _)| *cost)
}

/// The corners of a way, and the point and direction it started with.
fn trace(grid: &Grid, memory: &Memory, end: &End) -> (Vec<usize>, (usize, usize)) {
    let mut corners = vec![end.at.0];
    let mut start = end.at;
    let (mut axis, mut before) = (end.at.1 % 2, end.before);
    while let Some((p, arrived)) = before {
        if arrived != axis {
            corners.push(p);
        }
        let state = &memory.states[p][arrived];
        let direction = usize::from(state.direction);
        start = (p, direction);
        axis = arrived;
        before = match state.before {
            START => None,
            before => grid.step(p, (direction + 2) % 4).map(|back| (back, usize::from(before))),
        };
    }
    if corners.last() != Some(&start.0) {
        corners.push(start.0);
    }
    corners.reverse();
    (corners, start)
}

/// The cheapest way, or nothing when there is none.
///
/// A point is known by the axis of arrival, not by its direction: whoever comes from the other side at a higher price is
/// beaten all along the way that the cheaper one took.
pub(super) fn search(grid: &Grid, memory: &mut Memory, task: &Task) -> Option<Found> {
    memory.round += 1;
    memory.queue.clear();
    memory.ends.clear();
    memory.best = u32::MAX;
    memory.turning = task.from.iter().chain(task.to).all(|port| port.taken >= TURNING);
    let mut open = std::mem::take(&mut memory.open);
    open.clear();
    open.extend(grid.grounds.iter().map(|ground| match *ground {
        Ground::Closed => false,
        Ground::Open { container, group } => task.home[container as usize] && !task.groups.contains(&group),
    }));
    let found = cheapest(grid, memory, task, &open);
    memory.open = open;
    found
}

fn cheapest(grid: &Grid, memory: &mut Memory, task: &Task, open: &[bool]) -> Option<Found> {
    let round = memory.round;
    let goals = || task.to.iter().map(|port| port.point).chain(task.trunk.iter().copied());
    for p in goals() {
        memory.goals[p] = round;
    }
    let target = goals().map(|p| grid.at(p)).fold(None, |hull: Option<[Len; 4]>, (x, y)| {
        Some(hull.map_or([x, y, x, y], |[a, b, c, d]| [a.min(x), b.min(y), c.max(x), d.max(y)]))
    })?;
    let rest = |p: usize, direction: usize| {
        let (x, y) = grid.at(p);
        let (left, right) = ((x - target[2]).max(0), (target[0] - x).max(0));
        let (up, down) = ((y - target[3]).max(0), (target[1] - y).max(0));
        // Each turn that is needed for sure counts as well.
        let (along, back, aside) = match direction {
            RIGHT => (right, left, up + down),
            DOWN => (down, up, left + right),
            LEFT => (left, right, up + down),
            _ => (up, down, left + right),
        };
        let bends = if back > 0 { 2 } else { u32::from(aside > 0) };
        (pixels(along + back + aside) + BEND * bends) * task.haste / 4
    };
    for port in task.from {
        // Steps count what they cross in the point that they lead to, which leaves out the first one.
        let crossed = grid.load(port.point).through[(port.out + 1) % 2];
        let cost = entry(grid, port) + u32::from(crossed) * task.crossing;
        if memory.goals[port.point] == round {
            memory.arrive(grid, task, (port.point, port.out), None, cost);
        }
        if memory.reach(port.point, port.out, cost, START) {
            memory.wait(cost + rest(port.point, port.out), port.point, port.out, false);
        }
    }
    while let Some(place) = memory.queue.pop() {
        let (p, direction, arrived) = (place / 8, place / 2 % 4, place.is_multiple_of(2));
        let axis = direction % 2;
        if arrived {
            let end = memory.ends.iter().rfind(|end| end.at == (p, direction))?;
            let (corners, start) = trace(grid, memory, end);
            let from = task.from.iter().find(|port| (port.point, port.out) == start)?;
            return Some(Found { corners, from: *from, to: end.to });
        }
        let state = &mut memory.states[p][axis];
        // A cheaper way to this state was found after this entry was made.
        if state.done || usize::from(state.direction) != direction {
            continue;
        }
        state.done = true;
        let cost = state.cost;
        let goal = memory.goals[p] == round;
        let joint = goal && task.trunk.binary_search(&p).is_ok();
        for turned in [direction, (direction + 1) % 4, (direction + 3) % 4] {
            let Some((next, mut more)) = step_cost(grid, task, open, p, turned) else { continue };
            if turned != direction {
                // Who comes by a port from the side does not turn back in front of it, nor does who could join the trunk.
                if joint || (goal && task.to.iter().any(|port| port.point == p && port.out == turned)) {
                    continue;
                }
                more += BEND;
            }
            let total = cost.saturating_add(more);
            if memory.goals[next] == round {
                memory.arrive(grid, task, (next, turned), Some((p, axis)), total);
            }
            if memory.reach(next, turned, total, u8::from(axis == 1)) {
                memory.wait(total.saturating_add(rest(next, turned)), next, turned, false);
            }
        }
    }
    None
}
