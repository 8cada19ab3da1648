//! The cheapest way over the grid: A* over points and directions.
//!
//! Nothing is forbidden, what must not be is only very dear: so every line finds a way, and the dear ones show where the
//! picture has no room.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::geom::Len;
use super::grid::{Grid, Owner};

/// Steps from a point: right, down, left, up.
pub(super) const RIGHT: usize = 0;
pub(super) const DOWN: usize = 1;
pub(super) const LEFT: usize = 2;
pub(super) const UP: usize = 3;

const BEND: u32 = 60;
const CROSSING: u32 = 300;
/// Turning on another line looks like a fork.
const TOUCH: u32 = 400;
/// Per px along other lines, beside them, along borders, through strange boxes, through leaves and titles.
const SHARED: u32 = 40;
const CROWDED: u32 = 3;
const BORDER: u32 = 20;
const STRANGE: u32 = 6;
const CLOSED: u32 = 400;

/// Where a route may start or end.
#[derive(Debug, Clone, Copy)]
pub(super) struct Port {
    /// The first point of the grid outside.
    pub(super) point: usize,
    /// The direction away from the end.
    pub(super) out: usize,
    /// The spot on the border of the end itself.
    pub(super) spot: (Len, Len),
    /// What it costs to use it.
    pub(super) cost: u32,
}

/// What one search knows about its line.
pub(super) struct Task<'a> {
    pub(super) from: &'a [Port],
    /// Ends, or the points of a trunk to join.
    pub(super) to: &'a [Port],
    pub(super) trunk: &'a [usize],
    /// The leaves at the ends, whose surroundings are open where ports lead through them.
    pub(super) leaves: [Option<u32>; 2],
    /// The groups at the ends, whose frames the line stays out of.
    pub(super) groups: [Option<u32>; 2],
    /// By container: whether the line may run through it.
    pub(super) home: &'a [bool],
    /// Where lanes begin: upright steps cost more the further right of it they lie.
    pub(super) lanes: Option<Len>,
    /// How much more than what is left the search hopes for, in quarters: 4 finds the cheapest way, more a good one sooner.
    pub(super) haste: u32,
    /// Columns and rows the search stays in.
    pub(super) window: [(usize, usize); 2],
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
    /// By point, what is open in the surroundings of the ends: rounds for rows and columns.
    open: [Vec<u32>; 2],
    goal: Vec<u32>,
}

impl Memory {
    pub(super) fn new(grid: &Grid) -> Memory {
        let points = grid.owner.len();
        Memory {
            round: 0,
            seen: vec![0; points * 4],
            cost: vec![0; points * 4],
            came: vec![0; points * 4],
            open: [vec![0; points], vec![0; points]],
            goal: vec![0; points],
        }
    }

    /// Opens the straight way from each port through the surroundings of its leaf.
    fn open_ports(&mut self, grid: &Grid, ports: &[Port], leaf: Option<u32>) {
        let Some(leaf) = leaf else { return };
        for port in ports {
            let mut p = Some(port.point);
            while let Some(at) = p.filter(|&at| grid.owner[at] == Owner::Leaf(leaf)) {
                self.open[port.out % 2][at] = self.round;
                p = step(grid, at, port.out);
            }
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

/// What the stub between a port and its first point costs.
fn entry(grid: &Grid, port: &Port) -> u32 {
    let crossed = grid.through[(port.out + 1) % 2][port.point];
    let shared = grid.through[port.out % 2][port.point];
    u32::from(crossed) * CROSSING + u32::from(shared) * SHARED * 16
}

/// What the step from `p` to its neighbour `next` costs.
fn step_cost(grid: &Grid, memory: &Memory, task: &Task, p: usize, next: usize, direction: usize) -> u32 {
    let axis = direction % 2;
    let low = p.min(next);
    let (a, b) = (grid.at(p), grid.at(next));
    let length = pixels((a.0 - b.0).abs() + (a.1 - b.1).abs());
    let mut cost = length;
    cost += u32::from(grid.used[axis][low]).min(20) * SHARED * length;
    cost += u32::from(grid.near[axis][low]).min(20) * CROWDED * length;
    if grid.along[p] & grid.along[next] & (1 << axis) != 0 {
        cost += BORDER * length;
    }
    cost += u32::from(grid.through[1 - axis][next]).min(20) * CROSSING;
    for at in [p, next] {
        let closed = match grid.owner[at] {
            Owner::Nobody => false,
            Owner::Closed => true,
            Owner::Leaf(v) => !task.leaves.contains(&Some(v)) || memory.open[axis][at] != memory.round,
        };
        if closed {
            cost += CLOSED * (length / 2 + 4);
        }
    }
    if let Some(lanes) = task.lanes
        && axis == 1
    {
        cost += pixels((a.0 - lanes).max(0)) * length / 250;
    }
    if task.groups.contains(&Some(grid.framed[next])) {
        cost += STRANGE * length;
    }
    if !task.home[grid.deep[next] as usize] {
        cost += STRANGE * length;
    }
    cost
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
        let p = step(grid, at / 4, (at % 4 + 2) % 4).unwrap_or(at / 4);
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

/// The neighbour of a point.
fn step(grid: &Grid, p: usize, direction: usize) -> Option<usize> {
    let nx = grid.nx();
    match direction {
        RIGHT => (p % nx + 1 < nx).then(|| p + 1),
        DOWN => (p + nx < grid.owner.len()).then(|| p + nx),
        LEFT => (!p.is_multiple_of(nx)).then(|| p - 1),
        _ => (p >= nx).then(|| p - nx),
    }
}

/// The cheapest way, or nothing when there is no port.
pub(super) fn search(grid: &Grid, memory: &mut Memory, task: &Task) -> Option<Found> {
    memory.round += 1;
    let round = memory.round;
    memory.open_ports(grid, task.from, task.leaves[0]);
    memory.open_ports(grid, task.to, task.leaves[1]);
    for p in task.to.iter().map(|port| port.point).chain(task.trunk.iter().copied()) {
        memory.goal[p] = round;
    }
    let goals: Vec<usize> = task.to.iter().map(|port| port.point).chain(task.trunk.iter().copied()).collect();
    let target = goals.iter().map(|&p| grid.at(p)).fold(None, |hull: Option<[Len; 4]>, (x, y)| {
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
    let mut heap: BinaryHeap<Reverse<(u32, u32, u32)>> = BinaryHeap::new();
    for port in task.from {
        let state = port.point * 4 + port.out;
        let cost = port.cost + entry(grid, port);
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
                if port.point == p && (port.out + 2) % 4 == direction {
                    heap.push(Reverse((cost + port.cost + entry(grid, port), narrow(state), k)));
                }
            }
            if task.trunk.contains(&p) {
                heap.push(Reverse((cost, narrow(state), JOIN)));
            }
        }
        for turned in [direction, (direction + 1) % 4, (direction + 3) % 4] {
            let Some(next) = step(grid, p, turned) else { continue };
            let (i, j) = (next % grid.nx(), next / grid.nx());
            let inside = i >= task.window[0].0
                && i <= task.window[0].1
                && j >= task.window[1].0
                && j <= task.window[1].1;
            if !inside {
                continue;
            }
            let mut more = step_cost(grid, memory, task, p, next, turned);
            if turned != direction {
                more += BEND;
                if grid.through[0][p] + grid.through[1][p] > 0 {
                    more += TOUCH;
                }
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
