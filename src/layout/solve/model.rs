//! The drawing while it is being solved: first all of it rough, then x settled, then y as well.

use super::super::geom::{Area, Len, px};
use super::super::input::Input;
use super::super::picture::Picture;
use super::super::{Role, Sort};
use super::axis::{Axis, Bound, out_of};
use super::lines::{Anchor, Lines, Part, Side, Thing, edge_of, span};
use super::stages::Solved;
use super::straight;

/// Boxes that hang on something as one piece: lines from something to itself with their labels, badges.
#[derive(Debug, Clone)]
pub(super) struct Rider {
    pub(super) thing: Thing,
    pub(super) areas: Vec<Area>,
}

/// Boxes of one size, and the least that this size may be.
pub(super) type Equals = Vec<(Vec<usize>, Len)>;

/// Everything that is solved together.
pub(super) struct Drawing<'a> {
    pub(super) input: &'a Input<'a>,
    pub(super) now: Picture,
    pub(super) lines: Lines,
    pub(super) riders: Vec<Rider>,
    /// Where each segment stands, once its axis is solved.
    pub(super) at: Vec<Len>,
    /// The middle of each label.
    pub(super) label_at: Vec<[Len; 2]>,
    /// By axis: which boxes must have one size.
    pub(super) equal: [Equals; 2],
    /// By axis: whether these sizes are decided.
    pub(super) fixed: [bool; 2],
}

impl<'a> Drawing<'a> {
    pub(super) fn new(
        input: &'a Input<'a>,
        picture: &Picture,
        lines: Lines,
        riders: Vec<Rider>,
    ) -> Drawing<'a> {
        let at = lines.segs.iter().map(|seg| seg.at).collect();
        let label_at = vec![[0, 0]; lines.labels.len()];
        let equal = [equals(input, picture, 0), equals(input, picture, 1)];
        Drawing { input, now: picture.clone(), lines, riders, at, label_at, equal, fixed: [false, false] }
    }

    /// Solves both axes; fails with the ports that stand in the way, one list for each contradiction.
    pub(super) fn solve(&mut self) -> Result<(), Vec<Vec<Bound>>> {
        for axis in [0, 1] {
            let mut solved = Axis::new(self, axis).solve()?;
            for _ in 0..6 {
                let mut even = true;
                for (group, size) in &mut self.equal[axis] {
                    let sizes = || group.iter().map(|&c| solved.boxes[c][1] - solved.boxes[c][0]);
                    let most = sizes().max().unwrap_or(0);
                    if sizes().any(|size| size != most) {
                        even = false;
                        *size = most.max(*size + if self.fixed[axis] { px(64) } else { 0 });
                    }
                }
                if even {
                    break;
                }
                self.fixed[axis] = true;
                match Axis::new(self, axis).solve() {
                    Ok(better) => solved = better,
                    Err(circles) if circles.iter().any(|circle| !circle.is_empty()) => return Err(circles),
                    // The boxes need more room than any of them took alone.
                    Err(_) => {
                        for (_, size) in &mut self.equal[axis] {
                            *size += *size / 4;
                        }
                    }
                }
            }
            let solved = straight::straightened(self, axis, solved);
            self.apply(axis, &solved);
            if axis == 0 {
                self.lines.order_jogs(&self.at);
            }
        }
        Ok(())
    }

    /// Whether a gateway stands on the border of its network that faces smaller (0) or larger (1) coordinates.
    pub(super) fn straddles(&self, v: usize, axis: usize, side: usize) -> bool {
        let parent = self.input.node_parent[v];
        self.input.role(v) == Role::Gateway
            && self.input.sort(parent) == Some(Sort::Network)
            && out_of(&self.now.tiles[v], &self.now.boxes[parent], axis, side)
    }

    /// Whether a group's title stands on the border of its frame along an axis.
    pub(super) fn on_border(&self, title: &Area, frame: &Area, axis: usize) -> bool {
        out_of(title, frame, axis, 0) || out_of(title, frame, axis, 1)
    }

    /// How far from the middle of a leaf its lines may end at a side.
    pub(super) fn reach(&self, v: usize, side: Side) -> (Len, Len) {
        let along = 1 - side.axis();
        let (low, high) = span(&self.now.tiles[v], along);
        let half = (high - low) / 2;
        let reach = (half - px(6)).max(0);
        let (mut from, mut to) = (-reach, reach);
        for rider in self.riders.iter().filter(|rider| rider.thing == Thing::Leaf(v)) {
            // The loops at the corners take a part of the sides they start from.
            for area in &rider.areas {
                let ends = span(area, along);
                let middle = (low + high) / 2;
                let touches = match side {
                    Side::Top => area.y0 < self.now.tiles[v].y0,
                    Side::Right => area.x1 > self.now.tiles[v].x1,
                    Side::Left => area.x0 < self.now.tiles[v].x0,
                    Side::Bottom => false,
                };
                if touches && ends.0 <= low {
                    from = from.max(ends.1 - middle + px(6)).min(to);
                } else if touches && ends.1 >= high {
                    to = to.min(ends.0 - middle - px(6)).max(from);
                }
            }
        }
        (from, to)
    }

    /// Where a segment starts and ends, when x is solved.
    pub(super) fn solved_extent(&self, s: usize) -> (Len, Len) {
        let end = |end: usize| match self.lines.segs[s].ends[end] {
            Some(anchor) => edge_of(&self.now, anchor),
            None => self.at[self.lines.next(s, end)],
        };
        let (a, b) = (end(0), end(1));
        (a.min(b), a.max(b))
    }

    fn apply(&mut self, axis: usize, solved: &Solved) {
        let shift = |area: &mut Area, by: Len| {
            *area = if axis == 0 { area.moved(by, 0) } else { area.moved(0, by) };
        };
        let old = self.now.clone();
        for v in 0..old.tiles.len() {
            let by = solved.leaf[v] - super::axis::middle(span(&old.tiles[v], axis));
            for list in [&mut self.now.tiles, &mut self.now.texts, &mut self.now.slots] {
                shift(&mut list[v], by);
            }
        }
        for (c, [low, high]) in solved.boxes.iter().copied().enumerate() {
            shift(&mut self.now.titles[c], low - span(&old.boxes[c], axis).0);
            set(&mut self.now.boxes[c], axis, low, high);
        }
        for g in 0..old.frames.len() {
            if let Some(frame) = &mut self.now.frames[g] {
                set(frame, axis, solved.frames[g][0], solved.frames[g][1]);
            }
            if let Some(title) = &mut self.now.frame_titles[g] {
                let by = solved.frame_titles[g] - super::axis::middle(span(title, axis));
                shift(title, by);
            }
        }
        for rider in &mut self.riders {
            let (new, old) = match rider.thing {
                Thing::Leaf(v) => (self.now.tiles[v], old.tiles[v]),
                Thing::Box(c) => (self.now.boxes[c], old.boxes[c]),
                Thing::Frame(g) => {
                    (self.now.frames[g].unwrap_or_default(), old.frames[g].unwrap_or_default())
                }
            };
            let by = if axis == 0 { new.x1 - old.x1 } else { new.y0 - old.y0 };
            for area in &mut rider.areas {
                shift(area, by);
            }
        }
        for (at, new) in self.at.iter_mut().zip(&solved.seg) {
            *at = new.unwrap_or(*at);
        }
        for (at, new) in self.label_at.iter_mut().zip(&solved.label) {
            at[axis] = *new;
        }
    }

    /// The corners of a line, when all is solved.
    pub(super) fn points(&self, line: usize) -> Vec<(Len, Len)> {
        let range = self.lines.first[line]..self.lines.first[line + 1];
        let mut points: Vec<(Len, Len)> = Vec::new();
        let point = |s: usize, other: Len| {
            if self.lines.segs[s].axis == 0 { (self.at[s], other) } else { (other, self.at[s]) }
        };
        for s in range.clone() {
            let other = match self.lines.segs[s].ends[0] {
                Some(anchor) => edge_of(&self.now, anchor),
                None => self.at[s - 1],
            };
            points.push(point(s, other));
        }
        if let Some(s) = range.last()
            && let Some(anchor) = self.lines.segs[s].ends[1]
        {
            points.push(point(s, edge_of(&self.now, anchor)));
        }
        let mut tidy: Vec<(Len, Len)> = Vec::new();
        for at in points {
            if tidy.last() == Some(&at) {
                continue;
            }
            if let [.., a, b] = tidy[..]
                && ((a.0 == b.0 && b.0 == at.0) || (a.1 == b.1 && b.1 == at.1))
            {
                tidy.pop();
            }
            tidy.push(at);
        }
        tidy
    }
}

