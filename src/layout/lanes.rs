//! The lines on which routes may run: out of every port and along every side of everything, each as far as nothing stands
//! in its way. There is one between each two neighbours and on all four sides of each box, so that a way always exists.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::geom::{Area, Len, px};
use super::input::{Input, Item};
use super::picture::Picture;
use super::walls::{Walls, side};

/// Lines out of ports keep this far from what they pass.
const MARGIN: Len = px(6);
/// Lines beside something keep this far from it, where there is room, and from each other.
const BESIDE: Len = px(16);
/// Lines inside a border keep this far from it.
const WITHIN: Len = px(12);
/// Lines nearer than this are one.
const ONE: Len = px(7);
/// In pictures with more leaves than this there is one line beside each side instead of several.
const MANY: usize = 100;
/// There, lines out of the less important ports end this far out.
const SHORT: Len = px(240);

/// A line of the grid.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lane {
    /// 0 when it runs level, 1 when it runs upright.
    pub(super) axis: usize,
    /// Where it lies across.
    pub(super) at: Len,
    /// Where it begins and ends.
    pub(super) low: Len,
    pub(super) high: Len,
}

/// A place where lines leave: the axis they run along, where, from where on, and whether it is one of the best ones.
#[derive(Debug, Clone)]
pub(super) struct Outlet {
    pub(super) axis: usize,
    pub(super) at: Len,
    pub(super) start: Len,
    /// The containers that the line belongs to: it may run through them and what lies around them.
    pub(super) homes: Rc<[usize]>,
    pub(super) main: bool,
}

struct Lanes<'a> {
    input: &'a Input<'a>,
    picture: &'a Picture,
    walls: &'a Walls,
    tracks: i64,
    made: Vec<Lane>,
    /// The lines of each axis by where they lie across.
    near: [BTreeMap<Len, Vec<usize>>; 2],
}

/// All lines, those that need an exact place first.
pub(super) fn lanes(input: &Input, picture: &Picture, walls: &Walls, outlets: &[Outlet]) -> Vec<Lane> {
    let leaves = picture.tiles.len();
    let tracks = if leaves <= MANY { 3 } else { 1 };
    let mut lanes =
        Lanes { input, picture, walls, tracks, made: Vec::new(), near: [BTreeMap::new(), BTreeMap::new()] };
    lanes.exact(outlets, leaves > MANY);
    for c in (0..picture.boxes.len()).rev() {
        lanes.inside(c);
        lanes.around(&picture.boxes[c], input.cont_parent[c]);
    }
    for v in 0..leaves {
        lanes.around(&picture.tiles[v].join(&picture.texts[v]), input.node_parent[v]);
    }
    for frame in picture.frames.iter().flatten() {
        lanes.around_frame(frame);
    }
    lanes.made
}

