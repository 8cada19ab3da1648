//! What stands in the way of lines, and how far one can run before it meets something.

use super::geom::{Area, Len, px};
use super::input::{Input, Item};
use super::picture::Picture;

/// The width of the strips in which walls are looked up, and the length of the pieces that these are cut into, so that what
/// is far away is not looked at.
const STRIP: Len = px(96);
const PIECE: Len = px(512);
/// No wall is looked for further across a line than this.
const WIDEST: Len = px(16);

/// Everything that lines go around, in strips along both axes.
pub(super) struct Walls {
    areas: Vec<Area>,
    /// The container that each wall is; leaves and titles are walls for everybody.
    boxes: Vec<Option<usize>>,
    /// By axis: the strips along it.
    strips: [Vec<Strip>; 2],
    /// All that lines may reach.
    pub(super) hull: Area,
    /// When each container is entered and left on a walk through the tree; the page last.
    walk: Vec<(usize, usize)>,
}

/// The walls near a strip.
#[derive(Clone)]
struct Strip {
    /// Those in each piece of it, from its start.
    pieces: Vec<Vec<u32>>,
    /// The containers among all of them, outer ones first.
    containers: Vec<u32>,
}

impl Walls {
    pub(super) fn new(input: &Input, picture: &Picture) -> Walls {
        let frames = picture.boxes.iter().chain(picture.frames.iter().flatten());
        let hull = picture.slots.iter().chain(frames).copied().reduce(|a, b| a.join(&b)).unwrap_or_default();
        let hull = hull.grown(px(72));
        let mut walls = Walls {
            areas: Vec::new(),
            boxes: Vec::new(),
            strips: [0, 1].map(|axis| {
                let pieces = vec![Vec::new(); piece(&hull, axis, side(&hull, axis).1) + 1];
                let strips = strip(&hull, axis, side(&hull, 1 - axis).1) + 1;
                vec![Strip { pieces, containers: Vec::new() }; strips]
            }),
            hull,
            walk: walk(input),
        };
        for (c, area) in picture.boxes.iter().enumerate() {
            walls.add(*area, Some(c));
        }
        let titles = picture.titles.iter().chain(picture.frame_titles.iter().flatten());
        let badges: Vec<Area> = picture.badges(input).collect();
        for area in picture.tiles.iter().chain(&picture.texts).chain(titles).chain(&badges) {
            if area.w() > 0 && area.h() > 0 {
                walls.add(*area, None);
            }
        }
        walls
    }

    fn add(&mut self, area: Area, container: Option<usize>) {
        let id = u32::try_from(self.areas.len()).unwrap_or(u32::MAX);
        for axis in [0, 1] {
            let (low, high) = side(&area, 1 - axis);
            let (first, last) =
                (strip(&self.hull, axis, low - WIDEST), strip(&self.hull, axis, high + WIDEST));
            let (low, high) = side(&area, axis);
            let pieces = piece(&self.hull, axis, low)..=piece(&self.hull, axis, high);
            for strip in &mut self.strips[axis][first..=last] {
                strip.pieces[pieces.clone()].iter_mut().for_each(|piece| piece.push(id));
                strip.containers.extend(container.map(|_| id));
            }
        }
        self.areas.push(area);
        self.boxes.push(container);
    }

    /// Whether container `outer` is `inner` or lies around it.
    pub(super) fn around(&self, outer: usize, inner: usize) -> bool {
        let (from, to) = self.walk[outer];
        (from..to).contains(&self.walk[inner].0)
    }

