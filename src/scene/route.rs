//! From the layout's routes to lines that can be drawn: ends that keep clear of tiles and texts, marks at the
//! ends, jumps where lines cross.

use super::stage::size;
use super::{Box4, Step, Tenths, trunk};
use crate::layout::{End, Graph};
use crate::view::{Heads, View};

/// A point on the page.
pub(super) type Pt = (Tenths, Tenths);

/// A line as it is drawn.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Run {
    /// Corners from end to end, marks included. Fewer than two where nothing is to be drawn.
    pub(super) points: Vec<Pt>,
    pub(super) start: Mark,
    pub(super) end: Mark,
    /// Where it jumps over others: x of the crossing, by index of the step that crosses.
    pub(super) jumps: Vec<(usize, Tenths)>,
}

/// What an end looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Mark {
    #[default]
    Plain,
    Head,
    /// Starts at a group for all its members, or meets its trunk.
    Dot,
}

/// Between a tile and a line's end.
const GAP: Tenths = 20;
/// An end this near to a border belongs to it.
const NEAR: Tenths = 30;
/// An end this near to a tile and its texts belongs to it.
const REACH: Tenths = 160;
/// How far a stack's copies reach to the right and upwards.
const STACK: Tenths = 80;
/// How long an arrowhead is.
pub(super) const HEAD: Tenths = 90;
/// The radius of a line's corners.
pub(super) const CORNER: Tenths = 80;
const JUMP: Tenths = 50;

/// Prepares all lines; a jump needs to know the others.
pub(super) fn runs(
    view: &View,
    graph: &Graph,
    tiles: &[Box4],
    boxes: &[Box4],
    frames: &[Box4],
    points: Vec<Vec<Pt>>,
) -> Vec<Run> {
    let ends = Ends { view, graph, tiles, boxes, frames };
    let mut runs: Vec<Run> =
        points.into_iter().enumerate().map(|(at, points)| ends.run(at, points)).collect();
    trunk::share(view, &mut runs);
    let all: Vec<Vec<Pt>> = runs.iter().map(|run| run.points.clone()).collect();
    for (at, run) in runs.iter_mut().enumerate() {
        run.jumps = jumps(&all, at);
    }
    runs
}

struct Ends<'a> {
    view: &'a View,
    graph: &'a Graph,
    tiles: &'a [Box4],
    boxes: &'a [Box4],
    frames: &'a [Box4],
}

impl Ends<'_> {
    fn run(&self, at: usize, points: Vec<Pt>) -> Run {
        let edge = &self.view.edges[at];
        let mut points = tidy(points);
        if points.len() < 2 {
            return Run::default();
        }
        let mark = |end: End, attached: bool, head: bool, group: bool| match (attached, end) {
            (false, _) => Mark::Dot,
            (true, _) if head => Mark::Head,
            (true, End::Group(_)) if group => Mark::Dot,
            (true, _) => Mark::Plain,
        };
        let last = points.len() - 1;
        let first = self.attach(edge.from, points[0], points[1]);
        let end = self.attach(edge.to, points[last], points[last - 1]);
        let start_mark = mark(edge.from, first.is_some(), edge.heads == Heads::Both, true);
        let end_mark = mark(edge.to, end.is_some(), edge.heads != Heads::None, false);
        // Clearing the texts may not turn a short line around.
        let (from, to) = (first.unwrap_or(points[0]), end.unwrap_or(points[last]));
        if keeps_direction(points[0], points[1], from, if last == 1 { to } else { points[1] }) {
            points[0] = from;
        }
        if keeps_direction(points[last], points[last - 1], to, points[last - 1]) {
            points[last] = to;
        }
        Run { points, start: start_mark, end: end_mark, ..Run::default() }
    }

    /// Where a line that leaves `point` towards `next` begins to be drawn; `None` when it does not touch its
    /// end's border, because it branches off another line.
    fn attach(&self, end: End, point: Pt, next: Pt) -> Option<Pt> {
        let (x, y, w, h) = match end {
            End::Node(node) => return self.attach_node(node, point, next),
            End::Container(container) => *self.boxes.get(container)?,
            End::Group(group) => *self.frames.get(group)?,
        };
        let inside = |v: Tenths, from: Tenths, len: Tenths| v >= from - NEAR && v <= from + len + NEAR;
        (inside(point.0, x, w) && inside(point.1, y, h)).then_some(point)
    }

    /// A line on a tile's side or top begins beside the tile, one below it under the last line of text: also
    /// where the layout ends it a little nearer or further.
    fn attach_node(&self, node: usize, point: Pt, next: Pt) -> Option<Pt> {
        let (x, y, w, h) = *self.tiles.get(node)?;
        let text = size(self.graph.nodes[node].text);
        let stack = if self.view.nodes[node].copies > 1 { STACK } else { 0 };
        let half = w.max(text.0) / 2 + REACH;
        let within = |v: Tenths, from: Tenths, to: Tenths| v >= from && v <= to;
        if !within(point.0, x + w / 2 - half, x + w / 2 + half)
            || !within(point.1, y - stack - REACH, y + h + text.1 + REACH)
        {
            return None;
        }
        let (dx, dy) = (next.0 - point.0, next.1 - point.1);
        let (beside, over) = (within(point.1, y, y + h), within(point.0, x, x + w));
        Some(match dx.abs() > dy.abs() {
            true if !beside => point,
            true if dx > 0 => (x + w + stack + GAP, point.1),
            true => (x - GAP, point.1),
            false if !over => point,
            false if dy < 0 => (point.0, y - stack - GAP),
            false => (point.0, y + h + text.1 + GAP),
        })
    }
}