impl Lanes<'_> {
    /// Lines out of ports; those that lie on each other become one.
    fn exact(&mut self, outlets: &[Outlet], short: bool) {
        let mut found: Vec<(usize, Len, Len, Len)> = Vec::new();
        for outlet in outlets {
            let run = |margin| self.walls.run(outlet.axis, outlet.at, outlet.start, &outlet.homes, margin);
            let Some((mut low, mut high)) = run(MARGIN).or_else(|| run(1)) else { continue };
            if short && !outlet.main {
                low = low.max(outlet.start - SHORT);
                high = high.min(outlet.start + SHORT);
            }
            found.push((outlet.axis, outlet.at, low, high));
        }
        found.sort_unstable();
        let mut last: Option<(usize, Len, Len, Len)> = None;
        for next in found {
            match &mut last {
                Some(open) if (open.0, open.1) == (next.0, next.1) && next.2 < open.3 => {
                    open.3 = open.3.max(next.3);
                }
                _ => {
                    self.push(last.replace(next));
                }
            }
        }
        self.push(last);
    }

    fn push(&mut self, lane: Option<(usize, Len, Len, Len)>) {
        let Some((axis, at, low, high)) = lane.filter(|lane| lane.2 < lane.3) else { return };
        self.near[axis].entry(at).or_default().push(self.made.len());
        self.made.push(Lane { axis, at, low, high });
    }

    /// A line that may lie a little aside; not needed where another one covers its way.
    fn soft(&mut self, axis: usize, at: Len, start: Len, home: usize, margin: Len) {
        // Where there is less room than that, the separation makes some.
        let Some((low, high)) = self.walls.run(axis, at, start, &[home], margin.min(1)) else { return };
        let covered = |lane: &Lane| lane.low <= low + px(1) && lane.high >= high - px(1);
        let mut near = self.near[axis].range(at - ONE + 1..at + ONE).flat_map(|(_, list)| list);
        if !near.any(|&k| covered(&self.made[k])) {
            self.push(Some((axis, at, low, high)));
        }
    }

    /// Lines along the four sides of something that stands in `home`.
    fn around(&mut self, area: &Area, home: usize) {
        for direction in 0..4 {
            let axis = direction % 2;
            let (low, high) = side(area, axis);
            let (from, to) = side(area, 1 - axis);
            let room = self.walls.room(self.picture, area, direction, home);
            let first = BESIDE.min(room / 2);
            for track in 0..self.tracks {
                let off = first + track * BESIDE;
                if track > 0 && off > room / 2 {
                    break;
                }
                let at = if direction < 2 { high + off } else { low - off };
                self.soft(1 - axis, at, i64::midpoint(from, to), home, MARGIN.min(off - 1).max(1));
            }
        }
    }

    /// Lines around a group's frame, which others may cross.
    fn around_frame(&mut self, frame: &Area) {
        for direction in 0..4 {
            let axis = direction % 2;
            let (low, high) = side(frame, axis);
            let (from, to) = side(frame, 1 - axis);
            let at = if direction < 2 { high + WITHIN } else { low - WITHIN };
            for start in [from + WITHIN, i64::midpoint(from, to), to - WITHIN] {
                let spot = if axis == 0 { (at, start) } else { (start, at) };
                self.soft(1 - axis, at, start, self.walls.innermost(spot), MARGIN);
            }
        }
    }

    /// Lines inside the four borders of a container, between it and what it holds.
    fn inside(&mut self, c: usize) {
        let area = &self.picture.boxes[c];
        let title = self.picture.titles[c];
        let parts: Vec<Area> = self.input.children[c]
            .iter()
            .map(|item| match item {
                Item::Leaf(v) => self.picture.tiles[*v].join(&self.picture.texts[*v]),
                Item::Box(b) => self.picture.boxes[*b],
            })
            .collect();
        for direction in 0..4 {
            let axis = direction % 2;
            let (low, high) = side(area, axis);
            let room = parts
                .iter()
                .map(|part| if direction < 2 { high - side(part, axis).1 } else { side(part, axis).0 - low })
                .filter(|&room| room > 0)
                .min()
                .unwrap_or((high - low) / 2);
            let off = WITHIN.min(room / 2).max(1);
            let at = if direction < 2 { high - off } else { low + off };
            // Beyond the title, where the line starts, nothing else stands.
            let (from, to) = side(area, 1 - axis);
            let beyond = side(&title, 1 - axis).1;
            let start = if beyond < to { i64::midpoint(beyond.max(from), to) } else { to - 1 };
            self.soft(1 - axis, at, start, c, MARGIN.min(off - 1).max(1));
        }
        // Below and beside the title lines enter.
        let below = title.y1 + px(8);
        let right = title.x1 + px(10);
        let start = (i64::midpoint(area.x0, area.x1), area.y0 + 1);
        self.soft(0, below, start.0, c, 1);
        self.soft(1, right, start.1, c, 1);
    }
}

#[cfg(test)]
mod tests {
    use super::super::ports::Ports;
    use super::super::solve::tests::{edge, graph};
    use super::super::{input, picture, place};
    use super::*;

    /// The lines of a picture of two leaves one above the other.
    fn made(check: impl FnOnce(&Picture, &[Lane])) {
        let graph = graph(2, vec![edge(0, 1, None)]);
        let input = input::normalise(&graph);
        let picture = picture::picture(&input, &place::place(&input));
        let walls = Walls::new(&input, &picture);
        let outlets = Ports::new(&input, &picture).outlets(&input, &picture, &walls);
        check(&picture, &lanes(&input, &picture, &walls, &outlets));
    }

    #[test]
    fn a_line_leads_from_side_to_side() {
        made(|picture, lanes| {
            let x = picture.tiles[0].centre().0;
            let straight =
                lanes.iter().find(|lane| lane.axis == 1 && lane.at == x && lane.low == picture.texts[0].y1);
            assert_eq!(straight.map(|lane| lane.high), Some(picture.tiles[1].y0));
        });
    }

    #[test]
    fn no_line_runs_through_a_leaf() {
        made(|picture, lanes| {
            for lane in lanes {
                let way = match lane.axis {
                    0 => Area { x0: lane.low, y0: lane.at, x1: lane.high, y1: lane.at },
                    _ => Area { x0: lane.at, y0: lane.low, x1: lane.at, y1: lane.high },
                };
                for tile in picture.tiles.iter().chain(&picture.texts) {
                    assert!(!tile.grown(-1).hits(&way.grown(1)), "{lane:?}");
                }
            }
        });
    }

    #[test]
    fn there_is_a_way_around_everything() {
        made(|picture, lanes| {
            let all = picture.tiles.iter().chain(&picture.texts).copied().reduce(|a, b| a.join(&b)).unwrap();
            let beside = |axis: usize, far: bool| {
                lanes.iter().any(|lane| {
                    let (low, high) = side(&all, 1 - axis);
                    lane.axis == axis && if far { lane.at > high } else { lane.at < low }
                })
            };
            assert!(beside(0, false) && beside(0, true) && beside(1, false) && beside(1, true));
        });
    }
}