    /// How far a line along `axis` can run to both sides from `start`, when it belongs to what stands in `homes`; it keeps
    /// `margin` from what it passes. Nothing when it starts in a wall.
    pub(super) fn run(
        &self,
        axis: usize,
        at: Len,
        start: Len,
        homes: &[usize],
        margin: Len,
    ) -> Option<(Len, Len)> {
        let pieces = &self.strips[axis][strip(&self.hull, axis, at)].pieces;
        let here = piece(&self.hull, axis, start);
        let passes = |id: &&u32| {
            let k = **id as usize;
            let (near, far) = side(&self.areas[k], 1 - axis);
            let beside = at <= near - margin || at >= far + margin;
            beside || self.boxes[k].is_some_and(|c| homes.iter().any(|&home| self.around(c, home)))
        };
        let walls = |k: usize| {
            pieces[k].iter().filter(move |id| !passes(id)).map(|&id| side(&self.areas[id as usize], axis))
        };
        if walls(here).any(|(from, to)| from < start && start < to) {
            return None;
        }
        // What stands in the next piece but not in this one lies beyond the border between them.
        let (mut low, mut high) = side(&self.hull, axis);
        for k in (0..=here).rev() {
            low = walls(k).map(|(_, to)| to).filter(|&to| to <= start).fold(low, Len::max);
            if low >= border(&self.hull, axis, k) {
                break;
            }
        }
        for k in here..pieces.len() {
            high = walls(k).map(|(from, _)| from).filter(|&from| from >= start).fold(high, Len::min);
            if high <= border(&self.hull, axis, k + 1) {
                break;
            }
        }
        Some((low, high))
    }

    /// How much room there is beside a side of an area (right, below, left, above): up to the next wall or the border of
    /// `home`, the container that it stands in.
    pub(super) fn room(&self, picture: &Picture, area: &Area, direction: usize, home: usize) -> Len {
        let axis = direction % 2;
        let (from, to) = side(area, 1 - axis);
        let (low, high) = side(area, axis);
        let forward = direction < 2;
        let outer = side(picture.boxes.get(home).unwrap_or(&self.hull), axis);
        let mut room = if forward { outer.1 - high } else { low - outer.0 };
        if room < 0 {
            room = px(64);
        }
        let rim = if forward { high } else { low };
        let here = piece(&self.hull, axis, rim);
        for strip in &self.strips[axis][strip(&self.hull, axis, from)..=strip(&self.hull, axis, to)] {
            let mut at = here;
            loop {
                for &id in &strip.pieces[at] {
                    let other = &self.areas[id as usize];
                    let (near, far) = side(other, 1 - axis);
                    let own = || self.boxes[id as usize].is_some_and(|c| self.around(c, home));
                    if near >= to || far <= from || own() {
                        continue;
                    }
                    let (a, b) = side(other, axis);
                    let gap = if forward { a - high } else { low - b };
                    if gap >= 0 {
                        room = room.min(gap);
                    }
                }
                let (next, seen) = if forward {
                    (at + 1, border(&self.hull, axis, at + 1) - high)
                } else {
                    (at.wrapping_sub(1), low - border(&self.hull, axis, at))
                };
                if room <= seen || next >= strip.pieces.len() {
                    break;
                }
                at = next;
            }
        }
        room
    }

    /// The innermost container around a point; the page where there is none.
    pub(super) fn innermost(&self, (x, y): (Len, Len)) -> usize {
        let page = self.walk.len() - 1;
        let list = &self.strips[1][strip(&self.hull, 1, x)].containers;
        let inside = |area: &Area| area.x0 < x && x < area.x1 && area.y0 < y && y < area.y1;
        let holding = list.iter().filter(|&&id| inside(&self.areas[id as usize]));
        // A container stands before what it holds.
        holding.filter_map(|&id| self.boxes[id as usize]).next_back().unwrap_or(page)
    }

    /// The containers that a line runs through, outer ones first.
    pub(super) fn containers(&self, axis: usize, at: Len) -> impl Iterator<Item = (usize, &Area)> {
        self.strips[axis][strip(&self.hull, axis, at)].containers.iter().filter_map(move |&id| {
            let area = &self.areas[id as usize];
            let (near, far) = side(area, 1 - axis);
            let c = self.boxes[id as usize]?;
            (at > near - px(8) && at < far + px(8)).then_some((c, area))
        })
    }
}

/// Where an area begins and ends along an axis: 0 from left to right, 1 downwards.
pub(super) fn side(area: &Area, axis: usize) -> (Len, Len) {
    if axis == 0 { (area.x0, area.x1) } else { (area.y0, area.y1) }
}

