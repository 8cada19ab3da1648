//! The cheapest way over the grid: A* over points and directions.
//!
//! The lines of the grid keep off leaves and titles by themselves; strange containers, borders and the inside of frames
//! that a route ends at are closed to it here. All else has a price.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::geom::{Len, px};
use super::grid::Grid;

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
#[derive(Debug, Clone, Copy)]
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
    /// Ends, or the points of a trunk to join.
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
    seen: Vec<u32>,
    cost: Vec<u32>,
    came: Vec<u8>,
    goal: Vec<u32>,
}

impl Memory {
    pub(super) fn new(grid: &Grid) -> Memory {
        let points = grid.len();
        Memory {
            round: 0,
            seen: vec![0; points * 4],
            cost: vec![0; points * 4],
            came: vec![0; points * 4],
            goal: vec![0; points],
        }
    }
}

/// Marks in [`Memory::came`] and the heap.
const START: u8 = u8::MAX;
const NO_PORT: u32 = u32::MAX;
const JOIN: u32 = u32::MAX - 1;

fn narrow(state: usize) -> u32 {
    u32::try_from(state).unwrap_or(0)
}

/// Whole pixels of a length.
fn pixels(length: Len) -> u32 {
    u32::try_from(length / 64).unwrap_or(u32::MAX / 4)
}

/// What it costs to use a port, and what lies on its first point.
fn entry(grid: &Grid, port: &Port) -> u32 {
    port.cost + u32::from(grid.through[port.out % 2][port.point]) * port.taken
}

/// Whether a line that runs in a direction may turn to a port in its first point: where nobody else does, and an arrowhead
/// has some way.
fn turns(grid: &Grid, port: &Port, direction: usize) -> bool {
    let (at, spot) = (grid.at(port.point), port.spot);
    let free = grid.through.iter().all(|count| count[port.point] == 0);
    free && port.taken >= TURNING
        && port.out % 2 != direction % 2
        && (at.0 - spot.0).abs() + (at.1 - spot.1).abs() >= HEAD
}

/// What the step from `p` to its neighbour `next` costs; nothing when it is closed.
fn step_cost(grid: &Grid, task: &Task, p: usize, next: usize, direction: usize) -> Option<u32> {
    let axis = direction % 2;
    let low = Grid::owner(p, next, direction);
    let along = grid.along[axis][low];
    let strange = !task.home[grid.deep[axis][low] as usize];
    if strange || along == 2 || task.groups.contains(&grid.framed[axis][low]) {
        return None;
    }
    let (a, b) = (grid.at(p), grid.at(next));
    let length = pixels((a.0 - b.0).abs() + (a.1 - b.1).abs());
    let mut cost = length;
    cost += u32::from(grid.used[axis][low]).min(20) * SHARED * length;
    cost += u32::from(along) * BORDER * length;
    cost += u32::from(grid.through[1 - axis][next]).min(20) * task.crossing;
    if let Some(lanes) = task.lanes
        && axis == 1
    {
        cost += if a.0 < lanes { length / 4 } else { pixels(a.0 - lanes) * length / 250 };
    }
    Some(cost)
}

/// The corners of the way that ended in `state`, and the state it started in.
fn trace(grid: &Grid, memory: &Memory, state: usize) -> (Vec<usize>, usize) {
    let mut corners = vec![state / 4];
    let mut at = state;
    loop {
        let before = memory.came[at];
        if before == START {
            break;
        }
        let p = grid.step(at / 4, (at % 4 + 2) % 4).unwrap_or(at / 4);
        let direction = usize::from(before);
        if direction != at % 4 {
            corners.push(p);
        }
        at = p * 4 + direction;
    }
    if corners.last() != Some(&(at / 4)) {
        corners.push(at / 4);
    }
    corners.reverse();
    (corners, at)
}

/// The cheapest way, or nothing when there is none.
pub(super) fn search(grid: &Grid, memory: &mut Memory, task: &Task) -> Option<Found> {
    memory.round += 1;
    let round = memory.round;
    for p in task.to.iter().map(|port| port.point).chain(task.trunk.iter().copied()) {
        memory.goal[p] = round;
    }
    let goals: Vec<usize> = task.to.iter().map(|port| port.point).chain(task.trunk.iter().copied()).collect();
    let target = goals.iter().map(|&p| grid.at(p)).fold(None, |hull: Option<[Len; 4]>, (x, y)| {
        Some(hull.map_or([x, y, x, y], |[a, b, c, d]| [a.min(x), b.min(y), c.max(x), d.max(y)]))
    })?;
    let turning = task.from.iter().chain(task.to).all(|port| port.taken >= TURNING);
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
    let mut heap: BinaryHeap<Reverse<(u32, u32, u32)>> = BinaryHeap::new();
    for port in task.from {
        let state = port.point * 4 + port.out;
        // Steps count what they cross in the point that they lead to, which leaves out the first one.
        let crossed = grid.through[(port.out + 1) % 2][port.point];
        let cost = entry(grid, port) + u32::from(crossed) * task.crossing;
        if memory.seen[state] != round || cost < memory.cost[state] {
            memory.seen[state] = round;
            memory.cost[state] = cost;
            memory.came[state] = START;
            heap.push(Reverse((cost + rest(port.point, port.out), narrow(state), NO_PORT)));
        }
    }
    while let Some(Reverse((total, state, arrived))) = heap.pop() {
        let state = state as usize;
        let (p, direction) = (state / 4, state % 4);
        if arrived != NO_PORT {
            let (corners, start) = trace(grid, memory, state);
            let from = task.from.iter().find(|port| port.point * 4 + port.out == start)?;
            let to = (arrived != JOIN).then(|| task.to[arrived as usize]);
            return Some(Found { corners, from: *from, to });
        }
        let cost = memory.cost[state];
        // A cheaper way to this state was found after this entry was made.
        if total > cost.saturating_add(rest(p, direction)) {
            continue;
        }
        if memory.goal[p] == round {
            for (k, port) in (0u32..).zip(task.to) {
                let straight = (port.out + 2) % 4 == direction;
                if port.point == p && (straight || turning && turns(grid, port, direction)) {
                    let bend = if straight { 0 } else { BEND };
                    heap.push(Reverse((cost + entry(grid, port) + bend, narrow(state), k)));
                }
            }
            if task.trunk.contains(&p) {
                // A branch that does not run on straight along the trunk has one bend more.
                let ahead = grid.step(p, direction).map(|next| Grid::owner(p, next, direction));
                let smooth = ahead.is_some_and(|step| grid.used[direction % 2][step] > 0);
                heap.push(Reverse((cost + if smooth { 0 } else { BEND }, narrow(state), JOIN)));
            }
        }
        for turned in [direction, (direction + 1) % 4, (direction + 3) % 4] {
            let Some(next) = grid.step(p, turned) else { continue };
            let Some(mut more) = step_cost(grid, task, p, next, turned) else { continue };
            if turned != direction {
                more += BEND;
            }
            let state = next * 4 + turned;
            let total = cost.saturating_add(more);
            if memory.seen[state] != round || total < memory.cost[state] {
                memory.seen[state] = round;
                memory.cost[state] = total;
                memory.came[state] = u8::try_from(direction).unwrap_or(START);
                heap.push(Reverse((total.saturating_add(rest(next, turned)), narrow(state), NO_PORT)));
            }
        }
    }
    None
}
