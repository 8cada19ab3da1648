//! Rough ways as segments: what can be moved on its own, and what its ends hang on.

use super::super::End;
use super::super::geom::{Area, Len};
use super::super::input::Input;
use super::super::picture::Picture;
use super::super::route::Path;

/// A position, finer than any length: segments on one line of the grid differ by their rank on it.
pub(super) const FINE: i64 = 1 << 16;

/// A side of a box.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Side {
    Left,
    Right,
    Top,
    Bottom,
}

/// What a line ends at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Thing {
    Leaf(usize),
    Box(usize),
    Frame(usize),
}

/// Where a line ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Anchor {
    pub(super) thing: Thing,
    pub(super) side: Side,
}

/// What a segment is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// As routed.
    Way,
    /// The first or last bit of a line whose next segments go round others of the same side.
    Stub,
    /// Leads from a stub to the free way.
    Jog,
}

/// A straight piece of a line.
#[derive(Debug, Clone)]
pub(super) struct Seg {
    pub(super) line: usize,
    /// The axis of the coordinate that all its points share: 0 for upright ones, whose x can move.
    pub(super) axis: usize,
    pub(super) at: Len,
    pub(super) rank: i64,
    pub(super) part: Part,
    /// What its start and end hang on, if it is the first or last.
    pub(super) ends: [Option<Anchor>; 2],
    /// The index that segments of one trunk on each other have in common.
    pub(super) class: usize,
}

impl Seg {
    pub(super) fn fine(&self) -> i64 {
        self.at * FINE + self.rank
    }
}

/// A label and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Label {
    pub(super) line: usize,
    pub(super) host: usize,
    /// Position along its host.
    pub(super) along: Len,
    pub(super) size: (Len, Len),
    /// The border (0 at smaller coordinates, 1 at larger) of the box that it stands on; `None` where it is free.
    pub(super) border: Option<(usize, usize)>,
}

/// All lines of a picture in pieces; those of line `e` are `segs[first[e]..first[e + 1]]`.
#[derive(Debug, Clone, Default)]
pub(super) struct Lines {
    pub(super) segs: Vec<Seg>,
    pub(super) first: Vec<usize>,
    pub(super) labels: Vec<Label>,
}

impl Side {
    /// The axis across which the side stands: 0 for left and right.
    pub(super) fn axis(self) -> usize {
        usize::from(matches!(self, Side::Top | Side::Bottom))
    }

    /// Whether the side faces larger coordinates.
    pub(super) fn far(self) -> bool {
        matches!(self, Side::Right | Side::Bottom)
    }
}

/// The extent of an area along an axis.
pub(super) fn span(area: &Area, axis: usize) -> (Len, Len) {
    if axis == 0 { (area.x0, area.x1) } else { (area.y0, area.y1) }
}

/// The coordinate of a point along an axis.
pub(super) fn along(point: (Len, Len), axis: usize) -> Len {
    if axis == 0 { point.0 } else { point.1 }
}

/// Where the lines of a side end.
pub(super) fn edge_of(picture: &Picture, anchor: Anchor) -> Len {
    let area = match anchor.thing {
        Thing::Leaf(v) => {
            let text = &picture.texts[v];
            let mut area = picture.tiles[v];
            if text.w() > 0 {
                area.y1 = area.y1.max(text.y1);
            }
            area
        }
        Thing::Box(c) => picture.boxes[c],
        Thing::Frame(g) => picture.frames[g].unwrap_or_default(),
    };
    let (low, high) = span(&area, anchor.side.axis());
    if anchor.side.far() { high } else { low }
}

/// What a line ends at; a group without a frame is its first member.
pub(super) fn thing(input: &Input, picture: &Picture, end: End) -> Option<Thing> {
    match end {
        End::Node(v) => Some(Thing::Leaf(v)),
        End::Container(c) => Some(Thing::Box(c)),
        End::Group(g) if picture.frames[g].is_some() => Some(Thing::Frame(g)),
        End::Group(g) => input.members[g].first().map(|&v| Thing::Leaf(v)),
    }
}