/// Drops points that are no corners.
fn tidy(points: Vec<Pt>) -> Vec<Pt> {
    let mut out: Vec<Pt> = Vec::with_capacity(points.len());
    for point in points {
        if out.last() == Some(&point) {
            continue;
        }
        if let [.., a, b] = out[..]
            && ((a.0 == b.0 && b.0 == point.0) || (a.1 == b.1 && b.1 == point.1))
        {
            out.pop();
        }
        out.push(point);
    }
    out
}

fn keeps_direction(from: Pt, to: Pt, new_from: Pt, new_to: Pt) -> bool {
    let (old, new) = ((to.0 - from.0, to.1 - from.1), (new_to.0 - new_from.0, new_to.1 - new_from.1));
    let same = |a: Tenths, b: Tenths| a.signum() == b.signum();
    same(old.0, new.0) && same(old.1, new.1)
}

/// The horizontal line jumps: every crossing with another line's vertical step, clear of all corners.
fn jumps(all: &[Vec<Pt>], own: usize) -> Vec<(usize, Tenths)> {
    let mut found = Vec::new();
    for (index, step) in all[own].windows(2).enumerate() {
        let (from, to) = (step[0], step[1]);
        if from.1 != to.1 {
            continue;
        }
        let (left, right, clear) = (from.0.min(to.0), from.0.max(to.0), JUMP + CORNER);
        let others = all.iter().enumerate().filter(|(other, _)| *other != own);
        let verticals = others.flat_map(|(_, points)| points.windows(2)).filter(|s| s[0].0 == s[1].0);
        let crossing = verticals.filter(|s| {
            let (high, low) = (s[0].1.min(s[1].1), s[0].1.max(s[1].1));
            s[0].0 >= left + clear && s[0].0 <= right - clear && from.1 > high + GAP && from.1 < low - GAP
        });
        let mut at: Vec<Tenths> = crossing.map(|s| s[0].0).collect();
        at.sort_unstable();
        at.dedup_by(|b, a| *b - *a <= 2 * JUMP);
        found.extend(at.into_iter().map(|x| (index, x)));
    }
    found
}

impl Run {
    /// The line itself without its marks, with round corners and jumps.
    pub(super) fn path(&self) -> Vec<Step> {
        let mut points = self.points.clone();
        let last = points.len() - 1;
        if self.start == Mark::Head {
            points[0] = towards(points[0], points[1], HEAD - 10);
        }
        if self.end == Mark::Head {
            points[last] = towards(points[last], points[last - 1], HEAD - 10);
        }
        let mut steps = vec![Step::Move(points[0].0, points[0].1)];
        for index in 1..=last {
            let (from, to) = (points[index - 1], points[index]);
            let right = to.0 > from.0;
            let sign = if right { 1 } else { -1 };
            let mut over: Vec<Tenths> =
                self.jumps.iter().filter(|(step, _)| *step == index - 1).map(|(_, x)| *x).collect();
            if !right {
                over.reverse();
            }
            for x in over {
                steps.push(Step::Line(x - sign * JUMP, from.1));
                steps.push(Step::Arc(JUMP, right, x + sign * JUMP, from.1));
            }
            if index == last {
                steps.push(Step::Line(to.0, to.1));
                continue;
            }
            let next = points[index + 1];
            // An inner step shares its length between two corners, an outer one has only one.
            let room = |a: Pt, b: Pt, inner: bool| distance(a, b) / if inner { 2 } else { 1 };
            let corner = CORNER.min(room(from, to, index > 1)).min(room(to, next, index + 1 < last));
            let (enter, leave) = (towards(to, from, corner), towards(to, next, corner));
            steps.push(Step::Line(enter.0, enter.1));
            steps.push(Step::Curve(to.0, to.1, leave.0, leave.1));
        }
        steps
    }