/// The strip of lines along `axis` that a coordinate across it lies in.
fn strip(hull: &Area, axis: usize, at: Len) -> usize {
    let (low, high) = side(hull, 1 - axis);
    usize::try_from((at.clamp(low, high) - low) / STRIP).unwrap_or(0)
}

/// The piece of a strip along `axis` that a coordinate along it lies in.
fn piece(hull: &Area, axis: usize, at: Len) -> usize {
    let (low, high) = side(hull, axis);
    usize::try_from((at.clamp(low, high) - low) / PIECE).unwrap_or(0)
}

/// Where a piece begins and the one before it ends.
fn border(hull: &Area, axis: usize, piece: usize) -> Len {
    i64::try_from(piece).map_or(Len::MAX, |k| side(hull, axis).0 + k * PIECE)
}

/// Numbers the containers on a walk through the tree, so that one look tells which lies around which.
fn walk(input: &Input) -> Vec<(usize, usize)> {
    let page = input.page();
    let mut walk = vec![(0, 0); page + 1];
    let mut count = 0;
    let mut open = vec![(page, false)];
    while let Some((c, done)) = open.pop() {
        if done {
            walk[c].1 = count;
            continue;
        }
        walk[c].0 = count;
        count += 1;
        open.push((c, true));
        open.extend(input.children[c].iter().filter_map(|item| match item {
            Item::Box(b) => Some((*b, false)),
            Item::Leaf(_) => None,
        }));
    }
    walk
}

#[cfg(test)]
mod tests {
    use super::super::solve::tests::{edge, graph, size};
    use super::super::{Container, Sort, input, picture, place};
    use super::*;

    /// Two leaves in a column, the lower one in a box, and what stands in the way.
    fn scene(check: impl FnOnce(&Picture, &Walls)) {
        let mut graph = graph(2, vec![edge(0, 1, None)]);
        graph.containers.push(Container {
            id: "c".into(),
            parent: None,
            sort: Sort::Plain,
            title: size(80, 24),
        });
        graph.nodes[1].parent = Some(0);
        let input = input::normalise(&graph);
        let picture = picture::picture(&input, &place::place(&input));
        check(&picture, &Walls::new(&input, &picture));
    }

    #[test]
    fn a_line_runs_up_to_what_is_strange_to_it() {
        scene(|picture, walls| {
            let (above, below) = (picture.tiles[0], picture.tiles[1]);
            let (x, start) = (above.centre().0, picture.texts[0].y1);
            // The box is a wall for whom it is strange, the leaf in it for everybody.
            assert_eq!(walls.run(1, x, start, &[1], px(6)).map(|run| run.1), Some(picture.boxes[0].y0));
            assert_eq!(walls.run(1, x, start, &[0], px(6)).map(|run| run.1), Some(below.y0));
            // What starts in a wall goes nowhere, and so does what passes too near.
            assert_eq!(walls.run(1, x, above.centre().1, &[0], px(6)), None);
            assert!(walls.run(1, above.x1 + px(5), above.centre().1, &[0], px(6)).is_none());
            assert!(walls.run(1, above.x1 + px(5), above.centre().1, &[0], px(4)).is_some());
        });
    }

    #[test]
    fn room_ends_at_the_next_wall() {
        scene(|picture, walls| {
            let below = picture.boxes[0].y0 - picture.texts[0].y1;
            let slot = picture.tiles[0].join(&picture.texts[0]);
            assert_eq!(walls.room(picture, &slot, 1, 1), below);
            let tile = picture.tiles[1];
            assert_eq!(walls.room(picture, &tile, 0, 0), picture.boxes[0].x1 - tile.x1);
        });
    }

    #[test]
    fn the_innermost_box_around_a_point() {
        scene(|picture, walls| {
            assert_eq!(walls.innermost(picture.tiles[1].centre()), 0);
            assert_eq!(walls.innermost(picture.tiles[0].centre()), 1, "the page");
            assert!(walls.around(0, 0) && walls.around(1, 0) && !walls.around(0, 1));
        });
    }
}