impl Lines {
    /// Takes the ways apart. Lines from something to itself are left out: they hang on it as one piece.
    pub(super) fn new(input: &Input, picture: &Picture, paths: &[Path]) -> Lines {
        let mut lines = Lines { first: vec![0], ..Lines::default() };
        for (e, path) in paths.iter().enumerate() {
            let edge = &input.graph.edges[e];
            let ends = (thing(input, picture, edge.from), thing(input, picture, edge.to));
            if let (Some(from), Some(to)) = ends
                && from != to
            {
                lines.add(picture, e, from, to, &path.points);
            }
            lines.first.push(lines.segs.len());
        }
        lines.share(input);
        lines
    }

    fn add(&mut self, picture: &Picture, e: usize, from: Thing, to: Thing, points: &[(Len, Len)]) {
        let mut points = points.to_vec();
        trim(picture, from, &mut points);
        points.reverse();
        trim(picture, to, &mut points);
        points.reverse();
        let count = points.len();
        for (k, pair) in points.windows(2).enumerate() {
            let axis = usize::from(pair[0].0 != pair[1].0);
            let start = (k == 0).then(|| anchor(picture, from, pair[0], pair[1]));
            let end = (k + 2 == count).then(|| anchor(picture, to, pair[1], pair[0]));
            self.segs.push(Seg {
                line: e,
                axis,
                at: along(pair[0], axis),
                rank: 0,
                part: Part::Way,
                ends: [start, end],
                class: self.segs.len(),
            });
        }
    }

    /// The rough coordinate at which a segment starts (0) or ends (1), finely.
    pub(super) fn end(&self, picture: &Picture, s: usize, end: usize) -> i64 {
        match self.segs[s].ends[end] {
            Some(anchor) => edge_of(picture, anchor) * FINE,
            None => self.segs[self.next(s, end)].fine(),
        }
    }

    /// The segment that follows at the end (1) of a segment or stands before its start (0).
    pub(super) fn next(&self, s: usize, end: usize) -> usize {
        if end == 0 { s - 1 } else { s + 1 }
    }

    /// The rough extent of a segment, finely.
    pub(super) fn extent(&self, picture: &Picture, s: usize) -> (i64, i64) {
        let (a, b) = (self.end(picture, s, 0), self.end(picture, s, 1));
        (a.min(b), a.max(b))
    }

    /// Segments of one trunk that lie on each other become one.
    fn share(&mut self, input: &Input) {
        let mut keyed: Vec<(usize, usize, Len, usize)> = self
            .segs
            .iter()
            .enumerate()
            .filter_map(|(s, seg)| Some((input.graph.edges[seg.line].trunk?, seg.axis, seg.at, s)))
            .collect();
        keyed.sort_unstable();
        for group in keyed.chunk_by(|a, b| (a.0, a.1, a.2) == (b.0, b.1, b.2)) {
            // All of one trunk on one line of the grid: also pieces that merely touch belong together.
            for &(_, _, _, s) in group {
                self.segs[s].class = group[0].3;
            }
        }
    }
}

/// Leaves out corners inside the leaf where the line ends.
fn trim(picture: &Picture, thing: Thing, points: &mut Vec<(Len, Len)>) {
    let Thing::Leaf(v) = thing else { return };
    let tile = &picture.tiles[v];
    let inside = |p: &(Len, Len)| p.0 >= tile.x0 && p.0 <= tile.x1 && p.1 >= tile.y0 && p.1 <= tile.y1;
    while points.len() > 2 && inside(&points[1]) {
        points.remove(0);
    }
}

/// The side on which a line that starts at `at` and runs to `next` hangs.
fn anchor(picture: &Picture, thing: Thing, at: (Len, Len), next: (Len, Len)) -> Anchor {
    let upright = at.0 == next.0;
    let area = match thing {
        Thing::Leaf(_) => {
            let side = match (upright, next.0 > at.0, next.1 > at.1) {
                (true, _, true) => Side::Bottom,
                (true, _, false) => Side::Top,
                (false, true, _) => Side::Right,
                (false, false, _) => Side::Left,
            };
            return Anchor { thing, side };
        }
        Thing::Box(c) => picture.boxes[c],
        Thing::Frame(g) => picture.frames[g].unwrap_or_default(),
    };
    let side = if upright {
        if (at.1 - area.y0).abs() <= (at.1 - area.y1).abs() { Side::Top } else { Side::Bottom }
    } else if (at.0 - area.x0).abs() <= (at.0 - area.x1).abs() {
        Side::Left
    } else {
        Side::Right
    };
    Anchor { thing, side }
}