fn set(area: &mut Area, axis: usize, low: Len, high: Len) {
    if axis == 0 {
        (area.x0, area.x1) = (low, high);
    } else {
        (area.y0, area.y1) = (low, high);
    }
}

/// Zones that stand in one box have one size, and so have the tiers of one rank in them, as far as they were placed so.
fn equals(input: &Input, picture: &Picture, axis: usize) -> Equals {
    let size = |c: usize| {
        let (low, high) = span(&picture.boxes[c], axis);
        high - low
    };
    type Key = (usize, Option<Sort>, Len);
    let mut keyed: Vec<(Key, usize)> = Vec::new();
    for c in 0..picture.boxes.len() {
        let (sort, parent) = (input.sort(c), input.cont_parent[c]);
        match sort {
            Some(Sort::Zone) => keyed.push(((parent, sort, size(c)), c)),
            Some(Sort::Tier(_)) if input.sort(parent) == Some(Sort::Zone) => {
                keyed.push(((input.cont_parent[parent], sort, size(c)), c));
            }
            _ => {}
        }
    }
    keyed.sort_unstable();
    keyed
        .chunk_by(|a, b| a.0 == b.0)
        .filter(|group| group.len() > 1)
        .map(|group| (group.iter().map(|&(_, c)| c).collect(), group[0].0.2))
        .collect()
}

impl Lines {
    /// The side that a jog leads away from.
    pub(super) fn jogs_from(&self, s: usize) -> Option<Anchor> {
        let stub = |n: Option<usize>| n.and_then(|n| self.segs.get(n)).filter(|seg| seg.part == Part::Stub);
        let before = stub(s.checked_sub(1)).and_then(|seg| seg.ends[0]);
        before.or_else(|| stub(s.checked_add(1)).and_then(|seg| seg.ends[1]))
    }

    /// The stub that a free way goes on from.
    pub(super) fn stub_of(&self, s: usize) -> Option<usize> {
        let line = self.segs[s].line;
        let jog = |n: usize| self.segs.get(n).is_some_and(|seg| seg.part == Part::Jog && seg.line == line);
        if s > 1 && jog(s - 1) {
            return Some(s - 2);
        }
        jog(s + 1).then_some(s + 2)
    }
}
