//! The lines on which routes may run, what stands in their way, and what already runs on them.

use super::geom::{Area, Len, px};
use super::input::Input;
use super::picture::Picture;

/// Routes keep this far from leaves.
const LEAF_MARGIN: Len = px(9);
/// Routes keep this far from titles.
const TITLE_MARGIN: Len = px(5);
/// Nearer than this a route may not follow a border.
const BORDER: Len = px(8);
/// Parallel routes keep this far apart.
const APART: Len = px(16);

/// What a point lies in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    Nobody,
    /// A title: closed for everybody.
    Closed,
    /// A leaf, its texts included.
    Leaf(u32),
}

/// The grid. A point `(i, j)` has the index `j * nx + i`.
pub(super) struct Grid {
    pub(super) xs: Vec<Len>,
    pub(super) ys: Vec<Len>,
    pub(super) owner: Vec<Owner>,
    /// The innermost container of each point; the number of containers for the page.
    pub(super) deep: Vec<u32>,
    /// The group whose frame each point lies in; the number of groups for none.
    pub(super) framed: Vec<u32>,
    /// By point: the step right (bit 0) or down (bit 1) from it follows a border.
    pub(super) along: Vec<u8>,
    /// By axis and point: routes on the step right or down from it.
    pub(super) used: [Vec<u16>; 2],
    /// By axis and point: how crowded the neighbourhood of the step right or down from it is.
    pub(super) near: [Vec<u16>; 2],
    /// By axis and point: routes that run through the point or turn in it.
    pub(super) through: [Vec<u16>; 2],
}

impl Grid {
    /// Lays the lines through and between everything in the picture. `ports` are coordinates that routes need exactly.
    pub(super) fn new(input: &Input, picture: &Picture, ports: (Vec<Len>, Vec<Len>)) -> Grid {
        let frames = || picture.boxes.iter().chain(picture.frames.iter().flatten());
        let hull =
            picture.slots.iter().chain(frames()).copied().reduce(|a, b| a.join(&b)).unwrap_or_default();
        let hull = hull.grown(px(40));
        let mut soft_x = vec![hull.x0, hull.x1];
        let mut soft_y = vec![hull.y0, hull.y1];
        for area in frames() {
            soft_x.extend([area.x0 - px(12), area.x0 + px(12), area.x1 - px(12), area.x1 + px(12)]);
            soft_y.extend([area.y0 - px(12), area.y0 + px(12), area.y1 - px(12), area.y1 + px(12)]);
        }
        for slot in &picture.slots {
            soft_x.extend([slot.x0 - px(4), slot.x1 + px(4)]);
            soft_y.extend([slot.y0 - px(16), slot.y1 + px(16)]);
        }
        let (xs, ys) = (lines(ports.0, soft_x), lines(ports.1, soft_y));
        let points = xs.len() * ys.len();
        let page = u32::try_from(input.page()).unwrap_or(u32::MAX);
        let mut grid = Grid {
            xs,
            ys,
            owner: vec![Owner::Nobody; points],
            deep: vec![page; points],
            framed: vec![u32::try_from(picture.frames.len()).unwrap_or(u32::MAX); points],
            along: vec![0; points],
            used: [vec![0; points], vec![0; points]],
            near: [vec![0; points], vec![0; points]],
            through: [vec![0; points], vec![0; points]],
        };
        for (c, area) in (0u32..).zip(&picture.boxes) {
            grid.each(area, |grid, p| grid.deep[p] = c);
        }
        for (g, frame) in (0u32..).zip(&picture.frames) {
            if let Some(frame) = frame {
                grid.each(frame, |grid, p| grid.framed[p] = g);
            }
        }
        for area in frames() {
            grid.follow(area);
        }
        for title in picture.titles.iter().chain(picture.frame_titles.iter().flatten()) {
            if title.w() > 0 && title.h() > 0 {
                grid.each(&title.grown(TITLE_MARGIN), |grid, p| grid.owner[p] = Owner::Closed);
            }
        }
        for (v, (tile, text)) in (0u32..).zip(picture.tiles.iter().zip(&picture.texts)) {
            grid.each(&tile.grown(LEAF_MARGIN), |grid, p| grid.owner[p] = Owner::Leaf(v));
            if text.w() > 0 {
                grid.each(&text.grown(px(3)), |grid, p| grid.owner[p] = Owner::Leaf(v));
            }
        }
        grid
    }

    pub(super) fn nx(&self) -> usize {
        self.xs.len()
    }