    /// The arrowheads, as triangles.
    pub(super) fn heads(&self) -> Vec<Vec<Step>> {
        let last = self.points.len() - 1;
        let start = (self.start == Mark::Head).then(|| triangle(self.points[0], self.points[1]));
        let end = (self.end == Mark::Head).then(|| triangle(self.points[last], self.points[last - 1]));
        start.into_iter().chain(end).collect()
    }

    /// Where dots stand.
    pub(super) fn dots(&self) -> Vec<Pt> {
        let start = (self.start == Mark::Dot).then(|| self.points[0]);
        let end = (self.end == Mark::Dot).then(|| self.points[self.points.len() - 1]);
        start.into_iter().chain(end).collect()
    }

    /// The middle of the longest step.
    pub(super) fn middle(&self) -> Option<Pt> {
        let longest = self.points.windows(2).rev().max_by_key(|step| distance(step[0], step[1]))?;
        Some(((longest[0].0 + longest[1].0) / 2, (longest[0].1 + longest[1].1) / 2))
    }

    /// Whether any step runs through a box.
    pub(super) fn hits(&self, at: Box4) -> bool {
        let (x, y, w, h) = at;
        self.points.windows(2).any(|step| {
            let (a, b) = (step[0], step[1]);
            a.0.min(b.0) < x + w && a.0.max(b.0) > x && a.1.min(b.1) < y + h && a.1.max(b.1) > y
        })
    }
}

pub(super) fn distance(a: Pt, b: Pt) -> Tenths {
    (a.0 - b.0).abs() + (a.1 - b.1).abs()
}

/// The point `by` further from `from` to `to` along the axis between them.
pub(super) fn towards(from: Pt, to: Pt, by: Tenths) -> Pt {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    if dx.abs() >= dy.abs() {
        (from.0 + dx.signum() * by.min(dx.abs()), from.1)
    } else {
        (from.0, from.1 + dy.signum() * by.min(dy.abs()))
    }
}

fn triangle(tip: Pt, before: Pt) -> Vec<Step> {
    let (dx, dy) = (before.0 - tip.0, before.1 - tip.1);
    let along = if dx.abs() >= dy.abs() { (dx.signum(), 0) } else { (0, dy.signum()) };
    let base = (tip.0 + along.0 * HEAD, tip.1 + along.1 * HEAD);
    let side = (along.1 * 40, along.0 * 40);
    vec![
        Step::Move(tip.0, tip.1),
        Step::Line(base.0 - side.0, base.1 - side.1),
        Step::Line(base.0 + side.0, base.1 + side.1),
        Step::Close,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(points: &[Pt]) -> Run {
        Run { points: points.to_vec(), ..Run::default() }
    }

    #[test]
    fn corners_are_round_and_heads_take_their_length() {
        let line = Run { end: Mark::Head, ..run(&[(0, 0), (400, 0), (400, 400)]) };
        assert_eq!(
            line.path(),
            [Step::Move(0, 0), Step::Line(320, 0), Step::Curve(400, 0, 400, 80), Step::Line(400, 320)]
        );
        assert_eq!(line.heads()[0][0], Step::Move(400, 400));
        assert_eq!(line.heads()[0][1], Step::Line(440, 310));
    }

    #[test]
    fn short_steps_share_their_length() {
        let line = run(&[(0, 0), (400, 0), (400, 100), (800, 100)]);
        assert!(line.path().contains(&Step::Curve(400, 0, 400, 50)));
    }

    #[test]
    fn the_horizontal_line_jumps() {
        let all = vec![vec![(0, 500), (1000, 500)], vec![(400, 0), (400, 900)], vec![(60, 0), (60, 900)]];
        assert_eq!(jumps(&all, 0), [(0, 400)], "not at 60: too near to the end");
        assert!(jumps(&all, 1).is_empty());
        let line = Run { jumps: vec![(0, 400)], ..run(&all[0]) };
        assert_eq!(
            line.path(),
            [Step::Move(0, 500), Step::Line(350, 500), Step::Arc(50, true, 450, 500), Step::Line(1000, 500)]
        );
    }

    #[test]
    fn points_on_a_line_are_no_corners() {
        assert_eq!(tidy(vec![(0, 0), (0, 0), (5, 0), (9, 0), (9, 7)]), [(0, 0), (9, 0), (9, 7)]);
    }
}