    pub(super) fn at(&self, p: usize) -> (Len, Len) {
        (self.xs[p % self.nx()], self.ys[p / self.nx()])
    }

    /// The columns strictly between two coordinates.
    pub(super) fn columns(&self, x0: Len, x1: Len) -> std::ops::Range<usize> {
        between(&self.xs, x0, x1)
    }

    /// The rows strictly between two coordinates.
    pub(super) fn rows(&self, y0: Len, y1: Len) -> std::ops::Range<usize> {
        between(&self.ys, y0, y1)
    }

    /// Does something with every point strictly inside an area.
    fn each(&mut self, area: &Area, mut what: impl FnMut(&mut Grid, usize)) {
        let (columns, rows) = (self.columns(area.x0, area.x1), self.rows(area.y0, area.y1));
        for j in rows {
            for i in columns.clone() {
                let p = j * self.nx() + i;
                what(self, p);
            }
        }
    }

    /// Marks the steps that would run along the border of an area.
    fn follow(&mut self, area: &Area) {
        for x in [area.x0, area.x1] {
            let band = Area { x0: x - BORDER, x1: x + BORDER, y0: area.y0 - px(4), y1: area.y1 + px(4) };
            self.each(&band, |grid, p| grid.along[p] |= 2);
        }
        for y in [area.y0, area.y1] {
            let band = Area { x0: area.x0 - px(4), x1: area.x1 + px(4), y0: y - BORDER, y1: y + BORDER };
            self.each(&band, |grid, p| grid.along[p] |= 1);
        }
    }

    /// Writes a route (points of the grid, corners only) down, or takes it away again.
    pub(super) fn mark(&mut self, corners: &[usize], add: bool) {
        let nx = self.nx();
        let change = |value: &mut u16, by: u16| {
            *value = if add { value.saturating_add(by) } else { value.saturating_sub(by) };
        };
        for pair in corners.windows(2) {
            let (a, b) = (pair[0].min(pair[1]), pair[0].max(pair[1]));
            let axis = usize::from(a % nx == b % nx);
            let step = if axis == 0 { 1 } else { nx };
            for p in (a..=b).step_by(step) {
                change(&mut self.through[axis][p], 1);
            }
            for p in (a..b).step_by(step) {
                change(&mut self.used[axis][p], 1);
            }
            // Lines too near beside it are crowded, a little beyond its ends as well.
            let (lines, at) = if axis == 0 { (&self.ys, a / nx) } else { (&self.xs, a % nx) };
            let other = if axis == 0 { nx } else { 1 };
            let here = lines[at];
            for k in (0..at).rev().take_while(|&k| here - lines[k] < APART) {
                let weight = if here - lines[k] < BORDER { 6 } else { 1 };
                for p in (a..b).step_by(step) {
                    change(&mut self.near[axis][p - (at - k) * other], weight);
                }
            }
            for k in (at + 1..lines.len()).take_while(|&k| lines[k] - here < APART) {
                let weight = if lines[k] - here < BORDER { 6 } else { 1 };
                for p in (a..b).step_by(step) {
                    change(&mut self.near[axis][p + (k - at) * other], weight);
                }
            }
        }
    }
}

fn between(lines: &[Len], low: Len, high: Len) -> std::ops::Range<usize> {
    let from = lines.partition_point(|&at| at <= low);
    from..lines.partition_point(|&at| at < high).max(from)
}

/// All exact lines, the soft ones that are not too near to others, and as many between them that none is far away.
fn lines(mut exact: Vec<Len>, mut soft: Vec<Len>) -> Vec<Len> {
    exact.sort_unstable();
    exact.dedup();
    soft.sort_unstable();
    soft.dedup();
    let mut all = exact.clone();
    let mut last = Len::MIN / 2;
    for at in soft {
        let i = exact.partition_point(|&e| e < at);
        let near = |e: Option<&Len>| e.is_some_and(|e| (e - at).abs() < px(6));
        if at - last >= px(6) && !near(exact.get(i)) && !near(i.checked_sub(1).and_then(|i| exact.get(i))) {
            all.push(at);
            last = at;
        }
    }
    all.sort_unstable();
    let mut filled = Vec::with_capacity(all.len() * 2);
    for pair in all.windows(2) {
        filled.push(pair[0]);
        let parts = (pair[1] - pair[0]) / px(14);
        // Far out on an empty page a few lines are enough.
        let parts = parts.min(12);
        for k in 1..parts {
            filled.push(pair[0] + (pair[1] - pair[0]) * k / parts);
        }
    }
    filled.extend(all.last());
    filled
}
